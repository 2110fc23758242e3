// SPDX-License-Identifier: GPL-2.0
/*
 * Languages with TLS of their own as the peer: Python's ssl, Go's crypto/tls.
 * One program (peer.py, peer_go) for all connections: it gets each one's TCP
 * socket over a Unix socket, with a line that says what to do, and answers with
 * a line.
 *
 *	client|server VERSION SUITE GROUPS CERT KEY CA NAME	with the socket
 *		ok SUITE	after the handshake
 *	echo
 *		ok		after both have sent close_notify
 *	close			no answer
 *	error TEXT		instead of "ok"; the socket is closed
 *
 * Fields are separated by tabs, and "-" stands for none.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include "peer.h"

struct peer_remote {
	struct peer p;
	int control;
	bool openssl_names;	/* of cipher suites */
	char suite[64];
};

static struct peer_remote *to_remote(struct peer *p)
{
	return (struct peer_remote *)p;
}

/* The program of a kind, started when it is first needed. */
static int program(const char *const argv[], int *control)
{
	int pair[2];

	if (*control >= 0)
		return *control;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair))
		return -1;
	if (!fork()) {
		dup2(pair[1], STDIN_FILENO);
		close_range(3, ~0U, 0);
		execvp(argv[0], (char *const *)argv);
		fprintf(stderr, "# %s: %m\n", argv[0]);
		_exit(127);
	}
	close(pair[1]);
	*control = pair[0];
	return *control;
}

static const char *field(const char *value)
{
	return value ? value : "-";
}

static int say(struct peer_remote *r, const char *line, int fd)
{
	struct iovec iov = { .iov_base = (char *)line, .iov_len = strlen(line) };
	char buf[CMSG_SPACE(sizeof(int))] = "";
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *cmsg;

	if (fd >= 0) {
		msg.msg_control = buf;
		msg.msg_controllen = sizeof(buf);
		cmsg = CMSG_FIRSTHDR(&msg);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(cmsg), &fd, sizeof(int));
	}
	return sendmsg(r->control, &msg, MSG_NOSIGNAL) < 0 ? PEER_ERROR : 0;
}

static int answer(struct peer_remote *r, char *line, size_t size)
{
	ssize_t n = recv(r->control, line, size - 1, 0);

	if (n <= 0) {
		snprintf(r->p.error, sizeof(r->p.error), "the program is gone");
		return PEER_ERROR;
	}
	line[n] = 0;
	if (!strncmp(line, "ok", 2))
		return 0;
	snprintf(r->p.error, sizeof(r->p.error), "%s", line);
	return PEER_ERROR;
}

static struct peer *remote_create(const struct peer_ops *ops, const struct peer_config *cfg, int fd,
				  const char *const argv[], int *control)
{
	struct peer_remote *r = calloc(1, sizeof(*r));

	r->p.ops = ops;
	r->p.cfg = *cfg;
	r->p.fd = fd;
	r->p.alert = -1;
	r->p.alert_level = -1;
	r->control = program(argv, control);
	return &r->p;
}

static int remote_handshake(struct peer *p)
{
	const struct peer_config *cfg = &p->cfg;
	const struct peer_suite *suite = cfg->suite ? peer_suite_by_name(cfg->suite) : NULL;
	struct peer_remote *r = to_remote(p);
	char line[1024];

	snprintf(line, sizeof(line), "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s",
		 cfg->server ? "server" : "client", cfg->version == PEER_TLS12 ? "1.2" : "1.3",
		 field(suite && r->openssl_names ? suite->openssl : cfg->suite),
		 field(cfg->groups), field(cfg->cert), field(cfg->key), field(cfg->ca),
		 field(cfg->name));
	if (say(r, line, p->fd) || answer(r, line, sizeof(line)))
		return PEER_ERROR;
	if (sscanf(line, "ok\t%63s", r->suite) != 1) {
		snprintf(p->error, sizeof(p->error), "answer not understood: %.200s", line);
		return PEER_ERROR;
	}
	return 0;
}

static ssize_t remote_send(struct peer *p, const void *buf, size_t len)
{
	return PEER_ERROR;
}

static ssize_t remote_recv(struct peer *p, void *buf, size_t len)
{
	return PEER_ERROR;
}

static int remote_close_notify(struct peer *p)
{
	return PEER_ERROR;
}

static int remote_echo(struct peer *p)
{
	char line[1024];

	return say(to_remote(p), "echo", -1) || answer(to_remote(p), line, sizeof(line)) ?
		PEER_ERROR : 0;
}

static const char *remote_suite(struct peer *p)
{
	struct peer_remote *r = to_remote(p);
	const struct peer_suite *s;

	for (s = peer_suites; r->openssl_names && s->iana; s++)
		if (!strcmp(s->openssl, r->suite))
			return s->iana;
	return r->suite;
}

static void remote_destroy(struct peer *p)
{
	say(to_remote(p), "close", -1);
	free(p);
}

#define REMOTE(name_)						\
	.name		= name_,				\
	.handshake	= remote_handshake,			\
	.send		= remote_send,				\
	.recv		= remote_recv,				\
	.close_notify	= remote_close_notify,			\
	.echo		= remote_echo,				\
	.suite		= remote_suite,				\
	.destroy	= remote_destroy

/* A file beside this program; valid until the next one */
static const char *beside(const char *name)
{
	static char path[600];
	char self[512];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	self[n > 0 ? n : 0] = 0;
	slash = strrchr(self, '/');
	if (slash)
		*slash = 0;
	snprintf(path, sizeof(path), "%s/%s", self, name);
	return path;
}

static struct peer *python_create(const struct peer_config *cfg, int fd)
{
	const char *const argv[] = { "python3", "-S", beside("peer.py"), NULL };
	static int control = -1;
	struct peer *p;

	p = remote_create(&peer_python, cfg, fd, argv, &control);
	to_remote(p)->openssl_names = true;
	return p;
}

static struct peer *go_create(const struct peer_config *cfg, int fd)
{
	const char *const argv[] = { beside("peer_go"), NULL };
	static int control = -1;

	return remote_create(&peer_go, cfg, fd, argv, &control);
}

bool peer_go_has_ems(void)
{
	char command[640];
	int minor = 0;
	FILE *f;

	snprintf(command, sizeof(command), "%s version", beside("peer_go"));
	f = popen(command, "r");
	if (!f)
		return false;
	if (fscanf(f, "go1.%d", &minor) != 1)
		fprintf(stderr, "# peer_go does not say its version\n");
	pclose(f);
	return minor >= 21;
}

const struct peer_ops peer_python = { REMOTE("Python"), .create = python_create };
const struct peer_ops peer_go = { REMOTE("Go"), .create = go_create };
