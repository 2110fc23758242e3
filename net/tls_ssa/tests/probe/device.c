// SPDX-License-Identifier: GPL-2.0
/*
 * The device of the selftests: its files, and what is asked of them.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include "probe.h"

static int ssa_probe_open(struct inode *inode, struct file *file)
{
	struct ssa_probe *p = kzalloc(sizeof(*p), GFP_KERNEL);
	int err;

	if (!p)
		return -ENOMEM;
	mutex_init(&p->lock);
	err = ssa_probe_page_init(p);
	if (err) {
		kfree(p);
		return err;
	}
	file->private_data = p;
	return 0;
}

static int ssa_probe_release(struct inode *inode, struct file *file)
{
	struct ssa_probe *p = file->private_data;

	ssa_probe_give(p);
	ssa_probe_page_exit(p);
	kfree(p);
	return 0;
}

static long ssa_probe_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct ssa_probe *p = file->private_data;
	long result;

	switch (cmd) {
	case SSA_PROBE_HOLD:
	case SSA_PROBE_LET:
		ssa_probe_hold(p, cmd == SSA_PROBE_HOLD);
		return 0;
	case SSA_PROBE_WAITING:
		return atomic_read(&p->waiting);
	}
	mutex_lock(&p->lock);
	result = ssa_probe_socket(p, cmd, arg);
	mutex_unlock(&p->lock);
	return result;
}

static int ssa_probe_mmap(struct file *file, struct vm_area_struct *vma)
{
	return ssa_probe_map(file->private_data, vma);
}

static const struct file_operations ssa_probe_fops = {
	.owner		= THIS_MODULE,
	.open		= ssa_probe_open,
	.release	= ssa_probe_release,
	.unlocked_ioctl	= ssa_probe_ioctl,
	.mmap		= ssa_probe_mmap,
};

static struct miscdevice ssa_probe_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "tls_ssa_probe",
	.fops	= &ssa_probe_fops,
	.mode	= 0600,
};

module_misc_device(ssa_probe_device);
MODULE_DESCRIPTION("Secure Socket API: what its selftests need in the kernel");
MODULE_LICENSE("GPL");
