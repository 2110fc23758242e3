// SPDX-License-Identifier: GPL-2.0
/*
 * TLS 1.3 records one by one: see raw.h.
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

static void nonce(const struct raw *r, unsigned char *out)
{
	int i;

	memcpy(out, r->iv, sizeof(r->iv));
	for (i = 0; i < 8; i++)
		out[11 - i] ^= r->seq >> (8 * i);
}

static void header(unsigned char *out, int type, size_t len)
{
	out[0] = type;
	out[1] = 3;
	out[2] = 3;
	out[3] = len >> 8;
	out[4] = len;
}

size_t raw_seal(struct raw *r, int type, const void *data, size_t len, size_t pad,
		unsigned char *out)
{
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, r->cipher, NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	size_t inner = len + 1 + pad;
	unsigned char iv[12];
	int n;

	header(out, RECORD_DATA, inner + TAG_LEN);
	memcpy(out + 5, data, len);
	out[5 + len] = type;
	memset(out + 5 + len + 1, 0, pad);
	nonce(r, iv);
	r->seq++;
	if (EVP_EncryptInit_ex2(ctx, cipher, r->key, iv, NULL) != 1 ||
	    EVP_EncryptUpdate(ctx, NULL, &n, out, 5) != 1 ||
	    EVP_EncryptUpdate(ctx, out + 5, &n, out + 5, inner) != 1 ||
	    EVP_EncryptFinal_ex(ctx, out + 5 + inner, &n) != 1 ||
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TAG_LEN, out + 5 + inner) != 1)
		abort();
	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_free(cipher);
	return 5 + inner + TAG_LEN;
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
	unsigned char rec[5 + RECORD_CIPHERTEXT_MAX], iv[12];
	EVP_CIPHER_CTX *ctx;
	EVP_CIPHER *cipher;
	size_t len, inner;
	int n, ok;

	if (recv(r->fd, rec, 5, MSG_WAITALL) != 5)
		return -1;
	len = rec[3] << 8 | rec[4];
	if (len > RECORD_CIPHERTEXT_MAX || len < TAG_LEN + 1 ||
	    recv(r->fd, rec + 5, len, MSG_WAITALL) != (ssize_t)len)
		return -1;
	inner = len - TAG_LEN;
	nonce(r, iv);
	cipher = EVP_CIPHER_fetch(NULL, r->cipher, NULL);
	ctx = EVP_CIPHER_CTX_new();
	ok = EVP_DecryptInit_ex2(ctx, cipher, r->key, iv, NULL) == 1 &&
	     EVP_DecryptUpdate(ctx, NULL, &n, rec, 5) == 1 &&
	     EVP_DecryptUpdate(ctx, rec + 5, &n, rec + 5, inner) == 1 &&
	     EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, TAG_LEN, rec + 5 + inner) == 1 &&
	     EVP_DecryptFinal_ex(ctx, rec + 5 + inner, &n) == 1;
	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_free(cipher);
	if (!ok)
		return -2;
	r->seq++;
	while (inner && !rec[5 + inner - 1])
		inner--;
	if (!inner)
		return -1;
	*type = rec[5 + inner - 1];
	memcpy(buf, rec + 5, inner - 1);
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
