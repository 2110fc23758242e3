// SPDX-License-Identifier: GPL-2.0
/*
 * Certificates and keys that the application brings along: the text of a PEM file,
 * or its path; of a private key also the name of one in the kernel's keyrings. A
 * file is opened with the caller's own credentials, in the caller's own mount
 * namespace; only a private key in one of the policy's key_directories also with the
 * kernel's. It never leaves the kernel again.
 *
 * Chain and key come in either order and are in force once both are there, for all
 * names of the certificate or for the one that TLS_HOSTNAME has said before. What is
 * not in force yet waits in a draft.
 */
#include <linux/err.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "credential.h"
#include "../policy/file.h"
#include "../setup.h"
#include "sockopt.h"
#include "../ssa_sock.h"

#define SSA_PEM_BEGIN	"-----BEGIN"

/**
 * struct ssa_draft - the next pair, as far as it is known
 * @chain: waits for its key
 * @key: waits for its chain
 * @name: TLS_HOSTNAME: the only name that the pair will be for; or NULL
 *
 * Not both of @chain and @key. Under lock_sock().
 */
struct ssa_draft {
	struct ssa_text	chain;
	struct ssa_text	key;
	char		*name;
};

/**
 * struct ssa_half - one half of a pair, on its way into the draft
 * @s: the socket
 * @is_key: the key, not the chain
 * @text: it; what it has taken the place of, afterwards
 */
struct ssa_half {
	struct ssa_sock	*s;
	bool		is_key;
	struct ssa_text	text;
};

/**
 * ssa_text_free - wipe and free a text
 * @t: the text; none afterwards
 *
 * Context: process, may sleep.
 */
void ssa_text_free(struct ssa_text *t)
{
	kvfree_sensitive(t->text, t->len);
	t->text = NULL;
}

/**
 * ssa_draft_free - forget what was not in force yet
 * @draft: it, or NULL; wiped
 *
 * Context: process, may sleep.
 */
void ssa_draft_free(struct ssa_draft *draft)
{
	if (!draft)
		return;
	ssa_text_free(&draft->chain);
	ssa_text_free(&draft->key);
	kfree(draft->name);
	kfree(draft);
}

/**
 * ssa_draft_name - for which name is the next pair?
 * @draft: what waits, or NULL
 *
 * Context: any; lock_sock() held.
 * Return: it lives as long as the lock is held; NULL: for all of the certificate's.
 */
const char *ssa_draft_name(const struct ssa_draft *draft)
{
	return draft ? draft->name : NULL;
}

static struct ssa_draft *ssa_draft(struct ssa_sock *s)
{
	if (!s->draft)
		s->draft = kzalloc(sizeof(*s->draft), GFP_KERNEL_ACCOUNT);
	return s->draft;
}

/* ---------------------------------------------------------------- values */

/* @text: as it was read; consumed */
static int ssa_keep_text(void *text, ssize_t len, struct ssa_text *out)
{
	if (len < 0)
		return len == -EFBIG ? -E2BIG : len;
	/* It may stay for as long as the socket does: on the caller's account. */
	out->text = kvmemdup(text, len, GFP_KERNEL_ACCOUNT);
	out->len = len;
	kvfree_sensitive(text, len);
	return out->text ? 0 : -ENOMEM;
}

static int ssa_read_path(const char *path, size_t max, struct ssa_text *out)
{
	void *text;
	ssize_t len;

	len = ssa_file_read_caller(path, max, &text);
	return ssa_keep_text(text, len, out);
}

/* The policy can let a program use keys that it may not read. */
static int ssa_read_directory(struct ssa_sock *s, const char *path, struct ssa_text *out)
{
	struct ssa_setup *setup = ssa_setup_take(s);
	void *text;
	ssize_t len;

	if (!setup)
		return -EOPNOTSUPP;
	len = ssa_key_directory_read(setup->policy, path, SSA_KEY_PEM_MAX, &text);
	ssa_setup_put(setup);
	return ssa_keep_text(text, len, out);
}

/* A file may begin with words about it (RFC 7468 5.2), and its text as well. */
static bool ssa_is_pem(const char *text)
{
	const char *p = strstr(text, SSA_PEM_BEGIN);

	return p && (p == text || p[-1] == '\n');
}

/* PEM text of at most @max bytes, or the path of a file with one */
static int ssa_read_value(struct ssa_value *v, size_t max, struct ssa_text *out)
{
	if (ssa_is_pem(v->data)) {
		out->text = v->data;
		out->len = v->len;
		v->data = NULL;
		return 0;
	}
	if (v->len >= PATH_MAX)
		return -ENAMETOOLONG;
	return ssa_read_path(v->data, max, out);
}

static int ssa_read_key(struct ssa_sock *s, struct ssa_value *v, struct ssa_text *out)
{
	size_t prefix = strlen(SSA_KEYRING_PREFIX);
	int err;

	if (!strncmp(v->data, SSA_KEYRING_PREFIX, prefix))
		return ssa_keyring_read(v->data + prefix, out);
	err = ssa_read_value(v, SSA_KEY_PEM_MAX, out);
	return err == -EACCES ? ssa_read_directory(s, v->data, out) : err;
}

/* ----------------------------------------------------------------- pairs */

/* Both halves are there: into the set with them. */
static int ssa_complete(struct ssa_setup *setup, const struct ssa_draft *draft)
{
	const struct ssa_text *chain = &draft->chain, *key = &draft->key;
	struct ssa_credentials *cred;
	struct ssa_cred_set *set;

	cred = ssa_credentials_new(chain->text, chain->len, key->text, key->len);
	if (IS_ERR(cred))
		return PTR_ERR(cred);
	set = ssa_cred_set_add(setup->creds, cred, draft->name);
	ssa_credentials_put(cred);
	if (IS_ERR(set))
		return PTR_ERR(set);
	ssa_cred_set_put(setup->creds);
	setup->creds = set;
	return 0;
}

/* The first half waits for the other, if it is good by itself. */
static int ssa_check_half(const struct ssa_half *half)
{
	const struct ssa_text *t = &half->text;

	return half->is_key ? ssa_credentials_check_key(t->text, t->len) :
			      ssa_credentials_check_chain(t->text, t->len);
}

/* ssa_setup_fn; lock_sock() held */
static int ssa_put_half(struct ssa_setup *setup, void *arg)
{
	struct ssa_half *half = arg;
	struct ssa_draft *draft = ssa_draft(half->s);
	struct ssa_text *place;
	bool complete;
	int err;

	if (!draft)
		return -ENOMEM;
	place = half->is_key ? &draft->key : &draft->chain;
	complete = half->is_key ? draft->chain.text : draft->key.text;
	if (!complete) {
		err = ssa_check_half(half);
		if (!err)
			swap(*place, half->text);
		return err;
	}
	swap(*place, half->text);
	err = ssa_complete(setup, draft);
	if (err) {
		swap(*place, half->text);
		return err;
	}
	half->s->draft = NULL;
	ssa_draft_free(draft);
	return 0;
}

static int ssa_set_half(struct ssa_half *half)
{
	int err;

	err = ssa_setup_change(half->s, SSA_AT_SETUP | SSA_AT_LISTEN, ssa_put_half, half);
	ssa_text_free(&half->text);
	return err;
}

/**
 * ssa_set_certificate_chain - TLS_CERTIFICATE_CHAIN: leaf first, then its issuers
 * @s: the socket
 * @v: PEM text or path
 *
 * Chain and key come in either order and are in force once both are there: instead
 * of an earlier pair with the same name and type of key, beside all others. A half
 * that does not fit the other is refused and the other one stays. What is going on
 * when a listener gets a new pair goes on with the old one.
 *
 * Context: process, may sleep; reads a file; takes lock_sock().
 * Return: 0; -EINVAL, -E2BIG, -EOPNOTSUPP: not acceptable; -EKEYREJECTED: not that
 * of the key, or not for the name that TLS_HOSTNAME has said; or the error of reading.
 */
int ssa_set_certificate_chain(struct ssa_sock *s, struct ssa_value *v)
{
	struct ssa_half half = { .s = s };
	int err;

	err = ssa_read_value(v, SSA_CHAIN_PEM_MAX, &half.text);
	return err ?: ssa_set_half(&half);
}

/**
 * ssa_set_private_key - TLS_PRIVATE_KEY: PKCS#8, SEC1 or PKCS#1, not encrypted
 * @s: the socket
 * @v: PEM text, path, or "key:" and the serial number or the description of a key in
 *     the caller's keyrings
 *
 * See ssa_set_certificate_chain(). A path may also be that of a key which only the
 * administrator may read, if the policy lists its directory (key_directories).
 *
 * Context: process, may sleep; reads a file; takes lock_sock().
 * Return: as ssa_set_certificate_chain(); of a key in a keyring, as ssa_keyring_read().
 */
int ssa_set_private_key(struct ssa_sock *s, struct ssa_value *v)
{
	struct ssa_half half = { .s = s, .is_key = true };
	int err;

	err = ssa_read_key(s, v, &half.text);
	return err ?: ssa_set_half(&half);
}

/**
 * ssa_is_server_name - can a server's certificate be chosen by this name?
 * @name: NUL-terminated
 *
 * Context: any.
 * Return: true for a host name, or a wildcard as certificates have it (RFC 9525 6.3);
 * not for an address.
 */
bool ssa_is_server_name(const char *name)
{
	if (!strncmp(name, "*.", 2))
		name += 2;
	return ssa_name_is_valid(name) && !ssa_name_is_address(name);
}

/* ssa_setup_fn; lock_sock() held */
static int ssa_put_name(struct ssa_setup *setup, void *arg)
{
	struct ssa_half *half = arg;
	struct ssa_draft *draft = ssa_draft(half->s);

	if (!draft)
		return -ENOMEM;
	swap(draft->name, half->text.text);
	return 0;
}

/**
 * ssa_set_hostname - TLS_HOSTNAME: for this name only is the next pair of chain and key
 * @s: the socket
 * @v: name, or "*." and a name
 *
 * Context: process, may sleep; takes lock_sock().
 * Return: 0; -EINVAL: not such a name, or an address, for which nobody can ask by name
 * (RFC 6066 3); -EOPNOTSUPP: not here; -ENOMEM.
 */
int ssa_set_hostname(struct ssa_sock *s, struct ssa_value *v)
{
	struct ssa_half half = { .s = s };
	int err;

	if (!ssa_is_server_name(v->data))
		return -EINVAL;
	half.text.text = kstrdup(v->data, GFP_KERNEL_ACCOUNT);
	if (!half.text.text)
		return -ENOMEM;
	err = ssa_setup_change(s, SSA_AT_SETUP | SSA_AT_LISTEN, ssa_put_name, &half);
	kfree(half.text.text);
	return err;
}

/* ----------------------------------------------------------------- trust */

/* ssa_setup_fn */
static int ssa_put_trusted(struct ssa_setup *setup, void *arg)
{
	struct ssa_trust_store **store = arg;

	swap(setup->extra, *store);
	return 0;
}

/**
 * ssa_set_trusted - TLS_TRUSTED_PEER_CERTIFICATES: whom the application trusts besides
 * the system's authorities
 * @s: the socket
 * @v: PEM text or path; of authorities, or of the peer's own certificate
 *
 * Context: process, may sleep; reads a file; takes lock_sock().
 * Return: 0; -EINVAL: nothing usable in it; -E2BIG; or the error of reading.
 */
int ssa_set_trusted(struct ssa_sock *s, struct ssa_value *v)
{
	struct ssa_trust_store *store;
	struct ssa_text t = {};
	int err;

	err = ssa_read_value(v, SSA_PEM_MAX, &t);
	if (err)
		return err;
	store = ssa_trust_store_parse(t.text, t.len);
	ssa_text_free(&t);
	if (IS_ERR(store))
		return PTR_ERR(store);
	err = ssa_setup_change(s, SSA_AT_SETUP, ssa_put_trusted, &store);
	ssa_trust_store_put(store);
	return err;
}

/**
 * ssa_get_trusted - TLS_TRUSTED_PEER_CERTIFICATES: what was set, as PEM
 * @s: the socket
 * @a: the text; empty if nothing was set
 *
 * Certificates that are of no use as an authority are not in it.
 *
 * Context: process, may sleep.
 * Return: 0; -EOPNOTSUPP: not any more; -ENOMEM.
 */
int ssa_get_trusted(struct ssa_sock *s, struct ssa_answer *a)
{
	struct ssa_setup *setup = ssa_setup_take(s);
	char *text;
	size_t len;
	int err;

	if (!setup)
		return -EOPNOTSUPP;
	if (setup->extra)
		err = ssa_trust_store_pem(setup->extra, &text, &len);
	else
		err = ssa_answer_text(a, "");
	if (!err && setup->extra) {
		a->data = text;
		a->len = len + 1;
	}
	ssa_setup_put(setup);
	return err;
}
