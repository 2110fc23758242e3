// SPDX-License-Identifier: GPL-2.0
/*
 * One server socket with 1,000 names and 3,000 certificates: each name gets its own,
 * and the choice costs as much as with one name.
 *
 *	manynames		the test
 *	manynames cost		instructions per handshake with one pair and with all of
 *				them. For a guest with "-icount shift=0", where the clock
 *				counts instructions.
 */
#include <openssl/ssl.h>
#include <time.h>
#include "harness.h"
#include "lib.h"
#include "ca.h"

#define NAMES		1000
#define HANDSHAKES	40	/* whose cost is measured */

static int set_text(int fd, int option, const char *text)
{
	return setsockopt(fd, IPPROTO_TLS, option, text, strlen(text)) ? errno : 0;
}

static const char *host(int i)
{
	static char name[64];

	/* Every tenth is a wildcard's. */
	snprintf(name, sizeof(name), i % 10 ? "www%d.many.test" : "*.w%d.many.test", i);
	return name;
}

/* A name to ask for, which the certificate of host(i) covers */
static const char *asked(int i)
{
	static char name[64];

	snprintf(name, sizeof(name), i % 10 ? "www%d.many.test" : "any.w%d.many.test", i);
	return name;
}

static long serial_of(int i, enum ca_key key)
{
	return 1000 + i * CA_KEYS + key;
}

static int add(struct ca *ca, int fd, int i, enum ca_key key)
{
	char *chain = ca_issue(ca, key, host(i), serial_of(i, key));
	int err;

	err = set_text(fd, TLS_CERTIFICATE_CHAIN, chain);
	if (!err)
		err = set_text(fd, TLS_PRIVATE_KEY, ca_key(ca, key));
	free(chain);
	return err;
}

static int new_listener(void)
{
	int fd = tls_socket(AF_INET, SOCK_CLOEXEC);
	struct sockaddr_storage ss;
	socklen_t len = loopback(&ss, AF_INET, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&ss, len))
		return -1;
	return fd;
}

/* What this client is shown by the server at @port, which is given no time to talk */
static long shown(struct ca *ca, int port, const char *name, const char *sigalgs)
{
	struct ca_ask ask = {
		.port = port, .name = name, .sigalgs = sigalgs, .any_name = !name,
	};
	struct ca_seen seen;
	SSL *ssl = ca_ask(ca, &ask, &seen);

	if (!ssl)
		fprintf(stderr, "# %s: %s\n", name, seen.error);
	ca_hang_up(ssl);
	return ssl ? seen.serial : 0;
}

static const char *const sigalgs[CA_KEYS] = {
	[CA_P256] = "ecdsa_secp256r1_sha256",
	[CA_RSA] = "rsa_pss_rsae_sha256",
	[CA_ED25519] = "ed25519",
};

static void take_one(int fd)
{
	close(accept(fd, NULL, NULL));
}

TEST(each_name_its_own)
{
	static const int some[] = { 0, 1, 2, 9, 10, 11, 255, 256, 257, 499, 500, 777, 990, 998,
				    999 };
	struct ca *ca = ca_new("Authority of the test");
	int fd = new_listener(), i, port;
	enum ca_key key;
	size_t n;

	ASSERT_LE(0, fd);
	for (i = 0; i < NAMES; i++) {
		for (key = 0; key < CA_KEYS; key++) {
			/* A listener takes more of them while it listens. */
			if (i == NAMES / 2 && !key)
				ASSERT_EQ(0, listen(fd, 64));
			ASSERT_EQ(0, add(ca, fd, i, key))
				TH_LOG("%s, %s: %m", host(i), ca_key_names[key]);
		}
	}
	port = local_port(fd);
	for (n = 0; n < ARRAY_SIZE(some); n++) {
		for (key = 0; key < CA_KEYS; key++) {
			EXPECT_EQ(serial_of(some[n], key),
				  shown(ca, port, asked(some[n]), sigalgs[key]))
				TH_LOG("%s, %s", asked(some[n]), sigalgs[key]);
			take_one(fd);
		}
	}
	/* The default is the first name, whose types of key are three as well. */
	for (key = 0; key < CA_KEYS; key++) {
		EXPECT_EQ(serial_of(0, key), shown(ca, port, NULL, sigalgs[key]));
		take_one(fd);
	}
	close(fd);
	ca_free(ca);
}

/* The number of pairs has an end. */
TEST(too_many)
{
	struct ca *ca = ca_new("Authority of the test");
	char *names = calloc(1, 600 * 64), *chain;
	int fd = new_listener(), i, err = 0, done = 0;

	ASSERT_LE(0, fd);
	/* 600 names each: the limit of names is reached before that of certificates. */
	for (i = 0; i < 80 && !err; i++) {
		int n;

		*names = 0;
		for (n = 0; n < 600; n++)
			sprintf(names + strlen(names), "%sn%d-%d.many.test", n ? "," : "", i, n);
		chain = ca_issue(ca, CA_P256, names, i + 1);
		err = set_text(fd, TLS_CERTIFICATE_CHAIN, chain);
		if (!err)
			err = set_text(fd, TLS_PRIVATE_KEY, ca_key(ca, CA_P256));
		free(chain);
		done += !err;
	}
	EXPECT_EQ(E2BIG, err);
	EXPECT_EQ(54, done);	/* 32768 / 600 */
	/* What was taken before that is in force. */
	ASSERT_EQ(0, listen(fd, 8));
	EXPECT_EQ(54, shown(ca, local_port(fd), "n53-599.many.test", NULL));
	EXPECT_EQ(1, shown(ca, local_port(fd), NULL, NULL));
	close(fd);
	free(names);
	ca_free(ca);
}

/* ---------------------------------------------------------------------- cost */

static long long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

/* Nanoseconds per handshake with one server and the names @from to @from + @names */
static long long measure(struct ca *ca, int fd, int names)
{
	long long begin = 0;
	int i;

	/* The first ones fill caches: they do not count. */
	for (i = -5; i < HANDSHAKES; i++) {
		int n = ((i + 5) * 37 + 1) % names;
		long serial;

		if (!i)
			begin = now();
		serial = shown(ca, local_port(fd), asked(n), sigalgs[CA_P256]);
		if (serial != serial_of(n, CA_P256))
			return -1;
		take_one(fd);
	}
	return (now() - begin) / HANDSHAKES;
}

/* Ten per cent more or less */
static bool about_equal(long long a, long long b)
{
	return a > 0 && b > 0 && b * 10 <= a * 11 && a * 10 <= b * 11;
}

static int cost(void)
{
	struct ca *ca = ca_new("Authority of the test");
	int one = new_listener(), many = new_listener(), i;
	long long with_one, with_many;
	enum ca_key key;
	bool good;

	if (add(ca, one, 0, CA_P256) || listen(one, 8))
		return 1;
	for (i = 0; i < NAMES; i++)
		for (key = 0; key < CA_KEYS; key++)
			if (add(ca, many, i, key))
				return 1;
	if (listen(many, 8))
		return 1;
	with_one = measure(ca, one, 1);
	with_many = measure(ca, many, NAMES);
	good = about_equal(with_one, with_many);
	printf("instructions per handshake, both ends: %lld with 1 certificate, %lld with %d: %s\n",
	       with_one, with_many, NAMES * CA_KEYS,
	       good ? "within 10 %" : "MORE THAN 10 % APART");
	close(one);
	close(many);
	ca_free(ca);
	return !good;
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "cost"))
		return cost();
	return harness_main(argc, argv, 3);
}
