// SPDX-License-Identifier: GPL-2.0
/*
 * The two hellos of a client around a HelloRetryRequest, both changed on their way: what
 * the second one must repeat, and what it may change (RFC 8446 4.1.2).
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "engine_edit.h"

struct retry_case {
	const char *name;
	enum ssa_reason reason;		/* of the server */
	struct edit first[EDITS_MAX];
	struct edit second[EDITS_MAX];
};

#define MODES		PLUS(PSK_KEY_EXCHANGE_MODES, "\1\1")
#define GREASE(x)	RAW("\x4a\x4a\0\1" x)

static const struct retry_case cases[] = {
	{ "nothing", SSA_R_NONE },
	{ "unknown-in-both", SSA_R_NONE, { GREASE("a") }, { GREASE("a") } },
	{ "unknown-with-another-value", SSA_R_BAD_HELLO_RETRY, { GREASE("a") }, { GREASE("b") } },
	{ "unknown-with-a-longer-value", SSA_R_BAD_HELLO_RETRY, { GREASE("a") },
	  { RAW("\x4a\x4a\0\2ab") } },
	{ "unknown-gone", SSA_R_BAD_HELLO_RETRY, { GREASE("a") }, { } },
	{ "unknown-renamed", SSA_R_BAD_HELLO_RETRY, { GREASE("a") }, { RAW("\x5a\x5a\0\1a") } },
	{ "two-unknown-change-places", SSA_R_BAD_HELLO_RETRY,
	  { RAW("\x4a\x4a\0\0\x5a\x5a\0\0") }, { RAW("\x5a\x5a\0\0\x4a\x4a\0\0") } },
	/* a longer one that has the bytes of two */
	{ "two-unknown-become-one", SSA_R_BAD_HELLO_RETRY,
	  { RAW("\x4a\x4a\0\0\x5a\x5a\0\0") }, { RAW("\x4a\x4a\0\4\x5a\x5a\0\0") } },
	{ "known-but-not-used-goes", SSA_R_BAD_HELLO_RETRY, { PLUS(HEARTBEAT, "\1") }, { } },
	{ "known-but-not-used-comes", SSA_R_BAD_HELLO_RETRY, { },
	  { PLUS(STATUS_REQUEST, "\1\0\0\0\0") } },
	{ "known-changes-places-with-unknown", SSA_R_BAD_HELLO_RETRY,
	  { PLUS(HEARTBEAT, "\1"), GREASE("a") }, { GREASE("a"), PLUS(HEARTBEAT, "\1") } },

	{ "early-data-goes", SSA_R_NONE, { PLUS(EARLY_DATA, "") }, { } },
	{ "early-data-stays", SSA_R_BAD_HELLO_RETRY, { PLUS(EARLY_DATA, "") },
	  { PLUS(EARLY_DATA, "") } },
	{ "padding-comes", SSA_R_NONE, { }, { PLUS(PADDING, "\0\0\0") } },
	{ "padding-goes", SSA_R_NONE, { PLUS(PADDING, "\0\0\0") }, { } },
	{ "padding-changes", SSA_R_NONE, { PLUS(PADDING, "\0") }, { PLUS(PADDING, "\0\0\0") } },
	{ "padding-moves", SSA_R_NONE, { PLUS(PADDING, "\0"), GREASE("a") },
	  { GREASE("a"), PLUS(PADDING, "\0") } },
	{ "psk-changes", SSA_R_NONE, { MODES, PLUS(PRE_SHARED_KEY, "\0\1") },
	  { MODES, PLUS(PRE_SHARED_KEY, "\0\2\2") } },
	{ "psk-goes", SSA_R_NONE, { MODES, PLUS(PRE_SHARED_KEY, "\0\1") }, { MODES } },
	{ "psk-modes-go", SSA_R_BAD_HELLO_RETRY, { MODES }, { } },
	/* there is none to echo */
	{ "cookie-comes", SSA_R_ILLEGAL_PARAMETER, { }, { PLUS(COOKIE, "\0\1x") } },
};

KUNIT_ARRAY_PARAM_DESC(retry, cases, name);

static void change(struct kunit *test, struct ssa_buf *msg, const void *arg)
{
	edit_message(test, msg, arg);
}

static void send_hello(struct kunit *test, struct pair *p, const struct edit *edits)
{
	struct relay *r = relay_new(test);

	r->type = SSA_HT_CLIENT_HELLO;
	r->change = change;
	r->arg = edits;
	relay_flight(test, r, p->client, p->server);
	KUNIT_ASSERT_EQ(test, r->changed, 1);
}

/* The client knows nothing of the changes, so a handshake itself cannot end. */
static void second_hello_is_judged(struct kunit *test)
{
	const struct retry_case *c = test->param_value;
	struct pair *p = pair_new(test, PAIR_P256);

	pair_only_group(&p->server_cfg, SSA_GROUP_SECP256R1);
	pair_start(test, p);
	send_hello(test, p, c->first);
	KUNIT_ASSERT_EQ(test, p->server->state, SSA_ST_SERVER_WAIT_CH2);
	relay_flight(test, NULL, p->server, p->client);
	send_hello(test, p, c->second);
	if (c->reason)
		expect_failure(test, p->server, c->reason, NULL);
	else
		KUNIT_EXPECT_EQ(test, p->server->state, SSA_ST_SERVER_WAIT_FINISHED);
}

/* As many extensions as a ClientHello can have cost a digest, and no memory. */
static void longest(struct kunit *test, struct ssa_buf *msg, const void *arg)
{
	u8 *fill = kunit_kzalloc(test, 0xf000, GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, fill);
	for (i = 0; i < 0xf000 / 4; i++) {
		fill[4 * i] = 0xb0 + (i >> 8);
		fill[4 * i + 1] = i;
	}
	/* the last one, which is not the last byte */
	if (arg)
		fill[0xf000 - 4] ^= 0x40;
	i = msg_exts_offset(test, msg);
	msg_splice(test, msg, msg->len, 0, fill, 0xf000);
	msg->data[i] = (msg->len - i - 2) >> 8;
	msg->data[i + 1] = (msg->len - i - 2) & 0xff;
}

static void long_hello_is_repeated(struct kunit *test)
{
	static const enum ssa_reason reasons[] = { SSA_R_NONE, SSA_R_BAD_HELLO_RETRY };
	struct relay *r;
	struct pair *p;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(reasons); i++) {
		p = pair_new(test, PAIR_P256);
		pair_only_group(&p->server_cfg, SSA_GROUP_SECP256R1);
		pair_start(test, p);
		r = relay_new(test);
		r->type = SSA_HT_CLIENT_HELLO;
		r->change = longest;
		relay_flight(test, r, p->client, p->server);
		KUNIT_ASSERT_EQ(test, p->server->state, SSA_ST_SERVER_WAIT_CH2);
		KUNIT_EXPECT_EQ(test, ssa_hs_held(p->server), 0);
		relay_flight(test, NULL, p->server, p->client);
		r = relay_new(test);
		r->type = SSA_HT_CLIENT_HELLO;
		r->change = longest;
		r->arg = i ? test : NULL;
		relay_flight(test, r, p->client, p->server);
		KUNIT_EXPECT_EQ(test, ssa_hs_reason(p->server), reasons[i]);
	}
}

static struct kunit_case engine_retry_cases[] = {
	KUNIT_CASE_PARAM(second_hello_is_judged, retry_gen_params),
	KUNIT_CASE(long_hello_is_repeated),
	{}
};

static struct kunit_suite engine_retry_suite = {
	.name = "ssa_engine_retry",
	.test_cases = engine_retry_cases,
};

kunit_test_suite(engine_retry_suite);
