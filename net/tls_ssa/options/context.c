// SPDX-License-Identifier: GPL-2.0
/*
 * TLS_CONTEXT: a handle to a copy of a socket's settings, for other sockets of the
 * same user. It is 128 random bits, known to whoever was told; who has set them up
 * gave away keys and trust, hence user and user namespace count as well. A handle
 * holds for as long as the socket that made it is open. What it stands for never
 * changes: neither with that socket nor with one that has taken it over.
 */
#include <crypto/utils.h>
#include <linux/cred.h>
#include <linux/ctype.h>
#include <linux/fs.h>
#include <linux/hex.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/user_namespace.h>
#include "../option.h"
#include "../pernet.h"
#include "../settings.h"
#include "../share.h"
#include "../sock.h"
#include "../sock_settings.h"
#include "sockopt.h"

#define SSA_HANDLE_LEN		16
#define SSA_HANDLES_MAX		16	/* of one socket */

/**
 * struct ssa_context - one handle
 * @node: in ssa_net.contexts
 * @owned: in ssa_sock.contexts
 * @setup: what it stands for; holds a reference
 * @user_ns: of the user who made it; holds a reference
 * @uid: the user
 * @handle: the name
 *
 * Lists under ssa_net.contexts_lock; all else is constant.
 */
struct ssa_context {
	struct hlist_node	node;
	struct hlist_node	owned;
	struct ssa_setup	*setup;
	struct user_namespace	*user_ns;
	kuid_t			uid;
	u8			handle[SSA_HANDLE_LEN];
};

/* Any byte will do: nobody has chosen them. */
static struct hlist_head *ssa_context_bucket(struct ssa_net *sn, const u8 *handle)
{
	return &sn->contexts[handle[0] % SSA_CONTEXT_BUCKETS];
}

static struct ssa_context *ssa_context_new(struct ssa_setup *setup)
{
	struct ssa_context *c = kzalloc(sizeof(*c), GFP_KERNEL_ACCOUNT);

	if (!c)
		return NULL;
	c->setup = ssa_setup_get(setup);
	c->user_ns = get_user_ns(current_user_ns());
	c->uid = current_euid();
	get_random_bytes(c->handle, sizeof(c->handle));
	return c;
}

static void ssa_context_free(struct ssa_context *c)
{
	if (!c)
		return;
	ssa_setup_put(c->setup);
	put_user_ns(c->user_ns);
	kfree_sensitive(c);
}

static bool ssa_context_is_callers(const struct ssa_context *c)
{
	return uid_eq(c->uid, current_euid()) && c->user_ns == current_user_ns();
}

/*
 * Publishes @c, unless the socket has one already for these settings and this user;
 * @handle is the name of the one that there is now. 1: @c belongs to the socket; 0:
 * it is not needed; -ENOSPC: too many.
 */
static int ssa_context_publish(struct ssa_sock *s, struct ssa_context *c, u8 *handle)
{
	struct ssa_net *sn = ssa_pernet(sock_net(s->sk));
	unsigned int count = 0;
	struct ssa_context *old;
	int result = 0;

	spin_lock(&sn->contexts_lock);
	hlist_for_each_entry(old, &s->contexts, owned) {
		if (old->setup == c->setup && ssa_context_is_callers(old)) {
			memcpy(handle, old->handle, SSA_HANDLE_LEN);
			goto out;
		}
		count++;
	}
	result = -ENOSPC;
	if (count >= SSA_HANDLES_MAX || !ssa_share_take(s->share, SSA_SHARE_CONTEXTS, 1))
		goto out;
	hlist_add_head(&c->owned, &s->contexts);
	hlist_add_head(&c->node, ssa_context_bucket(sn, c->handle));
	memcpy(handle, c->handle, SSA_HANDLE_LEN);
	result = 1;
out:
	spin_unlock(&sn->contexts_lock);
	return result;
}

/* The settings behind a handle, with a reference; NULL: none that the caller may use */
static struct ssa_setup *ssa_context_find(struct net *net, const u8 *handle)
{
	struct ssa_net *sn = ssa_pernet(net);
	struct ssa_setup *setup = NULL;
	struct ssa_context *c;

	spin_lock(&sn->contexts_lock);
	hlist_for_each_entry(c, ssa_context_bucket(sn, handle), node) {
		if (crypto_memneq(c->handle, handle, SSA_HANDLE_LEN))
			continue;
		if (ssa_context_is_callers(c))
			setup = ssa_setup_get(c->setup);
		break;
	}
	spin_unlock(&sn->contexts_lock);
	return setup;
}

/**
 * ssa_context_release - the handles of a socket end
 * @s: the socket, which is being closed
 *
 * Context: process, may sleep.
 */
void ssa_context_release(struct ssa_sock *s)
{
	struct ssa_net *sn = ssa_pernet(sock_net(s->sk));
	struct hlist_node *next;
	struct ssa_context *c;

	if (hlist_empty(&s->contexts))
		return;
	spin_lock(&sn->contexts_lock);
	hlist_for_each_entry(c, &s->contexts, owned) {
		hlist_del(&c->node);
		ssa_share_add(s->share, SSA_SHARE_CONTEXTS, -1);
	}
	spin_unlock(&sn->contexts_lock);
	/* Nobody else knows them now. */
	hlist_for_each_entry_safe(c, next, &s->contexts, owned)
		ssa_context_free(c);
	INIT_HLIST_HEAD(&s->contexts);
}

/*
 * A handle gives keys away. Who only was handed the socket may use it, not more: not
 * everybody who gets a listener is meant to be this server elsewhere too.
 */
static bool ssa_context_is_makers(const struct ssa_sock *s)
{
	return uid_eq(SOCK_INODE(s->sk->sk_socket)->i_uid, current_euid());
}

/* At early boot there are no numbers that cannot be guessed. 0; -EAGAIN; or interrupted */
static int ssa_context_seeded(const struct ssa_sock *s)
{
	const struct file *file = s->sk->sk_socket->file;

	if (rng_is_initialized())
		return 0;
	if (file && file->f_flags & O_NONBLOCK)
		return -EAGAIN;
	return wait_for_random_bytes();
}

int ssa_get_context(struct ssa_sock *s, struct ssa_answer *a)
{
	char text[2 * SSA_HANDLE_LEN + 1];
	u8 handle[SSA_HANDLE_LEN];
	struct ssa_setup *setup;
	struct ssa_context *c;
	int err;

	if (!ssa_context_is_makers(s))
		return -EPERM;
	a->len = sizeof(text);
	if (a->room < a->len)
		return 0;	/* ERANGE; nothing is made */
	err = ssa_context_seeded(s);
	if (err)
		return err;
	setup = ssa_setup_take(s);
	if (!setup)
		return -EOPNOTSUPP;
	c = ssa_context_new(setup);
	ssa_setup_put(setup);
	if (!c)
		return -ENOMEM;
	err = ssa_context_publish(s, c, handle);
	if (err <= 0)
		ssa_context_free(c);
	if (err < 0)
		return err;
	*bin2hex(text, handle, sizeof(handle)) = '\0';
	err = ssa_answer_text(a, text);
	memzero_explicit(text, sizeof(text));
	memzero_explicit(handle, sizeof(handle));
	return err;
}

/*
 * The target's own policy bounds what it takes over. SSA_R_NONE, or why not.
 * @silent: a socket of that policy which says nothing
 */
static enum ssa_reason ssa_context_denied(const struct ssa_setup *setup,
					  const struct ssa_setup *silent)
{
	const struct ssa_policy *policy = silent->policy;
	enum ssa_reason reason = ssa_setup_unbounded(setup, policy);
	unsigned int i;

	if (reason)
		return reason;
	if (setup->version_min < silent->floor || setup->version_max > policy->max_version)
		return SSA_R_POLICY_VERSION;
	for (i = 0; i < SSA_SUITES_MAX && setup->suites[i]; i++) {
		if (!ssa_list_has(policy->suites, SSA_SUITES_MAX, setup->suites[i]))
			return SSA_R_POLICY_SUITE;
	}
	if (setup->peer_auth < policy->require_peer_auth)
		return SSA_R_POLICY_PEER_AUTH;
	if (setup->session_ttl > policy->session_ttl ||
	    (setup->session_reuse && !policy->session_reuse))
		return SSA_R_POLICY_SESSION;
	/* What was set, by whomever, counts as set by who takes it over. */
	if (ssa_setup_says(setup, silent) & ~policy->app_may_set)
		return SSA_R_POLICY_OPTION;
	return SSA_R_NONE;
}

/* lock_sock() held. *@denied: why, with -EACCES */
static int ssa_context_adopt(struct ssa_sock *s, const struct ssa_setup *from,
			     enum ssa_reason *denied)
{
	struct ssa_setup silent, *setup;

	if (!s->setup || ssa_at(s) != SSA_AT_SETUP)
		return -EOPNOTSUPP;
	ssa_setup_silent(&silent, s->setup->policy, sock_net(s->sk));
	*denied = ssa_context_denied(from, &silent);
	if (*denied)
		return -EACCES;
	setup = ssa_setup_clone(from);
	if (!setup)
		return -ENOMEM;
	ssa_policy_put(setup->policy);
	setup->policy = ssa_policy_get(s->setup->policy);
	setup->generation = s->setup->generation;
	setup->floor = silent.floor;
	setup->chosen |= ssa_setup_differs(from, &silent);
	ssa_setup_replace(s, setup);
	return 0;
}

int ssa_set_context(struct ssa_sock *s, struct ssa_value *v)
{
	const char *text = v->data;
	u8 handle[SSA_HANDLE_LEN];
	enum ssa_reason denied = SSA_R_NONE;
	struct ssa_setup *from;
	unsigned int i;
	int err;

	for (i = 0; i < v->len; i++) {
		if (!isdigit(text[i]) && !(text[i] >= 'a' && text[i] <= 'f'))
			return -EINVAL;
	}
	if (hex2bin(handle, text, sizeof(handle)))
		return -EINVAL;
	from = ssa_context_find(sock_net(s->sk), handle);
	memzero_explicit(handle, sizeof(handle));
	if (!from)
		return -ENOENT;
	lock_sock(s->sk);
	err = ssa_context_adopt(s, from, &denied);
	release_sock(s->sk);
	if (denied)
		ssa_deny(s, denied);
	ssa_setup_put(from);
	return err;
}
