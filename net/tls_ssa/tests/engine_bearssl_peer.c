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
	u16 group;
};

#define PEER(s, k, g) { #s ", " #k ", " #g, SSA_SUITE_ECDHE_##s, PAIR_##k, SSA_GROUP_##g }

static const struct peer_case peer_cases[] = {
	PEER(ECDSA_WITH_AES_128_GCM_SHA256, P256, X25519),
	PEER(ECDSA_WITH_AES_128_GCM_SHA256, P256, SECP256R1),
	PEER(ECDSA_WITH_AES_128_GCM_SHA256, P256, SECP384R1),
	PEER(ECDSA_WITH_AES_128_GCM_SHA256, P384, X25519),
	PEER(ECDSA_WITH_AES_128_GCM_SHA256, P384, SECP256R1),
	PEER(ECDSA_WITH_AES_128_GCM_SHA256, P384, SECP384R1),
	PEER(ECDSA_WITH_AES_256_GCM_SHA384, P256, X25519),
	PEER(ECDSA_WITH_AES_256_GCM_SHA384, P256, SECP256R1),
	PEER(ECDSA_WITH_AES_256_GCM_SHA384, P256, SECP384R1),
	PEER(ECDSA_WITH_AES_256_GCM_SHA384, P384, X25519),
	PEER(ECDSA_WITH_AES_256_GCM_SHA384, P384, SECP256R1),
	PEER(ECDSA_WITH_AES_256_GCM_SHA384, P384, SECP384R1),
	PEER(ECDSA_WITH_CHACHA20_POLY1305_SHA256, P256, X25519),
	PEER(ECDSA_WITH_CHACHA20_POLY1305_SHA256, P256, SECP256R1),
	PEER(ECDSA_WITH_CHACHA20_POLY1305_SHA256, P256, SECP384R1),
	PEER(ECDSA_WITH_CHACHA20_POLY1305_SHA256, P384, X25519),
	PEER(ECDSA_WITH_CHACHA20_POLY1305_SHA256, P384, SECP256R1),
	PEER(ECDSA_WITH_CHACHA20_POLY1305_SHA256, P384, SECP384R1),
	PEER(RSA_WITH_AES_128_GCM_SHA256, RSA, X25519),
	PEER(RSA_WITH_AES_128_GCM_SHA256, RSA, SECP256R1),
	PEER(RSA_WITH_AES_128_GCM_SHA256, RSA, SECP384R1),
	PEER(RSA_WITH_AES_256_GCM_SHA384, RSA, X25519),
	PEER(RSA_WITH_AES_256_GCM_SHA384, RSA, SECP256R1),
	PEER(RSA_WITH_AES_256_GCM_SHA384, RSA, SECP384R1),
	PEER(RSA_WITH_CHACHA20_POLY1305_SHA256, RSA, X25519),
	PEER(RSA_WITH_CHACHA20_POLY1305_SHA256, RSA, SECP256R1),
	PEER(RSA_WITH_CHACHA20_POLY1305_SHA256, RSA, SECP384R1),
};

KUNIT_ARRAY_PARAM_DESC(peer, peer_cases, name);

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
#define SELF(s, k)	{ #s ", " #k, SSA_SUITE_ECDHE_##s, PAIR_##k, 0 }
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

/* --------------------------------------------------------- BearSSL and ours */

/* Both versions and all suites; BearSSL has no extended_master_secret. */
static struct pair *either_pair(struct kunit *test, enum pair_key key)
{
	struct pair *p = pair_new(test, key);

	p->client_cfg.min_version = SSA_TLS12;
	p->client_cfg.without_ems = true;
	p->server_cfg.min_version = SSA_TLS12;
	p->server_cfg.without_ems = true;
	return p;
}

/* What @c says and no more */
static struct pair *peer_pair(struct kunit *test, const struct peer_case *c)
{
	struct pair *p = either_pair(test, c->key);
	struct ssa_hs_config *cfg[] = { &p->client_cfg, &p->server_cfg };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cfg); i++) {
		cfg[i]->max_version = SSA_TLS12;
		memset(cfg[i]->suites, 0, sizeof(cfg[i]->suites));
		cfg[i]->suites[0] = c->suite;
	}
	/* RFC 8422 5.1.1: the client also lists the curve of the server's key */
	pair_only_group(&p->server_cfg, c->group);
	pair_start(test, p);
	return p;
}

static void expect_done(struct kunit *test, struct ssa_hs *hs, struct bear *b)
{
	struct ssa_hs_result result;

	KUNIT_ASSERT_EQ(test, ssa_hs_reason(hs), SSA_R_NONE);
	KUNIT_ASSERT_EQ(test, bear_error(b), BR_ERR_OK);
	KUNIT_ASSERT_TRUE(test, bear_connected(b));
	KUNIT_ASSERT_EQ(test, ssa_hs_output_done(hs, 0), SSA_DONE);
	ssa_hs_result(hs, &result);
	KUNIT_EXPECT_EQ(test, result.version, SSA_TLS12);
	KUNIT_EXPECT_FALSE(test, result.extended_master_secret);
	KUNIT_EXPECT_EQ(test, result.suite, b->eng->session.cipher_suite);
}

/* One record from us, one from BearSSL, of any size */
static void exchange(struct kunit *test, struct session *s, struct bear *b, u32 len)
{
	struct ssa_buf wire = { 0 };
	struct ssa_reader plain;
	u8 *data = kunit_kmalloc(test, len, GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, data);
	for (i = 0; i < len; i++)
		data[i] = i * 7 + len;
	session_seal(test, s, SSA_CT_APPLICATION_DATA, data, len, &wire);
	bear_input(test, b, ssa_buf_begin(&wire), ssa_buf_left(&wire));
	ssa_buf_free(&wire);
	bear_expect_data(test, b, data, len);

	bear_send(test, b, data, len);
	bear_output(test, b, &wire);
	KUNIT_EXPECT_EQ(test, session_open(test, s, &wire, &plain), SSA_CT_APPLICATION_DATA);
	KUNIT_ASSERT_EQ(test, plain.left, len);
	KUNIT_EXPECT_MEMEQ(test, plain.data, data, len);
	KUNIT_EXPECT_EQ(test, ssa_buf_left(&wire), 0);
	ssa_buf_free(&wire);
}

/* What BearSSL has to say, which is one record and no application data */
static enum ssa_post_event hear(struct kunit *test, struct session *s, struct bear *b)
{
	enum ssa_reason reason = SSA_R_NONE;
	struct ssa_buf wire = { 0 };
	enum ssa_post_event event;
	struct ssa_reader plain;
	u8 type;

	bear_output(test, b, &wire);
	type = session_open(test, s, &wire, &plain);
	event = ssa_post_input(&s->post, type, plain.data, plain.left, &reason);
	KUNIT_EXPECT_EQ(test, reason, SSA_R_NONE);
	KUNIT_EXPECT_EQ(test, ssa_buf_left(&wire), 0);
	ssa_buf_free(&wire);
	return event;
}

static void tell(struct kunit *test, struct session *s, struct bear *b, u8 level, u8 description)
{
	const u8 alert[] = { level, description };
	struct ssa_buf wire = { 0 };

	session_seal(test, s, SSA_CT_ALERT, alert, sizeof(alert), &wire);
	bear_input(test, b, ssa_buf_begin(&wire), ssa_buf_left(&wire));
	ssa_buf_free(&wire);
}

/* BearSSL closes first and waits for our close_notify. */
static void bear_closes(struct kunit *test, struct session *s, struct bear *b)
{
	br_ssl_engine_close(b->eng);
	KUNIT_EXPECT_EQ(test, hear(test, s, b), SSA_POST_CLOSE_NOTIFY);
	KUNIT_EXPECT_NE(test, br_ssl_engine_current_state(b->eng), BR_SSL_CLOSED);
	tell(test, s, b, SSA_ALERT_LEVEL_WARNING, SSA_ALERT_CLOSE_NOTIFY);
	KUNIT_EXPECT_EQ(test, br_ssl_engine_current_state(b->eng), BR_SSL_CLOSED);
	KUNIT_EXPECT_EQ(test, bear_error(b), BR_ERR_OK);
}

/* We close first, and BearSSL answers. */
static void we_close(struct kunit *test, struct session *s, struct bear *b)
{
	tell(test, s, b, SSA_ALERT_LEVEL_WARNING, SSA_ALERT_CLOSE_NOTIFY);
	KUNIT_EXPECT_EQ(test, hear(test, s, b), SSA_POST_CLOSE_NOTIFY);
	KUNIT_EXPECT_EQ(test, br_ssl_engine_current_state(b->eng), BR_SSL_CLOSED);
	KUNIT_EXPECT_EQ(test, bear_error(b), BR_ERR_OK);
}

static void talk(struct kunit *test, struct ssa_hs *hs, struct bear *b)
{
	struct session *s = session_new(test, hs);

	exchange(test, s, b, 1);
	exchange(test, s, b, 1000);
	exchange(test, s, b, SSA_PLAINTEXT_MAX);
	exchange(test, s, b, 16);
	if (hs->cfg.server)
		bear_closes(test, s, b);
	else
		we_close(test, s, b);
}

static void our_client_meets_its_server(struct kunit *test)
{
	const struct peer_case *c = test->param_value;
	struct pair *p = peer_pair(test, c);
	struct bear *b = bear_server(test, p, c->key, 0);
	struct ssa_hs_result result;

	bear_only_group(b, c->group);
	bear_run(test, p->client, b);
	expect_done(test, p->client, b);
	ssa_hs_result(p->client, &result);
	KUNIT_EXPECT_EQ(test, result.suite, c->suite);
	KUNIT_EXPECT_EQ(test, result.group, c->group);
	talk(test, p->client, b);
}

static void our_server_meets_its_client(struct kunit *test)
{
	const struct peer_case *c = test->param_value;
	struct pair *p = peer_pair(test, c);
	struct bear *b = bear_client(test, p, 0);
	struct ssa_hs_result result;

	bear_run(test, p->server, b);
	expect_done(test, p->server, b);
	ssa_hs_result(p->server, &result);
	KUNIT_EXPECT_EQ(test, result.suite, c->suite);
	KUNIT_EXPECT_EQ(test, result.group, c->group);
	KUNIT_EXPECT_STREQ(test, result.server_name, "server.test");
	talk(test, p->server, b);
}

/* Everything allowed on our side, TLS 1.3 too: BearSSL decides. */
static void defaults_agree_on_tls12(struct kunit *test)
{
	enum pair_key key;

	for (key = 0; key < PAIR_KEYS; key++) {
		struct pair *p = either_pair(test, key);
		struct bear *b;

		pair_start(test, p);
		b = bear_server(test, p, key, 0);
		bear_run(test, p->client, b);
		expect_done(test, p->client, b);
		talk(test, p->client, b);

		b = bear_client(test, p, 0);
		bear_run(test, p->server, b);
		expect_done(test, p->server, b);
		talk(test, p->server, b);
	}
}

/* ------------------------------------------------------------------ refusals */

/* We failed for @reason, and BearSSL understood the alert. */
static void expect_refused(struct kunit *test, struct ssa_hs *hs, struct bear *b,
			   enum ssa_reason reason)
{
	KUNIT_EXPECT_STREQ(test, ssa_reason_desc(ssa_hs_reason(hs))->counter,
			   ssa_reason_desc(reason)->counter);
	KUNIT_EXPECT_EQ(test, bear_error(b), BR_ERR_RECV_FATAL_ALERT +
			ssa_reason_desc(reason)->alert);
}

/* RFC 7627 5.2, 5.3 */
static void without_extended_master_secret_is_refused(struct kunit *test)
{
	struct pair *p = either_pair(test, PAIR_P256);
	struct bear *b = bear_server(test, p, PAIR_P256, 0);

	p->client_cfg.without_ems = false;
	p->server_cfg.without_ems = false;
	pair_start(test, p);
	bear_run(test, p->client, b);
	expect_refused(test, p->client, b, SSA_R_NO_EXTENDED_MASTER_SECRET);

	b = bear_client(test, p, 0);
	bear_run(test, p->server, b);
	expect_refused(test, p->server, b, SSA_R_NO_EXTENDED_MASTER_SECRET);
}

static void other_refusals_are_understood(struct kunit *test)
{
	struct pair *p = either_pair(test, PAIR_P256);
	struct bear *b;

	/* no suite in common: the server says so, BearSSL's or ours */
	pair_start(test, p);
	b = bear_server(test, p, PAIR_P256, SSA_SUITE_ECDHE_RSA_WITH_AES_128_GCM_SHA256);
	bear_run(test, p->client, b);
	KUNIT_EXPECT_EQ(test, ssa_hs_reason(p->client), SSA_R_PEER_HANDSHAKE_FAILURE);
	KUNIT_EXPECT_EQ(test, bear_error(b), BR_ERR_SEND_FATAL_ALERT +
			SSA_ALERT_HANDSHAKE_FAILURE);
	b = bear_client(test, p, SSA_SUITE_ECDHE_RSA_WITH_AES_128_GCM_SHA256);
	bear_run(test, p->server, b);
	expect_refused(test, p->server, b, SSA_R_NO_SUITE);

	/* a version that BearSSL does not have */
	p->client_cfg.min_version = SSA_TLS13;
	p->server_cfg.min_version = SSA_TLS13;
	pair_start(test, p);
	b = bear_client(test, p, 0);
	bear_run(test, p->server, b);
	expect_refused(test, p->server, b, SSA_R_VERSION);
	p->client_cfg.min_version = SSA_TLS12;

	/* a certificate for another name */
	p->client_cfg.name = "other.test";
	pair_start(test, p);
	b = bear_server(test, p, PAIR_P256, 0);
	bear_run(test, p->client, b);
	expect_refused(test, p->client, b, SSA_R_CERT_NAME);
}

/* Moves what each side has to say once. Returns what BearSSL said. */
static void one_round(struct kunit *test, struct ssa_hs *hs, struct bear *b, struct ssa_buf *wire)
{
	size_t len;
	const u8 *out = ssa_hs_output(hs, &len);

	bear_input(test, b, out, len);
	ssa_hs_output_done(hs, len);
	bear_output(test, b, wire);
}

/*
 * A Finished that was damaged on its way: our client already protects its alert,
 * our server does not yet.
 */
static void damaged_finished_is_named(struct kunit *test)
{
	struct pair *p = either_pair(test, PAIR_P256);
	struct ssa_hs *sides[2];
	u32 i, rounds;

	pair_start(test, p);
	sides[0] = p->client;
	sides[1] = p->server;
	for (i = 0; i < ARRAY_SIZE(sides); i++) {
		struct bear *b = i ? bear_client(test, p, 0) : bear_server(test, p, PAIR_P256, 0);
		struct ssa_buf wire = { 0 };

		/* BearSSL's second flight ends with its Finished. */
		for (rounds = 0; rounds < 2; rounds++) {
			ssa_buf_free(&wire);
			one_round(test, sides[i], b, &wire);
			KUNIT_ASSERT_NE(test, ssa_buf_left(&wire), 0);
			if (rounds)
				wire.data[wire.len - 1] ^= 1;
			feed(test, sides[i], ssa_buf_begin(&wire), ssa_buf_left(&wire));
		}
		ssa_buf_free(&wire);
		bear_run(test, sides[i], b);
		expect_refused(test, sides[i], b, SSA_R_BAD_RECORD_MAC);
	}
}

/* Neither side takes a signature of ServerKeyExchange by another key. */
static void signature_by_another_key_is_refused(struct kunit *test)
{
	struct pair *p = either_pair(test, PAIR_P256), *other = pair_new(test, PAIR_P384);
	struct ssa_hs *victim;
	struct bear *b;

	pair_start(test, p);
	b = bear_client(test, p, 0);
	b->peer_key.n[40] ^= 1;	/* off the curve: no signature verifies */
	bear_run(test, p->server, b);
	KUNIT_EXPECT_EQ(test, bear_error(b), BR_ERR_BAD_SIGNATURE);
	KUNIT_EXPECT_FALSE(test, bear_connected(b));

	/* the chain says P-384, the key is P-256 */
	b = bear_server(test, other, PAIR_P256, 0);
	victim = p->client;
	bear_run(test, victim, b);
	expect_refused(test, victim, b, SSA_R_BAD_CERTIFICATE_VERIFY);
}

/* BearSSL asks for a client certificate: ours says that it has none. */
static void request_for_a_certificate_is_answered(struct kunit *test)
{
	static u8 name[] = { 0x30, 0x00 };
	const br_x500_name names[] = { { name, sizeof(name) } };
	struct pair *p = either_pair(test, PAIR_P256);
	struct bear *b = bear_server(test, p, PAIR_P256, 0);

	pair_start(test, p);
	br_ssl_server_set_trust_anchor_names(&b->server, names, 1);
	br_ssl_engine_set_all_flags(b->eng, BR_OPT_TOLERATE_NO_CLIENT_AUTH);
	bear_run(test, p->client, b);
	expect_done(test, p->client, b);
	talk(test, p->client, b);

	/* and if it insists, it hangs up without a word */
	pair_start(test, p);
	b = bear_server(test, p, PAIR_P256, 0);
	br_ssl_server_set_trust_anchor_names(&b->server, names, 1);
	bear_run(test, p->client, b);
	KUNIT_EXPECT_EQ(test, bear_error(b), BR_ERR_NO_CLIENT_AUTH);
}

/* BearSSL takes no_renegotiation for a fatal alert. */
static void renegotiation_is_refused(struct kunit *test)
{
	struct pair *p = either_pair(test, PAIR_P256);
	struct session *s;
	struct bear *b;

	pair_start(test, p);

	/* by a HelloRequest */
	b = bear_server(test, p, PAIR_P256, 0);
	bear_run(test, p->client, b);
	expect_done(test, p->client, b);
	s = session_new(test, p->client);
	exchange(test, s, b, 16);
	KUNIT_ASSERT_EQ(test, br_ssl_engine_renegotiate(b->eng), 1);
	KUNIT_EXPECT_EQ(test, hear(test, s, b), SSA_POST_REFUSE_RENEGOTIATION);
	tell(test, s, b, SSA_ALERT_LEVEL_WARNING, SSA_ALERT_NO_RENEGOTIATION);
	KUNIT_EXPECT_EQ(test, bear_error(b), BR_ERR_RECV_FATAL_ALERT +
			SSA_ALERT_NO_RENEGOTIATION);

	/* by a ClientHello */
	b = bear_client(test, p, 0);
	bear_run(test, p->server, b);
	expect_done(test, p->server, b);
	s = session_new(test, p->server);
	exchange(test, s, b, 16);
	KUNIT_ASSERT_EQ(test, br_ssl_engine_renegotiate(b->eng), 1);
	KUNIT_EXPECT_EQ(test, hear(test, s, b), SSA_POST_REFUSE_RENEGOTIATION);
	tell(test, s, b, SSA_ALERT_LEVEL_WARNING, SSA_ALERT_NO_RENEGOTIATION);
	KUNIT_EXPECT_EQ(test, bear_error(b), BR_ERR_RECV_FATAL_ALERT +
			SSA_ALERT_NO_RENEGOTIATION);
}

static struct kunit_case engine_bearssl_cases[] = {
	KUNIT_CASE_PARAM(bearssl_talks_to_itself, self_gen_params),
	KUNIT_CASE_PARAM(our_client_meets_its_server, peer_gen_params),
	KUNIT_CASE_PARAM(our_server_meets_its_client, peer_gen_params),
	KUNIT_CASE(defaults_agree_on_tls12),
	KUNIT_CASE(without_extended_master_secret_is_refused),
	KUNIT_CASE(other_refusals_are_understood),
	KUNIT_CASE(damaged_finished_is_named),
	KUNIT_CASE(signature_by_another_key_is_refused),
	KUNIT_CASE(request_for_a_certificate_is_answered),
	KUNIT_CASE(renegotiation_is_refused),
	{}
};

static struct kunit_suite engine_bearssl_suite = {
	.name = "ssa_engine_bearssl",
	.test_cases = engine_bearssl_cases,
};

kunit_test_suite(engine_bearssl_suite);
