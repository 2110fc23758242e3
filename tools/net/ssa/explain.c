// SPDX-License-Identifier: GPL-2.0
/*
 * explain: connects as any program would, and says what the kernel knows of it; where it
 * fails, which attribute of the policy has to do with that. By which profile is that of
 * ssactl itself, or another one that is asked for.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/tls_ssa.h>
#include "command.h"
#include "tree.h"

#define DEFAULT_PORT	443
#define OPTION_MAX	8192	/* bytes of the longest text that is asked for */
#define VERDICT_MS	2000	/* how long a server of TLS 1.3 has to refuse its client */

/* Failures in which attributes have a part; those of the policy name theirs in brackets. */
static const struct {
	const char *counter;
	const char *attributes;
} causes[] = {
	{ "Version", "min_version max_version" },
	{ "Downgrade", "min_version" },
	{ "NoSuite", "ciphersuites" },
	{ "NoGroup", "groups" },
	{ "NoSignatureAlgorithm", "signature_algorithms" },
	{ "BadSignatureAlgorithm", "signature_algorithms" },
	{ "CertSignatureAlgorithm", "signature_algorithms" },
	{ "NoAlpn", "alpn" },
	{ "NoExtendedMasterSecret", "require_extended_master_secret" },
	{ "CertUnknownCa", "trust_store trust_mode" },
	{ "NoTrustStore", "trust_store trust_mode" },
	{ "CertChainTooLong", "verify_depth" },
	{ "CertWeakKey", "min_rsa_bits" },
	{ "CertBlocked", "blocklist" },
	{ "CertNotPinned", "trust_mode trust_store" },
	{ "PeerProtocolVersion", "min_version max_version" },
	{ "PeerHandshakeFailure",
	  "min_version max_version ciphersuites groups signature_algorithms credential" },
	{ "PeerInsufficientSecurity", "ciphersuites groups" },
	{ "PeerNoApplicationProtocol", "alpn" },
	{ "PeerUnknownCa", "credential" },
	{ "PeerBadCertificate", "credential" },
	{ "PeerCertificateRequired", "credential" },
};

/* What else there is to know about some of them */
static const struct {
	const char *counter;
	const char *hint;
} hints[] = {
	{ "PeerCertificateRequired",
	  "the server wants a certificate: TLS_CERTIFICATE_CHAIN, TLS_PRIVATE_KEY" },
	{ "PeerHandshakeFailure",
	  "in TLS 1.2 also said without a certificate that is wanted (TLS_CERTIFICATE_CHAIN)" },
	{ "PeerUnknownCa", "the server does not trust the certificate that it was shown" },
	{ "CertWeakKey", "an RSA key in the server's chain has fewer bits than that" },
	{ "CertChainTooLong", "the server sends more certificates than the limit, or larger ones" },
	{ "MessageTooLong", "the server's certificates are larger than the limit" },
};

/* What the option says, unless it is nothing */
static void ask(int fd, int option, const char *title)
{
	char text[OPTION_MAX + 1];
	socklen_t len = OPTION_MAX;

	if (getsockopt(fd, IPPROTO_TLS, option, text, &len))
		return;
	text[len] = '\0';
	if (*text)
		printf("%-12s %s\n", title, text);
}

/* "host", "host:port", "[address]", "[address]:port", "address" with several colons */
static bool split(const char *arg, char *host, size_t size, unsigned int *port)
{
	const char *end = strrchr(arg, ':'), *digits = NULL;
	size_t len = strlen(arg);
	char *rest;

	*port = DEFAULT_PORT;
	if (*arg == '[') {
		end = strchr(arg, ']');
		if (!end)
			return false;
		len = end - ++arg;
		if (end[1] == ':')
			digits = end + 2;
		else if (end[1])
			return false;
	} else if (end && strchr(arg, ':') == end) {
		len = end - arg;
		digits = end + 1;
	}
	if (!len || len >= size)
		return false;
	memcpy(host, arg, len);
	host[len] = '\0';
	if (digits) {
		*port = strtoul(digits, &rest, 10);
		if (rest == digits || *rest || !*port || *port > 65535)
			return false;
	}
	return true;
}

static const char *attributes_of(const char *reason, const char *error, char *buffer, size_t size)
{
	const char *open = strrchr(error, '('), *close = open ? strchr(open, ')') : NULL;
	size_t i;

	if (!strncmp(reason, "Policy", 6) && close && (size_t)(close - open) < size) {
		snprintf(buffer, size, "%.*s", (int)(close - open - 1), open + 1);
		return buffer;
	}
	for (i = 0; i < ARRAY_SIZE(causes); i++) {
		if (!strcmp(causes[i].counter, reason))
			return causes[i].attributes;
	}
	return "";
}

/* The attributes with the values that held */
static void print_attributes(const struct options *o, const char *profile, const char *names)
{
	struct section s = { .kind = KIND_PROFILE, .name = (char *)profile };
	struct report silent = { 0 };
	struct text value = { 0 };
	const char *word;
	struct tree t;
	char name[64];
	bool there;
	size_t len;
	int a;

	if (!strcmp(profile, "default"))
		s = (struct section){ .kind = KIND_DEFAULT };
	there = !tree_open(&t, o->root, false, &silent);
	while ((len = list_next(&names, &word))) {
		snprintf(name, sizeof(name), "%.*s", (int)len, word);
		a = kind_attribute(s.kind, name);
		if (a >= 0 && there && effective_value(&t, &s, a, &value))
			printf("%-12s %s %s\n", "policy", name, value.s);
		else
			printf("%-12s %s\n", "policy", name);
	}
	text_free(&value);
	if (there)
		tree_close(&t);
}

static void explain_failure(const struct options *o, int fd, int err)
{
	struct tls_ssa_info info = { 0 };
	char error[OPTION_MAX + 1] = "", profile[NAME_LEN_MAX + 1] = "", buffer[128];
	socklen_t len = OPTION_MAX;
	const char *names;
	size_t i;

	printf("%-12s %s (%s)\n", "failed", strerror(err), strerrorname_np(err) ?: "?");
	if (!getsockopt(fd, IPPROTO_TLS, TLS_ERROR, error, &len) && *error)
		printf("%-12s %s\n", "because", error);
	len = sizeof(info);
	if (getsockopt(fd, IPPROTO_TLS, TLS_INFO, &info, &len))
		return;
	info.reason[sizeof(info.reason) - 1] = '\0';
	if (*info.reason)
		printf("%-12s %s\n", "counter", info.reason);
	if (info.alert != 255)
		printf("%-12s %u\n", "peer's alert", info.alert);
	len = NAME_LEN_MAX;
	if (getsockopt(fd, IPPROTO_TLS, TLS_PROFILE, profile, &len))
		return;
	for (i = 0; i < ARRAY_SIZE(hints); i++) {
		if (!strcmp(hints[i].counter, info.reason))
			printf("%-12s %s\n", "hint", hints[i].hint);
	}
	names = attributes_of(info.reason, error, buffer, sizeof(buffer));
	if (*names)
		print_attributes(o, profile, names);
	else if (*info.reason && strncmp(info.reason, "Policy", 6))
		printf("%-12s no attribute changes this\n", "policy");
}

/* Before there is a socket there is no TLS_ERROR. */
static int no_socket(const struct options *o, int err)
{
	struct report report = { .out = stderr }, silent = { 0 };
	struct text profile = { 0 };
	const char *help = "";
	struct tree t;

	if (err == EACCES && !tree_open(&t, o->root, true, &silent)) {
		if (!match_process(&t, getpid(), &profile, &silent))
			printf("%-12s %s (not enabled)\n", "profile", profile.s);
		text_free(&profile);
		tree_close(&t);
	}
	if (err == EACCES)
		help = "; the policy forbids TLS sockets to ssactl itself (enabled)";
	else if (err == EPROTONOSUPPORT || err == ESOCKTNOSUPPORT)
		help = "; modprobe tls_ssa";
	complain(&report, (struct place){ 0 }, "socket: %s%s", strerror(err), help);
	return STATUS_FAILED;
}

/*
 * The profile that a program gets, if it is started from here: it is, and ends before its
 * first instruction. NULL: a complaint
 */
static const char *profile_of(const struct options *o, const char *program, struct text *profile)
{
	struct report report = { .out = stderr };
	char *const argv[] = { (char *)program, NULL }, *const envp[] = { NULL };
	struct tree t;
	int status, err;
	pid_t pid;

	if (tree_open(&t, o->root, true, &report))
		return NULL;
	pid = fork();
	if (!pid) {
		if (!ptrace(PTRACE_TRACEME, 0, NULL, NULL))
			execve(program, argv, envp);
		_exit(errno);
	}
	err = pid < 0 || waitpid(pid, &status, 0) != pid;
	if (err || !WIFSTOPPED(status)) {
		complain(&report, (struct place){ 0 }, "%s: %s", program,
			 strerror(err ? errno : WEXITSTATUS(status)));
		err = -1;
	} else {
		err = match_process(&t, pid, profile, &report);
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	}
	tree_close(&t);
	return err ? NULL : profile->s;
}

static int choose_profile(int fd, const char *profile)
{
	struct report report = { .out = stderr };

	if (!profile || !setsockopt(fd, IPPROTO_TLS, TLS_PROFILE, profile, strlen(profile)))
		return 0;
	complain(&report, (struct place){ 0 }, "profile \"%s\": %s%s", profile,
		 errno == ENOENT ? "is not there, or not enabled" : strerror(errno),
		 errno == EPERM ? "; only root with CAP_NET_ADMIN may choose one" : "");
	return -1;
}

/*
 * In TLS 1.3 a server judges its client after connect() has returned: what it says of a
 * missing certificate is an error of recv(). 0: it says nothing; how it ends is its affair
 */
static int wait_for_verdict(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct tls_ssa_info info = { 0 };
	socklen_t len = sizeof(info);
	char byte;
	int err;

	if (shutdown(fd, SHUT_WR) || poll(&p, 1, VERDICT_MS) <= 0)
		return 0;
	err = recv(fd, &byte, 1, MSG_DONTWAIT) < 0 ? errno : 0;
	if (getsockopt(fd, IPPROTO_TLS, TLS_INFO, &info, &len))
		return 0;
	return strncmp(info.reason, "Peer", 4) ? 0 : err;
}

static int connect_to(int family, const struct sockaddr_host *to, const char *profile, int *fd)
{
	*fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TLS);
	if (*fd < 0)
		return errno;
	if (choose_profile(*fd, profile))
		return -1;
	return connect(*fd, (const struct sockaddr *)to, sizeof(*to)) ? errno : 0;
}

int cmd_explain(const struct options *o, char **args)
{
	struct sockaddr_host to = { .sin_family = AF_HOSTNAME };
	struct report report = { .out = stderr };
	const char *profile = o->profile;
	struct text found = { 0 };
	unsigned int port;
	int fd, err;

	if (!split(args[0], to.sin_addr.name, sizeof(to.sin_addr.name), &port)) {
		complain(&report, (struct place){ 0 },
			 "\"%s\" is no server; write HOST, HOST:PORT or [ADDRESS]:PORT", args[0]);
		return STATUS_USAGE;
	}
	to.sin_port = htons(port);
	if (o->as) {
		profile = profile_of(o, o->as, &found);
		if (!profile)
			return STATUS_FAILED;
	}
	err = connect_to(AF_INET, &to, profile, &fd);
	if (fd >= 0 && err == EHOSTUNREACH) {
		close(fd);
		err = connect_to(AF_INET6, &to, profile, &fd);
	}
	text_free(&found);
	if (fd < 0)
		return no_socket(o, err);
	if (err < 0) {
		close(fd);
		return STATUS_FAILED;
	}
	printf("%-12s %s port %u\n", "server", to.sin_addr.name, port);
	ask(fd, TLS_PROFILE, "profile");
	if (err) {
		explain_failure(o, fd, err);
	} else {
		ask(fd, TLS_VERSION_CONN, "version");
		ask(fd, TLS_CHOSEN_CIPHER, "cipher suite");
		ask(fd, TLS_NEGOTIATED_GROUP, "group");
		ask(fd, TLS_PEER_SIGALG, "signature");
		ask(fd, TLS_ALPN, "protocol");
		ask(fd, TLS_PEER_IDENTITY, "peer");
		err = wait_for_verdict(fd);
		if (err)
			explain_failure(o, fd, err);
	}
	close(fd);
	return err ? STATUS_FAILED : STATUS_OK;
}
