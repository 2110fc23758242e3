// SPDX-License-Identifier: GPL-2.0
/*
 * TLS 1.2 that succeeds, engine against engine: suites, groups, keys, master
 * secrets, every way to cut messages into records, and the end of the secrets.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "engine_pair.h"

#define X	SSA_GROUP_X25519
#define P256	SSA_GROUP_SECP256R1
#define P384	SSA_GROUP_SECP384R1

static const u16 ecdsa_suites[] = {
	SSA_SUITE_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
	SSA_SUITE_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
	SSA_SUITE_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
};

static const u16 rsa_suites[] = {
	SSA_SUITE_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
	SSA_SUITE_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	SSA_SUITE_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
};

static const u16 all_groups[] = { X, P256, P384 };

struct agree12_case {
	const char *name;
	enum pair_key key;
	u16 sigalg;
	const u16 *suites;
};

static const struct agree12_case agree12_cases[] = {
	{ "p256", PAIR_P256, SSA_SIG_ECDSA_SECP256R1_SHA256, ecdsa_suites },
	{ "p384", PAIR_P384, SSA_SIG_ECDSA_SECP384R1_SHA384, ecdsa_suites },
	{ "ed25519", PAIR_ED25519, SSA_SIG_ED25519, ecdsa_suites },
	{ "rsa-pss", PAIR_RSA, SSA_SIG_RSA_PSS_RSAE_SHA256, rsa_suites },
	{ "rsa-pkcs1-sha256", PAIR_RSA, SSA_SIG_RSA_PKCS1_SHA256, rsa_suites },
	{ "rsa-pkcs1-sha384", PAIR_RSA, SSA_SIG_RSA_PKCS1_SHA384, rsa_suites },
	{ "rsa-pkcs1-sha512", PAIR_RSA, SSA_SIG_RSA_PKCS1_SHA512, rsa_suites },
	{ "rsa-pss-key", PAIR_RSA_PSS, SSA_SIG_RSA_PSS_PSS_SHA256, rsa_suites },
	/* in TLS 1.2 a scheme of ECDSA names the hash alone */
	{ "p256-with-sha384", PAIR_P256, SSA_SIG_ECDSA_SECP384R1_SHA384, ecdsa_suites },
	{ "p384-with-sha256", PAIR_P384, SSA_SIG_ECDSA_SECP256R1_SHA256, ecdsa_suites },
};

KUNIT_ARRAY_PARAM_DESC(agree12, agree12_cases, name);

static struct pair *pair12(struct kunit *test, enum pair_key key)
{
	struct pair *p = pair_new(test, key);

	pair_versions(p, SSA_TLS12, SSA_TLS12);
	return p;
}

/* The server's lists decide; the client's have the curve of the certificate too. */
static void agree(struct kunit *test, struct pair *p, u16 suite, u16 group, u16 sigalg)
{
	struct ssa_hs_result result;

	memset(p->server_cfg.suites, 0, sizeof(p->server_cfg.suites));
	p->server_cfg.suites[0] = suite;
	memset(p->server_cfg.sigalgs, 0, sizeof(p->server_cfg.sigalgs));
	p->server_cfg.sigalgs[0] = sigalg;
	pair_only_group(&p->server_cfg, group);
	pair_start(test, p);
	pair_run(test, p, NULL, NULL);
	ssa_hs_result(p->client, &result);
	KUNIT_EXPECT_EQ(test, result.version, SSA_TLS12);
	KUNIT_EXPECT_EQ(test, result.suite, suite);
	KUNIT_EXPECT_EQ(test, result.group, group);
	KUNIT_EXPECT_EQ(test, result.peer_sigalg, sigalg);
	KUNIT_EXPECT_FALSE(test, result.hello_retry);
	KUNIT_EXPECT_TRUE(test, result.extended_master_secret);
	ssa_hs_result(p->server, &result);
	KUNIT_EXPECT_STREQ(test, result.server_name, "server.test");
	pair_expect_done(test, p);
}

static void handshake_agrees(struct kunit *test)
{
	const struct agree12_case *c = test->param_value;
	struct pair *p = pair12(test, c->key);
	u32 suite, group;

	for (suite = 0; suite < ARRAY_SIZE(ecdsa_suites); suite++)
		for (group = 0; group < ARRAY_SIZE(all_groups); group++)
			agree(test, p, c->suites[suite], all_groups[group], c->sigalg);
}

/* Of several hashes, the one that is as strong as the curve; else any. */
static void hash_fits_the_curve(struct kunit *test)
{
	static const struct {
		enum pair_key key;
		u16 theirs[2];
		u16 chosen;
	} cases[] = {
		{ PAIR_P256, { SSA_SIG_ECDSA_SECP384R1_SHA384, SSA_SIG_ECDSA_SECP256R1_SHA256 },
		  SSA_SIG_ECDSA_SECP256R1_SHA256 },
		{ PAIR_P384, { SSA_SIG_ECDSA_SECP256R1_SHA256, SSA_SIG_ECDSA_SECP384R1_SHA384 },
		  SSA_SIG_ECDSA_SECP384R1_SHA384 },
		{ PAIR_P384, { SSA_SIG_ECDSA_SECP521R1_SHA512, SSA_SIG_ECDSA_SECP256R1_SHA256 },
		  SSA_SIG_ECDSA_SECP256R1_SHA256 },
	};
	struct ssa_hs_result result;
	struct pair *p;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		p = pair12(test, cases[i].key);
		/* it is the server's order that counts */
		memset(p->client_cfg.sigalgs, 0, sizeof(p->client_cfg.sigalgs));
		memcpy(p->client_cfg.sigalgs, cases[i].theirs, sizeof(cases[i].theirs));
		pair_start(test, p);
		/* ... and its chain is not the matter: the ClientHello is made */
		memcpy(p->client->cfg.sigalgs, ssa_default_sigalgs, sizeof(ssa_default_sigalgs));
		pair_run(test, p, NULL, NULL);
		ssa_hs_result(p->server, &result);
		KUNIT_EXPECT_EQ(test, result.sigalg, cases[i].chosen);
		pair_expect_done(test, p);
	}
}

/* RFC 8422 4: a server of ECDSA must not choose what the client cannot verify. */
static void certificate_needs_a_curve_of_the_client(struct kunit *test)
{
	static const struct {
		enum pair_key key;
		u16 group;
		bool fits;
	} cases[] = {
		{ PAIR_P256, X, false }, { PAIR_P256, P256, true }, { PAIR_P256, P384, false },
		{ PAIR_P384, X, false }, { PAIR_P384, P256, false }, { PAIR_P384, P384, true },
		{ PAIR_P521, X, false }, { PAIR_ED25519, X, true }, { PAIR_RSA, X, true },
	};
	struct pair *p;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		p = pair12(test, cases[i].key);
		pair_only_group(&p->client_cfg, cases[i].group);
		pair_start(test, p);
		pair_run(test, p, NULL, NULL);
		if (cases[i].fits)
			pair_expect_done(test, p);
		else
			expect_failure(test, p->server, SSA_R_NO_SUITE, NULL);
	}
}

static void change_groups(struct kunit *test, struct ssa_buf *msg, const void *arg)
{
	msg_ext_replace(test, msg, SSA_XT_SUPPORTED_GROUPS, arg, 6);
}

/*
 * The client holds its server to it for the curves that it could have offered.
 * It cannot exchange keys on P-521, and takes such a certificate all the same.
 */
static void client_checks_the_curve(struct kunit *test)
{
	struct pair *p = pair12(test, PAIR_P384);
	struct relay *r = relay_new(test);

	r->type = SSA_HT_CLIENT_HELLO;
	r->change = change_groups;
	r->arg = "\0\4\0\x1d\0\x18";
	pair_only_group(&p->client_cfg, X);
	pair_start(test, p);
	relay_flight(test, r, p->client, p->server);
	relay_flight(test, NULL, p->server, p->client);
	expect_failure(test, p->client, SSA_R_ILLEGAL_PARAMETER, NULL);

	p = pair12(test, PAIR_P521);
	r = relay_new(test);
	r->type = SSA_HT_CLIENT_HELLO;
	r->change = change_groups;
	r->arg = "\0\4\0\x1d\0\x19";
	pair_only_group(&p->client_cfg, X);
	pair_start(test, p);
	relay_flight(test, r, p->client, p->server);
	relay_flight(test, NULL, p->server, p->client);
	KUNIT_EXPECT_EQ(test, p->client->state, SSA_ST_CLIENT12_WAIT_CCS);
}

/* ---------------------------------------------------- extended master secret */

static void without_ems(struct kunit *test, struct ssa_buf *msg, const void *arg)
{
	msg_ext_remove(test, msg, SSA_XT_EXTENDED_MASTER_SECRET);
}

struct ems_case {
	const char *name;
	bool client_without;
	bool server_without;
	bool in_hello;
};

static const struct ems_case ems_cases[] = {
	{ "both-need-it", false, false, true },
	{ "server-relaxed", false, true, true },
	{ "client-relaxed", true, false, true },
	{ "both-relaxed", true, true, true },
	{ "client-lacks-it", false, false, false },
	{ "client-lacks-it-relaxed", true, true, false },
};

KUNIT_ARRAY_PARAM_DESC(ems, ems_cases, name);

static void extended_master_secret(struct kunit *test)
{
	const struct ems_case *c = test->param_value;
	struct pair *p = pair12(test, PAIR_P256);
	struct relay *r = relay_new(test);
	struct ssa_hs_result result;

	p->client_cfg.without_ems = c->client_without;
	p->server_cfg.without_ems = c->server_without;
	r->type = SSA_HT_CLIENT_HELLO;
	r->change = without_ems;
	pair_start(test, p);
	relay_flight(test, c->in_hello ? NULL : r, p->client, p->server);
	if (!c->in_hello && !c->server_without) {
		expect_failure(test, p->server, SSA_R_NO_EXTENDED_MASTER_SECRET, NULL);
		return;
	}
	if (!c->in_hello) {
		/* the client saw another hello, so Finished does not match: see below */
		relay_flight(test, NULL, p->server, p->client);
		KUNIT_EXPECT_FALSE(test, p->client->extended_master_secret);
		KUNIT_EXPECT_EQ(test, p->client->state, SSA_ST_CLIENT12_WAIT_CCS);
		return;
	}
	pair_run(test, p, NULL, NULL);
	pair_expect_done(test, p);
	ssa_hs_result(p->client, &result);
	KUNIT_EXPECT_TRUE(test, result.extended_master_secret);
}

/* A client without it, as an engine of ours never is: the transcript is made to fit. */
static void classic_master_secret(struct kunit *test)
{
	static const enum pair_key keys[] = { PAIR_P256, PAIR_RSA };
	struct ssa_hs_result result;
	struct relay *r;
	struct pair *p;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		p = pair12(test, keys[i]);
		p->client_cfg.without_ems = true;
		p->server_cfg.without_ems = true;
		pair_start(test, p);
		r = relay_new(test);
		r->type = SSA_HT_CLIENT_HELLO;
		r->change = without_ems;
		/* the same change to what the client remembers */
		without_ems(test, &p->client->transcript.messages, NULL);
		p->client->offered &= ~BIT(SSA_EXT_EXTENDED_MASTER_SECRET);
		relay_flight(test, r, p->client, p->server);
		pair_run(test, p, NULL, NULL);
		pair_expect_done(test, p);
		ssa_hs_result(p->server, &result);
		KUNIT_EXPECT_FALSE(test, result.extended_master_secret);
	}
}

/* ------------------------------------------------------------- fragmentation */

static void records_of_one_byte(struct kunit *test)
{
	struct pair *p = pair12(test, PAIR_P256);
	struct relay *up = relay_new(test), *down = relay_new(test);

	up->chunk = 1;
	down->chunk = 1;
	pair_start(test, p);
	pair_run(test, p, up, down);
	pair_expect_done(test, p);
}

/* Each flight in two records, cut at each of its bytes. */
static void server_flight_cut_everywhere(struct kunit *test)
{
	struct pair *p = pair12(test, PAIR_P256);
	struct relay *r;
	u32 cut = 0, len;

	do {
		pair_start(test, p);
		relay_flight(test, NULL, p->client, p->server);
		len = ssa_buf_left(&p->server->out) - SSA_RECORD_HEADER_LEN;
		r = relay_new(test);
		r->cut = cut += cut < 120 ? 1 : 13;
		relay_flight(test, r, p->server, p->client);
		KUNIT_ASSERT_EQ_MSG(test, p->client->state, SSA_ST_CLIENT12_WAIT_CCS,
				    "cut after %u of %u bytes", cut, len);
	} while (cut + 1 < len);
	KUNIT_EXPECT_GT(test, cut, 500);
}

static void client_flight_cut_everywhere(struct kunit *test)
{
	struct pair *p = pair12(test, PAIR_P256);
	struct relay *r;
	u32 cut;

	/* ClientKeyExchange with 33 bytes, or Finished with 12 */
	for (cut = 1; cut < SSA_HS_HEADER_LEN + 33; cut++) {
		pair_start(test, p);
		r = relay_new(test);
		relay_flight(test, NULL, p->client, p->server);
		relay_flight(test, NULL, p->server, p->client);
		r->cut = cut;
		relay_flight(test, r, p->client, p->server);
		KUNIT_ASSERT_EQ_MSG(test, p->server->state, SSA_ST_CONNECTED, "cut after %u", cut);
	}
}

/* ------------------------------------------------------------------- secrets */

static bool is_zero(const void *p, size_t len)
{
	return !memchr_inv(p, 0, len);
}

static void secrets_end_with_their_stage(struct kunit *test)
{
	struct pair *p = pair12(test, PAIR_P256);
	struct ssa_hs *sides[2];
	struct ssa_post post;
	u32 i;

	pair_start(test, p);
	relay_flight(test, NULL, p->client, p->server);
	relay_flight(test, NULL, p->server, p->client);
	KUNIT_EXPECT_TRUE(test, is_zero(&p->client->kex, sizeof(p->client->kex)));
	pair_run(test, p, NULL, NULL);
	sides[0] = p->client;
	sides[1] = p->server;
	for (i = 0; i < ARRAY_SIZE(sides); i++) {
		struct ssa_hs *hs = sides[i];

		KUNIT_ASSERT_EQ(test, hs->state, SSA_ST_CONNECTED);
		KUNIT_EXPECT_TRUE(test, is_zero(&hs->kex, sizeof(hs->kex)));
		KUNIT_EXPECT_TRUE(test, is_zero(&hs->ks, sizeof(hs->ks)));
		KUNIT_EXPECT_TRUE(test, is_zero(hs->keys12.master_secret, SSA_MASTER_SECRET_LEN));
		KUNIT_EXPECT_TRUE(test, is_zero(&hs->rx, sizeof(hs->rx)));
		KUNIT_EXPECT_TRUE(test, is_zero(&hs->tx, sizeof(hs->tx)));
		KUNIT_EXPECT_FALSE(test, is_zero(&hs->keys12, sizeof(hs->keys12)));
		KUNIT_ASSERT_EQ(test, ssa_hs_export(hs, &post), 0);
		KUNIT_EXPECT_TRUE(test, is_zero(&hs->keys12, sizeof(hs->keys12)));
		ssa_post_wipe(&post);
	}
}

static void secrets_end_with_failure(struct kunit *test)
{
	struct pair *p = pair12(test, PAIR_P256);

	pair_start(test, p);
	relay_flight(test, NULL, p->client, p->server);
	relay_flight(test, NULL, p->server, p->client);
	relay_flight(test, NULL, p->client, p->server);
	KUNIT_ASSERT_EQ(test, p->server->state, SSA_ST_CONNECTED);
	KUNIT_EXPECT_FALSE(test, is_zero(&p->client->keys12, sizeof(p->client->keys12)));
	ssa_hs_abort(p->client, SSA_R_TIMEOUT);
	ssa_hs_abort(p->server, SSA_R_KTLS);
	KUNIT_EXPECT_TRUE(test, is_zero(&p->client->keys12, sizeof(p->client->keys12)));
	KUNIT_EXPECT_TRUE(test, is_zero(&p->server->keys12, sizeof(p->server->keys12)));
	KUNIT_EXPECT_TRUE(test, is_zero(&p->client->tx, sizeof(p->client->tx)));
}

/* An alert behind our Finished is the second record under its keys. */
static void alert_after_finished(struct kunit *test)
{
	struct pair *p = pair12(test, PAIR_P256);
	struct ssa_record_keys keys = { 0 };

	pair_start(test, p);
	relay_flight(test, NULL, p->client, p->server);
	relay_flight(test, NULL, p->server, p->client);
	relay_flight(test, NULL, p->client, p->server);
	ssa_hs_output_done(p->server, ssa_buf_left(&p->server->out));
	KUNIT_ASSERT_EQ(test, p->server->state, SSA_ST_CONNECTED);
	KUNIT_ASSERT_EQ(test, p->client->state, SSA_ST_CLIENT12_WAIT_CCS);

	KUNIT_ASSERT_EQ(test, ssa_record_keys_set12(&keys, p->server->suite,
						    &p->server->keys12.client), 0);
	keys.seq = 1;
	ssa_hs_abort(p->client, SSA_R_NO_MEMORY);
	expect_failure(test, p->client, SSA_R_NO_MEMORY, &keys);
	KUNIT_ASSERT_EQ(test, ssa_record_keys_set12(&keys, p->server->suite,
						    &p->server->keys12.server), 0);
	keys.seq = 1;
	ssa_hs_abort(p->server, SSA_R_KTLS);
	expect_failure(test, p->server, SSA_R_KTLS, &keys);
	ssa_record_keys_clear(&keys);
}

static struct kunit_case engine_tls12_cases[] = {
	KUNIT_CASE_PARAM(handshake_agrees, agree12_gen_params),
	KUNIT_CASE(hash_fits_the_curve),
	KUNIT_CASE(certificate_needs_a_curve_of_the_client),
	KUNIT_CASE(client_checks_the_curve),
	KUNIT_CASE_PARAM(extended_master_secret, ems_gen_params),
	KUNIT_CASE(classic_master_secret),
	KUNIT_CASE(records_of_one_byte),
	KUNIT_CASE_SLOW(server_flight_cut_everywhere),
	KUNIT_CASE(client_flight_cut_everywhere),
	KUNIT_CASE(secrets_end_with_their_stage),
	KUNIT_CASE(secrets_end_with_failure),
	KUNIT_CASE(alert_after_finished),
	{}
};

static struct kunit_suite engine_tls12_suite = {
	.name = "ssa_engine_tls12",
	.test_cases = engine_tls12_cases,
};

kunit_test_suite(engine_tls12_suite);
