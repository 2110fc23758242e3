// SPDX-License-Identifier: GPL-2.0
/*
 * Records behind a handshake of TLS 1.3 that no library would send: messages out of
 * place, in pieces, too long, too many; bad headers, and what else is to be refused.
 */
#include "rawconn.h"

TEST_F(raw, plain_exchange)
{
	unsigned char buf[RECORD_CIPHERTEXT_MAX];
	int type;

	ASSERT_EQ(0, raw_send(&self->tx, RECORD_DATA, "abc", 3));
	ASSERT_EQ(3, recv(self->l.fd, buf, 10, 0));
	EXPECT_EQ(0, memcmp(buf, "abc", 3));
	ASSERT_EQ(3, send(self->l.fd, "def", 3, 0));
	ASSERT_EQ(3, raw_recv(&self->rx, &type, buf));
	EXPECT_EQ(RECORD_DATA, type);
	EXPECT_EQ(0, memcmp(buf, "def", 3));
}

/* RFC 8446 5.4: any record may be padded. */
TEST_F(raw, padded_records)
{
	unsigned char out[RECORD_CIPHERTEXT_MAX + 5];
	char in[8];
	size_t len;

	len = raw_seal(&self->tx, RECORD_DATA, "abc", 3, 1000, out);
	ASSERT_EQ((ssize_t)len, send_all(self->tx.fd, out, len));
	len = raw_seal(&self->tx, RECORD_DATA, "def", 3, 16384 - 3, out);
	ASSERT_EQ((ssize_t)len, send_all(self->tx.fd, out, len));
	ASSERT_EQ(6, recv(self->l.fd, in, 6, MSG_WAITALL));
	EXPECT_EQ(0, memcmp(in, "abcdef", 6));
}

/* RFC 8446 5.1: empty application data is allowed, and is not the end of it. */
TEST_F(raw, empty_records_are_not_the_end)
{
	char in[8];
	int i;

	for (i = 0; i < 5; i++)
		ASSERT_EQ(0, raw_send(&self->tx, RECORD_DATA, "", 0));
	settle();
	EXPECT_EQ(-1, recv(self->l.fd, in, 1, MSG_DONTWAIT));
	EXPECT_EQ(EAGAIN, errno);
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_DATA, "x", 1));
	EXPECT_EQ(1, recv(self->l.fd, in, 8, 0));
}

static const unsigned char key_update[] = { 24, 0, 0, 1, 0 };
static const unsigned char key_update_request[] = { 24, 0, 0, 1, 1 };

/* Ours comes under the old key, what follows under the new one. */
TEST_F(raw, requested_update_is_answered)
{
	unsigned char buf[RECORD_CIPHERTEXT_MAX];
	int type;

	ASSERT_EQ(0, raw_send(&self->tx, RECORD_HANDSHAKE, key_update_request,
			      sizeof(key_update_request)));
	raw_next_secret(&self->tx);
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_DATA, "abc", 3));
	ASSERT_EQ(3, recv(self->l.fd, buf, 10, 0));
	ASSERT_EQ(3, send(self->l.fd, "def", 3, 0));
	ASSERT_EQ(5, raw_recv(&self->rx, &type, buf));
	EXPECT_EQ(RECORD_HANDSHAKE, type);
	EXPECT_EQ(0, memcmp(buf, key_update, sizeof(key_update)));
	raw_next_secret(&self->rx);
	ASSERT_EQ(3, raw_recv(&self->rx, &type, buf));
	EXPECT_EQ(RECORD_DATA, type);
	EXPECT_EQ(0, memcmp(buf, "def", 3));
}

/* RFC 8446 4.6.3: one answer to all the requests that came while we were silent */
TEST_F(raw, several_requests_share_an_answer)
{
	unsigned char buf[RECORD_CIPHERTEXT_MAX];
	int type, i, answers = 0;
	ssize_t n;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, raw_send(&self->tx, RECORD_HANDSHAKE, key_update_request,
				      sizeof(key_update_request)));
		raw_next_secret(&self->tx);
	}
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_DATA, "abc", 3));
	ASSERT_EQ(3, recv(self->l.fd, buf, 10, 0));
	ASSERT_EQ(3, send(self->l.fd, "def", 3, 0));
	for (;;) {
		n = raw_recv(&self->rx, &type, buf);
		ASSERT_LT(0, n);
		if (type == RECORD_DATA)
			break;
		ASSERT_EQ(5, n);
		answers++;
		raw_next_secret(&self->rx);
	}
	EXPECT_EQ(3, n);
	EXPECT_EQ(1, answers);
}

TEST_F(raw, key_update_flood)
{
	int i;

	/* Without a byte of data between them; it must stop somewhere. */
	for (i = 0; i < 1000; i++) {
		if (raw_send(&self->tx, RECORD_HANDSHAKE, key_update, sizeof(key_update)))
			break;
		raw_next_secret(&self->tx);
	}
	expect_failure(_metadata, self, "KEY_UPDATE_FLOOD", 10);
}

/* With data between them there may be as many as the peer likes. */
TEST_F(raw, key_updates_between_splices)
{
	int pipefd[2], i;
	char in[4];

	ASSERT_EQ(0, pipe(pipefd));
	for (i = 0; i < 100; i++) {
		ASSERT_EQ(0, raw_send(&self->tx, RECORD_HANDSHAKE, key_update,
				      sizeof(key_update)));
		raw_next_secret(&self->tx);
		ASSERT_EQ(0, raw_send(&self->tx, RECORD_DATA, "abc", 3));
		ASSERT_EQ(3, splice(self->l.fd, NULL, pipefd[1], NULL, 100, 0))
			TH_LOG("%d: %m (%s)", i, tls_error(self->l.fd));
		ASSERT_EQ(3, read(pipefd[0], in, sizeof(in)));
	}
	close(pipefd[0]);
	close(pipefd[1]);
}

/* Who only sends is asked for new keys again and again. */
TEST_F(raw, requests_between_sends)
{
	unsigned char buf[RECORD_CIPHERTEXT_MAX];
	long long seen = ssa_counter("KeyUpdatesReceived");
	int type, i;

	for (i = 1; i <= 100; i++) {
		ASSERT_EQ(0, raw_send(&self->tx, RECORD_HANDSHAKE, key_update_request,
				      sizeof(key_update_request)));
		raw_next_secret(&self->tx);
		/* Nothing to read, but the request is seen. */
		while (!poll_one(self->l.fd, POLLIN, 0) &&
		       ssa_counter("KeyUpdatesReceived") < seen + i)
			usleep(1000);
		ASSERT_EQ(3, send(self->l.fd, "abc", 3, MSG_NOSIGNAL));
		ASSERT_EQ(5, raw_recv(&self->rx, &type, buf))
			TH_LOG("%d: %s", i, tls_error(self->l.fd));
		ASSERT_EQ(RECORD_HANDSHAKE, type);
		raw_next_secret(&self->rx);
		ASSERT_EQ(3, raw_recv(&self->rx, &type, buf));
		ASSERT_EQ(RECORD_DATA, type);
	}
}

TEST_F(raw, key_update_with_a_bad_value)
{
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_HANDSHAKE, "\30\0\0\1\2", 5));
	expect_failure(_metadata, self, "ILLEGAL_PARAMETER", 47);
}

TEST_F(raw, key_update_of_a_bad_length)
{
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_HANDSHAKE, "\30\0\0\2\0\0", 6));
	expect_failure(_metadata, self, "DECODE", 50);
}

/* RFC 8446 5.1: no other message may follow a change of keys in its record. */
TEST_F(raw, data_behind_a_key_update)
{
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_HANDSHAKE, "\30\0\0\1\0\30\0\0\1\0", 10));
	expect_failure(_metadata, self, "EXCESS_DATA", 10);
}

TEST_F(raw, client_hello_after_the_handshake)
{
	static const unsigned char hello[44] = { 1, 0, 0, 40, 3, 3 };

	ASSERT_EQ(0, raw_send(&self->tx, RECORD_HANDSHAKE, hello, sizeof(hello)));
	expect_failure(_metadata, self, variant->server ? "RENEGOTIATION" : "UNEXPECTED_MESSAGE",
		       10);
}

TEST_F(raw, hello_request)
{
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_HANDSHAKE, "\0\0\0\0", 4));
	expect_failure(_metadata, self, variant->server ? "UNEXPECTED_MESSAGE" : "RENEGOTIATION",
		       10);
}

TEST_F(raw, unknown_content_type)
{
	ASSERT_EQ(0, raw_send(&self->tx, 99, "abc", 3));
	expect_failure(_metadata, self, "RECORD_TYPE", 10);
}

TEST_F(raw, change_cipher_spec_inside)
{
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_CCS, "\1", 1));
	expect_failure(_metadata, self, "RECORD_TYPE", 10);
}

/* RFC 8446 5: behind Finished it is of an unexpected type. */
TEST_F(raw, change_cipher_spec_outside)
{
	ASSERT_EQ(0, raw_send_plain(self->tx.fd, RECORD_CCS, "\1", 1));
	expect_failure(_metadata, self, "RECORD_TYPE", 10);
}

TEST_F(raw, unprotected_handshake_message)
{
	static const unsigned char update[24] = { 24, 0, 0, 20 };

	ASSERT_EQ(0, raw_send_plain(self->tx.fd, RECORD_HANDSHAKE, update, sizeof(update)));
	expect_failure(_metadata, self, "RECORD_TYPE", 10);
}

TEST_F(raw, alert_of_a_bad_length)
{
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_ALERT, "\2", 1));
	expect_failure(_metadata, self, "DECODE", 50);
}

TEST_F(raw, empty_handshake_record)
{
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_HANDSHAKE, "", 0));
	expect_failure(_metadata, self, "RECORD_EMPTY", 10);
}

TEST_F(raw, bad_record_mac)
{
	unsigned char out[100];
	size_t len = raw_seal(&self->tx, RECORD_DATA, "abc", 3, 0, out);

	out[len - 1] ^= 1;
	ASSERT_EQ((ssize_t)len, send_all(self->tx.fd, out, len));
	expect_failure(_metadata, self, "BAD_RECORD_MAC", 20);
	/* A FIN behind it, while our socket is still open */
	ASSERT_EQ(POLLIN | POLLRDHUP, poll_one(self->rx.fd, POLLIN | POLLRDHUP, 10000));
	EXPECT_EQ(0, recv(self->rx.fd, out, 1, 0));
}

/* After our own end TCP tells of each byte, and kTLS does not look. */
TEST_F(raw, part_of_a_record_after_our_end)
{
	unsigned char out[100];
	size_t len = raw_seal(&self->tx, RECORD_DATA, "abc", 3, 0, out);

	ASSERT_EQ(0, shutdown(self->l.fd, SHUT_WR));
	ASSERT_EQ(9, send_all(self->tx.fd, out, 9));
	settle();
	EXPECT_EQ(0, poll_one(self->l.fd, POLLIN, 0));
	ASSERT_EQ((ssize_t)len - 9, send_all(self->tx.fd, out + 9, len - 9));
	EXPECT_NE(0, poll_wait(self->l.fd, POLLIN) & POLLIN);
	EXPECT_EQ(3, recv(self->l.fd, out, sizeof(out), MSG_DONTWAIT));
}

/* An attacker in the middle cannot end the connection politely. */
TEST_F(raw, unprotected_close_notify)
{
	char byte;

	ASSERT_EQ(0, raw_send_plain(self->tx.fd, RECORD_ALERT, "\1\0", 2));
	EXPECT_EQ(-1, recv(self->l.fd, &byte, 1, 0));
	EXPECT_EQ(EPROTO, errno);
	EXPECT_EQ(10, raw_recv_alert(&self->rx));
}

TEST_F(raw, oversize_record)
{
	static unsigned char body[RECORD_CIPHERTEXT_MAX + 1];

	ASSERT_EQ(0, raw_send_plain(self->tx.fd, RECORD_DATA, body, sizeof(body)));
	expect_failure(_metadata, self, "RECORD_OVERFLOW", 22);
}

/* More than 2^14 bytes inside a record that is not too long itself */
TEST_F(raw, oversize_plaintext)
{
	static unsigned char body[16384 + 1];

	ASSERT_EQ(0, raw_send(&self->tx, RECORD_DATA, body, sizeof(body)));
	expect_failure(_metadata, self, "RECORD_OVERFLOW", 22);
}

TEST_F(raw, replayed_record)
{
	unsigned char out[100];
	size_t len = raw_seal(&self->tx, RECORD_DATA, "abc", 3, 0, out);
	char in[4];

	ASSERT_EQ((ssize_t)len, send_all(self->tx.fd, out, len));
	ASSERT_EQ((ssize_t)len, send_all(self->tx.fd, out, len));
	ASSERT_EQ(3, recv(self->l.fd, in, 3, 0));
	expect_failure(_metadata, self, "BAD_RECORD_MAC", 20);
}

/* A warning that closes nothing is fatal all the same in TLS 1.3 (RFC 8446 6). */
TEST_F(raw, user_canceled_then_close)
{
	char byte;

	ASSERT_EQ(0, raw_send(&self->tx, RECORD_ALERT, "\1\132", 2));
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_ALERT, "\1\0", 2));
	EXPECT_EQ(0, recv(self->l.fd, &byte, 1, 0))
		TH_LOG("%m (%s)", tls_error(self->l.fd));
}

static size_t make_ticket(unsigned char *out, size_t ticket_len)
{
	size_t body = 4 + 4 + 1 + 1 + 2 + ticket_len + 2;

	memset(out, 0, 4 + body);
	out[0] = 4;
	out[1] = body >> 16;
	out[2] = body >> 8;
	out[3] = body;
	out[7] = 100;			/* ticket_lifetime */
	out[12] = 1;			/* length of ticket_nonce */
	out[14] = ticket_len >> 8;
	out[15] = ticket_len;
	return 4 + body;
}

/* A message in pieces, down to single bytes; only clients take tickets. */
TEST_F(raw, fragmented_ticket)
{
	static unsigned char ticket[16384];
	size_t len = make_ticket(ticket, 700), i;
	char in[4];

	if (variant->server) {
		ASSERT_EQ(0, raw_send(&self->tx, RECORD_HANDSHAKE, ticket, len));
		expect_failure(_metadata, self, "UNEXPECTED_MESSAGE", 10);
		return;
	}
	for (i = 0; i < len; i += 50)
		ASSERT_EQ(0, raw_send(&self->tx, RECORD_HANDSHAKE, ticket + i,
				      len - i < 50 ? len - i : 50));
	len = make_ticket(ticket, 5);
	for (i = 0; i < len; i++)
		ASSERT_EQ(0, raw_send(&self->tx, RECORD_HANDSHAKE, ticket + i, 1));
	/* Two in one record */
	memcpy(ticket + len, ticket, len);
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_HANDSHAKE, ticket, 2 * len));
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_DATA, "abc", 3));
	ASSERT_EQ(3, recv(self->l.fd, in, 4, 0))
		TH_LOG("%m (%s)", tls_error(self->l.fd));
}

/* A ticket may have 64 KiB. */
TEST_F(raw, long_ticket)
{
	static unsigned char ticket[4 + 14 + 65535];
	size_t len = make_ticket(ticket, 65535), i;
	long long before = ssa_counter("TicketsReceived");
	char in[4];

	if (variant->server)
		return;
	for (i = 0; i < len; i += 16384)
		ASSERT_EQ(0, raw_send(&self->tx, RECORD_HANDSHAKE, ticket + i,
				      len - i < 16384 ? len - i : 16384));
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_DATA, "abc", 3));
	ASSERT_EQ(3, recv(self->l.fd, in, 4, 0))
		TH_LOG("%m (%s)", tls_error(self->l.fd));
	EXPECT_EQ(before + 1, ssa_counter("TicketsReceived"));
	/* Nothing comes between its pieces. */
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_HANDSHAKE, ticket, 16384));
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_DATA, "abc", 3));
	expect_failure(_metadata, self, "UNEXPECTED_MESSAGE", 10);
}

/* RFC 8446 5.1: nothing comes between the pieces of a message. */
TEST_F(raw, data_between_the_pieces_of_a_message)
{
	unsigned char ticket[100];
	char in[4];

	make_ticket(ticket, 50);
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_HANDSHAKE, ticket, 10));
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_DATA, "abc", 3));
	EXPECT_EQ(-1, recv(self->l.fd, in, 4, 0));
	EXPECT_EQ(EPROTO, errno);
	EXPECT_EQ(10, raw_recv_alert(&self->rx));
}

/*
 * What comes with a bad header behind it: kTLS gives the stream up when it has taken
 * the first record, and says so once.
 */
enum before { TICKET, DATA };

static void send_with_bad_header(struct __test_metadata *_metadata, FIXTURE_DATA(raw) *self,
				 enum before what, const char *header)
{
	unsigned char out[1000], ticket[100];
	size_t len;

	if (what == TICKET)
		len = raw_seal(&self->tx, RECORD_HANDSHAKE, ticket, make_ticket(ticket, 20), 0,
			       out);
	else
		len = raw_seal(&self->tx, RECORD_DATA, "abcdefghij", 10, 0, out);
	memcpy(out + len, header, 5);
	memset(out + len + 5, 0, 100);
	ASSERT_EQ((ssize_t)(len + 105), send_all(self->tx.fd, out, len + 105));
}

#define BAD_VERSION	"\27\7\7\0\144"
#define TOO_LONG	"\27\3\3\177\377"
#define TOO_SHORT	"\27\3\3\0\5"

/* poll() is the one to find it, behind a record that nobody reads. */
static void bad_header_behind_a_ticket(struct __test_metadata *_metadata,
				       FIXTURE_DATA(raw) *self, const char *header,
				       const char *reason, int alert)
{
	send_with_bad_header(_metadata, self, TICKET, header);
	EXPECT_NE(0, poll_wait(self->l.fd, POLLIN) & POLLIN);
	expect_failure(_metadata, self, reason, alert);
}

TEST_F(raw, bad_version_behind_a_ticket)
{
	if (!variant->server)
		bad_header_behind_a_ticket(_metadata, self, BAD_VERSION, "RECORD_VERSION", 70);
}

TEST_F(raw, too_long_a_record_behind_a_ticket)
{
	if (!variant->server)
		bad_header_behind_a_ticket(_metadata, self, TOO_LONG, "RECORD_OVERFLOW", 22);
}

TEST_F(raw, too_short_a_record_behind_a_ticket)
{
	if (!variant->server)
		bad_header_behind_a_ticket(_metadata, self, TOO_SHORT, "BAD_RECORD_MAC", 20);
}

TEST_F(raw, bad_version_inside_waitall)
{
	char in[100];

	send_with_bad_header(_metadata, self, DATA, BAD_VERSION);
	ASSERT_EQ(10, recv(self->l.fd, in, sizeof(in), MSG_WAITALL));
	expect_failure(_metadata, self, "RECORD_VERSION", 70);
}

/* close() finds it: the peer learns why. */
TEST_F(raw, bad_version_at_close)
{
	char in[100];

	send_with_bad_header(_metadata, self, DATA, BAD_VERSION);
	ASSERT_EQ(10, recv(self->l.fd, in, 10, 0));
	close(self->l.fd);
	self->l.fd = -1;
	EXPECT_EQ(70, raw_recv_alert(&self->rx));
}

/* Who asks for the error first does not make the stream right again. */
TEST_F(raw, bad_version_and_so_error)
{
	char in[100];

	send_with_bad_header(_metadata, self, DATA, BAD_VERSION);
	ASSERT_EQ(10, recv(self->l.fd, in, 10, 0));
	settle();
	EXPECT_NE(0, so_error(self->l.fd));
	EXPECT_EQ(-1, recv(self->l.fd, in, 1, 0));
	EXPECT_EQ(EPROTO, errno);
	EXPECT_LT(0, raw_recv_alert(&self->rx));
	EXPECT_EQ(-1, send(self->l.fd, "x", 1, MSG_NOSIGNAL));
}

TEST_F(raw, ticket_flood)
{
	unsigned char ticket[100];
	size_t len = make_ticket(ticket, 20);
	int i;

	if (variant->server)
		return;
	for (i = 0; i < 2000; i++)
		if (raw_send(&self->tx, RECORD_HANDSHAKE, ticket, len))
			break;
	expect_failure(_metadata, self, "TICKET_FLOOD", 10);
}

TEST_F(raw, message_beyond_the_limit)
{
	unsigned char head[] = { 4, 0xff, 0xff, 0xff, 0 };

	if (variant->server)
		return;
	ASSERT_EQ(0, raw_send(&self->tx, RECORD_HANDSHAKE, head, sizeof(head)));
	expect_failure(_metadata, self, "MESSAGE_TOO_LONG", 47);
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 1);
}
