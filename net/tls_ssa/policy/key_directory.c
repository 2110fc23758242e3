// SPDX-License-Identifier: GPL-2.0
/*
 * Private keys that a program uses without being able to read them: they are in a
 * directory that its policy lists (key_directories), and are opened with the kernel's
 * rights. Nobody gets more by this than the administrator has said:
 *
 *  - The caller sees the files as the initial mount namespace does, from the same root
 *    directory; in a container, or after chroot(), the same path can be another file.
 *  - On the way from the root directory to the key there is no symbolic link, and from
 *    the listed directory on no mount and no way up: who can write somewhere in there
 *    cannot lead elsewhere.
 *  - The listed directory is root's and nobody else can write into it. Below it, what
 *    has a second name (a hard link) is not taken: it may be of another directory.
 *  - The path is looked up once; what was found is what is checked and read. To exchange
 *    it meanwhile changes nothing.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/namei.h>
#include <linux/path.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uidgid.h>
#include "file.h"
#include "policy.h"

/* Does the caller mean the same file by a path as the kernel does? */
static bool ssa_caller_is_at_home(void)
{
	struct path mine, init;
	bool same;

	if (!ssa_file_sees_initial())
		return false;
	get_fs_root(current->fs, &mine);
	ssa_file_root(&init);
	same = path_equal(&mine, &init);
	path_put(&init);
	path_put(&mine);
	return same;
}

/*
 * The part of @path below the directory of @len bytes at @dir; NULL: it is not in there.
 * Whether it stays there is for the lookup to find out.
 */
static const char *ssa_below(const char *dir, size_t len, const char *path)
{
	while (len && dir[len - 1] == '/')
		len--;
	if (!len || strncmp(path, dir, len) || path[len] != '/')
		return NULL;
	path += len;
	while (*path == '/')
		path++;
	return *path ? path : NULL;
}

/* Only root can have put there what is in this directory. */
static bool ssa_is_roots_own(const struct path *dir)
{
	const struct inode *inode = d_inode(dir->dentry);

	return S_ISDIR(inode->i_mode) && uid_eq(inode->i_uid, GLOBAL_ROOT_UID) &&
	       !(inode->i_mode & 0022);
}

/* With the kernel's rights. 0 or a negative errno. */
static int ssa_find_key(const char *dir, const char *below, struct path *key)
{
	const unsigned int inside = LOOKUP_BENEATH | LOOKUP_NO_SYMLINKS | LOOKUP_NO_MAGICLINKS |
				    LOOKUP_NO_XDEV;
	struct path root, top;
	int err;

	ssa_file_root(&root);
	err = vfs_path_lookup(root.dentry, root.mnt, dir,
			      LOOKUP_DIRECTORY | LOOKUP_NO_SYMLINKS | LOOKUP_NO_MAGICLINKS, &top);
	path_put(&root);
	if (err)
		return err;
	err = -EACCES;
	if (ssa_is_roots_own(&top))
		err = vfs_path_lookup(top.dentry, top.mnt, below, inside, key);
	path_put(&top);
	return err;
}

/* With the kernel's rights. Bytes or a negative errno. */
static ssize_t ssa_read_key(const char *dir, const char *below, size_t max, void **text)
{
	struct path key;
	ssize_t len;

	len = ssa_find_key(dir, below, &key);
	if (len)
		return len;
	len = -EACCES;
	if (d_inode(key.dentry)->i_nlink == 1)
		len = ssa_file_read_at(&key, max, text);
	path_put(&key);
	return len;
}

/* What is in there is not told to who may not look: every error is the same. */
static ssize_t ssa_try_directory(const char *dir, size_t dir_len, const char *below, size_t max,
				 void **text)
{
	const struct cred *old;
	struct cred *kernel;
	ssize_t len;
	char *name;

	name = kmemdup_nul(dir, dir_len, GFP_KERNEL);
	if (!name)
		return -ENOMEM;
	len = -ENOMEM;
	old = ssa_file_rights_take(&kernel);
	if (old) {
		len = ssa_read_key(name, below, max, text);
		ssa_file_rights_return(old, kernel);
	}
	kfree(name);
	return len < 0 && len != -ENOMEM ? -EACCES : len;
}

/**
 * ssa_key_directory_read - read a private key with the kernel's rights
 * @policy: of the socket that the key is for
 * @path: as the program wrote it, NUL-terminated
 * @max: most bytes
 * @text: the key; for kvfree_sensitive()
 *
 * For a program that may not read the key itself; see above for what is refused.
 *
 * Context: process, may sleep; the program's system call.
 * Return: bytes; -EACCES: it is in none of the policy's key_directories, or not for
 * this caller, or cannot be read; -ENOMEM.
 */
ssize_t ssa_key_directory_read(const struct ssa_policy *policy, const char *path, size_t max,
			       void **text)
{
	const char *dir = policy->key_directories, *below;
	ssize_t len = -EACCES;
	size_t dir_len;

	if (!dir || path[0] != '/' || !ssa_caller_is_at_home())
		return len;
	for (; *dir && len == -EACCES; dir += dir_len + (dir[dir_len] == ':')) {
		dir_len = strcspn(dir, ":");
		below = ssa_below(dir, dir_len, path);
		if (below)
			len = ssa_try_directory(dir, dir_len, below, max, text);
	}
	return len;
}
