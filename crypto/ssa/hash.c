// SPDX-License-Identifier: GPL-2.0
/*
 * SHA-2 through the crypto API, which picks the fastest implementation that
 * the CPU has. The tfms are allocated once; a running hash needs no memory.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/random.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <crypto/hash.h>

#include "internal.h"

static const struct {
	const char	*alg;
	u8		size;
	u8		block_size;
} ssa_hash_desc[SSA_HASH_COUNT] = {
	[SSA_SHA256] = { "sha256", 32, 64 },
	[SSA_SHA384] = { "sha384", 48, 128 },
	[SSA_SHA512] = { "sha512", 64, 128 },
};

static struct crypto_shash *ssa_hash_tfm[SSA_HASH_COUNT];

static_assert(HASH_MAX_DESCSIZE <= SSA_HASH_CTX_SIZE);
static_assert(__alignof__(struct shash_desc) <= 16);

static struct shash_desc *ssa_hash_shash(struct ssa_hash *h)
{
	return (struct shash_desc *)h->ctx;
}

/*
 * SHA-2 in software cannot fail. Should an implementation do it all the same,
 * the digest becomes random, so that what depends on it fails closed.
 */
static void ssa_hash_check(int err, enum ssa_hash_id id, u8 *out)
{
	if (WARN_ONCE(err, "%s failed: %d\n", ssa_hash_desc[id].alg, err))
		get_random_bytes(out, ssa_hash_desc[id].size);
}

/**
 * ssa_hash_size() - length of a digest
 * @id: the hash
 *
 * Context: Any.
 * Return: bytes.
 */
size_t ssa_hash_size(enum ssa_hash_id id)
{
	return ssa_hash_desc[id].size;
}
EXPORT_SYMBOL_GPL(ssa_hash_size);

/**
 * ssa_hash_block_size() - length of the input block of a hash, for HMAC
 * @id: the hash
 *
 * Context: Any.
 * Return: bytes.
 */
size_t ssa_hash_block_size(enum ssa_hash_id id)
{
	return ssa_hash_desc[id].block_size;
}
EXPORT_SYMBOL_GPL(ssa_hash_block_size);

/**
 * ssa_hash_init() - start a hash
 * @h: its state; need not be initialised
 * @id: the hash
 *
 * Context: Any; does not sleep.
 */
void ssa_hash_init(struct ssa_hash *h, enum ssa_hash_id id)
{
	struct shash_desc *desc = ssa_hash_shash(h);
	int err;

	h->id = id;
	desc->tfm = ssa_hash_tfm[id];
	err = crypto_shash_init(desc);
	WARN_ONCE(err, "%s failed: %d\n", ssa_hash_desc[id].alg, err);
}
EXPORT_SYMBOL_GPL(ssa_hash_init);

/**
 * ssa_hash_update() - hash more data
 * @h: a running hash
 * @data: the data
 * @len: bytes
 *
 * Context: Any; does not sleep.
 */
void ssa_hash_update(struct ssa_hash *h, const void *data, size_t len)
{
	const u8 *p = data;

	while (len) {
		unsigned int n = min_t(size_t, len, SZ_1G);
		int err = crypto_shash_update(ssa_hash_shash(h), p, n);

		WARN_ONCE(err, "%s failed: %d\n", ssa_hash_desc[h->id].alg, err);
		p += n;
		len -= n;
	}
}
EXPORT_SYMBOL_GPL(ssa_hash_update);

/**
 * ssa_hash_snapshot() - digest of what was hashed so far
 * @h: a running hash, which goes on unchanged
 * @out: room for ssa_hash_size() bytes
 *
 * Context: Any; does not sleep.
 */
void ssa_hash_snapshot(const struct ssa_hash *h, u8 *out)
{
	u8 state[HASH_MAX_DESCSIZE] __aligned(16);
	struct ssa_hash copy;
	int err;

	/* an implementation may keep pointers in its state: no plain copy */
	copy.id = h->id;
	ssa_hash_shash(&copy)->tfm = ssa_hash_tfm[h->id];
	err = crypto_shash_export((struct shash_desc *)h->ctx, state);
	if (!err)
		err = crypto_shash_import(ssa_hash_shash(&copy), state);
	if (!err)
		err = crypto_shash_final(ssa_hash_shash(&copy), out);
	ssa_hash_check(err, h->id, out);
	memzero_explicit(state, sizeof(state));
	memzero_explicit(&copy, sizeof(copy));
}
EXPORT_SYMBOL_GPL(ssa_hash_snapshot);

/**
 * ssa_hash_final() - finish a hash and wipe its state
 * @h: a running hash
 * @out: room for ssa_hash_size() bytes
 *
 * Context: Any; does not sleep.
 */
void ssa_hash_final(struct ssa_hash *h, u8 *out)
{
	int err = crypto_shash_final(ssa_hash_shash(h), out);

	ssa_hash_check(err, h->id, out);
	memzero_explicit(h, sizeof(*h));
}
EXPORT_SYMBOL_GPL(ssa_hash_final);

/**
 * ssa_hash_digest() - hash one piece of data
 * @id: the hash
 * @data: the data
 * @len: bytes
 * @out: room for ssa_hash_size() bytes
 *
 * Context: Any; does not sleep.
 */
void ssa_hash_digest(enum ssa_hash_id id, const void *data, size_t len, u8 *out)
{
	struct ssa_hash h;

	ssa_hash_init(&h, id);
	ssa_hash_update(&h, data, len);
	ssa_hash_final(&h, out);
}
EXPORT_SYMBOL_GPL(ssa_hash_digest);

/**
 * ssa_hash_teardown() - free the tfms
 *
 * Context: Process.
 */
void ssa_hash_teardown(void)
{
	enum ssa_hash_id id;

	for (id = 0; id < SSA_HASH_COUNT; id++) {
		crypto_free_shash(ssa_hash_tfm[id]);
		ssa_hash_tfm[id] = NULL;
	}
}

/**
 * ssa_hash_setup() - allocate the tfms
 *
 * Context: Process; may sleep and load modules.
 * Return: 0 or -errno.
 */
int ssa_hash_setup(void)
{
	enum ssa_hash_id id;

	for (id = 0; id < SSA_HASH_COUNT; id++) {
		struct crypto_shash *tfm = crypto_alloc_shash(ssa_hash_desc[id].alg, 0, 0);

		if (IS_ERR(tfm)) {
			ssa_hash_teardown();
			return PTR_ERR(tfm);
		}
		ssa_hash_tfm[id] = tfm;
		if (sizeof(struct shash_desc) + crypto_shash_descsize(tfm) > SSA_HASH_CTX_SIZE ||
		    crypto_shash_statesize(tfm) > HASH_MAX_DESCSIZE) {
			ssa_hash_teardown();
			return -EOVERFLOW;
		}
	}
	return 0;
}
