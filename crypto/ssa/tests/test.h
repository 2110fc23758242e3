/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests of crypto/ssa/ share. Vectors stand in *_vectors.h.
 */
#ifndef _SSA_TEST_H
#define _SSA_TEST_H

#include <kunit/test.h>
#include <linux/types.h>
#include <crypto/ssa.h>

/* A byte string with its length; the literal's final NUL is not part of it. */
struct bytes {
	const u8	*p;
	size_t		len;
};

#define BYTES(literal)	{ (const u8 *)(literal), sizeof(literal) - 1 }

struct hash_vector {
	const char		*name;
	enum ssa_hash_id	id;
	struct bytes		msg, digest;
};

struct hmac_vector {
	const char		*name;
	enum ssa_hash_id	id;
	struct bytes		key, msg, mac;
};

struct hkdf_vector {
	const char		*name;
	enum ssa_hash_id	id;
	struct bytes		ikm, salt, info, prk, okm;
};

struct label_vector {
	const char		*name;
	enum ssa_hash_id	id;
	struct bytes		secret;
	const char		*label;
	struct bytes		context, out;
};

struct prf_vector {
	const char		*name;
	enum ssa_hash_id	id;
	struct bytes		secret;
	const char		*label;
	struct bytes		seed, out;
};

struct aead_vector {
	const char		*name;
	enum ssa_aead_id	id;
	struct bytes		key, nonce, aad, plain, sealed;
};

struct kex_vector {
	const char		*name;
	u16			group;
	struct bytes		scalar, public_key, peer, shared;
};

struct kex_bad_peer {
	const char		*name;
	u16			group;
	struct bytes		peer;
};

struct key_vector {
	const char		*name;
	enum ssa_key_type	type;
	struct bytes		der, n;
};

struct bad_key_vector {
	const char		*name;
	int			err;
	struct bytes		der;
};

struct pss_params_vector {
	const char		*name;
	int			err;
	u8			hash;
	u16			salt_len;
	struct bytes		der;
};

struct ed25519_vector {
	const char		*name;
	int			err;
	struct bytes		seed, key, msg, sig;
};

struct pub_vector {
	enum ssa_key_type	type;
	struct bytes		n, e;
};

struct sig_vector {
	const char		*name;
	int			key;	/* enum sig_key */
	u16			scheme;
	bool			good;
	struct bytes		sig;
};

/* An RNG that gives the bytes of @script and then repeats the last of them. */
struct scripted_rng {
	struct ssa_rng	rng;
	struct bytes	script;
	size_t		calls;
};

static inline void scripted_rng_fill(void *ctx, void *buf, size_t len)
{
	struct scripted_rng *s = ctx;
	u8 *out = buf;

	s->calls++;
	while (len--) {
		*out++ = *s->script.p;
		if (s->script.len > 1) {
			s->script.p++;
			s->script.len--;
		}
	}
}

static inline void scripted_rng_init(struct scripted_rng *s, const u8 *p, size_t len)
{
	*s = (struct scripted_rng) {
		.rng = { .fill = scripted_rng_fill, .ctx = s },
		.script = { p, len },
	};
}

/* backends.c */
int test_on_bearssl(struct kunit *test);
int test_on_s2n(struct kunit *test);
int test_on_s2n_alt(struct kunit *test);
void test_on_best(struct kunit *test);

/* A suite for one back end; where that is missing, its tests are skipped. */
#define BACKEND_SUITE(id, title, on, cases)			\
	static struct kunit_suite id = {			\
		.name = title,					\
		.init = on,					\
		.exit = test_on_best,				\
		.test_cases = cases,				\
	}

#endif /* _SSA_TEST_H */
