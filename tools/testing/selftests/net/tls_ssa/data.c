// SPDX-License-Identifier: GPL-2.0
/*
 * Data on an established connection: every call that moves bytes or waits for
 * them.
 */
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <openssl/evp.h>
#include "conn.h"

/* A connection has nothing to read at first, tickets or not. */
TEST_F(conn, poll_is_silent_at_first)
{
	char byte;

	settle();
	EXPECT_EQ(POLLOUT, poll_one(self->fd, POLLIN | POLLOUT | POLLRDHUP, 0));
	EXPECT_EQ(-1, recv(self->fd, &byte, 1, MSG_DONTWAIT));
	EXPECT_EQ(EAGAIN, errno);
}

TEST_F(conn, many_small_sends)
{
	struct job echo;
	char out, in;
	int i;

	job_start(&echo, self->peer, job_echo, NULL);
	for (i = 0; i < 300; i++) {
		out = i;
		ASSERT_EQ(1, send(self->fd, &out, 1, 0));
	}
	for (i = 0; i < 300; i++) {
		ASSERT_EQ(1, recv(self->fd, &in, 1, 0));
		ASSERT_EQ((char)i, in);
	}
	shutdown(self->fd, SHUT_WR);
	EXPECT_EQ(0, job_wait(&echo));
}

TEST_F(conn, zero_bytes)
{
	char byte;

	EXPECT_EQ(0, send(self->fd, "", 0, 0));
	ASSERT_EQ(1, peer_send(self->peer, "x", 1));
	EXPECT_NE(0, poll_wait(self->fd, POLLIN) & POLLIN);
	EXPECT_EQ(0, recv(self->fd, &byte, 0, 0));
	EXPECT_EQ(1, recv(self->fd, &byte, 1, 0));
	EXPECT_EQ('x', byte);
}

TEST_F(conn, read_write_readv_writev)
{
	char in[8] = "", a[3], b[3];
	struct iovec out_iov[] = { { "abc", 3 }, { "", 0 }, { "def", 3 } };
	struct iovec in_iov[] = { { a, 3 }, { b, 3 } };

	ASSERT_EQ(6, writev(self->fd, out_iov, 3));
	ASSERT_EQ(6, peer_recv_all(self->peer, in, 6));
	EXPECT_EQ(0, memcmp(in, "abcdef", 6));
	ASSERT_EQ(6, peer_send(self->peer, "ghijkl", 6));
	ASSERT_EQ(6, readv(self->fd, in_iov, 2));
	EXPECT_EQ(0, memcmp(a, "ghi", 3));
	EXPECT_EQ(0, memcmp(b, "jkl", 3));
	ASSERT_EQ(2, write(self->fd, "mn", 2));
	ASSERT_EQ(2, peer_recv_all(self->peer, in, 2));
	ASSERT_EQ(2, peer_send(self->peer, "op", 2));
	ASSERT_EQ(2, read(self->fd, in, 8));
	EXPECT_EQ(0, memcmp(in, "op", 2));
}

TEST_F(conn, msg_peek)
{
	char in[8] = "";

	ASSERT_EQ(5, peer_send(self->peer, "hello", 5));
	ASSERT_EQ(3, recv(self->fd, in, 3, MSG_PEEK));
	EXPECT_EQ(0, memcmp(in, "hel", 3));
	ASSERT_EQ(5, recv(self->fd, in, 8, MSG_PEEK));
	EXPECT_EQ(0, memcmp(in, "hello", 5));
	ASSERT_EQ(5, recv(self->fd, in, 8, 0));
	EXPECT_EQ(-1, recv(self->fd, in, 8, MSG_PEEK | MSG_DONTWAIT));
	EXPECT_EQ(EAGAIN, errno);
}

/* An application must see neither kTLS's control messages nor its flags. */
TEST_F(conn, recvmsg_has_no_control_data)
{
	char in[8], control[256];
	struct iovec iov = { in, sizeof(in) };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};

	ASSERT_EQ(3, peer_send(self->peer, "abc", 3));
	ASSERT_EQ(3, recvmsg(self->fd, &msg, 0));
	EXPECT_EQ(0, msg.msg_controllen);
	EXPECT_EQ(0, msg.msg_flags & (MSG_CTRUNC | MSG_EOR));
	ASSERT_EQ(3, peer_send(self->peer, "abc", 3));
	msg.msg_control = NULL;
	msg.msg_controllen = 0;
	ASSERT_EQ(3, recvmsg(self->fd, &msg, 0));
	EXPECT_EQ(0, msg.msg_flags & (MSG_CTRUNC | MSG_EOR));
}

/* Nor may it send records of another type by kTLS's own control message. */
TEST_F(conn, sendmsg_cannot_set_the_record_type)
{
	char control[CMSG_SPACE(1)] = "", byte = 1, in;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = 282;		/* SOL_TLS */
	cmsg->cmsg_type = 1;		/* TLS_SET_RECORD_TYPE */
	cmsg->cmsg_len = CMSG_LEN(1);
	*CMSG_DATA(cmsg) = 22;
	EXPECT_EQ(-1, sendmsg(self->fd, &msg, MSG_NOSIGNAL));
	ASSERT_EQ(1, send(self->fd, "x", 1, MSG_NOSIGNAL));
	ASSERT_EQ(1, peer_recv(self->peer, &in, 1))
		TH_LOG("%s", self->peer->error);
	EXPECT_EQ('x', in);
}

static int send_in_two(struct peer *p, void *arg)
{
	peer_send(p, "abc", 3);
	if (!p->cfg.server || peer_ticket(p)) {
		/* A client has no ticket to send. */
		usleep(100000);
	}
	peer_send(p, "def", 3);
	return 0;
}

/* MSG_WAITALL takes all of it, across records and tickets between them. */
TEST_F(conn, msg_waitall)
{
	struct job sender;
	char in[6];

	job_start(&sender, self->peer, send_in_two, NULL);
	EXPECT_EQ(6, recv(self->fd, in, 6, MSG_WAITALL));
	EXPECT_EQ(0, memcmp(in, "abcdef", 6));
	EXPECT_EQ(0, job_wait(&sender));
}

TEST_F(conn, msg_dontwait_and_timeout)
{
	struct timeval tv = { .tv_usec = 100000 };
	char byte;

	EXPECT_EQ(-1, recv(self->fd, &byte, 1, MSG_DONTWAIT));
	EXPECT_EQ(EAGAIN, errno);
	ASSERT_EQ(0, setsockopt(self->fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)));
	EXPECT_EQ(-1, recv(self->fd, &byte, 1, 0));
	EXPECT_EQ(EAGAIN, errno);
	ASSERT_EQ(1, peer_send(self->peer, "x", 1));
	poll_wait(self->fd, POLLIN);
	EXPECT_EQ(1, recv(self->fd, &byte, 1, 0));
}

static void on_alarm(int sig)
{
}

TEST_F(conn, signal_interrupts_recv)
{
	struct sigaction act = { .sa_handler = on_alarm };
	pid_t parent = getpid(), child;
	char byte;

	sigaction(SIGUSR1, &act, NULL);
	child = fork();
	if (!child) {
		/* Until the parent has left recv(): the first may come too early. */
		for (;;) {
			usleep(100000);
			if (kill(parent, SIGUSR1) || getppid() != parent)
				_exit(0);
		}
	}
	EXPECT_EQ(-1, recv(self->fd, &byte, 1, 0));
	EXPECT_EQ(EINTR, errno);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	ASSERT_EQ(1, peer_send(self->peer, "x", 1));
	EXPECT_EQ(1, recv(self->fd, &byte, 1, 0));
}

TEST_F(conn, full_send_buffer)
{
	char *buf = malloc(65536);
	size_t sent = 0, got = 0;
	ssize_t n;

	pattern_fill(buf, 65536, 0);
	/* Nobody reads: it must end with EAGAIN, and poll() must say the same. */
	for (;;) {
		pattern_fill(buf, 65536, sent);
		n = send(self->fd, buf, 65536, MSG_DONTWAIT);
		if (n < 0)
			break;
		sent += n;
		ASSERT_GT(256u << 20, sent);
	}
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(0, poll_one(self->fd, POLLOUT, 0) & POLLOUT);
	while (got < sent) {
		n = peer_recv(self->peer, buf, 65536);
		ASSERT_LT(0, n);
		ASSERT_TRUE(pattern_check(buf, n, got));
		got += n;
	}
	EXPECT_NE(0, poll_wait(self->fd, POLLOUT) & POLLOUT);
	free(buf);
}

static int send_a_byte(struct peer *p, void *arg)
{
	return send(*(int *)arg, "", 1, MSG_NOSIGNAL) == 1 ? 0 : -1;
}

/* Only TCP's own callback wakes who sleeps for room. */
TEST_F(conn, reader_wakes_a_sleeping_sender)
{
	char *buf = calloc(1, 65536);
	struct job sender;
	size_t sent = 0, got = 0;
	ssize_t n;

	while ((n = send(self->fd, buf, 65536, MSG_DONTWAIT)) > 0)
		sent += n;
	EXPECT_EQ(EAGAIN, errno);
	job_start(&sender, NULL, send_a_byte, &self->fd);
	settle();
	while (got < sent + 1) {
		n = peer_recv(self->peer, buf, 65536);
		ASSERT_LT(0, n);
		got += n;
	}
	EXPECT_EQ(0, job_wait(&sender));
	free(buf);
}

TEST_F(conn, epoll_level_and_edge)
{
	struct epoll_event ev = { .events = EPOLLIN }, out;
	int level = epoll_create1(0), edge = epoll_create1(0);
	char in[4];

	ASSERT_EQ(0, epoll_ctl(level, EPOLL_CTL_ADD, self->fd, &ev));
	ev.events = EPOLLIN | EPOLLET;
	ASSERT_EQ(0, epoll_ctl(edge, EPOLL_CTL_ADD, self->fd, &ev));
	settle();
	EXPECT_EQ(0, epoll_wait(level, &out, 1, 0));
	EXPECT_EQ(0, epoll_wait(edge, &out, 1, 0));

	ASSERT_EQ(4, peer_send(self->peer, "abcd", 4));
	ASSERT_EQ(1, epoll_wait(level, &out, 1, -1));
	EXPECT_EQ(EPOLLIN, out.events);
	ASSERT_EQ(1, epoll_wait(edge, &out, 1, -1));
	EXPECT_EQ(EPOLLIN, out.events);
	ASSERT_EQ(2, recv(self->fd, in, 2, 0));
	EXPECT_EQ(1, epoll_wait(level, &out, 1, 0));
	ASSERT_EQ(2, recv(self->fd, in, 2, 0));
	EXPECT_EQ(0, epoll_wait(level, &out, 1, 0));

	ASSERT_EQ(1, peer_send(self->peer, "e", 1));
	ASSERT_EQ(1, epoll_wait(edge, &out, 1, -1));
	ASSERT_EQ(1, recv(self->fd, in, 4, 0));
	close(level);
	close(edge);
}

TEST_F(conn, poll_wakes_a_sleeper)
{
	pid_t child = fork();
	int status;

	if (!child)
		_exit(poll_wait(self->fd, POLLIN) & POLLIN ? 0 : 1);
	usleep(200000);
	ASSERT_EQ(1, peer_send(self->peer, "x", 1));
	waitpid(child, &status, 0);
	EXPECT_EQ(0, status);
}

TEST_F(conn, dup_and_fork)
{
	int copy = dup(self->fd), status;
	char in[4];
	pid_t child;

	ASSERT_LE(0, copy);
	child = fork();
	if (!child) {
		close(copy);
		_exit(send(self->fd, "kid", 3, 0) == 3 ? 0 : 1);
	}
	waitpid(child, &status, 0);
	EXPECT_EQ(0, status);
	ASSERT_EQ(3, peer_recv_all(self->peer, in, 3));
	/* The child's exit and this close() end nothing: the copy is still open. */
	close(self->fd);
	self->l.fd = -1;
	ASSERT_EQ(3, send(copy, "dad", 3, 0));
	ASSERT_EQ(3, peer_recv_all(self->peer, in, 3));
	EXPECT_EQ(0, memcmp(in, "dad", 3));
	close(copy);
	EXPECT_EQ(0, peer_recv(self->peer, in, 1));
}

TEST_F(conn, addresses)
{
	struct sockaddr_storage peer, own, theirs, mine;
	socklen_t len = sizeof(peer);

	ASSERT_EQ(0, getpeername(self->fd, (struct sockaddr *)&peer, &len));
	EXPECT_EQ(variant->family, peer.ss_family);
	len = sizeof(own);
	ASSERT_EQ(0, getsockname(self->fd, (struct sockaddr *)&own, &len));
	len = sizeof(theirs);
	ASSERT_EQ(0, getsockname(self->peer->fd, (struct sockaddr *)&theirs, &len));
	EXPECT_EQ(0, memcmp(&theirs, &peer, len));
	len = sizeof(mine);
	ASSERT_EQ(0, getpeername(self->peer->fd, (struct sockaddr *)&mine, &len));
	EXPECT_EQ(0, memcmp(&mine, &own, len));
}

static int send_pattern(struct peer *p, void *arg)
{
	size_t len = *(size_t *)arg, done = 0, n;
	char buf[10000];

	while (done < len) {
		n = len - done < sizeof(buf) ? len - done : sizeof(buf);
		pattern_fill(buf, n, done);
		if (peer_send(p, buf, n) != (ssize_t)n)
			return -1;
		done += n;
	}
	return 0;
}

TEST_F(conn, splice_out_of_the_socket)
{
	size_t len = 200000, got = 0;
	char buf[65536];
	struct job sender;
	int pipefd[2];
	ssize_t n;

	ASSERT_EQ(0, pipe(pipefd));
	EXPECT_EQ(-1, splice(self->fd, NULL, pipefd[1], NULL, 100, SPLICE_F_NONBLOCK));
	EXPECT_EQ(EAGAIN, errno);
	job_start(&sender, self->peer, send_pattern, &len);
	while (got < len) {
		n = splice(self->fd, NULL, pipefd[1], NULL, sizeof(buf), 0);
		ASSERT_LT(0, n)
			TH_LOG("after %zu: %m", got);
		ASSERT_EQ(n, read(pipefd[0], buf, n));
		ASSERT_TRUE(pattern_check(buf, n, got));
		got += n;
	}
	EXPECT_EQ(0, job_wait(&sender));
	ASSERT_EQ(0, peer_close_notify(self->peer));
	EXPECT_EQ(0, splice(self->fd, NULL, pipefd[1], NULL, 100, 0));
	close(pipefd[0]);
	close(pipefd[1]);
}

struct digest {
	unsigned char sum[32];
	size_t len;
};

static int receive_and_hash(struct peer *p, void *arg)
{
	struct digest *d = arg;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	char buf[16384];
	ssize_t n;

	EVP_DigestInit(ctx, EVP_sha256());
	while ((n = peer_recv(p, buf, sizeof(buf))) > 0) {
		EVP_DigestUpdate(ctx, buf, n);
		d->len += n;
	}
	EVP_DigestFinal(ctx, d->sum, NULL);
	EVP_MD_CTX_free(ctx);
	return n;
}

/* The demo does this with 64 MiB; here it is one of many. */
TEST_F(conn, sendfile_big)
{
	size_t len = 4 << 20;
	int file = pattern_memfd(len);
	struct digest got = { .len = 0 };
	unsigned char want[32];
	struct job receiver;
	off_t off = 0;
	void *map;

	map = mmap(NULL, len, PROT_READ, MAP_SHARED, file, 0);
	ASSERT_NE(MAP_FAILED, map);
	EVP_Digest(map, len, want, NULL, EVP_sha256(), NULL);
	job_start(&receiver, self->peer, receive_and_hash, &got);
	while (off < (off_t)len)
		ASSERT_LT(0, sendfile(self->fd, file, &off, len - off));
	ASSERT_EQ(0, shutdown(self->fd, SHUT_WR));
	EXPECT_EQ(0, job_wait(&receiver))
		TH_LOG("%s", self->peer->error);
	EXPECT_EQ(len, got.len);
	EXPECT_EQ(0, memcmp(want, got.sum, sizeof(want)));
	close(file);
}

struct reader {
	int fd;
	bool foreign;		/* a byte came that nobody sent as data */
	size_t got;
};

static void *read_until_end(void *arg)
{
	struct reader *r = arg;
	char buf[777];
	ssize_t n, i;

	while ((n = recv(r->fd, buf, 1 + r->got % sizeof(buf), 0)) > 0) {
		for (i = 0; i < n; i++)
			r->foreign |= buf[i] != 'z';
		r->got += n;
	}
	return NULL;
}

/* Readers race for control records: no byte is lost, none is foreign. */
TEST_F(conn, concurrent_readers_with_tickets)
{
	struct reader readers[3] = {};
	pthread_t threads[3];
	size_t sent = 0, got = 0;
	char data[1000];
	int i;

	memset(data, 'z', sizeof(data));
	for (i = 0; i < 3; i++) {
		readers[i].fd = self->fd;
		pthread_create(&threads[i], NULL, read_until_end, &readers[i]);
	}
	for (i = 0; i < 300; i++) {
		size_t n = 1 + i * 7 % sizeof(data);

		ASSERT_EQ((ssize_t)n, peer_send(self->peer, data, n));
		sent += n;
		if (self->peer->cfg.server && i % 5 == 0 && variant->version == PEER_TLS13)
			ASSERT_EQ(0, peer_ticket(self->peer));
	}
	ASSERT_EQ(0, peer_close_notify(self->peer));
	for (i = 0; i < 3; i++) {
		pthread_join(threads[i], NULL);
		EXPECT_FALSE(readers[i].foreign);
		got += readers[i].got;
	}
	EXPECT_EQ(sent, got);
}

/* kTLS's way in stays shut, and so do TCP's ways around TLS. */
TEST_F(conn, blocked_options)
{
	int one = 1, inet = AF_INET, dir;
	char info[40] = "\4\3\63";
	socklen_t len;

	EXPECT_EQ(-1, setsockopt(self->fd, SOL_TCP, TCP_ULP, "tls", 3));
	EXPECT_EQ(-1, setsockopt(self->fd, 282, 1, info, sizeof(info)));
	EXPECT_EQ(-1, setsockopt(self->fd, 282, 2, info, sizeof(info)));
	/* Nobody gets the keys: of version and cipher only, as of everything. */
	for (dir = 1; dir <= 2; dir++) {
		len = 4;
		EXPECT_EQ(-1, getsockopt(self->fd, 282, dir, info, &len));
		EXPECT_EQ(EOPNOTSUPP, errno);
	}
	EXPECT_EQ(-1, setsockopt(self->fd, SOL_TCP, TCP_REPAIR, &one, sizeof(one)));
	EXPECT_EQ(-1, setsockopt(self->fd, SOL_TCP, TCP_FASTOPEN_CONNECT, &one, sizeof(one)));
	if (variant->family == AF_INET6)
		EXPECT_EQ(-1, setsockopt(self->fd, SOL_IPV6, 1, &inet, sizeof(inet)));
	EXPECT_EQ(-1, connect(self->fd, &(struct sockaddr){ .sa_family = AF_UNSPEC },
			      sizeof(struct sockaddr)));
	/* Those that do no harm work. */
	EXPECT_EQ(0, setsockopt(self->fd, SOL_TCP, TCP_NODELAY, &one, sizeof(one)));
	EXPECT_EQ(0, setsockopt(self->fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one)));
	/* And the connection lives. */
	ASSERT_EQ(1, send(self->fd, "x", 1, 0));
	EXPECT_EQ(1, peer_recv(self->peer, info, 1));
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 1);
}
