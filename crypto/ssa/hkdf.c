// SPDX-License-Identifier: GPL-2.0
/*
 * HMAC (RFC 2104), HKDF (RFC 5869) and HKDF-Expand-Label (RFC 8446 7.1).
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>
#include <crypto/ssa.h>

#define SSA_HMAC_IPAD	0x36
#define SSA_HMAC_OPAD	0x5c

/* A running HMAC: the key padded to a block, and the hash of the moment. */
struct ssa_hmac {
	struct ssa_hash	hash;
	u8		key[SSA_HASH_BLOCK_MAX];
};

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

static void ssa_hmac_init(struct ssa_hmac *hmac, enum ssa_hash_id id,
			  const u8 *key, size_t key_len)
{
	memset(hmac->key, 0, sizeof(hmac->key));
	if (key_len > ssa_hash_block_size(id))
		ssa_hash_digest(id, key, key_len, hmac->key);
	else if (key_len)
		memcpy(hmac->key, key, key_len);
	ssa_hmac_start(hmac, id, SSA_HMAC_IPAD);
}

static void ssa_hmac_final(struct ssa_hmac *hmac, u8 *out)
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

/**
 * ssa_hkdf_extract() - HKDF-Extract, RFC 5869 2.2
 * @id: the hash
 * @salt: the salt, or NULL
 * @salt_len: bytes of @salt; 0 stands for a digest's length of zeros
 * @ikm: input keying material
 * @ikm_len: bytes of @ikm
 * @prk: room for ssa_hash_size() bytes; may be @salt or @ikm
 *
 * Context: Any; does not sleep.
 */
void ssa_hkdf_extract(enum ssa_hash_id id, const u8 *salt, size_t salt_len,
		      const u8 *ikm, size_t ikm_len, u8 *prk)
{
	/* HMAC pads its key with zeros, so that no salt and zeros are the same */
	ssa_hmac(id, salt, salt_len, ikm, ikm_len, prk);
}
EXPORT_SYMBOL_GPL(ssa_hkdf_extract);

/**
 * ssa_hkdf_expand() - HKDF-Expand, RFC 5869 2.3
 * @id: the hash
 * @prk: pseudorandom key
 * @prk_len: bytes of @prk
 * @info: context and application specific information
 * @info_len: bytes of @info
 * @out: output keying material; must not overlap @prk or @info
 * @out_len: bytes wanted, at most 255 digests
 *
 * Context: Any; does not sleep.
 * Return: 0, or -EINVAL if @out_len is too much.
 */
int ssa_hkdf_expand(enum ssa_hash_id id, const u8 *prk, size_t prk_len,
		    const u8 *info, size_t info_len, u8 *out, size_t out_len)
{
	size_t size = ssa_hash_size(id);
	struct ssa_hmac hmac;
	u8 t[SSA_HASH_MAX];
	u8 i = 0;

	if (out_len > 255 * size)
		return -EINVAL;

	while (out_len) {
		size_t n = min(out_len, size);

		ssa_hmac_init(&hmac, id, prk, prk_len);
		if (i)
			ssa_hash_update(&hmac.hash, t, size);
		ssa_hash_update(&hmac.hash, info, info_len);
		i++;
		ssa_hash_update(&hmac.hash, &i, 1);
		ssa_hmac_final(&hmac, t);
		memcpy(out, t, n);
		out += n;
		out_len -= n;
	}
	memzero_explicit(t, sizeof(t));
	return 0;
}
EXPORT_SYMBOL_GPL(ssa_hkdf_expand);

/**
 * ssa_hkdf_expand_label() - HKDF-Expand-Label, RFC 8446 7.1
 * @id: the hash
 * @secret: the secret, ssa_hash_size() bytes
 * @label: the label without its prefix "tls13 ", NUL-terminated
 * @context: the context, in most cases a transcript hash
 * @context_len: bytes of @context, at most SSA_HASH_MAX
 * @out: the key, IV or secret; must not overlap @secret or @context
 * @out_len: bytes wanted
 *
 * Context: Any; does not sleep.
 * Return: 0, or -EINVAL if label, context or output are too long.
 */
int ssa_hkdf_expand_label(enum ssa_hash_id id, const u8 *secret, const char *label,
			  const u8 *context, size_t context_len,
			  u8 *out, size_t out_len)
{
	static const char prefix[] = "tls13 ";
	const size_t prefix_len = sizeof(prefix) - 1;
	/* struct HkdfLabel: uint16 length; opaque label<7..255>; opaque context<0..255>; */
	u8 info[2 + 1 + 255 + 1 + SSA_HASH_MAX];
	size_t label_len = strlen(label);
	u8 *p = info;

	if (label_len > 255 - prefix_len || context_len > SSA_HASH_MAX ||
	    out_len > U16_MAX)
		return -EINVAL;

	*p++ = out_len >> 8;
	*p++ = out_len;
	*p++ = prefix_len + label_len;
	memcpy(p, prefix, prefix_len);
	p += prefix_len;
	memcpy(p, label, label_len);
	p += label_len;
	*p++ = context_len;
	if (context_len)
		memcpy(p, context, context_len);
	p += context_len;

	return ssa_hkdf_expand(id, secret, ssa_hash_size(id), info, p - info, out, out_len);
}
EXPORT_SYMBOL_GPL(ssa_hkdf_expand_label);
