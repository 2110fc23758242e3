// SPDX-License-Identifier: GPL-2.0
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <kunit/visibility.h>
#include "key_schedule.h"
#include "record.h"

/* The per-record nonce (5.3) of the next record. */
static void record_nonce(const struct ssa_record_keys *keys, u8 nonce[SSA_AEAD_NONCE_LEN])
{
	u8 seq[8];
	size_t i;

	put_unaligned_be64(keys->seq, seq);
	memcpy(nonce, keys->iv, SSA_AEAD_NONCE_LEN);
	for (i = 0; i < sizeof(seq); i++)
		nonce[SSA_AEAD_NONCE_LEN - sizeof(seq) + i] ^= seq[i];
}

/**
 * ssa_record_keys_set - from now on, records are protected under this secret
 * @keys: one direction; old keys are wiped
 * @suite: cipher suite
 * @secret: a traffic secret of it
 *
 * Context: process, may sleep.
 * Return: 0, -ENOMEM or another error of the AEAD; @keys is cleared then.
 */
int ssa_record_keys_set(struct ssa_record_keys *keys, const struct ssa_suite *suite,
			const u8 *secret)
{
	struct ssa_traffic_keys traffic;
	struct ssa_aead *aead;
	int err;

	ssa_record_keys_clear(keys);
	err = ssa_ks_traffic_keys(suite, secret, &traffic);
	if (err)
		return err;
	aead = ssa_aead_new(suite->aead, traffic.key);
	if (IS_ERR(aead)) {
		err = PTR_ERR(aead);
	} else {
		keys->aead = aead;
		memcpy(keys->iv, traffic.iv, sizeof(keys->iv));
	}
	memzero_explicit(&traffic, sizeof(traffic));
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_record_keys_set);

/**
 * ssa_record_keys_clear - wipe one direction's keys
 * @keys: plaintext with sequence number 0 afterwards
 *
 * Context: process, may sleep.
 */
void ssa_record_keys_clear(struct ssa_record_keys *keys)
{
	ssa_aead_free(keys->aead);
	memzero_explicit(keys, sizeof(*keys));
}
EXPORT_SYMBOL_IF_KUNIT(ssa_record_keys_clear);

/**
 * ssa_record_put - append one record to the output
 * @out: output
 * @keys: of the sending direction
 * @type: ContentType
 * @version: legacy_record_version of a plaintext record
 * @data: content
 * @len: 1 to SSA_PLAINTEXT_MAX bytes
 *
 * Context: process, may sleep.
 * Return: 0, -ENOMEM, -EMSGSIZE, or an error of the AEAD.
 */
int ssa_record_put(struct ssa_buf *out, struct ssa_record_keys *keys, u8 type, u16 version,
		   const u8 *data, u32 len)
{
	u8 nonce[SSA_AEAD_NONCE_LEN];
	bool protect = keys->aead && type != SSA_CT_CHANGE_CIPHER_SPEC;
	u32 body = protect ? len + 1 + SSA_AEAD_TAG_LEN : len;
	u8 *header, *content;
	int err;

	if (!len || len > SSA_PLAINTEXT_MAX)
		return -EMSGSIZE;
	err = ssa_buf_reserve(out, SSA_RECORD_HEADER_LEN + body, SSA_OUT_MAX);
	if (err)
		return err;

	header = out->data + out->len;
	header[0] = protect ? SSA_CT_APPLICATION_DATA : type;
	put_unaligned_be16(protect ? SSA_TLS12 : version, header + 1);
	put_unaligned_be16(body, header + 3);
	content = header + SSA_RECORD_HEADER_LEN;
	memcpy(content, data, len);
	if (protect) {
		if (keys->seq == U64_MAX)
			return -EOVERFLOW;
		content[len] = type;
		record_nonce(keys, nonce);
		err = ssa_aead_seal(keys->aead, nonce, header, SSA_RECORD_HEADER_LEN,
				    content, len + 1);
		if (err)
			return err;
		keys->seq++;
	}
	out->len += SSA_RECORD_HEADER_LEN + body;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_record_put);

/**
 * ssa_record_open - remove the protection of a record
 * @keys: of the receiving direction, with an AEAD
 * @record: header and body, decrypted in place
 * @len: bytes of both; the header's length field has been checked against it
 * @plain: what was inside
 *
 * Context: process, may sleep.
 * Return: SSA_R_NONE or why not; the sequence number only advances on success.
 */
enum ssa_reason ssa_record_open(struct ssa_record_keys *keys, u8 *record, u32 len,
				struct ssa_plaintext *plain)
{
	u8 nonce[SSA_AEAD_NONCE_LEN];
	u8 *body = record + SSA_RECORD_HEADER_LEN;
	u32 left;
	int err;

	if (len < SSA_RECORD_HEADER_LEN + SSA_AEAD_TAG_LEN + 1 || keys->seq == U64_MAX)
		return SSA_R_BAD_RECORD_MAC;
	left = len - SSA_RECORD_HEADER_LEN;
	if (left > SSA_CIPHERTEXT_MAX)
		return SSA_R_RECORD_OVERFLOW;
	record_nonce(keys, nonce);
	err = ssa_aead_open(keys->aead, nonce, record, SSA_RECORD_HEADER_LEN, body, left);
	if (err == -ENOMEM)
		return SSA_R_NO_MEMORY;
	if (err)
		return SSA_R_BAD_RECORD_MAC;
	keys->seq++;

	left -= SSA_AEAD_TAG_LEN;
	if (left > SSA_INNER_PLAINTEXT_MAX)
		return SSA_R_RECORD_OVERFLOW;
	/* 5.4: the last byte that is not zero is the type, what follows is padding */
	while (left && !body[left - 1])
		left--;
	if (!left)
		return SSA_R_RECORD_TYPE;
	plain->type = body[left - 1];
	plain->data = body;
	plain->len = left - 1;
	return SSA_R_NONE;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_record_open);
