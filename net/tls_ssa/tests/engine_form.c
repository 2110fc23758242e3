// SPDX-License-Identifier: GPL-2.0
/*
 * The form of what we send: nothing that a peer must refuse, nothing that it was
 * not asked for, nothing twice.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include "engine_pair.h"

/* The first handshake message in the plaintext output of @hs. */
static void first_message(struct kunit *test, struct ssa_hs *hs, struct ssa_msg *msg)
{
	struct ssa_reader r, body;
	u16 version;
	u8 type = 0;
	u32 len;

	ssa_reader_init(&r, ssa_buf_begin(&hs->out), ssa_buf_left(&hs->out));
	while (type != SSA_CT_HANDSHAKE)
		KUNIT_ASSERT_TRUE(test, ssa_read_u8(&r, &type) && ssa_read_u16(&r, &version) &&
				  ssa_read_vec16(&r, &body, 1, SSA_PLAINTEXT_MAX));
	memset(msg, 0, sizeof(*msg));
	msg->raw = body.data;
	msg->raw_len = body.left;
	KUNIT_ASSERT_TRUE(test, ssa_read_u8(&body, &msg->type) && ssa_read_u24(&body, &len) &&
			  ssa_read_sub(&body, &msg->body, len) && ssa_reader_done(&body));
}

static void free_buf(void *buf)
{
	ssa_buf_free(buf);
}

static struct ssa_buf *new_buf(struct kunit *test)
{
	struct ssa_buf *buf = kunit_kzalloc(test, sizeof(*buf), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, buf);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_buf, buf), 0);
	return buf;
}

static void keep_copy(struct kunit *test, struct ssa_buf *msg, const void *arg)
{
	KUNIT_ASSERT_EQ(test, ssa_buf_append((struct ssa_buf *)arg, msg->data, msg->len,
					     SSA_FLIGHT_MAX), 0);
}

/* The message of that type in the flight of a server, as the client gets it. */
static struct ssa_buf *flight_message(struct kunit *test, struct pair *p, u8 type)
{
	struct relay *r = relay_new(test);
	struct ssa_buf *buf = new_buf(test);

	pair_start(test, p);
	relay_flight(test, NULL, p->client, p->server);
	r->type = type;
	r->change = keep_copy;
	r->arg = buf;
	relay_flight(test, r, p->server, p->client);
	KUNIT_ASSERT_EQ(test, r->changed, 1);
	return buf;
}

static void expect_list_without_duplicates(struct kunit *test, struct ssa_reader list)
{
	u16 value;

	while (ssa_read_u16(&list, &value))
		KUNIT_EXPECT_FALSE_MSG(test, ssa_reader_has_u16(list, value), "0x%04x twice",
				       value);
}

static struct ssa_reader list_in(struct kunit *test, const struct ssa_exts *exts, enum ssa_ext ext)
{
	struct ssa_reader r = exts->body[ext], list;

	KUNIT_ASSERT_TRUE(test, ssa_has_ext(exts, ext));
	KUNIT_ASSERT_TRUE(test, ssa_read_vec16(&r, &list, 2, 0xffff) && ssa_reader_done(&r));
	return list;
}

/* RFC 8446 4.1.2, 4.2, 9.2 */
static void client_hello_is_well_formed(struct kunit *test)
{
	const u32 never = BIT(SSA_EXT_COOKIE) | BIT(SSA_EXT_EARLY_DATA) |
			  BIT(SSA_EXT_PRE_SHARED_KEY) | BIT(SSA_EXT_PSK_KEY_EXCHANGE_MODES) |
			  BIT(SSA_EXT_POST_HANDSHAKE_AUTH) | BIT(SSA_EXT_OID_FILTERS);
	struct ssa_reader r, groups, shares, versions, key;
	struct pair *p = pair_new(test, PAIR_P256);
	struct ssa_client_hello ch;
	struct ssa_msg msg;
	u16 group;
	u8 method;

	pair_start(test, p);
	first_message(test, p->client, &msg);
	KUNIT_EXPECT_EQ(test, msg.type, SSA_HT_CLIENT_HELLO);
	KUNIT_ASSERT_EQ(test, ssa_read_client_hello(p->server, &msg, &ch), 0);
	KUNIT_EXPECT_EQ(test, ch.legacy_version, SSA_TLS12);
	KUNIT_EXPECT_EQ(test, ch.session_id.left, 32);
	KUNIT_EXPECT_EQ(test, ch.compression.left, 1);
	KUNIT_EXPECT_TRUE(test, ssa_read_u8(&ch.compression, &method));
	KUNIT_EXPECT_EQ(test, method, 0);
	expect_list_without_duplicates(test, ch.cipher_suites);
	KUNIT_EXPECT_EQ(test, ch.exts.present & never, 0);

	r = ch.exts.body[SSA_EXT_SUPPORTED_VERSIONS];
	KUNIT_ASSERT_TRUE(test, ssa_read_vec8(&r, &versions, 2, 254) && ssa_reader_done(&r));
	KUNIT_EXPECT_TRUE(test, ssa_reader_has_u16(versions, SSA_TLS13));
	expect_list_without_duplicates(test, versions);
	expect_list_without_duplicates(test, list_in(test, &ch.exts,
						     SSA_EXT_SIGNATURE_ALGORITHMS));
	groups = list_in(test, &ch.exts, SSA_EXT_SUPPORTED_GROUPS);
	expect_list_without_duplicates(test, groups);
	shares = list_in(test, &ch.exts, SSA_EXT_KEY_SHARE);
	while (ssa_reader_more(&shares)) {
		KUNIT_ASSERT_TRUE(test, ssa_read_u16(&shares, &group) &&
				  ssa_read_vec16(&shares, &key, 1, 0xffff));
		KUNIT_EXPECT_TRUE(test, ssa_reader_has_u16(groups, group));
		KUNIT_EXPECT_EQ(test, key.left, ssa_kex_public_len(group));
	}
}

/* 4.2.3: without signature_algorithms_cert the list holds for certificates, and so we judge */
static void schemes_of_certificates_are_announced(struct kunit *test)
{
	static const u16 two[] = { SSA_SIG_ECDSA_SECP256R1_SHA256, SSA_SIG_RSA_PKCS1_SHA384 };
	struct pair *p = pair_new(test, PAIR_P256);
	struct ssa_client_hello ch;
	struct ssa_reader list;
	struct ssa_msg msg;
	u32 i;

	memset(p->client_cfg.sigalgs, 0, sizeof(p->client_cfg.sigalgs));
	memcpy(p->client_cfg.sigalgs, two, sizeof(two));
	pair_start(test, p);
	first_message(test, p->client, &msg);
	KUNIT_ASSERT_EQ(test, ssa_read_client_hello(p->server, &msg, &ch), 0);
	KUNIT_EXPECT_FALSE(test, ssa_has_ext(&ch.exts, SSA_EXT_SIGNATURE_ALGORITHMS_CERT));
	list = list_in(test, &ch.exts, SSA_EXT_SIGNATURE_ALGORITHMS);
	KUNIT_EXPECT_EQ(test, list.left, sizeof(two));
	for (i = 0; i < ARRAY_SIZE(two); i++)
		KUNIT_EXPECT_TRUE(test, ssa_reader_has_u16(list, two[i]));

	/* the leaf is signed with neither of them: ecdsa_secp384r1_sha384 */
	pair_start(test, p);
	pair_run(test, p, NULL, NULL);
	KUNIT_EXPECT_EQ(test, (int)ssa_hs_reason(p->client), SSA_R_CERT_SIGALG);

	p->client_cfg.sigalgs[2] = SSA_SIG_ECDSA_SECP384R1_SHA384;
	pair_start(test, p);
	pair_run(test, p, NULL, NULL);
	pair_expect_done(test, p);
}

/* 4.2.3: hashes and algorithms that no implementation may offer */
static void nothing_broken_is_offered(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);
	struct ssa_client_hello ch;
	struct ssa_reader list;
	struct ssa_msg msg;
	u16 scheme, suite;

	pair_start(test, p);
	first_message(test, p->client, &msg);
	KUNIT_ASSERT_EQ(test, ssa_read_client_hello(p->server, &msg, &ch), 0);
	list = list_in(test, &ch.exts, SSA_EXT_SIGNATURE_ALGORITHMS);
	while (ssa_read_u16(&list, &scheme)) {
		/* none, MD5, SHA-1, SHA-224; anonymous, DSA */
		KUNIT_EXPECT_GT(test, scheme >> 8, 3);
		if (scheme >> 8 < 7) {
			KUNIT_EXPECT_NE(test, scheme & 0xff, 0);
			KUNIT_EXPECT_NE(test, scheme & 0xff, 2);
		}
	}
	while (ssa_read_u16(&ch.cipher_suites, &suite))
		KUNIT_EXPECT_TRUE_MSG(test, ssa_suite_find(suite) || suite == 0x00ff ||
				      suite == 0x5600, "0x%04x", suite);
	list = list_in(test, &ch.exts, SSA_EXT_SUPPORTED_GROUPS);
	/* B.3.1.4: obsolete ones */
	while (ssa_read_u16(&list, &suite))
		KUNIT_EXPECT_TRUE(test, suite >= 0x17 && suite <= 0x1d);
}

/* 4.1.2, 4.1.3, 4.2.8: what is random is so each time, on both sides */
static void hellos_are_fresh(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);
	u8 client[SSA_RANDOM_LEN], session_id[SSA_SESSION_ID_MAX];
	u8 server[SSA_RANDOM_LEN], share[32];

	pair_start(test, p);
	memcpy(client, p->client->random, sizeof(client));
	memcpy(session_id, p->client->session_id, sizeof(session_id));
	memcpy(share, p->client->kex.public_key, sizeof(share));
	relay_flight(test, NULL, p->client, p->server);
	memcpy(server, p->server->random, sizeof(server));
	KUNIT_EXPECT_MEMNEQ(test, client, server, SSA_RANDOM_LEN);
	KUNIT_EXPECT_MEMNEQ(test, client, session_id, SSA_RANDOM_LEN);

	pair_start(test, p);
	KUNIT_EXPECT_MEMNEQ(test, client, p->client->random, SSA_RANDOM_LEN);
	KUNIT_EXPECT_MEMNEQ(test, session_id, p->client->session_id, SSA_SESSION_ID_MAX);
	KUNIT_EXPECT_MEMNEQ(test, share, p->client->kex.public_key, sizeof(share));
	relay_flight(test, NULL, p->client, p->server);
	KUNIT_EXPECT_MEMNEQ(test, server, p->server->random, SSA_RANDOM_LEN);
}

/* 4.1.2, 4.2.8: the second ClientHello differs in its key_share only. */
static void second_hello_repeats_the_first(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);
	struct ssa_buf *first = new_buf(test), *second = new_buf(test);
	struct ssa_client_hello ch;
	struct ssa_reader list, key;
	struct ssa_msg msg;
	u16 group;

	pair_only_group(&p->server_cfg, SSA_GROUP_SECP256R1);
	pair_start(test, p);
	first_message(test, p->client, &msg);
	KUNIT_ASSERT_EQ(test, ssa_buf_append(first, msg.raw, msg.raw_len, SSA_FLIGHT_MAX), 0);
	relay_flight(test, NULL, p->client, p->server);
	relay_flight(test, NULL, p->server, p->client);
	KUNIT_ASSERT_TRUE(test, p->client->hello_retry);
	first_message(test, p->client, &msg);
	KUNIT_ASSERT_EQ(test, ssa_buf_append(second, msg.raw, msg.raw_len, SSA_FLIGHT_MAX), 0);

	KUNIT_ASSERT_EQ(test, ssa_read_client_hello(p->server, &msg, &ch), 0);
	list = list_in(test, &ch.exts, SSA_EXT_KEY_SHARE);
	KUNIT_ASSERT_TRUE(test, ssa_read_u16(&list, &group) &&
			  ssa_read_vec16(&list, &key, 1, 0xffff));
	KUNIT_EXPECT_EQ(test, group, SSA_GROUP_SECP256R1);
	KUNIT_EXPECT_TRUE(test, ssa_reader_done(&list));

	msg_ext_remove(test, first, SSA_XT_KEY_SHARE);
	msg_ext_remove(test, second, SSA_XT_KEY_SHARE);
	KUNIT_ASSERT_EQ(test, first->len, second->len);
	KUNIT_EXPECT_MEMEQ(test, first->data, second->data, first->len);
}

/* 4.1.3, 4.1.4: ServerHello and HelloRetryRequest */
static void server_hello_is_well_formed(struct kunit *test)
{
	const u32 both = BIT(SSA_EXT_SUPPORTED_VERSIONS) | BIT(SSA_EXT_KEY_SHARE);
	struct ssa_reader r, session_id, list;
	struct ssa_exts exts;
	u16 version, suite, group;
	u8 compression;
	u32 retry;

	for (retry = 0; retry < 2; retry++) {
		struct pair *p = pair_new(test, PAIR_P256);
		const u8 *random;
		struct ssa_msg msg;

		if (retry)
			pair_only_group(&p->server_cfg, SSA_GROUP_SECP256R1);
		pair_start(test, p);
		relay_flight(test, NULL, p->client, p->server);
		first_message(test, p->server, &msg);
		KUNIT_EXPECT_EQ(test, msg.type, SSA_HT_SERVER_HELLO);
		r = msg.body;
		KUNIT_ASSERT_TRUE(test, ssa_read_u16(&r, &version) &&
				  ssa_read_bytes(&r, &random, SSA_RANDOM_LEN) &&
				  ssa_read_vec8(&r, &session_id, 0, 32) &&
				  ssa_read_u16(&r, &suite) && ssa_read_u8(&r, &compression) &&
				  ssa_read_vec16(&r, &list, 6, 0xffff) && ssa_reader_done(&r));
		KUNIT_EXPECT_EQ(test, version, SSA_TLS12);
		KUNIT_ASSERT_EQ(test, session_id.left, SSA_SESSION_ID_MAX);
		KUNIT_EXPECT_MEMEQ(test, session_id.data, p->client->session_id,
				   SSA_SESSION_ID_MAX);
		KUNIT_EXPECT_EQ(test, suite, p->server->suite->id);
		KUNIT_EXPECT_EQ(test, compression, 0);
		KUNIT_ASSERT_EQ(test, ssa_exts_parse(list, &exts), SSA_R_NONE);
		KUNIT_EXPECT_EQ(test, exts.present, both);
		KUNIT_EXPECT_FALSE(test, exts.unknown);
		r = exts.body[SSA_EXT_SUPPORTED_VERSIONS];
		KUNIT_ASSERT_TRUE(test, ssa_read_u16(&r, &version) && ssa_reader_done(&r));
		KUNIT_EXPECT_EQ(test, version, SSA_TLS13);
		r = exts.body[SSA_EXT_KEY_SHARE];
		KUNIT_ASSERT_TRUE(test, ssa_read_u16(&r, &group));
		KUNIT_EXPECT_EQ(test, group, p->server->group);
		/* a retry asks for a share and has none */
		KUNIT_EXPECT_EQ(test, !r.left, retry);
	}
}

/* 4.3.1, 4.4.2: no extension that nobody asked for, the end entity first */
static void server_flight_is_well_formed(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_RSA);
	const struct ssa_chain *chain = ssa_credentials_chain(p->cred);
	struct ssa_reader r, context, list, cert, exts;
	struct ssa_buf *msg;
	u32 count = 0;

	/* RFC 6066 3: server_name, which is the only one that has an answer, and that is empty */
	msg = flight_message(test, p, SSA_HT_ENCRYPTED_EXTENSIONS);
	KUNIT_ASSERT_EQ(test, msg->len, SSA_HS_HEADER_LEN + 6);
	KUNIT_EXPECT_MEMEQ(test, msg->data + SSA_HS_HEADER_LEN, "\0\4\0\0\0\0", 6);

	msg = flight_message(test, p, SSA_HT_CERTIFICATE);
	ssa_reader_init(&r, msg->data + SSA_HS_HEADER_LEN, msg->len - SSA_HS_HEADER_LEN);
	KUNIT_ASSERT_TRUE(test, ssa_read_vec8(&r, &context, 0, 255) &&
			  ssa_read_vec24(&r, &list, 1, 0xffffff) && ssa_reader_done(&r));
	KUNIT_EXPECT_EQ(test, context.left, 0);
	while (ssa_reader_more(&list)) {
		KUNIT_ASSERT_TRUE(test, ssa_read_vec24(&list, &cert, 1, 0xffffff) &&
				  ssa_read_vec16(&list, &exts, 0, 0xffff));
		KUNIT_EXPECT_EQ(test, exts.left, 0);
		KUNIT_ASSERT_LT(test, count, chain->count);
		KUNIT_ASSERT_EQ(test, cert.left, chain->cert[count].len);
		KUNIT_EXPECT_MEMEQ(test, cert.data, chain->cert[count].der, cert.left);
		count++;
	}
	KUNIT_EXPECT_EQ(test, count, chain->count);

	/* 4.4.3: RSA signs by PSS, whatever else is offered */
	msg = flight_message(test, p, SSA_HT_CERTIFICATE_VERIFY);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(msg->data + SSA_HS_HEADER_LEN),
			SSA_SIG_RSA_PSS_RSAE_SHA256);
	msg = flight_message(test, p, SSA_HT_FINISHED);
	KUNIT_EXPECT_EQ(test, msg->len, SSA_HS_HEADER_LEN + p->client->suite->hash_len);
}

/* 5.3: the last sequence number is not used, nothing wraps */
static void sequence_number_does_not_wrap(struct kunit *test)
{
	static const u8 secret[SSA_SECRET_MAX] = { 1 };
	struct ssa_record_keys seal = { 0 }, open = { 0 };
	struct ssa_buf *out = new_buf(test);
	struct ssa_plaintext plain;
	const struct ssa_suite *suite = ssa_suite_find(SSA_SUITE_AES_128_GCM_SHA256);

	KUNIT_ASSERT_EQ(test, ssa_record_keys_set(&seal, suite, secret), 0);
	KUNIT_ASSERT_EQ(test, ssa_record_keys_set(&open, suite, secret), 0);
	KUNIT_EXPECT_EQ(test, seal.seq, 0);
	seal.seq = U64_MAX - 1;
	open.seq = U64_MAX - 1;
	KUNIT_EXPECT_EQ(test, ssa_record_put(out, &seal, SSA_CT_ALERT, SSA_TLS12, "\1\0", 2), 0);
	KUNIT_EXPECT_NE(test, ssa_record_put(out, &seal, SSA_CT_ALERT, SSA_TLS12, "\1\0", 2), 0);
	KUNIT_EXPECT_EQ(test, ssa_record_open(&open, out->data, out->len, &plain), SSA_R_NONE);
	KUNIT_EXPECT_EQ(test, open.seq, U64_MAX);
	KUNIT_EXPECT_NE(test, ssa_record_open(&open, out->data, out->len, &plain), SSA_R_NONE);
	ssa_record_keys_clear(&seal);
	ssa_record_keys_clear(&open);
}

/*
 * RFC 5246 6.2.1: a Finished of TLS 1.2 in pieces is as many records, and kTLS has
 * to go on behind them.
 */
static void sequence_number_counts_the_pieces_of_finished(struct kunit *test)
{
	struct ssa_record_keys open = { 0 }, seal = { 0 };
	struct pair *p = pair_new(test, PAIR_P256);
	struct ssa_buf *wire = new_buf(test);
	struct ssa_traffic_keys keys;
	struct ssa_plaintext plain;
	struct ssa_post post;
	u8 *record, finished[16];
	u32 i, left;

	p->client_cfg.min_version = SSA_TLS12;
	p->client_cfg.max_version = SSA_TLS12;
	p->server_cfg.min_version = SSA_TLS12;
	pair_start(test, p);
	relay_flight(test, NULL, p->client, p->server);
	relay_flight(test, NULL, p->server, p->client);
	KUNIT_ASSERT_EQ(test, p->client->state, SSA_ST_CLIENT12_WAIT_CCS);

	/* ClientKeyExchange and change_cipher_spec as they are */
	record = ssa_buf_begin(&p->client->out);
	left = ssa_buf_left(&p->client->out);
	for (i = 0; i < 2; i++) {
		u32 len = SSA_RECORD_HEADER_LEN + get_unaligned_be16(record + 3);

		KUNIT_ASSERT_LT(test, len, left);
		feed(test, p->server, record, len);
		record += len;
		left -= len;
	}
	KUNIT_ASSERT_EQ(test, ssa_record_keys_set12(&open, p->client->suite,
						    &p->client->keys12.client), 0);
	KUNIT_ASSERT_EQ(test, ssa_record_keys_set12(&seal, p->client->suite,
						    &p->client->keys12.client), 0);
	KUNIT_ASSERT_EQ(test, ssa_record_open(&open, record, left, &plain), SSA_R_NONE);
	KUNIT_ASSERT_EQ(test, plain.len, sizeof(finished));
	memcpy(finished, plain.data, sizeof(finished));
	for (i = 0; i < sizeof(finished); i += 4)
		KUNIT_ASSERT_EQ(test, ssa_record_put(wire, &seal, SSA_CT_HANDSHAKE, SSA_TLS12,
						     finished + i, 4), 0);
	feed(test, p->server, wire->data, wire->len);
	ssa_record_keys_clear(&open);
	ssa_record_keys_clear(&seal);
	KUNIT_ASSERT_EQ(test, p->server->state, SSA_ST_CONNECTED);
	relay_flight(test, NULL, p->server, p->client);
	KUNIT_ASSERT_EQ(test, p->client->state, SSA_ST_CONNECTED);

	KUNIT_ASSERT_EQ(test, ssa_hs_export(p->server, &post), 0);
	ssa_post_keys(&post, false, &keys);
	KUNIT_EXPECT_EQ(test, keys.seq, 4);
	KUNIT_EXPECT_EQ(test, get_unaligned_be64(keys.iv + 4), 4);
	ssa_post_keys(&post, true, &keys);
	KUNIT_EXPECT_EQ(test, keys.seq, 1);
	ssa_post_wipe(&post);
	KUNIT_ASSERT_EQ(test, ssa_hs_export(p->client, &post), 0);
	ssa_post_keys(&post, true, &keys);
	KUNIT_EXPECT_EQ(test, keys.seq, 1);
	ssa_post_keys(&post, false, &keys);
	KUNIT_EXPECT_EQ(test, keys.seq, 1);
	ssa_post_wipe(&post);
}

/* 5.1, 5.2: no record is longer than 2^14 bytes, and none is empty */
static void records_have_a_size(struct kunit *test)
{
	static const u8 data[SSA_PLAINTEXT_MAX + 1];
	struct ssa_record_keys plain = { 0 };
	struct ssa_buf *out = new_buf(test);

	KUNIT_EXPECT_EQ(test, ssa_record_put(out, &plain, SSA_CT_HANDSHAKE, SSA_TLS12, data,
					     SSA_PLAINTEXT_MAX), 0);
	KUNIT_EXPECT_EQ(test, ssa_record_put(out, &plain, SSA_CT_HANDSHAKE, SSA_TLS12, data,
					     SSA_PLAINTEXT_MAX + 1), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, ssa_record_put(out, &plain, SSA_CT_HANDSHAKE, SSA_TLS12, data, 0),
			-EMSGSIZE);
	KUNIT_EXPECT_EQ(test, out->len, SSA_RECORD_HEADER_LEN + SSA_PLAINTEXT_MAX);
}

static struct kunit_case engine_form_cases[] = {
	KUNIT_CASE(client_hello_is_well_formed),
	KUNIT_CASE(nothing_broken_is_offered),
	KUNIT_CASE(schemes_of_certificates_are_announced),
	KUNIT_CASE(hellos_are_fresh),
	KUNIT_CASE(second_hello_repeats_the_first),
	KUNIT_CASE(server_hello_is_well_formed),
	KUNIT_CASE(server_flight_is_well_formed),
	KUNIT_CASE(sequence_number_does_not_wrap),
	KUNIT_CASE(sequence_number_counts_the_pieces_of_finished),
	KUNIT_CASE(records_have_a_size),
	{}
};

static struct kunit_suite engine_form_suite = {
	.name = "ssa_engine_form",
	.test_cases = engine_form_cases,
};

kunit_test_suite(engine_form_suite);
