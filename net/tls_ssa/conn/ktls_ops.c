// SPDX-License-Identifier: GPL-2.0
/*
 * The operations of kTLS, which ours call, and our table of operations that stands in front
 * of each of kTLS's.
 */
#include <linux/module.h>
#include <linux/net.h>
#include <linux/socket.h>
#include <linux/workqueue.h>
#include <net/sock.h>
#include <net/tls.h>
#include <net/tls_prot.h>
#include "ktls_ops.h"

/**
 * struct ssa_kops - one of kTLS's tables, and ours made of it
 * @ktls: theirs; it differs between software and device offload
 * @ops: ours
 */
struct ssa_kops {
	const struct proto_ops	*ktls;
	struct proto_ops	ops;
};

#define SSA_KOPS_MAX	16

static DEFINE_MUTEX(ssa_kops_lock);	/* guards filling; an entry is constant then */
static struct ssa_kops ssa_kops[SSA_KOPS_MAX];

static void (*ssa_kops_fill)(struct proto_ops *ops);	/* constant once loaded */

/**
 * ssa_ktls_ops - kTLS's operations of an established connection
 * @sock: its struct socket
 *
 * Context: any.
 * Return: never NULL.
 */
const struct proto_ops *ssa_ktls_ops(const struct socket *sock)
{
	return container_of(READ_ONCE(sock->ops), struct ssa_kops, ops)->ktls;
}

/*
 * Whatever keeps kTLS from decrypting a record, it leaves EBADMSG behind, which would end
 * the connection: also if it had no memory, or could not write to the application's
 * buffer. The record is still there: if it is bad, who reads next finds out. (A header
 * that is bad has no next time.)
 */
static void ssa_ktls_forgive(struct sock *sk, int n)
{
	if (unlikely(READ_ONCE(sk->sk_err) == EBADMSG) && n != -EBADMSG &&
	    !tls_sw_ctx_rx(tls_get_ctx(sk))->strp.stopped)
		cmpxchg(&sk->sk_err, EBADMSG, 0);
}

/*
 * Is @err, of kTLS's recvmsg() or splice_read(), an error of TCP's in front of what was
 * received before it?
 *
 * kTLS tells of sk_err before it looks at what TCP has received. Mostly it has looked
 * already; but of what came while somebody had the lock, it looks in a work item of its
 * own, and a reader may be first. Then a record with a RST behind it would be lost.
 *
 * True: the call is to be made again: there is a record now, and the error is where it
 * was. May sleep; not under lock_sock().
 */
static bool ssa_ktls_again(struct sock *sk, int err)
{
	struct tls_sw_context_rx *rx = tls_sw_ctx_rx(tls_get_ctx(sk));

	switch (err) {
	case -ECONNRESET:
	case -EPIPE:
	case -ECONNABORTED:
	case -ETIMEDOUT:
	case -EHOSTUNREACH:
	case -ENETUNREACH:
		break;
	default:
		return false;
	}
	flush_work(&rx->strp.work);
	if (!READ_ONCE(rx->strp.msg_ready))
		return false;
	cmpxchg(&sk->sk_err, 0, -err);
	return true;
}

/**
 * ssa_ktls_recv - kTLS's recvmsg
 * @sock: established connection
 * @m: as in recvmsg(2)
 * @len: bytes of it
 * @flags: with MSG_DONTWAIT: kTLS would take any number of empty records while it waits
 *
 * Context: process, may sleep; takes lock_sock().
 * Return: bytes, or a negative errno.
 */
int ssa_ktls_recv(struct socket *sock, struct msghdr *m, size_t len, int flags)
{
	int n;

	do {
		n = ssa_ktls_ops(sock)->recvmsg(sock, m, len, flags);
	} while (unlikely(n < 0) && ssa_ktls_again(sock->sk, n));
	ssa_ktls_forgive(sock->sk, n);
	return n;
}

/**
 * ssa_ktls_splice - kTLS's splice_read
 * @sock: established connection
 * @ppos: as in splice(2)
 * @pipe: the same; may be NULL if @len is 0
 * @len: the same
 * @flags: with SPLICE_F_NONBLOCK
 *
 * Context: process, may sleep; takes lock_sock().
 * Return: bytes, or a negative errno.
 */
ssize_t ssa_ktls_splice(struct socket *sock, loff_t *ppos, struct pipe_inode_info *pipe,
			size_t len, unsigned int flags)
{
	ssize_t n;

	do {
		n = ssa_ktls_ops(sock)->splice_read(sock, ppos, pipe, len, flags);
	} while (unlikely(n < 0) && ssa_ktls_again(sock->sk, n));
	ssa_ktls_forgive(sock->sk, n);
	return n;
}

/**
 * ssa_kops_get - our operations for a connection with these of kTLS
 * @ktls: kTLS's operations, found after both keys were set
 *
 * Context: process, may sleep.
 * Return: constant for as long as the module is loaded; NULL if there are more
 * kinds of them than was thought.
 */
const struct proto_ops *ssa_kops_get(const struct proto_ops *ktls)
{
	const struct proto_ops *ops = NULL;
	int i;

	mutex_lock(&ssa_kops_lock);
	for (i = 0; i < SSA_KOPS_MAX && !ops; i++) {
		struct ssa_kops *k = &ssa_kops[i];

		if (!k->ktls) {
			k->ops = *ktls;
			ssa_kops_fill(&k->ops);
			k->ktls = ktls;
		}
		if (k->ktls == ktls)
			ops = &k->ops;
	}
	mutex_unlock(&ssa_kops_lock);
	return ops;
}

/**
 * ssa_kops_init - whose operations stand in front of kTLS's
 * @fill: puts them over a copy of kTLS's table
 *
 * Context: module load.
 */
void __init ssa_kops_init(void (*fill)(struct proto_ops *ops))
{
	ssa_kops_fill = fill;
}
