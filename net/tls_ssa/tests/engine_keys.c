// SPDX-License-Identifier: GPL-2.0
/*
 * The transcript around a HelloRetryRequest, and the names of suites. The key
 * schedule is judged by the traces of RFC 8448 (engine_rfc8448.c).
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "engine_pair.h"
#include "engine_rfc8448.h"

#define EXPECT_BYTES(test, got, want) KUNIT_EXPECT_MEMEQ(test, got, want, sizeof(want))

#define ADD(t, what) \
	KUNIT_ASSERT_EQ(test, ssa_transcript_add(t, rfc8448_##what, sizeof(rfc8448_##what)), 0)

/* RFC 8446 4.4.1: message_hash || 00 00 Hash.length || Hash(ClientHello1) */
static void retry_replaces_first_hello_by_its_hash(struct kunit *test)
{
	static const u8 header[] = { SSA_HT_MESSAGE_HASH, 0, 0, 32 };
	u8 all[sizeof(header) + 32 + sizeof(rfc8448_server_hello)];
	u8 want[32], got[SSA_HASH_MAX];
	struct ssa_transcript t = { 0 };

	ADD(&t, client_hello);
	ssa_transcript_start(&t, SSA_SHA256);
	ssa_transcript_hello_retry(&t);
	ADD(&t, server_hello);
	ssa_transcript_digest(&t, got);
	ssa_transcript_wipe(&t);

	memcpy(all, header, sizeof(header));
	ssa_hash_digest(SSA_SHA256, rfc8448_client_hello, sizeof(rfc8448_client_hello),
			all + sizeof(header));
	memcpy(all + sizeof(header) + 32, rfc8448_server_hello, sizeof(rfc8448_server_hello));
	ssa_hash_digest(SSA_SHA256, all, sizeof(all), want);
	EXPECT_BYTES(test, got, want);
}

static void suites_and_names_are_known(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, ssa_suite_name(0x1301), "TLS_AES_128_GCM_SHA256");
	KUNIT_EXPECT_STREQ(test, ssa_suite_name(0x1302), "TLS_AES_256_GCM_SHA384");
	KUNIT_EXPECT_STREQ(test, ssa_suite_name(0x1303), "TLS_CHACHA20_POLY1305_SHA256");
	KUNIT_EXPECT_NULL(test, ssa_suite_name(0x1304));
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
