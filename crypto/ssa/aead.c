// SPDX-License-Identifier: GPL-2.0
/*
 * AEAD of handshake records, RFC 8446 5.2, through the crypto API.
 */
#include <linux/crypto.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <crypto/aead.h>
#include <crypto/ssa.h>

/* pages that the longest text can lie on */
#define SSA_AEAD_PAGES		(DIV_ROUND_UP(SSA_AEAD_LEN_MAX, PAGE_SIZE) + 1)

static const struct {
	const char	*alg;
	u8		key_size;
} ssa_aead_desc[SSA_AEAD_COUNT] = {
	[SSA_AES_128_GCM]	= { "gcm(aes)", 16 },
	[SSA_AES_256_GCM]	= { "gcm(aes)", 32 },
	[SSA_CHACHA20_POLY1305]	= { "rfc7539(chacha20,poly1305)", 32 },
};

/*
 * Nonce and additional data are copied to here: the crypto API takes no
 * memory of the stack, and callers have them there.
 */
struct ssa_aead {
	struct crypto_aead	*tfm;
	struct aead_request	*req;
	struct crypto_wait	wait;
	struct scatterlist	sg[1 + SSA_AEAD_PAGES];
	u8			aad[SSA_AEAD_AAD_MAX];
	u8			nonce[SSA_AEAD_NONCE_LEN];
};

/**
 * ssa_aead_key_size() - length of a key
 * @id: the AEAD
 *
 * Context: Any.
 * Return: bytes.
 */
size_t ssa_aead_key_size(enum ssa_aead_id id)
{
	return ssa_aead_desc[id].key_size;
}
EXPORT_SYMBOL_GPL(ssa_aead_key_size);

/**
 * ssa_aead_new() - set an AEAD up
 * @id: the AEAD
 * @key: its key, ssa_aead_key_size() bytes
 *
 * Context: Process; may sleep and load modules.
 * Return: the AEAD, to be given to ssa_aead_free(), or an ERR_PTR.
 */
struct ssa_aead *ssa_aead_new(enum ssa_aead_id id, const u8 *key)
{
	struct ssa_aead *a;
	int err;

	a = kzalloc(sizeof(*a), GFP_KERNEL);
	if (!a)
		return ERR_PTR(-ENOMEM);

	a->tfm = crypto_alloc_aead(ssa_aead_desc[id].alg, 0, 0);
	if (IS_ERR(a->tfm)) {
		err = PTR_ERR(a->tfm);
		a->tfm = NULL;
		goto fail;
	}
	err = crypto_aead_setkey(a->tfm, key, ssa_aead_desc[id].key_size);
	if (err)
		goto fail;
	err = crypto_aead_setauthsize(a->tfm, SSA_AEAD_TAG_LEN);
	if (err)
		goto fail;
	err = -EINVAL;
	if (crypto_aead_ivsize(a->tfm) != SSA_AEAD_NONCE_LEN)
		goto fail;
	err = -ENOMEM;
	a->req = aead_request_alloc(a->tfm, GFP_KERNEL);
	if (!a->req)
		goto fail;
	return a;

fail:
	ssa_aead_free(a);
	return ERR_PTR(err);
}
EXPORT_SYMBOL_GPL(ssa_aead_new);

/**
 * ssa_aead_free() - wipe and free an AEAD
 * @a: what ssa_aead_new() returned, or NULL
 *
 * Context: Process; may sleep.
 */
void ssa_aead_free(struct ssa_aead *a)
{
	if (!a)
		return;
	aead_request_free(a->req);
	crypto_free_aead(a->tfm);
	kfree_sensitive(a);
}
EXPORT_SYMBOL_GPL(ssa_aead_free);

/* Scatterlist of the additional data and then @len bytes at @buf. */
static void ssa_aead_map(struct ssa_aead *a, size_t aad_len, u8 *buf, size_t len)
{
	unsigned int i = 0;

	sg_init_table(a->sg, ARRAY_SIZE(a->sg));
	if (aad_len)
		sg_set_buf(&a->sg[i++], a->aad, aad_len);

	if (!is_vmalloc_or_module_addr(buf)) {
		sg_set_buf(&a->sg[i++], buf, len);
	} else {
		while (len) {
			unsigned int offset = offset_in_page(buf);
			unsigned int n = min_t(size_t, len, PAGE_SIZE - offset);

			sg_set_page(&a->sg[i++], vmalloc_to_page(buf), n, offset);
			buf += n;
			len -= n;
		}
	}
	sg_mark_end(&a->sg[i - 1]);
}

static int ssa_aead_prepare(struct ssa_aead *a, const u8 *nonce,
			    const u8 *aad, size_t aad_len, u8 *buf, size_t len,
			    size_t crypt_len)
{
	if (aad_len > SSA_AEAD_AAD_MAX || len > SSA_AEAD_LEN_MAX)
		return -EMSGSIZE;

	memcpy(a->nonce, nonce, sizeof(a->nonce));
	if (aad_len)
		memcpy(a->aad, aad, aad_len);
	aead_request_set_callback(a->req,
				  CRYPTO_TFM_REQ_MAY_SLEEP | CRYPTO_TFM_REQ_MAY_BACKLOG,
				  crypto_req_done, &a->wait);
	crypto_init_wait(&a->wait);
	aead_request_set_ad(a->req, aad_len);
	aead_request_set_crypt(a->req, a->sg, a->sg, crypt_len, a->nonce);
	ssa_aead_map(a, aad_len, buf, len);
	return 0;
}

/**
 * ssa_aead_seal() - encrypt in place and append the tag
 * @a: the AEAD; not used by anyone else at the time
 * @nonce: the nonce, never the same twice under one key
 * @aad: additional data, e.g. the header of the record
 * @aad_len: bytes of @aad, at most SSA_AEAD_AAD_MAX
 * @buf: the plaintext, with room for @len + SSA_AEAD_TAG_LEN bytes; in
 *	kmalloc'ed or vmalloc'ed memory
 * @len: bytes of plaintext; with the tag at most SSA_AEAD_LEN_MAX
 *
 * Context: Process; may sleep.
 * Return: 0, -EMSGSIZE (too long), or an errno of the crypto API.
 */
int ssa_aead_seal(struct ssa_aead *a, const u8 nonce[SSA_AEAD_NONCE_LEN],
		  const u8 *aad, size_t aad_len, u8 *buf, size_t len)
{
	int err = ssa_aead_prepare(a, nonce, aad, aad_len, buf,
				   len + SSA_AEAD_TAG_LEN, len);

	if (err)
		return err;
	return crypto_wait_req(crypto_aead_encrypt(a->req), &a->wait);
}
EXPORT_SYMBOL_GPL(ssa_aead_seal);

/**
 * ssa_aead_open() - check the tag and decrypt in place
 * @a: the AEAD; not used by anyone else at the time
 * @nonce: the nonce
 * @aad: additional data, e.g. the header of the record
 * @aad_len: bytes of @aad, at most SSA_AEAD_AAD_MAX
 * @buf: ciphertext and tag, in kmalloc'ed or vmalloc'ed memory. After a
 *	failure its content is undefined and must not be used.
 * @len: bytes of ciphertext and tag
 *
 * Context: Process; may sleep.
 * Return: 0, -EBADMSG (not authentic, or shorter than a tag), -EMSGSIZE (too
 * long), or an errno of the crypto API.
 */
int ssa_aead_open(struct ssa_aead *a, const u8 nonce[SSA_AEAD_NONCE_LEN],
		  const u8 *aad, size_t aad_len, u8 *buf, size_t len)
{
	int err;

	if (len < SSA_AEAD_TAG_LEN)
		return -EBADMSG;
	err = ssa_aead_prepare(a, nonce, aad, aad_len, buf, len, len);
	if (err)
		return err;
	return crypto_wait_req(crypto_aead_decrypt(a->req), &a->wait);
}
EXPORT_SYMBOL_GPL(ssa_aead_open);
