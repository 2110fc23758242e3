/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two sockets of ours, one connection.
 */
#ifndef _TLS_SSA_PAIR_H
#define _TLS_SSA_PAIR_H

#include "lib.h"

/* Told a socket before it connects or listens; 0, or -1 with errno. */
typedef int (*pair_fn)(int fd, const void *arg);

/**
 * struct pair - the two ends
 * @listener: still open
 * @client: as connect() left it
 * @server: accepted, or -1: the handshake failed
 * @err: errno of connect(), 0 if it went well
 */
struct pair {
	int listener;
	int client;
	int server;
	int err;
};

/* Closes what is open of it. */
static inline void pair_close(struct pair *p)
{
	if (p->client >= 0)
		close(p->client);
	if (p->server >= 0)
		close(p->server);
	if (p->listener >= 0)
		close(p->listener);
}

/* @client: consumed. 0 if both ends think that it went well. */
static inline int pair_join(struct pair *p, int port, int client)
{
	p->server = -1;
	p->client = client;
	p->err = tls_connect_fd(client, AF_INET, port) ? errno : 0;
	if (!p->err)
		p->server = accept(p->listener, NULL, NULL);
	return p->server < 0 ? -1 : 0;
}

/* -1: see @p->err; p is to be closed in any case. */
static inline int pair_open(struct pair *p, pair_fn client, const void *client_arg,
			    pair_fn server, const void *server_arg)
{
	int port = 0, fd = tls_client(AF_INET, 0);

	p->server = -1;
	p->client = fd;
	p->err = 0;
	p->listener = tls_listen_with(AF_INET, &port, pki_file("p256.chain.pem"),
				      pki_file("p256.key.pem"), server, server_arg);
	if (fd < 0 || p->listener < 0)
		return -1;
	if (client && client(fd, client_arg))
		return -1;
	return pair_join(p, port, fd);
}

static inline int set_int(int fd, int option, int value)
{
	return setsockopt(fd, IPPROTO_TLS, option, &value, sizeof(value));
}

#endif /* _TLS_SSA_PAIR_H */
