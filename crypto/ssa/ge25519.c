// SPDX-License-Identifier: GPL-2.0
/*
 * Points of edwards25519 (RFC 8032 5.1), in extended coordinates. The formulas
 * of addition are complete: they hold for every pair of points, and so need no
 * case for the neutral element or for equal ones.
 */
#include <linux/compiler.h>
#include <linux/string.h>
#include <linux/types.h>

#include "ed25519.h"

#define SSA_GE_WINDOW	8	/* multiples of a point in a table of the base point */
#define SSA_GE_DIGITS	64	/* of a scalar in base 16 */
#define SSA_NAF_ODD	4	/* 1, 3, 5 and 7 times a point */
#define SSA_NAF_LEN	256

static const struct ssa_ge ssa_ge_neutral = {
	.y = { { 1 } }, .z = { { 1 } },
};

static const struct ssa_ge_cached ssa_ge_cached_neutral = {
	.y_plus_x = { { 1 } }, .y_minus_x = { { 1 } }, .z2 = { { 2 } },
};

/* 1 to 8 times the base point */
static const struct ssa_ge_cached ssa_ge_base[SSA_GE_WINDOW] = {
	{	/* 1 */
		.y_plus_x = { {
			0x493c6f58c3b85, 0x0df7181c325f7, 0x0f50b0b3e4cb7,
			0x5329385a44c32, 0x07cf9d3a33d4b,
		} },
		.y_minus_x = { {
			0x03905d740913e, 0x0ba2817d673a2, 0x23e2827f4e67c,
			0x133d2e0c21a34, 0x44fd2f9298f81,
		} },
		.z2 = { { 2 } },
		.t2d = { {
			0x11205877aaa68, 0x479955893d579, 0x50d66309b67a0,
			0x2d42d0dbee5ee, 0x6f117b689f0c6,
		} },
	},
	{	/* 2 */
		.y_plus_x = { {
			0x4e7fc933c71d7, 0x2cf41feb6b244, 0x7581c0a7d1a76,
			0x7172d534d32f0, 0x590c063fa87d2,
		} },
		.y_minus_x = { {
			0x1a56042b4d5a8, 0x189cc159ed153, 0x5b8deaa3cae04,
			0x2aaf04f11b5d8, 0x6bb595a669c92,
		} },
		.z2 = { { 2 } },
		.t2d = { {
			0x2a8b3a59b7a5f, 0x3abb359ef087f, 0x4f5a8c4db05af,
			0x5b9a807d04205, 0x701af5b13ea50,
		} },
	},
	{	/* 3 */
		.y_plus_x = { {
			0x5b0a84cee9730, 0x61d10c97155e4, 0x4059cc8096a10,
			0x47a608da8014f, 0x7a164e1b9a80f,
		} },
		.y_minus_x = { {
			0x11fe8a4fcd265, 0x7bcb8374faacc, 0x52f5af4ef4d4f,
			0x5314098f98d10, 0x2ab91587555bd,
		} },
		.z2 = { { 2 } },
		.t2d = { {
			0x6933f0dd0d889, 0x44386bb4c4295, 0x3cb6d3162508c,
			0x26368b872a2c6, 0x5a2826af12b9b,
		} },
	},
	{	/* 4 */
		.y_plus_x = { {
			0x351b98efc099f, 0x68fbfa4a7050e, 0x42a49959d971b,
			0x393e51a469efd, 0x680e910321e58,
		} },
		.y_minus_x = { {
			0x6050a056818bf, 0x62acc1f5532bf, 0x28141ccc9fa25,
			0x24d61f471e683, 0x27933f4c7445a,
		} },
		.z2 = { { 2 } },
		.t2d = { {
			0x3fbe9c476ff09, 0x0af6b982e4b42, 0x0ad1251ba78e5,
			0x715aeedee7c88, 0x7f9d0cbf63553,
		} },
	},
	{	/* 5 */
		.y_plus_x = { {
			0x2bc4408a5bb33, 0x078ebdda05442, 0x2ffb112354123,
			0x375ee8df5862d, 0x2945ccf146e20,
		} },
		.y_minus_x = { {
			0x182c3a447d6ba, 0x22964e536eff2, 0x192821f540053,
			0x2f9f19e788e5c, 0x154a7e73eb1b5,
		} },
		.z2 = { { 2 } },
		.t2d = { {
			0x3dbf1812a8285, 0x0fa17ba3f9797, 0x6f69cb49c3820,
			0x34d5a0db3858d, 0x43aabe696b3bb,
		} },
	},
	{	/* 6 */
		.y_plus_x = { {
			0x4eeeb77157131, 0x1201915f10741, 0x1669cda6c9c56,
			0x45ec032db346d, 0x51e57bb6a2cc3,
		} },
		.y_minus_x = { {
			0x006b67b7d8ca4, 0x084fa44e72933, 0x1154ee55d6f8a,
			0x4425d842e7390, 0x38b64c41ae417,
		} },
		.z2 = { { 2 } },
		.t2d = { {
			0x4326702ea4b71, 0x06834376030b5, 0x0ef0512f9c380,
			0x0f1a9f2512584, 0x10b8e91a9f0d6,
		} },
	},
	{	/* 7 */
		.y_plus_x = { {
			0x25cd0944ea3bf, 0x75673b81a4d63, 0x150b925d1c0d4,
			0x13f38d9294114, 0x461bea69283c9,
		} },
		.y_minus_x = { {
			0x72c9aaa3221b1, 0x267774474f74d, 0x064b0e9b28085,
			0x3f04ef53b27c9, 0x1d6edd5d2e531,
		} },
		.z2 = { { 2 } },
		.t2d = { {
			0x36dc801b8b3a2, 0x0e0a7d4935e30, 0x1deb7cecc0d7d,
			0x053a94e20dd2c, 0x7a9fbb1c6a0f9,
		} },
	},
	{	/* 8 */
		.y_plus_x = { {
			0x7596604dd3e8f, 0x6fc510e058b36, 0x3670c8db2cc0d,
			0x297d899ce332f, 0x0915e76061bce,
		} },
		.y_minus_x = { {
			0x75dedf39234d9, 0x01c36ab1f3c54, 0x0f08fee58f5da,
			0x0e19613a0d637, 0x3a9024a1320e0,
		} },
		.z2 = { { 2 } },
		.t2d = { {
			0x1f5d9c9a2911a, 0x7117994fafcf8, 0x2d8a8cae28dc5,
			0x74ab1b2090c87, 0x26907c5c2ecc4,
		} },
	},
};

/* r = 2 * p: "dbl-2008-hwcd" of the Explicit-Formulas Database, for a = -1 */
static void ssa_ge_double(struct ssa_ge *r, const struct ssa_ge *p)
{
	struct ssa_fe a, b, e, f, g, h;

	ssa_fe_sqr(&a, &p->x);
	ssa_fe_sqr(&b, &p->y);
	ssa_fe_add(&e, &p->x, &p->y);
	ssa_fe_sqr(&e, &e);
	ssa_fe_add(&h, &a, &b);
	ssa_fe_sub(&e, &e, &h);
	ssa_fe_sub(&h, &ssa_fe_zero, &h);
	ssa_fe_sub(&g, &b, &a);
	ssa_fe_sqr(&f, &p->z);
	ssa_fe_add(&f, &f, &f);
	ssa_fe_sub(&f, &g, &f);

	ssa_fe_mul(&r->x, &e, &f);
	ssa_fe_mul(&r->y, &g, &h);
	ssa_fe_mul(&r->z, &f, &g);
	ssa_fe_mul(&r->t, &e, &h);
}

/* r = p + q: "add-2008-hwcd-3" */
static void ssa_ge_add(struct ssa_ge *r, const struct ssa_ge *p, const struct ssa_ge_cached *q)
{
	struct ssa_fe a, b, c, d, e, f;

	ssa_fe_sub(&a, &p->y, &p->x);
	ssa_fe_mul(&a, &a, &q->y_minus_x);
	ssa_fe_add(&b, &p->y, &p->x);
	ssa_fe_mul(&b, &b, &q->y_plus_x);
	ssa_fe_mul(&c, &p->t, &q->t2d);
	ssa_fe_mul(&d, &p->z, &q->z2);
	ssa_fe_sub(&e, &b, &a);
	ssa_fe_add(&b, &b, &a);
	ssa_fe_sub(&f, &d, &c);
	ssa_fe_add(&d, &d, &c);

	ssa_fe_mul(&r->x, &e, &f);
	ssa_fe_mul(&r->y, &d, &b);
	ssa_fe_mul(&r->z, &f, &d);
	ssa_fe_mul(&r->t, &e, &b);
}

static void ssa_ge_cache(struct ssa_ge_cached *r, const struct ssa_ge *p)
{
	ssa_fe_add(&r->y_plus_x, &p->y, &p->x);
	ssa_fe_sub(&r->y_minus_x, &p->y, &p->x);
	ssa_fe_add(&r->z2, &p->z, &p->z);
	ssa_fe_mul(&r->t2d, &p->t, &ssa_fe_2d);
}

/* r = -r if @mask is all ones; as it is if 0 */
static void ssa_ge_cached_negate(struct ssa_ge_cached *r, u64 mask)
{
	struct ssa_fe t = r->y_plus_x;

	ssa_fe_select(&r->y_plus_x, &r->y_minus_x, mask);
	ssa_fe_select(&r->y_minus_x, &t, mask);
	ssa_fe_sub(&t, &ssa_fe_zero, &r->t2d);
	ssa_fe_select(&r->t2d, &t, mask);
}

/**
 * ssa_ge_from_bytes() - read a point, RFC 8032 5.1.3
 * @r: the point
 * @in: y, little endian, and the lowest bit of x
 *
 * Context: Any; for public values, since it branches.
 * Return: false if y is not below p, there is no such point, or x = 0 has the
 * sign of -0.
 */
bool ssa_ge_from_bytes(struct ssa_ge *r, const u8 in[32])
{
	struct ssa_fe u, v;
	u8 sign = in[31] >> 7, bytes[32];

	if (!ssa_fe_from_bytes(&r->y, in))
		return false;

	/* x^2 = (y^2 - 1) / (d y^2 + 1) */
	ssa_fe_sqr(&u, &r->y);
	ssa_fe_mul(&v, &u, &ssa_fe_d);
	ssa_fe_sub(&u, &u, &ssa_fe_one);
	ssa_fe_add(&v, &v, &ssa_fe_one);
	if (!ssa_fe_sqrt_ratio(&r->x, &u, &v))
		return false;

	ssa_fe_to_bytes(bytes, &r->x);
	if (sign != (bytes[0] & 1)) {
		if (ssa_fe_is_zero(&r->x))
			return false;
		ssa_fe_sub(&r->x, &ssa_fe_zero, &r->x);
	}
	r->z = ssa_fe_one;
	ssa_fe_mul(&r->t, &r->x, &r->y);
	return true;
}

/**
 * ssa_ge_to_bytes() - the encoding of a point, RFC 8032 5.1.2
 * @out: y, little endian, and the lowest bit of x
 * @p: the point
 *
 * Context: Any; takes the same time for every point.
 */
void ssa_ge_to_bytes(u8 out[32], const struct ssa_ge *p)
{
	struct ssa_fe inverse, t;
	u8 x[32];

	ssa_fe_invert(&inverse, &p->z);
	ssa_fe_mul(&t, &p->x, &inverse);
	ssa_fe_to_bytes(x, &t);
	ssa_fe_mul(&t, &p->y, &inverse);
	ssa_fe_to_bytes(out, &t);
	out[31] |= x[0] << 7;
}

/**
 * ssa_ge_is_small_order() - is a point one of the eight whose order divides 8?
 * @p: the point
 *
 * Context: Any; for public values.
 * Return: true if so.
 */
bool ssa_ge_is_small_order(const struct ssa_ge *p)
{
	struct ssa_ge t;

	ssa_ge_double(&t, p);
	ssa_ge_double(&t, &t);
	ssa_ge_double(&t, &t);
	/* x = 0 have the neutral element and (0, -1), and 8p is not the latter */
	return ssa_fe_is_zero(&t.x);
}

/* All ones if a = b, else 0; both below 2^32. */
static u64 ssa_ct_equal(u32 a, u32 b)
{
	u64 mask = (u64)(a ^ b) - 1;

	/* the highest bit is set for 0 only */
	mask = -(mask >> 63);
	OPTIMIZER_HIDE_VAR(mask);
	return mask;
}

/* r = digit times the base point, -8 <= digit <= 8; all of the table is read */
static void ssa_ge_select(struct ssa_ge_cached *r, s8 digit)
{
	u8 negative = (u8)digit >> 7;
	u8 index = ((u8)digit ^ -negative) + negative;
	int i;

	*r = ssa_ge_cached_neutral;
	for (i = 0; i < SSA_GE_WINDOW; i++) {
		u64 mask = ssa_ct_equal(index, i + 1);

		ssa_fe_select(&r->y_plus_x, &ssa_ge_base[i].y_plus_x, mask);
		ssa_fe_select(&r->y_minus_x, &ssa_ge_base[i].y_minus_x, mask);
		ssa_fe_select(&r->t2d, &ssa_ge_base[i].t2d, mask);
	}
	ssa_ge_cached_negate(r, ssa_ct_equal(negative, 1));
}

/**
 * ssa_ge_mul_base() - r = s times the base point
 * @r: the result
 * @s: below 2^253
 *
 * Context: Any; takes the same time for every scalar.
 */
void ssa_ge_mul_base(struct ssa_ge *r, const struct ssa_sc *s)
{
	struct ssa_ge_cached q;
	s8 digits[SSA_GE_DIGITS];
	u8 carry = 0;
	int i, j;

	/* base 16 with digits from -8 to 7 */
	for (i = 0; i < SSA_GE_DIGITS; i++) {
		u8 digit = (s->v[i / 16] >> (4 * (i % 16)) & 15) + carry;

		carry = (digit + 8) >> 4;
		digits[i] = digit - (carry << 4);
	}

	*r = ssa_ge_neutral;
	for (i = SSA_GE_DIGITS - 1; i >= 0; i--) {
		for (j = 0; j < 4; j++)
			ssa_ge_double(r, r);
		ssa_ge_select(&q, digits[i]);
		ssa_ge_add(r, r, &q);
	}
	memzero_explicit(digits, sizeof(digits));
	memzero_explicit(&q, sizeof(q));
}

/* Bits @at to @at + 3 of @s, and none beyond the highest. */
static unsigned int ssa_sc_bits4(const struct ssa_sc *s, unsigned int at)
{
	unsigned int low = at % 64;
	u64 w = s->v[at / 64] >> low;

	if (low > 60 && at / 64 < 3)
		w |= s->v[at / 64 + 1] << (64 - low);
	return w & 15;
}

/* Digits 0, ±1, ±3, ±5 and ±7 of base 2, at most one in four of which is not 0. */
static void ssa_sc_naf(s8 naf[SSA_NAF_LEN], const struct ssa_sc *s)
{
	unsigned int i = 0, carry = 0;

	memset(naf, 0, SSA_NAF_LEN);
	while (i < SSA_NAF_LEN) {
		unsigned int digit = ssa_sc_bits4(s, i) + carry;

		if (!(digit & 1)) {
			i++;
			continue;
		}
		carry = digit > 8;
		naf[i] = digit - 16 * carry;
		i += 4;
	}
}

/* r = r + digit * p, where @odd are 1, 3, 5 and 7 times p, @step entries apart */
static void ssa_ge_add_digit(struct ssa_ge *r, const struct ssa_ge_cached *odd,
			     unsigned int step, int digit)
{
	struct ssa_ge_cached q;

	if (!digit)
		return;
	q = odd[step * ((digit < 0 ? -digit : digit) / 2)];
	if (digit < 0)
		ssa_ge_cached_negate(&q, ~0ULL);
	ssa_ge_add(r, r, &q);
}

/* r = s times the base point - k times a, where @odd are 1, 3, 5 and 7 times a */
static noinline_for_stack void ssa_ge_straus(struct ssa_ge *r, const struct ssa_sc *s,
					     const struct ssa_sc *k,
					     const struct ssa_ge_cached odd[SSA_NAF_ODD])
{
	s8 naf_s[SSA_NAF_LEN], naf_k[SSA_NAF_LEN];
	int i;

	ssa_sc_naf(naf_s, s);
	ssa_sc_naf(naf_k, k);

	*r = ssa_ge_neutral;
	for (i = SSA_NAF_LEN - 1; i >= 0; i--) {
		ssa_ge_double(r, r);
		ssa_ge_add_digit(r, ssa_ge_base, 2, naf_s[i]);
		ssa_ge_add_digit(r, odd, 1, -naf_k[i]);
	}
}

/* 1, 3, 5 and 7 times @a */
static noinline_for_stack void ssa_ge_odd_multiples(struct ssa_ge_cached odd[SSA_NAF_ODD],
						    const struct ssa_ge *a)
{
	struct ssa_ge twice, t;
	int i;

	ssa_ge_double(&twice, a);
	ssa_ge_cache(&odd[0], a);
	for (i = 1; i < SSA_NAF_ODD; i++) {
		ssa_ge_add(&t, &twice, &odd[i - 1]);
		ssa_ge_cache(&odd[i], &t);
	}
}

/**
 * ssa_ge_mul_sub_vartime() - r = s times the base point - k times a
 * @r: the result
 * @s: below L
 * @k: below L
 * @a: the point
 *
 * Context: Any; for public values, since the time it takes depends on them.
 */
void ssa_ge_mul_sub_vartime(struct ssa_ge *r, const struct ssa_sc *s, const struct ssa_sc *k,
			    const struct ssa_ge *a)
{
	struct ssa_ge_cached odd[SSA_NAF_ODD];

	ssa_ge_odd_multiples(odd, a);
	ssa_ge_straus(r, s, k, odd);
}
