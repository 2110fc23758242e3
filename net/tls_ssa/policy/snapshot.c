// SPDX-License-Identifier: GPL-2.0
/*
 * Snapshots of the policy, and the table of those in force. Whoever makes a socket
 * takes the one that is for him; what he has taken stays as it is.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include "policy.h"

/* The most that TLS 1.3 allows (RFC 8449 4): what we take is not limited. */
#define SSA_RECORD_SIZE_LIMIT	(16384 + 1)

struct workqueue_struct *ssa_policy_wq;

/* Holds a reference; replaced by ssa_policy_publish() only, one at a time. */
static struct ssa_policy_table __rcu *ssa_policy_table;

static const struct {
	u16 version;
	const char *name;
} ssa_versions[] = {
	{ SSA_TLS12, "TLSv1.2" },
	{ SSA_TLS13, "TLSv1.3" },
};

/**
 * ssa_version_name - a version as applications and administrators read it
 * @version: SSA_TLS12 or SSA_TLS13
 *
 * Context: any.
 * Return: constant text, or NULL for any other version.
 */
const char *ssa_version_name(u16 version)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ssa_versions); i++) {
		if (ssa_versions[i].version == version)
			return ssa_versions[i].name;
	}
	return NULL;
}

/**
 * ssa_version_parse - a version as applications and administrators write it
 * @name: "TLSv1.2" or "TLSv1.3", NUL-terminated
 *
 * Context: any.
 * Return: SSA_TLS12, SSA_TLS13, or 0: there is none of that name.
 */
u16 ssa_version_parse(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ssa_versions); i++) {
		if (!strcmp(ssa_versions[i].name, name))
			return ssa_versions[i].version;
	}
	return 0;
}

/* ----------------------------------------------- the administrator's credentials */

/**
 * ssa_cred_slot_new - a slot without credentials
 *
 * Context: process, may sleep.
 * Return: with one reference; NULL without memory.
 */
struct ssa_cred_slot *ssa_cred_slot_new(void)
{
	struct ssa_cred_slot *slot = kzalloc(sizeof(*slot), GFP_KERNEL);

	if (!slot)
		return NULL;
	refcount_set(&slot->ref, 1);
	spin_lock_init(&slot->lock);
	return slot;
}

/**
 * ssa_cred_slot_get - take another reference
 * @slot: to which the caller has one
 *
 * Context: any.
 * Return: @slot.
 */
struct ssa_cred_slot *ssa_cred_slot_get(struct ssa_cred_slot *slot)
{
	refcount_inc(&slot->ref);
	return slot;
}

/**
 * ssa_cred_slot_put - give a reference up
 * @slot: slot, or NULL
 *
 * Context: process, may sleep.
 */
void ssa_cred_slot_put(struct ssa_cred_slot *slot)
{
	if (!slot || !refcount_dec_and_test(&slot->ref))
		return;
	ssa_cred_set_put(slot->set);
	kfree(slot);
}

/**
 * ssa_cred_slot_set - other credentials from now on
 * @slot: where
 * @set: the reference goes to the slot; or NULL: none
 *
 * Handshakes that have begun keep theirs.
 *
 * Context: process, may sleep.
 */
void ssa_cred_slot_set(struct ssa_cred_slot *slot, struct ssa_cred_set *set)
{
	spin_lock(&slot->lock);
	swap(slot->set, set);
	spin_unlock(&slot->lock);
	ssa_cred_set_put(set);
}

/**
 * ssa_cred_slot_take - the credentials of this moment
 * @slot: where
 *
 * Context: process.
 * Return: with a reference for the caller; NULL: none.
 */
struct ssa_cred_set *ssa_cred_slot_take(struct ssa_cred_slot *slot)
{
	struct ssa_cred_set *set;

	spin_lock(&slot->lock);
	set = ssa_cred_set_get(slot->set);
	spin_unlock(&slot->lock);
	return set;
}

/* --------------------------------------------------------------- snapshots */

static void ssa_policy_free(struct work_struct *work)
{
	struct ssa_policy *policy = container_of(to_rcu_work(work), struct ssa_policy, free_work);

	ssa_trust_put(policy->trust);
	ssa_trust_put(policy->client_trust);
	ssa_cred_slot_put(policy->creds);
	kfree(policy->alpn);
	kfree(policy->key_directories);
	kfree(policy);
}

/**
 * ssa_policy_get - take another reference
 * @policy: snapshot to which the caller has a reference
 *
 * Context: any.
 * Return: @policy.
 */
struct ssa_policy *ssa_policy_get(struct ssa_policy *policy)
{
	refcount_inc(&policy->ref);
	return policy;
}

/**
 * ssa_policy_put - give a reference up
 * @policy: snapshot, or NULL
 *
 * Context: any.
 */
void ssa_policy_put(struct ssa_policy *policy)
{
	if (policy && refcount_dec_and_test(&policy->ref))
		queue_rcu_work(ssa_policy_wq, &policy->free_work);
}

/**
 * ssa_policy_new - a snapshot of effective values
 * @name: of the profile
 * @v: they have passed ssa_values_check()
 * @trust: where the trust anchors come from
 * @client_trust: the same for clients of servers, or NULL
 * @creds: what those show who have set nothing
 *
 * Context: process, may sleep.
 * Return: with one reference; takes others to what it is given. ERR_PTR: -ENOMEM.
 */
struct ssa_policy *ssa_policy_new(const char *name, const struct ssa_values *v,
				  struct ssa_trust *trust, struct ssa_trust *client_trust,
				  struct ssa_cred_slot *creds)
{
	struct ssa_policy *p = kzalloc(sizeof(*p), GFP_KERNEL);
	const char *directories = v->text[SSA_TEXT_KEY_DIRECTORIES];

	if (!p)
		return ERR_PTR(-ENOMEM);
	refcount_set(&p->ref, 1);
	INIT_RCU_WORK(&p->free_work, ssa_policy_free);
	strscpy(p->name, name, sizeof(p->name));
	p->enabled = v->enabled;
	p->without_ems = !v->require_extended_master_secret;
	p->require_host_name = v->require_host_name;
	p->session_reuse = v->session_reuse;
	p->host_names = v->host_names;
	p->trust_mode = v->trust_mode;
	p->verify_depth = v->verify_depth;
	p->require_peer_auth = v->require_peer_auth;
	p->min_version = v->min_version;
	p->max_version = v->max_version;
	p->min_rsa_bits = v->min_rsa_bits;
	p->extensions = v->extensions;
	if (v->extensions & SSA_OPTIONAL_RECORD_SIZE_LIMIT)
		p->record_size_limit = SSA_RECORD_SIZE_LIMIT;
	p->session_ttl = v->session_ttl;
	p->app_may_set = v->app_may_set;
	memcpy(p->suites, v->ciphersuites, sizeof(p->suites));
	memcpy(p->groups, v->groups, sizeof(p->groups));
	memcpy(p->sigalgs, v->signature_algorithms, sizeof(p->sigalgs));
	p->trust = ssa_trust_get(trust);
	p->client_trust = ssa_trust_get(client_trust);
	p->creds = ssa_cred_slot_get(creds);
	if (v->alpn) {
		p->alpn = kmemdup(v->alpn, v->alpn_len, GFP_KERNEL);
		p->alpn_len = v->alpn_len;
	}
	if (directories)
		p->key_directories = kstrdup(directories, GFP_KERNEL);
	if ((v->alpn && !p->alpn) || (directories && !p->key_directories)) {
		ssa_policy_put(p);
		return ERR_PTR(-ENOMEM);
	}
	return p;
}

/* ------------------------------------------------------- the table in force */

static void ssa_policy_table_free(struct work_struct *work)
{
	struct ssa_policy_table *table = container_of(to_rcu_work(work), struct ssa_policy_table,
						      free_work);
	u32 i;

	ssa_match_free(table->match);
	for (i = 0; i < table->count; i++)
		ssa_policy_put(table->policy[i]);
	ssa_policy_put(table->default_policy);
	kvfree(table);
}

/**
 * ssa_policy_table_new - an empty table
 * @default_policy: for whom nothing else is; the reference goes to the table
 * @count: how many profiles it has room for
 *
 * Context: process, may sleep.
 * Return: with one reference, and still to be filled in; NULL without memory.
 */
struct ssa_policy_table *ssa_policy_table_new(struct ssa_policy *default_policy, u32 count)
{
	struct ssa_policy_table *table;

	table = kvzalloc(struct_size(table, policy, count), GFP_KERNEL);
	if (!table)
		return NULL;
	refcount_set(&table->ref, 1);
	INIT_RCU_WORK(&table->free_work, ssa_policy_table_free);
	table->count = count;
	table->default_policy = default_policy;
	return table;
}

/**
 * ssa_policy_table_get - what is in force at this moment
 *
 * Context: any.
 * Return: the table, with a reference for the caller.
 */
struct ssa_policy_table *ssa_policy_table_get(void)
{
	struct ssa_policy_table *table;

	rcu_read_lock();
	do {
		table = rcu_dereference(ssa_policy_table);
	} while (!refcount_inc_not_zero(&table->ref));
	rcu_read_unlock();
	return table;
}

/**
 * ssa_policy_table_put - give a reference up
 * @table: table, or NULL
 *
 * Context: any.
 */
void ssa_policy_table_put(struct ssa_policy_table *table)
{
	if (table && refcount_dec_and_test(&table->ref))
		queue_rcu_work(ssa_policy_wq, &table->free_work);
}

/**
 * ssa_policy_publish - put a table in force
 * @table: the reference is consumed
 *
 * Sockets that exist keep what they have, unless they are to follow: generation.c.
 *
 * Context: process, may sleep; callers take turns.
 */
void ssa_policy_publish(struct ssa_policy_table *table)
{
	ssa_policy_table_put(rcu_replace_pointer(ssa_policy_table, table, true));
	ssa_enforce_all();
}

/**
 * ssa_policy_current - the policy for a new socket of the calling process
 * @net: namespace of the socket
 *
 * Context: process, may sleep.
 * Return: the snapshot, with a reference for the caller.
 */
struct ssa_policy *ssa_policy_current(struct net *net)
{
	struct ssa_policy_table *table = ssa_policy_table_get();
	struct ssa_policy *policy = NULL;

	if (table->match)
		policy = ssa_match_current(table->match, net);
	policy = ssa_policy_get(policy ?: table->default_policy);
	ssa_policy_table_put(table);
	return policy;
}

/**
 * ssa_policy_named - what a profile says now
 * @name: of the profile
 *
 * Context: process.
 * Return: the snapshot, with a reference for the caller; the default one if there is no
 * profile of that name in force.
 */
struct ssa_policy *ssa_policy_named(const char *name)
{
	struct ssa_policy_table *table = ssa_policy_table_get();
	struct ssa_policy *policy = table->default_policy;
	u32 i;

	for (i = 0; i < table->count; i++) {
		if (!strcmp(table->policy[i]->name, name))
			policy = table->policy[i];
	}
	ssa_policy_get(policy);
	ssa_policy_table_put(table);
	return policy;
}

/**
 * ssa_policy_init - before there is a policy
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int __init ssa_policy_init(void)
{
	ssa_policy_wq = alloc_workqueue("ssa_policy", WQ_UNBOUND, 0);
	return ssa_policy_wq ? 0 : -ENOMEM;
}

/**
 * ssa_policy_exit - nothing is in force any more
 *
 * Context: process; no socket of ours is left.
 */
void ssa_policy_exit(void)
{
	ssa_blocklist_load(NULL, NULL);
	ssa_policy_table_put(rcu_replace_pointer(ssa_policy_table, NULL, true));
	/* The work of a table queues that of its snapshots. */
	rcu_barrier();
	flush_workqueue(ssa_policy_wq);
	rcu_barrier();
	destroy_workqueue(ssa_policy_wq);
}
