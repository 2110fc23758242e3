// SPDX-License-Identifier: GPL-2.0
/*
 * A storm: threads make random calls on shared descriptors, while the policy changes.
 *
 *	storm [-s SECONDS] [-c CALLS] [-n ENDS] [-a] [-r SEED] [-t THREADS]
 *
 * It ends after so many seconds (5), or once there were so many calls, so many ends of
 * connections that were the threads' to use, and, with -a, each two operations were in
 * flight at once on one descriptor, which half of the calls try for.
 *
 * What the calls come to does not matter here; they must come back, nothing may stay
 * behind, and the kernel's checkers must have nothing to say: that is seen by who runs
 * this. The same seed gives each thread the same sequence of wishes; how they meet is the
 * scheduler's doing.
 *
 * Nothing waits without end: sockets have short timeouts, and a thread that sleeps in a
 * call all the same gets a signal.
 */
#include <inttypes.h>
#include <sched.h>
#include "storm.h"
#include "profile.h"

#define PATIENCE_MS	50	/* a call that sleeps longer gets a signal */
#define CALLS_PER_END	1000

struct storm *storm;

static struct {
	int seconds;
	uint64_t calls;
	uint64_t ends;
	bool all;
	uint64_t seed;
	int threads;
} want = { .seconds = 5, .ends = 1, .seed = 1, .threads = 6 };

static bool over(void)
{
	return __atomic_load_n(&storm->stop, __ATOMIC_RELAXED);
}

/* ------------------------------------------------------------- who meets whom */

/* All of the others that are at work on the same descriptor now */
static void meet(const struct worker *w)
{
	const struct worker *o;
	int op, a, b;

	for (o = storm->workers; o < storm->workers + want.threads; o++) {
		op = __atomic_load_n(&o->op, __ATOMIC_SEQ_CST);
		if (o == w || op < 0 || o->slot != w->slot)
			continue;
		a = op < w->op ? op : w->op;
		b = op < w->op ? w->op : op;
		if (!__atomic_fetch_add(&storm->seen[a][b], 1, __ATOMIC_RELAXED))
			__atomic_fetch_add(&storm->pairs, 1, __ATOMIC_RELAXED);
	}
}

static void call(struct worker *w, int op, int slot)
{
	w->slot = slot;
	__atomic_store_n(&w->since, now_ms(), __ATOMIC_RELAXED);
	__atomic_store_n(&w->op, op, __ATOMIC_SEQ_CST);
	meet(w);
	storm_op(op)->fn(w, storm_fd(slot));
	meet(w);
	__atomic_store_n(&w->op, -1, __ATOMIC_SEQ_CST);
	__atomic_fetch_add(&storm->calls, 1, __ATOMIC_RELAXED);
}

enum { INVITE_FREE, INVITE_FILLING, INVITE_OPEN, INVITE_TAKEN };

static bool invite_move(int from, int to)
{
	return __atomic_compare_exchange_n(&storm->invite, &from, to, false, __ATOMIC_SEQ_CST,
					   __ATOMIC_SEQ_CST);
}

/* Another thread is asked to do the one while this one does the other. */
static bool invite(struct worker *w, int op, int slot)
{
	int i;

	if (!invite_move(INVITE_FREE, INVITE_FILLING))
		return false;
	storm->invite_op = op;
	storm->invite_slot = slot;
	__atomic_store_n(&storm->invite, INVITE_OPEN, __ATOMIC_SEQ_CST);
	for (i = 0; i < 1000 && !over(); i++) {
		if (__atomic_load_n(&storm->invite, __ATOMIC_SEQ_CST) == INVITE_TAKEN)
			break;
		sched_yield();
	}
	if (invite_move(INVITE_OPEN, INVITE_FREE))
		return false;
	__atomic_store_n(&storm->invite, INVITE_FREE, __ATOMIC_SEQ_CST);
	return true;
}

static bool invited(int *op, int *slot)
{
	if (__atomic_load_n(&storm->invite, __ATOMIC_RELAXED) != INVITE_OPEN)
		return false;
	*op = storm->invite_op;
	*slot = storm->invite_slot;
	return invite_move(INVITE_OPEN, INVITE_TAKEN);
}

/* Two operations that have not met, if some tries find any; else any two */
static void choose_pair(struct worker *w, int *a, int *b)
{
	int tries;

	for (tries = 0; tries < 64; tries++) {
		*a = rnd(w) % storm_op_count;
		*b = rnd(w) % storm_op_count;
		if (!storm->seen[*a < *b ? *a : *b][*a < *b ? *b : *a])
			return;
	}
}

static void *work(void *arg)
{
	struct worker *w = arg;
	int op, other, slot;

	while (!over()) {
		/* The work items of the handshakes need some time, too. */
		if (storm->calls > CALLS_PER_END * (storm->placed + 1))
			usleep(2000);
		if (invited(&op, &slot)) {
			call(w, op, slot);
			continue;
		}
		slot = rnd(w) % SLOTS;
		op = storm_random_op(w);
		if (rnd(w) % 2) {
			choose_pair(w, &op, &other);
			invite(w, other, slot);
		}
		call(w, op, slot);
	}
	return NULL;
}

/* --------------------------------------------------------------- the side threads */

/* A TLS server and one that is silent, for whoever connects */
static void *serve(void *arg)
{
	struct pollfd p[2 + 32] = {};
	char buf[8192];
	int n = 2, i, fd;
	ssize_t len;

	p[0] = (struct pollfd){ .fd = storm->tls_listener, .events = POLLIN };
	p[1] = (struct pollfd){ .fd = storm->tcp_listener, .events = POLLIN };
	while (!over()) {
		poll(p, n, 50);
		for (i = 0; i < 2; i++) {
			fd = accept4(p[i].fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
			if (fd < 0)
				continue;
			if (i == 0)
				__atomic_fetch_add(&storm->connections, 1, __ATOMIC_RELAXED);
			if (n == ARRAY_SIZE(p)) {
				close(p[2].fd);
				memmove(&p[2], &p[3], (--n - 2) * sizeof(p[0]));
			}
			p[n++] = (struct pollfd){ .fd = fd, .events = POLLIN };
		}
		for (i = 2; i < n; i++) {
			len = p[i].revents ? recv(p[i].fd, buf, sizeof(buf), 0) : -1;
			if (len > 0)
				send(p[i].fd, buf, len, MSG_NOSIGNAL);
		}
	}
	for (i = 2; i < n; i++)
		close(p[i].fd);
	return NULL;
}

static void *administer(void *arg)
{
	static const char blocklist[] = "/tmp/storm-blocklist";
	struct worker w = { .rng = want.seed * 77 + 5 };
	FILE *f = fopen(blocklist, "w");

	if (f) {
		fprintf(f, "%064d\n", 0);
		fclose(f);
	}
	while (!over()) {
		switch (rnd(&w) % 12) {
		case 0:
			profile_set("default", "min_version", "TLSv1.3");
			break;
		case 1:
		case 2:
			profile_set("default", "min_version", "");
			break;
		case 3:
			profile_set("", "end_connections", rnd(&w) % 2 ? "1" : "0");
			break;
		case 4:
			profile_make("profiles/storm");
			profile_set("profiles/storm", "match_uid", "0");
			profile_set("profiles/storm", "enabled", "1");
			break;
		case 5:
			profile_remove("profiles/storm");
			break;
		case 6:
			profile_set("", "blocklist", rnd(&w) % 2 ? blocklist : "");
			break;
		case 7:
			profile_set("", "transaction", "begin");
			profile_set("default", "verify_depth", "4");
			profile_set("", "transaction", rnd(&w) % 2 ? "commit" : "abort");
			break;
		case 8:
			profile_set("default", "app_may_set", rnd(&w) % 4 ? "" : "alpn");
			break;
		case 9:
			profile_set("default", "session_ttl", rnd(&w) % 2 ? "" : "60");
			break;
		default:
			usleep(rnd(&w) % 100000);
			break;
		}
	}
	profile_set("", "transaction", "abort");
	profile_remove("profiles/storm");
	unlink(blocklist);
	return NULL;
}

static void *wake_sleepers(void *arg)
{
	pthread_t *threads = arg;
	int i;

	while (!over()) {
		usleep(PATIENCE_MS * 500);
		for (i = 0; i < want.threads; i++) {
			struct worker *w = &storm->workers[i];

			if (__atomic_load_n(&w->op, __ATOMIC_RELAXED) >= 0 &&
			    now_ms() - __atomic_load_n(&w->since, __ATOMIC_RELAXED) > PATIENCE_MS)
				pthread_kill(threads[i], SIGUSR1);
		}
	}
	/* Who is in a call yet is to see the end of the storm. */
	for (i = 0; i < want.threads; i++)
		while (__atomic_load_n(&storm->workers[i].op, __ATOMIC_RELAXED) >= 0) {
			pthread_kill(threads[i], SIGUSR1);
			usleep(10000);
		}
	return NULL;
}

static void on_signal(int sig)
{
}

/* The process that everything happens in: what it has open ends with it. */
static int rage(void)
{
	struct sigaction act = { .sa_handler = on_signal };	/* without SA_RESTART */
	pthread_t threads[WORKERS_MAX], side[4];
	struct worker brood = { .rng = want.seed * 131 + 7 };
	int i;

	sigaction(SIGUSR1, &act, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGIO, SIG_IGN);
	signal(SIGURG, SIG_IGN);
	if (storm_listen()) {
		printf("# no listener: %m\n");
		fflush(stdout);
		return 1;
	}
	for (i = 0; i < SLOTS; i++)
		storm_op(0)->fn(&storm->workers[0], storm_fd(i));
	for (i = 0; i < want.threads; i++)
		if (storm_worker_init(&storm->workers[i], want.seed * 1000003 + i))
			return 1;
	for (i = 0; i < want.threads; i++)
		pthread_create(&threads[i], NULL, work, &storm->workers[i]);
	pthread_create(&side[0], NULL, serve, NULL);
	pthread_create(&side[1], NULL, administer, NULL);
	pthread_create(&side[2], NULL, wake_sleepers, threads);
	pthread_create(&side[3], NULL, storm_brood, &brood);
	for (i = 0; i < ARRAY_SIZE(side); i++)
		pthread_join(side[i], NULL);
	for (i = 0; i < want.threads; i++)
		pthread_join(threads[i], NULL);
	return 0;
}

/* ---------------------------------------------------------------- from outside */

static int tests;

static bool result(bool ok, const char *text)
{
	printf("%sok %d %s\n", ok ? "" : "not ", ++tests, text);
	fflush(stdout);
	return ok;
}

static int all_pairs(void)
{
	return storm_op_count * (storm_op_count + 1) / 2;
}

/* A slow machine has a little longer for its first connection. */
static bool wanted(uint64_t begin)
{
	uint64_t ms = storm->placed ? want.seconds * 1000ULL : want.seconds * 10000ULL;

	return now_ms() - begin >= ms ||
	       (want.calls && storm->calls >= want.calls && storm->placed >= want.ends &&
		(!want.all || storm->pairs == all_pairs()));
}

/* What is in flight for longer than any call may be; printed. */
static bool hangs(void)
{
	const char *seconds = getenv("TLS_SSA_TIMEOUT");
	uint64_t limit = (seconds ? atoi(seconds) : 60) * 1000ULL;
	bool any = false;
	int i;

	for (i = 0; i < want.threads; i++) {
		const struct worker *w = &storm->workers[i];
		int op = __atomic_load_n(&w->op, __ATOMIC_RELAXED);

		if (op < 0 || now_ms() - __atomic_load_n(&w->since, __ATOMIC_RELAXED) < limit)
			continue;
		printf("# %s on descriptor %d does not come back\n", storm_op(op)->name, w->slot);
		any = true;
	}
	return any;
}

/* True: all calls came back, and the process has ended. */
static bool watch(pid_t child)
{
	uint64_t begin = now_ms(), told = begin;
	int status;

	while (waitpid(child, &status, WNOHANG) == 0) {
		usleep(100000);
		if (wanted(begin))
			__atomic_store_n(&storm->stop, true, __ATOMIC_RELAXED);
		if (now_ms() - told > 10000) {
			told = now_ms();
			printf("# %" PRIu64 " s: %" PRIu64 " calls, %d of %d pairs, %" PRIu64
			       " ends\n", (told - begin) / 1000, storm->calls, storm->pairs,
			       all_pairs(), storm->placed);
			fflush(stdout);
		}
		if (hangs()) {
			kill(child, SIGKILL);
			return false;
		}
	}
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

static void never_seen(void)
{
	int a, b;

	for (a = 0; a < storm_op_count; a++)
		for (b = a; b < storm_op_count; b++)
			if (!storm->seen[a][b])
				printf("# never at once: %s, %s\n", storm_op(a)->name,
				       storm_op(b)->name);
}

/* Sockets end within TCP's own time. */
static bool goes_back(const char *gauge, long long before)
{
	int tries;

	for (tries = 0; tries < 600 && ssa_counter(gauge) > before; tries++)
		usleep(100000);
	printf("# %s: %lld before, %lld now\n", gauge, before, ssa_counter(gauge));
	return ssa_counter(gauge) <= before;
}

int main(int argc, char **argv)
{
	long long sockets, handshakes;
	bool good = true;
	pid_t child;
	int opt;

	while ((opt = getopt(argc, argv, "s:c:n:ar:t:")) != -1) {
		switch (opt) {
		case 's':
			want.seconds = atoi(optarg);
			break;
		case 'c':
			want.calls = strtoull(optarg, NULL, 10);
			break;
		case 'n':
			want.ends = strtoull(optarg, NULL, 10);
			break;
		case 'a':
			want.all = true;
			break;
		case 'r':
			want.seed = strtoull(optarg, NULL, 10);
			break;
		case 't':
			want.threads = atoi(optarg);
			break;
		default:
			return 2;
		}
	}
	if (want.threads < 2 || want.threads > WORKERS_MAX || storm_op_count > OPS_MAX)
		return 2;
	storm = mmap(NULL, sizeof(*storm), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		     -1, 0);
	if (storm == MAP_FAILED)
		return 2;
	for (opt = 0; opt < WORKERS_MAX; opt++)
		storm->workers[opt].op = -1;
	printf("TAP version 13\n# %d operations, %d pairs of them; seed %" PRIu64 "\n",
	       storm_op_count, all_pairs(), want.seed);
	fflush(stdout);
	close(tls_socket(AF_INET, 0));	/* loads the module */
	sockets = ssa_counter("Sockets");
	handshakes = ssa_counter("HandshakesInFlight");
	child = fork();
	if (!child)
		_exit(rage());
	good &= result(watch(child), "each call comes back");
	printf("# %" PRIu64 " calls, %d of %d pairs; %" PRIu64 " ends of connections, %" PRIu64
	       " accepted\n", storm->calls, storm->pairs, all_pairs(), storm->placed,
	       storm->connections);
	if (want.calls)
		good &= result(storm->calls >= want.calls, "so many calls as were wanted");
	if (want.all) {
		never_seen();
		good &= result(storm->pairs == all_pairs(), "each two operations met");
	}
	good &= result(storm->placed >= want.ends, "so many ends of connections");
	good &= result(goes_back("Sockets", sockets), "no socket stays behind");
	good &= result(goes_back("HandshakesInFlight", handshakes), "and no handshake");
	good &= result(!profile_reset(), "the policy is as it was");
	printf("1..%d\n", tests);
	return !good;
}
