/* SPDX-License-Identifier: GPL-2.0 */
/*
 * /dev/tls_ssa_probe, for the selftests. Each open file has one page, to be mapped, and
 * one socket that it may take over.
 */
#ifndef _TLS_SSA_PROBE_H
#define _TLS_SSA_PROBE_H

#include <linux/ioctl.h>

/* A page that is not there makes who reads it wait until SSA_PROBE_LET. */
#define SSA_PROBE_HOLD		_IO('S', 1)
#define SSA_PROBE_LET		_IO('S', 2)
#define SSA_PROBE_WAITING	_IO('S', 3)	/* returns how many wait */

/* Takes the socket over as iSCSI does: the argument is its descriptor. */
#define SSA_PROBE_TAKE		_IO('S', 4)
#define SSA_PROBE_GIVE		_IO('S', 5)
/* Of the socket that was taken over; they return what the call in the kernel does. */
#define SSA_PROBE_SEND		_IO('S', 6)	/* kernel_sendmsg() of one byte */
#define SSA_PROBE_SEND_OPS	_IO('S', 7)	/* the same by sock->ops->sendmsg() */
#define SSA_PROBE_RECV		_IO('S', 8)	/* kernel_recvmsg() of one byte */
#define SSA_PROBE_READ		_IO('S', 9)	/* tcp_read_sock(): how many bytes there were */
#define SSA_PROBE_NAME		_IO('S', 10)	/* kernel_getpeername() */
#define SSA_PROBE_ACCEPT	_IO('S', 11)	/* kernel_accept(), closed at once */
#define SSA_PROBE_SHUTDOWN	_IO('S', 12)	/* kernel_sock_shutdown() of both sides */
#define SSA_PROBE_EVENTS	_IO('S', 13)	/* how often TCP has called back */

#ifdef __KERNEL__

#include <linux/atomic.h>
#include <linux/mutex.h>
#include <linux/net.h>
#include <linux/wait.h>
#include <net/sock.h>

/**
 * struct ssa_probe - an open file
 * @page: of it
 * @held: who reads @page waits
 * @waiting: how many do
 * @wait: where
 * @lock: guards the rest
 * @sock: that was taken over, or NULL
 * @data_ready: callbacks as they were found
 * @state_change: the same
 * @write_space: the same
 * @events: calls of ours
 */
struct ssa_probe {
	struct page		*page;
	bool			held;
	atomic_t		waiting;
	wait_queue_head_t	wait;

	struct mutex		lock;	/* see above */
	struct socket		*sock;
	void			(*data_ready)(struct sock *sk);
	void			(*state_change)(struct sock *sk);
	void			(*write_space)(struct sock *sk);
	atomic_t		events;
};

/* page.c */
struct vm_area_struct;
int ssa_probe_page_init(struct ssa_probe *p);
void ssa_probe_page_exit(struct ssa_probe *p);
void ssa_probe_hold(struct ssa_probe *p, bool hold);
int ssa_probe_map(struct ssa_probe *p, struct vm_area_struct *vma);

/* takeover.c */
long ssa_probe_socket(struct ssa_probe *p, unsigned int cmd, unsigned long arg);
void ssa_probe_give(struct ssa_probe *p);

#endif /* __KERNEL__ */
#endif /* _TLS_SSA_PROBE_H */
