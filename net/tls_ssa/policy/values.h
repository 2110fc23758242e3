/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an administrator has written into default/ or into a profile: values that
 * are set, and which those are. attribute.c turns text into values and back;
 * effective.c puts them together. Neither does I/O, and both compile in user space.
 */
#ifndef _TLS_SSA_VALUES_H
#define _TLS_SSA_VALUES_H

#include <linux/bits.h>
#include <linux/types.h>
#include "../engine/engine.h"
#include "../option.h"
#include "complaint.h"

enum ssa_attribute {
#define SSA_ATTRIBUTE(name, kind, summary) SSA_A_##name,
#define SSA_MATCH(name, kind, summary) SSA_A_##name,
#include "attribute_list.h"
#undef SSA_ATTRIBUTE
#undef SSA_MATCH
	SSA_A_COUNT,
};

/* @trust_mode: whose trust anchors count */
enum ssa_trust_mode {
	SSA_TRUST_SYSTEM,		/* trust_store's; applications cannot bring others */
	SSA_TRUST_BOTH,			/* "system+application" */
	SSA_TRUST_APPLICATION,		/* only those that the application brings */
	SSA_TRUST_PINNED,		/* of both, but the peer's own certificate must be there */
};

#define SSA_MATCH_MAX		16	/* elements of one match_ attribute */
#define SSA_PROFILE_NAME_MAX	64	/* bytes of the name of a profile or credential */
#define SSA_SESSION_TTL_MAX	604800	/* seconds: seven days, RFC 8446 4.6.1 */
#define SSA_ALL_CREDENTIALS	"*"	/* no name of a credential */
#define SSA_ATTRIBUTE_MAX	4000	/* bytes of a value as it is written */

/* Texts of variable length; each is kmalloc'ed, or NULL: none */
enum ssa_values_text {
	SSA_TEXT_TRUST_STORE,
	SSA_TEXT_CLIENT_TRUST_STORE,
	SSA_TEXT_CREDENTIAL,		/* names with ':' between them, or SSA_ALL_CREDENTIALS */
	SSA_TEXT_KEY_DIRECTORIES,	/* absolute paths with ':' between them */
	SSA_TEXT_MATCH_EXECUTABLE,	/* the same */
	SSA_TEXT_MATCH_CGROUP,		/* the same */
	SSA_TEXT_COUNT,
};

/*
 * struct ssa_values: the values of one profile; the meaning is that of the attribute
 * @set: BIT_ULL(enum ssa_attribute): which of them are set; of the effective values
 *	 (ssa_values_merge()): all but matches that are not
 * @app_may_set: BIT_ULL(enum ssa_option_index); always has those that no program sets
 *	before there is a connection, and TLS_HANDSHAKE
 * @alpn: as on the wire, or NULL: any
 * @match_uid: in the initial user namespace
 *
 * Lists end with 0 or at their last element. Owner: whoever called
 * ssa_values_clone(); nobody changes what is published.
 */
struct ssa_values {
	u64	set;
	u16	min_version;
	u16	max_version;
	u16	ciphersuites[SSA_SUITES_MAX];
	u16	groups[SSA_GROUPS_MAX];
	u16	signature_algorithms[SSA_SIGALGS_MAX];
	bool	require_extended_master_secret;
	bool	require_host_name;
	bool	session_reuse;
	bool	host_names;
	bool	enabled;
	u8	trust_mode;
	u8	verify_depth;
	u8	require_peer_auth;
	u16	min_rsa_bits;
	u32	extensions;
	u32	session_ttl;
	u64	app_may_set;
	u16	alpn_len;
	u8	*alpn;
	u8	uids;
	u8	gids;
	u8	cookies;
	u32	match_uid[SSA_MATCH_MAX];
	u32	match_gid[SSA_MATCH_MAX];
	u64	match_netns[SSA_MATCH_MAX];
	char	*text[SSA_TEXT_COUNT];
};

static inline bool ssa_values_has(const struct ssa_values *v, enum ssa_attribute a)
{
	return v->set & BIT_ULL(a);
}

/* attribute.c */
const char *ssa_attribute_name(enum ssa_attribute a);
bool ssa_attribute_is_match(enum ssa_attribute a);
bool ssa_entry_name_is_valid(const char *name, size_t len);	/* of a profile or credential */
/*
 * @text: as written, with or without a final newline; not NUL-terminated. Nothing but
 * white space: unset. 0; -EINVAL and *@why; -ENOMEM. @v is as before on any error.
 */
int ssa_attribute_parse(struct ssa_values *v, enum ssa_attribute a, const char *text, size_t len,
			struct ssa_complaint *why);
/* The value of @v, as it could be written, with a newline; bytes of it, or -E2BIG. */
int ssa_attribute_show(const struct ssa_values *v, enum ssa_attribute a, char *page, size_t size);

/* @to: the attribute of @from, if it is set there; it must not be set in @to. 0, -ENOMEM. */
int ssa_attribute_copy(struct ssa_values *to, const struct ssa_values *from, enum ssa_attribute a);

/* effective.c */
/* What holds if nobody says anything; every attribute but matches is set. */
int ssa_values_builtin(struct ssa_values *v, const char *trust_store);	/* 0, -ENOMEM */
int ssa_values_copy(struct ssa_values *to, const struct ssa_values *from);	/* deep; -ENOMEM */
void ssa_values_free(struct ssa_values *v);	/* what it points at, not @v */
/* @to: those of @profile, or where it is silent those of @base; deep. 0, -ENOMEM. */
int ssa_values_merge(struct ssa_values *to, const struct ssa_values *base,
		     const struct ssa_values *profile);
/* Do effective values fit together? 0; -EINVAL and *@why. */
int ssa_values_check(const struct ssa_values *v, struct ssa_complaint *why);

#endif /* _TLS_SSA_VALUES_H */
