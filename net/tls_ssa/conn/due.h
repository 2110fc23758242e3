/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What our side has to send before its next data.
 */
#ifndef _TLS_SSA_DUE_H
#define _TLS_SSA_DUE_H

struct socket;

/**
 * enum ssa_due - what our side has to send before its next data
 * @SSA_DUE_ANSWER: the peer waits for our KeyUpdate; in TLS 1.2, where that does not
 *		    exist: for the refusal of its renegotiation
 * @SSA_DUE_REKEY: our key has protected enough records: KeyUpdate
 * @SSA_DUE_ASK: the peer's has protected too many: KeyUpdate that asks for another
 */
enum ssa_due {
	SSA_DUE_ANSWER	= 1,
	SSA_DUE_REKEY	= 2,
	SSA_DUE_ASK	= 4,
};

void ssa_owe(struct socket *sock, enum ssa_due due);
int ssa_send_due(struct socket *sock);
int ssa_tx_begin(struct socket *sock);
void ssa_tx_end(struct socket *sock);

#endif /* _TLS_SSA_DUE_H */
