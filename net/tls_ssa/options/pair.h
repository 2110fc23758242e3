/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a chain and its key become a pair.
 */
#ifndef _TLS_SSA_PAIR_H
#define _TLS_SSA_PAIR_H

#include <linux/types.h>

struct ssa_sock;
struct ssa_text;

int ssa_draft_half(struct ssa_sock *s, bool key, struct ssa_text *text, int err);
int ssa_draft_for_name(struct ssa_sock *s, char *name);

#endif /* _TLS_SSA_PAIR_H */
