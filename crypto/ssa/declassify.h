/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a value that was computed from a secret becomes public.
 *
 * The test of constant time (tools/testing/tls_ssa/host/ct.c) has memcheck follow
 * secrets through the code, and fails at a branch or an address that depends on
 * one. What the protocol shows to the peer anyway is marked by this function,
 * with a comment that says so; in a kernel it does nothing.
 */
#ifndef _CRYPTO_SSA_DECLASSIFY_H
#define _CRYPTO_SSA_DECLASSIFY_H

#ifdef SSA_CT_TEST
#include <valgrind/memcheck.h>
#define ssa_declassify(p, len)	VALGRIND_MAKE_MEM_DEFINED(p, len)
#else
static inline void ssa_declassify(const void *p, size_t len)
{
}
#endif

#endif /* _CRYPTO_SSA_DECLASSIFY_H */
