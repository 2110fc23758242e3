/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names that are looked up.
 */
#ifndef _TLS_SSA_LOOKUP_H
#define _TLS_SSA_LOOKUP_H

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/refcount.h>
#include <linux/uidgid.h>
#include <linux/workqueue.h>

struct net;
struct sock;
struct ssa_sock;

#define SSA_ADDRS_MAX	16		/* addresses of a name that are tried */

union ssa_addr {
	struct sockaddr		sa;
	struct sockaddr_in	in;
	struct sockaddr_in6	in6;
};

/**
 * struct ssa_lookup - a name and its addresses, for all sockets that want them at once
 * @ref: references: of the work item, until it has come back, and of each task that has
 *	 it as ssa_waiter.lookup or ssa_task.targets
 * @work: asks the resolver, on a workqueue of its own
 * @net: where; holds a reference until it has come back
 * @user: who has asked first; it counts as his until it has come back
 * @family: of the sockets
 * @v6only: the same
 * @node: among those that have not come back (ssa_lookups_lock)
 * @waiting: sockets, by ssa_waiter.node (ssa_lookups_lock)
 * @done: it has come back, and what follows is constant (release, acquire)
 * @reason: SSA_R_NONE, or why there is no address
 * @count: how many addresses there are
 * @addr: in the order in which they are tried, without a port
 * @name: host name, NUL-terminated
 */
struct ssa_lookup {
	refcount_t		ref;
	struct work_struct	work;
	struct net		*net;
	kuid_t			user;
	sa_family_t		family;
	bool			v6only;
	struct list_head	node;
	struct list_head	waiting;
	bool			done;
	u16			reason;
	unsigned int		count;
	union ssa_addr		addr[SSA_ADDRS_MAX];
	char			name[];
};

/**
 * struct ssa_waiter - a socket that wants a name's addresses
 * @s: the socket; constant
 * @lookup: reference, until the addresses are there and taken; or NULL (lock_sock)
 * @node: among those that wait for @lookup; holds a reference to @s (ssa_lookups_lock)
 */
struct ssa_waiter {
	struct ssa_sock		*s;
	struct ssa_lookup	*lookup;
	struct list_head	node;
};

int ssa_lookup_init(void);
void ssa_lookup_exit(void);
int ssa_numeric(struct sock *sk, const char *name, __be16 port, union ssa_addr *addr);
int ssa_lookup_start(struct ssa_waiter *w, const char *name);
int ssa_lookup_known(struct ssa_waiter *w, const union ssa_addr *addr);
void ssa_lookup_leave(struct ssa_waiter *w);
void ssa_lookup_put(struct ssa_lookup *lk);

static inline bool ssa_lookup_is_done(const struct ssa_lookup *lk)
{
	return smp_load_acquire(&lk->done);	/* pairs with ssa_lookup_work() */
}

#endif /* _TLS_SSA_LOOKUP_H */
