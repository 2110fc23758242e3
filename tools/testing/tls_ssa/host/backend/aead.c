// SPDX-License-Identifier: GPL-2.0
/* The AEADs of include/crypto/ssa.h over BearSSL, with the CPU's AES if it has it. */
#include <bearssl_aead.h>
#include <bearssl_block.h>
#include <bearssl_hash.h>
#include <crypto/ssa.h>
#include <crypto/utils.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>

/* The limits of crypto/ssa/aead.c: what a record needs. */
#define AEAD_AAD_MAX		64
#define AEAD_LEN_MAX		(6 * PAGE_SIZE)

struct ssa_aead {
	enum ssa_aead_id id;
	br_aes_gen_ctr_keys aes;
	br_gcm_context gcm;
	u8 key[SSA_AEAD_KEY_MAX];	/* ChaCha20 */
};

size_t ssa_aead_key_size(enum ssa_aead_id id)
{
	return id == SSA_AES_128_GCM ? 16 : 32;
}

struct ssa_aead *ssa_aead_new(enum ssa_aead_id id, const u8 *key)
{
	const br_block_ctr_class *ctr = br_aes_x86ni_ctr_get_vtable();
	br_ghash ghash = br_ghash_pclmul_get();
	struct ssa_aead *a = kzalloc(sizeof(*a), GFP_KERNEL);

	if (!a)
		return ERR_PTR(-ENOMEM);
	a->id = id;
	if (id == SSA_CHACHA20_POLY1305) {
		memcpy(a->key, key, ssa_aead_key_size(id));
		return a;
	}
	if (!ctr)
		ctr = &br_aes_ct64_ctr_vtable;
	ctr->init(&a->aes.vtable, key, ssa_aead_key_size(id));
	br_gcm_init(&a->gcm, &a->aes.vtable, ghash ? ghash : br_ghash_ctmul64);
	return a;
}

void ssa_aead_free(struct ssa_aead *a)
{
	kfree_sensitive(a);
}

static void run(struct ssa_aead *a, const u8 *nonce, const u8 *aad, size_t aad_len,
		u8 *buf, size_t len, u8 *tag, bool seal)
{
	br_chacha20_run chacha = br_chacha20_sse2_get();

	if (a->id == SSA_CHACHA20_POLY1305) {
		br_poly1305_ctmulq_get()(a->key, nonce, buf, len, aad, aad_len, tag,
					 chacha ? chacha : br_chacha20_ct_run, seal);
		return;
	}
	br_gcm_reset(&a->gcm, nonce, SSA_AEAD_NONCE_LEN);
	br_gcm_aad_inject(&a->gcm, aad, aad_len);
	br_gcm_flip(&a->gcm);
	br_gcm_run(&a->gcm, seal, buf, len);
	br_gcm_get_tag(&a->gcm, tag);
}

int ssa_aead_seal(struct ssa_aead *a, const u8 nonce[SSA_AEAD_NONCE_LEN],
		  const u8 *aad, size_t aad_len, u8 *buf, size_t len)
{
	if (aad_len > SSA_AEAD_AAD_MAX || len + SSA_AEAD_TAG_LEN > SSA_AEAD_LEN_MAX)
		return -EMSGSIZE;
	if (aad_len > AEAD_AAD_MAX || len + SSA_AEAD_TAG_LEN > AEAD_LEN_MAX)
		return -EMSGSIZE;
	run(a, nonce, aad, aad_len, buf, len, buf + len, true);
	return 0;
}

int ssa_aead_open(struct ssa_aead *a, const u8 nonce[SSA_AEAD_NONCE_LEN],
		  const u8 *aad, size_t aad_len, u8 *buf, size_t len)
{
	u8 tag[SSA_AEAD_TAG_LEN];

	if (aad_len > AEAD_AAD_MAX || len > AEAD_LEN_MAX)
		return -EMSGSIZE;
	if (len < SSA_AEAD_TAG_LEN)
		return -EBADMSG;
	if (aad_len > SSA_AEAD_AAD_MAX || len > SSA_AEAD_LEN_MAX)
		return -EMSGSIZE;
	len -= SSA_AEAD_TAG_LEN;
	run(a, nonce, aad, aad_len, buf, len, tag, false);
	return crypto_memneq(tag, buf + len, sizeof(tag)) ? -EBADMSG : 0;
}
