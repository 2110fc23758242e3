// SPDX-License-Identifier: GPL-2.0
/*
 * Ephemeral Diffie-Hellman, RFC 8446 4.2.8 and 7.4.2.
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>
#include <crypto/curve25519.h>

#include "declassify.h"
#include "internal.h"

#define SSA_POINT_UNCOMPRESSED	0x04	/* SEC 1, 2.3.3 */

/*
 * A scalar drawn at random is out of range with a probability of 2^-32
 * (P-256; 2^-194 for P-384). That many in a row only come from a broken RNG.
 */
#define SSA_SCALAR_TRIES	16

/* BearSSL's number of the curve of @group, or 0. */
static int ssa_kex_curve(u16 group)
{
	switch (group) {
	case SSA_GROUP_SECP256R1:
		return BR_EC_secp256r1;
	case SSA_GROUP_SECP384R1:
		return BR_EC_secp384r1;
	default:
		return 0;
	}
}

static size_t ssa_kex_scalar_len(u16 group)
{
	return group == SSA_GROUP_SECP384R1 ? 48 : 32;
}

/**
 * ssa_kex_public_len() - length of KeyShareEntry.key_exchange
 * @group: NamedGroup, RFC 8446 4.2.7
 *
 * Context: Any.
 * Return: bytes, or 0 if the group is not supported.
 */
size_t ssa_kex_public_len(u16 group)
{
	switch (group) {
	case SSA_GROUP_SECP256R1:
		return 65;
	case SSA_GROUP_SECP384R1:
		return 97;
	case SSA_GROUP_X25519:
		return CURVE25519_KEY_SIZE;
	default:
		return 0;
	}
}
EXPORT_SYMBOL_GPL(ssa_kex_public_len);

/**
 * ssa_ec_scalar_valid() - is a scalar in [1, order - 1]?
 * @curve: number of the curve in BearSSL
 * @scalar: the scalar, big endian
 * @len: its bytes, those of the order
 *
 * Takes the same time for every scalar.
 *
 * Context: Any.
 * Return: true if it is.
 */
bool ssa_ec_scalar_valid(int curve, const u8 *scalar, size_t len)
{
	unsigned int borrow = 0, any = 0;
	size_t order_len, i;
	const u8 *order;
	bool valid;

	order = ssa_bearssl_ec->order(curve, &order_len);
	if (order_len != len)
		return false;

	/* scalar - order borrows exactly if scalar < order */
	for (i = len; i-- > 0; ) {
		borrow = ((unsigned int)scalar[i] - order[i] - borrow) >> 8 & 1;
		any |= scalar[i];
	}
	valid = borrow & ((any + 0xff) >> 8);
	/* of one that is not, nothing is used; and the key file's is rejected aloud */
	ssa_declassify(&valid, sizeof(valid));
	return valid;
}

static int ssa_kex_generate_x25519(struct ssa_kex *kex, const struct ssa_rng *rng)
{
	bool nonzero;

	ssa_rng_fill(rng, kex->scalar, CURVE25519_KEY_SIZE);
	curve25519_clamp_secret(kex->scalar);
	nonzero = ssa_x25519_public(kex->public_key, kex->scalar);
	/* true for every clamped scalar */
	ssa_declassify(&nonzero, sizeof(nonzero));
	return nonzero ? 0 : -EIO;
}

static int ssa_kex_generate_ec(struct ssa_kex *kex, int curve, const struct ssa_rng *rng)
{
	size_t len = ssa_kex_scalar_len(kex->group);
	unsigned int i;

	for (i = 0; i < SSA_SCALAR_TRIES; i++) {
		ssa_rng_fill(rng, kex->scalar, len);
		if (!ssa_ec_scalar_valid(curve, kex->scalar, len))
			continue;
		if (ssa_ec_public(curve, kex->scalar, len, kex->public_key) != kex->public_len)
			return -EIO;
		return 0;
	}
	return -EIO;
}

/**
 * ssa_kex_generate() - make an ephemeral key pair
 * @kex: the key pair; the caller wipes it with memzero_explicit()
 * @group: NamedGroup, RFC 8446 4.2.7
 * @rng: source of the scalar
 *
 * Context: Process.
 * Return: 0, -EOPNOTSUPP (group not supported), or -EIO (broken RNG).
 */
int ssa_kex_generate(struct ssa_kex *kex, u16 group, const struct ssa_rng *rng)
{
	int curve = ssa_kex_curve(group);
	int err;

	memset(kex, 0, sizeof(*kex));
	kex->group = group;
	kex->public_len = ssa_kex_public_len(group);

	if (group == SSA_GROUP_X25519)
		err = ssa_kex_generate_x25519(kex, rng);
	else if (curve)
		err = ssa_kex_generate_ec(kex, curve, rng);
	else
		err = -EOPNOTSUPP;
	ssa_stack_wipe();
	if (err)
		memzero_explicit(kex, sizeof(*kex));
	/* it is sent as KeyShareEntry.key_exchange, or ECPoint of TLS 1.2 */
	ssa_declassify(kex->public_key, sizeof(kex->public_key));
	return err;
}
EXPORT_SYMBOL_GPL(ssa_kex_generate);

/**
 * ssa_kex_shared() - compute the shared secret, RFC 8446 7.4.2
 * @kex: the own key pair
 * @peer: KeyShareEntry.key_exchange of the peer
 * @peer_len: bytes of @peer
 * @out: room for SSA_KEX_SHARED_MAX bytes; the caller wipes it
 * @out_len: bytes written to @out
 *
 * Context: Process.
 * Return: 0, or -EINVAL: wrong length, point not on the curve, all-zero result
 * of X25519.
 */
int ssa_kex_shared(const struct ssa_kex *kex, const u8 *peer, size_t peer_len,
		   u8 out[SSA_KEX_SHARED_MAX], size_t *out_len)
{
	int curve = ssa_kex_curve(kex->group);
	size_t len = ssa_kex_scalar_len(kex->group);
	u8 point[SSA_KEX_PUBLIC_MAX];
	bool ok;

	*out_len = 0;
	if (!kex->public_len || peer_len != kex->public_len)
		return -EINVAL;

	if (kex->group == SSA_GROUP_X25519) {
		bool nonzero = ssa_x25519_shared(out, kex->scalar, peer);

		ssa_stack_wipe();
		/* depends on the peer's point only; the alert says so */
		ssa_declassify(&nonzero, sizeof(nonzero));
		if (!nonzero)
			return -EINVAL;
		*out_len = CURVE25519_KEY_SIZE;
		return 0;
	}

	if (!curve || peer[0] != SSA_POINT_UNCOMPRESSED)
		return -EINVAL;
	memcpy(point, peer, peer_len);
	ok = ssa_ec_shared(curve, kex->scalar, len, point);
	ssa_stack_wipe();
	/* whether the peer's point was one: the alert says so */
	ssa_declassify(&ok, sizeof(ok));
	if (ok) {
		memcpy(out, point + 1, len);
		*out_len = len;
	}
	memzero_explicit(point, sizeof(point));
	return ok ? 0 : -EINVAL;
}
EXPORT_SYMBOL_GPL(ssa_kex_shared);
