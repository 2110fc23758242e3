// SPDX-License-Identifier: GPL-2.0
/*
 * The pseudorandom function of TLS 1.2 (RFC 5246 5).
 */
#include <linux/compiler.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

#include "internal.h"

/* HMAC(secret, a + label + seed); @a is a digest, or NULL for none */
static noinline_for_stack void ssa_prf_block(enum ssa_hash_id id,
					     const u8 *secret, size_t secret_len, const u8 *a,
					     const char *label, const u8 *seed, size_t seed_len,
					     u8 *out)
{
	struct ssa_hmac hmac;

	ssa_hmac_init(&hmac, id, secret, secret_len);
	if (a)
		ssa_hash_update(&hmac.hash, a, ssa_hash_size(id));
	ssa_hash_update(&hmac.hash, label, strlen(label));
	ssa_hash_update(&hmac.hash, seed, seed_len);
	ssa_hmac_final(&hmac, out);
}

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
	u8 a[SSA_HASH_MAX], block[SSA_HASH_MAX];
	size_t size = ssa_hash_size(id);

	/* A(1) = HMAC(secret, A(0)), A(0) = label + seed */
	ssa_prf_block(id, secret, secret_len, NULL, label, seed, seed_len, a);
	while (out_len) {
		size_t n = min(out_len, size);

		ssa_prf_block(id, secret, secret_len, a, label, seed, seed_len, block);
		memcpy(out, block, n);
		out += n;
		out_len -= n;
		if (out_len)	/* A(i + 1) */
			ssa_hmac(id, secret, secret_len, a, size, a);
	}
	memzero_explicit(a, sizeof(a));
	memzero_explicit(block, sizeof(block));
}
EXPORT_SYMBOL_GPL(ssa_prf);
