/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the storm and its operations share: see storm.c.
 */
#ifndef _TLS_SSA_STORM_H
#define _TLS_SSA_STORM_H

#include <time.h>
#include "lib.h"

#define SLOTS		5	/* shared descriptors */
#define WORKERS_MAX	16
#define OPS_MAX		64

/**
 * struct worker - a thread
 * @op: the operation that is in flight, or -1
 * @slot: on which descriptor
 * @since: when it began, in milliseconds
 * @rng: state of its random numbers
 * @pipe: its own
 * @unix_pair: the same, to pass descriptors
 * @epoll: the same
 * @file: to send from
 * @buf: data, and where it is received
 */
struct worker {
	int		op;
	int		slot;
	uint64_t	since;
	uint64_t	rng;
	int		pipe[2];
	int		unix_pair[2];
	int		epoll;
	int		file;
	char		*buf;
};

/**
 * struct storm - in memory that the watching process shares
 * @stop: all threads come to their end
 * @calls: that came back
 * @connections: that were accepted, so their handshakes were complete
 * @placed: ends of those that came about undisturbed, and then were for everybody
 * @pairs: of operations that were seen at once on one descriptor
 * @seen: how often each, the lower one first
 * @workers: the threads
 * @invite: state of an invitation to meet
 * @invite_op: what is to be done
 * @invite_slot: on which descriptor
 * @tls_listener: a server for all
 * @tcp_listener: one that never speaks TLS
 * @tls_port: of the first
 * @tcp_port: of the second
 * @port: of a listener that may be at that descriptor
 * @ripe: when that descriptor may have another socket, in milliseconds
 */
struct storm {
	bool		stop;
	uint64_t	calls;
	uint64_t	connections;
	uint64_t	placed;
	int		pairs;
	uint32_t	seen[OPS_MAX][OPS_MAX];
	struct worker	workers[WORKERS_MAX];
	int		invite;
	int		invite_op;
	int		invite_slot;
	int		tls_listener;
	int		tcp_listener;
	int		tls_port;
	int		tcp_port;
	int		port[SLOTS];
	uint64_t	ripe[SLOTS];
};

extern struct storm *storm;

struct storm_op {
	const char	*name;
	void		(*fn)(struct worker *w, int fd);
	int		weight;
};

extern const int storm_op_count;

/* Operation 0 makes a socket. */
const struct storm_op *storm_op(int op);
int storm_random_op(struct worker *w);
int storm_worker_init(struct worker *w, uint64_t seed);	/* 0, or -1 */
int storm_listen(void);					/* the same */

/* @fd gets the place of what is at @slot, and keeps it for so long. */
void storm_place(int fd, int slot, int stay_ms);

/* A thread that makes connections; its argument is a struct worker. */
void *storm_brood(void *arg);

/* xorshift64* */
static inline uint32_t rnd(struct worker *w)
{
	w->rng ^= w->rng >> 12;
	w->rng ^= w->rng << 25;
	w->rng ^= w->rng >> 27;
	return (w->rng * 2685821657736338717ULL) >> 32;
}

static inline uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ULL + ts.tv_nsec / 1000000;
}

/* The number stays, whatever socket is behind it: nobody else is given it. */
static inline int storm_fd(int slot)
{
	return 200 + slot;
}

#endif /* _TLS_SSA_STORM_H */
