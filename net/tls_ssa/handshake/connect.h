/* SPDX-License-Identifier: GPL-2.0 */
/*
 * connect(), and waiting for it.
 */
#ifndef _TLS_SSA_CONNECT_H
#define _TLS_SSA_CONNECT_H

#include <linux/types.h>
#include "../compat.h"

struct socket;
struct ssa_helper;
struct ssa_sock;

int ssa_connect(struct socket *sock, struct ssa_sockaddr *addr, int len, int flags);
int ssa_kconnect(struct socket *sock, struct ssa_sockaddr *addr, int len, int flags);
bool ssa_connect_step(struct ssa_sock *s);
int ssa_wait_done(struct ssa_sock *s, long *timeo, struct ssa_helper *helper);

#endif /* _TLS_SSA_CONNECT_H */
