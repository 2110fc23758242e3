// SPDX-License-Identifier: GPL-2.0
/* From one policy to the other: all of it, or nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../change.h"
#include "fake_tree.h"
#include "tap.h"

static const char before[] =
	"blocklist /b1\n"
	"credential c { chain /c }\n"
	"default {\nmin_version TLSv1.2\ngroups X25519\n}\n"
	"profile old { match_uid 1 }\n"
	"profile both {\nmatch_uid 2\nalpn h2\n}\n";

static const char after[] =
	"end_connections 1\n"
	"credential d { chain /d\n key /k }\n"
	"default {\nmin_version TLSv1.3\n}\n"
	"profile both {\nmatch_uid 2\nalpn h2 http/1.1\nsession_ttl 60\n}\n"
	"profile new { match_gid 5 }\n"
	"profile off {\nmatch_gid 6\nenabled 0\n}\n";

static const char diff[] =
	"-blocklist /b1\n"
	"+end_connections 1\n"
	" default {\n-\tmin_version TLSv1.2\n+\tmin_version TLSv1.3\n-\tgroups X25519\n }\n"
	"-credential c {\n-}\n"
	"-profile old {\n-\tmatch_uid 1\n-}\n"
	" profile both {\n-\talpn h2\n+\talpn h2 http/1.1\n+\tsession_ttl 60\n }\n"
	"+credential d {\n+\tchain /d\n+\tkey /k\n+}\n"
	"+profile new {\n+\tmatch_gid 5\n+}\n"
	"+profile off {\n+\tenabled 0\n+\tmatch_gid 6\n+}\n";

/* In which order the kernel's folders are is no matter: these are theirs. */
static const char state[] =
	"[]\nend_connections=1\n"
	"[default]\nmin_version=TLSv1.3\n"
	"[credentials/d]\nchain=/d\nkey=/k\n"
	"[profiles/both]\nalpn=h2 http/1.1\nsession_ttl=60\nenabled=1\nmatch_uid=2\n"
	"[profiles/new]\nenabled=1\nmatch_gid=5\n"
	"[profiles/off]\nenabled=0\nmatch_gid=6\n";

static void read_policy(struct model *m, const char *text)
{
	struct report report = { .out = stdout };

	model_init(m);
	parse(m, "f", text, strlen(text), &report);
	model_check(m, &report);
	if (report.errors)
		tap(false, "the policy of the test");
}

/* As "load" does; returns what apply() says, and the number of complaints. */
static int load(const char *text, unsigned int *errors, struct text *shown)
{
	struct report report = { 0 };
	struct model now, want;
	struct tree t = { .root = "fake" };
	int err;

	read_policy(&want, text);
	model_init(&now);
	err = tree_write(&t, "transaction", "begin\n");
	if (!err) {
		err = read_state(&now, &t, &report);
		put_diff(shown, &now, &want);
		err = apply(&t, &now, &want, &report);
	}
	*errors = report.errors;
	model_free(&now);
	model_free(&want);
	return err;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char * const *)a, *(char * const *)b);
}

/* The blocks of a state, sorted */
static char *sorted(char *from)
{
	char *block[64], *p = from;
	struct text out = { 0 };
	size_t n = 0, i;

	while (p && *p) {
		block[n++] = p;
		p = strstr(p, "\n[");
		if (p)
			*p++ = '\0';
	}
	qsort(block, n, sizeof(block[0]), by_text);
	for (i = 0; i < n; i++)
		text_printf(&out, "%s%s", block[i],
			    block[i][strlen(block[i]) - 1] == '\n' ? "" : "\n");
	free(from);
	return text_give(&out);
}

static void same_state(char *got, const char *want, const char *title)
{
	char *a = sorted(got), *b = sorted(take_copy(want));

	tap_same(a, b, title);
	free(a);
	free(b);
}

static void test_failures(unsigned int changes)
{
	unsigned int n, errors;
	struct text shown = { 0 };
	char *was, *is;
	int err;

	for (n = 2; n <= changes; n++) {
		fake_reset();
		load(before, &errors, &shown);
		was = fake_state();
		fake_fail_at(n);
		err = load(after, &errors, &shown);
		is = fake_state();
		tap(err && errors && !strcmp(was, is) && !fake_is_open(),
		    "change %u of %u fails: everything is as before", n, changes);
		free(was);
		free(is);
	}
	text_free(&shown);
}

/* What is saved is loaded without a change. */
static void test_save(void)
{
	struct text saved = { 0 }, shown = { 0 };
	struct report report = { 0 };
	struct tree t = { 0 };
	struct model now;
	unsigned int errors;
	char *was, *is;

	fake_reset();
	load(after, &errors, &shown);
	model_init(&now);
	read_state(&now, &t, &report);
	put_model(&saved, &now);
	model_free(&now);
	was = fake_state();
	text_clear(&shown);
	tap(!load(saved.s, &errors, &shown) && !errors, "what was saved loads");
	tap_same(shown.s, "", "and says no change");
	is = fake_state();
	tap_same(is, was, "and makes none");
	free(was);
	free(is);
	text_free(&saved);
	text_free(&shown);
}

void test_changes(void)
{
	struct text shown = { 0 };
	unsigned int errors, changes;

	fake_reset();
	tap(!load(before, &errors, &shown) && !errors, "a first policy");
	text_clear(&shown);
	fake_fail_at(0);
	tap(!load(after, &errors, &shown) && !errors, "and another one");
	changes = fake_changes();
	tap_same(shown.s, diff, "the difference");
	same_state(fake_state(), state, "what is in force afterwards");
	text_clear(&shown);
	tap(!load(after, &errors, &shown) && !errors, "the same again");
	tap_same(shown.s, "", "says no change");
	tap(changes > 15, "%u changes", changes);
	test_failures(changes);
	test_save();
	text_free(&shown);
	fake_reset();
}
