// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/net/tls_ssa_sockets: the sockets of a network namespace that listen, connect or
 * are connected, and the profile of the policy that each has. A line for each, of fields
 * that have no white space: profile, state, version or "-", own address, peer's address,
 * user and inode. For who administers the namespace.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uidgid.h>
#include <net/inet_sock.h>
#include "facts.h"
#include "settings.h"
#include "sock.h"
#include "sockets.h"
#include "table.h"

#define SSA_SOCKETS_FILE	"tls_ssa_sockets"

static const char *ssa_sockets_state(const struct ssa_sock *s, enum ssa_state state)
{
	switch (state) {
	case SSA_S_LISTEN:
		return "listen";
	case SSA_S_CONNECTING:
		return "connecting";
	case SSA_S_HANDSHAKE:
		return "handshake";
	case SSA_S_DONE:
		return READ_ONCE(s->err) ? "failed" : "established";
	case SSA_S_FAILED:
		return "failed";
	default:
		return "idle";
	}
}

static void ssa_sockets_addresses(struct seq_file *seq, const struct sock *sk)
{
	const struct inet_sock *inet = inet_sk(sk);
	unsigned int here = ntohs(inet->inet_sport), there = ntohs(inet->inet_dport);

#if IS_ENABLED(CONFIG_IPV6)
	if (sk->sk_family == AF_INET6) {
		seq_printf(seq, " [%pI6c]:%u [%pI6c]:%u", &sk->sk_v6_rcv_saddr, here,
			   &sk->sk_v6_daddr, there);
		return;
	}
#endif
	seq_printf(seq, " %pI4:%u %pI4:%u", &inet->inet_rcv_saddr, here, &inet->inet_daddr, there);
}

/* The references are held. What it says of the socket may be of two moments. */
static void ssa_sockets_line(struct seq_file *seq, const struct ssa_listed *listed)
{
	enum ssa_state state = ssa_state(listed->s);
	struct ssa_sock *s = listed->s;
	struct sock *sk = listed->sk;
	const char *version;

	spin_lock(&s->lock);
	if (s->setup)
		seq_puts(seq, s->setup->policy->name);
	else if (state == SSA_S_DONE)
		seq_puts(seq, s->facts->policy->name);
	else
		seq_puts(seq, "-");
	spin_unlock(&s->lock);
	version = state == SSA_S_DONE ? ssa_version_name(s->version) : NULL;
	seq_printf(seq, " %s %s", ssa_sockets_state(s, state), version ?: "-");
	ssa_sockets_addresses(seq, sk);
	seq_printf(seq, " %u %lu\n", from_kuid_munged(seq_user_ns(seq), READ_ONCE(sk->sk_uid)),
		   sock_i_ino(sk));
}

static void *ssa_sockets_at(loff_t *pos)
{
	return *pos < SSA_TABLE_PARTS ? pos : NULL;
}

static void *ssa_sockets_start(struct seq_file *seq, loff_t *pos)
{
	if (!file_ns_capable(seq->file, seq_file_net(seq)->user_ns, CAP_NET_ADMIN))
		return ERR_PTR(-EPERM);
	return ssa_sockets_at(pos);
}

static void *ssa_sockets_next(struct seq_file *seq, void *v, loff_t *pos)
{
	++*pos;
	return ssa_sockets_at(pos);
}

static void ssa_sockets_stop(struct seq_file *seq, void *v)
{
}

/* One part of the table: those that it has at this moment */
static int ssa_sockets_show(struct seq_file *seq, void *v)
{
	unsigned int part = *(loff_t *)v, count, i;
	const struct net *net = seq_file_net(seq);
	struct ssa_listed *found;

	count = ssa_table_take(part, net, NULL, 0);
	if (!count)
		return 0;
	found = kvmalloc_array(count, sizeof(*found), GFP_KERNEL);
	if (!found)
		return -ENOMEM;
	count = min(count, ssa_table_take(part, net, found, count));
	for (i = 0; i < count; i++) {
		ssa_sockets_line(seq, &found[i]);
		ssa_put(found[i].s);
		sock_put(found[i].sk);
	}
	kvfree(found);
	return 0;
}

static const struct seq_operations ssa_sockets_ops = {
	.start	= ssa_sockets_start,
	.next	= ssa_sockets_next,
	.stop	= ssa_sockets_stop,
	.show	= ssa_sockets_show,
};

/**
 * ssa_sockets_proc_create - make the file of a network namespace
 * @net: the namespace
 *
 * Context: process, may sleep.
 * Return: false without memory.
 */
bool ssa_sockets_proc_create(struct net *net)
{
	return proc_create_net(SSA_SOCKETS_FILE, 0444, net->proc_net, &ssa_sockets_ops,
			       sizeof(struct seq_net_private));
}

/**
 * ssa_sockets_proc_remove - undo ssa_sockets_proc_create()
 * @net: the namespace
 *
 * Context: process, may sleep.
 */
void ssa_sockets_proc_remove(struct net *net)
{
	remove_proc_entry(SSA_SOCKETS_FILE, net->proc_net);
}
