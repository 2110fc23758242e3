// SPDX-License-Identifier: GPL-2.0-only
/*
 * Taking a certificate apart (RFC 5280 4.1, 4.2). The whole of it is walked, so
 * what verify.c judges is what was signed, and one reader decides for all
 * fields: a second one might see another certificate in the same bytes.
 */
#include <kunit/visibility.h>
#include <linux/export.h>
#include "x509.h"

/* id-ce (2.5.29) and id-kp (1.3.6.1.5.5.7.3) */
#define ID_CE		"\x55\x1d"
#define ID_KP		"\x2b\x06\x01\x05\x05\x07\x03"

#define SUBJECT_ALT_NAME	ID_CE "\x11"
#define BASIC_CONSTRAINTS	ID_CE "\x13"
#define KEY_USAGE		ID_CE "\x0f"
#define EXT_KEY_USAGE		ID_CE "\x25"
#define NAME_CONSTRAINTS	ID_CE "\x1e"
#define CERTIFICATE_POLICIES	ID_CE "\x20"
#define POLICY_MAPPINGS		ID_CE "\x21"
#define POLICY_CONSTRAINTS	ID_CE "\x24"
#define INHIBIT_ANY_POLICY	ID_CE "\x36"
#define SUBJECT_KEY_ID		ID_CE "\x0e"
#define AUTHORITY_KEY_ID	ID_CE "\x23"

#define ANY_EXT_KEY_USAGE	EXT_KEY_USAGE "\x00"
#define KP_SERVER_AUTH		ID_KP "\x01"
#define KP_CLIENT_AUTH		ID_KP "\x02"

/* id-qt (1.3.6.1.5.5.7.2), RFC 5280 4.2.1.4: what is known to qualify a policy */
#define ID_QT		"\x2b\x06\x01\x05\x05\x07\x02"
#define QT_CPS		ID_QT "\x01"
#define QT_UNOTICE	ID_QT "\x02"

/* BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL } */
static bool parse_basic_constraints(struct ssa_x509 *cert, const struct ssa_der *value)
{
	struct ssa_der bc;
	u32 path_len;

	if (!ssa_der_only(value, SSA_DER_SEQUENCE, &bc))
		return false;
	if (ssa_der_next_is(&bc, SSA_DER_BOOLEAN) && !ssa_der_boolean(&bc, &cert->ca))
		return false;
	if (bc.left) {
		if (!ssa_der_small(&bc, &path_len))
			return false;
		cert->path_len = path_len;
	}
	return !bc.left;
}

/* KeyUsage ::= BIT STRING; bits that are not there are 0 */
static bool parse_key_usage(struct ssa_x509 *cert, const struct ssa_der *value)
{
	struct ssa_der bits;
	u8 unused;

	if (!ssa_der_only(value, SSA_DER_BIT_STRING, &bits) || !bits.left)
		return false;
	unused = bits.p[0];
	if (unused > 7 || (bits.left == 1 && unused) ||
	    (unused && bits.p[bits.left - 1] & (BIT(unused) - 1)))
		return false;
	cert->has_key_usage = true;
	if (bits.left > 1)
		cert->key_usage = bits.p[1];
	return true;
}

/* ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF OBJECT IDENTIFIER */
static bool parse_ext_key_usage(struct ssa_x509 *cert, const struct ssa_der *value)
{
	struct ssa_der list, oid;

	if (!ssa_der_only(value, SSA_DER_SEQUENCE, &list) || !list.left)
		return false;
	cert->has_ext_key_usage = true;
	while (list.left) {
		if (!ssa_der_oid(&list, &oid))
			return false;
		if (ssa_der_is(&oid, KP_SERVER_AUTH))
			cert->ext_key_usage |= SSA_EKU_SERVER;
		else if (ssa_der_is(&oid, KP_CLIENT_AUTH))
			cert->ext_key_usage |= SSA_EKU_CLIENT;
		else if (ssa_der_is(&oid, ANY_EXT_KEY_USAGE))
			cert->ext_key_usage |= SSA_EKU_ANY;
	}
	return true;
}

/* GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName: [0] to [8] */
static bool parse_subject_alt_name(struct ssa_x509 *cert, const struct ssa_der *value)
{
	struct ssa_der list, name;
	u8 tag;

	if (!ssa_der_only(value, SSA_DER_SEQUENCE, &list) || !list.left)
		return false;
	cert->san = list;
	while (list.left) {
		if (!ssa_der_any(&list, &tag, &name) ||
		    (tag & 0xc0) != 0x80 || (tag & 0x1f) > 8)
			return false;
	}
	return true;
}

/*
 * policyQualifiers SEQUENCE SIZE (1..MAX) OF { policyQualifierId, qualifier ANY }. What
 * they say is for people; but who makes the extension critical wants them understood.
 */
static bool parse_qualifiers(struct ssa_x509 *cert, bool critical, struct ssa_der *info)
{
	struct ssa_der list, qualifier, oid, value;
	u8 tag;

	if (!info->left)
		return true;
	if (!ssa_der_only(info, SSA_DER_SEQUENCE, &list) || !list.left)
		return false;
	while (list.left) {
		if (!ssa_der_get(&list, SSA_DER_SEQUENCE, &qualifier) ||
		    !ssa_der_oid(&qualifier, &oid) ||
		    !ssa_der_any(&qualifier, &tag, &value) || qualifier.left)
			return false;
		if (critical && !ssa_der_is(&oid, QT_CPS) && !ssa_der_is(&oid, QT_UNOTICE))
			cert->unknown_critical = true;
	}
	return true;
}

/* CertificatePolicies ::= SEQUENCE SIZE (1..MAX) OF { policyIdentifier, policyQualifiers } */
static bool parse_policies(struct ssa_x509 *cert, bool critical, const struct ssa_der *value)
{
	struct ssa_der list, info, oid;

	if (!ssa_der_only(value, SSA_DER_SEQUENCE, &list) || !list.left)
		return false;
	cert->policies = list;
	while (list.left) {
		if (!ssa_der_get(&list, SSA_DER_SEQUENCE, &info) || !ssa_der_oid(&info, &oid) ||
		    !parse_qualifiers(cert, critical, &info))
			return false;
	}
	return true;
}

/* PolicyMappings ::= SEQUENCE SIZE (1..MAX) OF { issuerDomainPolicy, subjectDomainPolicy } */
static bool parse_policy_mappings(struct ssa_x509 *cert, const struct ssa_der *value)
{
	struct ssa_der list, mapping, from, to;

	if (!ssa_der_only(value, SSA_DER_SEQUENCE, &list) || !list.left)
		return false;
	cert->policy_mappings = list;
	while (list.left) {
		if (!ssa_der_get(&list, SSA_DER_SEQUENCE, &mapping) ||
		    !ssa_der_oid(&mapping, &from) || !ssa_der_oid(&mapping, &to) || mapping.left)
			return false;
		/* RFC 5280 6.1.4 (a) */
		if (ssa_der_is(&from, SSA_ANY_POLICY) || ssa_der_is(&to, SSA_ANY_POLICY))
			return false;
	}
	return true;
}

/* SkipCerts ::= INTEGER (0..MAX); no path is so long that a larger one differs */
static bool read_skip_certs(const struct ssa_der *n, u32 *skip)
{
	size_t i;

	if (!n->left || n->p[0] & 0x80 || (n->left > 1 && !n->p[0] && !(n->p[1] & 0x80)))
		return false;
	*skip = 0;
	for (i = 0; i < n->left; i++)
		*skip = n->left > 3 ? SSA_SKIP_CERTS_MAX : *skip << 8 | n->p[i];
	return true;
}

/* PolicyConstraints ::= SEQUENCE { requireExplicitPolicy [0], inhibitPolicyMapping [1] } */
static bool parse_policy_constraints(struct ssa_x509 *cert, const struct ssa_der *value)
{
	struct ssa_der pc, n;

	/* RFC 5280 4.2.1.11: not empty */
	if (!ssa_der_only(value, SSA_DER_SEQUENCE, &pc) || !pc.left)
		return false;
	if (ssa_der_next_is(&pc, SSA_DER_PRIMITIVE(0)) &&
	    (!ssa_der_get(&pc, SSA_DER_PRIMITIVE(0), &n) ||
	     !read_skip_certs(&n, &cert->require_explicit_policy)))
		return false;
	if (ssa_der_next_is(&pc, SSA_DER_PRIMITIVE(1)) &&
	    (!ssa_der_get(&pc, SSA_DER_PRIMITIVE(1), &n) ||
	     !read_skip_certs(&n, &cert->inhibit_policy_mapping)))
		return false;
	return !pc.left;
}

static bool parse_inhibit_any_policy(struct ssa_x509 *cert, const struct ssa_der *value)
{
	struct ssa_der n;

	return ssa_der_only(value, SSA_DER_INTEGER, &n) &&
	       read_skip_certs(&n, &cert->inhibit_any_policy);
}

/* The identifiers of keys help to find issuers, and no more: what is malformed helps not. */
static void read_key_ids(struct ssa_x509 *cert, const struct ssa_der *oid,
			 const struct ssa_der *value)
{
	struct ssa_der aki, id;

	if (ssa_der_is(oid, SUBJECT_KEY_ID) && ssa_der_only(value, SSA_DER_OCTET_STRING, &id))
		cert->subject_key_id = id;
	if (ssa_der_is(oid, AUTHORITY_KEY_ID) && ssa_der_only(value, SSA_DER_SEQUENCE, &aki) &&
	    ssa_der_get(&aki, SSA_DER_PRIMITIVE(0), &id))
		cert->authority_key_id = id;
}

static bool parse_extension(struct ssa_x509 *cert, const struct ssa_der *oid, bool critical,
			    const struct ssa_der *value)
{
	if (ssa_der_is(oid, SUBJECT_ALT_NAME))
		return parse_subject_alt_name(cert, value);
	if (ssa_der_is(oid, BASIC_CONSTRAINTS))
		return parse_basic_constraints(cert, value);
	if (ssa_der_is(oid, KEY_USAGE))
		return parse_key_usage(cert, value);
	if (ssa_der_is(oid, EXT_KEY_USAGE))
		return parse_ext_key_usage(cert, value);
	if (ssa_der_is(oid, NAME_CONSTRAINTS)) {
		cert->has_name_constraints = true;
		return ssa_der_only(value, SSA_DER_SEQUENCE, &cert->name_constraints);
	}
	if (ssa_der_is(oid, CERTIFICATE_POLICIES))
		return parse_policies(cert, critical, value);
	if (ssa_der_is(oid, POLICY_MAPPINGS))
		return parse_policy_mappings(cert, value);
	if (ssa_der_is(oid, POLICY_CONSTRAINTS))
		return parse_policy_constraints(cert, value);
	if (ssa_der_is(oid, INHIBIT_ANY_POLICY))
		return parse_inhibit_any_policy(cert, value);
	read_key_ids(cert, oid, value);
	if (critical)
		cert->unknown_critical = true;
	return true;
}

/* Extension ::= SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING } */
static bool next_extension(struct ssa_der *list, struct ssa_der *oid, bool *critical,
			   struct ssa_der *value)
{
	struct ssa_der ext;

	*critical = false;
	if (!ssa_der_get(list, SSA_DER_SEQUENCE, &ext) ||
	    !ssa_der_oid(&ext, oid))
		return false;
	if (ssa_der_next_is(&ext, SSA_DER_BOOLEAN) && !ssa_der_boolean(&ext, critical))
		return false;
	return ssa_der_get(&ext, SSA_DER_OCTET_STRING, value) && !ext.left;
}

/* RFC 5280 4.2: not more than one instance of an extension */
static bool seen_before(struct ssa_der list, u32 count, const struct ssa_der *oid)
{
	struct ssa_der other, value;
	bool critical;

	while (count--) {
		if (!next_extension(&list, &other, &critical, &value))
			return false;
		if (ssa_der_equal(&other, oid))
			return true;
	}
	return false;
}

static bool parse_extensions(struct ssa_x509 *cert, const struct ssa_der *explicit)
{
	struct ssa_der all, list, oid, value;
	bool critical;
	u32 count;

	if (!ssa_der_only(explicit, SSA_DER_SEQUENCE, &all) || !all.left)
		return false;
	list = all;
	for (count = 0; list.left; count++) {
		if (count == SSA_X509_EXTENSIONS_MAX ||
		    !next_extension(&list, &oid, &critical, &value) ||
		    seen_before(all, count, &oid) ||
		    !parse_extension(cert, &oid, critical, &value))
			return false;
	}
	return true;
}

/* version [0] EXPLICIT INTEGER DEFAULT v1: an encoded default is not DER */
static bool parse_version(struct ssa_x509 *cert, struct ssa_der *tbs)
{
	struct ssa_der explicit;
	u32 version;

	cert->version = 1;
	if (!ssa_der_next_is(tbs, SSA_DER_CONSTRUCTED(0)))
		return true;
	if (!ssa_der_get(tbs, SSA_DER_CONSTRUCTED(0), &explicit) ||
	    !ssa_der_small(&explicit, &version) || explicit.left ||
	    version < 1 || version > 2)
		return false;
	cert->version = version + 1;
	return true;
}

static bool parse_validity(struct ssa_x509 *cert, struct ssa_der *tbs)
{
	struct ssa_der validity;

	return ssa_der_get(tbs, SSA_DER_SEQUENCE, &validity) &&
	       ssa_der_time(&validity, &cert->not_before) &&
	       ssa_der_time(&validity, &cert->not_after) && !validity.left;
}

/* issuerUniqueID [1], subjectUniqueID [2]: IMPLICIT BIT STRING, from version 2 on */
static bool skip_unique_id(const struct ssa_x509 *cert, struct ssa_der *tbs, u8 tag)
{
	struct ssa_der id;

	if (!ssa_der_next_is(tbs, tag))
		return true;
	return cert->version >= 2 && ssa_der_get(tbs, tag, &id);
}

/* TBSCertificate, in the order of RFC 5280 4.1 */
static bool parse_tbs(struct ssa_x509 *cert)
{
	struct ssa_der tbs, serial, sigalg, extensions;

	if (!ssa_der_only(&cert->tbs, SSA_DER_SEQUENCE, &tbs) ||
	    !parse_version(cert, &tbs) ||
	    !ssa_der_integer(&tbs, &serial) ||
	    !ssa_der_get(&tbs, SSA_DER_SEQUENCE, &sigalg) ||
	    !ssa_der_get_whole(&tbs, SSA_DER_SEQUENCE, &cert->issuer) ||
	    !parse_validity(cert, &tbs) ||
	    !ssa_der_get_whole(&tbs, SSA_DER_SEQUENCE, &cert->subject) ||
	    !ssa_der_get_whole(&tbs, SSA_DER_SEQUENCE, &cert->spki) ||
	    !skip_unique_id(cert, &tbs, SSA_DER_PRIMITIVE(1)) ||
	    !skip_unique_id(cert, &tbs, SSA_DER_PRIMITIVE(2)))
		return false;

	/* 4.1.1.2: the algorithm inside is that outside, or it is not authenticated */
	if (!ssa_der_equal(&sigalg, &cert->sigalg))
		return false;

	if (tbs.left) {
		if (cert->version != 3 ||
		    !ssa_der_get(&tbs, SSA_DER_CONSTRUCTED(3), &extensions) ||
		    !parse_extensions(cert, &extensions))
			return false;
	}
	return !tbs.left;
}

/**
 * ssa_x509_parse - take a certificate apart
 * @cert: its parts; they point into @der
 * @der: the certificate
 * @len: bytes of @der
 *
 * Context: Any.
 * Return: SSA_R_NONE, or SSA_R_CERT_MALFORMED.
 */
enum ssa_reason ssa_x509_parse(struct ssa_x509 *cert, const u8 *der, size_t len)
{
	struct ssa_der outer;

	memset(cert, 0, sizeof(*cert));
	cert->path_len = -1;
	cert->require_explicit_policy = SSA_SKIP_CERTS_MAX;
	cert->inhibit_policy_mapping = SSA_SKIP_CERTS_MAX;
	cert->inhibit_any_policy = SSA_SKIP_CERTS_MAX;
	cert->der = ssa_der(der, len);
	if (len > SSA_CERT_MAX ||
	    !ssa_der_only(&cert->der, SSA_DER_SEQUENCE, &outer) ||
	    !ssa_der_get_whole(&outer, SSA_DER_SEQUENCE, &cert->tbs) ||
	    !ssa_der_get(&outer, SSA_DER_SEQUENCE, &cert->sigalg) ||
	    !ssa_der_octets(&outer, &cert->signature) || outer.left ||
	    !parse_tbs(cert))
		return SSA_R_CERT_MALFORMED;
	return SSA_R_NONE;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_x509_parse);
