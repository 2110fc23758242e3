// SPDX-License-Identifier: GPL-2.0
/*
 * TLS_TRUSTED_PEER_CERTIFICATES: a bundle of authorities, or the certificate of the
 * server itself, by path or as text; what can be read back; what is not trusted.
 */
#include "harness.h"
#include "lib.h"
#include "ca.h"
#include "peer.h"

static int set_text(int fd, const char *text)
{
	return setsockopt(fd, IPPROTO_TLS, TLS_TRUSTED_PEER_CERTIFICATES, text, strlen(text)) ?
	       errno : 0;
}

/* Value of the option for free(), or NULL */
static char *get(int fd)
{
	socklen_t len = 1 << 20;
	char *text = calloc(1, len + 1);

	if (getsockopt(fd, IPPROTO_TLS, TLS_TRUSTED_PEER_CERTIFICATES, text, &len)) {
		free(text);
		return NULL;
	}
	return text;
}

static char *slurp(const char *path)
{
	char *text = calloc(1, 65536);
	FILE *f = fopen(path, "r");

	if (!f || !fread(text, 1, 65535, f))
		abort();
	fclose(f);
	return text;
}

FIXTURE(trusted)
{
	struct ca *ca;
	struct ca *other;
	char dir[64];
	char chain[2][128];
	char key[128];
	int fd;
};

FIXTURE_VARIANT(trusted)
{
	enum peer_version version;
};

FIXTURE_VARIANT_ADD(trusted, tls13) { .version = PEER_TLS13 };
FIXTURE_VARIANT_ADD(trusted, tls12) { .version = PEER_TLS12 };

static void save(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (!f || fputs(text, f) < 0 || fclose(f))
		abort();
}

FIXTURE_SETUP(trusted)
{
	char *chain;
	int i;

	self->ca = ca_new("Authority of the test");
	self->other = ca_new("Another authority");
	strcpy(self->dir, "/tmp/tls_ssa-trust-XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	for (i = 0; i < 2; i++) {
		snprintf(self->chain[i], sizeof(self->chain[i]), "%s/chain%d", self->dir, i);
		chain = ca_issue(self->ca, CA_P256, SERVER_NAME, 10 + i);
		save(self->chain[i], chain);
		free(chain);
	}
	snprintf(self->key, sizeof(self->key), "%s/key", self->dir);
	save(self->key, ca_key(self->ca, CA_P256));
	self->fd = tls_socket(AF_INET, SOCK_CLOEXEC);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(trusted)
{
	char command[128];

	close(self->fd);
	snprintf(command, sizeof(command), "rm -rf %s", self->dir);
	EXPECT_EQ(0, system(command));
	ca_free(self->ca);
	ca_free(self->other);
}

/* A server of OpenSSL's that serves one client */
struct server {
	struct peer_config cfg;
	int lfd;
	pthread_t thread;
};

static void *serve_one(void *arg)
{
	struct server *s = arg;
	struct peer *peer = peer_new(PEER_OPENSSL, &s->cfg, accept(s->lfd, NULL, NULL));
	char byte;

	if (!peer_handshake(peer))
		peer_recv(peer, &byte, 1);
	peer_free(peer);
	return NULL;
}

/*
 * What comes of connect() on @fd, or on a new socket that trusts @value, by path or
 * as text, when the server shows the certificate in @chain: 0 or errno
 */
static int try_connect(FIXTURE_DATA(trusted) *self, enum peer_version version, int fd,
		       const char *value, const char *chain, const char *name)
{
	struct server s = {
		.cfg = { .server = true, .version = version, .cert = chain, .key = self->key },
	};
	int port = 0, ours = fd < 0 ? tls_socket(AF_INET, SOCK_CLOEXEC) : fd, err = 0;

	if (value && set_text(ours, value))
		return -1;
	if (tls_set_str(ours, TLS_REMOTE_HOSTNAME, name))
		return -1;
	s.lfd = tcp_listen(AF_INET, &port);
	if (pthread_create(&s.thread, NULL, serve_one, &s))
		abort();
	if (tls_connect_fd(ours, AF_INET, port))
		err = errno;
	if (fd < 0)
		close(ours);
	else
		shutdown(ours, SHUT_RDWR);
	pthread_join(s.thread, NULL);
	close(s.lfd);
	return err;
}

TEST_F(trusted, authorities)
{
	char *both;

	ASSERT_LT(0, asprintf(&both, "words about it\n%s%s", ca_root(self->other),
			      ca_root(self->ca)));
	EXPECT_EQ(0, try_connect(self, variant->version, -1, ca_root(self->ca), self->chain[0],
				 SERVER_NAME));
	EXPECT_EQ(0, try_connect(self, variant->version, -1, both, self->chain[0], SERVER_NAME));
	EXPECT_EQ(ENOKEY, try_connect(self, variant->version, -1, ca_root(self->other),
				      self->chain[0], SERVER_NAME));
	EXPECT_EQ(ENOKEY, try_connect(self, variant->version, -1, NULL, self->chain[0],
				      SERVER_NAME));
	free(both);
}

/* Pinned: this certificate and no other, not even one of the same authority and key */
TEST_F(trusted, pinned)
{
	char *text = slurp(self->chain[0]);

	EXPECT_EQ(0, try_connect(self, variant->version, -1, self->chain[0], self->chain[0],
				 SERVER_NAME));
	EXPECT_EQ(0, try_connect(self, variant->version, -1, text, self->chain[0], SERVER_NAME));
	EXPECT_EQ(ENOKEY, try_connect(self, variant->version, -1, text, self->chain[1],
				      SERVER_NAME));
	/* The name counts still. */
	EXPECT_EQ(EKEYREJECTED, try_connect(self, variant->version, -1, text, self->chain[0],
					    "other.test"));
	free(text);
}

/* The latest is in force, and what is refused leaves it so. */
TEST_F(trusted, one_after_the_other)
{
	char *text;

	text = get(self->fd);
	EXPECT_STREQ("", text);
	free(text);
	ASSERT_EQ(0, set_text(self->fd, ca_root(self->ca)));
	ASSERT_EQ(0, set_text(self->fd, ca_root(self->other)));
	text = get(self->fd);
	EXPECT_STREQ(ca_root(self->other), text);
	free(text);
	ASSERT_EQ(0, set_text(self->fd, self->chain[0]));
	EXPECT_EQ(EINVAL, set_text(self->fd, ca_key(self->ca, CA_P256)));
	EXPECT_EQ(EINVAL, set_text(self->fd, self->key));
	EXPECT_EQ(ENOENT, set_text(self->fd, "/no/such/file"));
	text = get(self->fd);
	ASSERT_NE(NULL, text);
	EXPECT_NE(NULL, strstr(text, "-----BEGIN CERTIFICATE-----\n"));
	/* What is read can be set, and is the same. */
	EXPECT_EQ(0, set_text(self->fd, text));
	free(text);
	EXPECT_EQ(0, try_connect(self, variant->version, self->fd, NULL, self->chain[0],
				 SERVER_NAME));
	/* Not in a connection any more */
	EXPECT_EQ(EOPNOTSUPP, set_text(self->fd, ca_root(self->ca)));
	EXPECT_EQ(NULL, get(self->fd));
	EXPECT_EQ(EOPNOTSUPP, errno);
}

TEST_F(trusted, small_buffer)
{
	char text[16] = "untouched";
	socklen_t len = sizeof(text);

	ASSERT_EQ(0, set_text(self->fd, ca_root(self->ca)));
	EXPECT_EQ(-1, getsockopt(self->fd, IPPROTO_TLS, TLS_TRUSTED_PEER_CERTIFICATES, text,
				 &len));
	EXPECT_EQ(ERANGE, errno);
	EXPECT_EQ(strlen(ca_root(self->ca)) + 1, len);
	EXPECT_STREQ("untouched", text);
}

/* A listener's can be read, and is set no more. */
TEST_F(trusted, listener)
{
	struct sockaddr_storage ss;
	socklen_t len = loopback(&ss, AF_INET, 0);
	char *text;

	ASSERT_EQ(0, set_text(self->fd, ca_root(self->ca)));
	ASSERT_EQ(0, tls_set_str(self->fd, TLS_CERTIFICATE_CHAIN, self->chain[0]));
	ASSERT_EQ(0, tls_set_str(self->fd, TLS_PRIVATE_KEY, self->key));
	ASSERT_EQ(0, bind(self->fd, (struct sockaddr *)&ss, len));
	ASSERT_EQ(0, listen(self->fd, 1));
	EXPECT_EQ(EOPNOTSUPP, set_text(self->fd, ca_root(self->other)));
	text = get(self->fd);
	EXPECT_STREQ(ca_root(self->ca), text);
	free(text);
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 1);
}
