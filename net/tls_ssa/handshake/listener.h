/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A listener and its children.
 */
#ifndef _TLS_SSA_LISTENER_H
#define _TLS_SSA_LISTENER_H

#include <linux/types.h>

struct proto_accept_arg;
struct socket;
struct ssa_sock;

int ssa_listen(struct socket *sock, int backlog);
int ssa_accept(struct socket *sock, struct socket *newsock, struct proto_accept_arg *arg);
void ssa_listener_work(struct ssa_sock *l);
void ssa_established_work(struct ssa_sock *s);
bool ssa_listener_ready(const struct ssa_sock *l);
void ssa_listener_close(struct ssa_sock *l);

#endif /* _TLS_SSA_LISTENER_H */
