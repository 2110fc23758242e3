// SPDX-License-Identifier: GPL-2.0
/*
 * Host names: numeric addresses, and the kernel's dns_resolver, which asks a
 * program in user space. That may take a minute, so it has a workqueue of its
 * own and nobody waits for it: the socket can be closed meanwhile.
 */
#include <linux/time64.h>
#include <linux/dns_resolver.h>
#include <linux/inet.h>
#include <linux/slab.h>
#include <net/ipv6.h>
#include "task.h"

static struct workqueue_struct *ssa_resolve_wq;

/*
 * An address as this socket can use it: an IPv6 socket reaches IPv4 by mapped
 * addresses unless IPV6_V6ONLY is set, an IPv4 socket has IPv4 only.
 */
static bool ssa_addr_fit(sa_family_t family, bool v6only, union ssa_addr *addr)
{
	union ssa_addr v6 = {};

	if (addr->sa.sa_family == family)
		return true;
	if (addr->sa.sa_family != AF_INET || family != AF_INET6 || v6only)
		return false;
	v6.in6.sin6_family = AF_INET6;
	v6.in6.sin6_port = addr->in.sin_port;
	ipv6_addr_set_v4mapped(addr->in.sin_addr.s_addr, &v6.in6.sin6_addr);
	*addr = v6;
	return true;
}

static int ssa_parse_addr(struct net *net, const char *text, union ssa_addr *addr)
{
	struct sockaddr_storage ss;
	int err;

	err = inet_pton_with_scope(net, AF_UNSPEC, text, NULL, &ss);
	if (err)
		return err;
	memcpy(addr, &ss, sizeof(*addr));
	return 0;
}

/**
 * ssa_numeric - take a name for a numeric address
 * @sk: the socket that will use it
 * @name: NUL-terminated
 * @port: network byte order
 * @addr: result
 *
 * Context: process, may sleep.
 * Return: 0; -EINVAL: it is not numeric; -EHOSTUNREACH: the socket's family
 * cannot reach it.
 */
int ssa_numeric(struct sock *sk, const char *name, __be16 port, union ssa_addr *addr)
{
	if (ssa_parse_addr(sock_net(sk), name, addr))
		return -EINVAL;
	addr->in.sin_port = port;	/* the same place in both families */
	return ssa_addr_fit(sk->sk_family, ipv6_only_sock(sk), addr) ? 0 : -EHOSTUNREACH;
}

static void ssa_lookup_add(struct ssa_lookup *lk, char *list, sa_family_t family)
{
	char *text, *end;

	while (lk->count < SSA_ADDRS_MAX && (text = strsep(&list, ",\n "))) {
		union ssa_addr *addr = &lk->addr[lk->count];

		if (*text == '[') {		/* [2001:db8::1] */
			end = strchr(++text, ']');
			if (end)
				*end = '\0';
		}
		if (ssa_parse_addr(lk->net, text, addr) || addr->sa.sa_family != family)
			continue;
		if (ssa_addr_fit(lk->family, lk->v6only, addr))
			lk->count++;
	}
}

static int ssa_lookup_ask(struct ssa_lookup *lk)
{
	char *list, *copy;
	int len;

	/*
	 * "list" asks for all addresses of both families: the cache of names
	 * does not tell what was asked for, so it is always the same question.
	 */
	len = dns_query(lk->net, NULL, lk->name, strlen(lk->name), "list", &list, NULL, false);
	if (len < 0)
		return len == -ENOMEM ? len : -EHOSTUNREACH;
	/*
	 * IPv6 first (RFC 6724), and not only for that: a socket that has tried
	 * a mapped address cannot go back to native IPv6.
	 */
	copy = kstrdup(list, GFP_KERNEL);
	if (copy) {
		ssa_lookup_add(lk, copy, AF_INET6);
		kfree(copy);
		ssa_lookup_add(lk, list, AF_INET);
	}
	kfree(list);
	if (!copy)
		return -ENOMEM;
	return lk->count ? 0 : -EHOSTUNREACH;
}

static void ssa_lookup_work(struct work_struct *work)
{
	struct ssa_lookup *lk = container_of(work, struct ssa_lookup, work);
	struct ssa_sock *s = lk->s;
	struct net *net = lk->net;
	bool wanted;

	lk->err = ssa_lookup_ask(lk);
	spin_lock(&s->lock);
	wanted = s->lookup == lk;
	lk->done = true;
	spin_unlock(&s->lock);
	if (wanted)
		ssa_kick(s);
	else
		kfree(lk);
	ssa_put(s);
	put_net(net);
}

/**
 * ssa_lookup_start - ask for the addresses of a name
 * @s: the socket; its work item is queued when the answer is there
 * @name: valid host name, NUL-terminated
 *
 * Context: process, may sleep; lock_sock() held.
 * Return: 0 or -ENOMEM; -ENETDOWN if the network namespace is going away.
 */
int ssa_lookup_start(struct ssa_sock *s, const char *name)
{
	struct ssa_lookup *lk;
	size_t len = strlen(name);

	lk = kzalloc(struct_size(lk, name, len + 1), GFP_KERNEL_ACCOUNT);
	if (!lk)
		return -ENOMEM;
	lk->net = maybe_get_net(sock_net(s->sk));
	if (!lk->net) {
		kfree(lk);
		return -ENETDOWN;
	}
	memcpy(lk->name, name, len);
	INIT_WORK(&lk->work, ssa_lookup_work);
	lk->family = s->sk->sk_family;
	lk->v6only = ipv6_only_sock(s->sk);
	ssa_get(s);
	lk->s = s;
	spin_lock(&s->lock);
	s->lookup = lk;
	spin_unlock(&s->lock);
	queue_work(ssa_resolve_wq, &lk->work);
	return 0;
}

/**
 * ssa_lookup_take - the answer, if it is there
 * @s: the socket
 *
 * Context: process.
 * Return: the answer, which is the caller's to kfree() now, or NULL.
 */
struct ssa_lookup *ssa_lookup_take(struct ssa_sock *s)
{
	struct ssa_lookup *lk;

	spin_lock(&s->lock);
	lk = s->lookup;
	if (lk && lk->done)
		s->lookup = NULL;
	else
		lk = NULL;
	spin_unlock(&s->lock);
	return lk;
}

/**
 * ssa_lookup_cancel - the answer is no longer wanted
 * @s: the socket
 *
 * Context: process.
 */
void ssa_lookup_cancel(struct ssa_sock *s)
{
	struct ssa_lookup *lk;
	bool done = false;

	spin_lock(&s->lock);
	lk = s->lookup;
	s->lookup = NULL;
	if (lk)
		done = lk->done;	/* else its work frees it */
	spin_unlock(&s->lock);
	if (done)
		kfree(lk);
}

/**
 * ssa_resolve_init - at module load
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int __init ssa_resolve_init(void)
{
	ssa_resolve_wq = alloc_workqueue("ssa_resolve", WQ_UNBOUND, 0);
	return ssa_resolve_wq ? 0 : -ENOMEM;
}

/**
 * ssa_resolve_exit - at module unload; waits for lookups that are under way
 *
 * Context: process, may sleep; no socket of ours is left.
 */
void ssa_resolve_exit(void)
{
	destroy_workqueue(ssa_resolve_wq);
}
