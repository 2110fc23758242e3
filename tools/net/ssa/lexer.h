/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Words of a policy file. White space separates them; { and } are words of their own;
 * "double quotes" hold white space, braces and # together, with \" and \\ inside; #
 * where a word could begin starts a comment; \ at the end of a line joins the next one.
 */
#ifndef _SSACTL_LEXER_H
#define _SSACTL_LEXER_H

#include <stdbool.h>
#include <stddef.h>
#include "report.h"
#include "text.h"

#define WORD_MAX	4095	/* bytes; configfs takes no longer value */

enum token {
	TOKEN_END,	/* of the file */
	TOKEN_LINE,	/* end of a line */
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_WORD,
	TOKEN_BAD,	/* it was complained about */
};

/**
 * struct lexer - a file that is being read
 * @p: next byte
 * @end: behind the last one
 * @at: place of the present token
 * @line: of @p
 * @word: of TOKEN_WORD
 * @quoted: it was in quotes, or some of it
 * @report: where errors go
 */
struct lexer {
	const char	*p;
	const char	*end;
	struct place	at;
	unsigned int	line;
	struct text	word;
	bool		quoted;
	struct report	*report;
};

/* @name and @bytes: stay the caller's, and outlive what is made of them. */
void lexer_init(struct lexer *lx, const char *name, const char *bytes, size_t len,
		struct report *report);
enum token lexer_next(struct lexer *lx);
void lexer_end(struct lexer *lx);

#endif /* _SSACTL_LEXER_H */
