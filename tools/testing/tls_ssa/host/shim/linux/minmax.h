/* SPDX-License-Identifier: GPL-2.0 */
/* Each argument is evaluated once; the kernel's build checks their types. */
#ifndef _SHIM_LINUX_MINMAX_H
#define _SHIM_LINUX_MINMAX_H

#define MIN(x, y)		((x) < (y) ? (x) : (y))
#define MAX(x, y)		((x) > (y) ? (x) : (y))
#define min(x, y)		({ typeof(x) _min_x = (x); typeof(y) _min_y = (y); MIN(_min_x, _min_y); })
#define max(x, y)		({ typeof(x) _max_x = (x); typeof(y) _max_y = (y); MAX(_max_x, _max_y); })
#define min_t(t, x, y)		({ t _mint_x = (x); t _mint_y = (y); MIN(_mint_x, _mint_y); })
#define max_t(t, x, y)		({ t _maxt_x = (x); t _maxt_y = (y); MAX(_maxt_x, _maxt_y); })
#define umin(x, y)		min_t(unsigned long long, x, y)
#define umax(x, y)		max_t(unsigned long long, x, y)
#define min3(x, y, z)		min_t(typeof(x), min(x, y), z)
#define max3(x, y, z)		max_t(typeof(x), max(x, y), z)
#define clamp(v, lo, hi)	min_t(typeof(v), max(v, lo), hi)
#define clamp_t(t, v, lo, hi)	min_t(t, max_t(t, v, lo), hi)

#endif
