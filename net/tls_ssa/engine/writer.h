/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The writer through which every byte of ours is written. The first failure
 * sticks and is looked at once, at the end. A vector is opened, filled and
 * closed; closing it puts the length in front.
 */
#ifndef _TLS_SSA_ENGINE_WRITER_H
#define _TLS_SSA_ENGINE_WRITER_H

#include <linux/errno.h>
#include <linux/types.h>
#include "buf.h"

/**
 * struct ssa_writer - appends to a buffer
 * @buf: where to; its @off is 0
 * @limit: most bytes that @buf may hold
 * @start: where this writer began
 * @err: 0, -EMSGSIZE or -ENOMEM: nothing is written any more
 */
struct ssa_writer {
	struct ssa_buf *buf;
	u32 limit;
	u32 start;
	int err;
};

static inline void ssa_writer_init(struct ssa_writer *w, struct ssa_buf *buf, u32 limit)
{
	w->buf = buf;
	w->limit = limit;
	w->start = buf->len;
	w->err = 0;
}

static inline void ssa_write_bytes(struct ssa_writer *w, const void *data, u32 len)
{
	if (!w->err)
		w->err = ssa_buf_append(w->buf, data, len, w->limit);
}

/*
 * Room for @len bytes that somebody else writes, or NULL; ssa_write_used() says
 * how many they became.
 */
static inline u8 *ssa_write_room(struct ssa_writer *w, u32 len)
{
	if (!w->err)
		w->err = ssa_buf_reserve(w->buf, len, w->limit);
	return w->err ? NULL : w->buf->data + w->buf->len;
}

static inline void ssa_write_used(struct ssa_writer *w, u32 len)
{
	if (!w->err)
		w->buf->len += len;
}

static inline void ssa_write_u8(struct ssa_writer *w, u8 v)
{
	ssa_write_bytes(w, &v, 1);
}

static inline void ssa_write_u16(struct ssa_writer *w, u16 v)
{
	const u8 b[2] = { v >> 8, v & 0xff };

	ssa_write_bytes(w, b, sizeof(b));
}

static inline void ssa_write_u24(struct ssa_writer *w, u32 v)
{
	const u8 b[3] = { (v >> 16) & 0xff, (v >> 8) & 0xff, v & 0xff };

	ssa_write_bytes(w, b, sizeof(b));
}

/**
 * struct ssa_vec - a vector that is being written
 * @at: where its length stands
 * @width: bytes of the length
 */
struct ssa_vec {
	u32 at;
	u8 width;
};

static inline struct ssa_vec ssa_open_vec(struct ssa_writer *w, u8 width)
{
	static const u8 zero[3];
	struct ssa_vec vec = { .at = w->buf->len, .width = width };

	ssa_write_bytes(w, zero, width);
	return vec;
}

static inline void ssa_close_vec(struct ssa_writer *w, struct ssa_vec vec)
{
	u32 len, i;

	if (w->err)
		return;
	len = w->buf->len - vec.at - vec.width;
	if (len >> (8 * vec.width)) {
		w->err = -EMSGSIZE;
		return;
	}
	for (i = 0; i < vec.width; i++)
		w->buf->data[vec.at + i] = (len >> (8 * (vec.width - 1 - i))) & 0xff;
}

#endif /* _TLS_SSA_ENGINE_WRITER_H */
