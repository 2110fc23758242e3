/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests of the certificate code share.
 */
#ifndef _TLS_SSA_TEST_CERT_HELPERS_H
#define _TLS_SSA_TEST_CERT_HELPERS_H

#include <kunit/test.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "../cert/cert.h"

/**
 * struct verify_case - a chain and what is to be said of it
 * @what: name of the case
 * @chain: the peer's list
 * @more: its continuation, or NULL
 * @roots: trust store, the usual root if NULL
 * @pins: the application's own store, none if NULL
 * @purpose: SSA_PURPOSE_SERVER if 0
 * @host: server.test if NULL; a client has none
 * @now: SSA_TEST_NOW if 0
 * @want: the verdict
 */
struct verify_case {
	const char *what;
	const char *chain;
	const char *more;
	const char *roots;
	const char *pins;
	enum ssa_purpose purpose;
	const char *host;
	s64 now;
	enum ssa_reason want;
};

/* the initialisers of one; they need certs.h */
#define NAMED(n, w)	.what = w, .chain = ssa_test_##n##_pem
#define CHAIN(n)	NAMED(n, #n)
#define LEAF(n)		CHAIN(n), .more = ssa_test_int_ec_pem
#define BELOW_RSA(n)	CHAIN(n), .more = ssa_test_int_rsa_pem
#define WANT(r)		.want = SSA_R_CERT_##r

/* cert_helpers.c; all of it is freed at the end of the test */
struct ssa_chain *cert_test_chain(struct kunit *test, const char *pem, const char *more);
struct ssa_trust_store *cert_test_store(struct kunit *test, const char *pem);
enum ssa_reason cert_test_verify(const struct ssa_trust_store *store,
				 const struct ssa_chain *chain, const char *name, s64 now);
enum ssa_reason cert_test_verify_by(struct ssa_verify_params *params,
				    const struct ssa_chain *chain);

/* A test with a struct verify_case for its parameter */
void cert_test_judge(struct kunit *test);

#endif /* _TLS_SSA_TEST_CERT_HELPERS_H */
