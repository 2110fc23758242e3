// SPDX-License-Identifier: GPL-2.0
/*
 * EMSA-PSS of RFC 8017 9.1, with MGF1 of the same hash. The salt is as long as
 * the digest in TLS (RFC 8446 4.2.3), and of any length on certificates.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>
#include <crypto/utils.h>

#include "internal.h"

#define SSA_PSS_TRAILER	0xbc

/* XOR MGF1(@seed) over @len bytes at @mask; RFC 8017 B.2.1. */
static void ssa_mgf1_xor(enum ssa_hash_id id, const u8 *seed, u8 *mask, size_t len)
{
	size_t size = ssa_hash_size(id);
	u8 digest[SSA_HASH_MAX];
	struct ssa_hash h;
	u32 counter = 0;
	size_t i, n;

	for (; len; len -= n, mask += n, counter++) {
		const u8 be[4] = { counter >> 24, counter >> 16, counter >> 8, counter };

		ssa_hash_init(&h, id);
		ssa_hash_update(&h, seed, size);
		ssa_hash_update(&h, be, sizeof(be));
		ssa_hash_final(&h, digest);
		n = min(len, size);
		for (i = 0; i < n; i++)
			mask[i] ^= digest[i];
	}
}

/* H = Hash(eight zeros || mHash || salt) */
static void ssa_pss_hash(enum ssa_hash_id id, const u8 *digest,
			 const u8 *salt, size_t salt_len, u8 *out)
{
	static const u8 zeros[8];
	struct ssa_hash h;

	ssa_hash_init(&h, id);
	ssa_hash_update(&h, zeros, sizeof(zeros));
	ssa_hash_update(&h, digest, ssa_hash_size(id));
	ssa_hash_update(&h, salt, salt_len);
	ssa_hash_final(&h, out);
}

/**
 * ssa_pss_em_len() - length of an encoded message
 * @em_bits: its bits, one less than the modulus has
 *
 * Context: Any.
 * Return: bytes; one less than the modulus has if that has 8n + 1 bits.
 */
size_t ssa_pss_em_len(unsigned int em_bits)
{
	return DIV_ROUND_UP(em_bits, 8);
}

/**
 * ssa_pss_encode() - EMSA-PSS-ENCODE, RFC 8017 9.1.1
 * @id: the hash
 * @digest: digest of the message
 * @salt: as long as the digest, fresh and random
 * @em: room for ssa_pss_em_len() bytes
 * @em_bits: bits of the encoded message
 *
 * Context: Any.
 * Return: 0, or -EINVAL if @em_bits is too small for the hash.
 */
int ssa_pss_encode(enum ssa_hash_id id, const u8 *digest, const u8 *salt,
		   u8 *em, unsigned int em_bits)
{
	size_t size = ssa_hash_size(id);
	size_t em_len = ssa_pss_em_len(em_bits);
	size_t db_len;
	u8 *h;

	if (em_len < 2 * size + 2)
		return -EINVAL;
	db_len = em_len - size - 1;
	h = em + db_len;

	/* DB = PS || 0x01 || salt */
	memset(em, 0, db_len - size - 1);
	em[db_len - size - 1] = 0x01;
	memcpy(em + db_len - size, salt, size);

	ssa_pss_hash(id, digest, salt, size, h);
	ssa_mgf1_xor(id, h, em, db_len);
	em[0] &= 0xff >> (8 * em_len - em_bits);
	em[em_len - 1] = SSA_PSS_TRAILER;
	return 0;
}

/**
 * ssa_pss_verify() - EMSA-PSS-VERIFY, RFC 8017 9.1.2
 * @params: hash, and length of the salt
 * @digest: digest of the message
 * @em: the encoded message, ssa_pss_em_len() bytes
 * @em_bits: its bits
 *
 * Context: Any.
 * Return: 0 if consistent, else -EKEYREJECTED.
 */
int ssa_pss_verify(const struct ssa_pss_params *params, const u8 *digest,
		   const u8 *em, unsigned int em_bits)
{
	size_t size = ssa_hash_size(params->hash), salt_len = params->salt_len;
	size_t em_len = ssa_pss_em_len(em_bits);
	u8 db[SSA_RSA_MAX_BYTES], expected[SSA_HASH_MAX];
	size_t db_len, one, i;
	const u8 *h;
	u8 bad = 0;

	if (em_len > SSA_RSA_MAX_BYTES || em_len < size + salt_len + 2 ||
	    em[em_len - 1] != SSA_PSS_TRAILER)
		return -EKEYREJECTED;
	if (em[0] & ~(0xff >> (8 * em_len - em_bits)))
		return -EKEYREJECTED;
	db_len = em_len - size - 1;
	h = em + db_len;

	memcpy(db, em, db_len);
	ssa_mgf1_xor(params->hash, h, db, db_len);
	db[0] &= 0xff >> (8 * em_len - em_bits);

	one = db_len - salt_len - 1;
	for (i = 0; i < one; i++)
		bad |= db[i];
	bad |= db[one] ^ 0x01;
	if (bad)
		return -EKEYREJECTED;

	ssa_pss_hash(params->hash, digest, db + one + 1, salt_len, expected);
	return crypto_memneq(h, expected, size) ? -EKEYREJECTED : 0;
}
