/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_HEX_H
#define _SHIM_LINUX_HEX_H

#include <linux/types.h>

int hex_to_bin(unsigned char c);
int __must_check hex2bin(u8 *dst, const char *src, size_t count);

#endif
