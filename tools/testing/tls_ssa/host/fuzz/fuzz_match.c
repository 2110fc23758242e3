// SPDX-License-Identifier: GPL-2.0
/*
 * Profiles and a process: the index finds what going through all of them finds, or says
 * that two are for the same. One profile is of any text at all.
 */
#include "fuzz.h"
#include <linux/err.h>
#include "../../../../../net/tls_ssa/policy/match_index.h"
#include "../../../../../net/tls_ssa/policy/policy.h"

#define PROFILES	6
#define CHOICES		4

static const char * const programs[CHOICES] = { "/p/0", "/p/1", "/p/2", "/p/3" };
static const char * const cgroups[CHOICES] = { "/", "/a", "/a/b", "/a/bc" };
static const char * const within[] = { "/", "/a", "/a/b", "/a/bc", "/a/b/c", "/b" };

/* Of each criterion a set of the choices, as bits; 0: it is not set */
struct profile {
	u8 set[SSA_MATCH_CRITERIA];
	struct ssa_values v;
	struct ssa_policy policy;
};

static int identify(const char *path, struct ssa_match_file *file, char **canonical,
		    struct ssa_complaint *why)
{
	memset(file, 0, sizeof(*file));
	if (strlen(path) != strlen(programs[0]) || path[1] != 'p')
		return -ENOENT;
	file->ino = path[3];
	return 0;
}

static void put(struct profile *p, enum ssa_match_criterion by, enum ssa_attribute a, u8 set)
{
	char text[64] = "";
	size_t len = 0;
	int i;

	p->set[by] = set;
	for (i = 0; i < CHOICES; i++) {
		if (!(set & BIT(i)))
			continue;
		if (by == SSA_BY_EXECUTABLE || by == SSA_BY_CGROUP)
			len += sprintf(text + len, "%s ",
				       by == SSA_BY_CGROUP ? cgroups[i] : programs[i]);
		else
			len += sprintf(text + len, "%d ", i + 1);
	}
	FUZZ_ASSERT(!ssa_attribute_parse(&p->v, a, text, len, NULL));
}

static void make(struct profile *p, struct fuzz_input *in)
{
	/* Seldom more than a few: what matters is how they meet. */
	u8 some = fuzz_u8(in), values = fuzz_u8(in), more = fuzz_u8(in);

	if (some & BIT(0))
		put(p, SSA_BY_NETNS, SSA_A_match_netns, BIT(values & 3) | (more & 1));
	if (some & BIT(1))
		put(p, SSA_BY_GID, SSA_A_match_gid, BIT(values >> 2 & 3) | (more & 2));
	if (some & BIT(2))
		put(p, SSA_BY_UID, SSA_A_match_uid, BIT(values >> 4 & 3) | (more & 4));
	if (some & BIT(3))
		put(p, SSA_BY_CGROUP, SSA_A_match_cgroup, BIT(values >> 6 & 3) | (more >> 3 & 2));
	if (some & BIT(4) || !(some & 15))
		put(p, SSA_BY_EXECUTABLE, SSA_A_match_executable,
		    BIT(some >> 5 & 3) | (more >> 5 & 1));
}

/* How deep @cgroup is in the deepest of the set, in bytes, so that 0 is: not in there. */
static size_t depth(u8 set, const char *cgroup)
{
	size_t best = 0, len;
	int i;

	for (i = 0; i < CHOICES; i++) {
		len = i ? strlen(cgroups[i]) : 0;
		if (set & BIT(i) && !strncmp(cgroup, cgroups[i], len) &&
		    (!len || !cgroup[len] || cgroup[len] == '/'))
			best = max(best, len + 1);
	}
	return best;
}

/* The same by going through all of them. */
static const struct ssa_policy *slowly(const struct profile *profiles, int n, int program,
				       const struct ssa_match_facts *facts, const char *cgroup)
{
	const struct ssa_policy *found = NULL;
	size_t here, deepest = 0;
	u32 best = 0, combination;
	int i, by;

	for (i = 0; i < n; i++) {
		const struct profile *p = &profiles[i];
		const int value[SSA_MATCH_CRITERIA] = {
			[SSA_BY_NETNS] = facts->netns - 1, [SSA_BY_GID] = facts->gid - 1,
			[SSA_BY_UID] = facts->uid - 1, [SSA_BY_EXECUTABLE] = program,
		};

		here = depth(p->set[SSA_BY_CGROUP], cgroup);
		for (by = 0, combination = 0; by < SSA_MATCH_CRITERIA; by++) {
			if (!p->set[by])
				continue;
			if (by == SSA_BY_CGROUP ? !here : !(p->set[by] & BIT(value[by])))
				break;
			combination |= BIT(by);
		}
		if (by < SSA_MATCH_CRITERIA || combination < best ||
		    (combination == best && here <= deepest))
			continue;
		found = &p->policy;
		best = combination;
		deepest = here;
	}
	return found;
}

static void ask(const struct ssa_match_table *t, const struct profile *profiles, int n,
		struct fuzz_input *in)
{
	const char *cgroup = within[fuzz_u8(in) % ARRAY_SIZE(within)];
	u8 who = fuzz_u8(in), program = fuzz_u8(in) % CHOICES;
	struct ssa_match_file file = { .ino = '0' + program };
	struct ssa_match_facts facts = {
		.uid = 1 + (who & 3), .gid = 1 + (who >> 2 & 3), .netns = 1 + (who >> 4 & 3),
		.cgroup = cgroup, .cgroup_len = strlen(cgroup),
	};

	facts.program = ssa_match_by_file(t, &file);
	FUZZ_ASSERT(ssa_match_find(t, &facts) == slowly(profiles, n, program, &facts, cgroup));
}

static void any_text(struct fuzz_input *in)
{
	struct ssa_match_profile one;
	struct ssa_match_table *t;
	struct profile p = {};
	enum ssa_attribute a;
	const char *text;
	size_t len;

	for (a = 0; a < SSA_A_COUNT; a++) {
		if (!ssa_attribute_is_match(a))
			continue;
		text = (const char *)fuzz_vec16(in, &len);
		(void)ssa_attribute_parse(&p.v, a, text, len, NULL);
	}
	one = (struct ssa_match_profile){ .v = &p.v, .policy = &p.policy };
	t = ssa_match_index(&one, 1, identify, NULL);
	if (!IS_ERR(t))
		ssa_match_free(t);
	ssa_values_free(&p.v);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct fuzz_input in = { .data = data, .left = size };
	struct ssa_match_profile all[PROFILES];
	struct profile profiles[PROFILES] = {};
	struct ssa_complaint why = {};
	struct ssa_match_table *t;
	int n = fuzz_u8(&in) % (PROFILES + 1), i;

	fuzz_begin(1 << 20);
	for (i = 0; i < n; i++) {
		make(&profiles[i], &in);
		sprintf(profiles[i].policy.name, "p%d", i);
		all[i].v = &profiles[i].v;
		all[i].policy = &profiles[i].policy;
	}
	t = ssa_match_index(all, n, identify, &why);
	if (IS_ERR(t)) {
		FUZZ_ASSERT(PTR_ERR(t) == -EINVAL && why.text[0] && n > 1);
	} else {
		for (i = 0; i < 16; i++)
			ask(t, profiles, n, &in);
		ssa_match_free(t);
	}
	for (i = 0; i < n; i++)
		ssa_values_free(&profiles[i].v);
	any_text(&in);
	fuzz_end();
	return 0;
}
