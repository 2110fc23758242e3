/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_HEX_H
#define _SHIM_LINUX_HEX_H

#include <linux/types.h>

#define hex_asc_hi(x)	"0123456789abcdef"[((x) & 0xf0) >> 4]
#define hex_asc_lo(x)	"0123456789abcdef"[(x) & 0x0f]

int hex_to_bin(unsigned char c);
int __must_check hex2bin(u8 *dst, const char *src, size_t count);

#endif
