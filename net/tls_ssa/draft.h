/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an application has set and is not in force yet: half of a pair.
 */
#ifndef _TLS_SSA_DRAFT_H
#define _TLS_SSA_DRAFT_H

#include <linux/types.h>
#include "cert/text.h"

enum ssa_half_kind { SSA_HALF_CHAIN, SSA_HALF_KEY, SSA_HALVES };

/**
 * struct ssa_draft - the next pair, as far as it is known
 * @half: what waits, by enum ssa_half_kind: one of them, or none
 * @failed: by the same: the last one of this kind was refused
 * @stray: what waits came when its partner had failed
 * @again: what waits is in force already, by a stray partner
 * @name: TLS_HOSTNAME: the only name that the pair will be for; or NULL
 *
 * Under lock_sock().
 */
struct ssa_draft {
	struct ssa_text	half[SSA_HALVES];
	bool		failed[SSA_HALVES];
	bool		stray;
	bool		again;
	char		*name;
};

void ssa_draft_free(struct ssa_draft *draft);
const char *ssa_draft_name(const struct ssa_draft *draft);
const char *ssa_draft_waits(const struct ssa_draft *draft);

#endif /* _TLS_SSA_DRAFT_H */
