// SPDX-License-Identifier: GPL-2.0
/*
 * Sending on an established connection. What is due (due.c) goes before the next data.
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
#include "../sock.h"
#include "conn.h"
#include "due.h"
#include "held.h"
#include "ktls_ops.h"

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
