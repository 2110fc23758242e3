// SPDX-License-Identifier: GPL-2.0
/*
 * connect() to a name: struct sockaddr_host, looked up by the kernel through
 * dns_resolver and its helper program. run.sh puts the names into /etc/hosts:
 *
 *	127.0.0.1	server.test four.wild.test both.wild.test
 *	::1		server.test six.wild.test both.wild.test
 *	127.0.0.2	two.wild.test
 *	127.0.0.3	two.wild.test
 */
#include "harness.h"
#include "link.h"

static socklen_t host_address(struct sockaddr_host *addr, const char *name, int port)
{
	memset(addr, 0, sizeof(*addr));
	addr->sin_family = AF_HOSTNAME;
	addr->sin_port = htons(port);
	snprintf(addr->sin_addr.name, sizeof(addr->sin_addr.name), "%s", name);
	return sizeof(*addr);
}

/* A server on one address, served by a thread */
struct server {
	int lfd;
	int port;
	pthread_t thread;
	bool runs;
	struct peer *peer;
	bool ok;
};

static void *serve_one(void *arg)
{
	struct peer_config cfg = {
		.server = true,
		.cert = pki_file("p256.chain.pem"),
		.key = pki_file("p256.key.pem"),
	};
	struct server *s = arg;
	int fd = accept(s->lfd, NULL, NULL);

	if (fd < 0)
		return NULL;
	s->peer = peer_new(PEER_OPENSSL, &cfg, fd);
	s->ok = s->peer && !peer_handshake(s->peer);
	return NULL;
}

static bool server_start(struct server *s, const char *address)
{
	struct sockaddr_storage ss = {};
	struct sockaddr_in6 *a6 = (struct sockaddr_in6 *)&ss;
	struct sockaddr_in *a4 = (struct sockaddr_in *)&ss;

	if (inet_pton(AF_INET, address, &a4->sin_addr) == 1)
		ss.ss_family = AF_INET;
	else if (inet_pton(AF_INET6, address, &a6->sin6_addr) == 1)
		ss.ss_family = AF_INET6;
	s->lfd = socket(ss.ss_family, SOCK_STREAM, 0);
	if (bind(s->lfd, (struct sockaddr *)&ss, ss.ss_family == AF_INET ? sizeof(*a4) :
									    sizeof(*a6)) ||
	    listen(s->lfd, 10))
		return false;
	s->port = local_port(s->lfd);
	s->peer = NULL;
	s->ok = false;
	s->runs = !pthread_create(&s->thread, NULL, serve_one, s);
	return s->runs;
}

static void server_join(struct server *s)
{
	if (s->runs)
		pthread_join(s->thread, NULL);
	s->runs = false;
}

static void server_stop(struct server *s)
{
	shutdown(s->lfd, SHUT_RDWR);
	server_join(s);
	close(s->lfd);
	peer_free(s->peer);
}

static int name_socket(int family, int flags)
{
	int fd = tls_socket(family, flags);

	if (fd >= 0)
		tls_set_str(fd, TLS_TRUSTED_PEER_CERTIFICATES, pki_file("root.pem"));
	return fd;
}

/* ------------------------------------------------------------ names that exist */

FIXTURE(name)
{
	struct server server;
};

FIXTURE_VARIANT(name)
{
	int family;		/* of the socket */
	const char *address;	/* where the server is */
	const char *name;
	const char *sni;
};

#define NAME(variant_, family_, address_, name_, sni_) \
	FIXTURE_VARIANT_ADD(name, variant_) \
	{ \
		.family = family_, \
		.address = address_, \
		.name = name_, \
		.sni = sni_, \
	}

NAME(ipv4, AF_INET, "127.0.0.1", "server.test", "server.test");
NAME(ipv6, AF_INET6, "::1", "server.test", "server.test");
NAME(ipv4_only_name, AF_INET, "127.0.0.1", "four.wild.test", "four.wild.test");
NAME(ipv6_only_name, AF_INET6, "::1", "six.wild.test", "six.wild.test");
/* An IPv6 socket reaches IPv4 addresses; where the server is not, it is refused. */
NAME(ipv6_socket_ipv4_name, AF_INET6, "127.0.0.1", "four.wild.test", "four.wild.test");
NAME(ipv6_refuses_then_ipv4, AF_INET6, "127.0.0.1", "both.wild.test", "both.wild.test");
/* Two addresses, the server at one: whichever comes first, both are tried. */
NAME(first_of_two, AF_INET, "127.0.0.2", "two.wild.test", "two.wild.test");
NAME(second_of_two, AF_INET, "127.0.0.3", "two.wild.test", "two.wild.test");
/* Numeric addresses are no names: no SNI, and the certificate must have them. */
NAME(numeric_ipv4, AF_INET, "127.0.0.1", "127.0.0.1", "");
NAME(numeric_ipv6, AF_INET6, "::1", "::1", "");
NAME(numeric_ipv4_on_ipv6, AF_INET6, "127.0.0.1", "127.0.0.1", "");

FIXTURE_SETUP(name)
{
	ASSERT_TRUE(server_start(&self->server, variant->address));
}

FIXTURE_TEARDOWN(name)
{
	server_stop(&self->server);
}

TEST_F(name, blocking)
{
	struct sockaddr_host addr;
	socklen_t len = host_address(&addr, variant->name, self->server.port);
	int fd = name_socket(variant->family, 0);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, connect(fd, (struct sockaddr *)&addr, len))
		TH_LOG("%m (%s)", tls_error(fd));
	server_join(&self->server);
	EXPECT_TRUE(self->server.ok);
	EXPECT_STREQ(variant->sni, peer_sni(self->server.peer));
	EXPECT_EQ(1, send(fd, "x", 1, 0));
	EXPECT_EQ(-1, connect(fd, (struct sockaddr *)&addr, len));
	EXPECT_EQ(EISCONN, errno);
	close(fd);
}

TEST_F(name, nonblocking)
{
	struct sockaddr_host addr;
	socklen_t len = host_address(&addr, variant->name, self->server.port);
	int fd = name_socket(variant->family, SOCK_NONBLOCK);

	ASSERT_LE(0, fd);
	ASSERT_EQ(-1, connect(fd, (struct sockaddr *)&addr, len));
	ASSERT_EQ(EINPROGRESS, errno);
	EXPECT_EQ(POLLOUT, poll_wait(fd, POLLOUT));
	EXPECT_EQ(0, so_error(fd))
		TH_LOG("%s", tls_error(fd));
	EXPECT_EQ(1, send(fd, "x", 1, 0));
	close(fd);
}

/* ----------------------------------------------------- names that lead nowhere */

FIXTURE(nowhere)
{
	struct sockaddr_host addr;
	socklen_t len;
};

FIXTURE_VARIANT(nowhere)
{
	const char *name;
	int err;
	const char *reason;	/* or NULL */
};

FIXTURE_VARIANT_ADD(nowhere, unknown)
{
	.name = "no-such-name.wild.test",
	.err = EHOSTUNREACH,
	.reason = "RESOLVE",
};

/* An IPv4 socket has no use for an IPv6 address. */
FIXTURE_VARIANT_ADD(nowhere, wrong_family)
{
	.name = "six.wild.test",
	.err = EHOSTUNREACH,
	.reason = "RESOLVE",
};

FIXTURE_VARIANT_ADD(nowhere, nobody_listens)
{
	.name = "two.wild.test",
	.err = ECONNREFUSED,
};

FIXTURE_VARIANT_ADD(nowhere, nobody_listens_numeric)
{
	.name = "127.0.0.1",
	.err = ECONNREFUSED,
};

FIXTURE_SETUP(nowhere)
{
	int port = 0, lfd = tcp_listen(AF_INET, &port);

	/* A port that was free a moment ago */
	close(lfd);
	self->len = host_address(&self->addr, variant->name, port);
}

FIXTURE_TEARDOWN(nowhere)
{
}

TEST_F(nowhere, blocking)
{
	int fd = name_socket(AF_INET, 0);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-1, connect(fd, (struct sockaddr *)&self->addr, self->len));
	EXPECT_EQ(variant->err, errno)
		TH_LOG("%m");
	if (variant->reason) {
		EXPECT_NE(NULL, strstr(tls_error(fd), reason_find(variant->reason)->text))
			TH_LOG("TLS_ERROR: '%s'", tls_error(fd));
	}
	close(fd);
}

/* Nor has a socket that is for IPv6 only one for IPv4 addresses, as they are or mapped. */
TEST(ipv6_only)
{
	struct sockaddr_host addr;
	socklen_t len = host_address(&addr, "two.wild.test", 443);
	int fd = name_socket(AF_INET6, 0), one = 1;

	ASSERT_EQ(0, setsockopt(fd, SOL_IPV6, IPV6_V6ONLY, &one, sizeof(one)));
	EXPECT_EQ(-1, connect(fd, (struct sockaddr *)&addr, len));
	EXPECT_EQ(EHOSTUNREACH, errno)
		TH_LOG("%m");
	close(fd);
}

TEST_F(nowhere, nonblocking)
{
	int fd = name_socket(AF_INET, SOCK_NONBLOCK);

	ASSERT_LE(0, fd);
	ASSERT_EQ(-1, connect(fd, (struct sockaddr *)&self->addr, self->len));
	if (errno == EINPROGRESS) {
		EXPECT_NE(0, poll_wait(fd, POLLOUT) & (POLLERR | POLLHUP));
		errno = so_error(fd);
	}
	EXPECT_EQ(variant->err, errno)
		TH_LOG("%m");
	close(fd);
}

/* ----------------------------------------------------------------- bad addresses */

TEST(malformed_names)
{
	static const char * const names[] = {
		"", ".", "a..b", ".a", "a b", "a\tb", "-a.test", "a/b", "a_b\n", "\303\251.test",
		"a.test:443", "[::1]", "1.2.3.4.5", "*.wild.test",
	};
	struct sockaddr_host addr;
	socklen_t len;
	size_t i;
	int fd;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		fd = name_socket(AF_INET, 0);
		len = host_address(&addr, names[i], 443);
		EXPECT_EQ(-1, connect(fd, (struct sockaddr *)&addr, len));
		/* What is a syntax error to one is an unknown name to the other. */
		EXPECT_TRUE(errno == EINVAL || errno == EHOSTUNREACH ||
			    (!names[i][0] && errno == EDESTADDRREQ))
			TH_LOG("'%s': %m", names[i]);
		close(fd);
	}
}

TEST(malformed_addresses)
{
	int fd = name_socket(AF_INET, 0);
	struct sockaddr_host addr;
	socklen_t len = host_address(&addr, "server.test", 443);

	EXPECT_EQ(-1, connect(fd, (struct sockaddr *)&addr, 3));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, connect(fd, (struct sockaddr *)&addr, 4));	/* nothing of the name */
	EXPECT_EQ(EINVAL, errno);
	memset(addr.sin_addr.name, 'a', sizeof(addr.sin_addr.name));	/* no final NUL */
	EXPECT_EQ(-1, connect(fd, (struct sockaddr *)&addr, len));
	EXPECT_EQ(EINVAL, errno);
	host_address(&addr, "server.test", 0);
	EXPECT_EQ(-1, connect(fd, (struct sockaddr *)&addr, len));
	EXPECT_EQ(-1, bind(fd, (struct sockaddr *)&addr, len));
	close(fd);
	EXPECT_EQ(-1, socket(AF_HOSTNAME, SOCK_STREAM, IPPROTO_TLS));
	EXPECT_EQ(EAFNOSUPPORT, errno);
}

/* close() while the helper program runs */
TEST(closed_during_the_lookup)
{
	struct sockaddr_host addr;
	socklen_t len;
	char name[64];
	int i, fd;

	for (i = 0; i < 5; i++) {
		/* Never the same name: the keyring remembers. */
		snprintf(name, sizeof(name), "n%d-%d.nowhere.test", getpid(), i);
		fd = name_socket(AF_INET, SOCK_NONBLOCK);
		len = host_address(&addr, name, 443);
		EXPECT_EQ(-1, connect(fd, (struct sockaddr *)&addr, len));
		usleep(i * 30000);
		EXPECT_EQ(0, close(fd));
	}
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 1);
}
