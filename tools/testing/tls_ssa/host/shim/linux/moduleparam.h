/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_MODULEPARAM_H
#define _SHIM_LINUX_MODULEPARAM_H

#include <linux/module.h>

#endif
