// SPDX-License-Identifier: GPL-2.0
/*
 * What both ends of a connection show, agree on and export, with OpenSSL as the other
 * end: certificates of clients, application protocols (RFC 7301), keying material (RFC
 * 5705, RFC 8446 7.5) and channel bindings (RFC 9266).
 */
#include "harness.h"
#include "link.h"

/* A certificate for clients, signed by the PKI's authority */
#define CLIENT_CHAIN	"wrong-eku.chain.pem"
#define CLIENT_KEY	"wrong-eku.key.pem"

#define BINDING_LABEL	"EXPORTER-Channel-Binding"
#define BINDING_LEN	32

#define BEGIN_CERTIFICATE	"-----BEGIN CERTIFICATE-----"

/**
 * struct ours - what our socket is told beside the usual
 * @chain, @key: client: its certificate, or NULL
 * @ask: server: TLS_REQUEST_PEER_AUTH
 * @alpn: TLS_ALPN, or NULL
 */
struct ours {
	const char *chain;
	const char *key;
	int ask;
	const char *alpn;
};

static int prepare(int fd, const void *arg)
{
	const struct ours *ours = arg;

	if (ours->chain &&
	    (tls_set_str(fd, TLS_CERTIFICATE_CHAIN, pki_file(ours->chain)) ||
	     tls_set_str(fd, TLS_PRIVATE_KEY, pki_file(ours->key))))
		return -1;
	if (ours->ask &&
	    (tls_set_str(fd, TLS_TRUSTED_PEER_CERTIFICATES, pki_file("root.pem")) ||
	     setsockopt(fd, IPPROTO_TLS, TLS_REQUEST_PEER_AUTH, &ours->ask, sizeof(ours->ask))))
		return -1;
	return ours->alpn ? tls_set_str(fd, TLS_ALPN, ours->alpn) : 0;
}

/* ------------------------------------------------------ connections that succeed */

FIXTURE(both)
{
	struct link l;
};

FIXTURE_VARIANT(both)
{
	bool server;		/* ours is */
	enum peer_version version;
	const char *suite;
};

FIXTURE_VARIANT_ADD(both, client_tls13_sha256)
{
	.suite = "TLS_AES_128_GCM_SHA256",
};

FIXTURE_VARIANT_ADD(both, client_tls13_sha384)
{
	.suite = "TLS_AES_256_GCM_SHA384",
};

FIXTURE_VARIANT_ADD(both, client_tls12_sha256)
{
	.version = PEER_TLS12,
	.suite = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
};

FIXTURE_VARIANT_ADD(both, client_tls12_sha384)
{
	.version = PEER_TLS12,
	.suite = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
};

FIXTURE_VARIANT_ADD(both, server_tls13_sha256)
{
	.server = true,
	.suite = "TLS_CHACHA20_POLY1305_SHA256",
};

FIXTURE_VARIANT_ADD(both, server_tls13_sha384)
{
	.server = true,
	.suite = "TLS_AES_256_GCM_SHA384",
};

FIXTURE_VARIANT_ADD(both, server_tls12_sha256)
{
	.server = true,
	.version = PEER_TLS12,
	.suite = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
};

FIXTURE_VARIANT_ADD(both, server_tls12_sha384)
{
	.server = true,
	.version = PEER_TLS12,
	.suite = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
};

FIXTURE_SETUP(both)
{
	self->l.fd = -1;
	self->l.listener = -1;
}

FIXTURE_TEARDOWN(both)
{
	link_close(&self->l);
}

static void try(struct __test_metadata *_metadata, FIXTURE_DATA(both) *self,
		const FIXTURE_VARIANT(both) *variant, const struct ours *ours,
		const struct peer_config *peer)
{
	struct link_config cfg = {
		.family = AF_INET,
		.server = variant->server,
		.kind = PEER_OPENSSL,
		.peer = *peer,
		.prepare = prepare,
		.arg = ours,
	};

	cfg.peer.version = variant->version;
	cfg.peer.suite = variant->suite;
	if (!variant->server && !cfg.peer.cert) {
		cfg.peer.cert = pki_file("p256.chain.pem");
		cfg.peer.key = pki_file("p256.key.pem");
	}
	link_try(&self->l, &cfg);
}

static void agree(struct __test_metadata *_metadata, FIXTURE_DATA(both) *self,
		  const FIXTURE_VARIANT(both) *variant, const struct ours *ours,
		  const struct peer_config *peer)
{
	try(_metadata, self, variant, ours, peer);
	ASSERT_EQ(0, self->l.err)
		TH_LOG("%s: %s", strerror(self->l.err), self->l.error);
	ASSERT_TRUE(self->l.peer_ok)
		TH_LOG("%s", self->l.peer ? self->l.peer->error : "no peer");
	ASSERT_STREQ(variant->suite, tls_get_str(self->l.fd, TLS_CHOSEN_CIPHER));
}

/* Data goes both ways, and the end is in good order. */
static void talk(struct __test_metadata *_metadata, FIXTURE_DATA(both) *self)
{
	struct job job;
	char byte;

	job_start(&job, self->l.peer, job_echo, NULL);
	EXPECT_EQ(0, echo_pattern(self->l.fd, 100000, 0));
	EXPECT_EQ(0, shutdown(self->l.fd, SHUT_WR));
	EXPECT_EQ(0, recv(self->l.fd, &byte, 1, 0));
	EXPECT_EQ(0, job_wait(&job));
}

/* How many certificates there are in an option */
static int certificates(int fd, int option)
{
	static char pem[65536];
	socklen_t len = sizeof(pem) - 1;
	char *at = pem;
	int n = 0;

	memset(pem, 0, sizeof(pem));
	if (getsockopt(fd, IPPROTO_TLS, option, pem, &len))
		return -errno;
	for (; (at = strstr(at, BEGIN_CERTIFICATE)); at++)
		n++;
	return n;
}

static void expect_flag(struct __test_metadata *_metadata, int fd, unsigned int flag, bool set)
{
	struct tls_ssa_info info;
	socklen_t len = sizeof(info);

	ASSERT_EQ(0, getsockopt(fd, IPPROTO_TLS, TLS_INFO, &info, &len));
	EXPECT_EQ(set, !!(info.flags & flag));
	EXPECT_EQ(set, (flag == TLS_INFO_F_PEER_CERTIFICATE ? info.peer_sigalg : info.sigalg) != 0);
}

TEST_F(both, show_certificates)
{
	const struct ours ours = {
		.chain = variant->server ? NULL : CLIENT_CHAIN,
		.key = CLIENT_KEY,
		.ask = variant->server ? TLS_PEER_AUTH_REQUIRED : 0,
	};
	const struct peer_config peer = {
		.cert = pki_file(variant->server ? CLIENT_CHAIN : "p256.chain.pem"),
		.key = pki_file(variant->server ? CLIENT_KEY : "p256.key.pem"),
		.ca = pki_file("root.pem"),
		.asks = true,
		.insists = true,
	};
	const char *identity;

	agree(_metadata, self, variant, &ours, &peer);
	EXPECT_STRNE("", peer_subject(self->l.peer));
	identity = tls_get_str(self->l.fd, TLS_PEER_IDENTITY);
	ASSERT_NE(NULL, identity)
		TH_LOG("%m");
	EXPECT_NE(NULL, strstr(identity, "server.test"));
	EXPECT_EQ(2, certificates(self->l.fd, TLS_PEER_CERTIFICATE_CHAIN));
	EXPECT_EQ(3, certificates(self->l.fd, TLS_PEER_VERIFIED_CHAIN));
	expect_flag(_metadata, self->l.fd, TLS_INFO_F_PEER_CERTIFICATE, true);
	expect_flag(_metadata, self->l.fd, TLS_INFO_F_OWN_CERTIFICATE, true);
	talk(_metadata, self);
}

/* The server asks, the client has none, and that is fine. */
TEST_F(both, client_may_have_none)
{
	const struct ours ours = { .ask = variant->server ? TLS_PEER_AUTH_OPTIONAL : 0 };
	const struct peer_config peer = { .ca = pki_file("root.pem"), .asks = true };

	agree(_metadata, self, variant, &ours, &peer);
	if (!variant->server)
		EXPECT_STREQ("", peer_subject(self->l.peer));
	expect_flag(_metadata, self->l.fd, TLS_INFO_F_PEER_CERTIFICATE, !variant->server);
	expect_flag(_metadata, self->l.fd, TLS_INFO_F_OWN_CERTIFICATE, variant->server);
	EXPECT_EQ(variant->server ? 0 : 2,
		  certificates(self->l.fd, TLS_PEER_CERTIFICATE_CHAIN) > 0 ? 2 : 0);
	talk(_metadata, self);
}

/* A client that has a certificate shows it to those alone who ask. */
TEST_F(both, client_shows_it_when_asked)
{
	const struct ours ours = {
		.chain = variant->server ? NULL : CLIENT_CHAIN,
		.key = CLIENT_KEY,
	};
	const struct peer_config peer = {
		.cert = pki_file(variant->server ? CLIENT_CHAIN : "p256.chain.pem"),
		.key = pki_file(variant->server ? CLIENT_KEY : "p256.key.pem"),
		.ca = pki_file("root.pem"),
	};

	agree(_metadata, self, variant, &ours, &peer);
	if (!variant->server)
		EXPECT_STREQ("", peer_subject(self->l.peer));
	expect_flag(_metadata, self->l.fd, TLS_INFO_F_PEER_CERTIFICATE, !variant->server);
	expect_flag(_metadata, self->l.fd, TLS_INFO_F_OWN_CERTIFICATE, variant->server);
	talk(_metadata, self);
}

/* ------------------------------------------------------------ application protocols */

static const struct {
	const char *ours;
	const char *theirs;
	unsigned int theirs_len;
	const char *if_client;	/* ours is: their order decides */
	const char *if_server;
} protocols[] = {
	{ "h2,http/1.1", "\2h2", 3, "h2", "h2" },
	{ "h2,http/1.1", "\x08http/1.1\2h2", 12, "http/1.1", "h2" },
	{ "imap", "\3ftp\4imap", 9, "imap", "imap" },
	{ "h2", NULL, 0, "", "" },
	{ NULL, "\2h2", 3, "", "" },
};

TEST_F(both, agree_on_a_protocol)
{
	struct ours ours = { };
	struct peer_config peer = { };
	const char *chosen;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(protocols); i++) {
		ours.alpn = protocols[i].ours;
		peer.alpn = protocols[i].theirs;
		peer.alpn_len = protocols[i].theirs_len;
		agree(_metadata, self, variant, &ours, &peer);
		chosen = variant->server ? protocols[i].if_server : protocols[i].if_client;
		EXPECT_STREQ(chosen, peer_alpn(self->l.peer));
		EXPECT_STREQ(chosen, tls_get_str(self->l.fd, TLS_ALPN));
		if (!i)
			talk(_metadata, self);
		link_close(&self->l);
	}
}

TEST_F(both, have_no_protocol_in_common)
{
	const struct reason *ours_failed = reason_find("NO_ALPN");
	const struct reason *theirs_failed = reason_find("PEER_NO_APPLICATION_PROTOCOL");
	const struct ours ours = { .alpn = "h2,http/1.1" };
	const struct peer_config peer = { .alpn = "\3ftp\2h3", .alpn_len = 7 };
	long long before = ssa_counter(ours_failed->counter);

	try(_metadata, self, variant, &ours, &peer);
	EXPECT_FALSE(self->l.peer_ok);
	if (variant->server) {
		EXPECT_EQ(before + 1, ssa_counter_wait(ours_failed->counter, before));
		ASSERT_NE(NULL, self->l.peer);
		EXPECT_EQ(120, self->l.peer->alert);
	} else {
		EXPECT_EQ(theirs_failed->err, self->l.err);
		EXPECT_STREQ(theirs_failed->text, self->l.error);
	}
}

/* ---------------------------------------------------------------- keying material */

static const struct {
	const char *label;
	const char *context;
	size_t context_len;
	size_t len;
} materials[] = {
	{ "EXPORTER-of-a-test", NULL, 0, 32 },
	{ "EXPORTER-of-a-test", "", 0, 32 },
	{ "EXPORTER-of-a-test", "context", 7, 100 },
	{ "EXPORTER-of-a-test", "\0\1\0", 3, 100 },
	{ "x", NULL, 0, 1 },
	{ "EXPORTER_long_output", "long", 4, 1024 },
};

/* The value of TLS_EXPORTER. Its length. */
static size_t exporter_input(char *value, size_t i)
{
	size_t len = strlen(materials[i].label);

	memcpy(value, materials[i].label, len);
	if (materials[i].context) {
		value[len++] = 0;
		memcpy(value + len, materials[i].context, materials[i].context_len);
		len += materials[i].context_len;
	}
	return len;
}

TEST_F(both, export_the_same)
{
	unsigned char mine[1024], theirs[1024];
	const struct ours ours = { };
	const struct peer_config peer = { };
	char value[256];
	socklen_t len;
	size_t i;

	agree(_metadata, self, variant, &ours, &peer);
	for (i = 0; i < ARRAY_SIZE(materials); i++) {
		len = exporter_input(value, i);
		ASSERT_EQ(0, setsockopt(self->l.fd, IPPROTO_TLS, TLS_EXPORTER, value, len))
			TH_LOG("%zu: %m", i);
		memset(mine, 0, sizeof(mine));
		len = materials[i].len;
		ASSERT_EQ(0, getsockopt(self->l.fd, IPPROTO_TLS, TLS_EXPORTER, mine, &len))
			TH_LOG("%zu: %m", i);
		ASSERT_EQ(materials[i].len, len);
		ASSERT_EQ(0, peer_material(self->l.peer, materials[i].label, materials[i].context,
					   materials[i].context_len, theirs, len));
		EXPECT_EQ(0, memcmp(mine, theirs, len))
			TH_LOG("material %zu differs", i);
	}
	talk(_metadata, self);
}

TEST_F(both, have_the_same_channel_binding)
{
	unsigned char mine[2][BINDING_LEN], theirs[BINDING_LEN];
	const struct ours ours = { };
	const struct peer_config peer = { };
	socklen_t len;
	int i;

	for (i = 0; i < 2; i++) {
		agree(_metadata, self, variant, &ours, &peer);
		len = BINDING_LEN;
		ASSERT_EQ(0, getsockopt(self->l.fd, IPPROTO_TLS, TLS_CHANNEL_BINDING, mine[i],
					&len));
		ASSERT_EQ(BINDING_LEN, len);
		ASSERT_EQ(0, peer_material(self->l.peer, BINDING_LABEL, "", 0, theirs,
					   BINDING_LEN));
		EXPECT_EQ(0, memcmp(mine[i], theirs, BINDING_LEN));
		link_close(&self->l);
	}
	/* it is that of the connection */
	EXPECT_NE(0, memcmp(mine[0], mine[1], BINDING_LEN));
}

TEST_F(both, refuse_labels_of_tls)
{
	static const char * const labels[] = {
		"client finished", "server finished", "master secret",
		"extended master secret", "key expansion", "key expansion and more",
	};
	const struct ours ours = { };
	const struct peer_config peer = { };
	unsigned char out[32];
	socklen_t len = sizeof(out);
	size_t i;

	agree(_metadata, self, variant, &ours, &peer);
	/* nothing to export yet */
	EXPECT_EQ(-1, getsockopt(self->l.fd, IPPROTO_TLS, TLS_EXPORTER, out, &len));
	for (i = 0; i < ARRAY_SIZE(labels); i++) {
		EXPECT_EQ(-1, setsockopt(self->l.fd, IPPROTO_TLS, TLS_EXPORTER, labels[i],
					 strlen(labels[i])));
		EXPECT_EQ(EINVAL, errno);
	}
	len = sizeof(out);
	EXPECT_EQ(-1, getsockopt(self->l.fd, IPPROTO_TLS, TLS_EXPORTER, out, &len));
	talk(_metadata, self);
}

/* ------------------------------------------------------------------- refusals */

/*
 * A client of OpenSSL's in a thread. In TLS 1.3 it has finished before our server has
 * seen its certificate, and hears of a refusal when it reads.
 */
struct caller {
	struct peer_config cfg;
	int port;
	struct peer *peer;
	ssize_t got;
	pthread_t thread;
};

static void *call(void *arg)
{
	struct caller *c = arg;
	int fd = tcp_connect(AF_INET, c->port);
	char byte;

	c->got = PEER_ERROR;
	c->peer = fd < 0 ? NULL : peer_new(PEER_OPENSSL, &c->cfg, fd);
	if (c->peer && !peer_handshake(c->peer))
		c->got = peer_recv(c->peer, &byte, 1);
	return NULL;
}

FIXTURE(server)
{
	int listener;
	int port;
};

FIXTURE_VARIANT(server)
{
	enum peer_version version;
};

FIXTURE_VARIANT_ADD(server, tls13)
{
	.version = PEER_TLS13,
};

FIXTURE_VARIANT_ADD(server, tls12)
{
	.version = PEER_TLS12,
};

FIXTURE_SETUP(server)
{
	self->listener = -1;
}

FIXTURE_TEARDOWN(server)
{
	if (self->listener >= 0)
		close(self->listener);
}

/*
 * @name: files of the client's certificate, or NULL; the server asks as @ask says, and
 * refuses for @reason with @alert.
 */
static void expect_refused(struct __test_metadata *_metadata, FIXTURE_DATA(server) *self,
			   const FIXTURE_VARIANT(server) *variant, int ask, const char *name,
			   const char *reason, int alert)
{
	const struct ours ours = { .ask = ask };
	const struct reason *why = reason_find(reason);
	long long before = ssa_counter(why->counter);
	struct caller c = {
		.cfg = {
			.version = variant->version,
			.ca = pki_file("root.pem"),
			.name = SERVER_NAME,
		},
	};
	char chain[64], key[64];

	if (name) {
		snprintf(chain, sizeof(chain), "%s.chain.pem", name);
		snprintf(key, sizeof(key), "%s.key.pem", name);
		c.cfg.cert = pki_file(chain);
		c.cfg.key = pki_file(key);
	}
	self->port = 0;
	self->listener = tls_listen_with(AF_INET, &self->port, pki_file("p256.chain.pem"),
					 pki_file("p256.key.pem"), prepare, &ours);
	ASSERT_LE(0, self->listener)
		TH_LOG("%m");
	c.port = self->port;
	ASSERT_EQ(0, pthread_create(&c.thread, NULL, call, &c));
	pthread_join(c.thread, NULL);
	ASSERT_NE(NULL, c.peer);
	EXPECT_GT(0, c.got);
	EXPECT_EQ(alert, c.peer->alert)
		TH_LOG("%s: %s", name ? name : "none", c.peer->error);
	EXPECT_EQ(2, c.peer->alert_level);
	EXPECT_EQ(before + 1, ssa_counter_wait(why->counter, before))
		TH_LOG("%s: %s", name ? name : "none", why->counter);
	/* accept() never sees it */
	EXPECT_EQ(0, poll_one(self->listener, POLLIN, 0));
	peer_free(c.peer);
	close(self->listener);
	self->listener = -1;
}

TEST_F(server, wants_a_certificate)
{
	bool tls13 = variant->version == PEER_TLS13;

	expect_refused(_metadata, self, variant, TLS_PEER_AUTH_REQUIRED, NULL,
		       tls13 ? "CLIENT_CERT_WANTED" : "CLIENT_CERT_WANTED_TLS12",
		       tls13 ? 116 : 40);
}

static const struct {
	const char *name;
	const char *reason;
	int alert;
} bad[] = {
	{ "unknown-ca", "CERT_UNKNOWN_CA", 48 },
	{ "self-signed", "CERT_UNKNOWN_CA", 48 },
	{ "expired", "CERT_EXPIRED", 45 },
	{ "not-yet", "CERT_NOT_YET_VALID", 45 },
	{ "bad-signature", "CERT_SIGNATURE", 42 },
	{ "p256", "CERT_EXT_KEY_USAGE", 43 },	/* it is for servers */
};

TEST_F(server, refuses_bad_certificates)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		expect_refused(_metadata, self, variant, TLS_PEER_AUTH_REQUIRED, bad[i].name,
			       bad[i].reason, bad[i].alert);
}

/* One that is shown must be good, even if none would do. */
TEST_F(server, refuses_bad_certificates_that_nobody_needs)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		expect_refused(_metadata, self, variant, TLS_PEER_AUTH_OPTIONAL, bad[i].name,
			       bad[i].reason, bad[i].alert);
}

/* Without authorities for clients there is nobody to trust: not those of the system. */
TEST_F(server, needs_authorities)
{
	int ask = TLS_PEER_AUTH_REQUIRED, fd = tls_socket(AF_INET, 0);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, tls_set_str(fd, TLS_CERTIFICATE_CHAIN, pki_file("p256.chain.pem")));
	ASSERT_EQ(0, tls_set_str(fd, TLS_PRIVATE_KEY, pki_file("p256.key.pem")));
	ASSERT_EQ(0, setsockopt(fd, IPPROTO_TLS, TLS_REQUEST_PEER_AUTH, &ask, sizeof(ask)));
	EXPECT_EQ(-1, listen(fd, 1));
	EXPECT_EQ(ENOKEY, errno);
	EXPECT_STREQ(reason_find("NO_TRUST_STORE")->text, tls_error(fd));
	close(fd);
}

/*
 * Our client has none for a server that insists. In TLS 1.2 the answer comes before the
 * connection does, in TLS 1.3 behind it.
 */
TEST_F(server, insists_on_ours)
{
	const struct reason *why = reason_find(variant->version == PEER_TLS13 ?
					       "PEER_CERTIFICATE_REQUIRED" :
					       "PEER_HANDSHAKE_FAILURE");
	const struct ours ours = { };
	struct link_config cfg = {
		.family = AF_INET,
		.kind = PEER_OPENSSL,
		.peer = {
			.version = variant->version,
			.cert = pki_file("p256.chain.pem"),
			.key = pki_file("p256.key.pem"),
			.ca = pki_file("root.pem"),
			.asks = true,
			.insists = true,
		},
		.prepare = prepare,
		.arg = &ours,
	};
	struct link l;
	char byte;

	link_try(&l, &cfg);
	EXPECT_FALSE(l.peer_ok);
	if (variant->version == PEER_TLS13) {
		EXPECT_EQ(0, l.err);
		EXPECT_EQ(-1, recv(l.fd, &byte, 1, 0));
		EXPECT_EQ(why->err, errno);
		EXPECT_STREQ(why->text, tls_error(l.fd));
	} else {
		EXPECT_EQ(why->err, l.err);
		EXPECT_STREQ(why->text, l.error);
	}
	link_close(&l);
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 3);
}
