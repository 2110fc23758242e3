// SPDX-License-Identifier: GPL-2.0
/*
 * Handshakes that succeed: engine against engine over suites, groups, keys,
 * HelloRetryRequest and every way to cut messages into records.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "engine_pair.h"

struct agree_case {
	const char *name;
	u16 suite;
	u16 client_groups[3];
	u16 server_groups[3];
	enum pair_key key;
	u16 sigalg;
	u16 expect_group;
	bool retry;
};

#define X	SSA_GROUP_X25519
#define P256	SSA_GROUP_SECP256R1
#define P384	SSA_GROUP_SECP384R1
#define S128	SSA_SUITE_AES_128_GCM_SHA256
#define S256	SSA_SUITE_AES_256_GCM_SHA384
#define SCHA	SSA_SUITE_CHACHA20_POLY1305_SHA256

static const struct agree_case agree_cases[] = {
	{ "aes128-x25519-p256", S128, { X }, { X }, PAIR_P256,
	  SSA_SIG_ECDSA_SECP256R1_SHA256, X },
	{ "aes256-x25519-p256", S256, { X }, { X }, PAIR_P256,
	  SSA_SIG_ECDSA_SECP256R1_SHA256, X },
	{ "chacha-x25519-p256", SCHA, { X }, { X }, PAIR_P256,
	  SSA_SIG_ECDSA_SECP256R1_SHA256, X },
	{ "aes128-p256-p384", S128, { P256 }, { P256 }, PAIR_P384,
	  SSA_SIG_ECDSA_SECP384R1_SHA384, P256 },
	{ "aes256-p384-p384", S256, { P384 }, { P384 }, PAIR_P384,
	  SSA_SIG_ECDSA_SECP384R1_SHA384, P384 },
	{ "chacha-p256-rsa-sha256", SCHA, { P256 }, { P256 }, PAIR_RSA,
	  SSA_SIG_RSA_PSS_RSAE_SHA256, P256 },
	{ "aes256-p384-rsa-sha384", S256, { P384 }, { P384 }, PAIR_RSA,
	  SSA_SIG_RSA_PSS_RSAE_SHA384, P384 },
	{ "aes128-x25519-rsa-sha512", S128, { X }, { X }, PAIR_RSA,
	  SSA_SIG_RSA_PSS_RSAE_SHA512, X },
	{ "share-of-second-choice", S128, { P256, X }, { X, P256 }, PAIR_P256,
	  SSA_SIG_ECDSA_SECP256R1_SHA256, P256 },
	{ "retry-x25519-to-p256", S128, { X, P256 }, { P256 }, PAIR_P256,
	  SSA_SIG_ECDSA_SECP256R1_SHA256, P256, true },
	{ "retry-p256-to-p384", S256, { P256, X, P384 }, { P384 }, PAIR_RSA,
	  SSA_SIG_RSA_PSS_RSAE_SHA256, P384, true },
	{ "retry-p384-to-x25519", SCHA, { P384, P256, X }, { X }, PAIR_P384,
	  SSA_SIG_ECDSA_SECP384R1_SHA384, X, true },
	{ "retry-by-server-preference", S256, { P384, X, P256 }, { P256, X }, PAIR_P256,
	  SSA_SIG_ECDSA_SECP256R1_SHA256, P256, true },
};

KUNIT_ARRAY_PARAM_DESC(agree, agree_cases, name);

static void agree_setup(struct kunit *test, struct pair *p, const struct agree_case *c)
{
	pair_init(test, p, c->key);
	memset(p->server_cfg.suites, 0, sizeof(p->server_cfg.suites));
	p->server_cfg.suites[0] = c->suite;
	memset(p->client_cfg.groups, 0, sizeof(p->client_cfg.groups));
	memcpy(p->client_cfg.groups, c->client_groups, sizeof(c->client_groups));
	memset(p->server_cfg.groups, 0, sizeof(p->server_cfg.groups));
	memcpy(p->server_cfg.groups, c->server_groups, sizeof(c->server_groups));
	memset(p->server_cfg.sigalgs, 0, sizeof(p->server_cfg.sigalgs));
	p->server_cfg.sigalgs[0] = c->sigalg;
	pair_start(test, p);
}

static void agree_check(struct kunit *test, struct pair *p, const struct agree_case *c)
{
	struct ssa_hs_result result;

	pair_expect_done(test, p);
	ssa_hs_result(p->server, &result);
	KUNIT_EXPECT_EQ(test, result.suite, c->suite);
	KUNIT_EXPECT_EQ(test, result.group, c->expect_group);
	KUNIT_EXPECT_EQ(test, result.sigalg, c->sigalg);
	KUNIT_EXPECT_EQ(test, result.hello_retry, c->retry);
	KUNIT_EXPECT_STREQ(test, result.server_name, "server.test");
}

static void handshake_agrees(struct kunit *test)
{
	const struct agree_case *c = test->param_value;
	struct pair p;

	agree_setup(test, &p, c);
	pair_run(test, &p, NULL, NULL);
	agree_check(test, &p, c);
	pair_exit(&p);
}

static struct kunit_case engine_handshake_cases[] = {
	KUNIT_CASE_PARAM(handshake_agrees, agree_gen_params),
	{}
};

static struct kunit_suite engine_handshake_suite = {
	.name = "ssa_engine_handshake",
	.test_cases = engine_handshake_cases,
};

kunit_test_suite(engine_handshake_suite);

MODULE_LICENSE("GPL");
