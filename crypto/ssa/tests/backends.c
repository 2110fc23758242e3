// SPDX-License-Identifier: GPL-2.0
/*
 * The same tests on each back end: init and exit of their suites.
 */
#include <kunit/test.h>

#include "../internal.h"
#include "test.h"

static int test_on(struct kunit *test, enum ssa_backend backend)
{
	if (!ssa_backend_set(backend))
		kunit_skip(test, IS_ENABLED(CONFIG_CRYPTO_SSA_S2N) ?
			   "this CPU has no BMI2 and ADX" :
			   "s2n-bignum is not built in (CONFIG_CRYPTO_SSA_S2N)");
	return 0;
}

int test_on_bearssl(struct kunit *test)
{
	return test_on(test, SSA_BACKEND_BEARSSL);
}

int test_on_s2n(struct kunit *test)
{
	return test_on(test, SSA_BACKEND_S2N);
}

int test_on_s2n_alt(struct kunit *test)
{
	return test_on(test, SSA_BACKEND_S2N_ALT);
}

void test_on_best(struct kunit *test)
{
	ssa_backend_set(ssa_backend_best());
}
