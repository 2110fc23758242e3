// SPDX-License-Identifier: GPL-2.0-only
/*
 * Host names (RFC 9525 6, RFC 1034 3.5). What counts is subjectAltName: dNSName
 * for a name, iPAddress for an address; the subject's CN is never a name.
 *
 * A wildcard is the whole left-most label, and stands for exactly one label.
 * It needs two labels after it: we have no list of public suffixes, and no one
 * owns all of "*.com". Internationalised names are compared as A-labels.
 */
#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/string.h>
#include "address.h"
#include "name.h"

#define LABEL_MAX	63

/* Letters, digits, hyphens; the underscore is no host name's, but in use */
static bool is_label_char(u8 c)
{
	c = ssa_dns_lower(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/**
 * ssa_dns_equal - compare names or parts of them
 * @a: one
 * @b: the other
 * @len: bytes of both
 *
 * Context: Any.
 * Return: true if they differ at most in the case of ASCII letters.
 */
bool ssa_dns_equal(const u8 *a, const u8 *b, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (ssa_dns_lower(a[i]) != ssa_dns_lower(b[i]))
			return false;
	}
	return true;
}

/* Labels of 1 to 63 allowed characters; how many, 0 if malformed */
static size_t count_labels(const u8 *p, size_t len)
{
	size_t labels = 1, n = 0, i;

	if (!len || len > SSA_NAME_MAX)
		return 0;
	for (i = 0; i < len; i++) {
		if (p[i] == '.') {
			if (!n || p[i - 1] == '-')
				return 0;
			labels++;
			n = 0;
			continue;
		}
		if (!is_label_char(p[i]) || (!n && p[i] == '-') || ++n > LABEL_MAX)
			return 0;
	}
	return n && p[len - 1] != '-' ? labels : 0;
}

/*
 * A name whose last label is a number would be taken for an IPv4 address in
 * some old form by some resolvers; no top-level domain is one.
 */
static bool ends_in_number(const u8 *p, size_t len)
{
	bool digits = false;

	while (len && p[len - 1] != '.') {
		if (p[len - 1] < '0' || p[len - 1] > '9')
			return false;
		digits = true;
		len--;
	}
	return digits;
}

/**
 * ssa_dns_is_presented - is a dNSName of a certificate well-formed?
 * @name: its bytes
 * @wildcard: whether its left-most label is "*"
 *
 * No final dot, no empty label, nothing but ASCII (so no NUL).
 *
 * Context: Any.
 * Return: false if it can match nothing.
 */
bool ssa_dns_is_presented(const struct ssa_der *name, bool *wildcard)
{
	const u8 *p = name->p;
	size_t len = name->left;

	*wildcard = len >= 2 && p[0] == '*' && p[1] == '.';
	if (*wildcard)
		return count_labels(p + 2, len - 2) >= 2;
	return count_labels(p, len) != 0;
}

/* RFC 9525 6.3; @reference is well-formed, without a final dot */
static bool dns_matches(const struct ssa_der *presented, const u8 *reference, size_t len)
{
	const u8 *p = presented->p;
	size_t left = presented->left, first = 0;
	bool wildcard;

	if (!ssa_dns_is_presented(presented, &wildcard))
		return false;
	if (wildcard) {
		/* both from their first dot on */
		while (first < len && reference[first] != '.')
			first++;
		reference += first;
		len -= first;
		p++;
		left--;
	}
	return left == len && ssa_dns_equal(p, reference, len);
}

/* Bytes of @name without one final dot, 0 if it is not well-formed */
static size_t reference_len(const char *name)
{
	size_t len = strnlen(name, SSA_NAME_MAX + 2);

	if (len && name[len - 1] == '.')
		len--;
	if (!count_labels((const u8 *)name, len) || ends_in_number((const u8 *)name, len))
		return 0;
	return len;
}

/**
 * ssa_name_matches - is a certificate for this host?
 * @cert: the end entity
 * @reference: DNS name or numeric address, NUL-terminated
 *
 * Context: Any.
 * Return: true if a subjectAltName says so (RFC 9525 6).
 */
bool ssa_name_matches(const struct ssa_x509 *cert, const char *reference)
{
	struct ssa_der names = cert->san, name;
	u8 address[16], tag;
	size_t address_len, len;

	address_len = ssa_address_parse(reference, strnlen(reference, SSA_NAME_MAX + 2), address);
	len = address_len ? 0 : reference_len(reference);

	while (ssa_der_any(&names, &tag, &name)) {
		if (tag == SSA_NAME_IP && address_len && name.left == address_len &&
		    !memcmp(name.p, address, address_len))
			return true;
		if (tag == SSA_NAME_DNS && len &&
		    dns_matches(&name, (const u8 *)reference, len))
			return true;
	}
	return false;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_name_matches);

/**
 * ssa_name_is_valid - can this be the name of a host to connect to?
 * @name: NUL-terminated
 *
 * A DNS name in ASCII of at most SSA_NAME_MAX bytes, with or without a final
 * dot, or a numeric address without brackets and zone.
 *
 * Context: Any.
 * Return: true if so.
 */
bool ssa_name_is_valid(const char *name)
{
	return ssa_name_is_address(name) || reference_len(name);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_name_is_valid);

/**
 * ssa_name_is_address - is this a numeric IPv4 or IPv6 address?
 * @name: NUL-terminated
 *
 * Context: Any.
 * Return: true if so. It is then compared with iPAddress, and RFC 6066 3 does
 * not allow it in server_name.
 */
bool ssa_name_is_address(const char *name)
{
	u8 address[16];

	return ssa_address_parse(name, strnlen(name, SSA_NAME_MAX + 2), address) != 0;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_name_is_address);

/**
 * ssa_is_server_name - can a server's certificate be chosen by this name?
 * @name: NUL-terminated
 *
 * Context: any.
 * Return: true for a host name, or a wildcard as certificates have it (RFC 9525 6.3);
 * not for an address.
 */
bool ssa_is_server_name(const char *name)
{
	if (!strncmp(name, "*.", 2))
		name += 2;
	return ssa_name_is_valid(name) && !ssa_name_is_address(name);
}
