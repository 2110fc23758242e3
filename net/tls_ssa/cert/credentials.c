// SPDX-License-Identifier: GPL-2.0-only
/*
 * Credentials: a certificate chain and the private key of its first
 * certificate. What a peer would find wrong with them is found here, when they
 * are set, and not in each handshake.
 */
#include <kunit/visibility.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "pem.h"
#include "x509.h"

/**
 * struct ssa_credentials - a chain and its key
 * @refcount: references
 * @schemes: that the certificates are signed with, 0 after the last
 * @chain: points into @der
 * @issuer: Name of the issuer of each, with its header
 * @key: of the first certificate
 * @der: the certificates, one after the other
 */
struct ssa_credentials {
	refcount_t refcount;
	u16 schemes[SSA_PATH_CERTS_MAX + 1];
	struct ssa_chain chain;
	struct ssa_der issuer[SSA_PATH_CERTS_MAX];
	struct ssa_private_key *key;
	u8 der[];
};

/**
 * struct order - what is remembered of the certificates while they are read
 * @cert: the last one
 * @key: its key, or no type if we do not know such keys
 * @leaf_key: of the first one
 * @issuer: Name of the issuer of each
 * @schemes: that they are signed with, 0 after the last
 */
struct order {
	struct ssa_x509 cert;
	struct ssa_public_key key;
	struct ssa_public_key leaf_key;
	struct ssa_der issuer[SSA_PATH_CERTS_MAX];
	u16 schemes[SSA_PATH_CERTS_MAX + 1];
};

static int errno_of(enum ssa_reason reason)
{
	if (!reason)
		return 0;
	return reason == SSA_R_CERT_MALFORMED ? -EINVAL : -EOPNOTSUPP;
}

/*
 * How the last certificate is signed; @issuer is the type of its issuer's key, or 0:
 * not known. RFC 8446 4.4.2.2 forbids to send SHA-1 to those who have not asked for it,
 * so it is refused here, and MD5 with it. Nobody looks at the signature of a root.
 */
static int add_scheme(struct order *order, u8 issuer)
{
	u16 scheme, *s;
	int err;

	if (ssa_x509_self_issued(&order->cert))
		return 0;
	err = errno_of(ssa_x509_scheme(&order->cert, issuer, &scheme));
	if (err)
		return err;
	for (s = order->schemes; *s; s++) {
		if (*s == scheme)
			return 0;
	}
	*s = scheme;
	return 0;
}

/* RFC 8446 4.4.2: the end entity first, each issued by the one that follows */
static int check_next(struct order *order, u32 index, const u8 *der, size_t len)
{
	enum ssa_reason reason;
	struct ssa_x509 cert;
	int err = 0;

	if (ssa_x509_parse(&cert, der, len))
		return -EINVAL;
	reason = ssa_x509_key(&cert, &order->key);
	if (!index) {
		order->leaf_key = order->key;
		/* as ssa_chain_verify() judges the certificate of the other side */
		if (cert.version != 3)
			reason = SSA_R_CERT_VERSION;
		err = errno_of(reason);
	} else if (!ssa_der_equal(&order->cert.issuer, &cert.subject)) {
		err = -EINVAL;
	} else {
		err = add_scheme(order, reason ? 0 : order->key.type);
	}
	order->cert = cert;
	order->issuer[index] = cert.issuer;
	return err;
}

/*
 * Reads the certificates of a text into @der; other objects in it are passed
 * over, as one file may hold the chain and the key.
 */
static int read_chain(const char *text, size_t len, u8 *der, size_t size,
		      struct ssa_chain *chain, struct order *order)
{
	struct ssa_pem_object obj;
	struct ssa_pem pem;
	int ret;

	memset(order, 0, sizeof(*order));
	chain->count = 0;
	obj.der = der;
	obj.size = size;
	ssa_pem_init(&pem, text, len);
	while ((ret = ssa_pem_next(&pem, &obj)) > 0) {
		if (strcmp(obj.label, "CERTIFICATE")) {
			memzero_explicit(obj.der, obj.len);
			continue;
		}
		if (chain->count == SSA_PATH_CERTS_MAX)
			return -E2BIG;
		ret = check_next(order, chain->count, obj.der, obj.len);
		if (ret)
			return ret;
		chain->cert[chain->count].der = obj.der;
		chain->cert[chain->count].len = obj.len;
		chain->count++;
		obj.der += obj.len;
		obj.size -= obj.len;
	}
	if (ret)
		return ret;
	return chain->count ? add_scheme(order, 0) : -EINVAL;
}

static bool is_key_label(const char *label)
{
	return !strcmp(label, "PRIVATE KEY") ||		/* PKCS#8, RFC 5208 */
	       !strcmp(label, "EC PRIVATE KEY") ||	/* SEC1, RFC 5915 */
	       !strcmp(label, "RSA PRIVATE KEY");	/* PKCS#1, RFC 8017 */
}

static struct ssa_private_key *read_key_into(const char *text, size_t len, u8 *der, size_t size)
{
	struct ssa_pem_object obj = { .der = der, .size = size };
	struct ssa_private_key *key = NULL;
	struct ssa_pem pem;
	int ret;

	ssa_pem_init(&pem, text, len);
	while ((ret = ssa_pem_next(&pem, &obj)) > 0) {
		if (!strcmp(obj.label, "ENCRYPTED PRIVATE KEY"))
			ret = -EOPNOTSUPP;
		else if (!is_key_label(obj.label))
			continue;	/* EC PARAMETERS, certificates */
		else if (key)
			ret = -EINVAL;	/* which one? */
		if (ret < 0)
			break;
		key = ssa_private_key_parse(obj.der, obj.len);
		if (IS_ERR(key))
			return key;
	}
	if (!ret && !key)
		ret = -EINVAL;
	if (ret) {
		ssa_private_key_free(key);
		return ERR_PTR(ret);
	}
	return key;
}

/* One SEQUENCE, and nothing behind it: keyrings have their keys like that. */
static bool is_der(const char *text, size_t len)
{
	struct ssa_der der = { (const u8 *)text, len }, content;
	u8 tag;

	return ssa_der_any(&der, &tag, &content) && tag == SSA_DER_SEQUENCE && !der.left;
}

static struct ssa_private_key *read_key(const char *text, size_t len)
{
	struct ssa_private_key *key;
	u8 *der;

	if (len > SSA_KEY_PEM_MAX)
		return ERR_PTR(-E2BIG);
	if (is_der(text, len))
		return ssa_private_key_parse((const u8 *)text, len);
	der = kvmalloc(SSA_KEY_PEM_MAX, GFP_KERNEL);
	if (!der)
		return ERR_PTR(-ENOMEM);
	key = read_key_into(text, len, der, SSA_KEY_PEM_MAX);
	kvfree_sensitive(der, SSA_KEY_PEM_MAX);
	return key;
}

/* An upper bound of what @len bytes of PEM decode to */
static size_t decoded_max(size_t len)
{
	return min_t(size_t, len / 4 * 3 + 3, SSA_OWN_BYTES_MAX);
}

/**
 * ssa_credentials_new - make credentials of a chain and its key
 * @chain_pem: certificates, the end entity first
 * @chain_len: bytes of @chain_pem
 * @key_pem: private key: PKCS#8, SEC1 or PKCS#1, not encrypted; or the same in DER
 * @key_len: bytes of @key_pem
 *
 * Context: Process context, may sleep; milliseconds, up to 7.5 KB of stack.
 * Return: the credentials with one reference, or ERR_PTR: -EINVAL malformed, or
 * certificates not in order, -E2BIG, -EOPNOTSUPP type or size of the key, or an
 * encrypted key, or a certificate that is signed with a broken hash or an unknown
 * algorithm, -EKEYREJECTED the key is not that of the end entity, -ENOMEM.
 */
struct ssa_credentials *ssa_credentials_new(const char *chain_pem, size_t chain_len,
					    const char *key_pem, size_t key_len)
{
	struct ssa_credentials *cred;
	struct order *order;
	size_t size, room;
	int err;

	if (chain_len > SSA_CHAIN_PEM_MAX)
		return ERR_PTR(-E2BIG);
	room = decoded_max(chain_len);
	size = struct_size(cred, der, room);
	order = kmalloc(sizeof(*order), GFP_KERNEL);
	cred = kvzalloc(size, GFP_KERNEL_ACCOUNT);
	if (!order || !cred) {
		err = -ENOMEM;
		goto fail;
	}
	refcount_set(&cred->refcount, 1);

	err = read_chain(chain_pem, chain_len, cred->der, room, &cred->chain, order);
	if (err)
		goto fail;
	cred->key = read_key(key_pem, key_len);
	if (IS_ERR(cred->key)) {
		err = PTR_ERR(cred->key);
		goto fail;
	}
	if (!ssa_public_key_equal(ssa_private_key_public(cred->key), &order->leaf_key)) {
		ssa_private_key_free(cred->key);
		err = -EKEYREJECTED;
		goto fail;
	}
	memcpy(cred->issuer, order->issuer, sizeof(cred->issuer));
	memcpy(cred->schemes, order->schemes, sizeof(cred->schemes));
	kfree(order);
	return cred;

fail:
	kfree(order);
	/* the text may have held the key, too */
	kvfree_sensitive(cred, size);
	return ERR_PTR(err);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_credentials_new);

/**
 * ssa_credentials_get - take a reference
 * @cred: credentials, or NULL
 *
 * Context: Any.
 * Return: @cred.
 */
struct ssa_credentials *ssa_credentials_get(struct ssa_credentials *cred)
{
	if (cred)
		refcount_inc(&cred->refcount);
	return cred;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_credentials_get);

/**
 * ssa_credentials_put - give a reference back
 * @cred: credentials, or NULL
 *
 * Context: Process context: the last one wipes and frees the key.
 */
void ssa_credentials_put(struct ssa_credentials *cred)
{
	if (!cred || !refcount_dec_and_test(&cred->refcount))
		return;
	ssa_private_key_free(cred->key);
	kvfree(cred);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_credentials_put);

/**
 * ssa_credentials_chain - the certificates
 * @cred: credentials
 *
 * Context: Any.
 * Return: the chain; it lives as long as @cred.
 */
const struct ssa_chain *ssa_credentials_chain(const struct ssa_credentials *cred)
{
	return &cred->chain;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_credentials_chain);

/**
 * ssa_credentials_key - the private key
 * @cred: credentials
 *
 * Context: Any.
 * Return: the key; it lives as long as @cred.
 */
const struct ssa_private_key *ssa_credentials_key(const struct ssa_credentials *cred)
{
	return cred->key;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_credentials_key);

/**
 * ssa_credentials_issued_by - does the chain lead to this authority?
 * @cred: credentials
 * @dn: Name of the authority, in DER
 * @len: bytes of @dn
 *
 * Names are compared byte by byte, as in ssa_chain_verify().
 *
 * Context: Any.
 * Return: true if it is the issuer of one of the certificates (RFC 8446 4.2.4).
 */
bool ssa_credentials_issued_by(const struct ssa_credentials *cred, const u8 *dn, size_t len)
{
	u32 i;

	for (i = 0; i < cred->chain.count; i++) {
		if (ssa_der_is_bytes(&cred->issuer[i], dn, len))
			return true;
	}
	return false;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_credentials_issued_by);

/**
 * ssa_credentials_schemes - how the certificates are signed
 * @cred: credentials
 * @out: each SignatureScheme once, 0 after the last
 *
 * What a peer has to verify: self-issued certificates do not count (RFC 8446
 * 4.4.2.2). An ECDSA scheme stands for its hash with any curve. For RSASSA-PSS by
 * an issuer that is not in the chain it is rsa_pss_rsae_*.
 *
 * Context: Any.
 */
void ssa_credentials_schemes(const struct ssa_credentials *cred, u16 out[SSA_PATH_CERTS_MAX + 1])
{
	memcpy(out, cred->schemes, sizeof(cred->schemes));
}
EXPORT_SYMBOL_IF_KUNIT(ssa_credentials_schemes);

/**
 * ssa_credentials_check_chain - would ssa_credentials_new() take this chain?
 * @pem: certificates
 * @len: bytes of @pem
 *
 * Context: Process context, may sleep.
 * Return: 0, or what ssa_credentials_new() says about the chain.
 */
int ssa_credentials_check_chain(const char *pem, size_t len)
{
	struct order *order;
	struct ssa_chain *chain;
	size_t size;
	u8 *der;
	int err = -ENOMEM;

	if (len > SSA_CHAIN_PEM_MAX)
		return -E2BIG;
	size = decoded_max(len);
	order = kmalloc(sizeof(*order), GFP_KERNEL);
	chain = kmalloc(sizeof(*chain), GFP_KERNEL);
	der = kvmalloc(size, GFP_KERNEL);
	if (order && chain && der)
		err = read_chain(pem, len, der, size, chain, order);
	kvfree_sensitive(der, size);
	kfree(chain);
	kfree(order);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_credentials_check_chain);

/**
 * ssa_credentials_check_key - would ssa_credentials_new() take this key?
 * @pem: private key, or the same in DER
 * @len: bytes of @pem
 *
 * Context: Process context, may sleep.
 * Return: 0, or what ssa_credentials_new() says about the key.
 */
int ssa_credentials_check_key(const char *pem, size_t len)
{
	struct ssa_private_key *key = read_key(pem, len);

	if (IS_ERR(key))
		return PTR_ERR(key);
	ssa_private_key_free(key);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_credentials_check_key);
