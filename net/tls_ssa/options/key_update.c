// SPDX-License-Identifier: GPL-2.0
/*
 * TLS_KEY_UPDATE: a program wants new keys (RFC 8446 4.6.3).
 */
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/socket.h>
#include <net/tls.h>
#include "../conn/due.h"
#include "../conn/ktls_ops.h"
#include "../facts.h"
#include "../sock.h"
#include "sockopt.h"

/*
 * What a peer takes for a flood ends the connection: many KeyUpdates without data
 * between them (we and BoringSSL do from 32 on), or more than 8 of them in a second
 * (GnuTLS). At the wish of the application there are half as many.
 */
#define SSA_IDLE_UPDATES_MAX	(SSA_POST_KEY_UPDATES_MAX / 2)
#define SSA_UPDATES_PER_SECOND	4

/* Can kTLS change the key of this direction? */
static bool ssa_rekey_can(const struct sock *sk, bool tx)
{
	const struct tls_context *ctx = tls_get_ctx(sk);

	return SSA_KTLS_REKEYS || (tx ? ctx->tx_conf : ctx->rx_conf) == TLS_SW;
}

/* lock_sock() held. */
static bool ssa_rekey_is_flood(struct ssa_sock *s)
{
	struct ssa_facts *facts = s->facts;

	if (READ_ONCE(facts->idle_updates) >= SSA_IDLE_UPDATES_MAX &&
	    !ssa_ktls_records(s->sk, true))
		return true;
	if (!facts->wishes || time_after(jiffies, facts->wishes_since + HZ)) {
		facts->wishes_since = jiffies;
		facts->wishes = 0;
	}
	if (facts->wishes == SSA_UPDATES_PER_SECOND)
		return true;
	facts->wishes++;
	return false;
}

/*
 * TLS_KEY_UPDATE: new keys for what we send, or for both directions (RFC 8446
 * 4.6.3). The message is sent at once, or, if others send just now or there is no
 * room, before the next data.
 */
int ssa_set_key_update(struct ssa_sock *s, struct ssa_value *v)
{
	struct sock *sk = s->sk;
	struct socket *sock = sk->sk_socket;
	int which = *(int *)v->data;
	bool flood;
	int err;

	if (which != TLS_KEY_UPDATE_OURS && which != TLS_KEY_UPDATE_BOTH)
		return -EINVAL;
	if (s->version == SSA_TLS12 || !ssa_rekey_can(sk, true) ||
	    (which == TLS_KEY_UPDATE_BOTH && !ssa_rekey_can(sk, false)))
		return -EOPNOTSUPP;
	if (READ_ONCE(sk->sk_shutdown) & SEND_SHUTDOWN || READ_ONCE(s->close_sent))
		return -EPIPE;
	lock_sock(sk);
	flood = ssa_rekey_is_flood(s);
	release_sock(sk);
	if (flood)
		return -EAGAIN;
	ssa_owe(sock, which == TLS_KEY_UPDATE_BOTH ? SSA_DUE_ASK : SSA_DUE_REKEY);
	err = ssa_send_due(sock);
	return err == -EBUSY || err == -EAGAIN ? 0 : err;
}
