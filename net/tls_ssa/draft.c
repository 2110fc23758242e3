// SPDX-License-Identifier: GPL-2.0
/*
 * Half of a pair of chain and key, which waits for the other: options/pair.c.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include "cert/text.h"
#include "draft.h"

/**
 * ssa_draft_free - forget what was not in force yet
 * @draft: it, or NULL; wiped
 *
 * Context: process, may sleep.
 */
void ssa_draft_free(struct ssa_draft *draft)
{
	if (!draft)
		return;
	ssa_text_free(&draft->half[SSA_HALF_CHAIN]);
	ssa_text_free(&draft->half[SSA_HALF_KEY]);
	kfree(draft->name);
	kfree(draft);
}

/**
 * ssa_draft_name - for which name is the next pair?
 * @draft: what waits, or NULL
 *
 * Context: any; lock_sock() held.
 * Return: it lives as long as the lock is held; NULL: for all of the certificate's.
 */
const char *ssa_draft_name(const struct ssa_draft *draft)
{
	return draft ? draft->name : NULL;
}

/**
 * ssa_draft_waits - what is set and not in force?
 * @draft: it, or NULL
 *
 * Context: any; lock_sock() held.
 * Return: a sentence for TLS_ERROR, constant; NULL: nothing is.
 */
const char *ssa_draft_waits(const struct ssa_draft *draft)
{
	if (!draft || draft->again)
		return NULL;
	if (draft->half[SSA_HALF_CHAIN].text)
		return "certificate not in force: it waits for its key (TLS_PRIVATE_KEY)";
	if (draft->half[SSA_HALF_KEY].text)
		return "key not in force: it waits for its certificate (TLS_CERTIFICATE_CHAIN)";
	return NULL;
}
