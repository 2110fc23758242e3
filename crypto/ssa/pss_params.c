// SPDX-License-Identifier: GPL-2.0-only
/*
 * RSASSA-PSS-params (RFC 4055 3.1), which belong to signatures on certificates
 * and, as a restriction, to keys.
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <crypto/ssa_der.h>

#include "internal.h"

#define MGF1	"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08"	/* 1.2.840.113549.1.1.8 */
#define SHA1	"\x2b\x0e\x03\x02\x1a"			/* 1.3.14.3.2.26 */
#define SHA2	"\x60\x86\x48\x01\x65\x03\x04\x02"	/* 2.16.840.1.101.3.4.2 */

/* AlgorithmIdentifier; RFC 4055 2.1: NULL and nothing mean the same here */
static int parse_hash(struct ssa_der *der, u8 *hash)
{
	struct ssa_der alg, oid, null;

	if (!ssa_der_get(der, SSA_DER_SEQUENCE, &alg) || !ssa_der_get(&alg, SSA_DER_OID, &oid))
		return -EINVAL;
	if (alg.left && (!ssa_der_only(&alg, SSA_DER_NULL, &null) || null.left))
		return -EINVAL;
	if (ssa_der_is(&oid, SHA1) || ssa_der_is(&oid, SHA2 "\x04"))	/* SHA-224 */
		return -EKEYREJECTED;
	if (ssa_der_is(&oid, SHA2 "\x01"))
		*hash = SSA_SHA256;
	else if (ssa_der_is(&oid, SHA2 "\x02"))
		*hash = SSA_SHA384;
	else if (ssa_der_is(&oid, SHA2 "\x03"))
		*hash = SSA_SHA512;
	else
		return -EOPNOTSUPP;
	return 0;
}

/* MaskGenAlgorithm: the parameters of MGF1 are a HashAlgorithm */
static int parse_mgf(struct ssa_der *der, u8 *hash)
{
	struct ssa_der alg, oid;
	int err;

	if (!ssa_der_get(der, SSA_DER_SEQUENCE, &alg) || !ssa_der_get(&alg, SSA_DER_OID, &oid))
		return -EINVAL;
	if (!ssa_der_is(&oid, MGF1))
		return -EOPNOTSUPP;
	err = parse_hash(&alg, hash);
	if (!err && alg.left)
		err = -EINVAL;
	return err;
}

/* @whole is [n] EXPLICIT, if it is there: what is inside */
static int open_field(struct ssa_der *seq, u8 tag, struct ssa_der *value, bool *present)
{
	*present = ssa_der_next_is(seq, tag);
	return *present && !ssa_der_get(seq, tag, value) ? -EINVAL : 0;
}

/*
 * saltLength [2] DEFAULT 20, trailerField [3] DEFAULT 1. A default is not
 * encoded (X.690 11.5), but RFC 4055 3.1 wants the trailer to be taken so.
 */
static int parse_numbers(struct ssa_der *seq, u16 *salt_len)
{
	struct ssa_der field;
	bool present;
	u32 value;

	*salt_len = 20;
	if (open_field(seq, SSA_DER_CONSTRUCTED(2), &field, &present))
		return -EINVAL;
	if (present) {
		if (!ssa_der_small(&field, &value) || field.left || value == 20)
			return -EINVAL;
		if (value > SSA_RSA_MAX_BITS / 8)
			return -EOPNOTSUPP;
		*salt_len = value;
	}
	if (open_field(seq, SSA_DER_CONSTRUCTED(3), &field, &present))
		return -EINVAL;
	if (present) {
		if (!ssa_der_small(&field, &value) || field.left)
			return -EINVAL;
		if (value != 1)
			return -EOPNOTSUPP;
	}
	return seq->left ? -EINVAL : 0;
}

/**
 * ssa_pss_params_parse() - read RSASSA-PSS-params
 * @der: the parameters of an AlgorithmIdentifier, and nothing after them
 * @params: the result
 *
 * The defaults of hash and MGF1 are SHA-1, so both have to be there.
 *
 * Context: Any.
 * Return: 0; -EINVAL malformed; -EKEYREJECTED a hash that is too weak (SHA-1,
 * SHA-224); -EOPNOTSUPP another hash or mask generation function, MGF1 with
 * another hash than that of the message, another trailer, or a salt that is
 * longer than any modulus.
 */
int ssa_pss_params_parse(const struct ssa_der *der, struct ssa_pss_params *params)
{
	struct ssa_der seq, field;
	int hash_err = -EKEYREJECTED, mgf_err = -EKEYREJECTED, err;
	u8 mgf_hash = 0;
	bool present;

	params->hash = 0;
	if (!ssa_der_only(der, SSA_DER_SEQUENCE, &seq))
		return -EINVAL;
	if (open_field(&seq, SSA_DER_CONSTRUCTED(0), &field, &present))
		return -EINVAL;
	if (present) {
		hash_err = parse_hash(&field, &params->hash);
		if (field.left)
			return -EINVAL;
	}
	if (open_field(&seq, SSA_DER_CONSTRUCTED(1), &field, &present))
		return -EINVAL;
	if (present) {
		mgf_err = parse_mgf(&field, &mgf_hash);
		if (field.left)
			return -EINVAL;
	}
	err = parse_numbers(&seq, &params->salt_len);

	/* what is malformed first, whatever the algorithms; then weak, then unknown */
	if (err == -EINVAL || hash_err == -EINVAL || mgf_err == -EINVAL)
		return -EINVAL;
	if (hash_err)
		return hash_err;
	if (mgf_err)
		return mgf_err;
	if (mgf_hash != params->hash)
		return -EOPNOTSUPP;
	return err;
}
EXPORT_SYMBOL_GPL(ssa_pss_params_parse);

/**
 * ssa_pss_params_allowed() - may a key make a signature with these parameters?
 * @key: an RSA key
 * @params: parameters of the signature
 *
 * RFC 4055 3.3: the hash, and that of MGF1 with it, is that of the key; its length of
 * the salt is the least.
 *
 * Context: Any.
 * Return: false if the key is bound to others.
 */
bool ssa_pss_params_allowed(const struct ssa_public_key *key,
			    const struct ssa_pss_params *params)
{
	return !key->pss_bound || (key->pss.hash == params->hash &&
				   key->pss.salt_len <= params->salt_len);
}

/**
 * ssa_public_key_allows() - do the parameters of a key allow this scheme?
 * @key: the key
 * @scheme: SignatureScheme, RFC 8446 4.2.3
 *
 * RFC 8446 4.2.3 is stricter than RFC 4055: the parameters of a signature in the
 * handshake, whose salt is as long as the hash, are those of the key. Whether the scheme
 * fits the type of the key is not looked at, see ssa_sig_scheme_fits().
 *
 * Context: Any.
 * Return: true if they do, or the key has none; false for unknown schemes.
 */
bool ssa_public_key_allows(const struct ssa_public_key *key, u16 scheme)
{
	const struct ssa_sig_desc *desc = ssa_sig_desc(scheme);
	struct ssa_pss_params params;

	if (!desc)
		return false;
	params = (struct ssa_pss_params) {
		.hash = desc->hash,
		.salt_len = ssa_hash_size(desc->hash),
	};
	return ssa_pss_params_allowed(key, &params) &&
	       (!key->pss_bound || key->pss.salt_len == params.salt_len);
}
EXPORT_SYMBOL_GPL(ssa_public_key_allows);
