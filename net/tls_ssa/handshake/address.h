/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Addresses that are names.
 */
#ifndef _TLS_SSA_ADDRESS_H
#define _TLS_SSA_ADDRESS_H

#include "../compat.h"

struct sockaddr;
struct sockaddr_host;
struct socket;
struct ssa_sock;
union ssa_addr;

const char *ssa_host_name(const struct sockaddr_host *host, int len, const char *empty);
int ssa_getname(struct socket *sock, struct sockaddr *addr, int peer);
int ssa_bind(struct socket *sock, struct ssa_sockaddr *addr, int len);
int ssa_may_connect(struct ssa_sock *s, union ssa_addr *addr);

#endif /* _TLS_SSA_ADDRESS_H */
