// SPDX-License-Identifier: GPL-2.0
/*
 * Making signatures: RSASSA-PSS and RSASSA-PKCS1-v1_5 (RFC 8017), ECDSA with the
 * deterministic nonces of RFC 6979, and Ed25519 (RFC 8032).
 */
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

#include "declassify.h"
#include "ed25519.h"
#include "internal.h"

/*
 * One wrong bit in half of a CRT computation tells the factors of the modulus
 * to whoever sees the signature, so none leaves unverified.
 */
static noinline_for_stack int ssa_rsa_verify_result(const struct ssa_public_key *key,
						    const u8 *sig, const u8 *em)
{
	u8 x[SSA_RSA_MAX_BYTES];

	memcpy(x, sig, key->n_len);
	if (ssa_rsa_public(key, x) || memcmp(x, em, key->n_len))
		return -EIO;
	return 0;
}

static int ssa_rsa_encode(const struct ssa_public_key *key,
			  const struct ssa_sig_desc *desc, const u8 *digest,
			  const struct ssa_rng *rng, u8 *em)
{
	unsigned int em_bits = ssa_rsa_bits(key) - 1;
	u8 salt[SSA_HASH_MAX];
	size_t lead;

	if (!desc->pss)
		return ssa_pkcs1_encode(desc->hash, digest, em, key->n_len);

	ssa_rng_fill(rng, salt, ssa_hash_size(desc->hash));
	lead = key->n_len - ssa_pss_em_len(em_bits);
	memset(em, 0, lead);
	return ssa_pss_encode(desc->hash, digest, salt, em + lead, em_bits);
}

static noinline_for_stack int ssa_sign_rsa(const struct ssa_private_key *key,
					   const struct ssa_sig_desc *desc,
					   const u8 *digest, const struct ssa_rng *rng,
					   u8 *sig, size_t *sig_len)
{
	size_t len = key->public.n_len;
	u8 em[SSA_RSA_MAX_BYTES];
	bool ok;
	int err;

	err = ssa_rsa_encode(&key->public, desc, digest, rng, em);
	if (err)
		return err;

	memcpy(sig, em, len);
	err = -EIO;
	/* the result is true for all numbers that ssa_parse_rsa() lets pass */
	ok = ssa_rsa_private(&key->rsa, len, sig);
	ssa_declassify(&ok, sizeof(ok));
	/* the peer gets it; if it is wrong, nobody does */
	ssa_declassify(sig, len);
	if (ok)
		err = ssa_rsa_verify_result(&key->public, sig, em);
	if (err) {
		memzero_explicit(sig, len);
		return err;
	}
	*sig_len = len;
	return 0;
}

/*
 * Not verified: that would take as long again, some milliseconds with P-521. A
 * transient fault in the nonce or in its point tells nothing: the second, good
 * signature of the same message with the same nonce there is not, as what is signed
 * in TLS has random numbers of both sides in it. It is no protection from memory
 * that flips a bit of the key itself: each such signature tells that bit.
 */
static int ssa_sign_ecdsa(const struct ssa_private_key *key,
			  const struct ssa_sig_desc *desc, const u8 *digest,
			  const struct ssa_rng *rng, u8 *sig, size_t *sig_len)
{
	size_t len;

	len = ssa_ecdsa_sign_raw(&key->ec, desc->hash, digest, rng, sig);
	if (!len)
		return -EIO;
	/* the peer gets it; how long its DER is, depends on it */
	ssa_declassify(sig, len);
	*sig_len = br_ecdsa_raw_to_asn1(sig, len);
	return *sig_len ? 0 : -EIO;
}

/* ssa_sign(), which wipes the stack that this and what it calls have used */
static noinline int ssa_sign_message(const struct ssa_private_key *key, u16 scheme,
				     const void *msg, size_t len, const struct ssa_rng *rng,
				     u8 *sig, size_t *sig_len)
{
	const struct ssa_sig_desc *desc = ssa_sig_desc(scheme);
	u8 digest[SSA_HASH_MAX];

	if (key->public.type == SSA_KEY_ED25519) {
		*sig_len = SSA_ED25519_SIG_LEN;
		return ssa_ed25519_sign(key->secret, key->public.n, msg, len, sig);
	}

	ssa_hash_digest(desc->hash, msg, len, digest);
	if (ssa_key_is_rsa(key->public.type))
		return ssa_sign_rsa(key, desc, digest, rng, sig, sig_len);
	return ssa_sign_ecdsa(key, desc, digest, rng, sig, sig_len);
}

/**
 * ssa_sign() - sign a message
 * @key: the private key
 * @scheme: SignatureScheme, RFC 8446 4.2.3
 * @msg: the message
 * @len: bytes of @msg
 * @rng: source of the salt of RSASSA-PSS, and of what is mixed into the nonce of ECDSA; NULL:
 *	nothing is, for tests; the other schemes use none
 * @sig: room for SSA_SIGNATURE_MAX bytes
 * @sig_len: bytes written to @sig
 *
 * Whether TLS 1.3 pairs the curve with the hash is for the caller to ask
 * ssa_sig_scheme_fits().
 *
 * Nothing of the key is left on the stack.
 *
 * Context: Process; 7.5 KB of stack.
 * Return: 0; -EINVAL if the scheme is unknown or does not fit the key
 * even in TLS 1.2; -EIO if the computation went wrong.
 */
int ssa_sign(const struct ssa_private_key *key, u16 scheme,
	     const void *msg, size_t len, const struct ssa_rng *rng,
	     u8 *sig, size_t *sig_len)
{
	int err;

	*sig_len = 0;
	if (!ssa_sig_scheme_fits_tls12(scheme, key->public.type) ||
	    !ssa_public_key_allows(&key->public, scheme))
		return -EINVAL;
	err = ssa_sign_message(key, scheme, msg, len, rng, sig, sig_len);
	ssa_stack_wipe();
	return err;
}
EXPORT_SYMBOL_GPL(ssa_sign);
