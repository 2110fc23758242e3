/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's side without a kernel: folders, attributes with drafts, and a transaction.
 * Any operation can be made to fail.
 */
#ifndef _FAKE_TREE_H
#define _FAKE_TREE_H

#include "../tree.h"

void fake_reset(void);
/* The n-th change from here on fails; 0: none does. */
void fake_fail_at(unsigned int n);
/* Changes since then */
unsigned int fake_changes(void);
/* All that is in force, as text; the caller frees it. */
char *fake_state(void);
bool fake_is_open(void);	/* a transaction */

#endif /* _FAKE_TREE_H */
