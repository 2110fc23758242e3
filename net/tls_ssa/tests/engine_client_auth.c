// SPDX-License-Identifier: GPL-2.0
/*
 * Clients that show a certificate (RFC 8446 4.3.2, 4.4.2.4; RFC 5246 7.4.4, 7.4.6 and
 * 7.4.8): engine against engine over versions, keys and what the server wants.
 */
#include <linux/bits.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include "engine_auth.h"

#define NO_CERT		AUTH_CERTS

struct shown_case {
	const char *name;
	u16 version;
	enum ssa_peer_auth auth;
	enum auth_cert cert;
	u16 sigalg;			/* of the client, if it is asked and signs */
};

/* Versions and what the server wants are gone through by certificate_is_shown(). */
static const struct shown_case shown_cases[] = {
	{ "nothing", .cert = NO_CERT },
	{ "p256", .cert = AUTH_CLIENT_P256, .sigalg = SSA_SIG_ECDSA_SECP256R1_SHA256 },
	{ "p384", .cert = AUTH_CLIENT_P384, .sigalg = SSA_SIG_ECDSA_SECP384R1_SHA384 },
	{ "p521", .cert = AUTH_CLIENT_P521, .sigalg = SSA_SIG_ECDSA_SECP521R1_SHA512 },
	{ "ed25519", .cert = AUTH_CLIENT_ED25519, .sigalg = SSA_SIG_ED25519 },
	{ "rsa", .cert = AUTH_CLIENT_RSA, .sigalg = SSA_SIG_RSA_PSS_RSAE_SHA256 },
	{ "rsapss", .cert = AUTH_CLIENT_RSA_PSS, .sigalg = SSA_SIG_RSA_PSS_PSS_SHA256 },
};

KUNIT_ARRAY_PARAM_DESC(shown, shown_cases, name);

static const u16 versions[] = { SSA_TLS12, SSA_TLS13 };

static struct pair *shown_pair(struct kunit *test, const struct shown_case *c)
{
	struct pair *p = pair_new(test, PAIR_P256);

	pair_versions(p, c->version, c->version);
	if (c->auth)
		auth_ask(test, p, c->auth);
	if (c->cert != NO_CERT)
		auth_show(test, p, c->cert);
	pair_start(test, p);
	return p;
}

static void shown_check(struct kunit *test, struct pair *p, const struct shown_case *c)
{
	struct ssa_hs_result client, server;

	pair_expect_done(test, p);
	ssa_hs_result(p->client, &client);
	ssa_hs_result(p->server, &server);
	KUNIT_EXPECT_EQ(test, client.version, c->version);
	KUNIT_EXPECT_EQ(test, client.sigalg, c->sigalg);
	KUNIT_EXPECT_EQ(test, server.peer_sigalg, c->sigalg);
	KUNIT_EXPECT_EQ(test, server.sigalg, SSA_SIG_ECDSA_SECP256R1_SHA256);
	KUNIT_EXPECT_EQ(test, ssa_hs_held(p->server), 0);
	auth_expect_peer(test, p->client, p->cred);
	if (c->sigalg)
		auth_expect_peer(test, p->server, auth_cred(test, c->cert));
	else
		KUNIT_EXPECT_NULL(test, ssa_hs_take_peer(p->server));
}

static void certificate_is_shown(struct kunit *test)
{
	struct shown_case c = *(const struct shown_case *)test->param_value;
	const u16 sigalg = c.sigalg;
	struct pair *p;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		for (c.auth = SSA_PEER_AUTH_NONE; c.auth <= SSA_PEER_AUTH_REQUIRED; c.auth++) {
			c.version = versions[i];
			c.sigalg = c.auth ? sigalg : 0;
			p = shown_pair(test, &c);
			pair_run(test, p, NULL, NULL);
			if (c.auth < SSA_PEER_AUTH_REQUIRED || c.cert != NO_CERT)
				shown_check(test, p, &c);
			else
				auth_expect_refusal(test, p, c.version == SSA_TLS12 ?
						    SSA_R_CLIENT_CERT_WANTED_TLS12 :
						    SSA_R_CLIENT_CERT_WANTED);
		}
	}
}

/* Every boundary of records inside every message of both sides */
static void records_of_any_size(struct kunit *test)
{
	static const u32 chunks[] = { 1, 2, 7, 100, 1000 };
	struct shown_case c = {
		"cut", .auth = SSA_PEER_AUTH_REQUIRED, .cert = AUTH_CLIENT_ED25519,
		.sigalg = SSA_SIG_ED25519
	};
	struct relay *up, *down;
	struct pair *p;
	u32 i, j;

	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		for (j = 0; j < ARRAY_SIZE(chunks); j++) {
			c.version = versions[i];
			p = shown_pair(test, &c);
			up = relay_new(test);
			down = relay_new(test);
			up->chunk = chunks[j];
			down->chunk = chunks[j];
			pair_run(test, p, up, down);
			shown_check(test, p, &c);
		}
	}
}

static void after_hello_retry(struct kunit *test)
{
	static const struct shown_case c = {
		"retry", SSA_TLS13, SSA_PEER_AUTH_REQUIRED, AUTH_CLIENT_P384,
		SSA_SIG_ECDSA_SECP384R1_SHA384
	};
	struct pair *p = shown_pair(test, &c);

	pair_only_group(&p->server_cfg, SSA_GROUP_SECP384R1);
	pair_start(test, p);
	pair_run(test, p, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, p->client->hello_retry);
	shown_check(test, p, &c);
}

/* Under each hash of the suites */
static void with_every_suite(struct kunit *test)
{
	static const struct shown_case c = {
		"suite", SSA_TLS12, SSA_PEER_AUTH_REQUIRED, AUTH_CLIENT_RSA,
		SSA_SIG_RSA_PSS_RSAE_SHA256
	};
	struct pair *p;
	u32 i;

	for (i = 0; i < SSA_SUITES_MAX && ssa_default_suites[i]; i++) {
		const struct ssa_suite *suite = ssa_suite_find(ssa_default_suites[i]);
		struct shown_case each = c;

		if (suite->auth == SSA_AUTH_RSA)
			continue;
		each.version = suite->version;
		p = shown_pair(test, &each);
		memset(p->server_cfg.suites, 0, sizeof(p->server_cfg.suites));
		p->server_cfg.suites[0] = suite->id;
		pair_start(test, p);
		pair_run(test, p, NULL, NULL);
		shown_check(test, p, &each);
	}
}

/* ------------------------------------------------------------ the judgement */

struct judged_case {
	const char *name;
	enum auth_cert cert;
	enum auth_ca ca;
	s64 later;		/* seconds after the time of the tests */
	enum ssa_reason reason;
};

static const struct judged_case judged_cases[] = {
	{ "good", AUTH_CLIENT_P256, AUTH_CA_EC, 0, SSA_R_NONE },
	{ "one-of-two-authorities", AUTH_CLIENT_RSA_BY_RSA, AUTH_CA_BOTH, 0, SSA_R_NONE },
	{ "other-authority", AUTH_CLIENT_P256, AUTH_CA_RSA, 0, SSA_R_CERT_UNKNOWN_CA },
	{ "expired", AUTH_CLIENT_P256, AUTH_CA_EC, 100LL * 365 * 86400, SSA_R_CERT_EXPIRED },
	{ "for-servers", AUTH_HOST_P256, AUTH_CA_EC, 0, SSA_R_CERT_EXT_KEY_USAGE },
	/* good by the system's anchors, which are for servers */
	{ "of-the-system", AUTH_SERVER_TEST, AUTH_CA_EC, 0, SSA_R_CERT_UNKNOWN_CA },
};

KUNIT_ARRAY_PARAM_DESC(judged, judged_cases, name);

/*
 * The request names authorities that the certificate is by, or the client would not show
 * it; it is judged by others.
 */
static void certificate_is_judged(struct kunit *test)
{
	const struct judged_case *c = test->param_value;
	u32 i, auth;

	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		for (auth = SSA_PEER_AUTH_OPTIONAL; auth <= SSA_PEER_AUTH_REQUIRED; auth++) {
			struct pair *p = pair_new(test, PAIR_P256);

			pair_versions(p, versions[i], versions[i]);
			auth_show(test, p, c->cert);
			p->server_cfg.peer_auth = auth;
			p->server_cfg.extra = c->cert == AUTH_SERVER_TEST ? p->roots :
					      auth_store(test, AUTH_CA_BOTH);
			pair_start(test, p);
			relay_flight(test, NULL, p->client, p->server);
			relay_flight(test, NULL, p->server, p->client);
			KUNIT_EXPECT_NOT_NULL(test, p->client->cred);
			p->server->cfg.extra = auth_store(test, c->ca);
			p->server->cfg.now += c->later;
			pair_run(test, p, NULL, NULL);
			if (c->reason)
				auth_expect_refusal(test, p, c->reason);
			else
				pair_expect_done(test, p);
		}
	}
}

static void server_without_authorities_does_not_start(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);
	struct ssa_hs *hs;

	p->server_cfg.peer_auth = SSA_PEER_AUTH_REQUIRED + 1;
	p->server_cfg.extra = p->roots;
	KUNIT_EXPECT_EQ(test, PTR_ERR(ssa_hs_new(&p->server_cfg)), -EINVAL);

	p->server_cfg.peer_auth = SSA_PEER_AUTH_OPTIONAL;
	p->server_cfg.extra = NULL;
	hs = ssa_hs_new(&p->server_cfg);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, hs);
	KUNIT_EXPECT_EQ(test, ssa_hs_start(hs), SSA_FAILED);
	KUNIT_EXPECT_EQ(test, ssa_hs_reason(hs), SSA_R_NO_TRUST_STORE);
	ssa_hs_free(hs);
}

/* -------------------------------------------------------------- the request */

static void keep_message(struct kunit *test, struct ssa_buf *msg, const void *arg)
{
	struct ssa_buf *kept = (struct ssa_buf *)arg;

	KUNIT_ASSERT_EQ(test, ssa_buf_append(kept, msg->data, msg->len, SSA_FLIGHT_MAX), 0);
}

static void free_message(void *msg)
{
	ssa_buf_free(msg);
}

/* The CertificateRequest of the server */
static struct ssa_buf *take_request(struct kunit *test, struct pair *p)
{
	struct ssa_buf *msg = kunit_kzalloc(test, sizeof(*msg), GFP_KERNEL);
	struct relay *r = relay_new(test);

	KUNIT_ASSERT_NOT_NULL(test, msg);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_message, msg), 0);
	r->type = SSA_HT_CERTIFICATE_REQUEST;
	r->change = keep_message;
	r->arg = msg;
	pair_start(test, p);
	relay_flight(test, NULL, p->client, p->server);
	relay_flight(test, r, p->server, p->client);
	KUNIT_EXPECT_EQ(test, r->changed, 1);
	KUNIT_ASSERT_GT(test, msg->len, SSA_HS_HEADER_LEN);
	return msg;
}

/* Takes @schemes off the front of @r, a list of them. */
static void expect_schemes(struct kunit *test, struct ssa_reader *r, const u16 *schemes)
{
	struct ssa_reader list;
	u16 scheme;

	KUNIT_ASSERT_TRUE(test, ssa_read_vec16(r, &list, 2, 0xfffe));
	for (; *schemes; schemes++) {
		KUNIT_ASSERT_TRUE(test, ssa_read_u16(&list, &scheme));
		KUNIT_EXPECT_EQ(test, scheme, *schemes);
	}
	KUNIT_EXPECT_TRUE(test, ssa_reader_done(&list));
}

/* One Name, that of the authority EC: O=SSA Test, CN=Authority EC */
static void expect_authority(struct kunit *test, struct ssa_reader *r)
{
	struct ssa_reader list, name;

	KUNIT_ASSERT_TRUE(test, ssa_read_vec16(r, &list, 3, 0xffff) &&
			  ssa_read_vec16(&list, &name, 1, 0xffff) && ssa_reader_done(&list));
	KUNIT_EXPECT_TRUE(test, ssa_dn_is_valid(name.data, name.left));
	KUNIT_ASSERT_GT(test, name.left, 12);
	KUNIT_EXPECT_MEMEQ(test, name.data + name.left - 12, "Authority EC", 12);
}

/* 4.3.2: no context; what we verify, and who may have certified it */
static void request_is_well_formed(struct kunit *test)
{
	const u16 one[] = { SSA_SIG_RSA_PSS_RSAE_SHA256, 0 };
	struct pair *p = pair_new(test, PAIR_RSA);
	struct ssa_reader r, context, list;
	struct ssa_exts exts;
	struct ssa_buf *msg;
	u32 i;

	auth_ask(test, p, SSA_PEER_AUTH_OPTIONAL);
	for (i = 0; i < 2; i++) {
		msg = take_request(test, p);
		ssa_reader_init(&r, msg->data + SSA_HS_HEADER_LEN, msg->len - SSA_HS_HEADER_LEN);
		KUNIT_ASSERT_TRUE(test, ssa_read_vec8(&r, &context, 0, 255) &&
				  ssa_read_vec16(&r, &list, 2, 0xffff) && ssa_reader_done(&r));
		KUNIT_EXPECT_EQ(test, context.left, 0);
		KUNIT_ASSERT_EQ(test, ssa_exts_parse(list, &exts), SSA_R_NONE);
		KUNIT_EXPECT_FALSE(test, exts.unknown);
		KUNIT_EXPECT_EQ(test, exts.present, BIT(SSA_EXT_SIGNATURE_ALGORITHMS) |
				BIT(SSA_EXT_CERTIFICATE_AUTHORITIES));
		r = exts.body[SSA_EXT_SIGNATURE_ALGORITHMS];
		expect_schemes(test, &r, i ? one : ssa_default_sigalgs);
		KUNIT_EXPECT_TRUE(test, ssa_reader_done(&r));
		r = exts.body[SSA_EXT_CERTIFICATE_AUTHORITIES];
		expect_authority(test, &r);
		KUNIT_EXPECT_TRUE(test, ssa_reader_done(&r));
		/* for certificates, too: nothing is said about them apart */
		memset(p->server_cfg.sigalgs, 0, sizeof(p->server_cfg.sigalgs));
		p->server_cfg.sigalgs[0] = one[0];
	}
}

/* RFC 5246 7.4.4: the types of keys that our schemes are for */
static void request12_is_well_formed(struct kunit *test)
{
	static const struct {
		u16 sigalgs[3];
		u8 types[3];
	} cases[] = {
		{ { SSA_SIG_RSA_PSS_RSAE_SHA256, SSA_SIG_ECDSA_SECP384R1_SHA384 }, { 1, 64 } },
		{ { SSA_SIG_RSA_PKCS1_SHA256 }, { 1 } },
		{ { SSA_SIG_ED25519, SSA_SIG_RSA_PKCS1_SHA256 }, { 1, 64 } },
	};
	struct ssa_reader r, types;
	struct ssa_buf *msg;
	struct pair *p;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		p = pair_new(test, PAIR_RSA);
		pair_versions(p, SSA_TLS12, SSA_TLS12);
		auth_ask(test, p, SSA_PEER_AUTH_OPTIONAL);
		memset(p->server_cfg.sigalgs, 0, sizeof(p->server_cfg.sigalgs));
		memcpy(p->server_cfg.sigalgs, cases[i].sigalgs, sizeof(cases[i].sigalgs));
		msg = take_request(test, p);
		ssa_reader_init(&r, msg->data + SSA_HS_HEADER_LEN, msg->len - SSA_HS_HEADER_LEN);
		KUNIT_ASSERT_TRUE(test, ssa_read_vec8(&r, &types, 1, 255));
		KUNIT_EXPECT_EQ(test, types.left, strlen(cases[i].types));
		KUNIT_EXPECT_MEMEQ(test, types.data, cases[i].types, types.left);
		expect_schemes(test, &r, cases[i].sigalgs);
		expect_authority(test, &r);
		KUNIT_EXPECT_TRUE(test, ssa_reader_done(&r));
	}
}

/* -------------------------------------------------------------- what is held */

/* Messages that CertificateVerify has to sign are kept no longer than to it. */
static void held_until_the_key_has_signed(struct kunit *test)
{
	static const struct shown_case c = {
		"held", SSA_TLS12, SSA_PEER_AUTH_OPTIONAL, AUTH_CLIENT_P256,
		SSA_SIG_ECDSA_SECP256R1_SHA256
	};
	struct shown_case nobody = c;
	struct pair *p = shown_pair(test, &c);
	const u8 *out;
	size_t size;
	u32 len;

	relay_flight(test, NULL, p->client, p->server);
	KUNIT_EXPECT_GT(test, ssa_hs_held(p->server), 500);
	relay_flight(test, NULL, p->server, p->client);
	/* the client has said all it has to */
	KUNIT_EXPECT_EQ(test, ssa_hs_held(p->client), 0);
	/* Certificate, ClientKeyExchange and CertificateVerify are in one record */
	out = ssa_hs_output(p->client, &size);
	len = SSA_RECORD_HEADER_LEN + get_unaligned_be16(out + 3);
	KUNIT_ASSERT_LT(test, len, size);
	feed(test, p->server, out, len);
	KUNIT_EXPECT_EQ(test, p->server->state, SSA_ST_SERVER12_WAIT_CCS);
	KUNIT_EXPECT_EQ(test, ssa_hs_held(p->server), 0);
	ssa_hs_output_done(p->client, len);
	pair_run(test, p, NULL, NULL);
	shown_check(test, p, &c);

	/* who is not asked, or shows nothing, makes nobody keep anything */
	nobody.cert = NO_CERT;
	p = shown_pair(test, &nobody);
	relay_flight(test, NULL, p->client, p->server);
	relay_flight(test, NULL, p->server, p->client);
	KUNIT_EXPECT_EQ(test, ssa_hs_held(p->client), 0);
	relay_flight(test, NULL, p->client, p->server);
	KUNIT_EXPECT_EQ(test, ssa_hs_held(p->server), 0);
	nobody = c;
	nobody.auth = SSA_PEER_AUTH_NONE;
	p = shown_pair(test, &nobody);
	relay_flight(test, NULL, p->client, p->server);
	KUNIT_EXPECT_EQ(test, ssa_hs_held(p->server), 0);
	relay_flight(test, NULL, p->server, p->client);
	KUNIT_EXPECT_EQ(test, ssa_hs_held(p->client), 0);
}

/* The client's Certificate alone, in a record under the keys of the handshake */
static void feed_certificate(struct kunit *test, struct pair *p, struct ssa_credentials *cred)
{
	const struct ssa_chain *chain = ssa_credentials_chain(cred);
	const u8 *secret = p->server->ks.client_handshake_traffic_secret;
	u8 body[] = { 0, 0, 0, 0, 0, 0, 0 }, exts[2] = { 0 };
	struct ssa_record_keys keys = { 0 };
	struct ssa_buf msg = { 0 }, wire = { 0 };
	u8 header[] = { SSA_HT_CERTIFICATE, 0, 0, 0 };
	u32 len = chain->cert[0].len;

	KUNIT_ASSERT_EQ(test, chain->count, 1);
	put_unaligned_be24(len + 9, header + 1);
	put_unaligned_be24(len + 5, body + 1);
	put_unaligned_be24(len, body + 4);
	KUNIT_ASSERT_EQ(test, ssa_buf_append(&msg, header, sizeof(header), SSA_FLIGHT_MAX), 0);
	KUNIT_ASSERT_EQ(test, ssa_buf_append(&msg, body, sizeof(body), SSA_FLIGHT_MAX), 0);
	KUNIT_ASSERT_EQ(test, ssa_buf_append(&msg, chain->cert[0].der, len, SSA_FLIGHT_MAX), 0);
	KUNIT_ASSERT_EQ(test, ssa_buf_append(&msg, exts, sizeof(exts), SSA_FLIGHT_MAX), 0);
	KUNIT_ASSERT_EQ(test, ssa_record_keys_set(&keys, p->server->suite, secret), 0);
	KUNIT_ASSERT_EQ(test, ssa_record_put(&wire, &keys, SSA_CT_HANDSHAKE, SSA_TLS12, msg.data,
					     msg.len), 0);
	feed(test, p->server, wire.data, wire.len);
	ssa_record_keys_clear(&keys);
	ssa_buf_free(&msg);
	ssa_buf_free(&wire);
}

/* A certificate that anybody could show counts until its key has signed. */
static void certificates_count_as_held(struct kunit *test)
{
	static const struct shown_case c = {
		"held", SSA_TLS13, SSA_PEER_AUTH_OPTIONAL, AUTH_CLIENT_P256,
		SSA_SIG_ECDSA_SECP256R1_SHA256
	};
	struct pair *p = shown_pair(test, &c);
	struct ssa_credentials *cred = auth_cred(test, c.cert);

	relay_flight(test, NULL, p->client, p->server);
	KUNIT_EXPECT_EQ(test, ssa_hs_held(p->server), 0);
	relay_flight(test, NULL, p->server, p->client);
	feed_certificate(test, p, cred);
	KUNIT_EXPECT_EQ(test, p->server->state, SSA_ST_SERVER_WAIT_CV);
	KUNIT_EXPECT_GE(test, ssa_hs_held(p->server), ssa_credentials_chain(cred)->cert[0].len);
	KUNIT_EXPECT_NULL(test, ssa_hs_take_peer(p->server));
	ssa_hs_abort(p->server, SSA_R_TIMEOUT);
	KUNIT_EXPECT_EQ(test, ssa_hs_held(p->server), 0);
}

static struct kunit_case engine_client_auth_cases[] = {
	KUNIT_CASE_PARAM(certificate_is_shown, shown_gen_params),
	KUNIT_CASE_PARAM(certificate_is_judged, judged_gen_params),
	KUNIT_CASE(records_of_any_size),
	KUNIT_CASE(after_hello_retry),
	KUNIT_CASE(with_every_suite),
	KUNIT_CASE(server_without_authorities_does_not_start),
	KUNIT_CASE(request_is_well_formed),
	KUNIT_CASE(request12_is_well_formed),
	KUNIT_CASE(held_until_the_key_has_signed),
	KUNIT_CASE(certificates_count_as_held),
	{}
};

static struct kunit_suite engine_client_auth_suite = {
	.name = "ssa_engine_client_auth",
	.test_cases = engine_client_auth_cases,
};

kunit_test_suite(engine_client_auth_suite);
