// SPDX-License-Identifier: GPL-2.0
/*
 * Client certificates and application protocols with BearSSL's own TLS 1.2 as the
 * other side, in either role.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "creds.h"
#include "engine_auth.h"
#include "engine_bearssl.h"

struct client_case {
	const char *name;
	enum auth_cert cert;
	const char *key;
	size_t key_len;
	u16 sigalg;		/* that our client signs with */
};

#define CLIENT(x)	.key = ssa_creds_##x##_key_pem, \
			.key_len = sizeof(ssa_creds_##x##_key_pem) - 1

static const struct client_case client_cases[] = {
	{ "p256", AUTH_CLIENT_P256, CLIENT(p256), SSA_SIG_ECDSA_SECP256R1_SHA256 },
	{ "p384", AUTH_CLIENT_P384, CLIENT(p384), SSA_SIG_ECDSA_SECP384R1_SHA384 },
	{ "rsa", AUTH_CLIENT_RSA, CLIENT(rsa), SSA_SIG_RSA_PKCS1_SHA256 },
};

KUNIT_ARRAY_PARAM_DESC(client, client_cases, name);

/* BearSSL has no extended_master_secret. */
static struct pair *auth_pair(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);

	pair_versions(p, SSA_TLS12, SSA_TLS12);
	p->client_cfg.without_ems = true;
	p->server_cfg.without_ems = true;
	return p;
}

static void expect_connected(struct kunit *test, struct ssa_hs *hs, struct bear *b)
{
	struct ssa_exporter exporter;

	KUNIT_ASSERT_EQ(test, ssa_hs_reason(hs), SSA_R_NONE);
	KUNIT_ASSERT_EQ(test, bear_error(b), BR_ERR_OK);
	KUNIT_ASSERT_TRUE(test, bear_connected(b));
	KUNIT_ASSERT_EQ(test, ssa_hs_output_done(hs, 0), SSA_DONE);
	/* RFC 7627 5.4: a master secret that is not bound to the handshake exports nothing */
	KUNIT_ASSERT_EQ(test, ssa_hs_exporter(hs, &exporter), 0);
	KUNIT_EXPECT_EQ(test, exporter.version, 0);
}

/* We failed for @reason, and BearSSL understood the alert. */
static void expect_refused(struct kunit *test, struct ssa_hs *hs, struct bear *b,
			   enum ssa_reason reason)
{
	KUNIT_EXPECT_STREQ(test, ssa_reason_desc(ssa_hs_reason(hs))->counter,
			   ssa_reason_desc(reason)->counter);
	KUNIT_EXPECT_EQ(test, bear_error(b), BR_ERR_RECV_FATAL_ALERT +
			ssa_reason_desc(reason)->alert);
}

/* A record each way */
static void talk(struct kunit *test, struct ssa_hs *hs, struct bear *b)
{
	struct session *s = session_new(test, hs);
	struct ssa_buf wire = { 0 };
	struct ssa_reader plain;

	session_seal(test, s, SSA_CT_APPLICATION_DATA, "ping", 4, &wire);
	bear_input(test, b, ssa_buf_begin(&wire), ssa_buf_left(&wire));
	ssa_buf_free(&wire);
	bear_expect_data(test, b, "ping", 4);
	bear_send(test, b, "pong", 4);
	bear_output(test, b, &wire);
	KUNIT_EXPECT_EQ(test, session_open(test, s, &wire, &plain), SSA_CT_APPLICATION_DATA);
	KUNIT_ASSERT_EQ(test, plain.left, 4);
	KUNIT_EXPECT_MEMEQ(test, plain.data, "pong", 4);
	ssa_buf_free(&wire);
}

/* ------------------------------------------------------- its client, our server */

static void its_client_shows_a_certificate(struct kunit *test)
{
	const struct client_case *c = test->param_value;
	const enum ssa_peer_auth hows[] = { SSA_PEER_AUTH_OPTIONAL, SSA_PEER_AUTH_REQUIRED };
	struct ssa_credentials *cred = auth_cred(test, c->cert);
	struct pair *p = auth_pair(test);
	struct bear *b;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(hows); i++) {
		auth_ask(test, p, hows[i]);
		pair_start(test, p);
		b = bear_client(test, p, 0);
		bear_client_certificate(test, b, cred, c->key, c->key_len);
		bear_run(test, p->server, b);
		expect_connected(test, p->server, b);
		talk(test, p->server, b);
		auth_expect_peer(test, p->server, cred);
	}
}

static void its_client_has_none(struct kunit *test)
{
	struct pair *p = auth_pair(test);
	struct bear *b;

	auth_ask(test, p, SSA_PEER_AUTH_OPTIONAL);
	pair_start(test, p);
	b = bear_client(test, p, 0);
	bear_run(test, p->server, b);
	expect_connected(test, p->server, b);
	KUNIT_EXPECT_NULL(test, ssa_hs_take_peer(p->server));
	talk(test, p->server, b);

	auth_ask(test, p, SSA_PEER_AUTH_REQUIRED);
	pair_start(test, p);
	b = bear_client(test, p, 0);
	bear_run(test, p->server, b);
	expect_refused(test, p->server, b, SSA_R_CLIENT_CERT_WANTED_TLS12);
}

/* Its certificate is good, but the key is another's. */
static void its_client_must_have_the_key(struct kunit *test)
{
	struct pair *p = auth_pair(test);
	struct bear *b;

	auth_ask(test, p, SSA_PEER_AUTH_OPTIONAL);
	pair_start(test, p);
	b = bear_client(test, p, 0);
	bear_client_certificate(test, b, auth_cred(test, AUTH_CLIENT_P256),
				ssa_creds_p256_key_pem, sizeof(ssa_creds_p256_key_pem) - 1);
	/* the private key, a number that is as good as any other */
	b->key.key.ec.x[b->key.key.ec.xlen - 1] ^= 1;
	bear_run(test, p->server, b);
	expect_refused(test, p->server, b, SSA_R_BAD_CERTIFICATE_VERIFY);
}

/* By an authority that we do not trust */
static void its_client_is_refused(struct kunit *test)
{
	struct pair *p = auth_pair(test);
	struct bear *b;

	auth_ask(test, p, SSA_PEER_AUTH_OPTIONAL);
	pair_start(test, p);
	b = bear_client(test, p, 0);
	bear_client_certificate(test, b, auth_cred(test, AUTH_CLIENT_RSA_BY_RSA),
				ssa_creds_rsa_key_pem, sizeof(ssa_creds_rsa_key_pem) - 1);
	bear_run(test, p->server, b);
	expect_refused(test, p->server, b, SSA_R_CERT_UNKNOWN_CA);
}

/* ------------------------------------------------------- our client, its server */

/* The issuer (RFC 5280 4.1) of the last certificate, in DER of short lengths */
static void issuer_of(struct kunit *test, const struct ssa_credentials *cred,
		      const u8 **name, size_t *len)
{
	const struct ssa_chain *chain = ssa_credentials_chain(cred);
	const struct ssa_cert *cert = &chain->cert[chain->count - 1];
	const u32 enter = 2, skip = 3;	/* version, serial number, signature */
	struct ssa_reader r, body;
	const u8 *start = NULL;
	u32 i, size;
	u8 tag, n;

	ssa_reader_init(&r, cert->der, cert->len);
	for (i = 0; i < enter + skip + 1; i++) {
		start = r.data;
		KUNIT_ASSERT_TRUE(test, ssa_read_u8(&r, &tag) && ssa_read_u8(&r, &n));
		size = n;
		if (n & 0x80) {
			for (n &= 0x7f, size = 0; n; n--) {
				u8 byte = 0;

				KUNIT_ASSERT_TRUE(test, ssa_read_u8(&r, &byte));
				size = size << 8 | byte;
			}
		}
		if (i < enter)
			continue;
		KUNIT_ASSERT_TRUE(test, ssa_read_sub(&r, &body, size));
	}
	*name = start;
	*len = r.data - start;
}

static struct bear *asking_server(struct kunit *test, struct pair *p,
				  const struct ssa_credentials *authority,
				  const struct ssa_credentials *client)
{
	struct bear *b = bear_server(test, p, PAIR_P256, 0);
	const u8 *name;
	size_t len;

	issuer_of(test, authority, &name, &len);
	bear_ask(test, b, name, len, ssa_private_key_public(ssa_credentials_key(client)));
	return b;
}

static void our_client_shows_a_certificate(struct kunit *test)
{
	const struct client_case *c = test->param_value;
	struct ssa_credentials *cred = auth_cred(test, c->cert);
	struct pair *p = auth_pair(test);
	struct ssa_hs_result result;
	struct bear *b;

	auth_show(test, p, c->cert);
	pair_start(test, p);
	b = asking_server(test, p, cred, cred);
	bear_run(test, p->client, b);
	expect_connected(test, p->client, b);
	ssa_hs_result(p->client, &result);
	KUNIT_EXPECT_EQ(test, result.sigalg, c->sigalg);
	talk(test, p->client, b);
}

/* It takes another key for the client's, so it must be what we have signed with. */
static void its_server_verifies_our_signature(struct kunit *test)
{
	const struct client_case *c = test->param_value;
	struct ssa_credentials *cred = auth_cred(test, c->cert);
	struct pair *p = auth_pair(test);
	struct bear *b;

	auth_show(test, p, c->cert);
	pair_start(test, p);
	b = asking_server(test, p, cred, cred);
	b->peer_key.n[20] ^= 1;
	bear_run(test, p->client, b);
	KUNIT_EXPECT_EQ(test, bear_error(b), BR_ERR_BAD_SIGNATURE);
	KUNIT_EXPECT_FALSE(test, bear_connected(b));
}

/* RFC 8446 4.4.2.3, RFC 5246 7.4.6: nothing for an authority that it does not name */
static void our_client_has_nothing_that_fits(struct kunit *test)
{
	struct ssa_credentials *cred = auth_cred(test, AUTH_CLIENT_P256);
	struct pair *p = auth_pair(test);
	struct ssa_hs_result result;
	struct bear *b;

	auth_show(test, p, AUTH_CLIENT_P256);
	pair_start(test, p);
	b = asking_server(test, p, auth_cred(test, AUTH_CLIENT_RSA_BY_RSA), cred);
	br_ssl_engine_set_all_flags(b->eng, BR_OPT_TOLERATE_NO_CLIENT_AUTH);
	bear_run(test, p->client, b);
	expect_connected(test, p->client, b);
	ssa_hs_result(p->client, &result);
	KUNIT_EXPECT_EQ(test, result.sigalg, 0);
	talk(test, p->client, b);
}

/* ------------------------------------------------------- application protocols */

static void expect_protocol(struct kunit *test, struct ssa_hs *hs, struct bear *b,
			    const char *name)
{
	const char *theirs = br_ssl_engine_get_selected_protocol(b->eng);
	struct ssa_hs_result result;

	expect_connected(test, hs, b);
	ssa_hs_result(hs, &result);
	KUNIT_EXPECT_STREQ(test, theirs ?: "", name);
	KUNIT_ASSERT_EQ(test, result.alpn_len, strlen(name));
	KUNIT_EXPECT_MEMEQ(test, result.alpn ?: (const u8 *)"", name, strlen(name));
}

static void protocol_is_agreed_on(struct kunit *test)
{
	static const char * const names[] = { "h2", "http/1.1" };
	static const u8 both[] = "\x08http/1.1\2h2", other[] = "\4imap";
	struct pair *p = auth_pair(test);
	struct bear *b;

	p->client_cfg.alpn = both;
	p->client_cfg.alpn_len = sizeof(both) - 1;
	p->server_cfg.alpn = both;
	p->server_cfg.alpn_len = sizeof(both) - 1;

	/* our server's order */
	pair_start(test, p);
	b = bear_client(test, p, 0);
	b->protocols = names;
	b->protocol_count = ARRAY_SIZE(names);
	bear_client_start(test, b, p, 0);
	bear_run(test, p->server, b);
	expect_protocol(test, p->server, b, "http/1.1");

	/* its server's */
	b = bear_server(test, p, PAIR_P256, 0);
	b->protocols = names;
	b->protocol_count = ARRAY_SIZE(names);
	bear_server_start(test, b, 0);
	bear_run(test, p->client, b);
	expect_protocol(test, p->client, b, "h2");

	/* neither of them says anything to one who does not ask */
	pair_start(test, p);
	b = bear_client(test, p, 0);
	bear_run(test, p->server, b);
	expect_protocol(test, p->server, b, "");
	b = bear_server(test, p, PAIR_P256, 0);
	bear_run(test, p->client, b);
	expect_protocol(test, p->client, b, "");

	/* nothing in common: our server refuses */
	p->server_cfg.alpn = other;
	p->server_cfg.alpn_len = sizeof(other) - 1;
	pair_start(test, p);
	b = bear_client(test, p, 0);
	b->protocols = names;
	b->protocol_count = ARRAY_SIZE(names);
	bear_client_start(test, b, p, 0);
	bear_run(test, p->server, b);
	expect_refused(test, p->server, b, SSA_R_NO_ALPN);
}

static struct kunit_case engine_bearssl_auth_cases[] = {
	KUNIT_CASE_PARAM(its_client_shows_a_certificate, client_gen_params),
	KUNIT_CASE(its_client_has_none),
	KUNIT_CASE(its_client_must_have_the_key),
	KUNIT_CASE(its_client_is_refused),
	KUNIT_CASE_PARAM(our_client_shows_a_certificate, client_gen_params),
	KUNIT_CASE_PARAM(its_server_verifies_our_signature, client_gen_params),
	KUNIT_CASE(our_client_has_nothing_that_fits),
	KUNIT_CASE(protocol_is_agreed_on),
	{}
};

static struct kunit_suite engine_bearssl_auth_suite = {
	.name = "ssa_engine_bearssl_auth",
	.test_cases = engine_bearssl_auth_cases,
};

kunit_test_suite(engine_bearssl_auth_suite);
