// SPDX-License-Identifier: GPL-2.0
/*
 * Private keys from DER: PKCS#8 (RFC 5208, RFC 5958, RFC 8410), SEC1 (RFC 5915)
 * and PKCS#1 (RFC 8017 A.1.2).
 *
 * BearSSL's own decoder writes past its buffer when the numbers of an RSA key
 * take more than 1536 bytes, and gives neither the public key nor the end of
 * the structure; so keys are read here, every length before it is used.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>
#include <crypto/ssa_der.h>

#include "ed25519.h"
#include "internal.h"

/* What an OID or an AlgorithmIdentifier says about the key. */
enum ssa_key_alg {
	SSA_ALG_UNKNOWN,
	SSA_ALG_RSA,
	SSA_ALG_RSA_PSS,
	SSA_ALG_EC,
	SSA_ALG_ED25519,
};

static const u8 ssa_oid_rsa[] = {	/* 1.2.840.113549.1.1.1 */
	0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01,
};

static const u8 ssa_oid_rsa_pss[] = {	/* 1.2.840.113549.1.1.10 */
	0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a,
};

static const u8 ssa_oid_ec[] = {	/* 1.2.840.10045.2.1 */
	0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
};

static const u8 ssa_oid_ed25519[] = {	/* 1.3.101.112 */
	0x2b, 0x65, 0x70,
};

static const u8 ssa_oid_p256[] = {	/* 1.2.840.10045.3.1.7 */
	0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
};

static const u8 ssa_oid_p384[] = {	/* 1.3.132.0.34 */
	0x2b, 0x81, 0x04, 0x00, 0x22,
};

static const u8 ssa_oid_p521[] = {	/* 1.3.132.0.35 */
	0x2b, 0x81, 0x04, 0x00, 0x23,
};

/* ECParameters, of which only namedCurve is allowed (RFC 5480 2.1.1) */
static int ssa_parse_curve(struct ssa_der *der, u8 *type)
{
	struct ssa_der oid;

	if (!ssa_der_next_is(der, SSA_DER_OID))
		return der->left ? -EOPNOTSUPP : -EINVAL;
	if (!ssa_der_get(der, SSA_DER_OID, &oid) || der->left)
		return -EINVAL;
	if (ssa_der_is_bytes(&oid, ssa_oid_p256, sizeof(ssa_oid_p256)))
		*type = SSA_KEY_EC_P256;
	else if (ssa_der_is_bytes(&oid, ssa_oid_p384, sizeof(ssa_oid_p384)))
		*type = SSA_KEY_EC_P384;
	else if (ssa_der_is_bytes(&oid, ssa_oid_p521, sizeof(ssa_oid_p521)))
		*type = SSA_KEY_EC_P521;
	else
		return -EOPNOTSUPP;
	return 0;
}

/* Copy one of the secret numbers of an RSA key to @*room. */
static u8 *ssa_rsa_take(const struct ssa_der *number, u8 **room)
{
	u8 *at = *room;

	memcpy(at, number->p, number->left);
	*room += number->left;
	return at;
}

/* RSAPrivateKey, RFC 8017 A.1.2; the version is read already */
static int ssa_parse_rsa(struct ssa_private_key *key, struct ssa_der *seq, u32 version, u8 type)
{
	struct ssa_public_key *pub = &key->public;
	struct ssa_der n, e, d, p, q, dp, dq, iq;
	u8 *room = key->secret;
	int err;

	if (version)
		return version == 1 ? -EOPNOTSUPP : -EINVAL;	/* 1: more than two primes */
	if (!ssa_der_positive(seq, &n) || !ssa_der_positive(seq, &e) ||
	    !ssa_der_positive(seq, &d) || !ssa_der_positive(seq, &p) ||
	    !ssa_der_positive(seq, &q) || !ssa_der_positive(seq, &dp) ||
	    !ssa_der_positive(seq, &dq) || !ssa_der_positive(seq, &iq) || seq->left)
		return -EINVAL;
	if (n.left > sizeof(pub->n) || e.left > sizeof(pub->e))
		return -EOPNOTSUPP;

	pub->type = type;
	pub->n_len = n.left;
	pub->e_len = e.left;
	memcpy(pub->n, n.p, n.left);
	memcpy(pub->e, e.p, e.left);
	err = ssa_rsa_check(pub);
	if (err)
		return err;

	/* factors of about the same size, which bounds all that follows */
	if (p.left > (n.left + 1) / 2 || q.left > (n.left + 1) / 2)
		return -EOPNOTSUPP;
	if (d.left > n.left || dp.left > p.left || dq.left > q.left || iq.left > p.left)
		return -EINVAL;
	if (!(p.p[p.left - 1] & 1) || !(q.p[q.left - 1] & 1))
		return -EINVAL;

	key->rsa = (br_rsa_private_key) {
		.n_bitlen = ssa_rsa_bits(pub),
		.p = ssa_rsa_take(&p, &room), .plen = p.left,
		.q = ssa_rsa_take(&q, &room), .qlen = q.left,
		.dp = ssa_rsa_take(&dp, &room), .dplen = dp.left,
		.dq = ssa_rsa_take(&dq, &room), .dqlen = dq.left,
		.iq = ssa_rsa_take(&iq, &room), .iqlen = iq.left,
	};
	return 0;
}

/* [1] publicKey of ECPrivateKey must be the point that the scalar gives */
static int ssa_check_ec_point(const struct ssa_private_key *key, struct ssa_der *seq)
{
	const struct ssa_public_key *pub = &key->public;
	struct ssa_der outer, bits;

	if (!ssa_der_get(seq, SSA_DER_CONSTRUCTED(1), &outer) ||
	    !ssa_der_get(&outer, SSA_DER_BIT_STRING, &bits) || outer.left)
		return -EINVAL;
	if (bits.left < 2 || bits.p[0])
		return -EINVAL;
	if (bits.p[1] != 0x04)
		return -EOPNOTSUPP;
	if (bits.left != 1 + (size_t)pub->n_len)
		return -EINVAL;
	return memcmp(bits.p + 1, pub->n, pub->n_len) ? -EKEYREJECTED : 0;
}

/*
 * ECPrivateKey, RFC 5915 3; the version is read already. @type is that of
 * PKCS#8's AlgorithmIdentifier, or 0: then the parameters must be here.
 */
static int ssa_parse_ec(struct ssa_private_key *key, struct ssa_der *seq, u32 version, u8 type)
{
	struct ssa_public_key *pub = &key->public;
	struct ssa_der scalar, params;
	size_t len;
	int err;

	if (version != 1 || !ssa_der_get(seq, SSA_DER_OCTET_STRING, &scalar))
		return -EINVAL;
	if (ssa_der_next_is(seq, SSA_DER_CONSTRUCTED(0))) {
		u8 inner;

		if (!ssa_der_get(seq, SSA_DER_CONSTRUCTED(0), &params))
			return -EINVAL;
		err = ssa_parse_curve(&params, &inner);
		if (err)
			return err;
		if (type && inner != type)
			return -EINVAL;
		type = inner;
	}
	if (!type)
		return -EINVAL;

	/* some writers drop leading zeros */
	len = ssa_ec_scalar_len(type);
	if (!scalar.left || scalar.left > len)
		return -EINVAL;
	memcpy(key->secret + len - scalar.left, scalar.p, scalar.left);
	if (!ssa_ec_scalar_valid(ssa_ec_curve(type), key->secret, len))
		return -EINVAL;
	key->ec = (br_ec_private_key) {
		.curve = ssa_ec_curve(type),
		.x = key->secret, .xlen = len,
	};

	pub->type = type;
	pub->n_len = ssa_ec_point_len(type);
	if (ssa_ec_public(key->ec.curve, key->ec.x, len, pub->n) != pub->n_len)
		return -EINVAL;

	if (ssa_der_next_is(seq, SSA_DER_CONSTRUCTED(1))) {
		err = ssa_check_ec_point(key, seq);
		if (err)
			return err;
	}
	return seq->left ? -EINVAL : 0;
}

/*
 * Parameters of an id-RSASSA-PSS key: none, or those that it is bound to (RFC
 * 4055 3.1). In TLS the salt is as long as the digest: no other key is of use.
 */
static int ssa_parse_pss_bound(struct ssa_public_key *pub, const struct ssa_der *params)
{
	int err;

	if (!params->left)
		return 0;
	err = ssa_pss_params_parse(params, &pub->pss);
	if (err == -EKEYREJECTED)	/* a weak hash: nothing that TLS could use */
		return -EOPNOTSUPP;
	if (err)
		return err;
	if (pub->pss.salt_len != ssa_hash_size(pub->pss.hash))
		return -EOPNOTSUPP;
	pub->pss_bound = true;
	return 0;
}

/* AlgorithmIdentifier of PKCS#8 */
static int ssa_parse_algorithm(struct ssa_der *seq, enum ssa_key_alg *alg,
			       struct ssa_public_key *pub)
{
	struct ssa_der id, oid, null;

	if (!ssa_der_get(seq, SSA_DER_SEQUENCE, &id) || !ssa_der_get(&id, SSA_DER_OID, &oid))
		return -EINVAL;
	if (ssa_der_is_bytes(&oid, ssa_oid_ec, sizeof(ssa_oid_ec))) {
		*alg = SSA_ALG_EC;
		return ssa_parse_curve(&id, &pub->type);
	}
	if (ssa_der_is_bytes(&oid, ssa_oid_rsa_pss, sizeof(ssa_oid_rsa_pss))) {
		*alg = SSA_ALG_RSA_PSS;
		return ssa_parse_pss_bound(pub, &id);
	}
	if (ssa_der_is_bytes(&oid, ssa_oid_ed25519, sizeof(ssa_oid_ed25519))) {
		*alg = SSA_ALG_ED25519;
		return id.left ? -EINVAL : 0;	/* RFC 8410 3: no parameters */
	}
	if (!ssa_der_is_bytes(&oid, ssa_oid_rsa, sizeof(ssa_oid_rsa)))
		return -EOPNOTSUPP;
	*alg = SSA_ALG_RSA;
	if (id.left && (!ssa_der_get(&id, SSA_DER_NULL, &null) || null.left || id.left))
		return -EINVAL;
	return 0;
}

/* CurvePrivateKey, RFC 8410 7 */
static int ssa_parse_ed25519(struct ssa_private_key *key, const struct ssa_der *octets)
{
	struct ssa_public_key *pub = &key->public;
	struct ssa_der seed;

	if (!ssa_der_only(octets, SSA_DER_OCTET_STRING, &seed) ||
	    seed.left != SSA_ED25519_KEY_LEN)
		return -EINVAL;
	memcpy(key->secret, seed.p, seed.left);
	pub->type = SSA_KEY_ED25519;
	pub->n_len = SSA_ED25519_KEY_LEN;
	ssa_ed25519_public(pub->n, key->secret);
	return 0;
}

/*
 * [0] attributes, and [1] publicKey of version 2. The latter must be that of the
 * private key in Ed25519; nobody writes it for other types, in whose private key
 * the public one has its place already.
 */
static int ssa_parse_optional(const struct ssa_private_key *key, struct ssa_der *seq, u32 version)
{
	const struct ssa_public_key *pub = &key->public;
	struct ssa_der attributes, bits;

	if (ssa_der_next_is(seq, SSA_DER_CONSTRUCTED(0)) &&
	    !ssa_der_get(seq, SSA_DER_CONSTRUCTED(0), &attributes))
		return -EINVAL;
	if (version == 1 && ssa_der_next_is(seq, SSA_DER_PRIMITIVE(1))) {
		if (!ssa_der_get(seq, SSA_DER_PRIMITIVE(1), &bits) || seq->left)
			return -EINVAL;
		if (pub->type != SSA_KEY_ED25519)
			return 0;
		if (bits.left != 1 + (size_t)pub->n_len || bits.p[0])
			return -EINVAL;
		return memcmp(bits.p + 1, pub->n, pub->n_len) ? -EKEYREJECTED : 0;
	}
	return seq->left ? -EINVAL : 0;
}

/* what the OCTET STRING of PKCS#8 holds */
static int ssa_parse_pkcs8_key(struct ssa_private_key *key, const struct ssa_der *octets,
			       enum ssa_key_alg alg)
{
	struct ssa_der inner;
	u32 version;

	if (alg == SSA_ALG_ED25519)
		return ssa_parse_ed25519(key, octets);
	if (!ssa_der_only(octets, SSA_DER_SEQUENCE, &inner) || !ssa_der_small(&inner, &version))
		return -EINVAL;
	if (alg == SSA_ALG_EC)
		return ssa_parse_ec(key, &inner, version, key->public.type);
	return ssa_parse_rsa(key, &inner, version,
			     alg == SSA_ALG_RSA ? SSA_KEY_RSA : SSA_KEY_RSA_PSS);
}

/* PrivateKeyInfo or OneAsymmetricKey, RFC 5958 2; the version is read already */
static int ssa_parse_pkcs8(struct ssa_private_key *key, struct ssa_der *seq, u32 version)
{
	enum ssa_key_alg alg = SSA_ALG_UNKNOWN;
	struct ssa_der octets;
	int err;

	if (version > 1)
		return -EINVAL;
	err = ssa_parse_algorithm(seq, &alg, &key->public);
	if (err)
		return err;
	if (!ssa_der_get(seq, SSA_DER_OCTET_STRING, &octets))
		return -EINVAL;
	err = ssa_parse_pkcs8_key(key, &octets, alg);
	return err ?: ssa_parse_optional(key, seq, version);
}

/* ssa_private_key_parse() wipes the stack that this and what it calls have used. */
static noinline int ssa_parse_key(struct ssa_private_key *key, const u8 *data, size_t len)
{
	struct ssa_der der = ssa_der(data, len), seq;
	u32 version;

	if (!ssa_der_get(&der, SSA_DER_SEQUENCE, &seq) || der.left ||
	    !ssa_der_small(&seq, &version))
		return -EINVAL;
	if (ssa_der_next_is(&seq, SSA_DER_SEQUENCE))
		return ssa_parse_pkcs8(key, &seq, version);
	if (ssa_der_next_is(&seq, SSA_DER_OCTET_STRING))
		return ssa_parse_ec(key, &seq, version, 0);
	return ssa_parse_rsa(key, &seq, version, SSA_KEY_RSA);
}

/* A scheme that the key can sign by. */
static u16 ssa_any_scheme(const struct ssa_public_key *pub)
{
	static const u16 pss[SSA_HASH_COUNT] = {
		[SSA_SHA256] = SSA_SIG_RSA_PSS_PSS_SHA256,
		[SSA_SHA384] = SSA_SIG_RSA_PSS_PSS_SHA384,
		[SSA_SHA512] = SSA_SIG_RSA_PSS_PSS_SHA512,
	};

	switch (pub->type) {
	case SSA_KEY_EC_P256:
		return SSA_SIG_ECDSA_SECP256R1_SHA256;
	case SSA_KEY_EC_P384:
		return SSA_SIG_ECDSA_SECP384R1_SHA384;
	case SSA_KEY_EC_P521:
		return SSA_SIG_ECDSA_SECP521R1_SHA512;
	case SSA_KEY_ED25519:
		return SSA_SIG_ED25519;
	case SSA_KEY_RSA_PSS:
		return pss[pub->pss_bound ? pub->pss.hash : SSA_SHA256];
	default:
		return SSA_SIG_RSA_PKCS1_SHA256;
	}
}

/*
 * Does a signature by the private key verify under the public one? It does not
 * if n is not p * q (br_rsa_i31_compute_modulus() would say so, too, but has too
 * small a buffer for a modulus of 4096 bits).
 */
static int ssa_check_pair(const struct ssa_private_key *key)
{
	static const char msg[] = "pairwise consistency test";
	u16 scheme = ssa_any_scheme(&key->public);
	size_t sig_len;
	u8 *sig;
	int err;

	sig = kmalloc(SSA_SIGNATURE_MAX, GFP_KERNEL);
	if (!sig)
		return -ENOMEM;
	err = ssa_sign(key, scheme, msg, sizeof(msg), &ssa_kernel_rng, sig, &sig_len);
	if (!err)
		err = ssa_verify(&key->public, scheme, msg, sizeof(msg), sig, sig_len);
	kfree(sig);
	return err ? -EKEYREJECTED : 0;
}

/**
 * ssa_private_key_parse() - read an unencrypted private key
 * @der: DER of PKCS#8, SEC1 or PKCS#1
 * @len: bytes of @der
 *
 * Checks also that the key is consistent: the numbers of an RSA key with its
 * modulus, the public point of an EC key, where it is given, with its scalar,
 * and that a signature verifies.
 *
 * Context: Process; 7.5 KB of stack; may sleep.
 * Return: the key, to be given to ssa_private_key_free(), or an ERR_PTR:
 * -EINVAL malformed; -EOPNOTSUPP type, curve or size not supported;
 * -EKEYREJECTED inconsistent; -ENOMEM.
 */
struct ssa_private_key *ssa_private_key_parse(const u8 *der, size_t len)
{
	struct ssa_private_key *key;
	int err;

	key = kzalloc(sizeof(*key), GFP_KERNEL_ACCOUNT);
	if (!key)
		return ERR_PTR(-ENOMEM);
	err = ssa_parse_key(key, der, len);
	ssa_stack_wipe();
	if (!err)
		err = ssa_check_pair(key);
	if (err) {
		ssa_private_key_free(key);
		return ERR_PTR(err);
	}
	return key;
}
EXPORT_SYMBOL_GPL(ssa_private_key_parse);

/**
 * ssa_private_key_free() - wipe and free a key
 * @key: what ssa_private_key_parse() returned, or NULL
 *
 * Context: Any.
 */
void ssa_private_key_free(struct ssa_private_key *key)
{
	kfree_sensitive(key);
}
EXPORT_SYMBOL_GPL(ssa_private_key_free);

/**
 * ssa_private_key_type() - type of a key
 * @key: the key
 *
 * Context: Any.
 * Return: its type.
 */
enum ssa_key_type ssa_private_key_type(const struct ssa_private_key *key)
{
	return key->public.type;
}
EXPORT_SYMBOL_GPL(ssa_private_key_type);

/**
 * ssa_private_key_public() - the public key that belongs to a private one
 * @key: the private key, which owns the result
 *
 * Context: Any.
 * Return: the public key.
 */
const struct ssa_public_key *ssa_private_key_public(const struct ssa_private_key *key)
{
	return &key->public;
}
EXPORT_SYMBOL_GPL(ssa_private_key_public);

/* the number without leading zeros */
static struct ssa_der ssa_number(const u8 *data, size_t len)
{
	struct ssa_der number = ssa_der(data, len);

	while (number.left && !number.p[0]) {
		number.p++;
		number.left--;
	}
	return number;
}

/**
 * ssa_public_key_equal() - are these the same public key?
 * @a: one key
 * @b: the other
 *
 * The parameters of an id-RSASSA-PSS key are part of it: a private key that may
 * sign by more than its certificate says would make signatures that nobody takes.
 *
 * Context: Any.
 * Return: true if type, numbers and parameters are the same.
 */
bool ssa_public_key_equal(const struct ssa_public_key *a, const struct ssa_public_key *b)
{
	struct ssa_der e = ssa_number(b->e, b->e_len);
	struct ssa_der ours = ssa_number(a->e, a->e_len);

	if (a->type != b->type || a->n_len != b->n_len || memcmp(a->n, b->n, a->n_len))
		return false;
	if (!ssa_key_is_rsa(a->type))
		return true;
	if (!ssa_der_equal(&ours, &e) || a->pss_bound != b->pss_bound)
		return false;
	return !a->pss_bound ||
	       (a->pss.hash == b->pss.hash && a->pss.salt_len == b->pss.salt_len);
}
EXPORT_SYMBOL_GPL(ssa_public_key_equal);
