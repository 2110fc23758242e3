/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_LIST_H
#define _SHIM_LINUX_LIST_H

#include <linux/kernel.h>

#define LIST_HEAD_INIT(name)	{ &(name), &(name) }
#define LIST_HEAD(name)		struct list_head name = LIST_HEAD_INIT(name)

static inline void INIT_LIST_HEAD(struct list_head *h)
{
	h->next = h;
	h->prev = h;
}

static inline void _list_insert(struct list_head *e, struct list_head *before,
				struct list_head *after)
{
	e->prev = before;
	e->next = after;
	before->next = e;
	after->prev = e;
}

static inline void list_add(struct list_head *e, struct list_head *h)
{
	_list_insert(e, h, h->next);
}

static inline void list_add_tail(struct list_head *e, struct list_head *h)
{
	_list_insert(e, h->prev, h);
}

static inline void list_del_init(struct list_head *e)
{
	e->prev->next = e->next;
	e->next->prev = e->prev;
	INIT_LIST_HEAD(e);
}

#define list_del(e)			list_del_init(e)

static inline bool list_empty(const struct list_head *h)
{
	return h->next == h;
}

#define list_entry(p, type, m)		container_of(p, type, m)
#define list_first_entry(h, type, m)	list_entry((h)->next, type, m)
#define list_next_entry(p, m)		list_entry((p)->m.next, typeof(*(p)), m)
#define list_for_each_entry(p, h, m)					\
	for (p = list_first_entry(h, typeof(*p), m); &p->m != (h);	\
	     p = list_next_entry(p, m))
#define list_for_each_entry_safe(p, n, h, m)				\
	for (p = list_first_entry(h, typeof(*p), m), n = list_next_entry(p, m); \
	     &p->m != (h); p = n, n = list_next_entry(n, m))

static inline void hlist_add_head(struct hlist_node *e, struct hlist_head *h)
{
	e->next = h->first;
	e->pprev = &h->first;
	if (e->next)
		e->next->pprev = &e->next;
	h->first = e;
}

#define hlist_entry_safe(p, type, m)					\
	({ typeof(p) _p = (p); _p ? container_of(_p, type, m) : NULL; })
#define hlist_for_each_entry(p, h, m)					\
	for (p = hlist_entry_safe((h)->first, typeof(*p), m); p;	\
	     p = hlist_entry_safe(p->m.next, typeof(*p), m))
#define hlist_for_each_safe(p, n, h)					\
	for (p = (h)->first; p && (n = p->next, 1); p = n)

#endif
