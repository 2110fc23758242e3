// SPDX-License-Identifier: GPL-2.0
/* Unit tests of ssactl, with a fake of the kernel's side. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "tap.h"

static unsigned int tests, failed;

void tap(bool ok, const char *name, ...)
{
	va_list args;

	printf("%s %u ", ok ? "ok" : "not ok", ++tests);
	va_start(args, name);
	vprintf(name, args);
	va_end(args);
	putchar('\n');
	failed += !ok;
}

static void show(const char *title, const char *text)
{
	size_t len;

	for (; *text; text += len, text += *text == '\n') {
		len = strcspn(text, "\n");
		printf("# %s %.*s\n", title, (int)len, text);
	}
}

void tap_same(const char *got, const char *want, const char *name)
{
	bool same = !strcmp(got, want);

	tap(same, "%s", name);
	if (!same) {
		show("got: ", got);
		show("want:", want);
	}
}

int tap_end(void)
{
	printf("1..%u\n", tests);
	return failed != 0;
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("TAP version 13");
	test_forms();
	test_files();
	test_changes();
	test_imports();
	return tap_end();
}
