// SPDX-License-Identifier: GPL-2.0
/*
 * Key schedule, transcript and record protection against the trace of RFC 8448.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "engine_pair.h"
#include "engine_rfc8448.h"

#define EXPECT_BYTES(test, got, want) KUNIT_EXPECT_MEMEQ(test, got, want, sizeof(want))

static const struct ssa_suite *trace_suite(void)
{
	return ssa_suite_find(SSA_SUITE_AES_128_GCM_SHA256);
}

#define ADD(t, what) \
	KUNIT_ASSERT_EQ(test, ssa_transcript_add(t, rfc8448_##what, sizeof(rfc8448_##what)), 0)

static void rfc8448_shared_secret_is_reproduced(struct kunit *test)
{
	u8 shared[SSA_KEX_SHARED_MAX];
	struct ssa_kex kex = { .group = SSA_GROUP_X25519, .public_len = 32 };
	size_t len;

	memcpy(kex.scalar, rfc8448_client_x25519_private, sizeof(rfc8448_client_x25519_private));
	KUNIT_ASSERT_EQ(test, ssa_kex_shared(&kex, rfc8448_server_x25519_public, 32, shared, &len),
			0);
	KUNIT_ASSERT_EQ(test, len, sizeof(rfc8448_shared_secret));
	EXPECT_BYTES(test, shared, rfc8448_shared_secret);
}

static void rfc8448_secrets_are_reproduced(struct kunit *test)
{
	const struct ssa_suite *suite = trace_suite();
	struct ssa_transcript transcript = { 0 };
	struct ssa_key_schedule ks = { 0 };
	u8 digest[SSA_HASH_MAX], mac[SSA_HASH_MAX];

	/* before the suite is known, as a client does it */
	ADD(&transcript, client_hello);
	ssa_transcript_start(&transcript, suite->hash);
	ADD(&transcript, server_hello);
	ssa_transcript_digest(&transcript, digest);
	EXPECT_BYTES(test, digest, rfc8448_hello_hash);

	ssa_ks_early_secret(&ks, suite);
	EXPECT_BYTES(test, ks.secret, rfc8448_early_secret);
	KUNIT_ASSERT_EQ(test, ssa_ks_handshake_secret(&ks, suite, rfc8448_shared_secret,
						      sizeof(rfc8448_shared_secret)), 0);
	EXPECT_BYTES(test, ks.secret, rfc8448_handshake_secret);
	KUNIT_ASSERT_EQ(test, ssa_ks_handshake_traffic(&ks, suite, digest), 0);
	EXPECT_BYTES(test, ks.client_handshake_traffic_secret,
		     rfc8448_client_handshake_traffic_secret);
	EXPECT_BYTES(test, ks.server_handshake_traffic_secret,
		     rfc8448_server_handshake_traffic_secret);

	ADD(&transcript, encrypted_extensions);
	ADD(&transcript, certificate);
	ADD(&transcript, certificate_verify);
	ssa_transcript_digest(&transcript, digest);
	KUNIT_ASSERT_EQ(test, ssa_ks_finished(suite, ks.server_handshake_traffic_secret, digest,
					      mac), 0);
	KUNIT_EXPECT_MEMEQ(test, mac, rfc8448_server_finished + SSA_HS_HEADER_LEN, 32);

	ADD(&transcript, server_finished);
	ssa_transcript_digest(&transcript, digest);
	EXPECT_BYTES(test, digest, rfc8448_server_finished_hash);
	KUNIT_ASSERT_EQ(test, ssa_ks_finished(suite, ks.client_handshake_traffic_secret, digest,
					      mac), 0);
	KUNIT_EXPECT_MEMEQ(test, mac, rfc8448_client_finished + SSA_HS_HEADER_LEN, 32);

	KUNIT_ASSERT_EQ(test, ssa_ks_master_secret(&ks, suite), 0);
	EXPECT_BYTES(test, ks.secret, rfc8448_master_secret);
	KUNIT_ASSERT_EQ(test, ssa_ks_application_traffic(&ks, suite, digest), 0);
	EXPECT_BYTES(test, ks.client_application_traffic_secret,
		     rfc8448_client_application_traffic_secret);
	EXPECT_BYTES(test, ks.server_application_traffic_secret,
		     rfc8448_server_application_traffic_secret);
	ssa_transcript_wipe(&transcript);
}

struct traffic_case {
	const char *name;
	const u8 *secret;
	const u8 *key;
	const u8 *iv;
};

static const struct traffic_case traffic_cases[] = {
	{ "server-handshake", rfc8448_server_handshake_traffic_secret,
	  rfc8448_server_handshake_key, rfc8448_server_handshake_iv },
	{ "client-handshake", rfc8448_client_handshake_traffic_secret,
	  rfc8448_client_handshake_key, rfc8448_client_handshake_iv },
	{ "server-application", rfc8448_server_application_traffic_secret,
	  rfc8448_server_application_key, rfc8448_server_application_iv },
	{ "client-application", rfc8448_client_application_traffic_secret,
	  rfc8448_client_application_key, rfc8448_client_application_iv },
};

KUNIT_ARRAY_PARAM_DESC(traffic, traffic_cases, name);

static void rfc8448_traffic_keys_are_reproduced(struct kunit *test)
{
	const struct traffic_case *c = test->param_value;
	struct ssa_traffic_keys keys;

	KUNIT_ASSERT_EQ(test, ssa_ks_traffic_keys(trace_suite(), c->secret, &keys), 0);
	KUNIT_EXPECT_EQ(test, keys.key_len, 16);
	KUNIT_EXPECT_MEMEQ(test, keys.key, c->key, 16);
	KUNIT_EXPECT_MEMEQ(test, keys.iv, c->iv, SSA_AEAD_NONCE_LEN);
}

static void rfc8448_records_are_reproduced(struct kunit *test)
{
	struct ssa_record_keys tx = { 0 }, rx = { 0 };
	struct ssa_buf flight = { 0 }, out = { 0 };
	struct ssa_plaintext plain;

#define APPEND(what) \
	KUNIT_ASSERT_EQ(test, ssa_buf_append(&flight, rfc8448_##what, sizeof(rfc8448_##what), \
					     SSA_FLIGHT_MAX), 0)
	APPEND(encrypted_extensions);
	APPEND(certificate);
	APPEND(certificate_verify);
	APPEND(server_finished);
#undef APPEND
	KUNIT_ASSERT_EQ(test, ssa_record_keys_set(&tx, trace_suite(),
						  rfc8448_server_handshake_traffic_secret), 0);
	KUNIT_ASSERT_EQ(test, ssa_record_put(&out, &tx, SSA_CT_HANDSHAKE, SSA_TLS12,
					     flight.data, flight.len), 0);
	KUNIT_ASSERT_EQ(test, ssa_buf_left(&out), sizeof(rfc8448_server_flight_record));
	EXPECT_BYTES(test, out.data, rfc8448_server_flight_record);

	/* and opened again */
	KUNIT_ASSERT_EQ(test, ssa_record_keys_set(&rx, trace_suite(),
						  rfc8448_server_handshake_traffic_secret), 0);
	KUNIT_ASSERT_EQ(test, ssa_record_open(&rx, out.data, out.len, &plain), SSA_R_NONE);
	KUNIT_EXPECT_EQ(test, plain.type, SSA_CT_HANDSHAKE);
	KUNIT_ASSERT_EQ(test, plain.len, flight.len);
	KUNIT_EXPECT_MEMEQ(test, plain.data, flight.data, flight.len);
	ssa_buf_free(&out);
	ssa_buf_free(&flight);

	/* the sequence number goes into the nonce: two records under one key */
	KUNIT_ASSERT_EQ(test, ssa_record_keys_set(&tx, trace_suite(),
						  rfc8448_client_application_traffic_secret), 0);
	KUNIT_ASSERT_EQ(test, ssa_record_put(&out, &tx, SSA_CT_APPLICATION_DATA, SSA_TLS12,
					     rfc8448_application_data,
					     sizeof(rfc8448_application_data)), 0);
	KUNIT_ASSERT_EQ(test, ssa_buf_left(&out), sizeof(rfc8448_client_data_record));
	EXPECT_BYTES(test, out.data, rfc8448_client_data_record);
	ssa_buf_free(&out);
	KUNIT_ASSERT_EQ(test, ssa_record_put(&out, &tx, SSA_CT_ALERT, SSA_TLS12, "\1\0", 2), 0);
	KUNIT_ASSERT_EQ(test, ssa_buf_left(&out), sizeof(rfc8448_client_alert_record));
	EXPECT_BYTES(test, out.data, rfc8448_client_alert_record);
	ssa_buf_free(&out);
	ssa_record_keys_clear(&tx);
	ssa_record_keys_clear(&rx);
}

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
	KUNIT_CASE(rfc8448_shared_secret_is_reproduced),
	KUNIT_CASE(rfc8448_secrets_are_reproduced),
	KUNIT_CASE_PARAM(rfc8448_traffic_keys_are_reproduced, traffic_gen_params),
	KUNIT_CASE(rfc8448_records_are_reproduced),
	KUNIT_CASE(retry_replaces_first_hello_by_its_hash),
	KUNIT_CASE(suites_and_names_are_known),
	{}
};

static struct kunit_suite engine_keys_suite = {
	.name = "ssa_engine_keys",
	.test_cases = engine_keys_cases,
};

kunit_test_suite(engine_keys_suite);
