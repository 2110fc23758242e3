// SPDX-License-Identifier: GPL-2.0
/*
 * A program that names its private key by path or by the kernel's keyrings never has
 * it: not in its memory, and the kernel tells nobody. The program is a child; who
 * looks for the key is its parent, which has read it from the file only after the
 * child was there. Each way of writing the key is looked for: the numbers in it, from
 * either end, as in a file and in its base 64.
 */
#include <dirent.h>
#include <linux/keyctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include "harness.h"
#include "lib.h"
#include "ca.h"

#define PATTERNS	64
#define PATTERN		24	/* bytes that are looked for */
#define OPTIONS		300

/**
 * struct secret - what is looked for
 * @count: patterns
 * @bytes: the beginning of each
 */
struct secret {
	int count;
	unsigned char bytes[PATTERNS][PATTERN];
};

static void add_pattern(struct secret *s, const void *bytes)
{
	if (s->count == PATTERNS)
		abort();
	memcpy(s->bytes[s->count++], bytes, PATTERN);
}

/* A number, from its middle: as in a file, from the other end, and in hexadecimal */
static void add_number(struct secret *s, const unsigned char *number, size_t len)
{
	unsigned char turned[PATTERN], hex[2 * PATTERN + 1];
	size_t at = len > PATTERN ? (len - PATTERN) / 2 : 0, i;

	add_pattern(s, number + at);
	for (i = 0; i < PATTERN; i++) {
		turned[i] = number[at + PATTERN - 1 - i];
		sprintf((char *)hex + 2 * i, "%02x", number[at + i]);
	}
	add_pattern(s, turned);
	add_pattern(s, hex);
}

/* A part of the PEM text that is of the private numbers, and of nothing in a certificate */
static void add_text(struct secret *s, const char *pem, int type)
{
	const char *body = strchr(pem, '\n') + 1;

	switch (type) {
	case EVP_PKEY_EC:
		add_pattern(s, body + 67);	/* in the second line */
		break;
	case EVP_PKEY_ED25519:
		add_pattern(s, body + 24);
		break;
	default:
		add_pattern(s, strstr(pem, "\n-----END") - 2 * PATTERN);
	}
}

static void learn(struct secret *s, const char *path)
{
	static const char * const names[] = {
		OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2,
		OSSL_PKEY_PARAM_RSA_EXPONENT1, OSSL_PKEY_PARAM_RSA_EXPONENT2,
		OSSL_PKEY_PARAM_RSA_D, OSSL_PKEY_PARAM_PRIV_KEY,
	};
	unsigned char number[1024], raw[32];
	size_t i, len = sizeof(raw);
	FILE *f = fopen(path, "r");
	BIGNUM *bn = NULL;
	EVP_PKEY *key;
	char pem[8192];

	key = PEM_read_PrivateKey(f, NULL, NULL, NULL);
	if (!key)
		abort();
	rewind(f);
	pem[fread(pem, 1, sizeof(pem) - 1, f)] = 0;
	fclose(f);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (EVP_PKEY_get_bn_param(key, names[i], &bn) == 1)
			add_number(s, number, BN_bn2bin(bn, number));
		BN_free(bn);
		bn = NULL;
	}
	if (EVP_PKEY_get_raw_private_key(key, raw, &len) == 1)
		add_number(s, raw, len);
	add_text(s, pem, EVP_PKEY_get_base_id(key));
	EVP_PKEY_free(key);
}

static bool has(const struct secret *s, const void *bytes, size_t len)
{
	int i;

	for (i = 0; i < s->count; i++)
		if (memmem(bytes, len, s->bytes[i], PATTERN))
			return true;
	return false;
}

/* Does the process's memory have it? -1: it could not be read. */
static int in_memory_of(pid_t pid, const struct secret *s, size_t *bytes)
{
	char line[512], *buf = malloc(1 << 20);
	int mem, found = 0;
	FILE *maps;

	*bytes = 0;
	snprintf(line, sizeof(line), "/proc/%d/mem", pid);
	mem = open(line, O_RDONLY);
	snprintf(line, sizeof(line), "/proc/%d/maps", pid);
	maps = fopen(line, "r");
	if (mem < 0 || !maps)
		return -1;
	while (fgets(line, sizeof(line), maps)) {
		unsigned long from, to;
		char access[8];
		ssize_t n;

		if (sscanf(line, "%lx-%lx %7s", &from, &to, access) != 3 || access[0] != 'r' ||
		    strstr(line, "[vvar]") || strstr(line, "[vsyscall]"))
			continue;
		/* Pieces overlap: what is looked for may be on both sides of a border. */
		for (; from < to; from += n > PATTERN ? n - PATTERN : n) {
			n = to - from < 1 << 20 ? to - from : 1 << 20;
			n = pread(mem, buf, n, from);
			if (n <= 0)
				break;
			*bytes += n;
			if (has(s, buf, n))
				found = 1;
			if (from + n >= to)
				break;
		}
	}
	fclose(maps);
	close(mem);
	free(buf);
	return found;
}

/* Files that can be read without waiting and without consequences */
static bool is_harmless(const char *path)
{
	static const char * const others[] = { "kmsg", "kcore", "trace_pipe", "kpage", "sysrq",
					       "pagemap", "clear_refs", "/mem", "/task/" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (strstr(path, others[i]))
			return false;
	return true;
}

/* The same for all files below a directory; @depth levels. Counts those it has read. */
static bool in_files_of(const char *dir, int depth, const struct secret *s, int *files)
{
	DIR *d = opendir(dir);
	bool found = false;
	struct dirent *e;

	while (d && (e = readdir(d))) {
		char path[1024], *buf;
		struct stat st;
		ssize_t n;
		int fd;

		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		if (e->d_name[0] == '.' || lstat(path, &st) || !is_harmless(path))
			continue;
		if (S_ISDIR(st.st_mode) && depth)
			found |= in_files_of(path, depth - 1, s, files);
		if (!S_ISREG(st.st_mode))
			continue;
		fd = open(path, O_RDONLY | O_NONBLOCK);
		if (fd < 0)
			continue;
		buf = malloc(1 << 20);
		n = read(fd, buf, 1 << 20);
		if (n > 0) {
			++*files;
			if (has(s, buf, n)) {
				fprintf(stderr, "# %s has it\n", path);
				found = true;
			}
		}
		free(buf);
		close(fd);
	}
	if (d)
		closedir(d);
	return found;
}

/* All options of all levels that a socket could have, their values into @out */
static size_t all_options(int fd, unsigned char *out, size_t size)
{
	static const int levels[] = { IPPROTO_TLS, SOL_TCP, SOL_SOCKET, SOL_IP, SOL_IPV6, 282 };
	size_t used = 0, i;
	int option;

	for (i = 0; i < ARRAY_SIZE(levels); i++) {
		for (option = 0; option < OPTIONS; option++) {
			unsigned char value[16384];
			socklen_t len = sizeof(value);

			memset(value, 0, sizeof(value));
			if (getsockopt(fd, levels[i], option, value, &len))
				len = 64;	/* also what a failure has left there */
			if (used + len > size)
				abort();
			memcpy(out + used, value, len);
			used += len;
		}
	}
	return used;
}

/* ----------------------------------------------------------------- the child */

/**
 * struct child - the program, and the two pipes between it and the test
 * @pid: it
 * @say: the test says: go on
 * @hear: what the program has to show
 */
struct child {
	pid_t pid;
	int say;
	int hear;
};

static void show(int fd, const void *bytes, size_t len)
{
	if (write(fd, &len, sizeof(len)) != sizeof(len))
		_exit(20);
	while (len) {
		ssize_t n = write(fd, bytes, len);

		if (n <= 0)
			_exit(21);
		bytes = (const char *)bytes + n;
		len -= n;
	}
}

static void wait_for(int fd)
{
	char byte;

	if (read(fd, &byte, 1) != 1)
		_exit(22);
}

/*
 * The program: sets chain and key, serves one client that says a byte, and shows what
 * its options are at each step, with the port first.
 */
static void program(int in, int out, const char *chain, const char *key)
{
	unsigned char *values = malloc(8 << 20);
	struct sockaddr_storage ss;
	socklen_t len = loopback(&ss, AF_INET, 0);
	int fd = tls_socket(AF_INET, SOCK_CLOEXEC), conn, port;
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	wait_for(in);
	/* A key alone, and then its chain: what waits is not shown either. */
	if (fd < 0 || tls_set_str(fd, TLS_PRIVATE_KEY, key))
		_exit(10);
	show(out, values, all_options(fd, values, 8 << 20));
	wait_for(in);
	if (tls_set_str(fd, TLS_CERTIFICATE_CHAIN, chain) ||
	    bind(fd, (struct sockaddr *)&ss, len) || listen(fd, 8))
		_exit(11);
	port = local_port(fd);
	show(out, &port, sizeof(port));
	conn = accept(fd, NULL, NULL);
	if (conn < 0 || recv(conn, &byte, 1, 0) != 1 || send(conn, &byte, 1, 0) != 1)
		_exit(12);
	show(out, values, all_options(fd, values, 8 << 20));
	show(out, values, all_options(conn, values, 8 << 20));
	wait_for(in);
	_exit(0);
}

static int start(struct child *c, const char *chain, const char *key)
{
	int in[2], out[2];

	if (pipe(in) || pipe(out))
		return -1;
	c->pid = fork();
	if (!c->pid) {
		close(in[1]);
		close(out[0]);
		program(in[0], out[1], chain, key);
	}
	close(in[0]);
	close(out[1]);
	c->say = in[1];
	c->hear = out[0];
	return c->pid < 0;
}

static void go_on(struct child *c)
{
	if (write(c->say, "!", 1) != 1)
		fprintf(stderr, "# the program is gone\n");
}

/* What it shows, for free(); NULL if it is gone */
static void *hear(struct child *c, size_t *len)
{
	size_t done = 0;
	char *bytes;
	ssize_t n;

	if (read(c->hear, len, sizeof(*len)) != sizeof(*len))
		return NULL;
	bytes = malloc(*len + 1);
	for (; done < *len; done += n) {
		n = read(c->hear, bytes + done, *len - done);
		if (n <= 0) {
			free(bytes);
			return NULL;
		}
	}
	return bytes;
}

static int end(struct child *c)
{
	int status;

	close(c->say);
	close(c->hear);
	waitpid(c->pid, &status, 0);
	return status;
}

/* ------------------------------------------------------------------ the tests */

FIXTURE(leak)
{
	char dir[64];
	char chain[128];
	char key[128];
	struct secret secret;
};

FIXTURE_VARIANT(leak)
{
	enum ca_key key;
	bool keyring;
};

FIXTURE_VARIANT_ADD(leak, path_p256) { .key = CA_P256 };
FIXTURE_VARIANT_ADD(leak, path_rsa) { .key = CA_RSA };
FIXTURE_VARIANT_ADD(leak, path_ed25519) { .key = CA_ED25519 };
FIXTURE_VARIANT_ADD(leak, keyring_p256) { .key = CA_P256, .keyring = true };
FIXTURE_VARIANT_ADD(leak, keyring_rsa) { .key = CA_RSA, .keyring = true };

static void save(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT, mode);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		_exit(1);
	close(fd);
}

/* In a process of its own, which never becomes the program: makes the files. */
static int make_files(const char *dir, enum ca_key kind, bool keyring)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		struct ca *ca = ca_new("Authority of the test");
		char path[128], *chain = ca_issue(ca, kind, "a.test", 1);
		const char *key = ca_key(ca, kind);

		snprintf(path, sizeof(path), "%s/root", dir);
		save(path, ca_root(ca), 0644);
		snprintf(path, sizeof(path), "%s/chain", dir);
		save(path, chain, 0644);
		snprintf(path, sizeof(path), "%s/key", dir);
		save(path, key, 0600);
		if (keyring && syscall(__NR_add_key, "logon", "tls:leak", key, strlen(key),
				       KEY_SPEC_SESSION_KEYRING) < 0)
			_exit(2);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return status;
}

FIXTURE_SETUP(leak)
{
	ASSERT_LT(0, syscall(__NR_keyctl, KEYCTL_JOIN_SESSION_KEYRING, 0, 0, 0, 0));
	strcpy(self->dir, "/tmp/tls_ssa-leak-XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	ASSERT_EQ(0, make_files(self->dir, variant->key, variant->keyring));
	snprintf(self->chain, sizeof(self->chain), "%s/chain", self->dir);
	snprintf(self->key, sizeof(self->key), "%s/key", self->dir);
}

FIXTURE_TEARDOWN(leak)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", self->dir);
	EXPECT_EQ(0, system(command));
}

/* OpenSSL's client, whose peer answers one byte */
static int talk(int port)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	SSL *ssl = SSL_new(ctx);
	int fd = tcp_connect(AF_INET, port), ok;
	char byte = 'x';

	SSL_set_fd(ssl, fd);
	ok = SSL_connect(ssl) == 1 && SSL_write(ssl, &byte, 1) == 1 &&
	     SSL_read(ssl, &byte, 1) == 1;
	SSL_free(ssl);
	SSL_CTX_free(ctx);
	close(fd);
	return !ok;
}

TEST_F(leak, program)
{
	const char *key = variant->keyring ? "key:tls:leak" : self->key;
	size_t len, looked;
	struct child c;
	char proc[64];
	int files = 0;
	void *bytes;

	/* It is forked before the key is known here. */
	ASSERT_EQ(0, start(&c, self->chain, key));
	learn(&self->secret, self->key);
	ASSERT_LE(4, self->secret.count);
	go_on(&c);
	bytes = hear(&c, &len);
	ASSERT_NE(NULL, bytes);
	EXPECT_FALSE(has(&self->secret, bytes, len));
	free(bytes);
	EXPECT_EQ(0, in_memory_of(c.pid, &self->secret, &looked));
	EXPECT_LT(100000, looked);

	go_on(&c);
	bytes = hear(&c, &len);
	ASSERT_NE(NULL, bytes);
	EXPECT_EQ(0, talk(*(int *)bytes));
	free(bytes);
	bytes = hear(&c, &len);		/* the listener's options */
	ASSERT_NE(NULL, bytes);
	EXPECT_FALSE(has(&self->secret, bytes, len));
	free(bytes);
	bytes = hear(&c, &len);		/* the connection's */
	ASSERT_NE(NULL, bytes);
	EXPECT_FALSE(has(&self->secret, bytes, len));
	free(bytes);
	EXPECT_EQ(0, in_memory_of(c.pid, &self->secret, &looked));
	EXPECT_LT(100000, looked);

	/* While socket and connection are there, what the kernel tells of itself */
	EXPECT_FALSE(in_files_of("/proc", 0, &self->secret, &files));
	EXPECT_FALSE(in_files_of("/proc/net", 1, &self->secret, &files));
	EXPECT_FALSE(in_files_of("/proc/sys", 6, &self->secret, &files));
	EXPECT_FALSE(in_files_of("/sys/module/tls_ssa", 3, &self->secret, &files));
	EXPECT_FALSE(in_files_of("/sys/kernel/config", 4, &self->secret, &files));
	snprintf(proc, sizeof(proc), "/proc/%d", c.pid);
	EXPECT_FALSE(in_files_of(proc, 1, &self->secret, &files));
	EXPECT_LT(200, files)
		TH_LOG("%d files", files);
	go_on(&c);
	EXPECT_EQ(0, end(&c));
}

/* That the search finds what is there: a program that has read its key itself */
TEST_F(leak, search_finds_it)
{
	char text[8192];
	struct child c;
	size_t looked;
	int files = 0;
	FILE *f;

	c.pid = fork();
	if (!c.pid) {
		f = fopen(self->key, "r");
		text[fread(text, 1, sizeof(text) - 1, f)] = 0;
		fclose(f);
		for (;;)
			pause();
	}
	learn(&self->secret, self->key);
	while (in_memory_of(c.pid, &self->secret, &looked) == 0)
		usleep(10000);
	EXPECT_EQ(1, in_memory_of(c.pid, &self->secret, &looked));
	kill(c.pid, SIGKILL);
	waitpid(c.pid, NULL, 0);
	/* And in the file itself */
	EXPECT_TRUE(in_files_of(self->dir, 0, &self->secret, &files));
	EXPECT_EQ(3, files);
	EXPECT_EQ(0, unlink(self->key));
	EXPECT_FALSE(in_files_of(self->dir, 0, &self->secret, &files));
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 2);
}
