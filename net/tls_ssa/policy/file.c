// SPDX-License-Identifier: GPL-2.0
/*
 * Files that the kernel reads. Those of the administrator are read with the kernel's
 * own credentials, in the root directory of the initial mount namespace, so that
 * neither a program nor a container decides what is in them. What is no regular file
 * is never opened: to open a device can have consequences, and a FIFO waits for its
 * writer.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/kernel_read_file.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/sched/task.h>
#include "file.h"

/**
 * ssa_file_rights_take - go on with the kernel's credentials
 * @kernel: they; for ssa_file_rights_return()
 *
 * Context: process, may sleep.
 * Return: what the caller had before; NULL without memory: nothing has changed.
 */
const struct cred *ssa_file_rights_take(struct cred **kernel)
{
	*kernel = prepare_kernel_cred(&init_task);
	return *kernel ? override_creds(*kernel) : NULL;
}

/**
 * ssa_file_rights_return - go on as before ssa_file_rights_take()
 * @old: its result
 * @kernel: the kernel's; given up
 *
 * Context: process.
 */
void ssa_file_rights_return(const struct cred *old, struct cred *kernel)
{
	revert_creds(old);
	put_cred(kernel);
}

/**
 * ssa_file_root - the root directory of the initial mount namespace
 * @root: it, with a reference
 *
 * Context: process.
 */
void ssa_file_root(struct path *root)
{
	task_lock(&init_task);
	get_fs_root(init_task.fs, root);
	task_unlock(&init_task);
}

/* By the credentials of the moment. ERR_PTR: -EISDIR; -EINVAL: no regular file. */
static struct file *ssa_file_open(const struct path *path)
{
	struct inode *inode = d_inode(path->dentry);
	int err;

	if (S_ISDIR(inode->i_mode))
		err = -EISDIR;
	else if (!S_ISREG(inode->i_mode))
		err = -EINVAL;
	else
		err = inode_permission(mnt_idmap(path->mnt), inode, MAY_OPEN | MAY_READ);
	if (err)
		return ERR_PTR(err);
	return dentry_open(path, O_RDONLY | O_NONBLOCK | O_LARGEFILE, current_cred());
}

/**
 * ssa_file_find - what is of this name for the initial mount namespace
 * @name: absolute path; symbolic links are followed
 * @path: what it is, with a reference
 *
 * Context: process, may sleep; between ssa_file_rights_take() and _return().
 * Return: 0 or a negative errno.
 */
int ssa_file_find(const char *name, struct path *path)
{
	struct path root;
	int err;

	ssa_file_root(&root);
	err = vfs_path_lookup(root.dentry, root.mnt, name, LOOKUP_FOLLOW, path);
	path_put(&root);
	return err;
}

/**
 * ssa_file_read_at - read a regular file
 * @path: it
 * @max: most bytes
 * @text: what is in it; for vfree()
 *
 * Opened and read by the credentials of the moment.
 *
 * Context: process, may sleep.
 * Return: bytes; -EFBIG: more than @max; or as ssa_file_open().
 */
ssize_t ssa_file_read_at(const struct path *path, size_t max, void **text)
{
	struct file *file = ssa_file_open(path);
	ssize_t len;

	*text = NULL;
	if (IS_ERR(file))
		return PTR_ERR(file);
	len = kernel_read_file(file, 0, text, max, NULL, READING_X509_CERTIFICATE);
	fput(file);
	return len;
}

/**
 * ssa_file_read_caller - read a file as the calling process can
 * @name: its path there
 * @max: most bytes
 * @text: what is in it; for vfree()
 *
 * Context: process, may sleep; a system call.
 * Return: as ssa_file_read_at(), or the error of finding it.
 */
ssize_t ssa_file_read_caller(const char *name, size_t max, void **text)
{
	struct path path;
	ssize_t len;

	len = kern_path(name, LOOKUP_FOLLOW, &path);
	if (len)
		return len;
	len = ssa_file_read_at(&path, max, text);
	path_put(&path);
	return len;
}

/**
 * ssa_file_read_kernel - read a file of the administrator's
 * @name: absolute path in the initial mount namespace
 * @max: most bytes
 * @text: what is in it; for vfree()
 *
 * Context: process, may sleep.
 * Return: as ssa_file_read_at(), or the error of finding it; -ENOMEM.
 */
ssize_t ssa_file_read_kernel(const char *name, size_t max, void **text)
{
	const struct cred *old;
	struct cred *kernel;
	struct path path;
	ssize_t len;

	old = ssa_file_rights_take(&kernel);
	if (!old)
		return -ENOMEM;
	len = ssa_file_find(name, &path);
	if (!len) {
		len = ssa_file_read_at(&path, max, text);
		path_put(&path);
	}
	ssa_file_rights_return(old, kernel);
	return len;
}

/**
 * ssa_file_error - an error of reading, in words
 * @err: negative errno
 *
 * Context: any.
 * Return: constant text: "FILE " and this is a sentence.
 */
const char *ssa_file_error(int err)
{
	switch (err) {
	case -ENOENT:
	case -ENOTDIR:
		return "does not exist in the initial mount namespace";
	case -EACCES:
	case -EPERM:
		return "may not be read, not even by root: a security module or a file server";
	case -EISDIR:
		return "is a directory, where a file is needed";
	case -EINVAL:
		return "is no regular file, or empty";
	case -ELOOP:
		return "has too many symbolic links";
	case -EFBIG:
	case -E2BIG:
		return "is too large";
	case -ENOMEM:
		return "cannot be read: out of memory";
	default:
		return "cannot be read";
	}
}
