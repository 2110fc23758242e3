// SPDX-License-Identifier: GPL-2.0
/*
 * New keys under traffic: KeyUpdates of both ends, asked for or not, while both
 * send as fast as they can. Every byte has to arrive.
 */
#include "harness.h"
#include "link.h"

#define REKEY_SYSCTL	"/proc/sys/net/ssa/rekey_after_records"

#define MIB		1048576UL
#define PIECE		(256UL << 10)

/*
 * The stream is this table again and again; its length is prime, so that a piece
 * that is lost, repeated or moved shows, whatever its size.
 */
#define TABLE		1048583UL

static unsigned char table[TABLE + PIECE];

static void make_table(void)
{
	uint64_t x = 0x9e3779b97f4a7c15;
	size_t i;

	for (i = 0; i < sizeof(table); i++) {
		if (i >= TABLE) {
			table[i] = table[i - TABLE];
			continue;
		}
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		table[i] = x;
	}
}

static const unsigned char *stream(uint64_t pos)
{
	return table + pos % TABLE;
}

static bool set_rekey(const char *records)
{
	int fd = open(REKEY_SYSCTL, O_WRONLY);
	bool ok = fd >= 0 && write(fd, records, strlen(records)) == (ssize_t)strlen(records);

	close(fd);
	return ok;
}

/* One direction of a socket of ours, in a thread of its own */
struct way {
	pthread_t thread;
	int fd;
	uint64_t len;
	int err;		/* 0: all of it */
	char error[TEXT_MAX];
};

static void *way_out(void *arg)
{
	struct way *w = arg;
	uint64_t pos = 0;
	ssize_t n;

	while (pos < w->len) {
		size_t want = w->len - pos < PIECE ? w->len - pos : PIECE;

		n = send(w->fd, stream(pos), want, MSG_NOSIGNAL);
		if (n < 0) {
			w->err = errno;
			snprintf(w->error, sizeof(w->error), "%s", tls_error(w->fd));
			break;
		}
		pos += n;
	}
	return NULL;
}

static void *way_in(void *arg)
{
	struct way *w = arg;
	unsigned char *buf = malloc(PIECE);
	uint64_t pos = 0;
	ssize_t n;

	while (pos < w->len) {
		n = recv(w->fd, buf, PIECE, 0);
		if (n <= 0) {
			w->err = n ? errno : EPIPE;
			snprintf(w->error, sizeof(w->error), "%s", tls_error(w->fd));
			break;
		}
		if (memcmp(buf, stream(pos), n)) {
			w->err = EILSEQ;
			snprintf(w->error, sizeof(w->error), "wrong bytes behind %llu",
				 (unsigned long long)pos);
			break;
		}
		pos += n;
	}
	if (w->err)
		shutdown(w->fd, SHUT_RDWR);
	free(buf);
	return NULL;
}

static void start_way(struct way *w, int fd, uint64_t len, bool out)
{
	memset(w, 0, sizeof(*w));
	w->fd = fd;
	w->len = len;
	if (pthread_create(&w->thread, NULL, out ? way_out : way_in, w))
		abort();
}

#define end_way(w) do { \
	pthread_join((w)->thread, NULL); \
	EXPECT_EQ(0, (w)->err) \
		TH_LOG("%s (%s)", strerror((w)->err), (w)->error); \
} while (0)

/* What the peer does with its end */
struct exchange {
	uint64_t len;
	unsigned int updates;	/* that it has sent */
	unsigned int requests;	/* with update_requested */
};

/* Sends and receives by turns; a KeyUpdate every MiB, every other asks for ours. */
static int peer_exchange(struct peer *p, void *arg)
{
	struct exchange *x = arg;
	unsigned char *buf = malloc(PIECE);
	uint64_t pos;
	int ret = PEER_ERROR;

	for (pos = 0; pos < x->len; pos += PIECE) {
		if (peer_send(p, stream(pos), PIECE) != PIECE)
			goto out;
		if (pos % MIB == 0) {
			bool request = pos / MIB % 2;

			if (peer_key_update(p, request))
				goto out;
			x->updates++;
			x->requests += request;
		}
		if (peer_recv_all(p, buf, PIECE) != PIECE)
			goto out;
		if (memcmp(buf, stream(pos), PIECE)) {
			snprintf(p->error, sizeof(p->error), "wrong bytes behind %llu",
				 (unsigned long long)pos);
			goto out;
		}
	}
	ret = 0;
out:
	if (ret)
		shutdown(p->fd, SHUT_RDWR);
	free(buf);
	return ret;
}

FIXTURE(openssl)
{
	struct link l;
};

FIXTURE_VARIANT(openssl)
{
	int family;
	bool server;		/* ours is */
	const char *suite;
	uint64_t mib;
};

/* Both ends of this one together carry 256 MiB each way. */
FIXTURE_VARIANT_ADD(openssl, client_aes128)
{
	.family = AF_INET,
	.suite = "TLS_AES_128_GCM_SHA256",
	.mib = 256,
};

FIXTURE_VARIANT_ADD(openssl, server_chacha)
{
	.family = AF_INET6,
	.server = true,
	.suite = "TLS_CHACHA20_POLY1305_SHA256",
	.mib = 16,
};

FIXTURE_VARIANT_ADD(openssl, server_aes256)
{
	.family = AF_INET,
	.server = true,
	.suite = "TLS_AES_256_GCM_SHA384",
	.mib = 16,
};

FIXTURE_SETUP(openssl)
{
	struct link_config cfg = {
		.family = variant->family,
		.server = variant->server,
		.kind = PEER_OPENSSL,
		.peer = { .suite = variant->suite, .no_tickets = true },
	};

	make_table();
	ASSERT_TRUE(set_rekey("100"));
	link_try(&self->l, &cfg);
	set_rekey("0");
	ASSERT_EQ(0, self->l.err)
		TH_LOG("%s (%s)", strerror(self->l.err), self->l.error);
}

FIXTURE_TEARDOWN(openssl)
{
	link_close(&self->l);
}

/*
 * Ours sends a KeyUpdate of its own after each 100 records, and answers the
 * peer's; the peer sends many more.
 */
TEST_F(openssl, every_byte_arrives)
{
	const char *mib = getenv("REKEY_MIB");
	struct exchange x = { .len = (mib ? atoi(mib) : variant->mib) * MIB };
	long long received = ssa_counter("KeyUpdatesReceived");
	long long sent = ssa_counter("KeyUpdatesSent");
	struct way out, in;
	struct job job;

	start_way(&out, self->l.fd, x.len, true);
	start_way(&in, self->l.fd, x.len, false);
	job_start(&job, self->l.peer, peer_exchange, &x);
	EXPECT_EQ(0, job_wait(&job))
		TH_LOG("%s", self->l.peer->error);
	end_way(&out);
	end_way(&in);
	received = ssa_counter("KeyUpdatesReceived") - received;
	sent = ssa_counter("KeyUpdatesSent") - sent;
	TH_LOG("%llu MiB each way, KeyUpdates: %lld received, %lld sent",
	       (unsigned long long)(x.len / MIB), received, sent);
	/* One of the peer's last ones may be behind the last byte. */
	EXPECT_LE(x.updates - 1, received);
	EXPECT_LE((long long)(x.len / 16384 / 200), sent);
	EXPECT_LE(x.requests / 2, sent);
	EXPECT_LE((long long)(x.len / 16384 / 200), self->l.peer->key_updates);
}

/* ----------------------------------------------------- between two of our sockets */

/* Both ends send their own KeyUpdates, and neither stops for the other's. */
TEST(between_our_sockets)
{
	const char *mib = getenv("REKEY_MIB");
	uint64_t len = (mib ? atoi(mib) : 64) * MIB;
	long long received = ssa_counter("KeyUpdatesReceived");
	int port = 0, lfd, client, server = -1, i;
	long long sent = ssa_counter("KeyUpdatesSent");
	struct way w[4];

	make_table();
	lfd = tls_listen(AF_INET, &port, pki_file("p256.chain.pem"), pki_file("p256.key.pem"));
	ASSERT_LE(0, lfd);
	ASSERT_TRUE(set_rekey("50"));
	client = tls_client(AF_INET, 0);
	EXPECT_EQ(0, tls_connect_fd(client, AF_INET, port))
		TH_LOG("%m (%s)", tls_error(client));
	server = accept(lfd, NULL, NULL);
	set_rekey("0");
	ASSERT_LE(0, server);
	for (i = 0; i < 4; i++)
		start_way(&w[i], i / 2 ? client : server, len, i % 2);
	for (i = 0; i < 4; i++)
		end_way(&w[i]);
	received = ssa_counter("KeyUpdatesReceived") - received;
	sent = ssa_counter("KeyUpdatesSent") - sent;
	TH_LOG("%llu MiB each way, KeyUpdates: %lld received, %lld sent",
	       (unsigned long long)(len / MIB), received, sent);
	EXPECT_LE((long long)(2 * len / 16384 / 100), sent);
	EXPECT_LE(received, sent);
	EXPECT_LE(sent - 4, received);
	close(client);
	close(server);
	close(lfd);
}

/* ------------------------------------------------------------------ many senders */

struct many {
	int fd;
	bool nonblock;
	bool stop;
};

static void *one_of_many(void *arg)
{
	static char buf[4000];
	struct many *m = arg;

	while (!__atomic_load_n(&m->stop, __ATOMIC_ACQUIRE)) {
		if (send(m->fd, buf, sizeof(buf),
			 MSG_NOSIGNAL | (m->nonblock ? MSG_DONTWAIT : 0)) < 0 && errno != EAGAIN)
			break;
	}
	return NULL;
}

/* Somebody has to look for a request: it is a reader that finds it. */
static void *reader(void *arg)
{
	struct many *m = arg;
	char byte;

	while (recv(m->fd, &byte, 1, 0) > 0)
		;
	return NULL;
}

FIXTURE(senders)
{
	struct link l;
};

FIXTURE_VARIANT(senders)
{
	bool nonblock;
};

FIXTURE_VARIANT_ADD(senders, blocking) { .nonblock = false };
FIXTURE_VARIANT_ADD(senders, nonblocking) { .nonblock = true };

FIXTURE_SETUP(senders)
{
	struct link_config cfg = {
		.family = AF_INET,
		.server = true,
		.kind = PEER_OPENSSL,
		.peer = { .suite = "TLS_CHACHA20_POLY1305_SHA256" },
	};

	link_try(&self->l, &cfg);
	ASSERT_EQ(0, self->l.err)
		TH_LOG("%s (%s)", strerror(self->l.err), self->l.error);
}

FIXTURE_TEARDOWN(senders)
{
	link_close(&self->l);
}

/*
 * Threads that never stop sending cannot hold an answer back: it comes behind what
 * was under way, which is at most what the buffers of both ends can hold. These
 * are small here.
 */
TEST_F(senders, answer_comes_at_once)
{
	struct many m = { .fd = self->l.fd, .nonblock = variant->nonblock };
	struct peer *p = self->l.peer;
	static char buf[16384];
	int round, i, small = 16384;
	pthread_t threads[5];

	setsockopt(self->l.fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	setsockopt(p->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	for (i = 0; i < 5; i++)
		pthread_create(&threads[i], NULL, i ? one_of_many : reader, &m);
	for (round = 1; round <= 10; round++) {
		size_t got = 0;

		ASSERT_EQ(0, peer_key_update(p, true));
		while (p->key_updates < round && got < MIB) {
			ssize_t n = peer_recv(p, buf, sizeof(buf));

			ASSERT_LT(0, n)
				TH_LOG("%s", p->error);
			got += n;
		}
		EXPECT_EQ(round, p->key_updates)
			TH_LOG("%zu bytes without an answer", got);
	}
	__atomic_store_n(&m.stop, true, __ATOMIC_RELEASE);
	shutdown(self->l.fd, SHUT_RDWR);
	while (peer_recv(p, buf, sizeof(buf)) > 0)
		;
	for (i = 0; i < 5; i++)
		pthread_join(threads[i], NULL);
}

/* -------------------------------------------------- a peer that keeps its old key */

/* It has sent too much under one key: it is asked for a KeyUpdate, once a key. */
TEST(peer_beyond_the_limit_is_asked)
{
	struct link_config cfg = {
		.family = AF_INET,
		.server = true,
		.kind = PEER_OPENSSL,
		.peer = { .suite = "TLS_CHACHA20_POLY1305_SHA256" },
	};
	long long sent, received;
	struct link l;
	int i, round;
	char byte;

	ASSERT_TRUE(set_rekey("3"));
	link_try(&l, &cfg);
	set_rekey("0");
	ASSERT_EQ(0, l.err)
		TH_LOG("%s (%s)", strerror(l.err), l.error);
	/* Once for each of its keys */
	for (round = 1; round <= 2; round++) {
		sent = ssa_counter("KeyUpdatesSent");
		for (i = 0; i < 200; i++) {
			ASSERT_EQ(1, peer_send(l.peer, "x", 1));
			ASSERT_EQ(1, recv(l.fd, &byte, 1, 0))
				TH_LOG("%m (%s)", tls_error(l.fd));
		}
		EXPECT_EQ(sent + 1, ssa_counter("KeyUpdatesSent"));
		/* It reads that, and answers with its next record. */
		ASSERT_EQ(1, send(l.fd, "y", 1, 0));
		ASSERT_EQ(1, peer_recv(l.peer, &byte, 1));
		EXPECT_EQ(round, l.peer->key_updates);
		received = ssa_counter("KeyUpdatesReceived");
		ASSERT_EQ(1, peer_send(l.peer, "x", 1));
		ASSERT_EQ(1, recv(l.fd, &byte, 1, 0))
			TH_LOG("%m (%s)", tls_error(l.fd));
		EXPECT_EQ(received + 1, ssa_counter("KeyUpdatesReceived"));
	}
	link_close(&l);
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 3);
}
