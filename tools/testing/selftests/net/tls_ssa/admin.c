// SPDX-License-Identifier: GPL-2.0
/*
 * What the administrator sees and sets: the system's trust store, counters for
 * each network namespace, tracepoints; and the limits that nobody can lift.
 */
#include <sched.h>
#include "harness.h"
#include "link.h"

#define TRUST_FILE	"/sys/kernel/config/tls_ssa/default/trust_store"
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

	ASSERT_TRUE(read_file(TRUST_FILE, saved, sizeof(saved)));
	EXPECT_EQ(ENOKEY, connect_with_system_store("p256.chain.pem", "p256.key.pem"));
	ASSERT_EQ(0, write_file(TRUST_FILE, pki_file("root.pem")));
	EXPECT_EQ(0, connect_with_system_store("p256.chain.pem", "p256.key.pem"));
	ASSERT_EQ(0, write_file(TRUST_FILE, pki_file("unknown-root.pem")));
	EXPECT_EQ(ENOKEY, connect_with_system_store("p256.chain.pem", "p256.key.pem"));
	EXPECT_EQ(0, connect_with_system_store("unknown-ca.chain.pem", "unknown-ca.key.pem"));

	/* What cannot be used changes nothing. */
	EXPECT_EQ(EINVAL, write_file(TRUST_FILE, "/no/such/file"));
	EXPECT_EQ(EINVAL, write_file(TRUST_FILE, pki_file("p256.key.pem")));
	EXPECT_EQ(EINVAL, write_file(TRUST_FILE, "relative"));
	EXPECT_EQ(0, connect_with_system_store("unknown-ca.chain.pem", "unknown-ca.key.pem"));

	/* Debian's bundle of some 140 authorities */
	EXPECT_EQ(0, write_file(TRUST_FILE, saved));
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

	ASSERT_TRUE(read_file(TRUST_FILE, saved, sizeof(saved)));
	link_try(&l, &cfg);
	EXPECT_EQ(ENOKEY, l.err);
	link_close(&l);
	ASSERT_EQ(0, write_file(TRUST_FILE, pki_file("root.pem")));
	link_try(&l, &cfg);
	EXPECT_EQ(0, l.err);
	link_close(&l);
	EXPECT_EQ(0, write_file(TRUST_FILE, saved));
}

/* --------------------------------------------------------------- versions of TLS */

#define MIN_FILE	"/sys/kernel/config/tls_ssa/default/min_version"
#define MAX_FILE	"/sys/kernel/config/tls_ssa/default/max_version"
#define EMS_FILE	"/sys/kernel/config/tls_ssa/default/require_extended_master_secret"

static const char *sysctl_text(const char *path)
{
	static char text[64];

	if (!read_file(path, text, sizeof(text)))
		return "";
	text[strcspn(text, "\n")] = 0;
	return text;
}

TEST(version_bounds)
{
	static const char * const nonsense[] = {
		"TLSv1.1", "1.2", "TLSv1.2x", "TLSv1.3TLSv1.3TLSv1.3", "TLSv1.2 TLSv1.3",
	};
	struct link_config cfg = { .family = AF_INET, .peer = { .version = PEER_TLS12 } };
	int fd = tls_socket(AF_INET, 0), later;
	struct link l;
	size_t i;

	EXPECT_STREQ("TLSv1.2", sysctl_text(MIN_FILE));
	EXPECT_STREQ("TLSv1.3", sysctl_text(MAX_FILE));
	for (i = 0; i < ARRAY_SIZE(nonsense); i++) {
		EXPECT_EQ(EINVAL, write_file(MIN_FILE, nonsense[i]));
		EXPECT_EQ(EINVAL, write_file(MAX_FILE, nonsense[i]));
	}
	EXPECT_STREQ("TLSv1.2", sysctl_text(MIN_FILE));
	EXPECT_STREQ("TLSv1.3", sysctl_text(MAX_FILE));
	link_try(&l, &cfg);
	EXPECT_EQ(0, l.err);
	link_close(&l);

	ASSERT_EQ(0, write_file(MIN_FILE, "TLSv1.3\n"));
	EXPECT_EQ(EINVAL, write_file(MAX_FILE, "TLSv1.2"));
	EXPECT_STREQ("TLSv1.3", sysctl_text(MAX_FILE));
	later = tls_socket(AF_INET, 0);
	/* The sockets that were there keep what they have. */
	EXPECT_STREQ("TLSv1.2", tls_get_str(fd, TLS_VERSION_MIN));
	EXPECT_STREQ("TLSv1.3", tls_get_str(later, TLS_VERSION_MIN));
	EXPECT_EQ(0, tls_set_str(fd, TLS_VERSION_MIN, "TLSv1.2"));
	EXPECT_EQ(-1, tls_set_str(later, TLS_VERSION_MIN, "TLSv1.2"));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(-1, tls_set_str(later, TLS_VERSION_MAX, "TLSv1.2"));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(0, tls_set_str(later, TLS_VERSION_MAX, "TLSv1.3"));
	close(later);
	link_try(&l, &cfg);
	EXPECT_EQ(EPROTO, l.err);
	link_close(&l);
	cfg.server = true;
	link_try(&l, &cfg);
	EXPECT_EQ(EPROTO, l.err);
	EXPECT_EQ(70, l.peer ? l.peer->alert : 0);	/* protocol_version */
	link_close(&l);

	ASSERT_EQ(0, write_file(MIN_FILE, "TLSv1.2"));
	ASSERT_EQ(0, write_file(MAX_FILE, "TLSv1.2"));
	cfg.peer.version = PEER_TLS13;
	link_try(&l, &cfg);
	EXPECT_EQ(EPROTO, l.err);
	link_close(&l);
	cfg.peer.version = PEER_TLS12;
	link_try(&l, &cfg);
	EXPECT_EQ(0, l.err);
	link_close(&l);
	ASSERT_EQ(0, write_file(MAX_FILE, "TLSv1.3"));
	close(fd);
}

/* Handshakes while the policy changes: each has one policy or the other. */
TEST(policy_changes_under_load)
{
	struct link_config cfg = { .family = AF_INET, .peer = { .version = PEER_TLS12 } };
	struct link l;
	pid_t child;
	int status, i;

	child = fork();
	if (!child) {
		for (i = 0; i < 300; i++)
			if (write_file(MIN_FILE, i % 2 ? "TLSv1.2" : "TLSv1.3") ||
			    write_file(EMS_FILE, i % 2 ? "1" : "0"))
				_exit(1);
		_exit(0);
	}
	do {
		cfg.server = !cfg.server;
		link_try(&l, &cfg);
		EXPECT_TRUE(l.err == 0 || l.err == EPROTO)
			TH_LOG("%s", strerror(l.err));
		link_close(&l);
	} while (!waitpid(child, &status, WNOHANG));
	EXPECT_EQ(0, status);
	EXPECT_STREQ("TLSv1.2", sysctl_text(MIN_FILE));
	EXPECT_STREQ("1", sysctl_text(EMS_FILE));
}

TEST(extended_master_secret)
{
	struct link_config cfg = {
		.family = AF_INET,
		.peer = { .version = PEER_TLS12, .no_ems = true },
	};
	const struct reason *reason = reason_find("NO_EXTENDED_MASTER_SECRET");
	long long before;
	struct link l;
	int server;

	EXPECT_EQ(EINVAL, write_file(EMS_FILE, "2"));
	EXPECT_EQ(EINVAL, write_file(EMS_FILE, "x"));
	EXPECT_STREQ("1", sysctl_text(EMS_FILE));
	for (server = 0; server < 2; server++) {
		cfg.server = server;
		before = ssa_counter(reason->counter);
		link_try(&l, &cfg);
		EXPECT_EQ(EPROTO, l.err);
		EXPECT_EQ(before + 1, ssa_counter_wait(reason->counter, before));
		link_close(&l);
		ASSERT_EQ(0, write_file(EMS_FILE, "0"));
		link_try(&l, &cfg);
		EXPECT_EQ(0, l.err)
			TH_LOG("%s", l.error);
		link_close(&l);
		ASSERT_EQ(0, write_file(EMS_FILE, "1"));
	}
}

/* The versions of a machine are set from its first network namespace only. */

TEST(counters_of_versions)
{
	struct link_config cfg = { .family = AF_INET, .peer = { .version = PEER_TLS12 } };
	long long tls12 = ssa_counter("Tls12HandshakesDone");
	long long tls13 = ssa_counter("Tls13HandshakesDone");
	struct link l;

	link_try(&l, &cfg);
	EXPECT_EQ(0, l.err);
	link_close(&l);
	EXPECT_EQ(tls12 + 1, ssa_counter("Tls12HandshakesDone"));
	EXPECT_EQ(tls13, ssa_counter("Tls13HandshakesDone"));
	cfg.peer.version = PEER_TLS13;
	link_try(&l, &cfg);
	EXPECT_EQ(0, l.err);
	link_close(&l);
	EXPECT_EQ(tls12 + 1, ssa_counter("Tls12HandshakesDone"));
	EXPECT_EQ(tls13 + 1, ssa_counter("Tls13HandshakesDone"));
}

/* Nobody but root changes what a machine trusts. */
TEST(settings_are_roots)
{
	static const char * const files[] = {
		TRUST_FILE, "/proc/sys/net/ssa/min_version", "/proc/sys/net/ssa/enabled",
		"/proc/sys/net/ssa/handshake_timeout_ms",
		"/proc/sys/net/ssa/handshakes_max", MIN_FILE, MAX_FILE, EMS_FILE,
		"/proc/sys/net/ssa/rekey_after_records",
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

	cfg.peer.cert = long_chain(64);
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
