// SPDX-License-Identifier: GPL-2.0
/*
 * The policy in force. There is one for the machine: the defaults of the engine.
 */
#include <linux/slab.h>
#include <linux/string.h>
#include "policy.h"

/* Set at module load, constant until unload; holds a reference. */
static struct ssa_policy *ssa_policy_default;

/**
 * ssa_policy_current - the policy for a new socket of the calling process
 *
 * Context: process.
 * Return: the snapshot, with a reference for the caller.
 */
struct ssa_policy *ssa_policy_current(void)
{
	return ssa_policy_get(ssa_policy_default);
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
