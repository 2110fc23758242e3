// SPDX-License-Identifier: GPL-2.0
/*
 * What comes in: records judged by their headers, alerts, change_cipher_spec,
 * and messages put together and handed to the steps of the version and side.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <kunit/visibility.h>
#include "hs.h"

/* ----------------------------------------------------------------- messages */

/* A state belongs to one of them, so it decides the version too. */
static const struct ssa_steps *const client_steps[] = {
	&ssa_client_steps, &ssa_client12_steps, &ssa_client13_steps,
};

static const struct ssa_steps *const server_steps[] = {
	&ssa_server_steps, &ssa_server12_steps, &ssa_server13_steps,
};

static_assert(ARRAY_SIZE(client_steps) == ARRAY_SIZE(server_steps));
static_assert(SSA_CLIENT_HELLO_MAX <= SSA_HS_MESSAGE_MAX);

static const struct ssa_step *find_in(const struct ssa_steps *steps, enum ssa_hs_state state,
				      u8 type)
{
	u32 i;

	for (i = 0; i < steps->count; i++)
		if (steps->step[i].state == state && steps->step[i].type == type)
			return &steps->step[i];
	return NULL;
}

static const struct ssa_step *find_step(const struct ssa_hs *hs, u8 type)
{
	const struct ssa_steps *const *tables = hs->cfg.server ? server_steps : client_steps;
	const struct ssa_step *step = NULL;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(client_steps) && !step; i++)
		step = find_in(tables[i], hs->state, type);
	return step;
}

/* The form of these messages allows no more; the limits of others are ours. */
static enum ssa_reason too_long(u8 type)
{
	return type == SSA_HT_CLIENT_HELLO || type == SSA_HT_FINISHED ? SSA_R_DECODE :
								       SSA_R_MESSAGE_TOO_LONG;
}

/*
 * Takes whole messages from the front of @r. What is left then is the start of
 * one that may come in this state and is not too long, as far as its header
 * tells.
 */
static int take_messages(struct ssa_hs *hs, struct ssa_reader *r)
{
	const struct ssa_step *step;
	struct ssa_reader next;
	struct ssa_msg msg;
	u32 len;
	int err;

	while (ssa_reader_more(r)) {
		next = *r;
		if (!ssa_read_u8(&next, &msg.type) || !ssa_read_u24(&next, &len))
			return 0;
		step = find_step(hs, msg.type);
		if (!step)
			return ssa_fail(hs, SSA_R_UNEXPECTED_MESSAGE);
		if (len > step->max_len)
			return ssa_fail(hs, too_long(msg.type));
		if (!ssa_read_sub(&next, &msg.body, len))
			return 0;
		if (step->ends_record && next.left)
			return ssa_fail(hs, SSA_R_EXCESS_DATA);
		msg.raw = r->data;
		msg.raw_len = SSA_HS_HEADER_LEN + len;
		msg.ends_record = !next.left;
		err = step->handle(hs, &msg);
		if (err)
			return err;
		*r = next;
	}
	return 0;
}

/* Messages that lie within the record are read where they are. */
static int input_handshake(struct ssa_hs *hs, const u8 *data, u32 len)
{
	struct ssa_reader r;
	int err;

	if (!ssa_buf_left(&hs->in)) {
		ssa_reader_init(&r, data, len);
		err = take_messages(hs, &r);
		if (err)
			return err;
		err = ssa_buf_append(&hs->in, r.data, r.left, SSA_IN_MAX);
		return err ? ssa_fail_errno(hs, err) : 0;
	}

	err = ssa_buf_append(&hs->in, data, len, SSA_IN_MAX);
	if (err)
		return ssa_fail_errno(hs, err);
	ssa_reader_init(&r, ssa_buf_begin(&hs->in), ssa_buf_left(&hs->in));
	err = take_messages(hs, &r);
	if (err)
		return err;
	/* a step that ends the handshake has wiped the buffer already */
	if (ssa_buf_left(&hs->in))
		ssa_buf_consume(&hs->in, ssa_buf_left(&hs->in) - r.left);
	return 0;
}

/* ------------------------------------------------------------------- alerts */

/**
 * ssa_peer_alert_reason - what a fatal alert of the peer means to us
 * @description: AlertDescription as received
 *
 * Context: any.
 * Return: a reason of the SSA_R_PEER_ family.
 */
enum ssa_reason ssa_peer_alert_reason(u8 description)
{
#define PEER(x) case SSA_ALERT_##x: return SSA_R_PEER_##x
	switch (description) {
	PEER(UNEXPECTED_MESSAGE);
	PEER(BAD_RECORD_MAC);
	PEER(RECORD_OVERFLOW);
	PEER(HANDSHAKE_FAILURE);
	PEER(BAD_CERTIFICATE);
	PEER(UNSUPPORTED_CERTIFICATE);
	PEER(CERTIFICATE_REVOKED);
	PEER(CERTIFICATE_EXPIRED);
	PEER(CERTIFICATE_UNKNOWN);
	PEER(ILLEGAL_PARAMETER);
	PEER(UNKNOWN_CA);
	PEER(ACCESS_DENIED);
	PEER(DECODE_ERROR);
	PEER(DECRYPT_ERROR);
	PEER(PROTOCOL_VERSION);
	PEER(INSUFFICIENT_SECURITY);
	PEER(INTERNAL_ERROR);
	PEER(INAPPROPRIATE_FALLBACK);
	PEER(USER_CANCELED);
	PEER(MISSING_EXTENSION);
	PEER(UNSUPPORTED_EXTENSION);
	PEER(UNRECOGNIZED_NAME);
	PEER(CERTIFICATE_REQUIRED);
	PEER(NO_APPLICATION_PROTOCOL);
	PEER(DECRYPTION_FAILED);
	PEER(DECOMPRESSION_FAILURE);
	PEER(NO_CERTIFICATE);
	PEER(EXPORT_RESTRICTION);
	PEER(NO_RENEGOTIATION);
	PEER(CERTIFICATE_UNOBTAINABLE);
	PEER(BAD_CERTIFICATE_STATUS_RESPONSE);
	PEER(BAD_CERTIFICATE_HASH_VALUE);
	PEER(UNKNOWN_PSK_IDENTITY);
	default:
		return SSA_R_PEER_ALERT;
	}
#undef PEER
}
EXPORT_SYMBOL_IF_KUNIT(ssa_peer_alert_reason);

/**
 * ssa_hs_note_warning - a message of TLS 1.2 that asks for nothing has come
 * @hs: either side
 *
 * Context: any.
 * Return: 0, or ssa_fail() if there have been too many.
 */
int ssa_hs_note_warning(struct ssa_hs *hs)
{
	if (hs->warnings >= SSA_WARNINGS_MAX)
		return ssa_fail(hs, SSA_R_WARNING_FLOOD);
	hs->warnings++;
	return 0;
}

/*
 * TLS 1.2 goes on after a warning (RFC 5246 7.2.2). A server of it may tell so
 * that it does not know the name, before its ServerHello (RFC 6066 3).
 */
static bool is_warning(const struct ssa_hs *hs, u8 level, u8 description)
{
	if (level != SSA_ALERT_LEVEL_WARNING)
		return false;
	if (hs->version == SSA_TLS12)
		return true;
	return hs->state == SSA_ST_CLIENT_WAIT_SH && ssa_hs_can(hs, SSA_TLS12) &&
	       !hs->hello_retry && description == SSA_ALERT_UNRECOGNIZED_NAME;
}

/* 6: TLS 1.3 ignores the level, if it is one; all but two end the connection. */
static int input_alert(struct ssa_hs *hs, const u8 *data, u32 len)
{
	struct ssa_reader r;
	u8 level, description;

	ssa_reader_init(&r, data, len);
	if (!ssa_read_u8(&r, &level) || !ssa_read_u8(&r, &description) || !ssa_reader_done(&r))
		return ssa_fail(hs, SSA_R_DECODE);
	if (level != SSA_ALERT_LEVEL_WARNING && level != SSA_ALERT_LEVEL_FATAL)
		return ssa_fail(hs, SSA_R_ILLEGAL_PARAMETER);
	hs->alert_received = description;
	if (description == SSA_ALERT_CLOSE_NOTIFY)
		return ssa_fail(hs, SSA_R_PEER_CLOSED);
	if (is_warning(hs, level, description)) {
		/* not inside a message */
		if (ssa_buf_left(&hs->in))
			return ssa_fail(hs, SSA_R_UNEXPECTED_MESSAGE);
		return ssa_hs_note_warning(hs);
	}
	if (description != SSA_ALERT_USER_CANCELED || hs->version == SSA_TLS12)
		return ssa_fail(hs, ssa_peer_alert_reason(description));
	/* 6.1: close_notify follows it; 5.1: never inside a message */
	if (ssa_buf_left(&hs->in))
		return ssa_fail(hs, SSA_R_UNEXPECTED_MESSAGE);
	if (hs->user_canceled++ == SSA_WARNINGS_MAX)
		return ssa_fail(hs, SSA_R_WARNING_FLOOD);
	return 0;
}

/* ------------------------------------------------------------------ records */

/*
 * In TLS 1.2 where the peer's Finished is next (RFC 5246 7.1); in TLS 1.3 between
 * the first ClientHello and the peer's Finished (D.4). Never inside a message.
 * D.4 has use for one of each side; after a HelloRetryRequest some peers send it
 * with each of their hellos.
 */
static bool ccs_may_come(const struct ssa_hs *hs)
{
	if (hs->state == SSA_ST_SERVER_WAIT_CH || ssa_buf_left(&hs->in))
		return false;
	if (hs->version == SSA_TLS12)
		return hs->state == SSA_ST_CLIENT12_WAIT_CCS ||
		       hs->state == SSA_ST_SERVER12_WAIT_CCS;
	return ssa_hs_can(hs, SSA_TLS13) && hs->ccs_received < SSA_CCS_MAX + hs->hello_retry;
}

/*
 * A client that fails before it has the keys of the handshake can only send a
 * plaintext alert; from its first protected record on it has them.
 * Under the keys of TLS 1.2 an alert keeps its type.
 */
static bool alert_may_come(const struct ssa_hs *hs)
{
	return !hs->rx.aead || hs->rx.tls12 || (hs->cfg.server && !hs->rx_opened);
}

/* 4.2.10: after a HelloRetryRequest, early data is told by its outer type. */
static bool early_data_may_come(const struct ssa_hs *hs)
{
	return hs->skip_early_data && !hs->rx_opened;
}

/**
 * ssa_input_header - judge a record by its header alone
 * @hs: either side, in the middle of the handshake
 * @header: SSA_RECORD_HEADER_LEN bytes
 * @body_len: result, bytes that follow
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_input_header(struct ssa_hs *hs, const u8 *header, u16 *body_len)
{
	bool protected = hs->rx.aead && hs->rx.tls12;
	struct ssa_reader r;
	u16 version, len;
	u8 type;

	ssa_reader_init(&r, header, SSA_RECORD_HEADER_LEN);
	if (!ssa_read_u8(&r, &type) || !ssa_read_u16(&r, &version) || !ssa_read_u16(&r, &len))
		return ssa_fail(hs, SSA_R_INTERNAL);
	/* 5.1 says to ignore it; but a major version of 3 TLS has always had. */
	if (version >> 8 != 3 || (hs->version == SSA_TLS12 && version != SSA_TLS12))
		return ssa_fail(hs, SSA_R_RECORD_VERSION);

	switch (type) {
	case SSA_CT_CHANGE_CIPHER_SPEC:
		if (!ccs_may_come(hs) || len != 1)
			return ssa_fail(hs, SSA_R_BAD_CCS);
		break;
	case SSA_CT_ALERT:
		if (!alert_may_come(hs))
			return ssa_fail(hs, SSA_R_RECORD_TYPE);
		break;
	case SSA_CT_HANDSHAKE:
		if (hs->rx.aead && !hs->rx.tls12)
			return ssa_fail(hs, SSA_R_RECORD_TYPE);
		break;
	case SSA_CT_APPLICATION_DATA:
		if (hs->rx.aead ? hs->rx.tls12 : !early_data_may_come(hs))
			return ssa_fail(hs, SSA_R_RECORD_TYPE);
		protected = true;
		break;
	default:
		return ssa_fail(hs, SSA_R_RECORD_TYPE);
	}
	if (len > (protected ? ssa_record_max(&hs->rx) : SSA_PLAINTEXT_MAX))
		return ssa_fail(hs, SSA_R_RECORD_OVERFLOW);
	if (!len && !protected)
		return ssa_fail(hs, SSA_R_RECORD_EMPTY);
	*body_len = len;
	return 0;
}

static int input_ccs(struct ssa_hs *hs, u8 value)
{
	int err;

	if (value != 1)
		return ssa_fail(hs, SSA_R_BAD_CCS);
	hs->ccs_received++;
	if (hs->version != SSA_TLS12)
		return 0;
	/* RFC 5246 7.1: what follows is protected */
	err = ssa_hs_change_rx12(hs);
	if (err)
		return err;
	hs->state = hs->cfg.server ? SSA_ST_SERVER12_WAIT_FINISHED : SSA_ST_CLIENT12_WAIT_FINISHED;
	return 0;
}

/* A record that may be early data, which we never accept. An empty one is none. */
static int skip_early_data(struct ssa_hs *hs, u32 body_len, enum ssa_reason otherwise)
{
	if (!early_data_may_come(hs) || ssa_buf_left(&hs->in) || !body_len ||
	    body_len > SSA_EARLY_DATA_SKIP_MAX - hs->early_data_skipped)
		return ssa_fail(hs, otherwise);
	hs->early_data_skipped += body_len;
	return 0;
}

static int input_plaintext(struct ssa_hs *hs, const struct ssa_plaintext *plain)
{
	if (plain->type != SSA_CT_ALERT && plain->type != SSA_CT_HANDSHAKE)
		return ssa_fail(hs, SSA_R_RECORD_TYPE);
	/* 5.4 */
	if (!plain->len)
		return ssa_fail(hs, SSA_R_RECORD_EMPTY);
	if (plain->type == SSA_CT_ALERT)
		return input_alert(hs, plain->data, plain->len);
	return input_handshake(hs, plain->data, plain->len);
}

/**
 * ssa_input_record - take a record whose header has been judged
 * @hs: either side, in the middle of the handshake
 * @record: header and body; decrypted in place
 * @len: bytes of both
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_input_record(struct ssa_hs *hs, u8 *record, u32 len)
{
	struct ssa_plaintext plain = {
		.type = record[0],
		.data = record + SSA_RECORD_HEADER_LEN,
		.len = len - SSA_RECORD_HEADER_LEN,
	};
	enum ssa_reason reason;

	if (plain.type == SSA_CT_CHANGE_CIPHER_SPEC)
		return input_ccs(hs, plain.data[0]);
	if (plain.type != SSA_CT_APPLICATION_DATA && !hs->rx.tls12)
		return input_plaintext(hs, &plain);
	if (!hs->rx.aead)
		return skip_early_data(hs, plain.len, SSA_R_RECORD_TYPE);

	reason = ssa_record_open(&hs->rx, record, len, &plain);
	if (reason == SSA_R_BAD_RECORD_MAC)
		return skip_early_data(hs, plain.len, reason);
	if (reason)
		return ssa_fail(hs, reason);
	hs->rx_opened = true;
	/* RFC 8449 4 */
	if (hs->rx_limit && plain.inner_len > hs->rx_limit)
		return ssa_fail(hs, SSA_R_RECORD_OVERFLOW);
	return input_plaintext(hs, &plain);
}
