/* SPDX-License-Identifier: GPL-2.0 */
/* SipHash-2-4 (Aumasson, Bernstein, 2012) */
#ifndef _SHIM_LINUX_SIPHASH_H
#define _SHIM_LINUX_SIPHASH_H

#include <linux/kernel.h>

typedef struct {
	u64 key[2];
} siphash_key_t;

static inline u64 host_siphash_rotate(u64 x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static inline void host_siphash_round(u64 v[4])
{
	v[0] += v[1];
	v[1] = host_siphash_rotate(v[1], 13) ^ v[0];
	v[0] = host_siphash_rotate(v[0], 32);
	v[2] += v[3];
	v[3] = host_siphash_rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = host_siphash_rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = host_siphash_rotate(v[1], 17) ^ v[2];
	v[2] = host_siphash_rotate(v[2], 32);
}

static inline u64 siphash(const void *data, size_t len, const siphash_key_t *key)
{
	u64 v[4] = {
		key->key[0] ^ 0x736f6d6570736575, key->key[1] ^ 0x646f72616e646f6d,
		key->key[0] ^ 0x6c7967656e657261, key->key[1] ^ 0x7465646279746573,
	};
	const u8 *p = data;
	size_t i, n;
	u64 word;

	for (i = 0; i <= len / 8; i++) {
		word = i == len / 8 ? (u64)len << 56 : 0;
		for (n = 0; n < 8 && 8 * i + n < len; n++)
			word |= (u64)p[8 * i + n] << 8 * n;
		v[3] ^= word;
		host_siphash_round(v);
		host_siphash_round(v);
		v[0] ^= word;
	}
	v[2] ^= 0xff;
	for (i = 0; i < 4; i++)
		host_siphash_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

#endif
