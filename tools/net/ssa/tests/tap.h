/* SPDX-License-Identifier: GPL-2.0 */
/* Results as TAP. */
#ifndef _SSACTL_TAP_H
#define _SSACTL_TAP_H

#include <stdbool.h>
#include "../text.h"

void __printf(2, 3) tap(bool ok, const char *name, ...);
/* The same; shows both texts if they differ. */
void tap_same(const char *got, const char *want, const char *name);
int tap_end(void);	/* the plan; exit status of the program */

void test_forms(void);
void test_files(void);
void test_changes(void);
void test_imports(void);

#endif /* _SSACTL_TAP_H */
