/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Operations that wait for the handshake.
 */
#ifndef _TLS_SSA_GATE_H
#define _TLS_SSA_GATE_H

#include <linux/types.h>

struct file;
struct msghdr;
struct pipe_inode_info;
struct poll_table_struct;
struct sock;
struct socket;

int ssa_sendmsg(struct socket *sock, struct msghdr *m, size_t len);
int ssa_recvmsg(struct socket *sock, struct msghdr *m, size_t len, int flags);
ssize_t ssa_splice_read(struct socket *sock, loff_t *ppos, struct pipe_inode_info *pipe,
			size_t len, unsigned int flags);
__poll_t ssa_poll(struct file *file, struct socket *sock, struct poll_table_struct *wait);
int ssa_shutdown(struct socket *sock, int how);
int ssa_set_rcvlowat(struct sock *sk, int val);

#endif /* _TLS_SSA_GATE_H */
