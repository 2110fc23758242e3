// SPDX-License-Identifier: GPL-2.0
/*
 * close(): how a socket of ours ends, whatever its state.
 */
#include <linux/module.h>
#include <net/tcp.h>
#include "callbacks.h"
#include "conn/control.h"
#include "conn/end.h"
#include "conn/guard.h"
#include "conn/held.h"
#include "conn/ktls.h"
#include "handshake/linger.h"
#include "handshake/listener.h"
#include "handshake/task.h"
#include "life.h"
#include "options/sockopt.h"
#include "release.h"
#include "sock.h"
#include "step.h"
#include "tcp.h"

/*
 * Is the end of the connection no orderly one? A program asks for a RST by a time to
 * linger of 0; and one that a signal has killed has not said what it had to say, which
 * the peer would take a close_notify for: no library could send one. The exit code
 * is the same for all threads of a program, and has the signal in it.
 */
static bool ssa_is_abort(const struct sock *sk)
{
	if (sock_flag(sk, SOCK_LINGER) && !sk->sk_lingertime)
		return true;
	return current->flags & PF_EXITING && current->exit_code & 0x7f;
}

/* The end of an established connection. True: the peer may not have read our alert. */
static bool ssa_release_done(struct socket *sock)
{
	struct ssa_sock *s = ssa_of(sock->sk);

	if (sock_flag(sock->sk, SOCK_LINGER) && !sock->sk->sk_lingertime)
		return false;
	/*
	 * A control record that nobody has read would make TCP answer close()
	 * with a RST, and the peer could lose what we have sent.
	 */
	while (ssa_rx_control(sock, false) == SSA_RX_AGAIN)
		;
	if (ssa_is_abort(sock->sk))
		ssa_conn_abandon(sock);
	else
		ssa_conn_close(sock);
	if (!s->err || ssa_reason_desc(s->reason)->alert == SSA_ALERT_NONE)
		return false;
	ssa_ktls_stop(sock->sk);
	ssa_drain(sock->sk);
	return true;
}

/**
 * ssa_release - proto_ops.release, before and after kTLS
 * @sock: the struct socket that is being closed
 *
 * Context: process, may sleep.
 * Return: 0.
 */
int ssa_release(struct socket *sock)
{
	struct sock *sk = sock->sk;
	struct ssa_sock *s;
	bool linger = false;

	if (!sk)
		return 0;	/* accept() failed */
	s = ssa_of(sk);
	spin_lock(&s->lock);
	s->closing = true;
	spin_unlock(&s->lock);
	ssa_disarm_destruct(sk);
	ssa_held_stop(s);
	ssa_quiesce(s);
	/* Not earlier: the work item may just have completed the handshake. */
	if (ssa_state(s) == SSA_S_DONE)
		linger = ssa_release_done(sock);
	ssa_detach(s);
	ssa_listener_close(s);
	if (s->state == SSA_S_HANDSHAKE && !ssa_is_abort(sk))
		ssa_task_cancel(s);
	ssa_task_free(s);
	if ((s->state == SSA_S_FAILED && !s->retry) ||
	    (s->state == SSA_S_HANDSHAKE && !ssa_is_abort(sk)))
		linger = true;
	ssa_set_state(s, SSA_S_FAILED);
	ssa_ulp_end(s);
	ssa_context_release(s);
	ssa_gone(s);
	if (!linger || !ssa_linger_user(sock))
		ssa_family(sk)->base->release(sock);
	if (s->stage) {
		s->stage->sk = NULL;
		s->stage->ops = NULL;
		sock_release(s->stage);
	}
	if (s->prot_ref)
		module_put(THIS_MODULE);	/* sock->ops has its own reference */
	ssa_put(s);
	return 0;
}
