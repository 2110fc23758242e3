// SPDX-License-Identifier: GPL-2.0
/*
 * A socket is taken over by the kernel without being asked, in the way of iSCSI, and of
 * others that get it by its descriptor: own callbacks and sk_user_data; what was there
 * before comes back, but for sk_user_data, which becomes NULL.
 */
#include <linux/file.h>
#include <linux/in6.h>
#include <linux/socket.h>
#include <linux/uio.h>
#include <net/tcp.h>
#include "probe.h"

static void ssa_probe_event(struct sock *sk)
{
	struct ssa_probe *p;

	read_lock_bh(&sk->sk_callback_lock);
	p = sk->sk_user_data;
	if (p)
		atomic_inc(&p->events);
	read_unlock_bh(&sk->sk_callback_lock);
}

static int ssa_probe_take(struct ssa_probe *p, int fd)
{
	struct socket *sock;
	struct sock *sk;
	int err;

	if (p->sock)
		return -EBUSY;
	sock = sockfd_lookup(fd, &err);
	if (!sock)
		return err;
	sk = sock->sk;
	if (sk->sk_protocol != IPPROTO_TCP) {
		sockfd_put(sock);
		return -EPROTONOSUPPORT;
	}
	write_lock_bh(&sk->sk_callback_lock);
	sk->sk_user_data = p;
	p->data_ready = sk->sk_data_ready;
	p->state_change = sk->sk_state_change;
	p->write_space = sk->sk_write_space;
	sk->sk_data_ready = ssa_probe_event;
	sk->sk_state_change = ssa_probe_event;
	sk->sk_write_space = ssa_probe_event;
	write_unlock_bh(&sk->sk_callback_lock);
	p->sock = sock;
	return 0;
}

/**
 * ssa_probe_give - give the socket back
 * @p: the file; nothing happens if it has none
 *
 * Context: process, may sleep; ssa_probe.lock held, or nobody else uses the file.
 */
void ssa_probe_give(struct ssa_probe *p)
{
	struct sock *sk;

	if (!p->sock)
		return;
	sk = p->sock->sk;
	write_lock_bh(&sk->sk_callback_lock);
	sk->sk_user_data = NULL;
	sk->sk_data_ready = p->data_ready;
	sk->sk_state_change = p->state_change;
	sk->sk_write_space = p->write_space;
	write_unlock_bh(&sk->sk_callback_lock);
	sockfd_put(p->sock);
	p->sock = NULL;
}

static int ssa_probe_discard(read_descriptor_t *desc, struct sk_buff *skb, unsigned int offset,
			     size_t len)
{
	return len;
}

static int ssa_probe_read(struct sock *sk)
{
	read_descriptor_t desc = { .count = 1 };
	int n;

	lock_sock(sk);
	n = sk->sk_state == TCP_LISTEN ? -ENOTCONN : tcp_read_sock(sk, &desc, ssa_probe_discard);
	release_sock(sk);
	return n;
}

/**
 * ssa_probe_socket - what SSA_PROBE_TAKE and those behind it do
 * @p: the file
 * @cmd: which
 * @arg: its argument
 *
 * Context: process, may sleep; ssa_probe.lock held.
 * Return: see probe.h; -ENOTSOCK: none was taken over; -ENOTTY.
 */
long ssa_probe_socket(struct ssa_probe *p, unsigned int cmd, unsigned long arg)
{
	struct msghdr msg = { .msg_flags = MSG_DONTWAIT | MSG_NOSIGNAL };
	/* As much room as iSCSI has */
	struct sockaddr_in6 name;
	struct socket *sock = p->sock, *child;
	char byte = 'k';
	struct kvec iov = { .iov_base = &byte, .iov_len = 1 };
	int err;

	if (cmd == SSA_PROBE_TAKE)
		return ssa_probe_take(p, arg);
	if (!sock)
		return -ENOTSOCK;
	switch (cmd) {
	case SSA_PROBE_GIVE:
		ssa_probe_give(p);
		return 0;
	case SSA_PROBE_SEND:
		return kernel_sendmsg(sock, &msg, &iov, 1, 1);
	case SSA_PROBE_SEND_OPS:
		iov_iter_kvec(&msg.msg_iter, ITER_SOURCE, &iov, 1, 1);
		return sock->ops->sendmsg(sock, &msg, 1);
	case SSA_PROBE_RECV:
		return kernel_recvmsg(sock, &msg, &iov, 1, 1, MSG_DONTWAIT);
	case SSA_PROBE_READ:
		return ssa_probe_read(sock->sk);
	case SSA_PROBE_NAME:
		return kernel_getpeername(sock, (struct sockaddr *)&name);
	case SSA_PROBE_ACCEPT:
		err = kernel_accept(sock, &child, O_NONBLOCK);
		if (!err)
			sock_release(child);
		return err;
	case SSA_PROBE_SHUTDOWN:
		return kernel_sock_shutdown(sock, SHUT_RDWR);
	case SSA_PROBE_EVENTS:
		return atomic_read(&p->events);
	}
	return -ENOTTY;
}
