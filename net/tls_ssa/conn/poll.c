// SPDX-License-Identifier: GPL-2.0
/*
 * poll() and shutdown() on an established connection.
 */
#include <linux/poll.h>
#include <linux/socket.h>
#include <net/tls.h>
#include <net/tls_prot.h>
#include "../sock.h"
#include "conn.h"
#include "control.h"
#include "end.h"
#include "ktls_ops.h"

/* Nothing more can be read, whatever TCP goes on to receive. */
static __poll_t ssa_kpoll_end(struct socket *sock, __poll_t mask)
{
	mask |= EPOLLIN | EPOLLRDNORM | EPOLLRDHUP;
	if (READ_ONCE(sock->sk->sk_shutdown) & SEND_SHUTDOWN)
		mask |= EPOLLHUP;
	return mask;
}

/**
 * ssa_kpoll - proto_ops.poll of an established connection
 * @file: as in poll
 * @sock: its struct socket
 * @wait: the same
 *
 * A record that is there may be a control record, which is nothing to read: the
 * only way to know is to decrypt it. kTLS keeps the plaintext, so the work is
 * not done twice.
 *
 * Context: process, may sleep.
 * Return: EPOLL*.
 */
__poll_t ssa_kpoll(struct file *file, struct socket *sock, struct poll_table_struct *wait)
{
	const struct proto_ops *k = ssa_ktls_ops(sock);
	const struct tls_sw_context_rx *rx = tls_sw_ctx_rx(tls_get_ctx(sock->sk));
	__poll_t mask = k->poll(file, sock, wait);
	bool some;
	int n;

	if (unlikely(ssa_rx_over(sock)))
		return ssa_kpoll_end(sock, mask);
	some = !skb_queue_empty_lockless(&rx->rx_list) || READ_ONCE(rx->strp.msg_ready);
	/* Before getsockopt(SO_ERROR) makes of it an error like others, or after it has */
	if (unlikely(rx->strp.stopped) && !some &&
	    ssa_rx_broken(sock, -READ_ONCE(sock->sk->sk_err) ?: -EAGAIN))
		return ssa_kpoll_end(sock, k->poll(file, sock, NULL));
	if (!(mask & EPOLLIN))
		return mask;
	/* In front of a RST there may be the alert that says why. */
	if (READ_ONCE(sock->sk->sk_shutdown) & RCV_SHUTDOWN && !(mask & EPOLLERR && some))
		return mask;
	do {
		n = ssa_rx_control(sock, false);
	} while (n == SSA_RX_AGAIN);
	if (n == SSA_RX_DATA)
		return mask;
	ssa_rx_keep(sock->sk, n);
	/* What was consumed may have changed everything but the waiting. */
	mask = k->poll(file, sock, NULL);
	if (n == SSA_RX_EOF)
		return ssa_kpoll_end(sock, mask);
	/* After our FIN kTLS leaves it to TCP, for which a part of a record is enough. */
	if (!(READ_ONCE(sock->sk->sk_shutdown) & RCV_SHUTDOWN) &&
	    skb_queue_empty_lockless(&rx->rx_list) && !READ_ONCE(rx->strp.msg_ready))
		mask &= ~(EPOLLIN | EPOLLRDNORM);
	return mask;
}

/**
 * ssa_kshutdown - proto_ops.shutdown of an established connection
 * @sock: its struct socket
 * @how: SHUT_*
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno.
 */
int ssa_kshutdown(struct socket *sock, int how)
{
	struct ssa_sock *s = ssa_of(sock->sk);

	if (how < SHUT_RD || how > SHUT_RDWR)
		return -EINVAL;
	if (how != SHUT_RD)
		ssa_conn_close(sock);
	lock_sock(sock->sk);
	s->shut |= how + 1;
	release_sock(sock->sk);
	return ssa_ktls_ops(sock)->shutdown(sock, how);
}
