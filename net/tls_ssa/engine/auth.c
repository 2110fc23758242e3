// SPDX-License-Identifier: GPL-2.0
/*
 * What authentication has in common in both versions and for both sides: signatures
 * in messages, and the judgement of the peer's certificates.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "hs.h"

/**
 * ssa_scheme_fits - may a key of this kind sign a handshake with this scheme?
 * @version: of TLS
 * @scheme: SignatureScheme
 * @key: the key
 *
 * In TLS 1.3 rsa_pkcs1_* signs certificates only (RFC 8446 4.2.3).
 *
 * Context: any.
 * Return: true if so.
 */
bool ssa_scheme_fits(u16 version, u16 scheme, const struct ssa_public_key *key)
{
	if (!ssa_public_key_allows(key, scheme))
		return false;
	if (version == SSA_TLS12)
		return ssa_sig_scheme_fits_tls12(scheme, key->type);

	switch (scheme) {
	case SSA_SIG_RSA_PKCS1_SHA256:
	case SSA_SIG_RSA_PKCS1_SHA384:
	case SSA_SIG_RSA_PKCS1_SHA512:
		return false;
	default:
		return ssa_sig_scheme_fits(scheme, key->type);
	}
}

/**
 * ssa_put_signature - sign, with the scheme in front (RFC 8446 4.4.3, RFC 5246 4.7)
 * @hs: with @cred and @sigalg
 * @w: in the message
 * @content: what is signed; not in @w
 * @len: bytes of it
 *
 * Context: process, may sleep; needs the stack of ssa_sign().
 * Return: 0 or ssa_fail().
 */
int ssa_put_signature(struct ssa_hs *hs, struct ssa_writer *w, const u8 *content, size_t len)
{
	size_t signature_len = 0;
	struct ssa_vec vec;
	u8 *signature;
	int err;

	ssa_write_u16(w, hs->sigalg);
	vec = ssa_open_vec(w, 2);
	/* straight into the message: the stack is for ssa_sign() */
	signature = ssa_write_room(w, SSA_SIGNATURE_MAX);
	if (!signature)
		return ssa_fail_errno(hs, w->err);
	err = ssa_sign(ssa_credentials_key(hs->cred), hs->sigalg, content, len,
		       &hs->cfg.rng, signature, &signature_len);
	if (err)
		return ssa_fail_errno(hs, err);
	ssa_write_used(w, signature_len);
	ssa_close_vec(w, vec);
	return 0;
}

/**
 * ssa_read_signature - what ssa_put_signature() of the peer has written
 * @hs: with @version and @peer_key; @peer_sigalg is set
 * @r: cursor in front of it; it ends the message
 * @signature: result, points into the message
 *
 * Context: any.
 * Return: 0 or ssa_fail().
 */
int ssa_read_signature(struct ssa_hs *hs, struct ssa_reader *r, struct ssa_reader *signature)
{
	u16 scheme;

	if (!ssa_read_u16(r, &scheme) || !ssa_read_vec16(r, signature, 0, 0xffff) ||
	    !ssa_reader_done(r))
		return ssa_fail(hs, SSA_R_DECODE);
	hs->peer_sigalg = scheme;
	return 0;
}

/**
 * ssa_check_signature - has the peer signed this?
 * @hs: with @version, @peer_key and @peer_sigalg
 * @content: what it should have signed
 * @len: bytes of it
 * @signature: of ssa_read_signature()
 *
 * The scheme must be one that we have asked for and fit the key.
 *
 * Context: process, may sleep; needs the stack of ssa_verify().
 * Return: 0 or ssa_fail().
 */
int ssa_check_signature(struct ssa_hs *hs, const u8 *content, size_t len,
			const struct ssa_reader *signature)
{
	int err;

	if (!ssa_list_has(hs->cfg.sigalgs, SSA_SIGALGS_MAX, hs->peer_sigalg) ||
	    !ssa_scheme_fits(hs->version, hs->peer_sigalg, &hs->peer_key))
		return ssa_fail(hs, SSA_R_BAD_SIGALG);
	err = ssa_verify(&hs->peer_key, hs->peer_sigalg, content, len, signature->data,
			 signature->left);
	if (err == -ENOMEM)
		return ssa_fail(hs, SSA_R_NO_MEMORY);
	if (err)
		return ssa_fail(hs, SSA_R_BAD_CERTIFICATE_VERIFY);
	hs->peer_held = 0;
	return 0;
}

/* At most: what is in both ssa_peer_new() keeps once. */
static u32 held_bytes(const struct ssa_chain *chain, const struct ssa_path *path)
{
	u32 bytes = 0, i;

	for (i = 0; i < chain->count; i++)
		bytes += chain->cert[i].len;
	for (i = 0; i < path->count; i++)
		bytes += path->cert[i].len;
	return bytes;
}

/* Judges and keeps the certificates: @peer_key and @peer are set. */
static int check_peer_chain(struct ssa_hs *hs, const struct ssa_chain *chain)
{
	struct ssa_path path;
	const struct ssa_verify_params params = {
		.store = hs->cfg.store,
		.extra = hs->cfg.extra,
		.also = hs->cfg.also,
		.name = hs->cfg.server ? NULL : hs->cfg.name,
		.now = hs->cfg.now,
		.purpose = hs->cfg.server ? SSA_PURPOSE_CLIENT : SSA_PURPOSE_SERVER,
		.path = &path,
		.blocked = hs->cfg.blocked,
		.is_revoked = hs->cfg.is_revoked,
		.pinned = hs->cfg.pinned,
		.sigalgs = hs->cfg.sigalgs,
		.min_rsa_bits = hs->cfg.min_rsa_bits,
		.path_max = hs->cfg.path_max,
	};
	enum ssa_reason reason;
	struct ssa_peer *peer;

	reason = ssa_chain_verify(&params, chain, &hs->peer_key);
	if (reason)
		return ssa_fail(hs, reason);
	peer = ssa_peer_new(chain, &path);
	if (IS_ERR(peer))
		return ssa_fail_errno(hs, PTR_ERR(peer));
	hs->peer = peer;
	hs->peer_held = held_bytes(chain, &path);
	return 0;
}

/**
 * ssa_take_peer_chain - read, judge and keep the certificates of the peer
 * @hs: either side, with @version; @peer_key and @peer are set, if there are any
 * @msg: its Certificate
 * @count: result, how many there are; a client may have none (RFC 8446 4.4.2.4)
 *
 * They are judged at once, so that their fault is named before others.
 *
 * Context: process, may sleep; needs the stack of ssa_verify().
 * Return: 0 or ssa_fail().
 */
int ssa_take_peer_chain(struct ssa_hs *hs, const struct ssa_msg *msg, u32 *count)
{
	struct ssa_chain *chain;
	int err;

	/* not on the stack, which is for the verification */
	chain = kmalloc(sizeof(*chain), GFP_KERNEL);
	if (!chain)
		return ssa_fail(hs, SSA_R_NO_MEMORY);
	err = hs->version == SSA_TLS12 ? ssa_read_certificate12(hs, msg, chain) :
					 ssa_read_certificate(hs, msg, chain);
	if (!err && (chain->count || !hs->cfg.server))
		err = check_peer_chain(hs, chain);
	*count = chain->count;
	kfree(chain);
	return err;
}
