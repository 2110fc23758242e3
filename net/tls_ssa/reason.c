// SPDX-License-Identifier: GPL-2.0
#include <linux/errno.h>
#include <linux/kernel.h>
#include <kunit/visibility.h>
#include "reason.h"

#define SSA_REASON(name, a, e, c, t)			\
	[SSA_R_##name] = {				\
		.alert = SSA_ALERT_##a,			\
		.err = (e),				\
		.counter = (c),				\
		.text = (t),				\
	},

static const struct ssa_reason_desc ssa_reasons[SSA_R_COUNT] = {
	[SSA_R_NONE] = {
		.alert = SSA_ALERT_NONE,
		.text = "no error",
	},
#include "reason_list.h"
};

/**
 * ssa_reason_desc - look a reason up
 * @reason: any value; one that is not in the table counts as SSA_R_INTERNAL
 *
 * Context: any.
 * Return: the table's entry, never NULL.
 */
const struct ssa_reason_desc *ssa_reason_desc(enum ssa_reason reason)
{
	if (reason < 0 || reason >= SSA_R_COUNT)
		reason = SSA_R_INTERNAL;
	return &ssa_reasons[reason];
}
EXPORT_SYMBOL_IF_KUNIT(ssa_reason_desc);
