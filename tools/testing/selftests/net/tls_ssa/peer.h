/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The other end of a connection: TLS software that we did not write, behind one
 * interface. Libraries run in the test's own process on a plain TCP socket,
 * because starting a program costs a second in the emulator; languages that
 * have their own TLS run in one program for all connections (peer_remote.c).
 *
 * All calls block. Each peer belongs to one thread at a time.
 */
#ifndef _TLS_SSA_PEER_H
#define _TLS_SSA_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum peer_kind {
	PEER_OPENSSL,
	PEER_GNUTLS,
	/* The rest is in the program "matrix" only. */
	PEER_NSS,
	PEER_MBEDTLS,
	PEER_WOLFSSL,
	PEER_PYTHON,
	PEER_GO,
	PEER_KINDS
};

enum peer_version {
	PEER_TLS13,		/* and nothing else; the default */
	PEER_TLS12,
};

/**
 * struct peer_config - what a peer is told
 * @server: it is the server
 * @version: the only version it has
 * @suite: IANA name of the only suite it has, or NULL: its defaults
 * @groups: "X25519", "P-256", "P-384", "P-521", "X448"; with colons, in order of
 *	    preference; a client sends a share of the first only. NULL: its defaults
 * @cert, @key: files; a client may go without
 * @ca: file of trusted authorities; NULL: it trusts nobody
 * @name: client: the server's name, for SNI and for the check
 * @no_tickets: server: send none after the handshake
 * @accept_any: client: no look at the certificate
 * @record_limit: record_size_limit that it asks for (GnuTLS), or 0
 * @no_ems: no extended master secret in TLS 1.2 (OpenSSL, GnuTLS)
 * @asks: server: it asks for the client's certificate (OpenSSL)
 * @insists: and goes on with none but a good one
 * @alpn: application protocols in the form of the wire, or NULL (OpenSSL)
 * @alpn_len: bytes of @alpn
 */
struct peer_config {
	bool server;
	enum peer_version version;
	const char *suite;
	const char *groups;
	const char *cert;
	const char *key;
	const char *ca;
	const char *name;
	bool no_tickets;
	bool accept_any;
	bool no_ems;
	bool asks;
	bool insists;
	const char *alpn;
	unsigned int alpn_len;
	unsigned int record_limit;
};

/**
 * struct peer_suite - a cipher suite by all its names
 * @iana: its name in the registry
 * @openssl: OpenSSL's and, in TLS 1.2, wolfSSL's
 * @id: number on the wire
 */
struct peer_suite {
	const char *iana;
	const char *openssl;
	unsigned short id;
};

extern const struct peer_suite peer_suites[];	/* ends with .iana == NULL */
/* NULL if there is none */
const struct peer_suite *peer_suite_by_name(const char *iana);
const struct peer_suite *peer_suite_by_id(unsigned short id);

#define PEER_ERROR	(-1)	/* peer->error says more */
#define PEER_TRUNCATED	(-2)	/* end of TCP without close_notify */

struct peer;

/**
 * struct peer_ops - one TLS library
 *
 * What NULL is for: @key_update, @ticket, @alert, @sni: not with this one;
 * @group: it does not tell; @echo: by means of @recv, @send and @close_notify;
 * @alpn, @subject, @material, @sni_answered: OpenSSL alone is asked.
 */
struct peer_ops {
	const char *name;
	struct peer *(*create)(const struct peer_config *cfg, int fd);
	int (*handshake)(struct peer *p);
	ssize_t (*send)(struct peer *p, const void *buf, size_t len);
	ssize_t (*recv)(struct peer *p, void *buf, size_t len);
	int (*close_notify)(struct peer *p);
	int (*key_update)(struct peer *p, bool request);
	int (*ticket)(struct peer *p);
	int (*alert)(struct peer *p, int level, int description);
	int (*echo)(struct peer *p);
	const char *(*suite)(struct peer *p);
	const char *(*group)(struct peer *p);
	const char *(*sni)(struct peer *p);
	bool (*sni_answered)(struct peer *p);
	const char *(*alpn)(struct peer *p);
	const char *(*subject)(struct peer *p);
	int (*material)(struct peer *p, const char *label, const void *context, size_t context_len,
			void *out, size_t len);
	void (*destroy)(struct peer *p);
};

/**
 * struct peer - common part of every peer; a library's own follows it
 * @fd: its TCP socket, closed by peer_free()
 * @alert_level, @alert: last alert received; -1 if none
 * @key_updates: KeyUpdate messages received, if the library tells
 * @randoms: ClientHello.random and ServerHello.random (OpenSSL)
 * @secrets: lines of the key log, "LABEL random secret\n"
 * @error: text of the last failure
 */
struct peer {
	const struct peer_ops *ops;
	struct peer_config cfg;
	int fd;
	int alert_level;
	int alert;
	int key_updates;
	unsigned char randoms[64];
	char secrets[2048];
	char error[256];
};

extern const struct peer_ops peer_openssl;
extern const struct peer_ops peer_gnutls;
extern const struct peer_ops peer_nss;
extern const struct peer_ops peer_mbedtls;
extern const struct peer_ops peer_wolfssl;
extern const struct peer_ops peer_python;
extern const struct peer_ops peer_go;
#pragma weak peer_nss
#pragma weak peer_mbedtls
#pragma weak peer_wolfssl
#pragma weak peer_python
#pragma weak peer_go

/* Takes over @fd. NULL: a library refused its configuration (said on stderr). */
struct peer *peer_new(enum peer_kind kind, const struct peer_config *cfg, int fd);
int peer_handshake(struct peer *p);			/* 0 or PEER_ERROR */
ssize_t peer_send(struct peer *p, const void *buf, size_t len);	/* @len or PEER_ERROR */
/* Bytes; 0: close_notify; PEER_ERROR; PEER_TRUNCATED */
ssize_t peer_recv(struct peer *p, void *buf, size_t len);
ssize_t peer_recv_all(struct peer *p, void *buf, size_t len);
int peer_close_notify(struct peer *p);
int peer_key_update(struct peer *p, bool request);	/* sends one at once */
int peer_ticket(struct peer *p);			/* server: sends one at once */
int peer_alert(struct peer *p, int level, int description);	/* GnuTLS only */
const char *peer_name(enum peer_kind kind);
/* This machine's Go offers and takes the extended master secret. */
bool peer_go_has_ems(void);
const char *peer_suite(struct peer *p);			/* IANA name */
const char *peer_group(struct peer *p);			/* as in struct peer_config; NULL */
const char *peer_sni(struct peer *p);			/* server: what the client asked for */
const char *peer_alpn(struct peer *p);			/* the protocol that was chosen, or "" */
const char *peer_subject(struct peer *p);		/* of our certificate; "": we showed none */
/* Keying material exporter; @context is NULL: none. 0 or PEER_ERROR */
int peer_material(struct peer *p, const char *label, const void *context, size_t context_len,
		  void *out, size_t len);
/* A secret of the key log, hex digits to bytes. Number of bytes, 0 if none. */
size_t peer_secret(struct peer *p, const char *label, unsigned char *out, size_t size);
void peer_free(struct peer *p);

/* The next of @list's words, which colons separate, into @word; what is left, or NULL */
const char *peer_next_word(const char *list, char *word, size_t size);

/* Runs in a thread: sends back what it receives until close_notify, then closes. */
int peer_echo(struct peer *p);

#endif /* _TLS_SSA_PEER_H */
