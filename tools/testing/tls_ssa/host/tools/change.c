// SPDX-License-Identifier: GPL-2.0
/* The changes of a message, and which of them there are for each of its fields. */
#include <stdio.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "change.h"
#include "drive.h"

const char * const op_name[OPS] = {
	"zero", "ones", "plus", "minus", "bit", "set", "remove", "twice", "swap", "flip-first",
	"flip-last", "shorten", "lengthen", "empty", "unknown", "insert", "drop", "repeat", "later",
	"truncate", "tail", "follow", "record", "wire",
};

static const struct {
	const char *field;
	u32 count;
	u16 value[28];
} known[] = {
	{ "cipher_suite", 20, { 0x1301, 0x1302, 0x1303, 0x1304, 0x1305, 0xc02b, 0xc02c, 0xc02f,
		0xc030, 0xcca8, 0xcca9, 0x00ff, 0x5600, 0x002f, 0x009c, 0xc009, 0xc013, 0xccaa,
		0x0a0a, 0x0000 } },
	{ "group", 9, { 0x0017, 0x0018, 0x0019, 0x001d, 0x001e, 0x0100, 0x11ec, 0x2a2a, 0 } },
	{ "scheme", 17, { 0x0401, 0x0501, 0x0601, 0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806,
		0x0807, 0x0808, 0x0809, 0x080a, 0x080b, 0x0201, 0x0203, 0x0101 } },
	{ "legacy_version", 8, { 0x0002, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304, 0x0305,
		0x7f1c } },
	{ "version", 8, { 0x0002, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304, 0x0305, 0x7f1c } },
	{ "extension_type", 27, { 0, 1, 5, 10, 11, 13, 14, 15, 16, 18, 19, 20, 21, 22, 23, 28, 35,
		41, 42, 43, 44, 45, 47, 49, 50, 51, 0xff01 } },
	{ "msg_type", 18, { 0, 1, 2, 3, 4, 5, 8, 11, 12, 13, 14, 15, 16, 20, 22, 24, 99, 254 } },
	{ "limit", 5, { 0, 63, 64, 16384, 16385 } },
	{ "method", 3, { 0, 1, 64 } },
	{ "mode", 3, { 0, 1, 2 } },
	{ "format", 3, { 0, 1, 2 } },
	{ "curve_type", 4, { 0, 1, 2, 3 } },
	{ "request_update", 3, { 0, 1, 2 } },
};

/* What may stand behind a message. */
static const struct {
	const char *name;
	u8 len;
	u8 data[8];
} followers[] = {
	{ "hello_request", 4, { 0, 0, 0, 0 } },
	{ "key_update", 5, { 24, 0, 0, 1, 0 } },
	{ "unknown", 5, { 99, 0, 0, 1, 0 } },
	{ "half a header", 2, { 20, 0 } },
	{ "ticket", 4, { 4, 0, 0, 0 } },
	{ "server_hello_done", 4, { 14, 0, 0, 0 } },
};

static bool is_last_name(const struct field *f, const char *name)
{
	const char *dot = strrchr(f->name, '.');

	return !strcmp(dot ? dot + 1 : f->name, name);
}

/* Adds @delta to the lengths of all that @f is inside of. */
static void put_lengths_right(const struct fields *fs, const struct field *f, struct ssa_buf *msg,
			      int delta)
{
	int i, j;

	for (i = f->parent; i >= 0; i = fs->f[i].parent) {
		u32 v = fs->f[i].body + delta;

		for (j = fs->f[i].len - 1; j >= 0; j--, v >>= 8)
			ssa_buf_begin(msg)[fs->f[i].off + j] = v;
	}
}

void mutation_apply(const struct fields *fs, const struct mutation *m, struct ssa_buf *msg)
{
	static const u8 unknown_extension[] = { 0x1a, 0x1a, 0, 1, 0 };
	const struct field *f = m->field, *next;
	u8 copy[DRIVE_BYTES_MAX / 16], *p;
	u32 i, len = f ? f->len : 0;

	if (!f) {
		u32 left = ssa_buf_left(msg);

		if (m->op == OP_TRUNCATE || m->op == OP_TAIL) {
			if (m->op == OP_TRUNCATE)
				drive_splice(msg, m->arg, left - m->arg, NULL, 0);
			else
				drive_append(msg, "\0", 1);
			put_unaligned_be24(ssa_buf_left(msg) - 4, ssa_buf_begin(msg) + 1);
		} else if (m->op == OP_FOLLOW) {
			drive_append(msg, followers[m->arg].data, followers[m->arg].len);
		}
		return;
	}
	p = ssa_buf_begin(msg) + f->off;
	switch (m->op) {
	case OP_ZERO:
		memset(p, 0, len);
		break;
	case OP_ONES:
		memset(p, 0xff, len);
		break;
	case OP_PLUS:
		for (i = len; i-- && !++p[i];)
			;
		break;
	case OP_MINUS:
		for (i = len; i-- && !p[i]--;)
			;
		break;
	case OP_BIT:
		p[len - 1 - m->arg / 8] ^= 1 << m->arg % 8;
		break;
	case OP_SET:
		for (i = 0; i < len; i++)
			p[i] = m->arg >> 8 * (len - 1 - i);
		break;
	case OP_FLIP_FIRST:
		p[0] ^= 1;
		break;
	case OP_FLIP_LAST:
		p[len - 1] ^= 1;
		break;
	case OP_REMOVE:
	case OP_EMPTY:
		put_lengths_right(fs, f, msg, -(int)len);
		drive_splice(msg, f->off, len, NULL, 0);
		break;
	case OP_SHORTEN:
		put_lengths_right(fs, f, msg, -1);
		drive_splice(msg, f->off + len - 1, 1, NULL, 0);
		break;
	case OP_LENGTHEN:
		put_lengths_right(fs, f, msg, 1);
		drive_splice(msg, f->off + len, 0, "\0", 1);
		break;
	case OP_TWICE:
		if (len > sizeof(copy))
			drive_die("a field is too long");
		memcpy(copy, p, len);
		put_lengths_right(fs, f, msg, len);
		drive_splice(msg, f->off, 0, copy, len);
		break;
	case OP_SWAP:
		next = &fs->f[f->next];
		if (len + next->len > sizeof(copy))
			drive_die("a field is too long");
		memcpy(copy, p + len, next->len);
		memcpy(copy + next->len, p, len);
		memcpy(p, copy, len + next->len);
		break;
	case OP_UNKNOWN:
		put_lengths_right(fs, f, msg, sizeof(unknown_extension));
		drive_splice(msg, f->off, 0, unknown_extension, sizeof(unknown_extension));
		break;
	case OP_INSERT:		/* the first extension of a list */
		put_unaligned_be32(m->arg << 16, copy);
		put_lengths_right(fs, f, msg, 4);
		put_unaligned_be16(f->body + 4, p);
		drive_splice(msg, f->off + len, 0, copy, 4);
		break;
	default:
		drive_die("a change that is not known");
	}
}

const char *mutation_text(const struct mutation *m)
{
	static char text[40];

	if (m->op == OP_SET || m->op == OP_INSERT)
		snprintf(text, sizeof(text), "%s %#x", op_name[m->op], m->arg);
	else if (m->op == OP_BIT || m->op == OP_TRUNCATE)
		snprintf(text, sizeof(text), "%s %u", op_name[m->op], m->arg);
	else if (m->op == OP_FOLLOW)
		snprintf(text, sizeof(text), "%s %s", op_name[m->op], followers[m->arg].name);
	else
		snprintf(text, sizeof(text), "%s", op_name[m->op]);
	return text;
}

/* ------------------------------------------------------- all that a message allows */

struct visit {
	const struct fields *fields;
	void (*fn)(const struct mutation *m, void *arg);
	void *arg;
};

static void visit(struct visit *v, enum change op, u32 arg, const struct field *f)
{
	struct mutation m = { .op = op, .arg = arg, .field = f };

	v->fn(&m, v->arg);
}

static void every_number(struct visit *v, const struct field *f)
{
	/* in a list of numbers: like the first */
	bool again = f->next < 0 && (f - 1)->kind == FIELD_ITEM && (f - 1)->off == f->off &&
		     f - 2 >= v->fields->f && (f - 2)->kind == FIELD_NUM;
	u32 i, j;

	visit(v, OP_ZERO, 0, f);
	visit(v, OP_PLUS, 0, f);
	if (again)
		return;
	visit(v, OP_ONES, 0, f);
	visit(v, OP_MINUS, 0, f);
	for (i = 0; i < ARRAY_SIZE(known); i++)
		for (j = 0; is_last_name(f, known[i].field) && j < known[i].count; j++)
			visit(v, OP_SET, known[i].value[j], f);
	visit(v, OP_BIT, 0, f);
	visit(v, OP_BIT, 8 * f->len - 1, f);
	visit(v, OP_REMOVE, 0, f);
	visit(v, OP_TWICE, 0, f);
}

static void every_field(struct visit *v, const struct field *f)
{
	static const u16 extension_types[] = {
		0, 1, 5, 10, 11, 13, 16, 21, 22, 23, 28, 35, 41, 42, 43, 44, 45, 47, 49, 50, 51,
		0x1a1a, 0xff01,
	};
	u32 i;

	switch (f->kind) {
	case FIELD_NUM:
		every_number(v, f);
		break;
	case FIELD_LEN:
		visit(v, OP_ZERO, 0, f);
		visit(v, OP_ONES, 0, f);
		visit(v, OP_PLUS, 0, f);
		visit(v, OP_MINUS, 0, f);
		for (i = 0; is_last_name(f, "extensions") && i < ARRAY_SIZE(extension_types); i++)
			visit(v, OP_INSERT, extension_types[i], f);
		break;
	case FIELD_BYTES:
		visit(v, OP_ZERO, 0, f);
		visit(v, OP_ONES, 0, f);
		visit(v, OP_FLIP_FIRST, 0, f);
		visit(v, OP_FLIP_LAST, 0, f);
		visit(v, OP_SHORTEN, 0, f);
		visit(v, OP_LENGTHEN, 0, f);
		visit(v, OP_EMPTY, 0, f);
		visit(v, OP_TWICE, 0, f);
		break;
	case FIELD_ITEM:
		visit(v, OP_REMOVE, 0, f);
		visit(v, OP_TWICE, 0, f);
		if (f->next >= 0)
			visit(v, OP_SWAP, 0, f);
		/* only extensions have a type */
		if ((f + 1)->kind == FIELD_NUM && is_last_name(f + 1, "extension_type"))
			visit(v, OP_UNKNOWN, 0, f);
		break;
	}
}

void mutation_each(const struct fields *fields, bool last_message,
		   void (*fn)(const struct mutation *m, void *arg), void *arg)
{
	struct visit v = { .fields = fields, .fn = fn, .arg = arg };
	u32 i, last = 4;

	for (i = 0; i < (u32)fields->count; i++)
		every_field(&v, &fields->f[i]);
	visit(&v, OP_DROP, 0, NULL);
	visit(&v, OP_REPEAT, 0, NULL);
	if (!last_message)
		visit(&v, OP_LATER, 0, NULL);
	for (i = 1; i < (u32)fields->count; i++) {
		if (fields->f[i].off < last)
			continue;
		visit(&v, OP_TRUNCATE, fields->f[i].off, NULL);
		last = fields->f[i].off + 1;
	}
	visit(&v, OP_TAIL, 0, NULL);
	for (i = 0; i < ARRAY_SIZE(followers); i++)
		visit(&v, OP_FOLLOW, i, NULL);
}
