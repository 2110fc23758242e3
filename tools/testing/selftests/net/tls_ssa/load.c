// SPDX-License-Identifier: GPL-2.0
/*
 * Many at once: 500 connections beside 50 stalled clients, all served, and
 * afterwards everything is as it was before.
 */
#include <sys/epoll.h>
#include <sys/resource.h>
#include "harness.h"
#include "link.h"

#define CONNECTIONS	500
#define STALLED		50
#define AT_ONCE		40

/* Sockets that TCP has allocated, in whatever state: /proc/net/sockstat */
static long tcp_sockets(void)
{
	FILE *f = fopen("/proc/net/sockstat", "r");
	long alloc = -1;
	char line[256];

	while (f && fgets(line, sizeof(line), f))
		sscanf(line, "TCP: inuse %*d orphan %*d tw %*d alloc %ld", &alloc);
	if (f)
		fclose(f);
	return alloc;
}

/* Accepts and echoes 8 bytes on each connection, as an event loop does. */
static void echo_server(int lfd, int count)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.fd = lfd }, out[64];
	int ep = epoll_create1(0), i, n, done = 0;

	fcntl(lfd, F_SETFL, O_NONBLOCK);
	epoll_ctl(ep, EPOLL_CTL_ADD, lfd, &ev);
	while (done < count) {
		n = epoll_wait(ep, out, ARRAY_SIZE(out), -1);
		for (i = 0; i < n; i++) {
			char buf[8];
			int fd = out[i].data.fd;
			ssize_t got;

			if (fd == lfd) {
				while ((fd = accept4(lfd, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
					ev.data.fd = fd;
					epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
				}
				continue;
			}
			got = recv(fd, buf, sizeof(buf), 0);
			if (got == sizeof(buf)) {
				if (send(fd, buf, got, MSG_NOSIGNAL) != got)
					_exit(2);
			} else if (got < 0 && errno == EAGAIN) {
				continue;
			} else if (!got) {
				close(fd);
				done++;
			} else {
				_exit(3);
			}
		}
	}
	_exit(0);
}

/* Runs @count connections to @port, @at_once at a time; how many went well. */
static int run_clients(int port, int count, int at_once)
{
	struct epoll_event ev, out[64];
	int ep = epoll_create1(0), started = 0, open = 0, ok = 0, i, n;

	while (started < count || open) {
		while (started < count && open < at_once) {
			int fd = tls_client(AF_INET, SOCK_NONBLOCK);

			if (fd < 0)
				return -1;
			tls_connect_fd(fd, AF_INET, port);
			ev.events = EPOLLOUT;
			ev.data.fd = fd;
			epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
			started++;
			open++;
		}
		n = epoll_wait(ep, out, ARRAY_SIZE(out), -1);
		for (i = 0; i < n; i++) {
			int fd = out[i].data.fd;
			char buf[8];

			if (out[i].events == EPOLLOUT) {
				if (send(fd, "12345678", 8, MSG_NOSIGNAL) == 8) {
					ev.events = EPOLLIN;
					ev.data.fd = fd;
					epoll_ctl(ep, EPOLL_CTL_MOD, fd, &ev);
					continue;
				}
			} else if (recv(fd, buf, 8, 0) == 8) {
				ok += !memcmp(buf, "12345678", 8);
			} else if (errno == EAGAIN && !(out[i].events & EPOLLERR)) {
				continue;
			} else {
				fprintf(stderr, "# events %x: %s (%s)\n", out[i].events,
					strerror(so_error(fd)), tls_error(fd));
			}
			close(fd);
			open--;
		}
	}
	close(ep);
	return ok;
}

static int serve(int *port, int count, pid_t *child)
{
	int lfd = tls_listen(AF_INET, port, pki_file("p256.chain.pem"),
			     pki_file("p256.key.pem"));

	if (lfd < 0)
		return -1;
	*child = fork();
	if (!*child)
		echo_server(lfd, count);
	close(lfd);
	return 0;
}

static void wait_for_quiet(void)
{
	while (ssa_counter("HandshakesInFlight") > 0)
		usleep(20000);
}

TEST(healthy_beside_stalled)
{
	int port = 0, i, status, stalled[STALLED];
	long before, ours;
	pid_t child;

	/* Once before the count, so that caches and the trust store are filled. */
	ASSERT_EQ(0, serve(&port, 20, &child));
	ASSERT_EQ(20, run_clients(port, 20, AT_ONCE));
	waitpid(child, &status, 0);
	ASSERT_EQ(0, status);
	wait_for_quiet();
	before = tcp_sockets();
	ours = ssa_counter("Sockets");
	ASSERT_LE(0, before);
	ASSERT_LE(0, ours);

	port = 0;
	ASSERT_EQ(0, serve(&port, CONNECTIONS, &child));
	for (i = 0; i < STALLED; i++) {
		stalled[i] = tcp_connect(AF_INET, port);
		ASSERT_LE(0, stalled[i]);
		if (i & 1)
			send(stalled[i], "\26\3\1\2\0\1", 6, 0);
	}
	EXPECT_EQ(CONNECTIONS, run_clients(port, CONNECTIONS, AT_ONCE));
	waitpid(child, &status, 0);
	EXPECT_EQ(0, status);
	for (i = 0; i < STALLED; i++)
		close(stalled[i]);
	wait_for_quiet();

	/* Those on their way out go on their own, within a minute or so. */
	for (i = 0; i < 1200 && (tcp_sockets() > before || ssa_counter("Sockets") > ours); i++)
		usleep(100000);
	EXPECT_GE(before, tcp_sockets());
	EXPECT_GE(ours, ssa_counter("Sockets"));
	EXPECT_EQ(0, ssa_counter("HandshakesInFlight"));
}

/* Counts that add up: what began has ended, one way or another. */
TEST(counters_add_up)
{
	long long started = ssa_counter("ServerHandshakesStarted");
	long long done = ssa_counter("ServerHandshakesDone");
	int port = 0, status;
	pid_t child;

	ASSERT_EQ(0, serve(&port, 10, &child));
	ASSERT_EQ(10, run_clients(port, 10, AT_ONCE));
	waitpid(child, &status, 0);
	EXPECT_EQ(started + 10, ssa_counter("ServerHandshakesStarted"));
	EXPECT_EQ(done + 10, ssa_counter("ServerHandshakesDone"));
}

/* A limit of handshakes in flight holds back, and refuses nobody. */
TEST(limit_of_handshakes_in_flight)
{
	static const char path[] = "/proc/sys/net/ssa/handshakes_max";
	int port = 0, silent_port = 0, silent, hanging[4], status, fd, i;
	char saved[32] = "";
	pid_t child;

	fd = open(path, O_RDWR);
	ASSERT_LE(0, fd);
	ASSERT_LT(0, read(fd, saved, sizeof(saved) - 1));
	ASSERT_EQ(2, pwrite(fd, "2\n", 2, 0));
	/* Clients do not count: anybody could make servers wait by some that hang. */
	silent = tcp_listen(AF_INET, &silent_port);
	for (i = 0; i < 4; i++) {
		hanging[i] = tls_client(AF_INET, SOCK_NONBLOCK);
		ASSERT_LE(0, hanging[i]);
		EXPECT_EQ(-1, tls_connect_fd(hanging[i], AF_INET, silent_port));
		EXPECT_EQ(EINPROGRESS, errno);
	}
	ASSERT_EQ(0, serve(&port, 60, &child));
	EXPECT_EQ(60, run_clients(port, 60, 4));
	waitpid(child, &status, 0);
	EXPECT_EQ(0, status);
	EXPECT_LT(0, pwrite(fd, saved, strlen(saved), 0));
	close(fd);
	for (i = 0; i < 4; i++)
		close(hanging[i]);
	close(silent);
	wait_for_quiet();
}

int main(int argc, char **argv)
{
	struct rlimit limit = { 4096, 4096 };

	setrlimit(RLIMIT_NOFILE, &limit);
	return harness_main(argc, argv, 3);
}
