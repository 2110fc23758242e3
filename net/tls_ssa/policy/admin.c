// SPDX-License-Identifier: GPL-2.0
/*
 * What the administrator is told of the last write.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "profile.h"

/**
 * ssa_admin_note - keep in mind why a write was refused
 * @admin: who writes
 * @name: of the profile; or NULL
 * @last_error: of the profile; or NULL
 * @why: what is wrong; may be empty
 * @err: negative errno, or 0: nothing is
 *
 * Context: ssa_admin.lock held.
 * Return: -EINVAL instead of errors that write(2) does not have, else @err.
 */
int ssa_admin_note(struct ssa_admin *admin, const char *name, struct ssa_complaint *last_error,
		   const struct ssa_complaint *why, int err)
{
	struct ssa_complaint text = {};

	if (err && why->text[0])
		text = *why;
	else if (err)
		ssa_complain(&text, "error %d", err);
	if (last_error)
		*last_error = text;
	if (err && name)
		ssa_complain(&admin->last_error, "%s: %s", name, text.text);
	else
		admin->last_error = text;
	return err == -ENOMEM || !err ? err : -EINVAL;
}

/**
 * ssa_admin_show_error - why a write was refused
 * @admin: where
 * @last_error: which; of @admin or of one of its profiles
 * @page: result: a line; empty if the last write was not refused
 * @size: room in it
 *
 * Context: process; takes ssa_admin.lock.
 * Return: bytes in @page.
 */
ssize_t ssa_admin_show_error(struct ssa_admin *admin, const struct ssa_complaint *last_error,
			     char *page, size_t size)
{
	ssize_t len;

	mutex_lock(&admin->lock);
	len = scnprintf(page, size, "%s\n", last_error->text);
	mutex_unlock(&admin->lock);
	return len;
}
