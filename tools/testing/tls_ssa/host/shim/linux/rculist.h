/* SPDX-License-Identifier: GPL-2.0 */
/* Nobody reads while another one writes. */
#ifndef _SHIM_LINUX_RCULIST_H
#define _SHIM_LINUX_RCULIST_H

#include <linux/list.h>

#define rcu_read_lock()				do { } while (0)
#define rcu_read_unlock()			do { } while (0)
#define hlist_add_head_rcu(e, h)		hlist_add_head(e, h)
#define hlist_for_each_entry_rcu(p, h, m, ...)	hlist_for_each_entry(p, h, m)

#endif
