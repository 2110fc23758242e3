// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include "engine_edit.h"

static void flip_leaf(struct kunit *test, struct ssa_buf *msg, u32 list)
{
	/* the lengths of the list and of the certificate stand before it */
	u32 off = list + 3 + 3 + get_unaligned_be16(msg->data + list + 4) - 1;

	msg_set(test, msg, off, msg->data[off] ^ 1);
}

static void edit_once(struct kunit *test, struct ssa_buf *msg, const struct edit *e)
{
	u32 off, i;

	switch (e->op) {
	case BYTES:
		KUNIT_ASSERT_LE(test, e->off + e->len, msg->len);
		memcpy(msg->data + e->off, e->data, e->len);
		break;
	case SPLICE:
		msg_splice(test, msg, e->off, e->drop, e->data, e->len);
		break;
	case BODY:
		msg_splice(test, msg, SSA_HS_HEADER_LEN, msg->len - SSA_HS_HEADER_LEN, e->data,
			   e->len);
		break;
	case APPEND:
		msg_splice(test, msg, msg->len, 0, e->data, e->len);
		break;
	case REPEAT:
		for (i = 0; i < e->drop; i++)
			msg_splice(test, msg, msg->len, 0, e->data, e->len);
		break;
	case CUT:
		msg_splice(test, msg, msg->len - e->drop, e->drop, NULL, 0);
		break;
	case FLIP_LAST:
		msg->data[msg->len - 1] ^= 1;
		break;
	case FLIP_LEAF:
		/* behind certificate_request_context */
		flip_leaf(test, msg, SSA_HS_HEADER_LEN + 1);
		break;
	case FLIP_LEAF12:
		flip_leaf(test, msg, SSA_HS_HEADER_LEN);
		break;
	case EXCESS:
		KUNIT_ASSERT_EQ(test, ssa_buf_append(msg, e->data, e->len, SSA_FLIGHT_MAX), 0);
		break;
	case VANISH:
		ssa_buf_free(msg);
		break;
	case EXT_ADD:
		msg_ext_add(test, msg, e->ext, e->data, e->len);
		break;
	case EXT_DEL:
		msg_ext_remove(test, msg, e->ext);
		break;
	case EXT_SET:
		msg_ext_replace(test, msg, e->ext, e->data, e->len);
		break;
	case EXT_RAW:
		off = msg_exts_offset(test, msg);
		msg_splice(test, msg, msg->len, 0, e->data, e->len);
		put_unaligned_be16(msg->len - off - 2, msg->data + off);
		break;
	case SHARE_ADD:
		off = msg_ext_find(test, msg, SSA_XT_KEY_SHARE);
		msg_splice(test, msg, msg->len, 0, e->data, e->len);
		put_unaligned_be16(msg->len - off - 4, msg->data + off + 2);
		put_unaligned_be16(msg->len - off - 6, msg->data + off + 4);
		off = msg_exts_offset(test, msg);
		put_unaligned_be16(msg->len - off - 2, msg->data + off);
		break;
	case EDIT_NONE:
		break;
	}
}

void edit_message(struct kunit *test, struct ssa_buf *msg, const struct edit *edits)
{
	u32 i;

	for (i = 0; i < EDITS_MAX && edits[i].op; i++)
		edit_once(test, msg, &edits[i]);
}
