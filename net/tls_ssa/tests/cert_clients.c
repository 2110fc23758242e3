// SPDX-License-Identifier: GPL-2.0-only
/*
 * Certificates of clients, addresses of mail in them, end entities that are pinned, and
 * the path that a verdict rests on.
 */
#include <linux/array_size.h>
#include "cert_helpers.h"
#include "certs.h"

#define CLIENT(n)	CHAIN(n), .purpose = SSA_PURPOSE_CLIENT
#define PINNED(n, pin)	CHAIN(n), .pins = ssa_test_##pin##_pem

static const struct verify_case clients[] = {
	{ CLIENT(client) }, { CLIENT(client_rsa) }, { CLIENT(client_ed25519) },
	{ CLIENT(client_no_ku) }, { CLIENT(client_no_eku) }, { CLIENT(client_any_eku) },
	{ CLIENT(client_nc_ok) },
	{ CLIENT(both_eku), .more = ssa_test_int_ec_pem },
	{ CLIENT(client_expired), WANT(EXPIRED) },
	{ CLIENT(p256_chain), WANT(EXT_KEY_USAGE) },
	{ CLIENT(client_email_eku), WANT(EXT_KEY_USAGE) },
	{ CLIENT(client_int_eku), WANT(EXT_KEY_USAGE) },
	{ CLIENT(client_ku), WANT(KEY_USAGE) },
	{ CLIENT(client_ku_ca), WANT(KEY_USAGE) },
	{ CLIENT(client_critical), WANT(CRITICAL_EXTENSION) },
	{ CLIENT(client_unknown_ca), WANT(UNKNOWN_CA) },
	{ CLIENT(client_nc_dns), WANT(NAME_CONSTRAINTS) },
	{ CLIENT(client_nc_ip), WANT(NAME_CONSTRAINTS) },
	{ CLIENT(client_nc_mail), WANT(NAME_CONSTRAINTS) },
	{ CLIENT(client_nc_dir), WANT(NAME_CONSTRAINTS) },
	/* and no client is a server */
	{ NAMED(client, "as_server"), WANT(EXT_KEY_USAGE) },
};

static const struct verify_case mail[] = {
	{ CHAIN(nc_mail_host) }, { CHAIN(nc_mail_domain) }, { CHAIN(nc_mail_box) },
	{ CHAIN(nc_mail_excluded_other) }, { CHAIN(nc_mail_subject_good) },
	{ CHAIN(nc_mail_other_host), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_mail_domain_itself), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_mail_box_other), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_mail_box_case), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_mail_excluded), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_mail_excluded_case), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_mail_excluded_domain), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_mail_quoted), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_mail_two_hosts), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_mail_no_host), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_mail_empty), WANT(NAME_CONSTRAINTS) },
	{ CHAIN(nc_mail_subject_bad), WANT(NAME_CONSTRAINTS) },
};

static const struct verify_case pins[] = {
	{ PINNED(self_signed, self_signed) },
	{ PINNED(bare, bare) },			/* issued by one that is not here */
	{ PINNED(ecdsa_sha1, ecdsa_sha1) },	/* nobody looks at its signature */
	{ PINNED(bad_signature, bad_signature) },
	{ PINNED(pin_of_client, pin_of_client), .purpose = SSA_PURPOSE_CLIENT },
	{ NAMED(bare, "amid_others"), .pins = ssa_test_bare_pem, .more = ssa_test_unknown_ca_pem },
	/* what else is wrong with it stays wrong */
	{ PINNED(self_signed_expired, self_signed_expired), WANT(EXPIRED) },
	{ PINNED(not_yet, not_yet), WANT(NOT_YET_VALID) },
	{ PINNED(no_san, no_san), WANT(NAME) },
	{ PINNED(wrong_ku, wrong_ku), WANT(KEY_USAGE) },
	{ PINNED(wrong_eku, wrong_eku), WANT(EXT_KEY_USAGE) },
	{ PINNED(critical, critical), WANT(CRITICAL_EXTENSION) },
	{ NAMED(self_signed, "as_client"), .pins = ssa_test_self_signed_pem,
	  .purpose = SSA_PURPOSE_CLIENT, WANT(EXT_KEY_USAGE) },
	/* another certificate of the same name, key and issuer is another one */
	{ PINNED(bare, no_eku), WANT(UNKNOWN_CA) },
	{ PINNED(self_signed_ca, self_signed), WANT(NOT_CA) },
	/* a pin certifies nobody, with basicConstraints or without; nor does it in the list */
	{ PINNED(pin_below, self_signed), WANT(NOT_CA) },
	{ NAMED(pin_below, "below_bare"), .pins = ssa_test_pin_self_bare_pem, WANT(NOT_CA) },
	{ NAMED(pin_below, "below_one_in_the_list"), .pins = ssa_test_self_signed_pem,
	  .more = ssa_test_self_signed_pem, WANT(NOT_CA) },
	{ NAMED(pin_below, "below_system's"), .roots = ssa_test_self_signed_pem, WANT(NOT_CA) },
	{ NAMED(pin_below, "below_authority"), .pins = ssa_test_self_signed_ca_pem },
};

KUNIT_ARRAY_PARAM_DESC(clients, clients, what);
KUNIT_ARRAY_PARAM_DESC(mail, mail, what);
KUNIT_ARRAY_PARAM_DESC(pins, pins, what);

struct path_case {
	const char *what;
	const char *chain;
	const char *more;
	const char *roots;
	const char *pins;
	const char *want;
	const char *want_more;
};

static const struct path_case paths[] = {
	{ "to_the_root", ssa_test_p256_chain_pem, NULL, ssa_test_root_pem, NULL,
	  ssa_test_p256_chain_pem, ssa_test_root_pem },
	{ "root_sent", ssa_test_p256_chain_pem, ssa_test_root_pem, ssa_test_root_pem, NULL,
	  ssa_test_p256_chain_pem, ssa_test_root_pem },
	{ "without_the_unused", ssa_test_p256_chain_pem, ssa_test_unknown_ca_pem,
	  ssa_test_root_pem, NULL, ssa_test_p256_chain_pem, ssa_test_root_pem },
	{ "way_that_failed", ssa_test_p256_chain_pem, ssa_test_cross_root_pem,
	  ssa_test_root_pem, NULL, ssa_test_p256_chain_pem, ssa_test_root_pem },
	{ "intermediate_as_anchor", ssa_test_p256_chain_pem, NULL, ssa_test_unknown_root_pem,
	  ssa_test_int_ec_pem, ssa_test_p256_chain_pem, NULL },
	{ "pin", ssa_test_bare_pem, ssa_test_int_ec_pem, ssa_test_root_pem, ssa_test_bare_pem,
	  ssa_test_bare_pem, NULL },
};

KUNIT_ARRAY_PARAM_DESC(paths, paths, what);

static void path_is_told(struct kunit *test)
{
	const struct path_case *c = test->param_value;
	struct ssa_chain *chain = cert_test_chain(test, c->chain, c->more);
	struct ssa_chain *want = cert_test_chain(test, c->want, c->want_more);
	struct ssa_path path = {};
	struct ssa_verify_params params = {
		.store = cert_test_store(test, c->roots),
		.extra = c->pins ? cert_test_store(test, c->pins) : NULL,
		.name = "server.test",
		.now = SSA_TEST_NOW,
		.path = &path,
	};
	u32 i;

	KUNIT_ASSERT_EQ(test, (int)cert_test_verify_by(&params, chain), SSA_R_NONE);
	KUNIT_ASSERT_EQ(test, path.count, want->count);
	for (i = 0; i < path.count; i++) {
		KUNIT_ASSERT_EQ(test, path.cert[i].len, want->cert[i].len);
		KUNIT_EXPECT_MEMEQ(test, path.cert[i].der, want->cert[i].der, want->cert[i].len);
	}
}

static void longest_path_is_told(struct kunit *test)
{
	struct ssa_chain *chain = cert_test_chain(test, ssa_test_deep_ok_pem, NULL);
	struct ssa_path path = {};
	struct ssa_verify_params params = {
		.store = cert_test_store(test, ssa_test_root_pem),
		.name = "server.test",
		.now = SSA_TEST_NOW,
		.path = &path,
	};

	KUNIT_ASSERT_EQ(test, (int)cert_test_verify_by(&params, chain), SSA_R_NONE);
	KUNIT_EXPECT_EQ(test, path.count, SSA_PATH_CERTS_MAX + 1);
	KUNIT_EXPECT_PTR_EQ(test, path.cert[SSA_PATH_CERTS_MAX - 1].der,
			    chain->cert[SSA_PATH_CERTS_MAX - 1].der);
}

static struct kunit_case client_cases[] = {
	KUNIT_CASE_PARAM(cert_test_judge, clients_gen_params),
	KUNIT_CASE_PARAM(cert_test_judge, mail_gen_params),
	KUNIT_CASE_PARAM(cert_test_judge, pins_gen_params),
	KUNIT_CASE_PARAM(path_is_told, paths_gen_params),
	KUNIT_CASE(longest_path_is_told),
	{}
};

static struct kunit_suite client_suite = {
	.name = "tls_ssa_cert_clients",
	.test_cases = client_cases,
};

kunit_test_suite(client_suite);
