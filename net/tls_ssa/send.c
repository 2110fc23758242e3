// SPDX-License-Identifier: GPL-2.0
/*
 * Sending on an established connection. What is due (enum ssa_due) goes before
 * the next data: whoever finds it due and nobody else sending sends it; senders
 * that come meanwhile wait, so that those who are at it come to an end. A KeyUpdate
 * that the peer has asked for is sent before the next application data (RFC 8446
 * 4.6.3), however many threads send.
 */
#include <linux/uio.h>
#include <linux/wait_bit.h>
#include <net/tls_prot.h>
#include "ktls.h"
#include "mib.h"
#include "ssa_sock.h"

/**
 * ssa_tx_wake - who waits until what is due can be sent tries again
 * @s: the socket; tx_sem has just been given up
 *
 * Context: any.
 */
void ssa_tx_wake(struct ssa_sock *s)
{
	smp_mb();	/* tx_sem before the look at who waits */
	wake_up_var(&s->due);
}

/* tx_sem held for write. 0 or a negative errno. */
static int ssa_send_refusal(struct socket *sock, int flags)
{
	static const u8 body[2] = { 1, SSA_ALERT_NO_RENEGOTIATION };	/* RFC 5246 7.2.2 */
	int n;

	n = ssa_send_record(sock, TLS_RECORD_TYPE_ALERT, body, sizeof(body), flags);
	if (n < 0)
		return n;
	ssa_count(sock_net(sock->sk), SSA_MIB_RENEGOTIATIONS_REFUSED);
	return 0;
}

/* tx_sem held for write. 0, or a negative errno; *@broken: no key fits any more. */
static int ssa_send_key_update(struct socket *sock, bool request, int flags, bool *broken)
{
	u8 message[8];
	int n;

	n = ssa_post_key_update(message, request);
	n = ssa_send_record(sock, TLS_RECORD_TYPE_HANDSHAKE, message, n, flags);
	if (n < 0)
		return n;
	n = ssa_rekey_tx(sock);
	*broken = n;
	return n;
}

/**
 * ssa_send_due - send what is due, if anything is
 * @sock: established connection
 * @nonblock: do not wait for room; it stays due, then
 *
 * Context: process, may sleep; takes tx_sem and lock_sock().
 * Return: 0; -EBUSY: somebody sends just now, and will do it afterwards; -EAGAIN: no
 * room; or a negative errno.
 */
int ssa_send_due(struct socket *sock, bool nonblock)
{
	struct ssa_sock *s = ssa_of(sock->sk);
	int flags = nonblock ? MSG_DONTWAIT : 0;
	bool broken = false;
	int due, err = 0;

	if (!down_write_trylock(&s->tx_sem))
		return -EBUSY;
	due = atomic_xchg(&s->due, 0);
	if (due && !s->close_sent) {
		if (s->version == SSA_TLS12)
			err = ssa_send_refusal(sock, flags);
		else
			err = ssa_send_key_update(sock, due & SSA_DUE_ASK, flags, &broken);
		if (err)
			atomic_or(due, &s->due);
	}
	up_write(&s->tx_sem);
	ssa_tx_wake(s);
	if (broken)
		ssa_conn_fail(sock, SSA_R_KTLS);
	return err;
}

/**
 * ssa_owe - from now on something is due
 * @sock: established connection
 * @due: what
 *
 * The caller tries ssa_send_due() afterwards, when it may.
 *
 * Context: process.
 */
void ssa_owe(struct socket *sock, enum ssa_due due)
{
	/* Fully ordered, for the attempt at tx_sem: see ssa_tx_end(). */
	atomic_fetch_or(due, &ssa_of(sock->sk)->due);
}

/* Takes tx_sem for sending; what is due has been sent. 0 or a negative errno. */
static int ssa_tx_begin(struct socket *sock, bool nonblock)
{
	struct sock *sk = sock->sk;
	struct ssa_sock *s = ssa_of(sk);
	int n;

	for (;;) {
		if (likely(!atomic_read(&s->due))) {
			n = down_read_interruptible(&s->tx_sem);
			if (n)
				return n;
			if (likely(!atomic_read(&s->due)))
				return 0;
			up_read(&s->tx_sem);
			ssa_tx_wake(s);
		}
		n = ssa_send_due(sock, nonblock);
		/* As kTLS does, this waits for other senders even if @nonblock. */
		if (n == -EBUSY &&
		    wait_var_event_interruptible(&s->due, !atomic_read(&s->due) ||
						 !rwsem_is_locked(&s->tx_sem)))
			return sock_intr_errno(sock_sndtimeo(sk, nonblock));
		if (n && n != -EBUSY)
			return n;
	}
}

/*
 * Gives tx_sem up. Who has made something due after the look at it here finds
 * tx_sem free; who did so before, and was refused tx_sem, relies on this look.
 */
static void ssa_tx_end(struct socket *sock)
{
	struct ssa_sock *s = ssa_of(sock->sk);

	up_read(&s->tx_sem);
	smp_mb__after_atomic();		/* pairs with ssa_owe() */
	if (unlikely(atomic_read(&s->due)) && ssa_send_due(sock, true) == -EBUSY)
		ssa_tx_wake(s);
}

static int ssa_send(struct socket *sock, struct msghdr *m, size_t len)
{
	struct sock *sk = sock->sk;
	struct ssa_sock *s = ssa_of(sk);
	int n;

	n = ssa_tx_begin(sock, m->msg_flags & MSG_DONTWAIT);
	if (n)
		return n;
	n = ssa_ktls_ops(sock)->sendmsg(sock, m, len);
	/* Our data, too, is a reason for the peer to want other keys: no flood. */
	if (unlikely(READ_ONCE(s->post.key_updates)) && n > 0)
		WRITE_ONCE(s->post.key_updates, 0);
	if (unlikely(ssa_ktls_records(sk, true) >= s->rekey_after))
		ssa_owe(sock, SSA_DUE_REKEY);
	ssa_tx_end(sock);
	return n;
}

/*
 * Data that an earlier call could not send: what follows would come into the same
 * record, which would get more than the limit. kTLS keeps a record without data,
 * too, when there was no room for any: that is no obstacle.
 */
static bool ssa_open_record(const struct sock *sk)
{
	const struct tls_context *ctx = tls_get_ctx(sk);

	return ctx->tx_conf == TLS_SW && READ_ONCE(ctx->pending_open_record_frags);
}

/*
 * The peer takes no more than record_limit bytes in a record (RFC 8449), of which
 * kTLS knows nothing: each piece of that size goes to it by itself, and ends its
 * record. One call's pieces stay together, as its records do otherwise.
 */
static int ssa_send_pieces(struct socket *sock, struct msghdr *m, size_t len)
{
	struct sock *sk = sock->sk;
	struct ssa_sock *s = ssa_of(sk);
	size_t piece, left, done = 0;
	int n;

	n = mutex_lock_interruptible(&s->pieces_mutex);
	if (n)
		return n;
	m->msg_flags &= ~MSG_MORE;
	do {
		/* Afterwards kTLS may say so still, of a record without data. */
		if (unlikely(ssa_open_record(sk)))
			ssa_ksplice_eof(sock);
		left = msg_data_left(m);
		piece = min_t(size_t, left, s->record_limit);
		iov_iter_truncate(&m->msg_iter, piece);
		n = ssa_send(sock, m, piece);
		iov_iter_reexpand(&m->msg_iter, left - (piece - msg_data_left(m)));
		if (n <= 0)
			break;
		done += n;
		m->msg_flags |= MSG_NOSIGNAL;	/* some of it was sent: that is the result */
	} while (n == (int)piece && done < len);
	mutex_unlock(&s->pieces_mutex);
	return done ?: n;
}

/**
 * ssa_ksendmsg - proto_ops.sendmsg of an established connection
 * @sock: its struct socket
 * @m: as in sendmsg(2); also what splice() and sendfile() come down to
 * @len: bytes of it
 *
 * Context: process, sleeps.
 * Return: bytes taken, or a negative errno.
 */
int ssa_ksendmsg(struct socket *sock, struct msghdr *m, size_t len)
{
	struct sock *sk = sock->sk;
	struct cmsghdr *cmsg;

	/* kTLS would take the bytes, and fail later. */
	if (unlikely(READ_ONCE(sk->sk_shutdown) & SEND_SHUTDOWN))
		return sk_stream_error(sk, m->msg_flags, -EPIPE);
	if (unlikely(m->msg_controllen)) {
		/* The types of records are ours to choose. */
		for_each_cmsghdr(cmsg, m) {
			if (!CMSG_OK(m, cmsg) || cmsg->cmsg_level == SOL_TLS)
				return -EINVAL;
		}
		m->msg_controllen = 0;
	}
	if (unlikely(ssa_of(sk)->record_limit))
		return ssa_send_pieces(sock, m, len);
	return ssa_send(sock, m, len);
}

/**
 * ssa_ksplice_eof - proto_ops.splice_eof of an established connection
 * @sock: its struct socket
 *
 * Context: process, may sleep.
 */
void ssa_ksplice_eof(struct socket *sock)
{
	if (down_read_killable(&ssa_of(sock->sk)->tx_sem))
		return;
	ssa_ktls_ops(sock)->splice_eof(sock);
	ssa_tx_end(sock);
}
