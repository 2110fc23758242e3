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
 */
#include <linux/array_size.h>
#include <linux/string.h>
#include "x509.h"

/* Headers of DER: of a length that a certificate can have */
#define HEADER_MAX	4

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

static bool is_listed(const struct ssa_x509 *cert, const struct ssa_blocklist *list)
{
	u8 hash[SSA_BLOCKLIST_HASH_LEN];

	ssa_hash_digest(SSA_SHA256, cert->der.p, cert->der.left, hash);
	if (ssa_blocklist_has(list, hash))
		return true;
	ssa_hash_digest(SSA_SHA256, cert->spki.p, cert->spki.left, hash);
	return ssa_blocklist_has(list, hash) || twin_is_listed(cert, list);
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
