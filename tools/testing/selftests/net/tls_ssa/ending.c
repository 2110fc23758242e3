// SPDX-License-Identifier: GPL-2.0
/*
 * Ends that must not look like others: a truncation, a reset, a failure, the abort of a
 * program; and who is told of them.
 */
#include <sys/syscall.h>
#include <linux/io_uring.h>
#include "harness.h"
#include "link.h"

FIXTURE(ending)
{
	struct link l;
	int fd;			/* ours */
	struct peer *peer;
};

FIXTURE_VARIANT(ending)
{
	bool server;		/* ours is */
	enum peer_version version;
	enum peer_kind peer;
};

FIXTURE_VARIANT_ADD(ending, client) { .server = false, .peer = PEER_OPENSSL };
FIXTURE_VARIANT_ADD(ending, server_tls12)
{
	.server = true,
	.version = PEER_TLS12,
	.peer = PEER_GNUTLS,
};

FIXTURE_SETUP(ending)
{
	struct link_config cfg = {
		.family = AF_INET,
		.server = variant->server,
		.kind = variant->peer,
		.peer = { .version = variant->version, .no_tickets = true },
	};

	link_try(&self->l, &cfg);
	ASSERT_EQ(0, self->l.err)
		TH_LOG("%s (%s)", strerror(self->l.err), self->l.error);
	self->fd = self->l.fd;
	self->peer = self->l.peer;
}

FIXTURE_TEARDOWN(ending)
{
	link_close(&self->l);
}

/* A record that does not open */
static const unsigned char garbage[5 + 100] = { 23, 3, 3, 0, 100 };

static int recv_errno(int fd, int flags)
{
	char byte;
	ssize_t n = recv(fd, &byte, 1, flags);

	return n < 0 ? errno : n ? -1 : 0;
}

static void reset_peer(FIXTURE_DATA(ending) *self)
{
	struct linger linger = { .l_onoff = 1 };

	setsockopt(self->peer->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	peer_free(self->peer);
	self->peer = NULL;
	self->l.peer = NULL;
}

/* Until TCP has seen the peer's RST */
static void wait_for_reset(int fd)
{
	struct tcp_info info = {};
	socklen_t len = sizeof(info);

	while (!getsockopt(fd, SOL_TCP, TCP_INFO, &info, &len) && info.tcpi_state != TCP_CLOSE)
		usleep(1000);
}

/* ------------------------------------------------------------ told to each reader */

static void cut(struct __test_metadata *_metadata, FIXTURE_DATA(ending) *self)
{
	ASSERT_EQ(3, peer_send(self->peer, "abc", 3));
	ASSERT_EQ(0, shutdown(self->peer->fd, SHUT_WR));
}

TEST_F(ending, truncation_stays)
{
	int pipefd[2], i;
	char in[4];

	ASSERT_EQ(0, pipe(pipefd));
	cut(_metadata, self);
	ASSERT_EQ(3, recv(self->fd, in, 4, 0));
	for (i = 0; i < 2; i++) {
		EXPECT_EQ(EPROTO, recv_errno(self->fd, 0));
		EXPECT_EQ(EPROTO, recv_errno(self->fd, MSG_PEEK));
		EXPECT_EQ(EPROTO, recv_errno(self->fd, MSG_WAITALL | MSG_DONTWAIT));
		EXPECT_EQ(-1, splice(self->fd, NULL, pipefd[1], NULL, 1, 0));
		EXPECT_EQ(EPROTO, errno);
		EXPECT_NE(0, poll_one(self->fd, POLLIN, 0) & POLLIN);
	}
	/* It is no reason not to send. */
	EXPECT_EQ(1, send(self->fd, "x", 1, MSG_NOSIGNAL));
	EXPECT_EQ(1, peer_recv(self->peer, in, 1));
	close(pipefd[0]);
	close(pipefd[1]);
}

/* recvmmsg() has a message to return, and puts the error where SO_ERROR finds it. */
TEST_F(ending, truncation_inside_recvmmsg)
{
	struct mmsghdr m[4] = {};
	struct iovec iov[4];
	char in[4][50];
	int i;

	for (i = 0; i < 4; i++) {
		iov[i] = (struct iovec){ in[i], sizeof(in[i]) };
		m[i].msg_hdr.msg_iov = &iov[i];
		m[i].msg_hdr.msg_iovlen = 1;
	}
	cut(_metadata, self);
	ASSERT_EQ(1, recvmmsg(self->fd, m, 4, 0, NULL));
	EXPECT_EQ(3, m[0].msg_len);
	EXPECT_EQ(EPROTO, so_error(self->fd));
	EXPECT_EQ(EPROTO, recv_errno(self->fd, 0));
	EXPECT_EQ(EPROTO, recv_errno(self->fd, 0));
	EXPECT_EQ(-1, recvmmsg(self->fd, m, 4, 0, NULL));
	EXPECT_EQ(EPROTO, errno);
}

/* One request of io_uring, without its library. Its result */
static int uring_recv(int fd, void *buf, unsigned int len, int flags)
{
	struct io_uring_params p = {};
	int ring = syscall(__NR_io_uring_setup, 1, &p), res;
	struct io_uring_cqe *cqe;
	struct io_uring_sqe *sqe;
	size_t sq_len, cq_len;
	char *sq, *cq;

	if (ring < 0)
		return -errno;
	sq_len = p.sq_off.array + p.sq_entries * sizeof(__u32);
	cq_len = p.cq_off.cqes + p.cq_entries * sizeof(*cqe);
	sq = mmap(NULL, sq_len, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	cq = mmap(NULL, cq_len, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
	sqe = mmap(NULL, p.sq_entries * sizeof(*sqe), PROT_READ | PROT_WRITE, MAP_SHARED, ring,
		   IORING_OFF_SQES);
	if (sq == MAP_FAILED || cq == MAP_FAILED || sqe == MAP_FAILED)
		return -errno;
	*sqe = (struct io_uring_sqe){
		.opcode = IORING_OP_RECV,
		.fd = fd,
		.addr = (uintptr_t)buf,
		.len = len,
		.msg_flags = flags,
	};
	*(__u32 *)(sq + p.sq_off.array) = 0;
	__atomic_store_n((__u32 *)(sq + p.sq_off.tail), 1, __ATOMIC_RELEASE);
	if (syscall(__NR_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
		return -errno;
	cqe = (struct io_uring_cqe *)(cq + p.cq_off.cqes);
	res = cqe->res;
	munmap(sq, sq_len);
	munmap(cq, cq_len);
	munmap(sqe, p.sq_entries * sizeof(*sqe));
	close(ring);
	return res;
}

TEST_F(ending, truncation_inside_io_uring)
{
	char in[100];

	cut(_metadata, self);
	ASSERT_EQ(3, uring_recv(self->fd, in, sizeof(in), MSG_WAITALL));
	EXPECT_EQ(-EPROTO, uring_recv(self->fd, in, sizeof(in), 0));
	EXPECT_EQ(EPROTO, recv_errno(self->fd, 0));
}

static void *read_to_the_end(void *arg)
{
	return (void *)(intptr_t)recv_errno(*(int *)arg, 0);
}

TEST_F(ending, each_of_several_readers_is_told)
{
	pthread_t threads[3];
	void *err;
	int i;

	for (i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, read_to_the_end, &self->fd);
	settle();
	ASSERT_EQ(0, shutdown(self->peer->fd, SHUT_WR));
	for (i = 0; i < 3; i++) {
		pthread_join(threads[i], &err);
		EXPECT_EQ(EPROTO, (intptr_t)err);
	}
}

/* ------------------------------------------------------------------------- resets */

static void expect_reset(struct __test_metadata *_metadata, int fd)
{
	struct tls_ssa_info info;
	socklen_t len = sizeof(info);

	EXPECT_STREQ("TCP connection failed", tls_error(fd));
	ASSERT_EQ(0, getsockopt(fd, IPPROTO_TLS, TLS_INFO, &info, &len));
	EXPECT_EQ(TLS_INFO_FAILED, info.state);
	EXPECT_EQ(ECONNRESET, info.error);
	EXPECT_STREQ("", info.reason);
}

TEST_F(ending, reset_stays)
{
	reset_peer(self);
	wait_for_reset(self->fd);
	EXPECT_EQ(ECONNRESET, recv_errno(self->fd, 0));
	EXPECT_EQ(ECONNRESET, recv_errno(self->fd, 0));
	EXPECT_EQ(ECONNRESET, recv_errno(self->fd, MSG_PEEK));
	EXPECT_EQ(-1, send(self->fd, "x", 1, MSG_NOSIGNAL));
	EXPECT_EQ(EPIPE, errno);
	expect_reset(_metadata, self->fd);
}

TEST_F(ending, reset_and_so_error)
{
	reset_peer(self);
	wait_for_reset(self->fd);
	EXPECT_NE(0, poll_one(self->fd, POLLIN, 0) & POLLERR);
	EXPECT_EQ(ECONNRESET, so_error(self->fd));
	expect_reset(_metadata, self->fd);
	EXPECT_EQ(ECONNRESET, recv_errno(self->fd, 0));
	EXPECT_EQ(ECONNRESET, recv_errno(self->fd, 0));
}

TEST_F(ending, reset_and_send)
{
	reset_peer(self);
	wait_for_reset(self->fd);
	EXPECT_EQ(-1, send(self->fd, "x", 1, MSG_NOSIGNAL));
	EXPECT_EQ(ECONNRESET, errno);
	expect_reset(_metadata, self->fd);
}

/* After close_notify it is too late for a reset to mean anything. */
TEST_F(ending, reset_behind_close_notify)
{
	ASSERT_EQ(0, peer_close_notify(self->peer));
	EXPECT_EQ(0, recv_errno(self->fd, 0));
	reset_peer(self);
	wait_for_reset(self->fd);
	EXPECT_EQ(0, recv_errno(self->fd, 0));
	EXPECT_STREQ("no error", tls_error(self->fd));
}

/* What was found first stays, whatever TCP says afterwards. */
TEST_F(ending, failure_then_reset)
{
	ASSERT_EQ((ssize_t)sizeof(garbage), send(self->peer->fd, garbage, sizeof(garbage), 0));
	EXPECT_NE(0, poll_wait(self->fd, POLLIN) & POLLERR);
	reset_peer(self);
	wait_for_reset(self->fd);
	EXPECT_NE(0, poll_one(self->fd, POLLIN, 0) & POLLERR);
	EXPECT_EQ(EPROTO, so_error(self->fd));
	EXPECT_EQ(EPROTO, recv_errno(self->fd, 0));
	EXPECT_STREQ(reason_find("BAD_RECORD_MAC")->text, tls_error(self->fd));
}

/* Only GnuTLS sends an alert when it is told to. */
TEST_F(ending, alert_then_reset)
{
	if (variant->peer != PEER_GNUTLS)
		SKIP(return, "not with this peer");
	ASSERT_EQ(0, peer_alert(self->peer, 2, 80));
	reset_peer(self);
	wait_for_reset(self->fd);
	EXPECT_NE(0, poll_one(self->fd, POLLIN, 0) & POLLERR);
	EXPECT_EQ(EPROTO, so_error(self->fd));
	EXPECT_STREQ(reason_find("PEER_INTERNAL_ERROR")->text, tls_error(self->fd));
	EXPECT_EQ(EPROTO, recv_errno(self->fd, 0));
	EXPECT_EQ(EPROTO, recv_errno(self->fd, 0));
}

TEST_F(ending, undecryptable_record)
{
	ASSERT_EQ((ssize_t)sizeof(garbage), send(self->peer->fd, garbage, sizeof(garbage), 0));
	EXPECT_EQ(POLLIN | POLLERR, poll_wait(self->fd, POLLIN) & (POLLIN | POLLERR));
	EXPECT_EQ(EPROTO, so_error(self->fd));
	EXPECT_EQ(0, poll_one(self->fd, POLLIN, 0) & POLLERR);
	EXPECT_EQ(EPROTO, recv_errno(self->fd, 0));
	EXPECT_EQ(-1, send(self->fd, "x", 1, MSG_NOSIGNAL));
	EXPECT_EQ(EPIPE, errno);
}

TEST_F(ending, connect_again)
{
	if (variant->server) {
		EXPECT_EQ(-1, tls_connect_fd(self->fd, AF_INET, local_port(self->l.listener)));
		EXPECT_EQ(EISCONN, errno);
	}
	EXPECT_EQ(-1, tls_connect_fd(self->fd, AF_INET, 1));
	EXPECT_EQ(EISCONN, errno);
	EXPECT_EQ(1, send(self->fd, "x", 1, 0));
}

/* ----------------------------------------------------------- how a program goes away */

/*
 * The connection is the child's alone, which dies of @sig; 0: it exits. It does @first before
 * that can be, NULL: nothing. What the peer sees of its end: as peer_recv().
 */
static ssize_t peer_of_child(FIXTURE_DATA(ending) *self, void (*first)(int fd),
			     void (*child)(int fd), int sig)
{
	int ready[2], status;
	pid_t pid;
	char byte;

	if (pipe(ready))
		return -100;
	pid = fork();
	if (!pid) {
		close(self->peer->fd);
		if (self->l.listener >= 0)
			close(self->l.listener);
		close(ready[0]);
		if (send(self->fd, "x", 1, 0) != 1)
			_exit(99);
		if (first)
			first(self->fd);
		if (write(ready[1], "x", 1) != 1)
			_exit(99);
		child(self->fd);
		pause();
	}
	close(ready[1]);
	close(self->fd);
	self->l.fd = -1;
	if (read(ready[0], &byte, 1) != 1)
		return -101;
	close(ready[0]);
	if (sig)
		kill(pid, sig);
	if (waitpid(pid, &status, 0) != pid || !!WIFSIGNALED(status) != !!sig)
		return -102;
	if (peer_recv_all(self->peer, &byte, 1) != 1)
		return -103;
	return peer_recv(self->peer, &byte, 1);
}

static void *sleep_on(void *arg)
{
	pause();
	return NULL;
}

static void wait_for_signal(int fd)
{
	signal(SIGTERM, SIG_DFL);
}

static void with_threads(int fd)
{
	pthread_t thread;

	pthread_create(&thread, NULL, sleep_on, NULL);
	pthread_create(&thread, NULL, sleep_on, NULL);
}

static void exit_with_threads(int fd)
{
	with_threads(fd);
	exit(3);
}

static void replace_program(int fd)
{
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	execl("/bin/true", "true", NULL);
}

TEST_F(ending, killed)
{
	EXPECT_EQ(PEER_TRUNCATED, peer_of_child(self, NULL, wait_for_signal, SIGKILL))
		TH_LOG("%s", self->peer->error);
}

TEST_F(ending, terminated)
{
	EXPECT_EQ(PEER_TRUNCATED, peer_of_child(self, NULL, wait_for_signal, SIGTERM))
		TH_LOG("%s", self->peer->error);
}

TEST_F(ending, killed_with_threads)
{
	EXPECT_EQ(PEER_TRUNCATED, peer_of_child(self, NULL, with_threads, SIGKILL))
		TH_LOG("%s", self->peer->error);
}

static void hold_data_back(int fd)
{
	if (send(fd, "yz", 2, MSG_MORE) != 2)
		_exit(99);
}

/* What was sent arrives, as with TCP; and the peer sees that it is not all. */
TEST_F(ending, killed_with_more_to_send)
{
	char in[2] = {};

	EXPECT_EQ(1, peer_of_child(self, hold_data_back, wait_for_signal, SIGKILL))
		TH_LOG("%s", self->peer->error);
	EXPECT_EQ(1, peer_recv(self->peer, in, 1));
	EXPECT_EQ('z', in[0]);
	EXPECT_EQ(PEER_TRUNCATED, peer_recv(self->peer, in, 1))
		TH_LOG("%s", self->peer->error);
}

TEST_F(ending, exit_with_threads)
{
	EXPECT_EQ(0, peer_of_child(self, NULL, exit_with_threads, 0))
		TH_LOG("%s", self->peer->error);
}

TEST_F(ending, exec)
{
	EXPECT_EQ(0, peer_of_child(self, NULL, replace_program, 0))
		TH_LOG("%s", self->peer->error);
}

/* SO_LINGER of no time is how a program asks for a RST: nothing orderly before it. */
TEST_F(ending, abort)
{
	struct linger linger = { .l_onoff = 1 };
	char in[4];

	ASSERT_EQ(0, setsockopt(self->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)));
	ASSERT_EQ(3, send(self->fd, "abc", 3, 0));
	ASSERT_EQ(3, peer_recv_all(self->peer, in, 3));
	close(self->fd);
	self->l.fd = -1;
	EXPECT_GT(0, peer_recv(self->peer, in, 1))
		TH_LOG("close_notify came before the RST");
}

/* A time to linger is no abort. */
TEST_F(ending, linger)
{
	struct linger linger = { .l_onoff = 1, .l_linger = 10 };
	char byte;

	ASSERT_EQ(0, setsockopt(self->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)));
	close(self->fd);
	self->l.fd = -1;
	EXPECT_EQ(0, peer_recv(self->peer, &byte, 1))
		TH_LOG("%s", self->peer->error);
}

/* -------------------------------------------------------- shutdown() of a handshake */

TEST(shutdown_in_the_handshake)
{
	static const int how[] = { SHUT_RDWR, SHUT_WR, SHUT_RD };
	const struct reason *reason = reason_find("SHUTDOWN");
	int port, lfd = tcp_listen(AF_INET, &port), fd, peer, i;

	for (i = 0; i < 3; i++) {
		long long before = ssa_counter(reason->counter);

		fd = tls_client(AF_INET, SOCK_NONBLOCK);
		ASSERT_EQ(-1, tls_connect_fd(fd, AF_INET, port));
		ASSERT_EQ(EINPROGRESS, errno);
		peer = accept(lfd, NULL, NULL);
		/* ClientHello is out, and nobody answers. */
		ASSERT_NE(0, poll_wait(peer, POLLIN) & POLLIN);
		ASSERT_EQ(0, shutdown(fd, how[i]));
		EXPECT_NE(0, poll_wait(fd, POLLOUT) & POLLHUP);
		EXPECT_EQ(ECONNABORTED, so_error(fd))
			TH_LOG("shutdown(%d)", how[i]);
		EXPECT_STREQ(reason->text, tls_error(fd));
		EXPECT_EQ(before + 1, ssa_counter(reason->counter));
		close(fd);
		close(peer);
	}
	close(lfd);
}

/* ------------------------------------------------- a program that knows the length */

static int ignore_eof(int fd, int value)
{
	return setsockopt(fd, IPPROTO_TLS, TLS_IGNORE_UNEXPECTED_EOF, &value, sizeof(value));
}

static unsigned int flags(int fd)
{
	struct tls_ssa_info info = {};
	socklen_t len = sizeof(info);

	return getsockopt(fd, IPPROTO_TLS, TLS_INFO, &info, &len) ? ~0U : info.flags;
}

static void expect_truncation(struct __test_metadata *_metadata, int fd, const char *reason)
{
	long long before = ssa_counter("UnexpectedEofIgnored");

	EXPECT_EQ(EPROTO, recv_errno(fd, 0));
	EXPECT_STREQ(reason_find(reason)->text, tls_error(fd));
	EXPECT_EQ(0, flags(fd) & TLS_INFO_F_UNEXPECTED_EOF);
	EXPECT_EQ(before, ssa_counter("UnexpectedEofIgnored"));
}

TEST_F(ending, unexpected_eof_is_ignored)
{
	long long before = ssa_counter("UnexpectedEofIgnored");
	char in[4];

	ASSERT_EQ(0, ignore_eof(self->fd, 1));
	cut(_metadata, self);
	ASSERT_EQ(3, recv(self->fd, in, 4, 0));
	EXPECT_EQ(0, flags(self->fd) & TLS_INFO_F_UNEXPECTED_EOF);
	EXPECT_EQ(0, recv_errno(self->fd, 0));
	EXPECT_EQ(0, recv_errno(self->fd, 0));
	EXPECT_EQ(0, so_error(self->fd));
	EXPECT_STREQ("no error", tls_error(self->fd));
	EXPECT_NE(0, flags(self->fd) & TLS_INFO_F_UNEXPECTED_EOF);
	EXPECT_EQ(before + 1, ssa_counter("UnexpectedEofIgnored"));
	EXPECT_EQ(1, send(self->fd, "x", 1, MSG_NOSIGNAL));
	EXPECT_EQ(1, peer_recv(self->peer, in, 1));
}

TEST_F(ending, cut_record_is_not_ignored)
{
	ASSERT_EQ(0, ignore_eof(self->fd, 1));
	ASSERT_EQ(50, send(self->peer->fd, garbage, 50, 0));
	ASSERT_EQ(0, shutdown(self->peer->fd, SHUT_WR));
	expect_truncation(_metadata, self->fd, "TRUNCATED");
}

/* So little of it that it is no header */
TEST_F(ending, cut_header_is_not_ignored)
{
	ASSERT_EQ(0, ignore_eof(self->fd, 1));
	ASSERT_EQ(1, send(self->peer->fd, garbage, 1, 0));
	ASSERT_EQ(0, shutdown(self->peer->fd, SHUT_WR));
	expect_truncation(_metadata, self->fd, "TRUNCATED");
}

TEST_F(ending, reset_is_not_ignored)
{
	ASSERT_EQ(0, ignore_eof(self->fd, 1));
	reset_peer(self);
	wait_for_reset(self->fd);
	EXPECT_EQ(ECONNRESET, so_error(self->fd));
	EXPECT_EQ(ECONNRESET, recv_errno(self->fd, 0));
	EXPECT_EQ(ECONNRESET, recv_errno(self->fd, 0));
	EXPECT_EQ(0, flags(self->fd) & TLS_INFO_F_UNEXPECTED_EOF);
}

/* Too late: a reader was told. */
TEST_F(ending, truncation_is_not_forgotten)
{
	ASSERT_EQ(0, shutdown(self->peer->fd, SHUT_WR));
	EXPECT_EQ(EPROTO, recv_errno(self->fd, 0));
	ASSERT_EQ(0, ignore_eof(self->fd, 1));
	EXPECT_EQ(EPROTO, recv_errno(self->fd, 0));
}

static int prepare_ignoring(int fd, const void *arg)
{
	return ignore_eof(fd, 1);
}

TEST(listener_does_not_hand_it_on)
{
	int port = 0, lfd, client, fd, value = -1;
	socklen_t len = sizeof(value);

	lfd = tls_listen_with(AF_INET, &port, pki_file("p256.chain.pem"),
			      pki_file("p256.key.pem"), prepare_ignoring, NULL);
	ASSERT_LE(0, lfd);
	client = tls_client(AF_INET, 0);
	ASSERT_EQ(0, ignore_eof(client, 1));
	ASSERT_EQ(0, tls_connect_fd(client, AF_INET, port))
		TH_LOG("%m (%s)", tls_error(client));
	fd = accept(lfd, NULL, NULL);
	ASSERT_EQ(0, getsockopt(fd, IPPROTO_TLS, TLS_IGNORE_UNEXPECTED_EOF, &value, &len));
	EXPECT_EQ(0, value);
	ASSERT_EQ(0, getsockopt(client, IPPROTO_TLS, TLS_IGNORE_UNEXPECTED_EOF, &value, &len));
	EXPECT_EQ(1, value);
	close(client);
	close(fd);
	close(lfd);
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 1);
}
