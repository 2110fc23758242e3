// SPDX-License-Identifier: GPL-2.0
/*
 * What a MiB of application data costs over loopback, one way, with both ends in
 * one process: a block is sent, then received, so that nothing ever sleeps. The
 * clock is CLOCK_MONOTONIC; under QEMU's -icount shift=0 with one CPU a
 * nanosecond of it is an instruction of the guest, and that is the figure. On any
 * other machine it is just time.
 *
 *	datapath [MiB [rounds]]
 */
#include <sys/sendfile.h>
#include <time.h>
#include <linux/tls.h>
#include <openssl/bio.h>
#include <openssl/ssl.h>
#include "lib.h"

#ifndef SOL_TLS
#define SOL_TLS			282
#endif

#define BLOCK			65536	/* bytes in flight: fits every buffer on the way */
#define RECORD			16384	/* bytes of one send() */

static size_t total = 8 << 20;
static int rounds = 3;
static unsigned char buf[BLOCK];

/**
 * struct way - one way to move data; 0 goes to 1
 * @open: makes the connection; false if this machine cannot
 * @send, @recv: BLOCK bytes out of or into buf
 * @sendfile: BLOCK bytes of a file from an offset
 */
struct way {
	const char *name;
	bool (*open)(void);
	void (*send)(void);
	void (*recv)(void);
	void (*sendfile)(int file, off_t off);
	void (*close)(void);
};

static int fd[2];
static SSL *ssl[2];
static SSL_CTX *ctx[2];
static char note[128];

static void die(const char *what)
{
	fprintf(stderr, "datapath: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* ------------------------------------------------------------- plain sockets */

static void sock_send(void)
{
	size_t done;

	for (done = 0; done < BLOCK; done += RECORD)
		if (send(fd[0], buf + done, RECORD, 0) != RECORD)
			die("send");
}

static void sock_recv(void)
{
	size_t done = 0;
	ssize_t n;

	while (done < BLOCK) {
		n = recv(fd[1], buf + done, BLOCK - done, 0);
		if (n <= 0)
			die("recv");
		done += n;
	}
}

static void sock_sendfile(int file, off_t off)
{
	size_t done = 0;
	ssize_t n;

	while (done < BLOCK) {
		n = sendfile(fd[0], file, &off, BLOCK - done);
		if (n <= 0)
			die("sendfile");
		done += n;
	}
}

static void sock_close(void)
{
	close(fd[0]);
	close(fd[1]);
}

static void tcp_pair(void)
{
	int port = 0, lfd = tcp_listen(AF_INET, &port), one = 1;

	fd[0] = tcp_connect(AF_INET, port);
	fd[1] = accept(lfd, NULL, NULL);
	close(lfd);
	if (fd[0] < 0 || fd[1] < 0)
		die("tcp");
	setsockopt(fd[1], SOL_TCP, TCP_NODELAY, &one, sizeof(one));
}

static bool tcp_open(void)
{
	tcp_pair();
	return true;
}

/* ------------------------------------------------------------------ our sockets */

static bool ssa_open(void)
{
	int port = 0, lfd, one = 1;

	lfd = tls_listen(AF_INET, &port, pki_file("p256.chain.pem"), pki_file("p256.key.pem"));
	fd[0] = tls_client(AF_INET, 0);
	if (lfd < 0 || fd[0] < 0 || tls_connect_fd(fd[0], AF_INET, port))
		return false;
	fd[1] = accept(lfd, NULL, NULL);
	close(lfd);
	setsockopt(fd[0], SOL_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd[1] >= 0;
}

/* ------------------------------------------------------------------- plain kTLS */

static bool ktls_open(void)
{
	struct tls12_crypto_info_aes_gcm_128 info = {
		.info.version = TLS_1_3_VERSION,
		.info.cipher_type = TLS_CIPHER_AES_GCM_128,
	};

	tcp_pair();
	memset(info.key, 1, sizeof(info.key));
	memset(info.iv, 2, sizeof(info.iv));
	memset(info.salt, 3, sizeof(info.salt));
	return !setsockopt(fd[0], SOL_TCP, TCP_ULP, "tls", 3) &&
	       !setsockopt(fd[1], SOL_TCP, TCP_ULP, "tls", 3) &&
	       !setsockopt(fd[0], SOL_TLS, TLS_TX, &info, sizeof(info)) &&
	       !setsockopt(fd[1], SOL_TLS, TLS_RX, &info, sizeof(info));
}

/* ---------------------------------------------------------------------- OpenSSL */

static void *openssl_accept(void *unused)
{
	SSL_accept(ssl[1]);
	return NULL;
}

static bool openssl_pair(bool ktls)
{
	pthread_t thread;
	int i;

	tcp_pair();
	for (i = 0; i < 2; i++) {
		ctx[i] = SSL_CTX_new(i ? TLS_server_method() : TLS_client_method());
		SSL_CTX_set_min_proto_version(ctx[i], TLS1_3_VERSION);
		SSL_CTX_set_ciphersuites(ctx[i], "TLS_AES_128_GCM_SHA256");
		SSL_CTX_set_num_tickets(ctx[i], 0);
		if (ktls)
			SSL_CTX_set_options(ctx[i], SSL_OP_ENABLE_KTLS);
		if (i && (SSL_CTX_use_certificate_chain_file(ctx[i],
							     pki_file("p256.chain.pem")) != 1 ||
			  SSL_CTX_use_PrivateKey_file(ctx[i], pki_file("p256.key.pem"),
						      SSL_FILETYPE_PEM) != 1))
			die("certificate");
		ssl[i] = SSL_new(ctx[i]);
		SSL_set_fd(ssl[i], fd[i]);
	}
	pthread_create(&thread, NULL, openssl_accept, NULL);
	if (SSL_connect(ssl[0]) != 1)
		die("SSL_connect");
	pthread_join(thread, NULL);
	if (ktls)
		snprintf(note, sizeof(note), "kTLS used for sending: %s, for receiving: %s",
			 BIO_get_ktls_send(SSL_get_wbio(ssl[0])) ? "yes" : "no",
			 BIO_get_ktls_recv(SSL_get_rbio(ssl[1])) ? "yes" : "no");
	return true;
}

static bool openssl_open(void)
{
	return openssl_pair(false);
}

static bool openssl_ktls_open(void)
{
	return openssl_pair(true) && BIO_get_ktls_send(SSL_get_wbio(ssl[0]));
}

static void openssl_send(void)
{
	size_t done;

	for (done = 0; done < BLOCK; done += RECORD)
		if (SSL_write(ssl[0], buf + done, RECORD) != RECORD)
			die("SSL_write");
}

static void openssl_recv(void)
{
	size_t done = 0;
	int n;

	while (done < BLOCK) {
		n = SSL_read(ssl[1], buf + done, BLOCK - done);
		if (n <= 0)
			die("SSL_read");
		done += n;
	}
}

/* Without kTLS a file has to pass through the program. */
static void openssl_file(int file, off_t off)
{
	if (pread(file, buf, BLOCK, off) != BLOCK)
		die("pread");
	openssl_send();
}

static void openssl_sendfile(int file, off_t off)
{
	size_t done = 0;
	ossl_ssize_t n;

	while (done < BLOCK) {
		n = SSL_sendfile(ssl[0], file, off + done, BLOCK - done, 0);
		if (n <= 0)
			die("SSL_sendfile");
		done += n;
	}
}

static void openssl_close(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		SSL_free(ssl[i]);
		SSL_CTX_free(ctx[i]);
	}
	sock_close();
}

/* ------------------------------------------------------------------ measurement */

static const struct way ways[] = {
	{ "plain kTLS socket", ktls_open, sock_send, sock_recv, sock_sendfile, sock_close },
	{ "IPPROTO_TLS socket", ssa_open, sock_send, sock_recv, sock_sendfile, sock_close },
	{ "OpenSSL, kTLS", openssl_ktls_open, openssl_send, openssl_recv, openssl_sendfile,
	  openssl_close },
	{ "OpenSSL", openssl_open, openssl_send, openssl_recv, openssl_file, openssl_close },
	{ "TCP, no TLS", tcp_open, sock_send, sock_recv, sock_sendfile, sock_close },
};

struct cost {
	double send;
	double recv;
	double sendfile;
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

static void least(double *cost, double ns)
{
	double per_mib = ns / ((double)total / (1 << 20));

	if (!*cost || per_mib < *cost)
		*cost = per_mib;
}

static void measure(const struct way *w, int file, struct cost *cost)
{
	double sent, received, from_file, t;
	size_t done;
	int round;

	/* The first round only warms up. */
	for (round = 0; round <= rounds; round++) {
		sent = 0;
		received = 0;
		from_file = 0;
		for (done = 0; done < total; done += BLOCK) {
			t = now();
			w->send();
			sent += now() - t;
			t = now();
			w->recv();
			received += now() - t;
		}
		for (done = 0; done < total; done += BLOCK) {
			t = now();
			w->sendfile(file, done);
			from_file += now() - t;
			w->recv();
		}
		if (!round)
			continue;
		least(&cost->send, sent);
		least(&cost->recv, received);
		least(&cost->sendfile, from_file);
	}
}

static void cell(double value, double reference)
{
	if (reference)
		printf(" %9.0f %5.2f", value / 1e3, value / reference);
	else
		printf(" %9.0f      ", value / 1e3);
}

int main(int argc, char **argv)
{
	struct cost cost[ARRAY_SIZE(ways)] = {};
	bool done[ARRAY_SIZE(ways)] = {};
	int file;
	size_t i;

	if (argc > 1)
		total = (size_t)atoi(argv[1]) << 20;
	if (argc > 2)
		rounds = atoi(argv[2]);
	if (!total || rounds < 1)
		return 2;
	file = pattern_memfd(total);
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		if (!ways[i].open()) {
			fprintf(stderr, "datapath: %s: not possible here: %s\n", ways[i].name,
				strerror(errno));
			continue;
		}
		if (ways[i].open == ssa_open && strcmp(tls_get_str(fd[0], TLS_CHOSEN_CIPHER) ?: "",
						       "TLS_AES_128_GCM_SHA256"))
			die("our sockets chose another cipher than the others are to use");
		measure(&ways[i], file, &cost[i]);
		done[i] = true;
		ways[i].close();
	}

	printf("Guest instructions per MiB, in thousands; behind them the ratio to plain kTLS\n\n");
	printf("%-20s %15s %15s %15s\n", "", "send      ", "recv      ", "sendfile   ");
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		printf("%-20s", ways[i].name);
		if (done[i]) {
			cell(cost[i].send, cost[0].send);
			cell(cost[i].recv, cost[0].recv);
			cell(cost[i].sendfile, cost[0].sendfile);
			printf("\n");
		} else {
			printf(" not possible here\n");
		}
	}
	printf("\nTLS 1.3 with AES-128-GCM over loopback, both ends in one process on one CPU,\n"
	       "%zu MiB a round, least of %d rounds; kernel and user space of the end that is\n"
	       "named, TCP included.\n", total >> 20, rounds);
	printf("send: send()/SSL_write() of 16 KiB, a record each. recv: recv()/SSL_read() into\n"
	       "a 64 KiB buffer. sendfile: from a file in memory; OpenSSL without kTLS: pread()\n"
	       "and SSL_write(). OpenSSL with kTLS: %s.\n", note);
	printf("QEMU counts each step of a rep movs as an instruction: copying weighs more here\n"
	       "than on a real CPU.\n");
	return done[1] ? 0 : 1;
}
