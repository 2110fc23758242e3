/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a connection may use: an immutable, reference-counted snapshot, taken at
 * socket(), so that a running handshake never sees half a change. A change by the
 * administrator makes a new snapshot, for the sockets that are created afterwards.
 */
#ifndef _TLS_SSA_POLICY_H
#define _TLS_SSA_POLICY_H

#include <linux/refcount.h>
#include "../engine/engine.h"

/**
 * struct ssa_policy - one snapshot
 * @ref: references
 * @min_version: oldest version, SSA_TLS12 or SSA_TLS13
 * @max_version: newest version, not below @min_version
 * @without_ems: TLS 1.2 may go without extended_master_secret (RFC 7627)
 * @record_size_limit: what we ask for in the extension of that name (RFC 8449)
 * @suites: allowed, in order of preference, 0 ends a short list
 * @groups: the same
 * @sigalgs: the same
 *
 * Constant once ssa_policy_current() has returned it.
 */
struct ssa_policy {
	refcount_t	ref;
	u16		min_version;
	u16		max_version;
	bool		without_ems;
	u16		record_size_limit;
	u16		suites[SSA_SUITES_MAX];
	u16		groups[SSA_GROUPS_MAX];
	u16		sigalgs[SSA_SIGALGS_MAX];
};

/* policy.c */
struct ssa_policy *ssa_policy_current(void);
struct ssa_policy *ssa_policy_get(struct ssa_policy *policy);
void ssa_policy_put(struct ssa_policy *policy);
int ssa_policy_set_min_version(u16 version);
int ssa_policy_set_max_version(u16 version);
int ssa_policy_set_ems(bool required);
const char *ssa_version_name(u16 version);
u16 ssa_version_parse(const char *name);
int ssa_policy_init(void);
void ssa_policy_exit(void);

/* trust.c: the system's trust store */
#define SSA_TRUST_PATH_MAX	256

struct ssa_trust_store *ssa_trust_system(void);
int ssa_trust_set_path(const char *path);
void ssa_trust_get_path(char *path, size_t size);
void ssa_trust_exit(void);

#endif /* _TLS_SSA_POLICY_H */
