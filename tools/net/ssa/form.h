/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How values are written. The kernel has the last word; this is what can be said without
 * it, in terms of what would be right.
 */
#ifndef _SSACTL_FORM_H
#define _SSACTL_FORM_H

#include <stdbool.h>
#include "text.h"

/* The kinds of attribute_list.h, and those of what is no profile's */
enum form {
	FORM_VERSION,
	FORM_SUITES,
	FORM_GROUPS,
	FORM_SIGALGS,
	FORM_BOOL,
	FORM_EXTENSIONS,
	FORM_ALPN,
	FORM_TRUST_MODE,
	FORM_PATH,
	FORM_PATH_OR_NONE,
	FORM_RSA_BITS,
	FORM_DEPTH,
	FORM_PEER_AUTH,
	FORM_TTL,
	FORM_CREDENTIALS,
	FORM_PATHS,
	FORM_MATCH_PATHS,
	FORM_OPTIONS,
	FORM_IDS,
	FORM_COOKIES,
	FORM_HOST_NAMES,
	FORM_COUNT,
};

/* Is it a list, whose elements are words of a file? Otherwise it is one word. */
bool form_is_list(enum form form);
/* May @value be written? If not, @why is "what is wrong; what would be right". */
bool form_check(enum form form, const char *value, struct text *why);
/* Do two values say the same? */
bool form_same(enum form form, const char *a, const char *b);

#endif /* _SSACTL_FORM_H */
