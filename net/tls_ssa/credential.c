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

typedef int (*ssa_check_fn)(const char *pem, size_t len);

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
	text = kvmalloc(len + 1, GFP_KERNEL_ACCOUNT);
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
	struct ssa_text *chain = &s->setup->chain, *key = &s->setup->key;
	struct ssa_credentials *cred, *old;

	if (!chain->text || !key->text)
		return 0;
	cred = ssa_credentials_new(chain->text, chain->len, key->text, key->len);
	if (IS_ERR(cred))
		return PTR_ERR(cred);
	spin_lock(&s->lock);
	old = s->setup->cred;
	s->setup->cred = cred;
	spin_unlock(&s->lock);
	ssa_credentials_put(old);
	ssa_text_free(chain);
	ssa_text_free(key);
	return 0;
}

/* The phases in which credentials may be set: a listener can renew them. */
static bool ssa_may_set(const struct ssa_sock *s)
{
	return s->setup && (s->state == SSA_S_IDLE || s->state == SSA_S_LISTEN);
}

/* One half of the pair: the chain or the key */
static int ssa_set_half(struct ssa_sock *s, sockptr_t val, unsigned int len, bool is_key)
{
	ssa_check_fn check = is_key ? ssa_credentials_check_key : ssa_credentials_check_chain;
	struct ssa_text t = {}, *half;
	int err;

	err = ssa_read_value(val, len, is_key ? SSA_KEY_PEM_MAX : SSA_CHAIN_PEM_MAX, &t);
	if (!err)
		err = check(t.text, t.len);
	if (err)
		goto out;
	lock_sock(s->sk);
	if (ssa_may_set(s)) {
		half = is_key ? &s->setup->key : &s->setup->chain;
		swap(*half, t);
		err = ssa_complete(s);
		if (err)
			swap(*half, t);
	} else {
		err = -EOPNOTSUPP;
	}
	release_sock(s->sk);
out:
	ssa_text_free(&t);
	return err;
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
	return ssa_set_half(s, val, len, false);
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
	return ssa_set_half(s, val, len, true);
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
