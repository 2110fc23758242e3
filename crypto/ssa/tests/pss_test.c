// SPDX-License-Identifier: GPL-2.0
/*
 * RSASSA-PSS: keys of that type, and parameters (RFC 4055).
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <crypto/ssa_der.h>

#include "key_vectors.h"
#include "pss_vectors.h"
#include "sig_vectors.h"

#define SIG_MSG_LEN	(sizeof(sig_msg) - 1)
#define PKCS8_ROOM	2048

KUNIT_ARRAY_PARAM_DESC(good_params, good_params, name);
KUNIT_ARRAY_PARAM_DESC(bad_params, bad_params, name);
KUNIT_ARRAY_PARAM_DESC(pss_sig, pss_sigs, name);

static const u16 pss_schemes[SSA_HASH_COUNT] = {
	[SSA_SHA256] = SSA_SIG_RSA_PSS_PSS_SHA256,
	[SSA_SHA384] = SSA_SIG_RSA_PSS_PSS_SHA384,
	[SSA_SHA512] = SSA_SIG_RSA_PSS_PSS_SHA512,
};

static void free_key(void *key)
{
	ssa_private_key_free(key);
}

static struct ssa_private_key *load_key(struct kunit *test, const struct bytes *der)
{
	struct ssa_private_key *key = ssa_private_key_parse(der->p, der->len);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, key);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_key, key), 0);
	return key;
}

static void params_are_read(struct kunit *test)
{
	const struct pss_params_vector *v = test->param_value;
	struct ssa_der der = ssa_der(v->der.p, v->der.len);
	struct ssa_pss_params params;

	KUNIT_ASSERT_EQ(test, ssa_pss_params_parse(&der, &params), 0);
	KUNIT_EXPECT_EQ(test, params.hash, v->hash);
	KUNIT_EXPECT_EQ(test, params.salt_len, v->salt_len);
}

/* each in memory of just that size, so that KASAN sees the first byte too far */
static void every_truncation_of_params_is_refused(struct kunit *test)
{
	const struct pss_params_vector *v = test->param_value;
	struct ssa_pss_params params;
	size_t len;

	for (len = 0; len < v->der.len; len++) {
		u8 *copy = kmemdup(v->der.p, len, GFP_KERNEL);
		struct ssa_der der = ssa_der(copy, len);

		KUNIT_ASSERT_NOT_NULL(test, copy);
		KUNIT_EXPECT_EQ(test, ssa_pss_params_parse(&der, &params), -EINVAL);
		kfree(copy);
	}
}

static void bad_params_are_refused(struct kunit *test)
{
	const struct pss_params_vector *v = test->param_value;
	struct ssa_der der = ssa_der(v->der.p, v->der.len);
	struct ssa_pss_params params;

	KUNIT_EXPECT_EQ(test, ssa_pss_params_parse(&der, &params), v->err);
}

static u8 *put(u8 *p, const void *bytes, size_t len)
{
	memcpy(p, bytes, len);
	return p + len;
}

/* PKCS#8 of the first RSA-2048 key, with these parameters behind id-RSASSA-PSS */
static size_t make_pkcs8(struct kunit *test, const struct bytes *params, u8 *out)
{
	static const u8 head[] = { 0x02, 0x01, 0x00, 0x30 };
	static const u8 oid[] = {
		0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a,
	};
	const struct bytes *rsa = &good_keys[0].der;
	size_t len = sizeof(head) + 1 + sizeof(oid) + params->len + 4 + rsa->len;
	u8 *p = out;

	KUNIT_ASSERT_LT(test, sizeof(oid) + params->len, (size_t)0x80);
	KUNIT_ASSERT_LE(test, len + 4, (size_t)PKCS8_ROOM);
	p = put(p, (u8 []){ 0x30, 0x82, len >> 8, len }, 4);
	p = put(p, head, sizeof(head));
	*p++ = sizeof(oid) + params->len;
	p = put(p, oid, sizeof(oid));
	p = put(p, params->p, params->len);
	p = put(p, (u8 []){ 0x04, 0x82, rsa->len >> 8, rsa->len }, 4);
	p = put(p, rsa->p, rsa->len);
	return p - out;
}

/* bound to what TLS has no scheme for: of no use */
static void key_with_good_params_is_taken_if_tls_has_them(struct kunit *test)
{
	const struct pss_params_vector *v = test->param_value;
	u8 *der = kunit_kmalloc(test, PKCS8_ROOM, GFP_KERNEL);
	const struct ssa_public_key *pub;
	struct ssa_private_key *key;
	size_t len;

	KUNIT_ASSERT_NOT_NULL(test, der);
	len = make_pkcs8(test, &v->der, der);
	key = ssa_private_key_parse(der, len);
	if (v->salt_len != ssa_hash_size(v->hash)) {
		KUNIT_EXPECT_PTR_EQ(test, key, ERR_PTR(-EOPNOTSUPP));
		return;
	}
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, key);
	pub = ssa_private_key_public(key);
	KUNIT_EXPECT_EQ(test, pub->type, SSA_KEY_RSA_PSS);
	KUNIT_EXPECT_TRUE(test, pub->pss_bound);
	KUNIT_EXPECT_EQ(test, pub->pss.hash, v->hash);
	KUNIT_EXPECT_EQ(test, pub->pss.salt_len, v->salt_len);
	ssa_private_key_free(key);
}

static void key_with_bad_params_is_refused(struct kunit *test)
{
	const struct pss_params_vector *v = test->param_value;
	u8 *der = kunit_kmalloc(test, PKCS8_ROOM, GFP_KERNEL);
	size_t len;

	KUNIT_ASSERT_NOT_NULL(test, der);
	if (!v->der.len)	/* a key without parameters is fine */
		return;
	len = make_pkcs8(test, &v->der, der);
	KUNIT_EXPECT_PTR_EQ(test, ssa_private_key_parse(der, len),
			    ERR_PTR(v->err == -EKEYREJECTED ? -EOPNOTSUPP : v->err));
}

static void known_signature_verifies(struct kunit *test)
{
	const struct sig_vector *v = test->param_value;
	const struct ssa_private_key *key = load_key(test, &pss_keys[v->key]);
	const struct ssa_public_key *pub = ssa_private_key_public(key);
	u8 *sig = kunit_kmalloc(test, v->sig.len, GFP_KERNEL);
	enum ssa_hash_id hash;
	size_t i;

	KUNIT_ASSERT_NOT_NULL(test, sig);
	KUNIT_EXPECT_EQ(test, ssa_verify(pub, v->scheme, sig_msg, SIG_MSG_LEN,
					 v->sig.p, v->sig.len), 0);
	KUNIT_EXPECT_EQ(test, ssa_verify(pub, v->scheme, "Sample", 6, v->sig.p, v->sig.len),
			-EKEYREJECTED);
	for (hash = 0; hash < SSA_HASH_COUNT; hash++) {
		if (pss_schemes[hash] == v->scheme)
			continue;
		KUNIT_EXPECT_EQ(test, ssa_verify(pub, pss_schemes[hash], sig_msg, SIG_MSG_LEN,
						 v->sig.p, v->sig.len),
				v->key == PSS_KEY_BOUND ? -EINVAL : -EKEYREJECTED);
	}
	for (i = 0; i < v->sig.len; i += 37) {
		memcpy(sig, v->sig.p, v->sig.len);
		sig[i] ^= 1 << i % 8;
		KUNIT_EXPECT_EQ(test, ssa_verify(pub, v->scheme, sig_msg, SIG_MSG_LEN,
						 sig, v->sig.len), -EKEYREJECTED);
	}
}

static void key_signs_by_its_own_schemes_only(struct kunit *test)
{
	static const u16 others[] = {
		SSA_SIG_RSA_PKCS1_SHA256, SSA_SIG_RSA_PKCS1_SHA512,
		SSA_SIG_RSA_PSS_RSAE_SHA256, SSA_SIG_RSA_PSS_RSAE_SHA384,
		SSA_SIG_ECDSA_SECP256R1_SHA256,
	};
	u8 *sig = kunit_kmalloc(test, SSA_SIGNATURE_MAX, GFP_KERNEL);
	size_t i, k, len;

	KUNIT_ASSERT_NOT_NULL(test, sig);
	for (k = 0; k < ARRAY_SIZE(pss_keys); k++) {
		struct ssa_private_key *key = load_key(test, &pss_keys[k]);
		const struct ssa_public_key *pub = ssa_private_key_public(key);
		enum ssa_hash_id hash;

		KUNIT_EXPECT_EQ(test, ssa_private_key_type(key), SSA_KEY_RSA_PSS);
		KUNIT_EXPECT_EQ(test, pub->pss_bound, k == PSS_KEY_BOUND);
		for (hash = 0; hash < SSA_HASH_COUNT; hash++) {
			bool allowed = k == PSS_KEY_FREE || hash == SSA_SHA256;
			int err = ssa_sign(key, pss_schemes[hash], sig_msg, SIG_MSG_LEN,
					   &ssa_kernel_rng, sig, &len);

			KUNIT_EXPECT_EQ(test, ssa_public_key_allows(pub, pss_schemes[hash]),
					allowed);
			KUNIT_EXPECT_EQ(test, err, allowed ? 0 : -EINVAL);
			if (!err)
				KUNIT_EXPECT_EQ(test, ssa_verify(pub, pss_schemes[hash], sig_msg,
								 SIG_MSG_LEN, sig, len), 0);
		}
		for (i = 0; i < ARRAY_SIZE(others); i++)
			KUNIT_EXPECT_EQ(test, ssa_sign(key, others[i], sig_msg, SIG_MSG_LEN,
						       &ssa_kernel_rng, sig, &len), -EINVAL);
		KUNIT_EXPECT_FALSE(test, ssa_public_key_allows(pub, 0x0201));
	}
}

static int pss_verdict(const struct ssa_public_key *key, const struct ssa_pss_params *params,
		       const struct sig_vector *v)
{
	return ssa_verify_pss(key, params, sig_msg, SIG_MSG_LEN, v->sig.p, v->sig.len);
}

/* the signatures that ssa_verify() refuses for their salt */
static void salt_is_as_long_as_the_params_say(struct kunit *test)
{
	static const struct {
		const char	*name;
		u16		salt_len;
	} salts[] = {
		{ "PSS salt of 0 bytes", 0 },
		{ "PSS salt of 20 bytes", 20 },
		{ "PSS salt of 31 bytes", 31 },
		{ "PSS salt of 33 bytes", 33 },
		{ "PSS salt of 64 bytes", 64 },
		{ "PSS salt of 222 bytes", 222 },
	};
	struct ssa_public_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);
	const struct pub_vector *pub = &sig_keys[SIG_KEY_RSA2048];
	struct ssa_pss_params params = { .hash = SSA_SHA256 };
	unsigned int found = 0;
	size_t i, j;

	KUNIT_ASSERT_NOT_NULL(test, key);
	key->type = SSA_KEY_RSA;
	key->n_len = pub->n.len;
	key->e_len = pub->e.len;
	memcpy(key->n, pub->n.p, pub->n.len);
	memcpy(key->e, pub->e.p, pub->e.len);

	for (i = 0; i < ARRAY_SIZE(sig_vectors); i++) {
		const struct sig_vector *v = &sig_vectors[i];

		for (j = 0; j < ARRAY_SIZE(salts); j++) {
			if (strcmp(v->name, salts[j].name))
				continue;
			found++;
			key->type = SSA_KEY_RSA;
			key->pss_bound = false;
			params.salt_len = salts[j].salt_len;
			KUNIT_EXPECT_EQ(test, pss_verdict(key, &params, v), 0);
			params.salt_len++;
			KUNIT_EXPECT_EQ(test, pss_verdict(key, &params, v), -EKEYREJECTED);
			params.salt_len = 32;
			KUNIT_EXPECT_EQ(test, pss_verdict(key, &params, v), -EKEYREJECTED);
			params.salt_len = SSA_RSA_MAX_BITS / 8;
			KUNIT_EXPECT_EQ(test, pss_verdict(key, &params, v), -EKEYREJECTED);

			key->type = SSA_KEY_RSA_PSS;
			params.salt_len = salts[j].salt_len;
			KUNIT_EXPECT_EQ(test, pss_verdict(key, &params, v), 0);
			key->pss_bound = true;
			key->pss = params;
			KUNIT_EXPECT_EQ(test, pss_verdict(key, &params, v), 0);
			key->pss.salt_len++;
			KUNIT_EXPECT_EQ(test, pss_verdict(key, &params, v), -EINVAL);
			key->pss = (struct ssa_pss_params){ SSA_SHA384, params.salt_len };
			KUNIT_EXPECT_EQ(test, pss_verdict(key, &params, v), -EINVAL);
		}
	}
	KUNIT_EXPECT_EQ(test, found, (unsigned int)ARRAY_SIZE(salts));

	key->pss_bound = false;
	params.hash = SSA_HASH_COUNT;
	KUNIT_EXPECT_EQ(test, pss_verdict(key, &params, &sig_vectors[0]), -EINVAL);
	params.hash = SSA_SHA256;
	key->type = SSA_KEY_EC_P256;
	KUNIT_EXPECT_EQ(test, pss_verdict(key, &params, &sig_vectors[0]), -EINVAL);
}

static void params_are_part_of_a_key(struct kunit *test)
{
	const struct ssa_private_key *key = load_key(test, &pss_keys[PSS_KEY_BOUND]);
	struct ssa_public_key *other = kunit_kmalloc(test, sizeof(*other), GFP_KERNEL);
	const struct ssa_public_key *pub = ssa_private_key_public(key);

	KUNIT_ASSERT_NOT_NULL(test, other);
	*other = *pub;
	KUNIT_EXPECT_TRUE(test, ssa_public_key_equal(pub, other));
	other->pss.salt_len = 20;
	KUNIT_EXPECT_FALSE(test, ssa_public_key_equal(pub, other));
	*other = *pub;
	other->pss.hash = SSA_SHA384;
	KUNIT_EXPECT_FALSE(test, ssa_public_key_equal(pub, other));
	*other = *pub;
	other->pss_bound = false;
	KUNIT_EXPECT_FALSE(test, ssa_public_key_equal(pub, other));
	*other = *pub;
	other->type = SSA_KEY_RSA;
	KUNIT_EXPECT_FALSE(test, ssa_public_key_equal(pub, other));
	*other = *pub;
	other->e[other->e_len - 1] ^= 2;
	KUNIT_EXPECT_FALSE(test, ssa_public_key_equal(pub, other));
}

static struct kunit_case ssa_rsa_pss_cases[] = {
	KUNIT_CASE_PARAM(params_are_read, good_params_gen_params),
	KUNIT_CASE_PARAM(every_truncation_of_params_is_refused, good_params_gen_params),
	KUNIT_CASE_PARAM(bad_params_are_refused, bad_params_gen_params),
	KUNIT_CASE_PARAM(key_with_good_params_is_taken_if_tls_has_them, good_params_gen_params),
	KUNIT_CASE_PARAM(key_with_bad_params_is_refused, bad_params_gen_params),
	KUNIT_CASE_PARAM(known_signature_verifies, pss_sig_gen_params),
	KUNIT_CASE(key_signs_by_its_own_schemes_only),
	KUNIT_CASE(salt_is_as_long_as_the_params_say),
	KUNIT_CASE(params_are_part_of_a_key),
	{}
};

BACKEND_SUITE(ssa_rsa_pss_bearssl, "ssa_rsa_pss", test_on_bearssl, ssa_rsa_pss_cases);
BACKEND_SUITE(ssa_rsa_pss_s2n, "ssa_rsa_pss_s2n", test_on_s2n, ssa_rsa_pss_cases);
BACKEND_SUITE(ssa_rsa_pss_s2n_alt, "ssa_rsa_pss_s2n_alt", test_on_s2n_alt, ssa_rsa_pss_cases);

kunit_test_suites(&ssa_rsa_pss_bearssl, &ssa_rsa_pss_s2n, &ssa_rsa_pss_s2n_alt);
