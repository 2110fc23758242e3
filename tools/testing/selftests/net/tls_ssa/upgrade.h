/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Connected TCP sockets, and their upgrade by TCP_ULP "tls_ssa".
 */
#ifndef _TLS_SSA_UPGRADE_H
#define _TLS_SSA_UPGRADE_H

#include "harness.h"
#include "link.h"

/* @a has called connect(), @b was accepted. 0 or -1. */
static inline int tcp_pair(int family, int *a, int *b)
{
	int port = 0, lfd = tcp_listen(family, &port);

	*a = tcp_connect(family, port);
	*b = accept4(lfd, NULL, NULL, SOCK_CLOEXEC);
	close(lfd);
	return *a < 0 || *b < 0 ? -1 : 0;
}

static inline int upgrade(int fd)
{
	return setsockopt(fd, SOL_TCP, TCP_ULP, "tls_ssa", 8);
}

/* What a role needs, from the test PKI */
static inline int upgrade_options(int fd, int role)
{
	if (role == TLS_HANDSHAKE_CLIENT)
		return tls_set_str(fd, TLS_REMOTE_HOSTNAME, SERVER_NAME) ||
		       tls_set_str(fd, TLS_TRUSTED_PEER_CERTIFICATES, pki_file("root.pem"));
	return tls_set_str(fd, TLS_CERTIFICATE_CHAIN, pki_file("p256.chain.pem")) ||
	       tls_set_str(fd, TLS_PRIVATE_KEY, pki_file("p256.key.pem"));
}

static inline int handshake(int fd, int role)
{
	return setsockopt(fd, IPPROTO_TLS, TLS_HANDSHAKE, &role, sizeof(role));
}

static inline int upgrade_all(int fd, int role)
{
	return upgrade(fd) || upgrade_options(fd, role) || handshake(fd, role) ? -1 : 0;
}

#endif /* _TLS_SSA_UPGRADE_H */
