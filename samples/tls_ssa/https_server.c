// SPDX-License-Identifier: GPL-2.0
/*
 * A simple HTTPS server with the Secure Socket API: Listing 2 of the article,
 * with its error checks. The kernel performs the handshakes; there is no TLS
 * library here, and the private key never enters this process.
 *
 *	https_server CERT_FILE KEY_FILE [port [directory]]
 *
 * With a directory, the files in it are served, by sendfile().
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <linux/tls_ssa.h>

#define BUFFER_SIZE	4096

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

/* The file that "GET /name ..." asks for; -1 if there is none. */
static int open_file(const char *request, int directory)
{
	char name[256];

	if (directory < 0 || sscanf(request, "GET /%255[^ /?]", name) != 1 || name[0] == '.')
		return -1;
	return openat(directory, name, O_RDONLY | O_NOFOLLOW);
}

static int send_file(int c_fd, int file)
{
	char head[128];
	struct stat st;
	off_t off = 0;

	if (fstat(file, &st) || !S_ISREG(st.st_mode))
		return -1;
	snprintf(head, sizeof(head),
		 "HTTP/1.1 200 OK\r\nContent-Length: %lld\r\nConnection: close\r\n\r\n",
		 (long long)st.st_size);
	if (send(c_fd, head, strlen(head), MSG_MORE) < 0)
		return -1;
	/* The kernel reads the file and encrypts it: its bytes do not come here. */
	while (off < st.st_size)
		if (sendfile(c_fd, file, &off, st.st_size - off) <= 0)
			return -1;
	return 0;
}

static int send_page(int c_fd)
{
	static const char page[] = "Hello from the kernel's TLS.\n";
	char response[BUFFER_SIZE];
	int n = snprintf(response, sizeof(response),
			 "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
			 "Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
			 sizeof(page) - 1, page);

	return send(c_fd, response, n, 0) == n ? 0 : -1;
}

/* What has come once the request is complete; 0 if it never is. */
static ssize_t receive_request(int c_fd, char *request, size_t size)
{
	size_t got = 0;
	ssize_t n;

	while (got < size - 1) {
		n = recv(c_fd, request + got, size - 1 - got, 0);
		if (n <= 0)
			return n;
		got += n;
		request[got] = 0;
		if (strstr(request, "\r\n\r\n") || strstr(request, "\n\n"))
			return got;
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *port = argc > 3 ? argv[3] : "443";
	int fd, directory = -1, one = 1;
	char request[BUFFER_SIZE];

	/* Use standard IPv4 address type */
	struct sockaddr_in addr;

	if (argc < 3) {
		fprintf(stderr, "usage: %s CERT_FILE KEY_FILE [port [directory]]\n", argv[0]);
		return 2;
	}
	if (argc > 4) {
		directory = open(argv[4], O_RDONLY | O_DIRECTORY);
		if (directory < 0)
			return fail(argv[4], -1);
	}
	signal(SIGPIPE, SIG_IGN);
	memset(&addr, 0, sizeof(addr));
	addr.sin_family = AF_INET;
	addr.sin_addr.s_addr = INADDR_ANY;
	addr.sin_port = htons(atoi(port));

	/* Request a TLS socket */
	fd = socket(PF_INET, SOCK_STREAM, IPPROTO_TLS);
	if (fd < 0)
		return fail("socket", fd);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		return fail("bind", fd);
	/* Assign certificate chain */
	if (setsockopt(fd, IPPROTO_TLS, TLS_CERTIFICATE_CHAIN, argv[1], strlen(argv[1]) + 1))
		return fail(argv[1], fd);
	/* Assign private key */
	if (setsockopt(fd, IPPROTO_TLS, TLS_PRIVATE_KEY, argv[2], strlen(argv[2]) + 1))
		return fail(argv[2], fd);
	if (listen(fd, SOMAXCONN))
		return fail("listen", fd);

	while (1) {
		struct sockaddr_storage addr;
		socklen_t addr_len = sizeof(addr);
		int file, ret;
		/* Accept new client, whose TLS handshake is done */
		int c_fd = accept(fd, (struct sockaddr *)&addr, &addr_len);

		if (c_fd < 0)
			return fail("accept", fd);
		/* Receive decrypted request */
		if (receive_request(c_fd, request, sizeof(request)) > 0) {
			file = open_file(request, directory);
			/* Send encrypted response */
			ret = file >= 0 ? send_file(c_fd, file) : send_page(c_fd);
			if (ret)
				fail("send", c_fd);
			if (file >= 0)
				close(file);
		}
		close(c_fd);
	}
}
