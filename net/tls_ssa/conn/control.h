/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Records that are not application data.
 */
#ifndef _TLS_SSA_CONTROL_H
#define _TLS_SSA_CONTROL_H

#include <linux/types.h>

struct socket;

enum ssa_rx {
	SSA_RX_EOF,
	SSA_RX_AGAIN,	/* a control record was consumed, or there was none: try again */
	SSA_RX_DATA,	/* application data is next */
	SSA_RX_NONE,	/* nothing is there now */
};

int ssa_rx_control(struct socket *sock, bool wait);
int ssa_rx_pass(struct socket *sock);
u32 ssa_rx_bytes(struct socket *sock);

#endif /* _TLS_SSA_CONTROL_H */
