// SPDX-License-Identifier: GPL-2.0
/*
 * A simple HTTPS client with the Secure Socket API: Listing 1 of the article,
 * with its error checks. The kernel looks up the name, performs the handshake
 * and verifies the certificate; there is no TLS library here.
 *
 *	https_client [-a authorities.pem] host [port [path]]
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <sys/socket.h>
#include <linux/tls_ssa.h>

static int fail(const char *what, int fd)
{
	char reason[256] = "";
	socklen_t len = sizeof(reason) - 1;
	int err = errno;

	fprintf(stderr, "%s: %s (errno %d)\n", what, strerror(err), err);
	if (fd >= 0 && !getsockopt(fd, IPPROTO_TLS, TLS_ERROR, reason, &len) && reason[0])
		fprintf(stderr, "TLS: %s\n", reason);
	return 1;
}

int main(int argc, char **argv)
{
	const char *authorities = NULL, *host, *port, *path;
	struct sockaddr_host addr;
	char request[2048], response[2048];
	int opt, fd;
	ssize_t n;

	while ((opt = getopt(argc, argv, "a:")) != -1) {
		if (opt != 'a')
			return 2;
		authorities = optarg;
	}
	if (optind >= argc || strlen(argv[optind]) >= sizeof(addr.sin_addr.name)) {
		fprintf(stderr, "usage: %s [-a authorities.pem] host [port [path]]\n",
			argv[0]);
		return 2;
	}
	host = argv[optind];
	port = optind + 1 < argc ? argv[optind + 1] : "443";
	path = optind + 2 < argc ? argv[optind + 2] : "/";

	/* Use hostname address family */
	memset(&addr, 0, sizeof(addr));
	addr.sin_family = AF_HOSTNAME;
	strcpy(addr.sin_addr.name, host);
	addr.sin_port = htons(atoi(port));

	/* Request a TLS socket (instead of TCP) */
	fd = socket(PF_INET, SOCK_STREAM, IPPROTO_TLS);
	if (fd < 0)
		return fail("socket", fd);
	/* By default the system's authorities are trusted. */
	if (authorities && setsockopt(fd, IPPROTO_TLS, TLS_TRUSTED_PEER_CERTIFICATES,
				      authorities, strlen(authorities) + 1))
		return fail(authorities, fd);
	/* TLS handshake (verification done for us) */
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)))
		return fail(host, fd);

	snprintf(request, sizeof(request),
		 "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", path, host);
	/* Send HTTP request encrypted with TLS */
	if (send(fd, request, strlen(request), 0) < 0)
		return fail("send", fd);
	/* Receive decrypted response */
	while ((n = recv(fd, response, sizeof(response), 0)) > 0)
		fwrite(response, 1, n, stdout);
	if (n < 0)
		return fail("recv", fd);
	/* Shut down TLS connection and socket */
	close(fd);
	return 0;
}
