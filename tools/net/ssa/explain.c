// SPDX-License-Identifier: GPL-2.0
/*
 * explain: connects as any program would, and says what the kernel knows of it; where it
 * fails, which attribute of the policy has to do with that.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/tls_ssa.h>
#include "command.h"
#include "tree.h"

#define DEFAULT_PORT	443
#define OPTION_MAX	8192	/* bytes of the longest text that is asked for */

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
	  "min_version max_version ciphersuites groups signature_algorithms" },
	{ "PeerInsufficientSecurity", "ciphersuites groups" },
	{ "PeerNoApplicationProtocol", "alpn" },
	{ "PeerUnknownCa", "credential" },
	{ "PeerCertificateRequired", "credential" },
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
	names = attributes_of(info.reason, error, buffer, sizeof(buffer));
	if (*names)
		print_attributes(o, profile, names);
	else if (*info.reason && strncmp(info.reason, "Policy", 6))
		printf("%-12s no attribute changes this\n", "policy");
}

/* Before there is a socket there is no TLS_ERROR. */
static int no_socket(int err)
{
	struct report report = { .out = stderr };
	const char *help = "";

	if (err == EACCES)
		help = "; the policy forbids TLS sockets to this program (enabled)";
	else if (err == EPROTONOSUPPORT || err == ESOCKTNOSUPPORT)
		help = "; modprobe tls_ssa";
	complain(&report, (struct place){ 0 }, "socket: %s%s", strerror(err), help);
	return STATUS_FAILED;
}

static int connect_to(int family, const struct sockaddr_host *to, int *fd)
{
	*fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TLS);
	if (*fd < 0)
		return errno;
	return connect(*fd, (const struct sockaddr *)to, sizeof(*to)) ? errno : 0;
}

int cmd_explain(const struct options *o, char **args)
{
	struct sockaddr_host to = { .sin_family = AF_HOSTNAME };
	struct report report = { .out = stderr };
	unsigned int port;
	int fd, err;

	if (!split(args[0], to.sin_addr.name, sizeof(to.sin_addr.name), &port)) {
		complain(&report, (struct place){ 0 },
			 "\"%s\" is no server; write HOST, HOST:PORT or [ADDRESS]:PORT", args[0]);
		return STATUS_USAGE;
	}
	to.sin_port = htons(port);
	err = connect_to(AF_INET, &to, &fd);
	if (fd >= 0 && err == EHOSTUNREACH) {
		close(fd);
		err = connect_to(AF_INET6, &to, &fd);
	}
	if (fd < 0)
		return no_socket(err);
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
	}
	close(fd);
	return err ? STATUS_FAILED : STATUS_OK;
}
