// SPDX-License-Identifier: GPL-2.0
/*
 * Constant time of the engine: whole handshakes below valgrind's memcheck, to
 * which the private key and the scalars of the key shares are memory without a
 * value. What is computed from them has none either, down to the keys of
 * application data, and memcheck reports each branch and each address that
 * depends on it. What goes over the wire is given a value where it is protected,
 * and what comes over it where the protection is removed: messages are no
 * secret to the two sides.
 *
 * Prints TAP. The last case leaks on purpose, and fails if that is not seen.
 */
#include <stdio.h>
#include <stdlib.h>
#include <valgrind/memcheck.h>
#include <linux/err.h>
#include <linux/string.h>

#include "../tools/drive.h"
#include "../../../../../crypto/ssa/internal.h"

static bool branch_on_shared;
static unsigned int sink;

static bool is_hidden(const void *p, size_t len)
{
	u8 bits[SSA_RSA_MAX_BYTES];
	size_t i;

	if (len > sizeof(bits) || VALGRIND_GET_VBITS(p, bits, len) != 1)
		drive_die("not below valgrind");
	for (i = 0; i < len; i++)
		if (bits[i])
			return true;
	return false;
}

typeof(ssa_kex_generate) __real_ssa_kex_generate, __wrap_ssa_kex_generate;
int __wrap_ssa_kex_generate(struct ssa_kex *kex, u16 group, const struct ssa_rng *rng)
{
	int err = __real_ssa_kex_generate(kex, group, rng);

	VALGRIND_MAKE_MEM_UNDEFINED(kex->scalar, sizeof(kex->scalar));
	return err;
}

typeof(ssa_kex_shared) __real_ssa_kex_shared, __wrap_ssa_kex_shared;
int __wrap_ssa_kex_shared(const struct ssa_kex *kex, const u8 *peer, size_t peer_len,
			  u8 out[SSA_KEX_SHARED_MAX], size_t *out_len)
{
	int err = __real_ssa_kex_shared(kex, peer, peer_len, out, out_len);

	if (!err && !is_hidden(out, *out_len))
		drive_die("the shared secret is not followed any more");
	if (branch_on_shared && out[0] & 1)
		WRITE_ONCE(sink, 1);
	return err;
}

/* Ciphertext goes over the wire. */
typeof(ssa_aead_seal) __real_ssa_aead_seal, __wrap_ssa_aead_seal;
int __wrap_ssa_aead_seal(struct ssa_aead *a, const u8 nonce[SSA_AEAD_NONCE_LEN], const u8 *aad,
			 size_t aad_len, u8 *buf, size_t len)
{
	int err = __real_ssa_aead_seal(a, nonce, aad, aad_len, buf, len);

	if (!is_hidden(buf + len, SSA_AEAD_TAG_LEN))
		drive_die("the key of the records is not followed any more");
	VALGRIND_MAKE_MEM_DEFINED(buf, len + SSA_AEAD_TAG_LEN);
	return err;
}

/* Handshake messages are for us to read. */
typeof(ssa_aead_open) __real_ssa_aead_open, __wrap_ssa_aead_open;
int __wrap_ssa_aead_open(struct ssa_aead *a, const u8 nonce[SSA_AEAD_NONCE_LEN], const u8 *aad,
			 size_t aad_len, u8 *buf, size_t len)
{
	int err = __real_ssa_aead_open(a, nonce, aad, aad_len, buf, len);

	VALGRIND_MAKE_MEM_DEFINED(buf, len);
	return err;
}

/* Our Finished is made of secrets, and part of what the client signs: it has seen it. */
typeof(ssa_verify) __real_ssa_verify, __wrap_ssa_verify;
int __wrap_ssa_verify(const struct ssa_public_key *key, u16 scheme, const void *msg, size_t len,
		      const u8 *sig, size_t sig_len)
{
	VALGRIND_MAKE_MEM_DEFINED(msg, len);
	return __real_ssa_verify(key, scheme, msg, len, sig, sig_len);
}

static void hide_private_key(enum drive_key key)
{
	struct ssa_private_key *k;

	k = (struct ssa_private_key *)ssa_credentials_key(drive_credentials(key));
	VALGRIND_MAKE_MEM_UNDEFINED(k->secret, sizeof(k->secret));
	/* as in ct.c: how long the factors are is no secret */
	if (k->public.type == SSA_KEY_RSA) {
		VALGRIND_MAKE_MEM_DEFINED(k->rsa.p, 1);
		VALGRIND_MAKE_MEM_DEFINED(k->rsa.q, 1);
	}
}

static void handshake(const struct way *way)
{
	struct ssa_exporter exporter;
	struct ssa_traffic_keys keys;
	struct ssa_post post;
	struct drive d;
	int side;

	hide_private_key(way->key);
	if (way->client)
		hide_private_key(way->client);
	drive_init(&d, way, CLIENT);
	drive_start(&d);
	drive_run(&d);
	for (side = CLIENT; side <= SERVER; side++) {
		if (d.want[side] != SSA_DONE || ssa_hs_export(d.hs[side], &post))
			drive_die("%s: fails", way->name);
		if (!is_hidden(post.tx.secret, 16) || !is_hidden(post.rx.secret, 16))
			drive_die("%s: the secrets are not followed any more", way->name);
		if (post.version == SSA_TLS13)
			ssa_post_next_secret(&post, true);
		ssa_post_keys(&post, true, &keys);
		if (!is_hidden(keys.key, 16))
			drive_die("%s: the keys are not followed any more", way->name);
		ssa_post_wipe(&post);
		if (ssa_hs_exporter(d.hs[side], &exporter))
			drive_die("%s: no exporter", way->name);
		if (!exporter.version)
			continue;
		if (!is_hidden(exporter.secret, 16) ||
		    ssa_export(&exporter, "EXPORTER-test", 13, NULL, 0, keys.key, 16) ||
		    !is_hidden(keys.key, 16))
			drive_die("%s: the exporter is not followed any more", way->name);
	}
	drive_end(&d);
}

static bool spoil_finished;

static void spoil(struct drive *d, struct ssa_hs *hs, struct ssa_buf *msg)
{
	u8 *p = ssa_buf_begin(msg);

	if (p[0] == SSA_HT_FINISHED && spoil_finished)
		p[ssa_buf_left(msg) - 1] ^= 1;
}

/* What must be refused takes other branches. */
static void wrong_finished(const struct way *way, bool client)
{
	struct drive d;

	hide_private_key(way->key);
	drive_init(&d, way, client ? CLIENT : SERVER);
	d.on_message = spoil;
	spoil_finished = true;
	drive_start(&d);
	drive_run(&d);
	if (ssa_hs_reason(d.hs[d.tested]) != SSA_R_BAD_FINISHED)
		drive_die("%s: takes a Finished that is wrong", way->name);
	drive_end(&d);
}

static const struct way ways[] = {
	{ "TLS 1.3, P-256, X25519", SSA_TLS13, KEY_P256, SSA_SUITE_AES_128_GCM_SHA256,
	  SSA_GROUP_X25519 },
	{ "TLS 1.3, P-384, secp384r1", SSA_TLS13, KEY_P384, SSA_SUITE_AES_256_GCM_SHA384,
	  SSA_GROUP_SECP384R1 },
	{ "TLS 1.3, RSA, retry to secp256r1", SSA_TLS13, KEY_RSA,
	  SSA_SUITE_CHACHA20_POLY1305_SHA256, SSA_GROUP_SECP256R1, .retry = true },
	{ "TLS 1.3, client with RSA", SSA_TLS13, KEY_P256, SSA_SUITE_AES_128_GCM_SHA256,
	  .peer_auth = SSA_PEER_AUTH_REQUIRED, .client = KEY_CLIENT_RSA },
	{ "TLS 1.3, client with Ed25519", SSA_TLS13, KEY_P256, SSA_SUITE_AES_128_GCM_SHA256,
	  .peer_auth = SSA_PEER_AUTH_REQUIRED, .client = KEY_CLIENT_ED25519 },
	{ "TLS 1.2, P-256, X25519", SSA_TLS12, KEY_P256,
	  SSA_SUITE_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 },
	{ "TLS 1.2, RSA, secp256r1", SSA_TLS12, KEY_RSA,
	  SSA_SUITE_ECDHE_RSA_WITH_AES_256_GCM_SHA384, SSA_GROUP_SECP256R1 },
	{ "TLS 1.2, client with P-256", SSA_TLS12, KEY_RSA,
	  SSA_SUITE_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
	  .peer_auth = SSA_PEER_AUTH_REQUIRED, .client = KEY_CLIENT_P256 },
	{ "TLS 1.2, client with Ed25519", SSA_TLS12, KEY_RSA,
	  SSA_SUITE_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
	  .peer_auth = SSA_PEER_AUTH_REQUIRED, .client = KEY_CLIENT_ED25519 },
	{ "TLS 1.2 without extended master secret", SSA_TLS12, KEY_RSA,
	  SSA_SUITE_ECDHE_RSA_WITH_AES_128_GCM_SHA256, .without_ems = true },
};

static unsigned int tests, failed;

static void result(const char *name, const char *what, unsigned int before, bool leaks)
{
	unsigned int found = VALGRIND_COUNT_ERRORS - before;
	bool ok = !found != leaks;

	printf("%s %u constant time: engine, %s%s\n", ok ? "ok" : "not ok", ++tests, name, what);
	if (!ok)
		printf("# %u dependences on a secret\n", found);
	failed += !ok;
}

int main(void)
{
	unsigned int before;
	size_t i;

	if (!RUNNING_ON_VALGRIND)
		drive_die("not below valgrind");
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("TAP version 13\n");
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		before = VALGRIND_COUNT_ERRORS;
		handshake(&ways[i]);
		result(ways[i].name, "", before, false);
	}
	for (i = 0; i < ARRAY_SIZE(ways); i += 5) {
		before = VALGRIND_COUNT_ERRORS;
		wrong_finished(&ways[i], true);
		wrong_finished(&ways[i], false);
		result(ways[i].name, ", wrong Finished", before, false);
	}
	branch_on_shared = true;
	before = VALGRIND_COUNT_ERRORS;
	handshake(&ways[0]);
	result("control: a branch on the shared secret is seen", "", before, true);
	printf("1..%u\n", tests);
	return failed != 0;
}
