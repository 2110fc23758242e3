// SPDX-License-Identifier: GPL-2.0
/*
 * What the hellos negotiate for either version: the version itself, against
 * fallback and downgrade, and record_size_limit.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include "engine_edit.h"

#define T2	SSA_TLS12
#define T3	SSA_TLS13

static void change(struct kunit *test, struct ssa_buf *msg, const void *arg)
{
	edit_message(test, msg, arg);
}

struct bounds_case {
	u16 client_min, client_max, server_min, server_max;
	u16 expect;		/* 0: none in common */
};

static const struct bounds_case bounds_cases[] = {
	{ T2, T2, T2, T2, T2 }, { T2, T2, T2, T3, T2 }, { T2, T2, T3, T3, 0 },
	{ T2, T3, T2, T2, T2 }, { T2, T3, T2, T3, T3 }, { T2, T3, T3, T3, T3 },
	{ T3, T3, T2, T2, 0 }, { T3, T3, T2, T3, T3 }, { T3, T3, T3, T3, T3 },
	{ 0, 0, 0, 0, T3 }, { 0, T2, 0, 0, T2 }, { 0, 0, 0, T2, T2 },
};

static void bounds_desc(const struct bounds_case *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "client %x-%x server %x-%x", c->client_min,
		 c->client_max, c->server_min, c->server_max);
}

KUNIT_ARRAY_PARAM(bounds, bounds_cases, bounds_desc);

static void highest_common_version(struct kunit *test)
{
	const struct bounds_case *c = test->param_value;
	struct pair *p = pair_new(test, PAIR_P256);
	struct ssa_hs_result result;

	p->client_cfg.min_version = c->client_min;
	p->client_cfg.max_version = c->client_max;
	p->server_cfg.min_version = c->server_min;
	p->server_cfg.max_version = c->server_max;
	pair_start(test, p);
	pair_run(test, p, NULL, NULL);
	if (!c->expect) {
		expect_failure(test, p->server, SSA_R_VERSION, NULL);
		relay_flight(test, NULL, p->server, p->client);
		KUNIT_EXPECT_EQ(test, ssa_hs_reason(p->client), SSA_R_PEER_PROTOCOL_VERSION);
		return;
	}
	ssa_hs_result(p->client, &result);
	KUNIT_EXPECT_EQ(test, result.version, c->expect);
	pair_expect_done(test, p);
}

static void bounds_that_leave_nothing(struct kunit *test)
{
	static const struct {
		u16 min, max;
		u16 suite;
	} cases[] = {
		{ T3, T2, 0 }, { 0x0302, T3, 0 }, { T2, 0x0305, 0 }, { 0x0305, 0, 0 },
		{ 0, 0x0302, 0 }, { T2, T2, SSA_SUITE_AES_128_GCM_SHA256 },
		{ T3, T3, SSA_SUITE_ECDHE_RSA_WITH_AES_128_GCM_SHA256 },
	};
	struct pair *p = pair_new(test, PAIR_P256);
	struct ssa_hs_config cfg;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		cfg = p->client_cfg;
		cfg.min_version = cases[i].min;
		cfg.max_version = cases[i].max;
		if (cases[i].suite) {
			memset(cfg.suites, 0, sizeof(cfg.suites));
			cfg.suites[0] = cases[i].suite;
		}
		KUNIT_EXPECT_EQ_MSG(test, PTR_ERR_OR_ZERO(ssa_hs_new(&cfg)), -EINVAL, "%u", i);
	}
	cfg = p->client_cfg;
	cfg.record_size_limit = 63;
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(ssa_hs_new(&cfg)), -EINVAL);
	cfg.record_size_limit = 16386;
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(ssa_hs_new(&cfg)), -EINVAL);
}

/* The suites that are there say as much as the bounds. */
static void suites_bound_the_version(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);

	pair_versions(p, 0, 0);
	memset(p->server_cfg.suites, 0, sizeof(p->server_cfg.suites));
	p->server_cfg.suites[0] = SSA_SUITE_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384;
	pair_start(test, p);
	pair_run(test, p, NULL, NULL);
	pair_expect_done(test, p);
}

static void put_scsv(struct kunit *test, struct ssa_buf *msg, const void *arg)
{
	u32 off = SSA_HS_HEADER_LEN + 2 + SSA_RANDOM_LEN;

	off += 1 + msg->data[off];
	msg_splice(test, msg, off + 2, 0, arg, 2);
	put_unaligned_be16(get_unaligned_be16(msg->data + off) + 2, msg->data + off);
}

/* RFC 7507: only a client that could do no more may use the lower version. */
static void fallback_is_detected(struct kunit *test)
{
	static const struct {
		u16 client_max, server_max;
		enum ssa_reason reason;
	} cases[] = {
		{ T2, T3, SSA_R_FALLBACK }, { T2, T2, SSA_R_NONE }, { T3, T3, SSA_R_NONE },
		{ T3, T2, SSA_R_NONE },
	};
	struct relay *r;
	struct pair *p;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		p = pair_new(test, PAIR_P256);
		pair_versions(p, T2, T3);
		p->client_cfg.max_version = cases[i].client_max;
		p->server_cfg.max_version = cases[i].server_max;
		pair_start(test, p);
		r = relay_new(test);
		r->type = SSA_HT_CLIENT_HELLO;
		r->change = put_scsv;
		r->arg = "\x56\x00";
		relay_flight(test, r, p->client, p->server);
		KUNIT_EXPECT_EQ(test, ssa_hs_reason(p->server), cases[i].reason);
		if (cases[i].reason)
			expect_failure(test, p->server, cases[i].reason, NULL);
	}
}

static void without_versions(struct kunit *test, struct ssa_buf *msg, const void *arg)
{
	msg_ext_remove(test, msg, SSA_XT_SUPPORTED_VERSIONS);
}

/* RFC 8446 4.1.3: somebody between takes TLS 1.3 out of the ClientHello. */
static void downgrade_is_detected(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);
	struct relay *r = relay_new(test);

	pair_versions(p, T2, T3);
	r->type = SSA_HT_CLIENT_HELLO;
	r->change = without_versions;
	pair_start(test, p);
	relay_flight(test, r, p->client, p->server);
	KUNIT_EXPECT_EQ(test, p->server->version, T2);
	KUNIT_EXPECT_MEMEQ(test, p->server->random + 24, "DOWNGRD\1", 8);
	relay_flight(test, NULL, p->server, p->client);
	expect_failure(test, p->client, SSA_R_DOWNGRADE, NULL);

	/* a server that can do no more does not write it */
	p = pair_new(test, PAIR_P256);
	pair_versions(p, T2, T2);
	pair_start(test, p);
	relay_flight(test, NULL, p->client, p->server);
	KUNIT_EXPECT_MEMNEQ(test, p->server->random + 24, "DOWNGRD\1", 8);

	/* a client that can do no more does not look for it */
	p = pair_new(test, PAIR_P256);
	pair_versions(p, T2, T3);
	p->client_cfg.max_version = T2;
	pair_start(test, p);
	relay_flight(test, NULL, p->client, p->server);
	KUNIT_EXPECT_MEMEQ(test, p->server->random + 24, "DOWNGRD\1", 8);
	pair_run(test, p, NULL, NULL);
	pair_expect_done(test, p);
}

/* RFC 8446 4.1.4: what the HelloRetryRequest has chosen stays. */
static void hello_retry_keeps_the_version(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);
	struct relay *r = relay_new(test);

	pair_versions(p, T2, T3);
	pair_only_group(&p->server_cfg, SSA_GROUP_SECP256R1);
	pair_start(test, p);
	r->type = SSA_HT_SERVER_HELLO;
	r->nth = 1;
	r->change = without_versions;
	pair_run(test, p, NULL, r);
	KUNIT_EXPECT_EQ(test, r->changed, 1);
	expect_failure(test, p->client, SSA_R_BAD_HELLO_RETRY, NULL);
}

/* ------------------------------------------------------------- record_size_limit */

struct limit_case {
	u16 version;
	u16 client, server;		/* configured */
	u16 client_tx, server_tx;	/* what each may send then */
};

static const struct limit_case limit_cases[] = {
	{ T2, 64, 64, 64, 64 }, { T2, 512, 1000, 1000, 512 }, { T2, 16385, 16384, 16384, 16384 },
	{ T2, 512, 0, 16384, 16384 }, { T2, 0, 512, 16384, 16384 },
	{ T3, 64, 64, 63, 63 }, { T3, 512, 1000, 999, 511 }, { T3, 16385, 16385, 16384, 16384 },
	{ T3, 512, 0, 16384, 16384 }, { T3, 0, 512, 16384, 16384 },
};

static void limit_desc(const struct limit_case *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%x client %u server %u", c->version, c->client,
		 c->server);
}

KUNIT_ARRAY_PARAM(limit, limit_cases, limit_desc);

/* Protected records of the flight that @hs has ready obey its peer's limit. */
static void expect_record_sizes(struct kunit *test, struct ssa_hs *hs, u32 limit, u32 overhead)
{
	struct ssa_reader r, body;
	bool protected = false;
	u16 version;
	u8 type;

	ssa_reader_init(&r, ssa_buf_begin(&hs->out), ssa_buf_left(&hs->out));
	while (ssa_reader_more(&r)) {
		KUNIT_ASSERT_TRUE(test, ssa_read_u8(&r, &type) && ssa_read_u16(&r, &version) &&
				  ssa_read_vec16(&r, &body, 1, SSA_CIPHERTEXT_MAX));
		if (protected)
			KUNIT_EXPECT_LE(test, body.left, limit + overhead);
		protected |= type == SSA_CT_CHANGE_CIPHER_SPEC;
	}
}

static void record_size_limit(struct kunit *test)
{
	const struct limit_case *c = test->param_value;
	u32 overhead = SSA_AEAD_TAG_LEN + (c->version == T2 ? 8 : 1);
	struct pair *p = pair_new(test, PAIR_P256);
	struct ssa_hs_result result;

	pair_versions(p, c->version, c->version);
	p->client_cfg.record_size_limit = c->client;
	p->server_cfg.record_size_limit = c->server;
	pair_start(test, p);
	relay_flight(test, NULL, p->client, p->server);
	expect_record_sizes(test, p->server, c->server_tx, overhead);
	relay_flight(test, NULL, p->server, p->client);
	expect_record_sizes(test, p->client, c->client_tx, overhead);
	pair_run(test, p, NULL, NULL);
	ssa_hs_result(p->client, &result);
	KUNIT_EXPECT_EQ(test, result.record_size_limit, c->client_tx);
	ssa_hs_result(p->server, &result);
	KUNIT_EXPECT_EQ(test, result.record_size_limit, c->server_tx);
	pair_expect_done(test, p);
}

/* RFC 8449 4: what is longer than we said that we take is an overflow. */
static void longer_records_are_refused(struct kunit *test)
{
	struct ssa_record_keys keys = { 0 };
	struct pair *p = pair_new(test, PAIR_P256);
	struct relay *r = relay_new(test);
	const u8 *secret;

	p->client_cfg.record_size_limit = 200;
	p->server_cfg.record_size_limit = 200;
	pair_start(test, p);
	relay_flight(test, NULL, p->client, p->server);
	/* one record of EncryptedExtensions, which negotiates it, the next is too long */
	r->cut = 16;
	relay_flight(test, r, p->server, p->client);
	secret = p->server->ks.client_handshake_traffic_secret;
	KUNIT_ASSERT_EQ(test, ssa_record_keys_set(&keys, p->server->suite, secret), 0);
	expect_failure(test, p->client, SSA_R_RECORD_OVERFLOW, &keys);
	ssa_record_keys_clear(&keys);
}

/* RFC 8449 4 and 5 */
static void bad_limits_are_refused(struct kunit *test)
{
	static const struct {
		u16 version;
		u8 type;
		enum ssa_reason reason;
		struct edit edits[EDITS_MAX];
	} cases[] = {
		{ T2, SSA_HT_CLIENT_HELLO, SSA_R_ILLEGAL_PARAMETER,
		  { WITH(RECORD_SIZE_LIMIT, "\0\x3f") } },
		{ T2, SSA_HT_CLIENT_HELLO, SSA_R_DECODE, { WITH(RECORD_SIZE_LIMIT, "\1") } },
		{ T2, SSA_HT_CLIENT_HELLO, SSA_R_DECODE, { WITH(RECORD_SIZE_LIMIT, "\1\0\0") } },
		{ T2, SSA_HT_CLIENT_HELLO, SSA_R_NONE, { WITH(RECORD_SIZE_LIMIT, "\xff\xff") } },
		{ T2, SSA_HT_CLIENT_HELLO, SSA_R_NONE, { PLUS(MAX_FRAGMENT_LENGTH, "\1") } },
		{ T3, SSA_HT_CLIENT_HELLO, SSA_R_ILLEGAL_PARAMETER,
		  { WITH(RECORD_SIZE_LIMIT, "\0\x3f") } },
		{ T3, SSA_HT_CLIENT_HELLO, SSA_R_DECODE, { WITH(RECORD_SIZE_LIMIT, "") } },
		{ T2, SSA_HT_SERVER_HELLO, SSA_R_ILLEGAL_PARAMETER,
		  { WITH(RECORD_SIZE_LIMIT, "\0\x3f") } },
		{ T2, SSA_HT_SERVER_HELLO, SSA_R_DECODE, { WITH(RECORD_SIZE_LIMIT, "\1") } },
		{ T2, SSA_HT_SERVER_HELLO, SSA_R_ILLEGAL_PARAMETER,
		  { PLUS(MAX_FRAGMENT_LENGTH, "\1") } },
		{ T3, SSA_HT_ENCRYPTED_EXTENSIONS, SSA_R_ILLEGAL_PARAMETER,
		  { WITH(RECORD_SIZE_LIMIT, "\0\x3f") } },
		{ T3, SSA_HT_ENCRYPTED_EXTENSIONS, SSA_R_DECODE,
		  { WITH(RECORD_SIZE_LIMIT, "\1\0\0") } },
		{ T3, SSA_HT_ENCRYPTED_EXTENSIONS, SSA_R_ILLEGAL_PARAMETER,
		  { PLUS(MAX_FRAGMENT_LENGTH, "\1") } },
		{ T3, SSA_HT_SERVER_HELLO, SSA_R_MISPLACED_EXTENSION,
		  { PLUS(RECORD_SIZE_LIMIT, "\1\0") } },
	};
	struct relay *up, *down;
	struct ssa_hs *hs;
	struct pair *p;
	bool to_server;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		p = pair_new(test, PAIR_P256);
		pair_versions(p, cases[i].version, cases[i].version);
		p->client_cfg.record_size_limit = 1000;
		p->server_cfg.record_size_limit = 1000;
		to_server = cases[i].type == SSA_HT_CLIENT_HELLO;
		up = relay_new(test);
		down = relay_new(test);
		up->change = change;
		up->arg = cases[i].edits;
		*down = *up;
		(to_server ? up : down)->type = cases[i].type;
		pair_start(test, p);
		relay_flight(test, up, p->client, p->server);
		relay_flight(test, down, p->server, p->client);
		KUNIT_EXPECT_EQ(test, up->changed + down->changed, 1);
		hs = to_server ? p->server : p->client;
		KUNIT_EXPECT_EQ_MSG(test, ssa_hs_reason(hs), cases[i].reason, "%u", i);
		KUNIT_EXPECT_LE(test, hs->tx_limit, SSA_PLAINTEXT_MAX);
	}
}

static struct kunit_case engine_version_cases[] = {
	KUNIT_CASE_PARAM(highest_common_version, bounds_gen_params),
	KUNIT_CASE(bounds_that_leave_nothing),
	KUNIT_CASE(suites_bound_the_version),
	KUNIT_CASE(fallback_is_detected),
	KUNIT_CASE(downgrade_is_detected),
	KUNIT_CASE(hello_retry_keeps_the_version),
	KUNIT_CASE_PARAM(record_size_limit, limit_gen_params),
	KUNIT_CASE(longer_records_are_refused),
	KUNIT_CASE(bad_limits_are_refused),
	{}
};

static struct kunit_suite engine_version_suite = {
	.name = "ssa_engine_version",
	.test_cases = engine_version_cases,
};

kunit_test_suite(engine_version_suite);
