// SPDX-License-Identifier: GPL-2.0
/*
 * All sockets that we have state for. It is found here by who does not find it in
 * sk_user_data: in the kernel somebody may take a socket over without asking (iSCSI gets
 * it by its descriptor), put its own there, and NULL when it is done.
 */
#include <linux/hash.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <net/sock.h>
#include "pernet.h"
#include "sock.h"
#include "table.h"

/* So many sockets to a lock that a walk holds none of them long */
#define SSA_TABLE_BITS	8

static_assert(SSA_TABLE_PARTS == 1 << SSA_TABLE_BITS);

/**
 * struct ssa_bucket - some of them
 * @lock: guards @sockets and what ssa_sock.live of them says
 * @sockets: ssa_sock.table; the reference is that of the socket
 */
struct ssa_bucket {
	spinlock_t		lock;	/* see above */
	struct hlist_head	sockets;
};

static struct ssa_bucket ssa_table[1 << SSA_TABLE_BITS] = {
	[0 ... (1 << SSA_TABLE_BITS) - 1] = {
		.lock = __SPIN_LOCK_UNLOCKED(ssa_bucket.lock),
	},
};

static struct ssa_bucket *ssa_bucket_of(const struct sock *sk)
{
	return &ssa_table[hash_ptr(sk, SSA_TABLE_BITS)];
}

/**
 * ssa_table_insert - from here on it can be found
 * @s: the socket; once
 *
 * Context: any.
 */
void ssa_table_insert(struct ssa_sock *s)
{
	struct ssa_bucket *bucket = ssa_bucket_of(s->sk);

	spin_lock_bh(&bucket->lock);
	hlist_add_head(&s->table, &bucket->sockets);
	spin_unlock_bh(&bucket->lock);
}

/**
 * ssa_table_remove - and no more
 * @s: the socket; its work item may be queued still
 *
 * Context: any.
 */
void ssa_table_remove(struct ssa_sock *s)
{
	struct ssa_bucket *bucket = ssa_bucket_of(s->sk);

	spin_lock_bh(&bucket->lock);
	hlist_del_init(&s->table);
	spin_unlock_bh(&bucket->lock);
}

/**
 * ssa_table_find - our state of a socket
 * @sk: the TCP socket
 *
 * Context: any; as ssa_of().
 * Return: NULL if there is none.
 */
struct ssa_sock *ssa_table_find(const struct sock *sk)
{
	struct ssa_bucket *bucket = ssa_bucket_of(sk);
	struct ssa_sock *s;

	spin_lock_bh(&bucket->lock);
	hlist_for_each_entry(s, &bucket->sockets, table) {
		if (s->sk == sk)
			break;
	}
	spin_unlock_bh(&bucket->lock);
	return s;
}

/**
 * ssa_live_add - from here on a changed policy matters to the socket
 * @s: the socket; once more does no harm
 *
 * Context: any; nobody closes it meanwhile.
 */
void ssa_live_add(struct ssa_sock *s)
{
	struct ssa_bucket *bucket = ssa_bucket_of(s->sk);

	spin_lock_bh(&bucket->lock);
	s->live = true;
	spin_unlock_bh(&bucket->lock);
}

/**
 * ssa_live_call - call a function for each of those sockets
 * @sn: of this network namespace; NULL: of all
 * @call: the function; must not sleep
 *
 * Context: process, may sleep.
 */
void ssa_live_call(const struct ssa_net *sn, void (*call)(struct ssa_sock *s))
{
	struct ssa_bucket *bucket;
	struct ssa_sock *s;

	for (bucket = ssa_table; bucket < ssa_table + ARRAY_SIZE(ssa_table); bucket++) {
		spin_lock_bh(&bucket->lock);
		hlist_for_each_entry(s, &bucket->sockets, table) {
			if (s->live && (!sn || ssa_pernet(sock_net(s->sk)) == sn))
				call(s);
		}
		spin_unlock_bh(&bucket->lock);
		cond_resched();
	}
}

/**
 * ssa_table_take - some of the sockets that have begun something
 * @part: which of them, below SSA_TABLE_PARTS
 * @net: in this network namespace
 * @into: result, with references that are the caller's; NULL: they are counted only
 * @max: room in it
 *
 * They may be closed meanwhile, but stay. A state forgets its TCP socket then, so each has
 * its own reference.
 *
 * Context: process.
 * Return: how many there are; no more than @max of them are in @into.
 */
unsigned int ssa_table_take(unsigned int part, const struct net *net, struct ssa_listed *into,
			    unsigned int max)
{
	struct ssa_bucket *bucket = &ssa_table[part];
	unsigned int count = 0;
	struct ssa_sock *s;

	spin_lock_bh(&bucket->lock);
	hlist_for_each_entry(s, &bucket->sockets, table) {
		if (!s->live || !net_eq(sock_net(s->sk), net))
			continue;
		if (into && count < max) {
			sock_hold(s->sk);
			kref_get(&s->ref);
			into[count] = (struct ssa_listed){ s, s->sk };
		}
		count++;
	}
	spin_unlock_bh(&bucket->lock);
	return count;
}
