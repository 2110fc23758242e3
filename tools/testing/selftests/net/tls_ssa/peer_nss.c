// SPDX-License-Identifier: GPL-2.0
/*
 * NSS as the peer.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <nspr.h>
#include <private/pprio.h>
#include <cert.h>
#include <certdb.h>
#include <keyhi.h>
#include <nss.h>
#include <nssb64.h>
#include <pk11pub.h>
#include <secerr.h>
#include <ssl.h>
#include <sslexp.h>
#include <sslproto.h>
#include "peer.h"

struct peer_nss {
	struct peer p;
	PRFileDesc *fd;
	CERTCertificate *trusted;
	char sni[256];
};

static const struct {
	const char *name;
	SSLNamedGroup group;
} groups[] = {
	{ "X25519", ssl_grp_ec_curve25519 },
	{ "P-256", ssl_grp_ec_secp256r1 },
	{ "P-384", ssl_grp_ec_secp384r1 },
	{ "P-521", ssl_grp_ec_secp521r1 },
};

static const SSLSignatureScheme schemes[] = {
	ssl_sig_ecdsa_secp256r1_sha256, ssl_sig_ecdsa_secp384r1_sha384,
	ssl_sig_ecdsa_secp521r1_sha512, ssl_sig_rsa_pss_rsae_sha256,
	ssl_sig_rsa_pss_rsae_sha384, ssl_sig_rsa_pss_rsae_sha512, ssl_sig_rsa_pss_pss_sha256,
	ssl_sig_rsa_pss_pss_sha384, ssl_sig_rsa_pss_pss_sha512, ssl_sig_rsa_pkcs1_sha256,
	ssl_sig_rsa_pkcs1_sha384, ssl_sig_rsa_pkcs1_sha512,
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct peer_nss *to_nss(struct peer *p)
{
	return (struct peer_nss *)p;
}

static int fail(struct peer_nss *n)
{
	PRErrorCode err = PR_GetError();
	const char *text = PR_ErrorToName(err);

	snprintf(n->p.error, sizeof(n->p.error), "%s (%d)", text ? text : "error", err);
	return PEER_ERROR;
}

static void init(void)
{
	NSS_NoDB_Init(NULL);
	NSS_SetDomesticPolicy();
}

/* The DER in the next PEM block of @f that is a @label; false at the end. */
static bool next_der(FILE *f, const char *label, SECItem *der)
{
	char line[256], base64[16384] = "";
	bool in = false;

	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\r\n")] = 0;
		if (!strncmp(line, "-----BEGIN ", 11)) {
			in = !strncmp(line + 11, label, strlen(label));
		} else if (in && !strncmp(line, "-----END ", 9)) {
			memset(der, 0, sizeof(*der));
			return NSSBase64_DecodeBuffer(NULL, der, base64, strlen(base64));
		} else if (in) {
			strncat(base64, line, sizeof(base64) - strlen(base64) - 1);
		}
	}
	return false;
}

static CERTCertificate *next_cert(FILE *f)
{
	CERTCertificate *cert;
	SECItem der;

	if (!next_der(f, "CERTIFICATE", &der))
		return NULL;
	cert = CERT_NewTempCertificate(CERT_GetDefaultCertDB(), &der, NULL, PR_FALSE, PR_TRUE);
	SECITEM_FreeItem(&der, PR_FALSE);
	return cert;
}

/* The public value by which the token finds the key of a certificate */
static SECItem *public_value(SECKEYPublicKey *key)
{
	return key->keyType == ecKey ? &key->u.ec.publicValue : &key->u.rsa.modulus;
}

static SECKEYPrivateKey *private_key(const char *file, CERTCertificate *cert)
{
	SECKEYPublicKey *pub = CERT_ExtractPublicKey(cert);
	PK11SlotInfo *slot = PK11_GetInternalKeySlot();
	SECKEYPrivateKey *key = NULL;
	FILE *f = fopen(file, "r");
	SECItem der;

	if (pub && f && next_der(f, "PRIVATE KEY", &der)) {
		PK11_ImportDERPrivateKeyInfoAndReturnKey(slot, &der, NULL, public_value(pub),
							 PR_FALSE, PR_TRUE, KU_ALL, &key, NULL);
		SECITEM_ZfreeItem(&der, PR_FALSE);
	}
	if (f)
		fclose(f);
	PK11_FreeSlot(slot);
	SECKEY_DestroyPublicKey(pub);
	return key;
}

/* The issuers of a chain stay known for as long as the library needs them. */
static bool server_certificate(PRFileDesc *fd, const struct peer_config *cfg)
{
	CERTCertificate *cert, *issuer;
	CERTCertificateList *chain;
	SSLExtraServerCertData extra = { 0 };
	SECKEYPrivateKey *key;
	FILE *f = fopen(cfg->cert, "r");
	SECItem items[4];
	bool ok = false;
	int n = 0;

	cert = f ? next_cert(f) : NULL;
	if (!cert)
		return false;
	items[n++] = cert->derCert;
	while (n < (int)COUNT(items)) {
		issuer = next_cert(f);
		if (!issuer)
			break;
		items[n++] = issuer->derCert;
	}
	fclose(f);
	key = private_key(cfg->key, cert);
	chain = CERT_CertListFromCert(cert);
	if (key && chain) {
		CERTCertificateList all = { .certs = items, .len = n };

		extra.authType = ssl_auth_null;
		extra.certChain = &all;
		ok = SSL_ConfigServerCert(fd, cert, key, &extra, sizeof(extra)) == SECSuccess;
	}
	if (chain)
		CERT_DestroyCertificateList(chain);
	if (key)
		SECKEY_DestroyPrivateKey(key);
	CERT_DestroyCertificate(cert);
	return ok;
}

static CERTCertificate *trust(const char *file)
{
	CERTCertTrust trust = { .sslFlags = CERTDB_TRUSTED_CA | CERTDB_VALID_CA };
	FILE *f = fopen(file, "r");
	CERTCertificate *cert = f ? next_cert(f) : NULL;

	if (f)
		fclose(f);
	if (cert && CERT_ChangeCertTrust(CERT_GetDefaultCertDB(), cert, &trust) != SECSuccess) {
		CERT_DestroyCertificate(cert);
		return NULL;
	}
	return cert;
}

static SECStatus accept_any(void *arg, PRFileDesc *fd, PRBool check_sig, PRBool server)
{
	return SECSuccess;
}

static void alert_received(const PRFileDesc *fd, void *arg, const SSLAlert *alert)
{
	struct peer_nss *n = arg;

	n->p.alert_level = alert->level;
	n->p.alert = alert->description;
}

static bool configure(struct peer_nss *n, const struct peer_config *cfg)
{
	PRUint16 version = cfg->version == PEER_TLS12 ? SSL_LIBRARY_VERSION_TLS_1_2 :
							SSL_LIBRARY_VERSION_TLS_1_3;
	SSLVersionRange range = { version, version };
	const struct peer_suite *suite = cfg->suite ? peer_suite_by_name(cfg->suite) : NULL;
	const char *rest = cfg->groups;
	SSLNamedGroup list[8];
	unsigned int i, count = 0;
	char name[16];

	if (SSL_VersionRangeSet(n->fd, &range) != SECSuccess)
		return false;
	SSL_OptionSet(n->fd, SSL_ENABLE_EXTENDED_MASTER_SECRET, PR_TRUE);
	SSL_OptionSet(n->fd, SSL_ENABLE_RENEGOTIATION, SSL_RENEGOTIATE_NEVER);
	SSL_OptionSet(n->fd, SSL_REQUIRE_SAFE_NEGOTIATION, PR_TRUE);
	SSL_OptionSet(n->fd, SSL_ENABLE_SESSION_TICKETS, !cfg->no_tickets);
	SSL_OptionSet(n->fd, SSL_NO_CACHE, PR_TRUE);
	if (cfg->suite) {
		for (i = 0; i < SSL_NumImplementedCiphers; i++)
			SSL_CipherPrefSet(n->fd, SSL_ImplementedCiphers[i], PR_FALSE);
		if (!suite || SSL_CipherPrefSet(n->fd, suite->id, PR_TRUE) != SECSuccess)
			return false;
	}
	while (rest) {
		rest = peer_next_word(rest, name, sizeof(name));
		for (i = 0; i < COUNT(groups) && count < COUNT(list); i++)
			if (!strcmp(groups[i].name, name))
				list[count++] = groups[i].group;
	}
	if (cfg->groups && SSL_NamedGroupConfig(n->fd, list, count) != SECSuccess)
		return false;
	/* Its defaults are without those for keys of id-RSASSA-PSS. */
	if (SSL_SignatureSchemePrefSet(n->fd, schemes, COUNT(schemes)) != SECSuccess)
		return false;
	SSL_AlertReceivedCallback(n->fd, alert_received, n);
	if (cfg->server)
		return server_certificate(n->fd, cfg);
	if (cfg->ca) {
		n->trusted = trust(cfg->ca);
		if (!n->trusted)
			return false;
	}
	if (cfg->accept_any)
		SSL_AuthCertificateHook(n->fd, accept_any, NULL);
	return !cfg->name || SSL_SetURL(n->fd, cfg->name) == SECSuccess;
}

static void nss_destroy(struct peer *p)
{
	struct peer_nss *n = to_nss(p);

	if (n->fd)
		PR_Close(n->fd);
	if (n->trusted)
		CERT_DestroyCertificate(n->trusted);
	free(n);
}

static struct peer *nss_create(const struct peer_config *cfg, int fd)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct peer_nss *n = calloc(1, sizeof(*n));
	PRSocketOptionData blocking = { .option = PR_SockOpt_Nonblocking };
	PRFileDesc *tcp;

	pthread_once(&once, init);
	n->p.ops = &peer_nss;
	n->p.cfg = *cfg;
	n->p.fd = fd;
	n->p.alert = -1;
	n->p.alert_level = -1;
	/* It closes the descriptor that it is given. */
	tcp = PR_ImportTCPSocket(dup(fd));
	if (!tcp)
		goto bad;
	PR_SetSocketOption(tcp, &blocking);
	n->fd = SSL_ImportFD(NULL, tcp);
	if (!n->fd || !configure(n, cfg) ||
	    SSL_ResetHandshake(n->fd, cfg->server) != SECSuccess)
		goto bad;
	return &n->p;
bad:
	fail(n);
	fprintf(stderr, "# NSS: %s\n", n->p.error);
	nss_destroy(&n->p);
	return NULL;
}

static int nss_handshake(struct peer *p)
{
	struct peer_nss *n = to_nss(p);
	SECItem *name;

	if (SSL_ForceHandshake(n->fd) != SECSuccess)
		return fail(n);
	name = SSL_GetNegotiatedHostInfo(n->fd);
	if (name) {
		snprintf(n->sni, sizeof(n->sni), "%.*s", (int)name->len, name->data);
		SECITEM_FreeItem(name, PR_TRUE);
	}
	return 0;
}

static ssize_t nss_send(struct peer *p, const void *buf, size_t len)
{
	struct peer_nss *n = to_nss(p);
	PRInt32 ret = PR_Send(n->fd, buf, len, 0, PR_INTERVAL_NO_TIMEOUT);

	return ret < 0 ? fail(n) : ret;
}

static ssize_t nss_recv(struct peer *p, void *buf, size_t len)
{
	struct peer_nss *n = to_nss(p);
	PRInt32 ret = PR_Recv(n->fd, buf, len, 0, PR_INTERVAL_NO_TIMEOUT);

	if (ret < 0)
		return fail(n);
	/* The end of TCP looks the same, but for the alert. */
	if (!ret && n->p.alert) {
		snprintf(n->p.error, sizeof(n->p.error), "end of TCP without close_notify");
		return PEER_TRUNCATED;
	}
	return ret;
}

static int nss_close_notify(struct peer *p)
{
	struct peer_nss *n = to_nss(p);

	return PR_Shutdown(n->fd, PR_SHUTDOWN_SEND) == PR_SUCCESS ? 0 : fail(n);
}

static int nss_key_update(struct peer *p, bool request)
{
	struct peer_nss *n = to_nss(p);

	return SSL_KeyUpdate(n->fd, request) == SECSuccess ? 0 : fail(n);
}

static const char *nss_suite(struct peer *p)
{
	const struct peer_suite *suite;
	SSLChannelInfo info;

	if (SSL_GetChannelInfo(to_nss(p)->fd, &info, sizeof(info)) != SECSuccess)
		return "?";
	suite = peer_suite_by_id(info.cipherSuite);
	return suite ? suite->iana : "?";
}

static const char *nss_group(struct peer *p)
{
	SSLChannelInfo info;
	size_t i;

	if (SSL_GetChannelInfo(to_nss(p)->fd, &info, sizeof(info)) != SECSuccess)
		return "?";
	for (i = 0; i < COUNT(groups); i++)
		if (groups[i].group == info.keaGroup)
			return groups[i].name;
	return "?";
}

static const char *nss_sni(struct peer *p)
{
	return to_nss(p)->sni;
}

const struct peer_ops peer_nss = {
	.name		= "NSS",
	.create		= nss_create,
	.handshake	= nss_handshake,
	.send		= nss_send,
	.recv		= nss_recv,
	.close_notify	= nss_close_notify,
	.key_update	= nss_key_update,
	.suite		= nss_suite,
	.group		= nss_group,
	.sni		= nss_sni,
	.destroy	= nss_destroy,
};
