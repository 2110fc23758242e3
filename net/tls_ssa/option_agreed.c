// SPDX-License-Identifier: GPL-2.0
/*
 * Options that tell what was agreed on with the peer.
 */
#include "setup.h"
#include "sockopt.h"
#include "ssa_sock.h"

int ssa_get_chosen_cipher(struct ssa_sock *s, struct ssa_answer *a)
{
	return ssa_answer_text(a, ssa_suite_name(s->suite) ?: "");
}

int ssa_get_version_conn(struct ssa_sock *s, struct ssa_answer *a)
{
	return ssa_answer_text(a, ssa_version_name(s->version) ?: "");
}

int ssa_get_negotiated_group(struct ssa_sock *s, struct ssa_answer *a)
{
	return ssa_answer_text(a, ssa_group_name(s->group) ?: "");
}
