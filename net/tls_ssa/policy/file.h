/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files that the kernel reads: for itself, or for a program.
 */
#ifndef _TLS_SSA_FILE_H
#define _TLS_SSA_FILE_H

#include <linux/types.h>

struct cred;
struct path;

/* file.c */
const struct cred *ssa_file_rights_take(struct cred **kernel);
void ssa_file_rights_return(const struct cred *old, struct cred *kernel);
void ssa_file_root(struct path *root);
bool ssa_file_sees_initial(void);
int ssa_file_find(const char *name, struct path *path);
ssize_t ssa_file_read_at(const struct path *path, size_t max, void **text);
ssize_t ssa_file_read_caller(const char *name, size_t max, void **text);
ssize_t ssa_file_read_kernel(const char *name, size_t max, void **text);
ssize_t ssa_file_read_hashed(const char *dir, size_t max, void **text);
const char *ssa_file_error(int err);

#endif /* _TLS_SSA_FILE_H */
