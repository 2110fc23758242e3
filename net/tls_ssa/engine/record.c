// SPDX-License-Identifier: GPL-2.0
#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <kunit/visibility.h>
#include "key_schedule.h"
#include "record.h"

/*
 * The per-record nonce (5.3) of the next record. The part that TLS 1.2 writes
 * into the record is the sequence number too.
 */
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
 * ssa_record_keys_set12 - from now on, records are protected as in TLS 1.2
 * @keys: one direction; old keys are wiped
 * @suite: cipher suite
 * @traffic: key and IV of the key block
 *
 * Context: process, may sleep.
 * Return: 0, -ENOMEM or another error of the AEAD; @keys is cleared then.
 */
int ssa_record_keys_set12(struct ssa_record_keys *keys, const struct ssa_suite *suite,
			  const struct ssa_traffic *traffic)
{
	struct ssa_aead *aead;

	ssa_record_keys_clear(keys);
	aead = ssa_aead_new(suite->aead, traffic->secret);
	if (IS_ERR(aead))
		return PTR_ERR(aead);
	keys->aead = aead;
	keys->tls12 = true;
	keys->explicit_len = SSA_AEAD_NONCE_LEN - suite->iv_len;
	memcpy(keys->iv, traffic->secret + suite->key_len, suite->iv_len);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_record_keys_set12);

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

/* additional_data of TLS 1.2 (RFC 5246 6.2.3.3) */
#define SSA_AAD12_LEN	13
static_assert(SSA_AAD12_LEN <= SSA_AEAD_AAD_MAX);

static void aad12(const struct ssa_record_keys *keys, u8 type, u32 len, u8 aad[SSA_AAD12_LEN])
{
	put_unaligned_be64(keys->seq, aad);
	aad[8] = type;
	put_unaligned_be16(SSA_TLS12, aad + 9);
	put_unaligned_be16(len, aad + 11);
}

/* @body: room for the explicit part of the nonce, the content, room for the tag */
static int seal12(struct ssa_record_keys *keys, u8 type, u8 *body, u32 len)
{
	u8 nonce[SSA_AEAD_NONCE_LEN], aad[SSA_AAD12_LEN];

	record_nonce(keys, nonce);
	memcpy(body, nonce + SSA_AEAD_NONCE_LEN - keys->explicit_len, keys->explicit_len);
	aad12(keys, type, len, aad);
	return ssa_aead_seal(keys->aead, nonce, aad, sizeof(aad), body + keys->explicit_len, len);
}

/* @body: the content, room for the type and the tag */
static int seal13(struct ssa_record_keys *keys, u8 type, const u8 *header, u8 *body, u32 len)
{
	u8 nonce[SSA_AEAD_NONCE_LEN];

	body[len] = type;
	record_nonce(keys, nonce);
	return ssa_aead_seal(keys->aead, nonce, header, SSA_RECORD_HEADER_LEN, body, len + 1);
}

/**
 * ssa_record_put - append one record to the output
 * @out: output
 * @keys: of the sending direction
 * @type: ContentType
 * @version: legacy_record_version of a plaintext record
 * @data: content
 * @len: 1 to SSA_PLAINTEXT_MAX bytes
 *
 * change_cipher_spec is never protected: TLS 1.3 says so, and in TLS 1.2 there
 * is one before the keys.
 *
 * Context: process, may sleep.
 * Return: 0, -ENOMEM, -EMSGSIZE, or an error of the AEAD.
 */
int ssa_record_put(struct ssa_buf *out, struct ssa_record_keys *keys, u8 type, u16 version,
		   const u8 *data, u32 len)
{
	bool protect = keys->aead && type != SSA_CT_CHANGE_CIPHER_SPEC;
	u32 before = protect ? keys->explicit_len : 0;
	u32 after = protect ? SSA_AEAD_TAG_LEN + !keys->tls12 : 0;
	u8 *header, *body;
	int err;

	if (!len || len > SSA_PLAINTEXT_MAX)
		return -EMSGSIZE;
	err = ssa_buf_reserve(out, SSA_RECORD_HEADER_LEN + before + len + after, SSA_OUT_MAX);
	if (err)
		return err;

	header = out->data + out->len;
	header[0] = protect && !keys->tls12 ? SSA_CT_APPLICATION_DATA : type;
	put_unaligned_be16(protect ? SSA_TLS12 : version, header + 1);
	put_unaligned_be16(before + len + after, header + 3);
	body = header + SSA_RECORD_HEADER_LEN;
	memcpy(body + before, data, len);
	if (protect) {
		if (keys->seq == U64_MAX)
			return -EOVERFLOW;
		err = keys->tls12 ? seal12(keys, type, body, len) :
				    seal13(keys, type, header, body, len);
		if (err)
			return err;
		keys->seq++;
	}
	out->len += SSA_RECORD_HEADER_LEN + before + len + after;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_record_put);

static enum ssa_reason open12(struct ssa_record_keys *keys, u8 *record, u32 left,
			      struct ssa_plaintext *plain)
{
	u8 nonce[SSA_AEAD_NONCE_LEN], aad[SSA_AAD12_LEN];
	u8 *body = record + SSA_RECORD_HEADER_LEN;
	int err;

	if (left < keys->explicit_len + SSA_AEAD_TAG_LEN)
		return SSA_R_BAD_RECORD_MAC;
	record_nonce(keys, nonce);
	/* RFC 5288 3: the sender makes it as it likes */
	memcpy(nonce + SSA_AEAD_NONCE_LEN - keys->explicit_len, body, keys->explicit_len);
	body += keys->explicit_len;
	left -= keys->explicit_len;
	aad12(keys, record[0], left - SSA_AEAD_TAG_LEN, aad);
	err = ssa_aead_open(keys->aead, nonce, aad, sizeof(aad), body, left);
	if (err == -ENOMEM)
		return SSA_R_NO_MEMORY;
	if (err)
		return SSA_R_BAD_RECORD_MAC;
	keys->seq++;
	plain->type = record[0];
	plain->data = body;
	plain->len = left - SSA_AEAD_TAG_LEN;
	plain->inner_len = plain->len;
	return SSA_R_NONE;
}

static enum ssa_reason open13(struct ssa_record_keys *keys, u8 *record, u32 left,
			      struct ssa_plaintext *plain)
{
	u8 nonce[SSA_AEAD_NONCE_LEN];
	u8 *body = record + SSA_RECORD_HEADER_LEN;
	int err;

	if (left < SSA_AEAD_TAG_LEN + 1)
		return SSA_R_BAD_RECORD_MAC;
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
	plain->inner_len = left;
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
	u32 left;

	if (len < SSA_RECORD_HEADER_LEN || keys->seq == U64_MAX)
		return SSA_R_BAD_RECORD_MAC;
	left = len - SSA_RECORD_HEADER_LEN;
	if (left > ssa_record_max(keys))
		return SSA_R_RECORD_OVERFLOW;
	return keys->tls12 ? open12(keys, record, left, plain) : open13(keys, record, left, plain);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_record_open);
