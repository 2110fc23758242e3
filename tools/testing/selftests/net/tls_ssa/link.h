/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One connection between a socket of ours and a peer.
 */
#ifndef _TLS_SSA_LINK_H
#define _TLS_SSA_LINK_H

#include "lib.h"
#include "peer.h"

/**
 * struct link_config - who talks to whom, and how
 * @family: AF_INET or AF_INET6
 * @server: ours is the server
 * @kind: of the peer
 * @peer: its configuration; what it needs and does not have gets a default:
 *	  the P-256 chain for a server, the root and SERVER_NAME for a client
 * @name: ours as client: TLS_REMOTE_HOSTNAME; NULL: SERVER_NAME; "": not set
 * @ca: ours as client: TLS_TRUSTED_PEER_CERTIFICATES; NULL: the PKI's root; "": not set
 * @cert, @key: ours as server: files; NULL: the P-256 chain; @cert "": neither is set
 * @prepare: does the rest to our socket before connect() or listen(); 0 or -1 with
 *	     errno. NULL: nothing
 * @arg: for @prepare
 */
struct link_config {
	int family;
	bool server;
	enum peer_kind kind;
	struct peer_config peer;
	const char *name;
	const char *ca;
	const char *cert;
	const char *key;
	int (*prepare)(int fd, const void *arg);
	const void *arg;
};

/**
 * struct link - the result
 * @fd: ours, or -1
 * @listener: ours as server: still open, or -1
 * @peer: the other end, or NULL if it never got as far
 * @err: errno of our connect(), 0 if it went well; ours as server: 0, or
 *	 EPROTO if the peer gave up and accept() returned nothing
 * @error: TLS_ERROR's text after a failure
 * @peer_ok: the peer's handshake succeeded
 */
struct link {
	int fd;
	int listener;
	struct peer *peer;
	int err;
	char error[TEXT_MAX];
	bool peer_ok;
};

/* Both ends try. Whatever the outcome, link_close() afterwards. */
void link_try(struct link *l, const struct link_config *cfg);
void link_close(struct link *l);

/* A peer that works in a thread of its own */
struct job {
	pthread_t thread;
	int (*fn)(struct peer *p, void *arg);
	struct peer *peer;
	void *arg;
	int ret;
};

void job_start(struct job *j, struct peer *p, int (*fn)(struct peer *p, void *arg), void *arg);
int job_wait(struct job *j);
int job_echo(struct peer *p, void *unused);

#endif /* _TLS_SSA_LINK_H */
