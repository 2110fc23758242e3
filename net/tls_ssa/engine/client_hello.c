// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>
#include <linux/string.h>
#include <kunit/visibility.h>
#include "hello.h"

static struct ssa_vec open_ext(struct ssa_hs *hs, struct ssa_writer *w, enum ssa_ext ext, u16 type)
{
	hs->offered |= BIT(ext);
	ssa_write_u16(w, type);
	return ssa_open_vec(w, 2);
}

/* RFC 6066 3: the name without a trailing dot; never for a numeric address. */
static void put_server_name(struct ssa_hs *hs, struct ssa_writer *w)
{
	const char *name = hs->cfg.name;
	struct ssa_vec ext, list, host;
	size_t len = strlen(name);

	if (ssa_name_is_address(name) || hs->cfg.ignored & SSA_OPTIONAL_SERVER_NAME)
		return;
	if (len && name[len - 1] == '.')
		len--;
	ext = open_ext(hs, w, SSA_EXT_SERVER_NAME, SSA_XT_SERVER_NAME);
	list = ssa_open_vec(w, 2);
	ssa_write_u8(w, SSA_NAME_TYPE_HOST_NAME);
	host = ssa_open_vec(w, 2);
	ssa_write_bytes(w, name, len);
	ssa_close_vec(w, host);
	ssa_close_vec(w, list);
	ssa_close_vec(w, ext);
}

static void put_supported_groups(struct ssa_hs *hs, struct ssa_writer *w)
{
	struct ssa_vec ext, list;
	u32 i;

	ext = open_ext(hs, w, SSA_EXT_SUPPORTED_GROUPS, SSA_XT_SUPPORTED_GROUPS);
	list = ssa_open_vec(w, 2);
	for (i = 0; i < SSA_GROUPS_MAX && hs->cfg.groups[i]; i++)
		ssa_write_u16(w, hs->cfg.groups[i]);
	ssa_close_vec(w, list);
	ssa_close_vec(w, ext);
}

static void put_signature_algorithms(struct ssa_hs *hs, struct ssa_writer *w)
{
	struct ssa_vec ext;

	ext = open_ext(hs, w, SSA_EXT_SIGNATURE_ALGORITHMS, SSA_XT_SIGNATURE_ALGORITHMS);
	ssa_put_schemes(hs, w);
	ssa_close_vec(w, ext);
}

/* What a client has to say that can do TLS 1.2: RFC 7627 5.1, RFC 5746 3.4, RFC 8422 4 */
static void put_tls12_extensions(struct ssa_hs *hs, struct ssa_writer *w)
{
	struct ssa_vec ext, list;

	ext = open_ext(hs, w, SSA_EXT_EXTENDED_MASTER_SECRET, SSA_XT_EXTENDED_MASTER_SECRET);
	ssa_close_vec(w, ext);
	ext = open_ext(hs, w, SSA_EXT_RENEGOTIATION_INFO, SSA_XT_RENEGOTIATION_INFO);
	list = ssa_open_vec(w, 1);
	ssa_close_vec(w, list);
	ssa_close_vec(w, ext);
	ext = open_ext(hs, w, SSA_EXT_EC_POINT_FORMATS, SSA_XT_EC_POINT_FORMATS);
	list = ssa_open_vec(w, 1);
	ssa_write_u8(w, SSA_POINT_FORMAT_UNCOMPRESSED);
	ssa_close_vec(w, list);
	ssa_close_vec(w, ext);
}

static void put_record_size_limit(struct ssa_hs *hs, struct ssa_writer *w)
{
	u16 limit = ssa_our_record_size_limit(hs);
	struct ssa_vec ext;

	if (!limit)
		return;
	ext = open_ext(hs, w, SSA_EXT_RECORD_SIZE_LIMIT, SSA_XT_RECORD_SIZE_LIMIT);
	ssa_write_u16(w, limit);
	ssa_close_vec(w, ext);
}

/* RFC 7301 3.1 */
static void put_alpn(struct ssa_hs *hs, struct ssa_writer *w)
{
	struct ssa_vec ext, list;

	if (!hs->cfg.alpn_len || hs->cfg.ignored & SSA_OPTIONAL_ALPN)
		return;
	ext = open_ext(hs, w, SSA_EXT_ALPN, SSA_XT_ALPN);
	list = ssa_open_vec(w, 2);
	ssa_write_bytes(w, hs->cfg.alpn, hs->cfg.alpn_len);
	ssa_close_vec(w, list);
	ssa_close_vec(w, ext);
}

static void put_supported_versions(struct ssa_hs *hs, struct ssa_writer *w)
{
	struct ssa_vec ext, list;

	ext = open_ext(hs, w, SSA_EXT_SUPPORTED_VERSIONS, SSA_XT_SUPPORTED_VERSIONS);
	list = ssa_open_vec(w, 1);
	ssa_write_u16(w, SSA_TLS13);
	if (hs->cfg.min_version == SSA_TLS12)
		ssa_write_u16(w, SSA_TLS12);
	ssa_close_vec(w, list);
	ssa_close_vec(w, ext);
}

static void put_key_share(struct ssa_hs *hs, struct ssa_writer *w)
{
	struct ssa_vec ext, list, key;

	ext = open_ext(hs, w, SSA_EXT_KEY_SHARE, SSA_XT_KEY_SHARE);
	list = ssa_open_vec(w, 2);
	ssa_write_u16(w, hs->kex.group);
	key = ssa_open_vec(w, 2);
	ssa_write_bytes(w, hs->kex.public_key, hs->kex.public_len);
	ssa_close_vec(w, key);
	ssa_close_vec(w, list);
	ssa_close_vec(w, ext);
}

/* Echoed as it came (4.2.2). */
static void put_cookie(struct ssa_hs *hs, struct ssa_writer *w, const struct ssa_reader *cookie)
{
	struct ssa_vec ext, data;

	ext = open_ext(hs, w, SSA_EXT_COOKIE, SSA_XT_COOKIE);
	data = ssa_open_vec(w, 2);
	ssa_write_bytes(w, cookie->data, cookie->left);
	ssa_close_vec(w, data);
	ssa_close_vec(w, ext);
}

/**
 * ssa_put_client_hello - write ClientHello (RFC 8446 4.1.2)
 * @hs: with random, session_id and kex; the same for ClientHello1 and 2
 * @cookie: of the HelloRetryRequest, or NULL
 *
 * psk_key_exchange_modes and session_ticket are left out: without them a server
 * sends no tickets. One that offers TLS 1.2 alone is that of RFC 5246.
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_put_client_hello(struct ssa_hs *hs, const struct ssa_reader *cookie)
{
	struct ssa_vec vec, exts;
	struct ssa_writer w;
	u32 i;

	hs->offered = 0;
	ssa_message_open(hs, &w, SSA_HT_CLIENT_HELLO);
	ssa_write_u16(&w, SSA_TLS12);
	ssa_write_bytes(&w, hs->random, sizeof(hs->random));
	vec = ssa_open_vec(&w, 1);
	ssa_write_bytes(&w, hs->session_id, hs->session_id_len);
	ssa_close_vec(&w, vec);
	vec = ssa_open_vec(&w, 2);
	for (i = 0; i < SSA_SUITES_MAX && hs->cfg.suites[i]; i++)
		if (ssa_hs_can(hs, ssa_suite_find(hs->cfg.suites[i])->version))
			ssa_write_u16(&w, hs->cfg.suites[i]);
	ssa_close_vec(&w, vec);
	vec = ssa_open_vec(&w, 1);
	ssa_write_u8(&w, SSA_COMPRESSION_NULL);
	ssa_close_vec(&w, vec);

	exts = ssa_open_vec(&w, 2);
	put_server_name(hs, &w);
	put_supported_groups(hs, &w);
	put_signature_algorithms(hs, &w);
	if (hs->cfg.min_version == SSA_TLS12)
		put_tls12_extensions(hs, &w);
	put_record_size_limit(hs, &w);
	put_alpn(hs, &w);
	if (hs->cfg.max_version == SSA_TLS13) {
		put_supported_versions(hs, &w);
		if (cookie)
			put_cookie(hs, &w, cookie);
		put_key_share(hs, &w);
	}
	ssa_close_vec(&w, exts);
	return ssa_message_close(hs, &w);
}

/**
 * ssa_read_client_hello - read ClientHello (RFC 8446 4.1.2)
 * @hs: server
 * @msg: the message
 * @ch: result, points into @msg
 *
 * Syntax only: what a ClientHello of an older TLS may look like too.
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_read_client_hello(struct ssa_hs *hs, const struct ssa_msg *msg,
			  struct ssa_client_hello *ch)
{
	struct ssa_reader r = msg->body;
	enum ssa_reason reason;

	if (!ssa_read_u16(&r, &ch->legacy_version) ||
	    !ssa_read_bytes(&r, &ch->random, SSA_RANDOM_LEN) ||
	    !ssa_read_vec8(&r, &ch->session_id, 0, SSA_SESSION_ID_MAX) ||
	    !ssa_read_vec16(&r, &ch->cipher_suites, 2, 0xfffe) ||
	    ch->cipher_suites.left % 2 ||
	    !ssa_read_vec8(&r, &ch->compression, 1, 0xff))
		return ssa_fail(hs, SSA_R_DECODE);
	ssa_reader_init(&ch->fixed, msg->body.data, msg->body.left - r.left);

	/* Before TLS 1.3 there may be none at all. */
	ssa_reader_init(&ch->list, r.data, 0);
	if (r.left && (!ssa_read_vec16(&r, &ch->list, 0, 0xffff) || !ssa_reader_done(&r)))
		return ssa_fail(hs, SSA_R_DECODE);
	reason = ssa_exts_parse(ch->list, &ch->exts);
	ssa_exts_ignore(&ch->exts, hs->cfg.ignored);
	if (!reason && !ssa_read_asked(&ch->exts, &ch->asked))
		reason = SSA_R_DECODE;
	if (reason)
		return ssa_fail(hs, reason);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_read_client_hello);

/* May a second ClientHello have another one, or none, or be the first that has it? */
static bool may_change(u16 type)
{
	return type == SSA_XT_EARLY_DATA || type == SSA_XT_COOKIE ||
	       type == SSA_XT_PRE_SHARED_KEY || type == SSA_XT_PADDING;
}

/**
 * ssa_client_hello_digest - of what a second ClientHello must repeat
 * @ch: a ClientHello
 * @out: SHA-256
 *
 * RFC 8446 4.1.2: everything before the extensions, and all of those, known to us or
 * not, in their order, except where it lets the client change them. key_share keeps its
 * place and gets another value. Extensions of later RFCs may change only if they are in
 * the HelloRetryRequest, and ours has none.
 *
 * Context: process.
 */
void ssa_client_hello_digest(const struct ssa_client_hello *ch, u8 out[32])
{
	struct ssa_reader list = ch->list, body;
	struct ssa_hash hash;
	const u8 *start;
	u16 type;

	ssa_hash_init(&hash, SSA_SHA256);
	ssa_hash_update(&hash, ch->fixed.data, ch->fixed.left);
	for (start = list.data; ssa_read_u16(&list, &type); start = list.data) {
		if (!ssa_read_vec16(&list, &body, 0, 0xffff))
			break;
		if (type == SSA_XT_KEY_SHARE)
			ssa_hash_update(&hash, start, sizeof(type));
		else if (!may_change(type))
			ssa_hash_update(&hash, start, list.data - start);
	}
	ssa_hash_final(&hash, out);
}
