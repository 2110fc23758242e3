// SPDX-License-Identifier: GPL-2.0
/*
 * Points of the NIST curves, and X25519, over s2n-bignum.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>

#include "declassify.h"
#include "s2n.h"

#define SSA_POINT_UNCOMPRESSED	0x04	/* SEC 1, 2.3.3 */

/* p is all that is known here: the rest comes from BearSSL, or is computed. */
static struct ssa_s2n_curve ssa_s2n_curves[] = {
	{
		.words = 4, .bytes = 32, .curve = BR_EC_secp256r1,
		.p = { ~0ULL, 0x00000000ffffffff, 0, 0xffffffff00000001 },
	},
	{
		.words = 6, .bytes = 48, .curve = BR_EC_secp384r1,
		.p = { 0x00000000ffffffff, 0xffffffff00000000, 0xfffffffffffffffe,
		       ~0ULL, ~0ULL, ~0ULL },
	},
	{
		.words = 9, .bytes = 66, .curve = BR_EC_secp521r1,
		.p = { ~0ULL, ~0ULL, ~0ULL, ~0ULL, ~0ULL, ~0ULL, ~0ULL, ~0ULL, 0x1ff },
	},
};

/**
 * ssa_s2n_curve() - a curve
 * @curve: number of the curve in BearSSL, one of those that a key can have
 *
 * Context: Any.
 * Return: the curve.
 */
const struct ssa_s2n_curve *ssa_s2n_curve(int curve)
{
	switch (curve) {
	case BR_EC_secp256r1:
		return &ssa_s2n_curves[0];
	case BR_EC_secp384r1:
		return &ssa_s2n_curves[1];
	default:
		return &ssa_s2n_curves[2];
	}
}

/* x^3 - 3x */
static void ssa_s2n_cubic(const struct ssa_s2n_curve *c, u64 *z, const u64 *x)
{
	u64 t[SSA_S2N_WORDS];

	ssa_s2n_sqr(c, t, x);
	ssa_s2n_mul(c, t, t, x);
	ssa_s2n_sub(c, t, t, x);
	ssa_s2n_sub(c, t, t, x);
	ssa_s2n_sub(c, z, t, x);
}

/* Coordinates below p, and z = 1; whether they are of a point is not looked at. */
static bool ssa_s2n_coordinates(const struct ssa_s2n_curve *c, u64 *point, const u8 *bytes)
{
	static const u64 one[SSA_S2N_WORDS] = { 1 };
	u64 x[SSA_S2N_WORDS];
	unsigned int i;

	for (i = 0; i < 2; i++) {
		ssa_s2n_get(c->words, x, bytes + 1 + i * c->bytes, c->bytes);
		if (bignum_ge(c->words, x, c->words, c->p))
			return false;
		ssa_s2n_element(c, point + i * c->words, x);
	}
	ssa_s2n_element(c, point + 2 * c->words, one);
	return true;
}

/**
 * ssa_s2n_point_get() - read a point
 * @c: the curve
 * @point: the point, with z = 1
 * @bytes: uncompressed point (SEC 1, 2.3.3) of the length that the curve has, its first
 *	byte checked already
 *
 * Context: Any.
 * Return: true if it is a point of the curve.
 */
bool ssa_s2n_point_get(const struct ssa_s2n_curve *c, u64 *point, const u8 *bytes)
{
	u64 left[SSA_S2N_WORDS], right[SSA_S2N_WORDS];

	if (!ssa_s2n_coordinates(c, point, bytes))
		return false;
	ssa_s2n_sqr(c, left, point + c->words);
	ssa_s2n_cubic(c, right, point);
	ssa_s2n_add(c, right, right, c->b);
	return !memcmp(left, right, 8 * c->words);
}

/**
 * ssa_s2n_point_mul() - multiply a point by a scalar
 * @c: the curve
 * @z: the product
 * @scalar: the scalar
 * @point: the point, of the curve
 *
 * Context: Any; 4.5 KB of stack with P-521, 3.1 with P-384, 1.4 with P-256.
 */
void ssa_s2n_point_mul(const struct ssa_s2n_curve *c, u64 *z, const u64 *scalar, const u64 *point)
{
	if (c->words == 4)
		ssa_s2n(p256_montjscalarmul, z, scalar, point);
	else if (c->words == 6)
		ssa_s2n(p384_montjscalarmul, z, scalar, point);
	else
		ssa_s2n(p521_jscalarmul, z, scalar, point);
}

/**
 * ssa_s2n_point_double() - double a point
 * @c: the curve
 * @z: the double
 * @x: the point, not infinite
 *
 * Context: Any.
 */
void ssa_s2n_point_double(const struct ssa_s2n_curve *c, u64 *z, const u64 *x)
{
	if (c->words == 4)
		ssa_s2n(p256_montjdouble, z, x);
	else if (c->words == 6)
		ssa_s2n(p384_montjdouble, z, x);
	else
		ssa_s2n(p521_jdouble, z, x);
}

/**
 * ssa_s2n_point_add_vartime() - add points that are no secret
 * @c: the curve
 * @z: the sum, at another place
 * @x: one
 * @y: the other; may be equal to @x, opposite, or infinite
 *
 * Context: Any.
 */
void ssa_s2n_point_add_vartime(const struct ssa_s2n_curve *c, u64 *z, const u64 *x, const u64 *y)
{
	unsigned int k = c->words;

	if (ssa_s2n_is_zero(k, x + 2 * k)) {
		memcpy(z, y, 24 * k);
		return;
	}
	if (ssa_s2n_is_zero(k, y + 2 * k)) {
		memcpy(z, x, 24 * k);
		return;
	}
	if (k == 4)
		ssa_s2n(p256_montjadd, z, x, y);
	else if (k == 6)
		ssa_s2n(p384_montjadd, z, x, y);
	else
		ssa_s2n(p521_jadd, z, x, y);
	/* opposite points have (x, y, 0), with x not 0; equal ones (0, 0, 0) */
	if (ssa_s2n_is_zero(k, z + 2 * k) && ssa_s2n_is_zero(k, z))
		ssa_s2n_point_double(c, z, x);
}

/**
 * ssa_s2n_affine() - affine coordinates of a point
 * @c: the curve
 * @xy: both coordinates, as numbers; 0 if the point is infinite
 * @point: the point
 *
 * Context: Any; 1.5 KB of stack.
 */
void ssa_s2n_affine(const struct ssa_s2n_curve *c, u64 *xy, const u64 *point)
{
	u64 inverse[SSA_S2N_WORDS], power[SSA_S2N_WORDS], t[SSA_S2N_WORDS];
	unsigned int k = c->words;

	ssa_s2n_inv(c, inverse, point + 2 * k);
	ssa_s2n_sqr(c, power, inverse);
	ssa_s2n_mul(c, t, point, power);
	ssa_s2n_number(c, xy, t);
	ssa_s2n_mul(c, power, power, inverse);
	ssa_s2n_mul(c, t, point + k, power);
	ssa_s2n_number(c, xy + k, t);
}

/**
 * ssa_s2n_ec_public() - public key of a scalar
 * @curve: number of the curve in BearSSL
 * @scalar: from 1 to the order - 1, big endian, of the length that the curve has
 * @point: room for the uncompressed point
 *
 * Context: Any; 5 KB of stack.
 * Return: bytes of the point.
 */
size_t ssa_s2n_ec_public(int curve, const u8 *scalar, u8 *point)
{
	const struct ssa_s2n_curve *c = ssa_s2n_curve(curve);
	u64 k[SSA_S2N_WORDS], xy[2 * SSA_S2N_WORDS];

	ssa_s2n_get(c->words, k, scalar, c->bytes);
	ssa_s2n_base_mul(c, xy, k);
	point[0] = SSA_POINT_UNCOMPRESSED;
	ssa_s2n_put(c->words, xy, point + 1, c->bytes);
	ssa_s2n_put(c->words, xy + c->words, point + 1 + c->bytes, c->bytes);
	return 1 + 2 * c->bytes;
}

/**
 * ssa_s2n_ec_shared() - multiply a peer's point
 * @curve: number of the curve in BearSSL
 * @scalar: from 1 to the order - 1, big endian, of the length that the curve has
 * @point: the peer's point, uncompressed; its x becomes that of the product, its y does not
 *
 * Context: Any; 5 KB of stack.
 * Return: true if the point is on the curve.
 */
bool ssa_s2n_ec_shared(int curve, const u8 *scalar, u8 *point)
{
	const struct ssa_s2n_curve *c = ssa_s2n_curve(curve);
	u64 k[SSA_S2N_WORDS], p[3 * SSA_S2N_WORDS], product[3 * SSA_S2N_WORDS];

	if (!ssa_s2n_point_get(c, p, point))
		return false;
	ssa_s2n_get(c->words, k, scalar, c->bytes);
	/* the order is a prime: the product is not infinite */
	ssa_s2n_point_mul(c, product, k, p);
	ssa_s2n_affine(c, p, product);
	ssa_s2n_put(c->words, p, point + 1, c->bytes);
	return true;
}

/**
 * ssa_s2n_x25519() - X25519, RFC 7748 5
 * @out: 32 bytes, all zero if the point is of small order
 * @scalar: 32 bytes, clamped here
 * @point: 32 bytes, or NULL: the base point
 *
 * Context: Any; 1 KB of stack.
 */
void ssa_s2n_x25519(u8 *out, const u8 *scalar, const u8 *point)
{
	/* x86-64 has the lowest byte first, as the RFC has it */
	u64 z[4], k[4], u[4];

	memcpy(k, scalar, sizeof(k));
	if (point) {
		memcpy(u, point, sizeof(u));
		ssa_s2n(curve25519_x25519, z, k, u);
	} else {
		ssa_s2n(curve25519_x25519base, z, k);
	}
	memcpy(out, z, sizeof(z));
}

/**
 * ssa_s2n_setup() - compute what is constant; call once, before all else
 *
 * Context: Process.
 * Return: 0, or -ENOMEM.
 */
int ssa_s2n_setup(void)
{
	u64 t[SSA_S2N_WORDS];
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < ARRAY_SIZE(ssa_s2n_curves); i++) {
		struct ssa_s2n_curve *c = &ssa_s2n_curves[i];
		const u8 *bytes;
		size_t len;

		bytes = ssa_bearssl_ec->order(c->curve, &len);
		ssa_s2n_get(c->words, c->n, bytes, len);
		bignum_montifier(c->words, c->n_square, c->n, t);
		bignum_montifier(c->words, c->p_square, c->p, t);
		bytes = ssa_bearssl_ec->generator(c->curve, &len);
		ssa_s2n_coordinates(c, c->base, bytes);
		/* b is what puts the base point on the curve */
		ssa_s2n_sqr(c, c->b, c->base + c->words);
		ssa_s2n_cubic(c, t, c->base);
		ssa_s2n_sub(c, c->b, c->b, t);
		err = ssa_s2n_combine_setup(c);
	}
	if (!err)
		err = ssa_s2n_base_setup();
	if (err)
		ssa_s2n_teardown();
	return err;
}

/**
 * ssa_s2n_teardown() - free what ssa_s2n_setup() has allocated
 *
 * Context: Process.
 */
void ssa_s2n_teardown(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ssa_s2n_curves); i++) {
		kfree(ssa_s2n_curves[i].odd);
		ssa_s2n_curves[i].odd = NULL;
	}
	ssa_s2n_base_teardown();
}
