// SPDX-License-Identifier: GPL-2.0
/*
 * Options for the versions of TLS. The policy can be tightened, never loosened, and
 * something must be left to agree on.
 */
#include <linux/errno.h>
#include "../option.h"
#include "../settings.h"
#include "../sock.h"
#include "../sock_settings.h"
#include "sockopt.h"

static int ssa_change_bound(struct ssa_setup *setup, u16 version, u16 *bound)
{
	const struct ssa_policy *policy = setup->policy;

	if (version < setup->floor || version > policy->max_version)
		return -EACCES;
	*bound = version;
	return ssa_setup_usable(setup) ? 0 : -EINVAL;
}

static int ssa_change_min(struct ssa_setup *setup, void *arg)
{
	setup->chosen |= SSA_CHOSEN_VERSION_MIN;
	return ssa_change_bound(setup, *(u16 *)arg, &setup->version_min);
}

static int ssa_change_max(struct ssa_setup *setup, void *arg)
{
	setup->chosen |= SSA_CHOSEN_VERSION_MAX;
	return ssa_change_bound(setup, *(u16 *)arg, &setup->version_max);
}

/* The numbers of TLS_1_2 and TLS_1_3 in the header of the API's first implementation */
static u16 ssa_version_number(int number)
{
	switch (number) {
	case 2:
		return SSA_TLS12;
	case 3:
		return SSA_TLS13;
	default:
		return 0;
	}
}

static int ssa_set_bound(struct ssa_sock *s, const struct ssa_value *v, ssa_setup_fn change)
{
	u16 version = v->len == sizeof(int) ? ssa_version_number(*(const int *)v->data) :
					      ssa_version_parse(v->data);

	if (!version)
		return -EINVAL;
	return ssa_setup_change(s, SSA_AT_SETUP, change, &version);
}

int ssa_set_version_min(struct ssa_sock *s, struct ssa_value *v)
{
	return ssa_set_bound(s, v, ssa_change_min);
}

int ssa_set_version_max(struct ssa_sock *s, struct ssa_value *v)
{
	return ssa_set_bound(s, v, ssa_change_max);
}

static int ssa_get_bound(struct ssa_sock *s, struct ssa_answer *a, bool max)
{
	struct ssa_setup *setup = ssa_setup_take(s);
	int err;

	if (!setup)
		return -EOPNOTSUPP;
	err = ssa_answer_text(a, ssa_version_name(max ? setup->version_max : setup->version_min));
	ssa_setup_put(setup);
	return err;
}

int ssa_get_version_min(struct ssa_sock *s, struct ssa_answer *a)
{
	return ssa_get_bound(s, a, false);
}

int ssa_get_version_max(struct ssa_sock *s, struct ssa_answer *a)
{
	return ssa_get_bound(s, a, true);
}
