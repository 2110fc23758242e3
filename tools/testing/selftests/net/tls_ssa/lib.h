/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every test of the Secure Socket API needs: our sockets, plain TCP
 * sockets, data that can be checked, and the counters of /proc/net.
 *
 * Nothing here measures time. Where a test has to wait for something it waits
 * for the event, for as long as the harness lets it (harness.h).
 */
#ifndef _TLS_SSA_LIB_H
#define _TLS_SSA_LIB_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <linux/tls_ssa.h>

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#endif

/* The name in most server certificates of the test PKI */
#define SERVER_NAME		"server.test"

#define TEXT_MAX		256

/* Files of the test PKI, $TLS_SSA_PKI or /tmp/tls_ssa-pki */
const char *pki_file(const char *name);		/* "root.pem"; lives on */

/* Reasons by name, from net/tls_ssa/reason_list.h */
struct reason {
	const char *name;
	const char *counter;
	const char *text;
	const char *alert;	/* "BAD_CERTIFICATE" */
	int err;
};

const struct reason *reason_find(const char *name);	/* aborts if unknown */

/* One counter of /proc/net/tls_ssa_stat; -1 if there is none of that name. */
long long ssa_counter(const char *name);
/* The counter once it is above @before, or after a long time. */
long long ssa_counter_wait(const char *name, long long before);

/* addresses: the loopback one of @family */
socklen_t loopback(struct sockaddr_storage *ss, int family, int port);
int local_port(int fd);

/* plain TCP */
int tcp_listen(int family, int *port);		/* fd or -1 */
int tcp_connect(int family, int port);
void close_with_rst(int fd);

/* ours */
int tls_socket(int family, int flags);
int tls_connect_fd(int fd, int family, int port);
int tls_set_str(int fd, int option, const char *value);	/* with its NUL */
/* @cert "": neither certificate nor key is set */
int tls_listen(int family, int *port, const char *cert, const char *key);
/* @prepare does the rest to the socket before listen(): 0, or -1 with errno */
int tls_listen_with(int family, int *port, const char *cert, const char *key,
		    int (*prepare)(int fd, const void *arg), const void *arg);
/* A client socket with SERVER_NAME and the PKI's root, not connected. */
int tls_client(int family, int flags);
/* TLS_ERROR's text in static storage; "" if there is none */
const char *tls_error(int fd);
const char *tls_get_str(int fd, int option);	/* static storage of the thread, or NULL */
int so_error(int fd);

/* data that can be checked: byte i of a stream is a function of i */
void pattern_fill(void *buf, size_t len, uint64_t pos);
bool pattern_check(const void *buf, size_t len, uint64_t pos);
int pattern_memfd(size_t len);

/* All of it, or the number of bytes before the end; -1 with errno. */
ssize_t send_all(int fd, const void *buf, size_t len);
ssize_t recv_all(int fd, void *buf, size_t len);
/*
 * Sends @len bytes of pattern from @pos and takes the same number back, without
 * ever waiting for one direction only. 0 if all came back as sent.
 */
int echo_pattern(int fd, size_t len, uint64_t pos);
/* Takes @len bytes of pattern. 0 if all of them came. */
int drain_pattern(int fd, size_t len, uint64_t pos);

/* revents after at most @ms milliseconds; 0 if nothing */
int poll_one(int fd, int events, int ms);
/* the same, until something happens */
int poll_wait(int fd, int events);

/* A quiet period: long enough for an event to show if it is going to. */
void settle(void);

/* Writes a file of /proc/sys; @before, 32 bytes or NULL, gets what stood there. 0 or -1 */
int set_sysctl(const char *path, const char *value, char *before);

#endif /* _TLS_SSA_LIB_H */
