// SPDX-License-Identifier: GPL-2.0
/*
 * The administrator's certificates and keys are written: see credential.c.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "credential.h"
#include "file.h"
#include "words.h"

#define SSA_PEM_BEGIN	"-----BEGIN"

/* -------------------------------------------------------------- what is written */

static bool ssa_text_is_pem(const char *text)
{
	const char *p = strstr(text, SSA_PEM_BEGIN);

	return p && (p == text || p[-1] == '\n');
}

static int ssa_credential_read_path(const char *what, const char *path, size_t max,
				    struct ssa_text *out, struct ssa_complaint *why)
{
	void *text;
	ssize_t len;

	len = ssa_file_read_caller(path, max, &text);
	if (len == -ENOMEM)
		return len;
	if (len < 0)
		return ssa_complain(why, "%s: %s %s", what, path, ssa_file_error(len));
	out->text = kvmemdup(text, len, GFP_KERNEL);
	out->len = len;
	kvfree_sensitive(text, len);
	return out->text ? 0 : -ENOMEM;
}

/* @text: PEM, or the path of a file with it; as the writer can read it */
static int ssa_credential_read(const char *what, const char *text, size_t len, size_t max,
			       struct ssa_text *out, struct ssa_complaint *why)
{
	char *copy = kmemdup_nul(text, len, GFP_KERNEL), *path;
	int err;

	if (!copy)
		return -ENOMEM;
	if (ssa_text_is_pem(copy)) {
		out->text = copy;
		out->len = len;
		return 0;
	}
	path = strim(copy);
	if (path[0] == '/' && strlen(path) < PATH_MAX)
		err = ssa_credential_read_path(what, path, max, out, why);
	else
		err = ssa_complain(why, "%s: takes an absolute path, or PEM text", what);
	kfree_sensitive(copy);
	return err;
}

/* lock held; @pair: consumed. In force if it is complete and no transaction is open. */
static int ssa_credential_put(struct ssa_credential *c, struct ssa_pair *pair,
			      struct ssa_complaint *why)
{
	struct ssa_pair *before = c->draft;
	int err;

	err = ssa_pair_complete(pair, why);
	if (err) {
		ssa_pair_free(pair);
		return err;
	}
	c->draft = pair;
	if (!c->admin->open && pair->cred)
		err = ssa_commit_credentials(c->admin, why);
	if (err) {
		c->draft = before;
		ssa_pair_free(pair);
		return err;
	}
	ssa_pair_free(before);
	return 0;
}

static int ssa_credential_write_half(struct ssa_credential *c, bool is_key, const char *text,
				     size_t len)
{
	const char *what = is_key ? "key" : "chain";
	struct ssa_complaint why = {};
	struct ssa_text half = {};
	struct ssa_pair *pair;
	int err;

	err = ssa_credential_read(what, text, len, is_key ? SSA_KEY_PEM_MAX : SSA_CHAIN_PEM_MAX,
				  &half, &why);
	if (!err) {
		err = is_key ? ssa_credentials_check_key(half.text, half.len) :
			       ssa_credentials_check_chain(half.text, half.len);
		if (err)
			err = ssa_pair_complain(err, &half, is_key, &why);
	}
	mutex_lock(&c->admin->lock);
	if (!err) {
		pair = ssa_pair_copy(ssa_credential_latest(c));
		err = -ENOMEM;
		if (pair) {
			swap(*(is_key ? &pair->key : &pair->chain), half);
			err = ssa_credential_put(c, pair, &why);
		}
	}
	err = ssa_admin_note(c->admin, c->name, &c->last_error, &why, err);
	mutex_unlock(&c->admin->lock);
	ssa_text_free(&half);
	return err;
}

/**
 * ssa_credential_write_chain - certificates, leaf first
 * @c: the credential
 * @text: PEM, or the absolute path of a file with it
 * @len: bytes of @text
 *
 * Context: process, may sleep; reads a file as the writer can; takes ssa_admin.lock.
 * Return: 0: in force, or waits for its key or the end of the transaction; -EINVAL: see
 * last_error, and nothing has changed; -ENOMEM.
 */
int ssa_credential_write_chain(struct ssa_credential *c, const char *text, size_t len)
{
	return ssa_credential_write_half(c, false, text, len);
}

/**
 * ssa_credential_write_key - the private key
 * @c: the credential
 * @text: PEM, not encrypted; or the absolute path of a file with it
 * @len: bytes of @text
 *
 * Context: process, may sleep; reads a file as the writer can; takes ssa_admin.lock.
 * Return: as ssa_credential_write_chain().
 */
int ssa_credential_write_key(struct ssa_credential *c, const char *text, size_t len)
{
	return ssa_credential_write_half(c, true, text, len);
}

/* @names: result: kmalloc'ed, with ' ' between them; NULL: none */
static int ssa_parse_names(const char *text, size_t len, char **names, struct ssa_complaint *why)
{
	struct ssa_word word, rest = ssa_words_trim(text, len);
	char name[SSA_NAME_MAX + 3], quoted[SSA_WORD_QUOTED];
	size_t at = 0;

	*names = NULL;
	if (!rest.len)
		return 0;
	*names = kzalloc(rest.len + 1, GFP_KERNEL);
	if (!*names)
		return -ENOMEM;
	while (ssa_words_next(&rest, &word)) {
		if (word.len >= sizeof(name) ||
		    strscpy(name, word.at, word.len + 1) == 0 || !ssa_is_server_name(name)) {
			kfree(*names);
			*names = NULL;
			return ssa_complain(why, "names: \"%s\" is no host name",
					    ssa_word_quote(&word, quoted));
		}
		if (at)
			(*names)[at++] = ' ';
		memcpy(*names + at, word.at, word.len);
		at += word.len;
	}
	return 0;
}

/**
 * ssa_credential_write_names - for which host names it is
 * @c: the credential
 * @text: host names, or "*." and a host name; nothing but white space: for all names of
 *	  the certificate
 * @len: bytes of @text
 *
 * Context: process, may sleep; takes ssa_admin.lock.
 * Return: as ssa_credential_write_chain().
 */
int ssa_credential_write_names(struct ssa_credential *c, const char *text, size_t len)
{
	struct ssa_complaint why = {};
	struct ssa_pair *pair;
	char *names;
	int err;

	err = ssa_parse_names(text, len, &names, &why);
	mutex_lock(&c->admin->lock);
	if (!err) {
		pair = ssa_pair_copy(ssa_credential_latest(c));
		err = -ENOMEM;
		if (pair) {
			swap(pair->names, names);
			err = ssa_credential_put(c, pair, &why);
		}
	}
	err = ssa_admin_note(c->admin, c->name, &c->last_error, &why, err);
	mutex_unlock(&c->admin->lock);
	kfree(names);
	return err;
}

/**
 * ssa_credential_remove - a directory is gone
 * @c: its credential; out of force from here on, but for lack of memory: then with the
 *     next change
 *
 * Context: process, may sleep; takes ssa_admin.lock.
 */
void ssa_credential_remove(struct ssa_credential *c)
{
	struct ssa_complaint why = {};

	mutex_lock(&c->admin->lock);
	list_del_init(&c->node);
	if (c->now && ssa_commit_credentials(c->admin, &why))
		pr_warn("tls_ssa: credential %s stays in force until the next change\n", c->name);
	mutex_unlock(&c->admin->lock);
}
