// SPDX-License-Identifier: GPL-2.0
/*
 * What a network namespace has for all of its sockets together is shared out, so that
 * nobody uses up what others need. The rule: a user gets more only for as long as he
 * has less than is left then. So one alone gets half of a limit, each of two a third, of
 * n one part of n + 1, and who comes later finds something, too: those who have more
 * than their part get no more until it is theirs again. Who has nothing yet gets the
 * last one.
 */
#include <linux/cred.h>
#include <linux/hash.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/user_namespace.h>
#include "pernet.h"
#include "share.h"

#define SSA_SHARE_BITS	7

static DEFINE_SPINLOCK(ssa_share_lock);		/* guards what follows, and ssa_net.used */
static struct hlist_head ssa_users[1 << SSA_SHARE_BITS];
static struct hlist_head ssa_shares[1 << SSA_SHARE_BITS];

static struct hlist_head *ssa_user_bucket(kuid_t uid)
{
	return &ssa_users[hash_32(__kuid_val(uid), SSA_SHARE_BITS)];
}

static struct hlist_head *ssa_share_bucket(const struct net *net, kuid_t uid)
{
	return &ssa_shares[hash_32(__kuid_val(uid) ^ hash_ptr(net, 32), SSA_SHARE_BITS)];
}

/**
 * ssa_user_id - whom the calling process counts for
 *
 * In a user namespace one person can be as many users as he likes; all of them count as
 * who has made it, whatever is nested in it. If that was root, as with containers, they
 * count as the namespace's own root.
 *
 * Context: process.
 * Return: the user.
 */
kuid_t ssa_user_id(void)
{
	const struct cred *cred = current_cred();
	struct user_namespace *ns = cred->user_ns;
	kuid_t root;

	if (ns == &init_user_ns)
		return cred->euid;
	while (ns->parent != &init_user_ns)
		ns = ns->parent;
	if (!uid_eq(ns->owner, GLOBAL_ROOT_UID))
		return ns->owner;
	root = make_kuid(ns, 0);
	return uid_valid(root) ? root : cred->euid;
}

/* ssa_share_lock held. @fresh: becomes the one that is asked for if there is none yet. */
static struct ssa_user *ssa_user_find(kuid_t uid, struct ssa_user **fresh)
{
	struct ssa_user *user;

	hlist_for_each_entry(user, ssa_user_bucket(uid), node) {
		if (uid_eq(user->uid, uid))
			goto found;
	}
	user = *fresh;
	*fresh = NULL;
	user->uid = uid;
	INIT_LIST_HEAD(&user->ready);
	INIT_LIST_HEAD(&user->turn);
	hlist_add_head(&user->node, ssa_user_bucket(uid));
found:
	user->refs++;
	return user;
}

/**
 * ssa_share_current - that of the calling process
 * @net: the network namespace of its socket
 *
 * Context: process, may sleep.
 * Return: with a reference for the caller; NULL without memory.
 */
struct ssa_share *ssa_share_current(const struct net *net)
{
	struct ssa_share *share, *new = kzalloc(sizeof(*new), GFP_KERNEL_ACCOUNT);
	struct ssa_user *user = kzalloc(sizeof(*user), GFP_KERNEL_ACCOUNT);
	kuid_t uid = ssa_user_id();

	spin_lock_bh(&ssa_share_lock);
	hlist_for_each_entry(share, ssa_share_bucket(net, uid), node) {
		if (share->net == net && uid_eq(share->user->uid, uid))
			goto found;
	}
	share = new && user ? new : NULL;
	if (!share)
		goto out;
	new = NULL;
	share->net = net;
	share->user = ssa_user_find(uid, &user);
	hlist_add_head(&share->node, ssa_share_bucket(net, uid));
found:
	share->refs++;
out:
	spin_unlock_bh(&ssa_share_lock);
	kfree(new);
	kfree(user);
	return share;
}

/**
 * ssa_share_get - take another reference
 * @share: to which the caller has one
 *
 * Context: process or softirq.
 * Return: @share.
 */
struct ssa_share *ssa_share_get(struct ssa_share *share)
{
	spin_lock_bh(&ssa_share_lock);
	share->refs++;
	spin_unlock_bh(&ssa_share_lock);
	return share;
}

/**
 * ssa_share_put - give a reference up
 * @share: of a socket that has given back what it had; or NULL
 *
 * Context: process or softirq.
 */
void ssa_share_put(struct ssa_share *share)
{
	struct ssa_user *user = NULL;
	bool last;

	if (!share)
		return;
	spin_lock_bh(&ssa_share_lock);
	last = !--share->refs;
	if (last) {
		hlist_del(&share->node);
		if (!--share->user->refs) {
			user = share->user;
			hlist_del(&user->node);
		}
	}
	spin_unlock_bh(&ssa_share_lock);
	if (last)
		kfree(share);
	kfree(user);
}

static unsigned long ssa_share_limit(const struct ssa_share *share, enum ssa_share_kind kind)
{
	switch (kind) {
	case SSA_SHARE_HANDSHAKES:
		return ssa_net_handshakes_max(share->net);
	case SSA_SHARE_MEMORY:
		return ssa_net_handshake_memory(share->net);
	default:
		return ssa_net_contexts_max(share->net);
	}
}

/* ssa_share_lock held. The rule above. */
static bool ssa_share_allows(const struct ssa_share *share, enum ssa_share_kind kind,
			     unsigned long n)
{
	unsigned long limit = ssa_share_limit(share, kind), mine = share->used[kind];
	unsigned long all = ssa_pernet(share->net)->used[kind];

	if (all >= limit || n > limit - all)
		return false;
	return !mine || mine + n <= limit - all;
}

/**
 * ssa_share_room - could a user have more now?
 * @share: his share
 * @kind: of what
 * @n: how much
 *
 * Context: process or softirq.
 * Return: true if so; another one may be quicker.
 */
bool ssa_share_room(const struct ssa_share *share, enum ssa_share_kind kind, unsigned long n)
{
	bool room;

	spin_lock_bh(&ssa_share_lock);
	room = ssa_share_allows(share, kind, n);
	spin_unlock_bh(&ssa_share_lock);
	return room;
}

/**
 * ssa_share_take - a user wants more
 * @share: his share
 * @kind: of what
 * @n: how much
 *
 * Context: process or softirq.
 * Return: true: it is his until ssa_share_add() gives it back; false: not now.
 */
bool ssa_share_take(struct ssa_share *share, enum ssa_share_kind kind, unsigned long n)
{
	bool allowed;

	spin_lock_bh(&ssa_share_lock);
	allowed = ssa_share_allows(share, kind, n);
	if (allowed) {
		share->used[kind] += n;
		ssa_pernet(share->net)->used[kind] += n;
	}
	spin_unlock_bh(&ssa_share_lock);
	return allowed;
}

/**
 * ssa_share_add - a user has more, or less, without a question
 * @share: his share
 * @kind: of what
 * @n: how much; negative: it is given back
 *
 * Context: process or softirq.
 */
void ssa_share_add(struct ssa_share *share, enum ssa_share_kind kind, long n)
{
	spin_lock_bh(&ssa_share_lock);
	share->used[kind] += n;
	ssa_pernet(share->net)->used[kind] += n;
	spin_unlock_bh(&ssa_share_lock);
}
