// SPDX-License-Identifier: GPL-2.0
/*
 * TLS_CONTEXT: handles to the settings of a socket.
 */
#include <sched.h>
#include <sys/resource.h>
#include "harness.h"
#include "pair.h"

#define HANDLE_LEN	33	/* with its NUL */
#define HANDLES_MAX	16	/* of one socket */
#define BASES		1000

/* 0, or errno */
static int get_handle(int fd, char handle[HANDLE_LEN])
{
	socklen_t len = HANDLE_LEN;

	memset(handle, 0, HANDLE_LEN);
	if (getsockopt(fd, IPPROTO_TLS, TLS_CONTEXT, handle, &len))
		return errno;
	return len == HANDLE_LEN ? 0 : EPROTO;
}

static int set_handle(int fd, const char *handle)
{
	return tls_set_str(fd, TLS_CONTEXT, handle) ? errno : 0;
}

FIXTURE(context)
{
	int from;
	int to;
	char handle[HANDLE_LEN];
};

FIXTURE_SETUP(context)
{
	self->from = tls_client(AF_INET, 0);
	self->to = tls_socket(AF_INET, 0);
	ASSERT_LE(0, self->from);
	ASSERT_LE(0, self->to);
	ASSERT_EQ(0, get_handle(self->from, self->handle));
}

FIXTURE_TEARDOWN(context)
{
	close(self->from);
	close(self->to);
}

TEST_F(context, is_32_hex_digits)
{
	EXPECT_EQ(32, strlen(self->handle));
	EXPECT_EQ(32, strspn(self->handle, "0123456789abcdef"));
}

TEST_F(context, settings_are_taken_over)
{
	int value = 0;
	socklen_t len = sizeof(value);
	char handle[HANDLE_LEN];

	ASSERT_EQ(0, tls_set_str(self->from, TLS_ALPN, "h2,http/1.1"));
	ASSERT_EQ(0, tls_set_str(self->from, TLS_VERSION_MIN, "TLSv1.3"));
	ASSERT_EQ(0, tls_set_str(self->from, TLS_TRUSTED_CIPHERS, "TLS_AES_256_GCM_SHA384"));
	ASSERT_EQ(0, set_int(self->from, TLS_SESSION_TTL, 60));
	ASSERT_EQ(0, set_int(self->from, TLS_REQUEST_PEER_AUTH, TLS_PEER_AUTH_OPTIONAL));
	ASSERT_EQ(0, get_handle(self->from, handle));
	ASSERT_EQ(0, set_handle(self->to, handle));
	EXPECT_STREQ(SERVER_NAME, tls_get_str(self->to, TLS_REMOTE_HOSTNAME));
	EXPECT_STREQ("h2,http/1.1", tls_get_str(self->to, TLS_ALPN));
	EXPECT_STREQ("TLSv1.3", tls_get_str(self->to, TLS_VERSION_MIN));
	EXPECT_STREQ("TLS_AES_256_GCM_SHA384", tls_get_str(self->to, TLS_TRUSTED_CIPHERS));
	EXPECT_EQ(0, getsockopt(self->to, IPPROTO_TLS, TLS_SESSION_TTL, &value, &len));
	EXPECT_EQ(60, value);
	EXPECT_EQ(0, getsockopt(self->to, IPPROTO_TLS, TLS_REQUEST_PEER_AUTH, &value, &len));
	EXPECT_EQ(TLS_PEER_AUTH_OPTIONAL, value);
}

/* It names a moment: what is set afterwards, on either side, stays on that side. */
TEST_F(context, changes_stay_where_they_are_made)
{
	char later[HANDLE_LEN];

	ASSERT_EQ(0, tls_set_str(self->from, TLS_REMOTE_HOSTNAME, "later.test"));
	ASSERT_EQ(0, set_handle(self->to, self->handle));
	EXPECT_STREQ(SERVER_NAME, tls_get_str(self->to, TLS_REMOTE_HOSTNAME));
	ASSERT_EQ(0, tls_set_str(self->to, TLS_REMOTE_HOSTNAME, "mine.test"));
	EXPECT_STREQ("later.test", tls_get_str(self->from, TLS_REMOTE_HOSTNAME));
	ASSERT_EQ(0, set_handle(self->to, self->handle));
	EXPECT_STREQ(SERVER_NAME, tls_get_str(self->to, TLS_REMOTE_HOSTNAME));
	ASSERT_EQ(0, get_handle(self->from, later));
	EXPECT_STRNE(self->handle, later);
	ASSERT_EQ(0, set_handle(self->to, later));
	EXPECT_STREQ("later.test", tls_get_str(self->to, TLS_REMOTE_HOSTNAME));
}

/* As long as nothing is changed, it is the same one. */
TEST_F(context, same_settings_same_handle)
{
	char again[HANDLE_LEN], other[HANDLE_LEN];

	ASSERT_EQ(0, get_handle(self->from, again));
	EXPECT_STREQ(self->handle, again);
	ASSERT_EQ(0, get_handle(self->to, other));
	EXPECT_STRNE(self->handle, other);
}

TEST_F(context, ends_with_the_socket_that_made_it)
{
	ASSERT_EQ(0, set_handle(self->to, self->handle));
	close(self->from);
	EXPECT_EQ(ENOENT, set_handle(self->to, self->handle));
	/* What was taken over is there. */
	EXPECT_STREQ(SERVER_NAME, tls_get_str(self->to, TLS_REMOTE_HOSTNAME));
	self->from = -1;
}

TEST_F(context, survives_a_dup)
{
	int copy = dup(self->from);

	close(self->from);
	EXPECT_EQ(0, set_handle(self->to, self->handle));
	close(copy);
	EXPECT_EQ(ENOENT, set_handle(self->to, self->handle));
	self->from = -1;
}

TEST_F(context, bad_ones)
{
	static const char * const bad[] = {
		"0000000000000000000000000000000g", "0x000000000000000000000000000000",
		"                                ", "ABCDEFABCDEFABCDEFABCDEFABCDEFAB",
	};
	char near[HANDLE_LEN];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_EQ(EINVAL, set_handle(self->to, bad[i]));
	EXPECT_EQ(EINVAL, set_handle(self->to, "00"));
	EXPECT_EQ(E2BIG, set_handle(self->to, "000000000000000000000000000000000"));
	EXPECT_EQ(ENOENT, set_handle(self->to, "00000000000000000000000000000000"));
	for (i = 0; i < 32; i++) {
		memcpy(near, self->handle, sizeof(near));
		near[i] = near[i] == '0' ? '1' : '0';
		EXPECT_EQ(ENOENT, set_handle(self->to, near));
	}
	EXPECT_STREQ("", tls_get_str(self->to, TLS_REMOTE_HOSTNAME));
	/* Without its NUL */
	EXPECT_EQ(0, setsockopt(self->to, IPPROTO_TLS, TLS_CONTEXT, self->handle, 32));
}

/* A buffer that is too small makes no handle. */
TEST_F(context, small_buffers)
{
	char handle[HANDLE_LEN];
	socklen_t len;
	int i;

	for (i = 0; i < 2 * HANDLES_MAX; i++) {
		len = i;
		ASSERT_EQ(0, set_int(self->to, TLS_SESSION_TTL, i));
		EXPECT_EQ(-1, getsockopt(self->to, IPPROTO_TLS, TLS_CONTEXT, handle, &len));
		EXPECT_EQ(ERANGE, errno);
		EXPECT_EQ(HANDLE_LEN, len);
	}
	EXPECT_EQ(0, get_handle(self->to, handle));
}

TEST_F(context, so_many_of_a_socket)
{
	char handle[HANDLE_LEN];
	int i;

	for (i = 1; i < HANDLES_MAX; i++) {
		ASSERT_EQ(0, set_int(self->from, TLS_SESSION_TTL, i));
		EXPECT_EQ(0, get_handle(self->from, handle));
	}
	EXPECT_EQ(0, get_handle(self->from, handle));
	ASSERT_EQ(0, set_int(self->from, TLS_SESSION_TTL, i));
	EXPECT_EQ(ENOSPC, get_handle(self->from, handle));
	EXPECT_EQ(0, set_handle(self->to, self->handle));
}

/* -1: the child failed */
static int as_user(uid_t uid, const char *handle)
{
	int status;
	pid_t child = fork();

	if (!child) {
		int fd = tls_socket(AF_INET, 0);

		if (fd < 0 || (uid && setuid(uid)))
			_exit(255);
		_exit(set_handle(fd, handle));
	}
	if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

TEST_F(context, is_the_users_own)
{
	EXPECT_EQ(0, as_user(0, self->handle));
	EXPECT_EQ(ENOENT, as_user(65534, self->handle));
}

/* A socket that was handed over is there to be used, not to give its keys away. */
TEST_F(context, only_who_made_the_socket_gets_one)
{
	char handle[HANDLE_LEN];
	pid_t child = fork();
	int status;

	if (!child) {
		if (setuid(65534))
			_exit(255);
		_exit(get_handle(self->from, handle));
	}
	ASSERT_EQ(child, waitpid(child, &status, 0));
	ASSERT_TRUE(WIFEXITED(status));
	EXPECT_EQ(EPERM, WEXITSTATUS(status));
}

/* Nor does it lead out of a network namespace. */
TEST_F(context, is_of_one_network_namespace)
{
	int status;
	pid_t child = fork();

	if (!child) {
		int fd;

		if (unshare(CLONE_NEWNET))
			_exit(255);
		fd = tls_socket(AF_INET, 0);
		_exit(fd < 0 ? 254 : set_handle(fd, self->handle));
	}
	waitpid(child, &status, 0);
	ASSERT_TRUE(WIFEXITED(status));
	EXPECT_EQ(ENOENT, WEXITSTATUS(status));
}

/* The policy of a socket is its own: here, one that was made later. */
TEST_F(context, policy_is_not_taken_over)
{
	FILE *f = fopen("/proc/sys/net/ssa/min_version", "w");
	int fd;

	ASSERT_NE(NULL, f);
	fputs("TLSv1.3", f);
	ASSERT_EQ(0, fclose(f));
	fd = tls_socket(AF_INET, 0);
	EXPECT_EQ(EACCES, set_handle(fd, self->handle));
	EXPECT_STREQ("TLSv1.3", tls_get_str(fd, TLS_VERSION_MIN));
	EXPECT_STREQ("", tls_get_str(fd, TLS_REMOTE_HOSTNAME));
	/* Within its bounds it may. */
	ASSERT_EQ(0, tls_set_str(self->from, TLS_VERSION_MIN, "TLSv1.3"));
	ASSERT_EQ(0, get_handle(self->from, self->handle));
	EXPECT_EQ(0, set_handle(fd, self->handle));
	EXPECT_EQ(EACCES, tls_set_str(fd, TLS_VERSION_MIN, "TLSv1.2") ? errno : 0);
	close(fd);
	f = fopen("/proc/sys/net/ssa/min_version", "w");
	ASSERT_NE(NULL, f);
	fputs("TLSv1.2", f);
	ASSERT_EQ(0, fclose(f));
}

/* A server and its clients, all set up by handles only */
TEST(connections_by_handles)
{
	char client[HANDLE_LEN], server[HANDLE_LEN], none[HANDLE_LEN];
	struct pair p = { -1, -1, -1 };
	struct sockaddr_storage ss;
	socklen_t len = loopback(&ss, AF_INET, 0);
	int from[2], i;

	from[0] = tls_client(AF_INET, 0);
	from[1] = tls_socket(AF_INET, 0);
	ASSERT_EQ(0, tls_set_str(from[1], TLS_CERTIFICATE_CHAIN, pki_file("p256.chain.pem")));
	ASSERT_EQ(0, tls_set_str(from[1], TLS_PRIVATE_KEY, pki_file("p256.key.pem")));
	ASSERT_EQ(0, get_handle(from[0], client));
	ASSERT_EQ(0, get_handle(from[1], server));
	p.listener = tls_socket(AF_INET, 0);
	ASSERT_EQ(0, set_handle(p.listener, server));
	ASSERT_EQ(0, bind(p.listener, (struct sockaddr *)&ss, len));
	ASSERT_EQ(0, listen(p.listener, 5));
	for (i = 0; i < 3; i++) {
		int fd = tls_socket(AF_INET, 0);

		ASSERT_EQ(0, set_handle(fd, client));
		EXPECT_EQ(0, pair_join(&p, local_port(p.listener), fd))
			TH_LOG("%s (%s)", strerror(p.err), tls_error(fd));
		EXPECT_EQ(EOPNOTSUPP, set_handle(p.client, client));
		EXPECT_EQ(EOPNOTSUPP, get_handle(p.client, none));
		close(p.client);
		close(p.server);
	}
	close(p.listener);
	close(from[0]);
	close(from[1]);
}

/* ------------------------------------------------------------------ many threads */

struct storm {
	pthread_t thread[4];
	char handle[HANDLE_LEN];
	int base;
	bool stop;	/* atomic, and so the next one */
	int bad;
};

static bool storm_over(struct storm *st)
{
	return __atomic_load_n(&st->stop, __ATOMIC_RELAXED);
}

static void *storm_change(void *arg)
{
	struct storm *st = arg;
	unsigned int i;

	for (i = 0; !storm_over(st); i++)
		if (set_int(st->base, TLS_SESSION_TTL, i % 8) && errno != EBADF)
			__atomic_store_n(&st->bad, 1, __ATOMIC_RELAXED);
	return NULL;
}

static void *storm_adopt(void *arg)
{
	struct storm *st = arg;
	char handle[HANDLE_LEN];

	while (!storm_over(st)) {
		int fd = tls_socket(AF_INET, 0), err;

		err = set_handle(fd, st->handle);
		if (err && err != ENOENT)
			__atomic_store_n(&st->bad, 2, __ATOMIC_RELAXED);
		if (get_handle(fd, handle))
			__atomic_store_n(&st->bad, 3, __ATOMIC_RELAXED);
		close(fd);
	}
	return NULL;
}

static void *storm_make(void *arg)
{
	struct storm *st = arg;
	char handle[HANDLE_LEN];
	int err;

	while (!storm_over(st)) {
		err = get_handle(st->base, handle);
		if (err && err != ENOSPC && err != EBADF)
			__atomic_store_n(&st->bad, 4, __ATOMIC_RELAXED);
	}
	return NULL;
}

/* Handles are made, taken over and ended at the same time. */
TEST(made_used_and_closed_at_once)
{
	struct storm st = {};
	int i, j;

	for (i = 0; i < BASES / 100; i++) {
		st.base = tls_client(AF_INET, 0);
		st.stop = false;
		ASSERT_EQ(0, get_handle(st.base, st.handle));
		pthread_create(&st.thread[0], NULL, storm_change, &st);
		pthread_create(&st.thread[1], NULL, storm_make, &st);
		pthread_create(&st.thread[2], NULL, storm_adopt, &st);
		pthread_create(&st.thread[3], NULL, storm_adopt, &st);
		settle();
		/* The handle ends in the middle of it. */
		j = st.base;
		st.base = dup(j);
		close(j);
		__atomic_store_n(&st.stop, true, __ATOMIC_RELAXED);
		for (j = 0; j < 4; j++)
			pthread_join(st.thread[j], NULL);
		close(st.base);
		EXPECT_EQ(0, st.bad);
	}
}

/* Many sockets, many handles: each finds its own. */
TEST(a_thousand_of_them)
{
	char (*handle)[HANDLE_LEN] = calloc(BASES, HANDLE_LEN), name[32];
	int fd[BASES], to = tls_socket(AF_INET, 0), i;

	for (i = 0; i < BASES; i++) {
		fd[i] = tls_socket(AF_INET, 0);
		ASSERT_LE(0, fd[i])
			TH_LOG("%d: %m", i);
		snprintf(name, sizeof(name), "n%d.test", i);
		ASSERT_EQ(0, tls_set_str(fd[i], TLS_REMOTE_HOSTNAME, name));
		ASSERT_EQ(0, get_handle(fd[i], handle[i]));
	}
	for (i = 0; i < BASES; i += 7) {
		snprintf(name, sizeof(name), "n%d.test", i);
		ASSERT_EQ(0, set_handle(to, handle[i]));
		EXPECT_STREQ(name, tls_get_str(to, TLS_REMOTE_HOSTNAME));
	}
	for (i = 0; i < BASES; i++)
		close(fd[i]);
	for (i = 0; i < BASES; i += 7)
		EXPECT_EQ(ENOENT, set_handle(to, handle[i]));
	close(to);
	free(handle);
}

int main(int argc, char **argv)
{
	struct rlimit files = { BASES + 100, BASES + 100 };

	setrlimit(RLIMIT_NOFILE, &files);
	return harness_main(argc, argv, 2);
}
