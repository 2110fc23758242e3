// SPDX-License-Identifier: GPL-2.0
/*
 * The server's side of RFC 8446: what it asks of a ClientHello, its flight, and
 * the client's last one (Appendix A.2).
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "hello.h"

/* What TLS 1.3 asks of each ClientHello: 4.1.2, 4.2.9, 4.2.11, 9.2 */
static int check_client_hello(struct ssa_hs *hs, const struct ssa_client_hello *ch)
{
	const struct ssa_exts *exts = &ch->exts;
	struct ssa_reader compression = ch->compression;
	enum ssa_reason reason;
	u8 method;

	if (!ssa_read_u8(&compression, &method) || !ssa_reader_done(&compression) ||
	    method != SSA_COMPRESSION_NULL)
		return ssa_fail(hs, SSA_R_ILLEGAL_PARAMETER);
	reason = ssa_exts_judge(exts, SSA_IN_CLIENT_HELLO, 0);
	if (reason)
		return ssa_fail(hs, reason);

	if (ssa_has_ext(exts, SSA_EXT_PRE_SHARED_KEY)) {
		if (exts->last != SSA_XT_PRE_SHARED_KEY)
			return ssa_fail(hs, SSA_R_ILLEGAL_PARAMETER);
		if (!ssa_has_ext(exts, SSA_EXT_PSK_KEY_EXCHANGE_MODES))
			return ssa_fail(hs, SSA_R_MISSING_EXTENSION);
	}
	/* 4.2.10 */
	if (ssa_has_ext(exts, SSA_EXT_EARLY_DATA) && exts->body[SSA_EXT_EARLY_DATA].left)
		return ssa_fail(hs, SSA_R_DECODE);
	if (!ssa_has_ext(exts, SSA_EXT_SIGNATURE_ALGORITHMS) ||
	    !ssa_has_ext(exts, SSA_EXT_SUPPORTED_GROUPS) ||
	    !ssa_has_ext(exts, SSA_EXT_KEY_SHARE))
		return ssa_fail(hs, SSA_R_MISSING_EXTENSION);
	/* 4.2.2: we never send one, so there is none to echo */
	if (ssa_has_ext(exts, SSA_EXT_COOKIE))
		return ssa_fail(hs, SSA_R_ILLEGAL_PARAMETER);
	return 0;
}

/**
 * struct group_offer - what the client says about our groups
 * @supported: BIT(index in cfg->groups), of its supported_groups
 * @shared: the same, of its key_share
 * @shares: number of its shares, in groups that we know or not
 * @key: key_exchange of those in @shared
 */
struct group_offer {
	u32 supported;
	u32 shared;
	u32 shares;
	struct ssa_reader key[SSA_GROUPS_MAX];
};

/* Moves behind @group in a list of groups. */
static bool skip_to_group(struct ssa_reader *list, u16 group)
{
	u16 v;

	while (ssa_read_u16(list, &v))
		if (v == group)
			return true;
	return false;
}

/*
 * 4.2.8: a share is for a group of supported_groups, and shares come in its order.
 * So the search goes on in @rest where the last one ended; from the front again
 * it begins only so often that a long list of shares costs no long time.
 */
static bool is_offered(const struct ssa_reader *groups, struct ssa_reader *rest, u16 group,
		       u32 *disorder)
{
	if (skip_to_group(rest, group))
		return true;
	if ((*disorder)++ == SSA_SHARE_DISORDER_MAX)
		return false;
	*rest = *groups;
	return skip_to_group(rest, group);
}

/* supported_groups (4.2.7) and key_share (4.2.8) */
static int read_groups(struct ssa_hs *hs, const struct ssa_client_hello *ch,
		       struct group_offer *offer)
{
	struct ssa_reader r, list, key, groups, rest;
	u32 disorder = 0;
	u16 group;
	int i, err;

	memset(offer, 0, sizeof(*offer));
	err = ssa_read_supported_groups(hs, ch, &offer->supported);
	if (err)
		return err;
	r = ch->exts.body[SSA_EXT_SUPPORTED_GROUPS];
	if (!ssa_read_vec16(&r, &groups, 2, 0xfffe))
		return ssa_fail(hs, SSA_R_DECODE);
	rest = groups;

	r = ch->exts.body[SSA_EXT_KEY_SHARE];
	if (!ssa_read_vec16(&r, &list, 0, 0xffff) || !ssa_reader_done(&r))
		return ssa_fail(hs, SSA_R_DECODE);
	while (ssa_reader_more(&list)) {
		if (!ssa_read_u16(&list, &group) || !ssa_read_vec16(&list, &key, 0, 0xffff))
			return ssa_fail(hs, SSA_R_DECODE);
		offer->shares++;
		if (!key.left || !is_offered(&groups, &rest, group, &disorder))
			return ssa_fail(hs, SSA_R_BAD_KEY_SHARE);
		i = ssa_group_index(hs, group);
		if (i < 0)
			continue;
		/* one share a group */
		if (offer->shared & BIT(i))
			return ssa_fail(hs, SSA_R_BAD_KEY_SHARE);
		offer->shared |= BIT(i);
		offer->key[i] = key;
	}
	return 0;
}

/* Our share, and from both the Handshake Secret. */
static int server_key_exchange(struct ssa_hs *hs, const struct group_offer *offer)
{
	const struct ssa_reader *key = &offer->key[ssa_group_index(hs, hs->group)];
	u8 shared[SSA_KEX_SHARED_MAX];
	size_t shared_len;
	int err;

	err = ssa_kex_generate(&hs->kex, hs->group, &hs->cfg.rng);
	if (err)
		return ssa_fail_errno(hs, err);
	err = ssa_kex_shared(&hs->kex, key->data, key->left, shared, &shared_len);
	memzero_explicit(hs->kex.scalar, sizeof(hs->kex.scalar));
	if (err == -EINVAL)
		return ssa_fail(hs, SSA_R_BAD_KEY_SHARE);
	if (err)
		return ssa_fail_errno(hs, err);
	ssa_ks_early_secret(&hs->ks, hs->suite);
	err = ssa_ks_handshake_secret(&hs->ks, hs->suite, shared, shared_len);
	memzero_explicit(shared, sizeof(shared));
	return err ? ssa_fail_errno(hs, err) : 0;
}

/* EncryptedExtensions (4.3.1) */
static int put_encrypted_extensions(struct ssa_hs *hs)
{
	struct ssa_vec exts, ext;
	struct ssa_writer w;

	ssa_message_open(hs, &w, SSA_HT_ENCRYPTED_EXTENSIONS);
	exts = ssa_open_vec(&w, 2);
	if (hs->rx_limit) {
		ssa_write_u16(&w, SSA_XT_RECORD_SIZE_LIMIT);
		ext = ssa_open_vec(&w, 2);
		ssa_write_u16(&w, hs->rx_limit);
		ssa_close_vec(&w, ext);
	}
	ssa_put_alpn_answer(hs, &w);
	ssa_put_server_name_answer(hs, &w);
	ssa_close_vec(&w, exts);
	return ssa_message_close(hs, &w);
}

/**
 * ssa_server13_flight - ServerHello to Finished (RFC 8446 2)
 * @hs: server that has negotiated
 *
 * Context: process, may sleep; needs the stack of ssa_sign().
 * Return: 0 or ssa_fail().
 */
int ssa_server13_flight(struct ssa_hs *hs)
{
	int err;

	ssa_rng_fill(&hs->cfg.rng, hs->random, sizeof(hs->random));
	err = ssa_put_server_hello(hs);
	memzero_explicit(&hs->kex, sizeof(hs->kex));
	if (err)
		return err;
	err = ssa_hs_flush(hs);
	if (err)
		return err;
	/* D.4: immediately after our first message */
	err = ssa_hs_put_ccs(hs);
	if (err)
		return err;
	err = ssa_hs_handshake_keys(hs);
	if (err)
		return err;

	err = put_encrypted_extensions(hs);
	if (err)
		return err;
	if (hs->cfg.peer_auth) {
		err = ssa_put_certificate_request(hs);
		if (err)
			return err;
	}
	err = ssa_put_certificate(hs, ssa_credentials_chain(hs->cred));
	if (err)
		return err;
	err = ssa_put_certificate_verify(hs);
	if (err)
		return err;
	err = ssa_put_finished(hs, hs->ks.server_handshake_traffic_secret);
	if (err)
		return err;
	err = ssa_hs_flush(hs);
	if (err)
		return err;

	err = ssa_hs_application_secrets(hs);
	if (err)
		return err;
	hs->finished_sent = true;
	ssa_record_keys_clear(&hs->tx);
	memzero_explicit(hs->ks.server_handshake_traffic_secret, SSA_SECRET_MAX);
	hs->state = hs->cfg.peer_auth ? SSA_ST_SERVER_WAIT_CERT : SSA_ST_SERVER_WAIT_FINISHED;
	return 0;
}

/* HelloRetryRequest (4.1.4): the client shall send a share for hs->group. */
static int hello_retry(struct ssa_hs *hs, const struct ssa_client_hello *ch)
{
	int err;

	ssa_transcript_hello_retry(&hs->transcript);
	err = ssa_put_hello_retry_request(hs);
	if (err)
		return err;
	err = ssa_hs_flush(hs);
	if (err)
		return err;
	err = ssa_hs_put_ccs(hs);
	if (err)
		return err;
	ssa_client_hello_digest(ch, hs->hello_digest);
	hs->hello_retry = true;
	hs->state = SSA_ST_SERVER_WAIT_CH2;
	return 0;
}

/**
 * ssa_server13_negotiate - all that TLS 1.3 decides by the first ClientHello
 * @hs: server
 * @msg: the message
 * @ch: what is in it
 *
 * If the client's key shares do not suit us, a HelloRetryRequest is on its way
 * afterwards (RFC 8446 4.1.4).
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_server13_negotiate(struct ssa_hs *hs, const struct ssa_msg *msg,
			   const struct ssa_client_hello *ch)
{
	enum ssa_reason reason;
	struct group_offer offer;
	int err;

	err = check_client_hello(hs, ch);
	if (err)
		return err;
	err = ssa_read_server_name(hs, ch);
	if (err)
		return err;
	err = ssa_choose_alpn(hs, ch);
	if (err)
		return err;
	err = ssa_read_record_size_limit(hs, &ch->exts);
	if (err)
		return err;
	err = read_groups(hs, ch, &offer);
	if (err)
		return err;
	if (!offer.supported)
		return ssa_fail(hs, SSA_R_NO_GROUP);
	reason = ssa_choose_credential(hs, &ch->asked);
	if (reason)
		return ssa_fail(hs, reason);
	err = ssa_choose_suite(hs, ch);
	if (err)
		return err;

	hs->session_id_len = ch->session_id.left;
	memcpy(hs->session_id, ch->session_id.data, ch->session_id.left);
	hs->skip_early_data = ssa_has_ext(&ch->exts, SSA_EXT_EARLY_DATA);
	ssa_transcript_start(&hs->transcript, hs->suite->hash);
	err = ssa_hs_add_message(hs, msg);
	if (err)
		return err;

	if (!offer.shared) {
		hs->group = ssa_best_group(hs, offer.supported);
		return hello_retry(hs, ch);
	}
	hs->group = ssa_best_group(hs, offer.shared);
	return server_key_exchange(hs, &offer);
}

/* The second ClientHello: the first one, with the share that we asked for. */
static noinline_for_stack int negotiate_again(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	struct ssa_client_hello ch;
	struct group_offer offer;
	u8 digest[sizeof(hs->hello_digest)];
	int err;

	hs->skip_early_data = false;
	err = ssa_read_client_hello(hs, msg, &ch);
	if (err)
		return err;
	err = ssa_negotiate_version(hs, &ch);
	if (err)
		return err;
	err = check_client_hello(hs, &ch);
	if (err)
		return err;
	ssa_client_hello_digest(&ch, digest);
	/* 4.2.10: early_data has to go */
	if (memcmp(digest, hs->hello_digest, sizeof(digest)) ||
	    ssa_has_ext(&ch.exts, SSA_EXT_EARLY_DATA))
		return ssa_fail(hs, SSA_R_BAD_HELLO_RETRY);
	err = read_groups(hs, &ch, &offer);
	if (err)
		return err;
	if (offer.shares != 1 || ssa_best_group(hs, offer.shared) != hs->group)
		return ssa_fail(hs, SSA_R_BAD_HELLO_RETRY);
	err = ssa_hs_add_message(hs, msg);
	if (err)
		return err;
	return server_key_exchange(hs, &offer);
}

static int second_client_hello(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	int err = negotiate_again(hs, msg);

	return err ?: ssa_server13_flight(hs);
}

/* Certificate (4.4.2): empty, if the client has none to show (4.4.2.4) */
static int client_certificate(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	u32 count;
	int err;

	err = ssa_take_peer_chain(hs, msg, &count);
	if (err)
		return err;
	if (!count && hs->cfg.peer_auth == SSA_PEER_AUTH_REQUIRED)
		return ssa_fail(hs, SSA_R_CLIENT_CERT_WANTED);
	hs->state = count ? SSA_ST_SERVER_WAIT_CV : SSA_ST_SERVER_WAIT_FINISHED;
	return ssa_hs_add_message(hs, msg);
}

/* CertificateVerify (4.4.3) */
static int client_certificate_verify(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	int err;

	err = ssa_check_certificate_verify(hs, msg);
	if (err)
		return err;
	hs->state = SSA_ST_SERVER_WAIT_FINISHED;
	return ssa_hs_add_message(hs, msg);
}

/* Finished (4.4.4) */
static int client_finished(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	int err;

	err = ssa_check_finished(hs, msg, hs->ks.client_handshake_traffic_secret);
	if (err)
		return err;
	ssa_hs_connected(hs);
	return 0;
}

static const struct ssa_step steps[] = {
	{ SSA_ST_SERVER_WAIT_CH2, SSA_HT_CLIENT_HELLO, true,
	  SSA_CLIENT_HELLO_MAX, second_client_hello },
	{ SSA_ST_SERVER_WAIT_CERT, SSA_HT_CERTIFICATE, false,
	  SSA_CERTIFICATE_MAX, client_certificate },
	{ SSA_ST_SERVER_WAIT_CV, SSA_HT_CERTIFICATE_VERIFY, false,
	  SSA_CERTIFICATE_VERIFY_MAX, client_certificate_verify },
	{ SSA_ST_SERVER_WAIT_FINISHED, SSA_HT_FINISHED, true,
	  SSA_FINISHED_MAX, client_finished },
};

const struct ssa_steps ssa_server13_steps = { steps, ARRAY_SIZE(steps) };
