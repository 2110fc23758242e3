// SPDX-License-Identifier: GPL-2.0
/*
 * Counters per network namespace, shown in /proc/net/tls_ssa_stat: one line
 * each, name and value. Every reason for a failure has one.
 */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include "engine/engine.h"
#include "mib.h"

unsigned int ssa_net_id __read_mostly;

#define SSA_HANDSHAKE_TIMEOUT_MS	15000
#define SSA_HANDSHAKES_MAX		16384
#define SSA_HANDSHAKE_MEMORY		(64 * 1024 * 1024)
#define SSA_CONTEXTS_MAX		65536
#define SSA_LOOKUPS_MAX			256
#define SSA_LOOKUPS_PER_USER		64

static const char * const ssa_mib_names[SSA_MIB_REASON] = {
	[SSA_MIB_CLIENT_STARTED]	= "ClientHandshakesStarted",
	[SSA_MIB_CLIENT_DONE]		= "ClientHandshakesDone",
	[SSA_MIB_SERVER_STARTED]	= "ServerHandshakesStarted",
	[SSA_MIB_SERVER_DONE]		= "ServerHandshakesDone",
	[SSA_MIB_ACCEPTED]		= "Accepted",
	[SSA_MIB_TLS12_DONE]		= "Tls12HandshakesDone",
	[SSA_MIB_TLS13_DONE]		= "Tls13HandshakesDone",
	[SSA_MIB_KEY_UPDATES_RECEIVED]	= "KeyUpdatesReceived",
	[SSA_MIB_KEY_UPDATES_SENT]	= "KeyUpdatesSent",
	[SSA_MIB_TICKETS]		= "TicketsReceived",
	[SSA_MIB_RENEGOTIATIONS_REFUSED] = "RenegotiationsRefused",
	[SSA_MIB_STEPS_BY_CALLERS]	= "StepsByCallers",
	[SSA_MIB_STEPS_BY_WORKERS]	= "StepsByWorkers",
	[SSA_MIB_LOOKUPS]		= "NameLookupsStarted",
	[SSA_MIB_UNEXPECTED_EOF]	= "UnexpectedEofIgnored",
};

static unsigned long ssa_mib_sum(const struct ssa_net *sn, unsigned int item)
{
	unsigned long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += per_cpu_ptr(sn->mib, cpu)->v[item];
	return sum;
}

static int ssa_stat_show(struct seq_file *seq, void *v)
{
	const struct ssa_net *sn = ssa_pernet(seq_file_single_net(seq));
	unsigned int i;

	seq_printf(seq, "%-32s\t%d\n", "Sockets", atomic_read(&sn->sockets));
	seq_printf(seq, "%-32s\t%d\n", "HandshakesInFlight", atomic_read(&sn->in_flight));
	seq_printf(seq, "%-32s\t%u\n", "NameLookupsInFlight",
		   ssa_lookups_in_flight(seq_file_single_net(seq)));
	for (i = 0; i < SSA_MIB_REASON; i++)
		seq_printf(seq, "%-32s\t%lu\n", ssa_mib_names[i], ssa_mib_sum(sn, i));
	for (i = SSA_R_NONE + 1; i < SSA_R_COUNT; i++)
		seq_printf(seq, "%-32s\t%lu\n", ssa_reason_desc(i)->counter,
			   ssa_mib_sum(sn, SSA_MIB_REASON + i));
	return 0;
}

static int __net_init ssa_net_create(struct net *net)
{
	struct ssa_net *sn = ssa_pernet(net);
	int err = -ENOMEM;

	sn->handshake_timeout_ms = SSA_HANDSHAKE_TIMEOUT_MS;
	sn->handshakes_max = SSA_HANDSHAKES_MAX;
	sn->handshake_memory = SSA_HANDSHAKE_MEMORY;
	sn->contexts_max = SSA_CONTEXTS_MAX;
	sn->lookups_max = SSA_LOOKUPS_MAX;
	sn->lookups_per_user = SSA_LOOKUPS_PER_USER;
	sn->min_version = SSA_TLS12;
	spin_lock_init(&sn->contexts_lock);
	sn->mib = alloc_percpu(struct ssa_mib_values);
	if (!sn->mib)
		return err;
	if (!proc_create_net_single("tls_ssa_stat", 0444, net->proc_net, ssa_stat_show, NULL))
		goto err_mib;
	err = -ENOMEM;
	if (!ssa_sockets_proc_create(net))
		goto err_proc;
	err = ssa_sysctl_init(net);
	if (err)
		goto err_sockets;
	return 0;

err_sockets:
	ssa_sockets_proc_remove(net);
err_proc:
	remove_proc_entry("tls_ssa_stat", net->proc_net);
err_mib:
	free_percpu(sn->mib);
	return err;
}

static void __net_exit ssa_net_destroy(struct net *net)
{
	struct ssa_net *sn = ssa_pernet(net);

	ssa_sysctl_exit(net);
	ssa_sockets_proc_remove(net);
	remove_proc_entry("tls_ssa_stat", net->proc_net);
	free_percpu(sn->mib);
}

static struct pernet_operations ssa_net_ops = {
	.init	= ssa_net_create,
	.exit	= ssa_net_destroy,
	.id	= &ssa_net_id,
	.size	= sizeof(struct ssa_net),
};

/**
 * ssa_net_init - set up every network namespace, and those to come
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno.
 */
int __init ssa_net_init(void)
{
	return register_pernet_subsys(&ssa_net_ops);
}

/**
 * ssa_net_exit - undo ssa_net_init()
 *
 * Context: process, may sleep; no socket of ours is left.
 */
void ssa_net_exit(void)
{
	unregister_pernet_subsys(&ssa_net_ops);
}
