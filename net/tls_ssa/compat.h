/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What differs between the kernels this builds on, from 6.12 on. Nothing else
 * looks at LINUX_VERSION_CODE.
 */
#ifndef _TLS_SSA_COMPAT_H
#define _TLS_SSA_COMPAT_H

#include <linux/version.h>
#include <net/sock.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#error "tls_ssa needs Linux 6.12 or newer"
#endif

/* 6.19: proto_ops.connect takes an address without a stated size */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 19, 0)
#define ssa_sockaddr sockaddr_unsized
#else
#define ssa_sockaddr sockaddr
#endif

/* 6.14: kTLS takes new keys through TLS_TX and TLS_RX (KeyUpdate) */
#define SSA_KTLS_REKEYS (LINUX_VERSION_CODE >= KERNEL_VERSION(6, 14, 0))

/* 6.18: the pointer has flags in it */
static inline struct mem_cgroup *ssa_sk_memcg(const struct sock *sk)
{
#if !IS_ENABLED(CONFIG_MEMCG)
	return NULL;
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0)
	return mem_cgroup_from_sk(sk);
#else
	return sk->sk_memcg;
#endif
}

#endif /* _TLS_SSA_COMPAT_H */
