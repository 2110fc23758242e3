// SPDX-License-Identifier: GPL-2.0
/*
 * Private keys out of the kernel's keyrings, so that the program never has them:
 *
 *	keyctl padd logon tls:example @u < key.pem
 *	setsockopt(fd, IPPROTO_TLS, TLS_PRIVATE_KEY, "key:tls:example", ...)
 *
 * A key is read when it is set, and the caller needs the right to search it: reading
 * is for the kernel only, as it is with the type "logon". See keyrings(7).
 */
#include <linux/err.h>
#include <linux/kconfig.h>
#include <linux/kernel.h>
#include <linux/key.h>
#include <linux/mm.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <crypto/public_key.h>
#include <keys/asymmetric-subtype.h>
#include <keys/user-type.h>
#include "../cert/cert.h"
#include "../cert/text.h"
#include "keyring.h"

/**
 * struct ssa_keyring_type - a type of key that can hold a private key
 * @type: the kernel's
 * @payload: what it holds: PEM or DER. 0 or a negative errno; key->sem is held.
 */
struct ssa_keyring_type {
	struct key_type	*type;
	int		(*payload)(const struct key *key, const void **data, size_t *len);
};

static int ssa_user_payload(const struct key *key, const void **data, size_t *len)
{
	const struct user_key_payload *payload = user_key_payload_locked(key);

	if (!payload)
		return -EKEYREVOKED;
	*data = payload->data;
	*len = payload->datalen;
	return 0;
}

#if IS_REACHABLE(CONFIG_ASYMMETRIC_KEY_TYPE)
/* Its form is that of the algorithm: of PKCS#8 the parser leaves only the inside. */
static int ssa_asymmetric_payload(const struct key *key, const void **data, size_t *len)
{
	const struct asymmetric_key_subtype *subtype = asymmetric_key_subtype(key);
	const struct public_key *pub = key->payload.data[asym_crypto];

	/* Keys of other subtypes are elsewhere: in a TPM, for example. */
	if (!pub || !subtype || strcmp(subtype->name, "public_key"))
		return -EOPNOTSUPP;
	if (!pub->key_is_private)
		return -EINVAL;
	*data = pub->key;
	*len = pub->keylen;
	return 0;
}
#endif

static const struct ssa_keyring_type ssa_keyring_types[] = {
	{ &key_type_logon, ssa_user_payload },
	{ &key_type_user, ssa_user_payload },
#if IS_REACHABLE(CONFIG_ASYMMETRIC_KEY_TYPE)
	{ &key_type_asymmetric, ssa_asymmetric_payload },
#endif
};

static const struct ssa_keyring_type *ssa_keyring_type(const struct key *key)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ssa_keyring_types); i++) {
		if (ssa_keyring_types[i].type == key->type)
			return &ssa_keyring_types[i];
	}
	return NULL;
}

static struct key *ssa_key_by_serial(const char *name)
{
	key_ref_t ref;
	s32 serial;

	if (kstrtos32(name, 10, &serial) || serial < 1)
		return ERR_PTR(-EINVAL);
	ref = lookup_user_key(serial, 0, KEY_NEED_SEARCH);
	return IS_ERR(ref) ? ERR_CAST(ref) : key_ref_to_ptr(ref);
}

/* In the caller's thread, process and session keyrings; nobody is asked to make one. */
static struct key *ssa_key_by_description(const char *name)
{
	struct key *key = ERR_PTR(-ENOKEY);
	unsigned int i;
	int err = -ENOKEY;

	for (i = 0; i < ARRAY_SIZE(ssa_keyring_types); i++) {
		key = request_key(ssa_keyring_types[i].type, name, NULL);
		if (!IS_ERR(key))
			return key;
		/* One that cannot be used tells more than one that is not there. */
		if (err == -ENOKEY)
			err = PTR_ERR(key);
	}
	return ERR_PTR(err);
}

static int ssa_copy_key(const void *data, size_t len, struct ssa_text *out)
{
	if (len > SSA_KEY_PEM_MAX)
		return -E2BIG;
	out->text = kvmemdup(data, len, GFP_KERNEL_ACCOUNT);
	out->len = len;
	return out->text ? 0 : -ENOMEM;
}

/**
 * ssa_keyring_read - a private key out of the caller's keyrings
 * @name: serial number, in digits, or description of the key; of type "logon", "user"
 *	  or, if the kernel has that, "asymmetric"
 * @out: gets the key, PEM or DER
 *
 * A description of digits only cannot be found; its serial number can.
 *
 * Context: process, may sleep; takes key->sem.
 * Return: 0; -ENOKEY: there is none; -EACCES: it may not be searched; -EKEYREVOKED,
 * -EKEYEXPIRED; -EINVAL: no name, or what it holds cannot be a private key;
 * -EOPNOTSUPP: of another type; -E2BIG; -ENOMEM.
 */
int ssa_keyring_read(const char *name, struct ssa_text *out)
{
	const struct ssa_keyring_type *type;
	const void *data;
	struct key *key;
	size_t len;
	int err;

	if (!*name || strlen(name) >= PAGE_SIZE)
		return -EINVAL;
	if (strspn(name, "0123456789") == strlen(name))
		key = ssa_key_by_serial(name);
	else
		key = ssa_key_by_description(name);
	if (IS_ERR(key))
		return PTR_ERR(key);
	type = ssa_keyring_type(key);
	down_read(&key->sem);
	err = type ? key_validate(key) : -EOPNOTSUPP;
	if (!err)
		err = type->payload(key, &data, &len);
	if (!err)
		err = ssa_copy_key(data, len, out);
	up_read(&key->sem);
	key_put(key);
	return err;
}
