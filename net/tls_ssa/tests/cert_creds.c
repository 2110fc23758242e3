// SPDX-License-Identifier: GPL-2.0-only
/*
 * Credentials found by name, and what is asked of credentials in their choice.
 */
#include <linux/array_size.h>
#include "../cert/x509.h"
#include "cert_helpers.h"
#include "certs.h"

static void put_credentials(void *cred)
{
	ssa_credentials_put(cred);
}

static struct ssa_credentials *new_cred(struct kunit *test, const char *chain, const char *key)
{
	struct ssa_credentials *cred;

	cred = ssa_credentials_new(chain, strlen(chain), key, strlen(key));
	KUNIT_ASSERT_FALSE(test, IS_ERR(cred));
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, put_credentials, cred), 0);
	return cred;
}

#define NEW_CRED(test, chain, key) \
	new_cred(test, ssa_test_##chain##_pem, ssa_test_##key##_key_pem)

/* @set and one more; @set is given back */
static struct ssa_cred_set *add(struct kunit *test, struct ssa_cred_set *set,
				struct ssa_credentials *cred, const char *name)
{
	struct ssa_cred_set *more = ssa_cred_set_add(set, cred, name);

	ssa_cred_set_put(set);
	KUNIT_ASSERT_FALSE(test, IS_ERR(more));
	return more;
}

/* The only candidate, NULL if it is not one */
static const struct ssa_credentials *find(const struct ssa_cred_set *set, const char *name)
{
	const struct ssa_credentials *out[SSA_CRED_CANDIDATES_MAX];

	return ssa_cred_set_find(set, name, out) == 1 ? out[0] : NULL;
}

static void names_lead_to_credentials(struct kunit *test)
{
	/* server.test, *.wild.test and addresses */
	struct ssa_credentials *wild = NEW_CRED(test, p256_chain, p256);
	struct ssa_credentials *exact = NEW_CRED(test, bare, p256);
	struct ssa_cred_set *set = NULL;
	static const char *const fallback[] = {
		"", ".", "other.test", "wild.test", "a.b.wild.test", ".wild.test", "wild", "*",
		"127.0.0.1", "xserver.test", "server.tes",
	};
	size_t i;

	KUNIT_EXPECT_EQ(test, ssa_cred_set_count(NULL), 0);
	KUNIT_EXPECT_EQ(test, ssa_cred_set_find(NULL, "server.test", NULL), 0);

	set = add(test, set, wild, NULL);
	set = add(test, set, exact, "Host.wild.test.");
	KUNIT_EXPECT_EQ(test, ssa_cred_set_count(set), 2);
	KUNIT_EXPECT_PTR_EQ(test, find(set, NULL), wild);
	KUNIT_EXPECT_PTR_EQ(test, find(set, "server.test"), wild);
	KUNIT_EXPECT_PTR_EQ(test, find(set, "any.wild.test"), wild);
	KUNIT_EXPECT_PTR_EQ(test, find(set, "*.wild.test"), wild);
	KUNIT_EXPECT_PTR_EQ(test, find(set, "host.wild.test"), exact);
	KUNIT_EXPECT_PTR_EQ(test, find(set, "HOST.Wild.TEST."), exact);
	for (i = 0; i < ARRAY_SIZE(fallback); i++)
		KUNIT_EXPECT_PTR_EQ_MSG(test, find(set, fallback[i]), wild, "%s", fallback[i]);
	ssa_cred_set_put(set);
}

static void longest_names_are_found(struct kunit *test)
{
	struct ssa_credentials *cred = NEW_CRED(test, p256_chain, p256);
	struct ssa_credentials *other = NEW_CRED(test, bare, p256);
	struct ssa_cred_set *set = NULL;
	char name[SSA_NAME_MAX + 3];
	size_t i;

	set = add(test, set, cred, NULL);
	set = add(test, set, other, "*.wild.test");
	/* a label has 63 bytes at most; names that are longer than that match nothing */
	memset(name, 'a', sizeof(name));
	memcpy(name + 63, ".wild.test", 11);
	KUNIT_EXPECT_PTR_EQ(test, find(set, name), other);
	for (i = SSA_NAME_MAX - 1; i < sizeof(name); i++) {
		memset(name, 'a', sizeof(name));
		name[1] = '.';
		name[i] = 0;
		KUNIT_EXPECT_PTR_EQ(test, find(set, name), cred);
	}
	ssa_cred_set_put(set);
}

static void newer_takes_the_place_of_older(struct kunit *test)
{
	struct ssa_credentials *rsa = NEW_CRED(test, rsa_chain, rsa);
	struct ssa_credentials *old = NEW_CRED(test, p256_chain, p256);
	struct ssa_credentials *new = NEW_CRED(test, bare, p256);
	struct ssa_credentials *narrow = NEW_CRED(test, both_eku, p256);
	const struct ssa_credentials *out[SSA_CRED_CANDIDATES_MAX];
	struct ssa_cred_set *set = NULL, *before;
	u32 i;

	set = add(test, set, old, NULL);
	set = add(test, set, rsa, NULL);
	before = ssa_cred_set_get(set);
	set = add(test, set, new, NULL);

	KUNIT_EXPECT_EQ(test, ssa_cred_set_count(set), 2);
	KUNIT_ASSERT_EQ(test, ssa_cred_set_find(set, "server.test", out), 2);
	KUNIT_EXPECT_PTR_EQ(test, out[0], rsa);
	KUNIT_EXPECT_PTR_EQ(test, out[1], new);
	/* a handshake that goes on with the older set sees no change */
	KUNIT_ASSERT_EQ(test, ssa_cred_set_find(before, "server.test", out), 2);
	KUNIT_EXPECT_PTR_EQ(test, out[1], old);
	ssa_cred_set_put(before);

	/* of one name only: the other names keep what they have */
	set = add(test, set, narrow, "server.test");
	KUNIT_EXPECT_EQ(test, ssa_cred_set_count(set), 3);
	KUNIT_ASSERT_EQ(test, ssa_cred_set_find(set, "server.test", out), 2);
	KUNIT_EXPECT_PTR_EQ(test, out[1], narrow);
	KUNIT_ASSERT_EQ(test, ssa_cred_set_find(set, "x.wild.test", out), 2);
	KUNIT_EXPECT_PTR_EQ(test, out[1], new);
	set = add(test, set, narrow, "*.WILD.test");
	KUNIT_EXPECT_EQ(test, ssa_cred_set_count(set), 3);
	KUNIT_ASSERT_EQ(test, ssa_cred_set_find(set, "x.wild.test", out), 2);
	KUNIT_EXPECT_PTR_EQ(test, out[1], narrow);

	for (i = 0; i < 200; i++)
		set = add(test, set, i % 2 ? old : new, NULL);
	KUNIT_EXPECT_EQ(test, ssa_cred_set_count(set), 2);
	ssa_cred_set_put(set);
}

static void each_type_of_key_has_its_place(struct kunit *test)
{
	struct ssa_credentials *cred[] = {
		NEW_CRED(test, rsa_chain, rsa),
		NEW_CRED(test, p256_chain, p256),
		NEW_CRED(test, p384_chain, p384),
		NEW_CRED(test, p521_chain, p521),
		NEW_CRED(test, ed25519_chain, ed25519),
		NEW_CRED(test, rsapss_chain, rsapss),
	};
	const struct ssa_credentials *out[SSA_CRED_CANDIDATES_MAX];
	struct ssa_cred_set *set = NULL;
	int i;

	BUILD_BUG_ON(ARRAY_SIZE(cred) != SSA_CRED_CANDIDATES_MAX);
	for (i = ARRAY_SIZE(cred) - 1; i >= 0; i--)
		set = add(test, set, cred[i], NULL);
	KUNIT_ASSERT_EQ(test, ssa_cred_set_find(set, "server.test", out), ARRAY_SIZE(cred));
	for (i = 0; i < ARRAY_SIZE(cred); i++)
		KUNIT_EXPECT_PTR_EQ(test, out[i], cred[i]);
	ssa_cred_set_put(set);
}

/* A certificate without names is for those who ask for none, wherever it comes */
static void nameless_ones_are_the_fallback(struct kunit *test)
{
	struct ssa_credentials *nameless = NEW_CRED(test, no_san, p256);
	struct ssa_credentials *named = NEW_CRED(test, p256_chain, p256);
	struct ssa_cred_set *set = NULL;

	set = add(test, set, nameless, NULL);
	KUNIT_EXPECT_PTR_EQ(test, find(set, NULL), nameless);
	KUNIT_EXPECT_PTR_EQ(test, find(set, "server.test"), nameless);
	set = add(test, set, named, NULL);
	KUNIT_EXPECT_PTR_EQ(test, find(set, "server.test"), named);
	KUNIT_EXPECT_PTR_EQ(test, find(set, "other.test"), nameless);
	ssa_cred_set_put(set);

	set = add(test, NULL, named, NULL);
	KUNIT_EXPECT_PTR_EQ(test, find(set, NULL), named);
	set = add(test, set, nameless, NULL);
	KUNIT_EXPECT_PTR_EQ(test, find(set, NULL), nameless);
	KUNIT_EXPECT_PTR_EQ(test, find(set, "server.test"), named);
	ssa_cred_set_put(set);
}

static const char *const foreign_names[] = {
	"", "other.test", "a.b.wild.test", "wild.test", "*.test", "*", "127.0.0.1", "::1",
	"server.test..", "server", "*.*.wild.test", "server.test\x01",
};

static void foreign_names_are_refused(struct kunit *test)
{
	struct ssa_credentials *cred = NEW_CRED(test, p256_chain, p256);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(foreign_names); i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    PTR_ERR_OR_ZERO(ssa_cred_set_add(NULL, cred, foreign_names[i])),
				    -EKEYREJECTED, "%s", foreign_names[i]);
}

#define MANY	1000

static void many_are_found(struct kunit *test)
{
	struct ssa_credentials *cred[] = {
		NEW_CRED(test, rsa_chain, rsa),
		NEW_CRED(test, p256_chain, p256),
		NEW_CRED(test, ed25519_chain, ed25519),
	};
	const struct ssa_credentials *out[SSA_CRED_CANDIDATES_MAX];
	struct ssa_cred_set *set = NULL;
	char name[32];
	u32 i, n, found;

	for (n = 0; n < MANY; n++) {
		snprintf(name, sizeof(name), "n%u.wild.test", n);
		for (i = 0; i < ARRAY_SIZE(cred); i++)
			set = add(test, set, cred[i], name);
	}
	KUNIT_EXPECT_EQ(test, ssa_cred_set_count(set), MANY * ARRAY_SIZE(cred));
	for (n = 0; n < MANY; n++) {
		snprintf(name, sizeof(name), "n%u.wild.test", n);
		found = ssa_cred_set_find(set, name, out);
		KUNIT_EXPECT_EQ(test, found, ARRAY_SIZE(cred));
		for (i = 0; i < found; i++)
			KUNIT_EXPECT_PTR_EQ(test, out[i], cred[i]);
	}
	ssa_cred_set_put(set);
}

static void there_is_a_limit(struct kunit *test)
{
	struct ssa_credentials *cred = NEW_CRED(test, p256_chain, p256);
	struct ssa_cred_set *set = NULL, *more;
	char name[32];
	u32 n;

	for (n = 0; n < SSA_CRED_SET_MAX; n++) {
		snprintf(name, sizeof(name), "n%u.wild.test", n);
		set = add(test, set, cred, name);
		cond_resched();
	}
	more = ssa_cred_set_add(set, cred, "more.wild.test");
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(more), -E2BIG);
	KUNIT_EXPECT_EQ(test, ssa_cred_set_count(set), SSA_CRED_SET_MAX);
	ssa_cred_set_put(set);
}

struct scheme_case {
	const char *what;
	const char *chain;
	u16 want[4];
};

static const struct scheme_case schemes[] = {
	{ "two", ssa_test_p256_chain_pem,
	  { SSA_SIG_ECDSA_SECP384R1_SHA384, SSA_SIG_RSA_PKCS1_SHA384 } },
	{ "leaf_only", ssa_test_bare_pem, { SSA_SIG_ECDSA_SECP384R1_SHA384 } },
	{ "self_signed", ssa_test_self_signed_pem, { 0 } },
	{ "pss", ssa_test_pss_pem, { SSA_SIG_RSA_PSS_RSAE_SHA256 } },
};

KUNIT_ARRAY_PARAM_DESC(schemes, schemes, what);

static void schemes_are_listed(struct kunit *test)
{
	const struct scheme_case *c = test->param_value;
	struct ssa_credentials *cred = new_cred(test, c->chain, ssa_test_p256_key_pem);
	u16 out[SSA_PATH_CERTS_MAX + 1];
	size_t i;

	memset(out, 0xff, sizeof(out));
	ssa_credentials_schemes(cred, out);
	for (i = 0; i < ARRAY_SIZE(c->want); i++)
		KUNIT_EXPECT_EQ(test, out[i], c->want[i]);
}

static void pss_by_a_pss_key_is_told_apart(struct kunit *test)
{
	struct ssa_credentials *cred = NEW_CRED(test, rsapss_signed, p256);
	u16 out[SSA_PATH_CERTS_MAX + 1];

	ssa_credentials_schemes(cred, out);
	KUNIT_EXPECT_EQ(test, out[0], SSA_SIG_RSA_PSS_PSS_SHA384);
}

static void issuers_are_known(struct kunit *test)
{
	struct ssa_credentials *cred = NEW_CRED(test, p256_chain, p256);
	const struct ssa_chain *chain = ssa_credentials_chain(cred);
	struct ssa_x509 leaf, issuer;
	u8 other[256];

	KUNIT_ASSERT_EQ(test, (int)ssa_x509_parse(&leaf, chain->cert[0].der, chain->cert[0].len),
			SSA_R_NONE);
	KUNIT_ASSERT_EQ(test, (int)ssa_x509_parse(&issuer, chain->cert[1].der, chain->cert[1].len),
			SSA_R_NONE);
	KUNIT_EXPECT_TRUE(test, ssa_credentials_issued_by(cred, leaf.issuer.p, leaf.issuer.left));
	KUNIT_EXPECT_TRUE(test, ssa_credentials_issued_by(cred, issuer.issuer.p,
							  issuer.issuer.left));
	KUNIT_EXPECT_FALSE(test, ssa_credentials_issued_by(cred, leaf.subject.p,
							   leaf.subject.left));
	KUNIT_EXPECT_FALSE(test, ssa_credentials_issued_by(cred, leaf.issuer.p,
							   leaf.issuer.left - 1));
	KUNIT_EXPECT_FALSE(test, ssa_credentials_issued_by(cred, NULL, 0));
	KUNIT_ASSERT_LE(test, leaf.issuer.left, sizeof(other));
	memcpy(other, leaf.issuer.p, leaf.issuer.left);
	other[leaf.issuer.left - 1] ^= 1;
	KUNIT_EXPECT_FALSE(test, ssa_credentials_issued_by(cred, other, leaf.issuer.left));
}

static struct kunit_case cred_cases[] = {
	KUNIT_CASE(names_lead_to_credentials),
	KUNIT_CASE(longest_names_are_found),
	KUNIT_CASE(newer_takes_the_place_of_older),
	KUNIT_CASE(each_type_of_key_has_its_place),
	KUNIT_CASE(nameless_ones_are_the_fallback),
	KUNIT_CASE(foreign_names_are_refused),
	KUNIT_CASE(many_are_found),
	KUNIT_CASE(there_is_a_limit),
	KUNIT_CASE_PARAM(schemes_are_listed, schemes_gen_params),
	KUNIT_CASE(pss_by_a_pss_key_is_told_apart),
	KUNIT_CASE(issuers_are_known),
	{}
};

static struct kunit_suite cred_suite = {
	.name = "tls_ssa_cert_creds",
	.test_cases = cred_cases,
};

kunit_test_suite(cred_suite);
