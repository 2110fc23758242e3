/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the engine share: the state of a handshake and the steps
 * of the machine.
 *
 * The layers, from the wire inwards:
 *
 *	ssa_hs_input()	one record: header judged, protection removed   input.c
 *	messages	put together, judged by the tables of steps	input.c
 *	hello		the version is found, and with it the rest	client.c, server.c
 *	steps		one function for each message that may come	client1[23].c, server1[23].c
 *	messages out	opened, written, closed (joins the transcript)	handshake.c
 *	ssa_hs_flush()	flight → records under the present keys		handshake.c
 *
 * Invariants:
 * - @reason is set once; then @state is SSA_ST_FAILED and no secret is left.
 * - @in holds the start of one handshake message, or nothing. Bytes after a
 *   message that is followed by a change of keys are an error, so @in is empty
 *   whenever keys change.
 * - @flight is flushed before the sending keys change.
 * - Functions that can fail return 0, or a negative number after ssa_fail().
 */
#ifndef _TLS_SSA_ENGINE_HS_H
#define _TLS_SSA_ENGINE_HS_H

#include <linux/types.h>
#include "buf.h"
#include "engine.h"
#include "extension.h"
#include "key_schedule.h"
#include "keys12.h"
#include "reader.h"
#include "record.h"
#include "suite.h"
#include "transcript.h"
#include "wire.h"
#include "writer.h"

/*
 * The states of RFC 8446 A.1 (client) and A.2 (server), and those of TLS 1.2
 * (RFC 5246 7.3) in the same manner.
 */
enum ssa_hs_state {
	SSA_ST_START,
	SSA_ST_CLIENT_WAIT_SH,
	SSA_ST_CLIENT_WAIT_EE,
	SSA_ST_CLIENT_WAIT_CERT_CR,
	SSA_ST_CLIENT_WAIT_CERT,
	SSA_ST_CLIENT_WAIT_CV,
	SSA_ST_CLIENT_WAIT_FINISHED,
	SSA_ST_CLIENT12_WAIT_CERT,
	SSA_ST_CLIENT12_WAIT_SKE,
	SSA_ST_CLIENT12_WAIT_CR_SHD,
	SSA_ST_CLIENT12_WAIT_SHD,
	SSA_ST_CLIENT12_WAIT_CCS,
	SSA_ST_CLIENT12_WAIT_FINISHED,
	SSA_ST_SERVER_WAIT_CH,
	SSA_ST_SERVER_WAIT_CH2,		/* a HelloRetryRequest is out */
	SSA_ST_SERVER_WAIT_CERT,
	SSA_ST_SERVER_WAIT_CV,
	SSA_ST_SERVER_WAIT_FINISHED,
	SSA_ST_SERVER12_WAIT_CERT,
	SSA_ST_SERVER12_WAIT_CKE,
	SSA_ST_SERVER12_WAIT_CKE_CV,	/* CertificateVerify follows it */
	SSA_ST_SERVER12_WAIT_CV,
	SSA_ST_SERVER12_WAIT_CCS,
	SSA_ST_SERVER12_WAIT_FINISHED,
	SSA_ST_CONNECTED,
	SSA_ST_FAILED,
};

/**
 * struct ssa_msg - a whole handshake message
 * @type: enum ssa_handshake_type
 * @raw: with its header, as the transcript wants it
 * @raw_len: bytes of it
 * @body: without
 * @ends_record: nothing follows it in its record
 */
struct ssa_msg {
	u8 type;
	bool ends_record;
	const u8 *raw;
	u32 raw_len;
	struct ssa_reader body;
};

/**
 * struct ssa_hs - a handshake
 * @cfg: as ssa_hs_new() got it; its bounds say which versions we can really do
 * @state: what is waited for
 * @reason: the first error
 * @alert_received: AlertDescription of the peer, SSA_ALERT_NONE before
 * @version: chosen, 0 before
 * @suite: chosen, NULL before
 * @group: of the key exchange, 0 before
 * @cred: what we show, NULL before, and if a client has nothing to show
 * @sigalg: that we sign with, 0 without @cred
 * @peer_sigalg: that the peer has signed with, 0 before
 * @hello_retry: a HelloRetryRequest was sent or received
 * @ccs_sent: our change_cipher_spec for middleboxes is out (D.4)
 * @rx_opened: a protected record has been opened
 * @skip_early_data: records of refused early data may still come (4.2.10)
 * @client_cert_requested: client: the server sent a CertificateRequest
 * @finished_sent: our Finished is out: we send under the application secret
 * @extended_master_secret: both sides have it (RFC 7627)
 * @renegotiation_info: server: the client wants to see it (RFC 5746)
 * @point_formats: server: the client has sent ec_point_formats (RFC 8422)
 * @exported: the application secrets have been handed over
 * @exporter_taken: so has @exporter
 * @ccs_received: how many change_cipher_spec
 * @user_canceled: how many such alerts
 * @warnings: how many alerts and HelloRequests of TLS 1.2 were ignored
 * @early_data_skipped: bytes of such records
 * @tx_limit: most bytes of content in a protected record of ours
 * @rx_limit: the same of the peer's as RFC 8449 counts, 0: not negotiated
 * @in: start of a message that crosses records
 * @flight: messages that are not in records yet
 * @out: records to send
 * @rx: protection of the peer's records
 * @tx: protection of ours
 * @transcript: of the messages
 * @ks: key schedule of TLS 1.3
 * @keys12: secrets of TLS 1.2
 * @exporter: once connected, until it is handed over
 * @kex: our key share; wiped once the shared secret is known
 * @offered: client: extensions of our ClientHello
 * @random: of our hello
 * @peer_random: of the peer's
 * @peer_point: client: the server's share in TLS 1.2
 * @peer_point_len: bytes of it
 * @session_id: legacy_session_id; client: ours, server: to be echoed
 * @session_id_len: bytes of it
 * @peer_key: key of the peer's certificate, until it has signed
 * @peer: the peer's certificates, NULL if it has shown none
 * @peer_held: bytes of them, until their key has signed
 * @hello_digest: server: of what ClientHello2 must repeat
 * @alpn: application protocol that was chosen, in cfg.alpn
 * @alpn_len: bytes of it; 0: none
 * @server_name: server: host_name of the client, or ""
 */
struct ssa_hs {
	struct ssa_hs_config cfg;
	enum ssa_hs_state state;
	enum ssa_reason reason;
	u8 alert_received;

	u16 version;
	const struct ssa_suite *suite;
	u16 group;
	const struct ssa_credentials *cred;
	u16 sigalg;
	u16 peer_sigalg;

	bool hello_retry;
	bool ccs_sent;
	bool rx_opened;
	bool skip_early_data;
	bool client_cert_requested;
	bool finished_sent;
	bool exported;
	bool exporter_taken;
	bool extended_master_secret;
	bool renegotiation_info;
	bool point_formats;
	u8 ccs_received;
	u8 user_canceled;
	u8 warnings;
	u16 tx_limit;
	u16 rx_limit;
	u32 early_data_skipped;

	struct ssa_buf in;
	struct ssa_buf flight;
	struct ssa_buf out;
	struct ssa_record_keys rx;
	struct ssa_record_keys tx;

	struct ssa_transcript transcript;
	struct ssa_key_schedule ks;
	struct ssa_keys12 keys12;
	struct ssa_exporter exporter;
	struct ssa_kex kex;

	u32 offered;
	u8 random[SSA_RANDOM_LEN];
	u8 peer_random[SSA_RANDOM_LEN];
	u8 peer_point[SSA_KEX_PUBLIC_MAX];
	u8 peer_point_len;
	u8 session_id[SSA_SESSION_ID_MAX];
	u8 session_id_len;
	struct ssa_public_key peer_key;
	struct ssa_peer *peer;
	u32 peer_held;
	u8 hello_digest[32];
	const u8 *alpn;
	u8 alpn_len;
	char server_name[SSA_NAME_MAX + 1];
};

/**
 * struct ssa_step - a message that may come, and what it does
 * @state: where
 * @type: enum ssa_handshake_type
 * @ends_record: the keys change after it, so it must end its record (5.1)
 * @max_len: most bytes of its body
 * @handle: 0 or ssa_fail(); sets the next state
 */
struct ssa_step {
	enum ssa_hs_state state;
	u8 type;
	bool ends_record;
	u32 max_len;
	int (*handle)(struct ssa_hs *hs, const struct ssa_msg *msg);
};

/**
 * struct ssa_steps - the steps of one version and side
 * @step: in the order of the protocol
 * @count: how many
 */
struct ssa_steps {
	const struct ssa_step *step;
	u32 count;
};

/* Can we do this version? ssa_hs_new() has put the bounds right. */
static inline bool ssa_hs_can(const struct ssa_hs *hs, u16 version)
{
	return version >= hs->cfg.min_version && version <= hs->cfg.max_version;
}

/* handshake.c */
int ssa_fail(struct ssa_hs *hs, enum ssa_reason reason);
int ssa_fail_errno(struct ssa_hs *hs, int err);
int __must_check ssa_hs_add_message(struct ssa_hs *hs, const struct ssa_msg *msg);
void ssa_message_open(struct ssa_hs *hs, struct ssa_writer *w, u8 type);
int __must_check ssa_message_close(struct ssa_hs *hs, struct ssa_writer *w);
int __must_check ssa_hs_flush(struct ssa_hs *hs);
int __must_check ssa_hs_put_ccs(struct ssa_hs *hs);
void ssa_hs_connected(struct ssa_hs *hs);

/* input.c */
int __must_check ssa_input_header(struct ssa_hs *hs, const u8 *header, u16 *body_len);
int __must_check ssa_input_record(struct ssa_hs *hs, u8 *record, u32 len);
int __must_check ssa_hs_note_warning(struct ssa_hs *hs);
enum ssa_reason ssa_peer_alert_reason(u8 description);

/* client.c, client12.c, client13.c */
int __must_check ssa_client_start(struct ssa_hs *hs);
extern const struct ssa_steps ssa_client_steps;
extern const struct ssa_steps ssa_client12_steps;
extern const struct ssa_steps ssa_client13_steps;

/* server.c, server12.c, server13.c */
int __must_check ssa_server_start(struct ssa_hs *hs);
int __must_check ssa_server12_flight(struct ssa_hs *hs);
int __must_check ssa_server13_flight(struct ssa_hs *hs);
extern const struct ssa_steps ssa_server_steps;
extern const struct ssa_steps ssa_server12_steps;
extern const struct ssa_steps ssa_server13_steps;

/* key_schedule.c */
int __must_check ssa_hs_handshake_keys(struct ssa_hs *hs);
int __must_check ssa_hs_application_secrets(struct ssa_hs *hs);

/* keys12.c */
int __must_check ssa_hs_key_exchange12(struct ssa_hs *hs, const u8 *peer, size_t peer_len);
int __must_check ssa_hs_change_tx12(struct ssa_hs *hs);
int __must_check ssa_hs_change_rx12(struct ssa_hs *hs);

/* exporter.c */
void ssa_hs_keep_exporter(struct ssa_hs *hs);

/* certificate_request.c */

/**
 * struct ssa_asked - which certificates the peer can make use of
 * @key_types: BIT(enum ssa_key_type)
 * @schemes: list of SignatureScheme for the handshake
 * @cert_schemes: the same for certificates
 * @authorities: list of DistinguishedName; empty: any
 */
struct ssa_asked {
	u32 key_types;
	struct ssa_reader schemes;
	struct ssa_reader cert_schemes;
	struct ssa_reader authorities;
};

void ssa_put_schemes(const struct ssa_hs *hs, struct ssa_writer *w);
int __must_check ssa_put_certificate_request(struct ssa_hs *hs);
int __must_check ssa_put_certificate_request12(struct ssa_hs *hs);
bool __must_check ssa_read_asked(const struct ssa_exts *exts, struct ssa_asked *asked);
int __must_check ssa_read_certificate_request(struct ssa_hs *hs, const struct ssa_msg *msg,
					      struct ssa_asked *asked);
int __must_check ssa_read_certificate_request12(struct ssa_hs *hs, const struct ssa_msg *msg,
						struct ssa_asked *asked);

/* choose.c */
enum ssa_reason ssa_choose_credential(struct ssa_hs *hs, const struct ssa_asked *asked);

/* auth.c */
bool ssa_scheme_fits(u16 version, u16 scheme, const struct ssa_public_key *key);
int __must_check ssa_put_signature(struct ssa_hs *hs, struct ssa_writer *w, const u8 *content,
				   size_t len);
int __must_check ssa_read_signature(struct ssa_hs *hs, struct ssa_reader *r,
				    struct ssa_reader *signature);
int __must_check ssa_check_signature(struct ssa_hs *hs, const u8 *content, size_t len,
				     const struct ssa_reader *signature);
int __must_check ssa_take_peer_chain(struct ssa_hs *hs, const struct ssa_msg *msg, u32 *count);

/* auth12.c */
int __must_check ssa_put_certificate12(struct ssa_hs *hs, const struct ssa_chain *chain);
int __must_check ssa_read_certificate12(struct ssa_hs *hs, const struct ssa_msg *msg,
					struct ssa_chain *chain);
int __must_check ssa_put_server_key_exchange(struct ssa_hs *hs);
int __must_check ssa_read_server_key_exchange(struct ssa_hs *hs, const struct ssa_msg *msg,
					      struct ssa_reader *point);
int __must_check ssa_put_certificate_verify12(struct ssa_hs *hs);
int __must_check ssa_check_certificate_verify12(struct ssa_hs *hs, const struct ssa_msg *msg);
int __must_check ssa_put_finished12(struct ssa_hs *hs);
int __must_check ssa_check_finished12(struct ssa_hs *hs, const struct ssa_msg *msg);

/* auth13.c */
int __must_check ssa_put_certificate(struct ssa_hs *hs, const struct ssa_chain *chain);
int __must_check ssa_read_certificate(struct ssa_hs *hs, const struct ssa_msg *msg,
				      struct ssa_chain *chain);
int __must_check ssa_put_certificate_verify(struct ssa_hs *hs);
int __must_check ssa_check_certificate_verify(struct ssa_hs *hs, const struct ssa_msg *msg);
int __must_check ssa_put_finished(struct ssa_hs *hs, const u8 *base_key);
int __must_check ssa_check_finished(struct ssa_hs *hs, const struct ssa_msg *msg,
				    const u8 *base_key);

#endif /* _TLS_SSA_ENGINE_HS_H */
