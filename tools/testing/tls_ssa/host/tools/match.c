// SPDX-License-Identifier: GPL-2.0
/*
 * Looks for the profile of a process, with one profile or with many. Run by choice.sh
 * below valgrind, which counts the instructions.
 *
 *	match PROFILES LOOKUPS
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../../../../net/tls_ssa/policy/match_index.h"
#include "../../../../../net/tls_ssa/policy/policy.h"

/* Each path is a file of its own. */
static int identify(const char *path, struct ssa_match_file *file, char **canonical,
		    struct ssa_complaint *why)
{
	memset(file, 0, sizeof(*file));
	file->dev = 8;
	file->ino = strtoul(strrchr(path, '/') + 2, NULL, 10);
	return 0;
}

static void put(struct ssa_values *v, enum ssa_attribute a, const char *format, int i)
{
	char text[64];

	snprintf(text, sizeof(text), format, i);
	if (ssa_attribute_parse(v, a, text, strlen(text), NULL))
		exit(2);
}

int main(int argc, char **argv)
{
	int profiles = argc > 1 ? atoi(argv[1]) : 1, lookups = argc > 2 ? atoi(argv[2]) : 1, i;
	struct ssa_match_profile *profile = calloc(profiles, sizeof(*profile));
	struct ssa_match_table *t;
	struct ssa_complaint why;
	int found = 0;

	for (i = 0; i < profiles; i++) {
		struct ssa_policy *policy = calloc(1, sizeof(*policy));
		struct ssa_values *v = calloc(1, sizeof(*v));

		put(v, SSA_A_match_executable, "/usr/bin/p%d", i);
		put(v, SSA_A_match_cgroup, "/services/s%03d", i);
		put(v, SSA_A_match_uid, "%d", i);
		profile[i].v = v;
		profile[i].policy = policy;
	}
	t = ssa_match_index(profile, profiles, identify, &why);
	if (IS_ERR(t))
		return 3;
	for (i = 0; i < lookups; i++) {
		int n = i * 37 % profiles;
		struct ssa_match_file file = { .dev = 8, .ino = n };
		struct ssa_match_facts facts = { .uid = n };
		char cgroup[32];

		facts.cgroup_len = snprintf(cgroup, sizeof(cgroup), "/services/s%03d", n);
		facts.cgroup = cgroup;
		facts.program = ssa_match_by_file(t, &file);
		found += ssa_match_find(t, &facts) == profile[n].policy;
	}
	printf("%d profiles, %d lookups, %d found\n", profiles, lookups, found);
	ssa_match_free(t);
	for (i = 0; i < profiles; i++) {
		ssa_values_free((struct ssa_values *)profile[i].v);
		free((void *)profile[i].v);
		free(profile[i].policy);
	}
	free(profile);
	return found != lookups;
}
