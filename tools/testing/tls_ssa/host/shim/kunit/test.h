/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of KUnit as our tests use, so that the same files run in user space
 * under the sanitizers. A failed assertion leaves the case by longjmp(); a case
 * that leaves memory of the kernel's allocators behind has failed.
 */
#ifndef _SHIM_KUNIT_TEST_H
#define _SHIM_KUNIT_TEST_H

#include <setjmp.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#define KUNIT_PARAM_DESC_SIZE	128

struct kunit;
struct kunit_action;

struct kunit {
	void *priv;
	const void *param_value;
	int param_index;
	const char *name;
	/* private: */
	bool failed;
	bool skipped;
	char why[256];
	jmp_buf out;
	struct kunit_action *actions;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
	const void *(*generate_params)(const void *prev, char *desc);
};

struct kunit_suite {
	const char name[256];
	int (*suite_init)(struct kunit_suite *suite);
	void (*suite_exit)(struct kunit_suite *suite);
	int (*init)(struct kunit *test);
	void (*exit)(struct kunit *test);
	struct kunit_case *test_cases;
};

typedef void kunit_action_t(void *);

void host_kunit_register(struct kunit_suite *suite);
void host_kunit_fail(struct kunit *test, bool leave, const char *file, int line,
		     const char *what) __attribute__((__nonnull__(1)));
void __printf(2, 3) host_kunit_note(struct kunit *test, const char *fmt, ...);
void host_kunit_leave(struct kunit *test) __noreturn;
void __printf(2, 3) host_kunit_skip(struct kunit *test, const char *fmt, ...);

int kunit_add_action(struct kunit *test, kunit_action_t *action, void *ctx);
int __must_check kunit_add_action_or_reset(struct kunit *test, kunit_action_t *action, void *ctx);
void kunit_release_action(struct kunit *test, kunit_action_t *action, void *ctx);
void kunit_remove_action(struct kunit *test, kunit_action_t *action, void *ctx);
void *kunit_kmalloc(struct kunit *test, size_t size, gfp_t gfp);
void kunit_kfree(struct kunit *test, const void *p);

#define kunit_kzalloc(t, size, gfp)		kunit_kmalloc(t, size, (gfp) | __GFP_ZERO)
#define kunit_kmalloc_array(t, n, size, gfp)	kunit_kmalloc(t, array_size(n, size), gfp)
#define kunit_kcalloc(t, n, size, gfp)		kunit_kzalloc(t, array_size(n, size), gfp)

#define KUNIT_CASE(fn)			{ .run_case = fn, .name = #fn }
#define KUNIT_CASE_SLOW(fn)		KUNIT_CASE(fn)
#define KUNIT_CASE_PARAM(fn, gen)	{ .run_case = fn, .name = #fn, .generate_params = gen }
#define KUNIT_CASE_PARAM_ATTR(fn, gen, a)	KUNIT_CASE_PARAM(fn, gen)

#define KUNIT_ARRAY_PARAM(name, array, get_desc)				\
	static const void *name##_gen_params(const void *prev, char *desc)	\
	{									\
		const typeof((array)[0]) *next = prev;				\
										\
		next = next ? next + 1 : (array);				\
		if ((size_t)(next - (array)) >= ARRAY_SIZE(array))		\
			return NULL;						\
		_host_param_desc(get_desc, next, desc);				\
		return next;							\
	}
/* @get_desc may be NULL */
#define _host_param_desc(get_desc, next, desc)					\
	({ void (*_d)(typeof(next), char *) = (get_desc); if (_d) _d(next, desc); })
#define KUNIT_ARRAY_PARAM_DESC(name, array, member)				\
	static const void *name##_gen_params(const void *prev, char *desc)	\
	{									\
		const typeof((array)[0]) *next = prev;				\
										\
		next = next ? next + 1 : (array);				\
		if ((size_t)(next - (array)) >= ARRAY_SIZE(array))		\
			return NULL;						\
		strscpy(desc, next->member, KUNIT_PARAM_DESC_SIZE);		\
		return next;							\
	}

#define _HOST_CAT2(a, b)	a##b
#define _HOST_CAT(a, b)		_HOST_CAT2(a, b)
#define _HOST_SUITES(id, ...)							\
	static struct kunit_suite *_HOST_CAT(host_suites_, id)[] = { __VA_ARGS__ }; \
	static void __attribute__((__constructor__)) _HOST_CAT(host_suites_add_, id)(void) \
	{									\
		size_t i;							\
										\
		for (i = 0; i < ARRAY_SIZE(_HOST_CAT(host_suites_, id)); i++)	\
			host_kunit_register(_HOST_CAT(host_suites_, id)[i]);	\
	}									\
	_Static_assert(1, "")
#define kunit_test_suites(...)		_HOST_SUITES(__COUNTER__, __VA_ARGS__)
#define kunit_test_suite(suite)		kunit_test_suites(&suite)

#define kunit_skip(test, fmt, ...)						\
	do { host_kunit_skip(test, fmt, ##__VA_ARGS__); host_kunit_leave(test); } while (0)
#define kunit_mark_skipped(test, fmt, ...)	host_kunit_skip(test, fmt, ##__VA_ARGS__)
#define kunit_info(test, fmt, ...)		host_kunit_note(test, fmt, ##__VA_ARGS__)
#define kunit_warn(test, fmt, ...)		host_kunit_note(test, fmt, ##__VA_ARGS__)
#define kunit_err(test, fmt, ...)		host_kunit_note(test, fmt, ##__VA_ARGS__)

/* @ok is evaluated once; @detail is a statement that prints the values. */
#define _HOST_CHECK(test, leave, ok, what, detail, fmt, ...) do {		\
	if (!(ok)) {								\
		host_kunit_fail(test, leave, __FILE__, __LINE__, what);		\
		detail;								\
		if (fmt[0])							\
			host_kunit_note(test, fmt, ##__VA_ARGS__);		\
		if (leave)							\
			host_kunit_leave(test);					\
	}									\
} while (0)

#define _HOST_INT(test, leave, l, op, r, fmt, ...) do {				\
	const typeof(l) _l = (l);						\
	const typeof(r) _r = (r);						\
										\
	_HOST_CHECK(test, leave, _l op _r, #l " " #op " " #r,			\
		    host_kunit_note(test, "%s = %lld (0x%llx), %s = %lld (0x%llx)", \
				    #l, (long long)_l, (long long)_l,		\
				    #r, (long long)_r, (long long)_r), fmt, ##__VA_ARGS__); \
} while (0)

#define _HOST_PTR(test, leave, l, op, r, fmt, ...) do {				\
	const void *_l = (l);							\
	const void *_r = (r);							\
										\
	_HOST_CHECK(test, leave, _l op _r, #l " " #op " " #r,			\
		    host_kunit_note(test, "%p, %p", _l, _r), fmt, ##__VA_ARGS__); \
} while (0)

#define _HOST_STR(test, leave, l, op, r, fmt, ...) do {				\
	const char *_l = (l);							\
	const char *_r = (r);							\
										\
	_HOST_CHECK(test, leave, _l && _r && (strcmp(_l, _r) op 0), #l " " #op " " #r, \
		    host_kunit_note(test, "\"%s\", \"%s\"", _l ? _l : "(null)",	\
				    _r ? _r : "(null)"), fmt, ##__VA_ARGS__);	\
} while (0)

void host_kunit_note_mem(struct kunit *test, const void *l, const void *r, size_t len);

#define _HOST_MEM(test, leave, l, op, r, len, fmt, ...) do {			\
	const void *_l = (l);							\
	const void *_r = (r);							\
	size_t _n = (len);							\
										\
	_HOST_CHECK(test, leave, _l && _r && (memcmp(_l, _r, _n) op 0), #l " " #op " " #r, \
		    host_kunit_note_mem(test, _l, _r, _n), fmt, ##__VA_ARGS__);	\
} while (0)

#define _HOST_BOOL(test, leave, c, want, fmt, ...)				\
	_HOST_CHECK(test, leave, (!!(c)) == (want), #c " is " #want, (void)0, fmt, ##__VA_ARGS__)

#define _HOST_NOERR(test, leave, p, fmt, ...) do {				\
	const void *_p = (p);							\
										\
	_HOST_CHECK(test, leave, !IS_ERR_OR_NULL(_p), #p " is a valid pointer",	\
		    host_kunit_note(test, "%ld", PTR_ERR(_p)), fmt, ##__VA_ARGS__); \
} while (0)

#define KUNIT_SUCCEED(test)				do { } while (0)
#define KUNIT_FAIL(test, fmt, ...)			_HOST_CHECK(test, false, false, "fails", (void)0, fmt, ##__VA_ARGS__)
#define KUNIT_FAIL_AND_ABORT(test, fmt, ...)		_HOST_CHECK(test, true, false, "fails", (void)0, fmt, ##__VA_ARGS__)

#define KUNIT_EXPECT_TRUE(t, c)	_HOST_BOOL(t, false, c, true, "")
#define KUNIT_EXPECT_TRUE_MSG(t, c, fmt, ...)	_HOST_BOOL(t, false, c, true, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_FALSE(t, c)	_HOST_BOOL(t, false, c, false, "")
#define KUNIT_EXPECT_FALSE_MSG(t, c, fmt, ...)	_HOST_BOOL(t, false, c, false, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_EQ(t, a, b)	_HOST_INT(t, false, a, ==, b, "")
#define KUNIT_EXPECT_EQ_MSG(t, a, b, fmt, ...)	_HOST_INT(t, false, a, ==, b, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_NE(t, a, b)	_HOST_INT(t, false, a, !=, b, "")
#define KUNIT_EXPECT_NE_MSG(t, a, b, fmt, ...)	_HOST_INT(t, false, a, !=, b, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_LT(t, a, b)	_HOST_INT(t, false, a, <, b, "")
#define KUNIT_EXPECT_LT_MSG(t, a, b, fmt, ...)	_HOST_INT(t, false, a, <, b, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_LE(t, a, b)	_HOST_INT(t, false, a, <=, b, "")
#define KUNIT_EXPECT_LE_MSG(t, a, b, fmt, ...)	_HOST_INT(t, false, a, <=, b, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_GT(t, a, b)	_HOST_INT(t, false, a, >, b, "")
#define KUNIT_EXPECT_GT_MSG(t, a, b, fmt, ...)	_HOST_INT(t, false, a, >, b, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_GE(t, a, b)	_HOST_INT(t, false, a, >=, b, "")
#define KUNIT_EXPECT_GE_MSG(t, a, b, fmt, ...)	_HOST_INT(t, false, a, >=, b, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_PTR_EQ(t, a, b)	_HOST_PTR(t, false, a, ==, b, "")
#define KUNIT_EXPECT_PTR_EQ_MSG(t, a, b, fmt, ...)	_HOST_PTR(t, false, a, ==, b, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_PTR_NE(t, a, b)	_HOST_PTR(t, false, a, !=, b, "")
#define KUNIT_EXPECT_PTR_NE_MSG(t, a, b, fmt, ...)	_HOST_PTR(t, false, a, !=, b, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_STREQ(t, a, b)	_HOST_STR(t, false, a, ==, b, "")
#define KUNIT_EXPECT_STREQ_MSG(t, a, b, fmt, ...)	_HOST_STR(t, false, a, ==, b, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_STRNEQ(t, a, b)	_HOST_STR(t, false, a, !=, b, "")
#define KUNIT_EXPECT_STRNEQ_MSG(t, a, b, fmt, ...)	_HOST_STR(t, false, a, !=, b, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_MEMEQ(t, a, b, n)	_HOST_MEM(t, false, a, ==, b, n, "")
#define KUNIT_EXPECT_MEMEQ_MSG(t, a, b, n, fmt, ...)	_HOST_MEM(t, false, a, ==, b, n, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_MEMNEQ(t, a, b, n)	_HOST_MEM(t, false, a, !=, b, n, "")
#define KUNIT_EXPECT_MEMNEQ_MSG(t, a, b, n, fmt, ...)	_HOST_MEM(t, false, a, !=, b, n, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_NULL(t, p)	_HOST_PTR(t, false, p, ==, NULL, "")
#define KUNIT_EXPECT_NULL_MSG(t, p, fmt, ...)	_HOST_PTR(t, false, p, ==, NULL, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_NOT_NULL(t, p)	_HOST_PTR(t, false, p, !=, NULL, "")
#define KUNIT_EXPECT_NOT_NULL_MSG(t, p, fmt, ...)	_HOST_PTR(t, false, p, !=, NULL, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_NOT_ERR_OR_NULL(t, p)	_HOST_NOERR(t, false, p, "")
#define KUNIT_EXPECT_NOT_ERR_OR_NULL_MSG(t, p, fmt, ...)	_HOST_NOERR(t, false, p, fmt, ##__VA_ARGS__)

#define KUNIT_ASSERT_TRUE(t, c)	_HOST_BOOL(t, true, c, true, "")
#define KUNIT_ASSERT_TRUE_MSG(t, c, fmt, ...)	_HOST_BOOL(t, true, c, true, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_FALSE(t, c)	_HOST_BOOL(t, true, c, false, "")
#define KUNIT_ASSERT_FALSE_MSG(t, c, fmt, ...)	_HOST_BOOL(t, true, c, false, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_EQ(t, a, b)	_HOST_INT(t, true, a, ==, b, "")
#define KUNIT_ASSERT_EQ_MSG(t, a, b, fmt, ...)	_HOST_INT(t, true, a, ==, b, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_NE(t, a, b)	_HOST_INT(t, true, a, !=, b, "")
#define KUNIT_ASSERT_NE_MSG(t, a, b, fmt, ...)	_HOST_INT(t, true, a, !=, b, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_LT(t, a, b)	_HOST_INT(t, true, a, <, b, "")
#define KUNIT_ASSERT_LT_MSG(t, a, b, fmt, ...)	_HOST_INT(t, true, a, <, b, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_LE(t, a, b)	_HOST_INT(t, true, a, <=, b, "")
#define KUNIT_ASSERT_LE_MSG(t, a, b, fmt, ...)	_HOST_INT(t, true, a, <=, b, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_GT(t, a, b)	_HOST_INT(t, true, a, >, b, "")
#define KUNIT_ASSERT_GT_MSG(t, a, b, fmt, ...)	_HOST_INT(t, true, a, >, b, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_GE(t, a, b)	_HOST_INT(t, true, a, >=, b, "")
#define KUNIT_ASSERT_GE_MSG(t, a, b, fmt, ...)	_HOST_INT(t, true, a, >=, b, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_PTR_EQ(t, a, b)	_HOST_PTR(t, true, a, ==, b, "")
#define KUNIT_ASSERT_PTR_EQ_MSG(t, a, b, fmt, ...)	_HOST_PTR(t, true, a, ==, b, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_PTR_NE(t, a, b)	_HOST_PTR(t, true, a, !=, b, "")
#define KUNIT_ASSERT_PTR_NE_MSG(t, a, b, fmt, ...)	_HOST_PTR(t, true, a, !=, b, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_STREQ(t, a, b)	_HOST_STR(t, true, a, ==, b, "")
#define KUNIT_ASSERT_STREQ_MSG(t, a, b, fmt, ...)	_HOST_STR(t, true, a, ==, b, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_STRNEQ(t, a, b)	_HOST_STR(t, true, a, !=, b, "")
#define KUNIT_ASSERT_STRNEQ_MSG(t, a, b, fmt, ...)	_HOST_STR(t, true, a, !=, b, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_MEMEQ(t, a, b, n)	_HOST_MEM(t, true, a, ==, b, n, "")
#define KUNIT_ASSERT_MEMEQ_MSG(t, a, b, n, fmt, ...)	_HOST_MEM(t, true, a, ==, b, n, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_MEMNEQ(t, a, b, n)	_HOST_MEM(t, true, a, !=, b, n, "")
#define KUNIT_ASSERT_MEMNEQ_MSG(t, a, b, n, fmt, ...)	_HOST_MEM(t, true, a, !=, b, n, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_NULL(t, p)	_HOST_PTR(t, true, p, ==, NULL, "")
#define KUNIT_ASSERT_NULL_MSG(t, p, fmt, ...)	_HOST_PTR(t, true, p, ==, NULL, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_NOT_NULL(t, p)	_HOST_PTR(t, true, p, !=, NULL, "")
#define KUNIT_ASSERT_NOT_NULL_MSG(t, p, fmt, ...)	_HOST_PTR(t, true, p, !=, NULL, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_NOT_ERR_OR_NULL(t, p)	_HOST_NOERR(t, true, p, "")
#define KUNIT_ASSERT_NOT_ERR_OR_NULL_MSG(t, p, fmt, ...)	_HOST_NOERR(t, true, p, fmt, ##__VA_ARGS__)

#endif
