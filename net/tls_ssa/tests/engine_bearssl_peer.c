// SPDX-License-Identifier: GPL-2.0
/*
 * TLS 1.2 against an implementation that is not ours: BearSSL's client and server
 * in the place of our other side, for each suite, group and type of key.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "engine_bearssl.h"

struct peer_case {
	const char *name;
	u16 suite;
	enum pair_key key;
};

/* -------------------------------------------------- BearSSL and its own peer */

static void bears_run(struct kunit *test, struct bear *client, struct bear *server)
{
	struct ssa_buf wire = { 0 };
	u32 rounds, moved;

	for (rounds = 0; rounds < 8; rounds++) {
		moved = bear_output(test, client, &wire);
		bear_input(test, server, ssa_buf_begin(&wire), ssa_buf_left(&wire));
		ssa_buf_free(&wire);
		moved += bear_output(test, server, &wire);
		bear_input(test, client, ssa_buf_begin(&wire), ssa_buf_left(&wire));
		ssa_buf_free(&wire);
		if (!moved)
			return;
	}
	KUNIT_FAIL(test, "the handshake does not end");
}

static const struct peer_case self_cases[] = {
#define SELF(s, k)	{ #s " " #k, SSA_SUITE_ECDHE_##s, PAIR_##k }
	SELF(ECDSA_WITH_AES_128_GCM_SHA256, P256),
	SELF(ECDSA_WITH_AES_128_GCM_SHA256, P384),
	SELF(ECDSA_WITH_AES_256_GCM_SHA384, P256),
	SELF(ECDSA_WITH_AES_256_GCM_SHA384, P384),
	SELF(ECDSA_WITH_CHACHA20_POLY1305_SHA256, P256),
	SELF(ECDSA_WITH_CHACHA20_POLY1305_SHA256, P384),
	SELF(RSA_WITH_AES_128_GCM_SHA256, RSA),
	SELF(RSA_WITH_AES_256_GCM_SHA384, RSA),
	SELF(RSA_WITH_CHACHA20_POLY1305_SHA256, RSA),
};

KUNIT_ARRAY_PARAM_DESC(self, self_cases, name);

/* The harness by itself: what fails below is not its fault. */
static void bearssl_talks_to_itself(struct kunit *test)
{
	const struct peer_case *c = test->param_value;
	struct pair *p = pair_new(test, c->key);
	struct bear *client = bear_client(test, p, c->suite);
	struct bear *server = bear_server(test, p, c->key, c->suite);

	bears_run(test, client, server);
	KUNIT_ASSERT_EQ(test, bear_error(client), BR_ERR_OK);
	KUNIT_ASSERT_EQ(test, bear_error(server), BR_ERR_OK);
	KUNIT_ASSERT_TRUE(test, bear_connected(client));
	KUNIT_ASSERT_TRUE(test, bear_connected(server));
	bear_send(test, client, "ping", 4);
	bear_send(test, server, "pong", 4);
	bears_run(test, client, server);
	bear_expect_data(test, client, "pong", 4);
	bear_expect_data(test, server, "ping", 4);
}

static struct kunit_case engine_bearssl_cases[] = {
	KUNIT_CASE_PARAM(bearssl_talks_to_itself, self_gen_params),
	{}
};

static struct kunit_suite engine_bearssl_suite = {
	.name = "ssa_engine_bearssl",
	.test_cases = engine_bearssl_cases,
};

kunit_test_suite(engine_bearssl_suite);
