// SPDX-License-Identifier: GPL-2.0
/*
 * Values of a profile, put together: what is built in, what default/ says, what the
 * profile says. Nothing here does I/O.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <kunit/visibility.h>
#include "../engine/suite.h"
#include "values.h"

/**
 * ssa_values_builtin - what holds if nobody says anything
 * @v: result
 * @trust_store: path of the system's trust store; it is copied
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int ssa_values_builtin(struct ssa_values *v, const char *trust_store)
{
	enum ssa_attribute a;

	memset(v, 0, sizeof(*v));
	for (a = 0; a < SSA_A_COUNT; a++) {
		if (!ssa_attribute_is_match(a))
			v->set |= BIT_ULL(a);
	}
	v->min_version = SSA_TLS12;
	v->max_version = SSA_TLS13;
	memcpy(v->ciphersuites, ssa_default_suites, sizeof(v->ciphersuites));
	memcpy(v->groups, ssa_default_groups, sizeof(v->groups));
	memcpy(v->signature_algorithms, ssa_default_sigalgs, sizeof(v->signature_algorithms));
	v->require_extended_master_secret = true;
	v->extensions = SSA_OPTIONAL_ALL;
	v->trust_mode = SSA_TRUST_BOTH;
	v->min_rsa_bits = SSA_RSA_MIN_BITS;
	v->verify_depth = SSA_PATH_CERTS_MAX - 1;
	v->require_peer_auth = SSA_PEER_AUTH_NONE;
	v->session_reuse = true;
	v->session_ttl = SSA_SESSION_TTL_MAX;
	v->app_may_set = U64_MAX;
	v->host_names = true;
	v->enabled = true;
	v->text[SSA_TEXT_TRUST_STORE] = kstrdup(trust_store, GFP_KERNEL);
	return v->text[SSA_TEXT_TRUST_STORE] ? 0 : -ENOMEM;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_values_builtin);

/**
 * ssa_values_free - free what values point at
 * @v: values; all of them are unset afterwards
 *
 * Context: process.
 */
void ssa_values_free(struct ssa_values *v)
{
	unsigned int i;

	for (i = 0; i < SSA_TEXT_COUNT; i++)
		kfree(v->text[i]);
	kfree(v->alpn);
	memset(v, 0, sizeof(*v));
}
EXPORT_SYMBOL_IF_KUNIT(ssa_values_free);

/**
 * ssa_values_copy - copy values with all that they point at
 * @to: result; not to be freed if this fails
 * @from: values
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int ssa_values_copy(struct ssa_values *to, const struct ssa_values *from)
{
	bool failed = false;
	unsigned int i;

	*to = *from;
	to->alpn = NULL;
	if (from->alpn) {
		to->alpn = kmemdup(from->alpn, from->alpn_len, GFP_KERNEL);
		failed = !to->alpn;
	}
	for (i = 0; i < SSA_TEXT_COUNT; i++) {
		to->text[i] = NULL;
		if (!from->text[i] || failed)
			continue;
		to->text[i] = kstrdup(from->text[i], GFP_KERNEL);
		failed = !to->text[i];
	}
	if (failed)
		ssa_values_free(to);
	return failed ? -ENOMEM : 0;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_values_copy);

/**
 * ssa_values_merge - what holds for a profile
 * @to: result; not to be freed if this fails
 * @base: where the profile is silent
 * @profile: what it says
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int ssa_values_merge(struct ssa_values *to, const struct ssa_values *base,
		     const struct ssa_values *profile)
{
	enum ssa_attribute a;
	int err;

	memset(to, 0, sizeof(*to));
	for (a = 0; a < SSA_A_COUNT; a++) {
		err = ssa_attribute_copy(to, ssa_values_has(profile, a) ? profile : base, a);
		if (err) {
			ssa_values_free(to);
			return err;
		}
	}
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_values_merge);

/* RSASSA-PKCS1-v1_5: in TLS 1.3 for certificates only (RFC 8446 4.2.3) */
static bool ssa_is_pkcs1(u16 scheme)
{
	return scheme == SSA_SIG_RSA_PKCS1_SHA256 || scheme == SSA_SIG_RSA_PKCS1_SHA384 ||
	       scheme == SSA_SIG_RSA_PKCS1_SHA512;
}

/* Can a key that fits the suite sign the key exchange by this scheme? */
static bool ssa_scheme_serves(u16 scheme, const struct ssa_suite *suite)
{
	enum ssa_key_type key;

	if (suite->version >= SSA_TLS13 && ssa_is_pkcs1(scheme))
		return false;
	for (key = SSA_KEY_RSA; key <= SSA_KEY_RSA_PSS; key++) {
		if (ssa_suite_fits(suite, key) && ssa_sig_scheme_fits(scheme, key))
			return true;
	}
	return false;
}

static bool ssa_values_can_sign(const struct ssa_values *v, const struct ssa_suite *suite)
{
	unsigned int i;

	for (i = 0; i < SSA_SIGALGS_MAX && v->signature_algorithms[i]; i++) {
		if (ssa_scheme_serves(v->signature_algorithms[i], suite))
			return true;
	}
	return false;
}

/* Something must be left that two peers can agree on. */
static int ssa_values_check_suites(const struct ssa_values *v, struct ssa_complaint *why)
{
	const struct ssa_suite *suite;
	bool in_range = false;
	unsigned int i;

	for (i = 0; i < SSA_SUITES_MAX && v->ciphersuites[i]; i++) {
		suite = ssa_suite_find(v->ciphersuites[i]);
		if (!suite || suite->version < v->min_version || suite->version > v->max_version)
			continue;
		if (ssa_values_can_sign(v, suite))
			return 0;
		in_range = true;
	}
	if (in_range)
		return ssa_complain(why, "signature_algorithms: none fits one of ciphersuites");
	return ssa_complain(why, "ciphersuites: none is of a version that is allowed");
}

static bool ssa_values_may_set(const struct ssa_values *v, enum ssa_option_index option)
{
	return v->app_may_set & BIT_ULL(option);
}

/* Somebody must be trusted, or else each handshake that verifies its peer fails. */
static int ssa_values_check_trust(const struct ssa_values *v, struct ssa_complaint *why)
{
	bool own = v->trust_mode != SSA_TRUST_SYSTEM &&
		   ssa_values_may_set(v, SSA_O_TRUSTED_PEER_CERTIFICATES);

	if (v->trust_mode == SSA_TRUST_APPLICATION && !own)
		return ssa_complain(why, "trust_mode: needs app_may_set trusted_peer_certificates");
	if (v->trust_mode != SSA_TRUST_APPLICATION && !v->text[SSA_TEXT_TRUST_STORE])
		return ssa_complain(why, "trust_store: trust_mode needs one");
	if (v->require_peer_auth != SSA_PEER_AUTH_NONE && !own &&
	    !v->text[SSA_TEXT_CLIENT_TRUST_STORE])
		return ssa_complain(why, "require_peer_auth: needs a client_trust_store");
	return 0;
}

/**
 * ssa_values_check - do effective values fit together?
 * @v: the values
 * @why: what does not, and what would be right
 *
 * Context: any.
 * Return: 0; -EINVAL and *@why.
 */
int ssa_values_check(const struct ssa_values *v, struct ssa_complaint *why)
{
	int err;

	if (v->min_version > v->max_version)
		return ssa_complain(why, "min_version: newer than max_version");
	if (!v->groups[0])
		return ssa_complain(why, "groups: empty");
	if (v->alpn && !(v->extensions & SSA_OPTIONAL_ALPN))
		return ssa_complain(why, "alpn: needs its extension, or \"any\"");
	err = ssa_values_check_suites(v, why);
	return err ?: ssa_values_check_trust(v, why);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_values_check);
