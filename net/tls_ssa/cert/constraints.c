// SPDX-License-Identifier: GPL-2.0-only
/*
 * nameConstraints (RFC 5280 4.2.1.10), enforced whether critical or not. dNSName,
 * rfc822Name, iPAddress and directoryName are judged; a name of any other form that
 * is constrained is refused, as it cannot be judged.
 *
 * Where two readings are possible the one that refuses is taken, so permitted
 * and excluded subtrees ask different questions: "is every name that this may
 * stand for inside?" and "may any of them be inside?".
 */
#include <kunit/visibility.h>
#include <linux/export.h>
#include "name.h"

/*
 * Names of a certificate times subtrees of an authority. Two certificates of
 * 64 KiB have room for hundreds of millions, and nothing honest comes near this.
 */
#define COMPARISONS_MAX		(256 * 1024)

#define ATTRIBUTE_EMAIL		"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01"	/* RFC 5280 A.1 */

enum match {
	OUTSIDE,
	INSIDE,
	UNCLEAR,	/* partly inside, or malformed, or not comparable */
};

/*
 * "example.com" holds itself and all below it; ".example.com", a form that is
 * in use though not in the RFC, all below it only; "" holds everything.
 */
static enum match match_dns(const struct ssa_der *name, const struct ssa_der *base)
{
	struct ssa_der host = *base;
	bool wildcard, base_wildcard;
	const u8 *tail;
	size_t dot;

	if (!ssa_dns_is_presented(name, &wildcard))
		return UNCLEAR;
	if (!base->left)
		return INSIDE;
	if (host.p[0] == '.')
		host = ssa_der(host.p + 1, host.left - 1);
	if (!ssa_dns_is_presented(&host, &base_wildcard) || base_wildcard)
		return UNCLEAR;
	if (name->left >= base->left) {
		tail = name->p + name->left - base->left;
		if (ssa_dns_equal(tail, base->p, base->left) &&
		    (tail == name->p ? base->p[0] != '.' : base->p[0] == '.' || tail[-1] == '.'))
			return INSIDE;
	}
	if (!wildcard)
		return OUTSIDE;
	/* "*.example.com" may stand for a host that is the base itself */
	for (dot = 0; dot < base->left && base->p[dot] != '.'; dot++)
		;
	if (base->left - dot == name->left - 1 &&
	    ssa_dns_equal(base->p + dot, name->p + 1, name->left - 1))
		return UNCLEAR;
	return OUTSIDE;
}

/* A host name, nothing else */
static bool is_host(const struct ssa_der *name)
{
	bool wildcard;

	return ssa_dns_is_presented(name, &wildcard) && !wildcard;
}

/*
 * Mailbox of RFC 5321 4.1.2 with a Dot-string before the only "@". A Quoted-string has
 * several spellings, and may have an "@" in it.
 */
static bool split_email(const struct ssa_der *email, struct ssa_der *local, struct ssa_der *host)
{
	size_t i;

	for (i = 0; i < email->left && email->p[i] != '@'; i++) {
		if (email->p[i] <= ' ' || email->p[i] > '~' || email->p[i] == '"' ||
		    email->p[i] == '\\')
			return false;
	}
	if (!i || i == email->left)
		return false;
	*local = ssa_der(email->p, i);
	*host = ssa_der(email->p + i + 1, email->left - i - 1);
	return is_host(host);
}

/*
 * "user@example.com" holds that mailbox, "example.com" all at this host,
 * ".example.com" all at hosts below it. Who "User" is, only the host knows.
 */
static enum match match_email(const struct ssa_der *name, const struct ssa_der *base)
{
	struct ssa_der local, host, base_local, base_host = *base;

	if (!split_email(name, &local, &host))
		return UNCLEAR;
	if (base->left && base->p[0] == '.') {
		base_host = ssa_der(base->p + 1, base->left - 1);
		return is_host(&base_host) ? match_dns(&host, base) : UNCLEAR;
	}
	if (memchr(base->p, '@', base->left)) {
		if (!split_email(base, &base_local, &base_host))
			return UNCLEAR;
	} else if (is_host(base)) {
		base_local = local;
	} else {
		return UNCLEAR;
	}
	if (host.left != base_host.left || !ssa_dns_equal(host.p, base_host.p, host.left) ||
	    local.left != base_local.left)
		return OUTSIDE;
	if (ssa_der_equal(&local, &base_local))
		return INSIDE;
	return ssa_dns_equal(local.p, base_local.p, local.left) ? UNCLEAR : OUTSIDE;
}

/* Address and mask (RFC 4632) of one of the families; the mask is ones, then zeros */
static bool is_ip_range(const struct ssa_der *base)
{
	size_t i, half = base->left / 2;
	bool ones = true;

	if ((half != 4 && half != 16) || base->left != 2 * half)
		return false;
	for (i = 0; i < 8 * half; i++) {
		bool bit = base->p[half + i / 8] >> (7 - i % 8) & 1;

		if (bit && !ones)
			return false;
		ones = bit;
	}
	return true;
}

/* @base is a range; an address of the other family is outside */
static enum match match_ip(const struct ssa_der *name, const struct ssa_der *base)
{
	size_t i, half = base->left / 2;

	if (name->left != 4 && name->left != 16)
		return UNCLEAR;
	if (name->left != half)
		return OUTSIDE;
	for (i = 0; i < half; i++) {
		if ((name->p[i] ^ base->p[i]) & base->p[half + i])
			return OUTSIDE;
	}
	return INSIDE;
}

static bool is_plain_string(u8 tag)
{
	return tag == SSA_DER_UTF8_STRING || tag == SSA_DER_PRINTABLE_STRING ||
	       tag == SSA_DER_IA5_STRING;
}

/* The next character, white space folded as RFC 5280 7.1 wants; -1 at the end */
static int next_folded(struct ssa_der *s, bool *started)
{
	bool space = false;

	while (s->left && *s->p == ' ') {
		space = true;
		s->p++;
		s->left--;
	}
	if (!s->left)
		return -1;
	if (space && *started)
		return ' ';
	*started = true;
	s->left--;
	return *s->p++;
}

/* Strings without regard to case and to repeated spaces */
static enum match match_text(struct ssa_der a, struct ssa_der b)
{
	bool a_started = false, b_started = false, unclear = false, equal = true;
	int x, y;

	do {
		x = next_folded(&a, &a_started);
		y = next_folded(&b, &b_started);
		if (x >= 0x80 || y >= 0x80)
			unclear = true;
		if (x != y && !(x >= 0 && y >= 0 &&
				ssa_dns_equal(&(u8){ x }, &(u8){ y }, 1)))
			equal = false;
	} while (x >= 0 || y >= 0);
	return equal ? INSIDE : unclear ? UNCLEAR : OUTSIDE;
}

/* RelativeDistinguishedName: SET OF SEQUENCE { type, value } */
static enum match match_rdn(const struct ssa_der *a, const struct ssa_der *b)
{
	struct ssa_der x = *a, y = *b, x_av, y_av, x_type, y_type, x_value, y_value;
	u8 x_tag, y_tag;

	if (ssa_der_equal(a, b))
		return INSIDE;
	if (!ssa_der_get(&x, SSA_DER_SEQUENCE, &x_av) || x.left ||
	    !ssa_der_get(&y, SSA_DER_SEQUENCE, &y_av) || y.left ||
	    !ssa_der_get(&x_av, SSA_DER_OID, &x_type) ||
	    !ssa_der_get(&y_av, SSA_DER_OID, &y_type) ||
	    !ssa_der_any(&x_av, &x_tag, &x_value) || x_av.left ||
	    !ssa_der_any(&y_av, &y_tag, &y_value) || y_av.left)
		return UNCLEAR;
	if (!ssa_der_equal(&x_type, &y_type))
		return OUTSIDE;
	if (!is_plain_string(x_tag) || !is_plain_string(y_tag))
		return UNCLEAR;
	return match_text(x_value, y_value);
}

/* A name is inside a base that is a prefix of it; both with their headers */
static enum match match_directory(const struct ssa_der *name, const struct ssa_der *base)
{
	struct ssa_der names, bases, n, b;
	enum match all = INSIDE;

	if (!ssa_der_only(name, SSA_DER_SEQUENCE, &names) ||
	    !ssa_der_only(base, SSA_DER_SEQUENCE, &bases))
		return UNCLEAR;
	while (bases.left) {
		enum match m;

		if (!ssa_der_get(&bases, SSA_DER_SET, &b))
			return UNCLEAR;
		if (!names.left)
			return OUTSIDE;
		if (!ssa_der_get(&names, SSA_DER_SET, &n))
			return UNCLEAR;
		m = match_rdn(&n, &b);
		if (m == OUTSIDE)
			return OUTSIDE;
		if (m == UNCLEAR)
			all = UNCLEAR;
	}
	return all;
}

static enum match match_name(u8 tag, const struct ssa_der *name, const struct ssa_der *base)
{
	switch (tag) {
	case SSA_NAME_DNS:
		return match_dns(name, base);
	case SSA_NAME_EMAIL:
		return match_email(name, base);
	case SSA_NAME_IP:
		return match_ip(name, base);
	case SSA_NAME_DIRECTORY:
		return match_directory(name, base);
	default:
		return UNCLEAR;
	}
}

/* GeneralSubtree ::= SEQUENCE { base, minimum [0] DEFAULT 0, maximum [1] OPTIONAL } */
static bool next_subtree(struct ssa_der *list, u8 *tag, struct ssa_der *base)
{
	struct ssa_der subtree;

	/* RFC 5280 does not use minimum and maximum; what they would mean is unknown */
	return ssa_der_get(list, SSA_DER_SEQUENCE, &subtree) &&
	       ssa_der_any(&subtree, tag, base) && !subtree.left;
}

/**
 * struct constraints - nameConstraints of one authority
 * @permitted: GeneralSubtrees, without the header; maybe empty
 * @excluded: the same
 */
struct constraints {
	struct ssa_der permitted;
	struct ssa_der excluded;
};

static enum ssa_reason check_name(const struct constraints *nc, u8 tag, const struct ssa_der *name)
{
	struct ssa_der list = nc->excluded, base;
	bool constrained = false, permitted = false;
	u8 base_tag;

	while (next_subtree(&list, &base_tag, &base)) {
		if (base_tag == tag && match_name(tag, name, &base) != OUTSIDE)
			return SSA_R_CERT_NAME_CONSTRAINTS;
	}
	list = nc->permitted;
	while (next_subtree(&list, &base_tag, &base)) {
		if (base_tag != tag)
			continue;
		constrained = true;
		if (match_name(tag, name, &base) == INSIDE)
			permitted = true;
	}
	return constrained && !permitted ? SSA_R_CERT_NAME_CONSTRAINTS : SSA_R_NONE;
}

/*
 * A constraint on addresses of mail applies to emailAddress in the subject, too. That is
 * an IA5String (RFC 5280 A.1); in the strings that have the same bytes for the same
 * letters it can be read as well. Any other type stands for nobody knows which address.
 */
static enum ssa_reason check_email_attribute(const struct constraints *nc, u8 tag,
					     const struct ssa_der *value)
{
	const struct ssa_der unreadable = ssa_der("", 0);

	return check_name(nc, SSA_NAME_EMAIL, is_plain_string(tag) ? value : &unreadable);
}

static enum ssa_reason check_subject_email(const struct constraints *nc,
					   const struct ssa_x509 *cert)
{
	struct ssa_der rdns, rdn, attribute, type, value;
	enum ssa_reason reason;
	u8 tag;

	if (!ssa_der_only(&cert->subject, SSA_DER_SEQUENCE, &rdns))
		return SSA_R_CERT_MALFORMED;
	while (rdns.left) {
		if (!ssa_der_get(&rdns, SSA_DER_SET, &rdn))
			return SSA_R_CERT_MALFORMED;
		while (rdn.left) {
			if (!ssa_der_get(&rdn, SSA_DER_SEQUENCE, &attribute) ||
			    !ssa_der_get(&attribute, SSA_DER_OID, &type) ||
			    !ssa_der_any(&attribute, &tag, &value))
				return SSA_R_CERT_MALFORMED;
			if (!ssa_der_is(&type, ATTRIBUTE_EMAIL))
				continue;
			reason = check_email_attribute(nc, tag, &value);
			if (reason)
				return reason;
		}
	}
	return SSA_R_NONE;
}

static enum ssa_reason check_names(const struct constraints *nc, const struct ssa_x509 *cert)
{
	struct ssa_der names = cert->san, name;
	enum ssa_reason reason;
	u8 tag;

	while (ssa_der_any(&names, &tag, &name)) {
		reason = check_name(nc, tag, &name);
		if (reason)
			return reason;
	}
	/* an empty subject is the two bytes of an empty SEQUENCE */
	if (cert->subject.left > 2) {
		reason = check_name(nc, SSA_NAME_DIRECTORY, &cert->subject);
		if (reason)
			return reason;
	}
	return check_subject_email(nc, cert);
}

/* GeneralName, RFC 5280 4.2.1.6: the forms that are SEQUENCEs or EXPLICIT are constructed */
static bool is_general_name(u8 tag)
{
	switch (tag) {
	case SSA_DER_CONSTRUCTED(0):	/* otherName */
	case SSA_NAME_EMAIL:
	case SSA_NAME_DNS:
	case SSA_DER_CONSTRUCTED(3):	/* x400Address */
	case SSA_NAME_DIRECTORY:
	case SSA_DER_CONSTRUCTED(5):	/* ediPartyName */
	case SSA_NAME_URI:
	case SSA_NAME_IP:
	case SSA_DER_PRIMITIVE(8):	/* registeredID */
		return true;
	default:
		return false;
	}
}

/*
 * A base of no known form would bind no name at all, whatever was meant by it, and so
 * would a range of addresses that is none.
 */
static bool well_formed(struct ssa_der list, u32 *subtrees)
{
	struct ssa_der base;
	u8 tag;

	while (list.left) {
		if (!next_subtree(&list, &tag, &base) || !is_general_name(tag) ||
		    (tag == SSA_NAME_IP && !is_ip_range(&base)))
			return false;
		++*subtrees;
	}
	return true;
}

static u32 count_names(const struct ssa_x509 *cert)
{
	struct ssa_der names = cert->san, name;
	u32 count = 1 + cert->subject.left / 15;	/* the subject, and addresses in it */
	u8 tag;

	while (ssa_der_any(&names, &tag, &name))
		count++;
	return count;
}

/**
 * ssa_x509_constrain - do an authority's nameConstraints allow a certificate?
 * @authority: a parsed certificate above @cert in its path
 * @cert: a parsed certificate
 *
 * Too many of both to be compared count as a violation.
 *
 * Context: Any; tens of milliseconds at worst.
 * Return: SSA_R_NONE, SSA_R_CERT_NAME_CONSTRAINTS, SSA_R_CERT_MALFORMED.
 */
enum ssa_reason ssa_x509_constrain(const struct ssa_x509 *authority, const struct ssa_x509 *cert)
{
	struct constraints nc = {};
	struct ssa_der value = authority->name_constraints;
	u32 subtrees = 0;

	if (!authority->has_name_constraints)
		return SSA_R_NONE;
	/* permittedSubtrees [0], excludedSubtrees [1]; one of them at least, neither empty */
	if (!value.left ||
	    (ssa_der_next_is(&value, SSA_DER_CONSTRUCTED(0)) &&
	     (!ssa_der_get(&value, SSA_DER_CONSTRUCTED(0), &nc.permitted) || !nc.permitted.left)) ||
	    (ssa_der_next_is(&value, SSA_DER_CONSTRUCTED(1)) &&
	     (!ssa_der_get(&value, SSA_DER_CONSTRUCTED(1), &nc.excluded) || !nc.excluded.left)) ||
	    value.left || !well_formed(nc.permitted, &subtrees) ||
	    !well_formed(nc.excluded, &subtrees))
		return SSA_R_CERT_MALFORMED;
	/* below 2^14 times below 2^16: a certificate has 64 KiB at most */
	if (subtrees * count_names(cert) > COMPARISONS_MAX)
		return SSA_R_CERT_NAME_CONSTRAINTS;
	return check_names(&nc, cert);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_x509_constrain);
