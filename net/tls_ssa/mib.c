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
	seq_printf(seq, "%-32s\t%d\n", "NameLookupsInFlight", atomic_read(&sn->lookups));
	for (i = 0; i < SSA_MIB_REASON; i++)
		seq_printf(seq, "%-32s\t%lu\n", ssa_mib_names[i], ssa_mib_sum(sn, i));
	for (i = SSA_R_NONE + 1; i < SSA_R_COUNT; i++)
		seq_printf(seq, "%-32s\t%lu\n", ssa_reason_desc(i)->counter,
			   ssa_mib_sum(sn, SSA_MIB_REASON + i));
	return 0;
}

/**
 * ssa_mib_create - counters of a network namespace
 * @net: the namespace
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int __net_init ssa_mib_create(struct net *net)
{
	struct ssa_net *sn = ssa_pernet(net);

	sn->mib = alloc_percpu(struct ssa_mib_values);
	if (!sn->mib)
		return -ENOMEM;
	if (proc_create_net_single("tls_ssa_stat", 0444, net->proc_net, ssa_stat_show, NULL))
		return 0;
	free_percpu(sn->mib);
	return -ENOMEM;
}

/**
 * ssa_mib_destroy - undo ssa_mib_create()
 * @net: the namespace
 *
 * Context: process, may sleep.
 */
void __net_exit ssa_mib_destroy(struct net *net)
{
	remove_proc_entry("tls_ssa_stat", net->proc_net);
	free_percpu(ssa_pernet(net)->mib);
}
