// SPDX-License-Identifier: GPL-2.0
/*
 * In the kernel somebody takes a socket over without being asked, as iSCSI does with one
 * that it gets by its descriptor: our sockets look like TCP's to it. It cannot use them
 * as it thinks; but nothing may break, and nothing may be left behind.
 */
#include "probe.h"
#include "upgrade.h"

enum what {
	FRESH,
	LISTENING,
	HANDSHAKE,		/* connect() waits for the peer's first record */
	CLIENT,
	SERVER,			/* from accept() */
	UPGRADED,		/* by TCP_ULP, nothing more */
	UPGRADED_HANDSHAKE,
	UPGRADED_DONE,
};

FIXTURE(takeover)
{
	struct probe p;
	long long sockets;	/* of ours, before */
	int fd;			/* the one that is taken over */
	int peer;		/* the other end, or -1 */
	int listener;		/* or -1 */
	int port;
};

FIXTURE_VARIANT(takeover)
{
	enum what what;
};

FIXTURE_VARIANT_ADD(takeover, fresh) { .what = FRESH };
FIXTURE_VARIANT_ADD(takeover, listening) { .what = LISTENING };
FIXTURE_VARIANT_ADD(takeover, handshake) { .what = HANDSHAKE };
FIXTURE_VARIANT_ADD(takeover, client) { .what = CLIENT };
FIXTURE_VARIANT_ADD(takeover, server) { .what = SERVER };
FIXTURE_VARIANT_ADD(takeover, upgraded) { .what = UPGRADED };
FIXTURE_VARIANT_ADD(takeover, upgraded_handshake) { .what = UPGRADED_HANDSHAKE };
FIXTURE_VARIANT_ADD(takeover, upgraded_done) { .what = UPGRADED_DONE };

static int listen_ours(int *port)
{
	return tls_listen(AF_INET, port, pki_file("p256.chain.pem"), pki_file("p256.key.pem"));
}

static int exchange(int a, int b)
{
	char byte = 0;

	return send(a, "!", 1, MSG_NOSIGNAL) == 1 && recv(b, &byte, 1, 0) == 1 &&
	       send(b, &byte, 1, MSG_NOSIGNAL) == 1 && recv(a, &byte, 1, 0) == 1 ? 0 : -1;
}

FIXTURE_SETUP(takeover)
{
	int client;

	self->fd = -1;
	self->peer = -1;
	self->listener = -1;
	self->port = 0;
	ASSERT_EQ(0, probe_open(&self->p));
	self->sockets = ssa_counter("Sockets");
	switch (variant->what) {
	case FRESH:
		self->listener = listen_ours(&self->port);
		self->fd = tls_client(AF_INET, SOCK_NONBLOCK);
		break;
	case LISTENING:
		self->fd = listen_ours(&self->port);
		break;
	case HANDSHAKE:
		self->listener = tcp_listen(AF_INET, &self->port);
		self->fd = tls_client(AF_INET, SOCK_NONBLOCK);
		EXPECT_EQ(-1, tls_connect_fd(self->fd, AF_INET, self->port));
		EXPECT_EQ(EINPROGRESS, errno);
		self->peer = accept(self->listener, NULL, NULL);
		/* ClientHello */
		EXPECT_EQ(POLLIN, poll_wait(self->peer, POLLIN));
		break;
	case CLIENT:
	case SERVER:
		self->listener = listen_ours(&self->port);
		client = tls_client(AF_INET, 0);
		ASSERT_EQ(0, tls_connect_fd(client, AF_INET, self->port));
		self->fd = accept(self->listener, NULL, NULL);
		self->peer = client;
		if (variant->what == CLIENT) {
			self->peer = self->fd;
			self->fd = client;
		}
		break;
	default:
		ASSERT_EQ(0, tcp_pair(AF_INET, &self->fd, &self->peer));
		ASSERT_EQ(0, upgrade(self->fd));
		ASSERT_EQ(0, upgrade_options(self->fd, TLS_HANDSHAKE_CLIENT));
		if (variant->what == UPGRADED)
			break;
		ASSERT_EQ(0, handshake(self->fd, TLS_HANDSHAKE_CLIENT));
		EXPECT_EQ(POLLIN, poll_wait(self->peer, POLLIN));
		if (variant->what == UPGRADED_HANDSHAKE)
			break;
		ASSERT_EQ(0, upgrade_all(self->peer, TLS_HANDSHAKE_SERVER));
		EXPECT_EQ(0, exchange(self->fd, self->peer));
		break;
	}
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(takeover)
{
	if (self->fd >= 0)
		close(self->fd);
	if (self->peer >= 0)
		close(self->peer);
	if (self->listener >= 0)
		close(self->listener);
	probe_close(&self->p);
	/* What lingers is no socket of ours any more: all of them are gone at once. */
	EXPECT_EQ(self->sockets, ssa_counter("Sockets"));
}

static int take(struct probe *p, int fd)
{
	return ioctl(p->fd, SSA_PROBE_TAKE, fd);
}

/* All that a program, and who has taken the socket over, can do with it; no matter what
 * comes of it.
 */
static void use(struct probe *p, int fd)
{
	static const unsigned int in_kernel[] = {
		SSA_PROBE_NAME, SSA_PROBE_SEND, SSA_PROBE_SEND_OPS, SSA_PROBE_RECV,
		SSA_PROBE_ACCEPT, SSA_PROBE_READ,
	};
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	struct tls_ssa_info info;
	int pipes[2], i, value = 1;
	char buf[256];

	fcntl(fd, F_SETFL, O_NONBLOCK);
	for (i = 0; i < ARRAY_SIZE(in_kernel); i++)
		probe_do(p, in_kernel[i]);
	send(fd, "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
	recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
	recv(fd, buf, sizeof(buf), MSG_DONTWAIT | MSG_PEEK);
	recv(fd, buf, sizeof(buf), MSG_DONTWAIT | MSG_ERRQUEUE);
	poll_one(fd, POLLIN | POLLOUT, 0);
	close(accept4(fd, NULL, NULL, SOCK_NONBLOCK));
	getsockname(fd, (struct sockaddr *)&ss, &len);
	len = sizeof(ss);
	getpeername(fd, (struct sockaddr *)&ss, &len);
	len = sizeof(info);
	getsockopt(fd, IPPROTO_TLS, TLS_INFO, &info, &len);
	len = sizeof(buf);
	getsockopt(fd, IPPROTO_TLS, TLS_ERROR, buf, &len);
	setsockopt(fd, SOL_TCP, TCP_NODELAY, &value, sizeof(value));
	value = TLS_KEY_UPDATE_BOTH;
	setsockopt(fd, IPPROTO_TLS, TLS_KEY_UPDATE, &value, sizeof(value));
	value = TLS_HANDSHAKE_CLIENT;
	setsockopt(fd, IPPROTO_TLS, TLS_HANDSHAKE, &value, sizeof(value));
	if (!pipe2(pipes, O_CLOEXEC)) {
		splice(fd, NULL, pipes[1], NULL, sizeof(buf), SPLICE_F_NONBLOCK);
		write(pipes[1], "x", 1);
		splice(pipes[0], NULL, fd, NULL, 1, SPLICE_F_NONBLOCK);
		close(pipes[0]);
		close(pipes[1]);
	}
}

TEST_F(takeover, given_back_and_closed)
{
	ASSERT_EQ(0, take(&self->p, self->fd));
	use(&self->p, self->fd);
	EXPECT_EQ(0, probe_do(&self->p, SSA_PROBE_GIVE));
	use(&self->p, self->fd);
}

TEST_F(takeover, closed_and_given_back)
{
	ASSERT_EQ(0, take(&self->p, self->fd));
	use(&self->p, self->fd);
	close(self->fd);
	self->fd = -1;
	probe_do(&self->p, SSA_PROBE_SHUTDOWN);
	probe_do(&self->p, SSA_PROBE_SEND);
	probe_do(&self->p, SSA_PROBE_RECV);
	EXPECT_EQ(0, probe_do(&self->p, SSA_PROBE_GIVE));
}

TEST_F(takeover, peer_is_first)
{
	ASSERT_EQ(0, take(&self->p, self->fd));
	if (self->peer >= 0)
		close_with_rst(self->peer);
	self->peer = -1;
	settle();
	use(&self->p, self->fd);
	shutdown(self->fd, SHUT_RDWR);
	use(&self->p, self->fd);
}

/* Who gives a socket back untouched gives it back as it was. */
TEST_F(takeover, goes_on_afterwards)
{
	int fd;

	ASSERT_EQ(0, take(&self->p, self->fd));
	EXPECT_EQ(-1, take(&self->p, self->fd));
	switch (variant->what) {
	case FRESH:
		EXPECT_EQ(-1, tls_connect_fd(self->fd, AF_INET, self->port));
		EXPECT_EQ(EBUSY, errno);
		EXPECT_EQ(0, probe_do(&self->p, SSA_PROBE_GIVE));
		EXPECT_EQ(-1, tls_connect_fd(self->fd, AF_INET, self->port));
		EXPECT_EQ(EINPROGRESS, errno);
		self->peer = accept(self->listener, NULL, NULL);
		break;
	case LISTENING:
		EXPECT_EQ(0, probe_do(&self->p, SSA_PROBE_GIVE));
		fd = tls_client(AF_INET, 0);
		EXPECT_EQ(0, tls_connect_fd(fd, AF_INET, self->port));
		self->peer = accept(self->fd, NULL, NULL);
		EXPECT_EQ(0, exchange(fd, self->peer));
		close(fd);
		return;
	case HANDSHAKE:
		EXPECT_EQ(0, probe_do(&self->p, SSA_PROBE_GIVE));
		/* Now a server of ours */
		EXPECT_EQ(0, upgrade_all(self->peer, TLS_HANDSHAKE_SERVER));
		break;
	case UPGRADED:
	case UPGRADED_HANDSHAKE:
		EXPECT_EQ(-1, variant->what == UPGRADED ?
			  handshake(self->fd, TLS_HANDSHAKE_CLIENT) : -1);
		EXPECT_EQ(0, probe_do(&self->p, SSA_PROBE_GIVE));
		if (variant->what == UPGRADED)
			EXPECT_EQ(0, handshake(self->fd, TLS_HANDSHAKE_CLIENT));
		EXPECT_EQ(0, upgrade_all(self->peer, TLS_HANDSHAKE_SERVER));
		break;
	default:
		EXPECT_EQ(1, send(self->peer, "?", 1, 0));
		settle();
		EXPECT_EQ(0, probe_do(&self->p, SSA_PROBE_GIVE));
		EXPECT_EQ(0, recv_all(self->fd, &fd, 1) - 1);
		break;
	}
	EXPECT_NE(0, poll_wait(self->fd, POLLOUT) & POLLOUT);
	fcntl(self->fd, F_SETFL, 0);
	EXPECT_EQ(0, exchange(self->fd, self->peer));
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 1);
}
