// SPDX-License-Identifier: GPL-2.0
/*
 * Which credentials are shown: a server's by name, signature algorithms, authorities and
 * what TLS 1.2 asks of the key; a client's by the request.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include "engine_auth.h"
#include "engine_edit.h"

#define NO_CERT		AUTH_CERTS
#define CERTS_MAX	6

static void expect_shown(struct kunit *test, const struct ssa_credentials *cred,
			 enum auth_cert cert)
{
	const struct ssa_cert *shown, *expected;

	if (cert == NO_CERT) {
		KUNIT_EXPECT_NULL(test, cred);
		return;
	}
	KUNIT_ASSERT_NOT_NULL(test, cred);
	shown = &ssa_credentials_chain(cred)->cert[0];
	expected = &ssa_credentials_chain(auth_cred(test, cert))->cert[0];
	KUNIT_ASSERT_EQ(test, shown->len, expected->len);
	KUNIT_EXPECT_MEMEQ(test, shown->der, expected->der, shown->len);
}

/* ------------------------------------------------------------------- server */

static const enum auth_cert hosts[] = {
	AUTH_HOST_FIRST, AUTH_HOST_P256, AUTH_HOST_ED25519, AUTH_HOST_P384_BY_RSA,
	AUTH_HOST_RSA_BY_RSA, AUTH_HOST_WILD,
};

struct host_case {
	const char *name;
	const char *host;		/* that the client asks for */
	enum auth_cert cert;		/* NO_CERT: @reason */
	u16 sigalgs[3];			/* of the client, 0: the defaults */
	u16 ours[3];			/* of the server, 0: the defaults */
	struct edit edits[EDITS_MAX];	/* of the ClientHello */
	enum ssa_reason reason;
	u16 only;			/* a version, 0: both */
	u16 groups[3];			/* of the client, 0: the defaults */
	u16 suites[3];			/* the same */
};

/* Name of the authority: O=SSA Test, CN=Authority RSA */
#define RSA_NAME	"\x30\x2b\x31\x11\x30\x0f\6\3\x55\4\x0a\x0c\x08SSA Test" \
			"\x31\x16\x30\x14\6\3\x55\4\3\x0c\x0d\x41uthority RSA"
#define NAMED_RSA	PLUS(CERTIFICATE_AUTHORITIES, "\0\x2f\0\x2d" RSA_NAME)
#define NAMED_OTHER	PLUS(CERTIFICATE_AUTHORITIES, "\0\4\0\2\x30\0")
#define A		"a.creds.test"
#define X64		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static const struct host_case host_cases[] = {
	{ "best-of-three", A, AUTH_HOST_P256 },
	{ "upper-case", "A.CREDS.test", AUTH_HOST_P256 },
	{ "trailing-dot", "a.creds.test.", AUTH_HOST_P256 },
	{ "second-name", "shared.creds.test", AUTH_HOST_P256 },
	{ "only-one-for-the-name", "b.creds.test", AUTH_HOST_RSA_BY_RSA },
	{ "wildcard", "c.creds.test", AUTH_HOST_WILD },
	{ "no-wildcard-of-wildcard", "x.c.creds.test", AUTH_HOST_FIRST },
	{ "unknown-name", "unknown.test", AUTH_HOST_FIRST },
	{ "no-name", "192.0.2.1", AUTH_HOST_FIRST },

	/* RFC 6066 3: no names of hosts, so unknown ones, whatever they may look like */
	{ "name-and-port", A, AUTH_HOST_FIRST,
	  .edits = { WITH(SERVER_NAME, "\0\x13\0\0\x10" A ":443") } },
	{ "name-is-a-wildcard", A, AUTH_HOST_FIRST,
	  .edits = { WITH(SERVER_NAME, "\0\x0f\0\0\x0c*.creds.test") } },
	{ "name-in-utf-8", A, AUTH_HOST_FIRST,
	  .edits = { WITH(SERVER_NAME, "\0\x10\0\0\x0d\xc3\xa4.creds.test") } },
	{ "name-with-space", A, AUTH_HOST_FIRST,
	  .edits = { WITH(SERVER_NAME, "\0\x10\0\0\x0d" A " ") } },
	{ "label-begins-with-hyphen", A, AUTH_HOST_FIRST,
	  .edits = { WITH(SERVER_NAME, "\0\x10\0\0\x0d-" A) } },
	{ "label-ends-with-hyphen", A, AUTH_HOST_FIRST,
	  .edits = { WITH(SERVER_NAME, "\0\x10\0\0\x0d\x61-.creds.test") } },
	{ "last-label-is-a-number", A, AUTH_HOST_FIRST,
	  .edits = { WITH(SERVER_NAME, "\0\x0e\0\0\x0b\x61.creds.123") } },
	{ "name-is-an-address", A, AUTH_HOST_FIRST,
	  .edits = { WITH(SERVER_NAME, "\0\x0c\0\0\x09\x31\x39\x32.0.2.1") } },
	{ "name-is-an-address-of-ipv6", A, AUTH_HOST_FIRST,
	  .edits = { WITH(SERVER_NAME, "\0\6\0\0\3::1") } },
	{ "name-is-a-dot", A, AUTH_HOST_FIRST, .edits = { WITH(SERVER_NAME, "\0\4\0\0\1.") } },
	{ "label-too-long", A, AUTH_HOST_FIRST,
	  .edits = { WITH(SERVER_NAME, "\0\x4e\0\0\x4b" X64 ".creds.test") } },
	{ "name-too-long", A, AUTH_HOST_FIRST,
	  .edits = { WITH(SERVER_NAME, "\1\x08\0\1\5" X64 X64 X64 X64 ".test") } },

	/* the client has to take the chain as well, which ECDSA or RSA have signed */
	{ "ed25519", A, AUTH_HOST_ED25519, { SSA_SIG_ED25519, SSA_SIG_ECDSA_SECP256R1_SHA256 },
	  { SSA_SIG_ED25519 } },
	{ "rsa", A, AUTH_HOST_RSA_BY_RSA,
	  { SSA_SIG_RSA_PKCS1_SHA256, SSA_SIG_RSA_PSS_RSAE_SHA256 } },
	{ "p384", A, AUTH_HOST_P384_BY_RSA,
	  { SSA_SIG_ECDSA_SECP384R1_SHA384, SSA_SIG_RSA_PKCS1_SHA256 }, .only = SSA_TLS13 },
	{ "order-is-ours", A, AUTH_HOST_ED25519,
	  { SSA_SIG_RSA_PSS_RSAE_SHA256, SSA_SIG_ECDSA_SECP256R1_SHA256, SSA_SIG_ED25519 },
	  { SSA_SIG_ED25519, SSA_SIG_RSA_PSS_RSAE_SHA256, SSA_SIG_ECDSA_SECP256R1_SHA256 } },
	{ "nothing-in-common", A, NO_CERT, { SSA_SIG_RSA_PSS_PSS_SHA256 },
	  .reason = SSA_R_NO_SIGALG },
	{ "pkcs1-signs-certificates-only", "b.creds.test", NO_CERT, { SSA_SIG_RSA_PKCS1_SHA256 },
	  .reason = SSA_R_NO_SIGALG, .only = SSA_TLS13 },
	/* a name has what it has: no other name helps out */
	{ "nothing-for-the-name", "c.creds.test", NO_CERT, { SSA_SIG_ED25519 },
	  .reason = SSA_R_NO_SIGALG },

	/* 4.2.3, 4.2.4: preferences, no more */
	{ "signed-by-rsa", A, AUTH_HOST_P384_BY_RSA,
	  .edits = { PLUS(SIGNATURE_ALGORITHMS_CERT, "\0\2\4\1") } },
	{ "signed-by-ecdsa", A, AUTH_HOST_ED25519,
	  { SSA_SIG_ED25519, SSA_SIG_ECDSA_SECP384R1_SHA384 },
	  .edits = { PLUS(SIGNATURE_ALGORITHMS_CERT, "\0\2\4\3") } },
	{ "signed-by-none-of-them", A, AUTH_HOST_P256,
	  .edits = { PLUS(SIGNATURE_ALGORITHMS_CERT, "\0\2\x2a\x2a") } },
	{ "named-authority", A, AUTH_HOST_P384_BY_RSA, .edits = { NAMED_RSA } },
	{ "unknown-authority", A, AUTH_HOST_P256, .edits = { NAMED_OTHER } },
	{ "named-but-not-checkable", A, AUTH_HOST_P256,
	  .edits = { NAMED_RSA, PLUS(SIGNATURE_ALGORITHMS_CERT, "\0\2\4\3") } },
	{ "authority-of-the-only-one", "c.creds.test", AUTH_HOST_WILD, .edits = { NAMED_RSA } },

	/* RFC 5246 7.4.2, RFC 8422 5.3 */
	{ "suites-of-rsa", A, AUTH_HOST_RSA_BY_RSA, .only = SSA_TLS12,
	  .suites = { SSA_SUITE_ECDHE_RSA_WITH_AES_128_GCM_SHA256 } },
	{ "suites-of-ecdsa", A, AUTH_HOST_P256, .only = SSA_TLS12,
	  .suites = { SSA_SUITE_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 } },
	{ "suites-of-ecdsa-for-rsa", "b.creds.test", NO_CERT, .only = SSA_TLS12,
	  .suites = { SSA_SUITE_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 },
	  .reason = SSA_R_NO_SUITE },
	{ "curve-of-the-client", A, AUTH_HOST_P384_BY_RSA, .only = SSA_TLS12,
	  .sigalgs = { SSA_SIG_ECDSA_SECP256R1_SHA256, SSA_SIG_ECDSA_SECP384R1_SHA384,
		       SSA_SIG_RSA_PKCS1_SHA256 },
	  .groups = { SSA_GROUP_X25519, SSA_GROUP_SECP384R1 } },
	{ "no-curve-of-the-client", "c.creds.test", NO_CERT, .only = SSA_TLS12,
	  .groups = { SSA_GROUP_X25519 }, .reason = SSA_R_NO_SUITE },
	/* in TLS 1.3 the group is for the key exchange alone */
	{ "curve-is-not-asked", "c.creds.test", AUTH_HOST_WILD, .only = SSA_TLS13,
	  .groups = { SSA_GROUP_X25519 } },
};

KUNIT_ARRAY_PARAM_DESC(host, host_cases, name);

static void edit_hello(struct kunit *test, struct ssa_buf *msg, const void *arg)
{
	const struct host_case *c = arg;

	edit_message(test, msg, c->edits);
}

static void set_list(u16 *list, u32 max, const u16 values[3])
{
	if (!values[0])
		return;
	memset(list, 0, max * sizeof(*list));
	memcpy(list, values, 3 * sizeof(*list));
}

static struct pair *host_pair(struct kunit *test, const struct host_case *c, u16 version)
{
	struct pair *p = pair_new(test, PAIR_P256);

	pair_versions(p, version, version);
	p->client_cfg.name = c->host;
	p->client_cfg.store = auth_store(test, AUTH_CA_BOTH);
	p->server_cfg.creds = auth_set(test, hosts, ARRAY_SIZE(hosts));
	set_list(p->client_cfg.sigalgs, SSA_SIGALGS_MAX, c->sigalgs);
	set_list(p->server_cfg.sigalgs, SSA_SIGALGS_MAX, c->ours);
	set_list(p->client_cfg.groups, SSA_GROUPS_MAX, c->groups);
	set_list(p->client_cfg.suites, SSA_SUITES_MAX, c->suites);
	pair_start(test, p);
	return p;
}

static void server_chooses(struct kunit *test)
{
	static const u16 versions[] = { SSA_TLS12, SSA_TLS13 };
	const struct host_case *c = test->param_value;
	struct relay *r;
	struct pair *p;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		if (c->only && c->only != versions[i])
			continue;
		p = host_pair(test, c, versions[i]);
		r = relay_new(test);
		if (c->edits[0].op) {
			r->type = SSA_HT_CLIENT_HELLO;
			r->change = edit_hello;
			r->arg = c;
		}
		relay_flight(test, r, p->client, p->server);
		KUNIT_EXPECT_EQ(test, r->changed, c->edits[0].op ? 1 : 0);
		expect_shown(test, p->server->cred, c->cert);
		if (c->cert == NO_CERT) {
			expect_failure(test, p->server, c->reason, NULL);
			continue;
		}
		KUNIT_EXPECT_EQ(test, ssa_hs_reason(p->server), SSA_R_NONE);
		/* what is changed on the way cannot end */
		if (c->edits[0].op || c->cert == AUTH_HOST_FIRST)
			continue;
		pair_run(test, p, NULL, NULL);
		pair_expect_done(test, p);
		auth_expect_peer(test, p->client, auth_cred(test, c->cert));
	}
}

/**
 * struct answer_case - does the server say that it has used the name? (RFC 6066 3)
 * @name: of the case
 * @host: of the client
 * @only: a version, 0: both
 * @ignored: by the server
 * @edits: of the ClientHello
 * @answered: it does
 */
struct answer_case {
	const char *name;
	const char *host;
	u16 only;
	u32 ignored;
	bool answered;
	struct edit edits[EDITS_MAX];
};

static const struct answer_case answer_cases[] = {
	{ "known", A, .answered = true },
	{ "known-by-wildcard", "c.creds.test", .answered = true },
	{ "unknown", "unknown.test", .answered = true },
	{ "none", "192.0.2.1" },
	{ "ignored", A, .ignored = SSA_OPTIONAL_SERVER_NAME },
	/* a ServerHello of TLS 1.2 can be read, whatever the client thinks it has said */
	{ "unknown-changed", A, SSA_TLS12, .answered = true,
	  .edits = { WITH(SERVER_NAME, "\0\4\0\0\1a") } },
	{ "of-no-host", A, SSA_TLS12, .edits = { WITH(SERVER_NAME, "\0\6\0\0\3a:1") } },
	{ "of-another-type", A, SSA_TLS12, .edits = { WITH(SERVER_NAME, "\0\4\1\0\1a") } },
};

KUNIT_ARRAY_PARAM_DESC(answer, answer_cases, name);

static void edit_answer(struct kunit *test, struct ssa_buf *msg, const void *arg)
{
	const struct answer_case *c = arg;

	edit_message(test, msg, c->edits);
}

static void expect_answer(struct kunit *test, struct ssa_buf *msg, const void *arg)
{
	const struct answer_case *c = arg;
	u32 off = msg_ext_find(test, msg, SSA_XT_SERVER_NAME);

	KUNIT_ASSERT_EQ(test, !!off, c->answered);
	if (off)
		KUNIT_EXPECT_EQ(test, get_unaligned_be16(msg->data + off + 2), 0);
}

static void used_name_is_acknowledged(struct kunit *test)
{
	static const u16 versions[] = { SSA_TLS12, SSA_TLS13 };
	const struct answer_case *c = test->param_value;
	const struct host_case host = { .host = c->host };
	struct relay *up, *down;
	struct pair *p;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		if (c->only && c->only != versions[i])
			continue;
		p = host_pair(test, &host, versions[i]);
		p->server_cfg.ignored = c->ignored;
		pair_start(test, p);
		up = relay_new(test);
		down = relay_new(test);
		up->arg = c;
		up->change = edit_answer;
		up->type = c->edits[0].op ? SSA_HT_CLIENT_HELLO : -1;
		down->arg = c;
		down->change = expect_answer;
		down->type = versions[i] == SSA_TLS12 ? SSA_HT_SERVER_HELLO :
							SSA_HT_ENCRYPTED_EXTENSIONS;
		relay_flight(test, up, p->client, p->server);
		relay_flight(test, down, p->server, p->client);
		KUNIT_EXPECT_EQ(test, down->changed, 1);
	}
}

/* 4.1.4: the second ClientHello asks for the same, so the choice stays. */
static void choice_outlives_hello_retry(struct kunit *test)
{
	static const struct host_case cases[] = {
		{ "ed25519", A, AUTH_HOST_ED25519,
		  { SSA_SIG_ED25519, SSA_SIG_ECDSA_SECP256R1_SHA256 }, { SSA_SIG_ED25519 } },
		{ "wildcard", "c.creds.test", AUTH_HOST_WILD },
		{ "rsa", "b.creds.test", AUTH_HOST_RSA_BY_RSA },
	};
	const struct ssa_credentials *cred;
	struct pair *p;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		p = host_pair(test, &cases[i], SSA_TLS13);
		pair_only_group(&p->server_cfg, SSA_GROUP_SECP384R1);
		pair_start(test, p);
		relay_flight(test, NULL, p->client, p->server);
		KUNIT_EXPECT_EQ(test, p->server->state, SSA_ST_SERVER_WAIT_CH2);
		cred = p->server->cred;
		expect_shown(test, cred, cases[i].cert);
		pair_run(test, p, NULL, NULL);
		KUNIT_EXPECT_PTR_EQ(test, p->server->cred, cred);
		pair_expect_done(test, p);
		auth_expect_peer(test, p->client, auth_cred(test, cases[i].cert));
	}
}

/* ... and a client that changes its mind is refused. */
static void other_name_after_hello_retry(struct kunit *test)
{
	static const struct host_case c = {
		"other", A, .edits = { WITH(SERVER_NAME, "\0\x0f\0\0\x0c\x62.creds.test") }
	};
	struct pair *p = host_pair(test, &c, SSA_TLS13);
	struct relay *r = relay_new(test);

	pair_only_group(&p->server_cfg, SSA_GROUP_SECP384R1);
	pair_start(test, p);
	relay_flight(test, NULL, p->client, p->server);
	relay_flight(test, NULL, p->server, p->client);
	r->type = SSA_HT_CLIENT_HELLO;
	r->change = edit_hello;
	r->arg = &c;
	relay_flight(test, r, p->client, p->server);
	KUNIT_EXPECT_EQ(test, r->changed, 1);
	expect_failure(test, p->server, SSA_R_BAD_HELLO_RETRY, NULL);
}

static void server_without_credentials_does_not_start(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);
	struct ssa_hs *hs;

	p->server_cfg.creds = NULL;
	hs = ssa_hs_new(&p->server_cfg);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, hs);
	KUNIT_EXPECT_EQ(test, ssa_hs_start(hs), SSA_FAILED);
	KUNIT_EXPECT_EQ(test, ssa_hs_reason(hs), SSA_R_NO_CREDENTIAL);
	ssa_hs_free(hs);
}

/* ------------------------------------------------------------------- client */

struct client_case {
	const char *name;
	enum auth_cert has[CERTS_MAX];
	u32 count;
	enum auth_ca ca;		/* that the server names */
	enum auth_cert cert;
	u16 sigalgs[3];			/* of the server, 0: the defaults */
	u16 only;			/* a version, 0: both */
};

static const struct client_case client_cases[] = {
	{ "nothing", { }, 0, AUTH_CA_EC, NO_CERT },
	{ "the-only-one", { AUTH_CLIENT_RSA }, 1, AUTH_CA_EC, AUTH_CLIENT_RSA },
	{ "best-of-two", { AUTH_CLIENT_RSA, AUTH_CLIENT_P384 }, 2, AUTH_CA_EC, AUTH_CLIENT_P384 },
	{ "other-authority", { AUTH_CLIENT_P256 }, 1, AUTH_CA_RSA, NO_CERT },
	{ "of-that-authority", { AUTH_CLIENT_P256, AUTH_CLIENT_RSA_BY_RSA }, 2, AUTH_CA_RSA,
	  AUTH_CLIENT_RSA_BY_RSA },
	{ "of-either-authority", { AUTH_CLIENT_P256, AUTH_CLIENT_RSA_BY_RSA }, 2, AUTH_CA_BOTH,
	  AUTH_CLIENT_P256 },
	/* the same list holds for certificates, and those are signed by ECDSA */
	{ "sigalg-of-rsa-alone", { AUTH_CLIENT_P256, AUTH_CLIENT_RSA }, 2, AUTH_CA_EC, NO_CERT,
	  { SSA_SIG_RSA_PSS_RSAE_SHA256 } },
	{ "sigalg-for-both", { AUTH_CLIENT_ED25519, AUTH_CLIENT_RSA_BY_RSA }, 2, AUTH_CA_BOTH,
	  AUTH_CLIENT_RSA_BY_RSA, { SSA_SIG_RSA_PSS_RSAE_SHA256, SSA_SIG_RSA_PKCS1_SHA256 } },
	{ "no-sigalg", { AUTH_CLIENT_P384, AUTH_CLIENT_ED25519 }, 2, AUTH_CA_EC, NO_CERT,
	  { SSA_SIG_RSA_PSS_RSAE_SHA256 } },
	{ "other-hash-of-tls-1.2", { AUTH_CLIENT_P384 }, 1, AUTH_CA_EC, AUTH_CLIENT_P384,
	  { SSA_SIG_ECDSA_SECP256R1_SHA256, SSA_SIG_RSA_PSS_RSAE_SHA256 }, SSA_TLS12 },
	{ "other-curve-of-tls-1.3", { AUTH_CLIENT_P384 }, 1, AUTH_CA_EC, NO_CERT,
	  { SSA_SIG_ECDSA_SECP256R1_SHA256, SSA_SIG_RSA_PSS_RSAE_SHA256 }, SSA_TLS13 },
};

KUNIT_ARRAY_PARAM_DESC(client, client_cases, name);

static void client_chooses(struct kunit *test)
{
	static const u16 versions[] = { SSA_TLS12, SSA_TLS13 };
	const struct client_case *c = test->param_value;
	struct pair *p;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		if (c->only && c->only != versions[i])
			continue;
		p = pair_new(test, PAIR_RSA);
		pair_versions(p, versions[i], versions[i]);
		p->server_cfg.peer_auth = SSA_PEER_AUTH_OPTIONAL;
		p->server_cfg.extra = auth_store(test, c->ca);
		set_list(p->server_cfg.sigalgs, SSA_SIGALGS_MAX, c->sigalgs);
		if (c->count)
			p->client_cfg.creds = auth_set(test, c->has, c->count);
		pair_start(test, p);
		pair_run(test, p, NULL, NULL);
		expect_shown(test, p->client->cred, c->cert);
		pair_expect_done(test, p);
		if (c->cert == NO_CERT)
			KUNIT_EXPECT_NULL(test, ssa_hs_take_peer(p->server));
		else
			auth_expect_peer(test, p->server, auth_cred(test, c->cert));
	}
}

/*
 * 4.4.2.3: of a client the certificates MUST be signed as the server says. It shows none
 * rather than others, although there are servers that would take them.
 */
static void client_keeps_to_the_schemes_of_certificates(struct kunit *test)
{
	static const enum auth_cert has[] = { AUTH_CLIENT_P256, AUTH_CLIENT_RSA_BY_RSA };
	static const struct {
		struct host_case request;
		enum auth_cert cert;
	} cases[] = {
		{ { .edits = { PLUS(SIGNATURE_ALGORITHMS_CERT, "\0\2\4\3") } }, AUTH_CLIENT_P256 },
		{ { .edits = { PLUS(SIGNATURE_ALGORITHMS_CERT, "\0\2\4\1") } },
		  AUTH_CLIENT_RSA_BY_RSA },
		{ { .edits = { PLUS(SIGNATURE_ALGORITHMS_CERT, "\0\4\x08\x07\5\1") } }, NO_CERT },
	};
	struct relay *r;
	struct pair *p;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		p = pair_new(test, PAIR_RSA);
		p->server_cfg.peer_auth = SSA_PEER_AUTH_OPTIONAL;
		p->server_cfg.extra = auth_store(test, AUTH_CA_BOTH);
		p->client_cfg.creds = auth_set(test, has, ARRAY_SIZE(has));
		pair_start(test, p);
		relay_flight(test, NULL, p->client, p->server);
		r = relay_new(test);
		r->type = SSA_HT_CERTIFICATE_REQUEST;
		r->change = edit_hello;
		r->arg = &cases[i].request;
		relay_flight(test, r, p->server, p->client);
		KUNIT_EXPECT_EQ(test, r->changed, 1);
		expect_shown(test, p->client->cred, cases[i].cert);
	}
}

static struct kunit_case engine_creds_cases[] = {
	KUNIT_CASE_PARAM(server_chooses, host_gen_params),
	KUNIT_CASE_PARAM(used_name_is_acknowledged, answer_gen_params),
	KUNIT_CASE(choice_outlives_hello_retry),
	KUNIT_CASE(other_name_after_hello_retry),
	KUNIT_CASE(server_without_credentials_does_not_start),
	KUNIT_CASE_PARAM(client_chooses, client_gen_params),
	KUNIT_CASE(client_keeps_to_the_schemes_of_certificates),
	{}
};

static struct kunit_suite engine_creds_suite = {
	.name = "ssa_engine_creds",
	.test_cases = engine_creds_cases,
};

kunit_test_suite(engine_creds_suite);
