/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Text that an administrator has written, taken apart into words and put together
 * again. White space and commas stand between words; inside of one, \xNN is a byte
 * that could not stand there as it is.
 */
#ifndef _TLS_SSA_POLICY_WORDS_H
#define _TLS_SSA_POLICY_WORDS_H

#include <linux/types.h>

/* A part of a text, not NUL-terminated */
struct ssa_word {
	const char	*at;
	size_t		len;
};

/* Room for ssa_word_quote(), with the final NUL */
#define SSA_WORD_QUOTED	48

struct ssa_word ssa_words_trim(const char *text, size_t len);
bool ssa_words_next(struct ssa_word *rest, struct ssa_word *word);
bool ssa_word_is(const struct ssa_word *word, const char *name);
bool ssa_word_number(const struct ssa_word *word, u64 max, u64 *number);
const char *ssa_word_quote(const struct ssa_word *word, char *to);
/* Bytes written; -EINVAL: an escape is malformed, or @size bytes are not enough. */
int ssa_word_bytes(const struct ssa_word *word, u8 *to, size_t size);

/**
 * struct ssa_line - a text that grows word by word
 * @to: where it is
 * @size: bytes of room
 * @len: bytes written
 * @full: there was not enough room
 */
struct ssa_line {
	char	*to;
	size_t	size;
	size_t	len;
	bool	full;
};

void ssa_line_char(struct ssa_line *line, char c);
void ssa_line_word(struct ssa_line *line, const char *word);
void ssa_line_lower(struct ssa_line *line, const char *word);
void ssa_line_number(struct ssa_line *line, u64 number);
/* Bytes as a word; @escape_first: so that it is not taken for another word. */
void ssa_line_bytes(struct ssa_line *line, const u8 *bytes, size_t len, bool escape_first);

#endif /* _TLS_SSA_POLICY_WORDS_H */
