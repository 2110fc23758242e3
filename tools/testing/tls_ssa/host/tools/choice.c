// SPDX-License-Identifier: GPL-2.0
/*
 * Looks for the credentials of names, in a set with one of them or with many. Run by
 * choice.sh below valgrind, which counts the instructions.
 *
 *	choice NAMES LOOKUPS
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../../../../net/tls_ssa/cert/cert.h"
#include "../../../../../net/tls_ssa/tests/certs.h"

/* One of each type of key, all of them for *.wild.test */
static const struct {
	const char *chain;
	const char *key;
} pairs[] = {
	{ ssa_test_p256_chain_pem, ssa_test_p256_key_pem },
	{ ssa_test_rsa_chain_pem, ssa_test_rsa_key_pem },
	{ ssa_test_ed25519_chain_pem, ssa_test_ed25519_key_pem },
};

#define PAIRS	ARRAY_SIZE(pairs)

static const char *host(int i)
{
	static char name[32];

	snprintf(name, sizeof(name), "n%04d.wild.test", i);
	return name;
}

/* Credentials of their own for each name */
static struct ssa_cred_set *add(struct ssa_cred_set *set, size_t pair, const char *name)
{
	const char *chain = pairs[pair].chain, *key = pairs[pair].key;
	struct ssa_credentials *cred;
	struct ssa_cred_set *new;

	cred = ssa_credentials_new(chain, strlen(chain), key, strlen(key));
	if (IS_ERR(cred))
		exit(2);
	new = ssa_cred_set_add(set, cred, name);
	ssa_credentials_put(cred);
	ssa_cred_set_put(set);
	if (IS_ERR(new))
		exit(3);
	return new;
}

int main(int argc, char **argv)
{
	const struct ssa_credentials *found[SSA_CRED_CANDIDATES_MAX];
	int names = argc > 1 ? atoi(argv[1]) : 1, lookups = argc > 2 ? atoi(argv[2]) : 1, i;
	struct ssa_cred_set *set = NULL;
	unsigned long sum = 0;
	size_t pair;

	for (i = 0; i < names; i++)
		for (pair = 0; pair < PAIRS; pair++)
			set = add(set, pair, host(i));
	for (i = 0; i < lookups; i++)
		sum += ssa_cred_set_find(set, host(i * 37 % names), found);
	printf("%u credentials, %d lookups, %lu found\n", ssa_cred_set_count(set), lookups, sum);
	ssa_cred_set_put(set);
	return sum != lookups * PAIRS;
}
