// SPDX-License-Identifier: GPL-2.0
/*
 * Values of a profile, put together: what is built in, what default/ says, what the
 * profile says. Nothing here does I/O.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/stdarg.h>
#include <linux/string.h>
#include "../engine/suite.h"
#include "values.h"

#define SSA_SESSION_TTL		604800	/* seconds: seven days, RFC 8446 4.6.1 */

/**
 * ssa_complain - say why something is refused
 * @why: what the administrator will read, or NULL
 * @format: as of printf(), without a newline
 *
 * Context: any.
 * Return: -EINVAL.
 */
int ssa_complain(struct ssa_complaint *why, const char *format, ...)
{
	va_list args;

	if (!why)
		return -EINVAL;
	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	return -EINVAL;
}

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
	v->verify_depth = SSA_CHAIN_MAX - 1;
	v->require_peer_auth = SSA_PEER_AUTH_NONE;
	v->session_reuse = true;
	v->session_ttl = SSA_SESSION_TTL;
	v->app_may_set = U64_MAX;
	v->enabled = true;
	v->text[SSA_TEXT_TRUST_STORE] = kstrdup(trust_store, GFP_KERNEL);
	return v->text[SSA_TEXT_TRUST_STORE] ? 0 : -ENOMEM;
}

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

/* Is there a cipher suite for this version? */
static bool ssa_values_has_suite(const struct ssa_values *v, u16 version)
{
	const struct ssa_suite *suite;
	unsigned int i;

	for (i = 0; i < SSA_SUITES_MAX && v->ciphersuites[i]; i++) {
		suite = ssa_suite_find(v->ciphersuites[i]);
		if (suite && suite->version == version)
			return true;
	}
	return false;
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
	if (v->min_version > v->max_version)
		return ssa_complain(why, "min_version: newer than max_version");
	if (v->min_version <= SSA_TLS12 && v->max_version <= SSA_TLS12 &&
	    !ssa_values_has_suite(v, SSA_TLS12))
		return ssa_complain(why, "ciphersuites: none is for TLSv1.2, the only version");
	if (v->min_version >= SSA_TLS13 && !ssa_values_has_suite(v, SSA_TLS13))
		return ssa_complain(why, "ciphersuites: none is for TLSv1.3, the only version");
	if (!v->ciphersuites[0] || !v->groups[0] || !v->signature_algorithms[0])
		return ssa_complain(why, "ciphersuites, groups or signature_algorithms: empty");
	return 0;
}
