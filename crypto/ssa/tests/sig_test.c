// SPDX-License-Identifier: GPL-2.0
/*
 * Signatures.
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "key_vectors.h"
#include "sig_vectors.h"

#define SIG_MSG_LEN	(sizeof(sig_msg) - 1)

static const struct sign_param {
	const char	*name;
	unsigned int	key;	/* in good_keys[] */
	u16		scheme;
} sign_params[] = {
	{ "RSA-2048 PSS SHA-256", 0, SSA_SIG_RSA_PSS_RSAE_SHA256 },
	{ "RSA-2048 PSS SHA-384", 0, SSA_SIG_RSA_PSS_RSAE_SHA384 },
	{ "RSA-2048 PSS SHA-512", 0, SSA_SIG_RSA_PSS_RSAE_SHA512 },
	{ "RSA-2048 PKCS#1 SHA-256", 0, SSA_SIG_RSA_PKCS1_SHA256 },
	{ "RSA-2048 PKCS#1 SHA-384", 0, SSA_SIG_RSA_PKCS1_SHA384 },
	{ "RSA-2048 PKCS#1 SHA-512", 0, SSA_SIG_RSA_PKCS1_SHA512 },
	{ "RSA-2049 PSS SHA-256", 2, SSA_SIG_RSA_PSS_RSAE_SHA256 },
	{ "RSA-2049 PSS SHA-512", 2, SSA_SIG_RSA_PSS_RSAE_SHA512 },
	{ "RSA-4096 PSS SHA-256", 3, SSA_SIG_RSA_PSS_RSAE_SHA256 },
	{ "RSA-4096 PSS SHA-512", 3, SSA_SIG_RSA_PSS_RSAE_SHA512 },
	{ "P-256", 4, SSA_SIG_ECDSA_SECP256R1_SHA256 },
	{ "P-384", 6, SSA_SIG_ECDSA_SECP384R1_SHA384 },
	{ "P-521", 13, SSA_SIG_ECDSA_SECP521R1_SHA512 },
	{ "P-256 SHA-384, TLS 1.2", 4, SSA_SIG_ECDSA_SECP384R1_SHA384 },
	{ "P-256 SHA-512, TLS 1.2", 4, SSA_SIG_ECDSA_SECP521R1_SHA512 },
	{ "P-384 SHA-256, TLS 1.2", 6, SSA_SIG_ECDSA_SECP256R1_SHA256 },
	{ "P-384 SHA-512, TLS 1.2", 6, SSA_SIG_ECDSA_SECP521R1_SHA512 },
	{ "P-521 SHA-256, TLS 1.2", 14, SSA_SIG_ECDSA_SECP256R1_SHA256 },
	{ "P-521 SHA-384, TLS 1.2", 14, SSA_SIG_ECDSA_SECP384R1_SHA384 },
};

KUNIT_ARRAY_PARAM_DESC(sig, sig_vectors, name);
KUNIT_ARRAY_PARAM_DESC(sign, sign_params, name);

static const void *good_sig_gen_params(const void *prev, char *desc)
{
	const struct sig_vector *v = prev;

	do {
		v = sig_gen_params(v, desc);
	} while (v && !v->good);
	return v;
}

/* schemes that draw no random numbers: not RSASSA-PSS */
static const void *deterministic_gen_params(const void *prev, char *desc)
{
	const struct sign_param *p = prev;

	do {
		p = sign_gen_params(p, desc);
	} while (p && p->scheme >> 8 == 0x08);
	return p;
}

static const u16 schemes[] = {
	SSA_SIG_RSA_PKCS1_SHA256, SSA_SIG_RSA_PKCS1_SHA384, SSA_SIG_RSA_PKCS1_SHA512,
	SSA_SIG_ECDSA_SECP256R1_SHA256, SSA_SIG_ECDSA_SECP384R1_SHA384,
	SSA_SIG_ECDSA_SECP521R1_SHA512,
	SSA_SIG_RSA_PSS_RSAE_SHA256, SSA_SIG_RSA_PSS_RSAE_SHA384, SSA_SIG_RSA_PSS_RSAE_SHA512,
	SSA_SIG_RSA_PSS_PSS_SHA256, SSA_SIG_RSA_PSS_PSS_SHA384, SSA_SIG_RSA_PSS_PSS_SHA512,
};

static void free_key(void *key)
{
	ssa_private_key_free(key);
}

static struct ssa_private_key *load_key(struct kunit *test, unsigned int i)
{
	struct ssa_private_key *key;

	key = ssa_private_key_parse(good_keys[i].der.p, good_keys[i].der.len);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, key);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_key, key), 0);
	return key;
}

static struct ssa_public_key *public_key(struct kunit *test, const struct pub_vector *v)
{
	struct ssa_public_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, key);
	KUNIT_ASSERT_LE(test, v->n.len, sizeof(key->n));
	KUNIT_ASSERT_LE(test, v->e.len, sizeof(key->e));
	key->type = v->type;
	key->n_len = v->n.len;
	key->e_len = v->e.len;
	memcpy(key->n, v->n.p, v->n.len);
	memcpy(key->e, v->e.p, v->e.len);
	return key;
}

static u8 *sig_buffer(struct kunit *test)
{
	u8 *sig = kunit_kzalloc(test, SSA_SIGNATURE_MAX, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, sig);
	return sig;
}

static void verdict_is_the_known_one(struct kunit *test)
{
	const struct sig_vector *v = test->param_value;
	struct ssa_public_key *key = public_key(test, &sig_keys[v->key]);

	KUNIT_EXPECT_EQ(test, ssa_verify(key, v->scheme, sig_msg, SIG_MSG_LEN,
					 v->sig.p, v->sig.len),
			v->good ? 0 : -EKEYREJECTED);
}

static void every_changed_byte_is_refused(struct kunit *test)
{
	const struct sig_vector *v = test->param_value;
	struct ssa_public_key *key = public_key(test, &sig_keys[v->key]);
	u8 *sig = sig_buffer(test);
	size_t i, step;

	/* each byte of an ECDSA signature, about 12 of an RSA one */
	step = v->sig.len > 128 ? v->sig.len / 12 : 1;
	for (i = 0; i < v->sig.len; i += step) {
		memcpy(sig, v->sig.p, v->sig.len);
		sig[i] ^= 1 << i % 8;
		KUNIT_EXPECT_EQ_MSG(test, ssa_verify(key, v->scheme, sig_msg, SIG_MSG_LEN,
						     sig, v->sig.len), -EKEYREJECTED,
				    "byte %zu", i);
	}
	KUNIT_EXPECT_EQ(test, ssa_verify(key, v->scheme, "Sample", 6, v->sig.p, v->sig.len),
			-EKEYREJECTED);
	KUNIT_EXPECT_EQ(test, ssa_verify(key, v->scheme, "", 0, v->sig.p, v->sig.len),
			-EKEYREJECTED);
}

static void other_scheme_or_key_is_refused(struct kunit *test)
{
	const struct sig_vector *v = test->param_value;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(schemes); i++) {
		bool fits = ssa_sig_scheme_fits_tls12(schemes[i], sig_keys[v->key].type);
		struct ssa_public_key *key = public_key(test, &sig_keys[v->key]);

		if (schemes[i] == v->scheme)
			continue;
		KUNIT_EXPECT_EQ(test, ssa_verify(key, schemes[i], sig_msg, SIG_MSG_LEN,
						 v->sig.p, v->sig.len),
				fits ? -EKEYREJECTED : -EINVAL);
	}
	for (i = 0; i < SIG_KEY_COUNT; i++) {
		bool fits = ssa_sig_scheme_fits_tls12(v->scheme, sig_keys[i].type);
		struct ssa_public_key *key = public_key(test, &sig_keys[i]);

		if (i == v->key)
			continue;
		KUNIT_EXPECT_EQ(test, ssa_verify(key, v->scheme, sig_msg, SIG_MSG_LEN,
						 v->sig.p, v->sig.len),
				fits ? -EKEYREJECTED : -EINVAL);
	}
}

static void own_signature_verifies(struct kunit *test)
{
	const struct sign_param *p = test->param_value;
	struct ssa_private_key *key = load_key(test, p->key);
	const struct ssa_public_key *pub = ssa_private_key_public(key);
	u8 *sig = sig_buffer(test);
	size_t len;

	KUNIT_ASSERT_EQ(test, ssa_sign(key, p->scheme, sig_msg, SIG_MSG_LEN, &ssa_kernel_rng,
				       sig, &len), 0);
	KUNIT_ASSERT_LE(test, len, (size_t)SSA_SIGNATURE_MAX);
	KUNIT_EXPECT_EQ(test, ssa_verify(pub, p->scheme, sig_msg, SIG_MSG_LEN, sig, len), 0);
	sig[len - 1] ^= 1;
	KUNIT_EXPECT_EQ(test, ssa_verify(pub, p->scheme, sig_msg, SIG_MSG_LEN, sig, len),
			-EKEYREJECTED);
}

static void deterministic_signature_is_the_known_one(struct kunit *test)
{
	const struct sign_param *p = test->param_value;
	struct ssa_private_key *key = load_key(test, p->key);
	const struct ssa_public_key *pub = ssa_private_key_public(key);
	u8 *sig = sig_buffer(test);
	size_t i, len;

	KUNIT_ASSERT_EQ(test, ssa_sign(key, p->scheme, sig_msg, SIG_MSG_LEN, NULL,
				       sig, &len), 0);
	for (i = 0; i < ARRAY_SIZE(sig_vectors); i++) {
		const struct sig_vector *v = &sig_vectors[i];

		if (v->good && v->scheme == p->scheme &&
		    ssa_public_key_equal(pub, public_key(test, &sig_keys[v->key])))
			break;
	}
	KUNIT_ASSERT_LT(test, i, ARRAY_SIZE(sig_vectors));
	KUNIT_ASSERT_EQ(test, len, sig_vectors[i].sig.len);
	KUNIT_EXPECT_MEMEQ(test, sig, sig_vectors[i].sig.p, len);
}

static void pss_salt_comes_from_the_rng(struct kunit *test)
{
	static const u8 script[] = { 0x5a };
	struct ssa_private_key *key = load_key(test, 0);
	struct scripted_rng rng;
	u8 *one = sig_buffer(test), *two = sig_buffer(test), *three = sig_buffer(test);
	size_t len;

	scripted_rng_init(&rng, script, sizeof(script));
	KUNIT_ASSERT_EQ(test, ssa_sign(key, SSA_SIG_RSA_PSS_RSAE_SHA256, sig_msg, SIG_MSG_LEN,
				       &rng.rng, one, &len), 0);
	KUNIT_ASSERT_EQ(test, ssa_sign(key, SSA_SIG_RSA_PSS_RSAE_SHA256, sig_msg, SIG_MSG_LEN,
				       &rng.rng, two, &len), 0);
	KUNIT_ASSERT_EQ(test, ssa_sign(key, SSA_SIG_RSA_PSS_RSAE_SHA256, sig_msg, SIG_MSG_LEN,
				       &ssa_kernel_rng, three, &len), 0);
	KUNIT_EXPECT_EQ(test, rng.calls, (size_t)2);
	KUNIT_EXPECT_MEMEQ(test, one, two, len);
	KUNIT_EXPECT_MEMNEQ(test, one, three, len);
}

static void scheme_that_does_not_fit_makes_no_signature(struct kunit *test)
{
	static const unsigned int keys[] = { 0, 4, 6, 13 };
	u8 *sig = sig_buffer(test);
	size_t i, j, len;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		struct ssa_private_key *key = load_key(test, keys[i]);

		for (j = 0; j < ARRAY_SIZE(schemes); j++) {
			if (ssa_sig_scheme_fits_tls12(schemes[j], ssa_private_key_type(key)))
				continue;
			KUNIT_EXPECT_EQ(test, ssa_sign(key, schemes[j], sig_msg, SIG_MSG_LEN,
						       &ssa_kernel_rng, sig, &len), -EINVAL);
			KUNIT_EXPECT_EQ(test, len, (size_t)0);
		}
		KUNIT_EXPECT_EQ(test, ssa_sign(key, 0x0807, sig_msg, SIG_MSG_LEN,
					       &ssa_kernel_rng, sig, &len), -EINVAL);
	}
}

/* malformed and unsupported public keys */
static void unusable_public_key_is_refused(struct kunit *test)
{
	const struct sig_vector *v = NULL;
	struct ssa_public_key *key;
	size_t i;

	for (i = 0; !v; i++) {
		if (sig_vectors[i].key == SIG_KEY_RSA2048 && sig_vectors[i].good)
			v = &sig_vectors[i];
	}
	key = public_key(test, &sig_keys[SIG_KEY_RSA2048]);
#define EXPECT_REFUSED() \
	KUNIT_EXPECT_EQ(test, ssa_verify(key, v->scheme, sig_msg, SIG_MSG_LEN, \
					 v->sig.p, v->sig.len), -EINVAL)
	key->n_len = 0;
	EXPECT_REFUSED();
	key->n_len = 255;			/* 2040 bits, and its last byte is missing */
	EXPECT_REFUSED();
	key->n_len = sizeof(key->n) + 1;
	EXPECT_REFUSED();
	key->n_len = 256;
	key->n[0] ^= 0x80;			/* 2047 bits or fewer */
	EXPECT_REFUSED();
	key->n[0] = 0;
	EXPECT_REFUSED();
	key->n[0] = sig_keys[SIG_KEY_RSA2048].n.p[0];
	key->n[255] ^= 1;			/* even */
	EXPECT_REFUSED();
	key->n[255] ^= 1;
	key->e[2] = 0;				/* even exponent */
	EXPECT_REFUSED();
	key->e_len = 0;
	EXPECT_REFUSED();
	key->e_len = sizeof(key->e) + 1;
	EXPECT_REFUSED();
	key->e[0] = 1;
	key->e_len = 1;				/* exponent 1 */
	EXPECT_REFUSED();
#undef EXPECT_REFUSED
}

static void point_off_the_curve_is_refused(struct kunit *test)
{
	const struct sig_vector *v = &sig_vectors[0];
	struct ssa_public_key *key = public_key(test, &sig_keys[SIG_KEY_P256]);

	KUNIT_ASSERT_EQ(test, v->key, SIG_KEY_P256);
	key->n[64] ^= 1;
	KUNIT_EXPECT_EQ(test, ssa_verify(key, v->scheme, sig_msg, SIG_MSG_LEN,
					 v->sig.p, v->sig.len), -EKEYREJECTED);
	key->n[64] ^= 1;
	key->n[0] = 0x06;
	KUNIT_EXPECT_EQ(test, ssa_verify(key, v->scheme, sig_msg, SIG_MSG_LEN,
					 v->sig.p, v->sig.len), -EINVAL);
	key->n[0] = 0x04;
	key->n_len = 64;
	KUNIT_EXPECT_EQ(test, ssa_verify(key, v->scheme, sig_msg, SIG_MSG_LEN,
					 v->sig.p, v->sig.len), -EINVAL);
}

static void names_are_those_of_the_rfc(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, ssa_sig_scheme_name(0x0403), "ecdsa_secp256r1_sha256");
	KUNIT_EXPECT_STREQ(test, ssa_sig_scheme_name(0x0806), "rsa_pss_rsae_sha512");
	KUNIT_EXPECT_NULL(test, ssa_sig_scheme_name(0x0201));
	KUNIT_EXPECT_TRUE(test, ssa_sig_scheme_fits(0x0503, SSA_KEY_EC_P384));
	KUNIT_EXPECT_FALSE(test, ssa_sig_scheme_fits(0x0503, SSA_KEY_EC_P256));
	KUNIT_EXPECT_FALSE(test, ssa_sig_scheme_fits(0x0201, SSA_KEY_RSA));
}

/* RFC 8446 4.2.3 pairs curve and hash, RFC 5246 7.4.1.4.1 does not */
static void versions_differ_in_the_curve_only(struct kunit *test)
{
	static const enum ssa_key_type curves[] = {
		SSA_KEY_EC_P256, SSA_KEY_EC_P384, SSA_KEY_EC_P521,
	};
	static const u16 ecdsa[] = {
		SSA_SIG_ECDSA_SECP256R1_SHA256, SSA_SIG_ECDSA_SECP384R1_SHA384,
		SSA_SIG_ECDSA_SECP521R1_SHA512,
	};
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(curves); i++) {
		for (j = 0; j < ARRAY_SIZE(ecdsa); j++) {
			KUNIT_EXPECT_EQ(test, ssa_sig_scheme_fits(ecdsa[j], curves[i]), i == j);
			KUNIT_EXPECT_TRUE(test, ssa_sig_scheme_fits_tls12(ecdsa[j], curves[i]));
		}
	}
	for (i = 0; i < ARRAY_SIZE(schemes); i++) {
		KUNIT_EXPECT_EQ(test, ssa_sig_scheme_fits_tls12(schemes[i], SSA_KEY_RSA),
				ssa_sig_scheme_fits(schemes[i], SSA_KEY_RSA));
	}
	KUNIT_EXPECT_FALSE(test, ssa_sig_scheme_fits_tls12(0x0203, SSA_KEY_EC_P256));
	KUNIT_EXPECT_FALSE(test, ssa_sig_scheme_fits_tls12(0x0401, SSA_KEY_EC_P256));
	KUNIT_EXPECT_FALSE(test, ssa_sig_scheme_fits_tls12(0x0403, SSA_KEY_RSA));
}

static struct kunit_case ssa_sig_cases[] = {
	KUNIT_CASE_PARAM(verdict_is_the_known_one, sig_gen_params),
	KUNIT_CASE_PARAM(every_changed_byte_is_refused, good_sig_gen_params),
	KUNIT_CASE_PARAM(other_scheme_or_key_is_refused, good_sig_gen_params),
	KUNIT_CASE_PARAM(own_signature_verifies, sign_gen_params),
	KUNIT_CASE_PARAM(deterministic_signature_is_the_known_one, deterministic_gen_params),
	KUNIT_CASE(pss_salt_comes_from_the_rng),
	KUNIT_CASE(scheme_that_does_not_fit_makes_no_signature),
	KUNIT_CASE(unusable_public_key_is_refused),
	KUNIT_CASE(point_off_the_curve_is_refused),
	KUNIT_CASE(names_are_those_of_the_rfc),
	KUNIT_CASE(versions_differ_in_the_curve_only),
	{}
};

BACKEND_SUITE(ssa_signature_bearssl, "ssa_signature", test_on_bearssl, ssa_sig_cases);
BACKEND_SUITE(ssa_signature_s2n, "ssa_signature_s2n", test_on_s2n, ssa_sig_cases);
BACKEND_SUITE(ssa_signature_s2n_alt, "ssa_signature_s2n_alt", test_on_s2n_alt, ssa_sig_cases);

kunit_test_suites(&ssa_signature_bearssl, &ssa_signature_s2n, &ssa_signature_s2n_alt);
