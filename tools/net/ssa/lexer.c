// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include "lexer.h"

void lexer_init(struct lexer *lx, const char *name, const char *bytes, size_t len,
		struct report *report)
{
	memset(lx, 0, sizeof(*lx));
	lx->p = bytes;
	lx->end = bytes + len;
	lx->at.file = name;
	lx->at.line = 1;
	lx->line = 1;
	lx->report = report;
}

void lexer_end(struct lexer *lx)
{
	text_free(&lx->word);
}

static bool at_end(const struct lexer *lx)
{
	return lx->p == lx->end;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is_control(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f;
}

/* Is there, from @p on, a \ with nothing but the end of the line behind it? */
static bool is_joint(const char *p, const char *end)
{
	if (*p != '\\')
		return false;
	for (p++; p < end && is_space(*p); p++)
		;
	return p < end && *p == '\n';
}

static void skip_line(struct lexer *lx)
{
	while (!at_end(lx) && *lx->p != '\n')
		lx->p++;
}

static void skip_space(struct lexer *lx)
{
	for (; !at_end(lx); lx->p++) {
		if (is_joint(lx->p, lx->end)) {
			skip_line(lx);
			lx->line++;
		} else if (!is_space(*lx->p)) {
			return;
		}
	}
}

static enum token bad(struct lexer *lx, const char *why)
{
	complain(lx->report, lx->at, "%s", why);
	skip_line(lx);
	return TOKEN_BAD;
}

/* @lx->p: behind the opening quote. Returns why it is wrong, or NULL. */
static const char *quoted(struct lexer *lx)
{
	for (; !at_end(lx) && *lx->p != '\n'; lx->p++) {
		if (*lx->p == '"') {
			lx->p++;
			return NULL;
		}
		if (*lx->p == '\\') {
			lx->p++;
			if (at_end(lx) || (*lx->p != '"' && *lx->p != '\\'))
				return "\\ in quotes stands before \" or \\ only; write \\\\";
		}
		if (is_control(*lx->p) && *lx->p != '\t')
			return "control character in quotes; remove it";
		text_putc(&lx->word, *lx->p);
	}
	return "quote is not closed; put a \" at the end of the value";
}

static enum token word(struct lexer *lx)
{
	const char *why;

	while (!at_end(lx) && !is_space(*lx->p) && !strchr("\n{}", *lx->p) &&
	       !is_joint(lx->p, lx->end)) {
		if (*lx->p == '"') {
			lx->p++;
			lx->quoted = true;
			why = quoted(lx);
			if (why)
				return bad(lx, why);
			continue;
		}
		if (is_control(*lx->p))
			return bad(lx, "control character; remove it");
		text_putc(&lx->word, *lx->p++);
	}
	if (lx->word.len > WORD_MAX)
		return bad(lx, "more than 4095 bytes; the kernel takes no longer value");
	return TOKEN_WORD;
}

enum token lexer_next(struct lexer *lx)
{
	text_clear(&lx->word);
	lx->quoted = false;
	skip_space(lx);
	if (!at_end(lx) && *lx->p == '#')
		skip_line(lx);
	lx->at.line = lx->line;
	if (at_end(lx))
		return TOKEN_END;
	switch (*lx->p) {
	case '\n':
		lx->p++;
		lx->line++;
		return TOKEN_LINE;
	case '{':
		lx->p++;
		return TOKEN_OPEN;
	case '}':
		lx->p++;
		return TOKEN_CLOSE;
	case '\0':
		return bad(lx, "NUL byte; a policy is a text");
	}
	return word(lx);
}
