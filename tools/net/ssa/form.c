// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "form.h"
#include "model.h"

#define LIST_MAX	16		/* elements, unless there are fewer names */
#define ALPN_LEN_MAX	1024		/* bytes, with one for the length of each protocol */
#define ALPN_NAMES_MAX	32
#define ALPN_NAME_MAX	255
#define STORE_PATH_MAX	255
#define WORD_SHOWN	40		/* bytes of a word in a message */

static const char * const versions[] = { "TLSv1.2", "TLSv1.3", NULL };
static const char * const trust_modes[] = {
	"system", "system+application", "application", "pinned", NULL
};

static const char * const peer_auths[] = { "none", "optional", "required", NULL };
static const char * const groups[] = { "X25519", "secp256r1", "secp384r1", NULL };

static const char * const suites[] = {
	"TLS_AES_128_GCM_SHA256",
	"TLS_AES_256_GCM_SHA384",
	"TLS_CHACHA20_POLY1305_SHA256",
	"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
	"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
	"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
	"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
	"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
	"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
	NULL
};

static const char * const sigalgs[] = {
	"ecdsa_secp256r1_sha256",
	"ed25519",
	"ecdsa_secp384r1_sha384",
	"ecdsa_secp521r1_sha512",
	"rsa_pss_rsae_sha256",
	"rsa_pss_rsae_sha384",
	"rsa_pss_rsae_sha512",
	"rsa_pss_pss_sha256",
	"rsa_pss_pss_sha384",
	"rsa_pss_pss_sha512",
	"rsa_pkcs1_sha256",
	"rsa_pkcs1_sha384",
	"rsa_pkcs1_sha512",
	NULL
};

/* Two names of one extension */
#define EXTENSION_ALPN	1
#define EXTENSION_ALIAS	2

static const char * const extensions[] = {
	"server_name",
	"application_layer_protocol_negotiation",
	"alpn",
	"record_size_limit",
	"certificate_authorities",
	NULL
};

/*
 * What a program sets before there is a connection; TLS_HANDSHAKE is no setting,
 * TLS_PROFILE is the administrator's, and TLS_TRUSTED_ONLY cannot be forbidden.
 */
enum { SETUP = 1, LISTEN = 2, BUSY = 0, CLIENT = 0, SERVER = 0, FAILED = 0 };

struct option_place {
	const char	*name;
	int		set_at;
};

#define SSA_OPTION_RW(id, handler, kind, min, max, set_at, get_at, summary) { #id, set_at },
#define SSA_OPTION_RO(id, handler, kind, get_at, summary)
#define SSA_OPTION_WO(id, handler, kind, min, max, set_at, summary) { #id, set_at },

static const struct option_place options[] = {
#include "../../../net/tls_ssa/option_list.h"
};

#undef SSA_OPTION_RW
#undef SSA_OPTION_RO
#undef SSA_OPTION_WO

#define OPTION_COUNT	ARRAY_SIZE(options)

/* As administrators write them: in small letters */
struct option_words {
	char		word[OPTION_COUNT][32];
	const char	*names[OPTION_COUNT + 1];
};

static const char * const *option_names(struct option_words *w)
{
	size_t i, j, n = 0;

	for (i = 0; i < OPTION_COUNT; i++) {
		if (!options[i].set_at || !strcmp(options[i].name, "HANDSHAKE") ||
		    !strcmp(options[i].name, "PROFILE") ||
		    !strcmp(options[i].name, "TRUSTED_ONLY"))
			continue;
		for (j = 0; options[i].name[j] && j < sizeof(w->word[n]) - 1; j++)
			w->word[n][j] = tolower((unsigned char)options[i].name[j]);
		w->word[n][j] = '\0';
		w->names[n] = w->word[n];
		n++;
	}
	w->names[n] = NULL;
	return w->names;
}

/* How a form is written */
enum shape {
	SHAPE_NAME,	/* one of @names */
	SHAPE_NUMBER,	/* one, from @min to @max */
	SHAPE_ORDER,	/* some of @names, each once */
	SHAPE_SOME,	/* the same, or all, or none */
	SHAPE_NUMBERS,	/* some, from @min to @max, each once */
	SHAPE_PATH,	/* an absolute path */
	SHAPE_PATHS,	/* several, each once */
	SHAPE_ALPN,
	SHAPE_CREDENTIALS,
	SHAPE_HOSTS,
};

/**
 * struct form_desc - a form
 * @shape: enum shape
 * @what: "a cipher suite"
 * @names: where they are needed
 * @min: least number
 * @max: greatest number
 * @none: may be "none"
 */
struct form_desc {
	enum shape		shape;
	const char		*what;
	const char * const	*names;
	uint64_t		min;
	uint64_t		max;
	bool			none;
};

static const struct form_desc forms[FORM_COUNT] = {
	[FORM_VERSION] = { SHAPE_NAME, "a version", versions },
	[FORM_SUITES] = { SHAPE_ORDER, "a cipher suite", suites },
	[FORM_GROUPS] = { SHAPE_ORDER, "a group", groups },
	[FORM_SIGALGS] = { SHAPE_ORDER, "a signature algorithm", sigalgs },
	[FORM_BOOL] = { SHAPE_NUMBER, .max = 1 },
	[FORM_EXTENSIONS] = { SHAPE_SOME, "an optional extension", extensions },
	[FORM_ALPN] = { SHAPE_ALPN },
	[FORM_TRUST_MODE] = { SHAPE_NAME, "a mode of trust", trust_modes },
	[FORM_PATH] = { SHAPE_PATH },
	[FORM_PATH_OR_NONE] = { SHAPE_PATH, .none = true },
	[FORM_RSA_BITS] = { SHAPE_NUMBER, .min = 2048, .max = 4096 },
	[FORM_DEPTH] = { SHAPE_NUMBER, .max = 9 },
	[FORM_PEER_AUTH] = { SHAPE_NAME, "one of its values", peer_auths },
	[FORM_TTL] = { SHAPE_NUMBER, .max = 604800 },
	[FORM_CREDENTIALS] = { SHAPE_CREDENTIALS },
	[FORM_PATHS] = { SHAPE_PATHS, .none = true },
	[FORM_MATCH_PATHS] = { SHAPE_PATHS },
	[FORM_OPTIONS] = { SHAPE_SOME, "an option that programs set" },
	[FORM_IDS] = { SHAPE_NUMBERS, .max = UINT32_MAX - 1 },
	[FORM_COOKIES] = { SHAPE_NUMBERS, .min = 1, .max = UINT64_MAX },
	[FORM_HOST_NAMES] = { SHAPE_HOSTS },
};

bool form_is_list(enum form form)
{
	switch (forms[form].shape) {
	case SHAPE_NAME:
	case SHAPE_NUMBER:
	case SHAPE_PATH:
		return false;
	default:
		return true;
	}
}

/* ---------------------------------------------------------------------- words */

static bool word_is(const char *word, size_t len, const char *name)
{
	return len == strlen(name) && !strncasecmp(word, name, len);
}

static bool only_is(const char *value, const char *name)
{
	const char *word, *more;
	size_t len = list_next(&value, &word);

	return word_is(word, len, name) && !list_next(&value, &more);
}

static void put_shown(struct text *why, const char *word, size_t len)
{
	size_t i;

	text_putc(why, '"');
	for (i = 0; i < len && i < WORD_SHOWN; i++)
		text_putc(why, (unsigned char)word[i] < ' ' || word[i] == 0x7f ? '?' : word[i]);
	text_puts(why, i < len ? "...\"" : "\"");
}

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *at;

	if (c >= 'A' && c <= 'F')
		c += 'a' - 'A';
	at = c ? strchr(digits, c) : NULL;
	return at ? at - digits : -1;
}

/* The bytes of a word, in which \xNN is one; false: an escape is malformed. */
static bool word_bytes(const char *word, size_t len, struct text *bytes)
{
	size_t i;

	text_clear(bytes);
	for (i = 0; i < len; i++) {
		unsigned char c = word[i];

		if (c == '\\') {
			if (len - i < 4 || word[i + 1] != 'x' || hex_digit(word[i + 2]) < 0 ||
			    hex_digit(word[i + 3]) < 0)
				return false;
			c = hex_digit(word[i + 2]) << 4 | hex_digit(word[i + 3]);
			i += 3;
		} else if (c < ' ' || c == 0x7f) {
			return false;
		}
		text_putc(bytes, c);
	}
	return true;
}

static const char escape_help[] = "write other bytes as \\xNN, two hexadecimal digits";

/* Stands the word at @word in the list @value before? @names: without regard to case */
static bool is_again(const char *value, const char *word, size_t len, bool names)
{
	const char *element;
	size_t n;

	while ((n = list_next(&value, &element)) && element < word) {
		if (n == len && !(names ? strncasecmp(element, word, n) : memcmp(element, word, n)))
			return true;
	}
	return false;
}

static bool twice(struct text *why, const char *word, size_t len)
{
	put_shown(why, word, len);
	text_puts(why, " stands there again; leave one out");
	return false;
}

static bool too_many(struct text *why, unsigned int max)
{
	text_printf(why, "more than %u; the kernel takes %u", max, max);
	return false;
}

/* ----------------------------------------------------------------------- forms */

static bool check_word(const struct form_desc *f, const char *word, size_t len,
		       const char * const *names, struct text *why)
{
	const char *best;
	char *copy;
	size_t i;

	for (i = 0; names[i]; i++) {
		if (word_is(word, len, names[i]))
			return true;
	}
	put_shown(why, word, len);
	text_printf(why, " is not %s; ", f->what);
	copy = strndup(word, len);
	best = copy ? nearest(copy, names) : NULL;
	free(copy);
	if (best) {
		text_printf(why, "is \"%s\" meant?", best);
		return false;
	}
	text_puts(why, "there are ");
	for (i = 0; names[i]; i++)
		text_printf(why, "%s%s", i ? ", " : "", names[i]);
	return false;
}

static bool check_names(const struct form_desc *f, const char *value, struct text *why)
{
	struct option_words words;
	const char * const *names = f->names ?: option_names(&words);
	const char *rest = value, *word;
	size_t len;

	if (f->shape == SHAPE_SOME && (only_is(value, "all") || only_is(value, "none")))
		return true;
	while ((len = list_next(&rest, &word))) {
		if (!check_word(f, word, len, names, why))
			return false;
		if (is_again(value, word, len, true))
			return twice(why, word, len);
	}
	if (f->names == extensions && strcasestr(value, extensions[EXTENSION_ALPN])) {
		for (rest = value; (len = list_next(&rest, &word)); ) {
			if (word_is(word, len, extensions[EXTENSION_ALIAS]))
				return twice(why, word, len);
		}
	}
	return true;
}

static bool number(const char *word, size_t len, uint64_t *n)
{
	size_t i;

	*n = 0;
	for (i = 0; i < len; i++) {
		unsigned int digit = word[i] - '0';

		if (digit > 9 || *n > (UINT64_MAX - digit) / 10)
			return false;
		*n = *n * 10 + digit;
	}
	return len;
}

static bool check_number(const struct form_desc *f, const char *word, size_t len, uint64_t *n,
			 struct text *why)
{
	if (number(word, len, n) && *n >= f->min && *n <= f->max)
		return true;
	put_shown(why, word, len);
	if (f->max == 1)
		text_puts(why, " is neither 1 nor 0; write 1 for yes, 0 for no");
	else
		text_printf(why, " is not a number that will do; it is from %llu to %llu",
			    (unsigned long long)f->min, (unsigned long long)f->max);
	return false;
}

static bool check_numbers(const struct form_desc *f, const char *value, struct text *why)
{
	uint64_t seen[LIST_MAX];
	unsigned int n = 0, i;
	const char *word;
	size_t len;

	for (; (len = list_next(&value, &word)); n++) {
		if (n == LIST_MAX)
			return too_many(why, LIST_MAX);
		if (!check_number(f, word, len, &seen[n], why))
			return false;
		for (i = 0; i < n; i++) {
			if (seen[i] == seen[n])
				return twice(why, word, len);
		}
	}
	return true;
}

/* The bytes of a path; a final slash says nothing. */
static bool path_bytes(const char *word, size_t len, struct text *bytes)
{
	bool ok = word_bytes(word, len, bytes);

	if (ok && bytes->len > 1 && bytes->s[bytes->len - 1] == '/')
		bytes->s[--bytes->len] = '\0';
	return ok;
}

/* Is a component empty, "." or ".."? */
static bool has_detour(const char *path)
{
	bool only_root = !path[1];
	size_t len;

	for (; *path; path += len) {
		path++;
		len = strcspn(path, "/");
		if (len ? len <= 2 && strspn(path, ".") >= len : !only_root)
			return true;
	}
	return false;
}

static bool check_path(const char *word, size_t len, struct text *bytes, struct text *why)
{
	if (!path_bytes(word, len, bytes)) {
		put_shown(why, word, len);
		text_printf(why, " cannot be read; %s", escape_help);
		return false;
	}
	if (bytes->s[0] != '/' || strlen(bytes->s) != bytes->len) {
		put_shown(why, word, len);
		text_puts(why, " is no absolute path; begin with /");
		return false;
	}
	if (has_detour(bytes->s)) {
		put_shown(why, word, len);
		text_puts(why, " has a component that is empty, . or ..; write where that leads");
		return false;
	}
	return true;
}

static bool check_paths(const struct form_desc *f, const char *value, struct text *why)
{
	struct text bytes = { 0 }, seen = { 0 };
	const char *word, *other;
	unsigned int n = 0;
	bool ok = true;
	size_t len;

	if (f->none && only_is(value, "none"))
		return true;
	for (; ok && (len = list_next(&value, &word)); n++) {
		ok = n < LIST_MAX ? check_path(word, len, &bytes, why) : too_many(why, LIST_MAX);
		if (ok && strchr(bytes.s, ':')) {
			put_shown(why, word, len);
			text_puts(why, " has a colon; the kernel takes none here, rename it");
			ok = false;
		}
		for (other = seen.s; ok && other && *other; other = strchr(other, ':') + 1) {
			if (!strncmp(other, bytes.s, bytes.len) && other[bytes.len] == ':')
				ok = twice(why, word, len);
		}
		if (ok)
			text_printf(&seen, "%s:", bytes.s);
	}
	text_free(&bytes);
	text_free(&seen);
	return ok;
}

static bool check_store(const struct form_desc *f, const char *value, struct text *why)
{
	struct text bytes = { 0 };
	bool ok;

	if (f->none && only_is(value, "none"))
		return true;
	ok = check_path(value, strlen(value), &bytes, why);
	if (ok && bytes.len > STORE_PATH_MAX) {
		text_printf(why, "path of %zu bytes; the kernel takes %u", bytes.len,
			    STORE_PATH_MAX);
		ok = false;
	}
	text_free(&bytes);
	return ok;
}

static bool check_alpn(const char *value, struct text *why)
{
	struct text bytes = { 0 }, seen = { 0 };
	const char *word;
	unsigned int n = 0;
	bool ok = true;
	size_t len, at;

	if (only_is(value, "any"))
		return true;
	for (; ok && (len = list_next(&value, &word)); n++) {
		ok = word_bytes(word, len, &bytes);
		if (!ok) {
			put_shown(why, word, len);
			text_printf(why, " cannot be read; %s", escape_help);
			break;
		}
		for (at = 0; ok && at < seen.len; at += 1 + (unsigned char)seen.s[at]) {
			if ((unsigned char)seen.s[at] == bytes.len &&
			    !memcmp(seen.s + at + 1, bytes.s, bytes.len))
				ok = twice(why, word, len);
		}
		if (ok && bytes.len > ALPN_NAME_MAX) {
			put_shown(why, word, len);
			text_printf(why, " is longer than a protocol's name may be, %u bytes",
				    ALPN_NAME_MAX);
			ok = false;
		}
		text_putc(&seen, bytes.len);
		text_put(&seen, bytes.s, bytes.len);
	}
	if (ok && n > ALPN_NAMES_MAX)
		ok = too_many(why, ALPN_NAMES_MAX);
	if (ok && seen.len > ALPN_LEN_MAX) {
		text_printf(why, "%zu bytes with one for the length of each; there may be %u",
			    seen.len, ALPN_LEN_MAX);
		ok = false;
	}
	text_free(&bytes);
	text_free(&seen);
	return ok;
}

static bool check_credentials(const char *value, struct text *why)
{
	const char *rest = value, *word, *fault;
	unsigned int n;
	char *name;
	size_t len;

	if (only_is(value, "all") || only_is(value, "none"))
		return true;
	for (n = 0; (len = list_next(&rest, &word)); n++) {
		name = strndup(word, len);
		fault = name ? name_fault(name) : NULL;
		free(name);
		if (fault) {
			put_shown(why, word, len);
			text_printf(why, " is %s", fault);
			return false;
		}
		if (is_again(value, word, len, false))
			return twice(why, word, len);
	}
	return true;
}

/* DNS names, with or without a * for the first label, and addresses */
static bool check_hosts(const char *value, struct text *why)
{
	const char *rest = value, *word;
	size_t len;

	while ((len = list_next(&rest, &word))) {
		if (len > 253 || strspn(word, NAME_CHARACTERS "*:") < len) {
			put_shown(why, word, len);
			text_puts(why, " is no host name; write it as in the certificate");
			return false;
		}
		if (is_again(value, word, len, true))
			return twice(why, word, len);
	}
	return true;
}

/* @rest: behind the first word */
static bool only_one(const char *rest, struct text *why)
{
	const char *more;

	if (!list_next(&rest, &more))
		return true;
	text_puts(why, "takes one value; leave the others out");
	return false;
}

bool form_check(enum form form, const char *value, struct text *why)
{
	const struct form_desc *f = &forms[form];
	const char *rest = value, *word;
	size_t len = list_next(&rest, &word);
	uint64_t n;

	if (!len) {
		text_puts(why, "empty value; leave the line out to unset it");
		return false;
	}
	switch (f->shape) {
	case SHAPE_NAME:
		return only_one(rest, why) && check_word(f, word, len, f->names, why);
	case SHAPE_NUMBER:
		return only_one(rest, why) && check_number(f, word, len, &n, why);
	case SHAPE_ORDER:
	case SHAPE_SOME:
		return check_names(f, value, why);
	case SHAPE_NUMBERS:
		return check_numbers(f, value, why);
	case SHAPE_PATH:
		return check_store(f, value, why);
	case SHAPE_PATHS:
		return check_paths(f, value, why);
	case SHAPE_ALPN:
		return check_alpn(value, why);
	case SHAPE_CREDENTIALS:
		return check_credentials(value, why);
	case SHAPE_HOSTS:
		return check_hosts(value, why);
	}
	return false;
}

/* ------------------------------------------------------------------- equality */

/* Which of all names a value has, in any order; a name and its alias are one. */
static uint64_t which_names(const struct form_desc *f, const char *value)
{
	struct option_words words;
	const char * const *names = f->names ?: option_names(&words);
	bool all = only_is(value, "all");
	const char *word;
	uint64_t bits = 0;
	size_t len, i;

	for (; (len = list_next(&value, &word)) || all; all = false) {
		for (i = 0; names[i]; i++) {
			if (all || word_is(word, len, names[i]))
				bits |= 1ULL << (f->names == extensions && i == EXTENSION_ALIAS ?
						 EXTENSION_ALPN : i);
		}
	}
	return bits;
}

/* How the bytes of a word are had */
typedef bool (*bytes_fn)(const char *word, size_t len, struct text *bytes);

static bool same_bytes(bytes_fn get, const char *a, size_t alen, const char *b, size_t blen)
{
	struct text x = { 0 }, y = { 0 };
	bool same;

	same = get(a, alen, &x) && get(b, blen, &y) && x.len == y.len && !memcmp(x.s, y.s, x.len);
	text_free(&x);
	text_free(&y);
	return same;
}

/* @get: NULL: they are names, in which capital letters are as good as small ones. */
static bool same_list(bytes_fn get, const char *a, const char *b)
{
	const char *x, *y;
	size_t m, n;

	do {
		m = list_next(&a, &x);
		n = list_next(&b, &y);
		if (get ? !same_bytes(get, x, m, y, n) : m != n || strncasecmp(x, y, n))
			return false;
	} while (m && n);
	return m == n;
}

static bool same_numbers(const char *a, const char *b)
{
	const char *x, *y;
	uint64_t i, j;
	size_t m, n;

	do {
		m = list_next(&a, &x);
		n = list_next(&b, &y);
		if (!m || !n)
			return m == n;
	} while (number(x, m, &i) && number(y, n, &j) && i == j);
	return false;
}

static bool is_special(const char *value)
{
	return only_is(value, "any") || only_is(value, "all") || only_is(value, "none");
}

bool form_same(enum form form, const char *a, const char *b)
{
	switch (forms[form].shape) {
	case SHAPE_SOME:
		return which_names(&forms[form], a) == which_names(&forms[form], b);
	case SHAPE_NAME:
	case SHAPE_ORDER:
	case SHAPE_HOSTS:
		return same_list(NULL, a, b);
	case SHAPE_PATH:
		return same_bytes(path_bytes, a, strlen(a), b, strlen(b));
	case SHAPE_PATHS:
		return same_list(path_bytes, a, b);
	case SHAPE_ALPN:
	case SHAPE_CREDENTIALS:
		/* These are no protocols, and no credentials. */
		if (is_special(a) || is_special(b))
			return same_list(NULL, a, b);
		return same_list(word_bytes, a, b);
	case SHAPE_NUMBER:
	case SHAPE_NUMBERS:
		return same_numbers(a, b);
	}
	return false;
}
