// SPDX-License-Identifier: GPL-2.0
/*
 * Options at level IPPROTO_TLS: values good and bad, in every phase.
 */
#include <sys/stat.h>
#include "harness.h"
#include "link.h"

#define NAME_MAX_LEN	253

static int set(int fd, int option, const void *value, socklen_t len)
{
	return setsockopt(fd, IPPROTO_TLS, option, value, len);
}

/* Contents of a file of the PKI with a final NUL; its length without it */
static size_t slurp(const char *name, char *buf, size_t size)
{
	int fd = open(pki_file(name), O_RDONLY);
	ssize_t n = read(fd, buf, size - 1);

	close(fd);
	if (n < 0)
		n = 0;
	buf[n] = 0;
	return n;
}

static char *temporary(const char *text, size_t len, mode_t mode)
{
	static char path[64];
	int fd;

	snprintf(path, sizeof(path), "/tmp/tls_ssa-test-XXXXXX");
	fd = mkstemp(path);
	if (fd < 0 || write(fd, text, len) != (ssize_t)len)
		return NULL;
	fchmod(fd, mode);
	close(fd);
	return path;
}

FIXTURE(option)
{
	int fd;
};

FIXTURE_VARIANT(option)
{
	int family;
};

FIXTURE_VARIANT_ADD(option, ipv4) { .family = AF_INET };
FIXTURE_VARIANT_ADD(option, ipv6) { .family = AF_INET6 };

FIXTURE_SETUP(option)
{
	self->fd = tls_socket(variant->family, 0);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(option)
{
	close(self->fd);
}

/* ---------------------------------------------------------------- all of them */

TEST_F(option, unknown_ones)
{
	static const int unknown[] = { 0, -1, 1, 84, 96, 99, 101, 199, 255, 65536, 1 << 30 };
	socklen_t len = 16;
	char buf[16] = "x";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(unknown); i++) {
		EXPECT_EQ(-1, set(self->fd, unknown[i], buf, 2));
		EXPECT_EQ(ENOPROTOOPT, errno);
		EXPECT_EQ(-1, getsockopt(self->fd, IPPROTO_TLS, unknown[i], buf, &len));
		EXPECT_EQ(ENOPROTOOPT, errno);
	}
}

/* Validation cannot be switched off, nor can a text be written into our mouth. */
TEST_F(option, read_only_ones)
{
	static const int ro[] = { TLS_ERROR, TLS_CHOSEN_CIPHER, TLS_VERSION_CONN,
				  TLS_NEGOTIATED_GROUP, TLS_INFO };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ro); i++) {
		EXPECT_EQ(-1, set(self->fd, ro[i], "x", 2));
		EXPECT_EQ(EOPNOTSUPP, errno);
	}
}

TEST_F(option, private_key_is_write_only)
{
	socklen_t len = 4096;
	char buf[4096];

	ASSERT_EQ(0, tls_set_str(self->fd, TLS_PRIVATE_KEY, pki_file("p256.key.pem")));
	EXPECT_EQ(-1, getsockopt(self->fd, IPPROTO_TLS, TLS_PRIVATE_KEY, buf, &len));
	EXPECT_EQ(EOPNOTSUPP, errno);
}

TEST_F(option, bad_pointers)
{
	static const int all[] = { TLS_REMOTE_HOSTNAME, TLS_TRUSTED_PEER_CERTIFICATES,
				   TLS_CERTIFICATE_CHAIN, TLS_PRIVATE_KEY };
	socklen_t len = 16;
	char buf[16];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(all); i++) {
		EXPECT_EQ(-1, set(self->fd, all[i], NULL, 10));
		EXPECT_EQ(EFAULT, errno);
		EXPECT_EQ(-1, set(self->fd, all[i], (void *)8, 10));
		EXPECT_EQ(EFAULT, errno);
		EXPECT_EQ(-1, set(self->fd, all[i], "x", 0));
		EXPECT_EQ(EINVAL, errno);
		EXPECT_EQ(-1, set(self->fd, all[i], NULL, 0));
		EXPECT_EQ(EINVAL, errno);
		EXPECT_EQ(-1, set(self->fd, all[i], "x", -1));
	}
	EXPECT_EQ(-1, getsockopt(self->fd, IPPROTO_TLS, TLS_ERROR, NULL, &len));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, getsockopt(self->fd, IPPROTO_TLS, TLS_ERROR, buf, NULL));
	EXPECT_EQ(EFAULT, errno);
	len = -1;
	EXPECT_EQ(-1, getsockopt(self->fd, IPPROTO_TLS, TLS_ERROR, buf, &len));
	EXPECT_EQ(EINVAL, errno);
}

/* A buffer that is too small is told so, with the size that it takes. */
TEST_F(option, small_buffers)
{
	char buf[64];
	socklen_t len;

	ASSERT_EQ(0, tls_set_str(self->fd, TLS_REMOTE_HOSTNAME, "server.test"));
	for (len = 0; len < 12; len++) {
		socklen_t got = len;

		memset(buf, '!', sizeof(buf));
		EXPECT_EQ(-1, getsockopt(self->fd, IPPROTO_TLS, TLS_REMOTE_HOSTNAME, buf, &got));
		EXPECT_EQ(ERANGE, errno);
		EXPECT_EQ(12, got);
		EXPECT_EQ('!', buf[0]);
	}
	memset(buf, '!', sizeof(buf));
	ASSERT_EQ(0, getsockopt(self->fd, IPPROTO_TLS, TLS_REMOTE_HOSTNAME, buf, &len));
	EXPECT_EQ(12, len);
	EXPECT_STREQ("server.test", buf);
	EXPECT_EQ('!', buf[12]);
}

TEST_F(option, nothing_agreed_yet)
{
	static const int agreed[] = { TLS_CHOSEN_CIPHER, TLS_VERSION_CONN, TLS_NEGOTIATED_GROUP };
	char buf[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(agreed); i++) {
		socklen_t len = sizeof(buf);

		EXPECT_EQ(-1, getsockopt(self->fd, IPPROTO_TLS, agreed[i], buf, &len));
		EXPECT_EQ(EOPNOTSUPP, errno);
	}
	EXPECT_STREQ("no error", tls_error(self->fd));
}

/* What kTLS would not do fails at once, and not later or never. */
static void refuses_what_is_absent(struct __test_metadata *_metadata, int fd)
{
	static const struct {
		int level;
		int name;
		int value;
		bool works;
	} cases[] = {
		{ SOL_SOCKET, SO_ZEROCOPY, 1, false },
		{ SOL_SOCKET, SO_ZEROCOPY, 0, true },
		{ SOL_SOCKET, SO_TIMESTAMP, 1, false },
		{ SOL_SOCKET, SO_TIMESTAMP, 0, true },
		{ SOL_SOCKET, SO_TIMESTAMPNS, 1, false },
		{ SOL_SOCKET, 63, 1, false },		/* SO_TIMESTAMP_NEW */
		{ SOL_SOCKET, 64, 1, false },		/* SO_TIMESTAMPNS_NEW */
		{ SOL_SOCKET, SO_TIMESTAMPING, 1 << 3, false },	/* of what is received */
		{ SOL_SOCKET, 65, 1 << 3, false },	/* SO_TIMESTAMPING_NEW */
		{ SOL_SOCKET, SO_TIMESTAMPING, 0, true },
		{ SOL_TCP, TCP_INQ, 1, false },
		{ SOL_TCP, TCP_INQ, 0, true },
		{ SOL_SOCKET, SO_KEEPALIVE, 1, true },
		{ SOL_SOCKET, SO_RCVBUF, 1 << 16, true },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		errno = 0;
		EXPECT_EQ(cases[i].works ? 0 : -1,
			  setsockopt(fd, cases[i].level, cases[i].name, &cases[i].value,
				     sizeof(int)))
			TH_LOG("case %zu", i);
		EXPECT_EQ(cases[i].works ? 0 : EOPNOTSUPP, errno)
			TH_LOG("case %zu: %m", i);
	}
	EXPECT_EQ(-1, setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, NULL, sizeof(int)));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, setsockopt(fd, SOL_SOCKET, 9999, &i, sizeof(int)));
	EXPECT_EQ(ENOPROTOOPT, errno);
}

TEST_F(option, what_is_absent)
{
	int one = 2;

	refuses_what_is_absent(_metadata, self->fd);
	EXPECT_EQ(-1, setsockopt(self->fd, SOL_SOCKET, SO_RCVLOWAT, &one, sizeof(one)));
	EXPECT_EQ(EOPNOTSUPP, errno);
}

/* -------------------------------------------------------- TLS_REMOTE_HOSTNAME */

TEST_F(option, remote_hostname_good)
{
	char longest[NAME_MAX_LEN + 1];
	static const char * const names[] = {
		"a", "server.test", "a-b.test", "xn--bcher-kva.test", "127.0.0.1", "::1",
		"1.test", "server.test.",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		EXPECT_EQ(0, tls_set_str(self->fd, TLS_REMOTE_HOSTNAME, names[i]))
			TH_LOG("'%s': %m", names[i]);
		EXPECT_STREQ(names[i], tls_get_str(self->fd, TLS_REMOTE_HOSTNAME));
	}
	/* Without its NUL, as some languages pass strings */
	EXPECT_EQ(0, set(self->fd, TLS_REMOTE_HOSTNAME, "server.testXX", 11));
	EXPECT_STREQ("server.test", tls_get_str(self->fd, TLS_REMOTE_HOSTNAME));
	/* 253 bytes: four labels of 62, three dots between them, and a bit */
	for (i = 0; i < NAME_MAX_LEN; i++)
		longest[i] = i % 63 == 62 ? '.' : 'a';
	longest[NAME_MAX_LEN] = 0;
	EXPECT_EQ(0, tls_set_str(self->fd, TLS_REMOTE_HOSTNAME, longest))
		TH_LOG("%m");
}

TEST_F(option, remote_hostname_bad)
{
	static const char * const names[] = {
		"", ".", "..", "a..b", ".a", " ", "a b", "a\nb", "-a.test", "a-.test", "a/b",
		"a:443", "*.test", "\303\244.test", "a\177b",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.test",
	};
	char too_long[NAME_MAX_LEN + 3];
	size_t i;

	ASSERT_EQ(0, tls_set_str(self->fd, TLS_REMOTE_HOSTNAME, "server.test"));
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		EXPECT_EQ(-1, tls_set_str(self->fd, TLS_REMOTE_HOSTNAME, names[i]))
			TH_LOG("'%s'", names[i]);
		EXPECT_EQ(EINVAL, errno);
	}
	/* A NUL in the middle: what is checked must be what is used. */
	EXPECT_EQ(-1, set(self->fd, TLS_REMOTE_HOSTNAME, "server.test\0.evil.test", 23));
	EXPECT_EQ(EINVAL, errno);
	for (i = 0; i < sizeof(too_long) - 1; i++)
		too_long[i] = i % 63 == 62 ? '.' : 'a';
	too_long[i] = 0;
	EXPECT_EQ(-1, tls_set_str(self->fd, TLS_REMOTE_HOSTNAME, too_long));
	EXPECT_EQ(E2BIG, errno);
	/* What was set stays. */
	EXPECT_STREQ("server.test", tls_get_str(self->fd, TLS_REMOTE_HOSTNAME));
}

/* ------------------------------------------------------ chain, key, authorities */

TEST_F(option, chain_and_key_in_both_orders)
{
	int fd = tls_socket(variant->family, 0);

	EXPECT_EQ(0, tls_set_str(self->fd, TLS_CERTIFICATE_CHAIN, pki_file("rsa.chain.pem")));
	EXPECT_EQ(0, tls_set_str(self->fd, TLS_PRIVATE_KEY, pki_file("rsa.key.pem")));
	EXPECT_EQ(0, tls_set_str(fd, TLS_PRIVATE_KEY, pki_file("p384.key.pem")));
	EXPECT_EQ(0, tls_set_str(fd, TLS_CERTIFICATE_CHAIN, pki_file("p384.chain.pem")));
	/* And another pair over it */
	EXPECT_EQ(0, tls_set_str(fd, TLS_CERTIFICATE_CHAIN, pki_file("p256.chain.pem")));
	EXPECT_EQ(0, tls_set_str(fd, TLS_PRIVATE_KEY, pki_file("p256.key.pem")));
	close(fd);
}

TEST_F(option, key_of_another_certificate)
{
	int fd = tls_socket(variant->family, 0);

	ASSERT_EQ(0, tls_set_str(self->fd, TLS_CERTIFICATE_CHAIN, pki_file("p256.chain.pem")));
	EXPECT_EQ(-1, tls_set_str(self->fd, TLS_PRIVATE_KEY, pki_file("p384.key.pem")));
	EXPECT_EQ(EKEYREJECTED, errno);
	EXPECT_EQ(-1, tls_set_str(self->fd, TLS_PRIVATE_KEY, pki_file("rsa.key.pem")));
	EXPECT_EQ(EKEYREJECTED, errno);
	/* The chain is still there and takes its own key. */
	EXPECT_EQ(0, tls_set_str(self->fd, TLS_PRIVATE_KEY, pki_file("p256.key.pem")));

	ASSERT_EQ(0, tls_set_str(fd, TLS_PRIVATE_KEY, pki_file("rsa.key.pem")));
	EXPECT_EQ(-1, tls_set_str(fd, TLS_CERTIFICATE_CHAIN, pki_file("p256.chain.pem")));
	EXPECT_EQ(EKEYREJECTED, errno);
	EXPECT_EQ(0, tls_set_str(fd, TLS_CERTIFICATE_CHAIN, pki_file("rsa.chain.pem")));
	close(fd);
}

/* The text of a file does as well as its name, with and without a final NUL. */
TEST_F(option, pem_text)
{
	char chain[16384], key[16384], root[16384];
	size_t chain_len = slurp("rsa.chain.pem", chain, sizeof(chain));
	size_t key_len = slurp("rsa.key.pem", key, sizeof(key));
	size_t root_len = slurp("root.pem", root, sizeof(root));

	EXPECT_EQ(0, set(self->fd, TLS_CERTIFICATE_CHAIN, chain, chain_len));
	EXPECT_EQ(0, set(self->fd, TLS_PRIVATE_KEY, key, key_len));
	EXPECT_EQ(0, set(self->fd, TLS_TRUSTED_PEER_CERTIFICATES, root, root_len));
	EXPECT_EQ(0, set(self->fd, TLS_CERTIFICATE_CHAIN, chain, chain_len + 1));
	EXPECT_EQ(0, set(self->fd, TLS_PRIVATE_KEY, key, key_len + 1));
	EXPECT_EQ(0, set(self->fd, TLS_TRUSTED_PEER_CERTIFICATES, root, root_len + 1));
}

TEST_F(option, every_format_of_a_key)
{
	static const char * const pairs[][2] = {
		{ "p256.chain.pem", "p256.sec1.key.pem" },
		{ "rsa.chain.pem", "rsa.pkcs1.key.pem" },
		{ "rsa4096.chain.pem", "rsa4096.key.pem" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(pairs); i++) {
		int fd = tls_socket(variant->family, 0);

		EXPECT_EQ(0, tls_set_str(fd, TLS_CERTIFICATE_CHAIN, pki_file(pairs[i][0])))
			TH_LOG("%s: %m", pairs[i][0]);
		EXPECT_EQ(0, tls_set_str(fd, TLS_PRIVATE_KEY, pki_file(pairs[i][1])))
			TH_LOG("%s: %m", pairs[i][1]);
		close(fd);
	}
	/* There is nobody to ask for a password. */
	EXPECT_EQ(-1, tls_set_str(self->fd, TLS_PRIVATE_KEY, pki_file("p256.enc.key.pem")));
	EXPECT_TRUE(errno == EINVAL || errno == EOPNOTSUPP)
		TH_LOG("%m");
}

TEST_F(option, the_wrong_kind_of_file)
{
	static const char junk[] = "-----BEGIN CERTIFICATE-----\nnot base 64!\n"
				   "-----END CERTIFICATE-----\n";
	static const char empty[] = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n";
	static const char half[] = "-----BEGIN CERTIFICATE-----\nMIIB";
	static const char zeros[] = "-----BEGIN CERTIFICATE-----\nAAAAAAAAAAAA\n"
				    "-----END CERTIFICATE-----\n";
	static const char * const texts[] = { junk, empty, half, zeros };
	static const int options[] = { TLS_CERTIFICATE_CHAIN, TLS_PRIVATE_KEY,
				       TLS_TRUSTED_PEER_CERTIFICATES };
	size_t i, j;

	EXPECT_EQ(-1, tls_set_str(self->fd, TLS_CERTIFICATE_CHAIN, pki_file("p256.key.pem")));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, tls_set_str(self->fd, TLS_PRIVATE_KEY, pki_file("p256.chain.pem")));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, tls_set_str(self->fd, TLS_TRUSTED_PEER_CERTIFICATES,
				  pki_file("p256.key.pem")));
	EXPECT_EQ(EINVAL, errno);
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		for (j = 0; j < ARRAY_SIZE(options); j++) {
			EXPECT_EQ(-1, tls_set_str(self->fd, options[j], texts[i]))
				TH_LOG("text %zu, option %d", i, options[j]);
			EXPECT_EQ(EINVAL, errno);
		}
	}
	/* After all that, the good ones are still taken. */
	EXPECT_EQ(0, tls_set_str(self->fd, TLS_CERTIFICATE_CHAIN, pki_file("p256.chain.pem")));
	EXPECT_EQ(0, tls_set_str(self->fd, TLS_PRIVATE_KEY, pki_file("p256.key.pem")));
}

TEST_F(option, too_big)
{
	size_t len = 2 << 20;
	char *big = malloc(len);

	memset(big, 'A', len);
	memcpy(big, "-----BEGIN CERTIFICATE-----\n", 28);
	EXPECT_EQ(-1, set(self->fd, TLS_CERTIFICATE_CHAIN, big, len));
	EXPECT_EQ(E2BIG, errno);
	EXPECT_EQ(-1, set(self->fd, TLS_PRIVATE_KEY, big, 65536));
	EXPECT_EQ(E2BIG, errno);
	EXPECT_EQ(-1, set(self->fd, TLS_TRUSTED_PEER_CERTIFICATES, big, len));
	EXPECT_EQ(E2BIG, errno);
	free(big);
}

/* A certificate that is its own issuer makes a chain of any length. */
TEST_F(option, more_certificates_than_a_chain_has)
{
	char one[4096], *many = calloc(11, sizeof(one));
	size_t len = slurp("root.pem", one, sizeof(one));
	int i;

	for (i = 0; i < 11; i++)
		strcat(many, one);
	EXPECT_EQ(-1, set(self->fd, TLS_CERTIFICATE_CHAIN, many, 11 * len));
	EXPECT_EQ(E2BIG, errno);
	EXPECT_EQ(0, set(self->fd, TLS_CERTIFICATE_CHAIN, many, 10 * len));
	free(many);
}

/* RFC 8446 4.4.2: each certificate is followed by that of its issuer. */
TEST_F(option, chain_out_of_order)
{
	char text[16384];
	size_t len = slurp("p256.pem", text, sizeof(text));

	len += slurp("p384.pem", text + len, sizeof(text) - len);
	EXPECT_EQ(-1, set(self->fd, TLS_CERTIFICATE_CHAIN, text, len));
	EXPECT_EQ(EINVAL, errno);
}

/* Paths are opened as the caller, and nothing but a file is read. */
TEST_F(option, paths)
{
	static const int options[] = { TLS_CERTIFICATE_CHAIN, TLS_PRIVATE_KEY,
				       TLS_TRUSTED_PEER_CERTIFICATES };
	char key[16384], *path, nul[] = "/etc/hosts\0x";
	size_t len = slurp("p256.key.pem", key, sizeof(key)), i;
	char *long_path = malloc(8192);
	pid_t child;
	int status;

	memset(long_path, 'a', 8191);
	long_path[8191] = 0;
	for (i = 0; i < ARRAY_SIZE(options); i++) {
		EXPECT_EQ(-1, tls_set_str(self->fd, options[i], "/no/such/file"));
		EXPECT_EQ(ENOENT, errno);
		EXPECT_EQ(-1, tls_set_str(self->fd, options[i], "/etc/hosts/x"));
		EXPECT_EQ(ENOTDIR, errno);
		EXPECT_EQ(-1, tls_set_str(self->fd, options[i], "/tmp"));
		EXPECT_TRUE(errno == EINVAL || errno == EISDIR)
			TH_LOG("%m");
		EXPECT_EQ(-1, tls_set_str(self->fd, options[i], "/dev/zero"));
		EXPECT_EQ(EINVAL, errno);
		EXPECT_EQ(-1, tls_set_str(self->fd, options[i], "/etc/hosts"));
		EXPECT_EQ(EINVAL, errno);
		EXPECT_EQ(-1, set(self->fd, options[i], nul, sizeof(nul)));
		EXPECT_EQ(EINVAL, errno);
		EXPECT_EQ(-1, tls_set_str(self->fd, options[i], long_path));
		EXPECT_EQ(ENAMETOOLONG, errno);
		EXPECT_EQ(-1, tls_set_str(self->fd, options[i], ""));
		EXPECT_EQ(EINVAL, errno);
	}
	free(long_path);

	path = temporary(key, len, 0600);
	ASSERT_NE(NULL, path);
	EXPECT_EQ(0, tls_set_str(self->fd, TLS_PRIVATE_KEY, path));
	child = fork();
	if (!child) {
		/* The socket is root's, the caller is not. */
		if (setuid(65534))
			_exit(1);
		if (!tls_set_str(self->fd, TLS_PRIVATE_KEY, path) || errno != EACCES)
			_exit(2);
		_exit(0);
	}
	waitpid(child, &status, 0);
	EXPECT_EQ(0, status);
	unlink(path);
}

/* A relative path is relative to the caller's directory. */
TEST_F(option, relative_path)
{
	char dir[512];
	int here = open(".", O_PATH);

	snprintf(dir, sizeof(dir), "%s", pki_file(""));
	ASSERT_EQ(0, chdir(dir));
	EXPECT_EQ(0, tls_set_str(self->fd, TLS_CERTIFICATE_CHAIN, "p256.chain.pem"));
	EXPECT_EQ(0, tls_set_str(self->fd, TLS_PRIVATE_KEY, "./p256.key.pem"));
	ASSERT_EQ(0, fchdir(here));
	close(here);
}

/* ------------------------------------------------------------- versions of TLS */

static int set_version(int fd, int option, const char *version)
{
	return tls_set_str(fd, option, version) ? errno : 0;
}

TEST_F(option, version_bounds)
{
	int fd = self->fd;

	EXPECT_STREQ("TLSv1.2", tls_get_str(fd, TLS_VERSION_MIN));
	EXPECT_STREQ("TLSv1.3", tls_get_str(fd, TLS_VERSION_MAX));
	EXPECT_EQ(0, set_version(fd, TLS_VERSION_MIN, "TLSv1.3"));
	EXPECT_STREQ("TLSv1.3", tls_get_str(fd, TLS_VERSION_MIN));
	/* Something must be left. */
	EXPECT_EQ(EINVAL, set_version(fd, TLS_VERSION_MAX, "TLSv1.2"));
	EXPECT_STREQ("TLSv1.3", tls_get_str(fd, TLS_VERSION_MAX));
	EXPECT_EQ(0, set_version(fd, TLS_VERSION_MIN, "TLSv1.2"));
	EXPECT_EQ(0, set_version(fd, TLS_VERSION_MAX, "TLSv1.2"));
	EXPECT_EQ(EINVAL, set_version(fd, TLS_VERSION_MIN, "TLSv1.3"));
	EXPECT_STREQ("TLSv1.2", tls_get_str(fd, TLS_VERSION_MAX));
	/* The final NUL may be missing. */
	EXPECT_EQ(0, set(fd, TLS_VERSION_MAX, "TLSv1.3", 7));
	EXPECT_STREQ("TLSv1.3", tls_get_str(fd, TLS_VERSION_MAX));
}

/* TLS_1_2 and TLS_1_3 of the header that came with the API's first implementation */
TEST_F(option, version_as_a_number)
{
	static const int nonsense[] = { 0, 1, 4, -1, 0x303, 0x304, 2 << 24 };
	int fd = self->fd, version = 3;
	size_t i;

	EXPECT_EQ(0, set(fd, TLS_VERSION_MIN, &version, sizeof(version)));
	EXPECT_STREQ("TLSv1.3", tls_get_str(fd, TLS_VERSION_MIN));
	version = 2;
	EXPECT_EQ(-1, set(fd, TLS_VERSION_MAX, &version, sizeof(version)));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(0, set(fd, TLS_VERSION_MIN, &version, sizeof(version)));
	EXPECT_STREQ("TLSv1.2", tls_get_str(fd, TLS_VERSION_MIN));
	EXPECT_EQ(0, set(fd, TLS_VERSION_MAX, &version, sizeof(version)));
	EXPECT_STREQ("TLSv1.2", tls_get_str(fd, TLS_VERSION_MAX));
	for (i = 0; i < ARRAY_SIZE(nonsense); i++) {
		EXPECT_EQ(-1, set(fd, TLS_VERSION_MAX, &nonsense[i], sizeof(int)));
		EXPECT_EQ(EINVAL, errno);
	}
}

TEST_F(option, version_nonsense)
{
	static const char * const nonsense[] = {
		"", "TLS", "TLSv1", "TLSv1.0", "TLSv1.1", "TLSv1.4", "tlsv1.2", "TLSv1.2 ",
		"TLSv1.2\n", "1.2", "SSLv3",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(nonsense); i++) {
		EXPECT_EQ(EINVAL, set_version(self->fd, TLS_VERSION_MIN, nonsense[i]));
		EXPECT_EQ(EINVAL, set_version(self->fd, TLS_VERSION_MAX, nonsense[i]));
	}
	EXPECT_EQ(-1, set(self->fd, TLS_VERSION_MIN, "TLSv1.3\0\0", 9));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, set(self->fd, TLS_VERSION_MIN, "TLSv1.3", 0));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(E2BIG, set_version(self->fd, TLS_VERSION_MIN, "TLSv1.2TLSv1.2TLSv1.2"));
	EXPECT_STREQ("TLSv1.2", tls_get_str(self->fd, TLS_VERSION_MIN));
	EXPECT_STREQ("TLSv1.3", tls_get_str(self->fd, TLS_VERSION_MAX));
}

/* What a client with these bounds agrees on with a server that has @version only */
static const char *agree(const char *min, const char *max, enum peer_version version, int *err)
{
	struct peer_config cfg = {
		.server = true,
		.version = version,
		.cert = pki_file("p256.chain.pem"),
		.key = pki_file("p256.key.pem"),
	};
	int port = 0, lfd = tcp_listen(AF_INET, &port), fd = tls_client(AF_INET, SOCK_NONBLOCK);
	const char *agreed = "nothing";
	struct peer *peer;
	char byte;

	if (min)
		set_version(fd, TLS_VERSION_MIN, min);
	if (max)
		set_version(fd, TLS_VERSION_MAX, max);
	tls_connect_fd(fd, AF_INET, port);
	peer = peer_new(PEER_OPENSSL, &cfg, accept(lfd, NULL, NULL));
	if (peer_handshake(peer))
		shutdown(peer->fd, SHUT_WR);
	poll_wait(fd, POLLOUT);
	*err = so_error(fd);
	if (!*err)
		agreed = tls_get_str(fd, TLS_VERSION_CONN);
	else
		while (recv(peer->fd, &byte, 1, MSG_DONTWAIT) > 0)
			;
	close(fd);
	close(lfd);
	peer_free(peer);
	return agreed;
}

TEST(version_bounds_hold)
{
	int err;

	EXPECT_STREQ("TLSv1.2", agree(NULL, NULL, PEER_TLS12, &err));
	EXPECT_STREQ("TLSv1.3", agree(NULL, NULL, PEER_TLS13, &err));
	EXPECT_STREQ("nothing", agree("TLSv1.3", NULL, PEER_TLS12, &err));
	EXPECT_EQ(EPROTO, err);
	EXPECT_STREQ("TLSv1.3", agree("TLSv1.3", NULL, PEER_TLS13, &err));
	EXPECT_STREQ("TLSv1.2", agree(NULL, "TLSv1.2", PEER_TLS12, &err));
	EXPECT_STREQ("nothing", agree(NULL, "TLSv1.2", PEER_TLS13, &err));
	EXPECT_EQ(EPROTO, err);
}

/* A listener's bounds are those of its connections. */
TEST(version_bounds_are_inherited)
{
	struct peer_config cfg = { .ca = pki_file("root.pem"), .name = SERVER_NAME };
	struct sockaddr_storage ss;
	socklen_t len = loopback(&ss, AF_INET, 0);
	int lfd = tls_socket(AF_INET, 0), fd;
	struct peer *p;

	ASSERT_EQ(0, tls_set_str(lfd, TLS_CERTIFICATE_CHAIN, pki_file("p256.chain.pem")));
	ASSERT_EQ(0, tls_set_str(lfd, TLS_PRIVATE_KEY, pki_file("p256.key.pem")));
	ASSERT_EQ(0, set_version(lfd, TLS_VERSION_MAX, "TLSv1.2"));
	ASSERT_EQ(0, bind(lfd, (struct sockaddr *)&ss, len));
	ASSERT_EQ(0, listen(lfd, 5));
	EXPECT_EQ(EOPNOTSUPP, set_version(lfd, TLS_VERSION_MIN, "TLSv1.2"));
	cfg.version = PEER_TLS13;
	p = peer_new(PEER_OPENSSL, &cfg, tcp_connect(AF_INET, local_port(lfd)));
	EXPECT_EQ(PEER_ERROR, peer_handshake(p));
	EXPECT_EQ(70, p->alert);	/* protocol_version */
	peer_free(p);
	cfg.version = PEER_TLS12;
	p = peer_new(PEER_OPENSSL, &cfg, tcp_connect(AF_INET, local_port(lfd)));
	EXPECT_EQ(0, peer_handshake(p))
		TH_LOG("%s", p->error);
	fd = accept(lfd, NULL, NULL);
	ASSERT_LE(0, fd);
	EXPECT_STREQ("TLSv1.2", tls_get_str(fd, TLS_VERSION_CONN));
	EXPECT_EQ(NULL, tls_get_str(fd, TLS_VERSION_MAX));
	EXPECT_EQ(EOPNOTSUPP, errno);
	EXPECT_EQ(EOPNOTSUPP, set_version(fd, TLS_VERSION_MAX, "TLSv1.3"));
	peer_free(p);
	close(fd);
	close(lfd);
}

/* -------------------------------------------------------------------- too late */

FIXTURE(late)
{
	struct link l;
};

FIXTURE_VARIANT(late)
{
	bool server;
};

FIXTURE_VARIANT_ADD(late, client) { .server = false };
FIXTURE_VARIANT_ADD(late, server) { .server = true };

FIXTURE_SETUP(late)
{
	struct link_config cfg = { .family = AF_INET, .server = variant->server };

	link_try(&self->l, &cfg);
	ASSERT_EQ(0, self->l.err)
		TH_LOG("%s (%s)", strerror(self->l.err), self->l.error);
}

FIXTURE_TEARDOWN(late)
{
	link_close(&self->l);
}

TEST_F(late, connection_takes_nothing_new)
{
	int fd = self->l.fd;

	EXPECT_EQ(-1, tls_set_str(fd, TLS_REMOTE_HOSTNAME, "other.test"));
	EXPECT_EQ(EOPNOTSUPP, errno);
	EXPECT_EQ(-1, tls_set_str(fd, TLS_TRUSTED_PEER_CERTIFICATES, pki_file("root.pem")));
	EXPECT_EQ(EOPNOTSUPP, errno);
	EXPECT_EQ(-1, tls_set_str(fd, TLS_CERTIFICATE_CHAIN, pki_file("rsa.chain.pem")));
	EXPECT_EQ(EOPNOTSUPP, errno);
	EXPECT_EQ(-1, tls_set_str(fd, TLS_PRIVATE_KEY, pki_file("rsa.key.pem")));
	EXPECT_EQ(EOPNOTSUPP, errno);
}

TEST_F(late, what_is_absent)
{
	refuses_what_is_absent(_metadata, self->l.fd);
}

TEST_F(late, connection_tells)
{
	int fd = self->l.fd;

	EXPECT_STREQ("TLSv1.3", tls_get_str(fd, TLS_VERSION_CONN));
	EXPECT_STREQ(peer_suite(self->l.peer), tls_get_str(fd, TLS_CHOSEN_CIPHER));
	EXPECT_NE(NULL, tls_get_str(fd, TLS_NEGOTIATED_GROUP));
	EXPECT_STREQ("no error", tls_error(fd));
	EXPECT_STREQ(SERVER_NAME,
		     tls_get_str(fd, variant->server ? TLS_HOSTNAME : TLS_REMOTE_HOSTNAME));
}

/* A listener's certificate can be renewed; half a pair does not harm it. */
TEST(listener_renews_its_certificate)
{
	struct peer_config cfg = { .ca = pki_file("root.pem"), .name = SERVER_NAME };
	int port = 0, lfd, fd, round;
	struct peer *p;

	lfd = tls_listen(AF_INET, &port, pki_file("wrong-name.chain.pem"),
			 pki_file("wrong-name.key.pem"));
	ASSERT_LE(0, lfd);
	for (round = 0; round < 2; round++) {
		p = peer_new(PEER_OPENSSL, &cfg, tcp_connect(AF_INET, port));
		EXPECT_EQ(round ? 0 : PEER_ERROR, peer_handshake(p))
			TH_LOG("round %d: %s", round, p->error);
		peer_free(p);
		if (round)
			break;
		EXPECT_EQ(0, tls_set_str(lfd, TLS_CERTIFICATE_CHAIN, pki_file("rsa.chain.pem")));
		EXPECT_EQ(0, tls_set_str(lfd, TLS_PRIVATE_KEY, pki_file("rsa.key.pem")));
	}
	fd = accept(lfd, NULL, NULL);
	EXPECT_LE(0, fd);
	close(fd);
	close(lfd);
}

/* What a listener has been told holds for its connections. */
TEST(options_of_a_listener_are_inherited)
{
	struct peer_config cfg = { .ca = pki_file("root.pem"), .name = SERVER_NAME };
	int port = 0, lfd, fd, one = 1, value = 0, size = 0;
	socklen_t len = sizeof(value);
	struct peer *p;

	lfd = tls_listen(AF_INET, &port, pki_file("p256.chain.pem"), pki_file("p256.key.pem"));
	ASSERT_EQ(0, setsockopt(lfd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one)));
	ASSERT_EQ(0, setsockopt(lfd, SOL_TCP, TCP_NODELAY, &one, sizeof(one)));
	p = peer_new(PEER_OPENSSL, &cfg, tcp_connect(AF_INET, port));
	ASSERT_EQ(0, peer_handshake(p));
	fd = accept(lfd, NULL, NULL);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &value, &len));
	EXPECT_EQ(1, value);
	len = sizeof(size);
	EXPECT_EQ(0, getsockopt(fd, SOL_TCP, TCP_NODELAY, &size, &len));
	EXPECT_EQ(1, size);
	close(fd);
	close(lfd);
	peer_free(p);
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 1);
}
