// SPDX-License-Identifier: GPL-2.0
/*
 * Primitives per second of CPU time: on each of our back ends, and OpenSSL's.
 *
 *	primitives [SECONDS]		seconds for each line of the table
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "../../../../../crypto/ssa/internal.h"

#define RUNS	7
#define US	3	/* back ends */

static const char msg[32] = "the digest of a transcript, say";

/* what the line of the moment works with */
static struct {
	u16			scheme, group;
	struct ssa_private_key	*key;
	struct ssa_kex		kex, peer;
	EVP_PKEY		*pkey, *theirs;
	EVP_PKEY_CTX		*ctx, *pctx;
	u8			sig[SSA_SIGNATURE_MAX], digest[64];
	size_t			sig_len, digest_len;
} it;

#define MUST(x) do {							\
	if (!(x)) {							\
		fprintf(stderr, "primitives: line %d: %s\n", __LINE__, #x); \
		exit(1);						\
	}								\
} while (0)

static u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* ------------------------------------------------------------- signatures */

static void key_setup(EVP_PKEY *pkey, u16 scheme, const EVP_MD *md)
{
	unsigned int len;
	u8 *der = NULL;
	PKCS8_PRIV_KEY_INFO *p8;
	int der_len;

	MUST(pkey);
	it.pkey = pkey;
	it.scheme = scheme;
	p8 = EVP_PKEY2PKCS8(pkey);
	der_len = i2d_PKCS8_PRIV_KEY_INFO(p8, &der);
	it.key = ssa_private_key_parse(der, der_len);
	MUST(!IS_ERR(it.key));
	OPENSSL_free(der);
	PKCS8_PRIV_KEY_INFO_free(p8);
	MUST(!ssa_sign(it.key, scheme, msg, sizeof(msg), &ssa_kernel_rng, it.sig, &it.sig_len));
	if (!md)
		return;
	MUST(EVP_Digest(msg, sizeof(msg), it.digest, &len, md, NULL));
	it.digest_len = len;
	it.ctx = EVP_PKEY_CTX_new(pkey, NULL);
	MUST(EVP_PKEY_sign_init(it.ctx) == 1 && EVP_PKEY_CTX_set_signature_md(it.ctx, md) == 1);
	it.pctx = EVP_PKEY_CTX_new(pkey, NULL);
	MUST(EVP_PKEY_verify_init(it.pctx) == 1 && EVP_PKEY_CTX_set_signature_md(it.pctx, md) == 1);
}

static void key_teardown(void)
{
	ssa_private_key_free(it.key);
	EVP_PKEY_free(it.pkey);
	EVP_PKEY_CTX_free(it.ctx);
	EVP_PKEY_CTX_free(it.pctx);
	it.ctx = NULL;
	it.pctx = NULL;
}

static void p256_setup(void)
{
	key_setup(EVP_EC_gen("P-256"), SSA_SIG_ECDSA_SECP256R1_SHA256, EVP_sha256());
}

static void p384_setup(void)
{
	key_setup(EVP_EC_gen("P-384"), SSA_SIG_ECDSA_SECP384R1_SHA384, EVP_sha384());
}

static void p521_setup(void)
{
	key_setup(EVP_EC_gen("P-521"), SSA_SIG_ECDSA_SECP521R1_SHA512, EVP_sha512());
}

static void rsa2048_setup(void)
{
	key_setup(EVP_RSA_gen(2048), SSA_SIG_RSA_PKCS1_SHA256, EVP_sha256());
}

static void rsa3072_setup(void)
{
	key_setup(EVP_RSA_gen(3072), SSA_SIG_RSA_PKCS1_SHA256, EVP_sha256());
}

static void rsa4096_setup(void)
{
	key_setup(EVP_RSA_gen(4096), SSA_SIG_RSA_PKCS1_SHA256, EVP_sha256());
}

static void ed25519_setup(void)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, NULL);
	EVP_PKEY *pkey = NULL;

	MUST(EVP_PKEY_keygen_init(ctx) == 1 && EVP_PKEY_keygen(ctx, &pkey) == 1);
	EVP_PKEY_CTX_free(ctx);
	key_setup(pkey, SSA_SIG_ED25519, NULL);
}

static void our_sign(void)
{
	MUST(!ssa_sign(it.key, it.scheme, msg, sizeof(msg), &ssa_kernel_rng, it.sig, &it.sig_len));
}

static void our_verify(void)
{
	MUST(!ssa_verify(ssa_private_key_public(it.key), it.scheme, msg, sizeof(msg), it.sig,
			 it.sig_len));
}

static void ossl_sign(void)
{
	size_t len = sizeof(it.sig);
	u8 sig[SSA_SIGNATURE_MAX];
	EVP_MD_CTX *ctx;

	if (it.ctx) {
		MUST(EVP_PKEY_sign(it.ctx, sig, &len, it.digest, it.digest_len) == 1);
		return;
	}
	ctx = EVP_MD_CTX_new();
	MUST(EVP_DigestSignInit(ctx, NULL, NULL, NULL, it.pkey) == 1 &&
	     EVP_DigestSign(ctx, sig, &len, (const u8 *)msg, sizeof(msg)) == 1);
	EVP_MD_CTX_free(ctx);
}

static void ossl_verify(void)
{
	EVP_MD_CTX *ctx;

	if (it.pctx) {
		MUST(EVP_PKEY_verify(it.pctx, it.sig, it.sig_len, it.digest, it.digest_len) == 1);
		return;
	}
	ctx = EVP_MD_CTX_new();
	MUST(EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, it.pkey) == 1 &&
	     EVP_DigestVerify(ctx, it.sig, it.sig_len, (const u8 *)msg, sizeof(msg)) == 1);
	EVP_MD_CTX_free(ctx);
}

/* ----------------------------------------------------------- key exchange */

static EVP_PKEY *ossl_generated(void)
{
	EVP_PKEY *pkey = NULL;

	MUST(EVP_PKEY_keygen(it.ctx, &pkey) == 1);
	return pkey;
}

static void kex_setup(u16 group, EVP_PKEY_CTX *ctx, int nid)
{
	it.group = group;
	it.ctx = ctx;
	MUST(!ssa_kex_generate(&it.kex, group, &ssa_kernel_rng));
	MUST(!ssa_kex_generate(&it.peer, group, &ssa_kernel_rng));
	MUST(EVP_PKEY_keygen_init(ctx) == 1);
	MUST(!nid || EVP_PKEY_CTX_set_ec_paramgen_curve_nid(ctx, nid) == 1);
	it.pkey = ossl_generated();
	it.theirs = ossl_generated();
	it.pctx = EVP_PKEY_CTX_new(it.pkey, NULL);
	MUST(EVP_PKEY_derive_init(it.pctx) == 1);
}

static void kex_teardown(void)
{
	EVP_PKEY_free(it.pkey);
	EVP_PKEY_free(it.theirs);
	EVP_PKEY_CTX_free(it.ctx);
	EVP_PKEY_CTX_free(it.pctx);
	it.ctx = NULL;
	it.pctx = NULL;
}

static void x25519_setup(void)
{
	kex_setup(SSA_GROUP_X25519, EVP_PKEY_CTX_new_id(EVP_PKEY_X25519, NULL), 0);
}

static void ecdh256_setup(void)
{
	kex_setup(SSA_GROUP_SECP256R1, EVP_PKEY_CTX_new_id(EVP_PKEY_EC, NULL),
		  NID_X9_62_prime256v1);
}

static void ecdh384_setup(void)
{
	kex_setup(SSA_GROUP_SECP384R1, EVP_PKEY_CTX_new_id(EVP_PKEY_EC, NULL), NID_secp384r1);
}

static void our_generate(void)
{
	MUST(!ssa_kex_generate(&it.kex, it.group, &ssa_kernel_rng));
}

static void our_derive(void)
{
	u8 out[SSA_KEX_SHARED_MAX];
	size_t len;

	MUST(!ssa_kex_shared(&it.kex, it.peer.public_key, it.peer.public_len, out, &len));
}

static void ossl_generate(void)
{
	EVP_PKEY_free(ossl_generated());
}

static void ossl_derive(void)
{
	u8 out[SSA_KEX_SHARED_MAX];
	size_t len = sizeof(out);

	/* as for each peer anew */
	MUST(EVP_PKEY_derive_set_peer_ex(it.pctx, it.theirs, 0) == 1 &&
	     EVP_PKEY_derive(it.pctx, out, &len) == 1);
}

/* ---------------------------------------------------------------- figures */

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double rate(void (*run)(void), double seconds)
{
	u64 start = now_ns(), end;
	unsigned int n = 0, i;

	do {
		for (i = 0; i < 4; i++)
			run();
		n += 4;
		end = now_ns();
	} while (end - start < seconds * 1e9);
	return n * 1e9 / (end - start);
}

static double median(double *rates)
{
	qsort(rates, RUNS, sizeof(*rates), compare);
	return rates[RUNS / 2];
}

static void line(const char *name, const char *what, void (*ours)(void), void (*ossl)(void),
		 double seconds)
{
	double rates[US + 1][RUNS], theirs, best = 0;
	bool works[US];
	int i, j;

	for (i = 0; i < RUNS; i++) {
		for (j = 0; j < US; j++) {
			works[j] = ssa_backend_set(j);
			if (works[j])
				rates[j][i] = rate(ours, seconds / RUNS / (US + 1));
		}
		ssa_backend_set(ssa_backend_best());
		rates[US][i] = rate(ossl, seconds / RUNS / (US + 1));
	}
	theirs = median(rates[US]);
	printf("%-9s %-9s", name, what);
	for (j = 0; j < US; j++) {
		double r = works[j] ? median(rates[j]) : 0;

		if (works[j])
			printf(" %9.0f", r);
		else
			printf(" %9s", "-");
		if (j == (int)ssa_backend_best())
			best = r;
	}
	printf(" %9.0f %6.2f\n", theirs, best / theirs);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	static const struct {
		const char	*name;
		void		(*setup)(void);
		bool		kex;
	} lines[] = {
		{ "X25519", x25519_setup, true },
		{ "P-256", ecdh256_setup, true },
		{ "P-384", ecdh384_setup, true },
		{ "P-256", p256_setup },
		{ "P-384", p384_setup },
		{ "P-521", p521_setup },
		{ "Ed25519", ed25519_setup },
		{ "RSA-2048", rsa2048_setup },
		{ "RSA-3072", rsa3072_setup },
		{ "RSA-4096", rsa4096_setup },
	};
	double seconds = argc > 1 ? atof(argv[1]) : 1;
	size_t i;

	if (seconds <= 0) {
		fputs("usage: primitives [SECONDS]\n", stderr);
		return 2;
	}
	printf("Primitives a second of one CPU, native: on each back end, and by %s.\n"
	       "Ours with the hash of a short message, its checks and wiping; OpenSSL's of a digest.\n"
	       "Medians of %d interleaved runs of %.3f s each; ratio: the best back end to OpenSSL.\n\n"
	       "%-9s %-9s %9s %9s %9s %9s %6s\n", OpenSSL_version(OPENSSL_VERSION), RUNS,
	       seconds / RUNS / (US + 1), "", "", "BearSSL", "s2n", "s2n alt", "OpenSSL", "ratio");
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		lines[i].setup();
		if (lines[i].kex) {
			line(lines[i].name, "key pair", our_generate, ossl_generate, seconds);
			line(lines[i].name, "shared", our_derive, ossl_derive, seconds);
			kex_teardown();
		} else {
			line(lines[i].name, "sign", our_sign, ossl_sign, seconds);
			line(lines[i].name, "verify", our_verify, ossl_verify, seconds);
			key_teardown();
		}
	}
	return 0;
}
