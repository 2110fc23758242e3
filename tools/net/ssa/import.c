// SPDX-License-Identifier: GPL-2.0
/* import-crypto-policy: the distribution's policy, as one of ours */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "command.h"
#include "import.h"

/* Where a policy called %s may be; those without %s: for that name only */
static const struct {
	const char *name;
	const char *path;
} places[] = {
	{ "openssl", "/etc/ssl/openssl.cnf" },
	{ "openssl", "/etc/pki/tls/openssl.cnf" },
	{ "current", "/etc/crypto-policies/back-ends/opensslcnf.config" },
	{ NULL, "/usr/share/crypto-policies/%s/opensslcnf.txt" },
	{ NULL, "/usr/share/crypto-policies/back-ends/%s/opensslcnf.config" },
};

/* The file that is meant, or an empty text */
static void find(struct text *path, const char *name)
{
	size_t i;

	if (strchr(name, '/')) {
		text_puts(path, name);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		const char *gap = strstr(places[i].path, "%s");

		if (places[i].name && strcmp(places[i].name, name))
			continue;
		text_clear(path);
		if (gap)
			text_printf(path, "%.*s%s%s", (int)(gap - places[i].path), places[i].path,
				    name, gap + 2);
		else
			text_puts(path, places[i].path);
		if (!access(path->s, R_OK))
			return;
	}
	text_clear(path);
}

int cmd_import(const struct options *o, char **args)
{
	struct report report = { .out = stderr };
	struct text path = { 0 }, out = { 0 };
	struct foreign f = { 0 };

	find(&path, args[0]);
	if (!path.len) {
		complain(&report, (struct place){ 0 },
			 "no policy \"%s\"; write openssl, current, the name of a folder in /usr/share/crypto-policies, or a path",
			 args[0]);
	} else if (!read_openssl(&f, path.s, &report)) {
		if (!f.n)
			remark(&report, (struct place){ .file = path.s },
			       "says nothing about TLS: the policy is that of OpenSSL itself");
		text_printf(&out, "# the equal of %s; see tls_ssa.conf(5)\n", path.s);
		put_equal(&out, &f);
		fputs(out.s, stdout);
	}
	foreign_free(&f);
	text_free(&path);
	text_free(&out);
	return report.errors ? STATUS_FAILED : STATUS_OK;
}
