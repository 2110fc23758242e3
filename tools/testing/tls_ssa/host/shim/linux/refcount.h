/* SPDX-License-Identifier: GPL-2.0 */
/* A count that saturates in the kernel is an abort() here. */
#ifndef _SHIM_LINUX_REFCOUNT_H
#define _SHIM_LINUX_REFCOUNT_H

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/kernel.h>

typedef struct {
	atomic_t refs;
} refcount_t;

#define REFCOUNT_INIT(n)	{ .refs = ATOMIC_INIT(n) }

static inline void refcount_set(refcount_t *r, int n)
{
	atomic_set(&r->refs, n);
}

static inline unsigned int refcount_read(const refcount_t *r)
{
	return atomic_read(&r->refs);
}

static inline void refcount_inc(refcount_t *r)
{
	WARN_ON(atomic_inc_return(&r->refs) <= 1);
}

static inline bool __must_check refcount_inc_not_zero(refcount_t *r)
{
	if (!atomic_read(&r->refs))
		return false;
	refcount_inc(r);
	return true;
}

static inline bool __must_check refcount_dec_and_test(refcount_t *r)
{
	int n = atomic_dec_return(&r->refs);

	WARN_ON(n < 0);
	return !n;
}

#endif
