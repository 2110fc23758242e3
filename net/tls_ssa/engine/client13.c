// SPDX-License-Identifier: GPL-2.0
/*
 * The client's side of RFC 8446: one function for each message of the server,
 * in the order of Appendix A.1.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "hello.h"

/* HelloRetryRequest (4.1.4): one more ClientHello, with what the server wants. */
static int hello_retry_request(struct ssa_hs *hs, const struct ssa_msg *msg,
			       const struct ssa_server_hello *sh)
{
	struct ssa_reader r, cookie, *echo = NULL;
	u16 group;
	int err;

	if (hs->hello_retry)
		return ssa_fail(hs, SSA_R_SECOND_HELLO_RETRY);
	hs->hello_retry = true;
	if (!ssa_has_ext(&sh->exts, SSA_EXT_KEY_SHARE) && !ssa_has_ext(&sh->exts, SSA_EXT_COOKIE))
		return ssa_fail(hs, SSA_R_BAD_HELLO_RETRY);

	hs->suite = ssa_suite_find(sh->cipher_suite);
	ssa_transcript_start(&hs->transcript, hs->suite->hash);
	ssa_transcript_hello_retry(&hs->transcript);
	err = ssa_hs_add_message(hs, msg);
	if (err)
		return err;

	if (ssa_has_ext(&sh->exts, SSA_EXT_COOKIE)) {
		r = sh->exts.body[SSA_EXT_COOKIE];
		if (!ssa_read_vec16(&r, &cookie, 1, 0xffff) || !ssa_reader_done(&r))
			return ssa_fail(hs, SSA_R_DECODE);
		echo = &cookie;
	}
	if (ssa_has_ext(&sh->exts, SSA_EXT_KEY_SHARE)) {
		r = sh->exts.body[SSA_EXT_KEY_SHARE];
		if (!ssa_read_u16(&r, &group) || !ssa_reader_done(&r))
			return ssa_fail(hs, SSA_R_DECODE);
		/* 4.2.8: one that we offered, and sent no share for */
		if (!ssa_list_has(hs->cfg.groups, SSA_GROUPS_MAX, group) ||
		    group == hs->kex.group)
			return ssa_fail(hs, SSA_R_BAD_HELLO_RETRY);
		memzero_explicit(&hs->kex, sizeof(hs->kex));
		err = ssa_kex_generate(&hs->kex, group, &hs->cfg.rng);
		if (err)
			return ssa_fail_errno(hs, err);
	}

	/* D.4: immediately before the second flight */
	err = ssa_hs_put_ccs(hs);
	if (err)
		return err;
	err = ssa_put_client_hello(hs, echo);
	if (err)
		return err;
	return ssa_hs_flush(hs);
}

/* The server's share, and from it the handshake keys (4.2.8, 7.1). */
static int server_key_share(struct ssa_hs *hs, const struct ssa_server_hello *sh)
{
	struct ssa_reader r = sh->exts.body[SSA_EXT_KEY_SHARE], key;
	u8 shared[SSA_KEX_SHARED_MAX];
	size_t shared_len;
	u16 group;
	int err;

	if (!ssa_read_u16(&r, &group) ||
	    !ssa_read_vec16(&r, &key, 1, 0xffff) ||
	    !ssa_reader_done(&r))
		return ssa_fail(hs, SSA_R_DECODE);
	if (group != hs->kex.group)
		return ssa_fail(hs, SSA_R_BAD_KEY_SHARE);
	err = ssa_kex_shared(&hs->kex, key.data, key.left, shared, &shared_len);
	memzero_explicit(&hs->kex, sizeof(hs->kex));
	if (err == -EINVAL)
		return ssa_fail(hs, SSA_R_BAD_KEY_SHARE);
	if (err)
		return ssa_fail_errno(hs, err);
	hs->group = group;

	ssa_ks_early_secret(&hs->ks, hs->suite);
	err = ssa_ks_handshake_secret(&hs->ks, hs->suite, shared, shared_len);
	memzero_explicit(shared, sizeof(shared));
	return err ? ssa_fail_errno(hs, err) : 0;
}

/**
 * ssa_client13_server_hello - ServerHello or HelloRetryRequest (RFC 8446 4.1.3)
 * @hs: client
 * @msg: the message
 * @sh: what is in it
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_client13_server_hello(struct ssa_hs *hs, const struct ssa_msg *msg,
			      const struct ssa_server_hello *sh)
{
	int err;

	/*
	 * The keys change here. It is not in the table of steps because a server
	 * of an older TLS goes on in the same record, and that is another reason.
	 */
	if (!msg->ends_record)
		return ssa_fail(hs, SSA_R_EXCESS_DATA);
	if (sh->is_retry)
		return hello_retry_request(hs, msg, sh);

	if (hs->hello_retry) {
		/* 4.1.4: the suite of the HelloRetryRequest */
		if (sh->cipher_suite != hs->suite->id)
			return ssa_fail(hs, SSA_R_BAD_HELLO_RETRY);
	} else {
		hs->suite = ssa_suite_find(sh->cipher_suite);
		ssa_transcript_start(&hs->transcript, hs->suite->hash);
	}
	/* We offer no PSK, so nothing goes without it (4.2.8). */
	if (!ssa_has_ext(&sh->exts, SSA_EXT_KEY_SHARE))
		return ssa_fail(hs, SSA_R_MISSING_EXTENSION);

	err = server_key_share(hs, sh);
	if (err)
		return err;
	err = ssa_hs_add_message(hs, msg);
	if (err)
		return err;
	err = ssa_hs_handshake_keys(hs);
	if (err)
		return err;
	hs->state = SSA_ST_CLIENT_WAIT_EE;
	return 0;
}

/* EncryptedExtensions (4.3.1) */
static int encrypted_extensions(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	struct ssa_reader r = msg->body, list, groups;
	enum ssa_reason reason;
	struct ssa_exts exts;
	int err;

	if (!ssa_read_vec16(&r, &list, 0, 0xffff) || !ssa_reader_done(&r))
		return ssa_fail(hs, SSA_R_DECODE);
	reason = ssa_exts_parse(list, &exts);
	if (!reason)
		reason = ssa_exts_judge(&exts, SSA_IN_ENCRYPTED_EXTENSIONS, hs->offered);
	if (reason)
		return ssa_fail(hs, reason);

	err = ssa_read_record_size_limit(hs, &exts);
	if (err)
		return err;
	err = ssa_read_alpn_answer(hs, &exts);
	if (err)
		return err;
	/* RFC 6066 3: the server's answer is empty */
	if (ssa_has_ext(&exts, SSA_EXT_SERVER_NAME) && exts.body[SSA_EXT_SERVER_NAME].left)
		return ssa_fail(hs, SSA_R_DECODE);
	/* 4.2.7: a hint for the next connection, not acted upon */
	if (ssa_has_ext(&exts, SSA_EXT_SUPPORTED_GROUPS)) {
		r = exts.body[SSA_EXT_SUPPORTED_GROUPS];
		if (!ssa_read_vec16(&r, &groups, 2, 0xfffe) || groups.left % 2 ||
		    !ssa_reader_done(&r))
			return ssa_fail(hs, SSA_R_DECODE);
	}
	hs->state = SSA_ST_CLIENT_WAIT_CERT_CR;
	return ssa_hs_add_message(hs, msg);
}

/* CertificateRequest (4.3.2). If none of ours suits, we will say so. */
static int certificate_request(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	struct ssa_asked asked;
	int err;

	err = ssa_read_certificate_request(hs, msg, &asked);
	if (err)
		return err;
	(void)ssa_choose_credential(hs, &asked);
	hs->client_cert_requested = true;
	hs->state = SSA_ST_CLIENT_WAIT_CERT;
	return ssa_hs_add_message(hs, msg);
}

/* Certificate (4.4.2) */
static int server_certificate(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	u32 count;
	int err;

	err = ssa_take_peer_chain(hs, msg, &count);
	if (err)
		return err;
	hs->state = SSA_ST_CLIENT_WAIT_CV;
	return ssa_hs_add_message(hs, msg);
}

/* CertificateVerify (4.4.3) */
static int server_certificate_verify(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	int err;

	err = ssa_check_certificate_verify(hs, msg);
	if (err)
		return err;
	hs->state = SSA_ST_CLIENT_WAIT_FINISHED;
	return ssa_hs_add_message(hs, msg);
}

/* Certificate and CertificateVerify, if we were asked, and Finished (2). */
static int client_last_flight(struct ssa_hs *hs)
{
	static const struct ssa_chain nothing;
	int err;

	err = ssa_hs_put_ccs(hs);
	if (err)
		return err;
	if (hs->client_cert_requested) {
		err = ssa_put_certificate(hs, hs->cred ? ssa_credentials_chain(hs->cred) :
							 &nothing);
		if (err)
			return err;
	}
	if (hs->cred) {
		err = ssa_put_certificate_verify(hs);
		if (err)
			return err;
	}
	err = ssa_put_finished(hs, hs->ks.client_handshake_traffic_secret);
	if (err)
		return err;
	err = ssa_hs_flush(hs);
	if (err)
		return err;
	hs->finished_sent = true;
	return 0;
}

/* Finished (4.4.4) */
static int server_finished(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	int err;

	err = ssa_check_finished(hs, msg, hs->ks.server_handshake_traffic_secret);
	if (err)
		return err;
	err = ssa_hs_add_message(hs, msg);
	if (err)
		return err;
	err = ssa_hs_application_secrets(hs);
	if (err)
		return err;

	err = client_last_flight(hs);
	if (err)
		return err;
	ssa_hs_connected(hs);
	return 0;
}

static const struct ssa_step steps[] = {
	{ SSA_ST_CLIENT_WAIT_EE, SSA_HT_ENCRYPTED_EXTENSIONS, false,
	  SSA_ENCRYPTED_EXTENSIONS_MAX, encrypted_extensions },
	{ SSA_ST_CLIENT_WAIT_CERT_CR, SSA_HT_CERTIFICATE_REQUEST, false,
	  SSA_CERTIFICATE_REQUEST_MAX, certificate_request },
	{ SSA_ST_CLIENT_WAIT_CERT_CR, SSA_HT_CERTIFICATE, false,
	  SSA_CERTIFICATE_MAX, server_certificate },
	{ SSA_ST_CLIENT_WAIT_CERT, SSA_HT_CERTIFICATE, false,
	  SSA_CERTIFICATE_MAX, server_certificate },
	{ SSA_ST_CLIENT_WAIT_CV, SSA_HT_CERTIFICATE_VERIFY, false,
	  SSA_CERTIFICATE_VERIFY_MAX, server_certificate_verify },
	{ SSA_ST_CLIENT_WAIT_FINISHED, SSA_HT_FINISHED, true,
	  SSA_FINISHED_MAX, server_finished },
};

const struct ssa_steps ssa_client13_steps = { steps, ARRAY_SIZE(steps) };
