/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Why something is refused: last_error.
 */
#ifndef _TLS_SSA_COMPLAINT_H
#define _TLS_SSA_COMPLAINT_H

#include <linux/compiler_attributes.h>

#define SSA_COMPLAINT_MAX	256

/**
 * struct ssa_complaint - why something was refused, for last_error
 * @text: "attribute: what is wrong, and what would be right", without a newline
 */
struct ssa_complaint {
	char text[SSA_COMPLAINT_MAX];
};

/* Writes the complaint; returns -EINVAL, so that callers can return it. */
int __printf(2, 3) ssa_complain(struct ssa_complaint *why, const char *format, ...);

#endif /* _TLS_SSA_COMPLAINT_H */
