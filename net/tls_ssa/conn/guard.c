// SPDX-License-Identifier: GPL-2.0
/*
 * What stands below an upgraded socket: a copy of TCP's struct proto that refuses what would
 * do harm, for as long as we are in charge, see handshake/upgrade.c; and the hook by which
 * TCP tells of a listener's children.
 */
#include <linux/module.h>
#include <linux/string.h>
#include <net/tcp.h>
#include "../callbacks.h"
#include "../sock.h"
#include "../tcp.h"
#include "guard.h"

/*
 * tcp_ulp_ops.clone: TCP has copied a listener for a connection. It must not keep what it
 * has inherited of us: net.ipv4.tcp_migrate_req, or a BPF program, may give it to a
 * listener of others, and it may outlive the module. Softirq; nobody knows it yet.
 */
static void ssa_ulp_clone(const struct request_sock *req, struct sock *child,
			  const gfp_t priority)
{
	inet_csk(child)->icsk_ulp_ops = NULL;
	ssa_restore_callbacks(child);
}

/* Its init, by which a socket is upgraded, is set in handshake/upgrade.c. */
struct tcp_ulp_ops ssa_ulp_ops = {
	.name	= "tls_ssa",
	.owner	= THIS_MODULE,
	.clone	= ssa_ulp_clone,
};

/**
 * ssa_ulp_listen - let TCP tell us of a listener's children, before anybody knows them
 * @sk: it is going to listen; once more does no harm
 *
 * TCP takes the upper layer protocol off when the listener is closed. It must not be
 * taken off earlier: while a child is copied, callbacks and this go together.
 *
 * Context: lock_sock() held.
 */
void ssa_ulp_listen(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (icsk->icsk_ulp_ops)
		return;
	__module_get(THIS_MODULE);
	icsk->icsk_ulp_ops = &ssa_ulp_ops;
}

/**
 * ssa_ulp_leave - our upper layer protocol is off the socket
 * @sk: the socket; nothing happens unless it has it
 *
 * Context: lock_sock() held.
 */
void ssa_ulp_leave(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (icsk->icsk_ulp_ops != &ssa_ulp_ops)
		return;
	icsk->icsk_ulp_ops = NULL;
	module_put(THIS_MODULE);	/* the socket's operations have their own */
}

/**
 * ssa_ulp_intact - has TCP what we have given it?
 * @s: the socket; kTLS is not attached to it
 *
 * Context: lock_sock() held.
 * Return: false if somebody has exchanged the struct proto, or the upper layer protocol.
 */
bool ssa_ulp_intact(const struct ssa_sock *s)
{
	const struct sock *sk = s->sk;
	const struct ssa_family *family = ssa_family(sk);

	return sk->sk_prot == (s->below ? &family->guard : family->tcp) &&
	       inet_csk(sk)->icsk_ulp_ops == (s->below ? &ssa_ulp_ops : NULL);
}

/**
 * ssa_ulp_lower - take the guard away
 * @s: the socket; nothing happens unless it was upgraded
 *
 * The struct proto below us is in force again: for kTLS, which expects it, or for
 * close().
 *
 * Context: lock_sock() held, and not given up before ssa_ulp_raise(), unless the socket
 * is being closed.
 */
void ssa_ulp_lower(struct ssa_sock *s)
{
	if (s->below && !s->kops)
		WRITE_ONCE(s->sk->sk_prot, s->below);
}

/**
 * ssa_ulp_raise - put the guard up again, unless kTLS has its keys
 * @s: the socket; nothing happens unless it was upgraded
 *
 * Context: lock_sock() held.
 */
void ssa_ulp_raise(struct ssa_sock *s)
{
	struct sock *sk = s->sk;
	struct proto *guard = &ssa_family(sk)->guard;

	if (!s->below)
		return;
	if (sk->sk_prot != guard)
		s->below = sk->sk_prot;
	if (!s->kops)
		WRITE_ONCE(sk->sk_prot, guard);
}

/**
 * ssa_ulp_end - TCP's close(), or kTLS's, is next
 * @s: the socket, which the application closes; nothing happens unless it was upgraded
 *
 * Context: process; takes lock_sock().
 */
void ssa_ulp_end(struct ssa_sock *s)
{
	struct sock *sk = s->sk;

	if (!s->below)
		return;
	lock_sock(sk);
	ssa_ulp_lower(s);
	ssa_ulp_leave(sk);
	release_sock(sk);
}

/* Our own records do not come this way: ssa_tcp_send(). */
static int ssa_guard_sendmsg(struct sock *sk, struct msghdr *m, size_t len)
{
	return -ENOTCONN;
}

static int ssa_guard_disconnect(struct sock *sk, int flags)
{
	return -EOPNOTSUPP;
}

static int ssa_guard_setsockopt(struct sock *sk, int level, int opt, sockptr_t val,
				unsigned int len)
{
	if (ssa_is_blocked(level, opt))
		return -EOPNOTSUPP;
	return ssa_family(sk)->tcp->setsockopt(sk, level, opt, val, len);
}

static int ssa_guard_getsockopt(struct sock *sk, int level, int opt, char __user *val,
				int __user *len)
{
	if (level == SOL_TCP && opt == TCP_ZEROCOPY_RECEIVE)
		return -EOPNOTSUPP;
	return ssa_family(sk)->tcp->getsockopt(sk, level, opt, val, len);
}

/**
 * ssa_ulp_fill_guard - make the struct proto of upgraded sockets
 * @family: the rest of it is known
 *
 * It is in force from TCP_ULP on until kTLS has its keys, and never outlives our
 * operations.
 *
 * Context: module load.
 */
void __init ssa_ulp_fill_guard(struct ssa_family *family)
{
	family->guard = *family->tcp;
	INIT_LIST_HEAD(&family->guard.node);
	family->guard.sendmsg = ssa_guard_sendmsg;
	family->guard.disconnect = ssa_guard_disconnect;
	family->guard.setsockopt = ssa_guard_setsockopt;
	family->guard.getsockopt = ssa_guard_getsockopt;
}
