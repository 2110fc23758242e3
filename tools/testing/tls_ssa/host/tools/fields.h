/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a handshake message is made of: numbers, lengths of vectors, bytes that
 * have no further structure, and the items of lists. Names are those of RFC 8446
 * and RFC 5246, joined by dots.
 */
#ifndef _HOST_FIELDS_H
#define _HOST_FIELDS_H

#include <linux/types.h>

enum field_kind {
	FIELD_NUM,
	FIELD_LEN,	/* of the vector that follows it */
	FIELD_BYTES,
	FIELD_ITEM,	/* of a list, with all that it holds */
};

#define FIELDS_MAX	600
#define FIELD_NAME_MAX	128

/**
 * struct field - a part of a message
 * @name: with the names of all that it is inside of
 * @kind: what it is
 * @off: from the start of the message, header included
 * @len: bytes; of a FIELD_LEN: of the number alone
 * @body: FIELD_LEN: bytes that it counts
 * @parent: index of the innermost FIELD_LEN that counts it, -1: none
 * @next: FIELD_ITEM: index of the item after it in the same list, -1: it is the last
 */
struct field {
	char name[FIELD_NAME_MAX];
	enum field_kind kind;
	u32 off;
	u32 len;
	u32 body;
	int parent;
	int next;
};

struct fields {
	const u8 *msg;
	u32 msg_len;
	struct field f[FIELDS_MAX];
	int count;
};

/* @msg: a good message; dies if the grammar here does not fit it to the last byte. */
void fields_parse(struct fields *fields, u16 version, const u8 *msg, u32 len);
const char *fields_message_name(u8 type);

#endif
