/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a socket of ours comes into being, and how it goes.
 */
#ifndef _TLS_SSA_LIFE_H
#define _TLS_SSA_LIFE_H

#include <linux/uidgid.h>

struct sock;
struct socket;
struct ssa_share;
struct ssa_sock;

struct ssa_sock *ssa_alloc(struct sock *sk, struct ssa_share *share);
int ssa_holder_new(const struct sock *sk, kuid_t uid, struct socket **holder);
void ssa_mark_socket(struct socket *sock);
void ssa_gone(struct ssa_sock *s);
void ssa_disarm_destruct(struct sock *sk);
int ssa_init_sock(struct sock *sk);

#endif /* _TLS_SSA_LIFE_H */
