// SPDX-License-Identifier: GPL-2.0
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <kunit/visibility.h>
#include "buf.h"

#define SSA_BUF_MIN	256

/**
 * ssa_buf_reserve - make room at the end
 * @buf: the buffer
 * @more: bytes that will be appended
 * @limit: most bytes that @buf may hold with them
 *
 * Context: process, may sleep.
 * Return: 0, -EMSGSIZE over the limit, -ENOMEM. @buf is unchanged on failure.
 */
int ssa_buf_reserve(struct ssa_buf *buf, u32 more, u32 limit)
{
	u32 left = ssa_buf_left(buf);
	u32 size, need;
	u8 *data;

	if (left > limit || more > limit - left)
		return -EMSGSIZE;
	need = left + more;
	if (need <= buf->size - buf->off)
		return 0;

	size = max_t(u32, buf->size, SSA_BUF_MIN);
	while (size < need)
		size = size > limit / 2 ? limit : 2 * size;
	data = kvmalloc(size, GFP_KERNEL_ACCOUNT);
	if (!data)
		return -ENOMEM;
	if (left)
		memcpy(data, ssa_buf_begin(buf), left);
	ssa_buf_free(buf);
	buf->data = data;
	buf->len = left;
	buf->size = size;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_buf_reserve);

/**
 * ssa_buf_append - copy bytes to the end
 * @buf: the buffer
 * @data: what to copy; not inside @buf
 * @len: bytes of it
 * @limit: most bytes that @buf may hold with them
 *
 * Context: process, may sleep.
 * Return: 0 or what ssa_buf_reserve() returns.
 */
int ssa_buf_append(struct ssa_buf *buf, const void *data, u32 len, u32 limit)
{
	int err;

	if (!len)
		return 0;
	err = ssa_buf_reserve(buf, len, limit);
	if (err)
		return err;
	memcpy(buf->data + buf->len, data, len);
	buf->len += len;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_buf_append);

/**
 * ssa_buf_consume - drop bytes from the front
 * @buf: the buffer
 * @len: bytes; more than there are count as all
 *
 * The memory goes back with the last byte.
 *
 * Context: process.
 */
void ssa_buf_consume(struct ssa_buf *buf, u32 len)
{
	if (len >= ssa_buf_left(buf))
		ssa_buf_free(buf);
	else
		buf->off += len;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_buf_consume);

/**
 * ssa_buf_free - wipe and free
 * @buf: the buffer, empty afterwards
 *
 * Context: process.
 */
void ssa_buf_free(struct ssa_buf *buf)
{
	if (buf->data) {
		memzero_explicit(buf->data, buf->size);
		kvfree(buf->data);
	}
	memset(buf, 0, sizeof(*buf));
}
EXPORT_SYMBOL_IF_KUNIT(ssa_buf_free);
