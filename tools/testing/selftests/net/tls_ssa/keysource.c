// SPDX-License-Identifier: GPL-2.0
/*
 * Where certificates and keys come from: files, which are read with the caller's
 * rights and in the caller's mount namespace, and the kernel's keyrings.
 */
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <linux/types.h>
#include <sched.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <openssl/pem.h>
#include "harness.h"
#include "lib.h"
#include "ca.h"

#define NOBODY	65534
#define SOMEONE	4711

static const int options[] = { TLS_CERTIFICATE_CHAIN, TLS_PRIVATE_KEY,
			       TLS_TRUSTED_PEER_CERTIFICATES };

/* 0 or errno */
static int set(int fd, int option, const char *value)
{
	return tls_set_str(fd, option, value) ? errno : 0;
}

static int new_socket(void)
{
	return tls_socket(AF_INET, SOCK_CLOEXEC);
}

/* Does a socket with this chain take this key? 0 or errno */
static int pair(const char *chain, const char *key)
{
	int fd = new_socket(), err;

	err = set(fd, TLS_CERTIFICATE_CHAIN, chain);
	if (!err)
		err = set(fd, TLS_PRIVATE_KEY, key);
	close(fd);
	return err;
}

FIXTURE(files)
{
	struct ca *ca;
	char *chain;		/* text */
	char dir[64];
	int fd;
};

static const char *in(FIXTURE_DATA(files) *self, const char *name)
{
	static char path[2][256];
	static int turn;

	turn ^= 1;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s", self->dir, name);
	return path[turn];
}

static int save(const char *path, const void *data, size_t len, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600), err;

	err = fd < 0 || write(fd, data, len) != (ssize_t)len || fchmod(fd, mode);
	close(fd);
	return err;
}

FIXTURE_SETUP(files)
{
	const char *key;

	self->ca = ca_new("Authority of the test");
	self->chain = ca_issue(self->ca, CA_P256, "a.test", 10);
	strcpy(self->dir, "/tmp/tls_ssa-key-XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	ASSERT_EQ(0, chmod(self->dir, 0755));
	key = ca_key(self->ca, CA_P256);
	ASSERT_EQ(0, save(in(self, "chain"), self->chain, strlen(self->chain), 0644));
	ASSERT_EQ(0, save(in(self, "key"), key, strlen(key), 0600));
	self->fd = new_socket();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(files)
{
	char command[128];

	close(self->fd);
	snprintf(command, sizeof(command), "rm -rf %s", self->dir);
	EXPECT_EQ(0, system(command));
	free(self->chain);
	ca_free(self->ca);
}

/* ---------------------------------------------------------------- what is read */

TEST_F(files, good_ones)
{
	EXPECT_EQ(0, pair(in(self, "chain"), in(self, "key")));
	EXPECT_EQ(0, symlink("key", in(self, "link")));
	EXPECT_EQ(0, pair(in(self, "chain"), in(self, "link")));
	EXPECT_EQ(0, chdir(self->dir));
	EXPECT_EQ(0, pair("chain", "./key"));
	EXPECT_EQ(0, chdir("/"));
}

/* What is no regular file is not even opened. None of these may hang. */
TEST_F(files, other_things_than_files)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int sock = socket(AF_UNIX, SOCK_STREAM, 0), fifo;
	const char *path;
	size_t i;

	ASSERT_EQ(0, mkfifo(in(self, "fifo"), 0666));
	path = in(self, "socket");
	memcpy(un.sun_path, path, strlen(path) + 1);
	ASSERT_EQ(0, bind(sock, (struct sockaddr *)&un, sizeof(un)));
	ASSERT_EQ(0, symlink("fifo", in(self, "to-fifo")));
	ASSERT_EQ(0, symlink("loop", in(self, "loop")));
	ASSERT_EQ(0, symlink("nothing", in(self, "dangling")));
	ASSERT_EQ(0, save(in(self, "empty"), "", 0, 0644));
	for (i = 0; i < ARRAY_SIZE(options); i++) {
		EXPECT_EQ(EINVAL, set(self->fd, options[i], in(self, "fifo")));
		EXPECT_EQ(EINVAL, set(self->fd, options[i], in(self, "to-fifo")));
		EXPECT_EQ(EINVAL, set(self->fd, options[i], in(self, "socket")));
		EXPECT_EQ(EINVAL, set(self->fd, options[i], in(self, "empty")));
		EXPECT_EQ(EINVAL, set(self->fd, options[i], "/dev/zero"));
		EXPECT_EQ(EINVAL, set(self->fd, options[i], "/dev/null"));
		EXPECT_EQ(EINVAL, set(self->fd, options[i], "/dev/random"));
		EXPECT_EQ(EINVAL, set(self->fd, options[i], "/dev/console"));
		EXPECT_EQ(EINVAL, set(self->fd, options[i], "/dev/ptmx"));
		EXPECT_EQ(EISDIR, set(self->fd, options[i], "/"));
		EXPECT_EQ(EISDIR, set(self->fd, options[i], self->dir));
		EXPECT_EQ(ELOOP, set(self->fd, options[i], in(self, "loop")));
		EXPECT_EQ(ENOENT, set(self->fd, options[i], in(self, "dangling")));
		EXPECT_EQ(ENOENT, set(self->fd, options[i], in(self, "nothing")));
		EXPECT_EQ(ENOTDIR, set(self->fd, options[i], in(self, "key/x")));
	}
	/* A FIFO with a writer behind it is not read either. */
	fifo = open(in(self, "fifo"), O_RDWR);
	ASSERT_LE(0, fifo);
	ASSERT_EQ(5, write(fifo, "bytes", 5));
	EXPECT_EQ(EINVAL, set(self->fd, TLS_PRIVATE_KEY, in(self, "fifo")));
	EXPECT_TRUE(poll_one(fifo, POLLIN, 0) & POLLIN);
	close(fifo);
	close(sock);
	/* After all that, the good ones are still taken. */
	EXPECT_EQ(0, set(self->fd, TLS_CERTIFICATE_CHAIN, in(self, "chain")));
	EXPECT_EQ(0, set(self->fd, TLS_PRIVATE_KEY, in(self, "key")));
}

TEST_F(files, sizes)
{
	static const struct {
		int option;
		off_t max;
	} limits[] = {
		{ TLS_CERTIFICATE_CHAIN, 256 * 1024 },
		{ TLS_PRIVATE_KEY, 16384 },
		{ TLS_TRUSTED_PEER_CERTIFICATES, 1024 * 1024 },
	};
	char *padded;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(limits); i++) {
		ASSERT_EQ(0, save(in(self, "big"), "", 0, 0644));
		ASSERT_EQ(0, truncate(in(self, "big"), limits[i].max + 1));
		EXPECT_EQ(E2BIG, set(self->fd, limits[i].option, in(self, "big")));
		/* Of that size something is read: NULs, which are not PEM. */
		ASSERT_EQ(0, truncate(in(self, "big"), limits[i].max));
		EXPECT_EQ(EINVAL, set(self->fd, limits[i].option, in(self, "big")));
		unlink(in(self, "big"));
	}
	/* Sparse, and larger than memory */
	ASSERT_EQ(0, save(in(self, "sparse"), "", 0, 0644));
	ASSERT_EQ(0, truncate(in(self, "sparse"), 1LL << 40));
	EXPECT_EQ(E2BIG, set(self->fd, TLS_CERTIFICATE_CHAIN, in(self, "sparse")));
	/* The largest one that is taken: the chain behind a comment */
	padded = malloc(limits[0].max);
	memset(padded, '\n', limits[0].max);
	memcpy(padded + limits[0].max - strlen(self->chain), self->chain, strlen(self->chain));
	ASSERT_EQ(0, save(in(self, "padded"), padded, limits[0].max, 0644));
	EXPECT_EQ(0, pair(in(self, "padded"), in(self, "key")));
	free(padded);
}

/* A NUL is never the end of what is checked and not of what is used. */
TEST_F(files, nuls)
{
	size_t len = strlen(self->chain), i;
	char *text = malloc(len + 8);
	char path[300];

	memcpy(text, self->chain, len);
	memcpy(text + len, "\0\0", 2);
	snprintf(path, sizeof(path), "%s%cx", in(self, "chain"), 0);
	for (i = 0; i < ARRAY_SIZE(options); i++) {
		EXPECT_EQ(-1, setsockopt(self->fd, IPPROTO_TLS, options[i], text, len + 2));
		EXPECT_EQ(EINVAL, errno);
		EXPECT_EQ(-1, setsockopt(self->fd, IPPROTO_TLS, options[i], path,
					 strlen(path) + 2));
		EXPECT_EQ(EINVAL, errno);
	}
	EXPECT_EQ(0, setsockopt(self->fd, IPPROTO_TLS, TLS_CERTIFICATE_CHAIN, text, len + 1));
	/* In the middle of the base 64 of a file */
	text[len / 2] = 0;
	ASSERT_EQ(0, save(in(self, "nul"), text, len, 0644));
	EXPECT_EQ(EINVAL, set(self->fd, TLS_CERTIFICATE_CHAIN, in(self, "nul")));
	free(text);
}

/* Somebody writes to it at this moment: half a key may be in it. */
TEST_F(files, being_written)
{
	int fd = open(in(self, "key"), O_RDWR);

	ASSERT_LE(0, fd);
	EXPECT_EQ(ETXTBSY, pair(in(self, "chain"), in(self, "key")));
	close(fd);
	EXPECT_EQ(0, pair(in(self, "chain"), in(self, "key")));
}

/* ------------------------------------------------------------- who may read it */

/* What a child with other rights gets: errno of setting @path as the key */
static int as(int fd, const char *path, int (*become)(void))
{
	int status, err;
	pid_t child = fork();

	if (!child) {
		if (become())
			_exit(255);
		err = set(fd, TLS_PRIVATE_KEY, path);
		_exit(err);
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int nobody(void)
{
	return setgid(NOBODY) || setuid(NOBODY);
}

static int effectively_nobody(void)
{
	return seteuid(NOBODY);
}

/* What NFS servers do: only accesses to files are nobody's. */
static int nobody_for_files(void)
{
	setfsuid(NOBODY);
	return setfsuid(-1) != NOBODY;
}

/* Only what root may do as a user is left. */
static int root_without_capabilities(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = {};

	return syscall(__NR_capset, &head, none);
}

/* The socket is root's throughout: it is the caller who counts. */
TEST_F(files, callers_rights)
{
	static int (*const becoming[])(void) = {
		nobody, effectively_nobody, nobody_for_files,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(becoming); i++) {
		EXPECT_EQ(EACCES, as(self->fd, in(self, "key"), becoming[i]))
			TH_LOG("number %zu", i);
		/* Of others, and not readable for others */
		ASSERT_EQ(0, chown(in(self, "key"), SOMEONE, SOMEONE));
		EXPECT_EQ(EACCES, as(self->fd, in(self, "key"), becoming[i]));
		/* Their own */
		ASSERT_EQ(0, chown(in(self, "key"), NOBODY, NOBODY));
		EXPECT_EQ(0, as(self->fd, in(self, "key"), becoming[i]));
		/* A directory on the way that they may not pass */
		ASSERT_EQ(0, chmod(self->dir, 0700));
		EXPECT_EQ(EACCES, as(self->fd, in(self, "key"), becoming[i]));
		ASSERT_EQ(0, chmod(self->dir, 0755));
		ASSERT_EQ(0, chown(in(self, "key"), 0, 0));
	}
	ASSERT_EQ(0, chown(in(self, "key"), SOMEONE, SOMEONE));
	EXPECT_EQ(EACCES, as(self->fd, in(self, "key"), root_without_capabilities));
	EXPECT_EQ(0, set(self->fd, TLS_PRIVATE_KEY, in(self, "key")));
}

/* An unreadable file leaves what was set as it was. */
TEST_F(files, unreadable_changes_nothing)
{
	ASSERT_EQ(0, set(self->fd, TLS_CERTIFICATE_CHAIN, in(self, "chain")));
	EXPECT_EQ(EACCES, as(self->fd, in(self, "key"), nobody));
	EXPECT_EQ(0, set(self->fd, TLS_PRIVATE_KEY, in(self, "key")));
}

/* The same path is another file in another mount namespace, or below another root. */
TEST_F(files, callers_namespace)
{
	const char *key = ca_key(self->ca, CA_P256);
	int status;
	pid_t child;

	ASSERT_EQ(0, set(self->fd, TLS_CERTIFICATE_CHAIN, in(self, "chain")));
	child = fork();
	if (!child) {
		if (unshare(CLONE_NEWNS) ||
		    mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		    mount("none", self->dir, "tmpfs", 0, NULL))
			_exit(1);
		if (set(self->fd, TLS_PRIVATE_KEY, in(self, "key")) != ENOENT)
			_exit(2);
		if (save(in(self, "inner"), key, strlen(key), 0600))
			_exit(3);
		/* The chain was read outside, its key is read inside. */
		_exit(set(self->fd, TLS_PRIVATE_KEY, in(self, "inner")) ? 4 : 0);
	}
	waitpid(child, &status, 0);
	EXPECT_EQ(0, status);
	EXPECT_EQ(ENOENT, set(self->fd, TLS_PRIVATE_KEY, in(self, "inner")));

	child = fork();
	if (!child) {
		if (chroot(self->dir) || chdir("/"))
			_exit(1);
		_exit(pair("/chain", "/key"));
	}
	waitpid(child, &status, 0);
	EXPECT_EQ(0, status);
}

/* ------------------------------------------------------------------- keyrings */

FIXTURE(keyring)
{
	struct ca *ca;
	char *chain[CA_KEYS];
};

static long keyctl(int what, long a, long b, long c)
{
	return syscall(__NR_keyctl, what, a, b, c, 0);
}

/* Serial number or -1 */
static long add_key(const char *type, const char *description, const void *data, size_t len)
{
	return syscall(__NR_add_key, type, description, data, len, KEY_SPEC_SESSION_KEYRING);
}

static const char *by_number(long serial)
{
	static char name[32];

	snprintf(name, sizeof(name), "key:%ld", serial);
	return name;
}

FIXTURE_SETUP(keyring)
{
	int i;

	self->ca = ca_new("Authority of the test");
	for (i = 0; i < CA_KEYS; i++)
		self->chain[i] = ca_issue(self->ca, i, "a.test", 20 + i);
	ASSERT_LT(0, keyctl(KEYCTL_JOIN_SESSION_KEYRING, 0, 0, 0));
}

FIXTURE_TEARDOWN(keyring)
{
	int i;

	for (i = 0; i < CA_KEYS; i++)
		free(self->chain[i]);
	ca_free(self->ca);
}

/* DER of a key: PKCS#8, or the format of old for its algorithm */
static size_t der_of(const char *pem, bool pkcs8, unsigned char der[4096])
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
	unsigned char *p = der;
	int len = pkcs8 ? i2d_PKCS8_PRIV_KEY_INFO(info, &p) : i2d_PrivateKey(key, &p);

	PKCS8_PRIV_KEY_INFO_free(info);
	EVP_PKEY_free(key);
	BIO_free(bio);
	return len;
}

TEST_F(keyring, user_and_logon)
{
	static const char * const types[] = { "user", "logon" };
	char name[64], ref[80];
	unsigned char der[4096];
	long serial;
	size_t len, t;
	int i;

	for (i = 0; i < CA_KEYS; i++) {
		const char *pem = ca_key(self->ca, i);

		for (t = 0; t < ARRAY_SIZE(types); t++) {
			snprintf(name, sizeof(name), "tls:%s-%d", types[t], i);
			snprintf(ref, sizeof(ref), "key:%s", name);
			serial = add_key(types[t], name, pem, strlen(pem));
			ASSERT_LT(0, serial);
			EXPECT_EQ(0, pair(self->chain[i], ref))
				TH_LOG("%s %s", types[t], ca_key_names[i]);
			EXPECT_EQ(0, pair(self->chain[i], by_number(serial)));
			/* The same name with new contents */
			len = der_of(pem, true, der);
			ASSERT_EQ(serial, add_key(types[t], name, der, len));
			EXPECT_EQ(0, pair(self->chain[i], ref));
			len = der_of(pem, false, der);
			ASSERT_EQ(serial, add_key(types[t], name, der, len));
			EXPECT_EQ(0, pair(self->chain[i], by_number(serial)));
			/* That of another certificate */
			EXPECT_EQ(EKEYREJECTED, pair(self->chain[(i + 1) % CA_KEYS], ref));
		}
	}
}

/* The PKCS#8 parser of 6.12 knows RSA. */
TEST_F(keyring, asymmetric)
{
	unsigned char der[4096];
	size_t len = der_of(ca_key(self->ca, CA_RSA), true, der);
	long serial = add_key("asymmetric", "tls server", der, len);
	unsigned char *p = der;
	BIO *bio;
	X509 *cert;

	ASSERT_LT(0, serial)
		TH_LOG("%m: is CONFIG_PKCS8_PRIVATE_KEY_PARSER there?");
	EXPECT_EQ(0, pair(self->chain[CA_RSA], "key:tls server"));
	EXPECT_EQ(0, pair(self->chain[CA_RSA], by_number(serial)));
	EXPECT_EQ(EKEYREJECTED, pair(self->chain[CA_P256], by_number(serial)));

	/* A public key is none. */
	bio = BIO_new_mem_buf(self->chain[CA_RSA], -1);
	cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	serial = add_key("asymmetric", "tls public", der, i2d_X509(cert, &p));
	ASSERT_LT(0, serial)
		TH_LOG("%m: is CONFIG_X509_CERTIFICATE_PARSER there?");
	EXPECT_EQ(EINVAL, pair(self->chain[CA_RSA], by_number(serial)));
	X509_free(cert);
	BIO_free(bio);
}

TEST_F(keyring, not_there)
{
	const char *key = ca_key(self->ca, CA_P256);
	char name[5000] = "key:";
	int fd = new_socket();

	ASSERT_EQ(0, set(fd, TLS_CERTIFICATE_CHAIN, self->chain[CA_P256]));
	EXPECT_EQ(ENOKEY, set(fd, TLS_PRIVATE_KEY, "key:tls:nobody"));
	EXPECT_EQ(ENOKEY, set(fd, TLS_PRIVATE_KEY, "key:2147483647"));
	EXPECT_EQ(EINVAL, set(fd, TLS_PRIVATE_KEY, "key:0"));
	EXPECT_EQ(EINVAL, set(fd, TLS_PRIVATE_KEY, "key:2147483648"));
	EXPECT_EQ(EINVAL, set(fd, TLS_PRIVATE_KEY, "key:99999999999999999999999"));
	EXPECT_EQ(EINVAL, set(fd, TLS_PRIVATE_KEY, "key:"));
	/* The special numbers of keyctl() are none here. */
	EXPECT_EQ(ENOKEY, set(fd, TLS_PRIVATE_KEY, "key:-3"));
	memset(name + 4, 'x', sizeof(name) - 5);
	EXPECT_EQ(EINVAL, set(fd, TLS_PRIVATE_KEY, name));
	/* Only a key can come from there. */
	EXPECT_EQ(ENOENT, set(fd, TLS_CERTIFICATE_CHAIN, "key:tls:chain"));
	/* All that without consequences */
	ASSERT_LT(0, add_key("user", "tls:late", key, strlen(key)));
	EXPECT_EQ(0, set(fd, TLS_PRIVATE_KEY, "key:tls:late"));
	close(fd);
}

TEST_F(keyring, not_a_key)
{
	static const char junk[] = "this is no key at all", seq[] = "\x30\x03\x02\x01\x00";
	char big[16385];
	long serial;

	memset(big, '0', sizeof(big));
	ASSERT_LT(0, add_key("user", "tls:junk", junk, strlen(junk)));
	ASSERT_LT(0, add_key("user", "tls:seq", seq, 5));
	ASSERT_LT(0, add_key("user", "tls:big", big, sizeof(big)));
	EXPECT_EQ(EINVAL, pair(self->chain[CA_P256], "key:tls:junk"));
	EXPECT_EQ(EINVAL, pair(self->chain[CA_P256], "key:tls:seq"));
	EXPECT_EQ(E2BIG, pair(self->chain[CA_P256], "key:tls:big"));
	/* A keyring is a key to the kernel. */
	serial = syscall(__NR_add_key, "keyring", "tls:ring", NULL, 0, KEY_SPEC_SESSION_KEYRING);
	ASSERT_LT(0, serial);
	EXPECT_EQ(EOPNOTSUPP, pair(self->chain[CA_P256], by_number(serial)));
	EXPECT_EQ(ENOKEY, pair(self->chain[CA_P256], "key:tls:ring"));
}

/* The caller's permissions on the key decide: SEARCH, and not READ. */
TEST_F(keyring, permissions)
{
	const char *key = ca_key(self->ca, CA_P256);
	long serial = add_key("user", "tls:mine", key, strlen(key));
	int status;
	pid_t child;

	ASSERT_LT(0, serial);
	ASSERT_EQ(0, keyctl(KEYCTL_SETPERM, serial, 0x08000000 /* possessor: SEARCH */, 0));
	EXPECT_EQ(0, pair(self->chain[CA_P256], "key:tls:mine"));
	EXPECT_EQ(0, pair(self->chain[CA_P256], by_number(serial)));
	child = fork();
	if (!child) {
		/* Another session, in which nobody possesses it */
		if (keyctl(KEYCTL_JOIN_SESSION_KEYRING, 0, 0, 0) < 0)
			_exit(1);
		if (pair(self->chain[CA_P256], by_number(serial)) != EACCES)
			_exit(2);
		if (pair(self->chain[CA_P256], "key:tls:mine") != ENOKEY)
			_exit(3);
		_exit(0);
	}
	waitpid(child, &status, 0);
	EXPECT_EQ(0, status);
	/* READ alone is not enough, even for root. */
	serial = add_key("user", "tls:read", key, strlen(key));
	ASSERT_EQ(0, keyctl(KEYCTL_SETPERM, serial, 0x22000000 /* possessor: READ, SETATTR */, 0));
	EXPECT_EQ(EACCES, pair(self->chain[CA_P256], by_number(serial)));
	EXPECT_NE(0, pair(self->chain[CA_P256], "key:tls:read"));
}

TEST_F(keyring, revoked_and_expired)
{
	const char *key = ca_key(self->ca, CA_P256);
	long serial = add_key("user", "tls:gone", key, strlen(key));
	int err;

	ASSERT_LT(0, serial);
	ASSERT_EQ(0, keyctl(KEYCTL_REVOKE, serial, 0, 0));
	err = pair(self->chain[CA_P256], by_number(serial));
	EXPECT_TRUE(err == EKEYREVOKED || err == ENOKEY)
		TH_LOG("%s", strerror(err));
	EXPECT_NE(0, pair(self->chain[CA_P256], "key:tls:gone"));
	serial = add_key("user", "tls:old", key, strlen(key));
	ASSERT_LT(0, serial);
	ASSERT_EQ(0, keyctl(KEYCTL_SET_TIMEOUT, serial, 1, 0));
	sleep(2);
	err = pair(self->chain[CA_P256], by_number(serial));
	EXPECT_TRUE(err == EKEYEXPIRED || err == ENOKEY)
		TH_LOG("%s", strerror(err));
}

/* It is read when it is set: what becomes of it afterwards does not matter. */
TEST_F(keyring, read_once)
{
	const char *key = ca_key(self->ca, CA_P256);
	long serial = add_key("logon", "tls:once", key, strlen(key));
	struct ca_ask ask = { .name = "a.test" };
	struct sockaddr_storage ss;
	socklen_t len = loopback(&ss, AF_INET, 0);
	struct ca_seen seen;
	int fd = new_socket();
	struct ssl_st *ssl;

	ASSERT_LT(0, serial);
	ASSERT_EQ(0, set(fd, TLS_CERTIFICATE_CHAIN, self->chain[CA_P256]));
	ASSERT_EQ(0, set(fd, TLS_PRIVATE_KEY, "key:tls:once"));
	ASSERT_EQ(0, keyctl(KEYCTL_REVOKE, serial, 0, 0));
	ASSERT_EQ(0, bind(fd, (struct sockaddr *)&ss, len));
	ASSERT_EQ(0, listen(fd, 8));
	ask.port = local_port(fd);
	ssl = ca_ask(self->ca, &ask, &seen);
	EXPECT_NE(NULL, ssl)
		TH_LOG("%s", seen.error);
	EXPECT_EQ(20, seen.serial);
	ca_hang_up(ssl);
	close(fd);
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 1);
}
