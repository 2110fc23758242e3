// SPDX-License-Identifier: GPL-2.0
/*
 * The symbols of BearSSL that other modules use.
 */
#include <linux/export.h>
#include <linux/module.h>
#include <crypto/bearssl.h>
#include "glue.h"

/* the definitions are in the unmodified sources */
#define BEARSSL_EXPORT(name)	EXPORT_SYMBOL_GPL(name)

/* hashes, for ECDSA's deterministic nonces; all other data goes to the crypto API */
BEARSSL_EXPORT(br_sha256_vtable);
BEARSSL_EXPORT(br_sha384_vtable);
BEARSSL_EXPORT(br_sha512_vtable);

/* elliptic curves */
BEARSSL_EXPORT(br_ec_all_m31);
BEARSSL_EXPORT(br_ecdsa_i31_sign_asn1);
BEARSSL_EXPORT(br_ecdsa_i31_sign_raw);
BEARSSL_EXPORT(br_ecdsa_i31_vrfy_asn1);
BEARSSL_EXPORT(br_ecdsa_i31_vrfy_raw);
BEARSSL_EXPORT(br_ecdsa_raw_to_asn1);

/* RSA */
BEARSSL_EXPORT(br_rsa_i62_private);
BEARSSL_EXPORT(br_rsa_i62_public);

#if IS_ENABLED(CONFIG_CRYPTO_BEARSSL_SSL)
/* what its TLS takes from here, for the tests only */
BEARSSL_EXPORT(br_ccopy);
BEARSSL_EXPORT(br_hmac_drbg_generate);
BEARSSL_EXPORT(br_hmac_drbg_init);
BEARSSL_EXPORT(br_hmac_drbg_update);
BEARSSL_EXPORT(br_hmac_init);
BEARSSL_EXPORT(br_hmac_key_init);
BEARSSL_EXPORT(br_hmac_out);
BEARSSL_EXPORT(br_hmac_update);
#endif

MODULE_DESCRIPTION("BearSSL 0.6: RSA, ECDSA and ECDH");
MODULE_AUTHOR("Thomas Pornin (BearSSL)");
MODULE_LICENSE("Dual MIT/GPL");
