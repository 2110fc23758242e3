/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The functions of s2n-bignum that the module s2n_bignum has. Numbers are arrays of 64-bit
 * words, the lowest first; k is how many words a number has. Results may be stored where an
 * argument is, but those of functions that take k may not, unless they add or subtract.
 *
 * Each takes a time that depends on k alone, uses general registers alone and at most 4.5 KB
 * of stack, which it does not wipe. None may be called through a pointer: assembly has no
 * type that kCFI would find.
 */
#ifndef _CRYPTO_S2N_BIGNUM_H
#define _CRYPTO_S2N_BIGNUM_H

#include <linux/types.h>

/* name() needs a CPU with BMI2 and ADX, name_alt() does not and is slower */
#define S2N_TWINS(name, ...)			\
	void name(__VA_ARGS__);			\
	void name##_alt(__VA_ARGS__)

/* X25519 of RFC 7748, which clamps the scalar; the all-zero result is for the caller to see */
S2N_TWINS(curve25519_x25519, u64 res[4], const u64 scalar[4], const u64 point[4]);
S2N_TWINS(curve25519_x25519base, u64 res[4], const u64 scalar[4]);

/*
 * P-256 and P-384. Elements of the field are below p and in Montgomery's form, points are
 * Jacobian: (x, y, z) stands for (x / z^2, y / z^3), or for infinity if z is 0.
 * jadd, and jmixadd, whose p2 is affine, give (0, 0, 0) instead of doubling equal points;
 * jscalarmul takes any scalar and any point.
 */
S2N_TWINS(bignum_montmul_p256, u64 z[4], const u64 x[4], const u64 y[4]);
S2N_TWINS(bignum_montsqr_p256, u64 z[4], const u64 x[4]);
S2N_TWINS(p256_montjadd, u64 p3[12], const u64 p1[12], const u64 p2[12]);
S2N_TWINS(p256_montjdouble, u64 p3[12], const u64 p1[12]);
S2N_TWINS(p256_montjscalarmul, u64 res[12], const u64 scalar[4], const u64 point[12]);
/*
 * Any scalar by the point of the table; the result is affine, not in Montgomery's form, and
 * (0, 0) if infinite. The table holds 2^(blocksize * i) * j times the point, affine and in
 * Montgomery's form, for each i with blocksize * i <= 256, and j from 1 to 2^(blocksize - 1).
 */
S2N_TWINS(p256_scalarmulbase, u64 res[8], const u64 scalar[4], u64 blocksize, const u64 *table);
void bignum_add_p256(u64 z[4], const u64 x[4], const u64 y[4]);
void bignum_sub_p256(u64 z[4], const u64 x[4], const u64 y[4]);
void bignum_montinv_p256(u64 z[4], const u64 x[4]);	/* 0 of 0 */

S2N_TWINS(bignum_montmul_p384, u64 z[6], const u64 x[6], const u64 y[6]);
S2N_TWINS(bignum_montsqr_p384, u64 z[6], const u64 x[6]);
S2N_TWINS(p384_montjadd, u64 p3[18], const u64 p1[18], const u64 p2[18]);
S2N_TWINS(p384_montjdouble, u64 p3[18], const u64 p1[18]);
S2N_TWINS(p384_montjmixadd, u64 p3[18], const u64 p1[18], const u64 p2[12]);
S2N_TWINS(p384_montjscalarmul, u64 res[18], const u64 scalar[6], const u64 point[18]);
void bignum_add_p384(u64 z[6], const u64 x[6], const u64 y[6]);
void bignum_sub_p384(u64 z[6], const u64 x[6], const u64 y[6]);
void bignum_montinv_p384(u64 z[6], const u64 x[6]);	/* 0 of 0 */

/* The same of P-521, whose elements are as they are. jadd takes no infinite point. */
S2N_TWINS(bignum_mul_p521, u64 z[9], const u64 x[9], const u64 y[9]);
S2N_TWINS(bignum_sqr_p521, u64 z[9], const u64 x[9]);
S2N_TWINS(p521_jadd, u64 p3[27], const u64 p1[27], const u64 p2[27]);
S2N_TWINS(p521_jdouble, u64 p3[27], const u64 p1[27]);
S2N_TWINS(p521_jscalarmul, u64 res[27], const u64 scalar[9], const u64 point[27]);
void bignum_add_p521(u64 z[9], const u64 x[9], const u64 y[9]);
void bignum_sub_p521(u64 z[9], const u64 x[9], const u64 y[9]);
void bignum_inv_p521(u64 z[9], const u64 x[9]);

#undef S2N_TWINS

/* Any modulus m that is odd. "Almost" reduced: below 2^(64k), not below m. */
u64 bignum_ge(u64 m, const u64 *x, u64 n, const u64 *y);		/* x >= y */
u64 bignum_optadd(u64 k, u64 *z, const u64 *x, u64 p, const u64 *y);	/* x + (p ? y : 0) */
u64 bignum_optsub(u64 k, u64 *z, const u64 *x, u64 p, const u64 *y);	/* x - (p ? y : 0) */
void bignum_modadd(u64 k, u64 *z, const u64 *x, const u64 *y, const u64 *m);
void bignum_modsub(u64 k, u64 *z, const u64 *x, const u64 *y, const u64 *m);
void bignum_modinv(u64 k, u64 *z, const u64 *a, const u64 *m, u64 *t);	/* t: 3k words */
/* x * y, of m and n words, in k words at another place */
void bignum_mul(u64 k, u64 *z, u64 m, const u64 *x, u64 n, const u64 *y);
/* 2^(128k) mod m; t: k words */
void bignum_montifier(u64 k, u64 *z, const u64 *m, u64 *t);
/* x * y / 2^(64k) mod m, if x * y is at most 2^(64k) * m */
void bignum_montmul(u64 k, u64 *z, const u64 *x, const u64 *y, const u64 *m);
/* almost reduced, of any x and y */
void bignum_amontmul(u64 k, u64 *z, const u64 *x, const u64 *y, const u64 *m);
void bignum_amontsqr(u64 k, u64 *z, const u64 *x, const u64 *m);
void bignum_demont(u64 k, u64 *z, const u64 *x, const u64 *m);		/* any x, fully reduced */
u64 word_negmodinv(u64 a);						/* -1 / a mod 2^64 */

void bignum_mux16(u64 k, u64 *z, const u64 *xs, u64 i);	/* xs[k * i], of 16 numbers */

/* Of BMI2 and ADX only; results at another place; t: 2k or, of 32 words, 3k words */
void bignum_mul_8_16(u64 z[16], const u64 x[8], const u64 y[8]);
void bignum_sqr_8_16(u64 z[16], const u64 x[8]);
void bignum_kmul_16_32(u64 z[32], const u64 x[16], const u64 y[16], u64 t[32]);
void bignum_ksqr_16_32(u64 z[32], const u64 x[16], u64 t[24]);
void bignum_kmul_32_64(u64 z[64], const u64 x[32], const u64 y[32], u64 t[96]);
void bignum_ksqr_32_64(u64 z[64], const u64 x[32], u64 t[72]);
/*
 * The upper half of z, 2k words, and the result are z / 2^(64k) mod m, less than 2^(64k) + m;
 * w is word_negmodinv(m[0]), k a multiple of 8.
 */
u64 bignum_emontredc_8n(u64 k, u64 *z, const u64 *m, u64 w);

#endif /* _CRYPTO_S2N_BIGNUM_H */
