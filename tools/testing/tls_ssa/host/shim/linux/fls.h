/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_FLS_H
#define _SHIM_LINUX_FLS_H

#include <linux/kernel.h>

#endif
