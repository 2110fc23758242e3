/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The state of a TLS socket, and what the files of the socket layer offer each
 * other.
 *
 * Locks, outermost first:
 *	rx_mutex -> tx_sem -> kTLS's tx_lock -> lock_sock(sk) -> sk_callback_lock
 *	ssa_sock.sending -> pieces_mutex -> tx_sem
 *	lock_sock(sk) -> ssa_sock.lock
 *	lock_sock(sk) -> that of the name lookups (handshake/lookup.c), with nothing inside it
 *	ssa_net.contexts_lock, with nothing inside it
 *	ssa_bucket.lock, the same
 *	ssa_sock.lock of a listener -> that of its child
 *	all of them -> ssa_share_lock (share.c), ssa_step_lock (step.c)
 * cancel/disable_work_sync() and ssa_step_stop() are called with none of them held.
 *
 * Where a comment says "the work item" of a socket that is connecting or in the handshake,
 * that is whoever runs its step: step.c.
 *
 * References to a struct ssa_sock are held by
 *	- its socket, mostly by sk_user_data (given up in ssa_release(), ssa_child_end());
 *	- its work item, while that is queued or runs;
 *	- its next step, from ssa_step_due() on until it has run;
 *	- its children (ssa_sock.parent), until they are accepted or gone;
 *	- its place among those that wait for a name lookup (ssa_task.waits).
 */
#ifndef _TLS_SSA_SOCK_H
#define _TLS_SSA_SOCK_H

#include <linux/atomic.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/net.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/workqueue.h>
#include <net/protocol.h>
#include <net/sock.h>
#include <uapi/linux/tls_ssa.h>
#include "compat.h"
#include "reason.h"
#include "engine/engine.h"

enum ssa_state {
	SSA_S_IDLE,		/* after socket(), or a connect() that never reached the peer */
	SSA_S_LISTEN,
	SSA_S_CONNECTING,	/* name lookup and TCP */
	SSA_S_HANDSHAKE,
	SSA_S_DONE,		/* kTLS has the keys; the second table of operations */
	SSA_S_FAILED,
};

struct ssa_draft;
struct ssa_facts;
struct ssa_listener;
struct ssa_setup;
struct ssa_share;
struct ssa_task;

/**
 * struct ssa_sock - what we keep of a socket
 * @ref: see above
 * @sending: 1: a sender that waits for room is at it; others that may wait queue behind it
 * @sk: the TCP socket; constant until the socket is closed
 * @work: takes connections for a listener, judges a connection by a changed policy; on
 *	  ssa_wq. The handshake has steps: step.c
 * @lock: guards what is marked so below; taken in process context only
 * @state: written by ssa_set_state() only
 * @server: our role; constant from the beginning of the connection on. Children of a
 *	    listener are told by @parent
 * @reported: connect() has told the application how it ended (lock_sock)
 * @retry: failed before a byte reached the peer: connect() may try again (work)
 * @closing: the socket is being closed (lock)
 * @prot_ref: this socket pins the module through its struct proto; constant
 * @host_peer: connect() was given AF_HOSTNAME (lock_sock)
 * @host_local: bind() was, here or at the listener (lock_sock)
 * @shut: shutdown() bits of the application (lock_sock)
 * @rx_eof: nothing more can be read (written with lock_sock)
 * @rx_err: why, positive; 0 for close_notify; it stays: each reader is told (lock_sock)
 * @ignore_eof: TLS_IGNORE_UNEXPECTED_EOF; a bool that stands alone
 * @unexpected_eof: TCP has ended without close_notify, and @ignore_eof was set
 * @failed: ssa_conn_fail() has begun (lock_sock)
 * @close_sent: close_notify or a fatal alert is out (lock_sock)
 * @empty_records: of data, seen one after the other (rx_mutex; readers clear it)
 * @asked: SSA_DUE_ASK was due since the peer's last KeyUpdate
 * @due: enum ssa_due (atomic; cleared with tx_sem for write)
 * @reason: why the connection failed; written once per attempt
 * @err: errno of it, positive, also if the reason is TCP's
 * @doom: why it will fail, once the data before a bad message is read (rx_mutex)
 * @alert: that the peer has sent, when it is the reason; SSA_ALERT_NONE otherwise
 * @version: what was agreed on; constant from SSA_S_DONE on
 * @suite: the same
 * @group: the same
 * @record_limit: bytes of data that the peer takes in a record; 0: as many as TLS
 *		  allows; constant from SSA_S_DONE on
 * @rekey_after: records under one key of ours, then comes a KeyUpdate; constant too
 * @ask_after: records under one key of the peer's, then we ask for one; constant too
 * @stepping: a step runs, or is kept from it (ssa_step_lock, like the next four)
 * @step_due: a step is going to run: by a worker (@turn), or by a thread
 * @step_again: something has happened while it did
 * @step_stopped: no other step begins
 * @turn: among those of its user that wait for a worker
 * @helpers: threads that wait for the handshake, of a listener: of any child, and have
 *	     nothing to do (ssa_step_lock); a child has none of its own
 * @share: what its user has in the namespace; NULL once the socket is gone
 * @name: client: name or address the server was verified against; server: name of
 *	  the client's server_name extension (lock_sock, constant from SSA_S_DONE on)
 * @setup: what the application has set; NULL in a connection, and in a child (changed
 *	   with lock_sock and lock: either is enough to read it)
 * @draft: what is set, but not in force yet: half of a pair; mostly NULL (lock_sock)
 * @facts: what a connection can tell; constant from SSA_S_DONE on, NULL before
 * @contexts: handles that were made of it (ssa_net.contexts_lock)
 * @task: the handshake; NULL before and after (work)
 * @listener: lists of a listener; constant from listen() on
 * @parent: child of a listener: that, until it is accepted (lock of the parent; cleared
 *	    with ssa_step_lock, too)
 * @holder: child: the struct socket that holds @sk until it is accepted
 * @stage: not a child: a struct socket for kTLS to work on (conn/ktls.c), kept until close()
 * @below: upgraded by TCP_ULP: the struct proto below us, TCP's or kTLS's; else NULL
 *	   (lock_sock)
 * @kops: child: the table of operations that accept() installs
 * @node: child: in one of the parent's lists (lock of the parent)
 * @table: in table.c's table of all sockets (ssa_bucket.lock)
 * @live: a changed policy matters to it (ssa_bucket.lock)
 * @rx_mutex: one thread at a time looks at control records
 * @tx_sem: read: sending; write: an alert, or from our KeyUpdate to the new keys. Nobody
 *	    who has it waits for the peer
 * @pieces_mutex: one thread at a time sends in pieces of @record_limit
 * @post: traffic secrets and messages after the handshake (rx: rx_mutex;
 *	  tx: tx_sem for write)
 */
struct ssa_sock {
	struct kref		ref;
	u8			sending;
	struct sock		*sk;
	struct work_struct	work;
	spinlock_t		lock;		/* see the fields above */

	u8			state;
	bool			server;
	bool			reported;
	bool			retry;
	bool			closing;
	bool			prot_ref;
	bool			host_peer;
	bool			host_local;
	u8			shut;
	bool			rx_eof;
	bool			ignore_eof;
	bool			unexpected_eof;
	bool			failed;
	bool			close_sent;
	u8			empty_records;
	bool			asked;
	u8			stepping : 1,	/* a byte of their own, like their lock */
				step_due : 1,
				step_again : 1,
				step_stopped : 1;
	u8			alert;
	bool			live;
	atomic_t		due;

	u16			reason;
	u16			err;
	u16			doom;
	u16			rx_err;
	u16			version;
	u16			suite;
	u16			group;
	u16			record_limit;
	u64			rekey_after;
	u64			ask_after;

	char			*name;
	struct ssa_setup	*setup;
	struct ssa_draft	*draft;
	struct ssa_facts	*facts;
	struct hlist_head	contexts;
	struct ssa_task		*task;

	struct ssa_listener	*listener;
	struct ssa_sock		*parent;
	struct socket		*holder;
	struct socket		*stage;
	struct proto		*below;
	const struct proto_ops	*kops;
	union {
		struct list_head	node;		/* of a child */
		struct hlist_head	helpers;	/* of all others */
	};
	struct hlist_node	table;
	struct list_head	turn;
	struct ssa_share	*share;

	struct mutex		rx_mutex;	/* see above */
	struct rw_semaphore	tx_sem;
	struct mutex		pieces_mutex;	/* see above */
	struct ssa_post		post;
};

/**
 * struct ssa_family - what is known of TCP over one address family
 * @base: TCP's operations, read off a socket
 * @destruct: TCP's sk_destruct
 * @tcp: TCP's struct proto
 * @prot: copy of it, for the creation of our sockets only
 * @guard: another, for upgraded sockets (conn/guard.c)
 * @ops: operations until kTLS has the keys
 * @sw: registration
 *
 * Constant once the module is loaded.
 */
struct ssa_family {
	const struct proto_ops	*base;
	void			(*destruct)(struct sock *sk);
	struct proto		*tcp;
	struct proto		prot;
	struct proto		guard;
	struct proto_ops	ops;
	struct inet_protosw	sw;
};

extern struct ssa_family ssa_families[2];

/* sock.c */
struct ssa_family *ssa_family(const struct sock *sk);
struct ssa_sock *ssa_of(const struct sock *sk);
void ssa_put(struct ssa_sock *s);
void ssa_set_state(struct ssa_sock *s, enum ssa_state state);
int ssa_refuse(struct ssa_sock *s, enum ssa_reason reason);

/**
 * ssa_get - take another reference
 * @s: to which the caller has one
 *
 * Context: any.
 */
static inline void ssa_get(struct ssa_sock *s)
{
	kref_get(&s->ref);
}

static inline enum ssa_state ssa_state(const struct ssa_sock *s)
{
	return smp_load_acquire(&s->state);	/* pairs with ssa_set_state() */
}

/*
 * The state of a struct socket whose operation, one of ours, has been called; pairs
 * with the exchange of the operations in ssa_ulp_init().
 */
static inline struct ssa_sock *ssa_enter(const struct socket *sock)
{
	smp_rmb();	/* the operations before what they rely on */
	return ssa_of(sock->sk);
}

#endif /* _TLS_SSA_SOCK_H */
