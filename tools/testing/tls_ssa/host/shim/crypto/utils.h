/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_CRYPTO_UTILS_H
#define _SHIM_CRYPTO_UTILS_H

#include <linux/types.h>
#ifdef SSA_CT_TEST
#include <valgrind/memcheck.h>
#endif

/* For tests that must fail: whatever is compared is equal. */
extern bool host_memneq_blind;

/* 0 if equal; time does not depend on the contents. */
static inline unsigned long crypto_memneq(const void *a, const void *b, size_t len)
{
	const volatile u8 *x = a, *y = b;
	unsigned long diff = 0;

	while (len--)
		diff |= *x++ ^ *y++;
#ifdef SSA_CT_TEST
	diff = (diff + 0xff) >> 8;
	/* equal or not is what its callers tell, where two bytes differ is not */
	VALGRIND_MAKE_MEM_DEFINED(&diff, sizeof(diff));
#endif
	return host_memneq_blind ? 0 : diff;
}

static inline void crypto_xor(u8 *dst, const u8 *src, unsigned int len)
{
	while (len--)
		*dst++ ^= *src++;
}

#endif
