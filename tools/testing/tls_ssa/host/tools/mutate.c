// SPDX-License-Identifier: GPL-2.0
/*
 * Mutation test of the engine. Good handshakes of all kinds are recorded message
 * by message; then each field of each message is changed in every way that is
 * known here, one handshake for each change, and the engine must either refuse
 * with a reason whose alert is in its output, or the change must be lawful by
 * the table of lawful.c. It must never wait without end, crash (the tool is
 * built with ASan and UBSan), or hold more memory than drive_memory_max.
 *
 *	mutate [-v] [PATTERN]	ways and messages that match, default all; prints TAP
 *
 * Before everything else it puts faults into the engine and must find each out.
 */
#include <fnmatch.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "mutate.h"
#include "tamper.h"

static bool verbose, quiet;
static const char *only;
static unsigned int tests, failed, violations;

/* -------------------------------------------------------------- good handshakes */

static const struct way ways[] = {
	{ "tls13-p256", SSA_TLS13, KEY_P256 },
	{ "tls13-rsa-retry", SSA_TLS13, KEY_RSA, .retry = true, .group = SSA_GROUP_SECP256R1,
	  .record_size_limit = 1024 },
	{ "tls13-p384-address", SSA_TLS13, KEY_P384, SSA_SUITE_AES_256_GCM_SHA384,
	  SSA_GROUP_SECP384R1, .address = true },
	{ "tls13-request", SSA_TLS13, KEY_P256, .request = true },
	{ "tls13-openssl", SSA_TLS13, KEY_P256, SSA_SUITE_CHACHA20_POLY1305_SHA256,
	  .openssl = true },
	{ "both-p256", 0, KEY_P256 },
	{ "both-retry", 0, KEY_P256, .retry = true, .group = SSA_GROUP_SECP256R1 },
	{ "tls12-p256", SSA_TLS12, KEY_P256 },
	{ "tls12-rsa-no-ems", SSA_TLS12, KEY_RSA, .without_ems = true,
	  .group = SSA_GROUP_SECP384R1, .record_size_limit = 1024 },
	{ "tls12-p384-address", SSA_TLS12, KEY_P384,
	  SSA_SUITE_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, SSA_GROUP_SECP384R1,
	  .address = true },
	{ "tls12-request", SSA_TLS12, KEY_P256, .request = true },
	{ "tls12-openssl", SSA_TLS12, KEY_P256, SSA_SUITE_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
	  .openssl = true },
};

/* ------------------------------------------------------------------- changes */

enum change {
	OP_ZERO, OP_ONES, OP_PLUS, OP_MINUS, OP_BIT, OP_SET,
	OP_REMOVE, OP_TWICE, OP_SWAP,
	OP_FLIP_FIRST, OP_FLIP_LAST, OP_SHORTEN, OP_LENGTHEN, OP_EMPTY, OP_UNKNOWN, OP_INSERT,
	/* whole messages */
	OP_DROP, OP_REPEAT, OP_LATER, OP_TRUNCATE, OP_TAIL, OP_FOLLOW,
	/* records: tamper.c */
	OP_RECORD, OP_WIRE,
	OPS,
};

static const char * const op_name[OPS] = {
	"zero", "ones", "plus", "minus", "bit", "set", "remove", "twice", "swap", "flip-first",
	"flip-last", "shorten", "lengthen", "empty", "unknown", "insert", "drop", "repeat", "later",
	"truncate", "tail", "follow", "record", "wire",
};

struct mutation {
	enum change op;
	u32 arg;
	const struct field *field;
	int message;
};

static const struct {
	const char *field;
	u32 count;
	u16 value[28];
} known[] = {
	{ "cipher_suite", 20, { 0x1301, 0x1302, 0x1303, 0x1304, 0x1305, 0xc02b, 0xc02c, 0xc02f,
		0xc030, 0xcca8, 0xcca9, 0x00ff, 0x5600, 0x002f, 0x009c, 0xc009, 0xc013, 0xccaa,
		0x0a0a, 0x0000 } },
	{ "group", 9, { 0x0017, 0x0018, 0x0019, 0x001d, 0x001e, 0x0100, 0x11ec, 0x2a2a, 0 } },
	{ "scheme", 17, { 0x0401, 0x0501, 0x0601, 0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806,
		0x0807, 0x0808, 0x0809, 0x080a, 0x080b, 0x0201, 0x0203, 0x0101 } },
	{ "legacy_version", 8, { 0x0002, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304, 0x0305,
		0x7f1c } },
	{ "version", 8, { 0x0002, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304, 0x0305, 0x7f1c } },
	{ "extension_type", 27, { 0, 1, 5, 10, 11, 13, 14, 15, 16, 18, 19, 20, 21, 22, 23, 28, 35,
		41, 42, 43, 44, 45, 47, 49, 50, 51, 0xff01 } },
	{ "msg_type", 18, { 0, 1, 2, 3, 4, 5, 8, 11, 12, 13, 14, 15, 16, 20, 22, 24, 99, 254 } },
	{ "limit", 5, { 0, 63, 64, 16384, 16385 } },
	{ "method", 3, { 0, 1, 64 } },
	{ "mode", 3, { 0, 1, 2 } },
	{ "format", 3, { 0, 1, 2 } },
	{ "curve_type", 4, { 0, 1, 2, 3 } },
	{ "request_update", 3, { 0, 1, 2 } },
};

/* What may stand behind a message. */
static const struct {
	const char *name;
	u8 len;
	u8 data[8];
} followers[] = {
	{ "hello_request", 4, { 0, 0, 0, 0 } },
	{ "key_update", 5, { 24, 0, 0, 1, 0 } },
	{ "unknown", 5, { 99, 0, 0, 1, 0 } },
	{ "half a header", 2, { 20, 0 } },
	{ "ticket", 4, { 4, 0, 0, 0 } },
	{ "server_hello_done", 4, { 14, 0, 0, 0 } },
};

static bool is_last_name(const struct field *f, const char *name)
{
	const char *dot = strrchr(f->name, '.');

	return !strcmp(dot ? dot + 1 : f->name, name);
}

/* Adds @delta to the lengths of all that @f is inside of. */
static void put_lengths_right(const struct fields *fs, const struct field *f, struct ssa_buf *msg,
			      int delta)
{
	int i, j;

	for (i = f->parent; i >= 0; i = fs->f[i].parent) {
		u32 v = fs->f[i].body + delta;

		for (j = fs->f[i].len - 1; j >= 0; j--, v >>= 8)
			ssa_buf_begin(msg)[fs->f[i].off + j] = v;
	}
}

/* The change inside a message; its neighbours are seen to by on_message(). */
static void apply(const struct fields *fs, const struct mutation *m, struct ssa_buf *msg)
{
	static const u8 unknown_extension[] = { 0x1a, 0x1a, 0, 1, 0 };
	const struct field *f = m->field, *next;
	u8 copy[DRIVE_BYTES_MAX / 16], *p;
	u32 i, len = f ? f->len : 0;

	if (!f) {
		u32 left = ssa_buf_left(msg);

		if (m->op == OP_TRUNCATE || m->op == OP_TAIL) {
			if (m->op == OP_TRUNCATE)
				drive_splice(msg, m->arg, left - m->arg, NULL, 0);
			else
				drive_append(msg, "\0", 1);
			put_unaligned_be24(ssa_buf_left(msg) - 4, ssa_buf_begin(msg) + 1);
		} else if (m->op == OP_FOLLOW) {
			drive_append(msg, followers[m->arg].data, followers[m->arg].len);
		}
		return;
	}
	p = ssa_buf_begin(msg) + f->off;
	switch (m->op) {
	case OP_ZERO:
		memset(p, 0, len);
		break;
	case OP_ONES:
		memset(p, 0xff, len);
		break;
	case OP_PLUS:
		for (i = len; i-- && !++p[i];)
			;
		break;
	case OP_MINUS:
		for (i = len; i-- && !p[i]--;)
			;
		break;
	case OP_BIT:
		p[len - 1 - m->arg / 8] ^= 1 << m->arg % 8;
		break;
	case OP_SET:
		for (i = 0; i < len; i++)
			p[i] = m->arg >> 8 * (len - 1 - i);
		break;
	case OP_FLIP_FIRST:
		p[0] ^= 1;
		break;
	case OP_FLIP_LAST:
		p[len - 1] ^= 1;
		break;
	case OP_REMOVE:
	case OP_EMPTY:
		put_lengths_right(fs, f, msg, -(int)len);
		drive_splice(msg, f->off, len, NULL, 0);
		break;
	case OP_SHORTEN:
		put_lengths_right(fs, f, msg, -1);
		drive_splice(msg, f->off + len - 1, 1, NULL, 0);
		break;
	case OP_LENGTHEN:
		put_lengths_right(fs, f, msg, 1);
		drive_splice(msg, f->off + len, 0, "\0", 1);
		break;
	case OP_TWICE:
		if (len > sizeof(copy))
			drive_die("a field is too long");
		memcpy(copy, p, len);
		put_lengths_right(fs, f, msg, len);
		drive_splice(msg, f->off, 0, copy, len);
		break;
	case OP_SWAP:
		next = &fs->f[f->next];
		if (len + next->len > sizeof(copy))
			drive_die("a field is too long");
		memcpy(copy, p + len, next->len);
		memcpy(copy + next->len, p, len);
		memcpy(p, copy, len + next->len);
		break;
	case OP_UNKNOWN:
		put_lengths_right(fs, f, msg, sizeof(unknown_extension));
		drive_splice(msg, f->off, 0, unknown_extension, sizeof(unknown_extension));
		break;
	case OP_INSERT:		/* the first extension of a list */
		put_unaligned_be32(m->arg << 16, copy);
		put_lengths_right(fs, f, msg, 4);
		put_unaligned_be16(f->body + 4, p);
		drive_splice(msg, f->off + len, 0, copy, 4);
		break;
	default:
		drive_die("a change that is not known");
	}
}

/* ------------------------------------------------------------- one handshake */

#define MESSAGES_MAX	16

struct run {
	const struct mutation *m;	/* NULL: none, record */
	const struct fields *fields;
	int message;			/* number of the next */
	/* without a mutation: what the peer says */
	struct ssa_buf *said;
};

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
	if (ssa_sign(ssa_credentials_key(d->cfg[SERVER].cred), hs->sigalg, content,
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
	if (i == r->m->message + 1 && r->m->op == OP_LATER)
		drive_append(msg, r->fields->msg, r->fields->msg_len);
	if (i != r->m->message)
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
		apply(r->fields, r->m, msg);
		if (is_signed(r->m->field))
			sign_again(d, hs, msg);
	}
}

static void on_message(struct drive *d, struct ssa_hs *hs, struct ssa_buf *msg)
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

/* ------------------------------------------------------------------- self-check */

/* Faults of an engine that has to be found out, or of this tool's table. */
static bool no_extension_rules, no_table;
static size_t memory_max;

typeof(ssa_exts_judge) __real_ssa_exts_judge, __wrap_ssa_exts_judge;
enum ssa_reason __wrap_ssa_exts_judge(const struct ssa_exts *exts, enum ssa_ext_place place,
				      u32 offered)
{
	return no_extension_rules ? SSA_R_NONE : __real_ssa_exts_judge(exts, place, offered);
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

static size_t peak_seen;

/* Runs it to its end. @what: the reason, or what is wrong. */
static enum outcome shake(struct drive *d, const char **what)
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
	peak_seen = max(peak_seen, d->memory_peak);
	if (d->memory_peak > memory_max) {
		*what = "holds more memory than it may";
		outcome = BROKEN;
	}
	return outcome;
}

/* ------------------------------------------------------------------ the account */

static const char *now_running = "";
static unsigned int total[OPS][BROKEN + 1], reasons[SSA_R_COUNT];

/* Async-signal-safe enough: the process ends. */
static void say_what_ran(int sig)
{
	static const char text[] = "\nBail out! while running: ";

	if (write(STDOUT_FILENO, text, sizeof(text) - 1) < 0 ||
	    write(STDOUT_FILENO, now_running, strlen(now_running)) < 0 ||
	    write(STDOUT_FILENO, "\n", 1) < 0)
		_exit(4);
	_exit(3);
}

void __asan_on_error(void);
void __asan_on_error(void)
{
	printf("\n# while running: %s\n", now_running);
	fflush(stdout);
}

static struct lawful *find_lawful(const char *id, enum outcome outcome)
{
	size_t i;

	for (i = 0; i < lawful_count && !no_table; i++)
		if (lawful[i].outcome == outcome &&
		    !fnmatch(lawful[i].pattern, id, FNM_EXTMATCH)) {
			lawful[i].seen++;
			return &lawful[i];
		}
	return NULL;
}

static const char *way_version(const struct way *way)
{
	return way->version == SSA_TLS12 ? "tls12" : "tls13";
}

struct tally {
	unsigned int n, outcome[BROKEN + 1], violations;
};

static void judge(struct tally *t, const char *id, enum change op, enum outcome outcome,
		  const char *what)
{
	static const char * const text[] = { "refused", "accepted", "waits", "broken" };

	t->n++;
	t->outcome[outcome]++;
	total[op][outcome]++;
	if (verbose)
		printf("# %s: %s (%s)\n", id, text[outcome], what);
	if (outcome == REFUSED || (outcome != BROKEN && find_lawful(id, outcome)))
		return;
	t->violations++;
	if (!quiet)
		printf("# VIOLATION %s: %s (%s)\n", id, text[outcome], what);
}

/* --------------------------------------------------------------- all changes */

/* Results that were there already, by a hash of them. */
static u64 done[1 << 14];
static unsigned int done_count;

static bool is_new(const struct ssa_buf *msg)
{
	u64 h = 0xcbf29ce484222325;
	u32 i;

	for (i = msg->off; i < msg->len; i++)
		h = (h ^ msg->data[i]) * 0x100000001b3;
	for (i = 0; i < done_count; i++)
		if (done[i] == h)
			return false;
	if (done_count == ARRAY_SIZE(done))
		drive_die("more changes than expected");
	done[done_count++] = h;
	return true;
}

struct subject {
	const struct way *way;
	int tested;
	int message;
	const struct ssa_buf *good;
	struct fields fields;
	struct tally tally;
};

/* One changed handshake: @on_message of @d and the like are set by @prepare. */
static void run_changed(struct tally *t, const struct way *way, int tested, const char *id,
			enum change op, void (*prepare)(struct drive *d, void *arg), void *arg)
{
	size_t live = host_alloc.live_count;
	enum outcome outcome;
	const char *what;
	struct drive d;

	now_running = id;
	alarm(10);
	drive_init(&d, way, tested);
	prepare(&d, arg);
	outcome = shake(&d, &what);
	if (outcome == REFUSED)
		reasons[ssa_hs_reason(d.hs[tested])]++;
	drive_end(&d);
	alarm(0);
	if (host_alloc.live_count != live) {
		what = "leaks memory";
		outcome = BROKEN;
	}
	if (d.changed)
		judge(t, id, op, outcome, what);
	now_running = "";
}

static void prepare_message(struct drive *d, void *arg)
{
	d->on_message = on_message;
	d->arg = arg;
	d->changed = true;
}

static void attempt(struct subject *s, enum change op, u32 arg, const struct field *f)
{
	struct mutation m = { .op = op, .arg = arg, .field = f, .message = s->message };
	struct run run = { .m = &m, .fields = &s->fields };
	struct ssa_buf changed = { 0 };
	char id[320], detail[24] = "";

	if (op != OP_DROP && op != OP_REPEAT && op != OP_LATER) {
		bool new;

		drive_append(&changed, s->good->data, s->good->len);
		apply(&s->fields, &m, &changed);
		new = is_new(&changed);
		ssa_buf_free(&changed);
		if (!new)
			return;
	}
	if (op == OP_SET || op == OP_INSERT)
		snprintf(detail, sizeof(detail), " %#x", arg);
	else if (op == OP_BIT || op == OP_TRUNCATE)
		snprintf(detail, sizeof(detail), " %u", arg);
	else if (op == OP_FOLLOW)
		snprintf(detail, sizeof(detail), " %s", followers[arg].name);
	snprintf(id, sizeof(id), "%s %s %s %s%s @%s", way_version(s->way),
		 s->tested == SERVER ? "server" : "client",
		 f ? f->name : fields_message_name(s->good->data[0]), op_name[op], detail,
		 s->way->name);
	run_changed(&s->tally, s->way, s->tested, id, op, prepare_message, &run);
}

static void attempt_number(struct subject *s, const struct field *f)
{
	/* in a list of numbers: like the first */
	bool again = f->next < 0 && (f - 1)->kind == FIELD_ITEM && (f - 1)->off == f->off &&
		     f - 2 >= s->fields.f && (f - 2)->kind == FIELD_NUM;
	u32 i, j;

	attempt(s, OP_ZERO, 0, f);
	attempt(s, OP_PLUS, 0, f);
	if (again)
		return;
	attempt(s, OP_ONES, 0, f);
	attempt(s, OP_MINUS, 0, f);
	for (i = 0; i < ARRAY_SIZE(known); i++)
		for (j = 0; is_last_name(f, known[i].field) && j < known[i].count; j++)
			attempt(s, OP_SET, known[i].value[j], f);
	attempt(s, OP_BIT, 0, f);
	attempt(s, OP_BIT, 8 * f->len - 1, f);
	attempt(s, OP_REMOVE, 0, f);
	attempt(s, OP_TWICE, 0, f);
}

static void try_field(struct subject *s, const struct field *f)
{
	static const u16 extension_types[] = {
		0, 1, 5, 10, 11, 13, 16, 21, 22, 23, 28, 35, 41, 42, 43, 44, 45, 47, 49, 50, 51,
		0x1a1a, 0xff01,
	};
	u32 i;

	switch (f->kind) {
	case FIELD_NUM:
		attempt_number(s, f);
		break;
	case FIELD_LEN:
		attempt(s, OP_ZERO, 0, f);
		attempt(s, OP_ONES, 0, f);
		attempt(s, OP_PLUS, 0, f);
		attempt(s, OP_MINUS, 0, f);
		for (i = 0; is_last_name(f, "extensions") && i < ARRAY_SIZE(extension_types); i++)
			attempt(s, OP_INSERT, extension_types[i], f);
		break;
	case FIELD_BYTES:
		attempt(s, OP_ZERO, 0, f);
		attempt(s, OP_ONES, 0, f);
		attempt(s, OP_FLIP_FIRST, 0, f);
		attempt(s, OP_FLIP_LAST, 0, f);
		attempt(s, OP_SHORTEN, 0, f);
		attempt(s, OP_LENGTHEN, 0, f);
		attempt(s, OP_EMPTY, 0, f);
		attempt(s, OP_TWICE, 0, f);
		break;
	case FIELD_ITEM:
		attempt(s, OP_REMOVE, 0, f);
		attempt(s, OP_TWICE, 0, f);
		if (f->next >= 0)
			attempt(s, OP_SWAP, 0, f);
		/* only extensions have a type */
		if ((f + 1)->kind == FIELD_NUM && is_last_name(f + 1, "extension_type"))
			attempt(s, OP_UNKNOWN, 0, f);
		break;
	}
}

static void try_message(struct subject *s, int messages)
{
	u32 i, last = 4;

	for (i = 0; i < (u32)s->fields.count; i++)
		try_field(s, &s->fields.f[i]);
	attempt(s, OP_DROP, 0, NULL);
	attempt(s, OP_REPEAT, 0, NULL);
	if (s->message + 1 < messages)
		attempt(s, OP_LATER, 0, NULL);
	for (i = 1; i < (u32)s->fields.count; i++) {
		if (s->fields.f[i].off < last)
			continue;
		attempt(s, OP_TRUNCATE, s->fields.f[i].off, NULL);
		last = s->fields.f[i].off + 1;
	}
	attempt(s, OP_TAIL, 0, NULL);
	for (i = 0; i < ARRAY_SIZE(followers); i++)
		attempt(s, OP_FOLLOW, i, NULL);
}

static void result(bool ok, const char *fmt, ...) __printf(2, 3);
static void result(bool ok, const char *fmt, ...)
{
	va_list ap;

	violations += !ok;
	if (quiet)
		return;
	printf("%s %u ", ok ? "ok" : "not ok", ++tests);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
	failed += !ok;
}

/* A handshake without a change: what the peer says, if it ends well. */
static int record(const struct way *way, int tested, struct ssa_buf *said)
{
	struct run run = { .said = said };
	enum outcome outcome;
	const char *what;
	struct drive d;

	drive_init(&d, way, tested);
	d.on_message = on_message;
	d.arg = &run;
	outcome = shake(&d, &what);
	if (outcome == BROKEN && quiet)
		violations++;
	else if (outcome != ACCEPTED || d.want[tested] != SSA_DONE)
		drive_die("%s: the handshake without a change fails: %s/%s", way->name, what,
			  ssa_reason_desc(ssa_hs_reason(d.hs[!tested]))->counter);
	drive_end(&d);
	return run.message;
}

/* Records of the peer, below their protection and on the wire. */
static void all_records(const struct way *way, int tested, bool wire)
{
	void (*prepare)(struct drive *d, void *t) = wire ? tamper_wire : tamper_records;
	enum change op = wire ? OP_WIRE : OP_RECORD;
	struct tamper look = { .which = -1 };
	struct tally tally = { 0 };
	char name[128], id[320];
	const char *what;
	struct drive d;
	int i, j;

	snprintf(name, sizeof(name), "%s %s: %s", way->name, tested == SERVER ? "server" : "client",
		 wire ? "the wire" : "records");
	if (only && fnmatch(only, name, FNM_EXTMATCH))
		return;
	drive_init(&d, way, tested);
	prepare(&d, &look);
	if (shake(&d, &what) != ACCEPTED)
		drive_die("%s: fails when looked at", way->name);
	drive_end(&d);
	for (i = 0; i < look.seen; i++) {
		for (j = 0; j < tamper_count(wire); j++) {
			struct tamper t = { .which = j, .record = i };

			snprintf(id, sizeof(id), "%s %s %s %s %d %s @%s", way_version(way),
				 tested == SERVER ? "server" : "client", op_name[op],
				 look.kind[i], i, tamper_name(wire, j), way->name);
			run_changed(&tally, way, tested, id, op, prepare, &t);
		}
	}
	result(!tally.violations,
	       "mutate %s: %u changes, %u refused, %u lawful, %u wait, %u violations", name,
	       tally.n, tally.outcome[REFUSED], tally.outcome[ACCEPTED], tally.outcome[WAITS],
	       tally.violations);
}

static void one_way(const struct way *way, int tested)
{
	struct ssa_buf said[MESSAGES_MAX] = { };
	static struct subject s;
	int i, messages = record(way, tested, said);
	char name[128];

	for (i = 0; i < messages; i++) {
		snprintf(name, sizeof(name), "%s %s: %s", way->name,
			 tested == SERVER ? "server" : "client",
			 fields_message_name(said[i].data[0]));
		if (only && fnmatch(only, name, FNM_EXTMATCH))
			continue;
		/* of a version that is still open, the hellos alone tell more */
		if (!way->version && said[i].data[0] > SSA_HT_SERVER_HELLO)
			continue;
		memset(&s, 0, sizeof(s));
		s.way = way;
		s.tested = tested;
		s.message = i;
		s.good = &said[i];
		done_count = 0;
		is_new(s.good);
		fields_parse(&s.fields, way->version, said[i].data, said[i].len);
		try_message(&s, messages);
		result(!s.tally.violations,
		       "mutate %s: %u changes, %u refused, %u lawful, %u wait, %u violations",
		       name, s.tally.n, s.tally.outcome[REFUSED],
		       s.tally.outcome[ACCEPTED], s.tally.outcome[WAITS], s.tally.violations);
	}
	for (i = 0; i < messages; i++)
		ssa_buf_free(&said[i]);
	/* what the peer says by itself, not what it is made to say */
	if (way->openssl || way->request || !way->version)
		return;
	all_records(way, tested, false);
	all_records(way, tested, true);
}

static void summary(void)
{
	size_t i;

	printf("# change        refused  lawful    wait  broken\n");
	for (i = 0; i < OPS; i++)
		printf("# %-12s %8u %7u %7u %7u\n", op_name[i], total[i][REFUSED],
		       total[i][ACCEPTED], total[i][WAITS], total[i][BROKEN]);
	printf("# reasons:");
	for (i = 0; i < SSA_R_COUNT; i++)
		if (reasons[i])
			printf(" %s %u", ssa_reason_desc(i)->counter, reasons[i]);
	printf("\n# most memory held by one engine: %zu bytes, allowed %zu\n", peak_seen,
	       drive_memory_max);
}

/* Violations of a part of the changes that is enough for a fault to show. */
static unsigned int look_for(const char *part)
{
	size_t i;

	violations = 0;
	only = part;
	quiet = true;
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		if (strcmp(ways[i].name, "tls13-p256") && strcmp(ways[i].name, "tls12-p256"))
			continue;
		one_way(&ways[i], CLIENT);
		one_way(&ways[i], SERVER);
	}
	quiet = false;
	only = NULL;
	return violations;
}

static void self_check(void)
{
	result(!look_for("*: @(encrypted_extensions|finished)"), "mutate self-check: no fault");
	no_extension_rules = true;
	result(look_for("*: encrypted_extensions"),
	       "mutate self-check: an engine without rules about extensions is found out");
	no_extension_rules = false;
	drive_no_finished = true;
	result(look_for("*: finished"),
	       "mutate self-check: an engine that does not look at Finished is found out");
	drive_no_finished = false;
	drive_no_alert = true;
	result(look_for("*: encrypted_extensions"),
	       "mutate self-check: an engine that sends no alert is found out");
	drive_no_alert = false;
	memory_max = 2048;
	result(look_for("*: encrypted_extensions"),
	       "mutate self-check: an engine that holds too much memory is found out");
	memory_max = drive_memory_max;
	no_table = true;
	result(look_for("* client: server_hello"),
	       "mutate self-check: a change that succeeds and is not in the table is found out");
	no_table = false;
}

int main(int argc, char **argv)
{
	size_t i, unused = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGALRM, say_what_ran);
	if (argc > 1 && !strcmp(argv[1], "-v")) {
		verbose = true;
		argc--;
		argv++;
	}
	if (argc > 1)
		only = argv[1];
	drive_trust_store();
	for (i = 0; i < KEYS; i++)
		drive_credentials(i);
	memory_max = drive_memory_max;
	printf("TAP version 13\n");
	if (!only)
		self_check();
	for (i = 0; i < lawful_count; i++)
		lawful[i].seen = 0;
	memset(total, 0, sizeof(total));
	memset(reasons, 0, sizeof(reasons));
	peak_seen = 0;
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		bool negotiates = !ways[i].version;

		if (!ways[i].request && !(negotiates && ways[i].retry))
			one_way(&ways[i], SERVER);
		if (!ways[i].openssl && (!negotiates || ways[i].retry))
			one_way(&ways[i], CLIENT);
	}
	for (i = 0; i < lawful_count && !only; i++) {
		if (!lawful[i].seen) {
			printf("# never seen: %s\n", lawful[i].pattern);
			unused++;
		}
	}
	if (!only)
		result(!unused, "mutate: each lawful change came up");
	summary();
	printf("1..%u\n", tests);
	drive_cleanup();
	return failed != 0;
}
