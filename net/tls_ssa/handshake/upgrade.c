// SPDX-License-Identifier: GPL-2.0
/*
 * TCP_ULP "tls_ssa": a connected TCP socket becomes a TLS socket in place, after
 * the application has talked plaintext over it (STARTTLS). Options follow, and
 * TLS_HANDSHAKE begins the handshake in one of the two roles; from there on it is
 * a socket like any other of ours.
 *
 * Unlike those, its struct socket had TCP's operations before, and other threads may
 * be inside them when they are exchanged. Nothing of ours depends on their absence:
 *
 *  - One that sleeps in TCP, because it waits for data or for room, would take bytes
 *    of the handshake, or put plaintext between its records: then the upgrade is
 *    refused, and so is TLS_HANDSHAKE, for who fell asleep in between (EBUSY).
 *  - One that has looked the operations up and not yet arrived in TCP goes through
 *    sk_prot. For as long as we are in charge that is a copy which refuses what would
 *    do harm: sending, disconnecting, and the options that are not for TLS sockets.
 *    Above all kTLS's own, which would exchange the operations of the application's
 *    struct socket without our knowing.
 *  - One that is past sk_prot, and waits for lock_sock(), or for a page of its memory
 *    for as long as it likes, finishes one operation of TCP's. recv() or splice() may so
 *    take what belongs to the handshake, which fails then, or to kTLS, which knows of
 *    data that disappears; a send() makes the peer fail. What looks at the socket again
 *    once it has the lock finds the copy, or kTLS: IPV6_ADDRFORM does not like either,
 *    connect(AF_UNSPEC) is refused, and TCP_ULP finds that there is one. TCP's own
 *    struct proto is in force while kTLS is attached only, all of it under one lock
 *    (ktls.c), and again when nobody but close() can come.
 *  - poll() and epoll wait on the same queue head as before, and ask again when they
 *    are woken.
 *
 * What the application did itself is its own affair; that memory stays in order is
 * ours.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait.h>
#include <net/tcp.h>
#include <net/tls_prot.h>
#include "../callbacks.h"
#include "../conn/guard.h"
#include "../life.h"
#include "../settings.h"
#include "../sock.h"
#include "../sock_settings.h"
#include "../step.h"
#include "../table.h"
#include "task.h"
#include "upgrade.h"

/* The socket's threads that sleep inside TCP's operations: they all use this. */
static bool ssa_threads_inside(struct sock *sk)
{
	wait_queue_head_t *head = sk_sleep(sk);
	struct wait_queue_entry *entry;
	unsigned long flags;
	bool inside = false;

	spin_lock_irqsave(&head->lock, flags);
	list_for_each_entry(entry, &head->head, entry) {
		if (entry->func == woken_wake_function)
			inside = true;
	}
	spin_unlock_irqrestore(&head->lock, flags);
	return inside;
}

/* lock_sock() held. Is it a TCP socket to which nobody has done anything special? */
static int ssa_ulp_check(struct sock *sk)
{
	const struct ssa_family *family = ssa_family(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct socket *sock = sk->sk_socket;

	if (sk->sk_state != TCP_ESTABLISHED || sk->sk_shutdown)
		return -ENOTCONN;
	if (!sock || sock->ops != family->base || sk->sk_prot != family->tcp ||
	    !ssa_callbacks_are_tcp(sk))
		return -EOPNOTSUPP;
	/* With a low-water mark TCP would not tell us of the records of the handshake. */
	if (tp->repair || tp->fastopen_req || sk->sk_rcvlowat > 1)
		return -EOPNOTSUPP;
	/* What ours refuse to be told: see tcp_options.c */
	if (tp->recvmsg_inq || sock_flag(sk, SOCK_ZEROCOPY) || sock_flag(sk, SOCK_RCVTSTAMP))
		return -EOPNOTSUPP;
	return ssa_threads_inside(sk) ? -EBUSY : 0;
}

/* tcp_ulp_ops.init; lock_sock() held, in the system call. */
static int ssa_ulp_init(struct sock *sk)
{
	struct ssa_family *family = ssa_family(sk);
	struct socket *sock = sk->sk_socket;
	struct ssa_sock *s;
	int err;

	err = ssa_ulp_check(sk);
	if (err)
		return err;
	s = ssa_alloc(sk, NULL);
	if (!s)
		return -ENOMEM;
	s->setup = ssa_setup_new(sk);
	if (IS_ERR(s->setup)) {
		err = PTR_ERR(s->setup);
		s->setup = NULL;
		goto err_free;
	}
	s->below = family->tcp;
	s->reported = true;	/* connect() has nothing to tell */

	write_lock_bh(&sk->sk_callback_lock);
	if (sk->sk_user_data) {		/* a sockmap, KCM, SunRPC, … */
		write_unlock_bh(&sk->sk_callback_lock);
		err = -EBUSY;
		goto err_free;
	}
	ssa_set_callbacks(sk, s);
	WRITE_ONCE(sk->sk_prot, &family->guard);
	/* __sock_release() gives up the reference of the operations that it finds. */
	__module_get(family->ops.owner);
	/* What they rely on is in place: pairs with ssa_enter(). */
	smp_store_release(&sock->ops, &family->ops);
	ssa_mark_socket(sock);
	write_unlock_bh(&sk->sk_callback_lock);
	module_put(family->base->owner);
	return 0;

err_free:
	ssa_gone(s);
	ssa_put(s);
	return err;
}

struct ssa_unread {
	bool	any;
	u8	first;
};

/* Looks at the first byte and takes nothing. */
static int ssa_look(read_descriptor_t *desc, struct sk_buff *skb, unsigned int offset,
		    size_t len)
{
	struct ssa_unread *unread = desc->arg.data;

	unread->any = true;
	if (skb_copy_bits(skb, offset, &unread->first, sizeof(unread->first)))
		unread->first = 0;
	return 0;
}

/*
 * lock_sock() held. What is there before the handshake was not protected by it: who
 * put it there may not be who answers it. A client reads such bytes as if they had
 * come through TLS (RFC 3207 6, RFC 8314 7.2); on the server's side the ClientHello
 * can be there already, and nothing else.
 */
static bool ssa_plaintext(struct sock *sk, bool server)
{
	struct ssa_unread unread = {};
	read_descriptor_t desc = { .arg.data = &unread, .count = 1 };

	/* Urgent data hides what is behind it; TLS has no use for it. */
	if (tcp_sk(sk)->urg_data)
		return true;
	tcp_read_sock(sk, &desc, ssa_look);
	return unread.any && !(server && unread.first == TLS_RECORD_TYPE_HANDSHAKE);
}

/* What has to be set before the handshake, and is not; SSA_R_NONE: nothing */
static enum ssa_reason ssa_upgrade_lacks(const struct ssa_setup *setup, bool server, bool store)
{
	if (server && !ssa_setup_can_serve(setup))
		return SSA_R_NO_CREDENTIAL;
	if (server && !ssa_setup_trusts(setup))
		return SSA_R_NO_TRUST_STORE;
	if (!server && !setup->name)
		return SSA_R_NO_HOST_NAME;
	if (!server && setup->policy->require_host_name && ssa_name_is_address(setup->name))
		return SSA_R_POLICY_HOST_NAME;
	if (!server && !ssa_setup_has_anchors(setup, store))
		return SSA_R_NO_TRUST_STORE;
	return SSA_R_NONE;
}

/* lock_sock() held. *@store is NULL afterwards if it was consumed. */
static int ssa_upgrade_start(struct ssa_sock *s, bool server, struct ssa_trust_store **store)
{
	struct sock *sk = s->sk;
	enum ssa_reason reason;
	char *name = NULL;

	if (s->state != SSA_S_IDLE)
		return -EOPNOTSUPP;
	if (sk->sk_state != TCP_ESTABLISHED || sk->sk_shutdown)
		return sock_error(sk) ?: -ENOTCONN;
	if (ssa_arm(s))
		return -EBUSY;
	reason = ssa_upgrade_lacks(s->setup, server, *store);
	if (reason == SSA_R_POLICY_HOST_NAME)
		ssa_audit_refused(sk, s->setup->policy, reason);
	if (reason)
		return ssa_refuse(s, reason);
	if (ssa_threads_inside(sk))
		return -EBUSY;
	if (ssa_plaintext(sk, server))
		return ssa_refuse(s, SSA_R_PLAINTEXT);
	if (!server) {
		name = kstrdup(s->setup->name, GFP_KERNEL_ACCOUNT);
		if (!name)
			return -ENOMEM;
	}
	if (!ssa_task_new(s)) {
		kfree(name);
		return -ENOMEM;
	}
	s->task->setup = ssa_setup_get(s->setup);
	s->task->store = *store;
	*store = NULL;
	s->server = server;
	s->name = name;
	s->reason = SSA_R_NONE;
	s->err = 0;
	ssa_live_add(s);
	ssa_task_begin(s);
	ssa_kick(s);
	return 0;
}

/**
 * ssa_upgrade - begin the handshake of an upgraded socket
 * @s: the socket
 * @server: our role
 *
 * Context: process, may sleep; takes lock_sock().
 * Return: 0: it goes on by itself; -EOPNOTSUPP: it has begun already; -ENOTCONN: TCP's
 * connection has ended; -EBADFD, -ENOKEY, -EDESTADDRREQ: something has to be set before;
 * -EPROTO: there is unread plaintext; -EBUSY: another thread is still in TCP's
 * operations; -EACCES: see ssa_setup_follow(); -ENOMEM.
 */
int ssa_upgrade(struct ssa_sock *s, bool server)
{
	struct ssa_trust_store *store = NULL;
	int err;

	err = ssa_setup_follow(s);
	if (err)
		return err;
	if (!server)
		store = ssa_setup_store(s);	/* reads a file: not under the lock */
	lock_sock(s->sk);
	err = ssa_upgrade_start(s, server, &store);
	release_sock(s->sk);
	ssa_trust_store_put(store);
	return err;
}

/**
 * ssa_upgrade_step - the work item of a socket that has not begun
 * @s: the socket
 *
 * Of an upgraded one: poll() waits, or who had entered TCP before.
 *
 * Context: the work item.
 */
void ssa_upgrade_step(struct ssa_sock *s)
{
	if (s->below)
		ssa_wake(s->sk);
}

/**
 * ssa_ulp_register - sockets can be upgraded from now on
 *
 * Context: module load; all else is there.
 * Return: 0 or a negative errno.
 */
int __init ssa_ulp_register(void)
{
	ssa_ulp_ops.init = ssa_ulp_init;
	return tcp_register_ulp(&ssa_ulp_ops);
}

/**
 * ssa_ulp_unregister - and no more
 *
 * Context: module unload.
 */
void ssa_ulp_unregister(void)
{
	tcp_unregister_ulp(&ssa_ulp_ops);
}

MODULE_ALIAS_TCP_ULP("tls_ssa");
