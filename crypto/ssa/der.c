// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading DER (X.690 8 and 10, RFC 5280 4.1).
 */
#include <linux/export.h>
#include <crypto/ssa_der.h>

/**
 * ssa_der_any - read an element of any type
 * @d: cursor
 * @tag: its identifier byte
 * @value: its contents
 *
 * Context: Any.
 * Return: false if what follows is not a complete DER element.
 */
bool ssa_der_any(struct ssa_der *d, u8 *tag, struct ssa_der *value)
{
	size_t header = 2, len, i;

	if (d->left < 2 || (d->p[0] & 0x1f) == 0x1f)
		return false;
	len = d->p[1];
	if (len & 0x80) {
		size_t bytes = len & 0x7f;

		/* neither indefinite nor longer than anything we take */
		if (bytes < 1 || bytes > 3 || d->left - 2 < bytes)
			return false;
		len = 0;
		for (i = 0; i < bytes; i++)
			len = len << 8 | d->p[2 + i];
		/* X.690 10.1: the fewest bytes that hold it */
		if (len < 0x80 || d->p[2] == 0)
			return false;
		header += bytes;
	}
	if (d->left - header < len)
		return false;

	*tag = d->p[0];
	*value = ssa_der(d->p + header, len);
	d->p += header + len;
	d->left -= header + len;
	return true;
}
EXPORT_SYMBOL_GPL(ssa_der_any);

/**
 * ssa_der_next_is - does an element of this type come next?
 * @d: cursor, not moved
 * @tag: identifier byte
 *
 * Context: Any.
 * Return: true if so; also if that element is not complete.
 */
bool ssa_der_next_is(const struct ssa_der *d, u8 tag)
{
	return d->left && d->p[0] == tag;
}
EXPORT_SYMBOL_GPL(ssa_der_next_is);

/**
 * ssa_der_get - read an element of a given type
 * @d: cursor
 * @tag: the identifier byte it must have
 * @value: its contents
 *
 * Context: Any.
 * Return: false if there is no such element.
 */
bool ssa_der_get(struct ssa_der *d, u8 tag, struct ssa_der *value)
{
	u8 found;

	return ssa_der_next_is(d, tag) && ssa_der_any(d, &found, value);
}
EXPORT_SYMBOL_GPL(ssa_der_get);

/**
 * ssa_der_get_whole - the same, with the element's header
 * @d: cursor
 * @tag: the identifier byte it must have
 * @whole: identifier, length and contents
 *
 * Context: Any.
 * Return: false if there is no such element.
 */
bool ssa_der_get_whole(struct ssa_der *d, u8 tag, struct ssa_der *whole)
{
	const struct ssa_der start = *d;
	struct ssa_der value;

	if (!ssa_der_get(d, tag, &value))
		return false;
	*whole = ssa_der(start.p, start.left - d->left);
	return true;
}
EXPORT_SYMBOL_GPL(ssa_der_get_whole);

/**
 * ssa_der_only - open an element that is all there is
 * @d: bytes, not moved
 * @tag: the identifier byte it must have
 * @value: its contents
 *
 * Context: Any.
 * Return: false if there is no such element, or something after it.
 */
bool ssa_der_only(const struct ssa_der *d, u8 tag, struct ssa_der *value)
{
	struct ssa_der copy = *d;

	return ssa_der_get(&copy, tag, value) && !copy.left;
}
EXPORT_SYMBOL_GPL(ssa_der_only);

/**
 * ssa_der_boolean - read a BOOLEAN
 * @d: cursor
 * @value: the result
 *
 * An encoded default (FALSE) is let pass: certificates have it.
 *
 * Context: Any.
 * Return: false if there is none, or its byte is neither 00 nor ff.
 */
bool ssa_der_boolean(struct ssa_der *d, bool *value)
{
	struct ssa_der copy = *d, byte;

	if (!ssa_der_get(&copy, SSA_DER_BOOLEAN, &byte) || byte.left != 1 ||
	    (byte.p[0] != 0x00 && byte.p[0] != 0xff))
		return false;
	*value = byte.p[0];
	*d = copy;
	return true;
}
EXPORT_SYMBOL_GPL(ssa_der_boolean);

/**
 * ssa_der_oid - read an OBJECT IDENTIFIER
 * @d: cursor
 * @oid: its contents
 *
 * Context: Any.
 * Return: false if there is none, it is empty or cut, or one of its numbers has more
 * bytes than it needs (X.690 8.19.2).
 */
bool ssa_der_oid(struct ssa_der *d, struct ssa_der *oid)
{
	struct ssa_der copy = *d, value;
	bool first = true;
	size_t i;

	if (!ssa_der_get(&copy, SSA_DER_OID, &value) || !value.left)
		return false;
	for (i = 0; i < value.left; i++) {
		if (first && value.p[i] == 0x80)
			return false;
		first = !(value.p[i] & 0x80);
	}
	if (!first)
		return false;
	*oid = value;
	*d = copy;
	return true;
}
EXPORT_SYMBOL_GPL(ssa_der_oid);

/**
 * ssa_der_integer - read an INTEGER of any sign and length
 * @d: cursor
 * @value: its contents
 *
 * Context: Any.
 * Return: false if there is none, or it has more bytes than it needs (X.690 8.3.2).
 */
bool ssa_der_integer(struct ssa_der *d, struct ssa_der *value)
{
	struct ssa_der copy = *d, n;

	if (!ssa_der_get(&copy, SSA_DER_INTEGER, &n) || !n.left)
		return false;
	if (n.left > 1 && ((n.p[0] == 0x00 && !(n.p[1] & 0x80)) ||
			   (n.p[0] == 0xff && n.p[1] & 0x80)))
		return false;
	*value = n;
	*d = copy;
	return true;
}
EXPORT_SYMBOL_GPL(ssa_der_integer);

/**
 * ssa_der_positive - read an INTEGER that is greater than zero
 * @d: cursor
 * @magnitude: its bytes, big endian; the first is not 0
 *
 * Context: Any.
 * Return: false if there is none, it is zero or negative, or not minimal.
 */
bool ssa_der_positive(struct ssa_der *d, struct ssa_der *magnitude)
{
	struct ssa_der copy = *d, n;

	if (!ssa_der_get(&copy, SSA_DER_INTEGER, &n) || !n.left || n.p[0] & 0x80)
		return false;
	if (n.p[0] == 0) {
		/* a leading zero only where the number would be negative */
		if (n.left < 2 || !(n.p[1] & 0x80))
			return false;
		n.p++;
		n.left--;
	}
	*magnitude = n;
	*d = copy;
	return true;
}
EXPORT_SYMBOL_GPL(ssa_der_positive);

/**
 * ssa_der_small - read an INTEGER from 0 to 2^31 - 1
 * @d: cursor
 * @value: the result
 *
 * Context: Any.
 * Return: false if there is none, or it is out of range, or not minimal.
 */
bool ssa_der_small(struct ssa_der *d, u32 *value)
{
	struct ssa_der copy = *d, n;
	u32 v = 0;

	if (!ssa_der_get(&copy, SSA_DER_INTEGER, &n) || !n.left || n.left > 4 ||
	    n.p[0] & 0x80)
		return false;
	if (n.left > 1 && n.p[0] == 0 && !(n.p[1] & 0x80))
		return false;
	while (n.left) {
		v = v << 8 | *n.p++;
		n.left--;
	}
	*value = v;
	*d = copy;
	return true;
}
EXPORT_SYMBOL_GPL(ssa_der_small);

/**
 * ssa_der_octets - read a BIT STRING that holds whole bytes
 * @d: cursor
 * @octets: its bytes
 *
 * Context: Any.
 * Return: false if there is none, or its bits are no multiple of eight.
 */
bool ssa_der_octets(struct ssa_der *d, struct ssa_der *octets)
{
	struct ssa_der copy = *d, bits;

	if (!ssa_der_get(&copy, SSA_DER_BIT_STRING, &bits) || !bits.left || bits.p[0])
		return false;
	*octets = ssa_der(bits.p + 1, bits.left - 1);
	*d = copy;
	return true;
}
EXPORT_SYMBOL_GPL(ssa_der_octets);

static bool digits(const u8 *p, size_t count, u32 *value)
{
	u32 v = 0;

	while (count--) {
		if (*p < '0' || *p > '9')
			return false;
		v = v * 10 + (*p++ - '0');
	}
	*value = v;
	return true;
}

static u32 days_in_month(u32 year, u32 month)
{
	static const u8 days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

/* Days from 1970-01-01; the year is taken to begin in March, so that the leap day ends it. */
static s64 days_since_epoch(u32 year, u32 month, u32 day)
{
	s64 y = (s64)year - (month <= 2);
	s64 m = (month + 9) % 12;

	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

/**
 * ssa_der_time - read a UTCTime or GeneralizedTime
 * @d: cursor
 * @seconds: since 1970-01-01 00:00:00 UTC; negative before
 *
 * Only the two forms that RFC 5280 4.1.2.5 allows: YYMMDDHHMMSSZ, where YY below
 * 50 is 20YY, and YYYYMMDDHHMMSSZ.
 *
 * Context: Any.
 * Return: false if there is none, or it is not a date of the calendar.
 */
bool ssa_der_time(struct ssa_der *d, s64 *seconds)
{
	struct ssa_der copy = *d, t;
	u32 year, month, day, hour, minute, second;

	if (ssa_der_get(&copy, SSA_DER_UTC_TIME, &t)) {
		if (t.left != 13 || !digits(t.p, 2, &year))
			return false;
		year += year < 50 ? 2000 : 1900;
		t = ssa_der(t.p + 2, t.left - 2);
	} else if (ssa_der_get(&copy, SSA_DER_GENERALIZED_TIME, &t)) {
		if (t.left != 15 || !digits(t.p, 4, &year))
			return false;
		t = ssa_der(t.p + 4, t.left - 4);
	} else {
		return false;
	}

	/* MMDDHHMMSSZ */
	if (!digits(t.p, 2, &month) || !digits(t.p + 2, 2, &day) ||
	    !digits(t.p + 4, 2, &hour) || !digits(t.p + 6, 2, &minute) ||
	    !digits(t.p + 8, 2, &second) || t.p[10] != 'Z')
		return false;
	if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) ||
	    hour > 23 || minute > 59 || second > 59)
		return false;

	*seconds = days_since_epoch(year, month, day) * 86400 +
		   hour * 3600 + minute * 60 + second;
	*d = copy;
	return true;
}
EXPORT_SYMBOL_GPL(ssa_der_time);
