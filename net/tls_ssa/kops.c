// SPDX-License-Identifier: GPL-2.0
/*
 * The operations of an established connection: those of kTLS, with thin
 * wrappers. Those that read are in recv.c, those that send in send.c.
 */
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/socket.h>
#include <net/tls.h>
#include <net/tls_prot.h>
#include "ktls.h"
#include "ssa_sock.h"

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

/* Nothing more can be read, whatever TCP goes on to receive. */
static __poll_t ssa_kpoll_end(struct socket *sock, __poll_t mask)
{
	mask |= EPOLLIN | EPOLLRDNORM | EPOLLRDHUP;
	if (READ_ONCE(sock->sk->sk_shutdown) & SEND_SHUTDOWN)
		mask |= EPOLLHUP;
	return mask;
}

/*
 * A record that is there may be a control record, which is nothing to read: the
 * only way to know is to decrypt it. kTLS keeps the plaintext, so the work is
 * not done twice.
 */
static __poll_t ssa_kpoll(struct file *file, struct socket *sock, struct poll_table_struct *wait)
{
	const struct proto_ops *k = ssa_ktls_ops(sock);
	const struct tls_sw_context_rx *rx = tls_sw_ctx_rx(tls_get_ctx(sock->sk));
	__poll_t mask = k->poll(file, sock, wait);
	bool some;
	int n;

	if (unlikely(ssa_rx_over(sock)))
		return ssa_kpoll_end(sock, mask);
	some = !skb_queue_empty_lockless(&rx->rx_list) || READ_ONCE(rx->strp.msg_ready);
	/* Before getsockopt(SO_ERROR) makes of it an error like others, or after it has */
	if (unlikely(rx->strp.stopped) && !some &&
	    ssa_rx_broken(sock, -READ_ONCE(sock->sk->sk_err) ?: -EAGAIN))
		return ssa_kpoll_end(sock, k->poll(file, sock, NULL));
	if (!(mask & EPOLLIN))
		return mask;
	/* In front of a RST there may be the alert that says why. */
	if (READ_ONCE(sock->sk->sk_shutdown) & RCV_SHUTDOWN && !(mask & EPOLLERR && some))
		return mask;
	do {
		n = ssa_rx_control(sock, false);
	} while (n == SSA_RX_AGAIN);
	if (n == SSA_RX_DATA)
		return mask;
	ssa_rx_keep(sock->sk, n);
	/* What was consumed may have changed everything but the waiting. */
	mask = k->poll(file, sock, NULL);
	if (n == SSA_RX_EOF)
		return ssa_kpoll_end(sock, mask);
	/* After our FIN kTLS leaves it to TCP, for which a part of a record is enough. */
	if (!(READ_ONCE(sock->sk->sk_shutdown) & RCV_SHUTDOWN) &&
	    skb_queue_empty_lockless(&rx->rx_list) && !READ_ONCE(rx->strp.msg_ready))
		mask &= ~(EPOLLIN | EPOLLRDNORM);
	return mask;
}

static int ssa_kshutdown(struct socket *sock, int how)
{
	struct ssa_sock *s = ssa_of(sock->sk);

	if (how < SHUT_RD || how > SHUT_RDWR)
		return -EINVAL;
	if (how != SHUT_RD)
		ssa_conn_close(sock);
	lock_sock(sock->sk);
	s->shut |= how + 1;
	release_sock(sock->sk);
	return ssa_ktls_ops(sock)->shutdown(sock, how);
}

static int ssa_kconnect(struct socket *sock, struct ssa_sockaddr *addr, int len, int flags)
{
	struct sock *sk = sock->sk;
	struct ssa_sock *s = ssa_of(sk);
	int err;

	if (len < (int)sizeof(sa_family_t))
		return -EINVAL;
	if (((struct sockaddr *)addr)->sa_family == AF_UNSPEC)
		return -EOPNOTSUPP;
	lock_sock(sk);
	/* Only who has called connect() can ask it for the result. */
	err = s->server || s->reported ? -EISCONN : 0;
	s->reported = true;
	release_sock(sk);
	return err;
}

static void ssa_kops_fill(struct proto_ops *ops)
{
	ops->owner	= THIS_MODULE;
	ops->bind	= ssa_bind;
	ops->connect	= ssa_kconnect;
	ops->getname	= ssa_getname;
	ops->poll	= ssa_kpoll;
	ops->shutdown	= ssa_kshutdown;
	ops->setsockopt	= ssa_setsockopt;
	ops->getsockopt	= ssa_getsockopt;
	ops->sendmsg	= ssa_ksendmsg;
	ops->recvmsg	= ssa_krecvmsg;
	ops->splice_read = ssa_ksplice_read;
	if (ops->splice_eof)
		ops->splice_eof = ssa_held_send;
	ops->ioctl	= ssa_kioctl;
	ops->release	= ssa_release;
	/* These would go around the wrappers. */
	ops->mmap	= sock_no_mmap;
	ops->read_sock	= NULL;
	ops->read_skb	= NULL;
	ops->sendmsg_locked = NULL;
	ops->peek_len	= NULL;
	ops->set_peek_off = NULL;
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
