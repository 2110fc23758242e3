// SPDX-License-Identifier: GPL-2.0
/*
 * One profile as it is written: its attributes, and the draft of those that are not in
 * force yet.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "profile.h"

/* ------------------------------------------------------------ what is written */

/**
 * ssa_written_free - forget what was written
 * @w: it, or NULL
 *
 * Context: process, may sleep.
 */
void ssa_written_free(struct ssa_written *w)
{
	if (!w)
		return;
	ssa_values_free(&w->values);
	ssa_trust_put(w->trust);
	ssa_trust_put(w->client_trust);
	kfree(w);
}

static int ssa_effective_base(struct ssa_admin *admin, struct ssa_values *v)
{
	return ssa_values_merge(v, &admin->builtin, &ssa_profile_latest(&admin->base)->values);
}

/* What holds for a profile, which is not default/; lock held. Values are large. */
static noinline_for_stack int ssa_effective(struct ssa_profile *p, struct ssa_values *v)
{
	struct ssa_values base;
	int err;

	err = ssa_effective_base(p->admin, &base);
	if (err)
		return err;
	err = ssa_values_merge(v, &base, &ssa_profile_latest(p)->values);
	ssa_values_free(&base);
	return err;
}

/**
 * ssa_profile_show - the effective value of an attribute
 * @p: the profile
 * @a: the attribute
 * @page: result, with a newline
 * @size: room in it
 *
 * Of what was written last: in a transaction, of the draft.
 *
 * Context: process, may sleep; takes ssa_admin.lock.
 * Return: bytes in @page; -ENOMEM, -EINTR, -E2BIG.
 */
ssize_t ssa_profile_show(struct ssa_profile *p, enum ssa_attribute a, char *page, size_t size)
{
	struct ssa_values v;
	ssize_t ret;

	if (mutex_lock_interruptible(&p->admin->lock))
		return -EINTR;
	ret = p == &p->admin->base ? ssa_effective_base(p->admin, &v) : ssa_effective(p, &v);
	mutex_unlock(&p->admin->lock);
	if (ret)
		return ret;
	ret = ssa_attribute_show(&v, a, page, size);
	ssa_values_free(&v);
	return ret;
}

/**
 * ssa_profile_show_set - the attributes that are set here
 * @p: the profile
 * @page: result: their names, one in a line
 * @size: room in it
 *
 * Context: process; takes ssa_admin.lock.
 * Return: bytes in @page; -EINTR.
 */
ssize_t ssa_profile_show_set(struct ssa_profile *p, char *page, size_t size)
{
	const struct ssa_values *v;
	enum ssa_attribute a;
	ssize_t len = 0;

	if (mutex_lock_interruptible(&p->admin->lock))
		return -EINTR;
	v = &ssa_profile_latest(p)->values;
	for (a = 0; a < SSA_A_COUNT; a++) {
		if (ssa_values_has(v, a))
			len += scnprintf(page + len, size - len, "%s\n", ssa_attribute_name(a));
	}
	mutex_unlock(&p->admin->lock);
	return len;
}

/* ------------------------------------------------------------------- profiles */

/**
 * ssa_profile_init - an empty profile, not in force
 * @admin: whose it is
 * @p: the profile
 * @name: of its directory
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int ssa_profile_init(struct ssa_admin *admin, struct ssa_profile *p, const char *name)
{
	memset(p, 0, sizeof(*p));
	p->admin = admin;
	INIT_LIST_HEAD(&p->node);
	strscpy(p->name, name, sizeof(p->name));
	p->now = kzalloc(sizeof(*p->now), GFP_KERNEL);
	p->creds = ssa_cred_slot_new();
	if (p->now && p->creds)
		return 0;
	ssa_profile_exit(p);
	return -ENOMEM;
}

/**
 * ssa_profile_exit - free what a profile has
 * @p: not in force any more
 *
 * Context: process, may sleep.
 */
void ssa_profile_exit(struct ssa_profile *p)
{
	ssa_written_free(p->draft);
	ssa_written_free(p->now);
	ssa_cred_slot_put(p->creds);
	ssa_policy_put(p->policy);
}

/**
 * ssa_profile_add - a directory was made
 * @p: its profile: says enabled=0 until somebody writes it
 *
 * Context: process; takes ssa_admin.lock.
 */
void ssa_profile_add(struct ssa_profile *p)
{
	p->now->values.enabled = false;
	p->now->values.set = BIT_ULL(SSA_A_enabled);
	mutex_lock(&p->admin->lock);
	list_add_tail(&p->node, &p->admin->profiles);
	mutex_unlock(&p->admin->lock);
}
