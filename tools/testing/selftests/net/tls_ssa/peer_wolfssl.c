// SPDX-License-Identifier: GPL-2.0
/*
 * wolfSSL as the peer.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wolfssl/options.h>
#include <wolfssl/ssl.h>
#include <wolfssl/error-ssl.h>
#include "peer.h"

struct peer_wolf {
	struct peer p;
	WOLFSSL_CTX *ctx;
	WOLFSSL *ssl;
};

/* Its own spelling of the suites of TLS 1.3; the rest it shares with OpenSSL. */
static const struct {
	unsigned short id;
	const char *name;
} tls13_suites[] = {
	{ 0x1301, "TLS13-AES128-GCM-SHA256" },
	{ 0x1302, "TLS13-AES256-GCM-SHA384" },
	{ 0x1303, "TLS13-CHACHA20-POLY1305-SHA256" },
};

static const struct {
	const char *name;
	const char *told;	/* by wolfSSL_get_curve_name() */
	int group;
} groups[] = {
	{ "X25519", "X25519", WOLFSSL_ECC_X25519 },
	{ "P-256", "SECP256R1", WOLFSSL_ECC_SECP256R1 },
	{ "P-384", "SECP384R1", WOLFSSL_ECC_SECP384R1 },
	{ "P-521", "SECP521R1", WOLFSSL_ECC_SECP521R1 },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct peer_wolf *to_wolf(struct peer *p)
{
	return (struct peer_wolf *)p;
}

static int fail(struct peer_wolf *w, int ret)
{
	WOLFSSL_ALERT_HISTORY alerts;
	int err = wolfSSL_get_error(w->ssl, ret);
	char text[80];			/* it may write so much */

	wolfSSL_ERR_error_string(err, text);
	snprintf(w->p.error, sizeof(w->p.error), "%s (%d)", text, err);
	if (wolfSSL_get_alert_history(w->ssl, &alerts) == WOLFSSL_SUCCESS &&
	    alerts.last_rx.code >= 0) {
		w->p.alert = alerts.last_rx.code;
		w->p.alert_level = alerts.last_rx.level;
	}
	return PEER_ERROR;
}

static bool set_suite(struct peer_wolf *w, const struct peer_config *cfg)
{
	const struct peer_suite *suite = peer_suite_by_name(cfg->suite);
	const char *name = suite ? suite->openssl : "";
	size_t i;

	for (i = 0; suite && i < COUNT(tls13_suites); i++)
		if (tls13_suites[i].id == suite->id)
			name = tls13_suites[i].name;
	return wolfSSL_CTX_set_cipher_list(w->ctx, name) == WOLFSSL_SUCCESS;
}

static bool set_groups(struct peer_wolf *w, const struct peer_config *cfg)
{
	const char *rest = cfg->groups;
	int list[8], count = 0;
	char name[16];
	size_t i;

	while (rest) {
		rest = peer_next_word(rest, name, sizeof(name));
		for (i = 0; i < COUNT(groups) && count < (int)COUNT(list); i++)
			if (!strcmp(groups[i].name, name))
				list[count++] = groups[i].group;
	}
	for (i = 0; (int)i < count; i++)
		if (wolfSSL_UseSupportedCurve(w->ssl, list[i]) != WOLFSSL_SUCCESS)
			return false;
	/* A server of TLS 1.2 takes the first group that is long enough. */
	if (cfg->version == PEER_TLS12 && cfg->server && count && list[0] == WOLFSSL_ECC_SECP384R1)
		return wolfSSL_SetTmpEC_DHE_Sz(w->ssl, 48) == WOLFSSL_SUCCESS;
	if (cfg->version == PEER_TLS12 || !count)
		return true;
	if (wolfSSL_set_groups(w->ssl, list, count) != WOLFSSL_SUCCESS)
		return false;
	return cfg->server || wolfSSL_UseKeyShare(w->ssl, list[0]) == WOLFSSL_SUCCESS;
}

static bool configure(struct peer_wolf *w, const struct peer_config *cfg)
{
	if (cfg->suite && !set_suite(w, cfg))
		return false;
	if (cfg->server) {
		if (wolfSSL_CTX_use_certificate_chain_file(w->ctx, cfg->cert) != WOLFSSL_SUCCESS ||
		    wolfSSL_CTX_use_PrivateKey_file(w->ctx, cfg->key, WOLFSSL_FILETYPE_PEM) !=
		    WOLFSSL_SUCCESS)
			return false;
	} else {
		if (cfg->ca &&
		    wolfSSL_CTX_load_verify_locations(w->ctx, cfg->ca, NULL) != WOLFSSL_SUCCESS)
			return false;
		wolfSSL_CTX_set_verify(w->ctx, cfg->accept_any ? WOLFSSL_VERIFY_NONE :
								 WOLFSSL_VERIFY_PEER, NULL);
	}
	w->ssl = wolfSSL_new(w->ctx);
	if (!w->ssl || !set_groups(w, cfg))
		return false;
	if (!cfg->server && cfg->name) {
		if (wolfSSL_UseSNI(w->ssl, WOLFSSL_SNI_HOST_NAME, cfg->name,
				   strlen(cfg->name)) != WOLFSSL_SUCCESS)
			return false;
		if (!cfg->accept_any)
			wolfSSL_check_domain_name(w->ssl, cfg->name);
	}
	return wolfSSL_set_fd(w->ssl, w->p.fd) == WOLFSSL_SUCCESS;
}

static WOLFSSL_METHOD *method(const struct peer_config *cfg)
{
	if (cfg->version == PEER_TLS12)
		return cfg->server ? wolfTLSv1_2_server_method() : wolfTLSv1_2_client_method();
	return cfg->server ? wolfTLSv1_3_server_method() : wolfTLSv1_3_client_method();
}

static void wolf_destroy(struct peer *p)
{
	struct peer_wolf *w = to_wolf(p);

	if (w->ssl)
		wolfSSL_free(w->ssl);
	if (w->ctx)
		wolfSSL_CTX_free(w->ctx);
	free(w);
}

static struct peer *wolf_create(const struct peer_config *cfg, int fd)
{
	struct peer_wolf *w = calloc(1, sizeof(*w));

	wolfSSL_Init();
	w->p.ops = &peer_wolfssl;
	w->p.cfg = *cfg;
	w->p.fd = fd;
	w->p.alert = -1;
	w->p.alert_level = -1;
	w->ctx = wolfSSL_CTX_new(method(cfg));
	if (!w->ctx || !configure(w, cfg)) {
		wolf_destroy(&w->p);
		return NULL;
	}
	return &w->p;
}

static int wolf_handshake(struct peer *p)
{
	struct peer_wolf *w = to_wolf(p);
	int ret = p->cfg.server ? wolfSSL_accept(w->ssl) : wolfSSL_connect(w->ssl);

	return ret == WOLFSSL_SUCCESS ? 0 : fail(w, ret);
}

static ssize_t wolf_send(struct peer *p, const void *buf, size_t len)
{
	struct peer_wolf *w = to_wolf(p);
	int ret = wolfSSL_write(w->ssl, buf, len);

	return ret <= 0 ? fail(w, ret) : ret;
}

static ssize_t wolf_recv(struct peer *p, void *buf, size_t len)
{
	struct peer_wolf *w = to_wolf(p);
	int ret = wolfSSL_read(w->ssl, buf, len);

	if (ret > 0)
		return ret;
	if (wolfSSL_get_error(w->ssl, ret) != WOLFSSL_ERROR_ZERO_RETURN) {
		fail(w, ret);
		return wolfSSL_get_error(w->ssl, ret) == SOCKET_PEER_CLOSED_E ? PEER_TRUNCATED :
										PEER_ERROR;
	}
	return 0;
}

static int wolf_close_notify(struct peer *p)
{
	struct peer_wolf *w = to_wolf(p);
	int ret = wolfSSL_shutdown(w->ssl);

	return ret == WOLFSSL_SUCCESS || ret == WOLFSSL_SHUTDOWN_NOT_DONE ? 0 : fail(w, ret);
}

static int wolf_key_update(struct peer *p, bool request)
{
	struct peer_wolf *w = to_wolf(p);
	int ret = wolfSSL_update_keys(w->ssl);	/* it always requests */

	return ret == WOLFSSL_SUCCESS ? 0 : fail(w, ret);
}

static const char *wolf_suite(struct peer *p)
{
	WOLFSSL_CIPHER *cipher = wolfSSL_get_current_cipher(to_wolf(p)->ssl);
	const struct peer_suite *suite;

	suite = peer_suite_by_id(wolfSSL_CIPHER_get_id(cipher) & 0xffff);
	return suite ? suite->iana : "?";
}

static const char *wolf_group(struct peer *p)
{
	const char *told = wolfSSL_get_curve_name(to_wolf(p)->ssl);
	size_t i;

	for (i = 0; told && i < COUNT(groups); i++)
		if (!strcasecmp(groups[i].told, told))
			return groups[i].name;
	return told;
}

static const char *wolf_sni(struct peer *p)
{
	void *name = NULL;

	wolfSSL_SNI_GetRequest(to_wolf(p)->ssl, WOLFSSL_SNI_HOST_NAME, &name);
	return name ? name : "";
}

const struct peer_ops peer_wolfssl = {
	.name		= "wolfSSL",
	.create		= wolf_create,
	.handshake	= wolf_handshake,
	.send		= wolf_send,
	.recv		= wolf_recv,
	.close_notify	= wolf_close_notify,
	.key_update	= wolf_key_update,
	.suite		= wolf_suite,
	.group		= wolf_group,
	.sni		= wolf_sni,
	.destroy	= wolf_destroy,
};
