// SPDX-License-Identifier: GPL-2.0-only
/*
 * PEM: what is decoded, to which bytes, and what is refused.
 */
#include "../cert/pem.h"
#include "cert_helpers.h"

#define BEGIN	"-----BEGIN TEST-----\n"
#define END	"-----END TEST-----\n"

struct pem_case {
	const char *what;
	const char *text;
	int ret;
	const char *der;
	size_t len;
};

static const struct pem_case texts[] = {
	{ "three_bytes", BEGIN "Zm9v\n" END, 1, "foo", 3 },
	{ "two_bytes", BEGIN "Zm8=\n" END, 1, "fo", 2 },
	{ "one_byte", BEGIN "Zg==\n" END, 1, "f", 1 },
	{ "all_digits",
	  BEGIN "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/\n" END, 1,
	  "\x00\x10\x83\x10\x51\x87\x20\x92\x8b\x30\xd3\x8f"
	  "\x41\x14\x93\x51\x55\x97\x61\x96\x9b\x71\xd7\x9f"
	  "\x82\x18\xa3\x92\x59\xa7\xa2\x9a\xab\xb2\xdb\xaf"
	  "\xc3\x1c\xb3\xd3\x5d\xb7\xe3\x9e\xbb\xf3\xdf\xbf", 48 },
	{ "two_lines", BEGIN "Zm\n9v\n" END, 1, "foo", 3 },
	{ "crlf", "-----BEGIN TEST-----\r\nZm9v\r\n-----END TEST-----\r\n", 1, "foo", 3 },
	{ "spaces", BEGIN " Zm 9v\t\n\n" END, 1, "foo", 3 },
	{ "space_after_dash", "-----BEGIN TEST-----\t\nZm9v\n-----END TEST-----\v", 1, "foo", 3 },
	{ "no_final_newline", BEGIN "Zm9v\n-----END TEST-----", 1, "foo", 3 },
	{ "text_before", "# a comment\n\nroot:\n" BEGIN "Zm9v\n" END, 1, "foo", 3 },
	{ "empty", "", 0 },
	{ "text_only", "no object\nhere\n", 0 },
	{ "begin_inside_a_line", "x " BEGIN "Zm9v\n", 0 },
	{ "no_end", BEGIN "Zm9v\n", -EINVAL },
	{ "no_newline_after_begin", "-----BEGIN TEST-----", -EINVAL },
	{ "base64_after_begin", "-----BEGIN TEST-----Zm9v\n" END, -EINVAL },
	{ "other_end", BEGIN "Zm9v\n-----END OTHER-----\n", -EINVAL },
	{ "text_after_end", BEGIN "Zm9v\n-----END TEST-----x\n", -EINVAL },
	{ "end_only", END, -EINVAL },
	{ "nested", BEGIN BEGIN "Zm9v\n" END, -EINVAL },
	{ "nothing_inside", BEGIN END, -EINVAL },
	{ "no_label", "-----BEGIN -----\nZm9v\n-----END -----\n", -EINVAL },
	{ "long_label", "-----BEGIN AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA-----\nZm9v\n", -EINVAL },
	{ "label_without_dashes", "-----BEGIN TEST\nZm9v\n" END, -EINVAL },
	{ "bad_digit", BEGIN "Zm9*\n" END, -EINVAL },
	{ "url_digit", BEGIN "Zm9_\n" END, -EINVAL },
	{ "high_digit", BEGIN "Zm9\xe9\n" END, -EINVAL },
	{ "dash_inside", BEGIN "Zm-v\n" END, -EINVAL },
	{ "one_digit", BEGIN "Z\n" END, -EINVAL },
	{ "two_digits", BEGIN "Zg\n" END, -EINVAL },
	{ "three_digits", BEGIN "Zm8\n" END, -EINVAL },
	{ "pad_too_short", BEGIN "Zg=\n" END, -EINVAL },
	{ "pad_too_long", BEGIN "Zg===\n" END, -EINVAL },
	{ "pad_after_group", BEGIN "Zm9v=\n" END, -EINVAL },
	{ "pad_only", BEGIN "====\n" END, -EINVAL },
	{ "digits_after_pad", BEGIN "Zg==ZgZg\n" END, -EINVAL },
	{ "pad_inside", BEGIN "Zg==Zg==\n" END, -EINVAL },
	{ "left_over_bits_of_two", BEGIN "Zh==\n" END, -EINVAL },
	{ "left_over_bits_of_three", BEGIN "Zm9=\n" END, -EINVAL },
	{ "encrypted", BEGIN "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES\n\nZm9v\n" END, -EOPNOTSUPP },
	{ "other_header", BEGIN "Comment: x\n\nZm9v\n" END, -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(texts, texts, what);

static void text_is_decoded(struct kunit *test)
{
	const struct pem_case *c = test->param_value;
	size_t len = strlen(c->text);
	/* ends where the text ends, so that reading on is seen */
	char *text = kunit_kmalloc(test, len ?: 1, GFP_KERNEL);
	u8 *der = kunit_kmalloc(test, 48, GFP_KERNEL);
	struct ssa_pem_object obj = { .der = der, .size = 48 };
	struct ssa_pem pem;

	KUNIT_ASSERT_NOT_NULL(test, text);
	KUNIT_ASSERT_NOT_NULL(test, der);
	memcpy(text, c->text, len);
	ssa_pem_init(&pem, text, len);

	KUNIT_ASSERT_EQ(test, ssa_pem_next(&pem, &obj), c->ret);
	if (c->ret != 1)
		return;
	KUNIT_EXPECT_STREQ(test, obj.label, "TEST");
	KUNIT_ASSERT_EQ(test, obj.len, c->len);
	KUNIT_EXPECT_MEMEQ(test, obj.der, (const u8 *)c->der, c->len);
	KUNIT_EXPECT_EQ(test, ssa_pem_next(&pem, &obj), 0);
}

static void objects_follow_each_other(struct kunit *test)
{
	static const char text[] = "1\n" BEGIN "Zm9v\n" END "2\0\n" BEGIN "YmFy\n" END "3\n";
	u8 der[3];
	struct ssa_pem_object obj = { .der = der, .size = sizeof(der) };
	struct ssa_pem pem;

	ssa_pem_init(&pem, text, sizeof(text));
	KUNIT_ASSERT_EQ(test, ssa_pem_next(&pem, &obj), 1);
	KUNIT_EXPECT_MEMEQ(test, der, (const u8 *)"foo", 3);
	KUNIT_ASSERT_EQ(test, ssa_pem_next(&pem, &obj), 1);
	KUNIT_EXPECT_MEMEQ(test, der, (const u8 *)"bar", 3);
	KUNIT_EXPECT_EQ(test, ssa_pem_next(&pem, &obj), 0);
}

static void room_is_respected(struct kunit *test)
{
	static const char *const text[] = {
		BEGIN "Zm9v\n" END, BEGIN "Zm8=\n" END, BEGIN "Zg==\n" END,
	};
	size_t i, room;

	for (i = 0; i < ARRAY_SIZE(text); i++) {
		for (room = 0; room < 4; room++) {
			u8 *der = kmalloc(room, GFP_KERNEL);
			struct ssa_pem_object obj = { .der = der, .size = room };
			struct ssa_pem pem;

			ssa_pem_init(&pem, text[i], strlen(text[i]));
			KUNIT_EXPECT_EQ_MSG(test, ssa_pem_next(&pem, &obj),
					    room >= 3 - i ? 1 : -E2BIG, "%zu in %zu", 3 - i, room);
			kfree(der);
		}
	}
}

/* What is not taken is passed over, and its form judged all the same. */
static void cursor_is_behind_what_is_not_taken(struct kunit *test)
{
	static const struct {
		const char *text;
		int ret;
	} texts[] = {
		{ BEGIN "Zm9vYmFy\n" END, -E2BIG },
		{ BEGIN "Zm9vYmE=\n" END, -E2BIG },
		{ BEGIN "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES\n\nZm9v\n" END, -EOPNOTSUPP },
		{ BEGIN "Zm9vYm*y\n" END, -EINVAL },
		{ BEGIN "Zm9vYmFy\n-----END OTHER-----\n", -EINVAL },
		{ BEGIN "Zm9vYmFy\n", -EINVAL },
		{ BEGIN "Proc-Type: 4,ENCRYPTED\n\nZm9v\n-----END OTHER-----\n", -EINVAL },
		{ BEGIN "Proc-Type: 4,ENCRYPTED\n\nZm9v\n", -EINVAL },
		{ BEGIN "Proc-Type: 4,ENCRYPTED\n\n" BEGIN "Zm9v\n" END, -EINVAL },
	};
	char text[160], *copy;
	u8 der[3];
	struct ssa_pem_object obj = { .der = der, .size = sizeof(der) };
	struct ssa_pem pem;
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		len = snprintf(text, sizeof(text), "%s%s", texts[i].text,
			       texts[i].ret == -EINVAL ? "" : BEGIN "YmFy\n" END);
		copy = kunit_kmalloc(test, len, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, copy);
		memcpy(copy, text, len);
		ssa_pem_init(&pem, copy, len);
		KUNIT_EXPECT_EQ_MSG(test, ssa_pem_next(&pem, &obj), texts[i].ret, "%zu", i);
		if (texts[i].ret == -EINVAL)
			continue;
		KUNIT_ASSERT_EQ_MSG(test, ssa_pem_next(&pem, &obj), 1, "%zu", i);
		KUNIT_EXPECT_MEMEQ(test, der, (const u8 *)"bar", 3);
	}
}

static struct kunit_case pem_cases[] = {
	KUNIT_CASE_PARAM(text_is_decoded, texts_gen_params),
	KUNIT_CASE(objects_follow_each_other),
	KUNIT_CASE(room_is_respected),
	KUNIT_CASE(cursor_is_behind_what_is_not_taken),
	{}
};

static struct kunit_suite pem_suite = {
	.name = "tls_ssa_cert_pem",
	.test_cases = pem_cases,
};

kunit_test_suite(pem_suite);
