/* SPDX-License-Identifier: GPL-2.0 */
/*
 * TCP sockets that become TLS sockets.
 */
#ifndef _TLS_SSA_UPGRADE_H
#define _TLS_SSA_UPGRADE_H

#include <linux/types.h>

struct ssa_sock;

int ssa_upgrade(struct ssa_sock *s, bool server);
void ssa_upgrade_step(struct ssa_sock *s);
int ssa_ulp_register(void);
void ssa_ulp_unregister(void);

#endif /* _TLS_SSA_UPGRADE_H */
