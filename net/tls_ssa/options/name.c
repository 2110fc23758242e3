// SPDX-License-Identifier: GPL-2.0
/*
 * Options for names: whom a client wants to talk to, and whom a client of ours has
 * asked for.
 */
#include <linux/slab.h>
#include <linux/string.h>
#include "../facts.h"
#include "../setup.h"
#include "sockopt.h"
#include "../ssa_sock.h"

static int ssa_change_name(struct ssa_setup *setup, void *arg)
{
	kfree(setup->name);
	setup->name = kstrdup(arg, GFP_KERNEL_ACCOUNT);
	return setup->name ? 0 : -ENOMEM;
}

int ssa_set_remote_hostname(struct ssa_sock *s, struct ssa_value *v)
{
	if (!ssa_name_is_valid(v->data))
		return -EINVAL;
	return ssa_setup_change(s, SSA_AT_SETUP, ssa_change_name, v->data);
}

int ssa_get_remote_hostname(struct ssa_sock *s, struct ssa_answer *a)
{
	const char *name;
	int err;

	lock_sock(s->sk);
	name = ssa_at(s) == SSA_AT_SETUP ? s->setup->name : s->name;
	err = ssa_answer_text(a, name ?: "");
	release_sock(s->sk);
	return err;
}

/* On an accepted connection: what the client asked for (RFC 6066 3), or "" */
int ssa_get_hostname(struct ssa_sock *s, struct ssa_answer *a)
{
	const char *name;
	int err;

	lock_sock(s->sk);
	name = s->server ? s->name : ssa_draft_name(s->draft);
	err = ssa_answer_text(a, name ?: "");
	release_sock(s->sk);
	return err;
}

/* Of an accepted connection: that of its listener; another one only by end_connections */
int ssa_get_profile(struct ssa_sock *s, struct ssa_answer *a)
{
	struct ssa_setup *setup = ssa_setup_take(s);
	int err;

	if (setup)
		err = ssa_answer_text(a, setup->policy->name);
	else if (ssa_at(s) & (SSA_AT_CLIENT | SSA_AT_SERVER))
		err = ssa_answer_text(a, s->facts->policy->name);
	else
		err = ssa_answer_text(a, "");
	ssa_setup_put(setup);
	return err;
}
