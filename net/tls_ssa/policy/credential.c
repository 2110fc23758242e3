// SPDX-License-Identifier: GPL-2.0
/*
 * The administrator's certificates and keys. Chain and key come in either order: what
 * does not fit the other half yet waits as a draft, and the old pair stays in force, so
 * that one after the other can be renewed without a gap. They act on all sockets whose
 * policy names them, also on those that are listening; a handshake that has begun goes
 * on with what it began with.
 *
 * The key does not leave the kernel: nothing here gives it back.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/time64.h>
#include "../cert/identity.h"
#include "../cert/x509.h"
#include "credential.h"
#include "file.h"
#include "words.h"

#define SSA_IDENTITY_MAX 2048	/* bytes of a certificate's names, as info shows them */

/* ----------------------------------------------------------------------- pairs */

void ssa_pair_free(struct ssa_pair *p)
{
	if (!p)
		return;
	ssa_text_free(&p->chain);
	ssa_text_free(&p->key);
	ssa_credentials_put(p->cred);
	kfree(p->names);
	kfree(p);
}

static bool ssa_text_copy(struct ssa_text *to, const struct ssa_text *from)
{
	if (!from->text)
		return true;
	to->text = kvmemdup(from->text, from->len, GFP_KERNEL);
	to->len = from->len;
	return to->text;
}

/* Another one with the same texts, but not put together; @from: or NULL */
struct ssa_pair *ssa_pair_copy(const struct ssa_pair *from)
{
	struct ssa_pair *p = kzalloc(sizeof(*p), GFP_KERNEL);

	if (!p || !from)
		return p;
	if (from->names)
		p->names = kstrdup(from->names, GFP_KERNEL);
	if (ssa_text_copy(&p->chain, &from->chain) && ssa_text_copy(&p->key, &from->key) &&
	    !!p->names == !!from->names)
		return p;
	ssa_pair_free(p);
	return NULL;
}

/* @text: what was refused with @err; @is_key: as the key */
int ssa_pair_complain(int err, const struct ssa_text *text, bool is_key,
		      struct ssa_complaint *why)
{
	enum ssa_reason fault;

	if (err == -ENOMEM)
		return err;
	fault = ssa_credentials_fault(text->text, text->len, is_key, err);
	return ssa_complain(why, "%s: %s", is_key ? "key" : "chain", ssa_reason_desc(fault)->text);
}

/* The next name of @list, which is moved on. 0: there is none; else bytes of it */
static size_t ssa_next_name(const char **list, char name[SSA_NAME_MAX + 3])
{
	size_t len = strcspn(*list, " ");

	strscpy(name, *list, min_t(size_t, len + 1, SSA_NAME_MAX + 3));
	*list += len + ((*list)[len] == ' ');
	return len;
}

/*
 * Another set, with a pair for its names; @set: what it is to extend, or NULL; not changed.
 * ERR_PTR: as ssa_cred_set_add(), and *@why says for which name.
 */
static struct ssa_cred_set *ssa_pair_add(struct ssa_cred_set *set, const struct ssa_pair *pair,
					 struct ssa_complaint *why)
{
	const char *names = pair->names;
	char name[SSA_NAME_MAX + 3] = "";
	struct ssa_cred_set *more;

	ssa_cred_set_get(set);
	do {
		if (names)
			ssa_next_name(&names, name);
		more = ssa_cred_set_add(set, pair->cred, pair->names ? name : NULL);
		ssa_cred_set_put(set);
		if (IS_ERR(more)) {
			if (PTR_ERR(more) == -EKEYREJECTED)
				ssa_complain(why, "names: the certificate is not for %s", name);
			else if (PTR_ERR(more) != -ENOMEM)
				ssa_complain(why, "more names or certificates than fit");
			return more;
		}
		set = more;
	} while (names && *names);
	return set;
}

/* If chain and key fit, they become a pair; if not, that is no error. */
int ssa_pair_complete(struct ssa_pair *p, struct ssa_complaint *why)
{
	struct ssa_credentials *cred;
	struct ssa_cred_set *set;

	if (!p->chain.text || !p->key.text)
		return 0;
	cred = ssa_credentials_new(p->chain.text, p->chain.len, p->key.text, p->key.len);
	if (PTR_ERR_OR_ZERO(cred) == -EKEYREJECTED)
		return 0;
	if (IS_ERR(cred))
		return ssa_pair_complain(PTR_ERR(cred), &p->chain, false, why);
	p->cred = cred;
	set = ssa_pair_add(NULL, p, why);
	if (IS_ERR(set))
		return PTR_ERR(set) == -ENOMEM ? -ENOMEM : -EINVAL;
	ssa_cred_set_put(set);
	return 0;
}

/* ---------------------------------------------------------------- what is read */

/**
 * ssa_credential_show_names - the names that were written
 * @c: the credential
 * @page: result: a line; empty: all names of the certificate
 * @size: room in it
 *
 * Context: process; takes ssa_admin.lock.
 * Return: bytes in @page.
 */
ssize_t ssa_credential_show_names(struct ssa_credential *c, char *page, size_t size)
{
	const struct ssa_pair *pair;
	ssize_t len;

	mutex_lock(&c->admin->lock);
	pair = ssa_credential_latest(c);
	len = scnprintf(page, size, "%s\n", pair && pair->names ? pair->names : "");
	mutex_unlock(&c->admin->lock);
	return len;
}

static const char *ssa_key_name(enum ssa_key_type type)
{
	static const char * const names[] = {
		[SSA_KEY_RSA] = "RSA", [SSA_KEY_EC_P256] = "ECDSA P-256",
		[SSA_KEY_EC_P384] = "ECDSA P-384", [SSA_KEY_EC_P521] = "ECDSA P-521",
		[SSA_KEY_ED25519] = "Ed25519", [SSA_KEY_RSA_PSS] = "RSA-PSS",
	};

	return type < ARRAY_SIZE(names) ? names[type] : NULL;
}

static ssize_t ssa_show_time(const char *what, s64 seconds, char *page, size_t size)
{
	struct tm tm;

	time64_to_tm(seconds, 0, &tm);
	return scnprintf(page, size, "%s=%04ld-%02d-%02d %02d:%02d:%02d UTC\n", what,
			 tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
			 tm.tm_sec);
}

/* Who the leaf is for, from when to when, and with what kind of key */
static ssize_t ssa_show_leaf(const struct ssa_credentials *cred, char *page, size_t size)
{
	const struct ssa_cert *leaf = &ssa_credentials_chain(cred)->cert[0];
	struct ssa_text_out out = {};
	struct ssa_x509 cert;
	ssize_t len;

	if (ssa_x509_parse(&cert, leaf->der, leaf->len))
		return 0;
	ssa_identity_write(&out, &cert);
	if (out.len < SSA_IDENTITY_MAX) {
		out = (struct ssa_text_out){ .p = page };
		ssa_identity_write(&out, &cert);
	} else {
		out.len = scnprintf(page, size, "subject=(too long)\n");
	}
	len = out.len;
	len += ssa_show_time("not_before", cert.not_before, page + len, size - len);
	len += ssa_show_time("not_after", cert.not_after, page + len, size - len);
	len += scnprintf(page + len, size - len, "key=%s\n",
			 ssa_key_name(ssa_private_key_type(ssa_credentials_key(cred))));
	return len;
}

static const char *ssa_credential_state(const struct ssa_credential *c)
{
	const struct ssa_pair *draft = c->draft;

	if (!draft)
		return c->now ? "in force" : "empty";
	if (draft->cred)
		return "waits for the end of the transaction";
	if (!draft->key.text)
		return "waits for the key";
	if (!draft->chain.text)
		return "waits for the chain";
	return c->now ? "chain and key do not fit, the earlier pair stays in force" :
			"chain and key do not fit";
}

/**
 * ssa_credential_show_info - what is in force, and what is not yet
 * @c: the credential
 * @page: result: a line for the state; then the certificate's names, dates and key, if
 *	  one is in force
 * @size: room in it, at least a page
 *
 * Context: process; takes ssa_admin.lock.
 * Return: bytes in @page.
 */
ssize_t ssa_credential_show_info(struct ssa_credential *c, char *page, size_t size)
{
	ssize_t len;

	mutex_lock(&c->admin->lock);
	len = scnprintf(page, size, "state=%s\n", ssa_credential_state(c));
	if (c->now)
		len += ssa_show_leaf(c->now->cred, page + len, size - len);
	mutex_unlock(&c->admin->lock);
	return len;
}

/* ------------------------------------------------------------------ directories */

/**
 * ssa_credential_init - an empty one
 * @admin: whose it is
 * @c: the credential
 * @name: of its directory
 *
 * Context: any.
 */
void ssa_credential_init(struct ssa_admin *admin, struct ssa_credential *c, const char *name)
{
	memset(c, 0, sizeof(*c));
	c->admin = admin;
	INIT_LIST_HEAD(&c->node);
	strscpy(c->name, name, sizeof(c->name));
}

/**
 * ssa_credential_exit - free what it has
 * @c: not in any list
 *
 * Context: process, may sleep.
 */
void ssa_credential_exit(struct ssa_credential *c)
{
	ssa_pair_free(c->draft);
	ssa_pair_free(c->now);
}

/**
 * ssa_credential_add - a directory was made
 * @c: its credential
 *
 * Context: process; takes ssa_admin.lock.
 */
void ssa_credential_add(struct ssa_credential *c)
{
	mutex_lock(&c->admin->lock);
	list_add_tail(&c->node, &c->admin->credentials);
	mutex_unlock(&c->admin->lock);
}

/* ---------------------------------------------------------------- for commit.c */

static struct ssa_credential *ssa_credential_named(struct ssa_admin *admin, const char *name,
						   size_t len)
{
	struct ssa_credential *c;

	list_for_each_entry(c, &admin->credentials, node) {
		if (strlen(c->name) == len && !memcmp(c->name, name, len))
			return c;
	}
	return NULL;
}

static int ssa_add_credential(struct ssa_cred_set **set, const struct ssa_credential *c,
			      bool drafts, struct ssa_complaint *why)
{
	const struct ssa_pair *pair = c->now;
	struct ssa_complaint text = {};
	struct ssa_cred_set *more;

	if (drafts && c->draft && c->draft->cred)
		pair = c->draft;
	if (!pair)
		return 0;
	more = ssa_pair_add(*set, pair, &text);
	if (IS_ERR(more))
		return PTR_ERR(more) == -ENOMEM ? -ENOMEM :
		       ssa_complain(why, "credentials/%s: %s", c->name, text.text);
	ssa_cred_set_put(*set);
	*set = more;
	return 0;
}

/**
 * ssa_credentials_of - what a server shows that has set nothing
 * @admin: whose credentials
 * @v: values with the attribute "credential", whose elements are in order of preference
 * @drafts: also those that are not in force yet, if they are complete
 * @why: what is wrong
 *
 * Context: process, may sleep; ssa_admin.lock held.
 * Return: with a reference for the caller; NULL: there are none. ERR_PTR: -EINVAL and
 * *@why, -ENOMEM.
 */
struct ssa_cred_set *ssa_credentials_of(struct ssa_admin *admin, const struct ssa_values *v,
					bool drafts, struct ssa_complaint *why)
{
	const char *names = v->text[SSA_TEXT_CREDENTIAL];
	struct ssa_cred_set *set = NULL;
	struct ssa_credential *c;
	size_t len;
	int err = 0;

	if (!names)
		return NULL;
	if (!strcmp(names, SSA_ALL_CREDENTIALS)) {
		list_for_each_entry(c, &admin->credentials, node)
			err = err ?: ssa_add_credential(&set, c, drafts, why);
		names += strlen(names);
	}
	for (; *names && !err; names += len + (names[len] == ':')) {
		len = strcspn(names, ":");
		c = ssa_credential_named(admin, names, len);
		if (c)
			err = ssa_add_credential(&set, c, drafts, why);
	}
	if (!err)
		return set;
	ssa_cred_set_put(set);
	return ERR_PTR(err);
}

/**
 * ssa_credentials_known - are all that a profile names there?
 * @admin: whose credentials
 * @v: values with the attribute "credential"
 * @why: which is not
 *
 * Context: process; ssa_admin.lock held.
 * Return: 0; -EINVAL and *@why.
 */
int ssa_credentials_known(struct ssa_admin *admin, const struct ssa_values *v,
			  struct ssa_complaint *why)
{
	const char *names = v->text[SSA_TEXT_CREDENTIAL];
	size_t len;

	if (!names || !strcmp(names, SSA_ALL_CREDENTIALS))
		return 0;
	for (; *names; names += len + (names[len] == ':')) {
		len = strcspn(names, ":");
		if (!ssa_credential_named(admin, names, len))
			return ssa_complain(why, "credential: there is no credentials/%.*s",
					    (int)len, names);
	}
	return 0;
}

/**
 * ssa_credentials_complete - has every draft both halves?
 * @admin: whose credentials
 * @why: which has not
 *
 * Context: process; ssa_admin.lock held.
 * Return: 0; -EINVAL and *@why.
 */
int ssa_credentials_complete(struct ssa_admin *admin, struct ssa_complaint *why)
{
	struct ssa_credential *c;

	list_for_each_entry(c, &admin->credentials, node) {
		if (c->draft && !c->draft->cred)
			return ssa_complain(why, "credentials/%s: %s", c->name,
					    ssa_credential_state(c));
	}
	return 0;
}

/**
 * ssa_credentials_settle - complete drafts are in force
 * @admin: whose credentials
 *
 * Context: process, may sleep; ssa_admin.lock held.
 */
void ssa_credentials_settle(struct ssa_admin *admin)
{
	struct ssa_credential *c;

	list_for_each_entry(c, &admin->credentials, node) {
		if (!c->draft || !c->draft->cred)
			continue;
		ssa_pair_free(c->now);
		c->now = c->draft;
		c->draft = NULL;
	}
}

/**
 * ssa_credentials_abort - throw drafts away
 * @admin: whose credentials
 *
 * Context: process, may sleep; ssa_admin.lock held.
 */
void ssa_credentials_abort(struct ssa_admin *admin)
{
	struct ssa_credential *c;

	list_for_each_entry(c, &admin->credentials, node) {
		ssa_pair_free(c->draft);
		c->draft = NULL;
	}
}
