// SPDX-License-Identifier: GPL-2.0
#include <linux/build_bug.h>
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <crypto/ssa.h>
#include "values.h"
#include "vocabulary.h"

/* A message names all that there is if it takes no more bytes than this. */
#define SSA_NAMES_SHOWN	128

#define SSA_TABLE(names)	.table = (names), .count = ARRAY_SIZE(names)

static const struct ssa_named version_names[] = {
	{ "TLSv1.2", SSA_TLS12 },
	{ "TLSv1.3", SSA_TLS13 },
};

/* As in IANA's registry; the number is that of the bit in SSA_OPTIONAL_*. */
static const struct ssa_named extension_names[] = {
	{ "server_name", 0 },
	{ "application_layer_protocol_negotiation", 1 },
	{ "alpn", 1 },
	{ "record_size_limit", 2 },
	{ "certificate_authorities", 3 },
};

static_assert(SSA_OPTIONAL_SERVER_NAME == BIT(0));
static_assert(SSA_OPTIONAL_ALPN == BIT(1));
static_assert(SSA_OPTIONAL_RECORD_SIZE_LIMIT == BIT(2));
static_assert(SSA_OPTIONAL_CERTIFICATE_AUTHORITIES == BIT(3));

static const struct ssa_named trust_mode_names[] = {
	{ "system", SSA_TRUST_SYSTEM },
	{ "system+application", SSA_TRUST_BOTH },
	{ "application", SSA_TRUST_APPLICATION },
	{ "pinned", SSA_TRUST_PINNED },
};

static const struct ssa_named peer_auth_names[] = {
	{ "none", SSA_PEER_AUTH_NONE },
	{ "optional", SSA_PEER_AUTH_OPTIONAL },
	{ "required", SSA_PEER_AUTH_REQUIRED },
};

/*
 * Options that a program sets before there is a connection. TLS_HANDSHAKE begins one:
 * to forbid it would forbid the socket. TLS_TRUSTED_ONLY restricts, whatever the policy;
 * and TLS_PROFILE is for those who make it.
 */
#define SETUP	SSA_AT_SETUP
#define LISTEN	SSA_AT_LISTEN
#define BUSY	SSA_AT_BUSY
#define CLIENT	SSA_AT_CLIENT
#define SERVER	SSA_AT_SERVER
#define FAILED	SSA_AT_FAILED

#define SSA_OPTION(id, set_where) [SSA_O_##id] = {					\
	.name = SSA_O_##id != SSA_O_HANDSHAKE && SSA_O_##id != SSA_O_TRUSTED_ONLY &&	\
		SSA_O_##id != SSA_O_PROFILE &&						\
		((set_where) & (SETUP | LISTEN)) ? #id : NULL,				\
	.number = SSA_O_##id,								\
},
#define SSA_OPTION_RW(id, handler, kind, min, max, set_at, get_at, summary) SSA_OPTION(id, set_at)
#define SSA_OPTION_RO(id, handler, kind, get_at, summary) SSA_OPTION(id, 0)
#define SSA_OPTION_WO(id, handler, kind, min, max, set_at, summary) SSA_OPTION(id, set_at)

static const struct ssa_named option_names[SSA_O_COUNT] = {
#include "../option_list.h"
};

#undef SSA_OPTION
#undef SSA_OPTION_RW
#undef SSA_OPTION_RO
#undef SSA_OPTION_WO
#undef SETUP
#undef LISTEN
#undef BUSY
#undef CLIENT
#undef SERVER
#undef FAILED

static_assert(SSA_O_COUNT <= 8 * sizeof_field(struct ssa_values, app_may_set));

const struct ssa_vocabulary ssa_versions_known = { "a version", SSA_TABLE(version_names) };
const struct ssa_vocabulary ssa_extensions_known = {
	"an optional extension", SSA_TABLE(extension_names)
};
const struct ssa_vocabulary ssa_trust_modes = { "a mode of trust", SSA_TABLE(trust_mode_names) };
const struct ssa_vocabulary ssa_peer_auths = { "one of its values", SSA_TABLE(peer_auth_names) };
const struct ssa_vocabulary ssa_options_known = {
	"an option that programs set", SSA_TABLE(option_names)
};
const struct ssa_vocabulary ssa_suites_known = {
	.what = "a cipher suite", .numbers = ssa_default_suites,
	.name_of = ssa_suite_name, .count = SSA_SUITES_MAX,
};
const struct ssa_vocabulary ssa_groups_known = {
	.what = "a group", .numbers = ssa_default_groups,
	.name_of = ssa_group_name, .count = SSA_GROUPS_MAX,
};
const struct ssa_vocabulary ssa_sigalgs_known = {
	.what = "a signature algorithm", .numbers = ssa_default_sigalgs,
	.name_of = ssa_sig_scheme_name, .count = SSA_SIGALGS_MAX,
};

/* The name in place @i, or NULL: there is none. */
static const char *name_at(const struct ssa_vocabulary *v, unsigned int i, u16 *number)
{
	if (v->table) {
		*number = v->table[i].number;
		return v->table[i].name;
	}
	*number = v->numbers[i];
	return *number ? v->name_of(*number) : NULL;
}

/**
 * ssa_vocabulary_name - the name of a number
 * @vocabulary: where it is from
 * @number: the number
 *
 * Context: any.
 * Return: constant text; NULL: it has none.
 */
const char *ssa_vocabulary_name(const struct ssa_vocabulary *vocabulary, u16 number)
{
	const char *name;
	unsigned int i;
	u16 each;

	for (i = 0; i < vocabulary->count; i++) {
		name = name_at(vocabulary, i, &each);
		if (name && each == number)
			return name;
	}
	return NULL;
}

/**
 * ssa_vocabulary_bits - all numbers that have a name
 * @vocabulary: of numbers below 64
 *
 * Context: any.
 * Return: BIT_ULL() of each.
 */
u64 ssa_vocabulary_bits(const struct ssa_vocabulary *vocabulary)
{
	unsigned int i;
	u64 bits = 0;
	u16 number;

	for (i = 0; i < vocabulary->count; i++) {
		if (name_at(vocabulary, i, &number))
			bits |= BIT_ULL(number);
	}
	return bits;
}

/* How many characters two names have in common, from the beginning */
static size_t alike(const struct ssa_word *word, const char *name)
{
	size_t i = 0;

	while (i < word->len && name[i] && tolower(word->at[i]) == tolower(name[i]))
		i++;
	return i;
}

/* What would be right: all names if they are few, otherwise the one that is most like @word. */
static void advise(const struct ssa_vocabulary *v, const struct ssa_word *word, char *to)
{
	const char *name, *best = NULL;
	unsigned int i;
	int len = 0;
	u16 number;

	for (i = 0; i < v->count; i++) {
		name = name_at(v, i, &number);
		if (!name)
			continue;
		if (len < SSA_NAMES_SHOWN)
			len += scnprintf(to + len, SSA_NAMES_SHOWN + 1 - len, "%s%s",
					 len ? ", " : "", name);
		if (!best || alike(word, name) > alike(word, best))
			best = name;
	}
	if (len == SSA_NAMES_SHOWN)
		scnprintf(to, SSA_NAMES_SHOWN + 1, "like %s", best);
	for (; v == &ssa_options_known && *to; to++)
		*to = tolower(*to);
}

/**
 * ssa_vocabulary_find - the number of a name
 * @vocabulary: where it is to be found
 * @word: the name
 * @attribute: for which it was written, for the message
 * @why: what is wrong, or NULL
 *
 * Context: any.
 * Return: the number; -EINVAL and *@why: there is no such name.
 */
int ssa_vocabulary_find(const struct ssa_vocabulary *vocabulary, const struct ssa_word *word,
			const char *attribute, struct ssa_complaint *why)
{
	char quoted[SSA_WORD_QUOTED], names[SSA_NAMES_SHOWN + 1];
	const char *name;
	unsigned int i;
	u16 number;

	for (i = 0; i < vocabulary->count; i++) {
		name = name_at(vocabulary, i, &number);
		if (name && ssa_word_is(word, name))
			return number;
	}
	advise(vocabulary, word, names);
	return ssa_complain(why, "%s: \"%s\" is not %s (%s)", attribute,
			    ssa_word_quote(word, quoted), vocabulary->what, names);
}
