/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kselftest harness as these tests use it.
 */
#ifndef _TLS_SSA_HARNESS_H
#define _TLS_SSA_HARNESS_H

#include "kselftest_harness.h"

/*
 * After $TLS_SSA_TIMEOUT seconds a test counts as hung: run.sh knows how slow the
 * kernel is. A @scale of 3, the most, is for a program with longer tests: run.sh ends
 * the program as a whole after 5 times as long, see limit_of() there.
 */
static inline int harness_main(int argc, char **argv, int scale)
{
	const char *seconds = getenv("TLS_SSA_TIMEOUT");
	struct __fixture_metadata *f;
	struct __test_metadata *t;

	/* A peer that goes away is an error code, not a signal. */
	signal(SIGPIPE, SIG_IGN);
	for (f = __fixture_list; f; f = f->next)
		for (t = f->tests; t; t = t->next)
			t->timeout = (seconds ? atoi(seconds) : 60) * scale;
	return test_harness_run(argc, argv);
}

#endif /* _TLS_SSA_HARNESS_H */
