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
#include "../mib.h"
#include "../sock.h"
#include "control.h"
#include "due.h"
#include "end.h"
#include "ktls_ops.h"
#include "rekey.h"

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
	if (type == 0) {
		ssa_rx_end_of_tcp(sock);
		return SSA_RX_EOF;
	}
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
