// SPDX-License-Identifier: GPL-2.0
/*
 * Host names: numeric addresses, and the kernel's dns_resolver, which starts a program in
 * user space (/sbin/request-key) and waits for it, uninterruptibly: that may take a minute
 * or for ever. So this is done by a work item on a workqueue of its own, and nobody waits
 * for the work item: a socket that is closed, or whose deadline has come, leaves it alone.
 *
 * What it costs, a worker and a process, counts until it has come back, as the user's who
 * has asked first: lookups_per_user and lookups_max bound it. The workqueue has room for
 * whatever they admit, so that nobody stands in a queue behind the names of others. Who
 * asks for a name that is being looked up already waits for the same answer.
 */
#include <linux/time64.h>
#include <linux/dns_resolver.h>
#include <linux/fs.h>
#include <linux/inet.h>
#include <linux/path.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/ipv6.h>
#include "../mib.h"
#include "../policy/file.h"
#include "../share.h"
#include "../sock.h"
#include "../step.h"
#include "lookup.h"

static struct workqueue_struct *ssa_resolve_wq;

/* Guards the list of lookups that have not come back, and who waits for them. */
static DEFINE_SPINLOCK(ssa_lookups_lock);
static LIST_HEAD(ssa_lookups);

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

/* Is there the program that request_key() starts? Its answer may be an old one. */
static bool ssa_resolver_is_there(void)
{
	struct path path;
	umode_t mode;

	if (IS_ENABLED(CONFIG_STATIC_USERMODEHELPER))
		return true;		/* another program decides */
	if (ssa_file_find("/sbin/request-key", &path))
		return false;
	mode = d_inode(path.dentry)->i_mode;
	path_put(&path);
	return S_ISREG(mode) && mode & 0111;
}

static enum ssa_reason ssa_lookup_failed(int err)
{
	if (err == -ENOMEM)
		return SSA_R_NO_MEMORY;
	return ssa_resolver_is_there() ? SSA_R_RESOLVE : SSA_R_NO_RESOLVER;
}

/* With the credentials of the kernel's own worker */
static enum ssa_reason ssa_lookup_ask(struct ssa_lookup *lk)
{
	char *list, *copy;
	int len;

	/*
	 * "list" asks for all addresses of both families: the cache of names
	 * does not tell what was asked for, so it is always the same question.
	 */
	len = dns_query(lk->net, NULL, lk->name, strlen(lk->name), "list", &list, NULL, false);
	if (len < 0)
		return ssa_lookup_failed(len);
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
		return SSA_R_NO_MEMORY;
	return lk->count ? SSA_R_NONE : SSA_R_RESOLVE;
}

/**
 * ssa_lookup_put - give a reference up
 * @lk: the lookup, or NULL
 *
 * Context: any.
 */
void ssa_lookup_put(struct ssa_lookup *lk)
{
	if (lk && refcount_dec_and_test(&lk->ref))
		kfree(lk);
}

/* One of those that wait, with its reference; NULL: nobody does any more. */
static struct ssa_sock *ssa_lookup_next(struct ssa_lookup *lk)
{
	struct ssa_sock *s = NULL;
	struct ssa_waiter *w;

	spin_lock(&ssa_lookups_lock);
	w = list_first_entry_or_null(&lk->waiting, struct ssa_waiter, node);
	if (w) {
		s = w->s;
		list_del_init(&w->node);
	}
	spin_unlock(&ssa_lookups_lock);
	return s;
}

static void ssa_lookup_work(struct work_struct *work)
{
	struct ssa_lookup *lk = container_of(work, struct ssa_lookup, work);
	struct ssa_sock *s;

	lk->reason = ssa_lookup_ask(lk);
	spin_lock(&ssa_lookups_lock);
	list_del(&lk->node);		/* nobody can join any more */
	atomic_dec(&ssa_pernet(lk->net)->lookups);
	spin_unlock(&ssa_lookups_lock);
	smp_store_release(&lk->done, true);	/* pairs with ssa_lookup_is_done() */
	while ((s = ssa_lookup_next(lk))) {
		ssa_kick(s);
		ssa_put(s);
	}
	put_net(lk->net);
	ssa_lookup_put(lk);
}

/* With one reference, the caller's; NULL without memory */
static struct ssa_lookup *ssa_lookup_new(const struct sock *sk, const char *name)
{
	size_t len = strlen(name);
	struct ssa_lookup *lk = kzalloc(struct_size(lk, name, len + 1), GFP_KERNEL_ACCOUNT);

	if (!lk)
		return NULL;
	refcount_set(&lk->ref, 1);
	memcpy(lk->name, name, len);
	INIT_WORK(&lk->work, ssa_lookup_work);
	INIT_LIST_HEAD(&lk->waiting);
	lk->family = sk->sk_family;
	lk->v6only = ipv6_only_sock(sk);
	lk->user = ssa_user_id();
	return lk;
}

/*
 * ssa_lookups_lock held. The same question, if it is being asked: *@same. Otherwise: may
 * it be asked? The last quarter of what the namespace and the machine have is for users
 * who have nothing of it.
 */
static bool ssa_lookup_admit(const struct ssa_lookup *lk, const struct net *net,
			     struct ssa_lookup **same)
{
	unsigned int user = 0, here = 0, all = 0, max, machine;
	struct ssa_lookup *other;

	*same = NULL;
	list_for_each_entry(other, &ssa_lookups, node) {
		if (other->net == net && other->family == lk->family &&
		    other->v6only == lk->v6only && !strcasecmp(other->name, lk->name)) {
			*same = other;
			return true;
		}
		all++;
		here += other->net == net;
		user += uid_eq(other->user, lk->user);
	}
	max = ssa_net_lookups_max(net);
	machine = ssa_net_lookups_max(&init_net);
	if (user) {
		max -= max / 4;
		machine -= machine / 4;
	}
	return user < ssa_net_lookups_per_user(net) && here < max && all < machine;
}

/**
 * ssa_lookup_start - ask for the addresses of a name
 * @w: of the socket, whose step is run when the answer is there
 * @name: valid host name, NUL-terminated
 *
 * Context: process, may sleep; lock_sock() held; for the calling process.
 * Return: 0 or -ENOMEM; -ENETDOWN if the network namespace is going away; -ENOBUFS: the
 * user, or the namespace, or the machine has too many.
 */
int ssa_lookup_start(struct ssa_waiter *w, const char *name)
{
	struct ssa_lookup *lk, *same;
	struct ssa_sock *s = w->s;
	bool admitted;

	lk = ssa_lookup_new(s->sk, name);
	if (!lk)
		return -ENOMEM;
	lk->net = maybe_get_net(sock_net(s->sk));
	if (!lk->net) {
		ssa_lookup_put(lk);
		return -ENETDOWN;
	}
	spin_lock(&ssa_lookups_lock);
	admitted = ssa_lookup_admit(lk, lk->net, &same);
	if (admitted) {
		w->lookup = same ?: lk;
		refcount_inc(&w->lookup->ref);
		ssa_get(s);
		list_add_tail(&w->node, &w->lookup->waiting);
	}
	if (admitted && !same) {
		list_add_tail(&lk->node, &ssa_lookups);
		atomic_inc(&ssa_pernet(lk->net)->lookups);
	}
	spin_unlock(&ssa_lookups_lock);
	if (admitted && !same) {
		ssa_count(lk->net, SSA_MIB_LOOKUPS);
		queue_work(ssa_resolve_wq, &lk->work);	/* which has the reference now */
		return 0;
	}
	put_net(lk->net);
	ssa_lookup_put(lk);
	return admitted ? 0 : ssa_refuse(s, SSA_R_RESOLVE_LIMIT);
}

/**
 * ssa_lookup_known - the same for what needs no asking
 * @w: of the socket, whose step is run
 * @addr: the address
 *
 * Context: process, may sleep; lock_sock() held.
 * Return: 0 or -ENOMEM.
 */
int ssa_lookup_known(struct ssa_waiter *w, const union ssa_addr *addr)
{
	struct ssa_lookup *lk = ssa_lookup_new(w->s->sk, "");

	if (!lk)
		return -ENOMEM;
	lk->addr[lk->count++] = *addr;
	lk->done = true;
	w->lookup = lk;
	ssa_kick(w->s);
	return 0;
}

/**
 * ssa_lookup_leave - the answer is no longer wanted
 * @w: of the socket
 *
 * Context: process; where the task can be changed.
 */
void ssa_lookup_leave(struct ssa_waiter *w)
{
	struct ssa_lookup *lk = w->lookup;
	bool waits;

	if (!lk)
		return;
	w->lookup = NULL;
	spin_lock(&ssa_lookups_lock);
	waits = !list_empty(&w->node);
	list_del_init(&w->node);
	spin_unlock(&ssa_lookups_lock);
	ssa_lookup_put(lk);
	if (waits)
		ssa_put(w->s);
}

/**
 * ssa_lookup_init - at module load
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int __init ssa_lookup_init(void)
{
	/* More than the limits can admit (ctrl.c): nothing waits in here. */
	ssa_resolve_wq = alloc_workqueue("ssa_resolve", WQ_UNBOUND, WQ_MAX_ACTIVE);
	return ssa_resolve_wq ? 0 : -ENOMEM;
}

/**
 * ssa_lookup_exit - at module unload; waits for lookups that are under way
 *
 * Context: process, may sleep; no socket of ours is left.
 */
void ssa_lookup_exit(void)
{
	destroy_workqueue(ssa_resolve_wq);
}
