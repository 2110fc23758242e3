// SPDX-License-Identifier: GPL-2.0-only
/*
 * Certificates that are cut off or changed: nothing is read beyond their end
 * (each copy ends where its buffer ends, so the checkers see it), and nothing
 * but the original verifies.
 */
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

static struct kunit_case damage_cases[] = {
	KUNIT_CASE_PARAM(truncation_is_refused, damaged_gen_params),
	KUNIT_CASE_PARAM(change_is_refused, damaged_gen_params),
	KUNIT_CASE(changed_ecdsa_signature_is_refused),
	KUNIT_CASE(trailing_byte_is_refused),
	{}
};

static struct kunit_suite damage_suite = {
	.name = "tls_ssa_cert_damage",
	.test_cases = damage_cases,
};

kunit_test_suite(damage_suite);
