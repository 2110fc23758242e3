// SPDX-License-Identifier: GPL-2.0
/*
 * Peers that do not mean well, or have nothing in common with us: each gets the right
 * alert, each is counted, and nobody else notices. And the wire: after the
 * handshake nothing on it is plaintext.
 */
#include "harness.h"
#include "link.h"
#include "raw.h"

/* AlertDescription, RFC 8446 6; NO_ALERT: the connection just ends */
#define CLOSE_NOTIFY		0
#define UNEXPECTED_MESSAGE	10
#define RECORD_OVERFLOW		22
#define HANDSHAKE_FAILURE	40
#define ILLEGAL_PARAMETER	47
#define DECODE_ERROR		50
#define PROTOCOL_VERSION	70
#define USER_CANCELED		90
#define NO_ALERT		(-1)

#define BYTES(s)	(s), sizeof(s) - 1

FIXTURE(garbage)
{
	int none;
};

FIXTURE_VARIANT(garbage)
{
	bool server;		/* ours is */
	const char *bytes;
	size_t len;
	bool end;		/* and then the end of TCP */
	const char *reason;
	int err;		/* ours as client */
	int alert;
};

#define GARBAGE(name_, server_, bytes_, end_, reason_, err_, alert_) \
	FIXTURE_VARIANT_ADD(garbage, name_) \
	{ \
		.server = server_, \
		.bytes = bytes_, \
		.len = sizeof(bytes_) - 1, \
		.end = end_, \
		.reason = reason_, \
		.err = err_, \
		.alert = alert_, \
	}

#define BOTH_ENDS(name_, bytes_, end_, reason_, err_, alert_) \
	GARBAGE(name_##_to_server, true, bytes_, end_, reason_, err_, alert_); \
	GARBAGE(name_##_to_client, false, bytes_, end_, reason_, err_, alert_)

GARBAGE(nothing_to_server, true, "", true, "UNUSED", 0, NO_ALERT);
GARBAGE(nothing_to_client, false, "", true, "PEER_CLOSED", ECONNRESET, NO_ALERT);
BOTH_ENDS(part_of_a_header, "\26\3\3", true, "PEER_CLOSED", ECONNRESET, NO_ALERT);
BOTH_ENDS(part_of_a_record, "\26\3\3\0\100\2\0", true, "PEER_CLOSED", ECONNRESET, NO_ALERT);
BOTH_ENDS(http, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", false, "RECORD_VERSION",
	  EPROTO, PROTOCOL_VERSION);
BOTH_ENDS(zeros, "\0\0\0\0\0\0\0\0\0\0\0\0", false, "RECORD_VERSION", EPROTO, PROTOCOL_VERSION);
BOTH_ENDS(wrong_type, "\143\3\3\0\4\0\0\0\0", false, "RECORD_TYPE", EPROTO, UNEXPECTED_MESSAGE);
BOTH_ENDS(wrong_version, "\26\7\7\0\4\0\0\0\0", false, "RECORD_VERSION", EPROTO, PROTOCOL_VERSION);
BOTH_ENDS(oversize_record, "\26\3\3\377\377", false, "RECORD_OVERFLOW", EPROTO, RECORD_OVERFLOW);
BOTH_ENDS(empty_handshake_record, "\26\3\3\0\0", false, "RECORD_EMPTY",
	  EPROTO, UNEXPECTED_MESSAGE);
BOTH_ENDS(application_data, "\27\3\3\0\3abc", false, "RECORD_TYPE", EPROTO, UNEXPECTED_MESSAGE);
BOTH_ENDS(finished_first, "\26\3\3\0\5\24\0\0\1\0", false, "UNEXPECTED_MESSAGE",
	  EPROTO, UNEXPECTED_MESSAGE);
GARBAGE(huge_client_hello, true, "\26\3\3\0\4\1\377\377\377", false, "DECODE", EPROTO,
	DECODE_ERROR);
GARBAGE(huge_server_hello, false, "\26\3\3\0\4\2\377\377\377", false, "MESSAGE_TOO_LONG", EPROTO,
	ILLEGAL_PARAMETER);
BOTH_ENDS(fatal_alert, "\25\3\3\0\2\2\50", false, "PEER_HANDSHAKE_FAILURE", EPROTO, NO_ALERT);
BOTH_ENDS(close_notify, "\25\3\3\0\2\1\0", false, "PEER_CLOSED", ECONNRESET, CLOSE_NOTIFY);
BOTH_ENDS(alert_of_one_byte, "\25\3\3\0\1\2", false, "DECODE", EPROTO, DECODE_ERROR);
GARBAGE(sslv2_hello, true, "\200\56\1\3\1\0\25\0\0\0\20\1\0\200\3\0\200\7\0\300\6\0\100\2\0"
	"\200\4\0\200abcdefghijklmnop", false, "RECORD_VERSION", EPROTO, PROTOCOL_VERSION);
GARBAGE(short_client_hello, true, "\26\3\1\0\6\1\0\0\2\3\3", false, "DECODE", EPROTO,
	DECODE_ERROR);
GARBAGE(server_hello, true, "\26\3\3\0\6\2\0\0\2\3\3", false, "UNEXPECTED_MESSAGE", EPROTO,
	UNEXPECTED_MESSAGE);
GARBAGE(short_server_hello, false, "\26\3\3\0\6\2\0\0\2\3\3", false, "DECODE", EPROTO,
	DECODE_ERROR);
GARBAGE(client_hello, false, "\26\3\1\0\6\1\0\0\2\3\3", false, "UNEXPECTED_MESSAGE", EPROTO,
	UNEXPECTED_MESSAGE);

FIXTURE_SETUP(garbage)
{
}

FIXTURE_TEARDOWN(garbage)
{
}

/* The last alert in the records that come, up to the end of TCP; NO_ALERT: none */
static int wire_alerts(int fd, int *first)
{
	unsigned char head[5], body[RECORD_CIPHERTEXT_MAX];
	int alert = NO_ALERT;

	*first = NO_ALERT;

	while (recv(fd, head, 5, MSG_WAITALL) == 5) {
		size_t len = head[3] << 8 | head[4];

		if (len > sizeof(body) || recv(fd, body, len, MSG_WAITALL) != (ssize_t)len)
			break;
		if (head[0] == RECORD_ALERT && len == 2) {
			alert = body[1];
			if (*first == NO_ALERT)
				*first = alert;
		}
	}
	return alert;
}

static int wire_alert(int fd)
{
	int first;

	return wire_alerts(fd, &first);
}

TEST_F(garbage, is_refused)
{
	const struct reason *reason = reason_find(variant->reason);
	long long before = ssa_counter(reason->counter);
	int port = 0, lfd, ours = -1, theirs;

	ASSERT_LE(0, before)
		TH_LOG("no counter %s", reason->counter);
	if (variant->server) {
		lfd = tls_listen(AF_INET, &port, pki_file("p256.chain.pem"),
				 pki_file("p256.key.pem"));
		theirs = tcp_connect(AF_INET, port);
	} else {
		lfd = tcp_listen(AF_INET, &port);
		ours = tls_client(AF_INET, SOCK_NONBLOCK);
		ASSERT_EQ(-1, tls_connect_fd(ours, AF_INET, port));
		ASSERT_EQ(EINPROGRESS, errno);
		theirs = accept(lfd, NULL, NULL);
	}
	ASSERT_LE(0, theirs);
	ASSERT_EQ((ssize_t)variant->len, send_all(theirs, variant->bytes, variant->len));
	if (variant->end)
		shutdown(theirs, SHUT_WR);
	EXPECT_EQ(variant->alert, wire_alert(theirs));
	if (ours >= 0) {
		EXPECT_NE(0, poll_wait(ours, POLLOUT) & (POLLERR | POLLHUP));
		EXPECT_EQ(variant->err, so_error(ours));
		EXPECT_NE(NULL, strstr(tls_error(ours), reason->text))
			TH_LOG("TLS_ERROR: '%s'", tls_error(ours));
		close(ours);
	} else {
		EXPECT_EQ(0, poll_one(lfd, POLLIN, 0));
	}
	EXPECT_EQ(before + 1, ssa_counter_wait(reason->counter, before));
	close(theirs);
	close(lfd);
}

/* ------------------------------------------------- nothing in common with a peer */

FIXTURE(refused)
{
	struct link_config cfg;
};

FIXTURE_VARIANT(refused)
{
	bool server;
	enum peer_kind peer;
	enum peer_version version;
	const char *groups;
	const char *reason;	/* of ours */
	int alert;		/* that the peer sees */
};

FIXTURE_VARIANT_ADD(refused, openssl_client_x448_tls12)
{
	.server = true,
	.peer = PEER_OPENSSL,
	.version = PEER_TLS12,
	.groups = "X448",
	.reason = "NO_GROUP",
	.alert = HANDSHAKE_FAILURE,
};

FIXTURE_VARIANT_ADD(refused, openssl_client_x448)
{
	.server = true,
	.peer = PEER_OPENSSL,
	.groups = "X448",
	.reason = "NO_GROUP",
	.alert = HANDSHAKE_FAILURE,
};

FIXTURE_VARIANT_ADD(refused, openssl_server_x448)
{
	.server = false,
	.peer = PEER_OPENSSL,
	.groups = "X448",
	.reason = "PEER_HANDSHAKE_FAILURE",
	.alert = NO_ALERT,
};

FIXTURE_SETUP(refused)
{
	self->cfg.family = AF_INET;
	self->cfg.server = variant->server;
	self->cfg.kind = variant->peer;
	self->cfg.peer.version = variant->version;
	self->cfg.peer.groups = variant->groups;
}

FIXTURE_TEARDOWN(refused)
{
}

TEST_F(refused, with_the_right_alert)
{
	const struct reason *reason = reason_find(variant->reason);
	long long before = ssa_counter(reason->counter);
	struct link l;

	link_try(&l, &self->cfg);
	EXPECT_EQ(EPROTO, l.err);
	ASSERT_NE(NULL, l.peer);
	EXPECT_FALSE(l.peer_ok);
	EXPECT_EQ(variant->alert, l.peer->alert)
		TH_LOG("%s", l.peer->error);
	if (!variant->server) {
		EXPECT_NE(NULL, strstr(l.error, reason->text))
			TH_LOG("TLS_ERROR: '%s'", l.error);
	}
	EXPECT_EQ(before + 1, ssa_counter_wait(reason->counter, before));
	link_close(&l);
}

/* ------------------------------------------------------ slow, and in small pieces */

/* Byte by byte through a relay, both ways */
struct relay {
	int a;
	int b;
};

static void *relay_bytes(void *arg)
{
	struct relay *r = arg;
	struct pollfd p[2] = { { .fd = r->a, .events = POLLIN }, { .fd = r->b, .events = POLLIN } };
	char byte;
	int i;

	while (poll(p, 2, -1) > 0) {
		for (i = 0; i < 2; i++) {
			if (!p[i].revents)
				continue;
			if (recv(p[i].fd, &byte, 1, 0) != 1 ||
			    send(p[!i].fd, &byte, 1, MSG_NOSIGNAL) != 1) {
				shutdown(r->a, SHUT_RDWR);
				shutdown(r->b, SHUT_RDWR);
				return NULL;
			}
		}
	}
	return NULL;
}

FIXTURE(pieces)
{
	int none;
};

FIXTURE_VARIANT(pieces)
{
	bool server;
};

FIXTURE_VARIANT_ADD(pieces, client) { .server = false };
FIXTURE_VARIANT_ADD(pieces, server) { .server = true };

FIXTURE_SETUP(pieces)
{
}

FIXTURE_TEARDOWN(pieces)
{
}

static void *handshake_thread(void *arg)
{
	peer_handshake(arg);
	return NULL;
}

TEST_F(pieces, byte_by_byte)
{
	struct peer_config cfg = {
		.server = !variant->server,
		.cert = pki_file("rsa.chain.pem"),
		.key = pki_file("rsa.key.pem"),
		.ca = pki_file("root.pem"),
		.name = SERVER_NAME,
	};
	int our_port = 0, tcp_port = 0, lfd, tcp, ours = -1, theirs;
	pthread_t relay_thread, peer_thread;
	struct relay relay;
	struct peer *peer;
	char in[8];

	tcp = tcp_listen(AF_INET, &tcp_port);
	if (variant->server) {
		lfd = tls_listen(AF_INET, &our_port, cfg.cert, cfg.key);
		theirs = tcp_connect(AF_INET, tcp_port);
		relay.a = accept(tcp, NULL, NULL);
		relay.b = tcp_connect(AF_INET, our_port);
	} else {
		lfd = tcp_listen(AF_INET, &our_port);
		ours = tls_client(AF_INET, SOCK_NONBLOCK);
		ASSERT_EQ(-1, tls_connect_fd(ours, AF_INET, our_port));
		relay.b = accept(lfd, NULL, NULL);
		theirs = tcp_connect(AF_INET, tcp_port);
		relay.a = accept(tcp, NULL, NULL);
	}
	pthread_create(&relay_thread, NULL, relay_bytes, &relay);
	peer = peer_new(PEER_OPENSSL, &cfg, theirs);
	pthread_create(&peer_thread, NULL, handshake_thread, peer);
	if (variant->server) {
		ours = accept(lfd, NULL, NULL);
		ASSERT_LE(0, ours);
	} else {
		EXPECT_EQ(POLLOUT, poll_wait(ours, POLLOUT));
		EXPECT_EQ(0, so_error(ours));
		fcntl(ours, F_SETFL, 0);
	}
	pthread_join(peer_thread, NULL);
	ASSERT_EQ(5, send(ours, "hello", 5, 0));
	ASSERT_EQ(5, peer_recv_all(peer, in, 5));
	ASSERT_EQ(5, peer_send(peer, "world", 5));
	ASSERT_EQ(5, recv_all(ours, in, 5));
	close(ours);
	EXPECT_EQ(0, peer_recv(peer, in, 1));
	peer_free(peer);
	pthread_join(relay_thread, NULL);
	close(lfd);
	close(tcp);
}

/* ------------------------------------------------------------------- deadlines */

#define TIMEOUT_SYSCTL "/proc/sys/net/ssa/handshake_timeout_ms"

static bool set_deadline(const char *ms)
{
	int fd = open(TIMEOUT_SYSCTL, O_WRONLY);
	bool ok = fd >= 0 && write(fd, ms, strlen(ms)) == (ssize_t)strlen(ms);

	close(fd);
	return ok;
}

static bool get_deadline(char *ms, size_t size)
{
	int fd = open(TIMEOUT_SYSCTL, O_RDONLY);
	ssize_t n = read(fd, ms, size - 1);

	close(fd);
	if (n <= 0)
		return false;
	ms[n] = 0;
	return true;
}

TEST(client_gives_up_at_the_deadline)
{
	int port = 0, lfd = tcp_listen(AF_INET, &port), fd = tls_client(AF_INET, 0);
	const struct reason *reason = reason_find("TIMEOUT");
	long long before = ssa_counter(reason->counter);
	char saved[32];

	ASSERT_TRUE(get_deadline(saved, sizeof(saved)));
	ASSERT_TRUE(set_deadline("500"));
	EXPECT_EQ(-1, tls_connect_fd(fd, AF_INET, port));
	EXPECT_EQ(ETIMEDOUT, errno);
	EXPECT_NE(NULL, strstr(tls_error(fd), reason->text))
		TH_LOG("TLS_ERROR: '%s'", tls_error(fd));
	EXPECT_EQ(before + 1, ssa_counter(reason->counter));
	set_deadline(saved);
	close(fd);
	close(lfd);
}

TEST(server_gives_up_at_the_deadline)
{
	int port = 0, lfd, fd;
	const struct reason *reason = reason_find("TIMEOUT");
	long long before = ssa_counter(reason->counter);
	char saved[32], byte;

	ASSERT_TRUE(get_deadline(saved, sizeof(saved)));
	ASSERT_TRUE(set_deadline("500"));
	lfd = tls_listen(AF_INET, &port, pki_file("p256.chain.pem"), pki_file("p256.key.pem"));
	fd = tcp_connect(AF_INET, port);
	ASSERT_LE(0, fd);
	send(fd, "\26\3\1", 3, 0);
	/* A byte now and then does not put it off. */
	while (poll_one(fd, POLLIN, 100) == 0)
		send(fd, "\2", 1, MSG_NOSIGNAL);
	while (recv(fd, &byte, 1, 0) > 0)
		;
	EXPECT_EQ(before + 1, ssa_counter_wait(reason->counter, before));
	set_deadline(saved);
	close(fd);
	close(lfd);
}

/* ------------------------------------------ our alert reaches who keeps sending */

FIXTURE(talker)
{
	int none;
};

FIXTURE_VARIANT(talker)
{
	bool server;		/* ours is */
	const char *bytes;
	size_t len;
	bool timeout;
	bool close;		/* ours is closed in its handshake */
	int alert;
};

FIXTURE_VARIANT_ADD(talker, to_server)
{
	.server = true,
	BYTES("\26\3\3\0\6\2\0\0\2\3\3"),
	.alert = UNEXPECTED_MESSAGE,
};

FIXTURE_VARIANT_ADD(talker, to_client)
{
	.server = false,
	BYTES("\26\3\1\0\6\1\0\0\2\3\3"),
	.alert = UNEXPECTED_MESSAGE,
};

FIXTURE_VARIANT_ADD(talker, to_server_timeout)
{
	.server = true,
	BYTES("\26\3\3\100\0\1"),
	.timeout = true,
	.alert = USER_CANCELED,
};

FIXTURE_VARIANT_ADD(talker, to_client_timeout)
{
	.server = false,
	BYTES("\26\3\3\100\0\2"),
	.timeout = true,
	.alert = USER_CANCELED,
};

FIXTURE_VARIANT_ADD(talker, to_client_closed)
{
	.server = false,
	BYTES("\26\3\3\100\0\2"),
	.close = true,
	.alert = USER_CANCELED,
};

FIXTURE_SETUP(talker)
{
}

FIXTURE_TEARDOWN(talker)
{
}

/* It looks for an answer late, and has sent more than ours has read by then. */
TEST_F(talker, gets_its_alert)
{
	char saved[32], more[1000] = "";
	int port = 0, lfd, ours = -1, theirs, first, i;

	ASSERT_TRUE(get_deadline(saved, sizeof(saved)));
	if (variant->timeout)
		ASSERT_TRUE(set_deadline("600"));
	if (variant->server) {
		lfd = tls_listen(AF_INET, &port, pki_file("p256.chain.pem"),
				 pki_file("p256.key.pem"));
		theirs = tcp_connect(AF_INET, port);
	} else {
		lfd = tcp_listen(AF_INET, &port);
		ours = tls_client(AF_INET, SOCK_NONBLOCK);
		ASSERT_EQ(-1, tls_connect_fd(ours, AF_INET, port));
		theirs = accept(lfd, NULL, NULL);
	}
	ASSERT_LE(0, theirs);
	ASSERT_EQ((ssize_t)variant->len, send_all(theirs, variant->bytes, variant->len));
	for (i = 0; i < 10; i++) {
		send(theirs, more, sizeof(more), MSG_NOSIGNAL | MSG_DONTWAIT);
		usleep(100000);
		if (i == 3 && ours >= 0 && (variant->close || !variant->timeout)) {
			close(ours);
			ours = -1;
		}
	}
	/* RFC 8446 6.1: close_notify follows user_canceled. */
	EXPECT_EQ(variant->alert == USER_CANCELED ? CLOSE_NOTIFY : variant->alert,
		  wire_alerts(theirs, &first));
	EXPECT_EQ(variant->alert, first);
	set_deadline(saved);
	if (ours >= 0)
		close(ours);
	close(theirs);
	close(lfd);
}

/* ------------------------------------------------------------- floods of records */

/* Endless change_cipher_spec, warnings and fragments must end somewhere. */
FIXTURE(flood)
{
	int none;
};

FIXTURE_VARIANT(flood)
{
	const char *record;
	size_t len;
};

FIXTURE_VARIANT_ADD(flood, change_cipher_spec) { BYTES("\24\3\3\0\1\1") };
FIXTURE_VARIANT_ADD(flood, warnings) { BYTES("\25\3\3\0\2\1\132") };
FIXTURE_VARIANT_ADD(flood, empty_records) { BYTES("\26\3\3\0\0") };

FIXTURE_SETUP(flood)
{
}

FIXTURE_TEARDOWN(flood)
{
}

TEST_F(flood, ends)
{
	int port = 0, lfd, fd, i, ended = 0;
	char buf[4096];
	ssize_t n;

	lfd = tls_listen(AF_INET, &port, pki_file("p256.chain.pem"), pki_file("p256.key.pem"));
	ASSERT_LE(0, lfd);
	fd = tcp_connect(AF_INET, port);
	for (i = 0; i < 100000 && !ended; i++) {
		ended = send(fd, variant->record, variant->len, MSG_NOSIGNAL) < 0;
		do {
			n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
		} while (n > 0);
		ended |= !n || errno != EAGAIN;
	}
	EXPECT_TRUE(ended);
	close(fd);
	close(lfd);
}

/* ---------------------------------------------------------------------- memory */

#define MEMORY_SYSCTL	"/proc/sys/net/ssa/handshake_memory"
#define HALF_HELLO	40000	/* bytes of it that come; 64 KiB are held then */

/* The beginning of a ClientHello of 100000 bytes. */
static int send_half_hello(int port)
{
	static const unsigned char hello[] = { 1, 100000 >> 16, (100000 >> 8) & 255, 100000 & 255 };
	unsigned char record[5 + 10000] = { 22, 3, 1, 10000 >> 8, 10000 & 255 };
	int fd = tcp_connect(AF_INET, port), i;

	memcpy(record + 5, hello, sizeof(hello));
	for (i = 0; i < HALF_HELLO / 10000; i++) {
		send_all(fd, record, sizeof(record));
		memset(record + 5, 0, sizeof(hello));
	}
	return fd;
}

static bool set_memory(const char *text)
{
	int fd = open(MEMORY_SYSCTL, O_WRONLY);
	bool done = write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	close(fd);
	return done;
}

/* What is held of messages that never end has a limit for all of them together, shared out. */
TEST(half_messages_have_a_budget)
{
	static const unsigned char internal_error[] = { 21, 3, 3, 0, 2, 2, 80 };
	struct link_config cfg = { .family = AF_INET };
	long long before = ssa_counter("NoMemory");
	int port = 0, others_port = 0, lfd, others, fd[3], last, i;
	unsigned char alert[16];
	struct link l;

	lfd = tls_listen(AF_INET, &port, pki_file("p256.chain.pem"), pki_file("p256.key.pem"));
	ASSERT_LE(0, lfd);
	/* The same server of another user */
	ASSERT_EQ(0, seteuid(65534));
	others = tls_listen(AF_INET, &others_port, pki_file("p256.chain.pem"),
			    pki_file("p256.key.pem"));
	ASSERT_EQ(0, seteuid(0));
	ASSERT_LE(0, others);
	/* One user alone has at most half. */
	ASSERT_TRUE(set_memory("400000"));
	for (i = 0; i < 3; i++) {
		fd[i] = send_half_hello(port);
		settle();
		EXPECT_EQ(0, poll_one(fd[i], POLLIN, 0));
	}
	last = send_half_hello(port);
	EXPECT_EQ(sizeof(internal_error), recv(last, alert, sizeof(alert), 0));
	EXPECT_EQ(0, memcmp(alert, internal_error, sizeof(internal_error)));
	EXPECT_EQ(before + 1, ssa_counter("NoMemory"));
	close(last);
	last = send_half_hello(others_port);
	settle();
	EXPECT_EQ(0, poll_one(last, POLLIN, 0));
	EXPECT_EQ(before + 1, ssa_counter("NoMemory"));
	close(last);
	close(others);

	/* Who is shorter does not care; and what is given back is there again. */
	link_try(&l, &cfg);
	EXPECT_EQ(0, l.err);
	link_close(&l);
	close(fd[0]);
	settle();
	last = send_half_hello(port);
	settle();
	EXPECT_EQ(0, poll_one(last, POLLIN, 0));
	close(last);
	close(fd[1]);
	close(fd[2]);
	close(lfd);
	ASSERT_TRUE(set_memory("67108864"));
}

/* -------------------------------------------------------------------- the wire */

struct sender {
	int fd;
	bool writes;
	bool stop;
};

static void *impatient(void *arg)
{
	struct sender *s = arg;
	char secret[64];

	memset(secret, 'P', sizeof(secret));
	while (!__atomic_load_n(&s->stop, __ATOMIC_ACQUIRE)) {
		if (!s->writes)
			recv(s->fd, secret, 1, MSG_DONTWAIT | MSG_PEEK);
		else if (send(s->fd, secret, sizeof(secret), MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
			break;
	}
	return NULL;
}

/*
 * Threads call send() and recv() all the time while the handshake ends and kTLS
 * takes over: what leaves the socket is records, never their bytes.
 */
TEST(no_plaintext_on_the_wire)
{
	struct peer_config cfg = {
		.server = true,
		.cert = pki_file("p256.chain.pem"),
		.key = pki_file("p256.key.pem"),
		.no_tickets = true,
	};
	int port = 0, lfd = tcp_listen(AF_INET, &port), round, i;

	for (round = 0; round < 30; round++) {
		int fd = tls_client(AF_INET, SOCK_NONBLOCK);
		struct sender s[3] = {
			{ .fd = fd, .writes = true },
			{ .fd = fd, .writes = true },
			{ .fd = fd },
		};
		unsigned char head[5];
		pthread_t threads[3];
		struct peer *peer;

		ASSERT_EQ(-1, tls_connect_fd(fd, AF_INET, port));
		peer = peer_new(PEER_OPENSSL, &cfg, accept(lfd, NULL, NULL));
		for (i = 0; i < 3; i++)
			pthread_create(&threads[i], NULL, impatient, &s[i]);
		ASSERT_EQ(0, peer_handshake(peer))
			TH_LOG("round %d: %s", round, peer->error);
		/* OpenSSL has read the Finished and no byte more. */
		ASSERT_EQ(5, recv(peer->fd, head, 5, MSG_WAITALL));
		EXPECT_EQ(23, head[0])
			TH_LOG("round %d: %02x %02x %02x %02x %02x", round, head[0], head[1],
			       head[2], head[3], head[4]);
		EXPECT_EQ(3, head[1]);
		EXPECT_EQ(3, head[2]);
		__atomic_store_n(&s[2].stop, true, __ATOMIC_RELEASE);
		for (i = 0; i < 3; i++)
			pthread_join(threads[i], NULL);
		peer_free(peer);
		close(fd);
	}
	close(lfd);
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 1);
}
