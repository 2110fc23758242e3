// SPDX-License-Identifier: GPL-2.0
/*
 * net.ssa.*: handshake_timeout_ms, handshakes_max, handshake_memory and
 * rekey_after_records for each network namespace; the policy and the trust store
 * for the machine (in the initial network namespace only).
 */
#include <linux/init_task.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysctl.h>
#include <net/net_namespace.h>
#include "mib.h"
#include "policy/policy.h"

static unsigned int ssa_timeout_min = 100;
static unsigned int ssa_timeout_max = 600 * 1000;
static unsigned int ssa_handshakes_max_max = 1 << 20;
static unsigned int ssa_rekey_max = 1 << 24;	/* RFC 8446 5.5 allows 2^24.5 */

#define SSA_VERSION_TEXT_MAX	16

static int ssa_proc_version(const struct ctl_table *table, int write, void *buffer,
			    size_t *lenp, loff_t *ppos, bool max)
{
	struct ssa_policy *policy = ssa_policy_current(&init_net);
	char text[SSA_VERSION_TEXT_MAX];
	struct ctl_table tmp = {
		.data	= text,
		.maxlen	= sizeof(text),
	};
	u16 version = max ? policy->max_version : policy->min_version;
	int err;

	ssa_policy_put(policy);
	strscpy(text, ssa_version_name(version), sizeof(text));
	err = proc_dostring(&tmp, write, buffer, lenp, ppos);
	if (err || !write)
		return err;
	return ssa_policy_set(max ? SSA_A_max_version : SSA_A_min_version, text);
}

static int ssa_proc_min_version(const struct ctl_table *table, int write, void *buffer,
				size_t *lenp, loff_t *ppos)
{
	return ssa_proc_version(table, write, buffer, lenp, ppos, false);
}

static int ssa_proc_max_version(const struct ctl_table *table, int write, void *buffer,
				size_t *lenp, loff_t *ppos)
{
	return ssa_proc_version(table, write, buffer, lenp, ppos, true);
}

static int ssa_proc_require_ems(const struct ctl_table *table, int write, void *buffer,
				size_t *lenp, loff_t *ppos)
{
	struct ssa_policy *policy = ssa_policy_current(&init_net);
	unsigned int required = !policy->without_ems;
	struct ctl_table tmp = {
		.data	= &required,
		.maxlen	= sizeof(required),
		.extra1	= SYSCTL_ZERO,
		.extra2	= SYSCTL_ONE,
	};
	int err;

	ssa_policy_put(policy);
	err = proc_douintvec_minmax(&tmp, write, buffer, lenp, ppos);
	if (err || !write)
		return err;
	return ssa_policy_set(SSA_A_require_extended_master_secret, required ? "1" : "0");
}

static int ssa_proc_trust_store(const struct ctl_table *table, int write, void *buffer,
				size_t *lenp, loff_t *ppos)
{
	char path[SSA_TRUST_PATH_MAX];
	struct ctl_table tmp = {
		.data	= path,
		.maxlen	= sizeof(path),
	};
	int err;

	path[0] = '\0';
	err = proc_dostring(&tmp, write, buffer, lenp, ppos);
	if (err || !write)
		return err;
	return ssa_policy_set(SSA_A_trust_store, path);
}

enum {
	SSA_CTL_TIMEOUT,
	SSA_CTL_MAX,
	SSA_CTL_MEMORY,
	SSA_CTL_REKEY,
	SSA_CTL_PER_NET,
	SSA_CTL_TRUST = SSA_CTL_PER_NET,
	SSA_CTL_MIN_VERSION,
	SSA_CTL_MAX_VERSION,
	SSA_CTL_EMS,
};

static const struct ctl_table ssa_ctl_template[] = {
	[SSA_CTL_TIMEOUT] = {
		.procname	= "handshake_timeout_ms",
		.maxlen		= sizeof(unsigned int),
		.mode		= 0644,
		.proc_handler	= proc_douintvec_minmax,
		.extra1		= &ssa_timeout_min,
		.extra2		= &ssa_timeout_max,
	},
	[SSA_CTL_MAX] = {
		.procname	= "handshakes_max",
		.maxlen		= sizeof(unsigned int),
		.mode		= 0644,
		.proc_handler	= proc_douintvec_minmax,
		.extra1		= SYSCTL_ONE,
		.extra2		= &ssa_handshakes_max_max,
	},
	[SSA_CTL_MEMORY] = {
		.procname	= "handshake_memory",
		.maxlen		= sizeof(unsigned int),
		.mode		= 0644,
		.proc_handler	= proc_douintvec,
	},
	[SSA_CTL_REKEY] = {
		.procname	= "rekey_after_records",
		.maxlen		= sizeof(unsigned int),
		.mode		= 0644,
		.proc_handler	= proc_douintvec_minmax,
		.extra1		= SYSCTL_ZERO,
		.extra2		= &ssa_rekey_max,
	},
	[SSA_CTL_TRUST] = {
		.procname	= "trust_store",
		.maxlen		= SSA_TRUST_PATH_MAX,
		.mode		= 0644,
		.proc_handler	= ssa_proc_trust_store,
	},
	[SSA_CTL_MIN_VERSION] = {
		.procname	= "min_version",
		.maxlen		= SSA_VERSION_TEXT_MAX,
		.mode		= 0644,
		.proc_handler	= ssa_proc_min_version,
	},
	[SSA_CTL_MAX_VERSION] = {
		.procname	= "max_version",
		.maxlen		= SSA_VERSION_TEXT_MAX,
		.mode		= 0644,
		.proc_handler	= ssa_proc_max_version,
	},
	[SSA_CTL_EMS] = {
		.procname	= "require_extended_master_secret",
		.maxlen		= sizeof(unsigned int),
		.mode		= 0644,
		.proc_handler	= ssa_proc_require_ems,
	},
};

/**
 * ssa_sysctl_init - register net.ssa in a network namespace
 * @net: the namespace
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int __net_init ssa_sysctl_init(struct net *net)
{
	struct ssa_net *sn = ssa_pernet(net);
	size_t n = net_eq(net, &init_net) ? ARRAY_SIZE(ssa_ctl_template) : SSA_CTL_PER_NET;
	struct ctl_table *table;

	table = kmemdup(ssa_ctl_template, sizeof(ssa_ctl_template), GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	table[SSA_CTL_TIMEOUT].data = &sn->handshake_timeout_ms;
	table[SSA_CTL_MAX].data = &sn->handshakes_max;
	table[SSA_CTL_MEMORY].data = &sn->handshake_memory;
	table[SSA_CTL_REKEY].data = &sn->rekey_after_records;
	sn->sysctl = register_net_sysctl_sz(net, "net/ssa", table, n);
	if (!sn->sysctl) {
		kfree(table);
		return -ENOMEM;
	}
	sn->table = table;
	return 0;
}

/**
 * ssa_sysctl_exit - undo ssa_sysctl_init()
 * @net: the namespace
 *
 * Context: process, may sleep.
 */
void __net_exit ssa_sysctl_exit(struct net *net)
{
	struct ssa_net *sn = ssa_pernet(net);

	unregister_net_sysctl_table(sn->sysctl);
	kfree(sn->table);
}
