// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numeric addresses. The readers of the C libraries and of the kernel differ in
 * what they let pass ("010.1.1.1", "1.2", "::1%lo"); what is taken for an
 * address here decides whether a certificate has to carry an iPAddress, so only
 * the forms that mean the same everywhere are taken.
 */
#include <kunit/visibility.h>
#include <linux/export.h>
#include <linux/string.h>
#include "address.h"

/* Four decimal numbers up to 255 without leading zeros */
static bool parse_ipv4(const char *p, size_t len, u8 out[4])
{
	size_t i;

	for (i = 0; i < 4; i++) {
		u32 v = 0, digits = 0;

		if (i) {
			if (!len || *p != '.')
				return false;
			p++;
			len--;
		}
		while (len && *p >= '0' && *p <= '9') {
			if (digits++ && !v)
				return false;
			v = v * 10 + (*p - '0');
			if (v > 255)
				return false;
			p++;
			len--;
		}
		if (!digits)
			return false;
		out[i] = v;
	}
	return !len;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* One group of 1 to 4 hexadecimal digits; how many were read, or 0 */
static size_t parse_group(const char *p, size_t len, u8 out[2])
{
	u32 v = 0;
	size_t n;

	for (n = 0; n < len && n < 4 && hex_value(p[n]) >= 0; n++)
		v = v << 4 | hex_value(p[n]);
	out[0] = v >> 8;
	out[1] = v;
	return n;
}

/* RFC 4291 2.2: groups, one "::" for zeros, the last 32 bits perhaps as IPv4 */
static bool parse_ipv6(const char *p, size_t len, u8 out[16])
{
	size_t at = 0, gap = SIZE_MAX, n;

	if (len >= 2 && p[0] == ':' && p[1] == ':') {
		gap = 0;
		p += 2;
		len -= 2;
	}
	while (len) {
		if (at == 16)
			return false;
		if (at <= 12 && parse_ipv4(p, len, out + at)) {
			at += 4;
			break;
		}
		n = parse_group(p, len, out + at);
		if (!n)
			return false;
		at += 2;
		p += n;
		len -= n;
		if (!len)
			break;
		if (*p != ':' || len < 2)
			return false;
		p++;
		len--;
		if (*p == ':') {
			if (gap != SIZE_MAX)
				return false;
			gap = at;
			p++;
			len--;
		}
	}
	if (gap == SIZE_MAX)
		return at == 16;
	/* "::" stands for one group at least */
	if (at > 14)
		return false;
	memmove(out + 16 - (at - gap), out + gap, at - gap);
	memset(out + gap, 0, 16 - at);
	return true;
}

/**
 * ssa_address_parse - read a numeric IPv4 or IPv6 address
 * @text: not NUL-terminated
 * @len: bytes of @text
 * @address: the result, in network order
 *
 * Context: Any.
 * Return: bytes of the address (4 or 16), 0 if it is none.
 */
size_t ssa_address_parse(const char *text, size_t len, u8 address[16])
{
	if (parse_ipv4(text, len, address))
		return 4;
	if (parse_ipv6(text, len, address))
		return 16;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_address_parse);
