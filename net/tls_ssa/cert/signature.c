// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signatures on certificates (RFC 5280 4.1.1.2, RFC 4055 3 and 5, RFC 5758 3.2,
 * RFC 8410 6).
 */
#include <kunit/visibility.h>
#include <linux/array_size.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/string.h>
#include "x509.h"

#define PKCS1		"\x2a\x86\x48\x86\xf7\x0d\x01\x01"	/* 1.2.840.113549.1.1 */
#define RSASSA_PSS	PKCS1 "\x0a"
#define ECDSA_SHA2	"\x2a\x86\x48\xce\x3d\x04\x03"		/* 1.2.840.10045.4.3 */
#define ECDSA_SHA1	"\x2a\x86\x48\xce\x3d\x04\x01"
#define ECDSA_SHA224	ECDSA_SHA2 "\x01"
#define ED25519		"\x2b\x65\x70"				/* 1.3.101.112 */

/**
 * struct sigalg - a signature algorithm that we verify
 * @oid: bytes of the OBJECT IDENTIFIER
 * @oid_len: how many
 * @null: its parameters may be NULL; else there are none
 * @scheme: its SignatureScheme
 */
struct sigalg {
	const char *oid;
	u8 oid_len;
	bool null;
	u16 scheme;
};

#define SIGALG(oid, null, scheme) { oid, sizeof(oid) - 1, null, scheme }

/*
 * NULL or nothing with RSA (RFC 4055 5), nothing with Ed25519 (RFC 8410 3). Nothing with
 * ECDSA (RFC 5758 3.2), but Java 11 and older mbed TLS write NULL, which means nothing
 * else, is signed along with the rest, and is let pass by others. Any hash may come with
 * any curve (authorities sign with SHA-256 by P-384 keys), so the schemes of ECDSA are
 * those of TLS 1.2: they name the hash.
 */
static const struct sigalg sigalgs[] = {
	SIGALG(PKCS1 "\x0b", true, SSA_SIG_RSA_PKCS1_SHA256),
	SIGALG(PKCS1 "\x0c", true, SSA_SIG_RSA_PKCS1_SHA384),
	SIGALG(PKCS1 "\x0d", true, SSA_SIG_RSA_PKCS1_SHA512),
	SIGALG(ECDSA_SHA2 "\x02", true, SSA_SIG_ECDSA_SECP256R1_SHA256),
	SIGALG(ECDSA_SHA2 "\x03", true, SSA_SIG_ECDSA_SECP384R1_SHA384),
	SIGALG(ECDSA_SHA2 "\x04", true, SSA_SIG_ECDSA_SECP521R1_SHA512),
	SIGALG(ED25519, false, SSA_SIG_ED25519),
};

static const u16 pss_rsae_schemes[SSA_HASH_COUNT] = {
	[SSA_SHA256] = SSA_SIG_RSA_PSS_RSAE_SHA256,
	[SSA_SHA384] = SSA_SIG_RSA_PSS_RSAE_SHA384,
	[SSA_SHA512] = SSA_SIG_RSA_PSS_RSAE_SHA512,
};

static const u16 pss_pss_schemes[SSA_HASH_COUNT] = {
	[SSA_SHA256] = SSA_SIG_RSA_PSS_PSS_SHA256,
	[SSA_SHA384] = SSA_SIG_RSA_PSS_PSS_SHA384,
	[SSA_SHA512] = SSA_SIG_RSA_PSS_PSS_SHA512,
};

/* MD2, MD5, SHA-1; SHA-224 is not broken, but 112 bits are not enough any more */
static bool is_weak(const struct ssa_der *oid)
{
	return ssa_der_is(oid, PKCS1 "\x02") || ssa_der_is(oid, PKCS1 "\x04") ||
	       ssa_der_is(oid, PKCS1 "\x05") || ssa_der_is(oid, PKCS1 "\x0e") ||
	       ssa_der_is(oid, ECDSA_SHA1) || ssa_der_is(oid, ECDSA_SHA224);
}

/**
 * ssa_x509_pss_reason - what is wrong with RSASSA-PSS-params
 * @err: what ssa_pss_params_parse() said
 *
 * Context: Any.
 * Return: the reason, SSA_R_NONE for 0.
 */
enum ssa_reason ssa_x509_pss_reason(int err)
{
	switch (err) {
	case 0:
		return SSA_R_NONE;
	case -EKEYREJECTED:
		return SSA_R_CERT_WEAK_HASH;
	case -EOPNOTSUPP:
		return SSA_R_CERT_ALGORITHM;
	default:
		return SSA_R_CERT_MALFORMED;
	}
}

/*
 * Either @scheme is set, or it is 0: then it is RSASSA-PSS with @pss, and the type
 * of the issuer's key decides between rsa_pss_rsae_* and rsa_pss_pss_*.
 */
static enum ssa_reason find_sigalg(const struct ssa_x509 *cert, u16 *scheme,
				   struct ssa_pss_params *pss)
{
	struct ssa_der alg = cert->sigalg, oid, null;
	size_t i;

	if (!ssa_der_oid(&alg, &oid))
		return SSA_R_CERT_MALFORMED;
	if (is_weak(&oid))
		return SSA_R_CERT_WEAK_HASH;
	if (ssa_der_is(&oid, RSASSA_PSS)) {
		*scheme = 0;
		return ssa_x509_pss_reason(ssa_pss_params_parse(&alg, pss));
	}
	for (i = 0; i < ARRAY_SIZE(sigalgs); i++) {
		const struct sigalg *a = &sigalgs[i];

		if (!ssa_der_is_bytes(&oid, a->oid, a->oid_len))
			continue;
		if (alg.left &&
		    (!a->null || !ssa_der_only(&alg, SSA_DER_NULL, &null) || null.left))
			return SSA_R_CERT_MALFORMED;
		*scheme = a->scheme;
		return SSA_R_NONE;
	}
	return SSA_R_CERT_ALGORITHM;
}

/**
 * ssa_x509_scheme - with which SignatureScheme is a certificate signed?
 * @cert: a parsed certificate
 * @issuer: type of its issuer's key; 0 if that is not known
 * @scheme: the result, RFC 8446 4.2.3; of RSASSA-PSS rsa_pss_pss_* only if the
 *	    issuer is known to have such a key
 *
 * Context: Any.
 * Return: SSA_R_NONE, or the reasons of ssa_x509_algorithm().
 */
enum ssa_reason ssa_x509_scheme(const struct ssa_x509 *cert, u8 issuer, u16 *scheme)
{
	struct ssa_pss_params pss;
	enum ssa_reason reason = find_sigalg(cert, scheme, &pss);

	if (!reason && !*scheme)
		*scheme = issuer == SSA_KEY_RSA_PSS ? pss_pss_schemes[pss.hash] :
						      pss_rsae_schemes[pss.hash];
	return reason;
}

/**
 * ssa_x509_algorithm - is a certificate signed with an algorithm that we verify?
 * @cert: a parsed certificate
 *
 * Context: Any.
 * Return: SSA_R_NONE, SSA_R_CERT_WEAK_HASH, SSA_R_CERT_ALGORITHM (Ed448, DSA and
 * others), SSA_R_CERT_MALFORMED.
 */
enum ssa_reason ssa_x509_algorithm(const struct ssa_x509 *cert)
{
	struct ssa_pss_params pss;
	u16 scheme;

	return find_sigalg(cert, &scheme, &pss);
}

/**
 * ssa_x509_hash - with which hash function is a certificate signed?
 * @cert: a parsed certificate
 * @hash: the result
 *
 * Context: Any.
 * Return: false if it is none of ours, or the algorithm (Ed25519) has its own way.
 */
bool ssa_x509_hash(const struct ssa_x509 *cert, enum ssa_hash_id *hash)
{
	struct ssa_pss_params pss;
	u16 scheme;

	if (find_sigalg(cert, &scheme, &pss) || scheme == SSA_SIG_ED25519)
		return false;
	switch (scheme) {
	case 0:
		*hash = pss.hash;
		break;
	case SSA_SIG_RSA_PKCS1_SHA256:
	case SSA_SIG_ECDSA_SECP256R1_SHA256:
		*hash = SSA_SHA256;
		break;
	case SSA_SIG_RSA_PKCS1_SHA384:
	case SSA_SIG_ECDSA_SECP384R1_SHA384:
		*hash = SSA_SHA384;
		break;
	default:
		*hash = SSA_SHA512;
		break;
	}
	return true;
}

/**
 * ssa_x509_signed_by - verify the signature on a certificate
 * @cert: a parsed certificate
 * @key: of its issuer
 *
 * A key that cannot make such a signature (another type; id-RSASSA-PSS with
 * PKCS #1 v1.5 or bound to other parameters) has not made this one.
 *
 * Context: Process context, may sleep; up to 6 KiB of stack.
 * Return: SSA_R_NONE, SSA_R_CERT_SIGNATURE, or the reasons of
 * ssa_x509_algorithm().
 */
enum ssa_reason ssa_x509_signed_by(const struct ssa_x509 *cert, const struct ssa_public_key *key)
{
	struct ssa_pss_params pss;
	enum ssa_reason reason;
	u16 scheme;
	int err;

	reason = find_sigalg(cert, &scheme, &pss);
	if (reason)
		return reason;
	if (scheme)
		err = ssa_verify(key, scheme, cert->tbs.p, cert->tbs.left,
				 cert->signature.p, cert->signature.left);
	else
		err = ssa_verify_pss(key, &pss, cert->tbs.p, cert->tbs.left,
				     cert->signature.p, cert->signature.left);
	return err ? SSA_R_CERT_SIGNATURE : SSA_R_NONE;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_x509_signed_by);
