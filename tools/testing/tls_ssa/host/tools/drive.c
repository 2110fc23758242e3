// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <crypto/utils.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "drive.h"
#include "../../../../../net/tls_ssa/tests/certs.h"

/*
 * The state, two certificate chains (as messages and as records), and the longest
 * record with the message in it. No message of the tests is longer.
 */
const size_t drive_memory_max = 40 * 1024;

bool drive_no_alert, drive_no_finished;

static struct drive *driven;	/* whose engines are running now */
static int driven_side;

bool drive_testing(void)
{
	return driven && driven_side == driven->tested;
}

void drive_die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

/* ------------------------------------------------------------ credentials */

static struct ssa_credentials *creds[KEYS];
static struct ssa_cred_set *cred_sets[KEYS];
static struct ssa_trust_store *roots;

const struct ssa_credentials *drive_credentials(enum drive_key key)
{
	static const char * const pem[KEYS][2] = {
		[KEY_P256] = { ssa_test_p256_chain_pem, ssa_test_p256_key_pem },
		[KEY_P384] = { ssa_test_p384_chain_pem, ssa_test_p384_key_pem },
		[KEY_RSA] = { ssa_test_rsa_chain_pem, ssa_test_rsa_key_pem },
		[KEY_CLIENT_P256] = { ssa_test_client_pem, ssa_test_p256_key_pem },
		[KEY_CLIENT_ED25519] = { ssa_test_client_ed25519_pem, ssa_test_ed25519_key_pem },
		[KEY_CLIENT_RSA] = { ssa_test_client_rsa_pem, ssa_test_rsa_key_pem },
	};

	if (!creds[key])
		creds[key] = ssa_credentials_new(pem[key][0], strlen(pem[key][0]), pem[key][1],
						 strlen(pem[key][1]));
	if (IS_ERR(creds[key]))
		drive_die("the engine does not take the test key");
	return creds[key];
}

const struct ssa_cred_set *drive_cred_set(enum drive_key key)
{
	if (!cred_sets[key])
		cred_sets[key] = ssa_cred_set_add(NULL,
						  (struct ssa_credentials *)drive_credentials(key),
						  NULL);
	if (IS_ERR(cred_sets[key]))
		drive_die("the engine does not take the test certificate");
	return cred_sets[key];
}

const struct ssa_trust_store *drive_trust_store(void)
{
	if (!roots)
		roots = ssa_trust_store_parse(ssa_test_root_pem, strlen(ssa_test_root_pem));
	if (IS_ERR(roots))
		drive_die("the engine does not take the test authority");
	return roots;
}

void drive_make_all(void)
{
	int i;

	for (i = 0; i < KEYS; i++)
		drive_cred_set(i);
	drive_trust_store();
}

void drive_cleanup(void)
{
	int i;

	for (i = 0; i < KEYS; i++) {
		ssa_cred_set_put(cred_sets[i]);
		ssa_credentials_put(creds[i]);
	}
	ssa_trust_store_put(roots);
	memset(cred_sets, 0, sizeof(cred_sets));
	memset(creds, 0, sizeof(creds));
	roots = NULL;
}

/* ---------------------------------------------------------------- buffers */

/* The tool's own memory, not an engine's: it must not count. */
void drive_append(struct ssa_buf *buf, const void *data, size_t len)
{
	if (!len)
		return;
	if (buf->len + len > DRIVE_BYTES_MAX)
		drive_die("a buffer of the tool overflows");
	if (ssa_buf_append(buf, data, len, DRIVE_BYTES_MAX))
		drive_die("no memory");
}

void drive_splice(struct ssa_buf *buf, u32 off, u32 drop, const void *data, size_t len)
{
	struct ssa_buf out = { 0 };
	const u8 *old = buf->data + buf->off;
	u32 left = ssa_buf_left(buf);

	if (off > left || drop > left - off)
		drive_die("a change outside of what is changed");
	drive_append(&out, old, off);
	drive_append(&out, data, len);
	drive_append(&out, old + off + drop, left - off - drop);
	ssa_buf_free(buf);
	*buf = out;
}

/* -------------------------------------------------------- the calls looked into */

typeof(ssa_message_close) __real_ssa_message_close, __wrap_ssa_message_close;
int __wrap_ssa_message_close(struct ssa_hs *hs, struct ssa_writer *w)
{
	const struct ssa_vec body = { .at = w->start + 1, .width = 3 };
	struct drive *d = driven;
	struct ssa_buf msg = { 0 };
	int err;

	if (!d || hs != d->hs[!d->tested] || !d->on_message)
		return __real_ssa_message_close(hs, w);
	ssa_close_vec(w, body);
	if (w->err)
		drive_die("the peer cannot write a message");
	drive_append(&msg, hs->flight.data + w->start, hs->flight.len - w->start);
	d->on_message(d, hs, &msg);
	hs->flight.len = w->start;
	drive_append(&hs->flight, ssa_buf_begin(&msg), ssa_buf_left(&msg));
	err = ssa_transcript_add(&hs->transcript, ssa_buf_begin(&msg), ssa_buf_left(&msg));
	ssa_buf_free(&msg);
	return err ? ssa_fail_errno(hs, err) : 0;
}

typeof(ssa_record_put) __real_ssa_record_put, __wrap_ssa_record_put;
int __wrap_ssa_record_put(struct ssa_buf *out, struct ssa_record_keys *keys, u8 type, u16 version,
			  const u8 *data, u32 len)
{
	struct drive *d = driven;
	int err = 0;

	if (d && d->hs[!d->tested] && out == &d->hs[!d->tested]->out && d->on_record &&
	    d->on_record(d, out, keys, type, version, data, len, &err))
		return err;
	if (drive_no_alert && type == SSA_CT_ALERT)
		return 0;
	err = __real_ssa_record_put(out, keys, type, version, data, len);
	if (d && d->hs[d->tested] && out == &d->hs[d->tested]->out && !err &&
	    type == SSA_CT_ALERT && len == 2) {
		d->alerts++;
		memcpy(d->alert, data, 2);
	}
	return err;
}

/* -------------------------------------------------------------- randomness */

static void fill(void *ctx, void *buf, size_t len)
{
	u64 *state = ctx, z;
	u8 *p = buf;

	while (len--) {
		z = *state += 0x9e3779b97f4a7c15;
		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
		z = (z ^ z >> 27) * 0x94d049bb133111eb;
		*p++ = z >> 56;
	}
}

/* --------------------------------------------------------------- the relay */

/* Messages in small records, so that they have to be put together. */
static bool in_pieces(struct drive *d, struct ssa_buf *out, struct ssa_record_keys *keys,
		      u8 type, u16 version, const u8 *data, u32 len, int *err)
{
	u32 at, n;

	if (type != SSA_CT_HANDSHAKE)
		return false;
	d->on_record = NULL;
	for (at = 0; at < len && !*err; at += n) {
		n = min_t(u32, len - at, 100);
		*err = ssa_record_put(out, keys, type, version, data + at, n);
	}
	d->on_record = in_pieces;
	return true;
}

void drive_init(struct drive *d, const struct way *way, int tested)
{
	int side;

	memset(d, 0, sizeof(*d));
	d->way = way;
	d->tested = tested;
	for (side = CLIENT; side <= SERVER; side++) {
		struct ssa_hs_config *cfg = &d->cfg[side];

		cfg->server = side == SERVER;
		cfg->min_version = way->version;
		cfg->max_version = way->version;
		cfg->without_ems = way->without_ems;
		cfg->record_size_limit = way->record_size_limit;
		cfg->alpn = (const u8 *)way->alpn;
		cfg->alpn_len = way->alpn ? strlen(way->alpn) : 0;
		memcpy(cfg->suites, ssa_default_suites, sizeof(cfg->suites));
		memcpy(cfg->groups, ssa_default_groups, sizeof(cfg->groups));
		memcpy(cfg->sigalgs, ssa_default_sigalgs, sizeof(cfg->sigalgs));
		if (way->suite) {
			memset(cfg->suites, 0, sizeof(cfg->suites));
			cfg->suites[0] = way->suite;
		}
		cfg->now = SSA_TEST_NOW;
		cfg->rng.fill = fill;
		cfg->rng.ctx = &d->rng[side];
		d->rng[side] = 1 + side;
	}
	if (way->pieces)
		d->on_record = in_pieces;
	d->cfg[CLIENT].name = way->address ? "127.0.0.1" : "server.test";
	d->cfg[CLIENT].store = drive_trust_store();
	d->cfg[SERVER].creds = drive_cred_set(way->key);
	d->cfg[SERVER].peer_auth = way->peer_auth;
	if (way->peer_auth)
		d->cfg[SERVER].extra = drive_trust_store();
	if (way->client)
		d->cfg[CLIENT].creds = drive_cred_set(way->client);
	if (way->group) {
		memset(d->cfg[SERVER].groups, 0, sizeof(d->cfg[SERVER].groups));
		d->cfg[SERVER].groups[0] = way->group;
		if (!way->retry)
			memcpy(d->cfg[CLIENT].groups, d->cfg[SERVER].groups,
			       sizeof(d->cfg[CLIENT].groups));
	}
}

static bool waits_for_finished(const struct ssa_hs *hs)
{
	return hs->state == SSA_ST_SERVER_WAIT_FINISHED ||
	       hs->state == SSA_ST_SERVER12_WAIT_FINISHED ||
	       hs->state == SSA_ST_CLIENT12_WAIT_FINISHED;
}

static size_t before;

static void call_begin(struct drive *d, int side)
{
	driven = d;
	driven_side = side;
	before = host_alloc.live;
	host_alloc_reset_peak();
	host_alloc_fail_at(side == d->tested ? d->fail_at : 0);
	host_memneq_blind = drive_no_finished && side == d->tested && d->hs[side] &&
			    waits_for_finished(d->hs[side]);
}

static void call_end(struct drive *d, int side)
{
	driven = NULL;
	host_memneq_blind = false;
	if (side != d->tested)
		return;
	d->fail_at = host_alloc_fail_left();
	host_alloc_fail_at(0);
	d->memory_peak = max(d->memory_peak, d->memory + host_alloc.peak - before);
	d->memory += host_alloc.live - before;
	if (d->after_call)
		d->after_call(d);
}

bool drive_start(struct drive *d)
{
	int i, side;

	/* the peer first: a failure that is asked for is for the engine under test */
	for (i = 0; i < 2; i++) {
		side = i ? d->tested : !d->tested;
		call_begin(d, side);
		d->hs[side] = ssa_hs_new(&d->cfg[side]);
		if (IS_ERR(d->hs[side])) {
			int err = PTR_ERR(d->hs[side]);

			d->hs[side] = NULL;
			call_end(d, side);
			if (side == d->tested && err == -ENOMEM)
				return false;
			drive_die("%s: ssa_hs_new() says %d", d->way->name, err);
		}
		d->want[side] = ssa_hs_start(d->hs[side]);
		call_end(d, side);
	}
	return true;
}

/* One record, in memory of its exact size so that ASan sees a read beyond it. */
static void give_record(struct drive *d, int to, const u8 *record, size_t len)
{
	u8 *copy = malloc(len);

	if (!copy)
		drive_die("no memory");
	memcpy(copy, record, len);
	call_begin(d, to);
	d->want[to] = ssa_hs_input(d->hs[to], copy, len);
	call_end(d, to);
	free(copy);
}

/* As a socket gives it: whole records, each after a look at its header. */
static void give(struct drive *d, int to)
{
	struct ssa_buf *in = &d->pending[to];

	while (d->want[to] == SSA_WANT_READ && ssa_buf_left(in) >= SSA_RECORD_HEADER_LEN) {
		int body;

		call_begin(d, to);
		body = ssa_hs_record_length(d->hs[to], ssa_buf_begin(in));
		if (body < 0)
			d->want[to] = ssa_hs_output_done(d->hs[to], 0);
		call_end(d, to);
		if (body < 0 || ssa_buf_left(in) < SSA_RECORD_HEADER_LEN + (u32)body)
			return;
		body += SSA_RECORD_HEADER_LEN;
		if (body > SSA_RECORD_MAX)
			drive_die("the engine asks for a record that is too long");
		if (to == d->tested)
			d->received += body;
		give_record(d, to, ssa_buf_begin(in), body);
		ssa_buf_consume(in, body);
	}
}

/*
 * TLS 1.2: the peer did not mean to ask the client for a certificate, so it is not
 * to see the Certificate, which the client's transcript has.
 */
static void take_certificate(struct drive *d, struct ssa_buf *wire)
{
	u8 *p = ssa_buf_begin(wire);
	struct ssa_hs *server = d->hs[SERVER];
	u32 record = SSA_RECORD_HEADER_LEN + get_unaligned_be16(p + 3), len;

	if (p[0] != SSA_CT_HANDSHAKE || p[5] != SSA_HT_CERTIFICATE || !server->transcript.started)
		return;
	len = SSA_HS_HEADER_LEN + get_unaligned_be24(p + 6);
	if (SSA_RECORD_HEADER_LEN + len > record)
		drive_die("the client's Certificate crosses records");
	if (ssa_transcript_add(&server->transcript, p + SSA_RECORD_HEADER_LEN, len))
		drive_die("no memory");
	if (SSA_RECORD_HEADER_LEN + len == record) {
		drive_splice(wire, 0, record, NULL, 0);
		return;
	}
	put_unaligned_be16(record - SSA_RECORD_HEADER_LEN - len, p + 3);
	drive_splice(wire, SSA_RECORD_HEADER_LEN, len, NULL, 0);
}

/* What @from has to say, to the other side. */
static bool relay(struct drive *d, int from)
{
	struct ssa_buf wire = { 0 };
	const u8 *out;
	size_t len, at;

	out = ssa_hs_output(d->hs[from], &len);
	if (!len)
		return false;
	drive_append(&wire, out, len);
	for (at = 0; from == d->tested && at + SSA_RECORD_HEADER_LEN <= len;
	     at += SSA_RECORD_HEADER_LEN + get_unaligned_be16(wire.data + at + 3))
		d->last_type = wire.data[at];
	call_begin(d, from);
	d->want[from] = ssa_hs_output_done(d->hs[from], len);
	call_end(d, from);
	if (d->way->request && d->way->version == SSA_TLS12 && from == CLIENT)
		take_certificate(d, &wire);
	if (from == d->tested || !d->on_wire) {
		drive_append(&d->pending[!from], ssa_buf_begin(&wire), ssa_buf_left(&wire));
	} else {
		for (at = 0; at < len; at += SSA_RECORD_HEADER_LEN +
		     get_unaligned_be16(wire.data + at + 3)) {
			struct ssa_buf record = { 0 };

			drive_append(&record, wire.data + at, SSA_RECORD_HEADER_LEN +
				     get_unaligned_be16(wire.data + at + 3));
			d->on_wire(d, &record);
			drive_append(&d->pending[!from], ssa_buf_begin(&record),
				     ssa_buf_left(&record));
			ssa_buf_free(&record);
		}
	}
	ssa_buf_free(&wire);
	give(d, !from);
	return true;
}

void drive_run(struct drive *d)
{
	bool client, server;

	for (d->rounds = 0; d->rounds < DRIVE_ROUNDS_MAX; d->rounds++) {
		client = relay(d, CLIENT);
		server = relay(d, SERVER);
		if (!client && !server)
			return;
	}
}

void drive_end(struct drive *d)
{
	int side;

	for (side = CLIENT; side <= SERVER; side++) {
		call_begin(d, side);
		ssa_hs_free(d->hs[side]);
		d->hs[side] = NULL;
		call_end(d, side);
		ssa_buf_free(&d->pending[side]);
	}
}
