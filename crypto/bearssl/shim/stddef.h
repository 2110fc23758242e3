/* SPDX-License-Identifier: GPL-2.0 */
/* What BearSSL takes from the C library's <stddef.h>. */
#ifndef _BEARSSL_SHIM_STDDEF_H
#define _BEARSSL_SHIM_STDDEF_H

#include <linux/stddef.h>
#include <linux/types.h>

#endif
