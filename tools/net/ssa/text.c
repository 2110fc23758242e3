// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "text.h"

#define NEAR_MAX	64	/* longest word that is compared with others */

static void *or_end(void *p)
{
	if (!p) {
		fputs("ssactl: out of memory\n", stderr);
		exit(1);
	}
	return p;
}

void *take(size_t size)
{
	return or_end(calloc(1, size));
}

char *take_copy(const char *s)
{
	return or_end(strdup(s));
}

static void text_grow(struct text *t, size_t more)
{
	size_t want = t->len + more + 1;

	if (want <= t->size)
		return;
	if (want < 2 * t->size)
		want = 2 * t->size;
	t->s = or_end(realloc(t->s, want));
	t->size = want;
}

void text_put(struct text *t, const char *s, size_t len)
{
	text_grow(t, len);
	memcpy(t->s + t->len, s, len);
	t->len += len;
	t->s[t->len] = '\0';
}

void text_puts(struct text *t, const char *s)
{
	text_put(t, s, strlen(s));
}

void text_putc(struct text *t, char c)
{
	text_put(t, &c, 1);
}

void text_printf(struct text *t, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		return;
	text_grow(t, len);
	va_start(args, format);
	vsnprintf(t->s + t->len, len + 1, format, args);
	va_end(args);
	t->len += len;
}

void text_clear(struct text *t)
{
	text_grow(t, 0);
	t->len = 0;
	t->s[0] = '\0';
}

void text_free(struct text *t)
{
	free(t->s);
	memset(t, 0, sizeof(*t));
}

char *text_give(struct text *t)
{
	char *s;

	text_grow(t, 0);
	t->s[t->len] = '\0';
	s = t->s;
	memset(t, 0, sizeof(*t));
	return s;
}

char *text_trim(char *s)
{
	size_t len;

	s += strspn(s, " \t\r\n");
	len = strlen(s);
	while (len && strchr(" \t\r\n", s[len - 1]))
		len--;
	s[len] = '\0';
	return s;
}

size_t list_next(const char **p, const char **element)
{
	size_t len;

	*element = *p + strspn(*p, " \t\n,");
	len = strcspn(*element, " \t\n,");
	*p = *element + len;
	return len;
}

bool list_same(const char *a, const char *b)
{
	const char *x, *y;
	size_t len;

	do {
		len = list_next(&a, &x);
		if (list_next(&b, &y) != len || memcmp(x, y, len))
			return false;
	} while (len);
	return true;
}

/* Letters to put in, take out or change until @a is @b (Levenshtein), without case */
static unsigned int distance(const char *a, size_t alen, const char *b, size_t blen)
{
	unsigned int row[NEAR_MAX + 1], up, left, i, j;

	for (j = 0; j <= blen; j++)
		row[j] = j;
	for (i = 1; i <= alen; i++) {
		up = row[0];
		row[0] = i;
		for (j = 1; j <= blen; j++) {
			left = up + !!strncasecmp(a + i - 1, b + j - 1, 1);
			up = row[j];
			if (row[j] + 1 < left)
				left = row[j] + 1;
			if (row[j - 1] + 1 < left)
				left = row[j - 1] + 1;
			row[j] = left;
		}
	}
	return row[blen];
}

const char *nearest(const char *word, const char * const *names)
{
	size_t len = strlen(word), other;
	const char *best = NULL;
	unsigned int least, d;

	if (!len || len > NEAR_MAX)
		return NULL;
	least = len / 3 + 2;
	for (; *names; names++) {
		other = strlen(*names);
		if (other > NEAR_MAX)
			continue;
		d = distance(word, len, *names, other);
		if (d < least) {
			least = d;
			best = *names;
		}
	}
	return best;
}
