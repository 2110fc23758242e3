// SPDX-License-Identifier: GPL-2.0
/*
 * TCP_ULP "tls_ssa" and what follows, while threads of the same program are inside TCP's
 * operations: they have entered before the upgrade, sleep in the copy of their argument,
 * and go on at a moment that the test chooses. What they do then must neither reach the
 * connection nor anybody else's.
 */
#include <sched.h>
#include <linux/filter.h>
#include <linux/in6.h>
#include <linux/tls.h>
#include "pair.h"
#include "probe.h"
#include "upgrade.h"

#ifndef IPV6_ADDRFORM
#define IPV6_ADDRFORM	1
#endif

#define CPUMASK	"/sys/devices/virtual/workqueue/cpumask"

/* ------------------------------------------------------------------ the call */

/**
 * struct call - a setsockopt() that is held
 * @p: its value is there
 * @urgent: its thread goes before all others of the first CPU
 * @err: 0, or its errno
 */
struct call {
	struct probe p;
	int fd;
	int level;
	int name;
	socklen_t len;
	bool urgent;
	int err;
	pthread_t thread;
};

static void pin(int cpu, int priority)
{
	struct sched_param param = { .sched_priority = priority };
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
	sched_setscheduler(0, priority ? SCHED_FIFO : SCHED_OTHER, &param);
}

static void *call_thread(void *arg)
{
	struct call *c = arg;

	if (c->urgent)
		pin(0, 10);
	c->err = setsockopt(c->fd, c->level, c->name, c->p.page, c->len) ? errno : 0;
	return NULL;
}

/* When this returns, it is inside. */
static int call_begin(struct call *c, const void *value)
{
	if (probe_open(&c->p))
		return -1;
	memcpy(c->p.page, value, c->len);
	if (probe_hold(&c->p))
		return -1;
	pthread_create(&c->thread, NULL, call_thread, c);
	probe_wait(&c->p, 1);
	return 0;
}

/* Its errno */
static int call_end(struct call *c)
{
	probe_let(&c->p);
	pthread_join(c->thread, NULL);
	probe_close(&c->p);
	return c->err;
}

static int family_of(int fd)
{
	int domain = 0;
	socklen_t len = sizeof(domain);

	getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len);
	return domain;
}

/* @c: an IPv6 socket that talks to an IPv4 one */
static int mapped_pair(int *c, int *s)
{
	int port = 0, lfd = tcp_listen(AF_INET, &port);
	struct sockaddr_in6 addr = { .sin6_family = AF_INET6, .sin6_port = htons(port) };

	inet_pton(AF_INET6, "::ffff:127.0.0.1", &addr.sin6_addr);
	*c = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (lfd < 0 || *c < 0 || connect(*c, (struct sockaddr *)&addr, sizeof(addr)))
		return -1;
	*s = accept4(lfd, NULL, NULL, SOCK_CLOEXEC);
	close(lfd);
	return *s < 0 ? -1 : 0;
}

/* Both ends are upgraded, and talk. 0 if all is as it should be. */
static int talk(int c, int s)
{
	char byte = 0;

	return send(c, "!", 1, MSG_NOSIGNAL) == 1 && recv(s, &byte, 1, 0) == 1 &&
	       send(s, &byte, 1, MSG_NOSIGNAL) == 1 && recv(c, &byte, 1, 0) == 1 &&
	       byte == '!' ? 0 : -1;
}

/* -------------------------------------------------- between TCP_ULP and the end */

enum moment {
	UPGRADED,		/* TCP_ULP was called */
	ATTACHED,		/* the handshake waits for the peer */
	DONE,
};

FIXTURE(held)
{
	int c, s;
};

FIXTURE_VARIANT(held)
{
	enum moment moment;
	int level;
	int name;
	const char *value;
	socklen_t len;
	int err;		/* of the call */
};

#define ADDRFORM	.level = SOL_IPV6, .name = IPV6_ADDRFORM, .value = "\2\0\0", .len = 4, \
			.err = EBUSY
#define KTLS		.level = SOL_TCP, .name = TCP_ULP, .value = "tls", .len = 4, .err = EEXIST

FIXTURE_VARIANT_ADD(held, addrform_upgraded) { .moment = UPGRADED, ADDRFORM };
FIXTURE_VARIANT_ADD(held, addrform_attached) { .moment = ATTACHED, ADDRFORM };
FIXTURE_VARIANT_ADD(held, addrform_done) { .moment = DONE, ADDRFORM };
FIXTURE_VARIANT_ADD(held, ktls_upgraded) { .moment = UPGRADED, KTLS };
FIXTURE_VARIANT_ADD(held, ktls_attached) { .moment = ATTACHED, KTLS };
FIXTURE_VARIANT_ADD(held, ktls_done) { .moment = DONE, KTLS };

FIXTURE_SETUP(held)
{
	ASSERT_EQ(0, mapped_pair(&self->c, &self->s));
}

FIXTURE_TEARDOWN(held)
{
	close(self->c);
	close(self->s);
}

TEST_F(held, goes_on_later)
{
	struct call call = {
		.fd = self->c, .level = variant->level, .name = variant->name,
		.len = variant->len,
	};

	ASSERT_EQ(0, call_begin(&call, variant->value));
	ASSERT_EQ(0, upgrade(self->c));
	if (variant->moment == UPGRADED)
		EXPECT_EQ(variant->err, call_end(&call));
	ASSERT_EQ(0, upgrade_options(self->c, TLS_HANDSHAKE_CLIENT));
	ASSERT_EQ(0, handshake(self->c, TLS_HANDSHAKE_CLIENT));
	if (variant->moment == ATTACHED) {
		/* ClientHello is there: kTLS was attached before it. */
		EXPECT_EQ(POLLIN, poll_wait(self->s, POLLIN));
		EXPECT_EQ(variant->err, call_end(&call));
	}
	ASSERT_EQ(0, upgrade_all(self->s, TLS_HANDSHAKE_SERVER));
	EXPECT_EQ(0, talk(self->c, self->s));
	if (variant->moment == DONE)
		EXPECT_EQ(variant->err, call_end(&call));
	EXPECT_EQ(AF_INET6, family_of(self->c));
	EXPECT_EQ(0, talk(self->c, self->s));
}

/* ------------------------------------------------------ while kTLS is attached */

/**
 * struct holder - holds lock_sock() in the middle of SO_ATTACH_FILTER
 * @p: the filter is there
 * @go: it begins
 * @until: if not NULL: its CPU does nothing else from there on until this is set
 */
struct holder {
	struct probe p;
	int fd;
	bool go;
	bool *until;
	pthread_t thread;
};

static void *holder_thread(void *arg)
{
	struct holder *h = arg;
	struct sock_fprog prog = { .len = 1, .filter = h->p.page };

	pin(sysconf(_SC_NPROCESSORS_ONLN) - 1, h->until ? 5 : 0);
	while (!__atomic_load_n(&h->go, __ATOMIC_ACQUIRE))
		sched_yield();
	setsockopt(h->fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog));
	while (h->until && !__atomic_load_n(h->until, __ATOMIC_ACQUIRE))
		;
	return NULL;
}

/* It waits for its @go. */
static int holder_start(struct holder *h, int fd)
{
	struct sock_filter all = BPF_STMT(BPF_RET | BPF_K, 0x40000);

	h->fd = fd;
	h->go = false;
	if (probe_open(&h->p))
		return -1;
	memcpy(h->p.page, &all, sizeof(all));
	if (probe_hold(&h->p))
		return -1;
	return -pthread_create(&h->thread, NULL, holder_thread, h);
}

/* When this returns, it has the lock. */
static void holder_go(struct holder *h)
{
	__atomic_store_n(&h->go, true, __ATOMIC_RELEASE);
	probe_wait(&h->p, 1);
}

static void holder_end(struct holder *h)
{
	pthread_join(h->thread, NULL);
	probe_close(&h->p);
}

/* The CPUs of the kernel's workers; @before: gets those of before, or NULL */
static int workers_on(const char *mask, char *before)
{
	int fd = open(CPUMASK, O_RDWR | O_CLOEXEC), err;

	if (before) {
		memset(before, 0, TEXT_MAX);
		if (read(fd, before, TEXT_MAX - 1) <= 0)
			*before = '\0';
	}
	err = write(fd, mask, strlen(mask)) < 0;
	close(fd);
	return err;
}

/*
 * The lock of the socket is held when the work item comes to attach kTLS: it waits, and
 * behind it a call that has been held since before the upgrade. That one runs whenever
 * the work item gives the lock up, because it is more urgent, on the same CPU.
 */
TEST(addrform_while_ktls_is_attached)
{
	struct call call = {
		.level = SOL_IPV6, .name = IPV6_ADDRFORM, .len = 4, .urgent = true,
	};
	char workers[TEXT_MAX];
	struct holder h = {};
	int c, s, round;

	ASSERT_EQ(0, workers_on("1", workers));
	for (round = 0; round < 3; round++) {
		ASSERT_EQ(0, mapped_pair(&c, &s));
		call.fd = c;
		ASSERT_EQ(0, call_begin(&call, "\2\0\0"));
		ASSERT_EQ(0, upgrade(c));
		ASSERT_EQ(0, upgrade_options(c, TLS_HANDSHAKE_CLIENT));
		ASSERT_EQ(0, holder_start(&h, c));
		/* The work item does not come in between. */
		pin(0, 20);
		EXPECT_EQ(0, handshake(c, TLS_HANDSHAKE_CLIENT));
		holder_go(&h);
		settle();
		probe_let(&call.p);
		settle();
		probe_let(&h.p);
		EXPECT_EQ(EBUSY, call_end(&call));
		pin(0, 0);
		holder_end(&h);
		EXPECT_EQ(AF_INET6, family_of(c));
		EXPECT_EQ(0, upgrade_all(s, TLS_HANDSHAKE_SERVER));
		EXPECT_EQ(0, talk(c, s));
		close(c);
		close(s);
	}
	EXPECT_EQ(0, workers_on(workers, NULL));
}

/* --------------------------------------------------- when kTLS is not attached */

static int plain_ktls(int fd)
{
	struct tls12_crypto_info_aes_gcm_128 keys = {
		.info = { .version = TLS_1_2_VERSION, .cipher_type = TLS_CIPHER_AES_GCM_128 },
	};

	return setsockopt(fd, SOL_TCP, TCP_ULP, "tls", 4) ||
	       setsockopt(fd, SOL_TLS, TLS_TX, &keys, sizeof(keys)) ||
	       setsockopt(fd, SOL_TLS, TLS_RX, &keys, sizeof(keys));
}

/*
 * The peer ends the connection before kTLS can be attached; then another thread does it
 * who has begun before the upgrade. kTLS would take what it finds for TCP's own, and build
 * from it what all its sockets work by.
 */
TEST(ktls_after_an_attempt_that_failed)
{
	struct call call = { .level = SOL_TCP, .name = TCP_ULP, .len = 4 };
	int c, s, a, b;

	ASSERT_EQ(0, tcp_pair(AF_INET, &a, &b));
	ASSERT_EQ(0, plain_ktls(a));
	ASSERT_EQ(0, plain_ktls(b));
	EXPECT_EQ(0, talk(a, b));

	ASSERT_EQ(0, tcp_pair(AF_INET, &c, &s));
	call.fd = c;
	ASSERT_EQ(0, call_begin(&call, "tls"));
	ASSERT_EQ(0, upgrade_all(c, TLS_HANDSHAKE_SERVER));
	/* A header, with which the work begins, and FIN with it */
	EXPECT_EQ(5, send(s, "\x16\3\1\1\0", 5, MSG_MORE));
	shutdown(s, SHUT_WR);
	EXPECT_NE(0, poll_wait(c, POLLIN) & (POLLHUP | POLLERR));
	EXPECT_EQ(EEXIST, call_end(&call));
	EXPECT_EQ(0, talk(a, b));
	close(c);
	close(s);
	EXPECT_EQ(0, talk(a, b));
	close(a);
	close(b);
}

/* --------------------------------------------- an answer with a RST behind it */

/**
 * struct reader - waits in recv()
 * @done: it is back
 * @n: its result
 */
struct reader {
	int fd;
	bool done;
	ssize_t n;
	char buf[16];
	pthread_t thread;
};

static void *reader_thread(void *arg)
{
	struct reader *r = arg;

	pin(0, 10);
	r->n = recv(r->fd, r->buf, sizeof(r->buf), 0);
	__atomic_store_n(&r->done, true, __ATOMIC_RELEASE);
	return NULL;
}

FIXTURE(answer)
{
	struct pair p;
};

FIXTURE_VARIANT(answer)
{
	bool fin;		/* before the RST */
};

FIXTURE_VARIANT_ADD(answer, rst) { .fin = false };
FIXTURE_VARIANT_ADD(answer, fin_and_rst) { .fin = true };

FIXTURE_SETUP(answer)
{
	ASSERT_EQ(0, pair_open(&self->p, NULL, NULL, NULL, NULL));
	ASSERT_EQ(0, talk(self->p.client, self->p.server));
}

FIXTURE_TEARDOWN(answer)
{
	pair_close(&self->p);
}

/*
 * Record and RST arrive while the lock is held. It is the reader who gets it next, and not
 * the work by which kTLS looks at what has arrived meanwhile. As with TCP, what was
 * received comes before the error.
 */
TEST_F(answer, is_read_before_the_reset)
{
	struct reader r = { .fd = self->p.client };
	struct holder h = { .until = &r.done };

	ASSERT_EQ(0, holder_start(&h, self->p.client));
	holder_go(&h);
	pthread_create(&r.thread, NULL, reader_thread, &r);
	settle();
	EXPECT_EQ(6, send(self->p.server, "answer", 6, 0));
	if (variant->fin)
		shutdown(self->p.server, SHUT_WR);
	close_with_rst(self->p.server);
	self->p.server = -1;
	settle();
	probe_let(&h.p);
	pthread_join(r.thread, NULL);
	holder_end(&h);
	EXPECT_EQ(6, r.n)
		TH_LOG("%zd", r.n);
	EXPECT_EQ(0, memcmp(r.buf, "answer", 6));
}

int main(int argc, char **argv)
{
	return harness_main(argc, argv, 1);
}
