// SPDX-License-Identifier: GPL-2.0
/*
 * Attributes of a profile: their names, text to values, values to text.
 */
#include <linux/kernel.h>
#include "values.h"

static const struct {
	const char *name;
	bool is_match;
} ssa_attributes[SSA_A_COUNT] = {
#define SSA_ATTRIBUTE(id, kind, summary) [SSA_A_##id] = { .name = #id },
#define SSA_MATCH(id, kind, summary) [SSA_A_##id] = { .name = #id, .is_match = true },
#include "attribute_list.h"
#undef SSA_ATTRIBUTE
#undef SSA_MATCH
};

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
