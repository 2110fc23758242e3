// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is this chain good for this host, now? Path building and validation of
 * RFC 5280 6, as far as TLS needs it.
 *
 * A path goes from the end entity, which is the first certificate of the list
 * (RFC 8446 4.4.2), over authorities of the list to a trust anchor. The list may
 * be in any order and have more than is needed: what the path does not use is
 * not judged. Where names leave a choice, every way is tried until one is good: first
 * those whose identifier of the key is the one that is asked for, last those that have
 * another (RFC 5280 4.2.1.1: it helps, and no more); among equals anchors first.
 *
 * Signatures cost most of the time, and the peer can have as many as it likes of
 * those that keys of its own have made. So the way up follows names, dates and rights
 * alone. Once it is at an anchor, signatures are verified from there down: each by a
 * key that an anchor stands for, and no certificate by the same key twice. How many
 * steps there are up, and how many signatures are verified, is limited.
 *
 * Trust anchors are certificates. What they say about themselves holds, too: validity,
 * pathLenConstraint, keyUsage, extendedKeyUsage, nameConstraints; a critical extension
 * that is not known makes an anchor as useless as any other certificate. An
 * end entity that is itself in the store, byte for byte, needs no issuer: it is pinned.
 * That makes no authority of it: a pin that is none certifies nobody, and its own key
 * and signature prove nothing here. If the peer has to be pinned, nothing else counts.
 *
 * Certificates are looked up in lists of what is blocked once they form a path that is
 * good otherwise: what is not authentic costs no hash. Then each is hashed once. A path
 * on which one is blocked is none; one that goes around it may be good.
 *
 * Names of authorities are compared byte by byte: that is how they are issued,
 * and it never joins what RFC 5280 7.1 would keep apart.
 *
 * If several things are wrong, the first of this list is reported:
 *  1. no certificate, too many, or the end entity does not parse;
 *  2. no path: of the ways tried, the first failure that is not about a missing
 *     authority; on each step up the issuer's validity, then its right to issue,
 *     then algorithm and key; at an anchor the length, then the signatures, from there
 *     down, then the nameConstraints of the path, its policies, last what is blocked;
 *  3. the end entity's validity, then its form, algorithm and key, then its
 *     right to serve, then its name.
 * So what is said about dates and names is said of an authentic certificate.
 */
#include <kunit/visibility.h>
#include <linux/array_size.h>
#include <linux/export.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "name.h"
#include "x509.h"

/*
 * More than any honest list needs; a hostile one, of authorities that all have
 * the same name, would have as many paths as its certificates permutations.
 */
#define STEPS_MAX	128
/*
 * Good ones are as many as a path has certificates, or a few more. Bad ones are all that
 * who has no certificate can make us verify; some anchors may have the same name.
 */
#define SIGNATURES_MAX		32
#define BAD_SIGNATURES_MAX	16

/* How well the identifiers of keys fit; in the order in which candidates are tried */
enum fit {
	FIT_SAME,
	FIT_UNKNOWN,	/* one of them has none */
	FIT_OTHER,
	FITS,
};

/**
 * struct verdict - a signature that was verified
 * @cert: what is signed
 * @issuer: by whose key; others may have the same
 * @reason: what came of it
 */
struct verdict {
	const struct ssa_x509 *cert;
	const struct ssa_x509 *issuer;
	enum ssa_reason reason;
};

/**
 * struct builder - a path being built
 * @params: what it is judged by
 * @count: certificates of the peer
 * @steps: how many more we go up
 * @signatures: how many we have verified
 * @bad: how many of them were bad
 * @depth: last index in @path
 * @reason: why the ways tried so far failed
 * @key: of the issuer that is being tried
 * @verdict: the signatures
 * @path: [0] is the end entity
 * @fit: what candidates are tried at present as the issuer of each
 * @next: which of them is next
 * @usable: the peer's certificate has the form of one
 * @used: it is in the path
 * @clear: it is known not to be blocked
 * @cert: the peer's certificates
 */
struct builder {
	const struct ssa_verify_params *params;
	u32 count;
	u32 steps;
	u32 signatures;
	u32 bad;
	u32 depth;
	enum ssa_reason reason;
	struct ssa_public_key key;
	struct verdict verdict[SIGNATURES_MAX];
	const struct ssa_x509 *path[SSA_PATH_CERTS_MAX + 1];
	enum fit fit[SSA_PATH_CERTS_MAX + 1];
	u32 next[SSA_PATH_CERTS_MAX + 1];
	bool usable[SSA_CHAIN_MAX];
	bool used[SSA_CHAIN_MAX];
	bool clear[SSA_CHAIN_MAX];
	struct ssa_x509 cert[] __counted_by(count);
};

/**
 * struct candidate - a possible issuer
 * @cert: its certificate
 * @anchor: it is a trust anchor
 * @index: in builder.cert, if it is none
 */
struct candidate {
	const struct ssa_x509 *cert;
	bool anchor;
	u32 index;
};

/* Candidate @i: the system's anchors, the application's, the peer's certificates */
static bool get_candidate(const struct builder *b, u32 i, struct candidate *c)
{
	const struct ssa_trust_store *const stores[] = { b->params->store, b->params->extra };
	u32 n, s;

	c->anchor = true;
	for (s = 0; s < ARRAY_SIZE(stores); s++) {
		n = ssa_trust_store_count(stores[s]);
		if (i < n) {
			c->cert = ssa_trust_store_anchor(stores[s], i);
			return true;
		}
		i -= n;
	}
	if (i >= b->count)
		return false;
	c->anchor = false;
	c->index = i;
	c->cert = &b->cert[i];
	return true;
}

static enum fit fit_of(const struct ssa_x509 *cert, const struct ssa_x509 *issuer)
{
	if (!cert->authority_key_id.left || !issuer->subject_key_id.left)
		return FIT_UNKNOWN;
	return ssa_der_equal(&cert->authority_key_id, &issuer->subject_key_id) ? FIT_SAME :
									       FIT_OTHER;
}

/* The next certificate that has the name of the last one's issuer, and fits as well */
static bool next_that_fits(struct builder *b, struct candidate *c, enum fit fit)
{
	const struct ssa_x509 *last = b->path[b->depth];

	while (get_candidate(b, b->next[b->depth], c)) {
		b->next[b->depth]++;
		if (!c->anchor && (!b->usable[c->index] || b->used[c->index]))
			continue;
		if (ssa_der_equal(&c->cert->subject, &last->issuer) &&
		    fit_of(last, c->cert) == fit)
			return true;
	}
	return false;
}

/* The next certificate that may have issued the last one */
static bool next_issuer(struct builder *b, struct candidate *c)
{
	enum fit *fit = &b->fit[b->depth];

	for (; *fit < FITS; ++*fit) {
		if (next_that_fits(b, c, *fit))
			return true;
		b->next[b->depth] = 0;
	}
	return false;
}

/* RFC 5280 4.1.2.5: both ends belong to it */
static enum ssa_reason check_validity(const struct ssa_x509 *cert, s64 now)
{
	if (now < cert->not_before)
		return SSA_R_CERT_NOT_YET_VALID;
	if (now > cert->not_after)
		return SSA_R_CERT_EXPIRED;
	return SSA_R_NONE;
}

static bool allows_purpose(const struct ssa_x509 *cert, enum ssa_purpose purpose)
{
	u8 wanted = purpose == SSA_PURPOSE_SERVER ? SSA_EKU_SERVER : SSA_EKU_CLIENT;

	return !cert->has_ext_key_usage || cert->ext_key_usage & (wanted | SSA_EKU_ANY);
}

/* The key of a certificate of the path */
static enum ssa_reason get_key(const struct builder *b, const struct ssa_x509 *cert,
			       struct ssa_public_key *key)
{
	enum ssa_reason reason = ssa_x509_key(cert, key);

	if (!reason && (key->type == SSA_KEY_RSA || key->type == SSA_KEY_RSA_PSS) &&
	    ssa_rsa_bits(key) < b->params->min_rsa_bits)
		return SSA_R_CERT_WEAK_KEY;
	return reason;
}

/* RFC 5280 4.2.1.9: authorities below it, without the self-issued ones */
static u32 authorities_below(const struct builder *b)
{
	u32 n = 0, i;

	for (i = 1; i <= b->depth; i++)
		n += !ssa_x509_self_issued(b->path[i]);
	return n;
}

/* RFC 5280 6.1.4: may this one issue the last of the path? */
static enum ssa_reason check_authority(const struct builder *b, const struct candidate *c)
{
	const struct ssa_x509 *cert = c->cert;
	enum ssa_reason reason = check_validity(cert, b->params->now);

	if (reason)
		return reason;
	if (!cert->ca && !(c->anchor && ssa_x509_is_authority(cert)))
		return SSA_R_CERT_NOT_CA;
	if (cert->has_key_usage && !(cert->key_usage & SSA_KU_KEY_CERT_SIGN))
		return SSA_R_CERT_KEY_USAGE;
	if (!allows_purpose(cert, b->params->purpose))
		return SSA_R_CERT_EXT_KEY_USAGE;
	if (cert->path_len >= 0 && authorities_below(b) > cert->path_len)
		return SSA_R_CERT_PATH_LENGTH;
	/* RFC 5280 leaves anchors open; OpenSSL and Go refuse those, too */
	if (cert->unknown_critical)
		return SSA_R_CERT_CRITICAL_EXTENSION;
	return SSA_R_NONE;
}

/* May a key of this type have signed it like that? */
static enum ssa_reason check_scheme(const struct builder *b, const struct ssa_x509 *cert, u8 issuer)
{
	enum ssa_reason reason;
	u16 scheme;

	reason = ssa_x509_scheme(cert, issuer, &scheme);
	if (!reason && b->params->sigalgs &&
	    !ssa_list_has(b->params->sigalgs, SSA_SIGALGS_MAX, scheme))
		reason = SSA_R_CERT_SIGALG;
	return reason;
}

/* What is known of the signature on @cert by the key of @issuer */
static const struct verdict *find_verdict(const struct builder *b, const struct ssa_x509 *cert,
					  const struct ssa_x509 *issuer)
{
	const struct verdict *v;

	for (v = b->verdict; v < b->verdict + b->signatures; v++) {
		if (ssa_der_equal(&v->cert->der, &cert->der) &&
		    ssa_der_equal(&v->issuer->spki, &issuer->spki))
			return v;
	}
	return NULL;
}

/* May this one have issued the last of the path? All but the signature, if it is new */
static enum ssa_reason check_issuer(struct builder *b, const struct candidate *c)
{
	const struct ssa_x509 *last = b->path[b->depth];
	enum ssa_reason reason = check_authority(b, c);
	const struct verdict *v;

	if (!reason)
		reason = ssa_x509_algorithm(last);
	if (!reason)
		reason = get_key(b, c->cert, &b->key);
	if (!reason)
		reason = check_scheme(b, last, b->key.type);
	if (!reason && c->anchor && b->params->path_max && b->depth >= b->params->path_max)
		reason = SSA_R_CERT_CHAIN_TOO_LONG;
	if (reason)
		return reason;
	v = find_verdict(b, last, c->cert);
	return v ? v->reason : SSA_R_NONE;
}

static enum ssa_reason check_signature(struct builder *b, const struct ssa_x509 *cert,
				       const struct ssa_x509 *issuer)
{
	const struct verdict *v = find_verdict(b, cert, issuer);
	enum ssa_reason reason;

	if (v)
		return v->reason;
	if (b->signatures == SIGNATURES_MAX || b->bad == BAD_SIGNATURES_MAX)
		return SSA_R_CERT_CHAIN_TOO_LONG;
	cond_resched();
	reason = ssa_x509_key(issuer, &b->key);
	if (!reason)
		reason = ssa_x509_signed_by(cert, &b->key);
	b->verdict[b->signatures++] = (struct verdict){ cert, issuer, reason };
	b->bad += !!reason;
	return reason;
}

/* From the anchor down to the first bad one, which is that of path[@bad] */
static enum ssa_reason check_signatures(struct builder *b, u32 *bad)
{
	enum ssa_reason reason;
	u32 i;

	for (i = b->depth; i; i--) {
		reason = check_signature(b, b->path[i - 1], b->path[i]);
		if (reason) {
			*bad = i - 1;
			return reason;
		}
	}
	return SSA_R_NONE;
}

/*
 * RFC 5280 6.1.4 (g) and 6.1.3 (b, c): each authority binds all that are below
 * it, except self-issued authorities.
 */
static enum ssa_reason check_name_constraints(const struct builder *b)
{
	enum ssa_reason reason;
	u32 above, below;

	for (above = 1; above <= b->depth; above++) {
		for (below = 0; below < above; below++) {
			if (below && ssa_x509_self_issued(b->path[below]))
				continue;
			reason = ssa_x509_constrain(b->path[above], b->path[below]);
			if (reason)
				return reason;
			cond_resched();
		}
	}
	return SSA_R_NONE;
}

/* Index of a certificate of the path among the peer's; SSA_CHAIN_MAX: it is an anchor */
static u32 index_of(const struct builder *b, const struct ssa_x509 *cert)
{
	return cert >= b->cert && cert < b->cert + b->count ? cert - b->cert : SSA_CHAIN_MAX;
}

/* From the top to the first one that is blocked, which is path[@bad] */
static enum ssa_reason check_blocked(struct builder *b, u32 *bad)
{
	u32 i, index;

	for (i = b->depth + 1; i-- > 0; ) {
		index = index_of(b, b->path[i]);
		if (index < SSA_CHAIN_MAX && b->clear[index])
			continue;
		cond_resched();
		if (ssa_x509_is_blocked(b->path[i], b->params)) {
			*bad = i;
			return SSA_R_CERT_BLOCKED;
		}
		if (index < SSA_CHAIN_MAX)
			b->clear[index] = true;
	}
	return SSA_R_NONE;
}

static void note_failure(struct builder *b, enum ssa_reason reason)
{
	if (b->reason == SSA_R_CERT_UNKNOWN_CA)
		b->reason = reason;
}

static void push(struct builder *b, const struct candidate *c)
{
	b->path[++b->depth] = c->cert;
	b->fit[b->depth] = FIT_SAME;
	b->next[b->depth] = 0;
	if (!c->anchor)
		b->used[c->index] = true;
}

static void pop(struct builder *b)
{
	const struct ssa_x509 *cert = b->path[b->depth--];

	b->used[cert - b->cert] = false;
}

/*
 * The path is at an anchor: is it good? If not, back to where it may still become so.
 * A certificate that is blocked is not taken again.
 */
static enum ssa_reason check_path(struct builder *b)
{
	u32 last = b->depth - 1, blocked = 0;
	enum ssa_reason reason = check_signatures(b, &last);

	if (!reason)
		reason = check_name_constraints(b);
	if (!reason)
		reason = ssa_x509_policies(b->path, b->depth);
	if (!reason)
		reason = check_blocked(b, &blocked);
	if (!reason)
		return SSA_R_NONE;
	if (reason == SSA_R_CERT_BLOCKED && blocked < b->depth) {
		b->usable[index_of(b, b->path[blocked])] = false;
		last = blocked ? blocked - 1 : 0;
	}
	b->depth--;
	while (b->depth > last)
		pop(b);
	return reason;
}

/* Depth first, from the end entity up */
static enum ssa_reason find_path(struct builder *b)
{
	struct candidate c;
	enum ssa_reason reason;
	u32 i;

	b->reason = SSA_R_CERT_UNKNOWN_CA;
	b->steps = STEPS_MAX;
	b->used[0] = true;

	for (;;) {
		if (!next_issuer(b, &c)) {
			if (!b->depth)
				break;
			pop(b);
			continue;
		}
		if (!b->steps--)
			return SSA_R_CERT_CHAIN_TOO_LONG;
		cond_resched();
		reason = check_issuer(b, &c);
		/* the last place is an anchor's */
		if (!reason && !c.anchor && b->depth == SSA_PATH_CERTS_MAX - 1)
			reason = SSA_R_CERT_CHAIN_TOO_LONG;
		if (!reason) {
			push(b, &c);
			if (!c.anchor)
				continue;
			reason = check_path(b);
			if (!reason || reason == SSA_R_CERT_CHAIN_TOO_LONG || !b->usable[0])
				return reason;
		}
		note_failure(b, reason);
	}

	/* the authority that is missing may be the one that we could not read */
	for (i = 0; i < b->count; i++) {
		if (!b->usable[i])
			note_failure(b, SSA_R_CERT_MALFORMED);
	}
	return b->reason;
}

static bool is_anchor(const struct builder *b, const struct ssa_x509 *cert)
{
	struct candidate c;
	u32 i;

	for (i = 0; get_candidate(b, i, &c) && c.anchor; i++) {
		if (ssa_der_equal(&c.cert->der, &cert->der))
			return true;
	}
	return false;
}

static enum ssa_reason check_end_entity(const struct builder *b, struct ssa_public_key *key)
{
	const struct ssa_verify_params *params = b->params;
	const struct ssa_x509 *cert = &b->cert[0];
	enum ssa_reason reason = check_validity(cert, params->now);

	if (reason)
		return reason;
	/* RFC 8446 4.4.2.2: X.509v3, of either side, trusted for itself or not */
	if (cert->version != 3)
		return SSA_R_CERT_VERSION;
	if (cert->unknown_critical)
		return SSA_R_CERT_CRITICAL_EXTENSION;
	reason = get_key(b, cert, key);
	if (reason)
		return reason;
	/* RFC 8446 4.4.2.2: the key signs CertificateVerify */
	if (cert->has_key_usage && !(cert->key_usage & SSA_KU_DIGITAL_SIGNATURE))
		return SSA_R_CERT_KEY_USAGE;
	if (!allows_purpose(cert, params->purpose))
		return SSA_R_CERT_EXT_KEY_USAGE;
	if (params->name && !ssa_name_matches(cert, params->name))
		return SSA_R_CERT_NAME;
	return SSA_R_NONE;
}

/* How the end entity is trusted: for itself, or by a path */
static enum ssa_reason check_trust(struct builder *b)
{
	u32 blocked;

	if (is_anchor(b, &b->cert[0]))
		return check_blocked(b, &blocked);
	return b->params->pinned ? SSA_R_CERT_NOT_PINNED : find_path(b);
}

static enum ssa_reason parse_chain(struct builder *b, const struct ssa_chain *chain)
{
	size_t bytes = 0;
	u32 i;

	for (i = 0; i < b->count; i++) {
		bytes += chain->cert[i].len;
		b->usable[i] = !ssa_x509_parse(&b->cert[i], chain->cert[i].der,
					       chain->cert[i].len);
	}
	if (bytes > SSA_CHAIN_BYTES_MAX)
		return SSA_R_CERT_CHAIN_TOO_LONG;
	return b->usable[0] ? SSA_R_NONE : SSA_R_CERT_MALFORMED;
}

/* What the verdict rests on; a pinned end entity on itself alone */
static void tell_path(const struct builder *b, struct ssa_path *path)
{
	u32 i;

	for (i = 0; i <= b->depth; i++) {
		path->cert[i].der = b->path[i]->der.p;
		path->cert[i].len = b->path[i]->der.left;
	}
	path->count = b->depth + 1;
}

/* ssa_chain_verify(), but for @params->also */
static enum ssa_reason verify(const struct ssa_verify_params *params,
			      const struct ssa_chain *chain, struct ssa_public_key *key)
{
	enum ssa_reason reason;
	struct builder *b;

	memset(key, 0, sizeof(*key));
	if (params->path)
		memset(params->path, 0, sizeof(*params->path));
	if (!params->name && params->purpose != SSA_PURPOSE_CLIENT)
		return SSA_R_NO_HOST_NAME;
	if (!ssa_trust_store_count(params->store) && !ssa_trust_store_count(params->extra))
		return SSA_R_NO_TRUST_STORE;
	if (!chain->count)
		return SSA_R_CERT_MISSING;
	if (chain->count > SSA_CHAIN_MAX)
		return SSA_R_CERT_CHAIN_TOO_LONG;

	b = kvzalloc(struct_size(b, cert, chain->count), GFP_KERNEL);
	if (!b)
		return SSA_R_NO_MEMORY;
	b->count = chain->count;
	b->params = params;
	b->path[0] = &b->cert[0];
	reason = parse_chain(b, chain);
	if (!reason)
		reason = check_trust(b);
	if (!reason)
		reason = check_end_entity(b, key);
	if (params->path)
		params->path->signatures = b->signatures;
	if (reason)
		memset(key, 0, sizeof(*key));
	else if (params->path)
		tell_path(b, params->path);
	kvfree(b);
	return reason;
}

/**
 * ssa_chain_verify - judge the certificates of a peer
 * @params: what they are judged by, and where the path goes; the stores do not change
 *	    meanwhile
 * @chain: in the order of the Certificate message
 * @key: the end entity's key, valid with SSA_R_NONE only
 *
 * Context: Process context, may sleep; milliseconds for each signature, up to
 * 6 KiB of stack.
 * Return: SSA_R_NONE, or the reason: SSA_R_CERT_*, SSA_R_NO_HOST_NAME,
 * SSA_R_NO_TRUST_STORE, SSA_R_NO_MEMORY. See above for which comes first.
 */
enum ssa_reason ssa_chain_verify(const struct ssa_verify_params *params,
				 const struct ssa_chain *chain, struct ssa_public_key *key)
{
	enum ssa_reason reason = verify(params, chain, key);
	struct ssa_verify_params also = *params;

	if (reason || !params->also)
		return reason;
	also.store = NULL;
	also.extra = params->also;
	also.path = NULL;
	reason = verify(&also, chain, key);
	if (reason && params->path)
		params->path->count = 0;
	return reason;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_chain_verify);
