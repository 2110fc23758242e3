// SPDX-License-Identifier: GPL-2.0
/*
 * Key exchange.
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/string.h>

#include "kex_vectors.h"

static const struct group_param {
	const char	*name;
	u16		group;
	size_t		public_len;
	size_t		shared_len;
} groups[] = {
	{ "X25519", SSA_GROUP_X25519, 32, 32 },
	{ "secp256r1", SSA_GROUP_SECP256R1, 65, 32 },
	{ "secp384r1", SSA_GROUP_SECP384R1, 97, 48 },
};

KUNIT_ARRAY_PARAM_DESC(kex, kex_vectors, name);
KUNIT_ARRAY_PARAM_DESC(bad_peer, kex_bad_peers, name);
KUNIT_ARRAY_PARAM_DESC(group, groups, name);

static void public_key_is_the_known_one(struct kunit *test)
{
	const struct kex_vector *v = test->param_value;
	struct scripted_rng rng;
	struct ssa_kex kex;

	scripted_rng_init(&rng, v->scalar.p, v->scalar.len);
	KUNIT_ASSERT_EQ(test, ssa_kex_generate(&kex, v->group, &rng.rng), 0);
	KUNIT_ASSERT_EQ(test, (size_t)kex.public_len, v->public_key.len);
	KUNIT_EXPECT_MEMEQ(test, kex.public_key, v->public_key.p, v->public_key.len);
}

static void shared_secret_is_the_known_one(struct kunit *test)
{
	const struct kex_vector *v = test->param_value;
	u8 out[SSA_KEX_SHARED_MAX];
	struct scripted_rng rng;
	struct ssa_kex kex;
	size_t len;

	scripted_rng_init(&rng, v->scalar.p, v->scalar.len);
	KUNIT_ASSERT_EQ(test, ssa_kex_generate(&kex, v->group, &rng.rng), 0);
	KUNIT_ASSERT_EQ(test, ssa_kex_shared(&kex, v->peer.p, v->peer.len, out, &len), 0);
	KUNIT_ASSERT_EQ(test, len, v->shared.len);
	KUNIT_EXPECT_MEMEQ(test, out, v->shared.p, len);
}

static void both_sides_agree(struct kunit *test)
{
	const struct group_param *g = test->param_value;
	u8 ours[SSA_KEX_SHARED_MAX], theirs[SSA_KEX_SHARED_MAX];
	size_t our_len, their_len;
	struct ssa_kex us, them;

	KUNIT_EXPECT_EQ(test, ssa_kex_public_len(g->group), g->public_len);
	KUNIT_EXPECT_STREQ(test, ssa_group_name(g->group), g->name);
	KUNIT_ASSERT_EQ(test, ssa_kex_generate(&us, g->group, &ssa_kernel_rng), 0);
	KUNIT_ASSERT_EQ(test, ssa_kex_generate(&them, g->group, &ssa_kernel_rng), 0);
	KUNIT_EXPECT_MEMNEQ(test, us.public_key, them.public_key, g->public_len);
	KUNIT_ASSERT_EQ(test, ssa_kex_shared(&us, them.public_key, them.public_len,
					     ours, &our_len), 0);
	KUNIT_ASSERT_EQ(test, ssa_kex_shared(&them, us.public_key, us.public_len,
					     theirs, &their_len), 0);
	KUNIT_EXPECT_EQ(test, our_len, g->shared_len);
	KUNIT_ASSERT_EQ(test, our_len, their_len);
	KUNIT_EXPECT_MEMEQ(test, ours, theirs, our_len);
}

static void bad_public_value_is_refused(struct kunit *test)
{
	const struct kex_bad_peer *v = test->param_value;
	u8 out[SSA_KEX_SHARED_MAX];
	struct ssa_kex kex;
	size_t len = 1;

	KUNIT_ASSERT_EQ(test, ssa_kex_generate(&kex, v->group, &ssa_kernel_rng), 0);
	KUNIT_EXPECT_EQ(test, ssa_kex_shared(&kex, v->peer.p, v->peer.len, out, &len), -EINVAL);
	KUNIT_EXPECT_EQ(test, len, (size_t)0);
}

/* a scalar of 0, of the order, and of all ones are drawn again */
static void scalar_out_of_range_is_drawn_again(struct kunit *test)
{
	static const u8 script[] =
		"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
		"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
		"\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff"
		"\xbc\xe6\xfa\xad\xa7\x17\x9e\x84\xf3\xb9\xca\xc2\xfc\x63\x25\x51"
		"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
		"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
		/* order - 1: the public key is the generator, negated */
		"\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff"
		"\xbc\xe6\xfa\xad\xa7\x17\x9e\x84\xf3\xb9\xca\xc2\xfc\x63\x25\x50";
	static const u8 generator_x[] =
		"\x6b\x17\xd1\xf2\xe1\x2c\x42\x47\xf8\xbc\xe6\xe5\x63\xa4\x40\xf2"
		"\x77\x03\x7d\x81\x2d\xeb\x33\xa0\xf4\xa1\x39\x45\xd8\x98\xc2\x96";
	struct scripted_rng rng;
	struct ssa_kex kex;

	scripted_rng_init(&rng, script, sizeof(script) - 1);
	KUNIT_ASSERT_EQ(test, ssa_kex_generate(&kex, SSA_GROUP_SECP256R1, &rng.rng), 0);
	KUNIT_EXPECT_EQ(test, rng.calls, (size_t)4);
	KUNIT_EXPECT_MEMEQ(test, kex.public_key + 1, generator_x, 32);
}

static void broken_rng_is_noticed(struct kunit *test)
{
	static const struct ssa_kex zero;
	static const u8 zeros[] = { 0 };
	struct scripted_rng rng;
	struct ssa_kex kex;

	scripted_rng_init(&rng, zeros, sizeof(zeros));
	KUNIT_EXPECT_EQ(test, ssa_kex_generate(&kex, SSA_GROUP_SECP256R1, &rng.rng), -EIO);
	KUNIT_EXPECT_MEMEQ(test, &kex, &zero, sizeof(zero));
	KUNIT_EXPECT_EQ(test, ssa_kex_generate(&kex, SSA_GROUP_SECP384R1, &rng.rng), -EIO);
}

static void unknown_group_is_refused(struct kunit *test)
{
	u8 out[SSA_KEX_SHARED_MAX];
	struct ssa_kex kex;
	size_t len;

	KUNIT_EXPECT_EQ(test, ssa_kex_public_len(0x0019), (size_t)0);
	KUNIT_EXPECT_NULL(test, ssa_group_name(0x0a0a));
	KUNIT_EXPECT_EQ(test, ssa_kex_generate(&kex, 0x0019, &ssa_kernel_rng), -EOPNOTSUPP);
	/* what a failed call left behind is no key pair */
	KUNIT_EXPECT_EQ(test, ssa_kex_shared(&kex, (const u8 *)"", 0, out, &len), -EINVAL);
}

static struct kunit_case ssa_kex_cases[] = {
	KUNIT_CASE_PARAM(public_key_is_the_known_one, kex_gen_params),
	KUNIT_CASE_PARAM(shared_secret_is_the_known_one, kex_gen_params),
	KUNIT_CASE_PARAM(both_sides_agree, group_gen_params),
	KUNIT_CASE_PARAM(bad_public_value_is_refused, bad_peer_gen_params),
	KUNIT_CASE(scalar_out_of_range_is_drawn_again),
	KUNIT_CASE(broken_rng_is_noticed),
	KUNIT_CASE(unknown_group_is_refused),
	{}
};

BACKEND_SUITE(ssa_kex_bearssl, "ssa_kex", test_on_bearssl, ssa_kex_cases);
BACKEND_SUITE(ssa_kex_s2n, "ssa_kex_s2n", test_on_s2n, ssa_kex_cases);
BACKEND_SUITE(ssa_kex_s2n_alt, "ssa_kex_s2n_alt", test_on_s2n_alt, ssa_kex_cases);

kunit_test_suites(&ssa_kex_bearssl, &ssa_kex_s2n, &ssa_kex_s2n_alt);
