// SPDX-License-Identifier: GPL-2.0-only
/*
 * The credentials of a socket, found by the name that the peer asks for (RFC 6066
 * 3). A set is constant: adding makes a new one, which shares names and credentials
 * with the old one, so that a handshake goes on with what it has found while a
 * listener gets new certificates.
 *
 * Names come out of certificates, which others may have asked for, and out of
 * handshakes. They are hashed with a secret key, so that nobody can make them meet
 * in one place of the table.
 */
#include <kunit/visibility.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/random.h>
#include <linux/refcount.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "name.h"
#include "x509.h"

#define NAMES_MAX	32768

/**
 * struct host - a name that credentials are for
 * @refcount: entries of sets that have it
 * @hash: of the name
 * @len: bytes of the name
 * @name: in lower case, without a final dot; "*.example.com"; or empty, which stands
 *	  for certificates without names
 */
struct host {
	refcount_t refcount;
	u64 hash;
	u8 len;
	u8 name[];
};

/**
 * struct entry - a place of the table
 * @host: the name, or NULL: free
 * @slot: its credentials by the type of the key (SSA_KEY_RSA is the first), as
 *	  numbers in ssa_cred_set.slot; 0: none
 */
struct entry {
	struct host *host;
	u16 slot[SSA_CRED_CANDIDATES_MAX];
};

/**
 * struct slot - credentials of a set
 * @cred: NULL: free
 * @uses: how often entries name it
 */
struct slot {
	struct ssa_credentials *cred;
	u32 uses;
};

/**
 * struct ssa_cred_set - credentials, and the names that they are for
 * @refcount: references
 * @count: slots in use
 * @slots: in @slot; the first one is never in use, so that 0 can say "none"
 * @names: entries in use
 * @mask: entries in @entry, a power of two of at least twice @names, minus 1
 * @key: of the hash
 * @fallback: name of the credentials for those who name none that is here
 * @slot: the credentials
 * @entry: the names, open addressing; none is ever removed
 */
struct ssa_cred_set {
	refcount_t refcount;
	u32 count;
	u32 slots;
	u32 names;
	u32 mask;
	siphash_key_t key;
	const struct host *fallback;
	struct slot *slot;
	struct entry *entry;
};

static u64 hash_name(const struct ssa_cred_set *set, const u8 *name, size_t len)
{
	return siphash(name, len, &set->key);
}

/* The entry with this name, or the free one where it belongs */
static struct entry *find_entry(const struct ssa_cred_set *set, u64 hash,
				const u8 *name, size_t len)
{
	struct entry *e;
	u32 i;

	for (i = hash & set->mask;; i = (i + 1) & set->mask) {
		e = &set->entry[i];
		if (!e->host || (e->host->hash == hash && e->host->len == len &&
				 !memcmp(e->host->name, name, len)))
			return e;
	}
}

/* Lower case and without a final dot. Bytes in @out, 0: longer than any name. */
static size_t fold_name(const u8 *name, size_t len, u8 out[SSA_NAME_MAX])
{
	size_t i;

	if (len && name[len - 1] == '.')
		len--;
	if (len > SSA_NAME_MAX)
		return 0;
	for (i = 0; i < len; i++)
		out[i] = ssa_dns_lower(name[i]);
	return len;
}

static void put_host(struct host *host)
{
	if (refcount_dec_and_test(&host->refcount))
		kfree(host);
}

static void free_set(struct ssa_cred_set *set)
{
	u32 i;

	for (i = 0; set->entry && i <= set->mask; i++) {
		if (set->entry[i].host)
			put_host(set->entry[i].host);
	}
	for (i = 0; set->slot && i < set->slots; i++)
		ssa_credentials_put(set->slot[i].cred);
	kvfree(set->entry);
	kvfree(set->slot);
	kfree(set);
}

/* Room for one more credential with so many names */
static struct ssa_cred_set *new_set(u32 slots, u32 names)
{
	struct ssa_cred_set *set = kzalloc(sizeof(*set), GFP_KERNEL_ACCOUNT);
	u32 size = roundup_pow_of_two(2 * names);

	if (!set)
		return NULL;
	refcount_set(&set->refcount, 1);
	set->slots = slots;
	set->mask = size - 1;
	set->slot = kvcalloc(slots, sizeof(*set->slot), GFP_KERNEL_ACCOUNT);
	set->entry = kvcalloc(size, sizeof(*set->entry), GFP_KERNEL_ACCOUNT);
	if (!set->slot || !set->entry) {
		free_set(set);
		return NULL;
	}
	return set;
}

/* What @old has, into @set, a new one with the room for it */
static void copy_set(struct ssa_cred_set *set, const struct ssa_cred_set *old)
{
	const struct entry *from;
	u32 i;

	set->key = old->key;
	set->fallback = old->fallback;
	set->count = old->count;
	set->names = old->names;
	for (i = 0; i < old->slots; i++) {
		set->slot[i] = old->slot[i];
		ssa_credentials_get(set->slot[i].cred);
	}
	for (i = 0; i <= old->mask; i++) {
		from = &old->entry[i];
		if (!from->host)
			continue;
		refcount_inc(&from->host->refcount);
		*find_entry(set, from->host->hash, from->host->name, from->host->len) = *from;
	}
}

static u32 free_slot(const struct ssa_cred_set *set)
{
	u32 i;

	for (i = 1; set && i < set->slots && set->slot[i].cred; i++)
		;
	return i;
}

static void unuse_slot(struct ssa_cred_set *set, u32 i)
{
	struct slot *slot = &set->slot[i];

	if (--slot->uses)
		return;
	ssa_credentials_put(slot->cred);
	slot->cred = NULL;
	set->count--;
}

static struct host *new_host(u64 hash, const u8 *name, size_t len)
{
	struct host *host = kmalloc(struct_size(host, name, len), GFP_KERNEL_ACCOUNT);

	if (!host)
		return NULL;
	refcount_set(&host->refcount, 1);
	host->hash = hash;
	host->len = len;
	memcpy(host->name, name, len);
	return host;
}

/* The credentials in @slot are for this name, too. */
static int add_name(struct ssa_cred_set *set, u32 slot, const u8 *text, size_t text_len)
{
	const struct ssa_private_key *key = ssa_credentials_key(set->slot[slot].cred);
	u8 name[SSA_NAME_MAX];
	size_t len = fold_name(text, text_len, name);
	u64 hash = hash_name(set, name, len);
	struct entry *e = find_entry(set, hash, name, len);
	u16 *place = &e->slot[ssa_private_key_type(key) - SSA_KEY_RSA];

	if (!e->host) {
		e->host = new_host(hash, name, len);
		if (!e->host)
			return -ENOMEM;
		set->names++;
		/* certificates without names serve those who name none */
		if (!set->fallback || !len)
			set->fallback = e->host;
	}
	set->slot[slot].uses++;
	if (*place)
		unuse_slot(set, *place);
	*place = slot;
	return 0;
}

/* The next dNSName that a name can match */
static bool next_name(struct ssa_der *san, struct ssa_der *name)
{
	bool wildcard;
	u8 tag;

	while (ssa_der_any(san, &tag, name)) {
		if (tag == SSA_NAME_DNS && name->left <= SSA_NAME_MAX &&
		    ssa_dns_is_presented(name, &wildcard))
			return true;
	}
	return false;
}

static u32 count_names(const struct ssa_x509 *cert)
{
	struct ssa_der san = cert->san, name;
	u32 count = 0;

	while (next_name(&san, &name))
		count++;
	return count;
}

static int add_names(struct ssa_cred_set *set, u32 slot, const struct ssa_x509 *cert)
{
	struct ssa_der san = cert->san, name;
	int err;

	while (next_name(&san, &name)) {
		err = add_name(set, slot, name.p, name.left);
		if (err)
			return err;
	}
	return 0;
}

/* A host that the certificate is for, or one of its names as it is written */
static bool has_name(const struct ssa_x509 *cert, const char *name)
{
	size_t len = strnlen(name, SSA_NAME_MAX + 1);
	struct ssa_der san = cert->san, presented;

	if (ssa_name_is_address(name))
		return false;
	if (ssa_name_matches(cert, name))
		return true;
	while (next_name(&san, &presented)) {
		if (presented.left == len && ssa_dns_equal(presented.p, (const u8 *)name, len))
			return true;
	}
	return false;
}

/**
 * ssa_cred_set_add - a set, and credentials that it does not have yet
 * @old: the set, not changed; or NULL: an empty one
 * @cred: credentials; the new set takes a reference of its own
 * @name: NUL-terminated, the only name that they are for: a host of the certificate or
 *	  one of its names, "*.example.com"; or NULL: all dNSNames of the certificate
 *
 * They take the place of those with the same name and type of key; what has no
 * name left is not in the new set. The cost is that of copying a few bytes for
 * each name and credential in @old.
 *
 * Context: Process context, may sleep.
 * Return: the new set with one reference, or ERR_PTR: -E2BIG more than
 * SSA_CRED_SET_MAX credentials or 32768 names, -EKEYREJECTED @name is not among the
 * names of the certificate, -EINVAL malformed, -ENOMEM.
 */
struct ssa_cred_set *ssa_cred_set_add(const struct ssa_cred_set *old,
				      struct ssa_credentials *cred, const char *name)
{
	const struct ssa_cert *leaf = &ssa_credentials_chain(cred)->cert[0];
	u32 names, slot = free_slot(old);
	struct ssa_cred_set *set;
	struct ssa_x509 cert;
	int err;

	if (ssa_x509_parse(&cert, leaf->der, leaf->len))
		return ERR_PTR(-EINVAL);
	if (name && !has_name(&cert, name))
		return ERR_PTR(-EKEYREJECTED);
	names = name ? 1 : count_names(&cert);
	if (slot > SSA_CRED_SET_MAX || names + (old ? old->names : 0) > NAMES_MAX)
		return ERR_PTR(-E2BIG);

	set = new_set(max(slot + 1, old ? old->slots : 0), max(names, 1) + (old ? old->names : 0));
	if (!set)
		return ERR_PTR(-ENOMEM);
	if (old)
		copy_set(set, old);
	else
		get_random_bytes(&set->key, sizeof(set->key));

	set->slot[slot].cred = ssa_credentials_get(cred);
	set->count++;
	if (name)
		err = add_name(set, slot, (const u8 *)name, strlen(name));
	else if (names)
		err = add_names(set, slot, &cert);
	else
		err = add_name(set, slot, NULL, 0);
	if (err) {
		free_set(set);
		return ERR_PTR(err);
	}
	return set;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_cred_set_add);

/**
 * ssa_cred_set_get - take a reference
 * @set: a set, or NULL
 *
 * Context: Any.
 * Return: @set.
 */
struct ssa_cred_set *ssa_cred_set_get(struct ssa_cred_set *set)
{
	if (set)
		refcount_inc(&set->refcount);
	return set;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_cred_set_get);

/**
 * ssa_cred_set_put - give a reference back
 * @set: a set, or NULL
 *
 * Context: Process context: the last one frees the set, and wipes the keys that are
 * in no other.
 */
void ssa_cred_set_put(struct ssa_cred_set *set)
{
	if (set && refcount_dec_and_test(&set->refcount))
		free_set(set);
}
EXPORT_SYMBOL_IF_KUNIT(ssa_cred_set_put);

/**
 * ssa_cred_set_count - how many credentials a set has
 * @set: a set, or NULL
 *
 * Context: Any.
 * Return: the number, 0 for NULL.
 */
u32 ssa_cred_set_count(const struct ssa_cred_set *set)
{
	return set ? set->count : 0;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_cred_set_count);

/* The entry of this name, of the wildcard that covers it, or of the fallback */
static const struct entry *look_up(const struct ssa_cred_set *set, const char *text)
{
	size_t len = strnlen(text, SSA_NAME_MAX + 2), dot;
	u8 name[SSA_NAME_MAX];
	const struct entry *e;

	len = fold_name((const u8 *)text, len, name);
	if (len) {
		e = find_entry(set, hash_name(set, name, len), name, len);
		if (e->host)
			return e;
		/* "*" in the place of the left-most label, which has one byte at least */
		for (dot = 0; dot < len && name[dot] != '.'; dot++)
			;
		if (dot && dot < len) {
			name[--dot] = '*';
			e = find_entry(set, hash_name(set, name + dot, len - dot),
				       name + dot, len - dot);
			if (e->host)
				return e;
		}
	}
	return find_entry(set, set->fallback->hash, set->fallback->name, set->fallback->len);
}

/**
 * ssa_cred_set_find - the credentials for a name
 * @set: a set, or NULL
 * @name: NUL-terminated host name, or NULL
 * @out: one for each type of key, in the order of enum ssa_key_type; they live as
 *	 long as @set
 *
 * An exact name goes before a wildcard. For no name, or one that is not here: those of
 * certificates without dNSNames; or if there are none, those of the first name of the
 * first credentials.
 *
 * Context: Any. The cost does not depend on how many there are.
 * Return: how many are in @out; 0 only for an empty set.
 */
u32 ssa_cred_set_find(const struct ssa_cred_set *set, const char *name,
		      const struct ssa_credentials *out[SSA_CRED_CANDIDATES_MAX])
{
	const struct entry *e;
	u32 count = 0, i;

	if (!set)
		return 0;
	e = look_up(set, name ?: "");
	for (i = 0; i < SSA_CRED_CANDIDATES_MAX; i++) {
		if (e->slot[i])
			out[count++] = set->slot[e->slot[i]].cred;
	}
	return count;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_cred_set_find);

/**
 * ssa_cred_set_next - all credentials, one after the other
 * @set: the set
 * @at: 0 at the beginning
 *
 * Context: Any.
 * Return: the next ones, in the order in which they came as long as none was replaced;
 * they live as long as @set. NULL after the last.
 */
const struct ssa_credentials *ssa_cred_set_next(const struct ssa_cred_set *set, u32 *at)
{
	while (++*at < set->slots) {
		if (set->slot[*at].cred)
			return set->slot[*at].cred;
	}
	return NULL;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_cred_set_next);
