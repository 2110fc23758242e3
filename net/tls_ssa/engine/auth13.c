// SPDX-License-Identifier: GPL-2.0
/*
 * The authentication messages (RFC 8446 4.4): Certificate, CertificateVerify
 * and Finished, of either side.
 */
#include <crypto/utils.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <kunit/visibility.h>
#include "hs.h"

/**
 * ssa_put_certificate - write Certificate (RFC 8446 4.4.2)
 * @hs: either side
 * @chain: certificates; none if a client has nothing to show
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_put_certificate(struct ssa_hs *hs, const struct ssa_chain *chain)
{
	struct ssa_vec context, list, cert, exts;
	struct ssa_writer w;
	u32 i;

	ssa_message_open(hs, &w, SSA_HT_CERTIFICATE);
	context = ssa_open_vec(&w, 1);
	ssa_close_vec(&w, context);
	list = ssa_open_vec(&w, 3);
	for (i = 0; i < chain->count; i++) {
		cert = ssa_open_vec(&w, 3);
		ssa_write_bytes(&w, chain->cert[i].der, chain->cert[i].len);
		ssa_close_vec(&w, cert);
		exts = ssa_open_vec(&w, 2);
		ssa_close_vec(&w, exts);
	}
	ssa_close_vec(&w, list);
	return ssa_message_close(hs, &w);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_put_certificate);

/**
 * ssa_read_certificate - read Certificate (RFC 8446 4.4.2)
 * @hs: either side
 * @msg: the message
 * @chain: result, points into @msg; may be empty
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_read_certificate(struct ssa_hs *hs, const struct ssa_msg *msg, struct ssa_chain *chain)
{
	struct ssa_reader r = msg->body, context, list, cert, exts_list;
	enum ssa_reason reason;
	struct ssa_exts exts;

	chain->count = 0;
	if (!ssa_read_vec8(&r, &context, 0, 0xff) ||
	    !ssa_read_vec24(&r, &list, 0, 0xffffff) ||
	    !ssa_reader_done(&r))
		return ssa_fail(hs, SSA_R_DECODE);
	/* In the main handshake there is no request to refer to. */
	if (context.left)
		return ssa_fail(hs, SSA_R_ILLEGAL_PARAMETER);

	while (ssa_reader_more(&list)) {
		if (!ssa_read_vec24(&list, &cert, 1, 0xffffff) ||
		    !ssa_read_vec16(&list, &exts_list, 0, 0xffff))
			return ssa_fail(hs, SSA_R_DECODE);
		reason = ssa_exts_parse(exts_list, &exts);
		if (!reason)
			reason = ssa_exts_judge(&exts, SSA_IN_CERTIFICATE, hs->offered);
		if (reason)
			return ssa_fail(hs, reason);
		if (chain->count == SSA_CHAIN_MAX || cert.left > SSA_CERT_MAX)
			return ssa_fail(hs, SSA_R_CERT_CHAIN_TOO_LONG);
		chain->cert[chain->count].der = cert.data;
		chain->cert[chain->count].len = cert.left;
		chain->count++;
	}
	return 0;
}

#define SSA_CV_PAD_LEN		64
#define SSA_CV_CONTEXT_LEN	34	/* with its final 0 */
#define SSA_CV_CONTENT_MAX	(SSA_CV_PAD_LEN + SSA_CV_CONTEXT_LEN + SSA_HASH_MAX)

/* What CertificateVerify signs (4.4.3). Returns how many bytes. */
static size_t signed_content(const struct ssa_hs *hs, bool server, u8 out[SSA_CV_CONTENT_MAX])
{
	static const char server_context[] = "TLS 1.3, server CertificateVerify";
	static const char client_context[] = "TLS 1.3, client CertificateVerify";

	static_assert(sizeof(server_context) == SSA_CV_CONTEXT_LEN);
	static_assert(sizeof(client_context) == SSA_CV_CONTEXT_LEN);
	memset(out, 0x20, SSA_CV_PAD_LEN);
	memcpy(out + SSA_CV_PAD_LEN, server ? server_context : client_context,
	       SSA_CV_CONTEXT_LEN);
	ssa_transcript_digest(&hs->transcript, out + SSA_CV_PAD_LEN + SSA_CV_CONTEXT_LEN);
	return SSA_CV_PAD_LEN + SSA_CV_CONTEXT_LEN + hs->suite->hash_len;
}

/**
 * ssa_put_certificate_verify - write CertificateVerify (RFC 8446 4.4.3)
 * @hs: with @cred and @sigalg
 *
 * Context: process, may sleep; needs the stack of ssa_sign().
 * Return: 0 or ssa_fail().
 */
int ssa_put_certificate_verify(struct ssa_hs *hs)
{
	u8 content[SSA_CV_CONTENT_MAX];
	struct ssa_writer w;
	size_t len;
	int err;

	len = signed_content(hs, hs->cfg.server, content);
	ssa_message_open(hs, &w, SSA_HT_CERTIFICATE_VERIFY);
	err = ssa_put_signature(hs, &w, content, len);
	return err ?: ssa_message_close(hs, &w);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_put_certificate_verify);

/**
 * ssa_check_certificate_verify - read and verify CertificateVerify
 * @hs: with @peer_key; the transcript ends before the message; @peer_sigalg is set
 * @msg: the message
 *
 * Context: process, may sleep; needs the stack of ssa_verify().
 * Return: 0 or ssa_fail().
 */
int ssa_check_certificate_verify(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	struct ssa_reader r = msg->body, signature;
	u8 content[SSA_CV_CONTENT_MAX];
	size_t len;
	int err;

	err = ssa_read_signature(hs, &r, &signature);
	if (err)
		return err;
	len = signed_content(hs, !hs->cfg.server, content);
	return ssa_check_signature(hs, content, len, &signature);
}

/**
 * ssa_put_finished - write Finished (RFC 8446 4.4.4)
 * @hs: either side
 * @base_key: our handshake traffic secret
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_put_finished(struct ssa_hs *hs, const u8 *base_key)
{
	u8 transcript[SSA_HASH_MAX], verify_data[SSA_HASH_MAX];
	struct ssa_writer w;
	int err;

	ssa_transcript_digest(&hs->transcript, transcript);
	err = ssa_ks_finished(hs->suite, base_key, transcript, verify_data);
	if (err)
		return ssa_fail_errno(hs, err);
	ssa_message_open(hs, &w, SSA_HT_FINISHED);
	ssa_write_bytes(&w, verify_data, hs->suite->hash_len);
	memzero_explicit(verify_data, sizeof(verify_data));
	return ssa_message_close(hs, &w);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_put_finished);

/**
 * ssa_check_finished - read and verify Finished
 * @hs: either side; the transcript ends before the message
 * @msg: the message
 * @base_key: the peer's handshake traffic secret
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_check_finished(struct ssa_hs *hs, const struct ssa_msg *msg, const u8 *base_key)
{
	u8 transcript[SSA_HASH_MAX], verify_data[SSA_HASH_MAX];
	struct ssa_reader r = msg->body;
	const u8 *received;
	bool differs;
	int err;

	if (!ssa_read_bytes(&r, &received, hs->suite->hash_len) || !ssa_reader_done(&r))
		return ssa_fail(hs, SSA_R_DECODE);
	ssa_transcript_digest(&hs->transcript, transcript);
	err = ssa_ks_finished(hs->suite, base_key, transcript, verify_data);
	if (err)
		return ssa_fail_errno(hs, err);
	differs = crypto_memneq(verify_data, received, hs->suite->hash_len);
	memzero_explicit(verify_data, sizeof(verify_data));
	if (differs)
		return ssa_fail(hs, SSA_R_BAD_FINISHED);
	return 0;
}
