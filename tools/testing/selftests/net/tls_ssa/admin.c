// SPDX-License-Identifier: GPL-2.0
/*
 * What the administrator sees and sets: the system's trust store, counters for
 * each network namespace, tracepoints; and the limits that nobody can lift.
 */
#include <sched.h>
#include "harness.h"
#include "link.h"

#define TRUST_SYSCTL	"/proc/sys/net/ssa/trust_store"
#define TRACING		"/sys/kernel/tracing/"

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC), err = 0;

	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		err = errno;
	close(fd);
	return err;
}

static bool read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY);
	size_t got = 0;
	ssize_t n;

	if (fd < 0)
		return false;
	while (got < size - 1 && (n = read(fd, text + got, size - 1 - got)) > 0)
		got += n;
	text[got] = 0;
	close(fd);
	return true;
}

/* A client that knows the system's authorities only: errno of its connect() */
static int connect_with_system_store(const char *chain, const char *key)
{
	struct peer_config cfg = {
		.server = true,
		.cert = pki_file(chain),
		.key = pki_file(key),
	};
	int port = 0, lfd = tcp_listen(AF_INET, &port), fd, err;
	struct peer *peer;
	char byte;

	fd = tls_socket(AF_INET, SOCK_NONBLOCK);
	tls_set_str(fd, TLS_REMOTE_HOSTNAME, SERVER_NAME);
	tls_connect_fd(fd, AF_INET, port);
	peer = peer_new(PEER_OPENSSL, &cfg, accept(lfd, NULL, NULL));
	if (!peer_handshake(peer) && poll_wait(fd, POLLOUT) != POLLOUT)
		peer_recv(peer, &byte, 1);
	poll_wait(fd, POLLOUT);
	err = so_error(fd);
	close(fd);
	close(lfd);
	peer_free(peer);
	return err;
}

/* ----------------------------------------------------------- the trust store */

TEST(trust_store_can_be_replaced)
{
	char saved[512] = "";

	ASSERT_TRUE(read_file(TRUST_SYSCTL, saved, sizeof(saved)));
	EXPECT_EQ(ENOKEY, connect_with_system_store("p256.chain.pem", "p256.key.pem"));
	ASSERT_EQ(0, write_file(TRUST_SYSCTL, pki_file("root.pem")));
	EXPECT_EQ(0, connect_with_system_store("p256.chain.pem", "p256.key.pem"));
	ASSERT_EQ(0, write_file(TRUST_SYSCTL, pki_file("unknown-root.pem")));
	EXPECT_EQ(ENOKEY, connect_with_system_store("p256.chain.pem", "p256.key.pem"));
	EXPECT_EQ(0, connect_with_system_store("unknown-ca.chain.pem", "unknown-ca.key.pem"));

	/* What cannot be used changes nothing. */
	EXPECT_EQ(ENOENT, write_file(TRUST_SYSCTL, "/no/such/file"));
	EXPECT_EQ(EINVAL, write_file(TRUST_SYSCTL, pki_file("p256.key.pem")));
	EXPECT_EQ(EINVAL, write_file(TRUST_SYSCTL, "relative"));
	EXPECT_EQ(0, connect_with_system_store("unknown-ca.chain.pem", "unknown-ca.key.pem"));

	/* Debian's bundle of some 140 authorities */
	EXPECT_EQ(0, write_file(TRUST_SYSCTL, saved));
	EXPECT_EQ(ENOKEY, connect_with_system_store("p256.chain.pem", "p256.key.pem"));
}

/* The application's own authorities come in addition to the system's. */
TEST(own_authorities_come_in_addition)
{
	struct link_config cfg = {
		.family = AF_INET,
		.ca = pki_file("unknown-root.pem"),
	};
	char saved[512] = "";
	struct link l;

	ASSERT_TRUE(read_file(TRUST_SYSCTL, saved, sizeof(saved)));
	link_try(&l, &cfg);
	EXPECT_EQ(ENOKEY, l.err);
	link_close(&l);
	ASSERT_EQ(0, write_file(TRUST_SYSCTL, pki_file("root.pem")));
	link_try(&l, &cfg);
	EXPECT_EQ(0, l.err);
	link_close(&l);
	EXPECT_EQ(0, write_file(TRUST_SYSCTL, saved));
}

/* Nobody but root changes what a machine trusts. */
TEST(settings_are_roots)
{
	static const char * const files[] = {
		"/proc/sys/net/ssa/trust_store", "/proc/sys/net/ssa/handshake_timeout_ms",
		"/proc/sys/net/ssa/handshakes_max",
	};
	pid_t child = fork();
	int status;
	size_t i;

	if (!child) {
		if (setgid(65534) || setuid(65534))
			_exit(1);
		for (i = 0; i < ARRAY_SIZE(files); i++)
			if (open(files[i], O_WRONLY) >= 0 || errno != EACCES)
				_exit(2);
		_exit(0);
	}
	waitpid(child, &status, 0);
	EXPECT_EQ(0, status);
}

/* ------------------------------------------------------ counters, tracepoints */

TEST(counters_are_per_namespace)
{
	const struct reason *reason = reason_find("CERT_UNKNOWN_CA");
	pid_t child;
	int status;

	EXPECT_EQ(ENOKEY, connect_with_system_store("p256.chain.pem", "p256.key.pem"));
	EXPECT_LT(0, ssa_counter(reason->counter));
	child = fork();
	if (!child) {
		if (unshare(CLONE_NEWNET))
			_exit(1);
		_exit(ssa_counter(reason->counter) ? 2 : 0);
	}
	waitpid(child, &status, 0);
	EXPECT_EQ(0, status);
}

TEST(tracepoints)
{
	static char text[1 << 20];
	struct link_config cfg = { .family = AF_INET };
	struct link l;

	ASSERT_EQ(0, write_file(TRACING "events/tls_ssa/enable", "1"));
	ASSERT_EQ(0, write_file(TRACING "trace", ""));
	link_try(&l, &cfg);
	EXPECT_EQ(0, l.err);
	link_close(&l);
	cfg.name = "other.test";
	link_try(&l, &cfg);
	EXPECT_EQ(EKEYREJECTED, l.err);
	link_close(&l);
	write_file(TRACING "events/tls_ssa/enable", "0");
	ASSERT_TRUE(read_file(TRACING "trace", text, sizeof(text)));
	EXPECT_NE(NULL, strstr(text, "tls_ssa_handshake_start"));
	EXPECT_NE(NULL, strstr(text, "tls_ssa_handshake_done"));
	EXPECT_NE(NULL, strstr(text, "tls_ssa_handshake_fail"));
	EXPECT_NE(NULL, strstr(text, "reason=CertName errno=129"));
}

/* --------------------------------------------------------------- fixed limits */

/* The leaf, then @extra times its issuer: a chain of any length */
static const char *long_chain(int extra)
{
	static char path[64], leaf[8192], issuers[16384];
	char *one;
	FILE *f;

	snprintf(path, sizeof(path), "/tmp/tls_ssa-chain-XXXXXX");
	f = fdopen(mkstemp(path), "w");
	read_file(pki_file("p256.pem"), leaf, sizeof(leaf));
	read_file(pki_file("p256.chain.pem"), issuers, sizeof(issuers));
	one = strstr(issuers + 10, "-----BEGIN");
	fputs(leaf, f);
	while (extra--)
		fputs(one, f);
	fclose(f);
	return path;
}

TEST(peer_with_too_many_certificates)
{
	struct link_config cfg = { .family = AF_INET };
	struct link l;
	char byte;

	cfg.peer.cert = long_chain(10);
	cfg.peer.key = pki_file("p256.key.pem");
	link_try(&l, &cfg);
	EXPECT_EQ(EKEYREJECTED, l.err);
	EXPECT_NE(NULL, strstr(l.error, reason_find("CERT_CHAIN_TOO_LONG")->text))
		TH_LOG("TLS_ERROR: '%s'", l.error);
	ASSERT_NE(NULL, l.peer);
	if (l.peer_ok)
		peer_recv(l.peer, &byte, 1);
	EXPECT_EQ(42, l.peer->alert);	/* bad_certificate */
	link_close(&l);
	unlink(cfg.peer.cert);
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 1);
}
