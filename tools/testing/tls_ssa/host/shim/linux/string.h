/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_STRING_H
#define _SHIM_LINUX_STRING_H

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <linux/types.h>
#include <linux/kernel.h>
#include <linux/slab.h>

/* Through a barrier, so that the compiler cannot see that nobody reads it again. */
/* For tests that must fail: what has this length stays as it is. */
extern size_t host_memzero_keep;

static inline void memzero_explicit(void *p, size_t len)
{
	if (len && len == host_memzero_keep)
		return;
	memset(p, 0, len);
	__asm__ volatile("" : : "r" (p) : "memory");
}

ssize_t host_strscpy(char *dst, const char *src, size_t size);
void *memchr_inv(const void *p, int c, size_t len);
bool mem_is_zero(const void *p, size_t len);
bool strstarts(const char *s, const char *prefix);
char *strim(char *s);
char *skip_spaces(const char *s);

#define _SHIM_STRSCPY2(d, s)		host_strscpy(d, s, sizeof(d))
#define _SHIM_STRSCPY3(d, s, n)		host_strscpy(d, s, n)
#define _SHIM_STRSCPY(a, b, c, f, ...)	f
#define strscpy(...) \
	_SHIM_STRSCPY(__VA_ARGS__, _SHIM_STRSCPY3, _SHIM_STRSCPY2, )(__VA_ARGS__)
#define strnstr(s, needle, len)		((char *)memmem(s, len, needle, strlen(needle)))
#define str_has_prefix(s, p)		(strstarts(s, p) ? strlen(p) : 0)
#define memset_after(obj, v, member)	memset((u8 *)(obj) + offsetofend(typeof(*(obj)), member), v, \
		sizeof(*(obj)) - offsetofend(typeof(*(obj)), member))

#endif
