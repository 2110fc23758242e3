// SPDX-License-Identifier: GPL-2.0
/*
 * HKDF (RFC 5869) and HKDF-Expand-Label (RFC 8446 7.1).
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

#include "internal.h"

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
