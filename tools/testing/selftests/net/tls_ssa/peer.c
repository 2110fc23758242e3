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

static const struct peer_ops *const kinds[PEER_KINDS] = {
	[PEER_OPENSSL]	= &peer_openssl,
	[PEER_GNUTLS]	= &peer_gnutls,
	[PEER_NSS]	= &peer_nss,
	[PEER_MBEDTLS]	= &peer_mbedtls,
	[PEER_WOLFSSL]	= &peer_wolfssl,
	[PEER_PYTHON]	= &peer_python,
	[PEER_GO]	= &peer_go,
};

const struct peer_suite peer_suites[] = {
	{ "TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256", 0x1301 },
	{ "TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384", 0x1302 },
	{ "TLS_CHACHA20_POLY1305_SHA256", "TLS_CHACHA20_POLY1305_SHA256", 0x1303 },
	{ "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256", 0xc02b },
	{ "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384", 0xc02c },
	{ "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256", 0xc02f },
	{ "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE-RSA-AES256-GCM-SHA384", 0xc030 },
	{ "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-RSA-CHACHA20-POLY1305", 0xcca8 },
	{ "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305",
	  0xcca9 },
	{ }
};

const struct peer_suite *peer_suite_by_name(const char *iana)
{
	const struct peer_suite *s;

	for (s = peer_suites; s->iana; s++)
		if (!strcmp(s->iana, iana))
			return s;
	return NULL;
}

const struct peer_suite *peer_suite_by_id(unsigned short id)
{
	const struct peer_suite *s;

	for (s = peer_suites; s->iana; s++)
		if (s->id == id)
			return s;
	return NULL;
}

const char *peer_name(enum peer_kind kind)
{
	return kinds[kind]->name;
}

const char *peer_next_word(const char *list, char *word, size_t size)
{
	size_t len = strcspn(list, ":");

	snprintf(word, size, "%.*s", (int)len, list);
	return list[len] ? list + len + 1 : NULL;
}

struct peer *peer_new(enum peer_kind kind, const struct peer_config *cfg, int fd)
{
	const struct peer_ops *ops = kinds[kind];
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
	return p->ops->key_update ? p->ops->key_update(p, request) : PEER_ERROR;
}

int peer_ticket(struct peer *p)
{
	return p->ops->ticket ? p->ops->ticket(p) : PEER_ERROR;
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
	return p->ops->group ? p->ops->group(p) : NULL;
}

const char *peer_sni(struct peer *p)
{
	return p->ops->sni ? p->ops->sni(p) : "";
}

const char *peer_alpn(struct peer *p)
{
	return p->ops->alpn ? p->ops->alpn(p) : "";
}

const char *peer_subject(struct peer *p)
{
	return p->ops->subject ? p->ops->subject(p) : "";
}

int peer_material(struct peer *p, const char *label, const void *context, size_t context_len,
		  void *out, size_t len)
{
	return p->ops->material ? p->ops->material(p, label, context, context_len, out, len) :
				  PEER_ERROR;
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

	if (p->ops->echo)
		return p->ops->echo(p);
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
