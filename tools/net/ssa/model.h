/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A policy: sections, which are the folders of configfs, with the values that are set
 * in them. The same for what files say and for what the kernel has.
 */
#ifndef _SSACTL_MODEL_H
#define _SSACTL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include "form.h"
#include "report.h"
#include "text.h"

#define NAME_CHARACTERS	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
#define NAME_LEN_MAX	64	/* bytes of the name of a profile or of a credential */

/* Attributes of default/ come first: a profile has those and others. */
enum {
#define SSA_ATTRIBUTE(name, kind, summary) A_##name,
#define SSA_MATCH(name, kind, summary) A_##name,
#include "../../../net/tls_ssa/policy/attribute_list.h"
#undef SSA_ATTRIBUTE
#undef SSA_MATCH
	A_COUNT,
};

enum { C_chain, C_key, C_names, C_COUNT };
enum { R_blocklist, R_end_connections, R_COUNT };

enum section_kind {
	KIND_ROOT,		/* attributes that are no profile's */
	KIND_DEFAULT,
	KIND_CREDENTIAL,
	KIND_PROFILE,
	KIND_COUNT,
};

/**
 * struct attribute - what can be set in a kind of section
 * @name: in configfs and in files
 * @form: how its value is written
 * @reread: to write the same again has an effect: files are read
 * @secret: cannot be read back
 */
struct attribute {
	const char	*name;
	enum form	form;
	bool		reread;
	bool		secret;
};

/**
 * struct kind_desc - a kind of section
 * @word: in files, or NULL: its settings stand outside of all blocks
 * @folder: in configfs, below its root
 * @named: there are several, each with a name
 * @count: of attributes
 * @attribute: those
 */
struct kind_desc {
	const char		*word;
	const char		*folder;
	bool			named;
	size_t			count;
	const struct attribute	*attribute;
};

extern const struct kind_desc kinds[KIND_COUNT];

/**
 * struct value - what an attribute is set to
 * @text: as it is written to configfs, without a newline; NULL: it is not set
 * @at: where that was said
 */
struct value {
	char		*text;
	struct place	at;
};

/**
 * struct section - default, a profile, a credential or the rest
 * @next: in the order in which they were made
 * @kind: which of them
 * @name: or NULL if the kind has none
 * @at: where it begins
 * @value: one for each attribute of @kind
 */
struct section {
	struct section	*next;
	enum section_kind	kind;
	char		*name;
	struct place	at;
	struct value	value[A_COUNT];
};

/**
 * struct source - a file that was read
 * @next: the one before
 * @name: of the file, which places point at
 */
struct source {
	struct source	*next;
	char		name[];
};

/**
 * struct model - a whole policy
 * @first: its sections
 * @last: where the next one goes
 * @sources: files that it was read from
 */
struct model {
	struct section	*first;
	struct section	**last;
	struct source	*sources;
};

void model_init(struct model *m);
void model_free(struct model *m);
const char *model_source(struct model *m, const char *name);	/* a copy that @m keeps */
struct section *model_find(const struct model *m, enum section_kind kind, const char *name);
struct section *model_add(struct model *m, enum section_kind kind, const char *name,
			  struct place at);
void section_set(struct section *s, size_t attribute, char *text, struct place at); /* takes text */

/* What an attribute has in configfs if it is not set; "": nothing */
const char *unset_text(enum section_kind kind, size_t attribute);
/* Is the attribute set, to something else than that? */
bool is_set(const struct section *s, size_t attribute);

/* The attribute of that name; its number, or -1. */
int kind_attribute(enum section_kind kind, const char *name);
/* Why this cannot be a profile's or credential's name, or NULL */
const char *name_fault(const char *name);

/* "default", "profile web"; for messages */
void section_title(const struct section *s, struct text *out);
/* Words as a file has them: with quotes where they are needed. */
void put_word(struct text *out, const char *word);
void put_setting(struct text *out, const struct attribute *a, const char *value);
/* A whole section, or a whole policy, as a file has it */
void put_section(struct text *out, const struct section *s);
void put_model(struct text *out, const struct model *m);

/* parser.c: adds the text of a file to @m; errors are counted in @report. */
void parse(struct model *m, const char *name, const char *bytes, size_t len,
	   struct report *report);
/* What must fit together, after all files */
void model_check(struct model *m, struct report *report);

/* sources.c: files and folders, or the usual places if there are none. 0, or -1. */
int read_sources(struct model *m, char **paths, struct report *report);

#endif /* _SSACTL_MODEL_H */
