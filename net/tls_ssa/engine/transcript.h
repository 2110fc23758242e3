/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Transcript-Hash (RFC 8446 4.4.1). A client hashes only once the server has
 * chosen the suite; until then its ClientHello is kept as it was sent.
 *
 * CertificateVerify of TLS 1.2 signs the messages themselves, with a hash of its own
 * or none at all (Ed25519). Where one may come they are kept until then.
 */
#ifndef _TLS_SSA_ENGINE_TRANSCRIPT_H
#define _TLS_SSA_ENGINE_TRANSCRIPT_H

#include <linux/types.h>
#include <crypto/ssa.h>
#include "buf.h"

/**
 * struct ssa_transcript - the handshake messages so far
 * @started: the hash is known and @hash runs
 * @keep: @messages are kept nevertheless
 * @messages: those before that, or all of them
 * @hash: of all of them
 */
struct ssa_transcript {
	bool started;
	bool keep;
	struct ssa_buf messages;
	struct ssa_hash hash;
};

/* transcript.c */
int __must_check ssa_transcript_add(struct ssa_transcript *t, const u8 *message, u32 len);
void ssa_transcript_keep(struct ssa_transcript *t);
void ssa_transcript_drop(struct ssa_transcript *t);
size_t ssa_transcript_kept(const struct ssa_transcript *t);
void ssa_transcript_start(struct ssa_transcript *t, enum ssa_hash_id id);
void ssa_transcript_hello_retry(struct ssa_transcript *t);
void ssa_transcript_digest(const struct ssa_transcript *t, u8 out[SSA_HASH_MAX]);
void ssa_transcript_wipe(struct ssa_transcript *t);

#endif /* _TLS_SSA_ENGINE_TRANSCRIPT_H */
