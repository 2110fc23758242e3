/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two engines, or one engine and a peer that the test scripts, with the records
 * between them in the hands of the test: it opens them with the keys of the
 * side that receives, changes the messages inside, and seals them again.
 */
#ifndef _TLS_SSA_TESTS_ENGINE_PAIR_H
#define _TLS_SSA_TESTS_ENGINE_PAIR_H

#include <kunit/test.h>
#include "../engine/hello.h"
#include "../engine/hs.h"

enum pair_key {
	PAIR_P256,
	PAIR_P384,
	PAIR_RSA,
	PAIR_KEYS,	/* those before are known to BearSSL too */
	PAIR_P521 = PAIR_KEYS,
	PAIR_ED25519,
	PAIR_RSA_PSS,
	PAIR_ALL_KEYS,
};

/**
 * struct pair - a client and a server
 * @roots: what the client trusts
 * @cred: the server's chain and key
 * @creds: they alone
 * @client_cfg: to be changed between pair_new() and pair_start(); TLS 1.3 alone
 * @server_cfg: the same
 * @client: its handshake
 * @server: its handshake
 */
struct pair {
	struct ssa_trust_store *roots;
	struct ssa_credentials *cred;
	struct ssa_cred_set *creds;
	struct ssa_hs_config client_cfg;
	struct ssa_hs_config server_cfg;
	struct ssa_hs *client;
	struct ssa_hs *server;
};

/**
 * struct relay - what happens to the records of one side on their way
 * @chunk: bytes of handshake data for each record; 0: as many as fit
 * @cut: handshake data is cut after so many bytes of a stream too; 0: not
 * @type: HandshakeType of the message to change, -1: none
 * @nth: which one of that type, from 0
 * @change: changes it; may leave nothing, or more than one message
 * @arg: for @change
 * @changed: @change was called
 */
struct relay {
	u32 chunk;
	u32 cut;
	int type;
	u32 nth;
	void (*change)(struct kunit *test, struct ssa_buf *msg, const void *arg);
	const void *arg;
	u32 changed;
	/* private: */
	u32 seen;
	struct ssa_record_keys open;
	struct ssa_record_keys seal;
	struct ssa_buf stream;
	struct ssa_buf wire;
};

/* engine_pair.c; failures end the test, and what is made ends with it */
struct pair *pair_new(struct kunit *test, enum pair_key key);
void pair_only_group(struct ssa_hs_config *cfg, u16 group);
/* Of both sides, instead of TLS 1.3 alone */
void pair_versions(struct pair *p, u16 min, u16 max);
/* New engines, also again. */
void pair_start(struct kunit *test, struct pair *p);
/* Moves records both ways until neither side has any; NULL: unchanged */
void pair_run(struct kunit *test, struct pair *p, struct relay *to_server,
	      struct relay *to_client);
/* Both done, secrets agree. */
void pair_expect_done(struct kunit *test, struct pair *p);

struct relay *relay_new(struct kunit *test);
/* Moves the output of @from to @to. Returns how many records there were. */
u32 relay_flight(struct kunit *test, struct relay *r, struct ssa_hs *from, struct ssa_hs *to);
/* Gives records to an engine until it fails. */
enum ssa_want feed(struct kunit *test, struct ssa_hs *to, const u8 *wire, u32 len);
/* One plaintext record. */
enum ssa_want feed_record(struct kunit *test, struct ssa_hs *to, u8 type, const void *body,
			  u32 len);

/*
 * The engine has failed with @reason, and its output ends with the alert of that
 * reason under @keys (NULL or without AEAD: plaintext).
 */
void expect_failure(struct kunit *test, struct ssa_hs *hs, enum ssa_reason reason,
		    struct ssa_record_keys *keys);

/* Editing a message; lengths are put right. */
void msg_set(struct kunit *test, struct ssa_buf *msg, u32 off, u8 value);
void msg_splice(struct kunit *test, struct ssa_buf *msg, u32 off, u32 drop, const void *data,
		u32 len);
u32 msg_exts_offset(struct kunit *test, const struct ssa_buf *msg);
u32 msg_ext_find(struct kunit *test, const struct ssa_buf *msg, u16 type);
void msg_ext_add(struct kunit *test, struct ssa_buf *msg, u16 type, const void *data, u32 len);
void msg_ext_remove(struct kunit *test, struct ssa_buf *msg, u16 type);
void msg_ext_replace(struct kunit *test, struct ssa_buf *msg, u16 type, const void *data, u32 len);

#endif /* _TLS_SSA_TESTS_ENGINE_PAIR_H */
