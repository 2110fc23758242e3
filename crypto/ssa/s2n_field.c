// SPDX-License-Identifier: GPL-2.0
/*
 * Numbers modulo p and modulo the order of the NIST curves. s2n-bignum has functions for
 * each modulus; here they get one name each, for all curves.
 */
#include <linux/string.h>
#include <linux/types.h>

#include "s2n.h"

/**
 * ssa_s2n_get() - a number from bytes
 * @words: words of @z
 * @z: the number
 * @bytes: the same, big endian
 * @len: bytes of it, at most 8 * @words
 *
 * Context: Any.
 */
void ssa_s2n_get(unsigned int words, u64 *z, const u8 *bytes, size_t len)
{
	size_t i;

	memset(z, 0, 8 * words);
	for (i = 0; i < len; i++)
		z[i / 8] |= (u64)bytes[len - 1 - i] << 8 * (i % 8);
}

/**
 * ssa_s2n_put() - a number to bytes
 * @words: words of @x
 * @x: the number
 * @bytes: room for @len bytes, big endian
 * @len: bytes that the number has, at most 8 * @words
 *
 * Context: Any.
 */
void ssa_s2n_put(unsigned int words, const u64 *x, u8 *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		bytes[len - 1 - i] = x[i / 8] >> 8 * (i % 8);
}

/**
 * ssa_s2n_is_zero() - is a number 0?
 * @words: words of @x
 * @x: the number
 *
 * Context: Any.
 * Return: true if it is; whether it depends on a secret is for the caller to know.
 */
bool ssa_s2n_is_zero(unsigned int words, const u64 *x)
{
	u64 any = 0;

	while (words--)
		any |= x[words];
	return !any;
}

/**
 * ssa_s2n_mul() - multiply elements
 * @c: the curve
 * @z: the product
 * @x: one
 * @y: the other
 *
 * Context: Any.
 */
void ssa_s2n_mul(const struct ssa_s2n_curve *c, u64 *z, const u64 *x, const u64 *y)
{
	if (c->words == 4)
		ssa_s2n(bignum_montmul_p256, z, x, y);
	else if (c->words == 6)
		ssa_s2n(bignum_montmul_p384, z, x, y);
	else
		ssa_s2n(bignum_mul_p521, z, x, y);
}

/**
 * ssa_s2n_sqr() - square an element
 * @c: the curve
 * @z: the square
 * @x: the element
 *
 * Context: Any.
 */
void ssa_s2n_sqr(const struct ssa_s2n_curve *c, u64 *z, const u64 *x)
{
	if (c->words == 4)
		ssa_s2n(bignum_montsqr_p256, z, x);
	else if (c->words == 6)
		ssa_s2n(bignum_montsqr_p384, z, x);
	else
		ssa_s2n(bignum_sqr_p521, z, x);
}

/**
 * ssa_s2n_add() - add elements
 * @c: the curve
 * @z: the sum
 * @x: one
 * @y: the other
 *
 * Context: Any.
 */
void ssa_s2n_add(const struct ssa_s2n_curve *c, u64 *z, const u64 *x, const u64 *y)
{
	if (c->words == 4)
		bignum_add_p256(z, x, y);
	else if (c->words == 6)
		bignum_add_p384(z, x, y);
	else
		bignum_add_p521(z, x, y);
}

/**
 * ssa_s2n_sub() - subtract elements
 * @c: the curve
 * @z: @x - @y
 * @x: one
 * @y: the other
 *
 * Context: Any.
 */
void ssa_s2n_sub(const struct ssa_s2n_curve *c, u64 *z, const u64 *x, const u64 *y)
{
	if (c->words == 4)
		bignum_sub_p256(z, x, y);
	else if (c->words == 6)
		bignum_sub_p384(z, x, y);
	else
		bignum_sub_p521(z, x, y);
}

/**
 * ssa_s2n_inv() - invert an element
 * @c: the curve
 * @z: 1 / @x
 * @x: an element other than 0
 *
 * Context: Any.
 */
void ssa_s2n_inv(const struct ssa_s2n_curve *c, u64 *z, const u64 *x)
{
	if (c->words == 4)
		bignum_montinv_p256(z, x);
	else if (c->words == 6)
		bignum_montinv_p384(z, x);
	else
		bignum_inv_p521(z, x);
}

/**
 * ssa_s2n_element() - make an element of a number
 * @c: the curve
 * @z: the element
 * @x: the number, below p
 *
 * Context: Any.
 */
void ssa_s2n_element(const struct ssa_s2n_curve *c, u64 *z, const u64 *x)
{
	if (c->words == 9)
		memmove(z, x, 8 * c->words);
	else
		ssa_s2n_mul(c, z, x, c->p_square);
}

/**
 * ssa_s2n_number() - make a number of an element
 * @c: the curve
 * @z: the number, below p
 * @x: the element
 *
 * Context: Any.
 */
void ssa_s2n_number(const struct ssa_s2n_curve *c, u64 *z, const u64 *x)
{
	static const u64 one[SSA_S2N_WORDS] = { 1 };

	if (c->words == 9)
		memmove(z, x, 8 * c->words);
	else
		ssa_s2n_mul(c, z, x, one);
}

/**
 * ssa_s2n_scalar_mul() - multiply modulo the order
 * @c: the curve
 * @z: @x * @y mod n
 * @x: a number below n
 * @y: another
 *
 * Context: Any.
 */
void ssa_s2n_scalar_mul(const struct ssa_s2n_curve *c, u64 *z, const u64 *x, const u64 *y)
{
	u64 t[SSA_S2N_WORDS];

	bignum_montmul(c->words, t, x, y, c->n);
	bignum_montmul(c->words, z, t, c->n_square, c->n);
}
