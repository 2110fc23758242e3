// SPDX-License-Identifier: GPL-2.0
/*
 * HMAC (RFC 2104).
 */
#include <linux/export.h>
#include <linux/string.h>
#include <linux/types.h>

#include "internal.h"

#define SSA_HMAC_IPAD	0x36
#define SSA_HMAC_OPAD	0x5c

static void ssa_hmac_start(struct ssa_hmac *hmac, enum ssa_hash_id id, u8 pad)
{
	u8 block[SSA_HASH_BLOCK_MAX];
	size_t i, block_size = ssa_hash_block_size(id);

	for (i = 0; i < block_size; i++)
		block[i] = hmac->key[i] ^ pad;
	ssa_hash_init(&hmac->hash, id);
	ssa_hash_update(&hmac->hash, block, block_size);
	memzero_explicit(block, sizeof(block));
}

/**
 * ssa_hmac_init() - start an HMAC; its data goes to the hash in it
 * @hmac: its state; need not be initialised
 * @id: the hash
 * @key: the key
 * @key_len: bytes of @key, any number
 *
 * Context: Any; does not sleep.
 */
void ssa_hmac_init(struct ssa_hmac *hmac, enum ssa_hash_id id, const u8 *key, size_t key_len)
{
	memset(hmac->key, 0, sizeof(hmac->key));
	if (key_len > ssa_hash_block_size(id))
		ssa_hash_digest(id, key, key_len, hmac->key);
	else if (key_len)
		memcpy(hmac->key, key, key_len);
	ssa_hmac_start(hmac, id, SSA_HMAC_IPAD);
}

/**
 * ssa_hmac_final() - finish an HMAC and wipe its state
 * @hmac: a running HMAC
 * @out: room for ssa_hash_size() bytes
 *
 * Context: Any; does not sleep.
 */
void ssa_hmac_final(struct ssa_hmac *hmac, u8 *out)
{
	enum ssa_hash_id id = hmac->hash.id;
	u8 inner[SSA_HASH_MAX];

	ssa_hash_final(&hmac->hash, inner);
	ssa_hmac_start(hmac, id, SSA_HMAC_OPAD);
	ssa_hash_update(&hmac->hash, inner, ssa_hash_size(id));
	ssa_hash_final(&hmac->hash, out);
	memzero_explicit(inner, sizeof(inner));
	memzero_explicit(hmac, sizeof(*hmac));
}

/**
 * ssa_hmac() - HMAC of one piece of data, RFC 2104
 * @id: the hash
 * @key: the key
 * @key_len: bytes of @key, any number
 * @data: the data
 * @len: bytes of @data
 * @out: room for ssa_hash_size() bytes; may be @key or @data
 *
 * Context: Any; does not sleep.
 */
void ssa_hmac(enum ssa_hash_id id, const u8 *key, size_t key_len,
	      const void *data, size_t len, u8 *out)
{
	struct ssa_hmac hmac;

	ssa_hmac_init(&hmac, id, key, key_len);
	ssa_hash_update(&hmac.hash, data, len);
	ssa_hmac_final(&hmac, out);
}
EXPORT_SYMBOL_GPL(ssa_hmac);
