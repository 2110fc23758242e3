/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One certificate (RFC 5280 4), taken apart. Nothing here judges it beyond its
 * form; verify.c does.
 */
#ifndef _TLS_SSA_CERT_X509_H
#define _TLS_SSA_CERT_X509_H

#include <linux/bits.h>
#include <crypto/ssa.h>
#include <crypto/ssa_der.h>
#include "../reason.h"
#include "cert.h"

#define SSA_X509_EXTENSIONS_MAX	64

/* KeyUsage, RFC 5280 4.2.1.3: the first byte of the BIT STRING */
#define SSA_KU_DIGITAL_SIGNATURE	0x80
#define SSA_KU_KEY_CERT_SIGN		0x04

/* ExtKeyUsage, RFC 5280 4.2.1.12 */
#define SSA_EKU_SERVER			BIT(0)
#define SSA_EKU_CLIENT			BIT(1)
#define SSA_EKU_ANY			BIT(2)

/* GeneralName, RFC 5280 4.2.1.6 */
#define SSA_NAME_EMAIL			SSA_DER_PRIMITIVE(1)
#define SSA_NAME_DNS			SSA_DER_PRIMITIVE(2)
#define SSA_NAME_DIRECTORY		SSA_DER_CONSTRUCTED(4)
#define SSA_NAME_URI			SSA_DER_PRIMITIVE(6)
#define SSA_NAME_IP			SSA_DER_PRIMITIVE(7)

#define SSA_ANY_POLICY		"\x55\x1d\x20\x00"	/* RFC 5280 4.2.1.4: 2.5.29.32.0 */
#define SSA_SKIP_CERTS_MAX	U32_MAX

/**
 * struct ssa_x509 - the parts of a certificate, inside its DER
 * @der: all of it
 * @tbs: what is signed, with its header
 * @issuer: Name, with its header
 * @subject: the same
 * @sigalg: signatureAlgorithm, without its header
 * @spki: subjectPublicKeyInfo, with its header
 * @signature: of @tbs
 * @san: subjectAltName: GeneralNames, without the header; empty if absent
 * @name_constraints: NameConstraints, without the header; valid if
 *		      @has_name_constraints
 * @policies: certificatePolicies, without the header; empty if absent
 * @policy_mappings: policyMappings, the same
 * @subject_key_id: subjectKeyIdentifier, or empty
 * @authority_key_id: keyIdentifier of authorityKeyIdentifier, or empty
 * @not_before: seconds since 1970
 * @not_after: seconds since 1970; the last at which it is valid
 * @path_len: pathLenConstraint, or -1
 * @require_explicit_policy: of policyConstraints; SSA_SKIP_CERTS_MAX: no constraint
 * @inhibit_policy_mapping: the same
 * @inhibit_any_policy: inhibitAnyPolicy, the same
 * @version: 1, 2 or 3
 * @key_usage: valid if @has_key_usage
 * @ext_key_usage: SSA_EKU_*, valid if @has_ext_key_usage
 * @has_key_usage: the extension is there
 * @has_ext_key_usage: the extension is there
 * @has_name_constraints: the extension is there
 * @ca: basicConstraints is there and says so
 * @unknown_critical: there is a critical extension that we do not process
 */
struct ssa_x509 {
	struct ssa_der der;
	struct ssa_der tbs;
	struct ssa_der issuer;
	struct ssa_der subject;
	struct ssa_der sigalg;
	struct ssa_der spki;
	struct ssa_der signature;
	struct ssa_der san;
	struct ssa_der name_constraints;
	struct ssa_der policies;
	struct ssa_der policy_mappings;
	struct ssa_der subject_key_id;
	struct ssa_der authority_key_id;
	s64 not_before;
	s64 not_after;
	s64 path_len;
	u32 require_explicit_policy;
	u32 inhibit_policy_mapping;
	u32 inhibit_any_policy;
	u8 version;
	u8 key_usage;
	u8 ext_key_usage;
	bool has_key_usage;
	bool has_ext_key_usage;
	bool has_name_constraints;
	bool ca;
	bool unknown_critical;
};

static inline bool ssa_x509_self_issued(const struct ssa_x509 *cert)
{
	return ssa_der_equal(&cert->issuer, &cert->subject);
}

/*
 * Of a trust anchor: may it certify others? Before version 3 nothing in it says so;
 * a root does it by being there, an end entity that somebody else certified does not.
 */
static inline bool ssa_x509_is_authority(const struct ssa_x509 *anchor)
{
	return anchor->ca || (anchor->version < 3 && ssa_x509_self_issued(anchor));
}

/* x509.c */
enum ssa_reason __must_check ssa_x509_parse(struct ssa_x509 *cert, const u8 *der, size_t len);

/* x509_key.c */
enum ssa_reason __must_check ssa_x509_key(const struct ssa_x509 *cert,
					  struct ssa_public_key *key);

/* signature.c */
enum ssa_reason __must_check ssa_x509_pss_reason(int err);
enum ssa_reason __must_check ssa_x509_scheme(const struct ssa_x509 *cert, u8 issuer, u16 *scheme);
enum ssa_reason __must_check ssa_x509_algorithm(const struct ssa_x509 *cert);
bool ssa_x509_hash(const struct ssa_x509 *cert, enum ssa_hash_id *hash);
enum ssa_reason __must_check ssa_x509_signed_by(const struct ssa_x509 *cert,
						const struct ssa_public_key *key);

/* blocked.c */
bool ssa_x509_is_blocked(const struct ssa_x509 *cert, const struct ssa_verify_params *params);

/* constraints.c */
enum ssa_reason __must_check ssa_x509_constrain(const struct ssa_x509 *authority,
						const struct ssa_x509 *cert);

/* policies.c; @path: the end entity first, @path[@depth] is the anchor */
enum ssa_reason __must_check ssa_x509_policies(const struct ssa_x509 *const *path, u32 depth);

/* store.c; @index below ssa_trust_store_count() */
const struct ssa_x509 *ssa_trust_store_anchor(const struct ssa_trust_store *store, u32 index);

#endif /* _TLS_SSA_CERT_X509_H */
