/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What sockets may do: an immutable, reference-counted snapshot, taken at socket(),
 * so that a running handshake never sees half a change. A change by the administrator
 * makes new snapshots, for the sockets that are created afterwards.
 *
 *	attribute.c, effective.c what the administrator has written (no I/O)
 *	profile.c, credential.c	profiles and certificates as they are written
 *	write.c, write_credential.c	writing them
 *	commit.c		drafts come into force
 *	snapshot.c		snapshots made of them, and the table in force
 *	match.c			which of them is for the calling process
 *	generation.c		that the policy has changed, for sockets that exist
 *	configfs.c		/sys/kernel/config/tls_ssa
 *	trust.c, blocked.c	files of trust anchors and of blocked certificates
 *	file.c			how they are read
 *	key_directory.c		private keys, read with the kernel's rights
 *	audit.c			who has changed what, and what was refused
 */
#ifndef _TLS_SSA_POLICY_H
#define _TLS_SSA_POLICY_H

#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include "../engine/engine.h"
#include "values.h"

struct net;
struct sock;
struct ssa_match_table;
struct ssa_net;

/**
 * struct ssa_cred_slot - the administrator's credentials of a profile
 * @ref: references: the profile's, and of every snapshot that names it
 * @lock: guards @set
 * @set: replaced when credentials/ changes: who listens already gets the new ones; or NULL
 */
struct ssa_cred_slot {
	refcount_t		ref;
	spinlock_t		lock;	/* see above */
	struct ssa_cred_set	*set;
};

/**
 * struct ssa_policy - one snapshot
 * @ref: references
 * @name: of the profile; "default"
 * @enabled: TLS sockets may be made
 * @min_version: oldest version, SSA_TLS12 or SSA_TLS13
 * @max_version: newest version, not below @min_version
 * @without_ems: TLS 1.2 may go without extended_master_secret (RFC 7627)
 * @require_host_name: a client verifies a DNS name, not an address
 * @session_reuse: sessions may be resumed
 * @host_names: connect() and bind() take AF_HOSTNAME
 * @trust_mode: enum ssa_trust_mode
 * @verify_depth: most intermediate certificates of a peer
 * @require_peer_auth: least of TLS_REQUEST_PEER_AUTH, enum ssa_peer_auth
 * @min_rsa_bits: smallest RSA key of a peer's chain
 * @record_size_limit: what we ask for in the extension of that name (RFC 8449); 0: nothing
 * @extensions: SSA_OPTIONAL_*
 * @session_ttl: longest TLS_SESSION_TTL, seconds
 * @app_may_set: BIT_ULL(index in option_list.h)
 * @suites: allowed, in order of preference, 0 ends a short list
 * @groups: the same
 * @sigalgs: the same
 * @alpn: allowed, as on the wire, and used if the application sets none; or NULL: any
 * @alpn_len: bytes of it
 * @key_directories: absolute paths with ':' between them, or NULL
 * @trust: where the trust anchors come from; never NULL
 * @client_trust: the same for clients of our servers, or NULL
 * @creds: what servers and clients show if they have set nothing; never NULL
 * @free_work: frees it
 *
 * Constant once published. Holds a reference to, or owns, what its pointers show.
 */
struct ssa_policy {
	refcount_t		ref;
	char			name[SSA_PROFILE_NAME_MAX + 1];
	bool			enabled;
	bool			without_ems;
	bool			require_host_name;
	bool			session_reuse;
	bool			host_names;
	u8			trust_mode;
	u8			verify_depth;
	u8			require_peer_auth;
	u16			min_version;
	u16			max_version;
	u16			min_rsa_bits;
	u16			record_size_limit;
	u32			extensions;
	u32			session_ttl;
	u64			app_may_set;
	u16			suites[SSA_SUITES_MAX];
	u16			groups[SSA_GROUPS_MAX];
	u16			sigalgs[SSA_SIGALGS_MAX];
	u16			alpn_len;
	u8			*alpn;
	char			*key_directories;
	struct ssa_trust	*trust;
	struct ssa_trust	*client_trust;
	struct ssa_cred_slot	*creds;
	struct rcu_work		free_work;
};

/* snapshot.c */
extern struct workqueue_struct *ssa_policy_wq;	/* frees what nobody uses any more */

/**
 * struct ssa_policy_table - all that is in force: one for the machine
 * @ref: references
 * @free_work: frees it
 * @default_policy: for whom nothing else matches
 * @match: the others, or NULL: there are none
 * @count: profiles in @policy
 * @policy: each holds a reference
 *
 * Published by RCU; immutable.
 */
struct ssa_policy_table {
	refcount_t		ref;
	struct rcu_work		free_work;
	struct ssa_policy	*default_policy;
	struct ssa_match_table	*match;
	u32			count;
	struct ssa_policy	*policy[] __counted_by(count);
};

/* The snapshot for a new socket of the calling process in @net; process, may sleep. */
struct ssa_policy *ssa_policy_current(struct net *net);
/* The present snapshot of a profile, or of the default if there is none of that name any more */
struct ssa_policy *ssa_policy_named(const char *name);
struct ssa_policy *ssa_policy_get(struct ssa_policy *policy);
void ssa_policy_put(struct ssa_policy *policy);		/* NULL is fine; any context */
struct ssa_policy_table *ssa_policy_table_get(void);
void ssa_policy_table_put(struct ssa_policy_table *table);
/* Empty, and not published yet; consumes the reference. NULL: without memory. */
struct ssa_policy_table *ssa_policy_table_new(struct ssa_policy *default_policy, u32 count);
/* Puts @table in force; consumes the reference; process, one at a time (configfs.c). */
void ssa_policy_publish(struct ssa_policy_table *table);
/*
 * A snapshot of effective values; takes references of its own. ERR_PTR: -ENOMEM.
 * @v: passed ssa_values_check().
 */
struct ssa_policy *ssa_policy_new(const char *name, const struct ssa_values *v,
				  struct ssa_trust *trust, struct ssa_trust *client_trust,
				  struct ssa_cred_slot *creds);
struct ssa_cred_slot *ssa_cred_slot_new(void);
struct ssa_cred_slot *ssa_cred_slot_get(struct ssa_cred_slot *slot);
void ssa_cred_slot_put(struct ssa_cred_slot *slot);
void ssa_cred_slot_set(struct ssa_cred_slot *slot, struct ssa_cred_set *set);	/* consumes */
struct ssa_cred_set *ssa_cred_slot_take(struct ssa_cred_slot *slot);	/* a reference, or NULL */
/* trust.c: the anchors for servers, or for clients: with a reference, or NULL: none. */
struct ssa_trust_store *ssa_policy_anchors(const struct ssa_policy *policy, bool clients);
const char *ssa_version_name(u16 version);
u16 ssa_version_parse(const char *name);
int ssa_policy_init(void);
void ssa_policy_exit(void);

/* match.c */

/**
 * struct ssa_match_profile - one profile that is to be found
 * @v: its match_ attributes
 * @policy: its snapshot
 */
struct ssa_match_profile {
	const struct ssa_values	*v;
	struct ssa_policy	*policy;
};

/*
 * An index of @n profiles; it borrows the snapshots, and lives no longer than their
 * table. ERR_PTR: -ENOMEM; -EINVAL and *@why: two of them match the same, one matches
 * nothing, or an executable or cgroup cannot be what it says.
 */
struct ssa_match_table *ssa_match_build(const struct ssa_match_profile *profiles, size_t n,
					struct ssa_complaint *why);
void ssa_match_free(struct ssa_match_table *match);	/* NULL is fine */
/* For the calling process in @net; borrowed, NULL: the default. May sleep. */
struct ssa_policy *ssa_match_current(struct ssa_match_table *match, struct net *net);
/* The same for another process. ERR_PTR: -ESRCH. */
struct ssa_policy *ssa_match_process(struct ssa_match_table *match, pid_t pid);

/* trust.c: trust anchors of a file or of a hashed directory */
#define SSA_TRUST_PATH_MAX	256

struct ssa_trust;	/* reference counted */

/*
 * @lazy: read when first used, and again after a failure. ERR_PTR: -ENOMEM, -EINVAL
 * and *@why.
 */
struct ssa_trust *ssa_trust_open(const char *path, bool lazy, struct ssa_complaint *why);
struct ssa_trust *ssa_trust_get(struct ssa_trust *trust);	/* NULL is fine */
void ssa_trust_put(struct ssa_trust *trust);			/* NULL is fine; may sleep */
/* With a reference, or NULL: there is none. May sleep, reads files. */
struct ssa_trust_store *ssa_trust_store(struct ssa_trust *trust);

/* blocked.c */
/* The blocklist in force: @path NULL: none. 0, or -EINVAL and *@why: as before. */
int ssa_blocklist_load(const char *path, struct ssa_complaint *why);
struct ssa_blocklist *ssa_blocklist_current(void);	/* with a reference, or NULL */
bool ssa_is_revoked(const u8 *tbs_hash, size_t len);	/* on the kernel's own list */

/* key_directory.c */
/*
 * Reads @path with the kernel's rights if it is in one of the policy's key_directories.
 * *@text is for kvfree_sensitive(). Bytes; -EACCES: it is not, or not for this caller;
 * -ENOMEM.
 */
ssize_t ssa_key_directory_read(const struct ssa_policy *policy, const char *path, size_t max,
			       void **text);

/* What the kernel's log gets; each has what those above it have. */
enum ssa_log {
	SSA_LOG_NOTHING,
	SSA_LOG_CHANGES,	/* of the policy */
	SSA_LOG_REFUSALS,	/* by the policy */
	SSA_LOG_FAILURES,	/* of handshakes */
};

extern unsigned int ssa_log_level;	/* SSA_LOG_*, of the machine */

/* audit.c: records of type AUDIT_KERNEL_OTHER; any but interrupt context, may sleep */
void ssa_audit_change(const char *op, const char *what, int err);
void ssa_audit_refused(const struct sock *sk, const struct ssa_policy *policy,
		       enum ssa_reason reason);

/* generation.c: sockets that exist, and a policy that has changed */
void ssa_generation_init(void (*call)(const struct ssa_net *sn));
u32 ssa_policy_generation(const struct net *net);
bool ssa_is_outdated(const struct net *net, u32 generation);
void ssa_enforce_all(void);
void ssa_enforce(struct ssa_net *sn);
void ssa_enforce_set(bool on);
bool ssa_enforce_is_set(void);

/* configfs.c */
int ssa_configfs_init(void);
void ssa_configfs_exit(void);

#endif /* _TLS_SSA_POLICY_H */
