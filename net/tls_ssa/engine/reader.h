/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cursor through which every byte of the peer is read. A read that would
 * cross the end fails, and so does every later read on the same cursor. No
 * pointer into the peer's bytes leaves it without its length.
 */
#ifndef _TLS_SSA_ENGINE_READER_H
#define _TLS_SSA_ENGINE_READER_H

#include <linux/types.h>

/**
 * struct ssa_reader - a bounds-checked cursor
 * @data: next byte to read
 * @left: bytes from @data to the end
 * @bad: a read has failed
 */
struct ssa_reader {
	const u8 *data;
	u32 left;
	bool bad;
};

static inline void ssa_reader_init(struct ssa_reader *r, const u8 *data, u32 len)
{
	r->data = data;
	r->left = len;
	r->bad = false;
}

/* All has been read, and nothing of it failed. */
static inline bool __must_check ssa_reader_done(const struct ssa_reader *r)
{
	return !r->bad && !r->left;
}

static inline bool ssa_reader_more(const struct ssa_reader *r)
{
	return !r->bad && r->left;
}

/* @out is only set on success and then has @len bytes. */
static inline bool __must_check ssa_read_bytes(struct ssa_reader *r, const u8 **out, u32 len)
{
	if (r->bad || len > r->left) {
		r->bad = true;
		return false;
	}
	*out = r->data;
	r->data += len;
	r->left -= len;
	return true;
}

static inline bool __must_check ssa_read_u8(struct ssa_reader *r, u8 *out)
{
	const u8 *p;

	if (!ssa_read_bytes(r, &p, 1))
		return false;
	*out = p[0];
	return true;
}

static inline bool __must_check ssa_read_u16(struct ssa_reader *r, u16 *out)
{
	const u8 *p;

	if (!ssa_read_bytes(r, &p, 2))
		return false;
	*out = (u16)p[0] << 8 | p[1];
	return true;
}

static inline bool __must_check ssa_read_u24(struct ssa_reader *r, u32 *out)
{
	const u8 *p;

	if (!ssa_read_bytes(r, &p, 3))
		return false;
	*out = (u32)p[0] << 16 | (u32)p[1] << 8 | p[2];
	return true;
}

static inline bool __must_check ssa_read_u32(struct ssa_reader *r, u32 *out)
{
	const u8 *p;

	if (!ssa_read_bytes(r, &p, 4))
		return false;
	*out = (u32)p[0] << 24 | (u32)p[1] << 16 | (u32)p[2] << 8 | p[3];
	return true;
}

/* The next @len bytes as a cursor of their own. */
static inline bool __must_check ssa_read_sub(struct ssa_reader *r, struct ssa_reader *sub, u32 len)
{
	const u8 *p;

	if (!ssa_read_bytes(r, &p, len))
		return false;
	ssa_reader_init(sub, p, len);
	return true;
}

/* A vector <min..max> whose length takes one, two or three bytes (3.4). */
static inline bool __must_check ssa_read_vec8(struct ssa_reader *r, struct ssa_reader *sub,
					      u32 min, u32 max)
{
	u8 len;

	if (!ssa_read_u8(r, &len) || len < min || len > max) {
		r->bad = true;
		return false;
	}
	return ssa_read_sub(r, sub, len);
}

static inline bool __must_check ssa_read_vec16(struct ssa_reader *r, struct ssa_reader *sub,
					       u32 min, u32 max)
{
	u16 len;

	if (!ssa_read_u16(r, &len) || len < min || len > max) {
		r->bad = true;
		return false;
	}
	return ssa_read_sub(r, sub, len);
}

static inline bool __must_check ssa_read_vec24(struct ssa_reader *r, struct ssa_reader *sub,
					       u32 min, u32 max)
{
	u32 len;

	if (!ssa_read_u24(r, &len) || len < min || len > max) {
		r->bad = true;
		return false;
	}
	return ssa_read_sub(r, sub, len);
}

/* Is the 16-bit @value in what is left of @r, a list of such? */
static inline bool ssa_reader_has_u16(struct ssa_reader r, u16 value)
{
	u16 v;

	while (ssa_read_u16(&r, &v))
		if (v == value)
			return true;
	return false;
}

#endif /* _TLS_SSA_ENGINE_READER_H */
