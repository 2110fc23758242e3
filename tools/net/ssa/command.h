/* SPDX-License-Identifier: GPL-2.0 */
/* The commands; each returns the exit status: 0, 1 if it failed, 2 if it was misused. */
#ifndef _SSACTL_COMMAND_H
#define _SSACTL_COMMAND_H

#include <stdbool.h>

enum { STATUS_OK, STATUS_FAILED, STATUS_USAGE };

/**
 * struct options - of the command line
 * @root: folder of the policy in configfs
 * @dry_run: load: change nothing
 * @quiet: load: do not show what changes
 * @all: status: counters that are 0 too
 * @watch: status: seconds between two looks; 0: one look
 * @profile: explain: by this profile; or NULL
 * @as: explain: by the profile of this program; or NULL
 */
struct options {
	const char	*root;
	bool		dry_run;
	bool		quiet;
	bool		all;
	unsigned int	watch;
	const char	*profile;
	const char	*as;
};

/* @args: what stands behind the command, up to a NULL */
int cmd_load(const struct options *o, char **args);
int cmd_reload(const struct options *o, char **args);
int cmd_save(const struct options *o, char **args);
int cmd_show(const struct options *o, char **args);
int cmd_check(const struct options *o, char **args);
int cmd_match(const struct options *o, char **args);
int cmd_status(const struct options *o, char **args);
int cmd_sockets(const struct options *o, char **args);
int cmd_explain(const struct options *o, char **args);
int cmd_import(const struct options *o, char **args);

struct report;
struct text;
struct tree;

/* show.c: the profile that a process gets, 0, or -1 and a complaint; and is it enabled? */
int match_process(const struct tree *t, long pid, struct text *profile, struct report *report);
bool profile_enabled(const struct tree *t, const char *name);

#endif /* _SSACTL_COMMAND_H */
