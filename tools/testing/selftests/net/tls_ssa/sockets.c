// SPDX-License-Identifier: GPL-2.0
/*
 * For shell tests: a TLS socket, made and connected to itself or held open.
 *
 *	sockets one			a connection between two of ours
 *	sockets hold COMMAND...		succeeds if COMMAND fails while a socket is open
 *	sockets outlive COMMAND...	succeeds if COMMAND does while there are connections
 *					that have passed from a listener of ours to a plain one;
 *					closes them behind it
 */
#include "lib.h"

#define MIGRATE_SYSCTL	"/proc/sys/net/ipv4/tcp_migrate_req"
#define MAX_SYSCTL	"/proc/sys/net/ssa/handshakes_max"
#define PASSED		4

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

static int run(char **command)
{
	pid_t child = fork();
	int status;

	if (!child) {
		execvp(command[0], command);
		_exit(127);
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 127;
}

static int hold(char **command)
{
	int fd = tls_socket(AF_INET, SOCK_CLOEXEC), status;

	if (fd < 0)
		return 1;
	status = run(command);
	return status && status != 127 ? 0 : 1;
}

static int share_port(int fd, const void *arg)
{
	int one = 1;

	return setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one));
}

static int outlive(char **command)
{
	int port = 0, tls, plain, i, fd, n = 0, status, client[PASSED];
	char migrate[32], max[32];
	struct sockaddr_storage ss;

	/* All but one wait in TCP's queue. */
	if (set_sysctl(MIGRATE_SYSCTL, "1", migrate) || set_sysctl(MAX_SYSCTL, "1", max))
		return 1;
	tls = tls_listen_with(AF_INET, &port, pki_file("p256.chain.pem"),
			      pki_file("p256.key.pem"), share_port, NULL);
	for (i = 0; i < PASSED; i++)
		client[i] = tcp_connect(AF_INET, port);
	settle();
	plain = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (share_port(plain, NULL) ||
	    bind(plain, (struct sockaddr *)&ss, loopback(&ss, AF_INET, port)) ||
	    listen(plain, PASSED)) {
		perror("the plain listener");
		return 1;
	}
	close(tls);
	while ((fd = accept4(plain, NULL, NULL, SOCK_CLOEXEC)) >= 0)
		n++;
	close(plain);
	if (set_sysctl(MIGRATE_SYSCTL, migrate, NULL) || set_sysctl(MAX_SYSCTL, max, NULL) || !n) {
		fprintf(stderr, "%d connections have passed\n", n);
		return 1;
	}
	status = run(command);
	/* All of them are closed here. */
	close_range(client[0], ~0U, 0);
	return status;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "one"))
		return one_connection();
	if (argc > 2 && !strcmp(argv[1], "hold"))
		return hold(argv + 2);
	if (argc > 2 && !strcmp(argv[1], "outlive"))
		return outlive(argv + 2);
	return 2;
}
