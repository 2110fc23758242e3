/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The state of a TLS socket, and what the files of the socket layer offer each
 * other.
 *
 * Locks, outermost first:
 *	rx_mutex -> tx_sem -> kTLS's tx_lock -> lock_sock(sk) -> sk_callback_lock
 *	ssa_sock.sending -> pieces_mutex -> tx_sem
 *	lock_sock(sk) -> ssa_sock.lock
 *	lock_sock(sk) -> that of the name lookups (resolve.c), with nothing inside it
 *	ssa_net.contexts_lock, with nothing inside it
 *	ssa_bucket.lock, the same
 *	ssa_sock.lock of a listener -> that of its child
 *	all of them -> ssa_share_lock (share.c), ssa_step_lock (worker.c)
 * cancel/disable_work_sync() and ssa_step_stop() are called with none of them held.
 *
 * Where a comment says "the work item" of a socket that is connecting or in the handshake,
 * that is whoever runs its step: worker.c.
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

/**
 * enum ssa_due - what our side has to send before its next data; see send.c
 * @SSA_DUE_ANSWER: the peer waits for our KeyUpdate; in TLS 1.2, where that does not
 *		    exist: for the refusal of its renegotiation
 * @SSA_DUE_REKEY: our key has protected enough records: KeyUpdate
 * @SSA_DUE_ASK: the peer's has protected too many: KeyUpdate that asks for another
 */
enum ssa_due {
	SSA_DUE_ANSWER	= 1,
	SSA_DUE_REKEY	= 2,
	SSA_DUE_ASK	= 4,
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
 *	  ssa_wq. The handshake has worker.c
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
 * @stage: not a child: a struct socket for kTLS to work on (ktls.c), kept until close()
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
 * @guard: another, for upgraded sockets (ulp.c)
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

/* af_tls.c */
extern struct workqueue_struct *ssa_wq;
struct ssa_family *ssa_family(const struct sock *sk);
struct ssa_sock *ssa_of(const struct sock *sk);
struct ssa_sock *ssa_alloc(struct sock *sk, struct ssa_share *share);
void ssa_get(struct ssa_sock *s);
void ssa_put(struct ssa_sock *s);
void ssa_kick(struct ssa_sock *s);
void ssa_quiesce(struct ssa_sock *s);
int ssa_holder_new(const struct sock *sk, kuid_t uid, struct socket **holder);
void ssa_set_state(struct ssa_sock *s, enum ssa_state state);
void ssa_set_callbacks(struct sock *sk, struct ssa_sock *s);
int ssa_arm(struct ssa_sock *s);
void ssa_restore_callbacks(struct sock *sk);
void ssa_mark_socket(struct socket *sock);
void ssa_watch_errors(struct sock *sk);
void ssa_detach(struct ssa_sock *s);
void ssa_disarm_destruct(struct sock *sk);
bool ssa_has_user_data(const struct ssa_sock *s);
bool ssa_callbacks_are_tcp(const struct sock *sk);
void ssa_gone(struct ssa_sock *s);
void ssa_wake(struct sock *sk);
void ssa_wake_readable(struct sock *sk);

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

/* address.c */
const char *ssa_host_name(const struct sockaddr_host *host, int len, const char *empty);
int ssa_getname(struct socket *sock, struct sockaddr *addr, int peer);
int ssa_bind(struct socket *sock, struct ssa_sockaddr *addr, int len);

/* ulp.c */
void ssa_ulp_listen(struct sock *sk);
void ssa_ulp_leave(struct sock *sk);
bool ssa_ulp_intact(const struct ssa_sock *s);
void ssa_ulp_lower(struct ssa_sock *s);
void ssa_ulp_raise(struct ssa_sock *s);
void ssa_ulp_end(struct ssa_sock *s);
void ssa_ulp_fill_guard(struct ssa_family *family);
int ssa_ulp_register(void);
void ssa_ulp_unregister(void);

/* ops.c */
void ssa_fill_ops(struct proto_ops *ops);
int ssa_release(struct socket *sock);

/* connect.c */
int ssa_connect(struct socket *sock, struct ssa_sockaddr *addr, int len, int flags);
bool ssa_connect_step(struct ssa_sock *s);
int ssa_refuse(struct ssa_sock *s, enum ssa_reason reason);
struct ssa_helper;
int ssa_wait_done(struct ssa_sock *s, long *timeo, struct ssa_helper *helper);

/* resolve.c */
int ssa_resolve_init(void);
void ssa_resolve_exit(void);

/* task.c */
struct ssa_task *ssa_task_new(struct ssa_sock *s);
void ssa_task_free(struct ssa_sock *s);
void ssa_task_deadline(struct ssa_task *t, unsigned int ms);
bool ssa_task_step(struct ssa_sock *s);
void ssa_task_cancel(struct ssa_sock *s);
void ssa_give_up(struct ssa_sock *s, enum ssa_reason reason, int err);
int ssa_tcp_send(struct sock *sk, const void *buf, size_t len);
void ssa_make_room(struct sock *sk);

/* listener.c */
int ssa_listen(struct socket *sock, int backlog);
int ssa_accept(struct socket *sock, struct socket *newsock, struct proto_accept_arg *arg);
void ssa_listener_work(struct ssa_sock *l);
bool ssa_listener_ready(const struct ssa_sock *l);
void ssa_listener_close(struct ssa_sock *l);
void ssa_child_done(struct ssa_sock *c);
void ssa_child_failed(struct ssa_sock *c);

/* What has become of a child whose handshake is complete */
enum ssa_child {
	SSA_CHILD_ACCEPTED,	/* it is no child any more, or never was one */
	SSA_CHILD_LEAVING,	/* accept() or the listener's close() have it */
	SSA_CHILD_WITHDRAWN,	/* the caller has it */
};

enum ssa_child ssa_child_withdraw(struct ssa_sock *c);
void ssa_child_refuse(struct ssa_sock *c, enum ssa_reason reason);

/* table.c */
struct ssa_net;
void ssa_table_insert(struct ssa_sock *s);
void ssa_table_remove(struct ssa_sock *s);
struct ssa_sock *ssa_table_find(const struct sock *sk);
void ssa_live_add(struct ssa_sock *s);
void ssa_live_call(const struct ssa_net *sn);
#define SSA_TABLE_PARTS	256

/**
 * struct ssa_listed - a socket that was found in the table
 * @s: reference
 * @sk: reference, its TCP socket, also if it is closed meanwhile
 */
struct ssa_listed {
	struct ssa_sock	*s;
	struct sock	*sk;
};

unsigned int ssa_table_take(unsigned int part, const struct net *net, struct ssa_listed *into,
			    unsigned int max);
void ssa_table_give(const struct ssa_listed *listed);

/* enforce.c */
bool ssa_complies(struct ssa_sock *s);
void ssa_enforce_step(struct ssa_sock *s);

/* linger.c */
void ssa_drain(struct sock *sk);
void ssa_fin(struct sock *sk);
void ssa_linger(struct socket *holder);
bool ssa_linger_user(struct socket *sock);
void ssa_linger_exit(void);

/* ktls.c */
int ssa_ktls_init(void);
void ssa_ktls_exit(void);
int ssa_ktls_attach(struct ssa_sock *s);
int ssa_ktls_install(struct ssa_sock *s);
union tls_crypto_context;
int ssa_ktls_info(const struct ssa_sock *s, bool tx, union tls_crypto_context *info);
int ssa_ktls_set_keys(const struct ssa_sock *s, bool tx);
bool ssa_ktls_again(struct sock *sk, int err);
void ssa_ktls_stop(struct sock *sk);

/* kops.c */
const struct proto_ops *ssa_kops_get(const struct proto_ops *ktls);
const struct proto_ops *ssa_ktls_ops(const struct socket *sock);
int ssa_ktls_recv(struct socket *sock, struct msghdr *m, size_t len, int flags);
ssize_t ssa_ktls_splice(struct socket *sock, loff_t *ppos, struct pipe_inode_info *pipe,
			size_t len, unsigned int flags);

/* recv.c */
int ssa_krecvmsg(struct socket *sock, struct msghdr *m, size_t len, int flags);
ssize_t ssa_ksplice_read(struct socket *sock, loff_t *ppos, struct pipe_inode_info *pipe,
			 size_t len, unsigned int flags);

/* ioctl.c */
int ssa_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg);
int ssa_kioctl(struct socket *sock, unsigned int cmd, unsigned long arg);

/* control.c */
enum ssa_rx {
	SSA_RX_EOF,
	SSA_RX_AGAIN,	/* a control record was consumed, or there was none: try again */
	SSA_RX_DATA,	/* application data is next */
	SSA_RX_NONE,	/* nothing is there now */
};

int ssa_rx_control(struct socket *sock, bool wait);
int ssa_rx_pass(struct socket *sock);
u32 ssa_rx_bytes(struct socket *sock);
bool ssa_rx_over(const struct socket *sock);
bool ssa_rx_broken(struct socket *sock, int err);
bool ssa_rx_lost(struct socket *sock, int err);
bool ssa_rx_lasts(int err);
void ssa_rx_keep(struct sock *sk, int err);
int ssa_send_record(struct socket *sock, u8 type, const void *data, size_t len);
int ssa_send_alert(struct socket *sock, u8 alert);
void ssa_conn_fail(struct socket *sock, enum ssa_reason reason);
void ssa_conn_close(struct socket *sock);
void ssa_conn_abandon(struct socket *sock);

/* rekey.c */
int ssa_rekey_rx(struct socket *sock);
int ssa_rekey_tx(struct socket *sock);
void ssa_rekey_limits(struct ssa_sock *s);

/* send.c */
void ssa_owe(struct socket *sock, enum ssa_due due);
int ssa_send_due(struct socket *sock);
void ssa_tx_wake(struct ssa_sock *s);
void ssa_tx_end(struct socket *sock);
int ssa_ksendmsg(struct socket *sock, struct msghdr *m, size_t len);

/* held.c */
void ssa_held_send(struct socket *sock);
void ssa_held_look(struct socket *sock);
void ssa_held_step(struct ssa_sock *s);
void ssa_held_stop(struct ssa_sock *s);

/* options/sockopt.c */
int ssa_setsockopt(struct socket *sock, int level, int opt, sockptr_t val, unsigned int len);
int ssa_getsockopt(struct socket *sock, int level, int opt, char __user *val, int __user *len);
bool ssa_is_blocked(int level, int name);

/* options/context.c */
void ssa_context_release(struct ssa_sock *s);

/* options/draft.c */
void ssa_draft_free(struct ssa_draft *draft);
const char *ssa_draft_name(const struct ssa_draft *draft);
const char *ssa_draft_waits(const struct ssa_draft *draft);

#endif /* _TLS_SSA_SOCK_H */
