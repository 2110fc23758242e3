// SPDX-License-Identifier: GPL-2.0
/*
 * New keys for kTLS after a KeyUpdate (RFC 8446 4.6.3, 7.2); TLS 1.3 only. From Linux 6.14 on
 * kTLS takes them by setsockopt(); before, they are put where it reads them,
 * under the locks that it takes for reading and writing a record.
 */
#include <crypto/aead.h>
#include <net/tls.h>
#include <net/tls_prot.h>
#include "facts.h"
#include "ktls.h"
#include "mib.h"
#include "options/sockopt.h"
#include "ssa_sock.h"

#if SSA_KTLS_REKEYS

static int ssa_rekey(struct sock *sk, struct ssa_sock *s, bool tx)
{
	return ssa_ktls_set_keys(s, tx);
}

#else

static int ssa_rekey_aead(struct crypto_aead *aead, struct cipher_context *cctx,
			  const union tls_crypto_context *info)
{
	const void *key, *salt, *iv;
	size_t key_len, salt_len, iv_len;

	switch (info->info.cipher_type) {
	case TLS_CIPHER_AES_GCM_128:
		key = info->aes_gcm_128.key;
		key_len = sizeof(info->aes_gcm_128.key);
		salt = info->aes_gcm_128.salt;
		salt_len = sizeof(info->aes_gcm_128.salt);
		iv = info->aes_gcm_128.iv;
		iv_len = sizeof(info->aes_gcm_128.iv);
		break;
	case TLS_CIPHER_AES_GCM_256:
		key = info->aes_gcm_256.key;
		key_len = sizeof(info->aes_gcm_256.key);
		salt = info->aes_gcm_256.salt;
		salt_len = sizeof(info->aes_gcm_256.salt);
		iv = info->aes_gcm_256.iv;
		iv_len = sizeof(info->aes_gcm_256.iv);
		break;
	case TLS_CIPHER_CHACHA20_POLY1305:
		key = info->chacha20_poly1305.key;
		key_len = sizeof(info->chacha20_poly1305.key);
		salt = info->chacha20_poly1305.salt;
		salt_len = 0;
		iv = info->chacha20_poly1305.iv;
		iv_len = sizeof(info->chacha20_poly1305.iv);
		break;
	default:
		return -EINVAL;
	}
	memcpy(cctx->iv, salt, salt_len);
	memcpy(cctx->iv + salt_len, iv, iv_len);
	memset(cctx->rec_seq, 0, sizeof(cctx->rec_seq));
	return crypto_aead_setkey(aead, key, key_len);
}

/*
 * lock_sock(): kTLS decrypts and encrypts under it. Nothing is being decrypted
 * now, since the KeyUpdate is still at the head; nothing is being encrypted,
 * since tx_sem is held for writing. Records that wait to be sent are encrypted
 * already.
 */
static int ssa_rekey(struct sock *sk, struct ssa_sock *s, bool tx)
{
	struct tls_context *ctx = tls_get_ctx(sk);
	union tls_crypto_context info;
	int err;

	err = ssa_ktls_info(s, tx, &info);
	if (err < 0)
		return err;
	lock_sock(sk);
	if ((tx ? ctx->tx_conf : ctx->rx_conf) != TLS_SW) {
		err = -EOPNOTSUPP;	/* the device has the key */
	} else if (tx) {
		err = ssa_rekey_aead(tls_sw_ctx_tx(ctx)->aead_send, &ctx->tx, &info);
		ctx->crypto_send = info;
	} else {
		err = ssa_rekey_aead(tls_sw_ctx_rx(ctx)->aead_recv, &ctx->rx, &info);
		ctx->crypto_recv = info;
	}
	release_sock(sk);
	memzero_explicit(&info, sizeof(info));
	return err;
}

#endif /* SSA_KTLS_REKEYS */

/**
 * ssa_rekey_rx - the peer's next records have the next key
 * @sock: established connection; its rx secret was advanced
 *
 * Context: process, may sleep; rx_mutex held, and the KeyUpdate is at the head of
 * kTLS's records.
 * Return: 0 or a negative errno: the connection cannot be read any more.
 */
int ssa_rekey_rx(struct socket *sock)
{
	return ssa_rekey(sock->sk, ssa_of(sock->sk), false);
}

/**
 * ssa_rekey_tx - our next records have the next key: our KeyUpdate was sent
 * @sock: established connection
 *
 * Context: process, may sleep; tx_sem held for write; takes lock_sock().
 * Return: 0 or a negative errno: nothing can be sent any more.
 */
int ssa_rekey_tx(struct socket *sock)
{
	struct ssa_sock *s = ssa_of(sock->sk);
	struct ssa_facts *facts = s->facts;

	if (ssa_ktls_records(sock->sk, true) > 1)	/* the KeyUpdate itself is one */
		facts->idle_updates = 0;
	WRITE_ONCE(facts->idle_updates, min(facts->idle_updates + 1, U8_MAX));
	WRITE_ONCE(facts->key_updates, facts->key_updates + 1);
	ssa_post_next_secret(&s->post, true);
	ssa_count(sock_net(sock->sk), SSA_MIB_KEY_UPDATES_SENT);
	return ssa_rekey(sock->sk, s, true);
}

/**
 * ssa_rekey_limits - how many records go under one key
 * @s: the socket; kTLS has its keys
 *
 * RFC 8446 5.5 limits what AES-GCM may protect under one key, and wants a
 * KeyUpdate before; a call of send() that is under way may add some ten thousand
 * records, hence the quarter. The administrator can have it earlier, and for all
 * suites. The peer has the same duty; if it does not care, we ask it once a key.
 * TLS 1.2 has no way to change the key.
 *
 * Context: process.
 */
void ssa_rekey_limits(struct ssa_sock *s)
{
	unsigned int set = ssa_net_rekey_after(sock_net(s->sk));
	u64 limit;

	s->rekey_after = U64_MAX;
	s->ask_after = U64_MAX;
	if (s->version == SSA_TLS12)
		return;
	limit = ssa_post_record_limit(&s->post);
	if (limit != U64_MAX)
		limit -= limit / 4;
	if (set)
		limit = min_t(u64, limit, set);
	if (limit == U64_MAX)
		return;
	s->ask_after = limit + limit / 3 + 64;
	if (SSA_KTLS_REKEYS || tls_get_ctx(s->sk)->tx_conf == TLS_SW)
		s->rekey_after = limit;
}

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
