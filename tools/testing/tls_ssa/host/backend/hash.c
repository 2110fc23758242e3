// SPDX-License-Identifier: GPL-2.0
/* The hashes of include/crypto/ssa.h over BearSSL. */
#include <bearssl_hash.h>
#include <crypto/ssa.h>
#include <linux/bug.h>
#include <linux/string.h>

static const br_hash_class *const classes[SSA_HASH_COUNT] = {
	[SSA_SHA256] = &br_sha256_vtable,
	[SSA_SHA384] = &br_sha384_vtable,
	[SSA_SHA512] = &br_sha512_vtable,
};

static_assert(sizeof(br_hash_compat_context) <= SSA_HASH_CTX_SIZE);

size_t ssa_hash_size(enum ssa_hash_id id)
{
	return classes[id]->desc >> BR_HASHDESC_OUT_OFF & BR_HASHDESC_OUT_MASK;
}

size_t ssa_hash_block_size(enum ssa_hash_id id)
{
	return 1UL << (classes[id]->desc >> BR_HASHDESC_LBLEN_OFF & BR_HASHDESC_LBLEN_MASK);
}

void ssa_hash_init(struct ssa_hash *h, enum ssa_hash_id id)
{
	br_hash_compat_context *c = (void *)h->ctx;

	h->id = id;
	classes[id]->init(&c->vtable);
}

void ssa_hash_update(struct ssa_hash *h, const void *data, size_t len)
{
	br_hash_compat_context *c = (void *)h->ctx;

	c->vtable->update(&c->vtable, data, len);
}

void ssa_hash_snapshot(const struct ssa_hash *h, u8 *out)
{
	const br_hash_compat_context *c = (const void *)h->ctx;

	c->vtable->out(&c->vtable, out);
}

void ssa_hash_final(struct ssa_hash *h, u8 *out)
{
	ssa_hash_snapshot(h, out);
	memzero_explicit(h, sizeof(*h));
}

void ssa_hash_digest(enum ssa_hash_id id, const void *data, size_t len, u8 *out)
{
	struct ssa_hash h;

	ssa_hash_init(&h, id);
	ssa_hash_update(&h, data, len);
	ssa_hash_final(&h, out);
}
