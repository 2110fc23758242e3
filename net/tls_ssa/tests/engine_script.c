// SPDX-License-Identifier: GPL-2.0
/*
 * A server that the test scripts: it holds the keys and a transcript of its own,
 * so that what it sends is right in all but the one thing that is tried.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include "engine_pair.h"

/**
 * struct script - a scripted server and its victim
 * @p: the victim is p->client; p->server only makes the ServerHello
 * @evil: an engine's state without its machine
 */
struct script {
	struct pair *p;
	struct ssa_hs *evil;
};

static void script_exit(void *data)
{
	ssa_hs_free(data);
}

/* The client has its ServerHello; from here on the script speaks. */
static struct script *script_new(struct kunit *test, enum pair_key key, u16 sigalg)
{
	struct script *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	struct ssa_buf *out;
	struct ssa_hs *evil;
	struct pair *p;
	u32 len;

	KUNIT_ASSERT_NOT_NULL(test, s);
	p = pair_new(test, key);
	pair_start(test, p);
	evil = ssa_hs_new(&p->server_cfg);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, evil);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, script_exit, evil), 0);
	KUNIT_ASSERT_EQ(test, ssa_transcript_add(&evil->transcript,
						 p->client->out.data + SSA_RECORD_HEADER_LEN,
						 p->client->out.len - SSA_RECORD_HEADER_LEN), 0);
	relay_flight(test, NULL, p->client, p->server);
	out = &p->server->out;
	len = get_unaligned_be16(out->data + 3);
	evil->suite = p->server->suite;
	evil->cred = p->cred;
	evil->sigalg = sigalg;
	evil->state = SSA_ST_SERVER_WAIT_FINISHED;
	ssa_transcript_start(&evil->transcript, evil->suite->hash);
	KUNIT_ASSERT_EQ(test, ssa_transcript_add(&evil->transcript,
						 out->data + SSA_RECORD_HEADER_LEN, len), 0);
	KUNIT_ASSERT_EQ(test, feed(test, p->client, out->data, SSA_RECORD_HEADER_LEN + len),
			SSA_WANT_READ);
	memcpy(&evil->ks, &p->client->ks, sizeof(evil->ks));
	KUNIT_ASSERT_EQ(test, ssa_record_keys_set(&evil->tx, evil->suite,
						  evil->ks.server_handshake_traffic_secret), 0);
	s->p = p;
	s->evil = evil;
	return s;
}

static void put_message(struct kunit *test, struct script *s, u8 type, const void *body, u32 len)
{
	struct ssa_writer w;

	ssa_message_open(s->evil, &w, type);
	ssa_write_bytes(&w, body, len);
	KUNIT_ASSERT_EQ(test, ssa_message_close(s->evil, &w), 0);
}

#define PUT(s, type, body) put_message(test, s, type, body, sizeof(body) - 1)

static void put_certificate(struct kunit *test, struct script *s)
{
	KUNIT_ASSERT_EQ(test, ssa_put_certificate(s->evil, ssa_credentials_chain(s->p->cred)), 0);
}

static void put_verify(struct kunit *test, struct script *s)
{
	KUNIT_ASSERT_EQ(test, ssa_put_certificate_verify(s->evil), 0);
}

static void put_finished(struct kunit *test, struct script *s)
{
	KUNIT_ASSERT_EQ(test, ssa_put_finished(s->evil,
					       s->evil->ks.server_handshake_traffic_secret), 0);
}

/* Sends what has been put. */
static enum ssa_reason play(struct kunit *test, struct script *s)
{
	struct ssa_buf *out = &s->evil->out;

	KUNIT_ASSERT_EQ(test, ssa_hs_flush(s->evil), 0);
	feed(test, s->p->client, ssa_buf_begin(out), ssa_buf_left(out));
	ssa_buf_free(out);
	return ssa_hs_reason(s->p->client);
}

static void script_is_right(struct kunit *test)
{
	struct script *s = script_new(test, PAIR_P256, SSA_SIG_ECDSA_SECP256R1_SHA256);

	PUT(s, SSA_HT_ENCRYPTED_EXTENSIONS, "\0\0");
	put_certificate(test, s);
	put_verify(test, s);
	put_finished(test, s);
	KUNIT_EXPECT_EQ(test, play(test, s), SSA_R_NONE);
	KUNIT_EXPECT_EQ(test, s->p->client->state, SSA_ST_CONNECTED);
}

/* The answer to a CertificateRequest is an empty Certificate (4.4.2.3). */
static void request_is_answered_with_nothing(struct kunit *test)
{
	struct script *s = script_new(test, PAIR_P256, SSA_SIG_ECDSA_SECP256R1_SHA256);
	static const u8 empty[] = { SSA_HT_CERTIFICATE, 0, 0, 4, 0, 0, 0, 0 };
	struct ssa_record_keys keys = { 0 };
	struct ssa_plaintext plain;
	u8 transcript[SSA_HASH_MAX], verify_data[SSA_HASH_MAX];
	struct ssa_buf *out;

	PUT(s, SSA_HT_ENCRYPTED_EXTENSIONS, "\0\0");
	/* signature_algorithms, certificate_authorities, and one that nobody knows */
	PUT(s, SSA_HT_CERTIFICATE_REQUEST,
	    "\0\0\x18\0\x0d\0\6\0\4\4\3\x08\4\0\x2f\0\6\0\4\0\2\x30\0\x4a\x4a\0\0");
	put_certificate(test, s);
	put_verify(test, s);
	put_finished(test, s);
	KUNIT_ASSERT_EQ(test, play(test, s), SSA_R_NONE);
	KUNIT_ASSERT_EQ(test, s->p->client->state, SSA_ST_CONNECTED);

	out = &s->p->client->out;
	KUNIT_ASSERT_EQ(test, ssa_record_keys_set(&keys, s->evil->suite,
						  s->evil->ks.client_handshake_traffic_secret), 0);
	/* after the change_cipher_spec of 6 bytes */
	KUNIT_ASSERT_GT(test, out->len, 6);
	KUNIT_ASSERT_EQ(test, ssa_record_open(&keys, out->data + 6, out->len - 6, &plain),
			SSA_R_NONE);
	KUNIT_ASSERT_EQ(test, plain.len, sizeof(empty) + SSA_HS_HEADER_LEN + 32);
	KUNIT_EXPECT_MEMEQ(test, plain.data, empty, sizeof(empty));
	KUNIT_ASSERT_EQ(test, ssa_transcript_add(&s->evil->transcript, empty, sizeof(empty)), 0);
	ssa_transcript_digest(&s->evil->transcript, transcript);
	KUNIT_ASSERT_EQ(test, ssa_ks_finished(s->evil->suite,
					      s->evil->ks.client_handshake_traffic_secret,
					      transcript, verify_data), 0);
	KUNIT_EXPECT_MEMEQ(test, plain.data + sizeof(empty) + SSA_HS_HEADER_LEN, verify_data, 32);
	ssa_record_keys_clear(&keys);
}

struct request_case {
	const char *name;
	const char *body;
	u32 len;
	enum ssa_reason reason;
};

#define D(x)	.body = (x), .len = sizeof(x) - 1
/* signature_algorithms, and an extension @x behind it; @n bytes in all */
#define AND(n, x)	D("\0\0" n "\0\x0d\0\6\0\4\4\3\x08\4" x)

static const struct request_case request_cases[] = {
	{ "context", D("\1x\0\x0a\0\x0d\0\6\0\4\4\3\x08\4"), SSA_R_ILLEGAL_PARAMETER },
	{ "no-sigalgs", D("\0\0\0"), SSA_R_MISSING_EXTENSION },
	{ "sigalgs-empty", D("\0\0\6\0\x0d\0\2\0\0"), SSA_R_DECODE },
	{ "sigalgs-odd", D("\0\0\x07\0\x0d\0\3\0\1\4"), SSA_R_DECODE },
	{ "sigalgs-cert-empty", AND("\x10", "\0\x32\0\2\0\0"), SSA_R_DECODE },
	{ "sigalgs-cert-odd", AND("\x11", "\0\x32\0\3\0\1\4"), SSA_R_DECODE },
	{ "sigalgs-cert-trailing", AND("\x13", "\0\x32\0\5\0\2\4\3\0"), SSA_R_DECODE },
	{ "authorities-empty", AND("\x10", "\0\x2f\0\2\0\0"), SSA_R_DECODE },
	{ "authorities-empty-name", AND("\x14", "\0\x2f\0\6\0\4\0\0\0\0"), SSA_R_DECODE },
	{ "authorities-no-name", AND("\x14", "\0\x2f\0\6\0\4\0\2\x31\0"), SSA_R_DECODE },
	{ "authorities-cut", AND("\x14", "\0\x2f\0\6\0\4\0\3\x30\0"), SSA_R_DECODE },
	{ "authorities-trailing", AND("\x15", "\0\x2f\0\7\0\4\0\2\x30\0\0"), SSA_R_DECODE },
	{ "twice", D("\0\0\x14\0\x0d\0\6\0\4\4\3\x08\4\0\x0d\0\6\0\4\4\3\x08\4"),
	  SSA_R_DUPLICATE_EXTENSION },
	{ "key-share", D("\0\0\x0e\0\x0d\0\6\0\4\4\3\x08\4\0\x33\0\0"), SSA_R_MISPLACED_EXTENSION },
	{ "cut", D("\0\0\x0b\0\x0d\0\6\0\4\4\3\x08\4"), SSA_R_DECODE },
	{ "trailing", D("\0\0\x0a\0\x0d\0\6\0\4\4\3\x08\4\0"), SSA_R_DECODE },
	{ "empty", D(""), SSA_R_DECODE },
};

KUNIT_ARRAY_PARAM_DESC(request, request_cases, name);

static void request_is_refused(struct kunit *test)
{
	struct script *s = script_new(test, PAIR_P256, SSA_SIG_ECDSA_SECP256R1_SHA256);
	const struct request_case *c = test->param_value;
	struct ssa_record_keys keys = { 0 };

	PUT(s, SSA_HT_ENCRYPTED_EXTENSIONS, "\0\0");
	put_message(test, s, SSA_HT_CERTIFICATE_REQUEST, c->body, c->len);
	KUNIT_EXPECT_EQ(test, play(test, s), c->reason);
	KUNIT_ASSERT_EQ(test, ssa_record_keys_set(&keys, s->evil->suite,
						  s->evil->ks.client_handshake_traffic_secret), 0);
	expect_failure(test, s->p->client, c->reason, &keys);
	ssa_record_keys_clear(&keys);
}

/* Each order of the flight but the right one */
static void order_of_the_flight_is_kept(struct kunit *test)
{
	static const char * const orders[] = {
		"C", "V", "F", "R", "EE", "EV", "EF", "ERR", "ERV", "ERF", "ECC", "ECR", "ECF",
		"ECE", "ECVV", "ECVC", "ECVE", "ECVR",
	};
	const char *o;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(orders); i++) {
		struct script *s = script_new(test, PAIR_P256, SSA_SIG_ECDSA_SECP256R1_SHA256);

		for (o = orders[i]; *o; o++) {
			if (*o == 'E')
				PUT(s, SSA_HT_ENCRYPTED_EXTENSIONS, "\0\0");
			if (*o == 'R')
				PUT(s, SSA_HT_CERTIFICATE_REQUEST,
				    "\0\0\x0a\0\x0d\0\6\0\4\4\3\x08\4");
			if (*o == 'C')
				put_certificate(test, s);
			if (*o == 'V')
				put_verify(test, s);
			if (*o == 'F')
				put_finished(test, s);
		}
		KUNIT_EXPECT_EQ_MSG(test, play(test, s), SSA_R_UNEXPECTED_MESSAGE, "order %s",
				    orders[i]);
	}
}

/* A server that signs what it may not, or with another key than its certificate's */
static void signature_must_fit(struct kunit *test)
{
	struct script *s;
	struct pair *other;

	/* a good signature, but of a scheme that the client did not offer */
	s = script_new(test, PAIR_RSA, SSA_SIG_RSA_PSS_RSAE_SHA512);
	memset(s->p->client->cfg.sigalgs, 0, sizeof(s->p->client->cfg.sigalgs));
	s->p->client->cfg.sigalgs[0] = SSA_SIG_RSA_PSS_RSAE_SHA256;
	s->p->client->cfg.sigalgs[1] = SSA_SIG_RSA_PKCS1_SHA256;
	s->p->client->cfg.sigalgs[2] = SSA_SIG_RSA_PKCS1_SHA384;
	PUT(s, SSA_HT_ENCRYPTED_EXTENSIONS, "\0\0");
	put_certificate(test, s);
	put_verify(test, s);
	KUNIT_EXPECT_EQ(test, play(test, s), SSA_R_BAD_SIGALG);

	/* the same with a scheme of TLS 1.2: offered, for certificates only */
	s = script_new(test, PAIR_RSA, SSA_SIG_RSA_PKCS1_SHA256);
	PUT(s, SSA_HT_ENCRYPTED_EXTENSIONS, "\0\0");
	put_certificate(test, s);
	put_verify(test, s);
	KUNIT_EXPECT_EQ(test, play(test, s), SSA_R_BAD_SIGALG);

	/* P-384 key under a P-256 certificate */
	s = script_new(test, PAIR_P256, SSA_SIG_ECDSA_SECP384R1_SHA384);
	other = pair_new(test, PAIR_P384);
	PUT(s, SSA_HT_ENCRYPTED_EXTENSIONS, "\0\0");
	put_certificate(test, s);
	s->evil->cred = other->cred;
	put_verify(test, s);
	KUNIT_EXPECT_EQ(test, play(test, s), SSA_R_BAD_SIGALG);

	/* a good signature over another transcript */
	s = script_new(test, PAIR_P256, SSA_SIG_ECDSA_SECP256R1_SHA256);
	PUT(s, SSA_HT_ENCRYPTED_EXTENSIONS, "\0\0");
	put_certificate(test, s);
	KUNIT_ASSERT_EQ(test, ssa_transcript_add(&s->evil->transcript, "x", 1), 0);
	put_verify(test, s);
	KUNIT_EXPECT_EQ(test, play(test, s), SSA_R_BAD_CERTIFICATE_VERIFY);

	/* the client's context string in the server's signature */
	s = script_new(test, PAIR_P256, SSA_SIG_ECDSA_SECP256R1_SHA256);
	PUT(s, SSA_HT_ENCRYPTED_EXTENSIONS, "\0\0");
	put_certificate(test, s);
	s->evil->cfg.server = false;
	put_verify(test, s);
	KUNIT_EXPECT_EQ(test, play(test, s), SSA_R_BAD_CERTIFICATE_VERIFY);
}

/* Finished of the wrong side */
static void finished_of_the_client_is_refused(struct kunit *test)
{
	struct script *s = script_new(test, PAIR_P256, SSA_SIG_ECDSA_SECP256R1_SHA256);

	PUT(s, SSA_HT_ENCRYPTED_EXTENSIONS, "\0\0");
	put_certificate(test, s);
	put_verify(test, s);
	KUNIT_ASSERT_EQ(test, ssa_put_finished(s->evil,
					       s->evil->ks.client_handshake_traffic_secret), 0);
	KUNIT_EXPECT_EQ(test, play(test, s), SSA_R_BAD_FINISHED);
}

/* ------------------------------------------------------------------- cookie */

static const u8 cookie_data[] = { 0, 5, 'c', 'r', 'u', 'm', 'b' };

static void add_cookie(struct kunit *test, struct ssa_buf *msg, const void *without_share)
{
	msg_ext_add(test, msg, SSA_XT_COOKIE, cookie_data, sizeof(cookie_data));
	if (without_share)
		msg_ext_remove(test, msg, SSA_XT_KEY_SHARE);
}

/* The cookie comes back as it was, with the share asked for or the same one. */
static void cookie_is_echoed(struct kunit *test)
{
	u32 without_share;

	for (without_share = 0; without_share < 2; without_share++) {
		struct pair *p = pair_new(test, PAIR_P256);
		struct relay *r = relay_new(test);
		struct ssa_buf again = { 0 };
		struct ssa_reader in, body;
		u32 off, share;
		u8 type;
		u16 v;

		pair_only_group(&p->server_cfg, SSA_GROUP_SECP256R1);
		pair_start(test, p);
		relay_flight(test, NULL, p->client, p->server);
		r->type = SSA_HT_SERVER_HELLO;
		r->change = add_cookie;
		r->arg = without_share ? p : NULL;
		relay_flight(test, r, p->server, p->client);
		KUNIT_ASSERT_EQ(test, ssa_hs_reason(p->client), SSA_R_NONE);

		ssa_reader_init(&in, p->client->out.data, p->client->out.len);
		KUNIT_ASSERT_TRUE(test, ssa_read_u8(&in, &type) && ssa_read_u16(&in, &v) &&
				  ssa_read_vec16(&in, &body, 1, 1));	/* change_cipher_spec */
		KUNIT_ASSERT_TRUE(test, ssa_read_u8(&in, &type) && ssa_read_u16(&in, &v) &&
				  ssa_read_vec16(&in, &body, 1, SSA_PLAINTEXT_MAX));
		KUNIT_ASSERT_EQ(test, ssa_buf_append(&again, body.data, body.left, SSA_IN_MAX), 0);
		off = msg_ext_find(test, &again, SSA_XT_COOKIE);
		share = msg_ext_find(test, &again, SSA_XT_KEY_SHARE);
		KUNIT_EXPECT_NE(test, off, 0);
		KUNIT_EXPECT_NE(test, share, 0);
		if (off && share) {
			KUNIT_EXPECT_EQ(test, get_unaligned_be16(again.data + off + 2),
					sizeof(cookie_data));
			KUNIT_EXPECT_MEMEQ(test, again.data + off + 4, cookie_data,
					   sizeof(cookie_data));
			KUNIT_EXPECT_EQ(test, get_unaligned_be16(again.data + share + 6),
					without_share ? SSA_GROUP_X25519 : SSA_GROUP_SECP256R1);
		}
		ssa_buf_free(&again);
	}
}

static struct kunit_case engine_script_cases[] = {
	KUNIT_CASE(script_is_right),
	KUNIT_CASE(request_is_answered_with_nothing),
	KUNIT_CASE_PARAM(request_is_refused, request_gen_params),
	KUNIT_CASE(order_of_the_flight_is_kept),
	KUNIT_CASE(signature_must_fit),
	KUNIT_CASE(finished_of_the_client_is_refused),
	KUNIT_CASE(cookie_is_echoed),
	{}
};

static struct kunit_suite engine_script_suite = {
	.name = "ssa_engine_script",
	.test_cases = engine_script_cases,
};

kunit_test_suite(engine_script_suite);
