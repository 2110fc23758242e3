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
#include <linux/sockptr.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include "ssa_sock.h"

#define SSA_PEM_BEGIN	"-----BEGIN"

/**
 * struct ssa_text - a PEM text
 * @text: it, kvmalloc'ed; not NUL-terminated
 * @len: bytes
 */
struct ssa_text {
	char	*text;
	size_t	len;
};

static void ssa_text_free(struct ssa_text *t)
{
	kvfree_sensitive(t->text, t->len);
	t->text = NULL;
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
	out->text = text;
	out->len = len;
	return 0;
}

/*
 * The value of an option: PEM text of at most @max bytes, or the path of a file
 * with one; with or without a final NUL.
 */
static int ssa_read_value(sockptr_t val, unsigned int len, size_t max, struct ssa_text *out)
{
	char *text;
	int err;

	if (len == 0)
		return -EINVAL;
	if (len > max + 1)
		return -E2BIG;
	text = kvmalloc(len + 1, GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	err = -EFAULT;
	if (copy_from_sockptr(text, val, len))
		goto out;
	if (text[len - 1] == '\0')
		len--;
	text[len] = '\0';
	if (len >= strlen(SSA_PEM_BEGIN) && !memcmp(text, SSA_PEM_BEGIN, strlen(SSA_PEM_BEGIN))) {
		out->text = text;
		out->len = len;
		return 0;
	}
	err = -EINVAL;
	if (len == 0 || strlen(text) != len)
		goto out;
	err = -ENAMETOOLONG;
	if (len >= PATH_MAX)
		goto out;
	err = ssa_read_path(text, max, out);
out:
	kvfree_sensitive(text, len + 1);
	return err;
}

/* lock_sock() held. The halves are complete: do they fit? */
static int ssa_complete(struct ssa_sock *s)
{
	struct ssa_setup *setup = s->setup;
	struct ssa_credentials *cred, *old;

	if (!setup->chain || !setup->key)
		return 0;
	cred = ssa_credentials_new(setup->chain, setup->chain_len, setup->key, setup->key_len);
	if (IS_ERR(cred))
		return PTR_ERR(cred);
	spin_lock(&s->lock);
	old = setup->cred;
	setup->cred = cred;
	spin_unlock(&s->lock);
	ssa_credentials_put(old);
	kvfree(setup->chain);
	kvfree_sensitive(setup->key, setup->key_len);
	setup->chain = NULL;
	setup->key = NULL;
	return 0;
}

/* The phases in which credentials may be set: a listener can renew them. */
static bool ssa_may_set(const struct ssa_sock *s)
{
	return s->setup && (s->state == SSA_S_IDLE || s->state == SSA_S_LISTEN);
}

/**
 * ssa_set_certificate_chain - TLS_CERTIFICATE_CHAIN: leaf first, then its issuers
 * @s: the socket
 * @val: PEM text or path
 * @len: bytes of @val
 *
 * Chain and key come in either order and are in force once both are there; on a
 * listener that already has a pair, the old one is in force until then. A half
 * that does not fit the other is refused and the other one stays.
 *
 * Context: process, may sleep; reads a file; takes lock_sock().
 * Return: 0; -EINVAL, -E2BIG, -EOPNOTSUPP: not acceptable; -EKEYREJECTED: not that
 * of the key; or the error of reading.
 */
int ssa_set_certificate_chain(struct ssa_sock *s, sockptr_t val, unsigned int len)
{
	struct ssa_text t = {};
	int err;

	err = ssa_read_value(val, len, SSA_PEM_MAX, &t);
	if (!err)
		err = ssa_credentials_check_chain(t.text, t.len);
	if (err)
		goto out;
	lock_sock(s->sk);
	if (ssa_may_set(s)) {
		swap(s->setup->chain, t.text);
		swap(s->setup->chain_len, t.len);
		err = ssa_complete(s);
		if (err) {
			swap(s->setup->chain, t.text);
			swap(s->setup->chain_len, t.len);
		}
	} else {
		err = -EOPNOTSUPP;
	}
	release_sock(s->sk);
out:
	ssa_text_free(&t);
	return err;
}

/**
 * ssa_set_private_key - TLS_PRIVATE_KEY: PKCS#8, SEC1 or PKCS#1, not encrypted
 * @s: the socket
 * @val: PEM text or path
 * @len: bytes of @val
 *
 * See ssa_set_certificate_chain().
 *
 * Context: process, may sleep; reads a file; takes lock_sock().
 * Return: as ssa_set_certificate_chain().
 */
int ssa_set_private_key(struct ssa_sock *s, sockptr_t val, unsigned int len)
{
	struct ssa_text t = {};
	int err;

	err = ssa_read_value(val, len, SSA_KEY_PEM_MAX, &t);
	if (!err)
		err = ssa_credentials_check_key(t.text, t.len);
	if (err)
		goto out;
	lock_sock(s->sk);
	if (ssa_may_set(s)) {
		swap(s->setup->key, t.text);
		swap(s->setup->key_len, t.len);
		err = ssa_complete(s);
		if (err) {
			swap(s->setup->key, t.text);
			swap(s->setup->key_len, t.len);
		}
	} else {
		err = -EOPNOTSUPP;
	}
	release_sock(s->sk);
out:
	ssa_text_free(&t);
	return err;
}

/**
 * ssa_set_trusted - TLS_TRUSTED_PEER_CERTIFICATES: authorities that are trusted
 * besides the system's
 * @s: the socket
 * @val: PEM text or path
 * @len: bytes of @val
 *
 * Context: process, may sleep; reads a file; takes lock_sock().
 * Return: 0; -EINVAL: nothing usable in it; -E2BIG; or the error of reading.
 */
int ssa_set_trusted(struct ssa_sock *s, sockptr_t val, unsigned int len)
{
	struct ssa_trust_store *store;
	struct ssa_text t = {};
	int err;

	err = ssa_read_value(val, len, SSA_PEM_MAX, &t);
	if (err)
		return err;
	store = ssa_trust_store_parse(t.text, t.len);
	ssa_text_free(&t);
	if (IS_ERR(store))
		return PTR_ERR(store);
	err = -EOPNOTSUPP;
	lock_sock(s->sk);
	if (s->setup && s->state == SSA_S_IDLE) {
		swap(s->setup->extra, store);
		err = 0;
	}
	release_sock(s->sk);
	ssa_trust_store_put(store);
	return err;
}
