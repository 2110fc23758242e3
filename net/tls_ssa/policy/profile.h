/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an administrator writes: profiles with a draft each, and the transaction in
 * which drafts come into force. configfs.c makes files of it.
 */
#ifndef _TLS_SSA_PROFILE_H
#define _TLS_SSA_PROFILE_H

#include <linux/list.h>
#include <linux/mutex.h>
#include "policy.h"

/**
 * struct ssa_written - what is written in one profile
 * @values: attributes that are set
 * @trust: read from trust_store; of default/ never NULL, else NULL: not set
 * @client_trust: read from client_trust_store; or NULL: not set, or none
 */
struct ssa_written {
	struct ssa_values	values;
	struct ssa_trust	*trust;
	struct ssa_trust	*client_trust;
};

struct ssa_admin;

/**
 * struct ssa_profile - default/, or a directory of profiles/
 * @admin: whose it is
 * @node: in ssa_admin.profiles
 * @name: of the directory
 * @now: what is in force
 * @draft: what is not in force yet; or NULL: nothing
 * @creds: slot of all its snapshots
 * @next_creds: what goes into the slot when a commit succeeds; or NULL: nothing
 * @has_next_creds: even if it is nothing
 * @policy: the snapshot in force; or NULL: the profile is not enabled
 * @next: what takes the place of @policy when a commit succeeds
 * @last_error: why the last write was refused; empty: it was not
 *
 * Under ssa_admin.lock.
 */
struct ssa_profile {
	struct ssa_admin	*admin;
	struct list_head	node;
	char			name[SSA_PROFILE_NAME_MAX + 1];
	struct ssa_written	*now;
	struct ssa_written	*draft;
	struct ssa_cred_slot	*creds;
	struct ssa_cred_set	*next_creds;
	bool			has_next_creds;
	struct ssa_policy	*policy;
	struct ssa_policy	*next;
	struct ssa_complaint	last_error;
};

/**
 * struct ssa_admin - all that the administrator has written
 * @lock: guards what follows, and all profiles
 * @builtin: what holds if default/ says nothing
 * @base: default/
 * @profiles: the others, in the order in which they were made
 * @credentials: in the order in which they were made
 * @open: a transaction is
 * @last_error: why the last write was refused, wherever it was
 */
struct ssa_admin {
	struct mutex		lock;	/* see above */
	struct ssa_values	builtin;
	struct ssa_profile	base;
	struct list_head	profiles;
	struct list_head	credentials;
	bool			open;
	struct ssa_complaint	last_error;
};

/* profile.c */
int ssa_profile_init(struct ssa_admin *admin, struct ssa_profile *p, const char *name);
void ssa_profile_exit(struct ssa_profile *p);
void ssa_profile_add(struct ssa_profile *p);
void ssa_profile_remove(struct ssa_profile *p);
int ssa_profile_write(struct ssa_profile *p, enum ssa_attribute a, const char *text, size_t len);
ssize_t ssa_profile_show(struct ssa_profile *p, enum ssa_attribute a, char *page, size_t size);
ssize_t ssa_profile_show_set(struct ssa_profile *p, char *page, size_t size);
void ssa_written_free(struct ssa_written *w);

/* What was written last, in force or not; lock held. */
static inline const struct ssa_written *ssa_profile_latest(const struct ssa_profile *p)
{
	return p->draft ?: p->now;
}

/* write.c, admin.c and commit.c */
int ssa_admin_init(struct ssa_admin *admin, const char *trust_store);
void ssa_admin_exit(struct ssa_admin *admin);
int ssa_commit(struct ssa_admin *admin, struct ssa_profile *written, struct ssa_complaint *why);
int ssa_commit_credentials(struct ssa_admin *admin, struct ssa_complaint *why);
int ssa_transaction_write(struct ssa_admin *admin, const char *text, size_t len);
ssize_t ssa_transaction_show(struct ssa_admin *admin, char *page, size_t size);
int ssa_admin_note(struct ssa_admin *admin, const char *name, struct ssa_complaint *last_error,
		   const struct ssa_complaint *why, int err);
ssize_t ssa_admin_show_error(struct ssa_admin *admin, const struct ssa_complaint *last_error,
			     char *page, size_t size);

#endif /* _TLS_SSA_PROFILE_H */
