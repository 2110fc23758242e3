// SPDX-License-Identifier: GPL-2.0
/*
 * The machine: its entry points, messages and records out, and the one path of
 * failure. What comes in is judged in input.c.
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

/*
 * Nothing but the application secrets, what exporters need and unsent output outlives
 * the handshake.
 */
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
	memzero_explicit(hs->ks.exporter_master_secret, SSA_SECRET_MAX);
	memzero_explicit(hs->keys12.master_secret, sizeof(hs->keys12.master_secret));
	memzero_explicit(&hs->peer_key, sizeof(hs->peer_key));
}

static void forget_peer(struct ssa_hs *hs)
{
	ssa_peer_free(hs->peer);
	hs->peer = NULL;
	hs->peer_held = 0;
}

static int put_alert(struct ssa_hs *hs, u8 level, u8 description)
{
	const u8 alert[SSA_ALERT_LEN] = { level, description };

	return ssa_record_put(&hs->out, &hs->tx, SSA_CT_ALERT, SSA_TLS12, alert, sizeof(alert));
}

/* From our Finished on. It was the first record under those of TLS 1.2. */
static int application_keys(struct ssa_hs *hs)
{
	int err;

	if (hs->version == SSA_TLS13)
		return ssa_record_keys_set(&hs->tx, hs->suite, hs->cfg.server ?
					   hs->ks.server_application_traffic_secret :
					   hs->ks.client_application_traffic_secret);
	err = ssa_record_keys_set12(&hs->tx, hs->suite, hs->cfg.server ?
				    &hs->keys12.server : &hs->keys12.client);
	hs->tx.seq = 1;
	return err;
}

/*
 * The alert goes out under the keys with which the peer reads by then: none,
 * those of the handshake, or after our Finished those of the application. If
 * it cannot be made, or the keys are not ours any more, the peer gets none.
 * It may be the first protected record of a client, so D.4 holds for it too.
 */
static void send_alert(struct ssa_hs *hs, u8 alert)
{
	if (hs->exported)
		return;
	if (hs->finished_sent && application_keys(hs))
		return;
	if (hs->tx.aead && !hs->finished_sent && ssa_hs_put_ccs(hs))
		return;
	/* 6.1: user_canceled is a warning, and close_notify follows it. */
	if (alert == SSA_ALERT_USER_CANCELED &&
	    put_alert(hs, SSA_ALERT_LEVEL_WARNING, SSA_ALERT_USER_CANCELED))
		return;
	if (alert == SSA_ALERT_USER_CANCELED || alert == SSA_ALERT_CLOSE_NOTIFY)
		(void)put_alert(hs, SSA_ALERT_LEVEL_WARNING, SSA_ALERT_CLOSE_NOTIFY);
	else
		(void)put_alert(hs, SSA_ALERT_LEVEL_FATAL, alert);
}

/* What every entry point returns; it turns the first error into the alert. */
static enum ssa_want outcome(struct ssa_hs *hs)
{
	if (hs->reason && hs->state != SSA_ST_FAILED) {
		u8 alert = ssa_reason_desc(hs->reason)->alert;

		/* 6.1: close_notify is answered, an end of TCP cannot be. */
		if (hs->alert_received == SSA_ALERT_CLOSE_NOTIFY)
			alert = SSA_ALERT_CLOSE_NOTIFY;
		if (alert != SSA_ALERT_NONE)
			send_alert(hs, alert);
		wipe_handshake(hs);
		forget_peer(hs);
		memzero_explicit(&hs->ks, sizeof(hs->ks));
		memzero_explicit(&hs->keys12, sizeof(hs->keys12));
		memzero_explicit(&hs->exporter, sizeof(hs->exporter));
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
	u32 most = hs->tx.aead ? hs->tx_limit : SSA_PLAINTEXT_MAX;
	u32 len;
	int err;

	while ((len = min(ssa_buf_left(&hs->flight), most))) {
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
	if (hs->version == SSA_TLS12) {
		hs->keys12.client.seq = hs->cfg.server ? hs->rx.seq : hs->tx.seq;
		hs->keys12.server.seq = hs->cfg.server ? hs->tx.seq : hs->rx.seq;
	}
	ssa_hs_keep_exporter(hs);
	wipe_handshake(hs);
	hs->state = SSA_ST_CONNECTED;
}

/* -------------------------------------------------------------- entry points */

/*
 * No list is empty, and we implement all that is in them. What is left between
 * the bounds of the version are those that a suite is there for.
 */
static bool config_is_valid(struct ssa_hs_config *cfg)
{
	const struct ssa_suite *suite;
	bool tls12 = false, tls13 = false;
	u32 i;

	if (!cfg->suites[0] || !cfg->groups[0] || !cfg->sigalgs[0] || !cfg->rng.fill)
		return false;
	for (i = 0; i < SSA_SUITES_MAX && cfg->suites[i]; i++) {
		suite = ssa_suite_find(cfg->suites[i]);
		if (!suite)
			return false;
		tls12 |= suite->version == SSA_TLS12;
		tls13 |= suite->version == SSA_TLS13;
	}
	for (i = 0; i < SSA_GROUPS_MAX && cfg->groups[i]; i++)
		if (!ssa_kex_public_len(cfg->groups[i]))
			return false;
	for (i = 0; i < SSA_SIGALGS_MAX && cfg->sigalgs[i]; i++)
		if (!ssa_sig_scheme_name(cfg->sigalgs[i]))
			return false;
	if (cfg->peer_auth > SSA_PEER_AUTH_REQUIRED || cfg->ignored & ~SSA_OPTIONAL_ALL)
		return false;
	if (cfg->record_size_limit && (cfg->record_size_limit < SSA_RECORD_SIZE_LIMIT_MIN ||
				       cfg->record_size_limit > SSA_INNER_PLAINTEXT_MAX))
		return false;
	if (!ssa_alpn_is_valid(cfg->alpn, cfg->alpn_len))
		return false;

	if ((cfg->min_version && cfg->min_version < SSA_TLS12) || cfg->min_version > SSA_TLS13 ||
	    (cfg->max_version && cfg->max_version < SSA_TLS12) || cfg->max_version > SSA_TLS13)
		return false;
	cfg->min_version = max_t(u16, cfg->min_version, tls12 ? SSA_TLS12 : SSA_TLS13);
	cfg->max_version = min_t(u16, cfg->max_version ?: SSA_TLS13, tls13 ? SSA_TLS13 : SSA_TLS12);
	return cfg->min_version <= cfg->max_version;
}

/**
 * ssa_hs_new - make a handshake
 * @cfg: copied; what it points at must outlive the handshake
 *
 * Context: process, may sleep.
 * Return: the handshake, or ERR_PTR: -EINVAL if a list of @cfg is empty or has
 * a number in it that we do not implement, the application protocols are
 * malformed, unknown extensions are to be ignored, or the bounds leave no version,
 * -ENOMEM.
 */
struct ssa_hs *ssa_hs_new(const struct ssa_hs_config *cfg)
{
	struct ssa_hs *hs;

	hs = kzalloc(sizeof(*hs), GFP_KERNEL_ACCOUNT);
	if (!hs)
		return ERR_PTR(-ENOMEM);
	hs->cfg = *cfg;
	if (!config_is_valid(&hs->cfg)) {
		kfree(hs);
		return ERR_PTR(-EINVAL);
	}
	hs->tx_limit = SSA_PLAINTEXT_MAX;
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
	forget_peer(hs);
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
		err = ssa_input_header(hs, header, &len);
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
 * Context: process, may sleep; 7.5 KB of stack must be free.
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
		else if (ssa_input_record(hs, record, len) && !hs->reason)
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
 * ssa_hs_held - what the peer makes us hold without having said anything whole
 * @hs: any state
 *
 * Context: any.
 * Return: bytes allocated for a message that is not complete yet, for those that
 * CertificateVerify has yet to sign, and for certificates whose key has not signed.
 */
size_t ssa_hs_held(const struct ssa_hs *hs)
{
	return hs->in.size + ssa_transcript_kept(&hs->transcript) + hs->peer_held;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_hs_held);

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
 * @result: result; @server_name lasts as long as @hs, @alpn as the configuration's
 *
 * Context: any.
 */
void ssa_hs_result(const struct ssa_hs *hs, struct ssa_hs_result *result)
{
	*result = (struct ssa_hs_result) {
		.version = hs->version,
		.suite = hs->suite ? hs->suite->id : 0,
		.group = hs->group,
		.sigalg = hs->sigalg,
		.peer_sigalg = hs->peer_sigalg,
		.hello_retry = hs->hello_retry,
		.extended_master_secret = hs->version == SSA_TLS13 || hs->extended_master_secret,
		.record_size_limit = hs->tx_limit,
		.server_name = hs->server_name,
		.alpn = hs->alpn,
		.alpn_len = hs->alpn_len,
		.alert_received = hs->reason ? hs->alert_received : SSA_ALERT_NONE,
	};
}
EXPORT_SYMBOL_IF_KUNIT(ssa_hs_result);

/**
 * ssa_hs_take_peer - hand the peer's certificates over
 * @hs: SSA_DONE was returned
 *
 * Context: any.
 * Return: them, for the caller to free; NULL if the peer has shown none, the handshake
 * is not done, or they are taken.
 */
struct ssa_peer *ssa_hs_take_peer(struct ssa_hs *hs)
{
	struct ssa_peer *peer = hs->peer;

	if (hs->state != SSA_ST_CONNECTED)
		return NULL;
	hs->peer = NULL;
	return peer;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_hs_take_peer);

static void export12(const struct ssa_hs *hs, struct ssa_traffic *client,
		     struct ssa_traffic *server)
{
	*client = hs->keys12.client;
	*server = hs->keys12.server;
}

static void export13(const struct ssa_hs *hs, struct ssa_traffic *client,
		     struct ssa_traffic *server)
{
	memcpy(client->secret, hs->ks.client_application_traffic_secret, SSA_SECRET_MAX);
	memcpy(server->secret, hs->ks.server_application_traffic_secret, SSA_SECRET_MAX);
}

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
	bool server = hs->cfg.server;

	if (hs->state != SSA_ST_CONNECTED || hs->exported)
		return -EINVAL;
	memset(post, 0, sizeof(*post));
	post->version = hs->version;
	post->suite = hs->suite->id;
	post->server = hs->cfg.server;
	if (hs->version == SSA_TLS13)
		export13(hs, server ? &post->rx : &post->tx, server ? &post->tx : &post->rx);
	else
		export12(hs, server ? &post->rx : &post->tx, server ? &post->tx : &post->rx);
	memzero_explicit(&hs->ks, sizeof(hs->ks));
	memzero_explicit(&hs->keys12, sizeof(hs->keys12));
	hs->exported = true;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_hs_export);
