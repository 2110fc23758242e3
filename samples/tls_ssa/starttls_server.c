// SPDX-License-Identifier: GPL-2.0
/*
 * A mail server that begins in plaintext and changes to TLS (STARTTLS), and takes
 * mail after that only; what it gets goes to a file.
 *
 *	starttls_server chain.pem key.pem port file
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <linux/tls_ssa.h>

static const char *chain, *key, *file;
static int fd;

static int fail(const char *what)
{
	char reason[256] = "";
	socklen_t len = sizeof(reason) - 1;

	perror(what);
	if (!getsockopt(fd, IPPROTO_TLS, TLS_ERROR, reason, &len))
		fprintf(stderr, "TLS: %s\n", reason);
	return -1;
}

/* Byte by byte: what follows STARTTLS is not ours to read yet. */
static int get_line(char *line, size_t size)
{
	size_t n = 0;
	ssize_t got;

	do {
		got = recv(fd, line + n, 1, 0);
		if (got != 1)
			return got ? fail("recv") : -1;
	} while (line[n++] != '\n' && n < size - 1);
	line[n] = '\0';
	return 0;
}

static void say(const char *text)
{
	send(fd, text, strlen(text), MSG_NOSIGNAL);
}

static int set(int level, int option, const char *value)
{
	return setsockopt(fd, level, option, value, strlen(value) + 1) ? fail(value) : 0;
}

static int start_tls(void)
{
	int role = TLS_HANDSHAKE_SERVER;

	if (set(SOL_TCP, TCP_ULP, "tls_ssa") ||
	    set(IPPROTO_TLS, TLS_CERTIFICATE_CHAIN, chain) ||
	    set(IPPROTO_TLS, TLS_PRIVATE_KEY, key))
		return -1;
	/* Fails if the client has sent commands behind STARTTLS. */
	if (setsockopt(fd, IPPROTO_TLS, TLS_HANDSHAKE, &role, sizeof(role)))
		return fail("TLS_HANDSHAKE");
	return 0;
}

static int take_message(void)
{
	FILE *f = fopen(file, "a");
	char line[2048];

	if (!f)
		return -1;
	say("354 go on\r\n");
	while (!get_line(line, sizeof(line)) && strcmp(line, ".\r\n"))
		fputs(line, f);
	return fclose(f);
}

static void serve(void)
{
	char line[2048];
	int tls = 0;

	say("220 server.test ESMTP\r\n");
	while (!get_line(line, sizeof(line))) {
		if (!strncasecmp(line, "EHLO", 4)) {
			say(tls ? "250 server.test\r\n" : "250-server.test\r\n250 STARTTLS\r\n");
		} else if (!strncasecmp(line, "STARTTLS", 8) && !tls) {
			say("220 ready\r\n");
			if (start_tls())
				return;
			tls = 1;
		} else if (!strncasecmp(line, "QUIT", 4)) {
			say("221 bye\r\n");
			return;
		} else if (!tls) {
			say("530 STARTTLS first\r\n");
		} else if (!strncasecmp(line, "DATA", 4)) {
			say(take_message() ? "451 not now\r\n" : "250 taken\r\n");
		} else {
			say("250 fine\r\n");
		}
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in6 addr = { .sin6_family = AF_INET6 };
	int lfd = socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP), on = 1;

	if (argc != 5)
		return 2;
	chain = argv[1];
	key = argv[2];
	file = argv[4];
	addr.sin6_port = htons(atoi(argv[3]));
	setsockopt(lfd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(lfd, (struct sockaddr *)&addr, sizeof(addr)) || listen(lfd, 16)) {
		perror("listen");
		return 1;
	}
	while ((fd = accept(lfd, NULL, NULL)) >= 0) {
		serve();
		close(fd);
	}
	return 1;
}
