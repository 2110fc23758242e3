// SPDX-License-Identifier: GPL-2.0
/*
 * Numbers modulo the order of Ed25519's base point (RFC 8032 5.1),
 * L = 2^252 + 27742317777372353535851937790883648493. Nothing here takes a time
 * that depends on a value.
 */
#include <linux/compiler.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/unaligned.h>

#include "ed25519.h"

#define SSA_SC_LIMBS	4

static const u64 ssa_sc_order[SSA_SC_LIMBS + 1] = {
	0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0, 0x1000000000000000, 0,
};

/* 2^512 / L, rounded down */
static const u64 ssa_sc_mu[SSA_SC_LIMBS + 1] = {
	0xed9ce5a30a2c131b, 0x2106215d086329a7, 0xffffffffffffffeb, 0xffffffffffffffff, 0xf,
};

/* r = a * b; r has as many limbs as both together */
static void ssa_limbs_mul(u64 *r, const u64 *a, unsigned int a_len,
			  const u64 *b, unsigned int b_len)
{
	unsigned int i, j;

	memset(r, 0, (a_len + b_len) * sizeof(*r));
	for (i = 0; i < a_len; i++) {
		u64 carry = 0;

		for (j = 0; j < b_len; j++) {
			u128 t = (u128)a[i] * b[j] + r[i + j] + carry;

			r[i + j] = t;
			carry = t >> 64;
		}
		r[i + b_len] = carry;
	}
}

/* r = a - b, all of @len limbs; 1 if that is negative */
static u64 ssa_limbs_sub(u64 *r, const u64 *a, const u64 *b, unsigned int len)
{
	u64 borrow = 0;
	unsigned int i;

	for (i = 0; i < len; i++) {
		u128 t = (u128)a[i] - b[i] - borrow;

		r[i] = t;
		borrow = (u64)(t >> 64) & 1;
	}
	return borrow;
}

/* r = a - L if that is not negative; five limbs */
static void ssa_sc_sub_order(u64 *a)
{
	u64 t[SSA_SC_LIMBS + 1], mask;
	int i;

	mask = ssa_limbs_sub(t, a, ssa_sc_order, SSA_SC_LIMBS + 1) - 1;
	OPTIMIZER_HIDE_VAR(mask);
	for (i = 0; i < SSA_SC_LIMBS + 1; i++)
		a[i] ^= mask & (a[i] ^ t[i]);
	memzero_explicit(t, sizeof(t));
}

/*
 * Barrett's reduction (Handbook of Applied Cryptography, 14.42) of a number
 * below 2^512: the estimate of the quotient is too small by at most 2.
 */
static void ssa_sc_barrett(struct ssa_sc *r, const u64 x[2 * SSA_SC_LIMBS])
{
	u64 q[2 * SSA_SC_LIMBS + 2], qm[2 * SSA_SC_LIMBS + 2], rest[SSA_SC_LIMBS + 1];

	ssa_limbs_mul(q, x + SSA_SC_LIMBS - 1, SSA_SC_LIMBS + 1, ssa_sc_mu, SSA_SC_LIMBS + 1);
	ssa_limbs_mul(qm, q + SSA_SC_LIMBS + 1, SSA_SC_LIMBS + 1,
		      ssa_sc_order, SSA_SC_LIMBS + 1);
	/* modulo 2^320 */
	ssa_limbs_sub(rest, x, qm, SSA_SC_LIMBS + 1);
	ssa_sc_sub_order(rest);
	ssa_sc_sub_order(rest);
	memcpy(r->v, rest, sizeof(r->v));

	memzero_explicit(q, sizeof(q));
	memzero_explicit(qm, sizeof(qm));
	memzero_explicit(rest, sizeof(rest));
}

/**
 * ssa_sc_from_bytes() - read a number
 * @r: the result, not reduced
 * @in: little endian
 *
 * Context: Any.
 */
void ssa_sc_from_bytes(struct ssa_sc *r, const u8 in[32])
{
	int i;

	for (i = 0; i < SSA_SC_LIMBS; i++)
		r->v[i] = get_unaligned_le64(in + 8 * i);
}

/**
 * ssa_sc_to_bytes() - write a number
 * @out: little endian
 * @a: the number
 *
 * Context: Any.
 */
void ssa_sc_to_bytes(u8 out[32], const struct ssa_sc *a)
{
	int i;

	for (i = 0; i < SSA_SC_LIMBS; i++)
		put_unaligned_le64(a->v[i], out + 8 * i);
}

/**
 * ssa_sc_is_reduced() - is a number below L?
 * @a: the number
 *
 * Context: Any.
 * Return: true if it is.
 */
bool ssa_sc_is_reduced(const struct ssa_sc *a)
{
	u64 t[SSA_SC_LIMBS];

	return ssa_limbs_sub(t, a->v, ssa_sc_order, SSA_SC_LIMBS);
}

/**
 * ssa_sc_reduce() - a digest of SHA-512 modulo L
 * @r: the result
 * @in: little endian
 *
 * Context: Any.
 */
void ssa_sc_reduce(struct ssa_sc *r, const u8 in[64])
{
	u64 x[2 * SSA_SC_LIMBS];
	int i;

	for (i = 0; i < 2 * SSA_SC_LIMBS; i++)
		x[i] = get_unaligned_le64(in + 8 * i);
	ssa_sc_barrett(r, x);
	memzero_explicit(x, sizeof(x));
}

/**
 * ssa_sc_muladd() - r = a * b + c modulo L
 * @r: the result
 * @a: below L
 * @b: below 2^256
 * @c: below L
 *
 * Context: Any.
 */
void ssa_sc_muladd(struct ssa_sc *r, const struct ssa_sc *a, const struct ssa_sc *b,
		   const struct ssa_sc *c)
{
	u64 x[2 * SSA_SC_LIMBS], carry = 0;
	int i;

	ssa_limbs_mul(x, a->v, SSA_SC_LIMBS, b->v, SSA_SC_LIMBS);
	for (i = 0; i < 2 * SSA_SC_LIMBS; i++) {
		u128 t = (u128)x[i] + (i < SSA_SC_LIMBS ? c->v[i] : 0) + carry;

		x[i] = t;
		carry = t >> 64;
	}
	ssa_sc_barrett(r, x);
	memzero_explicit(x, sizeof(x));
}
