// SPDX-License-Identifier: GPL-2.0
/*
 * For shell tests: a TLS socket, made and connected to itself or held open.
 *
 *	sockets one			a connection between two of ours
 *	sockets hold COMMAND...		succeeds if COMMAND fails while a socket is open
 */
#include "lib.h"

static int one_connection(void)
{
	int port = 0, lfd, fd, conn;
	char byte;

	lfd = tls_listen(AF_INET, &port, pki_file("p256.chain.pem"), pki_file("p256.key.pem"));
	fd = tls_client(AF_INET, 0);
	if (lfd < 0 || fd < 0) {
		perror("socket");
		return 1;
	}
	if (tls_connect_fd(fd, AF_INET, port)) {
		fprintf(stderr, "connect: %m (%s)\n", tls_error(fd));
		return 1;
	}
	conn = accept(lfd, NULL, NULL);
	if (send(fd, "x", 1, 0) != 1 || recv(conn, &byte, 1, 0) != 1)
		return 1;
	close(fd);
	if (recv(conn, &byte, 1, 0) != 0)
		return 1;
	close(conn);
	close(lfd);
	return 0;
}

static int hold(char **command)
{
	int fd = tls_socket(AF_INET, SOCK_CLOEXEC), status;
	pid_t child;

	if (fd < 0)
		return 1;
	child = fork();
	if (!child) {
		execvp(command[0], command);
		_exit(127);
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) && WEXITSTATUS(status) != 127 ? 0 : 1;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "one"))
		return one_connection();
	if (argc > 2 && !strcmp(argv[1], "hold"))
		return hold(argv + 2);
	return 2;
}
