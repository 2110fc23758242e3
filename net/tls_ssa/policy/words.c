// SPDX-License-Identifier: GPL-2.0
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/hex.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "words.h"

/* Longest way to write a byte: \xNN */
#define SSA_ESCAPE_LEN	4

static bool is_separator(char c)
{
	return isspace((u8)c) || c == ',';
}

/* Can this byte stand in a word as it is? Letters of UTF-8 can. */
static bool is_plain(u8 c)
{
	return c > 0x20 && c != 0x7f && c != ',' && c != '\\';
}

/**
 * ssa_words_trim - a text without the white space around it
 * @text: need not be NUL-terminated
 * @len: bytes of it
 *
 * Context: any.
 * Return: the part of @text, maybe empty.
 */
struct ssa_word ssa_words_trim(const char *text, size_t len)
{
	while (len && isspace((u8)text[len - 1]))
		len--;
	while (len && isspace((u8)text[0])) {
		text++;
		len--;
	}
	return (struct ssa_word){ .at = text, .len = len };
}

/**
 * ssa_words_next - take the next word off a text
 * @rest: the text; what is behind the word afterwards
 * @word: the word, never empty
 *
 * Context: any.
 * Return: false if there is none any more.
 */
bool ssa_words_next(struct ssa_word *rest, struct ssa_word *word)
{
	while (rest->len && is_separator(rest->at[0])) {
		rest->at++;
		rest->len--;
	}
	*word = (struct ssa_word){ .at = rest->at };
	while (rest->len && !is_separator(rest->at[0])) {
		rest->at++;
		rest->len--;
		word->len++;
	}
	return word->len;
}

/**
 * ssa_word_is - is it this name?
 * @word: as written
 * @name: NUL-terminated
 *
 * Context: any.
 * Return: true if so; capital letters are as good as small ones.
 */
bool ssa_word_is(const struct ssa_word *word, const char *name)
{
	return word->len == strlen(name) && !strncasecmp(word->at, name, word->len);
}

/**
 * ssa_word_number - a decimal number
 * @word: digits only
 * @max: the greatest that will do
 * @number: result
 *
 * Context: any.
 * Return: false if it is no number, or greater than @max.
 */
bool ssa_word_number(const struct ssa_word *word, u64 max, u64 *number)
{
	u64 n = 0;
	size_t i;

	for (i = 0; i < word->len; i++) {
		u8 digit = word->at[i] - '0';

		if (digit > 9 || n > max / 10 || n * 10 > max - min_t(u64, max, digit))
			return false;
		n = n * 10 + digit;
	}
	*number = n;
	return word->len && n <= max;
}

/**
 * ssa_word_quote - a word as it can be shown in a message
 * @word: anything
 * @to: SSA_WORD_QUOTED bytes
 *
 * Context: any.
 * Return: @to, NUL-terminated: the beginning of @word, printable.
 */
const char *ssa_word_quote(const struct ssa_word *word, char *to)
{
	size_t i, len = min_t(size_t, word->len, SSA_WORD_QUOTED - 1);

	for (i = 0; i < len; i++)
		to[i] = word->at[i] >= 0x20 && word->at[i] < 0x7f ? word->at[i] : '?';
	to[len] = '\0';
	if (len < word->len)
		memset(to + len - 3, '.', 3);
	return to;
}

/**
 * ssa_word_bytes - the bytes that a word stands for
 * @word: a space inside of it is taken as it is
 * @to: result, not NUL-terminated
 * @size: bytes of room
 *
 * Context: any.
 * Return: how many bytes there are; -EINVAL: a control character, a malformed \xNN, or
 * not enough room.
 */
int ssa_word_bytes(const struct ssa_word *word, u8 *to, size_t size)
{
	size_t i = 0, n = 0;

	while (i < word->len) {
		u8 c = word->at[i];

		if (n == size)
			return -EINVAL;
		if (is_plain(c) || c == ' ' || c == ',') {
			to[n++] = c;
			i++;
			continue;
		}
		if (word->len - i < SSA_ESCAPE_LEN || c != '\\' || word->at[i + 1] != 'x' ||
		    hex2bin(&to[n], word->at + i + 2, 1))
			return -EINVAL;
		n++;
		i += SSA_ESCAPE_LEN;
	}
	return n;
}

/**
 * ssa_line_char - append a character
 * @line: what it is appended to
 * @c: any
 *
 * Context: any.
 */
void ssa_line_char(struct ssa_line *line, char c)
{
	if (line->len < line->size)
		line->to[line->len++] = c;
	else
		line->full = true;
}

static void ssa_line_begin_word(struct ssa_line *line)
{
	if (line->len)
		ssa_line_char(line, ' ');
}

/**
 * ssa_line_word - append a word that needs no escapes
 * @line: what it is appended to, behind a space
 * @word: NUL-terminated
 *
 * Context: any.
 */
void ssa_line_word(struct ssa_line *line, const char *word)
{
	ssa_line_begin_word(line);
	while (*word)
		ssa_line_char(line, *word++);
}

/**
 * ssa_line_lower - the same in small letters
 * @line: what it is appended to, behind a space
 * @word: NUL-terminated
 *
 * Context: any.
 */
void ssa_line_lower(struct ssa_line *line, const char *word)
{
	ssa_line_begin_word(line);
	while (*word)
		ssa_line_char(line, tolower(*word++));
}

/**
 * ssa_line_number - append a number
 * @line: what it is appended to, behind a space
 * @number: any
 *
 * Context: any.
 */
void ssa_line_number(struct ssa_line *line, u64 number)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
	ssa_line_word(line, text);
}

/**
 * ssa_line_bytes - append bytes as a word
 * @line: what it is appended to, behind a space
 * @bytes: any
 * @len: how many
 * @escape_first: write the first one as \xNN, so that it is not taken for another word
 *
 * Context: any.
 */
void ssa_line_bytes(struct ssa_line *line, const u8 *bytes, size_t len, bool escape_first)
{
	size_t i;

	ssa_line_begin_word(line);
	for (i = 0; i < len; i++) {
		if (is_plain(bytes[i]) && (i || !escape_first)) {
			ssa_line_char(line, bytes[i]);
			continue;
		}
		ssa_line_char(line, '\\');
		ssa_line_char(line, 'x');
		ssa_line_char(line, hex_asc_hi(bytes[i]));
		ssa_line_char(line, hex_asc_lo(bytes[i]));
	}
}
