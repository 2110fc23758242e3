/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's side: the folder of configfs, or one that looks like it. */
#ifndef _SSACTL_TREE_H
#define _SSACTL_TREE_H

#include <stdbool.h>
#include "model.h"

#define TREE_ROOT	"/sys/kernel/config/tls_ssa"
#define VALUE_MAX	4096	/* bytes of an attribute: a page of configfs */

/*
 * Who changes the policy takes turns. A lock on the folder itself would let anybody who
 * can read it keep the administrator out.
 */
#define LOCK_PATH	"/run/ssactl.lock"

/**
 * struct tree - the folder, while somebody works in it
 * @fd: of the folder
 * @lock: of LOCK_PATH, or -1
 * @root: its path, for messages
 */
struct tree {
	int		fd;
	int		lock;
	const char	*root;
};

/* @write: waits for others that write. 0, or -1 and a complaint */
int tree_open(struct tree *t, const char *root, bool write, struct report *report);
void tree_close(struct tree *t);

/*
 * Paths are relative to the folder. 0 or a negative errno. What is read comes without
 * its last newline.
 */
int tree_read(const struct tree *t, const char *path, struct text *to);
int tree_write(const struct tree *t, const char *path, const char *text);
int tree_mkdir(const struct tree *t, const char *path);
int tree_rmdir(const struct tree *t, const char *path);
/* Names in a folder, sorted; each and the array are the caller's. The number, or < 0. */
int tree_list(const struct tree *t, const char *path, char ***names);

/* The folder of a section, and one of its files */
void section_path(const struct section *s, const char *file, struct text *path);

/* state.c: what the kernel has, in @m. 0, or -1 and a complaint */
int read_state(struct model *m, const struct tree *t, struct report *report);
/* The effective value of an attribute; false: it cannot be read */
bool effective_value(const struct tree *t, const struct section *s, size_t attribute,
		     struct text *to);

#endif /* _SSACTL_TREE_H */
