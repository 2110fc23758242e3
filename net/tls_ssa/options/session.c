// SPDX-License-Identifier: GPL-2.0
/*
 * Options that are numbers: client authentication, sessions, revocation.
 *
 * This version resumes no session: TLS_SESSION_REUSE is a permission, and
 * TLS_RESUMED_SESSION tells the truth. It checks no revocation either: who wants such
 * a check is refused, not left in the belief that it takes place.
 */
#include <linux/errno.h>
#include "../option.h"
#include "../settings.h"
#include "../sock.h"
#include "../sock_settings.h"
#include "sockopt.h"

static_assert(TLS_PEER_AUTH_NONE == (int)SSA_PEER_AUTH_NONE);
static_assert(TLS_PEER_AUTH_OPTIONAL == (int)SSA_PEER_AUTH_OPTIONAL);
static_assert(TLS_PEER_AUTH_REQUIRED == (int)SSA_PEER_AUTH_REQUIRED);

static int ssa_change_peer_auth(struct ssa_setup *setup, void *arg)
{
	if (*(int *)arg < setup->policy->require_peer_auth)
		return -EACCES;
	setup->chosen |= SSA_CHOSEN_PEER_AUTH;
	setup->peer_auth = *(int *)arg;
	return 0;
}

static int ssa_change_session_ttl(struct ssa_setup *setup, void *arg)
{
	if (*(int *)arg > setup->policy->session_ttl)
		return -EACCES;
	setup->chosen |= SSA_CHOSEN_SESSION_TTL;
	setup->session_ttl = *(int *)arg;
	return 0;
}

static int ssa_change_session_reuse(struct ssa_setup *setup, void *arg)
{
	if (*(int *)arg && !setup->policy->session_reuse)
		return -EACCES;
	setup->session_reuse = *(int *)arg;
	return 0;
}

static int ssa_set_number(struct ssa_sock *s, struct ssa_value *v, int max, ssa_setup_fn change)
{
	int value = *(int *)v->data;

	if (value < 0 || value > max)
		return -EINVAL;
	return ssa_setup_change(s, SSA_AT_SETUP, change, &value);
}

int ssa_set_request_peer_auth(struct ssa_sock *s, struct ssa_value *v)
{
	return ssa_set_number(s, v, TLS_PEER_AUTH_REQUIRED, ssa_change_peer_auth);
}

int ssa_set_session_ttl(struct ssa_sock *s, struct ssa_value *v)
{
	return ssa_set_number(s, v, SSA_SESSION_TTL_MAX, ssa_change_session_ttl);
}

int ssa_set_session_reuse(struct ssa_sock *s, struct ssa_value *v)
{
	return ssa_set_number(s, v, 1, ssa_change_session_reuse);
}

static int ssa_number_peer_auth(const struct ssa_setup *setup)
{
	return setup->peer_auth;
}

static int ssa_number_session_ttl(const struct ssa_setup *setup)
{
	return setup->session_ttl;
}

static int ssa_number_session_reuse(const struct ssa_setup *setup)
{
	return setup->session_reuse;
}

static int ssa_get_number(struct ssa_sock *s, struct ssa_answer *a,
			  int (*number)(const struct ssa_setup *setup))
{
	struct ssa_setup *setup = ssa_setup_take(s);
	int err;

	if (!setup)
		return -EOPNOTSUPP;
	err = ssa_answer_int(a, number(setup));
	ssa_setup_put(setup);
	return err;
}

int ssa_get_request_peer_auth(struct ssa_sock *s, struct ssa_answer *a)
{
	return ssa_get_number(s, a, ssa_number_peer_auth);
}

int ssa_get_session_ttl(struct ssa_sock *s, struct ssa_answer *a)
{
	return ssa_get_number(s, a, ssa_number_session_ttl);
}

int ssa_get_session_reuse(struct ssa_sock *s, struct ssa_answer *a)
{
	return ssa_get_number(s, a, ssa_number_session_reuse);
}

int ssa_get_resumed_session(struct ssa_sock *s, struct ssa_answer *a)
{
	return ssa_answer_int(a, 0);
}

static int ssa_set_check(struct ssa_value *v)
{
	switch (*(int *)v->data) {
	case 0:
		return 0;
	case 1:
		return -EOPNOTSUPP;
	default:
		return -EINVAL;
	}
}

#define SSA_NO_CHECK(handler)							\
int ssa_set_##handler(struct ssa_sock *s, struct ssa_value *v)			\
{										\
	return ssa_set_check(v);						\
}										\
										\
int ssa_get_##handler(struct ssa_sock *s, struct ssa_answer *a)			\
{										\
	return ssa_answer_int(a, 0);						\
}

SSA_NO_CHECK(revocation_checks)
SSA_NO_CHECK(ocsp_stapled_checks)
SSA_NO_CHECK(ocsp_checks)
SSA_NO_CHECK(crl_checks)
SSA_NO_CHECK(cached_rev_checks)
SSA_NO_CHECK(server_ocsp_stapling)
