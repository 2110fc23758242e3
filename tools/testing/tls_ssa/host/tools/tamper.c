// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "tamper.h"

/* ------------------------------------------------------- below the protection */

enum record_op {
	TYPE,		/* ContentType becomes @arg */
	VERSION,	/* of a plaintext record */
	PIECES,		/* records of @arg bytes */
	BEFORE,		/* a record of @type with @data before it */
	AFTER,
	INSIDE,		/* between its first byte and the rest */
	INNER,		/* protected: the whole TLSInnerPlaintext is @data */
	PADDING,	/* protected: @arg zeros behind the type */
};

static const struct record_change {
	const char *name;
	enum record_op op;
	u32 arg;
	u8 type;
	u8 len;
	u8 data[8];
} record_changes[] = {
	{ "type 0", TYPE, 0 },
	{ "type ccs", TYPE, 20 },
	{ "type alert", TYPE, 21 },
	{ "type handshake", TYPE, 22 },
	{ "type data", TYPE, 23 },
	{ "type heartbeat", TYPE, 24 },
	{ "type 255", TYPE, 255 },
	{ "version ssl2", VERSION, 0x0002 },
	{ "version ssl3", VERSION, 0x0300 },
	{ "version tls10", VERSION, 0x0301 },
	{ "version tls13", VERSION, 0x0304 },
	{ "version 4.3", VERSION, 0x0403 },
	{ "in bytes", PIECES, 1 },
	{ "in pieces", PIECES, 7 },
	{ "before: ccs", BEFORE, .type = 20, .len = 1, .data = { 1 } },
	{ "before: bad ccs", BEFORE, .type = 20, .len = 1, .data = { 2 } },
	{ "before: long ccs", BEFORE, .type = 20, .len = 2, .data = { 1, 1 } },
	{ "before: user_canceled", BEFORE, .type = 21, .len = 2, .data = { 1, 90 } },
	{ "before: no_renegotiation", BEFORE, .type = 21, .len = 2, .data = { 1, 100 } },
	{ "before: unrecognized_name", BEFORE, .type = 21, .len = 2, .data = { 1, 112 } },
	{ "before: close_notify", BEFORE, .type = 21, .len = 2, .data = { 1, 0 } },
	{ "before: fatal alert", BEFORE, .type = 21, .len = 2, .data = { 2, 40 } },
	{ "before: half an alert", BEFORE, .type = 21, .len = 1, .data = { 1 } },
	{ "before: two alerts", BEFORE, .type = 21, .len = 4, .data = { 1, 90, 1, 90 } },
	{ "before: data", BEFORE, .type = 23, .len = 1, .data = { 'x' } },
	{ "before: heartbeat", BEFORE, .type = 24, .len = 3, .data = { 1, 0, 0 } },
	{ "before: hello_request", BEFORE, .type = 22, .len = 4, .data = { 0 } },
	{ "after: ccs", AFTER, .type = 20, .len = 1, .data = { 1 } },
	{ "after: data", AFTER, .type = 23, .len = 1, .data = { 'x' } },
	{ "after: hello_request", AFTER, .type = 22, .len = 4, .data = { 0 } },
	{ "after: key_update", AFTER, .type = 22, .len = 5, .data = { 24, 0, 0, 1, 0 } },
	{ "inside: ccs", INSIDE, .type = 20, .len = 1, .data = { 1 } },
	{ "inside: user_canceled", INSIDE, .type = 21, .len = 2, .data = { 1, 90 } },
	{ "inside: data", INSIDE, .type = 23, .len = 1, .data = { 'x' } },
	{ "inner: nothing", INNER, .len = 0 },
	{ "inner: zeros", INNER, .len = 3 },
	{ "inner: empty handshake", INNER, .len = 1, .data = { 22 } },
	{ "inner: empty alert", INNER, .len = 1, .data = { 21 } },
	{ "inner: empty data", INNER, .len = 1, .data = { 23 } },
	{ "inner: ccs", INNER, .len = 2, .data = { 1, 20 } },
	{ "padding 1", PADDING, 1 },
	{ "padding 300", PADDING, 300 },
	{ "padding to the limit", PADDING, 16384 },
};

/* TLS 1.3: seals what ssa_record_put() would not. */
static void put_raw(struct ssa_buf *out, struct ssa_record_keys *keys, const u8 *inner, u32 len)
{
	u8 nonce[SSA_AEAD_NONCE_LEN], seq[8];
	static u8 record[SSA_RECORD_MAX + 64];
	size_t i;

	record[0] = SSA_CT_APPLICATION_DATA;
	put_unaligned_be16(SSA_TLS12, record + 1);
	put_unaligned_be16(len + SSA_AEAD_TAG_LEN, record + 3);
	memcpy(record + SSA_RECORD_HEADER_LEN, inner, len);
	put_unaligned_be64(keys->seq++, seq);
	memcpy(nonce, keys->iv, sizeof(nonce));
	for (i = 0; i < sizeof(seq); i++)
		nonce[SSA_AEAD_NONCE_LEN - sizeof(seq) + i] ^= seq[i];
	if (ssa_aead_seal(keys->aead, nonce, record, SSA_RECORD_HEADER_LEN,
			  record + SSA_RECORD_HEADER_LEN, len))
		drive_die("no memory");
	drive_append(out, record, SSA_RECORD_HEADER_LEN + len + SSA_AEAD_TAG_LEN);
}

static bool change_record(struct drive *d, const struct record_change *c, struct ssa_buf *out,
			  struct ssa_record_keys *keys, u8 type, u16 version, const u8 *data,
			  u32 len, int *err)
{
	bool tls13 = keys->aead && type != SSA_CT_CHANGE_CIPHER_SPEC && !keys->tls12;
	static u8 inner[SSA_PLAINTEXT_MAX + 1];
	u32 at, n;

	switch (c->op) {
	case TYPE:
		*err = ssa_record_put(out, keys, c->arg, version, data, len);
		return true;
	case VERSION:
		*err = ssa_record_put(out, keys, type, c->arg, data, len);
		return true;
	case PIECES:
		for (at = 0; at < len && !*err; at += n) {
			n = min(len - at, c->arg);
			*err = ssa_record_put(out, keys, type, version, data + at, n);
		}
		return true;
	case BEFORE:
	case AFTER:
		if (c->op == AFTER)
			*err = ssa_record_put(out, keys, type, version, data, len);
		if (!*err)
			*err = ssa_record_put(out, keys, c->type, version, c->data, c->len);
		if (c->op == BEFORE && !*err)
			*err = ssa_record_put(out, keys, type, version, data, len);
		return true;
	case INSIDE:
		if (len < 2)
			return false;
		*err = ssa_record_put(out, keys, type, version, data, 1);
		if (!*err)
			*err = ssa_record_put(out, keys, c->type, version, c->data, c->len);
		if (!*err)
			*err = ssa_record_put(out, keys, type, version, data + 1, len - 1);
		return true;
	case INNER:
		if (!tls13)
			return false;
		put_raw(out, keys, c->data, c->len);
		*err = ssa_record_put(out, keys, type, version, data, len);
		return true;
	case PADDING:
		if (!tls13 || len >= SSA_PLAINTEXT_MAX)
			return false;
		memset(inner, 0, sizeof(inner));
		memcpy(inner, data, len);
		inner[len] = type;
		put_raw(out, keys, inner, min_t(u32, len + 1 + c->arg, sizeof(inner)));
		return true;
	}
	return false;
}

static bool changes_something(const struct record_change *c, const struct ssa_record_keys *keys,
			      u8 type, u16 version, u32 len)
{
	/* a type of 0 would be padding in TLS 1.3, and some other byte the type */
	if (c->op == TYPE)
		return type != c->arg && (c->arg || !keys->aead || keys->tls12);
	if (c->op == VERSION)
		return version != c->arg && (!keys->aead || type == SSA_CT_CHANGE_CIPHER_SPEC);
	return c->op != PIECES || len > c->arg;
}

static bool on_record(struct drive *d, struct ssa_buf *out, struct ssa_record_keys *keys,
		      u8 type, u16 version, const u8 *data, u32 len, int *err)
{
	struct tamper *t = d->arg;
	int i = t->seen++;
	bool put;

	if (i >= TAMPER_RECORDS_MAX)
		return false;
	if (type == SSA_CT_CHANGE_CIPHER_SPEC)
		t->kind[i] = "change_cipher_spec";
	else if (type == SSA_CT_ALERT)
		t->kind[i] = "alert";
	else
		t->kind[i] = keys->aead ? "protected" : "handshake";
	if (t->which < 0 || i != t->record)
		return false;
	/* what is put now is not looked at again */
	d->on_record = NULL;
	put = changes_something(&record_changes[t->which], keys, type, version, len) &&
	      change_record(d, &record_changes[t->which], out, keys, type, version, data, len,
			    err);
	d->changed |= put;
	d->on_record = on_record;
	return put;
}

void tamper_records(struct drive *d, void *t)
{
	d->on_record = on_record;
	d->arg = t;
}

/* ------------------------------------------------------------------ on the wire */

enum wire_op { HEADER, LENGTH, FLIP, CUT, GROW, DROP, REPEAT, TEXT };

static const struct wire_change {
	const char *name;
	enum wire_op op;
	u32 off;
	u32 value;
	const char *text;
	u32 len;
} wire_changes[] = {
	{ "header type 0", HEADER, 0, 0 },
	{ "header type ccs", HEADER, 0, 20 },
	{ "header type alert", HEADER, 0, 21 },
	{ "header type handshake", HEADER, 0, 22 },
	{ "header type data", HEADER, 0, 23 },
	{ "header type heartbeat", HEADER, 0, 24 },
	{ "header type 128", HEADER, 0, 128 },
	{ "header major 0", HEADER, 1, 0 },
	{ "header major 2", HEADER, 1, 2 },
	{ "header major 4", HEADER, 1, 4 },
	{ "header minor 0", HEADER, 2, 0 },
	{ "header minor 1", HEADER, 2, 1 },
	{ "header minor 2", HEADER, 2, 2 },
	{ "header minor 3", HEADER, 2, 3 },
	{ "header minor 4", HEADER, 2, 4 },
	{ "header minor 255", HEADER, 2, 255 },
	{ "length 0", LENGTH, 0, 0 },
	{ "length plus", LENGTH, 1, 0 },
	{ "length minus", LENGTH, 2, 0 },
	{ "length 16384", LENGTH, 0, 16384 },
	{ "length 16385", LENGTH, 0, 16385 },
	{ "length 16640", LENGTH, 0, 16640 },
	{ "length 16641", LENGTH, 0, 16641 },
	{ "length 65535", LENGTH, 0, 65535 },
	{ "flip first", FLIP, 0 },
	{ "flip middle", FLIP, 1 },
	{ "flip last", FLIP, 2 },
	{ "shorter", CUT, 1 },
	{ "to half", CUT, 2 },
	{ "longer", GROW },
	{ "drop", DROP },
	{ "repeat", REPEAT },
	{ "http", TEXT, .text = "GET / HTTP/1.0\r\n\r\n", .len = 18 },
	{ "ssl2", TEXT, .text = "\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10", .len = 11 },
	{ "empty handshake", TEXT, .text = "\x16\3\3\0\0", .len = 5 },
	{ "empty alert", TEXT, .text = "\x15\3\3\0\0", .len = 5 },
	{ "empty data", TEXT, .text = "\x17\3\3\0\0", .len = 5 },
	{ "plain ccs", TEXT, .text = "\x14\3\3\0\1\1", .len = 6 },
	{ "nine plain ccs", TEXT, .text = "\x14\3\3\0\1\1\x14\3\3\0\1\1\x14\3\3\0\1\1"
	  "\x14\3\3\0\1\1\x14\3\3\0\1\1\x14\3\3\0\1\1\x14\3\3\0\1\1\x14\3\3\0\1\1\x14\3\3\0\1\1",
	  .len = 54 },
	{ "plain alert", TEXT, .text = "\x15\3\3\0\2\2\x28", .len = 7 },
	{ "plain finished", TEXT, .text = "\x16\3\3\0\4\x14\0\0\0", .len = 9 },
	{ "plain data", TEXT, .text = "\x17\3\3\0\4data", .len = 9 },
	{ "garbage data", TEXT,
	  .text = "\x17\3\3\0\x20ghijklmnopqrstuvghijklmnopqrstuv", .len = 37 },
};

static void change_wire(const struct wire_change *c, struct ssa_buf *wire)
{
	u8 *p = ssa_buf_begin(wire);
	u32 body = ssa_buf_left(wire) - SSA_RECORD_HEADER_LEN;
	struct ssa_buf copy = { 0 };

	switch (c->op) {
	case HEADER:
		p[c->off] = c->value;
		break;
	case LENGTH:
		put_unaligned_be16(c->off == 1 ? body + 1 : c->off == 2 ? body - 1 : c->value,
				   p + 3);
		break;
	case FLIP:
		p[SSA_RECORD_HEADER_LEN + (c->off == 0 ? 0 : c->off == 1 ? body / 2 : body - 1)] ^=
			4;
		break;
	case CUT:
		body = c->off == 1 ? body - 1 : body / 2;
		put_unaligned_be16(body, p + 3);
		drive_splice(wire, SSA_RECORD_HEADER_LEN + body,
			     ssa_buf_left(wire) - SSA_RECORD_HEADER_LEN - body, NULL, 0);
		break;
	case GROW:
		put_unaligned_be16(body + 1, p + 3);
		drive_append(wire, "\0", 1);
		break;
	case DROP:
		ssa_buf_free(wire);
		break;
	case REPEAT:
		drive_append(&copy, p, ssa_buf_left(wire));
		drive_append(wire, copy.data, copy.len);
		ssa_buf_free(&copy);
		break;
	case TEXT:
		drive_splice(wire, 0, 0, c->text, c->len);
		break;
	}
}

static void on_wire(struct drive *d, struct ssa_buf *wire)
{
	struct tamper *t = d->arg;
	struct ssa_buf before = { 0 };
	int i = t->seen++;

	if (i >= TAMPER_RECORDS_MAX)
		return;
	switch (ssa_buf_begin(wire)[0]) {
	case SSA_CT_CHANGE_CIPHER_SPEC:
		t->kind[i] = "change_cipher_spec";
		break;
	case SSA_CT_HANDSHAKE:
		/* in TLS 1.2 only Finished is protected, and the last */
		t->kind[i] = i && !strcmp(t->kind[i - 1], "change_cipher_spec") &&
			     d->way->version == SSA_TLS12 ? "protected" : "handshake";
		break;
	case SSA_CT_APPLICATION_DATA:
		t->kind[i] = "protected";
		break;
	default:
		t->kind[i] = "alert";
	}
	if (t->which < 0 || i != t->record)
		return;
	drive_append(&before, ssa_buf_begin(wire), ssa_buf_left(wire));
	change_wire(&wire_changes[t->which], wire);
	d->changed = ssa_buf_left(wire) != before.len ||
		     memcmp(ssa_buf_begin(wire), before.data, before.len);
	ssa_buf_free(&before);
}

void tamper_wire(struct drive *d, void *t)
{
	d->on_wire = on_wire;
	d->arg = t;
}

int tamper_count(bool wire)
{
	return wire ? ARRAY_SIZE(wire_changes) : ARRAY_SIZE(record_changes);
}

const char *tamper_name(bool wire, int which)
{
	return wire ? wire_changes[which].name : record_changes[which].name;
}
