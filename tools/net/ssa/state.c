// SPDX-License-Identifier: GPL-2.0
/* What the kernel has, as a model. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "tree.h"

void section_path(const struct section *s, const char *file, struct text *path)
{
	text_clear(path);
	text_puts(path, kinds[s->kind].folder);
	if (s->name)
		text_printf(path, "%s%s", path->len ? "/" : "", s->name);
	if (file)
		text_printf(path, "%s%s", path->len ? "/" : "", file);
}

/* Is @name a line of @lines? */
static bool is_line(const char *lines, const char *name)
{
	size_t len = strlen(name);

	for (; *lines; lines += strcspn(lines, "\n"), lines += *lines == '\n') {
		if (!strncmp(lines, name, len) && (!lines[len] || lines[len] == '\n'))
			return true;
	}
	return false;
}

bool effective_value(const struct tree *t, const struct section *s, size_t attribute,
		     struct text *to)
{
	struct text path = { 0 };
	char *trimmed;
	int err;

	section_path(s, kinds[s->kind].attribute[attribute].name, &path);
	err = tree_read(t, path.s, to);
	text_free(&path);
	if (err)
		return false;
	trimmed = take_copy(text_trim(to->s));
	text_clear(to);
	text_puts(to, trimmed);
	free(trimmed);
	return true;
}

/*
 * The attribute "set" of a profile names those that are set there; elsewhere what is not
 * empty is.
 */
static void read_section(struct section *s, const struct tree *t)
{
	const struct kind_desc *kind = &kinds[s->kind];
	struct text path = { 0 }, set = { 0 }, value = { 0 };
	bool all;
	size_t i;

	section_path(s, "set", &path);
	all = s->kind == KIND_ROOT || s->kind == KIND_CREDENTIAL || tree_read(t, path.s, &set);
	for (i = 0; i < kind->count; i++) {
		if (kind->attribute[i].secret || (!all && !is_line(set.s, kind->attribute[i].name)))
			continue;
		if (effective_value(t, s, i, &value) && value.len &&
		    strcmp(value.s, unset_text(s->kind, i)))
			section_set(s, i, take_copy(value.s), s->at);
	}
	text_free(&path);
	text_free(&set);
	text_free(&value);
}

static int read_folder(struct model *m, const struct tree *t, enum section_kind kind,
		       struct report *report)
{
	struct section *s;
	char **names;
	int count, i;

	count = tree_list(t, kinds[kind].folder, &names);
	if (count == -ENOENT)
		return 0;
	if (count < 0) {
		complain(report, (struct place){ .file = t->root }, "cannot list %s: %s",
			 kinds[kind].folder, strerror(-count));
		return -1;
	}
	for (i = 0; i < count; i++) {
		s = model_add(m, kind, names[i], (struct place){ .file = t->root });
		read_section(s, t);
		free(names[i]);
	}
	free(names);
	return 0;
}

int read_state(struct model *m, const struct tree *t, struct report *report)
{
	struct section *s;

	for (s = m->first; s; s = s->next)
		read_section(s, t);
	if (read_folder(m, t, KIND_CREDENTIAL, report))
		return -1;
	return read_folder(m, t, KIND_PROFILE, report);
}
