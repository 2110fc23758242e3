// SPDX-License-Identifier: GPL-2.0
/*
 * Application-Layer Protocol Negotiation (RFC 7301), engine against engine in both
 * versions, and each malformed list.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "engine_edit.h"

#define N16	"0123456789abcdef"
#define N254	N16 N16 N16 N16 N16 N16 N16 N16 N16 N16 N16 N16 N16 N16 N16 "fourteen bytes"

static const u16 versions[] = { SSA_TLS12, SSA_TLS13 };

struct names {
	const char *data;
	u16 len;
};

#define NAMES(x)	{ (x), sizeof(x) - 1 }
#define NO_NAMES	{ NULL, 0 }

static struct pair *alpn_pair(struct kunit *test, u16 version, struct names client,
			      struct names server)
{
	struct pair *p = pair_new(test, PAIR_P256);

	pair_versions(p, version, version);
	p->client_cfg.alpn = (const u8 *)client.data;
	p->client_cfg.alpn_len = client.len;
	p->server_cfg.alpn = (const u8 *)server.data;
	p->server_cfg.alpn_len = server.len;
	return p;
}

static void expect_chosen(struct kunit *test, const struct ssa_hs *hs, struct names chosen)
{
	struct ssa_hs_result result;

	ssa_hs_result(hs, &result);
	KUNIT_ASSERT_EQ(test, result.alpn_len, chosen.len);
	if (chosen.len)
		KUNIT_EXPECT_MEMEQ(test, result.alpn, chosen.data, chosen.len);
}

/* ------------------------------------------------------- what is agreed on */

struct agree_case {
	const char *name;
	struct names client, server, chosen;
};

static const struct agree_case agree_cases[] = {
	{ "neither", NO_NAMES, NO_NAMES, NO_NAMES },
	{ "client-alone", NAMES("\2h2"), NO_NAMES, NO_NAMES },
	{ "server-alone", NO_NAMES, NAMES("\2h2"), NO_NAMES },
	{ "one", NAMES("\2h2"), NAMES("\2h2"), NAMES("h2") },
	{ "first-of-the-client", NAMES("\2h2\x08http/1.1"), NAMES("\2h2"), NAMES("h2") },
	{ "last-of-the-client", NAMES("\2h2\x08http/1.1"), NAMES("\x08http/1.1"),
	  NAMES("http/1.1") },
	{ "last-of-the-server", NAMES("\3ftp"), NAMES("\2h2\3ftp"), NAMES("ftp") },
	{ "order-of-the-server", NAMES("\2h2\x08http/1.1"), NAMES("\x08http/1.1\2h2"),
	  NAMES("http/1.1") },
	{ "longer-name-is-another", NAMES("\3h2c\2h2"), NAMES("\2h2"), NAMES("h2") },
	{ "shorter-name-is-another", NAMES("\1h\2h2"), NAMES("\2h2"), NAMES("h2") },
	{ "case-counts", NAMES("\2H2\2h2"), NAMES("\2h2\2H2"), NAMES("h2") },
	{ "any-bytes", NAMES("\4\0\xff,\1"), NAMES("\4\0\xff,\1"), NAMES("\0\xff,\1") },
	{ "shortest-name", NAMES("\1\0"), NAMES("\1\0"), NAMES("\0") },
	{ "longest-lists",
	  NAMES("\xff" N254 "1\xff" N254 "2\xff" N254 "3\xff" N254 "4"),
	  NAMES("\xff" N254 "5\xff" N254 "6\xff" N254 "7\xff" N254 "4"), NAMES(N254 "4") },
};

KUNIT_ARRAY_PARAM_DESC(agree, agree_cases, name);

static void both_sides_know_the_protocol(struct kunit *test)
{
	const struct agree_case *c = test->param_value;
	struct pair *p;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		p = alpn_pair(test, versions[i], c->client, c->server);
		pair_start(test, p);
		pair_run(test, p, NULL, NULL);
		pair_expect_done(test, p);
		expect_chosen(test, p->client, c->chosen);
		expect_chosen(test, p->server, c->chosen);
	}
}

/* The second ClientHello repeats the list, and the choice is the same. */
static void hello_retry_changes_nothing(struct kunit *test)
{
	static const struct names both = NAMES("\2h2\x08http/1.1"), one = NAMES("\x08http/1.1");
	static const struct names chosen = NAMES("http/1.1");
	struct pair *p = alpn_pair(test, SSA_TLS13, both, one);

	pair_only_group(&p->server_cfg, SSA_GROUP_SECP256R1);
	pair_start(test, p);
	pair_run(test, p, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, p->client->hello_retry);
	pair_expect_done(test, p);
	expect_chosen(test, p->client, chosen);
	expect_chosen(test, p->server, chosen);
}

/* A client that can do both versions has the answer where its server's version puts it. */
static void version_does_not_matter_before_it_is_known(struct kunit *test)
{
	static const struct names names = NAMES("\2h2"), chosen = NAMES("h2");
	struct pair *p;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		p = alpn_pair(test, SSA_TLS12, names, names);
		p->client_cfg.max_version = SSA_TLS13;
		p->server_cfg.max_version = versions[i];
		pair_start(test, p);
		pair_run(test, p, NULL, NULL);
		pair_expect_done(test, p);
		KUNIT_EXPECT_EQ(test, p->client->version, versions[i]);
		expect_chosen(test, p->client, chosen);
		expect_chosen(test, p->server, chosen);
	}
}

/* -------------------------------------------------------- what is refused */

struct refuse_case {
	const char *name;
	u8 type;		/* of the message to change */
	enum ssa_reason reason;
	struct edit edits[EDITS_MAX];
	u8 nth;			/* 1: behind a HelloRetryRequest */
};

static void edit_all(struct kunit *test, struct ssa_buf *msg, const void *arg)
{
	const struct refuse_case *c = arg;

	edit_message(test, msg, c->edits);
}

static struct relay *refuse_relay(struct kunit *test, const struct refuse_case *c)
{
	struct relay *r = relay_new(test);

	r->type = c->type;
	r->nth = c->nth;
	r->change = edit_all;
	r->arg = c;
	return r;
}

static const struct names client_names = NAMES("\2h2\x08http/1.1");
static const struct names server_names = NAMES("\2h2\3ftp");

#define CH	SSA_HT_CLIENT_HELLO
#define SH	SSA_HT_SERVER_HELLO
#define EE	SSA_HT_ENCRYPTED_EXTENSIONS

/* Where the extensions of our ServerHello of TLS 1.2 stand: its session id is empty. */
#define SH12_EXTS	42

static const struct refuse_case offer_cases[] = {
	{ "nothing-in-common", CH, SSA_R_NO_ALPN, { WITH(ALPN, "\0\x09\x08http/1.1") } },
	{ "prefix", CH, SSA_R_NO_ALPN, { WITH(ALPN, "\0\2\1h") } },
	{ "longer", CH, SSA_R_NO_ALPN, { WITH(ALPN, "\0\4\3h2c") } },
	{ "other-case", CH, SSA_R_NO_ALPN, { WITH(ALPN, "\0\3\2H2") } },
	{ "grease-alone", CH, SSA_R_NO_ALPN, { WITH(ALPN, "\0\3\2\x4a\x4a") } },
	{ "extension-empty", CH, SSA_R_DECODE, { WITH(ALPN, "") } },
	{ "list-empty", CH, SSA_R_DECODE, { WITH(ALPN, "\0\0") } },
	{ "list-of-one-byte", CH, SSA_R_DECODE, { WITH(ALPN, "\0\1\0") } },
	{ "list-cut", CH, SSA_R_DECODE, { WITH(ALPN, "\0\4\2h2") } },
	{ "list-longer", CH, SSA_R_DECODE, { WITH(ALPN, "\0\3\2h2\0") } },
	{ "length-cut", CH, SSA_R_DECODE, { WITH(ALPN, "\0") } },
	{ "name-empty", CH, SSA_R_DECODE, { WITH(ALPN, "\0\4\2h2\0") } },
	{ "name-empty-first", CH, SSA_R_DECODE, { WITH(ALPN, "\0\4\0\2h2") } },
	{ "name-cut", CH, SSA_R_DECODE, { WITH(ALPN, "\0\3\3h2") } },
	{ "name-cut-behind-a-good-one", CH, SSA_R_DECODE, { WITH(ALPN, "\0\5\2h2\2h") } },
	{ "extension-twice", CH, SSA_R_DUPLICATE_EXTENSION, { PLUS(ALPN, "\0\3\2h2") } },
};

KUNIT_ARRAY_PARAM_DESC(offer, offer_cases, name);

static void server_refuses(struct kunit *test)
{
	const struct refuse_case *c = test->param_value;
	struct relay *r;
	struct pair *p;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		r = refuse_relay(test, c);
		p = alpn_pair(test, versions[i], client_names, server_names);
		pair_start(test, p);
		pair_run(test, p, r, NULL);
		KUNIT_EXPECT_EQ(test, r->changed, 1);
		expect_failure(test, p->server, c->reason, NULL);
		KUNIT_EXPECT_EQ(test, ssa_hs_reason(p->client), SSA_R_NONE);
	}
}

/* A server that has no protocols takes no part, but a list has to be one. */
static void server_without_protocols_still_parses(struct kunit *test)
{
	static const struct names none = NO_NAMES;
	const struct refuse_case *c = test->param_value;
	bool malformed = c->reason != SSA_R_NO_ALPN;
	struct relay *r;
	struct pair *p;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		r = refuse_relay(test, c);
		p = alpn_pair(test, versions[i], client_names, none);
		pair_start(test, p);
		relay_flight(test, r, p->client, p->server);
		KUNIT_EXPECT_EQ(test, r->changed, 1);
		KUNIT_EXPECT_EQ(test, ssa_hs_reason(p->server), malformed ? c->reason : SSA_R_NONE);
	}
}

/* RFC 8446 4.1.2: what may differ in the second ClientHello, this is not among it. */
static const struct refuse_case second_cases[] = {
	{ "other-list", CH, SSA_R_BAD_HELLO_RETRY, { WITH(ALPN, "\0\3\2h2") }, 1 },
	{ "other-order", CH, SSA_R_BAD_HELLO_RETRY, { WITH(ALPN, "\0\x0c\x08http/1.1\2h2") }, 1 },
	{ "malformed", CH, SSA_R_BAD_HELLO_RETRY, { WITH(ALPN, "\0\0") }, 1 },
	{ "gone", CH, SSA_R_BAD_HELLO_RETRY, { LESS(ALPN) }, 1 },
};

KUNIT_ARRAY_PARAM_DESC(second, second_cases, name);

static void second_hello_must_repeat_it(struct kunit *test)
{
	const struct refuse_case *c = test->param_value;
	struct pair *p = alpn_pair(test, SSA_TLS13, client_names, server_names);
	struct relay *r = refuse_relay(test, c);

	pair_only_group(&p->server_cfg, SSA_GROUP_SECP256R1);
	pair_start(test, p);
	pair_run(test, p, r, NULL);
	KUNIT_EXPECT_EQ(test, r->changed, 1);
	expect_failure(test, p->server, c->reason, NULL);
}

/* Neither may it come newly behind a HelloRetryRequest. */
static void second_hello_must_not_begin_it(struct kunit *test)
{
	static const struct refuse_case c = {
		"new", CH, SSA_R_BAD_HELLO_RETRY, { PLUS(ALPN, "\0\3\2h2") }, 1
	};
	static const struct names none = NO_NAMES;
	struct pair *p = alpn_pair(test, SSA_TLS13, none, server_names);
	struct relay *r = refuse_relay(test, &c);

	pair_only_group(&p->server_cfg, SSA_GROUP_SECP256R1);
	pair_start(test, p);
	pair_run(test, p, r, NULL);
	KUNIT_EXPECT_EQ(test, r->changed, 1);
	expect_failure(test, p->server, c.reason, NULL);
}

/* Of EncryptedExtensions, and of TLS 1.2's ServerHello: exactly one name of ours */
static const struct refuse_case answer_cases[] = {
	{ "not-offered", EE, SSA_R_ILLEGAL_PARAMETER, { WITH(ALPN, "\0\4\3ftp") } },
	{ "prefix", EE, SSA_R_ILLEGAL_PARAMETER, { WITH(ALPN, "\0\2\1h") } },
	{ "longer", EE, SSA_R_ILLEGAL_PARAMETER, { WITH(ALPN, "\0\4\3h2\0") } },
	{ "other-case", EE, SSA_R_ILLEGAL_PARAMETER, { WITH(ALPN, "\0\3\2H2") } },
	{ "our-whole-list", EE, SSA_R_DECODE, { WITH(ALPN, "\0\x0c\2h2\x08http/1.1") } },
	{ "two-names", EE, SSA_R_DECODE, { WITH(ALPN, "\0\6\2h2\2h2") } },
	{ "name-and-empty-name", EE, SSA_R_DECODE, { WITH(ALPN, "\0\4\2h2\0") } },
	{ "extension-empty", EE, SSA_R_DECODE, { WITH(ALPN, "") } },
	{ "list-empty", EE, SSA_R_DECODE, { WITH(ALPN, "\0\0") } },
	{ "name-empty", EE, SSA_R_DECODE, { WITH(ALPN, "\0\1\0") } },
	{ "name-cut", EE, SSA_R_DECODE, { WITH(ALPN, "\0\3\3h2") } },
	{ "list-cut", EE, SSA_R_DECODE, { WITH(ALPN, "\0\4\2h2") } },
	{ "list-longer", EE, SSA_R_DECODE, { WITH(ALPN, "\0\3\2h2\0") } },
	{ "name-without-list", EE, SSA_R_DECODE, { WITH(ALPN, "\2h2") } },
	{ "extension-twice", EE, SSA_R_DUPLICATE_EXTENSION, { PLUS(ALPN, "\0\3\2h2") } },
};

KUNIT_ARRAY_PARAM_DESC(answer, answer_cases, name);

/* The client fails where it has keys of the handshake, or in TLS 1.2 none yet. */
static void expect_client_failure(struct kunit *test, struct pair *p, enum ssa_reason reason)
{
	const u8 *secret = p->server->ks.client_handshake_traffic_secret;
	struct ssa_record_keys keys = { 0 };

	if (p->server->version == SSA_TLS13)
		KUNIT_ASSERT_EQ(test, ssa_record_keys_set(&keys, p->server->suite, secret), 0);
	expect_failure(test, p->client, reason, &keys);
	ssa_record_keys_clear(&keys);
}

static void client_refuses(struct kunit *test)
{
	const struct refuse_case *c = test->param_value;
	struct relay *r;
	struct pair *p;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		r = refuse_relay(test, c);
		if (versions[i] == SSA_TLS12)
			r->type = SH;
		p = alpn_pair(test, versions[i], client_names, server_names);
		pair_start(test, p);
		pair_run(test, p, NULL, r);
		KUNIT_EXPECT_EQ(test, r->changed, 1);
		expect_client_failure(test, p, c->reason);
		KUNIT_EXPECT_EQ(test, p->client->alpn_len, 0);
	}
}

/* In TLS 1.3 it stands in EncryptedExtensions, and nowhere else (RFC 8446 4.2). */
static void answer_has_one_place(struct kunit *test)
{
	static const struct refuse_case c = {
		"server-hello", SH, SSA_R_MISPLACED_EXTENSION, { PLUS(ALPN, "\0\3\2h2") }
	};
	struct relay *r;
	struct pair *p;
	u32 retry;

	for (retry = 0; retry < 2; retry++) {
		r = refuse_relay(test, &c);
		p = alpn_pair(test, SSA_TLS13, client_names, server_names);
		if (retry)
			pair_only_group(&p->server_cfg, SSA_GROUP_SECP256R1);
		pair_start(test, p);
		pair_run(test, p, NULL, r);
		KUNIT_EXPECT_EQ(test, r->changed, 1);
		expect_failure(test, p->client, c.reason, NULL);
	}
}

/* RFC 5246 7.4.1.4: there may be no other extension to answer to. */
static void answer_stands_alone_if_it_must(struct kunit *test)
{
	static const struct refuse_case c = {
		"alone", CH, SSA_R_NONE, { LESS(RENEGOTIATION_INFO), LESS(EC_POINT_FORMATS),
					   LESS(EXTENDED_MASTER_SECRET), LESS(SERVER_NAME) }
	};
	static const u8 exts[] = "\0\x09\0\x10\0\5\0\3\2h2\x0b";	/* then Certificate */
	struct pair *p = alpn_pair(test, SSA_TLS12, client_names, server_names);
	const u8 *out;
	size_t len;

	p->server_cfg.without_ems = true;
	pair_start(test, p);
	relay_flight(test, refuse_relay(test, &c), p->client, p->server);
	KUNIT_ASSERT_EQ(test, p->server->state, SSA_ST_SERVER12_WAIT_CKE);
	out = ssa_hs_output(p->server, &len);
	KUNIT_ASSERT_GT(test, len, SSA_RECORD_HEADER_LEN + SH12_EXTS + sizeof(exts));
	KUNIT_EXPECT_MEMEQ(test, out + SSA_RECORD_HEADER_LEN + SH12_EXTS, exts, sizeof(exts) - 1);
}

/* A client that has offered none is told of none (4.2). */
static void answer_must_be_asked_for(struct kunit *test)
{
	static const struct names none = NO_NAMES;
	struct refuse_case c = {
		"unasked", EE, SSA_R_UNSOLICITED_EXTENSION, { PLUS(ALPN, "\0\3\2h2") }
	};
	struct relay *r;
	struct pair *p;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		c.type = versions[i] == SSA_TLS12 ? SH : EE;
		r = refuse_relay(test, &c);
		p = alpn_pair(test, versions[i], none, server_names);
		pair_start(test, p);
		pair_run(test, p, NULL, r);
		KUNIT_EXPECT_EQ(test, r->changed, 1);
		expect_client_failure(test, p, c.reason);
	}
}

/* ------------------------------------------------------- our own settings */

struct config_case {
	const char *name;
	struct names names;
	bool valid;
};

/* Names of one letter each */
#define N8(a, b, c, d, e, f, g, h) \
	"\1" #a "\1" #b "\1" #c "\1" #d "\1" #e "\1" #f "\1" #g "\1" #h
#define N31 \
	N8(a, b, c, d, e, f, g, h) N8(i, j, k, l, m, n, o, p) N8(q, r, s, t, u, v, w, x) \
	"\1y\1z\1A\1B\1C\1D\1E"

static const struct config_case config_cases[] = {
	{ "none", NO_NAMES, true },
	{ "empty", { "", 0 }, true },
	{ "one", NAMES("\2h2"), true },
	{ "two", NAMES("\2h2\3ftp"), true },
	{ "longest", NAMES("\xff" N254 "1\xff" N254 "2\xff" N254 "3\xff" N254 "4"), true },
	{ "name-empty", NAMES("\0"), false },
	{ "name-empty-last", NAMES("\2h2\0"), false },
	{ "name-empty-first", NAMES("\0\2h2"), false },
	{ "name-cut", NAMES("\3h2"), false },
	{ "last-name-cut", NAMES("\2h2\4ftp"), false },
	{ "text", NAMES("h2,http/1.1"), false },
	{ "twice", NAMES("\2h2\2h2"), false },
	{ "twice-apart", NAMES("\2h2\3ftp\2h2"), false },
	{ "many", NAMES(N31 "\1F"), true },
	{ "too-many", NAMES(N31 "\1F\1G"), false },
	{ "too-long", NAMES("\xff" N254 "1\xff" N254 "2\xff" N254 "3\xff" N254 "4\1x"), false },
	{ "pointer-missing", { NULL, 3 }, false },
};

KUNIT_ARRAY_PARAM_DESC(config, config_cases, name);

static void settings_are_checked(struct kunit *test)
{
	const struct config_case *c = test->param_value;
	struct pair *p = alpn_pair(test, SSA_TLS13, c->names, c->names);
	struct ssa_hs *client = ssa_hs_new(&p->client_cfg);
	struct ssa_hs *server = ssa_hs_new(&p->server_cfg);

	KUNIT_EXPECT_EQ(test, ssa_alpn_is_valid((const u8 *)c->names.data, c->names.len), c->valid);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(client), c->valid ? 0 : -EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(server), c->valid ? 0 : -EINVAL);
	if (!IS_ERR(client))
		ssa_hs_free(client);
	if (!IS_ERR(server))
		ssa_hs_free(server);
}

static struct kunit_case engine_alpn_cases[] = {
	KUNIT_CASE_PARAM(both_sides_know_the_protocol, agree_gen_params),
	KUNIT_CASE(hello_retry_changes_nothing),
	KUNIT_CASE(version_does_not_matter_before_it_is_known),
	KUNIT_CASE_PARAM(server_refuses, offer_gen_params),
	KUNIT_CASE_PARAM(server_without_protocols_still_parses, offer_gen_params),
	KUNIT_CASE_PARAM(second_hello_must_repeat_it, second_gen_params),
	KUNIT_CASE(second_hello_must_not_begin_it),
	KUNIT_CASE_PARAM(client_refuses, answer_gen_params),
	KUNIT_CASE(answer_has_one_place),
	KUNIT_CASE(answer_stands_alone_if_it_must),
	KUNIT_CASE(answer_must_be_asked_for),
	KUNIT_CASE_PARAM(settings_are_checked, config_gen_params),
	{}
};

static struct kunit_suite engine_alpn_suite = {
	.name = "ssa_engine_alpn",
	.test_cases = engine_alpn_cases,
};

kunit_test_suite(engine_alpn_suite);
