// SPDX-License-Identifier: GPL-2.0
/*
 * The settings of a socket: who takes them, and the one way in which they change. Everybody
 * who works by them holds a reference to the snapshot of the moment: a handshake from
 * its beginning on, a listener's child from the arrival of its TCP connection on,
 * which is how settings are inherited.
 */
#include <linux/err.h>
#include <linux/slab.h>
#include <net/sock.h>
#include "facts.h"
#include "mib.h"
#include "option.h"
#include "settings.h"
#include "sock.h"
#include "sock_settings.h"

/**
 * ssa_setup_take - the settings of a socket at this moment
 * @s: the socket
 *
 * Context: process; takes ssa_sock.lock.
 * Return: with a reference for the caller; NULL if the socket has none any more.
 */
struct ssa_setup *ssa_setup_take(struct ssa_sock *s)
{
	struct ssa_setup *setup;

	spin_lock(&s->lock);
	setup = s->setup;
	if (setup)
		ssa_setup_get(setup);
	spin_unlock(&s->lock);
	return setup;
}

/**
 * ssa_setup_refresh - follow the policy, if that is wanted and it has changed
 * @s: the socket, before its handshake, or a listener
 *
 * Context: process, may sleep; lock_sock() held.
 * Return: SSA_R_NONE, or as ssa_setup_rebase(): the settings are as before.
 */
enum ssa_reason ssa_setup_refresh(struct ssa_sock *s)
{
	const struct net *net = sock_net(s->sk);
	enum ssa_reason reason;
	struct ssa_setup *setup;

	if (!s->setup || !ssa_is_outdated(net, s->setup->generation))
		return SSA_R_NONE;
	setup = ssa_setup_rebase(s->setup, net, &reason);
	if (setup)
		ssa_setup_replace(s, setup);
	return reason;
}

/**
 * ssa_setup_follow - ssa_setup_refresh() for what begins a handshake, or listens
 * @s: the socket
 *
 * Context: process, may sleep; takes lock_sock().
 * Return: 0; -EACCES: the policy forbids it now; -ENOMEM.
 */
int ssa_setup_follow(struct ssa_sock *s)
{
	enum ssa_reason reason;

	lock_sock(s->sk);
	reason = ssa_setup_refresh(s);
	release_sock(s->sk);
	switch (reason) {
	case SSA_R_NONE:
		return 0;
	case SSA_R_NO_MEMORY:
		return -ENOMEM;
	default:
		return ssa_deny(s, reason);
	}
}

/**
 * ssa_setup_store - the trust anchors of the policy of a socket
 * @s: the socket
 *
 * Context: process, may sleep; may read a file; takes ssa_sock.lock.
 * Return: with a reference for the caller; NULL: none.
 */
struct ssa_trust_store *ssa_setup_store(struct ssa_sock *s)
{
	struct ssa_setup *setup = ssa_setup_take(s);
	struct ssa_trust_store *store = NULL;

	if (setup)
		store = ssa_policy_anchors(setup->policy, false);
	ssa_setup_put(setup);
	return store;
}

/**
 * ssa_setup_replace - put other settings in force
 * @s: the socket
 * @setup: the reference goes to the socket; NULL: none any more
 *
 * Context: process, may sleep; lock_sock() held.
 */
void ssa_setup_replace(struct ssa_sock *s, struct ssa_setup *setup)
{
	struct ssa_setup *old;

	spin_lock(&s->lock);
	old = s->setup;
	s->setup = setup;
	spin_unlock(&s->lock);
	ssa_setup_put(old);
}

/**
 * ssa_setup_change_locked - ssa_setup_change() for who has the lock
 * @s: the socket
 * @at: enum ssa_at, one or more: where this may be changed
 * @change: makes the change to a copy
 * @arg: for @change
 *
 * Context: process, may sleep; lock_sock() held.
 * Return: as ssa_setup_change().
 */
int ssa_setup_change_locked(struct ssa_sock *s, u32 at, ssa_setup_fn change, void *arg)
{
	struct ssa_setup *setup;
	int err;

	if (!s->setup || !(ssa_at(s) & at))
		return -EOPNOTSUPP;
	setup = ssa_setup_clone(s->setup);
	if (!setup)
		return -ENOMEM;
	err = change(setup, arg);
	if (err)
		ssa_setup_put(setup);
	else
		ssa_setup_replace(s, setup);
	return err;
}

/**
 * ssa_setup_change - change the settings of a socket
 * @s: the socket
 * @at: enum ssa_at, one or more: where this may be changed
 * @change: makes the change to a copy
 * @arg: for @change
 *
 * Context: process, may sleep; takes lock_sock().
 * Return: 0; -EOPNOTSUPP: not here, or not any more; -ENOMEM; or the error of
 * @change: nothing has happened.
 */
int ssa_setup_change(struct ssa_sock *s, u32 at, ssa_setup_fn change, void *arg)
{
	int err;

	lock_sock(s->sk);
	err = ssa_setup_change_locked(s, at, change, arg);
	release_sock(s->sk);
	return err;
}

/**
 * ssa_deny - the policy forbids what the application wants
 * @s: the socket
 * @reason: SSA_R_POLICY_*
 *
 * Only where a connection has not begun it is what TLS_ERROR and TLS_INFO tell;
 * connect(), listen() and TLS_HANDSHAKE forget it. An established connection has not
 * failed of it.
 *
 * Context: process, may sleep; takes lock_sock().
 * Return: -EACCES.
 */
int ssa_deny(struct ssa_sock *s, enum ssa_reason reason)
{
	struct sock *sk = s->sk;

	lock_sock(sk);
	if (s->setup && ssa_at(s) & (SSA_AT_SETUP | SSA_AT_LISTEN)) {
		ssa_refuse(s, reason);
		ssa_audit_refused(sk, s->setup->policy, reason);
	} else if (ssa_state(s) == SSA_S_DONE) {
		ssa_count_reason(sock_net(sk), reason);
		ssa_audit_refused(sk, s->facts->policy, reason);
	}
	release_sock(sk);
	return -EACCES;
}

/**
 * ssa_at - where a socket is, as option_list.h names it
 * @s: the socket
 *
 * Context: any; does not change under lock_sock(), but from BUSY on.
 * Return: one of enum ssa_at.
 */
u32 ssa_at(const struct ssa_sock *s)
{
	switch (ssa_state(s)) {
	case SSA_S_IDLE:
		return SSA_AT_SETUP;
	case SSA_S_LISTEN:
		return SSA_AT_LISTEN;
	case SSA_S_CONNECTING:
	case SSA_S_HANDSHAKE:
		return SSA_AT_BUSY;
	case SSA_S_DONE:
		return s->server ? SSA_AT_SERVER : SSA_AT_CLIENT;
	case SSA_S_FAILED:
		break;
	}
	return SSA_AT_FAILED;
}
