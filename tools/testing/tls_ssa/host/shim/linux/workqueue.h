/* SPDX-License-Identifier: GPL-2.0 */
/* Only what structures have in them */
#ifndef _SHIM_LINUX_WORKQUEUE_H
#define _SHIM_LINUX_WORKQUEUE_H

struct work_struct {
	int unused;
};

struct rcu_work {
	struct work_struct work;
};

#endif
