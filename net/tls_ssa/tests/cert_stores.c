// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trust stores, and the chains and keys of a server.
 */
#include "cert_helpers.h"
#include "certs.h"

struct credential_case {
	const char *what;
	const char *chain;
	const char *key;
	int err;
	enum ssa_key_type type;
};

#define ENC	"-----BEGIN ENCRYPTED PRIVATE KEY-----\nZm9v\n-----END ENCRYPTED PRIVATE KEY-----\n"
#define NOT_A_KEY	"-----BEGIN PRIVATE KEY-----\nZm9v\n-----END PRIVATE KEY-----\n"
#define NOT_A_CERT	"-----BEGIN CERTIFICATE-----\nZm9v\n-----END CERTIFICATE-----\n"

static const struct credential_case credentials[] = {
	{ "p256_pkcs8", ssa_test_p256_chain_pem, ssa_test_p256_key_pem, 0, SSA_KEY_EC_P256 },
	{ "p256_sec1", ssa_test_p256_chain_pem, ssa_test_p256_sec1_key_pem, 0, SSA_KEY_EC_P256 },
	{ "p256_with_parameters", ssa_test_p256_chain_pem, ssa_test_p256_param_key_pem, 0,
	  SSA_KEY_EC_P256 },
	{ "p384_pkcs8", ssa_test_p384_chain_pem, ssa_test_p384_key_pem, 0, SSA_KEY_EC_P384 },
	{ "rsa_pkcs8", ssa_test_rsa_chain_pem, ssa_test_rsa_key_pem, 0, SSA_KEY_RSA },
	{ "rsa_pkcs1", ssa_test_rsa_chain_pem, ssa_test_rsa_pkcs1_key_pem, 0, SSA_KEY_RSA },
	{ "p521", ssa_test_p521_chain_pem, ssa_test_p521_key_pem, 0, SSA_KEY_EC_P521 },
	{ "ed25519", ssa_test_ed25519_chain_pem, ssa_test_ed25519_key_pem, 0, SSA_KEY_ED25519 },
	{ "rsapss", ssa_test_rsapss_chain_pem, ssa_test_rsapss_key_pem, 0, SSA_KEY_RSA_PSS },
	{ "rsapss_sha256", ssa_test_rsapss_sha256_pem, ssa_test_rsapss_sha256_key_pem, 0,
	  SSA_KEY_RSA_PSS },
	{ "leaf_only", ssa_test_bare_pem, ssa_test_p256_key_pem, 0, SSA_KEY_EC_P256 },
	{ "other_p256_key", ssa_test_p256_chain_pem, ssa_test_p256_other_key_pem, -EKEYREJECTED },
	{ "other_key_other_type", ssa_test_p256_chain_pem, ssa_test_rsa_key_pem, -EKEYREJECTED },
	{ "encrypted_pkcs8", ssa_test_p256_chain_pem, ssa_test_p256_enc_key_pem, -EOPNOTSUPP },
	{ "encrypted_traditional", ssa_test_rsa_chain_pem, ssa_test_rsa_enc_key_pem, -EOPNOTSUPP },
	{ "encrypted_label", ssa_test_rsa_chain_pem, ENC, -EOPNOTSUPP },
	{ "rsa1024_key", ssa_test_rsa_chain_pem, ssa_test_rsa1024_key_pem, -EOPNOTSUPP },
	{ "rsa1024_chain", ssa_test_weak_key_pem, ssa_test_rsa1024_key_pem, -EOPNOTSUPP },
	{ "p521_other", ssa_test_p256_chain_pem, ssa_test_p521_key_pem, -EKEYREJECTED },
	{ "ed25519_other", ssa_test_p256_chain_pem, ssa_test_ed25519_key_pem, -EKEYREJECTED },
	{ "rsapss_other", ssa_test_rsa_chain_pem, ssa_test_rsapss_key_pem, -EKEYREJECTED },
	{ "rsapss_other_binding", ssa_test_rsapss_chain_pem, ssa_test_rsapss_sha256_key_pem,
	  -EKEYREJECTED },
	{ "ed448_chain", ssa_test_ed448_pem, ssa_test_p256_key_pem, -EOPNOTSUPP },
	{ "rsapss_sha1_chain", ssa_test_rsapss_sha1_pem, ssa_test_rsa_key_pem, -EOPNOTSUPP },
	/* RFC 8446 4.4.2.2 */
	{ "signed_with_sha1", ssa_test_rsa_sha1_pem, ssa_test_p256_key_pem, -EOPNOTSUPP },
	{ "signed_with_md5", ssa_test_rsa_md5_pem, ssa_test_p256_key_pem, -EOPNOTSUPP },
	{ "signed_with_pss_sha1", ssa_test_pss_sha1_pem, ssa_test_p256_key_pem, -EOPNOTSUPP },
	{ "issuer_signed_with_sha1", ssa_test_int_sha1_pem, ssa_test_p256_key_pem, -EOPNOTSUPP },
	{ "signed_with_ed448", ssa_test_ed448_signed_pem, ssa_test_p256_key_pem, -EOPNOTSUPP },
	{ "pss_without_parameters", ssa_test_pss_none_pem, ssa_test_p256_key_pem, -EINVAL },
	{ "self_signed", ssa_test_self_signed_pem, ssa_test_p256_key_pem, 0, SSA_KEY_EC_P256 },
	{ "malformed_key", ssa_test_p256_chain_pem, NOT_A_KEY, -EINVAL },
	{ "no_key", ssa_test_p256_chain_pem, "", -EINVAL },
	{ "certificate_for_key", ssa_test_p256_chain_pem, ssa_test_p256_chain_pem, -EINVAL },
	{ "key_for_chain", ssa_test_p256_key_pem, ssa_test_p256_key_pem, -EINVAL },
	{ "no_chain", "", ssa_test_p256_key_pem, -EINVAL },
	{ "malformed_chain", NOT_A_CERT, ssa_test_p256_key_pem, -EINVAL },
	{ "version_1", ssa_test_v1_pem, ssa_test_p256_key_pem, -EOPNOTSUPP },
	{ "version_2", ssa_test_v2_pem, ssa_test_p256_key_pem, -EOPNOTSUPP },
	{ "malformed_leaf", ssa_test_garbage_san_pem, ssa_test_p256_key_pem, -EINVAL },
	{ "eleven_certificates", ssa_test_deep_pem, ssa_test_p256_key_pem, -E2BIG },
};

KUNIT_ARRAY_PARAM_DESC(credentials, credentials, what);

static void credentials_are_judged(struct kunit *test)
{
	const struct credential_case *c = test->param_value;
	struct ssa_credentials *cred;

	cred = ssa_credentials_new(c->chain, strlen(c->chain), c->key, strlen(c->key));

	KUNIT_ASSERT_EQ(test, PTR_ERR_OR_ZERO(cred), c->err);
	if (c->err)
		return;
	KUNIT_EXPECT_EQ(test, ssa_private_key_type(ssa_credentials_key(cred)), c->type);
	KUNIT_EXPECT_GE(test, ssa_credentials_chain(cred)->count, 1);
	ssa_credentials_put(cred);
}

static void halves_are_judged_alone(struct kunit *test)
{
	const char *chain = ssa_test_p256_chain_pem, *key = ssa_test_p256_key_pem;
	const char *encrypted = ssa_test_p256_enc_key_pem;

	KUNIT_EXPECT_EQ(test, ssa_credentials_check_chain(chain, strlen(chain)), 0);
	KUNIT_EXPECT_EQ(test, ssa_credentials_check_key(key, strlen(key)), 0);
	KUNIT_EXPECT_EQ(test, ssa_credentials_check_chain(key, strlen(key)), -EINVAL);
	KUNIT_EXPECT_EQ(test, ssa_credentials_check_key(chain, strlen(chain)), -EINVAL);
	KUNIT_EXPECT_EQ(test, ssa_credentials_check_chain(NULL, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, ssa_credentials_check_key(NULL, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, ssa_credentials_check_key(encrypted, strlen(encrypted)), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, ssa_credentials_check_key(key, SSA_KEY_PEM_MAX + 1), -E2BIG);
	KUNIT_EXPECT_EQ(test, ssa_credentials_check_chain(chain, SSA_CHAIN_PEM_MAX + 1), -E2BIG);
}

/* @parts one after the other, freed with the test */
static char *join(struct kunit *test, const char *const *parts, size_t count, size_t *len)
{
	size_t i, n;
	char *text;

	for (i = 0, *len = 0; i < count; i++)
		*len += strlen(parts[i]);
	text = kunit_kmalloc(test, *len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, text);
	for (i = 0, n = 0; i < count; i++) {
		memcpy(text + n, parts[i], strlen(parts[i]));
		n += strlen(parts[i]);
	}
	return text;
}

static void one_file_for_both(struct kunit *test)
{
	static const char *const parts[] = { ssa_test_rsa_key_pem, ssa_test_rsa_chain_pem };
	struct ssa_credentials *cred;
	size_t len;
	char *text = join(test, parts, ARRAY_SIZE(parts), &len);

	cred = ssa_credentials_new(text, len, text, len);
	KUNIT_ASSERT_FALSE(test, IS_ERR(cred));
	KUNIT_EXPECT_EQ(test, ssa_credentials_chain(cred)->count, 2);
	KUNIT_EXPECT_PTR_EQ(test, ssa_credentials_get(cred), cred);
	ssa_credentials_put(cred);
	KUNIT_EXPECT_EQ(test, ssa_credentials_chain(cred)->cert[0].der[0], 0x30);
	ssa_credentials_put(cred);
	ssa_credentials_put(NULL);
}

static void two_keys_are_refused(struct kunit *test)
{
	static const char *const parts[] = { ssa_test_p256_key_pem, ssa_test_p256_other_key_pem };
	size_t len;
	char *text = join(test, parts, ARRAY_SIZE(parts), &len);

	KUNIT_EXPECT_EQ(test, ssa_credentials_check_key(text, len), -EINVAL);
}

static void wrong_order_is_refused(struct kunit *test)
{
	static const char *const parts[] = { ssa_test_bare_pem, ssa_test_int_rsa_pem };
	size_t len;
	char *text = join(test, parts, ARRAY_SIZE(parts), &len);

	KUNIT_EXPECT_EQ(test, ssa_credentials_check_chain(text, len), -EINVAL);
}

/* RFC 8446 4.4.2.2: no one verifies what a root says of itself */
static void root_signed_with_sha1_is_taken(struct kunit *test)
{
	static const char *const parts[] = { ssa_test_p256_chain_pem, ssa_test_root_sha1_pem };
	size_t len;
	char *text = join(test, parts, ARRAY_SIZE(parts), &len);

	KUNIT_EXPECT_EQ(test, ssa_credentials_check_chain(text, len), 0);
}

#define CSR	"-----BEGIN CERTIFICATE REQUEST-----\nZm9v\n-----END CERTIFICATE REQUEST-----\n"

/**
 * struct fault_case - a text that is refused, and what is said about it
 * @what: name of the case
 * @key: it was to be a key
 * @text: the text
 * @more: its continuation, or NULL
 * @fault: the reason
 */
struct fault_case {
	const char *what;
	bool key;
	const char *text;
	const char *more;
	enum ssa_reason fault;
};

static const struct fault_case faults[] = {
	{ "encrypted", true, ssa_test_p256_enc_key_pem, NULL, SSA_R_CRED_ENCRYPTED },
	{ "encrypted_traditional", true, ssa_test_rsa_enc_key_pem, NULL, SSA_R_CRED_ENCRYPTED },
	{ "encrypted_beside_chain", true, ssa_test_p256_chain_pem, ENC, SSA_R_CRED_ENCRYPTED },
	{ "small_key", true, ssa_test_rsa1024_key_pem, NULL, SSA_R_CRED_WEAK_KEY },
	{ "small_key_of_certificate", false, ssa_test_weak_key_pem, NULL, SSA_R_CRED_WEAK_KEY },
	{ "key_of_other_algorithm", false, ssa_test_ed448_pem, NULL, SSA_R_CRED_ALGORITHM },
	{ "signed_with_sha1", false, ssa_test_rsa_sha1_pem, NULL, SSA_R_CRED_ALGORITHM },
	{ "der", false, "\x30\x82\x01\x02", NULL, SSA_R_CRED_NOT_PEM },
	{ "der_key", true, "\x30\x82\x01\x02", NULL, SSA_R_CRED_NOT_PEM },
	{ "chain_for_key", true, ssa_test_p256_chain_pem, NULL, SSA_R_CRED_NO_KEY },
	{ "key_for_chain", false, ssa_test_p256_key_pem, NULL, SSA_R_CRED_NO_CERTIFICATE },
	{ "request", false, CSR, NULL, SSA_R_CRED_REQUEST },
	{ "request_and_key", false, CSR, ssa_test_p256_key_pem, SSA_R_CRED_REQUEST },
	{ "reversed", false, ssa_test_int_ec_pem, ssa_test_bare_pem, SSA_R_CRED_ORDER },
	{ "of_another_issuer", false, ssa_test_bare_pem, ssa_test_int_rsa_pem, SSA_R_CRED_ORDER },
	{ "leaf_twice", false, ssa_test_bare_pem, ssa_test_bare_pem, SSA_R_CRED_TWICE },
	{ "leaf_twice_then_issuer", false, ssa_test_bare_pem, ssa_test_p256_chain_pem,
	  SSA_R_CRED_ORDER },
	{ "malformed", false, ssa_test_bare_pem, NOT_A_CERT, SSA_R_CRED_MALFORMED },
	{ "malformed_key", true, NOT_A_KEY, NULL, SSA_R_CRED_MALFORMED },
	{ "cut", false, "-----BEGIN CERTIFICATE-----\nZm9v\n", NULL, SSA_R_CRED_MALFORMED },
	{ "two_keys", true, ssa_test_p256_key_pem, ssa_test_p256_other_key_pem,
	  SSA_R_CRED_MALFORMED },
	{ "too_many", false, ssa_test_deep_pem, NULL, SSA_R_CRED_TOO_LONG },
};

KUNIT_ARRAY_PARAM_DESC(faults, faults, what);

static void fault_is_told(struct kunit *test)
{
	const struct fault_case *c = test->param_value;
	const char *const parts[] = { c->text, c->more };
	enum ssa_reason fault;
	size_t len;
	char *text = join(test, parts, c->more ? 2 : 1, &len);
	int err;

	err = c->key ? ssa_credentials_check_key(text, len) :
		       ssa_credentials_check_chain(text, len);
	fault = ssa_credentials_fault(text, len, c->key, err);

	KUNIT_EXPECT_EQ_MSG(test, (int)fault, (int)c->fault, "%s", ssa_reason_desc(fault)->text);
	/* both say the same */
	KUNIT_EXPECT_EQ(test, -err, (int)ssa_reason_desc(fault)->err);
}

/* Duplicates are fine; what cannot be an anchor is passed over */
static void bundle_is_loaded(struct kunit *test)
{
	static const char *const parts[] = {
		"# roots\n", ssa_test_root_pem, ssa_test_garbage_san_pem, ssa_test_ed448_pem,
		ssa_test_weak_key_pem, ssa_test_ec_root_pem, ssa_test_root_pem,
		ssa_test_p256_key_pem,
	};
	struct ssa_chain *chain = cert_test_chain(test, ssa_test_ec_mixed_pem, NULL);
	struct ssa_trust_store *store;
	size_t len;
	char *text = join(test, parts, ARRAY_SIZE(parts), &len);

	store = ssa_trust_store_parse(text, len);
	KUNIT_ASSERT_FALSE(test, IS_ERR(store));
	/* the weak one comes with its intermediate */
	KUNIT_EXPECT_EQ(test, ssa_trust_store_count(store), 4);
	KUNIT_EXPECT_PTR_EQ(test, ssa_trust_store_get(store), store);
	ssa_trust_store_put(store);
	KUNIT_EXPECT_EQ(test, (int)cert_test_verify(store, chain, "server.test", SSA_TEST_NOW),
			SSA_R_NONE);
	ssa_trust_store_put(store);
	ssa_trust_store_put(NULL);
	KUNIT_EXPECT_EQ(test, ssa_trust_store_count(NULL), 0);
}

#define ENCRYPTED_KEY	"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nZm9v\n" \
			"-----END RSA PRIVATE KEY-----\n"

/* A PEM object of zeros, larger than any certificate may be; freed with the test */
static char *huge_object(struct kunit *test)
{
	static const char begin[] = "-----BEGIN CERTIFICATE-----\n";
	static const char end[] = "\n-----END CERTIFICATE-----\n";
	size_t digits = SSA_CERT_MAX / 3 * 4 + 8;
	char *text = kunit_kzalloc(test, sizeof(begin) + digits + sizeof(end), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, text);
	memcpy(text, begin, sizeof(begin) - 1);
	memset(text + sizeof(begin) - 1, 'A', digits);
	memcpy(text + sizeof(begin) - 1 + digits, end, sizeof(end));
	return text;
}

/* None of what cannot be used keeps the others from being used. */
static void unusable_objects_spoil_no_bundle(struct kunit *test)
{
	const char * const parts[] = {
		huge_object(test), ssa_test_root_pem, ENCRYPTED_KEY, ssa_test_ec_root_pem,
		ssa_test_garbage_san_pem, huge_object(test),
	};
	struct ssa_chain *chain = cert_test_chain(test, ssa_test_p256_chain_pem, NULL);
	struct ssa_trust_store *store;
	size_t len;
	char *text = join(test, parts, ARRAY_SIZE(parts), &len);

	store = ssa_trust_store_parse(text, len);
	KUNIT_ASSERT_FALSE(test, IS_ERR(store));
	KUNIT_EXPECT_EQ(test, ssa_trust_store_count(store), 2);
	KUNIT_EXPECT_EQ(test, ssa_trust_store_skipped(store), 4);
	KUNIT_EXPECT_EQ(test, (int)cert_test_verify(store, chain, "server.test", SSA_TEST_NOW),
			SSA_R_NONE);
	ssa_trust_store_put(store);
	KUNIT_EXPECT_EQ(test, ssa_trust_store_skipped(NULL), 0);
	/* alone they are no bundle */
	KUNIT_EXPECT_EQ(test, PTR_ERR(ssa_trust_store_parse(parts[0], strlen(parts[0]))), -EINVAL);
}

static void bad_bundle_is_refused(struct kunit *test)
{
	static const char *const cut[] = { ssa_test_root_pem, ssa_test_ec_root_pem };
	size_t len;
	char *text = join(test, cut, ARRAY_SIZE(cut), &len);
	const char *bad = ssa_test_garbage_san_pem;

	KUNIT_EXPECT_EQ(test, PTR_ERR(ssa_trust_store_parse("", 0)), -EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR(ssa_trust_store_parse(bad, strlen(bad))), -EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR(ssa_trust_store_parse(text, len - 40)), -EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR(ssa_trust_store_parse(text, SSA_PEM_MAX + 1)), -E2BIG);
}

static struct kunit_case store_cases[] = {
	KUNIT_CASE_PARAM(credentials_are_judged, credentials_gen_params),
	KUNIT_CASE(halves_are_judged_alone),
	KUNIT_CASE(one_file_for_both),
	KUNIT_CASE(two_keys_are_refused),
	KUNIT_CASE(wrong_order_is_refused),
	KUNIT_CASE(root_signed_with_sha1_is_taken),
	KUNIT_CASE_PARAM(fault_is_told, faults_gen_params),
	KUNIT_CASE(bundle_is_loaded),
	KUNIT_CASE(unusable_objects_spoil_no_bundle),
	KUNIT_CASE(bad_bundle_is_refused),
	{}
};

static struct kunit_suite store_suite = {
	.name = "tls_ssa_cert_stores",
	.test_cases = store_cases,
};

kunit_test_suite(store_suite);
