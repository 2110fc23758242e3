// SPDX-License-Identifier: GPL-2.0
#include <linux/string.h>
#include <kunit/visibility.h>
#include "transcript.h"
#include "wire.h"

/**
 * ssa_transcript_add - append a handshake message
 * @t: the transcript
 * @message: the message with its header, without that of the record
 * @len: bytes of it
 *
 * Context: process, may sleep.
 * Return: 0, -ENOMEM or -EMSGSIZE.
 */
int ssa_transcript_add(struct ssa_transcript *t, const u8 *message, u32 len)
{
	int err = 0;

	if (!t->started || t->keep)
		err = ssa_buf_append(&t->messages, message, len, SSA_TRANSCRIPT_MAX);
	if (t->started && !err)
		ssa_hash_update(&t->hash, message, len);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_transcript_add);

/**
 * ssa_transcript_keep - keep the messages, not only their hash
 * @t: a transcript that is not started
 *
 * Context: any.
 */
void ssa_transcript_keep(struct ssa_transcript *t)
{
	t->keep = true;
}

/**
 * ssa_transcript_drop - the hash is enough from now on
 * @t: a started transcript
 *
 * Context: process.
 */
void ssa_transcript_drop(struct ssa_transcript *t)
{
	t->keep = false;
	ssa_buf_free(&t->messages);
}

/**
 * ssa_transcript_kept - what ssa_transcript_keep() costs
 * @t: a transcript
 *
 * Context: any.
 * Return: bytes allocated for messages that are hashed already.
 */
size_t ssa_transcript_kept(const struct ssa_transcript *t)
{
	return t->started ? t->messages.size : 0;
}

/**
 * ssa_transcript_start - begin to hash, the suite is chosen
 * @t: a transcript that is not started
 * @id: Hash of the suite
 *
 * Context: process.
 */
void ssa_transcript_start(struct ssa_transcript *t, enum ssa_hash_id id)
{
	ssa_hash_init(&t->hash, id);
	if (ssa_buf_left(&t->messages))
		ssa_hash_update(&t->hash, ssa_buf_begin(&t->messages),
				ssa_buf_left(&t->messages));
	if (!t->keep)
		ssa_buf_free(&t->messages);
	t->started = true;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_transcript_start);

/**
 * ssa_transcript_hello_retry - put message_hash in the place of ClientHello1
 * @t: a started transcript that holds ClientHello1 and nothing else
 *
 * Context: process.
 */
void ssa_transcript_hello_retry(struct ssa_transcript *t)
{
	enum ssa_hash_id id = t->hash.id;
	u8 header[SSA_HS_HEADER_LEN] = { SSA_HT_MESSAGE_HASH, 0, 0, ssa_hash_size(id) };
	u8 digest[SSA_HASH_MAX];

	ssa_hash_final(&t->hash, digest);
	ssa_hash_init(&t->hash, id);
	ssa_hash_update(&t->hash, header, sizeof(header));
	ssa_hash_update(&t->hash, digest, ssa_hash_size(id));
}
EXPORT_SYMBOL_IF_KUNIT(ssa_transcript_hello_retry);

/**
 * ssa_transcript_digest - Transcript-Hash of the messages so far
 * @t: a started transcript; it goes on
 * @out: digest
 *
 * Context: process.
 */
void ssa_transcript_digest(const struct ssa_transcript *t, u8 out[SSA_HASH_MAX])
{
	ssa_hash_snapshot(&t->hash, out);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_transcript_digest);

/**
 * ssa_transcript_wipe - forget everything
 * @t: the transcript, as new afterwards
 *
 * Context: process.
 */
void ssa_transcript_wipe(struct ssa_transcript *t)
{
	ssa_buf_free(&t->messages);
	memzero_explicit(t, sizeof(*t));
}
EXPORT_SYMBOL_IF_KUNIT(ssa_transcript_wipe);
