// SPDX-License-Identifier: GPL-2.0
/*
 * TLS_IGNORE_UNEXPECTED_EOF: a program that knows how much data there is need not care
 * whether close_notify follows. It is the connection's own, not one of the settings: a
 * listener does not hand it on, nor does TLS_CONTEXT, to programs that do not know.
 */
#include <linux/errno.h>
#include "../sock.h"
#include "sockopt.h"

int ssa_set_ignore_unexpected_eof(struct ssa_sock *s, struct ssa_value *v)
{
	int value = *(int *)v->data;

	if (value < 0 || value > 1)
		return -EINVAL;
	WRITE_ONCE(s->ignore_eof, value);
	return 0;
}

int ssa_get_ignore_unexpected_eof(struct ssa_sock *s, struct ssa_answer *a)
{
	return ssa_answer_int(a, READ_ONCE(s->ignore_eof));
}
