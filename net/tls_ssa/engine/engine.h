/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The handshake engine: records in, records out. It knows no socket, no clock
 * and no global state; time, randomness, credentials and trust come through
 * struct ssa_hs_config. It also compiles in user space.
 *
 * One record at a time goes in, whole: its owner reads the 5 bytes of the
 * header, asks ssa_hs_record_length(), reads that many bytes more and never one
 * beyond (what follows may belong to kTLS), and passes all of it to
 * ssa_hs_input(). What has to be sent waits in ssa_hs_output().
 *
 * The first error sticks: from then on the engine answers SSA_FAILED, and its
 * output holds the alert.
 */
#ifndef _TLS_SSA_ENGINE_H
#define _TLS_SSA_ENGINE_H

#include <linux/bits.h>
#include <linux/types.h>
#include <crypto/ssa.h>
#include "../reason.h"
#include "../cert/cert.h"

#define SSA_RECORD_HEADER_LEN	5
#define SSA_RECORD_MAX		(SSA_RECORD_HEADER_LEN + 16384 + 256)
#define SSA_HS_MESSAGE_MAX	(SSA_CHAIN_BYTES_MAX + 4096)	/* longest Certificate taken */

#define SSA_TLS12		0x0303
#define SSA_TLS13		0x0304

#define SSA_SUITE_AES_128_GCM_SHA256				0x1301
#define SSA_SUITE_AES_256_GCM_SHA384				0x1302
#define SSA_SUITE_CHACHA20_POLY1305_SHA256			0x1303
#define SSA_SUITE_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256		0xc02b
#define SSA_SUITE_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384		0xc02c
#define SSA_SUITE_ECDHE_RSA_WITH_AES_128_GCM_SHA256		0xc02f
#define SSA_SUITE_ECDHE_RSA_WITH_AES_256_GCM_SHA384		0xc030
#define SSA_SUITE_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256	0xcca8
#define SSA_SUITE_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256	0xcca9

enum ssa_want {
	SSA_WANT_READ,		/* give me a record */
	SSA_WANT_WRITE,		/* send what is in ssa_hs_output() first */
	SSA_DONE,		/* output is sent, keys can be exported */
	SSA_FAILED,		/* send what is in ssa_hs_output(), then give up */
};

#define SSA_SUITES_MAX	16
#define SSA_GROUPS_MAX	8

#define SSA_ALPN_MAX	1024	/* bytes of our list of application protocols */
#define SSA_ALPN_NAME_MAX	255
#define SSA_ALPN_NAMES_MAX	32

/* Extensions that a handshake does without if it is told to */
#define SSA_OPTIONAL_SERVER_NAME		BIT(0)	/* RFC 6066 3 */
#define SSA_OPTIONAL_ALPN			BIT(1)	/* RFC 7301 */
#define SSA_OPTIONAL_RECORD_SIZE_LIMIT		BIT(2)	/* RFC 8449 */
#define SSA_OPTIONAL_CERTIFICATE_AUTHORITIES	BIT(3)	/* RFC 8446 4.2.4 */
#define SSA_OPTIONAL_ALL			GENMASK(3, 0)

enum ssa_peer_auth {
	SSA_PEER_AUTH_NONE,
	SSA_PEER_AUTH_OPTIONAL,
	SSA_PEER_AUTH_REQUIRED,
};

/**
 * struct ssa_hs_config - all that a handshake takes from outside
 * @server: which side we are
 * @name: client: the server's name or numeric address; required
 * @store: trust anchors of the policy, or NULL. Client: who certifies servers; server:
 *	   who certifies clients, which the system's authorities do not
 * @extra: the application's own anchors for the same, or NULL
 * @also: anchors that have to certify the peer besides, or NULL
 * @pinned: the peer's own certificate must be in @store or @extra; authorities do not
 *	    count
 * @blocked: certificates and keys that are not accepted, or NULL
 * @is_revoked: asks the system about a certificate; see struct ssa_verify_params; or NULL
 * @min_rsa_bits: smallest RSA key in the peer's path; 0: SSA_RSA_MIN_BITS
 * @path_max: most certificates of the peer below the trusted one; 0: SSA_PATH_CERTS_MAX
 * @creds: server: chains and keys; required. Client: what it shows if asked, or NULL
 * @peer_auth: server: enum ssa_peer_auth
 * @alpn: application protocols in order of preference, as in the extension (RFC
 *	  7301 3.1): each behind a byte with its length; or NULL
 * @alpn_len: bytes of @alpn, at most SSA_ALPN_MAX
 * @min_version: SSA_TLS12 or SSA_TLS13; 0: the oldest that we implement
 * @max_version: the same; 0: the newest
 * @without_ems: TLS 1.2 may go without extended_master_secret (RFC 7627)
 * @record_size_limit: the most bytes that we want in the plaintext of a record
 *		       (RFC 8449), 64 to 16385; 0: the extension is not used
 * @ignored: SSA_OPTIONAL_*: extensions that are not sent, and not looked at: as if we
 *	     did not know them
 * @suites: cipher suites of all versions in order of preference, 0 ends a short list
 * @groups: key exchange groups, the same
 * @sigalgs: signature schemes, the same; for the peer's certificates as well
 * @now: seconds since 1970
 * @rng: randomness
 *
 * Constant from ssa_hs_new() to ssa_hs_free(); the owner keeps what it points
 * at alive for as long.
 */
struct ssa_hs_config {
	bool server;
	const char *name;
	const struct ssa_trust_store *store;
	const struct ssa_trust_store *extra;
	const struct ssa_trust_store *also;
	const struct ssa_blocklist *blocked;
	bool (*is_revoked)(const u8 *tbs_hash, size_t len);
	bool pinned;
	u16 min_rsa_bits;
	u8 path_max;
	const struct ssa_cred_set *creds;
	u8 peer_auth;
	const u8 *alpn;
	u16 alpn_len;
	u16 min_version;
	u16 max_version;
	bool without_ems;
	u16 record_size_limit;
	u32 ignored;
	u16 suites[SSA_SUITES_MAX];
	u16 groups[SSA_GROUPS_MAX];
	u16 sigalgs[SSA_SIGALGS_MAX];
	s64 now;
	struct ssa_rng rng;
};

extern const u16 ssa_default_suites[SSA_SUITES_MAX];
extern const u16 ssa_default_groups[SSA_GROUPS_MAX];
extern const u16 ssa_default_sigalgs[SSA_SIGALGS_MAX];

struct ssa_hs;

/* alpn.c: can this be @alpn? */
bool ssa_alpn_is_valid(const u8 *names, size_t len);

/*
 * ERR_PTR: -EINVAL a list is empty or has a number that is not implemented, @alpn is
 * malformed, or @ignored has other bits; -ENOMEM
 */
struct ssa_hs *ssa_hs_new(const struct ssa_hs_config *cfg);
void ssa_hs_free(struct ssa_hs *hs);		/* wipes; NULL is fine */
enum ssa_want ssa_hs_start(struct ssa_hs *hs);	/* once, before anything else */

/*
 * @header: the first 5 bytes of a record. Returns how many bytes follow, or a
 * negative number: the engine has failed.
 */
int ssa_hs_record_length(struct ssa_hs *hs, const u8 *header);
/* @record: header and body, decrypted in place */
enum ssa_want ssa_hs_input(struct ssa_hs *hs, u8 *record, size_t len);
const u8 *ssa_hs_output(const struct ssa_hs *hs, size_t *len);
/* @len bytes of the output have been sent. */
enum ssa_want ssa_hs_output_done(struct ssa_hs *hs, size_t len);
/* Bytes that the peer makes us hold before it has proved anything. */
size_t ssa_hs_held(const struct ssa_hs *hs);
/* Fails from outside (timeout, end of TCP): puts the alert into the output. */
void ssa_hs_abort(struct ssa_hs *hs, enum ssa_reason reason);

enum ssa_reason ssa_hs_reason(const struct ssa_hs *hs);

/**
 * struct ssa_hs_result - what was agreed on, valid once SSA_DONE
 * @version: SSA_TLS12 or SSA_TLS13; 0 before it is known
 * @suite: cipher suite
 * @group: of the key exchange
 * @sigalg: that we have signed with; 0: we have not
 * @peer_sigalg: the same of the peer
 * @hello_retry: there was a HelloRetryRequest
 * @extended_master_secret: RFC 7627; always true in TLS 1.3
 * @record_size_limit: the most bytes of content that the peer takes in a record
 *		       (without TLS 1.3's byte of type), at most 16384
 * @server_name: server: the name of the client's server_name extension, or ""
 * @alpn: the application protocol that was chosen, not NUL-terminated; in the
 *	  configuration's @alpn
 * @alpn_len: bytes of it; 0: none
 * @alert_received: of the peer, for SSA_R_PEER_*; SSA_ALERT_NONE otherwise
 */
struct ssa_hs_result {
	u16 version;
	u16 suite;
	u16 group;
	u16 sigalg;
	u16 peer_sigalg;
	bool hello_retry;
	bool extended_master_secret;
	u16 record_size_limit;
	const char *server_name;
	const u8 *alpn;
	u8 alpn_len;
	u8 alert_received;
};

void ssa_hs_result(const struct ssa_hs *hs, struct ssa_hs_result *result);

/* Once SSA_DONE: the peer's certificates; the caller owns them. NULL: it showed none, or taken. */
struct ssa_peer *ssa_hs_take_peer(struct ssa_hs *hs);

/**
 * struct ssa_exporter - what keying material is exported from; wiped by its user
 * @hash: enum ssa_hash_id of the cipher suite
 * @version: SSA_TLS12 or SSA_TLS13; 0: cannot export, because the master secret of
 *	     TLS 1.2 is not bound to the handshake (RFC 7627 5.4)
 * @secret: exporter_master_secret (RFC 8446 7.1), or master secret
 * @randoms: TLS 1.2: of the client, then of the server
 */
struct ssa_exporter {
	u8 hash;
	u16 version;
	u8 secret[48];
	u8 randoms[64];
};

#define SSA_EXPORT_LABEL_MAX	128	/* bytes; RFC 8446 7.1 leaves 249 */
#define SSA_EXPORT_CONTEXT_MAX	512
#define SSA_EXPORT_MAX		1024	/* bytes of keying material */

/* Once SSA_DONE, like ssa_hs_export(): 0, or -EINVAL: not (any more) there. */
int ssa_hs_exporter(struct ssa_hs *hs, struct ssa_exporter *exporter);

/*
 * exporter.c: keying material exporters, RFC 8446 7.5 and RFC 5705. @context may be
 * NULL: none, which TLS 1.2 distinguishes from an empty one. 0; -EOPNOTSUPP: this
 * connection cannot export; -EINVAL: a label that is empty, has a NUL or begins with
 * one of TLS's own, or a length above the limits.
 */
int __must_check ssa_export(const struct ssa_exporter *exporter,
			    const char *label, size_t label_len,
			    const u8 *context, size_t context_len, u8 *out, size_t out_len);

/* ------------------------------------------------------- after the handshake
 * post.c: what a finished connection keeps, and the control records on it
 */

/**
 * struct ssa_traffic - what one direction's record keys are made from
 * @secret: TLS 1.3: client_/server_application_traffic_secret_N; TLS 1.2: write
 *	    key and write IV of the key block (RFC 5246 6.3), one after the other
 * @seq: TLS 1.2: sequence number of the next record. Finished has been one, or more
 *	 if the peer has cut it into pieces.
 */
struct ssa_traffic {
	u8 secret[48];
	u64 seq;
};

/**
 * struct ssa_traffic_keys - what kTLS takes; wiped by its user
 * @key: of the AEAD
 * @key_len: bytes of it
 * @iv: nonce of the sequence number 0; AES-GCM in TLS 1.2: 4 bytes of salt, then
 *	the explicit nonce of the next record (RFC 5288 3), which is @seq
 * @seq: sequence number of the next record: 0, or as many as Finished of TLS 1.2 took
 */
struct ssa_traffic_keys {
	u8 key[SSA_AEAD_KEY_MAX];
	u8 key_len;
	u8 iv[SSA_AEAD_NONCE_LEN];
	u64 seq;
};

/**
 * struct ssa_post - the protocol state of an established connection
 * @version: SSA_TLS12 or SSA_TLS13
 * @suite: decides hash and key length
 * @server: which side we are
 * @tickets: NewSessionTicket messages seen
 * @key_updates: KeyUpdate messages since application data was last read
 * @warnings: alerts and messages that were ignored: user_canceled; TLS 1.2's warnings
 *	      and requests to renegotiate
 * @skip_type: message that is too long to be kept: HandshakeType
 * @skip: bytes of it that are still to come, and are thrown away; 0: there is none
 * @hs_len: bytes in @hs_buf
 * @hs_size: bytes allocated for it
 * @hs_buf: handshake message that crosses records and is not complete yet, or
 *	    NULL; at most SSA_POST_MESSAGE_MAX bytes
 * @rx: the peer's secret
 * @tx: ours
 */
struct ssa_post {
	u16 version;
	u16 suite;
	bool server;
	u8 key_updates;
	u8 warnings;
	u16 tickets;
	u8 skip_type;
	u32 skip;
	u32 hs_len;
	u32 hs_size;
	u8 *hs_buf;
	struct ssa_traffic rx;
	struct ssa_traffic tx;
};

#define SSA_POST_MESSAGE_MAX	(16384 + 4)	/* of one that is kept */
/* NewSessionTicket and ClientHello with each vector as long as it may be */
#define SSA_POST_TICKET_MAX	(4 + 4 + 4 + 256 + 2 + 65535 + 2 + 65534)
#define SSA_POST_HELLO_MAX	(4 + 2 + 32 + 33 + 2 + 65534 + 256 + 2 + 65535)

/* Does the next record have to go on with a message? Any context. */
static inline bool ssa_post_inside(const struct ssa_post *post)
{
	return READ_ONCE(post->hs_len) || READ_ONCE(post->skip);
}

#define SSA_POST_KEY_UPDATES_MAX	32
#define SSA_POST_TICKETS_MAX	256

/* Once SSA_DONE: moves the application secrets out of @hs. 0, or -EINVAL: not (any more) there. */
int ssa_hs_export(struct ssa_hs *hs, struct ssa_post *post);
void ssa_post_wipe(struct ssa_post *post);

/* Keys for the present secret of one direction (RFC 8446 7.3). */
void ssa_post_keys(const struct ssa_post *post, bool tx, struct ssa_traffic_keys *keys);
/* application_traffic_secret_N+1 (RFC 8446 7.2) */
void ssa_post_next_secret(struct ssa_post *post, bool tx);

enum ssa_post_event {
	SSA_POST_NOTHING,		/* consumed */
	SSA_POST_KEY_UPDATE,		/* rx secret has been advanced: rekey RX now */
	SSA_POST_KEY_UPDATE_REQUESTED,	/* the same, and answer with one of ours */
	SSA_POST_REFUSE_RENEGOTIATION,	/* answer with the warning no_renegotiation, go on */
	SSA_POST_CLOSE_NOTIFY,
	SSA_POST_ERROR,			/* *reason says why; fatal */
};

/*
 * A decrypted record that is not application data: @type 21 or 22 (others are
 * an error). @data is what was inside.
 */
enum ssa_post_event ssa_post_input(struct ssa_post *post, u8 type, const u8 *data, size_t len,
				   enum ssa_reason *reason);
/* The body of our own KeyUpdate message (5 bytes); sent as type 22, then rekey TX. */
size_t ssa_post_key_update(u8 *out, bool request);

/* How many records may be sent under one key (RFC 8446 5.5); U64_MAX: no limit. */
u64 ssa_post_record_limit(const struct ssa_post *post);

/* suite names: "TLS_AES_128_GCM_SHA256"; NULL if unknown */
const char *ssa_suite_name(u16 suite);

#endif /* _TLS_SSA_ENGINE_H */
