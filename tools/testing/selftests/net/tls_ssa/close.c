// SPDX-License-Identifier: GPL-2.0
/*
 * The end of a connection, from either side, orderly or not.
 */
#include "conn.h"

TEST_F(conn, our_close_sends_close_notify)
{
	char in[4];

	ASSERT_EQ(3, send(self->fd, "bye", 3, 0));
	close(self->fd);
	self->l.fd = -1;
	ASSERT_EQ(3, peer_recv_all(self->peer, in, 3));
	EXPECT_EQ(0, peer_recv(self->peer, in, 1))
		TH_LOG("%s", self->peer->error);
}

TEST_F(conn, our_shutdown_is_one_way)
{
	char in[4];

	ASSERT_EQ(0, shutdown(self->fd, SHUT_WR));
	EXPECT_EQ(-1, send(self->fd, "x", 1, MSG_NOSIGNAL));
	EXPECT_EQ(EPIPE, errno);
	EXPECT_EQ(0, peer_recv(self->peer, in, 1));
	/* The other direction goes on. */
	ASSERT_EQ(3, peer_send(self->peer, "abc", 3));
	EXPECT_EQ(3, recv(self->fd, in, 4, 0));
	ASSERT_EQ(0, peer_close_notify(self->peer));
	EXPECT_EQ(0, recv(self->fd, in, 1, 0));
	EXPECT_EQ(0, recv(self->fd, in, 1, 0));
}

TEST_F(conn, peer_close_notify_is_end_of_file)
{
	char in[4];

	ASSERT_EQ(3, peer_send(self->peer, "abc", 3));
	ASSERT_EQ(0, peer_close_notify(self->peer));
	ASSERT_EQ(3, recv(self->fd, in, 4, 0));
	EXPECT_EQ(0, recv(self->fd, in, 1, 0));
	EXPECT_EQ(0, recv(self->fd, in, 1, 0));
	EXPECT_NE(0, poll_one(self->fd, POLLIN | POLLRDHUP, -1) & POLLRDHUP);
	/* What we still have to say arrives. */
	ASSERT_EQ(3, send(self->fd, "def", 3, MSG_NOSIGNAL));
	ASSERT_EQ(3, peer_recv_all(self->peer, in, 3));
	close(self->fd);
	self->l.fd = -1;
	EXPECT_EQ(0, peer_recv(self->peer, in, 1));
}

TEST_F(conn, close_notify_wakes_a_sleeping_reader)
{
	pid_t child = fork();
	int status;
	char byte;

	if (!child)
		_exit(recv(self->fd, &byte, 1, 0) == 0 ? 0 : 1);
	usleep(200000);
	ASSERT_EQ(0, peer_close_notify(self->peer));
	waitpid(child, &status, 0);
	EXPECT_EQ(0, status);
}

TEST_F(conn, close_notify_wakes_poll)
{
	ASSERT_EQ(0, peer_close_notify(self->peer));
	EXPECT_NE(0, poll_wait(self->fd, POLLIN) & POLLIN);
}

/* What comes after close_notify is not data (RFC 8446 6.1). */
TEST_F(conn, nothing_after_close_notify)
{
	char byte;

	ASSERT_EQ(0, peer_close_notify(self->peer));
	ASSERT_EQ(5, send(self->peer->fd, "after", 5, MSG_NOSIGNAL));
	EXPECT_EQ(0, recv(self->fd, &byte, 1, 0));
	EXPECT_EQ(0, recv(self->fd, &byte, 1, 0));
}

/* An attacker can end TCP, not TLS: the reader can tell the two apart. */
TEST_F(conn, truncation_is_an_error)
{
	long long before = ssa_counter(reason_find("TRUNCATED")->counter);
	char in[4];

	ASSERT_EQ(3, peer_send(self->peer, "abc", 3));
	ASSERT_EQ(0, shutdown(self->peer->fd, SHUT_WR));
	ASSERT_EQ(3, recv(self->fd, in, 4, 0));
	EXPECT_EQ(-1, recv(self->fd, in, 1, 0));
	EXPECT_EQ(EPROTO, errno);
	EXPECT_NE(NULL, strstr(tls_error(self->fd), reason_find("TRUNCATED")->text))
		TH_LOG("TLS_ERROR: '%s'", tls_error(self->fd));
	EXPECT_EQ(before + 1, ssa_counter(reason_find("TRUNCATED")->counter));
}

TEST_F(conn, truncation_wakes_a_sleeping_reader)
{
	pid_t child = fork();
	int status;
	char byte;

	if (!child)
		_exit(recv(self->fd, &byte, 1, 0) == -1 && errno == EPROTO ? 0 : 1);
	usleep(200000);
	ASSERT_EQ(0, shutdown(self->peer->fd, SHUT_WR));
	waitpid(child, &status, 0);
	EXPECT_EQ(0, status);
}

/* In the middle of a record */
TEST_F(conn, truncated_record_is_an_error)
{
	static const unsigned char half[] = { 23, 3, 3, 0, 100, 1, 2, 3 };
	char byte;

	ASSERT_EQ((ssize_t)sizeof(half), send(self->peer->fd, half, sizeof(half), 0));
	ASSERT_EQ(0, shutdown(self->peer->fd, SHUT_WR));
	EXPECT_EQ(-1, recv(self->fd, &byte, 1, 0));
	EXPECT_EQ(EPROTO, errno);
}

TEST_F(conn, reset_stays_a_reset)
{
	struct linger linger = { .l_onoff = 1 };
	char byte;

	setsockopt(self->peer->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	peer_free(self->peer);
	self->l.peer = NULL;
	EXPECT_EQ(-1, recv(self->fd, &byte, 1, 0));
	EXPECT_EQ(ECONNRESET, errno);
}

/* A reset behind some data is no orderly end either. */
TEST_F(conn, reset_inside_waitall_is_an_error)
{
	struct linger linger = { .l_onoff = 1 };
	char buf[100] = "";
	pid_t child = fork();
	int status;

	if (!child) {
		close(self->peer->fd);
		if (recv(self->fd, buf, sizeof(buf), MSG_WAITALL) != 50)
			_exit(1);
		_exit(recv(self->fd, buf, 1, 0) == -1 ? 0 : 2);
	}
	ASSERT_EQ(50, peer_send(self->peer, buf, 50));
	settle();
	setsockopt(self->peer->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	peer_free(self->peer);
	self->l.peer = NULL;
	waitpid(child, &status, 0);
	EXPECT_EQ(0, status);
}

/*
 * Both ends say goodbye at once: neither may lose its last bytes to a RST that
 * TCP sends when a socket is closed with something unread.
 */
TEST_F(conn, unread_close_notify_does_not_reset)
{
	char in[4];

	ASSERT_EQ(3, peer_send(self->peer, "req", 3));
	ASSERT_EQ(3, recv(self->fd, in, 3, 0));
	ASSERT_EQ(0, peer_close_notify(self->peer));
	settle();
	ASSERT_EQ(4, send(self->fd, "resp", 4, 0));
	close(self->fd);
	self->l.fd = -1;
	settle();
	ASSERT_EQ(4, peer_recv_all(self->peer, in, 4))
		TH_LOG("%s", self->peer->error);
	EXPECT_EQ(0, peer_recv(self->peer, in, 1))
		TH_LOG("%s", self->peer->error);
}

TEST_F(conn, shutdown_both_ways)
{
	char byte;

	ASSERT_EQ(0, shutdown(self->fd, SHUT_RDWR));
	EXPECT_EQ(0, peer_recv(self->peer, &byte, 1));
	EXPECT_EQ(0, recv(self->fd, &byte, 1, 0));
	EXPECT_EQ(-1, send(self->fd, "x", 1, MSG_NOSIGNAL));
	EXPECT_EQ(EPIPE, errno);
	EXPECT_EQ(-1, shutdown(self->fd, 42));
	EXPECT_EQ(EINVAL, errno);
}

TEST_F(conn, shutdown_wakes_a_sleeping_reader)
{
	pid_t child = fork();
	int status;
	char byte;

	if (!child)
		_exit(recv(self->fd, &byte, 1, 0) <= 0 ? 0 : 1);
	usleep(200000);
	ASSERT_EQ(0, shutdown(self->fd, SHUT_RD));
	waitpid(child, &status, 0);
	EXPECT_EQ(0, status);
}

/* Writing to somebody who is gone raises SIGPIPE unless it is asked not to. */
/* The peer reads nothing: a sender sleeps until somebody shuts the socket down. */
TEST_F(conn, shutdown_wakes_a_sleeping_sender)
{
	static char buf[65536];
	pid_t child = fork();
	int status;

	if (!child) {
		while (send(self->fd, buf, sizeof(buf), MSG_NOSIGNAL) > 0)
			;
		_exit(errno == EPIPE ? 0 : 1);
	}
	while (poll_one(self->fd, POLLOUT, 0) & POLLOUT)
		usleep(10000);
	settle();
	EXPECT_EQ(0, shutdown(self->fd, SHUT_RDWR));
	waitpid(child, &status, 0);
	EXPECT_EQ(0, status);
}

/* Three bytes of a record are nothing to read, before our FIN and after it. */
TEST_F(conn, part_of_a_record_is_not_readable)
{
	ASSERT_EQ(3, send(self->peer->fd, "\x17\x03\x03", 3, MSG_NOSIGNAL));
	settle();
	EXPECT_EQ(0, poll_one(self->fd, POLLIN, 0));
	ASSERT_EQ(0, shutdown(self->fd, SHUT_WR));
	settle();
	EXPECT_EQ(0, poll_one(self->fd, POLLIN, 0));
}

TEST_F(conn, sigpipe)
{
	int status;
	pid_t child;

	ASSERT_EQ(0, shutdown(self->fd, SHUT_WR));
	child = fork();
	if (!child) {
		signal(SIGPIPE, SIG_DFL);
		send(self->fd, "x", 1, 0);
		_exit(0);
	}
	waitpid(child, &status, 0);
	EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE);
	child = fork();
	if (!child) {
		signal(SIGPIPE, SIG_DFL);
		_exit(send(self->fd, "x", 1, MSG_NOSIGNAL) == -1 && errno == EPIPE ? 0 : 1);
	}
	waitpid(child, &status, 0);
	EXPECT_EQ(0, status);
}

/* close() with data that the peer does not take must not wait for it. */
TEST_F(conn, close_does_not_block)
{
	static char buf[65536];

	while (send(self->fd, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		;
	EXPECT_EQ(0, close(self->fd));
	self->l.fd = -1;
}

/* ------------------------------------------- our alert reaches who keeps sending */

/* A record that does not open, and @more of the same as far as TCP takes it */
static void send_garbage(int fd, int more)
{
	unsigned char record[5 + 1000] = { 23, 3, 3, 1000 >> 8, 1000 & 255 };

	send(fd, record, sizeof(record), MSG_NOSIGNAL);
	while (more--)
		send(fd, record, sizeof(record), MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void expect_alert(struct __test_metadata *_metadata, struct peer *p, int alert)
{
	char byte;

	EXPECT_GT(0, peer_recv(p, &byte, 1));
	EXPECT_EQ(alert, p->alert)
		TH_LOG("%s", p->error);
}

TEST_F(conn, alert_then_more_data)
{
	char byte;

	send_garbage(self->peer->fd, 20);
	EXPECT_EQ(-1, recv(self->fd, &byte, 1, 0));
	EXPECT_EQ(EPROTO, errno);
	EXPECT_STREQ(reason_find("BAD_RECORD_MAC")->text, tls_error(self->fd));
	/* It has not looked yet, and sends on: TCP must not answer by a RST. */
	send_garbage(self->peer->fd, 20);
	settle();
	EXPECT_EQ(0, so_error(self->peer->fd));
	send_garbage(self->peer->fd, 20);
	settle();
	expect_alert(_metadata, self->peer, 20);
	EXPECT_EQ(-1, recv(self->fd, &byte, 1, 0));
	EXPECT_EQ(EPROTO, errno);
	EXPECT_NE(0, poll_one(self->fd, POLLIN | POLLRDHUP, -1) & POLLRDHUP);
}

TEST_F(conn, alert_then_close_with_unread_data)
{
	char byte;

	send_garbage(self->peer->fd, 20);
	EXPECT_EQ(-1, recv(self->fd, &byte, 1, 0));
	send_garbage(self->peer->fd, 20);
	close(self->fd);
	self->l.fd = -1;
	send_garbage(self->peer->fd, 20);
	settle();
	send_garbage(self->peer->fd, 20);
	expect_alert(_metadata, self->peer, 20);
}

/* Several wait for data when the connection fails: all of them learn it. */
TEST_F(conn, failure_wakes_all_readers)
{
	pid_t child[3];
	int status, i;
	char byte;

	for (i = 0; i < 3; i++) {
		child[i] = fork();
		if (!child[i])
			_exit(recv(self->fd, &byte, 1, 0) < 0 && errno == EPROTO ? 0 : 1);
	}
	settle();
	send_garbage(self->peer->fd, 3);
	for (i = 0; i < 3; i++) {
		waitpid(child[i], &status, 0);
		EXPECT_EQ(0, status);
	}
	expect_alert(_metadata, self->peer, 20);
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 1);
}
