// SPDX-License-Identifier: GPL-2.0
/*
 * The symbols of BearSSL that other modules use.
 */
#include <linux/export.h>
#include <linux/module.h>
#include <crypto/bearssl.h>

/* the definitions are in the unmodified sources */
#define BEARSSL_EXPORT(name)	EXPORT_SYMBOL_GPL(name)

/* hashes: to give to the vtables below; bulk data goes to the crypto API */
BEARSSL_EXPORT(br_sha256_vtable);
BEARSSL_EXPORT(br_sha384_vtable);
BEARSSL_EXPORT(br_sha512_vtable);

/* elliptic curves */
BEARSSL_EXPORT(br_ec_all_m31);
BEARSSL_EXPORT(br_ec_compute_pub);
BEARSSL_EXPORT(br_ecdsa_i31_sign_asn1);
BEARSSL_EXPORT(br_ecdsa_i31_vrfy_asn1);
BEARSSL_EXPORT(br_ecdsa_i31_vrfy_raw);

/* RSA */
BEARSSL_EXPORT(br_rsa_i62_pkcs1_vrfy);
BEARSSL_EXPORT(br_rsa_i62_private);
BEARSSL_EXPORT(br_rsa_i62_public);

/* PEM, keys, certificates */
BEARSSL_EXPORT(br_pem_decoder_event);
BEARSSL_EXPORT(br_pem_decoder_init);
BEARSSL_EXPORT(br_pem_decoder_push);
BEARSSL_EXPORT(br_skey_decoder_init);
BEARSSL_EXPORT(br_skey_decoder_push);
BEARSSL_EXPORT(br_x509_decoder_init);
BEARSSL_EXPORT(br_x509_decoder_push);
BEARSSL_EXPORT(br_x509_minimal_init);
BEARSSL_EXPORT(br_x509_minimal_vtable);

MODULE_DESCRIPTION("BearSSL 0.6: X.509 chains, RSA, ECDSA and ECDH");
MODULE_AUTHOR("Thomas Pornin (BearSSL)");
MODULE_LICENSE("Dual MIT/GPL");
