// SPDX-License-Identifier: GPL-2.0
/*
 * What our side has to send before its next data (enum ssa_due). Whoever finds it due and
 * nobody else sending sends it; senders that come meanwhile wait, so that those who are at it
 * come to an end. A KeyUpdate that the peer has asked for is sent before the next application
 * data (RFC 8446 4.6.3), however many threads send.
 */
#include <linux/wait_bit.h>
#include <net/tls.h>
#include <net/tls_prot.h>
#include "../mib.h"
#include "../sock.h"
#include "due.h"
#include "end.h"
#include "record.h"
#include "rekey.h"

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

/**
 * ssa_tx_begin - take tx_sem for sending, once what is due has been sent
 * @sock: established connection
 *
 * Context: process, sleeps.
 * Return: 0; -EAGAIN: there was no room for it; -EPIPE: our side is closed; or a negative
 * errno.
 */
int ssa_tx_begin(struct socket *sock)
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
