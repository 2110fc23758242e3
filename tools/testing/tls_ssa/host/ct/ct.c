// SPDX-License-Identifier: GPL-2.0
/*
 * Constant time: does a branch or an address depend on a secret?
 *
 * Runs below valgrind's memcheck, to which each secret is memory without a
 * value: it follows what is computed from it, and reports where a jump or an
 * address comes from it. What the protocol shows anyway is given a value again,
 * here by show(), in the code under test by ssa_declassify(), each time with the
 * reason. What memcheck reports in BearSSL without harm is in ct.supp.
 *
 * Prints TAP. The last cases leak on purpose, and fail if that is not seen.
 */
#include <stdio.h>
#include <stdlib.h>
#include <valgrind/memcheck.h>
#include <crypto/utils.h>
#include <linux/err.h>
#include <linux/string.h>

#include "../../../../../crypto/ssa/ed25519.h"
#include "../../../../../crypto/ssa/internal.h"
#include "../../../../../crypto/ssa/tests/key_vectors.h"
#include "../../../../../net/tls_ssa/engine/hs.h"

static void hide(void *p, size_t len)
{
	VALGRIND_MAKE_MEM_UNDEFINED(p, len);
}

static void show(void *p, size_t len)
{
	VALGRIND_MAKE_MEM_DEFINED(p, len);
}

static void die(const char *what)
{
	printf("Bail out! %s\n", what);
	exit(1);
}

#define MUST(x)	do { if (!(x)) die(#x); } while (0)

/* Has any bit of these bytes no value? If not, the secret got lost on the way. */
static void must_be_hidden(const void *p, size_t len)
{
	u8 bits[SSA_RSA_MAX_BYTES];
	size_t i;

	MUST(len <= sizeof(bits) && VALGRIND_GET_VBITS(p, bits, len) == 1);
	for (i = 0; i < len; i++)
		if (bits[i])
			return;
	die("a secret is not followed any more");
}

/* ------------------------------------------------------------- signatures */

static struct ssa_private_key *load(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good_keys); i++) {
		struct ssa_private_key *key;

		if (strcmp(good_keys[i].name, name))
			continue;
		key = ssa_private_key_parse(good_keys[i].der.p, good_keys[i].der.len);
		MUST(!IS_ERR(key));
		return key;
	}
	die(name);
	return NULL;
}

static void sign(const char *name, u16 scheme)
{
	static const char msg[] = "what the transcript hash is";
	struct ssa_private_key *key = load(name);
	u8 sig[SSA_SIGNATURE_MAX];
	size_t len;

	hide(key->secret, sizeof(key->secret));
	if (key->public.type == SSA_KEY_RSA) {
		/* BearSSL skips leading zeros: how long the factors are is no secret */
		show(key->rsa.p, 1);
		show(key->rsa.q, 1);
	}
	MUST(!ssa_sign(key, scheme, msg, sizeof(msg), &ssa_kernel_rng, sig, &len));
	MUST(!ssa_verify(&key->public, scheme, msg, sizeof(msg), sig, len));
	must_be_hidden(key->secret, 32);
	ssa_private_key_free(key);
}

static void rsa_pkcs1(void)
{
	sign("RSA-2048 PKCS#1", SSA_SIG_RSA_PKCS1_SHA256);
}

static void rsa_pss(void)
{
	sign("RSA-2048 PKCS#1", SSA_SIG_RSA_PSS_RSAE_SHA256);
}

static void ecdsa_p256(void)
{
	sign("P-256 PKCS#8", SSA_SIG_ECDSA_SECP256R1_SHA256);
}

static void ecdsa_p384(void)
{
	sign("P-384 PKCS#8", SSA_SIG_ECDSA_SECP384R1_SHA384);
}

static void ecdsa_p521(void)
{
	sign("P-521 PKCS#8", SSA_SIG_ECDSA_SECP521R1_SHA512);
}

static void ed25519_sign(void)
{
	sign("Ed25519, RFC 8410 10.3", SSA_SIG_ED25519);
}

static void ed25519_public_key(void)
{
	u8 seed[SSA_ED25519_KEY_LEN], public_key[SSA_ED25519_KEY_LEN];

	memset(seed, 0x5a, sizeof(seed));
	hide(seed, sizeof(seed));
	ssa_ed25519_public(public_key, seed);
	MUST(!ssa_ed25519_check_key(public_key));
}

/* ----------------------------------------------------------- key exchange */

static void hidden_fill(void *ctx, void *buf, size_t len)
{
	memset(buf, 0x5a, len);
	hide(buf, len);
}

static const struct ssa_rng hidden_rng = { .fill = hidden_fill };

static void key_exchange(u16 group)
{
	u8 ours[SSA_KEX_SHARED_MAX], theirs[SSA_KEX_SHARED_MAX];
	struct ssa_kex a, b;
	size_t a_len, b_len;

	MUST(!ssa_kex_generate(&a, group, &hidden_rng));
	MUST(!ssa_kex_generate(&b, group, &ssa_kernel_rng));
	MUST(!ssa_kex_shared(&a, b.public_key, b.public_len, ours, &a_len));
	MUST(!ssa_kex_shared(&b, a.public_key, a.public_len, theirs, &b_len));
	must_be_hidden(a.scalar, 32);
	must_be_hidden(ours, a_len);
	MUST(a_len == b_len && !crypto_memneq(ours, theirs, a_len));
}

static void x25519(void)
{
	key_exchange(SSA_GROUP_X25519);
}

static void ecdh_p256(void)
{
	key_exchange(SSA_GROUP_SECP256R1);
}

static void ecdh_p384(void)
{
	key_exchange(SSA_GROUP_SECP384R1);
}

/* --------------------------------------------------- hashes, keys, records */

static void hkdf(void)
{
	u8 secret[48], out[48], context[32] = {};

	hidden_fill(NULL, secret, sizeof(secret));
	ssa_hkdf_extract(SSA_SHA384, context, sizeof(context), secret, sizeof(secret), out);
	must_be_hidden(out, 48);
	MUST(!ssa_hkdf_expand_label(SSA_SHA256, secret, "key", context, 32, out, 16));
	must_be_hidden(out, 16);
	MUST(!ssa_hkdf_expand_label(SSA_SHA384, secret, "iv", context, 32, out, 12));
	must_be_hidden(out, 12);
}

static void prf(void)
{
	u8 secret[200], out[104], seed[64] = {};

	/* longer than a block, too */
	hidden_fill(NULL, secret, sizeof(secret));
	ssa_prf(SSA_SHA256, secret, 48, "key expansion", seed, sizeof(seed), out, sizeof(out));
	must_be_hidden(out, sizeof(out));
	ssa_prf(SSA_SHA384, secret, sizeof(secret), "master secret", seed, sizeof(seed), out, 48);
	must_be_hidden(out, 48);
}

static void aead(void)
{
	u8 key[SSA_AEAD_KEY_MAX], nonce[SSA_AEAD_NONCE_LEN] = {}, aad[13] = {};
	u8 buf[256 + SSA_AEAD_TAG_LEN];
	enum ssa_aead_id id;

	for (id = 0; id < SSA_AEAD_COUNT; id++) {
		struct ssa_aead *a;

		hidden_fill(NULL, key, sizeof(key));
		hidden_fill(NULL, buf, sizeof(buf));
		a = ssa_aead_new(id, key);
		MUST(!IS_ERR(a));
		MUST(!ssa_aead_seal(a, nonce, aad, sizeof(aad), buf, 256));
		must_be_hidden(buf, sizeof(buf));
		/* it goes over the wire */
		show(buf, sizeof(buf));
		MUST(!ssa_aead_open(a, nonce, aad, sizeof(aad), buf, sizeof(buf)));
		must_be_hidden(buf, 256);

		MUST(!ssa_aead_seal(a, nonce, aad, sizeof(aad), buf, 256));
		show(buf, sizeof(buf));
		buf[260] ^= 1;
		MUST(ssa_aead_open(a, nonce, aad, sizeof(aad), buf, sizeof(buf)) == -EBADMSG);
		ssa_aead_free(a);
	}
}

/* ---------------------------------------------------------------- Finished */

static struct ssa_hs *handshake(u16 suite)
{
	struct ssa_hs *hs = calloc(1, sizeof(*hs));

	MUST(hs);
	hs->suite = ssa_suite_find(suite);
	MUST(hs->suite);
	ssa_transcript_start(&hs->transcript, hs->suite->hash);
	MUST(!ssa_transcript_add(&hs->transcript, (const u8 *)"messages", 8));
	return hs;
}

/* a wrong one that begins right, so that a comparison that stops would go on */
static void finished_13(void)
{
	struct ssa_hs *hs = handshake(0x1302);
	u8 base_key[SSA_HASH_MAX], transcript[SSA_HASH_MAX], received[SSA_HASH_MAX];
	struct ssa_msg msg = {};

	ssa_reader_init(&msg.body, received, hs->suite->hash_len);
	hidden_fill(NULL, base_key, sizeof(base_key));
	ssa_transcript_digest(&hs->transcript, transcript);
	MUST(!ssa_ks_finished(hs->suite, base_key, transcript, received));
	/* it was on the wire */
	show(received, sizeof(received));
	MUST(!ssa_check_finished(hs, &msg, base_key));
	received[hs->suite->hash_len - 1] ^= 1;
	MUST(ssa_check_finished(hs, &msg, base_key));
	free(hs);
}

static void finished_12(void)
{
	struct ssa_hs *hs = handshake(0xc02f);
	u8 transcript[SSA_HASH_MAX], received[SSA_VERIFY_DATA_LEN];
	struct ssa_msg msg = {};

	ssa_reader_init(&msg.body, received, sizeof(received));
	hidden_fill(NULL, &hs->keys12, sizeof(hs->keys12));
	ssa_transcript_digest(&hs->transcript, transcript);
	ssa_keys12_finished(&hs->keys12, hs->suite, true, transcript, received);
	/* it was on the wire */
	show(received, sizeof(received));
	MUST(!ssa_check_finished12(hs, &msg));
	received[sizeof(received) - 1] ^= 1;
	MUST(ssa_check_finished12(hs, &msg));
	free(hs);
}

/* ---------------------------------------------------------------- controls */

static unsigned int sink;

static noinline void compare_byte_by_byte(void)
{
	u8 mac[16], received[16] = {};
	int i;

	hidden_fill(NULL, mac, sizeof(mac));
	for (i = 0; i < 16; i++) {
		if (mac[i] != received[i])
			break;
	}
	WRITE_ONCE(sink, i);
}

static noinline void look_up_by_secret(void)
{
	static const u8 table[256] = { 1, 2, 3 };
	u8 secret;

	hidden_fill(NULL, &secret, 1);
	WRITE_ONCE(sink, READ_ONCE(table[secret]));
}

/* the arithmetic that is for verification alone */
static void sign_in_variable_time(void)
{
	struct ssa_sc s = {}, k = {};
	u8 base[32] = { 0x58 }, out[32];
	struct ssa_ge point, r;

	memset(base + 1, 0x66, 31);
	MUST(ssa_ge_from_bytes(&point, base));
	s.v[0] = 3;
	hide(&s.v[0], sizeof(s.v[0]));
	ssa_ge_mul_sub_vartime(&r, &s, &k, &point);
	ssa_ge_to_bytes(out, &r);
}

static void forgotten_declassification(void)
{
	u8 seed[SSA_ED25519_KEY_LEN], public_key[SSA_ED25519_KEY_LEN];

	memset(seed, 0x5a, sizeof(seed));
	ssa_ed25519_public(public_key, seed);
	hide(public_key, sizeof(public_key));
	WRITE_ONCE(sink, ssa_ed25519_check_key(public_key));
}

static const struct ct_case {
	const char *name;
	void (*run)(void);
	bool leaks;
	bool each;	/* on each back end */
} cases[] = {
	{ "Ed25519 public key", ed25519_public_key },
	{ "Ed25519 signature", ed25519_sign },
	{ "ECDSA P-256 signature", ecdsa_p256, .each = true },
	{ "ECDSA P-384 signature", ecdsa_p384, .each = true },
	{ "ECDSA P-521 signature", ecdsa_p521, .each = true },
	{ "RSA-2048 PKCS#1 signature", rsa_pkcs1, .each = true },
	{ "RSA-2048 PSS signature", rsa_pss, .each = true },
	{ "X25519", x25519, .each = true },
	{ "ECDH P-256", ecdh_p256, .each = true },
	{ "ECDH P-384", ecdh_p384, .each = true },
	{ "HKDF", hkdf },
	{ "PRF of TLS 1.2", prf },
	{ "AEAD", aead },
	{ "Finished of TLS 1.3", finished_13 },
	{ "Finished of TLS 1.2", finished_12 },
	{ "control: comparison that stops is seen", compare_byte_by_byte, true },
	{ "control: table index is seen", look_up_by_secret, true },
	{ "control: verification's arithmetic on a secret is seen", sign_in_variable_time, true },
	{ "control: public value that is not shown is seen", forgotten_declassification, true },
};

static unsigned int failed, number;

static void run(const struct ct_case *c, const char *on)
{
	unsigned int before = VALGRIND_COUNT_ERRORS, found;

	VALGRIND_PRINTF("case %u: %s%s\n", ++number, c->name, on);
	c->run();
	found = VALGRIND_COUNT_ERRORS - before;
	if (!found != c->leaks) {
		printf("ok %u constant time: %s%s\n", number, c->name, on);
		return;
	}
	printf("not ok %u constant time: %s%s\n# %u dependences on a secret\n", number, c->name, on,
	       found);
	failed++;
}

int main(void)
{
	static const char * const backends[] = {
		[SSA_BACKEND_BEARSSL] = ", BearSSL",
		[SSA_BACKEND_S2N] = ", s2n-bignum",
		[SSA_BACKEND_S2N_ALT] = ", s2n-bignum without BMI2 and ADX",
	};
	unsigned int i, j;

	if (!RUNNING_ON_VALGRIND)
		die("not below valgrind");
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("TAP version 13\n");
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		for (j = 0; j < (cases[i].each ? ARRAY_SIZE(backends) : 1); j++) {
			if (!cases[i].each) {
				run(&cases[i], "");
			} else if (ssa_backend_set(j)) {
				run(&cases[i], backends[j]);
			} else {
				printf("ok %u constant time: %s%s # SKIP not here\n", ++number,
				       cases[i].name, backends[j]);
			}
		}
		ssa_backend_set(ssa_backend_best());
	}
	printf("1..%u\n", number);
	return failed != 0;
}
