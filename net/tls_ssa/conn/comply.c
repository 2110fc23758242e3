// SPDX-License-Identifier: GPL-2.0
/*
 * Does a connection comply with the policy as it is now? See policy/generation.c.
 */
#include <linux/string.h>
#include <linux/timekeeping.h>
#include "../facts.h"
#include "../pernet.h"
#include "../settings.h"
#include "../sock.h"
#include "conn.h"

/* ALPN as the policy has it: behind a byte with its length */
static bool ssa_alpn_complies(const struct ssa_facts *facts, const struct ssa_policy *policy)
{
	u8 wire[1 + SSA_ALPN_NAME_MAX];

	if (!facts->alpn_len)
		return true;
	wire[0] = facts->alpn_len;
	memcpy(wire + 1, facts->alpn, facts->alpn_len);
	return ssa_alpn_allowed(wire, 1 + facts->alpn_len, policy);
}

/* ------------------------------------------------------------------ judgement */

static bool ssa_sigalg_complies(u16 sigalg, const struct ssa_policy *policy)
{
	return !sigalg || ssa_list_has(policy->sigalgs, SSA_SIGALGS_MAX, sigalg);
}

/* Could this have been agreed on now? */
static bool ssa_terms_comply(const struct ssa_sock *s, const struct ssa_policy *policy)
{
	const struct net *net = sock_net(s->sk);
	const struct ssa_facts *facts = s->facts;

	if (!policy->enabled || !ssa_net_enabled(net))
		return false;
	if (s->version < max(policy->min_version, ssa_net_min_version(net)) ||
	    s->version > policy->max_version)
		return false;
	if (!facts->extended_master_secret && !policy->without_ems)
		return false;
	if (!s->server && policy->require_host_name && ssa_name_is_address(s->name))
		return false;
	if (s->host_peer && !policy->host_names)
		return false;
	return ssa_list_has(policy->suites, SSA_SUITES_MAX, s->suite) &&
	       ssa_list_has(policy->groups, SSA_GROUPS_MAX, s->group) &&
	       ssa_sigalg_complies(facts->sigalg, policy) &&
	       ssa_sigalg_complies(facts->peer_sigalg, policy) &&
	       ssa_alpn_complies(facts, policy);
}

/* Is there an algorithm of the one that the other does not have? */
static bool ssa_sigalgs_differ(const struct ssa_policy *a, const struct ssa_policy *b)
{
	unsigned int i;

	for (i = 0; i < SSA_SIGALGS_MAX && a->sigalgs[i]; i++) {
		if (!ssa_list_has(b->sigalgs, SSA_SIGALGS_MAX, a->sigalgs[i]))
			return true;
	}
	return false;
}

/* Does a verdict of the one say nothing of the other, which comes after it? */
static bool ssa_trust_differs(const struct ssa_policy *a, const struct ssa_policy *b, bool server)
{
	return a->trust_mode != b->trust_mode || a->min_rsa_bits != b->min_rsa_bits ||
	       a->verify_depth != b->verify_depth || ssa_sigalgs_differ(a, b) ||
	       ssa_policy_trusts_programs(a) != ssa_policy_trusts_programs(b) ||
	       (server ? a->client_trust != b->client_trust : a->trust != b->trust);
}

/*
 * Would the peer's certificates be accepted? As of the time at which they were: that
 * they have expired since is not the policy's doing. Signatures are verified again only
 * if the verdict may be another one.
 */
static bool ssa_peer_complies(const struct ssa_sock *s, const struct ssa_policy *policy)
{
	const struct ssa_facts *facts = s->facts;
	struct ssa_blocklist *blocked = ssa_blocklist_current();
	struct ssa_trust_store *store = NULL;
	struct ssa_anchors anchors;
	struct ssa_verify_params params = {
		.name = s->server ? NULL : s->name,
		.now = facts->since,
		.purpose = s->server ? SSA_PURPOSE_CLIENT : SSA_PURPOSE_SERVER,
		.blocked = blocked,
		.is_revoked = ssa_is_revoked,
		.pinned = policy->trust_mode == SSA_TRUST_PINNED,
		.sigalgs = policy->sigalgs,
		.min_rsa_bits = policy->min_rsa_bits,
		.path_max = policy->verify_depth + 1,
	};
	bool complies = true;

	if (ssa_trust_differs(facts->judged, policy, s->server) ||
	    ssa_peer_is_blocked(facts->peer, &params)) {
		store = ssa_policy_anchors(policy, s->server);
		anchors = ssa_setup_anchors(policy, facts->trusted_only, store, facts->extra);
		params.store = anchors.store;
		params.extra = anchors.extra;
		params.also = anchors.also;
		complies = ssa_peer_verify(facts->peer, &params) == SSA_R_NONE;
		ssa_trust_store_put(store);
	}
	ssa_blocklist_put(blocked);
	return complies;
}

/**
 * ssa_complies - does a connection comply with the present policy?
 * @s: the socket; its handshake is complete, and @s->facts is there
 *
 * Context: the work item; may sleep, milliseconds if certificates are judged again; may
 * read a file.
 * Return: true if so, which holds for this generation of the policy.
 */
bool ssa_complies(struct ssa_sock *s)
{
	u32 generation = ssa_policy_generation(sock_net(s->sk));
	struct ssa_facts *facts = s->facts;
	struct ssa_policy *policy;
	bool complies;

	if (facts->generation == generation)
		return true;
	policy = ssa_policy_named(facts->policy->name);
	complies = ssa_terms_comply(s, policy);
	if (complies && facts->peer)
		complies = ssa_peer_complies(s, policy);
	else if (complies && s->server)
		complies = policy->require_peer_auth != SSA_PEER_AUTH_REQUIRED;
	if (complies) {
		swap(facts->judged, policy);
		WRITE_ONCE(facts->generation, generation);
	}
	ssa_policy_put(policy);
	return complies;
}
