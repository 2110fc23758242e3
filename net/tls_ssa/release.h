/* SPDX-License-Identifier: GPL-2.0 */
/*
 * close()
 */
#ifndef _TLS_SSA_RELEASE_H
#define _TLS_SSA_RELEASE_H

struct socket;

int ssa_release(struct socket *sock);

#endif /* _TLS_SSA_RELEASE_H */
