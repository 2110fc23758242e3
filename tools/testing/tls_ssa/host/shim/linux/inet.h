/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_INET_H
#define _SHIM_LINUX_INET_H

#include <arpa/inet.h>
#include <linux/types.h>

/* 1 and the address in @dst, or 0. @srclen -1: to the final NUL. @delim must be -1 or NUL. */
int in4_pton(const char *src, int srclen, u8 *dst, int delim, const char **end);
int in6_pton(const char *src, int srclen, u8 *dst, int delim, const char **end);

#endif
