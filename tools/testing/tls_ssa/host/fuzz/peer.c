// SPDX-License-Identifier: GPL-2.0
#include "peer.h"
#include "peer_keys.h"

#define T_CCS		20
#define T_HANDSHAKE	22
#define T_DATA		23

#define M_CLIENT_HELLO		1
#define M_SERVER_HELLO		2
#define M_ENCRYPTED_EXTENSIONS	8
#define M_CERTIFICATE		11
#define M_CERTIFICATE_VERIFY	15
#define M_FINISHED		20

/*
 * The most that a handshake may hold at once: the longest message, a ClientHello,
 * in two buffers while it grows, our own chain in the output, and the state.
 */
#define HANDSHAKE_LIMIT		(2 * 132 * 1024 + SSA_CHAIN_BYTES_MAX + 64 * 1024)

/* They take most of the time; a second one is never right. */
#define SIGNATURES_MAX		2

static const u16 groups[] = { SSA_GROUP_X25519, SSA_GROUP_SECP256R1, SSA_GROUP_SECP384R1 };

struct peer {
	struct ssa_hs *hs;
	enum ssa_want want;
	bool engine_is_server;
	struct peer_keys keys;
	u8 session_id[32];
	u8 session_id_len;
	/* what of the valid messages has been put in */
	bool signed_transcript, finished;
	unsigned int signatures;
	/* handshake bytes that wait for a record */
	u8 pending[65536];
	size_t pending_len;
};

static struct ssa_kex kex[ARRAY_SIZE(groups)];	/* the peer's, the same every time */

static const struct ssa_kex *kex_for(u16 group)
{
	size_t i;

	if (!kex[0].group) {
		host_rng_seed(2);
		for (i = 0; i < ARRAY_SIZE(groups); i++)
			FUZZ_ASSERT(!ssa_kex_generate(&kex[i], groups[i], &ssa_kernel_rng));
		host_rng_seed(1);
	}
	for (i = 0; i < ARRAY_SIZE(groups); i++)
		if (groups[i] == group)
			return &kex[i];
	return NULL;
}

/* ------------------------------------------------------- the engine's output */

static bool in_list(const u16 *list, size_t max, u16 value)
{
	size_t i;

	for (i = 0; i < max && list[i]; i++)
		if (list[i] == value)
			return true;
	return false;
}

static void check_result(struct peer *p)
{
	struct ssa_hs_result r;
	struct ssa_post post;

	/* Nobody gets through without a valid signature and a valid MAC. */
	FUZZ_ASSERT(p->finished && (p->engine_is_server || p->signed_transcript));
	ssa_hs_result(p->hs, &r);
	FUZZ_ASSERT(r.version == SSA_TLS13);
	FUZZ_ASSERT(in_list(ssa_default_suites, SSA_SUITES_MAX, r.suite));
	FUZZ_ASSERT(in_list(ssa_default_groups, SSA_GROUPS_MAX, r.group));
	FUZZ_ASSERT(in_list(ssa_default_sigalgs, SSA_SIGALGS_MAX,
			    p->engine_is_server ? r.sigalg : r.peer_sigalg));
	FUZZ_ASSERT(ssa_hs_reason(p->hs) == SSA_R_NONE);
	FUZZ_ASSERT(!ssa_hs_export(p->hs, &post));
	ssa_post_wipe(&post);
}

/* Extension @want of a hello, whose list of extensions starts at @at. */
static const u8 *find_extension(const u8 *msg, size_t len, size_t at, u16 want, size_t *ext_len)
{
	FUZZ_ASSERT(at + 2 <= len);
	for (at += 2; at + 4 <= len; at += 4 + *ext_len) {
		*ext_len = get_unaligned_be16(msg + at + 2);
		FUZZ_ASSERT(at + 4 + *ext_len <= len);
		if (get_unaligned_be16(msg + at) == want)
			return msg + at + 4;
	}
	return NULL;
}

/* The engine's ServerHello: the keys follow from it, if the key share was ours. */
static void learn_server_hello(struct peer *p, const u8 *msg, size_t len)
{
	const u8 *retry = peer_retry_random;
	size_t at = 4 + 2 + 32, ext_len;
	const struct ssa_kex *k;
	const u8 *ext;
	u16 suite;

	FUZZ_ASSERT(len > at && len >= at + 1 + msg[at] + 5);
	at += 1 + msg[at];
	suite = get_unaligned_be16(msg + at);
	FUZZ_ASSERT(in_list(ssa_default_suites, SSA_SUITES_MAX, suite));
	if (!memcmp(msg + 6, retry, 32)) {
		peer_keys_retry(&p->keys, suite);
		peer_keys_message(&p->keys, msg, len);
		return;
	}
	peer_keys_message(&p->keys, msg, len);
	ext = len > at + 3 ? find_extension(msg, len, at + 3, 51, &ext_len) : NULL;
	if (!ext)
		return;		/* TLS 1.2: this peer does not get behind its keys */
	FUZZ_ASSERT(ext_len > 4);
	k = kex_for(get_unaligned_be16(ext));
	if (k)
		peer_keys_handshake(&p->keys, suite, k, ext + 4, ext_len - 4, true);
}

static void learn_client_hello(struct peer *p, const u8 *msg, size_t len)
{
	const u8 *ext, *end;
	size_t ext_len, at;

	FUZZ_ASSERT(len > 39 && msg[38] <= 32 && len > 39 + (size_t)msg[38] + 2);
	p->session_id_len = msg[38];
	memcpy(p->session_id, msg + 39, msg[38]);
	at = 39 + msg[38];
	at += 2 + get_unaligned_be16(msg + at);
	at += 1 + msg[at];
	peer_keys_message(&p->keys, msg, len);
	ext = find_extension(msg, len, at, 51, &ext_len);
	FUZZ_ASSERT(ext && ext_len >= 2 + 4);
	for (end = ext + ext_len, ext += 2; ext < end; ext += 4 + get_unaligned_be16(ext + 2)) {
		p->keys.share_group = get_unaligned_be16(ext);
		p->keys.share_len = get_unaligned_be16(ext + 2);
		FUZZ_ASSERT(p->keys.share_len <= sizeof(p->keys.share));
		memcpy(p->keys.share, ext + 4, p->keys.share_len);
		return;		/* the first is enough */
	}
}

static void engine_messages(struct peer *p, const u8 *m, size_t len)
{
	while (len) {
		size_t n;

		FUZZ_ASSERT(len >= 4);
		n = 4 + get_unaligned_be24(m + 1);
		FUZZ_ASSERT(n <= len);
		if (m[0] == M_CLIENT_HELLO)
			learn_client_hello(p, m, n);
		else if (m[0] == M_SERVER_HELLO)
			learn_server_hello(p, m, n);
		else
			peer_keys_message(&p->keys, m, n);
		if (m[0] == M_FINISHED && p->engine_is_server)
			peer_keys_server_finished(&p->keys);
		m += n;
		len -= n;
	}
}

/* A message of the engine may cross records: collected in @buf. */
static void engine_output(struct peer *p, u8 *out, size_t len)
{
	static u8 buf[SSA_CHAIN_BYTES_MAX * 2];
	size_t used = 0, n, body;
	u8 type;

	for (; len; out += n, len -= n) {
		FUZZ_ASSERT(len >= 5);
		n = 5 + get_unaligned_be16(out + 3);
		FUZZ_ASSERT(n <= len && n <= SSA_RECORD_MAX);
		type = out[0];
		body = n - 5;
		if (type == T_DATA) {
			if (!peer_keys_open(&p->keys, out, &type, &body))
				return;	/* not our key share: we cannot look into it */
		}
		if (type != T_HANDSHAKE)
			continue;
		FUZZ_ASSERT(used + body <= sizeof(buf));
		memcpy(buf + used, out + 5, body);
		used += body;
		/* ServerHello changes the keys of the records after it. */
		while (used >= 4 && used >= 4 + get_unaligned_be24(buf + 1)) {
			size_t m = 4 + get_unaligned_be24(buf + 1);

			engine_messages(p, buf, m);
			used -= m;
			memmove(buf, buf + m, used);
		}
	}
	FUZZ_ASSERT(!used);
}

/* Takes the engine's output; in every state, also after a failure. */
static void pump(struct peer *p)
{
	static u8 copy[SSA_CHAIN_BYTES_MAX * 2 + 4096];
	size_t len, half;
	const u8 *out = ssa_hs_output(p->hs, &len);

	FUZZ_ASSERT(len <= sizeof(copy));
	if (p->want == SSA_WANT_WRITE)
		FUZZ_ASSERT(len);
	if (p->want == SSA_WANT_READ || p->want == SSA_DONE)
		FUZZ_ASSERT(!len);
	if (!len)
		return;
	memcpy(copy, out, len);
	/* In two parts, as a full socket buffer would make it. */
	half = len / 2;
	if (half) {
		enum ssa_want want = ssa_hs_output_done(p->hs, half);

		FUZZ_ASSERT(want == p->want);
	}
	p->want = ssa_hs_output_done(p->hs, len - half);
	FUZZ_ASSERT(p->want != SSA_WANT_WRITE);
	engine_output(p, copy, len);
}

static void check_state(struct peer *p)
{
	enum ssa_reason reason = ssa_hs_reason(p->hs);

	FUZZ_ASSERT(p->want <= SSA_FAILED);
	FUZZ_ASSERT((p->want == SSA_FAILED) == (reason != SSA_R_NONE));
	FUZZ_ASSERT(reason < SSA_R_COUNT && reason != SSA_R_INTERNAL &&
		    reason != SSA_R_NO_MEMORY);
}

/* --------------------------------------------------------- to the engine */

/* One record on the wire, given as its owner in the kernel gives it. */
static void feed(struct peer *p, const u8 *record, size_t len)
{
	enum ssa_reason reason;
	u8 *copy;
	int body;

	if (p->want != SSA_WANT_READ || len < 5)
		return;
	body = ssa_hs_record_length(p->hs, record);
	if (body >= 0) {
		FUZZ_ASSERT(5 + body <= SSA_RECORD_MAX);
		if (len < 5 + (size_t)body)
			return;		/* would wait for more */
		/* of its exact size, so that ASan sees a read beyond it */
		copy = malloc(5 + body);
		FUZZ_ASSERT(copy);
		memcpy(copy, record, 5 + body);
		p->want = ssa_hs_input(p->hs, copy, 5 + body);
		free(copy);
	} else {
		p->want = SSA_FAILED;
	}
	check_state(p);
	pump(p);
	check_state(p);
	if (p->want != SSA_FAILED)
		return;
	/* The first error sticks. */
	reason = ssa_hs_reason(p->hs);
	ssa_hs_abort(p->hs, SSA_R_TIMEOUT);
	FUZZ_ASSERT(ssa_hs_reason(p->hs) == reason);
}

static void send_record(struct peer *p, u8 type, const u8 *data, size_t len)
{
	static u8 record[SSA_RECORD_MAX + 64];

	len = min_t(size_t, len, 16384);
	feed(p, record, peer_keys_seal(&p->keys, record, type, data, len));
}

static void flush(struct peer *p, size_t fragment)
{
	size_t at, n;

	fragment = fragment ? fragment : 16384;
	for (at = 0; at < p->pending_len; at += n) {
		n = min_t(size_t, p->pending_len - at, fragment);
		send_record(p, T_HANDSHAKE, p->pending + at, n);
	}
	p->pending_len = 0;
}

static void queue(struct peer *p, const u8 *data, size_t len)
{
	if (p->pending_len + len > sizeof(p->pending))
		flush(p, 0);
	len = min(len, sizeof(p->pending) - p->pending_len);
	memcpy(p->pending + p->pending_len, data, len);
	p->pending_len += len;
	peer_keys_message(&p->keys, data, len);
}

static void queue_message(struct peer *p, u8 type, u8 *msg, size_t body)
{
	msg[0] = type;
	put_unaligned_be24(body, msg + 1);
	queue(p, msg, 4 + body);
}

/* ------------------------------------------------------- valid messages */

static u8 *put_ext(u8 *w, u16 type, const void *data, size_t len)
{
	put_unaligned_be16(type, w);
	put_unaligned_be16(len, w + 2);
	memcpy(w + 4, data, len);
	return w + 4 + len;
}

static void server_hello(struct peer *p, u16 retry_group)
{
	const struct ssa_kex *k = kex_for(p->keys.share_group);
	u8 msg[512], share[4 + SSA_KEX_PUBLIC_MAX], *w = msg + 4, *exts;
	u16 suite = ssa_default_suites[0];

	if (!k)
		return;
	put_unaligned_be16(0x0303, w);
	if (retry_group)
		memcpy(w + 2, peer_retry_random, 32);
	else
		memset(w + 2, 0x5a, 32);
	w += 34;
	*w++ = p->session_id_len;
	memcpy(w, p->session_id, p->session_id_len);
	w += p->session_id_len;
	put_unaligned_be16(suite, w);
	w[2] = 0;
	exts = w + 3;
	w = put_ext(exts + 2, 43, "\x03\x04", 2);
	put_unaligned_be16(retry_group ? retry_group : k->group, share);
	put_unaligned_be16(k->public_len, share + 2);
	memcpy(share + 4, k->public_key, k->public_len);
	w = put_ext(w, 51, share, retry_group ? 2 : 4 + k->public_len);
	put_unaligned_be16(w - exts - 2, exts);
	if (retry_group)
		peer_keys_retry(&p->keys, suite);
	queue_message(p, M_SERVER_HELLO, msg, w - msg - 4);
	flush(p, 0);
	if (!retry_group && p->want == SSA_WANT_READ)
		peer_keys_handshake(&p->keys, suite, k, p->keys.share, p->keys.share_len, false);
}

/* @flags: 1, 2: other groups; 4: without server_name; 8: empty session id; 16: empty shares */
static void client_hello(struct peer *p, u8 flags)
{
	static const u8 sigalgs[] = { 0, 6, 0x04, 0x03, 0x08, 0x04, 0x08, 0x05 };
	static const u8 name[] = "\0\x0e\0\0\x0bserver.test";
	const struct ssa_kex *k = kex_for(groups[(flags & 3) % ARRAY_SIZE(groups)]);
	u8 msg[1024], share[6 + SSA_KEX_PUBLIC_MAX], *w = msg + 4, *exts;

	put_unaligned_be16(0x0303, w);
	memset(w + 2, 0xa5, 32);
	w += 34;
	*w++ = flags & 8 ? 0 : 32;
	memset(w, 0x77, 32);
	w += flags & 8 ? 0 : 32;
	memcpy(w, "\0\6\x13\1\x13\2\x13\3\1\0", 10);
	exts = w + 10;
	w = put_ext(exts + 2, 43, "\2\3\4", 3);
	w = put_ext(w, 10, "\0\6\0\x1d\0\x17\0\x18", 8);
	w = put_ext(w, 13, sigalgs, sizeof(sigalgs));
	if (!(flags & 4))
		w = put_ext(w, 0, name, sizeof(name) - 1);
	put_unaligned_be16(4 + k->public_len, share);
	put_unaligned_be16(k->group, share + 2);
	put_unaligned_be16(k->public_len, share + 4);
	memcpy(share + 6, k->public_key, k->public_len);
	w = flags & 16 ? put_ext(w, 51, "\0\0", 2) : put_ext(w, 51, share, 6 + k->public_len);
	put_unaligned_be16(w - exts - 2, exts);
	queue_message(p, M_CLIENT_HELLO, msg, w - msg - 4);
	flush(p, 0);
}

static void certificate(struct peer *p)
{
	const struct ssa_chain *chain = ssa_credentials_chain(fuzz_credentials(true));
	u8 msg[8192], *w = msg + 8;
	u32 i;

	for (i = 0; i < chain->count; i++) {
		put_unaligned_be24(chain->cert[i].len, w);
		memcpy(w + 3, chain->cert[i].der, chain->cert[i].len);
		w += 3 + chain->cert[i].len;
		put_unaligned_be16(0, w);
		w += 2;
	}
	msg[4] = 0;
	put_unaligned_be24(w - msg - 8, msg + 5);
	queue_message(p, M_CERTIFICATE, msg, w - msg - 4);
}

static void certificate_verify(struct peer *p, bool valid)
{
	static const char context[] = "TLS 1.3, server CertificateVerify";
	u8 msg[8 + SSA_SIGNATURE_MAX], content[64 + sizeof(context) + SSA_HASH_MAX];
	size_t hash_len, sig_len;

	if (p->signatures++ == SIGNATURES_MAX)
		return;
	memset(content, ' ', 64);
	memcpy(content + 64, context, sizeof(context));
	hash_len = peer_keys_transcript(&p->keys, content + 64 + sizeof(context));
	if (!hash_len || ssa_sign(ssa_credentials_key(fuzz_credentials(true)),
				  SSA_SIG_RSA_PSS_RSAE_SHA256, content,
				  64 + sizeof(context) + hash_len, &ssa_kernel_rng,
				  msg + 8, &sig_len))
		return;
	put_unaligned_be16(SSA_SIG_RSA_PSS_RSAE_SHA256, msg + 4);
	put_unaligned_be16(sig_len, msg + 6);
	if (valid)
		p->signed_transcript = true;
	else
		msg[8 + sig_len / 2] ^= 1;
	queue_message(p, M_CERTIFICATE_VERIFY, msg, 4 + sig_len);
}

static void finished(struct peer *p, bool valid)
{
	u8 msg[4 + SSA_HASH_MAX];
	size_t len = peer_keys_finished(&p->keys, p->engine_is_server, msg + 4);

	if (!len)
		return;
	if (valid)
		p->finished = true;
	else
		msg[4 + len - 1] ^= 1;
	queue_message(p, M_FINISHED, msg, len);
	flush(p, 0);
}

/* ------------------------------------------------------------- program */

static void step(struct peer *p, u8 op, struct fuzz_input *in)
{
	static const u8 empty_extensions[] = { M_ENCRYPTED_EXTENSIONS, 0, 0, 2, 0, 0 };
	const u8 *data;
	size_t len;
	u8 type;

	switch (op) {
	case 'H':
		data = fuzz_vec16(in, &len);
		queue(p, data, len);
		break;
	case 'R':
		type = fuzz_u8(in);
		data = fuzz_vec16(in, &len);
		flush(p, 0);
		send_record(p, type, data, len);
		break;
	case 'W':
		data = fuzz_vec16(in, &len);
		flush(p, 0);
		feed(p, data, len);
		break;
	case '/':
		len = fuzz_u8(in) << 8;
		flush(p, len | fuzz_u8(in));
		break;
	case 'X':
		flush(p, 0);
		feed(p, (const u8 *)"\x14\3\3\0\1\1", 6);
		break;
	case 'F':
	case 'f':
		finished(p, op == 'F');
		break;
	case 'K':
		flush(p, 0);
		if (!p->engine_is_server)
			peer_keys_handshake(&p->keys, ssa_default_suites[0],
					    kex_for(p->keys.share_group), p->keys.share,
					    p->keys.share_len, false);
		break;
	case 'c':
		if (p->engine_is_server)
			client_hello(p, fuzz_u8(in));
		break;
	case 'S':
		if (!p->engine_is_server)
			server_hello(p, 0);
		break;
	case 'Q':
		if (!p->engine_is_server)
			server_hello(p, groups[fuzz_u8(in) % ARRAY_SIZE(groups)]);
		break;
	case 'E':
		if (!p->engine_is_server)
			queue(p, empty_extensions, sizeof(empty_extensions));
		break;
	case 'C':
		if (!p->engine_is_server)
			certificate(p);
		break;
	case 'V':
	case 'v':
		if (!p->engine_is_server)
			certificate_verify(p, op == 'V');
		break;
	}
}

bool peer_run(bool engine_is_server, const u8 *data, size_t size)
{
	static struct peer p;
	struct fuzz_input in = { data, size };
	struct ssa_hs_config cfg = {
		.server = engine_is_server,
		.name = engine_is_server ? NULL : "server.test",
		.store = engine_is_server ? NULL : fuzz_trust_store(),
		.creds = engine_is_server ? fuzz_cred_set() : NULL,
		.now = SSA_TEST_NOW,
		.rng = ssa_kernel_rng,
	};

	fuzz_credentials(true);
	kex_for(0);
	memcpy(cfg.suites, ssa_default_suites, sizeof(cfg.suites));
	memcpy(cfg.groups, ssa_default_groups, sizeof(cfg.groups));
	memcpy(cfg.sigalgs, ssa_default_sigalgs, sizeof(cfg.sigalgs));
	memset(&p, 0, sizeof(p));
	p.engine_is_server = engine_is_server;
	fuzz_begin(HANDSHAKE_LIMIT);
	peer_keys_init(&p.keys);
	p.hs = ssa_hs_new(&cfg);
	FUZZ_ASSERT(!IS_ERR(p.hs));
	p.want = ssa_hs_start(p.hs);
	pump(&p);
	while (in.left && p.want == SSA_WANT_READ)
		step(&p, fuzz_u8(&in), &in);
	flush(&p, 0);
	if (p.want == SSA_DONE)
		check_result(&p);
	ssa_hs_free(p.hs);
	peer_keys_clear(&p.keys);
	fuzz_end();
	return p.want == SSA_DONE;
}
