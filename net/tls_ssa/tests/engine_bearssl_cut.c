// SPDX-License-Identifier: GPL-2.0
/*
 * Fragmentation (RFC 5246 6.2.1) against BearSSL: the handshake messages that are
 * not encrypted, in records of every size. Both sides have fixed random numbers,
 * so one handshake is recorded, and then each side plays its part again with the
 * other's recorded bytes cut anew: what it sends must be what it sent before.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include "engine_bearssl.h"

#define FLIGHTS		4	/* of the client, the server, the client, the server */
#define FLIGHT_MAX	(4 * SSA_OUT_MAX)

/**
 * struct tape - a recorded handshake
 * @p: our side of it
 * @hs: the present handshake of ours
 * @b: BearSSL's side of it
 * @random: state of our random numbers
 * @flight: what was sent
 * @out: what is being sent now
 * @cut: a flight as it is cut now
 */
struct tape {
	struct pair *p;
	struct ssa_hs *hs;
	struct bear *b;
	u32 random;
	struct ssa_buf flight[FLIGHTS];
	struct ssa_buf out;
	struct ssa_buf cut;
};

/* The minimal standard of Park and Miller: the same numbers each time */
static void tape_random(void *ctx, void *buf, size_t len)
{
	u32 *state = ctx;
	u8 *out = buf;

	while (len--) {
		*state = (u64)*state * 48271 % 0x7fffffff;
		*out++ = *state >> 8;
	}
}

static void tape_exit(void *data)
{
	struct tape *t = data;
	u32 i;

	ssa_hs_free(t->hs);
	for (i = 0; i < FLIGHTS; i++)
		ssa_buf_free(&t->flight[i]);
	ssa_buf_free(&t->out);
	ssa_buf_free(&t->cut);
}

/* Our side, as new: with the same random numbers */
static void tape_restart(struct kunit *test, struct tape *t, bool server)
{
	ssa_hs_free(t->hs);
	t->random = 1;
	t->hs = ssa_hs_new(server ? &t->p->server_cfg : &t->p->client_cfg);
	if (IS_ERR(t->hs))
		t->hs = NULL;
	KUNIT_ASSERT_NOT_NULL(test, t->hs);
	KUNIT_ASSERT_EQ(test, ssa_hs_start(t->hs), server ? SSA_WANT_READ : SSA_WANT_WRITE);
}

/* What our side has to send, moved to @out */
static void our_output(struct kunit *test, struct tape *t, struct ssa_buf *out)
{
	size_t len;
	const u8 *data = ssa_hs_output(t->hs, &len);

	KUNIT_ASSERT_EQ(test, ssa_buf_append(out, data, len, FLIGHT_MAX), 0);
	ssa_hs_output_done(t->hs, len);
}

/* A handshake of our client or server with BearSSL's other side, recorded */
static struct tape *tape_new(struct kunit *test, enum pair_key key, bool server)
{
	struct tape *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	struct ssa_hs_config *cfg;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, t);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, tape_exit, t), 0);
	t->p = pair_new(test, key);
	cfg = server ? &t->p->server_cfg : &t->p->client_cfg;
	cfg->min_version = SSA_TLS12;
	cfg->max_version = SSA_TLS12;
	cfg->without_ems = true;
	cfg->rng.fill = tape_random;
	cfg->rng.ctx = &t->random;
	t->b = server ? bear_client(test, t->p, 0) : bear_server(test, t->p, key, 0);
	tape_restart(test, t, server);

	for (i = 0; i < FLIGHTS; i++) {
		struct ssa_buf *flight = &t->flight[i];

		if ((i % 2 == 0) == server) {
			bear_output(test, t->b, flight);
			KUNIT_ASSERT_NE(test, ssa_buf_left(flight), 0);
			feed(test, t->hs, ssa_buf_begin(flight), ssa_buf_left(flight));
			KUNIT_ASSERT_EQ(test, ssa_hs_reason(t->hs), SSA_R_NONE);
		} else {
			our_output(test, t, flight);
			KUNIT_ASSERT_NE(test, ssa_buf_left(flight), 0);
			bear_input(test, t->b, ssa_buf_begin(flight), ssa_buf_left(flight));
			KUNIT_ASSERT_EQ(test, bear_error(t->b), BR_ERR_OK);
		}
	}
	KUNIT_ASSERT_EQ(test, ssa_hs_output_done(t->hs, 0), SSA_DONE);
	KUNIT_ASSERT_TRUE(test, bear_connected(t->b));
	return t;
}

/* --------------------------------------------------------------- the scissors */

/**
 * struct scissors - how to cut
 * @size: bytes of each record
 * @once: only the first record has this size, and the second has the rest
 */
struct scissors {
	u32 size;
	bool once;
};

static u32 record_len(const struct ssa_reader *in)
{
	return SSA_RECORD_HEADER_LEN + get_unaligned_be16(in->data + 3);
}

/*
 * The plaintext handshake messages of a flight, without their headers, and what
 * comes after them: a change_cipher_spec and all that is encrypted.
 */
static void messages_of(struct kunit *test, const struct ssa_buf *flight, struct ssa_buf *messages,
			struct ssa_reader *rest)
{
	u32 len;

	ssa_reader_init(rest, ssa_buf_begin(flight), ssa_buf_left(flight));
	while (ssa_reader_more(rest) && rest->data[0] == SSA_CT_HANDSHAKE) {
		len = record_len(rest);
		KUNIT_ASSERT_EQ(test, ssa_buf_append(messages, rest->data + SSA_RECORD_HEADER_LEN,
						     len - SSA_RECORD_HEADER_LEN, FLIGHT_MAX), 0);
		rest->data += len;
		rest->left -= len;
	}
}

/* How many plaintext bytes there are in a flight */
static u32 messages_len(struct kunit *test, const struct ssa_buf *flight)
{
	struct ssa_buf messages = { 0 };
	struct ssa_reader rest;
	u32 len;

	messages_of(test, flight, &messages, &rest);
	len = ssa_buf_left(&messages);
	ssa_buf_free(&messages);
	return len;
}

static void cut_flight(struct kunit *test, struct tape *t, u32 flight, const struct scissors *s)
{
	struct ssa_record_keys plain = { 0 };
	struct ssa_buf messages = { 0 };
	struct ssa_reader rest;
	u32 len, pieces = 0;

	ssa_buf_free(&t->cut);
	messages_of(test, &t->flight[flight], &messages, &rest);
	while ((len = ssa_buf_left(&messages))) {
		if (!s->once || !pieces++)
			len = min(len, s->size);
		KUNIT_ASSERT_EQ(test, ssa_record_put(&t->cut, &plain, SSA_CT_HANDSHAKE, SSA_TLS12,
						     ssa_buf_begin(&messages), len), 0);
		ssa_buf_consume(&messages, len);
	}
	KUNIT_ASSERT_EQ(test, ssa_buf_append(&t->cut, rest.data, rest.left, FLIGHT_MAX), 0);
	ssa_buf_free(&messages);
}

static void expect_flight(struct kunit *test, struct tape *t, u32 flight, const struct scissors *s)
{
	struct ssa_buf *want = &t->flight[flight];

	KUNIT_ASSERT_EQ_MSG(test, ssa_buf_left(&t->out), ssa_buf_left(want),
			    "flight %u, records of %u bytes", flight, s->size);
	KUNIT_ASSERT_EQ_MSG(test, memcmp(ssa_buf_begin(&t->out), ssa_buf_begin(want),
					 ssa_buf_left(want)), 0,
			    "flight %u, records of %u bytes", flight, s->size);
	ssa_buf_free(&t->out);
}

/* ----------------------------------------------------------------- playing */

/* Our side against the recorded flights of BearSSL */
static void we_play(struct kunit *test, struct tape *t, const struct scissors *s)
{
	bool server = t->hs->cfg.server;
	u32 i;

	tape_restart(test, t, server);
	for (i = 0; i < FLIGHTS; i++) {
		if ((i % 2 == 0) == server) {
			cut_flight(test, t, i, s);
			feed(test, t->hs, ssa_buf_begin(&t->cut), ssa_buf_left(&t->cut));
			KUNIT_ASSERT_EQ_MSG(test, ssa_hs_reason(t->hs), SSA_R_NONE,
					    "flight %u, records of %u bytes", i, s->size);
		} else {
			our_output(test, t, &t->out);
			expect_flight(test, t, i, s);
		}
	}
	KUNIT_ASSERT_EQ(test, ssa_hs_output_done(t->hs, 0), SSA_DONE);
}

/* BearSSL's side against ours */
static void bear_plays(struct kunit *test, struct tape *t, const struct scissors *s)
{
	bool server = !t->hs->cfg.server;
	u32 i;

	if (server)
		bear_server_start(test, t->b, 0);
	else
		bear_client_start(test, t->b, t->p, 0);
	for (i = 0; i < FLIGHTS; i++) {
		if ((i % 2 == 0) == server) {
			cut_flight(test, t, i, s);
			bear_input(test, t->b, ssa_buf_begin(&t->cut), ssa_buf_left(&t->cut));
			KUNIT_ASSERT_EQ_MSG(test, bear_error(t->b), BR_ERR_OK,
					    "flight %u, records of %u bytes", i, s->size);
		} else {
			bear_output(test, t->b, &t->out);
			expect_flight(test, t, i, s);
		}
	}
	KUNIT_ASSERT_TRUE(test, bear_connected(t->b));
}

/*
 * A case has 5 minutes. Under KASAN a handshake takes several times as long, so
 * beyond the sizes in which the messages' own fields are cut, not each is tried.
 */
#define STRIDE		(IS_ENABLED(CONFIG_KASAN) ? 16 : 1)
#define STRIDE_FROM	128

/*
 * Records of 1 byte, of 2 bytes, and so on until the longest flight is one
 * record; and each flight cut in two, once at every byte.
 */
static void cut_everywhere(struct kunit *test, struct tape *t, bool server_flight,
			   void (*play)(struct kunit *test, struct tape *t,
					const struct scissors *s))
{
	u32 first = server_flight ? 1 : 0;
	struct scissors s = { .size = 1 };
	u32 longest, played = 0;

	longest = max(messages_len(test, &t->flight[first]),
		      messages_len(test, &t->flight[first + 2]));
	while (s.size <= longest) {
		s.once = false;
		play(test, t, &s);
		played++;
		/* from the middle on, both are the same */
		if (2 * s.size < longest) {
			s.once = true;
			play(test, t, &s);
			played++;
		}
		s.size += s.size < STRIDE_FROM ? 1 : STRIDE;
	}
	kunit_info(test, "%u handshakes, %u bytes", played, longest);
}

static void our_client_takes_its_flight_in_any_records(struct kunit *test)
{
	cut_everywhere(test, tape_new(test, PAIR_RSA, false), true, we_play);
}

static void our_server_takes_its_flights_in_any_records(struct kunit *test)
{
	cut_everywhere(test, tape_new(test, PAIR_P256, true), false, we_play);
}

static void bearssl_takes_our_server_flight_in_any_records(struct kunit *test)
{
	cut_everywhere(test, tape_new(test, PAIR_RSA, true), true, bear_plays);
}

static void bearssl_takes_our_client_flights_in_any_records(struct kunit *test)
{
	cut_everywhere(test, tape_new(test, PAIR_P256, false), false, bear_plays);
}

static struct kunit_case engine_bearssl_cut_cases[] = {
	KUNIT_CASE_SLOW(our_client_takes_its_flight_in_any_records),
	KUNIT_CASE_SLOW(our_server_takes_its_flights_in_any_records),
	KUNIT_CASE_SLOW(bearssl_takes_our_server_flight_in_any_records),
	KUNIT_CASE_SLOW(bearssl_takes_our_client_flights_in_any_records),
	{}
};

static struct kunit_suite engine_bearssl_cut_suite = {
	.name = "ssa_engine_bearssl_cut",
	.test_cases = engine_bearssl_cut_cases,
};

kunit_test_suite(engine_bearssl_cut_suite);
