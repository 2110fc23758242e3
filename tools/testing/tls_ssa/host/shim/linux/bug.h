/* SPDX-License-Identifier: GPL-2.0 */
/* A warning of the kernel is a failure here: nothing may trigger one. */
#ifndef _SHIM_LINUX_BUG_H
#define _SHIM_LINUX_BUG_H

#include <stdio.h>
#include <stdlib.h>
#include <linux/compiler.h>

#define static_assert(e, ...)	_Static_assert(e, "" __VA_ARGS__)
#define BUILD_BUG_ON(c)		_Static_assert(!(c), "BUILD_BUG_ON: " #c)
#define BUILD_BUG_ON_MSG(c, m)	_Static_assert(!(c), m)
#define BUILD_BUG_ON_ZERO(e)	((int)(sizeof(struct { int:(-!!(e)); })))

#define BUG() do {							\
	fprintf(stderr, "BUG at %s:%d\n", __FILE__, __LINE__);		\
	abort();							\
} while (0)
#define BUG_ON(c)		do { if (c) BUG(); } while (0)
#define WARN_ON(c) ({							\
	int _warn = !!(c);						\
	if (_warn) {							\
		fprintf(stderr, "WARNING at %s:%d: %s\n", __FILE__, __LINE__, #c); \
		abort();						\
	}								\
	_warn; })
#define WARN_ON_ONCE(c)		WARN_ON(c)
#define WARN(c, ...)		WARN_ON(c)
#define WARN_ONCE(c, ...)	WARN_ON(c)

#endif
