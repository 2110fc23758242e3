// SPDX-License-Identifier: GPL-2.0
/*
 * Secrets are zeroised at the end of their stage: every secret that the
 * primitives give to the engine or take from it is noted, and looked for
 *
 *  - in each piece of memory that the engine frees;
 *  - in all that it holds when a call into it returns: the private scalar once
 *    the shared secret is known, the shared secret at any time, and whatever is
 *    not a key of application data or an exporter's once the handshake is over or
 *    has failed;
 *
 * in handshakes of both versions and sides that succeed, that are spoilt at each
 * record, and that run out of memory at each allocation.
 *
 *	secrets		prints TAP
 *
 * Each kind of handshake is also done without one of the wipes, and something has
 * to be found then.
 */
#include <stdio.h>
#include <stdlib.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "flights.h"
#include "tamper.h"
#include "tap.h"

static bool quiet;

/* ----------------------------------------------------------- what is secret */

enum kind {
	SCALAR,		/* of our key share */
	SHARED,		/* (EC)DHE shared secret, premaster secret */
	INNER,		/* extracted and derived secrets of the handshake */
	TRAFFIC,	/* keys of records of the handshake */
	APPLICATION,	/* what the keys of application data are made from */
	EXPORTER,	/* what keying material is exported from */
	KINDS,
};

static const char * const kind_name[KINDS] = {
	"private scalar", "shared secret", "secret of the key schedule", "record key",
	"application secret", "exporter secret",
};

#define SECRETS_MAX	256
#define CHUNK		16	/* shorter pieces are not told from chance */

static struct secret {
	enum kind kind;
	size_t len;
	u8 data[256];
} secrets[SECRETS_MAX];

static size_t secret_count;
static bool have_shared, listening;

static void note(enum kind kind, const void *data, size_t len)
{
	struct secret *s;

	if (!listening || !drive_testing() || len < CHUNK)
		return;
	if (secret_count == SECRETS_MAX || len > sizeof(s->data))
		drive_die("more secrets than expected");
	s = &secrets[secret_count++];
	s->kind = kind;
	s->len = len;
	memcpy(s->data, data, len);
}

typeof(ssa_kex_generate) __real_ssa_kex_generate, __wrap_ssa_kex_generate;
int __wrap_ssa_kex_generate(struct ssa_kex *kex, u16 group, const struct ssa_rng *rng)
{
	int err = __real_ssa_kex_generate(kex, group, rng);

	if (!err)
		note(SCALAR, kex->scalar, 32);
	return err;
}

typeof(ssa_kex_shared) __real_ssa_kex_shared, __wrap_ssa_kex_shared;
int __wrap_ssa_kex_shared(const struct ssa_kex *kex, const u8 *peer, size_t peer_len,
			  u8 out[SSA_KEX_SHARED_MAX], size_t *out_len)
{
	int err = __real_ssa_kex_shared(kex, peer, peer_len, out, out_len);

	if (!err) {
		note(SHARED, out, *out_len);
		have_shared |= drive_testing();
	}
	return err;
}

typeof(ssa_hkdf_extract) __real_ssa_hkdf_extract, __wrap_ssa_hkdf_extract;
void __wrap_ssa_hkdf_extract(enum ssa_hash_id id, const u8 *salt, size_t salt_len, const u8 *ikm,
			     size_t ikm_len, u8 *prk)
{
	__real_ssa_hkdf_extract(id, salt, salt_len, ikm, ikm_len, prk);
	note(INNER, prk, ssa_hash_size(id));
}

typeof(ssa_hkdf_expand_label) __real_ssa_hkdf_expand_label, __wrap_ssa_hkdf_expand_label;
int __wrap_ssa_hkdf_expand_label(enum ssa_hash_id id, const u8 *secret, const char *label,
				 const u8 *context, size_t context_len, u8 *out, size_t out_len)
{
	int err = __real_ssa_hkdf_expand_label(id, secret, label, context, context_len, out,
					       out_len);

	if (!strcmp(label, "c ap traffic") || !strcmp(label, "s ap traffic"))
		note(APPLICATION, out, out_len);
	else if (!strcmp(label, "exp master"))
		note(EXPORTER, out, out_len);
	else if (strcmp(label, "iv"))
		note(INNER, out, out_len);
	return err;
}

typeof(ssa_prf) __real_ssa_prf, __wrap_ssa_prf;
void __wrap_ssa_prf(enum ssa_hash_id id, const u8 *secret, size_t secret_len, const char *label,
		    const u8 *seed, size_t seed_len, u8 *out, size_t out_len)
{
	__real_ssa_prf(id, secret, secret_len, label, seed, seed_len, out, out_len);
	if (!strcmp(label, "key expansion"))
		note(APPLICATION, out, out_len);
	else if (!strcmp(label, "extended master secret"))
		note(EXPORTER, out, out_len);
	else if (!strstr(label, "finished"))
		note(INNER, out, out_len);
}

typeof(ssa_aead_new) __real_ssa_aead_new, __wrap_ssa_aead_new;
struct ssa_aead *__wrap_ssa_aead_new(enum ssa_aead_id id, const u8 *key)
{
	note(TRAFFIC, key, ssa_aead_key_size(id));
	return __real_ssa_aead_new(id, key);
}

/* ------------------------------------------------------- what the engine holds */

#define PIECES_MAX	256

static struct {
	const void *p;
	size_t size;
} pieces[PIECES_MAX];

static size_t piece_count;
static unsigned int found, scanned;
static const char *now_running;

/* The exporter's secret may be here even if it may be nowhere else */
static const struct ssa_exporter *exporter_kept;

static const u8 *find(const u8 *p, size_t size, const struct secret *s, size_t at)
{
	const u8 *kept = (const u8 *)exporter_kept, *hit;
	size_t before;

	if (s->kind != EXPORTER || !kept || kept < p || kept >= p + size)
		return memmem(p, size, s->data + at, CHUNK);
	before = kept - p;
	hit = memmem(p, before, s->data + at, CHUNK);
	return hit ?: memmem(kept + sizeof(*exporter_kept), size - before - sizeof(*exporter_kept),
			     s->data + at, CHUNK);
}

/* @allowed: BIT() of kinds that may be there */
static void look(const void *p, size_t size, u32 allowed, const char *where)
{
	size_t i, at;

	scanned++;
	for (i = 0; i < secret_count; i++) {
		if (allowed & BIT(secrets[i].kind))
			continue;
		for (at = 0; at + CHUNK <= secrets[i].len; at += CHUNK) {
			const u8 *hit = find(p, size, &secrets[i], at);

			if (!hit)
				continue;
			if (found++ < 3 && !quiet)
				printf("# %s: %s in %s of %zu bytes, at %zu\n", now_running,
				       kind_name[secrets[i].kind], where, size,
				       (size_t)(hit - (const u8 *)p));
			break;
		}
	}
}

static void on_alloc(const void *p, size_t size)
{
	if (!listening || !drive_testing())
		return;
	if (piece_count == PIECES_MAX)
		drive_die("more pieces of memory than expected");
	pieces[piece_count].p = p;
	pieces[piece_count++].size = size;
}

static void on_free(const void *p, size_t size)
{
	size_t i;

	for (i = 0; i < piece_count && pieces[i].p != p; i++)
		;
	if (i == piece_count)
		return;
	pieces[i] = pieces[--piece_count];
	look(p, size, 0, "freed memory");
}

static void after_call(struct drive *d)
{
	u32 allowed = BIT(SCALAR) | BIT(INNER) | BIT(TRAFFIC) | BIT(APPLICATION) | BIT(EXPORTER);
	size_t i;

	if (have_shared)
		allowed &= ~BIT(SCALAR);
	if (d->hs[d->tested] && d->want[d->tested] == SSA_DONE)
		allowed = BIT(APPLICATION);
	/* in TLS 1.2 they are keys of its last records, too */
	if (d->hs[d->tested] && d->want[d->tested] == SSA_DONE && d->way->version == SSA_TLS12)
		allowed |= BIT(TRAFFIC);
	if (d->want[d->tested] == SSA_FAILED)
		allowed = 0;
	exporter_kept = d->hs[d->tested] ? &d->hs[d->tested]->exporter : NULL;
	for (i = 0; i < piece_count; i++)
		look(pieces[i].p, pieces[i].size, allowed, "memory in use");
	exporter_kept = NULL;
}

/* ----------------------------------------------------------------- handshakes */

static void prepare(struct drive *d, const struct way *way, int tested)
{
	drive_init(d, way, tested);
	d->after_call = after_call;
	secret_count = 0;
	piece_count = 0;
	have_shared = false;
	listening = true;
}

/* Ends it in the way of an owner: keys out if it is done, abort if it waits. */
static void finish(struct drive *d)
{
	struct ssa_hs *hs = d->hs[d->tested];
	struct ssa_exporter exporter;
	struct ssa_post post = { 0 };

	if (hs && d->want[d->tested] == SSA_DONE && !ssa_hs_export(hs, &post)) {
		size_t i;

		/* moved, not copied */
		exporter_kept = &hs->exporter;
		for (i = 0; i < piece_count; i++)
			look(pieces[i].p, pieces[i].size, 0, "memory after the export");
		exporter_kept = NULL;
		if (ssa_hs_exporter(hs, &exporter))
			drive_die("no exporter");
		for (i = 0; i < piece_count; i++)
			look(pieces[i].p, pieces[i].size, 0, "memory after both exports");
		memzero_explicit(&exporter, sizeof(exporter));
		ssa_post_wipe(&post);
		look(&post, sizeof(post), 0, "a wiped connection");
	} else if (hs) {
		ssa_hs_abort(hs, SSA_R_TIMEOUT);
		d->want[d->tested] = ssa_hs_output_done(hs, 0);
		after_call(d);
	}
	drive_end(d);
	listening = false;
}

static void result(bool ok, const char *name, const char *what)
{
	tap(ok, "secrets %s: %s (%zu secrets of the last handshake, %u pieces scanned)", name, what,
	    secret_count, scanned);
	found = 0;
	scanned = 0;
}

static void good(const struct way *way, int tested, const char *name)
{
	struct drive d;

	now_running = name;
	prepare(&d, way, tested);
	if (drive_start(&d))
		drive_run(&d);
	if (d.want[tested] != SSA_DONE)
		drive_die("%s fails", name);
	finish(&d);
	/* shared secret, scalar, and what is derived from them */
	result(!found && secret_count >= 6 && scanned, name, "succeeds");
}

/* With a wipe missing. */
static void unwiped(const struct way *way, int tested, const char *name, const char *what)
{
	struct drive d;

	quiet = true;
	prepare(&d, way, tested);
	if (drive_start(&d))
		drive_run(&d);
	finish(&d);
	quiet = false;
	result(found, name, what);
}

/* Each record in turn is spoilt, dropped, or followed by an alert. */
static void each_record(const struct way *way, int tested, const char *name)
{
	static const char * const changes[] = {
		"flip first", "flip last", "drop", "header type 0", "plain alert", "length 0",
	};
	int which, record, count = TAMPER_RECORDS_MAX;
	size_t i;

	now_running = name;
	for (i = 0; i < ARRAY_SIZE(changes); i++) {
		for (which = 0; which < tamper_count(true); which++)
			if (!strcmp(tamper_name(true, which), changes[i]))
				break;
		if (which == tamper_count(true))
			drive_die("no such change");
		for (record = 0; record < count; record++) {
			struct tamper t = { .which = which, .record = record };
			struct drive d;

			prepare(&d, way, tested);
			tamper_wire(&d, &t);
			if (drive_start(&d))
				drive_run(&d);
			finish(&d);
			if (record >= t.seen)
				break;
		}
	}
	result(!found && scanned, name, "spoilt at each record");
}

static void each_allocation(const struct way *way, int tested, const char *name)
{
	bool left = false;
	size_t nth;

	now_running = name;
	for (nth = 1; !left; nth++) {
		struct drive d;

		prepare(&d, way, tested);
		d.fail_at = nth;
		if (drive_start(&d)) {
			drive_run(&d);
			left = d.fail_at;
		}
		d.fail_at = 0;
		finish(&d);
	}
	result(!found && scanned && nth > 5, name, "out of memory at each allocation");
}

static void all(const struct way *way, int tested, const char *name)
{
	host_free_unwiped = true;
	unwiped(way, tested, name, "found in memory freed without a wipe");
	host_free_unwiped = false;
	host_memzero_keep = SSA_SECRET_MAX;
	unwiped(way, tested, name, "found if secrets are not zeroised");
	host_memzero_keep = 0;
	good(way, tested, name);
	each_record(way, tested, name);
	each_allocation(way, tested, name);
}

int main(void)
{
	tap_begin();
	drive_make_all();
	host_alloc_hook = on_alloc;
	host_free_hook = on_free;
	flights_each(all);
	host_alloc_hook = NULL;
	host_free_hook = NULL;
	drive_cleanup();
	return tap_end();
}
