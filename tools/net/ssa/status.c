// SPDX-License-Identifier: GPL-2.0
/* status: counters of the network namespace, and which profiles there are */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "command.h"
#include "tree.h"

#define STAT_PATH	"/proc/net/tls_ssa_stat"
#define COUNTERS_MAX	512
#define COUNTER_NAME	48

/* Those that go down too */
static const char * const gauges[] = { "Sockets", "HandshakesInFlight", NULL };

/**
 * struct counters - one look at the counters
 * @n: how many there are
 * @name: of each
 * @value: of each
 */
struct counters {
	size_t			n;
	char			name[COUNTERS_MAX][COUNTER_NAME];
	unsigned long long	value[COUNTERS_MAX];
};

static int read_counters(struct counters *c, struct report *report)
{
	char line[256];
	FILE *f = fopen(STAT_PATH, "re");

	if (!f) {
		complain(report, (struct place){ .file = STAT_PATH }, "%s; modprobe tls_ssa",
			 strerror(errno));
		return -1;
	}
	for (c->n = 0; c->n < COUNTERS_MAX && fgets(line, sizeof(line), f); ) {
		if (sscanf(line, "%47s %llu", c->name[c->n], &c->value[c->n]) == 2)
			c->n++;
	}
	fclose(f);
	return 0;
}

static bool is_gauge(const char *name)
{
	size_t i;

	for (i = 0; gauges[i]; i++) {
		if (!strcmp(gauges[i], name))
			return true;
	}
	return false;
}

/* @before: the look before this one, or NULL */
static void print_counters(const struct options *o, const struct counters *c,
			   const struct counters *before)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		unsigned long long more = before ? c->value[i] - before->value[i] : 0;

		if (is_gauge(c->name[i]))
			printf("%-32s %10llu\n", c->name[i], c->value[i]);
		else if (before ? more || o->all : c->value[i] || o->all)
			printf(before ? "%-32s %10llu  +%llu\n" : "%-32s %10llu\n", c->name[i],
			       c->value[i], more);
	}
}

static void put_criteria(struct text *out, const struct section *s)
{
	size_t i;

	for (i = kinds[KIND_DEFAULT].count; i < A_COUNT; i++) {
		if (!s->value[i].text)
			continue;
		text_puts(out, "  ");
		put_setting(out, &kinds[KIND_PROFILE].attribute[i], s->value[i].text);
		out->s[--out->len] = '\0';
	}
}

/* Without configfs there is no policy, but there are counters. */
static void print_profiles(const struct options *o)
{
	struct report silent = { 0 };
	struct text line = { 0 }, value = { 0 };
	const struct section *s;
	struct model m;
	struct tree t;

	if (tree_open(&t, o->root, false, &silent))
		return;
	model_init(&m);
	if (!read_state(&m, &t, &silent)) {
		for (s = m.first; s; s = s->next) {
			if (s->kind != KIND_DEFAULT && s->kind != KIND_PROFILE)
				continue;
			text_clear(&line);
			section_title(s, &line);
			if (effective_value(&t, s, A_enabled, &value) && !strcmp(value.s, "0"))
				text_puts(&line, "  (not enabled)");
			if (s->kind == KIND_PROFILE)
				put_criteria(&line, s);
			puts(line.s);
		}
		if (!tree_read(&t, "transaction", &value) && !strcmp(text_trim(value.s), "open"))
			puts("a transaction is open: it is not in force");
	}
	text_free(&line);
	text_free(&value);
	model_free(&m);
	tree_close(&t);
}

int cmd_status(const struct options *o, char **args)
{
	struct report report = { .out = stderr };
	struct counters *now = take(sizeof(*now)), *before = NULL, *spare = take(sizeof(*spare));
	struct timespec pause = { .tv_sec = o->watch };
	char stamp[32];
	time_t t;

	while (!read_counters(now, &report)) {
		if (!before) {
			print_profiles(o);
		} else {
			t = time(NULL);
			strftime(stamp, sizeof(stamp), "%H:%M:%S", localtime(&t));
			printf("-- %s\n", stamp);
		}
		print_counters(o, now, before);
		fflush(stdout);
		if (!o->watch)
			break;
		before = now;
		now = spare;
		spare = before;
		nanosleep(&pause, NULL);
	}
	free(now);
	if (spare != now)
		free(spare);
	return report.errors ? STATUS_FAILED : STATUS_OK;
}
