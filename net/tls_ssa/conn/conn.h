/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An established connection: its operations, and what its work item does.
 */
#ifndef _TLS_SSA_CONN_H
#define _TLS_SSA_CONN_H

#include <linux/types.h>

struct file;
struct msghdr;
struct pipe_inode_info;
struct poll_table_struct;
struct socket;
struct ssa_sock;

/* recv.c */
int ssa_krecvmsg(struct socket *sock, struct msghdr *m, size_t len, int flags);
ssize_t ssa_ksplice_read(struct socket *sock, loff_t *ppos, struct pipe_inode_info *pipe,
			 size_t len, unsigned int flags);

/* send.c */
int ssa_ksendmsg(struct socket *sock, struct msghdr *m, size_t len);

/* poll.c */
__poll_t ssa_kpoll(struct file *file, struct socket *sock, struct poll_table_struct *wait);
int ssa_kshutdown(struct socket *sock, int how);

/* ioctl.c */
int ssa_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg);
int ssa_kioctl(struct socket *sock, unsigned int cmd, unsigned long arg);

/* comply.c */
bool ssa_complies(struct ssa_sock *s);

#endif /* _TLS_SSA_CONN_H */
