/* SPDX-License-Identifier: GPL-2.0 */
/*
 * net.ssa.*
 */
#ifndef _TLS_SSA_CTRL_H
#define _TLS_SSA_CTRL_H

#include <linux/types.h>

struct net;

bool ssa_net_may_resolve(const struct net *net);
int ssa_ctrl_create(struct net *net);
void ssa_ctrl_destroy(struct net *net);

#endif /* _TLS_SSA_CTRL_H */
