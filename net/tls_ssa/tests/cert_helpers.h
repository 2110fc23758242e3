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

/* cert_helpers.c; all of it is freed at the end of the test */
struct ssa_chain *cert_test_chain(struct kunit *test, const char *pem, const char *more);
struct ssa_trust_store *cert_test_store(struct kunit *test, const char *pem);
enum ssa_reason cert_test_verify(const struct ssa_trust_store *store,
				 const struct ssa_chain *chain, const char *name, s64 now);

#endif /* _TLS_SSA_TEST_CERT_HELPERS_H */
