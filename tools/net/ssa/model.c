// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "model.h"

#define FILES(form) ((form) == FORM_PATH || (form) == FORM_PATH_OR_NONE)

static const struct attribute profile_attributes[A_COUNT] = {
#define SSA_ATTRIBUTE(id, kind, summary) \
	[A_##id] = { .name = #id, .form = FORM_##kind, .reread = FILES(FORM_##kind) },
#define SSA_MATCH SSA_ATTRIBUTE
#include "../../../net/tls_ssa/policy/attribute_list.h"
#undef SSA_ATTRIBUTE
#undef SSA_MATCH
};

static const struct attribute credential_attributes[C_COUNT] = {
	[C_chain] = { .name = "chain", .form = FORM_PATH, .reread = true, .secret = true },
	[C_key] = { .name = "key", .form = FORM_PATH, .reread = true, .secret = true },
	[C_names] = { .name = "names", .form = FORM_HOST_NAMES },
};

static const struct attribute root_attributes[R_COUNT] = {
	[R_blocklist] = { .name = "blocklist", .form = FORM_PATH, .reread = true },
	[R_end_connections] = { .name = "end_connections", .form = FORM_BOOL },
};

/* Those of match_ are not default/'s: they come last. */
#define SSA_ATTRIBUTE(id, kind, summary) + 1
#define SSA_MATCH(id, kind, summary)
enum {
	DEFAULT_COUNT = 0
#include "../../../net/tls_ssa/policy/attribute_list.h"
};

#undef SSA_ATTRIBUTE
#undef SSA_MATCH

const struct kind_desc kinds[KIND_COUNT] = {
	[KIND_ROOT] = { .folder = "", .count = R_COUNT, .attribute = root_attributes },
	[KIND_DEFAULT] = { .word = "default", .folder = "default", .count = DEFAULT_COUNT,
			   .attribute = profile_attributes },
	[KIND_CREDENTIAL] = { .word = "credential", .folder = "credentials", .named = true,
			      .count = C_COUNT, .attribute = credential_attributes },
	[KIND_PROFILE] = { .word = "profile", .folder = "profiles", .named = true,
			   .count = A_COUNT, .attribute = profile_attributes },
};

void model_init(struct model *m)
{
	memset(m, 0, sizeof(*m));
	m->last = &m->first;
	model_add(m, KIND_ROOT, NULL, (struct place){ 0 });
	model_add(m, KIND_DEFAULT, NULL, (struct place){ 0 });
}

void model_free(struct model *m)
{
	struct section *s;
	struct source *f;
	size_t i;

	while ((s = m->first)) {
		m->first = s->next;
		for (i = 0; i < kinds[s->kind].count; i++)
			free(s->value[i].text);
		free(s->name);
		free(s);
	}
	while ((f = m->sources)) {
		m->sources = f->next;
		free(f);
	}
}

const char *model_source(struct model *m, const char *name)
{
	size_t size = strlen(name) + 1;
	struct source *f = take(sizeof(*f) + size);

	memcpy(f->name, name, size);
	f->next = m->sources;
	m->sources = f;
	return f->name;
}

struct section *model_find(const struct model *m, enum section_kind kind, const char *name)
{
	struct section *s;

	for (s = m->first; s; s = s->next) {
		if (s->kind == kind && (!kinds[kind].named || !strcmp(s->name, name)))
			return s;
	}
	return NULL;
}

struct section *model_add(struct model *m, enum section_kind kind, const char *name,
			  struct place at)
{
	struct section *s = take(sizeof(*s));

	s->kind = kind;
	s->at = at;
	s->name = name ? take_copy(name) : NULL;
	*m->last = s;
	m->last = &s->next;
	return s;
}

void section_set(struct section *s, size_t attribute, char *text, struct place at)
{
	free(s->value[attribute].text);
	s->value[attribute].text = text;
	s->value[attribute].at = at;
}

const char *unset_text(enum section_kind kind, size_t attribute)
{
	if (kind == KIND_PROFILE && attribute == A_enabled)
		return "1";
	if (kind == KIND_ROOT && attribute == R_end_connections)
		return "0";
	return "";
}

bool is_set(const struct section *s, size_t attribute)
{
	const char *text = s->value[attribute].text;

	return text && strcmp(text, unset_text(s->kind, attribute));
}

int kind_attribute(enum section_kind kind, const char *name)
{
	size_t i;

	for (i = 0; i < kinds[kind].count; i++) {
		if (!strcmp(kinds[kind].attribute[i].name, name))
			return i;
	}
	return -1;
}

const char *name_fault(const char *name)
{
	static const char * const taken[] = { "all", "none", "default" };
	size_t i;

	if (!*name)
		return "an empty name; give it letters, digits, - . or _";
	if (strlen(name) > NAME_LEN_MAX)
		return "a name of more than 64 bytes; make it shorter";
	if (strchr("._-", *name))
		return "a name that begins with - . or _; begin with a letter or digit";
	for (i = 0; i < ARRAY_SIZE(taken); i++) {
		if (!strcasecmp(name, taken[i]))
			return "a name that means something else; take another one";
	}
	if (name[strspn(name, NAME_CHARACTERS)])
		return "a name with other characters than letters, digits, - . _; leave them out";
	return NULL;
}

void section_title(const struct section *s, struct text *out)
{
	if (kinds[s->kind].word)
		text_puts(out, kinds[s->kind].word);
	if (s->name) {
		text_putc(out, ' ');
		put_word(out, s->name);
	}
}

void put_word(struct text *out, const char *word)
{
	const char *p;

	if (*word && *word != '#' && !strpbrk(word, " \t\r{}\"") &&
	    word[strlen(word) - 1] != '\\') {
		text_puts(out, word);
		return;
	}
	text_putc(out, '"');
	for (p = word; *p; p++) {
		if (*p == '"' || *p == '\\')
			text_putc(out, '\\');
		text_putc(out, *p);
	}
	text_putc(out, '"');
}

/* The elements of a list are words of a file too. */
static void put_value(struct text *out, enum form form, const char *value)
{
	struct text word = { 0 };
	const char *element;
	size_t len;

	if (!form_is_list(form)) {
		put_word(out, value);
		return;
	}
	for (; (len = list_next(&value, &element)); text_clear(&word)) {
		if (word.s)
			text_putc(out, ' ');
		text_put(&word, element, len);
		put_word(out, word.s);
	}
	text_free(&word);
}

void put_setting(struct text *out, const struct attribute *a, const char *value)
{
	text_puts(out, a->name);
	text_putc(out, ' ');
	put_value(out, a->form, value);
	text_putc(out, '\n');
}

void put_section(struct text *out, const struct section *s)
{
	const struct kind_desc *kind = &kinds[s->kind];
	bool any = kind->named;
	size_t i;

	for (i = 0; i < kind->count; i++)
		any |= is_set(s, i);
	if (!any)
		return;
	if (kind->word) {
		section_title(s, out);
		text_puts(out, " {\n");
	}
	for (i = 0; i < kind->count; i++) {
		if (!is_set(s, i))
			continue;
		if (kind->word)
			text_putc(out, '\t');
		put_setting(out, &kind->attribute[i], s->value[i].text);
	}
	if (kind->word)
		text_puts(out, "}\n");
}

void put_model(struct text *out, const struct model *m)
{
	const struct section *s;
	size_t before;

	for (s = m->first; s; s = s->next) {
		before = out->len;
		put_section(out, s);
		if (out->len != before && s->next)
			text_putc(out, '\n');
	}
}

static void check_profile(const struct section *s, struct report *report)
{
	size_t i;

	for (i = 0; i < A_COUNT; i++) {
		if (!strncmp(profile_attributes[i].name, "match_", 6) && s->value[i].text)
			return;
	}
	if (!s->value[A_enabled].text || !strcmp(s->value[A_enabled].text, "1"))
		complain(report, s->at,
			 "profile \"%s\" is for nobody; add a match_ line, or enabled 0",
			 s->name);
}

static void check_versions(const struct section *s, struct report *report)
{
	const struct value *min = &s->value[A_min_version], *max = &s->value[A_max_version];

	if (min->text && max->text && strcasecmp(min->text, max->text) > 0)
		complain(report, max->at, "max_version %s is older than min_version %s; swap them",
			 max->text, min->text);
}

void model_check(struct model *m, struct report *report)
{
	const struct section *s;

	for (s = m->first; s; s = s->next) {
		if (s->kind == KIND_PROFILE)
			check_profile(s, report);
		if (s->kind == KIND_PROFILE || s->kind == KIND_DEFAULT)
			check_versions(s, report);
		/* Without both it stays as it is. */
		if (s->kind == KIND_CREDENTIAL && s->value[C_key].text && !s->value[C_chain].text)
			complain(report, s->at,
				 "credential \"%s\" has no certificate; add: chain PATH", s->name);
	}
}
