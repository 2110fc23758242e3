// SPDX-License-Identifier: GPL-2.0
/*
 * The system's trust store: a PEM bundle named by net.ssa.trust_store, read with
 * the kernel's own credentials in the root of the initial mount namespace, so
 * that neither an application nor a container decides whom the machine trusts.
 * It is parsed once, when the first client connects, and shared. Writing the
 * sysctl reads it again; one that cannot be used leaves the old in force.
 */
#define pr_fmt(fmt) "tls_ssa: " fmt

#include <linux/err.h>
#include <linux/kernel_read_file.h>
#include <linux/mutex.h>
#include <linux/cred.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include "policy.h"

static DEFINE_MUTEX(ssa_trust_lock);		/* guards the two below */
static char ssa_trust_path[SSA_TRUST_PATH_MAX] = CONFIG_SSA_TRUST_STORE;
static struct ssa_trust_store *ssa_trust_store;	/* holds a reference; NULL: not read yet */

static struct ssa_trust_store *ssa_trust_read(const char *path)
{
	struct ssa_trust_store *store;
	const struct cred *old;
	struct cred *kernel;
	void *pem = NULL;
	ssize_t len;

	kernel = prepare_kernel_cred(&init_task);
	if (!kernel)
		return ERR_PTR(-ENOMEM);
	old = override_creds(kernel);
	len = kernel_read_file_from_path_initns(path, 0, &pem, SSA_PEM_MAX, NULL,
						READING_X509_CERTIFICATE);
	revert_creds(old);
	put_cred(kernel);
	if (len < 0) {
		pr_notice_ratelimited("trust store %s cannot be read: error %zd\n", path, len);
		return ERR_PTR(len);
	}
	store = ssa_trust_store_parse(pem, len);
	vfree(pem);
	if (IS_ERR(store))
		pr_notice_ratelimited("trust store %s cannot be used: error %ld\n",
				      path, PTR_ERR(store));
	return store;
}

/**
 * ssa_trust_system - the system's trust store
 *
 * Reads it if that was not done yet; a failure is tried again next time.
 *
 * Context: process, may sleep; reads a file.
 * Return: the store with a reference for the caller, or NULL if there is none.
 */
struct ssa_trust_store *ssa_trust_system(void)
{
	struct ssa_trust_store *store;

	mutex_lock(&ssa_trust_lock);
	store = ssa_trust_store;
	if (!store) {
		store = ssa_trust_read(ssa_trust_path);
		ssa_trust_store = IS_ERR(store) ? NULL : store;
	}
	store = ssa_trust_store ? ssa_trust_store_get(ssa_trust_store) : NULL;
	mutex_unlock(&ssa_trust_lock);
	return store;
}

/**
 * ssa_trust_set_path - read another bundle, or the same again
 * @path: absolute path of a PEM file, NUL-terminated
 *
 * Connections that have begun keep the store they began with.
 *
 * Context: process, may sleep; reads a file.
 * Return: 0; -EINVAL or the error of reading: nothing has changed.
 */
int ssa_trust_set_path(const char *path)
{
	struct ssa_trust_store *store, *old;

	if (path[0] != '/' || strlen(path) >= SSA_TRUST_PATH_MAX)
		return -EINVAL;
	store = ssa_trust_read(path);
	if (IS_ERR(store))
		return PTR_ERR(store);
	mutex_lock(&ssa_trust_lock);
	old = ssa_trust_store;
	ssa_trust_store = store;
	strscpy(ssa_trust_path, path, sizeof(ssa_trust_path));
	mutex_unlock(&ssa_trust_lock);
	ssa_trust_store_put(old);
	return 0;
}

/**
 * ssa_trust_get_path - where the trust store comes from
 * @path: result
 * @size: bytes there
 *
 * Context: process, may sleep.
 */
void ssa_trust_get_path(char *path, size_t size)
{
	mutex_lock(&ssa_trust_lock);
	strscpy(path, ssa_trust_path, size);
	mutex_unlock(&ssa_trust_lock);
}

/**
 * ssa_trust_exit - give the trust store up
 *
 * Context: process; no socket of ours is left.
 */
void ssa_trust_exit(void)
{
	ssa_trust_store_put(ssa_trust_store);
	ssa_trust_store = NULL;
}
