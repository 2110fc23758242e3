/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel's log says of a handshake that has failed.
 */
#ifndef _TLS_SSA_LOG_H
#define _TLS_SSA_LOG_H

#include <linux/types.h>
#include "../reason.h"

struct ssa_sock;

void ssa_log_failure(const struct ssa_sock *s, const char *program, pid_t pid,
		     enum ssa_reason reason, int err);

#endif /* _TLS_SSA_LOG_H */
