/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an application has set on a socket: an immutable, reference-counted
 * snapshot. A change makes a new one, so that a socket which shares it (a child of a
 * listener, a handshake in flight, a handle of TLS_CONTEXT) never sees the change.
 */
#ifndef _TLS_SSA_SETTINGS_H
#define _TLS_SSA_SETTINGS_H

#include <linux/refcount.h>
#include "engine/engine.h"
#include "policy/policy.h"

struct sock;

#define SSA_CHOSEN_VERSION_MIN	BIT(0)
#define SSA_CHOSEN_VERSION_MAX	BIT(1)
#define SSA_CHOSEN_SUITES	BIT(2)
#define SSA_CHOSEN_PEER_AUTH	BIT(3)
#define SSA_CHOSEN_SESSION_TTL	BIT(4)

/**
 * struct ssa_setup - one snapshot
 * @ref: references
 * @policy: bounds all that follows; taken at socket(), and again if end_connections says so
 * @generation: of @policy
 * @chosen: SSA_CHOSEN_*: what the application has set; the rest is as the policy says
 * @name: TLS_REMOTE_HOSTNAME, or NULL
 * @extra: TLS_TRUSTED_PEER_CERTIFICATES, or NULL
 * @trusted_only: TLS_TRUSTED_ONLY
 * @creds: pairs of TLS_CERTIFICATE_CHAIN and TLS_PRIVATE_KEY, or NULL
 * @peer_auth: TLS_REQUEST_PEER_AUTH, enum ssa_peer_auth
 * @session_reuse: TLS_SESSION_REUSE
 * @session_ttl: TLS_SESSION_TTL, seconds
 * @floor: oldest version that the policy and the namespace allow
 * @version_min: TLS_VERSION_MIN
 * @version_max: TLS_VERSION_MAX
 * @suites: in use, in order of preference, 0 ends a short list
 * @alpn_len: bytes of @alpn
 * @alpn: TLS_ALPN as on the wire (RFC 7301 3.1), or NULL
 *
 * Holds a reference to, or owns, what its pointers show. Constant once published.
 */
struct ssa_setup {
	refcount_t		ref;
	struct ssa_policy	*policy;
	u32			generation;
	u8			chosen;
	char			*name;
	struct ssa_trust_store	*extra;
	struct ssa_cred_set	*creds;
	bool			trusted_only;
	u8			peer_auth;
	bool			session_reuse;
	u32			session_ttl;
	u16			floor;
	u16			version_min;
	u16			version_max;
	u16			suites[SSA_SUITES_MAX];
	u16			alpn_len;
	u8			*alpn;
};

/* settings.c */
struct ssa_setup *ssa_setup_new(struct sock *sk);
struct ssa_setup *ssa_setup_clone(const struct ssa_setup *setup);
struct ssa_setup *ssa_setup_get(struct ssa_setup *setup);
struct ssa_setup *ssa_setup_rebase(const struct ssa_setup *old, const struct net *net,
				   enum ssa_reason *reason);
void ssa_setup_put(struct ssa_setup *setup);
bool ssa_alpn_allowed(const u8 *wire, size_t len, const struct ssa_policy *policy);
enum ssa_reason ssa_setup_unbounded(const struct ssa_setup *setup, const struct ssa_policy *policy);
bool ssa_setup_usable(const struct ssa_setup *setup);
bool ssa_setup_trusts(const struct ssa_setup *setup);
bool ssa_policy_trusts_programs(const struct ssa_policy *policy);
bool ssa_setup_has_anchors(const struct ssa_setup *setup, bool store);
enum ssa_reason ssa_setup_adds_trust(const struct ssa_setup *setup,
				     const struct ssa_policy *policy);

/**
 * struct ssa_anchors - whose certificates count, as struct ssa_verify_params has them
 * @store: the policy's, or NULL
 * @extra: the application's, or NULL
 * @also: that a peer has to satisfy besides, or NULL
 */
struct ssa_anchors {
	const struct ssa_trust_store *store;
	const struct ssa_trust_store *extra;
	const struct ssa_trust_store *also;
};

struct ssa_anchors ssa_setup_anchors(const struct ssa_policy *policy, bool only,
				     const struct ssa_trust_store *store,
				     const struct ssa_trust_store *extra);
enum ssa_reason ssa_setup_rebound(struct ssa_setup *setup, const struct net *net);
void ssa_setup_silent(struct ssa_setup *silent, struct ssa_policy *policy, const struct net *net);
u8 ssa_setup_differs(const struct ssa_setup *setup, const struct ssa_setup *silent);
u64 ssa_setup_says(const struct ssa_setup *setup, const struct ssa_setup *silent);
struct ssa_cred_set *ssa_setup_credentials(const struct ssa_setup *setup, bool server);
bool ssa_setup_can_serve(const struct ssa_setup *setup);

#endif /* _TLS_SSA_SETTINGS_H */
