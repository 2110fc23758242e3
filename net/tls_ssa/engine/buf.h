/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one buffer of the engine that grows, and so its one allocator. BearSSL's
 * engine never allocates because its caller hands it room for the largest
 * record both ways, about 50 KiB for each connection. A server with ten
 * thousand half-open handshakes cannot afford that, and hardly any handshake
 * needs it: messages that arrive within one record are read where they are, and
 * output takes as much as it has. So memory grows with the bytes that a peer has
 * really sent, never with a length that it only claims, up to a limit that the
 * user of the buffer states. It is wiped before it goes back.
 */
#ifndef _TLS_SSA_ENGINE_BUF_H
#define _TLS_SSA_ENGINE_BUF_H

#include <linux/types.h>

/**
 * struct ssa_buf - bytes appended at one end and consumed at the other
 * @data: NULL while there are none
 * @off: where the bytes that are not consumed begin
 * @len: where they end
 * @size: what is allocated
 *
 * off <= len <= size. A zeroed structure is an empty buffer. Pointers into
 * @data last until the next call that appends.
 */
struct ssa_buf {
	u8 *data;
	u32 off;
	u32 len;
	u32 size;
};

static inline u32 ssa_buf_left(const struct ssa_buf *buf)
{
	return buf->len - buf->off;
}

static inline u8 *ssa_buf_begin(const struct ssa_buf *buf)
{
	return buf->data + buf->off;
}

/* buf.c */
int __must_check ssa_buf_reserve(struct ssa_buf *buf, u32 more, u32 limit);
int __must_check ssa_buf_append(struct ssa_buf *buf, const void *data, u32 len, u32 limit);
void ssa_buf_consume(struct ssa_buf *buf, u32 len);
void ssa_buf_free(struct ssa_buf *buf);

#endif /* _TLS_SSA_ENGINE_BUF_H */
