// SPDX-License-Identifier: GPL-2.0-only
/*
 * Host names and addresses: what is one, and what a certificate's names match.
 */
#include "../cert/address.h"
#include "../cert/name.h"
#include "cert_helpers.h"
#include "certs.h"

struct name_case {
	const char *name;
	bool valid;
	bool address;
};

#define LABEL_61	"abcdefghijklmnopqrstuvwxyz-0123456789-abcdefghijklmnopqrstuvw"
#define LABEL_63	LABEL_61 "xy"
#define NAME_253	LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_61

static const struct name_case names[] = {
	{ "server.test", true }, { "localhost", true }, { "server.test.", true },
	{ "a", true }, { "a.b-c.d", true }, { "_sip.server.test", true },
	{ "xn--bcher-kva.example", true }, { "1.server.test", true }, { "1a", true },
	{ NAME_253, true }, { LABEL_63, true },
	{ NAME_253 "x" }, { LABEL_63 "x" },
	{ "" }, { "." }, { "server..test" }, { ".server.test" }, { "server.test.." },
	{ "-server.test" }, { "server-.test" }, { "server.test-" }, { "server.-test" },
	{ "server test" }, { "server.test\n" }, { "server/test" }, { "server:443" },
	{ "*.server.test" }, { "b\303\274cher.example" }, { "user@server.test" },
	/* what some resolvers take for an address */
	{ "1" }, { "127.1" }, { "1.2.3" }, { "1.2.3.4.5" }, { "256.1.1.1" },
	{ "010.1.1.1" }, { "1.2.3.04" }, { "1.2.3.4." }, { "server.1" },
	{ "127.0.0.1", true, true }, { "0.0.0.0", true, true },
	{ "255.255.255.255", true, true }, { "1.2.3.4", true, true },
	{ "::", true, true }, { "::1", true, true }, { "1::", true, true },
	{ "2001:db8::1", true, true }, { "1:2:3:4:5:6:7:8", true, true },
	{ "1:2:3:4:5:6:7::", true, true }, { "::2:3:4:5:6:7:8", true, true },
	{ "::ffff:192.0.2.1", true, true }, { "1:2:3:4:5:6:192.0.2.1", true, true },
	{ "ABCD::ef01", true, true }, { "::192.0.2.1", true, true },
	{ ":" }, { ":::" }, { "1:" }, { ":1" }, { "1:2" }, { "1::2::3" },
	{ "1:2:3:4:5:6:7:8:9" }, { "1:2:3:4:5:6:7:8::" }, { "::1:2:3:4:5:6:7:8" },
	{ "12345::" }, { "g::" }, { "::1%lo" }, { "[::1]" }, { "1:2:3:4:5:6:7:1.2.3.4" },
	{ "::1.2.3" }, { "::1.2.3.4.5" }, { "::1.2.3.4:5" }, { "::01.2.3.4" }, { "1:::2" },
	{ "::1 " }, { " ::1" }, { "1:2:3:4:5:6:7:" },
};

static void name_desc(const struct name_case *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "\"%.60s\"", c->name);
}

KUNIT_ARRAY_PARAM(names, names, name_desc);

static void name_is_judged(struct kunit *test)
{
	const struct name_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, ssa_name_is_valid(c->name), c->valid);
	KUNIT_EXPECT_EQ(test, ssa_name_is_address(c->name), c->address);
}

struct address_case {
	const char *text;
	size_t len;
	u8 bytes[16];
};

static const struct address_case addresses[] = {
	{ "127.0.0.1", 4, { 127, 0, 0, 1 } },
	{ "255.0.25.100", 4, { 255, 0, 25, 100 } },
	{ "::", 16, { 0 } },
	{ "::1", 16, { [15] = 1 } },
	{ "1::", 16, { [1] = 1 } },
	{ "1:2:3:4:5:6:7:8", 16, { 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8 } },
	{ "2001:db8::1", 16, { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 } },
	{ "fe80:0:0:1234::a:b", 16, { 0xfe, 0x80, [6] = 0x12, 0x34, [13] = 10, 0, 11 } },
	{ "::FFFF:1.2.3.4", 16, { [10] = 0xff, 0xff, 1, 2, 3, 4 } },
	{ "1:2:3:4:5:6:7::", 16, { 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0 } },
	{ "::2:3:4:5:6:7:8", 16, { 0, 0, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8 } },
	{ "64:ff9b::192.0.2.33", 16, { 0, 0x64, 0xff, 0x9b, [12] = 192, 0, 2, 33 } },
};

KUNIT_ARRAY_PARAM_DESC(addresses, addresses, text);

static void address_is_read(struct kunit *test)
{
	const struct address_case *c = test->param_value;
	u8 bytes[16] = {};

	KUNIT_ASSERT_EQ(test, ssa_address_parse(c->text, strlen(c->text), bytes), c->len);
	KUNIT_EXPECT_MEMEQ(test, bytes, c->bytes, c->len);
}

struct match_case {
	const char *presented;
	const char *reference;
	bool match;
};

static const struct match_case matches[] = {
	{ "server.test", "server.test", true },
	{ "server.test", "SERVER.Test", true },
	{ "SeRvEr.TEST", "server.test", true },
	{ "server.test", "server.test.", true },
	{ "localhost", "localhost", true },
	{ "a_b.server.test", "a_b.server.test", true },
	{ "server.test", "www.server.test" },
	{ "server.test", "erver.test" },
	{ "server.test", "xserver.test" },
	{ "server.test", "server.tes" },
	{ "server.test.", "server.test" },
	{ "server.test.", "server.test." },
	{ "", "server.test" },
	{ ".test", "server.test" },
	{ "server.test ", "server.test" },
	{ "*.wild.test", "a.wild.test", true },
	{ "*.wild.test", "A.WILD.TEST", true },
	{ "*.wild.test", "xn--a.wild.test", true },
	{ "*.wild.test", "a.wild.test.", true },
	{ "*.wild.test", "wild.test" },
	{ "*.wild.test", ".wild.test" },
	{ "*.wild.test", "a.b.wild.test" },
	{ "*.wild.test", "a.xwild.test" },
	{ "*.test", "server.test" },
	{ "*", "localhost" },
	{ "*.", "localhost." },
	{ "*.*.test", "a.b.test" },
	{ "a.*.test", "a.b.test" },
	{ "a*.wild.test", "ab.wild.test" },
	{ "*a.wild.test", "ba.wild.test" },
	{ "*.wild.test", "*.wild.test" },
	{ "xn--*.wild.test", "xn--a.wild.test" },
	{ "127.0.0.1", "127.0.0.1" },
	{ "::1", "::1" },
	{ "*.0.0.1", "127.0.0.1" },
	{ "b\303\274cher.test", "b\303\274cher.test" },
};

static void match_desc(const struct match_case *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "\"%s\" for \"%s\"", c->presented, c->reference);
}

KUNIT_ARRAY_PARAM(matches, matches, match_desc);

/* A certificate of which there is nothing but one name */
static bool one_name_matches(u8 tag, const void *value, size_t len, const char *reference)
{
	struct ssa_x509 cert = {};
	u8 san[128] = { tag, len };

	memcpy(san + 2, value, len);
	cert.san = ssa_der(san, 2 + len);
	return ssa_name_matches(&cert, reference);
}

static void dns_name_is_matched(struct kunit *test)
{
	const struct match_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, one_name_matches(SSA_NAME_DNS, c->presented, strlen(c->presented),
					       c->reference), c->match);
}

static void address_is_matched(struct kunit *test)
{
	static const u8 v4[4] = { 127, 0, 0, 1 };
	static const u8 v6[16] = { [15] = 1 };
	static const u8 begins_as_v4[16] = { 127, 0, 0, 1 };
	static const u8 mapped[16] = { [10] = 0xff, 0xff, 127, 0, 0, 1 };

	KUNIT_EXPECT_TRUE(test, one_name_matches(SSA_NAME_IP, v4, 4, "127.0.0.1"));
	KUNIT_EXPECT_TRUE(test, one_name_matches(SSA_NAME_IP, v6, 16, "::1"));
	KUNIT_EXPECT_TRUE(test, one_name_matches(SSA_NAME_IP, v6, 16, "0:0:0:0:0:0:0:1"));
	KUNIT_EXPECT_TRUE(test, one_name_matches(SSA_NAME_IP, mapped, 16, "::ffff:127.0.0.1"));
	KUNIT_EXPECT_FALSE(test, one_name_matches(SSA_NAME_IP, mapped, 16, "127.0.0.1"));
	KUNIT_EXPECT_FALSE(test, one_name_matches(SSA_NAME_IP, v4, 4, "::ffff:127.0.0.1"));
	KUNIT_EXPECT_FALSE(test, one_name_matches(SSA_NAME_IP, v4, 4, "127.0.0.2"));
	KUNIT_EXPECT_FALSE(test, one_name_matches(SSA_NAME_IP, begins_as_v4, 16, "127.0.0.1"));
	KUNIT_EXPECT_FALSE(test, one_name_matches(SSA_NAME_IP, v4, 3, "127.0.0.1"));
	KUNIT_EXPECT_FALSE(test, one_name_matches(SSA_NAME_IP, v4, 0, "127.0.0.1"));
	KUNIT_EXPECT_FALSE(test, one_name_matches(SSA_NAME_DNS, v4, 4, "127.0.0.1"));
	/* the bytes of a name in the place of an address, and the reverse */
	KUNIT_EXPECT_FALSE(test, one_name_matches(SSA_NAME_IP, "a.de", 4, "a.de"));
	KUNIT_EXPECT_FALSE(test, one_name_matches(SSA_NAME_EMAIL, "a.test", 6, "a.test"));
}

static void nul_ends_no_name(struct kunit *test)
{
	static const char evil[] = "server.test\0.evil.test";

	KUNIT_EXPECT_FALSE(test, one_name_matches(SSA_NAME_DNS, evil, sizeof(evil) - 1,
						  "server.test"));
	KUNIT_EXPECT_FALSE(test, one_name_matches(SSA_NAME_DNS, evil, 12, "server.test"));
}

/* Labels in places where no wildcard may be; its CN is server.test */
static void strange_names_match_nothing(struct kunit *test)
{
	static const char *const hosts[] = {
		"server.test", "a.test", "localhost", "sx.a.test", "a.x.test", "x.y.b.test",
	};
	struct ssa_trust_store *store = cert_test_store(test, ssa_test_int_ec_pem);
	struct ssa_chain *chain = cert_test_chain(test, ssa_test_wide_san_pem, NULL);
	size_t i;
	int reason;

	for (i = 0; i < ARRAY_SIZE(hosts); i++) {
		reason = cert_test_verify(store, chain, hosts[i], SSA_TEST_NOW);
		KUNIT_EXPECT_EQ_MSG(test, reason, SSA_R_CERT_NAME, "%s", hosts[i]);
	}
}

static void every_name_counts(struct kunit *test)
{
	static const char *const hosts[] = {
		"server.test", "www.wild.test", "127.0.0.1", "::1", "Server.Test.",
	};
	struct ssa_trust_store *store = cert_test_store(test, ssa_test_root_pem);
	struct ssa_chain *chain = cert_test_chain(test, ssa_test_p256_chain_pem, NULL);
	size_t i;
	int reason;

	for (i = 0; i < ARRAY_SIZE(hosts); i++) {
		reason = cert_test_verify(store, chain, hosts[i], SSA_TEST_NOW);
		KUNIT_EXPECT_EQ_MSG(test, reason, SSA_R_NONE, "%s", hosts[i]);
	}
}

/* The constraints @nc of an authority, judged for a certificate with the names @san */
static enum ssa_reason constrain(const u8 *nc, size_t nc_len, const u8 *san, size_t san_len)
{
	struct ssa_x509 *authority = kzalloc(2 * sizeof(*authority), GFP_KERNEL);
	enum ssa_reason reason;

	if (!authority)
		return SSA_R_NO_MEMORY;
	authority[0].has_name_constraints = true;
	authority[0].name_constraints = ssa_der(nc, nc_len);
	authority[1].subject = ssa_der("\x30\0", 2);
	authority[1].san = ssa_der(san, san_len);
	reason = ssa_x509_constrain(&authority[0], &authority[1]);
	kfree(authority);
	return reason;
}

/* A subtree whose form is not one of GeneralName would constrain nothing. */
static void subtree_has_a_known_form(struct kunit *test)
{
	/* excludedSubtrees [1] { { base } }, the base to be filled in */
	u8 nc[] = { 0xa1, 5, 0x30, 3, 0, 1, 'b' };
	static const u8 san[] = { SSA_NAME_DNS, 1, 'a' };
	/* 0x87 is iPAddress, and one byte is no range of addresses */
	static const u8 known[] = { 0xa0, 0x81, 0x82, 0xa3, 0xa4, 0xa5, 0x86, 0x88 };
	u32 tag;

	for (tag = 0; tag < 256; tag++) {
		int reason;

		if ((tag & 0x1f) == 0x1f)
			continue;
		nc[4] = tag;
		reason = constrain(nc, sizeof(nc), san, sizeof(san));
		KUNIT_EXPECT_EQ_MSG(test, reason, memchr(known, tag, sizeof(known)) ?
				    SSA_R_NONE : SSA_R_CERT_MALFORMED, "%#x", tag);
	}
}

/* @subtrees times "b" and once "a" are permitted; the certificate has @names times "a". */
static enum ssa_reason constrain_many(struct kunit *test, u32 subtrees, u32 names)
{
	u8 *nc = kunit_kzalloc(test, 4 + 5 * (subtrees + 1), GFP_KERNEL);
	u8 *san = kunit_kzalloc(test, 3 * names, GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, nc);
	KUNIT_ASSERT_NOT_NULL(test, san);
	memcpy(nc, "\xa0\x82", 2);
	nc[2] = (5 * (subtrees + 1)) >> 8;
	nc[3] = 5 * (subtrees + 1);
	for (i = 0; i <= subtrees; i++)
		memcpy(nc + 4 + 5 * i, i < subtrees ? "\x30\3\x82\1b" : "\x30\3\x82\1a", 5);
	for (i = 0; i < names; i++)
		memcpy(san + 3 * i, "\x82\1a", 3);
	return constrain(nc, 4 + 5 * (subtrees + 1), san, 3 * names);
}

/* As many as fit into two certificates would be compared for seconds. */
static void names_times_subtrees_is_bounded(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, (int)constrain_many(test, 500, 500), SSA_R_NONE);
	KUNIT_EXPECT_EQ(test, (int)constrain_many(test, 3200, 60), SSA_R_NONE);
	KUNIT_EXPECT_EQ(test, (int)constrain_many(test, 60, 4000), SSA_R_NONE);
	KUNIT_EXPECT_EQ(test, (int)constrain_many(test, 3200, 5400), SSA_R_CERT_NAME_CONSTRAINTS);
}

/**
 * struct dn_case - bytes, and whether they are a Name
 * @what: name of the case
 * @der: the bytes
 * @len: how many
 * @good: they are
 */
struct dn_case {
	const char *what;
	const char *der;
	size_t len;
	bool good;
};

#define DN(what, bytes, good)	{ what, bytes, sizeof(bytes) - 1, good }

static const struct dn_case dns[] = {
	DN("one", "\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01\x61", true),
	DN("two",
	   "\x30\x18\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01\x61\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01\x62",
	   true),
	DN("two_in_one_set",
	   "\x30\x16\x31\x14\x30\x08\x06\x03\x55\x04\x03\x0c\x01\x61\x30\x08\x06\x03\x55\x04\x03\x0c\x01\x62",
	   true),
	DN("empty", "\x30\x00", true),
	DN("value_is_a_sequence", "\x30\x0b\x31\x09\x30\x07\x06\x03\x55\x04\x03\x30\x00", true),
	DN("nothing", "", false),
	DN("cut", "\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01", false),
	DN("more", "\x30\x00\x30\x00", false),
	DN("one_byte", "\x30", false),
	DN("not_a_sequence", "\x31\x00", false),
	DN("not_a_set", "\x30\x0c\x30\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01\x61", false),
	DN("empty_set", "\x30\x02\x31\x00", false),
	DN("attribute_not_a_sequence",
	   "\x30\x0c\x31\x0a\x31\x08\x06\x03\x55\x04\x03\x0c\x01\x61",
	   false),
	DN("without_type", "\x30\x07\x31\x05\x30\x03\x0c\x01\x61", false),
	DN("empty_type", "\x30\x09\x31\x07\x30\x05\x06\x00\x0c\x01\x61", false),
	DN("without_value", "\x30\x09\x31\x07\x30\x05\x06\x03\x55\x04\x03", false),
	DN("two_values",
	   "\x30\x0f\x31\x0d\x30\x0b\x06\x03\x55\x04\x03\x0c\x01\x61\x0c\x01\x62",
	   false),
	DN("long_form", "\x30\x81\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01\x61", false),
	DN("indefinite", "\x30\x80\x00\x00", false),
	DN("inner_too_long", "\x30\x0c\x31\x0b\x30\x08\x06\x03\x55\x04\x03\x0c\x01\x61", false),
};

KUNIT_ARRAY_PARAM_DESC(dns, dns, what);

static void dn_is_judged(struct kunit *test)
{
	const struct dn_case *c = test->param_value;
	/* ends where its buffer ends */
	u8 *copy = kunit_kmalloc(test, c->len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, c->der, c->len);
	KUNIT_EXPECT_EQ(test, ssa_dn_is_valid(copy, c->len), c->good);
}

static struct kunit_case name_cases[] = {
	KUNIT_CASE_PARAM(name_is_judged, names_gen_params),
	KUNIT_CASE_PARAM(address_is_read, addresses_gen_params),
	KUNIT_CASE_PARAM(dns_name_is_matched, matches_gen_params),
	KUNIT_CASE(address_is_matched),
	KUNIT_CASE(nul_ends_no_name),
	KUNIT_CASE(strange_names_match_nothing),
	KUNIT_CASE(every_name_counts),
	KUNIT_CASE(subtree_has_a_known_form),
	KUNIT_CASE(names_times_subtrees_is_bounded),
	KUNIT_CASE_PARAM(dn_is_judged, dns_gen_params),
	{}
};

static struct kunit_suite name_suite = {
	.name = "tls_ssa_cert_names",
	.test_cases = name_cases,
};

kunit_test_suite(name_suite);
