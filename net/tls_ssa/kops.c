// SPDX-License-Identifier: GPL-2.0
/*
 * The operations of an established connection: those of kTLS, with thin
 * wrappers. Reading: kTLS fails with EIO (splice: EINVAL) in front of a record
 * that is not application data, and keeps it; control.c consumes it and the call
 * goes on. A result of 0 can be the end, or an empty record in front of such a
 * record: control.c knows.
 */
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/splice.h>
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

static bool ssa_whole(const struct socket *sock)
{
	return !READ_ONCE(ssa_of(sock->sk)->rx_eof);
}

/* Nothing more can be read: the first to ask is told why. */
static int ssa_end(struct socket *sock)
{
	int err = xchg(&ssa_of(sock->sk)->rx_err, 0);

	if (err)
		sock_error(sock->sk);
	return -err;
}

/* Data between the pieces of a handshake message: RFC 8446 5.1 */
static bool ssa_interleaved(struct socket *sock)
{
	if (!READ_ONCE(ssa_of(sock->sk)->post.hs_len))
		return false;
	ssa_conn_fail(sock, SSA_R_UNEXPECTED_MESSAGE);
	return true;
}

/*
 * There is data between KeyUpdates, or empty records: no flood. If the peer has used
 * its key for too long (RFC 8446 5.5), we ask it to change it.
 */
static void ssa_count_received(struct socket *sock)
{
	struct ssa_sock *s = ssa_of(sock->sk);

	if (unlikely(READ_ONCE(s->post.key_updates)))
		WRITE_ONCE(s->post.key_updates, 0);
	if (unlikely(READ_ONCE(s->empty_records)))
		WRITE_ONCE(s->empty_records, 0);
	if (likely(ssa_ktls_records(sock->sk, false) < s->ask_after) || READ_ONCE(s->asked))
		return;
	WRITE_ONCE(s->asked, true);
	ssa_owe(sock, SSA_DUE_ASK);
	ssa_send_due(sock);
}

static int ssa_krecv_once(struct socket *sock, struct msghdr *m, size_t len, int flags)
{
	void *control = m->msg_control;
	size_t controllen = m->msg_controllen;
	int n;

	/* The record's type is for us; the buffer is the application's. */
	m->msg_control = NULL;
	m->msg_controllen = 0;
	do {
		n = ssa_ktls_ops(sock)->recvmsg(sock, m, len, flags);
	} while (unlikely(n < 0) && ssa_ktls_again(sock->sk, n));
	m->msg_control = control;
	m->msg_controllen = controllen;
	m->msg_flags &= ~(MSG_CTRUNC | MSG_EOR);
	return n;
}

/* The connection's, not the call's */
static bool ssa_lasts(int err)
{
	return err < 0 && err != -EAGAIN && err != -EINTR && err != -ERESTARTSYS &&
	       err != -ENOMEM && err != -EFAULT;
}

/*
 * A call that fails because kTLS has no record. If @done bytes were read before, it
 * does not fail, and the next call has to.
 */
static int ssa_krecv_error(struct socket *sock, int err, size_t done)
{
	struct sock *sk = sock->sk;

	/* Another reader may have been first. */
	if (!ssa_whole(sock) || ssa_rx_broken(sock, err))
		return done ? 0 : ssa_end(sock);
	if (!ssa_lasts(err) || READ_ONCE(sk->sk_err) || inet_sk_state_load(sk) != TCP_CLOSE)
		return err;
	/* A reset: kTLS tells of it once. Afterwards it is the end of file. */
	if (done)
		WRITE_ONCE(sk->sk_err, -err);
	else
		WRITE_ONCE(ssa_of(sk)->rx_eof, true);
	return err;
}

/* What ssa_rx_control() has met, and the application is not told now. */
static void ssa_keep_error(struct sock *sk, int err)
{
	if (unlikely(ssa_lasts(err)) && !READ_ONCE(sk->sk_err))
		WRITE_ONCE(sk->sk_err, -err);
}

/* Nothing more can be read; or kTLS would wait without end. */
static bool ssa_krecv_over(struct socket *sock)
{
	if (unlikely(!ssa_whole(sock)))
		return true;
	return unlikely(tls_sw_ctx_rx(tls_get_ctx(sock->sk))->strp.stopped) &&
	       ssa_rx_broken(sock, -EAGAIN);
}

static int ssa_krecvmsg(struct socket *sock, struct msghdr *m, size_t len, int flags)
{
	struct ssa_post *post = &ssa_of(sock->sk)->post;
	bool wait = !(flags & MSG_DONTWAIT), inside;
	size_t done = 0;
	int n;

	if (unlikely(flags & MSG_ERRQUEUE))
		return ssa_ktls_ops(sock)->recvmsg(sock, m, len, flags);
	if (unlikely(flags & MSG_OOB))
		return -EINVAL;		/* as TCP, if there are none */
	for (;;) {
		if (unlikely(ssa_krecv_over(sock))) {
			n = done ? 0 : ssa_end(sock);
			break;
		}
		inside = READ_ONCE(post->hs_len);
		n = ssa_krecv_once(sock, m, len - done, flags);
		if (likely(n > 0)) {
			if (unlikely(inside && ssa_interleaved(sock))) {
				n = done ? 0 : ssa_end(sock);
				break;
			}
			done += n;
			ssa_count_received(sock);
			if (likely(done == len || !(flags & MSG_WAITALL) || !wait ||
				   flags & MSG_PEEK))
				break;
			/* All of it is wanted: did a control record stop kTLS? */
			n = ssa_rx_control(sock, false);
			ssa_keep_error(sock->sk, n);
			if (n != SSA_RX_AGAIN && n != SSA_RX_DATA)
				break;
			continue;
		}
		if (n != -EIO && (n || !len)) {
			n = ssa_krecv_error(sock, n, done);
			break;
		}
		n = ssa_rx_control(sock, wait);
		if (n < 0) {
			n = ssa_krecv_error(sock, n, done);
			break;
		}
		if (n == SSA_RX_EOF) {
			n = done ? 0 : ssa_end(sock);
			break;
		}
	}
	return done ? (int)done : n;
}

static ssize_t ssa_ksplice_read(struct socket *sock, loff_t *ppos, struct pipe_inode_info *pipe,
				size_t len, unsigned int flags)
{
	bool inside;
	ssize_t n;
	int rx;

	for (;;) {
		if (unlikely(ssa_krecv_over(sock)))
			return ssa_end(sock);
		inside = READ_ONCE(ssa_of(sock->sk)->post.hs_len);
		do {
			n = ssa_ktls_ops(sock)->splice_read(sock, ppos, pipe, len, flags);
		} while (unlikely(n < 0) && ssa_ktls_again(sock->sk, n));
		if (unlikely(n > 0 && inside && ssa_interleaved(sock)))
			return ssa_end(sock);
		if (likely(n > 0))
			ssa_count_received(sock);
		if (likely(n > 0) || !len)
			return n;
		if (n && n != -EINVAL)
			return ssa_krecv_error(sock, n, 0);
		rx = ssa_rx_control(sock, !(flags & SPLICE_F_NONBLOCK));
		if (rx < 0)
			return ssa_krecv_error(sock, rx, 0);
		if (rx == SSA_RX_EOF)
			return ssa_end(sock);
		if (rx != SSA_RX_AGAIN && n)
			return ssa_krecv_error(sock, n, 0);
	}
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
	int n;

	if (unlikely(!ssa_whole(sock)))
		return ssa_kpoll_end(sock, mask);
	/* Before getsockopt(SO_ERROR) makes of it an error like others */
	if (unlikely(mask & EPOLLERR) && skb_queue_empty_lockless(&rx->rx_list) &&
	    ssa_rx_broken(sock, -READ_ONCE(sock->sk->sk_err)))
		return ssa_kpoll_end(sock, k->poll(file, sock, NULL));
	if (!(mask & EPOLLIN) || READ_ONCE(sock->sk->sk_shutdown) & RCV_SHUTDOWN ||
	    mask & EPOLLERR)
		return mask;
	do {
		n = ssa_rx_control(sock, false);
	} while (n == SSA_RX_AGAIN);
	if (n == SSA_RX_DATA)
		return mask;
	ssa_keep_error(sock->sk, n);
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
