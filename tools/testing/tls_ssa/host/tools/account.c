// SPDX-License-Identifier: GPL-2.0
/* Which outcomes are no fault, and how many of each there were. */
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>
#include <linux/string.h>

#include "account.h"
#include "shake.h"
#include "tap.h"

struct account account;
const char *account_running = "";
static unsigned int total[OPS][BROKEN + 1], reasons[SSA_R_COUNT];

/* Async-signal-safe enough: the process ends. */
void account_say_what_ran(int sig)
{
	static const char text[] = "\nBail out! while running: ";

	if (write(STDOUT_FILENO, text, sizeof(text) - 1) < 0 ||
	    write(STDOUT_FILENO, account_running, strlen(account_running)) < 0 ||
	    write(STDOUT_FILENO, "\n", 1) < 0)
		_exit(4);
	_exit(3);
}

void __asan_on_error(void);
void __asan_on_error(void)
{
	printf("\n# while running: %s\n", account_running);
	fflush(stdout);
}

static struct lawful *find_lawful(const char *id, enum outcome outcome)
{
	size_t i;

	for (i = 0; i < lawful_count && !account.no_table; i++)
		if (lawful[i].outcome == outcome &&
		    !fnmatch(lawful[i].pattern, id, FNM_EXTMATCH)) {
			lawful[i].seen++;
			return &lawful[i];
		}
	return NULL;
}

void judge(struct tally *t, const char *id, enum change op, enum outcome outcome,
	   const char *what)
{
	static const char * const text[] = { "refused", "accepted", "waits", "broken" };

	t->n++;
	t->outcome[outcome]++;
	total[op][outcome]++;
	if (account.verbose)
		printf("# %s: %s (%s)\n", id, text[outcome], what);
	if (outcome == REFUSED || (outcome != BROKEN && find_lawful(id, outcome)))
		return;
	t->violations++;
	if (!account.quiet)
		printf("# VIOLATION %s: %s (%s)\n", id, text[outcome], what);
}

void result(bool ok, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	account.violations += !ok;
	if (account.quiet)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	tap(ok, "%s", text);
}

void account_summary(void)
{
	size_t i;

	printf("# change        refused  lawful    wait  broken\n");
	for (i = 0; i < OPS; i++)
		printf("# %-12s %8u %7u %7u %7u\n", op_name[i], total[i][REFUSED],
		       total[i][ACCEPTED], total[i][WAITS], total[i][BROKEN]);
	printf("# reasons:");
	for (i = 0; i < SSA_R_COUNT; i++)
		if (reasons[i])
			printf(" %s %u", ssa_reason_desc(i)->counter, reasons[i]);
	printf("\n# most memory held by one engine: %zu bytes, allowed %zu\n", shake_memory_peak,
	       drive_memory_max);
}

void account_refused(enum ssa_reason reason)
{
	reasons[reason]++;
}

void account_begin(void)
{
	size_t i;

	for (i = 0; i < lawful_count; i++)
		lawful[i].seen = 0;
	memset(total, 0, sizeof(total));
	memset(reasons, 0, sizeof(reasons));
	shake_memory_peak = 0;
}

size_t account_never_seen(void)
{
	size_t i, n = 0;

	for (i = 0; i < lawful_count; i++) {
		if (lawful[i].seen)
			continue;
		printf("# never seen: %s\n", lawful[i].pattern);
		n++;
	}
	return n;
}
