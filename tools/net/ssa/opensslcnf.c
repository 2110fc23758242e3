// SPDX-License-Identifier: GPL-2.0
/*
 * openssl.cnf, see config(5ossl): "name = value" in sections. Which of them holds for all
 * programs is found through openssl_conf, ssl_conf and system_default.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "import.h"

#define LINES_MAX	4096	/* settings of a file, with what it includes */
#define INCLUDE_DEPTH	8

/**
 * struct line - a setting
 * @section: in which it stands; "" before the first one
 * @name: of it
 * @value: of it
 */
struct line {
	char *section;
	char *name;
	char *value;
};

/**
 * struct cnf - a file
 * @n: settings
 * @line: those
 * @section: that is being read
 */
struct cnf {
	size_t		n;
	struct line	line[LINES_MAX];
	char		*section;
};

static int read_cnf(struct cnf *c, const char *path, unsigned int depth, struct report *report);

/* Cuts a comment off, and "quotes" around a value. */
static char *clean(char *s)
{
	size_t len;

	s[strcspn(s, "#")] = '\0';
	s = text_trim(s);
	len = strlen(s);
	if (len >= 2 && (*s == '"' || *s == '\'') && s[len - 1] == *s) {
		s[len - 1] = '\0';
		s++;
	}
	return s;
}

static void read_section_name(struct cnf *c, char *s)
{
	s[strcspn(s, "]")] = '\0';
	free(c->section);
	c->section = take_copy(text_trim(s + 1));
}

static int read_line(struct cnf *c, char *s, unsigned int depth, struct report *report)
{
	char *value;

	s = text_trim(s);
	if (!*s || *s == '#')
		return 0;
	if (*s == '[') {
		read_section_name(c, s);
		return 0;
	}
	if (!strncmp(s, ".include", 8)) {
		s += 8 + strspn(s + 8, " \t=");
		return read_cnf(c, clean(s), depth + 1, report);
	}
	value = strchr(s, '=');
	if (!value || c->n == LINES_MAX)
		return 0;
	*value++ = '\0';
	c->line[c->n++] = (struct line) {
		.section = take_copy(c->section ?: ""),
		.name = take_copy(text_trim(s)),
		.value = take_copy(clean(value)),
	};
	return 0;
}

/* A file that is included need not be there, and may be a folder: OpenSSL says so. */
static int read_cnf(struct cnf *c, const char *path, unsigned int depth, struct report *report)
{
	FILE *f = depth < INCLUDE_DEPTH ? fopen(path, "re") : NULL;
	struct text whole = { 0 };
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	int err = 0;

	if (!f) {
		if (depth)
			return 0;
		complain(report, (struct place){ .file = path }, "cannot open it: %s",
			 strerror(errno));
		return -1;
	}
	errno = 0;
	while (!err && (len = getline(&line, &size, f)) >= 0) {
		while (len && (line[len - 1] == '\n' || line[len - 1] == '\r'))
			line[--len] = '\0';
		if (len && line[len - 1] == '\\') {
			text_put(&whole, line, len - 1);
			continue;
		}
		text_put(&whole, line, len);
		err = read_line(c, whole.s, depth, report);
		text_clear(&whole);
	}
	if (!err && errno && !depth) {
		complain(report, (struct place){ .file = path }, "cannot read it: %s",
			 strerror(errno));
		err = -1;
	}
	free(line);
	text_free(&whole);
	fclose(f);
	return err;
}

static const char *look_up(const struct cnf *c, const char *section, const char *name)
{
	size_t i;

	for (i = c->n; section && i > 0; i--) {
		if (!strcmp(c->line[i - 1].section, section) && !strcmp(c->line[i - 1].name, name))
			return c->line[i - 1].value;
	}
	return NULL;
}

/* The section for all programs, or NULL. The files of crypto-policies have settings only. */
static const char *system_section(const struct cnf *c)
{
	const char *s = look_up(c, "", "openssl_conf");

	if (!s)
		return "";
	s = look_up(c, s, "ssl_conf");
	return look_up(c, s, "system_default");
}

static void keep(struct foreign *f, const struct line *l)
{
	const char *name = l->name;

	if (!strncasecmp(name, "TLS.", 4))
		name += 4;
	if (f->n == FOREIGN_MAX)
		return;
	f->name[f->n] = take_copy(name);
	f->value[f->n++] = take_copy(l->value);
}

int read_openssl(struct foreign *f, const char *path, struct report *report)
{
	struct cnf *c = take(sizeof(*c));
	const char *section;
	int err;
	size_t i;

	memset(f, 0, sizeof(*f));
	err = read_cnf(c, path, 0, report);
	section = system_section(c);
	for (i = 0; i < c->n; i++) {
		if (!err && section && !strcmp(c->line[i].section, section))
			keep(f, &c->line[i]);
	}
	for (i = 0; i < c->n; i++) {
		free(c->line[i].section);
		free(c->line[i].name);
		free(c->line[i].value);
	}
	free(c->section);
	free(c);
	return err;
}

void foreign_free(struct foreign *f)
{
	while (f->n) {
		f->n--;
		free(f->name[f->n]);
		free(f->value[f->n]);
	}
}
