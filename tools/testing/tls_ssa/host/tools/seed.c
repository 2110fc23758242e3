// SPDX-License-Identifier: GPL-2.0
/*
 * Seeds for the fuzz targets: handshakes of OpenSSL with our engine, and the
 * certificates and keys of the tests.
 *
 *	seed DIR	writes DIR/TARGET/NAME
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "conn.h"
#include "../../../../../net/tls_ssa/policy/values.h"
#include "../../../../../net/tls_ssa/tests/certs.h"

static const char *dir;

static void __noreturn die(const char *what)
{
	fprintf(stderr, "seed: %s\n", what);
	ERR_print_errors_fp(stderr);
	exit(1);
}

/* A seed in the making: the program of a fuzz target, see fuzz/peer.h. */
struct seed {
	u8 data[65536];
	size_t len;
};

static void put(struct seed *s, const void *data, size_t len)
{
	if (s->len + len > sizeof(s->data))
		die("a seed is too long");
	memcpy(s->data + s->len, data, len);
	s->len += len;
}

static void put_op(struct seed *s, char op, const void *data, size_t len)
{
	u8 head[3] = { op, len >> 8, len };

	put(s, head, 3);
	put(s, data, len);
}

static void put_vec(struct seed *s, const void *data, size_t len)
{
	u8 head[2] = { len >> 8, len };

	put(s, head, 2);
	put(s, data, len);
}

static void save(const struct seed *s, const char *target, const char *name)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, target);
	mkdir(path, 0777);
	snprintf(path, sizeof(path), "%s/%s/%s", dir, target, name);
	f = fopen(path, "w");
	if (!f || fwrite(s->data, 1, s->len, f) != s->len || fclose(f))
		die(path);
}

/* ------------------------------------------------------------ handshakes */

/* What OpenSSL said, message by message, before protection. */
static struct seed said, tickets;

static void message(int sent, int version, int type, const void *buf, size_t len, SSL *ssl,
		    void *arg)
{
	const u8 *msg = buf;

	if (!sent || type != SSL3_RT_HANDSHAKE || !len)
		return;
	if (msg[0] == SSL3_MT_NEWSESSION_TICKET) {
		put(&tickets, "\x16", 1);
		put_vec(&tickets, buf, len);
		return;
	}
	/* What only its maker can say is made anew by the fuzzed peer. */
	if (msg[0] == SSL3_MT_SERVER_HELLO && len > 38 && !memcmp(msg + 6, "\xcf\x21\xad\x74", 4))
		put(&said, "Q\1", 2);		/* HelloRetryRequest: secp256r1 */
	else if (msg[0] == SSL3_MT_SERVER_HELLO)
		put(&said, "S", 1);
	else if (msg[0] == SSL3_MT_CERTIFICATE_VERIFY)
		put(&said, "V", 1);
	else if (msg[0] == SSL3_MT_FINISHED)
		put(&said, "F", 1);
	else
		put_op(&said, 'H', buf, len);
}

static enum ssa_want to_engine(struct ssa_hs *hs, BIO *bio)
{
	static u8 buf[131072];
	enum ssa_want want = SSA_WANT_READ;
	int len = BIO_read(bio, buf, sizeof(buf)), at, n;

	for (at = 0; at + SSA_RECORD_HEADER_LEN <= len && want == SSA_WANT_READ; at += n) {
		n = ssa_hs_record_length(hs, buf + at);
		if (n < 0)
			return SSA_FAILED;
		n += SSA_RECORD_HEADER_LEN;
		want = ssa_hs_input(hs, buf + at, n);
	}
	return want;
}

/* OpenSSL's @ssl with our @cfg; the first flight of OpenSSL's client goes to @first. */
static void record_handshake(SSL *ssl, const struct ssa_hs_config *cfg, struct seed *first)
{
	BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());
	struct ssa_hs *hs = ssa_hs_new(cfg);
	enum ssa_want want;
	int i, ret = 0;

	if (IS_ERR(hs))
		die("no memory");
	BIO_set_mem_eof_return(in, -1);
	SSL_set_bio(ssl, in, out);
	SSL_set_msg_callback(ssl, message);
	want = ssa_hs_start(hs);
	for (i = 0; i < 10 && (ret != 1 || want != SSA_DONE); i++) {
		const u8 *p;
		size_t len;

		p = ssa_hs_output(hs, &len);
		if (len) {
			BIO_write(in, p, len);
			want = ssa_hs_output_done(hs, len);
		}
		ret = SSL_do_handshake(ssl);
		if (first && !first->len) {
			char *flight;

			len = BIO_get_mem_data(out, &flight);
			put_op(first, 'W', flight, len);
		}
		if (want == SSA_WANT_READ)
			want = to_engine(hs, out);
	}
	if (ret != 1 || want != SSA_DONE)
		die("the handshake to record failed");
	ssa_hs_free(hs);
}

static struct ssa_hs_config config(bool server)
{
	struct ssa_hs_config cfg = {
		.server = server, .now = SSA_TEST_NOW, .rng = ssa_kernel_rng,
		.name = server ? NULL : "server.test",
	};

	memcpy(cfg.suites, ssa_default_suites, sizeof(cfg.suites));
	memcpy(cfg.groups, ssa_default_groups, sizeof(cfg.groups));
	memcpy(cfg.sigalgs, ssa_default_sigalgs, sizeof(cfg.sigalgs));
	return cfg;
}

static void use_pem(SSL_CTX *ctx, const char *chain, const char *key)
{
	BIO *bio = BIO_new_mem_buf(chain, -1);
	X509 *x = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	EVP_PKEY *pkey;

	SSL_CTX_use_certificate(ctx, x);
	X509_free(x);
	while ((x = PEM_read_bio_X509(bio, NULL, NULL, NULL)))
		SSL_CTX_add_extra_chain_cert(ctx, x);
	ERR_clear_error();
	BIO_free(bio);
	bio = BIO_new_mem_buf(key, -1);
	pkey = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	if (SSL_CTX_use_PrivateKey(ctx, pkey) != 1)
		die("OpenSSL does not take the test key");
	EVP_PKEY_free(pkey);
	BIO_free(bio);
}

static const struct {
	const char *name, *groups, *suites;
	bool tls12, plain;
} ways[] = {
	{ "default", "X25519:P-256:P-384", "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384" },
	{ "retry", "P-521:P-256", "TLS_AES_256_GCM_SHA384" },
	{ "chacha", "P-384", "TLS_CHACHA20_POLY1305_SHA256" },
	{ "both_versions", "X25519:X448:P-256", "TLS_AES_128_GCM_SHA256", .tls12 = true },
	{ "plain", "P-256", "TLS_AES_128_GCM_SHA256", .plain = true },
};

static void clients(void)
{
	struct ssa_hs_config cfg = config(true);
	struct ssa_credentials *cred;
	struct ssa_cred_set *creds;
	char name[64];
	size_t i;

	cred = ssa_credentials_new(ssa_test_p256_chain_pem, strlen(ssa_test_p256_chain_pem),
				   ssa_test_p256_key_pem, strlen(ssa_test_p256_key_pem));
	if (IS_ERR(cred))
		die("our engine does not take the test key");
	creds = ssa_cred_set_add(NULL, cred, NULL);
	ssa_credentials_put(cred);
	if (IS_ERR(creds))
		die("our engine does not take the test key");
	cfg.creds = creds;
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
		static struct seed wire;
		SSL *ssl;

		SSL_CTX_set_min_proto_version(ctx, ways[i].tls12 ? TLS1_2_VERSION : TLS1_3_VERSION);
		SSL_CTX_set_ciphersuites(ctx, ways[i].suites);
		SSL_CTX_set1_groups_list(ctx, ways[i].groups);
		ssl = SSL_new(ctx);
		SSL_set_connect_state(ssl);
		if (!ways[i].plain) {
			SSL_set_tlsext_host_name(ssl, "server.test");
			SSL_set_alpn_protos(ssl, (const u8 *)"\2h2\10http/1.1", 12);
			SSL_set_tlsext_status_type(ssl, TLSEXT_STATUSTYPE_ocsp);
		}
		said.len = 0;
		wire.len = 0;
		record_handshake(ssl, &cfg, &wire);
		snprintf(name, sizeof(name), "openssl_%s", ways[i].name);
		save(&said, "server", name);
		snprintf(name, sizeof(name), "openssl_%s_wire", ways[i].name);
		save(&wire, "server", name);
		SSL_free(ssl);
		SSL_CTX_free(ctx);
	}
	ssa_cred_set_put(creds);
}

static void servers(void)
{
	struct ssa_hs_config cfg = config(false);
	struct ssa_trust_store *store;
	char name[64];
	size_t i;

	store = ssa_trust_store_parse(ssa_test_root_pem, strlen(ssa_test_root_pem));
	if (IS_ERR(store))
		die("our engine does not take the test authority");
	cfg.store = store;
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
		SSL *ssl;

		SSL_CTX_set_ciphersuites(ctx, ways[i].suites);
		SSL_CTX_set1_groups_list(ctx, ways[i].groups);
		if (i % 2)
			use_pem(ctx, ssa_test_p256_chain_pem, ssa_test_p256_key_pem);
		else
			use_pem(ctx, ssa_test_rsa_chain_pem, ssa_test_rsa_key_pem);
		ssl = SSL_new(ctx);
		SSL_set_accept_state(ssl);
		said.len = 0;
		tickets.len = 0;
		put(&tickets, "\0", 1);
		record_handshake(ssl, &cfg, NULL);
		snprintf(name, sizeof(name), "openssl_%s", ways[i].name);
		save(&said, "client", name);
		save(&tickets, "post", name);
		SSL_free(ssl);
		SSL_CTX_free(ctx);
	}
	ssa_trust_store_put(store);
}

/* ------------------------------------------------- certificates and keys */

static void literal(const char *target, const char *name, const void *data, size_t len)
{
	struct seed s = { .len = 0 };

	put(&s, data, len);
	save(&s, target, name);
}

static void chain_seed(const char *name, const char *pem)
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	struct seed s = { .len = 0 };
	char *type, *header;
	u8 *der;
	long len;

	put(&s, "\0", 1);
	while (PEM_read_bio(bio, &type, &header, &der, &len)) {
		if (s.len == 1) {
			literal("cert", name, der, len);
			literal("identity", name, der, len);
		}
		put_vec(&s, der, len);
		OPENSSL_free(type);
		OPENSSL_free(header);
		OPENSSL_free(der);
	}
	ERR_clear_error();
	BIO_free(bio);
	save(&s, "chain", name);
	s.len = 0;
	put(&s, pem, strlen(pem));
	save(&s, "trust", name);
}

static void key_seed(const char *name, const char *pem, const char *chain)
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	struct seed s = { .len = 0 };
	char *type, *header;
	u8 *der;
	long len;

	if (PEM_read_bio(bio, &type, &header, &der, &len)) {
		put(&s, der, len);
		save(&s, "key", name);
		OPENSSL_free(type);
		OPENSSL_free(header);
		OPENSSL_free(der);
	}
	BIO_free(bio);
	s.len = 0;
	put_vec(&s, chain, strlen(chain));
	put(&s, pem, strlen(pem));
	save(&s, "pem", name);
}

#define LITERAL(target, name, text)	literal(target, name, text, sizeof(text) - 1)
#define CHAIN(name)			chain_seed(#name, ssa_test_##name##_pem)
#define KEY(name, chain)		key_seed(#name, ssa_test_##name##_key_pem, \
						 ssa_test_##chain##_chain_pem)

static void material(void)
{
	CHAIN(p256_chain);
	CHAIN(p384_chain);
	CHAIN(rsa_chain);
	CHAIN(root);
	CHAIN(cross);
	CHAIN(deep_ok);
	CHAIN(expired);
	CHAIN(wrong_eku);
	CHAIN(wrong_ku);
	CHAIN(critical);
	CHAIN(duplicate_ext);
	CHAIN(garbage_san);
	CHAIN(nul_san);
	CHAIN(pss);
	CHAIN(p521_chain);
	CHAIN(p521_signed_sha256);
	CHAIN(ed25519_chain);
	CHAIN(rsapss_chain);
	CHAIN(rsapss_sha256);
	CHAIN(rsapss_bound);
	CHAIN(pss_absent);
	CHAIN(pss_trailer);
	CHAIN(pss_mgf_other);
	CHAIN(ed448_signed);
	CHAIN(loop);
	CHAIN(rsa_sha1);
	CHAIN(pathlen);
	CHAIN(nc_ok);
	CHAIN(nc_dns);
	CHAIN(nc_ip);
	CHAIN(nc_dir);
	CHAIN(nc_garbage);
	CHAIN(nc_dir_charset);
	CHAIN(nc_email_used);
	KEY(p256, p256);
	KEY(p384, p384);
	KEY(rsa, rsa);
	KEY(p256_sec1, p256);
	KEY(rsa_pkcs1, rsa);
	KEY(p256_enc, p256);
	KEY(p256_param, p256);
	KEY(rsa1024, rsa);
	KEY(p521, p521);
	KEY(ed25519, ed25519);
	KEY(rsapss, rsapss);
	KEY(rsapss_sha256, rsapss);
	LITERAL("cert", "dn", "\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01\x61");
	LITERAL("name", "dns", "server.test");
	LITERAL("name", "upper", "SERVER.Test");
	LITERAL("name", "wild", "a.wild.test");
	LITERAL("name", "ip4", "127.0.0.1");
	LITERAL("name", "ip6", "::1");
	LITERAL("name", "ip6_long", "0:0:0:0:0:ffff:127.0.0.1");
	LITERAL("post", "key_update", "\1\x16\0\5\x18\0\0\1\0\x16\0\5\x18\0\0\1\1");
	LITERAL("post", "split", "\2\x16\0\2\x18\0\x16\0\3\0\1\0\x17\0\1x\x15\0\2\1\0");
	LITERAL("post", "hello_request", "\x08\x16\0\4\0\0\0\0\x15\0\2\1\x5a");
	LITERAL("post", "client_hello", "\x09\x16\0\x0a\1\0\0\6\3\3wxyz");
	LITERAL("pair", "tls12_client", "\0\0");
	LITERAL("pair", "tls12_server", "\1\0");
	LITERAL("pair", "tls12_rsa", "\x20\4");
	LITERAL("pair", "tls12_no_ems", "\x69\3");
	LITERAL("pair", "tls13_client", "\4\0");
	LITERAL("pair", "tls13_retry", "\x15\1");
	LITERAL("pair", "both", "\7\0");
	LITERAL("pair", "bytes", "\0\0\x20\x15\1\0\0");
	LITERAL("pair", "warning", "\0\0\x20\x15\0\0\2\1\x5a");
	LITERAL("pair", "hello_request", "\0\0\x20\x16\0\0\4\0\0\0\0");
	LITERAL("pair", "server_hello", "\0\0\0\0\x20\0\2\0\2\xc0\x2c");
	LITERAL("pair", "point", "\0\0\2\0\3\0\1\0\1\x20");
	LITERAL("pair", "client_key_exchange", "\1\0\1\0\1\0\1\0\1\5");
	LITERAL("pair", "certificate_request", "\0\0\2\xff\xff\0\0\0\x10"
		"\x0d\0\0\x0c\1\x40\0\6\4\3\4\1\5\1\0\0");
	LITERAL("pair", "tls12_mutual", "\1\x70");
	LITERAL("pair", "tls12_mutual_client", "\0\x70");
	LITERAL("pair", "tls12_optional", "\1\x10");
	LITERAL("pair", "tls13_mutual", "\5\x70");
	LITERAL("pair", "tls13_mutual_client", "\4\x70");
	LITERAL("pair", "tls13_optional", "\5\x10");
	LITERAL("pair", "tls13_rsa_clients", "\x25\x70");
	LITERAL("pair", "request12", "\0\x30\3\0\2\0\1\0\1\x01");
	LITERAL("pair", "request13", "\4\x30\2\0\1\0\2\0\2\0\0");
	LITERAL("pair", "client_certificate12", "\1\x30\1\0\1\0\1\0\1\0");
	LITERAL("pair", "client_certificate13", "\5\x30\1\0\4\0\1\0\1\0");
	LITERAL("pair", "client_verify12", "\1\x30\3\0\1\0\1\0\1\4");
	LITERAL("pair", "client_verify13", "\5\x30\2\0\1\0\1\0\1\4");
	LITERAL("creds", "exact", "server.test");
	LITERAL("creds", "wild", "a.wild.test");
	LITERAL("creds", "other", "b.wild.test");
	LITERAL("creds", "upper", "A.Wild.TEST.");
	LITERAL("creds", "address", "127.0.0.1");
	LITERAL("alpn", "two", "\2h2\10http/1.1");
	LITERAL("alpn", "empty_name", "\2h2\0");
	LITERAL("alpn", "too_long", "\4h2");
	LITERAL("client", "valid", "SECVF");
	LITERAL("client", "retry", "Q\1XSECVF");
	LITERAL("client", "split", "SXECV/\0\41F");
	LITERAL("client", "bad_signature", "SECvF");
	LITERAL("client", "bad_mac", "SECVf");
	LITERAL("client", "alert", "SR\x15\0\2\2\x28");
	LITERAL("server", "valid", "c\0XF");
	LITERAL("server", "groups", "c\1F");
	LITERAL("server", "retry", "c\20c\1XF");
	LITERAL("server", "bad_mac", "c\0f");
	LITERAL("server", "small", "c\x0e/\0\1F");
}

/* Each attribute as it is built in, for a profile and for default/; then some lists */
static void attributes(void)
{
	static const struct { enum ssa_attribute a; const char *text; } more[] = {
		{ SSA_A_alpn, "h2, \\x61ny" }, { SSA_A_extensions, "alpn server_name" },
		{ SSA_A_trust_store, "/a b/c" }, { SSA_A_key_directories, "/a /\\x20" },
		{ SSA_A_app_may_set, "alpn" }, { SSA_A_match_executable, "/bin/a\n/bin/b" },
		{ SSA_A_match_cgroup, "/a.slice" }, { SSA_A_match_uid, "0 1000" },
		{ SSA_A_match_gid, "4294967294" }, { SSA_A_match_netns, "1 18446744073709551615" },
	};
	struct ssa_values v;
	struct seed s = {};
	enum ssa_attribute a;
	u8 page[4096], which;
	size_t i;
	int len;

	if (ssa_values_builtin(&v, "/etc/ca.pem"))
		die("values");
	for (a = 0; a < SSA_A_COUNT; a++) {
		len = ssa_attribute_show(&v, a, page, sizeof(page));
		which = a;
		put(&s, &which, 1);
		put_vec(&s, page, len);
		which = SSA_A_COUNT + a;
		put(&s, &which, 1);
		put_vec(&s, page, len);
	}
	save(&s, "attribute", "builtin");
	for (i = 0; i < ARRAY_SIZE(more); i++) {
		s.len = 0;
		which = more[i].a;
		put(&s, &which, 1);
		put_vec(&s, more[i].text, strlen(more[i].text));
		save(&s, "attribute", ssa_attribute_name(more[i].a));
	}
	ssa_values_free(&v);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("usage: seed DIR\n", stderr);
		return 2;
	}
	dir = argv[1];
	mkdir(dir, 0777);
	clients();
	servers();
	material();
	attributes();
	return 0;
}
