// SPDX-License-Identifier: GPL-2.0
/*
 * The index of the profiles, a tuple space: each value of a criterion has a number, a
 * rule is a tuple of such numbers (0: anything), and who looks for a profile looks once
 * for each combination of criteria that occurs, the strongest first.
 *
 * Names of cgroups and of files may be chosen by users. They are hashed with a secret
 * key, so that nobody can make them meet in one place of a table.
 */
#include <kunit/visibility.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/log2.h>
#include <linux/random.h>
#include <linux/rculist.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include "match_index.h"
#include "policy.h"

/**
 * struct ssa_match_value - a value that profiles name
 * @node: in ssa_match_table.values
 * @criterion: of what
 * @id: the number that stands for it in rules; files of several paths share one
 * @number: user, group or cookie
 * @configured: of an executable: the path as it was written, if @text is another one of
 *		the same file; or NULL
 * @len: bytes of @text
 * @text: path, or nothing
 */
struct ssa_match_value {
	struct hlist_node	node;
	u8			criterion;
	u32			id;
	u64			number;
	const char		*configured;
	size_t			len;
	char			text[];
};

/**
 * struct ssa_match_known - a file, and the program that it is
 * @node: in ssa_match_table.files
 * @file: the file
 * @program: of struct ssa_match_value
 */
struct ssa_match_known {
	struct hlist_node	node;
	struct ssa_match_file	file;
	u32			program;
};

/**
 * struct ssa_match_rule - values that have to come together
 * @node: in ssa_match_table.rules
 * @id: of the value of each criterion, 0: any
 * @policy: for whom they do
 */
struct ssa_match_rule {
	struct hlist_node	node;
	u32			id[SSA_MATCH_CRITERIA];
	struct ssa_policy	*policy;
};

struct ssa_match_hash {
	u32			mask;
	struct hlist_head	*bucket;
};

/**
 * struct ssa_match_table - the index
 * @key: of the hashes
 * @ids: numbers of values that have been given
 * @shapes: BIT(combination of BIT(criterion)) that rules have
 * @uses: BIT(criterion) that rules have
 * @cgroup_depth: most components of a cgroup
 * @values: what rules name
 * @rules: the tuples
 * @files: which are the programs
 * @lock: guards additions to @files; who reads does so by RCU
 * @learned: how many have been added (lock)
 */
struct ssa_match_table {
	siphash_key_t		key;
	u32			ids;
	u32			shapes;
	u32			uses;
	u32			cgroup_depth;
	struct ssa_match_hash	values;
	struct ssa_match_hash	rules;
	struct ssa_match_hash	files;
	spinlock_t		lock;	/* see above */
	u32			learned;
};

/* One value of the profile that is being added */
struct ssa_match_item {
	u32		id;
	u64		number;
	const char	*text;
	size_t		len;
};

struct ssa_match_items {
	unsigned int		n[SSA_MATCH_CRITERIA];
	struct ssa_match_item	item[SSA_MATCH_CRITERIA][SSA_MATCH_MAX];
};

static const enum ssa_attribute ssa_match_attribute[SSA_MATCH_CRITERIA] = {
	[SSA_BY_NETNS] = SSA_A_match_netns,
	[SSA_BY_GID] = SSA_A_match_gid,
	[SSA_BY_UID] = SSA_A_match_uid,
	[SSA_BY_CGROUP] = SSA_A_match_cgroup,
	[SSA_BY_EXECUTABLE] = SSA_A_match_executable,
};

static bool ssa_match_is_text(enum ssa_match_criterion c)
{
	return c == SSA_BY_CGROUP || c == SSA_BY_EXECUTABLE;
}

/* ---------------------------------------------------------------- hash tables */

static int ssa_match_hash_init(struct ssa_match_hash *h, size_t entries)
{
	size_t size = roundup_pow_of_two(max_t(size_t, entries, 1) * 2);

	h->bucket = kvcalloc(size, sizeof(*h->bucket), GFP_KERNEL);
	h->mask = size - 1;
	return h->bucket ? 0 : -ENOMEM;
}

static struct hlist_head *ssa_match_bucket(const struct ssa_match_table *t,
					   const struct ssa_match_hash *h,
					   const void *key, size_t len)
{
	return &h->bucket[siphash(key, len, &t->key) & h->mask];
}

/* The bucket of a value: texts by their bytes, numbers by theirs */
static struct hlist_head *ssa_match_value_bucket(const struct ssa_match_table *t,
						 enum ssa_match_criterion c,
						 const struct ssa_match_item *item)
{
	u64 number[] = { c, item->number };

	if (ssa_match_is_text(c))
		return ssa_match_bucket(t, &t->values, item->text, item->len);
	return ssa_match_bucket(t, &t->values, number, sizeof(number));
}

static struct ssa_match_value *ssa_match_value_find(const struct ssa_match_table *t,
						    enum ssa_match_criterion c,
						    const struct ssa_match_item *item)
{
	struct ssa_match_value *v;

	hlist_for_each_entry(v, ssa_match_value_bucket(t, c, item), node) {
		if (v->criterion == c && v->number == item->number && v->len == item->len &&
		    (!v->len || !memcmp(v->text, item->text, v->len)))
			return v;
	}
	return NULL;
}

/* @id: 0: a new one. NULL: without memory. */
static struct ssa_match_value *ssa_match_value_add(struct ssa_match_table *t,
						   enum ssa_match_criterion c,
						   const struct ssa_match_item *item, u32 id)
{
	struct ssa_match_value *v = kzalloc(struct_size(v, text, item->len + 1), GFP_KERNEL);

	if (!v)
		return NULL;
	v->criterion = c;
	v->id = id ?: ++t->ids;
	v->number = item->number;
	v->len = item->len;
	if (item->len)
		memcpy(v->text, item->text, item->len);
	hlist_add_head(&v->node, ssa_match_value_bucket(t, c, item));
	return v;
}

/* Under rcu_read_lock() or the lock of the table */
static struct ssa_match_known *ssa_match_known_find(const struct ssa_match_table *t,
						    const struct ssa_match_file *file)
{
	struct ssa_match_known *known;

	hlist_for_each_entry_rcu(known, ssa_match_bucket(t, &t->files, file, sizeof(*file)), node,
				 lockdep_is_held(&t->lock)) {
		if (!memcmp(&known->file, file, sizeof(*file)))
			return known;
	}
	return NULL;
}

static int ssa_match_known_add(struct ssa_match_table *t, const struct ssa_match_file *file,
			       u32 program)
{
	struct ssa_match_known *known = kzalloc(sizeof(*known), GFP_KERNEL);

	if (!known)
		return -ENOMEM;
	known->file = *file;
	known->program = program;
	spin_lock(&t->lock);
	if (!ssa_match_known_find(t, file)) {
		hlist_add_head_rcu(&known->node,
				   ssa_match_bucket(t, &t->files, file, sizeof(*file)));
		known = NULL;
	}
	spin_unlock(&t->lock);
	kfree(known);
	return 0;
}

static struct ssa_match_rule *ssa_match_rule_find(const struct ssa_match_table *t,
						  const u32 id[SSA_MATCH_CRITERIA])
{
	const size_t size = sizeof_field(struct ssa_match_rule, id);
	struct ssa_match_rule *rule;

	hlist_for_each_entry(rule, ssa_match_bucket(t, &t->rules, id, size), node) {
		if (!memcmp(rule->id, id, size))
			return rule;
	}
	return NULL;
}

/* ------------------------------------------------------------ adding profiles */

/* The elements of @text, with ':' between them. */
static int ssa_match_split(const char *text, struct ssa_match_items *items,
			   enum ssa_match_criterion c, struct ssa_complaint *why)
{
	const char *attribute = ssa_attribute_name(ssa_match_attribute[c]), *end;
	struct ssa_match_item *item;

	for (; text && *text; text = *end ? end + 1 : end) {
		end = strchrnul(text, ':');
		if (items->n[c] == SSA_MATCH_MAX)
			return ssa_complain(why, "%s: more than %d", attribute, SSA_MATCH_MAX);
		item = &items->item[c][items->n[c]++];
		item->text = text;
		item->len = end - text;
		if (*text != '/')
			return ssa_complain(why, "%s: %.*s: no absolute path", attribute,
					    (int)item->len, text);
	}
	return 0;
}

static void ssa_match_numbers(const u32 *numbers, unsigned int n, struct ssa_match_items *items,
			      enum ssa_match_criterion c)
{
	unsigned int i;

	items->n[c] = min_t(unsigned int, n, SSA_MATCH_MAX);
	for (i = 0; i < items->n[c]; i++)
		items->item[c][i].number = numbers[i];
}

/* What @v says for whom it is. */
static int ssa_match_gather(const struct ssa_values *v, struct ssa_match_items *items,
			    struct ssa_complaint *why)
{
	unsigned int i;
	int err;

	memset(items, 0, sizeof(*items));
	err = ssa_match_split(v->text[SSA_TEXT_MATCH_EXECUTABLE], items, SSA_BY_EXECUTABLE, why);
	if (!err)
		err = ssa_match_split(v->text[SSA_TEXT_MATCH_CGROUP], items, SSA_BY_CGROUP, why);
	ssa_match_numbers(v->match_uid, v->uids, items, SSA_BY_UID);
	ssa_match_numbers(v->match_gid, v->gids, items, SSA_BY_GID);
	items->n[SSA_BY_NETNS] = min_t(unsigned int, v->cookies, SSA_MATCH_MAX);
	for (i = 0; i < items->n[SSA_BY_NETNS]; i++)
		items->item[SSA_BY_NETNS][i].number = v->match_netns[i];
	return err;
}

/* "/", or components that are none of "", "." and "..", and no '/' at the end */
static int ssa_match_cgroup_form(struct ssa_match_table *t, const struct ssa_match_item *item,
				 struct ssa_complaint *why)
{
	const char *p = item->text, *end = item->text + item->len, *slash;
	size_t len;
	u32 depth = 0;

	while (item->len > 1 && p < end) {
		slash = memchr(p + 1, '/', end - p - 1) ?: end;
		len = slash - p - 1;
		if (!len || (len == 1 && p[1] == '.') || (len == 2 && !memcmp(p + 1, "..", 2)))
			return ssa_complain(why, "match_cgroup: %.*s: not a path of names",
					    (int)item->len, item->text);
		depth++;
		p = slash;
	}
	if (depth > SSA_CGROUP_DEPTH_MAX)
		return ssa_complain(why, "match_cgroup: %.*s: deeper than %d", (int)item->len,
				    item->text, SSA_CGROUP_DEPTH_MAX);
	t->cgroup_depth = max(t->cgroup_depth, depth);
	return 0;
}

/*
 * A program: the number of its file, if another path of it has one, else a new one.
 * One that is not there yet is found by its path, once there is one.
 */
static int ssa_match_add_program(struct ssa_match_table *t, struct ssa_match_item *item,
				 ssa_match_identify_t identify, struct ssa_complaint *why)
{
	struct ssa_match_item alias = {};
	struct ssa_match_file file;
	struct ssa_match_value *v;
	char *canonical = NULL;
	u32 program;
	char *path;
	int err;

	path = kmemdup_nul(item->text, item->len, GFP_KERNEL);
	if (!path)
		return -ENOMEM;
	err = identify(path, &file, &canonical, why);
	kfree(path);
	if (err && err != -ENOENT)
		return err;
	program = err ? 0 : ssa_match_by_file(t, &file);
	v = ssa_match_value_add(t, SSA_BY_EXECUTABLE, item, program);
	if (!v)
		goto nomem;
	item->id = v->id;
	if (err)
		return 0;
	if (!program && ssa_match_known_add(t, &file, v->id))
		goto nomem;
	if (canonical) {
		alias.text = canonical;
		alias.len = strlen(canonical);
	}
	if (canonical && !ssa_match_value_find(t, SSA_BY_EXECUTABLE, &alias)) {
		struct ssa_match_value *other;

		other = ssa_match_value_add(t, SSA_BY_EXECUTABLE, &alias, v->id);
		if (!other)
			goto nomem;
		other->configured = v->text;
	}
	kfree(canonical);
	return 0;
nomem:
	kfree(canonical);
	return -ENOMEM;
}

/* Gives every value of a profile its number. */
static int ssa_match_add_values(struct ssa_match_table *t, struct ssa_match_items *items,
				ssa_match_identify_t identify, struct ssa_complaint *why)
{
	enum ssa_match_criterion c;
	struct ssa_match_value *v;
	unsigned int i;
	int err;

	for (c = 0; c < SSA_MATCH_CRITERIA; c++) {
		for (i = 0; i < items->n[c]; i++) {
			struct ssa_match_item *item = &items->item[c][i];

			err = 0;
			v = ssa_match_value_find(t, c, item);
			if (v) {
				/* An alias has been written by somebody now. */
				v->configured = NULL;
				item->id = v->id;
				continue;
			}
			if (c == SSA_BY_EXECUTABLE) {
				err = ssa_match_add_program(t, item, identify, why);
			} else {
				if (c == SSA_BY_CGROUP)
					err = ssa_match_cgroup_form(t, item, why);
				v = err ? NULL : ssa_match_value_add(t, c, item, 0);
				if (v)
					item->id = v->id;
				else
					err = err ?: -ENOMEM;
			}
			if (err)
				return err;
		}
	}
	return 0;
}

static int ssa_match_complain_twice(const struct ssa_match_items *items,
				    const unsigned int at[SSA_MATCH_CRITERIA],
				    const char *one, const char *other, struct ssa_complaint *why)
{
	char text[SSA_COMPLAINT_MAX] = "";
	int c, len = 0;

	for (c = SSA_MATCH_CRITERIA - 1; c >= 0; c--) {
		const struct ssa_match_item *item = &items->item[c][at[c]];

		if (!items->n[c])
			continue;
		len += scnprintf(text + len, sizeof(text) - len, " %s ",
				 ssa_attribute_name(ssa_match_attribute[c]));
		if (item->text)
			len += scnprintf(text + len, sizeof(text) - len, "%.*s", (int)item->len,
					 item->text);
		else
			len += scnprintf(text + len, sizeof(text) - len, "%llu", item->number);
	}
	return ssa_complain(why, "profiles %s and %s match the same:%s", one, other, text);
}

/* A rule for each combination of the values of a profile. */
static int ssa_match_add_rules(struct ssa_match_table *t, const struct ssa_match_items *items,
			       struct ssa_policy *policy, struct ssa_complaint *why)
{
	unsigned int at[SSA_MATCH_CRITERIA] = {};
	struct ssa_match_rule *rule, *other;
	enum ssa_match_criterion c;
	u32 shape = 0;

	for (c = 0; c < SSA_MATCH_CRITERIA; c++)
		shape |= items->n[c] ? BIT(c) : 0;
	t->uses |= shape;
	t->shapes |= BIT(shape);
	do {
		rule = kzalloc(sizeof(*rule), GFP_KERNEL);
		if (!rule)
			return -ENOMEM;
		rule->policy = policy;
		for (c = 0; c < SSA_MATCH_CRITERIA; c++)
			rule->id[c] = items->n[c] ? items->item[c][at[c]].id : 0;
		other = ssa_match_rule_find(t, rule->id);
		if (other) {
			kfree(rule);
			if (other->policy != policy)
				return ssa_match_complain_twice(items, at, other->policy->name,
								policy->name, why);
		} else {
			hlist_add_head(&rule->node, ssa_match_bucket(t, &t->rules, rule->id,
								     sizeof(rule->id)));
		}
		for (c = 0; c < SSA_MATCH_CRITERIA; c++) {
			if (++at[c] < items->n[c])
				break;
			at[c] = 0;
		}
	} while (c < SSA_MATCH_CRITERIA);
	return 0;
}

/* Combinations of the values of a profile; 0 and *@why: none, or too many. */
static unsigned int ssa_match_combinations(const struct ssa_match_items *items, const char *name,
					   struct ssa_complaint *why)
{
	enum ssa_match_criterion c;
	unsigned int n = 1;
	bool any = false;

	for (c = 0; c < SSA_MATCH_CRITERIA; c++) {
		if (!items->n[c])
			continue;
		any = true;
		n *= items->n[c];
		if (n > SSA_MATCH_RULES_MAX) {
			ssa_complain(why, "%s: more than %d combinations of match_ values",
				     name, SSA_MATCH_RULES_MAX);
			return 0;
		}
	}
	if (any)
		return n;
	ssa_complain(why, "%s: matches nobody: set match_executable or another match_", name);
	return 0;
}

static int ssa_match_add(struct ssa_match_table *t, const struct ssa_match_profile *profile,
			 struct ssa_match_items *items, ssa_match_identify_t identify,
			 struct ssa_complaint *why)
{
	int err;

	err = ssa_match_gather(profile->v, items, why);
	if (!err && !ssa_match_combinations(items, profile->policy->name, why))
		err = -EINVAL;
	if (!err)
		err = ssa_match_add_values(t, items, identify, why);
	return err ?: ssa_match_add_rules(t, items, profile->policy, why);
}

/* How many values and rules there will be, at most. */
static void ssa_match_count(const struct ssa_match_profile *profiles, size_t n,
			    struct ssa_match_items *items, size_t *values, size_t *rules)
{
	enum ssa_match_criterion c;
	size_t i;

	*values = 0;
	*rules = 0;
	for (i = 0; i < n; i++) {
		if (ssa_match_gather(profiles[i].v, items, NULL))
			continue;
		*rules += ssa_match_combinations(items, "", NULL);
		for (c = 0; c < SSA_MATCH_CRITERIA; c++)
			*values += items->n[c];
	}
}

/**
 * ssa_match_index - an index of profiles
 * @profiles: they are in force together
 * @n: how many
 * @identify: finds the files of programs
 * @why: what is wrong with them
 *
 * Context: process, may sleep.
 * Return: the index; it borrows the snapshots. ERR_PTR: -ENOMEM; -EINVAL and *@why.
 */
struct ssa_match_table *ssa_match_index(const struct ssa_match_profile *profiles, size_t n,
					ssa_match_identify_t identify, struct ssa_complaint *why)
{
	struct ssa_match_items *items = kmalloc(sizeof(*items), GFP_KERNEL);
	struct ssa_match_table *t = kzalloc(sizeof(*t), GFP_KERNEL);
	size_t values, rules, i;
	int err = -ENOMEM;

	if (!items || !t)
		goto out;
	get_random_bytes(&t->key, sizeof(t->key));
	spin_lock_init(&t->lock);
	ssa_match_count(profiles, n, items, &values, &rules);
	err = ssa_match_hash_init(&t->values, values);
	if (!err)
		err = ssa_match_hash_init(&t->rules, rules);
	if (!err)
		err = ssa_match_hash_init(&t->files, values);
	for (i = 0; i < n && !err; i++)
		err = ssa_match_add(t, &profiles[i], items, identify, why);
out:
	kfree(items);
	if (!err)
		return t;
	ssa_match_free(t);
	return ERR_PTR(err);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_match_index);

/* All entries begin with their node. */
static_assert(!offsetof(struct ssa_match_value, node) && !offsetof(struct ssa_match_known, node) &&
	      !offsetof(struct ssa_match_rule, node));

static void ssa_match_hash_exit(struct ssa_match_hash *h)
{
	struct hlist_node *node, *next;
	u32 i;

	for (i = 0; h->bucket && i <= h->mask; i++) {
		hlist_for_each_safe(node, next, &h->bucket[i])
			kfree(node);
	}
	kvfree(h->bucket);
}

/**
 * ssa_match_free - free an index
 * @t: the index, or NULL; nobody looks at it any more
 *
 * Context: process, may sleep.
 */
void ssa_match_free(struct ssa_match_table *t)
{
	if (!t)
		return;
	ssa_match_hash_exit(&t->values);
	ssa_match_hash_exit(&t->rules);
	ssa_match_hash_exit(&t->files);
	kfree(t);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_match_free);

/* ------------------------------------------------------------------- looking up */

/**
 * ssa_match_uses - does any profile ask for this?
 * @t: the index
 * @c: what
 *
 * Context: any.
 * Return: false: nobody needs to find it out.
 */
bool ssa_match_uses(const struct ssa_match_table *t, enum ssa_match_criterion c)
{
	return t->uses & BIT(c);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_match_uses);

/**
 * ssa_match_by_file - which program is this file?
 * @t: the index
 * @file: the file
 *
 * Context: any.
 * Return: for struct ssa_match_facts; 0: none that profiles name.
 */
u32 ssa_match_by_file(const struct ssa_match_table *t, const struct ssa_match_file *file)
{
	struct ssa_match_known *known;
	u32 program;

	rcu_read_lock();
	known = ssa_match_known_find(t, file);
	program = known ? known->program : 0;
	rcu_read_unlock();
	return program;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_match_by_file);

/**
 * ssa_match_by_path - which program would be at this path?
 * @t: the index
 * @path: absolute, without symbolic links
 * @len: bytes of it
 * @configured: the path under which profiles name it
 *
 * That it is the file there has still to be seen.
 *
 * Context: any.
 * Return: as ssa_match_by_file().
 */
u32 ssa_match_by_path(const struct ssa_match_table *t, const char *path, size_t len,
		      const char **configured)
{
	struct ssa_match_item item = { .text = path, .len = len };
	struct ssa_match_value *v = ssa_match_value_find(t, SSA_BY_EXECUTABLE, &item);

	if (!v)
		return 0;
	*configured = v->configured ?: v->text;
	return v->id;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_match_by_path);

#define SSA_LEARNED_MAX		4096	/* files of upgraded programs, until the next commit */

/**
 * ssa_match_learn - this file is the program now
 * @t: the index
 * @program: of ssa_match_by_path()
 * @file: the file
 *
 * So that it is found at once the next time. Nothing is lost if it cannot be kept.
 *
 * Context: process, may sleep.
 */
void ssa_match_learn(struct ssa_match_table *t, u32 program, const struct ssa_match_file *file)
{
	bool room;

	spin_lock(&t->lock);
	room = t->learned < SSA_LEARNED_MAX;
	t->learned += room;
	spin_unlock(&t->lock);
	if (room)
		ssa_match_known_add(t, file, program);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_match_learn);

/* The numbers of the cgroup and of those above it, the deepest first; how many. */
static unsigned int ssa_match_cgroups(const struct ssa_match_table *t,
				      const struct ssa_match_facts *facts, u32 *ids)
{
	struct ssa_match_item item = { .text = facts->cgroup, .len = facts->cgroup_len };
	struct ssa_match_value *v;
	unsigned int n = 0;

	while (item.len && n < SSA_CGROUP_DEPTH_MAX) {
		v = ssa_match_value_find(t, SSA_BY_CGROUP, &item);
		if (v)
			ids[n++] = v->id;
		if (item.len == 1)
			break;
		while (item.len > 1 && item.text[--item.len] != '/')
			;
		item.len = item.len ?: 1;
	}
	return n;
}

static u32 ssa_match_number(const struct ssa_match_table *t, enum ssa_match_criterion c, u64 number)
{
	struct ssa_match_item item = { .number = number };
	struct ssa_match_value *v = ssa_match_value_find(t, c, &item);

	return v ? v->id : 0;
}

/**
 * ssa_match_find - the profile for a process
 * @t: the index
 * @facts: what is known of it
 *
 * Context: any.
 * Return: borrowed; NULL: none of them, the default.
 */
struct ssa_policy *ssa_match_find(const struct ssa_match_table *t,
				  const struct ssa_match_facts *facts)
{
	u32 have[SSA_MATCH_CRITERIA] = {
		[SSA_BY_NETNS] = ssa_match_number(t, SSA_BY_NETNS, facts->netns),
		[SSA_BY_GID] = ssa_match_number(t, SSA_BY_GID, facts->gid),
		[SSA_BY_UID] = ssa_match_number(t, SSA_BY_UID, facts->uid),
		[SSA_BY_EXECUTABLE] = facts->program,
	};
	u32 cgroups[SSA_CGROUP_DEPTH_MAX], id[SSA_MATCH_CRITERIA];
	unsigned int n = 0, i, c;
	struct ssa_match_rule *rule;
	int shape;

	if (ssa_match_uses(t, SSA_BY_CGROUP))
		n = ssa_match_cgroups(t, facts, cgroups);
	for (shape = BIT(SSA_MATCH_CRITERIA) - 1; shape > 0; shape--) {
		if (!(t->shapes & BIT(shape)))
			continue;
		for (i = 0; i < (shape & BIT(SSA_BY_CGROUP) ? n : 1); i++) {
			have[SSA_BY_CGROUP] = n ? cgroups[i] : 0;
			for (c = 0; c < SSA_MATCH_CRITERIA; c++)
				id[c] = shape & BIT(c) ? have[c] : 0;
			for (c = 0; c < SSA_MATCH_CRITERIA; c++) {
				if (shape & BIT(c) && !id[c])
					break;
			}
			rule = c < SSA_MATCH_CRITERIA ? NULL : ssa_match_rule_find(t, id);
			if (rule)
				return rule->policy;
		}
	}
	return NULL;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_match_find);
