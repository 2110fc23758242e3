/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Elliptic curves and RSA over s2n-bignum, the faster of the two back ends (backend.c).
 *
 * What has a secret among its arguments takes a time that does not depend on it, and leaves
 * it on the stack, which the callers wipe.
 */
#ifndef _CRYPTO_SSA_S2N_H
#define _CRYPTO_SSA_S2N_H

#include <linux/types.h>
#include <crypto/s2n_bignum.h>

#include "internal.h"

/*
 * The variant of a function for this CPU. A branch, which is right nearly always, rather
 * than a pointer: assembly has no type that kCFI would find.
 */
#define ssa_s2n(name, ...) \
	(ssa_backend_now() == SSA_BACKEND_S2N ? name(__VA_ARGS__) : name##_alt(__VA_ARGS__))

#define SSA_S2N_WORDS	9	/* P-521 */

/**
 * struct ssa_s2n_curve - a NIST curve: y^2 = x^3 - 3x + b over the numbers modulo p
 * @words: words of 64 bits that a number has: 4, 6 or 9, by which the curves are told apart
 * @bytes: bytes of a coordinate and of a scalar
 * @curve: number of the curve in BearSSL
 * @p: p
 * @n: order of the base point
 * @p_square: 2^(128 * words) mod p; "elements" below are in Montgomery's form, those of
 *	P-521 as they are
 * @n_square: 2^(128 * words) mod n
 * @b: b, an element
 * @base: the base point, its coordinates elements, and 1
 * @odd: its odd multiples, for s2n_combine.c
 */
struct ssa_s2n_curve {
	unsigned int	words;
	unsigned int	bytes;
	int		curve;
	u64		p[SSA_S2N_WORDS];
	u64		n[SSA_S2N_WORDS];
	u64		p_square[SSA_S2N_WORDS];
	u64		n_square[SSA_S2N_WORDS];
	u64		b[SSA_S2N_WORDS];
	u64		base[3 * SSA_S2N_WORDS];
	u64		*odd;
};

/* s2n_field.c */
void ssa_s2n_get(unsigned int words, u64 *z, const u8 *bytes, size_t len);
void ssa_s2n_put(unsigned int words, const u64 *x, u8 *bytes, size_t len);
bool ssa_s2n_is_zero(unsigned int words, const u64 *x);
void ssa_s2n_mul(const struct ssa_s2n_curve *c, u64 *z, const u64 *x, const u64 *y);
void ssa_s2n_sqr(const struct ssa_s2n_curve *c, u64 *z, const u64 *x);
void ssa_s2n_add(const struct ssa_s2n_curve *c, u64 *z, const u64 *x, const u64 *y);
void ssa_s2n_sub(const struct ssa_s2n_curve *c, u64 *z, const u64 *x, const u64 *y);
void ssa_s2n_inv(const struct ssa_s2n_curve *c, u64 *z, const u64 *x);
void ssa_s2n_element(const struct ssa_s2n_curve *c, u64 *z, const u64 *x);
void ssa_s2n_number(const struct ssa_s2n_curve *c, u64 *z, const u64 *x);
void ssa_s2n_scalar_mul(const struct ssa_s2n_curve *c, u64 *z, const u64 *x, const u64 *y);

/* s2n_curve.c */
int ssa_s2n_setup(void);
void ssa_s2n_teardown(void);
const struct ssa_s2n_curve *ssa_s2n_curve(int curve);
bool ssa_s2n_point_get(const struct ssa_s2n_curve *c, u64 *point, const u8 *bytes);
void ssa_s2n_point_mul(const struct ssa_s2n_curve *c, u64 *z, const u64 *scalar, const u64 *point);
void ssa_s2n_point_double(const struct ssa_s2n_curve *c, u64 *z, const u64 *x);
void ssa_s2n_point_add_vartime(const struct ssa_s2n_curve *c, u64 *z, const u64 *x, const u64 *y);
void ssa_s2n_affine(const struct ssa_s2n_curve *c, u64 *xy, const u64 *point);
void ssa_s2n_x25519(u8 *out, const u8 *scalar, const u8 *point);
size_t ssa_s2n_ec_public(int curve, const u8 *scalar, u8 *point);
bool ssa_s2n_ec_shared(int curve, const u8 *scalar, u8 *point);

/* s2n_base.c */
int ssa_s2n_base_setup(void);
void ssa_s2n_base_teardown(void);
void ssa_s2n_base_mul(const struct ssa_s2n_curve *c, u64 *xy, const u64 *scalar);

/* s2n_combine.c */
int ssa_s2n_combine_setup(struct ssa_s2n_curve *c);
void ssa_s2n_combine_vartime(const struct ssa_s2n_curve *c, u64 *sum, const u64 *u1,
			     const u64 *u2, const u64 *q);

/* s2n_ecdsa.c */
size_t ssa_s2n_ecdsa_sign(const br_ec_private_key *key, enum ssa_hash_id hash, const u8 *digest,
			  const struct ssa_rng *rng, u8 *sig);
bool ssa_s2n_ecdsa_verify(int curve, const u8 *point, const u8 *digest, size_t digest_len,
			  const u8 *sig);

/* s2n_rsa.c */
int ssa_s2n_rsa_public(const struct ssa_public_key *key, u8 *x);
int ssa_s2n_rsa_private(const br_rsa_private_key *key, size_t n_len, u8 *x);

#endif /* _CRYPTO_SSA_S2N_H */
