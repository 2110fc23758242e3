/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The index of the profiles: which of them is for a process of which these things are
 * known. What a lookup costs depends on how deep the cgroups of profiles are and on
 * which criteria they put together, never on how many they are. Nothing here does I/O;
 * it compiles in user space.
 */
#ifndef _TLS_SSA_MATCH_INDEX_H
#define _TLS_SSA_MATCH_INDEX_H

#include <linux/bits.h>
#include <linux/types.h>
#include "values.h"

struct ssa_match_profile;
struct ssa_match_table;
struct ssa_policy;

/*
 * By what a profile is found, the weakest first: as bits of a number they order the
 * combinations. The highest combination that matches wins.
 */
enum ssa_match_criterion {
	SSA_BY_NETNS,
	SSA_BY_GID,
	SSA_BY_UID,
	SSA_BY_CGROUP,
	SSA_BY_EXECUTABLE,
	SSA_MATCH_CRITERIA,
};

#define SSA_CGROUP_DEPTH_MAX	32	/* components of match_cgroup */
#define SSA_MATCH_RULES_MAX	1024	/* combinations of the values of one profile */

/**
 * struct ssa_match_file - what tells one file from all others, whatever it is called
 * @dev: of the file system
 * @ino: number there
 * @generation: of the number: a file that gets it later has another one
 */
struct ssa_match_file {
	u64 dev;
	u64 ino;
	u64 generation;
};

/**
 * struct ssa_match_facts - what is known of a process
 * @program: of ssa_match_by_file() or ssa_match_by_path(), or 0: none that profiles name
 * @uid: effective user, in the initial user namespace
 * @gid: effective group, in the initial user namespace
 * @netns: cookie of the network namespace
 * @cgroup: path, or its first components; need not be NUL-terminated
 * @cgroup_len: bytes of it
 *
 * Only what ssa_match_uses() has to be right.
 */
struct ssa_match_facts {
	u32 program;
	u32 uid;
	u32 gid;
	u64 netns;
	const char *cgroup;
	size_t cgroup_len;
};

/*
 * Finds the file that @path is now. @canonical: its path without symbolic links, to be
 * freed by kfree(), or NULL. 0; -ENOENT: there is none; -EINVAL and *@why; -ENOMEM.
 */
typedef int (*ssa_match_identify_t)(const char *path, struct ssa_match_file *file,
				    char **canonical, struct ssa_complaint *why);

struct ssa_match_table *ssa_match_index(const struct ssa_match_profile *profiles, size_t n,
					ssa_match_identify_t identify, struct ssa_complaint *why);
void ssa_match_free(struct ssa_match_table *t);
bool ssa_match_uses(const struct ssa_match_table *t, enum ssa_match_criterion c);
u32 ssa_match_by_file(const struct ssa_match_table *t, const struct ssa_match_file *file);
u32 ssa_match_by_path(const struct ssa_match_table *t, const char *path, size_t len,
		      const char **configured);
void ssa_match_learn(struct ssa_match_table *t, u32 program, const struct ssa_match_file *file);
struct ssa_policy *ssa_match_find(const struct ssa_match_table *t,
				  const struct ssa_match_facts *facts);

#endif /* _TLS_SSA_MATCH_INDEX_H */
