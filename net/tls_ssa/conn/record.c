// SPDX-License-Identifier: GPL-2.0
/*
 * A record of our own, other than application data.
 */
#include <linux/uio.h>
#include <linux/wait_bit.h>
#include <net/tls.h>
#include <net/tls_prot.h>
#include "../sock.h"
#include "ktls_ops.h"
#include "record.h"

/**
 * ssa_send_record - send a record of our own
 * @sock: established connection
 * @type: of the record
 * @data: what goes inside
 * @len: bytes, at most 16384
 *
 * Context: process, may sleep, but not for the peer; tx_sem held, or it does not matter
 * which key is used.
 * Return: @len or a negative errno; -EAGAIN: no room.
 */
int ssa_send_record(struct socket *sock, u8 type, const void *data, size_t len)
{
	char cbuf[CMSG_SPACE(sizeof(u8))] __aligned(sizeof(long)) = {};
	struct cmsghdr *cmsg = (struct cmsghdr *)cbuf;
	struct kvec iov = { .iov_base = (void *)data, .iov_len = len };
	struct msghdr m = {
		.msg_control	= cbuf,
		.msg_controllen	= sizeof(cbuf),
		.msg_flags	= MSG_NOSIGNAL | MSG_DONTWAIT,
	};

	cmsg->cmsg_level = SOL_TLS;
	cmsg->cmsg_type = TLS_SET_RECORD_TYPE;
	cmsg->cmsg_len = CMSG_LEN(sizeof(u8));
	*(u8 *)CMSG_DATA(cmsg) = type;
	iov_iter_kvec(&m.msg_iter, ITER_SOURCE, &iov, 1, len);
	return ssa_ktls_ops(sock)->sendmsg(sock, &m, len);
}

/**
 * ssa_tx_wake - who waits until what is due can be sent tries again
 * @s: the socket; tx_sem has just been given up
 *
 * Context: any.
 */
void ssa_tx_wake(struct ssa_sock *s)
{
	smp_mb();	/* tx_sem before the look at who waits */
	wake_up_var(&s->due);
}
