// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "mutate.h"
#include "../../../../../net/tls_ssa/tests/certs.h"

struct recorded {
	u8 data[4096];
	size_t len;
};

static struct recorded client_hello[2], certificate_request[2];
static bool is_tls13;

static void on_message(int sent, int version, int type, const void *buf, size_t len, SSL *ssl,
		       void *arg)
{
	const u8 *msg = buf;
	struct recorded *r;

	if (!sent || type != SSL3_RT_HANDSHAKE || !len)
		return;
	if (msg[0] == SSA_HT_CLIENT_HELLO)
		r = &client_hello[is_tls13];
	else if (msg[0] == SSA_HT_CERTIFICATE_REQUEST)
		r = &certificate_request[is_tls13];
	else
		return;
	if (len > sizeof(r->data))
		drive_die("a message of OpenSSL is too long");
	memcpy(r->data, buf, len);
	r->len = len;
	/* the same in each run */
	if (msg[0] == SSA_HT_CLIENT_HELLO) {
		memset(r->data + 6, 0x5a, SSA_RANDOM_LEN);
		memset(r->data + 39, 0xa5, r->data[38]);
	}
}

static void to_engine(struct ssa_hs *hs, BIO *bio)
{
	static u8 buf[65536];
	int len = BIO_read(bio, buf, sizeof(buf)), at, n;

	for (at = 0; at + SSA_RECORD_HEADER_LEN <= len; at += n) {
		n = ssa_hs_record_length(hs, buf + at);
		if (n < 0)
			return;
		n += SSA_RECORD_HEADER_LEN;
		if (ssa_hs_input(hs, buf + at, n) != SSA_WANT_READ)
			return;
	}
}

static SSL_CTX *context(bool server, u16 version)
{
	SSL_CTX *ctx = SSL_CTX_new(server ? TLS_server_method() : TLS_client_method());
	BIO *bio;
	X509 *x;
	EVP_PKEY *key;

	SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
	SSL_CTX_set_max_proto_version(ctx, version);
	/* The shares of both engines are for the first group. */
	SSL_CTX_set1_groups_list(ctx, "X25519:P-256:P-384:X448");
	if (!server)
		return ctx;
	bio = BIO_new_mem_buf(ssa_test_p256_chain_pem, -1);
	x = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	SSL_CTX_use_certificate(ctx, x);
	while (x) {
		SSL_CTX_add_client_CA(ctx, x);
		X509_free(x);
		x = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	}
	BIO_free(bio);
	bio = BIO_new_mem_buf(ssa_test_p256_key_pem, -1);
	key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	SSL_CTX_use_PrivateKey(ctx, key);
	EVP_PKEY_free(key);
	BIO_free(bio);
	ERR_clear_error();
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	return ctx;
}

/* Two rounds suffice: OpenSSL says what we want to hear in its first flight. */
static void record(bool openssl_is_server, u16 version)
{
	static const struct way way = { .name = "record" };
	SSL_CTX *ctx = context(openssl_is_server, version);
	BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());
	SSL *ssl = SSL_new(ctx);
	struct ssa_hs *hs;
	struct drive d;
	const u8 *p;
	size_t len;
	int i;

	is_tls13 = version == SSA_TLS13;
	drive_init(&d, &way, CLIENT);
	hs = ssa_hs_new(&d.cfg[!openssl_is_server]);
	if (!ctx || !ssl || IS_ERR(hs))
		drive_die("no memory");
	BIO_set_mem_eof_return(in, -1);
	SSL_set_bio(ssl, in, out);
	SSL_set_msg_callback(ssl, on_message);
	if (openssl_is_server) {
		SSL_set_accept_state(ssl);
	} else {
		SSL_set_connect_state(ssl);
		SSL_set_tlsext_host_name(ssl, "server.test");
		SSL_set_alpn_protos(ssl, (const u8 *)"\2h2\10http/1.1", 12);
		SSL_set_tlsext_status_type(ssl, TLSEXT_STATUSTYPE_ocsp);
	}
	ssa_hs_start(hs);
	for (i = 0; i < 2; i++) {
		p = ssa_hs_output(hs, &len);
		if (len) {
			BIO_write(in, p, len);
			ssa_hs_output_done(hs, len);
		}
		SSL_do_handshake(ssl);
		to_engine(hs, out);
	}
	ssa_hs_free(hs);
	SSL_free(ssl);
	SSL_CTX_free(ctx);
}

const u8 *openssl_message(u16 version, u8 type, size_t *len)
{
	bool tls13 = version == SSA_TLS13;
	struct recorded *r = type == SSA_HT_CLIENT_HELLO ? &client_hello[tls13] :
							   &certificate_request[tls13];

	if (!r->len)
		record(type != SSA_HT_CLIENT_HELLO, version);
	if (!r->len)
		drive_die("OpenSSL did not say what it should");
	*len = r->len;
	return r->data;
}
