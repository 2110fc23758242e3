// SPDX-License-Identifier: GPL-2.0
/*
 * Multiples of the base points, from tables that are made once. s2n-bignum has a function for
 * that with P-256; with P-384 it is done here, by its addition of points; with P-521, which
 * hardly anybody uses, there is no table.
 */
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>

#include "s2n.h"

/*
 * A table has j * 2^(bits * i) times the base point, in blocks by i, from j = 1 on to half
 * of 2^bits, as digits have a sign. With 7 bits rather than 5, P-256 is 3 % quicker while
 * nobody else uses the cache, and takes three times the memory.
 */
#define SSA_P256_BITS		5
#define SSA_P256_BLOCKS		(256 / SSA_P256_BITS + 1)
#define SSA_P384_BITS		4
#define SSA_P384_BLOCKS		(384 / SSA_P384_BITS)
#define SSA_P384_POINTS		(1 << (SSA_P384_BITS - 1))
#define SSA_P384_ENTRY		12	/* words */
#define SSA_P384_BLOCK		(SSA_P384_POINTS * SSA_P384_ENTRY)

/* written once, by ssa_s2n_base_setup() */
static u64 *ssa_p256_table;
static u64 *ssa_p384_table;

/* @mask ? x : z, where the mask has all bits or none */
static void ssa_s2n_select(u64 *z, const u64 *x, u64 mask, unsigned int words)
{
	unsigned int i;

	/* for the compiler it is no condition */
	OPTIMIZER_HIDE_VAR(mask);
	for (i = 0; i < words; i++)
		z[i] ^= (z[i] ^ x[i]) & mask;
}

/* entry = that of @digit, from 1 on, in a block, or 0 for 0: all are read */
static void ssa_p384_lookup(u64 *entry, const u64 *block, unsigned int digit)
{
	unsigned int i, j;

	memset(entry, 0, 8 * SSA_P384_ENTRY);
	for (i = 1; i <= SSA_P384_POINTS; i++, block += SSA_P384_ENTRY) {
		u64 mask = -(u64)(((digit ^ i) - 1) >> 31);

		OPTIMIZER_HIDE_VAR(mask);
		for (j = 0; j < SSA_P384_ENTRY; j++)
			entry[j] |= block[j] & mask;
	}
}

/*
 * Of k and n - k the lower, which is below 2^383: so its signed digits end with the last
 * block, and no sum meets a summand that is equal to it, or opposite. Returns all bits if it
 * is n - k.
 */
static u64 ssa_p384_lower(const struct ssa_s2n_curve *c, u64 *k)
{
	u64 other[6], mask;

	bignum_optsub(6, other, c->n, 1, k);
	mask = -bignum_ge(6, k, 6, other);
	ssa_s2n_select(k, other, mask, 6);
	return mask;
}

static void ssa_p384_base_mul(const struct ssa_s2n_curve *c, u64 *xy, const u64 *scalar)
{
	static const u64 zero[6];
	u64 k[6], sum[18] = {}, t[18], entry[SSA_P384_ENTRY], y[6], negative;
	unsigned int carry = 0, digit, i;

	memcpy(k, scalar, sizeof(k));
	negative = ssa_p384_lower(c, k);
	for (i = 0; i < SSA_P384_BLOCKS; i++) {
		/* from -7 to 8 */
		digit = (k[i / 16] >> 4 * (i % 16) & 0xf) + carry;
		carry = (SSA_P384_POINTS - digit) >> 31;
		digit = (digit ^ -carry) + (carry | carry << 4);
		digit &= 0xf;
		ssa_p384_lookup(entry, ssa_p384_table + i * SSA_P384_BLOCK, digit);
		ssa_s2n_sub(c, y, zero, entry + 6);
		ssa_s2n_select(entry + 6, y, -(u64)carry, 6);
		ssa_s2n(p384_montjmixadd, t, sum, entry);
		ssa_s2n_select(sum, t, (u64)((digit - 1) >> 31) - 1, 18);
	}
	ssa_s2n_affine(c, xy, sum);
	bignum_optsub(6, y, c->p, 1, xy + 6);
	ssa_s2n_select(xy + 6, y, negative, 6);
}

/**
 * ssa_s2n_base_mul() - multiply the base point by a scalar
 * @c: the curve
 * @xy: affine coordinates of the product, as numbers
 * @scalar: the scalar, from 1 to the order - 1
 *
 * Context: Any; 4.8 KB of stack with P-521, 1.7 with P-384, 0.7 with P-256.
 */
void ssa_s2n_base_mul(const struct ssa_s2n_curve *c, u64 *xy, const u64 *scalar)
{
	u64 point[3 * SSA_S2N_WORDS];

	if (c->words == 4) {
		ssa_s2n(p256_scalarmulbase, xy, scalar, SSA_P256_BITS, ssa_p256_table);
	} else if (c->words == 6) {
		ssa_p384_base_mul(c, xy, scalar);
	} else {
		ssa_s2n_point_mul(c, point, scalar, c->base);
		ssa_s2n_affine(c, xy, point);
	}
}

/* The coordinates of a point as affine elements */
static void ssa_s2n_table_put(const struct ssa_s2n_curve *c, u64 *entry, const u64 *point)
{
	u64 xy[2 * SSA_S2N_WORDS];

	ssa_s2n_affine(c, xy, point);
	ssa_s2n_element(c, entry, xy);
	ssa_s2n_element(c, entry + c->words, xy + c->words);
}

static u64 *ssa_s2n_make_table(const struct ssa_s2n_curve *c, unsigned int bits,
			       unsigned int blocks)
{
	u64 step[3 * SSA_S2N_WORDS], point[3 * SSA_S2N_WORDS], sum[3 * SSA_S2N_WORDS];
	unsigned int points = 1 << (bits - 1), i, j;
	u64 *table, *entry;

	table = kvmalloc_array(blocks * points, 16 * c->words, GFP_KERNEL);
	if (!table)
		return NULL;
	entry = table;
	memcpy(step, c->base, sizeof(step));
	for (i = 0; i < blocks; i++) {
		memcpy(point, step, sizeof(point));
		ssa_s2n_table_put(c, entry, point);
		entry += 2 * c->words;
		for (j = 2; j <= points; j++) {
			ssa_s2n_point_add_vartime(c, sum, point, step);
			memcpy(point, sum, sizeof(point));
			ssa_s2n_table_put(c, entry, point);
			entry += 2 * c->words;
		}
		ssa_s2n_point_double(c, step, point);
	}
	return table;
}

/**
 * ssa_s2n_base_setup() - make the tables, when the curves are there
 *
 * Context: Process.
 * Return: 0, or -ENOMEM, after which ssa_s2n_base_teardown() is to be called, too.
 */
int ssa_s2n_base_setup(void)
{
	ssa_p256_table = ssa_s2n_make_table(ssa_s2n_curve(BR_EC_secp256r1), SSA_P256_BITS,
					    SSA_P256_BLOCKS);
	ssa_p384_table = ssa_s2n_make_table(ssa_s2n_curve(BR_EC_secp384r1), SSA_P384_BITS,
					    SSA_P384_BLOCKS);
	return ssa_p256_table && ssa_p384_table ? 0 : -ENOMEM;
}

/**
 * ssa_s2n_base_teardown() - free the tables
 *
 * Context: Process.
 */
void ssa_s2n_base_teardown(void)
{
	kvfree(ssa_p256_table);
	kvfree(ssa_p384_table);
	ssa_p256_table = NULL;
	ssa_p384_table = NULL;
}
