// SPDX-License-Identifier: GPL-2.0
/*
 * Options at level IPPROTO_TLS: what option_list.h says of them is judged here,
 * before their handlers are called. Nothing else touches the user's memory. Below
 * it, what is not let through to TCP and kTLS.
 *
 * Texts are returned with their final NUL; if the buffer is too small the call
 * fails with ERANGE and *optlen is what it takes.
 */
#include <linux/in6.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/net_tstamp.h>
#include <linux/slab.h>
#include <linux/sockptr.h>
#include <linux/string.h>
#include <linux/tcp.h>
#include <linux/uaccess.h>
#include "../conn/held.h"
#include "../facts.h"
#include "../option.h"
#include "../settings.h"
#include "../sock.h"
#include "../sock_settings.h"
#include "../tcp.h"
#include "sockopt.h"

/* How the value of an option is written. */
enum ssa_kind {
	SSA_KIND_TEXT,
	SSA_KIND_LIST,		/* text */
	SSA_KIND_PEM,		/* text, or the path of a file with it */
	SSA_KIND_ALPN,		/* text, or as on the wire */
	SSA_KIND_VERSION,	/* text, or the int of the API's first implementation */
	SSA_KIND_INT,
	SSA_KIND_INFO,		/* struct tls_ssa_info */
	SSA_KIND_EXPORT,	/* label, or with NUL and context; read: as many as asked for */
	SSA_KIND_BYTES,
};

/**
 * struct ssa_option - one option
 * @name: its number
 * @kind: enum ssa_kind
 * @set_at: enum ssa_at: where it can be set
 * @get_at: the same for reading it
 * @min: bytes of a value that is set
 * @max: the same, without a final NUL
 * @set: NULL: cannot be set
 * @get: NULL: cannot be read
 */
struct ssa_option {
	int	name;
	u8	kind;
	u8	set_at;
	u8	get_at;
	u32	min;
	u32	max;
	int	(*set)(struct ssa_sock *s, struct ssa_value *v);
	int	(*get)(struct ssa_sock *s, struct ssa_answer *a);
};

/* The letters of option_list.h, for as long as it is read */
#define SETUP	SSA_AT_SETUP
#define LISTEN	SSA_AT_LISTEN
#define BUSY	SSA_AT_BUSY
#define CLIENT	SSA_AT_CLIENT
#define SERVER	SSA_AT_SERVER
#define FAILED	SSA_AT_FAILED

#define SSA_OPTION_RW(id, handler, how, least, most, set_where, get_where, summary) {	\
	.name = TLS_##id, .kind = SSA_KIND_##how, .min = (least), .max = (most),	\
	.set_at = (set_where), .get_at = (get_where),				\
	.set = ssa_set_##handler, .get = ssa_get_##handler,			\
},
#define SSA_OPTION_RO(id, handler, how, get_where, summary) {			\
	.name = TLS_##id, .kind = SSA_KIND_##how, .get_at = (get_where),	\
	.get = ssa_get_##handler,						\
},
#define SSA_OPTION_WO(id, handler, how, least, most, set_where, summary) {	\
	.name = TLS_##id, .kind = SSA_KIND_##how, .min = (least), .max = (most), \
	.set_at = (set_where), .set = ssa_set_##handler,			\
},

static const struct ssa_option ssa_options[] = {
#include "../option_list.h"
};

#undef SSA_OPTION_RW
#undef SSA_OPTION_RO
#undef SSA_OPTION_WO
#undef SETUP
#undef LISTEN
#undef BUSY
#undef CLIENT
#undef SERVER
#undef FAILED

static const struct ssa_option *ssa_option(int name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ssa_options); i++) {
		if (ssa_options[i].name == name)
			return &ssa_options[i];
	}
	return NULL;
}

/**
 * ssa_answer_bytes - the answer is this
 * @a: gets a copy
 * @data: the bytes
 * @len: how many
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int ssa_answer_bytes(struct ssa_answer *a, const void *data, size_t len)
{
	a->len = len;
	a->data = kvmemdup(data, len, GFP_KERNEL);
	return a->data ? 0 : -ENOMEM;
}

/**
 * ssa_answer_text - the answer is a text
 * @a: gets a copy, with the final NUL
 * @text: NUL-terminated
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int ssa_answer_text(struct ssa_answer *a, const char *text)
{
	return ssa_answer_bytes(a, text, strlen(text) + 1);
}

/**
 * ssa_answer_int - the answer is a number
 * @a: gets it
 * @value: the number
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int ssa_answer_int(struct ssa_answer *a, int value)
{
	return ssa_answer_bytes(a, &value, sizeof(value));
}

/**
 * ssa_option_refused - what comes of an option that is set goes to TLS_ERROR
 * @s: the socket
 * @reason: what is wrong with the value; SSA_R_NONE: nothing, or nothing is known
 * @err: 0, or the negative errno that the application gets
 *
 * Only where a connection has not begun; see ssa_deny(). What was said of an earlier
 * value is forgotten.
 *
 * Context: process, may sleep; takes lock_sock().
 * Return: @err.
 */
int ssa_option_refused(struct ssa_sock *s, enum ssa_reason reason, int err)
{
	lock_sock(s->sk);
	if (s->setup && ssa_at(s) & (SSA_AT_SETUP | SSA_AT_LISTEN)) {
		s->reason = SSA_R_NONE;
		s->err = 0;
		if (err && reason)
			ssa_refuse(s, reason);
	}
	release_sock(s->sk);
	return err;
}

static bool ssa_is_text(const struct ssa_option *o)
{
	return o->kind == SSA_KIND_TEXT || o->kind == SSA_KIND_LIST || o->kind == SSA_KIND_PEM ||
	       o->kind == SSA_KIND_ALPN || o->kind == SSA_KIND_VERSION;
}

/* A text may end in one NUL, which does not count; what is checked must be what is used. */
static int ssa_value_text(const struct ssa_option *o, struct ssa_value *v)
{
	char *text = v->data;

	/* On the wire any byte may be the last one. */
	if (o->kind == SSA_KIND_ALPN)
		return v->len > o->max && text[v->len - 1] ? -E2BIG : 0;
	/* No version has a name of this length. */
	if (o->kind == SSA_KIND_VERSION && v->len == sizeof(int))
		return 0;
	if (text[v->len - 1] == '\0')
		v->len--;
	if (v->len < o->min)
		return -EINVAL;
	if (v->len > o->max)
		return -E2BIG;
	return strlen(text) == v->len ? 0 : -EINVAL;
}

/* Handlers that answer EACCES because of the policy, and because of nothing else */
static enum ssa_reason ssa_policy_reason(int name)
{
	switch (name) {
	case TLS_VERSION_MIN:
	case TLS_VERSION_MAX:
		return SSA_R_POLICY_VERSION;
	case TLS_TRUSTED_CIPHERS:
	case TLS_ENABLE_CIPHER:
		return SSA_R_POLICY_SUITE;
	case TLS_ALPN:
		return SSA_R_POLICY_ALPN;
	case TLS_REQUEST_PEER_AUTH:
		return SSA_R_POLICY_PEER_AUTH;
	case TLS_SESSION_TTL:
	case TLS_SESSION_REUSE:
		return SSA_R_POLICY_SESSION;
	case TLS_TRUSTED_ONLY:
		return SSA_R_POLICY_TRUST;
	case TLS_PROFILE:
		return SSA_R_POLICY_OPTION;
	default:
		return SSA_R_NONE;
	}
}

/* May the application set it at all? SSA_R_NONE: yes. */
static enum ssa_reason ssa_option_denied(struct ssa_sock *s, const struct ssa_option *o)
{
	struct ssa_setup *setup = ssa_setup_take(s);
	enum ssa_reason reason = SSA_R_NONE;
	const struct ssa_policy *policy;

	/* A connection has the policy's bounds behind it, but for what can be set there, too. */
	if (setup)
		policy = setup->policy;
	else
		policy = ssa_state(s) == SSA_S_DONE ? s->facts->policy : NULL;
	if (!policy || o->name == TLS_HANDSHAKE || !(o->set_at & (SSA_AT_SETUP | SSA_AT_LISTEN)))
		goto out;
	if (o->name == TLS_TRUSTED_PEER_CERTIFICATES && setup && setup->trusted_only)
		goto out;
	if (!(policy->app_may_set & BIT_ULL(o - ssa_options)))
		reason = SSA_R_POLICY_OPTION;
	else if (o->name == TLS_TRUSTED_PEER_CERTIFICATES &&
		 policy->trust_mode == SSA_TRUST_SYSTEM)
		reason = SSA_R_POLICY_TRUST;
out:
	ssa_setup_put(setup);
	return reason;
}

static int ssa_set_option(struct ssa_sock *s, int name, sockptr_t val, unsigned int len)
{
	const struct ssa_option *o = ssa_option(name);
	struct ssa_value v = {};
	enum ssa_reason denied;
	size_t size;
	int err;

	if (!o)
		return -ENOPROTOOPT;
	if (!o->set || !(ssa_at(s) & o->set_at))
		return -EOPNOTSUPP;
	if (len < o->min)
		return -EINVAL;
	if (len > o->max + ssa_is_text(o))
		return -E2BIG;
	size = (size_t)len + 1;
	v.data = kvmalloc(size, GFP_KERNEL_ACCOUNT);
	if (!v.data)
		return -ENOMEM;
	v.len = len;
	((char *)v.data)[len] = '\0';
	err = copy_from_sockptr(v.data, val, len) ? -EFAULT : 0;
	if (!err && ssa_is_text(o)) {
		err = ssa_value_text(o, &v);
		if (err && o->kind == SSA_KIND_PEM)	/* DER has NULs */
			ssa_option_refused(s, SSA_R_CRED_NOT_PEM, err);
	}
	if (!err) {
		denied = ssa_option_denied(s, o);
		err = denied ? -EACCES : o->set(s, &v);
		if (err == -EACCES && !denied)
			denied = ssa_policy_reason(name);
		if (denied)
			ssa_deny(s, denied);
	}
	kvfree_sensitive(v.data, size);
	return err;
}

/* What the handler has said goes to the user, or as much of it as there is room for. */
static int ssa_give(const struct ssa_answer *a, char __user *val, int __user *optlen)
{
	size_t len = a->prefix ? min(a->len, a->room) : a->len;

	if (put_user(len, optlen))
		return -EFAULT;
	if (len > a->room)
		return -ERANGE;
	return copy_to_user(val, a->data, len) ? -EFAULT : 0;
}

static int ssa_get_option(struct ssa_sock *s, int name, char __user *val, int __user *optlen)
{
	const struct ssa_option *o = ssa_option(name);
	struct ssa_answer a = {};
	int err, room;

	if (!o)
		return -ENOPROTOOPT;
	if (!o->get || !(ssa_at(s) & o->get_at))
		return -EOPNOTSUPP;
	if (get_user(room, optlen))
		return -EFAULT;
	if (room < 0)
		return -EINVAL;
	a.room = room;
	err = o->get(s, &a);
	if (!err)
		err = ssa_give(&a, val, optlen);
	kvfree_sensitive(a.data, a.len);
	return err;
}

/* TCP_NODELAY, and the end of TCP_CORK: TCP sends what it has, and so does kTLS. */
static bool ssa_option_sends(int level, int name, sockptr_t val, unsigned int len)
{
	int on;

	if (level != SOL_TCP || (name != TCP_NODELAY && name != TCP_CORK))
		return false;
	if (len < sizeof(on) || copy_from_sockptr(&on, val, sizeof(on)))
		return false;
	return name == TCP_NODELAY ? on : !on;
}

/**
 * ssa_setsockopt - proto_ops.setsockopt, at every level (SOCK_CUSTOM_SOCKOPT)
 * @sock: the socket
 * @level: protocol
 * @opt: option
 * @val: its value
 * @len: bytes of @val
 *
 * Context: process, may sleep.
 * Return: 0; -ENOPROTOOPT: not known; -EOPNOTSUPP: not here, or not on a TLS socket;
 * -EINVAL, -E2BIG: its length; -EFAULT; or the option's own errors.
 */
int ssa_setsockopt(struct socket *sock, int level, int opt, sockptr_t val, unsigned int len)
{
	struct ssa_sock *s = ssa_enter(sock);

	if (level == IPPROTO_TLS)
		return ssa_set_option(s, opt, val, len);
	if (ssa_is_blocked(level, opt) || ssa_is_absent(level, opt, val, len))
		return -EOPNOTSUPP;
	if (level == SOL_SOCKET)
		return sock_setsockopt(sock, level, opt, val, len);
	/* First: TCP sends its part of the same segment then. */
	if (ssa_option_sends(level, opt, val, len) && s && ssa_state(s) == SSA_S_DONE)
		ssa_held_send(sock);
	return ssa_family(sock->sk)->base->setsockopt(sock, level, opt, val, len);
}

/**
 * ssa_getsockopt - proto_ops.getsockopt, at every level but SOL_SOCKET
 * @sock: the socket
 * @level: protocol
 * @opt: option
 * @val: buffer
 * @len: bytes of it, and of the value afterwards
 *
 * Context: process, may sleep.
 * Return: as ssa_setsockopt(); -ERANGE: the buffer is too small, @len says for what.
 */
int ssa_getsockopt(struct socket *sock, int level, int opt, char __user *val, int __user *len)
{
	if (level == IPPROTO_TLS)
		return ssa_get_option(ssa_enter(sock), opt, val, len);
	if (level == SOL_TLS || (level == SOL_TCP && opt == TCP_ZEROCOPY_RECEIVE))
		return -EOPNOTSUPP;
	return ssa_family(sock->sk)->base->getsockopt(sock, level, opt, val, len);
}
