// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which profile is for whom: the order of all combinations of criteria, lists, cgroups
 * below others, programs under several names, and what cannot be in force together.
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "../policy/match_index.h"
#include "../policy/policy.h"

#define SHAPES		BIT(SSA_MATCH_CRITERIA)
#define MANY		1000
#define PROGRAM		"/usr/bin/program"
#define LINK		"/usr/bin/link"
#define ABSENT		"/usr/bin/absent"
#define CGROUP		"/a/b"
#define UID		1000
#define GID		100
#define NETNS		4242

/* A file system with one file, PROGRAM; LINK is a symbolic link to it. */
static const struct ssa_match_file program_file = { .dev = 8, .ino = 77, .generation = 1 };

static int identify(const char *path, struct ssa_match_file *file, char **canonical,
		    struct ssa_complaint *why)
{
	if (!strcmp(path, ABSENT))
		return -ENOENT;
	if (strcmp(path, PROGRAM) && strcmp(path, LINK))
		return ssa_complain(why, "match_executable: %s is no regular file", path);
	*file = program_file;
	*canonical = kstrdup(PROGRAM, GFP_KERNEL);
	return *canonical ? 0 : -ENOMEM;
}

static void free_values(void *v)
{
	ssa_values_free(v);
}

static void free_table(void *t)
{
	ssa_match_free(t);
}

struct set {
	size_t n;
	struct ssa_match_profile *profile;
	struct ssa_complaint why;
};

static struct set *new_set(struct kunit *test, size_t max)
{
	struct set *set = kunit_kzalloc(test, sizeof(*set), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, set);
	set->profile = kunit_kzalloc(test, max * sizeof(*set->profile), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, set->profile);
	return set;
}

static struct ssa_values *add(struct kunit *test, struct set *set, const char *name)
{
	struct ssa_policy *policy = kunit_kzalloc(test, sizeof(*policy), GFP_KERNEL);
	struct ssa_values *v = kunit_kzalloc(test, sizeof(*v), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, policy);
	KUNIT_ASSERT_NOT_NULL(test, v);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_values, v), 0);
	strscpy(policy->name, name, sizeof(policy->name));
	set->profile[set->n].v = v;
	set->profile[set->n++].policy = policy;
	return v;
}

static void put(struct kunit *test, struct ssa_values *v, enum ssa_attribute a, const char *text)
{
	KUNIT_ASSERT_EQ(test, ssa_attribute_parse(v, a, text, strlen(text), NULL), 0);
}

static struct ssa_match_table *index_of(struct kunit *test, struct set *set)
{
	struct ssa_match_table *t = ssa_match_index(set->profile, set->n, identify, &set->why);

	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(t), "%s", set->why.text);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_table, t), 0);
	return t;
}

static void expect(struct kunit *test, const struct ssa_match_table *t,
		   const struct ssa_match_facts *facts, const char *name)
{
	const struct ssa_policy *policy = ssa_match_find(t, facts);

	KUNIT_EXPECT_STREQ(test, policy ? policy->name : "default", name);
}

/* A profile for each combination in @shapes, whose name is the combination's number */
static void add_shapes(struct kunit *test, struct set *set, u32 shapes)
{
	struct ssa_values *v;
	char name[8];
	u32 shape;

	for (shape = 1; shape < SHAPES; shape++) {
		if (!(shapes & BIT(shape)))
			continue;
		snprintf(name, sizeof(name), "%u", shape);
		v = add(test, set, name);
		if (shape & BIT(SSA_BY_EXECUTABLE))
			put(test, v, SSA_A_match_executable, PROGRAM);
		if (shape & BIT(SSA_BY_CGROUP))
			put(test, v, SSA_A_match_cgroup, CGROUP);
		if (shape & BIT(SSA_BY_UID))
			put(test, v, SSA_A_match_uid, "1000");
		if (shape & BIT(SSA_BY_GID))
			put(test, v, SSA_A_match_gid, "100");
		if (shape & BIT(SSA_BY_NETNS))
			put(test, v, SSA_A_match_netns, "4242");
	}
}

/* A process of which only what is in @like is as the profiles say */
static struct ssa_match_facts process(const struct ssa_match_table *t, u32 like)
{
	const char *cgroup = like & BIT(SSA_BY_CGROUP) ? CGROUP "/c" : "/a/bb";

	return (struct ssa_match_facts) {
		.program = like & BIT(SSA_BY_EXECUTABLE) ? ssa_match_by_file(t, &program_file) : 0,
		.uid = like & BIT(SSA_BY_UID) ? UID : UID + 1,
		.gid = like & BIT(SSA_BY_GID) ? GID : UID,
		.netns = like & BIT(SSA_BY_NETNS) ? NETNS : UID,
		.cgroup = cgroup,
		.cgroup_len = strlen(cgroup),
	};
}

/* The highest combination that is there, and of which the process has all */
static void expect_highest(struct kunit *test, const struct ssa_match_table *t, u32 shapes,
			   u32 like)
{
	struct ssa_match_facts facts = process(t, like);
	char name[8] = "default";
	u32 shape;

	for (shape = SHAPES - 1; shape; shape--) {
		if (shapes & BIT(shape) && (shape & like) == shape) {
			snprintf(name, sizeof(name), "%u", shape);
			break;
		}
	}
	expect(test, t, &facts, name);
}

static void all_combinations_at_once(struct kunit *test)
{
	struct set *set = new_set(test, SHAPES);
	struct ssa_match_table *t;
	u32 like;

	add_shapes(test, set, ~1U);
	t = index_of(test, set);
	for (like = 0; like < SHAPES; like++)
		expect_highest(test, t, ~1U, like);
}

static void every_two_combinations(struct kunit *test)
{
	u32 a, b, like;

	for (a = 1; a < SHAPES; a++) {
		for (b = a; b < SHAPES; b++) {
			struct set *set = new_set(test, 2);
			struct ssa_match_table *t;

			add_shapes(test, set, BIT(a) | BIT(b));
			t = index_of(test, set);
			for (like = 0; like < SHAPES; like++)
				expect_highest(test, t, BIT(a) | BIT(b), like);
		}
	}
}

static void only_what_is_asked_for(struct kunit *test)
{
	struct set *set = new_set(test, 1);
	struct ssa_match_table *t;
	enum ssa_match_criterion c;

	put(test, add(test, set, "p"), SSA_A_match_uid, "1000");
	t = index_of(test, set);
	for (c = 0; c < SSA_MATCH_CRITERIA; c++)
		KUNIT_EXPECT_EQ(test, ssa_match_uses(t, c), c == SSA_BY_UID);
}

static void one_of_a_list(struct kunit *test)
{
	struct set *set = new_set(test, 1);
	struct ssa_match_facts facts = {};
	struct ssa_values *v = add(test, set, "p");
	struct ssa_match_table *t;

	put(test, v, SSA_A_match_uid, "1 2 3");
	put(test, v, SSA_A_match_gid, "7 8");
	t = index_of(test, set);
	for (facts.uid = 0; facts.uid < 5; facts.uid++) {
		for (facts.gid = 6; facts.gid < 10; facts.gid++)
			expect(test, t, &facts, facts.uid >= 1 && facts.uid <= 3 &&
			       (facts.gid == 7 || facts.gid == 8) ? "p" : "default");
	}
}

struct cgroup_case {
	const char *at;
	const char *profile;
};

static const struct cgroup_case cgroups[] = {
	{ "/", "default" },
	{ "/a", "a" },
	{ "/ab", "default" },
	{ "/a/x", "a" },
	{ "/a/b", "ab" },
	{ "/a/bb", "a" },
	{ "/a/b/c/d", "ab" },
	{ "/b/a", "default" },
	{ "", "default" },
};

static void deepest_cgroup(struct kunit *test)
{
	struct set *set = new_set(test, 3);
	struct ssa_match_table *t;
	size_t i;

	put(test, add(test, set, "a"), SSA_A_match_cgroup, "/a");
	put(test, add(test, set, "ab"), SSA_A_match_cgroup, "/a/b");
	t = index_of(test, set);
	for (i = 0; i < ARRAY_SIZE(cgroups); i++) {
		struct ssa_match_facts facts = {
			.cgroup = cgroups[i].at, .cgroup_len = strlen(cgroups[i].at),
		};

		expect(test, t, &facts, cgroups[i].profile);
	}
	put(test, add(test, set, "root"), SSA_A_match_cgroup, "/");
	t = index_of(test, set);
	for (i = 0; i < ARRAY_SIZE(cgroups); i++) {
		struct ssa_match_facts facts = {
			.cgroup = cgroups[i].at, .cgroup_len = strlen(cgroups[i].at),
		};

		expect(test, t, &facts, *cgroups[i].at && !strcmp(cgroups[i].profile, "default") ?
		       "root" : cgroups[i].profile);
	}
}

static void program_of_several_names(struct kunit *test)
{
	struct ssa_match_file other = program_file;
	struct set *set = new_set(test, 1);
	struct ssa_match_facts facts = {};
	const char *configured = NULL;
	struct ssa_match_table *t;

	put(test, add(test, set, "p"), SSA_A_match_executable, LINK);
	t = index_of(test, set);
	facts.program = ssa_match_by_file(t, &program_file);
	expect(test, t, &facts, "p");
	/* An upgraded one is looked for at the path that the administrator has written. */
	KUNIT_EXPECT_EQ(test, ssa_match_by_path(t, PROGRAM, strlen(PROGRAM), &configured),
			facts.program);
	KUNIT_EXPECT_STREQ(test, configured, LINK);
	other.generation++;
	KUNIT_EXPECT_EQ(test, ssa_match_by_file(t, &other), 0);
	ssa_match_learn(t, facts.program, &other);
	KUNIT_EXPECT_EQ(test, ssa_match_by_file(t, &other), facts.program);
	KUNIT_EXPECT_EQ(test, ssa_match_by_path(t, ABSENT, strlen(ABSENT), &configured), 0);
}

static void program_that_comes_later(struct kunit *test)
{
	struct set *set = new_set(test, 1);
	struct ssa_match_facts facts = {};
	const char *configured = NULL;
	struct ssa_match_table *t;

	put(test, add(test, set, "p"), SSA_A_match_executable, ABSENT);
	t = index_of(test, set);
	KUNIT_EXPECT_EQ(test, ssa_match_by_file(t, &program_file), 0);
	facts.program = ssa_match_by_path(t, ABSENT, strlen(ABSENT), &configured);
	KUNIT_EXPECT_STREQ(test, configured, ABSENT);
	expect(test, t, &facts, "p");
}

struct refused_case {
	const char *what;
	enum ssa_attribute a;
	const char *one;
	const char *two;	/* of a second profile; or NULL: there is none */
	const char *why;
};

static const struct refused_case refusals[] = {
	{ "uid", SSA_A_match_uid, "1 2", "2 3",
	  "profiles one and two match the same: match_uid 2" },
	{ "gid", SSA_A_match_gid, "7", "7", "profiles one and two match the same: match_gid 7" },
	{ "netns", SSA_A_match_netns, "9", "9",
	  "profiles one and two match the same: match_netns 9" },
	{ "cgroup", SSA_A_match_cgroup, "/a", "/a",
	  "profiles one and two match the same: match_cgroup /a" },
	{ "executable", SSA_A_match_executable, PROGRAM, PROGRAM,
	  "profiles one and two match the same: match_executable " PROGRAM },
	{ "executable_link", SSA_A_match_executable, LINK, PROGRAM,
	  "profiles one and two match the same: match_executable " PROGRAM },
	{ "executable_absent", SSA_A_match_executable, ABSENT, ABSENT,
	  "profiles one and two match the same: match_executable " ABSENT },
	{ "no_file", SSA_A_match_executable, "/usr", NULL, "is no regular file" },
	{ "nobody", SSA_A_match_uid, " ", NULL, "one: matches nobody" },
};

static void describe(const struct refused_case *c, char *desc)
{
	strscpy(desc, c->what, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(refusals, refusals, describe);

static void is_refused(struct kunit *test)
{
	const struct refused_case *c = test->param_value;
	struct set *set = new_set(test, 2);
	struct ssa_match_table *t;

	put(test, add(test, set, "one"), c->a, c->one);
	if (c->two)
		put(test, add(test, set, "two"), c->a, c->two);
	t = ssa_match_index(set->profile, set->n, identify, &set->why);
	KUNIT_EXPECT_EQ(test, IS_ERR(t) ? PTR_ERR(t) : 0, -EINVAL);
	KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(set->why.text, c->why), "%s", set->why.text);
	if (!IS_ERR(t))
		ssa_match_free(t);
}

static void too_many_combinations(struct kunit *test)
{
	struct set *set = new_set(test, 1);
	struct ssa_values *v = add(test, set, "p");
	struct ssa_match_table *t;

	put(test, v, SSA_A_match_uid, "1 2 3 4 5 6 7 8 9 10 11");
	put(test, v, SSA_A_match_gid, "1 2 3 4 5 6 7 8 9 10");
	put(test, v, SSA_A_match_netns, "1 2 3 4 5 6 7 8 9 10");
	t = ssa_match_index(set->profile, set->n, identify, &set->why);
	KUNIT_EXPECT_EQ(test, IS_ERR(t) ? PTR_ERR(t) : 0, -EINVAL);
	KUNIT_EXPECT_NOT_NULL(test, strstr(set->why.text, "more than 1024 combinations"));
	put(test, v, SSA_A_match_uid, "1 2 3 4 5 6 7 8 9 10");
	index_of(test, set);
}

static void many_profiles(struct kunit *test)
{
	struct set *set = new_set(test, MANY);
	struct ssa_match_facts facts = {};
	struct ssa_match_table *t;
	char name[8];
	u32 i;

	for (i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "%u", i);
		put(test, add(test, set, name), SSA_A_match_uid, name);
	}
	t = index_of(test, set);
	for (i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "%u", i);
		facts.uid = i;
		expect(test, t, &facts, name);
	}
	facts.uid = MANY;
	expect(test, t, &facts, "default");
}

static struct kunit_case cases[] = {
	KUNIT_CASE(all_combinations_at_once),
	KUNIT_CASE(every_two_combinations),
	KUNIT_CASE(only_what_is_asked_for),
	KUNIT_CASE(one_of_a_list),
	KUNIT_CASE(deepest_cgroup),
	KUNIT_CASE(program_of_several_names),
	KUNIT_CASE(program_that_comes_later),
	KUNIT_CASE_PARAM(is_refused, refusals_gen_params),
	KUNIT_CASE(too_many_combinations),
	KUNIT_CASE(many_profiles),
	{}
};

static struct kunit_suite suite = {
	.name = "tls_ssa_policy_match",
	.test_cases = cases,
};

kunit_test_suite(suite);
