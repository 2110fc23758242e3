// SPDX-License-Identifier: GPL-2.0
#include "peer_keys.h"

/* SHA-256 of "HelloRetryRequest" (RFC 8446 4.1.3) */
const u8 peer_retry_random[32] = {
	0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11,
	0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
	0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e,
	0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
};

static void choose(struct peer_keys *k, u16 suite)
{
	k->hash = suite == SSA_SUITE_AES_256_GCM_SHA384 ? SSA_SHA384 : SSA_SHA256;
	k->hash_len = ssa_hash_size(k->hash);
}

void peer_keys_init(struct peer_keys *k)
{
	memset(k, 0, sizeof(*k));
}

static void set_aead(struct peer_dir *dir, struct ssa_aead *aead)
{
	ssa_aead_free(dir->aead);
	dir->aead = aead;
	dir->seq = 0;
}

void peer_keys_clear(struct peer_keys *k)
{
	set_aead(&k->tx, NULL);
	set_aead(&k->rx, NULL);
}

void peer_keys_message(struct peer_keys *k, const u8 *msg, size_t len)
{
	len = min(len, sizeof(k->messages) - k->messages_len);
	memcpy(k->messages + k->messages_len, msg, len);
	k->messages_len += len;
}

void peer_keys_retry(struct peer_keys *k, u16 suite)
{
	u8 digest[SSA_HASH_MAX];

	choose(k, suite);
	ssa_hash_digest(k->hash, k->messages, k->messages_len, digest);
	memset(k->messages, 0, 4);
	k->messages[0] = 254;	/* message_hash */
	k->messages[3] = k->hash_len;
	memcpy(k->messages + 4, digest, k->hash_len);
	k->messages_len = 4 + k->hash_len;
}

static void label(struct peer_keys *k, const u8 *secret, const char *name,
		  const u8 *context, size_t context_len, u8 *out, size_t len)
{
	FUZZ_ASSERT(!ssa_hkdf_expand_label(k->hash, secret, name, context, context_len, out, len));
}

static void set_secret(struct peer_keys *k, struct peer_dir *dir, const u8 *secret)
{
	enum ssa_aead_id id = SSA_CHACHA20_POLY1305;
	u8 key[SSA_AEAD_KEY_MAX];

	if (k->suite == SSA_SUITE_AES_128_GCM_SHA256)
		id = SSA_AES_128_GCM;
	else if (k->suite == SSA_SUITE_AES_256_GCM_SHA384)
		id = SSA_AES_256_GCM;
	label(k, secret, "key", NULL, 0, key, ssa_aead_key_size(id));
	label(k, secret, "iv", NULL, 0, dir->iv, sizeof(dir->iv));
	set_aead(dir, ssa_aead_new(id, key));
	FUZZ_ASSERT(!IS_ERR(dir->aead));
}

/* Derive-Secret(secret, name, messages so far) */
static void traffic(struct peer_keys *k, const char *name, u8 *out)
{
	u8 digest[SSA_HASH_MAX];

	ssa_hash_digest(k->hash, k->messages, k->messages_len, digest);
	label(k, k->secret, name, digest, k->hash_len, out, k->hash_len);
}

/* Extract with the "derived" secret of the present one as salt. */
static void next_stage(struct peer_keys *k, const u8 *ikm, size_t len)
{
	u8 derived[SSA_HASH_MAX], empty[SSA_HASH_MAX];

	ssa_hash_digest(k->hash, NULL, 0, empty);
	label(k, k->secret, "derived", empty, k->hash_len, derived, k->hash_len);
	ssa_hkdf_extract(k->hash, derived, k->hash_len, ikm, len, k->secret);
}

void peer_keys_handshake(struct peer_keys *k, u16 suite, const struct ssa_kex *kex,
			 const u8 *share, size_t share_len, bool client)
{
	u8 zero[SSA_HASH_MAX] = { 0 }, shared[SSA_KEX_SHARED_MAX];
	size_t len;

	if (!kex || ssa_kex_shared(kex, share, share_len, shared, &len))
		return;
	choose(k, suite);
	k->suite = suite;
	ssa_hkdf_extract(k->hash, zero, k->hash_len, zero, k->hash_len, k->secret);
	next_stage(k, shared, len);
	traffic(k, "c hs traffic", k->client_secret);
	traffic(k, "s hs traffic", k->server_secret);
	set_secret(k, &k->tx, client ? k->client_secret : k->server_secret);
	set_secret(k, &k->rx, client ? k->server_secret : k->client_secret);
	next_stage(k, zero, k->hash_len);
}

void peer_keys_server_finished(struct peer_keys *k)
{
	u8 secret[SSA_HASH_MAX];

	if (!k->suite)
		return;
	traffic(k, "s ap traffic", secret);
	set_secret(k, &k->rx, secret);
}

size_t peer_keys_transcript(const struct peer_keys *k, u8 *out)
{
	if (!k->suite)
		return 0;
	ssa_hash_digest(k->hash, k->messages, k->messages_len, out);
	return k->hash_len;
}

size_t peer_keys_finished(const struct peer_keys *k, bool client, u8 *out)
{
	u8 key[SSA_HASH_MAX], digest[SSA_HASH_MAX];

	if (!peer_keys_transcript(k, digest))
		return 0;
	label((struct peer_keys *)k, client ? k->client_secret : k->server_secret, "finished",
	      NULL, 0, key, k->hash_len);
	ssa_hmac(k->hash, key, k->hash_len, digest, k->hash_len, out);
	return k->hash_len;
}

static void make_nonce(struct peer_dir *dir, u8 *nonce)
{
	u8 seq[8];
	size_t i;

	put_unaligned_be64(dir->seq++, seq);
	memcpy(nonce, dir->iv, SSA_AEAD_NONCE_LEN);
	for (i = 0; i < sizeof(seq); i++)
		nonce[4 + i] ^= seq[i];
}

size_t peer_keys_seal(struct peer_keys *k, u8 *out, u8 type, const u8 *data, size_t len)
{
	u8 nonce[SSA_AEAD_NONCE_LEN];

	out[0] = type;
	put_unaligned_be16(0x0303, out + 1);
	put_unaligned_be16(len, out + 3);
	if (len)
		memcpy(out + 5, data, len);
	if (!k->tx.aead)
		return 5 + len;
	out[0] = 23;
	out[5 + len++] = type;
	put_unaligned_be16(len + SSA_AEAD_TAG_LEN, out + 3);
	make_nonce(&k->tx, nonce);
	FUZZ_ASSERT(!ssa_aead_seal(k->tx.aead, nonce, out, 5, out + 5, len));
	return 5 + len + SSA_AEAD_TAG_LEN;
}

bool peer_keys_open(struct peer_keys *k, u8 *record, u8 *type, size_t *body)
{
	u8 nonce[SSA_AEAD_NONCE_LEN];

	if (!k->rx.aead)
		return false;
	make_nonce(&k->rx, nonce);
	if (ssa_aead_open(k->rx.aead, nonce, record, 5, record + 5, *body))
		return false;
	*body -= SSA_AEAD_TAG_LEN;
	while (*body && !record[5 + *body - 1])
		--*body;
	FUZZ_ASSERT(*body);
	*type = record[5 + --*body];
	return true;
}
