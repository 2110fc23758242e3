// SPDX-License-Identifier: GPL-2.0
/*
 * Hashes, HMAC, HKDF, HKDF-Expand-Label and the PRF of TLS 1.2.
 */
#include <kunit/test.h>
#include <linux/module.h>
#include <linux/string.h>

#include "hash_vectors.h"

KUNIT_ARRAY_PARAM_DESC(hash, hash_vectors, name);
KUNIT_ARRAY_PARAM_DESC(hmac, hmac_vectors, name);
KUNIT_ARRAY_PARAM_DESC(hkdf, hkdf_vectors, name);
KUNIT_ARRAY_PARAM_DESC(label, label_vectors, name);
KUNIT_ARRAY_PARAM_DESC(prf, prf_vectors, name);

static void digest_is_the_known_one(struct kunit *test)
{
	const struct hash_vector *v = test->param_value;
	u8 out[SSA_HASH_MAX];

	KUNIT_ASSERT_EQ(test, ssa_hash_size(v->id), v->digest.len);
	ssa_hash_digest(v->id, v->msg.p, v->msg.len, out);
	KUNIT_EXPECT_MEMEQ(test, out, v->digest.p, v->digest.len);
}

/* every split into two updates, with a snapshot in between */
static void snapshot_leaves_the_hash_as_it_was(struct kunit *test)
{
	const struct hash_vector *v = test->param_value;
	u8 part[SSA_HASH_MAX], direct[SSA_HASH_MAX], out[SSA_HASH_MAX];
	struct ssa_hash *h = kunit_kmalloc(test, sizeof(*h), GFP_KERNEL);
	size_t split;

	KUNIT_ASSERT_NOT_NULL(test, h);
	for (split = 0; split <= v->msg.len; split++) {
		ssa_hash_init(h, v->id);
		ssa_hash_update(h, v->msg.p, split);
		ssa_hash_snapshot(h, part);
		ssa_hash_digest(v->id, v->msg.p, split, direct);
		KUNIT_EXPECT_MEMEQ(test, part, direct, v->digest.len);

		ssa_hash_update(h, v->msg.p + split, v->msg.len - split);
		ssa_hash_snapshot(h, part);
		ssa_hash_final(h, out);
		KUNIT_EXPECT_MEMEQ(test, part, v->digest.p, v->digest.len);
		KUNIT_EXPECT_MEMEQ(test, out, v->digest.p, v->digest.len);
	}
}

static void final_wipes_the_state(struct kunit *test)
{
	static const struct ssa_hash zero;
	struct ssa_hash *h = kunit_kmalloc(test, sizeof(*h), GFP_KERNEL);
	u8 out[SSA_HASH_MAX];

	KUNIT_ASSERT_NOT_NULL(test, h);
	ssa_hash_init(h, SSA_SHA512);
	ssa_hash_update(h, "secret", 6);
	ssa_hash_final(h, out);
	KUNIT_EXPECT_MEMEQ(test, h, &zero, sizeof(zero));
}

static void hmac_is_the_known_one(struct kunit *test)
{
	const struct hmac_vector *v = test->param_value;
	u8 out[SSA_HASH_MAX];

	ssa_hmac(v->id, v->key.p, v->key.len, v->msg.p, v->msg.len, out);
	KUNIT_EXPECT_MEMEQ(test, out, v->mac.p, v->mac.len);
}

static void hkdf_is_the_known_one(struct kunit *test)
{
	const struct hkdf_vector *v = test->param_value;
	u8 prk[SSA_HASH_MAX], okm[128];

	KUNIT_ASSERT_LE(test, v->okm.len, sizeof(okm));
	ssa_hkdf_extract(v->id, v->salt.p, v->salt.len, v->ikm.p, v->ikm.len, prk);
	KUNIT_EXPECT_MEMEQ(test, prk, v->prk.p, v->prk.len);
	KUNIT_ASSERT_EQ(test, ssa_hkdf_expand(v->id, prk, v->prk.len, v->info.p, v->info.len,
					      okm, v->okm.len), 0);
	KUNIT_EXPECT_MEMEQ(test, okm, v->okm.p, v->okm.len);
}

static void hkdf_expand_ends_at_255_digests(struct kunit *test)
{
	u8 prk[32] = {};
	u8 *out = kunit_kmalloc(test, 255 * 32 + 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, out);
	KUNIT_EXPECT_EQ(test, ssa_hkdf_expand(SSA_SHA256, prk, 32, NULL, 0, out, 0), 0);
	KUNIT_EXPECT_EQ(test, ssa_hkdf_expand(SSA_SHA256, prk, 32, NULL, 0, out, 255 * 32), 0);
	KUNIT_EXPECT_EQ(test, ssa_hkdf_expand(SSA_SHA256, prk, 32, NULL, 0, out, 255 * 32 + 1),
			-EINVAL);
}

static void expand_label_is_the_known_one(struct kunit *test)
{
	const struct label_vector *v = test->param_value;
	u8 out[SSA_HASH_MAX];

	KUNIT_ASSERT_LE(test, v->out.len, sizeof(out));
	KUNIT_ASSERT_EQ(test, ssa_hkdf_expand_label(v->id, v->secret.p, v->label, v->context.p,
						    v->context.len, out, v->out.len), 0);
	KUNIT_EXPECT_MEMEQ(test, out, v->out.p, v->out.len);
}

static void expand_label_refuses_what_does_not_fit(struct kunit *test)
{
	u8 secret[32] = {}, context[SSA_HASH_MAX + 1] = {}, out[32];
	char label[251];

	memset(label, 'a', sizeof(label));
	label[249] = '\0';
	KUNIT_EXPECT_EQ(test, ssa_hkdf_expand_label(SSA_SHA256, secret, label, context,
						    SSA_HASH_MAX, out, 32), 0);
	label[249] = 'a';
	label[250] = '\0';
	KUNIT_EXPECT_EQ(test, ssa_hkdf_expand_label(SSA_SHA256, secret, label, context,
						    SSA_HASH_MAX, out, 32), -EINVAL);
	KUNIT_EXPECT_EQ(test, ssa_hkdf_expand_label(SSA_SHA256, secret, "key", context,
						    SSA_HASH_MAX + 1, out, 32), -EINVAL);
}

/* as long as it is known, and each shorter output, with nothing written behind it */
static void prf_is_the_known_one(struct kunit *test)
{
	const struct prf_vector *v = test->param_value;
	u8 out[200];
	size_t len;

	KUNIT_ASSERT_LT(test, v->out.len, sizeof(out));
	for (len = 0; len <= v->out.len; len++) {
		memset(out, 0xee, sizeof(out));
		ssa_prf(v->id, v->secret.p, v->secret.len, v->label, v->seed.p, v->seed.len,
			out, len);
		KUNIT_EXPECT_MEMEQ(test, out, v->out.p, len);
		KUNIT_EXPECT_EQ(test, out[len], 0xee);
	}
}

static struct kunit_case ssa_hash_cases[] = {
	KUNIT_CASE_PARAM(digest_is_the_known_one, hash_gen_params),
	KUNIT_CASE_PARAM(snapshot_leaves_the_hash_as_it_was, hash_gen_params),
	KUNIT_CASE(final_wipes_the_state),
	KUNIT_CASE_PARAM(hmac_is_the_known_one, hmac_gen_params),
	KUNIT_CASE_PARAM(hkdf_is_the_known_one, hkdf_gen_params),
	KUNIT_CASE(hkdf_expand_ends_at_255_digests),
	KUNIT_CASE_PARAM(expand_label_is_the_known_one, label_gen_params),
	KUNIT_CASE(expand_label_refuses_what_does_not_fit),
	KUNIT_CASE_PARAM(prf_is_the_known_one, prf_gen_params),
	{}
};

static struct kunit_suite ssa_hash_suite = {
	.name = "ssa_hash",
	.test_cases = ssa_hash_cases,
};

kunit_test_suite(ssa_hash_suite);

MODULE_DESCRIPTION("KUnit tests for the primitives of the Secure Socket API");
MODULE_LICENSE("GPL");
