// SPDX-License-Identifier: GPL-2.0
/*
 * Our end of connections with programs (mtls.sh): it says what the connection is.
 *
 *	ends client [OPTIONS] PORT	connects to server.test, prints what it is and,
 *					unless -q, the answer to a request of HTTP/1.0
 *	ends server [OPTIONS] PORT	answers each request with what the connection is
 *
 *	-v TLSv1.3			the only version
 *	-c CHAIN -k KEY			our certificate
 *	-a AUTHORITIES			whom we trust; else root.pem of the test PKI
 *	-r optional|required		server: ask for the client's certificate
 *	-p h2,http/1.1			application protocols
 *	-x LABEL			exporter of 32 bytes, without a context
 */
#include "lib.h"

struct ends {
	bool server;
	bool quiet;
	const char *version;
	const char *chain;
	const char *key;
	const char *authorities;
	int ask;
	const char *protocols;
	const char *label;
	int port;
};

static int fail(const char *what, int fd)
{
	printf("%s: %s\nTLS: %s\n", what, strerror(errno), fd < 0 ? "" : tls_error(fd));
	return 1;
}

static int set(int fd, int option, const char *value)
{
	return value ? tls_set_str(fd, option, value) : 0;
}

static int prepare(int fd, const void *arg)
{
	const struct ends *e = arg;

	if (set(fd, TLS_VERSION_MIN, e->version) || set(fd, TLS_VERSION_MAX, e->version) ||
	    set(fd, TLS_ALPN, e->protocols))
		return -1;
	if (e->server && !e->ask)
		return 0;
	if (set(fd, TLS_TRUSTED_PEER_CERTIFICATES, e->authorities))
		return -1;
	if (e->server)
		return setsockopt(fd, IPPROTO_TLS, TLS_REQUEST_PEER_AUTH, &e->ask, sizeof(e->ask));
	if (set(fd, TLS_CERTIFICATE_CHAIN, e->chain))
		return -1;
	return set(fd, TLS_PRIVATE_KEY, e->key);
}

/* "NAME: hexadecimal" of an option with 32 bytes; what is missing is empty */
static int put_bytes(char *to, const char *name, int fd, int option)
{
	unsigned char bytes[32];
	socklen_t len = sizeof(bytes), i;
	int n = sprintf(to, "%s: ", name);

	if (getsockopt(fd, IPPROTO_TLS, option, bytes, &len))
		len = 0;
	for (i = 0; i < len; i++)
		n += sprintf(to + n, "%02X", bytes[i]);
	return n + sprintf(to + n, "\n");
}

static int put_text(char *to, const char *name, int fd, int option)
{
	const char *text = tls_get_str(fd, option);

	return sprintf(to, "%s: %s\n", name, text ? text : "");
}

/* What the connection is, at most 2 KiB. Bytes of it */
static int describe(char *to, int fd, const struct ends *e)
{
	int n = 0;

	n += put_text(to + n, "version", fd, TLS_VERSION_CONN);
	n += put_text(to + n, "protocol", fd, TLS_ALPN);
	n += put_text(to + n, "peer", fd, TLS_PEER_IDENTITY);
	n += put_text(to + n, "signed with", fd, TLS_PEER_SIGALG);
	n += put_bytes(to + n, "binding", fd, TLS_CHANNEL_BINDING);
	if (e->label && !setsockopt(fd, IPPROTO_TLS, TLS_EXPORTER, e->label, strlen(e->label)))
		n += put_bytes(to + n, "exporter", fd, TLS_EXPORTER);
	return n;
}

static int client(const struct ends *e)
{
	static const char request[] = "GET / HTTP/1.0\r\nHost: server.test\r\n\r\n";
	int fd = tls_socket(AF_INET, 0);
	char text[8192];
	ssize_t n;

	if (fd < 0 || tls_set_str(fd, TLS_REMOTE_HOSTNAME, SERVER_NAME) || prepare(fd, e))
		return fail("setup", fd);
	if (tls_connect_fd(fd, AF_INET, e->port))
		return fail("connect", fd);
	n = describe(text, fd, e);
	fwrite(text, 1, n, stdout);
	if (e->quiet)
		return close(fd);
	if (send_all(fd, request, sizeof(request) - 1) != sizeof(request) - 1)
		return fail("send", fd);
	while ((n = recv(fd, text, sizeof(text), 0)) > 0)
		fwrite(text, 1, n, stdout);
	return n ? fail("recv", fd) : close(fd);
}

/* Reads to the empty line of a request. */
static bool has_request(int fd)
{
	char text[4096];
	size_t len = 0;
	ssize_t n;

	while (len < sizeof(text) - 1) {
		n = recv(fd, text + len, sizeof(text) - 1 - len, 0);
		if (n <= 0)
			return false;
		len += n;
		text[len] = 0;
		if (strstr(text, "\r\n\r\n"))
			return true;
	}
	return false;
}

static void answer(int fd, const struct ends *e)
{
	char body[2048], head[128];
	int len, n;

	if (!has_request(fd))
		return;
	len = describe(body, fd, e);
	n = snprintf(head, sizeof(head),
		     "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n",
		     len);
	if (send_all(fd, head, n) == n && send_all(fd, body, len) == len)
		shutdown(fd, SHUT_WR);
	while (recv(fd, head, sizeof(head), 0) > 0)
		;
}

static int server(const struct ends *e)
{
	int port = e->port, fd, one;

	fd = tls_listen_with(AF_INET, &port, e->chain, e->key, prepare, e);
	if (fd < 0)
		return fail("listen", -1);
	for (;;) {
		one = accept(fd, NULL, NULL);
		if (one < 0)
			return fail("accept", fd);
		answer(one, e);
		close(one);
	}
}

static bool read_arguments(struct ends *e, int argc, char **argv)
{
	int opt;

	if (argc < 3)
		return false;
	e->server = !strcmp(argv[1], "server");
	while ((opt = getopt(argc - 1, argv + 1, "v:c:k:a:r:p:x:q")) != -1) {
		switch (opt) {
		case 'v':
			e->version = optarg;
			break;
		case 'c':
			e->chain = optarg;
			break;
		case 'k':
			e->key = optarg;
			break;
		case 'a':
			e->authorities = optarg;
			break;
		case 'r':
			e->ask = strcmp(optarg, "required") ? TLS_PEER_AUTH_OPTIONAL :
							     TLS_PEER_AUTH_REQUIRED;
			break;
		case 'p':
			e->protocols = optarg;
			break;
		case 'x':
			e->label = optarg;
			break;
		case 'q':
			e->quiet = true;
			break;
		default:
			return false;
		}
	}
	if (optind + 2 != argc)
		return false;
	e->port = atoi(argv[optind + 1]);
	return true;
}

int main(int argc, char **argv)
{
	struct ends e = {
		.chain = NULL,
		.authorities = pki_file("root.pem"),
	};

	signal(SIGPIPE, SIG_IGN);
	if (!read_arguments(&e, argc, argv)) {
		fprintf(stderr, "usage: %s client|server [OPTIONS] PORT\n", argv[0]);
		return 2;
	}
	if (e.server && !e.chain) {
		e.chain = pki_file("p256.chain.pem");
		e.key = pki_file("p256.key.pem");
	}
	return e.server ? server(&e) : client(&e);
}
