// SPDX-License-Identifier: GPL-2.0
/*
 * Handshakes that fail: one message of a good handshake is changed on its way,
 * the receiver must name the reason and send its alert under the right keys.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include "engine_edit.h"

struct refuse_case {
	const char *name;
	u8 type;			/* of the message to change */
	enum ssa_reason reason;
	struct edit edits[EDITS_MAX];
	u8 nth;				/* which message of that type */
	bool retry;			/* the server sends a HelloRetryRequest */
	u16 group;			/* the only one, 0: the defaults */
};

static void edit_all(struct kunit *test, struct ssa_buf *msg, const void *arg)
{
	const struct refuse_case *c = arg;

	edit_message(test, msg, c->edits);
}

static struct pair *refuse_pair(struct kunit *test, const struct refuse_case *c)
{
	struct pair *p = pair_new(test, PAIR_P256);

	if (c->retry)
		pair_only_group(&p->server_cfg, SSA_GROUP_SECP256R1);
	if (c->group) {
		pair_only_group(&p->client_cfg, c->group);
		pair_only_group(&p->server_cfg, c->group);
	}
	pair_start(test, p);
	return p;
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

/*
 * What a failed engine sends is read with the keys that its peer has for it: a
 * client has sent no Finished when it fails here, a server always has.
 */
static void expect_refusal(struct kunit *test, struct ssa_hs *hs, struct ssa_hs *peer,
			   const struct refuse_case *c)
{
	const u8 *secret = hs->cfg.server ? peer->ks.server_application_traffic_secret :
					    peer->ks.client_handshake_traffic_secret;
	struct ssa_record_keys keys = { 0 };
	size_t len;
	const u8 *out = ssa_hs_output(hs, &len);

	if (len && out[0] != SSA_CT_ALERT)
		KUNIT_ASSERT_EQ(test, ssa_record_keys_set(&keys, peer->suite, secret), 0);
	expect_failure(test, hs, c->reason, &keys);
	ssa_record_keys_clear(&keys);
}

/* ------------------------------------------------------------------- server */

#define CH	SSA_HT_CLIENT_HELLO
#define FIN	SSA_HT_FINISHED

/* Where things stand in our ClientHello */
#define CH_RANDOM	6
#define CH_SID		38
#define CH_SUITES	71
#define CH_COMPRESSION	79

#define Z32	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
/* 18 of them: more than a server notes one by one */
#define MANY_UNKNOWN \
	"\xa0\0\0\0\xa0\1\0\0\xa0\2\0\0\xa0\3\0\0\xa0\4\0\0\xa0\5\0\0\xa0\6\0\0" \
	"\xa0\7\0\0\xa0\x08\0\0\xa0\x09\0\0\xa0\x0a\0\0\xa0\x0b\0\0\xa0\x0c\0\0" \
	"\xa0\x0d\0\0\xa0\x0e\0\0\xa0\x0f\0\0\xa0\x10\0\0\xa0\x11\0\0"
#define SHARE	"\x00\x1d\x00\x20\x01\2\3\4\5\6\7\0\1\2\3\4\5\6\7\0\1\2\3\4\5\6\7\0\1\2\3\4\5\6\7\0"

#define UNKNOWN_SHARE	"\x4a\x4a\0\1\0"
#define UNKNOWN_SHARES \
	"\x4a\x4a\0\1\0\x4a\x4a\0\1\0\x4a\x4a\0\1\0\x4a\x4a\0\1\0\x4a\x4a\0\1\0" \
	"\x4a\x4a\0\1\0\x4a\x4a\0\1\0\x4a\x4a\0\1\0\x4a\x4a\0\1\0\x4a\x4a\0\1\0"

static const struct refuse_case server_cases[] = {
	{ "not-a-client-hello", CH, SSA_R_UNEXPECTED_MESSAGE, { AT(0, "\x14") } },
	{ "too-long", CH, SSA_R_DECODE, { AT(1, "\x02\x01\x45") } },
	{ "huge", CH, SSA_R_DECODE, { AT(1, "\xff\xff\xff") } },
	{ "cut-by-one", CH, SSA_R_DECODE, { SHORTER(1) } },
	{ "one-byte-more", CH, SSA_R_DECODE, { LONGER("\0") } },
	{ "empty", CH, SSA_R_DECODE, { BODY_IS("") } },
	{ "only-a-version", CH, SSA_R_DECODE, { BODY_IS("\3\3") } },
	{ "message-follows", CH, SSA_R_EXCESS_DATA, { FOLLOWED("\x14\0\0\0") } },
	{ "byte-follows", CH, SSA_R_EXCESS_DATA, { FOLLOWED("\x14") } },
	{ "ssl-3.0", CH, SSA_R_VERSION, { AT(5, "\0") } },
	{ "no-versions", CH, SSA_R_VERSION, { LESS(SUPPORTED_VERSIONS) } },
	{ "tls-1.2-only", CH, SSA_R_VERSION, { WITH(SUPPORTED_VERSIONS, "\2\3\3") } },
	{ "no-extensions", CH, SSA_R_VERSION, { SPLICED(81, 115, "") } },
	{ "versions-odd", CH, SSA_R_DECODE, { WITH(SUPPORTED_VERSIONS, "\3\3\4\3") } },
	{ "versions-empty", CH, SSA_R_DECODE, { WITH(SUPPORTED_VERSIONS, "\0") } },
	{ "versions-trailing", CH, SSA_R_DECODE, { WITH(SUPPORTED_VERSIONS, "\2\3\4\0") } },
	{ "session-id-33", CH, SSA_R_DECODE, { AT(CH_SID, "\x21") } },
	{ "suites-odd", CH, SSA_R_DECODE, { AT(CH_SUITES, "\0\5") } },
	{ "suites-empty", CH, SSA_R_DECODE, { SPLICED(CH_SUITES, 8, "\0\0") } },
	{ "suites-beyond-end", CH, SSA_R_DECODE, { AT(CH_SUITES, "\xff\xf0") } },
	{ "suites-unknown", CH, SSA_R_NO_SUITE, { AT(CH_SUITES + 2, "\x0a\x0a\xc0\x2f\x13\x04") } },
	{ "compression-none", CH, SSA_R_DECODE, { SPLICED(CH_COMPRESSION, 2, "\0") } },
	{ "compression-deflate", CH, SSA_R_ILLEGAL_PARAMETER, { AT(CH_COMPRESSION, "\1\1") } },
	{ "compression-two", CH, SSA_R_ILLEGAL_PARAMETER,
	  { SPLICED(CH_COMPRESSION, 2, "\2\0\1") } },
	{ "extension-twice", CH, SSA_R_DUPLICATE_EXTENSION,
	  { PLUS(SUPPORTED_VERSIONS, "\2\3\4") } },
	{ "unknown-extension-twice", CH, SSA_R_DUPLICATE_EXTENSION,
	  { RAW("\x4a\x4a\0\0\x5a\x5a\0\1\0\x4a\x4a\0\0") } },
	{ "unknown-extension-twice-among-many", CH, SSA_R_DUPLICATE_EXTENSION,
	  { RAW(MANY_UNKNOWN), RAW("\xa0\2\0\0") } },
	{ "last-of-many-unknown-twice", CH, SSA_R_DUPLICATE_EXTENSION,
	  { RAW(MANY_UNKNOWN), RAW("\xa0\x11\0\0") } },
	{ "extension-cut", CH, SSA_R_DECODE, { RAW("\x4a\x4a\0\1") } },
	{ "extension-misplaced", CH, SSA_R_MISPLACED_EXTENSION, { PLUS(OID_FILTERS, "\0\0") } },
	{ "no-sigalgs", CH, SSA_R_MISSING_EXTENSION, { LESS(SIGNATURE_ALGORITHMS) } },
	{ "no-groups", CH, SSA_R_MISSING_EXTENSION, { LESS(SUPPORTED_GROUPS) } },
	{ "no-key-share", CH, SSA_R_MISSING_EXTENSION, { LESS(KEY_SHARE) } },
	{ "psk-not-last", CH, SSA_R_ILLEGAL_PARAMETER,
	  { PLUS(PSK_KEY_EXCHANGE_MODES, "\1\1"), PLUS(PRE_SHARED_KEY, "\0\0"),
	    PLUS(PADDING, "\0") } },
	{ "psk-without-modes", CH, SSA_R_MISSING_EXTENSION, { PLUS(PRE_SHARED_KEY, "\0\0") } },
	{ "cookie-unasked", CH, SSA_R_ILLEGAL_PARAMETER, { PLUS(COOKIE, "\0\1x") } },
	{ "sigalgs-empty", CH, SSA_R_DECODE, { WITH(SIGNATURE_ALGORITHMS, "\0\0") } },
	{ "sigalgs-odd", CH, SSA_R_DECODE, { WITH(SIGNATURE_ALGORITHMS, "\0\3\4\3\4") } },
	{ "sigalgs-trailing", CH, SSA_R_DECODE, { WITH(SIGNATURE_ALGORITHMS, "\0\2\4\3\4") } },
	{ "sigalgs-cert-empty", CH, SSA_R_DECODE, { PLUS(SIGNATURE_ALGORITHMS_CERT, "\0\0") } },
	{ "sigalgs-cert-odd", CH, SSA_R_DECODE,
	  { PLUS(SIGNATURE_ALGORITHMS_CERT, "\0\3\4\3\4") } },
	{ "sigalgs-cert-trailing", CH, SSA_R_DECODE,
	  { PLUS(SIGNATURE_ALGORITHMS_CERT, "\0\2\4\3\4") } },
	{ "authorities-empty", CH, SSA_R_DECODE, { PLUS(CERTIFICATE_AUTHORITIES, "\0\0") } },
	{ "authorities-no-name", CH, SSA_R_DECODE,
	  { PLUS(CERTIFICATE_AUTHORITIES, "\0\4\0\2\x31\0") } },
	{ "authorities-second-cut", CH, SSA_R_DECODE,
	  { PLUS(CERTIFICATE_AUTHORITIES, "\0\7\0\2\x30\0\0\2\x30") } },
	{ "authorities-trailing", CH, SSA_R_DECODE,
	  { PLUS(CERTIFICATE_AUTHORITIES, "\0\4\0\2\x30\0\0") } },
	{ "sigalgs-pkcs1-only", CH, SSA_R_NO_SIGALG, { WITH(SIGNATURE_ALGORITHMS, "\0\2\4\1") } },
	{ "sigalgs-other-curve", CH, SSA_R_NO_SIGALG, { WITH(SIGNATURE_ALGORITHMS, "\0\2\5\3") } },
	{ "groups-empty", CH, SSA_R_DECODE, { WITH(SUPPORTED_GROUPS, "\0\0") } },
	{ "groups-odd", CH, SSA_R_DECODE, { WITH(SUPPORTED_GROUPS, "\0\3\0\x1d\0") } },
	{ "groups-unknown", CH, SSA_R_NO_GROUP,
	  { WITH(SUPPORTED_GROUPS, "\0\2\0\x19"), WITH(KEY_SHARE, "\0\0") } },
	{ "share-of-unoffered-group", CH, SSA_R_BAD_KEY_SHARE,
	  { WITH(SUPPORTED_GROUPS, "\0\2\0\x17") } },
	{ "share-twice", CH, SSA_R_BAD_KEY_SHARE, { WITH(KEY_SHARE, "\0\x48" SHARE SHARE) } },
	{ "share-all-zero", CH, SSA_R_BAD_KEY_SHARE,
	  { WITH(KEY_SHARE, "\0\x24\0\x1d\0\x20" Z32) } },
	{ "share-too-short", CH, SSA_R_BAD_KEY_SHARE, { WITH(KEY_SHARE, "\0\6\0\x1d\0\2\1\2") } },
	{ "share-empty", CH, SSA_R_BAD_KEY_SHARE, { WITH(KEY_SHARE, "\0\4\0\x1d\0\0") } },
	{ "share-list-missing", CH, SSA_R_DECODE, { WITH(KEY_SHARE, "") } },
	{ "unknown-share-empty", CH, SSA_R_BAD_KEY_SHARE,
	  { WITH(SUPPORTED_GROUPS, "\0\4\x4a\x4a\0\x1d"),
	    WITH(KEY_SHARE, "\0\x28\x4a\x4a\0\0" SHARE) } },
	{ "unknown-share-of-unoffered-group", CH, SSA_R_BAD_KEY_SHARE,
	  { WITH(KEY_SHARE, "\0\x29\x4a\x4a\0\1\0" SHARE) } },
	{ "shares-in-much-disorder", CH, SSA_R_BAD_KEY_SHARE,
	  { WITH(SUPPORTED_GROUPS, "\0\4\x4a\x4a\0\x1d"),
	    WITH(KEY_SHARE, "\0\x56" SHARE UNKNOWN_SHARES) } },
	{ "share-cut", CH, SSA_R_DECODE, { WITH(KEY_SHARE, "\0\5\0\x1d\0\x20\1") } },
	{ "share-trailing", CH, SSA_R_DECODE, { WITH(KEY_SHARE, "\0\0\0") } },
	{ "share-not-on-p256", CH, SSA_R_BAD_KEY_SHARE,
	  { WITH(KEY_SHARE, "\0\x45\0\x17\0\x41\4" Z32 Z32) }, .group = SSA_GROUP_SECP256R1 },
	{ "share-compressed-p256", CH, SSA_R_BAD_KEY_SHARE,
	  { WITH(KEY_SHARE, "\0\x25\0\x17\0\x21\2" Z32) }, .group = SSA_GROUP_SECP256R1 },
	{ "share-infinity-p384", CH, SSA_R_BAD_KEY_SHARE,
	  { WITH(KEY_SHARE, "\0\5\0\x18\0\1\0") }, .group = SSA_GROUP_SECP384R1 },
	{ "name-list-empty", CH, SSA_R_DECODE, { WITH(SERVER_NAME, "\0\0") } },
	{ "name-empty", CH, SSA_R_DECODE, { WITH(SERVER_NAME, "\0\3\0\0\0") } },
	{ "name-two", CH, SSA_R_ILLEGAL_PARAMETER, { WITH(SERVER_NAME, "\0\x08\0\0\1a\0\0\1b") } },
	{ "name-missing", CH, SSA_R_DECODE, { WITH(SERVER_NAME, "") } },
	{ "name-trailing", CH, SSA_R_DECODE, { WITH(SERVER_NAME, "\0\4\0\0\1ab") } },
	{ "name-cut", CH, SSA_R_DECODE, { WITH(SERVER_NAME, "\0\5\0\0\3ab") } },
	{ "name-other-type-empty", CH, SSA_R_DECODE, { WITH(SERVER_NAME, "\0\3\1\0\0") } },
	{ "early-data-not-empty", CH, SSA_R_DECODE, { PLUS(EARLY_DATA, "\0") } },
	{ "name-with-nul", CH, SSA_R_ILLEGAL_PARAMETER, { WITH(SERVER_NAME, "\0\6\0\0\3a\0b") } },
	{ "name-two-of-no-host", CH, SSA_R_ILLEGAL_PARAMETER,
	  { WITH(SERVER_NAME, "\0\x0a\0\0\2-a\0\0\2*.") } },

	{ "second-not-a-hello", CH, SSA_R_UNEXPECTED_MESSAGE, { AT(0, "\x14") }, 1, true },
	{ "second-other-random", CH, SSA_R_BAD_HELLO_RETRY, { AT(CH_RANDOM, Z32) }, 1, true },
	{ "second-other-session-id", CH, SSA_R_BAD_HELLO_RETRY, { AT(CH_SID + 1, Z32) }, 1, true },
	{ "second-other-suites", CH, SSA_R_BAD_HELLO_RETRY,
	  { AT(CH_SUITES + 2, "\x13\x02\x13\x01") }, 1, true },
	{ "second-other-sigalgs", CH, SSA_R_BAD_HELLO_RETRY,
	  { WITH(SIGNATURE_ALGORITHMS, "\0\2\4\3") }, 1, true },
	{ "second-other-groups", CH, SSA_R_BAD_HELLO_RETRY,
	  { WITH(SUPPORTED_GROUPS, "\0\2\0\x17") }, 1, true },
	{ "second-other-name", CH, SSA_R_BAD_HELLO_RETRY,
	  { WITH(SERVER_NAME, "\0\4\0\0\1a") }, 1, true },
	{ "second-without-name", CH, SSA_R_BAD_HELLO_RETRY, { LESS(SERVER_NAME) }, 1, true },
	/* 4.1.2: nothing else changes its value, its place or its presence, known to us or not */
	{ "second-name-elsewhere", CH, SSA_R_BAD_HELLO_RETRY,
	  { LESS(SERVER_NAME), PLUS(SERVER_NAME, "\0\x0e\0\0\x0bserver.test") }, 1, true },
	{ "second-share-elsewhere", CH, SSA_R_BAD_HELLO_RETRY,
	  { LESS(SUPPORTED_VERSIONS), PLUS(SUPPORTED_VERSIONS, "\2\3\4") }, 1, true },
	{ "second-more-versions", CH, SSA_R_BAD_HELLO_RETRY,
	  { WITH(SUPPORTED_VERSIONS, "\4\3\4\3\3") }, 1, true },
	{ "second-alpn", CH, SSA_R_BAD_HELLO_RETRY, { PLUS(ALPN, "\0\3\2h2") }, 1, true },
	{ "second-unknown-extension", CH, SSA_R_BAD_HELLO_RETRY, { RAW("\x4a\x4a\0\0") }, 1, true },
	{ "second-ticket", CH, SSA_R_BAD_HELLO_RETRY, { RAW("\0\x23\0\0") }, 1, true },
	{ "second-legacy-version", CH, SSA_R_BAD_HELLO_RETRY, { AT(4, "\3\1") }, 1, true },
	{ "second-early-data", CH, SSA_R_BAD_HELLO_RETRY, { PLUS(EARLY_DATA, "") }, 1, true },
	{ "second-cookie", CH, SSA_R_ILLEGAL_PARAMETER, { PLUS(COOKIE, "\0\1x") }, 1, true },
	{ "second-no-share", CH, SSA_R_BAD_HELLO_RETRY, { WITH(KEY_SHARE, "\0\0") }, 1, true },
	{ "second-other-share", CH, SSA_R_BAD_HELLO_RETRY,
	  { WITH(KEY_SHARE, "\0\x24" SHARE) }, 1, true },
	{ "second-two-shares", CH, SSA_R_BAD_HELLO_RETRY,
	  { { .op = SHARE_ADD, D(SHARE) } }, 1, true },
	{ "second-share-of-unoffered-group", CH, SSA_R_BAD_KEY_SHARE,
	  { { .op = SHARE_ADD, D(UNKNOWN_SHARE) } }, 1, true },
	{ "second-bad-share", CH, SSA_R_BAD_KEY_SHARE,
	  { WITH(KEY_SHARE, "\0\x45\0\x17\0\x41\4" Z32 Z32) }, 1, true },
	{ "second-followed", CH, SSA_R_EXCESS_DATA, { FOLLOWED("\x14\0\0\0") }, 1, true },

	{ "finished-wrong", FIN, SSA_R_BAD_FINISHED, { OP(FLIP_LAST) } },
	{ "finished-short", FIN, SSA_R_DECODE, { SHORTER(1) } },
	{ "finished-long", FIN, SSA_R_DECODE, { LONGER("\0") } },
	{ "finished-empty", FIN, SSA_R_DECODE, { BODY_IS("") } },
	{ "finished-longer-than-a-hash", FIN, SSA_R_DECODE, { AT(1, "\0\0\x31") } },
	{ "finished-huge", FIN, SSA_R_DECODE, { AT(1, "\xff\xff\xff") } },
	{ "finished-is-certificate", FIN, SSA_R_UNEXPECTED_MESSAGE, { AT(0, "\x0b") } },
	{ "finished-is-key-update", FIN, SSA_R_UNEXPECTED_MESSAGE, { AT(0, "\x18") } },
	{ "finished-is-end-of-early-data", FIN, SSA_R_UNEXPECTED_MESSAGE,
	  { AT(0, "\x05") } },
	{ "finished-followed", FIN, SSA_R_EXCESS_DATA, { FOLLOWED("\x18\0\0\1\0") } },
};

KUNIT_ARRAY_PARAM_DESC(server, server_cases, name);

static void server_refuses(struct kunit *test)
{
	const struct refuse_case *c = test->param_value;
	struct relay *r = refuse_relay(test, c);
	struct pair *p = refuse_pair(test, c);

	pair_run(test, p, r, NULL);
	KUNIT_EXPECT_EQ(test, r->changed, 1);
	expect_refusal(test, p->server, p->client, c);
}

/* ------------------------------------------------------------------- client */

#define SH	SSA_HT_SERVER_HELLO
#define EE	SSA_HT_ENCRYPTED_EXTENSIONS
#define CERT	SSA_HT_CERTIFICATE
#define CV	SSA_HT_CERTIFICATE_VERIFY

/* Where things stand in our ServerHello */
#define SH_RANDOM	6
#define SH_SID		38
#define SH_SUITE	71
#define SH_COMPRESSION	73
#define SH_TAIL		30	/* the last 8 bytes of random */
#define SH_GROUP	80	/* of key_share */

#define RETRY_RANDOM	"\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91" \
			"\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c"
#define ENTRY		"\0\0\1\x30\0\0"	/* a certificate of one byte */

static const struct refuse_case client_cases[] = {
	{ "not-a-server-hello", SH, SSA_R_UNEXPECTED_MESSAGE, { AT(0, "\x08") } },
	{ "hello-too-long", SH, SSA_R_MESSAGE_TOO_LONG, { AT(1, "\0\x20\1") } },
	{ "hello-cut", SH, SSA_R_DECODE, { SHORTER(1) } },
	{ "hello-longer", SH, SSA_R_DECODE, { LONGER("\0") } },
	{ "hello-empty", SH, SSA_R_DECODE, { BODY_IS("") } },
	{ "hello-followed", SH, SSA_R_EXCESS_DATA, { FOLLOWED("\x08\0\0\2\0\0") } },
	{ "tls-1.2", SH, SSA_R_VERSION, { LESS(SUPPORTED_VERSIONS) } },
	{ "tls-1.2-goes-on", SH, SSA_R_VERSION,
	  { LESS(SUPPORTED_VERSIONS), FOLLOWED("\x0b\0\0\0") } },
	{ "tls-1.2-no-extensions", SH, SSA_R_VERSION, { SPLICED(74, 48, "") } },
	{ "tls-1.0", SH, SSA_R_VERSION, { LESS(SUPPORTED_VERSIONS), AT(4, "\3\1") } },
	{ "downgrade-to-1.2", SH, SSA_R_DOWNGRADE,
	  { LESS(SUPPORTED_VERSIONS), AT(SH_TAIL, "DOWNGRD\1") } },
	{ "downgrade-to-1.1", SH, SSA_R_DOWNGRADE,
	  { LESS(SUPPORTED_VERSIONS), AT(SH_TAIL, "DOWNGRD\0") } },
	{ "version-is-1.2", SH, SSA_R_ILLEGAL_PARAMETER, { WITH(SUPPORTED_VERSIONS, "\3\3") } },
	{ "version-is-1.4", SH, SSA_R_ILLEGAL_PARAMETER, { WITH(SUPPORTED_VERSIONS, "\3\5") } },
	{ "version-is-a-list", SH, SSA_R_DECODE, { WITH(SUPPORTED_VERSIONS, "\2\3\4") } },
	{ "legacy-version", SH, SSA_R_ILLEGAL_PARAMETER, { AT(4, "\3\4") } },
	{ "session-id-other", SH, SSA_R_ILLEGAL_PARAMETER, { AT(SH_SID + 1, Z32) } },
	{ "session-id-none", SH, SSA_R_ILLEGAL_PARAMETER, { SPLICED(SH_SID, 33, "\0") } },
	{ "session-id-33", SH, SSA_R_DECODE, { AT(SH_SID, "\x21") } },
	{ "suite-unknown", SH, SSA_R_ILLEGAL_PARAMETER, { AT(SH_SUITE, "\x13\x04") } },
	{ "suite-zero", SH, SSA_R_ILLEGAL_PARAMETER, { AT(SH_SUITE, "\0\0") } },
	{ "compression", SH, SSA_R_ILLEGAL_PARAMETER, { AT(SH_COMPRESSION, "\1") } },
	{ "no-key-share", SH, SSA_R_MISSING_EXTENSION, { LESS(KEY_SHARE) } },
	{ "share-other-group", SH, SSA_R_BAD_KEY_SHARE,
	  { WITH(KEY_SHARE, "\0\x17\0\x20" Z32) } },
	{ "share-relabelled", SH, SSA_R_BAD_KEY_SHARE, { AT(SH_GROUP, "\0\x17") } },
	{ "share-all-zero", SH, SSA_R_BAD_KEY_SHARE, { WITH(KEY_SHARE, "\0\x1d\0\x20" Z32) } },
	{ "share-short", SH, SSA_R_BAD_KEY_SHARE, { WITH(KEY_SHARE, "\0\x1d\0\1\1") } },
	{ "share-empty", SH, SSA_R_DECODE, { WITH(KEY_SHARE, "\0\x1d\0\0") } },
	{ "share-trailing", SH, SSA_R_DECODE, { WITH(KEY_SHARE, "\0\x1d\0\1\1\1") } },
	{ "share-not-on-p384", SH, SSA_R_BAD_KEY_SHARE,
	  { WITH(KEY_SHARE, "\0\x18\0\x61\4" Z32 Z32 Z32) }, .group = SSA_GROUP_SECP384R1 },
	{ "hello-psk", SH, SSA_R_UNSOLICITED_EXTENSION, { PLUS(PRE_SHARED_KEY, "\0\0") } },
	{ "hello-unknown-extension", SH, SSA_R_UNSOLICITED_EXTENSION, { RAW("\x4a\x4a\0\0") } },
	{ "hello-cookie", SH, SSA_R_UNSOLICITED_EXTENSION, { PLUS(COOKIE, "\0\1x") } },
	{ "hello-server-name", SH, SSA_R_MISPLACED_EXTENSION, { PLUS(SERVER_NAME, "") } },
	{ "hello-extension-twice", SH, SSA_R_DUPLICATE_EXTENSION,
	  { PLUS(SUPPORTED_VERSIONS, "\3\4") } },

	{ "retry-same-group", SH, SSA_R_BAD_HELLO_RETRY, { WITH(KEY_SHARE, "\0\x1d") }, 0, true },
	{ "retry-unoffered-group", SH, SSA_R_BAD_HELLO_RETRY,
	  { WITH(KEY_SHARE, "\0\x19") }, 0, true },
	{ "retry-for-nothing", SH, SSA_R_BAD_HELLO_RETRY, { LESS(KEY_SHARE) }, 0, true },
	{ "retry-with-share", SH, SSA_R_DECODE, { WITH(KEY_SHARE, "\0\x17\0\1\4") }, 0, true },
	{ "retry-empty-cookie", SH, SSA_R_DECODE, { PLUS(COOKIE, "\0\0") }, 0, true },
	{ "retry-without-version", SH, SSA_R_MISSING_EXTENSION,
	  { LESS(SUPPORTED_VERSIONS) }, 0, true },
	{ "retry-unknown-extension", SH, SSA_R_UNSOLICITED_EXTENSION,
	  { RAW("\x4a\x4a\0\0") }, 0, true },
	{ "retry-server-name", SH, SSA_R_MISPLACED_EXTENSION, { PLUS(SERVER_NAME, "") }, 0, true },
	{ "retry-other-session-id", SH, SSA_R_ILLEGAL_PARAMETER, { AT(SH_SID + 1, Z32) }, 0, true },
	{ "retry-unknown-suite", SH, SSA_R_ILLEGAL_PARAMETER,
	  { AT(SH_SUITE, "\x13\x05") }, 0, true },
	{ "retry-followed", SH, SSA_R_EXCESS_DATA, { FOLLOWED("\2\0\0\0") }, 0, true },
	{ "retry-twice", SH, SSA_R_SECOND_HELLO_RETRY,
	  { AT(SH_RANDOM, RETRY_RANDOM), WITH(KEY_SHARE, "\0\x18") }, 1, true },
	{ "retry-then-other-suite", SH, SSA_R_BAD_HELLO_RETRY,
	  { AT(SH_SUITE, "\x13\x03") }, 1, true },
	{ "retry-then-other-group", SH, SSA_R_BAD_KEY_SHARE,
	  { WITH(KEY_SHARE, "\0\x1d\0\x20" Z32) }, 1, true },

	{ "ee-cut", EE, SSA_R_DECODE, { SHORTER(1) } },
	{ "ee-longer", EE, SSA_R_DECODE, { LONGER("\0") } },
	{ "ee-too-long", EE, SSA_R_MESSAGE_TOO_LONG, { AT(1, "\0\x20\1") } },
	{ "ee-missing", EE, SSA_R_UNEXPECTED_MESSAGE, { OP(VANISH) } },
	{ "ee-alpn", EE, SSA_R_UNSOLICITED_EXTENSION, { PLUS(ALPN, "\0\3\2h2") } },
	{ "ee-early-data", EE, SSA_R_UNSOLICITED_EXTENSION, { PLUS(EARLY_DATA, "") } },
	{ "ee-unknown", EE, SSA_R_UNSOLICITED_EXTENSION, { RAW("\x4a\x4a\0\0") } },
	{ "ee-key-share", EE, SSA_R_MISPLACED_EXTENSION, { PLUS(KEY_SHARE, "") } },
	{ "ee-versions", EE, SSA_R_MISPLACED_EXTENSION, { PLUS(SUPPORTED_VERSIONS, "\3\4") } },
	{ "ee-twice", EE, SSA_R_DUPLICATE_EXTENSION, { PLUS(SERVER_NAME, "") } },
	{ "ee-name-not-empty", EE, SSA_R_DECODE, { WITH(SERVER_NAME, "x") } },
	{ "ee-groups-odd", EE, SSA_R_DECODE, { PLUS(SUPPORTED_GROUPS, "\0\1\0") } },

	{ "cert-missing", CERT, SSA_R_UNEXPECTED_MESSAGE, { OP(VANISH) } },
	{ "cert-context", CERT, SSA_R_ILLEGAL_PARAMETER, { SPLICED(4, 1, "\1\0") } },
	{ "cert-none", CERT, SSA_R_CERT_MISSING, { BODY_IS("\0\0\0\0") } },
	{ "cert-body-empty", CERT, SSA_R_DECODE, { BODY_IS("") } },
	{ "cert-cut", CERT, SSA_R_DECODE, { SHORTER(1) } },
	{ "cert-longer", CERT, SSA_R_DECODE, { LONGER("\0") } },
	{ "cert-too-long", CERT, SSA_R_MESSAGE_TOO_LONG, { AT(1, "\x02\x10\x01") } },
	{ "cert-entry-empty", CERT, SSA_R_DECODE, { BODY_IS("\0\0\0\5\0\0\0\0\0") } },
	{ "cert-entry-cut", CERT, SSA_R_DECODE, { BODY_IS("\0\0\0\4\0\0\1\x30") } },
	{ "cert-status", CERT, SSA_R_UNSOLICITED_EXTENSION,
	  { BODY_IS("\0\0\0\x0a\0\0\1\x30\0\4\0\5\0\0") } },
	{ "cert-malformed", CERT, SSA_R_CERT_MALFORMED, { BODY_IS("\0\0\0\6" ENTRY) } },
	{ "cert-too-many", CERT, SSA_R_CERT_CHAIN_TOO_LONG,
	  { BODY_IS("\0\0\1\x86"), TOO_MANY(ENTRY) } },
	{ "cert-bad-signature", CERT, SSA_R_CERT_SIGNATURE, { OP(FLIP_LEAF) } },

	{ "cv-missing", CV, SSA_R_UNEXPECTED_MESSAGE, { OP(VANISH) } },
	{ "cv-cut", CV, SSA_R_DECODE, { SHORTER(1) } },
	{ "cv-longer", CV, SSA_R_DECODE, { LONGER("\0") } },
	{ "cv-wrong", CV, SSA_R_BAD_CERTIFICATE_VERIFY, { OP(FLIP_LAST) } },
	{ "cv-no-signature", CV, SSA_R_BAD_CERTIFICATE_VERIFY, { BODY_IS("\4\3\0\0") } },
	{ "cv-pkcs1", CV, SSA_R_BAD_SIGALG, { AT(4, "\4\1") } },
	{ "cv-unoffered", CV, SSA_R_BAD_SIGALG, { AT(4, "\x08\x08") } },
	{ "cv-other-key-type", CV, SSA_R_BAD_SIGALG, { AT(4, "\x08\x04") } },
	{ "cv-other-curve", CV, SSA_R_BAD_SIGALG, { AT(4, "\5\3") } },
	{ "cv-sha1", CV, SSA_R_BAD_SIGALG, { AT(4, "\2\3") } },

	{ "finished-wrong", FIN, SSA_R_BAD_FINISHED, { OP(FLIP_LAST) } },
	{ "finished-short", FIN, SSA_R_DECODE, { SHORTER(1) } },
	{ "finished-long", FIN, SSA_R_DECODE, { LONGER("\0") } },
	{ "finished-early-ticket", FIN, SSA_R_UNEXPECTED_MESSAGE, { AT(0, "\4") } },
	{ "finished-followed", FIN, SSA_R_EXCESS_DATA, { FOLLOWED("\4\0\0\0") } },
	{ "finished-followed-by-a-byte", FIN, SSA_R_EXCESS_DATA, { FOLLOWED("\4") } },
};

KUNIT_ARRAY_PARAM_DESC(client, client_cases, name);

static void client_refuses(struct kunit *test)
{
	const struct refuse_case *c = test->param_value;
	struct relay *r = refuse_relay(test, c);
	struct pair *p = refuse_pair(test, c);

	pair_run(test, p, NULL, r);
	KUNIT_EXPECT_EQ(test, r->changed, 1);
	expect_refusal(test, p->client, p->server, c);
}

/* --------------------------------------------------------- what is let pass */

static const struct refuse_case ignored_cases[] = {
	{ "grease", CH, SSA_R_NONE, { RAW("\x4a\x4a\0\0\xfa\xfa\0\1\0") } },
	{ "grease-suite", CH, SSA_R_NONE, { AT(CH_SUITES + 2, "\x2a\x2a") } },
	{ "grease-group", CH, SSA_R_NONE, { WITH(SUPPORTED_GROUPS, "\0\4\x2a\x2a\0\x1d") } },
	{ "grease-sigalg", CH, SSA_R_NONE,
	  { WITH(SIGNATURE_ALGORITHMS, "\0\6\x2a\x2a\2\3\4\3") } },
	{ "sigalgs-for-certificates", CH, SSA_R_NONE,
	  { PLUS(SIGNATURE_ALGORITHMS_CERT, "\0\2\x2a\x2a") } },
	{ "authorities", CH, SSA_R_NONE, { PLUS(CERTIFICATE_AUTHORITIES, "\0\4\0\2\x30\0") } },
	{ "post-handshake-auth", CH, SSA_R_NONE, { PLUS(POST_HANDSHAKE_AUTH, "") } },
	{ "max-fragment-length", CH, SSA_R_NONE, { PLUS(MAX_FRAGMENT_LENGTH, "\1") } },
	{ "raw-public-key", CH, SSA_R_NONE, { PLUS(SERVER_CERTIFICATE_TYPE, "\1\2") } },
	/* extensions of TLS 1.2 have no form in TLS 1.3 */
	{ "ems-not-empty", CH, SSA_R_NONE, { RAW("\0\x17\0\1\0") } },
	{ "point-formats-empty", CH, SSA_R_NONE, { RAW("\0\x0b\0\0") } },
	{ "renegotiation-info-cut", CH, SSA_R_NONE, { RAW("\xff\1\0\1\5") } },
	{ "ticket", CH, SSA_R_NONE, { RAW("\0\x23\0\3abc") } },
	{ "many-unknown", CH, SSA_R_NONE,
	  { RAW(MANY_UNKNOWN) } },
	{ "alpn", CH, SSA_R_NONE, { PLUS(ALPN, "\0\3\2h2") } },
	{ "status-request", CH, SSA_R_NONE, { PLUS(STATUS_REQUEST, "\1\0\0\0\0") } },
	{ "psk", CH, SSA_R_NONE,
	  { PLUS(PSK_KEY_EXCHANGE_MODES, "\1\1"), PLUS(PRE_SHARED_KEY, "\0\0") } },
	{ "no-name", CH, SSA_R_NONE, { LESS(SERVER_NAME) } },
	{ "no-session-id", CH, SSA_R_NONE, { SPLICED(CH_SID, 33, "\0") } },
	{ "legacy-version-1.0", CH, SSA_R_NONE, { AT(4, "\3\1") } },
	{ "more-versions", CH, SSA_R_NONE, { WITH(SUPPORTED_VERSIONS, "\6\x7a\x7a\3\4\3\3") } },
	{ "unknown-share", CH, SSA_R_NONE,
	  { WITH(SUPPORTED_GROUPS, "\0\4\x4a\x4a\0\x1d"),
	    WITH(KEY_SHARE, "\0\x29" UNKNOWN_SHARE SHARE) } },
	{ "shares-out-of-order", CH, SSA_R_NONE,
	  { WITH(SUPPORTED_GROUPS, "\0\4\x4a\x4a\0\x1d"),
	    WITH(KEY_SHARE, "\0\x29" SHARE UNKNOWN_SHARE) } },
	{ "name-other-type", CH, SSA_R_NONE, { WITH(SERVER_NAME, "\0\4\1\0\1a") } },
	{ "name-other-type-first", CH, SSA_R_NONE,
	  { WITH(SERVER_NAME, "\0\x08\1\0\1a\0\0\1b") } },
	{ "name-other-type-last", CH, SSA_R_NONE,
	  { WITH(SERVER_NAME, "\0\x08\0\0\1b\1\0\1a") } },
};

KUNIT_ARRAY_PARAM_DESC(ignored, ignored_cases, name);

/* The client knows nothing of the change, so the handshake itself cannot end. */
static void server_ignores(struct kunit *test)
{
	const struct refuse_case *c = test->param_value;
	struct relay *r = refuse_relay(test, c);
	struct pair *p = refuse_pair(test, c);

	relay_flight(test, r, p->client, p->server);
	KUNIT_EXPECT_EQ(test, r->changed, 1);
	KUNIT_EXPECT_EQ(test, ssa_hs_reason(p->server), SSA_R_NONE);
	KUNIT_EXPECT_EQ(test, p->server->state, SSA_ST_SERVER_WAIT_FINISHED);
}

/* RFC 8446 4.4.2: certificates that the path does not need, whatever is in them */
static void add_extras(struct kunit *test, struct ssa_buf *msg, const void *arg)
{
	u32 list = SSA_HS_HEADER_LEN + 1, i;

	for (i = 0; i < 60; i++)
		msg_splice(test, msg, msg->len, 0, ENTRY, sizeof(ENTRY) - 1);
	msg->data[list + 1] = (msg->len - list - 3) >> 8;
	msg->data[list + 2] = (msg->len - list - 3) & 0xff;
}

static void extraneous_certificates_are_borne(struct kunit *test)
{
	static const struct refuse_case c = { "extras", CERT, SSA_R_BAD_CERTIFICATE_VERIFY };
	struct relay *r = refuse_relay(test, &c);
	struct pair *p = refuse_pair(test, &c);

	r->change = add_extras;
	pair_run(test, p, NULL, r);
	KUNIT_EXPECT_EQ(test, r->changed, 1);
	/* the chain is taken; what is signed is the message without them */
	expect_refusal(test, p->client, p->server, &c);
}

/* Every vector of a ClientHello as long as its form allows, but for compression. */
static void longest_client_hello(struct kunit *test, struct ssa_buf *msg, const void *arg)
{
	u32 suites = 0xfffe - get_unaligned_be16(msg->data + CH_SUITES), off, pad;
	u8 *fill = kunit_kzalloc(test, 0x10000, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, fill);
	memset(fill, 0x4a, 0x10000);
	msg_splice(test, msg, CH_SUITES + 2, 0, fill, suites);
	put_unaligned_be16(0xfffe, msg->data + CH_SUITES);
	off = msg_exts_offset(test, msg);
	pad = 0xffff - (msg->len - off - 2) - 4;
	msg_ext_add(test, msg, SSA_XT_PADDING, fill, pad);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(msg->data + off), 0xffff);
	KUNIT_EXPECT_EQ(test, msg->len, SSA_HS_HEADER_LEN + SSA_CLIENT_HELLO_MAX - 254);
}

static void longest_client_hello_is_taken(struct kunit *test)
{
	static const u32 chunks[] = { 0, 1000, 16383 };
	struct pair *p = pair_new(test, PAIR_P256);
	struct relay *r;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(chunks); i++) {
		pair_start(test, p);
		r = relay_new(test);
		r->type = SSA_HT_CLIENT_HELLO;
		r->change = longest_client_hello;
		r->chunk = chunks[i];
		relay_flight(test, r, p->client, p->server);
		KUNIT_EXPECT_EQ(test, r->changed, 1);
		KUNIT_EXPECT_EQ(test, ssa_hs_reason(p->server), SSA_R_NONE);
		KUNIT_EXPECT_EQ(test, p->server->state, SSA_ST_SERVER_WAIT_FINISHED);
	}
}

static struct kunit_case engine_refuse_cases[] = {
	KUNIT_CASE_PARAM(server_refuses, server_gen_params),
	KUNIT_CASE_PARAM(client_refuses, client_gen_params),
	KUNIT_CASE_PARAM(server_ignores, ignored_gen_params),
	KUNIT_CASE(extraneous_certificates_are_borne),
	KUNIT_CASE(longest_client_hello_is_taken),
	{}
};

static struct kunit_suite engine_refuse_suite = {
	.name = "ssa_engine_refuse",
	.test_cases = engine_refuse_cases,
};

kunit_test_suite(engine_refuse_suite);
