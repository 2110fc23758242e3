// SPDX-License-Identifier: GPL-2.0
/*
 * Policy files, tls_ssa.conf(5):
 *
 *	default { ATTRIBUTE VALUE... }		a setting a line
 *	profile NAME { ATTRIBUTE VALUE... }
 *	credential NAME { ATTRIBUTE VALUE... }
 *	ATTRIBUTE VALUE				outside: those of configfs's root
 *
 * After an error it goes on with the next line, so that one run shows all of them.
 */
#include <stdlib.h>
#include <string.h>
#include "lexer.h"
#include "model.h"

/**
 * struct parser - a file on its way into a model
 * @lx: its words
 * @m: the model
 * @root: section of settings outside of all blocks
 * @section: block that is open, or NULL
 * @spare: takes the settings of a block that is in error
 * @opened: where @section was opened
 */
struct parser {
	struct lexer	lx;
	struct model	*m;
	struct section	*root;
	struct section	*section;
	struct model	spare;
	struct place	opened;
};

static void to_line_end(struct parser *p)
{
	enum token t;

	do {
		t = lexer_next(&p->lx);
	} while (t != TOKEN_LINE && t != TOKEN_END);
}

/* "; is NAME meant?", or what there is */
static void advise(struct text *out, const char *word, const char * const *names)
{
	const char *best = nearest(word, names);
	size_t i;

	if (best) {
		text_printf(out, "is \"%s\" meant?", best);
		return;
	}
	text_puts(out, "there are ");
	for (i = 0; names[i]; i++)
		text_printf(out, "%s%s", i ? ", " : "", names[i]);
}

static void unknown_attribute(struct parser *p, enum section_kind kind, const char *word)
{
	const char *names[A_COUNT + KIND_COUNT + 1];
	struct text help = { 0 };
	size_t i, n = 0;

	for (i = 0; i < kinds[kind].count; i++)
		names[n++] = kinds[kind].attribute[i].name;
	if (kind == KIND_ROOT) {
		for (i = 0; i < KIND_COUNT; i++) {
			if (kinds[i].word)
				names[n++] = kinds[i].word;
		}
	}
	names[n] = NULL;
	if (kind == KIND_DEFAULT && kind_attribute(KIND_PROFILE, word) >= 0)
		text_puts(&help, "default is for everybody; it belongs into a profile");
	else if (kind == KIND_ROOT && kind_attribute(KIND_PROFILE, word) >= 0)
		text_puts(&help, "it belongs between default { and }");
	else
		advise(&help, word, names);
	complain(p->lx.report, p->lx.at, "unknown %s \"%s\"; %s",
		 kind == KIND_ROOT ? "statement" : "attribute", word, help.s);
	text_free(&help);
}

/* A word of a list, which the kernel takes apart again at white space and commas */
static void put_element(struct text *value, const struct lexer *lx, bool in_list)
{
	const char *c;

	if (value->s && value->len)
		text_putc(value, ' ');
	for (c = lx->word.s; *c; c++) {
		if (in_list && lx->quoted && (*c == ' ' || *c == '\t' || *c == ','))
			text_printf(value, "\\x%02x", *c);
		else
			text_putc(value, *c);
	}
}

static void brace_in_setting(struct parser *p)
{
	if (p->section)
		complain(p->lx.report, p->lx.at,
			 "{ inside of a setting; close the block of line %u with } first, or put { in \"quotes\"",
			 p->opened.line);
	else
		complain(p->lx.report, p->lx.at, "{ inside of a setting; put it in \"quotes\"");
}

/*
 * The rest of a setting. Returns the token behind it: the end of the line, of the block
 * or of the file; TOKEN_BAD: the rest of the line is to be skipped.
 */
static enum token parse_value(struct parser *p, struct section *s, int number, struct place at)
{
	const struct attribute *a = &kinds[s->kind].attribute[number];
	struct text value = { 0 }, why = { 0 };
	unsigned int words = 0;
	enum token t;

	while ((t = lexer_next(&p->lx)) == TOKEN_WORD) {
		put_element(&value, &p->lx, form_is_list(a->form));
		words++;
	}
	if (t == TOKEN_BAD)
		goto out;
	if (t == TOKEN_OPEN) {
		brace_in_setting(p);
		t = TOKEN_BAD;
	} else if (!value.len) {
		complain(p->lx.report, at, "%s has no value; write one, or leave the line out",
			 a->name);
	} else if (words > 1 && !form_is_list(a->form)) {
		complain(p->lx.report, at, "%s takes one value, not %u; put spaces in \"quotes\"",
			 a->name, words);
	} else if (value.len > WORD_MAX) {
		complain(p->lx.report, at, "%s: value of %zu bytes; the kernel takes %u",
			 a->name, value.len, WORD_MAX);
	} else if (!form_check(a->form, value.s, &why)) {
		complain(p->lx.report, at, "%s: %s", a->name, why.s);
	} else if (s->value[number].text) {
		complain(p->lx.report, at, "%s is set already at %s:%u; one of the two has to go",
			 a->name, s->value[number].at.file, s->value[number].at.line);
	} else {
		section_set(s, number, text_give(&value), at);
	}
out:
	text_free(&value);
	text_free(&why);
	return t;
}

static enum token parse_setting(struct parser *p)
{
	struct section *s = p->section ?: p->root;
	int number = kind_attribute(s->kind, p->lx.word.s);

	if (number < 0) {
		unknown_attribute(p, s->kind, p->lx.word.s);
		return TOKEN_BAD;
	}
	return parse_value(p, s, number, p->lx.at);
}

/* The section that a block is about; one to throw away if its name is no good. */
static struct section *begin_section(struct parser *p, enum section_kind kind, const char *name,
				     struct place at)
{
	const char *fault = kinds[kind].named ? name_fault(name) : NULL;
	struct section *s = NULL;

	if (!fault)
		s = model_find(p->m, kind, name);
	if (fault) {
		complain(p->lx.report, at, "%s with %s", kinds[kind].word, fault);
	} else if (s && kinds[kind].named) {
		complain(p->lx.report, at,
			 "%s \"%s\" is there already at %s:%u; put the settings there, or take another name",
			 kinds[kind].word, name, s->at.file, s->at.line);
		fault = name;
	}
	if (fault)
		return model_add(&p->spare, kind, name, at);
	if (!s)
		s = model_add(p->m, kind, name, at);
	return s;
}

/* default {, profile NAME {, credential NAME {; returns the token behind it, or TOKEN_WORD */
static enum token parse_block(struct parser *p, enum section_kind kind)
{
	const struct kind_desc *desc = &kinds[kind];
	struct place at = p->lx.at;
	struct text name = { 0 };
	enum token t;

	t = lexer_next(&p->lx);
	if (desc->named && t == TOKEN_WORD) {
		text_puts(&name, p->lx.word.s);
		t = lexer_next(&p->lx);
	} else if (desc->named && t != TOKEN_BAD) {
		complain(p->lx.report, at, "%s without a name; write: %s NAME {", desc->word,
			 desc->word);
		if (t != TOKEN_OPEN)
			return t == TOKEN_CLOSE ? TOKEN_BAD : t;
		p->section = model_add(&p->spare, kind, "", at);
		p->opened = at;
		return TOKEN_WORD;
	}
	if (t == TOKEN_OPEN) {
		p->section = begin_section(p, kind, name.s, at);
		p->opened = at;
		t = TOKEN_WORD;
	} else if (t != TOKEN_BAD) {
		complain(p->lx.report, at, "%s%s without its {; write: %s%s {", desc->word,
			 desc->named ? " NAME" : "", desc->word, desc->named ? " NAME" : "");
		if (t == TOKEN_CLOSE || t == TOKEN_WORD)
			t = TOKEN_BAD;
	}
	text_free(&name);
	return t;
}

static enum token parse_statement(struct parser *p)
{
	enum section_kind kind;

	for (kind = 0; kind < KIND_COUNT; kind++) {
		if (!kinds[kind].word || strcmp(kinds[kind].word, p->lx.word.s))
			continue;
		if (!p->section)
			return parse_block(p, kind);
		/* Attributes may have the name of a kind: "credential" is one of them. */
		if (kind_attribute(p->section->kind, p->lx.word.s) >= 0)
			break;
		complain(p->lx.report, p->lx.at,
			 "%s inside of the block of line %u; close that with } first",
			 p->lx.word.s, p->opened.line);
		p->section = NULL;
		return parse_block(p, kind);
	}
	return parse_setting(p);
}

void parse(struct model *m, const char *name, const char *bytes, size_t len,
	   struct report *report)
{
	struct parser p = { .m = m, .root = model_find(m, KIND_ROOT, NULL) };
	enum token t;

	model_init(&p.spare);
	lexer_init(&p.lx, model_source(m, name), bytes, len, report);
	do {
		t = lexer_next(&p.lx);
		if (t == TOKEN_WORD)
			t = parse_statement(&p);
		if (t == TOKEN_CLOSE && p.section) {
			p.section = NULL;
			t = lexer_next(&p.lx);
			if (t == TOKEN_WORD || t == TOKEN_OPEN || t == TOKEN_CLOSE) {
				complain(report, p.lx.at, "text behind }; begin a new line");
				t = TOKEN_BAD;
			}
		} else if (t == TOKEN_CLOSE) {
			complain(report, p.lx.at, "} without a block; remove it");
		} else if (t == TOKEN_OPEN) {
			complain(report, p.lx.at,
				 "{ by itself; write: default {, profile NAME { or credential NAME {");
			t = TOKEN_BAD;
		}
		if (t == TOKEN_BAD)
			to_line_end(&p);
	} while (t != TOKEN_END);
	if (p.section)
		complain(report, p.opened, "block is not closed; put a } behind its last setting");
	lexer_end(&p.lx);
	model_free(&p.spare);
}
