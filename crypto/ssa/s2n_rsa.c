// SPDX-License-Identifier: GPL-2.0
/*
 * RSA over s2n-bignum: exponents modulo the factors (RFC 8017 5.2.1, second form), in
 * Montgomery's form. Between multiplications numbers are "almost" reduced: below 2^(64k),
 * congruent, and not always below the modulus.
 */
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>

#include "s2n.h"

#define SSA_RSA_WINDOW		4	/* bits of the exponent at a time */
#define SSA_RSA_POWERS		16	/* so many numbers they make, and bignum_mux16() takes */
#define SSA_RSA_SCRATCH		96	/* words that the largest product of s2n-bignum wants */
#define SSA_RSA_BLOCK		64	/* and has */

/**
 * struct ssa_s2n_rsa - a modulus, and room for computations with it
 * @k: words of the modulus and of each number below, where nothing else is said; a multiple
 *	of 8
 * @inverse: -1 / @m modulo 2^64
 * @m: the modulus
 * @square: 2^(128k) mod @m, which takes numbers to Montgomery's form
 * @base: what is raised to a power, in Montgomery's form
 * @power: its power so far
 * @entry: a power from @powers
 * @product: 2k words
 * @block: SSA_RSA_BLOCK words
 * @scratch: SSA_RSA_SCRATCH words
 * @x: the number that came in, 2k words; of public keys k
 * @other: the result modulo the other factor, 2k words
 * @powers: private keys only: the first SSA_RSA_POWERS powers of @base
 */
struct ssa_s2n_rsa {
	unsigned int	k;
	u64		inverse;
	u64		*m, *square, *base, *power, *entry, *product;
	u64		*block, *scratch, *x, *other, *powers;
};

/* One piece of memory for all; NULL if there is none, and nobody is told */
static struct ssa_s2n_rsa *ssa_s2n_rsa_new(unsigned int k, bool private)
{
	size_t words = (private ? 11 + SSA_RSA_POWERS : 11) * k + SSA_RSA_BLOCK + SSA_RSA_SCRATCH;
	struct ssa_s2n_rsa *rsa;
	u64 *room;

	rsa = kzalloc(sizeof(*rsa) + words * sizeof(u64), GFP_KERNEL | __GFP_NOWARN);
	if (!rsa)
		return NULL;
	room = (u64 *)(rsa + 1);
	rsa->k = k;
	rsa->m = room;
	rsa->square = rsa->m + k;
	rsa->base = rsa->square + k;
	rsa->power = rsa->base + k;
	rsa->entry = rsa->power + k;
	rsa->product = rsa->entry + k;
	rsa->x = rsa->product + 2 * k;
	rsa->other = rsa->x + 2 * k;
	rsa->block = rsa->other + 2 * k;
	rsa->scratch = rsa->block + SSA_RSA_BLOCK;
	rsa->powers = rsa->scratch + SSA_RSA_SCRATCH;
	return rsa;
}

static void ssa_s2n_rsa_modulus(struct ssa_s2n_rsa *rsa, const u8 *m, size_t len)
{
	ssa_s2n_get(rsa->k, rsa->m, m, len);
	rsa->inverse = word_negmodinv(rsa->m[0]);
	bignum_montifier(rsa->k, rsa->square, rsa->m, rsa->product);
}

/* BMI2 and ADX are there: products, and their reduction, by functions that use them */
static bool ssa_s2n_rsa_fast(void)
{
	return ssa_backend_now() == SSA_BACKEND_S2N;
}

/* The largest size of which there are products, and of which @k is a multiple */
static unsigned int ssa_s2n_rsa_block(unsigned int k)
{
	return k % 32 == 0 ? 32 : k % 16 == 0 ? 16 : 8;
}

static void ssa_s2n_rsa_block_mul(struct ssa_s2n_rsa *rsa, unsigned int size, u64 *z,
				  const u64 *x, const u64 *y)
{
	if (size == 32)
		bignum_kmul_32_64(z, x, y, rsa->scratch);
	else if (size == 16)
		bignum_kmul_16_32(z, x, y, rsa->scratch);
	else
		bignum_mul_8_16(z, x, y);
}

static void ssa_s2n_rsa_block_sqr(struct ssa_s2n_rsa *rsa, unsigned int size, u64 *z, const u64 *x)
{
	if (size == 32)
		bignum_ksqr_32_64(z, x, rsa->scratch);
	else if (size == 16)
		bignum_ksqr_16_32(z, x, rsa->scratch);
	else
		bignum_sqr_8_16(z, x);
}

/* Add @words of @block to @product from the word @at on */
static void ssa_s2n_rsa_accumulate(struct ssa_s2n_rsa *rsa, unsigned int at, unsigned int words)
{
	u64 *z = rsa->product + at;
	unsigned int i;
	u64 carry;

	carry = bignum_optadd(words, z, z, 1, rsa->block);
	for (i = at + words; i < 2 * rsa->k; i++) {
		rsa->product[i] += carry;
		carry &= !rsa->product[i];
	}
}

/* product = x * y, by the school's method with blocks for digits */
static void ssa_s2n_rsa_product(struct ssa_s2n_rsa *rsa, const u64 *x, const u64 *y)
{
	unsigned int k = rsa->k, size = ssa_s2n_rsa_block(k), i, j;

	if (size == k) {
		ssa_s2n_rsa_block_mul(rsa, size, rsa->product, x, y);
		return;
	}
	memset(rsa->product, 0, 16 * k);
	for (i = 0; i < k; i += size) {
		for (j = 0; j < k; j += size) {
			ssa_s2n_rsa_block_mul(rsa, size, rsa->block, x + i, y + j);
			ssa_s2n_rsa_accumulate(rsa, i + j, 2 * size);
		}
	}
}

/* product = x^2: blocks by other blocks, twice, and by themselves */
static void ssa_s2n_rsa_square(struct ssa_s2n_rsa *rsa, const u64 *x)
{
	unsigned int k = rsa->k, size = ssa_s2n_rsa_block(k), i, j;

	if (size == k) {
		ssa_s2n_rsa_block_sqr(rsa, size, rsa->product, x);
		return;
	}
	memset(rsa->product, 0, 16 * k);
	for (i = 0; i < k; i += size) {
		for (j = i + size; j < k; j += size) {
			ssa_s2n_rsa_block_mul(rsa, size, rsa->block, x + i, x + j);
			ssa_s2n_rsa_accumulate(rsa, i + j, 2 * size);
		}
	}
	bignum_optadd(2 * k, rsa->product, rsa->product, 1, rsa->product);
	for (i = 0; i < k; i += size) {
		ssa_s2n_rsa_block_sqr(rsa, size, rsa->block, x + i);
		ssa_s2n_rsa_accumulate(rsa, 2 * i, 2 * size);
	}
}

/* z = product / 2^(64k) mod m, almost reduced, of any product */
static void ssa_s2n_rsa_reduce(struct ssa_s2n_rsa *rsa, u64 *z)
{
	u64 over = bignum_emontredc_8n(rsa->k, rsa->product, rsa->m, rsa->inverse);

	bignum_optsub(rsa->k, z, rsa->product + rsa->k, over, rsa->m);
}

static void ssa_s2n_rsa_mul(struct ssa_s2n_rsa *rsa, u64 *z, const u64 *x, const u64 *y)
{
	if (ssa_s2n_rsa_fast()) {
		ssa_s2n_rsa_product(rsa, x, y);
		ssa_s2n_rsa_reduce(rsa, z);
		return;
	}
	/* s2n-bignum's own has the sums where the result will be */
	bignum_amontmul(rsa->k, rsa->product, x, y, rsa->m);
	memcpy(z, rsa->product, 8 * rsa->k);
}

static void ssa_s2n_rsa_sqr(struct ssa_s2n_rsa *rsa, u64 *z, const u64 *x)
{
	if (ssa_s2n_rsa_fast()) {
		ssa_s2n_rsa_square(rsa, x);
		ssa_s2n_rsa_reduce(rsa, z);
		return;
	}
	bignum_amontsqr(rsa->k, rsa->product, x, rsa->m);
	memcpy(z, rsa->product, 8 * rsa->k);
}

/* The same as ssa_s2n_rsa_mul(), fully reduced if x or y is. */
static void ssa_s2n_rsa_montmul(struct ssa_s2n_rsa *rsa, u64 *z, const u64 *x, const u64 *y)
{
	u64 over;

	if (ssa_s2n_rsa_fast()) {
		ssa_s2n_rsa_product(rsa, x, y);
		over = bignum_emontredc_8n(rsa->k, rsa->product, rsa->m, rsa->inverse);
		/* less than 2m */
		over |= bignum_ge(rsa->k, rsa->product + rsa->k, rsa->k, rsa->m);
		bignum_optsub(rsa->k, z, rsa->product + rsa->k, over, rsa->m);
		return;
	}
	bignum_montmul(rsa->k, rsa->product, x, y, rsa->m);
	memcpy(z, rsa->product, 8 * rsa->k);
}

/**
 * ssa_s2n_rsa_public() - RSAEP and RSAVP1, RFC 8017 5.1.1 and 5.2.2
 * @key: a key that passed ssa_rsa_check()
 * @x: number of n_len bytes, replaced by the result
 *
 * Context: Process; 1 KB of stack; may sleep.
 * Return: 0, -EINVAL if @x is not below the modulus, or -ENOMEM.
 */
int ssa_s2n_rsa_public(const struct ssa_public_key *key, u8 *x)
{
	unsigned int k = round_up(DIV_ROUND_UP(key->n_len, 8), 8);
	struct ssa_s2n_rsa *rsa = ssa_s2n_rsa_new(k, false);
	int err = -EINVAL, bit;
	u64 e;

	if (!rsa)
		return -ENOMEM;
	ssa_s2n_rsa_modulus(rsa, key->n, key->n_len);
	ssa_s2n_get(k, rsa->x, x, key->n_len);
	if (bignum_ge(k, rsa->x, k, rsa->m))
		goto out;

	ssa_s2n_rsa_montmul(rsa, rsa->base, rsa->x, rsa->square);
	memcpy(rsa->power, rsa->base, 8 * k);
	ssa_s2n_get(1, &e, key->e, key->e_len);
	/* the exponent is odd, and no secret: its lowest bit comes last, beside the others */
	for (bit = fls64(e) - 2; bit > 0; bit--) {
		ssa_s2n_rsa_sqr(rsa, rsa->power, rsa->power);
		if (e >> bit & 1)
			ssa_s2n_rsa_mul(rsa, rsa->power, rsa->power, rsa->base);
	}
	ssa_s2n_rsa_sqr(rsa, rsa->power, rsa->power);
	/* with the number itself, which takes it out of Montgomery's form, and reduces */
	ssa_s2n_rsa_montmul(rsa, rsa->power, rsa->power, rsa->x);
	ssa_s2n_put(k, rsa->power, x, key->n_len);
	err = 0;
out:
	kfree(rsa);
	return err;
}

/* power = x^d mod m, fully reduced. @m_len is no secret, @m and @d are. */
static void ssa_s2n_rsa_half(struct ssa_s2n_rsa *rsa, const u8 *m, size_t m_len,
			     const u8 *d, size_t d_len)
{
	static const u64 one[SSA_RSA_MAX_BYTES / 16] = { 1 };
	unsigned int k = rsa->k, i, j, index;

	ssa_s2n_rsa_modulus(rsa, m, m_len);

	/* the number is high * 2^(64k) + low; all of these are fully reduced */
	ssa_s2n_rsa_montmul(rsa, rsa->base, rsa->x + k, rsa->square);
	ssa_s2n_rsa_montmul(rsa, rsa->base, rsa->base, rsa->square);
	ssa_s2n_rsa_montmul(rsa, rsa->power, rsa->x, rsa->square);
	bignum_modadd(k, rsa->base, rsa->base, rsa->power, rsa->m);

	ssa_s2n_rsa_montmul(rsa, rsa->powers, one, rsa->square);
	memcpy(rsa->powers + k, rsa->base, 8 * k);
	for (i = 2; i < SSA_RSA_POWERS; i++)
		ssa_s2n_rsa_mul(rsa, rsa->powers + i * k, rsa->powers + (i - 1) * k, rsa->base);

	memcpy(rsa->power, rsa->powers, 8 * k);
	for (i = 0; i < 2 * m_len; i++) {
		size_t byte = i / 2 + d_len;	/* the exponent has m_len bytes */

		index = byte < m_len ? 0 : d[byte - m_len] >> (i & 1 ? 0 : 4) & 0xf;
		for (j = 0; j < SSA_RSA_WINDOW; j++)
			ssa_s2n_rsa_sqr(rsa, rsa->power, rsa->power);
		/* reads all of them */
		bignum_mux16(k, rsa->entry, rsa->powers, index);
		ssa_s2n_rsa_mul(rsa, rsa->power, rsa->power, rsa->entry);
	}
	bignum_demont(k, rsa->product, rsa->power, rsa->m);
	memcpy(rsa->power, rsa->product, 8 * k);
}

/**
 * ssa_s2n_rsa_private() - RSADP and RSASP1, RFC 8017 5.1.2 and 5.2.1
 * @key: the key, of at most SSA_RSA_MAX_BITS
 * @n_len: bytes of the modulus
 * @x: number of @n_len bytes, replaced by the result, which the caller has to verify
 *
 * Context: Process; 1 KB of stack; may sleep.
 * Return: 0; -EINVAL if the factors are too short for the modulus; or -ENOMEM.
 */
int ssa_s2n_rsa_private(const br_rsa_private_key *key, size_t n_len, u8 *x)
{
	unsigned int k = round_up(DIV_ROUND_UP(max(key->plen, key->qlen), 8), 8);
	struct ssa_s2n_rsa *rsa;

	/* not a product of such factors: a key that is being read, and will be rejected */
	if (n_len > 16 * k)
		return -EINVAL;
	rsa = ssa_s2n_rsa_new(k, true);
	if (!rsa)
		return -ENOMEM;
	ssa_s2n_get(2 * k, rsa->x, x, n_len);
	ssa_s2n_rsa_half(rsa, key->q, key->qlen, key->dq, key->dqlen);
	memcpy(rsa->other, rsa->power, 8 * k);
	ssa_s2n_rsa_half(rsa, key->p, key->plen, key->dp, key->dplen);

	/* h = (m_1 - m_2) / q mod p, the difference in Montgomery's form */
	ssa_s2n_rsa_montmul(rsa, rsa->power, rsa->power, rsa->square);
	ssa_s2n_rsa_montmul(rsa, rsa->base, rsa->other, rsa->square);
	bignum_modsub(k, rsa->power, rsa->power, rsa->base, rsa->m);
	ssa_s2n_get(k, rsa->entry, key->iq, key->iqlen);
	ssa_s2n_rsa_montmul(rsa, rsa->power, rsa->power, rsa->entry);

	/* m_2 + q * h */
	ssa_s2n_get(k, rsa->entry, key->q, key->qlen);
	bignum_mul(2 * k, rsa->product, k, rsa->power, k, rsa->entry);
	bignum_optadd(2 * k, rsa->x, rsa->product, 1, rsa->other);
	ssa_s2n_put(2 * k, rsa->x, x, n_len);
	kfree_sensitive(rsa);
	return 0;
}
