// SPDX-License-Identifier: GPL-2.0
/*
 * Files that the kernel reads. Those of the administrator are read with the kernel's
 * own credentials, in the root directory of the initial mount namespace, so that
 * neither a program nor a container decides what is in them. What is no regular file
 * is never opened: to open a device can have consequences, and a FIFO waits for its
 * writer.
 */
#include <linux/ctype.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/kernel_read_file.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/nsproxy.h>
#include <linux/pid_namespace.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
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

/*
 * The first process. init_task is none of user space, and from Linux 7.3 on its root
 * directory is an empty one; before that the two share it.
 */
static struct task_struct *ssa_file_init(void)
{
	return READ_ONCE(init_pid_ns.child_reaper);
}

/**
 * ssa_file_root - the root directory of the initial mount namespace
 * @root: it, with a reference
 *
 * Context: process.
 */
void ssa_file_root(struct path *root)
{
	struct task_struct *init = ssa_file_init();

	task_lock(init);
	get_fs_root(init->fs, root);
	task_unlock(init);
}

/**
 * ssa_file_sees_initial - is the calling process in the initial mount namespace?
 *
 * Context: process.
 * Return: true if so.
 */
bool ssa_file_sees_initial(void)
{
	struct task_struct *init = ssa_file_init();
	bool same;

	task_lock(init);
	same = current->nsproxy->mnt_ns == init->nsproxy->mnt_ns;
	task_unlock(init);
	return same;
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

/* ------------------------------------------------------------ hashed directories */

#define SSA_HASHED_NAME_MAX	12	/* "1a2b3c4d.999" */
#define SSA_HASHED_MAX		2048	/* certificates of a directory */

/**
 * struct ssa_hashed - what is found in a directory
 * @ctx: what the file system calls
 * @names: of files
 * @count: how many
 * @full: there are more
 */
struct ssa_hashed {
	struct dir_context	ctx;
	char			(*names)[SSA_HASHED_NAME_MAX + 1];
	unsigned int		count;
	bool			full;
};

/* The hash of a subject in hex, and a number: what openssl-rehash(1) makes. No CRLs. */
static bool ssa_is_hashed_name(const char *name, int len)
{
	int i;

	if (len < 10 || len > SSA_HASHED_NAME_MAX || name[8] != '.')
		return false;
	for (i = 0; i < 8; i++) {
		if (!isxdigit(name[i]) || isupper(name[i]))
			return false;
	}
	for (i = 9; i < len; i++) {
		if (!isdigit(name[i]))
			return false;
	}
	return true;
}

/* filldir_t; with the lock of the directory: nothing is opened here */
static bool ssa_hashed_add(struct dir_context *ctx, const char *name, int len, loff_t offset,
			   u64 ino, unsigned int type)
{
	struct ssa_hashed *h = container_of(ctx, struct ssa_hashed, ctx);

	if (!ssa_is_hashed_name(name, len))
		return true;
	h->full = h->count == SSA_HASHED_MAX;
	if (h->full)
		return false;
	memcpy(h->names[h->count], name, len);
	h->names[h->count++][len] = '\0';
	return true;
}

/* With the kernel's rights. 0 or a negative errno. */
static int ssa_hashed_list(const char *dir, struct ssa_hashed *h)
{
	struct file *file;
	struct path path;
	int err;

	err = ssa_file_find(dir, &path);
	if (err)
		return err;
	file = dentry_open(&path, O_RDONLY | O_DIRECTORY | O_LARGEFILE, current_cred());
	path_put(&path);
	if (IS_ERR(file))
		return PTR_ERR(file);
	err = iterate_dir(file, &h->ctx);
	fput(file);
	return err ?: h->full ? -E2BIG : 0;
}

/* Appends a file to @all. Its links are followed; one that leads nowhere has nothing. */
static int ssa_hashed_append(const char *dir, const char *name, void *all, size_t *len,
			     size_t max)
{
	char *whole = kasprintf(GFP_KERNEL, "%s/%s", dir, name);
	struct path path;
	ssize_t n;
	void *text;

	if (!whole)
		return -ENOMEM;
	n = ssa_file_find(whole, &path);
	kfree(whole);
	if (n == -ENOENT)
		return 0;
	if (n)
		return n;
	n = ssa_file_read_at(&path, max - *len - 1, &text);
	path_put(&path);
	if (n < 0)
		return n;
	memcpy(all + *len, text, n);
	*len += n;
	((char *)all)[(*len)++] = '\n';
	vfree(text);
	return 0;
}

static ssize_t ssa_hashed_read(const char *dir, size_t max, void *all)
{
	struct ssa_hashed h = { .ctx.actor = ssa_hashed_add };
	unsigned int i;
	size_t len = 0;
	int err;

	h.names = kvmalloc_array(SSA_HASHED_MAX, sizeof(*h.names), GFP_KERNEL);
	if (!h.names)
		return -ENOMEM;
	err = ssa_hashed_list(dir, &h);
	for (i = 0; i < h.count && !err; i++)
		err = len + 1 < max ? ssa_hashed_append(dir, h.names[i], all, &len, max) : -EFBIG;
	kvfree(h.names);
	return err ?: len;
}

/**
 * ssa_file_read_hashed - read the certificates of a directory
 * @dir: absolute path in the initial mount namespace; its files are named by the hash of
 *	 their subject, as openssl-rehash(1) does it
 * @max: most bytes of all of them
 * @text: what is in them, one after the other; for vfree()
 *
 * Context: process, may sleep.
 * Return: bytes; -E2BIG, -EFBIG: too many, or too large; the error of finding or reading
 * one of them; -ENOMEM.
 */
ssize_t ssa_file_read_hashed(const char *dir, size_t max, void **text)
{
	const struct cred *old;
	struct cred *kernel;
	ssize_t len;

	*text = vmalloc(max);
	if (!*text)
		return -ENOMEM;
	old = ssa_file_rights_take(&kernel);
	len = -ENOMEM;
	if (old) {
		len = ssa_hashed_read(dir, max, *text);
		ssa_file_rights_return(old, kernel);
	}
	if (len < 0) {
		vfree(*text);
		*text = NULL;
	}
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
