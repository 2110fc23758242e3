/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters of a network namespace: /proc/net/tls_ssa_stat
 */
#ifndef _TLS_SSA_MIB_H
#define _TLS_SSA_MIB_H

#include <linux/percpu.h>
#include "pernet.h"
#include "reason.h"

enum ssa_mib {
	SSA_MIB_CLIENT_STARTED,
	SSA_MIB_CLIENT_DONE,
	SSA_MIB_SERVER_STARTED,
	SSA_MIB_SERVER_DONE,
	SSA_MIB_ACCEPTED,
	SSA_MIB_TLS12_DONE,
	SSA_MIB_TLS13_DONE,
	SSA_MIB_KEY_UPDATES_RECEIVED,
	SSA_MIB_KEY_UPDATES_SENT,
	SSA_MIB_TICKETS,
	SSA_MIB_RENEGOTIATIONS_REFUSED,
	SSA_MIB_STEPS_BY_CALLERS,	/* of handshakes, see step.c */
	SSA_MIB_STEPS_BY_WORKERS,
	SSA_MIB_LOOKUPS,
	SSA_MIB_UNEXPECTED_EOF,
	SSA_MIB_REASON,		/* from here on: one for each reason */
	SSA_MIB_COUNT = SSA_MIB_REASON + SSA_R_COUNT,
};

struct ssa_mib_values {
	unsigned long v[SSA_MIB_COUNT];
};

static inline void ssa_count(const struct net *net, unsigned int item)
{
	this_cpu_inc(ssa_pernet(net)->mib->v[item]);
}

static inline void ssa_count_reason(const struct net *net, enum ssa_reason reason)
{
	ssa_count(net, SSA_MIB_REASON + reason);
}

/* mib.c */
int ssa_mib_create(struct net *net);
void ssa_mib_destroy(struct net *net);

#endif /* _TLS_SSA_MIB_H */
