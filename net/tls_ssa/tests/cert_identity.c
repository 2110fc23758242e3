// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a connection tells about its peer: who it is, and its certificates as text.
 */
#include <linux/array_size.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "../cert/x509.h"
#include "cert_helpers.h"
#include "certs.h"

struct identity_case {
	const char *what;
	const char *chain;
	const char *want;
};

#define ODD_ESCAPED	"serialNumber=\\ ,ST=,DC=test,emailAddress=a@b.test\\85"
#define ODD_DUMPED	"2.999=#0C056A6F696E74,1.2.3.4=#0C0576616C7565,L=#1E0400410042"
#define ODD_LINES	"CN=a.test\\0Asan=DNS:evil.test\\00\\C2\\85\\ "
#define ODD_RDN		"OU=\\ a\\+b+CN=M\\C3\\BCller\\E2\\80\\A8x"
#define ODD_MARKS	"O=\\#Example\\, \\\"Inc\\\" \\<a\\>\\;b=\\\\\\ "

static const struct identity_case identities[] = {
	{ "server", ssa_test_p256_chain_pem,
	  "subject=CN=server.test\n"
	  "san=DNS:server.test\n"
	  "san=DNS:*.wild.test\n"
	  "san=IP:127.0.0.1\n"
	  "san=IP:::1\n" },
	{ "client", ssa_test_client_pem,
	  "subject=CN=client,O=SSA Test\n"
	  "san=email:client@example.test\n" },
	{ "no_names", ssa_test_no_san_pem, "subject=CN=server.test\n" },
	{ "no_subject", ssa_test_empty_subject_pem,
	  "subject=\n"
	  "san=DNS:server.test\n"
	  "san=DNS:*.wild.test\n"
	  "san=IP:127.0.0.1\n"
	  "san=IP:::1\n" },
	{ "odd", ssa_test_odd_names_pem,
	  "subject=" ODD_ESCAPED "," ODD_DUMPED "," ODD_LINES "," ODD_RDN "," ODD_MARKS ",C=DE\n"
	  "san=DNS:www.test\n"
	  "san=DNS:a.test\\0Asan=DNS:evil.test\n"
	  "san=DNS:a.test\\00.evil.test\n"
	  "san=DNS:a\\20b\\5Cc\n"
	  "san=email:a@b.test\n"
	  "san=URI:https://a.test/?q=\\C3\\BC\\7F\n"
	  "san=IP:192.0.2.1\n"
	  "san=IP:::\n"
	  "san=IP:::1\n"
	  "san=IP:2001:db8::1:0:0:1\n"
	  "san=IP:2001:db8:1:0:1:2:3:4\n"
	  "san=IP:1:2:3:4:5:6::\n"
	  "san=IP:::ffff:192.0.2.1\n"
	  "san=other:#8705C000020100\n"
	  "san=dirName:CN=server.test\n"
	  "san=other:#A00A06032A0304A0030C0141\n"
	  "san=other:#88032A0304\n" },
	{ "malformed", ssa_test_odd_malformed_pem,
	  "subject=CN=\\C3A\\FF\n"
	  "san=dirName:#300C310A300806032A802A0C0141\n"
	  "san=dirName:#301431123010060B2AFFFFFFFFFFFFFFFFFF7F0C0141\n"
	  "san=dirName:#300B3109300706022A830C0141\n"
	  "san=dirName:#30023100\n"
	  "san=dirName:#0500\n"
	  "san=dirName:#300E310C300806035504030C01410500\n" },
};

KUNIT_ARRAY_PARAM_DESC(identities, identities, what);

static char *identity(struct kunit *test, const struct ssa_chain *chain, size_t *len)
{
	static const struct ssa_path nothing;
	struct ssa_peer *peer = ssa_peer_new(chain, &nothing);
	char *text = NULL;

	KUNIT_ASSERT_FALSE(test, IS_ERR(peer));
	KUNIT_EXPECT_EQ(test, ssa_peer_identity(peer, &text, len), 0);
	ssa_peer_free(peer);
	KUNIT_ASSERT_NOT_NULL(test, text);
	KUNIT_EXPECT_EQ(test, strlen(text), *len);
	return text;
}

static void identity_is_told(struct kunit *test)
{
	const struct identity_case *c = test->param_value;
	size_t len;
	char *text = identity(test, cert_test_chain(test, c->chain, NULL), &len);

	KUNIT_EXPECT_STREQ(test, text, c->want);
	kvfree(text);
}

static u32 lines_wanted(const struct ssa_x509 *cert)
{
	struct ssa_der names = cert->san, name;
	u32 lines = 1;
	u8 tag;

	while (ssa_der_any(&names, &tag, &name))
		lines++;
	return lines;
}

/* Printable lines, the first of which is the subject, and the rest are names */
static u32 lines_of(const char *text)
{
	u32 lines = 0;

	while (*text) {
		if (strncmp(text, lines ? "san=" : "subject=", lines ? 4 : 8))
			return 0;
		for (; *text != '\n'; text++) {
			if (*text < ' ' || *text > '~')
				return 0;
		}
		text++;
		lines++;
	}
	return lines;
}

/* Whatever stands in a certificate, there is one line for each name. */
static void no_name_forges_a_line(struct kunit *test)
{
	struct ssa_chain *chain = cert_test_chain(test, ssa_test_odd_names_pem, NULL);
	u8 *der = (u8 *)chain->cert[0].der;
	static const u8 values[] = { 0x00, 0x0a, 0x7f, 0xff, '\\', ',', 0x30, 0x80 };
	u32 len = chain->cert[0].len, i, n, parsed = 0;
	struct ssa_x509 cert;
	char *text;
	size_t size;
	u8 was;

	for (i = 0; i < len; i++) {
		was = der[i];
		for (n = 0; n < ARRAY_SIZE(values); n++) {
			der[i] = values[n];
			if (ssa_x509_parse(&cert, der, len))
				continue;
			text = identity(test, chain, &size);
			KUNIT_EXPECT_EQ_MSG(test, lines_of(text), lines_wanted(&cert), "%s", text);
			kvfree(text);
			parsed++;
		}
		der[i] = was;
	}
	KUNIT_EXPECT_GT(test, parsed, len);
}

static void no_certificate_has_no_identity(struct kunit *test)
{
	static const struct ssa_chain chain = { .count = 1, .cert = { { (const u8 *)"\x30", 1 } } };
	static const struct ssa_path nothing;
	struct ssa_peer *peer = ssa_peer_new(&chain, &nothing);
	size_t len;
	char *text;

	KUNIT_ASSERT_FALSE(test, IS_ERR(peer));
	KUNIT_EXPECT_EQ(test, ssa_peer_identity(peer, &text, &len), -EINVAL);
	ssa_peer_free(peer);
	ssa_peer_free(NULL);
}

static void expect_pem(struct kunit *test, const struct ssa_peer *peer, bool verified,
		       const char *want, const char *more)
{
	size_t len, first = strlen(want);
	char *text;

	KUNIT_ASSERT_EQ(test, ssa_peer_pem(peer, verified, &text, &len), 0);
	KUNIT_EXPECT_EQ(test, strlen(text), len);
	KUNIT_EXPECT_EQ(test, len, first + strlen(more));
	KUNIT_EXPECT_EQ(test, strncmp(text, want, first), 0);
	if (len >= first)
		KUNIT_EXPECT_STREQ(test, text + first, more);
	kvfree(text);
}

/* A chain with a certificate that nobody needs, and the path that was verified */
static struct ssa_chain *a_verified_chain(struct kunit *test, struct ssa_path *path)
{
	struct ssa_chain *chain = cert_test_chain(test, ssa_test_p256_chain_pem,
						  ssa_test_unknown_root_pem);
	struct ssa_verify_params params = {
		.store = cert_test_store(test, ssa_test_root_pem),
		.name = "server.test",
		.now = SSA_TEST_NOW,
		.path = path,
	};

	KUNIT_ASSERT_EQ(test, (int)cert_test_verify_by(&params, chain), SSA_R_NONE);
	return chain;
}

static void certificates_are_told(struct kunit *test)
{
	struct ssa_path path = {};
	struct ssa_chain *chain = a_verified_chain(test, &path);
	static const struct ssa_path nothing;
	struct ssa_peer *peer;
	u32 i;

	peer = ssa_peer_new(chain, &path);
	KUNIT_ASSERT_FALSE(test, IS_ERR(peer));
	/* it has copies */
	for (i = 0; i < chain->count; i++)
		memset((u8 *)chain->cert[i].der, 0, chain->cert[i].len);
	expect_pem(test, peer, false, ssa_test_p256_chain_pem, ssa_test_unknown_root_pem);
	expect_pem(test, peer, true, ssa_test_p256_chain_pem, ssa_test_root_pem);
	ssa_peer_free(peer);

	peer = ssa_peer_new(chain, &nothing);
	KUNIT_ASSERT_FALSE(test, IS_ERR(peer));
	expect_pem(test, peer, true, "", "");
	ssa_peer_free(peer);
}

/* The same certificates by other measures, as a changed policy has them */
static void peer_is_judged_again(struct kunit *test)
{
	struct ssa_path path = {};
	struct ssa_chain *chain = a_verified_chain(test, &path);
	struct ssa_trust_store *store = cert_test_store(test, ssa_test_root_pem);
	struct ssa_verify_params again = {
		.store = store, .name = "server.test", .now = SSA_TEST_NOW,
	};
	u8 hash[SSA_BLOCKLIST_HASH_LEN];
	char text[2 * sizeof(hash) + 1];
	struct ssa_peer *peer;
	u32 i, j, line;

	KUNIT_ASSERT_EQ(test, path.count, 3);
	peer = ssa_peer_new(chain, &path);
	KUNIT_ASSERT_FALSE(test, IS_ERR(peer));

	KUNIT_EXPECT_EQ(test, (int)ssa_peer_verify(peer, &again), SSA_R_NONE);
	again.path_max = 1;
	KUNIT_EXPECT_NE(test, (int)ssa_peer_verify(peer, &again), SSA_R_NONE);
	again.path_max = 0;
	again.name = "other.test";
	KUNIT_EXPECT_EQ(test, (int)ssa_peer_verify(peer, &again), SSA_R_CERT_NAME);
	again.name = "server.test";
	again.pinned = true;
	KUNIT_EXPECT_EQ(test, (int)ssa_peer_verify(peer, &again), SSA_R_CERT_NOT_PINNED);
	again.pinned = false;
	again.store = cert_test_store(test, ssa_test_unknown_root_pem);
	KUNIT_EXPECT_NE(test, (int)ssa_peer_verify(peer, &again), SSA_R_NONE);
	again.extra = store;
	KUNIT_EXPECT_EQ(test, (int)ssa_peer_verify(peer, &again), SSA_R_NONE);

	/* what was sent and not needed does not count */
	KUNIT_EXPECT_FALSE(test, ssa_peer_is_blocked(peer, &again));
	for (i = 0; i < path.count + 1; i++) {
		const struct ssa_cert *cert = i < path.count ? &path.cert[i] : &chain->cert[2];
		struct ssa_blocklist *list;

		ssa_hash_digest(SSA_SHA256, cert->der, cert->len, hash);
		for (j = 0; j < sizeof(hash); j++)
			snprintf(text + 2 * j, 3, "%02x", hash[j]);
		list = ssa_blocklist_parse(text, strlen(text), &line);
		KUNIT_ASSERT_FALSE(test, IS_ERR(list));
		again.blocked = list;
		KUNIT_EXPECT_EQ(test, ssa_peer_is_blocked(peer, &again), i < path.count);
		ssa_blocklist_put(list);
	}
	ssa_peer_free(peer);
}

static void store_is_told(struct kunit *test)
{
	static const char *const stores[] = {
		ssa_test_root_pem, ssa_test_p256_chain_pem, ssa_test_bare_pem,
		ssa_test_ed25519_pem,
	};
	struct ssa_trust_store *store;
	size_t len, i;
	char *text;

	for (i = 0; i < ARRAY_SIZE(stores); i++) {
		store = cert_test_store(test, stores[i]);
		KUNIT_ASSERT_EQ(test, ssa_trust_store_pem(store, &text, &len), 0);
		KUNIT_EXPECT_EQ(test, strlen(text), len);
		KUNIT_EXPECT_STREQ(test, text, stores[i]);
		kvfree(text);
	}
}

static struct kunit_case identity_cases[] = {
	KUNIT_CASE_PARAM(identity_is_told, identities_gen_params),
	KUNIT_CASE(no_name_forges_a_line),
	KUNIT_CASE(no_certificate_has_no_identity),
	KUNIT_CASE(certificates_are_told),
	KUNIT_CASE(peer_is_judged_again),
	KUNIT_CASE(store_is_told),
	{}
};

static struct kunit_suite identity_suite = {
	.name = "tls_ssa_cert_identity",
	.test_cases = identity_cases,
};

kunit_test_suite(identity_suite);
