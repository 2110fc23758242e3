// SPDX-License-Identifier: GPL-2.0
/*
 * Talks TLS with the engine over TCP, as openssl s_client and s_server do:
 *
 *	tlsio client [options] HOST PORT	standard input out, answers to stdout
 *	tlsio server [options] PORT		an echo server
 *
 * The last line on standard error tells how the handshake or the connection
 * ended. Exit status: 0, 1 the connection failed, 2 wrong arguments or files.
 */
#include <errno.h>
#include <getopt.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <netinet/in.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/time64.h>

#include "conn.h"

static const char usage[] =
	"usage: tlsio client [options] HOST PORT | tlsio server [options] PORT\n"
	"  PORT 0: the server takes any and prints it\n"
	"  --trust FILE     PEM bundle of authorities; server: of those who certify clients\n"
	"  --name NAME      client: name to verify (default: HOST)\n"
	"  --cert FILE      chain, PEM; what a server shows, or a client if it is asked\n"
	"  --key FILE       its private key, PEM; both may be repeated\n"
	"  --ask            server: ask for the client's certificate; --require: insist\n"
	"  --alpn NAME      application protocol; may be repeated\n"
	"  --export LABEL   print 32 bytes of keying material\n"
	"  --suite NAME     may be repeated; also --group and --sigalg\n"
	"  --min VERSION    1.2 or 1.3; also --max\n"
	"  --without-ems    TLS 1.2 may go without extended_master_secret\n"
	"  --limit BYTES    record_size_limit that we ask for\n"
	"  --count N        server: connections to serve (default: without end)\n"
	"  --close          close after the first answer\n"
	"  --key-update     ask for new keys before the first data\n"
	"  --send TEXT      client: send this instead of standard input\n"
	"  --quiet          no report of success\n";

#define PAIRS_MAX	8

static struct {
	const char *trust, *name, *send, *export;
	const char *cert[PAIRS_MAX], *key[PAIRS_MAX];
	unsigned int certs, keys;
	bool key_update, close, quiet;
	long count;
} opt;

static struct ssa_hs_config cfg;
static struct conn conn;
static unsigned int suites, groups, sigalgs;

static void __noreturn die(const char *what)
{
	fprintf(stderr, "tlsio: %s\n", what);
	exit(2);
}

static void add(u16 *list, unsigned int *count, unsigned int max, u16 value, const char *what)
{
	if (!value || *count == max)
		die(what);
	if (!*count)
		memset(list, 0, max * sizeof(*list));
	list[(*count)++] = value;
}

static void report(const char *how)
{
	const struct ssa_reason_desc *d = ssa_reason_desc(conn.reason);

	if (conn.reason == SSA_R_NONE)
		fprintf(stderr, "%s failed: %s\n", how, strerror(errno));
	else
		fprintf(stderr, "%s failed: %s (%s, %s)\n", how, d->text, d->counter,
			strerrorname_np(d->err));
}

static void report_identity(void)
{
	char *text, *p;
	size_t len;

	if (!conn.peer || ssa_peer_identity(conn.peer, &text, &len))
		return;
	for (p = text; *p; p++)
		if (*p == '\n')
			*p = p[1] ? ';' : '\0';
	fprintf(stderr, "identity: %s\n", text);
	kvfree(text);
}

static void report_export(void)
{
	u8 out[32];
	size_t i;

	if (!opt.export)
		return;
	if (ssa_export(&conn.exporter, opt.export, strlen(opt.export), NULL, 0, out,
		       sizeof(out))) {
		fputs("exported: nothing\n", stderr);
		return;
	}
	fputs("exported: ", stderr);
	for (i = 0; i < sizeof(out); i++)
		fprintf(stderr, "%02X", out[i]);
	fputc('\n', stderr);
}

static void report_success(void)
{
	const struct ssa_hs_result *r = &conn.result;
	u16 sigalg = cfg.server ? r->sigalg : r->peer_sigalg;

	if (opt.quiet)
		return;
	fprintf(stderr, "handshake ok: %s %s %s %s%s%s%s%s%s", ssa_suite_name(r->suite),
		ssa_group_name(r->group), ssa_sig_scheme_name(sigalg),
		r->version == SSA_TLS13 ? "TLSv1.3" : "TLSv1.2",
		r->extended_master_secret ? "" : " no_ems",
		r->record_size_limit < 16384 ? " small_records" : "",
		r->hello_retry ? " hello_retry" : "", conn.server_name[0] ? " name=" : "",
		conn.server_name);
	if (r->alpn_len)
		fprintf(stderr, " alpn=%.*s", r->alpn_len, r->alpn);
	if (cfg.server && r->peer_sigalg)
		fprintf(stderr, " client=%s", ssa_sig_scheme_name(r->peer_sigalg));
	else if (!cfg.server && r->sigalg)
		fprintf(stderr, " client=%s", ssa_sig_scheme_name(r->sigalg));
	fputc('\n', stderr);
	report_identity();
	report_export();
}

static struct ssa_cred_set *load_credentials(void)
{
	struct ssa_cred_set *set = NULL, *more;
	struct ssa_credentials *cred;
	size_t chain_len, key_len;
	char *chain, *key;
	unsigned int i;

	if (opt.certs != opt.keys)
		die("--cert and --key belong together");
	for (i = 0; i < opt.certs; i++) {
		chain = conn_read_file(opt.cert[i], &chain_len);
		key = conn_read_file(opt.key[i], &key_len);
		cred = ssa_credentials_new(chain, chain_len, key, key_len);
		free(chain);
		free(key);
		if (IS_ERR(cred))
			die("certificate chain or key not accepted");
		more = ssa_cred_set_add(set, cred, NULL);
		ssa_credentials_put(cred);
		if (IS_ERR(more))
			die("certificate not accepted");
		ssa_cred_set_put(set);
		set = more;
	}
	return set;
}

static void load(void)
{
	struct ssa_trust_store *store = NULL;
	size_t len;
	char *pem;

	cfg.creds = load_credentials();
	if (opt.trust) {
		pem = conn_read_file(opt.trust, &len);
		store = ssa_trust_store_parse(pem, len);
		free(pem);
		if (IS_ERR(store))
			die("no usable authority in the bundle");
	}
	if (cfg.server) {
		if (!cfg.creds)
			die("a server needs --cert and --key");
		cfg.extra = store;
	} else {
		if (!store)
			die("a client needs --trust");
		cfg.store = store;
	}
}

static int tcp_connect(const char *host, const char *port)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list, *ai;
	int fd = -1;

	if (getaddrinfo(host, port, &hints, &list))
		die("name does not resolve");
	for (ai = list; ai; ai = ai->ai_next) {
		fd = socket(ai->ai_family, SOCK_STREAM, 0);
		if (fd >= 0 && !connect(fd, ai->ai_addr, ai->ai_addrlen))
			break;
		close(fd);
		fd = -1;
	}
	freeaddrinfo(list);
	if (fd < 0)
		die("cannot connect");
	return fd;
}

/* conn_recv() met a record that was not data. */
static bool again(void)
{
	return conn.reason == SSA_R_NONE && errno == EAGAIN;
}

/* Standard input to the peer and the peer to standard output, until both have ended. */
static bool exchange(int fd)
{
	struct pollfd pfd[2] = {
		{ .fd = opt.send ? -1 : STDIN_FILENO, .events = POLLIN },
		{ .fd = fd, .events = POLLIN },
	};
	char buf[16384];
	ssize_t n;

	if (opt.send && !conn_send(&conn, 23, opt.send, strlen(opt.send)))
		return false;
	for (;;) {
		if (!conn_pending(&conn) && poll(pfd, 2, -1) < 0)
			return false;
		if (conn_pending(&conn) || pfd[1].revents) {
			n = conn_recv(&conn, buf, sizeof(buf));
			if (n < 0 && again())
				continue;
			if (n < 0)
				return false;
			if (!n)
				return conn_close_notify(&conn);
			if (write(STDOUT_FILENO, buf, n) != n)
				return false;
			if (opt.close)
				return conn_close_notify(&conn);
		}
		if (pfd[0].revents) {
			n = read(STDIN_FILENO, buf, sizeof(buf));
			if (n > 0 && !conn_send(&conn, 23, buf, n))
				return false;
			if (n <= 0) {
				pfd[0].fd = -1;
				pfd[0].revents = 0;
				if (!opt.close && !conn_close_notify(&conn))
					return false;
			}
		}
	}
}

static int client(const char *host, const char *port)
{
	bool ok;
	int fd;

	cfg.name = opt.name ? opt.name : host;
	load();
	fd = tcp_connect(host, port);
	if (!conn_handshake(&conn, fd, &cfg)) {
		report("handshake");
		ok = false;
	} else {
		report_success();
		ok = (!opt.key_update || conn_key_update(&conn, true)) && exchange(fd);
		if (!ok)
			report("connection");
		else if (!opt.quiet)
			fprintf(stderr, "closed: %u/%u key updates received/sent, %u tickets\n",
				conn.rekeyed_rx, conn.rekeyed_tx, conn.post.tickets);
	}
	conn_wipe(&conn);
	close(fd);
	return !ok;
}

static bool echo(void)
{
	char buf[16384];
	bool more;
	ssize_t n;

	if (opt.key_update && !conn_key_update(&conn, true))
		return false;
	do {
		n = conn_recv(&conn, buf, sizeof(buf));
		if (n > 0 && !conn_send(&conn, 23, buf, n))
			return false;
		/* with --key-update, the peer's answer is to be seen */
		more = !opt.close || (opt.key_update && !conn.rekeyed_rx);
	} while ((n > 0 && more) || (n < 0 && again()));
	if (n < 0)
		return false;
	return conn_close_notify(&conn);
}

static int server(const char *port)
{
	struct sockaddr_in6 addr = { .sin6_family = AF_INET6, .sin6_port = htons(atoi(port)) };
	socklen_t addr_len = sizeof(addr);
	int one = 1, off = 0, lfd, fd, status = 0;
	long i;

	load();
	lfd = socket(AF_INET6, SOCK_STREAM, 0);
	setsockopt(lfd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	setsockopt(lfd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	if (bind(lfd, (void *)&addr, sizeof(addr)) || listen(lfd, 16))
		die("cannot listen on this port");
	getsockname(lfd, (void *)&addr, &addr_len);
	printf("port %u\n", ntohs(addr.sin6_port));
	fflush(stdout);
	for (i = 0; !opt.count || i < opt.count; i++) {
		fd = accept(lfd, NULL, NULL);
		if (fd < 0)
			break;
		if (!conn_handshake(&conn, fd, &cfg)) {
			report("handshake");
			status = 1;
		} else {
			report_success();
			if (!echo()) {
				report("connection");
				status = 1;
			} else if (!opt.quiet) {
				fprintf(stderr, "closed: %u/%u key updates received/sent\n",
					conn.rekeyed_rx, conn.rekeyed_tx);
			}
		}
		conn_wipe(&conn);
		close(fd);
	}
	close(lfd);
	return status;
}

static void add_file(const char **list, unsigned int *count)
{
	if (*count == PAIRS_MAX)
		die("too many files");
	list[(*count)++] = optarg;
}

static void add_alpn(void)
{
	static u8 names[SSA_ALPN_MAX];
	size_t len = strlen(optarg);

	if (!len || len > SSA_ALPN_NAME_MAX || cfg.alpn_len + 1 + len > sizeof(names))
		die("application protocols too long");
	names[cfg.alpn_len] = len;
	memcpy(names + cfg.alpn_len + 1, optarg, len);
	cfg.alpn = names;
	cfg.alpn_len += 1 + len;
}

static void options(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "trust", 1, NULL, 't' }, { "name", 1, NULL, 'n' }, { "cert", 1, NULL, 'c' },
		{ "key", 1, NULL, 'k' }, { "suite", 1, NULL, 's' }, { "group", 1, NULL, 'g' },
		{ "sigalg", 1, NULL, 'a' }, { "count", 1, NULL, 'N' }, { "send", 1, NULL, 'S' },
		{ "min", 1, NULL, 'm' }, { "max", 1, NULL, 'M' }, { "limit", 1, NULL, 'l' },
		{ "without-ems", 0, NULL, 'e' }, { "close", 0, NULL, 'C' },
		{ "ask", 0, NULL, 'r' }, { "require", 0, NULL, 'R' }, { "alpn", 1, NULL, 'p' },
		{ "export", 1, NULL, 'x' },
		{ "key-update", 0, NULL, 'u' }, { "quiet", 0, NULL, 'q' }, { }
	};
	u16 version;
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (c) {
		case 't':
			opt.trust = optarg;
			break;
		case 'n':
			opt.name = optarg;
			break;
		case 'c':
		case 'k':
			add_file(c == 'c' ? opt.cert : opt.key,
				 c == 'c' ? &opt.certs : &opt.keys);
			break;
		case 'r':
			cfg.peer_auth = SSA_PEER_AUTH_OPTIONAL;
			break;
		case 'R':
			cfg.peer_auth = SSA_PEER_AUTH_REQUIRED;
			break;
		case 'p':
			add_alpn();
			break;
		case 'x':
			opt.export = optarg;
			break;
		case 'S':
			opt.send = optarg;
			break;
		case 'N':
			opt.count = atol(optarg);
			break;
		case 'm':
		case 'M':
			version = conn_version_by_name(optarg);
			if (!version)
				die("unknown version");
			*(c == 'm' ? &cfg.min_version : &cfg.max_version) = version;
			break;
		case 'l':
			cfg.record_size_limit = atoi(optarg);
			break;
		case 'e':
			cfg.without_ems = true;
			break;
		case 'u':
			opt.key_update = true;
			break;
		case 'C':
			opt.close = true;
			break;
		case 'q':
			opt.quiet = true;
			break;
		case 's':
			add(cfg.suites, &suites, SSA_SUITES_MAX, conn_suite_by_name(optarg),
			    "unknown suite");
			break;
		case 'g':
			add(cfg.groups, &groups, SSA_GROUPS_MAX, conn_group_by_name(optarg),
			    "unknown group");
			break;
		case 'a':
			add(cfg.sigalgs, &sigalgs, SSA_SIGALGS_MAX, conn_sigalg_by_name(optarg),
			    "unknown signature scheme");
			break;
		default:
			fputs(usage, stderr);
			exit(2);
		}
	}
}

int main(int argc, char **argv)
{
	bool is_server = argc > 1 && !strcmp(argv[1], "server");
	size_t live = host_alloc.live_count;	/* what loading the module has made */
	int status;

	if (!is_server && (argc < 2 || strcmp(argv[1], "client"))) {
		fputs(usage, stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	cfg.server = is_server;
	cfg.now = ktime_get_real_seconds();
	cfg.rng = ssa_kernel_rng;
	memcpy(cfg.suites, ssa_default_suites, sizeof(cfg.suites));
	memcpy(cfg.groups, ssa_default_groups, sizeof(cfg.groups));
	memcpy(cfg.sigalgs, ssa_default_sigalgs, sizeof(cfg.sigalgs));
	argc--;
	argv++;
	options(argc, argv);
	if (argc - optind != (is_server ? 1 : 2)) {
		fputs(usage, stderr);
		return 2;
	}
	status = is_server ? server(argv[optind]) : client(argv[optind], argv[optind + 1]);
	ssa_cred_set_put((struct ssa_cred_set *)cfg.creds);
	ssa_trust_store_put((struct ssa_trust_store *)cfg.store);
	ssa_trust_store_put((struct ssa_trust_store *)cfg.extra);
	if (host_alloc.live_count != live) {
		fprintf(stderr, "tlsio: %zd allocations of the engine leaked\n",
			(ssize_t)(host_alloc.live_count - live));
		return 3;
	}
	return status;
}
