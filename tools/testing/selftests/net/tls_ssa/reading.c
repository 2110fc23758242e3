// SPDX-License-Identifier: GPL-2.0
/*
 * What there is to read: how much of it, who gets past what is no data, and what
 * happens to a record that cannot be delivered.
 */
#include <linux/sockios.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include "harness.h"
#include "link.h"
#include "raw.h"

FIXTURE(reading)
{
	struct link l;
	int fd;
	struct raw tx;		/* what the peer sends */
	struct raw rx;
};

FIXTURE_VARIANT(reading)
{
	bool server;		/* ours is */
	enum peer_version version;
	const char *suite;
};

FIXTURE_VARIANT_ADD(reading, client)
{
	.server = false,
	.suite = "TLS_AES_128_GCM_SHA256",
};

FIXTURE_VARIANT_ADD(reading, server_tls12)
{
	.server = true,
	.version = PEER_TLS12,
	.suite = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
};

FIXTURE_SETUP(reading)
{
	struct link_config cfg = {
		.family = AF_INET,
		.server = variant->server,
		.kind = PEER_OPENSSL,
		.peer = {
			.version = variant->version,
			.suite = variant->suite,
			.no_tickets = true,
		},
	};

	link_try(&self->l, &cfg);
	ASSERT_EQ(0, self->l.err)
		TH_LOG("%s (%s)", strerror(self->l.err), self->l.error);
	self->fd = self->l.fd;
	ASSERT_EQ(0, raw_init(&self->tx, self->l.peer, true));
	ASSERT_EQ(0, raw_init(&self->rx, self->l.peer, false));
}

FIXTURE_TEARDOWN(reading)
{
	link_close(&self->l);
}

#define SEND_DATA(text) \
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_DATA, text, sizeof(text) - 1))

/* Messages behind the handshake */
static const unsigned char ticket[] = {
	4, 0, 0, 16, 0, 0, 0, 100, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 0,
};

static const unsigned char key_update[] = { 24, 0, 0, 1, 0 };
static const unsigned char key_update_request[] = { 24, 0, 0, 1, 1 };

static int queued(int fd, unsigned long what)
{
	int n = -1;

	return ioctl(fd, what, &n) ? -errno : n;
}

/* --------------------------------------------------------------------- how much */

TEST_F(reading, fionread_is_what_recv_gives)
{
	char in[2000], out[1000] = "";

	EXPECT_EQ(0, queued(self->fd, FIONREAD));
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_DATA, out, sizeof(out)));
	poll_wait(self->fd, POLLIN);
	EXPECT_EQ(1000, queued(self->fd, FIONREAD));
	ASSERT_EQ(10, recv(self->fd, in, 10, 0));
	EXPECT_EQ(990, queued(self->fd, FIONREAD));
	ASSERT_EQ(990, recv(self->fd, in, sizeof(in), MSG_DONTWAIT));
	EXPECT_EQ(0, queued(self->fd, FIONREAD));
}

TEST_F(reading, fionread_of_many_records)
{
	unsigned char out[RECORD_CIPHERTEXT_MAX + 5];
	char in[4000];
	size_t len;
	int i;

	for (i = 0; i < 3; i++)
		ASSERT_EQ(0, raw_send(&self->tx, RECORD_DATA, in, 1000));
	/* Padding is nothing to read. */
	len = raw_seal(&self->tx, RECORD_DATA, "abc", 3, 500, out);
	ASSERT_EQ((ssize_t)len, send_all(self->tx.fd, out, len));
	settle();
	EXPECT_EQ(3003, queued(self->fd, FIONREAD));
	/* Nor is a part of a record. */
	ASSERT_EQ(7, send(self->tx.fd, "\27\3\3\0\144ab", 7, 0));
	settle();
	EXPECT_EQ(3003, queued(self->fd, FIONREAD));
	EXPECT_EQ(3003, recv(self->fd, in, sizeof(in), MSG_DONTWAIT));
	EXPECT_EQ(0, queued(self->fd, FIONREAD));
	EXPECT_EQ(0, poll_one(self->fd, POLLIN, 0));
}

/* 0 and epoll's silence are the same. */
TEST_F(reading, fionread_of_control_records)
{
	struct epoll_event ev = { .events = EPOLLIN }, out;
	int level = epoll_create1(0);
	char in[10];

	if (self->tx.tls12 || variant->server)
		SKIP(return, "only a client of TLS 1.3 gets tickets");
	ASSERT_EQ(0, epoll_ctl(level, EPOLL_CTL_ADD, self->fd, &ev));
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_HANDSHAKE, ticket, sizeof(ticket)));
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_DATA, "", 0));
	settle();
	EXPECT_EQ(0, queued(self->fd, FIONREAD));
	EXPECT_EQ(0, epoll_wait(level, &out, 1, 0));
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_HANDSHAKE, key_update, sizeof(key_update)));
	raw_next_secret(&self->tx);
	SEND_DATA("abc");
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_HANDSHAKE, ticket, sizeof(ticket)));
	SEND_DATA("de");
	settle();
	EXPECT_EQ(1, epoll_wait(level, &out, 1, 0));
	EXPECT_EQ(3, queued(self->fd, FIONREAD));
	EXPECT_EQ(3, recv(self->fd, in, sizeof(in), MSG_DONTWAIT));
	EXPECT_EQ(2, queued(self->fd, FIONREAD));
	EXPECT_EQ(2, recv(self->fd, in, sizeof(in), MSG_DONTWAIT));
	EXPECT_EQ(0, queued(self->fd, FIONREAD));
	EXPECT_EQ(0, epoll_wait(level, &out, 1, 0));
	close(level);
}

TEST_F(reading, fionread_at_the_end)
{
	char in[10];

	SEND_DATA("abc");
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_ALERT, "\1\0", 2));
	settle();
	EXPECT_EQ(3, queued(self->fd, FIONREAD));
	EXPECT_EQ(3, recv(self->fd, in, sizeof(in), 0));
	EXPECT_EQ(0, queued(self->fd, FIONREAD));
	EXPECT_EQ(0, recv(self->fd, in, sizeof(in), 0));
}

TEST(fionread_without_a_connection)
{
	int port, lfd = tcp_listen(AF_INET, &port), fd, peer;

	fd = tls_client(AF_INET, SOCK_NONBLOCK);
	EXPECT_EQ(0, queued(fd, FIONREAD));
	ASSERT_EQ(-1, tls_connect_fd(fd, AF_INET, port));
	peer = accept(lfd, NULL, NULL);
	/* Three bytes of a record of the handshake */
	ASSERT_EQ(3, send(peer, "\26\3\3", 3, 0));
	settle();
	EXPECT_EQ(0, queued(fd, FIONREAD));
	close(fd);
	close(peer);
	close(lfd);
	lfd = tls_listen(AF_INET, &(int){ 0 }, pki_file("p256.chain.pem"),
			 pki_file("p256.key.pem"));
	EXPECT_EQ(-EINVAL, queued(lfd, FIONREAD));
	close(lfd);
}

/* SIOCOUTQ: what is not acknowledged, an open record included */
TEST_F(reading, siocoutq)
{
	unsigned char buf[RECORD_CIPHERTEXT_MAX];
	int type, i;

	for (i = 0; i < 2; i++) {
		while (queued(self->fd, SIOCOUTQ))
			usleep(1000);
		ASSERT_EQ(3, send(self->fd, "abc", 3, MSG_MORE));
		EXPECT_LT(0, queued(self->fd, SIOCOUTQ));
		ASSERT_EQ(3, send(self->fd, "def", 3, 0));
		ASSERT_EQ(6, raw_recv(&self->rx, &type, buf));
	}
}

/* ------------------------------------------------------------------ MSG_TRUNC, faults */

TEST_F(reading, msg_trunc)
{
	char in[4];

	SEND_DATA("abcdef");
	SEND_DATA("ghi");
	settle();
	EXPECT_EQ(9, recv(self->fd, NULL, 100, MSG_TRUNC | MSG_PEEK));
	EXPECT_EQ(2, recv(self->fd, NULL, 2, MSG_TRUNC));
	memset(in, '-', sizeof(in));
	EXPECT_EQ(2, recv(self->fd, in, 2, MSG_TRUNC));
	EXPECT_EQ(0, memcmp(in, "----", 4));
	EXPECT_EQ(2, recv(self->fd, in, 2, 0));
	EXPECT_EQ(0, memcmp(in, "ef", 2));
	EXPECT_EQ(3, recv(self->fd, NULL, 3, MSG_TRUNC | MSG_WAITALL));
	EXPECT_EQ(-1, recv(self->fd, NULL, 1, MSG_TRUNC | MSG_DONTWAIT));
	EXPECT_EQ(EAGAIN, errno);
	SEND_DATA("x");
	EXPECT_EQ(1, recv(self->fd, in, 1, 0));
}

static void *discard(void *arg)
{
	return (void *)(intptr_t)recv(*(int *)arg, NULL, 1000000, MSG_TRUNC | MSG_WAITALL);
}

TEST_F(reading, msg_trunc_of_much)
{
	static char data[10000];
	pthread_t thread;
	void *result;
	char in[4];
	int i;

	pthread_create(&thread, NULL, discard, &self->fd);
	for (i = 0; i < 100; i++)
		ASSERT_EQ(0, raw_send(&self->tx, RECORD_DATA, data, sizeof(data)));
	SEND_DATA("end");
	pthread_join(thread, &result);
	EXPECT_EQ(1000000, (intptr_t)result);
	EXPECT_EQ(3, recv(self->fd, in, 4, 0));
	EXPECT_EQ(0, memcmp(in, "end", 3));
}

/* A buffer that cannot be written to: the record waits for a better one. */
static void expect_fault(struct __test_metadata *_metadata, FIXTURE_DATA(reading) *self,
			 void *bad, size_t len)
{
	int i;

	for (i = 0; i < 2; i++) {
		EXPECT_EQ(-1, recv(self->fd, bad, len, 0));
		EXPECT_EQ(EFAULT, errno);
		EXPECT_EQ(POLLIN | POLLOUT, poll_one(self->fd, POLLIN | POLLOUT, 0));
		EXPECT_EQ(0, so_error(self->fd));
		EXPECT_EQ(1, send(self->fd, "x", 1, MSG_NOSIGNAL));
	}
}

TEST_F(reading, fault)
{
	char *page = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	static char data[3000], in[5000];

	pattern_fill(data, sizeof(data), 0);
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_DATA, data, sizeof(data)));
	settle();		/* and no poll(), which would have it decrypted */
	expect_fault(_metadata, self, page, 8192);
	EXPECT_EQ(0, so_error(self->fd));
	expect_fault(_metadata, self, NULL, 3000);
	/* The first part of the buffer is all right. */
	ASSERT_EQ(0, mprotect(page, 4096, PROT_READ | PROT_WRITE));
	expect_fault(_metadata, self, page + 2000, 4000);
	ASSERT_EQ(3000, recv(self->fd, in, sizeof(in), 0))
		TH_LOG("%m (%s)", tls_error(self->fd));
	EXPECT_TRUE(pattern_check(in, 3000, 0));
	/* The second record does not fit; the first one does. */
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_DATA, data, 1000));
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_DATA, data, 3000));
	settle();
	ASSERT_EQ(1000, recv(self->fd, page + 2000, 5000, 0));
	EXPECT_EQ(0, so_error(self->fd));
	ASSERT_EQ(3000, recv(self->fd, in, sizeof(in), 0))
		TH_LOG("%m (%s)", tls_error(self->fd));
	EXPECT_TRUE(pattern_check(in, 3000, 0));
	munmap(page, 8192);
}

/* -------------------------------------------------------------- past control records */

TEST_F(reading, peek_past_key_updates_and_tickets)
{
	char in[10];
	int i;

	if (self->tx.tls12)
		SKIP(return, "TLS 1.3");
	SEND_DATA("abc");
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_HANDSHAKE, key_update_request,
			      sizeof(key_update_request)));
	raw_next_secret(&self->tx);
	SEND_DATA("de");
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_HANDSHAKE, ticket, sizeof(ticket)));
	SEND_DATA("f");
	for (i = 0; i < 2; i++) {
		memset(in, 0, sizeof(in));
		ASSERT_EQ(6, recv(self->fd, in, 6, MSG_PEEK | MSG_WAITALL));
		EXPECT_EQ(0, memcmp(in, "abcdef", 6));
	}
	ASSERT_EQ(6, recv(self->fd, in, sizeof(in), 0));
	EXPECT_EQ(0, memcmp(in, "abcdef", 6));
	EXPECT_EQ(3, send(self->fd, "abc", 3, MSG_NOSIGNAL));
}

/* The end, and what ends the connection, wait for the data to be read. */
TEST_F(reading, peek_stops_before_the_end)
{
	char in[10];

	SEND_DATA("abc");
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_ALERT, "\1\0", 2));
	EXPECT_EQ(3, recv(self->fd, in, 6, MSG_PEEK | MSG_WAITALL));
	EXPECT_EQ(3, recv(self->fd, in, 6, MSG_PEEK | MSG_WAITALL));
	EXPECT_EQ(3, recv(self->fd, in, 6, 0));
	EXPECT_EQ(0, recv(self->fd, in, 6, 0));
}

TEST_F(reading, peek_stops_before_a_failure)
{
	char in[10];

	if (self->tx.tls12)
		SKIP(return, "TLS 1.3");
	SEND_DATA("abc");
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_HANDSHAKE, "\30\0\0\1\2", 5));
	EXPECT_EQ(3, recv(self->fd, in, 6, MSG_PEEK | MSG_WAITALL));
	EXPECT_EQ(3, recv(self->fd, in, 6, MSG_PEEK | MSG_WAITALL));
	EXPECT_EQ(3, recv(self->fd, in, 6, 0));
	EXPECT_EQ(-1, recv(self->fd, in, 6, 0));
	EXPECT_EQ(EPROTO, errno);
	EXPECT_STREQ(reason_find("ILLEGAL_PARAMETER")->text, tls_error(self->fd));
}

static void *peek_six(void *arg)
{
	char in[6];

	return (void *)(intptr_t)recv(*(int *)arg, in, sizeof(in), MSG_PEEK | MSG_WAITALL);
}

TEST_F(reading, peek_waits_for_all)
{
	pthread_t thread;
	void *result;

	pthread_create(&thread, NULL, peek_six, &self->fd);
	SEND_DATA("abc");
	settle();
	SEND_DATA("def");
	pthread_join(thread, &result);
	EXPECT_EQ(6, (intptr_t)result);
}

/* ---------------------------------------------------------------- empty records */

static void *read_one(void *arg)
{
	char byte;

	return (void *)(intptr_t)(recv(*(int *)arg, &byte, 1, 0) < 0 ? -errno : byte);
}

static void *splice_one(void *arg)
{
	intptr_t result;
	int pipefd[2];

	if (pipe(pipefd))
		return NULL;
	result = splice(*(int *)arg, NULL, pipefd[1], NULL, 100, 0) < 0 ? -errno : 'x';
	close(pipefd[0]);
	close(pipefd[1]);
	return (void *)result;
}

/* Who waits in recv() or splice() counts them, as poll() does: 32 in a row. */
TEST_F(reading, empty_records_have_a_limit)
{
	void *(*readers[])(void *) = { read_one, splice_one };
	pthread_t thread;
	void *result;
	int i, n;

	for (i = 0; i < 2; i++) {
		pthread_create(&thread, NULL, readers[i], &self->fd);
		settle();
		for (n = 0; n < 32; n++)
			ASSERT_EQ(0, raw_send(&self->tx, RECORD_DATA, "", 0));
		SEND_DATA("x");
		pthread_join(thread, &result);
		EXPECT_EQ('x', (intptr_t)result)
			TH_LOG("%s", tls_error(self->fd));
	}
	pthread_create(&thread, NULL, readers[self->tx.tls12], &self->fd);
	settle();
	for (n = 0; n < 33; n++)
		ASSERT_EQ(0, raw_send(&self->tx, RECORD_DATA, "", 0));
	pthread_join(thread, &result);
	EXPECT_EQ(-EPROTO, (intptr_t)result);
	EXPECT_STREQ(reason_find("WARNING_FLOOD")->text, tls_error(self->fd));
	EXPECT_EQ(10, raw_recv_alert(&self->rx));
}

/* Zeros and no type at all: nobody but kTLS sees that it is not a bad record. */
TEST_F(reading, record_without_a_type)
{
	unsigned char out[200];
	size_t len;
	char byte;

	if (self->tx.tls12)
		SKIP(return, "TLS 1.3");
	len = raw_seal(&self->tx, 0, "", 0, 50, out);
	ASSERT_EQ((ssize_t)len, send_all(self->tx.fd, out, len));
	EXPECT_EQ(-1, recv(self->fd, &byte, 1, 0));
	EXPECT_EQ(EPROTO, errno);
	EXPECT_STREQ(reason_find("BAD_RECORD_MAC")->text, tls_error(self->fd));
	EXPECT_EQ(20, raw_recv_alert(&self->rx));
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 1);
}
