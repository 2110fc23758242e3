/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kTLS's operations, ours in front of them, and what we read of its state.
 */
#ifndef _TLS_SSA_KTLS_OPS_H
#define _TLS_SSA_KTLS_OPS_H

#include <linux/compiler.h>
#include <linux/unaligned.h>
#include <net/tls.h>

struct msghdr;
struct pipe_inode_info;
struct proto_ops;
struct socket;

void ssa_kops_init(void (*fill)(struct proto_ops *ops));
const struct proto_ops *ssa_kops_get(const struct proto_ops *ktls);
const struct proto_ops *ssa_ktls_ops(const struct socket *sock);
int ssa_ktls_recv(struct socket *sock, struct msghdr *m, size_t len, int flags);
ssize_t ssa_ktls_splice(struct socket *sock, loff_t *ppos, struct pipe_inode_info *pipe,
			size_t len, unsigned int flags);

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

#endif /* _TLS_SSA_KTLS_OPS_H */
