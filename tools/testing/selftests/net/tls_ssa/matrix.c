// SPDX-License-Identifier: GPL-2.0
/*
 * The matrix of interoperability: every combination of peer, role, version,
 * cipher suite, key exchange group and kind of key. Each cell: handshake, what
 * was agreed on by what both ends say, data of many sizes both ways, orderly end.
 *
 *	matrix [-n] [-l]
 *		-n	OpenSSL in the place of our sockets: shows, on any machine,
 *			that the peers do what is asked of them
 *		-l	list the cells
 *
 * The variables PEER, VERSION, SUITE, GROUP, KEY and ROLE (of ours: client,
 * server) choose: each a list of words with commas, parts of names suffice.
 *
 * Two processes work the cells off, because a process for each would spend its
 * time with loading libraries; one that hangs or dies costs its cell only.
 */
#include <stdarg.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include "cells.h"
#include "kselftest.h"
#include "link.h"

#define WORKERS		2
#define HANDSHAKE_FAILURE	40

/* A peer that answers nothing more is killed after so long. */
static int timeout_ms = 60000;
static bool native;

struct outcome {
	bool ok;
	char text[600];
};

static __printf(2, 3) bool bad(struct outcome *o, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(o->text, sizeof(o->text), fmt, args);
	va_end(args);
	return false;
}

/* ---------------------------------------------------------------- one cell */

static const char *credential(const char *key, const char *suffix)
{
	char name[64];

	snprintf(name, sizeof(name), "%s.%s.pem", key, suffix);
	return pki_file(name);
}

static bool agreed(struct outcome *o, const char *what, const char *want, const char *have)
{
	if (have && !strcmp(want, have))
		return true;
	return bad(o, "%s: %s instead of %s", what, have ? have : "nothing", want);
}

static bool check_agreed(struct outcome *o, const struct cell *c, const struct link *l)
{
	const char *suite = cell_suite(c);

	/* Where a peer cannot be told, both have to say the same. */
	if (!suite)
		suite = peer_suite(l->peer);
	return agreed(o, "peer's suite", suite, peer_suite(l->peer)) &&
	       (!peer_group(l->peer) ||
		agreed(o, "peer's group", c->group->name, peer_group(l->peer))) &&
	       agreed(o, "TLS_CHOSEN_CIPHER", suite, tls_get_str(l->fd, TLS_CHOSEN_CIPHER)) &&
	       agreed(o, "TLS_NEGOTIATED_GROUP", c->group->ours,
		      tls_get_str(l->fd, TLS_NEGOTIATED_GROUP)) &&
	       agreed(o, "TLS_VERSION_CONN", cell_version(c), tls_get_str(l->fd, TLS_VERSION_CONN));
}

static bool check_sendfile(struct outcome *o, int fd)
{
	size_t len = 50000;
	int file = pattern_memfd(len);
	off_t off = 0;
	bool ok = true;

	while (ok && off < (off_t)len)
		ok = sendfile(fd, file, &off, len - off) > 0;
	close(file);
	if (!ok)
		return bad(o, "sendfile after %ld bytes: %m", (long)off);
	return !drain_pattern(fd, len, 0) || bad(o, "what sendfile sent did not come back");
}

static bool check_splice(struct outcome *o, int fd)
{
	unsigned char out[4000], in[4000];
	bool ok = false;
	size_t got = 0;
	int pipefd[2];
	ssize_t n = 0;

	if (pipe(pipefd))
		return bad(o, "pipe: %m");
	pattern_fill(out, sizeof(out), 5);
	if (write(pipefd[1], out, sizeof(out)) != sizeof(out))
		goto done;
	for (; got < sizeof(out); got += n) {
		n = splice(pipefd[0], NULL, fd, NULL, sizeof(out) - got, 0);
		if (n <= 0)
			goto done;
	}
	for (got = 0; got < sizeof(in); got += n) {
		n = splice(fd, NULL, pipefd[1], NULL, sizeof(in) - got, 0);
		if (n <= 0)
			goto done;
	}
	ok = read(pipefd[0], in, sizeof(in)) == sizeof(in) && !memcmp(in, out, sizeof(in));
done:
	close(pipefd[0]);
	close(pipefd[1]);
	return ok || bad(o, "splice: %zd after %zu bytes: %m", n, got);
}

static bool check_echo(struct outcome *o, const struct cell *c, int fd)
{
	static const size_t sizes[] = { 1, 100, 16384, 16385, 40000 };
	unsigned long long pos = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		if (echo_pattern(fd, sizes[i], pos))
			return bad(o, "%zu bytes did not come back", sizes[i]);
		pos += sizes[i];
	}
	return !c->files || (check_sendfile(o, fd) && check_splice(o, fd));
}

/* Our close_notify ends the peer's loop, its own ends ours. */
static bool check_end(struct outcome *o, int fd)
{
	char byte;
	ssize_t n;

	if (shutdown(fd, SHUT_WR))
		return bad(o, "shutdown: %m");
	n = recv(fd, &byte, 1, 0);
	return !n || bad(o, "end: recv() = %zd (%s; %s)", n, n < 0 ? strerror(errno) : "data",
			 tls_error(fd));
}

static bool exchange(struct outcome *o, const struct cell *c, struct link *l)
{
	struct job echo;
	bool ok;

	if (!check_agreed(o, c, l))
		return false;
	job_start(&echo, l->peer, job_echo, NULL);
	ok = check_echo(o, c, l->fd) && check_end(o, l->fd);
	if (!ok)
		shutdown(l->peer->fd, SHUT_RDWR);
	if (job_wait(&echo) && ok)
		return bad(o, "peer: %s", l->peer->error);
	return ok;
}

/* Refused, by the one that has to, and for the right reason. */
static bool check_refused(struct outcome *o, const struct cell *c, const struct link *l)
{
	const char *want = c->no_ems ? "extended_master_secret" : "handshake_failure";

	if (!l->peer || l->peer_ok || l->err != EPROTO)
		return bad(o, "not refused: %s (%s)", l->err ? strerror(l->err) : "no error",
			   l->error);
	if (c->server)
		return l->peer->alert == HANDSHAKE_FAILURE ||
		       bad(o, "alert %d: %s", l->peer->alert, l->peer->error);
	return strstr(l->error, want) || bad(o, "refused for another reason: %s", l->error);
}

static bool run(struct outcome *o, const struct cell *c)
{
	struct link_config cfg = {
		.family = c->family,
		.server = c->server,
		.kind = c->peer,
		.peer = {
			.version = c->version,
			.suite = cell_suite(c),
			.groups = cell_groups(c),
			.no_ems = c->no_ems,
		},
	};
	const char *cert = credential(c->key->name, "chain");
	const char *key = credential(c->key->name, "key");
	struct link l;
	bool ok;

	if (c->server) {
		cfg.cert = cert;
		cfg.key = key;
	} else {
		cfg.peer.cert = cert;
		cfg.peer.key = key;
	}
	link_try(&l, &cfg);
	if (c->refused)
		ok = check_refused(o, c, &l);
	else if (l.err || !l.peer_ok)
		ok = bad(o, "handshake: %s (%s); peer: %s", l.err ? strerror(l.err) : "done",
			 l.error, l.peer ? l.peer->error : "none");
	else
		ok = exchange(o, c, &l);
	link_close(&l);
	return ok;
}

/* ------------------------------------------------------- without our sockets */

static int native_peer(struct peer *p, void *arg)
{
	if (!peer_handshake(p) && !peer_echo(p))
		return 0;
	/* The other side is not to wait for an answer that will not come. */
	shutdown(p->fd, SHUT_WR);
	return PEER_ERROR;
}

static bool native_exchange(struct outcome *o, const struct cell *c, struct peer *ours)
{
	static unsigned char out[40000], in[40000];

	pattern_fill(out, sizeof(out), 0);
	if (peer_handshake(ours) || peer_send(ours, out, sizeof(out)) < 0 ||
	    peer_recv_all(ours, in, sizeof(in)) != sizeof(in) || memcmp(in, out, sizeof(in)))
		return bad(o, "OpenSSL: %s", ours->error);
	if (peer_close_notify(ours) || peer_recv(ours, in, 1))
		return bad(o, "OpenSSL: end: %s", ours->error);
	return agreed(o, "group", c->group->name, peer_group(ours)) &&
	       (!cell_suite(c) || agreed(o, "suite", cell_suite(c), peer_suite(ours)));
}

static bool run_native(struct outcome *o, const struct cell *c)
{
	struct peer_config theirs = { .version = c->version, .suite = cell_suite(c),
				      .groups = cell_groups(c), .server = !c->server };
	struct peer_config ours = { .version = c->version, .server = c->server };
	struct peer_config *server = c->server ? &ours : &theirs;
	struct peer_config *client = c->server ? &theirs : &ours;
	struct peer *a = NULL, *b = NULL;
	bool ok = false;
	struct job job;
	int port = 0, listener = tcp_listen(c->family, &port);
	int fds[2];

	server->cert = credential(c->key->name, "chain");
	server->key = credential(c->key->name, "key");
	client->ca = pki_file("root.pem");
	client->name = SERVER_NAME;
	fds[0] = tcp_connect(c->family, port);
	fds[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	close(listener);
	a = peer_new(PEER_OPENSSL, &ours, fds[0]);
	b = peer_new(c->peer, &theirs, fds[1]);
	if (a && b) {
		job_start(&job, b, native_peer, NULL);
		ok = native_exchange(o, c, a);
		if (!ok)
			shutdown(a->fd, SHUT_RDWR);
		if (job_wait(&job)) {
			char text[sizeof(o->text)];

			snprintf(text, sizeof(text), "%s", o->text);
			ok = bad(o, "%.250s; peer: %s", text, b->error);
		} else if (ok && peer_group(b)) {
			ok = agreed(o, "peer's group", c->group->name, peer_group(b));
		}
	} else {
		bad(o, "configuration refused");
	}
	peer_free(a);
	peer_free(b);
	return ok;
}

/* ------------------------------------------------------------------ workers */

struct worker {
	pid_t pid;
	int fd;			/* numbers of cells go out, outcomes come in */
	int cell;		/* that it works on, or -1 */
	long long deadline;
};

static long long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static void work(int fd)
{
	struct outcome o;
	int i;

	/* With it the programs of its peers go: they read from it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (recv(fd, &i, sizeof(i), 0) == sizeof(i)) {
		memset(&o, 0, sizeof(o));
		o.ok = native ? run_native(&o, &cells[i]) : run(&o, &cells[i]);
		send(fd, &o, sizeof(o), 0);
	}
	_exit(0);
}

static void start(struct worker *w)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		abort();
	fflush(stdout);
	w->cell = -1;
	w->fd = pair[0];
	w->pid = fork();
	if (!w->pid) {
		close(pair[0]);
		work(pair[1]);
	}
	close(pair[1]);
}

static void stop(struct worker *w)
{
	close(w->fd);
	kill(w->pid, SIGKILL);
	waitpid(w->pid, NULL, 0);
}

static int number, failures;

static void report(int cell, const struct outcome *o)
{
	number++;
	printf("%s %d %s\n", o->ok ? "ok" : "not ok", number, cell_name(&cells[cell]));
	if (!o->ok) {
		failures++;
		printf("# %s\n", o->text);
	}
	fflush(stdout);
}

/* What a worker says, or that it says nothing any more; true if it is free. */
static bool attend(struct worker *w, int revents)
{
	struct outcome o = { 0 };

	if (w->cell < 0)
		return true;
	if (revents && recv(w->fd, &o, sizeof(o), MSG_DONTWAIT) == sizeof(o)) {
		report(w->cell, &o);
		w->cell = -1;
		return true;
	}
	if (!revents && now_ms() < w->deadline)
		return false;
	bad(&o, revents ? "the process died" : "nothing happened for a long time");
	report(w->cell, &o);
	stop(w);
	start(w);
	return true;
}

/* All cells of a phase; a phase has one policy. */
static void run_phase(int phase)
{
	struct pollfd fds[WORKERS];
	struct worker w[WORKERS];
	int i, next = 0, busy = 0;

	for (i = 0; i < WORKERS; i++)
		start(&w[i]);
	do {
		busy = 0;
		for (i = 0; i < WORKERS; i++) {
			while (next < cell_count && cells[next].phase != phase)
				next++;
			if (w[i].cell < 0 && next < cell_count) {
				w[i].cell = next;
				w[i].deadline = now_ms() + timeout_ms;
				send(w[i].fd, &next, sizeof(next), MSG_NOSIGNAL);
				next++;
			}
			fds[i].fd = w[i].cell < 0 ? -1 : w[i].fd;
			fds[i].events = POLLIN;
			fds[i].revents = 0;
			busy += w[i].cell >= 0;
		}
		if (!busy)
			break;
		poll(fds, WORKERS, 500);
		for (i = 0; i < WORKERS; i++)
			attend(&w[i], fds[i].revents);
	} while (1);
	for (i = 0; i < WORKERS; i++)
		stop(&w[i]);
}

/* Go's TLS 1.2 has no extended master secret before 1.21. */
static bool require_ems(bool on)
{
	int fd = open("/sys/kernel/config/tls_ssa/default/require_extended_master_secret",
		      O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, on ? "1" : "0", 1) == 1;

	if (!ok)
		printf("# require_extended_master_secret: %m\n");
	if (fd >= 0)
		close(fd);
	return ok;
}

int main(int argc, char **argv)
{
	const char *seconds = getenv("TLS_SSA_TIMEOUT");
	bool list = false;
	int opt, phase, i;

	while ((opt = getopt(argc, argv, "nl")) != -1) {
		if (opt == 'n')
			native = true;
		else if (opt == 'l')
			list = true;
		else
			return 2;
	}
	if (seconds)
		timeout_ms = atoi(seconds) * 1000;
	/* A peer that goes away is an error code, not a signal. */
	signal(SIGPIPE, SIG_IGN);
	make_cells(native);
	if (list) {
		for (i = 0; i < cell_count; i++)
			puts(cell_name(&cells[i]));
		return 0;
	}
	printf("TAP version 13\n1..%d\n", cell_count);
	for (phase = 0; phase < CELL_PHASES; phase++) {
		if (phase == CELL_WITHOUT_EMS && !native)
			require_ems(false);
		run_phase(phase);
		if (phase == CELL_WITHOUT_EMS && !native)
			require_ems(true);
	}
	if (!cell_count)
		printf("# no cell has that name\n");
	return failures || !cell_count;
}
