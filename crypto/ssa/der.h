/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A bounds-checked cursor over DER (X.690), as much of it as keys and ECDSA
 * signatures need: tags of one byte, lengths up to 65535, strictly minimal.
 */
#ifndef _CRYPTO_SSA_DER_H
#define _CRYPTO_SSA_DER_H

#include <linux/types.h>

#define SSA_DER_INTEGER		0x02
#define SSA_DER_BIT_STRING	0x03
#define SSA_DER_OCTET_STRING	0x04
#define SSA_DER_NULL		0x05
#define SSA_DER_OID		0x06
#define SSA_DER_SEQUENCE	0x30
/* [n] of a SEQUENCE's optional fields: primitive and constructed */
#define SSA_DER_CONTEXT(n)	(0x80 | (n))
#define SSA_DER_CONTEXT_C(n)	(0xa0 | (n))

/**
 * struct ssa_der - what is left to read
 * @data: next byte
 * @len: bytes left
 */
struct ssa_der {
	const u8	*data;
	size_t		len;
};

bool ssa_der_next_is(const struct ssa_der *der, u8 tag);
int __must_check ssa_der_get(struct ssa_der *der, u8 tag, struct ssa_der *content);
int __must_check ssa_der_get_uint(struct ssa_der *der, struct ssa_der *number);
int __must_check ssa_der_get_small(struct ssa_der *der, u8 *value);
bool ssa_der_equal(const struct ssa_der *der, const u8 *data, size_t len);

#endif /* _CRYPTO_SSA_DER_H */
