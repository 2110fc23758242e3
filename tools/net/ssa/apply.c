// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "change.h"

/* Credentials before the profiles that name them; what acts at once comes last. */
static const enum section_kind order[] = { KIND_CREDENTIAL, KIND_DEFAULT, KIND_PROFILE, KIND_ROOT };

/**
 * struct step - a change that is being made
 * @t: where
 * @now: what was there
 * @want: what is to be
 * @report: where errors go
 */
struct step {
	const struct tree	*t;
	const struct model	*now;
	const struct model	*want;
	struct report		*report;
};

/* The text behind "@name: ", if it begins so, once or more often */
static const char *without(const char *text, const char *name)
{
	size_t len = strlen(name);

	while (!strncmp(text, name, len) && !strncmp(text + len, ": ", 2))
		text += len + 2;
	return text;
}

/* Why the kernel has refused it: its last_error, or else the errno */
static void refused(const struct step *st, const struct section *s, const char *what,
		    struct place at, int err)
{
	struct text path = { 0 }, why = { 0 };

	section_path(s, "last_error", &path);
	if (err == -EINVAL && (!tree_read(st->t, path.s, &why) || !s->name) && !why.len)
		tree_read(st->t, "last_error", &why);
	if (err == -EINVAL && why.len)
		complain(st->report, at, "%s: %s", what, without(text_trim(why.s), what));
	else
		complain(st->report, at, "%s: %s%s", what, strerror(-err), err == -EPERM ||
			 err == -EACCES ? "; only root with CAP_NET_ADMIN may write it" : "");
	text_free(&path);
	text_free(&why);
}

static int write_value(const struct step *st, const struct section *s, size_t attribute,
		       const char *text, struct place at)
{
	const struct attribute *a = &kinds[s->kind].attribute[attribute];
	struct text path = { 0 }, line = { 0 };
	int err;

	section_path(s, a->name, &path);
	text_printf(&line, "%s\n", text);
	err = tree_write(st->t, path.s, line.s);
	text_free(&path);
	text_free(&line);
	if (!err)
		return 0;
	refused(st, s, a->name, at, err);
	return -1;
}

/* Is it to be written? What names files is: they may have changed. */
static bool is_due(const struct section *now, const struct section *want, size_t attribute)
{
	const struct attribute *a = &kinds[want->kind].attribute[attribute];

	return differs(now, want, attribute) || (a->reread && is_set(want, attribute));
}

static int write_section(const struct step *st, const struct section *now,
			 const struct section *want)
{
	size_t i;
	int err = 0;

	for (i = 0; !err && i < kinds[want->kind].count; i++) {
		if (is_due(now, want, i))
			err = write_value(st, want, i, is_set(want, i) ? want->value[i].text :
					  unset_text(want->kind, i),
					  want->value[i].at.file ? want->value[i].at : want->at);
	}
	/* The kernel makes profiles that are not in force. */
	if (!err && !now && want->kind == KIND_PROFILE && !is_set(want, A_enabled))
		err = write_value(st, want, A_enabled, unset_text(KIND_PROFILE, A_enabled),
				  want->at);
	return err;
}

static int make_section(const struct step *st, const struct section *want)
{
	struct text path = { 0 };
	int err;

	section_path(want, NULL, &path);
	err = tree_mkdir(st->t, path.s);
	if (err)
		complain(st->report, want->at, "cannot make %s/%s: %s", st->t->root, path.s,
			 strerror(-err));
	text_free(&path);
	return err ? -1 : 0;
}

static int write_kind(const struct step *st, enum section_kind kind)
{
	const struct section *s, *now;
	int err = 0;

	/* What goes makes room for what comes: two profiles do not match the same. */
	for (s = st->now->first; !err && s; s = s->next) {
		if (s->kind == KIND_PROFILE && s->kind == kind &&
		    !model_find(st->want, kind, s->name))
			err = write_value(st, s, A_enabled, "0", s->at);
	}
	for (s = st->want->first; !err && s; s = s->next) {
		if (s->kind != kind)
			continue;
		now = model_find(st->now, kind, s->name);
		if (!now)
			err = make_section(st, s);
		if (!err)
			err = write_section(st, now, s);
	}
	return err;
}

/* Folders of sections that are in @some, but not in @others; those that are there at all */
static void remove_folders(const struct step *st, const struct model *some,
			   const struct model *others)
{
	const struct section *s;
	struct text path = { 0 };
	int err;

	for (s = some->first; s; s = s->next) {
		if (!kinds[s->kind].named || model_find(others, s->kind, s->name))
			continue;
		section_path(s, NULL, &path);
		err = tree_rmdir(st->t, path.s);
		if (err && err != -ENOENT)
			complain(st->report, s->at, "cannot remove %s/%s: %s", st->t->root, path.s,
				 strerror(-err));
	}
	text_free(&path);
}

/* The last profile of the files whose name is a word of @error */
static struct place place_of_word(const struct model *m, const char *error)
{
	const struct section *s;
	struct place at = { 0 };
	const char *p;
	size_t len;

	for (s = m->first; s; s = s->next) {
		if (s->kind != KIND_PROFILE)
			continue;
		len = strlen(s->name);
		for (p = error; (p = strstr(p, s->name)); p++) {
			if ((p == error || !strchr(NAME_CHARACTERS, p[-1])) &&
			    !strchr(NAME_CHARACTERS, p[len]))
				at = s->at;
		}
	}
	return at;
}

/*
 * The commit's error begins with the name of a profile, and maybe of an attribute, or with
 * "credentials/" and a name.
 */
static struct place place_of(const struct model *m, const char *error)
{
	static const char folder[] = "credentials/";
	bool credential = false;
	const struct section *s;
	const char *rest;
	size_t len, i;

	if (!strncmp(error, folder, strlen(folder))) {
		credential = true;
		error += strlen(folder);
	}
	for (s = m->first; s; s = s->next) {
		const char *name = s->kind == KIND_DEFAULT ? "default" : s->name;

		if (!name || !s->at.file)
			continue;
		if (credential ? s->kind != KIND_CREDENTIAL : s->kind == KIND_CREDENTIAL)
			continue;
		len = strlen(name);
		if (strncmp(error, name, len) || strncmp(error + len, ": ", 2))
			continue;
		rest = error + len + 2;
		for (i = 0; i < kinds[s->kind].count; i++) {
			len = strlen(kinds[s->kind].attribute[i].name);
			if (!strncmp(rest, kinds[s->kind].attribute[i].name, len) &&
			    rest[len] == ':' && s->value[i].text)
				return s->value[i].at;
		}
		return s->at;
	}
	return place_of_word(m, error);
}

static int commit(const struct step *st)
{
	struct text why = { 0 };
	int err = tree_write(st->t, "transaction", "commit\n");

	if (!err)
		return 0;
	if (err != -EINVAL || tree_read(st->t, "last_error", &why) || !why.len) {
		text_clear(&why);
		text_puts(&why, strerror(-err));
	}
	complain(st->report, place_of(st->want, why.s), "%s", text_trim(why.s));
	text_free(&why);
	return -1;
}

/* What acts at once, outside of the transaction, is put back. */
static void put_back(const struct step *st)
{
	const struct section *now = model_find(st->now, KIND_ROOT, NULL);
	struct text value = { 0 };
	const char *was;
	size_t i;

	for (i = 0; i < R_COUNT; i++) {
		was = is_set(now, i) ? now->value[i].text : unset_text(KIND_ROOT, i);
		if (effective_value(st->t, now, i, &value) && strcmp(value.s, was))
			write_value(st, now, i, was, now->at);
	}
	text_free(&value);
}

int apply(const struct tree *t, const struct model *now, const struct model *want,
	  struct report *report)
{
	struct step st = { .t = t, .now = now, .want = want, .report = report };
	int err = 0;
	size_t i;

	for (i = 0; !err && i < ARRAY_SIZE(order); i++)
		err = write_kind(&st, order[i]);
	if (!err)
		err = commit(&st);
	if (err) {
		tree_write(t, "transaction", "abort\n");
		put_back(&st);
		remove_folders(&st, want, now);
		return -1;
	}
	remove_folders(&st, now, want);
	return 0;
}
