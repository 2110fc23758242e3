// SPDX-License-Identifier: GPL-2.0
/*
 * The operations of a socket until kTLS has the keys. Reading and writing wait for that and
 * then go on with the second table: a thread may have entered here before the tables were
 * changed.
 */
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/splice.h>
#include <net/inet_common.h>
#include <net/tcp.h>
#include "../sock.h"
#include "../step.h"
#include "connect.h"
#include "gate.h"
#include "listener.h"

/* Waits until data can be sent or received. 0; -ENOTCONN: never; or why not now. */
static int ssa_gate(struct socket *sock, long timeo)
{
	struct ssa_sock *s = ssa_enter(sock);
	int err;

	switch (ssa_state(s)) {
	case SSA_S_IDLE:
	case SSA_S_LISTEN:
		return -ENOTCONN;
	default:
		break;
	}
	err = ssa_wait_done(s, &timeo, NULL);
	if (err)
		return err;
	return ssa_state(s) == SSA_S_DONE ? 0 : -ENOTCONN;
}

/*
 * Why nothing can be read, as TCP says it: the error, once. Then its own failures are an
 * end until connect() has told of them; what TLS has refused never looks like one.
 */
static int ssa_unreadable(struct sock *sk)
{
	struct ssa_sock *s = ssa_of(sk);

	if (ssa_state(s) != SSA_S_FAILED)
		return -ENOTCONN;
	return sock_error(sk) ?: s->retry ? 0 : -ENOTCONN;
}

/* proto_ops.sendmsg */
int ssa_sendmsg(struct socket *sock, struct msghdr *m, size_t len)
{
	struct ssa_sock *s = ssa_enter(sock);
	int err;

	if (m->msg_flags & MSG_FASTOPEN)
		return -EOPNOTSUPP;
	err = ssa_gate(sock, sock_sndtimeo(sock->sk, m->msg_flags & MSG_DONTWAIT));
	/* As TCP, but for a connection of TCP that waits for TLS_HANDSHAKE */
	if (err == -ENOTCONN && !(s->below && ssa_state(s) == SSA_S_IDLE))
		return sk_stream_error(sock->sk, m->msg_flags, -EPIPE);
	return err ?: READ_ONCE(sock->ops)->sendmsg(sock, m, len);
}

/* proto_ops.recvmsg */
int ssa_recvmsg(struct socket *sock, struct msghdr *m, size_t len, int flags)
{
	int err;

	if (flags & MSG_ERRQUEUE)
		return ssa_family(sock->sk)->base->recvmsg(sock, m, len, flags);
	if (flags & MSG_OOB)
		return -EINVAL;
	err = ssa_gate(sock, sock_rcvtimeo(sock->sk, flags & MSG_DONTWAIT));
	if (err == -ENOTCONN)
		return ssa_unreadable(sock->sk);
	return err ?: READ_ONCE(sock->ops)->recvmsg(sock, m, len, flags);
}

/* proto_ops.splice_read */
ssize_t ssa_splice_read(struct socket *sock, loff_t *ppos, struct pipe_inode_info *pipe,
			size_t len, unsigned int flags)
{
	int err;

	err = ssa_gate(sock, sock_rcvtimeo(sock->sk, flags & SPLICE_F_NONBLOCK));
	if (err == -ENOTCONN)
		return ssa_unreadable(sock->sk);
	return err ?: READ_ONCE(sock->ops)->splice_read(sock, ppos, pipe, len, flags);
}

/* TLS_HANDSHAKE is next; only the end of the connection is to be seen. */
static __poll_t ssa_poll_upgraded(const struct sock *sk)
{
	__poll_t mask = 0;

	if (READ_ONCE(sk->sk_err))
		mask |= EPOLLERR;
	if (READ_ONCE(sk->sk_shutdown) & RCV_SHUTDOWN)
		mask |= EPOLLIN | EPOLLRDNORM | EPOLLRDHUP;
	return mask;
}

/* proto_ops.poll */
__poll_t ssa_poll(struct file *file, struct socket *sock, struct poll_table_struct *wait)
{
	struct ssa_sock *s = ssa_enter(sock);

	sock_poll_wait(file, sock, wait);
	switch (ssa_state(s)) {
	case SSA_S_IDLE:
		if (s->below && inet_sk_state_load(sock->sk) != TCP_CLOSE)
			return ssa_poll_upgraded(sock->sk);
		return EPOLLOUT | EPOLLWRNORM | EPOLLHUP;
	case SSA_S_LISTEN:
		return ssa_listener_ready(s) ? EPOLLIN | EPOLLRDNORM : 0;
	case SSA_S_CONNECTING:
	case SSA_S_HANDSHAKE:
		return 0;
	case SSA_S_DONE:
		return READ_ONCE(sock->ops)->poll(file, sock, NULL);
	case SSA_S_FAILED:
		break;
	}
	return (READ_ONCE(sock->sk->sk_err) ? EPOLLERR : 0) | EPOLLHUP | EPOLLRDHUP |
	       EPOLLIN | EPOLLRDNORM | EPOLLOUT | EPOLLWRNORM;
}

/* proto_ops.shutdown */
int ssa_shutdown(struct socket *sock, int how)
{
	struct sock *sk = sock->sk;
	struct ssa_sock *s = ssa_enter(sock);
	int err;

	if (how < SHUT_RD || how > SHUT_RDWR)
		return -EINVAL;
	if (ssa_state(s) == SSA_S_DONE)
		return READ_ONCE(sock->ops)->shutdown(sock, how);
	lock_sock(sk);
	s->shut |= how + 1;
	release_sock(sk);
	/* Its sk_state_change() is our callback: the work item finds out. */
	err = inet_shutdown(sock, how);
	ssa_kick(s);
	return err;
}

/* proto_ops.set_rcvlowat: TCP would not tell us of the records of the handshake. */
int ssa_set_rcvlowat(struct sock *sk, int val)
{
	return val > 1 ? -EOPNOTSUPP : 0;
}
