/* SPDX-License-Identifier: GPL-2.0 */
/* Results as TAP. */
#ifndef _HOST_TAP_H
#define _HOST_TAP_H

#include <stdbool.h>
#include <stdio.h>
#include <linux/compiler.h>

void tap_begin(void);
void tap(bool ok, const char *fmt, ...) __printf(2, 3);
int tap_end(void);	/* the plan; the exit status of the program */

#endif
