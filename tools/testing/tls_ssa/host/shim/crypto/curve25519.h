/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's X25519 over BearSSL's: see backend/curve25519.c. */
#ifndef _SHIM_CRYPTO_CURVE25519_H
#define _SHIM_CRYPTO_CURVE25519_H

#include <linux/types.h>
#include <linux/random.h>

#define CURVE25519_KEY_SIZE	32

/* false: the result is all zero (RFC 7748 6.1) */
bool __must_check curve25519(u8 out[CURVE25519_KEY_SIZE], const u8 scalar[CURVE25519_KEY_SIZE],
			     const u8 point[CURVE25519_KEY_SIZE]);
bool __must_check curve25519_generate_public(u8 pub[CURVE25519_KEY_SIZE],
					     const u8 secret[CURVE25519_KEY_SIZE]);

/* lib/crypto/curve25519-hacl64.c */
void curve25519_generic(u8 out[CURVE25519_KEY_SIZE], const u8 scalar[CURVE25519_KEY_SIZE],
			const u8 point[CURVE25519_KEY_SIZE]);

static inline void curve25519_clamp_secret(u8 secret[CURVE25519_KEY_SIZE])
{
	secret[0] &= 0xf8;
	secret[31] = (secret[31] & 0x7f) | 0x40;
}

static inline void curve25519_generate_secret(u8 secret[CURVE25519_KEY_SIZE])
{
	get_random_bytes(secret, CURVE25519_KEY_SIZE);
	curve25519_clamp_secret(secret);
}

#endif
