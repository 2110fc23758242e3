/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A cursor over DER (X.690). Every read checks what is left first; a read that
 * fails leaves the cursor where it was and says so by false: there is one
 * cause, the encoding is not DER. Lengths are definite and minimal, tags have
 * one byte (X.509 uses no others).
 */
#ifndef _CRYPTO_SSA_DER_H
#define _CRYPTO_SSA_DER_H

#include <linux/string.h>
#include <linux/types.h>

#define SSA_DER_BOOLEAN			0x01
#define SSA_DER_INTEGER			0x02
#define SSA_DER_BIT_STRING		0x03
#define SSA_DER_OCTET_STRING		0x04
#define SSA_DER_NULL			0x05
#define SSA_DER_OID			0x06
#define SSA_DER_UTF8_STRING		0x0c
#define SSA_DER_PRINTABLE_STRING	0x13
#define SSA_DER_IA5_STRING		0x16
#define SSA_DER_UTC_TIME		0x17
#define SSA_DER_GENERALIZED_TIME	0x18
#define SSA_DER_SEQUENCE		0x30
#define SSA_DER_SET			0x31
#define SSA_DER_PRIMITIVE(n)		(0x80 | (n))	/* [n] IMPLICIT, primitive */
#define SSA_DER_CONSTRUCTED(n)		(0xa0 | (n))	/* [n], constructed */

/**
 * struct ssa_der - bytes that are still to be read
 * @p: the next one
 * @left: how many
 */
struct ssa_der {
	const u8 *p;
	size_t left;
};

static inline struct ssa_der ssa_der(const void *p, size_t len)
{
	return (struct ssa_der){ .p = p, .left = len };
}

static inline bool ssa_der_equal(const struct ssa_der *a, const struct ssa_der *b)
{
	return a->left == b->left && !memcmp(a->p, b->p, a->left);
}

static inline bool ssa_der_is_bytes(const struct ssa_der *d, const void *bytes, size_t len)
{
	return d->left == len && !memcmp(d->p, bytes, len);
}

/* Is what is left exactly this string literal? */
#define ssa_der_is(d, literal)	ssa_der_is_bytes(d, literal, sizeof(literal) - 1)

/* crypto/ssa/der.c */
bool __must_check ssa_der_any(struct ssa_der *d, u8 *tag, struct ssa_der *value);
bool ssa_der_next_is(const struct ssa_der *d, u8 tag);
bool __must_check ssa_der_get(struct ssa_der *d, u8 tag, struct ssa_der *value);
bool __must_check ssa_der_get_whole(struct ssa_der *d, u8 tag, struct ssa_der *whole);
bool __must_check ssa_der_only(const struct ssa_der *d, u8 tag, struct ssa_der *value);
bool __must_check ssa_der_boolean(struct ssa_der *d, bool *value);
bool __must_check ssa_der_small(struct ssa_der *d, u32 *value);
bool __must_check ssa_der_oid(struct ssa_der *d, struct ssa_der *oid);
bool __must_check ssa_der_integer(struct ssa_der *d, struct ssa_der *value);
bool __must_check ssa_der_positive(struct ssa_der *d, struct ssa_der *magnitude);
bool __must_check ssa_der_octets(struct ssa_der *d, struct ssa_der *octets);
bool __must_check ssa_der_time(struct ssa_der *d, s64 *seconds);

/* crypto/ssa/pss_params.c */
struct ssa_pss_params;
int __must_check ssa_pss_params_parse(const struct ssa_der *der, struct ssa_pss_params *params);

#endif /* _CRYPTO_SSA_DER_H */
