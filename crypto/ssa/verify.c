// SPDX-License-Identifier: GPL-2.0
/*
 * Verification of signatures: RSASSA-PSS and RSASSA-PKCS1-v1_5 (RFC 8017),
 * ECDSA with a strict DER Ecdsa-Sig-Value (RFC 8446 4.2.3), Ed25519 (RFC 8032).
 */
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>
#include <crypto/ssa_der.h>

#include "ed25519.h"
#include "internal.h"

/* DigestInfo up to the digest: RFC 8017 9.2, note 1 */
#define SSA_DIGEST_INFO_LEN	19

static const u8 ssa_digest_info[SSA_HASH_COUNT][SSA_DIGEST_INFO_LEN] = {
	[SSA_SHA256] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
			 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20 },
	[SSA_SHA384] = { 0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
			 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04, 0x30 },
	[SSA_SHA512] = { 0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
			 0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40 },
};

/**
 * ssa_ec_curve() - BearSSL's number of a key's curve
 * @type: type of the key
 *
 * Context: Any.
 * Return: BR_EC_*, or 0 for all but the NIST curves.
 */
int ssa_ec_curve(enum ssa_key_type type)
{
	switch (type) {
	case SSA_KEY_EC_P256:
		return BR_EC_secp256r1;
	case SSA_KEY_EC_P384:
		return BR_EC_secp384r1;
	case SSA_KEY_EC_P521:
		return BR_EC_secp521r1;
	default:
		return 0;
	}
}

/**
 * ssa_ec_scalar_len() - length of a private key, and of half a signature
 * @type: type of the key
 *
 * Context: Any.
 * Return: bytes.
 */
size_t ssa_ec_scalar_len(enum ssa_key_type type)
{
	switch (type) {
	case SSA_KEY_EC_P384:
		return 48;
	case SSA_KEY_EC_P521:
		return 66;
	default:
		return 32;
	}
}

/**
 * ssa_ec_point_len() - length of an uncompressed point
 * @type: type of the key
 *
 * Context: Any.
 * Return: bytes.
 */
size_t ssa_ec_point_len(enum ssa_key_type type)
{
	return 1 + 2 * ssa_ec_scalar_len(type);
}

/**
 * ssa_rsa_bits() - size of an RSA modulus
 * @key: the public key
 *
 * Context: Any.
 * Return: bits.
 */
unsigned int ssa_rsa_bits(const struct ssa_public_key *key)
{
	return key->n_len ? 8 * (key->n_len - 1) + fls(key->n[0]) : 0;
}
EXPORT_SYMBOL_GPL(ssa_rsa_bits);

/**
 * ssa_rsa_check() - is this an RSA key that we use?
 * @key: the public key
 *
 * Context: Any.
 * Return: 0, -EINVAL (not an RSA key), -EOPNOTSUPP (size not supported).
 */
int ssa_rsa_check(const struct ssa_public_key *key)
{
	u64 e = 0;
	size_t i;

	if (key->n_len > sizeof(key->n) || key->e_len > sizeof(key->e) ||
	    !key->n_len || !key->n[0] || !(key->n[key->n_len - 1] & 1))
		return -EINVAL;
	for (i = 0; i < key->e_len; i++)
		e = e << 8 | key->e[i];
	if (e < 3 || !(e & 1))
		return -EINVAL;
	/* not more than SSA_RSA_MAX_BITS: there is no room for them */
	if (ssa_rsa_bits(key) < SSA_RSA_MIN_BITS)
		return -EOPNOTSUPP;
	return 0;
}

/**
 * ssa_pkcs1_encode() - EMSA-PKCS1-v1_5-ENCODE, RFC 8017 9.2
 * @id: the hash
 * @digest: digest of the message
 * @em: room for @em_len bytes
 * @em_len: bytes of the modulus
 *
 * Context: Any.
 * Return: 0, or -EINVAL if @em_len is too small for the hash.
 */
int ssa_pkcs1_encode(enum ssa_hash_id id, const u8 *digest, u8 *em, size_t em_len)
{
	size_t size = ssa_hash_size(id);
	size_t t_len = SSA_DIGEST_INFO_LEN + size;
	u8 *t;

	if (em_len < t_len + 11)
		return -EINVAL;
	t = em + em_len - t_len;

	em[0] = 0x00;
	em[1] = 0x01;
	memset(em + 2, 0xff, em_len - t_len - 3);
	t[-1] = 0x00;
	memcpy(t, ssa_digest_info[id], SSA_DIGEST_INFO_LEN);
	memcpy(t + SSA_DIGEST_INFO_LEN, digest, size);
	return 0;
}

/* RFC 8017 8.2.2: encode it once more and compare, rather than parse. */
static noinline_for_stack int ssa_pkcs1_verify(enum ssa_hash_id id, const u8 *digest,
					       const u8 *em, size_t em_len)
{
	u8 expected[SSA_RSA_MAX_BYTES];

	if (ssa_pkcs1_encode(id, digest, expected, em_len))
		return -EKEYREJECTED;
	return memcmp(em, expected, em_len) ? -EKEYREJECTED : 0;
}

/* @pss: parameters of RSASSA-PSS, or NULL for RSASSA-PKCS1-v1_5 */
static noinline_for_stack int ssa_verify_rsa(const struct ssa_public_key *key,
					     enum ssa_hash_id hash,
					     const struct ssa_pss_params *pss,
					     const u8 *digest,
					     const u8 *sig, size_t sig_len)
{
	u8 em[SSA_RSA_MAX_BYTES];
	unsigned int em_bits;
	size_t lead;

	if (ssa_rsa_check(key) || (pss && !ssa_pss_params_allowed(key, pss)))
		return -EINVAL;
	if (sig_len != key->n_len)
		return -EKEYREJECTED;

	memcpy(em, sig, sig_len);
	if (ssa_rsa_public(key, em))
		return -EKEYREJECTED;
	if (!pss)
		return ssa_pkcs1_verify(hash, digest, em, sig_len);

	em_bits = ssa_rsa_bits(key) - 1;
	lead = sig_len - ssa_pss_em_len(em_bits);
	if (lead && em[0])
		return -EKEYREJECTED;
	return ssa_pss_verify(pss, digest, em + lead, em_bits);
}

/* Ecdsa-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER } to r || s */
static int ssa_ecdsa_sig_raw(const u8 *sig, size_t sig_len, u8 *raw, size_t half)
{
	struct ssa_der der = ssa_der(sig, sig_len), seq, r, s;

	if (!ssa_der_get(&der, SSA_DER_SEQUENCE, &seq) || der.left)
		return -EINVAL;
	if (!ssa_der_positive(&seq, &r) || !ssa_der_positive(&seq, &s) || seq.left)
		return -EINVAL;
	if (r.left > half || s.left > half)
		return -EINVAL;

	memset(raw, 0, 2 * half);
	memcpy(raw + half - r.left, r.p, r.left);
	memcpy(raw + 2 * half - s.left, s.p, s.left);
	return 0;
}

static noinline_for_stack int ssa_verify_ecdsa(const struct ssa_public_key *key,
					       const struct ssa_sig_desc *desc,
					       const u8 *digest,
					       const u8 *sig, size_t sig_len)
{
	size_t half = ssa_ec_scalar_len(key->type);
	u8 raw[2 * SSA_EC_SCALAR_MAX];

	if (key->n_len != ssa_ec_point_len(key->type) || key->n[0] != 0x04)
		return -EINVAL;
	if (ssa_ecdsa_sig_raw(sig, sig_len, raw, half))
		return -EKEYREJECTED;
	if (!ssa_ecdsa_verify_raw(ssa_ec_curve(key->type), key->n, digest,
				  ssa_hash_size(desc->hash), raw))
		return -EKEYREJECTED;
	return 0;
}

/**
 * ssa_ecdsa_twin() - the other signature that is as good
 * @type: of the key that has signed
 * @sig: the signature
 * @sig_len: bytes of @sig
 * @twin: room for SSA_SIGNATURE_MAX bytes
 *
 * Whoever has (r, s) has (r, n - s) as well, which verifies exactly if it does.
 *
 * Context: Any.
 * Return: bytes of @twin; 0: this is no signature on such a curve.
 */
size_t ssa_ecdsa_twin(enum ssa_key_type type, const u8 *sig, size_t sig_len, u8 *twin)
{
	size_t half = ssa_ec_scalar_len(type), len, i;
	int curve = ssa_ec_curve(type), diff;
	unsigned int borrow = 0;
	const u8 *order;

	if (!curve || ssa_ecdsa_sig_raw(sig, sig_len, twin, half) ||
	    !ssa_ec_scalar_valid(curve, twin + half, half))
		return 0;
	order = ssa_bearssl_ec->order(curve, &len);
	for (i = half; i-- > 0; ) {
		diff = order[i] - twin[half + i] - borrow;
		borrow = diff < 0;
		twin[half + i] = diff;
	}
	return br_ecdsa_raw_to_asn1(twin, 2 * half);
}
EXPORT_SYMBOL_GPL(ssa_ecdsa_twin);

/**
 * ssa_verify() - verify a signature over a message
 * @key: the signer's public key
 * @scheme: SignatureScheme, RFC 8446 4.2.3
 * @msg: the message
 * @len: bytes of @msg
 * @sig: the signature
 * @sig_len: bytes of @sig
 *
 * Whether TLS 1.3 pairs the curve with the hash is for the caller to ask
 * ssa_sig_scheme_fits().
 *
 * Context: Process; 4 KB of stack.
 * Return: 0 if the signature is good; -EKEYREJECTED if it is not; -EINVAL if
 * the scheme is unknown or does not fit the key even in TLS 1.2, or the key is
 * malformed or of a size that is not supported.
 */
int ssa_verify(const struct ssa_public_key *key, u16 scheme,
	       const void *msg, size_t len, const u8 *sig, size_t sig_len)
{
	const struct ssa_sig_desc *desc = ssa_sig_desc(scheme);
	u8 digest[SSA_HASH_MAX];

	if (!ssa_sig_scheme_fits_tls12(scheme, key->type))
		return -EINVAL;

	if (key->type == SSA_KEY_ED25519) {
		if (key->n_len != SSA_ED25519_KEY_LEN)
			return -EINVAL;
		return ssa_ed25519_verify(key->n, msg, len, sig, sig_len);
	}

	ssa_hash_digest(desc->hash, msg, len, digest);
	if (ssa_key_is_rsa(key->type)) {
		const struct ssa_pss_params pss = {
			.hash = desc->hash,
			.salt_len = ssa_hash_size(desc->hash),
		};

		return ssa_verify_rsa(key, desc->hash, desc->pss ? &pss : NULL, digest,
				      sig, sig_len);
	}
	return ssa_verify_ecdsa(key, desc, digest, sig, sig_len);
}
EXPORT_SYMBOL_GPL(ssa_verify);

/**
 * ssa_verify_pss() - verify RSASSA-PSS by the parameters of a certificate
 * @key: the signer's public key, SSA_KEY_RSA or SSA_KEY_RSA_PSS
 * @params: hash, and length of the salt
 * @msg: the message
 * @len: bytes of @msg
 * @sig: the signature
 * @sig_len: bytes of @sig
 *
 * Context: Process; 4 KB of stack.
 * Return: 0 if the signature is good; -EKEYREJECTED if it is not; -EINVAL if
 * the key is no RSA key, malformed, of a size that is not supported, or has
 * parameters that forbid these.
 */
int ssa_verify_pss(const struct ssa_public_key *key, const struct ssa_pss_params *params,
		   const void *msg, size_t len, const u8 *sig, size_t sig_len)
{
	u8 digest[SSA_HASH_MAX];

	if (!ssa_key_is_rsa(key->type) || params->hash >= SSA_HASH_COUNT)
		return -EINVAL;

	ssa_hash_digest(params->hash, msg, len, digest);
	return ssa_verify_rsa(key, params->hash, params, digest, sig, sig_len);
}
EXPORT_SYMBOL_GPL(ssa_verify_pss);
