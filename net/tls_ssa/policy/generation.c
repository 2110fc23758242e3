// SPDX-License-Identifier: GPL-2.0
/*
 * A policy that has changed, and the sockets that exist. As a rule they keep what they have.
 * If the administrator wants them to follow (end_connections), each change is a new
 * generation of the policy, and every socket has to comply with that before it goes on:
 *
 *  - One that has not begun a handshake, a listener above all, gets the new snapshot of
 *    its profile when it begins the next one (ssa_setup_refresh()).
 *  - A handshake is judged when it is complete, by what was agreed on.
 *  - So is an established connection, by its work item, which is called to it here.
 *    That runs beside no handshake of the socket, and never once it is being closed.
 *
 * The profile is the one that the socket was made with, by name, or default/ if there
 * is none of that name any more: what its program is was decided at socket().
 *
 * What a new generation means to sockets is not known here: a notifier is called.
 */
#include <linux/atomic.h>
#include "../pernet.h"
#include "policy.h"

/* Of a network namespace, or NULL: of all; constant once loaded */
static void (*ssa_generation_call)(const struct ssa_net *sn);

static bool ssa_end_connections;

static atomic_t ssa_generation;

/**
 * ssa_policy_generation - which policy the sockets of a namespace have to comply with
 * @net: the namespace
 *
 * To be asked before the policy itself.
 *
 * Context: any.
 * Return: a number for ssa_is_outdated(): how often what exists was called to comply.
 */
u32 ssa_policy_generation(const struct net *net)
{
	/* pairs with ssa_enforce_all(), ssa_enforce() */
	return (u32)atomic_read_acquire(&ssa_generation) +
	       (u32)atomic_read_acquire(&ssa_pernet(net)->generation);
}

/**
 * ssa_is_outdated - does a socket have to comply with another policy now?
 * @net: its namespace
 * @generation: of the policy that it complies with
 *
 * Context: any.
 * Return: true if so.
 */
bool ssa_is_outdated(const struct net *net, u32 generation)
{
	return unlikely(generation != ssa_policy_generation(net));
}

/**
 * ssa_enforce_all - the policy has changed, or the blocklist
 *
 * Nothing happens unless the administrator wants it to.
 *
 * Context: process, may sleep; ssa_admin.lock may be held.
 */
void ssa_enforce_all(void)
{
	if (!READ_ONCE(ssa_end_connections))
		return;
	/* Fully ordered: what has changed before it, the look at the sockets behind. */
	atomic_inc_return(&ssa_generation);
	ssa_generation_call(NULL);
}

/**
 * ssa_enforce - a limit of a namespace has changed
 * @sn: the namespace; of the initial one it holds for all
 *
 * Whoever configures a namespace makes work for its sockets, and for no others.
 *
 * Context: process, may sleep.
 */
void ssa_enforce(struct ssa_net *sn)
{
	if (sn == ssa_pernet(&init_net)) {
		ssa_enforce_all();
	} else if (READ_ONCE(ssa_end_connections)) {
		atomic_inc_return(&sn->generation);	/* as above */
		ssa_generation_call(sn);
	}
}

/**
 * ssa_enforce_set - shall sockets that exist follow the policy?
 * @on: if so, they do now
 *
 * Context: process, may sleep.
 */
void ssa_enforce_set(bool on)
{
	WRITE_ONCE(ssa_end_connections, on);
	ssa_enforce_all();
}

/**
 * ssa_enforce_is_set - what was set last
 *
 * Context: any.
 * Return: false in the beginning.
 */
bool ssa_enforce_is_set(void)
{
	return READ_ONCE(ssa_end_connections);
}

/**
 * ssa_generation_init - who is called when there is a new generation
 * @call: with the namespace whose sockets have to comply, or NULL: all; may sleep
 *
 * Context: module load.
 */
void __init ssa_generation_init(void (*call)(const struct ssa_net *sn))
{
	ssa_generation_call = call;
}
