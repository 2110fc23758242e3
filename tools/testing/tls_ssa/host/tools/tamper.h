/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Changes of records: before they are protected, so that they pass for the
 * peer's own, and on the wire, where nothing protected may be changed unseen.
 */
#ifndef _HOST_TAMPER_H
#define _HOST_TAMPER_H

#include "drive.h"

#define TAMPER_RECORDS_MAX	32

/**
 * struct tamper - one change
 * @which: number of the change, -1: none, look only
 * @record: number of the record that it is for
 * @seen: records that went by
 * @kind: of each: "handshake", "change_cipher_spec", "protected"
 */
struct tamper {
	int which;
	int record;
	int seen;
	const char *kind[TAMPER_RECORDS_MAX];
};

/* @wire: changes on the wire, else those below protection */
int tamper_count(bool wire);
const char *tamper_name(bool wire, int which);
/* Hooks for @d, whose @arg becomes @t. */
void tamper_records(struct drive *d, void *t);
void tamper_wire(struct drive *d, void *t);

#endif
