// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include "report.h"

static void __printf(3, 0) say(struct report *r, struct place at, const char *format, va_list args)
{
	if (!at.file)
		fputs("ssactl: ", r->out);
	else if (at.line)
		fprintf(r->out, "%s:%u: ", at.file, at.line);
	else
		fprintf(r->out, "%s: ", at.file);
	vfprintf(r->out, format, args);
	fputc('\n', r->out);
}

void complain(struct report *r, struct place at, const char *format, ...)
{
	va_list args;

	if (r->errors++ >= REPORT_MAX || !r->out)
		return;
	va_start(args, format);
	say(r, at, format, args);
	va_end(args);
}

void remark(struct report *r, struct place at, const char *format, ...)
{
	va_list args;

	if (!r->out)
		return;
	va_start(args, format);
	say(r, at, format, args);
	va_end(args);
}

void report_end(struct report *r)
{
	if (r->errors > REPORT_MAX && r->out)
		fprintf(r->out, "ssactl: and %u more errors\n", r->errors - REPORT_MAX);
}
