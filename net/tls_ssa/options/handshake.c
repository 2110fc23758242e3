// SPDX-License-Identifier: GPL-2.0
/*
 * TLS_HANDSHAKE: begin the handshake on a TCP socket that was upgraded.
 */
#include <linux/errno.h>
#include "../handshake/upgrade.h"
#include "../sock.h"
#include "sockopt.h"

/**
 * ssa_set_handshake - TLS_HANDSHAKE: begin it, in this role
 * @s: the socket
 * @v: TLS_HANDSHAKE_CLIENT or TLS_HANDSHAKE_SERVER
 *
 * Context: process, may sleep; takes lock_sock().
 * Return: 0: it goes on by itself; -EOPNOTSUPP: not an upgraded socket; -EINVAL; or as
 * ssa_upgrade().
 */
int ssa_set_handshake(struct ssa_sock *s, struct ssa_value *v)
{
	int role = *(const int *)v->data;

	if (!s->below)
		return -EOPNOTSUPP;
	if (role != TLS_HANDSHAKE_CLIENT && role != TLS_HANDSHAKE_SERVER)
		return -EINVAL;
	return ssa_upgrade(s, role == TLS_HANDSHAKE_SERVER);
}
