// SPDX-License-Identifier: GPL-2.0
/*
 * HTTP with bodies that can be checked, for tests with other people's programs.
 *
 *	talk serve PORT KEY [PORT KEY]...
 *		Our sockets with the PKI's KEY. Each request's body is sent back,
 *		with what was agreed on in a header "X-TLS: VERSION SUITE GROUP";
 *		a line on standard output says how the connection ended:
 *		"PATH BYTES close_notify|ERROR".
 *	talk backend PORT
 *		The same with plain TCP, for programs that speak TLS for others.
 *	talk fetch < cells
 *		Each line is a cell: "NAME PORT VERSION SUITE GROUP". A body is
 *		posted there over our socket, and taken back; TAP on standard
 *		output. "-": any.
 *	talk page < cells
 *		The same with a GET: whatever page comes is fine.
 *	talk through < cells
 *		The same as fetch over plain TCP, through a program that speaks
 *		TLS to "talk serve": the answer's X-TLS is judged.
 */
#include <stdarg.h>
#include "kselftest.h"
#include "lib.h"

#define BODY	40000

enum mode { FETCH, PAGE, THROUGH };

struct request {
	char head[8192];
	size_t head_len;	/* with the empty line */
	size_t have;		/* bytes in @head */
	char path[64];
	long long length;	/* of the body; -1: until the end */
};

/* ------------------------------------------------------------------ messages */

static const char *header(const char *head, const char *name)
{
	const char *line = strcasestr(head, name);

	return line ? line + strlen(name) : NULL;
}

/* Reads up to the empty line, and whatever comes with it. */
static bool read_head(int fd, struct request *r)
{
	const char *end, *length;
	ssize_t n;

	memset(r, 0, sizeof(*r));
	while (!(end = strstr(r->head, "\r\n\r\n"))) {
		n = recv(fd, r->head + r->have, sizeof(r->head) - 1 - r->have, 0);
		if (n <= 0)
			return false;
		r->have += n;
	}
	r->head_len = end + 4 - r->head;
	if (sscanf(r->head, "%*s /%63s", r->path) != 1)
		r->path[0] = 0;		/* an answer */
	length = header(r->head, "\r\nContent-Length:");
	r->length = length && length < end ? atoll(length) : -1;
	return true;
}

/* Reads the body; NULL if it does not come. */
static char *read_body(int fd, const struct request *r)
{
	size_t size = r->length < 0 ? 1 << 20 : r->length, got = r->have - r->head_len;
	char *body = malloc(size + 1);
	ssize_t n;

	if (got > size) {
		free(body);
		return NULL;
	}
	memcpy(body, r->head + r->head_len, got);
	while (got < size) {
		n = recv(fd, body + got, size - got, 0);
		if (n < 0 || (!n && r->length >= 0)) {
			free(body);
			return NULL;
		}
		if (!n)
			break;
		got += n;
	}
	return body;
}

/* ------------------------------------------------------------------- servers */

struct server {
	int fd;
	bool tls;
};

static const char *or_none(char *copy, size_t size, const char *text)
{
	snprintf(copy, size, "%s", text ? text : "-");
	return copy;
}

static void answer(int fd, bool tls)
{
	char head[512], version[16], suite[64], group[16], byte;
	const char *end = "close_notify";
	struct request r;
	char *body;
	ssize_t n;

	if (!read_head(fd, &r))
		return;
	if (r.length < 0)
		r.length = 0;
	/* curl waits for this before it sends a large body. */
	if (header(r.head, "\r\nExpect: 100-continue"))
		send_all(fd, "HTTP/1.1 100 Continue\r\n\r\n", 25);
	body = read_body(fd, &r);
	if (!body)
		return;
	n = snprintf(head, sizeof(head),
		     "HTTP/1.1 200 OK\r\nContent-Length: %lld\r\nConnection: close\r\n", r.length);
	if (tls)
		n += snprintf(head + n, sizeof(head) - n, "X-TLS: %s %s %s\r\n",
			      or_none(version, sizeof(version), tls_get_str(fd, TLS_VERSION_CONN)),
			      or_none(suite, sizeof(suite), tls_get_str(fd, TLS_CHOSEN_CIPHER)),
			      or_none(group, sizeof(group), tls_get_str(fd, TLS_NEGOTIATED_GROUP)));
	n += snprintf(head + n, sizeof(head) - n, "\r\n");
	if (send_all(fd, head, n) < 0 || send_all(fd, body, r.length) < 0)
		end = strerror(errno);
	free(body);
	shutdown(fd, SHUT_WR);
	do {
		n = recv(fd, &byte, 1, 0);
	} while (n > 0);
	if (n < 0)
		end = strerror(errno);
	if (tls)
		printf("%s %lld %s\n", r.path, r.length, end);
}

struct connection {
	int fd;
	bool tls;
};

static void *connection_thread(void *arg)
{
	struct connection *c = arg;

	answer(c->fd, c->tls);
	close(c->fd);
	free(c);
	return NULL;
}

static void *server_thread(void *arg)
{
	struct server *s = arg;
	pthread_t thread;

	while (1) {
		struct connection *c = malloc(sizeof(*c));

		c->tls = s->tls;
		c->fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC);
		if (c->fd < 0) {
			fprintf(stderr, "talk: accept: %m\n");
			exit(1);
		}
		if (pthread_create(&thread, NULL, connection_thread, c))
			abort();
		pthread_detach(thread);
	}
	return NULL;
}

static int serve(int argc, char **argv, bool tls)
{
	char chain[64], key[64];
	pthread_t thread;
	int i, port;

	for (i = 0; i + tls < argc; i += 1 + tls) {
		struct server *s = malloc(sizeof(*s));

		port = atoi(argv[i]);
		s->tls = tls;
		if (tls) {
			snprintf(chain, sizeof(chain), "%s.chain.pem", argv[i + 1]);
			snprintf(key, sizeof(key), "%s.key.pem", argv[i + 1]);
			s->fd = tls_listen(AF_INET, &port, pki_file(chain), pki_file(key));
		} else {
			s->fd = tcp_listen(AF_INET, &port);
		}
		if (s->fd < 0) {
			fprintf(stderr, "talk: port %s: %m\n", argv[i]);
			return 1;
		}
		if (pthread_create(&thread, NULL, server_thread, s))
			abort();
	}
	pause();
	return 0;
}

/* ------------------------------------------------------------------- clients */

static char why[512];

static __printf(1, 2) bool bad(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	return false;
}

static bool same(const char *what, const char *want, const char *have)
{
	if (!strcmp(want, "-") || (have && !strcmp(want, have)))
		return true;
	return bad("%s: %s instead of %s", what, have ? have : "nothing", want);
}

struct cell {
	char name[64];
	int port;
	char version[16];
	char suite[64];
	char group[16];
};

static bool agreed(const struct cell *c, int fd, const struct request *r, enum mode mode)
{
	char version[16] = "", suite[64] = "", group[16] = "";
	const char *line;

	if (mode != THROUGH)
		return same("version", c->version, tls_get_str(fd, TLS_VERSION_CONN)) &&
		       same("suite", c->suite, tls_get_str(fd, TLS_CHOSEN_CIPHER)) &&
		       same("group", c->group, tls_get_str(fd, TLS_NEGOTIATED_GROUP));
	line = header(r->head, "\r\nX-TLS:");
	if (!line || sscanf(line, "%15s %63s %15s", version, suite, group) != 3)
		return bad("no X-TLS in the answer: %.300s", r->head);
	return same("version", c->version, version) && same("suite", c->suite, suite) &&
	       same("group", c->group, group);
}

static bool exchange(const struct cell *c, int fd, enum mode mode)
{
	static char out[BODY];
	char head[256], byte;
	struct request r;
	char *body;
	ssize_t n;
	bool ok;

	n = snprintf(head, sizeof(head), "%s /%s HTTP/1.1\r\nHost: " SERVER_NAME
		     "\r\nConnection: close\r\n", mode == PAGE ? "GET" : "POST", c->name);
	if (mode != PAGE)
		n += snprintf(head + n, sizeof(head) - n, "Content-Length: %d\r\n", BODY);
	n += snprintf(head + n, sizeof(head) - n, "\r\n");
	pattern_fill(out, sizeof(out), 0);
	if (send_all(fd, head, n) < 0 || (mode != PAGE && send_all(fd, out, BODY) < 0))
		return bad("send: %m (%s)", tls_error(fd));
	if (!read_head(fd, &r))
		return bad("no answer: %m (%s)", tls_error(fd));
	if (!agreed(c, fd, &r, mode))
		return false;
	body = read_body(fd, &r);
	if (!body)
		return bad("the body of the answer is not complete: %m (%s)", tls_error(fd));
	ok = mode == PAGE || (r.length == BODY && pattern_check(body, BODY, 0));
	free(body);
	if (!ok)
		return bad("another body came back, of %lld bytes: %.200s", r.length, r.head);
	/* "Connection: close": theirs is the first word; some reset TCP after it. */
	n = recv(fd, &byte, 1, 0);
	if (n)
		return bad("end: recv() = %zd: %m (%s)", n, tls_error(fd));
	return !shutdown(fd, SHUT_WR) || errno == ENOTCONN || bad("shutdown: %m");
}

static bool run(const struct cell *c, enum mode mode)
{
	bool ok;
	int fd;

	if (mode == THROUGH) {
		fd = tcp_connect(AF_INET, c->port);
		if (fd < 0)
			return bad("connect: %m");
	} else {
		fd = tls_client(AF_INET, SOCK_CLOEXEC);
		if (fd < 0)
			return bad("socket: %m");
		if (tls_connect_fd(fd, AF_INET, c->port)) {
			bad("connect: %m (%s)", tls_error(fd));
			close(fd);
			return false;
		}
	}
	ok = exchange(c, fd, mode);
	close(fd);
	return ok;
}

static int run_all(enum mode mode)
{
	int number = 0, failed = 0;
	struct cell c;
	bool ok;

	while (scanf("%63s %d %15s %63s %15s", c.name, &c.port, c.version, c.suite, c.group) == 5) {
		ok = run(&c, mode);
		printf("%s %d %s %s %s %s\n", ok ? "ok" : "not ok", ++number, c.name, c.version,
		       c.suite, c.group);
		if (!ok)
			printf("# %s\n", why);
		failed += !ok;
		fflush(stdout);
	}
	return failed || !number;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!strcmp(what, "serve"))
		return serve(argc - 2, argv + 2, true);
	if (!strcmp(what, "backend"))
		return serve(argc - 2, argv + 2, false);
	if (!strcmp(what, "fetch"))
		return run_all(FETCH);
	if (!strcmp(what, "page"))
		return run_all(PAGE);
	if (!strcmp(what, "through"))
		return run_all(THROUGH);
	fprintf(stderr, "usage: talk serve|backend|fetch|page|through ...\n");
	return 2;
}
