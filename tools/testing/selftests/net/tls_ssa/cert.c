// SPDX-License-Identifier: GPL-2.0
/*
 * Certificates that a client must refuse, each with the errno, the text, the
 * counter and the alert of its reason; and names that it must accept or refuse.
 */
#include "harness.h"
#include "link.h"

FIXTURE(refused)
{
	struct link_config cfg;
};

FIXTURE_VARIANT(refused)
{
	enum peer_kind peer;
	const char *cert;	/* stem of its files in the PKI */
	const char *name;	/* that the client asks for; NULL: SERVER_NAME */
	const char *ca;		/* that the client trusts; NULL: the PKI's root */
	const char *reason;
	int err;
	int alert;
};

#define REFUSED_BY(variant_, peer_, cert_, name_, ca_, reason_, err_, alert_) \
	FIXTURE_VARIANT_ADD(refused, variant_) \
	{ \
		.peer = peer_, \
		.cert = cert_, \
		.name = name_, \
		.ca = ca_, \
		.reason = reason_, \
		.err = err_, \
		.alert = alert_, \
	}

#define REFUSED(variant_, cert_, name_, ca_, reason_, err_, alert_) \
	REFUSED_BY(variant_##_openssl, PEER_OPENSSL, cert_, name_, ca_, reason_, err_, alert_); \
	REFUSED_BY(variant_##_gnutls, PEER_GNUTLS, cert_, name_, ca_, reason_, err_, alert_)

/* AlertDescription, RFC 8446 6 */
#define BAD_CERTIFICATE			42
#define UNSUPPORTED_CERTIFICATE		43
#define CERTIFICATE_EXPIRED		45
#define CERTIFICATE_UNKNOWN		46
#define UNKNOWN_CA			48

REFUSED(expired, "expired", NULL, NULL, "CERT_EXPIRED", EKEYEXPIRED, CERTIFICATE_EXPIRED);
REFUSED_BY(version_1_openssl, PEER_OPENSSL, "version-1", NULL, NULL, "CERT_VERSION", EKEYREJECTED,
	   UNSUPPORTED_CERTIFICATE);
REFUSED(not_yet_valid, "not-yet", NULL, NULL, "CERT_NOT_YET_VALID", EKEYEXPIRED,
	CERTIFICATE_EXPIRED);
REFUSED(wrong_name, "wrong-name", NULL, NULL, "CERT_NAME", EKEYREJECTED, CERTIFICATE_UNKNOWN);
REFUSED(other_name_asked, "p256", "other.test", NULL, "CERT_NAME", EKEYREJECTED,
	CERTIFICATE_UNKNOWN);
REFUSED(name_is_prefix, "p256", "server.test.evil.test", NULL, "CERT_NAME", EKEYREJECTED,
	CERTIFICATE_UNKNOWN);
REFUSED(wildcard_two_labels, "p256", "a.b.wild.test", NULL, "CERT_NAME", EKEYREJECTED,
	CERTIFICATE_UNKNOWN);
REFUSED(wildcard_no_label, "p256", "wild.test", NULL, "CERT_NAME", EKEYREJECTED,
	CERTIFICATE_UNKNOWN);
REFUSED(address_not_in_san, "p256", "127.0.0.2", NULL, "CERT_NAME", EKEYREJECTED,
	CERTIFICATE_UNKNOWN);
REFUSED(address6_not_in_san, "p256", "::2", NULL, "CERT_NAME", EKEYREJECTED,
	CERTIFICATE_UNKNOWN);
REFUSED(unknown_ca, "unknown-ca", NULL, NULL, "CERT_UNKNOWN_CA", ENOKEY, UNKNOWN_CA);
REFUSED(other_ca_trusted, "p256", NULL, "unknown-root.pem", "CERT_UNKNOWN_CA", ENOKEY,
	UNKNOWN_CA);
REFUSED(self_signed, "self-signed", NULL, NULL, "CERT_UNKNOWN_CA", ENOKEY, UNKNOWN_CA);
REFUSED(bad_signature, "bad-signature", NULL, NULL, "CERT_SIGNATURE", EKEYREJECTED,
	BAD_CERTIFICATE);
REFUSED(ext_key_usage, "wrong-eku", NULL, NULL, "CERT_EXT_KEY_USAGE", EKEYREJECTED,
	UNSUPPORTED_CERTIFICATE);
/* RFC 9525 6.3: the subject's common name is no host name. */
REFUSED(common_name_only, "cn-only", NULL, NULL, "CERT_NAME", EKEYREJECTED, CERTIFICATE_UNKNOWN);
REFUSED(name_constraints_critical, "name-constraints-critical", NULL, NULL,
	"CERT_NAME_CONSTRAINTS", EKEYREJECTED, BAD_CERTIFICATE);
REFUSED(name_constraints, "name-constraints", NULL, NULL, "CERT_NAME_CONSTRAINTS",
	EKEYREJECTED, BAD_CERTIFICATE);

FIXTURE_SETUP(refused)
{
	static char cert[64], key[64];

	snprintf(cert, sizeof(cert), "%s.chain.pem", variant->cert);
	snprintf(key, sizeof(key), "%s.key.pem", variant->cert);
	self->cfg.family = AF_INET;
	self->cfg.kind = variant->peer;
	self->cfg.name = variant->name;
	self->cfg.ca = variant->ca ? pki_file(variant->ca) : NULL;
	self->cfg.peer.cert = pki_file(cert);
	self->cfg.peer.key = pki_file(key);
}

FIXTURE_TEARDOWN(refused)
{
}

TEST_F(refused, by_blocking_connect)
{
	const struct reason *reason = reason_find(variant->reason);
	long long before = ssa_counter(reason->counter);
	struct link l;
	char byte;

	EXPECT_EQ(variant->err, reason->err);
	link_try(&l, &self->cfg);
	EXPECT_EQ(variant->err, l.err)
		TH_LOG("%s", strerror(l.err));
	EXPECT_NE(NULL, strstr(l.error, reason->text))
		TH_LOG("TLS_ERROR: '%s'", l.error);
	EXPECT_LE(0, before)
		TH_LOG("no counter %s in /proc/net/tls_ssa_stat", reason->counter);
	EXPECT_EQ(before + 1, ssa_counter(reason->counter));

	/*
	 * A TLS 1.3 server may have finished before it hears of it: the alert
	 * is what it reads next.
	 */
	ASSERT_NE(NULL, l.peer);
	if (l.peer_ok)
		EXPECT_GT(0, peer_recv(l.peer, &byte, 1));
	EXPECT_EQ(variant->alert, l.peer->alert);
	EXPECT_EQ(2, l.peer->alert_level);

	/* The socket is of no use any more, and says so. */
	EXPECT_EQ(-1, send(l.fd, "x", 1, MSG_NOSIGNAL));
	EXPECT_NE(1, recv(l.fd, &byte, 1, 0));
	link_close(&l);
}

TEST_F(refused, by_nonblocking_connect)
{
	const struct reason *reason = reason_find(variant->reason);
	struct sockaddr_storage ss;
	struct peer *peer;
	int port = 0, lfd, fd, conn;
	socklen_t len;
	char byte;

	lfd = tcp_listen(AF_INET, &port);
	fd = tls_socket(AF_INET, SOCK_NONBLOCK);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, tls_set_str(fd, TLS_REMOTE_HOSTNAME,
				 variant->name ? variant->name : SERVER_NAME));
	ASSERT_EQ(0, tls_set_str(fd, TLS_TRUSTED_PEER_CERTIFICATES,
				 self->cfg.ca ? self->cfg.ca : pki_file("root.pem")));
	len = loopback(&ss, AF_INET, port);
	ASSERT_EQ(-1, connect(fd, (struct sockaddr *)&ss, len));
	ASSERT_EQ(EINPROGRESS, errno);
	conn = accept(lfd, NULL, NULL);
	self->cfg.peer.server = true;
	peer = peer_new(variant->peer, &self->cfg.peer, conn);
	ASSERT_NE(NULL, peer);
	if (!peer_handshake(peer))
		peer_recv(peer, &byte, 1);
	EXPECT_EQ(variant->alert, peer->alert);

	EXPECT_NE(0, poll_wait(fd, POLLOUT) & (POLLERR | POLLHUP));
	EXPECT_EQ(variant->err, so_error(fd));
	EXPECT_EQ(0, so_error(fd));
	EXPECT_NE(NULL, strstr(tls_error(fd), reason->text));
	close(fd);
	close(lfd);
	peer_free(peer);
}

/* ------------------------------------------------------------ names accepted */

FIXTURE(accepted)
{
	struct link l;
};

FIXTURE_VARIANT(accepted)
{
	int family;
	const char *name;
	const char *sni;	/* that the server is to see */
	const char *cert;
};

#define ACCEPTED(variant_, family_, name_, sni_, cert_) \
	FIXTURE_VARIANT_ADD(accepted, variant_) \
	{ \
		.family = family_, \
		.name = name_, \
		.sni = sni_, \
		.cert = cert_, \
	}

ACCEPTED(exact, AF_INET, "server.test", "server.test", "p256");
ACCEPTED(any_case, AF_INET, "SeRvEr.TeSt", "server.test", "p256");
ACCEPTED(final_dot, AF_INET, "server.test.", "server.test", "p256");
ACCEPTED(wildcard, AF_INET, "a.wild.test", "a.wild.test", "p256");
ACCEPTED(address4, AF_INET, "127.0.0.1", "", "p256");
ACCEPTED(address6, AF_INET6, "::1", "", "p256");
ACCEPTED(address6_long, AF_INET6, "0:0:0:0:0:0:0:1", "", "p256");
/* RFC 8446 4.4.2: more than the path needs is borne */
ACCEPTED(extraneous_certificates, AF_INET, "server.test", "server.test", "extras");
ACCEPTED(large, AF_INET, "server.test", "server.test", "large");
ACCEPTED(rsa_2048, AF_INET, "server.test", "server.test", "rsa");
ACCEPTED(rsa_3072, AF_INET, "server.test", "server.test", "rsa3072");
ACCEPTED(rsa_4096, AF_INET, "server.test", "server.test", "rsa4096");

FIXTURE_SETUP(accepted)
{
	static char cert[64], key[64];
	struct link_config cfg = {
		.family = variant->family,
		.name = variant->name,
	};

	snprintf(cert, sizeof(cert), "%s.chain.pem", variant->cert);
	snprintf(key, sizeof(key), "%s.key.pem", variant->cert);
	cfg.peer.cert = pki_file(cert);
	cfg.peer.key = pki_file(key);
	link_try(&self->l, &cfg);
}

FIXTURE_TEARDOWN(accepted)
{
	link_close(&self->l);
}

TEST_F(accepted, connects)
{
	char byte;

	ASSERT_EQ(0, self->l.err)
		TH_LOG("%s (%s)", strerror(self->l.err), self->l.error);
	EXPECT_EQ(0, strcasecmp(variant->sni, peer_sni(self->l.peer)))
		TH_LOG("SNI '%s'", peer_sni(self->l.peer));
	EXPECT_EQ(1, peer_send(self->l.peer, "x", 1));
	EXPECT_EQ(1, recv(self->l.fd, &byte, 1, 0));
	EXPECT_STREQ("no error", tls_error(self->l.fd));
}

/* ------------------------------------------------------------- the other side */

FIXTURE(server)
{
	struct link_config cfg;
};

FIXTURE_VARIANT(server)
{
	enum peer_kind peer;
};

FIXTURE_VARIANT_ADD(server, openssl) { .peer = PEER_OPENSSL };
FIXTURE_VARIANT_ADD(server, gnutls) { .peer = PEER_GNUTLS };

FIXTURE_SETUP(server)
{
	self->cfg.family = AF_INET;
	self->cfg.server = true;
	self->cfg.kind = variant->peer;
}

FIXTURE_TEARDOWN(server)
{
}

/* A client that does not trust our certificate: its alert is counted. */
TEST_F(server, client_refuses_our_certificate)
{
	long long before, unknown_ca;
	struct link l;

	unknown_ca = ssa_counter(reason_find("PEER_UNKNOWN_CA")->counter);
	before = unknown_ca + ssa_counter(reason_find("PEER_BAD_CERTIFICATE")->counter);
	ASSERT_LE(0, unknown_ca);
	self->cfg.peer.ca = pki_file("unknown-root.pem");
	link_try(&l, &self->cfg);
	EXPECT_EQ(EPROTO, l.err);
	EXPECT_FALSE(l.peer_ok);
	/* The one library says unknown_ca, the other bad_certificate. */
	while (ssa_counter(reason_find("PEER_UNKNOWN_CA")->counter) +
	       ssa_counter(reason_find("PEER_BAD_CERTIFICATE")->counter) <= before)
		usleep(20000);
	link_close(&l);
}

/* A client that wants another name than our certificate has */
TEST_F(server, client_wants_another_name)
{
	struct link l;

	self->cfg.peer.name = "other.test";
	link_try(&l, &self->cfg);
	EXPECT_EQ(EPROTO, l.err);
	EXPECT_FALSE(l.peer_ok);
	link_close(&l);
}

/* ------------------------------------------------------------------- no name */

TEST(no_host_name_no_connection)
{
	const struct reason *reason = reason_find("NO_HOST_NAME");
	int port = 0, lfd = tcp_listen(AF_INET, &port), fd;

	fd = tls_socket(AF_INET, 0);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-1, tls_connect_fd(fd, AF_INET, port));
	EXPECT_EQ(EDESTADDRREQ, errno);
	EXPECT_NE(NULL, strstr(tls_error(fd), reason->text))
		TH_LOG("TLS_ERROR: '%s'", tls_error(fd));

	/* The mistake can be repaired on the same socket. */
	EXPECT_EQ(0, tls_set_str(fd, TLS_REMOTE_HOSTNAME, SERVER_NAME));
	fcntl(fd, F_SETFL, O_NONBLOCK);
	EXPECT_EQ(-1, tls_connect_fd(fd, AF_INET, port));
	EXPECT_EQ(EINPROGRESS, errno);
	close(fd);
	close(lfd);
}

/* Without an authority of its own, a client has the system's, and not ours. */
TEST(system_store_does_not_know_the_test_root)
{
	struct peer_config cfg = {
		.server = true,
		.cert = pki_file("p256.chain.pem"),
		.key = pki_file("p256.key.pem"),
	};
	int port = 0, lfd = tcp_listen(AF_INET, &port), fd;
	struct peer *peer;
	char byte;

	fd = tls_socket(AF_INET, SOCK_NONBLOCK);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, tls_set_str(fd, TLS_REMOTE_HOSTNAME, SERVER_NAME));
	ASSERT_EQ(-1, tls_connect_fd(fd, AF_INET, port));
	ASSERT_EQ(EINPROGRESS, errno);
	peer = peer_new(PEER_OPENSSL, &cfg, accept(lfd, NULL, NULL));
	if (!peer_handshake(peer))
		peer_recv(peer, &byte, 1);
	EXPECT_EQ(UNKNOWN_CA, peer->alert);
	poll_wait(fd, POLLOUT);
	EXPECT_EQ(ENOKEY, so_error(fd));
	EXPECT_NE(NULL, strstr(tls_error(fd), reason_find("CERT_UNKNOWN_CA")->text))
		TH_LOG("TLS_ERROR: '%s'", tls_error(fd));
	close(fd);
	close(lfd);
	peer_free(peer);
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 1);
}
