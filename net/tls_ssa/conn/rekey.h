/* SPDX-License-Identifier: GPL-2.0 */
/*
 * New keys on an established connection.
 */
#ifndef _TLS_SSA_REKEY_H
#define _TLS_SSA_REKEY_H

struct socket;

int ssa_rekey_rx(struct socket *sock);
int ssa_rekey_tx(struct socket *sock);

#endif /* _TLS_SSA_REKEY_H */
