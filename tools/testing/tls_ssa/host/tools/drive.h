/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two engines with each other over memory, the same bytes every time: one is
 * under test, the other is its peer. What the peer says can be changed where it
 * is made, so that the peer's own transcript, keys and signatures follow the
 * change, or on the wire. The calls of the engine that are looked into
 * (ssa_message_close(), ssa_record_put()) are taken over by the linker's --wrap.
 */
#ifndef _HOST_DRIVE_H
#define _HOST_DRIVE_H

#include "../../../../../net/tls_ssa/engine/hs.h"

enum { CLIENT, SERVER };

enum drive_key {
	KEY_P256,
	KEY_P384,
	KEY_RSA,
	KEY_CLIENT_P256,	/* of clients, from here on */
	KEY_CLIENT_ED25519,
	KEY_CLIENT_RSA,
	KEYS,
};

/**
 * struct way - one way to shake hands
 * @name: in reports
 * @version: the only one, or 0: both sides do all
 * @key: of the server
 * @suite: the only one, or 0
 * @group: the only one of the server, or 0
 * @retry: the client's first share is for another group than the server's
 * @address: the server is named by its address: no server_name
 * @without_ems: TLS 1.2 without extended_master_secret
 * @record_size_limit: of both sides, or 0
 * @request: the server asks for a certificate, with OpenSSL's message
 * @openssl: the client sends OpenSSL's ClientHello
 * @pieces: the peer sends its messages in small records
 * @peer_auth: of the server
 * @client: key of the client, KEY_CLIENT_*; 0: it has none
 * @alpn: application protocols of both, as on the wire, or NULL
 */
struct way {
	const char *name;
	u16 version;
	enum drive_key key;
	u16 suite;
	u16 group;
	bool retry;
	bool address;
	bool without_ems;
	u16 record_size_limit;
	bool request;
	bool openssl;
	bool pieces;
	enum ssa_peer_auth peer_auth;
	enum drive_key client;
	const char *alpn;
};

/**
 * struct drive - a handshake in the making
 * @way: which one
 * @tested: CLIENT or SERVER: the engine under test; the other is the peer
 * @cfg: of both
 * @hs: both engines
 * @want: what they answered last
 * @rng: state of their randomness
 * @pending: bytes on their way to each that are not a whole record yet
 * @on_message: the peer's message with its header, before it joins the peer's
 *		transcript: to be changed; may be NULL
 * @on_record: a record of the peer's before it is protected; false: it is put as it
 *	       is, true: the hook has put what it wanted; may be NULL
 * @on_wire: a record from the peer to the engine under test; may be NULL
 * @after_call: after each call into the engine under test; may be NULL
 * @arg: for the hooks
 * @changed: a hook has changed something
 * @fail_at: which allocation of the engine under test fails, 1: the next; 0: none
 * @memory: bytes that the engine under test holds
 * @memory_peak: the most that it held at once
 * @received: bytes that it was given
 * @alerts: that it has put into its output, level and description of the last
 * @alert: see @alerts
 * @last_type: of the last record of its output
 * @rounds: of the relay, until nobody had anything to say
 */
struct drive {
	const struct way *way;
	int tested;
	struct ssa_hs_config cfg[2];
	struct ssa_hs *hs[2];
	enum ssa_want want[2];
	u64 rng[2];
	struct ssa_buf pending[2];
	void (*on_message)(struct drive *d, struct ssa_hs *hs, struct ssa_buf *msg);
	bool (*on_record)(struct drive *d, struct ssa_buf *out, struct ssa_record_keys *keys,
			  u8 type, u16 version, const u8 *data, u32 len, int *err);
	void (*on_wire)(struct drive *d, struct ssa_buf *wire);
	void (*after_call)(struct drive *d);
	void *arg;
	bool changed;
	size_t fail_at;
	size_t memory, memory_peak, received;
	unsigned int alerts;
	u8 alert[2];
	u8 last_type;
	unsigned int rounds;
};

#define DRIVE_ROUNDS_MAX	16
#define DRIVE_BYTES_MAX		0x100000	/* of any buffer here */

/* The most that one handshake may hold, whatever the peer does: see drive.c. */
extern const size_t drive_memory_max;
/* Faults: alerts do not get into any output; Finished is not compared. */
extern bool drive_no_alert, drive_no_finished;

void __noreturn drive_die(const char *fmt, ...) __printf(1, 2);

/* Certificates, keys and authorities: made once. */
const struct ssa_credentials *drive_credentials(enum drive_key key);
const struct ssa_cred_set *drive_cred_set(enum drive_key key);	/* it alone */
const struct ssa_trust_store *drive_trust_store(void);
void drive_make_all(void);	/* so that they do not count later */
void drive_cleanup(void);

/* Fills in @d: configurations, no engines yet; may be changed before drive_start(). */
void drive_init(struct drive *d, const struct way *way, int tested);
bool drive_start(struct drive *d);	/* false: no memory for the engine under test */
void drive_run(struct drive *d);
void drive_end(struct drive *d);

bool drive_testing(void);	/* inside of a call into the engine under test */

/* Appends, or dies. */
void drive_append(struct ssa_buf *buf, const void *data, size_t len);
/* Replaces @drop bytes at @off by @len others. */
void drive_splice(struct ssa_buf *buf, u32 off, u32 drop, const void *data, size_t len);

#endif
