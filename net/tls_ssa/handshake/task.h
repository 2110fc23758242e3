/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A handshake, from connect() or the TCP connection's arrival to the keys. It
 * is touched by the work item of its socket only, unless a field says more.
 */
#ifndef _TLS_SSA_TASK_H
#define _TLS_SSA_TASK_H

#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/timer.h>
#include "../engine/engine.h"
#include "lookup.h"

struct ssa_blocklist;
struct ssa_cred_set;
struct ssa_setup;
struct ssa_sock;
struct ssa_trust_store;

/**
 * struct ssa_task - one handshake
 * @s: whose it is; the task dies before it does
 * @timer: deadline of the name lookup, of one connection attempt, or of the handshake; or
 *	   comes earlier
 * @until: jiffies of the deadline; written while @timer does not run
 * @expired: set by @timer
 * @unseeded: it waits for the kernel's random number generator
 * @begun: @timer is that of the handshake
 * @waiter: for the name that was given to connect(), until its addresses are @targets
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
 * @done: it is complete, and the task is gone; NULL: an application's own socket
 * @failed: the same, if it has failed; the socket may be gone afterwards
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

	struct ssa_waiter	waiter;
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

	void			(*done)(struct ssa_sock *s);
	void			(*failed)(struct ssa_sock *s);
	char			program[TASK_COMM_LEN];
	pid_t			pid;
};

/* task.c */
struct ssa_task *ssa_task_new(struct ssa_sock *s);
void ssa_task_free(struct ssa_sock *s);
void ssa_task_deadline(struct ssa_task *t, unsigned int ms);
void ssa_task_begin(struct ssa_sock *s);
bool ssa_task_step(struct ssa_sock *s);
void ssa_task_cancel(struct ssa_sock *s);
void ssa_give_up(struct ssa_sock *s, enum ssa_reason reason, int err);

#endif /* _TLS_SSA_TASK_H */
