/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_BSEARCH_H
#define _SHIM_LINUX_BSEARCH_H

#include <linux/sort.h>

#endif
