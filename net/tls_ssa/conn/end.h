/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a connection ends, and who is told.
 */
#ifndef _TLS_SSA_END_H
#define _TLS_SSA_END_H

#include <linux/types.h>
#include "../reason.h"

struct sock;
struct socket;

bool ssa_rx_over(const struct socket *sock);
bool ssa_rx_broken(struct socket *sock, int err);
bool ssa_rx_lost(struct socket *sock, int err);
bool ssa_rx_lasts(int err);
void ssa_rx_keep(struct sock *sk, int err);
void ssa_rx_end_of_tcp(struct socket *sock);
int ssa_send_alert(struct socket *sock, u8 alert);
void ssa_conn_end(struct socket *sock, bool failed);
void ssa_conn_fail(struct socket *sock, enum ssa_reason reason);
void ssa_conn_close(struct socket *sock);

#endif /* _TLS_SSA_END_H */
