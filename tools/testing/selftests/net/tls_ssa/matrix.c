// SPDX-License-Identifier: GPL-2.0
/*
 * Every combination of address family, cipher suite, key exchange group, kind
 * of certificate, peer and role: handshake, what was agreed on, data of many
 * sizes both ways, sendfile(), splice(), orderly end.
 */
#include <sys/sendfile.h>
#include "harness.h"
#include "link.h"

FIXTURE(matrix)
{
	struct link l;
};

FIXTURE_VARIANT(matrix)
{
	int family;
	const char *suite;
	const char *group;
	const char *key;
	enum peer_kind peer;
	bool server;
};

#define SUITE_AES128	"TLS_AES_128_GCM_SHA256"
#define SUITE_AES256	"TLS_AES_256_GCM_SHA384"
#define SUITE_CHACHA	"TLS_CHACHA20_POLY1305_SHA256"
#define GROUP_X25519	"X25519"
#define GROUP_P256	"P-256"
#define GROUP_P384	"P-384"

#define VARIANT(v, suite_, group_, key_, peer_, role) \
	FIXTURE_VARIANT_ADD(matrix, ipv##v##_##suite_##_##group_##_##key_##_##peer_##_##role) \
	{ \
		.family = (v) == 6 ? AF_INET6 : AF_INET, \
		.suite = SUITE_##suite_, \
		.group = GROUP_##group_, \
		.key = #key_, \
		.peer = PEER_##peer_, \
		.server = role##_IS_SERVER, \
	}

/* Role of ours */
#define CLIENT_IS_SERVER	false
#define SERVER_IS_SERVER	true

#define ROLES(v, s, g, k, p)	VARIANT(v, s, g, k, p, CLIENT); VARIANT(v, s, g, k, p, SERVER)
#define PEERS(v, s, g, k)	ROLES(v, s, g, k, OPENSSL); ROLES(v, s, g, k, GNUTLS)
#define KEYS(v, s, g)		PEERS(v, s, g, p256); PEERS(v, s, g, p384); PEERS(v, s, g, rsa)
#define GROUPS(v, s)		KEYS(v, s, X25519); KEYS(v, s, P256); KEYS(v, s, P384)
#define SUITES(v)		GROUPS(v, AES128); GROUPS(v, AES256); GROUPS(v, CHACHA)

SUITES(4);
SUITES(6);

static const char *chain_file(const char *key)
{
	char name[32];

	snprintf(name, sizeof(name), "%s.chain.pem", key);
	return pki_file(name);
}

static const char *key_file(const char *key)
{
	char name[32];

	snprintf(name, sizeof(name), "%s.key.pem", key);
	return pki_file(name);
}

FIXTURE_SETUP(matrix)
{
	struct link_config cfg = {
		.family = variant->family,
		.server = variant->server,
		.kind = variant->peer,
		.peer = { .suite = variant->suite, .groups = variant->group },
	};

	if (variant->server) {
		cfg.cert = chain_file(variant->key);
		cfg.key = key_file(variant->key);
	} else {
		cfg.peer.cert = chain_file(variant->key);
		cfg.peer.key = key_file(variant->key);
	}
	link_try(&self->l, &cfg);
	ASSERT_EQ(0, self->l.err)
		TH_LOG("%s (%s); peer: %s", strerror(self->l.err), self->l.error,
		       self->l.peer ? self->l.peer->error : "none");
	ASSERT_TRUE(self->l.peer_ok)
		TH_LOG("%s", self->l.peer->error);
}

FIXTURE_TEARDOWN(matrix)
{
	link_close(&self->l);
}

/* How the names of the peers' libraries read in TLS_NEGOTIATED_GROUP */
static const char *group_of_ours(const char *group)
{
	if (!strcmp(group, GROUP_P256))
		return "secp256r1";
	if (!strcmp(group, GROUP_P384))
		return "secp384r1";
	return "X25519";
}

static void check_agreed(struct __test_metadata *_metadata, const struct link *l,
			 const char *suite, const char *group)
{
	const char *text;

	EXPECT_STREQ(suite, peer_suite(l->peer));
	EXPECT_STREQ(group, peer_group(l->peer));
	text = tls_get_str(l->fd, TLS_CHOSEN_CIPHER);
	ASSERT_NE(NULL, text);
	EXPECT_STREQ(suite, text);
	text = tls_get_str(l->fd, TLS_NEGOTIATED_GROUP);
	ASSERT_NE(NULL, text);
	EXPECT_STREQ(group_of_ours(group), text);
	text = tls_get_str(l->fd, TLS_VERSION_CONN);
	EXPECT_NE(NULL, text);
}

static void check_echo(struct __test_metadata *_metadata, int fd)
{
	static const size_t sizes[] = { 1, 2, 100, 16383, 16384, 16385, 70000 };
	uint64_t pos = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		ASSERT_EQ(0, echo_pattern(fd, sizes[i], pos))
			TH_LOG("%zu bytes", sizes[i]);
		pos += sizes[i];
	}
}

static void check_sendfile(struct __test_metadata *_metadata, int fd)
{
	size_t len = 50000;
	int file = pattern_memfd(len);
	off_t off = 0;

	ASSERT_LE(0, file);
	while (off < (off_t)len)
		ASSERT_LT(0, sendfile(fd, file, &off, len - off));
	EXPECT_EQ(0, drain_pattern(fd, len, 0));
	close(file);
}

static void check_splice(struct __test_metadata *_metadata, int fd)
{
	unsigned char out[4000], in[4000];
	size_t got = 0;
	int pipefd[2];
	ssize_t n;

	ASSERT_EQ(0, pipe(pipefd));
	pattern_fill(out, sizeof(out), 5);
	ASSERT_EQ((ssize_t)sizeof(out), write(pipefd[1], out, sizeof(out)));
	while (got < sizeof(out)) {
		n = splice(pipefd[0], NULL, fd, NULL, sizeof(out) - got, 0);
		ASSERT_LT(0, n);
		got += n;
	}
	for (got = 0; got < sizeof(in); got += n) {
		n = splice(fd, NULL, pipefd[1], NULL, sizeof(in) - got, 0);
		ASSERT_LT(0, n)
			TH_LOG("after %zu bytes", got);
	}
	ASSERT_EQ((ssize_t)sizeof(in), read(pipefd[0], in, sizeof(in)));
	EXPECT_EQ(0, memcmp(in, out, sizeof(in)));
	close(pipefd[0]);
	close(pipefd[1]);
}

TEST_F(matrix, exchange)
{
	struct job echo;
	char byte;

	check_agreed(_metadata, &self->l, variant->suite, variant->group);
	job_start(&echo, self->l.peer, job_echo, NULL);
	check_echo(_metadata, self->l.fd);
	check_sendfile(_metadata, self->l.fd);
	check_splice(_metadata, self->l.fd);

	/* Our close_notify ends the peer's loop, its own ends ours. */
	EXPECT_EQ(0, shutdown(self->l.fd, SHUT_WR));
	EXPECT_EQ(0, recv(self->l.fd, &byte, 1, 0));
	EXPECT_EQ(0, job_wait(&echo))
		TH_LOG("%s", self->l.peer->error);
}

/*
 * HelloRetryRequest both ways, and a size of key that is rare enough not to be
 * multiplied with everything else.
 */
FIXTURE(retry)
{
	struct link l;
};

FIXTURE_VARIANT(retry)
{
	enum peer_kind peer;
	bool server;
	const char *groups;	/* of the peer */
	const char *agreed;
};

#define RETRY(name, peer_, server_, groups_, agreed_) \
	FIXTURE_VARIANT_ADD(retry, name) \
	{ \
		.peer = PEER_##peer_, \
		.server = server_, \
		.groups = groups_, \
		.agreed = agreed_, \
	}

/* A client sends a share of its first group, which we do not have. */
RETRY(openssl_client_p256, OPENSSL, true, "X448:P-256", GROUP_P256);
RETRY(openssl_client_p384, OPENSSL, true, "X448:P-384", GROUP_P384);
RETRY(openssl_client_x25519, OPENSSL, true, "X448:X25519", GROUP_X25519);
RETRY(gnutls_client_p256, GNUTLS, true, "X448:P-256", GROUP_P256);
RETRY(gnutls_client_p384, GNUTLS, true, "X448:P-384", GROUP_P384);
/* A server has a group only of which we send no share. */
RETRY(openssl_server_p384, OPENSSL, false, "P-384", GROUP_P384);
RETRY(gnutls_server_p384, GNUTLS, false, "P-384", GROUP_P384);

FIXTURE_SETUP(retry)
{
	struct link_config cfg = {
		.family = AF_INET,
		.server = variant->server,
		.kind = variant->peer,
		.peer = { .groups = variant->groups },
	};

	link_try(&self->l, &cfg);
	ASSERT_EQ(0, self->l.err)
		TH_LOG("%s (%s); peer: %s", strerror(self->l.err), self->l.error,
		       self->l.peer ? self->l.peer->error : "none");
}

FIXTURE_TEARDOWN(retry)
{
	link_close(&self->l);
}

TEST_F(retry, exchange)
{
	struct job echo;

	EXPECT_STREQ(variant->agreed, peer_group(self->l.peer));
	job_start(&echo, self->l.peer, job_echo, NULL);
	EXPECT_EQ(0, echo_pattern(self->l.fd, 20000, 0));
	EXPECT_EQ(0, shutdown(self->l.fd, SHUT_WR));
	EXPECT_EQ(0, job_wait(&echo));
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 1);
}
