// SPDX-License-Identifier: GPL-2.0
/*
 * Handshakes of TLS 1.2 that fail: one message of a good one is changed on its
 * way, the receiver must name the reason and send its alert.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include "engine_edit.h"

struct refuse12_case {
	const char *name;
	u8 type;			/* of the message to change */
	enum ssa_reason reason;
	struct edit edits[EDITS_MAX];
	enum pair_key key;
	u16 group;			/* the server's only one, 0: the defaults */
};

static void edit_all(struct kunit *test, struct ssa_buf *msg, const void *arg)
{
	const struct refuse12_case *c = arg;

	edit_message(test, msg, c->edits);
}

static struct pair *refuse_pair(struct kunit *test, const struct refuse12_case *c)
{
	struct pair *p = pair_new(test, c->key);

	pair_versions(p, SSA_TLS12, SSA_TLS12);
	if (c->group)
		pair_only_group(&p->server_cfg, c->group);
	pair_start(test, p);
	return p;
}

static struct relay *refuse_relay(struct kunit *test, const struct refuse12_case *c)
{
	struct relay *r = relay_new(test);

	r->type = c->type;
	r->change = edit_all;
	r->arg = c;
	return r;
}

#define CH	SSA_HT_CLIENT_HELLO
#define SH	SSA_HT_SERVER_HELLO
#define CERT	SSA_HT_CERTIFICATE
#define SKE	SSA_HT_SERVER_KEY_EXCHANGE
#define SHD	SSA_HT_SERVER_HELLO_DONE
#define CKE	SSA_HT_CLIENT_KEY_EXCHANGE
#define FIN	SSA_HT_FINISHED

#define Z31	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define Z32	Z31 "\0"

/* ------------------------------------------------------------------- server */

/* Where things stand in our ClientHello of TLS 1.2: its session id is empty. */
#define CH_SID		38
#define CH_SUITES	39
#define CH_SUITES_LEN	12
#define CH_COMPRESSION	(CH_SUITES + 2 + CH_SUITES_LEN)

static const struct refuse12_case server_cases[] = {
	{ "tls-1.1", CH, SSA_R_VERSION, { AT(4, "\3\2") } },
	{ "tls-1.0", CH, SSA_R_VERSION, { AT(4, "\3\1") } },
	{ "ssl-3.0", CH, SSA_R_VERSION, { AT(4, "\3\0") } },
	{ "versions-without-1.2", CH, SSA_R_VERSION,
	  { PLUS(SUPPORTED_VERSIONS, "\4\3\4\3\2") } },
	{ "versions-odd", CH, SSA_R_DECODE, { PLUS(SUPPORTED_VERSIONS, "\3\3\3\3") } },
	{ "session-id-too-long", CH, SSA_R_DECODE, { SPLICED(CH_SID, 1, "\x21\0" Z32) } },
	{ "suites-odd", CH, SSA_R_DECODE, { SPLICED(CH_SUITES, 3, "\0\x0b") } },
	{ "suites-none", CH, SSA_R_DECODE, { SPLICED(CH_SUITES, 2 + CH_SUITES_LEN, "\0\0") } },
	{ "suites-of-tls-1.3", CH, SSA_R_NO_SUITE,
	  { SPLICED(CH_SUITES, 2 + CH_SUITES_LEN, "\0\2\x13\1") } },
	{ "suites-of-rsa", CH, SSA_R_NO_SUITE,
	  { SPLICED(CH_SUITES, 2 + CH_SUITES_LEN, "\0\6\xc0\x2f\xc0\x30\xcc\xa8") } },
	{ "suites-of-ecdsa", CH, SSA_R_NO_SUITE,
	  { SPLICED(CH_SUITES, 2 + CH_SUITES_LEN, "\0\6\xc0\x2b\xc0\x2c\xcc\xa9") }, PAIR_RSA },
	{ "suites-static-rsa", CH, SSA_R_NO_SUITE,
	  { SPLICED(CH_SUITES, 2 + CH_SUITES_LEN, "\0\4\0\x9c\0\x2f") }, PAIR_RSA },
	{ "suites-cbc", CH, SSA_R_NO_SUITE,
	  { SPLICED(CH_SUITES, 2 + CH_SUITES_LEN, "\0\4\xc0\x09\xc0\x13") } },
	{ "compression-none", CH, SSA_R_DECODE, { SPLICED(CH_COMPRESSION, 2, "\0") } },
	{ "compression-deflate-only", CH, SSA_R_ILLEGAL_PARAMETER,
	  { SPLICED(CH_COMPRESSION, 2, "\1\1") } },
	{ "extensions-cut", CH, SSA_R_DECODE, { SHORTER(1) } },
	{ "extensions-longer", CH, SSA_R_DECODE, { LONGER("\0") } },
	{ "extension-twice", CH, SSA_R_DUPLICATE_EXTENSION, { PLUS(EXTENDED_MASTER_SECRET, "") } },
	{ "unknown-twice", CH, SSA_R_DUPLICATE_EXTENSION,
	  { RAW("\x4a\x4a\0\0\x4a\x4a\0\0") } },
	{ "no-ems", CH, SSA_R_NO_EXTENDED_MASTER_SECRET, { LESS(EXTENDED_MASTER_SECRET) } },
	{ "ems-not-empty", CH, SSA_R_DECODE, { WITH(EXTENDED_MASTER_SECRET, "\0") } },
	{ "renegotiation-not-first", CH, SSA_R_RENEGOTIATION_INFO,
	  { WITH(RENEGOTIATION_INFO, "\x0cverify_data!") } },
	{ "renegotiation-empty", CH, SSA_R_DECODE, { WITH(RENEGOTIATION_INFO, "") } },
	{ "renegotiation-longer", CH, SSA_R_DECODE, { WITH(RENEGOTIATION_INFO, "\0\0") } },
	{ "point-formats-empty", CH, SSA_R_DECODE, { WITH(EC_POINT_FORMATS, "\0") } },
	{ "point-formats-longer", CH, SSA_R_DECODE, { WITH(EC_POINT_FORMATS, "\1\0\0") } },
	{ "point-formats-compressed", CH, SSA_R_ILLEGAL_PARAMETER,
	  { WITH(EC_POINT_FORMATS, "\2\1\2") } },
	{ "groups-unknown", CH, SSA_R_NO_GROUP, { WITH(SUPPORTED_GROUPS, "\0\4\0\x19\1\0") } },
	{ "groups-odd", CH, SSA_R_DECODE, { WITH(SUPPORTED_GROUPS, "\0\3\0\x17\0") } },
	{ "groups-empty", CH, SSA_R_DECODE, { WITH(SUPPORTED_GROUPS, "\0\0") } },
	{ "groups-without-p256", CH, SSA_R_NO_GROUP, { LESS(SUPPORTED_GROUPS) }, PAIR_RSA,
	  SSA_GROUP_X25519 },
	{ "sigalgs-missing", CH, SSA_R_NO_SIGALG, { LESS(SIGNATURE_ALGORITHMS) } },
	{ "sigalgs-sha1", CH, SSA_R_NO_SIGALG,
	  { WITH(SIGNATURE_ALGORITHMS, "\0\4\2\3\2\1") } },
	{ "sigalgs-of-rsa", CH, SSA_R_NO_SIGALG,
	  { WITH(SIGNATURE_ALGORITHMS, "\0\4\x08\4\4\1") } },
	{ "sigalgs-odd", CH, SSA_R_DECODE, { WITH(SIGNATURE_ALGORITHMS, "\0\3\4\3\4") } },
	{ "name-not-a-name", CH, SSA_R_ILLEGAL_PARAMETER,
	  { WITH(SERVER_NAME, "\0\4\0\0\1\0") } },
	{ "followed", CH, SSA_R_EXCESS_DATA, { FOLLOWED("\x10\0\0\0") } },
	{ "followed-by-a-byte", CH, SSA_R_EXCESS_DATA, { FOLLOWED("\x10") } },

	{ "cke-missing", CKE, SSA_R_BAD_CCS, { OP(VANISH) } },
	{ "cke-empty", CKE, SSA_R_DECODE, { BODY_IS("") } },
	{ "cke-no-point", CKE, SSA_R_DECODE, { BODY_IS("\0") } },
	{ "cke-cut", CKE, SSA_R_DECODE, { SHORTER(1) } },
	{ "cke-longer", CKE, SSA_R_DECODE, { LONGER("\0") } },
	{ "cke-too-long", CKE, SSA_R_MESSAGE_TOO_LONG, { AT(1, "\0\x08\1") } },
	{ "cke-x25519-zero", CKE, SSA_R_BAD_KEY_SHARE, { BODY_IS("\x20" Z32) } },
	{ "cke-x25519-short", CKE, SSA_R_BAD_KEY_SHARE, { BODY_IS("\x1f" Z31) } },
	{ "cke-x25519-long", CKE, SSA_R_BAD_KEY_SHARE, { BODY_IS("\x21" Z32 "\1") } },
	{ "cke-p256-off-curve", CKE, SSA_R_BAD_KEY_SHARE, { OP(FLIP_LAST) }, PAIR_P256,
	  SSA_GROUP_SECP256R1 },
	{ "cke-p256-compressed", CKE, SSA_R_BAD_KEY_SHARE, { AT(5, "\2") }, PAIR_P256,
	  SSA_GROUP_SECP256R1 },
	{ "cke-p256-infinity", CKE, SSA_R_BAD_KEY_SHARE, { BODY_IS("\1\0") }, PAIR_P256,
	  SSA_GROUP_SECP256R1 },
	{ "cke-p384-off-curve", CKE, SSA_R_BAD_KEY_SHARE, { OP(FLIP_LAST) }, PAIR_P384,
	  SSA_GROUP_SECP384R1 },
	{ "cke-is-certificate", CKE, SSA_R_UNEXPECTED_MESSAGE, { AT(0, "\x0b") } },
	{ "cke-is-certificate-verify", CKE, SSA_R_UNEXPECTED_MESSAGE, { AT(0, "\x0f") } },
	{ "cke-is-client-hello", CKE, SSA_R_UNEXPECTED_MESSAGE, { AT(0, "\1") } },
	{ "cke-is-hello-request", CKE, SSA_R_UNEXPECTED_MESSAGE, { AT(0, "\0") } },
	{ "cke-followed", CKE, SSA_R_EXCESS_DATA, { FOLLOWED("\x14\0\0\0") } },
	{ "cke-followed-by-a-byte", CKE, SSA_R_EXCESS_DATA, { FOLLOWED("\x14") } },

	{ "finished-wrong", FIN, SSA_R_BAD_FINISHED, { OP(FLIP_LAST) } },
	{ "finished-short", FIN, SSA_R_DECODE, { SHORTER(1) } },
	{ "finished-long", FIN, SSA_R_DECODE, { LONGER("\0") } },
	{ "finished-empty", FIN, SSA_R_DECODE, { BODY_IS("") } },
	{ "finished-is-cke", FIN, SSA_R_UNEXPECTED_MESSAGE, { AT(0, "\x10") } },
	{ "finished-followed", FIN, SSA_R_EXCESS_DATA, { FOLLOWED("\1\0\0\0") } },
	{ "finished-followed-by-a-byte", FIN, SSA_R_EXCESS_DATA, { FOLLOWED("\1") } },
};

KUNIT_ARRAY_PARAM_DESC(server12, server_cases, name);

static void server_refuses(struct kunit *test)
{
	const struct refuse12_case *c = test->param_value;
	struct relay *r = refuse_relay(test, c);
	struct pair *p = refuse_pair(test, c);

	pair_run(test, p, r, NULL);
	KUNIT_EXPECT_EQ(test, r->changed, 1);
	/* a server has no keys of its own before the client's Finished is good */
	expect_failure(test, p->server, c->reason, NULL);
}

/* ------------------------------------------------------------------- client */

/* Where things stand in our ServerHello of TLS 1.2 */
#define SH_RANDOM	6
#define SH_SID		38
#define SH_SUITE	39
#define SH_COMPRESSION	41
#define SH_EXTS		42

/* ECDHE parameters of X25519: curve type, group, length of the point */
#define SKE_CURVE_TYPE	4
#define SKE_GROUP	5
#define SKE_POINT_LEN	7
#define SKE_SCHEME	40

static const struct refuse12_case client_cases[] = {
	{ "tls-1.1", SH, SSA_R_VERSION, { AT(4, "\3\2") } },
	{ "tls-1.3-by-legacy-version", SH, SSA_R_VERSION, { AT(4, "\3\4") } },
	{ "tls-1.3-by-extension", SH, SSA_R_UNSOLICITED_EXTENSION,
	  { PLUS(SUPPORTED_VERSIONS, "\3\4") } },
	{ "hello-cut", SH, SSA_R_DECODE, { BODY_IS("\3\3") } },
	{ "hello-longer", SH, SSA_R_DECODE, { LONGER("\0") } },
	{ "session-id-too-long", SH, SSA_R_DECODE, { SPLICED(SH_SID, 1, "\x21\0" Z32) } },
	{ "suite-of-tls-1.3", SH, SSA_R_ILLEGAL_PARAMETER, { AT(SH_SUITE, "\x13\1") } },
	{ "suite-unknown", SH, SSA_R_ILLEGAL_PARAMETER, { AT(SH_SUITE, "\xc0\x09") } },
	{ "suite-scsv", SH, SSA_R_ILLEGAL_PARAMETER, { AT(SH_SUITE, "\0\xff") } },
	{ "compression-deflate", SH, SSA_R_ILLEGAL_PARAMETER, { AT(SH_COMPRESSION, "\1") } },
	{ "no-extensions", SH, SSA_R_RENEGOTIATION_INFO, { SPLICED(SH_EXTS, 21, "") } },
	{ "empty-extensions", SH, SSA_R_RENEGOTIATION_INFO, { SPLICED(SH_EXTS, 21, "\0\0") } },
	{ "no-renegotiation-info", SH, SSA_R_RENEGOTIATION_INFO, { LESS(RENEGOTIATION_INFO) } },
	{ "renegotiation-not-first", SH, SSA_R_RENEGOTIATION_INFO,
	  { WITH(RENEGOTIATION_INFO, "\2ab") } },
	{ "renegotiation-empty", SH, SSA_R_DECODE, { WITH(RENEGOTIATION_INFO, "") } },
	{ "no-ems", SH, SSA_R_NO_EXTENDED_MASTER_SECRET, { LESS(EXTENDED_MASTER_SECRET) } },
	{ "ems-not-empty", SH, SSA_R_DECODE, { WITH(EXTENDED_MASTER_SECRET, "\0") } },
	{ "point-formats-empty", SH, SSA_R_DECODE, { WITH(EC_POINT_FORMATS, "\0") } },
	{ "point-formats-compressed", SH, SSA_R_ILLEGAL_PARAMETER,
	  { WITH(EC_POINT_FORMATS, "\1\1") } },
	{ "name-not-empty", SH, SSA_R_DECODE, { WITH(SERVER_NAME, "x") } },
	{ "extension-twice", SH, SSA_R_DUPLICATE_EXTENSION, { PLUS(EXTENDED_MASTER_SECRET, "") } },
	{ "ticket-unsolicited", SH, SSA_R_UNSOLICITED_EXTENSION, { RAW("\0\x23\0\0") } },
	{ "alpn-unsolicited", SH, SSA_R_UNSOLICITED_EXTENSION, { PLUS(ALPN, "\0\3\2h2") } },
	{ "status-unsolicited", SH, SSA_R_UNSOLICITED_EXTENSION, { PLUS(STATUS_REQUEST, "") } },
	{ "unknown-extension", SH, SSA_R_UNSOLICITED_EXTENSION, { RAW("\x4a\x4a\0\0") } },
	{ "limit-unsolicited", SH, SSA_R_UNSOLICITED_EXTENSION,
	  { PLUS(RECORD_SIZE_LIMIT, "\2\0") } },
	{ "sigalgs-misplaced", SH, SSA_R_MISPLACED_EXTENSION,
	  { PLUS(SIGNATURE_ALGORITHMS, "\0\2\4\3") } },
	{ "hello-missing", SH, SSA_R_UNEXPECTED_MESSAGE, { OP(VANISH) } },

	{ "cert-missing", CERT, SSA_R_UNEXPECTED_MESSAGE, { OP(VANISH) } },
	{ "cert-none", CERT, SSA_R_CERT_MISSING, { BODY_IS("\0\0\0") } },
	{ "cert-empty", CERT, SSA_R_DECODE, { BODY_IS("") } },
	{ "cert-entry-empty", CERT, SSA_R_DECODE, { BODY_IS("\0\0\3\0\0\0") } },
	{ "cert-entry-cut", CERT, SSA_R_DECODE, { BODY_IS("\0\0\4\0\0\2\x30") } },
	{ "cert-cut", CERT, SSA_R_DECODE, { SHORTER(1) } },
	{ "cert-longer", CERT, SSA_R_DECODE, { LONGER("\0") } },
	{ "cert-malformed", CERT, SSA_R_CERT_MALFORMED, { BODY_IS("\0\0\4\0\0\1\x30") } },
	{ "cert-too-many", CERT, SSA_R_CERT_CHAIN_TOO_LONG,
	  { BODY_IS("\0\1\x04"), TOO_MANY("\0\0\1\x30") } },
	{ "cert-bad-signature", CERT, SSA_R_CERT_SIGNATURE, { OP(FLIP_LEAF12) } },
	{ "cert-of-other-type", SH, SSA_R_ILLEGAL_PARAMETER, { AT(SH_SUITE, "\xc0\x2f") } },
	{ "cert-status", CERT, SSA_R_UNEXPECTED_MESSAGE, { FOLLOWED("\x16\0\0\0") } },

	{ "ske-missing", SKE, SSA_R_UNEXPECTED_MESSAGE, { OP(VANISH) } },
	{ "ske-empty", SKE, SSA_R_DECODE, { BODY_IS("") } },
	{ "ske-explicit-prime", SKE, SSA_R_BAD_KEY_SHARE, { AT(SKE_CURVE_TYPE, "\1") } },
	{ "ske-group-unoffered", SKE, SSA_R_BAD_KEY_SHARE, { AT(SKE_GROUP, "\0\x19") } },
	{ "ske-other-group", SKE, SSA_R_BAD_KEY_SHARE, { AT(SKE_GROUP, "\0\x17") } },
	{ "ske-point-none", SKE, SSA_R_DECODE, { BODY_IS("\3\0\x1d\0") } },
	{ "ske-point-cut", SKE, SSA_R_DECODE, { AT(SKE_POINT_LEN, "\xff") } },
	{ "ske-point-short", SKE, SSA_R_BAD_KEY_SHARE, { SPLICED(SKE_POINT_LEN, 2, "\x1f") } },
	{ "ske-no-scheme", SKE, SSA_R_DECODE, { BODY_IS("\3\0\x1d\x20" Z32) } },
	{ "ske-point-changed", SKE, SSA_R_BAD_CERTIFICATE_VERIFY,
	  { AT(SKE_POINT_LEN + 1, "\1\2\3\4") } },
	{ "ske-signature-wrong", SKE, SSA_R_BAD_CERTIFICATE_VERIFY, { OP(FLIP_LAST) } },
	{ "ske-signature-none", SKE, SSA_R_BAD_CERTIFICATE_VERIFY,
	  { BODY_IS("\3\0\x1d\x20" Z32 "\4\3\0\0") } },
	{ "ske-signature-cut", SKE, SSA_R_DECODE, { SHORTER(1) } },
	{ "ske-longer", SKE, SSA_R_DECODE, { LONGER("\0") } },
	{ "ske-sha1", SKE, SSA_R_BAD_SIGALG, { AT(SKE_SCHEME, "\2\3") } },
	{ "ske-scheme-of-rsa", SKE, SSA_R_BAD_SIGALG, { AT(SKE_SCHEME, "\x08\4") } },
	{ "ske-scheme-of-eddsa", SKE, SSA_R_BAD_SIGALG, { AT(SKE_SCHEME, "\x08\7") } },
	{ "ske-scheme-unknown", SKE, SSA_R_BAD_SIGALG, { AT(SKE_SCHEME, "\x08\x08") } },
	{ "ske-other-hash", SKE, SSA_R_BAD_CERTIFICATE_VERIFY, { AT(SKE_SCHEME, "\5\3") } },
	{ "ske-other-random", SH, SSA_R_BAD_CERTIFICATE_VERIFY, { AT(SH_RANDOM, "\1\2\3\4") } },
	/* a HelloRetryRequest is nothing to a client of TLS 1.2 */
	{ "ske-retry-random", SH, SSA_R_BAD_CERTIFICATE_VERIFY,
	  { AT(SH_RANDOM, "\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91"
	       "\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c") } },
	{ "ske-zero-share", SKE, SSA_R_BAD_CERTIFICATE_VERIFY, { AT(SKE_POINT_LEN + 1, Z32) } },

	{ "cr-no-types", SKE, SSA_R_DECODE, { FOLLOWED("\x0d\0\0\7\0\0\2\4\3\0\0") } },
	{ "cr-no-sigalgs", SKE, SSA_R_DECODE, { FOLLOWED("\x0d\0\0\6\1\x40\0\0\0\0") } },
	{ "cr-sigalgs-odd", SKE, SSA_R_DECODE, { FOLLOWED("\x0d\0\0\x09\1\x40\0\3\4\3\4\0\0") } },
	{ "cr-name-empty", SKE, SSA_R_DECODE,
	  { FOLLOWED("\x0d\0\0\x0a\1\x40\0\2\4\3\0\2\0\0") } },
	{ "cr-name-malformed", SKE, SSA_R_DECODE,
	  { FOLLOWED("\x0d\0\0\x0a\1\x40\0\2\4\3\0\3\0\1\x30") } },
	{ "cr-longer", SKE, SSA_R_DECODE, { FOLLOWED("\x0d\0\0\x09\1\x40\0\2\4\3\0\0\0") } },
	{ "cr-of-tls-1.0", SKE, SSA_R_DECODE, { FOLLOWED("\x0d\0\0\4\1\x40\0\0") } },
	{ "cr-twice", SKE, SSA_R_UNEXPECTED_MESSAGE,
	  { FOLLOWED("\x0d\0\0\x08\1\x40\0\2\4\3\0\0\x0d\0\0\x08\1\x40\0\2\4\3\0\0") } },

	{ "done-not-empty", SHD, SSA_R_DECODE, { LONGER("\0") } },
	{ "done-followed", SHD, SSA_R_EXCESS_DATA, { FOLLOWED("\x14\0\0\0") } },
	{ "done-followed-by-a-byte", SHD, SSA_R_EXCESS_DATA, { FOLLOWED("\x14") } },
	{ "done-is-ticket", SHD, SSA_R_UNEXPECTED_MESSAGE, { AT(0, "\4") } },
	{ "done-is-finished", SHD, SSA_R_UNEXPECTED_MESSAGE, { AT(0, "\x14") } },

	{ "hello-request-not-empty", SHD, SSA_R_DECODE, { AT(0, "\0"), LONGER("\0") } },
	{ "hello-request-flood", CERT, SSA_R_WARNING_FLOOD,
	  { FOLLOWED("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0") } },

	{ "finished-wrong", FIN, SSA_R_BAD_FINISHED, { OP(FLIP_LAST) } },
	{ "finished-short", FIN, SSA_R_DECODE, { SHORTER(1) } },
	{ "finished-long", FIN, SSA_R_DECODE, { LONGER("\0") } },
	{ "finished-is-ticket", FIN, SSA_R_UNEXPECTED_MESSAGE, { AT(0, "\4") } },
	{ "finished-is-hello-request", FIN, SSA_R_UNEXPECTED_MESSAGE, { AT(0, "\0") } },
	{ "finished-followed", FIN, SSA_R_EXCESS_DATA, { FOLLOWED("\0\0\0\0") } },
};

KUNIT_ARRAY_PARAM_DESC(client12, client_cases, name);

/* After its own Finished, a client's alert is the second record under its keys. */
static void expect_client_failure(struct kunit *test, struct pair *p, enum ssa_reason reason)
{
	struct ssa_record_keys keys = { 0 };

	if (p->client->finished_sent) {
		KUNIT_ASSERT_EQ(test, ssa_record_keys_set12(&keys, p->server->suite,
							    &p->server->keys12.client), 0);
		keys.seq = 1;
	}
	expect_failure(test, p->client, reason, &keys);
	ssa_record_keys_clear(&keys);
}

static void client_refuses(struct kunit *test)
{
	const struct refuse12_case *c = test->param_value;
	struct relay *r = refuse_relay(test, c);
	struct pair *p = refuse_pair(test, c);

	pair_run(test, p, NULL, r);
	KUNIT_EXPECT_EQ(test, r->changed, 1);
	expect_client_failure(test, p, c->reason);
}

/* --------------------------------------------------------- what is let pass */

static const struct refuse12_case ignored_cases[] = {
	{ "grease", CH, SSA_R_NONE, { RAW("\x4a\x4a\0\0\xfa\xfa\0\1\0") } },
	{ "ticket", CH, SSA_R_NONE, { RAW("\0\x23\0\0") } },
	{ "encrypt-then-mac", CH, SSA_R_NONE, { RAW("\0\x16\0\0") } },
	{ "scsv", CH, SSA_R_NONE, { LESS(RENEGOTIATION_INFO),
	  SPLICED(CH_SUITES, 4, "\0\x0c\0\xff") } },
	{ "no-renegotiation-info", CH, SSA_R_NONE, { LESS(RENEGOTIATION_INFO) } },
	{ "no-point-formats", CH, SSA_R_NONE, { LESS(EC_POINT_FORMATS) } },
	{ "more-point-formats", CH, SSA_R_NONE, { WITH(EC_POINT_FORMATS, "\3\2\1\0") } },
	{ "no-groups", CH, SSA_R_NONE, { LESS(SUPPORTED_GROUPS) } },
	{ "more-compression", CH, SSA_R_NONE, { SPLICED(CH_COMPRESSION, 2, "\2\1\0") } },
	{ "legacy-version-1.3", CH, SSA_R_NONE, { AT(4, "\3\4") } },
	{ "versions", CH, SSA_R_NONE, { PLUS(SUPPORTED_VERSIONS, "\6\x7a\x7a\3\4\3\3") } },
	{ "versions-decide", CH, SSA_R_NONE, { PLUS(SUPPORTED_VERSIONS, "\2\3\3"),
	  AT(4, "\3\1") } },
	{ "session-id", CH, SSA_R_NONE, { SPLICED(CH_SID, 1, "\x20" Z32) } },
	/* TLS 1.3 has rules for these, TLS 1.2 does not know them */
	{ "cookie", CH, SSA_R_NONE, { PLUS(COOKIE, "") } },
	{ "key-share", CH, SSA_R_NONE, { PLUS(KEY_SHARE, "x") } },
	{ "psk-not-last", CH, SSA_R_NONE, { PLUS(PRE_SHARED_KEY, ""), PLUS(PADDING, "\0") } },
	{ "oid-filters", CH, SSA_R_NONE, { PLUS(OID_FILTERS, "") } },
	{ "max-fragment-length", CH, SSA_R_NONE, { PLUS(MAX_FRAGMENT_LENGTH, "\1") } },
	{ "alpn", CH, SSA_R_NONE, { PLUS(ALPN, "\0\3\2h2") } },

	{ "server-session-id", SH, SSA_R_NONE, { SPLICED(SH_SID, 1, "\x20" Z32) } },
	{ "server-name-not-used", SH, SSA_R_NONE, { LESS(SERVER_NAME) } },
	{ "server-groups", SH, SSA_R_NONE, { PLUS(SUPPORTED_GROUPS, "\0\2\0\x17") } },
	{ "server-no-point-formats", SH, SSA_R_NONE, { LESS(EC_POINT_FORMATS) } },
	{ "server-more-point-formats", SH, SSA_R_NONE, { WITH(EC_POINT_FORMATS, "\3\2\1\0") } },
	{ "hello-requests", CERT, SSA_R_NONE, { FOLLOWED("\0\0\0\0\0\0\0\0\0\0\0\0") } },
	{ "certificate-request", SKE, SSA_R_NONE,
	  { FOLLOWED("\x0d\0\0\x0f\2\1\x40\0\4\4\3\4\1\0\4\0\2\x30\0") } },
};

KUNIT_ARRAY_PARAM_DESC(ignored12, ignored_cases, name);

/* The other side knows nothing of the change, so the handshake itself cannot end. */
static void is_let_pass(struct kunit *test)
{
	const struct refuse12_case *c = test->param_value;
	struct relay *r = refuse_relay(test, c);
	struct pair *p = refuse_pair(test, c);
	bool to_server = c->type == CH;

	relay_flight(test, to_server ? r : NULL, p->client, p->server);
	KUNIT_EXPECT_EQ(test, ssa_hs_reason(p->server), SSA_R_NONE);
	KUNIT_EXPECT_EQ(test, p->server->state, SSA_ST_SERVER12_WAIT_CKE);
	if (to_server) {
		KUNIT_EXPECT_EQ(test, r->changed, 1);
		return;
	}
	relay_flight(test, r, p->server, p->client);
	KUNIT_EXPECT_EQ(test, r->changed, 1);
	KUNIT_EXPECT_EQ(test, ssa_hs_reason(p->client), SSA_R_NONE);
	KUNIT_EXPECT_EQ(test, p->client->state, SSA_ST_CLIENT12_WAIT_CCS);
}

/* HelloRequest is no part of the transcript, so with it the handshake does end. */
static void hello_request_leaves_no_trace(struct kunit *test)
{
	static const struct refuse12_case c = {
		"hello-request", SKE, SSA_R_NONE, { FOLLOWED("\0\0\0\0") }
	};
	struct relay *r = refuse_relay(test, &c);
	struct pair *p = refuse_pair(test, &c);

	pair_run(test, p, NULL, r);
	KUNIT_EXPECT_EQ(test, r->changed, 1);
	pair_expect_done(test, p);
}

static void client_waits_for_server_hello_done(struct kunit *test)
{
	static const struct refuse12_case c = { "done", SHD, SSA_R_NONE, { OP(VANISH) } };
	struct pair *p = refuse_pair(test, &c);

	relay_flight(test, NULL, p->client, p->server);
	relay_flight(test, refuse_relay(test, &c), p->server, p->client);
	KUNIT_EXPECT_EQ(test, p->client->state, SSA_ST_CLIENT12_WAIT_CR_SHD);
	KUNIT_EXPECT_EQ(test, ssa_buf_left(&p->client->out), 0);
}

/* RFC 5746 3.6, RFC 8422 5.2, RFC 7627 5.3: only what was asked for is answered. */
static void server_answers_what_it_was_asked(struct kunit *test)
{
	static const struct refuse12_case scsv = {
		"scsv", CH, SSA_R_NONE,
		{ LESS(RENEGOTIATION_INFO), SPLICED(CH_SUITES, 4, "\0\x0c\0\xff") }
	};
	static const struct refuse12_case nothing = {
		"nothing", CH, SSA_R_NONE, { LESS(RENEGOTIATION_INFO), LESS(EC_POINT_FORMATS),
					     LESS(EXTENDED_MASTER_SECRET), LESS(SERVER_NAME) }
	};
	struct ssa_buf *out;
	struct pair *p;

	p = refuse_pair(test, &scsv);
	relay_flight(test, refuse_relay(test, &scsv), p->client, p->server);
	out = &p->server->out;
	KUNIT_EXPECT_MEMEQ(test, out->data + SSA_RECORD_HEADER_LEN + SH_EXTS + 2,
			   "\xff\1\0\1\0", 5);

	p = refuse_pair(test, &nothing);
	p->server_cfg.without_ems = true;
	pair_start(test, p);
	relay_flight(test, refuse_relay(test, &nothing), p->client, p->server);
	out = &p->server->out;
	/* the ServerHello ends with its compression method */
	KUNIT_EXPECT_EQ(test, out->data[SSA_RECORD_HEADER_LEN + 3],
			SH_EXTS - SSA_HS_HEADER_LEN);
	KUNIT_EXPECT_EQ(test, out->data[SSA_RECORD_HEADER_LEN + SH_EXTS], CERT);
}

/* RFC 5246 7.4.6: without a certificate, an empty message says so. */
static void certificate_request_is_answered(struct kunit *test)
{
	static const struct refuse12_case c = {
		"request", SKE, SSA_R_NONE, { FOLLOWED("\x0d\0\0\x08\1\x40\0\2\4\3\0\0") }
	};
	struct pair *p = refuse_pair(test, &c);

	relay_flight(test, NULL, p->client, p->server);
	relay_flight(test, refuse_relay(test, &c), p->server, p->client);
	KUNIT_ASSERT_EQ(test, p->client->state, SSA_ST_CLIENT12_WAIT_CCS);
	KUNIT_EXPECT_MEMEQ(test, p->client->out.data + SSA_RECORD_HEADER_LEN,
			   "\x0b\0\0\3\0\0\0\x10", 8);
	/* ours has not asked */
	relay_flight(test, NULL, p->client, p->server);
	expect_failure(test, p->server, SSA_R_UNEXPECTED_MESSAGE, NULL);
}

/* RFC 8446 D.4: our session id of TLS 1.3 is no session of TLS 1.2. */
static void pretended_resumption_is_refused(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);
	struct refuse12_case c = { "echo", SH, SSA_R_NONE };
	char echo[1 + SSA_SESSION_ID_MAX];
	u32 i;

	pair_versions(p, SSA_TLS12, SSA_TLS13);
	p->server_cfg.max_version = SSA_TLS12;
	for (i = 0; i < 2; i++) {
		pair_start(test, p);
		echo[0] = SSA_SESSION_ID_MAX;
		memcpy(echo + 1, p->client->session_id, SSA_SESSION_ID_MAX);
		/* one of its own would do */
		echo[1] ^= i;
		c.edits[0] = (struct edit){ .op = SPLICE, .off = SH_SID, .drop = 1, .data = echo,
					    .len = sizeof(echo) };
		relay_flight(test, NULL, p->client, p->server);
		relay_flight(test, refuse_relay(test, &c), p->server, p->client);
		if (i)
			KUNIT_EXPECT_EQ(test, p->client->state, SSA_ST_CLIENT12_WAIT_CCS);
		else
			expect_failure(test, p->client, SSA_R_ILLEGAL_PARAMETER, NULL);
	}
}

/* A share that is no point, under a good signature: the server itself sends it. */
static void share_of(struct kunit *test, struct ssa_buf *msg, const void *arg)
{
	struct ssa_hs *server = (struct ssa_hs *)arg;

	ssa_buf_free(msg);
	KUNIT_ASSERT_EQ(test, ssa_put_server_key_exchange(server), 0);
	swap(*msg, server->flight);
}

static void signed_bad_shares_are_refused(struct kunit *test)
{
	static const struct {
		u16 group;
		enum pair_key key;
		u8 at, with;
	} cases[] = {
		{ SSA_GROUP_SECP256R1, PAIR_P256, 64, 1 },
		{ SSA_GROUP_SECP256R1, PAIR_RSA, 0, 4 ^ 2 },
		{ SSA_GROUP_SECP384R1, PAIR_P384, 96, 1 },
		{ SSA_GROUP_X25519, PAIR_P256, 0, 0 },
	};
	struct relay *r;
	struct pair *p;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		p = pair_new(test, cases[i].key);
		pair_versions(p, SSA_TLS12, SSA_TLS12);
		pair_only_group(&p->server_cfg, cases[i].group);
		pair_start(test, p);
		relay_flight(test, NULL, p->client, p->server);
		/* off the curve, compressed, or of small order */
		if (cases[i].with)
			p->server->kex.public_key[cases[i].at] ^= cases[i].with;
		else
			memset(p->server->kex.public_key, 0, SSA_KEX_PUBLIC_MAX);
		r = relay_new(test);
		r->type = SKE;
		r->change = share_of;
		r->arg = p->server;
		relay_flight(test, r, p->server, p->client);
		KUNIT_EXPECT_EQ(test, r->changed, 1);
		expect_failure(test, p->client, SSA_R_BAD_KEY_SHARE, NULL);
	}
}

static struct kunit_case engine_refuse12_cases[] = {
	KUNIT_CASE_PARAM(server_refuses, server12_gen_params),
	KUNIT_CASE_PARAM(client_refuses, client12_gen_params),
	KUNIT_CASE_PARAM(is_let_pass, ignored12_gen_params),
	KUNIT_CASE(hello_request_leaves_no_trace),
	KUNIT_CASE(client_waits_for_server_hello_done),
	KUNIT_CASE(server_answers_what_it_was_asked),
	KUNIT_CASE(certificate_request_is_answered),
	KUNIT_CASE(pretended_resumption_is_refused),
	KUNIT_CASE(signed_bad_shares_are_refused),
	{}
};

static struct kunit_suite engine_refuse12_suite = {
	.name = "ssa_engine_refuse12",
	.test_cases = engine_refuse12_cases,
};

kunit_test_suite(engine_refuse12_suite);
