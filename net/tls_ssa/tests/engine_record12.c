// SPDX-License-Identifier: GPL-2.0
/*
 * TLS 1.2 below its messages: the form of records, change_cipher_spec, alerts,
 * and the control records of an established connection.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include "engine_pair.h"

/* How far a handshake has come, by what the receiver waits for. */
enum point {
	AT_CLIENT_HELLO,	/* server */
	AT_SERVER_HELLO,	/* client */
	AT_KEY_EXCHANGE,	/* server: ClientKeyExchange */
	AT_CLIENT_CCS,		/* server */
	AT_CLIENT_FINISHED,	/* server */
	AT_SERVER_CCS,		/* client */
	AT_SERVER_FINISHED,	/* client */
};

static const enum ssa_hs_state states[] = {
	[AT_CLIENT_HELLO] = SSA_ST_SERVER_WAIT_CH,
	[AT_SERVER_HELLO] = SSA_ST_CLIENT_WAIT_SH,
	[AT_KEY_EXCHANGE] = SSA_ST_SERVER12_WAIT_CKE,
	[AT_CLIENT_CCS] = SSA_ST_SERVER12_WAIT_CCS,
	[AT_CLIENT_FINISHED] = SSA_ST_SERVER12_WAIT_FINISHED,
	[AT_SERVER_CCS] = SSA_ST_CLIENT12_WAIT_CCS,
	[AT_SERVER_FINISHED] = SSA_ST_CLIENT12_WAIT_FINISHED,
};

/* Some of the output of one side, by records, to the other. */
static void feed_some(struct kunit *test, struct ssa_hs *from, struct ssa_hs *to, u32 records)
{
	u32 len;

	while (records--) {
		KUNIT_ASSERT_GE(test, ssa_buf_left(&from->out), SSA_RECORD_HEADER_LEN);
		len = SSA_RECORD_HEADER_LEN + get_unaligned_be16(ssa_buf_begin(&from->out) + 3);
		feed(test, to, ssa_buf_begin(&from->out), len);
		ssa_hs_output_done(from, len);
	}
}

/* The receiver at that point. */
static struct ssa_hs *go_to(struct kunit *test, struct pair *p, enum point point)
{
	struct ssa_hs *hs;

	pair_start(test, p);
	if (point >= AT_KEY_EXCHANGE)
		feed_some(test, p->client, p->server, 1);
	if (point >= AT_CLIENT_CCS) {
		relay_flight(test, NULL, p->server, p->client);
		feed_some(test, p->client, p->server, 1);
	}
	if (point >= AT_CLIENT_FINISHED)
		feed_some(test, p->client, p->server, 1);
	if (point >= AT_SERVER_CCS)
		feed_some(test, p->client, p->server, 1);
	if (point >= AT_SERVER_FINISHED)
		feed_some(test, p->server, p->client, 1);
	hs = point == AT_SERVER_HELLO || point >= AT_SERVER_CCS ? p->client : p->server;
	KUNIT_ASSERT_EQ(test, hs->state, states[point]);
	return hs;
}

static struct pair *pair12(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);

	pair_versions(p, SSA_TLS12, SSA_TLS12);
	return p;
}

/* The alert is protected once the client's Finished is out: not before. */
static void expect_failure_at(struct kunit *test, struct pair *p, struct ssa_hs *hs,
			      enum ssa_reason reason)
{
	struct ssa_record_keys keys = { 0 };

	if (!hs->cfg.server && p->server->keys12.client.seq) {
		KUNIT_ASSERT_EQ(test, ssa_record_keys_set12(&keys, p->server->suite,
							    &p->server->keys12.client), 0);
		keys.seq = 1;
	}
	expect_failure(test, hs, reason, &keys);
	ssa_record_keys_clear(&keys);
}

/* -------------------------------------------------------------------- records */

struct record12_case {
	const char *name;
	enum point point;
	enum ssa_reason reason;
	u8 header[SSA_RECORD_HEADER_LEN];
};

static const struct record12_case record12_cases[] = {
	{ "version-1.1", AT_KEY_EXCHANGE, SSA_R_RECORD_VERSION, { 22, 3, 2, 0, 4 } },
	{ "version-1.0-of-ccs", AT_CLIENT_CCS, SSA_R_RECORD_VERSION, { 20, 3, 1, 0, 1 } },
	{ "version-1.3", AT_CLIENT_FINISHED, SSA_R_RECORD_VERSION, { 22, 3, 4, 0, 40 } },
	{ "version-of-finished", AT_SERVER_FINISHED, SSA_R_RECORD_VERSION, { 22, 3, 1, 0, 40 } },
	{ "version-2", AT_SERVER_HELLO, SSA_R_RECORD_VERSION, { 22, 2, 0, 0, 4 } },
	{ "data-before-finished", AT_CLIENT_FINISHED, SSA_R_RECORD_TYPE, { 23, 3, 3, 0, 40 } },
	{ "data-in-plaintext", AT_KEY_EXCHANGE, SSA_R_RECORD_TYPE, { 23, 3, 3, 0, 40 } },
	{ "data-before-server-finished", AT_SERVER_CCS, SSA_R_RECORD_TYPE, { 23, 3, 3, 0, 40 } },
	{ "data-before-server-hello", AT_SERVER_HELLO, SSA_R_RECORD_TYPE, { 23, 3, 3, 0, 40 } },
	{ "heartbeat", AT_KEY_EXCHANGE, SSA_R_RECORD_TYPE, { 24, 3, 3, 0, 4 } },
	{ "heartbeat-protected", AT_CLIENT_FINISHED, SSA_R_RECORD_TYPE, { 24, 3, 3, 0, 40 } },
	{ "empty-handshake", AT_KEY_EXCHANGE, SSA_R_RECORD_EMPTY, { 22, 3, 3, 0, 0 } },
	{ "empty-alert", AT_KEY_EXCHANGE, SSA_R_RECORD_EMPTY, { 21, 3, 3, 0, 0 } },
	{ "empty-ccs", AT_CLIENT_CCS, SSA_R_BAD_CCS, { 20, 3, 3, 0, 0 } },
	{ "long-ccs", AT_CLIENT_CCS, SSA_R_BAD_CCS, { 20, 3, 3, 0, 2 } },
	{ "plaintext-too-long", AT_KEY_EXCHANGE, SSA_R_RECORD_OVERFLOW, { 22, 3, 3, 0x40, 1 } },
	{ "plaintext-far-too-long", AT_SERVER_CCS, SSA_R_RECORD_OVERFLOW,
	  { 22, 3, 3, 0xff, 0xff } },
	{ "ciphertext-too-long", AT_CLIENT_FINISHED, SSA_R_RECORD_OVERFLOW,
	  { 22, 3, 3, 0x40, 0x19 } },
	{ "ciphertext-far-too-long", AT_SERVER_FINISHED, SSA_R_RECORD_OVERFLOW,
	  { 22, 3, 3, 0x48, 1 } },
	{ "ccs-for-hello", AT_CLIENT_HELLO, SSA_R_BAD_CCS, { 20, 3, 3, 0, 1 } },
	{ "ccs-before-server-hello", AT_SERVER_HELLO, SSA_R_BAD_CCS, { 20, 3, 3, 0, 1 } },
	{ "ccs-before-key-exchange", AT_KEY_EXCHANGE, SSA_R_BAD_CCS, { 20, 3, 3, 0, 1 } },
	{ "ccs-twice", AT_CLIENT_FINISHED, SSA_R_BAD_CCS, { 20, 3, 3, 0, 1 } },
	{ "ccs-of-server-twice", AT_SERVER_FINISHED, SSA_R_BAD_CCS, { 20, 3, 3, 0, 1 } },
	{ "ccs-protected", AT_CLIENT_FINISHED, SSA_R_BAD_CCS, { 20, 3, 3, 0, 25 } },
};

KUNIT_ARRAY_PARAM_DESC(record12, record12_cases, name);

static void header_is_refused(struct kunit *test)
{
	const struct record12_case *c = test->param_value;
	struct pair *p = pair12(test);
	struct ssa_hs *hs = go_to(test, p, c->point);

	KUNIT_EXPECT_LT(test, ssa_hs_record_length(hs, c->header), 0);
	expect_failure_at(test, p, hs, c->reason);
}

static const u8 longest_headers[][SSA_RECORD_HEADER_LEN] = {
	{ 22, 3, 3, 0x40, 0 }, { 22, 3, 3, 0x40, 0x18 },
};

static void longest_records_are_taken(struct kunit *test)
{
	struct pair *p = pair12(test);
	struct ssa_hs *hs;

	hs = go_to(test, p, AT_KEY_EXCHANGE);
	KUNIT_EXPECT_EQ(test, ssa_hs_record_length(hs, longest_headers[0]), 0x4000);
	hs = go_to(test, p, AT_CLIENT_FINISHED);
	KUNIT_EXPECT_EQ(test, ssa_hs_record_length(hs, longest_headers[1]), 0x4018);
}

/* What is not sealed under the keys, or not whole, or in another order */
static void forged_records_are_refused(struct kunit *test)
{
	static const enum point points[] = { AT_CLIENT_FINISHED, AT_SERVER_FINISHED };
	static const u16 bad_lens[] = { 1, 8, 16, 23, 24, 40 };
	struct pair *p = pair12(test);
	struct ssa_hs *hs, *from;
	u8 body[40] = { 20, 0, 0, 12 };
	struct ssa_buf copy;
	u32 i, j;

	for (i = 0; i < ARRAY_SIZE(points); i++) {
		for (j = 0; j < ARRAY_SIZE(bad_lens); j++) {
			hs = go_to(test, p, points[i]);
			KUNIT_EXPECT_EQ(test, feed_record(test, hs, SSA_CT_HANDSHAKE, body,
							  bad_lens[j]), SSA_FAILED);
			expect_failure_at(test, p, hs, SSA_R_BAD_RECORD_MAC);
		}
		/* header of another type, explicit nonce, ciphertext, tag */
		for (j = 0; j < 4; j++) {
			static const u16 at[] = { 0, 5, 13, 36 };

			hs = go_to(test, p, points[i]);
			from = hs == p->client ? p->server : p->client;
			memset(&copy, 0, sizeof(copy));
			KUNIT_ASSERT_EQ(test, ssa_buf_append(&copy, ssa_buf_begin(&from->out),
							     ssa_buf_left(&from->out), 4096), 0);
			copy.data[at[j]] ^= 3;
			feed(test, hs, copy.data, copy.len);
			ssa_buf_free(&copy);
			expect_failure_at(test, p, hs, SSA_R_BAD_RECORD_MAC);
		}
	}
}

/* RFC 5246 7.1: without it the keys have not changed. */
static void finished_needs_change_cipher_spec(struct kunit *test)
{
	static const u8 finished[] = { 20, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
	static const enum point points[] = { AT_KEY_EXCHANGE, AT_CLIENT_CCS, AT_SERVER_CCS };
	struct pair *p = pair12(test);
	struct ssa_hs *hs;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(points); i++) {
		hs = go_to(test, p, points[i]);
		KUNIT_EXPECT_EQ(test, feed_record(test, hs, SSA_CT_HANDSHAKE, finished,
						  sizeof(finished)), SSA_FAILED);
		expect_failure_at(test, p, hs, SSA_R_UNEXPECTED_MESSAGE);
	}
}

/* ---------------------------------------------------------- change_cipher_spec */

static void value_of_change_cipher_spec(struct kunit *test)
{
	static const u8 values[] = { 0, 2, 0xff };
	struct pair *p = pair12(test);
	struct ssa_hs *hs;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(values); i++) {
		hs = go_to(test, p, AT_CLIENT_CCS);
		KUNIT_EXPECT_EQ(test, feed_record(test, hs, SSA_CT_CHANGE_CIPHER_SPEC, values + i,
						  1), SSA_FAILED);
		expect_failure_at(test, p, hs, SSA_R_BAD_CCS);
	}
}

/* Never inside a message: what came before it was under other keys. */
static void change_cipher_spec_inside_a_message(struct kunit *test)
{
	static const u8 ccs[] = { 1 }, start[] = { 16 }, hello_request[] = { 0, 0 };
	struct pair *p = pair12(test);
	struct ssa_hs *hs;

	hs = go_to(test, p, AT_KEY_EXCHANGE);
	ssa_hs_output_done(hs, ssa_buf_left(&hs->out));
	KUNIT_EXPECT_EQ(test, feed_record(test, hs, SSA_CT_HANDSHAKE, start, 1), SSA_WANT_READ);
	KUNIT_EXPECT_EQ(test, feed_record(test, hs, SSA_CT_CHANGE_CIPHER_SPEC, ccs, 1), SSA_FAILED);
	expect_failure_at(test, p, hs, SSA_R_BAD_CCS);

	hs = go_to(test, p, AT_SERVER_CCS);
	KUNIT_EXPECT_EQ(test, feed_record(test, hs, SSA_CT_HANDSHAKE, hello_request, 2),
			SSA_WANT_READ);
	KUNIT_EXPECT_EQ(test, feed_record(test, hs, SSA_CT_CHANGE_CIPHER_SPEC, ccs, 1), SSA_FAILED);
	expect_failure_at(test, p, hs, SSA_R_BAD_CCS);
}

/* What TLS 1.3 would have ignored counts once the version is known (RFC 8446 D.4). */
static void early_change_cipher_spec_of_a_tls12_server(struct kunit *test)
{
	static const u8 ccs[] = { 1 };
	struct pair *p = pair_new(test, PAIR_P256);

	pair_versions(p, SSA_TLS12, SSA_TLS13);
	p->server_cfg.max_version = SSA_TLS12;
	pair_start(test, p);
	relay_flight(test, NULL, p->client, p->server);
	KUNIT_EXPECT_EQ(test, feed_record(test, p->client, SSA_CT_CHANGE_CIPHER_SPEC, ccs, 1),
			SSA_WANT_READ);
	relay_flight(test, NULL, p->server, p->client);
	expect_failure(test, p->client, SSA_R_BAD_CCS, NULL);
}

/* --------------------------------------------------------------------- alerts */

static void warnings_are_ignored(struct kunit *test)
{
	static const u8 warning[] = { 1, SSA_ALERT_NO_RENEGOTIATION };
	static const enum point points[] = { AT_KEY_EXCHANGE, AT_CLIENT_CCS, AT_SERVER_CCS };
	struct pair *p = pair12(test);
	struct ssa_hs *hs;
	u32 i, j;

	for (i = 0; i < ARRAY_SIZE(points); i++) {
		hs = go_to(test, p, points[i]);
		for (j = 0; j < SSA_WARNINGS_MAX; j++)
			KUNIT_EXPECT_NE(test, feed_record(test, hs, SSA_CT_ALERT, warning, 2),
					SSA_FAILED);
		pair_run(test, p, NULL, NULL);
		pair_expect_done(test, p);

		hs = go_to(test, p, points[i]);
		for (j = 0; j < SSA_WARNINGS_MAX; j++)
			feed_record(test, hs, SSA_CT_ALERT, warning, 2);
		ssa_hs_output_done(hs, ssa_buf_left(&hs->out));
		KUNIT_EXPECT_EQ(test, feed_record(test, hs, SSA_CT_ALERT, warning, 2), SSA_FAILED);
		expect_failure_at(test, p, hs, SSA_R_WARNING_FLOOD);
	}
}

struct alert12_case {
	const char *name;
	enum point point;
	u8 alert[3];
	u8 len;
	enum ssa_reason reason;
};

static const struct alert12_case alert12_cases[] = {
	{ "fatal", AT_KEY_EXCHANGE, { 2, SSA_ALERT_HANDSHAKE_FAILURE }, 2,
	  SSA_R_PEER_HANDSHAKE_FAILURE },
	{ "fatal-no-renegotiation", AT_KEY_EXCHANGE, { 2, SSA_ALERT_NO_RENEGOTIATION }, 2,
	  SSA_R_PEER_NO_RENEGOTIATION },
	{ "fatal-user-canceled", AT_SERVER_CCS, { 2, SSA_ALERT_USER_CANCELED }, 2,
	  SSA_R_PEER_USER_CANCELED },
	{ "fatal-protocol-version", AT_SERVER_HELLO, { 2, SSA_ALERT_PROTOCOL_VERSION }, 2,
	  SSA_R_PEER_PROTOCOL_VERSION },
	{ "level-0", AT_KEY_EXCHANGE, { 0, SSA_ALERT_NO_RENEGOTIATION }, 2,
	  SSA_R_ILLEGAL_PARAMETER },
	{ "level-3", AT_SERVER_CCS, { 3, SSA_ALERT_NO_RENEGOTIATION }, 2,
	  SSA_R_ILLEGAL_PARAMETER },
	{ "one-byte", AT_KEY_EXCHANGE, { 1 }, 1, SSA_R_DECODE },
	{ "three-bytes", AT_KEY_EXCHANGE, { 1, 100, 0 }, 3, SSA_R_DECODE },
	{ "close-notify", AT_KEY_EXCHANGE, { 1, SSA_ALERT_CLOSE_NOTIFY }, 2, SSA_R_PEER_CLOSED },
	{ "warning-before-hello", AT_SERVER_HELLO, { 1, SSA_ALERT_HANDSHAKE_FAILURE }, 2,
	  SSA_R_PEER_HANDSHAKE_FAILURE },
	{ "name-as-warning-to-server", AT_CLIENT_HELLO, { 1, SSA_ALERT_UNRECOGNIZED_NAME }, 2,
	  SSA_R_PEER_UNRECOGNIZED_NAME },
	{ "name-as-error", AT_SERVER_HELLO, { 2, SSA_ALERT_UNRECOGNIZED_NAME }, 2,
	  SSA_R_PEER_UNRECOGNIZED_NAME },
};

KUNIT_ARRAY_PARAM_DESC(alert12, alert12_cases, name);

static void alert_ends_the_handshake(struct kunit *test)
{
	const struct alert12_case *c = test->param_value;
	struct pair *p = pair12(test);
	struct ssa_hs *hs = go_to(test, p, c->point);

	ssa_hs_output_done(hs, ssa_buf_left(&hs->out));
	KUNIT_EXPECT_EQ(test, feed_record(test, hs, SSA_CT_ALERT, c->alert, c->len), SSA_FAILED);
	expect_failure_at(test, p, hs, c->reason);
}

static void warning_inside_a_message(struct kunit *test)
{
	static const u8 warning[] = { 1, SSA_ALERT_NO_RENEGOTIATION }, start[] = { 16 };
	struct pair *p = pair12(test);
	struct ssa_hs *hs = go_to(test, p, AT_KEY_EXCHANGE);

	ssa_hs_output_done(hs, ssa_buf_left(&hs->out));
	KUNIT_EXPECT_EQ(test, feed_record(test, hs, SSA_CT_HANDSHAKE, start, 1), SSA_WANT_READ);
	KUNIT_EXPECT_EQ(test, feed_record(test, hs, SSA_CT_ALERT, warning, 2), SSA_FAILED);
	expect_failure_at(test, p, hs, SSA_R_UNEXPECTED_MESSAGE);
}

/* RFC 6066 3: before its ServerHello a server of TLS 1.2 may say so, and go on. */
static void unknown_name_may_be_a_warning(struct kunit *test)
{
	static const u8 warning[] = { 1, SSA_ALERT_UNRECOGNIZED_NAME };
	struct pair *p = pair_new(test, PAIR_P256);
	u16 version;

	for (version = SSA_TLS12; version <= SSA_TLS13; version++) {
		pair_versions(p, SSA_TLS12, SSA_TLS13);
		p->server_cfg.max_version = version;
		pair_start(test, p);
		relay_flight(test, NULL, p->client, p->server);
		KUNIT_EXPECT_EQ(test, feed_record(test, p->client, SSA_CT_ALERT, warning, 2),
				SSA_WANT_READ);
		pair_run(test, p, NULL, NULL);
		if (version == SSA_TLS12)
			pair_expect_done(test, p);
		else
			expect_failure(test, p->client, SSA_R_PEER_UNRECOGNIZED_NAME, NULL);
	}

	/* a client of TLS 1.3 alone ends there */
	p = pair_new(test, PAIR_P256);
	pair_start(test, p);
	ssa_hs_output_done(p->client, ssa_buf_left(&p->client->out));
	KUNIT_EXPECT_EQ(test, feed_record(test, p->client, SSA_CT_ALERT, warning, 2), SSA_FAILED);
	expect_failure(test, p->client, SSA_R_PEER_UNRECOGNIZED_NAME, NULL);
}

/* ----------------------------------------------------------- after the handshake */

struct post12_case {
	const char *name;
	bool server;
	u8 type;
	u8 data[8];
	u8 len;
	enum ssa_post_event event;
	enum ssa_reason reason;
};

static const struct post12_case post12_cases[] = {
	{ "hello-request", false, SSA_CT_HANDSHAKE, { 0, 0, 0, 0 }, 4,
	  SSA_POST_REFUSE_RENEGOTIATION },
	{ "hello-request-not-empty", false, SSA_CT_HANDSHAKE, { 0, 0, 0, 1, 0 }, 5,
	  SSA_POST_ERROR, SSA_R_DECODE },
	{ "hello-request-to-server", true, SSA_CT_HANDSHAKE, { 0, 0, 0, 0 }, 4,
	  SSA_POST_ERROR, SSA_R_UNEXPECTED_MESSAGE },
	{ "client-hello", true, SSA_CT_HANDSHAKE, { 1, 0, 0, 4, 3, 3, 0, 0 }, 8,
	  SSA_POST_REFUSE_RENEGOTIATION },
	{ "client-hello-too-long", true, SSA_CT_HANDSHAKE, { 1, 2, 1, 0x45 }, 4,
	  SSA_POST_ERROR, SSA_R_MESSAGE_TOO_LONG },
	{ "client-hello-long", true, SSA_CT_HANDSHAKE, { 1, 2, 1, 0x44 }, 4, SSA_POST_NOTHING },
	{ "client-hello-to-client", false, SSA_CT_HANDSHAKE, { 1, 0, 0, 4, 3, 3, 0, 0 }, 8,
	  SSA_POST_ERROR, SSA_R_UNEXPECTED_MESSAGE },
	{ "key-update", false, SSA_CT_HANDSHAKE, { 24, 0, 0, 1, 0 }, 5,
	  SSA_POST_ERROR, SSA_R_UNEXPECTED_MESSAGE },
	{ "ticket", false, SSA_CT_HANDSHAKE, { 4, 0, 0, 0 }, 4,
	  SSA_POST_ERROR, SSA_R_UNEXPECTED_MESSAGE },
	{ "finished", true, SSA_CT_HANDSHAKE, { 20, 0, 0, 0 }, 4,
	  SSA_POST_ERROR, SSA_R_UNEXPECTED_MESSAGE },
	{ "empty", true, SSA_CT_HANDSHAKE, { 0 }, 0, SSA_POST_ERROR, SSA_R_RECORD_EMPTY },
	{ "ccs", true, SSA_CT_CHANGE_CIPHER_SPEC, { 1 }, 1, SSA_POST_ERROR, SSA_R_RECORD_TYPE },
	{ "close-notify", true, SSA_CT_ALERT, { 1, SSA_ALERT_CLOSE_NOTIFY }, 2,
	  SSA_POST_CLOSE_NOTIFY },
	{ "no-renegotiation", true, SSA_CT_ALERT, { 1, SSA_ALERT_NO_RENEGOTIATION }, 2,
	  SSA_POST_NOTHING },
	{ "user-canceled", true, SSA_CT_ALERT, { 1, SSA_ALERT_USER_CANCELED }, 2,
	  SSA_POST_NOTHING },
	{ "fatal-user-canceled", true, SSA_CT_ALERT, { 2, SSA_ALERT_USER_CANCELED }, 2,
	  SSA_POST_ERROR, SSA_R_PEER_USER_CANCELED },
	{ "fatal", false, SSA_CT_ALERT, { 2, SSA_ALERT_BAD_RECORD_MAC }, 2,
	  SSA_POST_ERROR, SSA_R_PEER_BAD_RECORD_MAC },
	{ "level-0", false, SSA_CT_ALERT, { 0, SSA_ALERT_NO_RENEGOTIATION }, 2,
	  SSA_POST_ERROR, SSA_R_ILLEGAL_PARAMETER },
};

KUNIT_ARRAY_PARAM_DESC(post12, post12_cases, name);

static void post_init(struct ssa_post *post, bool server)
{
	memset(post, 0, sizeof(*post));
	post->version = SSA_TLS12;
	post->suite = SSA_SUITE_ECDHE_RSA_WITH_AES_128_GCM_SHA256;
	post->server = server;
	post->rx.seq = 1;
	post->tx.seq = 1;
}

static void control_record(struct kunit *test)
{
	const struct post12_case *c = test->param_value;
	enum ssa_reason reason;
	struct ssa_post post;
	u32 i;

	post_init(&post, c->server);
	KUNIT_EXPECT_EQ(test, ssa_post_input(&post, c->type, c->data, c->len, &reason), c->event);
	KUNIT_EXPECT_EQ(test, reason, c->reason);
	ssa_post_wipe(&post);
	if (c->event != SSA_POST_REFUSE_RENEGOTIATION)
		return;

	/* in pieces, only the last one tells */
	post_init(&post, c->server);
	for (i = 0; i < c->len; i++) {
		KUNIT_EXPECT_EQ(test, ssa_post_input(&post, c->type, c->data + i, 1, &reason),
				i + 1 < c->len ? SSA_POST_NOTHING : c->event);
		KUNIT_EXPECT_EQ(test, reason, SSA_R_NONE);
	}
	KUNIT_EXPECT_NULL(test, post.hs_buf);
	/* too often */
	for (i = 1; i < SSA_WARNINGS_MAX; i++)
		KUNIT_EXPECT_EQ(test, ssa_post_input(&post, c->type, c->data, c->len, &reason),
				c->event);
	KUNIT_EXPECT_EQ(test, ssa_post_input(&post, c->type, c->data, c->len, &reason),
			SSA_POST_ERROR);
	KUNIT_EXPECT_EQ(test, reason, SSA_R_WARNING_FLOOD);
	ssa_post_wipe(&post);
}

/* A ClientHello that is not kept is refused at its end, as any other. */
static void long_hello_is_refused_at_its_end(struct kunit *test)
{
	enum ssa_post_event event = SSA_POST_NOTHING;
	u8 *hello = kvzalloc(SSA_POST_HELLO_MAX, GFP_KERNEL);
	enum ssa_reason reason = SSA_R_NONE;
	u32 done, n;
	struct ssa_post post;

	KUNIT_ASSERT_NOT_NULL(test, hello);
	memcpy(hello, "\1\2\1\x44\3\3", 6);
	post_init(&post, true);
	for (done = 0; done < SSA_POST_HELLO_MAX; done += n) {
		KUNIT_EXPECT_EQ(test, event, SSA_POST_NOTHING);
		n = min(1000U, SSA_POST_HELLO_MAX - done);
		event = ssa_post_input(&post, SSA_CT_HANDSHAKE, hello + done, n, &reason);
		KUNIT_EXPECT_EQ(test, reason, SSA_R_NONE);
	}
	KUNIT_EXPECT_EQ(test, event, SSA_POST_REFUSE_RENEGOTIATION);
	KUNIT_EXPECT_EQ(test, post.warnings, 1);
	KUNIT_EXPECT_FALSE(test, ssa_post_inside(&post));
	ssa_post_wipe(&post);
	kvfree(hello);
}

static void too_many_warnings(struct kunit *test)
{
	static const u8 warning[] = { 1, SSA_ALERT_NO_RENEGOTIATION };
	enum ssa_reason reason;
	struct ssa_post post;
	u32 i;

	post_init(&post, false);
	for (i = 0; i < SSA_WARNINGS_MAX; i++)
		KUNIT_EXPECT_EQ(test, ssa_post_input(&post, SSA_CT_ALERT, warning, 2, &reason),
				SSA_POST_NOTHING);
	KUNIT_EXPECT_EQ(test, ssa_post_input(&post, SSA_CT_ALERT, warning, 2, &reason),
			SSA_POST_ERROR);
	KUNIT_EXPECT_EQ(test, reason, SSA_R_WARNING_FLOOD);
	ssa_post_wipe(&post);
}

/* There is no next secret: asking for one leaves none at all. */
static void keys_do_not_change(struct kunit *test)
{
	struct ssa_traffic_keys keys;
	struct ssa_post post;

	post_init(&post, true);
	memset(post.tx.secret, 0x5a, sizeof(post.tx.secret));
	ssa_post_keys(&post, true, &keys);
	KUNIT_EXPECT_EQ(test, keys.key_len, 16);
	KUNIT_EXPECT_EQ(test, keys.seq, 1);
	KUNIT_EXPECT_EQ(test, ssa_post_record_limit(&post), U64_MAX);
	ssa_post_next_secret(&post, true);
	ssa_post_keys(&post, true, &keys);
	KUNIT_EXPECT_EQ(test, keys.key_len, 0);
	KUNIT_EXPECT_NULL(test, memchr_inv(post.tx.secret, 0, sizeof(post.tx.secret)));
}

static struct kunit_case engine_record12_cases[] = {
	KUNIT_CASE_PARAM(header_is_refused, record12_gen_params),
	KUNIT_CASE(longest_records_are_taken),
	KUNIT_CASE(forged_records_are_refused),
	KUNIT_CASE(finished_needs_change_cipher_spec),
	KUNIT_CASE(value_of_change_cipher_spec),
	KUNIT_CASE(change_cipher_spec_inside_a_message),
	KUNIT_CASE(early_change_cipher_spec_of_a_tls12_server),
	KUNIT_CASE(warnings_are_ignored),
	KUNIT_CASE_PARAM(alert_ends_the_handshake, alert12_gen_params),
	KUNIT_CASE(warning_inside_a_message),
	KUNIT_CASE(unknown_name_may_be_a_warning),
	KUNIT_CASE_PARAM(control_record, post12_gen_params),
	KUNIT_CASE(long_hello_is_refused_at_its_end),
	KUNIT_CASE(too_many_warnings),
	KUNIT_CASE(keys_do_not_change),
	{}
};

static struct kunit_suite engine_record12_suite = {
	.name = "ssa_engine_record12",
	.test_cases = engine_record12_cases,
};

kunit_test_suite(engine_record12_suite);
