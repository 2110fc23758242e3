// SPDX-License-Identifier: GPL-2.0
/*
 * Drafts come into force: all of them or none. A commit first makes everything that
 * can fail, snapshots and the table of them; then it puts the table in force, and from
 * there on nothing fails.
 *
 * A write outside of a transaction is a commit of one draft.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "credential.h"
#include "profile.h"

/**
 * struct ssa_commit - a commit on its way
 * @admin: whose drafts
 * @written: the profile that is being written; or NULL: a transaction
 * @drafts: of all profiles, or else what is in force already
 * @pairs: credentials have changed as well
 * @pair_drafts: and their drafts count
 * @base: effective values of default/
 * @enabled: profiles that will be in force
 * @changed: one of them, or default/, is not as before
 */
struct ssa_commit {
	struct ssa_admin	*admin;
	struct ssa_profile	*written;
	bool			drafts;
	bool			pairs;
	bool			pair_drafts;
	struct ssa_values	base;
	u32			enabled;
	bool			changed;
};

static const struct ssa_written *ssa_chosen(const struct ssa_commit *c, const struct ssa_profile *p)
{
	return c->drafts ? ssa_profile_latest(p) : p->now;
}

static bool ssa_is_new(const struct ssa_commit *c, const struct ssa_profile *p)
{
	return c->drafts && p->draft;
}

/* Says whose fault it is, if it is not that of what is being written. */
static int ssa_blame(const struct ssa_commit *c, const struct ssa_profile *p, int err,
		     struct ssa_complaint *why)
{
	struct ssa_complaint text = *why;

	if (err == -EINVAL && p != c->written)
		ssa_complain(why, "%s: %s", p->name, text.text);
	return err;
}

/* ----------------------------------------------------------------- what can fail */

static struct ssa_policy *ssa_snapshot(const struct ssa_commit *c, const struct ssa_profile *p,
				       const struct ssa_values *v)
{
	const struct ssa_written *base = ssa_chosen(c, &p->admin->base);
	const struct ssa_written *own = ssa_chosen(c, p);
	const struct ssa_written *client = base;

	if (ssa_values_has(&own->values, SSA_A_client_trust_store))
		client = own;
	return ssa_policy_new(p->name, v, own->trust ?: base->trust, client->client_trust,
			      p->creds);
}

/* The next snapshot of a profile; @v: its effective values */
static int ssa_prepare_values(struct ssa_commit *c, struct ssa_profile *p,
			      const struct ssa_values *v, struct ssa_complaint *why)
{
	bool is_base = p == &c->admin->base;
	struct ssa_policy *policy;
	int err;

	/* What is out of force may be out of order, but is not written like that. */
	if (v->enabled || is_base || ssa_is_new(c, p)) {
		err = ssa_values_check(v, why);
		if (err)
			return err;
	}
	if (!v->enabled && !is_base)
		return 0;
	policy = ssa_snapshot(c, p, v);
	if (IS_ERR(policy))
		return PTR_ERR(policy);
	p->next = policy;
	return 0;
}

static int ssa_prepare(struct ssa_commit *c, struct ssa_profile *p, struct ssa_complaint *why)
{
	struct ssa_values v;
	int err = 0;

	if (ssa_is_new(c, p) || ssa_is_new(c, &c->admin->base)) {
		err = ssa_values_merge(&v, &c->base, &ssa_chosen(c, p)->values);
		if (!err) {
			err = ssa_prepare_values(c, p, &v, why);
			ssa_values_free(&v);
		}
	} else if (p->policy) {
		p->next = ssa_policy_get(p->policy);
	}
	c->enabled += !!p->next;
	c->changed |= p->next != p->policy;
	return ssa_blame(c, p, err, why);
}

static int ssa_prepare_base(struct ssa_commit *c, struct ssa_complaint *why)
{
	struct ssa_profile *base = &c->admin->base;
	int err = 0;

	if (ssa_is_new(c, base) || !base->policy)
		err = ssa_prepare_values(c, base, &c->base, why);
	else
		base->next = ssa_policy_get(base->policy);
	c->changed |= base->next != base->policy;
	return ssa_blame(c, base, err, why);
}

static int ssa_prepare_all(struct ssa_commit *c, struct ssa_complaint *why)
{
	struct ssa_profile *p;
	int err;

	err = ssa_prepare_base(c, why);
	list_for_each_entry(p, &c->admin->profiles, node) {
		if (err)
			break;
		err = ssa_prepare(c, p, why);
	}
	return err;
}

static int ssa_index(struct ssa_commit *c, struct ssa_policy_table *table,
		     struct ssa_complaint *why)
{
	struct ssa_match_profile *all;
	struct ssa_profile *p;
	u32 n = 0;

	all = kvmalloc_array(c->enabled, sizeof(*all), GFP_KERNEL);
	if (!all)
		return -ENOMEM;
	list_for_each_entry(p, &c->admin->profiles, node) {
		if (p->next)
			all[n++] = (struct ssa_match_profile) {
				.v = &ssa_chosen(c, p)->values, .policy = p->next,
			};
	}
	table->match = ssa_match_build(all, n, why);
	kvfree(all);
	return PTR_ERR_OR_ZERO(table->match);
}

static struct ssa_policy_table *ssa_prepare_table(struct ssa_commit *c,
						  struct ssa_complaint *why)
{
	struct ssa_policy_table *table;
	struct ssa_profile *p;
	u32 n = 0;
	int err;

	table = ssa_policy_table_new(c->admin->base.next, c->enabled);
	if (!table)
		return ERR_PTR(-ENOMEM);
	ssa_policy_get(table->default_policy);
	list_for_each_entry(p, &c->admin->profiles, node) {
		if (p->next)
			table->policy[n++] = ssa_policy_get(p->next);
	}
	if (!n)
		return table;
	err = ssa_index(c, table, why);
	if (!err)
		return table;
	table->match = NULL;
	ssa_policy_table_put(table);
	return ERR_PTR(err);
}

/* What goes into the slot of default/, or of a profile. */
static int ssa_prepare_slot(struct ssa_commit *c, struct ssa_profile *p,
			    struct ssa_complaint *why)
{
	const struct ssa_values *v = &ssa_chosen(c, p)->values;
	struct ssa_profile *base = &c->admin->base;
	struct ssa_cred_set *set;

	if (p == base || ssa_values_has(v, SSA_A_credential))
		set = ssa_credentials_of(c->admin, v, c->pair_drafts, why);
	else if (base->has_next_creds)
		set = ssa_cred_set_get(base->next_creds);
	else
		set = ssa_cred_slot_take(base->creds);
	if (IS_ERR(set))
		return PTR_ERR(set);
	p->next_creds = set;
	p->has_next_creds = true;
	return 0;
}

static int ssa_prepare_slots(struct ssa_commit *c, struct ssa_complaint *why)
{
	struct ssa_profile *base = &c->admin->base, *p;
	bool all = c->pairs || ssa_is_new(c, base);
	int err = 0;

	if (all)
		err = ssa_prepare_slot(c, base, why);
	list_for_each_entry(p, &c->admin->profiles, node) {
		if (!err && (all || ssa_is_new(c, p)))
			err = ssa_prepare_slot(c, p, why);
	}
	return err;
}

/* ------------------------------------------------------------------ what cannot */

static void ssa_settle_slot(struct ssa_profile *p, bool committed)
{
	if (p->has_next_creds && committed)
		ssa_cred_slot_set(p->creds, p->next_creds);
	else
		ssa_cred_set_put(p->next_creds);
	p->next_creds = NULL;
	p->has_next_creds = false;
}

static void ssa_settle(struct ssa_profile *p)
{
	swap(p->policy, p->next);
	if (!p->draft)
		return;
	ssa_written_free(p->now);
	p->now = p->draft;
	p->draft = NULL;
}

static void ssa_finish(struct ssa_profile *p, bool committed)
{
	if (committed)
		ssa_settle(p);
	ssa_policy_put(p->next);
	p->next = NULL;
	ssa_settle_slot(p, committed);
}

static void ssa_finish_all(struct ssa_admin *admin, bool committed)
{
	struct ssa_profile *p;

	ssa_finish(&admin->base, committed);
	list_for_each_entry(p, &admin->profiles, node)
		ssa_finish(p, committed);
}

/**
 * ssa_commit - put all drafts in force, or none
 * @admin: whose drafts
 * @written: the profile that is being written; or NULL: a transaction
 * @why: what is wrong with them
 *
 * Context: process, may sleep; ssa_admin.lock held.
 * Return: 0; -EINVAL and *@why, -ENOMEM: the drafts are still there.
 */
int ssa_commit(struct ssa_admin *admin, struct ssa_profile *written, struct ssa_complaint *why)
{
	struct ssa_commit c = {
		.admin = admin, .written = written, .drafts = true,
		.pairs = !written, .pair_drafts = !written,
	};
	struct ssa_policy_table *table = NULL;
	int err;

	lockdep_assert_held(&admin->lock);
	err = ssa_values_merge(&c.base, &admin->builtin,
			       &ssa_profile_latest(&admin->base)->values);
	if (err)
		return err;
	if (!written)
		err = ssa_credentials_complete(admin, why);
	err = err ?: ssa_prepare_all(&c, why);
	err = err ?: ssa_prepare_slots(&c, why);
	if (!err && c.changed) {
		table = ssa_prepare_table(&c, why);
		err = PTR_ERR_OR_ZERO(table);
	}
	if (!err && table)
		ssa_policy_publish(table);
	if (!err && !written)
		ssa_credentials_settle(admin);
	ssa_finish_all(admin, !err);
	ssa_values_free(&c.base);
	return err;
}

/**
 * ssa_commit_credentials - put complete drafts of credentials/ in force
 * @admin: whose
 * @why: what is wrong with them
 *
 * What is in force of the profiles stays, drafts of theirs as well.
 *
 * Context: process, may sleep; ssa_admin.lock held, no transaction is open or a
 * credential was removed.
 * Return: 0; -EINVAL and *@why, -ENOMEM: nothing has changed.
 */
int ssa_commit_credentials(struct ssa_admin *admin, struct ssa_complaint *why)
{
	struct ssa_commit c = { .admin = admin, .pairs = true, .pair_drafts = !admin->open };
	struct ssa_profile *base = &admin->base, *p;
	int err;

	lockdep_assert_held(&admin->lock);
	err = ssa_prepare_slots(&c, why);
	ssa_settle_slot(base, !err);
	list_for_each_entry(p, &admin->profiles, node)
		ssa_settle_slot(p, !err);
	if (!err && !admin->open)
		ssa_credentials_settle(admin);
	return err;
}

/* -------------------------------------------------------------------- transaction */

static void ssa_abort(struct ssa_admin *admin)
{
	struct ssa_profile *p;

	ssa_written_free(admin->base.draft);
	admin->base.draft = NULL;
	list_for_each_entry(p, &admin->profiles, node) {
		ssa_written_free(p->draft);
		p->draft = NULL;
	}
	ssa_credentials_abort(admin);
	admin->open = false;
}

static int ssa_transaction_do(struct ssa_admin *admin, const char *text, size_t len,
			      struct ssa_complaint *why)
{
	static const char * const verbs[] = { "begin", "commit", "abort" };
	char verb[8];
	int err;

	if (len && text[len - 1] == '\n')
		len--;
	strscpy(verb, text, min(len + 1, sizeof(verb)));
	switch (match_string(verbs, ARRAY_SIZE(verbs), len < sizeof(verb) ? verb : "")) {
	case 0:
		ssa_abort(admin);
		admin->open = true;
		return 0;
	case 1:
		if (!admin->open)
			return ssa_complain(why, "no transaction is open: begin comes first");
		err = ssa_commit(admin, NULL, why);
		admin->open = err;
		return err;
	case 2:
		ssa_abort(admin);
		return 0;
	default:
		return ssa_complain(why, "begin, commit or abort");
	}
}

/**
 * ssa_transaction_write - begin, commit, abort
 * @admin: whose transaction
 * @text: what is to be done
 * @len: bytes of @text
 *
 * Context: process, may sleep; takes ssa_admin.lock.
 * Return: 0; -EINVAL: see last_error, and the transaction is as it was; -ENOMEM, -EINTR.
 */
int ssa_transaction_write(struct ssa_admin *admin, const char *text, size_t len)
{
	struct ssa_complaint why = {};
	int err;

	if (mutex_lock_interruptible(&admin->lock))
		return -EINTR;
	err = ssa_transaction_do(admin, text, len, &why);
	err = ssa_admin_note(admin, NULL, NULL, &why, err);
	mutex_unlock(&admin->lock);
	return err;
}

/**
 * ssa_transaction_show - is a transaction open?
 * @admin: whose
 * @page: result
 * @size: room in it
 *
 * Context: process.
 * Return: bytes in @page.
 */
ssize_t ssa_transaction_show(struct ssa_admin *admin, char *page, size_t size)
{
	return scnprintf(page, size, "%s\n", READ_ONCE(admin->open) ? "open" : "idle");
}

/* ------------------------------------------------------------------------- all */

/**
 * ssa_admin_init - what holds before anybody has written anything
 * @admin: to be initialised
 * @trust_store: path of the system's trust store
 *
 * Context: process, may sleep.
 * Return: 0; -ENOMEM or -EINVAL: nothing is left behind.
 */
int ssa_admin_init(struct ssa_admin *admin, const char *trust_store)
{
	struct ssa_complaint why = {};
	struct ssa_trust *trust;
	int err;

	mutex_init(&admin->lock);
	INIT_LIST_HEAD(&admin->profiles);
	INIT_LIST_HEAD(&admin->credentials);
	err = ssa_values_builtin(&admin->builtin, trust_store);
	if (err)
		return err;
	err = ssa_profile_init(admin, &admin->base, "default");
	if (err)
		goto err_builtin;
	trust = ssa_trust_open(trust_store, true, &why);
	err = PTR_ERR_OR_ZERO(trust);
	if (err)
		goto err_base;
	admin->base.now->trust = trust;
	mutex_lock(&admin->lock);
	err = ssa_commit(admin, NULL, &why);
	mutex_unlock(&admin->lock);
	if (!err)
		return 0;
err_base:
	ssa_profile_exit(&admin->base);
err_builtin:
	ssa_values_free(&admin->builtin);
	return err;
}

/**
 * ssa_admin_exit - undo ssa_admin_init()
 * @admin: without profiles
 *
 * Context: process; nobody writes any more.
 */
void ssa_admin_exit(struct ssa_admin *admin)
{
	ssa_profile_exit(&admin->base);
	ssa_values_free(&admin->builtin);
}

/* Those in force, without what has been taken off the list; lock held. */
static int ssa_publish_rest(struct ssa_admin *admin)
{
	struct ssa_commit c = { .admin = admin };
	struct ssa_policy_table *table;
	struct ssa_complaint why = {};
	int err;

	err = ssa_prepare_all(&c, &why);
	if (!err) {
		table = ssa_prepare_table(&c, &why);
		err = PTR_ERR_OR_ZERO(table);
		if (!err)
			ssa_policy_publish(table);
	}
	ssa_finish_all(admin, false);
	return err;
}

/**
 * ssa_profile_remove - a directory is gone
 * @p: its profile; out of force from here on, but for lack of memory: then with the next
 *     commit
 *
 * What a transaction has not committed is not committed by this.
 *
 * Context: process, may sleep; takes ssa_admin.lock.
 */
void ssa_profile_remove(struct ssa_profile *p)
{
	struct ssa_admin *admin = p->admin;

	mutex_lock(&admin->lock);
	list_del_init(&p->node);
	if (p->policy && ssa_publish_rest(admin))
		pr_warn("tls_ssa: profile %s stays in force until the next change\n", p->name);
	mutex_unlock(&admin->lock);
}
