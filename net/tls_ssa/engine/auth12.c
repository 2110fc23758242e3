// SPDX-License-Identifier: GPL-2.0
/*
 * The authentication messages of TLS 1.2, of either side: Certificate (RFC 5246
 * 7.4.2), ServerKeyExchange (RFC 8422 5.4), CertificateVerify (RFC 5246 7.4.8) and
 * Finished (7.4.9).
 */
#include <crypto/utils.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <kunit/visibility.h>
#include "hs.h"

/**
 * ssa_put_certificate12 - write Certificate (RFC 5246 7.4.2)
 * @hs: either side
 * @chain: certificates; none if a client has nothing to show
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_put_certificate12(struct ssa_hs *hs, const struct ssa_chain *chain)
{
	struct ssa_vec list, cert;
	struct ssa_writer w;
	u32 i;

	ssa_message_open(hs, &w, SSA_HT_CERTIFICATE);
	list = ssa_open_vec(&w, 3);
	for (i = 0; i < chain->count; i++) {
		cert = ssa_open_vec(&w, 3);
		ssa_write_bytes(&w, chain->cert[i].der, chain->cert[i].len);
		ssa_close_vec(&w, cert);
	}
	ssa_close_vec(&w, list);
	return ssa_message_close(hs, &w);
}

/**
 * ssa_read_certificate12 - read Certificate (RFC 5246 7.4.2)
 * @hs: either side
 * @msg: the message
 * @chain: result, points into @msg; may be empty
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_read_certificate12(struct ssa_hs *hs, const struct ssa_msg *msg, struct ssa_chain *chain)
{
	struct ssa_reader r = msg->body, list, cert;

	chain->count = 0;
	if (!ssa_read_vec24(&r, &list, 0, 0xffffff) || !ssa_reader_done(&r))
		return ssa_fail(hs, SSA_R_DECODE);
	while (ssa_reader_more(&list)) {
		if (!ssa_read_vec24(&list, &cert, 1, 0xffffff))
			return ssa_fail(hs, SSA_R_DECODE);
		if (chain->count == SSA_CHAIN_MAX || cert.left > SSA_CERT_MAX)
			return ssa_fail(hs, SSA_R_CERT_CHAIN_TOO_LONG);
		chain->cert[chain->count].der = cert.data;
		chain->cert[chain->count].len = cert.left;
		chain->count++;
	}
	return 0;
}

/* ECParameters and ECPoint of RFC 8422 5.4, behind both randoms */
#define SSA_PARAMS_MAX		(4 + SSA_KEX_PUBLIC_MAX)
#define SSA_SIGNED_MAX		(2 * SSA_RANDOM_LEN + SSA_PARAMS_MAX)

/* What ServerKeyExchange signs (RFC 5246 7.4.3). Returns how many bytes, 0: too many. */
static size_t signed_content(const struct ssa_hs *hs, const u8 *params, u32 params_len,
			     u8 out[SSA_SIGNED_MAX])
{
	if (params_len > SSA_PARAMS_MAX)
		return 0;
	memcpy(out, hs->cfg.server ? hs->peer_random : hs->random, SSA_RANDOM_LEN);
	memcpy(out + SSA_RANDOM_LEN, hs->cfg.server ? hs->random : hs->peer_random,
	       SSA_RANDOM_LEN);
	memcpy(out + 2 * SSA_RANDOM_LEN, params, params_len);
	return 2 * SSA_RANDOM_LEN + params_len;
}

/**
 * ssa_put_server_key_exchange - write ServerKeyExchange (RFC 8422 5.4)
 * @hs: server, with @cred, @sigalg and kex
 *
 * Context: process, may sleep; needs the stack of ssa_sign().
 * Return: 0 or ssa_fail().
 */
int ssa_put_server_key_exchange(struct ssa_hs *hs)
{
	u8 content[SSA_SIGNED_MAX];
	struct ssa_writer w;
	struct ssa_vec vec;
	size_t len;
	u32 params;
	int err;

	ssa_message_open(hs, &w, SSA_HT_SERVER_KEY_EXCHANGE);
	params = w.buf->len;
	ssa_write_u8(&w, SSA_CURVE_TYPE_NAMED_CURVE);
	ssa_write_u16(&w, hs->group);
	vec = ssa_open_vec(&w, 1);
	ssa_write_bytes(&w, hs->kex.public_key, hs->kex.public_len);
	ssa_close_vec(&w, vec);
	if (w.err)
		return ssa_fail_errno(hs, w.err);
	len = signed_content(hs, w.buf->data + params, w.buf->len - params, content);
	if (!len)
		return ssa_fail(hs, SSA_R_INTERNAL);
	err = ssa_put_signature(hs, &w, content, len);
	return err ?: ssa_message_close(hs, &w);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_put_server_key_exchange);

/**
 * ssa_read_server_key_exchange - read and verify ServerKeyExchange
 * @hs: client, with @peer_key; its @group and @peer_sigalg are set
 * @msg: the message
 * @point: result, the server's share, points into @msg
 *
 * Context: process, may sleep; needs the stack of ssa_verify().
 * Return: 0 or ssa_fail().
 */
int ssa_read_server_key_exchange(struct ssa_hs *hs, const struct ssa_msg *msg,
				 struct ssa_reader *point)
{
	struct ssa_reader r = msg->body, signature;
	u8 content[SSA_SIGNED_MAX], curve_type;
	u32 params_len;
	size_t len;
	u16 group;
	int err;

	if (!ssa_read_u8(&r, &curve_type))
		return ssa_fail(hs, SSA_R_DECODE);
	/* RFC 8422 5.4: the others are gone, and their form with them */
	if (curve_type != SSA_CURVE_TYPE_NAMED_CURVE)
		return ssa_fail(hs, SSA_R_BAD_KEY_SHARE);
	if (!ssa_read_u16(&r, &group) || !ssa_read_vec8(&r, point, 1, 0xff))
		return ssa_fail(hs, SSA_R_DECODE);
	params_len = msg->body.left - r.left;
	err = ssa_read_signature(hs, &r, &signature);
	if (err)
		return err;
	if (!ssa_list_has(hs->cfg.groups, SSA_GROUPS_MAX, group) ||
	    point->left != ssa_kex_public_len(group))
		return ssa_fail(hs, SSA_R_BAD_KEY_SHARE);

	len = signed_content(hs, msg->body.data, params_len, content);
	if (!len)
		return ssa_fail(hs, SSA_R_INTERNAL);
	err = ssa_check_signature(hs, content, len, &signature);
	if (err)
		return err;
	hs->group = group;
	return 0;
}

/**
 * ssa_put_certificate_verify12 - write CertificateVerify (RFC 5246 7.4.8)
 * @hs: client, with @cred and @sigalg, whose transcript has kept the messages. They
 *	are dropped.
 *
 * Context: process, may sleep; needs the stack of ssa_sign().
 * Return: 0 or ssa_fail().
 */
int ssa_put_certificate_verify12(struct ssa_hs *hs)
{
	const struct ssa_buf *messages = &hs->transcript.messages;
	struct ssa_writer w;
	int err;

	ssa_message_open(hs, &w, SSA_HT_CERTIFICATE_VERIFY);
	err = ssa_put_signature(hs, &w, ssa_buf_begin(messages), ssa_buf_left(messages));
	if (err)
		return err;
	ssa_transcript_drop(&hs->transcript);
	return ssa_message_close(hs, &w);
}

/**
 * ssa_check_certificate_verify12 - read and verify CertificateVerify
 * @hs: server, with @peer_key, whose transcript has kept the messages before this
 *	one. They are dropped; @peer_sigalg is set.
 * @msg: the message
 *
 * Context: process, may sleep; needs the stack of ssa_verify().
 * Return: 0 or ssa_fail().
 */
int ssa_check_certificate_verify12(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	const struct ssa_buf *messages = &hs->transcript.messages;
	struct ssa_reader r = msg->body, signature;
	int err;

	err = ssa_read_signature(hs, &r, &signature);
	if (err)
		return err;
	err = ssa_check_signature(hs, ssa_buf_begin(messages), ssa_buf_left(messages),
				  &signature);
	ssa_transcript_drop(&hs->transcript);
	return err;
}

/**
 * ssa_put_finished12 - write Finished (RFC 5246 7.4.9)
 * @hs: either side, with keys
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_put_finished12(struct ssa_hs *hs)
{
	u8 transcript[SSA_HASH_MAX], verify_data[SSA_VERIFY_DATA_LEN];
	struct ssa_writer w;

	ssa_transcript_digest(&hs->transcript, transcript);
	ssa_keys12_finished(&hs->keys12, hs->suite, hs->cfg.server, transcript, verify_data);
	ssa_message_open(hs, &w, SSA_HT_FINISHED);
	ssa_write_bytes(&w, verify_data, sizeof(verify_data));
	memzero_explicit(verify_data, sizeof(verify_data));
	return ssa_message_close(hs, &w);
}

/**
 * ssa_check_finished12 - read and verify Finished
 * @hs: either side, with keys; the transcript ends before the message
 * @msg: the message
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_check_finished12(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	u8 transcript[SSA_HASH_MAX], verify_data[SSA_VERIFY_DATA_LEN];
	struct ssa_reader r = msg->body;
	const u8 *received;
	bool differs;

	if (!ssa_read_bytes(&r, &received, sizeof(verify_data)) || !ssa_reader_done(&r))
		return ssa_fail(hs, SSA_R_DECODE);
	ssa_transcript_digest(&hs->transcript, transcript);
	ssa_keys12_finished(&hs->keys12, hs->suite, !hs->cfg.server, transcript, verify_data);
	differs = crypto_memneq(verify_data, received, sizeof(verify_data));
	memzero_explicit(verify_data, sizeof(verify_data));
	if (differs)
		return ssa_fail(hs, SSA_R_BAD_FINISHED);
	return 0;
}
