/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _HOST_SHAKE_H
#define _HOST_SHAKE_H

#include "change.h"
#include "mutate.h"

#define MESSAGES_MAX	16

/**
 * struct run - the argument of shake_on_message()
 * @m: the change, or NULL: none, record
 * @fields: of the message that is changed
 * @at: number of that message
 * @message: number of the next
 * @said: without a change: what the peer says, up to MESSAGES_MAX
 */
struct run {
	const struct mutation *m;
	const struct fields *fields;
	int at;
	int message;
	struct ssa_buf *said;
};

/*
 * Faults of an engine that has to be found out: it does not judge extensions, and
 * must do with so much memory (0: what is allowed).
 */
extern struct shake_fault {
	bool no_extension_rules;
	size_t memory_max;
} shake_fault;

/* The most that one engine has held. */
extern size_t shake_memory_peak;

/* For struct drive, whose @arg is a struct run. */
void shake_on_message(struct drive *d, struct ssa_hs *hs, struct ssa_buf *msg);
/* Runs it to its end. @what: the reason, or what is wrong. */
enum outcome shake(struct drive *d, const char **what);

#endif
