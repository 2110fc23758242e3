// SPDX-License-Identifier: GPL-2.0
/*
 * TCP_ULP "tls_ssa": a TCP connection becomes a TLS connection in place, in both
 * roles, after plaintext has passed (STARTTLS).
 */
#include <sys/epoll.h>
#include <linux/tls.h>
#include "upgrade.h"

/* ------------------------------------------------- against other people's TLS */

FIXTURE(peer)
{
	int fd;			/* ours: plain TCP, connected */
	int other;		/* the peer's end; -1 once @peer has it */
	struct peer_config cfg;
	struct peer *peer;
	int role;
};

FIXTURE_VARIANT(peer)
{
	int family;
	int role;		/* ours */
	enum peer_kind peer;
	enum peer_version version;
};

FIXTURE_VARIANT_ADD(peer, ipv4_client_openssl)
{
	.family = AF_INET,
	.role = TLS_HANDSHAKE_CLIENT,
	.peer = PEER_OPENSSL,
};

FIXTURE_VARIANT_ADD(peer, ipv6_client_gnutls)
{
	.family = AF_INET6,
	.role = TLS_HANDSHAKE_CLIENT,
	.peer = PEER_GNUTLS,
};

FIXTURE_VARIANT_ADD(peer, ipv4_server_gnutls)
{
	.family = AF_INET,
	.role = TLS_HANDSHAKE_SERVER,
	.peer = PEER_GNUTLS,
};

FIXTURE_VARIANT_ADD(peer, ipv6_server_openssl_tls12)
{
	.family = AF_INET6,
	.role = TLS_HANDSHAKE_SERVER,
	.peer = PEER_OPENSSL,
	.version = PEER_TLS12,
};

FIXTURE_SETUP(peer)
{
	/* Each side is once the one that has called connect(). */
	ASSERT_EQ(0, variant->role == TLS_HANDSHAKE_CLIENT ?
		     tcp_pair(variant->family, &self->fd, &self->other) :
		     tcp_pair(variant->family, &self->other, &self->fd));
	self->role = variant->role;
	self->cfg.version = variant->version;
	if (variant->role == TLS_HANDSHAKE_CLIENT) {
		self->cfg.server = true;
		self->cfg.cert = pki_file("p256.chain.pem");
		self->cfg.key = pki_file("p256.key.pem");
	} else {
		self->cfg.ca = pki_file("root.pem");
		self->cfg.name = SERVER_NAME;
	}
}

FIXTURE_TEARDOWN(peer)
{
	close(self->fd);
	if (self->peer)
		peer_free(self->peer);
	else
		close(self->other);
}

/* What SMTP looks like before: lines in both directions. */
static void talk_plain(struct __test_metadata *_metadata, int a, int b)
{
	char line[16] = "";

	ASSERT_EQ(10, send(a, "STARTTLS\r\n", 10, 0));
	ASSERT_EQ(10, recv_all(b, line, 10));
	EXPECT_STREQ("STARTTLS\r\n", line);
	memset(line, 0, sizeof(line));
	ASSERT_EQ(8, send(b, "220 go\r\n", 8, 0));
	ASSERT_EQ(8, recv_all(a, line, 8));
	EXPECT_STREQ("220 go\r\n", line);
}

static int shake(struct peer *p, void *unused)
{
	return peer_handshake(p);
}

static void peer_begin(struct __test_metadata *_metadata, FIXTURE_DATA(peer) *self,
		       const FIXTURE_VARIANT(peer) *variant, struct job *job)
{
	self->peer = peer_new(variant->peer, &self->cfg, self->other);
	ASSERT_NE(NULL, self->peer);
	job_start(job, self->peer, shake, NULL);
}

TEST_F(peer, plaintext_then_tls)
{
	struct job job;

	talk_plain(_metadata, self->other, self->fd);
	ASSERT_EQ(0, upgrade(self->fd)) TH_LOG("%m");
	ASSERT_EQ(0, upgrade_options(self->fd, self->role)) TH_LOG("%m");
	ASSERT_EQ(0, handshake(self->fd, self->role)) TH_LOG("%m");
	peer_begin(_metadata, self, variant, &job);
	/* The first recv() or send() waits for the handshake. */
	ASSERT_EQ(5, send(self->fd, "hello", 5, 0)) TH_LOG("%m (%s)", tls_error(self->fd));
	ASSERT_EQ(0, job_wait(&job)) TH_LOG("%s", self->peer->error);
	EXPECT_STREQ(variant->version == PEER_TLS12 ? "TLSv1.2" : "TLSv1.3",
		     tls_get_str(self->fd, TLS_VERSION_CONN));
	EXPECT_STREQ(SERVER_NAME, tls_get_str(self->fd, self->role == TLS_HANDSHAKE_CLIENT ?
					      TLS_REMOTE_HOSTNAME : TLS_HOSTNAME));
	{
		char hello[5];

		ASSERT_EQ(5, peer_recv_all(self->peer, hello, 5));
		EXPECT_EQ(0, memcmp(hello, "hello", 5));
	}
	job_start(&job, self->peer, job_echo, NULL);
	EXPECT_EQ(0, echo_pattern(self->fd, 300000, 0));
	EXPECT_EQ(0, shutdown(self->fd, SHUT_WR));
	{
		char byte;

		EXPECT_EQ(0, recv(self->fd, &byte, 1, 0));
	}
	EXPECT_EQ(0, job_wait(&job));
}

TEST_F(peer, nonblocking_and_epoll)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLOUT | EPOLLET }, out;
	int ep = epoll_create1(EPOLL_CLOEXEC), flags = fcntl(self->fd, F_GETFL);
	struct job job;
	char byte;

	/* Waited for since before the upgrade */
	ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_ADD, self->fd, &ev));
	ASSERT_EQ(1, epoll_wait(ep, &out, 1, 0));
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, flags | O_NONBLOCK));
	talk_plain(_metadata, self->other, self->fd);
	ASSERT_EQ(0, upgrade(self->fd));
	ASSERT_EQ(0, upgrade_options(self->fd, self->role));
	epoll_wait(ep, &out, 1, 0);
	ASSERT_EQ(0, handshake(self->fd, self->role));
	EXPECT_EQ(-1, send(self->fd, "x", 1, 0));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(-1, recv(self->fd, &byte, 1, 0));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(0, poll_one(self->fd, POLLIN | POLLOUT, 0));
	EXPECT_EQ(0, epoll_wait(ep, &out, 1, 0));
	peer_begin(_metadata, self, variant, &job);
	ASSERT_EQ(1, epoll_wait(ep, &out, 1, -1));
	EXPECT_EQ(EPOLLOUT, out.events & (EPOLLOUT | EPOLLERR | EPOLLHUP));
	EXPECT_EQ(1, send(self->fd, "x", 1, 0)) TH_LOG("%m (%s)", tls_error(self->fd));
	ASSERT_EQ(0, job_wait(&job));
	EXPECT_EQ(1, peer_recv_all(self->peer, &byte, 1));
	EXPECT_EQ(1, peer_send(self->peer, "y", 1));
	EXPECT_LT(0, poll_wait(self->fd, POLLIN));
	EXPECT_EQ(1, recv(self->fd, &byte, 1, 0));
	EXPECT_EQ('y', byte);
	close(ep);
}

static void *recv_one(void *arg)
{
	char byte = 0;

	return (void *)(recv(*(int *)arg, &byte, 1, 0) == 1 ? (long)byte : -(long)errno);
}

/* The parent's descriptor, a duplicate, and one in another process are one socket. */
TEST_F(peer, duplicates_and_processes)
{
	int fd = dup(self->fd), status;
	struct job job;
	pthread_t thread;
	void *got;
	pid_t pid;
	char two[2];

	talk_plain(_metadata, self->other, self->fd);
	pid = fork();
	if (!pid) {
		char go;

		/* Until the parent has upgraded the socket nothing comes. */
		_exit(recv(fd, &go, 1, MSG_PEEK) == 1 ? 0 : errno);
	}
	/* Its recv() sleeps in TCP's operations. */
	settle();
	EXPECT_EQ(-1, upgrade(self->fd));
	EXPECT_EQ(EBUSY, errno);
	ASSERT_EQ(1, send(self->other, "!", 1, 0));
	waitpid(pid, &status, 0);
	EXPECT_EQ(0, status);
	ASSERT_EQ(1, recv(fd, two, 1, 0));

	ASSERT_EQ(0, upgrade(fd));
	ASSERT_EQ(0, upgrade_options(self->fd, self->role));
	ASSERT_EQ(0, handshake(fd, self->role));
	pthread_create(&thread, NULL, recv_one, &fd);
	pid = fork();
	if (!pid)
		_exit(send(self->fd, "c", 1, 0) == 1 ? 0 : errno);
	peer_begin(_metadata, self, variant, &job);
	waitpid(pid, &status, 0);
	EXPECT_EQ(0, status);
	ASSERT_EQ(0, job_wait(&job));
	EXPECT_EQ(1, peer_recv_all(self->peer, two, 1));
	EXPECT_EQ('c', two[0]);
	EXPECT_EQ(1, peer_send(self->peer, "p", 1));
	pthread_join(thread, &got);
	EXPECT_EQ('p', (long)got);
	close(fd);
	EXPECT_EQ(1, send(self->fd, "d", 1, 0));
	EXPECT_EQ(1, peer_recv_all(self->peer, two, 1));
}

/* ---------------------------------------------------------- ours against ours */

FIXTURE(pair)
{
	int c, s;		/* client and server to be; plain TCP, connected */
};

FIXTURE_VARIANT(pair)
{
	int family;
	bool swapped;		/* the server has called connect() */
};

FIXTURE_VARIANT_ADD(pair, ipv4) { .family = AF_INET };
FIXTURE_VARIANT_ADD(pair, ipv6_swapped) { .family = AF_INET6, .swapped = true };

FIXTURE_SETUP(pair)
{
	ASSERT_EQ(0, variant->swapped ? tcp_pair(variant->family, &self->s, &self->c) :
					tcp_pair(variant->family, &self->c, &self->s));
}

FIXTURE_TEARDOWN(pair)
{
	close(self->c);
	close(self->s);
}

TEST_F(pair, both_ends_upgrade)
{
	char text[8] = "";

	talk_plain(_metadata, self->c, self->s);
	ASSERT_EQ(0, upgrade_all(self->s, TLS_HANDSHAKE_SERVER)) TH_LOG("%m");
	ASSERT_EQ(0, upgrade_all(self->c, TLS_HANDSHAKE_CLIENT)) TH_LOG("%m");
	ASSERT_EQ(4, send(self->c, "ping", 4, 0)) TH_LOG("%m (%s)", tls_error(self->c));
	ASSERT_EQ(4, recv_all(self->s, text, 4));
	EXPECT_STREQ("ping", text);
	ASSERT_EQ(4, send(self->s, "pong", 4, 0));
	ASSERT_EQ(4, recv_all(self->c, text, 4));
	EXPECT_STREQ("pong", text);
	EXPECT_STREQ("no error", tls_error(self->c));
	EXPECT_EQ(0, shutdown(self->s, SHUT_RDWR));
	EXPECT_EQ(0, recv(self->c, text, 1, 0));
}

/* The client is quick: its first flight is there before TCP_ULP. */
TEST_F(pair, client_hello_is_there_already)
{
	struct peer_config cfg = { .ca = pki_file("root.pem"), .name = SERVER_NAME };
	struct peer *peer = peer_new(PEER_OPENSSL, &cfg, self->c);
	struct job job;

	self->c = -1;
	ASSERT_NE(NULL, peer);
	job_start(&job, peer, shake, NULL);
	ASSERT_LT(0, poll_wait(self->s, POLLIN));
	ASSERT_EQ(0, upgrade_all(self->s, TLS_HANDSHAKE_SERVER))
		TH_LOG("%m (%s)", tls_error(self->s));
	EXPECT_LT(0, poll_wait(self->s, POLLOUT) & POLLOUT);
	EXPECT_EQ(0, job_wait(&job));
	peer_free(peer);
}

TEST_F(pair, before_the_handshake)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	char byte, name[16] = "";
	int one = 1;

	ASSERT_EQ(0, upgrade(self->c));
	EXPECT_EQ(-1, send(self->c, "x", 1, MSG_NOSIGNAL));
	EXPECT_EQ(ENOTCONN, errno);
	EXPECT_EQ(-1, recv(self->c, &byte, 1, 0));
	EXPECT_EQ(ENOTCONN, errno);
	EXPECT_EQ(0, poll_one(self->c, POLLIN | POLLOUT, 0));
	EXPECT_EQ(-1, tls_connect_fd(self->c, variant->family, 1));
	EXPECT_EQ(EISCONN, errno);
	ss = (struct sockaddr_storage){ .ss_family = AF_UNSPEC };
	EXPECT_EQ(-1, connect(self->c, (struct sockaddr *)&ss, sizeof(struct sockaddr)));
	EXPECT_EQ(EOPNOTSUPP, errno);
	EXPECT_EQ(-1, listen(self->c, 1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, accept(self->c, NULL, NULL));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, upgrade(self->c));
	EXPECT_EQ(EOPNOTSUPP, errno);
	EXPECT_EQ(-1, setsockopt(self->c, SOL_TCP, TCP_ULP, "tls", 4));
	EXPECT_EQ(EOPNOTSUPP, errno);
	EXPECT_EQ(0, getpeername(self->c, (struct sockaddr *)&ss, &len));
	EXPECT_EQ(variant->family, ss.ss_family);
	len = sizeof(name);
	EXPECT_EQ(0, getsockopt(self->c, SOL_TCP, TCP_ULP, name, &len));
	EXPECT_STREQ("tls_ssa", name);
	/* TCP's own options stay. */
	EXPECT_EQ(0, setsockopt(self->c, SOL_TCP, TCP_NODELAY, &one, sizeof(one)));
	EXPECT_EQ(0, setsockopt(self->c, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one)));
	/* The peer has seen none of it. */
	EXPECT_EQ(0, poll_one(self->s, POLLIN, 0));
}

TEST_F(pair, what_a_handshake_needs)
{
	int fd = tls_client(variant->family, 0);

	ASSERT_EQ(0, upgrade(self->c));
	ASSERT_EQ(0, upgrade(self->s));
	EXPECT_EQ(-1, handshake(self->c, 0));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, handshake(self->c, 3));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, setsockopt(self->c, IPPROTO_TLS, TLS_HANDSHAKE, "\1\0", 2));
	EXPECT_EQ(EINVAL, errno);
	/* No name, no certificate */
	EXPECT_EQ(-1, handshake(self->c, TLS_HANDSHAKE_CLIENT));
	EXPECT_EQ(reason_find("NO_HOST_NAME")->err, errno);
	EXPECT_STREQ(reason_find("NO_HOST_NAME")->text, tls_error(self->c));
	EXPECT_EQ(-1, handshake(self->s, TLS_HANDSHAKE_SERVER));
	EXPECT_EQ(reason_find("NO_CREDENTIAL")->err, errno);
	EXPECT_STREQ(reason_find("NO_CREDENTIAL")->text, tls_error(self->s));
	/* Then it works: no side effects. */
	ASSERT_EQ(0, upgrade_options(self->c, TLS_HANDSHAKE_CLIENT));
	ASSERT_EQ(0, upgrade_options(self->s, TLS_HANDSHAKE_SERVER));
	ASSERT_EQ(0, handshake(self->c, TLS_HANDSHAKE_CLIENT));
	EXPECT_EQ(-1, handshake(self->c, TLS_HANDSHAKE_CLIENT));
	EXPECT_EQ(EOPNOTSUPP, errno);
	EXPECT_EQ(-1, tls_set_str(self->c, TLS_REMOTE_HOSTNAME, "other.test"));
	EXPECT_EQ(EOPNOTSUPP, errno);
	ASSERT_EQ(0, handshake(self->s, TLS_HANDSHAKE_SERVER));
	EXPECT_LT(0, poll_wait(self->c, POLLOUT) & POLLOUT);
	EXPECT_EQ(-1, handshake(self->c, TLS_HANDSHAKE_SERVER));
	EXPECT_EQ(EOPNOTSUPP, errno);
	/* Not for who connects by itself */
	EXPECT_EQ(-1, handshake(fd, TLS_HANDSHAKE_CLIENT));
	EXPECT_EQ(EOPNOTSUPP, errno);
	close(fd);
}

/* The injection bug of STARTTLS clients, and of servers */
TEST_F(pair, unread_plaintext_is_refused)
{
	const struct reason *r = reason_find("PLAINTEXT");
	long long before = ssa_counter(r->counter);
	char byte;

	/* Behind the answer to STARTTLS, before the upgrade and after it */
	ASSERT_EQ(1, send(self->s, "2", 1, 0));
	ASSERT_LT(0, poll_wait(self->c, POLLIN));
	ASSERT_EQ(0, upgrade(self->c));
	ASSERT_EQ(0, upgrade_options(self->c, TLS_HANDSHAKE_CLIENT));
	EXPECT_EQ(-1, handshake(self->c, TLS_HANDSHAKE_CLIENT));
	EXPECT_EQ(r->err, errno);
	EXPECT_STREQ(r->text, tls_error(self->c));
	EXPECT_EQ(-1, recv(self->c, &byte, 1, 0));
	EXPECT_EQ(ENOTCONN, errno);

	ASSERT_EQ(0, upgrade(self->s));
	ASSERT_EQ(0, upgrade_options(self->s, TLS_HANDSHAKE_SERVER));
	EXPECT_EQ(before + 1, ssa_counter(r->counter));
}

TEST_F(pair, unread_plaintext_is_refused_by_a_server)
{
	const struct reason *r = reason_find("PLAINTEXT");

	ASSERT_EQ(0, upgrade(self->s));
	ASSERT_EQ(0, upgrade_options(self->s, TLS_HANDSHAKE_SERVER));
	ASSERT_EQ(6, send(self->c, "NOOP\r\n", 6, 0));
	settle();
	EXPECT_EQ(-1, handshake(self->s, TLS_HANDSHAKE_SERVER));
	EXPECT_EQ(r->err, errno);
	EXPECT_STREQ(r->text, tls_error(self->s));
}

/* A client has nothing to read yet, even if it looks like TLS. */
TEST_F(pair, a_record_is_plaintext_to_a_client)
{
	ASSERT_EQ(5, send(self->s, "\x16\x03\x03\0\x10", 5, 0));
	ASSERT_LT(0, poll_wait(self->c, POLLIN));
	ASSERT_EQ(0, upgrade(self->c));
	ASSERT_EQ(0, upgrade_options(self->c, TLS_HANDSHAKE_CLIENT));
	EXPECT_EQ(-1, handshake(self->c, TLS_HANDSHAKE_CLIENT));
	EXPECT_EQ(EPROTO, errno);
}

TEST_F(pair, failures_are_told)
{
	char byte;

	ASSERT_EQ(0, upgrade_all(self->s, TLS_HANDSHAKE_SERVER));
	ASSERT_EQ(0, upgrade(self->c));
	ASSERT_EQ(0, upgrade_options(self->c, TLS_HANDSHAKE_CLIENT));
	ASSERT_EQ(0, tls_set_str(self->c, TLS_REMOTE_HOSTNAME, "other.test"));
	ASSERT_EQ(0, handshake(self->c, TLS_HANDSHAKE_CLIENT));
	EXPECT_EQ(-1, recv(self->c, &byte, 1, 0));
	EXPECT_EQ(EKEYREJECTED, errno);
	EXPECT_STREQ(reason_find("CERT_NAME")->text, tls_error(self->c));
	EXPECT_EQ(-1, recv(self->s, &byte, 1, 0));
	EXPECT_EQ(EPROTO, errno);
	EXPECT_NE(0, poll_one(self->s, POLLIN | POLLOUT, 0) & POLLHUP);
	EXPECT_EQ(-1, send(self->s, "x", 1, MSG_NOSIGNAL));
	EXPECT_EQ(-1, handshake(self->s, TLS_HANDSHAKE_SERVER));
	EXPECT_EQ(EOPNOTSUPP, errno);
	EXPECT_EQ(-1, tls_connect_fd(self->s, variant->family, 1));
	EXPECT_EQ(-1, listen(self->s, 1));
	EXPECT_EQ(EINVAL, errno);
}

TEST_F(pair, garbage_from_the_peer)
{
	char buf[64];

	ASSERT_EQ(0, upgrade_all(self->c, TLS_HANDSHAKE_CLIENT));
	ASSERT_LT(0, recv(self->s, buf, sizeof(buf), 0));
	EXPECT_EQ(0x16, buf[0]);
	ASSERT_EQ(20, send(self->s, "500 What do you say?", 20, 0));
	EXPECT_EQ(-1, recv(self->c, buf, 1, 0));
	EXPECT_EQ(EPROTO, errno);
}

TEST_F(pair, the_deadline_holds)
{
	char before[32] = "", byte;
	int ctl = open("/proc/sys/net/ssa/handshake_timeout_ms", O_RDWR);
	int n = read(ctl, before, sizeof(before) - 1);

	ASSERT_LT(0, n);
	ASSERT_EQ(4, pwrite(ctl, "1000", 4, 0));
	ASSERT_EQ(0, upgrade_all(self->s, TLS_HANDSHAKE_SERVER));
	EXPECT_EQ(-1, recv(self->s, &byte, 1, 0));
	EXPECT_EQ(ETIMEDOUT, errno);
	EXPECT_EQ(n, pwrite(ctl, before, n, 0));
	close(ctl);
}

TEST_F(pair, the_time_of_one_call)
{
	struct timeval tv = { .tv_usec = 200000 };
	char byte;

	ASSERT_EQ(0, setsockopt(self->s, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)));
	ASSERT_EQ(0, upgrade_all(self->s, TLS_HANDSHAKE_SERVER));
	EXPECT_EQ(-1, recv(self->s, &byte, 1, 0));
	EXPECT_EQ(EAGAIN, errno);
	ASSERT_EQ(0, upgrade_all(self->c, TLS_HANDSHAKE_CLIENT));
	EXPECT_LT(0, poll_wait(self->s, POLLOUT) & POLLOUT);
}

/* Whatever the moment of close(): the peer sees an end, and nothing stays behind. */
TEST_F(pair, close_at_any_moment)
{
	char buf[2048];

	/* before TLS_HANDSHAKE: TCP's own end */
	ASSERT_EQ(0, upgrade(self->c));
	close(self->c);
	EXPECT_EQ(0, recv(self->s, buf, sizeof(buf), 0));
	close(self->s);

	/* during it: an alert, then the end */
	ASSERT_EQ(0, tcp_pair(variant->family, &self->c, &self->s));
	ASSERT_EQ(0, upgrade_all(self->c, TLS_HANDSHAKE_CLIENT));
	ASSERT_LT(0, poll_wait(self->s, POLLIN));
	close(self->c);
	while (recv(self->s, buf, sizeof(buf), 0) > 0)
		;
	close(self->s);

	/* the peer, before and during */
	ASSERT_EQ(0, tcp_pair(variant->family, &self->c, &self->s));
	ASSERT_EQ(0, upgrade(self->c));
	ASSERT_EQ(0, upgrade_options(self->c, TLS_HANDSHAKE_CLIENT));
	close(self->s);
	settle();
	EXPECT_EQ(-1, handshake(self->c, TLS_HANDSHAKE_CLIENT));
	EXPECT_EQ(ENOTCONN, errno);
	close(self->c);

	ASSERT_EQ(0, tcp_pair(variant->family, &self->c, &self->s));
	ASSERT_EQ(0, upgrade_all(self->s, TLS_HANDSHAKE_SERVER));
	close(self->c);
	EXPECT_EQ(-1, recv(self->s, buf, 1, 0));
	EXPECT_EQ(reason_find("PEER_CLOSED")->err, errno);
	EXPECT_STREQ(reason_find("PEER_CLOSED")->text, tls_error(self->s));
	self->c = -1;
}

TEST_F(pair, reset_before_the_handshake)
{
	ASSERT_EQ(0, upgrade(self->s));
	ASSERT_EQ(0, upgrade_options(self->s, TLS_HANDSHAKE_SERVER));
	close_with_rst(self->c);
	settle();
	EXPECT_NE(0, poll_one(self->s, 0, 0) & POLLHUP);
	EXPECT_EQ(-1, handshake(self->s, TLS_HANDSHAKE_SERVER));
	EXPECT_EQ(ECONNRESET, errno);
	self->c = -1;
}

static void *wait_for_the_end(void *arg)
{
	int fd = *(int *)arg;

	return (void *)(long)poll_wait(fd, POLLIN | POLLRDHUP);
}

/* Who waits in poll() hears of the end of the connection, without more options. */
TEST_F(pair, the_end_before_the_handshake)
{
	pthread_t waiting;
	void *events;
	char byte;

	ASSERT_EQ(0, upgrade(self->s));
	ASSERT_EQ(0, pthread_create(&waiting, NULL, wait_for_the_end, &self->s));
	settle();
	ASSERT_EQ(0, shutdown(self->c, SHUT_WR));
	ASSERT_EQ(0, pthread_join(waiting, &events));
	EXPECT_EQ(POLLIN | POLLRDHUP, (int)(long)events);
	EXPECT_EQ(-1, recv(self->s, &byte, 1, 0));
	EXPECT_EQ(ENOTCONN, errno);
}

TEST_F(pair, shutdown_before_the_handshake)
{
	char byte;

	ASSERT_EQ(0, upgrade(self->c));
	ASSERT_EQ(0, upgrade_options(self->c, TLS_HANDSHAKE_CLIENT));
	EXPECT_EQ(0, shutdown(self->c, SHUT_WR));
	EXPECT_EQ(0, recv(self->s, &byte, 1, 0));
	EXPECT_EQ(-1, handshake(self->c, TLS_HANDSHAKE_CLIENT));
	EXPECT_EQ(ENOTCONN, errno);
}

TEST_F(pair, shutdown_during_the_handshake)
{
	char byte;

	ASSERT_EQ(0, upgrade_all(self->c, TLS_HANDSHAKE_CLIENT));
	ASSERT_LT(0, poll_wait(self->s, POLLIN));
	EXPECT_EQ(0, shutdown(self->c, SHUT_RDWR));
	EXPECT_EQ(-1, recv(self->c, &byte, 1, 0));
	EXPECT_EQ(reason_find("SHUTDOWN")->err, errno);
}

/* ------------------------------------------------------------- wrong sockets */

FIXTURE(wrong)
{
	int c, s;
};

FIXTURE_VARIANT(wrong)
{
	int family;
};

FIXTURE_VARIANT_ADD(wrong, ipv4) { .family = AF_INET };
FIXTURE_VARIANT_ADD(wrong, ipv6) { .family = AF_INET6 };

FIXTURE_SETUP(wrong)
{
	ASSERT_EQ(0, tcp_pair(variant->family, &self->c, &self->s));
}

FIXTURE_TEARDOWN(wrong)
{
	close(self->c);
	close(self->s);
}

/* The connection is as it was, and can be used. */
#define EXPECT_UNHARMED()						\
	do {								\
		char byte_ = 0;						\
		EXPECT_EQ(1, send(self->c, "u", 1, 0));			\
		EXPECT_EQ(1, recv(self->s, &byte_, 1, 0));		\
		EXPECT_EQ('u', byte_);					\
	} while (0)

#define EXPECT_REFUSED(fd, err)						\
	do {								\
		EXPECT_EQ(-1, upgrade(fd));				\
		EXPECT_EQ(err, errno) TH_LOG("%m");			\
	} while (0)

TEST_F(wrong, not_connected)
{
	int fd = socket(variant->family, SOCK_STREAM, 0), port = 0;

	EXPECT_REFUSED(fd, ENOTCONN);
	close(fd);
	fd = tcp_listen(variant->family, &port);
	EXPECT_REFUSED(fd, ENOTCONN);
	close(fd);
	fd = socket(variant->family, SOCK_DGRAM, 0);
	EXPECT_REFUSED(fd, ENOPROTOOPT);
	close(fd);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	EXPECT_REFUSED(fd, EOPNOTSUPP);
	close(fd);
	fd = tls_socket(variant->family, 0);
	EXPECT_REFUSED(fd, EOPNOTSUPP);
	close(fd);
}

TEST_F(wrong, half_closed)
{
	shutdown(self->c, SHUT_WR);
	ASSERT_LT(0, poll_wait(self->s, POLLIN));
	EXPECT_REFUSED(self->c, ENOTCONN);
	EXPECT_REFUSED(self->s, ENOTCONN);
}

TEST_F(wrong, not_to_be_read)
{
	shutdown(self->s, SHUT_RD);
	EXPECT_REFUSED(self->s, ENOTCONN);
}

TEST_F(wrong, ktls_is_there)
{
	ASSERT_EQ(0, setsockopt(self->c, SOL_TCP, TCP_ULP, "tls", 4));
	EXPECT_REFUSED(self->c, EEXIST);
	EXPECT_UNHARMED();
}

TEST_F(wrong, under_repair)
{
	int on = 1, off = 0;

	ASSERT_EQ(0, setsockopt(self->c, SOL_TCP, TCP_REPAIR, &on, sizeof(on)));
	EXPECT_REFUSED(self->c, EOPNOTSUPP);
	ASSERT_EQ(0, setsockopt(self->c, SOL_TCP, TCP_REPAIR, &off, sizeof(off)));
	EXPECT_UNHARMED();
}

TEST_F(wrong, low_water_mark)
{
	int low = 100, one = 1;

	ASSERT_EQ(0, setsockopt(self->s, SOL_SOCKET, SO_RCVLOWAT, &low, sizeof(low)));
	EXPECT_REFUSED(self->s, EOPNOTSUPP);
	ASSERT_EQ(0, setsockopt(self->s, SOL_SOCKET, SO_RCVLOWAT, &one, sizeof(one)));
	EXPECT_UNHARMED();
}

TEST_F(wrong, a_thread_waits_for_data)
{
	pthread_t thread;
	void *got;

	pthread_create(&thread, NULL, recv_one, &self->s);
	settle();
	EXPECT_REFUSED(self->s, EBUSY);
	ASSERT_EQ(1, send(self->c, "r", 1, 0));
	pthread_join(thread, &got);
	EXPECT_EQ('r', (long)got);
	EXPECT_UNHARMED();
}

static void *send_much(void *arg)
{
	static char zeros[1 << 16];
	int i;

	for (i = 0; i < 256; i++)
		if (send_all(*(int *)arg, zeros, sizeof(zeros)) < 0)
			return (void *)1;
	return NULL;
}

TEST_F(wrong, a_thread_waits_for_room)
{
	static char buf[1 << 16];
	size_t left = 256 * sizeof(buf);
	pthread_t thread;
	void *failed;

	pthread_create(&thread, NULL, send_much, &self->c);
	settle();
	while (poll_one(self->c, POLLOUT, 0))
		settle();
	EXPECT_REFUSED(self->c, EBUSY);
	while (left) {
		ssize_t n = recv(self->s, buf, sizeof(buf), 0);

		ASSERT_LT(0, n);
		left -= n;
	}
	pthread_join(thread, &failed);
	EXPECT_EQ(NULL, failed);
	EXPECT_UNHARMED();
}

/* poll() is no obstacle, and is woken by what comes afterwards. */
static void *poll_readable(void *arg)
{
	return (void *)(long)poll_wait(*(int *)arg, POLLIN);
}

TEST_F(wrong, poll_is_none)
{
	pthread_t thread;
	void *got;

	pthread_create(&thread, NULL, poll_readable, &self->s);
	settle();
	ASSERT_EQ(0, upgrade_all(self->s, TLS_HANDSHAKE_SERVER)) TH_LOG("%m");
	ASSERT_EQ(0, upgrade_all(self->c, TLS_HANDSHAKE_CLIENT)) TH_LOG("%m");
	ASSERT_EQ(1, send(self->c, "x", 1, 0)) TH_LOG("%m (%s)", tls_error(self->c));
	pthread_join(thread, &got);
	EXPECT_EQ(POLLIN, (long)got);
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 1);
}
