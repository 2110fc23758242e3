// SPDX-License-Identifier: GPL-2.0
/*
 * Signatures on certificates that carry RSASSA-PSS-params (RFC 4055 3). Other
 * than in TLS the salt may have any length.
 */
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/string.h>
#include <linux/types.h>

#include "internal.h"

/* RFC 8446 4.2.3: what a key is bound to is what its signatures say */
static bool ssa_pss_allowed(const struct ssa_public_key *key, const struct ssa_pss_params *params)
{
	if (key->type != SSA_KEY_RSA && key->type != SSA_KEY_RSA_PSS)
		return false;
	return !key->pss_bound || (key->pss.hash == params->hash &&
				   key->pss.salt_len == params->salt_len);
}

/**
 * ssa_verify_pss() - verify an RSASSA-PSS signature with parameters of its own
 * @key: the signer's public key
 * @params: what the signature says of itself
 * @msg: the message
 * @len: bytes of @msg
 * @sig: the signature
 * @sig_len: bytes of @sig
 *
 * Context: Process; 4 KB of stack.
 * Return: 0 if the signature is good; -EKEYREJECTED if it is not; -EINVAL if
 * the key is no RSA key, or bound to other parameters, or malformed or of a
 * size that is not supported.
 */
int ssa_verify_pss(const struct ssa_public_key *key, const struct ssa_pss_params *params,
		   const void *msg, size_t len, const u8 *sig, size_t sig_len)
{
	u8 digest[SSA_HASH_MAX], em[SSA_RSA_MAX_BYTES];
	unsigned int em_bits;
	size_t lead;

	if (params->hash >= SSA_HASH_COUNT || !ssa_pss_allowed(key, params) || ssa_rsa_check(key))
		return -EINVAL;
	if (sig_len != key->n_len)
		return -EKEYREJECTED;

	memcpy(em, sig, sig_len);
	if (ssa_rsa_public(key, em))
		return -EKEYREJECTED;
	em_bits = ssa_rsa_bits(key) - 1;
	lead = sig_len - ssa_pss_em_len(em_bits);
	if (lead && em[0])
		return -EKEYREJECTED;
	ssa_hash_digest(params->hash, msg, len, digest);
	return ssa_pss_verify_salt(params->hash, params->salt_len, digest, em + lead, em_bits);
}
EXPORT_SYMBOL_GPL(ssa_verify_pss);
