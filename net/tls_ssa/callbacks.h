/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What TCP tells us, and who is woken.
 */
#ifndef _TLS_SSA_CALLBACKS_H
#define _TLS_SSA_CALLBACKS_H

#include <linux/types.h>

struct sock;
struct ssa_sock;

void ssa_learn_callbacks(const struct sock *sk);
bool ssa_has_user_data(const struct ssa_sock *s);
void ssa_watch_errors(struct sock *sk);
void ssa_set_callbacks(struct sock *sk, struct ssa_sock *s);
int ssa_arm(struct ssa_sock *s);
void ssa_restore_callbacks(struct sock *sk);
bool ssa_callbacks_are_tcp(const struct sock *sk);
void ssa_detach(struct ssa_sock *s);
void ssa_wake(struct sock *sk);
void ssa_wake_readable(struct sock *sk);

#endif /* _TLS_SSA_CALLBACKS_H */
