// SPDX-License-Identifier: GPL-2.0
/*
 * Several users: whose time a handshake takes, who is next, and what each has of the
 * limits of a network namespace. Who runs a handshake is told by two counters, StepsByCallers
 * and StepsByWorkers; who is next is a matter of order. No time is measured.
 */
#include <sched.h>
#include <sys/resource.h>
#include "harness.h"
#include "link.h"

#define ALICE		1001
#define BOB		1002
#define SUBUID		100000

#define SYSCTL(name)	"/proc/sys/net/ssa/" name

static void save(const char *path, char saved[32])
{
	int fd = open(path, O_RDONLY);
	ssize_t n = read(fd, saved, 31);

	saved[n > 0 ? n : 0] = 0;
	close(fd);
}

static bool write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	bool done = write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	close(fd);
	return done;
}

/* Sockets belong to the user whose effective ID this is when they are made. */
static int listener_of(uid_t uid, int *port, int backlog)
{
	int fd;

	*port = 0;
	if (seteuid(uid))
		return -1;
	fd = tls_listen(AF_INET, port, pki_file("p256.chain.pem"), pki_file("p256.key.pem"));
	if (seteuid(0) || fd < 0 || listen(fd, backlog))
		return -1;
	return fd;
}

static int client_of(uid_t uid, int flags)
{
	int fd;

	if (seteuid(uid))
		return -1;
	fd = tls_client(AF_INET, flags);
	return seteuid(0) ? -1 : fd;
}

static void in_flight_is(long long count)
{
	while (ssa_counter("HandshakesInFlight") != count)
		usleep(10000);
}

/* ------------------------------------------------------------------- whose time */

static const struct link_config link_defaults = { .family = AF_INET };

/* A first one reads files and fills caches. */
static void warm_up(struct __test_metadata *_metadata)
{
	struct link l;

	link_try(&l, &link_defaults);
	ASSERT_EQ(0, l.err);
	link_close(&l);
	in_flight_is(0);
}

/* Who waits in connect() runs the whole handshake: no worker has anything to do. */
TEST(connect_runs_its_handshake)
{
	long long callers, workers;
	struct link l;

	warm_up(_metadata);
	callers = ssa_counter("StepsByCallers");
	workers = ssa_counter("StepsByWorkers");
	link_try(&l, &link_defaults);
	EXPECT_EQ(0, l.err);
	EXPECT_LE(callers + 2, ssa_counter("StepsByCallers"));
	EXPECT_EQ(workers, ssa_counter("StepsByWorkers"));
	link_close(&l);
}

static bool is_asleep(pid_t pid)
{
	char path[64], text[256] = "", *state;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	f = fopen(path, "r");
	if (!f)
		return false;
	text[fread(text, 1, sizeof(text) - 1, f)] = 0;
	fclose(f);
	state = strrchr(text, ')');
	return state && state[2] == 'S';
}

/* Who waits in accept() runs those of its clients. */
TEST(accept_runs_its_handshakes)
{
	struct peer_config cfg = { .ca = pki_file("root.pem"), .name = SERVER_NAME };
	long long callers, workers;
	int port, lfd, status;
	struct peer *p;
	pid_t child;

	warm_up(_metadata);
	lfd = listener_of(0, &port, 8);
	ASSERT_LE(0, lfd);
	child = fork();
	if (!child)
		_exit(accept(lfd, NULL, NULL) < 0);
	while (!is_asleep(child))
		usleep(1000);
	callers = ssa_counter("StepsByCallers");
	workers = ssa_counter("StepsByWorkers");
	p = peer_new(PEER_OPENSSL, &cfg, tcp_connect(AF_INET, port));
	ASSERT_NE(NULL, p);
	EXPECT_EQ(0, peer_handshake(p));
	waitpid(child, &status, 0);
	EXPECT_EQ(0, status);
	EXPECT_LE(callers + 2, ssa_counter("StepsByCallers"));
	EXPECT_EQ(workers, ssa_counter("StepsByWorkers"));
	peer_free(p);
	close(lfd);
}

/* Who does not wait has it done by a worker; so has who is interrupted. */
TEST(workers_run_the_others)
{
	int port, lfd = listener_of(0, &port, 8), fd = tls_client(AF_INET, SOCK_NONBLOCK);
	long long callers = ssa_counter("StepsByCallers");
	long long workers = ssa_counter("StepsByWorkers");

	ASSERT_LE(0, lfd);
	EXPECT_EQ(-1, tls_connect_fd(fd, AF_INET, port));
	EXPECT_EQ(EINPROGRESS, errno);
	EXPECT_EQ(POLLOUT, poll_wait(fd, POLLOUT));
	EXPECT_EQ(callers, ssa_counter("StepsByCallers"));
	EXPECT_LE(workers + 3, ssa_counter("StepsByWorkers"));
	close(fd);
	close(lfd);
}

/* A time that ends in the middle: the handshake goes on without the caller. */
TEST(caller_leaves_in_the_middle)
{
	struct timeval tv = { .tv_usec = 1000 };
	int port, lfd = listener_of(0, &port, 8), i, fd;

	ASSERT_LE(0, lfd);
	for (i = 0; i < 6; i++, tv.tv_usec *= 3) {
		fd = tls_client(AF_INET, 0);
		ASSERT_EQ(0, setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)));
		if (tls_connect_fd(fd, AF_INET, port))
			EXPECT_EQ(EINPROGRESS, errno);
		EXPECT_EQ(POLLOUT, poll_wait(fd, POLLOUT));
		EXPECT_EQ(0, so_error(fd));
		close(fd);
	}
	close(lfd);
}

/* Threads in accept() that come and go, while clients do: none is forgotten. */
static void *accept_some(void *arg)
{
	struct timeval tv = { .tv_usec = 20000 };
	int lfd = *(int *)arg, fd, done = 0, i;

	setsockopt(lfd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	for (i = 0; i < 1000 && done < 10; i++) {
		fd = accept(lfd, NULL, NULL);
		if (fd >= 0) {
			done++;
			close(fd);
		}
	}
	return (void *)(long)done;
}

TEST(acceptors_come_and_go)
{
	int port, lfd = listener_of(0, &port, 64), fd[30], i;
	pthread_t thread[3];
	long sum = 0;

	ASSERT_LE(0, lfd);
	for (i = 0; i < 3; i++)
		ASSERT_EQ(0, pthread_create(&thread[i], NULL, accept_some, &lfd));
	for (i = 0; i < 30; i++) {
		fd[i] = tls_client(AF_INET, SOCK_NONBLOCK);
		ASSERT_LE(0, fd[i]);
		tls_connect_fd(fd[i], AF_INET, port);
	}
	for (i = 0; i < 3; i++) {
		void *done;

		pthread_join(thread[i], &done);
		sum += (long)done;
	}
	EXPECT_EQ(30, sum);
	for (i = 0; i < 30; i++)
		close(fd[i]);
	close(lfd);
}

/* ------------------------------------------------------------------ who is next */

#define MANY	200

static int finished(const int *fd, int n)
{
	int i, count = 0;

	for (i = 0; i < n; i++)
		count += poll_one(fd[i], POLLOUT, 0) != 0;
	return count;
}

/* Bob's only handshake is not behind those of Alice. */
TEST(users_take_turns)
{
	int alices_port, bobs_port, alices, bobs, fd[MANY], bob, i, before, after;

	alices = listener_of(ALICE, &alices_port, 4096);
	bobs = listener_of(BOB, &bobs_port, 8);
	ASSERT_LE(0, alices);
	ASSERT_LE(0, bobs);
	bob = client_of(BOB, SOCK_NONBLOCK);
	for (i = 0; i < MANY; i++) {
		fd[i] = client_of(ALICE, SOCK_NONBLOCK);
		ASSERT_LE(0, fd[i]);
	}
	for (i = 0; i < MANY; i++)
		tls_connect_fd(fd[i], AF_INET, alices_port);
	before = finished(fd, MANY);
	EXPECT_EQ(-1, tls_connect_fd(bob, AF_INET, bobs_port));
	EXPECT_EQ(POLLOUT, poll_wait(bob, POLLOUT));
	after = finished(fd, MANY);
	EXPECT_GT(MANY / 2, after - before)
		TH_LOG("%d of Alice's were done before, %d after", before, after);
	EXPECT_EQ(0, so_error(bob));
	for (i = 0; i < MANY; i++) {
		EXPECT_EQ(POLLOUT, poll_wait(fd[i], POLLOUT));
		close(fd[i]);
	}
	close(bob);
	close(bobs);
	close(alices);
}

/* ----------------------------------------------------------------------- shares */

static void silent_clients(struct __test_metadata *_metadata, int *fd, int n, int port)
{
	int i;

	for (i = 0; i < n; i++) {
		fd[i] = tcp_connect(AF_INET, port);
		ASSERT_LE(0, fd[i]);
	}
}

static bool write_map(pid_t pid, const char *name, const char *text)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return write_text(path, text);
}

/* A process that is another user, in a user namespace of Alice's: serves until it is killed. */
static pid_t server_in_namespace(int *port)
{
	int up[2], down[2];
	char byte;
	pid_t pid;

	if (pipe(up) || pipe(down))
		return -1;
	pid = fork();
	if (!pid) {
		if (setresuid(ALICE, ALICE, ALICE) || unshare(CLONE_NEWUSER) ||
		    write(up[1], "x", 1) != 1 || read(down[0], &byte, 1) != 1 ||
		    setresuid(1, 1, 1))
			_exit(1);
		*port = 0;
		if (tls_listen(AF_INET, port, pki_file("p256.chain.pem"),
			       pki_file("p256.key.pem")) < 0 ||
		    write(up[1], port, sizeof(*port)) != sizeof(*port))
			_exit(2);
		for (;;)
			pause();
	}
	close(up[1]);
	close(down[0]);
	if (read(up[0], &byte, 1) != 1 || !write_map(pid, "uid_map", "0 1001 1\n1 100000 10\n") ||
	    write(down[1], "x", 1) != 1 || read(up[0], port, sizeof(*port)) != sizeof(*port))
		return -1;
	close(up[0]);
	close(down[1]);
	return pid;
}

/*
 * Silent clients of Alice's servers take half of the limit, however many users she is in
 * a user namespace; Bob's get in.
 */
TEST(handshakes_are_shared_out)
{
	struct peer_config cfg = { .ca = pki_file("root.pem"), .name = SERVER_NAME };
	int port, ns_port, bobs_port, alices, bobs, fd[8], ns_fd[4], bob_fd[2], i;
	char saved[32];
	struct peer *p;
	pid_t pid;

	in_flight_is(0);
	save(SYSCTL("handshakes_max"), saved);
	ASSERT_TRUE(write_text(SYSCTL("handshakes_max"), "8"));
	alices = listener_of(ALICE, &port, 64);
	bobs = listener_of(BOB, &bobs_port, 64);
	ASSERT_LE(0, alices);
	ASSERT_LE(0, bobs);
	pid = server_in_namespace(&ns_port);
	ASSERT_LT(0, pid);

	silent_clients(_metadata, fd, 8, port);
	in_flight_is(4);
	silent_clients(_metadata, ns_fd, 4, ns_port);
	settle();
	EXPECT_EQ(4, ssa_counter("HandshakesInFlight"));

	silent_clients(_metadata, bob_fd, 2, bobs_port);
	in_flight_is(6);
	for (i = 0; i < 2; i++)
		close(bob_fd[i]);
	p = peer_new(PEER_OPENSSL, &cfg, tcp_connect(AF_INET, bobs_port));
	ASSERT_NE(NULL, p);
	EXPECT_EQ(0, peer_handshake(p))
		TH_LOG("%s", p->error);
	peer_free(p);

	/* What she gives back is hers again, wherever. */
	for (i = 0; i < 8; i++)
		close(fd[i]);
	in_flight_is(4);
	for (i = 0; i < 4; i++)
		close(ns_fd[i]);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(alices);
	close(bobs);
	in_flight_is(0);
	ASSERT_TRUE(write_text(SYSCTL("handshakes_max"), saved));
}

static int handle_of(int fd)
{
	char text[64];
	socklen_t len = sizeof(text);

	return getsockopt(fd, IPPROTO_TLS, TLS_CONTEXT, text, &len) ? errno : 0;
}

TEST(handles_are_shared_out)
{
	char saved[32];
	int fd[5], i, bob, err;

	save(SYSCTL("contexts_max"), saved);
	ASSERT_TRUE(write_text(SYSCTL("contexts_max"), "8"));
	for (i = 0; i < 5; i++) {
		fd[i] = client_of(ALICE, 0);
		ASSERT_LE(0, fd[i]);
		ASSERT_EQ(0, seteuid(ALICE));
		err = handle_of(fd[i]);
		ASSERT_EQ(0, seteuid(0));
		EXPECT_EQ(i < 4 ? 0 : ENOSPC, err);
	}
	bob = client_of(BOB, 0);
	ASSERT_EQ(0, seteuid(BOB));
	EXPECT_EQ(0, handle_of(bob));
	ASSERT_EQ(0, seteuid(0));
	close(fd[0]);
	ASSERT_EQ(0, seteuid(ALICE));
	EXPECT_EQ(0, handle_of(fd[4]));
	ASSERT_EQ(0, seteuid(0));
	for (i = 1; i < 5; i++)
		close(fd[i]);
	close(bob);
	ASSERT_TRUE(write_text(SYSCTL("contexts_max"), saved));
}

/* The user of the connection to which a server's port belongs, as ss shows it; -1: none */
static int uid_of_connection(int port)
{
	unsigned int local, state, uid;
	char line[512];
	int found = -1;
	FILE *f = fopen("/proc/net/tcp", "r");

	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%*d: %*x:%x %*x:%*x %x %*x:%*x %*x:%*x %*x %u", &local, &state,
			   &uid) == 3 && local == port && state == 1)
			found = uid;
	}
	fclose(f);
	return found;
}

/* A connection that nobody has accepted yet is that of its listener's user, not root's. */
TEST(a_child_has_its_listeners_user)
{
	int port, lfd = listener_of(ALICE, &port, 8), fd;

	ASSERT_LE(0, lfd);
	fd = tcp_connect(AF_INET, port);
	in_flight_is(1);
	EXPECT_EQ(ALICE, uid_of_connection(port));
	close(fd);
	close(lfd);
	in_flight_is(0);
}

int main(int argc, char **argv)
{
	struct rlimit limit = { 4096, 4096 };

	setrlimit(RLIMIT_NOFILE, &limit);
	return harness_main(argc, argv, 1);
}
