/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TLS_SSA_ENGINE_SUITE_H
#define _TLS_SSA_ENGINE_SUITE_H

#include <linux/types.h>
#include <crypto/ssa.h>

/* What signs the key exchange of a TLS 1.2 suite. TLS 1.3 negotiates that apart. */
enum ssa_auth {
	SSA_AUTH_ANY,
	SSA_AUTH_ECDSA,		/* an EC key, or Ed25519 (RFC 8422 2.1) */
	SSA_AUTH_RSA,
};

/**
 * struct ssa_suite - a cipher suite (RFC 8446 B.4, RFC 5289 3.2, RFC 7905 2)
 * @id: its number on the wire
 * @version: the one that it belongs to
 * @auth: enum ssa_auth
 * @hash: of the transcript, and of HKDF or the PRF
 * @aead: of the records
 * @hash_len: bytes of a digest, and of every secret of TLS 1.3's key schedule
 * @key_len: bytes of an AEAD key
 * @iv_len: bytes of the secret part of the nonce; what is missing to
 *	    SSA_AEAD_NONCE_LEN stands in each record (RFC 5288 3)
 * @name: as in the RFC
 */
struct ssa_suite {
	u16 id;
	u16 version;
	u8 auth;
	enum ssa_hash_id hash;
	enum ssa_aead_id aead;
	u8 hash_len;
	u8 key_len;
	u8 iv_len;
	const char *name;
};

#define SSA_SECRET_MAX	48	/* bytes of the longest hash of a suite */

/* suite.c */
const struct ssa_suite *ssa_suite_find(u16 id);
bool ssa_suite_fits(const struct ssa_suite *suite, enum ssa_key_type key);
u16 ssa_key_group(enum ssa_key_type key);

#endif /* _TLS_SSA_ENGINE_SUITE_H */
