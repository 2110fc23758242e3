// SPDX-License-Identifier: GPL-2.0
/* ssactl: the administrator's command for TLS sockets, see ssactl(8). */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "command.h"
#include "text.h"
#include "tree.h"

#define WATCH_MAX	86400	/* seconds */

enum { ANY = 1 << 10 };

/**
 * struct command - a command
 * @name: as it is typed
 * @run: what it does
 * @min: least number of arguments
 * @max: greatest
 * @flags: letters of the options that it has
 * @usage: arguments
 * @summary: what it is for
 */
static const struct command {
	const char	*name;
	int		(*run)(const struct options *o, char **args);
	int		min;
	int		max;
	const char	*flags;
	const char	*usage;
	const char	*summary;
} commands[] = {
	{ "load", cmd_load, 0, ANY, "nq", "[--dry-run] [--quiet] [FILE|DIR]...",
	  "put a policy in force, all of it or nothing, and show what changes" },
	{ "reload", cmd_reload, 0, 0, "", "",
	  "read the files that the policy names again: trust stores, blocklist" },
	{ "save", cmd_save, 0, 1, "", "[FILE]", "write the kernel's policy as a file" },
	{ "show", cmd_show, 0, ANY, "", "[PROFILE]...", "show what holds, and where it was said" },
	{ "check", cmd_check, 0, ANY, "", "[FILE|DIR]...", "say what is wrong with a policy" },
	{ "match", cmd_match, 1, ANY, "", "PID...", "say which profile a process gets" },
	{ "status", cmd_status, 0, 0, "aw", "[--all] [--watch SECONDS]",
	  "show counters and profiles" },
	{ "sockets", cmd_sockets, 0, 0, "", "", "list sockets, and the profile that each has" },
	{ "explain", cmd_explain, 1, 1, "pc", "[--profile NAME|--as PROGRAM] HOST[:PORT]",
	  "connect, and say which policy held and why it failed" },
	{ "import-crypto-policy", cmd_import, 1, 1, "", "NAME|FILE",
	  "write the equal of a policy of crypto-policies or OpenSSL" },
};

#define COMMAND_COUNT	ARRAY_SIZE(commands)

static const struct option long_options[] = {
	{ "root", required_argument, NULL, 'r' },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "all", no_argument, NULL, 'a' },
	{ "watch", required_argument, NULL, 'w' },
	{ "profile", required_argument, NULL, 'p' },
	{ "as", required_argument, NULL, 'c' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static void usage(FILE *to)
{
	size_t i;

	fputs("ssactl [--root DIR] COMMAND...\n\n", to);
	for (i = 0; i < COMMAND_COUNT; i++)
		fprintf(to, "  %s%s%s\n      %s\n", commands[i].name, *commands[i].usage ? " " : "",
			commands[i].usage, commands[i].summary);
	fputs("  help\n      this text\n\nssactl(8) and tls_ssa.conf(5) say more.\n", to);
}

static const struct command *find_command(const char *name)
{
	const char *names[COMMAND_COUNT + 2], *best;
	size_t i;

	for (i = 0; i < COMMAND_COUNT; i++) {
		if (!strcmp(commands[i].name, name))
			return &commands[i];
		names[i] = commands[i].name;
	}
	names[i] = "help";
	names[i + 1] = NULL;
	best = nearest(name, names);
	fprintf(stderr, "ssactl: unknown command \"%s\"; %s%s%s\n", name,
		best ? "is \"" : "ssactl help lists them", best ?: "", best ? "\" meant?" : "");
	return NULL;
}

static bool parse_seconds(const char *text, unsigned int *seconds)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	*seconds = n;
	return !errno && end != text && !*end && n > 0 && n <= WATCH_MAX;
}

int main(int argc, char **argv)
{
	struct options o = { .root = TREE_ROOT };
	const struct command *c;
	struct text given = { 0 };
	int letter, count;

	while ((letter = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
		switch (letter) {
		case 'r':
			o.root = optarg;
			continue;
		case 'h':
			usage(stdout);
			return STATUS_OK;
		case '?':
			return STATUS_USAGE;
		}
		text_putc(&given, letter);
		o.dry_run |= letter == 'n';
		o.quiet |= letter == 'q';
		o.all |= letter == 'a';
		if (letter == 'p')
			o.profile = optarg;
		if (letter == 'c')
			o.as = optarg;
		if (letter == 'w' && !parse_seconds(optarg, &o.watch)) {
			fprintf(stderr, "ssactl: --watch %s; write seconds, 1 to %d\n", optarg,
				WATCH_MAX);
			return STATUS_USAGE;
		}
	}
	if (optind == argc) {
		usage(stderr);
		return STATUS_USAGE;
	}
	if (!strcmp(argv[optind], "help")) {
		usage(stdout);
		return STATUS_OK;
	}
	c = find_command(argv[optind]);
	if (!c)
		return STATUS_USAGE;
	count = argc - optind - 1;
	if (count < c->min || count > c->max || (o.profile && o.as) ||
	    (given.len && strspn(given.s, c->flags) != given.len)) {
		fprintf(stderr, "ssactl: write: ssactl %s %s\n", c->name, c->usage);
		return STATUS_USAGE;
	}
	text_free(&given);
	return c->run(&o, argv + optind + 1);
}
