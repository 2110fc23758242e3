// SPDX-License-Identifier: GPL-2.0
/*
 * Certificates are replaced on a listener while clients come: none fails, each is
 * shown one that was in force during its handshake, connections live on, and
 * nothing is left of what was replaced.
 */
#include <openssl/ssl.h>
#include "harness.h"
#include "lib.h"
#include "ca.h"

#define REPLACEMENTS	200
#define CLIENTS		3	/* threads, each with one connection after the other */
#define OLD		8	/* connections that are there from the beginning */
#define WARM_UP		50	/* replacements before memory is looked at */
#define NAMES		400	/* in each certificate, so that a leak is a large one */

static struct ca *ca;
static int lfd, port;
static int current;		/* serial of the pair in force, or about to be */
static int stop;
static int connections;

static int load(const int *p)
{
	return __atomic_load_n(p, __ATOMIC_SEQ_CST);
}

static void store(int *p, int value)
{
	__atomic_store_n(p, value, __ATOMIC_SEQ_CST);
}

static int set_text(int fd, int option, const char *text)
{
	return setsockopt(fd, IPPROTO_TLS, option, text, strlen(text)) ? errno : 0;
}

static char *issue(int serial)
{
	char *names = calloc(1, NAMES * 32), *chain;
	int i;

	for (i = 0; i < NAMES; i++)
		sprintf(names + strlen(names), "%sr%d.rotate.test", i ? "," : "", i);
	chain = ca_issue(ca, serial % 2 ? CA_RSA : CA_P256, names, serial);
	free(names);
	return chain;
}

/*
 * Types of key take turns, and a client can check both: replaced is always the pair
 * before the last one. 0 or errno
 */
static int replace(int serial)
{
	enum ca_key key = serial % 2 ? CA_RSA : CA_P256;
	char *chain = issue(serial);
	int err;

	store(&current, serial);
	if (serial % 3) {
		err = set_text(lfd, TLS_CERTIFICATE_CHAIN, chain);
		if (!err)
			err = set_text(lfd, TLS_PRIVATE_KEY, ca_key(ca, key));
	} else {
		err = set_text(lfd, TLS_PRIVATE_KEY, ca_key(ca, key));
		if (!err)
			err = set_text(lfd, TLS_CERTIFICATE_CHAIN, chain);
	}
	free(chain);
	return err;
}

/* Serves each connection with an echo of one byte after the other. */
static void *echo(void *arg)
{
	int fd = (long)arg;
	char byte;

	while (recv(fd, &byte, 1, 0) == 1 && send(fd, &byte, 1, MSG_NOSIGNAL) == 1)
		;
	close(fd);
	return NULL;
}

static void *accept_all(void *unused)
{
	pthread_attr_t detached;
	pthread_t thread;
	int fd;

	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	while ((fd = accept(lfd, NULL, NULL)) >= 0)
		pthread_create(&thread, &detached, echo, (void *)(long)fd);
	return NULL;
}

/* One connection and a byte there and back; NULL or what went wrong */
static const char *once(const char *name, SSL **left_open)
{
	static __thread char error[300];
	struct ca_ask ask = { .port = port, .name = name };
	int before = load(&current), after;
	struct ca_seen seen;
	char byte = 'x';
	SSL *ssl;

	ssl = ca_ask(ca, &ask, &seen);
	after = load(&current);
	if (!ssl) {
		snprintf(error, sizeof(error), "handshake: %s", seen.error);
		return error;
	}
	if (SSL_write(ssl, &byte, 1) != 1 || SSL_read(ssl, &byte, 1) != 1 || byte != 'x')
		snprintf(error, sizeof(error), "no echo");
	/* The pair being set, that before it, and the last one with the other key */
	else if (seen.serial < before - 2 || seen.serial > after)
		snprintf(error, sizeof(error), "shown %ld, in force were %d to %d", seen.serial,
			 before, after);
	else
		*error = 0;
	if (left_open && !*error)
		*left_open = ssl;
	else
		ca_hang_up(ssl);
	return *error ? error : NULL;
}

static void *client(void *unused)
{
	const char *error;
	char name[64];
	int i = 0;

	while (!load(&stop)) {
		snprintf(name, sizeof(name), "r%d.rotate.test", i++ * 7 % NAMES);
		error = once(name, NULL);
		if (error)
			return strdup(error);
		__atomic_add_fetch(&connections, 1, __ATOMIC_SEQ_CST);
	}
	return NULL;
}

/* KiB of memory that the kernel has taken for itself */
static long kernel_memory(void)
{
	FILE *f = fopen("/proc/meminfo", "r");
	long sum = 0, value;
	char line[128];

	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "SUnreclaim: %ld kB", &value) == 1 ||
		    sscanf(line, "VmallocUsed: %ld kB", &value) == 1)
			sum += value;
	}
	if (f)
		fclose(f);
	return sum;
}

/* The same once nothing is on its way out any more: the least of some looks at it */
static long quiet_memory(void)
{
	long least = kernel_memory(), now;
	int i;

	for (i = 0; i < 40; i++) {
		usleep(50000);
		now = kernel_memory();
		if (now < least)
			least = now;
	}
	return least;
}

static int serve(pthread_t *thread)
{
	struct sockaddr_storage ss;
	socklen_t len = loopback(&ss, AF_INET, 0);

	ca = ca_new("Authority of the test");
	lfd = tls_socket(AF_INET, SOCK_CLOEXEC);
	if (lfd < 0 || bind(lfd, (struct sockaddr *)&ss, len) || replace(1) || replace(2) ||
	    listen(lfd, 64))
		return errno;
	port = local_port(lfd);
	return pthread_create(thread, NULL, accept_all, NULL);
}

static void finish(pthread_t thread)
{
	shutdown(lfd, SHUT_RDWR);
	pthread_join(thread, NULL);
	close(lfd);
	ca_free(ca);
}

TEST(under_load)
{
	pthread_t server, clients[CLIENTS];
	const char *error;
	SSL *old[OLD];
	char byte;
	void *ret = NULL;
	int i;

	ASSERT_EQ(0, serve(&server));
	for (i = 0; i < OLD; i++) {
		error = once("r0.rotate.test", &old[i]);
		ASSERT_EQ(NULL, error)
			TH_LOG("%s", error);
	}
	store(&stop, 0);
	for (i = 0; i < CLIENTS; i++)
		ASSERT_EQ(0, pthread_create(&clients[i], NULL, client, NULL));
	for (i = 3; i < 3 + REPLACEMENTS; i++) {
		int before = load(&connections);

		EXPECT_EQ(0, replace(i))
			TH_LOG("replacement %d: %m", i);
		/* Somebody comes between one and the next, as often as not. */
		while (i % 2 && load(&connections) == before && !load(&stop)) {
			usleep(5000);
			if (!pthread_tryjoin_np(clients[0], &ret))
				store(&stop, 1);
		}
		if (load(&stop))
			break;
	}
	EXPECT_EQ(3 + REPLACEMENTS, i)
		TH_LOG("the first client has ended: %s", (const char *)ret);
	store(&stop, 1);
	for (i = i < 3 + REPLACEMENTS; i < CLIENTS; i++) {
		pthread_join(clients[i], &ret);
		EXPECT_EQ(NULL, ret)
			TH_LOG("%s", (const char *)ret);
		free(ret);
	}
	EXPECT_LE(REPLACEMENTS / 2, load(&connections));
	/* Those from the beginning do not care. */
	for (i = 0; i < OLD; i++) {
		byte = 'a' + i;
		EXPECT_EQ(1, SSL_write(old[i], &byte, 1));
		EXPECT_EQ(1, SSL_read(old[i], &byte, 1));
		EXPECT_EQ('a' + i, byte);
		ca_hang_up(old[i]);
	}
	finish(server);
}

/* 200 replacements of 13 KiB each; a megabyte is less than half of that. */
TEST(memory)
{
	pthread_t server;
	const char *error;
	long before, after;
	int i, tries;

	ASSERT_EQ(0, serve(&server));
	for (i = 3; i < 3 + WARM_UP; i++)
		ASSERT_EQ(0, replace(i));
	error = once("r1.rotate.test", NULL);
	EXPECT_EQ(NULL, error)
		TH_LOG("%s", error);
	before = quiet_memory();
	for (; i < 3 + WARM_UP + REPLACEMENTS; i++)
		ASSERT_EQ(0, replace(i));
	error = once("r1.rotate.test", NULL);
	EXPECT_EQ(NULL, error)
		TH_LOG("%s", error);
	/* Checkers of memory keep what is freed for a while. */
	for (tries = 0; tries < 20; tries++) {
		after = quiet_memory();
		if (after < before + 1024)
			break;
	}
	TH_LOG("the kernel's memory: %ld KiB before, %ld KiB after", before, after);
	if (access("/sys/kernel/debug/kmemleak", F_OK))
		EXPECT_GT(before + 1024, after);
	finish(server);
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 3);
}
