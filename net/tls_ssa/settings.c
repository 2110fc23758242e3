// SPDX-License-Identifier: GPL-2.0
/*
 * What an application has set on a socket, and the one way to change it. Everybody
 * who works by it holds a reference to the snapshot of the moment: a handshake from
 * its beginning on, a listener's child from the arrival of its TCP connection on,
 * which is how settings are inherited.
 */
#include <linux/slab.h>
#include <linux/string.h>
#include <net/sock.h>
#include <linux/err.h>
#include "engine/suite.h"
#include "mib.h"
#include "settings.h"

#define SSA_SESSION_TTL		7200	/* seconds, of a socket that says nothing */

/* Of the list that was chosen, what the policy allows */
static void ssa_setup_bound_suites(struct ssa_setup *setup)
{
	const u16 *allowed = setup->policy->suites;
	unsigned int i, n = 0;

	if (!(setup->chosen & SSA_CHOSEN_SUITES)) {
		memcpy(setup->suites, allowed, sizeof(setup->suites));
		return;
	}
	for (i = 0; i < SSA_SUITES_MAX && setup->suites[i]; i++) {
		if (ssa_list_has(allowed, SSA_SUITES_MAX, setup->suites[i]))
			setup->suites[n++] = setup->suites[i];
	}
	while (n < SSA_SUITES_MAX)
		setup->suites[n++] = 0;
}

/* What the policy says, and the application wants within that; of a fresh copy */
static void ssa_setup_bound(struct ssa_setup *setup, const struct net *net)
{
	const struct ssa_policy *policy = setup->policy;
	const u8 chosen = setup->chosen;

	setup->floor = max(policy->min_version, ssa_net_min_version(net));
	if (!(chosen & SSA_CHOSEN_VERSION_MIN) || setup->version_min < setup->floor)
		setup->version_min = setup->floor;
	if (!(chosen & SSA_CHOSEN_VERSION_MAX) || setup->version_max > policy->max_version)
		setup->version_max = policy->max_version;
	if (!(chosen & SSA_CHOSEN_PEER_AUTH) || setup->peer_auth < policy->require_peer_auth)
		setup->peer_auth = policy->require_peer_auth;
	if (!(chosen & SSA_CHOSEN_SESSION_TTL))
		setup->session_ttl = SSA_SESSION_TTL;
	setup->session_ttl = min(setup->session_ttl, policy->session_ttl);
	setup->session_reuse &= policy->session_reuse;
	ssa_setup_bound_suites(setup);
}

/* Options that set what has no bounds: to set it at all is allowed, or not. */
static u64 ssa_setup_options(const struct ssa_setup *setup)
{
	u64 options = 0;

	if (setup->creds)
		options |= BIT_ULL(SSA_O_CERTIFICATE_CHAIN) | BIT_ULL(SSA_O_PRIVATE_KEY);
	if (setup->extra && !setup->trusted_only)
		options |= BIT_ULL(SSA_O_TRUSTED_PEER_CERTIFICATES);
	if (setup->name)
		options |= BIT_ULL(SSA_O_REMOTE_HOSTNAME);
	if (setup->alpn)
		options |= BIT_ULL(SSA_O_ALPN);
	return options;
}

/**
 * ssa_policy_trusts_programs - do programs choose whom to trust?
 * @policy: by this policy
 *
 * Context: any.
 * Return: true if so.
 */
bool ssa_policy_trusts_programs(const struct ssa_policy *policy)
{
	return policy->trust_mode != SSA_TRUST_SYSTEM &&
	       policy->app_may_set & BIT_ULL(SSA_O_TRUSTED_PEER_CERTIFICATES);
}

/**
 * ssa_setup_adds_trust - does a program trust more than its policy allows?
 * @setup: settings, of this policy or another one
 * @policy: the policy
 *
 * Context: any.
 * Return: SSA_R_NONE if not, or the reason.
 */
enum ssa_reason ssa_setup_adds_trust(const struct ssa_setup *setup,
				     const struct ssa_policy *policy)
{
	if (!setup->extra || setup->trusted_only || ssa_policy_trusts_programs(policy))
		return SSA_R_NONE;
	return SSA_R_POLICY_TRUST;
}

/**
 * ssa_setup_anchors - whose certificates count?
 * @policy: by this policy
 * @only: TLS_TRUSTED_ONLY
 * @store: the policy's, or NULL
 * @extra: TLS_TRUSTED_PEER_CERTIFICATES, or NULL
 *
 * If programs may choose whom they trust, what they have alone stands for all. If not, it
 * restricts what the policy has, and adds nothing. Either way @only is never less strict.
 *
 * Context: any.
 * Return: pointers to what was given.
 */
struct ssa_anchors ssa_setup_anchors(const struct ssa_policy *policy, bool only,
				     const struct ssa_trust_store *store,
				     const struct ssa_trust_store *extra)
{
	if (!only)
		return (struct ssa_anchors){
			.store = store,
			.extra = policy->trust_mode == SSA_TRUST_SYSTEM ? NULL : extra,
		};
	if (!extra)
		return (struct ssa_anchors){};
	if (ssa_policy_trusts_programs(policy))
		return (struct ssa_anchors){ .extra = extra };
	return (struct ssa_anchors){ .store = store, .also = extra };
}

/* Is the name at @name, behind its length, in the list? */
static bool ssa_alpn_has(const u8 *list, size_t len, const u8 *name)
{
	size_t at;

	for (at = 0; at < len; at += 1 + list[at]) {
		if (!memcmp(list + at, name, min(1 + name[0], len - at)) && list[at] == name[0])
			return true;
	}
	return false;
}

/**
 * ssa_alpn_allowed - does the policy have all of these protocols?
 * @wire: a list that is valid; or NULL
 * @len: bytes of it
 * @policy: the policy
 *
 * Context: any.
 * Return: true if so, or if the policy does not care.
 */
bool ssa_alpn_allowed(const u8 *wire, size_t len, const struct ssa_policy *policy)
{
	size_t at;

	for (at = 0; policy->alpn && wire && at < len; at += 1 + wire[at]) {
		if (!ssa_alpn_has(policy->alpn, policy->alpn_len, wire + at))
			return false;
	}
	return true;
}

/**
 * ssa_setup_unbounded - does a policy forbid what it cannot bound?
 * @setup: settings, of this policy or another one
 * @policy: the policy
 *
 * Context: any.
 * Return: SSA_R_NONE if not, or the reason.
 */
enum ssa_reason ssa_setup_unbounded(const struct ssa_setup *setup, const struct ssa_policy *policy)
{
	if (ssa_setup_options(setup) & ~policy->app_may_set)
		return SSA_R_POLICY_OPTION;
	if (ssa_setup_adds_trust(setup, policy))
		return SSA_R_POLICY_TRUST;
	if (!ssa_alpn_allowed(setup->alpn, setup->alpn_len, policy))
		return SSA_R_POLICY_ALPN;
	return SSA_R_NONE;
}

/**
 * ssa_setup_silent - the settings of a socket whose program says nothing
 * @silent: gets them; it has no reference, and points at nothing but @policy
 * @policy: of the socket
 * @net: its namespace
 *
 * Context: any.
 */
void ssa_setup_silent(struct ssa_setup *silent, struct ssa_policy *policy, const struct net *net)
{
	memset(silent, 0, sizeof(*silent));
	silent->policy = policy;
	ssa_setup_bound(silent, net);
}

/**
 * ssa_setup_differs - what settings have otherwise than a socket that says nothing
 * @setup: settings
 * @silent: of ssa_setup_silent()
 *
 * Context: any.
 * Return: SSA_CHOSEN_*.
 */
u8 ssa_setup_differs(const struct ssa_setup *setup, const struct ssa_setup *silent)
{
	u8 differs = 0;

	if (setup->version_min != silent->version_min)
		differs |= SSA_CHOSEN_VERSION_MIN;
	if (setup->version_max != silent->version_max)
		differs |= SSA_CHOSEN_VERSION_MAX;
	if (memcmp(setup->suites, silent->suites, sizeof(setup->suites)))
		differs |= SSA_CHOSEN_SUITES;
	if (setup->peer_auth != silent->peer_auth)
		differs |= SSA_CHOSEN_PEER_AUTH;
	if (setup->session_ttl != silent->session_ttl)
		differs |= SSA_CHOSEN_SESSION_TTL;
	return differs;
}

/* Is a list what is left of another one if some are taken out? */
static bool ssa_suites_within(const u16 *list, const u16 *all)
{
	unsigned int i, j = 0;

	for (i = 0; i < SSA_SUITES_MAX && list[i]; i++) {
		while (j < SSA_SUITES_MAX && all[j] && all[j] != list[i])
			j++;
		if (j == SSA_SUITES_MAX || !all[j++])
			return false;
	}
	return true;
}

/**
 * ssa_setup_says - the options by which settings come about
 * @setup: settings
 * @silent: of ssa_setup_silent(), where they are to hold
 *
 * Context: any.
 * Return: BIT_ULL(enum ssa_option_index) of each that has to be set for it. Cipher suites
 * take TLS_TRUSTED_CIPHERS, or TLS_DISABLE_CIPHER if that is enough.
 */
u64 ssa_setup_says(const struct ssa_setup *setup, const struct ssa_setup *silent)
{
	u8 said = setup->chosen | ssa_setup_differs(setup, silent);
	u64 options = ssa_setup_options(setup);

	if (said & SSA_CHOSEN_VERSION_MIN)
		options |= BIT_ULL(SSA_O_VERSION_MIN);
	if (said & SSA_CHOSEN_VERSION_MAX)
		options |= BIT_ULL(SSA_O_VERSION_MAX);
	if (said & SSA_CHOSEN_PEER_AUTH)
		options |= BIT_ULL(SSA_O_REQUEST_PEER_AUTH);
	if (said & SSA_CHOSEN_SESSION_TTL)
		options |= BIT_ULL(SSA_O_SESSION_TTL);
	if (setup->session_reuse)
		options |= BIT_ULL(SSA_O_SESSION_REUSE);
	if (said & SSA_CHOSEN_SUITES &&
	    !(silent->policy->app_may_set & BIT_ULL(SSA_O_TRUSTED_CIPHERS)))
		options |= ssa_suites_within(setup->suites, silent->suites) ?
			   BIT_ULL(SSA_O_DISABLE_CIPHER) : BIT_ULL(SSA_O_TRUSTED_CIPHERS);
	return options;
}

/* After ssa_setup_bound(): SSA_R_NONE, or why there can be no socket like that */
static enum ssa_reason ssa_setup_denied(const struct ssa_setup *setup, const struct net *net)
{
	const struct ssa_policy *policy = setup->policy;

	if (!policy->enabled || !ssa_net_enabled(net))
		return SSA_R_POLICY_DISABLED;
	if (setup->floor > policy->max_version || !ssa_setup_usable(setup))
		return SSA_R_POLICY_VERSION;
	return ssa_setup_unbounded(setup, policy);
}

/**
 * ssa_setup_rebound - settings have another policy now
 * @setup: a fresh copy, with that policy
 * @net: namespace of the socket
 *
 * Context: process.
 * Return: SSA_R_NONE: they are within it; or why that cannot be.
 */
enum ssa_reason ssa_setup_rebound(struct ssa_setup *setup, const struct net *net)
{
	ssa_setup_bound(setup, net);
	return ssa_setup_denied(setup, net);
}

/**
 * ssa_setup_new - the settings of a new socket
 * @sk: the socket
 *
 * Context: process, may sleep.
 * Return: what the policy of the calling process says, with one reference. ERR_PTR:
 * -ENOMEM; -EACCES: it may not have one.
 */
struct ssa_setup *ssa_setup_new(struct sock *sk)
{
	struct net *net = sock_net(sk);
	enum ssa_reason denied;
	struct ssa_setup *setup;

	setup = kzalloc(sizeof(*setup), GFP_KERNEL_ACCOUNT);
	if (!setup)
		return ERR_PTR(-ENOMEM);
	refcount_set(&setup->ref, 1);
	setup->generation = ssa_policy_generation(net);
	setup->policy = ssa_policy_current(net);
	ssa_setup_bound(setup, net);
	denied = ssa_setup_denied(setup, net);
	if (!denied)
		return setup;
	ssa_count_reason(net, denied);
	ssa_audit_refused(sk, setup->policy, denied);
	ssa_setup_put(setup);
	return ERR_PTR(-EACCES);
}

/**
 * ssa_setup_clone - a copy that can be changed
 * @setup: settings to which the caller has a reference
 *
 * Context: process, may sleep.
 * Return: the copy with one reference; NULL without memory.
 */
struct ssa_setup *ssa_setup_clone(const struct ssa_setup *setup)
{
	struct ssa_setup *copy = kmemdup(setup, sizeof(*setup), GFP_KERNEL_ACCOUNT);

	if (!copy)
		return NULL;
	refcount_set(&copy->ref, 1);
	ssa_policy_get(copy->policy);
	if (copy->extra)
		ssa_trust_store_get(copy->extra);
	ssa_cred_set_get(copy->creds);
	if (setup->name)
		copy->name = kstrdup(setup->name, GFP_KERNEL_ACCOUNT);
	if (setup->alpn)
		copy->alpn = kmemdup(setup->alpn, setup->alpn_len, GFP_KERNEL_ACCOUNT);
	if ((setup->name && !copy->name) || (setup->alpn && !copy->alpn)) {
		ssa_setup_put(copy);
		return NULL;
	}
	return copy;
}

/**
 * ssa_setup_get - take another reference
 * @setup: settings to which the caller has a reference
 *
 * Context: any.
 * Return: @setup.
 */
struct ssa_setup *ssa_setup_get(struct ssa_setup *setup)
{
	refcount_inc(&setup->ref);
	return setup;
}

/**
 * ssa_setup_put - give a reference up
 * @setup: settings, or NULL
 *
 * Context: process, may sleep.
 */
void ssa_setup_put(struct ssa_setup *setup)
{
	if (!setup || !refcount_dec_and_test(&setup->ref))
		return;
	ssa_policy_put(setup->policy);
	ssa_trust_store_put(setup->extra);
	ssa_cred_set_put(setup->creds);
	kfree(setup->name);
	kfree(setup->alpn);
	kfree(setup);
}

/**
 * ssa_setup_usable - is there anything left to agree on?
 * @setup: settings
 *
 * Context: any.
 * Return: true if a version within the bounds has a cipher suite.
 */
bool ssa_setup_usable(const struct ssa_setup *setup)
{
	const struct ssa_suite *suite;
	unsigned int i;

	for (i = 0; i < SSA_SUITES_MAX && setup->suites[i]; i++) {
		suite = ssa_suite_find(setup->suites[i]);
		if (suite && suite->version >= setup->version_min &&
		    suite->version <= setup->version_max)
			return true;
	}
	return false;
}

/**
 * ssa_setup_rebase - the same settings within the present policy
 * @old: settings
 * @net: namespace of the socket
 * @reason: why not
 *
 * What the application has set stays where the policy allows it, and is tightened where
 * it does not.
 *
 * Context: process, may sleep.
 * Return: with one reference. NULL and *@reason: SSA_R_NO_MEMORY; SSA_R_POLICY_*: there
 * is nothing left.
 */
struct ssa_setup *ssa_setup_rebase(const struct ssa_setup *old, const struct net *net,
				   enum ssa_reason *reason)
{
	u32 generation = ssa_policy_generation(net);
	struct ssa_setup *setup = ssa_setup_clone(old);

	*reason = SSA_R_NO_MEMORY;
	if (!setup)
		return NULL;
	setup->generation = generation;
	ssa_policy_put(setup->policy);
	setup->policy = ssa_policy_named(old->policy->name);
	*reason = ssa_setup_rebound(setup, net);
	if (!*reason)
		return setup;
	ssa_setup_put(setup);
	return NULL;
}

/**
 * ssa_setup_trusts - has a server anybody who can certify its clients?
 * @setup: its settings
 *
 * Context: any.
 * Return: true if it asks for no certificates, or if so.
 */
bool ssa_setup_trusts(const struct ssa_setup *setup)
{
	const struct ssa_policy *policy = setup->policy;

	bool store = policy->client_trust && policy->trust_mode != SSA_TRUST_APPLICATION;

	return setup->peer_auth == SSA_PEER_AUTH_NONE || ssa_setup_has_anchors(setup, store);
}

/**
 * ssa_setup_has_anchors - is there anybody who can certify a peer?
 * @setup: settings
 * @store: the policy has somebody
 *
 * Context: any.
 * Return: true if so.
 */
bool ssa_setup_has_anchors(const struct ssa_setup *setup, bool store)
{
	if (!setup->trusted_only)
		return store || setup->extra;
	return setup->extra && (store || ssa_policy_trusts_programs(setup->policy));
}

/**
 * ssa_setup_credentials - what is shown to the peer
 * @setup: settings
 * @server: our role
 *
 * What the program has set; or else, by a server, what the administrator has for those
 * of this policy: that can change at any time.
 *
 * Context: process.
 * Return: with a reference for the caller; NULL: nothing.
 */
struct ssa_cred_set *ssa_setup_credentials(const struct ssa_setup *setup, bool server)
{
	if (setup->creds || !server)
		return ssa_cred_set_get(setup->creds);
	return ssa_cred_slot_take(setup->policy->creds);
}

/**
 * ssa_setup_can_serve - is there a certificate for a server?
 * @setup: its settings
 *
 * Context: process.
 * Return: true if so, at this moment.
 */
bool ssa_setup_can_serve(const struct ssa_setup *setup)
{
	struct ssa_cred_set *set = ssa_setup_credentials(setup, true);
	bool any = ssa_cred_set_count(set);

	ssa_cred_set_put(set);
	return any;
}
