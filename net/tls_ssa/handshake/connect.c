// SPDX-License-Identifier: GPL-2.0
/*
 * connect(): addresses, names, and the way to an established TCP connection. The
 * semantics are TCP's: EINPROGRESS, EALREADY, EISCONN, a timeout by SO_SNDTIMEO,
 * and an interrupted connect() that goes on by itself.
 */
#include <linux/cred.h>
#include <linux/random.h>
#include <net/inet_common.h>
#include <net/tcp.h>
#include "../callbacks.h"
#include "../ctrl.h"
#include "../life.h"
#include "../pernet.h"
#include "../settings.h"
#include "../sock.h"
#include "../sock_settings.h"
#include "../step.h"
#include "../table.h"
#include "address.h"
#include "connect.h"
#include "task.h"

/* A silent address holds the next one up for this long. */
#define SSA_ATTEMPT_MS	5000

/**
 * ssa_wait_done - wait until the connection stands or has failed
 * @s: the socket
 * @timeo: jiffies; what is left of them afterwards
 * @helper: the thread runs the handshake's steps meanwhile; or NULL: it may hold locks
 *
 * Context: process, no lock held; sleeps.
 * Return: 0; -EAGAIN: the time is over; or as sock_intr_errno().
 */
int ssa_wait_done(struct ssa_sock *s, long *timeo, struct ssa_helper *helper)
{
	unsigned long since;
	DEFINE_WAIT(wait);
	int err = 0;

	for (;;) {
		prepare_to_wait(sk_sleep(s->sk), &wait, TASK_INTERRUPTIBLE);
		if (ssa_state(s) >= SSA_S_DONE)
			break;
		err = -EAGAIN;
		if (!*timeo)
			break;
		err = sock_intr_errno(*timeo);
		if (signal_pending(current))
			break;
		err = 0;
		if (helper && ssa_help_wanted(helper)) {
			finish_wait(sk_sleep(s->sk), &wait);
			since = jiffies;
			ssa_help(helper);
			if (*timeo != MAX_SCHEDULE_TIMEOUT)
				*timeo -= min_t(unsigned long, *timeo, jiffies - since);
			continue;
		}
		*timeo = schedule_timeout(*timeo);
	}
	finish_wait(sk_sleep(s->sk), &wait);
	return err;
}

/* lock_sock() held; s->task is there. 0, -EINPROGRESS, or the connection is not begun. */
static int ssa_connect_tcp(struct ssa_sock *s, struct ssa_sockaddr *addr, int len)
{
	int err;

	/* Callbacks come from here on; the work item waits for the lock. */
	ssa_set_state(s, SSA_S_CONNECTING);
	err = __inet_stream_connect(s->sk->sk_socket, addr, len, O_NONBLOCK, 0);
	if (!err)
		ssa_kick(s);
	else if (err != -EINPROGRESS)
		ssa_set_state(s, SSA_S_IDLE);
	return err;
}

/*
 * lock_sock() held; s->task is there. Whatever the name is, the work item does the rest:
 * also for an address it has to ask the security modules, without this lock.
 */
static int ssa_connect_host(struct ssa_sock *s, const char *name, __be16 port)
{
	struct net *net = sock_net(s->sk);
	struct ssa_task *t = s->task;
	union ssa_addr addr;
	int err;

	err = ssa_numeric(s->sk, name, port, &addr);
	if (err == -EINVAL && !ssa_net_may_resolve(net)) {
		ssa_audit_refused(s->sk, s->setup->policy, SSA_R_RESOLVE_NAMESPACE);
		return ssa_refuse(s, SSA_R_RESOLVE_NAMESPACE);
	}
	if (err && err != -EINVAL)
		return ssa_refuse(s, SSA_R_RESOLVE);
	t->port = port;
	t->cred = get_current_cred();
	ssa_set_state(s, SSA_S_CONNECTING);
	err = err ? ssa_lookup_start(&t->waiter, name) :
		    ssa_lookup_known(&t->waiter, &addr);
	if (err) {
		ssa_set_state(s, SSA_S_IDLE);
		return err;
	}
	ssa_task_deadline(t, ssa_net_timeout_ms(net));
	return -EINPROGRESS;
}

/*
 * lock_sock() held, state SSA_S_IDLE. @store: reference, consumed. -EINPROGRESS
 * if it has begun.
 */
static int ssa_connect_start(struct ssa_sock *s, struct ssa_sockaddr *addr, int len,
			     struct ssa_trust_store *store)
{
	struct sockaddr *sa = (struct sockaddr *)addr;
	struct ssa_setup *setup = s->setup;
	const char *host = NULL, *name;
	struct ssa_task *t;
	int err = -EINVAL;

	/* TCP would connect, and then neither send nor receive. */
	if (s->shut) {
		err = ssa_refuse(s, SSA_R_SHUTDOWN);
		goto err_store;
	}
	if (sa->sa_family == AF_HOSTNAME) {
		if (!setup->policy->host_names) {
			err = ssa_refuse(s, SSA_R_POLICY_HOST_NAMES);
			ssa_audit_refused(s->sk, setup->policy, SSA_R_POLICY_HOST_NAMES);
			goto err_store;
		}
		/* An empty one stands for TLS_REMOTE_HOSTNAME, which may be longer. */
		host = ssa_host_name((struct sockaddr_host *)sa, len, setup->name);
		if (!host) {
			/* No name at all is another mistake. */
			if (len > (int)offsetof(struct sockaddr_host, sin_addr) &&
			    *((struct sockaddr_host *)sa)->sin_addr.name)
				err = ssa_refuse(s, SSA_R_BAD_HOST_NAME);
			goto err_store;
		}
	}
	name = setup->name ?: host;
	if (!name) {
		err = ssa_refuse(s, SSA_R_NO_HOST_NAME);
		goto err_store;
	}
	if (setup->policy->require_host_name && ssa_name_is_address(name)) {
		err = ssa_refuse(s, SSA_R_POLICY_HOST_NAME);
		ssa_audit_refused(s->sk, setup->policy, SSA_R_POLICY_HOST_NAME);
		goto err_store;
	}
	if (!ssa_setup_has_anchors(setup, store)) {
		err = ssa_refuse(s, SSA_R_NO_TRUST_STORE);
		goto err_store;
	}
	err = ssa_arm(s);
	if (err)
		goto err_store;
	err = -ENOMEM;
	kfree(s->name);
	s->name = kstrdup(name, GFP_KERNEL_ACCOUNT);
	t = s->name ? ssa_task_new(s) : NULL;
	if (!t)
		goto err_store;
	t->setup = ssa_setup_get(setup);
	t->store = store;
	s->reason = SSA_R_NONE;
	s->err = 0;
	s->alert = SSA_ALERT_NONE;
	s->reported = false;
	s->host_peer = host;
	ssa_disarm_destruct(s->sk);
	ssa_live_add(s);
	if (host)
		err = ssa_connect_host(s, host, ((struct sockaddr_host *)sa)->sin_port);
	else
		err = ssa_connect_tcp(s, addr, len);
	if (!err)
		return -EINPROGRESS;
	if (err != -EINPROGRESS)
		ssa_task_free(s);
	return err;

err_store:
	ssa_trust_store_put(store);
	return err;
}

/*
 * lock_sock() held. The attempt is over, and the application may make another: shutdown()
 * has ended this one only. As with TCP, where it is a disconnect.
 */
static void ssa_connect_again(struct ssa_sock *s)
{
	if (s->reason == SSA_R_SHUTDOWN) {
		s->shut = 0;
		WRITE_ONCE(s->sk->sk_shutdown, 0);
	}
	ssa_set_state(s, SSA_S_IDLE);
}

/* lock_sock() held. How an attempt ended; once. */
static int ssa_connect_result(struct ssa_sock *s)
{
	int err;

	if (s->state == SSA_S_DONE) {
		err = s->reported ? -EISCONN : 0;
	} else {
		/* What was found first, whatever TCP has met since */
		err = sock_error(s->sk) || !s->reported ? -s->err : -ECONNABORTED;
		if (s->retry)
			ssa_connect_again(s);
	}
	s->reported = true;
	return err;
}

/* The rest of a connect() that waits. @err: what it returns if it does not wait for long enough */
static int ssa_connect_wait(struct ssa_sock *s, long timeo, struct ssa_helper *helper, int err)
{
	int w = ssa_wait_done(s, &timeo, helper);

	if (w)
		return w == -EAGAIN ? err : w;
	lock_sock(s->sk);
	err = s->state >= SSA_S_DONE ? ssa_connect_result(s) : -EALREADY;
	release_sock(s->sk);
	return err;
}

/**
 * ssa_connect - proto_ops.connect before kTLS
 * @sock: the socket
 * @addr: AF_INET, AF_INET6 or AF_HOSTNAME
 * @len: bytes of @addr
 * @flags: O_NONBLOCK
 *
 * Context: process, sleeps.
 * Return: 0 or a negative errno, as connect(2) and the table of reasons say.
 */
int ssa_connect(struct socket *sock, struct ssa_sockaddr *addr, int len, int flags)
{
	struct sock *sk = sock->sk;
	struct ssa_sock *s = ssa_enter(sock);
	struct ssa_trust_store *store = NULL;
	struct ssa_helper helper;
	long timeo;
	int err;

	if (len < (int)sizeof(sa_family_t))
		return -EINVAL;
	if (((struct sockaddr *)addr)->sa_family == AF_UNSPEC)
		return -EOPNOTSUPP;
	/*
	 * At early boot: who waits here makes the kernel collect randomness, and can be
	 * interrupted. Who does not want to wait for ever leaves that to the work item.
	 */
	if (ssa_state(s) == SSA_S_IDLE &&
	    sock_sndtimeo(sk, flags & O_NONBLOCK) == MAX_SCHEDULE_TIMEOUT) {
		err = wait_for_random_bytes();
		if (err)
			return err;
	}
	err = ssa_state(s) == SSA_S_IDLE ? ssa_setup_follow(s) : 0;
	if (err)
		return err;
	if (ssa_state(s) == SSA_S_IDLE || ssa_state(s) == SSA_S_FAILED)
		store = ssa_setup_store(s);	/* reads a file: not under the lock */

	/* Before the first step: this thread runs them all, if it waits. */
	timeo = sock_sndtimeo(sk, flags & O_NONBLOCK);
	if (timeo)
		ssa_help_begin(&helper, s);
	lock_sock(sk);
	switch (s->state) {
	case SSA_S_LISTEN:
		err = -EISCONN;
		break;
	case SSA_S_DONE:
	case SSA_S_FAILED:
		err = ssa_connect_result(s);
		break;
	case SSA_S_IDLE:
		if (s->below) {
			err = -EISCONN;		/* an upgraded socket: TLS_HANDSHAKE */
			break;
		}
		err = ssa_connect_start(s, addr, len, store);
		store = NULL;
		break;
	default:
		err = -EALREADY;
		break;
	}
	release_sock(sk);
	ssa_trust_store_put(store);
	if (!timeo)
		return err;
	if (err == -EINPROGRESS || err == -EALREADY)
		err = ssa_connect_wait(s, timeo, &helper, err);
	ssa_help_end(&helper);
	return err;
}

/*
 * lock_sock() held. Tries the addresses that are left. -EINPROGRESS: one is
 * under way; else why the last one failed (@err if none was left).
 */
static int ssa_connect_next(struct ssa_sock *s, int err)
{
	struct ssa_task *t = s->task;
	struct ssa_lookup *lk = t->targets;
	union ssa_addr addr;

	while (lk && t->next < lk->count && !s->shut) {
		addr = lk->addr[t->next++];
		addr.in.sin_port = t->port;	/* the same place in both families */
		err = ssa_may_connect(s, &addr);
		if (err)
			continue;
		err = __inet_stream_connect(s->sk->sk_socket, (struct ssa_sockaddr *)&addr,
					    sizeof(addr.in6), O_NONBLOCK, 0);
		if (!err) {
			ssa_kick(s);
			err = -EINPROGRESS;
		}
		if (err == -EINPROGRESS) {
			if (t->next < lk->count)
				ssa_task_deadline(t, SSA_ATTEMPT_MS);
			break;
		}
	}
	return err;
}

/*
 * lock_sock() held. TCP gives the attempt up: makes the socket fit for another.
 * Returns why.
 */
static int ssa_connect_undo(struct ssa_sock *s)
{
	struct sock *sk = s->sk;
	struct socket *sock = sk->sk_socket;
	struct sockaddr unspec = { .sa_family = AF_UNSPEC };

	if (sk->sk_state == TCP_CLOSE) {
		/* A second connect() is how TCP is asked for the result. */
		if (sock->state == SS_CONNECTING)
			return __inet_stream_connect(sock, NULL, 0, O_NONBLOCK, 0);
		return sock_error(sk) ?: -ECONNABORTED;
	}
	__inet_stream_connect(sock, (struct ssa_sockaddr *)&unspec, sizeof(unspec), O_NONBLOCK, 0);
	sock_error(sk);		/* tcp_disconnect()'s own */
	return -ETIMEDOUT;
}

/* lock_sock() held. The name has its addresses, or not yet: as ssa_connect_progress() */
static int ssa_connect_resolved(struct ssa_sock *s, enum ssa_reason *reason)
{
	struct ssa_task *t = s->task;

	if (s->shut)
		return -ECONNABORTED;
	if (ssa_lookup_is_done(t->waiter.lookup))
		*reason = t->waiter.lookup->reason;
	else if (READ_ONCE(t->expired))
		*reason = SSA_R_RESOLVE_TIMEOUT;
	else
		return -EINPROGRESS;
	if (*reason)
		return -ssa_reason_desc(*reason)->err;
	t->targets = t->waiter.lookup;
	t->waiter.lookup = NULL;
	return ssa_connect_next(s, -EHOSTUNREACH);
}

/*
 * lock_sock() held. 0: TCP is connected; -EINPROGRESS: wait; else: it failed, and
 * *@reason says why if it is not TCP that says so.
 */
static int ssa_connect_progress(struct ssa_sock *s, enum ssa_reason *reason)
{
	struct ssa_task *t = s->task;
	struct sock *sk = s->sk;
	int err;

	if (t->waiter.lookup)
		return ssa_connect_resolved(s, reason);
	switch (sk->sk_state) {
	case TCP_SYN_SENT:
	case TCP_SYN_RECV:
		if (!t->targets || t->next >= t->targets->count || !READ_ONCE(t->expired))
			return -EINPROGRESS;
		fallthrough;
	case TCP_CLOSE:
		err = ssa_connect_undo(s);
		return ssa_connect_next(s, err);
	default:
		sk->sk_socket->state = SS_CONNECTED;
		return 0;
	}
}

/**
 * ssa_connect_step - the work item of a socket that is connecting
 * @s: the socket
 *
 * Context: the work item; may sleep, but waits for nobody.
 * Return: as ssa_task_step().
 */
bool ssa_connect_step(struct ssa_sock *s)
{
	enum ssa_reason reason = SSA_R_NONE;
	struct sock *sk = s->sk;
	int err;

	lock_sock(sk);
	if (s->state != SSA_S_CONNECTING) {	/* connect() failed at once: no task */
		release_sock(sk);
		return false;
	}
	err = ssa_connect_progress(s, &reason);
	release_sock(sk);
	if (err == -EINPROGRESS)
		return false;
	if (!err) {
		ssa_task_begin(s);
		return ssa_task_step(s);
	}
	if (READ_ONCE(s->shut)) {
		reason = SSA_R_SHUTDOWN;
		err = -ECONNABORTED;
	} else if (err == -ENOMEM) {
		reason = SSA_R_NO_MEMORY;
	}
	ssa_give_up(s, reason, -err);
	return false;
}

/**
 * ssa_kconnect - proto_ops.connect of an established connection
 * @sock: its struct socket
 * @addr: as in connect(2)
 * @len: bytes of @addr
 * @flags: O_NONBLOCK
 *
 * Context: process, may sleep.
 * Return: 0, once, if connect() has not told yet that it went well; or a negative errno.
 */
int ssa_kconnect(struct socket *sock, struct ssa_sockaddr *addr, int len, int flags)
{
	struct sock *sk = sock->sk;
	struct ssa_sock *s = ssa_of(sk);
	int err;

	if (len < (int)sizeof(sa_family_t))
		return -EINVAL;
	if (((struct sockaddr *)addr)->sa_family == AF_UNSPEC)
		return -EOPNOTSUPP;
	lock_sock(sk);
	/* Only who has called connect() can ask it for the result. */
	err = s->server || s->reported ? -EISCONN : 0;
	s->reported = true;
	release_sock(sk);
	return err;
}
