// SPDX-License-Identifier: GPL-2.0
/*
 * The program that BoringSSL's runner of protocol tests ("BoGo") starts for each test:
 * it connects to the runner and is a TLS client or, after an upgrade of the TCP
 * connection, a TLS server, as the flags of the command line say. The runner is the
 * peer, and judges by what it sees and by the exit status.
 *
 * Exit status: 0: all went well; 1: it did not, standard error says why; 89: a flag
 * asks for what a TLS socket does not have, or has by other means.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/tls_ssa.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define UNIMPLEMENTED	89
#define HOST_NAME	"bogo.test"	/* in each certificate that the target makes */
#define VERSION_TLS12	0x0303
#define VERSION_TLS13	0x0304
#define READ_SIZE	512		/* small: a record takes several calls */

/* What the flags say */
static struct {
	int	port;
	bool	server, in_scope;
	char	*cert, *key, *roots;
	char	*host_name, *server_name;
	char	*advertise_alpn, *select_alpn, *expect_alpn;
	int	min_version, max_version, expect_version, expect_cipher, expect_group;
	int	expect_sigalg;
	bool	no_tls12, no_tls13;
	bool	require_client_cert, verify_peer;
	bool	writes_first, shuts_down, check_close_notify, peek, key_update;
	bool	record_sizes;
	bool	expect_ems, expect_hrr, expect_no_hrr;
	int	read_size;
	int	export_len;
	char	*export_label, *export_context;
	bool	use_export_context;
} flags;

enum kind { BOOL, INT, TEXT, IGNORED };

static const struct flag {
	const char	*name;
	enum kind	kind;
	void		*to;
} known[] = {
	{ "-port", INT, &flags.port },
	{ "-is-in-scope", BOOL, &flags.in_scope },
	{ "-roots", TEXT, &flags.roots },
	{ "-server", BOOL, &flags.server },
	{ "-cert-file", TEXT, &flags.cert },
	{ "-key-file", TEXT, &flags.key },
	{ "-host-name", TEXT, &flags.host_name },
	{ "-expect-server-name", TEXT, &flags.server_name },
	{ "-advertise-alpn", TEXT, &flags.advertise_alpn },
	{ "-select-alpn", TEXT, &flags.select_alpn },
	{ "-expect-alpn", TEXT, &flags.expect_alpn },
	{ "-min-version", INT, &flags.min_version },
	{ "-max-version", INT, &flags.max_version },
	{ "-expect-version", INT, &flags.expect_version },
	{ "-expect-cipher", INT, &flags.expect_cipher },
	{ "-expect-curve-id", INT, &flags.expect_group },
	{ "-expect-peer-signature-algorithm", INT, &flags.expect_sigalg },
	{ "-no-tls12", BOOL, &flags.no_tls12 },
	{ "-no-tls13", BOOL, &flags.no_tls13 },
	{ "-require-any-client-certificate", BOOL, &flags.require_client_cert },
	{ "-verify-peer", BOOL, &flags.verify_peer },
	{ "-shim-writes-first", BOOL, &flags.writes_first },
	{ "-shim-shuts-down", BOOL, &flags.shuts_down },
	{ "-check-close-notify", BOOL, &flags.check_close_notify },
	{ "-peek-then-read", BOOL, &flags.peek },
	{ "-key-update", BOOL, &flags.key_update },
	{ "-write-different-record-sizes", BOOL, &flags.record_sizes },
	{ "-expect-extended-master-secret", BOOL, &flags.expect_ems },
	{ "-expect-hrr", BOOL, &flags.expect_hrr },
	{ "-expect-no-hrr", BOOL, &flags.expect_no_hrr },
	{ "-read-size", INT, &flags.read_size },
	{ "-export-keying-material", INT, &flags.export_len },
	{ "-export-label", TEXT, &flags.export_label },
	{ "-export-context", TEXT, &flags.export_context },
	{ "-use-export-context", BOOL, &flags.use_export_context },
	/* How BoringSSL is called: nothing of it can be seen on the wire. */
	{ "-async", IGNORED, NULL },
	{ "-implicit-handshake", IGNORED, NULL },
	{ "-handshake-twice", IGNORED, NULL },
	{ "-no-op-extra-handshake", IGNORED, NULL },
	{ "-use-early-callback", IGNORED, NULL },
	{ "-use-old-client-cert-callback", IGNORED, NULL },
	{ "-use-custom-verify-callback", IGNORED, NULL },
	{ "-server-preference", IGNORED, NULL },
	/* What is never done, or always */
	{ "-no-tls1", IGNORED, NULL },
	{ "-no-tls11", IGNORED, NULL },
	{ "-no-ticket", IGNORED, NULL },
	{ "-expect-no-session", IGNORED, NULL },
	{ "-expect-secure-renegotiation", IGNORED, NULL },
	{ "-renegotiate-explicit", IGNORED, NULL },
	{ "-forbid-renegotiation-after-handshake", IGNORED, NULL },
};

static void fail(const char *what)
{
	fprintf(stderr, "%s\n", what);
	exit(1);
}

static void fail_tls(int fd, const char *what)
{
	int err = errno;
	char text[512] = "";
	socklen_t len = sizeof(text) - 1;

	getsockopt(fd, IPPROTO_TLS, TLS_ERROR, text, &len);
	fprintf(stderr, "%s: %s (%s)\n", what, strerror(err), text);
	exit(1);
}

static void parse(int argc, char **argv)
{
	const struct flag *f;
	unsigned int i;
	int at;

	for (at = 1; at < argc; at++) {
		f = NULL;
		for (i = 0; i < ARRAY_SIZE(known); i++) {
			if (!strcmp(argv[at], known[i].name))
				f = &known[i];
		}
		if (!f || ((f->kind == INT || f->kind == TEXT) && at + 1 == argc)) {
			printf("no such flag here: %s\n", argv[at]);
			exit(UNIMPLEMENTED);
		}
		switch (f->kind) {
		case BOOL:
			*(bool *)f->to = true;
			break;
		case INT:
			*(int *)f->to = atoi(argv[++at]);
			break;
		case TEXT:
			*(char **)f->to = argv[++at];
			break;
		case IGNORED:
			break;
		}
	}
}

static void set(int fd, int option, const void *value, socklen_t len, const char *what)
{
	if (setsockopt(fd, IPPROTO_TLS, option, value, len))
		fail_tls(fd, what);
}

static void set_text(int fd, int option, const char *value, const char *what)
{
	set(fd, option, value, strlen(value) + 1, what);
}

static void set_int(int fd, int option, int value, const char *what)
{
	set(fd, option, &value, sizeof(value), what);
}

/* \x03foo\x03bar: "foo,bar" */
static void set_alpn_wire(int fd, const char *wire)
{
	char list[512] = "";
	size_t used = 0;

	while (*wire && used + (unsigned char)*wire + 2 < sizeof(list)) {
		if (used)
			list[used++] = ',';
		memcpy(list + used, wire + 1, (unsigned char)*wire);
		used += (unsigned char)*wire;
		wire += (unsigned char)*wire + 1;
	}
	list[used] = '\0';
	set_text(fd, TLS_ALPN, list, "TLS_ALPN");
}

static int min_version = VERSION_TLS12, max_version = VERSION_TLS13;

static void choose_versions(void)
{
	int min = flags.min_version ?: VERSION_TLS12, max = flags.max_version ?: VERSION_TLS13;

	if (min < VERSION_TLS12 || (flags.no_tls12 && min == VERSION_TLS12))
		min = flags.no_tls12 ? VERSION_TLS13 : VERSION_TLS12;
	if (flags.no_tls13 && max == VERSION_TLS13)
		max = VERSION_TLS12;
	if (max < VERSION_TLS12 || min > max) {
		printf("no such version here\n");
		exit(UNIMPLEMENTED);
	}
	min_version = min;
	max_version = max;
}

static void set_version(int fd, int option, int version)
{
	set_text(fd, option, version == VERSION_TLS13 ? "TLSv1.3" : "TLSv1.2", "version");
}

static void set_up(int fd)
{
	if (flags.roots)
		set_text(fd, TLS_TRUSTED_PEER_CERTIFICATES, flags.roots, "trust");
	if (flags.cert)
		set_text(fd, TLS_CERTIFICATE_CHAIN, flags.cert, "certificate");
	if (flags.key)
		set_text(fd, TLS_PRIVATE_KEY, flags.key, "key");
	set_version(fd, TLS_VERSION_MIN, min_version);
	set_version(fd, TLS_VERSION_MAX, max_version);
	if (flags.advertise_alpn)
		set_alpn_wire(fd, flags.advertise_alpn);
	if (flags.select_alpn)
		set_text(fd, TLS_ALPN, flags.select_alpn, "TLS_ALPN");
	if (flags.server && (flags.require_client_cert || flags.verify_peer))
		set_int(fd, TLS_REQUEST_PEER_AUTH, flags.require_client_cert ?
			TLS_PEER_AUTH_REQUIRED : TLS_PEER_AUTH_OPTIONAL, "peer auth");
	if (!flags.server)
		set_text(fd, TLS_REMOTE_HOSTNAME, flags.host_name ?: HOST_NAME, "name");
}

static void check_text(int fd, int option, const char *want, const char *what)
{
	char value[512] = "";
	socklen_t len = sizeof(value) - 1;

	if (!want)
		return;
	if (getsockopt(fd, IPPROTO_TLS, option, value, &len))
		fail_tls(fd, what);
	if (strcmp(value, want)) {
		fprintf(stderr, "%s: \"%s\", not \"%s\"\n", what, value, want);
		exit(1);
	}
}

static void check_number(int want, int is, const char *what)
{
	if (!want || want == is)
		return;
	fprintf(stderr, "%s: %#x, not %#x\n", what, is, want);
	exit(1);
}

static void check_facts(int fd)
{
	struct tls_ssa_info info = {};
	socklen_t len = sizeof(info);

	if (getsockopt(fd, IPPROTO_TLS, TLS_INFO, &info, &len))
		fail_tls(fd, "TLS_INFO");
	check_number(flags.expect_version, info.version, "version");
	check_number(flags.expect_cipher, info.suite, "cipher suite");
	check_number(flags.expect_group, info.group, "group");
	check_number(flags.expect_sigalg, info.peer_sigalg, "peer's signature algorithm");
	if (flags.expect_ems && !(info.flags & TLS_INFO_F_EMS))
		fail("no extended_master_secret");
	if (flags.expect_hrr && !(info.flags & TLS_INFO_F_HELLO_RETRY))
		fail("no HelloRetryRequest");
	if (flags.expect_no_hrr && info.flags & TLS_INFO_F_HELLO_RETRY)
		fail("a HelloRetryRequest");
	check_text(fd, TLS_ALPN, flags.expect_alpn, "ALPN");
	if (flags.server)
		check_text(fd, TLS_HOSTNAME, flags.server_name, "server name");
}

static void write_all(int fd, const void *data, size_t len)
{
	const char *p = data;
	ssize_t n;

	while (len) {
		n = send(fd, p, len, MSG_NOSIGNAL);
		if (n <= 0)
			fail_tls(fd, "send");
		p += n;
		len -= n;
	}
}

/* label, or label and context: as TLS_EXPORTER wants it */
static void export(int fd)
{
	unsigned char out[1024];
	struct {
		char text[1024];
		size_t len;
	} in = {};
	socklen_t len = flags.export_len;
	const char *label = flags.export_label ?: "", *context = flags.export_context ?: "";

	if (flags.export_len > (int)sizeof(out) ||
	    strlen(label) + strlen(context) + 2 > sizeof(in.text)) {
		printf("more keying material than there is room for\n");
		exit(UNIMPLEMENTED);
	}
	strcpy(in.text, label);
	in.len = strlen(label);
	if (flags.use_export_context) {
		memcpy(in.text + in.len + 1, context, strlen(context));
		in.len += 1 + strlen(context);
	}
	set(fd, TLS_EXPORTER, in.text, in.len, "TLS_EXPORTER");
	if (getsockopt(fd, IPPROTO_TLS, TLS_EXPORTER, out, &len))
		fail_tls(fd, "TLS_EXPORTER");
	write_all(fd, out, len);
}

static void write_record_sizes(int fd)
{
	static const size_t sizes[] = {
		0, 1, 255, 256, 257, 16383, 16384, 16385, 32767, 32768, 32769
	};
	static char data[32769];
	unsigned int i;

	memset(data, 0x42, sizeof(data));
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		write_all(fd, data, sizes[i]);
}

/* Every byte comes back inverted. True: the peer has said close_notify. */
static bool echo(int fd)
{
	size_t size = flags.read_size ?: READ_SIZE;
	unsigned char *data = malloc(size);
	ssize_t n, i;

	if (!data)
		fail("no memory");
	for (;;) {
		if (flags.peek) {
			n = recv(fd, data, size, MSG_PEEK);
			if (n > 0)
				n = recv(fd, data, size, 0);
		} else {
			n = recv(fd, data, size, 0);
		}
		if (n <= 0)
			break;
		for (i = 0; i < n; i++)
			data[i] ^= 0xff;
		if (flags.key_update)
			set_int(fd, TLS_KEY_UPDATE, TLS_KEY_UPDATE_OURS, "TLS_KEY_UPDATE");
		write_all(fd, data, n);
	}
	free(data);
	if (n < 0) {
		struct tls_ssa_info info = {};
		socklen_t len = sizeof(info);

		getsockopt(fd, IPPROTO_TLS, TLS_INFO, &info, &len);
		/* The runner often ends so, and means no harm. */
		if (errno != EPROTO || strcmp(info.reason, "Truncated"))
			fail_tls(fd, "recv");
	}
	return n == 0;
}

/* The runner listens at one of the two, whichever the machine has. */
static int open_socket(struct sockaddr_storage *to, socklen_t *len)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)to;
	struct sockaddr_in *in = (struct sockaddr_in *)to;
	int probe = socket(AF_INET6, SOCK_STREAM, 0);

	memset(to, 0, sizeof(*to));
	*len = sizeof(*in6);
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(flags.port);
	in6->sin6_addr = in6addr_loopback;
	if (probe < 0 || bind(probe, (struct sockaddr *)to, *len) == 0 || errno != EADDRINUSE) {
		*len = sizeof(*in);
		memset(to, 0, sizeof(*to));
		in->sin_family = AF_INET;
		in->sin_port = htons(flags.port);
		in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	}
	close(probe);
	return socket(to->ss_family, SOCK_STREAM, flags.server ? IPPROTO_TCP : IPPROTO_TLS);
}

static int open_connection(void)
{
	struct sockaddr_storage to;
	socklen_t len;
	int fd = open_socket(&to, &len);

	if (fd < 0)
		fail("socket");
	if (!flags.server) {
		set_up(fd);
		if (connect(fd, (struct sockaddr *)&to, len))
			fail_tls(fd, "connect");
		return fd;
	}
	if (connect(fd, (struct sockaddr *)&to, len))
		fail("TCP's connect");
	if (setsockopt(fd, SOL_TCP, TCP_ULP, "tls_ssa", 7))
		fail("TCP_ULP");
	set_up(fd);
	set_int(fd, TLS_HANDSHAKE, TLS_HANDSHAKE_SERVER, "TLS_HANDSHAKE");
	/* Waits for the end of the handshake. */
	if (send(fd, "", 0, MSG_NOSIGNAL) < 0)
		fail_tls(fd, "handshake");
	return fd;
}

int main(int argc, char **argv)
{
	bool clean;
	int fd;

	if (argc > 1 && !strcmp(argv[argc - 1], "-is-handshaker-supported")) {
		puts("No");
		return 0;
	}
	parse(argc, argv);
	choose_versions();
	if (flags.in_scope)
		return 1;
	fd = open_connection();
	check_facts(fd);
	if (flags.export_len)
		export(fd);
	if (flags.record_sizes)
		write_record_sizes(fd);
	else if (flags.writes_first)
		write_all(fd, "hello", 5);
	if (flags.shuts_down && shutdown(fd, SHUT_WR))
		fail_tls(fd, "shutdown");
	clean = echo(fd);
	if (flags.check_close_notify && !clean)
		fail("no close_notify");
	close(fd);
	return 0;
}
