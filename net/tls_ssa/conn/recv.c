// SPDX-License-Identifier: GPL-2.0
/*
 * Reading from an established connection. kTLS fails with EIO (splice: EINVAL) in
 * front of a record that is not application data, and keeps it; control.c consumes
 * it and the call goes on. A result of 0 can be the end, or an empty record in front
 * of such a record: control.c knows.
 *
 * kTLS is never asked to wait: that happens here, so that between any two records
 * somebody looks whether there is a reason to stop.
 *
 * The end: once ssa_sock.rx_eof is set nothing more is read, and ssa_sock.rx_err says
 * why, to each call. An error that is told once only can get lost (recvmmsg() and
 * io_uring have data to return instead), and whoever comes next, or waits in another
 * thread, would take the end for a clean one.
 */
#include <linux/socket.h>
#include <linux/splice.h>
#include <linux/uio.h>
#include <linux/wait.h>
#include <net/sock.h>
#include <net/tls.h>
#include <net/tls_prot.h>
#include "../sock.h"
#include "conn.h"
#include "control.h"
#include "due.h"
#include "end.h"
#include "ktls_ops.h"

/* Nothing more can be read. This call says why. */
static int ssa_end(struct socket *sock)
{
	int err = READ_ONCE(ssa_of(sock->sk)->rx_err);

	if (err)
		sock_error(sock->sk);
	return -err;
}

/* Data between the pieces of a handshake message: RFC 8446 5.1 */
static bool ssa_interleaved(struct socket *sock)
{
	if (!ssa_post_inside(&ssa_of(sock->sk)->post))
		return false;
	ssa_conn_fail(sock, SSA_R_UNEXPECTED_MESSAGE);
	return true;
}

/*
 * There is data between KeyUpdates, or empty records: no flood. If the peer has used
 * its key for too long (RFC 8446 5.5), we ask it to change it.
 */
static void ssa_count_received(struct socket *sock)
{
	struct ssa_sock *s = ssa_of(sock->sk);

	if (unlikely(READ_ONCE(s->post.key_updates)))
		WRITE_ONCE(s->post.key_updates, 0);
	if (unlikely(READ_ONCE(s->empty_records)))
		WRITE_ONCE(s->empty_records, 0);
	if (likely(ssa_ktls_records(sock->sk, false) < s->ask_after) || READ_ONCE(s->asked))
		return;
	WRITE_ONCE(s->asked, true);
	ssa_owe(sock, SSA_DUE_ASK);
	ssa_send_due(sock);
}

static int ssa_krecv_once(struct socket *sock, struct msghdr *m, size_t len, int flags)
{
	void *control = m->msg_control;
	size_t controllen = m->msg_controllen;
	int n;

	/* The record's type is for us; the buffer is the application's. */
	m->msg_control = NULL;
	m->msg_controllen = 0;
	n = ssa_ktls_recv(sock, m, len, flags);
	m->msg_control = control;
	m->msg_controllen = controllen;
	m->msg_flags &= ~(MSG_CTRUNC | MSG_EOR);
	return n;
}

/*
 * kTLS has no record, and says @err. What the call returns, unless @done bytes were read
 * before: then the next one has to tell.
 */
static int ssa_krecv_error(struct socket *sock, int err, size_t done)
{
	if (ssa_rx_over(sock) || ssa_rx_broken(sock, err) || ssa_rx_lost(sock, err))
		return done ? 0 : ssa_end(sock);
	if (done)
		ssa_rx_keep(sock->sk, err);
	return err;
}

/* Nothing more can be read; or kTLS would wait without end. */
static bool ssa_krecv_over(struct socket *sock)
{
	if (unlikely(ssa_rx_over(sock)))
		return true;
	return unlikely(tls_sw_ctx_rx(tls_get_ctx(sock->sk))->strp.stopped) &&
	       ssa_rx_broken(sock, -EAGAIN);
}

/*
 * Is there a record, or an end, that kTLS has not decrypted; or anything, unless
 * @more is wanted than it has decrypted?
 */
static bool ssa_krecv_ready(const struct sock *sk, bool more)
{
	const struct tls_sw_context_rx *rx = tls_sw_ctx_rx(tls_get_ctx(sk));

	if (READ_ONCE(rx->strp.msg_ready) || (!more && !skb_queue_empty_lockless(&rx->rx_list)))
		return true;
	/* It is set before sk_err, which SO_ERROR may take away. */
	if (unlikely(rx->strp.stopped))
		return true;
	return READ_ONCE(sk->sk_err) || READ_ONCE(sk->sk_shutdown) & RCV_SHUTDOWN ||
	       sock_flag(sk, SOCK_DONE) || READ_ONCE(ssa_of(sk)->rx_eof);
}

/* Waits for a record. 0 or why not: -EAGAIN, or as sock_intr_errno() */
static int ssa_krecv_wait(struct socket *sock, long *timeo, bool more)
{
	struct sock *sk = sock->sk;
	long left = *timeo;

	if (!left)
		return -EAGAIN;
	sk_set_bit(SOCKWQ_ASYNC_WAITDATA, sk);
	left = wait_event_interruptible_timeout(*sk_sleep(sk), ssa_krecv_ready(sk, more), left);
	sk_clear_bit(SOCKWQ_ASYNC_WAITDATA, sk);
	if (left < 0)
		return sock_intr_errno(*timeo);
	*timeo = left;
	return left ? 0 : -EAGAIN;
}

/*
 * The next record is an empty one, by its length: kTLS would take it and as many more
 * as there are without a word. It is counted instead (SSA_RX_AGAIN).
 */
static bool ssa_krecv_empty(const struct sock *sk)
{
	const struct tls_context *ctx = tls_get_ctx(sk);
	const struct tls_sw_context_rx *rx = tls_sw_ctx_rx(ctx);

	if (!READ_ONCE(rx->strp.msg_ready) || !skb_queue_empty_lockless(&rx->rx_list))
		return false;
	/* Another reader may take the record meanwhile: then there is none to count. */
	return data_race(rx->strp.stm.full_len) == ctx->prot_info.overhead_size;
}

/*
 * What kTLS would say, as far as it need not be asked, or must not: -EAGAIN: nothing is
 * there; -EIO: control.c is to look; 0: ask. TCP may have a record of which kTLS has not
 * heard, if somebody in the kernel had the socket meanwhile.
 */
static int ssa_krecv_look(const struct sock *sk)
{
	if (unlikely(ssa_krecv_empty(sk)))
		return -EIO;
	if (likely(ssa_krecv_ready(sk, false)))
		return 0;
	return skb_queue_empty_lockless(&sk->sk_receive_queue) ? -EAGAIN : -EIO;
}

/*
 * After some data: is there more for this call behind a control record? SSA_RX_AGAIN or
 * SSA_RX_DATA: try; else not now, or never.
 */
static int ssa_krecv_more(struct socket *sock, bool peek)
{
	int rx = ssa_rx_control(sock, false);

	/* What was shown is at the head, and stays there. */
	if (rx == SSA_RX_DATA && peek)
		rx = ssa_rx_pass(sock);
	ssa_rx_keep(sock->sk, rx);
	return rx;
}

static int ssa_krecv_loop(struct socket *sock, struct msghdr *m, size_t len, int flags)
{
	struct sock *sk = sock->sk;
	struct ssa_post *post = &ssa_of(sk)->post;
	int target = sock_rcvlowat(sk, flags & MSG_WAITALL, len);
	long timeo = sock_rcvtimeo(sk, flags & MSG_DONTWAIT);
	bool peek = flags & MSG_PEEK, inside;
	size_t done = 0, shown = 0;
	int n;

	for (;;) {
		if (unlikely(ssa_krecv_over(sock))) {
			n = done ? 0 : ssa_end(sock);
			break;
		}
		if (unlikely(peek && done)) {	/* again from the beginning */
			iov_iter_revert(&m->msg_iter, done);
			done = 0;
		}
		inside = ssa_post_inside(post);
		n = len ? ssa_krecv_look(sk) : 0;
		if (!n)
			n = ssa_krecv_once(sock, m, len - done, flags | MSG_DONTWAIT);
		if (likely(n > 0)) {
			if (unlikely(inside && ssa_interleaved(sock))) {
				n = done ? 0 : ssa_end(sock);
				break;
			}
			done += n;
			ssa_count_received(sock);
			if (likely(done >= target))
				break;
			n = ssa_krecv_more(sock, peek);
			/* Woken, shown again, and no more of it: what has come is the end. */
			if (n == SSA_RX_NONE && done == shown)
				break;
			shown = 0;
			if (n == SSA_RX_NONE && !ssa_krecv_wait(sock, &timeo, peek)) {
				n = SSA_RX_AGAIN;
				shown = peek ? done : 0;
			}
			if (n != SSA_RX_AGAIN && n != SSA_RX_DATA)
				break;
			continue;
		}
		if (n == -EIO || (!n && len)) {
			n = ssa_rx_control(sock, timeo != 0);
			if (n == SSA_RX_AGAIN || n == SSA_RX_DATA)
				continue;
			if (n == SSA_RX_EOF) {
				n = done ? 0 : ssa_end(sock);
				break;
			}
			if (n == SSA_RX_NONE)
				n = -EAGAIN;
		}
		if (n != -EAGAIN) {
			n = ssa_krecv_error(sock, n, done);
			break;
		}
		n = ssa_krecv_wait(sock, &timeo, false);
		if (n)
			break;
	}
	return done ? (int)done : n;
}

#define SSA_SCRATCH		SZ_16K
#define SSA_SCRATCH_PIECES	16

/*
 * MSG_TRUNC: the bytes are counted and thrown away, whatever the buffer. kTLS does not
 * know that, and writes them where nobody looks.
 */
static int ssa_kdiscard(struct socket *sock, size_t len, int flags)
{
	struct kvec iov[SSA_SCRATCH_PIECES];
	size_t piece, done = 0;
	struct msghdr m = {};
	void *scratch;
	int n, i;

	if (flags & MSG_PEEK) {
		iov_iter_discard(&m.msg_iter, ITER_DEST, len);
		return ssa_krecv_loop(sock, &m, len, flags);
	}
	scratch = kvmalloc(SSA_SCRATCH, GFP_KERNEL);
	if (!scratch)
		return -ENOMEM;
	for (i = 0; i < SSA_SCRATCH_PIECES; i++)
		iov[i] = (struct kvec){ scratch, SSA_SCRATCH };
	do {
		piece = min_t(size_t, len - done, SSA_SCRATCH * SSA_SCRATCH_PIECES);
		iov_iter_kvec(&m.msg_iter, ITER_DEST, iov, SSA_SCRATCH_PIECES, piece);
		n = ssa_krecv_loop(sock, &m, piece, flags);
		if (n <= 0)
			break;
		done += n;
		if (!(flags & MSG_WAITALL))
			flags |= MSG_DONTWAIT;
	} while (n == (int)piece && done < len);
	kvfree_sensitive(scratch, SSA_SCRATCH);
	return done ? (int)done : n;
}

/**
 * ssa_krecvmsg - proto_ops.recvmsg of an established connection
 * @sock: its struct socket
 * @m: as in recvmsg(2)
 * @len: bytes of it
 * @flags: MSG_*
 *
 * Context: process, sleeps.
 * Return: bytes; 0: close_notify has come; or a negative errno, which of a stream that
 * was cut short or has failed each call gets.
 */
int ssa_krecvmsg(struct socket *sock, struct msghdr *m, size_t len, int flags)
{
	if (unlikely(flags & MSG_ERRQUEUE))
		return ssa_ktls_ops(sock)->recvmsg(sock, m, len, flags);
	if (unlikely(flags & MSG_OOB))
		return -EINVAL;		/* as TCP, if there are none */
	if (unlikely(flags & MSG_TRUNC))
		return ssa_kdiscard(sock, len, flags & ~MSG_TRUNC);
	return ssa_krecv_loop(sock, m, len, flags);
}

/**
 * ssa_ksplice_read - proto_ops.splice_read of an established connection
 * @sock: its struct socket
 * @ppos: as in splice(2)
 * @pipe: the same
 * @len: the same
 * @flags: SPLICE_F_*
 *
 * Context: process, sleeps.
 * Return: as ssa_krecvmsg().
 */
ssize_t ssa_ksplice_read(struct socket *sock, loff_t *ppos, struct pipe_inode_info *pipe,
			 size_t len, unsigned int flags)
{
	struct sock *sk = sock->sk;
	long timeo = sock_rcvtimeo(sk, flags & SPLICE_F_NONBLOCK);
	bool inside;
	ssize_t n;

	for (;;) {
		if (unlikely(ssa_krecv_over(sock)))
			return ssa_end(sock);
		inside = ssa_post_inside(&ssa_of(sk)->post);
		n = len ? ssa_krecv_look(sk) : 0;
		if (n == -EIO)
			n = -EINVAL;	/* as kTLS says it here */
		else if (!n)
			n = ssa_ktls_splice(sock, ppos, pipe, len, flags | SPLICE_F_NONBLOCK);
		if (unlikely(n > 0 && inside && ssa_interleaved(sock)))
			return ssa_end(sock);
		if (likely(n > 0))
			ssa_count_received(sock);
		if (likely(n > 0) || !len)
			return n;
		if (n == -EINVAL || !n) {
			n = ssa_rx_control(sock, timeo != 0);
			if (n == SSA_RX_AGAIN || n == SSA_RX_DATA)
				continue;
			if (n == SSA_RX_EOF)
				return ssa_end(sock);
			if (n == SSA_RX_NONE)
				n = -EAGAIN;
		}
		if (n != -EAGAIN)
			return ssa_krecv_error(sock, n, 0);
		n = ssa_krecv_wait(sock, &timeo, false);
		if (n)
			return n;
	}
}
