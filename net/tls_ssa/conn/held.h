/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What MSG_MORE holds back.
 */
#ifndef _TLS_SSA_HELD_H
#define _TLS_SSA_HELD_H

struct socket;
struct ssa_sock;

void ssa_held_send(struct socket *sock);
void ssa_held_look(struct socket *sock);
void ssa_held_step(struct ssa_sock *s);
void ssa_held_stop(struct ssa_sock *s);
void ssa_conn_abandon(struct socket *sock);

#endif /* _TLS_SSA_HELD_H */
