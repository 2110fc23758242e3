// SPDX-License-Identifier: GPL-2.0
/*
 * Mbed TLS as the peer: 2.28 (TLS 1.2 only) and 3.x.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <mbedtls/version.h>
#if MBEDTLS_VERSION_MAJOR >= 3
#include <psa/crypto.h>
#else
#define MBEDTLS_PRIVATE(member)	member
#endif
#include "peer.h"

struct peer_mbedtls {
	struct peer p;
	mbedtls_ssl_context ssl;
	mbedtls_ssl_config conf;
	mbedtls_x509_crt certs;
	mbedtls_pk_context key;
	mbedtls_entropy_context entropy;
	mbedtls_ctr_drbg_context drbg;
	mbedtls_net_context net;
	int suites[2];
	char sni[256];
#if MBEDTLS_VERSION_MAJOR >= 3
	unsigned short groups[8];
#else
	mbedtls_ecp_group_id groups[8];
#endif
};

static const struct {
	const char *name;
	mbedtls_ecp_group_id id;
	unsigned short tls;
} groups[] = {
	{ "X25519", MBEDTLS_ECP_DP_CURVE25519, 29 },
	{ "P-256", MBEDTLS_ECP_DP_SECP256R1, 23 },
	{ "P-384", MBEDTLS_ECP_DP_SECP384R1, 24 },
	{ "P-521", MBEDTLS_ECP_DP_SECP521R1, 25 },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct peer_mbedtls *to_mbedtls(struct peer *p)
{
	return (struct peer_mbedtls *)p;
}

static int fail(struct peer_mbedtls *m, int err)
{
	mbedtls_strerror(err, m->p.error, sizeof(m->p.error));
	if (err == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE && m->ssl.MBEDTLS_PRIVATE(in_msg)) {
		m->p.alert_level = m->ssl.MBEDTLS_PRIVATE(in_msg)[0];
		m->p.alert = m->ssl.MBEDTLS_PRIVATE(in_msg)[1];
	}
	return PEER_ERROR;
}

static int set_version(struct peer_mbedtls *m, const struct peer_config *cfg)
{
#if MBEDTLS_VERSION_MAJOR >= 3
	int version = cfg->version == PEER_TLS12 ? MBEDTLS_SSL_VERSION_TLS1_2 :
						   MBEDTLS_SSL_VERSION_TLS1_3;

	mbedtls_ssl_conf_min_tls_version(&m->conf, version);
	mbedtls_ssl_conf_max_tls_version(&m->conf, version);
#else
	if (cfg->version != PEER_TLS12)
		return MBEDTLS_ERR_SSL_FEATURE_UNAVAILABLE;
	mbedtls_ssl_conf_min_version(&m->conf, MBEDTLS_SSL_MAJOR_VERSION_3,
				     MBEDTLS_SSL_MINOR_VERSION_3);
	mbedtls_ssl_conf_max_version(&m->conf, MBEDTLS_SSL_MAJOR_VERSION_3,
				     MBEDTLS_SSL_MINOR_VERSION_3);
#endif
	return 0;
}

static void set_groups(struct peer_mbedtls *m, const struct peer_config *cfg)
{
	const char *rest = cfg->groups;
	size_t i, count = 0;
	char name[16];

	while (rest) {
		rest = peer_next_word(rest, name, sizeof(name));
		for (i = 0; i < COUNT(groups) && count < COUNT(m->groups) - 1; i++) {
			if (strcmp(groups[i].name, name))
				continue;
#if MBEDTLS_VERSION_MAJOR >= 3
			m->groups[count++] = groups[i].tls;
#else
			m->groups[count++] = groups[i].id;
#endif
		}
	}
	if (!cfg->groups)
		return;
#if MBEDTLS_VERSION_MAJOR >= 3
	mbedtls_ssl_conf_groups(&m->conf, m->groups);
#else
	m->groups[count] = MBEDTLS_ECP_DP_NONE;
	mbedtls_ssl_conf_curves(&m->conf, m->groups);
#endif
}

static int parse_key(struct peer_mbedtls *m, const char *file)
{
#if MBEDTLS_VERSION_MAJOR >= 3
	return mbedtls_pk_parse_keyfile(&m->key, file, NULL, mbedtls_ctr_drbg_random, &m->drbg);
#else
	return mbedtls_pk_parse_keyfile(&m->key, file, NULL);
#endif
}

static int credentials(struct peer_mbedtls *m, const struct peer_config *cfg)
{
	int ret;

	if (!cfg->server) {
		mbedtls_ssl_conf_authmode(&m->conf, cfg->accept_any ? MBEDTLS_SSL_VERIFY_NONE :
							      MBEDTLS_SSL_VERIFY_REQUIRED);
		if (!cfg->ca)
			return 0;
		ret = mbedtls_x509_crt_parse_file(&m->certs, cfg->ca);
		mbedtls_ssl_conf_ca_chain(&m->conf, &m->certs, NULL);
		return ret;
	}
	ret = mbedtls_x509_crt_parse_file(&m->certs, cfg->cert);
	if (!ret)
		ret = parse_key(m, cfg->key);
	return ret ? ret : mbedtls_ssl_conf_own_cert(&m->conf, &m->certs, &m->key);
}

static int note_sni(void *arg, mbedtls_ssl_context *ssl, const unsigned char *name, size_t len)
{
	struct peer_mbedtls *m = arg;

	snprintf(m->sni, sizeof(m->sni), "%.*s", (int)len, name);
	return 0;
}

static int configure(struct peer_mbedtls *m, const struct peer_config *cfg)
{
	const struct peer_suite *suite = cfg->suite ? peer_suite_by_name(cfg->suite) : NULL;
	int ret;

	ret = mbedtls_ctr_drbg_seed(&m->drbg, mbedtls_entropy_func, &m->entropy, NULL, 0);
	if (!ret)
		ret = mbedtls_ssl_config_defaults(&m->conf,
						  cfg->server ? MBEDTLS_SSL_IS_SERVER :
								MBEDTLS_SSL_IS_CLIENT,
						  MBEDTLS_SSL_TRANSPORT_STREAM,
						  MBEDTLS_SSL_PRESET_DEFAULT);
	if (!ret)
		ret = set_version(m, cfg);
	if (ret)
		return ret;
	mbedtls_ssl_conf_rng(&m->conf, mbedtls_ctr_drbg_random, &m->drbg);
	if (cfg->suite) {
		m->suites[0] = suite ? suite->id : 0;
		mbedtls_ssl_conf_ciphersuites(&m->conf, m->suites);
	}
	set_groups(m, cfg);
	ret = credentials(m, cfg);
	if (ret)
		return ret;
	if (cfg->server)
		mbedtls_ssl_conf_sni(&m->conf, note_sni, m);
	ret = mbedtls_ssl_setup(&m->ssl, &m->conf);
	if (!ret && !cfg->server && cfg->name)
		ret = mbedtls_ssl_set_hostname(&m->ssl, cfg->name);
	return ret;
}

static void mbedtls_destroy(struct peer *p)
{
	struct peer_mbedtls *m = to_mbedtls(p);

	mbedtls_ssl_free(&m->ssl);
	mbedtls_ssl_config_free(&m->conf);
	mbedtls_x509_crt_free(&m->certs);
	mbedtls_pk_free(&m->key);
	mbedtls_ctr_drbg_free(&m->drbg);
	mbedtls_entropy_free(&m->entropy);
	free(m);
}

static struct peer *mbedtls_create(const struct peer_config *cfg, int fd)
{
	struct peer_mbedtls *m = calloc(1, sizeof(*m));
	int ret;

	m->p.ops = &peer_mbedtls;
	m->p.cfg = *cfg;
	m->p.fd = fd;
	m->p.alert = -1;
	m->p.alert_level = -1;
	m->net.fd = fd;
	mbedtls_ssl_init(&m->ssl);
	mbedtls_ssl_config_init(&m->conf);
	mbedtls_x509_crt_init(&m->certs);
	mbedtls_pk_init(&m->key);
	mbedtls_entropy_init(&m->entropy);
	mbedtls_ctr_drbg_init(&m->drbg);
#if MBEDTLS_VERSION_MAJOR >= 3
	psa_crypto_init();
#endif
	ret = configure(m, cfg);
	if (ret) {
		fail(m, ret);
		fprintf(stderr, "# Mbed TLS: %s\n", m->p.error);
		mbedtls_destroy(&m->p);
		return NULL;
	}
	mbedtls_ssl_set_bio(&m->ssl, &m->net, mbedtls_net_send, mbedtls_net_recv, NULL);
	return &m->p;
}

static bool again(int ret)
{
#ifdef MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET
	if (ret == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET)
		return true;
#endif
	return ret == MBEDTLS_ERR_SSL_WANT_READ || ret == MBEDTLS_ERR_SSL_WANT_WRITE;
}

static int mbedtls_handshake(struct peer *p)
{
	struct peer_mbedtls *m = to_mbedtls(p);
	int ret;

	do {
		ret = mbedtls_ssl_handshake(&m->ssl);
	} while (again(ret));
	return ret ? fail(m, ret) : 0;
}

static ssize_t mbedtls_send(struct peer *p, const void *buf, size_t len)
{
	struct peer_mbedtls *m = to_mbedtls(p);
	int ret;

	do {
		ret = mbedtls_ssl_write(&m->ssl, buf, len);
	} while (again(ret));
	return ret < 0 ? fail(m, ret) : ret;
}

static ssize_t mbedtls_recv(struct peer *p, void *buf, size_t len)
{
	struct peer_mbedtls *m = to_mbedtls(p);
	int ret;

	do {
		ret = mbedtls_ssl_read(&m->ssl, buf, len);
	} while (again(ret));
	if (ret == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY)
		return 0;
	if (!ret || ret == MBEDTLS_ERR_SSL_CONN_EOF) {
		snprintf(m->p.error, sizeof(m->p.error), "end of TCP without close_notify");
		return PEER_TRUNCATED;
	}
	return ret < 0 ? fail(m, ret) : ret;
}

static int mbedtls_close_notify(struct peer *p)
{
	struct peer_mbedtls *m = to_mbedtls(p);
	int ret = mbedtls_ssl_close_notify(&m->ssl);

	return ret ? fail(m, ret) : 0;
}

static const char *mbedtls_suite(struct peer *p)
{
	const char *name = mbedtls_ssl_get_ciphersuite(&to_mbedtls(p)->ssl);
	int id = name ? mbedtls_ssl_get_ciphersuite_id(name) : 0;
	const struct peer_suite *suite = peer_suite_by_id(id);

	return suite ? suite->iana : "?";
}

static const char *mbedtls_sni(struct peer *p)
{
	return to_mbedtls(p)->sni;
}

const struct peer_ops peer_mbedtls = {
	.name		= "MbedTLS",
	.create		= mbedtls_create,
	.handshake	= mbedtls_handshake,
	.send		= mbedtls_send,
	.recv		= mbedtls_recv,
	.close_notify	= mbedtls_close_notify,
	.suite		= mbedtls_suite,
	.sni		= mbedtls_sni,
	.destroy	= mbedtls_destroy,
};
