/* SPDX-License-Identifier: GPL-2.0 */
/*
 * BearSSL's own TLS 1.2 client and server, memory to memory, and the records of
 * an established TLS 1.2 connection on our side. BearSSL 0.6 knows no
 * extended_master_secret (RFC 7627), so configurations for it allow to go
 * without.
 */
#ifndef _TLS_SSA_TESTS_ENGINE_BEARSSL_H
#define _TLS_SSA_TESTS_ENGINE_BEARSSL_H

#include <crypto/bearssl.h>
#include "engine_pair.h"

/**
 * struct bear - one of BearSSL's engines
 * @client: if it is a client
 * @server: if it is a server
 * @eng: inside the one or the other
 * @known: the peer's key, which it takes without looking at the chain
 * @peer_key: what @known points into
 * @chain: its certificates
 * @certs: how many
 * @key: its private key
 * @curves: its elliptic curves, if not all
 * @authority: server: the Name that it asks clients for
 * @protocols: application protocols, to be set before it is started again
 * @protocol_count: how many
 * @iobuf: its records
 */
struct bear {
	union {
		br_ssl_client_context client;
		br_ssl_server_context server;
	};
	br_ssl_engine_context *eng;
	br_x509_knownkey_context known;
	struct ssa_public_key peer_key;
	br_x509_certificate chain[SSA_CHAIN_MAX];
	u32 certs;
	br_skey_decoder_context key;
	br_ec_impl curves;
	br_x500_name authority;
	const char * const *protocols;
	size_t protocol_count;
	u8 iobuf[BR_SSL_BUFSIZE_BIDI];
};

/* What a client or server of BearSSL is to speak; 0: all of ours */
struct bear *bear_client(struct kunit *test, struct pair *p, u16 suite);
struct bear *bear_server(struct kunit *test, struct pair *p, enum pair_key key, u16 suite);
/* A server that exchanges keys in this group alone, whatever curve its own key is of */
void bear_only_group(struct bear *b, u16 group);
/* What a client shows if it is asked */
void bear_client_certificate(struct kunit *test, struct bear *b,
			     const struct ssa_credentials *cred, const char *key_pem,
			     size_t key_len);
/* A server that asks for a certificate of this authority, and takes this key for the client's */
void bear_ask(struct kunit *test, struct bear *b, const u8 *name, size_t len,
	      const struct ssa_public_key *key);
/* The same again, as new: with the same random numbers. */
void bear_client_start(struct kunit *test, struct bear *b, struct pair *p, u16 suite);
void bear_server_start(struct kunit *test, struct bear *b, u16 suite);

/* Appends all that it has to send. Returns how many bytes. */
u32 bear_output(struct kunit *test, struct bear *b, struct ssa_buf *wire);
/* Gives it @len bytes; it must take them all unless it fails. */
void bear_input(struct kunit *test, struct bear *b, const void *wire, u32 len);
bool bear_connected(const struct bear *b);
int bear_error(const struct bear *b);
void bear_send(struct kunit *test, struct bear *b, const void *data, u32 len);
/* Application data that it has received */
void bear_expect_data(struct kunit *test, struct bear *b, const void *data, u32 len);

/* An engine of ours and one of BearSSL's, until neither has anything to send */
void bear_run(struct kunit *test, struct ssa_hs *hs, struct bear *b);

/**
 * struct session - our side of an established TLS 1.2 connection, as kTLS has it
 * @post: exported by the handshake
 * @tx: protection of our records
 * @rx: protection of the peer's
 */
struct session {
	struct ssa_post post;
	struct session_keys {
		struct ssa_aead *aead;
		bool gcm;
		u8 iv[SSA_AEAD_NONCE_LEN];
		u64 seq;
	} tx, rx;
};

struct session *session_new(struct kunit *test, struct ssa_hs *hs);
/* Appends one record. */
void session_seal(struct kunit *test, struct session *s, u8 type, const void *data, u32 len,
		  struct ssa_buf *wire);
/* Opens the record at the front of @wire in place. Returns its type. */
u8 session_open(struct kunit *test, struct session *s, struct ssa_buf *wire,
		struct ssa_reader *plain);

#endif /* _TLS_SSA_TESTS_ENGINE_BEARSSL_H */
