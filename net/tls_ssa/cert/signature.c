// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signatures on certificates (RFC 5280 4.1.1.2, RFC 4055 5, RFC 5758 3.2).
 */
#include <linux/array_size.h>
#include <linux/string.h>
#include <crypto/bearssl.h>
#include "x509.h"

#define PKCS1		"\x2a\x86\x48\x86\xf7\x0d\x01\x01"	/* 1.2.840.113549.1.1 */
#define ECDSA_SHA2	"\x2a\x86\x48\xce\x3d\x04\x03"		/* 1.2.840.10045.4.3 */
#define ECDSA_SHA1	"\x2a\x86\x48\xce\x3d\x04\x01"
#define ECDSA_SHA224	ECDSA_SHA2 "\x01"

/**
 * struct sigalg - a signature algorithm that we verify
 * @oid: bytes of the OBJECT IDENTIFIER
 * @oid_len: how many
 * @hash: of the to-be-signed part
 * @rsa: PKCS #1 v1.5, else ECDSA
 * @scheme: its SignatureScheme, for RSA
 */
struct sigalg {
	const char *oid;
	u8 oid_len;
	u8 hash;
	bool rsa;
	u16 scheme;
};

#define SIGALG(oid, hash, rsa, scheme) { oid, sizeof(oid) - 1, hash, rsa, scheme }

static const struct sigalg sigalgs[] = {
	SIGALG(PKCS1 "\x0b", SSA_SHA256, true, SSA_SIG_RSA_PKCS1_SHA256),
	SIGALG(PKCS1 "\x0c", SSA_SHA384, true, SSA_SIG_RSA_PKCS1_SHA384),
	SIGALG(PKCS1 "\x0d", SSA_SHA512, true, SSA_SIG_RSA_PKCS1_SHA512),
	SIGALG(ECDSA_SHA2 "\x02", SSA_SHA256, false, 0),
	SIGALG(ECDSA_SHA2 "\x03", SSA_SHA384, false, 0),
	SIGALG(ECDSA_SHA2 "\x04", SSA_SHA512, false, 0),
};

/* MD2, MD5, SHA-1; SHA-224 is not broken, but 112 bits are not enough any more */
static bool is_weak(const struct ssa_der *oid)
{
	return ssa_der_is(oid, PKCS1 "\x02") || ssa_der_is(oid, PKCS1 "\x04") ||
	       ssa_der_is(oid, PKCS1 "\x05") || ssa_der_is(oid, PKCS1 "\x0e") ||
	       ssa_der_is(oid, ECDSA_SHA1) || ssa_der_is(oid, ECDSA_SHA224);
}

static enum ssa_reason find_sigalg(const struct ssa_x509 *cert, const struct sigalg **found)
{
	struct ssa_der alg = cert->sigalg, oid, null;
	size_t i;

	if (!ssa_der_get(&alg, SSA_DER_OID, &oid))
		return SSA_R_CERT_MALFORMED;
	if (is_weak(&oid))
		return SSA_R_CERT_WEAK_HASH;
	for (i = 0; i < ARRAY_SIZE(sigalgs); i++) {
		const struct sigalg *a = &sigalgs[i];

		if (oid.left != a->oid_len || memcmp(oid.p, a->oid, a->oid_len))
			continue;
		/* NULL with RSA (RFC 4055 5), nothing with ECDSA (RFC 5758 3.2) */
		if (a->rsa ? !ssa_der_only(&alg, SSA_DER_NULL, &null) || null.left : alg.left)
			return SSA_R_CERT_MALFORMED;
		*found = a;
		return SSA_R_NONE;
	}
	return SSA_R_CERT_ALGORITHM;
}

/**
 * ssa_x509_algorithm - is a certificate signed with an algorithm that we verify?
 * @cert: a parsed certificate
 *
 * Context: Any.
 * Return: SSA_R_NONE, SSA_R_CERT_WEAK_HASH, SSA_R_CERT_ALGORITHM (RSA-PSS, EdDSA
 * and others), SSA_R_CERT_MALFORMED.
 */
enum ssa_reason ssa_x509_algorithm(const struct ssa_x509 *cert)
{
	const struct sigalg *alg;

	return find_sigalg(cert, &alg);
}

/*
 * Any hash may come with either curve (authorities sign with SHA-256 by P-384
 * keys), which the SignatureSchemes of TLS 1.3 do not have; so the curve code
 * is called directly.
 */
static bool ecdsa_verify(const struct ssa_x509 *cert, const struct ssa_public_key *key,
			 enum ssa_hash_id hash)
{
	br_ec_public_key pk = {
		.curve = key->type == SSA_KEY_EC_P256 ? BR_EC_secp256r1 : BR_EC_secp384r1,
		.q = (unsigned char *)key->n,
		.qlen = key->n_len,
	};
	struct ssa_der sig, r, s;
	u8 digest[SSA_HASH_MAX];

	/* Ecdsa-Sig-Value, RFC 3279 2.2.3; BearSSL reads BER here, we want DER */
	if (!ssa_der_only(&cert->signature, SSA_DER_SEQUENCE, &sig) ||
	    !ssa_der_positive(&sig, &r) || !ssa_der_positive(&sig, &s) || sig.left)
		return false;

	ssa_hash_digest(hash, cert->tbs.p, cert->tbs.left, digest);
	return ssa_bearssl_ecdsa_vrfy_asn1(ssa_bearssl_ec, digest, ssa_hash_size(hash), &pk,
					   cert->signature.p, cert->signature.left) == 1;
}

/**
 * ssa_x509_signed_by - verify the signature on a certificate
 * @cert: a parsed certificate
 * @key: of its issuer
 *
 * Context: Process context, may sleep; up to 6 KiB of stack.
 * Return: SSA_R_NONE, SSA_R_CERT_SIGNATURE, or the reasons of
 * ssa_x509_algorithm().
 */
enum ssa_reason ssa_x509_signed_by(const struct ssa_x509 *cert, const struct ssa_public_key *key)
{
	const struct sigalg *alg;
	enum ssa_reason reason = find_sigalg(cert, &alg);
	bool ok;

	if (reason)
		return reason;
	if (key->type == SSA_KEY_RSA ? !alg->rsa : alg->rsa)
		return SSA_R_CERT_SIGNATURE;
	if (alg->rsa)
		ok = ssa_verify(key, alg->scheme, cert->tbs.p, cert->tbs.left,
				cert->signature.p, cert->signature.left) == 0;
	else
		ok = ecdsa_verify(cert, key, alg->hash);
	return ok ? SSA_R_NONE : SSA_R_CERT_SIGNATURE;
}
