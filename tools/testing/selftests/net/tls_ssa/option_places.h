/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fixture of tests that are about where a socket is: after socket(), on a
 * listener, on its way to a server, established in either role, failed; the letters
 * of net/tls_ssa/option_list.h.
 */
#ifndef _TLS_SSA_OPTION_PLACES_H
#define _TLS_SSA_OPTION_PLACES_H

#include "harness.h"
#include "link.h"

enum place_letter {
	SETUP	= 1 << 0,
	LISTEN	= 1 << 1,
	BUSY	= 1 << 2,
	CLIENT	= 1 << 3,
	SERVER	= 1 << 4,
	FAILED	= 1 << 5,
};

enum where { AT_SETUP, AT_UPGRADED, AT_LISTEN, AT_BUSY, AT_CLIENT, AT_SERVER, AT_FAILED };

FIXTURE(place)
{
	struct link l;
	int fd;
	int donor;	/* another socket of ours, for TLS_CONTEXT */
	int listener;	/* TCP */
	int plain;	/* the other end, which knows no TLS */
};

FIXTURE_VARIANT(place)
{
	enum where where;
	unsigned int letter;
	int family;
};

FIXTURE_VARIANT_ADD(place, setup) { AT_SETUP, SETUP, AF_INET };
FIXTURE_VARIANT_ADD(place, setup_ipv6) { AT_SETUP, SETUP, AF_INET6 };
FIXTURE_VARIANT_ADD(place, upgraded) { AT_UPGRADED, SETUP, AF_INET };
FIXTURE_VARIANT_ADD(place, listen) { AT_LISTEN, LISTEN, AF_INET };
FIXTURE_VARIANT_ADD(place, busy) { AT_BUSY, BUSY, AF_INET };
FIXTURE_VARIANT_ADD(place, client) { AT_CLIENT, CLIENT, AF_INET };
FIXTURE_VARIANT_ADD(place, server) { AT_SERVER, SERVER, AF_INET6 };
FIXTURE_VARIANT_ADD(place, failed) { AT_FAILED, FAILED, AF_INET };

/* A server that never answers, or with something else than TLS. */
static int connect_to_plain(FIXTURE_DATA(place) *self, int family, const char *says)
{
	int port, fd = tls_client(family, SOCK_NONBLOCK);

	self->listener = tcp_listen(family, &port);
	if (fd < 0 || self->listener < 0 || !tls_connect_fd(fd, family, port) ||
	    errno != EINPROGRESS)
		return -1;
	self->plain = accept(self->listener, NULL, NULL);
	/* TCP is through, and the ClientHello there. */
	if (self->plain < 0 || !poll_wait(self->plain, POLLIN))
		return -1;
	if (says) {
		send_all(self->plain, says, strlen(says));
		poll_wait(fd, POLLOUT);
		if (!tls_connect_fd(fd, family, port) || errno != EPROTO)
			return -1;
	}
	return fd;
}

static int upgraded(FIXTURE_DATA(place) *self, int family)
{
	int port, fd;

	self->listener = tcp_listen(family, &port);
	fd = tcp_connect(family, port);
	self->plain = accept(self->listener, NULL, NULL);
	if (fd < 0 || self->plain < 0 ||
	    setsockopt(fd, SOL_TCP, TCP_ULP, "tls_ssa", sizeof("tls_ssa")))
		return -1;
	return fd;
}

static void place_leave(FIXTURE_DATA(place) *self)
{
	if (self->fd >= 0 && self->fd != self->l.fd)
		close(self->fd);
	if (self->listener >= 0)
		close(self->listener);
	if (self->plain >= 0)
		close(self->plain);
	link_close(&self->l);
	self->fd = -1;
	self->listener = -1;
	self->plain = -1;
}

/* -1: with errno, as far as one call is to blame */
static int place_enter(FIXTURE_DATA(place) *self, const FIXTURE_VARIANT(place) *variant)
{
	struct link_config cfg = { .family = variant->family, .kind = PEER_OPENSSL };
	int port;

	self->l.fd = -1;
	self->l.listener = -1;
	self->l.peer = NULL;
	self->listener = -1;
	self->plain = -1;
	switch (variant->where) {
	case AT_SETUP:
		self->fd = tls_socket(variant->family, 0);
		break;
	case AT_UPGRADED:
		self->fd = upgraded(self, variant->family);
		break;
	case AT_LISTEN:
		self->fd = tls_listen(variant->family, &port, pki_file("p256.chain.pem"),
				      pki_file("p256.key.pem"));
		break;
	case AT_BUSY:
		self->fd = connect_to_plain(self, variant->family, NULL);
		break;
	case AT_FAILED:
		self->fd = connect_to_plain(self, variant->family, "220 no TLS here\r\n");
		break;
	case AT_CLIENT:
	case AT_SERVER:
		cfg.server = variant->where == AT_SERVER;
		link_try(&self->l, &cfg);
		self->fd = self->l.err || !self->l.peer_ok ? -1 : self->l.fd;
		break;
	}
	return self->fd < 0 ? -1 : 0;
}

FIXTURE_SETUP(place)
{
	ASSERT_EQ(0, place_enter(self, variant))
		TH_LOG("%m");
	self->donor = tls_socket(variant->family, 0);
	ASSERT_LE(0, self->donor);
}

FIXTURE_TEARDOWN(place)
{
	place_leave(self);
	close(self->donor);
}

#endif /* _TLS_SSA_OPTION_PLACES_H */
