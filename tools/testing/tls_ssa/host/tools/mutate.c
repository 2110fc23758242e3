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
#include <unistd.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "account.h"
#include "shake.h"
#include "tamper.h"
#include "tap.h"

static const char *only;

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
	{ "tls13-mutual", SSA_TLS13, KEY_P256, .peer_auth = SSA_PEER_AUTH_REQUIRED,
	  .client = KEY_CLIENT_ED25519, .alpn = "\2h2\10http/1.1" },
	{ "tls13-optional", SSA_TLS13, KEY_P256, .peer_auth = SSA_PEER_AUTH_OPTIONAL,
	  .client = KEY_CLIENT_RSA },
	{ "tls13-no-client", SSA_TLS13, KEY_P256, .peer_auth = SSA_PEER_AUTH_OPTIONAL },
	{ "both-p256", 0, KEY_P256 },
	{ "both-retry", 0, KEY_P256, .retry = true, .group = SSA_GROUP_SECP256R1 },
	{ "tls12-p256", SSA_TLS12, KEY_P256 },
	{ "tls12-rsa-no-ems", SSA_TLS12, KEY_RSA, .without_ems = true,
	  .group = SSA_GROUP_SECP384R1, .record_size_limit = 1024 },
	{ "tls12-p384-address", SSA_TLS12, KEY_P384,
	  SSA_SUITE_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, SSA_GROUP_SECP384R1,
	  .address = true },
	{ "tls12-mutual", SSA_TLS12, KEY_P256, .peer_auth = SSA_PEER_AUTH_REQUIRED,
	  .client = KEY_CLIENT_ED25519, .alpn = "\2h2\10http/1.1" },
	{ "tls12-optional", SSA_TLS12, KEY_P256, .peer_auth = SSA_PEER_AUTH_OPTIONAL,
	  .client = KEY_CLIENT_RSA },
	{ "tls12-no-client", SSA_TLS12, KEY_P256, .peer_auth = SSA_PEER_AUTH_OPTIONAL },
	{ "tls12-request", SSA_TLS12, KEY_P256, .request = true },
	{ "tls12-openssl", SSA_TLS12, KEY_P256, SSA_SUITE_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
	  .openssl = true },
};

/* --------------------------------------------------------------- all changes */

static const char *way_version(const struct way *way)
{
	return way->version == SSA_TLS12 ? "tls12" : "tls13";
}

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

	account_running = id;
	alarm(10);
	drive_init(&d, way, tested);
	prepare(&d, arg);
	outcome = shake(&d, &what);
	if (outcome == REFUSED)
		account_refused(ssa_hs_reason(d.hs[tested]));
	drive_end(&d);
	alarm(0);
	if (host_alloc.live_count != live) {
		what = "leaks memory";
		outcome = BROKEN;
	}
	if (d.changed)
		judge(t, id, op, outcome, what);
	account_running = "";
}

static void prepare_message(struct drive *d, void *arg)
{
	d->on_message = shake_on_message;
	d->arg = arg;
	d->changed = true;
}

static void attempt(const struct mutation *m, void *arg)
{
	struct subject *s = arg;
	struct run run = { .m = m, .fields = &s->fields, .at = s->message };
	struct ssa_buf changed = { 0 };
	char id[320];

	if (m->op != OP_DROP && m->op != OP_REPEAT && m->op != OP_LATER) {
		bool new;

		drive_append(&changed, s->good->data, s->good->len);
		mutation_apply(&s->fields, m, &changed);
		new = is_new(&changed);
		ssa_buf_free(&changed);
		if (!new)
			return;
	}
	snprintf(id, sizeof(id), "%s %s %s %s @%s", way_version(s->way),
		 s->tested == SERVER ? "server" : "client",
		 m->field ? m->field->name : fields_message_name(s->good->data[0]),
		 mutation_text(m), s->way->name);
	run_changed(&s->tally, s->way, s->tested, id, m->op, prepare_message, &run);
}

/* A handshake without a change: what the peer says, if it ends well. */
static int record(const struct way *way, int tested, struct ssa_buf *said)
{
	struct run run = { .said = said };
	enum outcome outcome;
	const char *what;
	struct drive d;

	drive_init(&d, way, tested);
	d.on_message = shake_on_message;
	d.arg = &run;
	outcome = shake(&d, &what);
	if (outcome == BROKEN && account.quiet)
		account.violations++;
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
		mutation_each(&s.fields, i == messages - 1, attempt, &s);
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

/* ------------------------------------------------------------------- self-check */

/* Violations of a part of the changes that is enough for a fault to show. */
static unsigned int look_for(const char *part)
{
	size_t i;

	account.violations = 0;
	only = part;
	account.quiet = true;
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		if (strcmp(ways[i].name, "tls13-p256") && strcmp(ways[i].name, "tls12-p256"))
			continue;
		one_way(&ways[i], CLIENT);
		one_way(&ways[i], SERVER);
	}
	account.quiet = false;
	only = NULL;
	return account.violations;
}

static void self_check(void)
{
	result(!look_for("*: @(encrypted_extensions|finished)"), "mutate self-check: no fault");
	shake_fault.no_extension_rules = true;
	result(look_for("*: encrypted_extensions"),
	       "mutate self-check: an engine without rules about extensions is found out");
	shake_fault.no_extension_rules = false;
	drive_no_finished = true;
	result(look_for("*: finished"),
	       "mutate self-check: an engine that does not look at Finished is found out");
	drive_no_finished = false;
	drive_no_alert = true;
	result(look_for("*: encrypted_extensions"),
	       "mutate self-check: an engine that sends no alert is found out");
	drive_no_alert = false;
	shake_fault.memory_max = 2048;
	result(look_for("*: encrypted_extensions"),
	       "mutate self-check: an engine that holds too much memory is found out");
	shake_fault.memory_max = 0;
	account.no_table = true;
	result(look_for("* client: server_hello"),
	       "mutate self-check: a change that succeeds and is not in the table is found out");
	account.no_table = false;
}

int main(int argc, char **argv)
{
	size_t i;

	signal(SIGALRM, account_say_what_ran);
	if (argc > 1 && !strcmp(argv[1], "-v")) {
		account.verbose = true;
		argc--;
		argv++;
	}
	if (argc > 1)
		only = argv[1];
	tap_begin();
	drive_make_all();
	if (!only)
		self_check();
	account_begin();
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		bool negotiates = !ways[i].version;

		if (!ways[i].request && !(negotiates && ways[i].retry))
			one_way(&ways[i], SERVER);
		if (!ways[i].openssl && (!negotiates || ways[i].retry))
			one_way(&ways[i], CLIENT);
	}
	if (!only)
		result(!account_never_seen(), "mutate: each lawful change came up");
	account_summary();
	drive_cleanup();
	return tap_end();
}
