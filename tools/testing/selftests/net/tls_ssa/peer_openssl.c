// SPDX-License-Identifier: GPL-2.0
/*
 * OpenSSL as the peer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include "peer.h"

struct peer_openssl {
	struct peer p;
	SSL_CTX *ctx;
	SSL *ssl;
	char sni[256];
	char alpn[256];
	char subject[256];
};

static struct peer_openssl *to_openssl(struct peer *p)
{
	return (struct peer_openssl *)p;
}

static int fail(struct peer_openssl *o)
{
	unsigned long err = ERR_peek_last_error();

	if (err)
		ERR_error_string_n(err, o->p.error, sizeof(o->p.error));
	else
		snprintf(o->p.error, sizeof(o->p.error), "%m");
	ERR_clear_error();
	return PEER_ERROR;
}

static void message(int write_p, int version, int content_type, const void *buf,
		    size_t len, SSL *ssl, void *arg)
{
	struct peer_openssl *o = arg;
	const unsigned char *b = buf;

	/* Both hellos have their random behind header and version. */
	if (content_type == SSL3_RT_HANDSHAKE && len >= 38 &&
	    (b[0] == SSL3_MT_CLIENT_HELLO || b[0] == SSL3_MT_SERVER_HELLO))
		memcpy(o->p.randoms + (b[0] == SSL3_MT_SERVER_HELLO ? 32 : 0), b + 6, 32);
	if (write_p)
		return;
	if (content_type == SSL3_RT_ALERT && len == 2) {
		o->p.alert_level = b[0];
		o->p.alert = b[1];
	}
	if (content_type == SSL3_RT_HANDSHAKE && len && b[0] == SSL3_MT_KEY_UPDATE)
		o->p.key_updates++;
}

static void keylog(const SSL *ssl, const char *line)
{
	struct peer_openssl *o = SSL_get_app_data(ssl);
	size_t used = strlen(o->p.secrets);

	snprintf(o->p.secrets + used, sizeof(o->p.secrets) - used, "%s\n", line);
}

static bool set_suite(SSL_CTX *ctx, const struct peer_config *cfg)
{
	const struct peer_suite *s = peer_suite_by_name(cfg->suite);

	if (!s)
		return false;
	return cfg->version == PEER_TLS12 ? SSL_CTX_set_cipher_list(ctx, s->openssl) :
					    SSL_CTX_set_ciphersuites(ctx, s->openssl);
}

/* The first of our protocols that the client has too */
static int choose_alpn(SSL *ssl, const unsigned char **out, unsigned char *len,
		       const unsigned char *in, unsigned int in_len, void *arg)
{
	const struct peer_config *cfg = arg;

	return SSL_select_next_proto((unsigned char **)out, len, (const unsigned char *)cfg->alpn,
				     cfg->alpn_len, in, in_len) == OPENSSL_NPN_NEGOTIATED ?
	       SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

static bool set_certificate(SSL_CTX *ctx, const struct peer_config *cfg)
{
	return SSL_CTX_use_certificate_chain_file(ctx, cfg->cert) == 1 &&
	       SSL_CTX_use_PrivateKey_file(ctx, cfg->key, SSL_FILETYPE_PEM) == 1;
}

static bool configure(struct peer_openssl *o, const struct peer_config *cfg)
{
	int version = cfg->version == PEER_TLS12 ? TLS1_2_VERSION : TLS1_3_VERSION;

	SSL_CTX_set_min_proto_version(o->ctx, version);
	SSL_CTX_set_max_proto_version(o->ctx, version);
	SSL_CTX_set_options(o->ctx, SSL_OP_NO_RENEGOTIATION);
	if (cfg->no_ems)
		SSL_CTX_set_options(o->ctx, SSL_OP_NO_EXTENDED_MASTER_SECRET);
	SSL_CTX_set_mode(o->ctx, SSL_MODE_AUTO_RETRY);
	SSL_CTX_set_keylog_callback(o->ctx, keylog);
	if (cfg->suite && !set_suite(o->ctx, cfg))
		return false;
	if (cfg->groups && !SSL_CTX_set1_groups_list(o->ctx, cfg->groups))
		return false;
	if (cfg->no_tickets)
		SSL_CTX_set_num_tickets(o->ctx, 0);
	if (cfg->cert && !set_certificate(o->ctx, cfg))
		return false;
	if (cfg->ca && SSL_CTX_load_verify_locations(o->ctx, cfg->ca, NULL) != 1)
		return false;
	if (cfg->server) {
		if (cfg->alpn)
			SSL_CTX_set_alpn_select_cb(o->ctx, choose_alpn, &o->p.cfg);
		if (cfg->asks)
			SSL_CTX_set_verify(o->ctx, SSL_VERIFY_PEER |
					   (cfg->insists ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
					   NULL);
		return true;
	}
	if (cfg->alpn && SSL_CTX_set_alpn_protos(o->ctx, (const unsigned char *)cfg->alpn,
						 cfg->alpn_len))
		return false;
	SSL_CTX_set_verify(o->ctx, cfg->accept_any ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, NULL);
	return true;
}

static void openssl_destroy(struct peer *p)
{
	struct peer_openssl *o = to_openssl(p);

	SSL_free(o->ssl);
	SSL_CTX_free(o->ctx);
	free(o);
}

static struct peer *openssl_create(const struct peer_config *cfg, int fd)
{
	struct peer_openssl *o = calloc(1, sizeof(*o));

	o->p.ops = &peer_openssl;
	o->p.cfg = *cfg;
	o->p.fd = fd;
	o->p.alert = -1;
	o->p.alert_level = -1;
	o->ctx = SSL_CTX_new(cfg->server ? TLS_server_method() : TLS_client_method());
	if (!o->ctx || !configure(o, cfg))
		goto bad;
	o->ssl = SSL_new(o->ctx);
	if (!o->ssl)
		goto bad;
	SSL_set_app_data(o->ssl, o);
	SSL_set_msg_callback(o->ssl, message);
	SSL_set_msg_callback_arg(o->ssl, o);
	SSL_set_fd(o->ssl, fd);
	if (cfg->server) {
		SSL_set_accept_state(o->ssl);
	} else {
		SSL_set_connect_state(o->ssl);
		if (cfg->name) {
			SSL_set_tlsext_host_name(o->ssl, cfg->name);
			if (!cfg->accept_any)
				SSL_set1_host(o->ssl, cfg->name);
		}
	}
	return &o->p;
bad:
	ERR_print_errors_fp(stderr);
	openssl_destroy(&o->p);
	return NULL;
}

static int openssl_handshake(struct peer *p)
{
	struct peer_openssl *o = to_openssl(p);
	const char *name;

	ERR_clear_error();
	if (SSL_do_handshake(o->ssl) != 1)
		return fail(o);
	name = SSL_get_servername(o->ssl, TLSEXT_NAMETYPE_host_name);
	snprintf(o->sni, sizeof(o->sni), "%s", name ? name : "");
	return 0;
}

static ssize_t openssl_send(struct peer *p, const void *buf, size_t len)
{
	struct peer_openssl *o = to_openssl(p);
	size_t n;

	ERR_clear_error();
	if (SSL_write_ex(o->ssl, buf, len, &n) != 1)
		return fail(o);
	return n;
}

static ssize_t openssl_recv(struct peer *p, void *buf, size_t len)
{
	struct peer_openssl *o = to_openssl(p);
	size_t n;

	ERR_clear_error();
	if (SSL_read_ex(o->ssl, buf, len, &n) == 1)
		return n;
	if (SSL_get_error(o->ssl, 0) == SSL_ERROR_ZERO_RETURN)
		return 0;
	if (ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
		fail(o);
		return PEER_TRUNCATED;
	}
	return fail(o);
}

static int openssl_close_notify(struct peer *p)
{
	struct peer_openssl *o = to_openssl(p);

	ERR_clear_error();
	return SSL_shutdown(o->ssl) < 0 ? fail(o) : 0;
}

static int openssl_key_update(struct peer *p, bool request)
{
	struct peer_openssl *o = to_openssl(p);

	ERR_clear_error();
	if (SSL_key_update(o->ssl, request ? SSL_KEY_UPDATE_REQUESTED :
					     SSL_KEY_UPDATE_NOT_REQUESTED) != 1 ||
	    SSL_do_handshake(o->ssl) != 1)
		return fail(o);
	return 0;
}

static int openssl_ticket(struct peer *p)
{
	struct peer_openssl *o = to_openssl(p);

	ERR_clear_error();
	if (SSL_new_session_ticket(o->ssl) != 1 || SSL_do_handshake(o->ssl) != 1)
		return fail(o);
	return 0;
}

static const char *openssl_suite(struct peer *p)
{
	return SSL_CIPHER_standard_name(SSL_get_current_cipher(to_openssl(p)->ssl));
}

static const char *openssl_group(struct peer *p)
{
	switch (SSL_get_negotiated_group(to_openssl(p)->ssl)) {
	case NID_X25519:
		return "X25519";
	case NID_X9_62_prime256v1:
		return "P-256";
	case NID_secp384r1:
		return "P-384";
	case NID_secp521r1:
		return "P-521";
	}
	return "?";
}

static const char *openssl_sni(struct peer *p)
{
	return to_openssl(p)->sni;
}

/* A client's session has a name if the server has acknowledged it. */
static bool openssl_sni_answered(struct peer *p)
{
	SSL_SESSION *session = SSL_get_session(to_openssl(p)->ssl);

	return session && SSL_SESSION_get0_hostname(session);
}

static const char *openssl_alpn(struct peer *p)
{
	struct peer_openssl *o = to_openssl(p);
	const unsigned char *name;
	unsigned int len;

	SSL_get0_alpn_selected(o->ssl, &name, &len);
	snprintf(o->alpn, sizeof(o->alpn), "%.*s", (int)len, name ? (const char *)name : "");
	return o->alpn;
}

static const char *openssl_subject(struct peer *p)
{
	struct peer_openssl *o = to_openssl(p);
	X509 *cert = SSL_get1_peer_certificate(o->ssl);

	o->subject[0] = 0;
	if (cert)
		X509_NAME_oneline(X509_get_subject_name(cert), o->subject, sizeof(o->subject));
	X509_free(cert);
	return o->subject;
}

static int openssl_material(struct peer *p, const char *label, const void *context,
			    size_t context_len, void *out, size_t len)
{
	struct peer_openssl *o = to_openssl(p);

	ERR_clear_error();
	return SSL_export_keying_material(o->ssl, out, len, label, strlen(label), context,
					  context_len, !!context) == 1 ? 0 : fail(o);
}

const struct peer_ops peer_openssl = {
	.name		= "OpenSSL",
	.create		= openssl_create,
	.handshake	= openssl_handshake,
	.send		= openssl_send,
	.recv		= openssl_recv,
	.close_notify	= openssl_close_notify,
	.key_update	= openssl_key_update,
	.ticket		= openssl_ticket,
	.suite		= openssl_suite,
	.group		= openssl_group,
	.sni		= openssl_sni,
	.sni_answered	= openssl_sni_answered,
	.alpn		= openssl_alpn,
	.subject	= openssl_subject,
	.material	= openssl_material,
	.destroy	= openssl_destroy,
};
