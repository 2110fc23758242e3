/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _HOST_MUTATE_H
#define _HOST_MUTATE_H

#include "drive.h"
#include "fields.h"

enum outcome {
	REFUSED,	/* the engine named a reason, and its alert is in the output */
	ACCEPTED,	/* the engine has nothing against it */
	WAITS,		/* for more, which is not wrong: the peer may still send it */
	BROKEN,		/* neither: hangs, no alert, a reason that is a fault of ours */
};

/**
 * struct lawful - a change after which the engine may go on
 * @pattern: for fnmatch(): "tls13 client server_hello.random *"
 * @outcome: ACCEPTED or WAITS
 * @why: what allows it
 * @seen: it came up
 */
struct lawful {
	const char *pattern;
	enum outcome outcome;
	const char *why;
	unsigned int seen;
};

/* lawful.c */
extern struct lawful lawful[];
extern const size_t lawful_count;

/*
 * openssl_says.c: a message of OpenSSL, recorded in a handshake with our engine:
 * its ClientHello or its CertificateRequest.
 */
const u8 *openssl_message(u16 version, u8 type, size_t *len);

#endif
