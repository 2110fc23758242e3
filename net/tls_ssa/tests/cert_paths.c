// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists that are not in order, or have more than is needed: RFC 8446 4.4.2 wants
 * both taken, for either version, once the end entity is first. And lists that
 * lead astray.
 */
#include "../cert/x509.h"
#include "cert_helpers.h"
#include "certs.h"

#define ROOT	ssa_test_root_pem
#define INT	ssa_test_int_ec_pem

static const struct verify_case extras[] = {
	{ NAMED(p256_chain, "root_sent_along"), .more = ssa_test_root_pem },
	{ NAMED(p256_chain, "sha1_root_sent_along"), .more = ssa_test_root_sha1_pem },
	{ NAMED(p256_chain, "unrelated_root"), .more = ssa_test_unknown_root_pem },
	{ NAMED(p256_chain, "unrelated_chain"), .more = ssa_test_pathlen1_pem },
	{ NAMED(p256_chain, "unrelated_loop"), .more = ssa_test_loop_pem },
	{ NAMED(p256_chain, "end_entity_and_issuer_twice"), .more = ssa_test_p256_chain_pem },
	{ NAMED(p256_chain, "issuer_twice"), .more = INT },
	{ NAMED(p256_chain, "issuer_expired_too"), .more = ssa_test_int_ec_old_pem },
	{ NAMED(p256_chain, "ed448_sent_along"), .more = ssa_test_ed448_pem },
	{ NAMED(p256_chain, "garbage_sent_along"), .more = ssa_test_garbage_san_pem },
	/* the root is anchor, whoever else certifies it */
	{ NAMED(p256_chain, "root_cross_signed_expired"), .more = ssa_test_cross_root_pem },
	{ NAMED(p256_chain, "issuer_cross_signed"), .more = ssa_test_cross_pem },
	{ NAMED(bare, "cross_signed"), .more = ssa_test_cross_pem,
	  .roots = ssa_test_unknown_root_pem },
	{ NAMED(p256_chain, "other_way_to_cross_signer"), .more = ssa_test_cross_pem,
	  .roots = ssa_test_unknown_root_pem },
};

static const struct verify_case astray[] = {
	{ CHAIN(loop), WANT(UNKNOWN_CA) },
	{ NAMED(p256_chain, "only_cross_signer_expired"), .more = ssa_test_cross_root_pem,
	  .roots = ssa_test_unknown_root_pem, WANT(EXPIRED) },
	{ NAMED(bare, "only_issuer_expired"), .more = ssa_test_int_ec_old_pem, WANT(EXPIRED) },
	{ NAMED(bare, "only_issuer_has_another_key"), .more = ssa_test_int_ec_twin_pem,
	  WANT(SIGNATURE) },
	{ NAMED(bare, "issuer_missing_root_there"), .more = ROOT, WANT(UNKNOWN_CA) },
	/* it is the first certificate that is judged, whoever else is in the list */
	{ NAMED(int_ec, "issuer_first"), .more = ssa_test_bare_pem, WANT(KEY_USAGE) },
	{ NAMED(expired, "expired_first"), .more = ssa_test_p256_chain_pem, WANT(EXPIRED) },
	{ NAMED(self_signed, "self_signed_first"), .more = ssa_test_p256_chain_pem,
	  WANT(NOT_CA) },
};

KUNIT_ARRAY_PARAM_DESC(extras, extras, what);
KUNIT_ARRAY_PARAM_DESC(astray, astray, what);

static void expect_good(struct kunit *test, const struct ssa_trust_store *store,
			const struct ssa_chain *chain)
{
	KUNIT_EXPECT_EQ(test, (int)cert_test_verify(store, chain, "server.test", SSA_TEST_NOW),
			SSA_R_NONE);
}

/* All 24 orders of two needed issuers, the root, and one that is not needed */
static void every_order_is_good(struct kunit *test)
{
	struct ssa_trust_store *store = cert_test_store(test, ROOT);
	struct ssa_chain *chain = cert_test_chain(test, ssa_test_pathlen1_pem, ROOT);
	struct ssa_cert cert[4], *to = chain->cert + 1;
	u32 a, b, c, orders = 0;

	KUNIT_ASSERT_EQ(test, chain->count, 4);
	chain->cert[4] = cert_test_chain(test, ssa_test_unknown_root_pem, NULL)->cert[0];
	chain->count = 5;
	memcpy(cert, to, sizeof(cert));
	for (a = 0; a < 4; a++) {
		for (b = 0; b < 4; b++) {
			for (c = 0; c < 4; c++) {
				if (a == b || a == c || b == c)
					continue;
				to[0] = cert[a];
				to[1] = cert[b];
				to[2] = cert[c];
				to[3] = cert[6 - a - b - c];
				expect_good(test, store, chain);
				orders++;
			}
		}
	}
	KUNIT_EXPECT_EQ(test, orders, 24);
}

static void end_entity_must_be_first(struct kunit *test)
{
	struct ssa_trust_store *store = cert_test_store(test, ROOT);
	struct ssa_chain *chain = cert_test_chain(test, ssa_test_pathlen1_pem, NULL);

	swap(chain->cert[0], chain->cert[1]);
	KUNIT_EXPECT_EQ(test, (int)cert_test_verify(store, chain, "server.test", SSA_TEST_NOW),
			SSA_R_CERT_KEY_USAGE);
}

/* Each wrong issuer before the right one, then all of them, then after it */
static void wrong_issuers_do_not_hide_the_right_one(struct kunit *test)
{
	static const char *const wrong[] = {
		ssa_test_int_ec_old_pem, ssa_test_int_ec_twin_pem, ssa_test_cross_pem,
		ssa_test_cross_root_pem,
	};
	struct ssa_cert leaf = cert_test_chain(test, ssa_test_bare_pem, NULL)->cert[0];
	struct ssa_cert right = cert_test_chain(test, INT, NULL)->cert[0];
	struct ssa_trust_store *store = cert_test_store(test, ROOT);
	struct ssa_chain *chain = kunit_kzalloc(test, sizeof(*chain), GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, chain);
	chain->cert[0] = leaf;
	chain->count = 3;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		chain->cert[1] = cert_test_chain(test, wrong[i], NULL)->cert[0];
		chain->cert[2] = right;
		expect_good(test, store, chain);
		swap(chain->cert[1], chain->cert[2]);
		expect_good(test, store, chain);
	}
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		chain->cert[1 + i] = cert_test_chain(test, wrong[i], NULL)->cert[0];
	chain->cert[1 + i] = right;
	chain->count = i + 2;
	expect_good(test, store, chain);
}

/* The store, too, may have an expired root of the same name and key */
static void expired_anchor_does_not_hide_the_good_one(struct kunit *test)
{
	struct ssa_chain *chain = cert_test_chain(test, ssa_test_p256_chain_pem, NULL);
	struct ssa_trust_store *old = cert_test_store(test, ssa_test_root_expired_pem);
	struct ssa_trust_store *root = cert_test_store(test, ROOT);
	struct ssa_public_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);
	struct ssa_verify_params params = {
		.store = old, .extra = root, .name = "server.test", .now = SSA_TEST_NOW,
	};

	KUNIT_ASSERT_NOT_NULL(test, key);
	KUNIT_EXPECT_EQ(test, (int)ssa_chain_verify(&params, chain, key), SSA_R_NONE);
	swap(params.store, params.extra);
	KUNIT_EXPECT_EQ(test, (int)ssa_chain_verify(&params, chain, key), SSA_R_NONE);
}

/*
 * Nine authorities of one name and key, each of which may have issued each: the
 * search ends after a number of signatures, not after 9! paths.
 */
static void search_is_bounded(struct kunit *test)
{
	struct ssa_trust_store *other = cert_test_store(test, ssa_test_ec_root_pem);
	struct ssa_chain *chain = cert_test_chain(test, ssa_test_self_signed_ca_pem, NULL);

	while (chain->count < SSA_CHAIN_MAX)
		chain->cert[chain->count++] = chain->cert[0];

	KUNIT_EXPECT_EQ(test, (int)cert_test_verify(other, chain, "server.test", SSA_TEST_NOW),
			SSA_R_CERT_CHAIN_TOO_LONG);
}

static void expect_cost(struct kunit *test, const char *roots, const struct ssa_chain *chain,
			enum ssa_reason want, u32 most)
{
	struct ssa_path path = {};
	struct ssa_verify_params params = {
		.store = cert_test_store(test, roots), .name = "server.test",
		.now = SSA_TEST_NOW, .path = &path,
	};

	KUNIT_EXPECT_EQ(test, (int)cert_test_verify_by(&params, chain), (int)want);
	KUNIT_EXPECT_LE(test, path.signatures, most);
}

/* Ten different certificates of one name and key; the signatures are all bad */
static void signatures_are_few(struct kunit *test)
{
	struct ssa_chain *chain = cert_test_chain(test, ssa_test_self_signed_ca_pem, NULL);
	struct ssa_cert first = chain->cert[0];
	u8 *der;

	for (chain->count = 0; chain->count < SSA_PATH_CERTS_MAX; chain->count++) {
		der = kunit_kmalloc(test, first.len, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, der);
		memcpy(der, first.der, first.len);
		der[first.len - 1] ^= 1 + chain->count;
		chain->cert[chain->count] = (struct ssa_cert){ der, first.len };
	}
	expect_cost(test, ssa_test_ec_root_pem, chain, SSA_R_CERT_CHAIN_TOO_LONG, 0);
	expect_cost(test, ssa_test_self_signed_ca_pem, chain, SSA_R_CERT_SIGNATURE,
		    SSA_PATH_CERTS_MAX);
	chain = cert_test_chain(test, ssa_test_p256_chain_pem, NULL);
	expect_cost(test, ROOT, chain, SSA_R_NONE, 2);
	expect_cost(test, ssa_test_ec_root_pem, chain, SSA_R_CERT_UNKNOWN_CA, 0);
}

/* @chain with copies of a certificate that the path does not need, before its last one */
static void pad_chain(struct ssa_chain *chain, u32 count, const struct ssa_cert *with)
{
	struct ssa_cert last = chain->cert[chain->count - 1];
	u32 i;

	for (i = chain->count - 1; i + 1 < count; i++)
		chain->cert[i] = *with;
	chain->cert[count - 1] = last;
	chain->count = count;
}

/* RFC 8446 4.4.2: what the path does not need is borne, as much as the message has of it. */
static void many_extras_are_borne(struct kunit *test)
{
	const struct ssa_cert other = cert_test_chain(test, ssa_test_cross_root_pem, NULL)->cert[0];
	const struct ssa_cert twin = cert_test_chain(test, ssa_test_int_ec_twin_pem, NULL)->cert[0];
	const u32 counts[] = { 11, 37, 51, SSA_CHAIN_MAX };
	struct ssa_chain *chain;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		chain = cert_test_chain(test, ssa_test_p256_chain_pem, NULL);
		pad_chain(chain, counts[i], &other);
		expect_cost(test, ROOT, chain, SSA_R_NONE, 2);
		/* of the name that is looked for, and with another key: once is enough */
		chain = cert_test_chain(test, ssa_test_p256_chain_pem, NULL);
		pad_chain(chain, counts[i], &twin);
		expect_cost(test, ROOT, chain, SSA_R_NONE, 4);
	}
	chain->count = SSA_CHAIN_MAX + 1;
	expect_cost(test, ROOT, chain, SSA_R_CERT_CHAIN_TOO_LONG, 0);
	/* needed are no more than before */
	chain = cert_test_chain(test, ssa_test_deep_ok_pem, NULL);
	pad_chain(chain, 40, &other);
	expect_cost(test, ROOT, chain, SSA_R_NONE, SSA_PATH_CERTS_MAX);
	chain = cert_test_chain(test, ssa_test_deep_pem, NULL);
	pad_chain(chain, 40, &other);
	expect_cost(test, ROOT, chain, SSA_R_CERT_CHAIN_TOO_LONG, 0);
}

/*
 * A message full of authorities of one name, each with a key of its own and with a bad
 * signature, costs as much as a short one did.
 */
static void bad_signatures_are_few(struct kunit *test)
{
	struct ssa_chain *chain = cert_test_chain(test, ssa_test_self_signed_ca_pem, NULL);
	struct ssa_cert first = chain->cert[0];
	struct ssa_x509 x509;
	u8 *der;

	KUNIT_ASSERT_EQ(test, (int)ssa_x509_parse(&x509, first.der, first.len), SSA_R_NONE);
	for (chain->count = 0; chain->count < SSA_CHAIN_MAX; chain->count++) {
		der = kunit_kmalloc(test, first.len, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, der);
		memcpy(der, first.der, first.len);
		der[x509.spki.p + x509.spki.left - first.der - 1] ^= 1 + chain->count;
		chain->cert[chain->count] = (struct ssa_cert){ der, first.len };
	}
	expect_cost(test, ssa_test_self_signed_ca_pem, chain, SSA_R_CERT_CHAIN_TOO_LONG, 16);
}

/* Of version 1 and issued by the root: trusted, but no authority */
static void old_anchor_must_be_a_root(struct kunit *test)
{
	const char *anchor = strstr(ssa_test_v1_int_pem + 1, "-----BEGIN");
	struct ssa_chain *chain = cert_test_chain(test, ssa_test_v1_int_pem, NULL);

	KUNIT_ASSERT_NOT_NULL(test, anchor);
	expect_cost(test, anchor, chain, SSA_R_CERT_NOT_CA, 0);
}

static struct kunit_case path_cases[] = {
	KUNIT_CASE_PARAM(cert_test_judge, extras_gen_params),
	KUNIT_CASE_PARAM(cert_test_judge, astray_gen_params),
	KUNIT_CASE(every_order_is_good),
	KUNIT_CASE(end_entity_must_be_first),
	KUNIT_CASE(wrong_issuers_do_not_hide_the_right_one),
	KUNIT_CASE(expired_anchor_does_not_hide_the_good_one),
	KUNIT_CASE(search_is_bounded),
	KUNIT_CASE(signatures_are_few),
	KUNIT_CASE(many_extras_are_borne),
	KUNIT_CASE(bad_signatures_are_few),
	KUNIT_CASE(old_anchor_must_be_a_root),
	{}
};

static struct kunit_suite path_suite = {
	.name = "tls_ssa_cert_paths",
	.test_cases = path_cases,
};

kunit_test_suite(path_suite);
