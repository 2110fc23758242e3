// SPDX-License-Identifier: GPL-2.0
/*
 * Nonces of ECDSA: RFC 6979 3.2 and, with fresh random bytes mixed in, 3.6. Such a nonce is
 * neither predictable if the random numbers are bad, nor the same twice for one message,
 * which a fault in one of two signatures would turn into the key.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

#include "internal.h"

/* K = HMAC(K, V || @tag || @data), if there is data, and V = HMAC(K, V) */
static void ssa_nonce_update(struct ssa_nonce *nonce, u8 tag, const struct ssa_nonce_input *in)
{
	size_t size = ssa_hash_size(nonce->hash);
	struct ssa_hmac hmac;

	ssa_hmac_init(&hmac, nonce->hash, nonce->k, size);
	ssa_hash_update(&hmac.hash, nonce->v, size);
	ssa_hash_update(&hmac.hash, &tag, 1);
	if (in) {
		ssa_hash_update(&hmac.hash, in->key, in->len);
		ssa_hash_update(&hmac.hash, in->digest, in->len);
		if (in->extra_len)
			ssa_hash_update(&hmac.hash, in->extra, in->extra_len);
	}
	ssa_hmac_final(&hmac, nonce->k);
	ssa_hmac(nonce->hash, nonce->k, size, nonce->v, size, nonce->v);
}

/**
 * ssa_nonce_init() - steps a to g of RFC 6979 3.2
 * @nonce: the generator; the caller wipes it
 * @hash: the hash
 * @in: key, digest of the message, and what is mixed in
 *
 * Context: Any; does not sleep.
 */
void ssa_nonce_init(struct ssa_nonce *nonce, enum ssa_hash_id hash,
		    const struct ssa_nonce_input *in)
{
	nonce->hash = hash;
	nonce->again = false;
	memset(nonce->k, 0x00, sizeof(nonce->k));
	memset(nonce->v, 0x01, sizeof(nonce->v));
	ssa_nonce_update(nonce, 0x00, in);
	ssa_nonce_update(nonce, 0x01, in);
}

/**
 * ssa_nonce_next() - step h of RFC 6979 3.2: a candidate
 * @nonce: the generator
 * @out: the next @len bytes, of which the caller takes the leftmost bits
 * @len: bytes that the order has
 *
 * Context: Any; does not sleep.
 */
void ssa_nonce_next(struct ssa_nonce *nonce, u8 *out, size_t len)
{
	size_t size = ssa_hash_size(nonce->hash), n;

	if (nonce->again)
		ssa_nonce_update(nonce, 0x00, NULL);
	nonce->again = true;
	for (; len; out += n, len -= n) {
		ssa_hmac(nonce->hash, nonce->k, size, nonce->v, size, nonce->v);
		n = min(len, size);
		memcpy(out, nonce->v, n);
	}
}
