/* SPDX-License-Identifier: GPL-2.0 */
/*
 * BearSSL for kernel code: its public headers (never src/inner.h, whose names
 * clash with linux/minmax.h), and the implementations that we chose from it.
 *
 * Files that include this have -I crypto/bearssl/shim among their flags, and
 * are built without $(CC_FLAGS_CFI) if they call or provide a BearSSL vtable.
 * BearSSL runs in process context only, on up to 5.2 KB of stack.
 */
#ifndef _CRYPTO_BEARSSL_H
#define _CRYPTO_BEARSSL_H

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wundef"
#include "../../crypto/bearssl/upstream/inc/bearssl.h"
#pragma GCC diagnostic pop

/*
 * crypto/ssa/impl.c: each is replaced there for every caller.
 */
extern const br_ec_impl * const ssa_bearssl_ec;	/* P-256, P-384, P-521, X25519 */
extern const br_ecdsa_vrfy ssa_bearssl_ecdsa_vrfy_asn1;
extern const br_ecdsa_vrfy ssa_bearssl_ecdsa_vrfy_raw;
extern const br_ecdsa_sign ssa_bearssl_ecdsa_sign_raw;
extern const br_rsa_public ssa_bearssl_rsa_public;
extern const br_rsa_private ssa_bearssl_rsa_private;

#endif /* _CRYPTO_BEARSSL_H */
