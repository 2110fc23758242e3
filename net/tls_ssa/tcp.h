/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is done to TCP below us, and which of its options TLS sockets do not have.
 */
#ifndef _TLS_SSA_TCP_H
#define _TLS_SSA_TCP_H

#include <linux/sockptr.h>
#include <linux/types.h>

struct sock;

/* tcp.c */
int ssa_tcp_send(struct sock *sk, const void *buf, size_t len);
int ssa_tcp_recv(struct sock *sk, void *buf, size_t len);
void ssa_make_room(struct sock *sk);
void ssa_drain(struct sock *sk);
void ssa_fin(struct sock *sk);

/* tcp_options.c */
bool ssa_is_blocked(int level, int name);
bool ssa_is_absent(int level, int name, sockptr_t val, unsigned int len);

#endif /* _TLS_SSA_TCP_H */
