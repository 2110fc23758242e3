// SPDX-License-Identifier: GPL-2.0
/*
 * net.ssa.*: handshake_timeout_ms and handshakes_max for each network namespace,
 * trust_store for the machine (in the initial network namespace only).
 */
#include <linux/init_task.h>
#include <linux/slab.h>
#include <linux/sysctl.h>
#include <net/net_namespace.h>
#include "mib.h"
#include "policy/policy.h"

static unsigned int ssa_timeout_min = 100;
static unsigned int ssa_timeout_max = 600 * 1000;
static unsigned int ssa_handshakes_max_max = 1 << 20;

static int ssa_proc_trust_store(const struct ctl_table *table, int write, void *buffer,
				size_t *lenp, loff_t *ppos)
{
	char path[SSA_TRUST_PATH_MAX];
	struct ctl_table tmp = {
		.data	= path,
		.maxlen	= sizeof(path),
	};
	int err;

	ssa_trust_get_path(path, sizeof(path));
	err = proc_dostring(&tmp, write, buffer, lenp, ppos);
	if (err || !write)
		return err;
	return ssa_trust_set_path(path);
}

enum {
	SSA_CTL_TIMEOUT,
	SSA_CTL_MAX,
	SSA_CTL_PER_NET,
	SSA_CTL_TRUST = SSA_CTL_PER_NET,
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
	[SSA_CTL_TRUST] = {
		.procname	= "trust_store",
		.maxlen		= SSA_TRUST_PATH_MAX,
		.mode		= 0644,
		.proc_handler	= ssa_proc_trust_store,
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
