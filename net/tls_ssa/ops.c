// SPDX-License-Identifier: GPL-2.0
/*
 * The operations of a TLS socket until kTLS has the keys. Reading and writing
 * wait for that and then go on with the second table: a thread may have entered
 * here before the tables were changed.
 */
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/splice.h>
#include <net/inet_common.h>
#include <net/tcp.h>
#include "ssa_sock.h"

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

static int ssa_sendmsg(struct socket *sock, struct msghdr *m, size_t len)
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

static int ssa_recvmsg(struct socket *sock, struct msghdr *m, size_t len, int flags)
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

static ssize_t ssa_splice_read(struct socket *sock, loff_t *ppos, struct pipe_inode_info *pipe,
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

static __poll_t ssa_poll(struct file *file, struct socket *sock, struct poll_table_struct *wait)
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

static int ssa_shutdown(struct socket *sock, int how)
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

/* TCP would not tell us of the records of the handshake. */
static int ssa_set_rcvlowat(struct sock *sk, int val)
{
	return val > 1 ? -EOPNOTSUPP : 0;
}

/*
 * Is the end of the connection no orderly one? A program asks for a RST by a time to
 * linger of 0; and one that a signal has killed has not said what it had to say, which
 * the peer would take a close_notify for: no library could send one. The exit code
 * is the same for all threads of a program, and has the signal in it.
 */
static bool ssa_is_abort(const struct sock *sk)
{
	if (sock_flag(sk, SOCK_LINGER) && !sk->sk_lingertime)
		return true;
	return current->flags & PF_EXITING && current->exit_code & 0x7f;
}

/* The end of an established connection. True: the peer may not have read our alert. */
static bool ssa_release_done(struct socket *sock)
{
	struct ssa_sock *s = ssa_of(sock->sk);

	if (sock_flag(sock->sk, SOCK_LINGER) && !sock->sk->sk_lingertime)
		return false;
	/*
	 * A control record that nobody has read would make TCP answer close()
	 * with a RST, and the peer could lose what we have sent.
	 */
	while (ssa_rx_control(sock, false) == SSA_RX_AGAIN)
		;
	if (ssa_is_abort(sock->sk))
		ssa_conn_abandon(sock);
	else
		ssa_conn_close(sock);
	if (!s->err || ssa_reason_desc(s->reason)->alert == SSA_ALERT_NONE)
		return false;
	ssa_ktls_stop(sock->sk);
	ssa_drain(sock->sk);
	return true;
}

/**
 * ssa_release - proto_ops.release, before and after kTLS
 * @sock: the struct socket that is being closed
 *
 * Context: process, may sleep.
 * Return: 0.
 */
int ssa_release(struct socket *sock)
{
	struct sock *sk = sock->sk;
	struct ssa_sock *s;
	bool linger = false;

	if (!sk)
		return 0;	/* accept() failed */
	s = ssa_of(sk);
	spin_lock(&s->lock);
	s->closing = true;
	spin_unlock(&s->lock);
	ssa_disarm_destruct(sk);
	ssa_held_stop(s);
	ssa_quiesce(s);
	/* Not earlier: the work item may just have completed the handshake. */
	if (ssa_state(s) == SSA_S_DONE)
		linger = ssa_release_done(sock);
	ssa_detach(s);
	ssa_listener_close(s);
	if (s->state == SSA_S_HANDSHAKE && !ssa_is_abort(sk))
		ssa_task_cancel(s);
	ssa_task_free(s);
	if ((s->state == SSA_S_FAILED && !s->retry) ||
	    (s->state == SSA_S_HANDSHAKE && !ssa_is_abort(sk)))
		linger = true;
	ssa_set_state(s, SSA_S_FAILED);
	ssa_ulp_end(s);
	ssa_gone(s);
	if (!linger || !ssa_linger_user(sock))
		ssa_family(sk)->base->release(sock);
	if (s->stage) {
		s->stage->sk = NULL;
		s->stage->ops = NULL;
		sock_release(s->stage);
	}
	if (s->prot_ref)
		module_put(THIS_MODULE);	/* sock->ops has its own reference */
	ssa_put(s);
	return 0;
}

/**
 * ssa_fill_ops - put our operations over TCP's
 * @ops: copy of TCP's
 *
 * Context: module load.
 */
void __init ssa_fill_ops(struct proto_ops *ops)
{
	ops->owner	= THIS_MODULE;
	ops->bind	= ssa_bind;
	ops->connect	= ssa_connect;
	ops->getname	= ssa_getname;
	ops->accept	= ssa_accept;
	ops->listen	= ssa_listen;
	ops->poll	= ssa_poll;
	ops->shutdown	= ssa_shutdown;
	ops->setsockopt	= ssa_setsockopt;
	ops->getsockopt	= ssa_getsockopt;
	ops->sendmsg	= ssa_sendmsg;
	ops->recvmsg	= ssa_recvmsg;
	ops->splice_read = ssa_splice_read;
	ops->ioctl	= ssa_ioctl;
	ops->release	= ssa_release;
	ops->set_rcvlowat = ssa_set_rcvlowat;
	/* Nothing may reach TCP's stream around them. */
	ops->splice_eof	= NULL;
	ops->mmap	= sock_no_mmap;
	ops->read_sock	= NULL;
	ops->read_skb	= NULL;
	ops->sendmsg_locked = NULL;
	ops->peek_len	= NULL;
	ops->set_peek_off = NULL;
}
