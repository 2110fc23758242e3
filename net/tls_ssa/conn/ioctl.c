// SPDX-License-Identifier: GPL-2.0
/*
 * ioctl(): how much there is to read, and to send. TCP's own numbers are of what is on
 * the wire: with records, their padding and control records in it.
 */
#include <linux/sockios.h>
#include <linux/termios.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <net/sock.h>
#include <net/tls.h>
#include <net/tls_prot.h>
#include "../sock.h"
#include "conn.h"
#include "control.h"
#include "end.h"
#include "ktls_ops.h"

#define SSA_SHOWN_RECORDS_MAX	1024	/* of no bytes at all, they could be */

/*
 * Lets kTLS decrypt what has come, and keep it. TCP has room again for what was
 * decrypted: therefore not more than the receive buffer holds.
 */
static void ssa_decrypt_all(struct socket *sock)
{
	struct sock *sk = sock->sk;
	const struct tls_sw_context_rx *rx = tls_sw_ctx_rx(tls_get_ctx(sk));
	size_t len = READ_ONCE(sk->sk_rcvbuf);
	struct msghdr m = {};

	if (skb_queue_len_lockless(&rx->rx_list) >= SSA_SHOWN_RECORDS_MAX)
		return;
	iov_iter_discard(&m.msg_iter, ITER_DEST, len);
	ssa_ktls_recv(sock, &m, len, MSG_PEEK | MSG_DONTWAIT);
}

/*
 * What recv() would return now. Control records and empty ones are out of the way
 * afterwards: if it is 0 there is nothing, and poll() says the same. Without memory nobody
 * knows: -ENOMEM.
 */
static int ssa_inq(struct socket *sock)
{
	u32 bytes;
	int rx;

	for (;;) {
		rx = ssa_rx_control(sock, false);
		if (rx == SSA_RX_AGAIN)
			continue;
		if (rx != SSA_RX_DATA) {
			ssa_rx_keep(sock->sk, rx);
			return rx == -ENOMEM ? rx : 0;
		}
		ssa_decrypt_all(sock);
		bytes = ssa_rx_bytes(sock);
		if (bytes)
			return min_t(u32, bytes, INT_MAX);
		/* Somebody else was quicker. */
	}
}

/* Something that was sent, and TCP does not know of: it counts as one byte. */
static bool ssa_not_in_tcp(struct sock *sk)
{
	const struct tls_context *ctx = tls_get_ctx(sk);
	bool some;

	lock_sock(sk);
	some = ctx->pending_open_record_frags || ctx->partially_sent_record ||
	       (ctx->tx_conf == TLS_SW && !list_empty(&tls_sw_ctx_tx(ctx)->tx_list));
	release_sock(sk);
	return some;
}

/**
 * ssa_kioctl - proto_ops.ioctl of an established connection
 * @sock: its struct socket
 * @cmd: as in ioctl(2)
 * @arg: the same
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno.
 */
int ssa_kioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	struct sock *sk = sock->sk;
	int err, n;

	switch (cmd) {
	case SIOCINQ:
		n = ssa_inq(sock);
		return n < 0 ? n : put_user(n, (int __user *)arg);
	case SIOCOUTQ:
	case SIOCOUTQNSD:
		err = ssa_family(sk)->tcp->ioctl(sk, cmd, &n);
		if (err)
			return err;
		return put_user(n + ssa_not_in_tcp(sk), (int __user *)arg);
	default:
		return ssa_family(sk)->base->ioctl(sock, cmd, arg);
	}
}

/**
 * ssa_ioctl - proto_ops.ioctl before kTLS
 * @sock: the socket
 * @cmd: as in ioctl(2)
 * @arg: the same
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno.
 */
int ssa_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	const struct ssa_sock *s = ssa_enter(sock);

	if (s && ssa_state(s) == SSA_S_DONE)
		return READ_ONCE(sock->ops)->ioctl(sock, cmd, arg);
	/* What TCP has is the handshake's. */
	if (s && cmd == SIOCINQ && ssa_state(s) != SSA_S_LISTEN)
		return put_user(0, (int __user *)arg);
	return ssa_family(sock->sk)->base->ioctl(sock, cmd, arg);
}
