/* SPDX-License-Identifier: GPL-2.0 */
/* What differs between two policies, and how the kernel gets from one to the other. */
#ifndef _SSACTL_CHANGE_H
#define _SSACTL_CHANGE_H

#include "model.h"
#include "tree.h"

/* Does the attribute say something else in @want than in @now? Either may be NULL. */
bool differs(const struct section *now, const struct section *want, size_t attribute);
/* The changes as text, in the form of a file with - and + before the lines. */
void put_diff(struct text *out, const struct model *now, const struct model *want);

/*
 * apply.c: makes the kernel's policy @want, in one transaction that is open already: all
 * of it or nothing. 0, or -1, complaints, and everything is as before.
 */
int apply(const struct tree *t, const struct model *now, const struct model *want,
	  struct report *report);

#endif /* _SSACTL_CHANGE_H */
