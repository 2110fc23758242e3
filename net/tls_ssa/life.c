// SPDX-License-Identifier: GPL-2.0
/*
 * How a socket of ours comes into being, and how it goes.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <net/tcp.h>
#include "callbacks.h"
#include "life.h"
#include "pernet.h"
#include "settings.h"
#include "share.h"
#include "sock.h"
#include "step.h"
#include "table.h"

/**
 * ssa_alloc - state for one socket
 * @sk: the socket
 * @share: that of its listener; or NULL: that of the calling process
 *
 * Context: process, may sleep.
 * Return: with one reference, meant for the socket; NULL without memory.
 */
struct ssa_sock *ssa_alloc(struct sock *sk, struct ssa_share *share)
{
	struct ssa_sock *s = kzalloc(sizeof(*s), GFP_KERNEL_ACCOUNT);

	/* An idle connection has this much of ours, and its name. */
	if (!IS_ENABLED(CONFIG_DEBUG_LOCK_ALLOC) && !IS_ENABLED(CONFIG_DEBUG_SPINLOCK) &&
	    !IS_ENABLED(CONFIG_DEBUG_MUTEXES) && !IS_ENABLED(CONFIG_DEBUG_RWSEMS))
		BUILD_BUG_ON(sizeof(struct ssa_sock) > 512);
	if (!s)
		return NULL;
	s->share = share ? ssa_share_get(share) : ssa_share_current(sock_net(sk));
	if (!s->share) {
		kfree(s);
		return NULL;
	}
	kref_init(&s->ref);
	s->sk = sk;
	s->alert = SSA_ALERT_NONE;
	ssa_step_prepare(s);
	spin_lock_init(&s->lock);
	mutex_init(&s->rx_mutex);
	init_rwsem(&s->tx_sem);
	mutex_init(&s->pieces_mutex);
	ssa_table_insert(s);
	atomic_inc(&ssa_pernet(sock_net(sk))->sockets);
	return s;
}

/**
 * ssa_holder_new - a private struct socket
 * @sk: the TCP socket that is going to hang on it, or like that one
 * @uid: whom ss and /proc/net/tcp show, and routing by user takes, for as long as it does
 * @holder: result
 *
 * Without @uid that would be who runs this: root, in a work item.
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno.
 */
int ssa_holder_new(const struct sock *sk, kuid_t uid, struct socket **holder)
{
	int err = sock_create_lite(sk->sk_family, SOCK_STREAM, IPPROTO_TCP, holder);

	if (!err)
		SOCK_INODE(*holder)->i_uid = uid;
	return err;
}

/**
 * ssa_mark_socket - what the socket layer has to know of a TLS socket
 * @sock: the application's struct socket
 *
 * Options of SOL_SOCKET come to us, too; and there is no MSG_ZEROCOPY.
 *
 * Context: any.
 */
void ssa_mark_socket(struct socket *sock)
{
	set_bit(SOCK_CUSTOM_SOCKOPT, &sock->flags);
	clear_bit(SOCK_SUPPORT_ZC, &sock->flags);
}

/**
 * ssa_gone - the socket is about to go, and with it its network namespace
 * @s: the socket; once
 *
 * Context: process.
 */
void ssa_gone(struct ssa_sock *s)
{
	ssa_step_leave(s);
	ssa_table_remove(s);
	ssa_share_put(s->share);
	s->share = NULL;
	atomic_dec(&ssa_pernet(sock_net(s->sk))->sockets);
	s->sk = NULL;
}

/*
 * A socket may die before any of its operations is called: a BPF program can
 * refuse it after ssa_init_sock(). Until it connects, listens or is closed,
 * this takes care of that.
 */
static void ssa_destruct(struct sock *sk)
{
	struct ssa_sock *s = ssa_of(sk);

	ssa_family(sk)->destruct(sk);
	if (s) {
		ssa_gone(s);
		ssa_put(s);
		module_put(THIS_MODULE);
	}
}

/**
 * ssa_disarm_destruct - from here on ssa_release() takes care
 * @sk: a socket made by socket()
 *
 * A child must not inherit our destructor: it may outlive the module.
 *
 * Context: lock_sock(), or the socket is being closed.
 */
void ssa_disarm_destruct(struct sock *sk)
{
	if (sk->sk_destruct == ssa_destruct)
		sk->sk_destruct = ssa_family(sk)->destruct;
}

/**
 * ssa_init_sock - proto.init: the socket is one of ours
 * @sk: the socket
 *
 * From here on TCP's struct proto is in force. sk_prot_creator too: else it would pin the
 * module until TIME_WAIT has ended. The reference that sk_alloc() took is given up in
 * ssa_release().
 *
 * Context: process, may sleep.
 * Return: 0; -EACCES: the policy does not allow it; or a negative errno.
 */
int ssa_init_sock(struct sock *sk)
{
	struct ssa_family *family = ssa_family(sk);
	struct ssa_sock *s;
	int err;

	sk->sk_protocol = IPPROTO_TCP;
	WRITE_ONCE(sk->sk_prot, family->tcp);
	sk->sk_prot_creator = family->tcp;
	err = family->tcp->init(sk);
	if (err)
		goto err_module;
	err = -ENOMEM;
	s = ssa_alloc(sk, NULL);
	if (!s)
		goto err_module;
	s->setup = ssa_setup_new(sk);
	if (IS_ERR(s->setup)) {
		err = PTR_ERR(s->setup);
		s->setup = NULL;
		goto err_free;
	}
	s->prot_ref = true;
	ssa_mark_socket(sk->sk_socket);
	ssa_set_callbacks(sk, s);
	sk->sk_destruct = ssa_destruct;
	return 0;

err_free:
	ssa_gone(s);
	ssa_put(s);
err_module:
	module_put(THIS_MODULE);
	return err;
}
