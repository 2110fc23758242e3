// SPDX-License-Identifier: GPL-2.0
/*
 * One connection between a socket of ours and a peer: see link.h.
 */
#include "link.h"

static void *job_thread(void *arg)
{
	struct job *j = arg;

	j->ret = j->fn(j->peer, j->arg);
	return NULL;
}

void job_start(struct job *j, struct peer *p, int (*fn)(struct peer *p, void *arg), void *arg)
{
	j->peer = p;
	j->fn = fn;
	j->arg = arg;
	j->ret = PEER_ERROR;
	if (pthread_create(&j->thread, NULL, job_thread, j))
		abort();
}

int job_wait(struct job *j)
{
	pthread_join(j->thread, NULL);
	return j->ret;
}

int job_echo(struct peer *p, void *unused)
{
	return peer_echo(p);
}

/* The peer's side of link_try() */
struct peer_side {
	struct peer_config cfg;
	enum peer_kind kind;
	int family;
	int listener;		/* the peer is the server */
	int port;		/* the peer is the client */
	struct peer *peer;
	bool ok;
	bool done;
};

static void *peer_side_thread(void *arg)
{
	struct peer_side *s = arg;
	int fd;

	if (s->cfg.server)
		fd = accept(s->listener, NULL, NULL);
	else
		fd = tcp_connect(s->family, s->port);
	if (fd >= 0) {
		s->peer = peer_new(s->kind, &s->cfg, fd);
		if (s->peer && !peer_handshake(s->peer))
			s->ok = true;
		else if (s->peer)
			/* Ours is waiting for an answer that will not come. */
			shutdown(fd, SHUT_WR);
	}
	__atomic_store_n(&s->done, true, __ATOMIC_RELEASE);
	return NULL;
}

static void note_failure(struct link *l, int fd, int err)
{
	l->err = err;
	snprintf(l->error, sizeof(l->error), "%s", tls_error(fd));
}

static void connect_ours(struct link *l, const struct link_config *cfg, struct peer_side *s)
{
	const char *name = cfg->name ? cfg->name : SERVER_NAME;
	const char *ca = cfg->ca ? cfg->ca : pki_file("root.pem");

	l->fd = tls_socket(cfg->family, SOCK_CLOEXEC);
	if (l->fd < 0) {
		l->err = errno;
		return;
	}
	if ((*name && tls_set_str(l->fd, TLS_REMOTE_HOSTNAME, name)) ||
	    (*ca && tls_set_str(l->fd, TLS_TRUSTED_PEER_CERTIFICATES, ca)) ||
	    (cfg->prepare && cfg->prepare(l->fd, cfg->arg)) ||
	    tls_connect_fd(l->fd, cfg->family, s->port))
		note_failure(l, l->fd, errno);
}

static void accept_ours(struct link *l, struct peer_side *s)
{
	/* accept() is silent about a handshake that failed: the peer knows. */
	while (!__atomic_load_n(&s->done, __ATOMIC_ACQUIRE) || s->ok) {
		if (!poll_one(l->listener, POLLIN, 20))
			continue;
		l->fd = accept(l->listener, NULL, NULL);
		l->err = l->fd < 0 ? errno : 0;
		return;
	}
	l->err = EPROTO;
}

void link_try(struct link *l, const struct link_config *cfg)
{
	struct peer_side s = { .cfg = cfg->peer, .kind = cfg->kind, .family = cfg->family };
	pthread_t thread;
	int lfd;

	memset(l, 0, sizeof(*l));
	l->fd = -1;
	l->listener = -1;
	s.cfg.server = !cfg->server;
	if (cfg->server) {
		if (!s.cfg.ca)
			s.cfg.ca = pki_file("root.pem");
		if (!s.cfg.name)
			s.cfg.name = SERVER_NAME;
		lfd = tls_listen_with(cfg->family, &s.port,
				      cfg->cert ? cfg->cert : pki_file("p256.chain.pem"),
				      cfg->key ? cfg->key : pki_file("p256.key.pem"),
				      cfg->prepare, cfg->arg);
		l->listener = lfd;
	} else {
		if (!s.cfg.cert) {
			s.cfg.cert = pki_file("p256.chain.pem");
			s.cfg.key = pki_file("p256.key.pem");
		}
		lfd = tcp_listen(cfg->family, &s.port);
		s.listener = lfd;
	}
	if (lfd < 0) {
		l->err = errno;
		return;
	}
	if (pthread_create(&thread, NULL, peer_side_thread, &s))
		abort();
	if (cfg->server)
		accept_ours(l, &s);
	else
		connect_ours(l, cfg, &s);
	if (!cfg->server && l->err) {
		/* Neither may wait for the other, whichever of them failed. */
		shutdown(s.listener, SHUT_RDWR);
		if (l->fd >= 0)
			shutdown(l->fd, SHUT_RDWR);
	}
	pthread_join(thread, NULL);
	if (!cfg->server)
		close(s.listener);
	l->peer = s.peer;
	l->peer_ok = s.ok;
}

void link_close(struct link *l)
{
	if (l->fd >= 0)
		close(l->fd);
	if (l->listener >= 0)
		close(l->listener);
	peer_free(l->peer);
	l->fd = -1;
	l->listener = -1;
	l->peer = NULL;
}
