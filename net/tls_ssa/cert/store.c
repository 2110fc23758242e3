// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trust stores: the certificates of a PEM bundle, parsed once, then constant and
 * shared. One that is no authority is kept, too: it is trusted for itself, as the end
 * entity that it is. What we could never use (a certificate's key, form or size; other
 * objects) is skipped and counted; text that is not PEM is an error, so that a damaged
 * bundle is not taken for a shorter one.
 */
#include <kunit/visibility.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/overflow.h>
#include <linux/printk.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "pem.h"
#include "x509.h"

#define ANCHORS_MAX	1024

/**
 * struct ssa_trust_store - trust anchors
 * @refcount: references
 * @count: anchors
 * @skipped: objects of the bundle that are none
 * @anchor: they point into the DER that follows the last of them
 */
struct ssa_trust_store {
	refcount_t refcount;
	u32 count;
	u32 skipped;
	struct ssa_x509 anchor[] __counted_by(count);
};

/**
 * struct census - what a bundle has
 * @anchors: that we can use
 * @skipped: objects that we cannot use
 * @bytes: DER of the anchors
 */
struct census {
	u32 anchors;
	u32 skipped;
	size_t bytes;
};

static bool is_usable(const struct ssa_pem_object *obj, struct ssa_public_key *key)
{
	struct ssa_x509 cert;

	return !strcmp(obj->label, "CERTIFICATE") && !ssa_x509_parse(&cert, obj->der, obj->len) &&
	       !ssa_x509_key(&cert, key);
}

/* 1 with the next certificate that we can use, 0 at the end of the text, or an error */
static int next_anchor(struct ssa_pem *pem, struct ssa_pem_object *obj,
		       struct ssa_public_key *key, u32 *skipped)
{
	int ret;

	for (;;) {
		ret = ssa_pem_next(pem, obj);
		if (ret > 0 && is_usable(obj, key))
			return 1;
		if (ret <= 0 && ret != -E2BIG && ret != -EOPNOTSUPP)
			return ret;
		++*skipped;
	}
}

/* First pass: what is there. @scratch has SSA_CERT_MAX bytes. */
static int take_census(const char *text, size_t len, u8 *scratch,
		       struct ssa_public_key *key, struct census *census)
{
	struct ssa_pem_object obj = { .der = scratch, .size = SSA_CERT_MAX };
	struct ssa_pem pem;
	int ret;

	ssa_pem_init(&pem, text, len);
	while ((ret = next_anchor(&pem, &obj, key, &census->skipped)) > 0) {
		if (++census->anchors > ANCHORS_MAX)
			return -E2BIG;
		census->bytes += obj.len;
	}
	return ret;
}

/* Second pass: the same again, into @store, which has the room for it. */
static int fill(struct ssa_trust_store *store, const char *text, size_t len,
		u8 *scratch, struct ssa_public_key *key)
{
	struct ssa_pem_object obj = { .der = scratch, .size = SSA_CERT_MAX };
	u8 *der = (u8 *)&store->anchor[store->count];
	struct ssa_pem pem;
	u32 n = 0;
	int ret;

	ssa_pem_init(&pem, text, len);
	while ((ret = next_anchor(&pem, &obj, key, &store->skipped)) > 0) {
		memcpy(der, obj.der, obj.len);
		if (ssa_x509_parse(&store->anchor[n++], der, obj.len))
			return -EINVAL;
		der += obj.len;
	}
	return ret;
}

/**
 * ssa_trust_store_parse - make a trust store of a PEM bundle
 * @pem: the bundle; it must not change meanwhile
 * @len: bytes of @pem
 *
 * Context: Process context, may sleep.
 * Return: the store with one reference, or ERR_PTR: -EINVAL malformed or nothing
 * usable in it, -E2BIG more than SSA_PEM_MAX bytes or 1024 anchors, -ENOMEM.
 */
struct ssa_trust_store *ssa_trust_store_parse(const char *pem, size_t len)
{
	struct ssa_trust_store *store = NULL;
	struct ssa_public_key *key;
	struct census census = {};
	u8 *scratch;
	int err;

	if (len > SSA_PEM_MAX)
		return ERR_PTR(-E2BIG);
	scratch = kvmalloc(SSA_CERT_MAX + sizeof(*key), GFP_KERNEL);
	if (!scratch)
		return ERR_PTR(-ENOMEM);
	key = (struct ssa_public_key *)(scratch + SSA_CERT_MAX);

	err = take_census(pem, len, scratch, key, &census);
	if (!err && !census.anchors)
		err = -EINVAL;
	if (err)
		goto out;

	store = kvzalloc(struct_size(store, anchor, census.anchors) + census.bytes,
			 GFP_KERNEL_ACCOUNT);
	if (!store) {
		err = -ENOMEM;
		goto out;
	}
	refcount_set(&store->refcount, 1);
	store->count = census.anchors;
	err = fill(store, pem, len, scratch, key);
	if (census.skipped)
		pr_debug("tls_ssa: %u trust anchors, %u objects skipped\n",
			 census.anchors, census.skipped);
out:
	/* the text may have held a key, too */
	kvfree_sensitive(scratch, SSA_CERT_MAX);
	if (err) {
		kvfree(store);
		return ERR_PTR(err);
	}
	return store;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_trust_store_parse);

/**
 * ssa_trust_store_get - take a reference
 * @store: a store, or NULL
 *
 * Context: Any.
 * Return: @store.
 */
struct ssa_trust_store *ssa_trust_store_get(struct ssa_trust_store *store)
{
	if (store)
		refcount_inc(&store->refcount);
	return store;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_trust_store_get);

/**
 * ssa_trust_store_put - give a reference back
 * @store: a store, or NULL
 *
 * Context: Process context: the last one frees the store.
 */
void ssa_trust_store_put(struct ssa_trust_store *store)
{
	if (store && refcount_dec_and_test(&store->refcount))
		kvfree(store);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_trust_store_put);

/**
 * ssa_trust_store_count - how many anchors a store has
 * @store: a store, or NULL
 *
 * Context: Any.
 * Return: the number, 0 for NULL.
 */
u32 ssa_trust_store_count(const struct ssa_trust_store *store)
{
	return store ? store->count : 0;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_trust_store_count);

/**
 * ssa_trust_store_skipped - how many objects of its bundle a store has no use for
 * @store: a store, or NULL
 *
 * Context: Any.
 * Return: the number, 0 for NULL.
 */
u32 ssa_trust_store_skipped(const struct ssa_trust_store *store)
{
	return store ? store->skipped : 0;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_trust_store_skipped);

/**
 * ssa_trust_store_anchor - one of the anchors
 * @store: a store
 * @index: below ssa_trust_store_count()
 *
 * Context: Any.
 * Return: the anchor; it lives as long as @store.
 */
const struct ssa_x509 *ssa_trust_store_anchor(const struct ssa_trust_store *store, u32 index)
{
	return &store->anchor[index];
}

/**
 * ssa_trust_store_pem - the certificates of a store as PEM text
 * @store: a store
 * @text: the text, NUL-terminated; for kvfree()
 * @len: bytes of it without the NUL
 *
 * Context: Process context, may sleep.
 * Return: 0, -ENOMEM.
 */
int ssa_trust_store_pem(const struct ssa_trust_store *store, char **text, size_t *len)
{
	const struct ssa_der *der;
	char *p;
	u32 i;

	for (i = 0, *len = 0; i < store->count; i++)
		*len += ssa_pem_cert_len(store->anchor[i].der.left);
	*text = kvmalloc(*len + 1, GFP_KERNEL_ACCOUNT);
	if (!*text)
		return -ENOMEM;
	for (i = 0, p = *text; i < store->count; i++) {
		der = &store->anchor[i].der;
		p = ssa_pem_write_cert(p, der->p, der->left);
	}
	*p = '\0';
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_trust_store_pem);
