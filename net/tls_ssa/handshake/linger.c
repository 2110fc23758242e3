// SPDX-License-Identifier: GPL-2.0
/*
 * The end of a connection whose handshake has failed. TCP answers data that
 * arrives after close(), or that was never read, with a RST, and a RST makes the
 * peer's TCP throw away the alert that it has not read yet. So such a socket
 * stays for a moment longer: what arrives is discarded until the peer closes
 * its side too.
 */
#include <linux/list.h>
#include <linux/slab.h>
#include <net/tcp.h>
#include "../life.h"
#include "../sock.h"
#include "../step.h"
#include "../tcp.h"
#include "linger.h"

#define SSA_LINGER_POLL		(HZ / 20)
#define SSA_LINGER_POLLS	40		/* two seconds */
#define SSA_LINGER_MAX		1024		/* sockets; beyond, they are closed at once */

/**
 * struct ssa_linger - one such socket
 * @node: in ssa_lingering
 * @work: looks at it now and then
 * @sock: holds the TCP socket; owned
 * @polls: how many looks are left
 */
struct ssa_linger {
	struct list_head	node;
	struct delayed_work	work;
	struct socket		*sock;
	int			polls;
};

static DEFINE_SPINLOCK(ssa_linger_lock);	/* guards the three below */
static LIST_HEAD(ssa_lingering);
static unsigned int ssa_linger_count;
static bool ssa_linger_stop;

static void ssa_holder_free(struct socket *holder)
{
	holder->ops = ssa_family(holder->sk)->base;
	holder->ops->release(holder);
	holder->ops = NULL;
	sock_release(holder);
}

static bool ssa_linger_over(struct ssa_linger *l)
{
	struct sock *sk = l->sock->sk;

	ssa_drain(sk);
	return inet_sk_state_load(sk) == TCP_CLOSE || READ_ONCE(sk->sk_err) ||
	       READ_ONCE(sk->sk_shutdown) & RCV_SHUTDOWN || --l->polls <= 0;
}

static void ssa_linger_work(struct work_struct *work)
{
	struct ssa_linger *l = container_of(to_delayed_work(work), struct ssa_linger, work);
	bool over = ssa_linger_over(l);

	spin_lock(&ssa_linger_lock);
	if (ssa_linger_stop || !over) {		/* ssa_linger_exit() frees it */
		if (!ssa_linger_stop)
			queue_delayed_work(ssa_wq, &l->work, SSA_LINGER_POLL);
		spin_unlock(&ssa_linger_lock);
		return;
	}
	list_del(&l->node);
	ssa_linger_count--;
	spin_unlock(&ssa_linger_lock);
	ssa_holder_free(l->sock);
	kfree(l);
}

/**
 * ssa_linger - close a socket once its peer has had time to read our alert
 * @holder: holds the TCP socket; owned from here on. Its FIN is queued and we are
 *	    detached from it.
 *
 * Context: process, may sleep.
 */
void ssa_linger(struct socket *holder)
{
	struct ssa_linger *l;
	bool stay;

	if (sock_flag(holder->sk, SOCK_LINGER) ||
	    inet_sk_state_load(holder->sk) == TCP_CLOSE)
		goto now;
	l = kzalloc(sizeof(*l), GFP_KERNEL);
	if (!l)
		goto now;
	l->sock = holder;
	l->polls = SSA_LINGER_POLLS;
	INIT_DELAYED_WORK(&l->work, ssa_linger_work);
	spin_lock(&ssa_linger_lock);
	stay = !ssa_linger_stop && ssa_linger_count < SSA_LINGER_MAX;
	if (stay) {
		ssa_linger_count++;
		list_add(&l->node, &ssa_lingering);
		queue_delayed_work(ssa_wq, &l->work, SSA_LINGER_POLL);
	}
	spin_unlock(&ssa_linger_lock);
	if (stay)
		return;
	kfree(l);
now:
	ssa_holder_free(holder);
}

/**
 * ssa_linger_user - the same for a socket that the application closes
 * @sock: the application's struct socket; we are detached from it
 *
 * Context: process, may sleep.
 * Return: true if the TCP socket was taken out of @sock; else the caller closes.
 */
bool ssa_linger_user(struct socket *sock)
{
	struct sock *sk = sock->sk;
	struct socket *holder;

	if (sock_flag(sk, SOCK_LINGER) || inet_sk_state_load(sk) == TCP_CLOSE)
		return false;
	if (ssa_holder_new(sk, READ_ONCE(sk->sk_uid), &holder))
		return false;
	lock_sock(sk);
	WRITE_ONCE(sk->sk_err, 0);	/* what the application was told */
	sock->sk = NULL;
	sock_graft(sk, holder);
	holder->state = sock->state;
	release_sock(sk);
	ssa_linger(holder);
	return true;
}

/**
 * ssa_linger_exit - at module unload: close them all
 *
 * Context: process, may sleep; no socket of ours is left, and the workqueue is
 * destroyed next, which waits for what is queued here.
 */
void ssa_linger_exit(void)
{
	struct ssa_linger *l, *next;

	spin_lock(&ssa_linger_lock);
	ssa_linger_stop = true;		/* the list is ours from here on */
	spin_unlock(&ssa_linger_lock);
	list_for_each_entry_safe(l, next, &ssa_lingering, node) {
		cancel_delayed_work_sync(&l->work);
		ssa_holder_free(l->sock);
		kfree(l);
	}
}
