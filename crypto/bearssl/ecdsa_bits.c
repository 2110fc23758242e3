// SPDX-License-Identifier: GPL-2.0
/*
 * In place of BearSSL's src/ec/ecdsa_i31_bits.c, whose time depends on how many
 * words of 31 bits the number has without its leading zeros. The nonce of ECDSA
 * goes through it, too, and with P-256 one in 256 of them has a word less: a
 * signer must not tell which, since the key follows from enough such nonces.
 */
#include "inner.h"

/*
 * bits2int of RFC 6979 2.3.2: the leftmost bits of the string, as many as the
 * modulus has. @ebitlen is the encoded bit length of the modulus.
 */
void br_ecdsa_i31_bits2int(unsigned int *x, const void *src, size_t len, unsigned int ebitlen)
{
	unsigned int bitlen = ebitlen - (ebitlen >> 5);
	unsigned char bytes[BR_MAX_EC_SIZE / 8];
	const unsigned char *in = src;
	unsigned int shift = 0;
	size_t i;

	/* lengths are no secret */
	if (len * 8 > bitlen) {
		shift = (len * 8 - bitlen) & 7;
		len = (bitlen + 7) / 8;
	}
	for (i = 0; i < len; i++)
		bytes[i] = (in[i] | (i ? in[i - 1] << 8 : 0)) >> shift;

	br_i31_zero(x, ebitlen);
	br_i31_decode(x, bytes, len);
	x[0] = ebitlen;

	/* it may have been the nonce; the compiler must not see that nobody reads it */
	memset(bytes, 0, sizeof(bytes));
	__asm__ __volatile__("" : : "r" (bytes) : "memory");
}
