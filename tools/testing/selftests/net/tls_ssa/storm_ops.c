// SPDX-License-Identifier: GPL-2.0
/*
 * The operations of the storm: each does one thing to a descriptor that others use as
 * well, with arguments by chance, right ones and wrong ones. Nobody looks at the results.
 */
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <linux/sockios.h>
#include <linux/tls.h>
#include "storm.h"

#define BUF	40000

#ifndef TCP_INQ
#define TCP_INQ		36
#endif

/* ------------------------------------------------------------------- sockets */

static void set_timeout(int fd, int option)
{
	struct timeval tv = { .tv_usec = 20000 };

	setsockopt(fd, SOL_SOCKET, option, &tv, sizeof(tv));
}

/* Is it time for another socket there? Some stay long enough for a connection. */
static bool is_ripe(struct worker *w, int fd)
{
	uint64_t *ripe = &storm->ripe[fd - storm_fd(0)], now = now_ms();

	if (__atomic_load_n(ripe, __ATOMIC_RELAXED) > now)
		return false;
	__atomic_store_n(ripe, now + (rnd(w) % 2 ? rnd(w) % 20 : rnd(w) % 3000), __ATOMIC_RELAXED);
	return true;
}

/* @fd gets the place of @slot_fd, if it is time, and whatever is there is closed. */
static void put(struct worker *w, int fd, int slot_fd)
{
	if (fd >= 0 && !is_ripe(w, slot_fd)) {
		close(fd);
		return;
	}
	if (fd < 0)
		return;
	set_timeout(fd, SO_RCVTIMEO);
	set_timeout(fd, SO_SNDTIMEO);
	dup2(fd, slot_fd);
	close(fd);
}

void storm_place(int fd, int slot, int stay_ms)
{
	set_timeout(fd, SO_RCVTIMEO);
	set_timeout(fd, SO_SNDTIMEO);
	__atomic_store_n(&storm->ripe[slot], now_ms() + stay_ms, __ATOMIC_RELAXED);
	dup2(fd, storm_fd(slot));
	close(fd);
}

static int family(struct worker *w)
{
	return rnd(w) % 2 ? AF_INET : AF_INET6;
}

static socklen_t address(struct worker *w, struct sockaddr_storage *ss, int port)
{
	struct sockaddr_in6 *a6 = (struct sockaddr_in6 *)ss;
	socklen_t len;

	if (rnd(w) % 2)
		return loopback(ss, AF_INET, port);
	len = loopback(ss, AF_INET6, port);
	/* The listeners have an IPv4 address. */
	inet_pton(AF_INET6, "::ffff:127.0.0.1", &a6->sin6_addr);
	return len;
}

/* Where somebody may listen */
static int some_port(struct worker *w)
{
	switch (rnd(w) % 8) {
	case 0:
		return storm->tcp_port;
	case 1:
	case 2:
		return storm->port[rnd(w) % SLOTS];
	default:
		return storm->tls_port;
	}
}

static void give_trust(int fd)
{
	tls_set_str(fd, TLS_REMOTE_HOSTNAME, SERVER_NAME);
	tls_set_str(fd, TLS_TRUSTED_PEER_CERTIFICATES, pki_file("root.pem"));
}

static void give_credentials(int fd)
{
	tls_set_str(fd, TLS_CERTIFICATE_CHAIN, pki_file("p256.chain.pem"));
	tls_set_str(fd, TLS_PRIVATE_KEY, pki_file("p256.key.pem"));
}

static void op_socket(struct worker *w, int fd)
{
	int s = tls_socket(family(w), SOCK_CLOEXEC | (rnd(w) % 2 ? SOCK_NONBLOCK : 0));

	if (rnd(w) % 8)
		give_trust(s);
	put(w, s, fd);
}

/* A connected TCP socket, and its other end somewhere else */
static void op_tcp(struct worker *w, int fd)
{
	int port = 0, lfd = tcp_listen(family(w), &port), a, b;
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);

	if (lfd < 0)
		return;
	getsockname(lfd, (struct sockaddr *)&ss, &len);
	a = tcp_connect(ss.ss_family, port);
	if (a >= 0) {
		b = accept4(lfd, NULL, NULL, SOCK_CLOEXEC);
		put(w, b, storm_fd(rnd(w) % SLOTS));
		put(w, a, fd);
	}
	close(lfd);
}

static void op_close(struct worker *w, int fd)
{
	if (!is_ripe(w, fd)) {
		close(dup(fd));		/* not the last one */
		return;
	}
	if (rnd(w) % 4 == 0)
		close_with_rst(fd);
	else
		close(fd);
	storm->ripe[fd - storm_fd(0)] = 0;
	op_socket(w, fd);
}

static void op_dup(struct worker *w, int fd)
{
	put(w, dup(fd), storm_fd(rnd(w) % SLOTS));
}

/* In flight through a socket, and perhaps closed there */
static void op_pass(struct worker *w, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = {}, byte = 0;
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	int got;

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	if (sendmsg(w->unix_pair[0], &m, MSG_DONTWAIT) != 1)
		return;
	if (rnd(w) % 2) {
		recv(w->unix_pair[1], &byte, 1, MSG_DONTWAIT);
		return;
	}
	m.msg_controllen = sizeof(control);
	if (recvmsg(w->unix_pair[1], &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) == 1 &&
	    m.msg_controllen >= CMSG_LEN(sizeof(int))) {
		memcpy(&got, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(got));
		close(got);
	}
}

/* ------------------------------------------------------------------- connections */

static void op_connect(struct worker *w, int fd)
{
	struct sockaddr_storage ss;
	socklen_t len = address(w, &ss, some_port(w));

	connect(fd, (struct sockaddr *)&ss, len);
}

static void op_connect_name(struct worker *w, int fd)
{
	struct sockaddr_host host = {
		.sin_family = AF_HOSTNAME, .sin_port = htons(some_port(w)),
	};

	/* A real look-up starts a process: not often. */
	strcpy(host.sin_addr.name, rnd(w) % 64 ? "127.0.0.1" : SERVER_NAME);
	connect(fd, (struct sockaddr *)&host, rnd(w) % 16 ? sizeof(host) : 20);
}

static void op_connect_unspec(struct worker *w, int fd)
{
	struct sockaddr_storage ss = { .ss_family = AF_UNSPEC };

	connect(fd, (struct sockaddr *)&ss, sizeof(struct sockaddr));
}

static void op_bind(struct worker *w, int fd)
{
	struct sockaddr_host host = { .sin_family = AF_HOSTNAME };
	struct sockaddr_storage ss;
	socklen_t len = address(w, &ss, 0);

	if (rnd(w) % 4)
		bind(fd, (struct sockaddr *)&ss, len);
	else
		bind(fd, (struct sockaddr *)&host, sizeof(host));
}

static void op_listen(struct worker *w, int fd)
{
	if (rnd(w) % 2)
		give_credentials(fd);
	if (!listen(fd, rnd(w) % 4))
		storm->port[fd - storm_fd(0)] = local_port(fd);
}

static void op_accept(struct worker *w, int fd)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	int conn = accept4(fd, (struct sockaddr *)&ss, &len,
			   SOCK_CLOEXEC | (rnd(w) % 2 ? SOCK_NONBLOCK : 0));
	int slot = rnd(w) % SLOTS, i;

	if (conn >= 0)
		__atomic_fetch_add(&storm->connections, 1, __ATOMIC_RELAXED);
	for (i = 0; i < SLOTS - 1 && storm->ripe[slot] > now_ms(); i++)
		slot = (slot + 1) % SLOTS;
	put(w, conn, storm_fd(slot));
}

static void op_shutdown(struct worker *w, int fd)
{
	/* Else nothing would be left of it for the others. */
	shutdown(fd, is_ripe(w, fd) ? rnd(w) % 3 : 3);
}

static void op_ulp(struct worker *w, int fd)
{
	if (rnd(w) % 16)
		setsockopt(fd, SOL_TCP, TCP_ULP, "tls_ssa", 8);
	else
		setsockopt(fd, SOL_TCP, TCP_ULP, "tls", 4);
}

static void op_handshake(struct worker *w, int fd)
{
	int role = rnd(w) % 2 ? TLS_HANDSHAKE_CLIENT : TLS_HANDSHAKE_SERVER;

	if (role == TLS_HANDSHAKE_CLIENT)
		give_trust(fd);
	else
		give_credentials(fd);
	setsockopt(fd, IPPROTO_TLS, TLS_HANDSHAKE, &role, sizeof(role));
}

static void op_key_update(struct worker *w, int fd)
{
	int which = rnd(w) % 4;

	setsockopt(fd, IPPROTO_TLS, TLS_KEY_UPDATE, &which, sizeof(which));
}

static void op_context(struct worker *w, int fd)
{
	const char *handle = tls_get_str(fd, TLS_CONTEXT);
	int s;

	if (!handle || !*handle)
		return;
	if (rnd(w) % 2) {
		tls_set_str(storm_fd(rnd(w) % SLOTS), TLS_CONTEXT, handle);
		return;
	}
	s = tls_socket(family(w), SOCK_CLOEXEC);
	tls_set_str(s, TLS_CONTEXT, handle);
	close(s);
}

/* -------------------------------------------------------------------------- data */

static int send_flags(struct worker *w)
{
	static const int flags[] = {
		MSG_MORE, MSG_EOR, MSG_OOB, MSG_ZEROCOPY, MSG_CONFIRM, MSG_DONTROUTE, MSG_FASTOPEN,
		MSG_WAITALL,
	};
	int chosen = MSG_NOSIGNAL;

	if (rnd(w) % 4)
		chosen |= MSG_DONTWAIT;
	if (rnd(w) % 4 == 0)
		chosen |= flags[rnd(w) % ARRAY_SIZE(flags)];
	return chosen;
}

static size_t size(struct worker *w)
{
	switch (rnd(w) % 4) {
	case 0:
		return rnd(w) % 4;
	case 1:
		return rnd(w) % BUF;
	default:
		return rnd(w) % 600;
	}
}

static void op_send(struct worker *w, int fd)
{
	send(fd, w->buf, size(w), send_flags(w));
}

static void op_send_more(struct worker *w, int fd)
{
	send(fd, w->buf, size(w), MSG_NOSIGNAL | MSG_MORE | (rnd(w) % 2 ? MSG_DONTWAIT : 0));
}

static void op_sendmsg(struct worker *w, int fd)
{
	char control[CMSG_SPACE(1)] = {};
	struct iovec iov[2] = {
		{ .iov_base = w->buf, .iov_len = size(w) },
		{ .iov_base = rnd(w) % 8 ? w->buf : NULL, .iov_len = size(w) },
	};
	struct msghdr m = {
		.msg_iov = iov, .msg_iovlen = 2,
		.msg_control = rnd(w) % 2 ? control : NULL,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	if (c) {
		c->cmsg_level = rnd(w) % 2 ? SOL_TLS : SOL_TCP;
		c->cmsg_type = TLS_SET_RECORD_TYPE;
		c->cmsg_len = CMSG_LEN(1);
	}
	sendmsg(fd, &m, send_flags(w));
}

static int recv_wait(struct worker *w)
{
	return rnd(w) % 4 ? MSG_DONTWAIT : 0;
}

static void op_recv(struct worker *w, int fd)
{
	recv(fd, w->buf, size(w), recv_wait(w));
}

static void op_recv_peek(struct worker *w, int fd)
{
	recv(fd, w->buf, size(w), MSG_PEEK | recv_wait(w));
}

static void op_recv_flags(struct worker *w, int fd)
{
	static const int flags[] = { MSG_WAITALL, MSG_TRUNC, MSG_OOB, MSG_ERRQUEUE };

	recv(fd, rnd(w) % 8 ? w->buf : NULL, size(w),
	     flags[rnd(w) % ARRAY_SIZE(flags)] | recv_wait(w));
}

static void op_recvmsg(struct worker *w, int fd)
{
	char control[64];
	struct iovec iov = { .iov_base = w->buf, .iov_len = size(w) };
	struct mmsghdr m[2] = {};
	struct timespec ts = { .tv_nsec = 1000000 };

	m[0].msg_hdr = (struct msghdr){
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	m[1] = m[0];
	if (rnd(w) % 2)
		recvmsg(fd, &m[0].msg_hdr, recv_wait(w));
	else
		recvmmsg(fd, m, 2, recv_wait(w), &ts);
}

static void op_vectors(struct worker *w, int fd)
{
	struct iovec iov[3] = {
		{ .iov_base = w->buf, .iov_len = rnd(w) % 100 },
		{ .iov_base = w->buf + 100, .iov_len = 0 },
		{ .iov_base = w->buf + 200, .iov_len = size(w) / 2 },
	};

	if (rnd(w) % 2)
		readv(fd, iov, 3);
	else
		writev(fd, iov, 3);
}

static void empty_pipe(struct worker *w)
{
	while (read(w->pipe[0], w->buf, BUF) > 0)
		;
}

static void op_splice_from(struct worker *w, int fd)
{
	splice(fd, NULL, w->pipe[1], NULL, size(w), rnd(w) % 4 ? SPLICE_F_NONBLOCK : 0);
	empty_pipe(w);
}

static void op_splice_to(struct worker *w, int fd)
{
	ssize_t n = write(w->pipe[1], w->buf, size(w));

	if (n > 0)
		splice(w->pipe[0], NULL, fd, NULL, n,
		       (rnd(w) % 4 ? SPLICE_F_NONBLOCK : 0) | (rnd(w) % 2 ? SPLICE_F_MORE : 0));
	empty_pipe(w);
}

static void op_sendfile(struct worker *w, int fd)
{
	off_t at = rnd(w) % 60000;

	sendfile(fd, w->file, &at, size(w));
}

static void op_poll(struct worker *w, int fd)
{
	poll_one(fd, rnd(w) % 2 ? POLLIN | POLLRDHUP : POLLIN | POLLOUT, rnd(w) % 5);
}

static void op_epoll(struct worker *w, int fd)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP };

	if (rnd(w) % 2)
		ev.events |= EPOLLET;
	epoll_ctl(w->epoll, EPOLL_CTL_ADD, fd, &ev);
	epoll_wait(w->epoll, &ev, 1, rnd(w) % 3);
	if (rnd(w) % 4)
		epoll_ctl(w->epoll, EPOLL_CTL_DEL, fd, NULL);
}

static void op_ioctl(struct worker *w, int fd)
{
	int value = rnd(w) % 2;

	switch (rnd(w) % 6) {
	case 0:
		ioctl(fd, SIOCOUTQ, &value);
		break;
	case 1:
		ioctl(fd, SIOCOUTQNSD, &value);
		break;
	case 2:
		ioctl(fd, SIOCATMARK, &value);
		break;
	case 3:
		ioctl(fd, FIONBIO, &value);
		break;
	case 4:
		fcntl(fd, F_SETOWN, getpid());
		ioctl(fd, FIOASYNC, &value);
		break;
	default:
		ioctl(fd, FIONREAD, &value);
		break;
	}
}

/* ----------------------------------------------------------------------- options */

static void op_get_tls(struct worker *w, int fd)
{
	int name = rnd(w) % 2 ? 85 + rnd(w) % 40 : 200 + rnd(w) % 24;
	socklen_t len = rnd(w) % 8 ? 4096 : rnd(w) % 64;

	getsockopt(fd, IPPROTO_TLS, name, w->buf, &len);
}

static void op_set_tls(struct worker *w, int fd)
{
	static const struct {
		int name;
		const char *text;
	} texts[] = {
		{ TLS_REMOTE_HOSTNAME, SERVER_NAME }, { TLS_HOSTNAME, SERVER_NAME },
		{ TLS_ALPN, "h2,http/1.1" }, { TLS_VERSION_MIN, "TLSv1.3" },
		{ TLS_VERSION_MAX, "TLSv1.2" }, { TLS_VERSION_MAX, "TLSv1.3" },
		{ TLS_TRUSTED_CIPHERS, "TLS_AES_128_GCM_SHA256" },
		{ TLS_DISABLE_CIPHER, "TLS_AES_256_GCM_SHA384" },
		{ TLS_ENABLE_CIPHER, "TLS_AES_256_GCM_SHA384" },
		{ TLS_EXPORTER, "EXPERIMENTAL storm" }, { TLS_CONTEXT, "no handle" },
	};
	size_t i = rnd(w) % (ARRAY_SIZE(texts) + 6);
	int value = rnd(w) % 4;

	if (i < ARRAY_SIZE(texts))
		tls_set_str(fd, texts[i].name, texts[i].text);
	else if (i == ARRAY_SIZE(texts))
		give_credentials(fd);
	else if (i == ARRAY_SIZE(texts) + 1)
		give_trust(fd);
	else
		setsockopt(fd, IPPROTO_TLS, rnd(w) % 2 ? TLS_REQUEST_PEER_AUTH :
			   200 + rnd(w) % 24, &value, sizeof(value));
}

static void op_get_tcp(struct worker *w, int fd)
{
	socklen_t len = rnd(w) % 300;

	getsockopt(fd, rnd(w) % 4 ? SOL_TCP : SOL_TLS, rnd(w) % 45, w->buf, &len);
}

static void op_set_tcp(struct worker *w, int fd)
{
	static const int names[] = {
		TCP_NODELAY, TCP_CORK, TCP_QUICKACK, TCP_INQ, TCP_REPAIR, TCP_FASTOPEN_CONNECT,
		TCP_NOTSENT_LOWAT, TCP_USER_TIMEOUT, TCP_KEEPIDLE, TCP_DEFER_ACCEPT,
	};
	int value = rnd(w) % 2 ? rnd(w) % 2 : rnd(w) % 100;

	setsockopt(fd, rnd(w) % 8 ? SOL_TCP : SOL_TLS, names[rnd(w) % ARRAY_SIZE(names)],
		   &value, sizeof(value));
}

static void op_get_sock(struct worker *w, int fd)
{
	static const int names[] = {
		SO_ERROR, SO_TYPE, SO_PROTOCOL, SO_SNDBUF, SO_RCVBUF, SO_PEERNAME, SO_MEMINFO,
		SO_ACCEPTCONN,
	};
	socklen_t len = 128;

	getsockopt(fd, SOL_SOCKET, names[rnd(w) % ARRAY_SIZE(names)], w->buf, &len);
}

static void op_set_sock(struct worker *w, int fd)
{
	static const int names[] = {
		SO_SNDBUF, SO_RCVBUF, SO_RCVLOWAT, SO_ZEROCOPY, SO_KEEPALIVE, SO_OOBINLINE,
		SO_TIMESTAMP, SO_REUSEADDR, SO_REUSEPORT, SO_PRIORITY,
	};
	struct linger linger = { .l_onoff = rnd(w) % 2 };
	int value = rnd(w) % 4 ? rnd(w) % 2 : rnd(w) % 65536;

	switch (rnd(w) % 8) {
	case 0:
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
		break;
	case 1:
		set_timeout(fd, rnd(w) % 2 ? SO_RCVTIMEO : SO_SNDTIMEO);
		break;
	default:
		setsockopt(fd, SOL_SOCKET, names[rnd(w) % ARRAY_SIZE(names)], &value,
			   sizeof(value));
		break;
	}
}

static void op_set_ip(struct worker *w, int fd)
{
	int value = rnd(w) % 2, v4 = AF_INET;

	switch (rnd(w) % 4) {
	case 0:
		setsockopt(fd, SOL_IPV6, IPV6_ADDRFORM, &v4, sizeof(v4));
		break;
	case 1:
		setsockopt(fd, SOL_IPV6, IPV6_V6ONLY, &value, sizeof(value));
		break;
	case 2:
		setsockopt(fd, SOL_IP, IP_TOS, &value, sizeof(value));
		break;
	default:
		setsockopt(fd, SOL_IP, IP_RECVERR, &value, sizeof(value));
		break;
	}
}

static void op_names(struct worker *w, int fd)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);

	if (rnd(w) % 2)
		getpeername(fd, (struct sockaddr *)&ss, &len);
	else
		getsockname(fd, (struct sockaddr *)&ss, &len);
}

/* ---------------------------------------------------------------------- the list */

/* The weights leave a connection enough time to come about. */
static const struct storm_op ops[] = {
	{ "socket", op_socket, 2 },
	{ "tcp", op_tcp, 2 },
	{ "close", op_close, 2 },
	{ "dup", op_dup, 1 },
	{ "pass", op_pass, 2 },
	{ "connect", op_connect, 12 },
	{ "connect-name", op_connect_name, 4 },
	{ "connect-unspec", op_connect_unspec, 2 },
	{ "bind", op_bind, 3 },
	{ "listen", op_listen, 2 },
	{ "accept", op_accept, 6 },
	{ "shutdown", op_shutdown, 1 },
	{ "ulp", op_ulp, 4 },
	{ "handshake", op_handshake, 4 },
	{ "key-update", op_key_update, 4 },
	{ "context", op_context, 3 },
	{ "send", op_send, 10 },
	{ "send-more", op_send_more, 5 },
	{ "sendmsg", op_sendmsg, 5 },
	{ "recv", op_recv, 10 },
	{ "recv-peek", op_recv_peek, 5 },
	{ "recv-flags", op_recv_flags, 5 },
	{ "recvmsg", op_recvmsg, 5 },
	{ "vectors", op_vectors, 4 },
	{ "splice-from", op_splice_from, 5 },
	{ "splice-to", op_splice_to, 5 },
	{ "sendfile", op_sendfile, 5 },
	{ "poll", op_poll, 8 },
	{ "epoll", op_epoll, 5 },
	{ "ioctl", op_ioctl, 5 },
	{ "get-tls", op_get_tls, 8 },
	{ "set-tls", op_set_tls, 6 },
	{ "get-tcp", op_get_tcp, 3 },
	{ "set-tcp", op_set_tcp, 3 },
	{ "get-sock", op_get_sock, 4 },
	{ "set-sock", op_set_sock, 3 },
	{ "set-ip", op_set_ip, 3 },
	{ "names", op_names, 4 },
};

const int storm_op_count = ARRAY_SIZE(ops);

const struct storm_op *storm_op(int op)
{
	return &ops[op];
}

int storm_random_op(struct worker *w)
{
	int total = 0, i;

	for (i = 0; i < storm_op_count; i++)
		total += ops[i].weight;
	total = rnd(w) % total;
	for (i = 0; total >= ops[i].weight; i++)
		total -= ops[i].weight;
	return i;
}

int storm_worker_init(struct worker *w, uint64_t seed)
{
	w->rng = seed * 0x9e3779b97f4a7c15ULL | 1;
	w->buf = calloc(1, BUF + 1);
	w->epoll = epoll_create1(EPOLL_CLOEXEC);
	w->file = pattern_memfd(65536);
	return !w->buf || w->epoll < 0 || w->file < 0 || pipe2(w->pipe, O_NONBLOCK | O_CLOEXEC) ||
	       socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, w->unix_pair) ? -1 : 0;
}

int storm_listen(void)
{
	storm->tls_listener = tls_listen(AF_INET, &storm->tls_port, pki_file("p256.chain.pem"),
					 pki_file("p256.key.pem"));
	storm->tcp_listener = tcp_listen(AF_INET, &storm->tcp_port);
	if (storm->tls_listener < 0 || storm->tcp_listener < 0)
		return -1;
	fcntl(storm->tls_listener, F_SETFL, O_NONBLOCK);
	fcntl(storm->tcp_listener, F_SETFL, O_NONBLOCK);
	return 0;
}
