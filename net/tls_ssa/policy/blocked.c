// SPDX-License-Identifier: GPL-2.0
/*
 * What is blocked on this machine: the administrator's list of certificates and keys,
 * and the kernel's own keyring .blacklist. Both hold for every handshake from now on,
 * also of sockets that exist.
 */
#include <linux/err.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <keys/system_keyring.h>
#include "file.h"
#include "policy.h"

static DEFINE_SPINLOCK(ssa_blocked_lock);	/* guards the one below */
static struct ssa_blocklist *ssa_blocked;

static struct ssa_blocklist *ssa_blocklist_read(const char *path, struct ssa_complaint *why)
{
	struct ssa_blocklist *list;
	u32 line = 0;
	void *text;
	ssize_t len;

	len = ssa_file_read_kernel(path, SSA_BLOCKLIST_TEXT_MAX, &text);
	if (len < 0) {
		ssa_complain(why, "blocklist: %s %s", path, ssa_file_error(len));
		return ERR_PTR(len);
	}
	list = ssa_blocklist_parse(text, len, &line);
	vfree(text);
	if (list == ERR_PTR(-E2BIG))
		ssa_complain(why, "blocklist: %s has more than %d entries", path,
			     SSA_BLOCKLIST_MAX);
	else if (IS_ERR(list))
		ssa_complain(why, "blocklist: %s, line %u: 64 hex digits of a SHA-256 are needed",
			     path, line);
	return list;
}

/**
 * ssa_blocklist_load - put another blocklist in force
 * @path: absolute path, NUL-terminated; NULL: none
 * @why: what is wrong, or NULL
 *
 * Context: process, may sleep; reads a file.
 * Return: 0; -EINVAL and *@why: the old one stays in force; -ENOMEM.
 */
int ssa_blocklist_load(const char *path, struct ssa_complaint *why)
{
	struct ssa_blocklist *list = NULL;

	if (path && (path[0] != '/' || strlen(path) >= SSA_TRUST_PATH_MAX))
		return ssa_complain(why, "blocklist: needs an absolute path of at most %d bytes",
				    SSA_TRUST_PATH_MAX - 1);
	if (path)
		list = ssa_blocklist_read(path, why);
	if (IS_ERR(list))
		return list == ERR_PTR(-ENOMEM) ? -ENOMEM : -EINVAL;
	spin_lock(&ssa_blocked_lock);
	swap(ssa_blocked, list);
	spin_unlock(&ssa_blocked_lock);
	ssa_blocklist_put(list);
	return 0;
}

/**
 * ssa_blocklist_current - the blocklist in force
 *
 * Context: process.
 * Return: with a reference for the caller, or NULL: nothing is blocked.
 */
struct ssa_blocklist *ssa_blocklist_current(void)
{
	struct ssa_blocklist *list;

	spin_lock(&ssa_blocked_lock);
	list = ssa_blocklist_get(ssa_blocked);
	spin_unlock(&ssa_blocked_lock);
	return list;
}

/**
 * ssa_is_revoked - is a certificate on the kernel's own list, the keyring .blacklist?
 * @tbs_hash: hash of its TBSCertificate, by the function of its signature
 * @len: bytes of it
 *
 * For struct ssa_hs_config.
 *
 * Context: process, may sleep.
 * Return: true, also if there was no memory to look: then it is not known to be good.
 */
bool ssa_is_revoked(const u8 *tbs_hash, size_t len)
{
	if (!IS_ENABLED(CONFIG_SYSTEM_BLACKLIST_KEYRING))
		return false;
	return is_hash_blacklisted(tbs_hash, len, BLACKLIST_HASH_X509_TBS);
}
