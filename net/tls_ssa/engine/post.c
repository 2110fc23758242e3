// SPDX-License-Identifier: GPL-2.0
/*
 * After the handshake (RFC 8446 4.6, 6, 7.2; RFC 5246 7.2, 7.4.1): the control
 * records of an established connection.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <kunit/visibility.h>
#include "hs.h"

#define SSA_GCM_RECORDS_MAX	23726566	/* 2^24.5 */

/* The message that is kept, as a buffer; ssa_post has no room for its offset. */
static struct ssa_buf kept(const struct ssa_post *post)
{
	return (struct ssa_buf) {
		.data = post->hs_buf,
		.len = post->hs_len,
		.size = post->hs_size,
	};
}

static void drop_kept(struct ssa_post *post)
{
	struct ssa_buf buf = kept(post);

	ssa_buf_free(&buf);
	post->hs_buf = NULL;
	post->hs_len = 0;
	post->hs_size = 0;
}

/**
 * ssa_post_wipe - forget the secrets, free what is held
 * @post: of ssa_hs_export()
 *
 * Context: process.
 */
void ssa_post_wipe(struct ssa_post *post)
{
	drop_kept(post);
	memzero_explicit(post, sizeof(*post));
}
EXPORT_SYMBOL_IF_KUNIT(ssa_post_wipe);

/**
 * ssa_post_keys - record keys of the present secret (RFC 8446 7.3, RFC 5246 6.3)
 * @post: of ssa_hs_export()
 * @tx: our sending direction, else the peer's
 * @keys: result; the caller wipes it. key_len is 0 if @post has been wiped.
 *
 * Context: process.
 */
void ssa_post_keys(const struct ssa_post *post, bool tx, struct ssa_traffic_keys *keys)
{
	const struct ssa_suite *suite = ssa_suite_find(post->suite);

	if (suite && post->version == SSA_TLS12)
		ssa_keys12_traffic_keys(suite, tx ? &post->tx : &post->rx, keys);
	else if (!suite || ssa_ks_traffic_keys(suite, tx ? post->tx.secret : post->rx.secret,
					       keys))
		memset(keys, 0, sizeof(*keys));
}
EXPORT_SYMBOL_IF_KUNIT(ssa_post_keys);

/**
 * ssa_post_next_secret - application_traffic_secret_N+1 (RFC 8446 7.2)
 * @post: of ssa_hs_export()
 * @tx: our sending direction, else the peer's
 *
 * Context: process.
 */
void ssa_post_next_secret(struct ssa_post *post, bool tx)
{
	const struct ssa_suite *suite = ssa_suite_find(post->suite);
	u8 *secret = tx ? post->tx.secret : post->rx.secret;

	/* Without a next secret there must be no old one to go on with. */
	if (!suite || suite->version != SSA_TLS13 || ssa_ks_next_secret(suite, secret))
		ssa_post_wipe(post);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_post_next_secret);

/**
 * ssa_post_key_update - write our KeyUpdate (RFC 8446 4.6.3)
 * @out: room for SSA_HS_HEADER_LEN + 1 bytes
 * @request: the peer shall update too
 *
 * Context: any.
 * Return: bytes written.
 */
size_t ssa_post_key_update(u8 *out, bool request)
{
	out[0] = SSA_HT_KEY_UPDATE;
	out[1] = 0;
	out[2] = 0;
	out[3] = 1;
	out[4] = request ? SSA_UPDATE_REQUESTED : SSA_UPDATE_NOT_REQUESTED;
	return SSA_HS_HEADER_LEN + 1;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_post_key_update);

/**
 * ssa_post_record_limit - how many records one key may protect (RFC 8446 5.5)
 * @post: of ssa_hs_export()
 *
 * AES-GCM: 2^24.5. ChaCha20-Poly1305: the record sequence number ends first. TLS 1.2
 * has no limit but that one, nor a KeyUpdate.
 *
 * Context: any.
 * Return: records; U64_MAX: no limit.
 */
u64 ssa_post_record_limit(const struct ssa_post *post)
{
	const struct ssa_suite *suite = ssa_suite_find(post->suite);

	if (!suite || post->version == SSA_TLS12 || suite->aead == SSA_CHACHA20_POLY1305)
		return U64_MAX;
	return SSA_GCM_RECORDS_MAX;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_post_record_limit);

/*
 * TLS 1.2 knows two messages here, which ask to renegotiate (RFC 5246 7.4.1): the
 * answer is a warning, and the connection goes on.
 */
static enum ssa_reason check_message12(const struct ssa_post *post, u8 type, u32 len)
{
	if (type != (post->server ? SSA_HT_CLIENT_HELLO : SSA_HT_HELLO_REQUEST))
		return SSA_R_UNEXPECTED_MESSAGE;
	if (!post->server)
		return len ? SSA_R_DECODE : SSA_R_NONE;
	return len <= SSA_POST_HELLO_MAX - SSA_HS_HEADER_LEN ?
		SSA_R_NONE : SSA_R_MESSAGE_TOO_LONG;
}

static enum ssa_reason refuse_renegotiation(struct ssa_post *post, enum ssa_post_event *event)
{
	if (post->warnings == SSA_WARNINGS_MAX)
		return SSA_R_WARNING_FLOOD;
	post->warnings++;
	*event = SSA_POST_REFUSE_RENEGOTIATION;
	return SSA_R_NONE;
}

/* May this message come at all, and so long? Judged by its header. */
static enum ssa_reason check_message(const struct ssa_post *post, u8 type, u32 len)
{
	if (post->version == SSA_TLS12)
		return check_message12(post, type, len);
	switch (type) {
	case SSA_HT_KEY_UPDATE:
		return len == 1 ? SSA_R_NONE : SSA_R_DECODE;
	case SSA_HT_NEW_SESSION_TICKET:
		if (post->server)
			return SSA_R_UNEXPECTED_MESSAGE;
		return len <= SSA_POST_TICKET_MAX - SSA_HS_HEADER_LEN ?
			SSA_R_NONE : SSA_R_MESSAGE_TOO_LONG;
	case SSA_HT_HELLO_REQUEST:
		return post->server ? SSA_R_UNEXPECTED_MESSAGE : SSA_R_RENEGOTIATION;
	case SSA_HT_CLIENT_HELLO:
		return post->server ? SSA_R_RENEGOTIATION : SSA_R_UNEXPECTED_MESSAGE;
	default:
		return SSA_R_UNEXPECTED_MESSAGE;
	}
}

static enum ssa_reason count_ticket(struct ssa_post *post)
{
	if (post->tickets >= SSA_POST_TICKETS_MAX)
		return SSA_R_TICKET_FLOOD;
	post->tickets++;
	return SSA_R_NONE;
}

/* NewSessionTicket (4.6.1): its form is judged; it is not kept. */
static enum ssa_reason new_session_ticket(struct ssa_post *post, struct ssa_reader r)
{
	struct ssa_reader nonce, ticket, list;
	enum ssa_reason reason;
	u32 lifetime, age_add;
	struct ssa_exts exts;

	if (!ssa_read_u32(&r, &lifetime) ||
	    !ssa_read_u32(&r, &age_add) ||
	    !ssa_read_vec8(&r, &nonce, 0, 0xff) ||
	    !ssa_read_vec16(&r, &ticket, 1, 0xffff) ||
	    !ssa_read_vec16(&r, &list, 0, 0xfffe) ||
	    !ssa_reader_done(&r))
		return SSA_R_DECODE;
	if (lifetime > SSA_TICKET_LIFETIME_MAX)
		return SSA_R_ILLEGAL_PARAMETER;
	reason = ssa_exts_parse(list, &exts);
	if (!reason)
		reason = ssa_exts_judge(&exts, SSA_IN_NEW_SESSION_TICKET, 0);
	if (reason)
		return reason;
	if (ssa_has_ext(&exts, SSA_EXT_EARLY_DATA) && exts.body[SSA_EXT_EARLY_DATA].left != 4)
		return SSA_R_DECODE;
	return count_ticket(post);
}

/* KeyUpdate (4.6.3) */
static enum ssa_reason take_key_update(struct ssa_post *post, struct ssa_reader r,
				       enum ssa_post_event *event)
{
	u8 request;

	if (!ssa_read_u8(&r, &request) || !ssa_reader_done(&r))
		return SSA_R_DECODE;
	if (request != SSA_UPDATE_NOT_REQUESTED && request != SSA_UPDATE_REQUESTED)
		return SSA_R_ILLEGAL_PARAMETER;
	if (post->key_updates >= SSA_POST_KEY_UPDATES_MAX)
		return SSA_R_KEY_UPDATE_FLOOD;
	post->key_updates++;
	ssa_post_next_secret(post, false);
	*event = request == SSA_UPDATE_REQUESTED ? SSA_POST_KEY_UPDATE_REQUESTED :
						   SSA_POST_KEY_UPDATE;
	return SSA_R_NONE;
}

/*
 * A message that is longer than what is kept, for which a peer could have us hold it as
 * long as it likes. Nobody needs what is in it: of @r, its beginning, a ticket's lifetime
 * is judged, and the rest is counted.
 */
#define LONG_MESSAGE_HEAD	(SSA_HS_HEADER_LEN + 4)

static enum ssa_reason begin_long_message(struct ssa_post *post, struct ssa_reader r, u8 type,
					  u32 len)
{
	u32 lifetime;

	if (!ssa_read_u32(&r, &lifetime) || !ssa_reader_done(&r))
		return SSA_R_INTERNAL;
	if (type == SSA_HT_NEW_SESSION_TICKET && lifetime > SSA_TICKET_LIFETIME_MAX)
		return SSA_R_ILLEGAL_PARAMETER;
	post->skip_type = type;
	post->skip = SSA_HS_HEADER_LEN + len - LONG_MESSAGE_HEAD;
	return SSA_R_NONE;
}

static enum ssa_reason skip_message(struct ssa_post *post, struct ssa_reader *r,
				    enum ssa_post_event *event)
{
	u32 n = min(post->skip, r->left);
	const u8 *data;

	if (!ssa_read_bytes(r, &data, n))
		return SSA_R_INTERNAL;
	post->skip -= n;
	if (post->skip)
		return SSA_R_NONE;
	if (post->skip_type == SSA_HT_NEW_SESSION_TICKET)
		return count_ticket(post);
	return refuse_renegotiation(post, event);
}

/* A whole message, or LONG_MESSAGE_HEAD of it; @last: nothing follows it in its record. */
static enum ssa_reason take_message(struct ssa_post *post, struct ssa_reader r, bool last,
				    enum ssa_post_event *event)
{
	u32 len;
	u8 type;

	if (!ssa_read_u8(&r, &type) || !ssa_read_u24(&r, &len))
		return SSA_R_DECODE;
	if (len > SSA_POST_MESSAGE_MAX - SSA_HS_HEADER_LEN)
		return begin_long_message(post, r, type, len);
	if (post->version == SSA_TLS12)
		return refuse_renegotiation(post, event);
	if (type == SSA_HT_NEW_SESSION_TICKET)
		return new_session_ticket(post, r);
	/* 5.1: keys change at the end of a record only */
	if (!last)
		return SSA_R_EXCESS_DATA;
	return take_key_update(post, r, event);
}

/*
 * How many bytes the message at @data will have, as far as @len bytes of it
 * tell: those of its header until that is complete. Of a long one, LONG_MESSAGE_HEAD.
 */
static enum ssa_reason message_length(const struct ssa_post *post, const u8 *data, u32 len,
				      u32 *need)
{
	struct ssa_reader r;
	u32 body;
	u8 type;

	*need = SSA_HS_HEADER_LEN;
	ssa_reader_init(&r, data, len);
	if (!ssa_read_u8(&r, &type) || !ssa_read_u24(&r, &body))
		return SSA_R_NONE;
	*need = body > SSA_POST_MESSAGE_MAX - SSA_HS_HEADER_LEN ? LONG_MESSAGE_HEAD : *need + body;
	return check_message(post, type, body);
}

/*
 * Moves up to @want bytes of @r to the end of the message that is kept. Its
 * buffer doubles, so that a message in pieces of one byte is not copied for each.
 */
static enum ssa_reason keep(struct ssa_post *post, struct ssa_reader *r, u32 want)
{
	struct ssa_buf buf = kept(post);
	const u8 *data;
	int err;

	if (!ssa_read_bytes(r, &data, min(want, r->left)))
		return SSA_R_INTERNAL;
	err = ssa_buf_append(&buf, data, r->data - data, SSA_POST_MESSAGE_MAX);
	if (err)
		return err == -ENOMEM ? SSA_R_NO_MEMORY : SSA_R_INTERNAL;
	post->hs_buf = buf.data;
	post->hs_size = buf.size;
	post->hs_len = buf.len;
	return SSA_R_NONE;
}

/* Goes on with a message that began in an earlier record. */
static enum ssa_reason continue_message(struct ssa_post *post, struct ssa_reader *r,
					enum ssa_post_event *event)
{
	struct ssa_reader whole;
	enum ssa_reason reason;
	u32 need;

	for (;;) {
		reason = message_length(post, post->hs_buf, post->hs_len, &need);
		if (reason)
			return reason;
		if (post->hs_len >= SSA_HS_HEADER_LEN && post->hs_len == need)
			break;
		if (!ssa_reader_more(r))
			return SSA_R_NONE;
		reason = keep(post, r, need - post->hs_len);
		if (reason)
			return reason;
	}
	ssa_reader_init(&whole, post->hs_buf, post->hs_len);
	reason = take_message(post, whole, !ssa_reader_more(r), event);
	drop_kept(post);
	return reason;
}

static enum ssa_reason post_handshake(struct ssa_post *post, struct ssa_reader r,
				      enum ssa_post_event *event)
{
	struct ssa_reader whole;
	enum ssa_reason reason = SSA_R_NONE;
	u32 need;

	if (!r.left)
		return SSA_R_RECORD_EMPTY;
	while (!reason && ssa_reader_more(&r)) {
		if (post->skip) {
			reason = skip_message(post, &r, event);
			continue;
		}
		if (post->hs_buf) {
			reason = continue_message(post, &r, event);
			continue;
		}
		reason = message_length(post, r.data, r.left, &need);
		if (reason)
			break;
		if (!ssa_read_sub(&r, &whole, need)) {
			/* the rest of it comes with the next record */
			r.bad = false;
			return keep(post, &r, r.left);
		}
		reason = take_message(post, whole, !ssa_reader_more(&r), event);
	}
	return reason;
}

/* 6: one alert a record; TLS 1.3 ignores its level, if it is one */
static enum ssa_reason post_alert(struct ssa_post *post, struct ssa_reader r,
				  enum ssa_post_event *event)
{
	u8 level, description;

	if (!r.left)
		return SSA_R_RECORD_EMPTY;
	if (!ssa_read_u8(&r, &level) || !ssa_read_u8(&r, &description) || !ssa_reader_done(&r))
		return SSA_R_DECODE;
	if (level != SSA_ALERT_LEVEL_WARNING && level != SSA_ALERT_LEVEL_FATAL)
		return SSA_R_ILLEGAL_PARAMETER;
	if (description == SSA_ALERT_CLOSE_NOTIFY) {
		*event = SSA_POST_CLOSE_NOTIFY;
		return SSA_R_NONE;
	}
	/* RFC 5246 7.2.2: there the level says it */
	if (post->version == SSA_TLS12 ? level == SSA_ALERT_LEVEL_FATAL :
	    description != SSA_ALERT_USER_CANCELED)
		return ssa_peer_alert_reason(description);
	/* 6.1: close_notify follows it; 5.1: never inside a message */
	if (ssa_post_inside(post))
		return SSA_R_UNEXPECTED_MESSAGE;
	if (post->warnings == SSA_WARNINGS_MAX)
		return SSA_R_WARNING_FLOOD;
	post->warnings++;
	return SSA_R_NONE;
}

/**
 * ssa_post_input - take one control record of an established connection
 * @post: of ssa_hs_export()
 * @type: ContentType of TLSInnerPlaintext; not application_data
 * @data: content, decrypted, without padding
 * @len: bytes of it
 * @reason: result, SSA_R_NONE unless SSA_POST_ERROR is returned
 *
 * Context: process, may sleep; one call at a time for each @post.
 * Return: what the owner of the connection has to do.
 */
enum ssa_post_event ssa_post_input(struct ssa_post *post, u8 type, const u8 *data, size_t len,
				   enum ssa_reason *reason)
{
	enum ssa_post_event event = SSA_POST_NOTHING;
	struct ssa_reader r;

	ssa_reader_init(&r, data, len);
	if (len > SSA_PLAINTEXT_MAX)
		*reason = SSA_R_RECORD_OVERFLOW;
	else if (type == SSA_CT_HANDSHAKE)
		*reason = post_handshake(post, r, &event);
	else if (type == SSA_CT_ALERT)
		*reason = post_alert(post, r, &event);
	else
		*reason = SSA_R_RECORD_TYPE;
	return *reason ? SSA_POST_ERROR : event;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_post_input);
