// SPDX-License-Identifier: GPL-2.0
/*
 * A bounds-checked cursor over DER (X.690).
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

#include "der.h"

/**
 * ssa_der_next_is() - is there an element with this tag next?
 * @der: the cursor
 * @tag: its identifier octet
 *
 * Context: Any.
 * Return: true if so; false also at the end.
 */
bool ssa_der_next_is(const struct ssa_der *der, u8 tag)
{
	return der->len && der->data[0] == tag;
}

/**
 * ssa_der_get() - read one element
 * @der: the cursor, moved behind the element
 * @tag: identifier octet that the element must have
 * @content: the element's content
 *
 * Context: Any.
 * Return: 0, or -EINVAL: another tag, length not minimal, or beyond the end.
 */
int ssa_der_get(struct ssa_der *der, u8 tag, struct ssa_der *content)
{
	size_t header = 2, len;

	if (der->len < header || der->data[0] != tag)
		return -EINVAL;

	len = der->data[1];
	if (len == 0x81) {
		header = 3;
		if (der->len < header)
			return -EINVAL;
		len = der->data[2];
		if (len < 0x80)
			return -EINVAL;
	} else if (len == 0x82) {
		header = 4;
		if (der->len < header)
			return -EINVAL;
		len = der->data[2] << 8 | der->data[3];
		if (len < 0x100)
			return -EINVAL;
	} else if (len >= 0x80) {
		return -EINVAL;
	}
	if (len > der->len - header)
		return -EINVAL;

	content->data = der->data + header;
	content->len = len;
	der->data += header + len;
	der->len -= header + len;
	return 0;
}

/**
 * ssa_der_get_uint() - read an INTEGER that is not negative
 * @der: the cursor, moved behind the element
 * @number: its bytes without leading zeros; none for the number 0
 *
 * Context: Any.
 * Return: 0, or -EINVAL: malformed, negative, or not minimal.
 */
int ssa_der_get_uint(struct ssa_der *der, struct ssa_der *number)
{
	if (ssa_der_get(der, SSA_DER_INTEGER, number))
		return -EINVAL;
	if (!number->len || number->data[0] & 0x80)
		return -EINVAL;
	if (number->data[0] == 0) {
		if (number->len > 1 && !(number->data[1] & 0x80))
			return -EINVAL;
		number->data++;
		number->len--;
	}
	return 0;
}

/**
 * ssa_der_get_small() - read an INTEGER from 0 to 255, e.g. a version
 * @der: the cursor, moved behind the element
 * @value: the number
 *
 * Context: Any.
 * Return: 0, or -EINVAL: malformed or another number.
 */
int ssa_der_get_small(struct ssa_der *der, u8 *value)
{
	struct ssa_der number;

	if (ssa_der_get_uint(der, &number) || number.len > 1)
		return -EINVAL;
	*value = number.len ? number.data[0] : 0;
	return 0;
}

/**
 * ssa_der_equal() - compare content with a constant, e.g. an OID
 * @der: the content
 * @data: the constant
 * @len: bytes of @data
 *
 * Context: Any.
 * Return: true if they are the same.
 */
bool ssa_der_equal(const struct ssa_der *der, const u8 *data, size_t len)
{
	return der->len == len && !memcmp(der->data, data, len);
}
