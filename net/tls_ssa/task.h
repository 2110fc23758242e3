/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A handshake, from connect() or the TCP connection's arrival to the keys. It
 * is touched by the work item of its socket only, unless a field says more.
 */
#ifndef _TLS_SSA_TASK_H
#define _TLS_SSA_TASK_H

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ktime.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/timer.h>
#include <linux/uidgid.h>
#include "setup.h"
#include "ssa_sock.h"

#define SSA_ADDRS_MAX	16		/* addresses of a name that are tried */

union ssa_addr {
	struct sockaddr		sa;
	struct sockaddr_in	in;
	struct sockaddr_in6	in6;
};

/**
 * struct ssa_lookup - a name and its addresses, for all sockets that want them at once
 * @ref: references: of the work item, until it has come back, and of each task that has
 *	 it as ssa_task.lookup or ssa_task.targets
 * @work: asks the resolver, on a workqueue of its own
 * @net: where; holds a reference until it has come back
 * @user: who has asked first; it counts as his until it has come back
 * @family: of the sockets
 * @v6only: the same
 * @node: among those that have not come back (ssa_lookups_lock)
 * @waiting: tasks, by ssa_task.waits (ssa_lookups_lock)
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
 * struct ssa_task - one handshake
 * @s: whose it is; the task dies before it does
 * @timer: deadline of the name lookup, of one connection attempt, or of the handshake; or
 *	   comes earlier
 * @until: jiffies of the deadline; written while @timer does not run
 * @expired: set by @timer
 * @unseeded: it waits for the kernel's random number generator
 * @begun: @timer is that of the handshake
 * @lookup: reference, of the name that was given to connect(), until its addresses are
 *	    @targets; or NULL (lock_sock)
 * @waits: place among those that wait for @lookup; holds a reference to @s
 *	   (ssa_lookups_lock)
 * @targets: reference, addresses of the name; or NULL (lock_sock)
 * @next: index of the next one to try
 * @port: of the server, for @targets
 * @cred: reference, of who has called connect() with a name; or NULL
 * @setup: reference, for @cfg
 * @blocked: reference, for @cfg
 * @creds: reference, for @cfg; or NULL
 * @store: reference, for @cfg
 * @cfg: what the engine is told
 * @hs: the engine, or NULL before the first record
 * @want: what the engine wants
 * @header: of the record that is being read
 * @have: bytes of it that have arrived, with the header
 * @len: bytes of it in all; valid with @record
 * @room: bytes that @record has room for
 * @record: header and body, or NULL before the header is complete
 * @held: bytes of the engine that count as SSA_SHARE_MEMORY
 * @program: name of who has begun it, or called listen()
 * @pid: the same
 */
struct ssa_task {
	struct ssa_sock		*s;
	struct timer_list	timer;
	unsigned long		until;
	bool			expired;
	bool			unseeded;
	bool			begun;

	struct ssa_lookup	*lookup;
	struct list_head	waits;
	struct ssa_lookup	*targets;
	unsigned int		next;
	__be16			port;
	const struct cred	*cred;

	struct ssa_setup	*setup;
	struct ssa_blocklist	*blocked;
	struct ssa_cred_set	*creds;
	struct ssa_trust_store	*store;
	struct ssa_hs_config	cfg;
	struct ssa_hs		*hs;
	enum ssa_want		want;

	u8			header[SSA_RECORD_HEADER_LEN];
	u32			have;
	u32			len;
	u32			room;
	u8			*record;
	size_t			held;

	char			program[TASK_COMM_LEN];
	pid_t			pid;
};

/* task.c */
void ssa_task_begin(struct ssa_sock *s);

/* log.c */
void ssa_log_failure(const struct ssa_sock *s, enum ssa_reason reason, int err);

/* resolve.c */
int ssa_numeric(struct sock *sk, const char *name, __be16 port, union ssa_addr *addr);
int ssa_lookup_start(struct ssa_sock *s, const char *name);
int ssa_lookup_known(struct ssa_sock *s, const union ssa_addr *addr);
void ssa_lookup_leave(struct ssa_task *t);
void ssa_lookup_put(struct ssa_lookup *lk);

static inline bool ssa_lookup_is_done(const struct ssa_lookup *lk)
{
	return smp_load_acquire(&lk->done);	/* pairs with ssa_lookup_work() */
}

/* address.c */
int ssa_may_connect(struct ssa_sock *s, union ssa_addr *addr);

#endif /* _TLS_SSA_TASK_H */
