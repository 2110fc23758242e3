// SPDX-License-Identifier: GPL-2.0
/* The kernel's allocators over malloc(), counted: see linux/slab.h. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <linux/slab.h>
#include <linux/string.h>

struct host_alloc_stats host_alloc;
void (*host_alloc_hook)(const void *p, size_t size);
void (*host_free_hook)(const void *p, size_t size);

bool host_free_unwiped;

static size_t fail_countdown;
bool host_alloc_failed_optional;
static size_t peak_limit;

void host_alloc_reset_peak(void)
{
	host_alloc.peak = host_alloc.live;
	host_alloc.largest = 0;
}

void host_alloc_fail_at(size_t nth)
{
	fail_countdown = nth;
}

size_t host_alloc_fail_left(void)
{
	return fail_countdown;
}

void host_alloc_set_limit(size_t peak)
{
	peak_limit = peak;
}

size_t ksize(const void *p)
{
	return ZERO_OR_NULL_PTR(p) ? 0 : malloc_usable_size((void *)p);
}

static void account(const void *p)
{
	size_t size = ksize(p);

	host_alloc.live += size;
	host_alloc.live_count++;
	host_alloc.total_count++;
	if (host_alloc.live > host_alloc.peak)
		host_alloc.peak = host_alloc.live;
	if (size > host_alloc.largest)
		host_alloc.largest = size;
	if (peak_limit && host_alloc.live > peak_limit) {
		fprintf(stderr, "allocation limit exceeded: %zu live, %zu allowed, last %zu\n",
			host_alloc.live, peak_limit, size);
		abort();
	}
}

void *host_malloc(size_t size, gfp_t flags)
{
	void *p;

	if (fail_countdown && !--fail_countdown) {
		host_alloc_failed_optional = flags & __GFP_NOWARN;
		return NULL;
	}
	if (!size)
		return ZERO_SIZE_PTR;
	/* Longer than any limit of ours: a size that a peer was let to choose. */
	if (size > KMALLOC_MAX_SIZE)
		return NULL;
	p = flags & __GFP_ZERO ? calloc(1, size) : malloc(size);
	if (p)
		account(p);
	if (p && host_alloc_hook)
		host_alloc_hook(p, ksize(p));
	return p;
}

void *host_realloc(const void *p, size_t size, gfp_t flags)
{
	size_t old = ksize(p);
	void *n = host_malloc(size, flags);

	if (!n)
		return NULL;
	if (old)
		memcpy(n, p, old < size ? old : size);
	host_free(p);
	return n;
}

void host_free(const void *p)
{
	if (ZERO_OR_NULL_PTR(p))
		return;
	if (host_free_hook)
		host_free_hook(p, ksize(p));
	host_alloc.live -= ksize(p);
	host_alloc.live_count--;
	free((void *)p);
}

void host_free_sensitive(const void *p)
{
	if (!ZERO_OR_NULL_PTR(p) && !host_free_unwiped)
		memzero_explicit((void *)p, ksize(p));
	host_free(p);
}

void *kmemdup(const void *src, size_t len, gfp_t flags)
{
	void *p = host_malloc(len, flags);

	if (p && len)
		memcpy(p, src, len);
	return p;
}

void *kvmemdup(const void *src, size_t len, gfp_t flags)
{
	return kmemdup(src, len, flags);
}

char *kmemdup_nul(const char *s, size_t len, gfp_t flags)
{
	char *p = host_malloc(len + 1, flags);

	if (p) {
		memcpy(p, s, len);
		p[len] = '\0';
	}
	return p;
}

char *kstrdup(const char *s, gfp_t flags)
{
	return s ? kmemdup_nul(s, strlen(s), flags) : NULL;
}

char *kstrndup(const char *s, size_t max, gfp_t flags)
{
	return s ? kmemdup_nul(s, strnlen(s, max), flags) : NULL;
}
