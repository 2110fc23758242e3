// SPDX-License-Identifier: GPL-2.0
/* load, reload and check */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "change.h"
#include "command.h"

int cmd_check(const struct options *o, char **args)
{
	struct report report = { .out = stderr };
	struct model want;
	int err;

	model_init(&want);
	err = read_sources(&want, args, &report);
	report_end(&report);
	model_free(&want);
	return err ? STATUS_FAILED : STATUS_OK;
}

static int begin(const struct tree *t, struct report *report)
{
	int err = tree_write(t, "transaction", "begin\n");
	const char *help = "";

	if (err == -EPERM || err == -EACCES)
		help = "; only root with CAP_NET_ADMIN may";
	if (err)
		complain(report, (struct place){ .file = t->root },
			 "cannot change the policy: %s%s", strerror(-err), help);
	return err;
}

/* Nobody interrupts what is between begin and its end. */
static void hold_signals(bool hold)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGPIPE);
	sigprocmask(hold ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}

static int load(const struct options *o, const struct tree *t, const struct model *want,
		struct report *report)
{
	struct text diff = { 0 };
	struct model now;
	int err;

	model_init(&now);
	/* Nothing is written yet, but drafts that somebody has left behind are gone. */
	err = o->dry_run ? 0 : begin(t, report);
	if (!err) {
		err = read_state(&now, t, report);
		if (!err) {
			put_diff(&diff, &now, want);
			if (!o->quiet) {
				fputs(diff.s ?: "", stdout);
				fflush(stdout);
			}
		}
		if (!o->dry_run) {
			if (!err)
				err = apply(t, &now, want, report);
			else
				tree_write(t, "transaction", "abort\n");
		}
	}
	if (!err && !o->quiet)
		puts(!diff.len ? "# no change" : o->dry_run ? "# not loaded" : "# loaded");
	text_free(&diff);
	model_free(&now);
	return err;
}

/*
 * What the kernel has, once more: it reads the files that this names. The trust store that
 * is built in is read when it is needed next.
 */
static int reload(const struct tree *t, struct report *report)
{
	int trust_store = kind_attribute(KIND_DEFAULT, "trust_store");
	struct model now;
	int err;

	model_init(&now);
	err = begin(t, report);
	if (!err) {
		err = read_state(&now, t, report);
		if (!err && !is_set(model_find(&now, KIND_DEFAULT, NULL), trust_store))
			err = tree_write(t, "default/trust_store", "\n");
		if (!err)
			err = apply(t, &now, &now, report);
		else
			tree_write(t, "transaction", "abort\n");
	}
	model_free(&now);
	return err;
}

int cmd_reload(const struct options *o, char **args)
{
	struct report report = { .out = stderr };
	struct tree t;
	int err;

	err = tree_open(&t, o->root, true, &report);
	if (!err) {
		hold_signals(true);
		err = reload(&t, &report);
		hold_signals(false);
		tree_close(&t);
	}
	report_end(&report);
	return err || report.errors ? STATUS_FAILED : STATUS_OK;
}

int cmd_load(const struct options *o, char **args)
{
	struct report report = { .out = stderr };
	struct model want;
	struct tree t;
	int err;

	model_init(&want);
	err = read_sources(&want, args, &report);
	if (!err)
		err = tree_open(&t, o->root, !o->dry_run, &report);
	if (!err) {
		hold_signals(true);
		err = load(o, &t, &want, &report);
		hold_signals(false);
		tree_close(&t);
	}
	report_end(&report);
	if (err && !o->dry_run)
		fputs("ssactl: nothing was changed\n", stderr);
	model_free(&want);
	/* It may be in force, and something could not be removed. */
	return err || report.errors ? STATUS_FAILED : STATUS_OK;
}
