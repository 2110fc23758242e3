/* SPDX-License-Identifier: GPL-2.0 */
/* What makes a module of a file in the kernel means nothing here. */
#ifndef _SHIM_LINUX_MODULE_H
#define _SHIM_LINUX_MODULE_H

#include <linux/kernel.h>
#include <linux/init.h>

#define _SHIM_NOTHING			_Static_assert(1, "")
#define EXPORT_SYMBOL(x)		_SHIM_NOTHING
#define EXPORT_SYMBOL_GPL(x)		_SHIM_NOTHING
#define EXPORT_SYMBOL_NS_GPL(x, ns)	_SHIM_NOTHING
#define MODULE_LICENSE(x)		_SHIM_NOTHING
#define MODULE_DESCRIPTION(x)		_SHIM_NOTHING
#define MODULE_AUTHOR(x)		_SHIM_NOTHING
#define MODULE_ALIAS(x)			_SHIM_NOTHING
#define MODULE_SOFTDEP(x)		_SHIM_NOTHING
#define MODULE_IMPORT_NS(x)		_SHIM_NOTHING
#define MODULE_INFO(tag, info)		_SHIM_NOTHING
#define MODULE_VERSION(x)		_SHIM_NOTHING
#define THIS_MODULE			NULL

#endif
