// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is wrong with certificates or a key that were refused? Whoever reads them says it
 * in an errno, of which there are few; here the same text is looked at once more, by
 * somebody who expects the usual mistakes. Nothing is accepted or refused here.
 */
#include <kunit/visibility.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "pem.h"
#include "x509.h"

/**
 * struct finding - what the text has
 * @objects: of any kind
 * @certificates: that parse
 * @requests: certificate requests (RFC 7468 7)
 * @keys: private keys, encrypted ones too
 * @encrypted: one of them is
 * @malformed: a certificate does not parse, or the text is no PEM from there on
 * @twice: the same certificate stands behind itself
 * @order: a certificate is not the issuer of the one before it
 * @weak: the public key of the first certificate is too small
 * @weak_key: a private key is
 * @last: the last certificate that parses
 * @key: scratch
 */
struct finding {
	u32 objects;
	u32 certificates;
	u32 requests;
	u32 keys;
	bool encrypted;
	bool malformed;
	bool twice;
	bool order;
	bool weak;
	bool weak_key;
	struct ssa_x509 last;
	struct ssa_public_key key;
};

/* @der stays until the next one has been looked at. */
static void look_at_certificate(struct finding *f, const u8 *der, size_t len)
{
	struct ssa_x509 cert;

	if (ssa_x509_parse(&cert, der, len)) {
		f->malformed = true;
		return;
	}
	if (!f->certificates)
		f->weak = ssa_x509_key(&cert, &f->key) == SSA_R_CERT_WEAK_KEY;
	else if (ssa_der_equal(&cert.der, &f->last.der))
		f->twice = true;
	else if (!ssa_der_equal(&cert.subject, &f->last.issuer))
		f->order = true;
	f->last = cert;
	f->certificates++;
}

static bool ends_with(const char *label, const char *end)
{
	size_t len = strlen(label), end_len = strlen(end);

	return len >= end_len && !strcmp(label + len - end_len, end);
}

/* RSAPrivateKey ::= SEQUENCE { version, modulus, ... }, alone or in PKCS#8 */
static bool is_small_rsa(const u8 *der, size_t len)
{
	struct ssa_der rest = { der, len }, seq, inner, modulus;
	u32 version;

	if (!ssa_der_get(&rest, SSA_DER_SEQUENCE, &seq) || !ssa_der_small(&seq, &version))
		return false;
	if (ssa_der_next_is(&seq, SSA_DER_SEQUENCE)) {
		if (!ssa_der_get(&seq, SSA_DER_SEQUENCE, &inner) ||
		    !ssa_der_get(&seq, SSA_DER_OCTET_STRING, &rest) ||
		    !ssa_der_get(&rest, SSA_DER_SEQUENCE, &seq) || !ssa_der_small(&seq, &version))
			return false;
	}
	return ssa_der_positive(&seq, &modulus) && modulus.left < SSA_RSA_MIN_BITS / 8;
}

/* Two buffers in turn: a certificate is compared with the one before it. */
static void look_at(struct finding *f, const char *text, size_t len, u8 *der, size_t size)
{
	struct ssa_pem_object obj = { .size = size };
	struct ssa_pem pem;
	int ret;

	ssa_pem_init(&pem, text, len);
	for (;;) {
		obj.der = der + (f->certificates & 1 ? size : 0);
		ret = ssa_pem_next(&pem, &obj);
		if (ret == -EOPNOTSUPP)
			f->encrypted = true;
		f->malformed |= ret < 0;
		if (ret <= 0)
			break;
		f->objects++;
		if (!strcmp(obj.label, "CERTIFICATE")) {
			look_at_certificate(f, obj.der, obj.len);
		} else if (ends_with(obj.label, "CERTIFICATE REQUEST")) {
			f->requests++;
		} else if (ends_with(obj.label, "PRIVATE KEY")) {
			f->keys++;
			f->encrypted |= !strncmp(obj.label, "ENCRYPTED", 9);
			f->weak_key |= is_small_rsa(obj.der, obj.len);
		}
	}
}

static enum ssa_reason key_fault(const struct finding *f, int err)
{
	if (f->encrypted)
		return SSA_R_CRED_ENCRYPTED;
	if (!f->keys && !f->malformed)
		return f->objects ? SSA_R_CRED_NO_KEY : SSA_R_CRED_NOT_PEM;
	if (err != -EOPNOTSUPP)
		return SSA_R_CRED_MALFORMED;
	return f->weak_key ? SSA_R_CRED_WEAK_KEY : SSA_R_CRED_ALGORITHM;
}

static enum ssa_reason certificate_fault(const struct finding *f, int err)
{
	if (f->encrypted)
		return SSA_R_CRED_ENCRYPTED;
	if (!f->certificates && !f->malformed) {
		if (f->requests)
			return SSA_R_CRED_REQUEST;
		return f->objects ? SSA_R_CRED_NO_CERTIFICATE : SSA_R_CRED_NOT_PEM;
	}
	if (err == -EOPNOTSUPP)
		return f->weak ? SSA_R_CRED_WEAK_KEY : SSA_R_CRED_ALGORITHM;
	if (f->malformed)
		return SSA_R_CRED_MALFORMED;
	if (f->twice)
		return SSA_R_CRED_TWICE;
	return f->order ? SSA_R_CRED_ORDER : SSA_R_CRED_MALFORMED;
}

/**
 * ssa_credentials_fault - why was a text refused?
 * @text: PEM, or what was taken for it
 * @len: bytes of @text
 * @key: it was to be a private key, not certificates
 * @err: with what it was refused: -EINVAL, -E2BIG, -EOPNOTSUPP, -EKEYREJECTED
 *
 * Context: Process context, may sleep.
 * Return: SSA_R_CRED_*, or SSA_R_NONE: nothing is known about @err.
 */
enum ssa_reason ssa_credentials_fault(const char *text, size_t len, bool key, int err)
{
	enum ssa_reason reason;
	struct finding *f;
	u8 *der;

	if (err == -E2BIG)
		return SSA_R_CRED_TOO_LONG;
	if (err != -EINVAL && err != -EOPNOTSUPP && err != -EKEYREJECTED)
		return SSA_R_NONE;
	f = kzalloc(sizeof(*f), GFP_KERNEL);
	der = kvmalloc(2 * SSA_CERT_MAX, GFP_KERNEL);
	if (f && der) {
		look_at(f, text, len, der, SSA_CERT_MAX);
		reason = key ? key_fault(f, err) : certificate_fault(f, err);
	} else {
		reason = SSA_R_NO_MEMORY;
	}
	/* the text may have held a key */
	kvfree_sensitive(der, 2 * SSA_CERT_MAX);
	kfree_sensitive(f);
	return reason;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_credentials_fault);
