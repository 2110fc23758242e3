// SPDX-License-Identifier: GPL-2.0
/*
 * What TCP tells us: its callbacks, in the place of which ours stand until a connection
 * stands or has failed; and how threads that wait are woken.
 */
#include <net/tcp.h>
#include "callbacks.h"
#include "sock.h"
#include "step.h"

/* TCP's callbacks, the same for every TCP socket; constant once loaded */
static void (*ssa_tcp_data_ready)(struct sock *sk);
static void (*ssa_tcp_state_change)(struct sock *sk);
static void (*ssa_tcp_write_space)(struct sock *sk);
static void (*ssa_tcp_error_report)(struct sock *sk);

/**
 * ssa_learn_callbacks - read TCP's callbacks, which are not exported
 * @sk: a TCP socket that nobody else knows
 *
 * Context: module load.
 */
void __init ssa_learn_callbacks(const struct sock *sk)
{
	ssa_tcp_data_ready = sk->sk_data_ready;
	ssa_tcp_state_change = sk->sk_state_change;
	ssa_tcp_write_space = sk->sk_write_space;
	ssa_tcp_error_report = sk->sk_error_report;
}

/* All of TCP's events, in softirq or under lock_sock() */
static void ssa_callback(struct sock *sk)
{
	struct ssa_sock *s;

	read_lock_bh(&sk->sk_callback_lock);
	s = ssa_of(sk);
	if (s)
		ssa_kick(s);
	read_unlock_bh(&sk->sk_callback_lock);
}

/* What sk_user_data is: a child does not inherit it, nor take a reference. */
static void *ssa_user_data(const struct ssa_sock *s)
{
	return (void *)((uintptr_t)s | SK_USER_DATA_NOCOPY);
}

/**
 * ssa_has_user_data - is the TCP socket's pointer to us in its place?
 * @s: the socket
 *
 * Context: lock_sock() held.
 * Return: false if somebody in the kernel has taken the socket over.
 */
bool ssa_has_user_data(const struct ssa_sock *s)
{
	return READ_ONCE(s->sk->sk_user_data) == ssa_user_data(s);
}

/*
 * lock_sock() or its lock held. TCP's connection is gone. What the connection has failed of
 * before stays: a RST behind the peer's alert does not take its place. And where TCP was
 * first, TLS_ERROR and each reader are to know, however often SO_ERROR was asked.
 */
static void ssa_first_error(struct sock *sk, struct ssa_sock *s)
{
	u16 err = READ_ONCE(s->err);

	if (inet_sk_state_load(sk) != TCP_CLOSE || !READ_ONCE(sk->sk_err))
		return;
	if (err)
		WRITE_ONCE(sk->sk_err, err);
	else if (ssa_state(s) == SSA_S_DONE && !(READ_ONCE(s->rx_eof) && !READ_ONCE(s->rx_err)))
		WRITE_ONCE(s->err, READ_ONCE(sk->sk_err));
}

/* sk_error_report(), as ssa_callback() until the connection stands or has failed. */
static void ssa_error_report(struct sock *sk)
{
	struct ssa_sock *s;
	bool done = true;

	read_lock_bh(&sk->sk_callback_lock);
	s = ssa_of(sk);
	if (s) {
		done = ssa_state(s) >= SSA_S_DONE;
		if (done)
			ssa_first_error(sk, s);
		else
			ssa_kick(s);
	}
	read_unlock_bh(&sk->sk_callback_lock);
	if (done)
		ssa_tcp_error_report(sk);
}

/**
 * ssa_watch_errors - kTLS has the keys: TCP's errors only
 * @sk: the socket; TCP has its own callbacks
 *
 * Context: sk_callback_lock held for writing.
 */
void ssa_watch_errors(struct sock *sk)
{
	sk->sk_error_report = ssa_error_report;
}

/**
 * ssa_set_callbacks - let TCP tell us
 * @sk: the socket
 * @s: our state; the reference goes to the socket
 *
 * Context: sk_callback_lock held for writing, or nobody else knows the socket.
 */
void ssa_set_callbacks(struct sock *sk, struct ssa_sock *s)
{
	WRITE_ONCE(sk->sk_user_data, ssa_user_data(s));
	sk->sk_data_ready = ssa_callback;
	sk->sk_state_change = ssa_callback;
	sk->sk_write_space = ssa_callback;
	sk->sk_error_report = ssa_error_report;
}

/**
 * ssa_arm - let TCP tell us, if it does not
 * @s: the socket, on which something is to begin
 *
 * Who takes a socket over in the kernel, and gives it back, leaves our callbacks behind
 * and NULL for them to find us.
 *
 * Context: process; lock_sock() held.
 * Return: 0; -EBUSY: somebody in the kernel has the socket.
 */
int ssa_arm(struct ssa_sock *s)
{
	struct sock *sk = s->sk;
	int err = 0;

	write_lock_bh(&sk->sk_callback_lock);
	if (!READ_ONCE(sk->sk_user_data))
		ssa_set_callbacks(sk, s);
	else if (!ssa_has_user_data(s))
		err = -EBUSY;
	write_unlock_bh(&sk->sk_callback_lock);
	return err;
}

/**
 * ssa_restore_callbacks - give TCP its own callbacks back, where we are in the way
 * @sk: the socket
 *
 * Context: sk_callback_lock held for writing.
 */
void ssa_restore_callbacks(struct sock *sk)
{
	if (sk->sk_data_ready == ssa_callback)
		sk->sk_data_ready = ssa_tcp_data_ready;
	if (sk->sk_state_change == ssa_callback)
		sk->sk_state_change = ssa_tcp_state_change;
	if (sk->sk_write_space == ssa_callback)
		sk->sk_write_space = ssa_tcp_write_space;
	if (sk->sk_error_report == ssa_error_report)
		sk->sk_error_report = ssa_tcp_error_report;
}

/**
 * ssa_callbacks_are_tcp - has nobody changed them?
 * @sk: a TCP socket
 *
 * Context: lock_sock() held.
 * Return: true if they are as TCP has set them.
 */
bool ssa_callbacks_are_tcp(const struct sock *sk)
{
	return sk->sk_data_ready == ssa_tcp_data_ready &&
	       sk->sk_state_change == ssa_tcp_state_change &&
	       sk->sk_write_space == ssa_tcp_write_space &&
	       sk->sk_error_report == ssa_tcp_error_report;
}

/**
 * ssa_detach - TCP forgets us
 * @s: the socket; the reference of the socket is the caller's now
 *
 * Context: process; takes sk_callback_lock.
 */
void ssa_detach(struct ssa_sock *s)
{
	struct sock *sk = s->sk;

	write_lock_bh(&sk->sk_callback_lock);
	if (ssa_has_user_data(s))
		WRITE_ONCE(sk->sk_user_data, NULL);
	ssa_restore_callbacks(sk);
	write_unlock_bh(&sk->sk_callback_lock);
}

/**
 * ssa_wake - wake who waits for a change of state: poll(), connect(), accept()
 * @sk: the socket
 *
 * Context: any.
 */
void ssa_wake(struct sock *sk)
{
	ssa_tcp_state_change(sk);
}

/**
 * ssa_wake_readable - wake who waits for something to read, or to accept
 * @sk: the socket
 *
 * Context: any.
 */
void ssa_wake_readable(struct sock *sk)
{
	ssa_tcp_data_ready(sk);
}
