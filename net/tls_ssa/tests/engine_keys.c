// SPDX-License-Identifier: GPL-2.0
/*
 * The transcript around a HelloRetryRequest with SHA-384, which no trace of RFC
 * 8448 has (engine_rfc8448.c), and the names of suites.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "engine_pair.h"

/* RFC 8446 4.4.1: message_hash || 00 00 Hash.length || Hash(ClientHello1) */
static void retry_replaces_first_hello_by_its_hash(struct kunit *test)
{
	static const u8 first[] = "the first ClientHello", retry[] = "the HelloRetryRequest";
	static const u8 header[] = { SSA_HT_MESSAGE_HASH, 0, 0, 48 };
	u8 all[sizeof(header) + 48 + sizeof(retry)];
	u8 want[SSA_HASH_MAX], got[SSA_HASH_MAX];
	struct ssa_transcript *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	KUNIT_ASSERT_EQ(test, ssa_transcript_add(t, first, sizeof(first)), 0);
	ssa_transcript_start(t, SSA_SHA384);
	ssa_transcript_hello_retry(t);
	KUNIT_ASSERT_EQ(test, ssa_transcript_add(t, retry, sizeof(retry)), 0);
	ssa_transcript_digest(t, got);
	ssa_transcript_wipe(t);

	memcpy(all, header, sizeof(header));
	ssa_hash_digest(SSA_SHA384, first, sizeof(first), all + sizeof(header));
	memcpy(all + sizeof(header) + 48, retry, sizeof(retry));
	ssa_hash_digest(SSA_SHA384, all, sizeof(all), want);
	KUNIT_EXPECT_MEMEQ(test, got, want, 48);
}

static void suites_and_names_are_known(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, ssa_suite_name(0x1301), "TLS_AES_128_GCM_SHA256");
	KUNIT_EXPECT_STREQ(test, ssa_suite_name(0x1302), "TLS_AES_256_GCM_SHA384");
	KUNIT_EXPECT_STREQ(test, ssa_suite_name(0x1303), "TLS_CHACHA20_POLY1305_SHA256");
	KUNIT_EXPECT_STREQ(test, ssa_suite_name(0xc02b), "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
	KUNIT_EXPECT_STREQ(test, ssa_suite_name(0xc02c), "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
	KUNIT_EXPECT_STREQ(test, ssa_suite_name(0xc02f), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
	KUNIT_EXPECT_STREQ(test, ssa_suite_name(0xc030), "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
	KUNIT_EXPECT_STREQ(test, ssa_suite_name(0xcca8),
			   "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
	KUNIT_EXPECT_STREQ(test, ssa_suite_name(0xcca9),
			   "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");
	KUNIT_EXPECT_NULL(test, ssa_suite_name(0x1304));
	/* AES-CBC, static RSA: never */
	KUNIT_EXPECT_NULL(test, ssa_suite_name(0xc013));
	KUNIT_EXPECT_NULL(test, ssa_suite_name(0x009c));
}

static struct kunit_case engine_keys_cases[] = {
	KUNIT_CASE(retry_replaces_first_hello_by_its_hash),
	KUNIT_CASE(suites_and_names_are_known),
	{}
};

static struct kunit_suite engine_keys_suite = {
	.name = "ssa_engine_keys",
	.test_cases = engine_keys_cases,
};

kunit_test_suite(engine_keys_suite);
