// SPDX-License-Identifier: GPL-2.0
/*
 * A page that makes who copies from it wait, in the middle of a system call, for as long
 * as a test likes. (Programs have userfaultfd and FUSE for that.)
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include "probe.h"

/**
 * ssa_probe_page_init - at open()
 * @p: the file
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int ssa_probe_page_init(struct ssa_probe *p)
{
	init_waitqueue_head(&p->wait);
	p->page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	return p->page ? 0 : -ENOMEM;
}

/**
 * ssa_probe_page_exit - the file is closed, and mapped by nobody
 * @p: the file
 *
 * Context: process.
 */
void ssa_probe_page_exit(struct ssa_probe *p)
{
	put_page(p->page);
}

/**
 * ssa_probe_hold - whoever reads the page from here on waits, or nobody
 * @p: the file
 * @hold: which
 *
 * A page that is mapped already can be read: MADV_DONTNEED takes it away.
 *
 * Context: any.
 */
void ssa_probe_hold(struct ssa_probe *p, bool hold)
{
	WRITE_ONCE(p->held, hold);
	if (!hold)
		wake_up_all(&p->wait);
}

static int ssa_probe_wait(struct ssa_probe *p)
{
	int err;

	atomic_inc(&p->waiting);
	err = wait_event_killable(p->wait, !READ_ONCE(p->held));
	atomic_dec(&p->waiting);
	return err;
}

static vm_fault_t ssa_probe_fault(struct vm_fault *vmf)
{
	struct file *file = vmf->vma->vm_file;
	struct ssa_probe *p = file->private_data;

	if (READ_ONCE(p->held)) {
		if (!fault_flag_allow_retry_first(vmf->flags) ||
		    vmf->flags & FAULT_FLAG_RETRY_NOWAIT)
			return VM_FAULT_SIGBUS;
		/* Not with the lock of the process's memory: its other threads go on. */
		get_file(file);
		release_fault_lock(vmf);
		ssa_probe_wait(p);
		fput(file);
		return VM_FAULT_RETRY;
	}
	get_page(p->page);
	vmf->page = p->page;
	return 0;
}

static const struct vm_operations_struct ssa_probe_vm_ops = {
	.fault	= ssa_probe_fault,
};

/**
 * ssa_probe_map - map the page
 * @p: the file
 * @vma: where; any number of pages, which are all the same one
 *
 * Context: process.
 * Return: 0.
 */
int ssa_probe_map(struct ssa_probe *p, struct vm_area_struct *vma)
{
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTCOPY);
	vma->vm_ops = &ssa_probe_vm_ops;
	return 0;
}
