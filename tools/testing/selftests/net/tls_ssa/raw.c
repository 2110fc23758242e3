// SPDX-License-Identifier: GPL-2.0
/*
 * Records one by one: see raw.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <sys/socket.h>
#include <sys/time.h>
#include "raw.h"

#define TAG_LEN 16

/* HKDF-Expand-Label with an empty context, RFC 8446 7.1 */
static int expand_label(const struct raw *r, const char *label, unsigned char *out, size_t len)
{
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "TLS13-KDF", NULL);
	EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_MODE, "EXPAND_ONLY", 0),
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)r->hash, 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)r->secret,
						  r->hash_len),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PREFIX, "tls13 ", 6),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_LABEL, (void *)label,
						  strlen(label)),
		OSSL_PARAM_construct_end(),
	};
	int ok = EVP_KDF_derive(ctx, out, len, params);

	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	return ok == 1 ? 0 : -1;
}

static int derive_keys(struct raw *r)
{
	r->seq = 0;
	return expand_label(r, "key", r->key, r->key_len) ||
	       expand_label(r, "iv", r->iv, sizeof(r->iv)) ? -1 : 0;
}

/* PRF(master_secret, "key expansion", server_random + client_random), RFC 5246 6.3 */
static int derive_keys12(struct raw *r, struct peer *p, bool server)
{
	unsigned char master[48], seed[13 + 64], block[2 * (32 + 12)];
	size_t iv_len = strstr(r->cipher, "GCM") ? 4 : 12;
	OSSL_PARAM params[4];
	EVP_KDF_CTX *ctx;
	EVP_KDF *kdf;
	int ok;

	if (peer_secret(p, "CLIENT_RANDOM", master, sizeof(master)) != sizeof(master))
		return -1;
	memcpy(seed, "key expansion", 13);
	memcpy(seed + 13, p->randoms + 32, 32);
	memcpy(seed + 45, p->randoms, 32);
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)r->hash, 0);
	params[1] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET, master,
						      sizeof(master));
	params[2] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, seed, sizeof(seed));
	params[3] = OSSL_PARAM_construct_end();
	kdf = EVP_KDF_fetch(NULL, "TLS1-PRF", NULL);
	ctx = EVP_KDF_CTX_new(kdf);
	ok = EVP_KDF_derive(ctx, block, 2 * (r->key_len + iv_len), params);
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	memcpy(r->key, block + (server ? r->key_len : 0), r->key_len);
	memcpy(r->iv, block + 2 * r->key_len + (server ? iv_len : 0), iv_len);
	r->seq = 1;		/* Finished was 0 */
	return ok == 1 ? 0 : -1;
}

int raw_init(struct raw *r, struct peer *p, bool tx)
{
	const char *suite = peer_suite(p);
	struct timeval hung = { .tv_sec = 30 };
	bool server = p->cfg.server == tx;

	setsockopt(p->fd, SOL_SOCKET, SO_RCVTIMEO, &hung, sizeof(hung));
	memset(r, 0, sizeof(*r));
	r->fd = p->fd;
	r->hash = strstr(suite, "SHA384") ? "SHA384" : "SHA256";
	r->hash_len = strstr(suite, "SHA384") ? 48 : 32;
	r->key_len = strstr(suite, "AES_128") ? 16 : 32;
	r->cipher = strstr(suite, "CHACHA20") ? "ChaCha20-Poly1305" :
		    strstr(suite, "AES_128") ? "AES-128-GCM" : "AES-256-GCM";
	r->tls12 = p->cfg.version == PEER_TLS12;
	if (r->tls12)
		return derive_keys12(r, p, server);
	if (peer_secret(p, server ? "SERVER_TRAFFIC_SECRET_0" : "CLIENT_TRAFFIC_SECRET_0",
			r->secret, sizeof(r->secret)) != r->hash_len) {
		fprintf(stderr, "# no traffic secret in the key log:\n%s", p->secrets);
		return -1;
	}
	return derive_keys(r);
}

void raw_next_secret(struct raw *r)
{
	unsigned char next[48];

	if (expand_label(r, "traffic upd", next, r->hash_len))
		abort();
	memcpy(r->secret, next, r->hash_len);
	if (derive_keys(r))
		abort();
}

/* Bytes of the nonce that stand in the record (RFC 5288 3) */
static size_t explicit_len(const struct raw *r)
{
	return r->tls12 && strstr(r->cipher, "GCM") ? 8 : 0;
}

static void put64(unsigned char *out, unsigned long long v)
{
	int i;

	for (i = 0; i < 8; i++)
		out[i] = v >> (56 - 8 * i);
}

/* @in_record: the explicit part, if there is one */
static void nonce(const struct raw *r, const unsigned char *in_record, unsigned char *out)
{
	unsigned char seq[8];
	int i;

	memcpy(out, r->iv, sizeof(r->iv));
	if (explicit_len(r)) {
		memcpy(out + 4, in_record, 8);
		return;
	}
	put64(seq, r->seq);
	for (i = 0; i < 8; i++)
		out[4 + i] ^= seq[i];
}

static void header(unsigned char *out, int type, size_t len)
{
	out[0] = type;
	out[1] = 3;
	out[2] = 3;
	out[3] = len >> 8;
	out[4] = len;
}

/* Additional data for @len bytes of plaintext (RFC 5246 6.2.3.3) or of record */
static size_t additional(const struct raw *r, const unsigned char *record, size_t len,
			 unsigned char *out)
{
	if (!r->tls12) {
		memcpy(out, record, 5);
		return 5;
	}
	put64(out, r->seq);
	header(out + 8, record[0], len);
	return 13;
}

size_t raw_seal(struct raw *r, int type, const void *data, size_t len, size_t pad,
		unsigned char *out)
{
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, r->cipher, NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	size_t inner = r->tls12 ? len : len + 1 + pad;
	unsigned char iv[12], ad[13], *body = out + 5 + explicit_len(r);
	size_t total = explicit_len(r) + inner + TAG_LEN;
	int n;

	header(out, r->tls12 ? type : RECORD_DATA, total);
	if (explicit_len(r))
		put64(out + 5, r->seq);
	memcpy(body, data, len);
	if (!r->tls12) {
		body[len] = type;
		memset(body + len + 1, 0, pad);
	}
	nonce(r, out + 5, iv);
	if (EVP_EncryptInit_ex2(ctx, cipher, r->key, iv, NULL) != 1 ||
	    EVP_EncryptUpdate(ctx, NULL, &n, ad, additional(r, out, inner, ad)) != 1 ||
	    EVP_EncryptUpdate(ctx, body, &n, body, inner) != 1 ||
	    EVP_EncryptFinal_ex(ctx, body + inner, &n) != 1 ||
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TAG_LEN, body + inner) != 1)
		abort();
	r->seq++;
	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_free(cipher);
	return 5 + total;
}

static int send_whole(int fd, const unsigned char *buf, size_t len)
{
	while (len) {
		ssize_t n = send(fd, buf, len, MSG_NOSIGNAL);

		if (n < 0)
			return -1;
		buf += n;
		len -= n;
	}
	return 0;
}

int raw_send(struct raw *r, int type, const void *data, size_t len)
{
	unsigned char *out = malloc(len + 300);
	int ret = send_whole(r->fd, out, raw_seal(r, type, data, len, 0, out));

	free(out);
	return ret;
}

int raw_send_plain(int fd, int type, const void *data, size_t len)
{
	unsigned char head[5];

	header(head, type, len);
	return send_whole(fd, head, sizeof(head)) || send_whole(fd, data, len) ? -1 : 0;
}

ssize_t raw_recv(struct raw *r, int *type, void *buf)
{
	unsigned char rec[5 + RECORD_CIPHERTEXT_MAX], iv[12], ad[13], *body;
	EVP_CIPHER_CTX *ctx;
	EVP_CIPHER *cipher;
	size_t len, inner;
	int n, ok;

	if (recv(r->fd, rec, 5, MSG_WAITALL) != 5)
		return -1;
	len = rec[3] << 8 | rec[4];
	if (len > RECORD_CIPHERTEXT_MAX || len < explicit_len(r) + TAG_LEN + !r->tls12 ||
	    recv(r->fd, rec + 5, len, MSG_WAITALL) != (ssize_t)len)
		return -1;
	body = rec + 5 + explicit_len(r);
	inner = len - explicit_len(r) - TAG_LEN;
	nonce(r, rec + 5, iv);
	cipher = EVP_CIPHER_fetch(NULL, r->cipher, NULL);
	ctx = EVP_CIPHER_CTX_new();
	ok = EVP_DecryptInit_ex2(ctx, cipher, r->key, iv, NULL) == 1 &&
	     EVP_DecryptUpdate(ctx, NULL, &n, ad, additional(r, rec, inner, ad)) == 1 &&
	     EVP_DecryptUpdate(ctx, body, &n, body, inner) == 1 &&
	     EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, TAG_LEN, body + inner) == 1 &&
	     EVP_DecryptFinal_ex(ctx, body + inner, &n) == 1;
	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_free(cipher);
	if (!ok)
		return -2;
	r->seq++;
	if (r->tls12) {
		*type = rec[0];
		memcpy(buf, body, inner);
		return inner;
	}
	while (inner && !body[inner - 1])
		inner--;
	if (!inner)
		return -1;
	*type = body[inner - 1];
	memcpy(buf, body, inner - 1);
	return inner - 1;
}

int raw_recv_alert(struct raw *r)
{
	unsigned char buf[RECORD_CIPHERTEXT_MAX];
	ssize_t n;
	int type;

	while ((n = raw_recv(r, &type, buf)) >= 0)
		if (type == RECORD_ALERT && n == 2)
			return buf[1];
	return -1;
}
