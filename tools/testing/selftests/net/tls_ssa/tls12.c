// SPDX-License-Identifier: GPL-2.0
/*
 * What TLS 1.2 has of its own: renegotiation and warnings, which are refused and
 * ignored a few times; a change_cipher_spec that means something; no new keys.
 */
#define RAW_TLS12
#include "rawconn.h"

#define UNEXPECTED_MESSAGE	10
#define BAD_RECORD_MAC		20

static void expect_alive(struct __test_metadata *_metadata, FIXTURE_DATA(raw) *self)
{
	unsigned char buf[RECORD_CIPHERTEXT_MAX];
	int type;

	ASSERT_EQ(0, raw_send(&self->tx, RECORD_DATA, "abc", 3));
	ASSERT_EQ(3, recv(self->l.fd, buf, 10, 0))
		TH_LOG("%m (%s)", tls_error(self->l.fd));
	EXPECT_EQ(0, memcmp(buf, "abc", 3));
	ASSERT_EQ(3, send(self->l.fd, "def", 3, 0));
	do {
		ASSERT_LE(0, raw_recv(&self->rx, &type, buf));
	} while (type == RECORD_ALERT && buf[0] == 1 && buf[1] == NO_RENEGOTIATION);
	EXPECT_EQ(RECORD_DATA, type);
	EXPECT_EQ(0, memcmp(buf, "def", 3));
}

TEST_F(raw, plain_exchange)
{
	int i;

	for (i = 0; i < 3; i++)
		expect_alive(_metadata, self);
}

static int ask_to_renegotiate(FIXTURE_DATA(raw) *self, bool server)
{
	static const unsigned char hello[44] = { 1, 0, 0, 40, 3, 3 };

	return server ? raw_send(&self->tx, RECORD_HANDSHAKE, hello, sizeof(hello)) :
			raw_send(&self->tx, RECORD_HANDSHAKE, "\0\0\0\0", 4);
}

/* RFC 5246 7.4.1: the answer is a warning, which comes at the latest with data. */
TEST_F(raw, renegotiation_is_refused)
{
	long long before = ssa_counter("RenegotiationsRefused");
	unsigned char buf[RECORD_CIPHERTEXT_MAX];
	int type;

	ASSERT_EQ(0, ask_to_renegotiate(self, variant->server));
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_DATA, "abc", 3));
	ASSERT_EQ(3, recv(self->l.fd, buf, 10, 0));
	ASSERT_EQ(2, raw_recv(&self->rx, &type, buf));
	EXPECT_EQ(RECORD_ALERT, type);
	EXPECT_EQ(1, buf[0]);
	EXPECT_EQ(NO_RENEGOTIATION, buf[1]);
	EXPECT_EQ(before + 1, ssa_counter("RenegotiationsRefused"));
	expect_alive(_metadata, self);
}

TEST_F(raw, renegotiation_flood)
{
	int i;

	for (i = 0; i < 100; i++)
		ASSERT_EQ(0, ask_to_renegotiate(self, variant->server));
	expect_failure(_metadata, self, "WARNING_FLOOD", UNEXPECTED_MESSAGE);
}

TEST_F(raw, message_of_the_other_side)
{
	ASSERT_EQ(0, ask_to_renegotiate(self, !variant->server));
	expect_failure(_metadata, self, "UNEXPECTED_MESSAGE", UNEXPECTED_MESSAGE);
}

TEST_F(raw, a_few_warnings_are_ignored)
{
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_ALERT, "\1\132", 2));
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_ALERT, "\1\144", 2));
	expect_alive(_metadata, self);
}

TEST_F(raw, warning_flood)
{
	int i;

	for (i = 0; i < 100; i++)
		ASSERT_EQ(0, raw_send(&self->tx, RECORD_ALERT, "\1\132", 2));
	expect_failure(_metadata, self, "WARNING_FLOOD", UNEXPECTED_MESSAGE);
}

TEST_F(raw, fatal_alert)
{
	char byte;

	ASSERT_EQ(0, raw_send(&self->tx, RECORD_ALERT, "\2\63", 2));
	EXPECT_EQ(-1, recv(self->l.fd, &byte, 1, 0));
	EXPECT_EQ(EPROTO, errno);
	EXPECT_STREQ(reason_find("PEER_DECRYPT_ERROR")->text, tls_error(self->l.fd));
}

/* There is no KeyUpdate and no ticket behind the handshake. */
TEST_F(raw, key_update)
{
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_HANDSHAKE, "\30\0\0\1\0", 5));
	expect_failure(_metadata, self, "UNEXPECTED_MESSAGE", UNEXPECTED_MESSAGE);
}

TEST_F(raw, finished_again)
{
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_HANDSHAKE, "\24\0\0\14abcdefghijkl", 16));
	expect_failure(_metadata, self, "UNEXPECTED_MESSAGE", UNEXPECTED_MESSAGE);
}

TEST_F(raw, change_cipher_spec_again)
{
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_CCS, "\1", 1));
	expect_failure(_metadata, self, "RECORD_TYPE", UNEXPECTED_MESSAGE);
}

/* kTLS judges a record once its explicit nonce should be there: 13 bytes. */
TEST_F(raw, unprotected_change_cipher_spec)
{
	int i;

	for (i = 0; i < 3; i++)
		ASSERT_EQ(0, raw_send_plain(self->tx.fd, RECORD_CCS, "\1", 1));
	expect_failure(_metadata, self, "RECORD_TYPE", UNEXPECTED_MESSAGE);
}

TEST_F(raw, unprotected_close_notify)
{
	int i;

	for (i = 0; i < 3; i++)
		ASSERT_EQ(0, raw_send_plain(self->tx.fd, RECORD_ALERT, "\1\0", 2));
	expect_failure(_metadata, self, "BAD_RECORD_MAC", BAD_RECORD_MAC);
}

TEST_F(raw, replayed_record)
{
	unsigned char out[100];
	size_t len = raw_seal(&self->tx, RECORD_DATA, "abc", 3, 0, out);
	char in[4];

	ASSERT_EQ((ssize_t)len, send_all(self->tx.fd, out, len));
	ASSERT_EQ((ssize_t)len, send_all(self->tx.fd, out, len));
	ASSERT_EQ(3, recv(self->l.fd, in, 3, 0));
	expect_failure(_metadata, self, "BAD_RECORD_MAC", BAD_RECORD_MAC);
}

/* A record of TLS 1.3 claims to be data, whatever is in it. */
TEST_F(raw, record_of_tls13)
{
	struct raw tx = self->tx;

	tx.tls12 = false;
	ASSERT_EQ(0, raw_send(&tx, RECORD_ALERT, "\1\0", 2));
	expect_failure(_metadata, self, "BAD_RECORD_MAC", BAD_RECORD_MAC);
}

TEST_F(raw, oversize_plaintext)
{
	static unsigned char body[16384 + 1];

	ASSERT_EQ(0, raw_send(&self->tx, RECORD_DATA, body, sizeof(body)));
	expect_failure(_metadata, self, "RECORD_OVERFLOW", 22);
}

/* RFC 5246 6.2.1: empty records of data are allowed; not without end. */
TEST_F(raw, a_few_empty_records)
{
	int i;

	for (i = 0; i < 5; i++)
		ASSERT_EQ(0, raw_send(&self->tx, RECORD_DATA, "", 0));
	settle();
	EXPECT_EQ(0, poll_one(self->l.fd, POLLIN, 0));
	expect_alive(_metadata, self);
}

TEST_F(raw, flood_of_empty_records)
{
	int i;

	for (i = 0; i < 100; i++)
		ASSERT_EQ(0, raw_send(&self->tx, RECORD_DATA, "", 0));
	EXPECT_NE(0, poll_wait(self->l.fd, POLLIN) & POLLIN);
	expect_failure(_metadata, self, "WARNING_FLOOD", UNEXPECTED_MESSAGE);
}

TEST(no_new_keys)
{
	struct link_config cfg = { .family = AF_INET, .peer = { .version = PEER_TLS12 } };
	long long sent = ssa_counter("KeyUpdatesSent");
	int fd = open("/proc/sys/net/ssa/rekey_after_records", O_WRONLY);
	struct link l;
	struct job echo;

	ASSERT_EQ(1, write(fd, "3", 1));
	link_try(&l, &cfg);
	ASSERT_EQ(0, pwrite(fd, "0", 1, 0) - 1);
	close(fd);
	ASSERT_EQ(0, l.err);
	job_start(&echo, l.peer, job_echo, NULL);
	EXPECT_EQ(0, echo_pattern(l.fd, 1 << 20, 0));
	shutdown(l.fd, SHUT_WR);
	EXPECT_EQ(0, job_wait(&echo))
		TH_LOG("%s", l.peer->error);
	EXPECT_EQ(sent, ssa_counter("KeyUpdatesSent"));
	link_close(&l);
}

/* --------------------------------------------- somebody in the middle of a handshake */

/**
 * struct middle - passes records on between the peer and ours
 * @peer, @ours: both are TCP
 * @inject: bytes that go to ours before record @before of the peer's, @times
 * @drop_ccs: the peer's change_cipher_spec does not arrive
 */
struct middle {
	int peer;
	int ours;
	const char *inject;
	size_t len;
	int before;
	int times;
	bool drop_ccs;
};

static bool pass_record(int from, int to, bool drop_ccs)
{
	unsigned char rec[5 + RECORD_CIPHERTEXT_MAX];
	size_t len;

	if (recv(from, rec, 5, MSG_WAITALL) != 5)
		return false;
	len = rec[3] << 8 | rec[4];
	if (len > RECORD_CIPHERTEXT_MAX || recv(from, rec + 5, len, MSG_WAITALL) != (ssize_t)len)
		return false;
	if (drop_ccs && rec[0] == RECORD_CCS)
		return true;
	return send(to, rec, 5 + len, MSG_NOSIGNAL) == (ssize_t)(5 + len);
}

static void *middle_thread(void *arg)
{
	struct middle *m = arg;
	struct pollfd p[2] = {
		{ .fd = m->peer, .events = POLLIN },
		{ .fd = m->ours, .events = POLLIN },
	};
	int records = 0, i;

	while (p[1].fd >= 0 && poll(p, 2, -1) > 0) {
		if (p[1].revents && !pass_record(m->ours, m->peer, false)) {
			shutdown(m->peer, SHUT_WR);
			p[1].fd = -1;
		}
		if (!p[0].revents)
			continue;
		for (i = 0; records == m->before && i < m->times; i++)
			send(m->ours, m->inject, m->len, MSG_NOSIGNAL);
		records++;
		if (!pass_record(m->peer, m->ours, m->drop_ccs)) {
			shutdown(m->ours, SHUT_WR);
			p[0].fd = -1;
		}
	}
	return NULL;
}

FIXTURE(middle)
{
	int none;
};

FIXTURE_VARIANT(middle)
{
	bool server;		/* ours is */
	const char *inject;
	size_t len;
	int before;
	int times;
	bool drop_ccs;
	int alert;
};

#define MIDDLE(name_, server_, bytes_, before_, times_, drop_, alert_) \
	FIXTURE_VARIANT_ADD(middle, name_) \
	{ \
		.server = server_, \
		.inject = bytes_, \
		.len = sizeof(bytes_) - 1, \
		.before = before_, \
		.times = times_, \
		.drop_ccs = drop_, \
		.alert = alert_, \
	}

#define CCS	"\24\3\3\0\1\1"
#define EARLY_FINISHED	"\26\3\3\0\20\24\0\0\14abcdefghijkl"
#define HELLO_REQUEST	"\26\3\3\0\4\0\0\0\0"

/* Before there are keys, it would have both ends go on without any (CVE-2014-0224). */
MIDDLE(ccs_to_server_before_client_hello, true, CCS, 0, 1, false, UNEXPECTED_MESSAGE);
MIDDLE(ccs_to_server_behind_client_hello, true, CCS, 1, 1, false, UNEXPECTED_MESSAGE);
MIDDLE(ccs_to_server_twice, true, CCS, 2, 1, false, UNEXPECTED_MESSAGE);
MIDDLE(ccs_to_client_before_server_hello, false, CCS, 0, 1, false, UNEXPECTED_MESSAGE);
MIDDLE(ccs_to_client_behind_server_hello, false, CCS, 1, 1, false, UNEXPECTED_MESSAGE);
MIDDLE(finished_without_ccs_to_server, true, CCS, 0, 0, true, UNEXPECTED_MESSAGE);
MIDDLE(finished_without_ccs_to_client, false, CCS, 0, 0, true, UNEXPECTED_MESSAGE);
MIDDLE(early_finished_to_server, true, EARLY_FINISHED, 1, 1, false, UNEXPECTED_MESSAGE);
MIDDLE(early_finished_to_client, false, EARLY_FINISHED, 1, 1, false, UNEXPECTED_MESSAGE);
MIDDLE(data_to_server, true, "\27\3\3\0\3abc", 1, 1, false, UNEXPECTED_MESSAGE);
MIDDLE(data_to_client, false, "\27\3\3\0\3abc", 1, 1, false, UNEXPECTED_MESSAGE);
MIDDLE(warnings_to_server, true, "\25\3\3\0\2\1\132", 1, 50, false, UNEXPECTED_MESSAGE);
MIDDLE(warnings_to_client, false, "\25\3\3\0\2\1\132", 1, 50, false, UNEXPECTED_MESSAGE);
MIDDLE(hello_requests_to_client, false, HELLO_REQUEST, 1, 50, false, UNEXPECTED_MESSAGE);
MIDDLE(hello_request_to_server, true, HELLO_REQUEST, 1, 1, false, UNEXPECTED_MESSAGE);
MIDDLE(second_client_hello, true, "\26\3\3\0\6\1\0\0\2\3\3", 1, 1, false, UNEXPECTED_MESSAGE);

FIXTURE_SETUP(middle)
{
}

FIXTURE_TEARDOWN(middle)
{
}

TEST_F(middle, is_noticed)
{
	struct peer_config cfg = {
		.server = !variant->server,
		.version = PEER_TLS12,
		.cert = pki_file("p256.chain.pem"),
		.key = pki_file("p256.key.pem"),
		.ca = pki_file("root.pem"),
		.name = SERVER_NAME,
	};
	struct middle m = {
		.inject = variant->inject,
		.len = variant->len,
		.before = variant->before,
		.times = variant->times,
		.drop_ccs = variant->drop_ccs,
	};
	int our_port = 0, tcp_port = 0, lfd, tcp, ours = -1, theirs;
	pthread_t thread;
	struct peer *peer;
	char byte;

	tcp = tcp_listen(AF_INET, &tcp_port);
	theirs = tcp_connect(AF_INET, tcp_port);
	m.peer = accept(tcp, NULL, NULL);
	if (variant->server) {
		lfd = tls_listen(AF_INET, &our_port, cfg.cert, cfg.key);
		m.ours = tcp_connect(AF_INET, our_port);
	} else {
		lfd = tcp_listen(AF_INET, &our_port);
		ours = tls_client(AF_INET, SOCK_NONBLOCK);
		ASSERT_EQ(-1, tls_connect_fd(ours, AF_INET, our_port));
		m.ours = accept(lfd, NULL, NULL);
	}
	pthread_create(&thread, NULL, middle_thread, &m);
	peer = peer_new(PEER_OPENSSL, &cfg, theirs);
	ASSERT_NE(NULL, peer);
	if (!peer_handshake(peer))
		peer_recv(peer, &byte, 1);
	EXPECT_EQ(variant->alert, peer->alert)
		TH_LOG("%s", peer->error);
	if (ours >= 0) {
		EXPECT_NE(0, poll_wait(ours, POLLOUT) & (POLLERR | POLLHUP));
		EXPECT_EQ(EPROTO, so_error(ours))
			TH_LOG("%s", tls_error(ours));
		close(ours);
	} else {
		EXPECT_EQ(0, poll_one(lfd, POLLIN, 0));
	}
	shutdown(m.ours, SHUT_RDWR);
	shutdown(m.peer, SHUT_RDWR);
	pthread_join(thread, NULL);
	close(m.ours);
	close(m.peer);
	peer_free(peer);
	close(lfd);
	close(tcp);
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 1);
}
