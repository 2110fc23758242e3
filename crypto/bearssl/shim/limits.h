/* SPDX-License-Identifier: GPL-2.0 */
/* What BearSSL takes from the C library's <limits.h>. */
#ifndef _BEARSSL_SHIM_LIMITS_H
#define _BEARSSL_SHIM_LIMITS_H

#include <vdso/limits.h>

#define CHAR_BIT	8

#endif
