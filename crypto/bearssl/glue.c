// SPDX-License-Identifier: GPL-2.0
/*
 * The symbols of BearSSL that other modules use.
 */
#include <linux/export.h>
#include <linux/module.h>
#include <crypto/bearssl.h>

/* the definitions are in the unmodified sources */
#define BEARSSL_EXPORT(name)	EXPORT_SYMBOL_GPL(name)

/* hashes, for ECDSA's deterministic nonces; all other data goes to the crypto API */
BEARSSL_EXPORT(br_sha256_vtable);
BEARSSL_EXPORT(br_sha384_vtable);
BEARSSL_EXPORT(br_sha512_vtable);

/* elliptic curves */
BEARSSL_EXPORT(br_ec_all_m31);
BEARSSL_EXPORT(br_ecdsa_i31_sign_asn1);
BEARSSL_EXPORT(br_ecdsa_i31_vrfy_asn1);
BEARSSL_EXPORT(br_ecdsa_i31_vrfy_raw);

/* RSA */
BEARSSL_EXPORT(br_rsa_i62_private);
BEARSSL_EXPORT(br_rsa_i62_public);

MODULE_DESCRIPTION("BearSSL 0.6: RSA, ECDSA and ECDH");
MODULE_AUTHOR("Thomas Pornin (BearSSL)");
MODULE_LICENSE("Dual MIT/GPL");
