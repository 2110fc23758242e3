/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The settings of a socket: take, change, follow the policy.
 */
#ifndef _TLS_SSA_SOCK_SETTINGS_H
#define _TLS_SSA_SOCK_SETTINGS_H

#include <linux/types.h>
#include "reason.h"

struct ssa_setup;
struct ssa_sock;
struct ssa_trust_store;

u32 ssa_at(const struct ssa_sock *s);
struct ssa_setup *ssa_setup_take(struct ssa_sock *s);
enum ssa_reason ssa_setup_refresh(struct ssa_sock *s);
int ssa_setup_follow(struct ssa_sock *s);
struct ssa_trust_store *ssa_setup_store(struct ssa_sock *s);

/* Changes @setup, a fresh copy. 0, or a negative errno: nothing happens. */
typedef int (*ssa_setup_fn)(struct ssa_setup *setup, void *arg);

/* The policy forbids it: told as TLS_ERROR, counted, audited. -EACCES. */
int ssa_deny(struct ssa_sock *s, enum ssa_reason reason);

int ssa_setup_change(struct ssa_sock *s, u32 at, ssa_setup_fn change, void *arg);
int ssa_setup_change_locked(struct ssa_sock *s, u32 at, ssa_setup_fn change, void *arg);
void ssa_setup_replace(struct ssa_sock *s, struct ssa_setup *setup);

#endif /* _TLS_SSA_SOCK_SETTINGS_H */
