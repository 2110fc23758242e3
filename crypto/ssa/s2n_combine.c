// SPDX-License-Identifier: GPL-2.0
/*
 * u1 * G + u2 * Q of numbers that are no secret, as the verification of a signature needs
 * it: one chain of doublings for both, and signed digits that are odd or, mostly, 0.
 */
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>

#include "s2n.h"

#define SSA_DIGITS_MAX		(521 + 1)

/* Digits are odd and below half of 2 to the power of this, in both directions. */
#define SSA_WINDOW_BASE		7
#define SSA_WINDOW_POINT	4
#define SSA_ODD_BASE		(1 << (SSA_WINDOW_BASE - 2))	/* odd multiples */
#define SSA_ODD_POINT		(1 << (SSA_WINDOW_POINT - 2))

/* table[i] = (2i + 1) * point */
static noinline_for_stack void ssa_s2n_odd_multiples(const struct ssa_s2n_curve *c,
						     u64 *table, unsigned int count,
						     const u64 *point)
{
	unsigned int size = 3 * c->words, i;
	u64 twice[3 * SSA_S2N_WORDS];

	memcpy(table, point, 8 * size);
	ssa_s2n_point_double(c, twice, point);
	for (i = 1; i < count; i++)
		ssa_s2n_point_add_vartime(c, table + i * size, table + (i - 1) * size, twice);
}

/* @count bits from bit @at on */
static unsigned int ssa_s2n_bits(const struct ssa_s2n_curve *c, const u64 *x, unsigned int at,
				 unsigned int count)
{
	unsigned int word = at / 64, shift = at % 64;
	u64 bits;

	if (word >= c->words)
		return 0;
	bits = x[word] >> shift;
	if (shift && word + 1 < c->words)
		bits |= x[word + 1] << (64 - shift);
	return bits & ((1 << count) - 1);
}

/* x = sum of digits[i] * 2^i. Returns how many there are. */
static unsigned int ssa_s2n_digits(const struct ssa_s2n_curve *c, s8 *digits, const u64 *x,
				   unsigned int window)
{
	unsigned int count = min_t(unsigned int, 8 * c->bytes + 1, SSA_DIGITS_MAX), i = 0;
	unsigned int carry = 0;
	int digit;

	memset(digits, 0, SSA_DIGITS_MAX);
	while (i < count) {
		if (ssa_s2n_bits(c, x, i, 1) == carry) {
			i++;
			continue;
		}
		digit = ssa_s2n_bits(c, x, i, window) + carry;
		carry = digit >> (window - 1);
		digits[i] = digit - (int)(carry << window);
		i += window;
	}
	return count;
}

/* sum += digit * point, of which @table has the odd multiples */
static void ssa_s2n_add_digit(const struct ssa_s2n_curve *c, u64 *sum, const u64 *table, int digit)
{
	static const u64 zero[SSA_S2N_WORDS];
	u64 entry[3 * SSA_S2N_WORDS], t[3 * SSA_S2N_WORDS];
	unsigned int size = 3 * c->words;

	memcpy(entry, table + abs(digit) / 2 * size, 8 * size);
	if (digit < 0)
		ssa_s2n_sub(c, entry + c->words, zero, entry + c->words);
	memcpy(t, sum, 8 * size);
	ssa_s2n_point_add_vartime(c, sum, t, entry);
}

/* @two: the digits of u2 */
static noinline_for_stack void ssa_s2n_chain(const struct ssa_s2n_curve *c, u64 *sum,
					     const u64 *u1, const s8 *two, const u64 *table)
{
	s8 one[SSA_DIGITS_MAX];
	unsigned int i = ssa_s2n_digits(c, one, u1, SSA_WINDOW_BASE);

	memset(sum, 0, 24 * c->words);
	while (i-- > 0) {
		if (!ssa_s2n_is_zero(c->words, sum + 2 * c->words))
			ssa_s2n_point_double(c, sum, sum);
		if (one[i])
			ssa_s2n_add_digit(c, sum, c->odd, one[i]);
		if (two[i])
			ssa_s2n_add_digit(c, sum, table, two[i]);
	}
}

static noinline_for_stack void ssa_s2n_two_digits(const struct ssa_s2n_curve *c, u64 *sum,
						  const u64 *u1, const u64 *u2,
						  const u64 *table)
{
	s8 two[SSA_DIGITS_MAX];

	ssa_s2n_digits(c, two, u2, SSA_WINDOW_POINT);
	ssa_s2n_chain(c, sum, u1, two, table);
}

/**
 * ssa_s2n_combine_vartime() - u1 * G + u2 * Q
 * @c: the curve
 * @sum: the sum, infinite or not
 * @u1: a scalar below the order
 * @u2: another
 * @q: a point of the curve
 *
 * Context: Any; 3.5 KB of stack with P-521.
 */
void ssa_s2n_combine_vartime(const struct ssa_s2n_curve *c, u64 *sum, const u64 *u1,
			     const u64 *u2, const u64 *q)
{
	u64 table[3 * SSA_S2N_WORDS * SSA_ODD_POINT];

	ssa_s2n_odd_multiples(c, table, SSA_ODD_POINT, q);
	ssa_s2n_two_digits(c, sum, u1, u2, table);
}

/**
 * ssa_s2n_combine_setup() - compute the odd multiples of the base point
 * @c: the curve, whose other members are set
 *
 * Context: Process.
 * Return: 0, or -ENOMEM.
 */
int ssa_s2n_combine_setup(struct ssa_s2n_curve *c)
{
	c->odd = kmalloc_array(SSA_ODD_BASE, 24 * c->words, GFP_KERNEL);
	if (!c->odd)
		return -ENOMEM;
	ssa_s2n_odd_multiples(c, c->odd, SSA_ODD_BASE, c->base);
	return 0;
}
