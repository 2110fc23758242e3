/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TLS_SSA_ENGINE_SUITE_H
#define _TLS_SSA_ENGINE_SUITE_H

#include <linux/types.h>
#include <crypto/ssa.h>

/**
 * struct ssa_suite - a cipher suite (RFC 8446 B.4)
 * @id: its number on the wire
 * @hash: of the transcript and of HKDF
 * @aead: of the records
 * @hash_len: bytes of a digest, and of every secret of the key schedule
 * @key_len: bytes of an AEAD key
 * @name: as in the RFC
 */
struct ssa_suite {
	u16 id;
	enum ssa_hash_id hash;
	enum ssa_aead_id aead;
	u8 hash_len;
	u8 key_len;
	const char *name;
};

#define SSA_SECRET_MAX	48	/* bytes of the longest hash of a suite */

/* suite.c */
const struct ssa_suite *ssa_suite_find(u16 id);

#endif /* _TLS_SSA_ENGINE_SUITE_H */
