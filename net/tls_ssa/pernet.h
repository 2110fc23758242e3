/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a network namespace has of ours: counters, gauges, and limits (net.ssa.*).
 */
#ifndef _TLS_SSA_PERNET_H
#define _TLS_SSA_PERNET_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/spinlock.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "share.h"

struct ctl_table;
struct ctl_table_header;
struct ssa_mib_values;

#define SSA_CONTEXT_BUCKETS	256

/**
 * struct ssa_net - what a network namespace has of ours
 * @mib: counters
 * @sockets: TLS sockets, children that wait for accept() included
 * @in_flight: handshakes between their start and their end
 * @lookups: names that are being looked up
 * @used: of each limit, by all users together (ssa_share_lock, share.c)
 * @handshake_timeout_ms: sysctl: deadline of a handshake, milliseconds
 * @handshakes_max: sysctl: servers start no more handshakes beyond this
 * @handshake_memory: sysctl: most bytes of long messages that are not complete
 * @contexts_max: sysctl: most handles of TLS_CONTEXT
 * @rekey_after_records: sysctl: KeyUpdate after so many records; 0: where it is needed
 * @lookups_max: sysctl: names that are looked up at once
 * @lookups_per_user: sysctl: those of them that one user may have
 * @disabled: sysctl: no TLS socket can be made
 * @min_version: sysctl: oldest version, or 0: the policy alone decides
 * @generation: how often its sockets were called to comply with the two above (policy/generation.c)
 * @contexts_lock: guards the lists of handles, of the sockets too
 * @contexts: handles of TLS_CONTEXT (options/context.c)
 * @sysctl: registration
 * @sysctl_machine: of what only the initial namespace has; or NULL
 * @table: its table
 */
struct ssa_net {
	struct ssa_mib_values __percpu	*mib;
	atomic_t			sockets;
	atomic_t			in_flight;
	atomic_t			lookups;
	unsigned long			used[SSA_SHARE_KINDS];
	unsigned int			handshake_timeout_ms;
	unsigned int			handshakes_max;
	unsigned int			handshake_memory;
	unsigned int			contexts_max;
	unsigned int			rekey_after_records;
	unsigned int			lookups_max;
	unsigned int			lookups_per_user;
	bool				disabled;
	u16				min_version;
	atomic_t			generation;
	spinlock_t			contexts_lock;	/* see above */
	struct hlist_head		contexts[SSA_CONTEXT_BUCKETS];
	struct ctl_table_header		*sysctl;
	struct ctl_table_header		*sysctl_machine;
	struct ctl_table		*table;
};

extern unsigned int ssa_net_id;

static inline struct ssa_net *ssa_pernet(const struct net *net)
{
	return net_generic(net, ssa_net_id);
}

/*
 * A namespace can only tighten what the initial one says: the stricter of both holds,
 * also if that one changes later.
 */
static inline bool ssa_net_enabled(const struct net *net)
{
	return !READ_ONCE(ssa_pernet(net)->disabled) && !READ_ONCE(ssa_pernet(&init_net)->disabled);
}

static inline u16 ssa_net_min_version(const struct net *net)
{
	return max(READ_ONCE(ssa_pernet(net)->min_version),
		   READ_ONCE(ssa_pernet(&init_net)->min_version));
}

/* The stricter of two limits; 0 is none. */
static inline unsigned int ssa_stricter(unsigned int a, unsigned int b)
{
	return a && b ? min(a, b) : a ?: b;
}

/* Limits (sysctls) of the namespace, which those of the machine bound */
static inline unsigned int ssa_net_timeout_ms(const struct net *net)
{
	return ssa_stricter(READ_ONCE(ssa_pernet(net)->handshake_timeout_ms),
			    READ_ONCE(ssa_pernet(&init_net)->handshake_timeout_ms));
}

static inline unsigned int ssa_net_handshakes_max(const struct net *net)
{
	return ssa_stricter(READ_ONCE(ssa_pernet(net)->handshakes_max),
			    READ_ONCE(ssa_pernet(&init_net)->handshakes_max));
}

static inline unsigned int ssa_net_handshake_memory(const struct net *net)
{
	return ssa_stricter(READ_ONCE(ssa_pernet(net)->handshake_memory),
			    READ_ONCE(ssa_pernet(&init_net)->handshake_memory));
}

static inline unsigned int ssa_net_contexts_max(const struct net *net)
{
	return ssa_stricter(READ_ONCE(ssa_pernet(net)->contexts_max),
			    READ_ONCE(ssa_pernet(&init_net)->contexts_max));
}

static inline unsigned int ssa_net_rekey_after(const struct net *net)
{
	return ssa_stricter(READ_ONCE(ssa_pernet(net)->rekey_after_records),
			    READ_ONCE(ssa_pernet(&init_net)->rekey_after_records));
}

static inline unsigned int ssa_net_lookups_max(const struct net *net)
{
	return ssa_stricter(READ_ONCE(ssa_pernet(net)->lookups_max),
			    READ_ONCE(ssa_pernet(&init_net)->lookups_max));
}

static inline unsigned int ssa_net_lookups_per_user(const struct net *net)
{
	return ssa_stricter(READ_ONCE(ssa_pernet(net)->lookups_per_user),
			    READ_ONCE(ssa_pernet(&init_net)->lookups_per_user));
}

#endif /* _TLS_SSA_PERNET_H */
