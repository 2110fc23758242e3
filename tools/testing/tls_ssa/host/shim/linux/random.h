/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_RANDOM_H
#define _SHIM_LINUX_RANDOM_H

#include <linux/kernel.h>

/* getrandom(), or what host_rng_seed() made repeatable */
void get_random_bytes(void *buf, size_t len);
/* 0: back to getrandom() */
void host_rng_seed(u64 seed);

#endif
