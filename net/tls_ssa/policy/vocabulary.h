/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names of what attributes are about: versions, cipher suites, options, ...
 */
#ifndef _TLS_SSA_POLICY_VOCABULARY_H
#define _TLS_SSA_POLICY_VOCABULARY_H

#include <linux/types.h>
#include "words.h"

struct ssa_complaint;

/**
 * struct ssa_named - one name
 * @name: or NULL: a place that has no name
 * @number: what it stands for
 */
struct ssa_named {
	const char	*name;
	u16		number;
};

/**
 * struct ssa_vocabulary - all names of one kind
 * @what: "a cipher suite"
 * @table: names; of several for one number the first is shown. Or NULL
 * @numbers: without @table: what there is; 0 ends a short list
 * @name_of: without @table: the name of a number
 * @count: elements of @table or @numbers
 */
struct ssa_vocabulary {
	const char		*what;
	const struct ssa_named	*table;
	const u16		*numbers;
	const char		*(*name_of)(u16 number);
	unsigned int		count;
};

extern const struct ssa_vocabulary ssa_versions_known, ssa_suites_known, ssa_groups_known,
	ssa_sigalgs_known, ssa_extensions_known, ssa_trust_modes, ssa_peer_auths, ssa_options_known;

const char *ssa_vocabulary_name(const struct ssa_vocabulary *vocabulary, u16 number);
u64 ssa_vocabulary_bits(const struct ssa_vocabulary *vocabulary);
int ssa_vocabulary_find(const struct ssa_vocabulary *vocabulary, const struct ssa_word *word,
			const char *attribute, struct ssa_complaint *why);

#endif /* _TLS_SSA_POLICY_VOCABULARY_H */
