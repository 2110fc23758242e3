// SPDX-License-Identifier: GPL-2.0
/*
 * Connections for the storm: they come about undisturbed, for on descriptors that everybody
 * uses hardly any handshake gets to its end, and then they take the place of what is there.
 */
#include "storm.h"

#define STAY_MS		2000	/* how long a connection keeps its place */

/* A policy that has changed in between may end one side of a connection alone. */
static const struct timeval patience = { .tv_sec = 5 };

/* A client of the server that sends back, or of @lfd: then its other end goes to *@accepted. */
static int connection(struct worker *w, int port, int lfd, int *accepted)
{
	int fd = tls_client(AF_INET, SOCK_CLOEXEC);

	*accepted = -1;
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	tls_set_str(fd, TLS_VERSION_MAX, rnd(w) % 2 ? "TLSv1.2" : "TLSv1.3");
	if (fd < 0 || tls_connect_fd(fd, AF_INET, port)) {
		close(fd);
		return -1;
	}
	if (lfd >= 0)
		*accepted = accept4(lfd, NULL, NULL, SOCK_CLOEXEC);
	return fd;
}

/* A place whose connection has had its time; -1: the storm is over. */
static int wait_for_place(struct worker *w)
{
	static uint64_t until[SLOTS];
	int slot;

	while (!__atomic_load_n(&storm->stop, __ATOMIC_RELAXED)) {
		slot = rnd(w) % SLOTS;
		if (until[slot] <= now_ms()) {
			until[slot] = now_ms() + STAY_MS;
			return slot;
		}
		usleep(20000);
	}
	return -1;
}

static void place(struct worker *w, int fd)
{
	int slot = fd < 0 ? -1 : wait_for_place(w);

	if (slot >= 0) {
		__atomic_fetch_add(&storm->placed, 1, __ATOMIC_RELAXED);
		storm_place(fd, slot, STAY_MS);
	} else {
		close(fd);
	}
}

void *storm_brood(void *arg)
{
	struct worker *w = arg;
	int port = 0, own, fd, accepted;

	own = tls_listen(AF_INET, &port, pki_file("p256.chain.pem"), pki_file("p256.key.pem"));
	setsockopt(own, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	while (!__atomic_load_n(&storm->stop, __ATOMIC_RELAXED)) {
		if (rnd(w) % 2)
			fd = connection(w, port, own, &accepted);
		else
			fd = connection(w, storm->tls_port, -1, &accepted);
		/* The administrator of the storm may not allow it. */
		if (fd < 0)
			usleep(10000);
		place(w, fd);
		place(w, accepted);
	}
	close(own);
	return NULL;
}
