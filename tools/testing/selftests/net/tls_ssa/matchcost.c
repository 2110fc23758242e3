// SPDX-License-Identifier: GPL-2.0
/*
 * What it costs to find the profile of a program at socket(): with 1,000 profiles as
 * much as with one. For a guest with one CPU and "-icount shift=0", where the clock
 * counts instructions; anywhere else the clock says nothing, and the test is skipped.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include "lib.h"
#include "profile.h"

#define PROFILES	1000
#define SOCKETS		50	/* of a round */
#define ROUNDS		15

static int results, failures;

static void result(bool good, const char *what)
{
	printf("%s %d %s\n", good ? "ok" : "not ok", ++results, what);
	failures += !good;
}

static long long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	long long x = *(const long long *)a, y = *(const long long *)b;

	return (x > y) - (x < y);
}

/* Instructions of a socket() and its close(): the median, for the timer interrupts some */
static long long measure(void)
{
	long long round[ROUNDS], begin;
	int r, i, fd;

	for (r = 0; r < ROUNDS; r++) {
		begin = now();
		for (i = 0; i < SOCKETS; i++) {
			fd = tls_socket(AF_INET, SOCK_CLOEXEC);
			if (fd < 0)
				return -1;
			close(fd);
		}
		round[r] = (now() - begin) / SOCKETS;
	}
	qsort(round, ROUNDS, sizeof(*round), compare);
	return round[ROUNDS / 2];
}

/* Does the clock count instructions? A loop costs the same each time, then. */
static bool counts_instructions(void)
{
	long long begin, cost[2];
	int i, n;

	for (i = 0; i < 2; i++) {
		begin = now();
		for (n = 0; n < 10000; n++)
			__asm__("" : : "r" (n));
		cost[i] = now() - begin;
	}
	return llabs(cost[0] - cost[1]) * 20 < cost[0] && cost[0] > 10000;
}

static void which(const char *want)
{
	char text[128] = "", what[160];
	socklen_t len = sizeof(text);
	int fd = tls_socket(AF_INET, SOCK_CLOEXEC);

	getsockopt(fd, IPPROTO_TLS, TLS_PROFILE, text, &len);
	close(fd);
	snprintf(what, sizeof(what), "the profile is %s", want);
	result(!strcmp(text, want), what);
}

/* The profile @i of a program, or of a user: that of nobody here */
static int add(int i, bool user)
{
	char item[64], value[64];
	int fd, err;

	snprintf(item, sizeof(item), "profiles/p%d", i);
	snprintf(value, sizeof(value), "/tmp/matchcost.%d", i);
	if (user) {
		snprintf(value, sizeof(value), "%d", 100000 + i);
	} else {
		fd = open(value, O_CREAT | O_WRONLY | O_CLOEXEC, 0755);
		if (fd < 0)
			return errno;
		close(fd);
	}
	err = profile_make(item);
	if (!err)
		err = profile_set(item, user ? "match_uid" : "match_executable", value);
	return err ?: profile_set(item, "enabled", "1");
}

static int add_all(bool user)
{
	int i, err;

	/* In one transaction: the index is made once. */
	err = profile_set("", "transaction", "begin");
	for (i = 1; i < PROFILES && !err; i++)
		err = add(user ? PROFILES + i : i, user);
	if (!err)
		err = profile_set("", "transaction", "commit");
	return err;
}

/* What matching costs is what socket() costs more than without any profile. */
static void judge(long long none, long long one, long long many, const char *what)
{
	long long a = one - none, b = many - none;
	char text[160];

	printf("# instructions of socket() and close() without a profile: %lld\n", none);
	printf("# of matching: %lld with one, %lld with %s\n", a, b, what);
	snprintf(text, sizeof(text), "matching costs the same with %s", what);
	result(a > 0 && b * 10 <= a * 11 && a * 10 <= b * 11, text);
}

int main(void)
{
	long long none, one, many;

	if (!counts_instructions()) {
		printf("1..0 # SKIP needs -icount shift=0\n");
		return 0;
	}
	if (profile_reset())
		return 1;
	measure();		/* fills caches */
	none = measure();
	if (profile_for_self("profiles/self"))
		return 1;
	which("self");
	one = measure();
	result(!add_all(false), "999 more programs have profiles");
	which("self");
	many = measure();
	judge(none, one, many, "1,000 profiles of programs");
	/* Another criterion is another lookup, however many profiles have it. */
	result(!add(PROFILES, true), "a user has a profile");
	one = measure();
	result(!add_all(true), "999 more users have profiles");
	which("self");
	many = measure();
	judge(none, one, many, "1,000 profiles of programs and 1,000 of users");
	printf("1..%d\n", results);
	return failures != 0;
}
