// SPDX-License-Identifier: GPL-2.0
/*
 * Certificates and keys that the application brings along: the text of a PEM file,
 * or its path; of a private key also the name of one in the kernel's keyrings. A
 * file is opened with the caller's own credentials, in the caller's own mount
 * namespace; only a private key in one of the policy's key_directories also with the
 * kernel's. It never leaves the kernel again. How chain and key become a pair is in
 * pair.c.
 */
#include <linux/err.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "../cert/text.h"
#include "../option.h"
#include "../policy/file.h"
#include "../settings.h"
#include "../sock.h"
#include "../sock_settings.h"
#include "keyring.h"
#include "pair.h"
#include "sockopt.h"

#define SSA_PEM_BEGIN	"-----BEGIN"

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

/**
 * ssa_set_certificate_chain - TLS_CERTIFICATE_CHAIN: leaf first, then its issuers
 * @s: the socket
 * @v: PEM text or path
 *
 * Chain and key come in either order and are in force once both are there: instead
 * of an earlier pair with the same name and type of key, beside all others. What is
 * going on when a listener gets a new pair goes on with the old one. See pair.c for
 * what comes of a half that is refused.
 *
 * Context: process, may sleep; reads a file; takes lock_sock().
 * Return: 0; -EINVAL, -E2BIG, -EOPNOTSUPP: not acceptable; -EKEYREJECTED: not that
 * of the key, or not for the name that TLS_HOSTNAME has said; or the error of reading.
 */
int ssa_set_certificate_chain(struct ssa_sock *s, struct ssa_value *v)
{
	struct ssa_text chain = {};
	int err;

	err = ssa_read_value(v, SSA_CHAIN_PEM_MAX, &chain);
	return ssa_draft_half(s, false, &chain, err);
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
	struct ssa_text key = {};
	int err;

	err = ssa_read_key(s, v, &key);
	return ssa_draft_half(s, true, &key, err);
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
	char *name;

	if (!ssa_is_server_name(v->data))
		return ssa_option_refused(s, SSA_R_BAD_HOST_NAME, -EINVAL);
	name = kstrdup(v->data, GFP_KERNEL_ACCOUNT);
	return name ? ssa_draft_for_name(s, name) : -ENOMEM;
}

/* ----------------------------------------------------------------- trust */

/* ssa_setup_fn */
static int ssa_put_trusted(struct ssa_setup *setup, void *arg)
{
	struct ssa_trust_store **store = arg;

	swap(setup->extra, *store);
	return ssa_setup_adds_trust(setup, setup->policy) ? -EACCES : 0;
}

/* ssa_setup_fn */
static int ssa_put_trusted_only(struct ssa_setup *setup, void *arg)
{
	setup->trusted_only = *(int *)arg;
	return ssa_setup_adds_trust(setup, setup->policy) ? -EACCES : 0;
}

/**
 * ssa_set_trusted_only - TLS_TRUSTED_ONLY: TLS_TRUSTED_PEER_CERTIFICATES are not added to
 * the system's, but alone
 * @s: the socket
 * @v: 0 or 1
 *
 * Where the policy lets programs choose whom they trust, they stand instead of its own
 * anchors; where it does not, a peer has to satisfy both. So it is never less strict, and
 * no policy forbids it, nor TLS_TRUSTED_PEER_CERTIFICATES after it.
 *
 * Context: process, may sleep; takes lock_sock().
 * Return: 0; -EINVAL; -EACCES: 0, and the policy does not allow what was set meanwhile.
 */
int ssa_set_trusted_only(struct ssa_sock *s, struct ssa_value *v)
{
	int only = *(int *)v->data;

	if (only != 0 && only != 1)
		return -EINVAL;
	return ssa_setup_change(s, SSA_AT_SETUP, ssa_put_trusted_only, &only);
}

/**
 * ssa_get_trusted_only - TLS_TRUSTED_ONLY
 * @s: the socket
 * @a: 0 or 1
 *
 * Context: process, may sleep.
 * Return: 0; -EOPNOTSUPP: not any more; -ENOMEM.
 */
int ssa_get_trusted_only(struct ssa_sock *s, struct ssa_answer *a)
{
	struct ssa_setup *setup = ssa_setup_take(s);
	int err;

	if (!setup)
		return -EOPNOTSUPP;
	err = ssa_answer_int(a, setup->trusted_only);
	ssa_setup_put(setup);
	return err;
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
	if (IS_ERR(store))
		err = ssa_option_refused(s, ssa_credentials_fault(t.text, t.len, false,
								  PTR_ERR(store)),
					 PTR_ERR(store));
	ssa_text_free(&t);
	if (err)
		return err;
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
