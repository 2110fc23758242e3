// SPDX-License-Identifier: GPL-2.0
/*
 * Randomness: the system's, or a sequence that repeats for fuzzing. And what the module does
 * when it is loaded.
 */
#include <stdlib.h>
#include <sys/random.h>
#include <crypto/ssa.h>
#include <linux/init.h>
#include <linux/random.h>

#include "../../../../../crypto/ssa/internal.h"

static u64 state;

void host_rng_seed(u64 seed)
{
	state = seed;
}

/* splitmix64 */
static u8 next_byte(void)
{
	u64 z = state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z >> 56;
}

void get_random_bytes(void *buf, size_t len)
{
	u8 *p = buf;

	while (state && len) {
		*p++ = next_byte();
		len--;
	}
	while (len) {
		ssize_t n = getrandom(p, len, 0);

		if (n < 0)
			abort();
		p += n;
		len -= n;
	}
}

static void fill(void *ctx, void *buf, size_t len)
{
	get_random_bytes(buf, len);
}

const struct ssa_rng ssa_kernel_rng = { .fill = fill };

module_init(ssa_backend_setup);
module_exit(ssa_backend_teardown);
