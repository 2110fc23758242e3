// SPDX-License-Identifier: GPL-2.0
/*
 * record_size_limit (RFC 8449): a peer that takes small records gets no others,
 * whichever way the application sends, and gets every byte.
 */
#include <sys/sendfile.h>
#include <sys/uio.h>
#include "harness.h"
#include "link.h"

#define LIMIT	600		/* of data: GnuTLS adds the byte of type in TLS 1.3 */

FIXTURE(small)
{
	struct link l;
	int fd;
	struct peer *peer;
	size_t overhead;	/* bytes that a record has beside its data */
};

FIXTURE_VARIANT(small)
{
	bool server;		/* ours is */
	enum peer_version version;
};

FIXTURE_VARIANT_ADD(small, client) { .server = false };
FIXTURE_VARIANT_ADD(small, server) { .server = true };
FIXTURE_VARIANT_ADD(small, client_tls12) { .version = PEER_TLS12 };
FIXTURE_VARIANT_ADD(small, server_tls12) { .server = true, .version = PEER_TLS12 };

FIXTURE_SETUP(small)
{
	struct link_config cfg = {
		.family = AF_INET,
		.server = variant->server,
		.kind = PEER_GNUTLS,
		.peer = { .version = variant->version, .record_limit = LIMIT },
	};

	link_try(&self->l, &cfg);
	ASSERT_EQ(0, self->l.err)
		TH_LOG("%s (%s); peer: %s", strerror(self->l.err), self->l.error,
		       self->l.peer ? self->l.peer->error : "none");
	self->fd = self->l.fd;
	self->peer = self->l.peer;
	/* AES-GCM: its tag, and in TLS 1.2 the explicit nonce */
	self->overhead = 16 + (variant->version == PEER_TLS12 ? 8 : 0);
}

FIXTURE_TEARDOWN(small)
{
	link_close(&self->l);
}

/* Reads records, as they are on the wire, until they had @len bytes of data. */
static void expect_records(struct __test_metadata *_metadata, FIXTURE_DATA(small) *self,
			   size_t len, int tls13, size_t *records)
{
	unsigned char head[5], body[1 << 15];
	size_t got = 0;

	*records = 0;
	while (got < len) {
		size_t n, data;

		ASSERT_EQ(5, recv(self->peer->fd, head, 5, MSG_WAITALL));
		n = head[3] << 8 | head[4];
		ASSERT_EQ((ssize_t)n, recv(self->peer->fd, body, n, MSG_WAITALL));
		ASSERT_EQ(23, head[0]);
		data = n - self->overhead - tls13;
		ASSERT_LE(data, LIMIT);
		got += data;
		++*records;
	}
	EXPECT_EQ(len, got);
}

struct bulk {
	int fd;
	size_t len;
	int how;
	ssize_t ret;
};

enum { BY_SEND, BY_MORE, BY_WRITEV, BY_SENDFILE, BY_SPLICE, WAYS };

static void *bulk_thread(void *arg)
{
	struct bulk *b = arg;
	unsigned char *buf = malloc(b->len);
	int pipefd[2], file;
	struct iovec iov[7];
	size_t done = 0, i;
	off_t off = 0;

	pattern_fill(buf, b->len, 0);
	switch (b->how) {
	case BY_SEND:
		b->ret = send(b->fd, buf, b->len, MSG_NOSIGNAL);
		break;
	case BY_MORE:
		for (done = 0; done < b->len; done += 1000)
			b->ret = send(b->fd, buf + done,
				      b->len - done < 1000 ? b->len - done : 1000,
				      MSG_NOSIGNAL | (done + 1000 < b->len ? MSG_MORE : 0));
		b->ret = done >= b->len ? b->len : -1;
		break;
	case BY_WRITEV:
		for (i = 0; i < 7; i++) {
			iov[i].iov_base = buf + b->len * i / 7;
			iov[i].iov_len = b->len * (i + 1) / 7 - b->len * i / 7;
		}
		b->ret = writev(b->fd, iov, 7);
		break;
	case BY_SENDFILE:
		file = pattern_memfd(b->len);
		while (off < b->len && sendfile(b->fd, file, &off, b->len - off) > 0)
			;
		b->ret = off;
		close(file);
		break;
	case BY_SPLICE:
		if (pipe(pipefd))
			abort();
		while (done < b->len) {
			ssize_t n = write(pipefd[1], buf + done,
					  b->len - done < 10000 ? b->len - done : 10000);

			while (n > 0) {
				ssize_t m = splice(pipefd[0], NULL, b->fd, NULL, n, SPLICE_F_MORE);

				if (m <= 0)
					goto end;
				n -= m;
				done += m;
			}
		}
end:
		b->ret = done;
		close(pipefd[0]);
		close(pipefd[1]);
		break;
	}
	free(buf);
	return NULL;
}

#define BULK	100000

/* What is on the wire; the last way is with MSG_MORE to the end. */
TEST_F(small, records_on_the_wire)
{
	int tls13 = variant->version == PEER_TLS13;
	size_t records, most = (BULK + LIMIT - 1) / LIMIT;
	struct bulk b = { .fd = self->fd, .len = BULK };
	pthread_t thread;

	for (b.how = 0; b.how < WAYS; b.how++) {
		pthread_create(&thread, NULL, bulk_thread, &b);
		expect_records(_metadata, self, BULK, tls13, &records);
		pthread_join(thread, NULL);
		EXPECT_EQ(BULK, b.ret);
		/* And they are not smaller than they have to be, when sent at once. */
		if (b.how == BY_SEND || b.how == BY_WRITEV)
			EXPECT_EQ(most, records);
	}
}

TEST_F(small, every_byte_arrives)
{
	struct bulk b = { .fd = self->fd, .len = BULK };
	unsigned char *buf = malloc(BULK);
	pthread_t thread;

	for (b.how = 0; b.how < WAYS; b.how++) {
		pthread_create(&thread, NULL, bulk_thread, &b);
		memset(buf, 0, BULK);
		ASSERT_EQ(BULK, peer_recv_all(self->peer, buf, BULK))
			TH_LOG("%s", self->peer->error);
		EXPECT_TRUE(pattern_check(buf, BULK, 0));
		pthread_join(thread, NULL);
		EXPECT_EQ(BULK, b.ret);
	}
	free(buf);
}

/* Nonblocking, until the buffers are full, in both directions at a time */
TEST_F(small, echo)
{
	struct job echo;

	job_start(&echo, self->peer, job_echo, NULL);
	EXPECT_EQ(0, echo_pattern(self->fd, 1 << 20, 0));
	EXPECT_EQ(0, shutdown(self->fd, SHUT_WR));
	EXPECT_EQ(0, job_wait(&echo))
		TH_LOG("%s", self->peer->error);
}

/* So that some hundred kilobytes fill them */
static void small_buffers(struct __test_metadata *_metadata, FIXTURE_DATA(small) *self)
{
	int size = 1 << 16;

	ASSERT_EQ(0, setsockopt(self->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)));
	ASSERT_EQ(0, setsockopt(self->peer->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)));
}

static size_t send_until_full(struct __test_metadata *_metadata, FIXTURE_DATA(small) *self,
			      const unsigned char *buf, size_t len, int flags)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = send(self->fd, buf + done, len - done, flags | MSG_NOSIGNAL);
		if (n < 0) {
			EXPECT_EQ(EAGAIN, errno);
			break;
		}
		done += n;
	}
	EXPECT_GT(len, done);
	return done;
}

static void drain(struct __test_metadata *_metadata, FIXTURE_DATA(small) *self, size_t len,
		  uint64_t pos)
{
	unsigned char *in = malloc(len);

	ASSERT_EQ((ssize_t)len, peer_recv_all(self->peer, in, len))
		TH_LOG("%s", self->peer->error);
	EXPECT_TRUE(pattern_check(in, len, pos));
	free(in);
}

/* A full buffer: part of it was taken, nothing is sent twice, and it goes on. */
TEST_F(small, partial_send)
{
	size_t len = 4 << 20, done = 0, n;
	unsigned char *buf = malloc(len);
	int i;

	small_buffers(_metadata, self);
	pattern_fill(buf, len, 0);
	for (i = 0; i < 3; i++) {
		n = send_until_full(_metadata, self, buf + done, len - done, MSG_DONTWAIT);
		ASSERT_LT(0, n);
		drain(_metadata, self, n, done);
		done += n;
	}
	ASSERT_EQ(2000, send(self->fd, buf + done, 2000, MSG_NOSIGNAL))
		TH_LOG("%m");
	drain(_metadata, self, 2000, done);
	free(buf);
}

/* The same when it is the time to wait that ends */
TEST_F(small, send_timeout)
{
	struct timeval short_time = { .tv_usec = 100000 }, none = {};
	size_t len = 4 << 20, n;
	unsigned char *buf = malloc(len);

	small_buffers(_metadata, self);
	pattern_fill(buf, len, 0);
	ASSERT_EQ(0, setsockopt(self->fd, SOL_SOCKET, SO_SNDTIMEO, &short_time,
				sizeof(short_time)));
	n = send_until_full(_metadata, self, buf, len, 0);
	ASSERT_LT(0, n);
	drain(_metadata, self, n, 0);
	ASSERT_EQ(0, setsockopt(self->fd, SOL_SOCKET, SO_SNDTIMEO, &none, sizeof(none)));
	ASSERT_EQ(2000, send(self->fd, buf + n, 2000, MSG_NOSIGNAL))
		TH_LOG("%m");
	drain(_metadata, self, 2000, n);
	free(buf);
}

struct talker {
	int fd;
	char letter;
};

static void *talk(void *arg)
{
	struct talker *t = arg;
	char buf[5000];
	int i;

	memset(buf, t->letter, sizeof(buf));
	for (i = 0; i < 40; i++)
		if (send(t->fd, buf, sizeof(buf), MSG_NOSIGNAL) != sizeof(buf))
			break;
	return NULL;
}

/* Two threads: what one call has sent stays together. */
TEST_F(small, senders_do_not_mix)
{
	struct talker t[2] = { { self->fd, 'a' }, { self->fd, 'b' } };
	pthread_t threads[2];
	char buf[5000];
	int i, j;

	for (i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, talk, &t[i]);
	for (i = 0; i < 80; i++) {
		ASSERT_EQ(sizeof(buf), peer_recv_all(self->peer, buf, sizeof(buf)));
		for (j = 1; j < sizeof(buf); j++)
			ASSERT_EQ(buf[0], buf[j]);
	}
	for (i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 1);
}
