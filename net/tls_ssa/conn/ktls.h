/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kTLS: attaching it, giving it the keys.
 */
#ifndef _TLS_SSA_KTLS_H
#define _TLS_SSA_KTLS_H

#include <linux/types.h>

struct sock;
struct ssa_sock;
union tls_crypto_context;

int ssa_ktls_init(void);
void ssa_ktls_exit(void);
int ssa_ktls_attach(struct ssa_sock *s);
int ssa_ktls_install(struct ssa_sock *s);
int ssa_ktls_info(const struct ssa_sock *s, bool tx, union tls_crypto_context *info);
int ssa_ktls_set_keys(const struct ssa_sock *s, bool tx);
void ssa_ktls_stop(struct sock *sk);

void ssa_rekey_limits(struct ssa_sock *s);

#endif /* _TLS_SSA_KTLS_H */
