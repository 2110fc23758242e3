// SPDX-License-Identifier: GPL-2.0
/*
 * Keying material exporters: RFC 8446 7.5, and RFC 5705 for TLS 1.2.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <kunit/visibility.h>
#include "hs.h"

/*
 * RFC 5705 4: a label must not be one of TLS's own, whose PRF this is. Nor may it
 * begin with one, because nothing stands between label and seed.
 */
static bool is_label_of_tls(const char *label, size_t len)
{
	static const char * const labels[] = {
		"client finished", "server finished", "master secret",
		"extended master secret", "key expansion",
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(labels); i++)
		if (len >= strlen(labels[i]) && !memcmp(label, labels[i], strlen(labels[i])))
			return true;
	return false;
}

/* RFC 5705 4; without a context, not even its length is there */
static noinline_for_stack int export12(const struct ssa_exporter *exporter, const char *label,
				       const u8 *context, size_t context_len,
				       u8 *out, size_t out_len)
{
	u8 seed[sizeof(exporter->randoms) + 2 + SSA_EXPORT_CONTEXT_MAX];
	size_t len = sizeof(exporter->randoms);

	memcpy(seed, exporter->randoms, len);
	if (context) {
		put_unaligned_be16(context_len, seed + len);
		memcpy(seed + len + 2, context, context_len);
		len += 2 + context_len;
	}
	ssa_prf(exporter->hash, exporter->secret, SSA_MASTER_SECRET_LEN, label, seed, len,
		out, out_len);
	return 0;
}

/* RFC 8446 7.5: HKDF-Expand-Label(Derive-Secret(Secret, label, ""), "exporter", ...) */
static noinline_for_stack int export13(const struct ssa_exporter *exporter, const char *label,
				       const u8 *context, size_t context_len,
				       u8 *out, size_t out_len)
{
	size_t hash_len = ssa_hash_size(exporter->hash);
	u8 secret[SSA_SECRET_MAX], digest[SSA_HASH_MAX];
	int err;

	ssa_hash_digest(exporter->hash, "", 0, digest);
	err = ssa_hkdf_expand_label(exporter->hash, exporter->secret, label, digest, hash_len,
				    secret, hash_len);
	if (!err) {
		ssa_hash_digest(exporter->hash, context_len ? context : (const u8 *)"",
				context_len, digest);
		err = ssa_hkdf_expand_label(exporter->hash, secret, "exporter", digest, hash_len,
					    out, out_len);
	}
	memzero_explicit(secret, sizeof(secret));
	return err;
}

/**
 * ssa_export - keying material of a connection for somebody else's use
 * @exporter: of ssa_hs_exporter()
 * @label: ASCII, 1 to SSA_EXPORT_LABEL_MAX bytes, without NUL
 * @label_len: bytes of it
 * @context: NULL: none; TLS 1.2 distinguishes that from an empty one
 * @context_len: bytes of it, at most SSA_EXPORT_CONTEXT_MAX
 * @out: result; the caller wipes it
 * @out_len: bytes wanted, at most SSA_EXPORT_MAX
 *
 * The same label, context and length give the same bytes on both sides, each time.
 *
 * Context: process.
 * Return: 0; -EOPNOTSUPP: this connection cannot export; -EINVAL: a label that is
 * empty, not a string or begins with one of TLS's own, or a length above its limit.
 */
int ssa_export(const struct ssa_exporter *exporter, const char *label, size_t label_len,
	       const u8 *context, size_t context_len, u8 *out, size_t out_len)
{
	char text[SSA_EXPORT_LABEL_MAX + 1];

	if (!label_len || label_len > SSA_EXPORT_LABEL_MAX || memchr(label, 0, label_len) ||
	    is_label_of_tls(label, label_len) || context_len > SSA_EXPORT_CONTEXT_MAX ||
	    (context_len && !context) || out_len > SSA_EXPORT_MAX)
		return -EINVAL;
	memcpy(text, label, label_len);
	text[label_len] = 0;
	switch (exporter->version) {
	case SSA_TLS12:
		return export12(exporter, text, context, context_len, out, out_len);
	case SSA_TLS13:
		return export13(exporter, text, context, context_len, out, out_len);
	default:
		return -EOPNOTSUPP;
	}
}
EXPORT_SYMBOL_IF_KUNIT(ssa_export);

/**
 * ssa_hs_keep_exporter - what exporters need, before the handshake's secrets are wiped
 * @hs: either side, both Finished are exchanged
 *
 * Nothing is kept of a TLS 1.2 whose master secret is not bound to the handshake:
 * somebody between could have made it the same on both sides of him (RFC 7627 1).
 *
 * Context: process.
 */
void ssa_hs_keep_exporter(struct ssa_hs *hs)
{
	struct ssa_exporter *exporter = &hs->exporter;
	bool server = hs->cfg.server;

	exporter->hash = hs->suite->hash;
	if (hs->version == SSA_TLS13) {
		exporter->version = SSA_TLS13;
		memcpy(exporter->secret, hs->ks.exporter_master_secret, SSA_SECRET_MAX);
	} else if (hs->extended_master_secret) {
		exporter->version = SSA_TLS12;
		memcpy(exporter->secret, hs->keys12.master_secret, SSA_MASTER_SECRET_LEN);
		memcpy(exporter->randoms, server ? hs->peer_random : hs->random, SSA_RANDOM_LEN);
		memcpy(exporter->randoms + SSA_RANDOM_LEN,
		       server ? hs->random : hs->peer_random, SSA_RANDOM_LEN);
	}
}
EXPORT_SYMBOL_IF_KUNIT(ssa_hs_keep_exporter);

/**
 * ssa_hs_exporter - hand over what keying material is exported from
 * @hs: SSA_DONE was returned; the secret is gone from it afterwards
 * @exporter: result; the caller wipes it
 *
 * Context: process.
 * Return: 0, or -EINVAL if the handshake is not done or this was called before.
 */
int ssa_hs_exporter(struct ssa_hs *hs, struct ssa_exporter *exporter)
{
	if (hs->state != SSA_ST_CONNECTED || hs->exporter_taken)
		return -EINVAL;
	*exporter = hs->exporter;
	memzero_explicit(&hs->exporter, sizeof(hs->exporter));
	hs->exporter_taken = true;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_hs_exporter);
