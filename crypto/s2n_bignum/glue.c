// SPDX-License-Identifier: GPL-2.0
/*
 * The symbols of s2n-bignum that other modules use.
 */
#include <linux/export.h>
#include <linux/module.h>
#include <crypto/s2n_bignum.h>

/* the definitions are in the unmodified sources */
#define S2N_EXPORT(name)	EXPORT_SYMBOL_GPL(name)

S2N_EXPORT(curve25519_x25519);
S2N_EXPORT(curve25519_x25519_alt);
S2N_EXPORT(curve25519_x25519base);
S2N_EXPORT(curve25519_x25519base_alt);
S2N_EXPORT(bignum_montmul_p256);
S2N_EXPORT(bignum_montmul_p256_alt);
S2N_EXPORT(bignum_montsqr_p256);
S2N_EXPORT(bignum_montsqr_p256_alt);
S2N_EXPORT(p256_montjadd);
S2N_EXPORT(p256_montjadd_alt);
S2N_EXPORT(p256_montjdouble);
S2N_EXPORT(p256_montjdouble_alt);
S2N_EXPORT(p256_montjscalarmul);
S2N_EXPORT(p256_montjscalarmul_alt);
S2N_EXPORT(p256_scalarmulbase);
S2N_EXPORT(p256_scalarmulbase_alt);
S2N_EXPORT(bignum_montmul_p384);
S2N_EXPORT(bignum_montmul_p384_alt);
S2N_EXPORT(bignum_montsqr_p384);
S2N_EXPORT(bignum_montsqr_p384_alt);
S2N_EXPORT(p384_montjadd);
S2N_EXPORT(p384_montjadd_alt);
S2N_EXPORT(p384_montjdouble);
S2N_EXPORT(p384_montjdouble_alt);
S2N_EXPORT(p384_montjmixadd);
S2N_EXPORT(p384_montjmixadd_alt);
S2N_EXPORT(p384_montjscalarmul);
S2N_EXPORT(p384_montjscalarmul_alt);
S2N_EXPORT(bignum_mul_p521);
S2N_EXPORT(bignum_mul_p521_alt);
S2N_EXPORT(bignum_sqr_p521);
S2N_EXPORT(bignum_sqr_p521_alt);
S2N_EXPORT(p521_jadd);
S2N_EXPORT(p521_jadd_alt);
S2N_EXPORT(p521_jdouble);
S2N_EXPORT(p521_jdouble_alt);
S2N_EXPORT(p521_jscalarmul);
S2N_EXPORT(p521_jscalarmul_alt);

S2N_EXPORT(bignum_add_p256);
S2N_EXPORT(bignum_sub_p256);
S2N_EXPORT(bignum_montinv_p256);
S2N_EXPORT(bignum_add_p384);
S2N_EXPORT(bignum_sub_p384);
S2N_EXPORT(bignum_montinv_p384);
S2N_EXPORT(bignum_add_p521);
S2N_EXPORT(bignum_sub_p521);
S2N_EXPORT(bignum_inv_p521);
S2N_EXPORT(bignum_amontmul);
S2N_EXPORT(bignum_amontsqr);
S2N_EXPORT(bignum_demont);
S2N_EXPORT(bignum_ge);
S2N_EXPORT(bignum_modadd);
S2N_EXPORT(bignum_modinv);
S2N_EXPORT(bignum_modsub);
S2N_EXPORT(bignum_montifier);
S2N_EXPORT(bignum_montmul);
S2N_EXPORT(bignum_mul);
S2N_EXPORT(bignum_mux16);
S2N_EXPORT(bignum_optadd);
S2N_EXPORT(bignum_optsub);
S2N_EXPORT(word_negmodinv);
S2N_EXPORT(bignum_kmul_16_32);
S2N_EXPORT(bignum_ksqr_16_32);
S2N_EXPORT(bignum_kmul_32_64);
S2N_EXPORT(bignum_ksqr_32_64);
S2N_EXPORT(bignum_emontredc_8n);
S2N_EXPORT(bignum_mul_8_16);
S2N_EXPORT(bignum_sqr_8_16);

MODULE_DESCRIPTION("s2n-bignum: big numbers and elliptic curves");
MODULE_AUTHOR("Amazon.com, Inc. (s2n-bignum)");
MODULE_LICENSE("Dual MIT/GPL");
