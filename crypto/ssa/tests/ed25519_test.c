// SPDX-License-Identifier: GPL-2.0
/*
 * Ed25519.
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "ed25519_vectors.h"

#define KEY_LEN	32
#define SIG_LEN	64

KUNIT_ARRAY_PARAM_DESC(vector, ed25519_vectors, name);
KUNIT_ARRAY_PARAM_DESC(verdict, ed25519_verdicts, name);

static void free_key(void *key)
{
	ssa_private_key_free(key);
}

static const struct ssa_private_key *load_seed(struct kunit *test, const struct bytes *seed)
{
	static const u8 head[] = {
		0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70,
		0x04, 0x22, 0x04, 0x20,
	};
	u8 der[sizeof(head) + KEY_LEN];
	struct ssa_private_key *key;

	KUNIT_ASSERT_EQ(test, seed->len, (size_t)KEY_LEN);
	memcpy(der, head, sizeof(head));
	memcpy(der + sizeof(head), seed->p, KEY_LEN);
	key = ssa_private_key_parse(der, sizeof(der));
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, key);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_key, key), 0);
	return key;
}

static struct ssa_public_key *public_key(struct kunit *test, const struct bytes *bytes)
{
	struct ssa_public_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, key);
	KUNIT_ASSERT_EQ(test, bytes->len, (size_t)KEY_LEN);
	key->type = SSA_KEY_ED25519;
	key->n_len = KEY_LEN;
	memcpy(key->n, bytes->p, KEY_LEN);
	return key;
}

static void key_and_signature_are_the_known_ones(struct kunit *test)
{
	const struct ed25519_vector *v = test->param_value;
	const struct ssa_private_key *key = load_seed(test, &v->seed);
	const struct ssa_public_key *pub = ssa_private_key_public(key);
	u8 sig[SIG_LEN];
	size_t len;

	KUNIT_EXPECT_EQ(test, ssa_private_key_type(key), SSA_KEY_ED25519);
	KUNIT_ASSERT_EQ(test, pub->n_len, KEY_LEN);
	KUNIT_EXPECT_MEMEQ(test, pub->n, v->key.p, KEY_LEN);
	/* draws no random numbers */
	KUNIT_ASSERT_EQ(test, ssa_sign(key, SSA_SIG_ED25519, v->msg.p, v->msg.len, NULL,
				       sig, &len), 0);
	KUNIT_ASSERT_EQ(test, len, (size_t)SIG_LEN);
	KUNIT_EXPECT_MEMEQ(test, sig, v->sig.p, SIG_LEN);
	KUNIT_EXPECT_EQ(test, ssa_verify(pub, SSA_SIG_ED25519, v->msg.p, v->msg.len, sig, len), 0);
}

static void every_changed_byte_is_refused(struct kunit *test)
{
	const struct ed25519_vector *v = test->param_value;
	struct ssa_public_key *key = public_key(test, &v->key);
	u8 sig[SIG_LEN];
	size_t i;

	for (i = 0; i < SIG_LEN; i++) {
		memcpy(sig, v->sig.p, SIG_LEN);
		sig[i] ^= 1 << i % 8;
		KUNIT_EXPECT_EQ_MSG(test, ssa_verify(key, SSA_SIG_ED25519, v->msg.p, v->msg.len,
						     sig, SIG_LEN), -EKEYREJECTED, "byte %zu", i);
	}
	for (i = 0; i < KEY_LEN; i++) {
		int err;

		key->n[i] ^= 1 << i % 8;
		err = ssa_verify(key, SSA_SIG_ED25519, v->msg.p, v->msg.len, v->sig.p, SIG_LEN);
		/* every other one is no point */
		KUNIT_EXPECT_TRUE(test, err == -EKEYREJECTED || err == -EINVAL);
		key->n[i] ^= 1 << i % 8;
	}
	KUNIT_EXPECT_EQ(test, ssa_verify(key, SSA_SIG_ED25519, "no", 2, v->sig.p, SIG_LEN),
			-EKEYREJECTED);
}

static void verdict_is_the_known_one(struct kunit *test)
{
	const struct ed25519_vector *v = test->param_value;
	struct ssa_public_key *key = public_key(test, &v->key);

	KUNIT_EXPECT_EQ(test, ssa_verify(key, SSA_SIG_ED25519, v->msg.p, v->msg.len,
					 v->sig.p, v->sig.len), v->err);
}

static void scheme_and_key_go_together(struct kunit *test)
{
	static const u16 others[] = {
		SSA_SIG_ECDSA_SECP256R1_SHA256, SSA_SIG_ECDSA_SECP521R1_SHA512,
		SSA_SIG_RSA_PKCS1_SHA512, SSA_SIG_RSA_PSS_RSAE_SHA512,
		SSA_SIG_RSA_PSS_PSS_SHA512, 0x0808 /* ed448 */,
	};
	static const enum ssa_key_type types[] = {
		SSA_KEY_RSA, SSA_KEY_EC_P256, SSA_KEY_EC_P384, SSA_KEY_EC_P521, SSA_KEY_RSA_PSS,
	};
	const struct ed25519_vector *v = &ed25519_vectors[0];
	const struct ssa_private_key *priv = load_seed(test, &v->seed);
	struct ssa_public_key *key = public_key(test, &v->key);
	u8 sig[SIG_LEN];
	size_t i, len;

	KUNIT_EXPECT_STREQ(test, ssa_sig_scheme_name(SSA_SIG_ED25519), "ed25519");
	KUNIT_EXPECT_TRUE(test, ssa_sig_scheme_fits(SSA_SIG_ED25519, SSA_KEY_ED25519));
	KUNIT_EXPECT_TRUE(test, ssa_sig_scheme_fits_tls12(SSA_SIG_ED25519, SSA_KEY_ED25519));
	KUNIT_EXPECT_TRUE(test, ssa_public_key_allows(key, SSA_SIG_ED25519));
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		KUNIT_EXPECT_FALSE(test, ssa_sig_scheme_fits_tls12(others[i], SSA_KEY_ED25519));
		KUNIT_EXPECT_EQ(test, ssa_sign(priv, others[i], "", 0, NULL, sig, &len), -EINVAL);
		KUNIT_EXPECT_EQ(test, len, (size_t)0);
		KUNIT_EXPECT_EQ(test, ssa_verify(key, others[i], "", 0, v->sig.p, v->sig.len),
				-EINVAL);
	}
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		KUNIT_EXPECT_FALSE(test, ssa_sig_scheme_fits_tls12(SSA_SIG_ED25519, types[i]));
		key->type = types[i];
		KUNIT_EXPECT_EQ(test, ssa_verify(key, SSA_SIG_ED25519, "", 0,
						 v->sig.p, v->sig.len), -EINVAL);
	}
	key->type = SSA_KEY_ED25519;
	key->n_len = KEY_LEN - 1;
	KUNIT_EXPECT_EQ(test, ssa_verify(key, SSA_SIG_ED25519, "", 0, v->sig.p, v->sig.len),
			-EINVAL);
	key->n_len = KEY_LEN + 1;
	KUNIT_EXPECT_EQ(test, ssa_verify(key, SSA_SIG_ED25519, "", 0, v->sig.p, v->sig.len),
			-EINVAL);
}

static struct kunit_case ssa_ed25519_cases[] = {
	KUNIT_CASE_PARAM(key_and_signature_are_the_known_ones, vector_gen_params),
	KUNIT_CASE_PARAM(every_changed_byte_is_refused, vector_gen_params),
	KUNIT_CASE_PARAM(verdict_is_the_known_one, verdict_gen_params),
	KUNIT_CASE(scheme_and_key_go_together),
	{}
};

static struct kunit_suite ssa_ed25519_suite = {
	.name = "ssa_ed25519",
	.test_cases = ssa_ed25519_cases,
};

kunit_test_suite(ssa_ed25519_suite);
