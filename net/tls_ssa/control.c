// SPDX-License-Identifier: GPL-2.0
/*
 * Records that are not application data, on an established connection: alerts,
 * NewSessionTicket, KeyUpdate, requests to renegotiate. They are consumed here; the
 * application sees at most an end of file or an error.
 *
 * A record is looked at (MSG_PEEK), obeyed, and only then taken from kTLS: as long
 * as it has it, kTLS decrypts nothing behind it, so new keys are in place in time
 * whatever other threads read meanwhile.
 */
#include <linux/mm.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/splice.h>
#include <linux/uio.h>
#include <net/strparser.h>
#include <net/tcp.h>
#include <net/tls.h>
#include <net/tls_prot.h>
#include <trace/events/tls_ssa.h>
#include "ktls.h"
#include "mib.h"
#include "ssa_sock.h"

#define SSA_CONTROL_MAX	(TLS_MAX_PAYLOAD_SIZE + 256)
#define SSA_EMPTY_RECORDS_MAX	32	/* of data, one after the other */

/*
 * Receives the record at the head into a kernel buffer. *@type is 0 if kTLS did
 * not say (there is none).
 */
static int ssa_head(struct socket *sock, void *buf, size_t len, int flags, u8 *type)
{
	char cbuf[CMSG_SPACE(sizeof(u8))] __aligned(sizeof(long)) = {};
	struct kvec iov = { .iov_base = buf, .iov_len = len };
	struct msghdr m = {
		.msg_control	= cbuf,
		.msg_controllen	= sizeof(cbuf),
	};
	int n;

	iov_iter_kvec(&m.msg_iter, ITER_DEST, &iov, 1, len);
	n = ssa_ktls_recv(sock, &m, len, flags | MSG_DONTWAIT);
	*type = m.msg_controllen < sizeof(cbuf) ? *(u8 *)CMSG_DATA((struct cmsghdr *)cbuf) : 0;
	return n;
}

/*
 * Takes the record that was looked at; or empty ones of data. Another reader may
 * have taken those: without a control buffer kTLS keeps the record behind them.
 */
static void ssa_take(struct socket *sock, void *buf, bool control)
{
	char cbuf[CMSG_SPACE(sizeof(u8))] __aligned(sizeof(long));
	struct kvec iov = { .iov_base = buf, .iov_len = SSA_CONTROL_MAX };
	struct msghdr m = {
		.msg_control	= control ? cbuf : NULL,
		.msg_controllen	= control ? sizeof(cbuf) : 0,
	};

	iov_iter_kvec(&m.msg_iter, ITER_DEST, &iov, 1, SSA_CONTROL_MAX);
	ssa_ktls_recv(sock, &m, SSA_CONTROL_MAX, MSG_DONTWAIT);
}

/**
 * ssa_send_record - send a record of our own
 * @sock: established connection
 * @type: of the record
 * @data: what goes inside
 * @len: bytes, at most 16384
 *
 * Context: process, may sleep, but not for the peer; tx_sem held, or it does not matter
 * which key is used.
 * Return: @len or a negative errno; -EAGAIN: no room.
 */
int ssa_send_record(struct socket *sock, u8 type, const void *data, size_t len)
{
	char cbuf[CMSG_SPACE(sizeof(u8))] __aligned(sizeof(long)) = {};
	struct cmsghdr *cmsg = (struct cmsghdr *)cbuf;
	struct kvec iov = { .iov_base = (void *)data, .iov_len = len };
	struct msghdr m = {
		.msg_control	= cbuf,
		.msg_controllen	= sizeof(cbuf),
		.msg_flags	= MSG_NOSIGNAL | MSG_DONTWAIT,
	};

	cmsg->cmsg_level = SOL_TLS;
	cmsg->cmsg_type = TLS_SET_RECORD_TYPE;
	cmsg->cmsg_len = CMSG_LEN(sizeof(u8));
	*(u8 *)CMSG_DATA(cmsg) = type;
	iov_iter_kvec(&m.msg_iter, ITER_SOURCE, &iov, 1, len);
	return ssa_ktls_ops(sock)->sendmsg(sock, &m, len);
}

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

/*
 * Nothing more is read; who waits learns it. What kTLS thinks of bytes behind
 * the end does not matter. After a failure TCP must go on taking what the peer
 * still sends: with RCV_SHUTDOWN and our FIN out it would answer with a RST, and
 * the peer would lose our alert. SOCK_DONE is enough for kTLS's readers.
 */
static void ssa_conn_end(struct socket *sock, bool failed)
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
 * rx_mutex held. A control record: obey it. If it is @behind data that nobody has read,
 * what ends the connection has to wait until somebody has.
 */
static int ssa_obey(struct socket *sock, u8 type, const u8 *data, size_t len, bool behind)
{
	struct sock *sk = sock->sk;
	struct ssa_sock *s = ssa_of(sk);
	enum ssa_reason reason = SSA_R_INTERNAL;
	enum ssa_post_event event;
	u16 tickets = s->post.tickets;
	int err;

	if (s->doom) {
		ssa_conn_fail(sock, s->doom);
		return SSA_RX_EOF;
	}
	event = ssa_post_input(&s->post, type, data, len, &reason);
	trace_tls_ssa_control(sk, s->server, type, event);
	while (tickets != s->post.tickets) {
		ssa_count(sock_net(sk), SSA_MIB_TICKETS);
		tickets++;
	}
	switch (event) {
	case SSA_POST_NOTHING:
		return SSA_RX_AGAIN;
	case SSA_POST_KEY_UPDATE:
	case SSA_POST_KEY_UPDATE_REQUESTED:
		ssa_count(sock_net(sk), SSA_MIB_KEY_UPDATES_RECEIVED);
		err = ssa_rekey_rx(sock);
		if (err) {
			ssa_conn_fail(sock, SSA_R_KTLS);
			return SSA_RX_EOF;
		}
		WRITE_ONCE(s->asked, false);
		if (event == SSA_POST_KEY_UPDATE_REQUESTED)
			ssa_owe(sock, SSA_DUE_ANSWER);
		return SSA_RX_AGAIN;
	case SSA_POST_REFUSE_RENEGOTIATION:
		ssa_owe(sock, SSA_DUE_ANSWER);
		return SSA_RX_AGAIN;
	case SSA_POST_CLOSE_NOTIFY:
		ssa_conn_end(sock, false);
		return SSA_RX_EOF;
	case SSA_POST_ERROR:
		/* RFC 8446 6: level, description */
		if (type == TLS_RECORD_TYPE_ALERT && len == 2 &&
		    ssa_reason_desc(reason)->alert == SSA_ALERT_NONE)
			s->alert = data[1];
		break;
	}
	if (behind)
		s->doom = reason;
	else
		ssa_conn_fail(sock, reason);
	return SSA_RX_EOF;
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

/* rx_mutex held. kTLS sees the end of TCP's stream. */
static int ssa_end_of_tcp(struct socket *sock)
{
	struct ssa_sock *s = ssa_of(sock->sk);
	int err = READ_ONCE(s->err);

	if (s->shut & RCV_SHUTDOWN)
		return SSA_RX_EOF;	/* by our own shutdown() */
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
	return SSA_RX_EOF;
}

/* rx_mutex held. kTLS has no record for us. */
static int ssa_rx_error(struct socket *sock, int err)
{
	if (ssa_rx_broken(sock, err) || ssa_rx_lost(sock, err))
		return SSA_RX_EOF;
	return err == -EAGAIN ? SSA_RX_NONE : err;
}

/*
 * rx_mutex held. Lets kTLS decrypt one record and keep it, if it has not kept one
 * already; empty ones of data are thrown away. To peek would be to let kTLS keep
 * as many of those as the peer likes to send. SSA_RX_DATA: there is a record, or
 * the end; SSA_RX_AGAIN: an empty one is gone; a negative errno.
 */
static int ssa_rx_decrypt(struct socket *sock)
{
	struct ssa_sock *s = ssa_of(sock->sk);
	const struct tls_sw_context_rx *rx = tls_sw_ctx_rx(tls_get_ctx(sock->sk));
	u64 records = ssa_ktls_records(sock->sk, false);
	loff_t pos = 0;
	u8 empty;
	int n;

	if (!skb_queue_empty_lockless(&rx->rx_list))
		return SSA_RX_DATA;
	/* Of no bytes at all it needs no pipe, and takes nothing. */
	n = ssa_ktls_splice(sock, &pos, NULL, 0, SPLICE_F_NONBLOCK);
	if (!skb_queue_empty_lockless(&rx->rx_list))
		return SSA_RX_DATA;
	if (n < 0)
		return ssa_rx_error(sock, n);
	if (records == ssa_ktls_records(sock->sk, false))
		return SSA_RX_DATA;
	empty = READ_ONCE(s->empty_records) + 1;
	WRITE_ONCE(s->empty_records, empty);
	if (empty <= SSA_EMPTY_RECORDS_MAX)
		return SSA_RX_AGAIN;
	ssa_conn_fail(sock, SSA_R_WARNING_FLOOD);
	return SSA_RX_EOF;
}

/* rx_mutex held. */
static int ssa_rx_head(struct socket *sock)
{
	struct ssa_sock *s = ssa_of(sock->sk);
	u8 type, again, byte, *buf;
	int n, result;

	if (s->rx_eof)
		return SSA_RX_EOF;
	result = ssa_rx_decrypt(sock);
	if (result != SSA_RX_DATA)
		return result;
	n = ssa_head(sock, &byte, sizeof(byte), MSG_PEEK, &type);
	if (n < 0)
		return ssa_rx_error(sock, n);
	if (type == 0)
		return ssa_end_of_tcp(sock);
	if (type == TLS_RECORD_TYPE_DATA && n > 0) {
		WRITE_ONCE(s->empty_records, 0);
		return SSA_RX_DATA;
	}
	buf = kvmalloc(SSA_CONTROL_MAX, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	result = SSA_RX_AGAIN;
	if (type != TLS_RECORD_TYPE_DATA) {
		n = ssa_head(sock, buf, SSA_CONTROL_MAX, MSG_PEEK, &again);
		if (n < 0)
			result = ssa_rx_error(sock, n);
		else if (type != again)
			result = SSA_RX_NONE;
		else
			result = ssa_obey(sock, type, buf, n, false);
	}
	/* The record itself; or empty ones with one behind them. */
	if (result >= 0 && result != SSA_RX_NONE)
		ssa_take(sock, buf, type != TLS_RECORD_TYPE_DATA);
	kvfree_sensitive(buf, SSA_CONTROL_MAX);
	return result;
}

/*
 * An answer to KeyUpdate is due before our next data, and not earlier: requests that come
 * while we are silent get one (RFC 8446 4.6.3). A renegotiation is refused at once.
 */
static bool ssa_due_now(const struct ssa_sock *s)
{
	int due = atomic_read(&s->due);

	return s->version == SSA_TLS12 ? due : due & ~SSA_DUE_ANSWER;
}

/**
 * ssa_rx_control - deal with what is at the head, if it is not application data
 * @sock: established connection
 * @wait: the caller may be interrupted while another thread does the same
 *
 * Context: process, may sleep; takes rx_mutex and lock_sock().
 * Return: enum ssa_rx or a negative errno. On SSA_RX_EOF an error may be in
 * ssa_sock.rx_err.
 */
int ssa_rx_control(struct socket *sock, bool wait)
{
	struct ssa_sock *s = ssa_of(sock->sk);
	int result;

	if (!wait)
		mutex_lock(&s->rx_mutex);
	else if (mutex_lock_interruptible(&s->rx_mutex))
		return -ERESTARTSYS;
	result = ssa_rx_head(sock);
	mutex_unlock(&s->rx_mutex);
	if (ssa_due_now(s))
		ssa_send_due(sock);
	return result;
}

/*
 * What kTLS has decrypted and nobody has read, up to a control record, if there is one:
 * *@bytes of data. lock_sock() held: kTLS changes the list with it only.
 */
static struct sk_buff *ssa_rx_behind(const struct tls_sw_context_rx *rx, u32 *bytes)
{
	struct sk_buff *skb;

	*bytes = 0;
	skb_queue_walk(&rx->rx_list, skb) {
		if (((struct sk_skb_cb *)skb->cb)->tls.control != TLS_RECORD_TYPE_DATA)
			return skb;
		*bytes += strp_msg(skb)->full_len;
	}
	return NULL;
}

/**
 * ssa_rx_bytes - how much data has kTLS decrypted that nobody has read?
 * @sock: established connection
 *
 * Context: process, may sleep; takes lock_sock().
 * Return: bytes, up to the next control record.
 */
u32 ssa_rx_bytes(struct socket *sock)
{
	struct sock *sk = sock->sk;
	u32 bytes;

	lock_sock(sk);
	ssa_rx_behind(tls_sw_ctx_rx(tls_get_ctx(sk)), &bytes);
	release_sock(sk);
	return bytes;
}

/* rx_mutex held: nobody else takes a control record away. */
static int ssa_rx_pass_one(struct socket *sock, u8 *buf)
{
	struct sock *sk = sock->sk;
	struct tls_sw_context_rx *rx = tls_sw_ctx_rx(tls_get_ctx(sk));
	struct sk_buff *skb;
	u32 bytes, len = 0;
	int result;

	lock_sock(sk);
	skb = ssa_rx_behind(rx, &bytes);
	if (!skb)
		result = SSA_RX_NONE;
	else if (((struct sk_skb_cb *)skb->cb)->tls.control != TLS_RECORD_TYPE_HANDSHAKE)
		result = SSA_RX_EOF;		/* an alert: when it is at the head */
	else if (strp_msg(skb)->full_len > SSA_CONTROL_MAX)
		result = SSA_RX_EOF;
	else
		result = SSA_RX_AGAIN;
	if (result == SSA_RX_AGAIN) {
		len = strp_msg(skb)->full_len;
		if (skb_copy_bits(skb, strp_msg(skb)->offset, buf, len))
			result = SSA_RX_EOF;
	}
	release_sock(sk);
	if (result != SSA_RX_AGAIN || READ_ONCE(ssa_of(sk)->doom))
		return result == SSA_RX_AGAIN ? SSA_RX_EOF : result;
	result = ssa_obey(sock, TLS_RECORD_TYPE_HANDSHAKE, buf, len, true);
	if (result == SSA_RX_AGAIN) {
		lock_sock(sk);
		__skb_unlink(skb, &rx->rx_list);
		release_sock(sk);
		consume_skb(skb);
	}
	return result;
}

/**
 * ssa_rx_pass - get past a handshake message behind data that is only looked at
 * @sock: established connection
 *
 * Who wants to see more (MSG_PEEK) than there is in front of a ticket or a KeyUpdate
 * does not read what would bring that to the head.
 *
 * Context: process, may sleep; takes rx_mutex and lock_sock().
 * Return: SSA_RX_AGAIN: a message was consumed; SSA_RX_NONE: there is none, and kTLS can
 * go on; SSA_RX_EOF: what follows has to wait; or a negative errno.
 */
int ssa_rx_pass(struct socket *sock)
{
	struct ssa_sock *s = ssa_of(sock->sk);
	u8 *buf = kvmalloc(SSA_CONTROL_MAX, GFP_KERNEL);
	int result;

	if (!buf)
		return -ENOMEM;
	mutex_lock(&s->rx_mutex);
	result = ssa_rx_pass_one(sock, buf);
	mutex_unlock(&s->rx_mutex);
	kvfree_sensitive(buf, SSA_CONTROL_MAX);
	return result;
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
 * ssa_conn_abandon - our side ends, and does not say that this is all
 * @sock: established connection
 *
 * What was sent goes out all the same, as with TCP: also what MSG_MORE holds back.
 *
 * Context: process, may sleep, but not for the peer; takes tx_sem and lock_sock().
 */
void ssa_conn_abandon(struct socket *sock)
{
	ssa_make_room(sock->sk);
	ssa_held_send(sock);
}
