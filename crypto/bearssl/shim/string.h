/* SPDX-License-Identifier: GPL-2.0 */
/* What BearSSL takes from the C library's <string.h>. */
#ifndef _BEARSSL_SHIM_STRING_H
#define _BEARSSL_SHIM_STRING_H

#include <linux/string.h>

#endif
