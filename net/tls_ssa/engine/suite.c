// SPDX-License-Identifier: GPL-2.0
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <kunit/visibility.h>
#include "engine.h"
#include "suite.h"
#include "wire.h"

const u16 ssa_default_suites[SSA_SUITES_MAX] = {
	SSA_SUITE_AES_128_GCM_SHA256,
	SSA_SUITE_AES_256_GCM_SHA384,
	SSA_SUITE_CHACHA20_POLY1305_SHA256,
	SSA_SUITE_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
	SSA_SUITE_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
	SSA_SUITE_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
	SSA_SUITE_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
	SSA_SUITE_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	SSA_SUITE_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
};
EXPORT_SYMBOL_IF_KUNIT(ssa_default_suites);

const u16 ssa_default_groups[SSA_GROUPS_MAX] = {
	SSA_GROUP_X25519,
	SSA_GROUP_SECP256R1,
	SSA_GROUP_SECP384R1,
};
EXPORT_SYMBOL_IF_KUNIT(ssa_default_groups);

/* In TLS 1.3 rsa_pkcs1_* is for certificates only (RFC 8446 4.2.3). */
const u16 ssa_default_sigalgs[SSA_SIGALGS_MAX] = {
	SSA_SIG_ECDSA_SECP256R1_SHA256,
	SSA_SIG_ED25519,
	SSA_SIG_ECDSA_SECP384R1_SHA384,
	SSA_SIG_ECDSA_SECP521R1_SHA512,
	SSA_SIG_RSA_PSS_RSAE_SHA256,
	SSA_SIG_RSA_PSS_RSAE_SHA384,
	SSA_SIG_RSA_PSS_RSAE_SHA512,
	SSA_SIG_RSA_PSS_PSS_SHA256,
	SSA_SIG_RSA_PSS_PSS_SHA384,
	SSA_SIG_RSA_PSS_PSS_SHA512,
	SSA_SIG_RSA_PKCS1_SHA256,
	SSA_SIG_RSA_PKCS1_SHA384,
	SSA_SIG_RSA_PKCS1_SHA512,
};
EXPORT_SYMBOL_IF_KUNIT(ssa_default_sigalgs);

#define SSA_SUITE13(cipher, digest, cipher_key_len, digest_len) {	\
	.id = SSA_SUITE_##cipher##_##digest,			\
	.version = SSA_TLS13,					\
	.auth = SSA_AUTH_ANY,					\
	.hash = SSA_##digest,					\
	.aead = SSA_##cipher,					\
	.hash_len = (digest_len),				\
	.key_len = (cipher_key_len),				\
	.iv_len = SSA_AEAD_NONCE_LEN,				\
	.name = "TLS_" #cipher "_" #digest,			\
}

#define SSA_SUITE12(signer, cipher, digest, cipher_key_len, cipher_iv_len, digest_len) { \
	.id = SSA_SUITE_ECDHE_##signer##_WITH_##cipher##_##digest, \
	.version = SSA_TLS12,					\
	.auth = SSA_AUTH_##signer,				\
	.hash = SSA_##digest,					\
	.aead = SSA_##cipher,					\
	.hash_len = (digest_len),				\
	.key_len = (cipher_key_len),				\
	.iv_len = (cipher_iv_len),				\
	.name = "TLS_ECDHE_" #signer "_WITH_" #cipher "_" #digest, \
}

static const struct ssa_suite ssa_suites[] = {
	SSA_SUITE13(AES_128_GCM, SHA256, 16, 32),
	SSA_SUITE13(AES_256_GCM, SHA384, 32, 48),
	SSA_SUITE13(CHACHA20_POLY1305, SHA256, 32, 32),
	SSA_SUITE12(ECDSA, AES_128_GCM, SHA256, 16, 4, 32),
	SSA_SUITE12(ECDSA, AES_256_GCM, SHA384, 32, 4, 48),
	SSA_SUITE12(ECDSA, CHACHA20_POLY1305, SHA256, 32, 12, 32),
	SSA_SUITE12(RSA, AES_128_GCM, SHA256, 16, 4, 32),
	SSA_SUITE12(RSA, AES_256_GCM, SHA384, 32, 4, 48),
	SSA_SUITE12(RSA, CHACHA20_POLY1305, SHA256, 32, 12, 32),
};

static_assert(ARRAY_SIZE(ssa_suites) <= SSA_SUITES_MAX);
static_assert(sizeof_field(struct ssa_traffic, secret) == SSA_SECRET_MAX);
static_assert(SSA_SECRET_MAX <= SSA_HASH_MAX);
static_assert(SSA_AEAD_KEY_MAX + SSA_AEAD_NONCE_LEN <= SSA_SECRET_MAX);

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
 * ssa_suite_fits - can a server with this key use the suite?
 * @suite: of any version
 * @key: type of its key
 *
 * Context: any.
 * Return: true if so (RFC 8422 2).
 */
bool ssa_suite_fits(const struct ssa_suite *suite, enum ssa_key_type key)
{
	bool rsa = key == SSA_KEY_RSA || key == SSA_KEY_RSA_PSS;

	return suite->auth == SSA_AUTH_ANY || rsa == (suite->auth == SSA_AUTH_RSA);
}

/**
 * ssa_key_group - the curve of a key as a NamedGroup
 * @key: type of the key
 *
 * Context: any.
 * Return: number on the wire, not always of a group that we exchange keys in; 0
 * if TLS has none for it.
 */
u16 ssa_key_group(enum ssa_key_type key)
{
	switch (key) {
	case SSA_KEY_EC_P256:
		return SSA_GROUP_SECP256R1;
	case SSA_KEY_EC_P384:
		return SSA_GROUP_SECP384R1;
	case SSA_KEY_EC_P521:
		return SSA_GROUP_SECP521R1;
	default:
		return 0;
	}
}

/**
 * ssa_suite_name - the name of a cipher suite
 * @suite: number on the wire
 *
 * Context: any.
 * Return: its name in the registry of IANA, or NULL if it is not known.
 */
const char *ssa_suite_name(u16 suite)
{
	const struct ssa_suite *s = ssa_suite_find(suite);

	return s ? s->name : NULL;
}
EXPORT_SYMBOL_IF_KUNIT(ssa_suite_name);
