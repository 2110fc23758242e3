// SPDX-License-Identifier: GPL-2.0
/*
 * The control records of an established connection: tickets, KeyUpdate, alerts,
 * and what must not come any more.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "engine_pair.h"

#define TICKET_OK	"\4\0\0\x12\0\0\x1c\x20\1\2\3\4\2nn\0\3tic\0\0"

struct post_case {
	const char *name;
	bool server;
	u8 type;
	const char *data;
	u16 len;
	enum ssa_post_event event;
	enum ssa_reason reason;
	u16 tickets;
};

#define D(x)	.data = (x), .len = sizeof(x) - 1
#define HS	SSA_CT_HANDSHAKE
#define AL	SSA_CT_ALERT

static const struct post_case post_cases[] = {
	{ "ticket", false, HS, D(TICKET_OK), SSA_POST_NOTHING, SSA_R_NONE, 1 },
	{ "two-tickets", false, HS, D(TICKET_OK TICKET_OK), SSA_POST_NOTHING, SSA_R_NONE, 2 },
	{ "ticket-with-early-data", false, HS,
	  D("\4\0\0\x1a\0\0\x1c\x20\1\2\3\4\2nn\0\3tic\0\x08\0\x2a\0\4\0\0\x40\0"),
	  SSA_POST_NOTHING, SSA_R_NONE, 1 },
	{ "ticket-with-unknown", false, HS,
	  D("\4\0\0\x16\0\0\x1c\x20\1\2\3\4\2nn\0\3tic\0\4\x4a\x4a\0\0"),
	  SSA_POST_NOTHING, SSA_R_NONE, 1 },
	{ "ticket-early-data-short", false, HS,
	  D("\4\0\0\x16\0\0\x1c\x20\1\2\3\4\2nn\0\3tic\0\4\0\x2a\0\0"),
	  SSA_POST_ERROR, SSA_R_DECODE },
	{ "ticket-extension-twice", false, HS,
	  D("\4\0\0\x1a\0\0\x1c\x20\1\2\3\4\2nn\0\3tic\0\x08\x4a\x4a\0\0\x4a\x4a\0\0"),
	  SSA_POST_ERROR, SSA_R_DUPLICATE_EXTENSION },
	{ "ticket-key-share", false, HS,
	  D("\4\0\0\x16\0\0\x1c\x20\1\2\3\4\2nn\0\3tic\0\4\0\x33\0\0"),
	  SSA_POST_ERROR, SSA_R_MISPLACED_EXTENSION },
	{ "ticket-eight-days", false, HS,
	  D("\4\0\0\x12\0\x0a\x8c\0\1\2\3\4\2nn\0\3tic\0\0"),
	  SSA_POST_ERROR, SSA_R_ILLEGAL_PARAMETER },
	{ "ticket-empty", false, HS, D("\4\0\0\x0f\0\0\x1c\x20\1\2\3\4\2nn\0\0\0\0"),
	  SSA_POST_ERROR, SSA_R_DECODE },
	{ "ticket-cut", false, HS, D("\4\0\0\x11\0\0\x1c\x20\1\2\3\4\2nn\0\3tic\0"),
	  SSA_POST_ERROR, SSA_R_DECODE },
	{ "ticket-trailing", false, HS, D("\4\0\0\x13\0\0\x1c\x20\1\2\3\4\2nn\0\3tic\0\0\0"),
	  SSA_POST_ERROR, SSA_R_DECODE },
	{ "ticket-too-long", false, HS, D("\4\2\1\x0a"), SSA_POST_ERROR, SSA_R_MESSAGE_TOO_LONG },
	{ "ticket-long", false, HS, D("\4\2\1\x09"), SSA_POST_NOTHING, SSA_R_NONE },
	{ "ticket-long-eight-days", false, HS, D("\4\0\x40\1\0\x0a\x8c\0"), SSA_POST_ERROR,
	  SSA_R_ILLEGAL_PARAMETER },
	{ "ticket-to-server", true, HS, D(TICKET_OK), SSA_POST_ERROR, SSA_R_UNEXPECTED_MESSAGE },

	{ "update", false, HS, D("\x18\0\0\1\0"), SSA_POST_KEY_UPDATE, SSA_R_NONE },
	{ "update-requested", true, HS, D("\x18\0\0\1\1"), SSA_POST_KEY_UPDATE_REQUESTED,
	  SSA_R_NONE },
	{ "update-after-ticket", false, HS, D(TICKET_OK "\x18\0\0\1\0"), SSA_POST_KEY_UPDATE,
	  SSA_R_NONE, 1 },
	{ "update-before-ticket", false, HS, D("\x18\0\0\1\0" TICKET_OK), SSA_POST_ERROR,
	  SSA_R_EXCESS_DATA },
	{ "update-twice-in-a-record", true, HS, D("\x18\0\0\1\0\x18\0\0\1\0"), SSA_POST_ERROR,
	  SSA_R_EXCESS_DATA },
	{ "update-and-a-byte", true, HS, D("\x18\0\0\1\0\x18"), SSA_POST_ERROR, SSA_R_EXCESS_DATA },
	{ "update-value", true, HS, D("\x18\0\0\1\2"), SSA_POST_ERROR, SSA_R_ILLEGAL_PARAMETER },
	{ "update-empty", true, HS, D("\x18\0\0\0"), SSA_POST_ERROR, SSA_R_DECODE },
	{ "update-huge", true, HS, D("\x18\xff\xff\xff"), SSA_POST_ERROR, SSA_R_DECODE },
	{ "update-long", true, HS, D("\x18\0\0\2\0\0"), SSA_POST_ERROR, SSA_R_DECODE },

	{ "hello-request", false, HS, D("\0\0\0\0"), SSA_POST_ERROR, SSA_R_RENEGOTIATION },
	{ "client-hello", true, HS, D("\1\0\0\4\3\3\0\0"), SSA_POST_ERROR, SSA_R_RENEGOTIATION },
	{ "client-hello-to-client", false, HS, D("\1\0\0\0"), SSA_POST_ERROR,
	  SSA_R_UNEXPECTED_MESSAGE },
	{ "server-hello", false, HS, D("\2\0\0\0"), SSA_POST_ERROR, SSA_R_UNEXPECTED_MESSAGE },
	{ "certificate-request", false, HS, D("\x0d\0\0\0"), SSA_POST_ERROR,
	  SSA_R_UNEXPECTED_MESSAGE },
	{ "certificate", true, HS, D("\x0b\0\0\0"), SSA_POST_ERROR, SSA_R_UNEXPECTED_MESSAGE },
	{ "finished", true, HS, D("\x14\0\0\0"), SSA_POST_ERROR, SSA_R_UNEXPECTED_MESSAGE },
	{ "end-of-early-data", true, HS, D("\5\0\0\0"), SSA_POST_ERROR, SSA_R_UNEXPECTED_MESSAGE },
	{ "message-hash", true, HS, D("\xfe\0\0\0"), SSA_POST_ERROR, SSA_R_UNEXPECTED_MESSAGE },
	{ "empty-handshake", true, HS, D(""), SSA_POST_ERROR, SSA_R_RECORD_EMPTY },

	{ "close-notify", true, AL, D("\1\0"), SSA_POST_CLOSE_NOTIFY, SSA_R_NONE },
	{ "close-notify-fatal-level", true, AL, D("\2\0"), SSA_POST_CLOSE_NOTIFY, SSA_R_NONE },
	{ "user-canceled", true, AL, D("\1\x5a"), SSA_POST_NOTHING, SSA_R_NONE },
	{ "fatal", true, AL, D("\2\x14"), SSA_POST_ERROR, SSA_R_PEER_BAD_RECORD_MAC },
	{ "error-as-warning", true, AL, D("\1\x14"), SSA_POST_ERROR, SSA_R_PEER_BAD_RECORD_MAC },
	{ "unknown-alert", true, AL, D("\2\xc8"), SSA_POST_ERROR, SSA_R_PEER_ALERT },
	{ "alert-of-level-0", true, AL, D("\0\0"), SSA_POST_ERROR, SSA_R_ILLEGAL_PARAMETER },
	{ "alert-of-level-255", true, AL, D("\xff\x5a"), SSA_POST_ERROR, SSA_R_ILLEGAL_PARAMETER },
	{ "alert-short", true, AL, D("\2"), SSA_POST_ERROR, SSA_R_DECODE },
	{ "alert-long", true, AL, D("\1\0\0"), SSA_POST_ERROR, SSA_R_DECODE },
	{ "alert-empty", true, AL, D(""), SSA_POST_ERROR, SSA_R_RECORD_EMPTY },
	{ "ccs", true, SSA_CT_CHANGE_CIPHER_SPEC, D("\1"), SSA_POST_ERROR, SSA_R_RECORD_TYPE },
	{ "unknown-type", true, 24, D("\1"), SSA_POST_ERROR, SSA_R_RECORD_TYPE },
};

KUNIT_ARRAY_PARAM_DESC(post, post_cases, name);

static void wipe_post(void *data)
{
	ssa_post_wipe(data);
}

static struct ssa_post *new_post(struct kunit *test, bool server)
{
	struct ssa_post *post = kunit_kzalloc(test, sizeof(*post), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, post);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, wipe_post, post), 0);
	post->suite = SSA_SUITE_AES_256_GCM_SHA384;
	post->server = server;
	memset(post->rx.secret, 0x11, sizeof(post->rx.secret));
	memset(post->tx.secret, 0x22, sizeof(post->tx.secret));
	return post;
}

static void record_is_judged(struct kunit *test)
{
	const struct post_case *c = test->param_value;
	struct ssa_post *post = new_post(test, c->server);
	enum ssa_reason reason = SSA_R_INTERNAL;

	KUNIT_EXPECT_EQ(test, ssa_post_input(post, c->type, (const u8 *)c->data, c->len, &reason),
			c->event);
	KUNIT_EXPECT_STREQ(test, ssa_reason_desc(reason)->text, ssa_reason_desc(c->reason)->text);
	KUNIT_EXPECT_EQ(test, post->tickets, c->tickets);
}

/* Messages byte by byte, and in each other size, judge the same. */
static void messages_may_cross_records(struct kunit *test)
{
	static const u8 stream[] = TICKET_OK TICKET_OK "\x18\0\0\1\1";
	const u32 len = sizeof(stream) - 1;
	u32 chunk, done, n;

	for (chunk = 1; chunk < len; chunk++) {
		struct ssa_post *post = new_post(test, false);
		enum ssa_post_event event = SSA_POST_NOTHING;
		enum ssa_reason reason;

		for (done = 0; done < len; done += n) {
			KUNIT_EXPECT_EQ(test, event, SSA_POST_NOTHING);
			n = min(chunk, len - done);
			event = ssa_post_input(post, HS, stream + done, n, &reason);
			KUNIT_ASSERT_EQ(test, reason, SSA_R_NONE);
			/* what is kept grows with what has come */
			KUNIT_EXPECT_LE(test, post->hs_len, done + n);
		}
		KUNIT_EXPECT_EQ(test, event, SSA_POST_KEY_UPDATE_REQUESTED);
		KUNIT_EXPECT_EQ(test, post->tickets, 2);
		KUNIT_EXPECT_EQ(test, post->key_updates, 1);
		KUNIT_EXPECT_NULL(test, post->hs_buf);
		KUNIT_EXPECT_EQ(test, post->hs_len, 0);
	}
}

/* A message in pieces of one byte costs its length, not the square of it. */
static void long_message_in_small_records(struct kunit *test)
{
	struct ssa_post *post = new_post(test, false);
	const u32 len = SSA_POST_MESSAGE_MAX;
	u8 *ticket = kunit_kzalloc(test, len, GFP_KERNEL);
	enum ssa_reason reason;
	u32 i, size = 0, grown = 0;

	KUNIT_ASSERT_NOT_NULL(test, ticket);
	memcpy(ticket, "\4\0\x40\0\0\0\x1c\x20\1\2\3\4\2nn\x3f\xf1", 17);
	for (i = 0; i < len - 1; i++) {
		KUNIT_ASSERT_EQ(test, ssa_post_input(post, HS, ticket + i, 1, &reason),
				SSA_POST_NOTHING);
		KUNIT_ASSERT_EQ(test, post->hs_len, i + 1);
		KUNIT_ASSERT_GE(test, post->hs_size, post->hs_len);
		KUNIT_ASSERT_LE(test, post->hs_size, SSA_POST_MESSAGE_MAX);
		grown += post->hs_size != size;
		size = post->hs_size;
	}
	KUNIT_EXPECT_LE(test, grown, 8);
	KUNIT_EXPECT_EQ(test, ssa_post_input(post, HS, ticket + i, 1, &reason), SSA_POST_NOTHING);
	KUNIT_EXPECT_EQ(test, post->tickets, 1);
	KUNIT_EXPECT_NULL(test, post->hs_buf);
}

/* The longest there can be, and a KeyUpdate behind it, in records of any size */
static void longer_message_is_not_kept(struct kunit *test)
{
	static const u32 chunks[] = { 1, 7, 1000, SSA_PLAINTEXT_MAX };
	const u32 len = SSA_POST_TICKET_MAX + 5;
	u8 *stream = kvzalloc(len, GFP_KERNEL);
	u32 i, done, n;

	KUNIT_ASSERT_NOT_NULL(test, stream);
	memcpy(stream, "\4\2\1\x09\0\0\x1c\x20", 8);
	memcpy(stream + SSA_POST_TICKET_MAX, "\x18\0\0\1\1", 5);
	for (i = 0; i < ARRAY_SIZE(chunks); i++) {
		struct ssa_post *post = new_post(test, false);
		enum ssa_post_event event = SSA_POST_NOTHING;
		enum ssa_reason reason = SSA_R_NONE;

		for (done = 0; done < len && !reason; done += n) {
			KUNIT_EXPECT_EQ(test, ssa_post_inside(post),
					done && done != SSA_POST_TICKET_MAX);
			n = min(chunks[i], len - done);
			event = ssa_post_input(post, HS, stream + done, n, &reason);
			if (post->hs_size > 1024)
				break;
		}
		KUNIT_EXPECT_EQ(test, done, len);
		KUNIT_EXPECT_EQ(test, event, SSA_POST_KEY_UPDATE_REQUESTED);
		KUNIT_EXPECT_EQ(test, post->tickets, 1);
		KUNIT_EXPECT_FALSE(test, ssa_post_inside(post));
	}
	kvfree(stream);
}

static void header_is_judged_before_the_body_comes(struct kunit *test)
{
	struct ssa_post *post = new_post(test, false);
	enum ssa_reason reason;

	KUNIT_EXPECT_EQ(test, ssa_post_input(post, HS, "\4\2\1", 3, &reason), SSA_POST_NOTHING);
	KUNIT_EXPECT_EQ(test, ssa_post_input(post, HS, "\x0a", 1, &reason), SSA_POST_ERROR);
	KUNIT_EXPECT_EQ(test, reason, SSA_R_MESSAGE_TOO_LONG);
}

static void alert_inside_a_message(struct kunit *test)
{
	struct ssa_post *post = new_post(test, false);
	enum ssa_reason reason;

	KUNIT_EXPECT_EQ(test, ssa_post_input(post, HS, "\4\0\0", 3, &reason), SSA_POST_NOTHING);
	KUNIT_EXPECT_EQ(test, ssa_post_input(post, AL, "\1\x5a", 2, &reason), SSA_POST_ERROR);
	KUNIT_EXPECT_EQ(test, reason, SSA_R_UNEXPECTED_MESSAGE);
	KUNIT_EXPECT_EQ(test, ssa_post_input(post, AL, "\1\0", 2, &reason), SSA_POST_CLOSE_NOTIFY);
}

static void floods_end(struct kunit *test)
{
	struct ssa_post *post = new_post(test, false);
	enum ssa_reason reason;
	u32 i;

	for (i = 0; i < SSA_POST_KEY_UPDATES_MAX; i++)
		KUNIT_EXPECT_EQ(test, ssa_post_input(post, HS, "\x18\0\0\1\0", 5, &reason),
				SSA_POST_KEY_UPDATE);
	KUNIT_EXPECT_EQ(test, ssa_post_input(post, HS, "\x18\0\0\1\0", 5, &reason), SSA_POST_ERROR);
	KUNIT_EXPECT_EQ(test, reason, SSA_R_KEY_UPDATE_FLOOD);
	/* data in between is no flood */
	post->key_updates = 0;
	KUNIT_EXPECT_EQ(test, ssa_post_input(post, HS, "\x18\0\0\1\0", 5, &reason),
			SSA_POST_KEY_UPDATE);

	for (i = 0; i < SSA_POST_TICKETS_MAX; i++)
		KUNIT_EXPECT_EQ(test, ssa_post_input(post, HS, TICKET_OK, sizeof(TICKET_OK) - 1,
						     &reason), SSA_POST_NOTHING);
	KUNIT_EXPECT_EQ(test, ssa_post_input(post, HS, TICKET_OK, sizeof(TICKET_OK) - 1, &reason),
			SSA_POST_ERROR);
	KUNIT_EXPECT_EQ(test, reason, SSA_R_TICKET_FLOOD);

	/* close_notify has to follow user_canceled soon */
	for (i = 0; i < SSA_WARNINGS_MAX; i++)
		KUNIT_EXPECT_EQ(test, ssa_post_input(post, AL, "\1\x5a", 2, &reason),
				SSA_POST_NOTHING);
	KUNIT_EXPECT_EQ(test, ssa_post_input(post, AL, "\1\x5a", 2, &reason), SSA_POST_ERROR);
	KUNIT_EXPECT_EQ(test, reason, SSA_R_WARNING_FLOOD);
}

/* Both ends update and agree; the other direction does not change. */
static void key_update_moves_one_direction(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);
	struct ssa_post client, server;
	struct ssa_traffic_keys a, b;
	enum ssa_reason reason;
	u8 message[8], old[SSA_SECRET_MAX];
	size_t len;

	pair_start(test, p);
	pair_run(test, p, NULL, NULL);
	KUNIT_ASSERT_EQ(test, ssa_hs_export(p->client, &client), 0);
	KUNIT_ASSERT_EQ(test, ssa_hs_export(p->server, &server), 0);
	memcpy(old, server.tx.secret, sizeof(old));

	len = ssa_post_key_update(message, true);
	KUNIT_ASSERT_EQ(test, len, 5);
	ssa_post_next_secret(&client, true);
	KUNIT_EXPECT_EQ(test, ssa_post_input(&server, HS, message, len, &reason),
			SSA_POST_KEY_UPDATE_REQUESTED);
	KUNIT_EXPECT_MEMEQ(test, client.tx.secret, server.rx.secret, SSA_SECRET_MAX);
	KUNIT_EXPECT_MEMEQ(test, server.tx.secret, old, SSA_SECRET_MAX);
	KUNIT_EXPECT_MEMNEQ(test, client.tx.secret, old, SSA_SECRET_MAX);
	ssa_post_keys(&client, true, &a);
	ssa_post_keys(&server, false, &b);
	KUNIT_EXPECT_MEMEQ(test, &a, &b, sizeof(a));
	KUNIT_EXPECT_EQ(test, a.key_len, 16);

	len = ssa_post_key_update(message, false);
	ssa_post_next_secret(&server, true);
	KUNIT_EXPECT_EQ(test, ssa_post_input(&client, HS, message, len, &reason),
			SSA_POST_KEY_UPDATE);
	KUNIT_EXPECT_MEMEQ(test, server.tx.secret, client.rx.secret, SSA_SECRET_MAX);

	ssa_post_wipe(&client);
	ssa_post_wipe(&server);
	ssa_post_keys(&client, true, &a);
	KUNIT_EXPECT_EQ(test, a.key_len, 0);
}

/* RFC 8446 5.5: 2^24.5 records for AES-GCM, which have to be less than that */
static void records_per_key_are_limited(struct kunit *test)
{
	struct ssa_post *post = new_post(test, false);

	post->version = SSA_TLS13;
	post->suite = SSA_SUITE_AES_128_GCM_SHA256;
	KUNIT_EXPECT_LE(test, ssa_post_record_limit(post), 23726566ULL);
	KUNIT_EXPECT_GE(test, ssa_post_record_limit(post), 1ULL << 20);
	post->suite = SSA_SUITE_AES_256_GCM_SHA384;
	KUNIT_EXPECT_LE(test, ssa_post_record_limit(post), 23726566ULL);
	KUNIT_EXPECT_GE(test, ssa_post_record_limit(post), 1ULL << 20);
	post->suite = SSA_SUITE_CHACHA20_POLY1305_SHA256;
	KUNIT_EXPECT_EQ(test, ssa_post_record_limit(post), U64_MAX);
}

static struct kunit_case engine_post_cases[] = {
	KUNIT_CASE_PARAM(record_is_judged, post_gen_params),
	KUNIT_CASE(messages_may_cross_records),
	KUNIT_CASE(long_message_in_small_records),
	KUNIT_CASE(longer_message_is_not_kept),
	KUNIT_CASE(header_is_judged_before_the_body_comes),
	KUNIT_CASE(alert_inside_a_message),
	KUNIT_CASE(floods_end),
	KUNIT_CASE(key_update_moves_one_direction),
	KUNIT_CASE(records_per_key_are_limited),
	{}
};

static struct kunit_suite engine_post_suite = {
	.name = "ssa_engine_post",
	.test_cases = engine_post_cases,
};

kunit_test_suite(engine_post_suite);
