// SPDX-License-Identifier: GPL-2.0
/*
 * Options that tell how a connection fares, and why it has failed.
 */
#include "sockopt.h"
#include "ssa_sock.h"

int ssa_get_error(struct ssa_sock *s, struct ssa_answer *a)
{
	u16 reason = READ_ONCE(s->reason);

	if (reason == SSA_R_NONE && READ_ONCE(s->err))
		return ssa_answer_text(a, "TCP connection failed");
	return ssa_answer_text(a, ssa_reason_desc(reason)->text);
}
