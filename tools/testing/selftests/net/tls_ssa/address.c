// SPDX-License-Identifier: GPL-2.0
/*
 * Names in place of addresses: bind(), getsockname() and getpeername() with
 * AF_HOSTNAME.
 */
#include "harness.h"
#include "link.h"
#include "upgrade.h"

FIXTURE(address)
{
	struct job job;
	int lfd, fd, conn;
	int port;
};

FIXTURE_VARIANT(address)
{
	int family;
};

FIXTURE_VARIANT_ADD(address, ipv4) { .family = AF_INET };
FIXTURE_VARIANT_ADD(address, ipv6) { .family = AF_INET6 };

static socklen_t host(struct sockaddr_host *h, const char *name, int port)
{
	memset(h, 0, sizeof(*h));
	h->sin_family = AF_HOSTNAME;
	h->sin_port = htons(port);
	strcpy(h->sin_addr.name, name);
	return sizeof(*h);
}

static int bind_host(int fd, const char *name, int port)
{
	struct sockaddr_host h;
	socklen_t len = host(&h, name, port);

	return bind(fd, (struct sockaddr *)&h, len);
}

static int connect_host(int fd, const char *name, int port)
{
	struct sockaddr_host h;
	socklen_t len = host(&h, name, port);

	return connect(fd, (struct sockaddr *)&h, len);
}

static const char *numeric(int family)
{
	return family == AF_INET6 ? "::1" : "127.0.0.1";
}

FIXTURE_SETUP(address)
{
	self->conn = -1;
	self->lfd = tls_socket(variant->family, 0);
	ASSERT_LE(0, self->lfd);
	ASSERT_EQ(0, tls_set_str(self->lfd, TLS_CERTIFICATE_CHAIN, pki_file("p256.chain.pem")));
	ASSERT_EQ(0, tls_set_str(self->lfd, TLS_PRIVATE_KEY, pki_file("p256.key.pem")));
	self->fd = tls_client(variant->family, 0);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(address)
{
	close(self->lfd);
	close(self->fd);
	close(self->conn);
}

/* Which address is it: AF_HOSTNAME's name, or "" and the family of another */
#define EXPECT_ADDRESS(get, fd, want, port)						\
	do {										\
		struct sockaddr_host h_ = {};						\
		socklen_t len_ = sizeof(h_);						\
		EXPECT_EQ(0, get(fd, (struct sockaddr *)&h_, &len_)) TH_LOG("%m");	\
		EXPECT_EQ(port, ntohs(h_.sin_port));					\
		if (*(want)) {								\
			EXPECT_EQ(AF_HOSTNAME, h_.sin_family);				\
			EXPECT_EQ(sizeof(h_), len_);					\
			EXPECT_STREQ(want, h_.sin_addr.name);				\
		} else {								\
			EXPECT_EQ(variant->family, h_.sin_family);			\
		}									\
	} while (0)

TEST_F(address, names_of_both_ends)
{
	struct sockaddr_host h;
	socklen_t len = sizeof(h);
	int client_port;

	ASSERT_EQ(0, bind_host(self->lfd, numeric(variant->family), 0)) TH_LOG("%m");
	ASSERT_EQ(0, listen(self->lfd, 5));
	self->port = local_port(self->lfd);
	EXPECT_ADDRESS(getsockname, self->lfd, "", self->port);
	EXPECT_EQ(-1, getpeername(self->fd, (struct sockaddr *)&h, &len));
	EXPECT_EQ(ENOTCONN, errno);
	/* What was connected to, and what was verified */
	ASSERT_EQ(0, connect_host(self->fd, numeric(variant->family), self->port))
		TH_LOG("%m (%s)", tls_error(self->fd));
	client_port = local_port(self->fd);
	EXPECT_ADDRESS(getpeername, self->fd, SERVER_NAME, self->port);
	EXPECT_ADDRESS(getsockname, self->fd, "", client_port);

	len = sizeof(h);
	memset(&h, 0, sizeof(h));
	self->conn = accept(self->lfd, (struct sockaddr *)&h, &len);
	ASSERT_LE(0, self->conn);
	EXPECT_EQ(variant->family, h.sin_family);
	EXPECT_EQ(client_port, ntohs(h.sin_port));
	EXPECT_ADDRESS(getsockname, self->conn, SERVER_NAME, self->port);
	EXPECT_ADDRESS(getpeername, self->conn, "", client_port);

	/* Little room: the length says how much it takes. */
	len = 8;
	EXPECT_EQ(0, getpeername(self->fd, (struct sockaddr *)&h, &len));
	EXPECT_EQ(sizeof(h), len);
}

TEST_F(address, addresses_stay_addresses)
{
	struct sockaddr_storage ss;
	socklen_t len = loopback(&ss, variant->family, 0);

	ASSERT_EQ(0, bind(self->lfd, (struct sockaddr *)&ss, len));
	ASSERT_EQ(0, listen(self->lfd, 5));
	self->port = local_port(self->lfd);
	ASSERT_EQ(0, tls_connect_fd(self->fd, variant->family, self->port));
	self->conn = accept(self->lfd, NULL, NULL);
	EXPECT_ADDRESS(getpeername, self->fd, "", self->port);
	EXPECT_ADDRESS(getsockname, self->conn, "", self->port);
}

/* A client that asks for no name: an address is verified. */
TEST_F(address, no_server_name)
{
	int fd = tls_socket(variant->family, 0);

	ASSERT_EQ(0, bind_host(self->lfd, "", 0)) TH_LOG("%m");
	ASSERT_EQ(0, listen(self->lfd, 5));
	self->port = local_port(self->lfd);
	EXPECT_ADDRESS(getsockname, self->lfd, "", self->port);
	ASSERT_EQ(0, tls_set_str(fd, TLS_TRUSTED_PEER_CERTIFICATES, pki_file("root.pem")));
	ASSERT_EQ(0, connect_host(fd, numeric(variant->family), self->port))
		TH_LOG("%m (%s)", tls_error(fd));
	self->conn = accept(self->lfd, NULL, NULL);
	EXPECT_ADDRESS(getpeername, fd, numeric(variant->family), self->port);
	EXPECT_ADDRESS(getsockname, self->conn, "", self->port);
	close(fd);
}

/* A client's own side has no name, however it was bound. */
TEST_F(address, client_that_is_bound)
{
	ASSERT_EQ(0, bind_host(self->lfd, "", 0));
	ASSERT_EQ(0, listen(self->lfd, 5));
	self->port = local_port(self->lfd);
	ASSERT_EQ(0, bind_host(self->fd, numeric(variant->family), 0));
	ASSERT_EQ(0, tls_connect_fd(self->fd, variant->family, self->port));
	EXPECT_ADDRESS(getsockname, self->fd, "", local_port(self->fd));
	EXPECT_ADDRESS(getpeername, self->fd, "", self->port);
}

TEST_F(address, bad_names)
{
	struct sockaddr_host h;
	socklen_t len = host(&h, SERVER_NAME, 0);

	EXPECT_EQ(-1, bind(self->lfd, (struct sockaddr *)&h, len));
	EXPECT_EQ(EADDRNOTAVAIL, errno);
	EXPECT_EQ(-1, bind_host(self->lfd, "localhost", 0));
	EXPECT_EQ(EADDRNOTAVAIL, errno);
	/* Nobody's here; of the other family */
	EXPECT_EQ(-1, bind_host(self->lfd, "192.0.2.1", 0));
	EXPECT_EQ(EADDRNOTAVAIL, errno);
	if (variant->family == AF_INET) {
		EXPECT_EQ(-1, bind_host(self->lfd, "::1", 0));
		EXPECT_EQ(EADDRNOTAVAIL, errno);
	}
	EXPECT_EQ(-1, bind_host(self->lfd, "not a name", 0));
	EXPECT_EQ(EINVAL, errno);
	/* Too short, and without its end */
	EXPECT_EQ(-1, bind(self->lfd, (struct sockaddr *)&h, 1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, bind(self->lfd, (struct sockaddr *)&h, 4));
	EXPECT_EQ(EINVAL, errno);
	memset(h.sin_addr.name, 'a', sizeof(h.sin_addr.name));
	EXPECT_EQ(-1, bind(self->lfd, (struct sockaddr *)&h, len));
	EXPECT_EQ(EINVAL, errno);
	/* Nothing of it has stayed. */
	EXPECT_EQ(0, bind_host(self->lfd, numeric(variant->family), 0));
	EXPECT_EQ(-1, bind_host(self->lfd, numeric(variant->family), 0));
	EXPECT_EQ(EINVAL, errno);
}

/* Longer names than an address has room for are given as an address. */
TEST_F(address, name_without_room)
{
	char name[201];
	int i;

	/* Letters, with a dot here and there; a certificate for it is not needed. */
	for (i = 0; i < 200; i++)
		name[i] = i % 50 == 49 ? '.' : 'a';
	name[199] = 'a';
	name[200] = '\0';
	ASSERT_EQ(0, bind_host(self->lfd, "", 0));
	ASSERT_EQ(0, listen(self->lfd, 5));
	self->port = local_port(self->lfd);
	ASSERT_EQ(0, tls_set_str(self->fd, TLS_REMOTE_HOSTNAME, name));
	EXPECT_EQ(-1, connect_host(self->fd, numeric(variant->family), self->port));
	EXPECT_EQ(EKEYREJECTED, errno);
	EXPECT_STREQ(name, tls_get_str(self->fd, TLS_REMOTE_HOSTNAME));
}

/* An upgraded socket was connected by address. */
TEST_F(address, upgraded)
{
	int c, s, port;

	ASSERT_EQ(0, tcp_pair(variant->family, &c, &s));
	port = local_port(s);
	ASSERT_EQ(0, upgrade_all(s, TLS_HANDSHAKE_SERVER));
	ASSERT_EQ(0, upgrade_all(c, TLS_HANDSHAKE_CLIENT));
	ASSERT_LT(0, poll_wait(c, POLLOUT) & POLLOUT);
	EXPECT_ADDRESS(getpeername, c, "", port);
	EXPECT_ADDRESS(getsockname, s, "", port);
	close(c);
	close(s);
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 1);
}
