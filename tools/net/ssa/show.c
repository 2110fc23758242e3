// SPDX-License-Identifier: GPL-2.0
/* show, save and match */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "command.h"
#include "tree.h"

/* Reads the kernel's policy into @m; the folder stays open. */
static int open_state(const struct options *o, struct tree *t, struct model *m,
		      struct report *report)
{
	int err = tree_open(t, o->root, false, report);

	if (err)
		return err;
	model_init(m);
	err = read_state(m, t, report);
	if (err) {
		model_free(m);
		tree_close(t);
	}
	return err;
}

/* Chains and keys are not to be had: a line says where they are missing. */
static void put_saved(struct text *out, const struct model *m)
{
	const struct section *s;

	text_puts(out, "# written by ssactl save; see tls_ssa.conf(5)\n");
	for (s = m->first; s; s = s->next) {
		if (s->kind == KIND_CREDENTIAL)
			text_printf(out,
				    "# credential %s: to make it anew, add: chain PATH, key PATH\n",
				    s->name);
	}
	put_model(out, m);
}

int cmd_save(const struct options *o, char **args)
{
	struct report report = { .out = stderr };
	const char *path = args[0];
	struct text out = { 0 };
	struct model m;
	struct tree t;
	FILE *to;

	if (open_state(o, &t, &m, &report))
		return STATUS_FAILED;
	tree_close(&t);
	put_saved(&out, &m);
	model_free(&m);
	to = path && strcmp(path, "-") ? fopen(path, "we") : stdout;
	if (!to || fputs(out.s, to) == EOF || fflush(to))
		complain(&report, (struct place){ .file = path ?: "standard output" },
			 "cannot write it: %s", strerror(errno));
	if (to && to != stdout)
		fclose(to);
	text_free(&out);
	return report.errors ? STATUS_FAILED : STATUS_OK;
}

/* Every attribute with the value that holds, and where that was said */
static void show_effective(const struct tree *t, const struct model *m, const struct section *s)
{
	const struct kind_desc *kind = &kinds[s->kind];
	const struct section *base = model_find(m, KIND_DEFAULT, NULL);
	struct text line = { 0 }, value = { 0 };
	const char *from;
	size_t i;

	section_title(s, &line);
	printf("%s\n", line.s);
	for (i = 0; i < kind->count; i++) {
		if (!effective_value(t, s, i, &value))
			continue;
		if (s->value[i].text || !strcmp(kind->attribute[i].name, "enabled"))
			from = "";
		else if (s != base && i < kinds[KIND_DEFAULT].count && base->value[i].text)
			from = "\t# as in default";
		else if (value.len)
			from = "\t# built in";
		else
			continue;
		text_clear(&line);
		put_setting(&line, &kind->attribute[i], value.s);
		line.s[--line.len] = '\0';
		printf("\t%s%s\n", line.s, from);
	}
	text_free(&line);
	text_free(&value);
}

static int show_one(const struct tree *t, const struct model *m, const char *name,
		    struct report *report)
{
	const struct section *s;

	s = !strcmp(name, "default") ? model_find(m, KIND_DEFAULT, NULL) :
				       model_find(m, KIND_PROFILE, name);
	if (!s) {
		complain(report, (struct place){ 0 },
			 "no profile \"%s\"; ssactl show lists those that there are", name);
		return -1;
	}
	show_effective(t, m, s);
	return 0;
}

int cmd_show(const struct options *o, char **args)
{
	struct report report = { .out = stderr };
	const struct section *s;
	struct text out = { 0 };
	struct model m;
	struct tree t;

	if (open_state(o, &t, &m, &report))
		return STATUS_FAILED;
	if (*args) {
		for (; *args; args++)
			show_one(&t, &m, *args, &report);
	} else {
		show_effective(&t, &m, model_find(&m, KIND_DEFAULT, NULL));
		for (s = m.first; s; s = s->next) {
			if (s->kind == KIND_DEFAULT)
				continue;
			text_clear(&out);
			put_section(&out, s);
			fputs(out.s, stdout);
		}
	}
	text_free(&out);
	model_free(&m);
	tree_close(&t);
	return report.errors ? STATUS_FAILED : STATUS_OK;
}

int cmd_match(const struct options *o, char **args)
{
	struct report report = { .out = stderr };
	struct text answer = { 0 };
	const char *profile;
	struct tree t;
	char *end;
	long pid;
	int err;

	if (tree_open(&t, o->root, true, &report))
		return STATUS_FAILED;
	for (; *args; args++) {
		errno = 0;
		pid = strtol(*args, &end, 10);
		if (errno || *end || end == *args || pid <= 0) {
			complain(&report, (struct place){ 0 },
				 "\"%s\" is no process; write its number (PID)", *args);
			continue;
		}
		err = tree_write(&t, "match", *args);
		if (!err)
			err = tree_read(&t, "match", &answer);
		if (err) {
			complain(&report, (struct place){ 0 }, "process %ld: %s", pid,
				 strerror(-err));
			continue;
		}
		/* "PID PROFILE" */
		profile = answer.s + strcspn(answer.s, " ");
		printf("%ld\t%s\n", pid, profile + strspn(profile, " "));
	}
	text_free(&answer);
	tree_close(&t);
	return report.errors ? STATUS_FAILED : STATUS_OK;
}
