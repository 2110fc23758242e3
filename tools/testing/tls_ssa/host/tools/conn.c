// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>
#include <sys/socket.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "conn.h"
#include "../../../../../net/tls_ssa/engine/suite.h"

#define TYPE_ALERT		21
#define TYPE_HANDSHAKE		22
#define TYPE_DATA		23

void (*conn_record_hook)(bool sent, const u8 *record, size_t len);

char *conn_read_file(const char *path, size_t *len)
{
	FILE *f = fopen(path, "r");
	char *buf = malloc(SSA_PEM_MAX + 2);

	if (!f || !buf) {
		perror(path);
		exit(2);
	}
	*len = fread(buf, 1, SSA_PEM_MAX + 1, f);
	buf[*len] = '\0';
	fclose(f);
	return buf;
}

u16 conn_suite_by_name(const char *name)
{
	size_t i;

	for (i = 0; i < SSA_SUITES_MAX && ssa_default_suites[i]; i++)
		if (!strcasecmp(name, ssa_suite_name(ssa_default_suites[i])))
			return ssa_default_suites[i];
	return 0;
}

u16 conn_version_by_name(const char *name)
{
	if (!strcmp(name, "1.2"))
		return SSA_TLS12;
	return strcmp(name, "1.3") ? 0 : SSA_TLS13;
}

u16 conn_group_by_name(const char *name)
{
	size_t i;

	for (i = 0; i < SSA_GROUPS_MAX && ssa_default_groups[i]; i++)
		if (!strcasecmp(name, ssa_group_name(ssa_default_groups[i])))
			return ssa_default_groups[i];
	return 0;
}

u16 conn_sigalg_by_name(const char *name)
{
	size_t i;

	for (i = 0; i < SSA_SIGALGS_MAX && ssa_default_sigalgs[i]; i++)
		if (!strcasecmp(name, ssa_sig_scheme_name(ssa_default_sigalgs[i])))
			return ssa_default_sigalgs[i];
	return 0;
}

static bool read_all(struct conn *conn, u8 *p, size_t len)
{
	while (len) {
		ssize_t n = recv(conn->fd, p, len, 0);

		if (n <= 0) {
			if (!n)
				errno = ECONNRESET;
			return false;
		}
		p += n;
		len -= n;
	}
	return true;
}

static bool write_all(struct conn *conn, const u8 *p, size_t len)
{
	while (len) {
		ssize_t n = send(conn->fd, p, len, MSG_NOSIGNAL);

		if (n < 0)
			return false;
		p += n;
		len -= n;
	}
	return true;
}

static void hook_output(const u8 *p, size_t len)
{
	while (conn_record_hook && len >= SSA_RECORD_HEADER_LEN) {
		size_t n = SSA_RECORD_HEADER_LEN + get_unaligned_be16(p + 3);

		if (n > len)
			return;
		conn_record_hook(true, p, n);
		p += n;
		len -= n;
	}
}

/* Sends what the engine has to say, in any state of it. */
static enum ssa_want flush(struct conn *conn, enum ssa_want want)
{
	const u8 *out;
	size_t len;

	for (;;) {
		out = ssa_hs_output(conn->hs, &len);
		if (!len)
			return want;
		hook_output(out, len);
		if (!write_all(conn, out, len)) {
			ssa_hs_abort(conn->hs, SSA_R_PEER_CLOSED);
			return SSA_FAILED;
		}
		want = ssa_hs_output_done(conn->hs, len);
	}
}

static enum ssa_want one_record(struct conn *conn)
{
	u8 *r = conn->record;
	int len;

	if (!read_all(conn, r, SSA_RECORD_HEADER_LEN)) {
		ssa_hs_abort(conn->hs, SSA_R_PEER_CLOSED);
		return SSA_FAILED;
	}
	len = ssa_hs_record_length(conn->hs, r);
	if (len < 0)
		return SSA_FAILED;
	if (!read_all(conn, r + SSA_RECORD_HEADER_LEN, len)) {
		ssa_hs_abort(conn->hs, SSA_R_PEER_CLOSED);
		return SSA_FAILED;
	}
	if (conn_record_hook)
		conn_record_hook(false, r, SSA_RECORD_HEADER_LEN + len);
	return ssa_hs_input(conn->hs, r, SSA_RECORD_HEADER_LEN + len);
}

static bool set_keys(struct conn *conn, bool tx)
{
	struct conn_dir *dir = tx ? &conn->tx : &conn->rx;
	const struct ssa_suite *suite = ssa_suite_find(conn->post.suite);
	struct ssa_traffic_keys keys;

	ssa_post_keys(&conn->post, tx, &keys);
	ssa_aead_free(dir->aead);
	dir->aead = ssa_aead_new(suite->aead, keys.key);
	memcpy(dir->iv, keys.iv, sizeof(dir->iv));
	dir->seq = keys.seq;
	dir->explicit_len = 0;
	if (conn->post.version == SSA_TLS12 && suite->aead != SSA_CHACHA20_POLY1305) {
		/* RFC 5288 3: the salt; what stands in the record is the sequence number */
		dir->explicit_len = 8;
		memset(dir->iv + 4, 0, 8);
	}
	memzero_explicit(&keys, sizeof(keys));
	if (!IS_ERR(dir->aead))
		return true;
	dir->aead = NULL;
	conn->reason = SSA_R_NO_MEMORY;
	return false;
}

bool conn_handshake(struct conn *conn, int fd, const struct ssa_hs_config *cfg)
{
	enum ssa_want want;

	memset(conn, 0, sizeof(*conn));
	conn->fd = fd;
	conn->hs = ssa_hs_new(cfg);
	if (IS_ERR(conn->hs)) {
		errno = -PTR_ERR(conn->hs);
		conn->hs = NULL;
		return false;
	}
	want = ssa_hs_start(conn->hs);
	for (;;) {
		want = flush(conn, want);
		if (want != SSA_WANT_READ)
			break;
		want = one_record(conn);
	}
	ssa_hs_result(conn->hs, &conn->result);
	if (want != SSA_DONE) {
		conn->reason = ssa_hs_reason(conn->hs);
		return false;
	}
	if (conn->result.server_name)
		strscpy(conn->server_name, conn->result.server_name);
	conn->peer = ssa_hs_take_peer(conn->hs);
	if (ssa_hs_exporter(conn->hs, &conn->exporter) ||
	    ssa_hs_export(conn->hs, &conn->post)) {
		conn->reason = SSA_R_NO_MEMORY;
		return false;
	}
	ssa_hs_free(conn->hs);
	conn->hs = NULL;
	conn->result.server_name = conn->server_name;
	return set_keys(conn, true) && set_keys(conn, false);
}

static void make_nonce(struct conn_dir *dir, u8 *nonce)
{
	u8 seq[8];
	size_t i;

	put_unaligned_be64(dir->seq, seq);
	memcpy(nonce, dir->iv, SSA_AEAD_NONCE_LEN);
	for (i = 0; i < sizeof(seq); i++)
		nonce[4 + i] ^= seq[i];
}

/* additional_data of TLS 1.2 (RFC 5246 6.2.3.3) */
#define AAD12_LEN		13

static void make_aad12(const struct conn_dir *dir, u8 type, size_t len, u8 *aad)
{
	put_unaligned_be64(dir->seq, aad);
	aad[8] = type;
	put_unaligned_be16(SSA_TLS12, aad + 9);
	put_unaligned_be16(len, aad + 11);
}

/* One record of @n bytes at @buf + 5 + explicit_len; its length, 0: no memory */
static size_t seal(struct conn *conn, u8 type, u8 *buf, size_t n)
{
	bool tls12 = conn->post.version == SSA_TLS12;
	size_t body = conn->tx.explicit_len + n + !tls12 + SSA_AEAD_TAG_LEN;
	u8 nonce[SSA_AEAD_NONCE_LEN], aad[AAD12_LEN], *p = buf + 5 + conn->tx.explicit_len;
	int err;

	buf[0] = tls12 ? type : TYPE_DATA;
	put_unaligned_be16(SSA_TLS12, buf + 1);
	put_unaligned_be16(body, buf + 3);
	make_nonce(&conn->tx, nonce);
	if (tls12) {
		memcpy(buf + 5, nonce + 4, conn->tx.explicit_len);
		make_aad12(&conn->tx, type, n, aad);
		err = ssa_aead_seal(conn->tx.aead, nonce, aad, sizeof(aad), p, n);
	} else {
		p[n] = type;
		err = ssa_aead_seal(conn->tx.aead, nonce, buf, 5, p, n + 1);
	}
	conn->tx.seq++;
	return err ? 0 : 5 + body;
}

bool conn_send(struct conn *conn, u8 type, const void *data, size_t len)
{
	static u8 buf[SSA_RECORD_MAX];
	size_t limit = conn->result.record_size_limit;

	if (!limit || limit > 16384)
		limit = 16384;
	do {
		size_t n = min(len, limit), record;

		memcpy(buf + 5 + conn->tx.explicit_len, data, n);
		record = seal(conn, type, buf, n);
		if (!record)
			return false;
		if (conn_record_hook)
			conn_record_hook(true, buf, record);
		if (!write_all(conn, buf, record))
			return false;
		data = (const u8 *)data + n;
		len -= n;
	} while (len);
	return true;
}

bool conn_key_update(struct conn *conn, bool request)
{
	u8 msg[8];
	size_t len = ssa_post_key_update(msg, request);

	if (!conn_send(conn, TYPE_HANDSHAKE, msg, len))
		return false;
	ssa_post_next_secret(&conn->post, true);
	conn->rekeyed_tx++;
	return set_keys(conn, true);
}

bool conn_close_notify(struct conn *conn)
{
	static const u8 alert[] = { 1, SSA_ALERT_CLOSE_NOTIFY };

	return conn_send(conn, TYPE_ALERT, alert, sizeof(alert));
}

static bool control(struct conn *conn, u8 type, const u8 *data, size_t len)
{
	static const u8 no_renegotiation[] = { 1, SSA_ALERT_NO_RENEGOTIATION };

	switch (ssa_post_input(&conn->post, type, data, len, &conn->reason)) {
	case SSA_POST_NOTHING:
		return true;
	case SSA_POST_KEY_UPDATE:
		conn->rekeyed_rx++;
		return set_keys(conn, false);
	case SSA_POST_KEY_UPDATE_REQUESTED:
		conn->rekeyed_rx++;
		return set_keys(conn, false) && conn_key_update(conn, false);
	case SSA_POST_REFUSE_RENEGOTIATION:
		return conn_send(conn, TYPE_ALERT, no_renegotiation, sizeof(no_renegotiation));
	case SSA_POST_CLOSE_NOTIFY:
		conn->close_notify = true;
		return true;
	default:
		return false;
	}
}

/* Takes the protection off; the content and its length, its type in the return value. */
static int open_record(struct conn *conn, u8 *r, size_t len, u8 **content, size_t *content_len)
{
	bool tls12 = conn->post.version == SSA_TLS12;
	u8 nonce[SSA_AEAD_NONCE_LEN], aad[AAD12_LEN], *p = r + 5;
	int type = r[0], err;

	make_nonce(&conn->rx, nonce);
	if (tls12) {
		memcpy(nonce + SSA_AEAD_NONCE_LEN - conn->rx.explicit_len, p,
		       conn->rx.explicit_len);
		p += conn->rx.explicit_len;
		len -= conn->rx.explicit_len;
		make_aad12(&conn->rx, type, len - SSA_AEAD_TAG_LEN, aad);
		err = ssa_aead_open(conn->rx.aead, nonce, aad, sizeof(aad), p, len);
	} else {
		err = ssa_aead_open(conn->rx.aead, nonce, r, 5, p, len);
	}
	conn->rx.seq++;
	if (err) {
		conn->reason = SSA_R_BAD_RECORD_MAC;
		return -1;
	}
	len -= SSA_AEAD_TAG_LEN;
	if (!tls12) {
		while (len && !p[len - 1])
			len--;
		if (!len) {
			conn->reason = SSA_R_RECORD_EMPTY;
			return -1;
		}
		type = p[--len];
	}
	*content = p;
	*content_len = len;
	return type;
}

/* Reads one record and either leaves application data in conn->data or acts on it. */
static bool recv_record(struct conn *conn)
{
	u8 *r = conn->record, *content;
	size_t len;
	int type;

	if (!read_all(conn, r, 5)) {
		conn->reason = SSA_R_TRUNCATED;
		return false;
	}
	len = get_unaligned_be16(r + 3);
	if ((conn->post.version == SSA_TLS13 && r[0] != TYPE_DATA) || len > 16384 + 256 ||
	    len < (size_t)conn->rx.explicit_len + SSA_AEAD_TAG_LEN) {
		conn->reason = SSA_R_RECORD_TYPE;
		return false;
	}
	if (!read_all(conn, r + 5, len)) {
		conn->reason = SSA_R_TRUNCATED;
		return false;
	}
	if (conn_record_hook)
		conn_record_hook(false, r, 5 + len);
	type = open_record(conn, r, len, &content, &len);
	if (type < 0)
		return false;
	if (type != TYPE_DATA)
		return control(conn, type, content, len);
	conn->post.key_updates = 0;
	conn->data = content;
	conn->left = len;
	return true;
}

bool conn_pending(const struct conn *conn)
{
	return conn->left || conn->close_notify;
}

ssize_t conn_recv(struct conn *conn, void *buf, size_t len)
{
	if (!conn->left && !conn->close_notify) {
		if (!recv_record(conn))
			return -1;
		if (!conn->left && !conn->close_notify) {
			errno = EAGAIN;
			return -1;
		}
	}
	len = min(len, conn->left);
	memcpy(buf, conn->data, len);
	conn->data += len;
	conn->left -= len;
	return len;
}

void conn_wipe(struct conn *conn)
{
	ssa_hs_free(conn->hs);
	ssa_peer_free(conn->peer);
	ssa_aead_free(conn->rx.aead);
	ssa_aead_free(conn->tx.aead);
	ssa_post_wipe(&conn->post);
	memzero_explicit(conn, sizeof(*conn));
}
