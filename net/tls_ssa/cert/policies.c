// SPDX-License-Identifier: GPL-2.0-only
/*
 * Certificate policies (RFC 5280 6.1). We ask for none: the initial set of policies is
 * any-policy, and nothing is inhibited at the beginning. So they decide only where an
 * authority demands by policyConstraints that the path has a policy that is valid all
 * the way (requireExplicitPolicy).
 *
 * Whether there is one is all that is asked. Of the tree of RFC 5280 that takes the
 * policies expected of the next certificate, those of its lowest nodes: the tree is NULL
 * when they are none. They are a set, and cannot grow with each certificate as the tree
 * does (RFC 9618).
 *
 * What a trust anchor says about policies does not count, as it is no part of the path
 * (RFC 5280 6.1.1).
 */
#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include "x509.h"

#define POLICIES_MAX	128	/* in a set; authorities have a handful */

/**
 * struct policy_set - policies, and maybe any
 * @count: in @oid
 * @any: any-policy is among them
 * @oid: the others, each once; they point into certificates
 */
struct policy_set {
	u32 count;
	bool any;
	struct ssa_der oid[POLICIES_MAX];
};

/**
 * struct walk - the state of RFC 5280 6.1.2 (d) to (f), and the sets
 * @explicit_policy: certificates until there must be a policy
 * @policy_mapping: until none may be mapped any more
 * @inhibit_any: until any-policy does not count any more
 * @expected: of the next certificate
 * @valid: for this one
 */
struct walk {
	u32 explicit_policy;
	u32 policy_mapping;
	u32 inhibit_any;
	struct policy_set expected;
	struct policy_set valid;
};

static bool has_policy(const struct policy_set *set, const struct ssa_der *oid)
{
	u32 i;

	for (i = 0; i < set->count; i++) {
		if (ssa_der_equal(&set->oid[i], oid))
			return true;
	}
	return false;
}

/* False: there are too many. */
static bool add_policy(struct policy_set *set, const struct ssa_der *oid)
{
	if (has_policy(set, oid))
		return true;
	if (set->count == POLICIES_MAX)
		return false;
	set->oid[set->count++] = *oid;
	return true;
}

static bool is_empty(const struct policy_set *set)
{
	return !set->any && !set->count;
}

/* The next policyIdentifier; the form was judged when the certificate was parsed */
static bool next_policy(struct ssa_der *list, struct ssa_der *oid)
{
	struct ssa_der info;

	return list->left && ssa_der_get(list, SSA_DER_SEQUENCE, &info) && ssa_der_oid(&info, oid);
}

static bool next_mapping(struct ssa_der *list, struct ssa_der *from, struct ssa_der *to)
{
	struct ssa_der mapping;

	return list->left && ssa_der_get(list, SSA_DER_SEQUENCE, &mapping) &&
	       ssa_der_oid(&mapping, from) && ssa_der_oid(&mapping, to);
}

/* 6.1.3 (d) and (e): which of the expected policies does the certificate have? */
static bool judge_policies(struct walk *w, const struct ssa_x509 *cert, bool any_counts)
{
	struct ssa_der list = cert->policies, oid;
	bool any = false;
	u32 i;

	w->valid.count = 0;
	w->valid.any = false;
	while (next_policy(&list, &oid)) {
		if (ssa_der_is(&oid, SSA_ANY_POLICY))
			any = any_counts;
		else if ((w->expected.any || has_policy(&w->expected, &oid)) &&
			 !add_policy(&w->valid, &oid))
			return false;
	}
	if (!any)
		return true;
	w->valid.any = w->expected.any;
	for (i = 0; i < w->expected.count; i++) {
		if (!add_policy(&w->valid, &w->expected.oid[i]))
			return false;
	}
	return true;
}

/* What a valid policy is called from here on: itself if it is not mapped. */
static bool map_policy(struct walk *w, struct ssa_der list, const struct ssa_der *policy)
{
	struct ssa_der from, to;
	bool mapped = false;

	while (next_mapping(&list, &from, &to)) {
		if (!ssa_der_equal(&from, policy))
			continue;
		mapped = true;
		if (w->policy_mapping && !add_policy(&w->expected, &to))
			return false;
	}
	return mapped || add_policy(&w->expected, policy);
}

/* 6.1.4 (b): from what is valid to what is expected next */
static bool map_policies(struct walk *w, const struct ssa_x509 *cert)
{
	struct ssa_der list = cert->policy_mappings, from, to;
	u32 i;

	w->expected.count = 0;
	w->expected.any = w->valid.any;
	for (i = 0; i < w->valid.count; i++) {
		if (!map_policy(w, cert->policy_mappings, &w->valid.oid[i]))
			return false;
	}
	/* any-policy stands for those that are mapped without being named */
	while (w->valid.any && w->policy_mapping && next_mapping(&list, &from, &to)) {
		if (!has_policy(&w->valid, &from) && !add_policy(&w->expected, &to))
			return false;
	}
	return true;
}

static void count_down(u32 *skip, bool counts, u32 constraint)
{
	if (counts && *skip)
		--*skip;
	*skip = min(*skip, constraint);
}

static enum ssa_reason walk_down(struct walk *w, const struct ssa_x509 *const *path, u32 depth)
{
	const struct ssa_x509 *cert;
	bool self_issued;
	u32 i;

	w->explicit_policy = depth + 1;
	w->policy_mapping = depth + 1;
	w->inhibit_any = depth + 1;
	w->expected.any = true;
	for (i = depth; i-- > 0; ) {
		cert = path[i];
		self_issued = i && ssa_x509_self_issued(cert);
		if (!judge_policies(w, cert, w->inhibit_any || self_issued))
			return SSA_R_CERT_POLICY;
		/* 6.1.3 (f) */
		if (!w->explicit_policy && is_empty(&w->valid))
			return SSA_R_CERT_POLICY;
		if (!i)
			break;
		if (!map_policies(w, cert))
			return SSA_R_CERT_POLICY;
		/* 6.1.4 (h) to (j) */
		count_down(&w->explicit_policy, !self_issued, cert->require_explicit_policy);
		count_down(&w->policy_mapping, !self_issued, cert->inhibit_policy_mapping);
		count_down(&w->inhibit_any, !self_issued, cert->inhibit_any_policy);
	}
	/* 6.1.5 (a), (b) and (g) */
	count_down(&w->explicit_policy, true, path[0]->require_explicit_policy ?
					      SSA_SKIP_CERTS_MAX : 0);
	return w->explicit_policy || !is_empty(&w->valid) ? SSA_R_NONE : SSA_R_CERT_POLICY;
}

/**
 * ssa_x509_policies - is there a policy where an authority demands one?
 * @path: parsed certificates, the end entity first
 * @depth: index of the trust anchor in @path; 0: the end entity is pinned
 *
 * Context: Process context, may sleep.
 * Return: SSA_R_NONE, SSA_R_CERT_POLICY (also if there are too many to be judged),
 * SSA_R_NO_MEMORY.
 */
enum ssa_reason ssa_x509_policies(const struct ssa_x509 *const *path, u32 depth)
{
	enum ssa_reason reason;
	struct walk *w;
	u32 i;

	for (i = 0; i < depth; i++) {
		if (path[i]->require_explicit_policy != SSA_SKIP_CERTS_MAX)
			break;
	}
	if (i >= depth)
		return SSA_R_NONE;
	w = kzalloc(sizeof(*w), GFP_KERNEL);
	if (!w)
		return SSA_R_NO_MEMORY;
	reason = walk_down(w, path, depth);
	kfree(w);
	return reason;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_x509_policies);
