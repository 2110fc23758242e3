// SPDX-License-Identifier: GPL-2.0
/*
 * Certificates or a key, as somebody has given them: PEM, or a key in DER.
 */
#include <linux/mm.h>
#include "text.h"

/**
 * ssa_text_free - wipe and free a text
 * @t: the text; none afterwards
 *
 * Context: process, may sleep.
 */
void ssa_text_free(struct ssa_text *t)
{
	kvfree_sensitive(t->text, t->len);
	t->text = NULL;
}
