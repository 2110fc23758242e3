/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What one module of BearSSL exports to the other, and no public header of
 * BearSSL declares.
 */
#ifndef _BEARSSL_GLUE_H
#define _BEARSSL_GLUE_H

#include <linux/types.h>

void br_ccopy(u32 ctl, void *dst, const void *src, size_t len);

#endif /* _BEARSSL_GLUE_H */
