/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Users: who a socket belongs to, and how much each of them has of what a network
 * namespace has for all of its sockets together.
 */
#ifndef _TLS_SSA_SHARE_H
#define _TLS_SSA_SHARE_H

#include <linux/list.h>
#include <linux/types.h>
#include <linux/uidgid.h>

struct net;
struct ssa_net;

/**
 * struct ssa_user - somebody with sockets, in whatever namespace
 * @node: among all of them (ssa_share_lock)
 * @refs: shares (ssa_share_lock)
 * @uid: who; see ssa_user_id()
 * @ready: sockets that wait for their turn: ssa_sock.turn (ssa_step_lock, step.c)
 * @turn: among the users who have such sockets, if there are any (the same)
 */
struct ssa_user {
	struct hlist_node	node;
	unsigned int		refs;
	kuid_t			uid;
	struct list_head	ready;
	struct list_head	turn;
};

/* What is shared out */
enum ssa_share_kind {
	SSA_SHARE_HANDSHAKES,	/* of servers, in flight */
	SSA_SHARE_MEMORY,	/* bytes of long messages that are not complete */
	SSA_SHARE_CONTEXTS,	/* handles of TLS_CONTEXT */
	SSA_SHARE_KINDS,
};

/**
 * struct ssa_share - what a user has in a network namespace
 * @node: among all of them (ssa_share_lock)
 * @net: the namespace, which outlives its sockets and so this
 * @user: the user; holds a reference
 * @refs: sockets (ssa_share_lock)
 * @used: how much of each kind (ssa_share_lock)
 */
struct ssa_share {
	struct hlist_node	node;
	const struct net	*net;
	struct ssa_user		*user;
	unsigned int		refs;
	unsigned long		used[SSA_SHARE_KINDS];
};

/* share.c */
kuid_t ssa_user_id(void);
struct ssa_share *ssa_share_current(const struct net *net);
struct ssa_share *ssa_share_get(struct ssa_share *share);
void ssa_share_put(struct ssa_share *share);
bool ssa_share_room(const struct ssa_share *share, enum ssa_share_kind kind, unsigned long n);
bool ssa_share_take(struct ssa_share *share, enum ssa_share_kind kind, unsigned long n);
void ssa_share_add(struct ssa_share *share, enum ssa_share_kind kind, long n);

#endif /* _TLS_SSA_SHARE_H */
