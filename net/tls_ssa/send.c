// SPDX-License-Identifier: GPL-2.0
/*
 * Sending on an established connection. What is due (enum ssa_due) goes before
 * the next data: whoever finds it due and nobody else sending sends it; senders
 * that come meanwhile wait, so that those who are at it come to an end. A KeyUpdate
 * that the peer has asked for is sent before the next application data (RFC 8446
 * 4.6.3), however many threads send.
 *
 * kTLS is never let wait for room. It would do so with its tx_lock, before which every
 * other sender would wait, also who must not; and a record that is left over from a
 * call with leave to wait makes its worker wait, for as long as the peer likes, and
 * close() for the worker. So each call of kTLS has MSG_DONTWAIT, and a sender that may
 * wait does so here, with nothing in its hands but its turn.
 *
 * A record that kTLS has encrypted, and for which there was no room, goes out when TCP
 * has room again: kTLS takes care of that. One that MSG_MORE holds back (held.c) is not
 * encrypted yet.
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
static int ssa_send_refusal(struct socket *sock)
{
	static const u8 body[2] = { 1, SSA_ALERT_NO_RENEGOTIATION };	/* RFC 5246 7.2.2 */
	int n;

	n = ssa_send_record(sock, TLS_RECORD_TYPE_ALERT, body, sizeof(body));
	if (n < 0)
		return n;
	ssa_count(sock_net(sock->sk), SSA_MIB_RENEGOTIATIONS_REFUSED);
	return 0;
}

/* tx_sem held for write. 0, or a negative errno; *@broken: no key fits any more. */
static int ssa_send_key_update(struct socket *sock, bool request, bool *broken)
{
	u8 message[8];
	int n;

	n = ssa_post_key_update(message, request);
	n = ssa_send_record(sock, TLS_RECORD_TYPE_HANDSHAKE, message, n);
	if (n < 0)
		return n;
	n = ssa_rekey_tx(sock);
	*broken = n;
	return n;
}

/**
 * ssa_send_due - send what is due, if anything is
 * @sock: established connection
 *
 * Context: process, may sleep; takes tx_sem and lock_sock().
 * Return: 0; -EBUSY: somebody sends just now, and will do it afterwards; -EAGAIN: no
 * room: it stays due; or a negative errno.
 */
int ssa_send_due(struct socket *sock)
{
	struct ssa_sock *s = ssa_of(sock->sk);
	bool broken = false;
	int due, err = 0;

	if (!down_write_trylock(&s->tx_sem))
		return -EBUSY;
	due = atomic_xchg(&s->due, 0);
	if (due && !s->close_sent) {
		if (s->version == SSA_TLS12)
			err = ssa_send_refusal(sock);
		else
			err = ssa_send_key_update(sock, due & SSA_DUE_ASK, &broken);
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

/*
 * Takes tx_sem for sending; what is due has been sent. 0; -EAGAIN: there was no room for
 * it; -EPIPE: our side is closed; or a negative errno.
 */
static int ssa_tx_begin(struct socket *sock)
{
	struct ssa_sock *s = ssa_of(sock->sk);
	int n;

	for (;;) {
		if (likely(!atomic_read(&s->due))) {
			n = down_read_interruptible(&s->tx_sem);
			if (n)
				return n;
			if (likely(!atomic_read(&s->due)))
				break;
			up_read(&s->tx_sem);
			ssa_tx_wake(s);
		}
		n = ssa_send_due(sock);
		/* Nobody who has tx_sem waits for the peer. */
		if (n == -EBUSY)
			n = wait_var_event_interruptible(&s->due, !atomic_read(&s->due) ||
							 !rwsem_is_locked(&s->tx_sem));
		if (n)
			return n;
	}
	if (likely(!READ_ONCE(s->close_sent)))
		return 0;
	/* Nothing goes behind close_notify (RFC 8446 6.1). */
	up_read(&s->tx_sem);
	ssa_tx_wake(s);
	return -EPIPE;
}

/**
 * ssa_tx_end - give tx_sem up, taken for sending
 * @sock: established connection
 *
 * Who has made something due after the look at it here finds tx_sem free; who did so
 * before, and was refused tx_sem, relies on this look.
 *
 * Context: process, may sleep; takes lock_sock().
 */
void ssa_tx_end(struct socket *sock)
{
	struct ssa_sock *s = ssa_of(sock->sk);

	up_read(&s->tx_sem);
	smp_mb__after_atomic();		/* pairs with ssa_owe() */
	if (unlikely(atomic_read(&s->due)) && ssa_send_due(sock) == -EBUSY)
		ssa_tx_wake(s);
}

/* What there is room for now, in one go. Bytes taken, or a negative errno. */
static int ssa_send(struct socket *sock, struct msghdr *m)
{
	struct sock *sk = sock->sk;
	struct ssa_sock *s = ssa_of(sk);
	int n;

	n = ssa_tx_begin(sock);
	if (n)
		return n == -EPIPE ? sk_stream_error(sk, m->msg_flags, n) : n;
	n = ssa_ktls_ops(sock)->sendmsg(sock, m, msg_data_left(m));
	ssa_held_look(sock);
	/* Our data, too, is a reason for the peer to want other keys: no flood. */
	if (unlikely(READ_ONCE(s->post.key_updates)) && n > 0)
		WRITE_ONCE(s->post.key_updates, 0);
	if (unlikely(ssa_ktls_records(sk, true) >= s->rekey_after))
		ssa_owe(sock, SSA_DUE_REKEY);
	ssa_tx_end(sock);
	return n;
}

/*
 * The peer takes no more than record_limit bytes in a record (RFC 8449), of which
 * kTLS knows nothing: each piece of that size goes to it by itself, and ends its
 * record. The pieces for which there is room stay together, as records do otherwise.
 */
static int ssa_send_pieces(struct socket *sock, struct msghdr *m)
{
	struct ssa_sock *s = ssa_of(sock->sk);
	size_t piece, left, done = 0;
	int n;

	n = mutex_lock_interruptible(&s->pieces_mutex);
	if (n)
		return n;
	m->msg_flags &= ~MSG_MORE;
	do {
		/*
		 * What an earlier call has left would come into the same record.
		 * Afterwards kTLS may say so still, of a record without data.
		 */
		ssa_held_send(sock);
		left = msg_data_left(m);
		piece = min_t(size_t, left, s->record_limit);
		iov_iter_truncate(&m->msg_iter, piece);
		n = ssa_send(sock, m);
		iov_iter_reexpand(&m->msg_iter, left - (piece - msg_data_left(m)));
		if (n <= 0)
			break;
		done += n;
		m->msg_flags |= MSG_NOSIGNAL;	/* some of it was sent: that is the result */
	} while (n == (int)piece && msg_data_left(m));
	mutex_unlock(&s->pieces_mutex);
	return done ?: n;
}

static int ssa_send_some(struct socket *sock, struct msghdr *m)
{
	if (unlikely(ssa_of(sock->sk)->record_limit))
		return ssa_send_pieces(sock, m);
	return ssa_send(sock, m);
}

/*
 * Waits until there is room. *@stuck: there was room a moment ago, and yet nothing could
 * be sent: it is memory that is short, and TCP waits otherwise. 0, or as send(2).
 */
static int ssa_wait_for_room(struct sock *sk, long *timeo, bool *stuck)
{
	int err = 0;

	lock_sock(sk);
	if (*stuck || !sk_stream_memory_free(sk)) {
		*stuck = false;
		set_bit(SOCK_NOSPACE, &sk->sk_socket->flags);
		err = sk_stream_wait_memory(sk, timeo);
	} else {
		*stuck = true;
	}
	release_sock(sk);
	return err;
}

/*
 * Waits for room until all of it is sent. One call's data stay together, but for those
 * of senders that do not wait.
 */
static int ssa_send_all(struct socket *sock, struct msghdr *m, long timeo)
{
	struct sock *sk = sock->sk;
	struct ssa_sock *s = ssa_of(sk);
	bool stuck = false;
	size_t done = 0;
	int n, err;

	if (wait_var_event_interruptible(&s->sending, !cmpxchg_acquire(&s->sending, 0, 1)))
		return sock_intr_errno(timeo);
	for (;;) {
		n = ssa_send_some(sock, m);
		if (n >= 0) {
			done += n;
			if (!msg_data_left(m))
				break;
			stuck = false;
			m->msg_flags |= MSG_NOSIGNAL;	/* as above */
		} else if (n != -EAGAIN) {
			break;
		}
		err = ssa_wait_for_room(sk, &timeo, &stuck);
		if (err) {
			n = sk_stream_error(sk, m->msg_flags, err);
			break;
		}
	}
	smp_store_release(&s->sending, 0);	/* pairs with cmpxchg_acquire() above */
	smp_mb();			/* before the look at who waits for it */
	wake_up_var(&s->sending);
	return done ?: n;
}

/* What TCP obeys; it ignores what it does not know, and so do we. */
static int ssa_send_flags(const struct sock *sk, struct msghdr *m)
{
	if (unlikely(m->msg_flags & (MSG_OOB | MSG_FASTOPEN)))
		return -EOPNOTSUPP;
	/* TCP looks at MSG_ZEROCOPY only if the socket has SO_ZEROCOPY, which ours refuse. */
	if (unlikely(m->msg_flags & MSG_ZEROCOPY) &&
	    (m->msg_ubuf || sock_flag(sk, SOCK_ZEROCOPY)))
		return -EOPNOTSUPP;
	m->msg_flags &= MSG_MORE | MSG_DONTWAIT | MSG_NOSIGNAL | MSG_SPLICE_PAGES | MSG_EOR;
	if (m->msg_flags & MSG_EOR)
		m->msg_flags &= ~MSG_MORE;	/* the record ends here; kTLS wants one only */
	return 0;
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
	long timeo;
	int err;

	err = ssa_send_flags(sk, m);
	if (unlikely(err))
		return err;
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
	/* Nothing, and nothing behind it */
	if (unlikely(!len) && !(m->msg_flags & MSG_MORE))
		ssa_held_send(sock);
	timeo = sock_sndtimeo(sk, m->msg_flags & MSG_DONTWAIT);
	m->msg_flags |= MSG_DONTWAIT;
	return timeo ? ssa_send_all(sock, m, timeo) : ssa_send_some(sock, m);
}
