// SPDX-License-Identifier: GPL-2.0
/*
 * Options at level IPPROTO_TLS: one small function each, found through one table.
 * Below it, what is not let through to TCP and kTLS.
 *
 * Texts are returned with their final NUL; if the buffer is too small the call
 * fails with ERANGE and *optlen is what it takes.
 */
#include <linux/in6.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/sockptr.h>
#include <linux/tcp.h>
#include <linux/uaccess.h>
#include "policy/policy.h"
#include "ssa_sock.h"

struct ssa_option {
	int	name;
	int	(*set)(struct ssa_sock *s, sockptr_t val, unsigned int len);
	int	(*get)(struct ssa_sock *s, char __user *val, int __user *len);
};

static int ssa_put_text(char __user *val, int __user *optlen, const char *text)
{
	int len, need = strlen(text) + 1;

	if (get_user(len, optlen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	if (put_user(need, optlen))
		return -EFAULT;
	if (len < need)
		return -ERANGE;
	return copy_to_user(val, text, need) ? -EFAULT : 0;
}

static int ssa_set_remote_hostname(struct ssa_sock *s, sockptr_t val, unsigned int len)
{
	char *name, *old = NULL;
	int err = -EINVAL;

	if (len == 0 || len > SSA_NAME_MAX + 1)
		return -EINVAL;
	name = kzalloc(len + 1, GFP_KERNEL_ACCOUNT);
	if (!name)
		return -ENOMEM;
	if (copy_from_sockptr(name, val, len)) {
		err = -EFAULT;
		goto out;
	}
	if (name[len - 1] == '\0')
		len--;
	if (len == 0 || len > SSA_NAME_MAX || strlen(name) != len || !ssa_name_is_valid(name))
		goto out;
	lock_sock(s->sk);
	if (s->setup && s->state == SSA_S_IDLE) {
		old = s->setup->name;
		s->setup->name = name;
		name = NULL;
		err = 0;
	} else {
		err = -EOPNOTSUPP;
	}
	release_sock(s->sk);
	kfree(old);
out:
	kfree(name);
	return err;
}

/* A copy of what may change: user memory is not touched under lock_sock(). */
static int ssa_get_name(struct ssa_sock *s, char __user *val, int __user *len, bool server)
{
	const char *name;
	char *copy;
	int err;

	lock_sock(s->sk);
	name = s->name;
	if (!name && s->setup && !server)
		name = s->setup->name;
	if (s->server != server)
		name = NULL;
	copy = kstrdup(name ?: "", GFP_KERNEL);
	release_sock(s->sk);
	if (!copy)
		return -ENOMEM;
	err = ssa_put_text(val, len, copy);
	kfree(copy);
	return err;
}

static int ssa_get_remote_hostname(struct ssa_sock *s, char __user *val, int __user *len)
{
	return ssa_get_name(s, val, len, false);
}

/* On an accepted connection: what the client asked for (RFC 6066 3), or "" */
static int ssa_get_hostname(struct ssa_sock *s, char __user *val, int __user *len)
{
	if (!s->server)
		return -EOPNOTSUPP;
	return ssa_get_name(s, val, len, true);
}

static int ssa_get_error(struct ssa_sock *s, char __user *val, int __user *len)
{
	const char *text;

	if (s->reason == SSA_R_NONE && s->err)
		text = "TCP connection failed";
	else
		text = ssa_reason_desc(s->reason)->text;
	return ssa_put_text(val, len, text);
}

static int ssa_get_agreed(struct ssa_sock *s, char __user *val, int __user *len, const char *text)
{
	if (ssa_state(s) != SSA_S_DONE)
		return -ENOTCONN;
	return ssa_put_text(val, len, text ?: "");
}

static int ssa_get_chosen_cipher(struct ssa_sock *s, char __user *val, int __user *len)
{
	return ssa_get_agreed(s, val, len, ssa_suite_name(s->suite));
}

static int ssa_get_version_conn(struct ssa_sock *s, char __user *val, int __user *len)
{
	return ssa_get_agreed(s, val, len, ssa_version_name(s->version));
}

static int ssa_get_negotiated_group(struct ssa_sock *s, char __user *val, int __user *len)
{
	return ssa_get_agreed(s, val, len, ssa_group_name(s->group));
}

/*
 * Bounds of the version: the policy can be tightened, never loosened, and
 * something must be left. 0, -EACCES, -EINVAL, or -EOPNOTSUPP.
 */
static int ssa_set_bound(struct ssa_sock *s, sockptr_t val, unsigned int len, bool max)
{
	const struct ssa_policy *policy;
	char text[16] = "";
	u16 version;
	int err = 0;

	if (len == 0 || len >= sizeof(text))
		return -EINVAL;
	if (copy_from_sockptr(text, val, len))
		return -EFAULT;
	if (strlen(text) < len - 1)	/* a final NUL is optional */
		return -EINVAL;
	version = ssa_version_parse(text);
	if (!version)
		return -EINVAL;
	lock_sock(s->sk);
	if (!s->setup || s->state != SSA_S_IDLE) {
		err = -EOPNOTSUPP;
		goto out;
	}
	policy = s->setup->policy;
	if (version < policy->min_version || version > policy->max_version)
		err = -EACCES;
	else if (max ? version < s->version_min : version > s->version_max)
		err = -EINVAL;
	else if (max)
		WRITE_ONCE(s->version_max, version);
	else
		WRITE_ONCE(s->version_min, version);
out:
	release_sock(s->sk);
	return err;
}

static int ssa_set_version_min(struct ssa_sock *s, sockptr_t val, unsigned int len)
{
	return ssa_set_bound(s, val, len, false);
}

static int ssa_set_version_max(struct ssa_sock *s, sockptr_t val, unsigned int len)
{
	return ssa_set_bound(s, val, len, true);
}

static int ssa_get_version_min(struct ssa_sock *s, char __user *val, int __user *len)
{
	return ssa_put_text(val, len, ssa_version_name(READ_ONCE(s->version_min)));
}

static int ssa_get_version_max(struct ssa_sock *s, char __user *val, int __user *len)
{
	return ssa_put_text(val, len, ssa_version_name(READ_ONCE(s->version_max)));
}

static const struct ssa_option ssa_options[] = {
	{ TLS_REMOTE_HOSTNAME, ssa_set_remote_hostname, ssa_get_remote_hostname },
	{ TLS_HOSTNAME, NULL, ssa_get_hostname },
	{ TLS_TRUSTED_PEER_CERTIFICATES, ssa_set_trusted, NULL },
	{ TLS_CERTIFICATE_CHAIN, ssa_set_certificate_chain, NULL },
	{ TLS_PRIVATE_KEY, ssa_set_private_key, NULL },
	{ TLS_CHOSEN_CIPHER, NULL, ssa_get_chosen_cipher },
	{ TLS_ERROR, NULL, ssa_get_error },
	{ TLS_VERSION_MIN, ssa_set_version_min, ssa_get_version_min },
	{ TLS_VERSION_MAX, ssa_set_version_max, ssa_get_version_max },
	{ TLS_VERSION_CONN, NULL, ssa_get_version_conn },
	{ TLS_NEGOTIATED_GROUP, NULL, ssa_get_negotiated_group },
};

static const struct ssa_option *ssa_option(int name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ssa_options); i++) {
		if (ssa_options[i].name == name)
			return &ssa_options[i];
	}
	return NULL;
}

struct ssa_blocked {
	int	level;
	int	name;
};

/*
 * What would reach around us: another layer in kTLS's place, plaintext in a SYN,
 * the state of TCP taken apart, an IPv6 socket turned into an IPv4 one.
 */
static const struct ssa_blocked ssa_blocked_options[] = {
	{ SOL_TCP, TCP_ULP },
	{ SOL_TCP, TCP_REPAIR },
	{ SOL_TCP, TCP_REPAIR_QUEUE },
	{ SOL_TCP, TCP_REPAIR_OPTIONS },
	{ SOL_TCP, TCP_REPAIR_WINDOW },
	{ SOL_TCP, TCP_QUEUE_SEQ },
	{ SOL_TCP, TCP_FASTOPEN },
	{ SOL_TCP, TCP_FASTOPEN_CONNECT },
	{ SOL_TCP, TCP_FASTOPEN_KEY },
	{ SOL_TCP, TCP_FASTOPEN_NO_COOKIE },
	{ SOL_TCP, TCP_ZEROCOPY_RECEIVE },
	{ SOL_IPV6, IPV6_ADDRFORM },
};

/* SOL_TLS as a whole: TLS_TX and TLS_RX would also give the keys away. */
static bool ssa_is_blocked(int level, int name)
{
	unsigned int i;

	if (level == SOL_TLS)
		return true;
	for (i = 0; i < ARRAY_SIZE(ssa_blocked_options); i++) {
		if (ssa_blocked_options[i].level == level && ssa_blocked_options[i].name == name)
			return true;
	}
	return false;
}

/**
 * ssa_setsockopt - proto_ops.setsockopt, at every level but SOL_SOCKET
 * @sock: the socket
 * @level: protocol
 * @opt: option
 * @val: its value
 * @len: bytes of @val
 *
 * Context: process, may sleep.
 * Return: 0; -ENOPROTOOPT: not known; -EOPNOTSUPP: not now, or not on a TLS socket;
 * or the option's own errors.
 */
int ssa_setsockopt(struct socket *sock, int level, int opt, sockptr_t val, unsigned int len)
{
	const struct ssa_option *o;

	if (level == IPPROTO_TLS) {
		o = ssa_option(opt);
		if (!o || !o->set)
			return -ENOPROTOOPT;
		return o->set(ssa_of(sock->sk), val, len);
	}
	if (ssa_is_blocked(level, opt))
		return -EOPNOTSUPP;
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
	const struct ssa_option *o;

	if (level == IPPROTO_TLS) {
		o = ssa_option(opt);
		if (!o || !o->get)
			return -ENOPROTOOPT;
		return o->get(ssa_of(sock->sk), val, len);
	}
	if (level == SOL_TLS || (level == SOL_TCP && opt == TCP_ZEROCOPY_RECEIVE))
		return -EOPNOTSUPP;
	return ssa_family(sock->sk)->base->getsockopt(sock, level, opt, val, len);
}
