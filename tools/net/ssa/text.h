/* SPDX-License-Identifier: GPL-2.0 */
/* Texts that grow. Without memory the program ends: nothing has been changed by then. */
#ifndef _SSACTL_TEXT_H
#define _SSACTL_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#endif
#ifndef __printf
#define __printf(text, first)	__attribute__((__format__(__printf__, text, first)))
#endif

/**
 * struct text - a text that grows
 * @s: NUL-terminated, or NULL: nothing was ever put
 * @len: bytes of it, without the NUL
 * @size: bytes allocated
 */
struct text {
	char	*s;
	size_t	len;
	size_t	size;
};

void *take(size_t size);		/* zeroed memory */
char *take_copy(const char *s);

void text_put(struct text *t, const char *s, size_t len);
void text_puts(struct text *t, const char *s);
void text_putc(struct text *t, char c);
void __printf(2, 3) text_printf(struct text *t, const char *format, ...);
void text_clear(struct text *t);	/* empty; keeps the memory */
void text_free(struct text *t);
char *text_give(struct text *t);	/* the text, never NULL; the caller frees it */

/* Cuts white space at both ends off, in place. */
char *text_trim(char *s);

/* Elements of a list, which white space or commas separate: bytes of the next one, 0: none */
size_t list_next(const char **p, const char **element);
bool list_same(const char *a, const char *b);	/* the same elements in the same order? */

/* The entry of @names, up to a NULL, that @word may be a slip of, or NULL. */
const char *nearest(const char *word, const char * const *names);

#endif /* _SSACTL_TEXT_H */
