// SPDX-License-Identifier: GPL-2.0
/*
 * Where trust anchors come from: a PEM bundle, or a directory whose files are named by
 * hashes of their subjects (openssl-rehash(1)); read with the kernel's own credentials
 * in the root of the initial mount namespace, so that neither an application nor a
 * container decides whom the machine trusts. It is parsed once and shared.
 */
#define pr_fmt(fmt) "tls_ssa: " fmt

#include <linux/err.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include "file.h"
#include "policy.h"

/**
 * struct ssa_trust - a source of trust anchors
 * @ref: references
 * @lock: guards @store of a lazy one
 * @store: what was read; or NULL: not yet, or it failed
 * @path: where it is
 */
struct ssa_trust {
	refcount_t		ref;
	struct mutex		lock;	/* see above */
	struct ssa_trust_store	*store;
	char			path[];
};

static struct ssa_trust_store *ssa_trust_read(const char *path, struct ssa_complaint *why)
{
	struct ssa_trust_store *store;
	void *pem;
	ssize_t len;

	len = ssa_file_read_kernel(path, SSA_PEM_MAX, &pem);
	if (len == -EISDIR)
		len = ssa_file_read_hashed(path, SSA_PEM_MAX, &pem);
	if (len < 0) {
		ssa_complain(why, "%s %s", path, ssa_file_error(len));
		return ERR_PTR(len);
	}
	store = ssa_trust_store_parse(pem, len);
	vfree(pem);
	if (IS_ERR(store))
		ssa_complain(why, PTR_ERR(store) == -E2BIG ? "%s has too many certificates" :
			     "%s has no certificate in PEM that can be an authority", path);
	return store;
}

/**
 * ssa_trust_open - a source of trust anchors
 * @path: absolute path, NUL-terminated
 * @lazy: read it when it is first used, and again after a failure; do not fail now
 * @why: what is wrong, or NULL
 *
 * Context: process, may sleep; reads a file.
 * Return: with one reference. ERR_PTR: -EINVAL: no path; -ENOMEM; or the error of reading.
 */
struct ssa_trust *ssa_trust_open(const char *path, bool lazy, struct ssa_complaint *why)
{
	struct ssa_trust_store *store = NULL;
	struct ssa_trust *trust;

	if (path[0] != '/' || strlen(path) >= SSA_TRUST_PATH_MAX) {
		ssa_complain(why, "an absolute path of at most %d bytes is needed",
			     SSA_TRUST_PATH_MAX - 1);
		return ERR_PTR(-EINVAL);
	}
	if (!lazy) {
		store = ssa_trust_read(path, why);
		if (IS_ERR(store))
			return ERR_CAST(store);
	}
	trust = kzalloc(struct_size(trust, path, strlen(path) + 1), GFP_KERNEL);
	if (!trust) {
		ssa_trust_store_put(store);
		return ERR_PTR(-ENOMEM);
	}
	refcount_set(&trust->ref, 1);
	mutex_init(&trust->lock);
	trust->store = store;
	strscpy(trust->path, path, strlen(path) + 1);
	return trust;
}

/**
 * ssa_trust_get - take another reference
 * @trust: a source, or NULL
 *
 * Context: any.
 * Return: @trust.
 */
struct ssa_trust *ssa_trust_get(struct ssa_trust *trust)
{
	if (trust)
		refcount_inc(&trust->ref);
	return trust;
}

/**
 * ssa_trust_put - give a reference up
 * @trust: a source, or NULL
 *
 * Context: process, may sleep.
 */
void ssa_trust_put(struct ssa_trust *trust)
{
	if (!trust || !refcount_dec_and_test(&trust->ref))
		return;
	ssa_trust_store_put(trust->store);
	mutex_destroy(&trust->lock);
	kfree(trust);
}

/**
 * ssa_policy_anchors - the trust anchors of a policy
 * @policy: the policy
 * @clients: by which clients are verified, not servers
 *
 * Context: process, may sleep; may read files.
 * Return: with a reference for the caller; NULL: there are none, or the application's
 * alone count.
 */
struct ssa_trust_store *ssa_policy_anchors(const struct ssa_policy *policy, bool clients)
{
	struct ssa_trust *trust = clients ? policy->client_trust : policy->trust;

	if (!trust || policy->trust_mode == SSA_TRUST_APPLICATION)
		return NULL;
	return ssa_trust_store(trust);
}

/**
 * ssa_trust_store - the trust anchors of a source
 * @trust: the source
 *
 * Context: process, may sleep; may read a file.
 * Return: the store with a reference for the caller, or NULL: it cannot be read.
 */
struct ssa_trust_store *ssa_trust_store(struct ssa_trust *trust)
{
	struct ssa_trust_store *store;
	struct ssa_complaint why;

	mutex_lock(&trust->lock);
	if (!trust->store) {
		store = ssa_trust_read(trust->path, &why);
		if (IS_ERR(store))
			pr_notice_ratelimited("trust store: %s\n", why.text);
		else
			trust->store = store;
	}
	store = ssa_trust_store_get(trust->store);
	mutex_unlock(&trust->lock);
	return store;
}
