/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An authority in the test's own process, for tests that need more certificates than
 * the test PKI has. All certificates with the same type of key have the same key:
 * that is what takes its time.
 */
#ifndef _TLS_SSA_CA_H
#define _TLS_SSA_CA_H

enum ca_key {
	CA_P256,
	CA_RSA,			/* 2048 bits */
	CA_ED25519,
	CA_KEYS
};

extern const char *const ca_key_names[CA_KEYS];

struct ca;

/* Texts live as long as the authority; ca_issue()'s are the caller's to free. */
struct ca *ca_new(const char *name);
void ca_free(struct ca *ca);
const char *ca_root(struct ca *ca);			/* its own certificate, PEM */
const char *ca_key(struct ca *ca, enum ca_key key);	/* PKCS#8, PEM */
/*
 * A certificate for @names, which commas separate: dNSNames, or "" for none, with
 * @names as its common name. PEM, issued by the root, valid today.
 */
char *ca_issue(struct ca *ca, enum ca_key key, const char *names, long serial);

/**
 * struct ca_seen - what a client has seen of a server
 * @error: why there was no handshake; "" if there was
 * @key: type of its certificate's key
 * @serial: of its certificate
 * @name: common name of it
 * @version: "TLSv1.3"
 */
struct ca_seen {
	char error[256];
	enum ca_key key;
	long serial;
	char name[256];
	const char *version;
};

/**
 * struct ca_ask - how an OpenSSL client asks for a certificate
 * @port: of the server on 127.0.0.1
 * @name: SNI, and what the certificate is verified for; NULL: neither
 * @tls12: TLS 1.2 and nothing else, otherwise TLS 1.3 and nothing else
 * @sigalgs: as for SSL_set1_sigalgs_list(); NULL: its defaults
 * @any_name: do not verify the name
 * @authority: send this root's name as certificate_authorities; NULL: none
 */
struct ca_ask {
	int port;
	const char *name;
	bool tls12;
	const char *sigalgs;
	bool any_name;
	struct ca *authority;
};

/*
 * A handshake with a server, verified with @ca. Returns the connected SSL, to be
 * given to ca_hang_up(), or NULL.
 */
struct ssl_st *ca_ask(struct ca *ca, const struct ca_ask *ask, struct ca_seen *seen);
void ca_hang_up(struct ssl_st *ssl);

#endif /* _TLS_SSA_CA_H */
