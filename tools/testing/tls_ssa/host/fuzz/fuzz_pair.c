// SPDX-License-Identifier: GPL-2.0
/*
 * Two engines in TLS 1.2 or 1.3, what one says to the other changed by the input
 * before it joins the transcript and before it is protected (tools/drive.h), so
 * that what follows fits. Input: flags8, suite4 with 1 (the server asks for a
 * certificate), 2 (the client has one) and 4 (both have protocols) above it, then
 * edits:
 *
 *	0..15 off16 drop16 len16 bytes	message: at off (of its body, modulo its
 *		length) drop bytes, put others; its length is put right
 *	16..31 len16 bytes	message: these bytes instead
 *	32..63 type8 piece8 len16 bytes	record: before it one of this type, then
 *		in pieces of so many bytes (0: whole)
 *
 * where the number modulo 16 (32) is that of the message (record) of the peer.
 */
#include "fuzz.h"
#include "../tools/drive.h"

#define EDITS_MAX	32

static struct edit {
	u8 op;
	u32 off, drop;
	u8 type, piece;
	const u8 *data;
	size_t len;
} edits[EDITS_MAX];

static unsigned int edit_count, messages, records;

static void on_message(struct drive *d, struct ssa_hs *hs, struct ssa_buf *msg)
{
	unsigned int i, n = messages++;

	for (i = 0; i < edit_count; i++) {
		struct edit *e = &edits[i];
		u32 left = ssa_buf_left(msg), off, drop;

		if (e->op >= 32 || e->op % 16 != n)
			continue;
		if (e->op >= 16) {
			ssa_buf_free(msg);
			drive_append(msg, e->data, e->len);
			continue;
		}
		if (left < 4)
			continue;
		off = 4 + e->off % (left - 3);
		drop = min(e->drop, left - off);
		drive_splice(msg, off, drop, e->data, e->len);
		put_unaligned_be24(ssa_buf_left(msg) - 4, ssa_buf_begin(msg) + 1);
	}
}

static bool on_record(struct drive *d, struct ssa_buf *out, struct ssa_record_keys *keys,
		      u8 type, u16 version, const u8 *data, u32 len, int *err)
{
	unsigned int i, n = records++;
	u32 at, step = len;

	/* what is put from here on is not looked at again */
	d->on_record = NULL;
	for (i = 0; i < edit_count && !*err; i++) {
		struct edit *e = &edits[i];

		if (e->op < 32 || e->op % 32 != n)
			continue;
		if (e->piece)
			step = e->piece;
		if (e->len && e->len <= 16384)
			*err = ssa_record_put(out, keys, e->type, version, e->data, e->len);
	}
	for (at = 0; at < len && !*err; at += step)
		*err = ssa_record_put(out, keys, type, version, data + at, min(step, len - at));
	d->on_record = on_record;
	return true;
}

static void read_edits(struct fuzz_input *in)
{
	edit_count = 0;
	messages = 0;
	records = 0;
	while (in->left && edit_count < EDITS_MAX) {
		struct edit *e = &edits[edit_count++];

		memset(e, 0, sizeof(*e));
		e->op = fuzz_u8(in) % 64;
		if (e->op < 16) {
			e->off = fuzz_u8(in) << 8;
			e->off |= fuzz_u8(in);
			e->drop = fuzz_u8(in) << 8;
			e->drop |= fuzz_u8(in);
		} else if (e->op >= 32) {
			e->type = fuzz_u8(in);
			e->piece = fuzz_u8(in);
		}
		e->data = fuzz_vec16(in, &e->len);
	}
}

/* The engine has failed, with a reason and the alert of it. */
static void check_failure(struct drive *d, enum ssa_reason reason)
{
	u8 alert = ssa_reason_desc(reason)->alert;

	FUZZ_ASSERT(d->want[d->tested] == SSA_FAILED);
	FUZZ_ASSERT(reason < SSA_R_COUNT && reason != SSA_R_INTERNAL &&
		    reason != SSA_R_NO_MEMORY);
	if (alert != SSA_ALERT_NONE)
		FUZZ_ASSERT(d->alerts && d->alert[1] == alert);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static const u16 versions[] = { SSA_TLS12, SSA_TLS12, SSA_TLS13, 0 };
	struct fuzz_input in = { data, size };
	u8 flags = fuzz_u8(&in), suite = fuzz_u8(&in);
	struct way way = {
		.name = "fuzz",
		.version = versions[flags >> 1 & 3],
		.without_ems = flags & 8,
		.retry = flags & 16,
		.group = flags & 16 ? SSA_GROUP_SECP256R1 : 0,
		.key = flags & 32 ? KEY_RSA : KEY_P256,
		.record_size_limit = flags & 64 ? 512 : 0,
		.client = suite & 32 ? (flags & 32 ? KEY_CLIENT_RSA : KEY_CLIENT_P256) : 0,
		.alpn = suite & 64 ? "\2h2\10http/1.1" : NULL,
	};
	bool shown = suite & 16 && way.client;
	struct ssa_peer *peer;
	size_t live;
	struct ssa_post post;
	enum ssa_reason reason;
	struct drive d;

	drive_trust_store();
	drive_cred_set(way.key);
	if (way.client)
		drive_cred_set(way.client);
	if (suite & 16)
		way.peer_auth = way.client ? SSA_PEER_AUTH_REQUIRED : SSA_PEER_AUTH_OPTIONAL;
	live = host_alloc.live_count;
	read_edits(&in);
	drive_init(&d, &way, flags & 1);
	/* the suite that the peer likes best */
	suite = suite % 16 % SSA_SUITES_MAX;
	if (d.cfg[!d.tested].suites[suite])
		swap(d.cfg[!d.tested].suites[0], d.cfg[!d.tested].suites[suite]);
	d.on_message = on_message;
	d.on_record = on_record;
	drive_start(&d);
	drive_run(&d);
	FUZZ_ASSERT(d.rounds < DRIVE_ROUNDS_MAX);
	reason = ssa_hs_reason(d.hs[d.tested]);
	if (reason) {
		check_failure(&d, reason);
	} else if (d.want[d.tested] == SSA_DONE) {
		FUZZ_ASSERT(!ssa_hs_export(d.hs[d.tested], &post));
		ssa_post_wipe(&post);
		/* a server that insists has seen a certificate, and so has each client */
		peer = ssa_hs_take_peer(d.hs[d.tested]);
		FUZZ_ASSERT(d.tested == SERVER ? !!peer == shown : !!peer);
		ssa_peer_free(peer);
	}
	FUZZ_ASSERT(d.memory_peak <= SSA_HS_MESSAGE_MAX + SSA_CHAIN_BYTES_MAX + 64 * 1024);
	/* nothing changed: it must succeed, or this target tests nothing */
	if (!edit_count)
		FUZZ_ASSERT(!reason && d.want[d.tested] == SSA_DONE);
	drive_end(&d);
	FUZZ_ASSERT(host_alloc.live_count == live);
	return 0;
}
