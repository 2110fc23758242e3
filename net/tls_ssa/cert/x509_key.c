// SPDX-License-Identifier: GPL-2.0-only
/*
 * subjectPublicKeyInfo (RFC 5280 4.1.2.7, RFC 3279 2.3, RFC 4055 1.2, RFC 5480 2,
 * RFC 8410 4).
 */
#include <kunit/visibility.h>
#include <linux/export.h>
#include "x509.h"

#define RSA_ENCRYPTION		"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"
#define ID_RSASSA_PSS		"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"
#define EC_PUBLIC_KEY		"\x2a\x86\x48\xce\x3d\x02\x01"
#define SECP256R1		"\x2a\x86\x48\xce\x3d\x03\x01\x07"
#define SECP384R1		"\x2b\x81\x04\x00\x22"
#define SECP521R1		"\x2b\x81\x04\x00\x23"
#define ID_ED25519		"\x2b\x65\x70"

#define POINT_UNCOMPRESSED	0x04
#define ED25519_LEN		32

/* RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } */
static enum ssa_reason rsa_key(const struct ssa_der *bits, struct ssa_public_key *key)
{
	struct ssa_der rsa, n, e;

	if (!ssa_der_only(bits, SSA_DER_SEQUENCE, &rsa) ||
	    !ssa_der_positive(&rsa, &n) || !ssa_der_positive(&rsa, &e) || rsa.left)
		return SSA_R_CERT_MALFORMED;
	/* Montgomery multiplication needs an odd modulus; an even one is no RSA key */
	if (!(n.p[n.left - 1] & 1) || !(e.p[e.left - 1] & 1))
		return SSA_R_CERT_MALFORMED;
	/* a modulus of exactly the minimum has its highest bit set */
	if (n.left < SSA_RSA_MIN_BITS / 8 ||
	    (n.left == SSA_RSA_MIN_BITS / 8 && !(n.p[0] & 0x80)) ||
	    (e.left == 1 && e.p[0] == 1))
		return SSA_R_CERT_WEAK_KEY;
	if (n.left > sizeof(key->n) || e.left > sizeof(key->e))
		return SSA_R_CERT_ALGORITHM;

	key->n_len = n.left;
	memcpy(key->n, n.p, n.left);
	key->e_len = e.left;
	memcpy(key->e, e.p, e.left);
	return SSA_R_NONE;
}

/* RFC 3279 2.3.1: parameters are NULL */
static enum ssa_reason rsa_any_key(const struct ssa_der *params, const struct ssa_der *bits,
				   struct ssa_public_key *key)
{
	struct ssa_der null;

	if (!ssa_der_only(params, SSA_DER_NULL, &null) || null.left)
		return SSA_R_CERT_MALFORMED;
	key->type = SSA_KEY_RSA;
	return rsa_key(bits, key);
}

/* RFC 4055 1.2 and 3.1: parameters bind the key to them, or there are none */
static enum ssa_reason rsa_pss_key(const struct ssa_der *params, const struct ssa_der *bits,
				   struct ssa_public_key *key)
{
	enum ssa_reason reason;

	if (params->left) {
		reason = ssa_x509_pss_reason(ssa_pss_params_parse(params, &key->pss));
		if (reason)
			return reason;
		key->pss_bound = true;
	}
	key->type = SSA_KEY_RSA_PSS;
	return rsa_key(bits, key);
}

/* RFC 5480 2.1.1: parameters are the OID of a named curve */
static enum ssa_reason ec_key(const struct ssa_der *params, const struct ssa_der *point,
			      struct ssa_public_key *key)
{
	struct ssa_der curve;
	size_t len;

	if (!ssa_der_only(params, SSA_DER_OID, &curve))
		return SSA_R_CERT_ALGORITHM;
	if (ssa_der_is(&curve, SECP256R1)) {
		key->type = SSA_KEY_EC_P256;
		len = 65;
	} else if (ssa_der_is(&curve, SECP384R1)) {
		key->type = SSA_KEY_EC_P384;
		len = 97;
	} else if (ssa_der_is(&curve, SECP521R1)) {
		key->type = SSA_KEY_EC_P521;
		len = 133;
	} else {
		return SSA_R_CERT_ALGORITHM;
	}
	if (!point->left)
		return SSA_R_CERT_MALFORMED;
	if (point->p[0] != POINT_UNCOMPRESSED)
		return SSA_R_CERT_ALGORITHM;
	if (point->left != len)
		return SSA_R_CERT_MALFORMED;

	key->n_len = len;
	memcpy(key->n, point->p, len);
	return SSA_R_NONE;
}

/* RFC 8410 3 and 4: no parameters, and the key itself */
static enum ssa_reason ed25519_key(const struct ssa_der *params, const struct ssa_der *bits,
				   struct ssa_public_key *key)
{
	if (params->left || bits->left != ED25519_LEN)
		return SSA_R_CERT_MALFORMED;
	key->type = SSA_KEY_ED25519;
	key->n_len = ED25519_LEN;
	memcpy(key->n, bits->p, ED25519_LEN);
	return SSA_R_NONE;
}

/**
 * ssa_x509_key - the public key of a certificate
 * @cert: a parsed certificate
 * @key: the key
 *
 * Whether a point is on its curve is found out where it is used.
 *
 * Context: Any.
 * Return: SSA_R_NONE, SSA_R_CERT_MALFORMED, SSA_R_CERT_ALGORITHM (type, curve,
 * point format, parameters or size not supported), SSA_R_CERT_WEAK_KEY,
 * SSA_R_CERT_WEAK_HASH (a key that is bound to one).
 */
enum ssa_reason ssa_x509_key(const struct ssa_x509 *cert, struct ssa_public_key *key)
{
	struct ssa_der spki, alg, oid, bits;

	memset(key, 0, sizeof(*key));
	if (!ssa_der_only(&cert->spki, SSA_DER_SEQUENCE, &spki) ||
	    !ssa_der_get(&spki, SSA_DER_SEQUENCE, &alg) ||
	    !ssa_der_oid(&alg, &oid) ||
	    !ssa_der_octets(&spki, &bits) || spki.left)
		return SSA_R_CERT_MALFORMED;

	if (ssa_der_is(&oid, RSA_ENCRYPTION))
		return rsa_any_key(&alg, &bits, key);
	if (ssa_der_is(&oid, ID_RSASSA_PSS))
		return rsa_pss_key(&alg, &bits, key);
	if (ssa_der_is(&oid, EC_PUBLIC_KEY))
		return ec_key(&alg, &bits, key);
	if (ssa_der_is(&oid, ID_ED25519))
		return ed25519_key(&alg, &bits, key);
	return SSA_R_CERT_ALGORITHM;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_x509_key);
