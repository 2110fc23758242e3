// SPDX-License-Identifier: GPL-2.0
/*
 * The machine: records in, messages put together and handed to the steps of
 * client.c or server.c, records out; and the one path of failure.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <kunit/visibility.h>
#include "hs.h"

/* ------------------------------------------------------------------ failure */

/**
 * ssa_fail - the handshake has failed
 * @hs: either side
 * @reason: why; only the first one counts
 *
 * The alert is made when the machine has left the step that failed.
 *
 * Context: any.
 * Return: -EPROTO, for the caller to return.
 */
int ssa_fail(struct ssa_hs *hs, enum ssa_reason reason)
{
	if (!hs->reason)
		hs->reason = reason;
	return -EPROTO;
}

/**
 * ssa_fail_errno - the handshake has failed through an error of our own
 * @hs: either side
 * @err: negative errno of a function below the engine
 *
 * Context: any.
 * Return: -EPROTO, for the caller to return.
 */
int ssa_fail_errno(struct ssa_hs *hs, int err)
{
	return ssa_fail(hs, err == -ENOMEM ? SSA_R_NO_MEMORY : SSA_R_INTERNAL);
}

/* Nothing but the application secrets and unsent output outlives the handshake. */
static void wipe_handshake(struct ssa_hs *hs)
{
	ssa_record_keys_clear(&hs->rx);
	ssa_record_keys_clear(&hs->tx);
	ssa_buf_free(&hs->in);
	ssa_buf_free(&hs->flight);
	ssa_transcript_wipe(&hs->transcript);
	memzero_explicit(&hs->kex, sizeof(hs->kex));
	memzero_explicit(hs->ks.secret, SSA_SECRET_MAX);
	memzero_explicit(hs->ks.client_handshake_traffic_secret, SSA_SECRET_MAX);
	memzero_explicit(hs->ks.server_handshake_traffic_secret, SSA_SECRET_MAX);
	memzero_explicit(&hs->peer_key, sizeof(hs->peer_key));
}

static int put_alert(struct ssa_hs *hs, u8 level, u8 description)
{
	const u8 alert[SSA_ALERT_LEN] = { level, description };

	return ssa_record_put(&hs->out, &hs->tx, SSA_CT_ALERT, SSA_TLS12, alert, sizeof(alert));
}

/*
 * The alert goes out under the keys with which the peer reads by then: none,
 * those of the handshake, or after our Finished those of the application. If
 * it cannot be made, or the keys are not ours any more, the peer gets none.
 */
static void send_alert(struct ssa_hs *hs, u8 alert)
{
	if (hs->exported)
		return;
	if (hs->finished_sent &&
	    ssa_record_keys_set(&hs->tx, hs->suite, hs->cfg.server ?
				hs->ks.server_application_traffic_secret :
				hs->ks.client_application_traffic_secret))
		return;
	/* 6.1: user_canceled is a warning, and close_notify follows it. */
	if (alert != SSA_ALERT_USER_CANCELED)
		(void)put_alert(hs, SSA_ALERT_LEVEL_FATAL, alert);
	else if (!put_alert(hs, SSA_ALERT_LEVEL_WARNING, SSA_ALERT_USER_CANCELED))
		(void)put_alert(hs, SSA_ALERT_LEVEL_WARNING, SSA_ALERT_CLOSE_NOTIFY);
}

/* What every entry point returns; it turns the first error into the alert. */
static enum ssa_want outcome(struct ssa_hs *hs)
{
	if (hs->reason && hs->state != SSA_ST_FAILED) {
		u8 alert = ssa_reason_desc(hs->reason)->alert;

		if (alert != SSA_ALERT_NONE)
			send_alert(hs, alert);
		wipe_handshake(hs);
		memzero_explicit(&hs->ks, sizeof(hs->ks));
		hs->state = SSA_ST_FAILED;
	}
	if (hs->state == SSA_ST_FAILED)
		return SSA_FAILED;
	if (ssa_buf_left(&hs->out))
		return SSA_WANT_WRITE;
	return hs->state == SSA_ST_CONNECTED ? SSA_DONE : SSA_WANT_READ;
}

/* ----------------------------------------------------------------- messages */

/**
 * ssa_hs_add_message - a message of the peer joins the transcript
 * @hs: either side
 * @msg: the message
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_hs_add_message(struct ssa_hs *hs, const struct ssa_msg *msg)
{
	int err = ssa_transcript_add(&hs->transcript, msg->raw, msg->raw_len);

	return err ? ssa_fail_errno(hs, err) : 0;
}

/**
 * ssa_message_open - begin a handshake message of ours
 * @hs: either side
 * @w: a writer for its body
 * @type: HandshakeType
 *
 * Context: process, may sleep.
 */
void ssa_message_open(struct ssa_hs *hs, struct ssa_writer *w, u8 type)
{
	ssa_writer_init(w, &hs->flight, SSA_FLIGHT_MAX);
	ssa_write_u8(w, type);
	ssa_write_u24(w, 0);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_message_open);

/**
 * ssa_message_close - end it, and let it join the transcript
 * @hs: either side
 * @w: of ssa_message_open()
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_message_close(struct ssa_hs *hs, struct ssa_writer *w)
{
	const struct ssa_vec body = { .at = w->start + 1, .width = 3 };
	int err;

	ssa_close_vec(w, body);
	if (w->err)
		return ssa_fail_errno(hs, w->err);
	err = ssa_transcript_add(&hs->transcript, hs->flight.data + w->start,
				 hs->flight.len - w->start);
	return err ? ssa_fail_errno(hs, err) : 0;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_message_close);

/**
 * ssa_hs_flush - put the messages written so far into records
 * @hs: either side
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_hs_flush(struct ssa_hs *hs)
{
	/* 5.1: 0x0301 is for the first ClientHello, and there for old servers */
	u16 version = hs->state == SSA_ST_START ? SSA_TLS10 : SSA_TLS12;
	u32 len;
	int err;

	while ((len = min_t(u32, ssa_buf_left(&hs->flight), SSA_PLAINTEXT_MAX))) {
		err = ssa_record_put(&hs->out, &hs->tx, SSA_CT_HANDSHAKE, version,
				     ssa_buf_begin(&hs->flight), len);
		if (err)
			return ssa_fail_errno(hs, err);
		ssa_buf_consume(&hs->flight, len);
	}
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_hs_flush);

/**
 * ssa_hs_put_ccs - change_cipher_spec for the sake of middleboxes (D.4)
 * @hs: either side; once, and only if the client asked for it by a session id
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_hs_put_ccs(struct ssa_hs *hs)
{
	static const u8 ccs[1] = { 1 };
	int err;

	if (hs->ccs_sent || !hs->session_id_len)
		return 0;
	hs->ccs_sent = true;
	err = ssa_record_put(&hs->out, &hs->tx, SSA_CT_CHANGE_CIPHER_SPEC, SSA_TLS12,
			     ccs, sizeof(ccs));
	return err ? ssa_fail_errno(hs, err) : 0;
}

/**
 * ssa_hs_connected - both Finished are exchanged
 * @hs: either side
 *
 * Context: process.
 */
void ssa_hs_connected(struct ssa_hs *hs)
{
	wipe_handshake(hs);
	hs->state = SSA_ST_CONNECTED;
}

static const struct ssa_step *find_step(const struct ssa_hs *hs, u8 type)
{
	const struct ssa_step *steps = hs->cfg.server ? ssa_server_steps : ssa_client_steps;
	u32 count = hs->cfg.server ? ssa_server_step_count : ssa_client_step_count;
	u32 i;

	for (i = 0; i < count; i++)
		if (steps[i].state == hs->state && steps[i].type == type)
			return &steps[i];
	return NULL;
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
			return ssa_fail(hs, SSA_R_MESSAGE_TOO_LONG);
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

/* 6: the level is ignored; all but two end the connection as errors. */
static int input_alert(struct ssa_hs *hs, const u8 *data, u32 len)
{
	struct ssa_reader r;
	u8 level, description;

	ssa_reader_init(&r, data, len);
	if (!ssa_read_u8(&r, &level) || !ssa_read_u8(&r, &description) || !ssa_reader_done(&r))
		return ssa_fail(hs, SSA_R_DECODE);
	hs->alert_received = description;
	if (description == SSA_ALERT_CLOSE_NOTIFY)
		return ssa_fail(hs, SSA_R_PEER_CLOSED);
	/* 6.1: close_notify follows it */
	if (description == SSA_ALERT_USER_CANCELED && !ssa_buf_left(&hs->in) &&
	    hs->user_canceled++ < SSA_USER_CANCELED_MAX)
		return 0;
	return ssa_fail(hs, ssa_peer_alert_reason(description));
}

/* ------------------------------------------------------------------ records */

/* D.4: between the first ClientHello and the peer's Finished, not in a message */
static bool ccs_may_come(const struct ssa_hs *hs)
{
	return hs->state != SSA_ST_SERVER_WAIT_CH && !ssa_buf_left(&hs->in) &&
	       hs->ccs_received < SSA_CCS_MAX;
}

/*
 * A client that fails before it has the keys of the handshake can only send a
 * plaintext alert; from its first protected record on it has them.
 */
static bool plain_alert_may_come(const struct ssa_hs *hs)
{
	return !hs->rx.aead || (hs->cfg.server && !hs->rx_opened);
}

/* 4.2.10: after a HelloRetryRequest, early data is told by its outer type. */
static bool early_data_may_come(const struct ssa_hs *hs)
{
	return hs->skip_early_data && !hs->rx_opened;
}

/* Judges a record by its header alone. */
static int check_header(struct ssa_hs *hs, const u8 *header, u16 *body_len)
{
	u32 max = SSA_PLAINTEXT_MAX;
	struct ssa_reader r;
	u16 version, len;
	u8 type;

	ssa_reader_init(&r, header, SSA_RECORD_HEADER_LEN);
	if (!ssa_read_u8(&r, &type) || !ssa_read_u16(&r, &version) || !ssa_read_u16(&r, &len))
		return ssa_fail(hs, SSA_R_INTERNAL);
	/* 5.1 says to ignore it; but a major version of 3 TLS has always had. */
	if (version >> 8 != 3)
		return ssa_fail(hs, SSA_R_RECORD_VERSION);

	switch (type) {
	case SSA_CT_CHANGE_CIPHER_SPEC:
		if (!ccs_may_come(hs) || len != 1)
			return ssa_fail(hs, SSA_R_BAD_CCS);
		break;
	case SSA_CT_ALERT:
		if (!plain_alert_may_come(hs))
			return ssa_fail(hs, SSA_R_RECORD_TYPE);
		break;
	case SSA_CT_HANDSHAKE:
		if (hs->rx.aead)
			return ssa_fail(hs, SSA_R_RECORD_TYPE);
		break;
	case SSA_CT_APPLICATION_DATA:
		if (!hs->rx.aead && !early_data_may_come(hs))
			return ssa_fail(hs, SSA_R_RECORD_TYPE);
		max = SSA_CIPHERTEXT_MAX;
		break;
	default:
		return ssa_fail(hs, SSA_R_RECORD_TYPE);
	}
	if (len > max)
		return ssa_fail(hs, SSA_R_RECORD_OVERFLOW);
	if (!len && type != SSA_CT_APPLICATION_DATA)
		return ssa_fail(hs, SSA_R_RECORD_EMPTY);
	*body_len = len;
	return 0;
}

static int input_ccs(struct ssa_hs *hs, u8 value)
{
	if (value != 1)
		return ssa_fail(hs, SSA_R_BAD_CCS);
	hs->ccs_received++;
	return 0;
}

/* A record that may be early data, which we never accept. */
static int skip_early_data(struct ssa_hs *hs, u32 len, enum ssa_reason otherwise)
{
	if (!early_data_may_come(hs) || ssa_buf_left(&hs->in) ||
	    len > SSA_EARLY_DATA_SKIP_MAX - hs->early_data_skipped)
		return ssa_fail(hs, otherwise);
	hs->early_data_skipped += len;
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

static int input_record(struct ssa_hs *hs, u8 *record, u32 len)
{
	struct ssa_plaintext plain = {
		.type = record[0],
		.data = record + SSA_RECORD_HEADER_LEN,
		.len = len - SSA_RECORD_HEADER_LEN,
	};
	enum ssa_reason reason;

	if (plain.type == SSA_CT_CHANGE_CIPHER_SPEC)
		return input_ccs(hs, plain.data[0]);
	if (plain.type != SSA_CT_APPLICATION_DATA)
		return input_plaintext(hs, &plain);
	if (!hs->rx.aead)
		return skip_early_data(hs, len, SSA_R_RECORD_TYPE);

	reason = ssa_record_open(&hs->rx, record, len, &plain);
	if (reason == SSA_R_BAD_RECORD_MAC)
		return skip_early_data(hs, len, reason);
	if (reason)
		return ssa_fail(hs, reason);
	hs->rx_opened = true;
	return input_plaintext(hs, &plain);
}

/* -------------------------------------------------------------- entry points */

/* No list is empty, and we implement all that is in them. */
static bool config_is_valid(const struct ssa_hs_config *cfg)
{
	u32 i;

	if (!cfg->suites[0] || !cfg->groups[0] || !cfg->sigalgs[0] || !cfg->rng.fill)
		return false;
	for (i = 0; i < SSA_SUITES_MAX && cfg->suites[i]; i++)
		if (!ssa_suite_find(cfg->suites[i]))
			return false;
	for (i = 0; i < SSA_GROUPS_MAX && cfg->groups[i]; i++)
		if (!ssa_kex_public_len(cfg->groups[i]))
			return false;
	for (i = 0; i < SSA_SIGALGS_MAX && cfg->sigalgs[i]; i++)
		if (!ssa_sig_scheme_name(cfg->sigalgs[i]))
			return false;
	return true;
}

/**
 * ssa_hs_new - make a handshake
 * @cfg: copied; what it points at must outlive the handshake
 *
 * Context: process, may sleep.
 * Return: the handshake, or ERR_PTR: -EINVAL if a list of @cfg is empty or has
 * a number in it that we do not implement, -ENOMEM.
 */
struct ssa_hs *ssa_hs_new(const struct ssa_hs_config *cfg)
{
	struct ssa_hs *hs;

	if (!config_is_valid(cfg))
		return ERR_PTR(-EINVAL);
	hs = kzalloc(sizeof(*hs), GFP_KERNEL_ACCOUNT);
	if (!hs)
		return ERR_PTR(-ENOMEM);
	hs->cfg = *cfg;
	hs->alert_received = SSA_ALERT_NONE;
	return hs;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_hs_new);

/**
 * ssa_hs_free - wipe and free a handshake in any state
 * @hs: the handshake, or NULL
 *
 * Context: process, may sleep.
 */
void ssa_hs_free(struct ssa_hs *hs)
{
	if (!hs)
		return;
	wipe_handshake(hs);
	ssa_buf_free(&hs->out);
	kfree_sensitive(hs);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_hs_free);

/**
 * ssa_hs_start - begin the handshake
 * @hs: new
 *
 * Context: process, may sleep.
 * Return: SSA_WANT_WRITE (client), SSA_WANT_READ (server), SSA_FAILED.
 */
enum ssa_want ssa_hs_start(struct ssa_hs *hs)
{
	int err;

	if (hs->state == SSA_ST_START) {
		err = hs->cfg.server ? ssa_server_start(hs) : ssa_client_start(hs);
		if (err && !hs->reason)
			hs->reason = SSA_R_INTERNAL;
	}
	return outcome(hs);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_hs_start);

/**
 * ssa_hs_record_length - how long is the body of this record?
 * @hs: started, not done
 * @header: SSA_RECORD_HEADER_LEN bytes
 *
 * Context: process, may sleep.
 * Return: 0 to SSA_CIPHERTEXT_MAX bytes, or -EPROTO: the engine has failed.
 */
int ssa_hs_record_length(struct ssa_hs *hs, const u8 *header)
{
	u16 len = 0;
	int err;

	if (hs->state == SSA_ST_START || hs->state == SSA_ST_CONNECTED ||
	    hs->state == SSA_ST_FAILED)
		err = ssa_fail(hs, SSA_R_INTERNAL);
	else
		err = check_header(hs, header, &len);
	if (!err)
		return len;
	outcome(hs);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_hs_record_length);

/**
 * ssa_hs_input - take one record of the peer
 * @hs: started, not done
 * @record: header and body; decrypted in place
 * @len: bytes of both
 *
 * Context: process, may sleep; 6 KiB of stack must be free.
 * Return: what the engine wants next.
 */
enum ssa_want ssa_hs_input(struct ssa_hs *hs, u8 *record, size_t len)
{
	int body;

	if (len < SSA_RECORD_HEADER_LEN) {
		ssa_fail(hs, SSA_R_INTERNAL);
		return outcome(hs);
	}
	body = ssa_hs_record_length(hs, record);
	if (body >= 0) {
		if (len != SSA_RECORD_HEADER_LEN + (size_t)body)
			ssa_fail(hs, SSA_R_INTERNAL);
		else if (input_record(hs, record, len) && !hs->reason)
			hs->reason = SSA_R_INTERNAL;
	}
	return outcome(hs);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_hs_input);

/**
 * ssa_hs_output - what has to be sent
 * @hs: any state
 * @len: result, bytes; 0: nothing
 *
 * Context: any.
 * Return: the bytes; they last until the next call that is not this one.
 */
const u8 *ssa_hs_output(const struct ssa_hs *hs, size_t *len)
{
	*len = ssa_buf_left(&hs->out);
	return *len ? ssa_buf_begin(&hs->out) : NULL;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_hs_output);

/**
 * ssa_hs_output_done - some of the output has been sent
 * @hs: any state
 * @len: bytes from its front
 *
 * Context: process.
 * Return: what the engine wants next.
 */
enum ssa_want ssa_hs_output_done(struct ssa_hs *hs, size_t len)
{
	ssa_buf_consume(&hs->out, min_t(size_t, len, ssa_buf_left(&hs->out)));
	return outcome(hs);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_hs_output_done);

/**
 * ssa_hs_abort - fail for a reason from outside
 * @hs: any state; one that has failed already keeps its reason
 * @reason: why
 *
 * Context: process, may sleep.
 */
void ssa_hs_abort(struct ssa_hs *hs, enum ssa_reason reason)
{
	ssa_fail(hs, reason);
	outcome(hs);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_hs_abort);

/**
 * ssa_hs_reason - why it failed
 * @hs: any state
 *
 * Context: any.
 * Return: the first error, SSA_R_NONE if there was none.
 */
enum ssa_reason ssa_hs_reason(const struct ssa_hs *hs)
{
	return hs->reason;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_hs_reason);

/**
 * ssa_hs_result - what has been agreed on so far
 * @hs: any state; all of it is known once SSA_DONE
 * @result: result; @server_name lasts as long as @hs
 *
 * Context: any.
 */
void ssa_hs_result(const struct ssa_hs *hs, struct ssa_hs_result *result)
{
	*result = (struct ssa_hs_result) {
		.version = hs->suite ? SSA_TLS13 : 0,
		.suite = hs->suite ? hs->suite->id : 0,
		.group = hs->group,
		.sigalg = hs->sigalg,
		.hello_retry = hs->hello_retry,
		.server_name = hs->server_name,
		.alert_received = hs->alert_received,
	};
}
EXPORT_SYMBOL_IF_KUNIT(ssa_hs_result);

/**
 * ssa_hs_export - hand the application secrets over
 * @hs: SSA_DONE was returned; the secrets are gone from it afterwards
 * @post: filled in
 *
 * Context: process.
 * Return: 0, or -EINVAL if the handshake is not done or was exported before.
 */
int ssa_hs_export(struct ssa_hs *hs, struct ssa_post *post)
{
	struct ssa_key_schedule *ks = &hs->ks;

	if (hs->state != SSA_ST_CONNECTED || hs->exported)
		return -EINVAL;
	memset(post, 0, sizeof(*post));
	post->suite = hs->suite->id;
	post->server = hs->cfg.server;
	memcpy(post->rx.secret, hs->cfg.server ? ks->client_application_traffic_secret :
	       ks->server_application_traffic_secret, SSA_SECRET_MAX);
	memcpy(post->tx.secret, hs->cfg.server ? ks->server_application_traffic_secret :
	       ks->client_application_traffic_secret, SSA_SECRET_MAX);
	memzero_explicit(ks, sizeof(*ks));
	hs->exported = true;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_hs_export);
