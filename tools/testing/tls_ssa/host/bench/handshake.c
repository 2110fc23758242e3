// SPDX-License-Identifier: GPL-2.0
/*
 * Full handshakes per second of CPU time: our engine against OpenSSL, each with
 * itself, in one thread, over memory.
 *
 *	handshake PKI [SECONDS]		seconds for each cell of the table
 */
#include <time.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/time64.h>
#include <linux/unaligned.h>

#include "../../../../../crypto/ssa/internal.h"
#include "../tools/conn.h"

#define RUNS	7

struct cell {
	const char *key, *key_name;
	u16 group;
	const char *ossl_group;
	const char *ossl_suite12;
	u16 suite12;
};

static u16 version;

#define ECDSA	"ECDHE-ECDSA-AES128-GCM-SHA256", SSA_SUITE_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
#define RSA	"ECDHE-RSA-AES128-GCM-SHA256", SSA_SUITE_ECDHE_RSA_WITH_AES_128_GCM_SHA256

/* The second group: in TLS 1.2 it has to name the curve of the certificate, too. */
static const struct cell cells[] = {
	{ "p256", "ECDSA P-256", SSA_GROUP_X25519, "X25519:P-256", ECDSA },
	{ "p256", "ECDSA P-256", SSA_GROUP_SECP256R1, "P-256", ECDSA },
	{ "p384", "ECDSA P-384", SSA_GROUP_X25519, "X25519:P-384", ECDSA },
	{ "p384", "ECDSA P-384", SSA_GROUP_SECP256R1, "P-256:P-384", ECDSA },
	{ "rsa", "RSA-2048", SSA_GROUP_X25519, "X25519", RSA },
	{ "rsa", "RSA-2048", SSA_GROUP_SECP256R1, "P-256", RSA },
};

/* CPU time of each side */
enum { CLIENT, SERVER };
static u64 cpu[2];

static u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static void __noreturn die(const char *what)
{
	fprintf(stderr, "handshake: %s\n", what);
	ERR_print_errors_fp(stderr);
	exit(1);
}

/* ------------------------------------------------------------- our engine */

static struct ssa_hs_config our_cfg[2];

static void our_setup(const char *pki, const struct cell *c)
{
	struct ssa_credentials *cred;
	size_t chain_len, key_len, root_len;
	char path[512], *chain, *key, *root;
	int i;

	snprintf(path, sizeof(path), "%s/%s.chain.pem", pki, c->key);
	chain = conn_read_file(path, &chain_len);
	snprintf(path, sizeof(path), "%s/%s.key.pem", pki, c->key);
	key = conn_read_file(path, &key_len);
	snprintf(path, sizeof(path), "%s/root.pem", pki);
	root = conn_read_file(path, &root_len);
	memset(our_cfg, 0, sizeof(our_cfg));
	for (i = 0; i < 2; i++) {
		our_cfg[i].server = i == SERVER;
		our_cfg[i].min_version = version;
		our_cfg[i].max_version = version;
		our_cfg[i].suites[0] = version == SSA_TLS13 ? SSA_SUITE_AES_128_GCM_SHA256 :
							      c->suite12;
		our_cfg[i].groups[0] = c->group;
		if (strstr(c->ossl_group, ":P-"))
			our_cfg[i].groups[1] = strstr(c->ossl_group, ":P-256") ?
					       SSA_GROUP_SECP256R1 : SSA_GROUP_SECP384R1;
		memcpy(our_cfg[i].sigalgs, ssa_default_sigalgs, sizeof(our_cfg[i].sigalgs));
		our_cfg[i].now = ktime_get_real_seconds();
		our_cfg[i].rng = ssa_kernel_rng;
	}
	our_cfg[CLIENT].name = "server.test";
	our_cfg[CLIENT].store = ssa_trust_store_parse(root, root_len);
	cred = ssa_credentials_new(chain, chain_len, key, key_len);
	if (IS_ERR(our_cfg[CLIENT].store) || IS_ERR(cred))
		die("our engine does not take the certificates");
	our_cfg[SERVER].creds = ssa_cred_set_add(NULL, cred, NULL);
	ssa_credentials_put(cred);
	if (IS_ERR(our_cfg[SERVER].creds))
		die("our engine does not take the certificates");
	free(chain);
	free(key);
	free(root);
}

static void our_teardown(void)
{
	ssa_trust_store_put((struct ssa_trust_store *)our_cfg[CLIENT].store);
	ssa_cred_set_put((struct ssa_cred_set *)our_cfg[SERVER].creds);
}

/* Output of one side as input of the other; its last state. */
static enum ssa_want our_relay(struct ssa_hs *from, struct ssa_hs *to, u8 *buf, size_t len)
{
	enum ssa_want want = SSA_WANT_READ;
	size_t n;

	for (; len; buf += n, len -= n) {
		n = SSA_RECORD_HEADER_LEN + ssa_hs_record_length(to, buf);
		want = ssa_hs_input(to, buf, n);
	}
	return want;
}

static void our_handshake(void)
{
	enum ssa_want want[2] = { SSA_WANT_READ, SSA_WANT_READ };
	static u8 buf[65536];
	struct ssa_hs *hs[2];
	struct ssa_post post;
	int side;
	u64 t;

	for (side = 0; side < 2; side++) {
		t = now_ns();
		hs[side] = ssa_hs_new(&our_cfg[side]);
		if (IS_ERR(hs[side]))
			die("no memory");
		want[side] = ssa_hs_start(hs[side]);
		cpu[side] += now_ns() - t;
	}
	for (side = CLIENT; want[CLIENT] != SSA_DONE || want[SERVER] != SSA_DONE; side = !side) {
		const u8 *out;
		size_t len;

		t = now_ns();
		out = ssa_hs_output(hs[side], &len);
		if (len) {
			memcpy(buf, out, len);
			want[side] = ssa_hs_output_done(hs[side], len);
		}
		cpu[side] += now_ns() - t;
		t = now_ns();
		if (len)
			want[!side] = our_relay(hs[side], hs[!side], buf, len);
		cpu[!side] += now_ns() - t;
		if (want[0] == SSA_FAILED || want[1] == SSA_FAILED)
			die("our handshake failed");
	}
	for (side = 0; side < 2; side++) {
		t = now_ns();
		if (ssa_hs_export(hs[side], &post))
			die("no memory");
		ssa_post_wipe(&post);
		ssa_hs_free(hs[side]);
		cpu[side] += now_ns() - t;
	}
}

/* ---------------------------------------------------------------- OpenSSL */

static SSL_CTX *ossl_ctx[2];

static void ossl_setup(const char *pki, const struct cell *c)
{
	char path[512];
	int i;

	for (i = 0; i < 2; i++) {
		SSL_CTX *ctx = SSL_CTX_new(i == SERVER ? TLS_server_method() : TLS_client_method());

		if (!ctx || !SSL_CTX_set_min_proto_version(ctx, version) ||
		    !SSL_CTX_set_max_proto_version(ctx, version) ||
		    !SSL_CTX_set_ciphersuites(ctx, "TLS_AES_128_GCM_SHA256") ||
		    !SSL_CTX_set_cipher_list(ctx, c->ossl_suite12) ||
		    !SSL_CTX_set1_groups_list(ctx, c->ossl_group))
			die("OpenSSL does not take the settings");
		SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
		SSL_CTX_set_num_tickets(ctx, 0);
		SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
		ossl_ctx[i] = ctx;
	}
	snprintf(path, sizeof(path), "%s/%s.chain.pem", pki, c->key);
	if (SSL_CTX_use_certificate_chain_file(ossl_ctx[SERVER], path) != 1)
		die(path);
	snprintf(path, sizeof(path), "%s/%s.key.pem", pki, c->key);
	if (SSL_CTX_use_PrivateKey_file(ossl_ctx[SERVER], path, SSL_FILETYPE_PEM) != 1)
		die(path);
	snprintf(path, sizeof(path), "%s/root.pem", pki);
	if (SSL_CTX_load_verify_locations(ossl_ctx[CLIENT], path, NULL) != 1)
		die(path);
	SSL_CTX_set_verify(ossl_ctx[CLIENT], SSL_VERIFY_PEER, NULL);
}

static void ossl_teardown(void)
{
	SSL_CTX_free(ossl_ctx[CLIENT]);
	SSL_CTX_free(ossl_ctx[SERVER]);
}

static void ossl_handshake(void)
{
	BIO *to_client, *to_server;
	bool done[2] = { false, false };
	SSL *ssl[2];
	int side;
	u64 t;

	to_client = BIO_new(BIO_s_mem());
	to_server = BIO_new(BIO_s_mem());
	BIO_set_mem_eof_return(to_client, -1);
	BIO_set_mem_eof_return(to_server, -1);
	for (side = 0; side < 2; side++) {
		BIO *in = side == CLIENT ? to_client : to_server;
		BIO *out = side == CLIENT ? to_server : to_client;

		t = now_ns();
		ssl[side] = SSL_new(ossl_ctx[side]);
		if (!ssl[side])
			die("no memory");
		BIO_up_ref(in);
		BIO_up_ref(out);
		SSL_set_bio(ssl[side], in, out);
		if (side == SERVER) {
			SSL_set_accept_state(ssl[side]);
		} else {
			SSL_set_connect_state(ssl[side]);
			SSL_set_tlsext_host_name(ssl[side], "server.test");
			SSL_set1_host(ssl[side], "server.test");
		}
		cpu[side] += now_ns() - t;
	}
	for (side = CLIENT; !done[CLIENT] || !done[SERVER]; side = !side) {
		int ret;

		t = now_ns();
		ret = done[side] ? 1 : SSL_do_handshake(ssl[side]);
		cpu[side] += now_ns() - t;
		if (ret == 1)
			done[side] = true;
		else if (SSL_get_error(ssl[side], ret) != SSL_ERROR_WANT_READ)
			die("OpenSSL's handshake failed");
	}
	for (side = 0; side < 2; side++) {
		t = now_ns();
		SSL_free(ssl[side]);
		cpu[side] += now_ns() - t;
	}
	BIO_free(to_client);
	BIO_free(to_server);
}

/* ---------------------------------------------------------------- figures */

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Handshakes per second of CPU time of each side, of one run. */
static void run(void (*shake)(void), double seconds, double rate[2])
{
	unsigned int n = 0;

	cpu[CLIENT] = 0;
	cpu[SERVER] = 0;
	do {
		shake();
		n++;
	} while (cpu[CLIENT] + cpu[SERVER] < seconds * 1e9);
	rate[CLIENT] = n * 1e9 / cpu[CLIENT];
	rate[SERVER] = n * 1e9 / cpu[SERVER];
}

static const char *figure(const double *sorted)
{
	static char text[64];

	snprintf(text, sizeof(text), "%.0f (%.0f-%.0f)", sorted[RUNS / 2], sorted[0],
		 sorted[RUNS - 1]);
	return text;
}

static void bench(const char *pki, const struct cell *c, double seconds)
{
	static double rate[2][2][RUNS];		/* [ours, OpenSSL][side][run] */
	double r[2];
	int i, side;

	our_setup(pki, c);
	ossl_setup(pki, c);
	our_handshake();
	ossl_handshake();
	for (i = 0; i < RUNS; i++) {
		run(our_handshake, seconds / RUNS / 2, r);
		rate[0][CLIENT][i] = r[CLIENT];
		rate[0][SERVER][i] = r[SERVER];
		run(ossl_handshake, seconds / RUNS / 2, r);
		rate[1][CLIENT][i] = r[CLIENT];
		rate[1][SERVER][i] = r[SERVER];
	}
	for (side = SERVER; side >= CLIENT; side--) {
		for (i = 0; i < 2; i++)
			qsort(rate[i][side], RUNS, sizeof(double), compare);
		printf("%-12s %-10s %-7s %-24s", c->key_name, ssa_group_name(c->group),
		       side == SERVER ? "server" : "client", figure(rate[0][side]));
		printf(" %-24s %5.2f\n", figure(rate[1][side]),
		       rate[0][side][RUNS / 2] / rate[1][side][RUNS / 2]);
	}
	fflush(stdout);
	our_teardown();
	ossl_teardown();
}

int main(int argc, char **argv)
{
	double seconds = argc > 2 ? atof(argv[2]) : 3;
	size_t i;

	if (argc < 2 || seconds <= 0) {
		fputs("usage: handshake PKI [SECONDS]\n", stderr);
		return 2;
	}
	printf("Full handshakes a second of one CPU, native: our engine against %s.\n"
	       "Each implementation talks to itself over memory in one thread; every side's calls\n"
	       "are timed apart with CLOCK_THREAD_CPUTIME_ID, set-up and freeing of the\n"
	       "connection included, loading of certificates not.\n"
	       "AES_128_GCM_SHA256; no tickets, no resumption; the client verifies the chain\n"
	       "leaf, intermediate, root and the name. %d interleaved runs of %.2f s each: median\n"
	       "(lowest-highest). Curves and RSA of our engine: %s; hashes: BearSSL.\n\n",
	       OpenSSL_version(OPENSSL_VERSION), RUNS, seconds / RUNS / 2,
	       ssa_backend_best() == SSA_BACKEND_BEARSSL ? "BearSSL, and X25519 " HOST_X25519 :
							   "s2n-bignum");
	for (version = SSA_TLS13; version >= SSA_TLS12; version--) {
		printf("TLS 1.%d\n%-12s %-10s %-7s %-24s %-24s %s\n", version - 0x0301, "key",
		       "group", "side", "ours", "OpenSSL", "ratio");
		for (i = 0; i < ARRAY_SIZE(cells); i++)
			bench(argv[1], &cells[i], seconds);
		putchar('\n');
	}
	return 0;
}
