// SPDX-License-Identifier: GPL-2.0
/*
 * net.ssa.*, for each network namespace: what bounds its programs, whatever their
 * profile says (enabled, min_version), and the limits of handshakes. The rest of the
 * policy is in configfs.
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

/* The floor of a namespace; a namespace cannot go below that of the machine. */
static int ssa_proc_min_version(const struct ctl_table *table, int write, void *buffer,
				size_t *lenp, loff_t *ppos)
{
	struct ssa_net *sn = table->data, *machine = ssa_pernet(&init_net);
	char text[SSA_VERSION_TEXT_MAX];
	struct ctl_table tmp = {
		.data	= text,
		.maxlen	= sizeof(text),
	};
	u16 version = max(READ_ONCE(sn->min_version), READ_ONCE(machine->min_version));
	int err;

	strscpy(text, ssa_version_name(version), sizeof(text));
	err = proc_dostring(&tmp, write, buffer, lenp, ppos);
	if (err || !write)
		return err;
	version = ssa_version_parse(text);
	if (!version)
		return -EINVAL;
	if (sn != machine && version < READ_ONCE(machine->min_version))
		return -EPERM;
	WRITE_ONCE(sn->min_version, version);
	ssa_audit_change("sysctl", "min_version", 0);
	return 0;
}

/* May programs of the namespace use TLS sockets? Not if those of the machine may not. */
static int ssa_proc_enabled(const struct ctl_table *table, int write, void *buffer,
			    size_t *lenp, loff_t *ppos)
{
	struct ssa_net *sn = table->data, *machine = ssa_pernet(&init_net);
	unsigned int enabled = !READ_ONCE(sn->disabled) && !READ_ONCE(machine->disabled);
	struct ctl_table tmp = {
		.data	= &enabled,
		.maxlen	= sizeof(enabled),
		.extra1	= SYSCTL_ZERO,
		.extra2	= SYSCTL_ONE,
	};
	int err;

	err = proc_douintvec_minmax(&tmp, write, buffer, lenp, ppos);
	if (err || !write)
		return err;
	if (sn != machine && enabled && READ_ONCE(machine->disabled))
		return -EPERM;
	WRITE_ONCE(sn->disabled, !enabled);
	ssa_audit_change("sysctl", "enabled", 0);
	return 0;
}

enum {
	SSA_CTL_TIMEOUT,
	SSA_CTL_MAX,
	SSA_CTL_MEMORY,
	SSA_CTL_REKEY,
	SSA_CTL_MIN_VERSION,
	SSA_CTL_ENABLED,
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
	[SSA_CTL_MIN_VERSION] = {
		.procname	= "min_version",
		.maxlen		= SSA_VERSION_TEXT_MAX,
		.mode		= 0644,
		.proc_handler	= ssa_proc_min_version,
	},
	[SSA_CTL_ENABLED] = {
		.procname	= "enabled",
		.maxlen		= sizeof(unsigned int),
		.mode		= 0644,
		.proc_handler	= ssa_proc_enabled,
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
	struct ctl_table *table;

	table = kmemdup(ssa_ctl_template, sizeof(ssa_ctl_template), GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	table[SSA_CTL_TIMEOUT].data = &sn->handshake_timeout_ms;
	table[SSA_CTL_MAX].data = &sn->handshakes_max;
	table[SSA_CTL_MEMORY].data = &sn->handshake_memory;
	table[SSA_CTL_REKEY].data = &sn->rekey_after_records;
	table[SSA_CTL_MIN_VERSION].data = sn;
	table[SSA_CTL_ENABLED].data = sn;
	sn->sysctl = register_net_sysctl_sz(net, "net/ssa", table,
					    ARRAY_SIZE(ssa_ctl_template));
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
