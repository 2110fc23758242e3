// SPDX-License-Identifier: GPL-2.0
/*
 * Sending: when there is no room, when more is to follow and does not come, and what
 * is left when the socket is closed.
 */
#include <linux/io_uring.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include "harness.h"
#include "link.h"

FIXTURE(send)
{
	struct link l;
	int fd;			/* ours */
	struct peer *peer;
	uint64_t sent;		/* bytes of pattern */
	uint64_t got;		/* and how many of them the peer has */
};

FIXTURE_VARIANT(send)
{
	int family;
	bool server;		/* ours is */
	enum peer_version version;
};

FIXTURE_VARIANT_ADD(send, ipv4_client) { .family = AF_INET, .server = false };
FIXTURE_VARIANT_ADD(send, ipv6_server_tls12)
{
	.family = AF_INET6,
	.server = true,
	.version = PEER_TLS12,
};

FIXTURE_SETUP(send)
{
	struct link_config cfg = {
		.family = variant->family,
		.server = variant->server,
		.kind = PEER_OPENSSL,
		.peer = { .version = variant->version },
	};
	int size = 1 << 15, one = 1;

	link_try(&self->l, &cfg);
	ASSERT_EQ(0, self->l.err)
		TH_LOG("%s (%s)", strerror(self->l.err), self->l.error);
	self->fd = self->l.fd;
	self->peer = self->l.peer;
	ASSERT_EQ(0, setsockopt(self->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)));
	ASSERT_EQ(0, setsockopt(self->peer->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)));
	/* Nagle's algorithm would hold back what the tests look for. */
	ASSERT_EQ(0, setsockopt(self->fd, SOL_TCP, TCP_NODELAY, &one, sizeof(one)));
}

FIXTURE_TEARDOWN(send)
{
	link_close(&self->l);
}

/* Sends as much of the pattern as is taken, @len bytes a call. */
static void fill(struct __test_metadata *_metadata, FIXTURE_DATA(send) *self, size_t len,
		 int flags)
{
	unsigned char buf[20000];
	ssize_t n;

	for (;;) {
		pattern_fill(buf, len, self->sent);
		n = send(self->fd, buf, len, flags | MSG_NOSIGNAL);
		if (n < 0)
			break;
		self->sent += n;
		ASSERT_GT(64u << 20, self->sent);
	}
	EXPECT_EQ(EAGAIN, errno)
		TH_LOG("%m");
}

/* All of it that has not come to the peer yet comes. */
static void expect_sent(struct __test_metadata *_metadata, FIXTURE_DATA(send) *self)
{
	size_t len = self->sent - self->got;
	unsigned char *in = malloc(len);

	ASSERT_EQ((ssize_t)len, peer_recv_all(self->peer, in, len))
		TH_LOG("%s", self->peer->error);
	EXPECT_TRUE(pattern_check(in, len, self->got));
	self->got = self->sent;
	free(in);
}

static void set_nonblock(struct __test_metadata *_metadata, int fd)
{
	ASSERT_EQ(0, fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK));
}

static void set_send_timeout(struct __test_metadata *_metadata, int fd, int ms)
{
	struct timeval tv = { .tv_usec = ms * 1000 };

	ASSERT_EQ(0, setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)));
}

/* ------------------------------------------------------------- there is no room */

/* Files that end before sendfile() has all that it asks for, until one is not taken */
static void fill_by_files(struct __test_metadata *_metadata, FIXTURE_DATA(send) *self, size_t len)
{
	unsigned char buf[20000];
	ssize_t n;
	off_t off;
	int file;

	do {
		pattern_fill(buf, len, self->sent);
		file = memfd_create("piece", 0);
		ASSERT_EQ((ssize_t)len, write(file, buf, len));
		off = 0;
		n = sendfile(self->fd, file, &off, 1 << 20);
		close(file);
		if (n > 0)
			self->sent += n;
		ASSERT_GT(64u << 20, self->sent);
	} while (n == (ssize_t)len);
	if (n < 0)
		EXPECT_EQ(EAGAIN, errno)
			TH_LOG("%m");
}

/*
 * Both ends in one thread: who waited for the other would wait without end. The room can
 * end anywhere in a record.
 */
TEST_F(send, sendfile_does_not_wait)
{
	size_t len;

	set_nonblock(_metadata, self->fd);
	for (len = 1300; len < 17000; len += 900) {
		fill_by_files(_metadata, self, len);
		expect_sent(_metadata, self);
		ASSERT_LT(0, poll_wait(self->fd, POLLOUT));
	}
}

/*
 * A send() whose time to wait is over leaves a part of a record. Nobody waits in its
 * place for a peer that is silent: not who must not wait, nor close().
 */
TEST_F(send, nobody_waits_for_what_is_left)
{
	static char buf[65536];
	char byte;

	set_send_timeout(_metadata, self->fd, 50);
	while (send(self->fd, buf, sizeof(buf), MSG_NOSIGNAL) > 0)
		;
	ASSERT_EQ(EAGAIN, errno);
	set_send_timeout(_metadata, self->fd, 0);
	/* Its acknowledgment makes TCP look for what is to be sent. */
	ASSERT_EQ(1, peer_send(self->peer, "x", 1));
	ASSERT_EQ(1, recv(self->fd, &byte, 1, 0));
	settle();
	while (send(self->fd, buf, sizeof(buf), MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
		;
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(0, close(self->fd));
	self->l.fd = -1;
}

/* Nor does a sender that must not wait queue behind one that may. */
TEST_F(send, beside_a_sender_that_waits)
{
	static char buf[65536];
	int status;
	pid_t child;

	child = fork();
	if (!child) {
		while (send(self->fd, buf, sizeof(buf), MSG_NOSIGNAL) > 0)
			;
		_exit(errno == EPIPE ? 0 : 1);
	}
	while (poll_one(self->fd, POLLOUT, 0) & POLLOUT)
		usleep(10000);
	settle();
	while (send(self->fd, buf, sizeof(buf), MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
		;
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(0, shutdown(self->fd, SHUT_WR));
	waitpid(child, &status, 0);
	EXPECT_EQ(0, status);
}

/* One call's bytes, although others send, too, and there is no room for them. */
static void *send_letters(void *arg)
{
	char buf[50000];
	int fd = *(int *)arg, i;
	static int letter;

	memset(buf, 'a' + __atomic_fetch_add(&letter, 1, __ATOMIC_RELAXED), sizeof(buf));
	for (i = 0; i < 4; i++)
		if (send(fd, buf, sizeof(buf), MSG_NOSIGNAL) != sizeof(buf))
			break;
	return NULL;
}

TEST_F(send, senders_that_wait_do_not_mix)
{
	pthread_t threads[3];
	char buf[50000];
	int i, j;

	for (i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, send_letters, &self->fd);
	for (i = 0; i < 12; i++) {
		ASSERT_EQ(sizeof(buf), peer_recv_all(self->peer, buf, sizeof(buf)));
		for (j = 1; j < sizeof(buf); j++)
			ASSERT_EQ(buf[0], buf[j]);
	}
	for (i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
}

/* ------------------------------------------------- a full buffer, and then the end */

static void end_by_close(FIXTURE_DATA(send) *self)
{
	close(self->fd);
	self->l.fd = -1;
}

static void end_by_shutdown(FIXTURE_DATA(send) *self)
{
	shutdown(self->fd, SHUT_WR);
}

/* The peer that reads on gets every byte, and then close_notify. */
static void expect_all_and_end(struct __test_metadata *_metadata, FIXTURE_DATA(send) *self)
{
	char byte;

	expect_sent(_metadata, self);
	EXPECT_EQ(0, peer_recv(self->peer, &byte, 1))
		TH_LOG("%s", self->peer->error);
}

TEST_F(send, full_then_close)
{
	fill(_metadata, self, 20000, MSG_DONTWAIT);
	end_by_close(self);
	expect_all_and_end(_metadata, self);
}

TEST_F(send, full_then_shutdown)
{
	fill(_metadata, self, 20000, MSG_DONTWAIT);
	end_by_shutdown(self);
	expect_all_and_end(_metadata, self);
}

/* With a record open for more */
TEST_F(send, full_of_more_then_close)
{
	fill(_metadata, self, 900, MSG_DONTWAIT | MSG_MORE);
	end_by_close(self);
	expect_all_and_end(_metadata, self);
}

TEST_F(send, timeout_then_close)
{
	set_send_timeout(_metadata, self->fd, 50);
	fill(_metadata, self, 20000, 0);
	end_by_close(self);
	expect_all_and_end(_metadata, self);
}

TEST_F(send, sendfile_then_close)
{
	int file = pattern_memfd(4 << 20);
	off_t off = 0;
	ssize_t n;

	set_nonblock(_metadata, self->fd);
	while ((n = sendfile(self->fd, file, &off, 8 << 20)) > 0)
		;
	EXPECT_EQ(EAGAIN, n ? errno : EAGAIN);
	self->sent = off;
	end_by_close(self);
	expect_all_and_end(_metadata, self);
	close(file);
}

/* ------------------------------------------------- more is to follow, and does not */

/* Bytes that TCP has sent, at once and for the first time: linux/tcp.h's tcpi_bytes_sent */
static uint64_t bytes_sent(int fd)
{
	union {
		unsigned char bytes[256];
		uint64_t numbers[32];
	} info = {};
	socklen_t len = sizeof(info);

	if (getsockopt(fd, SOL_TCP, TCP_INFO, &info, &len) || len < 208)
		return 0;
	return info.numbers[200 / 8];
}

static void expect_byte(struct __test_metadata *_metadata, FIXTURE_DATA(send) *self, char byte)
{
	char in = 0;

	ASSERT_EQ(1, peer_recv(self->peer, &in, 1))
		TH_LOG("%s", self->peer->error);
	EXPECT_EQ(byte, in);
}

TEST_F(send, more_without_a_successor)
{
	int one = 1;

	ASSERT_EQ(1, send(self->fd, "a", 1, MSG_MORE));
	expect_byte(_metadata, self, 'a');
	/* The same again, and while TCP holds back, too, what we give it */
	ASSERT_EQ(0, setsockopt(self->fd, SOL_TCP, TCP_CORK, &one, sizeof(one)));
	ASSERT_EQ(1, send(self->fd, "b", 1, MSG_MORE));
	expect_byte(_metadata, self, 'b');
}

TEST_F(send, splice_with_more_without_a_successor)
{
	int pipefd[2];

	ASSERT_EQ(0, pipe(pipefd));
	ASSERT_EQ(1, write(pipefd[1], "a", 1));
	ASSERT_EQ(1, splice(pipefd[0], NULL, self->fd, NULL, 1, SPLICE_F_MORE));
	expect_byte(_metadata, self, 'a');
	close(pipefd[0]);
	close(pipefd[1]);
}

/* What is held back goes out by itself even if there is no room when its time comes. */
TEST_F(send, more_without_room)
{
	fill(_metadata, self, 900, MSG_DONTWAIT | MSG_MORE);
	settle();
	settle();
	expect_sent(_metadata, self);
}

TEST_F(send, nodelay_sends_what_is_held_back)
{
	uint64_t before;
	int one = 1;

	ASSERT_EQ(1, send(self->fd, "a", 1, MSG_MORE));
	before = bytes_sent(self->fd);
	ASSERT_EQ(0, setsockopt(self->fd, SOL_TCP, TCP_NODELAY, &one, sizeof(one)));
	EXPECT_LT(before, bytes_sent(self->fd));
	expect_byte(_metadata, self, 'a');
}

TEST_F(send, end_of_cork_sends_what_is_held_back)
{
	uint64_t before;
	int one = 1, none = 0;

	ASSERT_EQ(0, setsockopt(self->fd, SOL_TCP, TCP_CORK, &one, sizeof(one)));
	ASSERT_EQ(1, send(self->fd, "a", 1, 0));
	ASSERT_EQ(1, send(self->fd, "b", 1, MSG_MORE));
	before = bytes_sent(self->fd);
	ASSERT_EQ(0, setsockopt(self->fd, SOL_TCP, TCP_CORK, &none, sizeof(none)));
	/* Two records of at least 18 bytes: not only the one that TCP had */
	EXPECT_LE(before + 36, bytes_sent(self->fd));
	expect_byte(_metadata, self, 'a');
	expect_byte(_metadata, self, 'b');
}

TEST_F(send, empty_send_ends_more)
{
	uint64_t before;

	ASSERT_EQ(1, send(self->fd, "a", 1, MSG_MORE));
	before = bytes_sent(self->fd);
	ASSERT_EQ(0, send(self->fd, "", 0, 0));
	EXPECT_LT(before, bytes_sent(self->fd));
	expect_byte(_metadata, self, 'a');
}

TEST_F(send, end_of_record_ends_more)
{
	uint64_t before = bytes_sent(self->fd);
	char in[4];

	ASSERT_EQ(1, send(self->fd, "a", 1, MSG_MORE));
	ASSERT_EQ(1, send(self->fd, "b", 1, MSG_EOR));
	EXPECT_LT(before, bytes_sent(self->fd));
	ASSERT_EQ(2, peer_recv_all(self->peer, in, 2));
	before = bytes_sent(self->fd);
	ASSERT_EQ(1, send(self->fd, "c", 1, MSG_MORE | MSG_EOR))
		TH_LOG("%m");
	EXPECT_LT(before, bytes_sent(self->fd));
	ASSERT_EQ(1, peer_recv_all(self->peer, in, 1));
}

/* If the rest comes in time it goes into the same record. */
TEST_F(send, more_makes_one_record)
{
	bool together = false;
	char in[4];
	int i;

	for (i = 0; i < 10 && !together; i++) {
		ASSERT_EQ(1, send(self->fd, "a", 1, MSG_MORE));
		ASSERT_EQ(1, send(self->fd, "b", 1, MSG_MORE));
		ASSERT_EQ(1, send(self->fd, "c", 1, 0));
		together = peer_recv(self->peer, in, 3) == 3;
		if (!together)
			ASSERT_LT(0, peer_recv(self->peer, in, 3));
	}
	EXPECT_TRUE(together);
}

/* ------------------------------------------------------------------------- flags */

/* What TCP ignores does no harm. */
TEST_F(send, flags_that_tcp_ignores)
{
	static const int flags[] = { MSG_WAITALL, MSG_CONFIRM, MSG_DONTROUTE, MSG_PEEK, MSG_TRUNC,
				     MSG_CTRUNC, MSG_ERRQUEUE, MSG_RST, MSG_ZEROCOPY, 1 << 30 };
	int port = 0, lfd = tcp_listen(AF_INET, &port), tcp = tcp_connect(AF_INET, port);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		EXPECT_EQ(1, send(tcp, "t", 1, flags[i]))
			TH_LOG("TCP, flag %#x: %m", flags[i]);
		ASSERT_EQ(1, send(self->fd, "s", 1, flags[i]))
			TH_LOG("flag %#x: %m", flags[i]);
		expect_byte(_metadata, self, 's');
	}
	/* TLS has no urgent data. */
	EXPECT_EQ(-1, send(self->fd, "o", 1, MSG_OOB));
	EXPECT_EQ(EOPNOTSUPP, errno);
	close(tcp);
	close(lfd);
}

TEST_F(send, no_urgent_data_to_receive)
{
	int port = 0, lfd = tcp_listen(AF_INET, &port), tcp = tcp_connect(AF_INET, port);
	char byte;

	EXPECT_EQ(-1, recv(tcp, &byte, 1, MSG_OOB));
	EXPECT_EQ(EINVAL, errno);
	ASSERT_EQ(1, peer_send(self->peer, "x", 1));
	EXPECT_EQ(-1, recv(self->fd, &byte, 1, MSG_OOB));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(1, recv(self->fd, &byte, 1, 0));
	close(tcp);
	close(lfd);
}

/* The result of sending a byte by io_uring's operation @opcode, or 1000: no io_uring. */
static int send_by_ring(int fd, int opcode)
{
	struct io_uring_params p = { .flags = 0 };
	int ring = syscall(__NR_io_uring_setup, 1, &p), result = 1000;
	struct io_uring_sqe *sqe;
	struct io_uring_cqe *cqe;
	char *sq, *cq;

	if (ring < 0)
		return result;
	sq = mmap(NULL, p.sq_off.array + 4, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
		  ring, IORING_OFF_SQ_RING);
	cq = mmap(NULL, p.cq_off.cqes + p.cq_entries * sizeof(*cqe), PROT_READ | PROT_WRITE,
		  MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_CQ_RING);
	sqe = mmap(NULL, sizeof(*sqe), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring,
		   IORING_OFF_SQES);
	if (sq != MAP_FAILED && cq != MAP_FAILED && sqe != MAP_FAILED) {
		memset(sqe, 0, sizeof(*sqe));
		sqe->opcode = opcode;
		sqe->fd = fd;
		sqe->addr = (uintptr_t)"z";
		sqe->len = 1;
		*(unsigned int *)(sq + p.sq_off.array) = 0;
		__atomic_store_n((unsigned int *)(sq + p.sq_off.tail), 1, __ATOMIC_RELEASE);
		cqe = (struct io_uring_cqe *)(cq + p.cq_off.cqes);
		if (syscall(__NR_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) == 1)
			result = cqe->res;
	}
	close(ring);
	return result;
}

/* Nor has it a way to send from the program's own pages: io_uring is told so, and asks. */
TEST_F(send, no_zero_copy_by_io_uring)
{
	int result = send_by_ring(self->fd, IORING_OP_SEND);

	if (result == 1000)
		SKIP(return, "no io_uring");
	EXPECT_EQ(1, result);
	expect_byte(_metadata, self, 'z');
	EXPECT_EQ(-EOPNOTSUPP, send_by_ring(self->fd, IORING_OP_SEND_ZC));
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 1);
}
