/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of crypto/ssa/ share.
 */
#ifndef _CRYPTO_SSA_INTERNAL_H
#define _CRYPTO_SSA_INTERNAL_H

#include <linux/compiler.h>
#include <linux/kconfig.h>
#include <linux/types.h>
#include <crypto/bearssl.h>
#include <crypto/ssa.h>

#define SSA_RSA_MAX_BYTES	(SSA_RSA_MAX_BITS / 8)
#define SSA_EC_SCALAR_MAX	66	/* P-521 */

/**
 * struct ssa_sig_desc - what a SignatureScheme stands for
 * @scheme: its number, RFC 8446 4.2.3
 * @hash: hash of the message, and of MGF1; Ed25519 has it inside
 * @key: type of the key that it needs; TLS 1.2 takes any curve for ECDSA
 * @pss: RSASSA-PSS rather than RSASSA-PKCS1-v1_5
 * @name: its name in RFC 8446
 */
struct ssa_sig_desc {
	u16			scheme;
	enum ssa_hash_id	hash;
	enum ssa_key_type	key;
	bool			pss;
	const char		*name;
};

/* names.c */
static inline bool ssa_key_is_ec(enum ssa_key_type type)
{
	return type == SSA_KEY_EC_P256 || type == SSA_KEY_EC_P384 || type == SSA_KEY_EC_P521;
}

static inline bool ssa_key_is_rsa(enum ssa_key_type type)
{
	return type == SSA_KEY_RSA || type == SSA_KEY_RSA_PSS;
}

const struct ssa_sig_desc *ssa_sig_desc(u16 scheme);

/* hash.c */
int ssa_hash_setup(void);
void ssa_hash_teardown(void);

/* hmac.c */
/**
 * struct ssa_hmac - a running HMAC
 * @hash: the hash of the moment
 * @key: the key, padded to a block
 */
struct ssa_hmac {
	struct ssa_hash	hash;
	u8		key[SSA_HASH_BLOCK_MAX];
};

void ssa_hmac_init(struct ssa_hmac *hmac, enum ssa_hash_id id, const u8 *key, size_t key_len);
void ssa_hmac_final(struct ssa_hmac *hmac, u8 *out);

/* kex.c */
int ssa_ec_curve(enum ssa_key_type type);
size_t ssa_ec_point_len(enum ssa_key_type type);
size_t ssa_ec_scalar_len(enum ssa_key_type type);
bool ssa_ec_scalar_valid(int curve, const u8 *scalar, size_t len);

/* backend.c */
/**
 * enum ssa_backend - who computes
 * @SSA_BACKEND_BEARSSL: BearSSL
 * @SSA_BACKEND_S2N: s2n-bignum on a CPU with BMI2 and ADX
 * @SSA_BACKEND_S2N_ALT: s2n-bignum on any other
 */
enum ssa_backend {
	SSA_BACKEND_BEARSSL,
	SSA_BACKEND_S2N,
	SSA_BACKEND_S2N_ALT,
};

extern enum ssa_backend ssa_backend_chosen;	/* by READ_ONCE() */

static inline enum ssa_backend ssa_backend_now(void)
{
	return READ_ONCE(ssa_backend_chosen);
}

static inline bool ssa_backend_is_s2n(void)
{
	return IS_ENABLED(CONFIG_CRYPTO_SSA_S2N) && ssa_backend_now() != SSA_BACKEND_BEARSSL;
}

int ssa_backend_setup(void);
void ssa_backend_teardown(void);
enum ssa_backend ssa_backend_best(void);
bool ssa_backend_set(enum ssa_backend backend);
bool ssa_x25519_public(u8 *public_key, const u8 *scalar);
bool ssa_x25519_shared(u8 *out, const u8 *scalar, const u8 *point);
size_t ssa_ec_public(int curve, const u8 *scalar, size_t len, u8 *point);
bool ssa_ec_shared(int curve, const u8 *scalar, size_t len, u8 *point);
size_t ssa_ecdsa_sign_raw(const br_ec_private_key *key, enum ssa_hash_id hash, const u8 *digest,
			  const struct ssa_rng *rng, u8 *sig);
bool ssa_ecdsa_verify_raw(int curve, const u8 *point, const u8 *digest, size_t digest_len,
			  const u8 *sig);
int ssa_rsa_public(const struct ssa_public_key *key, u8 *x);
bool ssa_rsa_private(const br_rsa_private_key *key, size_t n_len, u8 *x);

/* nonce.c */
/**
 * struct ssa_nonce - a generator of nonces
 * @hash: the hash
 * @again: a candidate was taken already
 * @k: K of RFC 6979 3.2
 * @v: V
 */
struct ssa_nonce {
	enum ssa_hash_id	hash;
	bool			again;
	u8			k[SSA_HASH_MAX];
	u8			v[SSA_HASH_MAX];
};

/**
 * struct ssa_nonce_input - what a nonce depends on
 * @key: int2octets of the key, RFC 6979 2.3.3
 * @digest: bits2octets of the digest, RFC 6979 2.3.4
 * @len: bytes of each
 * @extra: what is mixed in, RFC 6979 3.6
 * @extra_len: bytes of @extra, or 0
 */
struct ssa_nonce_input {
	const u8	*key, *digest;
	size_t		len;
	const u8	*extra;
	size_t		extra_len;
};

void ssa_nonce_init(struct ssa_nonce *nonce, enum ssa_hash_id hash,
		    const struct ssa_nonce_input *in);
void ssa_nonce_next(struct ssa_nonce *nonce, u8 *out, size_t len);

/* rsa_pss.c */
size_t ssa_pss_em_len(unsigned int em_bits);
int ssa_pss_encode(enum ssa_hash_id id, const u8 *digest, const u8 *salt,
		   u8 *em, unsigned int em_bits);
int ssa_pss_verify(const struct ssa_pss_params *params, const u8 *digest,
		   const u8 *em, unsigned int em_bits);

/* stack.c */
void ssa_stack_wipe(void);

/* pss_params.c */
bool ssa_pss_params_allowed(const struct ssa_public_key *key,
			    const struct ssa_pss_params *params);

/* verify.c */
int ssa_rsa_check(const struct ssa_public_key *key);
int ssa_pkcs1_encode(enum ssa_hash_id id, const u8 *digest, u8 *em, size_t em_len);

/* private_key.c */
/**
 * struct ssa_private_key - a private key with its own storage
 * @public: the public key that belongs to it
 * @rsa: RSA, pointing into @secret
 * @ec: NIST curves, pointing into @secret
 * @secret: the secret numbers, big endian: p, q, dp, dq, iq or the EC scalar; or
 *	the seed of Ed25519
 */
struct ssa_private_key {
	struct ssa_public_key	public;
	union {
		br_rsa_private_key	rsa;
		br_ec_private_key	ec;
	};
	u8			secret[5 * SSA_RSA_MAX_BYTES / 2];
};

#endif /* _CRYPTO_SSA_INTERNAL_H */
