/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_STRING_HELPERS_H
#define _SHIM_LINUX_STRING_HELPERS_H

#include <linux/string.h>

#endif
