// SPDX-License-Identifier: GPL-2.0
/*
 * The traces of RFC 8448 that need no PSK (sections 3, 5, 6 and 7), reproduced:
 * first the key schedule, transcript and records by themselves, then our client
 * and our server with the random numbers of the trace.
 *
 * Our messages are not the trace's where extensions are free to differ, and its
 * certificates are too weak for us or show no name. There the trace's message
 * takes the place of ours in the transcript, so that all that depends on it is
 * the trace's again.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include "engine_pair.h"
#include "engine_rfc8448.h"
#include "engine_rfc8448_auth.h"
#include "engine_rfc8448_compat.h"
#include "engine_rfc8448_retry.h"

struct bytes {
	const u8 *p;
	u32 len;
};

#define B(x)	{ (x), sizeof(x) }

/*
 * struct trace - a handshake of RFC 8448
 * @name: its title
 * @group: of the key exchange
 * @client_hello_1: before a HelloRetryRequest
 * @client_private_1: key of its share
 * @client_alert_seq: records under the client's application key before its alert
 * @server_alert_seq: the same of the server
 * @server_point: key of the server's certificate, if it is one that we use
 *
 * The other members are what the RFC calls them.
 */
struct trace {
	const char *name;
	u16 group;
	struct bytes client_hello_1, client_private_1, hello_retry_request;
	struct bytes client_hello, client_private, client_public;
	struct bytes server_hello, server_private, server_public;
	struct bytes shared_secret, handshake_secret, hello_hash, master_secret;
	const u8 *client_handshake_traffic_secret, *server_handshake_traffic_secret;
	const u8 *client_application_traffic_secret, *server_application_traffic_secret;
	const u8 *exporter_master_secret;
	const u8 *client_handshake_key, *client_handshake_iv;
	const u8 *server_handshake_key, *server_handshake_iv;
	const u8 *client_application_key, *client_application_iv;
	const u8 *server_application_key, *server_application_iv;
	struct bytes encrypted_extensions, certificate_request, certificate;
	struct bytes certificate_verify, server_finished, server_finished_hash;
	struct bytes server_flight_record;
	struct bytes client_certificate, client_certificate_verify, client_finished;
	struct bytes client_flight_record;
	struct bytes client_alert_record, server_alert_record;
	u32 client_alert_seq, server_alert_seq;
	const u8 *server_point;
};

/* What all of them have under the prefix of their section. */
#define TRACE(x)								\
	.client_hello = B(x##client_hello),					\
	.server_hello = B(x##server_hello),					\
	.shared_secret = B(x##shared_secret),					\
	.handshake_secret = B(x##handshake_secret),				\
	.hello_hash = B(x##hello_hash),						\
	.master_secret = B(x##master_secret),					\
	.client_handshake_traffic_secret = x##client_handshake_traffic_secret,	\
	.server_handshake_traffic_secret = x##server_handshake_traffic_secret,	\
	.client_application_traffic_secret =					\
		x##client_application_traffic_secret,				\
	.server_application_traffic_secret =					\
		x##server_application_traffic_secret,				\
	.exporter_master_secret = x##exporter_master_secret,			\
	.client_handshake_key = x##client_handshake_key,			\
	.client_handshake_iv = x##client_handshake_iv,				\
	.server_handshake_key = x##server_handshake_key,			\
	.server_handshake_iv = x##server_handshake_iv,				\
	.client_application_key = x##client_application_key,			\
	.client_application_iv = x##client_application_iv,			\
	.server_application_key = x##server_application_key,			\
	.server_application_iv = x##server_application_iv,			\
	.certificate_verify = B(x##certificate_verify),				\
	.server_finished = B(x##server_finished),				\
	.server_finished_hash = B(x##server_finished_hash),			\
	.server_flight_record = B(x##server_flight_record),			\
	.client_finished = B(x##client_finished),				\
	.client_flight_record = B(x##client_flight_record),			\
	.client_alert_record = B(x##client_alert_record),			\
	.server_alert_record = B(x##server_alert_record)

#define SHARES(x)								\
	.client_private = B(x##client_private),					\
	.client_public = B(x##client_public),					\
	.server_private = B(x##server_private),					\
	.server_public = B(x##server_public)

#define SERVER_POINT_OFFSET	138	/* in the Certificate of section 6 */

static const struct trace traces[] = {
	{
		.name = "3 Simple 1-RTT Handshake",
		.group = SSA_GROUP_X25519,
		TRACE(rfc8448_),
		.client_private = B(rfc8448_client_x25519_private),
		.client_public = B(rfc8448_client_x25519_public),
		.server_private = B(rfc8448_server_x25519_private),
		.server_public = B(rfc8448_server_x25519_public),
		.encrypted_extensions = B(rfc8448_encrypted_extensions),
		.certificate = B(rfc8448_certificate),
		.client_alert_seq = 1,
		.server_alert_seq = 2,
	}, {
		.name = "5 HelloRetryRequest",
		.group = SSA_GROUP_SECP256R1,
		.client_hello_1 = B(rfc8448_5_client_hello_1),
		.client_private_1 = B(rfc8448_5_client_private_1),
		.hello_retry_request = B(rfc8448_5_hello_retry_request),
		TRACE(rfc8448_5_),
		SHARES(rfc8448_5_),
		.encrypted_extensions = B(rfc8448_5_encrypted_extensions),
		.certificate = B(rfc8448_certificate),
	}, {
		.name = "6 Client Authentication",
		.group = SSA_GROUP_X25519,
		TRACE(rfc8448_6_),
		SHARES(rfc8448_6_),
		.encrypted_extensions = B(rfc8448_encrypted_extensions),
		.certificate_request = B(rfc8448_6_certificate_request),
		.certificate = B(rfc8448_6_certificate),
		.client_certificate = B(rfc8448_6_client_certificate),
		.client_certificate_verify = B(rfc8448_6_client_certificate_verify),
		.server_point = rfc8448_6_certificate + SERVER_POINT_OFFSET,
	}, {
		.name = "7 Compatibility Mode",
		.group = SSA_GROUP_X25519,
		TRACE(rfc8448_7_),
		SHARES(rfc8448_7_),
		.encrypted_extensions = B(rfc8448_encrypted_extensions),
		.certificate = B(rfc8448_certificate),
	},
};

KUNIT_ARRAY_PARAM_DESC(trace, traces, name);

static void expect_bytes(struct kunit *test, const u8 *got, struct bytes want)
{
	KUNIT_EXPECT_MEMEQ(test, got, want.p, want.len);
}

static const u8 compat_ccs[] = { 0x14, 0x03, 0x03, 0x00, 0x01, 0x01 };

static const struct ssa_suite *trace_suite(void)
{
	return ssa_suite_find(SSA_SUITE_AES_128_GCM_SHA256);
}

/* ------------------------------------------------- the parts by themselves */

static void add(struct kunit *test, struct ssa_transcript *t, struct bytes message)
{
	KUNIT_ASSERT_EQ(test, ssa_transcript_add(t, message.p, message.len), 0);
}

/* ClientHello to the last that comes before ServerHello, as a client does it */
static void add_hellos(struct kunit *test, struct ssa_transcript *t, const struct trace *c)
{
	memset(t, 0, sizeof(*t));
	if (c->hello_retry_request.len) {
		add(test, t, c->client_hello_1);
		ssa_transcript_start(t, SSA_SHA256);
		ssa_transcript_hello_retry(t);
		add(test, t, c->hello_retry_request);
		add(test, t, c->client_hello);
	} else {
		add(test, t, c->client_hello);
		ssa_transcript_start(t, SSA_SHA256);
	}
}

/* EncryptedExtensions to CertificateVerify */
static void add_server_flight(struct kunit *test, struct ssa_transcript *t, const struct trace *c)
{
	add(test, t, c->encrypted_extensions);
	add(test, t, c->certificate_request);
	add(test, t, c->certificate);
	add(test, t, c->certificate_verify);
}

static void fixed_fill(void *ctx, void *buf, size_t len)
{
	struct bytes *script = ctx;
	size_t i;

	for (i = 0; i < len; i++) {
		((u8 *)buf)[i] = script->len ? *script->p : 0;
		if (script->len) {
			script->p++;
			script->len--;
		}
	}
}

static void expect_shares(struct kunit *test, u16 group, struct bytes private,
			  struct bytes public, struct bytes peer, struct bytes shared)
{
	const struct ssa_rng rng = { .fill = fixed_fill, .ctx = &private };
	u8 out[SSA_KEX_SHARED_MAX];
	struct ssa_kex kex;
	size_t len;

	KUNIT_ASSERT_EQ(test, ssa_kex_generate(&kex, group, &rng), 0);
	KUNIT_ASSERT_EQ(test, kex.public_len, public.len);
	expect_bytes(test, kex.public_key, public);
	KUNIT_ASSERT_EQ(test, ssa_kex_shared(&kex, peer.p, peer.len, out, &len), 0);
	KUNIT_ASSERT_EQ(test, len, shared.len);
	expect_bytes(test, out, shared);
}

static void shared_secret_is_reproduced(struct kunit *test)
{
	const struct trace *c = test->param_value;

	expect_shares(test, c->group, c->client_private, c->client_public, c->server_public,
		      c->shared_secret);
	expect_shares(test, c->group, c->server_private, c->server_public, c->client_public,
		      c->shared_secret);
}

static void expect_finished(struct kunit *test, const u8 *base_key, const u8 *digest,
			    struct bytes message)
{
	u8 mac[SSA_HASH_MAX];

	KUNIT_ASSERT_EQ(test, ssa_ks_finished(trace_suite(), base_key, digest, mac), 0);
	KUNIT_ASSERT_EQ(test, message.len, SSA_HS_HEADER_LEN + 32);
	KUNIT_EXPECT_MEMEQ(test, mac, message.p + SSA_HS_HEADER_LEN, 32);
}

static void secrets_are_reproduced(struct kunit *test)
{
	const struct ssa_suite *suite = trace_suite();
	const struct trace *c = test->param_value;
	struct ssa_key_schedule *ks = kunit_kzalloc(test, sizeof(*ks), GFP_KERNEL);
	struct ssa_transcript *transcript = kunit_kzalloc(test, sizeof(*transcript), GFP_KERNEL);
	u8 digest[SSA_HASH_MAX];

	KUNIT_ASSERT_NOT_NULL(test, ks);
	KUNIT_ASSERT_NOT_NULL(test, transcript);
	add_hellos(test, transcript, c);
	add(test, transcript, c->server_hello);
	ssa_transcript_digest(transcript, digest);
	expect_bytes(test, digest, c->hello_hash);

	ssa_ks_early_secret(ks, suite);
	KUNIT_EXPECT_MEMEQ(test, ks->secret, rfc8448_early_secret, sizeof(rfc8448_early_secret));
	KUNIT_ASSERT_EQ(test, ssa_ks_handshake_secret(ks, suite, c->shared_secret.p,
						      c->shared_secret.len), 0);
	expect_bytes(test, ks->secret, c->handshake_secret);
	KUNIT_ASSERT_EQ(test, ssa_ks_handshake_traffic(ks, suite, digest), 0);
	KUNIT_EXPECT_MEMEQ(test, ks->client_handshake_traffic_secret,
			   c->client_handshake_traffic_secret, 32);
	KUNIT_EXPECT_MEMEQ(test, ks->server_handshake_traffic_secret,
			   c->server_handshake_traffic_secret, 32);

	add_server_flight(test, transcript, c);
	ssa_transcript_digest(transcript, digest);
	expect_finished(test, ks->server_handshake_traffic_secret, digest, c->server_finished);

	add(test, transcript, c->server_finished);
	ssa_transcript_digest(transcript, digest);
	expect_bytes(test, digest, c->server_finished_hash);
	KUNIT_ASSERT_EQ(test, ssa_ks_master_secret(ks, suite), 0);
	expect_bytes(test, ks->secret, c->master_secret);
	KUNIT_ASSERT_EQ(test, ssa_ks_application_traffic(ks, suite, digest), 0);
	KUNIT_EXPECT_MEMEQ(test, ks->client_application_traffic_secret,
			   c->client_application_traffic_secret, 32);
	KUNIT_EXPECT_MEMEQ(test, ks->server_application_traffic_secret,
			   c->server_application_traffic_secret, 32);
	KUNIT_ASSERT_EQ(test, ssa_ks_exporter_master(ks, suite, digest), 0);
	KUNIT_EXPECT_MEMEQ(test, ks->exporter_master_secret, c->exporter_master_secret, 32);

	add(test, transcript, c->client_certificate);
	add(test, transcript, c->client_certificate_verify);
	ssa_transcript_digest(transcript, digest);
	expect_finished(test, ks->client_handshake_traffic_secret, digest, c->client_finished);
	ssa_transcript_wipe(transcript);
}

static void expect_keys(struct kunit *test, const u8 *secret, const u8 *key, const u8 *iv)
{
	struct ssa_traffic_keys keys;

	KUNIT_ASSERT_EQ(test, ssa_ks_traffic_keys(trace_suite(), secret, &keys), 0);
	KUNIT_EXPECT_EQ(test, keys.key_len, 16);
	KUNIT_EXPECT_MEMEQ(test, keys.key, key, 16);
	KUNIT_EXPECT_MEMEQ(test, keys.iv, iv, SSA_AEAD_NONCE_LEN);
}

static void traffic_keys_are_reproduced(struct kunit *test)
{
	const struct trace *c = test->param_value;

	expect_keys(test, c->client_handshake_traffic_secret, c->client_handshake_key,
		    c->client_handshake_iv);
	expect_keys(test, c->server_handshake_traffic_secret, c->server_handshake_key,
		    c->server_handshake_iv);
	expect_keys(test, c->client_application_traffic_secret, c->client_application_key,
		    c->client_application_iv);
	expect_keys(test, c->server_application_traffic_secret, c->server_application_key,
		    c->server_application_iv);
}

/* Seals what is in @plain, and opens it again; @seq records have gone before. */
static void expect_record(struct kunit *test, const u8 *secret, u64 seq, u8 type,
			  const struct ssa_buf *plain, struct bytes record)
{
	struct ssa_record_keys tx = { 0 }, rx = { 0 };
	struct ssa_plaintext opened;
	struct ssa_buf out = { 0 };

	KUNIT_ASSERT_EQ(test, ssa_record_keys_set(&tx, trace_suite(), secret), 0);
	KUNIT_ASSERT_EQ(test, ssa_record_keys_set(&rx, trace_suite(), secret), 0);
	tx.seq = seq;
	rx.seq = seq;
	KUNIT_EXPECT_EQ(test, ssa_record_put(&out, &tx, type, SSA_TLS12, plain->data, plain->len),
			0);
	KUNIT_EXPECT_EQ(test, ssa_buf_left(&out), record.len);
	if (ssa_buf_left(&out) == record.len) {
		expect_bytes(test, out.data, record);
		KUNIT_EXPECT_EQ(test, ssa_record_open(&rx, out.data, out.len, &opened), SSA_R_NONE);
		KUNIT_EXPECT_EQ(test, opened.type, type);
		KUNIT_EXPECT_EQ(test, opened.len, plain->len);
		KUNIT_EXPECT_MEMEQ(test, opened.data, plain->data, plain->len);
	}
	ssa_buf_free(&out);
	ssa_record_keys_clear(&tx);
	ssa_record_keys_clear(&rx);
}

static void append(struct kunit *test, struct ssa_buf *flight, struct bytes message)
{
	KUNIT_ASSERT_EQ(test, ssa_buf_append(flight, message.p, message.len, SSA_FLIGHT_MAX), 0);
}

static void records_are_reproduced(struct kunit *test)
{
	static const struct bytes close_notify = { (const u8 *)"\1\0", 2 };
	const struct trace *c = test->param_value;
	struct ssa_buf plain = { 0 };

	append(test, &plain, c->encrypted_extensions);
	append(test, &plain, c->certificate_request);
	append(test, &plain, c->certificate);
	append(test, &plain, c->certificate_verify);
	append(test, &plain, c->server_finished);
	expect_record(test, c->server_handshake_traffic_secret, 0, SSA_CT_HANDSHAKE, &plain,
		      c->server_flight_record);
	ssa_buf_free(&plain);

	append(test, &plain, c->client_certificate);
	append(test, &plain, c->client_certificate_verify);
	append(test, &plain, c->client_finished);
	expect_record(test, c->client_handshake_traffic_secret, 0, SSA_CT_HANDSHAKE, &plain,
		      c->client_flight_record);
	ssa_buf_free(&plain);

	append(test, &plain, close_notify);
	expect_record(test, c->client_application_traffic_secret, c->client_alert_seq,
		      SSA_CT_ALERT, &plain, c->client_alert_record);
	expect_record(test, c->server_application_traffic_secret, c->server_alert_seq,
		      SSA_CT_ALERT, &plain, c->server_alert_record);
	ssa_buf_free(&plain);
}

/* Section 3 alone sends data, and its server a ticket, which we ignore. */
static void data_and_ticket_are_reproduced(struct kunit *test)
{
	static const struct bytes data = B(rfc8448_application_data);
	static const struct bytes client_record = B(rfc8448_client_data_record);
	static const struct bytes server_record = B(rfc8448_server_data_record);
	struct ssa_post post = {
		.version = SSA_TLS13,
		.suite = SSA_SUITE_AES_128_GCM_SHA256,
	};
	enum ssa_reason reason = SSA_R_NONE;
	struct ssa_record_keys rx = { 0 };
	struct ssa_plaintext plain;
	struct ssa_buf buf = { 0 };

	append(test, &buf, data);
	expect_record(test, rfc8448_client_application_traffic_secret, 0, SSA_CT_APPLICATION_DATA,
		      &buf, client_record);
	expect_record(test, rfc8448_server_application_traffic_secret, 1, SSA_CT_APPLICATION_DATA,
		      &buf, server_record);
	ssa_buf_free(&buf);

	KUNIT_ASSERT_EQ(test, ssa_buf_append(&buf, rfc8448_ticket_record,
					     sizeof(rfc8448_ticket_record), SSA_FLIGHT_MAX), 0);
	KUNIT_ASSERT_EQ(test, ssa_record_keys_set(&rx, trace_suite(),
						  rfc8448_server_application_traffic_secret), 0);
	KUNIT_ASSERT_EQ(test, ssa_record_open(&rx, buf.data, buf.len, &plain), SSA_R_NONE);
	KUNIT_EXPECT_EQ(test, plain.type, SSA_CT_HANDSHAKE);
	KUNIT_EXPECT_EQ(test, ssa_post_input(&post, plain.type, plain.data, plain.len, &reason),
			SSA_POST_NOTHING);
	KUNIT_EXPECT_EQ(test, post.tickets, 1);
	ssa_post_wipe(&post);
	ssa_record_keys_clear(&rx);
	ssa_buf_free(&buf);
}

/* ------------------------------------------------------------- the engine */

#define RANDOM_OFFSET		(SSA_HS_HEADER_LEN + 2)
#define SESSION_ID_OFFSET	(RANDOM_OFFSET + SSA_RANDOM_LEN)	/* its length */

/**
 * struct replay - our client or server in the place of the trace's
 * @p: what it is made from
 * @script: what its random numbers are
 * @bytes: behind @script
 * @seal: protection of the records of the trace's other side
 */
struct replay {
	struct pair *p;
	struct bytes script;
	u8 bytes[SSA_RANDOM_LEN + SSA_SESSION_ID_MAX + 2 * SSA_KEX_SCALAR_MAX];
	struct ssa_record_keys seal;
};

static void replay_exit(void *data)
{
	struct replay *r = data;

	ssa_record_keys_clear(&r->seal);
}

static void replay_random(struct replay *r, const u8 *data, u32 len)
{
	if (len)
		memcpy(r->bytes + r->script.len, data, len);
	r->script.len += len;
}

/* One side that takes what the traces offer, and only TLS 1.3 */
static struct replay *replay_new(struct kunit *test, const struct trace *c, bool server)
{
	struct replay *r = kunit_kzalloc(test, sizeof(*r), GFP_KERNEL);
	struct ssa_hs_config *cfg;

	KUNIT_ASSERT_NOT_NULL(test, r);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, replay_exit, r), 0);
	r->script.p = r->bytes;
	r->p = pair_new(test, PAIR_P256);
	cfg = server ? &r->p->server_cfg : &r->p->client_cfg;
	memset(cfg->suites, 0, sizeof(cfg->suites));
	cfg->suites[0] = SSA_SUITE_AES_128_GCM_SHA256;
	cfg->suites[1] = SSA_SUITE_CHACHA20_POLY1305_SHA256;
	cfg->suites[2] = SSA_SUITE_AES_256_GCM_SHA384;
	cfg->min_version = SSA_TLS13;
	cfg->record_size_limit = 0x4001;
	cfg->rng.fill = fixed_fill;
	cfg->rng.ctx = &r->script;
	r->p->client_cfg.name = "server";
	pair_only_group(&r->p->server_cfg, c->group);
	return r;
}

/* One extension of two ClientHellos, byte by byte. */
static void expect_same_ext(struct kunit *test, const u8 *ours, u32 ours_len, struct bytes theirs,
			    u16 type)
{
	struct ssa_buf a = { 0 }, b = { 0 };
	u32 at_a, at_b, len;

	KUNIT_ASSERT_EQ(test, ssa_buf_append(&a, ours, ours_len, SSA_FLIGHT_MAX), 0);
	append(test, &b, theirs);
	at_a = msg_ext_find(test, &a, type);
	at_b = msg_ext_find(test, &b, type);
	KUNIT_ASSERT_NE(test, at_a, 0);
	KUNIT_ASSERT_NE(test, at_b, 0);
	len = 4 + get_unaligned_be16(b.data + at_b + 2);
	KUNIT_ASSERT_LE(test, at_a + len, a.len);
	KUNIT_EXPECT_MEMEQ(test, a.data + at_a, b.data + at_b, len);
	ssa_buf_free(&a);
	ssa_buf_free(&b);
}

/* The ClientHello that our client has just written, next to the trace's */
static void expect_client_hello(struct kunit *test, struct ssa_hs *hs, struct bytes hello)
{
	u32 fixed = SESSION_ID_OFFSET + 1 + hello.p[SESSION_ID_OFFSET];
	size_t len;
	const u8 *out = ssa_hs_output(hs, &len);

	KUNIT_ASSERT_GT(test, len, SSA_RECORD_HEADER_LEN + fixed);
	out += SSA_RECORD_HEADER_LEN;
	len -= SSA_RECORD_HEADER_LEN;
	/* legacy_version and random; the session id too if the trace has one */
	KUNIT_EXPECT_MEMEQ(test, out + SSA_HS_HEADER_LEN, hello.p + SSA_HS_HEADER_LEN,
			   2 + SSA_RANDOM_LEN);
	if (hello.p[SESSION_ID_OFFSET])
		KUNIT_EXPECT_MEMEQ(test, out + SESSION_ID_OFFSET, hello.p + SESSION_ID_OFFSET,
				   1 + SSA_SESSION_ID_MAX);
	expect_same_ext(test, out, len, hello, SSA_XT_KEY_SHARE);
	expect_same_ext(test, out, len, hello, SSA_XT_SUPPORTED_VERSIONS);
	expect_same_ext(test, out, len, hello, SSA_XT_SERVER_NAME);
	expect_same_ext(test, out, len, hello, SSA_XT_RECORD_SIZE_LIMIT);
	if (hs->hello_retry)
		expect_same_ext(test, out, len, hello, SSA_XT_COOKIE);
	ssa_hs_output_done(hs, SIZE_MAX);
}

/* A message of the trace's server, in a record of its own */
static enum ssa_want play(struct kunit *test, struct replay *r, struct bytes message)
{
	struct ssa_buf wire = { 0 };
	enum ssa_want want;

	KUNIT_ASSERT_EQ(test, ssa_record_put(&wire, &r->seal, SSA_CT_HANDSHAKE, SSA_TLS12,
					     message.p, message.len), 0);
	want = feed(test, r->p->client, ssa_buf_begin(&wire), ssa_buf_left(&wire));
	ssa_buf_free(&wire);
	KUNIT_EXPECT_EQ(test, ssa_hs_reason(r->p->client), SSA_R_NONE);
	return want;
}

/* What the trace's certificates would not pass: names and sizes of keys */
static void skip_certificate(struct kunit *test, struct ssa_hs *hs, const struct trace *c)
{
	add(test, &hs->transcript, c->certificate);
	hs->state = SSA_ST_CLIENT_WAIT_CV;
	if (c->server_point) {
		hs->peer_key.type = SSA_KEY_EC_P256;
		hs->peer_key.n_len = 65;
		memcpy(hs->peer_key.n, c->server_point, 65);
	}
}

static void expect_exported(struct kunit *test, struct ssa_hs *hs, const struct trace *c)
{
	bool server = hs->cfg.server;
	struct ssa_exporter exporter;
	struct ssa_traffic_keys keys;
	struct ssa_post post;

	KUNIT_ASSERT_EQ(test, ssa_hs_exporter(hs, &exporter), 0);
	KUNIT_EXPECT_MEMEQ(test, exporter.secret, c->exporter_master_secret, 32);
	KUNIT_ASSERT_EQ(test, ssa_hs_export(hs, &post), 0);
	KUNIT_EXPECT_MEMEQ(test, server ? post.rx.secret : post.tx.secret,
			   c->client_application_traffic_secret, 32);
	KUNIT_EXPECT_MEMEQ(test, server ? post.tx.secret : post.rx.secret,
			   c->server_application_traffic_secret, 32);
	ssa_post_keys(&post, !server, &keys);
	KUNIT_EXPECT_MEMEQ(test, keys.key, c->client_application_key, 16);
	KUNIT_EXPECT_MEMEQ(test, keys.iv, c->client_application_iv, SSA_AEAD_NONCE_LEN);
	ssa_post_keys(&post, server, &keys);
	KUNIT_EXPECT_MEMEQ(test, keys.key, c->server_application_key, 16);
	KUNIT_EXPECT_MEMEQ(test, keys.iv, c->server_application_iv, SSA_AEAD_NONCE_LEN);
	ssa_post_wipe(&post);
}

static void client_follows_the_trace(struct kunit *test)
{
	const struct trace *c = test->param_value;
	const struct bytes *first = c->hello_retry_request.len ? &c->client_hello_1 :
								 &c->client_hello;
	struct replay *r = replay_new(test, c, false);
	bool compat = first->p[SESSION_ID_OFFSET];
	static const u8 no_session_id[SSA_SESSION_ID_MAX];
	struct ssa_hs *hs;
	const u8 *out;
	size_t len;

	replay_random(r, first->p + RANDOM_OFFSET, SSA_RANDOM_LEN);
	replay_random(r, compat ? first->p + SESSION_ID_OFFSET + 1 : no_session_id,
		      SSA_SESSION_ID_MAX);
	replay_random(r, c->client_private_1.p, c->client_private_1.len);
	replay_random(r, c->client_private.p, c->client_private.len);
	pair_start(test, r->p);
	hs = r->p->client;
	expect_client_hello(test, hs, *first);
	if (!compat)
		hs->session_id_len = 0;
	ssa_transcript_wipe(&hs->transcript);
	add(test, &hs->transcript, *first);

	if (c->hello_retry_request.len) {
		KUNIT_ASSERT_EQ(test, play(test, r, c->hello_retry_request), SSA_WANT_WRITE);
		expect_client_hello(test, hs, c->client_hello);
		ssa_transcript_wipe(&hs->transcript);
		add_hellos(test, &hs->transcript, c);
	}
	KUNIT_ASSERT_EQ(test, play(test, r, c->server_hello), SSA_WANT_READ);
	expect_bytes(test, hs->ks.secret, c->handshake_secret);
	KUNIT_EXPECT_MEMEQ(test, hs->ks.client_handshake_traffic_secret,
			   c->client_handshake_traffic_secret, 32);
	KUNIT_EXPECT_MEMEQ(test, hs->ks.server_handshake_traffic_secret,
			   c->server_handshake_traffic_secret, 32);
	KUNIT_EXPECT_MEMEQ(test, hs->rx.iv, c->server_handshake_iv, SSA_AEAD_NONCE_LEN);
	KUNIT_EXPECT_MEMEQ(test, hs->tx.iv, c->client_handshake_iv, SSA_AEAD_NONCE_LEN);
	if (compat)
		KUNIT_ASSERT_EQ(test, feed(test, hs, compat_ccs, sizeof(compat_ccs)),
				SSA_WANT_READ);

	KUNIT_ASSERT_EQ(test, ssa_record_keys_set(&r->seal, trace_suite(),
						  c->server_handshake_traffic_secret), 0);
	KUNIT_ASSERT_EQ(test, play(test, r, c->encrypted_extensions), SSA_WANT_READ);
	if (c->certificate_request.len)
		KUNIT_ASSERT_EQ(test, play(test, r, c->certificate_request), SSA_WANT_READ);
	skip_certificate(test, hs, c);
	if (c->server_point) {
		KUNIT_ASSERT_EQ(test, play(test, r, c->certificate_verify), SSA_WANT_READ);
	} else {
		/* by an RSA key of 1024 bits */
		add(test, &hs->transcript, c->certificate_verify);
		hs->state = SSA_ST_CLIENT_WAIT_FINISHED;
	}
	KUNIT_ASSERT_EQ(test, play(test, r, c->server_finished), SSA_WANT_WRITE);

	/* Section 6's client has a certificate to show, ours has none. */
	out = ssa_hs_output(hs, &len);
	if (!c->certificate_request.len) {
		if (compat) {
			KUNIT_ASSERT_GT(test, len, sizeof(compat_ccs));
			KUNIT_EXPECT_MEMEQ(test, out, compat_ccs, sizeof(compat_ccs));
			out += sizeof(compat_ccs);
			len -= sizeof(compat_ccs);
		}
		KUNIT_ASSERT_EQ(test, len, c->client_flight_record.len);
		expect_bytes(test, out, c->client_flight_record);
	}
	KUNIT_ASSERT_EQ(test, ssa_hs_output_done(hs, SIZE_MAX), SSA_DONE);
	expect_exported(test, hs, c);
}

/* One plaintext record with the version that a first ClientHello has */
static void feed_client_hello(struct kunit *test, struct ssa_hs *hs, struct bytes hello)
{
	struct ssa_record_keys plain = { 0 };
	struct ssa_buf wire = { 0 };

	KUNIT_ASSERT_EQ(test, ssa_record_put(&wire, &plain, SSA_CT_HANDSHAKE, SSA_TLS10,
					     hello.p, hello.len), 0);
	KUNIT_EXPECT_EQ(test, feed(test, hs, ssa_buf_begin(&wire), ssa_buf_left(&wire)),
			SSA_WANT_WRITE);
	ssa_buf_free(&wire);
}

/*
 * Our HelloRetryRequest is the trace's without its cookie, and so is the second
 * ClientHello that we take.
 */
static void expect_hello_retry(struct kunit *test, struct ssa_hs *hs, const struct trace *c)
{
	u32 fixed = SESSION_ID_OFFSET + 1 + 2 + 1;
	struct ssa_buf hello = { 0 };
	const u8 *out;
	size_t len;

	feed_client_hello(test, hs, c->client_hello_1);
	out = ssa_hs_output(hs, &len);
	KUNIT_ASSERT_GT(test, len, SSA_RECORD_HEADER_LEN + fixed);
	out += SSA_RECORD_HEADER_LEN;
	len -= SSA_RECORD_HEADER_LEN;
	KUNIT_EXPECT_EQ(test, out[0], SSA_HT_SERVER_HELLO);
	KUNIT_EXPECT_MEMEQ(test, out + SSA_HS_HEADER_LEN,
			   c->hello_retry_request.p + SSA_HS_HEADER_LEN, fixed - SSA_HS_HEADER_LEN);
	expect_same_ext(test, out, len, c->hello_retry_request, SSA_XT_KEY_SHARE);
	expect_same_ext(test, out, len, c->hello_retry_request, SSA_XT_SUPPORTED_VERSIONS);
	ssa_hs_output_done(hs, SIZE_MAX);

	append(test, &hello, c->client_hello);
	msg_ext_remove(test, &hello, SSA_XT_COOKIE);
	feed_client_hello(test, hs, (struct bytes) { hello.data, hello.len });
	ssa_buf_free(&hello);
}

/* The transcript, secrets and keys of the trace up to the server's Finished */
static void take_server_flight(struct kunit *test, struct ssa_hs *hs, const struct trace *c)
{
	ssa_transcript_wipe(&hs->transcript);
	add_hellos(test, &hs->transcript, c);
	add(test, &hs->transcript, c->server_hello);
	add_server_flight(test, &hs->transcript, c);
	add(test, &hs->transcript, c->server_finished);
	memcpy(hs->ks.secret, c->handshake_secret.p, c->handshake_secret.len);
	KUNIT_ASSERT_EQ(test, ssa_ks_handshake_traffic(&hs->ks, hs->suite, c->hello_hash.p), 0);
	KUNIT_ASSERT_EQ(test, ssa_record_keys_set(&hs->rx, hs->suite,
						  hs->ks.client_handshake_traffic_secret), 0);
	KUNIT_ASSERT_EQ(test, ssa_ks_master_secret(&hs->ks, hs->suite), 0);
	KUNIT_ASSERT_EQ(test, ssa_ks_application_traffic(&hs->ks, hs->suite,
							 c->server_finished_hash.p), 0);
	KUNIT_ASSERT_EQ(test, ssa_ks_exporter_master(&hs->ks, hs->suite,
						     c->server_finished_hash.p), 0);
}

/* Our flight behind ServerHello, under the keys of the trace */
static void expect_own_flight(struct kunit *test, struct ssa_hs *hs, struct replay *r,
			      const struct trace *c, const u8 *record)
{
	struct ssa_plaintext plain = { 0 };
	struct ssa_buf wire = { 0 };

	KUNIT_EXPECT_MEMEQ(test, hs->ks.client_handshake_traffic_secret,
			   c->client_handshake_traffic_secret, 32);
	KUNIT_EXPECT_MEMEQ(test, hs->rx.iv, c->client_handshake_iv, SSA_AEAD_NONCE_LEN);
	KUNIT_ASSERT_EQ(test, ssa_record_keys_set(&r->seal, trace_suite(),
						  c->server_handshake_traffic_secret), 0);
	KUNIT_ASSERT_EQ(test, ssa_buf_append(&wire, record, SSA_RECORD_HEADER_LEN +
					     get_unaligned_be16(record + 3), SSA_OUT_MAX), 0);
	KUNIT_EXPECT_EQ(test, ssa_record_open(&r->seal, wire.data, wire.len, &plain), SSA_R_NONE);
	KUNIT_EXPECT_EQ(test, plain.type, SSA_CT_HANDSHAKE);
	ssa_buf_free(&wire);
}

static void server_follows_the_trace(struct kunit *test)
{
	const struct trace *c = test->param_value;
	bool compat = c->client_hello.p[SESSION_ID_OFFSET];
	bool retry = c->hello_retry_request.len;
	struct replay *r = replay_new(test, c, true);
	struct ssa_hs *hs;
	const u8 *out;
	size_t len;

	replay_random(r, c->server_private.p, c->server_private.len);
	replay_random(r, c->server_hello.p + RANDOM_OFFSET, SSA_RANDOM_LEN);
	pair_start(test, r->p);
	hs = r->p->server;
	if (retry)
		expect_hello_retry(test, hs, c);
	else
		feed_client_hello(test, hs, c->client_hello);

	/* ServerHello and change_cipher_spec, byte by byte */
	out = ssa_hs_output(hs, &len);
	KUNIT_ASSERT_GT(test, len, SSA_RECORD_HEADER_LEN + c->server_hello.len +
			sizeof(compat_ccs) + SSA_RECORD_HEADER_LEN);
	KUNIT_EXPECT_MEMEQ(test, out, "\x16\3\3\0", 4);
	KUNIT_EXPECT_EQ(test, out[4], c->server_hello.len);
	out += SSA_RECORD_HEADER_LEN;
	expect_bytes(test, out, c->server_hello);
	out += c->server_hello.len;
	if (compat) {
		KUNIT_EXPECT_MEMEQ(test, out, compat_ccs, sizeof(compat_ccs));
		out += sizeof(compat_ccs);
	}
	if (!retry)
		expect_own_flight(test, hs, r, c, out);
	ssa_hs_output_done(hs, SIZE_MAX);

	take_server_flight(test, hs, c);
	if (compat)
		KUNIT_ASSERT_EQ(test, feed(test, hs, compat_ccs, sizeof(compat_ccs)),
				SSA_WANT_READ);
	if (c->certificate_request.len) {
		/* section 6's client answers a request that our server has not made */
		feed(test, hs, c->client_flight_record.p, c->client_flight_record.len);
		KUNIT_EXPECT_EQ(test, ssa_hs_reason(hs), SSA_R_UNEXPECTED_MESSAGE);
		return;
	}
	KUNIT_ASSERT_EQ(test, feed(test, hs, c->client_flight_record.p,
				   c->client_flight_record.len), SSA_DONE);
	expect_exported(test, hs, c);
}

static struct kunit_case engine_rfc8448_cases[] = {
	KUNIT_CASE_PARAM(shared_secret_is_reproduced, trace_gen_params),
	KUNIT_CASE_PARAM(secrets_are_reproduced, trace_gen_params),
	KUNIT_CASE_PARAM(traffic_keys_are_reproduced, trace_gen_params),
	KUNIT_CASE_PARAM(records_are_reproduced, trace_gen_params),
	KUNIT_CASE(data_and_ticket_are_reproduced),
	KUNIT_CASE_PARAM(client_follows_the_trace, trace_gen_params),
	KUNIT_CASE_PARAM(server_follows_the_trace, trace_gen_params),
	{}
};

static struct kunit_suite engine_rfc8448_suite = {
	.name = "ssa_engine_rfc8448",
	.test_cases = engine_rfc8448_cases,
};

kunit_test_suite(engine_rfc8448_suite);
