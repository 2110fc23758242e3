// SPDX-License-Identifier: GPL-2.0
/*
 * What the policy says of peers and of extensions, in both versions and on both sides.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "engine_auth.h"
#include "engine_pair.h"

static bool all_are_revoked(const u8 *tbs_hash, size_t len)
{
	return true;
}

/**
 * struct judged - a policy, and what it says of a peer by RSA with one intermediate
 * @name: of the case
 * @policy: the fields that are about certificates
 * @reason: SSA_R_NONE: the peer is good
 */
struct judged {
	const char *name;
	struct ssa_hs_config policy;
	enum ssa_reason reason;
};

static const struct judged judged_cases[] = {
	{ "rsa_2048", { .min_rsa_bits = 2048, .path_max = 2 }, SSA_R_NONE },
	{ "rsa_3072", { .min_rsa_bits = 3072 }, SSA_R_CERT_WEAK_KEY },
	{ "path_of_one", { .path_max = 1 }, SSA_R_CERT_CHAIN_TOO_LONG },
	{ "not_pinned", { .pinned = true }, SSA_R_CERT_NOT_PINNED },
	/* the first one is for what our own server signs */
	{ "sigalgs", { .sigalgs = { SSA_SIG_ECDSA_SECP256R1_SHA256, SSA_SIG_RSA_PSS_RSAE_SHA256,
				    SSA_SIG_RSA_PKCS1_SHA256 } }, SSA_R_NONE },
	{ "no_pkcs1", { .sigalgs = { SSA_SIG_ECDSA_SECP256R1_SHA256, SSA_SIG_RSA_PSS_RSAE_SHA256,
				     SSA_SIG_ECDSA_SECP384R1_SHA384 } }, SSA_R_CERT_SIGALG },
	{ "revoked", { .is_revoked = all_are_revoked }, SSA_R_CERT_BLOCKED },
};

KUNIT_ARRAY_PARAM_DESC(judged, judged_cases, name);

static void set_policy(struct ssa_hs_config *cfg, const struct ssa_hs_config *policy)
{
	cfg->min_rsa_bits = policy->min_rsa_bits;
	cfg->path_max = policy->path_max;
	cfg->pinned = policy->pinned;
	cfg->is_revoked = policy->is_revoked;
	if (policy->sigalgs[0])
		memcpy(cfg->sigalgs, policy->sigalgs, sizeof(cfg->sigalgs));
}

static void server_is_judged(struct kunit *test)
{
	const struct judged *c = test->param_value;
	u16 version;

	for (version = SSA_TLS12; version <= SSA_TLS13; version++) {
		struct pair *p = pair_new(test, PAIR_RSA);

		pair_versions(p, version, version);
		set_policy(&p->client_cfg, &c->policy);
		pair_start(test, p);
		pair_run(test, p, NULL, NULL);
		KUNIT_EXPECT_EQ(test, (int)ssa_hs_reason(p->client), (int)c->reason);
		if (!c->reason)
			pair_expect_done(test, p);
	}
}

/* By the anchors of the policy, the application has none */
static void client_is_judged(struct kunit *test)
{
	const struct judged *c = test->param_value;
	u16 version;

	for (version = SSA_TLS12; version <= SSA_TLS13; version++) {
		struct pair *p = pair_new(test, PAIR_P256);

		pair_versions(p, version, version);
		auth_show(test, p, AUTH_CLIENT_RSA_BY_RSA);
		p->server_cfg.peer_auth = SSA_PEER_AUTH_REQUIRED;
		p->server_cfg.store = auth_store(test, AUTH_CA_BOTH);
		p->server_cfg.extra = NULL;
		set_policy(&p->server_cfg, &c->policy);
		pair_start(test, p);
		pair_run(test, p, NULL, NULL);
		/* a path of one is good here: the client's certificate is by an anchor */
		if (c->policy.path_max == 1)
			pair_expect_done(test, p);
		else if (c->reason != SSA_R_CERT_SIGALG)
			KUNIT_EXPECT_EQ(test, (int)ssa_hs_reason(p->server), (int)c->reason);
		else	/* our client does not even show what the server has not asked for */
			KUNIT_EXPECT_EQ(test, (int)ssa_hs_reason(p->server),
					version == SSA_TLS13 ? (int)SSA_R_CLIENT_CERT_WANTED :
							       (int)SSA_R_CLIENT_CERT_WANTED_TLS12);
	}
}

/* What one side does not know is not negotiated, whichever it is */
static void ignored_extensions_do_nothing(struct kunit *test)
{
	static const u8 alpn[] = "\x02h2";
	struct ssa_hs_result result;
	u16 version;
	u32 side;

	for (version = SSA_TLS12; version <= SSA_TLS13; version++) {
		for (side = 0; side < 3; side++) {
			struct pair *p = pair_new(test, PAIR_P256);

			pair_versions(p, version, version);
			p->client_cfg.alpn = alpn;
			p->client_cfg.alpn_len = 3;
			p->client_cfg.record_size_limit = 1024;
			p->server_cfg.alpn = alpn;
			p->server_cfg.alpn_len = 3;
			p->server_cfg.record_size_limit = 1024;
			if (side == 1)
				p->client_cfg.ignored = SSA_OPTIONAL_ALL;
			if (side == 2)
				p->server_cfg.ignored = SSA_OPTIONAL_ALL;
			pair_start(test, p);
			pair_run(test, p, NULL, NULL);
			pair_expect_done(test, p);
			ssa_hs_result(p->server, &result);
			KUNIT_EXPECT_EQ(test, result.alpn_len, side ? 0 : 2);
			KUNIT_EXPECT_STREQ(test, result.server_name, side ? "" : "server.test");
			KUNIT_EXPECT_EQ(test, result.record_size_limit == 16384, side > 0);
			ssa_hs_result(p->client, &result);
			KUNIT_EXPECT_EQ(test, result.alpn_len, side ? 0 : 2);
			KUNIT_EXPECT_EQ(test, result.record_size_limit == 16384, side > 0);
		}
	}
}

/**
 * struct naming - whether a client whose certificate is by another authority than the
 * server trusts shows it all the same, because it was not told
 * @name: of the case
 * @client: extensions that the client ignores
 * @server: that the server does
 * @pinned: the server trusts certificates, not authorities
 * @reason: of the server
 */
struct naming {
	const char *name;
	u32 client;
	u32 server;
	bool pinned;
	enum ssa_reason reason;
};

static const struct naming naming_cases[] = {
	{ "named", .reason = SSA_R_NONE },
	{ "ignored_by_client", .client = SSA_OPTIONAL_CERTIFICATE_AUTHORITIES,
	  .reason = SSA_R_CERT_UNKNOWN_CA },
	{ "ignored_by_server", .server = SSA_OPTIONAL_CERTIFICATE_AUTHORITIES,
	  .reason = SSA_R_CERT_UNKNOWN_CA },
	{ "other_ignored", .client = SSA_OPTIONAL_ALL & ~SSA_OPTIONAL_CERTIFICATE_AUTHORITIES,
	  .server = SSA_OPTIONAL_ALL & ~SSA_OPTIONAL_CERTIFICATE_AUTHORITIES,
	  .reason = SSA_R_NONE },
	{ "pinned", .pinned = true, .reason = SSA_R_CERT_NOT_PINNED },
};

KUNIT_ARRAY_PARAM_DESC(naming, naming_cases, name);

/* RFC 8446 4.2.4, RFC 5246 7.4.4 */
static void authorities_are_named(struct kunit *test)
{
	const struct naming *c = test->param_value;
	u16 version;

	for (version = SSA_TLS12; version <= SSA_TLS13; version++) {
		struct pair *p = pair_new(test, PAIR_P256);

		pair_versions(p, version, version);
		auth_show(test, p, AUTH_CLIENT_P256);
		p->client_cfg.ignored = c->client;
		p->server_cfg.peer_auth = SSA_PEER_AUTH_OPTIONAL;
		p->server_cfg.store = auth_store(test, AUTH_CA_RSA);
		p->server_cfg.extra = NULL;
		p->server_cfg.ignored = c->server;
		p->server_cfg.pinned = c->pinned;
		pair_start(test, p);
		pair_run(test, p, NULL, NULL);
		KUNIT_EXPECT_EQ(test, (int)ssa_hs_reason(p->server), (int)c->reason);
		if (!c->reason)
			pair_expect_done(test, p);
	}
}

static void other_extensions_cannot_be_ignored(struct kunit *test)
{
	struct pair *p = pair_new(test, PAIR_P256);

	p->client_cfg.ignored = SSA_OPTIONAL_ALL + 1;
	KUNIT_EXPECT_EQ(test, PTR_ERR(ssa_hs_new(&p->client_cfg)), -EINVAL);
}

static struct kunit_case policy_cases[] = {
	KUNIT_CASE_PARAM(server_is_judged, judged_gen_params),
	KUNIT_CASE_PARAM(client_is_judged, judged_gen_params),
	KUNIT_CASE(ignored_extensions_do_nothing),
	KUNIT_CASE_PARAM(authorities_are_named, naming_gen_params),
	KUNIT_CASE(other_extensions_cannot_be_ignored),
	{}
};

static struct kunit_suite policy_suite = {
	.name = "ssa_engine_policy",
	.test_cases = policy_cases,
};

kunit_test_suite(policy_suite);
