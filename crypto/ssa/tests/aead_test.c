// SPDX-License-Identifier: GPL-2.0
/*
 * AEAD of handshake records.
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "aead_vectors.h"

#define PLAIN_MAX	(SSA_AEAD_LEN_MAX - SSA_AEAD_TAG_LEN)

KUNIT_ARRAY_PARAM_DESC(aead, aead_vectors, name);

static void free_aead(void *a)
{
	ssa_aead_free(a);
}

static void free_vmalloc(void *p)
{
	vfree(p);
}

static struct ssa_aead *new_aead(struct kunit *test, const struct aead_vector *v)
{
	struct ssa_aead *a;

	KUNIT_ASSERT_EQ(test, ssa_aead_key_size(v->id), v->key.len);
	a = ssa_aead_new(v->id, v->key.p);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, a);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_aead, a), 0);
	return a;
}

static u8 *new_vmalloc(struct kunit *test, size_t len)
{
	u8 *p = vmalloc(len);

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_vmalloc, p), 0);
	return p;
}

static void seal_is_the_known_one(struct kunit *test)
{
	const struct aead_vector *v = test->param_value;
	struct ssa_aead *a = new_aead(test, v);
	u8 *buf = kunit_kmalloc(test, v->sealed.len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, buf);
	memcpy(buf, v->plain.p, v->plain.len);
	KUNIT_ASSERT_EQ(test, ssa_aead_seal(a, v->nonce.p, v->aad.p, v->aad.len,
					    buf, v->plain.len), 0);
	KUNIT_EXPECT_MEMEQ(test, buf, v->sealed.p, v->sealed.len);
	KUNIT_ASSERT_EQ(test, ssa_aead_open(a, v->nonce.p, v->aad.p, v->aad.len,
					    buf, v->sealed.len), 0);
	KUNIT_EXPECT_MEMEQ(test, buf, v->plain.p, v->plain.len);
}

/* the same over the border of two pages that are not neighbours */
static void vmalloc_and_page_border_make_no_difference(struct kunit *test)
{
	const struct aead_vector *v = test->param_value;
	struct ssa_aead *a = new_aead(test, v);
	u8 *pages = new_vmalloc(test, 2 * PAGE_SIZE);
	size_t before;

	for (before = 0; before <= v->sealed.len; before++) {
		u8 *buf = pages + PAGE_SIZE - before;

		memcpy(buf, v->plain.p, v->plain.len);
		KUNIT_ASSERT_EQ(test, ssa_aead_seal(a, v->nonce.p, v->aad.p, v->aad.len,
						    buf, v->plain.len), 0);
		KUNIT_ASSERT_MEMEQ(test, buf, v->sealed.p, v->sealed.len);
		KUNIT_ASSERT_EQ(test, ssa_aead_open(a, v->nonce.p, v->aad.p, v->aad.len,
						    buf, v->sealed.len), 0);
		KUNIT_ASSERT_MEMEQ(test, buf, v->plain.p, v->plain.len);
	}
}

static void full_record_in_any_memory(struct kunit *test)
{
	const struct aead_vector *v = test->param_value;
	struct ssa_aead *a = new_aead(test, v);
	size_t len = SSA_AEAD_LEN_MAX, i;
	u8 *one = kunit_kmalloc(test, len, GFP_KERNEL);
	u8 *two = new_vmalloc(test, len + PAGE_SIZE) + PAGE_SIZE - 1;

	KUNIT_ASSERT_NOT_NULL(test, one);
	for (i = 0; i < PLAIN_MAX; i++)
		one[i] = i * 7;
	memcpy(two, one, PLAIN_MAX);

	KUNIT_ASSERT_EQ(test, ssa_aead_seal(a, v->nonce.p, v->aad.p, v->aad.len,
					    one, PLAIN_MAX), 0);
	KUNIT_ASSERT_EQ(test, ssa_aead_seal(a, v->nonce.p, v->aad.p, v->aad.len,
					    two, PLAIN_MAX), 0);
	KUNIT_ASSERT_MEMEQ(test, one, two, len);
	KUNIT_ASSERT_EQ(test, ssa_aead_open(a, v->nonce.p, v->aad.p, v->aad.len, two, len), 0);
	for (i = 0; i < PLAIN_MAX; i++)
		KUNIT_ASSERT_EQ(test, two[i], (u8)(i * 7));
}

/* one changed bit at a time: ciphertext, tag, additional data, nonce */
static void any_change_is_refused(struct kunit *test)
{
	const struct aead_vector *v = test->param_value;
	struct ssa_aead *a = new_aead(test, v);
	u8 *buf = kunit_kmalloc(test, v->sealed.len, GFP_KERNEL);
	u8 aad[64], nonce[SSA_AEAD_NONCE_LEN];
	size_t i;

	KUNIT_ASSERT_NOT_NULL(test, buf);
	KUNIT_ASSERT_LE(test, v->aad.len, sizeof(aad));
	memcpy(aad, v->aad.p, v->aad.len);
	memcpy(nonce, v->nonce.p, sizeof(nonce));

	for (i = 0; i < v->sealed.len; i++) {
		memcpy(buf, v->sealed.p, v->sealed.len);
		buf[i] ^= 1 << i % 8;
		KUNIT_EXPECT_EQ(test, ssa_aead_open(a, nonce, aad, v->aad.len,
						    buf, v->sealed.len), -EBADMSG);
	}
	for (i = 0; i < v->aad.len; i++) {
		memcpy(buf, v->sealed.p, v->sealed.len);
		aad[i] ^= 1 << i % 8;
		KUNIT_EXPECT_EQ(test, ssa_aead_open(a, nonce, aad, v->aad.len,
						    buf, v->sealed.len), -EBADMSG);
		aad[i] ^= 1 << i % 8;
	}
	for (i = 0; i < sizeof(nonce); i++) {
		memcpy(buf, v->sealed.p, v->sealed.len);
		nonce[i] ^= 1 << i % 8;
		KUNIT_EXPECT_EQ(test, ssa_aead_open(a, nonce, aad, v->aad.len,
						    buf, v->sealed.len), -EBADMSG);
		nonce[i] ^= 1 << i % 8;
	}
	memcpy(buf, v->sealed.p, v->sealed.len);
	KUNIT_EXPECT_EQ(test, ssa_aead_open(a, nonce, aad, v->aad.len, buf, v->sealed.len), 0);
}

static void any_shorter_text_is_refused(struct kunit *test)
{
	const struct aead_vector *v = test->param_value;
	struct ssa_aead *a = new_aead(test, v);
	u8 *buf = kunit_kmalloc(test, v->sealed.len, GFP_KERNEL);
	size_t len;

	KUNIT_ASSERT_NOT_NULL(test, buf);
	for (len = 0; len < v->sealed.len; len++) {
		memcpy(buf, v->sealed.p, v->sealed.len);
		KUNIT_EXPECT_EQ(test, ssa_aead_open(a, v->nonce.p, v->aad.p, v->aad.len,
						    buf, len), -EBADMSG);
	}
}

static void lengths_beyond_a_record_are_refused(struct kunit *test)
{
	const struct aead_vector *v = &aead_vectors[0];
	struct ssa_aead *a = new_aead(test, v);
	u8 *buf = new_vmalloc(test, SSA_AEAD_LEN_MAX + 1);
	u8 aad[SSA_AEAD_AAD_MAX + 1] = {};

	memset(buf, 0, SSA_AEAD_LEN_MAX + 1);
	KUNIT_EXPECT_EQ(test, ssa_aead_seal(a, v->nonce.p, aad, SSA_AEAD_AAD_MAX, buf, 1), 0);
	KUNIT_EXPECT_EQ(test, ssa_aead_seal(a, v->nonce.p, aad, SSA_AEAD_AAD_MAX + 1, buf, 1),
			-EMSGSIZE);
	KUNIT_EXPECT_EQ(test, ssa_aead_seal(a, v->nonce.p, aad, 0, buf, PLAIN_MAX), 0);
	KUNIT_EXPECT_EQ(test, ssa_aead_seal(a, v->nonce.p, aad, 0, buf, PLAIN_MAX + 1),
			-EMSGSIZE);
	KUNIT_EXPECT_EQ(test, ssa_aead_open(a, v->nonce.p, aad, 0, buf, SSA_AEAD_LEN_MAX + 1),
			-EMSGSIZE);
}

static void freeing_nothing_is_fine(struct kunit *test)
{
	ssa_aead_free(NULL);
}

static struct kunit_case ssa_aead_cases[] = {
	KUNIT_CASE_PARAM(seal_is_the_known_one, aead_gen_params),
	KUNIT_CASE_PARAM(vmalloc_and_page_border_make_no_difference, aead_gen_params),
	KUNIT_CASE_PARAM(full_record_in_any_memory, aead_gen_params),
	KUNIT_CASE_PARAM(any_change_is_refused, aead_gen_params),
	KUNIT_CASE_PARAM(any_shorter_text_is_refused, aead_gen_params),
	KUNIT_CASE(lengths_beyond_a_record_are_refused),
	KUNIT_CASE(freeing_nothing_is_fine),
	{}
};

static struct kunit_suite ssa_aead_suite = {
	.name = "ssa_aead",
	.test_cases = ssa_aead_cases,
};

kunit_test_suite(ssa_aead_suite);
