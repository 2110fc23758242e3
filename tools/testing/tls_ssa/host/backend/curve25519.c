// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's X25519: its own portable C, if the Makefile has found its source,
 * else BearSSL's.
 */
#include <bearssl_ec.h>
#include <crypto/curve25519.h>
#include <crypto/utils.h>
#include <linux/string.h>

bool curve25519(u8 out[CURVE25519_KEY_SIZE], const u8 scalar[CURVE25519_KEY_SIZE],
		const u8 point[CURVE25519_KEY_SIZE])
{
	static const u8 zero[CURVE25519_KEY_SIZE];

#ifdef HOST_X25519_HACL64
	curve25519_generic(out, scalar, point);
#else
	memcpy(out, point, CURVE25519_KEY_SIZE);
	/* The one curve for which BearSSL 0.6 takes the scalar little endian. */
	br_ec_c25519_m31.mul(out, CURVE25519_KEY_SIZE, scalar, CURVE25519_KEY_SIZE,
			     BR_EC_curve25519);
#endif
	return crypto_memneq(out, zero, CURVE25519_KEY_SIZE);
}

bool curve25519_generate_public(u8 pub[CURVE25519_KEY_SIZE], const u8 secret[CURVE25519_KEY_SIZE])
{
	static const u8 base[CURVE25519_KEY_SIZE] = { 9 };

	return curve25519(pub, secret, base);
}
