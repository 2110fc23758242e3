/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cells of the matrix: who, in which role, with what.
 */
#ifndef _TLS_SSA_CELLS_H
#define _TLS_SSA_CELLS_H

#include <stdbool.h>
#include "peer.h"

enum cell_phase {
	CELL_DEFAULT_POLICY,
	CELL_WITHOUT_EMS,	/* default/require_extended_master_secret is 0 */
	CELL_PHASES
};

/**
 * struct cell_key - a kind of key
 * @name: of its files in the test PKI
 * @rsa: its suites in TLS 1.2 are those of RSA
 * @group: the curve, which a TLS 1.2 client has to list for certificates, too
 * @verified_only: the peer cannot sign with it
 */
struct cell_key {
	const char *name;
	bool rsa;
	const char *group;
	bool verified_only;
};

/**
 * struct cell_group - a key exchange group
 * @name: as in struct peer_config
 * @ours: in TLS_NEGOTIATED_GROUP
 */
struct cell_group {
	const char *name;
	const char *ours;
};

/**
 * struct cell - one connection
 * @server: ours is the server
 * @cipher: index of the cipher, or -1: left to the library
 * @before: groups that the peer has in front of @group, or NULL
 * @files: sendfile() and splice(), too
 * @no_ems: the peer leaves out the extended master secret
 * @refused: the handshake has to fail with EPROTO on our side
 */
struct cell {
	enum cell_phase phase;
	enum peer_kind peer;
	bool server;
	enum peer_version version;
	int cipher;
	const struct cell_group *group;
	const struct cell_key *key;
	int family;
	const char *before;
	bool files;
	bool no_ems;
	bool refused;
};

extern struct cell *cells;
extern int cell_count;

/* @native: without those that are about our sockets' policy */
void make_cells(bool native);
const char *cell_name(const struct cell *c);		/* static storage */
const char *cell_version(const struct cell *c);		/* "TLSv1.2" */
const char *cell_suite(const struct cell *c);		/* IANA name, or NULL */
const char *cell_groups(const struct cell *c);		/* of the peer; static storage */

#endif /* _TLS_SSA_CELLS_H */
