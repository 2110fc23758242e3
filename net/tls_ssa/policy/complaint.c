// SPDX-License-Identifier: GPL-2.0
/*
 * Why something is refused: last_error.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/stdarg.h>
#include <kunit/visibility.h>
#include "complaint.h"

/**
 * ssa_complain - say why something is refused
 * @why: what the administrator will read, or NULL
 * @format: as of printf(), without a newline
 *
 * Context: any.
 * Return: -EINVAL.
 */
int ssa_complain(struct ssa_complaint *why, const char *format, ...)
{
	va_list args;

	if (!why)
		return -EINVAL;
	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	return -EINVAL;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_complain);
