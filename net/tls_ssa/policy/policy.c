// SPDX-License-Identifier: GPL-2.0
/*
 * The policy in force. There is one for the machine: the defaults of the engine,
 * with what the administrator has set through net.ssa.*.
 */
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include "policy.h"

/* The most that TLS 1.3 allows (RFC 8449 4): what we take is not limited. */
#define SSA_RECORD_SIZE_LIMIT	(16384 + 1)

static DEFINE_MUTEX(ssa_policy_change_lock);	/* one change at a time */
static DEFINE_SPINLOCK(ssa_policy_lock);	/* guards the pointer, not the snapshot */
static struct ssa_policy *ssa_policy_default;	/* holds a reference */

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

/**
 * ssa_policy_current - the policy for a new socket of the calling process
 *
 * Context: process.
 * Return: the snapshot, with a reference for the caller.
 */
struct ssa_policy *ssa_policy_current(void)
{
	struct ssa_policy *policy;

	spin_lock(&ssa_policy_lock);
	policy = ssa_policy_get(ssa_policy_default);
	spin_unlock(&ssa_policy_lock);
	return policy;
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
		kfree(policy);
}

/*
 * Puts a changed copy of the policy in force, unless it leaves nothing to use. 0,
 * -EINVAL or -ENOMEM: nothing has changed.
 */
static int ssa_policy_change(void (*set)(struct ssa_policy *policy, u16 value), u16 value)
{
	struct ssa_policy *policy, *old;
	int err = -ENOMEM;

	mutex_lock(&ssa_policy_change_lock);
	old = ssa_policy_default;
	policy = kmemdup(old, sizeof(*policy), GFP_KERNEL);
	if (!policy)
		goto out;
	refcount_set(&policy->ref, 1);
	set(policy, value);
	err = -EINVAL;
	if (policy->min_version > policy->max_version) {
		ssa_policy_put(policy);
		goto out;
	}
	spin_lock(&ssa_policy_lock);
	ssa_policy_default = policy;
	spin_unlock(&ssa_policy_lock);
	ssa_policy_put(old);
	err = 0;
out:
	mutex_unlock(&ssa_policy_change_lock);
	return err;
}

static void ssa_change_min(struct ssa_policy *policy, u16 version)
{
	policy->min_version = version;
}

static void ssa_change_max(struct ssa_policy *policy, u16 version)
{
	policy->max_version = version;
}

static void ssa_change_ems(struct ssa_policy *policy, u16 required)
{
	policy->without_ems = !required;
}

/**
 * ssa_policy_set_min_version - no older version from now on
 * @version: SSA_TLS12 or SSA_TLS13
 *
 * As with every change, sockets that exist keep the policy that they have.
 *
 * Context: process, may sleep.
 * Return: 0; -EINVAL: newer than the newest one allowed; -ENOMEM.
 */
int ssa_policy_set_min_version(u16 version)
{
	return ssa_policy_change(ssa_change_min, version);
}

/**
 * ssa_policy_set_max_version - no newer version from now on
 * @version: SSA_TLS12 or SSA_TLS13
 *
 * Context: process, may sleep.
 * Return: 0; -EINVAL: older than the oldest one allowed; -ENOMEM.
 */
int ssa_policy_set_max_version(u16 version)
{
	return ssa_policy_change(ssa_change_max, version);
}

/**
 * ssa_policy_set_ems - does TLS 1.2 need extended_master_secret (RFC 7627)?
 * @required: a handshake without it fails
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int ssa_policy_set_ems(bool required)
{
	return ssa_policy_change(ssa_change_ems, required);
}

/**
 * ssa_policy_init - make the default policy
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int __init ssa_policy_init(void)
{
	struct ssa_policy *p = kzalloc(sizeof(*p), GFP_KERNEL);

	if (!p)
		return -ENOMEM;
	refcount_set(&p->ref, 1);
	p->min_version = SSA_TLS12;
	p->max_version = SSA_TLS13;
	p->record_size_limit = SSA_RECORD_SIZE_LIMIT;
	memcpy(p->suites, ssa_default_suites, sizeof(p->suites));
	memcpy(p->groups, ssa_default_groups, sizeof(p->groups));
	memcpy(p->sigalgs, ssa_default_sigalgs, sizeof(p->sigalgs));
	ssa_policy_default = p;
	return 0;
}

/**
 * ssa_policy_exit - undo ssa_policy_init()
 *
 * Context: process; no socket of ours is left.
 */
void ssa_policy_exit(void)
{
	ssa_policy_put(ssa_policy_default);
	ssa_policy_default = NULL;
}
