// SPDX-License-Identifier: GPL-2.0
/*
 * The server's side: a listener takes connections from TCP, runs their
 * handshakes side by side (list: pending) and offers those that are complete
 * (list: ready) to accept() and poll(). A client that stalls or misbehaves
 * delays nobody. Beyond the limits connections stay in TCP's own backlog.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <net/inet_common.h>
#include <net/tcp.h>
#include "../callbacks.h"
#include "../conn/conn.h"
#include "../conn/end.h"
#include "../conn/guard.h"
#include "../conn/held.h"
#include "../conn/ktls.h"
#include "../facts.h"
#include "../life.h"
#include "../mib.h"
#include "../settings.h"
#include "../share.h"
#include "../sock.h"
#include "../sock_settings.h"
#include "../step.h"
#include "../table.h"
#include "../tcp.h"
#include "linger.h"
#include "listener.h"
#include "task.h"

/*
 * Handshakes that a listener runs at once: more than its backlog, which is meant
 * for connections that wait for accept(), so that a few silent clients do not
 * use it up.
 */
#define SSA_PENDING_FACTOR	8
#define SSA_PENDING_MIN		128
#define SSA_RETRY_MS		20	/* when the user's share of the namespace's is used up */

/**
 * struct ssa_listener - children of a listener
 * @pending: their handshakes run
 * @ready: they wait for accept()
 * @pending_count: how many are pending
 * @ready_count: how many are ready
 * @throttled: the work item stopped at a limit
 * @retry: queues the work item again
 * @s: the listener; constant
 * @program: name of who called listen() last
 * @pid: the same
 *
 * All under ssa_sock.lock of the listener.
 */
struct ssa_listener {
	struct list_head	pending;
	struct list_head	ready;
	unsigned int		pending_count;
	unsigned int		ready_count;
	bool			throttled;
	struct timer_list	retry;
	struct ssa_sock		*s;
	char			program[TASK_COMM_LEN];
	pid_t			pid;
};

static void ssa_listener_retry(struct timer_list *timer)
{
	struct ssa_listener *ls = container_of(timer, struct ssa_listener, retry);

	ssa_kick(ls->s);
}

/*
 * lock_sock() held. What a server cannot do without: a certificate, and, if it asks
 * for those of its clients, somebody whom it trusts to certify them.
 */
static enum ssa_reason ssa_listen_wants(const struct ssa_setup *setup)
{
	if (!ssa_setup_can_serve(setup))
		return SSA_R_NO_CREDENTIAL;
	if (!ssa_setup_trusts(setup))
		return SSA_R_NO_TRUST_STORE;
	return SSA_R_NONE;
}

/**
 * ssa_listen - proto_ops.listen
 * @sock: the socket
 * @backlog: as in listen(2)
 *
 * Context: process, may sleep.
 * Return: 0; -ENOKEY: see ssa_listen_wants(); -EACCES: see ssa_setup_follow(); -EBUSY: see
 * ssa_arm(); or TCP's error.
 */
int ssa_listen(struct socket *sock, int backlog)
{
	struct sock *sk = sock->sk;
	struct ssa_sock *s = ssa_enter(sock);
	struct ssa_listener *ls;
	enum ssa_reason reason;
	int err;

	err = ssa_state(s) == SSA_S_IDLE ? ssa_setup_follow(s) : 0;
	if (err)
		return err;
	err = -EINVAL;
	lock_sock(sk);
	if (s->state == SSA_S_LISTEN)
		goto listen;
	if (s->state != SSA_S_IDLE || s->below)
		goto out;
	err = ssa_arm(s);
	if (err)
		goto out;
	reason = ssa_listen_wants(s->setup);
	if (reason) {
		err = ssa_refuse(s, reason);
		goto out;
	}
	s->reason = SSA_R_NONE;
	s->err = 0;
	if (!s->listener) {
		ls = kzalloc(sizeof(*ls), GFP_KERNEL_ACCOUNT);
		err = -ENOMEM;
		if (!ls)
			goto out;
		INIT_LIST_HEAD(&ls->pending);
		INIT_LIST_HEAD(&ls->ready);
		timer_setup(&ls->retry, ssa_listener_retry, 0);
		ls->s = s;
		s->listener = ls;
	}
	ssa_disarm_destruct(sk);
	ssa_ulp_listen(sk);
	ssa_set_state(s, SSA_S_LISTEN);
listen:
	spin_lock(&s->lock);
	get_task_comm(s->listener->program, current);
	s->listener->pid = task_tgid_nr(current);
	spin_unlock(&s->lock);
	release_sock(sk);
	err = inet_listen(sock, backlog);
	lock_sock(sk);
	if (err && sk->sk_state != TCP_LISTEN) {
		ssa_ulp_leave(sk);
		ssa_set_state(s, SSA_S_IDLE);
	}
out:
	release_sock(sk);
	if (!err) {
		ssa_live_add(s);
		ssa_kick(s);		/* the backlog may have grown */
	}
	return err;
}

/* Takes a place among the pending, or says that there is none. */
static bool ssa_listener_full(struct ssa_sock *l)
{
	struct ssa_listener *ls = l->listener;
	unsigned int backlog = READ_ONCE(l->sk->sk_max_ack_backlog);
	bool machine, full;

	machine = !ssa_share_room(l->share, SSA_SHARE_HANDSHAKES, 1);
	spin_lock(&l->lock);
	full = ls->ready_count > backlog ||
	       ls->pending_count >= max_t(unsigned int, SSA_PENDING_MIN,
					  min(backlog, 1U << 20) * SSA_PENDING_FACTOR);
	ls->throttled = full;
	if (machine && !full && !l->closing)
		mod_timer(&ls->retry, jiffies + msecs_to_jiffies(SSA_RETRY_MS));
	spin_unlock(&l->lock);
	return machine || full;
}

/* lock of the listener held: @c has left a list. */
static void ssa_listener_room(struct ssa_sock *l)
{
	if (l->listener->throttled && !l->closing) {
		l->listener->throttled = false;
		ssa_kick(l);
	}
}

/* A child that is on no list and whose work item does not run (or is the caller). */
static void ssa_child_end(struct ssa_sock *c, bool linger)
{
	struct socket *holder = c->holder;

	ssa_detach(c);
	ssa_set_state(c, SSA_S_FAILED);
	c->holder = NULL;
	ssa_gone(c);
	if (!linger)
		sock_no_linger(holder->sk);	/* RST, as TCP does with its backlog */
	ssa_linger(holder);
	ssa_put(c);
}

/* ssa_task.done: @c may be accepted and closed before this returns. */
static void ssa_child_done(struct ssa_sock *c)
{
	struct ssa_sock *l = c->parent;
	struct ssa_listener *ls = l->listener;

	ssa_get(l);
	spin_lock(&l->lock);
	if (!list_empty(&c->node)) {		/* else ssa_listener_close() has it */
		ssa_set_state(c, SSA_S_DONE);
		list_move_tail(&c->node, &ls->ready);
		ls->pending_count--;
		ls->ready_count++;
		ssa_listener_room(l);
		if (!l->closing)
			ssa_wake_readable(l->sk);
	}
	spin_unlock(&l->lock);
	ssa_put(l);
}

/*
 * ssa_task.failed: accept() never hears of it. @c is gone afterwards, but for the step's
 * reference.
 */
static void ssa_child_failed(struct ssa_sock *c)
{
	struct ssa_sock *l = c->parent;
	bool mine;

	spin_lock(&l->lock);
	mine = !list_empty(&c->node);		/* else ssa_listener_close() has it */
	if (mine) {
		list_del_init(&c->node);
		l->listener->pending_count--;
		ssa_listener_room(l);
	}
	spin_unlock(&l->lock);
	if (mine)
		ssa_child_end(c, true);
}

/* @n: struct socket with a fresh TCP connection; consumed */
static void ssa_child_start(struct ssa_sock *l, struct socket *n)
{
	struct sock *sk = n->sk;
	struct ssa_listener *ls = l->listener;
	struct ssa_sock *c;

	n->ops = ssa_family(sk)->base;
	/* Unless a sockmap has it. */
	c = READ_ONCE(sk->sk_user_data) ? NULL : ssa_alloc(sk, l->share);
	if (!c || !ssa_task_new(c)) {
		if (c) {
			ssa_gone(c);
			ssa_put(c);
		}
		ssa_count_reason(sock_net(sk), SSA_R_NO_MEMORY);
		n->ops->release(n);
		n->ops = NULL;
		sock_release(n);
		return;
	}
	c->server = true;
	c->holder = n;
	INIT_LIST_HEAD(&c->node);
	ssa_get(l);
	c->parent = l;
	c->host_local = l->host_local;
	c->task->setup = ssa_setup_take(l);
	c->task->done = ssa_child_done;
	c->task->failed = ssa_child_failed;
	ssa_task_begin(c);
	/* On the list before the callbacks: the handshake may fail at once. */
	ssa_get(c);
	sock_hold(sk);
	spin_lock(&l->lock);
	strscpy(c->task->program, ls->program);
	c->task->pid = ls->pid;
	list_add_tail(&c->node, &ls->pending);
	ls->pending_count++;
	spin_unlock(&l->lock);
	ssa_live_add(c);
	lock_sock(sk);
	write_lock_bh(&sk->sk_callback_lock);
	ssa_set_callbacks(sk, c);
	write_unlock_bh(&sk->sk_callback_lock);
	release_sock(sk);
	ssa_kick(c);
	sock_put(sk);
	ssa_put(c);
}

/*
 * Once for all connections that come, where the policy has something for them; else each
 * of them is told that there is nothing: ssa_task_follow().
 */
static void ssa_listener_follow(struct ssa_sock *l)
{
	lock_sock(l->sk);
	ssa_setup_refresh(l);
	release_sock(l->sk);
}

/**
 * ssa_listener_work - the work item of a listener
 * @l: the listener
 *
 * Context: the work item; may sleep, but waits for nobody.
 */
void ssa_listener_work(struct ssa_sock *l)
{
	struct proto_accept_arg arg = { .flags = O_NONBLOCK, .kern = true };
	struct socket *n;

	ssa_listener_follow(l);
	for (;;) {
		if (READ_ONCE(l->closing))
			return;
		if (inet_sk_state_load(l->sk) != TCP_LISTEN) {
			ssa_wake(l->sk);	/* shutdown(): accept() fails now */
			return;
		}
		if (ssa_listener_full(l))
			return;
		if (ssa_holder_new(l->sk, READ_ONCE(l->sk->sk_uid), &n)) {
			mod_timer(&l->listener->retry, jiffies + msecs_to_jiffies(SSA_RETRY_MS));
			return;
		}
		if (inet_accept(l->sk->sk_socket, n, &arg)) {
			sock_release(n);
			return;
		}
		ssa_child_start(l, n);
		cond_resched();
	}
}

/* What has become of a child whose handshake is complete */
enum ssa_child {
	SSA_CHILD_ACCEPTED,	/* it is no child any more, or never was one */
	SSA_CHILD_LEAVING,	/* accept() or the listener's close() have it */
	SSA_CHILD_WITHDRAWN,	/* the caller has it */
};

/* It shall not be accepted any more. SSA_CHILD_WITHDRAWN: ssa_child_refuse() is next. */
static enum ssa_child ssa_child_withdraw(struct ssa_sock *c)
{
	enum ssa_child child = SSA_CHILD_ACCEPTED;
	struct ssa_sock *l;

	lock_sock(c->sk);	/* under which accept() hands it out */
	l = c->parent;
	if (l) {
		child = SSA_CHILD_LEAVING;
		spin_lock(&l->lock);
		if (!list_empty(&c->node)) {
			list_del_init(&c->node);
			l->listener->ready_count--;
			ssa_listener_room(l);
			child = SSA_CHILD_WITHDRAWN;
		}
		spin_unlock(&l->lock);
	}
	release_sock(c->sk);
	return child;
}

/* End an established connection that nobody has accepted. It is gone afterwards. */
static void ssa_child_refuse(struct ssa_sock *c, enum ssa_reason reason)
{
	struct socket *holder = c->holder;
	const struct proto_ops *base = holder->ops;

	holder->ops = c->kops;
	ssa_conn_fail(holder, reason);
	ssa_ktls_stop(c->sk);
	ssa_drain(c->sk);
	holder->ops = base;
	ssa_child_end(c, true);
}

/**
 * ssa_listener_ready - is there something to accept?
 * @l: the listener
 *
 * Context: any.
 * Return: true if accept() would not wait.
 */
bool ssa_listener_ready(const struct ssa_sock *l)
{
	return READ_ONCE(l->listener->ready_count) ||
	       inet_sk_state_load(l->sk) != TCP_LISTEN;
}

static struct ssa_sock *ssa_listener_pop(struct ssa_sock *l)
{
	struct ssa_listener *ls = l->listener;
	struct ssa_sock *c;

	spin_lock(&l->lock);
	c = list_first_entry_or_null(&ls->ready, struct ssa_sock, node);
	if (c) {
		list_del_init(&c->node);
		ls->ready_count--;
		ssa_listener_room(l);
	}
	spin_unlock(&l->lock);
	return c;
}

/* Meanwhile the thread runs the handshakes of the children, those for which it has time. */
static int ssa_accept_wait(struct ssa_sock *l, struct ssa_sock **child, long timeo)
{
	struct sock *sk = l->sk;
	struct ssa_helper helper;
	DEFINE_WAIT(wait);
	unsigned long since;
	bool help = timeo;
	int err = 0;

	if (help)
		ssa_help_begin(&helper, l);
	for (;;) {
		prepare_to_wait_exclusive(sk_sleep(sk), &wait, TASK_INTERRUPTIBLE);
		*child = ssa_listener_pop(l);
		if (*child)
			break;
		err = -EINVAL;
		if (inet_sk_state_load(sk) != TCP_LISTEN)
			break;
		err = -EAGAIN;
		if (!timeo)
			break;
		err = sock_intr_errno(timeo);
		if (signal_pending(current))
			break;
		if (ssa_help_wanted(&helper)) {
			finish_wait(sk_sleep(sk), &wait);
			since = jiffies;
			ssa_help(&helper);
			if (timeo != MAX_SCHEDULE_TIMEOUT)
				timeo -= min_t(unsigned long, timeo, jiffies - since);
			continue;
		}
		timeo = schedule_timeout(timeo);
	}
	finish_wait(sk_sleep(sk), &wait);
	if (help)
		ssa_help_end(&helper);
	return *child ? 0 : err;
}

/**
 * ssa_accept - proto_ops.accept
 * @sock: the listener
 * @newsock: gets a connection whose handshake is complete
 * @arg: flags of accept(2)
 *
 * Context: process, sleeps.
 * Return: 0 or as accept(2); a failed handshake is never reported here.
 */
int ssa_accept(struct socket *sock, struct socket *newsock, struct proto_accept_arg *arg)
{
	struct ssa_sock *l = ssa_enter(sock), *c;
	struct socket *holder;
	struct sock *sk;
	int err;

	if (ssa_state(l) != SSA_S_LISTEN)
		return -EINVAL;
	err = ssa_accept_wait(l, &c, sock_rcvtimeo(sock->sk, arg->flags & O_NONBLOCK));
	if (err)
		return err;
	sk = c->sk;
	holder = c->holder;
	lock_sock(sk);
	c->holder = NULL;
	ssa_step_adopted(c);
	holder->sk = NULL;
	holder->ops = NULL;
	sock_graft(sk, newsock);
	newsock->state = SS_CONNECTED;
	ssa_mark_socket(newsock);
	WRITE_ONCE(newsock->ops, c->kops);
	release_sock(sk);
	sock_release(holder);
	ssa_count(sock_net(sk), SSA_MIB_ACCEPTED);
	/* Its work item may have found it between the listener and here. */
	if (ssa_is_outdated(sock_net(sk), READ_ONCE(c->facts->generation)))
		ssa_kick(c);
	ssa_put(l);
	return 0;
}

/**
 * ssa_listener_close - the listener is being closed: so are its children
 * @l: the listener; detached, closing is set and its work item is disabled
 *
 * Context: process, may sleep.
 */
void ssa_listener_close(struct ssa_sock *l)
{
	struct ssa_listener *ls = l->listener;
	struct ssa_sock *c;

	if (!ls)
		return;
	timer_shutdown_sync(&ls->retry);
	for (;;) {
		spin_lock(&l->lock);
		c = list_first_entry_or_null(&ls->pending, struct ssa_sock, node) ?:
		    list_first_entry_or_null(&ls->ready, struct ssa_sock, node);
		if (c)
			list_del_init(&c->node);
		spin_unlock(&l->lock);
		if (!c)
			break;
		ssa_quiesce(c);
		ssa_task_free(c);
		ssa_child_end(c, false);
	}
}

/**
 * ssa_established_work - the work item of an established connection
 * @s: the socket; a child of a listener may be gone afterwards, but for the caller's
 *     reference
 *
 * Context: the work item; may sleep.
 */
void ssa_established_work(struct ssa_sock *s)
{
	struct sock *sk = s->sk;
	enum ssa_child child;

	ssa_held_step(s);
	if (READ_ONCE(s->failed) || ssa_complies(s))
		return;
	child = ssa_child_withdraw(s);
	if (child == SSA_CHILD_LEAVING)
		return;
	ssa_audit_refused(sk, s->facts->policy, SSA_R_POLICY_ENDED);
	if (child == SSA_CHILD_WITHDRAWN)
		ssa_child_refuse(s, SSA_R_POLICY_ENDED);
	else
		ssa_conn_fail(sk->sk_socket, SSA_R_POLICY_ENDED);
}
