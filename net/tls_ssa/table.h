/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All sockets that we have state for.
 */
#ifndef _TLS_SSA_TABLE_H
#define _TLS_SSA_TABLE_H

struct net;
struct sock;
struct ssa_net;
struct ssa_sock;

#define SSA_TABLE_PARTS	256

/**
 * struct ssa_listed - a socket that was found in the table
 * @s: reference
 * @sk: reference, its TCP socket, also if it is closed meanwhile
 */
struct ssa_listed {
	struct ssa_sock	*s;
	struct sock	*sk;
};

void ssa_table_insert(struct ssa_sock *s);
void ssa_table_remove(struct ssa_sock *s);
struct ssa_sock *ssa_table_find(const struct sock *sk);
void ssa_live_add(struct ssa_sock *s);
void ssa_live_call(const struct ssa_net *sn, void (*call)(struct ssa_sock *s));
unsigned int ssa_table_take(unsigned int part, const struct net *net, struct ssa_listed *into,
			    unsigned int max);

#endif /* _TLS_SSA_TABLE_H */
