/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's allocators over malloc(), counted: see shim/alloc.c. Tests
 * compare what is live before and after, fuzz targets hold the peak against a
 * limit, and a hook lets the n-th allocation fail.
 */
#ifndef _SHIM_LINUX_SLAB_H
#define _SHIM_LINUX_SLAB_H

#include <linux/kernel.h>
#include <linux/overflow.h>

#define GFP_KERNEL		0x01u
#define GFP_ATOMIC		0x02u
#define GFP_NOWAIT		0x04u
#define GFP_KERNEL_ACCOUNT	0x08u
#define __GFP_ZERO		0x10u
#define __GFP_NOWARN		0x20u
#define __GFP_ACCOUNT		0x40u

/* Longest kmalloc() that a kernel with 4 KiB pages grants. */
#define KMALLOC_MAX_SIZE	(4UL << 20)
#define ZERO_SIZE_PTR		((void *)16)
#define ZERO_OR_NULL_PTR(x)	((unsigned long)(x) <= (unsigned long)ZERO_SIZE_PTR)

struct host_alloc_stats {
	size_t live;		/* bytes allocated now */
	size_t live_count;	/* and how many pieces */
	size_t peak;		/* most bytes at any time since host_alloc_reset_peak() */
	size_t largest;		/* longest single piece since then */
	size_t total_count;	/* allocations since the start */
};

extern struct host_alloc_stats host_alloc;

void host_alloc_reset_peak(void);
/* The @nth allocation from now fails (1 = the next one), once; 0: none does. */
void host_alloc_fail_at(size_t nth);
size_t host_alloc_fail_left(void);	/* what host_alloc_fail_at() would be given now */
/* The last one that failed is one that the caller does without: it has __GFP_NOWARN. */
extern bool host_alloc_failed_optional;
/* abort() if more than @peak bytes are live at once; 0: no limit */
void host_alloc_set_limit(size_t peak);

/* See each piece when it has been allocated, and before it is freed; may be NULL. */
extern void (*host_alloc_hook)(const void *p, size_t size);
extern void (*host_free_hook)(const void *p, size_t size);

/* For tests that must fail: kfree_sensitive() does not wipe. */
extern bool host_free_unwiped;

void *host_malloc(size_t size, gfp_t flags) __malloc;
void *host_realloc(const void *p, size_t size, gfp_t flags);
void host_free(const void *p);
void host_free_sensitive(const void *p);
size_t ksize(const void *p);

#define kmalloc(size, flags)		host_malloc(size, flags)
#define kzalloc(size, flags)		host_malloc(size, (flags) | __GFP_ZERO)
#define kmalloc_array(n, size, flags)	host_malloc(array_size(n, size), flags)
#define kcalloc(n, size, flags)		kmalloc_array(n, size, (flags) | __GFP_ZERO)
#define krealloc(p, size, flags)	host_realloc(p, size, flags)
#define kvmalloc(size, flags)		host_malloc(size, flags)
#define kvzalloc(size, flags)		host_malloc(size, (flags) | __GFP_ZERO)
#define kvmalloc_array(n, size, flags)	kmalloc_array(n, size, flags)
#define kvcalloc(n, size, flags)	kcalloc(n, size, flags)
#define vmalloc(size)			host_malloc(size, GFP_KERNEL)
#define vzalloc(size)			kzalloc(size, GFP_KERNEL)
#define kfree(p)			host_free(p)
#define kvfree(p)			host_free(p)
#define vfree(p)			host_free(p)
#define kfree_sensitive(p)		host_free_sensitive(p)
#define kvfree_sensitive(p, len)	((void)(len), host_free_sensitive(p))

void *kmemdup(const void *src, size_t len, gfp_t flags);
void *kvmemdup(const void *src, size_t len, gfp_t flags);
char *kstrdup(const char *s, gfp_t flags);
char *kstrndup(const char *s, size_t max, gfp_t flags);
char *kmemdup_nul(const char *s, size_t len, gfp_t flags);

#endif
