/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ed25519 (RFC 8032 5.1), from the field up.
 *
 * What computes with secrets (all of fe25519.c and sc25519.c, and of ge25519.c
 * what says so) has neither a branch nor an index that depends on them.
 */
#ifndef _CRYPTO_SSA_ED25519_H
#define _CRYPTO_SSA_ED25519_H

#include <linux/types.h>

#define SSA_ED25519_KEY_LEN	32	/* seed, and public key */
#define SSA_ED25519_SIG_LEN	64

/**
 * struct ssa_fe - an element of the field of 2^255 - 19
 * @v: limbs of 51 bits, the least significant first
 *
 * Limbs may be larger for a while: "tight" ones are below 2^51 + 2^13, which is
 * what every function gives but ssa_fe_add(); "loose" ones are below 2^53, which
 * is what every function takes but ssa_fe_add(), which takes tight ones.
 */
struct ssa_fe {
	u64	v[5];
};

/**
 * struct ssa_ge - a point x = X/Z, y = Y/Z, xy = T/Z (extended coordinates)
 * @x: X
 * @y: Y
 * @z: Z, not 0
 * @t: T
 */
struct ssa_ge {
	struct ssa_fe	x, y, z, t;
};

/**
 * struct ssa_ge_cached - a point, prepared to be added to others
 * @y_plus_x: Y + X
 * @y_minus_x: Y - X
 * @z2: 2 * Z
 * @t2d: 2 * d * T
 */
struct ssa_ge_cached {
	struct ssa_fe	y_plus_x, y_minus_x, z2, t2d;
};

/**
 * struct ssa_sc - a scalar, or any number below 2^256
 * @v: limbs of 64 bits, the least significant first
 */
struct ssa_sc {
	u64	v[4];
};

/* fe25519.c */
extern const struct ssa_fe ssa_fe_zero, ssa_fe_one, ssa_fe_d, ssa_fe_2d;

void ssa_fe_add(struct ssa_fe *r, const struct ssa_fe *a, const struct ssa_fe *b);
void ssa_fe_sub(struct ssa_fe *r, const struct ssa_fe *a, const struct ssa_fe *b);
void ssa_fe_mul(struct ssa_fe *r, const struct ssa_fe *a, const struct ssa_fe *b);
void ssa_fe_sqr(struct ssa_fe *r, const struct ssa_fe *a);
void ssa_fe_invert(struct ssa_fe *r, const struct ssa_fe *a);
bool ssa_fe_sqrt_ratio(struct ssa_fe *r, const struct ssa_fe *u, const struct ssa_fe *v);
void ssa_fe_select(struct ssa_fe *r, const struct ssa_fe *a, u64 mask);
void ssa_fe_to_bytes(u8 out[32], const struct ssa_fe *a);
bool ssa_fe_from_bytes(struct ssa_fe *r, const u8 in[32]);
bool ssa_fe_is_zero(const struct ssa_fe *a);

/* sc25519.c */
void ssa_sc_from_bytes(struct ssa_sc *r, const u8 in[32]);
void ssa_sc_to_bytes(u8 out[32], const struct ssa_sc *a);
bool ssa_sc_is_reduced(const struct ssa_sc *a);
void ssa_sc_reduce(struct ssa_sc *r, const u8 in[64]);
void ssa_sc_muladd(struct ssa_sc *r, const struct ssa_sc *a, const struct ssa_sc *b,
		   const struct ssa_sc *c);

/* ge25519.c */
bool ssa_ge_from_bytes(struct ssa_ge *r, const u8 in[32]);
void ssa_ge_to_bytes(u8 out[32], const struct ssa_ge *p);
bool ssa_ge_is_small_order(const struct ssa_ge *p);
void ssa_ge_mul_base(struct ssa_ge *r, const struct ssa_sc *s);
void ssa_ge_mul_sub_vartime(struct ssa_ge *r, const struct ssa_sc *s, const struct ssa_sc *k,
			    const struct ssa_ge *a);

/* ed25519.c */
void ssa_ed25519_public(u8 public_key[SSA_ED25519_KEY_LEN],
			const u8 seed[SSA_ED25519_KEY_LEN]);
int ssa_ed25519_sign(const u8 seed[SSA_ED25519_KEY_LEN],
		     const u8 public_key[SSA_ED25519_KEY_LEN],
		     const void *msg, size_t len, u8 sig[SSA_ED25519_SIG_LEN]);
int ssa_ed25519_check_key(const u8 public_key[SSA_ED25519_KEY_LEN]);
int ssa_ed25519_verify(const u8 public_key[SSA_ED25519_KEY_LEN],
		       const void *msg, size_t len, const u8 *sig, size_t sig_len);

#endif /* _CRYPTO_SSA_ED25519_H */
