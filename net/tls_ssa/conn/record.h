/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A record of our own.
 */
#ifndef _TLS_SSA_RECORD_H
#define _TLS_SSA_RECORD_H

#include <linux/types.h>

struct socket;
struct ssa_sock;

int ssa_send_record(struct socket *sock, u8 type, const void *data, size_t len);
void ssa_tx_wake(struct ssa_sock *s);

#endif /* _TLS_SSA_RECORD_H */
