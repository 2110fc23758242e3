/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fixture of tests that start on an established connection: both families,
 * roles and peers, in four variants of TLS 1.3, and in two of TLS 1.2 unless
 * CONN_TLS13_ONLY is defined, for tests of what that does not have.
 */
#ifndef _TLS_SSA_CONN_H
#define _TLS_SSA_CONN_H

#include "harness.h"
#include "link.h"

FIXTURE(conn)
{
	struct link l;
	int fd;			/* ours */
	struct peer *peer;
};

FIXTURE_VARIANT(conn)
{
	int family;
	bool server;		/* ours is */
	enum peer_kind peer;
	enum peer_version version;
};

FIXTURE_VARIANT_ADD(conn, ipv4_client_openssl)
{
	.family = AF_INET,
	.server = false,
	.peer = PEER_OPENSSL,
};

FIXTURE_VARIANT_ADD(conn, ipv6_client_gnutls)
{
	.family = AF_INET6,
	.server = false,
	.peer = PEER_GNUTLS,
};

FIXTURE_VARIANT_ADD(conn, ipv4_server_gnutls)
{
	.family = AF_INET,
	.server = true,
	.peer = PEER_GNUTLS,
};

FIXTURE_VARIANT_ADD(conn, ipv6_server_openssl)
{
	.family = AF_INET6,
	.server = true,
	.peer = PEER_OPENSSL,
};

#ifndef CONN_TLS13_ONLY
FIXTURE_VARIANT_ADD(conn, ipv4_client_openssl_tls12)
{
	.family = AF_INET,
	.server = false,
	.peer = PEER_OPENSSL,
	.version = PEER_TLS12,
};

FIXTURE_VARIANT_ADD(conn, ipv6_server_gnutls_tls12)
{
	.family = AF_INET6,
	.server = true,
	.peer = PEER_GNUTLS,
	.version = PEER_TLS12,
};
#endif

FIXTURE_SETUP(conn)
{
	struct link_config cfg = {
		.family = variant->family,
		.server = variant->server,
		.kind = variant->peer,
		.peer = { .version = variant->version },
	};

	link_try(&self->l, &cfg);
	ASSERT_EQ(0, self->l.err)
		TH_LOG("%s (%s); peer: %s", strerror(self->l.err), self->l.error,
		       self->l.peer ? self->l.peer->error : "none");
	ASSERT_TRUE(self->l.peer_ok);
	EXPECT_STREQ(variant->version == PEER_TLS12 ? "TLSv1.2" : "TLSv1.3",
		     tls_get_str(self->l.fd, TLS_VERSION_CONN));
	self->fd = self->l.fd;
	self->peer = self->l.peer;
}

FIXTURE_TEARDOWN(conn)
{
	link_close(&self->l);
}

#endif /* _TLS_SSA_CONN_H */
