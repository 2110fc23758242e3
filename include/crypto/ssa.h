/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Primitives of the Secure Socket API: one thin layer over the Linux crypto
 * API (hashes, AEAD) and s2n-bignum or BearSSL (curves, RSA), so that each can
 * be replaced without a change above it. Everything here runs in process
 * context and may sleep unless it says otherwise.
 */
#ifndef _CRYPTO_SSA_H
#define _CRYPTO_SSA_H

#include <linux/types.h>

/* ------------------------------------------------------------------ hashes
 * crypto/ssa/hash.c
 */
#define SSA_HASH_MAX		64	/* bytes of the longest digest (SHA-512) */
#define SSA_HASH_BLOCK_MAX	128

enum ssa_hash_id {
	SSA_SHA256,
	SSA_SHA384,
	SSA_SHA512,
	SSA_HASH_COUNT,
};

/* Room for a running hash of any implementation (shash descriptor + state). */
#define SSA_HASH_CTX_SIZE	448

struct ssa_hash {
	enum ssa_hash_id	id;
	u8			ctx[SSA_HASH_CTX_SIZE] __aligned(16);
};

size_t ssa_hash_size(enum ssa_hash_id id);		/* digest, bytes */
size_t ssa_hash_block_size(enum ssa_hash_id id);
void ssa_hash_init(struct ssa_hash *h, enum ssa_hash_id id);
void ssa_hash_update(struct ssa_hash *h, const void *data, size_t len);
/* Digest of what was hashed so far; @h goes on and is not changed. */
void ssa_hash_snapshot(const struct ssa_hash *h, u8 *out);
void ssa_hash_final(struct ssa_hash *h, u8 *out);	/* and wipes @h */
void ssa_hash_digest(enum ssa_hash_id id, const void *data, size_t len, u8 *out);

/* crypto/ssa/hkdf.c: RFC 2104, RFC 5869, RFC 8446 7.1 */
void ssa_hmac(enum ssa_hash_id id, const u8 *key, size_t key_len,
	      const void *data, size_t len, u8 *out);
void ssa_hkdf_extract(enum ssa_hash_id id, const u8 *salt, size_t salt_len,
		      const u8 *ikm, size_t ikm_len, u8 *prk);
int __must_check ssa_hkdf_expand(enum ssa_hash_id id, const u8 *prk, size_t prk_len,
				 const u8 *info, size_t info_len,
				 u8 *out, size_t out_len);
/* @label without the "tls13 " prefix, NUL-terminated */
int __must_check ssa_hkdf_expand_label(enum ssa_hash_id id, const u8 *secret,
				       const char *label,
				       const u8 *context, size_t context_len,
				       u8 *out, size_t out_len);

/* crypto/ssa/prf.c: the pseudorandom function of TLS 1.2 (RFC 5246 5), P_<hash> */
void ssa_prf(enum ssa_hash_id id, const u8 *secret, size_t secret_len, const char *label,
	     const u8 *seed, size_t seed_len, u8 *out, size_t out_len);

/* -------------------------------------------------------------------- AEAD
 * crypto/ssa/aead.c
 */
enum ssa_aead_id {
	SSA_AES_128_GCM,
	SSA_AES_256_GCM,
	SSA_CHACHA20_POLY1305,
	SSA_AEAD_COUNT,
};

#define SSA_AEAD_KEY_MAX	32
#define SSA_AEAD_NONCE_LEN	12
#define SSA_AEAD_TAG_LEN	16
#define SSA_AEAD_AAD_MAX	64
#define SSA_AEAD_LEN_MAX	(16384 + 256)	/* with the tag: a record, RFC 8446 5.2 */

struct ssa_aead;	/* one key; not for concurrent use */

size_t ssa_aead_key_size(enum ssa_aead_id id);
struct ssa_aead *ssa_aead_new(enum ssa_aead_id id, const u8 *key);	/* or ERR_PTR */
void ssa_aead_free(struct ssa_aead *a);	/* wipes the key; NULL is fine */
/*
 * In place; @buf has room for @len + SSA_AEAD_TAG_LEN. kmalloc'ed or vmalloc'ed.
 * -EMSGSIZE beyond SSA_AEAD_AAD_MAX or SSA_AEAD_LEN_MAX.
 */
int __must_check ssa_aead_seal(struct ssa_aead *a, const u8 nonce[SSA_AEAD_NONCE_LEN],
			       const u8 *aad, size_t aad_len, u8 *buf, size_t len);
/* In place; @len counts the tag. 0 or -EBADMSG; -EMSGSIZE as above. */
int __must_check ssa_aead_open(struct ssa_aead *a, const u8 nonce[SSA_AEAD_NONCE_LEN],
			       const u8 *aad, size_t aad_len, u8 *buf, size_t len);

/* -------------------------------------------------------------- randomness */
struct ssa_rng {
	void (*fill)(void *ctx, void *buf, size_t len);
	void *ctx;
};

extern const struct ssa_rng ssa_kernel_rng;	/* get_random_bytes() */

static inline void ssa_rng_fill(const struct ssa_rng *rng, void *buf, size_t len)
{
	rng->fill(rng->ctx, buf, len);
}

/* ------------------------------------------------------------ key exchange
 * crypto/ssa/kex.c; numbers of RFC 8446 4.2.7
 */
#define SSA_GROUP_SECP256R1	0x0017
#define SSA_GROUP_SECP384R1	0x0018
#define SSA_GROUP_X25519	0x001d

#define SSA_KEX_SCALAR_MAX	48
#define SSA_KEX_PUBLIC_MAX	97
#define SSA_KEX_SHARED_MAX	48

struct ssa_kex {
	u16	group;
	u8	public_len;
	u8	scalar[SSA_KEX_SCALAR_MAX];
	u8	public_key[SSA_KEX_PUBLIC_MAX];	/* as in KeyShareEntry.key_exchange */
};

const char *ssa_group_name(u16 group);		/* "X25519", or NULL if unknown */
size_t ssa_kex_public_len(u16 group);		/* 0 if unknown */
int __must_check ssa_kex_generate(struct ssa_kex *kex, u16 group, const struct ssa_rng *rng);
/*
 * 0 and the shared secret (RFC 8446 7.4.2), or -EINVAL: wrong length, point not
 * on the curve, all-zero X25519 result.
 */
int __must_check ssa_kex_shared(const struct ssa_kex *kex, const u8 *peer, size_t peer_len,
				u8 out[SSA_KEX_SHARED_MAX], size_t *out_len);

/* -------------------------------------------------------------- signatures
 * crypto/ssa/sign.c, verify.c; SignatureScheme of RFC 8446 4.2.3
 */
#define SSA_SIG_RSA_PKCS1_SHA256		0x0401
#define SSA_SIG_RSA_PKCS1_SHA384		0x0501
#define SSA_SIG_RSA_PKCS1_SHA512		0x0601
#define SSA_SIG_ECDSA_SECP256R1_SHA256		0x0403
#define SSA_SIG_ECDSA_SECP384R1_SHA384		0x0503
#define SSA_SIG_ECDSA_SECP521R1_SHA512		0x0603
#define SSA_SIG_RSA_PSS_RSAE_SHA256		0x0804
#define SSA_SIG_RSA_PSS_RSAE_SHA384		0x0805
#define SSA_SIG_RSA_PSS_RSAE_SHA512		0x0806
#define SSA_SIG_ED25519				0x0807
#define SSA_SIG_RSA_PSS_PSS_SHA256		0x0809
#define SSA_SIG_RSA_PSS_PSS_SHA384		0x080a
#define SSA_SIG_RSA_PSS_PSS_SHA512		0x080b

enum ssa_key_type {
	SSA_KEY_RSA = 1,	/* rsaEncryption */
	SSA_KEY_EC_P256,
	SSA_KEY_EC_P384,
	SSA_KEY_EC_P521,
	SSA_KEY_ED25519,
	SSA_KEY_RSA_PSS,	/* id-RSASSA-PSS: signs nothing but PSS (RFC 4055 1.2) */
};

#define SSA_RSA_MIN_BITS	2048
#define SSA_RSA_MAX_BITS	4096
#define SSA_SIGNATURE_MAX	512	/* RSA-4096; DER ECDSA P-521 needs 139 */

/**
 * struct ssa_pss_params - RSASSA-PSS-params (RFC 4055 3.1); MGF1 has the same hash
 * @hash: enum ssa_hash_id
 * @salt_len: bytes of salt; at most SSA_RSA_MAX_BITS / 8
 */
struct ssa_pss_params {
	u8	hash;
	u16	salt_len;
};

/**
 * struct ssa_public_key - a public key with its own storage
 * @type: enum ssa_key_type
 * @pss_bound: SSA_KEY_RSA_PSS with parameters, and those of its signatures must be
 *	the same (RFC 8446 4.2.3)
 * @n_len: bytes in @n
 * @e_len: bytes in @e, RSA only
 * @pss: those parameters, valid if @pss_bound
 * @n: RSA modulus, big endian, first byte not 0; or the uncompressed EC point; or
 *     the 32 bytes of an Ed25519 key
 * @e: RSA public exponent, big endian
 */
struct ssa_public_key {
	u8	type;
	bool	pss_bound;
	u16	n_len;
	u16	e_len;
	struct ssa_pss_params pss;
	u8	n[SSA_RSA_MAX_BITS / 8];
	u8	e[8];
};

struct ssa_private_key;

const char *ssa_sig_scheme_name(u16 scheme);	/* "ecdsa_secp256r1_sha256", or NULL */
/*
 * May a key of this type make/verify this scheme? (no look at its size) In TLS
 * 1.3 the scheme of ECDSA names the curve too (RFC 8446 4.2.3), in TLS 1.2 only
 * the hash (RFC 5246 7.4.1.4.1).
 */
bool ssa_sig_scheme_fits(u16 scheme, enum ssa_key_type type);
bool ssa_sig_scheme_fits_tls12(u16 scheme, enum ssa_key_type type);
/*
 * False if the key is bound to parameters that the scheme does not have: to be
 * asked besides one of the above, where a scheme is chosen or a peer's checked.
 */
bool ssa_public_key_allows(const struct ssa_public_key *key, u16 scheme);

/* crypto/ssa/private_key.c */
/*
 * From DER: PKCS#8, SEC1 or PKCS#1, unencrypted. Checks sizes before BearSSL's
 * decoder sees them and that the key is consistent (a signature with it
 * verifies under the public key it yields). ERR_PTR: -EINVAL malformed,
 * -EOPNOTSUPP type/curve/size not supported, -EKEYREJECTED inconsistent,
 * -ENOMEM.
 */
struct ssa_private_key *ssa_private_key_parse(const u8 *der, size_t len);
void ssa_private_key_free(struct ssa_private_key *key);	/* wipes; NULL is fine */
enum ssa_key_type ssa_private_key_type(const struct ssa_private_key *key);
const struct ssa_public_key *ssa_private_key_public(const struct ssa_private_key *key);
bool ssa_public_key_equal(const struct ssa_public_key *a, const struct ssa_public_key *b);

/*
 * Hashes @msg and signs it. @sig has room for SSA_SIGNATURE_MAX bytes. A
 * signature by RSA or Ed25519 is verified before it is returned, so that a
 * computation fault cannot leak the key. -EINVAL if the scheme does not fit the key even by
 * the rules of TLS 1.2, -EIO fault.
 */
int __must_check ssa_sign(const struct ssa_private_key *key, u16 scheme,
			  const void *msg, size_t len, const struct ssa_rng *rng,
			  u8 *sig, size_t *sig_len);
/*
 * 0, -EKEYREJECTED (signature wrong), -EINVAL (scheme does not fit the key, even
 * by the rules of TLS 1.2)
 */
int __must_check ssa_verify(const struct ssa_public_key *key, u16 scheme,
			    const void *msg, size_t len,
			    const u8 *sig, size_t sig_len);

/*
 * The same for RSASSA-PSS with a salt of any length, as certificates may have:
 * @key is SSA_KEY_RSA, or SSA_KEY_RSA_PSS with the same parameters or none.
 */
int __must_check ssa_verify_pss(const struct ssa_public_key *key,
				const struct ssa_pss_params *params,
				const void *msg, size_t len,
				const u8 *sig, size_t sig_len);

/* Size of an RSA modulus in bits */
unsigned int ssa_rsa_bits(const struct ssa_public_key *key);
/*
 * A signature by ECDSA is one of two: the other goes to @twin, which has room for
 * SSA_SIGNATURE_MAX bytes. Bytes of it; 0: @sig is none on the curve of such a key.
 */
size_t ssa_ecdsa_twin(enum ssa_key_type type, const u8 *sig, size_t sig_len, u8 *twin);

#endif /* _CRYPTO_SSA_H */
