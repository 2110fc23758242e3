/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Records sealed and opened one by one with a connection's own keys, so that a
 * test can send what no library sends.
 */
#ifndef _TLS_SSA_RAW_H
#define _TLS_SSA_RAW_H

#include "peer.h"

#define RECORD_CCS		20
#define RECORD_ALERT		21
#define RECORD_HANDSHAKE	22
#define RECORD_DATA		23

#define RECORD_CIPHERTEXT_MAX	(16384 + 256)

/**
 * struct raw - one direction of an established connection
 * @tls12: TLS 1.2
 * @secret: TLS 1.3: its application traffic secret
 * @iv: what nonces are made from; TLS 1.2 with AES-GCM: 4 bytes of it
 * @seq: number of its next record
 */
struct raw {
	int fd;
	bool tls12;
	const char *hash;
	const char *cipher;
	size_t hash_len;
	size_t key_len;
	unsigned char secret[48];
	unsigned char key[32];
	unsigned char iv[12];
	unsigned long long seq;
};

/*
 * Takes over one direction of @p, whose handshake is done and which has not
 * used this direction since (servers: no_tickets). OpenSSL only. 0 or -1.
 */
int raw_init(struct raw *r, struct peer *p, bool tx);
void raw_next_secret(struct raw *r);		/* RFC 8446 7.2 */

/*
 * Seals a record of @type around @len bytes and, in TLS 1.3, @pad zeros into @out
 * (16 KiB + 300).
 */
size_t raw_seal(struct raw *r, int type, const void *data, size_t len, size_t pad,
		unsigned char *out);
/* raw_seal() and sends it; 0 or -1 */
int raw_send(struct raw *r, int type, const void *data, size_t len);
/* A record's header and any body, as it is: no protection */
int raw_send_plain(int fd, int type, const void *data, size_t len);
/*
 * Reads and opens one record. Its length, type in @type; -1: end of TCP or
 * error; -2: it does not open under this key.
 */
ssize_t raw_recv(struct raw *r, int *type, void *buf);
/* The same up to a fatal or closing alert: its description, or -1. */
int raw_recv_alert(struct raw *r);

#endif /* _TLS_SSA_RAW_H */
