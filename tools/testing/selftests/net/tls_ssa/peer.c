// SPDX-License-Identifier: GPL-2.0
/*
 * What all peers have in common.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "peer.h"

struct peer *peer_new(enum peer_kind kind, const struct peer_config *cfg, int fd)
{
	const struct peer_ops *ops = kind == PEER_GNUTLS ? &peer_gnutls : &peer_openssl;
	struct peer *p = ops->create(cfg, fd);

	if (!p) {
		fprintf(stderr, "# %s does not take this configuration\n", ops->name);
		close(fd);
		return NULL;
	}
	return p;
}

int peer_handshake(struct peer *p)
{
	return p->ops->handshake(p);
}

ssize_t peer_send(struct peer *p, const void *buf, size_t len)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = p->ops->send(p, (const char *)buf + done, len - done);
		if (n <= 0)
			return PEER_ERROR;
		done += n;
	}
	return done;
}

ssize_t peer_recv(struct peer *p, void *buf, size_t len)
{
	return p->ops->recv(p, buf, len);
}

ssize_t peer_recv_all(struct peer *p, void *buf, size_t len)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = p->ops->recv(p, (char *)buf + done, len - done);
		if (n < 0)
			return n;
		if (!n)
			break;
		done += n;
	}
	return done;
}

int peer_close_notify(struct peer *p)
{
	return p->ops->close_notify(p);
}

int peer_key_update(struct peer *p, bool request)
{
	return p->ops->key_update(p, request);
}

int peer_ticket(struct peer *p)
{
	return p->ops->ticket(p);
}

int peer_alert(struct peer *p, int level, int description)
{
	return p->ops->alert ? p->ops->alert(p, level, description) : PEER_ERROR;
}

const char *peer_suite(struct peer *p)
{
	return p->ops->suite(p);
}

const char *peer_group(struct peer *p)
{
	return p->ops->group(p);
}

const char *peer_sni(struct peer *p)
{
	return p->ops->sni(p);
}

size_t peer_secret(struct peer *p, const char *label, unsigned char *out, size_t size)
{
	const char *line = p->secrets;
	size_t n = 0;

	while (line && *line) {
		size_t len = strlen(label);

		if (!strncmp(line, label, len) && line[len] == ' ') {
			unsigned int byte;

			line = strchr(line + len + 1, ' ');
			if (!line)
				return 0;
			line++;
			while (n < size && isxdigit(line[0]) && isxdigit(line[1]) &&
			       sscanf(line, "%2x", &byte) == 1) {
				out[n++] = byte;
				line += 2;
			}
			return n;
		}
		line = strchr(line, '\n');
		if (line)
			line++;
	}
	return 0;
}

int peer_echo(struct peer *p)
{
	static __thread char buf[65536];
	ssize_t n;

	while ((n = peer_recv(p, buf, sizeof(buf))) > 0)
		if (peer_send(p, buf, n) != n)
			return PEER_ERROR;
	if (n < 0)
		return n;
	return peer_close_notify(p);
}

void peer_free(struct peer *p)
{
	int fd;

	if (!p)
		return;
	fd = p->fd;
	p->ops->destroy(p);
	close(fd);
}
