// SPDX-License-Identifier: GPL-2.0
/*
 * Handshakes with a certificate of the client that fail: one message of a good one is
 * changed on its way, the receiver must name the reason and send its alert.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "engine_auth.h"
#include "engine_edit.h"

struct refuse_auth_case {
	const char *name;
	u8 type;			/* of the message to change */
	enum ssa_reason reason;
	struct edit edits[EDITS_MAX];
	enum auth_cert cert;
	enum ssa_peer_auth auth;	/* none: optional */
};

static void edit_all(struct kunit *test, struct ssa_buf *msg, const void *arg)
{
	const struct refuse_auth_case *c = arg;

	edit_message(test, msg, c->edits);
}

static struct pair *refuse_pair(struct kunit *test, const struct refuse_auth_case *c, u16 version)
{
	struct pair *p = pair_new(test, PAIR_P256);

	pair_versions(p, version, version);
	auth_ask(test, p, c->auth ?: SSA_PEER_AUTH_OPTIONAL);
	auth_show(test, p, c->cert);
	pair_start(test, p);
	return p;
}

static struct relay *refuse_relay(struct kunit *test, const struct refuse_auth_case *c)
{
	struct relay *r = relay_new(test);

	r->type = c->type;
	r->change = edit_all;
	r->arg = c;
	return r;
}

#define CERT	SSA_HT_CERTIFICATE
#define CV	SSA_HT_CERTIFICATE_VERIFY
#define CKE	SSA_HT_CLIENT_KEY_EXCHANGE
#define FIN	SSA_HT_FINISHED
#define CR	SSA_HT_CERTIFICATE_REQUEST

/* ------------------------------------------------------------------- server */

static void server_refuses_in(struct kunit *test, u16 version)
{
	const struct refuse_auth_case *c = test->param_value;
	struct relay *r = refuse_relay(test, c);
	struct pair *p = refuse_pair(test, c, version);

	pair_run(test, p, r, NULL);
	KUNIT_EXPECT_EQ(test, r->changed, 1);
	auth_expect_refusal(test, p, c->reason);
}

#define ENTRY		"\0\0\1\x30\0\0"	/* a certificate of one byte */

static const struct refuse_auth_case server13_cases[] = {
	{ "cert-missing", CERT, SSA_R_UNEXPECTED_MESSAGE, { OP(VANISH) } },
	{ "cert-none-when-required", CERT, SSA_R_CLIENT_CERT_WANTED, { BODY_IS("\0\0\0\0") },
	  .auth = SSA_PEER_AUTH_REQUIRED },
	{ "cert-none-but-signed", CERT, SSA_R_UNEXPECTED_MESSAGE, { BODY_IS("\0\0\0\0") } },
	{ "cert-context", CERT, SSA_R_ILLEGAL_PARAMETER, { SPLICED(4, 1, "\1\0") } },
	{ "cert-body-empty", CERT, SSA_R_DECODE, { BODY_IS("") } },
	{ "cert-cut", CERT, SSA_R_DECODE, { SHORTER(1) } },
	{ "cert-longer", CERT, SSA_R_DECODE, { LONGER("\0") } },
	{ "cert-too-long", CERT, SSA_R_MESSAGE_TOO_LONG, { AT(1, "\2\x10\1") } },
	{ "cert-entry-empty", CERT, SSA_R_DECODE, { BODY_IS("\0\0\0\5\0\0\0\0\0") } },
	{ "cert-entry-cut", CERT, SSA_R_DECODE, { BODY_IS("\0\0\0\4\0\0\1\x30") } },
	{ "cert-status", CERT, SSA_R_UNSOLICITED_EXTENSION,
	  { BODY_IS("\0\0\0\x0a\0\0\1\x30\0\4\0\5\0\0") } },
	{ "cert-sigalgs", CERT, SSA_R_UNSOLICITED_EXTENSION,
	  { BODY_IS("\0\0\0\x0a\0\0\1\x30\0\4\0\x0d\0\0") } },
	{ "cert-malformed", CERT, SSA_R_CERT_MALFORMED, { BODY_IS("\0\0\0\6" ENTRY) } },
	{ "cert-too-many", CERT, SSA_R_CERT_CHAIN_TOO_LONG,
	  { BODY_IS("\0\0\1\x86"), TOO_MANY(ENTRY) } },
	{ "cert-bad-signature", CERT, SSA_R_CERT_SIGNATURE, { OP(FLIP_LEAF) } },
	{ "cert-twice", CERT, SSA_R_UNEXPECTED_MESSAGE, { FOLLOWED("\x0b\0\0\4\0\0\0\0") } },
	{ "cert-is-end-of-early-data", CERT, SSA_R_UNEXPECTED_MESSAGE, { AT(0, "\5") } },
	{ "cert-is-request", CERT, SSA_R_UNEXPECTED_MESSAGE, { AT(0, "\x0d") } },

	{ "cv-missing", CV, SSA_R_UNEXPECTED_MESSAGE, { OP(VANISH) } },
	{ "cv-empty", CV, SSA_R_DECODE, { BODY_IS("") } },
	{ "cv-cut", CV, SSA_R_DECODE, { SHORTER(1) } },
	{ "cv-longer", CV, SSA_R_DECODE, { LONGER("\0") } },
	{ "cv-too-long", CV, SSA_R_MESSAGE_TOO_LONG, { AT(1, "\0\x08\1") } },
	{ "cv-wrong", CV, SSA_R_BAD_CERTIFICATE_VERIFY, { OP(FLIP_LAST) } },
	{ "cv-wrong-ed25519", CV, SSA_R_BAD_CERTIFICATE_VERIFY, { OP(FLIP_LAST) },
	  AUTH_CLIENT_ED25519 },
	{ "cv-wrong-rsa", CV, SSA_R_BAD_CERTIFICATE_VERIFY, { OP(FLIP_LAST) }, AUTH_CLIENT_RSA },
	{ "cv-no-signature", CV, SSA_R_BAD_CERTIFICATE_VERIFY, { BODY_IS("\4\3\0\0") } },
	{ "cv-pkcs1", CV, SSA_R_BAD_SIGALG, { AT(4, "\4\1") }, AUTH_CLIENT_RSA },
	{ "cv-unoffered", CV, SSA_R_BAD_SIGALG, { AT(4, "\x08\x08") } },
	{ "cv-other-key-type", CV, SSA_R_BAD_SIGALG, { AT(4, "\x08\x04") } },
	{ "cv-other-curve", CV, SSA_R_BAD_SIGALG, { AT(4, "\5\3") } },
	{ "cv-sha1", CV, SSA_R_BAD_SIGALG, { AT(4, "\2\3") } },
	{ "cv-twice", CV, SSA_R_UNEXPECTED_MESSAGE, { FOLLOWED("\x0f\0\0\4\4\3\0\0") } },

	{ "finished-wrong", FIN, SSA_R_BAD_FINISHED, { OP(FLIP_LAST) } },
	{ "finished-followed", FIN, SSA_R_EXCESS_DATA, { FOLLOWED("\x0b") } },
};

KUNIT_ARRAY_PARAM_DESC(server13, server13_cases, name);

static void server13_refuses(struct kunit *test)
{
	server_refuses_in(test, SSA_TLS13);
}

#undef ENTRY
#define ENTRY		"\0\0\1\x30"

static const struct refuse_auth_case server12_cases[] = {
	{ "cert-missing", CERT, SSA_R_UNEXPECTED_MESSAGE, { OP(VANISH) } },
	{ "cert-none-when-required", CERT, SSA_R_CLIENT_CERT_WANTED_TLS12, { BODY_IS("\0\0\0") },
	  .auth = SSA_PEER_AUTH_REQUIRED },
	/* the keys would change behind ClientKeyExchange */
	{ "cert-none-but-signed", CERT, SSA_R_EXCESS_DATA, { BODY_IS("\0\0\0") } },
	{ "cert-body-empty", CERT, SSA_R_DECODE, { BODY_IS("") } },
	{ "cert-cut", CERT, SSA_R_DECODE, { SHORTER(1) } },
	{ "cert-longer", CERT, SSA_R_DECODE, { LONGER("\0") } },
	{ "cert-too-long", CERT, SSA_R_MESSAGE_TOO_LONG, { AT(1, "\2\x10\1") } },
	{ "cert-entry-empty", CERT, SSA_R_DECODE, { BODY_IS("\0\0\3\0\0\0") } },
	{ "cert-entry-cut", CERT, SSA_R_DECODE, { BODY_IS("\0\0\4\0\0\2\x30") } },
	{ "cert-malformed", CERT, SSA_R_CERT_MALFORMED, { BODY_IS("\0\0\4" ENTRY) } },
	{ "cert-too-many", CERT, SSA_R_CERT_CHAIN_TOO_LONG,
	  { BODY_IS("\0\1\x04"), TOO_MANY(ENTRY) } },
	{ "cert-bad-signature", CERT, SSA_R_CERT_SIGNATURE, { OP(FLIP_LEAF12) } },
	{ "cert-twice", CERT, SSA_R_UNEXPECTED_MESSAGE, { FOLLOWED("\x0b\0\0\3\0\0\0") } },
	{ "cert-is-client-hello", CERT, SSA_R_UNEXPECTED_MESSAGE, { AT(0, "\1") } },

	{ "cke-missing", CKE, SSA_R_UNEXPECTED_MESSAGE, { OP(VANISH) } },
	{ "cke-cut", CKE, SSA_R_DECODE, { SHORTER(1) } },
	{ "cke-twice", CKE, SSA_R_UNEXPECTED_MESSAGE, { FOLLOWED("\x10\0\0\1\0") } },

	{ "cv-missing", CV, SSA_R_BAD_CCS, { OP(VANISH) } },
	{ "cv-empty", CV, SSA_R_DECODE, { BODY_IS("") } },
	{ "cv-of-tls-1.1", CV, SSA_R_DECODE, { BODY_IS("\0\4\1\2\3\4") } },
	{ "cv-cut", CV, SSA_R_DECODE, { SHORTER(1) } },
	{ "cv-longer", CV, SSA_R_DECODE, { LONGER("\0") } },
	{ "cv-too-long", CV, SSA_R_MESSAGE_TOO_LONG, { AT(1, "\0\x08\1") } },
	{ "cv-wrong", CV, SSA_R_BAD_CERTIFICATE_VERIFY, { OP(FLIP_LAST) } },
	{ "cv-wrong-ed25519", CV, SSA_R_BAD_CERTIFICATE_VERIFY, { OP(FLIP_LAST) },
	  AUTH_CLIENT_ED25519 },
	{ "cv-wrong-rsa", CV, SSA_R_BAD_CERTIFICATE_VERIFY, { OP(FLIP_LAST) }, AUTH_CLIENT_RSA },
	{ "cv-no-signature", CV, SSA_R_BAD_CERTIFICATE_VERIFY, { BODY_IS("\4\3\0\0") } },
	/* any hash goes with any curve, but it was another one */
	{ "cv-other-hash", CV, SSA_R_BAD_CERTIFICATE_VERIFY, { AT(4, "\5\3") } },
	{ "cv-pkcs1-is-pss", CV, SSA_R_BAD_CERTIFICATE_VERIFY, { AT(4, "\4\1") },
	  AUTH_CLIENT_RSA },
	{ "cv-unoffered", CV, SSA_R_BAD_SIGALG, { AT(4, "\x08\x08") } },
	{ "cv-other-key-type", CV, SSA_R_BAD_SIGALG, { AT(4, "\4\1") } },
	{ "cv-sha1", CV, SSA_R_BAD_SIGALG, { AT(4, "\2\3") } },
	{ "cv-followed", CV, SSA_R_EXCESS_DATA, { FOLLOWED("\x14") } },

	{ "finished-wrong", FIN, SSA_R_BAD_FINISHED, { OP(FLIP_LAST) } },
};

KUNIT_ARRAY_PARAM_DESC(server12, server12_cases, name);

static void server12_refuses(struct kunit *test)
{
	server_refuses_in(test, SSA_TLS12);
}

/*
 * Somebody else's certificate, which is good, and a signature of his own: what is
 * verified is that they belong together.
 */
static void certificate_of_another_is_no_use(struct kunit *test)
{
	static const struct refuse_auth_case c = { .cert = AUTH_CLIENT_RSA };
	static const u16 versions[] = { SSA_TLS12, SSA_TLS13 };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		struct pair *p = refuse_pair(test, &c, versions[i]), *other;

		other = refuse_pair(test, &c, versions[i]);
		relay_flight(test, NULL, p->client, p->server);
		relay_flight(test, NULL, p->server, p->client);
		relay_flight(test, NULL, other->client, other->server);
		relay_flight(test, NULL, other->server, other->client);
		/* signed for another handshake */
		if (versions[i] == SSA_TLS12) {
			relay_flight(test, NULL, other->client, p->server);
			expect_failure(test, p->server, SSA_R_BAD_CERTIFICATE_VERIFY, NULL);
		} else {
			/* not even the keys of the records are the same */
			relay_flight(test, NULL, other->client, p->server);
			auth_expect_refusal(test, p, SSA_R_BAD_RECORD_MAC);
		}
	}
}

/* ------------------------------------------------------------------- client */

/*
 * A request that is let pass is seen by what comes of it: the server's signature, or ours
 * in TLS 1.2, is over another one.
 */
static void client_refuses_in(struct kunit *test, u16 version)
{
	const struct refuse_auth_case *c = test->param_value;
	struct relay *r = refuse_relay(test, c);
	struct pair *p = refuse_pair(test, c, version);
	const u8 *secret = p->server->ks.client_handshake_traffic_secret;
	struct ssa_record_keys keys = { 0 };

	pair_run(test, p, NULL, r);
	KUNIT_EXPECT_EQ(test, r->changed, 1);
	if (version == SSA_TLS12 && c->reason == SSA_R_BAD_CERTIFICATE_VERIFY) {
		expect_failure(test, p->server, c->reason, NULL);
		return;
	}
	if (version == SSA_TLS13)
		KUNIT_ASSERT_EQ(test, ssa_record_keys_set(&keys, p->server->suite, secret), 0);
	expect_failure(test, p->client, c->reason, &keys);
	ssa_record_keys_clear(&keys);
}

static const struct refuse_auth_case client13_cases[] = {
	{ "empty", CR, SSA_R_DECODE, { BODY_IS("") } },
	{ "cut", CR, SSA_R_DECODE, { SHORTER(1) } },
	{ "longer", CR, SSA_R_DECODE, { LONGER("\0") } },
	{ "too-long", CR, SSA_R_MESSAGE_TOO_LONG, { AT(1, "\1\0\1") } },
	{ "context", CR, SSA_R_ILLEGAL_PARAMETER, { SPLICED(4, 1, "\1\0") } },
	{ "twice", CR, SSA_R_UNEXPECTED_MESSAGE, { FOLLOWED("\x0d\0\0\3\0\0\0") } },
	{ "no-sigalgs", CR, SSA_R_MISSING_EXTENSION, { LESS(SIGNATURE_ALGORITHMS) } },
	{ "sigalgs-empty", CR, SSA_R_DECODE, { WITH(SIGNATURE_ALGORITHMS, "\0\0") } },
	{ "sigalgs-odd", CR, SSA_R_DECODE, { WITH(SIGNATURE_ALGORITHMS, "\0\3\4\3\4") } },
	{ "sigalgs-longer", CR, SSA_R_DECODE, { WITH(SIGNATURE_ALGORITHMS, "\0\2\4\3\4") } },
	{ "cert-sigalgs-odd", CR, SSA_R_DECODE,
	  { PLUS(SIGNATURE_ALGORITHMS_CERT, "\0\3\4\3\4") } },
	{ "authorities-empty", CR, SSA_R_DECODE, { WITH(CERTIFICATE_AUTHORITIES, "\0\0") } },
	{ "authorities-no-name", CR, SSA_R_DECODE,
	  { WITH(CERTIFICATE_AUTHORITIES, "\0\4\0\2\x31\0") } },
	{ "authorities-cut", CR, SSA_R_DECODE,
	  { WITH(CERTIFICATE_AUTHORITIES, "\0\4\0\3\x30\0") } },
	{ "filters-cut", CR, SSA_R_DECODE, { PLUS(OID_FILTERS, "\0\2\1") } },
	{ "filters-no-oid", CR, SSA_R_DECODE, { PLUS(OID_FILTERS, "\0\3\0\0\0") } },
	{ "filters-values-cut", CR, SSA_R_DECODE, { PLUS(OID_FILTERS, "\0\4\1x\0\1") } },
	{ "filters-longer", CR, SSA_R_DECODE, { PLUS(OID_FILTERS, "\0\0\0") } },
	{ "sigalgs-twice", CR, SSA_R_DUPLICATE_EXTENSION,
	  { PLUS(SIGNATURE_ALGORITHMS, "\0\2\4\3") } },
	{ "server-name", CR, SSA_R_MISPLACED_EXTENSION, { PLUS(SERVER_NAME, "") } },
	{ "filters", CR, SSA_R_BAD_CERTIFICATE_VERIFY,
	  { PLUS(OID_FILTERS, "\0\x0c\3\x55\x1d\x0f\0\0\1x\0\2yz") } },
	{ "unknown", CR, SSA_R_BAD_CERTIFICATE_VERIFY, { RAW("\x4a\x4a\0\0") } },
	{ "status-request", CR, SSA_R_BAD_CERTIFICATE_VERIFY, { PLUS(STATUS_REQUEST, "") } },
};

KUNIT_ARRAY_PARAM_DESC(client13, client13_cases, name);

static void client13_refuses(struct kunit *test)
{
	client_refuses_in(test, SSA_TLS13);
}

static const struct refuse_auth_case client12_cases[] = {
	{ "empty", CR, SSA_R_DECODE, { BODY_IS("") } },
	{ "cut", CR, SSA_R_DECODE, { SHORTER(1) } },
	{ "longer", CR, SSA_R_DECODE, { LONGER("\0") } },
	{ "too-long", CR, SSA_R_MESSAGE_TOO_LONG, { AT(1, "\1\0\1") } },
	{ "twice", CR, SSA_R_UNEXPECTED_MESSAGE,
	  { FOLLOWED("\x0d\0\0\x08\1\x40\0\2\4\3\0\0") } },
	{ "types-none", CR, SSA_R_DECODE, { BODY_IS("\0\0\2\4\3\0\0") } },
	{ "schemes-none", CR, SSA_R_DECODE, { BODY_IS("\1\x40\0\0\0\0") } },
	{ "schemes-odd", CR, SSA_R_DECODE, { BODY_IS("\1\x40\0\3\4\3\4\0\0") } },
	{ "authorities-missing", CR, SSA_R_DECODE, { BODY_IS("\1\x40\0\2\4\3") } },
	{ "authorities-cut", CR, SSA_R_DECODE, { BODY_IS("\1\x40\0\2\4\3\0\4\0\3\x30\0") } },
	{ "authorities-no-name", CR, SSA_R_DECODE,
	  { BODY_IS("\1\x40\0\2\4\3\0\4\0\2\x31\0") } },
	{ "of-tls-1.1", CR, SSA_R_DECODE, { BODY_IS("\1\x40\0\0") } },
	{ "any-authority", CR, SSA_R_BAD_CERTIFICATE_VERIFY,
	  { BODY_IS("\1\x40\0\2\4\3\0\0") } },
	{ "unknown-types", CR, SSA_R_BAD_CERTIFICATE_VERIFY,
	  { BODY_IS("\4\2\x40\x41\x4a\0\2\4\3\0\0") } },
};

KUNIT_ARRAY_PARAM_DESC(client12, client12_cases, name);

static void client12_refuses(struct kunit *test)
{
	client_refuses_in(test, SSA_TLS12);
}

static struct kunit_case engine_refuse_auth_cases[] = {
	KUNIT_CASE_PARAM(server13_refuses, server13_gen_params),
	KUNIT_CASE_PARAM(server12_refuses, server12_gen_params),
	KUNIT_CASE(certificate_of_another_is_no_use),
	KUNIT_CASE_PARAM(client13_refuses, client13_gen_params),
	KUNIT_CASE_PARAM(client12_refuses, client12_gen_params),
	{}
};

static struct kunit_suite engine_refuse_auth_suite = {
	.name = "ssa_engine_refuse_auth",
	.test_cases = engine_refuse_auth_cases,
};

kunit_test_suite(engine_refuse_auth_suite);
