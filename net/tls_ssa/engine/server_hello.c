// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>
#include <linux/string.h>
#include <kunit/visibility.h>
#include "hello.h"

/* ServerHello.random of a HelloRetryRequest: SHA-256("HelloRetryRequest"), 4.1.3 */
static const u8 ssa_retry_random[SSA_RANDOM_LEN] = {
	0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11,
	0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
	0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e,
	0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
};

/* The last bytes of ServerHello.random of a server that could do more, 4.1.3 */
#define SSA_SENTINEL_LEN	8
static const u8 ssa_downgrade_tls12[SSA_SENTINEL_LEN] = {
	0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, 0x01
};

static const u8 ssa_downgrade_tls11[SSA_SENTINEL_LEN] = {
	0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, 0x00
};

static bool has_downgrade_sentinel(const u8 *random)
{
	const u8 *tail = random + SSA_RANDOM_LEN - SSA_SENTINEL_LEN;

	return !memcmp(tail, ssa_downgrade_tls12, SSA_SENTINEL_LEN) ||
	       !memcmp(tail, ssa_downgrade_tls11, SSA_SENTINEL_LEN);
}

static int put_hello(struct ssa_hs *hs, const u8 *random, bool retry)
{
	struct ssa_vec vec, exts;
	struct ssa_writer w;

	ssa_message_open(hs, &w, SSA_HT_SERVER_HELLO);
	ssa_write_u16(&w, SSA_TLS12);
	ssa_write_bytes(&w, random, SSA_RANDOM_LEN);
	vec = ssa_open_vec(&w, 1);
	ssa_write_bytes(&w, hs->session_id, hs->session_id_len);
	ssa_close_vec(&w, vec);
	ssa_write_u16(&w, hs->suite->id);
	ssa_write_u8(&w, SSA_COMPRESSION_NULL);

	exts = ssa_open_vec(&w, 2);
	ssa_write_u16(&w, SSA_XT_KEY_SHARE);
	vec = ssa_open_vec(&w, 2);
	ssa_write_u16(&w, hs->group);
	if (!retry) {
		struct ssa_vec key = ssa_open_vec(&w, 2);

		ssa_write_bytes(&w, hs->kex.public_key, hs->kex.public_len);
		ssa_close_vec(&w, key);
	}
	ssa_close_vec(&w, vec);

	ssa_write_u16(&w, SSA_XT_SUPPORTED_VERSIONS);
	vec = ssa_open_vec(&w, 2);
	ssa_write_u16(&w, SSA_TLS13);
	ssa_close_vec(&w, vec);
	ssa_close_vec(&w, exts);
	return ssa_message_close(hs, &w);
}

/**
 * ssa_put_server_hello - write ServerHello (RFC 8446 4.1.3)
 * @hs: with random, session_id, suite, group and kex
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_put_server_hello(struct ssa_hs *hs)
{
	return put_hello(hs, hs->random, false);
}

/**
 * ssa_put_hello_retry_request - write HelloRetryRequest (RFC 8446 4.1.4)
 * @hs: with session_id, suite, and the group that the client shall use
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_put_hello_retry_request(struct ssa_hs *hs)
{
	return put_hello(hs, ssa_retry_random, true);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_put_hello_retry_request);

/* ServerHello.random, with the sentinel if we could do more (RFC 8446 4.1.3) */
static void make_random12(struct ssa_hs *hs)
{
	ssa_rng_fill(&hs->cfg.rng, hs->random, sizeof(hs->random));
	if (hs->cfg.max_version > SSA_TLS12)
		memcpy(hs->random + SSA_RANDOM_LEN - SSA_SENTINEL_LEN, ssa_downgrade_tls12,
		       SSA_SENTINEL_LEN);
}

/* Only what the client has asked for; nothing at all if it asked for nothing */
static void put_extensions12(struct ssa_hs *hs, struct ssa_writer *w)
{
	struct ssa_vec exts, ext, list;

	if (!hs->renegotiation_info && !hs->extended_master_secret && !hs->point_formats &&
	    !hs->rx_limit && !hs->alpn_len && !*hs->server_name)
		return;
	exts = ssa_open_vec(w, 2);
	if (hs->renegotiation_info) {
		ssa_write_u16(w, SSA_XT_RENEGOTIATION_INFO);
		ext = ssa_open_vec(w, 2);
		list = ssa_open_vec(w, 1);
		ssa_close_vec(w, list);
		ssa_close_vec(w, ext);
	}
	if (hs->extended_master_secret) {
		ssa_write_u16(w, SSA_XT_EXTENDED_MASTER_SECRET);
		ext = ssa_open_vec(w, 2);
		ssa_close_vec(w, ext);
	}
	if (hs->point_formats) {
		ssa_write_u16(w, SSA_XT_EC_POINT_FORMATS);
		ext = ssa_open_vec(w, 2);
		list = ssa_open_vec(w, 1);
		ssa_write_u8(w, SSA_POINT_FORMAT_UNCOMPRESSED);
		ssa_close_vec(w, list);
		ssa_close_vec(w, ext);
	}
	if (hs->rx_limit) {
		ssa_write_u16(w, SSA_XT_RECORD_SIZE_LIMIT);
		ext = ssa_open_vec(w, 2);
		ssa_write_u16(w, hs->rx_limit);
		ssa_close_vec(w, ext);
	}
	ssa_put_alpn_answer(hs, w);
	ssa_put_server_name_answer(hs, w);
	ssa_close_vec(w, exts);
}

/**
 * ssa_put_server_hello12 - write ServerHello of TLS 1.2 (RFC 5246 7.4.1.3)
 * @hs: with suite, and what the ClientHello asked for; @random is made
 *
 * The session id is empty: there is nothing to resume later.
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_put_server_hello12(struct ssa_hs *hs)
{
	struct ssa_writer w;
	struct ssa_vec vec;

	make_random12(hs);
	ssa_message_open(hs, &w, SSA_HT_SERVER_HELLO);
	ssa_write_u16(&w, SSA_TLS12);
	ssa_write_bytes(&w, hs->random, SSA_RANDOM_LEN);
	vec = ssa_open_vec(&w, 1);
	ssa_close_vec(&w, vec);
	ssa_write_u16(&w, hs->suite->id);
	ssa_write_u8(&w, SSA_COMPRESSION_NULL);
	put_extensions12(hs, &w);
	return ssa_message_close(hs, &w);
}

/* A version before TLS 1.3: by our bounds, and not by somebody between (4.1.3) */
static int check_old_version(struct ssa_hs *hs, struct ssa_server_hello *sh)
{
	if (sh->is_retry)
		return ssa_fail(hs, SSA_R_MISSING_EXTENSION);
	if (hs->cfg.max_version == SSA_TLS13 && has_downgrade_sentinel(sh->random))
		return ssa_fail(hs, SSA_R_DOWNGRADE);
	if (sh->legacy_version != SSA_TLS12 || !ssa_hs_can(hs, SSA_TLS12))
		return ssa_fail(hs, SSA_R_VERSION);
	/* 4.1.4: the version of the HelloRetryRequest */
	if (hs->hello_retry)
		return ssa_fail(hs, SSA_R_BAD_HELLO_RETRY);
	sh->version = SSA_TLS12;
	return 0;
}

/* 4.1.3 and 4.2.1: which version has the server chosen? */
static int check_version(struct ssa_hs *hs, struct ssa_server_hello *sh)
{
	struct ssa_reader r;
	u16 version;

	/* one that we have not offered is not looked at */
	if (hs->cfg.max_version < SSA_TLS13 || !ssa_has_ext(&sh->exts, SSA_EXT_SUPPORTED_VERSIONS))
		return check_old_version(hs, sh);
	r = sh->exts.body[SSA_EXT_SUPPORTED_VERSIONS];
	if (!ssa_read_u16(&r, &version) || !ssa_reader_done(&r))
		return ssa_fail(hs, SSA_R_DECODE);
	if (version != SSA_TLS13 || sh->legacy_version != SSA_TLS12)
		return ssa_fail(hs, SSA_R_ILLEGAL_PARAMETER);
	sh->version = SSA_TLS13;
	return 0;
}

/*
 * TLS 1.3 echoes our session id. In TLS 1.2 that would mean that a session of it
 * is resumed, and there is none (D.4): the server makes up its own or has none.
 */
static bool session_id_is_right(const struct ssa_hs *hs, const struct ssa_server_hello *sh)
{
	bool echo = sh->session_id.left == hs->session_id_len &&
		    !memcmp(sh->session_id.data, hs->session_id, hs->session_id_len);

	return sh->version == SSA_TLS13 ? echo : !echo || !hs->session_id_len;
}

static enum ssa_ext_place place_of(const struct ssa_server_hello *sh)
{
	if (sh->version == SSA_TLS12)
		return SSA_IN_SERVER_HELLO_TLS12;
	return sh->is_retry ? SSA_IN_HELLO_RETRY_REQUEST : SSA_IN_SERVER_HELLO;
}

/**
 * ssa_read_server_hello - read ServerHello or HelloRetryRequest
 * @hs: client
 * @msg: the message
 * @sh: result, points into @msg
 *
 * All that they have in common is checked: version, session id, suite,
 * compression, and that no extension stands there which must not.
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_read_server_hello(struct ssa_hs *hs, const struct ssa_msg *msg,
			  struct ssa_server_hello *sh)
{
	struct ssa_reader r = msg->body, exts;
	enum ssa_reason reason;
	int err;

	if (!ssa_read_u16(&r, &sh->legacy_version) ||
	    !ssa_read_bytes(&r, &sh->random, SSA_RANDOM_LEN) ||
	    !ssa_read_vec8(&r, &sh->session_id, 0, SSA_SESSION_ID_MAX) ||
	    !ssa_read_u16(&r, &sh->cipher_suite) ||
	    !ssa_read_u8(&r, &sh->compression))
		return ssa_fail(hs, SSA_R_DECODE);

	/* Before TLS 1.3 there may be none at all. */
	ssa_reader_init(&exts, r.data, 0);
	if (r.left && (!ssa_read_vec16(&r, &exts, 0, 0xffff) || !ssa_reader_done(&r)))
		return ssa_fail(hs, SSA_R_DECODE);
	reason = ssa_exts_parse(exts, &sh->exts);
	if (reason)
		return ssa_fail(hs, reason);

	sh->is_retry = hs->cfg.max_version == SSA_TLS13 &&
		       !memcmp(sh->random, ssa_retry_random, SSA_RANDOM_LEN);
	err = check_version(hs, sh);
	if (err)
		return err;

	if (!session_id_is_right(hs, sh) ||
	    !ssa_list_has(hs->cfg.suites, SSA_SUITES_MAX, sh->cipher_suite) ||
	    ssa_suite_find(sh->cipher_suite)->version != sh->version ||
	    sh->compression != SSA_COMPRESSION_NULL)
		return ssa_fail(hs, SSA_R_ILLEGAL_PARAMETER);
	reason = ssa_exts_judge(&sh->exts, place_of(sh), hs->offered);
	if (reason)
		return ssa_fail(hs, reason);
	return 0;
}
