// SPDX-License-Identifier: GPL-2.0
/*
 * Private keys.
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <crypto/ssa_der.h>

#include "bad_key_vectors.h"
#include "key_vectors.h"

KUNIT_ARRAY_PARAM_DESC(good_key, good_keys, name);
KUNIT_ARRAY_PARAM_DESC(bad_key, bad_keys, name);

static void good_key_is_taken(struct kunit *test)
{
	const struct key_vector *v = test->param_value;
	const struct ssa_public_key *pub;
	struct ssa_private_key *key;

	key = ssa_private_key_parse(v->der.p, v->der.len);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, key);
	pub = ssa_private_key_public(key);
	KUNIT_EXPECT_EQ(test, ssa_private_key_type(key), v->type);
	KUNIT_EXPECT_EQ(test, pub->type, v->type);
	KUNIT_EXPECT_EQ(test, (size_t)pub->n_len, v->n.len);
	if (pub->n_len == v->n.len)
		KUNIT_EXPECT_MEMEQ(test, pub->n, v->n.p, v->n.len);
	ssa_private_key_free(key);
}

static void expect_refused(struct kunit *test, const u8 *der, size_t len, int err)
{
	struct ssa_private_key *key = ssa_private_key_parse(der, len);

	KUNIT_EXPECT_TRUE(test, IS_ERR(key));
	if (!IS_ERR(key)) {
		ssa_private_key_free(key);
		return;
	}
	KUNIT_EXPECT_EQ(test, PTR_ERR(key), (long)err);
}

/* each in memory of just that size, so that KASAN sees the first byte too far */
static void every_truncation_is_refused(struct kunit *test)
{
	const struct key_vector *v = test->param_value;
	size_t len;

	for (len = 0; len < v->der.len; len++) {
		u8 *der = kmemdup(v->der.p, len, GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, der);
		expect_refused(test, der, len, -EINVAL);
		kfree(der);
	}
}

/* whatever a changed byte does to a structure, it does not get a wrong key in */
static void changed_byte_gives_no_other_key(struct kunit *test)
{
	const struct key_vector *v = test->param_value;
	u8 *der = kunit_kmalloc(test, v->der.len, GFP_KERNEL);
	size_t i, step;

	KUNIT_ASSERT_NOT_NULL(test, der);
	/* all of the structure, and a few bytes of the numbers */
	step = v->der.len > 256 ? 151 : 1;
	for (i = 0; i < v->der.len; i += i < 48 ? 1 : step) {
		struct ssa_private_key *key;

		memcpy(der, v->der.p, v->der.len);
		der[i] ^= 1 << i % 8;
		key = ssa_private_key_parse(der, v->der.len);
		if (IS_ERR(key))
			continue;
		if (v->type == SSA_KEY_RSA)
			KUNIT_EXPECT_MEMEQ(test, ssa_private_key_public(key)->n, v->n.p, v->n.len);
		ssa_private_key_free(key);
	}
}

static void bad_key_is_refused(struct kunit *test)
{
	const struct bad_key_vector *v = test->param_value;

	expect_refused(test, v->der.p, v->der.len, v->err);
}

/* ------------------------------------------------------------------ RSA
 * A good key taken apart, one number changed, and put together again.
 */
enum rsa_number { VERSION, N, E, D, P, Q, DP, DQ, IQ, RSA_NUMBERS };

#define RSA_NUMBER_MAX	1200

static const struct rsa_change {
	const char	*name;
	enum rsa_number	which;
	int		err;
	/* one of: the number as it is written; added to the last byte; bytes of 0xc5 */
	struct bytes	raw;
	int		add;
	size_t		fill;
} rsa_changes[] = {
	{ "version 1, several primes", VERSION, -EOPNOTSUPP, BYTES("\x01") },
	{ "version 2", VERSION, -EINVAL, BYTES("\x02") },
	{ "n = 0", N, -EINVAL, BYTES("\x00") },
	{ "e = 0", E, -EINVAL, BYTES("\x00") },
	{ "d = 0", D, -EINVAL, BYTES("\x00") },
	{ "p = 0", P, -EINVAL, BYTES("\x00") },
	{ "q = 0", Q, -EINVAL, BYTES("\x00") },
	{ "dp = 0", DP, -EINVAL, BYTES("\x00") },
	{ "dq = 0", DQ, -EINVAL, BYTES("\x00") },
	{ "iq = 0", IQ, -EINVAL, BYTES("\x00") },
	{ "e not minimal", E, -EINVAL, BYTES("\x00\x01\x00\x01") },
	{ "e negative", E, -EINVAL, BYTES("\x81\x00\x01") },
	{ "p = 1", P, -EINVAL, BYTES("\x01") },
	{ "p of 2 bytes", P, -EINVAL, BYTES("\x11\x11") },
	{ "e = 1", E, -EINVAL, BYTES("\x01") },
	{ "e even", E, -EINVAL, BYTES("\x01\x00\x00") },
	{ "e = 17, of another key", E, -EKEYREJECTED, BYTES("\x11") },
	{ "e of 9 bytes", E, -EOPNOTSUPP, BYTES("\x01\x00\x00\x00\x00\x00\x00\x00\x01") },
	{ "n changed", N, -EKEYREJECTED, .add = 2 },
	{ "n even", N, -EINVAL, .add = 1 },
	{ "p changed", P, -EKEYREJECTED, .add = 2 },
	{ "p even", P, -EINVAL, .add = 1 },
	{ "q changed", Q, -EKEYREJECTED, .add = 2 },
	{ "q even", Q, -EINVAL, .add = 1 },
	{ "dp changed", DP, -EKEYREJECTED, .add = 2 },
	{ "dq changed", DQ, -EKEYREJECTED, .add = 2 },
	{ "iq changed", IQ, -EKEYREJECTED, .add = 1 },
	{ "n of 8192 bits", N, -EOPNOTSUPP, .fill = 1024 },
	{ "n of 4104 bits", N, -EOPNOTSUPP, .fill = 513 },
	{ "n of 2040 bits", N, -EOPNOTSUPP, .fill = 255 },
	{ "n of 1024 bits", N, -EOPNOTSUPP, .fill = 128 },
	{ "d longer than n", D, -EINVAL, .fill = 257 },
	{ "p longer than half of n", P, -EOPNOTSUPP, .fill = 129 },
	{ "q longer than half of n", Q, -EOPNOTSUPP, .fill = 129 },
	{ "p as long as an RSA-8192 key's", P, -EOPNOTSUPP, .fill = 512 },
	{ "q of 1200 bytes", Q, -EOPNOTSUPP, .fill = 1200 },
	{ "dp longer than p", DP, -EINVAL, .fill = 129 },
	{ "dq longer than q", DQ, -EINVAL, .fill = 129 },
	{ "iq longer than p", IQ, -EINVAL, .fill = 129 },
	{ "dp of 1200 bytes", DP, -EINVAL, .fill = 1200 },
	{ "iq of 1200 bytes", IQ, -EINVAL, .fill = 1200 },
};

KUNIT_ARRAY_PARAM_DESC(rsa_change, rsa_changes, name);

static void take_apart(struct kunit *test, const struct bytes *der, struct ssa_der *numbers)
{
	struct ssa_der key = ssa_der(der->p, der->len), seq;
	unsigned int i;

	KUNIT_ASSERT_TRUE(test, ssa_der_only(&key, SSA_DER_SEQUENCE, &seq));
	for (i = 0; i < RSA_NUMBERS; i++)
		KUNIT_ASSERT_TRUE(test, ssa_der_get(&seq, SSA_DER_INTEGER, &numbers[i]));
}

static u8 *put_header(u8 *p, u8 tag, size_t len)
{
	*p++ = tag;
	if (len >= 0x100) {
		*p++ = 0x82;
		*p++ = len >> 8;
	} else if (len >= 0x80) {
		*p++ = 0x81;
	}
	*p++ = len;
	return p;
}

static size_t put_together(const struct ssa_der *numbers, u8 *out)
{
	size_t i, len = 0;
	u8 *p;

	for (i = 0; i < RSA_NUMBERS; i++) {
		len += numbers[i].left + 2;
		len += numbers[i].left >= 0x100 ? 2 : numbers[i].left >= 0x80 ? 1 : 0;
	}
	p = put_header(out, SSA_DER_SEQUENCE, len);
	for (i = 0; i < RSA_NUMBERS; i++) {
		p = put_header(p, SSA_DER_INTEGER, numbers[i].left);
		memcpy(p, numbers[i].p, numbers[i].left);
		p += numbers[i].left;
	}
	return p - out;
}

static void rsa_key_with_a_changed_number_is_refused(struct kunit *test)
{
	const struct rsa_change *c = test->param_value;
	u8 *out = kunit_kmalloc(test, 4096, GFP_KERNEL);
	u8 *number = kunit_kzalloc(test, RSA_NUMBER_MAX + 1, GFP_KERNEL);
	struct ssa_der numbers[RSA_NUMBERS];
	size_t len;

	KUNIT_ASSERT_NOT_NULL(test, out);
	KUNIT_ASSERT_NOT_NULL(test, number);
	take_apart(test, &good_keys[0].der, numbers);
	len = put_together(numbers, out);
	KUNIT_ASSERT_EQ(test, len, good_keys[0].der.len);
	KUNIT_ASSERT_MEMEQ(test, out, good_keys[0].der.p, len);

	if (c->raw.len) {
		numbers[c->which] = ssa_der(c->raw.p, c->raw.len);
	} else if (c->fill) {
		memset(number + 1, 0xc5, c->fill);
		numbers[c->which] = ssa_der(number, c->fill + 1);
	} else {
		memcpy(number, numbers[c->which].p, numbers[c->which].left);
		number[numbers[c->which].left - 1] += c->add;
		numbers[c->which].p = number;
	}
	len = put_together(numbers, out);
	expect_refused(test, out, len, c->err);
}

/* all numbers as long as those of RSA-8192: more than BearSSL's decoder holds */
static void oversized_rsa_key_is_refused(struct kunit *test)
{
	u8 *out = kunit_kmalloc(test, 8192, GFP_KERNEL);
	u8 *number = kunit_kzalloc(test, RSA_NUMBER_MAX + 1, GFP_KERNEL);
	struct ssa_der numbers[RSA_NUMBERS];
	enum rsa_number i;
	size_t len;

	KUNIT_ASSERT_NOT_NULL(test, out);
	KUNIT_ASSERT_NOT_NULL(test, number);
	memset(number + 1, 0xc5, RSA_NUMBER_MAX);
	take_apart(test, &good_keys[0].der, numbers);
	numbers[N] = ssa_der(number, 1025);
	numbers[D] = ssa_der(number, 1025);
	for (i = P; i <= IQ; i++)
		numbers[i] = ssa_der(number, 513);
	len = put_together(numbers, out);
	expect_refused(test, out, len, -EOPNOTSUPP);

	/* n and d of RSA-4096, but 5 * 512 bytes in the rest */
	numbers[N] = ssa_der(number, 513);
	numbers[D] = ssa_der(number, 513);
	len = put_together(numbers, out);
	expect_refused(test, out, len, -EOPNOTSUPP);
}

static void exchanged_primes_are_refused(struct kunit *test)
{
	u8 *out = kunit_kmalloc(test, 4096, GFP_KERNEL);
	struct ssa_der numbers[RSA_NUMBERS];
	size_t len;

	KUNIT_ASSERT_NOT_NULL(test, out);
	take_apart(test, &good_keys[0].der, numbers);
	swap(numbers[P], numbers[Q]);
	len = put_together(numbers, out);
	expect_refused(test, out, len, -EKEYREJECTED);
}

static void trailing_bytes_are_refused(struct kunit *test)
{
	const struct key_vector *v = test->param_value;
	u8 *der = kunit_kzalloc(test, v->der.len + 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, der);
	memcpy(der, v->der.p, v->der.len);
	expect_refused(test, der, v->der.len + 1, -EINVAL);
}

static void equality_looks_at_everything(struct kunit *test)
{
	const struct key_vector *v = test->param_value;
	struct ssa_private_key *key = ssa_private_key_parse(v->der.p, v->der.len);
	struct ssa_public_key *copy = kunit_kmalloc(test, sizeof(*copy), GFP_KERNEL);
	const struct ssa_public_key *pub;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, key);
	KUNIT_EXPECT_NOT_NULL(test, copy);
	if (!copy)
		goto out;
	pub = ssa_private_key_public(key);
	*copy = *pub;
	KUNIT_EXPECT_TRUE(test, ssa_public_key_equal(pub, copy));
	copy->n[copy->n_len - 1] ^= 2;
	KUNIT_EXPECT_FALSE(test, ssa_public_key_equal(pub, copy));
	copy->n[copy->n_len - 1] ^= 2;
	copy->n_len--;
	KUNIT_EXPECT_FALSE(test, ssa_public_key_equal(pub, copy));
	copy->n_len++;
	copy->type ^= 3;
	KUNIT_EXPECT_FALSE(test, ssa_public_key_equal(pub, copy));
	copy->type ^= 3;
	if (v->type == SSA_KEY_RSA) {
		/* a leading zero is the same number */
		memmove(copy->e + 1, copy->e, copy->e_len++);
		copy->e[0] = 0;
		KUNIT_EXPECT_TRUE(test, ssa_public_key_equal(pub, copy));
		copy->e[1] ^= 2;
		KUNIT_EXPECT_FALSE(test, ssa_public_key_equal(pub, copy));
	}
out:
	ssa_private_key_free(key);
}

static void freeing_no_key_is_fine(struct kunit *test)
{
	ssa_private_key_free(NULL);
}

static struct kunit_case ssa_key_cases[] = {
	KUNIT_CASE_PARAM(good_key_is_taken, good_key_gen_params),
	KUNIT_CASE_PARAM(every_truncation_is_refused, good_key_gen_params),
	KUNIT_CASE_PARAM(changed_byte_gives_no_other_key, good_key_gen_params),
	KUNIT_CASE_PARAM(trailing_bytes_are_refused, good_key_gen_params),
	KUNIT_CASE_PARAM(equality_looks_at_everything, good_key_gen_params),
	KUNIT_CASE_PARAM(bad_key_is_refused, bad_key_gen_params),
	KUNIT_CASE_PARAM(rsa_key_with_a_changed_number_is_refused, rsa_change_gen_params),
	KUNIT_CASE(oversized_rsa_key_is_refused),
	KUNIT_CASE(exchanged_primes_are_refused),
	KUNIT_CASE(freeing_no_key_is_fine),
	{}
};

BACKEND_SUITE(ssa_private_key_bearssl, "ssa_private_key", test_on_bearssl, ssa_key_cases);
BACKEND_SUITE(ssa_private_key_s2n, "ssa_private_key_s2n", test_on_s2n, ssa_key_cases);
BACKEND_SUITE(ssa_private_key_s2n_alt, "ssa_private_key_s2n_alt", test_on_s2n_alt, ssa_key_cases);

kunit_test_suites(&ssa_private_key_bearssl, &ssa_private_key_s2n, &ssa_private_key_s2n_alt);
