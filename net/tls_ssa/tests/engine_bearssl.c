// SPDX-License-Identifier: GPL-2.0
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include "certs.h"
#include "engine_bearssl.h"

#define WIRE_MAX	(4 * SSA_OUT_MAX)

/* ------------------------------------------------------------ BearSSL's side */

static const u16 bear_suites[] = {
	BR_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
	BR_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
	BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
	BR_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
	BR_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
	BR_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
};

static const struct {
	const char *pem;
	size_t len;
} bear_keys[PAIR_KEYS] = {
#define KEY(x) { ssa_test_##x##_key_pem, sizeof(ssa_test_##x##_key_pem) - 1 }
	[PAIR_P256] = KEY(p256),
	[PAIR_P384] = KEY(p384),
	[PAIR_RSA] = KEY(rsa),
};

static void bear_exit(void *data)
{
	kvfree(data);
}

/* Everything that both sides need, each part named: no defaults of BearSSL's. */
static void bear_setup(struct bear *b, br_ssl_engine_context *eng, u16 suite)
{
	static const u8 entropy[] = "the same for each handshake, so that it can be repeated";

	b->eng = eng;
	br_ssl_engine_set_versions(eng, BR_TLS12, BR_TLS12);
	if (suite)
		br_ssl_engine_set_suites(eng, &suite, 1);
	else
		br_ssl_engine_set_suites(eng, bear_suites, ARRAY_SIZE(bear_suites));
	br_ssl_engine_set_hash(eng, br_sha256_ID, &br_sha256_vtable);
	br_ssl_engine_set_hash(eng, br_sha384_ID, &br_sha384_vtable);
	br_ssl_engine_set_hash(eng, br_sha512_ID, &br_sha512_vtable);
	br_ssl_engine_set_prf_sha256(eng, br_tls12_sha256_prf);
	br_ssl_engine_set_prf_sha384(eng, br_tls12_sha384_prf);
	br_ssl_engine_set_gcm(eng, &br_sslrec_in_gcm_vtable, &br_sslrec_out_gcm_vtable);
	br_ssl_engine_set_aes_ctr(eng, &br_aes_ct64_ctr_vtable);
	br_ssl_engine_set_ghash(eng, br_ghash_ctmul64);
	br_ssl_engine_set_chapol(eng, &br_sslrec_in_chapol_vtable, &br_sslrec_out_chapol_vtable);
	br_ssl_engine_set_chacha20(eng, br_chacha20_ct_run);
	br_ssl_engine_set_poly1305(eng, br_poly1305_ctmulq_run);
	br_ssl_engine_set_ec(eng, &br_ec_all_m31);
	br_ssl_engine_set_rsavrfy(eng, br_rsa_i62_pkcs1_vrfy);
	br_ssl_engine_set_ecdsa(eng, br_ecdsa_i31_vrfy_asn1);
	br_ssl_engine_set_buffer(eng, b->iobuf, sizeof(b->iobuf), 1);
	br_ssl_engine_inject_entropy(eng, entropy, sizeof(entropy));
	br_ssl_engine_set_protocol_names(eng, (const char **)b->protocols, b->protocol_count);
}

static struct bear *bear_new(struct kunit *test)
{
	struct bear *b = kvzalloc(sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, bear_exit, b), 0);
	return b;
}

/* The key of the peer is @public, whatever its certificate says. */
static void bear_know(struct bear *b, const struct ssa_public_key *public)
{
	struct ssa_public_key *key = &b->peer_key;

	*key = *public;
	if (key->type == SSA_KEY_RSA) {
		br_rsa_public_key rsa = { key->n, key->n_len, key->e, key->e_len };

		br_x509_knownkey_init_rsa(&b->known, &rsa, BR_KEYTYPE_KEYX | BR_KEYTYPE_SIGN);
	} else {
		br_ec_public_key ec = { BR_EC_secp256r1, key->n, key->n_len };

		if (key->type == SSA_KEY_EC_P384)
			ec.curve = BR_EC_secp384r1;
		br_x509_knownkey_init_ec(&b->known, &ec, BR_KEYTYPE_KEYX | BR_KEYTYPE_SIGN);
	}
	br_ssl_engine_set_x509(b->eng, &b->known.vtable);
}

void bear_client_start(struct kunit *test, struct bear *b, struct pair *p, u16 suite)
{
	br_ssl_client_zero(&b->client);
	bear_setup(b, &b->client.eng, suite);
	bear_know(b, ssa_private_key_public(ssa_credentials_key(p->cred)));
	KUNIT_ASSERT_EQ(test, br_ssl_client_reset(&b->client, "server.test", 0), 1);
}

struct bear *bear_client(struct kunit *test, struct pair *p, u16 suite)
{
	struct bear *b = bear_new(test);

	bear_client_start(test, b, p, suite);
	return b;
}

static void take_key(void *ctx, const void *data, size_t len)
{
	br_skey_decoder_push(ctx, data, len);
}

/* The key of a PEM file, by BearSSL's own decoders */
static void bear_key(struct kunit *test, struct bear *b, const char *pem, size_t len)
{
	size_t used;
	br_pem_decoder_context *pc = kunit_kzalloc(test, sizeof(*pc), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, pc);
	br_pem_decoder_init(pc);
	br_skey_decoder_init(&b->key);
	while (len) {
		used = br_pem_decoder_push(pc, pem, len);
		pem += used;
		len -= used;
		if (br_pem_decoder_event(pc) == BR_PEM_BEGIN_OBJ)
			br_pem_decoder_setdest(pc, take_key, &b->key);
	}
	KUNIT_ASSERT_EQ(test, br_skey_decoder_last_error(&b->key), 0);
}

void bear_server_start(struct kunit *test, struct bear *b, u16 suite)
{
	br_ssl_server_zero(&b->server);
	bear_setup(b, &b->server.eng, suite);
	if (br_skey_decoder_key_type(&b->key) == BR_KEYTYPE_RSA)
		br_ssl_server_set_single_rsa(&b->server, b->chain, b->certs,
					     br_skey_decoder_get_rsa(&b->key), BR_KEYTYPE_SIGN,
					     br_rsa_i62_private, br_rsa_i62_pkcs1_sign);
	else
		br_ssl_server_set_single_ec(&b->server, b->chain, b->certs,
					    br_skey_decoder_get_ec(&b->key), BR_KEYTYPE_SIGN,
					    BR_KEYTYPE_EC, &br_ec_all_m31,
					    br_ecdsa_i31_sign_asn1);
	KUNIT_ASSERT_EQ(test, br_ssl_server_reset(&b->server), 1);
}

/* The certificates of @cred, and a key that is theirs or not */
static void bear_credentials(struct kunit *test, struct bear *b,
			     const struct ssa_credentials *cred, const char *key_pem,
			     size_t key_len)
{
	const struct ssa_chain *chain = ssa_credentials_chain(cred);
	u32 i;

	for (i = 0; i < chain->count; i++) {
		b->chain[i].data = (u8 *)chain->cert[i].der;
		b->chain[i].data_len = chain->cert[i].len;
	}
	b->certs = chain->count;
	bear_key(test, b, key_pem, key_len);
}

struct bear *bear_server(struct kunit *test, struct pair *p, enum pair_key key, u16 suite)
{
	struct bear *b = bear_new(test);

	bear_credentials(test, b, p->cred, bear_keys[key].pem, bear_keys[key].len);
	bear_server_start(test, b, suite);
	return b;
}

void bear_client_certificate(struct kunit *test, struct bear *b,
			     const struct ssa_credentials *cred, const char *key_pem,
			     size_t key_len)
{
	bear_credentials(test, b, cred, key_pem, key_len);
	if (br_skey_decoder_key_type(&b->key) == BR_KEYTYPE_RSA)
		br_ssl_client_set_single_rsa(&b->client, b->chain, b->certs,
					     br_skey_decoder_get_rsa(&b->key),
					     br_rsa_i62_pkcs1_sign);
	else
		br_ssl_client_set_single_ec(&b->client, b->chain, b->certs,
					    br_skey_decoder_get_ec(&b->key), BR_KEYTYPE_SIGN,
					    BR_KEYTYPE_EC, &br_ec_all_m31,
					    br_ecdsa_i31_sign_asn1);
}

void bear_ask(struct kunit *test, struct bear *b, const u8 *name, size_t len,
	      const struct ssa_public_key *key)
{
	b->authority.data = (u8 *)name;
	b->authority.len = len;
	br_ssl_server_set_trust_anchor_names(&b->server, &b->authority, 1);
	bear_know(b, key);
}

void bear_only_group(struct bear *b, u16 group)
{
	static_assert(BR_EC_secp256r1 == SSA_GROUP_SECP256R1);
	static_assert(BR_EC_secp384r1 == SSA_GROUP_SECP384R1);
	static_assert(BR_EC_curve25519 == SSA_GROUP_X25519);
	b->curves = br_ec_all_m31;
	b->curves.supported_curves = BIT(group);
	br_ssl_engine_set_ec(b->eng, &b->curves);
}

u32 bear_output(struct kunit *test, struct bear *b, struct ssa_buf *wire)
{
	u32 total = 0;
	size_t len;
	u8 *data;

	while (br_ssl_engine_current_state(b->eng) & BR_SSL_SENDREC) {
		data = br_ssl_engine_sendrec_buf(b->eng, &len);
		KUNIT_ASSERT_NOT_NULL(test, data);
		KUNIT_ASSERT_EQ(test, ssa_buf_append(wire, data, len, WIRE_MAX), 0);
		br_ssl_engine_sendrec_ack(b->eng, len);
		total += len;
	}
	return total;
}

void bear_input(struct kunit *test, struct bear *b, const void *wire, u32 len)
{
	const u8 *in = wire;
	size_t room;
	u8 *data;

	while (len && bear_error(b) == BR_ERR_OK) {
		data = br_ssl_engine_recvrec_buf(b->eng, &room);
		if (!data) {
			KUNIT_FAIL(test, "BearSSL takes no record, state 0x%x",
				   br_ssl_engine_current_state(b->eng));
			return;
		}
		room = min_t(size_t, room, len);
		memcpy(data, in, room);
		br_ssl_engine_recvrec_ack(b->eng, room);
		in += room;
		len -= room;
	}
}

bool bear_connected(const struct bear *b)
{
	return br_ssl_engine_current_state(b->eng) & BR_SSL_SENDAPP;
}

int bear_error(const struct bear *b)
{
	return br_ssl_engine_last_error(b->eng);
}

void bear_send(struct kunit *test, struct bear *b, const void *data, u32 len)
{
	size_t room;
	u8 *buf = br_ssl_engine_sendapp_buf(b->eng, &room);

	KUNIT_ASSERT_NOT_NULL(test, buf);
	KUNIT_ASSERT_GE(test, room, len);
	memcpy(buf, data, len);
	br_ssl_engine_sendapp_ack(b->eng, len);
	br_ssl_engine_flush(b->eng, 0);
}

void bear_expect_data(struct kunit *test, struct bear *b, const void *data, u32 len)
{
	size_t got;
	u8 *buf = br_ssl_engine_recvapp_buf(b->eng, &got);

	KUNIT_ASSERT_NOT_NULL(test, buf);
	KUNIT_ASSERT_EQ(test, got, len);
	KUNIT_EXPECT_MEMEQ(test, buf, data, len);
	br_ssl_engine_recvapp_ack(b->eng, got);
}

void bear_run(struct kunit *test, struct ssa_hs *hs, struct bear *b)
{
	struct ssa_buf wire = { 0 };
	const u8 *out;
	size_t len;
	u32 rounds;

	for (rounds = 0; rounds < 8; rounds++) {
		out = ssa_hs_output(hs, &len);
		bear_input(test, b, out, len);
		ssa_hs_output_done(hs, len);
		if (!bear_output(test, b, &wire) && !len)
			return;
		if (hs->state != SSA_ST_FAILED && hs->state != SSA_ST_CONNECTED)
			feed(test, hs, ssa_buf_begin(&wire), ssa_buf_left(&wire));
		ssa_buf_free(&wire);
	}
	KUNIT_FAIL(test, "the handshake does not end");
}

/* ------------------------------------------- our side, after the handshake */

static void session_exit(void *data)
{
	struct session *s = data;

	ssa_aead_free(s->tx.aead);
	ssa_aead_free(s->rx.aead);
	ssa_post_wipe(&s->post);
}

static void session_keys(struct kunit *test, struct session_keys *k, const struct ssa_post *post,
			 bool tx)
{
	const struct ssa_suite *suite = ssa_suite_find(post->suite);
	struct ssa_traffic_keys keys;

	KUNIT_ASSERT_NOT_NULL(test, suite);
	ssa_post_keys(post, tx, &keys);
	KUNIT_ASSERT_EQ(test, keys.key_len, ssa_aead_key_size(suite->aead));
	k->aead = ssa_aead_new(suite->aead, keys.key);
	if (IS_ERR(k->aead))
		k->aead = NULL;
	KUNIT_ASSERT_NOT_NULL(test, k->aead);
	k->gcm = suite->aead != SSA_CHACHA20_POLY1305;
	k->seq = keys.seq;
	memcpy(k->iv, keys.iv, sizeof(k->iv));
	if (k->gcm)
		KUNIT_EXPECT_EQ(test, get_unaligned_be64(keys.iv + 4), keys.seq);
}

struct session *session_new(struct kunit *test, struct ssa_hs *hs)
{
	struct session *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, s);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, session_exit, s), 0);
	KUNIT_ASSERT_EQ(test, ssa_hs_export(hs, &s->post), 0);
	KUNIT_EXPECT_EQ(test, s->post.version, SSA_TLS12);
	session_keys(test, &s->tx, &s->post, true);
	session_keys(test, &s->rx, &s->post, false);
	return s;
}

#define AAD_LEN			13
#define EXPLICIT_NONCE_LEN	8

/* RFC 5246 6.2.3.3; @len bytes of plaintext */
static void session_aad(const struct session_keys *k, u8 type, u32 len, u8 aad[AAD_LEN])
{
	put_unaligned_be64(k->seq, aad);
	aad[8] = type;
	put_unaligned_be16(SSA_TLS12, aad + 9);
	put_unaligned_be16(len, aad + 11);
}

/* RFC 5288 3 (salt and explicit nonce), RFC 7905 2 (exclusive or) */
static void session_nonce(const struct session_keys *k, const u8 *explicit,
			  u8 nonce[SSA_AEAD_NONCE_LEN])
{
	u32 i;

	memcpy(nonce, k->iv, SSA_AEAD_NONCE_LEN);
	for (i = 0; i < 8; i++) {
		if (k->gcm)
			nonce[4 + i] = explicit[i];
		else
			nonce[4 + i] ^= k->seq >> (8 * (7 - i));
	}
}

void session_seal(struct kunit *test, struct session *s, u8 type, const void *data, u32 len,
		  struct ssa_buf *wire)
{
	u32 explicit = s->tx.gcm ? EXPLICIT_NONCE_LEN : 0;
	u32 body = explicit + len + SSA_AEAD_TAG_LEN;
	u8 aad[AAD_LEN], nonce[SSA_AEAD_NONCE_LEN];
	u8 *at;

	KUNIT_ASSERT_EQ(test, ssa_buf_reserve(wire, SSA_RECORD_HEADER_LEN + body, WIRE_MAX), 0);
	at = wire->data + wire->len;
	at[0] = type;
	put_unaligned_be16(SSA_TLS12, at + 1);
	put_unaligned_be16(body, at + 3);
	at += SSA_RECORD_HEADER_LEN;
	if (explicit)
		put_unaligned_be64(s->tx.seq, at);
	session_aad(&s->tx, type, len, aad);
	session_nonce(&s->tx, at, nonce);
	memcpy(at + explicit, data, len);
	KUNIT_ASSERT_EQ(test, ssa_aead_seal(s->tx.aead, nonce, aad, sizeof(aad), at + explicit,
					    len), 0);
	s->tx.seq++;
	wire->len += SSA_RECORD_HEADER_LEN + body;
}

u8 session_open(struct kunit *test, struct session *s, struct ssa_buf *wire,
		struct ssa_reader *plain)
{
	u32 explicit = s->rx.gcm ? EXPLICIT_NONCE_LEN : 0;
	u8 aad[AAD_LEN], nonce[SSA_AEAD_NONCE_LEN];
	u8 *record = wire->data + wire->off, *body;
	u32 len;

	KUNIT_ASSERT_GE(test, ssa_buf_left(wire), SSA_RECORD_HEADER_LEN);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(record + 1), SSA_TLS12);
	len = get_unaligned_be16(record + 3);
	KUNIT_ASSERT_GE(test, ssa_buf_left(wire), SSA_RECORD_HEADER_LEN + len);
	KUNIT_ASSERT_GE(test, len, explicit + SSA_AEAD_TAG_LEN);
	body = record + SSA_RECORD_HEADER_LEN + explicit;
	len -= explicit;
	session_aad(&s->rx, record[0], len - SSA_AEAD_TAG_LEN, aad);
	session_nonce(&s->rx, record + SSA_RECORD_HEADER_LEN, nonce);
	KUNIT_ASSERT_EQ(test, ssa_aead_open(s->rx.aead, nonce, aad, sizeof(aad), body, len), 0);
	s->rx.seq++;
	ssa_reader_init(plain, body, len - SSA_AEAD_TAG_LEN);
	wire->off += SSA_RECORD_HEADER_LEN + explicit + len;
	return record[0];
}
