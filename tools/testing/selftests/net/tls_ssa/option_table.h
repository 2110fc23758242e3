/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's own list of options, net/tls_ssa/option_list.h, with a valid example
 * and bad ones of each. An option without an example does not compile.
 */
#ifndef _TLS_SSA_OPTION_TABLE_H
#define _TLS_SSA_OPTION_TABLE_H

#include <stdbool.h>
#include "option_places.h"

/* The limits that the list names; a value of that length is tried, and a longer one. */
#define SSA_NAME_MAX		253
#define SSA_PEM_MAX		(1024 * 1024)
#define SSA_CHAIN_PEM_MAX	(256 * 1024)
#define SSA_KEY_PEM_MAX		16384
#define SSA_ALPN_MAX		1024
#define SSA_CIPHER_LIST_MAX	1024
#define SSA_CIPHER_NAME_MAX	64
#define SSA_PROFILE_NAME_MAX	64
#define SSA_EXPORT_INPUT_MAX	(128 + 1 + 512)

enum kind {
	KIND_TEXT, KIND_LIST, KIND_PEM, KIND_ALPN, KIND_VERSION, KIND_INT, KIND_INFO, KIND_EXPORT,
	KIND_BYTES,
};

/**
 * struct junk - a value of allowed length that means nothing
 * @bytes: the value; NULL ends a list
 * @len: of it
 * @err: errno of setsockopt()
 */
struct junk {
	const char *bytes;
	socklen_t len;
	int err;
};

#define JUNK_MAX	8
#define JUNK(text, err)	{ text, sizeof(text) - 1, err }
#define JUNK_INT(n)	{ (const char *)&(const int){ n }, sizeof(int), EINVAL }
#define REFUSED_INT(n, err)	{ (const char *)&(const int){ n }, sizeof(int), err }

/**
 * struct example - what the list cannot say of an option
 * @text: a valid value; or
 * @file: a valid value: path of this file of the test PKI; or
 * @number: a valid value of KIND INT
 * @shown: getsockopt() returns this after @text was set; NULL: @text
 * @initial: getsockopt() returns this on a new socket; NULL: not judged
 * @number_initial: the same for KIND INT
 * @client: the value begins so on an established client; NULL: not judged
 * @server: the same on the server
 * @longest: errno of a value of the longest length, all of it 'a'
 * @changes: getsockopt() does not return the same value twice, or tells of a call that has
 *	     failed
 * @handle: the valid value is what getsockopt() says on another socket
 * @upgraded: only on a socket with the upper layer "tls_ssa"; else EOPNOTSUPP
 * @junk: bad values
 */
struct example {
	const char *text;
	const char *file;
	int number;
	const char *shown;
	const char *initial;
	int number_initial;
	const char *client;
	const char *server;
	int longest;
	bool changes;
	bool handle;
	bool upgraded;
	struct junk junk[JUNK_MAX];
};

static const struct example example_REMOTE_HOSTNAME = {
	.text = "server.test", .initial = "", .client = "server.test", .longest = EINVAL,
	.junk = { JUNK("a b", EINVAL), JUNK("..", EINVAL), JUNK("*.test", EINVAL),
		  JUNK("-a.test", EINVAL), JUNK("a/b", EINVAL), JUNK("\303\244.test", EINVAL) },
};

static const struct example example_HOSTNAME = {
	.text = "server.test", .initial = "", .server = "server.test", .longest = EINVAL,
	.junk = { JUNK("a b", EINVAL), JUNK("..", EINVAL), JUNK("a\n", EINVAL),
		  JUNK("a.*.test", EINVAL) },
};

#define BAD_PEM(what)	"-----BEGIN " what "-----\n!\n-----END " what "-----\n"
#define BAD_FILES	JUNK("/no/such/file", ENOENT), JUNK("/etc/hosts", EINVAL),	\
			JUNK("/dev/zero", EINVAL), JUNK("/etc/hosts/x", ENOTDIR)

static const struct example example_TRUSTED_PEER_CERTIFICATES = {
	.file = "root.pem", .shown = "-----BEGIN CERTIFICATE-----\n", .initial = "",
	.longest = ENAMETOOLONG,
	.junk = { BAD_FILES, JUNK(BAD_PEM("CERTIFICATE"), EINVAL) },
};

static const struct example example_CERTIFICATE_CHAIN = {
	.file = "p384.chain.pem", .longest = ENAMETOOLONG,
	.junk = { BAD_FILES, JUNK(BAD_PEM("CERTIFICATE"), EINVAL) },
};

static const struct example example_PRIVATE_KEY = {
	.file = "p384.key.pem", .longest = ENAMETOOLONG,
	.junk = { BAD_FILES, JUNK(BAD_PEM("PRIVATE KEY"), EINVAL) },
};

static const struct example example_TRUSTED_ONLY = {
	.number = 1, .number_initial = 0, .longest = EINVAL,
	.junk = { JUNK_INT(-1), JUNK_INT(2), JUNK_INT(0x7fffffff) },
};

static const struct example example_REQUEST_PEER_AUTH = {
	.number = TLS_PEER_AUTH_REQUIRED, .number_initial = TLS_PEER_AUTH_NONE, .longest = EINVAL,
	.junk = { JUNK_INT(-1), JUNK_INT(3), JUNK_INT(0x7fffffff) },
};

static const struct example example_PEER_IDENTITY = { .client = "" };
static const struct example example_PEER_CERTIFICATE_CHAIN = {
	.client = "-----BEGIN CERTIFICATE-----\n"
};

static const struct example example_PEER_VERIFIED_CHAIN = {
	.client = "-----BEGIN CERTIFICATE-----\n"
};

/* The wire's form of the list has a byte of length before each name. */
static const struct example example_ALPN = {
	.text = "h2,http/1.1", .initial = "", .client = "", .server = "", .longest = EINVAL,
	.junk = { JUNK("\2h", EINVAL), JUNK("\2h2\0", EINVAL), JUNK("\377h2", EINVAL),
		  JUNK(",", EINVAL), JUNK("h2,", EINVAL), JUNK(",h2", EINVAL),
		  JUNK("h2,,h3", EINVAL), },
};

static const struct example example_TRUSTED_CIPHERS = {
	.text = "TLS_AES_128_GCM_SHA256", .longest = EINVAL,
	.junk = { JUNK("RC4-SHA", EINVAL), JUNK(":", EINVAL), JUNK("TLS_AES_128_GCM_SHA", EINVAL),
		  JUNK(" ", EINVAL) },
};

static const struct example example_DISABLE_CIPHER = {
	.text = "TLS_AES_128_GCM_SHA256", .longest = EINVAL,
	.junk = { JUNK("RC4-SHA", EINVAL), JUNK("TLS_AES", EINVAL), JUNK(" ", EINVAL) },
};

static const struct example example_ENABLE_CIPHER = {
	.text = "TLS_AES_128_GCM_SHA256", .longest = EINVAL,
	.junk = { JUNK("RC4-SHA", EINVAL), JUNK("TLS_AES", EINVAL), JUNK(" ", EINVAL) },
};

static const struct example example_CHOSEN_CIPHER = { .client = "TLS_", .server = "TLS_" };

#define BAD_VERSIONS	JUNK("TLSv1.1", EINVAL), JUNK("TLSv1.4", EINVAL), JUNK("1", EINVAL),	\
			JUNK("TLSv1.3 ", EINVAL)

static const struct example example_VERSION_MIN = {
	.text = "TLSv1.3", .initial = "TLSv1.2", .longest = EINVAL, .junk = { BAD_VERSIONS },
};

static const struct example example_VERSION_MAX = {
	.text = "TLSv1.2", .initial = "TLSv1.3", .longest = EINVAL, .junk = { BAD_VERSIONS },
};

static const struct example example_VERSION_CONN = { .client = "TLSv1.3", .server = "TLSv1.3" };
static const struct example example_NEGOTIATED_GROUP = { .client = "X25519", .server = "X25519" };
static const struct example example_PROFILE = {
	.text = "default", .initial = "default", .client = "default", .server = "default",
	.longest = ENOENT,
	.junk = { JUNK("no profile", EINVAL), JUNK("Default", EINVAL), JUNK("nobody", ENOENT) },
};

static const struct example example_PEER_SIGALG = {
	.client = "ecdsa_secp256r1_sha256", .server = ""
};

static const struct example example_SESSION_TTL = {
	.number = 3600, .number_initial = -1, .longest = EINVAL,
	.junk = { JUNK_INT(-1), JUNK_INT(604801), JUNK_INT(0x7fffffff) },
};

static const struct example example_SESSION_REUSE = {
	.number = 1, .number_initial = -1, .longest = EINVAL,
	.junk = { JUNK_INT(-1), JUNK_INT(2) },
};

static const struct example example_RESUMED_SESSION = { .number = 0 };

/* Each of the checks could be asked for, and none of them can be done. */
#define REVOCATION	{							\
	.number = 0, .longest = EINVAL,						\
	.junk = { REFUSED_INT(1, EOPNOTSUPP), JUNK_INT(-1), JUNK_INT(2) },	\
}

static const struct example example_REVOCATION_CHECKS = REVOCATION;
static const struct example example_OCSP_STAPLED_CHECKS = REVOCATION;
static const struct example example_OCSP_CHECKS = REVOCATION;
static const struct example example_CRL_CHECKS = REVOCATION;
static const struct example example_CACHED_REV_CHECKS = REVOCATION;
static const struct example example_SERVER_OCSP_STAPLING = REVOCATION;

static const struct example example_ERROR = {
	.initial = "no error", .client = "no error", .server = "no error", .changes = true,
};

static const struct example example_INFO = { .text = NULL, .changes = true };

static const struct example example_CONTEXT = {
	.handle = true, .changes = true, .longest = ENOENT,
	.junk = { JUNK("00000000000000000000000000000000", ENOENT),
		  JUNK("0000000000000000000000000000000g", EINVAL),
		  JUNK("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", EINVAL) },
};

static const struct example example_EXPORTER = {
	.text = "EXPORTER-tls-ssa-test", .longest = EINVAL,
	.junk = { JUNK("\0", EINVAL), JUNK("\0context", EINVAL) },
};

static const struct example example_CHANNEL_BINDING = { .text = NULL };

static const struct example example_KEY_UPDATE = {
	.number = TLS_KEY_UPDATE_BOTH, .longest = EINVAL,
	.junk = { JUNK_INT(-1), JUNK_INT(2) },
};

static const struct example example_IGNORE_UNEXPECTED_EOF = {
	.number = 1, .number_initial = 0, .longest = EINVAL,
	.junk = { JUNK_INT(-1), JUNK_INT(2) },
};

static const struct example example_HANDSHAKE = {
	.number = TLS_HANDSHAKE_CLIENT, .upgraded = true, .longest = EINVAL,
	.junk = { JUNK_INT(0), JUNK_INT(-1), JUNK_INT(3) },
};

/**
 * struct option - a line of the list
 * @number: TLS_*
 * @name: without TLS_
 * @kind: how the value is written
 * @min: bytes of a value that is set; @max: the same
 * @set_at: where it can be set; 0: nowhere
 * @get_at: where it can be read; 0: nowhere
 * @ex: its example
 */
struct option {
	int number;
	const char *name;
	enum kind kind;
	socklen_t min, max;
	unsigned int set_at, get_at;
	const struct example *ex;
};

#define SSA_OPTION_RW(name, handler, kind, min, max, set_at, get_at, summary) \
	{ TLS_##name, #name, KIND_##kind, min, max, set_at, get_at, &example_##name },
#define SSA_OPTION_RO(name, handler, kind, get_at, summary) \
	{ TLS_##name, #name, KIND_##kind, 0, 0, 0, get_at, &example_##name },
#define SSA_OPTION_WO(name, handler, kind, min, max, set_at, summary) \
	{ TLS_##name, #name, KIND_##kind, min, max, set_at, 0, &example_##name },

static const struct option options[] = {
#include "../../../../../net/tls_ssa/option_list.h"
};

#endif /* _TLS_SSA_OPTION_TABLE_H */
