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
#include "mib.h"
#include "setup.h"
#include "options/sockopt.h"
#include "task.h"

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
	/* What ours refuse to be told: see sockopt.c */
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

/*
 * tcp_ulp_ops.clone: TCP has copied a listener for a connection. It must not keep what it
 * has inherited of us: net.ipv4.tcp_migrate_req, or a BPF program, may give it to a
 * listener of others, and it may outlive the module. Softirq; nobody knows it yet.
 */
static void ssa_ulp_clone(const struct request_sock *req, struct sock *child,
			  const gfp_t priority)
{
	inet_csk(child)->icsk_ulp_ops = NULL;
	ssa_restore_callbacks(child);
}

static struct tcp_ulp_ops ssa_ulp_ops = {
	.name	= "tls_ssa",
	.owner	= THIS_MODULE,
	.init	= ssa_ulp_init,
	.clone	= ssa_ulp_clone,
};

/**
 * ssa_ulp_listen - let TCP tell us of a listener's children, before anybody knows them
 * @sk: it is going to listen; once more does no harm
 *
 * TCP takes the upper layer protocol off when the listener is closed. It must not be
 * taken off earlier: while a child is copied, callbacks and this go together.
 *
 * Context: lock_sock() held.
 */
void ssa_ulp_listen(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (icsk->icsk_ulp_ops)
		return;
	__module_get(THIS_MODULE);
	icsk->icsk_ulp_ops = &ssa_ulp_ops;
}

/**
 * ssa_ulp_leave - our upper layer protocol is off the socket
 * @sk: the socket; nothing happens unless it has it
 *
 * Context: lock_sock() held.
 */
void ssa_ulp_leave(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (icsk->icsk_ulp_ops != &ssa_ulp_ops)
		return;
	icsk->icsk_ulp_ops = NULL;
	module_put(THIS_MODULE);	/* the socket's operations have their own */
}

/**
 * ssa_ulp_intact - has TCP what we have given it?
 * @s: the socket; kTLS is not attached to it
 *
 * Context: lock_sock() held.
 * Return: false if somebody has exchanged the struct proto, or the upper layer protocol.
 */
bool ssa_ulp_intact(const struct ssa_sock *s)
{
	const struct sock *sk = s->sk;
	const struct ssa_family *family = ssa_family(sk);

	return sk->sk_prot == (s->below ? &family->guard : family->tcp) &&
	       inet_csk(sk)->icsk_ulp_ops == (s->below ? &ssa_ulp_ops : NULL);
}

/**
 * ssa_ulp_lower - take the guard away
 * @s: the socket; nothing happens unless it was upgraded
 *
 * The struct proto below us is in force again: for kTLS, which expects it, or for
 * close().
 *
 * Context: lock_sock() held, and not given up before ssa_ulp_raise(), unless the socket
 * is being closed.
 */
void ssa_ulp_lower(struct ssa_sock *s)
{
	if (s->below && !s->kops)
		WRITE_ONCE(s->sk->sk_prot, s->below);
}

/**
 * ssa_ulp_raise - put the guard up again, unless kTLS has its keys
 * @s: the socket; nothing happens unless it was upgraded
 *
 * Context: lock_sock() held.
 */
void ssa_ulp_raise(struct ssa_sock *s)
{
	struct sock *sk = s->sk;
	struct proto *guard = &ssa_family(sk)->guard;

	if (!s->below)
		return;
	if (sk->sk_prot != guard)
		s->below = sk->sk_prot;
	if (!s->kops)
		WRITE_ONCE(sk->sk_prot, guard);
}

/**
 * ssa_ulp_end - TCP's close(), or kTLS's, is next
 * @s: the socket, which the application closes; nothing happens unless it was upgraded
 *
 * Context: process; takes lock_sock().
 */
void ssa_ulp_end(struct ssa_sock *s)
{
	struct sock *sk = s->sk;

	if (!s->below)
		return;
	lock_sock(sk);
	ssa_ulp_lower(s);
	ssa_ulp_leave(sk);
	release_sock(sk);
}

/* Our own records do not come this way: ssa_tcp_send(). */
static int ssa_guard_sendmsg(struct sock *sk, struct msghdr *m, size_t len)
{
	return -ENOTCONN;
}

static int ssa_guard_disconnect(struct sock *sk, int flags)
{
	return -EOPNOTSUPP;
}

static int ssa_guard_setsockopt(struct sock *sk, int level, int opt, sockptr_t val,
				unsigned int len)
{
	if (ssa_is_blocked(level, opt))
		return -EOPNOTSUPP;
	return ssa_family(sk)->tcp->setsockopt(sk, level, opt, val, len);
}

static int ssa_guard_getsockopt(struct sock *sk, int level, int opt, char __user *val,
				int __user *len)
{
	if (level == SOL_TCP && opt == TCP_ZEROCOPY_RECEIVE)
		return -EOPNOTSUPP;
	return ssa_family(sk)->tcp->getsockopt(sk, level, opt, val, len);
}

/**
 * ssa_ulp_fill_guard - make the struct proto of upgraded sockets
 * @family: the rest of it is known
 *
 * It is in force from TCP_ULP on until kTLS has its keys, and never outlives our
 * operations.
 *
 * Context: module load.
 */
void __init ssa_ulp_fill_guard(struct ssa_family *family)
{
	family->guard = *family->tcp;
	INIT_LIST_HEAD(&family->guard.node);
	family->guard.sendmsg = ssa_guard_sendmsg;
	family->guard.disconnect = ssa_guard_disconnect;
	family->guard.setsockopt = ssa_guard_setsockopt;
	family->guard.getsockopt = ssa_guard_getsockopt;
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
 * ssa_set_handshake - TLS_HANDSHAKE: begin it, in this role
 * @s: the socket
 * @v: TLS_HANDSHAKE_CLIENT or TLS_HANDSHAKE_SERVER
 *
 * Context: process, may sleep; takes lock_sock().
 * Return: 0: it goes on by itself; -EOPNOTSUPP: not an upgraded socket, or begun
 * already; -EINVAL; -ENOTCONN: TCP's connection has ended; -ENOKEY, -EDESTADDRREQ:
 * something has to be set before; -EPROTO: there is unread plaintext; -EBUSY: another
 * thread is still in TCP's operations; -EACCES: see ssa_setup_follow(); -ENOMEM.
 */
int ssa_set_handshake(struct ssa_sock *s, struct ssa_value *v)
{
	int role = *(const int *)v->data;
	struct ssa_trust_store *store = NULL;
	int err;

	if (!s->below)
		return -EOPNOTSUPP;
	if (role != TLS_HANDSHAKE_CLIENT && role != TLS_HANDSHAKE_SERVER)
		return -EINVAL;
	err = ssa_setup_follow(s);
	if (err)
		return err;
	if (role == TLS_HANDSHAKE_CLIENT)
		store = ssa_setup_store(s);	/* reads a file: not under the lock */
	lock_sock(s->sk);
	err = ssa_upgrade_start(s, role == TLS_HANDSHAKE_SERVER, &store);
	release_sock(s->sk);
	ssa_trust_store_put(store);
	return err;
}

/**
 * ssa_ulp_register - sockets can be upgraded from now on
 *
 * Context: module load; all else is there.
 * Return: 0 or a negative errno.
 */
int __init ssa_ulp_register(void)
{
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
