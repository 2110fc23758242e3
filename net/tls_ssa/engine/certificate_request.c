// SPDX-License-Identifier: GPL-2.0
/*
 * Which certificates a side can make use of. A client says it in its ClientHello, a
 * server in CertificateRequest (RFC 8446 4.3.2, RFC 5246 7.4.4), both in the same
 * lists.
 */
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <kunit/visibility.h>
#include "../cert/x509.h"
#include "hs.h"

/* --------------------------------------------------------------- what we ask */

/**
 * ssa_put_schemes - the list of signature_algorithms (RFC 8446 4.2.3)
 * @hs: either side
 * @w: in the message
 *
 * What the handshake may be signed with, and certificates: without
 * signature_algorithms_cert, which we never send, it holds for both.
 *
 * Context: process, may sleep.
 */
void ssa_put_schemes(const struct ssa_hs *hs, struct ssa_writer *w)
{
	struct ssa_vec list;
	u32 i;

	list = ssa_open_vec(w, 2);
	for (i = 0; i < SSA_SIGALGS_MAX && hs->cfg.sigalgs[i]; i++)
		ssa_write_u16(w, hs->cfg.sigalgs[i]);
	ssa_close_vec(w, list);
}

/* Whom we trust to certify clients: of the policy, then the application's; NULL: no more */
static const struct ssa_x509 *get_authority(const struct ssa_hs *hs, u32 i)
{
	u32 count = ssa_trust_store_count(hs->cfg.store);

	if (i < count)
		return ssa_trust_store_anchor(hs->cfg.store, i);
	i -= count;
	return i < ssa_trust_store_count(hs->cfg.extra) ?
	       ssa_trust_store_anchor(hs->cfg.extra, i) : NULL;
}

/*
 * Bytes of the list of authorities; 0: there is none. One that were cut short would
 * keep clients from showing certificates that are good, so a long one is left out. So
 * is all of it if clients are trusted for themselves: who they are, or who has
 * certified them, is not for everybody who connects.
 */
static u32 authorities_len(const struct ssa_hs *hs)
{
	const struct ssa_x509 *anchor;
	u32 len = 0, i;

	if (hs->cfg.pinned || hs->cfg.ignored & SSA_OPTIONAL_CERTIFICATE_AUTHORITIES)
		return 0;
	for (i = 0; (anchor = get_authority(hs, i)); i++) {
		len += 2 + anchor->subject.left;
		if (!ssa_x509_is_authority(anchor) || len > SSA_AUTHORITIES_MAX)
			return 0;
	}
	return len;
}

static void put_authorities(const struct ssa_hs *hs, struct ssa_writer *w, u32 len)
{
	const struct ssa_x509 *anchor;
	struct ssa_vec list, name;
	u32 i;

	list = ssa_open_vec(w, 2);
	for (i = 0; len && (anchor = get_authority(hs, i)); i++) {
		name = ssa_open_vec(w, 2);
		ssa_write_bytes(w, anchor->subject.p, anchor->subject.left);
		ssa_close_vec(w, name);
	}
	ssa_close_vec(w, list);
}

/**
 * ssa_put_certificate_request - write CertificateRequest (RFC 8446 4.3.2)
 * @hs: server
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_put_certificate_request(struct ssa_hs *hs)
{
	u32 len = authorities_len(hs);
	struct ssa_vec context, exts, ext;
	struct ssa_writer w;

	ssa_message_open(hs, &w, SSA_HT_CERTIFICATE_REQUEST);
	context = ssa_open_vec(&w, 1);
	ssa_close_vec(&w, context);
	exts = ssa_open_vec(&w, 2);
	ssa_write_u16(&w, SSA_XT_SIGNATURE_ALGORITHMS);
	ext = ssa_open_vec(&w, 2);
	ssa_put_schemes(hs, &w);
	ssa_close_vec(&w, ext);
	if (len) {
		ssa_write_u16(&w, SSA_XT_CERTIFICATE_AUTHORITIES);
		ext = ssa_open_vec(&w, 2);
		put_authorities(hs, &w, len);
		ssa_close_vec(&w, ext);
	}
	ssa_close_vec(&w, exts);
	return ssa_message_close(hs, &w);
}

/* ClientCertificateType, RFC 5246 7.4.4 and RFC 8422 5.5, and the keys behind it */
static const struct {
	u8 type;
	u32 keys;
} certificate_types[] = {
	{ SSA_CERTIFICATE_TYPE_RSA_SIGN, BIT(SSA_KEY_RSA) | BIT(SSA_KEY_RSA_PSS) },
	{ SSA_CERTIFICATE_TYPE_ECDSA_SIGN, BIT(SSA_KEY_EC_P256) | BIT(SSA_KEY_EC_P384) |
					   BIT(SSA_KEY_EC_P521) | BIT(SSA_KEY_ED25519) },
};

/* May one of these keys sign with one of our schemes? */
static bool takes_keys(const struct ssa_hs *hs, u32 keys)
{
	u32 i, type;

	for (i = 0; i < SSA_SIGALGS_MAX && hs->cfg.sigalgs[i]; i++)
		for (type = SSA_KEY_RSA; type <= SSA_KEY_RSA_PSS; type++)
			if ((keys & BIT(type)) &&
			    ssa_sig_scheme_fits_tls12(hs->cfg.sigalgs[i], type))
				return true;
	return false;
}

/**
 * ssa_put_certificate_request12 - write CertificateRequest (RFC 5246 7.4.4)
 * @hs: server
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_put_certificate_request12(struct ssa_hs *hs)
{
	struct ssa_writer w;
	struct ssa_vec types;
	u32 i;

	ssa_message_open(hs, &w, SSA_HT_CERTIFICATE_REQUEST);
	types = ssa_open_vec(&w, 1);
	for (i = 0; i < ARRAY_SIZE(certificate_types); i++)
		if (takes_keys(hs, certificate_types[i].keys))
			ssa_write_u8(&w, certificate_types[i].type);
	ssa_close_vec(&w, types);
	ssa_put_schemes(hs, &w);
	put_authorities(hs, &w, authorities_len(hs));
	return ssa_message_close(hs, &w);
}

/* ------------------------------------------------------- what the peer asks */

static bool read_schemes(struct ssa_reader *r, struct ssa_reader *schemes)
{
	return ssa_read_vec16(r, schemes, 2, 0xfffe) && !(schemes->left % 2);
}

/* A list of Names in DER; the versions differ in the least bytes of it. */
static bool read_authorities(struct ssa_reader *r, struct ssa_reader *names, u32 min)
{
	struct ssa_reader list, name;

	if (!ssa_read_vec16(r, names, min, 0xffff))
		return false;
	list = *names;
	while (ssa_reader_more(&list)) {
		if (!ssa_read_vec16(&list, &name, 1, 0xffff) ||
		    !ssa_dn_is_valid(name.data, name.left))
			return false;
	}
	return !list.bad;
}

/**
 * ssa_read_asked - what the extensions say about our certificates
 * @exts: of a ClientHello or CertificateRequest
 * @asked: result, points into them; lists that are not there are empty
 *
 * signature_algorithms and signature_algorithms_cert (RFC 8446 4.2.3), for which the
 * other one stands in, and certificate_authorities (4.2.4).
 *
 * Context: any.
 * Return: false if one of them is malformed.
 */
bool ssa_read_asked(const struct ssa_exts *exts, struct ssa_asked *asked)
{
	struct ssa_reader r;

	memset(asked, 0, sizeof(*asked));
	asked->key_types = U32_MAX;
	if (ssa_has_ext(exts, SSA_EXT_SIGNATURE_ALGORITHMS)) {
		r = exts->body[SSA_EXT_SIGNATURE_ALGORITHMS];
		if (!read_schemes(&r, &asked->schemes) || !ssa_reader_done(&r))
			return false;
	}
	asked->cert_schemes = asked->schemes;
	if (ssa_has_ext(exts, SSA_EXT_SIGNATURE_ALGORITHMS_CERT)) {
		r = exts->body[SSA_EXT_SIGNATURE_ALGORITHMS_CERT];
		if (!read_schemes(&r, &asked->cert_schemes) || !ssa_reader_done(&r))
			return false;
	}
	if (ssa_has_ext(exts, SSA_EXT_CERTIFICATE_AUTHORITIES)) {
		r = exts->body[SSA_EXT_CERTIFICATE_AUTHORITIES];
		if (!read_authorities(&r, &asked->authorities, 3) || !ssa_reader_done(&r))
			return false;
	}
	return true;
}

/*
 * RFC 8446 4.2.5. Which extensions of certificates a client recognizes is its own
 * affair: we recognize none, and leave it to the server what it takes.
 */
static bool check_oid_filters(const struct ssa_exts *exts)
{
	struct ssa_reader r = exts->body[SSA_EXT_OID_FILTERS], list, oid, values;

	if (!ssa_has_ext(exts, SSA_EXT_OID_FILTERS))
		return true;
	if (!ssa_read_vec16(&r, &list, 0, 0xffff) || !ssa_reader_done(&r))
		return false;
	while (ssa_reader_more(&list)) {
		if (!ssa_read_vec8(&list, &oid, 1, 0xff) ||
		    !ssa_read_vec16(&list, &values, 0, 0xffff))
			return false;
	}
	return !list.bad;
}

/**
 * ssa_read_certificate_request - read CertificateRequest (RFC 8446 4.3.2)
 * @hs: client
 * @msg: the message
 * @asked: result, points into @msg
 *
 * Context: process, may sleep.
 * Return: 0 or ssa_fail().
 */
int ssa_read_certificate_request(struct ssa_hs *hs, const struct ssa_msg *msg,
				 struct ssa_asked *asked)
{
	struct ssa_reader r = msg->body, context, list;
	enum ssa_reason reason;
	struct ssa_exts exts;

	if (!ssa_read_vec8(&r, &context, 0, 0xff) ||
	    !ssa_read_vec16(&r, &list, 0, 0xffff) ||
	    !ssa_reader_done(&r))
		return ssa_fail(hs, SSA_R_DECODE);
	if (context.left)
		return ssa_fail(hs, SSA_R_ILLEGAL_PARAMETER);
	reason = ssa_exts_parse(list, &exts);
	ssa_exts_ignore(&exts, hs->cfg.ignored);
	if (!reason)
		reason = ssa_exts_judge(&exts, SSA_IN_CERTIFICATE_REQUEST, hs->offered);
	if (reason)
		return ssa_fail(hs, reason);
	if (!ssa_has_ext(&exts, SSA_EXT_SIGNATURE_ALGORITHMS))
		return ssa_fail(hs, SSA_R_MISSING_EXTENSION);
	if (!ssa_read_asked(&exts, asked) || !check_oid_filters(&exts))
		return ssa_fail(hs, SSA_R_DECODE);
	return 0;
}

/**
 * ssa_read_certificate_request12 - read CertificateRequest (RFC 5246 7.4.4)
 * @hs: client
 * @msg: the message
 * @asked: result, points into @msg
 *
 * Context: any.
 * Return: 0 or ssa_fail().
 */
int ssa_read_certificate_request12(struct ssa_hs *hs, const struct ssa_msg *msg,
				   struct ssa_asked *asked)
{
	struct ssa_reader r = msg->body, types, names;
	u32 i;
	u8 type;

	memset(asked, 0, sizeof(*asked));
	if (!ssa_read_vec8(&r, &types, 1, 0xff) || !read_schemes(&r, &asked->schemes))
		return ssa_fail(hs, SSA_R_DECODE);
	/* what is an extension in TLS 1.3 is always there */
	if (hs->cfg.ignored & SSA_OPTIONAL_CERTIFICATE_AUTHORITIES ?
	    !ssa_read_vec16(&r, &names, 0, 0xffff) :
	    !read_authorities(&r, &asked->authorities, 0))
		return ssa_fail(hs, SSA_R_DECODE);
	if (!ssa_reader_done(&r))
		return ssa_fail(hs, SSA_R_DECODE);
	asked->cert_schemes = asked->schemes;
	while (ssa_read_u8(&types, &type))
		for (i = 0; i < ARRAY_SIZE(certificate_types); i++)
			if (certificate_types[i].type == type)
				asked->key_types |= certificate_types[i].keys;
	return 0;
}
