/* SPDX-License-Identifier: GPL-2.0 */
/* What BearSSL takes from the C library's <stdint.h>. */
#ifndef _BEARSSL_SHIM_STDINT_H
#define _BEARSSL_SHIM_STDINT_H

#include <linux/types.h>

#endif
