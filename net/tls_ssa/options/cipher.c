// SPDX-License-Identifier: GPL-2.0
/*
 * Options for cipher suites. Applications name them as IANA does, or as OpenSSL
 * does; they are given back in IANA's names. Nothing comes into use that the policy
 * does not have, and something must be left for the versions that are allowed.
 */
#include <linux/slab.h>
#include <linux/string.h>
#include "../option.h"
#include "../settings.h"
#include "../sock.h"
#include "../sock_settings.h"
#include "sockopt.h"

#define SSA_CIPHER_SEPARATORS	":, "

/* Those of TLS 1.3 have one name only. */
static const struct {
	u16		id;
	const char	*name;
} ssa_openssl_names[] = {
	{ SSA_SUITE_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, "ECDHE-ECDSA-AES128-GCM-SHA256" },
	{ SSA_SUITE_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, "ECDHE-ECDSA-AES256-GCM-SHA384" },
	{ SSA_SUITE_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, "ECDHE-ECDSA-CHACHA20-POLY1305" },
	{ SSA_SUITE_ECDHE_RSA_WITH_AES_128_GCM_SHA256, "ECDHE-RSA-AES128-GCM-SHA256" },
	{ SSA_SUITE_ECDHE_RSA_WITH_AES_256_GCM_SHA384, "ECDHE-RSA-AES256-GCM-SHA384" },
	{ SSA_SUITE_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, "ECDHE-RSA-CHACHA20-POLY1305" },
};

/* 0: there is none of that name. */
static u16 ssa_suite_parse(const char *name)
{
	unsigned int i;

	for (i = 0; i < SSA_SUITES_MAX && ssa_default_suites[i]; i++) {
		if (!strcmp(name, ssa_suite_name(ssa_default_suites[i])))
			return ssa_default_suites[i];
	}
	for (i = 0; i < ARRAY_SIZE(ssa_openssl_names); i++) {
		if (!strcmp(name, ssa_openssl_names[i].name))
			return ssa_openssl_names[i].id;
	}
	return 0;
}

/* SSA_SUITES_MAX: it is not there */
static unsigned int ssa_suite_index(const u16 *suites, u16 suite)
{
	unsigned int i;

	for (i = 0; i < SSA_SUITES_MAX && suites[i]; i++) {
		if (suites[i] == suite)
			return i;
	}
	return SSA_SUITES_MAX;
}

static void ssa_suite_remove(u16 *suites, unsigned int at)
{
	for (; at + 1 < SSA_SUITES_MAX; at++)
		suites[at] = suites[at + 1];
	suites[SSA_SUITES_MAX - 1] = 0;
}

/* Room is left: the list is a part of another one that does not have @suite twice. */
static void ssa_suite_insert(u16 *suites, unsigned int at, u16 suite)
{
	unsigned int i;

	for (i = SSA_SUITES_MAX - 1; i > at; i--)
		suites[i] = suites[i - 1];
	suites[at] = suite;
}

static int ssa_change_suites(struct ssa_setup *setup, void *arg)
{
	const u16 *suites = arg;
	unsigned int i;

	for (i = 0; i < SSA_SUITES_MAX && suites[i]; i++) {
		if (ssa_suite_index(setup->policy->suites, suites[i]) == SSA_SUITES_MAX)
			return -EACCES;
	}
	setup->chosen |= SSA_CHOSEN_SUITES;
	memcpy(setup->suites, suites, sizeof(setup->suites));
	return ssa_setup_usable(setup) ? 0 : -EINVAL;
}

int ssa_set_trusted_ciphers(struct ssa_sock *s, struct ssa_value *v)
{
	u16 suites[SSA_SUITES_MAX] = {}, suite;
	char *list = v->data, *name;
	unsigned int count = 0;

	while ((name = strsep(&list, SSA_CIPHER_SEPARATORS))) {
		if (!*name)
			continue;
		suite = ssa_suite_parse(name);
		if (!suite)
			return -EINVAL;
		/* There are no more than that, and each is taken once. */
		if (ssa_suite_index(suites, suite) == SSA_SUITES_MAX)
			suites[count++] = suite;
	}
	return ssa_setup_change(s, SSA_AT_SETUP, ssa_change_suites, suites);
}

int ssa_get_trusted_ciphers(struct ssa_sock *s, struct ssa_answer *a)
{
	struct ssa_setup *setup = ssa_setup_take(s);
	char *text = kmalloc(SSA_CIPHER_LIST_MAX, GFP_KERNEL);
	unsigned int i;
	int n = 0;

	a->data = text;
	a->len = SSA_CIPHER_LIST_MAX;
	if (text && setup) {
		text[0] = '\0';
		for (i = 0; i < SSA_SUITES_MAX && setup->suites[i]; i++)
			n += scnprintf(text + n, SSA_CIPHER_LIST_MAX - n, "%s%s", i ? ":" : "",
				       ssa_suite_name(setup->suites[i]));
		a->len = n + 1;
	}
	ssa_setup_put(setup);
	if (!setup)
		return -EOPNOTSUPP;
	return text ? 0 : -ENOMEM;
}

static int ssa_change_disable(struct ssa_setup *setup, void *arg)
{
	unsigned int at = ssa_suite_index(setup->suites, *(u16 *)arg);

	setup->chosen |= SSA_CHOSEN_SUITES;
	if (at < SSA_SUITES_MAX)
		ssa_suite_remove(setup->suites, at);
	return ssa_setup_usable(setup) ? 0 : -EINVAL;
}

int ssa_set_disable_cipher(struct ssa_sock *s, struct ssa_value *v)
{
	u16 suite = ssa_suite_parse(v->data);

	if (!suite)
		return -EINVAL;
	return ssa_setup_change(s, SSA_AT_SETUP, ssa_change_disable, &suite);
}

/* Its place is before the first one that comes later in the policy. */
static int ssa_change_enable(struct ssa_setup *setup, void *arg)
{
	const u16 *allowed = setup->policy->suites;
	u16 suite = *(u16 *)arg;
	unsigned int rank = ssa_suite_index(allowed, suite), at;

	if (rank == SSA_SUITES_MAX)
		return -EACCES;
	if (ssa_suite_index(setup->suites, suite) < SSA_SUITES_MAX)
		return 0;
	for (at = 0; setup->suites[at]; at++) {
		if (ssa_suite_index(allowed, setup->suites[at]) > rank)
			break;
	}
	ssa_suite_insert(setup->suites, at, suite);
	return 0;
}

int ssa_set_enable_cipher(struct ssa_sock *s, struct ssa_value *v)
{
	u16 suite = ssa_suite_parse(v->data);

	if (!suite)
		return -EINVAL;
	return ssa_setup_change(s, SSA_AT_SETUP, ssa_change_enable, &suite);
}
