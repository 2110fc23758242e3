// SPDX-License-Identifier: GPL-2.0
/*
 * The field of 2^255 - 19, for Ed25519. Nothing here takes a time that depends
 * on a value, and so all of it may be used on secrets.
 */
#include <linux/compiler.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/unaligned.h>

#include "ed25519.h"

#define SSA_FE_MASK	((1ULL << 51) - 1)

const struct ssa_fe ssa_fe_zero = { { 0 } };
const struct ssa_fe ssa_fe_one = { { 1 } };

/* d = -121665/121666, RFC 8032 5.1 */
const struct ssa_fe ssa_fe_d = { {
	0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029, 0x739c663a03cbb, 0x52036cee2b6ff,
} };

const struct ssa_fe ssa_fe_2d = { {
	0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052, 0x6738cc7407977, 0x2406d9dc56dff,
} };

/* a square root of -1: 2^((p - 1) / 4) */
static const struct ssa_fe ssa_fe_sqrt_m1 = { {
	0x61b274a0ea0b0, 0x0d5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e, 0x2b8324804fc1d,
} };

/* What is above 51 bits goes to the next limb; 2^255 is 19. */
static void ssa_fe_carry(struct ssa_fe *r)
{
	u64 *v = r->v;

	v[1] += v[0] >> 51;
	v[0] &= SSA_FE_MASK;
	v[2] += v[1] >> 51;
	v[1] &= SSA_FE_MASK;
	v[3] += v[2] >> 51;
	v[2] &= SSA_FE_MASK;
	v[4] += v[3] >> 51;
	v[3] &= SSA_FE_MASK;
	v[0] += 19 * (v[4] >> 51);
	v[4] &= SSA_FE_MASK;
}

/**
 * ssa_fe_add() - r = a + b
 * @r: the result, loose
 * @a: tight
 * @b: tight
 *
 * Context: Any.
 */
void ssa_fe_add(struct ssa_fe *r, const struct ssa_fe *a, const struct ssa_fe *b)
{
	int i;

	for (i = 0; i < 5; i++)
		r->v[i] = a->v[i] + b->v[i];
}

/**
 * ssa_fe_sub() - r = a - b
 * @r: the result, tight
 * @a: loose
 * @b: loose
 *
 * Context: Any.
 */
void ssa_fe_sub(struct ssa_fe *r, const struct ssa_fe *a, const struct ssa_fe *b)
{
	int i;

	/* with 8p, each of whose limbs is larger than a loose one: never negative */
	r->v[0] = a->v[0] + 8 * (SSA_FE_MASK - 18) - b->v[0];
	for (i = 1; i < 5; i++)
		r->v[i] = a->v[i] + 8 * SSA_FE_MASK - b->v[i];
	ssa_fe_carry(r);
}

/*
 * Loose limbs make products below 2^106; with 19 and five of them, sums below
 * 2^113. What goes from the last limb to the first is below 2^63.
 */
static void ssa_fe_reduce(struct ssa_fe *r, u128 t0, u128 t1, u128 t2, u128 t3, u128 t4)
{
	u64 carry;

	t1 += (u64)(t0 >> 51);
	t2 += (u64)(t1 >> 51);
	t3 += (u64)(t2 >> 51);
	t4 += (u64)(t3 >> 51);
	carry = ((u64)t0 & SSA_FE_MASK) + 19 * (u64)(t4 >> 51);
	r->v[0] = carry & SSA_FE_MASK;
	r->v[1] = ((u64)t1 & SSA_FE_MASK) + (carry >> 51);
	r->v[2] = (u64)t2 & SSA_FE_MASK;
	r->v[3] = (u64)t3 & SSA_FE_MASK;
	r->v[4] = (u64)t4 & SSA_FE_MASK;
}

/**
 * ssa_fe_mul() - r = a * b
 * @r: the result, tight
 * @a: loose
 * @b: loose
 *
 * Context: Any.
 */
void ssa_fe_mul(struct ssa_fe *r, const struct ssa_fe *a, const struct ssa_fe *b)
{
	u64 a0 = a->v[0], a1 = a->v[1], a2 = a->v[2], a3 = a->v[3], a4 = a->v[4];
	u64 b0 = b->v[0], b1 = b->v[1], b2 = b->v[2], b3 = b->v[3], b4 = b->v[4];
	u64 c1 = 19 * b1, c2 = 19 * b2, c3 = 19 * b3, c4 = 19 * b4;

	ssa_fe_reduce(r,
		      (u128)a0 * b0 + (u128)a1 * c4 + (u128)a2 * c3 + (u128)a3 * c2 +
		      (u128)a4 * c1,
		      (u128)a0 * b1 + (u128)a1 * b0 + (u128)a2 * c4 + (u128)a3 * c3 +
		      (u128)a4 * c2,
		      (u128)a0 * b2 + (u128)a1 * b1 + (u128)a2 * b0 + (u128)a3 * c4 +
		      (u128)a4 * c3,
		      (u128)a0 * b3 + (u128)a1 * b2 + (u128)a2 * b1 + (u128)a3 * b0 +
		      (u128)a4 * c4,
		      (u128)a0 * b4 + (u128)a1 * b3 + (u128)a2 * b2 + (u128)a3 * b1 +
		      (u128)a4 * b0);
}

/**
 * ssa_fe_sqr() - r = a^2
 * @r: the result, tight
 * @a: loose
 *
 * Context: Any.
 */
void ssa_fe_sqr(struct ssa_fe *r, const struct ssa_fe *a)
{
	u64 a0 = a->v[0], a1 = a->v[1], a2 = a->v[2], a3 = a->v[3], a4 = a->v[4];
	u64 d0 = 2 * a0, d1 = 2 * a1, d2 = 2 * a2, c3 = 19 * a3, c4 = 19 * a4;

	ssa_fe_reduce(r,
		      (u128)a0 * a0 + (u128)d1 * c4 + (u128)d2 * c3,
		      (u128)d0 * a1 + (u128)d2 * c4 + (u128)a3 * c3,
		      (u128)d0 * a2 + (u128)a1 * a1 + (u128)(2 * a3) * c4,
		      (u128)d0 * a3 + (u128)d1 * a2 + (u128)a4 * c4,
		      (u128)d0 * a4 + (u128)d1 * a3 + (u128)a2 * a2);
}

/* r = a^(2^n) */
static void ssa_fe_sqr_n(struct ssa_fe *r, const struct ssa_fe *a, unsigned int n)
{
	ssa_fe_sqr(r, a);
	while (--n)
		ssa_fe_sqr(r, r);
}

/* r = a^(2^250 - 1), and a^11 on the way; each exponent is one of ones only */
static void ssa_fe_pow_ones(struct ssa_fe *r, struct ssa_fe *a11, const struct ssa_fe *a)
{
	struct ssa_fe t, ones5, ones10, ones50;

	ssa_fe_sqr(&t, a);			/* 2 */
	ssa_fe_sqr_n(a11, &t, 2);		/* 8 */
	ssa_fe_mul(a11, a11, a);		/* 9 */
	ssa_fe_mul(&ones5, a11, &t);		/* 11 */
	ssa_fe_sqr(&t, &ones5);			/* 22 */
	ssa_fe_mul(&t, &t, a11);		/* 31 = 2^5 - 1 */
	*a11 = ones5;
	ones5 = t;

	ssa_fe_sqr_n(&t, &ones5, 5);
	ssa_fe_mul(&ones10, &t, &ones5);
	ssa_fe_sqr_n(&t, &ones10, 10);
	ssa_fe_mul(r, &t, &ones10);		/* 2^20 - 1 */
	ssa_fe_sqr_n(&t, r, 20);
	ssa_fe_mul(&t, &t, r);			/* 2^40 - 1 */
	ssa_fe_sqr_n(&t, &t, 10);
	ssa_fe_mul(&ones50, &t, &ones10);
	ssa_fe_sqr_n(&t, &ones50, 50);
	ssa_fe_mul(r, &t, &ones50);		/* 2^100 - 1 */
	ssa_fe_sqr_n(&t, r, 100);
	ssa_fe_mul(&t, &t, r);			/* 2^200 - 1 */
	ssa_fe_sqr_n(&t, &t, 50);
	ssa_fe_mul(r, &t, &ones50);
}

/**
 * ssa_fe_invert() - r = 1 / a, which is a^(p - 2); 0 for 0
 * @r: the result, tight
 * @a: loose
 *
 * Context: Any.
 */
void ssa_fe_invert(struct ssa_fe *r, const struct ssa_fe *a)
{
	struct ssa_fe t, a11;

	/* p - 2 = 2^255 - 21 = 2^5 * (2^250 - 1) + 11 */
	ssa_fe_pow_ones(&t, &a11, a);
	ssa_fe_sqr_n(&t, &t, 5);
	ssa_fe_mul(r, &t, &a11);
}

/**
 * ssa_fe_sqrt_ratio() - r = sqrt(u / v), RFC 8032 5.1.3
 * @r: the result, tight: one of the two roots
 * @u: loose
 * @v: loose
 *
 * Context: Any; for public values, since it branches.
 * Return: false if u / v is no square.
 */
bool ssa_fe_sqrt_ratio(struct ssa_fe *r, const struct ssa_fe *u, const struct ssa_fe *v)
{
	struct ssa_fe v3, t, a11;

	/* u v^3 (u v^7)^((p - 5) / 8); the exponent is 2^252 - 3 = 4 * (2^250 - 1) + 1 */
	ssa_fe_sqr(&t, v);
	ssa_fe_mul(&v3, &t, v);
	ssa_fe_sqr(&t, &v3);
	ssa_fe_mul(&t, &t, v);
	ssa_fe_mul(&t, &t, u);
	ssa_fe_pow_ones(r, &a11, &t);
	ssa_fe_sqr_n(r, r, 2);
	ssa_fe_mul(r, r, &t);
	ssa_fe_mul(r, r, &v3);
	ssa_fe_mul(r, r, u);

	/* v r^2 is u, or -u, or neither */
	ssa_fe_sqr(&v3, r);
	ssa_fe_mul(&v3, &v3, v);
	ssa_fe_sub(&t, &v3, u);
	if (ssa_fe_is_zero(&t))
		return true;
	ssa_fe_sub(&t, &ssa_fe_zero, u);
	ssa_fe_sub(&t, &v3, &t);
	if (!ssa_fe_is_zero(&t))
		return false;
	ssa_fe_mul(r, r, &ssa_fe_sqrt_m1);
	return true;
}

/**
 * ssa_fe_select() - replace r by a, or leave it as it is
 * @r: the one
 * @a: the other
 * @mask: all ones to replace it, else 0
 *
 * Context: Any.
 */
void ssa_fe_select(struct ssa_fe *r, const struct ssa_fe *a, u64 mask)
{
	int i;

	OPTIMIZER_HIDE_VAR(mask);
	for (i = 0; i < 5; i++)
		r->v[i] ^= mask & (r->v[i] ^ a->v[i]);
}

/**
 * ssa_fe_to_bytes() - the one encoding of an element, RFC 8032 5.1.2
 * @out: little endian, below p
 * @a: loose
 *
 * Context: Any.
 */
void ssa_fe_to_bytes(u8 out[32], const struct ssa_fe *a)
{
	struct ssa_fe t = *a;
	u64 q;
	int i;

	/* now below 2^255 + 2^8, thus below 2p */
	ssa_fe_carry(&t);
	ssa_fe_carry(&t);

	/* t + 19 reaches 2^255 exactly if t >= p; then 19 more, less 2^255, is t - p */
	q = (t.v[0] + 19) >> 51;
	for (i = 1; i < 5; i++)
		q = (t.v[i] + q) >> 51;
	t.v[0] += 19 * q;
	for (i = 0; i < 4; i++) {
		t.v[i + 1] += t.v[i] >> 51;
		t.v[i] &= SSA_FE_MASK;
	}
	t.v[4] &= SSA_FE_MASK;

	put_unaligned_le64(t.v[0] | t.v[1] << 51, out);
	put_unaligned_le64(t.v[1] >> 13 | t.v[2] << 38, out + 8);
	put_unaligned_le64(t.v[2] >> 26 | t.v[3] << 25, out + 16);
	put_unaligned_le64(t.v[3] >> 39 | t.v[4] << 12, out + 24);
	memzero_explicit(&t, sizeof(t));
}

/**
 * ssa_fe_from_bytes() - read an element
 * @r: the result, tight
 * @in: little endian; the highest bit is not looked at
 *
 * Context: Any; for public values, since it branches.
 * Return: false if it is not below p.
 */
bool ssa_fe_from_bytes(struct ssa_fe *r, const u8 in[32])
{
	u64 w0 = get_unaligned_le64(in), w1 = get_unaligned_le64(in + 8);
	u64 w2 = get_unaligned_le64(in + 16), w3 = get_unaligned_le64(in + 24);
	u8 again[32];

	r->v[0] = w0 & SSA_FE_MASK;
	r->v[1] = (w0 >> 51 | w1 << 13) & SSA_FE_MASK;
	r->v[2] = (w1 >> 38 | w2 << 26) & SSA_FE_MASK;
	r->v[3] = (w2 >> 25 | w3 << 39) & SSA_FE_MASK;
	r->v[4] = (w3 >> 12) & SSA_FE_MASK;

	ssa_fe_to_bytes(again, r);
	again[31] |= in[31] & 0x80;
	return !memcmp(again, in, sizeof(again));
}

/**
 * ssa_fe_is_zero() - is an element 0?
 * @a: loose
 *
 * Context: Any; for public values.
 * Return: true if it is.
 */
bool ssa_fe_is_zero(const struct ssa_fe *a)
{
	u8 bytes[32], any = 0;
	int i;

	ssa_fe_to_bytes(bytes, a);
	for (i = 0; i < 32; i++)
		any |= bytes[i];
	return !any;
}
