// SPDX-License-Identifier: GPL-2.0
/*
 * GnuTLS as the peer.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <gnutls/gnutls.h>
#include "peer.h"

struct peer_gnutls {
	struct peer p;
	gnutls_session_t session;
	gnutls_certificate_credentials_t cred;
	gnutls_datum_t ticket_key;
	char sni[256];
};

/* TLS 1.3 has no key exchange in the name of its suites. */
static const struct {
	unsigned short id;
	const char *cipher;
	const char *kx;
} suites[] = {
	{ 0x1301, "AES-128-GCM" },
	{ 0x1302, "AES-256-GCM" },
	{ 0x1303, "CHACHA20-POLY1305" },
	{ 0xc02b, "AES-128-GCM", "ECDHE-ECDSA" },
	{ 0xc02c, "AES-256-GCM", "ECDHE-ECDSA" },
	{ 0xc02f, "AES-128-GCM", "ECDHE-RSA" },
	{ 0xc030, "AES-256-GCM", "ECDHE-RSA" },
	{ 0xcca8, "CHACHA20-POLY1305", "ECDHE-RSA" },
	{ 0xcca9, "CHACHA20-POLY1305", "ECDHE-ECDSA" },
};

static const struct {
	const char *name;
	const char *priority;
	gnutls_group_t group;
} groups[] = {
	{ "X25519", "GROUP-X25519", GNUTLS_GROUP_X25519 },
	{ "P-256", "GROUP-SECP256R1", GNUTLS_GROUP_SECP256R1 },
	{ "P-384", "GROUP-SECP384R1", GNUTLS_GROUP_SECP384R1 },
	{ "P-521", "GROUP-SECP521R1", GNUTLS_GROUP_SECP521R1 },
	{ "X448", "GROUP-X448", GNUTLS_GROUP_X448 },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct peer_gnutls *to_gnutls(struct peer *p)
{
	return (struct peer_gnutls *)p;
}

static int fail(struct peer_gnutls *g, int err)
{
	snprintf(g->p.error, sizeof(g->p.error), "%s", gnutls_strerror(err));
	if (err == GNUTLS_E_FATAL_ALERT_RECEIVED || err == GNUTLS_E_WARNING_ALERT_RECEIVED) {
		g->p.alert = gnutls_alert_get(g->session);
		g->p.alert_level = err == GNUTLS_E_FATAL_ALERT_RECEIVED ? 2 : 1;
	}
	return PEER_ERROR;
}

static void priority(const struct peer_config *cfg, char *out, size_t size)
{
	size_t n = snprintf(out, size, "NORMAL:-VERS-ALL:+VERS-TLS1.%d",
			    cfg->version == PEER_TLS12 ? 2 : 3);
	const struct peer_suite *suite = cfg->suite ? peer_suite_by_name(cfg->suite) : NULL;
	const char *rest = cfg->groups;
	char name[16];
	size_t i;

	for (i = 0; suite && i < COUNT(suites); i++) {
		if (suites[i].id != suite->id)
			continue;
		n += snprintf(out + n, size - n, ":-CIPHER-ALL:+%s", suites[i].cipher);
		if (suites[i].kx)
			n += snprintf(out + n, size - n, ":-KX-ALL:+%s", suites[i].kx);
	}
	if (cfg->no_ems)
		n += snprintf(out + n, size - n, ":%%NO_SESSION_HASH");
	if (rest)
		n += snprintf(out + n, size - n, ":-GROUP-ALL");
	while (rest) {
		rest = peer_next_word(rest, name, sizeof(name));
		for (i = 0; i < COUNT(groups); i++)
			if (!strcmp(groups[i].name, name))
				n += snprintf(out + n, size - n, ":+%s", groups[i].priority);
	}
}

static int keylog(gnutls_session_t session, const char *label, const gnutls_datum_t *secret)
{
	struct peer_gnutls *g = gnutls_session_get_ptr(session);
	size_t used = strlen(g->p.secrets), size = sizeof(g->p.secrets);
	unsigned int i;

	used += snprintf(g->p.secrets + used, size - used, "%s - ", label);
	for (i = 0; i < secret->size && used < size; i++)
		used += snprintf(g->p.secrets + used, size - used, "%02x", secret->data[i]);
	if (used < size)
		snprintf(g->p.secrets + used, size - used, "\n");
	return 0;
}

static int message(gnutls_session_t session, unsigned int type, unsigned int when,
		   unsigned int incoming, const gnutls_datum_t *msg)
{
	struct peer_gnutls *g = gnutls_session_get_ptr(session);

	if (incoming && type == GNUTLS_HANDSHAKE_KEY_UPDATE)
		g->p.key_updates++;
	return 0;
}

static void gnutls_destroy(struct peer *p)
{
	struct peer_gnutls *g = to_gnutls(p);

	if (g->session)
		gnutls_deinit(g->session);
	if (g->cred)
		gnutls_certificate_free_credentials(g->cred);
	gnutls_free(g->ticket_key.data);
	free(g);
}

static int credentials(struct peer_gnutls *g, const struct peer_config *cfg)
{
	int ret = gnutls_certificate_allocate_credentials(&g->cred);

	if (ret < 0)
		return ret;
	if (cfg->server)
		ret = gnutls_certificate_set_x509_key_file(g->cred, cfg->cert, cfg->key,
							   GNUTLS_X509_FMT_PEM);
	else if (cfg->ca)
		ret = gnutls_certificate_set_x509_trust_file(g->cred, cfg->ca,
							     GNUTLS_X509_FMT_PEM);
	return ret;
}

static struct peer *gnutls_create(const struct peer_config *cfg, int fd)
{
	struct peer_gnutls *g = calloc(1, sizeof(*g));
	unsigned int flags = cfg->server ? GNUTLS_SERVER : GNUTLS_CLIENT;
	char prio[256];
	int ret;

	g->p.ops = &peer_gnutls;
	g->p.cfg = *cfg;
	g->p.fd = fd;
	g->p.alert = -1;
	g->p.alert_level = -1;
	/* The tests send tickets when they want to. */
	flags |= GNUTLS_KEY_SHARE_TOP | GNUTLS_NO_AUTO_SEND_TICKET;
	ret = gnutls_init(&g->session, flags);
	if (ret < 0)
		goto bad;
	gnutls_session_set_ptr(g->session, g);
	priority(cfg, prio, sizeof(prio));
	ret = gnutls_priority_set_direct(g->session, prio, NULL);
	if (ret < 0)
		goto bad;
	if (cfg->record_limit) {
		ret = gnutls_record_set_max_recv_size(g->session, cfg->record_limit);
		if (ret < 0)
			goto bad;
	}
	ret = credentials(g, cfg);
	if (ret < 0)
		goto bad;
	gnutls_credentials_set(g->session, GNUTLS_CRD_CERTIFICATE, g->cred);
	gnutls_session_set_keylog_function(g->session, keylog);
	gnutls_handshake_set_hook_function(g->session, GNUTLS_HANDSHAKE_ANY, GNUTLS_HOOK_POST,
					   message);
	gnutls_transport_set_int(g->session, fd);
	gnutls_handshake_set_timeout(g->session, GNUTLS_INDEFINITE_TIMEOUT);
	if (cfg->server) {
		ret = gnutls_session_ticket_key_generate(&g->ticket_key);
		if (ret < 0)
			goto bad;
		gnutls_session_ticket_enable_server(g->session, &g->ticket_key);
	} else {
		if (cfg->name)
			gnutls_server_name_set(g->session, GNUTLS_NAME_DNS, cfg->name,
					       strlen(cfg->name));
		if (!cfg->accept_any)
			gnutls_session_set_verify_cert(g->session, cfg->name, 0);
	}
	return &g->p;
bad:
	fprintf(stderr, "# GnuTLS: %s\n", gnutls_strerror(ret));
	gnutls_destroy(&g->p);
	return NULL;
}

static int gnutls_peer_handshake(struct peer *p)
{
	struct peer_gnutls *g = to_gnutls(p);
	size_t len = sizeof(g->sni) - 1;
	unsigned int type;
	int ret;

	do {
		ret = gnutls_handshake(g->session);
	} while (ret < 0 && !gnutls_error_is_fatal(ret));
	if (ret < 0) {
		fail(g, ret);
		/* Unlike OpenSSL it leaves telling the peer to its caller. */
		if (g->p.alert < 0)
			gnutls_alert_send_appropriate(g->session, ret);
		return PEER_ERROR;
	}
	if (gnutls_server_name_get(g->session, g->sni, &len, &type, 0) < 0)
		g->sni[0] = 0;
	if (g->p.cfg.server && !g->p.cfg.no_tickets)
		gnutls_session_ticket_send(g->session, 2, 0);
	return 0;
}

static ssize_t gnutls_send(struct peer *p, const void *buf, size_t len)
{
	struct peer_gnutls *g = to_gnutls(p);
	ssize_t n;

	do {
		n = gnutls_record_send(g->session, buf, len);
	} while (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED);
	return n < 0 ? fail(g, n) : n;
}

static ssize_t gnutls_recv(struct peer *p, void *buf, size_t len)
{
	struct peer_gnutls *g = to_gnutls(p);
	ssize_t n;

	do {
		n = gnutls_record_recv(g->session, buf, len);
	} while (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED);
	if (n >= 0)
		return n;
	fail(g, n);
	return n == GNUTLS_E_PREMATURE_TERMINATION ? PEER_TRUNCATED : PEER_ERROR;
}

static int gnutls_close_notify(struct peer *p)
{
	struct peer_gnutls *g = to_gnutls(p);
	int ret = gnutls_bye(g->session, GNUTLS_SHUT_WR);

	return ret < 0 ? fail(g, ret) : 0;
}

static int gnutls_peer_key_update(struct peer *p, bool request)
{
	struct peer_gnutls *g = to_gnutls(p);
	int ret = gnutls_session_key_update(g->session, request ? GNUTLS_KU_PEER : 0);

	return ret < 0 ? fail(g, ret) : 0;
}

static int gnutls_ticket(struct peer *p)
{
	struct peer_gnutls *g = to_gnutls(p);
	int ret = gnutls_session_ticket_send(g->session, 1, 0);

	return ret < 0 ? fail(g, ret) : 0;
}

static int gnutls_peer_alert(struct peer *p, int level, int description)
{
	struct peer_gnutls *g = to_gnutls(p);
	int ret = gnutls_alert_send(g->session, level, description);

	return ret < 0 ? fail(g, ret) : 0;
}

static const char *gnutls_suite(struct peer *p)
{
	gnutls_session_t session = to_gnutls(p)->session;
	const char *cipher = gnutls_cipher_get_name(gnutls_cipher_get(session));
	const char *kx = gnutls_kx_get_name(gnutls_kx_get(session));
	bool tls12 = gnutls_protocol_get_version(session) == GNUTLS_TLS1_2;
	size_t i;

	for (i = 0; i < COUNT(suites); i++)
		if (!strcmp(suites[i].cipher, cipher) && !suites[i].kx == !tls12 &&
		    (!tls12 || !strcmp(suites[i].kx, kx)))
			return peer_suite_by_id(suites[i].id)->iana;
	return "?";
}

static const char *gnutls_peer_group(struct peer *p)
{
	gnutls_group_t group = gnutls_group_get(to_gnutls(p)->session);
	size_t i;

	for (i = 0; i < COUNT(groups); i++)
		if (groups[i].group == group)
			return groups[i].name;
	return "?";
}

static const char *gnutls_sni(struct peer *p)
{
	return to_gnutls(p)->sni;
}

const struct peer_ops peer_gnutls = {
	.name		= "GnuTLS",
	.create		= gnutls_create,
	.handshake	= gnutls_peer_handshake,
	.send		= gnutls_send,
	.recv		= gnutls_recv,
	.close_notify	= gnutls_close_notify,
	.key_update	= gnutls_peer_key_update,
	.ticket		= gnutls_ticket,
	.alert		= gnutls_peer_alert,
	.suite		= gnutls_suite,
	.group		= gnutls_peer_group,
	.sni		= gnutls_sni,
	.destroy	= gnutls_destroy,
};
