// SPDX-License-Identifier: GPL-2.0
/*
 * A client for mail servers that begin in plaintext and change to TLS (STARTTLS):
 * an ordinary TCP socket becomes a TLS socket in place.
 *
 *	starttls_client [-a authorities.pem] smtp|imap host port < commands
 *
 * The commands go through TLS, each after the answer to the one before; the
 * server's answers are printed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <linux/tls_ssa.h>

static int fd = -1;
static int smtp;

static void die(const char *what)
{
	char reason[256] = "";
	socklen_t len = sizeof(reason) - 1;

	perror(what);
	if (!getsockopt(fd, IPPROTO_TLS, TLS_ERROR, reason, &len))
		fprintf(stderr, "TLS: %s\n", reason);
	exit(1);
}

/* Byte by byte: not one of those behind the line may be taken before TLS. */
static void get_line(char *line, size_t size)
{
	size_t n = 0;

	do {
		if (recv(fd, line + n, 1, 0) != 1)
			die("recv");
	} while (line[n++] != '\n' && n < size - 1);
	line[n] = '\0';
	fputs(line, stdout);
}

/* The last line of an answer: "250 ..." is it, "250-..." not; in IMAP, that with the tag. */
static void get_answer(char *line, size_t size, const char *tag)
{
	do
		get_line(line, size);
	while (smtp ? line[3] == '-' : strncmp(line, tag, strlen(tag)));
}

static void say(const char *text)
{
	if (send(fd, text, strlen(text), MSG_NOSIGNAL) != (ssize_t)strlen(text))
		die("send");
}

static void set(int level, int option, const char *value)
{
	if (setsockopt(fd, level, option, value, strlen(value) + 1))
		die(value);
}

static void connect_tcp(const char *host, const char *port)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list, *a;

	if (getaddrinfo(host, port, &hints, &list))
		exit(1);
	for (a = list; a; a = a->ai_next) {
		fd = socket(a->ai_family, SOCK_STREAM, IPPROTO_TCP);
		if (!connect(fd, a->ai_addr, a->ai_addrlen))
			break;
		close(fd);
	}
	if (!a)
		die(host);
	freeaddrinfo(list);
}

static void start_tls(const char *authorities, const char *host)
{
	int role = TLS_HANDSHAKE_CLIENT;

	set(SOL_TCP, TCP_ULP, "tls_ssa");
	set(IPPROTO_TLS, TLS_REMOTE_HOSTNAME, host);
	if (authorities)
		set(IPPROTO_TLS, TLS_TRUSTED_PEER_CERTIFICATES, authorities);
	/* Fails if somebody has put plaintext behind the answer to STARTTLS. */
	if (setsockopt(fd, IPPROTO_TLS, TLS_HANDSHAKE, &role, sizeof(role)))
		die("TLS_HANDSHAKE");
}

int main(int argc, char **argv)
{
	char line[2048], answer[2048], tag[32] = "";
	const char *authorities = NULL;

	if (argc > 2 && !strcmp(argv[1], "-a")) {
		authorities = argv[2];
		argc -= 2;
		argv += 2;
	}
	if (argc != 4)
		return 2;
	smtp = !strcmp(argv[1], "smtp");

	connect_tcp(argv[2], argv[3]);
	get_answer(answer, sizeof(answer), "* OK");
	if (smtp) {
		say("EHLO client.test\r\n");
		get_answer(answer, sizeof(answer), "");
		say("STARTTLS\r\n");
	} else {
		say("s STARTTLS\r\n");
	}
	get_answer(answer, sizeof(answer), "s ");
	if (strncmp(answer, smtp ? "220" : "s OK", smtp ? 3 : 4))
		return 1;
	start_tls(authorities, argv[2]);

	while (fgets(line, sizeof(line) - 1, stdin)) {
		line[strcspn(line, "\r\n")] = '\0';
		snprintf(tag, sizeof(tag), "%.*s ", (int)strcspn(line, " "), line);
		strcat(line, "\r\n");
		say(line);
		/* The message itself has one answer, after its last line. */
		if (!smtp || strncmp(answer, "354", 3) || !strcmp(line, ".\r\n"))
			get_answer(answer, sizeof(answer), tag);
	}
	close(fd);
	return 0;
}
