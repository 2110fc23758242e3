/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The operations of TLS sockets.
 */
#ifndef _TLS_SSA_OPS_H
#define _TLS_SSA_OPS_H

struct proto_ops;

void ssa_fill_ops(struct proto_ops *ops);
void ssa_fill_kops(struct proto_ops *ops);

#endif /* _TLS_SSA_OPS_H */
