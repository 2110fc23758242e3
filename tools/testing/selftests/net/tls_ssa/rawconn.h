/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fixture of tests that take a connection's keys over from the peer and make
 * its records one by one: TLS 1.3, or TLS 1.2 if RAW_TLS12 is defined.
 */
#ifndef _TLS_SSA_RAWCONN_H
#define _TLS_SSA_RAWCONN_H

#include "harness.h"
#include "link.h"
#include "raw.h"

#define NO_RENEGOTIATION	100

FIXTURE(raw)
{
	struct link l;
	struct raw tx;
	struct raw rx;
};

FIXTURE_VARIANT(raw)
{
	bool server;		/* ours is */
	enum peer_version version;
	const char *suite;
};

#ifdef RAW_TLS12
FIXTURE_VARIANT_ADD(raw, client_aes128)
{
	.server = false,
	.version = PEER_TLS12,
	.suite = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
};

FIXTURE_VARIANT_ADD(raw, server_aes256)
{
	.server = true,
	.version = PEER_TLS12,
	.suite = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
};

FIXTURE_VARIANT_ADD(raw, client_chacha)
{
	.server = false,
	.version = PEER_TLS12,
	.suite = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
};
#else
FIXTURE_VARIANT_ADD(raw, client_aes128)
{
	.server = false,
	.suite = "TLS_AES_128_GCM_SHA256",
};

FIXTURE_VARIANT_ADD(raw, client_aes256)
{
	.server = false,
	.suite = "TLS_AES_256_GCM_SHA384",
};

FIXTURE_VARIANT_ADD(raw, server_chacha)
{
	.server = true,
	.suite = "TLS_CHACHA20_POLY1305_SHA256",
};
#endif

FIXTURE_SETUP(raw)
{
	struct link_config cfg = {
		.family = AF_INET,
		.server = variant->server,
		.kind = PEER_OPENSSL,
		.peer = {
			.version = variant->version,
			.suite = variant->suite,
			.no_tickets = true,
		},
	};

	link_try(&self->l, &cfg);
	ASSERT_EQ(0, self->l.err)
		TH_LOG("%s (%s)", strerror(self->l.err), self->l.error);
	ASSERT_EQ(0, raw_init(&self->tx, self->l.peer, true));
	ASSERT_EQ(0, raw_init(&self->rx, self->l.peer, false));
	EXPECT_STREQ(variant->version == PEER_TLS12 ? "TLSv1.2" : "TLSv1.3",
		     tls_get_str(self->l.fd, TLS_VERSION_CONN));
	EXPECT_STREQ(variant->suite, tls_get_str(self->l.fd, TLS_CHOSEN_CIPHER));
}

FIXTURE_TEARDOWN(raw)
{
	link_close(&self->l);
}

/* recv() fails for @reason_name, and the peer is told @alert. */
static void expect_failure(struct __test_metadata *_metadata, FIXTURE_DATA(raw) *self,
			   const char *reason_name, int alert)
{
	const struct reason *reason = reason_find(reason_name);
	char byte;
	int got;

	EXPECT_EQ(-1, recv(self->l.fd, &byte, 1, 0));
	EXPECT_EQ(EPROTO, errno)
		TH_LOG("%m");
	EXPECT_NE(NULL, strstr(tls_error(self->l.fd), reason->text))
		TH_LOG("TLS_ERROR: '%s'", tls_error(self->l.fd));
	do {
		got = raw_recv_alert(&self->rx);
	} while (self->rx.tls12 && got == NO_RENEGOTIATION);
	EXPECT_EQ(alert, got);
	EXPECT_EQ(-1, send(self->l.fd, "x", 1, MSG_NOSIGNAL));
}

#endif /* _TLS_SSA_RAWCONN_H */
