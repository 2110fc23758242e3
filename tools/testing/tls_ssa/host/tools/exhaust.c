// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that runs out: each allocation of a handshake fails once, the first in
 * one handshake, the second in the next, and so on until none is left to fail.
 * The engine has to name the reason, say so to its peer, and leave nothing; or, where the
 * memory is for speed alone, to do without. The
 * same with the primitives, which in the kernel allocate too: each call fails.
 *
 *	exhaust		prints TAP
 */
#include <stdio.h>
#include <stdlib.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "flights.h"
#include "tap.h"
#include "../../../../../net/tls_ssa/tests/certs.h"

#define ALLOCATIONS_MAX	2000

/* ---------------------------------------------------- primitives that fail */

static size_t call_fails_at;	/* 1: the next; 0: none */

static bool fails(void)
{
	return drive_testing() && call_fails_at && !--call_fails_at;
}

typeof(ssa_kex_generate) __real_ssa_kex_generate, __wrap_ssa_kex_generate;
int __wrap_ssa_kex_generate(struct ssa_kex *kex, u16 group, const struct ssa_rng *rng)
{
	return fails() ? -ENOMEM : __real_ssa_kex_generate(kex, group, rng);
}

typeof(ssa_kex_shared) __real_ssa_kex_shared, __wrap_ssa_kex_shared;
int __wrap_ssa_kex_shared(const struct ssa_kex *kex, const u8 *peer, size_t peer_len,
			  u8 out[SSA_KEX_SHARED_MAX], size_t *out_len)
{
	return fails() ? -ENOMEM : __real_ssa_kex_shared(kex, peer, peer_len, out, out_len);
}

typeof(ssa_sign) __real_ssa_sign, __wrap_ssa_sign;
int __wrap_ssa_sign(const struct ssa_private_key *key, u16 scheme, const void *msg, size_t len,
		    const struct ssa_rng *rng, u8 *sig, size_t *sig_len)
{
	return fails() ? -ENOMEM : __real_ssa_sign(key, scheme, msg, len, rng, sig, sig_len);
}

typeof(ssa_hkdf_expand_label) __real_ssa_hkdf_expand_label, __wrap_ssa_hkdf_expand_label;
int __wrap_ssa_hkdf_expand_label(enum ssa_hash_id id, const u8 *secret, const char *label,
				 const u8 *context, size_t context_len, u8 *out, size_t out_len)
{
	return fails() ? -ENOMEM : __real_ssa_hkdf_expand_label(id, secret, label, context,
								context_len, out, out_len);
}

typeof(ssa_aead_seal) __real_ssa_aead_seal, __wrap_ssa_aead_seal;
int __wrap_ssa_aead_seal(struct ssa_aead *a, const u8 nonce[SSA_AEAD_NONCE_LEN], const u8 *aad,
			 size_t aad_len, u8 *buf, size_t len)
{
	return fails() ? -ENOMEM : __real_ssa_aead_seal(a, nonce, aad, aad_len, buf, len);
}

typeof(ssa_aead_open) __real_ssa_aead_open, __wrap_ssa_aead_open;
int __wrap_ssa_aead_open(struct ssa_aead *a, const u8 nonce[SSA_AEAD_NONCE_LEN], const u8 *aad,
			 size_t aad_len, u8 *buf, size_t len)
{
	return fails() ? -ENOMEM : __real_ssa_aead_open(a, nonce, aad, aad_len, buf, len);
}

/* -------------------------------------------------------------- handshakes */

/* NULL: well behaved; *@all: nothing was left to fail; @calls: of primitives */
static const char *one(const struct way *way, int tested, bool calls, size_t nth, bool *all)
{
	size_t live = host_alloc.live_count;
	const char *wrong = NULL;
	enum ssa_reason reason;
	struct ssa_post post;
	struct drive d;
	bool started;

	drive_init(&d, way, tested);
	d.fail_at = calls ? 0 : nth;
	call_fails_at = calls ? nth : 0;
	started = drive_start(&d);
	*all = false;
	if (started) {
		drive_run(&d);
		reason = ssa_hs_reason(d.hs[tested]);
		*all = d.fail_at || call_fails_at;
		if (!*all && !calls && host_alloc_failed_optional)
			wrong = reason || d.want[tested] != SSA_DONE ?
				"cannot do without" : NULL;
		else if (*all && (reason || d.want[tested] != SSA_DONE))
			wrong = "fails although memory is left";
		else if (!*all && reason != SSA_R_NO_MEMORY)
			wrong = "does not name the reason";
		else if (!*all && d.want[tested] != SSA_FAILED)
			wrong = "goes on";
		/* without a primitive there may be no key for an alert */
		else if (!*all && !calls &&
			 (!d.alerts || d.alert[1] != SSA_ALERT_INTERNAL_ERROR))
			wrong = "sends no alert";
		else if (!*all && !ssa_hs_export(d.hs[tested], &post))
			wrong = "has keys to export";
	}
	drive_end(&d);
	if (host_alloc.live_count != live)
		wrong = "leaks";
	return wrong;
}

static void handshake(const struct way *way, int tested, const char *name, bool calls)
{
	const char *wrong = NULL;
	bool all = false;
	size_t nth;

	for (nth = 1; !all && !wrong && nth < ALLOCATIONS_MAX; nth++)
		wrong = one(way, tested, calls, nth, &all);
	if (wrong)
		printf("# %s: number %zu\n", wrong, nth - 1);
	/* the last one did not fail any more */
	tap(all && !wrong && nth > 3, "exhaust %s, %s: %s, %zu in turn", name,
	    calls ? "primitives" : "allocations", wrong ?: "fails cleanly", nth - 2);
}

static void both(const struct way *way, int tested, const char *name)
{
	handshake(way, tested, name, false);
	handshake(way, tested, name, true);
}

/*
 * The control records of an established connection: a ticket in pieces, for which
 * the buffer has to be made, and later to grow.
 */
static void post(void)
{
	static const u8 ticket[1000] = { SSA_HT_NEW_SESSION_TICKET, 0, 4, 0 };
	size_t live = host_alloc.live_count, nth;
	enum ssa_reason reason;
	bool ok = true;

	for (nth = 1; nth <= 2; nth++) {
		struct ssa_post p = { .version = SSA_TLS13,
				      .suite = SSA_SUITE_AES_128_GCM_SHA256 };

		host_alloc_fail_at(nth);
		if (nth == 2)
			ok &= ssa_post_input(&p, SSA_CT_HANDSHAKE, ticket, 2, &reason) ==
			      SSA_POST_NOTHING;
		ok &= ssa_post_input(&p, SSA_CT_HANDSHAKE, ticket + 2 * (nth - 1), 900,
				     &reason) == SSA_POST_ERROR && reason == SSA_R_NO_MEMORY;
		host_alloc_fail_at(0);
		ssa_post_wipe(&p);
	}
	tap(ok && host_alloc.live_count == live,
	    "exhaust a ticket in pieces: fails cleanly, 2 in turn");
}

/* What makes objects out of files: an error each time, and nothing left. */
static void parse(const char *what, void *(*make)(void), void (*put)(void *))
{
	size_t live = host_alloc.live_count, nth;
	bool ok = true, last = false, needed;
	void *p;

	for (nth = 1; ok && !last && nth < ALLOCATIONS_MAX; nth++) {
		host_alloc_fail_at(nth);
		p = make();
		last = host_alloc_fail_left();
		host_alloc_fail_at(0);
		if (!IS_ERR(p))
			put(p);
		needed = !last && !host_alloc_failed_optional;
		ok = needed == IS_ERR(p) && (!needed || PTR_ERR(p) == -ENOMEM) &&
		     host_alloc.live_count == live;
		if (!ok)
			printf("# allocation %zu: %ld\n", nth, IS_ERR(p) ? PTR_ERR(p) : 0);
	}
	tap(ok && last, "exhaust %s: fails cleanly, %zu in turn", what, nth - 2);
}

static void *make_credentials(void)
{
	return ssa_credentials_new(ssa_test_rsa_chain_pem, strlen(ssa_test_rsa_chain_pem),
				   ssa_test_rsa_key_pem, strlen(ssa_test_rsa_key_pem));
}

static void put_credentials(void *p)
{
	ssa_credentials_put(p);
}

static void *make_trust_store(void)
{
	return ssa_trust_store_parse(ssa_test_root_pem, strlen(ssa_test_root_pem));
}

static void put_trust_store(void *p)
{
	ssa_trust_store_put(p);
}

int main(void)
{
	tap_begin();
	drive_make_all();
	flights_each(both);
	post();
	parse("credentials", make_credentials, put_credentials);
	parse("trust store", make_trust_store, put_trust_store);
	drive_cleanup();
	return tap_end();
}
