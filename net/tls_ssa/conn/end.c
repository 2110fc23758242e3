// SPDX-License-Identifier: GPL-2.0
/*
 * How an established connection ends: by our side, by a failure, or because TCP has ended;
 * and who is told of it. Whatever comes first stays (ssa_sock.err, ssa_sock.rx_err).
 */
#include <linux/skbuff.h>
#include <linux/splice.h>
#include <net/strparser.h>
#include <net/tcp.h>
#include <net/tls.h>
#include <net/tls_prot.h>
#include <trace/events/tls_ssa.h>
#include "../callbacks.h"
#include "../mib.h"
#include "../sock.h"
#include "../tcp.h"
#include "end.h"
#include "record.h"

/**
 * ssa_send_alert - send the last record of our side, once
 * @sock: established connection
 * @alert: enum ssa_alert
 *
 * Best effort: it does not wait, but it does not fail for a full buffer either.
 *
 * Context: process, may sleep; takes lock_sock().
 * Return: a positive number, 0 if one was sent before, or a negative errno.
 */
int ssa_send_alert(struct socket *sock, u8 alert)
{
	struct ssa_sock *s = ssa_of(sock->sk);
	u8 body[2] = { alert == SSA_ALERT_CLOSE_NOTIFY ? 1 : 2, alert };	/* RFC 8446 6 */
	int n, tries;
	bool sent;

	lock_sock(sock->sk);
	sent = s->close_sent || sock->sk->sk_shutdown & SEND_SHUTDOWN;
	WRITE_ONCE(s->close_sent, true);
	release_sock(sock->sk);
	if (sent)
		return 0;
	ssa_make_room(sock->sk);
	down_write(&s->tx_sem);
	/* Each reader that meets a bad record sets sk_err, which keeps kTLS from sending. */
	for (tries = 0; tries < 8; tries++) {
		n = ssa_send_record(sock, TLS_RECORD_TYPE_ALERT, body, sizeof(body));
		if (n != -EBADMSG)
			break;
		WRITE_ONCE(sock->sk->sk_err, 0);
	}
	up_write(&s->tx_sem);
	ssa_tx_wake(s);
	return n;
}

/**
 * ssa_conn_end - nothing more is read; who waits learns it
 * @sock: established connection
 * @failed: it is a failure, and no end that the peer has told
 *
 * What kTLS thinks of bytes behind the end does not matter. After a failure TCP must go
 * on taking what the peer still sends: with RCV_SHUTDOWN and our FIN out it would answer
 * with a RST, and the peer would lose our alert. SOCK_DONE is enough for kTLS's readers.
 *
 * Context: process, may sleep; takes lock_sock().
 */
void ssa_conn_end(struct socket *sock, bool failed)
{
	struct sock *sk = sock->sk;
	struct ssa_sock *s = ssa_of(sk);

	lock_sock(sk);
	WRITE_ONCE(sk->sk_err, READ_ONCE(s->rx_err));
	WRITE_ONCE(s->rx_eof, true);
	if (failed)
		sock_set_flag(sk, SOCK_DONE);
	else
		WRITE_ONCE(sk->sk_shutdown, sk->sk_shutdown | RCV_SHUTDOWN);
	release_sock(sk);
	ssa_wake(sk);
}

/**
 * ssa_conn_fail - an established connection fails
 * @sock: its struct socket
 * @reason: why; its alert goes to the peer, and then a FIN
 *
 * Every reader gets the errno; sending fails with EPIPE.
 *
 * Context: process, may sleep; takes lock_sock().
 */
void ssa_conn_fail(struct socket *sock, enum ssa_reason reason)
{
	const struct ssa_reason_desc *desc = ssa_reason_desc(reason);
	struct sock *sk = sock->sk;
	struct ssa_sock *s = ssa_of(sk);
	bool failed;

	lock_sock(sk);
	/* After the peer's close_notify only we can have a reason to end it. */
	failed = s->failed || (s->rx_eof && reason != SSA_R_POLICY_ENDED);
	if (!failed) {
		s->failed = true;
		WRITE_ONCE(s->reason, reason);
		WRITE_ONCE(s->err, desc->err);
		/* Now: a reader that meets TCP's end meanwhile must not take it for the peer's. */
		WRITE_ONCE(s->rx_err, desc->err);
	}
	release_sock(sk);
	if (failed)
		return;
	ssa_count_reason(sock_net(sk), reason);
	trace_tls_ssa_handshake_fail(sk, s->server, desc->counter, desc->err);
	WRITE_ONCE(sk->sk_err, 0);	/* kTLS's, which would keep the alert back */
	if (desc->alert != SSA_ALERT_NONE)
		ssa_send_alert(sock, desc->alert);
	if (reason != SSA_R_TRUNCATED) {
		lock_sock(sk);
		WRITE_ONCE(sk->sk_shutdown, sk->sk_shutdown | SEND_SHUTDOWN);
		sk->sk_prot->shutdown(sk, SEND_SHUTDOWN);
		release_sock(sk);
	}
	ssa_conn_end(sock, true);
}

/**
 * ssa_conn_close - our side has nothing more to send: close_notify
 * @sock: established connection
 *
 * Context: process, may sleep.
 */
void ssa_conn_close(struct socket *sock)
{
	int state = inet_sk_state_load(sock->sk);

	if (state == TCP_ESTABLISHED || state == TCP_CLOSE_WAIT)
		ssa_send_alert(sock, SSA_ALERT_CLOSE_NOTIFY);
}

/**
 * ssa_rx_over - can nothing more be read?
 * @sock: established connection
 *
 * Context: any.
 * Return: true if so; why is in ssa_sock.rx_err.
 */
bool ssa_rx_over(const struct socket *sock)
{
	return READ_ONCE(ssa_of(sock->sk)->rx_eof);
}

/**
 * ssa_rx_lasts - is an error the connection's, and not only the call's?
 * @err: of kTLS's operations that read, or 0
 *
 * Context: any.
 * Return: true if so.
 */
bool ssa_rx_lasts(int err)
{
	return err < 0 && err != -EAGAIN && err != -EINTR && err != -ERESTARTSYS &&
	       err != -ENOMEM && err != -EFAULT;
}

/**
 * ssa_rx_keep - the application is not told now of what was met
 * @sk: established connection
 * @err: of ssa_rx_control(), ssa_rx_pass()
 *
 * Context: any.
 */
void ssa_rx_keep(struct sock *sk, int err)
{
	if (unlikely(ssa_rx_lasts(err)) && !READ_ONCE(sk->sk_err))
		WRITE_ONCE(sk->sk_err, -err);
}

/* TCP's connection is gone, because of @err (positive). */
static void ssa_tcp_gone(struct socket *sock, int err)
{
	struct sock *sk = sock->sk;
	struct ssa_sock *s = ssa_of(sk);

	lock_sock(sk);
	if (!s->rx_eof && !s->failed) {
		if (!s->err)
			WRITE_ONCE(s->err, err);
		WRITE_ONCE(s->rx_err, err);
		WRITE_ONCE(s->rx_eof, true);
	}
	release_sock(sk);
	ssa_wake(sk);
}

/**
 * ssa_rx_lost - does kTLS's error mean that TCP's connection is gone?
 * @sock: established connection
 * @err: of kTLS's operations that read
 *
 * kTLS tells of it once; each reader has to learn it.
 *
 * Context: process, may sleep; takes lock_sock().
 * Return: true if so: nothing more is read.
 */
bool ssa_rx_lost(struct socket *sock, int err)
{
	struct sock *sk = sock->sk;

	if (!ssa_rx_lasts(err) || inet_sk_state_load(sk) != TCP_CLOSE)
		return false;
	if (err == -EPIPE && sock_flag(sk, SOCK_DONE)) {
		/* The FIN came first: to who reads, the RST behind it means nothing. */
		ssa_conn_fail(sock, SSA_R_TRUNCATED);
		return true;
	}
	ssa_tcp_gone(sock, -err);
	WRITE_ONCE(sk->sk_err, -err);	/* until a call returns it */
	return true;
}

/*
 * rx_mutex held. Was it a FIN, and behind a whole record and a whole message? A RST is none;
 * and what it has cut off nobody knows.
 */
static bool ssa_ended_whole(struct socket *sock)
{
	struct sock *sk = sock->sk;
	struct ssa_sock *s = ssa_of(sk);
	const struct tls_strparser *strp = &tls_sw_ctx_rx(tls_get_ctx(sk))->strp;
	bool whole;

	lock_sock(sk);
	whole = sock_flag(sk, SOCK_DONE) && !s->err && !strp->stopped && !tcp_inq(sk) &&
		!(strp->copy_mode && strp->anchor->len) && !ssa_post_inside(&s->post);
	release_sock(sk);
	return whole;
}

/**
 * ssa_rx_end_of_tcp - kTLS sees the end of TCP's stream
 * @sock: established connection
 *
 * Nothing more can be read afterwards; why is in ssa_sock.rx_err.
 *
 * Context: process, may sleep; rx_mutex held; takes lock_sock().
 */
void ssa_rx_end_of_tcp(struct socket *sock)
{
	struct ssa_sock *s = ssa_of(sock->sk);
	int err = READ_ONCE(s->err);

	if (s->shut & RCV_SHUTDOWN)
		return;		/* by our own shutdown() */
	if (err && !READ_ONCE(s->failed)) {
		ssa_tcp_gone(sock, err);	/* somebody was told already: SO_ERROR */
	} else if (READ_ONCE(s->ignore_eof) && ssa_ended_whole(sock)) {
		ssa_count(sock_net(sock->sk), SSA_MIB_UNEXPECTED_EOF);
		WRITE_ONCE(s->unexpected_eof, true);
		ssa_conn_end(sock, false);
	} else {
		/* No close_notify: somebody may have cut it short (RFC 8446 6.1). */
		ssa_conn_fail(sock, SSA_R_TRUNCATED);
	}
}

/*
 * A record at the head of a type that cannot be: in TLS 1.3 all look like data from
 * outside, and change_cipher_spec has no place any more (RFC 8446 5). kTLS sees no
 * more than that it does not decrypt.
 */
static bool ssa_misplaced(const struct socket *sock, const struct tls_sw_context_rx *rx)
{
	u8 type = rx->strp.mark;

	if (ssa_of(sock->sk)->post.version == SSA_TLS13)
		return type != TLS_RECORD_TYPE_DATA;
	return type != TLS_RECORD_TYPE_DATA && type != TLS_RECORD_TYPE_ALERT &&
	       type != TLS_RECORD_TYPE_HANDSHAKE;
}

/*
 * kTLS has given the stream up at a bad header, and nobody will hear of it any more:
 * getsockopt(SO_ERROR) or send() took the error that kTLS reports once only.
 */
static bool ssa_rx_silent(const struct sock *sk, const struct tls_sw_context_rx *rx)
{
	return rx->strp.stopped && !READ_ONCE(sk->sk_err) && !READ_ONCE(rx->strp.msg_ready) &&
	       !READ_ONCE(rx->reader_present) && skb_queue_empty_lockless(&rx->rx_list);
}

/**
 * ssa_rx_broken - does kTLS's error mean that the peer's records are not right?
 * @sock: established connection
 * @err: of kTLS's operations that read; -EAGAIN: is there an error that was lost?
 *
 * If so, the connection fails: the peer learns it, and nothing more is read.
 *
 * Context: process, may sleep; takes lock_sock().
 * Return: whether the connection has failed.
 */
bool ssa_rx_broken(struct socket *sock, int err)
{
	const struct tls_sw_context_rx *rx = tls_sw_ctx_rx(tls_get_ctx(sock->sk));
	enum ssa_reason reason;

	if (err == -EBADMSG || (err == -EAGAIN && ssa_rx_silent(sock->sk, rx)))
		reason = ssa_misplaced(sock, rx) ? SSA_R_RECORD_TYPE : SSA_R_BAD_RECORD_MAC;
	else if (err == -EMSGSIZE)
		reason = SSA_R_RECORD_OVERFLOW;
	else if (err == -EINVAL && rx->strp.stopped)
		reason = SSA_R_RECORD_VERSION;
	else
		return false;
	ssa_conn_fail(sock, reason);
	return true;
}
