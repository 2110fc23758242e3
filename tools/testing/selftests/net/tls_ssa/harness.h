/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kselftest harness as these tests use it.
 */
#ifndef _TLS_SSA_HARNESS_H
#define _TLS_SSA_HARNESS_H

#include "kselftest_harness.h"

/* Seconds after which a test counts as hung: an emulated debug kernel is slow. */
#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT	300

/* As TEST_HARNESS_MAIN; a peer that goes away is an error code, not a signal. */
#define SSA_HARNESS_MAIN \
	int main(int argc, char **argv) \
	{ \
		signal(SIGPIPE, SIG_IGN); \
		return test_harness_run(argc, argv); \
	}

#endif /* _TLS_SSA_HARNESS_H */
