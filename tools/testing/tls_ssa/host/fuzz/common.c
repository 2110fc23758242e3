// SPDX-License-Identifier: GPL-2.0
#include "fuzz.h"

static size_t live_count;

void fuzz_begin(size_t limit)
{
	host_rng_seed(1);
	live_count = host_alloc.live_count;
	host_alloc_reset_peak();
	host_alloc_set_limit(host_alloc.live + limit);
}

void fuzz_end(void)
{
	FUZZ_ASSERT(host_alloc.live_count == live_count);
	host_alloc_set_limit(0);
}

const struct ssa_trust_store *fuzz_trust_store(void)
{
	static struct ssa_trust_store *store;

	if (!store)
		store = ssa_trust_store_parse(ssa_test_root_pem, strlen(ssa_test_root_pem));
	FUZZ_ASSERT(!IS_ERR(store));
	return store;
}

static struct ssa_credentials *credentials(const char *chain, const char *key)
{
	struct ssa_credentials *cred;

	cred = ssa_credentials_new(chain, strlen(chain), key, strlen(key));
	FUZZ_ASSERT(!IS_ERR(cred));
	return cred;
}

const struct ssa_credentials *fuzz_credentials(bool rsa)
{
	static struct ssa_credentials *cred[2];

	if (!cred[rsa])
		cred[rsa] = rsa ? credentials(ssa_test_rsa_chain_pem, ssa_test_rsa_key_pem) :
				  credentials(ssa_test_p256_chain_pem, ssa_test_p256_key_pem);
	return cred[rsa];
}

const struct ssa_cred_set *fuzz_cred_set(void)
{
	static struct ssa_cred_set *set;

	if (!set)
		set = ssa_cred_set_add(NULL, (struct ssa_credentials *)fuzz_credentials(false),
				       NULL);
	FUZZ_ASSERT(!IS_ERR(set));
	return set;
}
