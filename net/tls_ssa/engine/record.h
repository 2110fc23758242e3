/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Record protection of the handshake's own records: RFC 8446 5.2 to 5.4, and
 * RFC 5246 6.2.3.3 with the nonces of RFC 5288 3 and RFC 7905 2.
 */
#ifndef _TLS_SSA_ENGINE_RECORD_H
#define _TLS_SSA_ENGINE_RECORD_H

#include <linux/types.h>
#include <crypto/ssa.h>
#include "buf.h"
#include "suite.h"
#include "wire.h"

/**
 * struct ssa_record_keys - one direction of record protection
 * @aead: NULL: records are plaintext
 * @tls12: protection of TLS 1.2: the type of a record is not secret
 * @explicit_len: bytes of the nonce that stand in the record
 * @iv: [sender]_write_iv; zeros for what stands in the record
 * @seq: sequence number of the next record
 */
struct ssa_record_keys {
	struct ssa_aead *aead;
	bool tls12;
	u8 explicit_len;
	u8 iv[SSA_AEAD_NONCE_LEN];
	u64 seq;
};

/**
 * struct ssa_plaintext - what a record holds
 * @type: ContentType, of TLSInnerPlaintext if it was protected
 * @data: inside the record
 * @len: bytes, without padding
 * @inner_len: bytes that record_size_limit counts: in TLS 1.3 with type and padding
 */
struct ssa_plaintext {
	u8 type;
	const u8 *data;
	u32 len;
	u32 inner_len;
};

/* The longest body of a record under these keys */
static inline u32 ssa_record_max(const struct ssa_record_keys *keys)
{
	if (!keys->aead)
		return SSA_PLAINTEXT_MAX;
	if (!keys->tls12)
		return SSA_CIPHERTEXT_MAX;
	/* RFC 5246 6.2.3 allows for 2048 bytes more; none of our suites adds so many. */
	return keys->explicit_len + SSA_PLAINTEXT_MAX + SSA_AEAD_TAG_LEN;
}

/* record.c */
int __must_check ssa_record_keys_set(struct ssa_record_keys *keys, const struct ssa_suite *suite,
				     const u8 *secret);
int __must_check ssa_record_keys_set12(struct ssa_record_keys *keys, const struct ssa_suite *suite,
				       const struct ssa_traffic *traffic);
void ssa_record_keys_clear(struct ssa_record_keys *keys);
int __must_check ssa_record_put(struct ssa_buf *out, struct ssa_record_keys *keys, u8 type,
				u16 version, const u8 *data, u32 len);
enum ssa_reason __must_check ssa_record_open(struct ssa_record_keys *keys, u8 *record, u32 len,
					     struct ssa_plaintext *plain);

#endif /* _TLS_SSA_ENGINE_RECORD_H */
