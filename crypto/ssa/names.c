// SPDX-License-Identifier: GPL-2.0
/*
 * Names and properties of the signature schemes and groups of RFC 8446.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/types.h>

#include "internal.h"

static const struct ssa_sig_desc ssa_sig_descs[] = {
	{ SSA_SIG_ECDSA_SECP256R1_SHA256, SSA_SHA256, SSA_KEY_EC_P256, false,
	  "ecdsa_secp256r1_sha256" },
	{ SSA_SIG_ECDSA_SECP384R1_SHA384, SSA_SHA384, SSA_KEY_EC_P384, false,
	  "ecdsa_secp384r1_sha384" },
	{ SSA_SIG_ECDSA_SECP521R1_SHA512, SSA_SHA512, SSA_KEY_EC_P521, false,
	  "ecdsa_secp521r1_sha512" },
	{ SSA_SIG_ED25519, SSA_SHA512, SSA_KEY_ED25519, false,
	  "ed25519" },
	{ SSA_SIG_RSA_PSS_RSAE_SHA256, SSA_SHA256, SSA_KEY_RSA, true,
	  "rsa_pss_rsae_sha256" },
	{ SSA_SIG_RSA_PSS_RSAE_SHA384, SSA_SHA384, SSA_KEY_RSA, true,
	  "rsa_pss_rsae_sha384" },
	{ SSA_SIG_RSA_PSS_RSAE_SHA512, SSA_SHA512, SSA_KEY_RSA, true,
	  "rsa_pss_rsae_sha512" },
	{ SSA_SIG_RSA_PSS_PSS_SHA256, SSA_SHA256, SSA_KEY_RSA_PSS, true,
	  "rsa_pss_pss_sha256" },
	{ SSA_SIG_RSA_PSS_PSS_SHA384, SSA_SHA384, SSA_KEY_RSA_PSS, true,
	  "rsa_pss_pss_sha384" },
	{ SSA_SIG_RSA_PSS_PSS_SHA512, SSA_SHA512, SSA_KEY_RSA_PSS, true,
	  "rsa_pss_pss_sha512" },
	{ SSA_SIG_RSA_PKCS1_SHA256, SSA_SHA256, SSA_KEY_RSA, false,
	  "rsa_pkcs1_sha256" },
	{ SSA_SIG_RSA_PKCS1_SHA384, SSA_SHA384, SSA_KEY_RSA, false,
	  "rsa_pkcs1_sha384" },
	{ SSA_SIG_RSA_PKCS1_SHA512, SSA_SHA512, SSA_KEY_RSA, false,
	  "rsa_pkcs1_sha512" },
};

/**
 * ssa_sig_desc() - look a signature scheme up
 * @scheme: SignatureScheme, RFC 8446 4.2.3
 *
 * Context: Any.
 * Return: its description, or NULL if it is not supported.
 */
const struct ssa_sig_desc *ssa_sig_desc(u16 scheme)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ssa_sig_descs); i++) {
		if (ssa_sig_descs[i].scheme == scheme)
			return &ssa_sig_descs[i];
	}
	return NULL;
}

/**
 * ssa_sig_scheme_name() - name of a signature scheme
 * @scheme: SignatureScheme, RFC 8446 4.2.3
 *
 * Context: Any.
 * Return: the name in RFC 8446, or NULL if it is not supported.
 */
const char *ssa_sig_scheme_name(u16 scheme)
{
	const struct ssa_sig_desc *desc = ssa_sig_desc(scheme);

	return desc ? desc->name : NULL;
}
EXPORT_SYMBOL_GPL(ssa_sig_scheme_name);

/**
 * ssa_sig_scheme_fits() - may a key of this type make or verify this scheme?
 * @scheme: SignatureScheme, RFC 8446 4.2.3
 * @type: type of the key
 *
 * By the rules of TLS 1.3: a scheme of ECDSA names the curve, too. The size of
 * an RSA key is not looked at.
 *
 * Context: Any.
 * Return: true if so; false also for unknown schemes.
 */
bool ssa_sig_scheme_fits(u16 scheme, enum ssa_key_type type)
{
	const struct ssa_sig_desc *desc = ssa_sig_desc(scheme);

	return desc && desc->key == type;
}
EXPORT_SYMBOL_GPL(ssa_sig_scheme_fits);

/**
 * ssa_sig_scheme_fits_tls12() - may a key of this type do so in TLS 1.2?
 * @scheme: SignatureScheme; in TLS 1.2 the same two bytes are a
 *	SignatureAndHashAlgorithm, RFC 5246 7.4.1.4.1
 * @type: type of the key
 *
 * There a scheme of ECDSA names the hash only: the curve is any of ours.
 *
 * Context: Any.
 * Return: true if so; false also for unknown schemes.
 */
bool ssa_sig_scheme_fits_tls12(u16 scheme, enum ssa_key_type type)
{
	const struct ssa_sig_desc *desc = ssa_sig_desc(scheme);

	if (!desc)
		return false;
	return desc->key == type || (ssa_key_is_ec(desc->key) && ssa_key_is_ec(type));
}
EXPORT_SYMBOL_GPL(ssa_sig_scheme_fits_tls12);

/**
 * ssa_group_name() - name of a key exchange group
 * @group: NamedGroup, RFC 8446 4.2.7
 *
 * Context: Any.
 * Return: the name, or NULL if it is not supported.
 */
const char *ssa_group_name(u16 group)
{
	switch (group) {
	case SSA_GROUP_SECP256R1:
		return "secp256r1";
	case SSA_GROUP_SECP384R1:
		return "secp384r1";
	case SSA_GROUP_X25519:
		return "X25519";
	default:
		return NULL;
	}
}
EXPORT_SYMBOL_GPL(ssa_group_name);
