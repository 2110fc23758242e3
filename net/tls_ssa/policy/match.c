// SPDX-License-Identifier: GPL-2.0
/*
 * Which profile is for the calling process: what the index (match_index.c) asks for is
 * found out here. Only that: what no profile names costs nothing.
 *
 * A program is its file, wherever it is called from: whoever renames it, links to it or
 * mounts it elsewhere runs the same file. If the file at the path that the administrator
 * has written has been replaced, by an upgrade, the new one is the program. A copy
 * elsewhere is not.
 */
#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/namei.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>
#include "file.h"
#include "match_index.h"
#include "policy.h"

static void ssa_match_inode(const struct inode *inode, struct ssa_match_file *file)
{
	file->dev = inode->i_sb->s_dev;
	file->ino = inode->i_ino;
	file->generation = inode->i_generation;
}

/* ssa_match_identify_t: as the initial mount namespace and the kernel see it */
static int ssa_match_identify(const char *path, struct ssa_match_file *file, char **canonical,
			      struct ssa_complaint *why)
{
	const struct cred *old;
	struct cred *kernel;
	struct path root, at;
	char *page, *name;
	int err;

	kernel = prepare_kernel_cred(&init_task);
	if (!kernel)
		return -ENOMEM;
	ssa_file_root(&root);
	old = override_creds(kernel);
	err = vfs_path_lookup(root.dentry, root.mnt, path, LOOKUP_FOLLOW, &at);
	revert_creds(old);
	put_cred(kernel);
	path_put(&root);
	if (err == -ENOENT || err == -ENOMEM)
		return err;
	if (err)
		return ssa_complain(why, "match_executable: %s: error %d", path, err);
	if (!S_ISREG(d_inode(at.dentry)->i_mode)) {
		path_put(&at);
		return ssa_complain(why, "match_executable: %s is no regular file", path);
	}
	ssa_match_inode(d_inode(at.dentry), file);
	page = canonical ? kmalloc(PATH_MAX, GFP_KERNEL) : NULL;
	if (page) {
		name = d_path(&at, page, PATH_MAX);
		if (!IS_ERR(name))
			*canonical = kstrdup(name, GFP_KERNEL);
		kfree(page);
	}
	path_put(&at);
	return 0;
}

/**
 * ssa_match_build - an index of the profiles that are enabled
 * @profiles: they
 * @n: how many
 * @why: what is wrong with them
 *
 * Context: process, may sleep; walks paths.
 * Return: as ssa_match_index().
 */
struct ssa_match_table *ssa_match_build(const struct ssa_match_profile *profiles, size_t n,
					struct ssa_complaint *why)
{
	return ssa_match_index(profiles, n, ssa_match_identify, why);
}

static struct file *ssa_match_exe(struct mm_struct *mm)
{
	struct file *file;

	rcu_read_lock();
	file = get_file_rcu(&mm->exe_file);
	rcu_read_unlock();
	return file;
}

/* The file that runs is none that was known; is it what is now at a path that is? */
static u32 ssa_match_upgraded(struct ssa_match_table *t, struct file *exe,
			      const struct ssa_match_file *file)
{
	const char *configured;
	struct ssa_match_file now;
	char *page, *name;
	u32 program = 0;

	page = kmalloc(PATH_MAX, GFP_KERNEL);
	if (!page)
		return 0;
	name = d_path(&exe->f_path, page, PATH_MAX);
	if (!IS_ERR(name))
		program = ssa_match_by_path(t, name, strlen(name), &configured);
	kfree(page);
	if (!program)
		return 0;
	if (ssa_match_identify(configured, &now, NULL, NULL) || memcmp(&now, file, sizeof(now)))
		return 0;
	ssa_match_learn(t, program, file);
	return program;
}

/*
 * In a user namespace of his own a user can have any file for his program
 * (PR_SET_MM_MAP): there it says nothing.
 */
static u32 ssa_match_program(struct ssa_match_table *t, struct mm_struct *mm,
			     const struct cred *cred)
{
	struct ssa_match_file file;
	struct file *exe;
	u32 program;

	if (!mm || cred->user_ns != &init_user_ns)
		return 0;
	exe = ssa_match_exe(mm);
	if (!exe)
		return 0;
	ssa_match_inode(file_inode(exe), &file);
	program = ssa_match_by_file(t, &file) ?: ssa_match_upgraded(t, exe, &file);
	fput(exe);
	return program;
}

#if IS_ENABLED(CONFIG_CGROUPS)
/* The path of a process's cgroup v2; bytes of it, 0: none */
static size_t ssa_match_cgroup(struct task_struct *task, char *path, size_t size)
{
	struct cgroup *cgroup;
	int len;

	rcu_read_lock();
	cgroup = task_dfl_cgroup(task);
	len = cgroup_path(cgroup, path, size);
	rcu_read_unlock();
	return len > 0 && len < size ? len : 0;
}
#else
static size_t ssa_match_cgroup(struct task_struct *task, char *path, size_t size)
{
	return 0;
}
#endif

/* @mm: of @task, or NULL; @cred: its own */
static struct ssa_policy *ssa_match_task(struct ssa_match_table *t, struct task_struct *task,
					 struct mm_struct *mm, const struct cred *cred, u64 netns)
{
	struct ssa_match_facts facts = {
		.uid = __kuid_val(cred->euid), .gid = __kgid_val(cred->egid), .netns = netns,
	};
	struct ssa_policy *policy;
	char *cgroup = NULL;

	if (ssa_match_uses(t, SSA_BY_EXECUTABLE))
		facts.program = ssa_match_program(t, mm, cred);
	if (ssa_match_uses(t, SSA_BY_CGROUP)) {
		cgroup = kmalloc(PATH_MAX, GFP_KERNEL);
		facts.cgroup_len = cgroup ? ssa_match_cgroup(task, cgroup, PATH_MAX) : 0;
		facts.cgroup = cgroup;
	}
	policy = ssa_match_find(t, &facts);
	kfree(cgroup);
	return policy;
}

/**
 * ssa_match_current - the profile for the calling process
 * @match: the index
 * @net: of the socket
 *
 * Context: process, may sleep.
 * Return: borrowed from the table; NULL: the default.
 */
struct ssa_policy *ssa_match_current(struct ssa_match_table *match, struct net *net)
{
	return ssa_match_task(match, current, current->mm, current_cred(), net->net_cookie);
}

/**
 * ssa_match_process - the profile that another process would get
 * @match: the index, or NULL: there are no profiles
 * @pid: in the pid namespace of the caller
 *
 * Context: process, may sleep.
 * Return: borrowed from the table; NULL: the default. ERR_PTR: -ESRCH.
 */
struct ssa_policy *ssa_match_process(struct ssa_match_table *match, pid_t pid)
{
	struct task_struct *task;
	struct ssa_policy *policy;
	const struct cred *cred;
	struct mm_struct *mm;
	u64 netns = 0;

	rcu_read_lock();
	task = pid_task(find_vpid(pid), PIDTYPE_PID);
	if (task)
		get_task_struct(task);
	rcu_read_unlock();
	if (!task)
		return ERR_PTR(-ESRCH);
	if (!match) {
		put_task_struct(task);
		return NULL;
	}
	task_lock(task);
	if (task->nsproxy)
		netns = task->nsproxy->net_ns->net_cookie;
	task_unlock(task);
	cred = get_task_cred(task);
	mm = get_task_mm(task);
	policy = ssa_match_task(match, task, mm, cred, netns);
	if (mm)
		mmput(mm);
	put_cred(cred);
	put_task_struct(task);
	return policy;
}
