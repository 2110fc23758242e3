// SPDX-License-Identifier: GPL-2.0
/*
 * The primitives beside OpenSSL's, on random cases.
 *
 *	crosscheck [COUNT]	COUNT: Ed25519 signatures; the rest in proportion
 *
 * Prints TAP. The cases are drawn anew each time; the seed is in the output and
 * can be given as SEED.
 */
#include <stdio.h>
#include <stdlib.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <linux/err.h>
#include <linux/random.h>
#include <linux/string.h>

#include "../../../../../crypto/ssa/ed25519.h"
#include "../../../../../crypto/ssa/internal.h"
#include "draw.h"

/* ---------------------------------------------- the field, and the scalars */

static BIGNUM *prime, *order;
static BN_CTX *bn;

/* any value that loose limbs may have, the extremes often */
static void draw_limbs(struct ssa_fe *fe, unsigned int bits)
{
	const u64 top = (1ULL << bits) - 1;
	int i;

	if (draw() % 8 == 0) {	/* p, or a little less or more */
		for (i = 0; i < 5; i++)
			fe->v[i] = (1ULL << 51) - 1;
		fe->v[0] -= draw() % 40;
		return;
	}
	for (i = 0; i < 5; i++) {
		switch (draw() % 5) {
		case 0:
			fe->v[i] = top;
			break;
		case 1:
			fe->v[i] = 0;
			break;
		case 2:		/* about p's own limbs */
			fe->v[i] = (1ULL << 51) - 20 + draw() % 40;
			break;
		default:
			fe->v[i] = draw() & top;
		}
	}
}

static BIGNUM *fe_value(const struct ssa_fe *fe)
{
	BIGNUM *sum = BN_new(), *limb = BN_new();
	int i;

	for (i = 4; i >= 0; i--) {
		BN_lshift(sum, sum, 51);
		BN_set_word(limb, fe->v[i]);
		BN_add(sum, sum, limb);
	}
	BN_mod(sum, sum, prime, bn);
	BN_free(limb);
	return sum;
}

static bool fe_is(const struct ssa_fe *fe, const BIGNUM *want)
{
	BIGNUM *got;
	u8 bytes[32];
	bool same;

	ssa_fe_to_bytes(bytes, fe);
	got = BN_lebin2bn(bytes, sizeof(bytes), NULL);
	same = !BN_cmp(got, want);
	BN_free(got);
	return same;
}

static bool fe_is_tight(const struct ssa_fe *fe)
{
	int i;

	for (i = 0; i < 5; i++)
		if (fe->v[i] >= (1ULL << 51) + (1ULL << 13))
			return false;
	return true;
}

static void field(unsigned int count)
{
	while (count--) {
		struct ssa_fe a, b, r;
		BIGNUM *x, *y, *z = BN_new();

		draw_limbs(&a, 53);
		draw_limbs(&b, 53);
		x = fe_value(&a);
		y = fe_value(&b);
		CHECK(fe_is(&a, x));
		CHECK(ssa_fe_is_zero(&a) == BN_is_zero(x));

		ssa_fe_mul(&r, &a, &b);
		BN_mod_mul(z, x, y, prime, bn);
		CHECK(fe_is(&r, z) && fe_is_tight(&r));
		ssa_fe_sqr(&r, &a);
		BN_mod_sqr(z, x, prime, bn);
		CHECK(fe_is(&r, z) && fe_is_tight(&r));
		ssa_fe_sub(&r, &a, &b);
		BN_mod_sub(z, x, y, prime, bn);
		CHECK(fe_is(&r, z) && fe_is_tight(&r));
		if (count % 16 == 0) {
			ssa_fe_invert(&r, &a);
			if (BN_is_zero(x))
				BN_zero(z);
			else
				BN_mod_inverse(z, x, prime, bn);
			CHECK(fe_is(&r, z) && fe_is_tight(&r));
		}
		BN_free(x);
		BN_free(y);
		BN_free(z);
	}
}

/* a number about a multiple of the order, or any */
static BIGNUM *draw_wide(unsigned int bytes)
{
	BIGNUM *x = BN_new(), *m = BN_new();
	u8 buf[64];

	draw_bytes(buf, bytes);
	BN_lebin2bn(buf, bytes, x);
	switch (draw() % 4) {
	case 0:
		memset(buf, 0xff, bytes);
		BN_lebin2bn(buf, bytes, x);
		break;
	case 1:		/* the multiple below it, and a little */
		BN_mod(m, x, order, bn);
		BN_sub(x, x, m);
		BN_add_word(x, draw() % 3);
		break;
	case 2:
		BN_mod(m, x, order, bn);
		BN_sub(x, x, m);
		if (!BN_is_zero(x))
			BN_sub_word(x, 1 + draw() % 3);
		break;
	}
	BN_free(m);
	return x;
}

static bool sc_is(const struct ssa_sc *sc, const BIGNUM *want)
{
	BIGNUM *got;
	u8 bytes[32];
	bool same;

	ssa_sc_to_bytes(bytes, sc);
	got = BN_lebin2bn(bytes, sizeof(bytes), NULL);
	same = !BN_cmp(got, want);
	BN_free(got);
	return same;
}

static void scalars(unsigned int count)
{
	while (count--) {
		BIGNUM *x = draw_wide(64), *a = draw_wide(32), *b = draw_wide(32);
		BIGNUM *c = draw_wide(32), *z = BN_new();
		struct ssa_sc r, sa, sb, sc;
		u8 buf[64];

		BN_bn2lebinpad(x, buf, 64);
		ssa_sc_reduce(&r, buf);
		BN_mod(z, x, order, bn);
		CHECK(sc_is(&r, z) && ssa_sc_is_reduced(&r));

		BN_bn2lebinpad(b, buf, 32);
		ssa_sc_from_bytes(&sb, buf);
		CHECK(ssa_sc_is_reduced(&sb) == (BN_cmp(b, order) < 0));
		BN_mod(a, a, order, bn);
		BN_mod(c, c, order, bn);
		BN_bn2lebinpad(a, buf, 32);
		ssa_sc_from_bytes(&sa, buf);
		BN_bn2lebinpad(c, buf, 32);
		ssa_sc_from_bytes(&sc, buf);
		ssa_sc_muladd(&r, &sa, &sb, &sc);
		BN_mul(z, a, b, bn);
		BN_add(z, z, c);
		BN_mod(z, z, order, bn);
		CHECK(sc_is(&r, z));
		BN_free(x);
		BN_free(a);
		BN_free(b);
		BN_free(c);
		BN_free(z);
	}
}

/* ----------------------------------------------------------------- Ed25519 */

static bool openssl_ed25519(const u8 *key, const u8 *msg, size_t len, const u8 *sig, size_t sig_len)
{
	EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, 32);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good;

	good = pkey && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, pkey) == 1 &&
	       EVP_DigestVerify(ctx, sig, sig_len, msg, len) == 1;
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	return good;
}

static void ed25519(unsigned int count)
{
	while (count--) {
		u8 seed[32], msg[300], ours[64], theirs[64], key[32], their_key[32];
		size_t len = draw() % sizeof(msg), sig_len = 64, key_len = 32;
		EVP_MD_CTX *ctx = EVP_MD_CTX_new();
		EVP_PKEY *pkey;
		unsigned int i;

		draw_bytes(seed, sizeof(seed));
		draw_bytes(msg, len);
		pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, 32);
		EVP_PKEY_get_raw_public_key(pkey, their_key, &key_len);
		CHECK(EVP_DigestSignInit(ctx, NULL, NULL, NULL, pkey) == 1 &&
		      EVP_DigestSign(ctx, theirs, &sig_len, msg, len) == 1);

		ssa_ed25519_public(key, seed);
		CHECK(!memcmp(key, their_key, 32));
		CHECK(!ssa_ed25519_sign(seed, key, msg, len, ours));
		CHECK(!memcmp(ours, theirs, 64));

		/* one bit of signature, message or key changed */
		for (i = 0; i < 3; i++) {
			u8 *part = i == 0 ? ours : i == 1 ? key : msg;
			size_t bits = i == 0 ? 512 : i == 1 ? 256 : 8 * len;
			size_t bit = bits ? draw() % bits : 0;

			if (!bits)
				continue;
			part[bit / 8] ^= 1 << bit % 8;
			CHECK(!ssa_ed25519_verify(key, msg, len, ours, 64) ==
			      openssl_ed25519(key, msg, len, ours, 64));
			CHECK(ssa_ed25519_verify(key, msg, len, ours, 64));
			part[bit / 8] ^= 1 << bit % 8;
		}
		EVP_MD_CTX_free(ctx);
		EVP_PKEY_free(pkey);
	}
}

/* -------------------------------------------- ECDSA, RSA: with keys of theirs */

static const struct {
	const char *md;
	enum ssa_hash_id id;
	u16 ecdsa, pkcs1, rsae, pss;
} hashes[] = {
	{ "SHA256", SSA_SHA256, SSA_SIG_ECDSA_SECP256R1_SHA256, SSA_SIG_RSA_PKCS1_SHA256,
	  SSA_SIG_RSA_PSS_RSAE_SHA256, SSA_SIG_RSA_PSS_PSS_SHA256 },
	{ "SHA384", SSA_SHA384, SSA_SIG_ECDSA_SECP384R1_SHA384, SSA_SIG_RSA_PKCS1_SHA384,
	  SSA_SIG_RSA_PSS_RSAE_SHA384, SSA_SIG_RSA_PSS_PSS_SHA384 },
	{ "SHA512", SSA_SHA512, SSA_SIG_ECDSA_SECP521R1_SHA512, SSA_SIG_RSA_PKCS1_SHA512,
	  SSA_SIG_RSA_PSS_RSAE_SHA512, SSA_SIG_RSA_PSS_PSS_SHA512 },
};

static void pss_options(EVP_PKEY_CTX *ctx, bool pss)
{
	if (!pss)
		return;
	CHECK(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1);
	CHECK(EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1);
}

/* ours is good for them, theirs for us; and neither with a bit changed */
static void both_ways(EVP_PKEY *pkey, const struct ssa_private_key *key, u16 scheme,
		      const char *md, bool pss)
{
	u8 msg[200], sig[SSA_SIGNATURE_MAX];
	size_t len = draw() % sizeof(msg), sig_len, room = sizeof(sig), bit;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx;

	draw_bytes(msg, len);
	CHECK(!ssa_sign(key, scheme, msg, len, &ssa_kernel_rng, sig, &sig_len));
	CHECK(EVP_DigestVerifyInit_ex(ctx, &pctx, md, NULL, NULL, pkey, NULL) == 1);
	pss_options(pctx, pss);
	CHECK(EVP_DigestVerify(ctx, sig, sig_len, msg, len) == 1);

	EVP_MD_CTX_reset(ctx);
	CHECK(EVP_DigestSignInit_ex(ctx, &pctx, md, NULL, NULL, pkey, NULL) == 1);
	pss_options(pctx, pss);
	CHECK(EVP_DigestSign(ctx, sig, &room, msg, len) == 1);
	CHECK(!ssa_verify(ssa_private_key_public(key), scheme, msg, len, sig, room));
	bit = draw() % (8 * room);
	sig[bit / 8] ^= 1 << bit % 8;
	CHECK(ssa_verify(ssa_private_key_public(key), scheme, msg, len, sig, room) ==
	      -EKEYREJECTED);
	EVP_MD_CTX_free(ctx);
}

/* The same key for us, by way of PKCS#8. */
static struct ssa_private_key *ours_of(EVP_PKEY *pkey)
{
	PKCS8_PRIV_KEY_INFO *p8 = EVP_PKEY2PKCS8(pkey);
	struct ssa_private_key *key;
	u8 *der = NULL;
	int len = i2d_PKCS8_PRIV_KEY_INFO(p8, &der);

	key = ssa_private_key_parse(der, len);
	OPENSSL_free(der);
	PKCS8_PRIV_KEY_INFO_free(p8);
	if (IS_ERR(key)) {
		printf("Bail out! a key of OpenSSL's is refused\n");
		exit(1);
	}
	return key;
}

static void ecdsa(unsigned int count)
{
	static const char *const curves[] = { "P-256", "P-384", "P-521" };

	while (count--) {
		EVP_PKEY *pkey = EVP_EC_gen(curves[count % 3]);
		struct ssa_private_key *key = ours_of(pkey);
		unsigned int i;

		for (i = 0; i < ARRAY_SIZE(hashes); i++)
			both_ways(pkey, key, hashes[i].ecdsa, hashes[i].md, false);
		ssa_private_key_free(key);
		EVP_PKEY_free(pkey);
	}
}

static void rsa(unsigned int count)
{
	static const unsigned int sizes[] = { 2048, 2049, 2056, 3072 };
	unsigned int i;

	while (count--) {
		bool pss = count & 1;
		EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, pss ? "RSA-PSS" : "RSA", NULL);
		EVP_PKEY *pkey = NULL;
		struct ssa_private_key *key;

		CHECK(EVP_PKEY_keygen_init(ctx) == 1 &&
		      EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, sizes[count / 2 % 4]) == 1 &&
		      EVP_PKEY_generate(ctx, &pkey) == 1);
		key = ours_of(pkey);
		for (i = 0; i < ARRAY_SIZE(hashes); i++) {
			if (pss) {
				both_ways(pkey, key, hashes[i].pss, hashes[i].md, true);
				continue;
			}
			both_ways(pkey, key, hashes[i].pkcs1, hashes[i].md, false);
			both_ways(pkey, key, hashes[i].rsae, hashes[i].md, true);
		}
		ssa_private_key_free(key);
		EVP_PKEY_free(pkey);
		EVP_PKEY_CTX_free(ctx);
	}
}

/* --------------------------------------------------------------------- PRF */

static void prf(unsigned int count)
{
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "TLS1-PRF", NULL);

	while (count--) {
		unsigned int h = draw() % ARRAY_SIZE(hashes);
		u8 secret[200], seed[200], ours[300], theirs[300];
		size_t secret_len = 1 + draw() % sizeof(secret), seed_len = draw() % sizeof(seed);
		size_t len = 1 + draw() % sizeof(ours), i, label_len = 1 + draw() % 30;
		char label[32] = "";
		OSSL_PARAM params[] = {
			OSSL_PARAM_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)hashes[h].md, 0),
			OSSL_PARAM_octet_string(OSSL_KDF_PARAM_SECRET, secret, secret_len),
			OSSL_PARAM_octet_string(OSSL_KDF_PARAM_SEED, label, label_len),
			OSSL_PARAM_octet_string(OSSL_KDF_PARAM_SEED, seed, seed_len),
			OSSL_PARAM_END
		};
		EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);

		draw_bytes(secret, secret_len);
		draw_bytes(seed, seed_len);
		for (i = 0; i < label_len; i++)
			label[i] = 'a' + draw() % 26;
		CHECK(EVP_KDF_derive(ctx, theirs, len, params) == 1);
		ssa_prf(hashes[h].id, secret, secret_len, label, seed, seed_len, ours, len);
		CHECK(!memcmp(ours, theirs, len));
		EVP_KDF_CTX_free(ctx);
	}
	EVP_KDF_free(kdf);
}

int main(int argc, char **argv)
{
	unsigned int count = argc > 1 ? atoi(argv[1]) : 4000, i;
	const struct {
		const char *name;
		void (*run)(unsigned int count);
		unsigned int count;
	} cases[] = {
		{ "field of Ed25519", field, 10 * count },
		{ "scalars of Ed25519", scalars, 10 * count },
		{ "Ed25519", ed25519, count },
		{ "ECDSA", ecdsa, count / 80 },
		{ "RSA", rsa, count / 500 },
		{ "PRF", prf, count },
	};
	u64 seed;

	get_random_bytes(&seed, sizeof(seed));
	if (getenv("SEED"))
		seed = strtoull(getenv("SEED"), NULL, 0);
	state = seed | 1;
	bn = BN_CTX_new();
	BN_hex2bn(&prime, "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed");
	BN_hex2bn(&order, "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed");

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("TAP version 13\n# SEED=%#llx\n1..%zu\n", (unsigned long long)seed,
	       ARRAY_SIZE(cases));
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		unsigned int before = failed;

		cases[i].run(cases[i].count);
		printf("%s %u OpenSSL agrees: %s, %u cases\n", failed == before ? "ok" : "not ok",
		       i + 1, cases[i].name, cases[i].count);
	}
	return failed != 0;
}
