/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What we read of kTLS's own state.
 */
#ifndef _TLS_SSA_KTLS_H
#define _TLS_SSA_KTLS_H

#include <linux/compiler.h>
#include <linux/unaligned.h>
#include <net/tls.h>

/**
 * ssa_ktls_records - how many records the present key has protected
 * @sk: established connection
 * @tx: by us, else by the peer
 *
 * kTLS numbers them from 0 under each key; in TLS 1.2, Finished is one of them.
 *
 * Context: any; the caller is an operation of the socket.
 * Return: the number; while another thread counts, it can be too low.
 */
static inline u64 ssa_ktls_records(const struct sock *sk, bool tx)
{
	const struct tls_context *ctx = tls_get_ctx(sk);

	/* Nothing is lost if what depends on it happens a record later. */
	return data_race(get_unaligned_be64(tx ? ctx->tx.rec_seq : ctx->rx.rec_seq));
}

#endif /* _TLS_SSA_KTLS_H */
