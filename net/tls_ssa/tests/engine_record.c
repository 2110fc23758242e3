// SPDX-License-Identifier: GPL-2.0
/*
 * Records, alerts and what comes from outside: what the machine takes in which
 * state, and what it sends when it fails.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include "engine_pair.h"

/* States to bring an engine to */
enum at {
	AT_CLIENT_HELLO,	/* server, nothing received */
	AT_SECOND_HELLO,	/* server, HelloRetryRequest sent */
	AT_CLIENT_FINISHED,	/* server, flight sent */
	AT_SERVER_HELLO,	/* client, ClientHello sent */
	AT_SERVER_FLIGHT,	/* client, ServerHello received */
};

/* Brings one side of @p there and returns it. */
static struct ssa_hs *bring(struct kunit *test, struct pair *p, enum at at)
{
	struct relay *r;

	if (at == AT_SECOND_HELLO)
		pair_only_group(&p->server_cfg, SSA_GROUP_SECP256R1);
	pair_start(test, p);
	if (at == AT_CLIENT_HELLO)
		return p->server;
	if (at == AT_SERVER_HELLO)
		return p->client;
	relay_flight(test, NULL, p->client, p->server);
	if (at != AT_SERVER_FLIGHT)
		return p->server;

	/* one record, the ServerHello */
	r = relay_new(test);
	KUNIT_ASSERT_EQ(test, ssa_buf_append(&r->wire, p->server->out.data,
					     SSA_RECORD_HEADER_LEN +
					     get_unaligned_be16(p->server->out.data + 3),
					     SSA_OUT_MAX), 0);
	KUNIT_ASSERT_EQ(test, feed(test, p->client, r->wire.data, r->wire.len), SSA_WANT_READ);
	KUNIT_ASSERT_EQ(test, p->client->state, SSA_ST_CLIENT_WAIT_EE);
	return p->client;
}

/* What the peer reads from @hs, taken while the secrets are still there. */
static void reading_keys(struct kunit *test, struct pair *p, struct ssa_hs *hs,
			 struct ssa_record_keys *keys)
{
	const u8 *secret = NULL;

	memset(keys, 0, sizeof(*keys));
	if (hs->state == SSA_ST_SERVER_WAIT_FINISHED)
		secret = hs->ks.server_application_traffic_secret;
	else if (hs->state == SSA_ST_CLIENT_WAIT_EE)
		secret = hs->ks.client_handshake_traffic_secret;
	if (secret)
		KUNIT_ASSERT_EQ(test, ssa_record_keys_set(keys, hs->suite, secret), 0);
	ssa_hs_output_done(hs, ssa_buf_left(&hs->out));
}

struct raw_case {
	const char *name;
	enum at at;
	enum ssa_reason reason;
	u8 header[SSA_RECORD_HEADER_LEN];
	u8 body[4];
};

static const struct raw_case raw_cases[] = {
	{ "http", AT_CLIENT_HELLO, SSA_R_RECORD_VERSION, "GET /" },
	{ "ssl-2", AT_CLIENT_HELLO, SSA_R_RECORD_VERSION, "\x80\x2e\1\0\2" },
	{ "http-answer", AT_SERVER_HELLO, SSA_R_RECORD_VERSION, "HTTP/" },
	{ "unknown-type", AT_CLIENT_HELLO, SSA_R_RECORD_TYPE, { 24, 3, 3, 0, 1 } },
	{ "unknown-type-to-client", AT_SERVER_HELLO, SSA_R_RECORD_TYPE, { 25, 3, 3, 0, 1 } },
	{ "unknown-type-protected", AT_SERVER_FLIGHT, SSA_R_RECORD_TYPE, { 24, 3, 3, 0, 1 } },
	{ "plaintext-too-long", AT_CLIENT_HELLO, SSA_R_RECORD_OVERFLOW, { 22, 3, 1, 0x40, 1 } },
	{ "plaintext-too-long-to-client", AT_SERVER_HELLO, SSA_R_RECORD_OVERFLOW,
	  { 22, 3, 3, 0x40, 1 } },
	{ "ciphertext-too-long", AT_SERVER_FLIGHT, SSA_R_RECORD_OVERFLOW, { 23, 3, 3, 0x41, 1 } },
	{ "ciphertext-too-long-to-server", AT_CLIENT_FINISHED, SSA_R_RECORD_OVERFLOW,
	  { 23, 3, 3, 0x41, 1 } },
	{ "empty-handshake", AT_CLIENT_HELLO, SSA_R_RECORD_EMPTY, { 22, 3, 1, 0, 0 } },
	{ "empty-handshake-to-client", AT_SERVER_HELLO, SSA_R_RECORD_EMPTY, { 22, 3, 3, 0, 0 } },
	{ "empty-alert", AT_SERVER_HELLO, SSA_R_RECORD_EMPTY, { 21, 3, 3, 0, 0 } },
	{ "data-before-hello", AT_CLIENT_HELLO, SSA_R_RECORD_TYPE, { 23, 3, 3, 0, 20 } },
	{ "data-before-server-hello", AT_SERVER_HELLO, SSA_R_RECORD_TYPE, { 23, 3, 3, 0, 20 } },
	{ "data-before-second-hello", AT_SECOND_HELLO, SSA_R_RECORD_TYPE, { 23, 3, 3, 0, 20 } },
	{ "plaintext-after-server-hello", AT_SERVER_FLIGHT, SSA_R_RECORD_TYPE,
	  { 22, 3, 3, 0, 4 }, { 8, 0, 0, 0 } },
	{ "plaintext-finished", AT_CLIENT_FINISHED, SSA_R_RECORD_TYPE,
	  { 22, 3, 3, 0, 4 }, { 20, 0, 0, 0 } },
	{ "plaintext-alert-after-server-hello", AT_SERVER_FLIGHT, SSA_R_RECORD_TYPE,
	  { 21, 3, 3, 0, 2 }, { 2, 40 } },
	{ "plaintext-alert-of-a-client-without-keys", AT_CLIENT_FINISHED,
	  SSA_R_PEER_ILLEGAL_PARAMETER, { 21, 3, 3, 0, 2 }, { 2, 47 } },
	{ "record-shorter-than-a-tag", AT_SERVER_FLIGHT, SSA_R_BAD_RECORD_MAC,
	  { 23, 3, 3, 0, 4 } },
	{ "record-without-body", AT_SERVER_FLIGHT, SSA_R_BAD_RECORD_MAC, { 23, 3, 3, 0, 0 } },
	{ "ccs-first", AT_CLIENT_HELLO, SSA_R_BAD_CCS, { 20, 3, 3, 0, 1 }, { 1 } },
	{ "ccs-value", AT_SERVER_HELLO, SSA_R_BAD_CCS, { 20, 3, 3, 0, 1 }, { 2 } },
	{ "ccs-long", AT_SERVER_HELLO, SSA_R_BAD_CCS, { 20, 3, 3, 0, 2 }, { 1, 1 } },
	{ "ccs-empty", AT_SERVER_HELLO, SSA_R_BAD_CCS, { 20, 3, 3, 0, 0 } },
	{ "ccs-value-to-server", AT_CLIENT_FINISHED, SSA_R_BAD_CCS, { 20, 3, 3, 0, 1 }, { 0 } },
	{ "alert-of-one-byte", AT_SERVER_HELLO, SSA_R_DECODE, { 21, 3, 3, 0, 1 }, { 2 } },
	{ "alert-of-three-bytes", AT_SERVER_HELLO, SSA_R_DECODE, { 21, 3, 3, 0, 3 }, { 2, 40, 0 } },
	{ "two-alerts", AT_SERVER_HELLO, SSA_R_DECODE, { 21, 3, 3, 0, 4 }, { 2, 40, 2, 40 } },
	{ "alert-of-level-0", AT_SERVER_HELLO, SSA_R_ILLEGAL_PARAMETER,
	  { 21, 3, 3, 0, 2 }, { 0, 40 } },
	{ "alert-of-level-3", AT_CLIENT_HELLO, SSA_R_ILLEGAL_PARAMETER,
	  { 21, 3, 3, 0, 2 }, { 3, 0 } },
	{ "close-notify", AT_CLIENT_HELLO, SSA_R_PEER_CLOSED, { 21, 3, 3, 0, 2 }, { 1, 0 } },
	{ "close-notify-to-client", AT_SERVER_HELLO, SSA_R_PEER_CLOSED,
	  { 21, 3, 3, 0, 2 }, { 1, 0 } },
	{ "close-notify-of-a-client-without-keys", AT_CLIENT_FINISHED, SSA_R_PEER_CLOSED,
	  { 21, 3, 3, 0, 2 }, { 1, 0 } },
};

KUNIT_ARRAY_PARAM_DESC(raw, raw_cases, name);

static void record_is_refused(struct kunit *test)
{
	const struct raw_case *c = test->param_value;
	struct pair *p = pair_new(test, PAIR_P256);
	struct ssa_hs *hs = bring(test, p, c->at);
	struct ssa_record_keys keys;
	u8 record[SSA_RECORD_HEADER_LEN + 32] = { 0 };
	int body;

	reading_keys(test, p, hs, &keys);
	memcpy(record, c->header, sizeof(c->header));
	memcpy(record + SSA_RECORD_HEADER_LEN, c->body, sizeof(c->body));
	body = ssa_hs_record_length(hs, record);
	if (body >= 0)
		ssa_hs_input(hs, record, SSA_RECORD_HEADER_LEN + body);
	expect_failure(test, hs, c->reason, &keys);
	ssa_record_keys_clear(&keys);
}

/* Protected records whose inside is wrong; a good key, so only that is wrong. */
struct inner_case {
	const char *name;
	enum ssa_reason reason;
	u32 len;		/* of TLSInnerPlaintext */
	const char *inner;
	bool flip;		/* the tag */
};

static const struct inner_case inner_cases[] = {
	{ "only-padding", SSA_R_RECORD_TYPE, 4, "\0\0\0\0" },
	{ "empty-handshake", SSA_R_RECORD_EMPTY, 1, "\x16" },
	{ "empty-handshake-padded", SSA_R_RECORD_EMPTY, 4, "\x16\0\0\0" },
	{ "empty-alert", SSA_R_RECORD_EMPTY, 1, "\x15" },
	{ "ccs", SSA_R_RECORD_TYPE, 2, "\1\x14" },
	{ "data", SSA_R_RECORD_TYPE, 2, "x\x17" },
	{ "unknown-type", SSA_R_RECORD_TYPE, 2, "x\x18" },
	{ "alert", SSA_R_PEER_BAD_CERTIFICATE, 3, "\2\x2a\x15" },
	{ "alert-padded", SSA_R_PEER_UNKNOWN_CA, 6, "\2\x30\x15\0\0\0" },
	{ "alert-long", SSA_R_DECODE, 4, "\2\x30\0\x15" },
	{ "alert-of-level-0", SSA_R_ILLEGAL_PARAMETER, 3, "\0\x30\x15" },
	{ "close-notify", SSA_R_PEER_CLOSED, 3, "\1\0\x15" },
	{ "inner-too-long", SSA_R_RECORD_OVERFLOW, SSA_INNER_PLAINTEXT_MAX + 1, "\1" },
	{ "bad-tag", SSA_R_BAD_RECORD_MAC, 3, "\2\x30\x15", true },
};

KUNIT_ARRAY_PARAM_DESC(inner, inner_cases, name);

static void seal_and_feed(struct kunit *test, struct ssa_hs *hs, const struct inner_case *c)
{
	u32 body = c->len + SSA_AEAD_TAG_LEN;
	struct ssa_traffic_keys keys;
	struct ssa_aead *aead;
	u8 *record;

	KUNIT_ASSERT_EQ(test, ssa_ks_traffic_keys(hs->suite, hs->cfg.server ?
						  hs->ks.client_handshake_traffic_secret :
						  hs->ks.server_handshake_traffic_secret,
						  &keys), 0);
	aead = ssa_aead_new(hs->suite->aead, keys.key);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, aead);
	record = kunit_kzalloc(test, SSA_RECORD_HEADER_LEN + body, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, record);
	record[0] = SSA_CT_APPLICATION_DATA;
	put_unaligned_be16(SSA_TLS12, record + 1);
	put_unaligned_be16(body, record + 3);
	memcpy(record + SSA_RECORD_HEADER_LEN, c->inner, min_t(u32, c->len, strlen(c->inner) + 1));
	if (c->len <= 8)
		memcpy(record + SSA_RECORD_HEADER_LEN, c->inner, c->len);
	KUNIT_EXPECT_EQ(test, ssa_aead_seal(aead, keys.iv, record, SSA_RECORD_HEADER_LEN,
					    record + SSA_RECORD_HEADER_LEN, c->len), 0);
	ssa_aead_free(aead);
	if (c->flip)
		record[SSA_RECORD_HEADER_LEN + body - 1] ^= 0x80;
	KUNIT_EXPECT_EQ(test, ssa_hs_record_length(hs, record), body);
	KUNIT_EXPECT_EQ(test, ssa_hs_input(hs, record, SSA_RECORD_HEADER_LEN + body), SSA_FAILED);
}

static void protected_record_is_refused(struct kunit *test)
{
	static const enum at places[] = { AT_SERVER_FLIGHT, AT_CLIENT_FINISHED };
	const struct inner_case *c = test->param_value;
	struct ssa_record_keys keys;
	struct ssa_hs *hs;
	struct pair *p;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		p = pair_new(test, PAIR_P256);
		hs = bring(test, p, places[i]);
		reading_keys(test, p, hs, &keys);
		seal_and_feed(test, hs, c);
		expect_failure(test, hs, c->reason, &keys);
		ssa_record_keys_clear(&keys);
	}
}

/* 5.1: the version of a record is ignored, as long as it is one of TLS. */
static void record_version_does_not_matter(struct kunit *test)
{
	static const u16 versions[] = { 0x0300, 0x0301, 0x0302, 0x0304, 0x03ff };
	struct pair *p = pair_new(test, PAIR_P256);
	u8 *record;
	u32 i, len;

	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		pair_start(test, p);
		len = ssa_buf_left(&p->client->out);
		record = kunit_kmalloc(test, len, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, record);
		memcpy(record, ssa_buf_begin(&p->client->out), len);
		put_unaligned_be16(versions[i], record + 1);
		feed(test, p->server, record, len);
		KUNIT_EXPECT_EQ(test, p->server->state, SSA_ST_SERVER_WAIT_FINISHED);

		len = SSA_RECORD_HEADER_LEN + get_unaligned_be16(p->server->out.data + 3);
		put_unaligned_be16(versions[i], p->server->out.data + 1);
		feed(test, p->client, p->server->out.data, len);
		KUNIT_EXPECT_EQ(test, p->client->state, SSA_ST_CLIENT_WAIT_EE);
	}
}

/* ------------------------------------------------------- change_cipher_spec */

static void ccs_is_tolerated_a_few_times(struct kunit *test)
{
	static const struct {
		enum at at;
		u32 most;
	} places[] = {
		{ AT_SERVER_HELLO, SSA_CCS_MAX },
		{ AT_SERVER_FLIGHT, SSA_CCS_MAX },
		{ AT_CLIENT_FINISHED, SSA_CCS_MAX },
		{ AT_SECOND_HELLO, SSA_CCS_MAX + 1 },
	};
	struct ssa_hs *hs;
	u32 i, n;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		hs = bring(test, pair_new(test, PAIR_P256), places[i].at);
		for (n = 0; n < places[i].most; n++)
			KUNIT_EXPECT_NE(test, feed_record(test, hs, SSA_CT_CHANGE_CIPHER_SPEC,
							  "\1", 1), SSA_FAILED);
		KUNIT_EXPECT_EQ(test, feed_record(test, hs, SSA_CT_CHANGE_CIPHER_SPEC, "\1", 1),
				SSA_FAILED);
		KUNIT_EXPECT_EQ(test, ssa_hs_reason(hs), SSA_R_BAD_CCS);
	}
}

static void nothing_may_split_a_message(struct kunit *test)
{
	static const struct {
		u8 type;
		const char *body;
		u8 len;
		enum ssa_reason reason;
	} cases[] = {
		{ SSA_CT_CHANGE_CIPHER_SPEC, "\1", 1, SSA_R_BAD_CCS },
		{ SSA_CT_ALERT, "\1\x5a", 2, SSA_R_UNEXPECTED_MESSAGE },
		{ SSA_CT_ALERT, "\2\x28", 2, SSA_R_PEER_HANDSHAKE_FAILURE },
		{ SSA_CT_APPLICATION_DATA, "x", 1, SSA_R_RECORD_TYPE },
	};
	struct ssa_hs *hs;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		hs = bring(test, pair_new(test, PAIR_P256), AT_SERVER_HELLO);
		KUNIT_EXPECT_NE(test, feed_record(test, hs, SSA_CT_HANDSHAKE, "\2\0\0\x50\3\3", 6),
				SSA_FAILED);
		KUNIT_EXPECT_EQ(test, feed_record(test, hs, cases[i].type, cases[i].body,
						  cases[i].len), SSA_FAILED);
		KUNIT_EXPECT_EQ(test, ssa_hs_reason(hs), cases[i].reason);
	}
}

/* What our owner counts: the beginning of a message, until its end or a failure. */
static void half_a_message_is_held(struct kunit *test)
{
	struct ssa_hs *hs = bring(test, pair_new(test, PAIR_P256), AT_SERVER_HELLO);

	KUNIT_EXPECT_EQ(test, ssa_hs_held(hs), 0);
	KUNIT_EXPECT_NE(test, feed_record(test, hs, SSA_CT_HANDSHAKE, "\2\0\0\x50\3\3", 6),
			SSA_FAILED);
	KUNIT_EXPECT_GE(test, ssa_hs_held(hs), 6);
	ssa_hs_abort(hs, SSA_R_NO_MEMORY);
	KUNIT_EXPECT_EQ(test, ssa_hs_held(hs), 0);
}

/* ------------------------------------------------------------------- alerts */

static const struct {
	u8 code;
	enum ssa_reason reason;
} peer_alerts[] = {
	{ 10, SSA_R_PEER_UNEXPECTED_MESSAGE },
	{ 20, SSA_R_PEER_BAD_RECORD_MAC },
	{ 21, SSA_R_PEER_DECRYPTION_FAILED },
	{ 22, SSA_R_PEER_RECORD_OVERFLOW },
	{ 30, SSA_R_PEER_DECOMPRESSION_FAILURE },
	{ 40, SSA_R_PEER_HANDSHAKE_FAILURE },
	{ 41, SSA_R_PEER_NO_CERTIFICATE },
	{ 42, SSA_R_PEER_BAD_CERTIFICATE },
	{ 43, SSA_R_PEER_UNSUPPORTED_CERTIFICATE },
	{ 44, SSA_R_PEER_CERTIFICATE_REVOKED },
	{ 45, SSA_R_PEER_CERTIFICATE_EXPIRED },
	{ 46, SSA_R_PEER_CERTIFICATE_UNKNOWN },
	{ 47, SSA_R_PEER_ILLEGAL_PARAMETER },
	{ 48, SSA_R_PEER_UNKNOWN_CA },
	{ 49, SSA_R_PEER_ACCESS_DENIED },
	{ 50, SSA_R_PEER_DECODE_ERROR },
	{ 51, SSA_R_PEER_DECRYPT_ERROR },
	{ 60, SSA_R_PEER_EXPORT_RESTRICTION },
	{ 70, SSA_R_PEER_PROTOCOL_VERSION },
	{ 71, SSA_R_PEER_INSUFFICIENT_SECURITY },
	{ 80, SSA_R_PEER_INTERNAL_ERROR },
	{ 86, SSA_R_PEER_INAPPROPRIATE_FALLBACK },
	{ 100, SSA_R_PEER_NO_RENEGOTIATION },
	{ 109, SSA_R_PEER_MISSING_EXTENSION },
	{ 110, SSA_R_PEER_UNSUPPORTED_EXTENSION },
	{ 111, SSA_R_PEER_CERTIFICATE_UNOBTAINABLE },
	{ 112, SSA_R_PEER_UNRECOGNIZED_NAME },
	{ 113, SSA_R_PEER_BAD_CERTIFICATE_STATUS_RESPONSE },
	{ 114, SSA_R_PEER_BAD_CERTIFICATE_HASH_VALUE },
	{ 115, SSA_R_PEER_UNKNOWN_PSK_IDENTITY },
	{ 116, SSA_R_PEER_CERTIFICATE_REQUIRED },
	{ 120, SSA_R_PEER_NO_APPLICATION_PROTOCOL },
};

static void each_alert_has_its_reason(struct kunit *test)
{
	struct ssa_hs_result result;
	enum ssa_reason reason;
	struct pair *p = pair_new(test, PAIR_P256);
	u32 known = 0, code;
	struct ssa_hs *hs;
	u8 alert[2];

	for (code = 1; code < 256; code++) {
		if (code == SSA_ALERT_USER_CANCELED)
			continue;
		reason = SSA_R_PEER_ALERT;
		if (known < ARRAY_SIZE(peer_alerts) && peer_alerts[known].code == code)
			reason = peer_alerts[known++].reason;
		hs = bring(test, p, AT_CLIENT_HELLO);
		/* the level does not matter in TLS 1.3 */
		alert[0] = code & 1 ? SSA_ALERT_LEVEL_FATAL : SSA_ALERT_LEVEL_WARNING;
		alert[1] = code;
		KUNIT_EXPECT_EQ(test, feed_record(test, hs, SSA_CT_ALERT, alert, 2), SSA_FAILED);
		ssa_hs_result(hs, &result);
		KUNIT_EXPECT_EQ(test, result.alert_received, code);
		expect_failure(test, hs, reason, NULL);
	}
	KUNIT_EXPECT_EQ(test, known, ARRAY_SIZE(peer_alerts));
	KUNIT_EXPECT_EQ(test, ssa_peer_alert_reason(SSA_ALERT_USER_CANCELED),
			SSA_R_PEER_USER_CANCELED);
}

/* A client that has the keys of the handshake must use them for its alerts. */
static void plaintext_alert_ends_with_protection(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);
	struct ssa_hs *hs = bring(test, p, AT_CLIENT_FINISHED);
	struct relay *r = relay_new(test);

	KUNIT_ASSERT_EQ(test, ssa_record_keys_set(&r->seal, hs->suite,
						  hs->ks.client_handshake_traffic_secret), 0);
	KUNIT_ASSERT_EQ(test, ssa_record_put(&r->wire, &r->seal, SSA_CT_HANDSHAKE, SSA_TLS12,
					     "\x14", 1), 0);
	feed(test, hs, r->wire.data, r->wire.len);
	KUNIT_ASSERT_EQ(test, ssa_hs_reason(hs), SSA_R_NONE);
	KUNIT_EXPECT_EQ(test, feed_record(test, hs, SSA_CT_ALERT, "\2\x28", 2), SSA_FAILED);
	KUNIT_EXPECT_EQ(test, ssa_hs_reason(hs), SSA_R_RECORD_TYPE);
}

static void user_canceled_waits_for_close(struct kunit *test)
{
	struct ssa_hs *hs = bring(test, pair_new(test, PAIR_P256), AT_SERVER_HELLO);
	u32 i;

	KUNIT_EXPECT_NE(test, feed_record(test, hs, SSA_CT_ALERT, "\1\x5a", 2), SSA_FAILED);
	KUNIT_EXPECT_EQ(test, feed_record(test, hs, SSA_CT_ALERT, "\1\0", 2), SSA_FAILED);
	KUNIT_EXPECT_EQ(test, ssa_hs_reason(hs), SSA_R_PEER_CLOSED);

	hs = bring(test, pair_new(test, PAIR_P256), AT_SERVER_HELLO);
	for (i = 0; i < SSA_WARNINGS_MAX; i++)
		KUNIT_EXPECT_NE(test, feed_record(test, hs, SSA_CT_ALERT, "\1\x5a", 2),
				SSA_FAILED);
	KUNIT_EXPECT_EQ(test, feed_record(test, hs, SSA_CT_ALERT, "\1\x5a", 2), SSA_FAILED);
	expect_failure(test, hs, SSA_R_WARNING_FLOOD, NULL);
}

/*
 * D.4: the alert of a client that has the keys of the handshake comes behind its
 * change_cipher_spec, which is sent once.
 */
static void alert_follows_change_cipher_spec(struct kunit *test)
{
	static const u8 ccs[] = { 20, 3, 3, 0, 1, 1 };
	struct pair *p = pair_new(test, PAIR_P256);
	struct ssa_hs *hs = bring(test, p, AT_SERVER_FLIGHT);
	const u8 *out;
	size_t len;

	ssa_hs_output_done(hs, ssa_buf_left(&hs->out));
	KUNIT_EXPECT_EQ(test, feed_record(test, hs, 24, "x", 1), SSA_FAILED);
	out = ssa_hs_output(hs, &len);
	KUNIT_ASSERT_GT(test, len, sizeof(ccs));
	KUNIT_EXPECT_MEMEQ(test, out, ccs, sizeof(ccs));
	KUNIT_EXPECT_EQ(test, out[sizeof(ccs)], SSA_CT_APPLICATION_DATA);

	/* before it has keys, nothing comes in front */
	hs = bring(test, p, AT_SERVER_HELLO);
	ssa_hs_output_done(hs, ssa_buf_left(&hs->out));
	KUNIT_EXPECT_EQ(test, feed_record(test, hs, 24, "x", 1), SSA_FAILED);
	out = ssa_hs_output(hs, &len);
	KUNIT_ASSERT_GT(test, len, 0);
	KUNIT_EXPECT_EQ(test, out[0], SSA_CT_ALERT);

	/* after a HelloRetryRequest it is out already */
	pair_only_group(&p->server_cfg, SSA_GROUP_SECP256R1);
	pair_start(test, p);
	relay_flight(test, NULL, p->client, p->server);
	relay_flight(test, NULL, p->server, p->client);
	relay_flight(test, NULL, p->client, p->server);
	hs = p->client;
	feed(test, hs, p->server->out.data,
	     SSA_RECORD_HEADER_LEN + get_unaligned_be16(p->server->out.data + 3));
	KUNIT_ASSERT_EQ(test, hs->state, SSA_ST_CLIENT_WAIT_EE);
	KUNIT_EXPECT_EQ(test, feed_record(test, hs, 24, "x", 1), SSA_FAILED);
	out = ssa_hs_output(hs, &len);
	KUNIT_ASSERT_GT(test, len, 0);
	KUNIT_EXPECT_EQ(test, out[0], SSA_CT_APPLICATION_DATA);
}

/* --------------------------------------------------------------- early data */

/* The ClientHello offers early data, and the client knows that it did. */
static void offer_early_data(struct kunit *test, struct ssa_buf *msg, const void *arg)
{
	struct ssa_hs *client = (struct ssa_hs *)arg;

	msg_ext_add(test, msg, SSA_XT_EARLY_DATA, NULL, 0);
	ssa_buf_free(&client->transcript.messages);
	KUNIT_ASSERT_EQ(test, ssa_transcript_add(&client->transcript, msg->data, msg->len), 0);
}

static void feed_garbage(struct kunit *test, struct ssa_hs *hs, u32 len)
{
	u8 *body = kunit_kzalloc(test, len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, body);
	memset(body, 0x5a, len);
	feed_record(test, hs, SSA_CT_APPLICATION_DATA, body, len);
	kunit_kfree(test, body);
}

static struct pair *early_data_pair(struct kunit *test, bool retry)
{
	struct pair *p = pair_new(test, PAIR_P256);
	struct relay *r = relay_new(test);

	if (retry)
		pair_only_group(&p->server_cfg, SSA_GROUP_SECP256R1);
	pair_start(test, p);
	r->type = SSA_HT_CLIENT_HELLO;
	r->change = offer_early_data;
	r->arg = p->client;
	relay_flight(test, r, p->client, p->server);
	KUNIT_ASSERT_EQ(test, r->changed, 1);
	return p;
}

static void refused_early_data_is_skipped(struct kunit *test)
{
	u32 retry;

	for (retry = 0; retry < 2; retry++) {
		struct pair *p = early_data_pair(test, retry);

		feed_garbage(test, p->server, 1);
		feed_garbage(test, p->server, 8000);
		feed_garbage(test, p->server, SSA_EARLY_DATA_SKIP_MAX - 8001);
		KUNIT_ASSERT_EQ(test, ssa_hs_reason(p->server), SSA_R_NONE);
		pair_run(test, p, NULL, NULL);
		pair_expect_done(test, p);
	}
}

static void skipping_early_data_has_a_limit(struct kunit *test)
{
	static const enum ssa_reason reasons[] = { SSA_R_BAD_RECORD_MAC, SSA_R_RECORD_TYPE };
	static const u8 empty[] = { 23, 3, 3, 0, 0 };
	struct pair *p;
	u32 retry;

	for (retry = 0; retry < 2; retry++) {
		p = early_data_pair(test, retry);
		feed_garbage(test, p->server, SSA_EARLY_DATA_SKIP_MAX);
		KUNIT_EXPECT_EQ(test, ssa_hs_reason(p->server), SSA_R_NONE);
		feed_garbage(test, p->server, 1);
		KUNIT_EXPECT_EQ(test, ssa_hs_reason(p->server), reasons[retry]);

		p = early_data_pair(test, retry);
		feed(test, p->server, empty, sizeof(empty));
		KUNIT_EXPECT_EQ(test, ssa_hs_reason(p->server), reasons[retry]);
	}
}

static void early_data_ends_with_the_second_hello(struct kunit *test)
{
	struct pair *p = early_data_pair(test, true);

	feed_garbage(test, p->server, 100);
	relay_flight(test, NULL, p->server, p->client);
	relay_flight(test, NULL, p->client, p->server);
	KUNIT_ASSERT_EQ(test, p->server->state, SSA_ST_SERVER_WAIT_FINISHED);
	feed_garbage(test, p->server, 100);
	KUNIT_EXPECT_EQ(test, ssa_hs_reason(p->server), SSA_R_BAD_RECORD_MAC);
}

static void early_data_not_offered_is_refused(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);
	struct ssa_hs *hs = bring(test, p, AT_CLIENT_FINISHED);

	feed_garbage(test, hs, 100);
	KUNIT_EXPECT_EQ(test, ssa_hs_reason(hs), SSA_R_BAD_RECORD_MAC);
}

/* --------------------------------------------------------------- from outside */

static void first_error_sticks(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);
	struct ssa_hs *hs = bring(test, p, AT_CLIENT_HELLO);
	size_t before, after;

	KUNIT_EXPECT_EQ(test, feed_record(test, hs, SSA_CT_HANDSHAKE, "\x14\0\0\0", 4), SSA_FAILED);
	ssa_hs_output(hs, &before);
	ssa_hs_abort(hs, SSA_R_TIMEOUT);
	KUNIT_EXPECT_EQ(test, feed_record(test, hs, SSA_CT_ALERT, "\2\x28", 2), SSA_FAILED);
	ssa_hs_output(hs, &after);
	KUNIT_EXPECT_EQ(test, before, after);
	KUNIT_EXPECT_EQ(test, ssa_hs_start(hs), SSA_FAILED);
	expect_failure(test, hs, SSA_R_UNEXPECTED_MESSAGE, NULL);
}

static void timeout_says_user_canceled_and_closes(struct kunit *test)
{
	static const u8 want[] = { 21, 3, 3, 0, 2, 1, 90, 21, 3, 3, 0, 2, 1, 0 };
	struct ssa_hs *hs = bring(test, pair_new(test, PAIR_P256), AT_CLIENT_HELLO);
	const u8 *out;
	size_t len;

	ssa_hs_abort(hs, SSA_R_TIMEOUT);
	out = ssa_hs_output(hs, &len);
	KUNIT_ASSERT_EQ(test, len, sizeof(want));
	KUNIT_EXPECT_MEMEQ(test, out, want, sizeof(want));
	KUNIT_EXPECT_EQ(test, ssa_hs_output_done(hs, len), SSA_FAILED);
}

static void no_alert_where_the_table_has_none(struct kunit *test)
{
	struct ssa_hs *hs = bring(test, pair_new(test, PAIR_P256), AT_CLIENT_HELLO);

	ssa_hs_abort(hs, SSA_R_TRUNCATED);
	expect_failure(test, hs, SSA_R_TRUNCATED, NULL);
}

/* After its Finished a client speaks under the application secret. */
static void client_aborts_after_its_finished(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);
	struct ssa_record_keys keys = { 0 };

	pair_start(test, p);
	relay_flight(test, NULL, p->client, p->server);
	relay_flight(test, NULL, p->server, p->client);
	KUNIT_ASSERT_EQ(test, p->client->state, SSA_ST_CONNECTED);
	ssa_hs_output_done(p->client, ssa_buf_left(&p->client->out));
	KUNIT_ASSERT_EQ(test, ssa_record_keys_set(&keys, p->client->suite,
						  p->client->ks.client_application_traffic_secret),
			0);
	ssa_hs_abort(p->client, SSA_R_KTLS);
	expect_failure(test, p->client, SSA_R_KTLS, &keys);
	ssa_record_keys_clear(&keys);
}

static void output_is_taken_in_pieces(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);
	size_t len, left;
	const u8 *out;
	u8 first;

	pair_start(test, p);
	out = ssa_hs_output(p->client, &len);
	first = out[1];
	KUNIT_EXPECT_EQ(test, ssa_hs_output_done(p->client, 1), SSA_WANT_WRITE);
	out = ssa_hs_output(p->client, &left);
	KUNIT_EXPECT_EQ(test, left, len - 1);
	KUNIT_EXPECT_EQ(test, out[0], first);
	KUNIT_EXPECT_EQ(test, ssa_hs_output_done(p->client, left), SSA_WANT_READ);
	out = ssa_hs_output(p->client, &left);
	KUNIT_EXPECT_EQ(test, left, 0);
	KUNIT_EXPECT_EQ(test, ssa_hs_output_done(p->client, 100), SSA_WANT_READ);
}

static void what_is_missing_is_named(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);
	struct ssa_hs_config cfg;
	struct ssa_hs *hs;
	u32 i;

	for (i = 0; i < 4; i++) {
		enum ssa_reason want = SSA_R_NO_HOST_NAME;

		cfg = i == 3 ? p->server_cfg : p->client_cfg;
		if (i == 0)
			cfg.name = NULL;
		if (i == 1)
			cfg.name = "not a name";
		if (i == 2) {
			cfg.store = NULL;
			want = SSA_R_NO_TRUST_STORE;
		}
		if (i == 3) {
			cfg.creds = NULL;
			want = SSA_R_NO_CREDENTIAL;
		}
		hs = ssa_hs_new(&cfg);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, hs);
		KUNIT_EXPECT_EQ(test, ssa_hs_start(hs), SSA_FAILED);
		KUNIT_EXPECT_EQ(test, ssa_hs_reason(hs), want);
		ssa_hs_free(hs);
	}
}

static void no_randomness(void *ctx, void *buf, size_t len)
{
	memset(buf, 0, len);
}

/* A fault of our own is none of the peer's. */
static void own_fault_is_internal(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);
	struct ssa_hs *hs;

	pair_only_group(&p->client_cfg, SSA_GROUP_SECP256R1);
	p->client_cfg.rng.fill = no_randomness;
	hs = ssa_hs_new(&p->client_cfg);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, hs);
	KUNIT_EXPECT_EQ(test, ssa_hs_start(hs), SSA_FAILED);
	expect_failure(test, hs, SSA_R_INTERNAL, NULL);
	ssa_hs_free(hs);
}

static void lists_with_nonsense_are_refused(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);
	struct ssa_hs_config cfg;
	u32 i;

	for (i = 0; i < 6; i++) {
		u16 *list;

		cfg = p->client_cfg;
		list = i % 3 == 0 ? cfg.suites : i % 3 == 1 ? cfg.groups : cfg.sigalgs;
		list[0] = i < 3 ? 0 : 0x7777;
		KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(ssa_hs_new(&cfg)), -EINVAL);
	}
}

static struct kunit_case engine_record_cases[] = {
	KUNIT_CASE_PARAM(record_is_refused, raw_gen_params),
	KUNIT_CASE_PARAM(protected_record_is_refused, inner_gen_params),
	KUNIT_CASE(record_version_does_not_matter),
	KUNIT_CASE(ccs_is_tolerated_a_few_times),
	KUNIT_CASE(nothing_may_split_a_message),
	KUNIT_CASE(half_a_message_is_held),
	KUNIT_CASE(each_alert_has_its_reason),
	KUNIT_CASE(plaintext_alert_ends_with_protection),
	KUNIT_CASE(user_canceled_waits_for_close),
	KUNIT_CASE(alert_follows_change_cipher_spec),
	KUNIT_CASE(refused_early_data_is_skipped),
	KUNIT_CASE(skipping_early_data_has_a_limit),
	KUNIT_CASE(early_data_ends_with_the_second_hello),
	KUNIT_CASE(early_data_not_offered_is_refused),
	KUNIT_CASE(first_error_sticks),
	KUNIT_CASE(timeout_says_user_canceled_and_closes),
	KUNIT_CASE(no_alert_where_the_table_has_none),
	KUNIT_CASE(client_aborts_after_its_finished),
	KUNIT_CASE(output_is_taken_in_pieces),
	KUNIT_CASE(what_is_missing_is_named),
	KUNIT_CASE(own_fault_is_internal),
	KUNIT_CASE(lists_with_nonsense_are_refused),
	{}
};

static struct kunit_suite engine_record_suite = {
	.name = "ssa_engine_record",
	.test_cases = engine_record_cases,
};

kunit_test_suite(engine_record_suite);
