/* SPDX-License-Identifier: GPL-2.0 */
/* What is wrong, and where: "FILE:LINE: what is wrong; what would be right". */
#ifndef _SSACTL_REPORT_H
#define _SSACTL_REPORT_H

#include <stdio.h>
#include "text.h"

#define REPORT_MAX	20	/* errors that are shown; the others are counted */

/**
 * struct place - where something was written
 * @file: name of the file; or NULL: nowhere, it is the kernel's
 * @line: counted from 1; 0: the file as a whole
 */
struct place {
	const char	*file;
	unsigned int	line;
};

/**
 * struct report - where errors go
 * @out: stream; or NULL: they are counted only
 * @errors: how many there were
 */
struct report {
	FILE		*out;
	unsigned int	errors;
};

void __printf(3, 4) complain(struct report *r, struct place at, const char *format, ...);
/* Says something that is no error. */
void __printf(3, 4) remark(struct report *r, struct place at, const char *format, ...);
/* How many errors there were beyond those that are shown, if any */
void report_end(struct report *r);

#endif /* _SSACTL_REPORT_H */
