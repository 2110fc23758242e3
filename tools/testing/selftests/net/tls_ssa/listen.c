// SPDX-License-Identifier: GPL-2.0
/*
 * bind(), listen(), accept(): only finished connections come out, and nobody
 * who stalls or talks nonsense delays the others.
 */
#include <sys/epoll.h>
#include "harness.h"
#include "link.h"

FIXTURE(server)
{
	int lfd;		/* ours */
	int port;
	struct peer_config cfg;
};

FIXTURE_VARIANT(server)
{
	int family;
	enum peer_kind peer;
};

FIXTURE_VARIANT_ADD(server, ipv4_openssl) { .family = AF_INET, .peer = PEER_OPENSSL };
FIXTURE_VARIANT_ADD(server, ipv6_gnutls) { .family = AF_INET6, .peer = PEER_GNUTLS };

FIXTURE_SETUP(server)
{
	self->lfd = tls_listen(variant->family, &self->port, pki_file("p256.chain.pem"),
			       pki_file("p256.key.pem"));
	ASSERT_LE(0, self->lfd)
		TH_LOG("%m");
	self->cfg.ca = pki_file("root.pem");
	self->cfg.name = SERVER_NAME;
}

FIXTURE_TEARDOWN(server)
{
	if (self->lfd >= 0)
		close(self->lfd);
}

/* A client whose handshake is done, although nobody has called accept() yet */
static struct peer *new_client(struct __test_metadata *_metadata, FIXTURE_DATA(server) *self,
			       const FIXTURE_VARIANT(server) *variant)
{
	struct peer *p = peer_new(variant->peer, &self->cfg,
				  tcp_connect(variant->family, self->port));

	ASSERT_NE(NULL, p);
	ASSERT_EQ(0, peer_handshake(p))
		TH_LOG("%s", p->error);
	return p;
}

static void check_exchange(struct __test_metadata *_metadata, int fd, struct peer *p)
{
	char in[4];

	ASSERT_EQ(4, peer_send(p, "ping", 4));
	ASSERT_EQ(4, recv_all(fd, in, 4));
	EXPECT_EQ(0, memcmp(in, "ping", 4));
	ASSERT_EQ(4, send(fd, "pong", 4, 0));
	ASSERT_EQ(4, peer_recv_all(p, in, 4));
	EXPECT_EQ(0, memcmp(in, "pong", 4));
}

TEST_F(server, handshake_needs_no_accept)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	struct peer *p = new_client(_metadata, self, variant);
	long long accepted = ssa_counter("Accepted");
	int fd;

	EXPECT_EQ(POLLIN, poll_wait(self->lfd, POLLIN));
	fd = accept(self->lfd, (struct sockaddr *)&ss, &len);
	ASSERT_LE(0, fd);
	EXPECT_EQ(accepted + 1, ssa_counter("Accepted"));
	EXPECT_EQ(variant->family, ss.ss_family);
	EXPECT_EQ(local_port(p->fd), ntohs(((struct sockaddr_in *)&ss)->sin_port));
	EXPECT_EQ(0, poll_one(self->lfd, POLLIN, 0));
	EXPECT_EQ(-1, tls_connect_fd(fd, variant->family, self->port));
	EXPECT_EQ(EISCONN, errno);
	check_exchange(_metadata, fd, p);
	close(fd);
	peer_free(p);
}

/* Data that came before accept() is there, and so is the end of it. */
TEST_F(server, data_before_accept)
{
	struct peer *p = new_client(_metadata, self, variant);
	char in[8];
	int fd;

	ASSERT_EQ(5, peer_send(p, "early", 5));
	ASSERT_EQ(0, peer_close_notify(p));
	settle();
	fd = accept(self->lfd, NULL, NULL);
	ASSERT_LE(0, fd);
	EXPECT_NE(0, poll_one(fd, POLLIN, -1) & POLLIN);
	ASSERT_EQ(5, recv_all(fd, in, 5));
	EXPECT_EQ(0, memcmp(in, "early", 5));
	EXPECT_EQ(0, recv(fd, in, 1, 0));
	close(fd);
	peer_free(p);
}

TEST_F(server, accept_nonblocking)
{
	struct timeval tv = { .tv_usec = 100000 };
	struct peer *p;
	int fd;

	fcntl(self->lfd, F_SETFL, O_NONBLOCK);
	EXPECT_EQ(-1, accept(self->lfd, NULL, NULL));
	EXPECT_EQ(EAGAIN, errno);
	fcntl(self->lfd, F_SETFL, 0);
	ASSERT_EQ(0, setsockopt(self->lfd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)));
	EXPECT_EQ(-1, accept(self->lfd, NULL, NULL));
	EXPECT_EQ(EAGAIN, errno);

	p = new_client(_metadata, self, variant);
	poll_wait(self->lfd, POLLIN);
	fd = accept4(self->lfd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_NE(0, fcntl(fd, F_GETFL) & O_NONBLOCK);
	EXPECT_NE(0, fcntl(fd, F_GETFD) & FD_CLOEXEC);
	EXPECT_EQ(-1, recv(fd, &tv, 1, 0));
	EXPECT_EQ(EAGAIN, errno);
	close(fd);
	peer_free(p);
}

TEST_F(server, accept_wakes_for_a_finished_handshake_only)
{
	int stalled = tcp_connect(variant->family, self->port), ep = epoll_create1(0);
	struct epoll_event ev = { .events = EPOLLIN };
	struct peer *p;
	pid_t child;
	int status;

	/* Who waits is woken, also if nobody runs the handshake in accept(). */
	ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_ADD, self->lfd, &ev));
	EXPECT_EQ(0, epoll_wait(ep, &ev, 1, 0));
	p = new_client(_metadata, self, variant);
	EXPECT_EQ(1, epoll_wait(ep, &ev, 1, 10000));
	close(ep);
	close(accept(self->lfd, NULL, NULL));
	peer_free(p);

	child = fork();
	if (!child)
		_exit(accept(self->lfd, NULL, NULL) >= 0 ? 0 : 1);
	settle();
	EXPECT_EQ(0, waitpid(child, &status, WNOHANG));
	EXPECT_EQ(0, poll_one(self->lfd, POLLIN, 0));
	p = new_client(_metadata, self, variant);
	waitpid(child, &status, 0);
	EXPECT_EQ(0, status);
	close(stalled);
	peer_free(p);
}

TEST_F(server, two_processes_accept)
{
	struct peer *p[2];
	pid_t child[2];
	int i, status;

	for (i = 0; i < 2; i++) {
		child[i] = fork();
		if (!child[i])
			_exit(accept(self->lfd, NULL, NULL) >= 0 ? 0 : 1);
	}
	for (i = 0; i < 2; i++)
		p[i] = new_client(_metadata, self, variant);
	for (i = 0; i < 2; i++) {
		waitpid(child[i], &status, 0);
		EXPECT_EQ(0, status);
		peer_free(p[i]);
	}
}

TEST_F(server, stalled_clients_delay_nobody)
{
	int stalled[30], fd;
	size_t i;
	struct peer *p;

	/* Silent, in the middle of a header, in the middle of a record */
	for (i = 0; i < ARRAY_SIZE(stalled); i++) {
		stalled[i] = tcp_connect(variant->family, self->port);
		ASSERT_LE(0, stalled[i]);
		if (i % 3 == 1)
			send(stalled[i], "\26\3\1", 3, 0);
		if (i % 3 == 2)
			send(stalled[i], "\26\3\1\2\0\1\0\1\374\3\3", 11, 0);
	}
	for (i = 0; i < 3; i++) {
		p = new_client(_metadata, self, variant);
		fd = accept(self->lfd, NULL, NULL);
		ASSERT_LE(0, fd);
		check_exchange(_metadata, fd, p);
		close(fd);
		peer_free(p);
	}
	for (i = 0; i < ARRAY_SIZE(stalled); i++)
		close(stalled[i]);
}

TEST_F(server, failed_handshakes_do_not_come_out)
{
	int i, bad, fd;
	struct peer *p;
	char byte;

	for (i = 0; i < 5; i++) {
		bad = tcp_connect(variant->family, self->port);
		send(bad, "GET / HTTP/1.0\r\n\r\n", 18, 0);
		while (recv(bad, &byte, 1, 0) > 0)
			;
		close(bad);
	}
	EXPECT_EQ(0, poll_one(self->lfd, POLLIN, 0));
	p = new_client(_metadata, self, variant);
	fd = accept(self->lfd, NULL, NULL);
	ASSERT_LE(0, fd);
	check_exchange(_metadata, fd, p);
	close(fd);
	peer_free(p);
}

TEST_F(server, shutdown_wakes_accept)
{
	int status, stalled = tcp_connect(variant->family, self->port);
	pid_t child = fork();

	if (!child)
		_exit(accept(self->lfd, NULL, NULL) == -1 && errno == EINVAL ? 0 : 1);
	settle();
	EXPECT_EQ(0, waitpid(child, &status, WNOHANG));
	EXPECT_EQ(0, shutdown(self->lfd, SHUT_RDWR));
	waitpid(child, &status, 0);
	EXPECT_EQ(0, status);
	close(stalled);
}

/* Whatever is in a listener's hands when it closes: its clients hear of it. */
TEST_F(server, close_with_clients_in_every_state)
{
	int i, stalled[5];
	struct peer *ready[3];
	char byte;

	for (i = 0; i < 5; i++)
		stalled[i] = tcp_connect(variant->family, self->port);
	for (i = 0; i < 3; i++)
		ready[i] = new_client(_metadata, self, variant);
	close(self->lfd);
	self->lfd = -1;
	for (i = 0; i < 5; i++) {
		EXPECT_GE(0, recv(stalled[i], &byte, 1, 0));
		close(stalled[i]);
	}
	for (i = 0; i < 3; i++) {
		EXPECT_GE(0, peer_recv(ready[i], &byte, 1));
		peer_free(ready[i]);
	}
	EXPECT_EQ(-1, tcp_connect(variant->family, self->port));
}

/*
 * With as many connections waiting for accept() as the backlog allows, and one more, as
 * with TCP, the next one waits in TCP's queue; accept() makes room for it.
 */
TEST_F(server, backlog_holds_the_rest_back)
{
	long long before = ssa_counter("ServerHandshakesDone");
	struct peer *p[2];
	int third, fd;

	ASSERT_EQ(0, listen(self->lfd, 1));
	p[0] = new_client(_metadata, self, variant);
	p[1] = new_client(_metadata, self, variant);
	ASSERT_EQ(before + 2, ssa_counter_wait("ServerHandshakesDone", before + 1));
	third = tls_client(variant->family, SOCK_NONBLOCK);
	ASSERT_LE(0, third);
	EXPECT_EQ(-1, tls_connect_fd(third, variant->family, self->port));
	EXPECT_EQ(EINPROGRESS, errno);
	settle();
	EXPECT_EQ(0, poll_one(third, POLLOUT, 0));
	fd = accept(self->lfd, NULL, NULL);
	EXPECT_LE(0, fd);
	EXPECT_EQ(POLLOUT, poll_wait(third, POLLOUT));
	close(fd);
	close(third);
	peer_free(p[0]);
	peer_free(p[1]);
}

/* A finished connection whose client has gone is still handed out, as with TCP. */
TEST_F(server, client_gone_before_accept)
{
	struct peer *p = new_client(_metadata, self, variant);
	char byte;
	int fd;

	peer_free(p);
	settle();
	fd = accept(self->lfd, NULL, NULL);
	ASSERT_LE(0, fd);
	EXPECT_GE(0, recv(fd, &byte, 1, 0));
	close(fd);
}

TEST_F(server, listener_is_no_connection)
{
	char byte;

	EXPECT_EQ(-1, send(self->lfd, "x", 1, MSG_NOSIGNAL));
	EXPECT_EQ(-1, recv(self->lfd, &byte, 1, 0));
	EXPECT_EQ(ENOTCONN, errno);
	EXPECT_EQ(-1, tls_connect_fd(self->lfd, variant->family, self->port));
	EXPECT_EQ(EISCONN, errno);
	EXPECT_EQ(0, listen(self->lfd, 10));	/* a new backlog is allowed */
}

TEST_F(server, accepted_socket_outlives_its_listener)
{
	struct peer *p = new_client(_metadata, self, variant);
	int fd = accept(self->lfd, NULL, NULL);

	ASSERT_LE(0, fd);
	close(self->lfd);
	self->lfd = -1;
	check_exchange(_metadata, fd, p);
	close(fd);
	peer_free(p);
}

TEST_F(server, many_at_once)
{
	struct peer *p[12];
	int fd[12];
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(p); i++)
		p[i] = new_client(_metadata, self, variant);
	for (i = 0; i < ARRAY_SIZE(p); i++) {
		fd[i] = accept(self->lfd, NULL, NULL);
		ASSERT_LE(0, fd[i]);
	}
	for (i = 0; i < ARRAY_SIZE(p); i++) {
		struct sockaddr_storage ss;
		socklen_t len = sizeof(ss);

		getpeername(fd[i], (struct sockaddr *)&ss, &len);
		for (j = 0; j < ARRAY_SIZE(p); j++)
			if (p[j] && local_port(p[j]->fd) ==
				    ntohs(((struct sockaddr_in *)&ss)->sin_port))
				break;
		ASSERT_NE(ARRAY_SIZE(p), j);
		check_exchange(_metadata, fd[i], p[j]);
		close(fd[i]);
		peer_free(p[j]);
		p[j] = NULL;
	}
}

#define BACKLOG		20
#define PENDING		(8 * BACKLOG)	/* more than the 128 that every listener may have */
#define BEYOND		10		/* wait in TCP's backlog */

static long long in_flight_is(long long count)
{
	while (ssa_counter("HandshakesInFlight") != count)
		usleep(10000);
	return count;
}

/*
 * A listener runs so many handshakes at once, by its backlog, and no more: the next ones
 * begin when others end.
 */
TEST(limit_of_pending_handshakes)
{
	int port = 0, lfd, fd[PENDING + BEYOND], i;
	struct peer_config cfg = { .ca = pki_file("root.pem"), .name = SERVER_NAME };
	long long before = ssa_counter("HandshakesInFlight");
	long long started = ssa_counter("ServerHandshakesStarted");
	struct peer *p;

	lfd = tls_listen(AF_INET, &port, pki_file("p256.chain.pem"), pki_file("p256.key.pem"));
	ASSERT_LE(0, lfd);
	ASSERT_EQ(0, listen(lfd, BACKLOG));
	for (i = 0; i < PENDING + BEYOND; i++) {
		fd[i] = tcp_connect(AF_INET, port);
		ASSERT_LE(0, fd[i]);
	}
	in_flight_is(before + PENDING);
	settle();
	EXPECT_EQ(before + PENDING, ssa_counter("HandshakesInFlight"));
	EXPECT_EQ(started + PENDING, ssa_counter("ServerHandshakesStarted"));
	/* One that goes makes room for one. */
	close(fd[0]);
	while (ssa_counter("ServerHandshakesStarted") != started + PENDING + 1)
		usleep(10000);
	settle();
	EXPECT_EQ(before + PENDING, ssa_counter("HandshakesInFlight"));
	EXPECT_EQ(started + PENDING + 1, ssa_counter("ServerHandshakesStarted"));
	/* The rest, and who comes behind them */
	for (i = 1; i < BEYOND + 2; i++)
		close(fd[i]);
	p = peer_new(PEER_OPENSSL, &cfg, tcp_connect(AF_INET, port));
	ASSERT_NE(NULL, p);
	EXPECT_EQ(0, peer_handshake(p))
		TH_LOG("%s", p->error);
	peer_free(p);
	EXPECT_EQ(started + PENDING + BEYOND + 1, ssa_counter("ServerHandshakesStarted"));
	close(lfd);
	in_flight_is(before);
	for (; i < PENDING + BEYOND; i++)
		close(fd[i]);
}

/* A small backlog does not mean few handshakes: silent clients would use them up. */
TEST(least_limit_of_pending_handshakes)
{
	int port = 0, lfd, fd[128 + 1], i;
	long long before = ssa_counter("HandshakesInFlight");

	lfd = tls_listen(AF_INET, &port, pki_file("p256.chain.pem"), pki_file("p256.key.pem"));
	ASSERT_LE(0, lfd);
	ASSERT_EQ(0, listen(lfd, 1));
	for (i = 0; i < 128 + 1; i++) {
		fd[i] = tcp_connect(AF_INET, port);
		ASSERT_LE(0, fd[i]);
		/* One after the other: TCP's own queue has room for two. */
		if (i < 128)
			in_flight_is(before + i + 1);
	}
	in_flight_is(before + 128);
	settle();
	EXPECT_EQ(before + 128, ssa_counter("HandshakesInFlight"));
	close(lfd);
	in_flight_is(before);
	for (i = 0; i < 128 + 1; i++)
		close(fd[i]);
}

/* TCP sockets that the machine holds memory for */
static int tcp_sockets(void)
{
	FILE *f = fopen("/proc/net/sockstat", "r");
	char line[256], *word;
	int count = -1;

	while (f && fgets(line, sizeof(line), f)) {
		word = strstr(line, "alloc ");
		if (!strncmp(line, "TCP:", 4) && word)
			count = atoi(word + 6);
	}
	if (f)
		fclose(f);
	return count;
}

/*
 * After a failure our side stays until the client has read why, and looks for its end more
 * than once; then nothing is left of it.
 */
TEST_F(server, failed_handshakes_leave_nothing)
{
	int before = tcp_sockets(), fd[10], i, now;
	char in[64];

	for (i = 0; i < ARRAY_SIZE(fd); i++) {
		fd[i] = tcp_connect(variant->family, self->port);
		ASSERT_LE(0, fd[i]);
		ASSERT_EQ(18, send(fd[i], "GET / HTTP/1.1\r\n\r\n", 18, MSG_NOSIGNAL));
	}
	for (i = 0; i < ARRAY_SIZE(fd); i++)
		while (recv(fd[i], in, sizeof(in), 0) > 0)
			;
	settle();
	for (i = 0; i < ARRAY_SIZE(fd); i++) {
		EXPECT_EQ(4, send(fd[i], "more", 4, MSG_NOSIGNAL));
		close(fd[i]);
	}
	for (i = 0; i < 300; i++) {
		now = tcp_sockets();
		if (now <= before)
			break;
		usleep(100000);
	}
	EXPECT_GE(before, now);
}

TEST(listen_without_credentials)
{
	const struct reason *reason = reason_find("NO_CREDENTIAL");
	int fd = tls_socket(AF_INET, 0);
	struct sockaddr_storage ss;
	socklen_t len = loopback(&ss, AF_INET, 0);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, bind(fd, (struct sockaddr *)&ss, len));
	EXPECT_EQ(-1, listen(fd, 5));
	EXPECT_EQ(EBADFD, errno);
	EXPECT_NE(NULL, strstr(tls_error(fd), reason->text))
		TH_LOG("TLS_ERROR: '%s'", tls_error(fd));
	/* A chain alone is not enough either. */
	ASSERT_EQ(0, tls_set_str(fd, TLS_CERTIFICATE_CHAIN, pki_file("p256.chain.pem")));
	EXPECT_EQ(-1, listen(fd, 5));
	EXPECT_EQ(EBADFD, errno);
	EXPECT_NE(NULL, strstr(tls_error(fd), "TLS_PRIVATE_KEY"))
		TH_LOG("TLS_ERROR: '%s'", tls_error(fd));
	ASSERT_EQ(0, tls_set_str(fd, TLS_PRIVATE_KEY, pki_file("p256.key.pem")));
	EXPECT_EQ(0, listen(fd, 5));
	close(fd);
}

/*
 * RFC 6066 3: a name that the server has looked for is acknowledged. One that no host can
 * have is not known, as others are not, and gets the same certificate.
 */
TEST(server_name_is_answered)
{
	static const struct {
		const char *name;
		bool answered;
	} names[] = {
		{ SERVER_NAME, true }, { "unknown.example", true }, { "localhost:443", false },
		{ "*.example", false }, { "b\303\274cher.example", false },
		{ "-a.example", false }, { "192.0.2.1", false }, { NULL, false },
	};
	struct peer_config cfg = { .ca = pki_file("root.pem"), .accept_any = true };
	int port = 0, fd, conn, i;
	char told[256];
	struct peer *p;

	fd = tls_listen(AF_INET, &port, pki_file("p256.chain.pem"), pki_file("p256.key.pem"));
	ASSERT_LE(0, fd);
	for (i = 0; i < 2 * (int)ARRAY_SIZE(names); i++) {
		socklen_t len = sizeof(told);

		cfg.name = names[i / 2].name;
		cfg.version = i % 2 ? PEER_TLS12 : PEER_TLS13;
		p = peer_new(PEER_OPENSSL, &cfg, tcp_connect(AF_INET, port));
		ASSERT_NE(NULL, p);
		ASSERT_EQ(0, peer_handshake(p))
			TH_LOG("%s: %s", cfg.name, p->error);
		EXPECT_EQ(names[i / 2].answered, p->ops->sni_answered(p))
			TH_LOG("%s, version %d", cfg.name, cfg.version);
		conn = accept(fd, NULL, NULL);
		ASSERT_LE(0, conn);
		ASSERT_EQ(0, getsockopt(conn, IPPROTO_TLS, TLS_HOSTNAME, told, &len));
		EXPECT_STREQ(names[i / 2].answered ? cfg.name : "", told);
		close(conn);
		peer_free(p);
	}
	close(fd);
}

TEST(dual_stack_listener)
{
	struct sockaddr_in6 addr = { .sin6_family = AF_INET6 };
	struct peer_config cfg = { .ca = pki_file("root.pem"), .name = SERVER_NAME };
	int fd = tls_socket(AF_INET6, 0), conn;
	struct sockaddr_in6 from;
	socklen_t len = sizeof(from);
	struct peer *p;

	ASSERT_EQ(0, tls_set_str(fd, TLS_CERTIFICATE_CHAIN, pki_file("p256.chain.pem")));
	ASSERT_EQ(0, tls_set_str(fd, TLS_PRIVATE_KEY, pki_file("p256.key.pem")));
	ASSERT_EQ(0, bind(fd, (struct sockaddr *)&addr, sizeof(addr)));
	ASSERT_EQ(0, listen(fd, 5));
	p = peer_new(PEER_OPENSSL, &cfg, tcp_connect(AF_INET, local_port(fd)));
	ASSERT_NE(NULL, p);
	ASSERT_EQ(0, peer_handshake(p))
		TH_LOG("%s", p->error);
	conn = accept(fd, (struct sockaddr *)&from, &len);
	ASSERT_LE(0, conn);
	EXPECT_EQ(AF_INET6, from.sin6_family);
	EXPECT_TRUE(IN6_IS_ADDR_V4MAPPED(&from.sin6_addr));
	check_exchange(_metadata, conn, p);
	close(conn);
	close(fd);
	peer_free(p);
}

TEST(address_in_use)
{
	int port = 0, lfd = tcp_listen(AF_INET, &port), fd = tls_socket(AF_INET, 0);
	struct sockaddr_storage ss;
	socklen_t len = loopback(&ss, AF_INET, port);

	EXPECT_EQ(-1, bind(fd, (struct sockaddr *)&ss, len));
	EXPECT_EQ(EADDRINUSE, errno);
	close(fd);
	close(lfd);
}

/* Many come and go, some killed in the middle; the listener's owner too. */
TEST(chaos)
{
	int port = 0, i, fd;
	pid_t server, client;

	fd = tls_listen(AF_INET, &port, pki_file("p256.chain.pem"), pki_file("p256.key.pem"));
	ASSERT_LE(0, fd);
	server = fork();
	if (!server) {
		char buf[16];
		int conn;
		ssize_t n;

		for (;;) {
			conn = accept(fd, NULL, NULL);
			if (conn < 0)
				continue;
			n = recv(conn, buf, sizeof(buf), 0);
			if (n > 0)
				send(conn, buf, n, MSG_NOSIGNAL);
			close(conn);
		}
	}
	close(fd);
	srand(1);
	for (i = 0; i < 30; i++) {
		client = fork();
		if (!client) {
			char in[4];
			int s = tls_client(AF_INET, 0);

			if (!tls_connect_fd(s, AF_INET, port)) {
				send(s, "abcd", 4, MSG_NOSIGNAL);
				recv(s, in, 4, 0);
			}
			_exit(0);
		}
		usleep(rand() % 100000);
		if (i % 3)
			kill(client, SIGKILL);
	}
	kill(server, SIGKILL);
	while (wait(NULL) > 0)
		;
}

#define MIGRATE_SYSCTL	"/proc/sys/net/ipv4/tcp_migrate_req"
#define MAX_SYSCTL	"/proc/sys/net/ssa/handshakes_max"
#define MIGRATED	40	/* connections, half of them with the listener that ends */

static int share_port(int fd, const void *arg)
{
	int one = 1;

	return setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one));
}

/* A plain listener on a port that has one of ours already */
static int plain_listener(int port)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct sockaddr_storage ss;

	if (share_port(fd, NULL) ||
	    bind(fd, (struct sockaddr *)&ss, loopback(&ss, AF_INET, port)) ||
	    listen(fd, MIGRATED)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Is who waits for @fd woken when @from sends? */
static bool is_woken(int fd, int from)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int epfd = epoll_create1(EPOLL_CLOEXEC);
	bool woken;

	epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &ev);
	/* By the time send() returns loopback has delivered it; epoll knows of events only. */
	woken = epoll_wait(epfd, &ev, 1, 0) == 0 && send(from, "x", 1, 0) == 1 &&
		epoll_wait(epfd, &ev, 1, 10000) == 1;
	close(epfd);
	return woken;
}

/* The client whose connection @fd is */
static int client_of(int fd, const int *client)
{
	struct sockaddr_in peer;
	socklen_t len = sizeof(peer);
	int i;

	getpeername(fd, (struct sockaddr *)&peer, &len);
	for (i = 0; i < MIGRATED; i++) {
		if (local_port(client[i]) == ntohs(peer.sin_port))
			return client[i];
	}
	return -1;
}

FIXTURE(migrate)
{
	char migrate[32], max[32];
	int client[MIGRATED];
	int tls, plain;
};

FIXTURE_VARIANT(migrate)
{
	bool shutdown;		/* instead of close() */
};

FIXTURE_VARIANT_ADD(migrate, close) { .shutdown = false };
FIXTURE_VARIANT_ADD(migrate, shutdown) { .shutdown = true };

FIXTURE_SETUP(migrate)
{
	int port = 0, i;

	ASSERT_EQ(0, set_sysctl(MIGRATE_SYSCTL, "1", self->migrate));
	/* All but one wait in TCP's queue. */
	ASSERT_EQ(0, set_sysctl(MAX_SYSCTL, "1", self->max));
	self->tls = tls_listen_with(AF_INET, &port, pki_file("p256.chain.pem"),
				    pki_file("p256.key.pem"), share_port, NULL);
	ASSERT_LE(0, self->tls);
	self->plain = plain_listener(port);
	ASSERT_LE(0, self->plain);
	for (i = 0; i < MIGRATED; i++) {
		self->client[i] = tcp_connect(AF_INET, port);
		ASSERT_LE(0, self->client[i]);
	}
}

FIXTURE_TEARDOWN(migrate)
{
	int i;

	for (i = 0; i < MIGRATED; i++)
		close(self->client[i]);
	if (self->tls >= 0)
		close(self->tls);
	close(self->plain);
	EXPECT_EQ(0, set_sysctl(MIGRATE_SYSCTL, self->migrate, NULL));
	EXPECT_EQ(0, set_sysctl(MAX_SYSCTL, self->max, NULL));
}

/*
 * net.ipv4.tcp_migrate_req: what waited for a listener of ours goes to a plain one of its
 * group, and is a TCP connection like any other.
 */
TEST_F(migrate, connections_are_plain)
{
	int fd, n = 0, conn[MIGRATED];

	while ((fd = accept(self->plain, NULL, NULL)) >= 0)
		close(fd);
	if (variant->shutdown) {
		EXPECT_EQ(0, shutdown(self->tls, SHUT_RDWR));
	} else {
		close(self->tls);
		self->tls = -1;
	}
	while ((fd = accept(self->plain, NULL, NULL)) >= 0)
		conn[n++] = fd;
	EXPECT_LT(0, n);
	while (n--) {
		EXPECT_TRUE(is_woken(conn[n], client_of(conn[n], self->client)));
		close(conn[n]);
	}
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 1);
}
