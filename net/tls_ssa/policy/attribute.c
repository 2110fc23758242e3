// SPDX-License-Identifier: GPL-2.0
/*
 * Attributes of a profile: text to values, values to text. attribute_list.h says of
 * what KIND each is, a KIND says how it is written:
 *
 *	VERSION TRUST_MODE PEER_AUTH	a name
 *	SUITES GROUPS SIGALGS		names in order of preference, each once
 *	EXTENSIONS OPTIONS		names, or "all", or "none"
 *	BOOL RSA_BITS DEPTH TTL		a decimal number
 *	ALPN				names of protocols (RFC 7301), or "any"
 *	PATH				an absolute path; it may have spaces
 *	PATH_OR_NONE			the same, or "none"
 *	CREDENTIALS			names of credentials/, or "all", or "none"
 *	PATHS				absolute paths, or "none"
 *	MATCH_PATHS			absolute paths
 *	IDS COOKIES			decimal numbers
 *
 * White space and commas stand between the elements of a list; \xNN is a byte that
 * cannot be written otherwise.
 */
#include <linux/build_bug.h>
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <kunit/visibility.h>
#include "values.h"
#include "vocabulary.h"
#include "words.h"

#define SSA_CREDENTIALS_MAX	64	/* that a profile may name one by one */
#define SSA_PATH_MAX		255	/* bytes of the path of a trust store */

struct ssa_attribute_desc;

/**
 * struct ssa_attribute_kind - how values are written
 * @parse: all words of a text, of which there is at least one. 0, or a negative errno
 *	   and nothing has changed
 * @show: writes the words of a value that is set
 * @vocabulary: of names
 * @min: of numbers
 * @max: the same; of a list: most elements
 * @none: may be "none"
 */
struct ssa_attribute_kind {
	int (*parse)(struct ssa_values *v, const struct ssa_attribute_desc *desc,
		     struct ssa_word text, struct ssa_complaint *why);
	void (*show)(const struct ssa_values *v, const struct ssa_attribute_desc *desc,
		     struct ssa_line *line);
	const struct ssa_vocabulary *vocabulary;
	u64 min;
	u64 max;
	bool none;
};

/**
 * struct ssa_attribute_desc - one attribute
 * @name: of the file
 * @is_match: says for whom the profile is
 * @kind: how it is written
 */
struct ssa_attribute_desc {
	const char	*name;
	bool		is_match;
	const struct ssa_attribute_kind *kind;
};

/**
 * struct ssa_attribute_place - where struct ssa_values has an attribute
 * @at: where it begins
 * @size: bytes that it takes there
 * @count: where the number of elements of a list is, a u8; 0: it is none
 */
struct ssa_attribute_place {
	size_t	at;
	size_t	size;
	size_t	count;
};

static const struct ssa_attribute_place *place(const struct ssa_attribute_desc *desc);

static void *field(struct ssa_values *v, const struct ssa_attribute_desc *desc)
{
	return (u8 *)v + place(desc)->at;
}

static const void *field_of(const struct ssa_values *v, const struct ssa_attribute_desc *desc)
{
	return (const u8 *)v + place(desc)->at;
}

/* An unsigned number of place(desc)->size bytes */
static void store(struct ssa_values *v, const struct ssa_attribute_desc *desc, u64 number)
{
	void *to = field(v, desc);

	switch (place(desc)->size) {
	case sizeof(u8):
		*(u8 *)to = number;
		break;
	case sizeof(u16):
		*(u16 *)to = number;
		break;
	case sizeof(u32):
		*(u32 *)to = number;
		break;
	default:
		*(u64 *)to = number;
	}
}

static u64 load(const struct ssa_values *v, const struct ssa_attribute_desc *desc)
{
	const void *from = field_of(v, desc);

	switch (place(desc)->size) {
	case sizeof(u8):
		return *(const u8 *)from;
	case sizeof(u16):
		return *(const u16 *)from;
	case sizeof(u32):
		return *(const u32 *)from;
	default:
		return *(const u64 *)from;
	}
}

/* The only word of @text, or -EINVAL. */
static int only_word(const struct ssa_attribute_desc *desc, struct ssa_word text,
		     struct ssa_word *word, struct ssa_complaint *why)
{
	struct ssa_word more;

	if (ssa_words_next(&text, word) && !ssa_words_next(&text, &more))
		return 0;
	return ssa_complain(why, "%s: takes one value", desc->name);
}

/* Is it only this one word? */
static bool is_only(struct ssa_word text, const char *name)
{
	struct ssa_word word, more;

	return ssa_words_next(&text, &word) && !ssa_words_next(&text, &more) &&
	       ssa_word_is(&word, name);
}

static int twice(const struct ssa_attribute_desc *desc, const struct ssa_word *word,
		 struct ssa_complaint *why)
{
	char quoted[SSA_WORD_QUOTED];

	return ssa_complain(why, "%s: \"%s\" is there twice", desc->name,
			    ssa_word_quote(word, quoted));
}

static int too_many(const struct ssa_attribute_desc *desc, struct ssa_complaint *why)
{
	return ssa_complain(why, "%s: there may be at most %llu", desc->name,
			    (unsigned long long)desc->kind->max);
}

static int no_element(const struct ssa_attribute_desc *desc, struct ssa_complaint *why)
{
	return ssa_complain(why, "%s: the list is empty; nothing at all unsets it", desc->name);
}

/* ------------------------------------------------------------- names and numbers */

static int parse_name(struct ssa_values *v, const struct ssa_attribute_desc *desc,
		      struct ssa_word text, struct ssa_complaint *why)
{
	struct ssa_word word;
	int err = only_word(desc, text, &word, why);

	if (err)
		return err;
	err = ssa_vocabulary_find(desc->kind->vocabulary, &word, desc->name, why);
	if (err < 0)
		return err;
	store(v, desc, err);
	return 0;
}

static void show_name(const struct ssa_values *v, const struct ssa_attribute_desc *desc,
		      struct ssa_line *line)
{
	ssa_line_word(line, ssa_vocabulary_name(desc->kind->vocabulary, load(v, desc)) ?: "");
}

static int parse_number(struct ssa_values *v, const struct ssa_attribute_desc *desc,
			struct ssa_word text, struct ssa_complaint *why)
{
	char quoted[SSA_WORD_QUOTED];
	struct ssa_word word;
	int err = only_word(desc, text, &word, why);
	u64 number;

	if (err)
		return err;
	if (!ssa_word_number(&word, desc->kind->max, &number) || number < desc->kind->min)
		return ssa_complain(why, "%s: \"%s\" is not a number from %llu to %llu", desc->name,
				    ssa_word_quote(&word, quoted),
				    (unsigned long long)desc->kind->min,
				    (unsigned long long)desc->kind->max);
	store(v, desc, number);
	return 0;
}

static void show_number(const struct ssa_values *v, const struct ssa_attribute_desc *desc,
			struct ssa_line *line)
{
	ssa_line_number(line, load(v, desc));
}

/* ------------------------------------------------- names in order of preference */

static_assert(SSA_SIGALGS_MAX <= SSA_SUITES_MAX && SSA_GROUPS_MAX <= SSA_SUITES_MAX);

static int parse_order(struct ssa_values *v, const struct ssa_attribute_desc *desc,
		       struct ssa_word text, struct ssa_complaint *why)
{
	unsigned int count = 0, max = place(desc)->size / sizeof(u16), i;
	u16 numbers[SSA_SUITES_MAX] = {};
	struct ssa_word word;
	int number;

	while (ssa_words_next(&text, &word)) {
		number = ssa_vocabulary_find(desc->kind->vocabulary, &word, desc->name, why);
		if (number < 0)
			return number;
		for (i = 0; i < count; i++) {
			if (numbers[i] == number)
				return twice(desc, &word, why);
		}
		if (count == max)
			return too_many(desc, why);
		numbers[count++] = number;
	}
	if (!count)
		return no_element(desc, why);
	memcpy(field(v, desc), numbers, place(desc)->size);
	return 0;
}

static void show_order(const struct ssa_values *v, const struct ssa_attribute_desc *desc,
		       struct ssa_line *line)
{
	const u16 *numbers = field_of(v, desc);
	unsigned int i;

	for (i = 0; i < place(desc)->size / sizeof(u16) && numbers[i]; i++)
		ssa_line_word(line, ssa_vocabulary_name(desc->kind->vocabulary, numbers[i]) ?: "");
}

/* ---------------------------------------------------------- some of all names */

/* What has no name is always in. */
static int parse_some(struct ssa_values *v, const struct ssa_attribute_desc *desc,
		      struct ssa_word text, struct ssa_complaint *why)
{
	u64 known = ssa_vocabulary_bits(desc->kind->vocabulary), bits = 0;
	struct ssa_word word, rest = text;
	bool any = false;
	int number;

	if (is_only(text, "all")) {
		store(v, desc, desc->kind->max);
		return 0;
	}
	if (is_only(text, "none"))
		rest.len = 0;
	while (ssa_words_next(&rest, &word)) {
		number = ssa_vocabulary_find(desc->kind->vocabulary, &word, desc->name, why);
		if (number < 0)
			return number;
		if (bits & BIT_ULL(number))
			return twice(desc, &word, why);
		bits |= BIT_ULL(number);
		any = true;
	}
	if (!any && !is_only(text, "none"))
		return no_element(desc, why);
	store(v, desc, (desc->kind->max & ~known) | bits);
	return 0;
}

static void show_some(const struct ssa_values *v, const struct ssa_attribute_desc *desc,
		      struct ssa_line *line)
{
	u64 known = ssa_vocabulary_bits(desc->kind->vocabulary), bits = load(v, desc) & known;
	unsigned int i;

	if (bits == known || !bits) {
		ssa_line_word(line, bits ? "all" : "none");
		return;
	}
	for (i = 0; i < 8 * sizeof(bits); i++) {
		if (!(bits & BIT_ULL(i)))
			continue;
		ssa_line_lower(line, ssa_vocabulary_name(desc->kind->vocabulary, i) ?: "");
	}
}

/* ------------------------------------------------------ application protocols */

/* Appends a protocol to @wire, of which @len bytes are in use; how many are then. */
static int add_protocol(const struct ssa_attribute_desc *desc, const struct ssa_word *word,
			u8 *wire, size_t len, struct ssa_complaint *why)
{
	char quoted[SSA_WORD_QUOTED];
	int n = -EINVAL;

	if (len < SSA_ALPN_MAX)
		n = ssa_word_bytes(word, wire + len + 1,
				   min_t(size_t, SSA_ALPN_MAX - len - 1, SSA_ALPN_NAME_MAX));
	if (n < 0)
		return ssa_complain(why, "%s: \"%s\" is no protocol, or too long (%d, all %d)",
				    desc->name, ssa_word_quote(word, quoted), SSA_ALPN_NAME_MAX,
				    SSA_ALPN_MAX);
	wire[len] = n;
	return len + 1 + n;
}

static int parse_alpn(struct ssa_values *v, const struct ssa_attribute_desc *desc,
		      struct ssa_word text, struct ssa_complaint *why)
{
	struct ssa_word word;
	u8 *wire = NULL;
	int len = 0;

	if (!is_only(text, "any")) {
		wire = kmalloc(SSA_ALPN_MAX, GFP_KERNEL);
		if (!wire)
			return -ENOMEM;
		while (len >= 0 && ssa_words_next(&text, &word))
			len = add_protocol(desc, &word, wire, len, why);
		if (!len)
			len = no_element(desc, why);
		else if (len > 0 && !ssa_alpn_is_valid(wire, len))
			len = ssa_complain(why, "%s: there may be at most %d, each of them once",
					   desc->name, SSA_ALPN_NAMES_MAX);
	}
	if (len < 0) {
		kfree(wire);
		return len;
	}
	kfree(v->alpn);
	v->alpn = wire;
	v->alpn_len = len;
	return 0;
}

/* A protocol whose name is "any" is not any protocol. */
static void show_alpn(const struct ssa_values *v, const struct ssa_attribute_desc *desc,
		      struct ssa_line *line)
{
	const u8 *at = v->alpn, *end = v->alpn + v->alpn_len;
	bool any = v->alpn_len == 4 && !strncasecmp(v->alpn + 1, "any", 3);

	if (!v->alpn)
		ssa_line_word(line, "any");
	for (; at && at < end; at += 1 + *at)
		ssa_line_bytes(line, at + 1, *at, any);
}

/* ------------------------------------------------------------ paths and names */

static bool is_text(const struct ssa_attribute_desc *desc)
{
	const size_t texts = offsetof(struct ssa_values, text);

	return place(desc)->at >= texts &&
	       place(desc)->at < texts + sizeof_field(struct ssa_values, text);
}

static void store_text(struct ssa_values *v, const struct ssa_attribute_desc *desc, char *text)
{
	char **to = field(v, desc);

	kfree(*to);
	*to = text;
}

/*
 * From @word into @to, which has room for one byte more than it has. Bytes of the path,
 * without a final slash. No component may be a way out.
 */
static int copy_path(const struct ssa_attribute_desc *desc, const struct ssa_word *word, char *to,
		     struct ssa_complaint *why)
{
	int len = ssa_word_bytes(word, (u8 *)to, word->len);
	char quoted[SSA_WORD_QUOTED];

	if (len > 1 && to[len - 1] == '/')
		len--;
	if (len < 1 || to[0] != '/' || memchr(to, '\0', len))
		return ssa_complain(why, "%s: \"%s\" is not an absolute path (\\xNN is a byte)",
				    desc->name, ssa_word_quote(word, quoted));
	to[len] = '\0';
	if ((len > 1 && to[len - 1] == '/') || strstr(to, "//") ||
	    strstr(to, "/./") || strstr(to, "/../") ||
	    !strcmp(to + len - min(len, 2), "/.") || !strcmp(to + len - min(len, 3), "/.."))
		return ssa_complain(why, "%s: \"%s\" has an empty, \".\" or \"..\" component",
				    desc->name, ssa_word_quote(word, quoted));
	return len;
}

static int parse_path(struct ssa_values *v, const struct ssa_attribute_desc *desc,
		      struct ssa_word text, struct ssa_complaint *why)
{
	char *path = NULL;
	int err;

	if (!desc->kind->none || !is_only(text, "none")) {
		path = kmalloc(text.len + 1, GFP_KERNEL);
		if (!path)
			return -ENOMEM;
		err = copy_path(desc, &text, path, why);
		if (err > SSA_PATH_MAX)
			err = ssa_complain(why, "%s: a path may have at most %d bytes", desc->name,
					   SSA_PATH_MAX);
		if (err < 0) {
			kfree(path);
			return err;
		}
	}
	store_text(v, desc, path);
	return 0;
}

static void show_path(const struct ssa_values *v, const struct ssa_attribute_desc *desc,
		      struct ssa_line *line)
{
	const char *path = *(char *const *)field_of(v, desc);

	if (path)
		ssa_line_bytes(line, path, strlen(path), false);
	else
		ssa_line_word(line, "none");
}

typedef int (*copy_fn)(const struct ssa_attribute_desc *desc, const struct ssa_word *word, char *to,
		       struct ssa_complaint *why);

/* Does @element, which has @len bytes and stands in @list, stand there before as well? */
static bool is_again(const char *list, const char *element, size_t len, char separator)
{
	const char *end;

	for (; list < element; list = end + 1) {
		end = memchr(list, separator, element - list);
		if (end - list == len && !memcmp(list, element, len))
			return true;
	}
	return false;
}

/* A list as it is kept: elements that @copy has made, with @separator between them. */
static int parse_texts(struct ssa_values *v, const struct ssa_attribute_desc *desc,
		       struct ssa_word text, char separator, copy_fn copy,
		       struct ssa_complaint *why)
{
	char quoted[SSA_WORD_QUOTED], *list = kmalloc(text.len + 2, GFP_KERNEL), *end = list;
	struct ssa_word word;
	unsigned int count;
	int len = 0;

	if (!list)
		return -ENOMEM;
	for (count = 0; len >= 0 && ssa_words_next(&text, &word); count++) {
		if (count)
			*end++ = separator;
		if (count == desc->kind->max)
			len = too_many(desc, why);
		else
			len = copy(desc, &word, end, why);
		if (len < 0)
			break;
		if (memchr(end, separator, len))
			len = ssa_complain(why, "%s: \"%s\" has a '%c'", desc->name,
					   ssa_word_quote(&word, quoted), separator);
		else if (is_again(list, end, len, separator))
			len = twice(desc, &word, why);
		else
			end += len;
	}
	if (!count && len >= 0)
		len = no_element(desc, why);
	if (len < 0) {
		kfree(list);
		return len;
	}
	*end = '\0';
	store_text(v, desc, list);
	return 0;
}

static void show_texts(const struct ssa_values *v, const struct ssa_attribute_desc *desc,
		       struct ssa_line *line, char separator)
{
	const char *at = *(char *const *)field_of(v, desc), *end;

	if (!at) {
		ssa_line_word(line, "none");
		return;
	}
	for (;; at = end + 1) {
		end = strchrnul(at, separator);
		ssa_line_bytes(line, at, end - at, false);
		if (!*end)
			break;
	}
}

static int parse_paths(struct ssa_values *v, const struct ssa_attribute_desc *desc,
		       struct ssa_word text, struct ssa_complaint *why)
{
	if (desc->kind->none && is_only(text, "none")) {
		store_text(v, desc, NULL);
		return 0;
	}
	return parse_texts(v, desc, text, ':', copy_path, why);
}

static void show_paths(const struct ssa_values *v, const struct ssa_attribute_desc *desc,
		       struct ssa_line *line)
{
	show_texts(v, desc, line, ':');
}

/* ------------------------------------------------------------------ identities */

static u64 number_at(const struct ssa_values *v, const struct ssa_attribute_desc *desc,
		     unsigned int i)
{
	const void *list = field_of(v, desc);

	if (place(desc)->size == SSA_MATCH_MAX * sizeof(u32))
		return ((const u32 *)list)[i];
	return ((const u64 *)list)[i];
}

static int parse_numbers(struct ssa_values *v, const struct ssa_attribute_desc *desc,
			 struct ssa_word text, struct ssa_complaint *why)
{
	bool wide = place(desc)->size == SSA_MATCH_MAX * sizeof(u64);
	u64 numbers[SSA_MATCH_MAX] = {}, max = wide ? U64_MAX : U32_MAX - 1;
	char quoted[SSA_WORD_QUOTED];
	unsigned int count = 0, i;
	struct ssa_word word;
	void *to;

	while (ssa_words_next(&text, &word)) {
		if (count == desc->kind->max)
			return too_many(desc, why);
		if (!ssa_word_number(&word, max, &numbers[count]) ||
		    numbers[count] < desc->kind->min)
			return ssa_complain(why, "%s: \"%s\" is not a number from %llu to %llu",
					    desc->name, ssa_word_quote(&word, quoted),
					    (unsigned long long)desc->kind->min,
					    (unsigned long long)max);
		for (i = 0; i < count; i++) {
			if (numbers[i] == numbers[count])
				return twice(desc, &word, why);
		}
		count++;
	}
	if (!count)
		return no_element(desc, why);
	to = field(v, desc);
	for (i = 0; i < SSA_MATCH_MAX; i++) {
		if (wide)
			((u64 *)to)[i] = numbers[i];
		else
			((u32 *)to)[i] = numbers[i];
	}
	*((u8 *)v + place(desc)->count) = count;
	return 0;
}

static void show_numbers(const struct ssa_values *v, const struct ssa_attribute_desc *desc,
			 struct ssa_line *line)
{
	unsigned int i, count = *((const u8 *)v + place(desc)->count);

	for (i = 0; i < count; i++)
		ssa_line_number(line, number_at(v, desc, i));
}

/* ------------------------------------------------------------------ credentials */

/* copy_fn */
static int copy_credential(const struct ssa_attribute_desc *desc, const struct ssa_word *word,
			   char *to, struct ssa_complaint *why)
{
	char quoted[SSA_WORD_QUOTED];

	if (!ssa_entry_name_is_valid(word->at, word->len))
		return ssa_complain(why, "%s: \"%s\" is no name of a credential", desc->name,
				    ssa_word_quote(word, quoted));
	memcpy(to, word->at, word->len);
	return word->len;
}

static int parse_credentials(struct ssa_values *v, const struct ssa_attribute_desc *desc,
			     struct ssa_word text, struct ssa_complaint *why)
{
	char *all;

	if (is_only(text, "none")) {
		store_text(v, desc, NULL);
		return 0;
	}
	if (!is_only(text, "all"))
		return parse_texts(v, desc, text, ':', copy_credential, why);
	all = kstrdup(SSA_ALL_CREDENTIALS, GFP_KERNEL);
	if (!all)
		return -ENOMEM;
	store_text(v, desc, all);
	return 0;
}

static void show_credentials(const struct ssa_values *v, const struct ssa_attribute_desc *desc,
			     struct ssa_line *line)
{
	const char *names = *(char *const *)field_of(v, desc);

	if (names && !strcmp(names, SSA_ALL_CREDENTIALS))
		ssa_line_word(line, "all");
	else
		show_texts(v, desc, line, ':');
}

/* ----------------------------------------------------------------- all of them */

#define SSA_KIND_NAME(words)	{ parse_name, show_name, .vocabulary = &(words) }
#define SSA_KIND_ORDER(words)	{ parse_order, show_order, .vocabulary = &(words), \
				  .max = SSA_MATCH_MAX }
#define SSA_KIND_NUMBER(least, most) { parse_number, show_number, .min = (least), .max = (most) }

static const struct ssa_attribute_kind
	kind_VERSION = SSA_KIND_NAME(ssa_versions_known),
	kind_TRUST_MODE = SSA_KIND_NAME(ssa_trust_modes),
	kind_PEER_AUTH = SSA_KIND_NAME(ssa_peer_auths),
	kind_SUITES = SSA_KIND_ORDER(ssa_suites_known),
	kind_GROUPS = SSA_KIND_ORDER(ssa_groups_known),
	kind_SIGALGS = SSA_KIND_ORDER(ssa_sigalgs_known),
	kind_EXTENSIONS = { parse_some, show_some, .vocabulary = &ssa_extensions_known,
			    .max = SSA_OPTIONAL_ALL },
	kind_OPTIONS = { parse_some, show_some, .vocabulary = &ssa_options_known, .max = U64_MAX },
	kind_BOOL = SSA_KIND_NUMBER(0, 1),
	kind_RSA_BITS = SSA_KIND_NUMBER(SSA_RSA_MIN_BITS, SSA_RSA_MAX_BITS),
	kind_DEPTH = SSA_KIND_NUMBER(0, SSA_PATH_CERTS_MAX - 1),
	kind_TTL = SSA_KIND_NUMBER(0, SSA_SESSION_TTL_MAX),
	kind_ALPN = { parse_alpn, show_alpn },
	kind_PATH = { parse_path, show_path },
	kind_PATH_OR_NONE = { parse_path, show_path, .none = true },
	kind_CREDENTIALS = { parse_credentials, show_credentials, .max = SSA_CREDENTIALS_MAX },
	kind_PATHS = { parse_paths, show_paths, .max = SSA_MATCH_MAX, .none = true },
	kind_MATCH_PATHS = { parse_paths, show_paths, .max = SSA_MATCH_MAX },
	kind_IDS = { parse_numbers, show_numbers, .max = SSA_MATCH_MAX },
	kind_COOKIES = { parse_numbers, show_numbers, .min = 1, .max = SSA_MATCH_MAX };

static const struct ssa_attribute_desc ssa_attributes[SSA_A_COUNT] = {
#define SSA_ATTRIBUTE(id, how, summary) [SSA_A_##id] = { .name = #id, .kind = &kind_##how },
#define SSA_MATCH(id, how, summary) [SSA_A_##id] = {				\
	.name = #id, .kind = &kind_##how, .is_match = true			\
},
#include "attribute_list.h"
#undef SSA_ATTRIBUTE
#undef SSA_MATCH
};

#define SSA_AT(id, member) [SSA_A_##id] = {					\
	.at = offsetof(struct ssa_values, member),				\
	.size = sizeof_field(struct ssa_values, member)				\
}
#define SSA_AT_LIST(id, number) [SSA_A_##id] = {				\
	.at = offsetof(struct ssa_values, id),					\
	.size = sizeof_field(struct ssa_values, id),				\
	.count = offsetof(struct ssa_values, number)				\
}

static const struct ssa_attribute_place ssa_places[SSA_A_COUNT] = {
	SSA_AT(min_version, min_version),
	SSA_AT(max_version, max_version),
	SSA_AT(ciphersuites, ciphersuites),
	SSA_AT(groups, groups),
	SSA_AT(signature_algorithms, signature_algorithms),
	SSA_AT(require_extended_master_secret, require_extended_master_secret),
	SSA_AT(extensions, extensions),
	SSA_AT(alpn, alpn),
	SSA_AT(trust_mode, trust_mode),
	SSA_AT(trust_store, text[SSA_TEXT_TRUST_STORE]),
	SSA_AT(client_trust_store, text[SSA_TEXT_CLIENT_TRUST_STORE]),
	SSA_AT(min_rsa_bits, min_rsa_bits),
	SSA_AT(verify_depth, verify_depth),
	SSA_AT(require_host_name, require_host_name),
	SSA_AT(require_peer_auth, require_peer_auth),
	SSA_AT(session_reuse, session_reuse),
	SSA_AT(session_ttl, session_ttl),
	SSA_AT(credential, text[SSA_TEXT_CREDENTIAL]),
	SSA_AT(key_directories, text[SSA_TEXT_KEY_DIRECTORIES]),
	SSA_AT(app_may_set, app_may_set),
	SSA_AT(host_names, host_names),
	SSA_AT(enabled, enabled),
	SSA_AT(match_executable, text[SSA_TEXT_MATCH_EXECUTABLE]),
	SSA_AT(match_cgroup, text[SSA_TEXT_MATCH_CGROUP]),
	SSA_AT_LIST(match_uid, uids),
	SSA_AT_LIST(match_gid, gids),
	SSA_AT_LIST(match_netns, cookies),
};

static const struct ssa_attribute_place *place(const struct ssa_attribute_desc *desc)
{
	return &ssa_places[desc - ssa_attributes];
}

/**
 * ssa_attribute_name - the name of an attribute
 * @a: the attribute
 *
 * Context: any.
 * Return: constant text.
 */
const char *ssa_attribute_name(enum ssa_attribute a)
{
	return ssa_attributes[a].name;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_attribute_name);

/**
 * ssa_attribute_is_match - does it say for whom a profile is?
 * @a: the attribute
 *
 * Context: any.
 * Return: false: it says what sockets may do.
 */
bool ssa_attribute_is_match(enum ssa_attribute a)
{
	return ssa_attributes[a].is_match;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_attribute_is_match);

/**
 * ssa_entry_name_is_valid - can a profile or a credential have this name?
 * @name: need not be NUL-terminated
 * @len: bytes of it
 *
 * Context: any.
 * Return: false: it is too long, has other characters than letters, digits, '.', '_'
 * and '-', does not begin with a letter or digit, or means something else in a list.
 */
bool ssa_entry_name_is_valid(const char *name, size_t len)
{
	static const char * const others[] = { "all", "none", "default" };
	const struct ssa_word word = { .at = name, .len = len };
	size_t i;

	if (!len || len > SSA_PROFILE_NAME_MAX || !isascii(name[0]) || !isalnum((u8)name[0]))
		return false;
	for (i = 1; i < len; i++) {
		if (!isascii(name[i]) || (!isalnum((u8)name[i]) && !strchr("._-", name[i])))
			return false;
		if (!name[i])
			return false;
	}
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		if (ssa_word_is(&word, others[i]))
			return false;
	}
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_entry_name_is_valid);

static void unset(struct ssa_values *v, enum ssa_attribute a)
{
	const struct ssa_attribute_desc *desc = &ssa_attributes[a];

	if (a == SSA_A_alpn) {
		kfree(v->alpn);
		v->alpn_len = 0;
	} else if (is_text(desc)) {
		store_text(v, desc, NULL);
	}
	memset(field(v, desc), 0, place(desc)->size);
	if (place(desc)->count)
		*((u8 *)v + place(desc)->count) = 0;
	v->set &= ~BIT_ULL(a);
}

/**
 * ssa_attribute_parse - the value of an attribute from its text
 * @v: values, of which one is set or unset
 * @a: which
 * @text: as written; need not be NUL-terminated. Nothing but white space unsets it.
 * @len: bytes of @text, at most SSA_ATTRIBUTE_MAX
 * @why: what is wrong, or NULL
 *
 * Context: process, may sleep.
 * Return: 0; -EINVAL and *@why, or -ENOMEM: @v is as before.
 */
int ssa_attribute_parse(struct ssa_values *v, enum ssa_attribute a, const char *text, size_t len,
			struct ssa_complaint *why)
{
	const struct ssa_attribute_desc *desc = &ssa_attributes[a];
	struct ssa_word words = ssa_words_trim(text, len);
	int err;

	if (!words.len) {
		unset(v, a);
		return 0;
	}
	if (words.len > SSA_ATTRIBUTE_MAX)
		return ssa_complain(why, "%s: takes at most %d bytes", desc->name,
				    SSA_ATTRIBUTE_MAX);
	err = desc->kind->parse(v, desc, words, why);
	if (!err)
		v->set |= BIT_ULL(a);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_attribute_parse);

/**
 * ssa_attribute_show - the text of an attribute
 * @v: values
 * @a: which of them
 * @page: result, not NUL-terminated: as it could be written, with a newline
 * @size: bytes of room; a page is enough for whatever was parsed
 *
 * Context: any.
 * Return: bytes written, at least the newline; -E2BIG.
 */
int ssa_attribute_show(const struct ssa_values *v, enum ssa_attribute a, char *page, size_t size)
{
	const struct ssa_attribute_desc *desc = &ssa_attributes[a];
	struct ssa_line line = { .to = page, .size = size };

	if (ssa_values_has(v, a))
		desc->kind->show(v, desc, &line);
	ssa_line_char(&line, '\n');
	return line.full ? -E2BIG : line.len;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_attribute_show);

/**
 * ssa_attribute_copy - take one value from others
 * @to: the same attribute must not be set here
 * @from: where it may be set, and where it is not, there is nothing to do
 * @a: which
 *
 * Context: process, may sleep.
 * Return: 0, or -ENOMEM: @to is as before.
 */
int ssa_attribute_copy(struct ssa_values *to, const struct ssa_values *from, enum ssa_attribute a)
{
	const struct ssa_attribute_desc *desc = &ssa_attributes[a];
	char *text;

	if (!ssa_values_has(from, a))
		return 0;
	if (a == SSA_A_alpn && from->alpn) {
		to->alpn = kmemdup(from->alpn, from->alpn_len, GFP_KERNEL);
		if (!to->alpn)
			return -ENOMEM;
		to->alpn_len = from->alpn_len;
	} else if (is_text(desc)) {
		text = *(char *const *)field_of(from, desc);
		if (text) {
			text = kstrdup(text, GFP_KERNEL);
			if (!text)
				return -ENOMEM;
		}
		store_text(to, desc, text);
	} else {
		memcpy(field(to, desc), field_of(from, desc), place(desc)->size);
		if (place(desc)->count)
			*((u8 *)to + place(desc)->count) = *((const u8 *)from + place(desc)->count);
	}
	to->set |= BIT_ULL(a);
	return 0;
}
