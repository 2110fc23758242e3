/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Transcript, key schedule and record protection of the fuzzed handshake's
 * other end, written apart from the engine's (RFC 8446 5.2, 7.1 and 7.3).
 */
#ifndef _HOST_FUZZ_PEER_KEYS_H
#define _HOST_FUZZ_PEER_KEYS_H

#include "fuzz.h"

struct peer_dir {
	struct ssa_aead *aead;	/* NULL: records are plaintext */
	u8 iv[SSA_AEAD_NONCE_LEN];
	u64 seq;
};

struct peer_keys {
	enum ssa_hash_id hash;
	size_t hash_len;
	u8 messages[131072];	/* the transcript so far */
	size_t messages_len;
	/* first key share of the engine's ClientHello */
	u16 share_group;
	u8 share[SSA_KEX_PUBLIC_MAX];
	size_t share_len;
	u16 suite;		/* 0: no keys yet */
	u8 secret[SSA_HASH_MAX];
	u8 client_secret[SSA_HASH_MAX], server_secret[SSA_HASH_MAX];
	struct peer_dir tx, rx;
};

extern const u8 peer_retry_random[32];

void peer_keys_init(struct peer_keys *k);
void peer_keys_clear(struct peer_keys *k);
void peer_keys_message(struct peer_keys *k, const u8 *msg, size_t len);
/* Puts message_hash in place of ClientHello1 (4.4.1). */
void peer_keys_retry(struct peer_keys *k, u16 suite);
void peer_keys_handshake(struct peer_keys *k, u16 suite, const struct ssa_kex *kex,
			 const u8 *share, size_t share_len, bool client);
/* As a client: the engine's Finished is in the transcript. */
void peer_keys_server_finished(struct peer_keys *k);
size_t peer_keys_transcript(const struct peer_keys *k, u8 *out);	/* 0: no hash yet */
size_t peer_keys_finished(const struct peer_keys *k, bool client, u8 *out);
/* A record into @out; its length */
size_t peer_keys_seal(struct peer_keys *k, u8 *out, u8 type, const u8 *data, size_t len);
bool peer_keys_open(struct peer_keys *k, u8 *record, u8 *type, size_t *body);

#endif
