// SPDX-License-Identifier: GPL-2.0
/*
 * Options for names: whom a client wants to talk to, and whom a client of ours has
 * asked for.
 */
#include <linux/capability.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "../draft.h"
#include "../facts.h"
#include "../option.h"
#include "../settings.h"
#include "../sock.h"
#include "../sock_settings.h"
#include "sockopt.h"

/**
 * struct ssa_profile_choice - another policy for a socket
 * @net: its namespace
 * @policy: with a reference; afterwards the one that it had
 */
struct ssa_profile_choice {
	const struct net	*net;
	struct ssa_policy	*policy;
};

static int ssa_change_name(struct ssa_setup *setup, void *arg)
{
	kfree(setup->name);
	setup->name = kstrdup(arg, GFP_KERNEL_ACCOUNT);
	return setup->name ? 0 : -ENOMEM;
}

int ssa_set_remote_hostname(struct ssa_sock *s, struct ssa_value *v)
{
	int err;

	if (!ssa_name_is_valid(v->data))
		return ssa_option_refused(s, SSA_R_BAD_HOST_NAME, -EINVAL);
	err = ssa_setup_change(s, SSA_AT_SETUP, ssa_change_name, v->data);
	return ssa_option_refused(s, SSA_R_NONE, err);
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

/* ssa_setup_fn; @arg: the snapshot, whose reference it takes if it succeeds */
static int ssa_change_profile(struct ssa_setup *setup, void *arg)
{
	struct ssa_profile_choice *choice = arg;

	swap(setup->policy, choice->policy);
	return ssa_setup_rebound(setup, choice->net) ? -EACCES : 0;
}

/*
 * To see what a policy does to a program, the administrator looks at it from there. What was
 * set before stays, within the other policy.
 */
int ssa_set_profile(struct ssa_sock *s, struct ssa_value *v)
{
	struct ssa_profile_choice choice = { .net = sock_net(s->sk) };
	int err;

	if (strcmp(v->data, "default") && !ssa_entry_name_is_valid(v->data, v->len))
		return -EINVAL;
	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	choice.policy = ssa_policy_named(v->data);
	err = strcmp(choice.policy->name, v->data) ? -ENOENT :
	      ssa_setup_change(s, SSA_AT_SETUP, ssa_change_profile, &choice);
	ssa_policy_put(choice.policy);
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
