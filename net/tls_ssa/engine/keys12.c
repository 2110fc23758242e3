// SPDX-License-Identifier: GPL-2.0
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <kunit/visibility.h>
#include "hs.h"

#define SSA_KEY_BLOCK_MAX	(2 * (SSA_AEAD_KEY_MAX + SSA_AEAD_NONCE_LEN))

static void two_randoms(const u8 *first, const u8 *second, u8 out[2 * SSA_RANDOM_LEN])
{
	memcpy(out, first, SSA_RANDOM_LEN);
	memcpy(out + SSA_RANDOM_LEN, second, SSA_RANDOM_LEN);
}

/**
 * ssa_keys12_master_secret - master_secret of RFC 5246 8.1
 * @keys: its @master_secret is set
 * @suite: cipher suite
 * @premaster: shared secret of the key exchange; the caller wipes it
 * @premaster_len: bytes of it
 * @client_random: SSA_RANDOM_LEN bytes
 * @server_random: the same
 *
 * Context: process.
 */
void ssa_keys12_master_secret(struct ssa_keys12 *keys, const struct ssa_suite *suite,
			      const u8 *premaster, size_t premaster_len,
			      const u8 *client_random, const u8 *server_random)
{
	u8 seed[2 * SSA_RANDOM_LEN];

	two_randoms(client_random, server_random, seed);
	ssa_prf(suite->hash, premaster, premaster_len, "master secret", seed, sizeof(seed),
		keys->master_secret, sizeof(keys->master_secret));
}
EXPORT_SYMBOL_IF_KUNIT(ssa_keys12_master_secret);

/**
 * ssa_keys12_extended_master_secret - master_secret of RFC 7627 4
 * @keys: its @master_secret is set
 * @suite: cipher suite
 * @premaster: shared secret of the key exchange; the caller wipes it
 * @premaster_len: bytes of it
 * @session_hash: hash of the messages up to and including ClientKeyExchange
 *
 * Context: process.
 */
void ssa_keys12_extended_master_secret(struct ssa_keys12 *keys, const struct ssa_suite *suite,
				       const u8 *premaster, size_t premaster_len,
				       const u8 *session_hash)
{
	ssa_prf(suite->hash, premaster, premaster_len, "extended master secret",
		session_hash, suite->hash_len, keys->master_secret, sizeof(keys->master_secret));
}
EXPORT_SYMBOL_IF_KUNIT(ssa_keys12_extended_master_secret);

/**
 * ssa_keys12_key_block - the keys of both directions (RFC 5246 6.3)
 * @keys: with @master_secret; @client and @server are set
 * @suite: cipher suite
 * @client_random: SSA_RANDOM_LEN bytes
 * @server_random: the same
 *
 * An AEAD has no MAC keys.
 *
 * Context: process.
 */
void ssa_keys12_key_block(struct ssa_keys12 *keys, const struct ssa_suite *suite,
			  const u8 *client_random, const u8 *server_random)
{
	u8 seed[2 * SSA_RANDOM_LEN], block[SSA_KEY_BLOCK_MAX];
	const u8 *iv = block + 2 * suite->key_len;

	two_randoms(server_random, client_random, seed);
	ssa_prf(suite->hash, keys->master_secret, sizeof(keys->master_secret), "key expansion",
		seed, sizeof(seed), block, 2 * (suite->key_len + suite->iv_len));
	memcpy(keys->client.secret, block, suite->key_len);
	memcpy(keys->client.secret + suite->key_len, iv, suite->iv_len);
	memcpy(keys->server.secret, block + suite->key_len, suite->key_len);
	memcpy(keys->server.secret + suite->key_len, iv + suite->iv_len, suite->iv_len);
	memzero_explicit(block, sizeof(block));
}
EXPORT_SYMBOL_IF_KUNIT(ssa_keys12_key_block);

/**
 * ssa_keys12_finished - verify_data of Finished (RFC 5246 7.4.9)
 * @keys: with @master_secret
 * @suite: cipher suite
 * @server: the side that sends it
 * @transcript: hash of the messages before it
 * @verify_data: result
 *
 * Context: process.
 */
void ssa_keys12_finished(const struct ssa_keys12 *keys, const struct ssa_suite *suite, bool server,
			 const u8 *transcript, u8 verify_data[SSA_VERIFY_DATA_LEN])
{
	ssa_prf(suite->hash, keys->master_secret, sizeof(keys->master_secret),
		server ? "server finished" : "client finished", transcript, suite->hash_len,
		verify_data, SSA_VERIFY_DATA_LEN);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_keys12_finished);

/**
 * ssa_keys12_traffic_keys - the keys as kTLS takes them
 * @suite: cipher suite
 * @traffic: one direction
 * @keys: result; the caller wipes it
 *
 * Context: any.
 */
void ssa_keys12_traffic_keys(const struct ssa_suite *suite, const struct ssa_traffic *traffic,
			     struct ssa_traffic_keys *keys)
{
	u8 seq[8];

	memset(keys, 0, sizeof(*keys));
	keys->seq = traffic->seq;
	put_unaligned_be64(keys->seq, seq);
	keys->key_len = suite->key_len;
	memcpy(keys->key, traffic->secret, suite->key_len);
	memcpy(keys->iv, traffic->secret + suite->key_len, suite->iv_len);
	memcpy(keys->iv + suite->iv_len, seq, SSA_AEAD_NONCE_LEN - suite->iv_len);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_keys12_traffic_keys);

/**
 * ssa_hs_key_exchange12 - from the two shares to the keys
 * @hs: either side, with kex; the transcript ends with ClientKeyExchange
 * @peer: the other side's point
 * @peer_len: bytes of it
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_hs_key_exchange12(struct ssa_hs *hs, const u8 *peer, size_t peer_len)
{
	const u8 *client_random = hs->cfg.server ? hs->peer_random : hs->random;
	const u8 *server_random = hs->cfg.server ? hs->random : hs->peer_random;
	u8 premaster[SSA_KEX_SHARED_MAX], session_hash[SSA_HASH_MAX];
	size_t premaster_len;
	int err;

	err = ssa_kex_shared(&hs->kex, peer, peer_len, premaster, &premaster_len);
	memzero_explicit(&hs->kex, sizeof(hs->kex));
	if (err == -EINVAL)
		return ssa_fail(hs, SSA_R_BAD_KEY_SHARE);
	if (err)
		return ssa_fail_errno(hs, err);
	if (hs->extended_master_secret) {
		ssa_transcript_digest(&hs->transcript, session_hash);
		ssa_keys12_extended_master_secret(&hs->keys12, hs->suite, premaster,
						  premaster_len, session_hash);
	} else {
		ssa_keys12_master_secret(&hs->keys12, hs->suite, premaster, premaster_len,
					 client_random, server_random);
	}
	memzero_explicit(premaster, sizeof(premaster));
	ssa_keys12_key_block(&hs->keys12, hs->suite, client_random, server_random);
	return 0;
}

/**
 * ssa_hs_change_tx12 - change_cipher_spec, and what follows is protected
 * @hs: either side, with keys
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_hs_change_tx12(struct ssa_hs *hs)
{
	static const u8 ccs[1] = { 1 };
	int err;

	err = ssa_hs_flush(hs);
	if (err)
		return err;
	hs->ccs_sent = true;
	err = ssa_record_put(&hs->out, &hs->tx, SSA_CT_CHANGE_CIPHER_SPEC, SSA_TLS12,
			     ccs, sizeof(ccs));
	if (!err)
		err = ssa_record_keys_set12(&hs->tx, hs->suite, hs->cfg.server ?
					    &hs->keys12.server : &hs->keys12.client);
	return err ? ssa_fail_errno(hs, err) : 0;
}

/**
 * ssa_hs_change_rx12 - the peer's change_cipher_spec has come
 * @hs: either side, with keys
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_hs_change_rx12(struct ssa_hs *hs)
{
	int err = ssa_record_keys_set12(&hs->rx, hs->suite, hs->cfg.server ?
					&hs->keys12.client : &hs->keys12.server);

	return err ? ssa_fail_errno(hs, err) : 0;
}
