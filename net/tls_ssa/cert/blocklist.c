// SPDX-License-Identifier: GPL-2.0-only
/*
 * Blocklists: SHA-256 sums of certificates and keys that are not accepted. A list is
 * parsed once, then constant and shared. It is sorted: whoever writes it, also if it
 * comes from far away, cannot make a lookup cost more than its logarithm.
 */
#include <kunit/visibility.h>
#include <linux/bsearch.h>
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/hex.h>
#include <linux/overflow.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include "cert.h"

/**
 * struct entry - what is blocked
 * @hash: SHA-256
 */
struct entry {
	u8 hash[SSA_BLOCKLIST_HASH_LEN];
};

/**
 * struct ssa_blocklist - sums, in ascending order, each once
 * @refcount: references
 * @count: how many
 * @entry: they
 */
struct ssa_blocklist {
	refcount_t refcount;
	u32 count;
	struct entry entry[] __counted_by(count);
};

/**
 * struct lines - a text that is read line by line
 * @p: what is left of it
 * @left: bytes of it
 * @number: of the line that was read last, from 1
 */
struct lines {
	const char *p;
	size_t left;
	u32 number;
};

/* The next line without its end; false: there is none. */
static bool next_line(struct lines *text, const char **line, size_t *len)
{
	const char *end;

	if (!text->left)
		return false;
	end = memchr(text->p, '\n', text->left);
	*line = text->p;
	*len = end ? end - text->p : text->left;
	text->p += *len + !!end;
	text->left -= *len + !!end;
	text->number++;
	return true;
}

/* 1: @entry is in the line; 0: nothing is; -EINVAL. */
static int parse_line(const char *line, size_t len, struct entry *entry)
{
	size_t at = 0, i;
	int high, low;

	while (at < len && isspace(line[at]))
		at++;
	if (at == len || line[at] == '#')
		return 0;
	for (i = 0; i < sizeof(entry->hash); i++) {
		if (i && at < len && line[at] == ':')
			at++;
		if (len - at < 2)
			return -EINVAL;
		high = hex_to_bin(line[at]);
		low = hex_to_bin(line[at + 1]);
		if (high < 0 || low < 0)
			return -EINVAL;
		entry->hash[i] = high << 4 | low;
		at += 2;
	}
	/* more digits are the sum of another hash function */
	return at == len || isspace(line[at]) || line[at] == '#' ? 1 : -EINVAL;
}

/* How many entries @text has; they go to @entry, which has room for them, or is NULL. */
static int read_entries(const char *text, size_t len, struct entry *entry, u32 *line)
{
	struct lines lines = { .p = text, .left = len };
	struct entry scratch;
	size_t line_len;
	const char *p;
	int count = 0, ret;

	while (next_line(&lines, &p, &line_len)) {
		*line = lines.number;
		if (!(lines.number % 4096))
			cond_resched();
		ret = parse_line(p, line_len, entry ? &entry[count] : &scratch);
		if (ret < 0)
			return ret;
		if (ret && ++count > SSA_BLOCKLIST_MAX)
			return -E2BIG;
	}
	return count;
}

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct entry));
}

static u32 remove_doubles(struct entry *entry, u32 count)
{
	u32 kept = 0, i;

	for (i = 0; i < count; i++) {
		if (!kept || compare(&entry[i], &entry[kept - 1]))
			entry[kept++] = entry[i];
	}
	return kept;
}

/**
 * ssa_blocklist_parse - make a blocklist of a text
 * @text: a line for each: SHA-256 of the DER of a certificate or of a
 *	  SubjectPublicKeyInfo, in 64 hex digits, with or without colons between bytes.
 *	  White space and '#' end it; what follows, and lines without a sum, are comments.
 *	  It must not change meanwhile.
 * @len: bytes of @text
 * @line: number of the last line that was looked at, from 1: that of the error, if
 *	  there is one; 0: there was none to look at
 *
 * Context: process, may sleep.
 * Return: the list with one reference, perhaps of no entries, or ERR_PTR: -EINVAL the
 * line is malformed, -E2BIG more than SSA_BLOCKLIST_TEXT_MAX bytes or
 * SSA_BLOCKLIST_MAX entries, -ENOMEM.
 */
struct ssa_blocklist *ssa_blocklist_parse(const char *text, size_t len, u32 *line)
{
	struct ssa_blocklist *list;
	int count;

	*line = 0;
	if (len > SSA_BLOCKLIST_TEXT_MAX)
		return ERR_PTR(-E2BIG);
	count = read_entries(text, len, NULL, line);
	if (count < 0)
		return ERR_PTR(count);
	list = kvzalloc(struct_size(list, entry, count), GFP_KERNEL_ACCOUNT);
	if (!list)
		return ERR_PTR(-ENOMEM);
	refcount_set(&list->refcount, 1);
	list->count = count;
	(void)read_entries(text, len, list->entry, line);
	sort(list->entry, count, sizeof(list->entry[0]), compare, NULL);
	list->count = remove_doubles(list->entry, count);
	return list;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_blocklist_parse);

/**
 * ssa_blocklist_get - take a reference
 * @list: a list, or NULL
 *
 * Context: Any.
 * Return: @list.
 */
struct ssa_blocklist *ssa_blocklist_get(struct ssa_blocklist *list)
{
	if (list)
		refcount_inc(&list->refcount);
	return list;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_blocklist_get);

/**
 * ssa_blocklist_put - give a reference back
 * @list: a list, or NULL
 *
 * Context: Process context: the last one frees the list.
 */
void ssa_blocklist_put(struct ssa_blocklist *list)
{
	if (list && refcount_dec_and_test(&list->refcount))
		kvfree(list);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_blocklist_put);

/**
 * ssa_blocklist_count - how many different entries a list has
 * @list: a list, or NULL
 *
 * Context: Any.
 * Return: the number, 0 for NULL.
 */
u32 ssa_blocklist_count(const struct ssa_blocklist *list)
{
	return list ? list->count : 0;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_blocklist_count);

/**
 * ssa_blocklist_has - is this in the list?
 * @list: a list, or NULL, which has nothing
 * @hash: SSA_BLOCKLIST_HASH_LEN bytes
 *
 * Context: Any.
 * Return: true if so.
 */
bool ssa_blocklist_has(const struct ssa_blocklist *list, const u8 *hash)
{
	return ssa_blocklist_count(list) &&
	       bsearch(hash, list->entry, list->count, sizeof(list->entry[0]), compare);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_blocklist_has);
