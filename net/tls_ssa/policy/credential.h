/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The administrator's credentials: a chain and its private key, for servers that have
 * set none of their own and whose policy names them. configfs.c makes files of them.
 */
#ifndef _TLS_SSA_POLICY_CREDENTIAL_H
#define _TLS_SSA_POLICY_CREDENTIAL_H

#include <linux/list.h>
#include "../cert/text.h"
#include "profile.h"

/**
 * struct ssa_pair - what is written in a directory of credentials/
 * @chain: text of the certificates
 * @key: text of the private key
 * @names: host names that it is for, with ' ' between them; or NULL: all of the
 *	   certificate's
 * @cred: made of @chain and @key; or NULL: they do not fit, or one is missing
 */
struct ssa_pair {
	struct ssa_text		chain;
	struct ssa_text		key;
	char			*names;
	struct ssa_credentials	*cred;
};

/**
 * struct ssa_credential - a directory of credentials/
 * @admin: whose it is
 * @node: in ssa_admin.credentials
 * @name: of the directory
 * @now: what is in force; or NULL: nothing is
 * @draft: what is not in force yet: half of a pair, or in a transaction; or NULL
 * @last_error: why the last write was refused; empty: it was not
 *
 * Under ssa_admin.lock.
 */
struct ssa_credential {
	struct ssa_admin	*admin;
	struct list_head	node;
	char			name[SSA_PROFILE_NAME_MAX + 1];
	struct ssa_pair		*now;
	struct ssa_pair		*draft;
	struct ssa_complaint	last_error;
};

void ssa_pair_free(struct ssa_pair *p);
struct ssa_pair *ssa_pair_copy(const struct ssa_pair *from);
int ssa_pair_complete(struct ssa_pair *p, struct ssa_complaint *why);
int ssa_pair_complain(int err, const struct ssa_text *text, bool is_key,
		      struct ssa_complaint *why);
void ssa_credential_init(struct ssa_admin *admin, struct ssa_credential *c, const char *name);
void ssa_credential_exit(struct ssa_credential *c);
void ssa_credential_add(struct ssa_credential *c);
void ssa_credential_remove(struct ssa_credential *c);
int ssa_credential_write_chain(struct ssa_credential *c, const char *text, size_t len);
int ssa_credential_write_key(struct ssa_credential *c, const char *text, size_t len);
int ssa_credential_write_names(struct ssa_credential *c, const char *text, size_t len);
ssize_t ssa_credential_show_names(struct ssa_credential *c, char *page, size_t size);
ssize_t ssa_credential_show_info(struct ssa_credential *c, char *page, size_t size);

/*
 * For commit.c, with ssa_admin.lock held. @drafts: the set if all drafts were in force.
 * ERR_PTR: -EINVAL and *@why, -ENOMEM. NULL: no credentials.
 */
struct ssa_cred_set *ssa_credentials_of(struct ssa_admin *admin, const struct ssa_values *v,
					bool drafts, struct ssa_complaint *why);
/* Are all that @v names there? 0; -EINVAL and *@why. */
int ssa_credentials_known(struct ssa_admin *admin, const struct ssa_values *v,
			  struct ssa_complaint *why);
/* Has each draft both halves? 0; -EINVAL and *@why. */
int ssa_credentials_complete(struct ssa_admin *admin, struct ssa_complaint *why);
void ssa_credentials_settle(struct ssa_admin *admin);
void ssa_credentials_abort(struct ssa_admin *admin);

static inline const struct ssa_pair *ssa_credential_latest(const struct ssa_credential *c)
{
	return c->draft ?: c->now;
}

#endif /* _TLS_SSA_POLICY_CREDENTIAL_H */
