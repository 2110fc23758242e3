// SPDX-License-Identifier: GPL-2.0
/*
 * What arrives after the handshake and is not data: tickets, KeyUpdate, alerts.
 */
#define CONN_TLS13_ONLY
#include "conn.h"

static void check_both_ways(struct __test_metadata *_metadata, int fd, struct peer *p)
{
	char in[4];

	ASSERT_EQ(4, peer_send(p, "ping", 4))
		TH_LOG("%s", p->error);
	ASSERT_EQ(4, recv_all(fd, in, 4))
		TH_LOG("%m (%s)", tls_error(fd));
	ASSERT_EQ(0, memcmp(in, "ping", 4));
	ASSERT_EQ(4, send(fd, "pong", 4, MSG_NOSIGNAL))
		TH_LOG("%m (%s)", tls_error(fd));
	ASSERT_EQ(4, peer_recv_all(p, in, 4))
		TH_LOG("%s", p->error);
	ASSERT_EQ(0, memcmp(in, "pong", 4));
}

/* --------------------------------------------------------------- KeyUpdate */

TEST_F(conn, peer_updates_its_key)
{
	int i;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, peer_key_update(self->peer, false))
			TH_LOG("%s", self->peer->error);
		check_both_ways(_metadata, self->fd, self->peer);
	}
	EXPECT_EQ(0, self->peer->key_updates);
}

TEST_F(conn, peer_requests_an_update)
{
	long long before = ssa_counter("KeyUpdatesSent");
	int i;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, peer_key_update(self->peer, true))
			TH_LOG("%s", self->peer->error);
		check_both_ways(_metadata, self->fd, self->peer);
	}
	EXPECT_EQ(3, self->peer->key_updates);
	EXPECT_EQ(before + 3, ssa_counter("KeyUpdatesSent"));
}

/* A lone KeyUpdate is no data: a reader sleeps on, poll() is silent. */
TEST_F(conn, lone_key_update_is_silent)
{
	char byte;

	ASSERT_EQ(0, peer_key_update(self->peer, false));
	settle();
	EXPECT_EQ(0, poll_one(self->fd, POLLIN, 0));
	EXPECT_EQ(-1, recv(self->fd, &byte, 1, MSG_DONTWAIT));
	EXPECT_EQ(EAGAIN, errno);
	ASSERT_EQ(1, peer_send(self->peer, "x", 1));
	EXPECT_NE(0, poll_wait(self->fd, POLLIN) & POLLIN);
	EXPECT_EQ(1, recv(self->fd, &byte, 1, MSG_DONTWAIT));
	EXPECT_EQ('x', byte);
}

static int echo_with_updates(struct peer *p, void *arg)
{
	char buf[5000];
	size_t total = 0;
	unsigned int i = 0;
	ssize_t n;

	while ((n = peer_recv(p, buf, sizeof(buf))) > 0) {
		/* GnuTLS takes 8 answers in a second, no more. */
		if (++i % 7 == 0 && peer_key_update(p, i % 70 == 0))
			return -1;
		if (peer_send(p, buf, n) != n)
			return -1;
		total += n;
	}
	if (n)
		return -1;
	return peer_close_notify(p);
}

TEST_F(conn, updates_under_traffic)
{
	struct job echo;

	job_start(&echo, self->peer, echo_with_updates, NULL);
	EXPECT_EQ(0, echo_pattern(self->fd, 1 << 20, 0));
	EXPECT_EQ(0, shutdown(self->fd, SHUT_WR));
	EXPECT_EQ(0, job_wait(&echo))
		TH_LOG("%s", self->peer->error);
}

/* splice() meets a KeyUpdate between two records. */
TEST_F(conn, update_between_splices)
{
	int pipefd[2];
	char in[8];

	ASSERT_EQ(0, pipe(pipefd));
	ASSERT_EQ(3, peer_send(self->peer, "one", 3));
	ASSERT_EQ(0, peer_key_update(self->peer, true));
	ASSERT_EQ(3, peer_send(self->peer, "two", 3));
	settle();
	ASSERT_EQ(3, splice(self->fd, NULL, pipefd[1], NULL, 100, 0));
	ASSERT_EQ(3, splice(self->fd, NULL, pipefd[1], NULL, 100, 0))
		TH_LOG("%m (%s)", tls_error(self->fd));
	ASSERT_EQ(6, read(pipefd[0], in, 6));
	EXPECT_EQ(0, memcmp(in, "onetwo", 6));
	check_both_ways(_metadata, self->fd, self->peer);
	close(pipefd[0]);
	close(pipefd[1]);
}

/* MSG_PEEK shows what is behind a KeyUpdate and takes nothing away. */
TEST_F(conn, peek_behind_an_update)
{
	char in[4];

	ASSERT_EQ(0, peer_key_update(self->peer, false));
	ASSERT_EQ(3, peer_send(self->peer, "abc", 3));
	ASSERT_EQ(3, recv(self->fd, in, 4, MSG_PEEK));
	EXPECT_EQ(0, memcmp(in, "abc", 3));
	ASSERT_EQ(3, recv(self->fd, in, 4, 0));
	EXPECT_EQ(0, memcmp(in, "abc", 3));
}

/* --------------------------------------------------- tickets: servers send them */

FIXTURE(ticket)
{
	struct link l;
	int fd;
	struct peer *peer;
};

FIXTURE_VARIANT(ticket)
{
	int family;
	enum peer_kind peer;
};

FIXTURE_VARIANT_ADD(ticket, ipv4_openssl) { .family = AF_INET, .peer = PEER_OPENSSL };
FIXTURE_VARIANT_ADD(ticket, ipv6_gnutls) { .family = AF_INET6, .peer = PEER_GNUTLS };

FIXTURE_SETUP(ticket)
{
	struct link_config cfg = { .family = variant->family, .kind = variant->peer };

	link_try(&self->l, &cfg);
	ASSERT_EQ(0, self->l.err)
		TH_LOG("%s (%s)", strerror(self->l.err), self->l.error);
	self->fd = self->l.fd;
	self->peer = self->l.peer;
}

FIXTURE_TEARDOWN(ticket)
{
	link_close(&self->l);
}

TEST_F(ticket, is_consumed)
{
	long long before = ssa_counter("TicketsReceived");
	char in[8];
	int i;

	for (i = 0; i < 5; i++) {
		ASSERT_EQ(0, peer_ticket(self->peer))
			TH_LOG("%s", self->peer->error);
		ASSERT_EQ(3, peer_send(self->peer, "abc", 3));
		ASSERT_EQ(3, recv(self->fd, in, sizeof(in), 0))
			TH_LOG("%m (%s)", tls_error(self->fd));
		EXPECT_EQ(0, memcmp(in, "abc", 3));
	}
	EXPECT_LE(before + 5, ssa_counter("TicketsReceived"));
}

TEST_F(ticket, alone_is_silent)
{
	char byte;
	int i;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, peer_ticket(self->peer));
		settle();
		EXPECT_EQ(0, poll_one(self->fd, POLLIN | POLLRDHUP, 0));
		EXPECT_EQ(-1, recv(self->fd, &byte, 1, MSG_DONTWAIT));
		EXPECT_EQ(EAGAIN, errno);
	}
	ASSERT_EQ(1, peer_send(self->peer, "x", 1));
	EXPECT_NE(0, poll_wait(self->fd, POLLIN) & POLLIN);
	EXPECT_EQ(1, recv(self->fd, &byte, 1, MSG_DONTWAIT));
}

/* Somebody sleeps in recv() when a ticket comes: it is not his. */
TEST_F(ticket, does_not_wake_a_reader)
{
	int status;
	pid_t child = fork();
	char byte;

	if (!child)
		_exit(recv(self->fd, &byte, 1, 0) == 1 && byte == 'x' ? 0 : 1);
	usleep(100000);
	ASSERT_EQ(0, peer_ticket(self->peer));
	settle();
	EXPECT_EQ(0, waitpid(child, &status, WNOHANG));
	ASSERT_EQ(1, peer_send(self->peer, "x", 1));
	waitpid(child, &status, 0);
	EXPECT_EQ(0, status);
}

TEST_F(ticket, then_end)
{
	char byte;

	ASSERT_EQ(0, peer_ticket(self->peer));
	ASSERT_EQ(0, peer_close_notify(self->peer));
	EXPECT_EQ(0, recv(self->fd, &byte, 1, 0))
		TH_LOG("%m (%s)", tls_error(self->fd));
}

/* close() with a ticket unread: the peer gets our close_notify and no reset. */
TEST_F(ticket, unread_at_close)
{
	char byte;

	ASSERT_EQ(0, peer_ticket(self->peer));
	settle();
	close(self->fd);
	self->l.fd = -1;
	EXPECT_EQ(0, peer_recv(self->peer, &byte, 1))
		TH_LOG("%s", self->peer->error);
}

/* ------------------------------------------------------------- alerts of a peer */

FIXTURE(alert)
{
	struct link l;
};

FIXTURE_VARIANT(alert)
{
	int alert;
	const char *reason;
};

FIXTURE_VARIANT_ADD(alert, bad_record_mac)
{
	.alert = 20,
	.reason = "PEER_BAD_RECORD_MAC",
};

FIXTURE_VARIANT_ADD(alert, certificate_required)
{
	.alert = 116,
	.reason = "PEER_CERTIFICATE_REQUIRED",
};

FIXTURE_VARIANT_ADD(alert, internal_error)
{
	.alert = 80,
	.reason = "PEER_INTERNAL_ERROR",
};

FIXTURE_VARIANT_ADD(alert, unknown)
{
	.alert = 201,
	.reason = "PEER_ALERT",
};

FIXTURE_SETUP(alert)
{
	struct link_config cfg = { .family = AF_INET, .kind = PEER_GNUTLS };

	link_try(&self->l, &cfg);
	ASSERT_EQ(0, self->l.err)
		TH_LOG("%s (%s)", strerror(self->l.err), self->l.error);
}

FIXTURE_TEARDOWN(alert)
{
	link_close(&self->l);
}

TEST_F(alert, fatal_ends_the_connection)
{
	const struct reason *reason = reason_find(variant->reason);
	long long before = ssa_counter(reason->counter);
	struct tls_ssa_info info;
	socklen_t len = sizeof(info);
	char in[4];

	ASSERT_EQ(3, peer_send(self->l.peer, "abc", 3));
	ASSERT_EQ(0, peer_alert(self->l.peer, 2, variant->alert));
	ASSERT_EQ(3, recv(self->l.fd, in, 4, 0));
	EXPECT_EQ(-1, recv(self->l.fd, in, 4, 0));
	EXPECT_EQ(EPROTO, errno);
	EXPECT_NE(NULL, strstr(tls_error(self->l.fd), reason->text))
		TH_LOG("TLS_ERROR: '%s'", tls_error(self->l.fd));
	EXPECT_EQ(before + 1, ssa_counter(reason->counter));
	ASSERT_EQ(0, getsockopt(self->l.fd, IPPROTO_TLS, TLS_INFO, &info, &len));
	EXPECT_EQ(variant->alert, info.alert);
	EXPECT_EQ(-1, send(self->l.fd, "x", 1, MSG_NOSIGNAL));
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 1);
}
