// SPDX-License-Identifier: GPL-2.0
/*
 * The two tables of operations: of a TLS socket until kTLS has the keys, and of an established
 * connection, over kTLS's own.
 */
#include <linux/module.h>
#include <net/sock.h>
#include "conn/conn.h"
#include "conn/held.h"
#include "handshake/address.h"
#include "handshake/connect.h"
#include "handshake/gate.h"
#include "handshake/listener.h"
#include "ops.h"
#include "options/sockopt.h"
#include "release.h"

/**
 * ssa_fill_ops - put our operations over TCP's
 * @ops: copy of TCP's
 *
 * Context: module load.
 */
void __init ssa_fill_ops(struct proto_ops *ops)
{
	ops->owner	= THIS_MODULE;
	ops->bind	= ssa_bind;
	ops->connect	= ssa_connect;
	ops->getname	= ssa_getname;
	ops->accept	= ssa_accept;
	ops->listen	= ssa_listen;
	ops->poll	= ssa_poll;
	ops->shutdown	= ssa_shutdown;
	ops->setsockopt	= ssa_setsockopt;
	ops->getsockopt	= ssa_getsockopt;
	ops->sendmsg	= ssa_sendmsg;
	ops->recvmsg	= ssa_recvmsg;
	ops->splice_read = ssa_splice_read;
	ops->ioctl	= ssa_ioctl;
	ops->release	= ssa_release;
	ops->set_rcvlowat = ssa_set_rcvlowat;
	/* Nothing may reach TCP's stream around them. */
	ops->splice_eof	= NULL;
	ops->mmap	= sock_no_mmap;
	ops->read_sock	= NULL;
	ops->read_skb	= NULL;
	ops->sendmsg_locked = NULL;
	ops->peek_len	= NULL;
	ops->set_peek_off = NULL;
}

/**
 * ssa_fill_kops - put our operations over kTLS's
 * @ops: copy of kTLS's
 *
 * Context: process.
 */
void ssa_fill_kops(struct proto_ops *ops)
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
