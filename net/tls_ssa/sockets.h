/* SPDX-License-Identifier: GPL-2.0 */
/*
 * /proc/net/tls_ssa_sockets
 */
#ifndef _TLS_SSA_SOCKETS_H
#define _TLS_SSA_SOCKETS_H

#include <linux/types.h>

struct net;

bool ssa_sockets_proc_create(struct net *net);
void ssa_sockets_proc_remove(struct net *net);

#endif /* _TLS_SSA_SOCKETS_H */
