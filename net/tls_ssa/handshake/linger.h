/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sockets that stay until their peer has read our alert.
 */
#ifndef _TLS_SSA_LINGER_H
#define _TLS_SSA_LINGER_H

#include <linux/types.h>

struct socket;

void ssa_linger(struct socket *holder);
bool ssa_linger_user(struct socket *sock);
void ssa_linger_exit(void);

#endif /* _TLS_SSA_LINGER_H */
