// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text of TLS_PEER_IDENTITY: who the end entity is, as its certificate says. One
 * line for each name, each ended by a line feed:
 *
 *	subject=CN=www.example.com,O=Example\, Inc.
 *	san=DNS:www.example.com
 *	san=IP:192.0.2.1
 *
 * First and always, once, the subject as a string of RFC 4514 2, the last RDN first;
 * nothing after the "=" if it is empty. Types of attributes are CN, L, ST, O, OU, C,
 * STREET, DC, UID (section 3 there), emailAddress, serialNumber, or an OBJECT IDENTIFIER
 * in numbers. The value of the former, if it is a UTF8String, PrintableString, IA5String
 * or NumericString, has its bytes; any other is "#" and its DER in hexadecimal. In
 * values a backslash stands before '"', '+', ',', ';', '<', '>', '\', before a space or
 * '#' at the beginning and a space at the end.
 *
 * Then each of the subjectAltNames, in their order:
 *
 *	san=DNS:    dNSName
 *	san=email:  rfc822Name
 *	san=URI:    uniformResourceIdentifier
 *	san=IP:     iPAddress of 4 bytes in decimal, of 16 as RFC 5952 has it
 *	san=dirName:  directoryName, as the subject
 *	san=other:  any other, and iPAddress of another length: "#" and the DER of the
 *		    GeneralName in hexadecimal
 *
 * Whatever a peer has put into a name, the text is printable ASCII and its lines are
 * the names of the certificate: every byte outside 0x21 to 0x7e, which in the subject
 * may also be a space, is a backslash and two hexadecimal digits ("\C3\BC"), and so is
 * a backslash in a subjectAltName ("\5C"). A Name that is malformed is "#" and its DER
 * in hexadecimal. All hexadecimal digits are upper case.
 */
#include <linux/array_size.h>
#include <linux/string.h>
#include "identity.h"

#define SSA_DER_NUMERIC_STRING	0x12

/**
 * struct attribute - a type that has a name of its own
 * @name: which
 * @oid: bytes of the OBJECT IDENTIFIER
 * @oid_len: how many
 */
struct attribute {
	const char *name;
	const char *oid;
	u8 oid_len;
};

#define ATTRIBUTE(name, oid) { name, oid, sizeof(oid) - 1 }
#define ID_AT		"\x55\x04"			/* 2.5.4, X.520 */
#define ID_PILOT	"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01"	/* RFC 4519 2.4, 2.39 */

static const struct attribute attributes[] = {
	ATTRIBUTE("CN", ID_AT "\x03"),
	ATTRIBUTE("serialNumber", ID_AT "\x05"),
	ATTRIBUTE("C", ID_AT "\x06"),
	ATTRIBUTE("L", ID_AT "\x07"),
	ATTRIBUTE("ST", ID_AT "\x08"),
	ATTRIBUTE("STREET", ID_AT "\x09"),
	ATTRIBUTE("O", ID_AT "\x0a"),
	ATTRIBUTE("OU", ID_AT "\x0b"),
	ATTRIBUTE("UID", ID_PILOT "\x01"),
	ATTRIBUTE("DC", ID_PILOT "\x19"),
	ATTRIBUTE("emailAddress", "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01"),
};

static void put(struct ssa_text_out *out, char c)
{
	if (out->p)
		out->p[out->len] = c;
	out->len++;
}

static void put_text(struct ssa_text_out *out, const char *text)
{
	while (*text)
		put(out, *text++);
}

static void put_hex(struct ssa_text_out *out, u8 byte)
{
	static const char digits[] = "0123456789ABCDEF";

	put(out, digits[byte >> 4]);
	put(out, digits[byte & 15]);
}

static void put_dump(struct ssa_text_out *out, const u8 *p, size_t len)
{
	put(out, '#');
	while (len--)
		put_hex(out, *p++);
}

static void put_escaped(struct ssa_text_out *out, u8 byte)
{
	put(out, '\\');
	put_hex(out, byte);
}

static void put_number(struct ssa_text_out *out, u64 n)
{
	char digits[20];
	int i = 0;

	do {
		digits[i++] = '0' + n % 10;
		n /= 10;
	} while (n);
	while (i)
		put(out, digits[--i]);
}

/* ---------------------------------------------------------------------- Name */

/* The next arc of an OBJECT IDENTIFIER (X.690 8.19), up to 63 bits */
static bool next_arc(struct ssa_der *oid, u64 *arc)
{
	u8 byte;

	*arc = 0;
	if (oid->left && oid->p[0] == 0x80)
		return false;
	do {
		if (!oid->left || *arc >> 56)
			return false;
		byte = *oid->p++;
		oid->left--;
		*arc = *arc << 7 | (byte & 0x7f);
	} while (byte & 0x80);
	return true;
}

static bool put_oid(struct ssa_text_out *out, struct ssa_der oid)
{
	u64 arc, first;

	if (!next_arc(&oid, &arc))
		return false;
	/* the first number holds two arcs: 40 * X + Y, with X up to 2 */
	first = arc < 80 ? arc / 40 : 2;
	put_number(out, first);
	put(out, '.');
	put_number(out, arc - 40 * first);
	while (oid.left) {
		if (!next_arc(&oid, &arc))
			return false;
		put(out, '.');
		put_number(out, arc);
	}
	return true;
}

static const char *attribute_name(const struct ssa_der *oid)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(attributes); i++) {
		if (ssa_der_is_bytes(oid, attributes[i].oid, attributes[i].oid_len))
			return attributes[i].name;
	}
	return NULL;
}

static bool is_text(u8 tag)
{
	return tag == SSA_DER_UTF8_STRING || tag == SSA_DER_PRINTABLE_STRING ||
	       tag == SSA_DER_IA5_STRING || tag == SSA_DER_NUMERIC_STRING;
}

/* RFC 4514 2.4 */
static void put_value(struct ssa_text_out *out, const struct ssa_der *value)
{
	size_t i;
	u8 c;

	for (i = 0; i < value->left; i++) {
		c = value->p[i];
		if (c < 0x20 || c > 0x7e) {
			put_escaped(out, c);
			continue;
		}
		if (strchr("\"+,;<>\\", c) || (!i && (c == ' ' || c == '#')) ||
		    (i == value->left - 1 && c == ' '))
			put(out, '\\');
		put(out, c);
	}
}

/* AttributeTypeAndValue, RFC 4514 2.3 */
static bool put_attribute(struct ssa_text_out *out, struct ssa_der *rdn)
{
	struct ssa_der attribute, type, value, whole;
	const char *name;
	u8 tag;

	if (!ssa_der_get(rdn, SSA_DER_SEQUENCE, &attribute) ||
	    !ssa_der_get(&attribute, SSA_DER_OID, &type))
		return false;
	whole = attribute;
	if (!ssa_der_any(&attribute, &tag, &value) || attribute.left)
		return false;
	name = attribute_name(&type);
	if (name)
		put_text(out, name);
	else if (!put_oid(out, type))
		return false;
	put(out, '=');
	if (name && is_text(tag))
		put_value(out, &value);
	else
		put_dump(out, whole.p, whole.left);
	return true;
}

/* RelativeDistinguishedName, RFC 4514 2.2 */
static bool put_rdn(struct ssa_text_out *out, struct ssa_der rdn)
{
	bool first = true;

	if (!rdn.left)
		return false;
	for (; rdn.left; first = false) {
		if (!first)
			put(out, '+');
		if (!put_attribute(out, &rdn))
			return false;
	}
	return true;
}

static bool next_rdn(struct ssa_der *rdns, struct ssa_der *rdn, size_t *len)
{
	struct ssa_text_out measure = {};

	if (!ssa_der_get(rdns, SSA_DER_SET, rdn) || !put_rdn(&measure, *rdn))
		return false;
	*len = measure.len;
	return true;
}

/* Of all RDNs with the commas between them; false if one is malformed */
static bool measure_rdns(struct ssa_der rdns, size_t *total)
{
	struct ssa_der rdn;
	size_t len;

	*total = 0;
	while (rdns.left) {
		if (!next_rdn(&rdns, &rdn, &len))
			return false;
		*total += len + (rdns.left ? 1 : 0);
	}
	return true;
}

/* RDNSequence, RFC 4514 2.1: the last one comes first, so it is written from its end on */
static void put_rdns(struct ssa_text_out *out, struct ssa_der rdns, size_t total)
{
	struct ssa_text_out part = { .p = out->p };
	size_t end = out->len + total, len;
	struct ssa_der rdn;

	while (out->p && next_rdn(&rdns, &rdn, &len)) {
		end -= len;
		part.len = end;
		put_rdn(&part, rdn);
		if (rdns.left)
			out->p[--end] = ',';
	}
	out->len += total;
}

static void put_name(struct ssa_text_out *out, const struct ssa_der *name)
{
	struct ssa_der rdns;
	size_t total;

	if (ssa_der_only(name, SSA_DER_SEQUENCE, &rdns) && measure_rdns(rdns, &total))
		put_rdns(out, rdns, total);
	else
		put_dump(out, name->p, name->left);
}

/* --------------------------------------------------------------- GeneralName */

static void put_ia5(struct ssa_text_out *out, const struct ssa_der *value)
{
	size_t i;
	u8 c;

	for (i = 0; i < value->left; i++) {
		c = value->p[i];
		if (c <= 0x20 || c > 0x7e || c == '\\')
			put_escaped(out, c);
		else
			put(out, c);
	}
}

static void put_ipv4(struct ssa_text_out *out, const u8 *p)
{
	int i;

	for (i = 0; i < 4; i++) {
		if (i)
			put(out, '.');
		put_number(out, p[i]);
	}
}

static void put_group(struct ssa_text_out *out, u16 group)
{
	static const char digits[] = "0123456789abcdef";
	int shift = 12;

	while (shift && !(group >> shift))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		put(out, digits[group >> shift & 15]);
}

/* RFC 5952 4 and 5: the longest run of zeros, the first of equals, is "::" */
static void put_ipv6(struct ssa_text_out *out, const u8 *p)
{
	static const u8 mapped[12] = { [10] = 0xff, [11] = 0xff };
	u32 i, n, gap = 8, gap_len = 1;
	u16 group[8];

	if (!memcmp(p, mapped, sizeof(mapped))) {
		put_text(out, "::ffff:");
		put_ipv4(out, p + sizeof(mapped));
		return;
	}
	for (i = 0; i < 8; i++)
		group[i] = p[2 * i] << 8 | p[2 * i + 1];
	for (i = 0; i < 8; i++) {
		for (n = 0; i + n < 8 && !group[i + n]; n++)
			;
		if (n > gap_len) {
			gap = i;
			gap_len = n;
		}
	}
	for (i = 0; i < 8; i++) {
		if (i == gap) {
			put_text(out, "::");
			i += gap_len - 1;
			continue;
		}
		if (i && i != gap + gap_len)
			put(out, ':');
		put_group(out, group[i]);
	}
}

static void put_general_name(struct ssa_text_out *out, u8 tag, const struct ssa_der *value,
			     const struct ssa_der *whole)
{
	if (tag == SSA_NAME_DNS) {
		put_text(out, "DNS:");
		put_ia5(out, value);
	} else if (tag == SSA_NAME_EMAIL) {
		put_text(out, "email:");
		put_ia5(out, value);
	} else if (tag == SSA_NAME_URI) {
		put_text(out, "URI:");
		put_ia5(out, value);
	} else if (tag == SSA_NAME_IP && value->left == 4) {
		put_text(out, "IP:");
		put_ipv4(out, value->p);
	} else if (tag == SSA_NAME_IP && value->left == 16) {
		put_text(out, "IP:");
		put_ipv6(out, value->p);
	} else if (tag == SSA_NAME_DIRECTORY) {
		put_text(out, "dirName:");
		put_name(out, value);
	} else {
		put_text(out, "other:");
		put_dump(out, whole->p, whole->left);
	}
}

/**
 * ssa_identity_write - who a certificate is for
 * @out: the text is appended to it; see above for what it has
 * @cert: a parsed certificate
 *
 * Context: Any.
 */
void ssa_identity_write(struct ssa_text_out *out, const struct ssa_x509 *cert)
{
	struct ssa_der names = cert->san, value, whole;
	u8 tag;

	put_text(out, "subject=");
	put_name(out, &cert->subject);
	put(out, '\n');
	while (names.left) {
		whole = names;
		if (!ssa_der_any(&names, &tag, &value))
			return;
		whole.left -= names.left;
		put_text(out, "san=");
		put_general_name(out, tag, &value, &whole);
		put(out, '\n');
	}
}
