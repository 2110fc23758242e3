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

bool profile_enabled(const struct tree *t, const char *name)
{
	struct section s = { .kind = KIND_PROFILE, .name = (char *)name };
	struct text value = { 0 };
	bool enabled;

	if (!strcmp(name, "default"))
		s = (struct section){ .kind = KIND_DEFAULT };
	enabled = !effective_value(t, &s, kind_attribute(s.kind, "enabled"), &value) ||
		  strcmp(value.s, "0");
	text_free(&value);
	return enabled;
}

int match_process(const struct tree *t, long pid, struct text *profile, struct report *report)
{
	char line[32];
	size_t skip;
	int err;

	snprintf(line, sizeof(line), "%ld\n", pid);
	err = tree_write(t, "match", line);
	if (!err)
		err = tree_read(t, "match", profile);
	if (err) {
		complain(report, (struct place){ 0 }, "process %ld: %s", pid, strerror(-err));
		return -1;
	}
	/* "PID PROFILE" */
	skip = strcspn(profile->s, " ");
	skip += strspn(profile->s + skip, " ");
	memmove(profile->s, profile->s + skip, profile->len - skip + 1);
	profile->len -= skip;
	return 0;
}

int cmd_sockets(const struct options *o, char **args)
{
	static const char path[] = "/proc/net/tls_ssa_sockets";
	struct report report = { .out = stderr };
	char line[1024];
	FILE *f = fopen(path, "re");

	if (!f) {
		complain(&report, (struct place){ .file = path }, "%s; modprobe tls_ssa",
			 strerror(errno));
		return STATUS_FAILED;
	}
	errno = 0;
	while (fgets(line, sizeof(line), f))
		fputs(line, stdout);
	if (ferror(f))
		complain(&report, (struct place){ .file = path }, "%s%s", strerror(errno),
			 errno == EPERM ? "; only root with CAP_NET_ADMIN may read it" : "");
	fclose(f);
	return report.errors ? STATUS_FAILED : STATUS_OK;
}

int cmd_match(const struct options *o, char **args)
{
	struct report report = { .out = stderr };
	struct text profile = { 0 };
	struct tree t;
	char *end;
	long pid;

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
		if (match_process(&t, pid, &profile, &report))
			continue;
		printf("%ld\t%s%s\n", pid, profile.s, profile_enabled(&t, profile.s) ? "" :
		       "\t(not enabled: it may not use TLS sockets)");
	}
	text_free(&profile);
	tree_close(&t);
	return report.errors ? STATUS_FAILED : STATUS_OK;
}
