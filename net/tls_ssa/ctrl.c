// SPDX-License-Identifier: GPL-2.0
/*
 * net.ssa.*, for each network namespace: what bounds its programs, whatever their
 * profile says (enabled, min_version), and the limits of handshakes. A namespace can
 * only tighten what the initial one says, if it may configure anything: of each the
 * stricter one holds, also if that of the machine changes later. The rest of the policy
 * is in configfs.
 */
#include <linux/init_task.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysctl.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include "ctrl.h"
#include "pernet.h"
#include "policy/policy.h"

#define SSA_VERSION_TEXT_MAX	16

/* What a namespace begins with */
#define SSA_HANDSHAKE_TIMEOUT_MS	15000
#define SSA_HANDSHAKES_MAX		16384
#define SSA_HANDSHAKE_MEMORY		(64 * 1024 * 1024)
#define SSA_CONTEXTS_MAX		65536
#define SSA_LOOKUPS_MAX			256
#define SSA_LOOKUPS_PER_USER		64

static unsigned int ssa_namespaces_may_configure = 1;
static unsigned int ssa_namespaces_may_resolve;

/**
 * struct ssa_limit - a number of a namespace
 * @at: where struct ssa_net has it
 * @min: least
 * @max: most
 */
struct ssa_limit {
	size_t		at;
	unsigned int	min;
	unsigned int	max;
};

#define SSA_LIMIT(field, least, most) { offsetof(struct ssa_net, field), (least), (most) }

static const struct ssa_limit
	ssa_timeout = SSA_LIMIT(handshake_timeout_ms, 100, 600 * 1000),
	ssa_handshakes = SSA_LIMIT(handshakes_max, 1, 1 << 20),
	ssa_memory = SSA_LIMIT(handshake_memory, 1, INT_MAX),
	ssa_contexts = SSA_LIMIT(contexts_max, 1, 1 << 20),
	ssa_rekey = SSA_LIMIT(rekey_after_records, 0, 1 << 24),	/* RFC 8446 5.5: 2^24.5 */
	/*
	 * Each sleeps in a worker of lookup.c, and has another one start the resolver: on
	 * system_unbound_wq, which has no more of them for all of the kernel than this.
	 */
	ssa_lookups = SSA_LIMIT(lookups_max, 1, WQ_MAX_ACTIVE * 3 / 4),
	ssa_lookups_user = SSA_LIMIT(lookups_per_user, 1, WQ_MAX_ACTIVE * 3 / 4);

/* What a write comes to: 0, or -EPERM. @laxer: than the machine's value */
static int ssa_may_write(const struct ssa_net *sn, const char *name, bool laxer)
{
	const struct ssa_net *machine = ssa_pernet(&init_net);
	int err = 0;

	if (sn != machine && (laxer || !READ_ONCE(ssa_namespaces_may_configure)))
		err = -EPERM;
	ssa_audit_change("sysctl", name, err);
	return err;
}

/* A limit that a namespace can only tighten; reading gives the one that holds. */
static int ssa_proc_limit(const struct ctl_table *table, int write, void *buffer, size_t *lenp,
			  loff_t *ppos)
{
	const struct ssa_limit *limit = table->extra1;
	unsigned int *own = table->data + limit->at;
	unsigned int machine = READ_ONCE(*(unsigned int *)((void *)ssa_pernet(&init_net) +
							    limit->at));
	unsigned int value = ssa_stricter(READ_ONCE(*own), machine);
	struct ctl_table tmp = {
		.data	= &value,
		.maxlen	= sizeof(value),
		.extra1	= (void *)&limit->min,
		.extra2	= (void *)&limit->max,
	};
	int err;

	err = proc_douintvec_minmax(&tmp, write, buffer, lenp, ppos);
	if (err || !write)
		return err;
	err = ssa_may_write(table->data, table->procname, ssa_stricter(value, machine) != value);
	if (!err)
		WRITE_ONCE(*own, value);
	return err;
}

/* A setting of the machine */
static int ssa_proc_machine(const struct ctl_table *table, int write, void *buffer, size_t *lenp,
			    loff_t *ppos)
{
	int err = proc_douintvec_minmax(table, write, buffer, lenp, ppos);

	if (!err && write)
		ssa_audit_change("sysctl", table->procname, 0);
	return err;
}

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
	err = ssa_may_write(sn, table->procname, version < READ_ONCE(machine->min_version));
	if (!err) {
		WRITE_ONCE(sn->min_version, version);
		ssa_enforce(sn);
	}
	return err;
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
	err = ssa_may_write(sn, table->procname, enabled && READ_ONCE(machine->disabled));
	if (!err) {
		WRITE_ONCE(sn->disabled, !enabled);
		ssa_enforce(sn);
	}
	return err;
}

#define SSA_CTL_LIMIT(name, limit) {						\
	.procname = (name), .maxlen = sizeof(unsigned int), .mode = 0644,	\
	.proc_handler = ssa_proc_limit, .extra1 = (void *)&(limit),		\
}

/* ctl_table.data is the namespace. */
static const struct ctl_table ssa_ctl_template[] = {
	SSA_CTL_LIMIT("handshake_timeout_ms", ssa_timeout),
	SSA_CTL_LIMIT("handshakes_max", ssa_handshakes),
	SSA_CTL_LIMIT("handshake_memory", ssa_memory),
	SSA_CTL_LIMIT("contexts_max", ssa_contexts),
	SSA_CTL_LIMIT("rekey_after_records", ssa_rekey),
	SSA_CTL_LIMIT("lookups_max", ssa_lookups),
	SSA_CTL_LIMIT("lookups_per_user", ssa_lookups_user),
	{
		.procname	= "min_version",
		.maxlen		= SSA_VERSION_TEXT_MAX,
		.mode		= 0644,
		.proc_handler	= ssa_proc_min_version,
	}, {
		.procname	= "enabled",
		.maxlen		= sizeof(unsigned int),
		.mode		= 0644,
		.proc_handler	= ssa_proc_enabled,
	},
};

/* Of the initial namespace only */
static struct ctl_table ssa_ctl_machine[] = {
	{
		.procname	= "namespaces_may_configure",
		.data		= &ssa_namespaces_may_configure,
		.maxlen		= sizeof(unsigned int),
		.mode		= 0644,
		.proc_handler	= ssa_proc_machine,
		.extra1		= SYSCTL_ZERO,
		.extra2		= SYSCTL_ONE,
	}, {
		.procname	= "namespaces_may_resolve",
		.data		= &ssa_namespaces_may_resolve,
		.maxlen		= sizeof(unsigned int),
		.mode		= 0644,
		.proc_handler	= ssa_proc_machine,
		.extra1		= SYSCTL_ZERO,
		.extra2		= SYSCTL_ONE,
	}, {
		.procname	= "log_level",
		.data		= &ssa_log_level,
		.maxlen		= sizeof(unsigned int),
		.mode		= 0644,
		.proc_handler	= ssa_proc_machine,
		.extra1		= SYSCTL_ZERO,
		.extra2		= SYSCTL_THREE,
	},
};

/**
 * ssa_net_may_resolve - may names of a network namespace be looked up?
 * @net: the namespace
 *
 * The kernel's resolver is a program of the machine: it asks the machine's name servers,
 * and answers what they say. Who has no network must not get out by that way.
 *
 * Context: any.
 * Return: true in the initial one; in others if who administers the machine says so.
 */
bool ssa_net_may_resolve(const struct net *net)
{
	return net_eq(net, &init_net) || READ_ONCE(ssa_namespaces_may_resolve);
}

/**
 * ssa_ctrl_create - limits of a network namespace, and net.ssa.* for them
 * @net: the namespace
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int __net_init ssa_ctrl_create(struct net *net)
{
	struct ssa_net *sn = ssa_pernet(net);
	struct ctl_table *table;
	size_t i;

	sn->handshake_timeout_ms = SSA_HANDSHAKE_TIMEOUT_MS;
	sn->handshakes_max = SSA_HANDSHAKES_MAX;
	sn->handshake_memory = SSA_HANDSHAKE_MEMORY;
	sn->contexts_max = SSA_CONTEXTS_MAX;
	sn->lookups_max = SSA_LOOKUPS_MAX;
	sn->lookups_per_user = SSA_LOOKUPS_PER_USER;
	sn->min_version = SSA_TLS12;
	table = kmemdup(ssa_ctl_template, sizeof(ssa_ctl_template), GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(ssa_ctl_template); i++)
		table[i].data = sn;
	sn->sysctl = register_net_sysctl_sz(net, "net/ssa", table, ARRAY_SIZE(ssa_ctl_template));
	if (!sn->sysctl)
		goto err_table;
	if (net_eq(net, &init_net)) {
		sn->sysctl_machine = register_net_sysctl(net, "net/ssa", ssa_ctl_machine);
		if (!sn->sysctl_machine)
			goto err_sysctl;
	}
	sn->table = table;
	return 0;
err_sysctl:
	unregister_net_sysctl_table(sn->sysctl);
err_table:
	kfree(table);
	return -ENOMEM;
}

/**
 * ssa_ctrl_destroy - undo ssa_ctrl_create()
 * @net: the namespace
 *
 * Context: process, may sleep.
 */
void __net_exit ssa_ctrl_destroy(struct net *net)
{
	struct ssa_net *sn = ssa_pernet(net);

	if (sn->sysctl_machine)
		unregister_net_sysctl_table(sn->sysctl_machine);
	unregister_net_sysctl_table(sn->sysctl);
	kfree(sn->table);
}
