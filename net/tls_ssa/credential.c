// SPDX-License-Identifier: GPL-2.0
/*
 * Certificates and keys that the application brings along: the text of a PEM
 * file, or its path. A file is opened with the caller's own credentials, in the
 * caller's own mount namespace. A private key never leaves the kernel again.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel_read_file.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include "setup.h"
#include "sockopt.h"
#include "ssa_sock.h"

#define SSA_PEM_BEGIN	"-----BEGIN"

typedef int (*ssa_check_fn)(const char *pem, size_t len);

/**
 * struct ssa_text - a PEM text that the application gave us
 * @text: kvmalloc'ed, not NUL-terminated; or NULL
 * @len: bytes
 */
struct ssa_text {
	char	*text;
	size_t	len;
};

/**
 * struct ssa_draft - what waits for its other half
 * @chain: waits for its key
 * @key: waits for its chain
 * @name: TLS_HOSTNAME, for the next pair that is complete; or NULL
 *
 * Under lock_sock().
 */
struct ssa_draft {
	struct ssa_text	chain;
	struct ssa_text	key;
	char		*name;
};

static void ssa_text_free(struct ssa_text *t)
{
	kvfree_sensitive(t->text, t->len);
	t->text = NULL;
}

/**
 * ssa_draft_free - forget what was never complete
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
 * ssa_draft_name - for which name is the next certificate set?
 * @draft: it, or NULL
 *
 * Context: lock_sock() held.
 * Return: NULL: for those that it carries.
 */
const char *ssa_draft_name(const struct ssa_draft *draft)
{
	return draft ? draft->name : NULL;
}

/* lock_sock() held, where a draft is allowed. */
static struct ssa_draft *ssa_draft(struct ssa_sock *s)
{
	if (!s->draft)
		s->draft = kzalloc(sizeof(*s->draft), GFP_KERNEL_ACCOUNT);
	return s->draft;
}

static int ssa_read_path(const char *path, size_t max, struct ssa_text *out)
{
	void *text = NULL;
	struct file *file;
	ssize_t len;

	file = filp_open(path, O_RDONLY, 0);
	if (IS_ERR(file))
		return PTR_ERR(file);
	len = kernel_read_file(file, 0, &text, max, NULL, READING_X509_CERTIFICATE);
	fput(file);
	if (len < 0)
		return len == -EFBIG ? -E2BIG : len;
	/* It may stay for as long as the socket does: on the caller's account. */
	out->text = kvmemdup(text, len, GFP_KERNEL_ACCOUNT);
	out->len = len;
	kvfree_sensitive(text, len);
	return out->text ? 0 : -ENOMEM;
}

/*
 * The value of an option: PEM text, or the path of a file with at most @max bytes of
 * it.
 */
static int ssa_read_value(struct ssa_value *v, size_t max, struct ssa_text *out)
{
	if (v->len >= strlen(SSA_PEM_BEGIN) &&
	    !memcmp(v->data, SSA_PEM_BEGIN, strlen(SSA_PEM_BEGIN))) {
		out->text = v->data;
		out->len = v->len;
		v->data = NULL;
		return 0;
	}
	if (v->len >= PATH_MAX)
		return -ENAMETOOLONG;
	return ssa_read_path(v->data, max, out);
}

/* A pair, on its way into the settings */
struct ssa_pair {
	struct ssa_credentials	*cred;
	const char		*name;
};

static int ssa_change_creds(struct ssa_setup *setup, void *arg)
{
	struct ssa_pair *pair = arg;
	struct ssa_cred_set *creds;

	creds = ssa_cred_set_add(setup->creds, pair->cred, pair->name);
	if (IS_ERR(creds))
		return PTR_ERR(creds);
	ssa_cred_set_put(setup->creds);
	setup->creds = creds;
	return 0;
}

/* lock_sock() held. The halves are complete: do they fit? */
static int ssa_complete(struct ssa_sock *s, struct ssa_draft *draft)
{
	struct ssa_text *chain = &draft->chain, *key = &draft->key;
	struct ssa_pair pair = { .name = draft->name };
	int err;

	if (!chain->text || !key->text)
		return 0;
	pair.cred = ssa_credentials_new(chain->text, chain->len, key->text, key->len);
	if (IS_ERR(pair.cred))
		return PTR_ERR(pair.cred);
	err = ssa_setup_change_locked(s, SSA_AT_SETUP | SSA_AT_LISTEN, ssa_change_creds, &pair);
	ssa_credentials_put(pair.cred);
	if (err)
		return err;
	ssa_draft_free(draft);
	s->draft = NULL;
	return 0;
}

/* One half of the pair: the chain or the key */
static int ssa_set_half(struct ssa_sock *s, struct ssa_value *v, bool is_key)
{
	ssa_check_fn check = is_key ? ssa_credentials_check_key : ssa_credentials_check_chain;
	struct ssa_text t = {}, *half;
	struct ssa_draft *draft;
	int err;

	err = ssa_read_value(v, is_key ? SSA_KEY_PEM_MAX : SSA_CHAIN_PEM_MAX, &t);
	if (!err)
		err = check(t.text, t.len);
	if (err)
		goto out;
	lock_sock(s->sk);
	err = -EOPNOTSUPP;
	if (!(ssa_at(s) & (SSA_AT_SETUP | SSA_AT_LISTEN)))
		goto unlock;
	err = -ENOMEM;
	draft = ssa_draft(s);
	if (!draft)
		goto unlock;
	half = is_key ? &draft->key : &draft->chain;
	swap(*half, t);
	err = ssa_complete(s, draft);
	if (err)
		swap(*half, t);
unlock:
	release_sock(s->sk);
out:
	ssa_text_free(&t);
	return err;
}

/*
 * TLS_CERTIFICATE_CHAIN: leaf first, then its issuers. Chain and key come in either
 * order and are in force once both are there; on a listener that already has a
 * pair, the old one is in force until then. A half that does not fit the other is
 * refused and the other one stays.
 */
int ssa_set_certificate_chain(struct ssa_sock *s, struct ssa_value *v)
{
	return ssa_set_half(s, v, false);
}

/* TLS_PRIVATE_KEY: PKCS#8, SEC1 or PKCS#1, not encrypted */
int ssa_set_private_key(struct ssa_sock *s, struct ssa_value *v)
{
	return ssa_set_half(s, v, true);
}

/* TLS_HOSTNAME: the name for which the next pair is set */
int ssa_set_hostname(struct ssa_sock *s, struct ssa_value *v)
{
	struct ssa_draft *draft;
	char *name;
	int err;

	if (!ssa_name_is_valid(v->data) || ssa_name_is_address(v->data))
		return -EINVAL;
	name = kstrdup(v->data, GFP_KERNEL_ACCOUNT);
	if (!name)
		return -ENOMEM;
	lock_sock(s->sk);
	err = -EOPNOTSUPP;
	if (!(ssa_at(s) & (SSA_AT_SETUP | SSA_AT_LISTEN)))
		goto out;
	err = -ENOMEM;
	draft = ssa_draft(s);
	if (!draft)
		goto out;
	swap(draft->name, name);
	err = 0;
out:
	release_sock(s->sk);
	kfree(name);
	return err;
}

static int ssa_change_trusted(struct ssa_setup *setup, void *arg)
{
	ssa_trust_store_put(setup->extra);
	setup->extra = ssa_trust_store_get(arg);
	return 0;
}

/* TLS_TRUSTED_PEER_CERTIFICATES: authorities that are trusted besides the system's */
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
	err = ssa_setup_change(s, SSA_AT_SETUP, ssa_change_trusted, store);
	ssa_trust_store_put(store);
	return err;
}
