// SPDX-License-Identifier: GPL-2.0
/* One handshake with a change of what the peer says, and how the engine took it. */
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "mutate.h"
#include "shake.h"

struct shake_fault shake_fault;

/* --------------------------------------------------------- what the peer says */

/* The peer's key share into OpenSSL's ClientHello, which is for the same group. */
static void use_openssl_hello(struct drive *d, struct ssa_hs *hs, struct ssa_buf *msg)
{
	static struct fields fs;
	struct ssa_buf hello = { 0 };
	const u8 *data;
	size_t len;
	int i;

	data = openssl_message(d->way->version, SSA_HT_CLIENT_HELLO, &len);
	drive_append(&hello, data, len);
	fields_parse(&fs, d->way->version, hello.data, hello.len);
	for (i = 0; i < fs.count; i++) {
		if (strcmp(fs.f[i].name, "client_hello.key_share.key_exchange") ||
		    fs.f[i].kind != FIELD_BYTES)
			continue;
		if (fs.f[i].len != hs->kex.public_len)
			drive_die("OpenSSL's share is for another group");
		memcpy(hello.data + fs.f[i].off, hs->kex.public_key, hs->kex.public_len);
	}
	ssa_buf_free(msg);
	*msg = hello;
}

/* The peer believes that it said what it has been made to say. */
static void believe(struct ssa_hs *hs, const struct ssa_buf *msg)
{
	const u8 *p = msg->data + msg->off;
	u32 len = ssa_buf_left(msg);

	if (len < 39 || (p[0] != SSA_HT_CLIENT_HELLO && p[0] != SSA_HT_SERVER_HELLO))
		return;
	memcpy(hs->random, p + 6, sizeof(hs->random));
	if (p[0] == SSA_HT_CLIENT_HELLO && p[38] <= 32 && len >= 39 + (u32)p[38]) {
		hs->session_id_len = p[38];
		memcpy(hs->session_id, p + 39, p[38]);
	}
}

/* A ServerKeyExchange that the peer means, whatever is in it (RFC 8422 5.4). */
static void sign_again(struct drive *d, struct ssa_hs *hs, struct ssa_buf *msg)
{
	u8 content[2 * SSA_RANDOM_LEN + 512], signature[2 + SSA_SIGNATURE_MAX];
	u8 *p = ssa_buf_begin(msg);
	u32 left = ssa_buf_left(msg), params;
	size_t len;

	if (left < 8 || left < 8 + (u32)p[7] + 4)
		return;
	params = 4 + p[7];
	memcpy(content, hs->peer_random, SSA_RANDOM_LEN);
	memcpy(content + SSA_RANDOM_LEN, hs->random, SSA_RANDOM_LEN);
	memcpy(content + 2 * SSA_RANDOM_LEN, p + 4, params);
	if (ssa_sign(ssa_credentials_key(hs->cred), hs->sigalg, content,
		     2 * SSA_RANDOM_LEN + params, &d->cfg[SERVER].rng, signature + 2, &len))
		drive_die("cannot sign");
	put_unaligned_be16(len, signature);
	drive_splice(msg, 4 + params + 2, left - 4 - params - 2, signature, 2 + len);
	put_unaligned_be24(ssa_buf_left(msg) - 4, ssa_buf_begin(msg) + 1);
}

static bool is_signed(const struct field *f)
{
	return f && (!strcmp(f->name, "server_key_exchange.curve_type") ||
		     !strcmp(f->name, "server_key_exchange.group") ||
		     !strcmp(f->name, "server_key_exchange.point"));
}

static void one_message(struct drive *d, struct ssa_hs *hs, struct ssa_buf *msg)
{
	struct run *r = d->arg;
	struct ssa_buf copy = { 0 };
	int i = r->message++;

	if (!r->m) {
		if (r->message > MESSAGES_MAX)
			drive_die("more messages than expected");
		drive_append(&r->said[i], ssa_buf_begin(msg), ssa_buf_left(msg));
		return;
	}
	if (i == r->at + 1 && r->m->op == OP_LATER)
		drive_append(msg, r->fields->msg, r->fields->msg_len);
	if (i != r->at)
		return;
	switch (r->m->op) {
	case OP_DROP:
	case OP_LATER:
		ssa_buf_free(msg);
		break;
	case OP_REPEAT:
		drive_append(&copy, ssa_buf_begin(msg), ssa_buf_left(msg));
		drive_append(msg, copy.data, copy.len);
		ssa_buf_free(&copy);
		break;
	default:
		mutation_apply(r->fields, r->m, msg);
		if (is_signed(r->m->field))
			sign_again(d, hs, msg);
	}
}

void shake_on_message(struct drive *d, struct ssa_hs *hs, struct ssa_buf *msg)
{
	struct ssa_buf request = { 0 };
	u8 type = msg->data[0];
	const u8 *data;
	size_t len;

	if (d->way->openssl && type == SSA_HT_CLIENT_HELLO)
		use_openssl_hello(d, hs, msg);
	if (d->way->request && d->tested == CLIENT) {
		data = openssl_message(d->way->version, SSA_HT_CERTIFICATE_REQUEST, &len);
		if (type == SSA_HT_ENCRYPTED_EXTENSIONS || type == 14)
			drive_append(&request, data, len);
	}
	/* before ServerHelloDone, after EncryptedExtensions */
	if (request.len && type == 14)
		one_message(d, hs, &request);
	one_message(d, hs, msg);
	if (request.len && type != 14)
		one_message(d, hs, &request);
	if (request.len && type == 14)
		drive_splice(msg, 0, 0, ssa_buf_begin(&request), ssa_buf_left(&request));
	else
		drive_append(msg, ssa_buf_begin(&request), ssa_buf_left(&request));
	ssa_buf_free(&request);
	believe(hs, msg);
}

/* ------------------------------------------------------------ what comes of it */

typeof(ssa_exts_judge) __real_ssa_exts_judge, __wrap_ssa_exts_judge;
enum ssa_reason __wrap_ssa_exts_judge(const struct ssa_exts *exts, enum ssa_ext_place place,
				      u32 offered)
{
	if (shake_fault.no_extension_rules)
		return SSA_R_NONE;
	return __real_ssa_exts_judge(exts, place, offered);
}

static bool by_the_peer(enum ssa_reason reason)
{
	return reason >= SSA_R_PEER_UNEXPECTED_MESSAGE;
}

/* The engine has failed: did it say why, to us and to the peer? */
static const char *check_failure(struct drive *d)
{
	enum ssa_reason reason = ssa_hs_reason(d->hs[d->tested]);
	u8 alert = ssa_reason_desc(reason)->alert;

	if (d->want[d->tested] != SSA_FAILED)
		return "a reason without a failure";
	if (reason == SSA_R_INTERNAL || reason == SSA_R_NO_MEMORY || reason >= SSA_R_COUNT)
		return "fails by a fault of our own";
	/* 6.1: answered by our own close_notify, or not at all */
	if (reason == SSA_R_PEER_CLOSED && d->alert[1] == SSA_ALERT_CLOSE_NOTIFY)
		return NULL;
	if (alert == SSA_ALERT_NONE)
		return d->alerts ? "an alert that the reason does not have" : NULL;
	if (!d->alerts)
		return "no alert";
	if (alert == SSA_ALERT_USER_CANCELED)
		alert = SSA_ALERT_CLOSE_NOTIFY;	/* which follows it */
	if (d->alert[1] != alert)
		return "another alert than the reason's";
	if (d->last_type != SSA_CT_ALERT && d->last_type != SSA_CT_APPLICATION_DATA)
		return "the output does not end with the alert";
	return NULL;
}

size_t shake_memory_peak;

enum outcome shake(struct drive *d, const char **what)
{
	enum ssa_reason reason;
	enum outcome outcome;
	struct ssa_post post;
	struct ssa_hs *hs;

	drive_start(d);
	drive_run(d);
	hs = d->hs[d->tested];
	reason = ssa_hs_reason(hs);
	*what = ssa_reason_desc(reason)->counter;
	if (d->rounds == DRIVE_ROUNDS_MAX) {
		*what = "hangs";
		return BROKEN;
	}
	if (reason && !by_the_peer(reason)) {
		outcome = REFUSED;
	} else if (reason || d->want[d->tested] == SSA_DONE) {
		outcome = ACCEPTED;
		if (!reason && ssa_hs_export(hs, &post)) {
			*what = "no keys";
			outcome = BROKEN;
		} else if (!reason) {
			ssa_post_wipe(&post);
		}
	} else if (d->tested == SERVER && ssa_hs_reason(d->hs[CLIENT])) {
		outcome = ACCEPTED;
	} else {
		/* Then TCP ends, or time runs out. */
		outcome = WAITS;
		ssa_hs_abort(hs, SSA_R_PEER_CLOSED);
		d->want[d->tested] = ssa_hs_output_done(hs, 0);
	}
	if (outcome == REFUSED || outcome == WAITS) {
		const char *wrong = check_failure(d);

		if (wrong) {
			*what = wrong;
			outcome = BROKEN;
		}
	}
	shake_memory_peak = max(shake_memory_peak, d->memory_peak);
	if (d->memory_peak > (shake_fault.memory_max ?: drive_memory_max)) {
		*what = "holds more memory than it may";
		outcome = BROKEN;
	}
	return outcome;
}
