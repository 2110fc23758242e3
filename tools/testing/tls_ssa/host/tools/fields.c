// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "drive.h"
#include "fields.h"

struct walk {
	struct fields *out;
	const u8 *msg;
	u32 len, at;
	u16 version;
	int parent;
	char prefix[FIELD_NAME_MAX];
};

static struct field *add(struct walk *w, enum field_kind kind, const char *name, u32 len)
{
	struct field *f;

	if (w->out->count == FIELDS_MAX || w->at + len > w->len)
		drive_die("grammar: %s.%s does not fit", w->prefix, name);
	f = &w->out->f[w->out->count++];
	snprintf(f->name, sizeof(f->name), "%.70s.%s", w->prefix, name);
	f->kind = kind;
	f->off = w->at;
	f->len = len;
	f->body = 0;
	f->parent = w->parent;
	f->next = -1;
	return f;
}

static u32 peek(const struct walk *w, u32 width)
{
	u32 v = 0, i;

	if (w->at + width > w->len)
		drive_die("grammar: %s ends early", w->prefix);
	for (i = 0; i < width; i++)
		v = v << 8 | w->msg[w->at + i];
	return v;
}

static u32 num(struct walk *w, const char *name, u32 width)
{
	u32 v = peek(w, width);

	add(w, FIELD_NUM, name, width);
	w->at += width;
	return v;
}

static void bytes(struct walk *w, const char *name, u32 len)
{
	if (!len)
		return;
	add(w, FIELD_BYTES, name, len);
	w->at += len;
}

/* What open() changed and close_vec() puts back. */
struct vec {
	int parent;
	u32 end;
};

static struct vec open_vec(struct walk *w, const char *name, u32 width)
{
	struct vec v = { .parent = w->parent };
	u32 len = peek(w, width);
	struct field *f = add(w, FIELD_LEN, name, width);

	f->body = len;
	w->at += width;
	if (w->at + len > w->len)
		drive_die("grammar: %s is too long", f->name);
	w->parent = f - w->out->f;
	v.end = w->at + len;
	return v;
}

static void close_vec(struct walk *w, struct vec v)
{
	if (w->at != v.end)
		drive_die("grammar: %s has a rest", w->prefix);
	w->parent = v.parent;
}

static void opaque(struct walk *w, const char *name, u32 width)
{
	struct vec v = open_vec(w, name, width);

	bytes(w, name, v.end - w->at);
	close_vec(w, v);
}

/* A vector of numbers. */
static void list(struct walk *w, const char *name, u32 width, const char *item, u32 item_width)
{
	struct vec v = open_vec(w, name, width);
	int last = -1;

	while (w->at < v.end) {
		struct field *f = add(w, FIELD_ITEM, name, item_width);

		if (last >= 0)
			w->out->f[last].next = f - w->out->f;
		last = f - w->out->f;
		num(w, item, item_width);
	}
	close_vec(w, v);
}

/* ---------------------------------------------------------------- extensions */

static const char *extension_name(u16 type)
{
	static char other[16];

	switch (type) {
	case 0: return "server_name";
	case 5: return "status_request";
	case 10: return "supported_groups";
	case 11: return "ec_point_formats";
	case 13: return "signature_algorithms";
	case 16: return "alpn";
	case 22: return "encrypt_then_mac";
	case 23: return "extended_master_secret";
	case 28: return "record_size_limit";
	case 35: return "session_ticket";
	case 43: return "supported_versions";
	case 44: return "cookie";
	case 45: return "psk_key_exchange_modes";
	case 47: return "certificate_authorities";
	case 50: return "signature_algorithms_cert";
	case 51: return "key_share";
	case 0xff01: return "renegotiation_info";
	default:
		snprintf(other, sizeof(other), "ext%u", type);
		return other;
	}
}

static void share(struct walk *w)
{
	num(w, "group", 2);
	opaque(w, "key_exchange", 2);
}

/* Lists whose items are vectors. */
enum { LIST_SHARES, LIST_NAMES, LIST_HOSTS, LIST_AUTHORITIES };

static void item_list(struct walk *w, const char *name, u32 width, u32 kind)
{
	struct vec v = open_vec(w, name, width);
	int last = -1;

	while (w->at < v.end) {
		int i = add(w, FIELD_ITEM, name, 0) - w->out->f;

		if (last >= 0)
			w->out->f[last].next = i;
		last = i;
		if (kind == LIST_SHARES) {
			share(w);
		} else if (kind == LIST_HOSTS) {
			num(w, "name_type", 1);
			opaque(w, "host_name", 2);
		} else {
			opaque(w, "name", kind == LIST_NAMES ? 1 : 2);
		}
		w->out->f[i].len = w->at - w->out->f[i].off;
	}
	close_vec(w, v);
}

static void extension_body(struct walk *w, u16 type, u8 message, bool retry, u32 end)
{
	bool client = message == SSA_HT_CLIENT_HELLO;

	if (w->at == end)
		return;
	switch (type) {
	case 0:
		item_list(w, "server_name_list", 2, LIST_HOSTS);
		break;
	case 10:
		list(w, "named_group_list", 2, "group", 2);
		break;
	case 11:
		list(w, "formats", 1, "format", 1);
		break;
	case 13:
	case 50:
		list(w, "schemes", 2, "scheme", 2);
		break;
	case 16:
		item_list(w, "protocols", 2, LIST_NAMES);
		break;
	case 28:
		num(w, "limit", 2);
		break;
	case 43:
		if (client)
			list(w, "versions", 1, "version", 2);
		else
			num(w, "version", 2);
		break;
	case 44:
		opaque(w, "cookie", 2);
		break;
	case 45:
		list(w, "ke_modes", 1, "mode", 1);
		break;
	case 47:
		item_list(w, "authorities", 2, LIST_AUTHORITIES);
		break;
	case 51:
		if (client)
			item_list(w, "client_shares", 2, LIST_SHARES);
		else if (retry)
			num(w, "group", 2);
		else
			share(w);
		break;
	case 0xff01:
		opaque(w, "renegotiated_connection", 1);
		break;
	default:
		bytes(w, "data", end - w->at);
	}
}

static void extensions(struct walk *w, u8 message, bool retry)
{
	char prefix[FIELD_NAME_MAX];
	struct vec all, one;
	int last = -1;

	all = open_vec(w, "extensions", 2);
	strscpy(prefix, w->prefix);
	while (w->at < all.end) {
		u16 type = peek(w, 2);
		int i;

		i = add(w, FIELD_ITEM, extension_name(type), 0) - w->out->f;
		snprintf(w->prefix, sizeof(w->prefix), "%.40s.%s", prefix, extension_name(type));
		if (last >= 0)
			w->out->f[last].next = i;
		last = i;
		num(w, "extension_type", 2);
		one = open_vec(w, "extension_data", 2);
		extension_body(w, type, message, retry, one.end);
		close_vec(w, one);
		w->out->f[i].len = w->at - w->out->f[i].off;
		strscpy(w->prefix, prefix);
	}
	close_vec(w, all);
}

/* ------------------------------------------------------------------ messages */

static void certificates(struct walk *w)
{
	struct vec v = open_vec(w, "certificate_list", 3);
	int last = -1;

	while (w->at < v.end) {
		int i = add(w, FIELD_ITEM, "entry", 0) - w->out->f;

		if (last >= 0)
			w->out->f[last].next = i;
		last = i;
		opaque(w, "cert_data", 3);
		if (w->version != SSA_TLS12)
			extensions(w, SSA_HT_CERTIFICATE, false);
		w->out->f[i].len = w->at - w->out->f[i].off;
	}
	close_vec(w, v);
}

static void hello(struct walk *w, u8 type, u32 end)
{
	static const u8 retry[] = { 0xcf, 0x21, 0xad, 0x74 };	/* 4.1.3 */
	bool is_retry;

	num(w, "legacy_version", 2);
	is_retry = !memcmp(w->msg + w->at, retry, sizeof(retry));
	bytes(w, "random", 32);
	opaque(w, "legacy_session_id", 1);
	if (type == SSA_HT_CLIENT_HELLO) {
		list(w, "cipher_suites", 2, "cipher_suite", 2);
		list(w, "compression_methods", 1, "method", 1);
	} else {
		num(w, "cipher_suite", 2);
		num(w, "compression_method", 1);
	}
	if (w->at < end)
		extensions(w, type, is_retry);
}

static void body(struct walk *w, u8 type, u32 end)
{
	bool tls13 = w->version != SSA_TLS12;

	switch (type) {
	case SSA_HT_CLIENT_HELLO:
	case SSA_HT_SERVER_HELLO:
		hello(w, type, end);
		break;
	case SSA_HT_ENCRYPTED_EXTENSIONS:
		extensions(w, type, false);
		break;
	case SSA_HT_CERTIFICATE:
		if (tls13)
			opaque(w, "certificate_request_context", 1);
		certificates(w);
		break;
	case SSA_HT_CERTIFICATE_REQUEST:
		if (tls13) {
			opaque(w, "certificate_request_context", 1);
			extensions(w, type, false);
		} else {
			list(w, "certificate_types", 1, "type", 1);
			list(w, "supported_signature_algorithms", 2, "scheme", 2);
			item_list(w, "certificate_authorities", 2, LIST_AUTHORITIES);
		}
		break;
	case SSA_HT_CERTIFICATE_VERIFY:
		num(w, "scheme", 2);
		opaque(w, "signature", 2);
		break;
	case 12:	/* ServerKeyExchange, RFC 8422 5.4 */
		num(w, "curve_type", 1);
		num(w, "group", 2);
		opaque(w, "point", 1);
		num(w, "scheme", 2);
		opaque(w, "signature", 2);
		break;
	case 16:	/* ClientKeyExchange, RFC 8422 5.7 */
		opaque(w, "point", 1);
		break;
	case SSA_HT_NEW_SESSION_TICKET:
		if (!tls13) {
			num(w, "ticket_lifetime", 4);
			opaque(w, "ticket", 2);
			break;
		}
		num(w, "ticket_lifetime", 4);
		num(w, "ticket_age_add", 4);
		opaque(w, "ticket_nonce", 1);
		opaque(w, "ticket", 2);
		extensions(w, type, false);
		break;
	case SSA_HT_KEY_UPDATE:
		num(w, "request_update", 1);
		break;
	default:	/* Finished; ServerHelloDone and HelloRequest are empty */
		bytes(w, "verify_data", end - w->at);
	}
}

void fields_parse(struct fields *fields, u16 version, const u8 *msg, u32 len)
{
	struct walk w = { .out = fields, .msg = msg, .len = len, .version = version,
			  .parent = -1 };
	struct vec v;
	u8 type;

	fields->msg = msg;
	fields->msg_len = len;
	fields->count = 0;
	strscpy(w.prefix, fields_message_name(msg[0]));
	type = num(&w, "msg_type", 1);
	v = open_vec(&w, "length", 3);
	body(&w, type, v.end);
	close_vec(&w, v);
	if (w.at != len)
		drive_die("grammar: more than one message");
}

const char *fields_message_name(u8 type)
{
	static char other[16];

	switch (type) {
	case 0: return "hello_request";
	case 1: return "client_hello";
	case 2: return "server_hello";
	case 4: return "new_session_ticket";
	case 8: return "encrypted_extensions";
	case 11: return "certificate";
	case 12: return "server_key_exchange";
	case 13: return "certificate_request";
	case 14: return "server_hello_done";
	case 15: return "certificate_verify";
	case 16: return "client_key_exchange";
	case 20: return "finished";
	case 24: return "key_update";
	default:
		snprintf(other, sizeof(other), "message%u", type);
		return other;
	}
}
