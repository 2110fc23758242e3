// SPDX-License-Identifier: GPL-2.0
/*
 * The ground that all files about sockets stand on: our state of a TCP socket, who holds
 * references to it, and its state.
 */
#include <linux/slab.h>
#include <net/tcp.h>
#include "draft.h"
#include "facts.h"
#include "mib.h"
#include "settings.h"
#include "share.h"
#include "sock.h"
#include "table.h"

#define CREATE_TRACE_POINTS
#include <trace/events/tls_ssa.h>

struct ssa_family ssa_families[2];	/* [0] IPv4, [1] IPv6 */

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

/**
 * ssa_refuse - something is missing, or not right, before anything was sent
 * @s: the socket; its state stays: the application may try again
 * @reason: what
 *
 * Not counted as a connection's failure.
 *
 * Context: process, lock_sock() held.
 * Return: the errno of @reason, negative.
 */
int ssa_refuse(struct ssa_sock *s, enum ssa_reason reason)
{
	s->reason = reason;
	s->err = ssa_reason_desc(reason)->err;
	ssa_count_reason(sock_net(s->sk), reason);
	return -s->err;
}
