// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attributes of profiles: what their text means, how it is given back, what is refused;
 * and what of several profiles holds.
 */
#include <kunit/test.h>
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "../policy/values.h"

#define STORE		"/etc/ssl/certs/ca-certificates.crt"
#define PAGE		4096
#define LONG_64		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define LONG_256	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" \
			"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" \
			"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" \
			"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define A(name)		SSA_A_##name

static void free_values(void *v)
{
	ssa_values_free(v);
}

/* Values that are freed after the test, all of them unset */
static struct ssa_values *new_values(struct kunit *test)
{
	struct ssa_values *v = kunit_kzalloc(test, sizeof(*v), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, v);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_values, v), 0);
	return v;
}

static struct ssa_values *builtin(struct kunit *test)
{
	struct ssa_values *v = new_values(test);

	KUNIT_ASSERT_EQ(test, ssa_values_builtin(v, STORE), 0);
	return v;
}

static int put(struct ssa_values *v, enum ssa_attribute a, const char *text,
	       struct ssa_complaint *why)
{
	return ssa_attribute_parse(v, a, text, strlen(text), why);
}

/* As it could be written, without the newline; freed after the test */
static char *shown(struct kunit *test, const struct ssa_values *v, enum ssa_attribute a)
{
	char *page = kunit_kzalloc(test, PAGE, GFP_KERNEL);
	int len;

	KUNIT_ASSERT_NOT_NULL(test, page);
	len = ssa_attribute_show(v, a, page, PAGE);
	KUNIT_ASSERT_GT(test, len, 0);
	KUNIT_ASSERT_EQ(test, (int)page[len - 1], '\n');
	page[len - 1] = '\0';
	return page;
}

/* ------------------------------------------------------------------ good values */

struct good_case {
	const char *what;
	enum ssa_attribute a;
	const char *text;
	const char *shown;
};

static const struct good_case goods[] = {
	{ "version", A(min_version), "TLSv1.3\n", "TLSv1.3" },
	{ "version_case", A(max_version), " tlsV1.2 ", "TLSv1.2" },
	{ "suites_order", A(ciphersuites),
	  "TLS_CHACHA20_POLY1305_SHA256,\tTLS_AES_128_GCM_SHA256\n",
	  "TLS_CHACHA20_POLY1305_SHA256 TLS_AES_128_GCM_SHA256" },
	{ "groups", A(groups), "secp384r1 x25519", "secp384r1 X25519" },
	{ "sigalgs", A(signature_algorithms), "ed25519,,rsa_pss_rsae_sha256",
	  "ed25519 rsa_pss_rsae_sha256" },
	{ "bool", A(require_host_name), "1", "1" },
	{ "bool_zeros", A(session_reuse), "00", "0" },
	{ "extensions", A(extensions), "record_size_limit server_name",
	  "server_name record_size_limit" },
	{ "extensions_alias", A(extensions), "alpn", "application_layer_protocol_negotiation" },
	{ "extensions_all", A(extensions), "all", "all" },
	{ "extensions_none", A(extensions), "none", "none" },
	{ "extensions_every", A(extensions),
	  "server_name alpn record_size_limit certificate_authorities", "all" },
	{ "alpn", A(alpn), "h2, http/1.1", "h2 http/1.1" },
	{ "alpn_any", A(alpn), "ANY", "any" },
	{ "alpn_named_any", A(alpn), "\\x61ny", "\\x61ny" },
	{ "alpn_escapes", A(alpn), "a\\x2cb\\x5c\\x00", "a\\x2cb\\x5c\\x00" },
	{ "trust_mode", A(trust_mode), "system+application", "system+application" },
	{ "store", A(trust_store), "/etc/ca.pem", "/etc/ca.pem" },
	{ "store_space", A(trust_store), "  /etc/my certs/a,b.pem\n",
	  "/etc/my\\x20certs/a\\x2cb.pem" },
	{ "store_slash", A(trust_store), "/etc/certs/", "/etc/certs" },
	{ "store_dots", A(trust_store), "/etc/..x/.y/z..", "/etc/..x/.y/z.." },
	{ "store_named_none", A(trust_store), "/none", "/none" },
	{ "client_store_none", A(client_trust_store), "none", "none" },
	{ "rsa_bits", A(min_rsa_bits), "4096", "4096" },
	{ "depth", A(verify_depth), "0", "0" },
	{ "peer_auth", A(require_peer_auth), "required", "required" },
	{ "ttl", A(session_ttl), "604800", "604800" },
	{ "directories", A(key_directories), "/etc/keys/ /srv/k\\x20s", "/etc/keys /srv/k\\x20s" },
	{ "directories_none", A(key_directories), "none", "none" },
	{ "options", A(app_may_set), "alpn REMOTE_HOSTNAME", "remote_hostname alpn" },
	{ "options_all", A(app_may_set), "all", "all" },
	{ "options_none", A(app_may_set), "none", "none" },
	{ "executables", A(match_executable), "/usr/bin/curl\n/usr/bin/wget\n",
	  "/usr/bin/curl /usr/bin/wget" },
	{ "cgroup_root", A(match_cgroup), "/", "/" },
	{ "uids", A(match_uid), "0 4294967294", "0 4294967294" },
	{ "gids", A(match_gid), "1000", "1000" },
	{ "netns", A(match_netns), "18446744073709551615 1", "18446744073709551615 1" },
};

KUNIT_ARRAY_PARAM_DESC(goods, goods, what);

static void value_is_given_back(struct kunit *test)
{
	const struct good_case *c = test->param_value;
	struct ssa_values *v = new_values(test);
	struct ssa_complaint why = {};
	char *once;

	KUNIT_ASSERT_EQ_MSG(test, put(v, c->a, c->text, &why), 0, "%s", why.text);
	KUNIT_EXPECT_EQ(test, v->set, BIT_ULL(c->a));
	once = shown(test, v, c->a);
	KUNIT_EXPECT_STREQ(test, once, c->shown);
	KUNIT_ASSERT_EQ(test, put(v, c->a, once, &why), 0);
	KUNIT_EXPECT_STREQ(test, shown(test, v, c->a), once);
}

/* Nothing else changes if an attribute is set, and unset again. */
static void value_is_unset(struct kunit *test)
{
	const struct good_case *c = test->param_value;
	struct ssa_values *v = new_values(test), *before = new_values(test);

	KUNIT_ASSERT_EQ(test, put(v, c->a, c->text, NULL), 0);
	KUNIT_ASSERT_EQ(test, put(v, c->a, "\t\n ", NULL), 0);
	KUNIT_EXPECT_STREQ(test, shown(test, v, c->a), "");
	KUNIT_EXPECT_EQ(test, memcmp(v, before, sizeof(*v)), 0);
}

/* ------------------------------------------------------------------- bad values */

struct bad_case {
	const char *what;
	enum ssa_attribute a;
	const char *text;
	const char *why;	/* is part of the complaint */
};

static const struct bad_case bads[] = {
	{ "version_old", A(min_version), "TLSv1.1", "TLSv1.2, TLSv1.3" },
	{ "version_two", A(min_version), "TLSv1.2 TLSv1.3", "one value" },
	{ "suite_unknown", A(ciphersuites), "TLS_AES_256_GCM_SHA256", "TLS_AES_256_GCM_SHA384" },
	{ "suite_twice", A(ciphersuites),
	  "TLS_AES_128_GCM_SHA256 tls_aes_128_gcm_sha256", "twice" },
	{ "suite_prefix", A(ciphersuites), "TLS_AES_128_GCM_SHA25", "not a cipher suite" },
	{ "list_empty", A(groups), ",", "empty" },
	{ "group", A(groups), "x448", "secp256r1" },
	{ "sigalg", A(signature_algorithms), "rsa_pkcs1_sha1", "rsa_pkcs1_sha256" },
	{ "bool_word", A(enabled), "yes", "0 to 1" },
	{ "bool_two", A(enabled), "2", "0 to 1" },
	{ "bool_minus", A(enabled), "-1", "0 to 1" },
	{ "extension", A(extensions), "session_ticket", "server_name" },
	{ "extension_twice", A(extensions), "server_name alpn server_name", "twice" },
	{ "extensions_all_and", A(extensions), "all server_name", "\"all\"" },
	{ "alpn_twice", A(alpn), "h2 h2", "once" },
	{ "alpn_long", A(alpn), LONG_256, "255" },
	{ "alpn_escape", A(alpn), "h\\x2", "h\\x2" },
	{ "alpn_escape_hex", A(alpn), "\\xg0", "\\xg0" },
	{ "alpn_backslash", A(alpn), "a\\", "a\\" },
	{ "trust_mode", A(trust_mode), "both", "system+application" },
	{ "store_relative", A(trust_store), "ca.pem", "absolute" },
	{ "store_none", A(trust_store), "none", "absolute" },
	{ "store_up", A(trust_store), "/etc/../ca.pem", "\"..\"" },
	{ "store_up_last", A(trust_store), "/etc/..", "\"..\"" },
	{ "store_up_only", A(trust_store), "/..", "\"..\"" },
	{ "store_dot", A(trust_store), "/./ca.pem", "\"..\"" },
	{ "store_dot_last", A(trust_store), "/etc/.", "\"..\"" },
	{ "store_slashes", A(trust_store), "/etc//ca.pem", "empty" },
	{ "store_nul", A(trust_store), "/etc\\x00ca.pem", "absolute" },
	{ "store_control", A(trust_store), "/etc\x01/ca.pem", "absolute" },
	{ "store_long", A(trust_store), "/" LONG_256, "255" },
	{ "directory_colon", A(key_directories), "/etc/a:b", "':'" },
	{ "directory_colon_escaped", A(key_directories), "/etc/a\\x3ab", "':'" },
	{ "directory_twice", A(key_directories), "/etc/a /etc/a/", "twice" },
	{ "directory_none_and", A(key_directories), "none /etc", "absolute" },
	{ "executable_none", A(match_executable), "none", "absolute" },
	{ "executables_17", A(match_executable),
	  "/1 /2 /3 /4 /5 /6 /7 /8 /9 /10 /11 /12 /13 /14 /15 /16 /17", "at most 16" },
	{ "rsa_bits_few", A(min_rsa_bits), "1024", "2048 to 4096" },
	{ "rsa_bits_many", A(min_rsa_bits), "8192", "2048 to 4096" },
	{ "depth", A(verify_depth), "10", "0 to 9" },
	{ "peer_auth", A(require_peer_auth), "1", "optional" },
	{ "ttl", A(session_ttl), "604801", "604800" },
	{ "ttl_wraps", A(session_ttl), "18446744073709551616", "604800" },
	{ "option_prefix", A(app_may_set), "TLS_ALPN", "not an option" },
	{ "option_handshake", A(app_may_set), "handshake", "not an option" },
	{ "option_read_only", A(app_may_set), "peer_identity", "not an option" },
	{ "uid_name", A(match_uid), "root", "number" },
	{ "uid_invalid", A(match_uid), "4294967295", "4294967294" },
	{ "uid_twice", A(match_uid), "7 007", "twice" },
	{ "gids_17", A(match_gid), "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17", "at most 16" },
	{ "netns_zero", A(match_netns), "0", "1 to" },
	{ "netns_wraps", A(match_netns), "18446744073709551616", "1 to" },
};

KUNIT_ARRAY_PARAM_DESC(bads, bads, what);

static void value_is_refused(struct kunit *test)
{
	const struct bad_case *c = test->param_value;
	struct ssa_values *v = builtin(test);
	struct ssa_values before = *v;
	struct ssa_complaint why = {};
	const char *name = ssa_attribute_name(c->a);

	KUNIT_EXPECT_EQ(test, put(v, c->a, c->text, &why), -EINVAL);
	KUNIT_EXPECT_EQ_MSG(test, strncmp(why.text, name, strlen(name)), 0, "%s", why.text);
	KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(why.text, c->why), "%s", why.text);
	KUNIT_EXPECT_EQ(test, memcmp(v, &before, sizeof(before)), 0);
	KUNIT_EXPECT_EQ(test, put(v, c->a, c->text, NULL), -EINVAL);
}

static void text_is_bounded(struct kunit *test)
{
	char *text = kunit_kmalloc(test, SSA_ATTRIBUTE_MAX + 2, GFP_KERNEL);
	struct ssa_values *v = new_values(test);
	struct ssa_complaint why = {};

	KUNIT_ASSERT_NOT_NULL(test, text);
	memset(text, 'a', SSA_ATTRIBUTE_MAX + 2);
	text[0] = '/';
	KUNIT_EXPECT_EQ(test, ssa_attribute_parse(v, A(match_executable), text,
						  SSA_ATTRIBUTE_MAX + 1, &why), -EINVAL);
	KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(why.text, "4000"), "%s", why.text);
	KUNIT_EXPECT_EQ(test, ssa_attribute_parse(v, A(match_executable), text,
						  SSA_ATTRIBUTE_MAX, &why), 0);
	KUNIT_EXPECT_EQ(test, (int)strlen(shown(test, v, A(match_executable))),
			SSA_ATTRIBUTE_MAX);
	KUNIT_EXPECT_EQ(test, ssa_attribute_show(v, A(match_executable), text, 100), -E2BIG);
}

static void text_ends_where_it_ends(struct kunit *test)
{
	struct ssa_values *v = new_values(test);

	KUNIT_EXPECT_EQ(test, ssa_attribute_parse(v, A(session_ttl), "604800", 2, NULL), 0);
	KUNIT_EXPECT_EQ(test, v->session_ttl, 60);
	KUNIT_EXPECT_EQ(test, ssa_attribute_parse(v, A(min_version), "TLSv1.2\0x", 9, NULL),
			-EINVAL);
}

/* What a complaint quotes can be shown. */
static void complaint_is_printable(struct kunit *test)
{
	struct ssa_values *v = new_values(test);
	struct ssa_complaint why = {};
	const char *c;

	KUNIT_EXPECT_EQ(test, put(v, A(min_version), "\x1b[2J\xff\x80" LONG_64, &why), -EINVAL);
	for (c = why.text; *c; c++)
		KUNIT_EXPECT_TRUE(test, *c >= 0x20 && *c < 0x7f);
}

/* ------------------------------------------------------------------ all of them */

static void builtin_can_be_written(struct kunit *test)
{
	struct ssa_values *v = builtin(test), *w = new_values(test);
	enum ssa_attribute a;

	for (a = 0; a < SSA_A_COUNT; a++) {
		KUNIT_EXPECT_EQ(test, ssa_values_has(v, a), !ssa_attribute_is_match(a));
		KUNIT_EXPECT_EQ_MSG(test, put(w, a, shown(test, v, a), NULL), 0, "%s",
				    ssa_attribute_name(a));
		KUNIT_EXPECT_STREQ(test, shown(test, w, a), shown(test, v, a));
	}
	KUNIT_EXPECT_EQ(test, w->set, v->set);
	KUNIT_EXPECT_EQ(test, ssa_values_check(w, NULL), 0);
}

/* Each of them: from the profile if it says so, or else from default/. */
static void profile_goes_before_default(struct kunit *test)
{
	const struct good_case *c = test->param_value;
	struct ssa_values *base = builtin(test), *own = new_values(test), *v = new_values(test);
	enum ssa_attribute a;

	KUNIT_ASSERT_EQ(test, put(own, c->a, c->text, NULL), 0);
	KUNIT_ASSERT_EQ(test, ssa_values_merge(v, base, own), 0);
	KUNIT_EXPECT_EQ(test, v->set, base->set | own->set);
	for (a = 0; a < SSA_A_COUNT; a++)
		KUNIT_EXPECT_STREQ(test, shown(test, v, a),
				   shown(test, a == c->a ? own : base, a));
	ssa_values_free(v);
	KUNIT_ASSERT_EQ(test, ssa_values_copy(v, own), 0);
	KUNIT_EXPECT_STREQ(test, shown(test, v, c->a), shown(test, own, c->a));
	KUNIT_EXPECT_EQ(test, v->set, own->set);
}

/* ---------------------------------------------------------- what fits together */

#define ECDSA12	"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
#define RSA12	"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
#define TLS13	"TLS_AES_128_GCM_SHA256"

struct check_case {
	const char *what;
	struct { enum ssa_attribute a; const char *text; } put[4];
	const char *why;	/* NULL: it is fine */
};

static const struct check_case checks[] = {
	{ "versions", { { A(min_version), "TLSv1.3" }, { A(max_version), "TLSv1.2" } },
	  "max_version" },
	{ "one_version", { { A(min_version), "TLSv1.3" }, { A(max_version), "TLSv1.3" } } },
	{ "suite_13_for_12", { { A(max_version), "TLSv1.2" }, { A(ciphersuites), TLS13 } },
	  "ciphersuites" },
	{ "suite_12_for_13", { { A(min_version), "TLSv1.3" }, { A(ciphersuites), RSA12 } },
	  "ciphersuites" },
	{ "suite_13_for_both", { { A(ciphersuites), TLS13 } } },
	{ "suite_12_for_both", { { A(ciphersuites), ECDSA12 } } },
	{ "pkcs1_for_13",
	  { { A(min_version), "TLSv1.3" }, { A(signature_algorithms), "rsa_pkcs1_sha256" } },
	  "signature_algorithms" },
	{ "pkcs1_for_12",
	  { { A(max_version), "TLSv1.2" }, { A(signature_algorithms), "rsa_pkcs1_sha256" } } },
	{ "rsa_for_ecdsa",
	  { { A(ciphersuites), ECDSA12 }, { A(signature_algorithms), "rsa_pss_rsae_sha256" } },
	  "signature_algorithms" },
	{ "ed25519_for_ecdsa",
	  { { A(ciphersuites), ECDSA12 }, { A(signature_algorithms), "ed25519" } } },
	{ "ecdsa_for_rsa",
	  { { A(ciphersuites), RSA12 }, { A(signature_algorithms), "ecdsa_secp256r1_sha256" } },
	  "signature_algorithms" },
	{ "pss_for_rsa",
	  { { A(ciphersuites), RSA12 }, { A(signature_algorithms), "rsa_pss_pss_sha256" } } },
	{ "application_without_list",
	  { { A(trust_mode), "application" }, { A(app_may_set), "alpn" } }, "trust_mode" },
	{ "application",
	  { { A(trust_mode), "application" },
	    { A(app_may_set), "trusted_peer_certificates" } } },
	{ "pinned_by_the_store", { { A(trust_mode), "pinned" }, { A(app_may_set), "none" } } },
	{ "clients_of_nobody",
	  { { A(trust_mode), "system" }, { A(require_peer_auth), "required" } },
	  "client_trust_store" },
	{ "clients_of_no_list",
	  { { A(app_may_set), "alpn" }, { A(require_peer_auth), "optional" } },
	  "client_trust_store" },
	{ "clients_of_the_store",
	  { { A(trust_mode), "system" }, { A(require_peer_auth), "required" },
	    { A(client_trust_store), "/etc/clients.pem" } } },
	{ "clients_of_the_list", { { A(require_peer_auth), "required" } } },
	{ "alpn_without_extension",
	  { { A(alpn), "h2" }, { A(extensions), "server_name" } }, "alpn" },
	{ "no_extension", { { A(extensions), "none" } } },
};

KUNIT_ARRAY_PARAM_DESC(checks, checks, what);

static void values_fit_together(struct kunit *test)
{
	const struct check_case *c = test->param_value;
	struct ssa_values *v = builtin(test);
	struct ssa_complaint why = {};
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(c->put) && c->put[i].text; i++)
		KUNIT_ASSERT_EQ(test, put(v, c->put[i].a, c->put[i].text, NULL), 0);
	err = ssa_values_check(v, &why);
	KUNIT_EXPECT_EQ_MSG(test, err, c->why ? -EINVAL : 0, "%s", why.text);
	if (c->why)
		KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(why.text, c->why), "%s", why.text);
}

struct name_case {
	const char *name;
	bool valid;
};

static const struct name_case names[] = {
	{ "web", true }, { "0", true }, { "a.b_c-D", true }, { LONG_64, true },
	{ "alls", true }, { LONG_64 "x", false }, { "", false }, { "all", false },
	{ "None", false }, { "default", false }, { ".x", false }, { "-x", false },
	{ "a b", false }, { "a/b", false }, { "a,b", false }, { "\xc3\xa4", false },
};

KUNIT_ARRAY_PARAM_DESC(names, names, name);

static void name_is_judged(struct kunit *test)
{
	const struct name_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, ssa_entry_name_is_valid(c->name, strlen(c->name)), c->valid);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(value_is_given_back, goods_gen_params),
	KUNIT_CASE_PARAM(value_is_unset, goods_gen_params),
	KUNIT_CASE_PARAM(value_is_refused, bads_gen_params),
	KUNIT_CASE(text_is_bounded),
	KUNIT_CASE(text_ends_where_it_ends),
	KUNIT_CASE(complaint_is_printable),
	KUNIT_CASE(builtin_can_be_written),
	KUNIT_CASE_PARAM(profile_goes_before_default, goods_gen_params),
	KUNIT_CASE_PARAM(values_fit_together, checks_gen_params),
	KUNIT_CASE_PARAM(name_is_judged, names_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "tls_ssa_policy_values",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("KUnit tests of the policy of TLS sockets");
MODULE_LICENSE("GPL");
