/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What can still be asked of a connection once its handshake is forgotten.
 */
#ifndef _TLS_SSA_FACTS_H
#define _TLS_SSA_FACTS_H

#include "engine/engine.h"
#include "policy/policy.h"

struct ssa_setup;
struct ssa_sock;

/**
 * struct ssa_facts - of one established connection
 * @peer: the peer's certificates, or NULL
 * @policy: of the socket; reference
 * @extra: the application's own trust anchors; reference, or NULL
 * @trusted_only: TLS_TRUSTED_ONLY was set
 * @since: end of the handshake, seconds since 1970
 * @generation: of the policy that it complies with (written by the work item)
 * @judged: the last that it was found to comply with; reference (work item)
 * @exporter: what keying material is exported from
 * @export: TLS_EXPORTER as it was set: label, or label, NUL and context; or NULL
 *	    (lock_sock)
 * @export_len: bytes of it (lock_sock)
 * @sigalg: that we have signed with, or 0
 * @peer_sigalg: that the peer has signed with, or 0
 * @hello_retry: there was a HelloRetryRequest
 * @extended_master_secret: RFC 7627; always true in TLS 1.3
 * @idle_updates: KeyUpdates that we have sent, one after the other, without a record
 *		  of data between them (tx_sem for write)
 * @wishes: KeyUpdates that the application has asked for since @wishes_since
 *	    (lock_sock)
 * @key_updates: all that we have sent (tx_sem for write)
 * @wishes_since: jiffies (lock_sock)
 * @held: the timer for data that MSG_MORE holds back; NULL before the first time
 *	  (set by cmpxchg())
 * @alpn_len: bytes of @alpn
 * @alpn: the application protocol; none has no bytes
 *
 * Constant, but for what says otherwise.
 */
struct ssa_facts {
	struct ssa_peer		*peer;
	struct ssa_policy	*policy;
	struct ssa_trust_store	*extra;
	bool			trusted_only;
	s64			since;
	u32			generation;
	struct ssa_policy	*judged;
	struct ssa_exporter	exporter;
	char			*export;
	size_t			export_len;
	u16			sigalg;
	u16			peer_sigalg;
	bool			hello_retry;
	bool			extended_master_secret;
	u8			idle_updates;
	u8			wishes;
	u32			key_updates;
	unsigned long		wishes_since;
	struct ssa_held		*held;
	u8			alpn_len;
	u8			alpn[] __counted_by(alpn_len);
};

/* facts.c */
struct ssa_facts *ssa_facts_new(struct ssa_hs *hs, const struct ssa_setup *setup);
void ssa_facts_free(struct ssa_facts *facts);

#endif /* _TLS_SSA_FACTS_H */
