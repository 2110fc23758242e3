// SPDX-License-Identifier: GPL-2.0
#include <linux/string.h>
#include <kunit/visibility.h>
#include "hs.h"

static const u8 ssa_zeros[SSA_SECRET_MAX];

/* Derive-Secret(Secret, Label, Messages); @transcript is Hash(Messages). */
static int derive_secret(const struct ssa_suite *suite, const u8 *secret, const char *label,
			 const u8 *transcript, u8 *out)
{
	return ssa_hkdf_expand_label(suite->hash, secret, label, transcript, suite->hash_len,
				     out, suite->hash_len);
}

/* The step down: secret = HKDF-Extract(Derive-Secret(secret, "derived", ""), ikm) */
static int next_stage(struct ssa_key_schedule *ks, const struct ssa_suite *suite,
		      const u8 *ikm, size_t ikm_len)
{
	u8 derived[SSA_SECRET_MAX], empty_hash[SSA_HASH_MAX];
	int err;

	ssa_hash_digest(suite->hash, "", 0, empty_hash);
	err = derive_secret(suite, ks->secret, "derived", empty_hash, derived);
	if (!err)
		ssa_hkdf_extract(suite->hash, derived, suite->hash_len, ikm, ikm_len, ks->secret);
	memzero_explicit(derived, sizeof(derived));
	return err;
}

/**
 * ssa_ks_early_secret - Early Secret without a PSK
 * @ks: the key schedule
 * @suite: cipher suite
 *
 * Context: process.
 */
void ssa_ks_early_secret(struct ssa_key_schedule *ks, const struct ssa_suite *suite)
{
	ssa_hkdf_extract(suite->hash, ssa_zeros, suite->hash_len, ssa_zeros, suite->hash_len,
			 ks->secret);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_ks_early_secret);

/**
 * ssa_ks_handshake_secret - Handshake Secret, in the place of Early Secret
 * @ks: the key schedule
 * @suite: cipher suite
 * @shared: (EC)DHE shared secret; the caller wipes it
 * @shared_len: bytes of it
 *
 * Context: process.
 * Return: 0 or -EINVAL.
 */
int ssa_ks_handshake_secret(struct ssa_key_schedule *ks, const struct ssa_suite *suite,
			    const u8 *shared, size_t shared_len)
{
	return next_stage(ks, suite, shared, shared_len);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_ks_handshake_secret);

/**
 * ssa_ks_handshake_traffic - {client,server}_handshake_traffic_secret
 * @ks: the key schedule, at Handshake Secret
 * @suite: cipher suite
 * @transcript: Transcript-Hash(ClientHello...ServerHello)
 *
 * Context: process.
 * Return: 0 or -EINVAL.
 */
int ssa_ks_handshake_traffic(struct ssa_key_schedule *ks, const struct ssa_suite *suite,
			     const u8 *transcript)
{
	int err;

	err = derive_secret(suite, ks->secret, "c hs traffic", transcript,
			    ks->client_handshake_traffic_secret);
	if (err)
		return err;
	return derive_secret(suite, ks->secret, "s hs traffic", transcript,
			     ks->server_handshake_traffic_secret);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_ks_handshake_traffic);

/**
 * ssa_ks_master_secret - Master Secret, in the place of Handshake Secret
 * @ks: the key schedule
 * @suite: cipher suite
 *
 * Context: process.
 * Return: 0 or -EINVAL.
 */
int ssa_ks_master_secret(struct ssa_key_schedule *ks, const struct ssa_suite *suite)
{
	return next_stage(ks, suite, ssa_zeros, suite->hash_len);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_ks_master_secret);

/**
 * ssa_ks_application_traffic - {client,server}_application_traffic_secret_0
 * @ks: the key schedule, at Master Secret
 * @suite: cipher suite
 * @transcript: Transcript-Hash(ClientHello...server Finished)
 *
 * Context: process.
 * Return: 0 or -EINVAL.
 */
int ssa_ks_application_traffic(struct ssa_key_schedule *ks, const struct ssa_suite *suite,
			       const u8 *transcript)
{
	int err;

	err = derive_secret(suite, ks->secret, "c ap traffic", transcript,
			    ks->client_application_traffic_secret);
	if (err)
		return err;
	return derive_secret(suite, ks->secret, "s ap traffic", transcript,
			     ks->server_application_traffic_secret);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_ks_application_traffic);

/**
 * ssa_ks_exporter_master - exporter_master_secret
 * @ks: the key schedule, at Master Secret
 * @suite: cipher suite
 * @transcript: Transcript-Hash(ClientHello...server Finished)
 *
 * Context: process.
 * Return: 0 or -EINVAL.
 */
int ssa_ks_exporter_master(struct ssa_key_schedule *ks, const struct ssa_suite *suite,
			   const u8 *transcript)
{
	return derive_secret(suite, ks->secret, "exp master", transcript,
			     ks->exporter_master_secret);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_ks_exporter_master);

/**
 * ssa_ks_finished - verify_data of Finished (RFC 8446 4.4.4)
 * @suite: cipher suite
 * @base_key: handshake traffic secret of the side that sends it
 * @transcript: Transcript-Hash of the messages before it
 * @verify_data: suite->hash_len bytes
 *
 * Context: process.
 * Return: 0 or -EINVAL.
 */
int ssa_ks_finished(const struct ssa_suite *suite, const u8 *base_key, const u8 *transcript,
		    u8 verify_data[SSA_HASH_MAX])
{
	u8 finished_key[SSA_SECRET_MAX];
	int err;

	err = ssa_hkdf_expand_label(suite->hash, base_key, "finished", NULL, 0,
				    finished_key, suite->hash_len);
	if (!err)
		ssa_hmac(suite->hash, finished_key, suite->hash_len,
			 transcript, suite->hash_len, verify_data);
	memzero_explicit(finished_key, sizeof(finished_key));
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_ks_finished);

/**
 * ssa_ks_traffic_keys - [sender]_write_key and _iv (RFC 8446 7.3)
 * @suite: cipher suite
 * @secret: a traffic secret
 * @keys: result, zero on failure; the caller wipes it
 *
 * Context: process.
 * Return: 0 or -EINVAL.
 */
int ssa_ks_traffic_keys(const struct ssa_suite *suite, const u8 *secret,
			struct ssa_traffic_keys *keys)
{
	int err;

	memset(keys, 0, sizeof(*keys));
	err = ssa_hkdf_expand_label(suite->hash, secret, "key", NULL, 0,
				    keys->key, suite->key_len);
	if (!err)
		err = ssa_hkdf_expand_label(suite->hash, secret, "iv", NULL, 0,
					    keys->iv, sizeof(keys->iv));
	if (err) {
		memzero_explicit(keys, sizeof(*keys));
		return err;
	}
	keys->key_len = suite->key_len;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_ks_traffic_keys);

/**
 * ssa_ks_next_secret - application_traffic_secret_N+1 (RFC 8446 7.2)
 * @suite: cipher suite
 * @secret: application_traffic_secret_N, replaced; zero on failure
 *
 * Context: process.
 * Return: 0 or -EINVAL.
 */
int ssa_ks_next_secret(const struct ssa_suite *suite, u8 *secret)
{
	u8 next[SSA_SECRET_MAX] = { 0 };
	int err;

	err = ssa_hkdf_expand_label(suite->hash, secret, "traffic upd", NULL, 0,
				    next, suite->hash_len);
	memcpy(secret, next, suite->hash_len);
	memzero_explicit(next, sizeof(next));
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_ks_next_secret);

/**
 * ssa_hs_handshake_keys - from now on, records are under the handshake keys
 * @hs: either side, at Handshake Secret; the transcript ends with ServerHello
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_hs_handshake_keys(struct ssa_hs *hs)
{
	const u8 *client = hs->ks.client_handshake_traffic_secret;
	const u8 *server = hs->ks.server_handshake_traffic_secret;
	u8 transcript[SSA_HASH_MAX];
	int err;

	ssa_transcript_digest(&hs->transcript, transcript);
	err = ssa_ks_handshake_traffic(&hs->ks, hs->suite, transcript);
	if (!err)
		err = ssa_record_keys_set(&hs->rx, hs->suite, hs->cfg.server ? client : server);
	if (!err)
		err = ssa_record_keys_set(&hs->tx, hs->suite, hs->cfg.server ? server : client);
	return err ? ssa_fail_errno(hs, err) : 0;
}

/**
 * ssa_hs_application_secrets - the end of the key schedule
 * @hs: either side, at Handshake Secret; the transcript ends with the server's
 *	Finished
 *
 * Context: process.
 * Return: 0 or ssa_fail().
 */
int ssa_hs_application_secrets(struct ssa_hs *hs)
{
	u8 transcript[SSA_HASH_MAX];
	int err;

	err = ssa_ks_master_secret(&hs->ks, hs->suite);
	if (err)
		return ssa_fail_errno(hs, err);
	ssa_transcript_digest(&hs->transcript, transcript);
	err = ssa_ks_application_traffic(&hs->ks, hs->suite, transcript);
	if (!err)
		err = ssa_ks_exporter_master(&hs->ks, hs->suite, transcript);
	memzero_explicit(hs->ks.secret, sizeof(hs->ks.secret));
	return err ? ssa_fail_errno(hs, err) : 0;
}
