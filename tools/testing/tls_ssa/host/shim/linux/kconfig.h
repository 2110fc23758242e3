/* SPDX-License-Identifier: GPL-2.0 */
/* IS_ENABLED() for options that the Makefile defines as 1, or not at all. */
#ifndef _SHIM_LINUX_KCONFIG_H
#define _SHIM_LINUX_KCONFIG_H

#define _SHIM_SECOND(ignored, val, ...)	val
#define _SHIM_PLACEHOLDER_1		0,
#define _SHIM_DEFINED3(x)		_SHIM_SECOND(x 1, 0)
#define _SHIM_DEFINED2(val)		_SHIM_DEFINED3(_SHIM_PLACEHOLDER_##val)
#define _SHIM_DEFINED(x)		_SHIM_DEFINED2(x)

#define IS_ENABLED(option)	_SHIM_DEFINED(option)
#define IS_BUILTIN(option)	_SHIM_DEFINED(option)
#define IS_REACHABLE(option)	_SHIM_DEFINED(option)
#define IS_MODULE(option)	0

#endif
