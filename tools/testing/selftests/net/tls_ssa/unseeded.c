// SPDX-License-Identifier: GPL-2.0
/*
 * Early boot: no key, nonce or handle is made before the kernel's random number
 * generator is seeded. In a guest of its own, without a source of randomness
 * (RNG=0), whose generator is seeded by the last test: the order counts.
 */
#include <sys/random.h>
#include <sys/ioctl.h>
#include <linux/random.h>
#include "harness.h"
#include "lib.h"

#define TIMEOUT_SYSCTL	"/proc/sys/net/ssa/handshake_timeout_ms"

static bool is_seeded(void)
{
	char byte;

	return getrandom(&byte, 1, GRND_NONBLOCK) == 1;
}

static bool set_timeout(const char *text)
{
	int fd = open(TIMEOUT_SYSCTL, O_WRONLY);
	bool done = write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	close(fd);
	return done;
}

/* What an operator, or a device that is found later, does */
static bool seed(void)
{
	struct {
		struct rand_pool_info info;
		unsigned char bytes[64];
	} pool = { .info = { .entropy_count = 512, .buf_size = 64 } };
	int fd = open("/dev/random", O_WRONLY);
	bool done;

	pattern_fill(pool.bytes, sizeof(pool.bytes), 1);
	done = !ioctl(fd, RNDADDENTROPY, &pool);
	close(fd);
	return done;
}

/* A client whose handshake cannot begin; the TCP connection is there */
static int silent_client(int lfd, int port, int *peer)
{
	int fd = tls_client(AF_INET, SOCK_NONBLOCK);

	if (!tls_connect_fd(fd, AF_INET, port) || errno != EINPROGRESS)
		return -1;
	*peer = accept(lfd, NULL, NULL);
	return *peer < 0 ? -1 : fd;
}

/* Otherwise nothing here shows anything. */
TEST(generator_is_not_seeded)
{
	EXPECT_FALSE(is_seeded());
}

/* Its peer hears nothing, and its deadline ends it. */
TEST(deadline_ends_a_connect)
{
	const struct reason *reason = reason_find("UNSEEDED");
	long long before = ssa_counter(reason->counter);
	int port = 0, lfd = tcp_listen(AF_INET, &port), fd, peer;
	char byte;

	ASSERT_TRUE(set_timeout("1000"));
	fd = silent_client(lfd, port, &peer);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, poll_one(fd, POLLOUT, 0));
	EXPECT_NE(0, poll_wait(fd, POLLOUT));
	EXPECT_EQ(reason->err, so_error(fd));
	EXPECT_STREQ(reason->text, tls_error(fd));
	EXPECT_EQ(before + 1, ssa_counter(reason->counter));
	EXPECT_EQ(0, recv(peer, &byte, 1, 0));		/* its FIN, and nothing before */
	EXPECT_FALSE(is_seeded());
	close(fd);
	close(peer);
	close(lfd);
	ASSERT_TRUE(set_timeout("300000"));
}

/* The same for a server whose client has said something. */
TEST(deadline_ends_a_server)
{
	static const unsigned char header[] = { 22, 3, 1, 2, 0 };
	long long before = ssa_counter("Unseeded");
	int port = 0, lfd, fd;
	char byte;

	ASSERT_TRUE(set_timeout("1000"));
	lfd = tls_listen(AF_INET, &port, pki_file("p256.chain.pem"), pki_file("p256.key.pem"));
	ASSERT_LE(0, lfd);
	fd = tcp_connect(AF_INET, port);
	ASSERT_EQ(sizeof(header), send(fd, header, sizeof(header), 0));
	EXPECT_EQ(0, recv(fd, &byte, 1, 0));
	EXPECT_EQ(before + 1, ssa_counter("Unseeded"));
	EXPECT_FALSE(is_seeded());
	close(fd);
	close(lfd);
	ASSERT_TRUE(set_timeout("300000"));
}

/* A time that the program has set for connect() holds here, too. */
TEST(connect_has_its_own_time)
{
	struct timeval tv = { .tv_usec = 100000 };
	int port = 0, lfd = tcp_listen(AF_INET, &port), fd = tls_client(AF_INET, 0);

	ASSERT_EQ(0, setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)));
	EXPECT_EQ(-1, tls_connect_fd(fd, AF_INET, port));
	EXPECT_EQ(EINPROGRESS, errno);
	EXPECT_FALSE(is_seeded());
	close(fd);
	close(lfd);
}

/* Only there so that a signal interrupts. */
static void on_signal(int sig)
{
}

/*
 * A blocking connect() can be interrupted. It makes the kernel collect what it can find
 * meanwhile, so the signals come early.
 */
TEST(connect_is_interruptible)
{
	int port = 0, lfd = tcp_listen(AF_INET, &port), status;
	pid_t child = fork();

	if (!child) {
		struct sigaction sa = { .sa_handler = on_signal };
		int fd = tls_client(AF_INET, 0);

		sigaction(SIGUSR1, &sa, NULL);
		_exit(fd < 0 ? 2 : tls_connect_fd(fd, AF_INET, port) && errno == EINTR ? 0 : 1);
	}
	do {
		usleep(20000);
		kill(child, SIGUSR1);
	} while (!waitpid(child, &status, WNOHANG));
	/* The first ones may have found it before it had a handler. */
	EXPECT_TRUE(WIFEXITED(status) ? !WEXITSTATUS(status) : WTERMSIG(status) == SIGUSR1);
	EXPECT_EQ(0, poll_one(lfd, POLLIN, 0));		/* not even TCP has begun */
	EXPECT_FALSE(is_seeded());
	close(lfd);
}

/* Whoever guesses it has the keys that it stands for. */
TEST(no_handle_before)
{
	char text[64];
	socklen_t len = sizeof(text);
	int fd = tls_client(AF_INET, SOCK_NONBLOCK);

	EXPECT_EQ(-1, getsockopt(fd, IPPROTO_TLS, TLS_CONTEXT, text, &len));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_FALSE(is_seeded());
	close(fd);
}

/* Client and server of a real handshake: silent until there is randomness, and then done */
TEST(seeded_they_go_on)
{
	int port = 0, tcp_port = 0, lfd, tcp, fd, other, peer, conn;
	char byte, text[64];
	socklen_t len = sizeof(text);

	tcp = tcp_listen(AF_INET, &tcp_port);
	lfd = tls_listen(AF_INET, &port, pki_file("p256.chain.pem"), pki_file("p256.key.pem"));
	ASSERT_LE(0, lfd);
	fd = tls_client(AF_INET, SOCK_NONBLOCK);
	EXPECT_EQ(-1, tls_connect_fd(fd, AF_INET, port));
	EXPECT_EQ(EINPROGRESS, errno);
	other = silent_client(tcp, tcp_port, &peer);
	ASSERT_LE(0, other);
	settle();
	EXPECT_EQ(-1, recv(peer, &byte, 1, MSG_DONTWAIT));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(0, poll_one(fd, POLLOUT, 0));
	ASSERT_FALSE(is_seeded());

	ASSERT_TRUE(seed());
	EXPECT_TRUE(is_seeded());
	EXPECT_EQ(POLLOUT, poll_wait(fd, POLLOUT));
	EXPECT_EQ(0, so_error(fd))
		TH_LOG("%s", tls_error(fd));
	conn = accept(lfd, NULL, NULL);
	ASSERT_LE(0, conn);
	EXPECT_EQ(1, send(conn, "x", 1, 0));
	EXPECT_NE(0, poll_wait(fd, POLLIN));
	EXPECT_EQ(1, recv(fd, &byte, 1, 0));
	EXPECT_EQ(1, recv(peer, &byte, 1, 0));		/* the other's ClientHello */
	EXPECT_EQ(22, byte);
	close(conn);
	close(fd);

	fd = tls_client(AF_INET, SOCK_NONBLOCK);
	EXPECT_EQ(0, getsockopt(fd, IPPROTO_TLS, TLS_CONTEXT, text, &len));
	close(fd);
	close(other);
	close(peer);
	close(tcp);
	close(lfd);
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 1);
}
