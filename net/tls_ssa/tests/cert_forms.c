// SPDX-License-Identifier: GPL-2.0-only
/*
 * Odd forms of certificates, certificate policies (RFC 5280 6.1), and identifiers of keys
 * among authorities that have the same name.
 */
#include "../cert/pem.h"
#include "../cert/x509.h"
#include "cert_helpers.h"
#include "certs.h"
#include "certs_forms.h"

#define FORM(n)		CHAIN(n), .roots = ssa_test_forms_root_pem

static const struct verify_case forms[] = {
	/* X.690 8.3.2; RFC 5280 4.1.2.2 wants numbers above zero, and others to be borne */
	{ FORM(serial_zero) }, { FORM(serial_negative) }, { FORM(serial_high_bit) },
	{ FORM(serial_padded), WANT(MALFORMED) },
	{ FORM(serial_negative_padded), WANT(MALFORMED) },
	/* X.690 8.19.2 */
	{ FORM(oid_padded), WANT(MALFORMED) },
	{ FORM(oid_cut), WANT(MALFORMED) },
	{ FORM(oid_long) },
	{ FORM(eku_oid_padded), WANT(MALFORMED) },
	{ FORM(algorithm_oid_padded), WANT(MALFORMED) },
	{ FORM(policy_oid_padded), WANT(MALFORMED) },
	/* RFC 5280 4.2.1.10; what is malformed constrains whom it wants to */
	{ FORM(range_good) },
	{ FORM(range_short), WANT(MALFORMED) },
	{ FORM(range_empty), WANT(MALFORMED) },
	{ FORM(range_mask), WANT(MALFORMED) },
	{ FORM(range_long), WANT(MALFORMED) },
	/* emailAddress is an IA5String */
	{ FORM(email_ia5) }, { FORM(email_utf8) }, { FORM(email_printable) },
	{ FORM(email_bmp), WANT(NAME_CONSTRAINTS) },
	{ FORM(email_t61), WANT(NAME_CONSTRAINTS) },
	{ FORM(email_octets), WANT(NAME_CONSTRAINTS) },
};

static const struct verify_case policies[] = {
	/* RFC 5280 4.2.1.4 */
	{ FORM(qualifier_known) }, { FORM(qualifier_unknown) },
	{ FORM(qualifier_unknown_critical), WANT(CRITICAL_EXTENSION) },
	{ FORM(qualifiers_empty), WANT(MALFORMED) },
	{ FORM(policies_empty), WANT(MALFORMED) },
	/* nothing is asked for */
	{ FORM(policy_not_yet_required) },
	{ FORM(policy_any_inhibited_alone) },
	{ FORM(policy_mapped_alone) },
	{ FORM(policy_mappings_inhibited_alone) },
	{ FORM(policies_many_unused) },
	/* an authority asks */
	{ FORM(policy_none_required), WANT(POLICY) },
	{ FORM(policy_required_late), WANT(POLICY) },
	{ FORM(policy_same) }, { FORM(policy_of_two) }, { FORM(policy_below_any) },
	{ FORM(policy_is_any) },
	{ FORM(policy_other), WANT(POLICY) },
	{ FORM(policy_missing_above), WANT(POLICY) },
	{ FORM(policy_any_inhibited), WANT(POLICY) },
	{ FORM(policy_any_inhibited_named) },
	{ FORM(policy_mapped) }, { FORM(policy_mapped_below_any) },
	{ FORM(policy_mapped_away), WANT(POLICY) },
	{ FORM(policy_mapping_inhibited_1), WANT(POLICY) },
	{ FORM(policy_mapping_inhibited_2), WANT(POLICY) },
	{ FORM(policy_required_by_leaf), WANT(POLICY) },
	{ FORM(policy_required_by_leaf_there) },
	{ FORM(policies_too_many), WANT(POLICY) },
	/* their form */
	{ FORM(policy_mapped_from_any), WANT(MALFORMED) },
	{ FORM(policy_mapped_to_any), WANT(MALFORMED) },
	{ FORM(constraints_empty), WANT(MALFORMED) },
	{ FORM(constraints_negative), WANT(MALFORMED) },
	{ FORM(constraints_padded), WANT(MALFORMED) },
	{ FORM(constraints_order), WANT(MALFORMED) },
	{ FORM(constraints_large) },
	{ FORM(inhibit_any_negative), WANT(MALFORMED) },
	{ FORM(mappings_empty), WANT(MALFORMED) },
	{ FORM(mappings_three), WANT(MALFORMED) },
	/* of a trust anchor: a policy is not asked for, what is unknown is */
	{ NAMED(kid_none, "anchor_requires_policy"), .roots = ssa_test_forms_root_constraints_pem },
	{ NAMED(kid_none, "anchor_has_unknown_critical"), WANT(CRITICAL_EXTENSION),
	  .roots = ssa_test_forms_root_critical_pem },
};

static const struct verify_case key_ids[] = {
	{ FORM(kid_right) }, { FORM(kid_none) },
	/* it helps, and no more */
	{ FORM(kid_other) }, { FORM(kid_malformed) },
	/* RFC 5280 4.2.1.1: never critical */
	{ FORM(kid_critical), WANT(CRITICAL_EXTENSION) },
};

KUNIT_ARRAY_PARAM_DESC(forms, forms, what);
KUNIT_ARRAY_PARAM_DESC(policies, policies, what);
KUNIT_ARRAY_PARAM_DESC(key_ids, key_ids, what);

/* A copy of the root with another key and another identifier of it, as PEM */
static char *write_other_root(struct kunit *test, char *text, u32 i)
{
	struct ssa_cert *root = &cert_test_chain(test, ssa_test_forms_root_pem, NULL)->cert[0];
	u8 *copy = kunit_kmalloc(test, root->len, GFP_KERNEL);
	struct ssa_x509 x509;

	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, root->der, root->len);
	KUNIT_ASSERT_EQ(test, (int)ssa_x509_parse(&x509, copy, root->len), SSA_R_NONE);
	copy[x509.spki.p + x509.spki.left - copy - 1] ^= 1 + i;
	copy[x509.subject_key_id.p - copy] ^= 1 + i;
	return ssa_pem_write_cert(text, copy, root->len);
}

/* So many wrong roots of the same name, then the right one */
static struct ssa_trust_store *crowd(struct kunit *test, u32 wrong)
{
	size_t room = 24 * 1024;
	char *text = kunit_kzalloc(test, room, GFP_KERNEL), *end = text;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, text);
	for (i = 0; i < wrong; i++)
		end = write_other_root(test, end, i);
	memcpy(end, ssa_test_forms_root_pem, sizeof(ssa_test_forms_root_pem));
	return cert_test_store(test, text);
}

static void right_one_is_found_in_a_crowd(struct kunit *test)
{
	static const struct {
		const char *leaf;
		u32 wrong;
		u32 signatures;
		enum ssa_reason want;
	} cases[] = {
		/* by the identifier of its key, at once, however many there are */
		{ ssa_test_kid_right_pem, 15, 1, SSA_R_NONE },
		{ ssa_test_kid_right_pem, 24, 1, SSA_R_NONE },
		/* without one by trying, as long as that does not cost too much */
		{ ssa_test_kid_none_pem, 15, 16, SSA_R_NONE },
		{ ssa_test_kid_other_pem, 14, 15, SSA_R_NONE },
		{ ssa_test_kid_none_pem, 16, 16, SSA_R_CERT_CHAIN_TOO_LONG },
	};
	struct ssa_path path;
	struct ssa_verify_params params = {
		.name = "server.test", .now = SSA_TEST_NOW, .path = &path,
	};
	struct ssa_chain *chain;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		params.store = crowd(test, cases[i].wrong);
		chain = cert_test_chain(test, cases[i].leaf, NULL);
		KUNIT_EXPECT_EQ_MSG(test, (int)cert_test_verify_by(&params, chain),
				    (int)cases[i].want, "%zu", i);
		KUNIT_EXPECT_LE_MSG(test, path.signatures, cases[i].signatures, "%zu", i);
	}
}

static void put_front(u8 **p, const void *bytes, size_t len)
{
	*p -= len;
	memcpy(*p, bytes, len);
}

/* Tag and length in front of all up to @end, which are 256 to 65535 bytes */
static void put_header(u8 **p, u8 tag, const u8 *end)
{
	size_t len = end - *p;
	const u8 header[] = { tag, 0x82, len >> 8, len };

	put_front(p, header, sizeof(header));
}

/*
 * A self-signed end entity with an extension of many bytes that nobody knows: what it
 * signs of itself is not looked at when it is trusted for itself.
 */
static struct ssa_cert large_cert(struct kunit *test, size_t extension)
{
	static const u8 oid[] = { SSA_DER_OID, 3, 0x2a, 3, 4 };
	struct ssa_cert *small = &cert_test_chain(test, ssa_test_self_signed_pem, NULL)->cert[0];
	size_t room = SSA_CERT_MAX + 4096;
	u8 *buf = kunit_kzalloc(test, room, GFP_KERNEL), *p, *tbs_end, *end;
	struct ssa_der tbs, rest, explicit, list;
	struct ssa_x509 x509;

	KUNIT_ASSERT_NOT_NULL(test, buf);
	KUNIT_ASSERT_EQ(test, (int)ssa_x509_parse(&x509, small->der, small->len), SSA_R_NONE);
	end = buf + room;
	p = end;
	/* signatureAlgorithm and signature */
	put_front(&p, x509.tbs.p + x509.tbs.left,
		  small->der + small->len - x509.tbs.p - x509.tbs.left);
	tbs_end = p;
	p -= extension;
	put_header(&p, SSA_DER_OCTET_STRING, tbs_end);
	put_front(&p, oid, sizeof(oid));
	put_header(&p, SSA_DER_SEQUENCE, tbs_end);
	/* the other extensions stand before it, and the rest of TBSCertificate before them */
	KUNIT_ASSERT_TRUE(test, ssa_der_only(&x509.tbs, SSA_DER_SEQUENCE, &tbs));
	rest = ssa_der(x509.spki.p + x509.spki.left,
		       tbs.p + tbs.left - x509.spki.p - x509.spki.left);
	KUNIT_ASSERT_TRUE(test, ssa_der_only(&rest, SSA_DER_CONSTRUCTED(3), &explicit));
	KUNIT_ASSERT_TRUE(test, ssa_der_only(&explicit, SSA_DER_SEQUENCE, &list));
	put_front(&p, list.p, list.left);
	put_header(&p, SSA_DER_SEQUENCE, tbs_end);
	put_header(&p, SSA_DER_CONSTRUCTED(3), tbs_end);
	put_front(&p, tbs.p, rest.p - tbs.p);
	put_header(&p, SSA_DER_SEQUENCE, tbs_end);
	put_header(&p, SSA_DER_SEQUENCE, end);
	return (struct ssa_cert){ p, end - p };
}

static enum ssa_reason verify_large(struct kunit *test, const struct ssa_cert *cert)
{
	char *text = kunit_kzalloc(test, ssa_pem_cert_len(cert->len) + 1, GFP_KERNEL);
	struct ssa_chain *chain = kunit_kzalloc(test, sizeof(*chain), GFP_KERNEL);
	struct ssa_trust_store *store;
	enum ssa_reason reason;

	KUNIT_ASSERT_NOT_NULL(test, text);
	KUNIT_ASSERT_NOT_NULL(test, chain);
	ssa_pem_write_cert(text, cert->der, cert->len);
	store = ssa_trust_store_parse(text, strlen(text));
	if (IS_ERR(store))
		return SSA_R_CERT_MALFORMED;
	chain->count = 1;
	chain->cert[0] = *cert;
	reason = cert_test_verify(store, chain, "server.test", SSA_TEST_NOW);
	ssa_trust_store_put(store);
	return reason;
}

static void large_certificate_is_taken(struct kunit *test)
{
	const size_t some = 60000;
	struct ssa_cert cert = large_cert(test, some);
	size_t most = some + SSA_CERT_MAX - cert.len;

	KUNIT_EXPECT_EQ(test, (int)verify_large(test, &cert), SSA_R_NONE);
	cert = large_cert(test, most);
	KUNIT_ASSERT_EQ(test, cert.len, SSA_CERT_MAX);
	KUNIT_EXPECT_EQ(test, (int)verify_large(test, &cert), SSA_R_NONE);
	cert = large_cert(test, most + 1);
	KUNIT_EXPECT_EQ(test, (int)verify_large(test, &cert), SSA_R_CERT_MALFORMED);
}

static struct kunit_case form_cases[] = {
	KUNIT_CASE_PARAM(cert_test_judge, forms_gen_params),
	KUNIT_CASE_PARAM(cert_test_judge, policies_gen_params),
	KUNIT_CASE_PARAM(cert_test_judge, key_ids_gen_params),
	KUNIT_CASE(right_one_is_found_in_a_crowd),
	KUNIT_CASE(large_certificate_is_taken),
	{}
};

static struct kunit_suite form_suite = {
	.name = "tls_ssa_cert_forms",
	.test_cases = form_cases,
};

kunit_test_suite(form_suite);
