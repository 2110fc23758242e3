// SPDX-License-Identifier: GPL-2.0
/*
 * socket() and connect(): what a program may do before, during and after the
 * handshake, blocking and not.
 */
#include <net/if.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include "harness.h"
#include "link.h"

#ifndef IPV6_ADDRFORM
#define IPV6_ADDRFORM	1
#endif

FIXTURE(client)
{
	int lfd;		/* plain TCP listener, the server's */
	int port;
	struct peer_config cfg;
};

FIXTURE_VARIANT(client)
{
	int family;
};

FIXTURE_VARIANT_ADD(client, ipv4) { .family = AF_INET };
FIXTURE_VARIANT_ADD(client, ipv6) { .family = AF_INET6 };

FIXTURE_SETUP(client)
{
	self->lfd = tcp_listen(variant->family, &self->port);
	ASSERT_LE(0, self->lfd);
	self->cfg.server = true;
	self->cfg.cert = pki_file("p256.chain.pem");
	self->cfg.key = pki_file("p256.key.pem");
}

FIXTURE_TEARDOWN(client)
{
	if (self->lfd >= 0)
		close(self->lfd);
}

TEST_F(client, only_stream_sockets)
{
	EXPECT_EQ(-1, socket(variant->family, SOCK_DGRAM, IPPROTO_TLS));
	EXPECT_EQ(EPROTONOSUPPORT, errno);
	EXPECT_EQ(-1, socket(variant->family, SOCK_SEQPACKET, IPPROTO_TLS));
	EXPECT_EQ(ESOCKTNOSUPPORT, errno);
	EXPECT_EQ(-1, socket(AF_UNIX, SOCK_STREAM, IPPROTO_TLS));
	EXPECT_EQ(EPROTONOSUPPORT, errno);
}

TEST_F(client, nothing_works_before_connect)
{
	int fd = tls_client(variant->family, 0);
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	char byte;

	ASSERT_LE(0, fd);
	EXPECT_EQ(-1, send(fd, "x", 1, MSG_NOSIGNAL));
	EXPECT_EQ(EPIPE, errno);
	EXPECT_EQ(-1, recv(fd, &byte, 1, 0));
	EXPECT_EQ(ENOTCONN, errno);
	EXPECT_EQ(-1, getpeername(fd, (struct sockaddr *)&ss, &len));
	EXPECT_EQ(ENOTCONN, errno);
	EXPECT_EQ(-1, accept(fd, NULL, NULL));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, shutdown(fd, SHUT_WR));
	EXPECT_EQ(ENOTCONN, errno);
	close(fd);
}

TEST_F(client, bad_addresses)
{
	int fd = tls_client(variant->family, 0);
	struct sockaddr_storage ss;
	socklen_t len = loopback(&ss, variant->family, self->port);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-1, connect(fd, (struct sockaddr *)&ss, 1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, connect(fd, NULL, len));
	EXPECT_EQ(EFAULT, errno);
	ss.ss_family = AF_UNIX;
	EXPECT_EQ(-1, connect(fd, (struct sockaddr *)&ss, len));
	EXPECT_EQ(EAFNOSUPPORT, errno);
	close(fd);
}

TEST_F(client, connection_refused)
{
	int fd = tls_client(variant->family, 0);

	ASSERT_LE(0, fd);
	close(self->lfd);
	EXPECT_EQ(-1, tls_connect_fd(fd, variant->family, self->port));
	EXPECT_EQ(ECONNREFUSED, errno);
	/* Nothing has reached the peer: it can be tried again. */
	EXPECT_EQ(-1, tls_connect_fd(fd, variant->family, self->port));
	EXPECT_EQ(ECONNREFUSED, errno);
	close(fd);

	fd = tls_client(variant->family, SOCK_NONBLOCK);
	if (tls_connect_fd(fd, variant->family, self->port) == -1 && errno == EINPROGRESS) {
		EXPECT_NE(0, poll_wait(fd, POLLOUT) & (POLLERR | POLLHUP));
		errno = so_error(fd);
	}
	EXPECT_EQ(ECONNREFUSED, errno);
	close(fd);
}

/*
 * What calls on a socket say, as long as they take turns: r: recv(), s: send(), e:
 * SO_ERROR, c: connect(). A number of bytes, or minus errno
 */
static void answers(int fd, int family, int port, const char *calls, int *said)
{
	char byte;

	for (; *calls; calls++, said++) {
		errno = 0;
		switch (*calls) {
		case 'r':
			*said = recv(fd, &byte, 1, 0);
			break;
		case 's':
			*said = send(fd, "x", 1, MSG_NOSIGNAL);
			break;
		case 'e':
			*said = -so_error(fd);
			break;
		default:
			*said = tls_connect_fd(fd, family, port);
			break;
		}
		if (*said < 0 && errno)
			*said = -errno;
	}
}

enum attempt { NEVER, REFUSED, REFUSED_LATER, LISTENING, ATTEMPTS };

static int attempted(struct __test_metadata *_metadata, int family, int port, enum attempt how,
		     bool tls)
{
	int flags = how == REFUSED_LATER ? SOCK_NONBLOCK : 0, any = 0, fd;

	if (how == LISTENING)
		return tls ? tls_listen(family, &any, pki_file("p256.chain.pem"),
					pki_file("p256.key.pem")) : tcp_listen(family, &any);
	fd = tls ? tls_client(family, flags) : socket(family, SOCK_STREAM | flags, 0);
	if (how == NEVER)
		return fd;
	EXPECT_EQ(-1, tls_connect_fd(fd, family, port));
	EXPECT_EQ(how == REFUSED ? ECONNREFUSED : EINPROGRESS, errno)
		TH_LOG("%m");
	if (how == REFUSED_LATER)
		EXPECT_NE(0, poll_wait(fd, POLLOUT) & POLLERR);
	return fd;
}

/* Errno for errno as TCP, as long as it is TCP that has failed */
TEST_F(client, failed_connection_answers_as_tcp)
{
	static const char * const calls[] = { "rrsr", "srs", "ersr", "ssr" };
	int tcp[4], tls[4], fd, how;
	size_t i, j;

	close(self->lfd);
	self->lfd = -1;
	for (how = 0; how < ATTEMPTS; how++) {
		for (i = 0; i < ARRAY_SIZE(calls); i++) {
			fd = attempted(_metadata, variant->family, self->port, how, false);
			answers(fd, variant->family, self->port, calls[i], tcp);
			close(fd);
			fd = attempted(_metadata, variant->family, self->port, how, true);
			answers(fd, variant->family, self->port, calls[i], tls);
			close(fd);
			for (j = 0; calls[i][j]; j++)
				EXPECT_EQ(tcp[j], tls[j])
					TH_LOG("attempt %d, call %zu of %s", how, j, calls[i]);
		}
	}
}

/* A handshake that fails: the error once, and never an end that looks like one. */
TEST_F(client, failed_handshake_is_never_an_end)
{
	int fd = tls_client(variant->family, SOCK_NONBLOCK), said[4], conn;

	EXPECT_EQ(-1, tls_connect_fd(fd, variant->family, self->port));
	conn = accept(self->lfd, NULL, NULL);
	ASSERT_LE(0, conn);
	ASSERT_EQ(5, send(conn, "hello", 5, 0));
	poll_wait(fd, POLLOUT);
	answers(fd, variant->family, self->port, "rrsr", said);
	EXPECT_EQ(-EPROTO, said[0]);
	EXPECT_EQ(-ENOTCONN, said[1]);
	EXPECT_EQ(-EPIPE, said[2]);
	EXPECT_EQ(-ENOTCONN, said[3]);
	close(conn);
	close(fd);
}

TEST_F(client, sigpipe_without_a_connection)
{
	int fd = tls_client(variant->family, 0), status;
	pid_t child = fork();

	if (!child) {
		signal(SIGPIPE, SIG_DFL);
		send(fd, "x", 1, 0);
		_exit(0);
	}
	waitpid(child, &status, 0);
	EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE);
	close(fd);
}

static void *finish_handshake(void *arg)
{
	peer_handshake(arg);
	return NULL;
}

TEST_F(client, nonblocking_step_by_step)
{
	int fd = tls_client(variant->family, SOCK_NONBLOCK);
	struct epoll_event ev = { .events = EPOLLOUT | EPOLLET }, out;
	int ep = epoll_create1(0);
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	struct peer *peer;
	pthread_t thread;
	char byte;
	int conn;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev));
	epoll_wait(ep, &out, 1, 0);	/* a fresh socket reports HUP: take it */
	ASSERT_EQ(-1, tls_connect_fd(fd, variant->family, self->port));
	ASSERT_EQ(EINPROGRESS, errno);
	conn = accept(self->lfd, NULL, NULL);
	ASSERT_LE(0, conn);
	settle();

	/* TCP is connected, TLS is not: nothing of it shows. */
	EXPECT_EQ(0, poll_one(fd, POLLIN | POLLOUT, 0));
	EXPECT_EQ(-1, tls_connect_fd(fd, variant->family, self->port));
	EXPECT_EQ(EALREADY, errno);
	EXPECT_EQ(-1, send(fd, "x", 1, MSG_NOSIGNAL));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(-1, recv(fd, &byte, 1, 0));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(0, so_error(fd));
	EXPECT_EQ(0, getpeername(fd, (struct sockaddr *)&ss, &len));

	peer = peer_new(PEER_OPENSSL, &self->cfg, conn);
	pthread_create(&thread, NULL, finish_handshake, peer);
	EXPECT_EQ(POLLOUT, poll_wait(fd, POLLOUT));
	do {
		ASSERT_EQ(1, epoll_wait(ep, &out, 1, -1));
	} while (!(out.events & EPOLLOUT));
	EXPECT_EQ(0, out.events & (EPOLLERR | EPOLLHUP));
	EXPECT_EQ(0, so_error(fd));
	pthread_join(thread, NULL);

	/* As with TCP: once more says that it went well, then EISCONN. */
	if (tls_connect_fd(fd, variant->family, self->port))
		EXPECT_EQ(EISCONN, errno);
	EXPECT_EQ(-1, tls_connect_fd(fd, variant->family, self->port));
	EXPECT_EQ(EISCONN, errno);
	ASSERT_EQ(1, send(fd, "x", 1, 0));
	EXPECT_EQ(1, peer_recv(peer, &byte, 1));
	peer_free(peer);
	close(fd);
	close(ep);
}

/* O_NONBLOCK set and cleared while the handshake runs: connect() waits for it. */
TEST_F(client, nonblocking_then_blocking)
{
	int fd = tls_client(variant->family, SOCK_NONBLOCK);
	struct peer *peer;
	pthread_t thread;

	ASSERT_EQ(-1, tls_connect_fd(fd, variant->family, self->port));
	ASSERT_EQ(EINPROGRESS, errno);
	peer = peer_new(PEER_GNUTLS, &self->cfg, accept(self->lfd, NULL, NULL));
	fcntl(fd, F_SETFL, 0);
	pthread_create(&thread, NULL, finish_handshake, peer);
	EXPECT_EQ(0, tls_connect_fd(fd, variant->family, self->port))
		TH_LOG("%m");
	pthread_join(thread, NULL);
	peer_free(peer);
	close(fd);
}

/* A blocking send() during a handshake waits for it. */
TEST_F(client, send_waits_for_the_handshake)
{
	int fd = tls_client(variant->family, SOCK_NONBLOCK);
	struct peer *peer;
	pthread_t thread;
	char byte;

	ASSERT_EQ(-1, tls_connect_fd(fd, variant->family, self->port));
	ASSERT_EQ(EINPROGRESS, errno);
	peer = peer_new(PEER_OPENSSL, &self->cfg, accept(self->lfd, NULL, NULL));
	fcntl(fd, F_SETFL, 0);
	pthread_create(&thread, NULL, finish_handshake, peer);
	EXPECT_EQ(1, send(fd, "x", 1, 0));
	pthread_join(thread, NULL);
	EXPECT_EQ(1, peer_recv(peer, &byte, 1));
	EXPECT_EQ('x', byte);
	peer_free(peer);
	close(fd);
}

TEST_F(client, already_connected)
{
	struct link_config cfg = { .family = variant->family };
	struct link l;

	link_try(&l, &cfg);
	ASSERT_EQ(0, l.err);
	EXPECT_EQ(-1, tls_connect_fd(l.fd, variant->family, self->port));
	EXPECT_EQ(EISCONN, errno);
	EXPECT_EQ(-1, listen(l.fd, 5));
	link_close(&l);
}

/* As with TCP, SO_SNDTIMEO bounds a blocking connect() and leaves it going. */
TEST_F(client, send_timeout_bounds_connect)
{
	struct timeval tv = { .tv_usec = 200000 };
	int fd = tls_client(variant->family, 0), conn;

	ASSERT_EQ(0, setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)));
	EXPECT_EQ(-1, tls_connect_fd(fd, variant->family, self->port));
	EXPECT_EQ(EINPROGRESS, errno);
	conn = accept(self->lfd, NULL, NULL);
	EXPECT_LE(0, conn);
	close(fd);
	close(conn);
}

static void on_signal(int sig)
{
}

TEST_F(client, signal_interrupts_connect)
{
	struct sigaction act = { .sa_handler = on_signal };
	int fd = tls_client(variant->family, 0);
	pid_t parent = getpid(), child;

	sigaction(SIGUSR1, &act, NULL);
	child = fork();
	if (!child) {
		for (;;) {
			usleep(100000);
			if (kill(parent, SIGUSR1) || getppid() != parent)
				_exit(0);
		}
	}
	/* Nobody answers the ClientHello. */
	EXPECT_EQ(-1, tls_connect_fd(fd, variant->family, self->port));
	EXPECT_EQ(EINTR, errno);
	EXPECT_EQ(-1, tls_connect_fd(fd, variant->family, self->port));
	EXPECT_TRUE(errno == EALREADY || errno == EINTR)
		TH_LOG("%m");
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(fd);
}

TEST_F(client, killed_while_connecting)
{
	int status;
	pid_t child = fork();

	if (!child) {
		tls_connect_fd(tls_client(variant->family, 0), variant->family, self->port);
		_exit(0);
	}
	settle();
	EXPECT_EQ(0, waitpid(child, &status, WNOHANG));
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	EXPECT_TRUE(WIFSIGNALED(status));
}

/* close() at any moment of a handshake */
/* TCP would say nothing of a handshake that is shorter. */
TEST_F(client, receive_low_water_mark)
{
	int fd = tls_client(variant->family, 0), mark = 65536;

	ASSERT_LE(0, fd);
	EXPECT_EQ(-1, setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &mark, sizeof(mark)));
	EXPECT_EQ(EOPNOTSUPP, errno);
	mark = 1;
	EXPECT_EQ(0, setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &mark, sizeof(mark)));
	close(fd);
}

static bool racing;

static bool still_racing(void)
{
	return __atomic_load_n(&racing, __ATOMIC_RELAXED);
}

static void race(bool on)
{
	__atomic_store_n(&racing, on, __ATOMIC_RELAXED);
}

static void *ask_all_the_time(void *arg)
{
	struct sockaddr_storage ss;
	int fd = *(int *)arg, one = 1;
	socklen_t len;

	while (still_racing()) {
		len = sizeof(ss);
		getsockopt(fd, SOL_SOCKET, SO_PEERNAME, &ss, &len);
		setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &one, sizeof(one));
	}
	return NULL;
}

/* SOL_SOCKET options look for the struct socket that kTLS is being attached by. */
TEST_F(client, options_while_keys_are_installed)
{
	pthread_t thread;
	struct peer *p;
	int i, fd;

	for (i = 0; i < 10; i++) {
		fd = tls_client(variant->family, SOCK_NONBLOCK);
		ASSERT_LE(0, fd);
		race(true);
		ASSERT_EQ(0, pthread_create(&thread, NULL, ask_all_the_time, &fd));
		tls_connect_fd(fd, variant->family, self->port);
		p = peer_new(PEER_OPENSSL, &self->cfg, accept(self->lfd, NULL, NULL));
		ASSERT_NE(NULL, p);
		EXPECT_EQ(0, peer_handshake(p))
			TH_LOG("%s", p->error);
		EXPECT_NE(0, poll_wait(fd, POLLOUT) & POLLOUT);
		race(false);
		pthread_join(thread, NULL);
		peer_free(p);
		close(fd);
	}
}

static void *shut_down_all_the_time(void *arg)
{
	while (still_racing())
		shutdown(*(int *)arg, SHUT_RDWR);
	return NULL;
}

/* connect() fails at once, while the work item is told to look at the socket. */
TEST_F(client, shutdown_while_connect_fails)
{
	struct sockaddr_storage ss;
	socklen_t len = loopback(&ss, variant->family, self->port);
	pthread_t thread;
	int i, fd;

	if (variant->family == AF_INET)		/* broadcast: EACCES */
		((struct sockaddr_in *)&ss)->sin_addr.s_addr = htonl(INADDR_BROADCAST);
	else					/* no such network: ENETUNREACH */
		inet_pton(AF_INET6, "2001:db8::1", &((struct sockaddr_in6 *)&ss)->sin6_addr);
	fd = tls_client(variant->family, 0);
	ASSERT_LE(0, fd);
	race(true);
	ASSERT_EQ(0, pthread_create(&thread, NULL, shut_down_all_the_time, &fd));
	for (i = 0; i < 500; i++)
		EXPECT_EQ(-1, connect(fd, (struct sockaddr *)&ss, len));
	race(false);
	pthread_join(thread, NULL);
	close(fd);
}

TEST_F(client, closed_in_its_handshake)
{
	int fd = tls_client(variant->family, SOCK_NONBLOCK), conn;
	unsigned char in[4096];

	ASSERT_EQ(-1, tls_connect_fd(fd, variant->family, self->port));
	conn = accept(self->lfd, NULL, NULL);
	ASSERT_LT(0, recv(conn, in, sizeof(in), 0));
	EXPECT_EQ(0, close(fd));
	/* Alerts, user_canceled and close_notify behind it (RFC 8446 6.1), and the end */
	EXPECT_EQ(14, recv(conn, in, sizeof(in), MSG_WAITALL));
	EXPECT_EQ(21, in[0]);
	EXPECT_EQ(90, in[6]);
	EXPECT_EQ(21, in[7]);
	EXPECT_EQ(0, in[13]);
	close(conn);
}

TEST_F(client, closed_while_connecting)
{
	int i, fd, conn;

	for (i = 0; i < 20; i++) {
		fd = tls_client(variant->family, SOCK_NONBLOCK);
		ASSERT_LE(0, fd);
		tls_connect_fd(fd, variant->family, self->port);
		conn = accept(self->lfd, NULL, NULL);
		usleep(i * 1000);
		if (i & 1)
			close(conn);
		EXPECT_EQ(0, close(fd));
		if (!(i & 1))
			close(conn);
	}
}

TEST_F(client, peer_closes_during_the_handshake)
{
	const struct reason *reason = reason_find("PEER_CLOSED");
	long long before = ssa_counter(reason->counter);
	int fd = tls_client(variant->family, SOCK_NONBLOCK), conn, ep = epoll_create1(0);
	struct epoll_event ev = { .events = EPOLLOUT };
	char hello[4096];

	ASSERT_EQ(-1, tls_connect_fd(fd, variant->family, self->port));
	conn = accept(self->lfd, NULL, NULL);
	ASSERT_LT(0, recv(conn, hello, sizeof(hello), 0));
	/* Who waits is woken: epoll looks only at what it was told of. */
	ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev));
	EXPECT_EQ(0, epoll_wait(ep, &ev, 1, 0));
	close(conn);
	EXPECT_EQ(1, epoll_wait(ep, &ev, 1, 10000));
	close(ep);
	EXPECT_NE(0, poll_wait(fd, POLLOUT) & (POLLERR | POLLHUP));
	EXPECT_EQ(ECONNRESET, so_error(fd));
	EXPECT_NE(NULL, strstr(tls_error(fd), reason->text))
		TH_LOG("TLS_ERROR: '%s'", tls_error(fd));
	EXPECT_EQ(before + 1, ssa_counter(reason->counter));
	close(fd);
}

TEST_F(client, shutdown_during_the_handshake)
{
	int fd = tls_client(variant->family, SOCK_NONBLOCK), conn;
	char byte;

	ASSERT_EQ(-1, tls_connect_fd(fd, variant->family, self->port));
	conn = accept(self->lfd, NULL, NULL);
	shutdown(fd, SHUT_RDWR);
	EXPECT_NE(0, poll_wait(fd, POLLIN) & (POLLERR | POLLHUP | POLLIN));
	EXPECT_GE(0, recv(fd, &byte, 1, 0));
	close(fd);
	close(conn);
}

/* The first bytes on the wire are a TLS record, and no later one is plaintext. */
TEST_F(client, client_hello_is_well_formed)
{
	int fd = tls_client(variant->family, SOCK_NONBLOCK), conn;
	unsigned char head[5], body[16384];
	size_t len;

	ASSERT_EQ(-1, tls_connect_fd(fd, variant->family, self->port));
	conn = accept(self->lfd, NULL, NULL);
	ASSERT_EQ(5, recv(conn, head, 5, MSG_WAITALL));
	EXPECT_EQ(22, head[0]);
	EXPECT_EQ(3, head[1]);
	EXPECT_TRUE(head[2] == 1 || head[2] == 3);	/* RFC 8446 5.1 */
	len = head[3] << 8 | head[4];
	ASSERT_LE(len, sizeof(body));
	ASSERT_EQ((ssize_t)len, recv(conn, body, len, MSG_WAITALL));
	EXPECT_EQ(1, body[0]);
	EXPECT_EQ(len - 4, (size_t)(body[1] << 16 | body[2] << 8 | body[3]));
	EXPECT_NE(NULL, memmem(body, len, SERVER_NAME, strlen(SERVER_NAME)));
	close(fd);
	close(conn);
}

/* An IPv6 socket connects to an IPv4 address, unless it is told not to. */
/*
 * Waits for a signal of O_ASYNC after which there is one of @events. TCP sends one, too, when
 * it is connected.
 */
static bool signalled(int sig, int fd, int events)
{
	struct timespec most = { .tv_sec = 60 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	while (sigtimedwait(&set, NULL, &most) == sig)
		if (poll_one(fd, events, 0) & events)
			return true;
	return false;
}

TEST_F(client, signal_when_it_is_done)
{
	struct peer_config cfg = self->cfg;
	int fd, sig = SIGRTMIN, fails;
	pthread_t thread;
	struct peer *p;
	sigset_t set;

	cfg.no_tickets = true;	/* which would be another reason for a signal */
	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (fails = 0; fails < 2; fails++) {
		fd = tls_client(variant->family, SOCK_NONBLOCK);
		ASSERT_EQ(0, fcntl(fd, F_SETOWN, getpid()));
		ASSERT_EQ(0, fcntl(fd, F_SETSIG, sig));
		ASSERT_EQ(0, fcntl(fd, F_SETFL, O_NONBLOCK | O_ASYNC));
		ASSERT_EQ(-1, tls_connect_fd(fd, variant->family, self->port));
		ASSERT_EQ(EINPROGRESS, errno);
		p = peer_new(PEER_OPENSSL, &cfg, accept(self->lfd, NULL, NULL));
		if (fails) {
			peer_free(p);
			EXPECT_TRUE(signalled(sig, fd, POLLERR));
		} else {
			pthread_create(&thread, NULL, finish_handshake, p);
			EXPECT_TRUE(signalled(sig, fd, POLLOUT));
			EXPECT_EQ(1, send(fd, "x", 1, 0))
				TH_LOG("%m");
			pthread_join(thread, NULL);
			peer_free(p);
		}
		close(fd);
	}
}

/*
 * TCP_CORK is for the data, not for the handshake. Here TCP would hold a corked flight for
 * longer than a handshake may take.
 */
static bool write_number(const char *path, const char *number)
{
	int fd = open(path, O_WRONLY);
	bool done = fd >= 0 && write(fd, number, strlen(number)) == strlen(number);

	close(fd);
	return done;
}

static bool isolate(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd;
	bool up;

	if (unshare(CLONE_NEWNET))
		return false;
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	up = !ioctl(fd, SIOCSIFFLAGS, &lo);
	close(fd);
	return up && write_number("/proc/sys/net/ssa/handshake_timeout_ms", "60000");
}

static int set_cork(int fd, const void *arg)
{
	int one = 1;

	return setsockopt(fd, SOL_TCP, TCP_CORK, &one, sizeof(one));
}

TEST(cork_does_not_delay_the_handshake)
{
	struct link_config cfg = { .family = AF_INET, .kind = PEER_OPENSSL, .prepare = set_cork };
	struct link l;
	int server;

	ASSERT_TRUE(isolate())
		TH_LOG("%m");
	if (!write_number("/proc/sys/net/ipv4/tcp_rto_min_us", "110000000"))
		SKIP(return, "TCP's shortest time cannot be set");
	for (server = 0; server < 2; server++) {
		cfg.server = server;
		link_try(&l, &cfg);
		EXPECT_EQ(0, l.err)
			TH_LOG("%s (%s)", strerror(l.err), l.error);
		EXPECT_TRUE(l.peer_ok);
		link_close(&l);
	}
}

TEST(ipv4_mapped_address)
{
	int port = 0, lfd = tcp_listen(AF_INET, &port), fd, one = 1, inet = AF_INET;
	struct sockaddr_in6 addr = { .sin6_family = AF_INET6 };
	struct peer_config cfg = {
		.server = true,
		.cert = pki_file("p256.chain.pem"),
		.key = pki_file("p256.key.pem"),
	};
	struct peer *peer;
	pthread_t thread;

	inet_pton(AF_INET6, "::ffff:127.0.0.1", &addr.sin6_addr);
	addr.sin6_port = htons(port);
	fd = tls_client(AF_INET6, SOCK_NONBLOCK);
	ASSERT_LE(0, fd);
	ASSERT_EQ(-1, connect(fd, (struct sockaddr *)&addr, sizeof(addr)));
	ASSERT_EQ(EINPROGRESS, errno);
	peer = peer_new(PEER_OPENSSL, &cfg, accept(lfd, NULL, NULL));
	pthread_create(&thread, NULL, finish_handshake, peer);
	EXPECT_EQ(POLLOUT, poll_wait(fd, POLLOUT));
	pthread_join(thread, NULL);
	/* TCP would let it become an IPv4 socket. */
	EXPECT_EQ(-1, setsockopt(fd, SOL_IPV6, IPV6_ADDRFORM, &inet, sizeof(inet)));
	EXPECT_EQ(EOPNOTSUPP, errno);
	EXPECT_EQ(1, send(fd, "x", 1, 0));
	peer_free(peer);
	close(fd);

	fd = tls_client(AF_INET6, 0);
	ASSERT_EQ(0, setsockopt(fd, SOL_IPV6, IPV6_V6ONLY, &one, sizeof(one)));
	EXPECT_EQ(-1, connect(fd, (struct sockaddr *)&addr, sizeof(addr)));
	EXPECT_EQ(ENETUNREACH, errno);
	close(fd);
	close(lfd);
}

TEST(bind_before_connect)
{
	struct link_config cfg = { .family = AF_INET };
	int port = 0, lfd = tcp_listen(AF_INET, &port), fd;
	struct sockaddr_storage ss;
	socklen_t len = loopback(&ss, AF_INET, 0);
	int own;

	fd = tls_client(cfg.family, SOCK_NONBLOCK);
	ASSERT_EQ(0, bind(fd, (struct sockaddr *)&ss, len));
	own = local_port(fd);
	ASSERT_EQ(-1, tls_connect_fd(fd, AF_INET, port));
	EXPECT_EQ(EINPROGRESS, errno);
	EXPECT_EQ(own, local_port(fd));
	len = sizeof(ss);
	close(accept(lfd, (struct sockaddr *)&ss, &len));
	EXPECT_EQ(own, ntohs(((struct sockaddr_in *)&ss)->sin_port));
	close(fd);
	close(lfd);
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 1);
}
