/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The administrator's policy, /sys/kernel/config/tls_ssa, as tests write and read it.
 *
 * An item is "default", "profiles/NAME" or "credentials/NAME"; "" is the directory
 * above them.
 */
#ifndef _TLS_SSA_PROFILE_H
#define _TLS_SSA_PROFILE_H

#include "lib.h"

#define PROFILE_DIR	"/sys/kernel/config/tls_ssa"
#define PROFILE_TEXT_MAX	4096

/* One write() of @text, "" for a value that is given back; 0 or errno */
int profile_set(const char *item, const char *attribute, const char *text);
/* The value without its newline, in static storage of the thread; NULL with errno */
const char *profile_get(const char *item, const char *attribute);
/* Is @attribute one of those that the read-only "set" of @item lists? */
bool profile_is_set(const char *item, const char *attribute);
/* Why the last write to @item was refused; "" if there is nothing */
const char *profile_last_error(const char *item);

int profile_make(const char *item);		/* mkdir: 0 or errno */
int profile_remove(const char *item);		/* rmdir: 0 or errno */
/* A new profile for this program's own executable, in force; 0 or errno */
int profile_for_self(const char *item);

/*
 * As after loading the module: no profile, no credential, nothing set in default/, no
 * transaction, no blocklist. 0, or -1: something could not be undone (said on stderr).
 */
int profile_reset(void);

#endif /* _TLS_SSA_PROFILE_H */
