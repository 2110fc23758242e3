/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _HOST_CHANGE_H
#define _HOST_CHANGE_H

#include <linux/types.h>
#include "../../../../../net/tls_ssa/engine/hs.h"
#include "fields.h"

enum change {
	OP_ZERO, OP_ONES, OP_PLUS, OP_MINUS, OP_BIT, OP_SET,
	OP_REMOVE, OP_TWICE, OP_SWAP,
	OP_FLIP_FIRST, OP_FLIP_LAST, OP_SHORTEN, OP_LENGTHEN, OP_EMPTY, OP_UNKNOWN, OP_INSERT,
	/* whole messages */
	OP_DROP, OP_REPEAT, OP_LATER, OP_TRUNCATE, OP_TAIL, OP_FOLLOW,
	/* records: tamper.c */
	OP_RECORD, OP_WIRE,
	OPS,
};

extern const char * const op_name[OPS];

/**
 * struct mutation - one change
 * @op: what is done
 * @arg: the value that is set, the number of the bit, and the like
 * @field: to what; NULL: to the message
 */
struct mutation {
	enum change op;
	u32 arg;
	const struct field *field;
};

/* The change inside of @msg, which @fs describes; OP_DROP, _REPEAT and _LATER are not. */
void mutation_apply(const struct fields *fs, const struct mutation *m, struct ssa_buf *msg);
/* "set 0x17"; until the next call */
const char *mutation_text(const struct mutation *m);
/* Calls @fn for each change of the message. @last_message: none comes after it. */
void mutation_each(const struct fields *fields, bool last_message,
		   void (*fn)(const struct mutation *m, void *arg), void *arg);

#endif
