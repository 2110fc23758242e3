// SPDX-License-Identifier: GPL-2.0
/*
 * ECDSA (FIPS 186-5 6.4) over s2n-bignum.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

#include "declassify.h"
#include "s2n.h"

/*
 * A nonce is out of range with a probability of 2^-32 (P-256), and r or s 0 with one of
 * 2^-256.
 */
#define SSA_NONCE_TRIES		16

#define SSA_NONCE_EXTRA		32	/* random bytes that are mixed in */

/* A number below 2n, modulo n */
static void ssa_s2n_reduce(const struct ssa_s2n_curve *c, u64 *x)
{
	bignum_optsub(c->words, x, x, bignum_ge(c->words, x, c->words, c->n), c->n);
}

/*
 * bits2int of RFC 6979 2.3.2, modulo n. Only P-521 has bits that make no byte, and no hash is
 * as long.
 */
static void ssa_s2n_digest(const struct ssa_s2n_curve *c, u64 *z, const u8 *digest, size_t len)
{
	ssa_s2n_get(c->words, z, digest, min_t(size_t, len, c->bytes));
	ssa_s2n_reduce(c, z);
}

/* The next nonce that is in range, as a scalar */
static bool ssa_s2n_nonce(const struct ssa_s2n_curve *c, struct ssa_nonce *nonce, u64 *k)
{
	u8 bytes[SSA_EC_SCALAR_MAX];
	unsigned int i, j;

	for (i = 0; i < SSA_NONCE_TRIES; i++) {
		ssa_nonce_next(nonce, bytes, c->bytes);
		/* the leftmost 521 bits of 528 */
		for (j = c->bytes; c->words == 9 && j-- > 0; )
			bytes[j] = bytes[j] >> 7 | (j ? bytes[j - 1] << 1 : 0);
		if (!ssa_ec_scalar_valid(c->curve, bytes, c->bytes))
			continue;
		ssa_s2n_get(c->words, k, bytes, c->bytes);
		return true;
	}
	return false;
}

/* One try: false if r or s is 0 */
static bool ssa_s2n_sign_with(const struct ssa_s2n_curve *c, const u64 *d, const u64 *z,
			      const u64 *k, u64 *r, u64 *s)
{
	u64 xy[2 * SSA_S2N_WORDS], t[3 * SSA_S2N_WORDS], inverse[SSA_S2N_WORDS];
	bool good;

	ssa_s2n_base_mul(c, xy, k);
	memcpy(r, xy, 8 * c->words);
	ssa_s2n_reduce(c, r);

	/* s = (z + r * d) / k */
	bignum_modinv(c->words, inverse, k, c->n, t);
	ssa_s2n_scalar_mul(c, t, r, d);
	bignum_modadd(c->words, t, t, z, c->n);
	ssa_s2n_scalar_mul(c, s, inverse, t);

	good = !(ssa_s2n_is_zero(c->words, r) | ssa_s2n_is_zero(c->words, s));
	/* of what is not used, nothing is to be kept */
	ssa_declassify(&good, sizeof(good));
	return good;
}

/**
 * ssa_s2n_ecdsa_sign() - sign a digest
 * @key: the key
 * @hash: the hash, also that of the nonce
 * @digest: the digest
 * @rng: source of what is mixed into the nonce, or NULL: the nonce of RFC 6979
 * @sig: room for r and s, each of the length that the curve has
 *
 * Context: Process; 5.6 KB of stack with P-521, 4.1 with P-384, 2.2 with P-256.
 * Return: bytes of the signature, or 0 after as many bad nonces as only a fault gives.
 */
size_t ssa_s2n_ecdsa_sign(const br_ec_private_key *key, enum ssa_hash_id hash, const u8 *digest,
			  const struct ssa_rng *rng, u8 *sig)
{
	const struct ssa_s2n_curve *c = ssa_s2n_curve(key->curve);
	u64 d[SSA_S2N_WORDS], z[SSA_S2N_WORDS], k[SSA_S2N_WORDS];
	u64 r[SSA_S2N_WORDS], s[SSA_S2N_WORDS];
	u8 octets[SSA_EC_SCALAR_MAX], extra[SSA_NONCE_EXTRA];
	struct ssa_nonce_input in = {
		.key = key->x, .digest = octets, .len = c->bytes,
		.extra = extra, .extra_len = rng ? sizeof(extra) : 0,
	};
	struct ssa_nonce nonce;
	unsigned int i;

	if (rng)
		ssa_rng_fill(rng, extra, sizeof(extra));
	ssa_s2n_get(c->words, d, key->x, c->bytes);
	ssa_s2n_digest(c, z, digest, ssa_hash_size(hash));
	ssa_s2n_put(c->words, z, octets, c->bytes);
	ssa_nonce_init(&nonce, hash, &in);
	for (i = 0; i < SSA_NONCE_TRIES; i++) {
		if (!ssa_s2n_nonce(c, &nonce, k))
			break;
		if (!ssa_s2n_sign_with(c, d, z, k, r, s))
			continue;
		ssa_s2n_put(c->words, r, sig, c->bytes);
		ssa_s2n_put(c->words, s, sig + c->bytes, c->bytes);
		return 2 * c->bytes;
	}
	return 0;
}

/* Is x, modulo n, the x of a point? x * z^2 is compared, so that nothing is inverted. */
static bool ssa_s2n_x_is(const struct ssa_s2n_curve *c, const u64 *point, const u64 *x)
{
	u64 square[SSA_S2N_WORDS], t[SSA_S2N_WORDS];

	ssa_s2n_sqr(c, square, point + 2 * c->words);
	ssa_s2n_element(c, t, x);
	ssa_s2n_mul(c, t, t, square);
	return !memcmp(t, point, 8 * c->words);
}

/**
 * ssa_s2n_ecdsa_verify() - verify the signature of a digest
 * @curve: number of the curve in BearSSL
 * @point: the public key, an uncompressed point
 * @digest: the digest
 * @digest_len: bytes of @digest
 * @sig: r and s, each of the length that the curve has
 *
 * Nothing of this is a secret.
 *
 * Context: Process; 4.4 KB of stack with P-521.
 * Return: true if the signature is good.
 */
bool ssa_s2n_ecdsa_verify(int curve, const u8 *point, const u8 *digest, size_t digest_len,
			  const u8 *sig)
{
	const struct ssa_s2n_curve *c = ssa_s2n_curve(curve);
	u64 q[3 * SSA_S2N_WORDS], sum[3 * SSA_S2N_WORDS];
	u64 r[SSA_S2N_WORDS], s[SSA_S2N_WORDS], z[SSA_S2N_WORDS], w[SSA_S2N_WORDS];
	unsigned int k = c->words;

	if (!ssa_ec_scalar_valid(curve, sig, c->bytes) ||
	    !ssa_ec_scalar_valid(curve, sig + c->bytes, c->bytes) ||
	    !ssa_s2n_point_get(c, q, point))
		return false;
	ssa_s2n_get(k, r, sig, c->bytes);
	ssa_s2n_get(k, s, sig + c->bytes, c->bytes);
	ssa_s2n_digest(c, z, digest, digest_len);

	bignum_modinv(k, w, s, c->n, sum);
	ssa_s2n_scalar_mul(c, z, z, w);
	ssa_s2n_scalar_mul(c, s, r, w);
	ssa_s2n_combine_vartime(c, sum, z, s, q);
	if (ssa_s2n_is_zero(k, sum + 2 * k))
		return false;
	if (ssa_s2n_x_is(c, sum, r))
		return true;
	/* x may have been as large as r + n, if that is below p */
	bignum_modsub(k, s, c->p, c->n, c->p);
	if (bignum_ge(k, r, k, s))
		return false;
	bignum_modadd(k, r, r, c->n, c->p);
	return ssa_s2n_x_is(c, sum, r);
}
