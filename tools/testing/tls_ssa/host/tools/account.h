/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _HOST_ACCOUNT_H
#define _HOST_ACCOUNT_H

#include "change.h"
#include "mutate.h"

/**
 * struct account - of all handshakes
 * @verbose: print each outcome
 * @quiet: print nothing, count violations
 * @no_table: a fault: nothing is lawful
 * @violations: results that were bad
 */
extern struct account {
	bool verbose, quiet, no_table;
	unsigned int violations;
} account;

/* What runs now, for the last words of a process that dies. */
extern const char *account_running;
void account_say_what_ran(int sig);

struct tally {
	unsigned int n, outcome[BROKEN + 1], violations;
};

/* One outcome of the change @id. */
void judge(struct tally *t, const char *id, enum change op, enum outcome outcome,
	   const char *what);
void account_refused(enum ssa_reason reason);
void result(bool ok, const char *fmt, ...) __printf(2, 3);

void account_begin(void);		/* forgets all that was seen */
size_t account_never_seen(void);	/* entries of lawful.c, which it prints */
void account_summary(void);

#endif
