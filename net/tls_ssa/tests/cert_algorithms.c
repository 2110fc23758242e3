// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys and signatures on certificates: each kind that is taken, and the
 * encodings, parameters and mixtures that are not.
 */
#include "cert_helpers.h"
#include "certs.h"

static const struct verify_case good[] = {
	/* RFC 5480, any hash with any curve */
	{ CHAIN(p521_chain) },
	{ LEAF(p521) },
	{ CHAIN(p521_signed) },
	{ CHAIN(p521_signed_sha256) },
	{ CHAIN(p521_rooted), .roots = ssa_test_p521_root_pem },
	/* RFC 8410 */
	{ CHAIN(ed25519_chain) },
	{ LEAF(ed25519) },
	{ CHAIN(ed25519_signed) },
	{ CHAIN(ed25519_rooted), .roots = ssa_test_ed25519_root_pem },
	/* RFC 4055: signed by a key of rsaEncryption */
	{ BELOW_RSA(pss) }, { BELOW_RSA(pss_sha384) }, { BELOW_RSA(pss_sha512) },
	{ BELOW_RSA(pss_absent) }, { BELOW_RSA(pss_trailer) },
	{ BELOW_RSA(pss_salt_0) }, { BELOW_RSA(pss_salt_20) }, { BELOW_RSA(pss_salt_max) },
	{ BELOW_RSA(rsa_absent) },
	/* against RFC 5758 3.2, but there are those who write it so */
	{ LEAF(ecdsa_null) },
	/* keys of id-RSASSA-PSS */
	{ CHAIN(rsapss_chain) },
	{ LEAF(rsapss) }, { LEAF(rsapss_sha256) },
	{ CHAIN(rsapss_signed) }, { CHAIN(rsapss_free) }, { CHAIN(rsapss_bound) },
	{ CHAIN(rsapss_bound_salt) },
	{ CHAIN(rsapss_rooted), .roots = ssa_test_rsapss_root_pem },
};

static const struct verify_case weak[] = {
	{ CHAIN(weak_key), WANT(WEAK_KEY) },
	{ CHAIN(weak_int), WANT(WEAK_KEY) },
	{ LEAF(rsapss_weak), WANT(WEAK_KEY) },
	{ CHAIN(rsa_md5), WANT(WEAK_HASH) },
	{ CHAIN(rsa_sha1), WANT(WEAK_HASH) },
	{ LEAF(ecdsa_sha1), WANT(WEAK_HASH) },
	{ CHAIN(int_sha1), WANT(WEAK_HASH) },
	{ BELOW_RSA(pss_sha1), WANT(WEAK_HASH) },
	{ BELOW_RSA(pss_sha1_encoded), WANT(WEAK_HASH) },
	{ BELOW_RSA(pss_sha224), WANT(WEAK_HASH) },
	{ BELOW_RSA(pss_mgf_default), WANT(WEAK_HASH) },
	{ LEAF(rsapss_sha1), WANT(WEAK_HASH) },
};

static const struct verify_case unknown[] = {
	{ LEAF(p521_compressed), WANT(ALGORITHM) },
	{ LEAF(x25519), WANT(ALGORITHM) },
	{ LEAF(ed448), WANT(ALGORITHM) },
	{ CHAIN(ed448_signed), WANT(ALGORITHM) },
	{ BELOW_RSA(pss_sha3), WANT(ALGORITHM) },
	{ BELOW_RSA(pss_mgf_other), WANT(ALGORITHM) },
	{ BELOW_RSA(pss_mgf_unknown), WANT(ALGORITHM) },
	{ BELOW_RSA(pss_salt_huge), WANT(ALGORITHM) },
	{ BELOW_RSA(pss_trailer_2), WANT(ALGORITHM) },
	{ LEAF(rsapss_mgf_other), WANT(ALGORITHM) },
};

static const struct verify_case malformed[] = {
	{ LEAF(alg_mismatch), WANT(MALFORMED) },
	{ LEAF(p521_short), WANT(MALFORMED) },
	{ LEAF(p521_long), WANT(MALFORMED) },
	{ LEAF(ed25519_null), WANT(MALFORMED) },
	{ LEAF(ed25519_short), WANT(MALFORMED) },
	{ LEAF(ed25519_long), WANT(MALFORMED) },
	{ CHAIN(ed25519_sig_null), WANT(MALFORMED) },
	{ BELOW_RSA(pss_none), WANT(MALFORMED) },
	{ BELOW_RSA(pss_null), WANT(MALFORMED) },
	{ BELOW_RSA(pss_more), WANT(MALFORMED) },
	{ BELOW_RSA(pss_order), WANT(MALFORMED) },
	{ BELOW_RSA(pss_after), WANT(MALFORMED) },
	{ BELOW_RSA(pss_hash_params), WANT(MALFORMED) },
	{ BELOW_RSA(pss_salt_negative), WANT(MALFORMED) },
	{ BELOW_RSA(pss_salt_default), WANT(MALFORMED) },
	{ LEAF(rsapss_null), WANT(MALFORMED) },
};

static const struct verify_case signatures[] = {
	{ CHAIN(p521_off), WANT(SIGNATURE) },
	{ CHAIN(ed25519_flipped), WANT(SIGNATURE) },
	{ CHAIN(ed25519_is_ecdsa), WANT(SIGNATURE) },
	{ BELOW_RSA(pss_wrong_hash), WANT(SIGNATURE) },
	{ BELOW_RSA(pss_wrong_mgf), WANT(SIGNATURE) },
	{ BELOW_RSA(pss_wrong_salt), WANT(SIGNATURE) },
	{ BELOW_RSA(pss_salt_long), WANT(SIGNATURE) },
	{ BELOW_RSA(pss_flipped), WANT(SIGNATURE) },
	{ BELOW_RSA(pss_is_pkcs1), WANT(SIGNATURE) },
	{ BELOW_RSA(pkcs1_is_pss), WANT(SIGNATURE) },
	/* RFC 4055 1.2 and 3.3 */
	{ CHAIN(rsapss_pkcs1), WANT(SIGNATURE) },
	{ CHAIN(rsapss_bound_hash), WANT(SIGNATURE) },
	/* RFC 8410 5: a key for signatures, which this one does not allow */
	{ LEAF(ed25519_ku), WANT(KEY_USAGE) },
};

KUNIT_ARRAY_PARAM_DESC(good, good, what);
KUNIT_ARRAY_PARAM_DESC(weak, weak, what);
KUNIT_ARRAY_PARAM_DESC(unknown, unknown, what);
KUNIT_ARRAY_PARAM_DESC(malformed, malformed, what);
KUNIT_ARRAY_PARAM_DESC(signatures, signatures, what);

static struct ssa_public_key *key_of(struct kunit *test, const char *chain_pem)
{
	struct ssa_chain *chain = cert_test_chain(test, chain_pem, ssa_test_int_ec_pem);
	struct ssa_public_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);
	struct ssa_verify_params params = {
		.store = cert_test_store(test, ssa_test_root_pem),
		.name = "server.test",
		.now = SSA_TEST_NOW,
	};

	KUNIT_ASSERT_NOT_NULL(test, key);
	KUNIT_ASSERT_EQ(test, (int)ssa_chain_verify(&params, chain, key), SSA_R_NONE);
	return key;
}

/* What CertificateVerify is checked with */
static void key_is_handed_over(struct kunit *test)
{
	struct ssa_public_key *key = key_of(test, ssa_test_p521_pem);

	KUNIT_EXPECT_EQ(test, key->type, SSA_KEY_EC_P521);
	KUNIT_EXPECT_EQ(test, key->n_len, 133);
	key = key_of(test, ssa_test_ed25519_pem);
	KUNIT_EXPECT_EQ(test, key->type, SSA_KEY_ED25519);
	KUNIT_EXPECT_EQ(test, key->n_len, 32);
	key = key_of(test, ssa_test_rsapss_pem);
	KUNIT_EXPECT_EQ(test, key->type, SSA_KEY_RSA_PSS);
	KUNIT_EXPECT_EQ(test, key->n_len, 256);
	KUNIT_EXPECT_FALSE(test, key->pss_bound);
	key = key_of(test, ssa_test_rsapss_sha256_pem);
	KUNIT_EXPECT_EQ(test, key->type, SSA_KEY_RSA_PSS);
	KUNIT_EXPECT_TRUE(test, key->pss_bound);
	KUNIT_EXPECT_EQ(test, key->pss.hash, SSA_SHA256);
	KUNIT_EXPECT_EQ(test, key->pss.salt_len, 32);
}

static struct kunit_case algorithm_cases[] = {
	KUNIT_CASE_PARAM(cert_test_judge, good_gen_params),
	KUNIT_CASE_PARAM(cert_test_judge, weak_gen_params),
	KUNIT_CASE_PARAM(cert_test_judge, unknown_gen_params),
	KUNIT_CASE_PARAM(cert_test_judge, malformed_gen_params),
	KUNIT_CASE_PARAM(cert_test_judge, signatures_gen_params),
	KUNIT_CASE(key_is_handed_over),
	{}
};

static struct kunit_suite algorithm_suite = {
	.name = "tls_ssa_cert_algorithms",
	.test_cases = algorithm_cases,
};

kunit_test_suite(algorithm_suite);
