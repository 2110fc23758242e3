// SPDX-License-Identifier: GPL-2.0
/*
 * What an established connection can tell: taken from the handshake at its end, and
 * wiped with the socket.
 */
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include "facts.h"
#include "settings.h"

/**
 * ssa_facts_new - what is to be kept of a handshake
 * @hs: SSA_DONE was returned; certificates and exporter secret are gone from it
 *	afterwards
 * @setup: that it worked by
 *
 * Context: process, may sleep.
 * Return: NULL without memory.
 */
struct ssa_facts *ssa_facts_new(struct ssa_hs *hs, const struct ssa_setup *setup)
{
	struct ssa_hs_result result;
	struct ssa_facts *facts;

	ssa_hs_result(hs, &result);
	facts = kzalloc(struct_size(facts, alpn, result.alpn_len), GFP_KERNEL_ACCOUNT);
	if (!facts)
		return NULL;
	facts->alpn_len = result.alpn_len;
	if (result.alpn_len)
		memcpy(facts->alpn, result.alpn, result.alpn_len);
	facts->sigalg = result.sigalg;
	facts->peer_sigalg = result.peer_sigalg;
	facts->hello_retry = result.hello_retry;
	facts->extended_master_secret = result.extended_master_secret;
	if (ssa_hs_exporter(hs, &facts->exporter)) {
		ssa_facts_free(facts);
		return NULL;
	}
	facts->peer = ssa_hs_take_peer(hs);
	facts->policy = ssa_policy_get(setup->policy);
	facts->judged = ssa_policy_get(setup->policy);
	if (setup->extra)
		facts->extra = ssa_trust_store_get(setup->extra);
	facts->trusted_only = setup->trusted_only;
	facts->since = ktime_get_real_seconds();
	facts->generation = setup->generation;
	return facts;
}

/**
 * ssa_facts_free - forget all of it
 * @facts: it, or NULL; wiped
 *
 * Context: process, may sleep.
 */
void ssa_facts_free(struct ssa_facts *facts)
{
	if (!facts)
		return;
	ssa_peer_free(facts->peer);
	ssa_policy_put(facts->policy);
	ssa_policy_put(facts->judged);
	ssa_trust_store_put(facts->extra);
	kfree(facts->held);
	kvfree_sensitive(facts->export, facts->export_len);
	kfree_sensitive(facts);
}
