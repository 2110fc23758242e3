// SPDX-License-Identifier: GPL-2.0
/*
 * What the lookup of a name costs, and whom: as many as a user, a namespace and the machine
 * may have; sockets that do not wait for a resolver that hangs; network namespaces, which
 * do not reach the machine's resolver; and a machine that has none.
 *
 * The resolver is this program, mounted over /sbin/request-key: it writes the names down,
 * holds back those that begin with "hang" as long as there is a file, does not answer those
 * that begin with "none", and gives 127.0.0.1 for all others. Each name is used once: the
 * kernel remembers.
 */
#include <linux/keyctl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include "harness.h"
#include "lib.h"

#define REQUEST_KEY	"/sbin/request-key"
#define ASIDE		"/sbin/request-key.aside"
#define DIR		"/tmp/tls_ssa-lookups"
#define HOLD		DIR "/hold"
#define ASKED		DIR "/asked"
#define SYSCTL		"/proc/sys/net/ssa/"
#define NOBODY		65534
#define SOMEONE		4711
#define MAPPED		70000

/* ------------------------------------------------------------------ the resolver */

static int resolver(int key)
{
	static const char answer[] = "127.0.0.1";
	char text[512], *name;
	int fd;

	if (syscall(SYS_keyctl, KEYCTL_DESCRIBE, key, text, sizeof(text) - 1) <= 0)
		return 1;
	name = strrchr(text, ';');
	if (!name)
		return 1;
	*name = '\n';
	fd = open(ASKED, O_WRONLY | O_APPEND | O_CREAT, 0644);
	if (write(fd, name, strlen(name)) < 0)
		return 1;
	name++;
	while (!strncmp(name, "hang", 4) && !access(HOLD, F_OK))
		usleep(20000);
	if (!strncmp(name, "none", 4))
		return 1;
	syscall(SYS_keyctl, KEYCTL_ASSUME_AUTHORITY, key);
	return syscall(SYS_keyctl, KEYCTL_INSTANTIATE, key, answer, sizeof(answer), 0) != 0;
}

/* ----------------------------------------------------------------------- helpers */

static int sysctl_read(const char *name)
{
	char path[128];
	int value = -1;
	FILE *file;

	snprintf(path, sizeof(path), SYSCTL "%s", name);
	file = fopen(path, "r");
	if (!file)
		return -1;
	if (fscanf(file, "%d", &value) != 1)
		value = -1;
	fclose(file);
	return value;
}

static int sysctl_write(const char *name, int value)
{
	char path[128];
	FILE *file;
	int err;

	snprintf(path, sizeof(path), SYSCTL "%s", name);
	file = fopen(path, "w");
	if (!file)
		return -1;
	err = fprintf(file, "%d", value) < 0;
	return fclose(file) || err ? -1 : 0;
}

/* A name that was never asked for */
static const char *fresh(const char *kind)
{
	static unsigned int turn;
	static char name[64];

	snprintf(name, sizeof(name), "%s-%d-%u.wild.test", kind, getpid(), turn++);
	return name;
}

/* 0 or errno */
static int connect_name(int fd, const char *name, int port)
{
	struct sockaddr_host addr = { .sin_family = AF_HOSTNAME, .sin_port = htons(port) };

	snprintf(addr.sin_addr.name, sizeof(addr.sin_addr.name), "%s", name);
	return connect(fd, (struct sockaddr *)&addr, sizeof(addr)) ? errno : 0;
}

/* A socket that has asked for a name; *@err is errno */
static int ask(const char *name, int port, int *err)
{
	int fd = tls_client(AF_INET, SOCK_NONBLOCK | SOCK_CLOEXEC);

	*err = fd < 0 ? errno : connect_name(fd, name, port);
	return fd;
}

static int ask_as(uid_t uid, const char *name, int *fd)
{
	int err;

	if (seteuid(uid))
		return -1;
	*fd = ask(name, 9, &err);
	return seteuid(0) ? -1 : err;
}

static bool in_flight(long long n)
{
	int i;

	for (i = 0; i < 3000; i++) {
		if (ssa_counter("NameLookupsInFlight") == n)
			return true;
		usleep(10000);
	}
	return false;
}

/* A socket that was waiting for its answer has it, and connects; true if it does. */
static bool arrives(int lfd)
{
	int fd = poll_one(lfd, POLLIN, 60000) ? accept(lfd, NULL, NULL) : -1;

	return fd >= 0 && !close(fd);
}

/* How often was the resolver asked for it? */
static int asked(const char *name)
{
	FILE *file = fopen(ASKED, "r");
	char line[256];
	int n = 0;

	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		n += !strcmp(line, name);
	}
	if (file)
		fclose(file);
	return n;
}

/* For a namespace of which no counter is to be seen here */
static bool gets_asked(const char *name)
{
	int i;

	for (i = 0; i < 3000 && !asked(name); i++)
		usleep(10000);
	return asked(name) == 1;
}

static bool says(int fd, const char *reason)
{
	return strstr(tls_error(fd), reason_find(reason)->text);
}

static const char * const sysctls[] = { "lookups_max", "lookups_per_user",
					"handshake_timeout_ms", "namespaces_may_resolve" };

FIXTURE(lookups)
{
	int before[ARRAY_SIZE(sysctls)];
};

static bool hold(bool on)
{
	int fd;

	if (!on)
		return !unlink(HOLD);
	fd = open(HOLD, O_CREAT | O_WRONLY, 0600);
	return fd >= 0 && !close(fd);
}

FIXTURE_SETUP(lookups)
{
	size_t i;

	ASSERT_TRUE(!mkdir(DIR, 0755) || errno == EEXIST);
	ASSERT_TRUE(hold(true));
	ASSERT_EQ(0, mount("/proc/self/exe", REQUEST_KEY, NULL, MS_BIND, NULL));
	for (i = 0; i < ARRAY_SIZE(sysctls); i++) {
		self->before[i] = sysctl_read(sysctls[i]);
		EXPECT_LE(0, self->before[i]);
	}
}

FIXTURE_TEARDOWN(lookups)
{
	size_t i;

	unlink(HOLD);
	EXPECT_TRUE(in_flight(0));
	EXPECT_EQ(0, umount2(REQUEST_KEY, MNT_DETACH));
	unlink(ASKED);
	EXPECT_EQ(0, rmdir(DIR));
	for (i = 0; i < ARRAY_SIZE(sysctls); i++)
		EXPECT_EQ(0, sysctl_write(sysctls[i], self->before[i]));
}

/* ------------------------------------------------------------------------ limits */

TEST_F(lookups, a_user_has_a_share)
{
	long long refused = ssa_counter(reason_find("RESOLVE_LIMIT")->counter);
	int fds[3], fd, other, lfd, port = 0, err, i;

	ASSERT_EQ(0, sysctl_write("lookups_per_user", 3));
	for (i = 0; i < 3; i++)
		EXPECT_EQ(EINPROGRESS, ask_as(NOBODY, fresh("hang"), &fds[i]));
	EXPECT_EQ(ENOBUFS, ask_as(NOBODY, fresh("hang"), &fd));
	EXPECT_TRUE(says(fd, "RESOLVE_LIMIT"))
		TH_LOG("%s", tls_error(fd));
	EXPECT_EQ(refused + 1, ssa_counter(reason_find("RESOLVE_LIMIT")->counter));
	close(fd);

	/* Nobody else waits for that. */
	lfd = tcp_listen(AF_INET, &port);
	other = ask(fresh("answer"), port, &err);
	EXPECT_EQ(EINPROGRESS, err);
	EXPECT_TRUE(arrives(lfd));
	close(other);

	/* Closed sockets do not wait, but what they have begun goes on, and counts. */
	for (i = 0; i < 3; i++)
		EXPECT_EQ(0, close(fds[i]));
	EXPECT_TRUE(in_flight(3));
	EXPECT_EQ(ENOBUFS, ask_as(NOBODY, fresh("hang"), &fd));
	close(fd);
	EXPECT_TRUE(hold(false));
	EXPECT_TRUE(in_flight(0));
	EXPECT_EQ(EINPROGRESS, ask_as(NOBODY, fresh("hang"), &fd));
	close(fd);
	close(lfd);
}

/* The last quarter is for who has nothing yet. */
TEST_F(lookups, a_namespace_has_room_for_others)
{
	int fds[10], n = 0, i;

	ASSERT_EQ(0, sysctl_write("lookups_max", 8));
	for (i = 0; i < 6; i++)
		EXPECT_EQ(EINPROGRESS, ask_as(NOBODY, fresh("hang"), &fds[n++]));
	EXPECT_EQ(ENOBUFS, ask_as(NOBODY, fresh("hang"), &fds[n++]));
	EXPECT_EQ(EINPROGRESS, ask_as(SOMEONE, fresh("hang"), &fds[n++]));
	EXPECT_EQ(ENOBUFS, ask_as(SOMEONE, fresh("hang"), &fds[n++]));
	EXPECT_EQ(EINPROGRESS, ask_as(0, fresh("hang"), &fds[n++]));
	while (n)
		close(fds[--n]);
}

/* The users that somebody has in a user namespace of his own are he. */
TEST_F(lookups, a_user_is_not_many)
{
	int ready[2], go[2], status;
	char path[64], c;
	FILE *file;
	pid_t pid;

	ASSERT_EQ(0, sysctl_write("lookups_per_user", 2));
	ASSERT_EQ(0, pipe(ready) || pipe(go));
	pid = fork();
	if (!pid) {
		int err[3] = { -1, -1, -1 }, fd[3], i;

		if (setgid(NOBODY) || setuid(NOBODY) || unshare(CLONE_NEWUSER) ||
		    write(ready[1], "", 1) != 1 || read(go[0], &c, 1) != 1 || setresuid(0, 0, 0))
			_exit(100);
		for (i = 0; i < 3; i++) {
			if (seteuid(0) || seteuid(i))
				_exit(101);
			fd[i] = ask(fresh("hang"), 9, &err[i]);
			if (fd[i] < 0)
				_exit(102);
		}
		_exit(err[0] != EINPROGRESS || err[1] != EINPROGRESS || err[2] != ENOBUFS);
	}
	ASSERT_EQ(1, read(ready[0], &c, 1));
	snprintf(path, sizeof(path), "/proc/%d/uid_map", pid);
	file = fopen(path, "w");
	ASSERT_NE(NULL, file);
	fprintf(file, "0 %d 10\n", MAPPED);
	ASSERT_EQ(0, fclose(file));
	ASSERT_EQ(1, write(go[1], "", 1));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_TRUE(WIFEXITED(status));
	EXPECT_EQ(0, WEXITSTATUS(status));
	EXPECT_TRUE(in_flight(2));
}

TEST_F(lookups, equal_names_share_one)
{
	long long before = ssa_counter("NameLookupsStarted");
	char name[64], other[64];
	int fds[4], lfd, port = 0, i, err;

	snprintf(name, sizeof(name), "%s", fresh("hang"));
	snprintf(other, sizeof(other), "%s", name);
	memcpy(other, "HANG", 4);
	lfd = tcp_listen(AF_INET, &port);
	ASSERT_EQ(0, sysctl_write("lookups_per_user", 1));
	for (i = 0; i < 4; i++) {
		fds[i] = ask(i & 1 ? other : name, port, &err);
		EXPECT_EQ(EINPROGRESS, err);
	}
	EXPECT_EQ(before + 1, ssa_counter("NameLookupsStarted"));
	EXPECT_TRUE(in_flight(1));
	close(fds[0]);			/* who has asked first is gone: the others go on */
	EXPECT_TRUE(hold(false));
	for (i = 1; i < 4; i++) {
		EXPECT_TRUE(arrives(lfd));
		close(fds[i]);
	}
	EXPECT_EQ(1, asked(name));
	EXPECT_EQ(0, asked(other));
	close(lfd);
}

TEST_F(lookups, a_deadline_ends_the_wait)
{
	int fd = tls_client(AF_INET, 0), lfd, port = 0;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, sysctl_write("handshake_timeout_ms", 200));
	EXPECT_EQ(ETIMEDOUT, connect_name(fd, fresh("hang"), 9));
	EXPECT_TRUE(says(fd, "RESOLVE_TIMEOUT"))
		TH_LOG("%s", tls_error(fd));
	EXPECT_TRUE(in_flight(1));

	/* Nothing has reached a peer: the socket can be used again. */
	ASSERT_EQ(0, sysctl_write("handshake_timeout_ms", 300000));
	lfd = tcp_listen(AF_INET, &port);
	ASSERT_EQ(0, fcntl(fd, F_SETFL, O_NONBLOCK));
	EXPECT_EQ(EINPROGRESS, connect_name(fd, fresh("answer"), port));
	EXPECT_TRUE(arrives(lfd));
	close(lfd);
	close(fd);
}

/* -------------------------------------------------------------- after a shutdown() */

/* Objects of 1 KiB, as a lookup is one */
static long objects(void)
{
	char line[512], name[64];
	long all = 0, active;
	FILE *file = fopen("/proc/slabinfo", "r");

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63s %ld", name, &active) == 2 &&
		    (!strcmp(name, "kmalloc-1k") || !strcmp(name, "kmalloc-cg-1k")))
			all += active;
	}
	if (file)
		fclose(file);
	return all;
}

#define TIMES	1000

TEST_F(lookups, nothing_is_lost_after_shutdown)
{
	int fd = tls_client(AF_INET, 0), i, err;
	char name[64];
	long before;

	snprintf(name, sizeof(name), "%s", fresh("answer"));
	ASSERT_LE(0, fd);
	shutdown(fd, SHUT_RDWR);
	EXPECT_EQ(ECONNABORTED, connect_name(fd, name, 9));
	before = objects();
	ASSERT_LT(0, before);
	for (i = 0; i < TIMES; i++)
		err = connect_name(fd, name, 9);
	EXPECT_EQ(ECONNABORTED, err);
	EXPECT_GT(before + TIMES / 2, objects());
	close(fd);
}

TEST_F(lookups, shutdown_during_the_lookup)
{
	int fd, err, i;

	for (i = 0; i < 5; i++) {
		fd = ask(fresh("hang"), 9, &err);
		EXPECT_EQ(EINPROGRESS, err);
		shutdown(fd, SHUT_RDWR);
		EXPECT_NE(0, poll_wait(fd, POLLOUT) & (POLLERR | POLLHUP));
		EXPECT_EQ(ECONNABORTED, so_error(fd));
		close(fd);
	}
	EXPECT_TRUE(in_flight(5));
}

/* shutdown() has ended that attempt: the next one is none that was shut down. */
TEST_F(lookups, another_attempt_after_shutdown)
{
	int lfd, fd, cfd, port, err;
	char byte = 0;

	lfd = tls_listen(AF_INET, &port, pki_file("p256.chain.pem"), pki_file("p256.key.pem"));
	ASSERT_LE(0, lfd);
	fd = ask(fresh("hang"), 9, &err);
	EXPECT_EQ(EINPROGRESS, err);
	shutdown(fd, SHUT_RDWR);
	EXPECT_NE(0, poll_wait(fd, POLLOUT) & (POLLERR | POLLHUP));
	EXPECT_EQ(ECONNABORTED, connect_name(fd, SERVER_NAME, port));
	ASSERT_TRUE(says(fd, "SHUTDOWN"));
	fcntl(fd, F_SETFL, 0);
	ASSERT_EQ(0, tls_connect_fd(fd, AF_INET, port));
	cfd = accept(lfd, NULL, NULL);
	ASSERT_LE(0, cfd);
	EXPECT_EQ(1, send(fd, "x", 1, 0));
	EXPECT_EQ(1, recv(cfd, &byte, 1, 0));
	EXPECT_EQ('x', byte);
	EXPECT_EQ(1, send(cfd, "y", 1, 0));
	EXPECT_EQ(1, recv(fd, &byte, 1, 0));
	EXPECT_EQ('y', byte);
	close(cfd);
	close(fd);
	close(lfd);
}

/* --------------------------------------------------------------------- namespaces */

/*
 * Somebody in a network namespace that has no interface but a loopback that is down asks
 * for a name. What connect() says; TLS_ERROR says why.
 */
static int from_sandbox(const char *name, bool root)
{
	int status, fd, err;
	pid_t pid = fork();

	if (!pid) {
		if (root ? unshare(CLONE_NEWNET) :
			   setgid(NOBODY) || setuid(NOBODY) ||
			   unshare(CLONE_NEWUSER | CLONE_NEWNET))
			_exit(255);
		/* What decides is not there. */
		if (sysctl_write("namespaces_may_resolve", 1) == 0)
			_exit(254);
		fd = ask(name, 9, &err);
		if (err == EACCES && !says(fd, "RESOLVE_NAMESPACE"))
			_exit(253);
		_exit(err);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

TEST_F(lookups, no_way_out_of_a_namespace)
{
	char name[64];
	int root;

	EXPECT_EQ(0, sysctl_read("namespaces_may_resolve"));
	for (root = 0; root < 2; root++) {
		EXPECT_EQ(0, sysctl_write("namespaces_may_resolve", 0));
		snprintf(name, sizeof(name), "%s", fresh("secret"));
		EXPECT_EQ(EACCES, from_sandbox(name, root));
		EXPECT_TRUE(in_flight(0));
		EXPECT_EQ(0, asked(name));
		/* An address is no name. */
		EXPECT_EQ(EINPROGRESS, from_sandbox("127.0.0.1", root));

		EXPECT_EQ(0, sysctl_write("namespaces_may_resolve", 1));
		snprintf(name, sizeof(name), "%s", fresh("allowed"));
		EXPECT_EQ(EINPROGRESS, from_sandbox(name, root));
		EXPECT_TRUE(gets_asked(name));
	}
}

/* ---------------------------------------------------------------------- no resolver */

TEST_F(lookups, a_name_that_does_not_resolve)
{
	int fd = tls_client(AF_INET, 0);

	ASSERT_LE(0, fd);
	EXPECT_EQ(EHOSTUNREACH, connect_name(fd, fresh("none"), 9));
	EXPECT_TRUE(says(fd, "RESOLVE"))
		TH_LOG("%s", tls_error(fd));
	close(fd);
}

TEST_F(lookups, a_machine_without_a_resolver)
{
	int fd = tls_client(AF_INET, 0), i;
	char name[64];

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, umount2(REQUEST_KEY, MNT_DETACH));
	/* No program, and one that cannot be started; the second time the kernel remembers. */
	ASSERT_EQ(0, rename(REQUEST_KEY, ASIDE));
	for (i = 0; i < 4; i++) {
		if (i % 2 == 0)
			snprintf(name, sizeof(name), "%s", fresh("answer"));
		if (i == 2) {
			EXPECT_EQ(0, rename(ASIDE, REQUEST_KEY));
			EXPECT_EQ(0, mount(HOLD, REQUEST_KEY, NULL, MS_BIND, NULL));
		}
		EXPECT_EQ(EHOSTUNREACH, connect_name(fd, name, 9));
		EXPECT_TRUE(says(fd, "NO_RESOLVER"))
			TH_LOG("%d: %s", i, tls_error(fd));
	}
	close(fd);
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');

	if (!strcmp(name ? name + 1 : argv[0], "request-key"))
		return argc > 2 ? resolver(atoi(argv[2])) : 1;
	return harness_main(argc, argv, 1);
}
