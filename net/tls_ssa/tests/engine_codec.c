// SPDX-License-Identifier: GPL-2.0
/*
 * The cursor, the writer and the buffer under all of it.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include "engine_pair.h"

static void reader_stops_at_the_end_for_good(struct kunit *test)
{
	static const u8 data[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
	struct ssa_reader r;
	const u8 *p = NULL;
	u32 v24, v32;
	u16 v16;
	u8 v8;

	ssa_reader_init(&r, data, sizeof(data));
	KUNIT_EXPECT_TRUE(test, ssa_read_u8(&r, &v8));
	KUNIT_EXPECT_TRUE(test, ssa_read_u16(&r, &v16));
	KUNIT_EXPECT_TRUE(test, ssa_read_u24(&r, &v24));
	KUNIT_EXPECT_TRUE(test, ssa_read_u32(&r, &v32));
	KUNIT_EXPECT_EQ(test, v8, 1);
	KUNIT_EXPECT_EQ(test, v16, 0x0203);
	KUNIT_EXPECT_EQ(test, v24, 0x040506);
	KUNIT_EXPECT_EQ(test, v32, 0x0708090a);
	KUNIT_EXPECT_TRUE(test, ssa_reader_done(&r));
	KUNIT_EXPECT_FALSE(test, ssa_read_bytes(&r, &p, 1));
	KUNIT_EXPECT_FALSE(test, ssa_reader_done(&r));

	/* one failure, and what would fit fails too */
	ssa_reader_init(&r, data, 3);
	KUNIT_EXPECT_FALSE(test, ssa_read_u32(&r, &v32));
	KUNIT_EXPECT_FALSE(test, ssa_read_u8(&r, &v8));
	KUNIT_EXPECT_FALSE(test, ssa_reader_more(&r));

	/* a length that would wrap an address around */
	ssa_reader_init(&r, data, 3);
	KUNIT_EXPECT_FALSE(test, ssa_read_bytes(&r, &p, U32_MAX));
	KUNIT_EXPECT_NULL(test, p);
}

static void vectors_keep_their_bounds(struct kunit *test)
{
	static const u8 data[] = { 2, 0xaa, 0xbb, 0xcc };
	struct ssa_reader r, sub;
	u8 v;

	ssa_reader_init(&r, data, sizeof(data));
	KUNIT_ASSERT_TRUE(test, ssa_read_vec8(&r, &sub, 0, 2));
	KUNIT_EXPECT_EQ(test, sub.left, 2);
	KUNIT_EXPECT_EQ(test, r.left, 1);
	KUNIT_EXPECT_TRUE(test, ssa_read_u8(&sub, &v) && ssa_read_u8(&sub, &v));
	/* the byte after it belongs to somebody else */
	KUNIT_EXPECT_FALSE(test, ssa_read_u8(&sub, &v));

	ssa_reader_init(&r, data, sizeof(data));
	KUNIT_EXPECT_FALSE(test, ssa_read_vec8(&r, &sub, 3, 255));
	KUNIT_EXPECT_TRUE(test, r.bad);
	ssa_reader_init(&r, data, sizeof(data));
	KUNIT_EXPECT_FALSE(test, ssa_read_vec8(&r, &sub, 0, 1));
	ssa_reader_init(&r, data, 2);
	KUNIT_EXPECT_FALSE(test, ssa_read_vec8(&r, &sub, 0, 255));
	ssa_reader_init(&r, data, 1);
	KUNIT_EXPECT_FALSE(test, ssa_read_vec16(&r, &sub, 0, 0xffff));
	ssa_reader_init(&r, data, 2);
	KUNIT_EXPECT_FALSE(test, ssa_read_vec24(&r, &sub, 0, 0xffffff));
}

static void writer_puts_lengths_in_front(struct kunit *test)
{
	static const u8 want[] = { 0, 0, 6, 0, 3, 7, 8, 9, 0 };
	struct ssa_buf buf = { 0 };
	struct ssa_vec outer, inner;
	struct ssa_writer w;

	ssa_writer_init(&w, &buf, 100);
	outer = ssa_open_vec(&w, 3);
	inner = ssa_open_vec(&w, 2);
	ssa_write_u24(&w, 0x070809);
	ssa_close_vec(&w, inner);
	inner = ssa_open_vec(&w, 1);
	ssa_close_vec(&w, inner);
	ssa_close_vec(&w, outer);
	KUNIT_EXPECT_EQ(test, w.err, 0);
	KUNIT_ASSERT_EQ(test, buf.len, sizeof(want));
	KUNIT_EXPECT_MEMEQ(test, buf.data, want, sizeof(want));
	ssa_buf_free(&buf);
}

static void writer_refuses_what_does_not_fit(struct kunit *test)
{
	static const u8 zeros[300];
	struct ssa_buf buf = { 0 };
	struct ssa_writer w;
	struct ssa_vec vec;

	/* 300 bytes in a vector whose length has one */
	ssa_writer_init(&w, &buf, 1000);
	vec = ssa_open_vec(&w, 1);
	ssa_write_bytes(&w, zeros, sizeof(zeros));
	ssa_close_vec(&w, vec);
	KUNIT_EXPECT_EQ(test, w.err, -EMSGSIZE);
	ssa_buf_free(&buf);

	/* more than the limit, and then nothing more */
	ssa_writer_init(&w, &buf, 299);
	ssa_write_u8(&w, 1);
	ssa_write_bytes(&w, zeros, sizeof(zeros));
	KUNIT_EXPECT_EQ(test, w.err, -EMSGSIZE);
	ssa_write_u8(&w, 2);
	KUNIT_EXPECT_EQ(test, buf.len, 1);
	KUNIT_EXPECT_NULL(test, ssa_write_room(&w, 1));
	ssa_buf_free(&buf);
}

static void buffer_has_a_limit_and_forgets(struct kunit *test)
{
	static const u8 data[600] = { 1, 2, 3 };
	struct ssa_buf buf = { 0 };

	KUNIT_EXPECT_EQ(test, ssa_buf_append(&buf, data, sizeof(data), 599), -EMSGSIZE);
	KUNIT_EXPECT_NULL(test, buf.data);
	KUNIT_EXPECT_EQ(test, ssa_buf_append(&buf, data, sizeof(data), 600), 0);
	KUNIT_EXPECT_EQ(test, ssa_buf_append(&buf, data, 1, 600), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, ssa_buf_reserve(&buf, U32_MAX, 600), -EMSGSIZE);

	/* what is consumed counts no more */
	ssa_buf_consume(&buf, 2);
	KUNIT_EXPECT_EQ(test, ssa_buf_left(&buf), 598);
	KUNIT_EXPECT_EQ(test, ssa_buf_append(&buf, data, 2, 600), 0);
	KUNIT_EXPECT_EQ(test, ssa_buf_left(&buf), 600);
	KUNIT_EXPECT_EQ(test, ssa_buf_begin(&buf)[0], 3);
	KUNIT_EXPECT_EQ(test, ssa_buf_begin(&buf)[599], 2);

	ssa_buf_consume(&buf, 10000);
	KUNIT_EXPECT_NULL(test, buf.data);
	KUNIT_EXPECT_EQ(test, ssa_buf_left(&buf), 0);
}

static struct kunit_case engine_codec_cases[] = {
	KUNIT_CASE(reader_stops_at_the_end_for_good),
	KUNIT_CASE(vectors_keep_their_bounds),
	KUNIT_CASE(writer_puts_lengths_in_front),
	KUNIT_CASE(writer_refuses_what_does_not_fit),
	KUNIT_CASE(buffer_has_a_limit_and_forgets),
	{}
};

static struct kunit_suite engine_codec_suite = {
	.name = "ssa_engine_codec",
	.test_cases = engine_codec_cases,
};

kunit_test_suite(engine_codec_suite);
