// SPDX-License-Identifier: GPL-2.0
/*
 * Registration of IPPROTO_TLS, and the life of struct ssa_sock.
 *
 * Below struct proto_ops a TLS socket is a plain TCP socket: it is created
 * through a copy of TCP's struct proto whose only work is to set the socket up
 * and to put TCP's own struct proto in its place.
 */
#define pr_fmt(fmt) "tls_ssa: " fmt

#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/tcp.h>
#include "facts.h"
#include "mib.h"
#include "policy/policy.h"
#include "setup.h"
#include "share.h"
#include "ssa_sock.h"
#include "worker.h"

#define CREATE_TRACE_POINTS
#include <trace/events/tls_ssa.h>

struct workqueue_struct *ssa_wq;

static struct ssa_family ssa_families[2];	/* [0] IPv4, [1] IPv6 */

/* TCP's callbacks, the same for every TCP socket; constant once loaded */
static void (*ssa_tcp_data_ready)(struct sock *sk);
static void (*ssa_tcp_state_change)(struct sock *sk);
static void (*ssa_tcp_write_space)(struct sock *sk);
static void (*ssa_tcp_error_report)(struct sock *sk);

static void ssa_work(struct work_struct *work);

/**
 * ssa_family - what is known of TCP over the socket's address family
 * @sk: a TCP socket
 *
 * Context: any.
 * Return: never NULL.
 */
struct ssa_family *ssa_family(const struct sock *sk)
{
	return &ssa_families[sk->sk_family == AF_INET6];
}

/**
 * ssa_of - our state of a socket
 * @sk: the TCP socket
 *
 * Context: any; the caller is an operation of the socket (which is open, then), or one
 * of our callbacks, with sk_callback_lock.
 * Return: NULL if it has none. For who is called as an operation of ours it has one,
 * also if somebody else in the kernel has put his own into sk_user_data.
 */
struct ssa_sock *ssa_of(const struct sock *sk)
{
	const uintptr_t flags = SK_USER_DATA_NOCOPY | SK_USER_DATA_BPF | SK_USER_DATA_PSOCK;
	uintptr_t data = (uintptr_t)READ_ONCE(sk->sk_user_data);

	if (likely((data & flags) == SK_USER_DATA_NOCOPY))
		return (struct ssa_sock *)(data & SK_USER_DATA_PTRMASK);
	return ssa_table_find(sk);
}

/**
 * ssa_get - take another reference
 * @s: to which the caller has one
 *
 * Context: any.
 */
void ssa_get(struct ssa_sock *s)
{
	kref_get(&s->ref);
}

static void ssa_free(struct kref *ref)
{
	struct ssa_sock *s = container_of(ref, struct ssa_sock, ref);

	if (s->parent)
		ssa_put(s->parent);
	ssa_setup_put(s->setup);
	ssa_draft_free(s->draft);
	ssa_facts_free(s->facts);
	kfree(s->listener);
	kfree(s->name);
	ssa_post_wipe(&s->post);
	mutex_destroy(&s->rx_mutex);
	mutex_destroy(&s->pieces_mutex);
	kfree(s);
}

/**
 * ssa_put - give a reference up
 * @s: it is freed with the last one
 *
 * Context: process.
 */
void ssa_put(struct ssa_sock *s)
{
	kref_put(&s->ref, ssa_free);
}

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
	INIT_WORK(&s->work, ssa_work);
	spin_lock_init(&s->lock);
	INIT_LIST_HEAD(&s->turn);
	mutex_init(&s->rx_mutex);
	init_rwsem(&s->tx_sem);
	mutex_init(&s->pieces_mutex);
	ssa_table_insert(s);
	atomic_inc(&ssa_pernet(sock_net(sk))->sockets);
	return s;
}

/**
 * ssa_kick - let the work item look at the socket, or who runs its step
 * @s: the socket
 *
 * Context: any.
 */
void ssa_kick(struct ssa_sock *s)
{
	enum ssa_state state = ssa_state(s);

	if (state == SSA_S_CONNECTING || state == SSA_S_HANDSHAKE) {
		ssa_step_due(s);
		return;
	}
	ssa_get(s);
	if (!queue_work(ssa_wq, &s->work))
		ssa_put(s);
}

/**
 * ssa_quiesce - neither work item nor step of a socket runs from here on
 * @s: the socket
 *
 * Context: process, sleeps; as disable_work_sync() and ssa_step_stop().
 */
void ssa_quiesce(struct ssa_sock *s)
{
	ssa_step_stop(s);
	if (disable_work_sync(&s->work))
		ssa_put(s);
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
 * ssa_set_state - the only way in which the state changes
 * @s: the socket
 * @state: its new state
 *
 * Keeps the gauge of handshakes in flight.
 *
 * Context: lock_sock(sk) before the work item has anything to do; the work item;
 * the closing of the socket after the work item was stopped.
 */
void ssa_set_state(struct ssa_sock *s, enum ssa_state state)
{
	struct net *net = sock_net(s->sk);
	struct ssa_net *sn = ssa_pernet(net);
	enum ssa_state old = s->state;

	if (old == state)
		return;
	if (state == SSA_S_HANDSHAKE) {
		atomic_inc(&sn->in_flight);
		if (s->parent)
			ssa_share_add(s->share, SSA_SHARE_HANDSHAKES, 1);
		ssa_count(net, s->server ? SSA_MIB_SERVER_STARTED : SSA_MIB_CLIENT_STARTED);
	}
	if (old == SSA_S_HANDSHAKE) {
		atomic_dec(&sn->in_flight);
		if (s->parent)
			ssa_share_add(s->share, SSA_SHARE_HANDSHAKES, -1);
	}
	if (state == SSA_S_DONE) {
		ssa_count(net, s->server ? SSA_MIB_SERVER_DONE : SSA_MIB_CLIENT_DONE);
		ssa_count(net, s->version == SSA_TLS12 ? SSA_MIB_TLS12_DONE : SSA_MIB_TLS13_DONE);
	}
	smp_store_release(&s->state, state);	/* pairs with ssa_state() */
}

/* All of TCP's events, in softirq or under lock_sock() */
static void ssa_callback(struct sock *sk)
{
	struct ssa_sock *s;

	read_lock_bh(&sk->sk_callback_lock);
	s = ssa_of(sk);
	if (s)
		ssa_kick(s);
	read_unlock_bh(&sk->sk_callback_lock);
}

/* What sk_user_data is: a child does not inherit it, nor take a reference. */
static void *ssa_user_data(const struct ssa_sock *s)
{
	return (void *)((uintptr_t)s | SK_USER_DATA_NOCOPY);
}

/**
 * ssa_has_user_data - is the TCP socket's pointer to us in its place?
 * @s: the socket
 *
 * Context: lock_sock() held.
 * Return: false if somebody in the kernel has taken the socket over.
 */
bool ssa_has_user_data(const struct ssa_sock *s)
{
	return READ_ONCE(s->sk->sk_user_data) == ssa_user_data(s);
}

/*
 * lock_sock() or its lock held. TCP's connection is gone. What the connection has failed of
 * before stays: a RST behind the peer's alert does not take its place. And where TCP was
 * first, TLS_ERROR and each reader are to know, however often SO_ERROR was asked.
 */
static void ssa_first_error(struct sock *sk, struct ssa_sock *s)
{
	u16 err = READ_ONCE(s->err);

	if (inet_sk_state_load(sk) != TCP_CLOSE || !READ_ONCE(sk->sk_err))
		return;
	if (err)
		WRITE_ONCE(sk->sk_err, err);
	else if (ssa_state(s) == SSA_S_DONE && !(READ_ONCE(s->rx_eof) && !READ_ONCE(s->rx_err)))
		WRITE_ONCE(s->err, READ_ONCE(sk->sk_err));
}

/* sk_error_report(), as ssa_callback() until the connection stands or has failed. */
static void ssa_error_report(struct sock *sk)
{
	struct ssa_sock *s;
	bool done = true;

	read_lock_bh(&sk->sk_callback_lock);
	s = ssa_of(sk);
	if (s) {
		done = ssa_state(s) >= SSA_S_DONE;
		if (done)
			ssa_first_error(sk, s);
		else
			ssa_kick(s);
	}
	read_unlock_bh(&sk->sk_callback_lock);
	if (done)
		ssa_tcp_error_report(sk);
}

/**
 * ssa_watch_errors - kTLS has the keys: TCP's errors only
 * @sk: the socket; TCP has its own callbacks
 *
 * Context: sk_callback_lock held for writing.
 */
void ssa_watch_errors(struct sock *sk)
{
	sk->sk_error_report = ssa_error_report;
}

/**
 * ssa_set_callbacks - let TCP tell us
 * @sk: the socket
 * @s: our state; the reference goes to the socket
 *
 * Context: sk_callback_lock held for writing, or nobody else knows the socket.
 */
void ssa_set_callbacks(struct sock *sk, struct ssa_sock *s)
{
	WRITE_ONCE(sk->sk_user_data, ssa_user_data(s));
	sk->sk_data_ready = ssa_callback;
	sk->sk_state_change = ssa_callback;
	sk->sk_write_space = ssa_callback;
	sk->sk_error_report = ssa_error_report;
}

/**
 * ssa_arm - let TCP tell us, if it does not
 * @s: the socket, on which something is to begin
 *
 * Who takes a socket over in the kernel, and gives it back, leaves our callbacks behind
 * and NULL for them to find us.
 *
 * Context: process; lock_sock() held.
 * Return: 0; -EBUSY: somebody in the kernel has the socket.
 */
int ssa_arm(struct ssa_sock *s)
{
	struct sock *sk = s->sk;
	int err = 0;

	write_lock_bh(&sk->sk_callback_lock);
	if (!READ_ONCE(sk->sk_user_data))
		ssa_set_callbacks(sk, s);
	else if (!ssa_has_user_data(s))
		err = -EBUSY;
	write_unlock_bh(&sk->sk_callback_lock);
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
 * ssa_restore_callbacks - give TCP its own callbacks back, where we are in the way
 * @sk: the socket
 *
 * Context: sk_callback_lock held for writing.
 */
void ssa_restore_callbacks(struct sock *sk)
{
	if (sk->sk_data_ready == ssa_callback)
		sk->sk_data_ready = ssa_tcp_data_ready;
	if (sk->sk_state_change == ssa_callback)
		sk->sk_state_change = ssa_tcp_state_change;
	if (sk->sk_write_space == ssa_callback)
		sk->sk_write_space = ssa_tcp_write_space;
	if (sk->sk_error_report == ssa_error_report)
		sk->sk_error_report = ssa_tcp_error_report;
}

/**
 * ssa_callbacks_are_tcp - has nobody changed them?
 * @sk: a TCP socket
 *
 * Context: lock_sock() held.
 * Return: true if they are as TCP has set them.
 */
bool ssa_callbacks_are_tcp(const struct sock *sk)
{
	return sk->sk_data_ready == ssa_tcp_data_ready &&
	       sk->sk_state_change == ssa_tcp_state_change &&
	       sk->sk_write_space == ssa_tcp_write_space &&
	       sk->sk_error_report == ssa_tcp_error_report;
}

/**
 * ssa_detach - TCP forgets us
 * @s: the socket; the reference of the socket is the caller's now
 *
 * Context: process; takes sk_callback_lock.
 */
void ssa_detach(struct ssa_sock *s)
{
	struct sock *sk = s->sk;

	write_lock_bh(&sk->sk_callback_lock);
	if (ssa_has_user_data(s))
		WRITE_ONCE(sk->sk_user_data, NULL);
	ssa_restore_callbacks(sk);
	write_unlock_bh(&sk->sk_callback_lock);
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
	ssa_context_release(s);
	ssa_share_put(s->share);
	s->share = NULL;
	atomic_dec(&ssa_pernet(sock_net(s->sk))->sockets);
	s->sk = NULL;
}

/**
 * ssa_wake - wake who waits for a change of state: poll(), connect(), accept()
 * @sk: the socket
 *
 * Context: any.
 */
void ssa_wake(struct sock *sk)
{
	ssa_tcp_state_change(sk);
}

/**
 * ssa_wake_readable - wake who waits for something to read, or to accept
 * @sk: the socket
 *
 * Context: any.
 */
void ssa_wake_readable(struct sock *sk)
{
	ssa_tcp_data_ready(sk);
}

static void ssa_work(struct work_struct *work)
{
	struct ssa_sock *s = container_of(work, struct ssa_sock, work);

	/* Beside no step: that one tells who runs it to come back here. */
	if (!ssa_step_claim(s)) {
		ssa_put(s);
		return;
	}
	switch (ssa_state(s)) {
	case SSA_S_LISTEN:
		ssa_listener_work(s);
		break;
	case SSA_S_CONNECTING:
	case SSA_S_HANDSHAKE:
		ssa_kick(s);
		break;
	case SSA_S_DONE:
		ssa_held_step(s);
		ssa_enforce_step(s);
		break;
	case SSA_S_IDLE:
		/* Upgraded; poll() waits, or who had entered TCP before: see ulp.c */
		if (s->below)
			ssa_wake(s->sk);
		break;
	default:
		break;
	}
	ssa_step_release(s);
	ssa_put(s);
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

/*
 * proto.init: the socket is one of ours; from here on TCP's struct proto is in
 * force. sk_prot_creator too: else it would pin the module until TIME_WAIT has
 * ended. The reference that sk_alloc() took is given up in ssa_release().
 */
static int ssa_init_sock(struct sock *sk)
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

static int __init ssa_family_init(struct ssa_family *family, int pf)
{
	struct socket *sock;
	int err;

	err = sock_create_kern(&init_net, pf, SOCK_STREAM, IPPROTO_TCP, &sock);
	if (err)
		return err;
	/* Neither TCP's callbacks nor IPv6's operations are exported. */
	family->base = sock->ops;
	family->tcp = sock->sk->sk_prot;
	family->destruct = sock->sk->sk_destruct;
	ssa_tcp_data_ready = sock->sk->sk_data_ready;
	ssa_tcp_state_change = sock->sk->sk_state_change;
	ssa_tcp_write_space = sock->sk->sk_write_space;
	ssa_tcp_error_report = sock->sk->sk_error_report;
	sock_release(sock);

	family->prot = *family->tcp;
	strscpy(family->prot.name, pf == PF_INET6 ? "TLSv6" : "TLS", sizeof(family->prot.name));
	INIT_LIST_HEAD(&family->prot.node);
	family->prot.init = ssa_init_sock;
	family->prot.owner = THIS_MODULE;

	ssa_ulp_fill_guard(family);

	family->ops = *family->base;
	ssa_fill_ops(&family->ops);

	family->sw = (struct inet_protosw) {
		.type		= SOCK_STREAM,
		.protocol	= IPPROTO_TLS,
		.prot		= &family->prot,
		.ops		= &family->ops,
		.flags		= INET_PROTOSW_ICSK,
	};
	return 0;
}

/* IPv6 may be absent, or disabled at boot: then there are IPv4 sockets only. */
static int __init ssa_register(void)
{
	int err;

	err = ssa_family_init(&ssa_families[0], PF_INET);
	if (err)
		return err;
#if IS_ENABLED(CONFIG_IPV6)
	if (!ssa_family_init(&ssa_families[1], PF_INET6)) {
		err = inet6_register_protosw(&ssa_families[1].sw);
		if (err) {
			ssa_families[1].tcp = NULL;
			return err;
		}
	}
#endif
	inet_register_protosw(&ssa_families[0].sw);
	return 0;
}

static void ssa_unregister(void)
{
	inet_unregister_protosw(&ssa_families[0].sw);
#if IS_ENABLED(CONFIG_IPV6)
	if (ssa_families[1].tcp)
		inet6_unregister_protosw(&ssa_families[1].sw);
#endif
}

static int __init ssa_init(void)
{
	int err = -ENOMEM;

	ssa_wq = alloc_workqueue("ssa", WQ_UNBOUND, 0);
	if (!ssa_wq)
		return err;
	err = ssa_worker_init();
	if (err)
		goto err_wq;
	err = ssa_ktls_init();
	if (err)
		goto err_worker;
	err = ssa_resolve_init();
	if (err)
		goto err_ktls;
	err = ssa_policy_init();
	if (err)
		goto err_resolve;
	err = ssa_configfs_init();
	if (err)
		goto err_policy;
	err = ssa_net_init();
	if (err)
		goto err_configfs;
	err = ssa_register();
	if (err)
		goto err_net;
	err = ssa_ulp_register();
	if (err)
		goto err_sockets;
	return 0;

err_sockets:
	ssa_unregister();
err_net:
	ssa_net_exit();
err_configfs:
	ssa_configfs_exit();
err_policy:
	ssa_policy_exit();
err_resolve:
	ssa_resolve_exit();
err_ktls:
	ssa_ktls_exit();
err_worker:
	ssa_worker_exit();
err_wq:
	destroy_workqueue(ssa_wq);
	return err;
}

static void __exit ssa_exit(void)
{
	ssa_ulp_unregister();
	ssa_unregister();
	ssa_linger_exit();
	ssa_resolve_exit();
	ssa_worker_exit();
	destroy_workqueue(ssa_wq);
	ssa_net_exit();
	ssa_configfs_exit();
	ssa_policy_exit();
	ssa_ktls_exit();
}

/* Built in, IPv6 has to be there before. */
late_initcall(ssa_init);
module_exit(ssa_exit);
MODULE_DESCRIPTION("Secure Socket API: TLS as a protocol of the socket layer");
MODULE_LICENSE("GPL");
MODULE_SOFTDEP("pre: tls");
/* SOCK_STREAM is no macro: it cannot become part of a string. */
MODULE_ALIAS_NET_PF_PROTO_TYPE(PF_INET, 260, 1);
MODULE_ALIAS_NET_PF_PROTO_TYPE(PF_INET6, 260, 1);
