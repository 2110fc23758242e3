/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A TLS connection over a blocking TCP socket: the engine's records by hand,
 * and the record layer that kTLS is in the kernel.
 */
#ifndef _HOST_CONN_H
#define _HOST_CONN_H

#include "../../../../../net/tls_ssa/engine/engine.h"

/* @explicit_len: bytes of the nonce that stand in the record: AES-GCM in TLS 1.2 */
struct conn_dir {
	struct ssa_aead *aead;
	u8 iv[SSA_AEAD_NONCE_LEN];
	u8 explicit_len;
	u64 seq;
};

struct conn {
	int fd;
	struct ssa_hs *hs;
	struct ssa_post post;
	struct ssa_hs_result result;
	char server_name[SSA_NAME_MAX + 1];
	struct ssa_peer *peer;		/* NULL: it has shown no certificate */
	struct ssa_exporter exporter;
	enum ssa_reason reason;
	struct conn_dir rx, tx;
	bool close_notify;	/* of the peer, seen */
	unsigned int rekeyed_rx, rekeyed_tx;
	u8 record[SSA_RECORD_MAX];
	const u8 *data;		/* application data not read yet, inside record */
	size_t left;
};

/* Every record that crosses the socket, for seeds; @sent: by us. May be NULL. */
extern void (*conn_record_hook)(bool sent, const u8 *record, size_t len);

/* The whole of a file, NUL-terminated; exits with a message if it cannot be read. */
char *conn_read_file(const char *path, size_t *len);
u16 conn_suite_by_name(const char *name);	/* 0 if unknown */
u16 conn_version_by_name(const char *name);	/* "1.2", "1.3" */
u16 conn_group_by_name(const char *name);
u16 conn_sigalg_by_name(const char *name);

/* All false/negative: conn->reason, or an error of the socket in errno. */
bool conn_handshake(struct conn *conn, int fd, const struct ssa_hs_config *cfg);
bool conn_send(struct conn *conn, u8 type, const void *data, size_t len);
/*
 * Reads at most one record. Bytes read, 0 at close_notify, -1 on an error;
 * -1 and EAGAIN without a reason after a record that was not data.
 */
ssize_t conn_recv(struct conn *conn, void *buf, size_t len);
bool conn_pending(const struct conn *conn);	/* conn_recv() would not touch the socket */
bool conn_key_update(struct conn *conn, bool request);
bool conn_close_notify(struct conn *conn);
void conn_wipe(struct conn *conn);

#endif
