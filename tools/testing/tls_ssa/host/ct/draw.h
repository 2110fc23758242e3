/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Random inputs, the same for the same seed, and what is checked of the results.
 */
#ifndef _TLS_SSA_CT_DRAW_H
#define _TLS_SSA_CT_DRAW_H

#include <stdio.h>
#include <linux/types.h>

static unsigned int failed;
static u64 state;	/* not 0 */

static inline u64 draw(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static inline void draw_bytes(void *buf, size_t len)
{
	u8 *p = buf;

	while (len--)
		*p++ = draw() >> 32;
}

/* All failures count; the first of them are printed. */
#define CHECK(x) do {							\
	if (!(x) && failed++ < 50)					\
		printf("# line %d: %s\n", __LINE__, #x);		\
} while (0)

#endif /* _TLS_SSA_CT_DRAW_H */
