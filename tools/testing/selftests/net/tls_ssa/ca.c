// SPDX-License-Identifier: GPL-2.0
/*
 * Certificates on the spot, and a client that looks at them: see ca.h.
 */
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include "lib.h"
#include "ca.h"

#define DAY	86400

struct ca {
	EVP_PKEY *root_key;
	X509 *root;
	char *root_pem;
	EVP_PKEY *key[CA_KEYS];
	char *key_pem[CA_KEYS];
};

const char *const ca_key_names[CA_KEYS] = {
	[CA_P256] = "P-256",
	[CA_RSA] = "RSA",
	[CA_ED25519] = "Ed25519",
};

/* The only thing that can go wrong with OpenSSL here is memory. */
static void must(bool ok)
{
	if (ok)
		return;
	ERR_print_errors_fp(stderr);
	abort();
}

static char *text_of(BIO *bio)
{
	char *data, *text;
	long len = BIO_get_mem_data(bio, &data);

	text = strndup(data, len);
	must(text);
	BIO_free(bio);
	return text;
}

static char *pem_of_cert(X509 *cert)
{
	BIO *bio = BIO_new(BIO_s_mem());

	must(bio && PEM_write_bio_X509(bio, cert));
	return text_of(bio);
}

static char *pem_of_key(EVP_PKEY *key)
{
	BIO *bio = BIO_new(BIO_s_mem());

	must(bio && PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL));
	return text_of(bio);
}

static void add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509_EXTENSION *ext;
	X509V3_CTX ctx;

	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	must(ext && X509_add_ext(cert, ext, -1));
	X509_EXTENSION_free(ext);
}

static void set_name(X509_NAME *name, const char *text)
{
	must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
					(const unsigned char *)text, -1, -1, 0));
}

static X509 *new_cert(EVP_PKEY *key, const char *name, long serial)
{
	X509 *cert = X509_new();

	must(cert && X509_set_version(cert, 2) && X509_set_pubkey(cert, key));
	ASN1_INTEGER_set(X509_get_serialNumber(cert), serial);
	X509_gmtime_adj(X509_getm_notBefore(cert), -DAY);
	X509_gmtime_adj(X509_getm_notAfter(cert), 30 * DAY);
	set_name(X509_get_subject_name(cert), name);
	return cert;
}

struct ca *ca_new(const char *name)
{
	struct ca *ca = calloc(1, sizeof(*ca));

	must(ca);
	ca->root_key = EVP_EC_gen("P-256");
	must(ca->root_key);
	ca->root = new_cert(ca->root_key, name, 1);
	set_name(X509_get_issuer_name(ca->root), name);
	add_extension(ca->root, ca->root, NID_basic_constraints, "critical,CA:TRUE");
	add_extension(ca->root, ca->root, NID_key_usage, "critical,keyCertSign");
	must(X509_sign(ca->root, ca->root_key, EVP_sha256()));
	ca->root_pem = pem_of_cert(ca->root);
	return ca;
}

void ca_free(struct ca *ca)
{
	int i;

	X509_free(ca->root);
	EVP_PKEY_free(ca->root_key);
	free(ca->root_pem);
	for (i = 0; i < CA_KEYS; i++) {
		EVP_PKEY_free(ca->key[i]);
		free(ca->key_pem[i]);
	}
	free(ca);
}

const char *ca_root(struct ca *ca)
{
	return ca->root_pem;
}

const char *ca_key(struct ca *ca, enum ca_key key)
{
	if (ca->key[key])
		return ca->key_pem[key];
	switch (key) {
	case CA_RSA:
		ca->key[key] = EVP_RSA_gen(2048);
		break;
	case CA_P256:
		ca->key[key] = EVP_EC_gen("P-256");
		break;
	default:
		ca->key[key] = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	}
	must(ca->key[key]);
	ca->key_pem[key] = pem_of_key(ca->key[key]);
	return ca->key_pem[key];
}

static char *alternative_names(const char *names)
{
	char *text, *out, *word, *rest;

	out = calloc(1, 5 * strlen(names) + 5);
	text = strdup(names);
	must(out && text);
	for (word = strtok_r(text, ",", &rest); word; word = strtok_r(NULL, ",", &rest))
		sprintf(out + strlen(out), "%sDNS:%s", *out ? "," : "", word);
	free(text);
	return out;
}

char *ca_issue(struct ca *ca, enum ca_key key, const char *names, long serial)
{
	char *san, *pem, common[64];
	X509 *cert;

	ca_key(ca, key);
	snprintf(common, sizeof(common), "%.*s", (int)strcspn(names, ","), names);
	cert = new_cert(ca->key[key], *common ? common : "nobody", serial);
	must(X509_set_issuer_name(cert, X509_get_subject_name(ca->root)));
	add_extension(cert, ca->root, NID_basic_constraints, "critical,CA:FALSE");
	add_extension(cert, ca->root, NID_key_usage, "critical,digitalSignature");
	add_extension(cert, ca->root, NID_ext_key_usage, "serverAuth");
	if (*names) {
		san = alternative_names(names);
		add_extension(cert, ca->root, NID_subject_alt_name, san);
		free(san);
	}
	must(X509_sign(cert, ca->root_key, EVP_sha256()));
	pem = pem_of_cert(cert);
	X509_free(cert);
	return pem;
}

static enum ca_key key_of(X509 *cert)
{
	switch (EVP_PKEY_get_base_id(X509_get0_pubkey(cert))) {
	case EVP_PKEY_RSA:
		return CA_RSA;
	case EVP_PKEY_ED25519:
		return CA_ED25519;
	}
	return CA_P256;
}

static void look_at(SSL *ssl, struct ca_seen *seen)
{
	X509 *cert = SSL_get0_peer_certificate(ssl);

	must(cert);
	seen->key = key_of(cert);
	seen->serial = ASN1_INTEGER_get(X509_get0_serialNumber(cert));
	X509_NAME_get_text_by_NID(X509_get_subject_name(cert), NID_commonName, seen->name,
				  sizeof(seen->name));
	seen->version = SSL_get_version(ssl);
}

static void configure(SSL_CTX *ctx, struct ca *ca, const struct ca_ask *ask)
{
	int version = ask->tls12 ? TLS1_2_VERSION : TLS1_3_VERSION;

	must(ctx);
	SSL_CTX_set_min_proto_version(ctx, version);
	SSL_CTX_set_max_proto_version(ctx, version);
	must(X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), ca->root));
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	if (ask->sigalgs)
		must(SSL_CTX_set1_sigalgs_list(ctx, ask->sigalgs));
	if (ask->authority)
		must(SSL_CTX_add1_to_CA_list(ctx, ask->authority->root));
}

struct ssl_st *ca_ask(struct ca *ca, const struct ca_ask *ask, struct ca_seen *seen)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	SSL *ssl;
	int fd;

	memset(seen, 0, sizeof(*seen));
	configure(ctx, ca, ask);
	ssl = SSL_new(ctx);
	must(ssl);
	SSL_CTX_free(ctx);
	fd = tcp_connect(AF_INET, ask->port);
	if (fd < 0) {
		snprintf(seen->error, sizeof(seen->error), "connect: %m");
		SSL_free(ssl);
		return NULL;
	}
	must(SSL_set_fd(ssl, fd));
	if (ask->name) {
		SSL_set_tlsext_host_name(ssl, ask->name);
		if (!ask->any_name)
			SSL_set1_host(ssl, ask->name);
	}
	ERR_clear_error();
	if (SSL_connect(ssl) != 1) {
		if (ERR_peek_last_error())
			ERR_error_string_n(ERR_peek_last_error(), seen->error,
					   sizeof(seen->error));
		else
			snprintf(seen->error, sizeof(seen->error), "end of connection");
		ERR_clear_error();
		ca_hang_up(ssl);
		return NULL;
	}
	look_at(ssl, seen);
	return ssl;
}

void ca_hang_up(struct ssl_st *ssl)
{
	int fd;

	if (!ssl)
		return;
	fd = SSL_get_fd(ssl);
	SSL_shutdown(ssl);
	SSL_free(ssl);
	close(fd);
}
