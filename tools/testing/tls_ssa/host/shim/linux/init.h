/* SPDX-License-Identifier: GPL-2.0 */
/* Initcalls run before main(). */
#ifndef _SHIM_LINUX_INIT_H
#define _SHIM_LINUX_INIT_H

#include <linux/bug.h>

#define module_init(fn)							\
	static void __attribute__((__constructor__)) _shim_init_##fn(void) \
	{ if (fn()) BUG(); }						\
	_Static_assert(1, "")
#define subsys_initcall(fn)	module_init(fn)
#define module_exit(fn)							\
	static void __attribute__((__destructor__)) _shim_exit_##fn(void) \
	{ fn(); }							\
	_Static_assert(1, "")

#endif
