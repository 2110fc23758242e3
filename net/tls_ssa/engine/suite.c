// SPDX-License-Identifier: GPL-2.0
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <kunit/visibility.h>
#include "engine.h"
#include "suite.h"

const u16 ssa_default_suites[SSA_SUITES_MAX] = {
	SSA_SUITE_AES_128_GCM_SHA256,
	SSA_SUITE_AES_256_GCM_SHA384,
	SSA_SUITE_CHACHA20_POLY1305_SHA256,
};
EXPORT_SYMBOL_IF_KUNIT(ssa_default_suites);

const u16 ssa_default_groups[SSA_GROUPS_MAX] = {
	SSA_GROUP_X25519,
	SSA_GROUP_SECP256R1,
	SSA_GROUP_SECP384R1,
};
EXPORT_SYMBOL_IF_KUNIT(ssa_default_groups);

/* rsa_pkcs1_* is for certificates only (RFC 8446 4.2.3). */
const u16 ssa_default_sigalgs[SSA_SIGALGS_MAX] = {
	SSA_SIG_ECDSA_SECP256R1_SHA256,
	SSA_SIG_ECDSA_SECP384R1_SHA384,
	SSA_SIG_RSA_PSS_RSAE_SHA256,
	SSA_SIG_RSA_PSS_RSAE_SHA384,
	SSA_SIG_RSA_PSS_RSAE_SHA512,
	SSA_SIG_RSA_PKCS1_SHA256,
	SSA_SIG_RSA_PKCS1_SHA384,
	SSA_SIG_RSA_PKCS1_SHA512,
};
EXPORT_SYMBOL_IF_KUNIT(ssa_default_sigalgs);

#define SSA_SUITE(cipher, digest, cipher_key_len, digest_len) {	\
	.id = SSA_SUITE_##cipher##_##digest,			\
	.hash = SSA_##digest,					\
	.aead = SSA_##cipher,					\
	.hash_len = (digest_len),				\
	.key_len = (cipher_key_len),				\
	.name = "TLS_" #cipher "_" #digest,			\
}

static const struct ssa_suite ssa_suites[] = {
	SSA_SUITE(AES_128_GCM, SHA256, 16, 32),
	SSA_SUITE(AES_256_GCM, SHA384, 32, 48),
	SSA_SUITE(CHACHA20_POLY1305, SHA256, 32, 32),
};

static_assert(ARRAY_SIZE(ssa_suites) <= SSA_SUITES_MAX);
static_assert(sizeof_field(struct ssa_traffic, secret) == SSA_SECRET_MAX);
static_assert(SSA_SECRET_MAX <= SSA_HASH_MAX);

/**
 * ssa_suite_find - the descriptor of a cipher suite
 * @id: number on the wire, from anywhere
 *
 * Context: any.
 * Return: the descriptor, or NULL if we do not implement it.
 */
const struct ssa_suite *ssa_suite_find(u16 id)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ssa_suites); i++)
		if (ssa_suites[i].id == id)
			return &ssa_suites[i];
	return NULL;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_suite_find);

/**
 * ssa_suite_name - the name of a cipher suite
 * @suite: number on the wire
 *
 * Context: any.
 * Return: its name in RFC 8446 B.4, or NULL if it is not known.
 */
const char *ssa_suite_name(u16 suite)
{
	const struct ssa_suite *s = ssa_suite_find(suite);

	return s ? s->name : NULL;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_suite_name);
