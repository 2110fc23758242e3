// SPDX-License-Identifier: GPL-2.0
/*
 * New keys for kTLS after a KeyUpdate (RFC 8446 4.6.3, 7.2); TLS 1.3 only. From Linux 6.14 on
 * kTLS takes them by setsockopt(); before, they are put where it reads them,
 * under the locks that it takes for reading and writing a record.
 */
#include <crypto/aead.h>
#include <net/tls.h>
#include <net/tls_prot.h>
#include "../facts.h"
#include "../mib.h"
#include "../sock.h"
#include "ktls.h"
#include "ktls_ops.h"
#include "rekey.h"

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
