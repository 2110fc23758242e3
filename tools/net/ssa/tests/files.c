// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../model.h"
#include "tap.h"

/* @out: what it is in its usual form; or the errors, one in a line */
static const struct {
	const char *title;
	const char *in;
	const char *out;
} files[] = {
	{ "nothing", "", "" },
	{ "comments", "# a\n  # b { \n\t\n", "" },
	{ "one line", "default { min_version TLSv1.3 }", "default {\n\tmin_version TLSv1.3\n}\n" },
	{ "two blocks of default",
	  "default { min_version TLSv1.3 }\ndefault {\ngroups X25519\n}\n",
	  "default {\n\tmin_version TLSv1.3\n\tgroups X25519\n}\n" },
	{ "everything",
	  "blocklist /etc/b\nend_connections 1\ncredential c { chain /c\nkey /k\nnames a b }\n"
	  "profile p {\nmatch_uid 1,2\nalpn c\n}\n",
	  "blocklist /etc/b\nend_connections 1\n\n"
	  "credential c {\n\tchain /c\n\tkey /k\n\tnames a b\n}\n\n"
	  "profile p {\n\talpn c\n\tmatch_uid 1 2\n}\n" },
	{ "what is not said is not shown", "end_connections 0\nprofile p {\nmatch_uid 1\nenabled 1\n}\n",
	  "profile p {\n\tmatch_uid 1\n}\n" },
	{ "quotes", "profile p { match_executable \"/a b\" \"/c,\\\\x{#\"\n trust_store \"/x y\" }\n",
	  "f:1: match_executable: \"/c\\x2c\\x{#\" cannot be read; write other bytes as \\xNN, two hexadecimal digits\n" },
	{ "spaces in quotes", "profile p { match_executable \"/a b\" \"/c,{#\"\n trust_store \"/x y\" }\n",
	  "profile p {\n\ttrust_store \"/x y\"\n\tmatch_executable /a\\x20b \"/c\\\\x2c{#\"\n}\n" },
	{ "joined lines", "default {\ngroups X25519 \\\n\tsecp256r1 \\  \n\tsecp384r1\n}\n",
	  "default {\n\tgroups X25519 secp256r1 secp384r1\n}\n" },
	{ "lines of Windows", "default {\r\n min_rsa_bits 3072\r\n}\r\n",
	  "default {\n\tmin_rsa_bits 3072\n}\n" },
	{ "slip in a name", "default {\nmin_versoin TLSv1.2\n}\n",
	  "f:2: unknown attribute \"min_versoin\"; is \"min_version\" meant?\n" },
	{ "match in default", "default {\nmatch_uid 1\n}\n",
	  "f:2: unknown attribute \"match_uid\"; default is for everybody; it belongs into a profile\n" },
	{ "setting outside", "min_version TLSv1.2\n",
	  "f:1: unknown statement \"min_version\"; it belongs between default { and }\n" },
	{ "slip in a block", "profil x {\n}\n",
	  "f:1: unknown statement \"profil\"; is \"profile\" meant?\nf:2: } without a block; remove it\n" },
	{ "no value", "default {\nverify_depth\n}\n",
	  "f:2: verify_depth has no value; write one, or leave the line out\n" },
	{ "two values", "default {\nverify_depth 1 2\n}\n",
	  "f:2: verify_depth takes one value, not 2; put spaces in \"quotes\"\n" },
	{ "twice", "default {\nverify_depth 1\nverify_depth 1\n}\n",
	  "f:3: verify_depth is set already at f:2; one of the two has to go\n" },
	{ "same profile", "profile p {\nmatch_uid 1\n}\nprofile p {\nmatch_uid 2\n}\n",
	  "f:4: profile \"p\" is there already at f:1; put the settings there, or take another name\n" },
	{ "open block", "default {\n",
	  "f:1: block is not closed; put a } behind its last setting\n" },
	{ "block in a block", "default {\nprofile p {\nmatch_uid 1\n}\n",
	  "f:2: profile inside of the block of line 1; close that with } first\n" },
	{ "{ in a setting", "default {\nalpn c {\n}\n",
	  "f:2: { inside of a setting; close the block of line 1 with } first, or put { in \"quotes\"\n" },
	{ "no name", "profile {\nmatch_uid 1\n}\n", "f:1: profile without a name; write: profile NAME {\n" },
	{ "no {", "profile p\nmatch_uid 1\n",
	  "f:1: profile NAME without its {; write: profile NAME {\n"
	  "f:2: unknown statement \"match_uid\"; it belongs between default { and }\n" },
	{ "bad name", "profile a/b {\nmatch_uid 1\n}\n",
	  "f:1: profile with a name with other characters than letters, digits, - . _; leave them out\n" },
	{ "text behind }", "default {\n} x\n", "f:2: text behind }; begin a new line\n" },
	{ "lone {", "{\n", "f:1: { by itself; write: default {, profile NAME { or credential NAME {\n" },
	{ "open quote", "default {\ntrust_store \"/a\n}\n",
	  "f:2: quote is not closed; put a \" at the end of the value\n" },
	{ "for nobody", "profile p {\nmin_version TLSv1.3\n}\n",
	  "f:1: profile \"p\" is for nobody; add a match_ line, or enabled 0\n" },
	{ "not enabled", "profile p {\nenabled 0\n}\n", "profile p {\n\tenabled 0\n}\n" },
	{ "versions", "default {\nmin_version TLSv1.3\nmax_version TLSv1.2\n}\n",
	  "f:3: max_version TLSv1.2 is older than min_version TLSv1.3; swap them\n" },
	{ "half a credential", "credential c {\nkey /k\n}\n",
	  "f:1: credential \"c\" has no certificate; add: chain PATH\n" },
	{ "control character", "default {\nalpn a\001\n}\n", "f:2: control character; remove it\n" },
};

static char *read_as_text(const char *in, bool *good)
{
	struct text out = { 0 };
	struct report report = { 0 };
	size_t size = 0;
	char *errors = NULL;
	struct model m;

	report.out = open_memstream(&errors, &size);
	model_init(&m);
	parse(&m, "f", in, strlen(in), &report);
	if (!report.errors)
		model_check(&m, &report);
	put_model(&out, &m);
	fclose(report.out);
	model_free(&m);
	*good = !report.errors;
	if (*good) {
		free(errors);
		return text_give(&out);
	}
	text_free(&out);
	return errors;
}

void test_files(void)
{
	bool good, again;
	char *got, *twice;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		got = read_as_text(files[i].in, &good);
		tap_same(got, files[i].out, files[i].title);
		if (good) {
			twice = read_as_text(got, &again);
			tap(again && !strcmp(got, twice), "%s: read again", files[i].title);
			free(twice);
		}
		free(got);
	}
}
