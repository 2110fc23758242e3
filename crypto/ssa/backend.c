// SPDX-License-Identifier: GPL-2.0
/*
 * Who computes: curves and RSA come from BearSSL, which is portable, or from s2n-bignum
 * (CONFIG_CRYPTO_SSA_S2N), which is several times faster.
 *
 * The choice is made once, when the module is loaded. Tests make others later: each back end
 * gives right results at any time, also for what another one has begun.
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>
#include <crypto/curve25519.h>
#include <crypto/utils.h>
#if IS_ENABLED(CONFIG_CRYPTO_SSA_S2N)
#include <asm/cpufeature.h>	/* <linux/cpufeature.h> has it on some architectures only */
#endif

#include "s2n.h"

#if IS_ENABLED(CONFIG_CRYPTO_SSA_S2N)
static bool ssa_backend_cpu(void)
{
	return boot_cpu_has(X86_FEATURE_BMI2) && boot_cpu_has(X86_FEATURE_ADX);
}
#else
static bool ssa_backend_cpu(void)
{
	return false;
}
#endif

enum ssa_backend ssa_backend_chosen __read_mostly = SSA_BACKEND_BEARSSL;

static bool ssa_backend_works(enum ssa_backend backend)
{
	switch (backend) {
	case SSA_BACKEND_BEARSSL:
		return true;
	case SSA_BACKEND_S2N:
		return ssa_backend_cpu();
	default:
		return IS_ENABLED(CONFIG_CRYPTO_SSA_S2N);
	}
}

/**
 * ssa_backend_best() - the fastest back end that works here
 *
 * Context: Any.
 * Return: its number.
 */
enum ssa_backend ssa_backend_best(void)
{
	if (ssa_backend_works(SSA_BACKEND_S2N))
		return SSA_BACKEND_S2N;
	return ssa_backend_works(SSA_BACKEND_S2N_ALT) ? SSA_BACKEND_S2N_ALT : SSA_BACKEND_BEARSSL;
}
EXPORT_SYMBOL_GPL(ssa_backend_best);

/**
 * ssa_backend_set() - choose a back end; for tests
 * @backend: its number
 *
 * Context: Any; others may compute at the same time.
 * Return: true; false if it does not work here.
 */
bool ssa_backend_set(enum ssa_backend backend)
{
	if (!ssa_backend_works(backend))
		return false;
	WRITE_ONCE(ssa_backend_chosen, backend);
	return true;
}
EXPORT_SYMBOL_GPL(ssa_backend_set);

/**
 * ssa_backend_setup() - choose the best back end, once
 *
 * Context: Process.
 * Return: 0, or -ENOMEM.
 */
int ssa_backend_setup(void)
{
	enum ssa_backend best = ssa_backend_best();
	int err;

	if (!IS_ENABLED(CONFIG_CRYPTO_SSA_S2N))
		return 0;
	/* what is computed here needs one of them already */
	ssa_backend_set(best);
	err = ssa_s2n_setup();
	if (err)
		ssa_backend_set(SSA_BACKEND_BEARSSL);
	return err;
}

/**
 * ssa_backend_teardown() - undo ssa_backend_setup()
 *
 * Context: Process.
 */
void ssa_backend_teardown(void)
{
	ssa_backend_set(SSA_BACKEND_BEARSSL);
	if (IS_ENABLED(CONFIG_CRYPTO_SSA_S2N))
		ssa_s2n_teardown();
}

/**
 * ssa_x25519_public() - public key of X25519
 * @public_key: room for 32 bytes
 * @scalar: the clamped scalar
 *
 * Context: Process; 1 KB of stack.
 * Return: true; false if the result is 0, which no clamped scalar gives.
 */
bool ssa_x25519_public(u8 *public_key, const u8 *scalar)
{
	static const u8 zero[CURVE25519_KEY_SIZE];

	if (!ssa_backend_is_s2n())
		return curve25519_generate_public(public_key, scalar);
	ssa_s2n_x25519(public_key, scalar, NULL);
	return crypto_memneq(public_key, zero, sizeof(zero));
}

/**
 * ssa_x25519_shared() - X25519, RFC 7748 5
 * @out: room for 32 bytes
 * @scalar: the clamped scalar
 * @point: the peer's public key
 *
 * Context: Process; 1 KB of stack.
 * Return: true; false if the result is 0 (RFC 7748 6.1).
 */
bool ssa_x25519_shared(u8 *out, const u8 *scalar, const u8 *point)
{
	static const u8 zero[CURVE25519_KEY_SIZE];

	if (!ssa_backend_is_s2n())
		return curve25519(out, scalar, point);
	ssa_s2n_x25519(out, scalar, point);
	return crypto_memneq(out, zero, sizeof(zero));
}

/**
 * ssa_ec_public() - the point that belongs to a scalar
 * @curve: number of the curve in BearSSL
 * @scalar: a valid scalar, big endian
 * @len: bytes of @scalar, those of the order
 * @point: room for the uncompressed point
 *
 * Context: Process; 5 KB of stack.
 * Return: bytes of the point, or 0.
 */
size_t ssa_ec_public(int curve, const u8 *scalar, size_t len, u8 *point)
{
	if (ssa_backend_is_s2n())
		return ssa_s2n_ec_public(curve, scalar, point);
	return ssa_bearssl_ec->mulgen(point, scalar, len, curve);
}

/**
 * ssa_ec_shared() - multiply a peer's point by a scalar
 * @curve: number of the curve in BearSSL
 * @scalar: a valid scalar, big endian
 * @len: bytes of @scalar, those of the order
 * @point: the peer's uncompressed point, its first byte checked already; the x of the
 *	product takes the place of its x
 *
 * Context: Process; 5 KB of stack.
 * Return: true if it was a point of the curve.
 */
bool ssa_ec_shared(int curve, const u8 *scalar, size_t len, u8 *point)
{
	if (ssa_backend_is_s2n())
		return ssa_s2n_ec_shared(curve, scalar, point);
	return ssa_bearssl_ec->mul(point, 1 + 2 * len, scalar, len, curve);
}

static const br_hash_class *ssa_ecdsa_hash_class(enum ssa_hash_id id)
{
	switch (id) {
	case SSA_SHA256:
		return &br_sha256_vtable;
	case SSA_SHA384:
		return &br_sha384_vtable;
	default:
		return &br_sha512_vtable;
	}
}

/**
 * ssa_ecdsa_sign_raw() - ECDSA with the nonce of RFC 6979
 * @key: the key
 * @hash: the hash
 * @digest: digest of the message
 * @rng: source of what s2n-bignum's back end mixes into the nonce (RFC 6979 3.6); NULL:
 *	nothing; BearSSL never does
 * @sig: room for r and s, each as long as the order
 *
 * Context: Process; 5.7 KB of stack.
 * Return: bytes of the signature, or 0 if the computation went wrong.
 */
size_t ssa_ecdsa_sign_raw(const br_ec_private_key *key, enum ssa_hash_id hash, const u8 *digest,
			  const struct ssa_rng *rng, u8 *sig)
{
	if (ssa_backend_is_s2n())
		return ssa_s2n_ecdsa_sign(key, hash, digest, rng, sig);
	return ssa_bearssl_ecdsa_sign_raw(ssa_bearssl_ec, ssa_ecdsa_hash_class(hash), digest,
					  key, sig);
}

/**
 * ssa_ecdsa_verify_raw() - verify a signature of ECDSA
 * @curve: number of the curve in BearSSL
 * @point: the public key, an uncompressed point of the curve's length, its first byte
 *	checked already
 * @digest: digest of the message
 * @digest_len: bytes of @digest
 * @sig: r and s, each as long as the order
 *
 * Context: Process; 5.2 KB of stack.
 * Return: true if the signature is good.
 */
bool ssa_ecdsa_verify_raw(int curve, const u8 *point, const u8 *digest, size_t digest_len,
			  const u8 *sig)
{
	size_t len;

	ssa_bearssl_ec->order(curve, &len);
	if (!ssa_backend_is_s2n()) {
		const br_ec_public_key pk = {
			.curve = curve, .q = (u8 *)point, .qlen = 1 + 2 * len,
		};

		return ssa_bearssl_ecdsa_vrfy_raw(ssa_bearssl_ec, digest, digest_len, &pk, sig,
						  2 * len);
	}
	return ssa_s2n_ecdsa_verify(curve, point, digest, digest_len, sig);
}

/**
 * ssa_rsa_public() - RSAEP and RSAVP1, RFC 8017 5.1.1 and 5.2.2
 * @key: a key that passed ssa_rsa_check()
 * @x: number of n_len bytes, replaced by the result
 *
 * Context: Process; 2.7 KB of stack; may sleep.
 * Return: 0, or -EINVAL if @x is not below the modulus.
 */
int ssa_rsa_public(const struct ssa_public_key *key, u8 *x)
{
	/* BearSSL does not write through these pointers */
	const br_rsa_public_key pk = {
		.n = (u8 *)key->n, .nlen = key->n_len,
		.e = (u8 *)key->e, .elen = key->e_len,
	};
	int err;

	/* without memory for it, BearSSL does it on the stack */
	if (ssa_backend_is_s2n()) {
		err = ssa_s2n_rsa_public(key, x);
		if (err != -ENOMEM)
			return err;
	}
	return ssa_bearssl_rsa_public(x, key->n_len, &pk) ? 0 : -EINVAL;
}

/**
 * ssa_rsa_private() - RSADP and RSASP1, RFC 8017 5.1.2 and 5.2.1
 * @key: the key
 * @n_len: bytes of the modulus
 * @x: number of @n_len bytes, replaced by the result, which the caller has to verify
 *
 * Context: Process; 5.2 KB of stack; may sleep.
 * Return: true; false if the key has numbers that it may not have.
 */
bool ssa_rsa_private(const br_rsa_private_key *key, size_t n_len, u8 *x)
{
	if (ssa_backend_is_s2n() && !ssa_s2n_rsa_private(key, n_len, x))
		return true;
	return ssa_bearssl_rsa_private(x, key);
}
