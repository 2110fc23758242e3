// SPDX-License-Identifier: GPL-2.0
/*
 * Runs the registered KUnit suites and prints KTAP. Arguments are shell
 * patterns for "suite" or "suite.case"; without any, everything runs.
 */
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <kunit/test.h>

struct kunit_action {
	struct kunit_action *next;
	kunit_action_t *fn;
	void *ctx;
};

static struct kunit_suite *suites[128];
static size_t suite_count;

void host_kunit_register(struct kunit_suite *suite)
{
	if (suite_count == ARRAY_SIZE(suites)) {
		fputs("too many suites\n", stderr);
		exit(1);
	}
	suites[suite_count++] = suite;
}

void host_kunit_fail(struct kunit *test, bool leave, const char *file, int line, const char *what)
{
	test->failed = true;
	printf("    # %s: %s FAILED at %s:%d\n    #     %s\n", test->name,
	       leave ? "ASSERTION" : "EXPECTATION", file, line, what);
}

void host_kunit_note(struct kunit *test, const char *fmt, ...)
{
	va_list ap;

	printf("    # %s: ", test->name);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

void host_kunit_note_mem(struct kunit *test, const void *l, const void *r, size_t len)
{
	const u8 *p[] = { l, r };
	size_t i, j;

	for (i = 0; i < 2 && l && r; i++) {
		printf("    # %s: ", test->name);
		for (j = 0; j < len && j < 256; j++)
			printf(p[0][j] == p[1][j] ? " %02x " : "<%02x>", p[i][j]);
		putchar('\n');
	}
}

void host_kunit_leave(struct kunit *test)
{
	longjmp(test->out, 1);
}

void host_kunit_skip(struct kunit *test, const char *fmt, ...)
{
	va_list ap;

	test->skipped = true;
	va_start(ap, fmt);
	vsnprintf(test->why, sizeof(test->why), fmt, ap);
	va_end(ap);
}

int kunit_add_action(struct kunit *test, kunit_action_t *fn, void *ctx)
{
	struct kunit_action *a = malloc(sizeof(*a));

	if (!a)
		return -ENOMEM;
	a->fn = fn;
	a->ctx = ctx;
	a->next = test->actions;
	test->actions = a;
	return 0;
}

int kunit_add_action_or_reset(struct kunit *test, kunit_action_t *fn, void *ctx)
{
	int ret = kunit_add_action(test, fn, ctx);

	if (ret)
		fn(ctx);
	return ret;
}

static void take_action(struct kunit *test, kunit_action_t *fn, void *ctx, bool run)
{
	struct kunit_action **p, *a;

	for (p = &test->actions; (a = *p); p = &a->next)
		if (a->fn == fn && a->ctx == ctx)
			break;
	if (!a)
		return;
	*p = a->next;
	free(a);
	if (run)
		fn(ctx);
}

void kunit_release_action(struct kunit *test, kunit_action_t *fn, void *ctx)
{
	take_action(test, fn, ctx, true);
}

void kunit_remove_action(struct kunit *test, kunit_action_t *fn, void *ctx)
{
	take_action(test, fn, ctx, false);
}

static void free_action(void *p)
{
	kfree(p);
}

void *kunit_kmalloc(struct kunit *test, size_t size, gfp_t gfp)
{
	void *p = host_malloc(size, gfp);

	if (p && kunit_add_action_or_reset(test, free_action, p))
		return NULL;
	return p;
}

void kunit_kfree(struct kunit *test, const void *p)
{
	kunit_release_action(test, free_action, (void *)p);
}

static void run_actions(struct kunit *test)
{
	struct kunit_action *a;

	while ((a = test->actions)) {
		test->actions = a->next;
		a->fn(a->ctx);
		free(a);
	}
}

/* One case with one parameter. */
static void run_one(struct kunit_suite *suite, struct kunit_case *c, struct kunit *test)
{
	size_t live = host_alloc.live_count;

	test->name = c->name;
	if (!setjmp(test->out)) {
		if (suite->init && suite->init(test)) {
			test->failed = true;
			host_kunit_note(test, "init failed");
		} else {
			c->run_case(test);
		}
	}
	host_alloc_fail_at(0);
	if (!setjmp(test->out) && suite->exit)
		suite->exit(test);
	run_actions(test);
	if (host_alloc.live_count != live) {
		test->failed = true;
		host_kunit_note(test, "leak: %zd allocations more than before",
				(ssize_t)(host_alloc.live_count - live));
	}
}

static const char *verdict(const struct kunit *test)
{
	return test->failed ? "not ok" : "ok";
}

static bool run_params(struct kunit_suite *suite, struct kunit_case *c, const char *indent)
{
	char desc[KUNIT_PARAM_DESC_SIZE] = "";
	const void *param = c->generate_params(NULL, desc);
	bool failed = false;
	int i;

	printf("%sKTAP version 1\n%s# Subtest: %s\n", indent, indent, c->name);
	for (i = 0; param; i++) {
		struct kunit test = { .param_value = param, .param_index = i };

		run_one(suite, c, &test);
		failed |= test.failed;
		if (desc[0])
			printf("%s%s %d %s", indent, verdict(&test), i + 1, desc);
		else
			printf("%s%s %d param-%d", indent, verdict(&test), i + 1, i);
		if (test.skipped)
			printf(" # SKIP %s", test.why);
		putchar('\n');
		desc[0] = '\0';
		param = c->generate_params(param, desc);
	}
	printf("%s1..%d\n", indent, i);
	return failed;
}

static bool wanted(const char *suite, const char *name, int argc, char **argv)
{
	char full[512];
	int i;

	snprintf(full, sizeof(full), "%s.%s", suite, name);
	for (i = 1; i < argc; i++)
		if (!fnmatch(argv[i], suite, 0) || !fnmatch(argv[i], full, 0))
			return true;
	return argc < 2;
}

static bool run_suite(struct kunit_suite *suite, int argc, char **argv)
{
	struct kunit_case *c;
	bool failed = false;
	int n = 0;

	printf("    KTAP version 1\n    # Subtest: %s\n", suite->name);
	for (c = suite->test_cases; c->run_case; c++)
		n += wanted(suite->name, c->name, argc, argv);
	printf("    1..%d\n", n);
	if (suite->suite_init && suite->suite_init(suite)) {
		printf("    # suite_init failed\n");
		return true;
	}
	n = 0;
	for (c = suite->test_cases; c->run_case; c++) {
		struct kunit test = { 0 };

		if (!wanted(suite->name, c->name, argc, argv))
			continue;
		if (c->generate_params)
			test.failed = run_params(suite, c, "        ");
		else
			run_one(suite, c, &test);
		failed |= test.failed;
		printf("    %s %d %s", verdict(&test), ++n, c->name);
		if (test.skipped)
			printf(" # SKIP %s", test.why);
		putchar('\n');
		fflush(stdout);
	}
	if (suite->suite_exit)
		suite->suite_exit(suite);
	return failed;
}

int main(int argc, char **argv)
{
	bool failed = false;
	size_t i, n = 0;

	printf("KTAP version 1\n1..%zu\n", suite_count);
	for (i = 0; i < suite_count; i++) {
		bool bad = run_suite(suites[i], argc, argv);

		printf("%s %zu %s\n", bad ? "not ok" : "ok", ++n, suites[i]->name);
		failed |= bad;
	}
	return failed;
}
