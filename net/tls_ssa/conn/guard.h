/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What stands below an upgraded socket, and TCP's hook for its upper layer.
 */
#ifndef _TLS_SSA_GUARD_H
#define _TLS_SSA_GUARD_H

#include <linux/types.h>

struct sock;
struct ssa_family;
struct ssa_sock;
struct tcp_ulp_ops;

extern struct tcp_ulp_ops ssa_ulp_ops;

void ssa_ulp_listen(struct sock *sk);
void ssa_ulp_leave(struct sock *sk);
bool ssa_ulp_intact(const struct ssa_sock *s);
void ssa_ulp_lower(struct ssa_sock *s);
void ssa_ulp_raise(struct ssa_sock *s);
void ssa_ulp_end(struct ssa_sock *s);
void ssa_ulp_fill_guard(struct ssa_family *family);

#endif /* _TLS_SSA_GUARD_H */
