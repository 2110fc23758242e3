// SPDX-License-Identifier: GPL-2.0
/*
 * TCP_ULP "tls_ssa" while other threads use the socket, and close() while they do.
 * What an application gets that does so is its own affair; the kernel must not mind,
 * and who does nothing wrong must get a connection.
 */
#include <sys/sendfile.h>
#include <linux/tls.h>
#include "upgrade.h"

#define ROUNDS	30

struct hammer {
	void (*fn)(int fd);
	int fd;
	bool stop;
	pthread_t thread;
};

static void *hammer_thread(void *arg)
{
	struct hammer *h = arg;

	while (!__atomic_load_n(&h->stop, __ATOMIC_RELAXED))
		h->fn(h->fd);
	return NULL;
}

static void hammer_start(struct hammer *h, void (*fn)(int fd), int fd)
{
	*h = (struct hammer){ .fn = fn, .fd = fd };
	pthread_create(&h->thread, NULL, hammer_thread, h);
}

static void hammer_stop(struct hammer *h)
{
	__atomic_store_n(&h->stop, true, __ATOMIC_RELAXED);
	pthread_join(h->thread, NULL);
}

/* ------------------------------------------------------- what the threads do */

static void do_send(int fd)
{
	send(fd, "plaintext", 9, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void do_recv(int fd)
{
	char buf[100];

	recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
}

static void do_splice(int fd)
{
	int p[2];

	if (pipe2(p, O_CLOEXEC))
		return;
	splice(fd, NULL, p[1], NULL, 4096, SPLICE_F_NONBLOCK);
	close(p[0]);
	close(p[1]);
}

static void do_poll(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT };

	poll(&p, 1, 1);
}

static void do_ktls(int fd)
{
	struct tls12_crypto_info_aes_gcm_128 keys = {
		.info = { .version = TLS_1_2_VERSION, .cipher_type = TLS_CIPHER_AES_GCM_128 },
	};

	setsockopt(fd, SOL_TCP, TCP_ULP, "tls", 4);
	setsockopt(fd, SOL_TLS, TLS_TX, &keys, sizeof(keys));
	setsockopt(fd, SOL_TLS, TLS_RX, &keys, sizeof(keys));
}

static void do_ktls_keys(int fd)
{
	struct tls12_crypto_info_aes_gcm_128 keys = {
		.info = { .version = TLS_1_2_VERSION, .cipher_type = TLS_CIPHER_AES_GCM_128 },
	};

	setsockopt(fd, SOL_TLS, TLS_TX, &keys, sizeof(keys));
	setsockopt(fd, SOL_TLS, TLS_RX, &keys, sizeof(keys));
}

static void do_disconnect(int fd)
{
	struct sockaddr_storage ss = { .ss_family = AF_UNSPEC };

	connect(fd, (struct sockaddr *)&ss, sizeof(struct sockaddr));
	listen(fd, 1);
}

static void do_upgrade(int fd)
{
	upgrade(fd);
	handshake(fd, TLS_HANDSHAKE_CLIENT);
}

static void do_look(int fd)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	char name[16];
	int one = 1;

	getpeername(fd, (struct sockaddr *)&ss, &len);
	setsockopt(fd, SOL_TCP, TCP_NODELAY, &one, sizeof(one));
	len = sizeof(name);
	getsockopt(fd, SOL_TCP, TCP_ULP, name, &len);
	len = sizeof(name);
	getsockopt(fd, SOL_SOCKET, SO_ERROR, name, &len);
}

static void do_shutdown(int fd)
{
	usleep(2000);
	shutdown(fd, SHUT_WR);
}

/* ---------------------------------------------------------------- the rounds */

FIXTURE(race)
{
	int c, s;
};

FIXTURE_VARIANT(race)
{
	int family;
	void (*fn)(int fd);
	bool harmless;		/* the connection comes about all the same */
};

FIXTURE_VARIANT_ADD(race, send) { .family = AF_INET, .fn = do_send };
FIXTURE_VARIANT_ADD(race, recv) { .family = AF_INET6, .fn = do_recv };
FIXTURE_VARIANT_ADD(race, splice) { .family = AF_INET, .fn = do_splice };
FIXTURE_VARIANT_ADD(race, poll) { .family = AF_INET6, .fn = do_poll, .harmless = true };
FIXTURE_VARIANT_ADD(race, ktls) { .family = AF_INET, .fn = do_ktls };
FIXTURE_VARIANT_ADD(race, ktls_ipv6) { .family = AF_INET6, .fn = do_ktls };
FIXTURE_VARIANT_ADD(race, keys) { .family = AF_INET, .fn = do_ktls_keys, .harmless = true };
FIXTURE_VARIANT_ADD(race, disconnect) { .family = AF_INET, .fn = do_disconnect };
FIXTURE_VARIANT_ADD(race, upgrade) { .family = AF_INET6, .fn = do_upgrade };
FIXTURE_VARIANT_ADD(race, look) { .family = AF_INET6, .fn = do_look, .harmless = true };
FIXTURE_VARIANT_ADD(race, shutdown) { .family = AF_INET, .fn = do_shutdown };

FIXTURE_SETUP(race)
{
	self->c = -1;
	self->s = -1;
}

FIXTURE_TEARDOWN(race)
{
	close(self->c);
	close(self->s);
}

static void *serve(void *arg)
{
	char byte;
	int fd = *(int *)arg;

	if (upgrade_all(fd, TLS_HANDSHAKE_SERVER))
		shutdown(fd, SHUT_RDWR);
	else if (recv(fd, &byte, 1, 0) == 1)
		send(fd, &byte, 1, MSG_NOSIGNAL);
	return NULL;
}

/* Upgraded, used and closed while another thread does the same thing all the time */
TEST_F(race, while_others_use_it)
{
	struct timeval tv = { .tv_usec = 500000 };
	struct hammer h;
	pthread_t server;
	int round, good = 0;
	char byte;

	for (round = 0; round < ROUNDS; round++) {
		ASSERT_EQ(0, tcp_pair(variant->family, &self->c, &self->s));
		if (!variant->harmless) {
			setsockopt(self->c, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
			setsockopt(self->s, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
		}
		pthread_create(&server, NULL, serve, &self->s);
		hammer_start(&h, variant->fn, self->c);
		if (round % 3 == 0)
			usleep(round * 10);
		if (!upgrade_all(self->c, TLS_HANDSHAKE_CLIENT) &&
		    send(self->c, "!", 1, MSG_NOSIGNAL) == 1 &&
		    recv(self->c, &byte, 1, 0) == 1)
			good++;
		/* In half of the rounds the other thread goes on until the end. */
		if (round % 2)
			hammer_stop(&h);
		shutdown(self->s, SHUT_RDWR);
		close(self->c);
		if (round % 2 == 0)
			hammer_stop(&h);
		pthread_join(server, NULL);
		close(self->s);
	}
	self->c = -1;
	self->s = -1;
	if (variant->harmless)
		EXPECT_EQ(ROUNDS, good);
	TH_LOG("%d of %d connections came about", good, ROUNDS);
}

struct contender {
	int fd;
	bool *go;
	int err;
};

static void *contend(void *arg)
{
	struct contender *c = arg;

	while (!__atomic_load_n(c->go, __ATOMIC_ACQUIRE))
		;
	c->err = upgrade(c->fd) ? errno : 0;
	return NULL;
}

/* Of two threads that upgrade a socket one succeeds. */
TEST(one_of_two_upgrades)
{
	int round, a, b, i;

	for (round = 0; round < ROUNDS; round++) {
		struct contender c[2];
		pthread_t thread[2];
		bool go = false;

		ASSERT_EQ(0, tcp_pair(AF_INET, &a, &b));
		for (i = 0; i < 2; i++) {
			c[i] = (struct contender){ .fd = a, .go = &go };
			pthread_create(&thread[i], NULL, contend, &c[i]);
		}
		__atomic_store_n(&go, true, __ATOMIC_RELEASE);
		for (i = 0; i < 2; i++)
			pthread_join(thread[i], NULL);
		EXPECT_TRUE(!c[0].err != !c[1].err);
		i = c[0].err ?: c[1].err;
		/* The operations were ours already, or TCP's still. */
		EXPECT_TRUE(i == EOPNOTSUPP || i == EEXIST) TH_LOG("%s", strerror(i));
		close(a);
		close(b);
	}
}

/* Both ends at once, closed at any moment of the handshake */
TEST(close_at_any_moment)
{
	int round, a, b;

	for (round = 0; round < 3 * ROUNDS; round++) {
		ASSERT_EQ(0, tcp_pair(round % 2 ? AF_INET : AF_INET6, &a, &b));
		ASSERT_EQ(0, upgrade_all(a, TLS_HANDSHAKE_CLIENT));
		ASSERT_EQ(0, upgrade_all(b, TLS_HANDSHAKE_SERVER));
		usleep(round * 1000);
		close(round % 4 < 2 ? a : b);
		usleep(round % 5 * 1000);
		close(round % 4 < 2 ? b : a);
	}
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 3);
}
