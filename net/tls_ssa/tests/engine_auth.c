// SPDX-License-Identifier: GPL-2.0
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "../cert/pem.h"
#include "certs.h"
#include "creds.h"
#include "engine_auth.h"

#define PEM(cert, key) { ssa_creds_##cert##_pem, sizeof(ssa_creds_##cert##_pem) - 1, \
			 ssa_creds_##key##_key_pem, sizeof(ssa_creds_##key##_key_pem) - 1 }

static const struct {
	const char *chain;
	size_t chain_len;
	const char *key;
	size_t key_len;
} auth_pems[AUTH_CERTS] = {
	[AUTH_CLIENT_P256] = PEM(client_p256, p256),
	[AUTH_CLIENT_P384] = PEM(client_p384, p384),
	[AUTH_CLIENT_RSA] = PEM(client_rsa, rsa),
	[AUTH_CLIENT_P521] = PEM(client_p521, p521),
	[AUTH_CLIENT_ED25519] = PEM(client_ed25519, ed25519),
	[AUTH_CLIENT_RSA_PSS] = PEM(client_rsapss, rsapss),
	[AUTH_CLIENT_P384_BY_RSA] = PEM(client_p384_by_rsa, p384),
	[AUTH_CLIENT_RSA_BY_RSA] = PEM(client_rsa_by_rsa, rsa),
	[AUTH_HOST_P256] = PEM(host_p256, p256),
	[AUTH_HOST_ED25519] = PEM(host_ed25519, ed25519),
	[AUTH_HOST_P384_BY_RSA] = PEM(host_p384_by_rsa, p384),
	[AUTH_HOST_RSA_BY_RSA] = PEM(host_rsa_by_rsa, rsa),
	[AUTH_HOST_WILD] = PEM(host_wild, p256),
	[AUTH_HOST_FIRST] = PEM(host_first, rsa),
	[AUTH_SERVER_TEST] = { ssa_test_p256_chain_pem, sizeof(ssa_test_p256_chain_pem) - 1,
			       ssa_test_p256_key_pem, sizeof(ssa_test_p256_key_pem) - 1 },
};

static const struct {
	const char *pem;
	size_t len;
} auth_cas[AUTH_CAS] = {
	[AUTH_CA_EC] = { ssa_creds_ec_ca_pem, sizeof(ssa_creds_ec_ca_pem) - 1 },
	[AUTH_CA_RSA] = { ssa_creds_rsa_ca_pem, sizeof(ssa_creds_rsa_ca_pem) - 1 },
	[AUTH_CA_BOTH] = { ssa_creds_both_ca_pem, sizeof(ssa_creds_both_ca_pem) - 1 },
};

static void put_credentials(void *cred)
{
	ssa_credentials_put(cred);
}

static void put_set(void *set)
{
	ssa_cred_set_put(set);
}

static void put_store(void *store)
{
	ssa_trust_store_put(store);
}

struct ssa_credentials *auth_cred(struct kunit *test, enum auth_cert cert)
{
	struct ssa_credentials *cred;

	cred = ssa_credentials_new(auth_pems[cert].chain, auth_pems[cert].chain_len,
				   auth_pems[cert].key, auth_pems[cert].key_len);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, cred);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, put_credentials, cred), 0);
	return cred;
}

struct ssa_cred_set *auth_set(struct kunit *test, const enum auth_cert *certs, u32 count)
{
	struct ssa_cred_set *set = NULL, *more;
	u32 i;

	for (i = 0; i < count; i++) {
		more = ssa_cred_set_add(set, auth_cred(test, certs[i]), NULL);
		ssa_cred_set_put(set);
		set = more;
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, set);
	}
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, put_set, set), 0);
	return set;
}

const struct ssa_trust_store *auth_store(struct kunit *test, enum auth_ca ca)
{
	struct ssa_trust_store *store = ssa_trust_store_parse(auth_cas[ca].pem, auth_cas[ca].len);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, store);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, put_store, store), 0);
	return store;
}

void auth_ask(struct kunit *test, struct pair *p, enum ssa_peer_auth how)
{
	p->server_cfg.peer_auth = how;
	p->server_cfg.extra = auth_store(test, AUTH_CA_EC);
}

void auth_show(struct kunit *test, struct pair *p, enum auth_cert cert)
{
	p->client_cfg.creds = auth_set(test, &cert, 1);
}

void auth_expect_peer(struct kunit *test, struct ssa_hs *hs, const struct ssa_credentials *cred)
{
	const struct ssa_cert *leaf = &ssa_credentials_chain(cred)->cert[0];
	struct ssa_peer *peer = ssa_hs_take_peer(hs);
	struct ssa_pem_object obj = { .size = SSA_CERT_MAX };
	struct ssa_pem pem;
	u32 verified;
	size_t len;
	char *text;

	KUNIT_ASSERT_NOT_NULL(test, peer);
	KUNIT_EXPECT_NULL(test, ssa_hs_take_peer(hs));
	obj.der = kunit_kzalloc(test, SSA_CERT_MAX, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, obj.der);
	for (verified = 0; verified < 2; verified++) {
		KUNIT_ASSERT_EQ(test, ssa_peer_pem(peer, verified, &text, &len), 0);
		ssa_pem_init(&pem, text, len);
		KUNIT_EXPECT_GT(test, ssa_pem_next(&pem, &obj), 0);
		KUNIT_EXPECT_EQ(test, obj.len, leaf->len);
		if (obj.len == leaf->len)
			KUNIT_EXPECT_MEMEQ(test, obj.der, leaf->der, leaf->len);
		kvfree(text);
	}
	ssa_peer_free(peer);
}

void auth_expect_refusal(struct kunit *test, struct pair *p, enum ssa_reason reason)
{
	const u8 *secret = p->client->ks.server_application_traffic_secret;
	struct ssa_record_keys keys = { 0 };

	if (p->server->version == SSA_TLS13)
		KUNIT_ASSERT_EQ(test, ssa_record_keys_set(&keys, p->client->suite, secret), 0);
	expect_failure(test, p->server, reason, &keys);
	ssa_record_keys_clear(&keys);
	KUNIT_EXPECT_NULL(test, ssa_hs_take_peer(p->server));
	KUNIT_EXPECT_EQ(test, ssa_hs_held(p->server), 0);
}
