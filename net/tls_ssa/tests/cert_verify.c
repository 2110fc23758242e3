// SPDX-License-Identifier: GPL-2.0-only
/*
 * Chains that have to be taken, and each kind that has to be refused with the
 * reason that it has to be refused for.
 */
#include "cert_helpers.h"
#include "certs.h"

#define LATER	((s64)4733596800)	/* 2120: after everything */
#define BEFORE	((s64)1546300800)	/* 2019 */

static const struct verify_case good[] = {
	{ CHAIN(p256_chain) },
	{ CHAIN(p384_chain) },
	{ CHAIN(rsa_chain) },
	{ CHAIN(ec_below_rsa) },
	{ CHAIN(ec_mixed), .roots = ssa_test_ec_root_pem },
	{ CHAIN(rsa_mixed), .roots = ssa_test_ec_root_pem },
	{ NAMED(p256_chain, "root_sent_along"), .more = ssa_test_root_pem },
	{ NAMED(p256_chain, "sha1_root_sent_along"), .more = ssa_test_root_sha1_pem },
	{ NAMED(p256_chain, "v1_root_sent_along"), .more = ssa_test_root_v1_pem },
	{ NAMED(p256_chain, "expired_root_sent_along"), .more = ssa_test_root_expired_pem },
	{ NAMED(p256_chain, "strange_cert_sent_along"), .more = ssa_test_garbage_san_pem },
	{ NAMED(p256_chain, "sha1_anchor"), .roots = ssa_test_root_sha1_pem },
	{ NAMED(p256_chain, "v1_anchor"), .roots = ssa_test_root_v1_pem },
	{ NAMED(p256_chain, "intermediate_as_anchor"), .roots = ssa_test_int_ec_pem },
	{ NAMED(p256_chain, "intermediate_twice"), .more = ssa_test_int_ec_pem },
	{ CHAIN(deep_ok) },
	{ LEAF(no_eku) }, { LEAF(any_eku) }, { LEAF(both_eku) },
	{ LEAF(no_ku) }, { LEAF(bare) }, { LEAF(noncritical) }, { LEAF(policy_critical) },
	{ CHAIN(no_ku_int) }, { CHAIN(eku_ok_int) }, { CHAIN(bc_noncritical_int) },
	{ CHAIN(pathlen1) }, { CHAIN(pathlen_self) },
	{ CHAIN(self_signed), .roots = ssa_test_self_signed_pem },
	{ CHAIN(self_signed_ca), .roots = ssa_test_self_signed_ca_pem },
	{ CHAIN(nc_ok) }, { CHAIN(nc_ok_dot) }, { CHAIN(nc_ip_ok) }, { CHAIN(nc_dir_ok) },
	{ CHAIN(nc_ip_all) }, { CHAIN(nc_ip_excluded_ok) },
	{ CHAIN(nc_dns_all) }, { CHAIN(nc_dir_other_type) },
	{ CHAIN(nc_email_unused) }, { CHAIN(nc_email_used) }, { CHAIN(nc_self_mid) },
	{ CHAIN(nc_root_allowed), .roots = ssa_test_nc_root_pem, .host = "www.allowed.test" },
	{ NAMED(p256_chain, "first_second"), .now = 1577836800 },
	{ NAMED(p256_chain, "last_second"), .now = 4702060800 },
};

static const struct verify_case trust[] = {
	{ CHAIN(unknown_ca), WANT(UNKNOWN_CA) },
	{ CHAIN(self_signed), WANT(UNKNOWN_CA) },
	{ NAMED(self_signed, "other_self_signed"), WANT(UNKNOWN_CA),
	  .roots = ssa_test_unknown_root_pem },
	{ NAMED(bare, "intermediate_missing"), WANT(UNKNOWN_CA) },
	{ CHAIN(bad_signature), WANT(SIGNATURE), .more = ssa_test_int_ec_pem },
	{ CHAIN(impostor), WANT(SIGNATURE) },
	{ LEAF(padded_ecdsa), WANT(SIGNATURE) },
	{ CHAIN(deep), WANT(CHAIN_TOO_LONG) },
	{ NAMED(bare, "unreadable_intermediate"), WANT(MALFORMED),
	  .more = ssa_test_garbage_san_pem },
};

static const struct verify_case dates[] = {
	{ LEAF(expired), WANT(EXPIRED) },
	{ LEAF(not_yet), WANT(NOT_YET_VALID) },
	{ CHAIN(expired_int), WANT(EXPIRED) },
	{ CHAIN(not_yet_int), WANT(NOT_YET_VALID) },
	{ NAMED(p256_chain, "all_later"), WANT(EXPIRED), .now = LATER },
	{ NAMED(p256_chain, "all_before"), WANT(NOT_YET_VALID), .now = BEFORE },
	{ NAMED(p256_chain, "second_after"), WANT(EXPIRED), .now = 4702060801 },
	{ NAMED(p256_chain, "second_before"), WANT(NOT_YET_VALID), .now = 1577836799 },
	{ NAMED(p256_chain, "anchor_expired"), WANT(EXPIRED),
	  .roots = ssa_test_root_expired_pem },
	{ CHAIN(self_signed_expired), WANT(EXPIRED), .roots = ssa_test_self_signed_expired_pem },
	{ NAMED(p256_chain, "year_1"), WANT(NOT_YET_VALID), .now = -62135596800 },
	/* authentic first, then dates, then names */
	{ NAMED(expired, "expired_and_wrong_name"), WANT(EXPIRED), .host = "other.test",
	  .more = ssa_test_int_ec_pem },
	{ NAMED(expired, "expired_and_unknown"), WANT(UNKNOWN_CA) },
};

static const struct verify_case authorities[] = {
	{ CHAIN(not_ca_int), WANT(NOT_CA) },
	{ CHAIN(no_bc_int), WANT(NOT_CA) },
	{ CHAIN(v1_int), WANT(NOT_CA) },
	{ CHAIN(leaf_issues), WANT(NOT_CA) },
	{ NAMED(leaf_issues, "leaf_anchor_issues"), WANT(NOT_CA),
	  .roots = ssa_test_no_ku_pem },
	{ CHAIN(critical_int), WANT(CRITICAL_EXTENSION) },
	{ CHAIN(malformed_int), WANT(MALFORMED) },
	{ CHAIN(ku_int), WANT(KEY_USAGE) },
	{ CHAIN(eku_int), WANT(EXT_KEY_USAGE) },
	{ CHAIN(eku_email_int), WANT(EXT_KEY_USAGE) },
	{ CHAIN(pathlen), WANT(PATH_LENGTH) },
};

static const struct verify_case end_entities[] = {
	{ LEAF(wrong_eku), WANT(EXT_KEY_USAGE) },
	{ LEAF(client_eku), WANT(EXT_KEY_USAGE) },
	{ LEAF(wrong_ku), WANT(KEY_USAGE) },
	{ LEAF(zero_ku), WANT(KEY_USAGE) },
	{ LEAF(critical), WANT(CRITICAL_EXTENSION) },
	{ LEAF(duplicate_ext), WANT(MALFORMED) },
	{ LEAF(duplicate_san), WANT(MALFORMED) },
	{ LEAF(empty_san), WANT(MALFORMED) },
	{ LEAF(empty_eku), WANT(MALFORMED) },
	{ LEAF(garbage_san), WANT(MALFORMED) },
	{ LEAF(v1), WANT(VERSION) },
	{ LEAF(v1_ext), WANT(MALFORMED) },
	{ LEAF(v2), WANT(VERSION) },
	{ LEAF(v4), WANT(MALFORMED) },
	{ LEAF(no_san), WANT(NAME) },
	{ LEAF(nul_san), WANT(NAME) },
	{ NAMED(p256_chain, "other_name"), WANT(NAME), .host = "other.test" },
	{ NAMED(p256_chain, "other_address"), WANT(NAME), .host = "127.0.0.2" },
	{ NAMED(p256_chain, "mapped_address"), WANT(NAME), .host = "::ffff:127.0.0.1" },
	{ LEAF(ip_as_dns), WANT(NAME), .host = "127.0.0.1" },
	{ NAMED(self_signed, "pinned_other_name"), WANT(NAME), .host = "other.test",
	  .roots = ssa_test_self_signed_pem },
};

static const struct verify_case constraints[] = {
	{ CHAIN(nc_dns), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_dns_noncritical), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_dns_suffix), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_excluded), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_excluded_noncritical), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_excluded_wild), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_excluded_all), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_ip), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_ip_noncritical), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_ip_v4_only), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_ip_v6_only), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_ip_other_v4), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_ip_bad_mask), WANT(MALFORMED) },
	{ CHAIN(nc_ip_excluded), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_dir), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_dir_excluded), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_dir_spelling), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_dir_charset), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_uri_used), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_stacked), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_mid), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_self_leaf), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_root_leaf), WANT(NAME_CONSTRAINTS), .roots = ssa_test_nc_root_pem },
	{ CHAIN(nc_empty), WANT(MALFORMED) },
	{ CHAIN(nc_garbage), WANT(MALFORMED) },
};

KUNIT_ARRAY_PARAM_DESC(good, good, what);
KUNIT_ARRAY_PARAM_DESC(trust, trust, what);
KUNIT_ARRAY_PARAM_DESC(dates, dates, what);
KUNIT_ARRAY_PARAM_DESC(authorities, authorities, what);
KUNIT_ARRAY_PARAM_DESC(end_entities, end_entities, what);
KUNIT_ARRAY_PARAM_DESC(constraints, constraints, what);

static void either_store_is_enough(struct kunit *test)
{
	struct ssa_trust_store *root = cert_test_store(test, ssa_test_root_pem);
	struct ssa_trust_store *other = cert_test_store(test, ssa_test_unknown_root_pem);
	struct ssa_chain *chain = cert_test_chain(test, ssa_test_rsa_chain_pem, NULL);
	struct ssa_public_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);
	struct ssa_verify_params params = {
		.store = other, .extra = root, .name = "server.test", .now = SSA_TEST_NOW,
	};

	KUNIT_ASSERT_NOT_NULL(test, key);
	KUNIT_EXPECT_EQ(test, (int)ssa_chain_verify(&params, chain, key), SSA_R_NONE);
	KUNIT_EXPECT_EQ(test, key->type, SSA_KEY_RSA);
	KUNIT_EXPECT_EQ(test, key->n_len, 256);
	params.store = NULL;
	KUNIT_EXPECT_EQ(test, (int)ssa_chain_verify(&params, chain, key), SSA_R_NONE);
	params.extra = NULL;
	KUNIT_EXPECT_EQ(test, (int)ssa_chain_verify(&params, chain, key), SSA_R_NO_TRUST_STORE);
	params.store = other;
	KUNIT_EXPECT_EQ(test, (int)ssa_chain_verify(&params, chain, key), SSA_R_CERT_UNKNOWN_CA);
	KUNIT_EXPECT_EQ(test, key->type, 0);
}

/* The first way fails by a date, the second by a signature */
static void first_failure_is_reported(struct kunit *test)
{
	struct ssa_chain *chain = cert_test_chain(test, ssa_test_impostor_pem, NULL);
	struct ssa_public_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);
	struct ssa_verify_params params = {
		.store = cert_test_store(test, ssa_test_root_expired_pem),
		.extra = cert_test_store(test, ssa_test_root_pem),
		.name = "server.test",
		.now = SSA_TEST_NOW,
	};

	KUNIT_ASSERT_NOT_NULL(test, key);
	KUNIT_EXPECT_EQ(test, (int)ssa_chain_verify(&params, chain, key), SSA_R_CERT_EXPIRED);
	swap(params.store, params.extra);
	KUNIT_EXPECT_EQ(test, (int)ssa_chain_verify(&params, chain, key), SSA_R_CERT_SIGNATURE);
}

static void server_needs_a_name(struct kunit *test)
{
	struct ssa_chain *chain = cert_test_chain(test, ssa_test_p256_chain_pem, NULL);
	struct ssa_trust_store *root = cert_test_store(test, ssa_test_root_pem);

	KUNIT_EXPECT_EQ(test, (int)cert_test_verify(root, chain, NULL, SSA_TEST_NOW),
			SSA_R_NO_HOST_NAME);
}

static void empty_chain_is_refused(struct kunit *test)
{
	struct ssa_trust_store *root = cert_test_store(test, ssa_test_root_pem);
	static const struct ssa_chain chain;

	KUNIT_EXPECT_EQ(test, (int)cert_test_verify(root, &chain, "server.test", SSA_TEST_NOW),
			SSA_R_CERT_MISSING);
}

/* A client's certificate has no name that we know, and another purpose */
static void purpose_decides(struct kunit *test)
{
	struct ssa_trust_store *root = cert_test_store(test, ssa_test_root_pem);
	struct ssa_chain *client, *server, *both;
	struct ssa_public_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);
	struct ssa_verify_params params = {
		.store = root, .now = SSA_TEST_NOW, .purpose = SSA_PURPOSE_CLIENT,
	};

	client = cert_test_chain(test, ssa_test_client_eku_pem, ssa_test_int_ec_pem);
	server = cert_test_chain(test, ssa_test_p256_chain_pem, NULL);
	both = cert_test_chain(test, ssa_test_both_eku_pem, ssa_test_int_ec_pem);
	KUNIT_ASSERT_NOT_NULL(test, key);
	KUNIT_EXPECT_EQ(test, (int)ssa_chain_verify(&params, client, key), SSA_R_NONE);
	KUNIT_EXPECT_EQ(test, (int)ssa_chain_verify(&params, both, key), SSA_R_NONE);
	KUNIT_EXPECT_EQ(test, (int)ssa_chain_verify(&params, server, key),
			SSA_R_CERT_EXT_KEY_USAGE);
}

/* TLS_TRUSTED_ONLY where the policy has its own anchors: a peer has to satisfy both */
static void both_stores_have_to_certify(struct kunit *test)
{
	struct ssa_chain *chain = cert_test_chain(test, ssa_test_p256_chain_pem, NULL);
	struct ssa_trust_store *root = cert_test_store(test, ssa_test_root_pem);
	struct ssa_trust_store *unknown = cert_test_store(test, ssa_test_unknown_root_pem);
	struct ssa_path path;
	struct ssa_verify_params params = {
		.store = root, .name = "server.test", .now = SSA_TEST_NOW, .path = &path,
	};

	params.also = root;
	KUNIT_EXPECT_EQ(test, (int)cert_test_verify_by(&params, chain), SSA_R_NONE);
	KUNIT_EXPECT_EQ(test, path.count, 3);
	/* an authority in the middle, and the end entity itself */
	params.also = cert_test_store(test, ssa_test_int_ec_pem);
	KUNIT_EXPECT_EQ(test, (int)cert_test_verify_by(&params, chain), SSA_R_NONE);
	KUNIT_EXPECT_EQ(test, path.count, 3);
	params.also = cert_test_store(test, ssa_test_p256_chain_pem);
	KUNIT_EXPECT_EQ(test, (int)cert_test_verify_by(&params, chain), SSA_R_NONE);
	params.also = unknown;
	KUNIT_EXPECT_EQ(test, (int)cert_test_verify_by(&params, chain), SSA_R_CERT_UNKNOWN_CA);
	params.store = unknown;
	params.also = root;
	KUNIT_EXPECT_EQ(test, (int)cert_test_verify_by(&params, chain), SSA_R_CERT_UNKNOWN_CA);
}

static struct kunit_case verify_cases[] = {
	KUNIT_CASE_PARAM(cert_test_judge, good_gen_params),
	KUNIT_CASE_PARAM(cert_test_judge, trust_gen_params),
	KUNIT_CASE_PARAM(cert_test_judge, dates_gen_params),
	KUNIT_CASE_PARAM(cert_test_judge, authorities_gen_params),
	KUNIT_CASE_PARAM(cert_test_judge, end_entities_gen_params),
	KUNIT_CASE_PARAM(cert_test_judge, constraints_gen_params),
	KUNIT_CASE(either_store_is_enough),
	KUNIT_CASE(first_failure_is_reported),
	KUNIT_CASE(server_needs_a_name),
	KUNIT_CASE(empty_chain_is_refused),
	KUNIT_CASE(purpose_decides),
	KUNIT_CASE(both_stores_have_to_certify),
	{}
};

static struct kunit_suite verify_suite = {
	.name = "tls_ssa_cert_verify",
	.test_cases = verify_cases,
};

kunit_test_suite(verify_suite);
