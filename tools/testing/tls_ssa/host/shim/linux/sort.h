/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_SORT_H
#define _SHIM_LINUX_SORT_H

#include <stdlib.h>

#define sort(base, n, size, cmp, swp)	((void)(swp), qsort(base, n, size, cmp))

#endif
