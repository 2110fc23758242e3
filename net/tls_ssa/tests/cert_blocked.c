// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an administrator's policy asks of a path: keys, length, pins, and what is blocked.
 */
#include "../cert/x509.h"
#include "cert_helpers.h"
#include "certs.h"

#define HEX64	"00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF"
#define OTHER	"f0112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF"
#define COLONS	"00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:" \
		"00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF"

struct list_case {
	const char *what;
	const char *text;
	int ret;	/* entries, or the error */
	u32 line;
};

static const struct list_case lists[] = {
	{ "empty", "", 0, 0 },
	{ "comments", "# a\n\n  \t\n#\r\n   # b", 0, 5 },
	{ "one", HEX64, 1, 1 },
	{ "one_line", HEX64 "\n", 1, 1 },
	{ "crlf", HEX64 "\r\n" OTHER "\r\n", 2, 2 },
	{ "colons", COLONS, 1, 1 },
	{ "double", HEX64 "\n" COLONS "\n" HEX64, 1, 3 },
	{ "file_name", HEX64 "  server.der\n" OTHER "#x", 2, 2 },
	{ "indented", " \t" HEX64, 1, 1 },
	{ "order", OTHER "\n" HEX64 "\n", 2, 2 },
	{ "digit_more", "#\n" HEX64 "0", -EINVAL, 2 },
	{ "sha384", HEX64 "00112233445566778899aabbccddeeff", -EINVAL, 1 },
	{ "digit_less", &("00" HEX64)[3], -EINVAL, 1 },
	{ "colon_first", ":" HEX64, -EINVAL, 1 },
	{ "colon_last", COLONS ":", -EINVAL, 1 },
	{ "two_colons", &("00::" HEX64)[2], -EINVAL, 1 },
	{ "word", HEX64 "\nsha256\n" HEX64, -EINVAL, 2 },
};

KUNIT_ARRAY_PARAM_DESC(lists, lists, what);

static void put_list(void *list)
{
	ssa_blocklist_put(list);
}

static struct ssa_blocklist *parse(struct kunit *test, const char *text)
{
	struct ssa_blocklist *list;
	u32 line;

	list = ssa_blocklist_parse(text, strlen(text), &line);
	KUNIT_ASSERT_FALSE(test, IS_ERR(list));
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, put_list, list), 0);
	return list;
}

static void list_is_judged(struct kunit *test)
{
	const struct list_case *c = test->param_value;
	struct ssa_blocklist *list;
	u32 line = 99;

	list = ssa_blocklist_parse(c->text, strlen(c->text), &line);
	KUNIT_EXPECT_EQ(test, line, c->line);
	if (IS_ERR(list)) {
		KUNIT_EXPECT_EQ(test, PTR_ERR(list), c->ret);
		return;
	}
	KUNIT_EXPECT_EQ(test, (int)ssa_blocklist_count(list), c->ret);
	KUNIT_EXPECT_PTR_EQ(test, ssa_blocklist_get(list), list);
	ssa_blocklist_put(list);
	ssa_blocklist_put(list);
}

static void no_list_has_nothing(struct kunit *test)
{
	static const u8 hash[SSA_BLOCKLIST_HASH_LEN];

	KUNIT_EXPECT_FALSE(test, ssa_blocklist_has(NULL, hash));
	KUNIT_EXPECT_EQ(test, ssa_blocklist_count(NULL), 0);
	KUNIT_EXPECT_NULL(test, ssa_blocklist_get(NULL));
	ssa_blocklist_put(NULL);
}

static void put_text(void *text)
{
	kvfree(text);
}

/* One entry more than the limit; of the others each is found, and nothing beside them. */
static void list_is_bounded(struct kunit *test)
{
	const size_t width = 2 * SSA_BLOCKLIST_HASH_LEN + 1;
	size_t len = width * (SSA_BLOCKLIST_MAX + 1);
	char *text = kvmalloc(len + 1, GFP_KERNEL);
	u8 hash[SSA_BLOCKLIST_HASH_LEN];
	struct ssa_blocklist *list;
	u32 i, line;

	KUNIT_ASSERT_NOT_NULL(test, text);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, put_text, text), 0);
	/* in no order */
	for (i = 0; i <= SSA_BLOCKLIST_MAX; i++)
		snprintf(text + i * width, width + 1, "%08x%056x\n", i * 0x9e3779b1, 0);
	list = ssa_blocklist_parse(text, len, &line);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(list), -E2BIG);
	KUNIT_EXPECT_EQ(test, line, SSA_BLOCKLIST_MAX + 1);
	list = ssa_blocklist_parse(text, SSA_BLOCKLIST_TEXT_MAX + 1, &line);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(list), -E2BIG);

	list = ssa_blocklist_parse(text, len - width, &line);
	KUNIT_ASSERT_FALSE(test, IS_ERR(list));
	KUNIT_EXPECT_EQ(test, ssa_blocklist_count(list), SSA_BLOCKLIST_MAX);
	memset(hash, 0, sizeof(hash));
	for (i = 0; i <= SSA_BLOCKLIST_MAX; i++) {
		u32 head = i * 0x9e3779b1;
		bool listed = i < SSA_BLOCKLIST_MAX;

		hash[0] = head >> 24;
		hash[1] = head >> 16;
		hash[2] = head >> 8;
		hash[3] = head;
		if (ssa_blocklist_has(list, hash) != listed)
			KUNIT_FAIL(test, "%u", i);
	}
	ssa_blocklist_put(list);
}

/* ------------------------------------------------------------------- paths */

/**
 * struct policy_case - a chain and a policy
 * @base: chain, stores, and the verdict
 * @pinned: as in struct ssa_verify_params
 * @bits: min_rsa_bits
 * @most: path_max
 * @sigalgs: with which certificates may be signed; 0: with any
 */
struct policy_case {
	struct verify_case base;
	u16 sigalgs;
	bool pinned;
	u16 bits;
	u8 most;
};

static const u16 schemes[] = {
	SSA_SIG_ECDSA_SECP256R1_SHA256, SSA_SIG_ECDSA_SECP384R1_SHA384,
	SSA_SIG_ECDSA_SECP521R1_SHA512, SSA_SIG_ED25519,
	SSA_SIG_RSA_PKCS1_SHA256, SSA_SIG_RSA_PKCS1_SHA384, SSA_SIG_RSA_PKCS1_SHA512,
	SSA_SIG_RSA_PSS_RSAE_SHA256, SSA_SIG_RSA_PSS_RSAE_SHA384, SSA_SIG_RSA_PSS_RSAE_SHA512,
	SSA_SIG_RSA_PSS_PSS_SHA256, SSA_SIG_RSA_PSS_PSS_SHA384, SSA_SIG_RSA_PSS_PSS_SHA512,
};

/* Sets of them, in the same order */
enum scheme_set {
	P256		= BIT(0),
	P384		= BIT(1),
	P521		= BIT(2),
	NIST		= P256 | P384 | P521,
	ED25519		= BIT(3),
	PKCS1_SHA256	= BIT(4),
	PKCS1_SHA384	= BIT(5),
	PKCS1_SHA512	= BIT(6),
	PKCS1		= PKCS1_SHA256 | PKCS1_SHA384 | PKCS1_SHA512,
	PSS_RSAE	= BIT(7) | BIT(8) | BIT(9),
	PSS_PSS		= BIT(10) | BIT(11) | BIT(12),
};

static const struct policy_case policies[] = {
	{ { NAMED(rsa_chain, "rsa_2048") }, .bits = 2048 },
	{ { NAMED(rsa_chain, "rsa_2049"), WANT(WEAK_KEY) }, .bits = 2049 },
	{ { NAMED(p256_chain, "rsa_root_3072"), WANT(WEAK_KEY) }, .bits = 3072 },
	{ { NAMED(ec_below_rsa, "rsa_authority_3072"), WANT(WEAK_KEY) }, .bits = 3072 },
	{ { NAMED(rsapss_chain, "rsa_pss_3072"), WANT(WEAK_KEY),
	    .roots = ssa_test_int_rsa_pem }, .bits = 3072 },
	{ { NAMED(p256_chain, "ec_alone"), .roots = ssa_test_int_ec_pem }, .bits = 4096 },
	{ { NAMED(self_signed, "pinned_ec"), .roots = ssa_test_self_signed_pem }, .bits = 4096 },
	{ { NAMED(p256_chain, "one_of_two"), WANT(CHAIN_TOO_LONG) }, .most = 1 },
	{ { NAMED(p256_chain, "two") }, .most = 2 },
	{ { NAMED(p256_chain, "one"), .roots = ssa_test_int_ec_pem }, .most = 1 },
	{ { NAMED(p256_chain, "short_way"), .pins = ssa_test_int_ec_pem }, .most = 1 },
	{ { NAMED(unknown_ca, "unknown_rather_than_long"), WANT(UNKNOWN_CA) }, .most = 1 },
	{ { NAMED(self_signed, "pin_in_store"), .roots = ssa_test_self_signed_pem },
	  .pinned = true },
	{ { NAMED(self_signed, "pin_of_application"), .pins = ssa_test_self_signed_pem },
	  .pinned = true },
	{ { NAMED(p256_chain, "pinned_leaf"), .pins = ssa_test_p256_chain_pem }, .pinned = true },
	{ { NAMED(p256_chain, "authority_is_no_pin"), WANT(NOT_PINNED) }, .pinned = true },
	{ { NAMED(p256_chain, "issuer_is_no_pin"), .roots = ssa_test_int_ec_pem,
	    WANT(NOT_PINNED) }, .pinned = true },
	{ { NAMED(self_signed, "pin_of_other_name"), .roots = ssa_test_self_signed_pem,
	    .host = "other.test", WANT(NAME) }, .pinned = true },
	/* leaf and intermediate; the root is signed with rsa_pkcs1_sha256 */
	{ { NAMED(p256_chain, "sigalgs_of_path") },
	  .sigalgs = P384 | PKCS1_SHA384 },
	{ { NAMED(p256_chain, "sigalg_of_leaf"), WANT(SIGALG) },
	  .sigalgs = P256 | P521 | PKCS1 },
	{ { NAMED(p256_chain, "sigalg_of_authority"), WANT(SIGALG) },
	  .sigalgs = NIST | PKCS1_SHA256 | PKCS1_SHA512 },
	{ { NAMED(p256_chain, "sigalg_of_anchor"), .roots = ssa_test_int_ec_pem },
	  .sigalgs = P384 },
	{ { NAMED(self_signed, "sigalg_of_pin"), .roots = ssa_test_self_signed_pem },
	  .sigalgs = ED25519 },
	{ { NAMED(ed25519_signed, "ed25519") }, .sigalgs = ED25519 | PKCS1 },
	{ { NAMED(ed25519_signed, "not_ed25519"), WANT(SIGALG) },
	  .sigalgs = NIST | PSS_RSAE | PSS_PSS | PKCS1 },
	{ { NAMED(ed25519_rooted, "not_ed25519_root"), .roots = ssa_test_ed25519_root_pem,
	    WANT(SIGALG) }, .sigalgs = NIST | PSS_RSAE | PSS_PSS | PKCS1 },
	{ { BELOW_RSA(pss) }, .sigalgs = PSS_RSAE | PKCS1 },
	{ { NAMED(pss, "pss_by_rsa_key"), .more = ssa_test_int_rsa_pem, WANT(SIGALG) },
	  .sigalgs = PSS_PSS | PKCS1 },
	{ { NAMED(pss, "pss_only"), .more = ssa_test_int_rsa_pem, WANT(SIGALG) },
	  .sigalgs = PSS_RSAE | PSS_PSS },
	{ { CHAIN(rsapss_signed) }, .sigalgs = NIST | PSS_PSS | PKCS1 },
	{ { NAMED(rsapss_signed, "pss_by_pss_key"), WANT(SIGALG) },
	  .sigalgs = NIST | PSS_RSAE | PKCS1 },
	/* what is signed by RSA is gone around: the other root's key is of P-256 */
	{ { NAMED(p256_chain, "other_way"), .more = ssa_test_cross_pem,
	    .pins = ssa_test_unknown_root_pem }, .sigalgs = NIST },
};

static void policy_get_desc(const struct policy_case *c, char *desc)
{
	strscpy(desc, c->base.what, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(policies, policies, policy_get_desc);

static void policy_is_kept(struct kunit *test)
{
	const struct policy_case *c = test->param_value;
	struct ssa_chain *chain = cert_test_chain(test, c->base.chain, c->base.more);
	u16 sigalgs[SSA_SIGALGS_MAX] = {};
	struct ssa_verify_params params = {
		.store = cert_test_store(test, c->base.roots ?: ssa_test_root_pem),
		.extra = c->base.pins ? cert_test_store(test, c->base.pins) : NULL,
		.name = c->base.host ?: "server.test",
		.now = SSA_TEST_NOW,
		.pinned = c->pinned,
		.sigalgs = c->sigalgs ? sigalgs : NULL,
		.min_rsa_bits = c->bits,
		.path_max = c->most,
	};
	unsigned int i, n = 0;
	enum ssa_reason reason;

	for (i = 0; i < ARRAY_SIZE(schemes); i++) {
		if (c->sigalgs & BIT(i))
			sigalgs[n++] = schemes[i];
	}
	reason = cert_test_verify_by(&params, chain);
	KUNIT_EXPECT_EQ_MSG(test, (int)reason, (int)c->base.want, "%s",
			    ssa_reason_desc(reason)->text);
}

/* --------------------------------------------------------- what is blocked */

enum what { CERT, KEY, TWIN };

/* The certificate with the other signature; headers with a length byte, and with two */
static size_t put_twin(struct kunit *test, const struct ssa_x509 *cert, u8 *out)
{
	const size_t head = cert->signature.p - cert->der.p;
	size_t len;

	memcpy(out, cert->der.p, head);
	len = ssa_ecdsa_twin(SSA_KEY_EC_P384, cert->signature.p, cert->signature.left, out + head);
	KUNIT_ASSERT_TRUE(test, len && out[1] == 0x82);
	KUNIT_ASSERT_EQ(test, out[head - 2], cert->signature.left + 1);
	out[head - 2] = len + 1;
	out[2] = (head + len - 4) >> 8;
	out[3] = head + len - 4;
	return head + len;
}

/* A list of the SHA-256 of a certificate, of its key, or of its twin */
static struct ssa_blocklist *block(struct kunit *test, const struct ssa_cert *cert, enum what what)
{
	u8 hash[SSA_BLOCKLIST_HASH_LEN];
	char text[2 * sizeof(hash) + 1];
	struct ssa_x509 x509;
	size_t i;
	u8 *twin;

	KUNIT_ASSERT_EQ(test, (int)ssa_x509_parse(&x509, cert->der, cert->len), SSA_R_NONE);
	if (what == CERT) {
		ssa_hash_digest(SSA_SHA256, cert->der, cert->len, hash);
	} else if (what == KEY) {
		KUNIT_ASSERT_EQ(test, x509.spki.p[0], SSA_DER_SEQUENCE);
		ssa_hash_digest(SSA_SHA256, x509.spki.p, x509.spki.left, hash);
	} else {
		twin = kunit_kmalloc(test, cert->len + SSA_SIGNATURE_MAX, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, twin);
		ssa_hash_digest(SSA_SHA256, twin, put_twin(test, &x509, twin), hash);
	}
	for (i = 0; i < sizeof(hash); i++)
		snprintf(text + 2 * i, 3, "%02x", hash[i]);
	return parse(test, text);
}

static void expect(struct kunit *test, struct ssa_verify_params *params,
		   const struct ssa_chain *chain, enum ssa_reason want)
{
	KUNIT_EXPECT_EQ(test, (int)cert_test_verify_by(params, chain), (int)want);
}

/* Each certificate of a path, and each key */
static void every_part_of_a_path_can_be_blocked(struct kunit *test)
{
	struct ssa_chain *chain = cert_test_chain(test, ssa_test_p256_chain_pem, NULL);
	struct ssa_chain *root = cert_test_chain(test, ssa_test_root_pem, NULL);
	struct ssa_chain *other = cert_test_chain(test, ssa_test_rsa_chain_pem, NULL);
	struct ssa_verify_params params = {
		.store = cert_test_store(test, ssa_test_root_pem),
		.name = "server.test", .now = SSA_TEST_NOW,
	};
	const struct ssa_cert *parts[] = { &chain->cert[0], &chain->cert[1], &root->cert[0] };
	enum what what;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		for (what = CERT; what <= KEY; what++) {
			params.blocked = block(test, parts[i], what);
			expect(test, &params, chain, SSA_R_CERT_BLOCKED);
		}
	}
	params.blocked = block(test, &other->cert[1], CERT);
	expect(test, &params, chain, SSA_R_NONE);
	params.blocked = parse(test, "# nothing");
	expect(test, &params, chain, SSA_R_NONE);
	/* who is not authentic is not blocked */
	params.blocked = block(test, &chain->cert[0], CERT);
	params.store = cert_test_store(test, ssa_test_unknown_root_pem);
	expect(test, &params, chain, SSA_R_CERT_UNKNOWN_CA);
}

/* A key is blocked in each of its forms, whichever of them is in the list */
static void every_form_of_a_key_is_blocked(struct kunit *test)
{
	static const struct {
		const char *listed[2];	/* its last certificate has the key */
		const char *shown[2];
	} forms[] = {
		/* an authority's key of rsaEncryption, for RSASSA-PSS only, and with parameters */
		{ { ssa_test_int_rsa_pem }, { ssa_test_rsapss_free_pem } },
		{ { ssa_test_int_rsa_pem }, { ssa_test_rsapss_bound_pem } },
		{ { ssa_test_root_pem, ssa_test_rsapss_free_pem }, { ssa_test_rsa_chain_pem } },
		{ { ssa_test_root_pem, ssa_test_rsapss_bound_pem }, { ssa_test_rsa_chain_pem } },
		{ { ssa_test_root_pem, ssa_test_rsapss_bound_pem }, { ssa_test_rsapss_free_pem } },
		/* a point with and without its second half */
		{ { ssa_test_p521_compressed_pem }, { ssa_test_p521_pem, ssa_test_int_ec_pem } },
	};
	struct ssa_verify_params params = {
		.store = cert_test_store(test, ssa_test_root_pem),
		.name = "server.test", .now = SSA_TEST_NOW,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		struct ssa_chain *listed = cert_test_chain(test, forms[i].listed[0],
							   forms[i].listed[1]);
		struct ssa_chain *shown = cert_test_chain(test, forms[i].shown[0],
							  forms[i].shown[1]);

		params.blocked = NULL;
		expect(test, &params, shown, SSA_R_NONE);
		params.blocked = block(test, &listed->cert[listed->count - 1], KEY);
		expect(test, &params, shown, SSA_R_CERT_BLOCKED);
		/* it is about the key: a certificate is blocked as it is */
		params.blocked = block(test, &listed->cert[listed->count - 1], CERT);
		expect(test, &params, shown, SSA_R_NONE);
	}
}

/* (r, s) and (r, n - s) sign the same: the sum of one blocks the other */
static void twin_is_blocked(struct kunit *test)
{
	struct ssa_chain *chain = cert_test_chain(test, ssa_test_p256_chain_pem, NULL);
	struct ssa_verify_params params = {
		.store = cert_test_store(test, ssa_test_root_pem),
		.blocked = block(test, &chain->cert[0], CERT),
		.name = "server.test", .now = SSA_TEST_NOW,
	};
	struct ssa_x509 x509;
	struct ssa_cert cert = chain->cert[0];
	u8 *twin = kunit_kmalloc(test, cert.len + SSA_SIGNATURE_MAX, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, twin);
	KUNIT_ASSERT_EQ(test, (int)ssa_x509_parse(&x509, cert.der, cert.len), SSA_R_NONE);
	chain->cert[0].len = put_twin(test, &x509, twin);
	chain->cert[0].der = twin;
	expect(test, &params, chain, SSA_R_CERT_BLOCKED);
	params.blocked = NULL;
	expect(test, &params, chain, SSA_R_NONE);
	params.blocked = block(test, &cert, TWIN);
	chain->cert[0] = cert;
	expect(test, &params, chain, SSA_R_CERT_BLOCKED);
}

/* A way without the one that is blocked is good, in any order; not with its key */
static void blocked_authority_is_not_gone_around(struct kunit *test)
{
	struct ssa_chain *chain = cert_test_chain(test, ssa_test_p256_chain_pem,
						  ssa_test_cross_pem);
	struct ssa_verify_params params = {
		.store = cert_test_store(test, ssa_test_root_pem),
		.name = "server.test", .now = SSA_TEST_NOW,
	};
	struct ssa_blocklist *cert = block(test, &chain->cert[1], CERT);
	struct ssa_blocklist *key = block(test, &chain->cert[1], KEY);
	struct ssa_trust_store *other = cert_test_store(test, ssa_test_unknown_root_pem);
	u32 i;

	for (i = 0; i < 2; i++) {
		params.extra = NULL;
		params.blocked = cert;
		expect(test, &params, chain, SSA_R_CERT_BLOCKED);
		params.extra = other;
		expect(test, &params, chain, SSA_R_NONE);
		params.blocked = key;
		expect(test, &params, chain, SSA_R_CERT_BLOCKED);
		swap(chain->cert[1], chain->cert[2]);
	}
	/* sent twice it is still blocked */
	chain = cert_test_chain(test, ssa_test_p256_chain_pem, ssa_test_int_ec_pem);
	params.extra = NULL;
	params.blocked = cert;
	expect(test, &params, chain, SSA_R_CERT_BLOCKED);
}

static void pin_can_be_blocked(struct kunit *test)
{
	struct ssa_chain *chain = cert_test_chain(test, ssa_test_self_signed_pem, NULL);
	struct ssa_verify_params params = {
		.store = cert_test_store(test, ssa_test_self_signed_pem),
		.blocked = block(test, &chain->cert[0], CERT),
		.name = "server.test", .now = SSA_TEST_NOW, .pinned = true,
	};

	expect(test, &params, chain, SSA_R_CERT_BLOCKED);
	params.pinned = false;
	expect(test, &params, chain, SSA_R_CERT_BLOCKED);
	params.blocked = NULL;
	expect(test, &params, chain, SSA_R_NONE);
}

static struct {
	u8 hash[SSA_HASH_MAX];
	size_t len;
	u32 asked;
} revoked;

static bool is_revoked(const u8 *tbs_hash, size_t len)
{
	revoked.asked++;
	return len == revoked.len && !memcmp(tbs_hash, revoked.hash, len);
}

static void revoke(struct kunit *test, const struct ssa_cert *cert, enum ssa_hash_id id)
{
	struct ssa_x509 x509;

	KUNIT_ASSERT_EQ(test, (int)ssa_x509_parse(&x509, cert->der, cert->len), SSA_R_NONE);
	revoked.len = ssa_hash_size(id);
	ssa_hash_digest(id, x509.tbs.p, x509.tbs.left, revoked.hash);
	revoked.asked = 0;
}

/* By SHA-256, and by the hash function of the signature, which is SHA-384 */
static void system_can_revoke(struct kunit *test)
{
	struct ssa_chain *chain = cert_test_chain(test, ssa_test_p256_chain_pem, NULL);
	struct ssa_verify_params params = {
		.store = cert_test_store(test, ssa_test_root_pem), .is_revoked = is_revoked,
		.name = "server.test", .now = SSA_TEST_NOW,
	};
	u32 i;

	for (i = 0; i < 2; i++) {
		revoke(test, &chain->cert[i], SSA_SHA256);
		expect(test, &params, chain, SSA_R_CERT_BLOCKED);
		revoke(test, &chain->cert[i], SSA_SHA384);
		expect(test, &params, chain, SSA_R_CERT_BLOCKED);
		revoke(test, &chain->cert[i], SSA_SHA512);
		expect(test, &params, chain, SSA_R_NONE);
	}
	/* RSASSA-PSS says in its parameters what it hashes with */
	chain = cert_test_chain(test, ssa_test_pss_pem, ssa_test_int_rsa_pem);
	revoke(test, &chain->cert[0], SSA_SHA256);
	expect(test, &params, chain, SSA_R_CERT_BLOCKED);
	/* nobody is asked about what is not authentic */
	params.store = cert_test_store(test, ssa_test_unknown_root_pem);
	revoke(test, &chain->cert[0], SSA_SHA256);
	expect(test, &params, chain, SSA_R_CERT_UNKNOWN_CA);
	KUNIT_EXPECT_EQ(test, revoked.asked, 0);
}

static struct kunit_case blocked_cases[] = {
	KUNIT_CASE_PARAM(list_is_judged, lists_gen_params),
	KUNIT_CASE(no_list_has_nothing),
	KUNIT_CASE(list_is_bounded),
	KUNIT_CASE_PARAM(policy_is_kept, policies_gen_params),
	KUNIT_CASE(every_part_of_a_path_can_be_blocked),
	KUNIT_CASE(every_form_of_a_key_is_blocked),
	KUNIT_CASE(twin_is_blocked),
	KUNIT_CASE(blocked_authority_is_not_gone_around),
	KUNIT_CASE(pin_can_be_blocked),
	KUNIT_CASE(system_can_revoke),
	{}
};

static struct kunit_suite blocked_suite = {
	.name = "tls_ssa_cert_blocked",
	.test_cases = blocked_cases,
};

kunit_test_suite(blocked_suite);
