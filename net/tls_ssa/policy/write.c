// SPDX-License-Identifier: GPL-2.0
/*
 * An attribute of a profile is written: into the draft, which then comes into force unless
 * a transaction is open.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "credential.h"
#include "profile.h"

static bool ssa_is_trust(enum ssa_attribute a)
{
	return a == SSA_A_trust_store || a == SSA_A_client_trust_store;
}

static struct ssa_written *ssa_written_copy(const struct ssa_written *from)
{
	struct ssa_written *w = kzalloc(sizeof(*w), GFP_KERNEL);

	if (!w)
		return NULL;
	if (ssa_values_copy(&w->values, &from->values)) {
		kfree(w);
		return NULL;
	}
	w->trust = ssa_trust_get(from->trust);
	w->client_trust = ssa_trust_get(from->client_trust);
	return w;
}

/*
 * The files of trust_store or client_trust_store are read before the lock is taken, as
 * nobody knows how long that takes. NULL: there are none; default/ without a trust_store
 * has the one that is built in.
 */
static struct ssa_trust *ssa_written_read(struct ssa_profile *p, enum ssa_attribute a,
					  const char *text, size_t len,
					  struct ssa_complaint *why)
{
	const char *builtin = p->admin->builtin.text[SSA_TEXT_TRUST_STORE];
	struct ssa_values v = {};
	struct ssa_trust *trust = NULL;
	const char *path;
	int err;

	err = ssa_attribute_parse(&v, a, text, len, why);
	if (err)
		return ERR_PTR(err);
	path = v.text[a == SSA_A_trust_store ? SSA_TEXT_TRUST_STORE : SSA_TEXT_CLIENT_TRUST_STORE];
	if (path)
		trust = ssa_trust_open(path, false, why);
	else if (a == SSA_A_trust_store && p == &p->admin->base)
		trust = ssa_trust_open(builtin, true, why);
	ssa_values_free(&v);
	return trust;
}

static int ssa_profile_put_draft(struct ssa_profile *p, enum ssa_attribute a,
				 const char *text, size_t len, struct ssa_trust **trust,
				 struct ssa_complaint *why)
{
	struct ssa_written *w = ssa_written_copy(ssa_profile_latest(p));
	struct ssa_written *before = p->draft;
	int err;

	if (!w)
		return -ENOMEM;
	if (a == SSA_A_trust_store)
		swap(w->trust, *trust);
	else if (a == SSA_A_client_trust_store)
		swap(w->client_trust, *trust);
	err = ssa_attribute_parse(&w->values, a, text, len, why);
	if (!err && a == SSA_A_credential)
		err = ssa_credentials_known(p->admin, &w->values, why);
	if (err) {
		ssa_written_free(w);
		return err;
	}
	p->draft = w;
	if (!p->admin->open)
		err = ssa_commit(p->admin, p, why);
	if (err) {
		p->draft = before;
		ssa_written_free(w);
		return err;
	}
	ssa_written_free(before);
	return 0;
}

/**
 * ssa_profile_write - write an attribute
 * @p: the profile
 * @a: the attribute
 * @text: its value; nothing but white space: unset
 * @len: bytes of @text
 *
 * It is in force at once; in a transaction, with its commit. Files that it names are
 * read now.
 *
 * Context: process, may sleep; reads files; takes ssa_admin.lock.
 * Return: 0; -EINVAL: see last_error, and nothing has changed; -ENOMEM, -EINTR.
 */
int ssa_profile_write(struct ssa_profile *p, enum ssa_attribute a, const char *text, size_t len)
{
	struct ssa_trust *trust = NULL;
	struct ssa_complaint why = {};
	int err = 0;

	if (ssa_is_trust(a)) {
		trust = ssa_written_read(p, a, text, len, &why);
		err = PTR_ERR_OR_ZERO(trust);
		if (err)
			trust = NULL;
	}
	if (mutex_lock_interruptible(&p->admin->lock)) {
		ssa_trust_put(trust);
		return -EINTR;
	}
	err = err ?: ssa_profile_put_draft(p, a, text, len, &trust, &why);
	err = ssa_admin_note(p->admin, p->name, &p->last_error, &why, err);
	mutex_unlock(&p->admin->lock);
	ssa_trust_put(trust);
	return err;
}
