// SPDX-License-Identifier: GPL-2.0
/*
 * Private keys on the stack: after a key was read, and after a signature, nothing of the
 * secret numbers is left where the calls had their local variables. Looked for are the bytes
 * of the number as they are in the file, from the other end, and as big numbers of
 * 31 and 62 bits a word, as BearSSL has them.
 */
#include <kunit/test.h>
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "key_vectors.h"

#define PIECE		896	/* bytes of stack that one frame looks at */
#define PIECES		8
#define SECRET_MAX	128
#define NEEDLE		12	/* bytes */
#define NEEDLES		160

/* A frame of an instrumented kernel, or of the host's sanitizers, is laid out anew. */
#ifdef __SANITIZE_ADDRESS__
#define SEEN		false
#else
#define SEEN		(!IS_ENABLED(CONFIG_KASAN) && !IS_ENABLED(CONFIG_INIT_STACK_ALL_ZERO) && \
			 !IS_ENABLED(CONFIG_INIT_STACK_ALL_PATTERN))
#endif

static const struct stack_param {
	const char	*name;
	unsigned int	key;	/* in good_keys[] */
	u16		scheme;
	struct bytes	before;	/* in front of the secret number, in the key's DER */
	size_t		len;
} stack_params[] = {
	{ "P-256", 4, SSA_SIG_ECDSA_SECP256R1_SHA256, BYTES("\x04\x20"), 32 },
	{ "P-384", 6, SSA_SIG_ECDSA_SECP384R1_SHA384, BYTES("\x04\x30"), 48 },
	{ "P-521", 13, SSA_SIG_ECDSA_SECP521R1_SHA512, BYTES("\x04\x42"), 66 },
	{ "RSA-2048 PSS, p", 0, SSA_SIG_RSA_PSS_RSAE_SHA256, BYTES("\x02\x81\x81\x00"), 128 },
	{ "RSA-2048 PKCS#1, p", 0, SSA_SIG_RSA_PKCS1_SHA256, BYTES("\x02\x81\x81\x00"), 128 },
};

KUNIT_ARRAY_PARAM_DESC(stack, stack_params, name);

/**
 * struct needles - what is looked for
 * @count: how many there are
 * @bytes: each
 */
struct needles {
	unsigned int	count;
	u8		bytes[NEEDLES][NEEDLE];
};

static void add(struct needles *n, const u8 *bytes)
{
	if (n->count < NEEDLES)
		memcpy(n->bytes[n->count++], bytes, NEEDLE);
}

/* @bits from bit @at on of a number, which is given from its lowest byte on */
static u64 bits_of(const u8 *number, size_t len, size_t at, unsigned int bits)
{
	u64 value = 0;
	unsigned int i;

	for (i = 0; i < bits && (at + i) / 8 < len; i++)
		value |= (u64)(number[(at + i) / 8] >> (at + i) % 8 & 1) << i;
	return value;
}

static void learn(struct needles *n, const u8 *secret, size_t len)
{
	u8 turned[SECRET_MAX];
	size_t i;

	for (i = 0; i < len; i++)
		turned[i] = secret[len - 1 - i];
	for (i = 0; i + NEEDLE <= len; i += NEEDLE) {
		add(n, secret + i);
		add(n, turned + i);
	}
	for (i = 0; i + 3 * 31 <= 8 * len; i += 31) {
		u32 words[3] = { bits_of(turned, len, i, 31), bits_of(turned, len, i + 31, 31),
				 bits_of(turned, len, i + 62, 31) };

		add(n, (const u8 *)words);
	}
	for (i = 0; i + 2 * 62 <= 8 * len; i += 62) {
		u64 words[2] = { bits_of(turned, len, i, 62), bits_of(turned, len, i + 62, 62) };

		add(n, (const u8 *)words);
	}
}

static __always_inline bool is_at(const u8 *p, const struct needles *n)
{
	unsigned int i, j;

	for (i = 0; i < n->count; i++) {
		for (j = 0; j < NEEDLE && p[j] == n->bytes[i][j]; j++)
			;
		if (j == NEEDLE)
			return true;
	}
	return false;
}

/* Looks at what others have left where its own array is, before it calls anything. */
static noinline unsigned int left_over(const struct needles *n, unsigned int more)
{
	u8 dead[PIECE];
	const u8 *p = dead;
	unsigned int found = 0, i;

	OPTIMIZER_HIDE_VAR(p);
	for (i = 0; i + NEEDLE <= PIECE; i++)
		found += is_at(p + i, n);
	if (more)
		found += left_over(n, more - 1);
	OPTIMIZER_HIDE_VAR(p);
	return found;
}

/* Leaves something, in the same places. */
static noinline void leave(const struct needles *n, unsigned int more)
{
	u8 dead[PIECE];
	u8 *p = dead;
	unsigned int i;

	OPTIMIZER_HIDE_VAR(p);
	for (i = 0; i < NEEDLE; i++)
		p[PIECE / 2 + i] = n->bytes[0][i];
	OPTIMIZER_HIDE_VAR(p);
	if (more)
		leave(n, more - 1);
	OPTIMIZER_HIDE_VAR(p);
}

static struct needles *secret_of(struct kunit *test, const struct stack_param *param)
{
	const struct bytes *der = &good_keys[param->key].der;
	struct needles *n = kunit_kzalloc(test, sizeof(*n), GFP_KERNEL);
	size_t i;

	KUNIT_ASSERT_NOT_NULL(test, n);
	for (i = 0; i + param->before.len + param->len <= der->len; i++) {
		if (!memcmp(der->p + i, param->before.p, param->before.len)) {
			learn(n, der->p + i + param->before.len, param->len);
			break;
		}
	}
	KUNIT_ASSERT_GT(test, n->count, 4u);
	return n;
}

static void what_is_left_is_found(struct kunit *test)
{
	const struct stack_param *param = test->param_value;
	struct needles *n = secret_of(test, param);

	if (!SEEN)
		kunit_skip(test, "the compiler has its own idea of the stack");
	leave(n, PIECES - 1);
	KUNIT_EXPECT_GT(test, left_over(n, PIECES - 1), 0u);
}

static void nothing_of_a_key_is_left(struct kunit *test)
{
	const struct stack_param *param = test->param_value;
	const struct bytes *der = &good_keys[param->key].der;
	u8 *sig = kunit_kzalloc(test, SSA_SIGNATURE_MAX, GFP_KERNEL);
	struct needles *n = secret_of(test, param);
	struct ssa_private_key *key;
	unsigned int read, signing;
	size_t len;
	int err;

	if (!SEEN)
		kunit_skip(test, "the compiler has its own idea of the stack");
	KUNIT_ASSERT_NOT_NULL(test, sig);
	key = ssa_private_key_parse(der->p, der->len);
	read = left_over(n, PIECES - 1);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, key);
	err = ssa_sign(key, param->scheme, "abc", 3, &ssa_kernel_rng, sig, &len);
	signing = left_over(n, PIECES - 1);
	ssa_private_key_free(key);
	KUNIT_EXPECT_EQ(test, err, 0);
	KUNIT_EXPECT_EQ(test, read, 0u);
	KUNIT_EXPECT_EQ(test, signing, 0u);
}

static struct kunit_case stack_cases[] = {
	KUNIT_CASE_PARAM(what_is_left_is_found, stack_gen_params),
	KUNIT_CASE_PARAM(nothing_of_a_key_is_left, stack_gen_params),
	{}
};

BACKEND_SUITE(ssa_stack_bearssl, "ssa_stack", test_on_bearssl, stack_cases);
BACKEND_SUITE(ssa_stack_s2n, "ssa_stack_s2n", test_on_s2n, stack_cases);
BACKEND_SUITE(ssa_stack_s2n_alt, "ssa_stack_s2n_alt", test_on_s2n_alt, stack_cases);

kunit_test_suites(&ssa_stack_bearssl, &ssa_stack_s2n, &ssa_stack_s2n_alt);
