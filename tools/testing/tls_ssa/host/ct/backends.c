// SPDX-License-Identifier: GPL-2.0
/*
 * Each back end beside the others: BearSSL, and s2n-bignum in both variants, on random
 * inputs and on those at the edges.
 *
 *	backends [COUNT]	COUNT: random inputs of X25519; the rest in proportion
 *
 * Prints TAP. The inputs are drawn anew each time; the seed is in the output and can be
 * given as SEED.
 */
#include <stdio.h>
#include <stdlib.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <linux/err.h>
#include <linux/random.h>
#include <linux/string.h>

#include "../../../../../crypto/ssa/internal.h"
#include "draw.h"

#define BACKENDS	3

static BN_CTX *bn;

/* ------------------------------------------------------------ NIST curves */

static const struct curve {
	const char		*name;
	enum ssa_key_type	type;
	int			p[4];	/* p is the sum of these powers of 2, less 1 */
	unsigned int		cost;	/* of a random input, beside P-256 */
} curves[] = {
	{ "P-256", SSA_KEY_EC_P256, { 256, -224, 192, 96 }, 1 },
	{ "P-384", SSA_KEY_EC_P384, { 384, -128, -96, 32 }, 5 },
	{ "P-521", SSA_KEY_EC_P521, { 521 }, 10 },
};

static const struct curve *c;
static int id;
static size_t len;
static BIGNUM *n, *p;

static void curve_is(const struct curve *which)
{
	size_t order_len;
	const u8 *order;
	BIGNUM *x;
	int i;

	c = which;
	id = ssa_ec_curve(c->type);
	len = ssa_ec_scalar_len(c->type);
	order = ssa_bearssl_ec->order(id, &order_len);
	n = BN_bin2bn(order, order_len, n);
	p = BN_new();
	x = BN_new();
	for (i = 0; i < 4 && c->p[i]; i++) {
		BN_one(x);
		BN_lshift(x, x, abs(c->p[i]));
		BN_set_negative(x, c->p[i] < 0);
		BN_add(p, p, x);
	}
	BN_sub_word(p, 1);
	BN_free(x);
}

static void put(const BIGNUM *x, u8 *out)
{
	CHECK(BN_bn2binpad(x, out, len) == (int)len);
}

/* @n and a little less or more, small numbers, powers of 2, random ones */
static void draw_number(BIGNUM *x, const BIGNUM *around)
{
	switch (draw() % 8) {
	case 0:
		BN_set_word(x, draw() % 20);
		break;
	case 1:
		BN_copy(x, around);
		BN_sub_word(x, draw() % 20);
		break;
	case 2:
		BN_one(x);
		BN_lshift(x, x, draw() % (BN_num_bits(around) - 1));
		if (draw() % 2)
			BN_sub_word(x, 1);
		break;
	case 3:		/* its half, about which signed digits turn over */
		BN_rshift1(x, around);
		BN_add_word(x, draw() % 4);
		break;
	default:
		{
			u8 bytes[SSA_EC_SCALAR_MAX];

			draw_bytes(bytes, len);
			BN_bin2bn(bytes, len, x);
			BN_nnmod(x, x, around, bn);
		}
	}
}

/* a scalar in range */
static void draw_scalar(u8 *out)
{
	BIGNUM *x = BN_new();

	do {
		draw_number(x, n);
	} while (BN_is_zero(x) || BN_cmp(x, n) >= 0);
	put(x, out);
	BN_free(x);
}

static void public_keys(unsigned int count)
{
	while (count--) {
		u8 scalar[SSA_EC_SCALAR_MAX], point[BACKENDS][1 + 2 * SSA_EC_SCALAR_MAX];
		int i;

		draw_scalar(scalar);
		for (i = 0; i < BACKENDS; i++) {
			if (!ssa_backend_set(i))
				continue;
			CHECK(ssa_ec_public(id, scalar, len, point[i]) == 1 + 2 * len);
			CHECK(!memcmp(point[i], point[0], 1 + 2 * len));
		}
	}
}

/* z = x^3 - 3x mod p */
static void cubic(BIGNUM *z, const BIGNUM *x)
{
	BIGNUM *t = BN_dup(x);

	BN_mul_word(t, 3);
	BN_mod_sqr(z, x, p, bn);
	BN_mod_mul(z, z, x, p, bn);
	BN_mod_sub(z, z, t, p, bn);
	BN_free(t);
}

/* A point whose x is so low that x + p has room beside it */
static void low_point(u8 *point)
{
	BIGNUM *x = BN_new(), *y = BN_new(), *b = BN_new();
	size_t g_len;
	const u8 *g = ssa_bearssl_ec->generator(id, &g_len);

	BN_bin2bn(g + 1, len, x);
	BN_bin2bn(g + 1 + len, len, b);
	cubic(y, x);
	BN_mod_sqr(b, b, p, bn);
	BN_mod_sub(b, b, y, p, bn);
	do {
		BN_set_word(x, draw() % 1000000);
		cubic(y, x);
		BN_mod_add(y, y, b, p, bn);
	} while (!BN_mod_sqrt(y, y, p, bn));
	put(x, point + 1);
	put(y, point + 1 + len);
	BN_free(x);
	BN_free(y);
	BN_free(b);
}

static void shared_secrets(unsigned int count)
{
	BIGNUM *x = BN_new();

	while (count--) {
		u8 scalar[SSA_EC_SCALAR_MAX], peer[1 + 2 * SSA_EC_SCALAR_MAX];
		u8 point[BACKENDS][1 + 2 * SSA_EC_SCALAR_MAX];
		bool ok[BACKENDS], bad = false;
		int i;

		ssa_backend_set(ssa_backend_best());
		draw_scalar(scalar);
		CHECK(ssa_ec_public(id, scalar, len, peer) == 1 + 2 * len);
		switch (draw() % 16) {
		case 0:		/* off the curve */
			peer[1 + draw() % (2 * len)] ^= 1 << draw() % 8;
			bad = true;
			break;
		case 1:		/* x, y of anything, p among them, and 0 */
			draw_number(x, p);
			put(x, peer + 1);
			draw_number(x, p);
			put(x, peer + 1 + len);
			if (draw() % 2)
				put(p, peer + 1 + (draw() % 2 ? len : 0));
			bad = true;
			break;
		case 2:		/* not below p: x + p or y + p, where there is room */
			i = draw() % 2 ? len : 0;
			if (!i)
				low_point(peer);
			BN_bin2bn(peer + 1 + i, len, x);
			BN_add(x, x, p);
			if (BN_num_bytes(x) > (int)len)
				break;
			put(x, peer + 1 + i);
			bad = true;
		}
		draw_scalar(scalar);
		for (i = 0; i < BACKENDS; i++) {
			if (!ssa_backend_set(i))
				continue;
			memcpy(point[i], peer, sizeof(peer));
			ok[i] = ssa_ec_shared(id, scalar, len, point[i]);
			CHECK(ok[i] == ok[0] && ok[i] == !bad);
			CHECK(!ok[i] || !memcmp(point[i], point[0], 1 + len));
		}
	}
	BN_free(x);
}

/* bits2int of the digest, modulo n, is 0 */
static bool digest_is_zero(const u8 *digest, size_t digest_len)
{
	BIGNUM *z = BN_bin2bn(digest, min(digest_len, len), NULL);
	bool zero;

	BN_nnmod(z, z, n, bn);
	zero = BN_is_zero(z);
	BN_free(z);
	return zero;
}

/*
 * What a back end says of a signature, all say; @want: what that is, or -1. BearSSL cannot
 * multiply by 0: of a digest that is 0 modulo n it refuses most signatures.
 */
static void verdicts(const u8 *point, const u8 *digest, size_t digest_len, const u8 *sig, int want)
{
	bool zero = digest_is_zero(digest, digest_len), ok;
	int i;

	for (i = 0; i < BACKENDS; i++) {
		if (!ssa_backend_set(i))
			continue;
		ok = ssa_ecdsa_verify_raw(id, point, digest, digest_len, sig);
		if (zero && i == SSA_BACKEND_BEARSSL)
			continue;
		if (want < 0)
			want = ok;
		CHECK(ok == want);
	}
}

/*
 * u1 * G + u2 * Q with both summands equal, or opposite: k * G has x = r; digest r or -r, and
 * s so that the first is a good signature by the key 1.
 */
static void equal_summands(void)
{
	u8 one[SSA_EC_SCALAR_MAX] = {}, k[SSA_EC_SCALAR_MAX], digest[SSA_EC_SCALAR_MAX];
	u8 q[1 + 2 * SSA_EC_SCALAR_MAX], point[1 + 2 * SSA_EC_SCALAR_MAX];
	u8 sig[2 * SSA_EC_SCALAR_MAX];
	BIGNUM *r = BN_new(), *s = BN_new(), *x = BN_new();

	ssa_backend_set(SSA_BACKEND_BEARSSL);
	one[len - 1] = 1;
	draw_scalar(k);
	CHECK(ssa_ec_public(id, one, len, q) && ssa_ec_public(id, k, len, point));
	BN_bin2bn(point + 1, len, r);
	BN_nnmod(r, r, n, bn);
	BN_bin2bn(k, len, x);
	BN_mod_inverse(x, x, n, bn);
	BN_mod_add(s, r, r, n, bn);
	BN_mod_mul(s, s, x, n, bn);
	put(r, sig);
	put(s, sig + len);
	/* only 512 bits of P-521's are a digest */
	if (BN_num_bits(r) <= 512) {
		put(r, digest);
		verdicts(q, len > 64 ? digest + len - 64 : digest, min_t(size_t, len, 64), sig, 1);
	}
	BN_sub(x, n, r);
	if (BN_num_bits(x) <= 512) {
		put(x, digest);
		verdicts(q, len > 64 ? digest + len - 64 : digest, min_t(size_t, len, 64), sig, 0);
	}
	BN_free(r);
	BN_free(s);
	BN_free(x);
}

static void signatures(unsigned int count)
{
	BIGNUM *x = BN_new();

	while (count--) {
		u8 scalar[SSA_EC_SCALAR_MAX], point[1 + 2 * SSA_EC_SCALAR_MAX], digest[64];
		u8 sig[BACKENDS][2 * SSA_EC_SCALAR_MAX], other[2 * SSA_EC_SCALAR_MAX];
		enum ssa_hash_id hash = draw() % SSA_HASH_COUNT;
		size_t digest_len = ssa_hash_size(hash);
		br_ec_private_key key = { .curve = id, .x = scalar, .xlen = len };
		int i;

		draw_scalar(scalar);
		draw_bytes(digest, sizeof(digest));
		if (draw() % 8 == 0)
			memset(digest, draw() % 2 ? 0xff : 0, sizeof(digest));
		else if (draw() % 8 == 0 && len <= 64)
			put(n, digest);
		ssa_backend_set(ssa_backend_best());
		CHECK(ssa_ec_public(id, scalar, len, point) == 1 + 2 * len);

		/* the nonce of RFC 6979 gives the same signature, fresh bytes another */
		for (i = 0; i < BACKENDS; i++) {
			if (!ssa_backend_set(i))
				continue;
			CHECK(ssa_ecdsa_sign_raw(&key, hash, digest, NULL, sig[i]) == 2 * len);
			CHECK(!memcmp(sig[i], sig[0], 2 * len));
			CHECK(ssa_ecdsa_sign_raw(&key, hash, digest, &ssa_kernel_rng, other) ==
			      2 * len);
			CHECK(!memcmp(other, sig[0], 2 * len) == (i == SSA_BACKEND_BEARSSL));
			if (draw() % 4 == 0)
				verdicts(point, digest, digest_len, other, 1);
		}
		verdicts(point, digest, digest_len, sig[0], 1);

		memcpy(other, sig[0], sizeof(other));
		other[draw() % (2 * len)] ^= 1 << draw() % 8;
		verdicts(point, digest, digest_len, other, 0);
		/* r or s at an edge */
		memcpy(other, sig[0], sizeof(other));
		draw_number(x, n);
		if (draw() % 4 == 0)
			BN_copy(x, n);
		put(x, other + (draw() % 2 ? len : 0));
		verdicts(point, digest, digest_len, other, -1);
		if (draw() % 4 == 0)
			equal_summands();
	}
	BN_free(x);
}

/* ----------------------------------------------------------------- X25519 */

static void x25519(unsigned int count)
{
	/* of small order, RFC 7748 6.1, and p - 1, p, p + 1, which are not canonical */
	static const u8 special[][32] = {
		{ 0 }, { 1 }, { 9 },
		{ 0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1,
		  0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62,
		  0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00 },
		{ 0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c,
		  0x83, 0xef, 0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22,
		  0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57 },
	};

	while (count--) {
		u8 scalar[32], point[32], out[BACKENDS][32], key[BACKENDS][32];
		bool ok[BACKENDS];
		int i;

		draw_bytes(scalar, sizeof(scalar));
		draw_bytes(point, sizeof(point));
		switch (draw() % 8) {
		case 0:
			memcpy(point, special[draw() % ARRAY_SIZE(special)], 32);
			break;
		case 1:		/* 2^255 - 20 + something, from below p to above */
			memset(point, 0xff, 32);
			point[0] = 0xec + draw() % 20;
			point[31] = 0x7f;
			break;
		case 2:
			memset(scalar, draw() % 2 ? 0xff : 0, 32);
		}
		if (draw() % 4 == 0)
			point[31] |= 0x80;
		scalar[0] &= 248;
		scalar[31] = (scalar[31] & 127) | 64;
		for (i = 0; i < BACKENDS; i++) {
			if (!ssa_backend_set(i))
				continue;
			ok[i] = ssa_x25519_shared(out[i], scalar, point);
			CHECK(ok[i] == ok[0] && !memcmp(out[i], out[0], 32));
			CHECK(ssa_x25519_public(key[i], scalar));
			CHECK(!memcmp(key[i], key[0], 32));
		}
	}
}

/* -------------------------------------------------------------------- RSA */

static void rsa_number(const BIGNUM *x, struct ssa_private_key *key)
{
	size_t n_len = key->public.n_len;
	u8 in[SSA_RSA_MAX_BYTES], out[BACKENDS][SSA_RSA_MAX_BYTES], back[SSA_RSA_MAX_BYTES];
	int i, err[BACKENDS];

	if (BN_num_bytes(x) > (int)n_len)
		return;
	CHECK(BN_bn2binpad(x, in, n_len) == (int)n_len);
	for (i = 0; i < BACKENDS; i++) {
		if (!ssa_backend_set(i))
			continue;
		memcpy(out[i], in, n_len);
		err[i] = ssa_rsa_public(&key->public, out[i]);
		CHECK(err[i] == err[0]);
		if (err[i])
			continue;
		CHECK(!memcmp(out[i], out[0], n_len));
		memcpy(back, out[i], n_len);
		CHECK(ssa_rsa_private(&key->rsa, n_len, back));
		CHECK(!memcmp(back, in, n_len));
	}
}

static void rsa(unsigned int count)
{
	static const struct {
		unsigned int bits, e;
	} keys[] = {
		{ 2048, 65537 }, { 2048, 3 }, { 2049, 65537 }, { 2056, 17 }, { 3072, 65537 },
		{ 4096, 65537 },
	};
	BIGNUM *x = BN_new(), *m = BN_new(), *e = BN_new();
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, NULL);
		struct ssa_private_key *key;
		EVP_PKEY *pkey = NULL;
		PKCS8_PRIV_KEY_INFO *p8;
		u8 *der = NULL;
		int der_len;

		BN_set_word(e, keys[i].e);
		CHECK(EVP_PKEY_keygen_init(ctx) == 1 &&
		      EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, keys[i].bits) == 1 &&
		      EVP_PKEY_CTX_set1_rsa_keygen_pubexp(ctx, e) == 1 &&
		      EVP_PKEY_generate(ctx, &pkey) == 1);
		p8 = EVP_PKEY2PKCS8(pkey);
		der_len = i2d_PKCS8_PRIV_KEY_INFO(p8, &der);
		key = ssa_private_key_parse(der, der_len);
		CHECK(!IS_ERR(key));
		if (IS_ERR(key))
			continue;

		BN_bin2bn(key->public.n, key->public.n_len, m);
		for (j = 0; j < 3; j++) {
			/* 0, 1, 2; n - 2, n - 1; n, n + 1, which are refused */
			BN_set_word(x, j);
			rsa_number(x, key);
			BN_sub(x, m, BN_value_one());
			BN_sub_word(x, j % 2);
			rsa_number(x, key);
			BN_copy(x, m);
			BN_add_word(x, j % 2);
			rsa_number(x, key);
		}
		/* multiples of a factor, beside which the other half is all */
		BN_bin2bn(key->rsa.p, key->rsa.plen, x);
		rsa_number(x, key);
		BN_bin2bn(key->rsa.q, key->rsa.qlen, x);
		BN_mul_word(x, 3);
		rsa_number(x, key);
		for (j = 0; j < count; j++) {
			BN_rand_range(x, m);
			rsa_number(x, key);
		}
		ssa_private_key_free(key);
		OPENSSL_free(der);
		PKCS8_PRIV_KEY_INFO_free(p8);
		EVP_PKEY_free(pkey);
		EVP_PKEY_CTX_free(ctx);
	}
	BN_free(x);
	BN_free(m);
	BN_free(e);
}

static unsigned int test;

static void result(const char *what, const char *of, unsigned int count, unsigned int before)
{
	printf("%s %u back ends agree: %s%s, %u cases\n", failed == before ? "ok" : "not ok",
	       ++test, of, what, count);
}

int main(int argc, char **argv)
{
	unsigned int count = argc > 1 ? atoi(argv[1]) : 4000, before, i, j;
	static const struct {
		const char	*name;
		void		(*run)(unsigned int count);
		unsigned int	cost;
	} kinds[] = {
		{ ", public keys", public_keys, 4 },
		{ ", shared secrets", shared_secrets, 4 },
		{ ", signatures", signatures, 40 },
	};
	u64 seed;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("TAP version 13\n");
	if (ssa_backend_best() == SSA_BACKEND_BEARSSL) {
		printf("1..1\nok 1 back ends agree # SKIP see scripts/get-s2n-bignum\n");
		return 0;
	}
	get_random_bytes(&seed, sizeof(seed));
	if (getenv("SEED"))
		seed = strtoull(getenv("SEED"), NULL, 0);
	state = seed | 1;
	bn = BN_CTX_new();
	printf("# SEED=%#llx\n1..%zu\n", (unsigned long long)seed,
	       2 + ARRAY_SIZE(curves) * ARRAY_SIZE(kinds));
	before = failed;
	x25519(count);
	result("X25519", "", count, before);
	for (i = 0; i < ARRAY_SIZE(curves); i++) {
		curve_is(&curves[i]);
		for (j = 0; j < ARRAY_SIZE(kinds); j++) {
			unsigned int cases = count / kinds[j].cost / c->cost + 5;

			before = failed;
			kinds[j].run(cases);
			result(kinds[j].name, c->name, cases, before);
		}
	}
	before = failed;
	rsa(count / 1000 + 1);
	result("RSA", "", count / 1000 + 1, before);
	return failed != 0;
}
