// SPDX-License-Identifier: GPL-2.0
/* Functions of the kernel's lib/ that the C library does not have. */
#include <arpa/inet.h>
#include <errno.h>
#include <crypto/utils.h>
#include <linux/ctype.h>
#include <linux/hex.h>
#include <linux/inet.h>
#include <linux/string.h>

bool host_memneq_blind;
size_t host_memzero_keep;

ssize_t host_strscpy(char *dst, const char *src, size_t size)
{
	size_t len = strnlen(src, size);

	if (!size)
		return -E2BIG;
	if (len == size) {
		memcpy(dst, src, size - 1);
		dst[size - 1] = '\0';
		return -E2BIG;
	}
	memcpy(dst, src, len + 1);
	return len;
}

void *memchr_inv(const void *p, int c, size_t len)
{
	const u8 *b = p;

	for (; len; len--, b++)
		if (*b != (u8)c)
			return (void *)b;
	return NULL;
}

bool mem_is_zero(const void *p, size_t len)
{
	return !memchr_inv(p, 0, len);
}

bool strstarts(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

char *skip_spaces(const char *s)
{
	while (isspace((unsigned char)*s))
		s++;
	return (char *)s;
}

char *strim(char *s)
{
	size_t len = strlen(s);

	while (len && isspace((unsigned char)s[len - 1]))
		s[--len] = '\0';
	return skip_spaces(s);
}

int hex_to_bin(unsigned char c)
{
	if (isdigit(c))
		return c - '0';
	return isxdigit(c) ? (c | 0x20) - 'a' + 10 : -1;
}

int hex2bin(u8 *dst, const char *src, size_t count)
{
	while (count--) {
		int hi = hex_to_bin(*src++);
		int lo = hi < 0 ? -1 : hex_to_bin(*src++);

		if (lo < 0)
			return -EINVAL;
		*dst++ = hi << 4 | lo;
	}
	return 0;
}

static int pton(int family, const char *src, int srclen, u8 *dst, int delim, const char **end)
{
	char text[INET6_ADDRSTRLEN];
	size_t len = srclen < 0 ? strlen(src) : strnlen(src, srclen);

	if (delim >= 0 && memchr(src, delim, len))
		len = (const char *)memchr(src, delim, len) - src;
	if (len >= sizeof(text))
		return 0;
	memcpy(text, src, len);
	text[len] = '\0';
	if (inet_pton(family, text, dst) != 1)
		return 0;
	if (end)
		*end = src + len;
	return 1;
}

int in4_pton(const char *src, int srclen, u8 *dst, int delim, const char **end)
{
	return pton(AF_INET, src, srclen, dst, delim, end);
}

int in6_pton(const char *src, int srclen, u8 *dst, int delim, const char **end)
{
	return pton(AF_INET6, src, srclen, dst, delim, end);
}
