// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>

#include "tap.h"

static unsigned int tests, failed;

void tap_begin(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("TAP version 13\n");
}

void tap(bool ok, const char *fmt, ...)
{
	va_list ap;

	printf("%s %u ", ok ? "ok" : "not ok", ++tests);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	failed += !ok;
}

int tap_end(void)
{
	printf("1..%u\n", tests);
	return failed != 0;
}
