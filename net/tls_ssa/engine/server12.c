// SPDX-License-Identifier: GPL-2.0
/*
 * The server's side of TLS 1.2 (RFC 5246 7.3, RFC 8422 2): what it asks of a
 * ClientHello, its two flights, and the client's messages.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "hello.h"

/* RFC 5746 3.6: the extension or the signal; empty in the first handshake */
static int check_renegotiation_info(struct ssa_hs *hs, const struct ssa_client_hello *ch)
{
	struct ssa_reader r = ch->exts.body[SSA_EXT_RENEGOTIATION_INFO], info;

	if (!ssa_has_ext(&ch->exts, SSA_EXT_RENEGOTIATION_INFO)) {
		hs->renegotiation_info = ssa_reader_has_u16(ch->cipher_suites,
							    SSA_EMPTY_RENEGOTIATION_INFO_SCSV);
		return 0;
	}
	if (!ssa_read_vec8(&r, &info, 0, 0xff) || !ssa_reader_done(&r))
		return ssa_fail(hs, SSA_R_DECODE);
	if (info.left)
		return ssa_fail(hs, SSA_R_RENEGOTIATION_INFO);
	hs->renegotiation_info = true;
	return 0;
}

/* What TLS 1.2 asks of a ClientHello, and what its ServerHello answers to */
static int check_client_hello(struct ssa_hs *hs, const struct ssa_client_hello *ch)
{
	struct ssa_reader compression = ch->compression;
	u8 method;
	int err;

	/* RFC 5246 7.4.1.2: null is always among them */
	do {
		if (!ssa_read_u8(&compression, &method))
			return ssa_fail(hs, SSA_R_ILLEGAL_PARAMETER);
	} while (method != SSA_COMPRESSION_NULL);
	err = check_renegotiation_info(hs, ch);
	if (err)
		return err;
	err = ssa_check_extended_master_secret(hs, &ch->exts);
	if (err)
		return err;
	err = ssa_check_point_formats(hs, &ch->exts);
	if (err)
		return err;
	hs->point_formats = ssa_has_ext(&ch->exts, SSA_EXT_EC_POINT_FORMATS);
	return ssa_read_record_size_limit(hs, &ch->exts);
}

/*
 * Our group. Without supported_groups the client takes what we like (RFC 8422 4): that
 * is the one that all have.
 */
static int choose_group(struct ssa_hs *hs, const struct ssa_client_hello *ch)
{
	u32 supported;
	int err;

	if (!ssa_has_ext(&ch->exts, SSA_EXT_SUPPORTED_GROUPS)) {
		if (ssa_group_index(hs, SSA_GROUP_SECP256R1) < 0)
			return ssa_fail(hs, SSA_R_NO_GROUP);
		hs->group = SSA_GROUP_SECP256R1;
		return 0;
	}
	err = ssa_read_supported_groups(hs, ch, &supported);
	if (err)
		return err;
	hs->group = ssa_best_group(hs, supported);
	return hs->group ? 0 : ssa_fail(hs, SSA_R_NO_GROUP);
}

/* Have we a suite in common that goes with such a key? */
static bool has_suite_for(const struct ssa_hs *hs, const struct ssa_client_hello *ch,
			  enum ssa_key_type type)
{
	const u16 *ours = hs->cfg.suites;
	const struct ssa_suite *suite;
	u32 i;

	for (i = 0; i < SSA_SUITES_MAX && ours[i]; i++) {
		suite = ssa_suite_find(ours[i]);
		if (suite->version == SSA_TLS12 && ssa_suite_fits(suite, type) &&
		    ssa_reader_has_u16(ch->cipher_suites, ours[i]))
			return true;
	}
	return false;
}

/*
 * The keys that the client can make use of. RFC 8422 5.3: the suites of ECDSA are
 * not for a client that does not know the curve.
 */
static u32 key_types(const struct ssa_hs *hs, const struct ssa_client_hello *ch)
{
	struct ssa_reader r = ch->exts.body[SSA_EXT_SUPPORTED_GROUPS], list;
	bool has_groups = ssa_has_ext(&ch->exts, SSA_EXT_SUPPORTED_GROUPS) &&
			  ssa_read_vec16(&r, &list, 2, 0xfffe);
	u32 types = 0, type;
	u16 curve;

	for (type = SSA_KEY_RSA; type <= SSA_KEY_RSA_PSS; type++) {
		curve = ssa_key_group(type);
		if (has_suite_for(hs, ch, type) &&
		    (!curve || !has_groups || ssa_reader_has_u16(list, curve)))
			types |= BIT(type);
	}
	return types;
}

/*
 * Our certificate, and with it the suite. RFC 5246 7.4.1.4.1: without
 * signature_algorithms the client takes SHA-1, which we never use.
 */
static int choose_credential(struct ssa_hs *hs, const struct ssa_client_hello *ch)
{
	struct ssa_asked asked = ch->asked;
	enum ssa_reason reason;

	asked.key_types = key_types(hs, ch);
	reason = ssa_choose_credential(hs, &asked);
	if (reason)
		return ssa_fail(hs, reason);
	return ssa_choose_suite(hs, ch);
}

/**
 * ssa_server12_negotiate - all that TLS 1.2 decides by the ClientHello
 * @hs: server
 * @msg: the message
 * @ch: what is in it
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_server12_negotiate(struct ssa_hs *hs, const struct ssa_msg *msg,
			   const struct ssa_client_hello *ch)
{
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
	err = choose_group(hs, ch);
	if (err)
		return err;
	err = choose_credential(hs, ch);
	if (err)
		return err;

	memcpy(hs->peer_random, ch->random, SSA_RANDOM_LEN);
	if (hs->cfg.peer_auth)
		ssa_transcript_keep(&hs->transcript);
	ssa_transcript_start(&hs->transcript, hs->suite->hash);
	return ssa_hs_add_message(hs, msg);
}

static int put_server_hello_done(struct ssa_hs *hs)
{
	struct ssa_writer w;

	ssa_message_open(hs, &w, SSA_HT_SERVER_HELLO_DONE);
	return ssa_message_close(hs, &w);
}

/**
 * ssa_server12_flight - ServerHello to ServerHelloDone (RFC 5246 7.3)
 * @hs: server that has negotiated
 *
 * Context: process, may sleep; needs the stack of ssa_sign().
 * Return: 0 or ssa_fail().
 */
int ssa_server12_flight(struct ssa_hs *hs)
{
	int err;

	err = ssa_put_server_hello12(hs);
	if (err)
		return err;
	err = ssa_put_certificate12(hs, ssa_credentials_chain(hs->cred));
	if (err)
		return err;
	err = ssa_kex_generate(&hs->kex, hs->group, &hs->cfg.rng);
	if (err)
		return ssa_fail_errno(hs, err);
	err = ssa_put_server_key_exchange(hs);
	if (err)
		return err;
	if (hs->cfg.peer_auth) {
		err = ssa_put_certificate_request12(hs);
		if (err)
			return err;
	}
	err = put_server_hello_done(hs);
	if (err)
		return err;
	err = ssa_hs_flush(hs);
	if (err)
		return err;
	hs->state = hs->cfg.peer_auth ? SSA_ST_SERVER12_WAIT_CERT : SSA_ST_SERVER12_WAIT_CKE;
	return 0;
}

/* Certificate (RFC 5246 7.4.6): empty, if the client has none to show */
static int client_certificate(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	u32 count;
	int err;

	err = ssa_take_peer_chain(hs, msg, &count);
	if (err)
		return err;
	if (count) {
		hs->state = SSA_ST_SERVER12_WAIT_CKE_CV;
	} else {
		if (hs->cfg.peer_auth == SSA_PEER_AUTH_REQUIRED)
			return ssa_fail(hs, SSA_R_CLIENT_CERT_WANTED_TLS12);
		ssa_transcript_drop(&hs->transcript);
		hs->state = SSA_ST_SERVER12_WAIT_CKE;
	}
	return ssa_hs_add_message(hs, msg);
}

/* ClientKeyExchange (RFC 8422 5.7) */
static int client_key_exchange(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	struct ssa_reader r = msg->body, point;
	int err;

	if (!ssa_read_vec8(&r, &point, 1, 0xff) || !ssa_reader_done(&r))
		return ssa_fail(hs, SSA_R_DECODE);
	/* RFC 7627 4: the session hash ends with this message */
	err = ssa_hs_add_message(hs, msg);
	if (err)
		return err;
	err = ssa_hs_key_exchange12(hs, point.data, point.left);
	if (err)
		return err;
	hs->state = hs->state == SSA_ST_SERVER12_WAIT_CKE_CV ? SSA_ST_SERVER12_WAIT_CV :
							       SSA_ST_SERVER12_WAIT_CCS;
	return 0;
}

/* CertificateVerify (RFC 5246 7.4.8) */
static int client_certificate_verify(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	int err;

	err = ssa_check_certificate_verify12(hs, msg);
	if (err)
		return err;
	hs->state = SSA_ST_SERVER12_WAIT_CCS;
	return ssa_hs_add_message(hs, msg);
}

/* Finished (RFC 5246 7.4.9), and ours in answer */
static int client_finished(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	int err;

	err = ssa_check_finished12(hs, msg);
	if (err)
		return err;
	err = ssa_hs_add_message(hs, msg);
	if (err)
		return err;
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
	ssa_hs_connected(hs);
	return 0;
}

static const struct ssa_step steps[] = {
	{ SSA_ST_SERVER12_WAIT_CERT, SSA_HT_CERTIFICATE, false,
	  SSA_CERTIFICATE_MAX, client_certificate },
	{ SSA_ST_SERVER12_WAIT_CKE, SSA_HT_CLIENT_KEY_EXCHANGE, true,
	  SSA_KEY_EXCHANGE_MAX, client_key_exchange },
	{ SSA_ST_SERVER12_WAIT_CKE_CV, SSA_HT_CLIENT_KEY_EXCHANGE, false,
	  SSA_KEY_EXCHANGE_MAX, client_key_exchange },
	{ SSA_ST_SERVER12_WAIT_CV, SSA_HT_CERTIFICATE_VERIFY, true,
	  SSA_CERTIFICATE_VERIFY_MAX, client_certificate_verify },
	{ SSA_ST_SERVER12_WAIT_FINISHED, SSA_HT_FINISHED, true,
	  SSA_FINISHED_MAX, client_finished },
};

const struct ssa_steps ssa_server12_steps = { steps, ARRAY_SIZE(steps) };
