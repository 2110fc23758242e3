// SPDX-License-Identifier: GPL-2.0
/*
 * Ed25519, RFC 8032 5.1: PureEdDSA, without context.
 *
 * Verification is strict. RFC 8032 5.1.7 leaves open whether the equation is
 * multiplied by the cofactor; here it is not, as in OpenSSL and most others, so
 * that no two implementations on a connection differ about a signature. R is
 * never decoded: the point that the equation gives is encoded and compared,
 * which refuses every R that is not canonical. S must be below L, A canonical
 * and not of small order (with such a key a signature of one message can hold
 * for all of them).
 *
 * A signature is verified before it is given away: that takes as long again, 50
 * microseconds, and then a computation fault cannot tell the key.
 */
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>
#include <crypto/ssa.h>

#include "declassify.h"
#include "ed25519.h"

/**
 * struct ssa_ed25519_secret - what the seed stands for, RFC 8032 5.1.5
 * @scalar: the secret scalar s
 * @prefix: what makes the nonce secret
 */
struct ssa_ed25519_secret {
	struct ssa_sc	scalar;
	u8		prefix[32];
};

static void ssa_ed25519_expand(struct ssa_ed25519_secret *secret,
			       const u8 seed[SSA_ED25519_KEY_LEN])
{
	u8 digest[64];

	ssa_hash_digest(SSA_SHA512, seed, SSA_ED25519_KEY_LEN, digest);
	digest[0] &= 0xf8;
	digest[31] &= 0x7f;
	digest[31] |= 0x40;
	ssa_sc_from_bytes(&secret->scalar, digest);
	memcpy(secret->prefix, digest + 32, sizeof(secret->prefix));
	memzero_explicit(digest, sizeof(digest));
}

/* SHA-512(first || second || message) modulo L; @second may be NULL */
static noinline_for_stack void ssa_ed25519_hash(struct ssa_sc *r, const u8 first[32],
						const u8 *second, const void *msg, size_t len)
{
	struct ssa_hash h;
	u8 digest[64];

	ssa_hash_init(&h, SSA_SHA512);
	ssa_hash_update(&h, first, 32);
	if (second)
		ssa_hash_update(&h, second, SSA_ED25519_KEY_LEN);
	ssa_hash_update(&h, msg, len);
	ssa_hash_final(&h, digest);
	ssa_sc_reduce(r, digest);
	memzero_explicit(digest, sizeof(digest));
}

/* the encoding of a multiple of the base point */
static noinline_for_stack void ssa_ed25519_point(u8 out[32], const struct ssa_sc *s)
{
	struct ssa_ge p;

	ssa_ge_mul_base(&p, s);
	ssa_ge_to_bytes(out, &p);
	memzero_explicit(&p, sizeof(p));
}

/**
 * ssa_ed25519_public() - the public key of a seed, RFC 8032 5.1.5
 * @public_key: the result
 * @seed: the private key
 *
 * Context: Any; 2 KB of stack. Takes the same time for every seed.
 */
void ssa_ed25519_public(u8 public_key[SSA_ED25519_KEY_LEN],
			const u8 seed[SSA_ED25519_KEY_LEN])
{
	static const struct ssa_sc zero;
	struct ssa_ed25519_secret secret;

	ssa_ed25519_expand(&secret, seed);
	/* the same point with the scalar modulo L, which is what fits the digits */
	ssa_sc_muladd(&secret.scalar, &(const struct ssa_sc){ { 1 } }, &secret.scalar, &zero);
	ssa_ed25519_point(public_key, &secret.scalar);
	memzero_explicit(&secret, sizeof(secret));
	/* certificates show it */
	ssa_declassify(public_key, SSA_ED25519_KEY_LEN);
}

/**
 * ssa_ed25519_sign() - sign, RFC 8032 5.1.6
 * @seed: the private key
 * @public_key: the public key that belongs to it
 * @msg: the message, which must not change meanwhile
 * @len: bytes of @msg
 * @sig: the signature
 *
 * Context: Any; 3 KB of stack. Takes the same time for every seed.
 * Return: 0, or -EIO if the signature does not verify: the computation went wrong.
 */
int ssa_ed25519_sign(const u8 seed[SSA_ED25519_KEY_LEN],
		     const u8 public_key[SSA_ED25519_KEY_LEN],
		     const void *msg, size_t len, u8 sig[SSA_ED25519_SIG_LEN])
{
	struct ssa_ed25519_secret secret;
	struct ssa_sc r, k;

	ssa_ed25519_expand(&secret, seed);
	ssa_ed25519_hash(&r, secret.prefix, NULL, msg, len);
	ssa_ed25519_point(sig, &r);
	ssa_ed25519_hash(&k, sig, public_key, msg, len);
	ssa_sc_muladd(&k, &k, &secret.scalar, &r);
	ssa_sc_to_bytes(sig + 32, &k);
	memzero_explicit(&secret, sizeof(secret));
	memzero_explicit(&r, sizeof(r));

	/* it is sent to the peer */
	ssa_declassify(sig, SSA_ED25519_SIG_LEN);
	if (ssa_ed25519_verify(public_key, msg, len, sig, SSA_ED25519_SIG_LEN)) {
		memzero_explicit(sig, SSA_ED25519_SIG_LEN);
		return -EIO;
	}
	return 0;
}

static int ssa_ed25519_decode_key(struct ssa_ge *a, const u8 public_key[SSA_ED25519_KEY_LEN])
{
	if (!ssa_ge_from_bytes(a, public_key) || ssa_ge_is_small_order(a))
		return -EINVAL;
	return 0;
}

/**
 * ssa_ed25519_check_key() - is this a public key?
 * @public_key: the key
 *
 * Context: Any; 2 KB of stack.
 * Return: 0, or -EINVAL: not canonical, no point of the curve, or of small order.
 */
int ssa_ed25519_check_key(const u8 public_key[SSA_ED25519_KEY_LEN])
{
	struct ssa_ge a;

	return ssa_ed25519_decode_key(&a, public_key);
}

/**
 * ssa_ed25519_verify() - verify a signature, RFC 8032 5.1.7
 * @public_key: the signer's key
 * @msg: the message
 * @len: bytes of @msg
 * @sig: the signature
 * @sig_len: bytes of @sig
 *
 * Context: Any; 3 KB of stack.
 * Return: 0 if the signature is good; -EKEYREJECTED if it is not; -EINVAL if
 * the key is none.
 */
int ssa_ed25519_verify(const u8 public_key[SSA_ED25519_KEY_LEN],
		       const void *msg, size_t len, const u8 *sig, size_t sig_len)
{
	struct ssa_ge a, r;
	struct ssa_sc s, k;
	u8 encoded[32];
	int err;

	err = ssa_ed25519_decode_key(&a, public_key);
	if (err)
		return err;
	if (sig_len != SSA_ED25519_SIG_LEN)
		return -EKEYREJECTED;
	ssa_sc_from_bytes(&s, sig + 32);
	if (!ssa_sc_is_reduced(&s))
		return -EKEYREJECTED;

	ssa_ed25519_hash(&k, sig, public_key, msg, len);
	ssa_ge_mul_sub_vartime(&r, &s, &k, &a);
	ssa_ge_to_bytes(encoded, &r);
	return memcmp(encoded, sig, sizeof(encoded)) ? -EKEYREJECTED : 0;
}
