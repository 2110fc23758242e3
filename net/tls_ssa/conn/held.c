// SPDX-License-Identifier: GPL-2.0
/*
 * Data that MSG_MORE, or splice() with SPLICE_F_MORE, holds back: kTLS keeps a record
 * open for what is to follow. If nothing does, it goes out as it is: after as long as
 * TCP holds a segment back, or when the application says so, by TCP_NODELAY, the end of
 * TCP_CORK, or a send() of nothing.
 *
 * The timer belongs to the socket. It is made by the first call that leaves a record
 * open, and started by calls of the application only; at close() it is stopped for good
 * before the work item is, which it queues.
 */
#include <linux/slab.h>
#include <linux/timer.h>
#include <net/tls.h>
#include <net/tls_prot.h>
#include "../facts.h"
#include "../sock.h"
#include "../step.h"
#include "../tcp.h"
#include "due.h"
#include "held.h"

#define SSA_HELD_FOR	(HZ / 5)	/* as TCP_RTO_MIN */
#define SSA_HELD_AGAIN	(HZ / 100)	/* somebody is at it just now */

/**
 * struct ssa_held - the timer of a socket
 * @timer: queues the work item
 * @s: the socket, which outlives the timer
 */
struct ssa_held {
	struct timer_list	timer;
	struct ssa_sock		*s;
};

/* Softirq. */
static void ssa_held_expire(struct timer_list *timer)
{
	struct ssa_held *held = container_of(timer, struct ssa_held, timer);

	ssa_kick(held->s);
}

static bool ssa_is_held(const struct sock *sk)
{
	return READ_ONCE(tls_get_ctx(sk)->pending_open_record_frags);
}

/* The socket's timer, made if there is none; NULL without memory */
static struct ssa_held *ssa_held_get(struct ssa_sock *s)
{
	struct ssa_held *held = READ_ONCE(s->facts->held), *other;

	if (likely(held))
		return held;
	held = kzalloc(sizeof(*held), GFP_KERNEL_ACCOUNT);
	if (!held)
		return NULL;
	held->s = s;
	timer_setup(&held->timer, ssa_held_expire, 0);
	other = cmpxchg(&s->facts->held, NULL, held);
	if (!other)
		return held;
	kfree(held);
	return other;
}

/*
 * tx_sem and kTLS's tx_lock held. Closes the record. Without room it stays with kTLS,
 * encrypted, which sends it when there is some.
 */
static void ssa_held_push(struct sock *sk)
{
	struct tls_context *ctx = tls_get_ctx(sk);
	int tries = 2;		/* kTLS may have to make two of it */

	lock_sock(sk);
	while (ssa_is_held(sk) && tries--)
		ctx->push_pending_record(sk, MSG_DONTWAIT | MSG_NOSIGNAL);
	release_sock(sk);
}

/**
 * ssa_held_send - what is held back goes out, as far as there is room
 * @sock: established connection
 *
 * Context: process, may sleep, but not for the peer; takes tx_sem and lock_sock().
 */
void ssa_held_send(struct socket *sock)
{
	struct sock *sk = sock->sk;

	if (likely(!ssa_is_held(sk)))
		return;
	if (down_read_killable(&ssa_of(sk)->tx_sem))
		return;
	mutex_lock(&tls_get_ctx(sk)->tx_lock);
	ssa_held_push(sk);
	mutex_unlock(&tls_get_ctx(sk)->tx_lock);
	ssa_tx_end(sock);
}

/**
 * ssa_held_look - has the call that is about to end left a record open?
 * @sock: established connection
 *
 * What is held back the longest counts: what comes to it does not start the timer again.
 *
 * Context: process, may sleep; tx_sem held.
 */
void ssa_held_look(struct socket *sock)
{
	struct sock *sk = sock->sk;
	struct ssa_sock *s = ssa_of(sk);
	struct ssa_held *held = READ_ONCE(s->facts->held);

	if (likely(!ssa_is_held(sk))) {
		if (held && timer_pending(&held->timer))
			timer_delete(&held->timer);
		return;
	}
	held = ssa_held_get(s);
	if (likely(held)) {
		if (!timer_pending(&held->timer))
			mod_timer(&held->timer, jiffies + SSA_HELD_FOR);
		return;
	}
	mutex_lock(&tls_get_ctx(sk)->tx_lock);
	ssa_held_push(sk);
	mutex_unlock(&tls_get_ctx(sk)->tx_lock);
}

/**
 * ssa_held_step - the work item of an established connection: has the time come?
 * @s: the socket
 *
 * It waits for nobody: a sender, or a reader, can be inside for as long as it takes to
 * bring in a page of its memory.
 *
 * Context: the work item; may sleep; takes tx_sem and lock_sock().
 */
void ssa_held_step(struct ssa_sock *s)
{
	struct ssa_held *held = READ_ONCE(s->facts->held);
	struct sock *sk = s->sk;
	struct tls_context *ctx;

	/* Somebody in the kernel may have taken the socket over. */
	if (!held || ssa_of(sk) != s || timer_pending(&held->timer) || !ssa_is_held(sk))
		return;
	if (!down_read_trylock(&s->tx_sem))
		goto again;
	ctx = tls_get_ctx(sk);
	if (sock_owned_by_user_nocheck(sk) || !mutex_trylock(&ctx->tx_lock)) {
		ssa_tx_end(sk->sk_socket);
		goto again;
	}
	ssa_held_push(sk);
	mutex_unlock(&ctx->tx_lock);
	ssa_tx_end(sk->sk_socket);
	return;
again:
	mod_timer(&held->timer, jiffies + SSA_HELD_AGAIN);
}

/**
 * ssa_held_stop - the timer does not fire any more
 * @s: the socket, which is being closed
 *
 * Context: process, may sleep; no operation of the socket runs any more.
 */
void ssa_held_stop(struct ssa_sock *s)
{
	if (s->facts && s->facts->held)
		timer_shutdown_sync(&s->facts->held->timer);
}

/**
 * ssa_conn_abandon - our side ends, and does not say that this is all
 * @sock: established connection
 *
 * What was sent goes out all the same, as with TCP: also what MSG_MORE holds back.
 *
 * Context: process, may sleep, but not for the peer; takes tx_sem and lock_sock().
 */
void ssa_conn_abandon(struct socket *sock)
{
	ssa_make_room(sock->sk);
	ssa_held_send(sock);
}
