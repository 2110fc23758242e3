/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Record protection (RFC 8446 5.2 to 5.4) of the handshake's own records.
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
 * @iv: [sender]_write_iv
 * @seq: sequence number of the next record
 */
struct ssa_record_keys {
	struct ssa_aead *aead;
	u8 iv[SSA_AEAD_NONCE_LEN];
	u64 seq;
};

/**
 * struct ssa_plaintext - what a record holds
 * @type: ContentType, of TLSInnerPlaintext if it was protected
 * @data: inside the record
 * @len: bytes, without padding
 */
struct ssa_plaintext {
	u8 type;
	const u8 *data;
	u32 len;
};

/* record.c */
int __must_check ssa_record_keys_set(struct ssa_record_keys *keys, const struct ssa_suite *suite,
				     const u8 *secret);
void ssa_record_keys_clear(struct ssa_record_keys *keys);
int __must_check ssa_record_put(struct ssa_buf *out, struct ssa_record_keys *keys, u8 type,
				u16 version, const u8 *data, u32 len);
enum ssa_reason __must_check ssa_record_open(struct ssa_record_keys *keys, u8 *record, u32 len,
					     struct ssa_plaintext *plain);

#endif /* _TLS_SSA_ENGINE_RECORD_H */
