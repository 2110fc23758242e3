/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Changes to a message on its way, as tables can state them.
 */
#ifndef _TLS_SSA_TESTS_ENGINE_EDIT_H
#define _TLS_SSA_TESTS_ENGINE_EDIT_H

#include "engine_pair.h"

enum edit_op {
	EDIT_NONE,
	BYTES,		/* overwrite at @off */
	SPLICE,		/* put @data in the place of @drop bytes at @off */
	BODY,		/* @data is the whole body */
	APPEND,		/* @data joins the end of the body */
	REPEAT,		/* the same, @drop times */
	CUT,		/* the last @drop bytes go */
	FLIP_LAST,	/* a bit of the last byte */
	FLIP_LEAF,	/* a bit of the last byte of the first certificate */
	FLIP_LEAF12,	/* the same in TLS 1.2 */
	EXCESS,		/* @data follows the message in its record */
	VANISH,		/* the message is not sent */
	EXT_ADD,	/* extension @ext with @data */
	EXT_DEL,
	EXT_SET,
	EXT_RAW,	/* @data joins the list of extensions */
	SHARE_ADD,	/* @data joins the list of key shares, the last extension */
};

struct edit {
	enum edit_op op;
	u16 ext;
	u16 off;
	u16 drop;
	const char *data;
	u16 len;
};

#define D(x)		.data = (x), .len = sizeof(x) - 1
#define AT(o, x)	{ .op = BYTES, .off = (o), D(x) }
#define SPLICED(o, n, x) { .op = SPLICE, .off = (o), .drop = (n), D(x) }
#define WITH(e, x)	{ .op = EXT_SET, .ext = SSA_XT_##e, D(x) }
#define PLUS(e, x)	{ .op = EXT_ADD, .ext = SSA_XT_##e, D(x) }
#define LESS(e)		{ .op = EXT_DEL, .ext = SSA_XT_##e }
#define RAW(x)		{ .op = EXT_RAW, D(x) }
#define BODY_IS(x)	{ .op = BODY, D(x) }
#define LONGER(x)	{ .op = APPEND, D(x) }
#define SHORTER(n)	{ .op = CUT, .drop = (n) }
#define FOLLOWED(x)	{ .op = EXCESS, D(x) }
#define OP(x)		{ .op = (x) }

/* One more than a Certificate may have */
#define TOO_MANY(x)	{ .op = REPEAT, .drop = SSA_CHAIN_MAX + 1, D(x) }

#define EDITS_MAX	4

/* engine_edit.c; up to EDITS_MAX, EDIT_NONE ends a shorter list */
void edit_message(struct kunit *test, struct ssa_buf *msg, const struct edit *edits);

#endif /* _TLS_SSA_TESTS_ENGINE_EDIT_H */
