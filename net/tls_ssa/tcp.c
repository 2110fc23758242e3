// SPDX-License-Identifier: GPL-2.0
/*
 * The few things that are done to TCP below us: for the handshake, and at a connection's
 * end. Never through its struct socket's operations, which are ours.
 */
#include <linux/uio.h>
#include <net/tcp.h>
#include "sock.h"
#include "tcp.h"

/**
 * ssa_tcp_send - give bytes to TCP, below TLS
 * @sk: the socket; never through its struct socket's ops, which are ours
 * @buf: the bytes
 * @len: how many
 *
 * Context: the work item; does not wait for room.
 * Return: how many were taken (> 0), -EAGAIN, or TCP's error.
 */
int ssa_tcp_send(struct sock *sk, const void *buf, size_t len)
{
	struct kvec iov = { .iov_base = (void *)buf, .iov_len = len };
	struct msghdr msg = { .msg_flags = MSG_DONTWAIT | MSG_NOSIGNAL };
	struct tcp_sock *tp = tcp_sk(sk);
	u8 cork;
	int n;

	iov_iter_kvec(&msg.msg_iter, ITER_SOURCE, &iov, 1, len);
	lock_sock(sk);
	/* TCP sets it again, and then calls back, if there is no room. */
	clear_bit(SOCK_NOSPACE, &sk->sk_socket->flags);
	/* TCP_CORK is for the application's data: what is to be sent now does not wait. */
	cork = tp->nonagle & TCP_NAGLE_CORK;
	tp->nonagle &= ~cork;
	/* Nor through sk_prot, which is not for plaintext on an upgraded socket: guard.c */
	n = tcp_sendmsg_locked(sk, &msg, len);
	if (cork)
		tp->nonagle |= TCP_NAGLE_CORK | TCP_NAGLE_PUSH;
	release_sock(sk);
	return n;
}

/**
 * ssa_tcp_recv - take bytes from TCP, below TLS
 * @sk: the socket
 * @buf: the bytes
 * @len: how many at most
 *
 * Context: the work item; does not wait.
 * Return: how many there were, 0 at TCP's end, -EAGAIN, or TCP's error.
 */
int ssa_tcp_recv(struct sock *sk, void *buf, size_t len)
{
	struct kvec iov = { .iov_base = buf, .iov_len = len };
	struct msghdr msg = {};

	iov_iter_kvec(&msg.msg_iter, ITER_DEST, &iov, 1, len);
	return ssa_family(sk)->base->recvmsg(sk->sk_socket, &msg, len, MSG_DONTWAIT);
}

/**
 * ssa_make_room - let a last record in, however full the send buffer is
 * @sk: the socket; nothing but an alert follows
 *
 * Without this an alert or close_notify is lost whenever the application has
 * just filled the buffer, and the peer takes the end for a truncation.
 *
 * Context: process, may sleep; takes lock_sock().
 */
void ssa_make_room(struct sock *sk)
{
	lock_sock(sk);
	WRITE_ONCE(sk->sk_sndbuf, max(sk->sk_sndbuf, READ_ONCE(sk->sk_wmem_queued) + SZ_64K));
	WRITE_ONCE(tcp_sk(sk)->notsent_lowat, UINT_MAX);
	release_sock(sk);
}

/* sk_read_actor_t */
static int ssa_discard(read_descriptor_t *desc, struct sk_buff *skb, unsigned int offset,
		       size_t len)
{
	return len;
}

/**
 * ssa_drain - throw away what has arrived
 * @sk: a socket without keys
 *
 * Context: process, may sleep; takes lock_sock().
 */
void ssa_drain(struct sock *sk)
{
	read_descriptor_t desc = { .count = 1 };

	lock_sock(sk);
	if (sk->sk_state != TCP_LISTEN)
		tcp_read_sock(sk, &desc, ssa_discard);
	release_sock(sk);
}

/**
 * ssa_fin - our side is closed: what is queued goes out, then a FIN
 * @sk: the socket
 *
 * Context: process, may sleep; takes lock_sock().
 */
void ssa_fin(struct sock *sk)
{
	lock_sock(sk);
	if (!(sk->sk_shutdown & SEND_SHUTDOWN)) {
		WRITE_ONCE(sk->sk_shutdown, sk->sk_shutdown | SEND_SHUTDOWN);
		sk->sk_prot->shutdown(sk, SEND_SHUTDOWN);
	}
	release_sock(sk);
	ssa_drain(sk);
}
