// SPDX-License-Identifier: GPL-2.0
/*
 * Which profile is for the calling process.
 */
#include "policy.h"

void ssa_match_free(struct ssa_match_table *match)
{
}

struct ssa_policy *ssa_match_current(const struct ssa_match_table *match, struct net *net)
{
	return NULL;
}
