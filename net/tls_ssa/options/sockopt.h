/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Options at level IPPROTO_TLS. sockopt.c judges where an option is allowed and how
 * long its value is (option_list.h), and is the only one that touches the user's
 * memory; handlers get and give kernel memory and are called without a lock.
 */
#ifndef _TLS_SSA_SOCKOPT_H
#define _TLS_SSA_SOCKOPT_H

#include <linux/bits.h>
#include <linux/sockptr.h>
#include <linux/types.h>
#include "../reason.h"

struct socket;
struct ssa_sock;

#define SSA_CIPHER_NAME_MAX	64
#define SSA_CIPHER_LIST_MAX	1024
#define SSA_EXPORT_INPUT_MAX	(SSA_EXPORT_LABEL_MAX + 1 + SSA_EXPORT_CONTEXT_MAX)

/**
 * struct ssa_value - the value of an option that is set
 * @data: a copy, with a NUL behind it; wiped afterwards. A handler may keep it and
 *	  put NULL here.
 * @len: bytes; of a text: without its final NUL. KIND INT: 4, aligned.
 */
struct ssa_value {
	void	*data;
	size_t	len;
};

/**
 * struct ssa_answer - the value of an option that is read
 * @data: kvmalloc'ed by the handler (ssa_answer_*()); wiped afterwards
 * @len: bytes, with the final NUL of a text
 * @room: bytes that the application has room for
 * @prefix: a shorter buffer gets the beginning, instead of ERANGE
 */
struct ssa_answer {
	void	*data;
	size_t	len;
	size_t	room;
	bool	prefix;
};

/* sockopt.c */
int ssa_answer_bytes(struct ssa_answer *a, const void *data, size_t len);
int ssa_answer_text(struct ssa_answer *a, const char *text);
int ssa_answer_int(struct ssa_answer *a, int value);
int ssa_option_refused(struct ssa_sock *s, enum ssa_reason reason, int err);

int ssa_setsockopt(struct socket *sock, int level, int opt, sockptr_t val, unsigned int len);
int ssa_getsockopt(struct socket *sock, int level, int opt, char __user *val, int __user *len);

/* context.c */
void ssa_context_release(struct ssa_sock *s);

/* The handlers, ssa_set_<handler>() and ssa_get_<handler>() */
#define SSA_OPTION_SET(handler) int ssa_set_##handler(struct ssa_sock *s, struct ssa_value *v);
#define SSA_OPTION_GET(handler) int ssa_get_##handler(struct ssa_sock *s, struct ssa_answer *a);
#define SSA_OPTION_RW(name, handler, ...) SSA_OPTION_SET(handler) SSA_OPTION_GET(handler)
#define SSA_OPTION_RO(name, handler, ...) SSA_OPTION_GET(handler)
#define SSA_OPTION_WO(name, handler, ...) SSA_OPTION_SET(handler)
#include "../option_list.h"
#undef SSA_OPTION_RW
#undef SSA_OPTION_RO
#undef SSA_OPTION_WO

#endif /* _TLS_SSA_SOCKOPT_H */
