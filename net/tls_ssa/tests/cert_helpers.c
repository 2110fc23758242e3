// SPDX-License-Identifier: GPL-2.0-only
/*
 * Chains and trust stores out of PEM texts.
 */
#include <linux/module.h>
#include "../cert/pem.h"
#include "cert_helpers.h"
#include "certs.h"

static void append(struct kunit *test, struct ssa_chain *chain, const char *text)
{
	struct ssa_pem_object obj = {};
	struct ssa_pem pem;
	int ret;

	ssa_pem_init(&pem, text, strlen(text));
	for (;;) {
		obj.size = 4096;
		obj.der = kunit_kmalloc(test, obj.size, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, obj.der);
		ret = ssa_pem_next(&pem, &obj);
		KUNIT_ASSERT_GE(test, ret, 0);
		if (!ret)
			return;
		/* a chain that is too long is counted, not stored */
		if (chain->count < SSA_CHAIN_MAX)
			chain->cert[chain->count] = (struct ssa_cert){ obj.der, obj.len };
		chain->count++;
	}
}

/* The certificates of @pem, then those of @more (or NULL), each in a buffer of its own */
struct ssa_chain *cert_test_chain(struct kunit *test, const char *pem, const char *more)
{
	struct ssa_chain *chain = kunit_kzalloc(test, sizeof(*chain), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, chain);
	append(test, chain, pem);
	if (more)
		append(test, chain, more);
	return chain;
}

static void put_store(void *store)
{
	ssa_trust_store_put(store);
}

struct ssa_trust_store *cert_test_store(struct kunit *test, const char *pem)
{
	struct ssa_trust_store *store = ssa_trust_store_parse(pem, strlen(pem));

	KUNIT_ASSERT_FALSE(test, IS_ERR(store));
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, put_store, store), 0);
	return store;
}

/* Checks that key and path come with success only; the path is in @params then */
enum ssa_reason cert_test_verify_by(struct ssa_verify_params *params,
				    const struct ssa_chain *chain)
{
	struct ssa_public_key *key = kzalloc(sizeof(*key), GFP_KERNEL);
	enum ssa_reason reason;
	bool good, has_key;

	if (!key)
		return SSA_R_NO_MEMORY;
	reason = ssa_chain_verify(params, chain, key);
	good = reason == SSA_R_NONE;
	has_key = key->type && key->n_len;
	kfree(key);
	if (has_key != good || (params->path && !params->path->count == good))
		return SSA_R_INTERNAL;
	return reason;
}

/* As a client does */
enum ssa_reason cert_test_verify(const struct ssa_trust_store *store,
				 const struct ssa_chain *chain, const char *name, s64 now)
{
	struct ssa_verify_params params = {
		.store = store,
		.name = name,
		.now = now,
		.purpose = SSA_PURPOSE_SERVER,
	};

	return cert_test_verify_by(&params, chain);
}

void cert_test_judge(struct kunit *test)
{
	const struct verify_case *c = test->param_value;
	struct ssa_chain *chain = cert_test_chain(test, c->chain, c->more);
	struct ssa_path path = { .count = 1 };
	struct ssa_verify_params params = {
		.store = cert_test_store(test, c->roots ?: ssa_test_root_pem),
		.extra = c->pins ? cert_test_store(test, c->pins) : NULL,
		.name = c->purpose == SSA_PURPOSE_CLIENT ? NULL : c->host ?: "server.test",
		.now = c->now ?: SSA_TEST_NOW,
		.purpose = c->purpose,
		.path = &path,
	};
	enum ssa_reason reason;

	reason = cert_test_verify_by(&params, chain);

	KUNIT_EXPECT_EQ_MSG(test, (int)reason, (int)c->want, "%s: %s, not: %s", c->what,
			    ssa_reason_desc(reason)->text, ssa_reason_desc(c->want)->text);
}

MODULE_DESCRIPTION("KUnit tests of the certificate code of the Secure Socket API");
MODULE_LICENSE("GPL");
MODULE_INFO(import_ns, "EXPORTED_FOR_KUNIT_TESTING");
