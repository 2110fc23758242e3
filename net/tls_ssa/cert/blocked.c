// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is this certificate blocked? The administrator's list has SHA-256 sums of
 * certificates and of keys; the system may know the hash of what is signed of it
 * (TBSCertificate), as the kernel's blacklist keyring does.
 *
 * The sum of a certificate is over its signature, too, which is not signed. One by RSA
 * or Ed25519 has one form only. That of ECDSA has two, and anybody can make the other
 * out of one: so both are looked up. The rest of what is not signed, the outer
 * headers and the repeated algorithm, is fixed by DER and by x509.c.
 *
 * One key has several SubjectPublicKeyInfos, too: of RSA the algorithm says what it may
 * be used for (RFC 4055 1.2), and a point of a curve can be compressed (RFC 5480 2.2).
 * Whoever has stolen a key chooses the form in which it is certified again, so a key is
 * blocked in each form of it if one of them is listed: that is what openssl pkey -pubin
 * writes, or what the certificate has.
 */
#include <linux/array_size.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "x509.h"

/* Headers of DER: of a length that a certificate can have */
#define HEADER_MAX	4
/* An uncompressed point of P-521 */
#define POINT_MAX	133

static size_t put_header(u8 out[HEADER_MAX], u8 tag, size_t len)
{
	u8 n = 0;

	out[n++] = tag;
	if (len > 0xff)
		out[n++] = 0x82;
	else if (len > 0x7f)
		out[n++] = 0x81;
	if (len > 0xff)
		out[n++] = len >> 8;
	out[n++] = len;
	return n;
}

/* SHA-256 of the certificate, if its signature were @sig */
static void hash_with_signature(const struct ssa_x509 *cert, const u8 *sig, size_t len, u8 *out)
{
	/* TBSCertificate and signatureAlgorithm */
	size_t before = cert->sigalg.p + cert->sigalg.left - cert->tbs.p;
	u8 outer[HEADER_MAX], bits[HEADER_MAX + 1];
	size_t outer_len, bits_len;
	struct ssa_hash hash;

	bits_len = put_header(bits, SSA_DER_BIT_STRING, len + 1);
	bits[bits_len++] = 0;	/* no bits are unused */
	outer_len = put_header(outer, SSA_DER_SEQUENCE, before + bits_len + len);
	ssa_hash_init(&hash, SSA_SHA256);
	ssa_hash_update(&hash, outer, outer_len);
	ssa_hash_update(&hash, cert->tbs.p, before);
	ssa_hash_update(&hash, bits, bits_len);
	ssa_hash_update(&hash, sig, len);
	ssa_hash_final(&hash, out);
}

/* Its twin by the other signature; whose key has signed it, need not be known */
static noinline_for_stack bool twin_is_listed(const struct ssa_x509 *cert,
					      const struct ssa_blocklist *list)
{
	static const enum ssa_key_type curves[] = {
		SSA_KEY_EC_P256, SSA_KEY_EC_P384, SSA_KEY_EC_P521,
	};
	u8 twin[SSA_SIGNATURE_MAX], hash[SSA_BLOCKLIST_HASH_LEN];
	size_t len, i;

	for (i = 0; i < ARRAY_SIZE(curves); i++) {
		len = ssa_ecdsa_twin(curves[i], cert->signature.p, cert->signature.left, twin);
		if (!len)
			continue;
		hash_with_signature(cert, twin, len, hash);
		if (ssa_blocklist_has(list, hash))
			return true;
	}
	return false;
}

#define PKCS1		"\x2a\x86\x48\x86\xf7\x0d\x01\x01"	/* 1.2.840.113549.1.1 */
#define RSA_ENCRYPTION	"\x30\x0d\x06\x09" PKCS1 "\x01\x05\x00"
#define PSS_FREE	"\x30\x0b\x06\x09" PKCS1 "\x0a"
/* RSASSA-PSS-params of a hash (2.16.840.1.101.3.4.2.n), MGF1 with it, and a salt as long */
#define SHA2(n)		"\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02" n "\x05\x00"
#define PSS_BOUND	"\x30\x41\x06\x09" PKCS1 "\x0a\x30\x34\xa0\x0f"
#define MGF1		"\xa1\x1c\x30\x1a\x06\x09" PKCS1 "\x08"
#define SALT		"\xa2\x03\x02\x01"

#define FORM(bytes)	{ bytes, sizeof(bytes) - 1 }

/* AlgorithmIdentifiers under which the same RSAPublicKey is certified (RFC 4055 1.2 and 3.1) */
static const struct {
	const char *bytes;
	u8 len;
} rsa_forms[] = {
	FORM(RSA_ENCRYPTION),
	FORM(PSS_FREE),
	FORM(PSS_BOUND SHA2("\x01") MGF1 SHA2("\x01") SALT "\x20"),
	FORM(PSS_BOUND SHA2("\x02") MGF1 SHA2("\x02") SALT "\x30"),
	FORM(PSS_BOUND SHA2("\x03") MGF1 SHA2("\x03") SALT "\x40"),
};

/* Is the SubjectPublicKeyInfo listed that has these two parts? */
static bool spki_is_listed(const void *alg, size_t alg_len, const u8 *bits, size_t bits_len,
			   const struct ssa_blocklist *list)
{
	u8 outer[HEADER_MAX], hash[SSA_BLOCKLIST_HASH_LEN];
	struct ssa_hash sha256;

	ssa_hash_init(&sha256, SSA_SHA256);
	ssa_hash_update(&sha256, outer, put_header(outer, SSA_DER_SEQUENCE, alg_len + bits_len));
	ssa_hash_update(&sha256, alg, alg_len);
	ssa_hash_update(&sha256, bits, bits_len);
	ssa_hash_final(&sha256, hash);
	return ssa_blocklist_has(list, hash);
}

/* @alg: AlgorithmIdentifier; @bits: BIT STRING of an uncompressed point; both with headers */
static bool compressed_is_listed(const struct ssa_der *alg, const struct ssa_der *bits,
				 const struct ssa_blocklist *list)
{
	u8 compressed[HEADER_MAX + 2 + POINT_MAX / 2];
	struct ssa_der rest = *bits, point;
	size_t half, n;

	if (!ssa_der_octets(&rest, &point) || !(point.left & 1) || point.left > POINT_MAX)
		return false;
	half = point.left / 2;
	n = put_header(compressed, SSA_DER_BIT_STRING, 1 + 1 + half);
	compressed[n++] = 0;	/* no bits are unused */
	compressed[n++] = 2 | (point.p[point.left - 1] & 1);
	memcpy(compressed + n, point.p + 1, half);
	return spki_is_listed(alg->p, alg->left, compressed, n + half, list);
}

/* The key in the other forms that it has */
static bool form_is_listed(const struct ssa_x509 *cert, const struct ssa_blocklist *list)
{
	struct ssa_public_key *key = kmalloc(sizeof(*key), GFP_KERNEL);
	struct ssa_der spki, alg;
	bool listed = !key;	/* who cannot look does not let it pass */
	size_t i;

	/* A key that is not understood is not accepted, whatever the list says. */
	if (!key || ssa_x509_key(cert, key) ||
	    !ssa_der_only(&cert->spki, SSA_DER_SEQUENCE, &spki) ||
	    !ssa_der_get_whole(&spki, SSA_DER_SEQUENCE, &alg))
		goto out;
	switch (key->type) {
	case SSA_KEY_RSA:
	case SSA_KEY_RSA_PSS:
		for (i = 0; i < ARRAY_SIZE(rsa_forms) && !listed; i++)
			listed = spki_is_listed(rsa_forms[i].bytes, rsa_forms[i].len, spki.p,
						spki.left, list);
		break;
	case SSA_KEY_EC_P256:
	case SSA_KEY_EC_P384:
	case SSA_KEY_EC_P521:
		listed = compressed_is_listed(&alg, &spki, list);
		break;
	default:	/* Ed25519 has one form */
		break;
	}
out:
	kfree(key);
	return listed;
}

static bool is_listed(const struct ssa_x509 *cert, const struct ssa_blocklist *list)
{
	u8 hash[SSA_BLOCKLIST_HASH_LEN];

	ssa_hash_digest(SSA_SHA256, cert->der.p, cert->der.left, hash);
	if (ssa_blocklist_has(list, hash))
		return true;
	ssa_hash_digest(SSA_SHA256, cert->spki.p, cert->spki.left, hash);
	return ssa_blocklist_has(list, hash) || form_is_listed(cert, list) ||
	       twin_is_listed(cert, list);
}

/* By the hash function of the signature, as the kernel hashes it, and by SHA-256 */
static bool is_revoked(const struct ssa_x509 *cert,
		       bool (*ask)(const u8 *tbs_hash, size_t len))
{
	enum ssa_hash_id id;
	u8 hash[SSA_HASH_MAX];

	ssa_hash_digest(SSA_SHA256, cert->tbs.p, cert->tbs.left, hash);
	if (ask(hash, ssa_hash_size(SSA_SHA256)))
		return true;
	if (!ssa_x509_hash(cert, &id) || id == SSA_SHA256)
		return false;
	ssa_hash_digest(id, cert->tbs.p, cert->tbs.left, hash);
	return ask(hash, ssa_hash_size(id));
}

/**
 * ssa_x509_is_blocked - has the administrator or the system blocked a certificate?
 * @cert: a parsed certificate
 * @params: with @blocked and @is_revoked
 *
 * Context: Process context, may sleep.
 * Return: true if so.
 */
bool ssa_x509_is_blocked(const struct ssa_x509 *cert, const struct ssa_verify_params *params)
{
	return (ssa_blocklist_count(params->blocked) && is_listed(cert, params->blocked)) ||
	       (params->is_revoked && is_revoked(cert, params->is_revoked));
}
