// SPDX-License-Identifier: GPL-2.0-only
/*
 * Certificates that are cut off or changed: nothing is read beyond their end
 * (each copy ends where its buffer ends, so the checkers see it), and nothing
 * but the original verifies.
 */
#include "../cert/x509.h"
#include "cert_helpers.h"
#include "certs.h"

struct damage_case {
	const char *what;
	const char *chain;
	u32 index;
};

static const struct damage_case damaged[] = {
	{ "rsa_end_entity", ssa_test_rsa_chain_pem, 0 },
	{ "rsa_intermediate", ssa_test_rsa_chain_pem, 1 },
};

KUNIT_ARRAY_PARAM_DESC(damaged, damaged, what);

static bool verifies(const struct ssa_trust_store *store, const struct ssa_chain *chain)
{
	return cert_test_verify(store, chain, "server.test", SSA_TEST_NOW) == SSA_R_NONE;
}

static void truncation_is_refused(struct kunit *test)
{
	const struct damage_case *c = test->param_value;
	struct ssa_trust_store *store = cert_test_store(test, ssa_test_root_pem);
	struct ssa_chain *chain = cert_test_chain(test, c->chain, NULL);
	struct ssa_cert *cert = &chain->cert[c->index];
	const struct ssa_cert whole = *cert;
	u32 len;

	KUNIT_ASSERT_TRUE(test, verifies(store, chain));
	for (len = 0; len < whole.len; len++) {
		u8 *copy = kmemdup(whole.der, len, GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, copy);
		cert->der = copy;
		cert->len = len;
		KUNIT_EXPECT_FALSE_MSG(test, verifies(store, chain), "cut at %u", len);
		kfree(copy);
	}
}

static void change_is_refused(struct kunit *test)
{
	const struct damage_case *c = test->param_value;
	struct ssa_trust_store *store = cert_test_store(test, ssa_test_root_pem);
	struct ssa_chain *chain = cert_test_chain(test, c->chain, NULL);
	struct ssa_cert *cert = &chain->cert[c->index];
	u8 *copy = kunit_kmalloc(test, cert->len, GFP_KERNEL);
	u32 i, pass;

	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, cert->der, cert->len);
	cert->der = copy;
	KUNIT_ASSERT_TRUE(test, verifies(store, chain));
	for (i = 0; i < cert->len; i++) {
		/* one low bit, then one other: neighbours of the value and far ones */
		for (pass = 0; pass < 2; pass++) {
			u8 flip = pass ? 1 << (1 + i % 7) : 1;

			copy[i] ^= flip;
			KUNIT_EXPECT_FALSE_MSG(test, verifies(store, chain),
					       "byte %u with %#x", i, flip);
			copy[i] ^= flip;
		}
	}
	KUNIT_EXPECT_TRUE(test, verifies(store, chain));
}

/* An ECDSA signature has an encoding of its own, with lengths to get wrong */
static void changed_ecdsa_signature_is_refused(struct kunit *test)
{
	struct ssa_trust_store *store = cert_test_store(test, ssa_test_int_ec_pem);
	struct ssa_chain *chain = cert_test_chain(test, ssa_test_bare_pem, NULL);
	struct ssa_cert *cert = &chain->cert[0];
	u8 *copy = kunit_kmalloc(test, cert->len, GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, cert->der, cert->len);
	cert->der = copy;
	KUNIT_ASSERT_TRUE(test, verifies(store, chain));
	for (i = cert->len - 112; i < cert->len; i++) {
		copy[i] ^= 1 << i % 8;
		KUNIT_EXPECT_FALSE_MSG(test, verifies(store, chain), "byte %u", i);
		copy[i] ^= 1 << i % 8;
	}
}

static void trailing_byte_is_refused(struct kunit *test)
{
	struct ssa_trust_store *store = cert_test_store(test, ssa_test_root_pem);
	struct ssa_chain *chain = cert_test_chain(test, ssa_test_rsa_chain_pem, NULL);
	struct ssa_cert *cert = &chain->cert[0];
	u8 *copy = kunit_kzalloc(test, cert->len + 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, cert->der, cert->len);
	cert->der = copy;
	cert->len++;
	KUNIT_EXPECT_EQ(test, (int)cert_test_verify(store, chain, "server.test", SSA_TEST_NOW),
			SSA_R_CERT_MALFORMED);
}

/* What the form alone decides, whatever the signature and the path say */
static void form_is_judged(struct kunit *test)
{
	static const char *const bad[] = {
		ssa_test_v4_pem, ssa_test_v1_ext_pem, ssa_test_duplicate_ext_pem,
		ssa_test_alg_mismatch_pem, ssa_test_garbage_san_pem,
	};
	struct ssa_x509 x509;
	struct ssa_cert *cert;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		cert = &cert_test_chain(test, bad[i], NULL)->cert[0];
		KUNIT_EXPECT_EQ_MSG(test, (int)ssa_x509_parse(&x509, cert->der, cert->len),
				    SSA_R_CERT_MALFORMED, "%zu", i);
	}
}

/* X.690 11.5: a default is not encoded */
static void encoded_version_1_is_refused(struct kunit *test)
{
	static const u8 version[] = { 0xa0, 0x03, 0x02, 0x01 };
	struct ssa_cert *cert = &cert_test_chain(test, ssa_test_v2_pem, NULL)->cert[0];
	u8 *copy = kunit_kmalloc(test, cert->len, GFP_KERNEL);
	struct ssa_x509 x509;
	u8 *first;

	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, cert->der, cert->len);
	KUNIT_ASSERT_EQ(test, (int)ssa_x509_parse(&x509, copy, cert->len), SSA_R_NONE);
	/* past the header of TBSCertificate, which has a length of one or two bytes */
	first = copy + (x509.tbs.p - copy) + 2 + (x509.tbs.p[1] & 0x7f);
	KUNIT_ASSERT_MEMEQ(test, first, version, 4);
	first[4] = 0;
	KUNIT_EXPECT_EQ(test, (int)ssa_x509_parse(&x509, copy, cert->len),
			SSA_R_CERT_MALFORMED);
}

/* A fourth element of the outer SEQUENCE, which no signature covers */
static void unsigned_element_is_refused(struct kunit *test)
{
	struct ssa_trust_store *store = cert_test_store(test, ssa_test_root_pem);
	struct ssa_chain *chain = cert_test_chain(test, ssa_test_rsa_chain_pem, NULL);
	struct ssa_cert *cert = &chain->cert[0];
	u8 *copy = kunit_kzalloc(test, cert->len + 2, GFP_KERNEL);
	u32 len = cert->len - 4 + 2;

	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, cert->der, cert->len);
	KUNIT_ASSERT_EQ(test, copy[1], 0x82);
	copy[2] = len >> 8;
	copy[3] = len;
	copy[cert->len] = SSA_DER_NULL;
	cert->der = copy;
	cert->len += 2;
	KUNIT_EXPECT_EQ(test, (int)cert_test_verify(store, chain, "server.test", SSA_TEST_NOW),
			SSA_R_CERT_MALFORMED);
}

static struct kunit_case damage_cases[] = {
	KUNIT_CASE_PARAM(truncation_is_refused, damaged_gen_params),
	KUNIT_CASE_PARAM(change_is_refused, damaged_gen_params),
	KUNIT_CASE(changed_ecdsa_signature_is_refused),
	KUNIT_CASE(trailing_byte_is_refused),
	KUNIT_CASE(form_is_judged),
	KUNIT_CASE(encoded_version_1_is_refused),
	KUNIT_CASE(unsigned_element_is_refused),
	{}
};

static struct kunit_suite damage_suite = {
	.name = "tls_ssa_cert_damage",
	.test_cases = damage_cases,
};

kunit_test_suite(damage_suite);
