// SPDX-License-Identifier: GPL-2.0
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include "certs.h"
#include "engine_pair.h"

#define WIRE_MAX	(4 * SSA_OUT_MAX)

static const struct {
	const char *chain;
	size_t chain_len;
	const char *key;
	size_t key_len;
} pair_creds[PAIR_ALL_KEYS] = {
#define CRED(x) { ssa_test_##x##_chain_pem, sizeof(ssa_test_##x##_chain_pem) - 1, \
		  ssa_test_##x##_key_pem, sizeof(ssa_test_##x##_key_pem) - 1 }
	[PAIR_P256] = CRED(p256),
	[PAIR_P384] = CRED(p384),
	[PAIR_RSA] = CRED(rsa),
	[PAIR_P521] = CRED(p521),
	[PAIR_ED25519] = CRED(ed25519),
	[PAIR_RSA_PSS] = CRED(rsapss),
};

static void pair_exit(void *data)
{
	struct pair *p = data;

	if (!IS_ERR(p->client))
		ssa_hs_free(p->client);
	if (!IS_ERR(p->server))
		ssa_hs_free(p->server);
	if (!IS_ERR(p->creds))
		ssa_cred_set_put(p->creds);
	if (!IS_ERR(p->cred))
		ssa_credentials_put(p->cred);
	if (!IS_ERR(p->roots))
		ssa_trust_store_put(p->roots);
}

struct pair *pair_new(struct kunit *test, enum pair_key key)
{
	struct pair *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, pair_exit, p), 0);
	p->roots = ssa_trust_store_parse(ssa_test_root_pem, sizeof(ssa_test_root_pem) - 1);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, p->roots);
	p->cred = ssa_credentials_new(pair_creds[key].chain, pair_creds[key].chain_len,
				      pair_creds[key].key, pair_creds[key].key_len);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, p->cred);
	p->creds = ssa_cred_set_add(NULL, p->cred, NULL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, p->creds);

	memcpy(p->client_cfg.suites, ssa_default_suites, sizeof(p->client_cfg.suites));
	memcpy(p->client_cfg.groups, ssa_default_groups, sizeof(p->client_cfg.groups));
	memcpy(p->client_cfg.sigalgs, ssa_default_sigalgs, sizeof(p->client_cfg.sigalgs));
	p->client_cfg.min_version = SSA_TLS13;
	p->client_cfg.now = SSA_TEST_NOW;
	p->client_cfg.rng = ssa_kernel_rng;
	p->server_cfg = p->client_cfg;
	p->client_cfg.name = "server.test";
	p->client_cfg.store = p->roots;
	p->server_cfg.server = true;
	p->server_cfg.creds = p->creds;
	return p;
}

void pair_only_group(struct ssa_hs_config *cfg, u16 group)
{
	memset(cfg->groups, 0, sizeof(cfg->groups));
	cfg->groups[0] = group;
}

void pair_versions(struct pair *p, u16 min, u16 max)
{
	p->client_cfg.min_version = min;
	p->client_cfg.max_version = max;
	p->server_cfg.min_version = min;
	p->server_cfg.max_version = max;
}

void pair_start(struct kunit *test, struct pair *p)
{
	ssa_hs_free(p->client);
	ssa_hs_free(p->server);
	p->server = NULL;
	p->client = ssa_hs_new(&p->client_cfg);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, p->client);
	p->server = ssa_hs_new(&p->server_cfg);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, p->server);
	KUNIT_ASSERT_EQ(test, ssa_hs_start(p->client), SSA_WANT_WRITE);
	KUNIT_ASSERT_EQ(test, ssa_hs_start(p->server), SSA_WANT_READ);
}

static void relay_exit(void *data)
{
	struct relay *r = data;

	ssa_record_keys_clear(&r->open);
	ssa_record_keys_clear(&r->seal);
	ssa_buf_free(&r->stream);
	ssa_buf_free(&r->wire);
}

struct relay *relay_new(struct kunit *test)
{
	struct relay *r = kunit_kzalloc(test, sizeof(*r), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, r);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, relay_exit, r), 0);
	r->type = -1;
	return r;
}

enum ssa_want feed(struct kunit *test, struct ssa_hs *to, const u8 *wire, u32 len)
{
	enum ssa_want want = SSA_WANT_READ;
	u8 *record;
	int body;

	while (len && want != SSA_FAILED) {
		KUNIT_ASSERT_GE(test, len, SSA_RECORD_HEADER_LEN);
		body = ssa_hs_record_length(to, wire);
		if (body < 0)
			return SSA_FAILED;
		KUNIT_ASSERT_GE(test, len, SSA_RECORD_HEADER_LEN + body);
		record = kvmalloc(SSA_RECORD_HEADER_LEN + body, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, record);
		memcpy(record, wire, SSA_RECORD_HEADER_LEN + body);
		want = ssa_hs_input(to, record, SSA_RECORD_HEADER_LEN + body);
		kvfree(record);
		wire += SSA_RECORD_HEADER_LEN + body;
		len -= SSA_RECORD_HEADER_LEN + body;
	}
	return want;
}

enum ssa_want feed_record(struct kunit *test, struct ssa_hs *to, u8 type, const void *body,
			  u32 len)
{
	struct ssa_record_keys plain = { 0 };
	struct ssa_buf wire = { 0 };
	enum ssa_want want;

	KUNIT_ASSERT_EQ(test, ssa_record_put(&wire, &plain, type, SSA_TLS12, body, len), 0);
	want = feed(test, to, ssa_buf_begin(&wire), ssa_buf_left(&wire));
	ssa_buf_free(&wire);
	return want;
}

/* The messages of the stream, changed where they shall be. */
static void change_messages(struct kunit *test, struct relay *r)
{
	struct ssa_buf out = { 0 }, msg;
	struct ssa_reader in, body;
	const u8 *start;
	u32 len;
	u8 type;

	if (r->type < 0)
		return;
	ssa_reader_init(&in, ssa_buf_begin(&r->stream), ssa_buf_left(&r->stream));
	while (ssa_reader_more(&in)) {
		start = in.data;
		KUNIT_ASSERT_TRUE(test, ssa_read_u8(&in, &type) && ssa_read_u24(&in, &len) &&
				  ssa_read_sub(&in, &body, len));
		memset(&msg, 0, sizeof(msg));
		KUNIT_ASSERT_EQ(test, ssa_buf_append(&msg, start, SSA_HS_HEADER_LEN + len,
						     WIRE_MAX), 0);
		if (type == r->type && r->seen++ == r->nth) {
			r->change(test, &msg, r->arg);
			r->changed++;
		}
		KUNIT_ASSERT_EQ(test, ssa_buf_append(&out, ssa_buf_begin(&msg),
						     ssa_buf_left(&msg), WIRE_MAX), 0);
		ssa_buf_free(&msg);
	}
	ssa_buf_free(&r->stream);
	r->stream = out;
}

/* The stream, cut into records as the test wants them, given to @to. */
static enum ssa_want send_stream(struct kunit *test, struct relay *r, struct ssa_hs *to)
{
	u32 done = 0, len;
	enum ssa_want want = SSA_WANT_READ;

	change_messages(test, r);
	while (ssa_buf_left(&r->stream) && want != SSA_FAILED) {
		len = min_t(u32, ssa_buf_left(&r->stream), r->chunk ?: SSA_PLAINTEXT_MAX);
		if (done < r->cut)
			len = min(len, r->cut - done);
		KUNIT_ASSERT_EQ(test, ssa_record_put(&r->wire, &r->seal, SSA_CT_HANDSHAKE,
						     SSA_TLS12, ssa_buf_begin(&r->stream), len), 0);
		want = feed(test, to, ssa_buf_begin(&r->wire), ssa_buf_left(&r->wire));
		ssa_buf_free(&r->wire);
		ssa_buf_consume(&r->stream, len);
		done += len;
	}
	ssa_buf_free(&r->stream);
	return want;
}

/* The keys of the handshake are known once the receiver has them. */
static void relay_keys(struct kunit *test, struct relay *r, struct ssa_hs *to)
{
	const u8 *secret = to->cfg.server ? to->ks.client_handshake_traffic_secret :
					    to->ks.server_handshake_traffic_secret;
	const struct ssa_traffic *traffic = to->cfg.server ? &to->keys12.client :
							     &to->keys12.server;

	if (r->open.aead)
		return;
	KUNIT_ASSERT_NOT_NULL(test, to->rx.aead);
	if (to->rx.tls12) {
		KUNIT_ASSERT_EQ(test, ssa_record_keys_set12(&r->open, to->suite, traffic), 0);
		KUNIT_ASSERT_EQ(test, ssa_record_keys_set12(&r->seal, to->suite, traffic), 0);
		return;
	}
	KUNIT_ASSERT_EQ(test, ssa_record_keys_set(&r->open, to->suite, secret), 0);
	KUNIT_ASSERT_EQ(test, ssa_record_keys_set(&r->seal, to->suite, secret), 0);
}

u32 relay_flight(struct kunit *test, struct relay *r, struct ssa_hs *from, struct ssa_hs *to)
{
	enum ssa_want want = SSA_WANT_READ;
	struct ssa_plaintext plain;
	struct ssa_buf all = { 0 };
	struct ssa_reader in;
	u32 records = 0, len;
	bool protected;
	const u8 *out;
	size_t size;
	u8 *record;

	out = ssa_hs_output(from, &size);
	if (!size)
		return 0;
	KUNIT_ASSERT_EQ(test, ssa_buf_append(&all, out, size, WIRE_MAX), 0);
	ssa_hs_output_done(from, size);

	ssa_reader_init(&in, ssa_buf_begin(&all), ssa_buf_left(&all));
	while (ssa_reader_more(&in) && want != SSA_FAILED) {
		record = (u8 *)in.data;
		len = SSA_RECORD_HEADER_LEN + get_unaligned_be16(record + 3);
		KUNIT_ASSERT_TRUE(test, ssa_read_bytes(&in, &out, len));
		records++;
		if (!r || (record[0] != SSA_CT_HANDSHAKE && record[0] != SSA_CT_APPLICATION_DATA)) {
			want = feed(test, to, record, len);
			continue;
		}
		plain.data = record + SSA_RECORD_HEADER_LEN;
		plain.len = len - SSA_RECORD_HEADER_LEN;
		protected = record[0] == SSA_CT_APPLICATION_DATA || to->rx.tls12;
		if (protected) {
			relay_keys(test, r, to);
			KUNIT_ASSERT_EQ(test, ssa_record_open(&r->open, record, len, &plain), 0);
			KUNIT_ASSERT_EQ(test, plain.type, SSA_CT_HANDSHAKE);
		}
		KUNIT_ASSERT_EQ(test, ssa_buf_append(&r->stream, plain.data, plain.len, WIRE_MAX),
				0);
		/* records under the same keys are one stream */
		if (protected && ssa_reader_more(&in))
			continue;
		want = send_stream(test, r, to);
	}
	ssa_buf_free(&all);
	return records;
}

void pair_run(struct kunit *test, struct pair *p, struct relay *to_server,
	      struct relay *to_client)
{
	u32 rounds;

	for (rounds = 0; rounds < 8; rounds++) {
		if (!relay_flight(test, to_server, p->client, p->server) &&
		    !relay_flight(test, to_client, p->server, p->client))
			return;
		if (p->client->reason || p->server->reason)
			return;
	}
	KUNIT_FAIL(test, "the handshake does not end");
}

static void data_keys(struct kunit *test, const struct ssa_post *post, bool tx,
		      struct ssa_record_keys *keys)
{
	const struct ssa_suite *suite = ssa_suite_find(post->suite);
	const struct ssa_traffic *traffic = tx ? &post->tx : &post->rx;
	struct ssa_traffic_keys exported;

	KUNIT_ASSERT_EQ(test, suite->version, post->version);
	KUNIT_ASSERT_EQ(test, post->version == SSA_TLS12 ?
			ssa_record_keys_set12(keys, suite, traffic) :
			ssa_record_keys_set(keys, suite, traffic->secret), 0);
	ssa_post_keys(post, tx, &exported);
	KUNIT_EXPECT_EQ(test, exported.key_len, suite->key_len);
	KUNIT_EXPECT_MEMEQ(test, exported.iv, keys->iv, suite->iv_len);
	/* in TLS 1.2 our Finished was record 0; a relay may make more of the peer's */
	if (tx || post->version == SSA_TLS13)
		KUNIT_EXPECT_EQ(test, exported.seq, post->version == SSA_TLS12 ? 1 : 0);
	if (suite->iv_len < SSA_AEAD_NONCE_LEN)
		KUNIT_EXPECT_EQ(test, get_unaligned_be64(exported.iv + suite->iv_len),
				exported.seq);
	keys->seq = exported.seq;
}

/* What one side seals under the exported keys, the other opens. */
static void expect_data(struct kunit *test, const struct ssa_post *from, const struct ssa_post *to)
{
	struct ssa_record_keys tx = { 0 }, rx = { 0 };
	struct ssa_plaintext plain;
	struct ssa_buf out = { 0 };

	data_keys(test, from, true, &tx);
	data_keys(test, to, false, &rx);
	tx.seq = rx.seq;
	KUNIT_ASSERT_EQ(test, ssa_record_put(&out, &tx, SSA_CT_APPLICATION_DATA, SSA_TLS12,
					     "data", 4), 0);
	KUNIT_EXPECT_EQ(test, out.data[0], SSA_CT_APPLICATION_DATA);
	KUNIT_ASSERT_EQ(test, ssa_record_open(&rx, out.data, out.len, &plain), SSA_R_NONE);
	KUNIT_EXPECT_EQ(test, plain.type, SSA_CT_APPLICATION_DATA);
	KUNIT_ASSERT_EQ(test, plain.len, 4);
	KUNIT_EXPECT_MEMEQ(test, plain.data, "data", 4);
	ssa_record_keys_clear(&tx);
	ssa_record_keys_clear(&rx);
	ssa_buf_free(&out);
}

void pair_expect_done(struct kunit *test, struct pair *p)
{
	struct ssa_hs_result c, s;
	struct ssa_post client, server;

	KUNIT_ASSERT_EQ(test, ssa_hs_reason(p->client), SSA_R_NONE);
	KUNIT_ASSERT_EQ(test, ssa_hs_reason(p->server), SSA_R_NONE);
	KUNIT_ASSERT_EQ(test, ssa_hs_output_done(p->client, 0), SSA_DONE);
	KUNIT_ASSERT_EQ(test, ssa_hs_output_done(p->server, 0), SSA_DONE);
	ssa_hs_result(p->client, &c);
	ssa_hs_result(p->server, &s);
	KUNIT_EXPECT_EQ(test, c.version, s.version);
	KUNIT_EXPECT_GE(test, c.version, p->client_cfg.min_version);
	KUNIT_EXPECT_GE(test, s.version, p->server_cfg.min_version);
	KUNIT_EXPECT_EQ(test, c.suite, s.suite);
	KUNIT_EXPECT_EQ(test, c.group, s.group);
	KUNIT_EXPECT_EQ(test, c.peer_sigalg, s.sigalg);
	KUNIT_EXPECT_EQ(test, c.sigalg, s.peer_sigalg);
	KUNIT_EXPECT_EQ(test, c.hello_retry, s.hello_retry);
	KUNIT_EXPECT_EQ(test, c.extended_master_secret, s.extended_master_secret);

	KUNIT_ASSERT_EQ(test, ssa_hs_export(p->client, &client), 0);
	KUNIT_ASSERT_EQ(test, ssa_hs_export(p->server, &server), 0);
	expect_data(test, &client, &server);
	expect_data(test, &server, &client);
	KUNIT_EXPECT_MEMNEQ(test, client.tx.secret, client.rx.secret, 16);
	KUNIT_EXPECT_EQ(test, ssa_hs_export(p->client, &client), -EINVAL);
	ssa_post_wipe(&client);
	ssa_post_wipe(&server);
}

void expect_failure(struct kunit *test, struct ssa_hs *hs, enum ssa_reason reason,
		    struct ssa_record_keys *keys)
{
	u8 alert = ssa_reason_desc(reason)->alert, level = SSA_ALERT_LEVEL_FATAL;
	struct ssa_plaintext plain = { 0 };
	struct ssa_buf all = { 0 };
	struct ssa_reader in;
	const u8 *out;
	size_t size;
	u8 *record;
	u32 len;

	KUNIT_EXPECT_STREQ(test, ssa_reason_desc(ssa_hs_reason(hs))->counter,
			   ssa_reason_desc(reason)->counter);
	KUNIT_EXPECT_EQ(test, ssa_hs_output_done(hs, 0), SSA_FAILED);
	out = ssa_hs_output(hs, &size);
	/* close_notify is answered in kind */
	if (hs->alert_received == SSA_ALERT_CLOSE_NOTIFY) {
		alert = SSA_ALERT_CLOSE_NOTIFY;
		level = SSA_ALERT_LEVEL_WARNING;
	}
	if (alert == SSA_ALERT_NONE) {
		KUNIT_EXPECT_EQ(test, size, 0);
		return;
	}
	KUNIT_ASSERT_NE(test, size, 0);
	KUNIT_ASSERT_EQ(test, ssa_buf_append(&all, out, size, WIRE_MAX), 0);
	ssa_reader_init(&in, ssa_buf_begin(&all), ssa_buf_left(&all));
	while (ssa_reader_more(&in)) {
		record = (u8 *)in.data;
		len = SSA_RECORD_HEADER_LEN + get_unaligned_be16(record + 3);
		KUNIT_ASSERT_TRUE(test, ssa_read_bytes(&in, &out, len));
		plain.type = record[0];
		plain.data = record + SSA_RECORD_HEADER_LEN;
		plain.len = len - SSA_RECORD_HEADER_LEN;
		if (record[0] == SSA_CT_APPLICATION_DATA || (keys && keys->tls12)) {
			KUNIT_ASSERT_NOT_NULL(test, keys);
			KUNIT_ASSERT_NOT_NULL(test, keys->aead);
			KUNIT_ASSERT_EQ(test, ssa_record_open(keys, record, len, &plain), 0);
		} else if (record[0] != SSA_CT_CHANGE_CIPHER_SPEC) {
			KUNIT_EXPECT_TRUE(test, !keys || !keys->aead);
		}
	}
	KUNIT_EXPECT_EQ(test, plain.type, SSA_CT_ALERT);
	KUNIT_ASSERT_EQ(test, plain.len, SSA_ALERT_LEN);
	KUNIT_EXPECT_EQ(test, plain.data[0], level);
	KUNIT_EXPECT_EQ(test, plain.data[1], alert);
	ssa_buf_free(&all);
}

/* ------------------------------------------------------------------ editing */

static void put_length(struct ssa_buf *msg, u32 at, u32 width, u32 value)
{
	u32 i;

	for (i = 0; i < width; i++)
		msg->data[at + i] = value >> (8 * (width - 1 - i));
}

void msg_set(struct kunit *test, struct ssa_buf *msg, u32 off, u8 value)
{
	KUNIT_ASSERT_LT(test, off, msg->len);
	msg->data[off] = value;
}

/* The length of the message is put right, those of vectors inside are not. */
void msg_splice(struct kunit *test, struct ssa_buf *msg, u32 off, u32 drop, const void *data,
		u32 len)
{
	struct ssa_buf out = { 0 };

	KUNIT_ASSERT_LE(test, off + drop, msg->len);
	KUNIT_ASSERT_EQ(test, ssa_buf_append(&out, msg->data, off, WIRE_MAX), 0);
	KUNIT_ASSERT_EQ(test, ssa_buf_append(&out, data, len, WIRE_MAX), 0);
	KUNIT_ASSERT_EQ(test, ssa_buf_append(&out, msg->data + off + drop,
					     msg->len - off - drop, WIRE_MAX), 0);
	ssa_buf_free(msg);
	*msg = out;
	put_length(msg, 1, 3, msg->len - SSA_HS_HEADER_LEN);
}

/* Where the length of the list of extensions stands. */
u32 msg_exts_offset(struct kunit *test, const struct ssa_buf *msg)
{
	u32 off = SSA_HS_HEADER_LEN;

	switch (msg->data[0]) {
	case SSA_HT_CLIENT_HELLO:
		off += 2 + SSA_RANDOM_LEN;
		off += 1 + msg->data[off];
		off += 2 + get_unaligned_be16(msg->data + off);
		off += 1 + msg->data[off];
		break;
	case SSA_HT_SERVER_HELLO:
		off += 2 + SSA_RANDOM_LEN;
		off += 1 + msg->data[off];
		off += 2 + 1;
		break;
	case SSA_HT_ENCRYPTED_EXTENSIONS:
		break;
	case SSA_HT_CERTIFICATE_REQUEST:
		off += 1 + msg->data[off];
		break;
	default:
		KUNIT_FAIL(test, "message %u has no list of extensions", msg->data[0]);
	}
	return off;
}

/* Where the type of the extension stands, 0 if it is not there. */
u32 msg_ext_find(struct kunit *test, const struct ssa_buf *msg, u16 type)
{
	u32 off = msg_exts_offset(test, msg) + 2;

	while (off < msg->len) {
		if (get_unaligned_be16(msg->data + off) == type)
			return off;
		off += 4 + get_unaligned_be16(msg->data + off + 2);
	}
	return 0;
}

static void exts_resize(struct kunit *test, struct ssa_buf *msg)
{
	u32 off = msg_exts_offset(test, msg);

	put_length(msg, off, 2, msg->len - off - 2);
}

void msg_ext_add(struct kunit *test, struct ssa_buf *msg, u16 type, const void *data, u32 len)
{
	u8 header[4];

	put_unaligned_be16(type, header);
	put_unaligned_be16(len, header + 2);
	msg_splice(test, msg, msg->len, 0, header, sizeof(header));
	msg_splice(test, msg, msg->len, 0, data, len);
	exts_resize(test, msg);
}

void msg_ext_remove(struct kunit *test, struct ssa_buf *msg, u16 type)
{
	u32 off = msg_ext_find(test, msg, type);

	KUNIT_ASSERT_NE(test, off, 0);
	msg_splice(test, msg, off, 4 + get_unaligned_be16(msg->data + off + 2), NULL, 0);
	exts_resize(test, msg);
}

void msg_ext_replace(struct kunit *test, struct ssa_buf *msg, u16 type, const void *data, u32 len)
{
	u32 off = msg_ext_find(test, msg, type);

	KUNIT_ASSERT_NE(test, off, 0);
	msg_splice(test, msg, off + 4, get_unaligned_be16(msg->data + off + 2), data, len);
	put_length(msg, off + 2, 2, len);
	exts_resize(test, msg);
}
