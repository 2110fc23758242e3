// SPDX-License-Identifier: GPL-2.0
/*
 * The pseudorandom function of TLS 1.2 (RFC 5246 5).
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

#include "internal.h"

/**
 * ssa_prf() - PRF of TLS 1.2: P_hash(secret, label + seed), RFC 5246 5
 * @id: the hash of the cipher suite
 * @secret: the secret
 * @secret_len: bytes of @secret, any number
 * @label: ASCII label, NUL-terminated; the NUL is not part of it
 * @seed: the seed
 * @seed_len: bytes of @seed, any number
 * @out: the result; must not overlap @secret or @seed
 * @out_len: bytes wanted, any number
 *
 * Context: Any; does not sleep.
 */
void ssa_prf(enum ssa_hash_id id, const u8 *secret, size_t secret_len, const char *label,
	     const u8 *seed, size_t seed_len, u8 *out, size_t out_len)
{
	size_t size = ssa_hash_size(id), label_len = strlen(label);
	struct ssa_hmac hmac;
	u8 a[SSA_HASH_MAX], block[SSA_HASH_MAX];

	/* A(1) = HMAC(secret, A(0)), A(0) = label + seed */
	ssa_hmac_init(&hmac, id, secret, secret_len);
	ssa_hash_update(&hmac.hash, label, label_len);
	ssa_hash_update(&hmac.hash, seed, seed_len);
	ssa_hmac_final(&hmac, a);

	while (out_len) {
		size_t n = min(out_len, size);

		/* HMAC(secret, A(i) + label + seed) */
		ssa_hmac_init(&hmac, id, secret, secret_len);
		ssa_hash_update(&hmac.hash, a, size);
		ssa_hash_update(&hmac.hash, label, label_len);
		ssa_hash_update(&hmac.hash, seed, seed_len);
		ssa_hmac_final(&hmac, block);
		memcpy(out, block, n);
		out += n;
		out_len -= n;
		if (out_len)
			ssa_hmac(id, secret, secret_len, a, size, a);
	}
	memzero_explicit(a, sizeof(a));
	memzero_explicit(block, sizeof(block));
}
EXPORT_SYMBOL_GPL(ssa_prf);
