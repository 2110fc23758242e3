// SPDX-License-Identifier: GPL-2.0-only
/*
 * PEM (RFC 7468). White space inside an object is skipped, as its section 2
 * recommends; everything else in it is strict. Text between objects is ignored,
 * as trust bundles have comments there. The values of the base64 digits are
 * computed without a table or a branch, for the object may be a private key.
 */
#include <kunit/visibility.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/math.h>
#include <linux/string.h>
#include "pem.h"

#define DASHES		"-----"
#define DASHES_LEN	5

/**
 * ssa_pem_init - begin to read a text
 * @pem: cursor
 * @text: need not be NUL-terminated, and may contain NULs
 * @len: bytes of @text
 *
 * Context: Any.
 */
void ssa_pem_init(struct ssa_pem *pem, const char *text, size_t len)
{
	pem->p = text;
	pem->left = len;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_pem_init);

static void skip(struct ssa_pem *pem, size_t n)
{
	pem->p += n;
	pem->left -= n;
}

static bool starts_with(const struct ssa_pem *pem, const char *word, size_t len)
{
	return pem->left >= len && !memcmp(pem->p, word, len);
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* To the first character of the next line; false at the end of the text. */
static bool next_line(struct ssa_pem *pem)
{
	while (pem->left) {
		char c = *pem->p;

		skip(pem, 1);
		if (c == '\n' || c == '\r')
			return true;
	}
	return false;
}

/*
 * The rest of a boundary line after "BEGIN " or "END ": the label, the dashes,
 * and nothing but white space after them.
 */
static bool read_label(struct ssa_pem *pem, char label[SSA_PEM_LABEL_MAX])
{
	size_t n = 0;

	while (!starts_with(pem, DASHES, DASHES_LEN)) {
		/* labelchar of RFC 7468 3, and spaces */
		if (!pem->left || *pem->p < ' ' || *pem->p > '~' ||
		    n == SSA_PEM_LABEL_MAX - 1)
			return false;
		label[n++] = *pem->p;
		skip(pem, 1);
	}
	label[n] = '\0';
	skip(pem, DASHES_LEN);
	while (pem->left && *pem->p != '\n' && *pem->p != '\r') {
		if (!is_space(*pem->p))
			return false;
		skip(pem, 1);
	}
	return n != 0;
}

/* -1 if @lo <= @c <= @hi, else 0; for values of one byte */
static int in_range(int c, int lo, int hi)
{
	return ((lo - 1 - c) & (c - hi - 1)) >> 8;
}

/* The value of a base64 digit, or -1. In constant time. */
static int digit_value(u8 c)
{
	int v = 0;

	v |= in_range(c, 'A', 'Z') & (c - 'A' + 1);
	v |= in_range(c, 'a', 'z') & (c - 'a' + 27);
	v |= in_range(c, '0', '9') & (c - '0' + 53);
	v |= in_range(c, '+', '+') & 63;
	v |= in_range(c, '/', '/') & 64;
	return v - 1;
}

/* What does not fit is counted only. */
static void put_byte(struct ssa_pem_object *obj, u8 byte)
{
	if (obj->len < obj->size)
		obj->der[obj->len] = byte;
	obj->len++;
}

/* Four digits at a time, up to the dash of the END line. */
static int read_base64(struct ssa_pem *pem, struct ssa_pem_object *obj)
{
	unsigned int have = 0, pad = 0;
	u32 group = 0;

	for (; pem->left && *pem->p != '-'; skip(pem, 1)) {
		int v;

		if (is_space(*pem->p))
			continue;
		if (*pem->p == '=') {
			if (have + pad >= 4 || have < 2)
				return -EINVAL;
			pad++;
			continue;
		}
		v = digit_value(*pem->p);
		if (v < 0 || pad)
			return -EINVAL;
		group = group << 6 | v;
		if (++have < 4)
			continue;
		put_byte(obj, group >> 16);
		put_byte(obj, group >> 8);
		put_byte(obj, group);
		group = 0;
		have = 0;
	}
	if (!have)
		return pad ? -EINVAL : 0;

	/* a last group of 2 or 3 digits; the bits that are left over are 0 */
	if (have + pad != 4)
		return -EINVAL;
	group <<= 6 * pad;
	if (group & (pad == 2 ? 0xffff : 0xff))
		return -EINVAL;
	put_byte(obj, group >> 16);
	if (pad == 1)
		put_byte(obj, group >> 8);
	return 0;
}

/* "-----END " and the same label as that of @obj */
static bool read_end(struct ssa_pem *pem, const struct ssa_pem_object *obj)
{
	static const char end[] = DASHES "END ";
	char label[SSA_PEM_LABEL_MAX];

	if (!starts_with(pem, end, sizeof(end) - 1))
		return false;
	skip(pem, sizeof(end) - 1);
	return read_label(pem, label) && !strcmp(label, obj->label);
}

/* Past an object whose inside is not for us; its headers may have any text. */
static int skip_encrypted(struct ssa_pem *pem, const struct ssa_pem_object *obj)
{
	while (!starts_with(pem, DASHES, DASHES_LEN)) {
		if (!next_line(pem))
			return -EINVAL;
	}
	return read_end(pem, obj) ? -EOPNOTSUPP : -EINVAL;
}

/**
 * ssa_pem_next - decode the next object of a text
 * @pem: cursor
 * @obj: @obj->der and @obj->size are given by the caller
 *
 * An encryption header (RFC 1421 4.6, "Proc-Type: 4,ENCRYPTED") is recognised,
 * to say so; other headers are malformed. After -E2BIG and -EOPNOTSUPP the cursor is
 * behind the object: a caller that can do without it goes on.
 *
 * Context: Any.
 * Return: 1 with an object, 0 at the end of the text, -EINVAL malformed, -E2BIG
 * does not fit into @obj->der, -EOPNOTSUPP encrypted.
 */
int ssa_pem_next(struct ssa_pem *pem, struct ssa_pem_object *obj)
{
	static const char begin[] = DASHES "BEGIN ";
	static const char end[] = DASHES "END ";
	static const char proc_type[] = "Proc-Type:";
	int err;

	obj->len = 0;
	while (!starts_with(pem, begin, sizeof(begin) - 1)) {
		/* an END without its BEGIN */
		if (starts_with(pem, end, sizeof(end) - 1))
			return -EINVAL;
		if (!next_line(pem))
			return 0;
	}
	skip(pem, sizeof(begin) - 1);
	if (!read_label(pem, obj->label) || !next_line(pem))
		return -EINVAL;
	if (starts_with(pem, proc_type, sizeof(proc_type) - 1))
		return skip_encrypted(pem, obj);

	err = read_base64(pem, obj);
	if (err)
		return err;
	if (!read_end(pem, obj) || !obj->len)
		return -EINVAL;
	return obj->len > obj->size ? -E2BIG : 1;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_pem_next);

#define BEGIN_CERT	"-----BEGIN CERTIFICATE-----\n"
#define END_CERT	"-----END CERTIFICATE-----\n"
#define LINE_BYTES	48	/* of DER: 64 characters, RFC 7468 2 */

/**
 * ssa_pem_cert_len - how long is a certificate as PEM text?
 * @len: bytes of its DER
 *
 * Context: Any.
 * Return: characters that ssa_pem_write_cert() writes.
 */
size_t ssa_pem_cert_len(size_t len)
{
	return sizeof(BEGIN_CERT) - 1 + DIV_ROUND_UP(len, 3) * 4 + DIV_ROUND_UP(len, LINE_BYTES) +
	       sizeof(END_CERT) - 1;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_pem_cert_len);

/* Certificates are no secret: digits may come from a table. */
static char *write_group(char *text, const u8 *der, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	u32 bits = der[0] << 16 | (len > 1 ? der[1] << 8 : 0) | (len > 2 ? der[2] : 0);

	*text++ = digits[bits >> 18];
	*text++ = digits[bits >> 12 & 63];
	*text++ = len > 1 ? digits[bits >> 6 & 63] : '=';
	*text++ = len > 2 ? digits[bits & 63] : '=';
	return text;
}

/**
 * ssa_pem_write_cert - write a certificate as PEM text (RFC 7468 5)
 * @text: where it goes: ssa_pem_cert_len() characters, no NUL
 * @der: the certificate
 * @len: bytes of @der
 *
 * Context: Any.
 * Return: the end of the text.
 */
char *ssa_pem_write_cert(char *text, const u8 *der, size_t len)
{
	size_t i;

	memcpy(text, BEGIN_CERT, sizeof(BEGIN_CERT) - 1);
	text += sizeof(BEGIN_CERT) - 1;
	for (i = 0; i < len; i += 3) {
		text = write_group(text, der + i, len - i);
		if ((i + 3) % LINE_BYTES == 0 || i + 3 >= len)
			*text++ = '\n';
	}
	memcpy(text, END_CERT, sizeof(END_CERT) - 1);
	return text + sizeof(END_CERT) - 1;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_pem_write_cert);
