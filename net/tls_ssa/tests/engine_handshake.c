// SPDX-License-Identifier: GPL-2.0
/*
 * Handshakes that succeed: engine against engine over suites, groups, keys,
 * HelloRetryRequest and every way to cut messages into records.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "engine_pair.h"

struct agree_case {
	const char *name;
	u16 suite;
	u16 client_groups[3];
	u16 server_groups[3];
	enum pair_key key;
	u16 sigalg;
	u16 expect_group;
	bool retry;
};

#define X	SSA_GROUP_X25519
#define P256	SSA_GROUP_SECP256R1
#define P384	SSA_GROUP_SECP384R1
#define S128	SSA_SUITE_AES_128_GCM_SHA256
#define S256	SSA_SUITE_AES_256_GCM_SHA384
#define SCHA	SSA_SUITE_CHACHA20_POLY1305_SHA256

static const struct agree_case agree_cases[] = {
	{ "aes128-x25519-p256", S128, { X }, { X }, PAIR_P256,
	  SSA_SIG_ECDSA_SECP256R1_SHA256, X },
	{ "aes256-x25519-p256", S256, { X }, { X }, PAIR_P256,
	  SSA_SIG_ECDSA_SECP256R1_SHA256, X },
	{ "chacha-x25519-p256", SCHA, { X }, { X }, PAIR_P256,
	  SSA_SIG_ECDSA_SECP256R1_SHA256, X },
	{ "aes128-p256-p384", S128, { P256 }, { P256 }, PAIR_P384,
	  SSA_SIG_ECDSA_SECP384R1_SHA384, P256 },
	{ "aes256-p384-p384", S256, { P384 }, { P384 }, PAIR_P384,
	  SSA_SIG_ECDSA_SECP384R1_SHA384, P384 },
	{ "chacha-p256-rsa-sha256", SCHA, { P256 }, { P256 }, PAIR_RSA,
	  SSA_SIG_RSA_PSS_RSAE_SHA256, P256 },
	{ "aes256-p384-rsa-sha384", S256, { P384 }, { P384 }, PAIR_RSA,
	  SSA_SIG_RSA_PSS_RSAE_SHA384, P384 },
	{ "aes128-x25519-rsa-sha512", S128, { X }, { X }, PAIR_RSA,
	  SSA_SIG_RSA_PSS_RSAE_SHA512, X },
	{ "share-of-second-choice", S128, { P256, X }, { X, P256 }, PAIR_P256,
	  SSA_SIG_ECDSA_SECP256R1_SHA256, P256 },
	{ "retry-x25519-to-p256", S128, { X, P256 }, { P256 }, PAIR_P256,
	  SSA_SIG_ECDSA_SECP256R1_SHA256, P256, true },
	{ "retry-p256-to-p384", S256, { P256, X, P384 }, { P384 }, PAIR_RSA,
	  SSA_SIG_RSA_PSS_RSAE_SHA256, P384, true },
	{ "retry-p384-to-x25519", SCHA, { P384, P256, X }, { X }, PAIR_P384,
	  SSA_SIG_ECDSA_SECP384R1_SHA384, X, true },
	{ "retry-by-server-preference", S256, { P384, X, P256 }, { P256, X }, PAIR_P256,
	  SSA_SIG_ECDSA_SECP256R1_SHA256, P256, true },
};

KUNIT_ARRAY_PARAM_DESC(agree, agree_cases, name);

static struct pair *agree_setup(struct kunit *test, const struct agree_case *c)
{
	struct pair *p = pair_new(test, c->key);

	memset(p->server_cfg.suites, 0, sizeof(p->server_cfg.suites));
	p->server_cfg.suites[0] = c->suite;
	memset(p->client_cfg.groups, 0, sizeof(p->client_cfg.groups));
	memcpy(p->client_cfg.groups, c->client_groups, sizeof(c->client_groups));
	memset(p->server_cfg.groups, 0, sizeof(p->server_cfg.groups));
	memcpy(p->server_cfg.groups, c->server_groups, sizeof(c->server_groups));
	memset(p->server_cfg.sigalgs, 0, sizeof(p->server_cfg.sigalgs));
	p->server_cfg.sigalgs[0] = c->sigalg;
	pair_start(test, p);
	return p;
}

static void agree_check(struct kunit *test, struct pair *p, const struct agree_case *c)
{
	struct ssa_hs_result result;

	pair_expect_done(test, p);
	ssa_hs_result(p->server, &result);
	KUNIT_EXPECT_EQ(test, result.suite, c->suite);
	KUNIT_EXPECT_EQ(test, result.group, c->expect_group);
	KUNIT_EXPECT_EQ(test, result.sigalg, c->sigalg);
	KUNIT_EXPECT_EQ(test, result.hello_retry, c->retry);
	KUNIT_EXPECT_STREQ(test, result.server_name, "server.test");
}

static void handshake_agrees(struct kunit *test)
{
	const struct agree_case *c = test->param_value;
	struct pair *p = agree_setup(test, c);

	pair_run(test, p, NULL, NULL);
	agree_check(test, p, c);
}

/* ------------------------------------------------------------ fragmentation */

static const struct agree_case cut_case = {
	"cut", S256, { X, P256 }, { P256 }, PAIR_P256, SSA_SIG_ECDSA_SECP256R1_SHA256, P256, true
};

/* Every boundary inside every message of all flights at once, and a retry. */
static void records_of_one_byte(struct kunit *test)
{
	struct pair *p = agree_setup(test, &cut_case);
	struct relay *up = relay_new(test), *down = relay_new(test);

	up->chunk = 1;
	down->chunk = 1;
	pair_run(test, p, up, down);
	agree_check(test, p, &cut_case);
}

static const u32 chunk_cases[] = { 2, 3, 4, 5, 7, 16, 61, 255, 256, 1000, 16384 };

static void chunk_desc(const u32 *chunk, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u bytes", *chunk);
}

KUNIT_ARRAY_PARAM(chunk, chunk_cases, chunk_desc);

static void records_of_some_bytes(struct kunit *test)
{
	struct pair *p = agree_setup(test, &cut_case);
	struct relay *up = relay_new(test), *down = relay_new(test);

	up->chunk = *(const u32 *)test->param_value;
	down->chunk = up->chunk;
	pair_run(test, p, up, down);
	agree_check(test, p, &cut_case);
}

/* The ClientHello in two records, cut at each of its bytes. */
static void client_hello_cut_everywhere(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);
	struct relay *r;
	u32 cut = 0, len;

	do {
		pair_start(test, p);
		len = ssa_buf_left(&p->client->out) - SSA_RECORD_HEADER_LEN;
		r = relay_new(test);
		r->cut = ++cut;
		relay_flight(test, r, p->client, p->server);
		KUNIT_ASSERT_EQ_MSG(test, p->server->state, SSA_ST_SERVER_WAIT_FINISHED,
				    "cut after %u of %u bytes", cut, len);
	} while (cut + 1 < len);
	KUNIT_EXPECT_GT(test, cut, 100);
}

/* The server's encrypted flight in two records, at places all over it. */
static void server_flight_cut_in_many_places(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);
	struct relay *r;
	u32 cut, len;

	for (cut = 1, len = 2; cut < len; cut += 29) {
		pair_start(test, p);
		relay_flight(test, NULL, p->client, p->server);
		len = ssa_buf_left(&p->server->out);
		r = relay_new(test);
		r->cut = cut;
		relay_flight(test, r, p->server, p->client);
		KUNIT_ASSERT_EQ_MSG(test, p->client->state, SSA_ST_CONNECTED,
				    "cut after %u of about %u bytes", cut, len);
	}
}

/* ---------------------------------------------------- what is on the wire */

static void expect_types(struct kunit *test, struct ssa_hs *hs, const u8 *types, u32 count,
			 u16 first_version)
{
	struct ssa_reader r, body;
	u32 records = 0;
	u16 version;
	u8 type;

	ssa_reader_init(&r, ssa_buf_begin(&hs->out), ssa_buf_left(&hs->out));
	while (ssa_reader_more(&r)) {
		KUNIT_ASSERT_TRUE(test, ssa_read_u8(&r, &type) && ssa_read_u16(&r, &version) &&
				  ssa_read_vec16(&r, &body, 1, SSA_CIPHERTEXT_MAX));
		KUNIT_ASSERT_LT(test, records, count);
		KUNIT_EXPECT_EQ(test, type, types[records]);
		KUNIT_EXPECT_EQ(test, version, records ? SSA_TLS12 : first_version);
		records++;
	}
	KUNIT_EXPECT_EQ(test, records, count);
}

/* D.4: where change_cipher_spec stands, without and with a retry */
static void compatibility_mode_is_complete(struct kunit *test)
{
	static const u8 hello[] = { 22 }, flight[] = { 22, 20, 23 }, last[] = { 20, 23 };
	static const u8 retry[] = { 22, 20 }, again[] = { 20, 22 }, rest[] = { 22, 23 };
	static const u8 end[] = { 23 };
	struct pair *p = pair_new(test, PAIR_P256);

	pair_start(test, p);
	expect_types(test, p->client, hello, sizeof(hello), SSA_TLS10);
	relay_flight(test, NULL, p->client, p->server);
	expect_types(test, p->server, flight, sizeof(flight), SSA_TLS12);
	relay_flight(test, NULL, p->server, p->client);
	expect_types(test, p->client, last, sizeof(last), SSA_TLS12);

	p = agree_setup(test, &cut_case);
	relay_flight(test, NULL, p->client, p->server);
	expect_types(test, p->server, retry, sizeof(retry), SSA_TLS12);
	relay_flight(test, NULL, p->server, p->client);
	expect_types(test, p->client, again, sizeof(again), SSA_TLS12);
	relay_flight(test, NULL, p->client, p->server);
	expect_types(test, p->server, rest, sizeof(rest), SSA_TLS12);
	relay_flight(test, NULL, p->server, p->client);
	expect_types(test, p->client, end, sizeof(end), SSA_TLS12);
}

static void address_is_not_sent_as_name(struct kunit *test)
{
	static const char * const names[] = { "192.0.2.1", "2001:db8::1" };
	struct ssa_hs_result result;
	struct pair *p;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		p = pair_new(test, PAIR_P256);
		p->client_cfg.name = names[i];
		pair_start(test, p);
		relay_flight(test, NULL, p->client, p->server);
		ssa_hs_result(p->server, &result);
		KUNIT_EXPECT_STREQ(test, result.server_name, "");
		relay_flight(test, NULL, p->server, p->client);
		KUNIT_EXPECT_EQ(test, ssa_hs_reason(p->client), SSA_R_CERT_NAME);
	}
}

static void trailing_dot_is_not_sent(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);
	struct ssa_hs_result result;

	p->client_cfg.name = "server.test.";
	pair_start(test, p);
	relay_flight(test, NULL, p->client, p->server);
	ssa_hs_result(p->server, &result);
	KUNIT_EXPECT_STREQ(test, result.server_name, "server.test");
}

/* ------------------------------------------------------------------ secrets */

static bool is_zero(const void *p, size_t len)
{
	return !memchr_inv(p, 0, len);
}

static void secrets_end_with_their_stage(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);
	struct ssa_hs *sides[2];
	struct ssa_post post;
	u32 i;

	pair_start(test, p);
	relay_flight(test, NULL, p->client, p->server);
	KUNIT_EXPECT_TRUE(test, is_zero(&p->server->kex, sizeof(p->server->kex)));
	KUNIT_EXPECT_TRUE(test, is_zero(p->server->ks.secret, SSA_SECRET_MAX));
	KUNIT_EXPECT_TRUE(test, is_zero(p->server->ks.server_handshake_traffic_secret,
					SSA_SECRET_MAX));
	KUNIT_EXPECT_NULL(test, p->server->tx.aead);
	pair_run(test, p, NULL, NULL);

	sides[0] = p->client;
	sides[1] = p->server;
	for (i = 0; i < ARRAY_SIZE(sides); i++) {
		struct ssa_hs *hs = sides[i];

		KUNIT_ASSERT_EQ(test, hs->state, SSA_ST_CONNECTED);
		KUNIT_EXPECT_TRUE(test, is_zero(&hs->kex, sizeof(hs->kex)));
		KUNIT_EXPECT_TRUE(test, is_zero(hs->ks.secret, SSA_SECRET_MAX));
		KUNIT_EXPECT_TRUE(test, is_zero(hs->ks.client_handshake_traffic_secret,
						SSA_SECRET_MAX));
		KUNIT_EXPECT_TRUE(test, is_zero(hs->ks.server_handshake_traffic_secret,
						SSA_SECRET_MAX));
		KUNIT_EXPECT_TRUE(test, is_zero(&hs->rx, sizeof(hs->rx)));
		KUNIT_EXPECT_TRUE(test, is_zero(&hs->tx, sizeof(hs->tx)));
		KUNIT_EXPECT_TRUE(test, is_zero(&hs->transcript, sizeof(hs->transcript)));
		KUNIT_EXPECT_FALSE(test, is_zero(&hs->ks, sizeof(hs->ks)));
		KUNIT_ASSERT_EQ(test, ssa_hs_export(hs, &post), 0);
		KUNIT_EXPECT_TRUE(test, is_zero(&hs->ks, sizeof(hs->ks)));
		ssa_post_wipe(&post);
		KUNIT_EXPECT_TRUE(test, is_zero(&post, sizeof(post)));
	}
}

static void secrets_end_with_failure(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);

	pair_start(test, p);
	relay_flight(test, NULL, p->client, p->server);
	ssa_hs_abort(p->server, SSA_R_TIMEOUT);
	ssa_hs_abort(p->client, SSA_R_TIMEOUT);
	KUNIT_EXPECT_TRUE(test, is_zero(&p->server->ks, sizeof(p->server->ks)));
	KUNIT_EXPECT_TRUE(test, is_zero(&p->server->rx, sizeof(p->server->rx)));
	KUNIT_EXPECT_TRUE(test, is_zero(&p->server->tx, sizeof(p->server->tx)));
	KUNIT_EXPECT_TRUE(test, is_zero(&p->client->kex, sizeof(p->client->kex)));
	KUNIT_EXPECT_TRUE(test, is_zero(&p->client->transcript, sizeof(p->client->transcript)));
}

static struct kunit_case engine_handshake_cases[] = {
	KUNIT_CASE_PARAM(handshake_agrees, agree_gen_params),
	KUNIT_CASE(records_of_one_byte),
	KUNIT_CASE_PARAM(records_of_some_bytes, chunk_gen_params),
	KUNIT_CASE_SLOW(client_hello_cut_everywhere),
	KUNIT_CASE_SLOW(server_flight_cut_in_many_places),
	KUNIT_CASE(compatibility_mode_is_complete),
	KUNIT_CASE(address_is_not_sent_as_name),
	KUNIT_CASE(trailing_dot_is_not_sent),
	KUNIT_CASE(secrets_end_with_their_stage),
	KUNIT_CASE(secrets_end_with_failure),
	{}
};

static struct kunit_suite engine_handshake_suite = {
	.name = "ssa_engine_handshake",
	.test_cases = engine_handshake_cases,
};

kunit_test_suite(engine_handshake_suite);

MODULE_DESCRIPTION("KUnit tests of the TLS handshake engine");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
