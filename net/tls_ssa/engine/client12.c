// SPDX-License-Identifier: GPL-2.0
/*
 * The client's side of TLS 1.2 (RFC 5246 7.3, RFC 8422 2), from the ServerHello
 * on: one function for each message of the server, in its order.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "hello.h"

/* RFC 5746 3.4: present, and empty in the first handshake */
static int check_renegotiation_info(struct ssa_hs *hs, const struct ssa_exts *exts)
{
	struct ssa_reader r = exts->body[SSA_EXT_RENEGOTIATION_INFO], info;

	if (!ssa_has_ext(exts, SSA_EXT_RENEGOTIATION_INFO))
		return ssa_fail(hs, SSA_R_RENEGOTIATION_INFO);
	if (!ssa_read_vec8(&r, &info, 0, 0xff) || !ssa_reader_done(&r))
		return ssa_fail(hs, SSA_R_DECODE);
	return info.left ? ssa_fail(hs, SSA_R_RENEGOTIATION_INFO) : 0;
}

/**
 * ssa_client12_server_hello - ServerHello of TLS 1.2 (RFC 5246 7.4.1.3)
 * @hs: client
 * @msg: the message
 * @sh: what is in it
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_client12_server_hello(struct ssa_hs *hs, const struct ssa_msg *msg,
			      const struct ssa_server_hello *sh)
{
	const struct ssa_exts *exts = &sh->exts;
	int err;

	/* TLS 1.3 ignores those (RFC 8446 D.4); here they belong before Finished. */
	if (hs->ccs_received)
		return ssa_fail(hs, SSA_R_BAD_CCS);
	err = check_renegotiation_info(hs, exts);
	if (err)
		return err;
	err = ssa_check_extended_master_secret(hs, exts);
	if (err)
		return err;
	err = ssa_check_point_formats(hs, exts);
	if (err)
		return err;
	/* RFC 6066 3: the server's answer is empty */
	if (ssa_has_ext(exts, SSA_EXT_SERVER_NAME) && exts->body[SSA_EXT_SERVER_NAME].left)
		return ssa_fail(hs, SSA_R_DECODE);
	err = ssa_read_record_size_limit(hs, exts);
	if (err)
		return err;
	err = ssa_read_alpn_answer(hs, exts);
	if (err)
		return err;

	memcpy(hs->peer_random, sh->random, SSA_RANDOM_LEN);
	hs->suite = ssa_suite_find(sh->cipher_suite);
	if (hs->cfg.creds)
		ssa_transcript_keep(&hs->transcript);
	ssa_transcript_start(&hs->transcript, hs->suite->hash);
	hs->state = SSA_ST_CLIENT12_WAIT_CERT;
	return ssa_hs_add_message(hs, msg);
}

/*
 * The key of the certificate must be one that the suite can use, and an EC key
 * on a curve that we offered (RFC 8422 5.3). A curve that we cannot exchange keys
 * on is not in the list of groups; that of signature algorithms says enough.
 */
static int check_key_type(struct ssa_hs *hs)
{
	u16 group = ssa_key_group(hs->peer_key.type);

	if (!ssa_suite_fits(hs->suite, hs->peer_key.type))
		return ssa_fail(hs, SSA_R_ILLEGAL_PARAMETER);
	if (group && ssa_kex_public_len(group) && ssa_group_index(hs, group) < 0)
		return ssa_fail(hs, SSA_R_ILLEGAL_PARAMETER);
	return 0;
}

/* Certificate (RFC 5246 7.4.2) */
static int server_certificate(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	u32 count;
	int err;

	err = ssa_take_peer_chain(hs, msg, &count);
	if (err)
		return err;
	err = check_key_type(hs);
	if (err)
		return err;
	hs->state = SSA_ST_CLIENT12_WAIT_SKE;
	return ssa_hs_add_message(hs, msg);
}

/* ServerKeyExchange (RFC 8422 5.4): its point waits for ServerHelloDone. */
static int server_key_exchange(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	struct ssa_reader point;
	int err;

	err = ssa_read_server_key_exchange(hs, msg, &point);
	if (err)
		return err;
	memcpy(hs->peer_point, point.data, point.left);
	hs->peer_point_len = point.left;
	hs->state = SSA_ST_CLIENT12_WAIT_CR_SHD;
	return ssa_hs_add_message(hs, msg);
}

/* CertificateRequest (RFC 5246 7.4.4). If none of ours suits, we will say so. */
static int certificate_request(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	struct ssa_asked asked;
	int err;

	err = ssa_read_certificate_request12(hs, msg, &asked);
	if (err)
		return err;
	(void)ssa_choose_credential(hs, &asked);
	hs->client_cert_requested = true;
	hs->state = SSA_ST_CLIENT12_WAIT_SHD;
	return ssa_hs_add_message(hs, msg);
}

/* ClientKeyExchange (RFC 8422 5.7) */
static int put_client_key_exchange(struct ssa_hs *hs)
{
	struct ssa_writer w;
	struct ssa_vec vec;

	ssa_message_open(hs, &w, SSA_HT_CLIENT_KEY_EXCHANGE);
	vec = ssa_open_vec(&w, 1);
	ssa_write_bytes(&w, hs->kex.public_key, hs->kex.public_len);
	ssa_close_vec(&w, vec);
	return ssa_message_close(hs, &w);
}

/*
 * Certificate, if we were asked, to Finished (RFC 5246 7.3). The session hash of
 * extended_master_secret does not have CertificateVerify (RFC 7627 4).
 */
static int client_flight(struct ssa_hs *hs)
{
	static const struct ssa_chain nothing;
	int err;

	/* the share of our ClientHello will do, if it is in that group */
	if (hs->kex.group != hs->group) {
		err = ssa_kex_generate(&hs->kex, hs->group, &hs->cfg.rng);
		if (err)
			return ssa_fail_errno(hs, err);
	}
	if (hs->client_cert_requested) {
		err = ssa_put_certificate12(hs, hs->cred ? ssa_credentials_chain(hs->cred) :
							   &nothing);
		if (err)
			return err;
	}
	err = put_client_key_exchange(hs);
	if (err)
		return err;
	err = ssa_hs_key_exchange12(hs, hs->peer_point, hs->peer_point_len);
	if (err)
		return err;
	if (hs->cred) {
		err = ssa_put_certificate_verify12(hs);
		if (err)
			return err;
	}
	err = ssa_hs_change_tx12(hs);
	if (err)
		return err;
	err = ssa_put_finished12(hs);
	if (err)
		return err;
	err = ssa_hs_flush(hs);
	if (err)
		return err;
	hs->finished_sent = true;
	return 0;
}

/* ServerHelloDone (RFC 5246 7.4.5) */
static int server_hello_done(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	int err;

	if (msg->body.left)
		return ssa_fail(hs, SSA_R_DECODE);
	err = ssa_hs_add_message(hs, msg);
	if (err)
		return err;
	if (!hs->cred)
		ssa_transcript_drop(&hs->transcript);
	err = client_flight(hs);
	if (err)
		return err;
	hs->state = SSA_ST_CLIENT12_WAIT_CCS;
	return 0;
}

/* Finished (RFC 5246 7.4.9) */
static int server_finished(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	int err;

	err = ssa_check_finished12(hs, msg);
	if (err)
		return err;
	ssa_hs_connected(hs);
	return 0;
}

/*
 * HelloRequest (RFC 5246 7.4.1.1): no news while we are at it, and no part of
 * the transcript.
 */
static int hello_request(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	if (msg->body.left)
		return ssa_fail(hs, SSA_R_DECODE);
	return ssa_hs_note_warning(hs);
}

static const struct ssa_step steps[] = {
	{ SSA_ST_CLIENT12_WAIT_CERT, SSA_HT_CERTIFICATE, false,
	  SSA_CERTIFICATE_MAX, server_certificate },
	{ SSA_ST_CLIENT12_WAIT_SKE, SSA_HT_SERVER_KEY_EXCHANGE, false,
	  SSA_KEY_EXCHANGE_MAX, server_key_exchange },
	{ SSA_ST_CLIENT12_WAIT_CR_SHD, SSA_HT_CERTIFICATE_REQUEST, false,
	  SSA_CERTIFICATE_REQUEST_MAX, certificate_request },
	{ SSA_ST_CLIENT12_WAIT_CR_SHD, SSA_HT_SERVER_HELLO_DONE, true,
	  SSA_EMPTY_MESSAGE_MAX, server_hello_done },
	{ SSA_ST_CLIENT12_WAIT_SHD, SSA_HT_SERVER_HELLO_DONE, true,
	  SSA_EMPTY_MESSAGE_MAX, server_hello_done },
	{ SSA_ST_CLIENT12_WAIT_FINISHED, SSA_HT_FINISHED, true,
	  SSA_FINISHED_MAX, server_finished },

	{ SSA_ST_CLIENT12_WAIT_CERT, SSA_HT_HELLO_REQUEST, false,
	  SSA_EMPTY_MESSAGE_MAX, hello_request },
	{ SSA_ST_CLIENT12_WAIT_SKE, SSA_HT_HELLO_REQUEST, false,
	  SSA_EMPTY_MESSAGE_MAX, hello_request },
	{ SSA_ST_CLIENT12_WAIT_CR_SHD, SSA_HT_HELLO_REQUEST, false,
	  SSA_EMPTY_MESSAGE_MAX, hello_request },
	{ SSA_ST_CLIENT12_WAIT_SHD, SSA_HT_HELLO_REQUEST, false,
	  SSA_EMPTY_MESSAGE_MAX, hello_request },
	{ SSA_ST_CLIENT12_WAIT_CCS, SSA_HT_HELLO_REQUEST, false,
	  SSA_EMPTY_MESSAGE_MAX, hello_request },
};

const struct ssa_steps ssa_client12_steps = { steps, ARRAY_SIZE(steps) };
