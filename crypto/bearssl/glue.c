// SPDX-License-Identifier: GPL-2.0
/*
 * The symbols of BearSSL that other modules use.
 */
#include <linux/export.h>
#include <linux/module.h>
#include <crypto/bearssl.h>

/* hashes: to give to the vtables below; bulk data goes to the crypto API */
EXPORT_SYMBOL_GPL(br_sha256_vtable);
EXPORT_SYMBOL_GPL(br_sha384_vtable);
EXPORT_SYMBOL_GPL(br_sha512_vtable);

/* elliptic curves */
EXPORT_SYMBOL_GPL(br_ec_all_m31);
EXPORT_SYMBOL_GPL(br_ec_compute_pub);
EXPORT_SYMBOL_GPL(br_ecdsa_i31_sign_asn1);
EXPORT_SYMBOL_GPL(br_ecdsa_i31_vrfy_asn1);
EXPORT_SYMBOL_GPL(br_ecdsa_i31_vrfy_raw);

/* RSA */
EXPORT_SYMBOL_GPL(br_rsa_i62_pkcs1_vrfy);
EXPORT_SYMBOL_GPL(br_rsa_i62_private);
EXPORT_SYMBOL_GPL(br_rsa_i62_public);

/* PEM, keys, certificates */
EXPORT_SYMBOL_GPL(br_pem_decoder_event);
EXPORT_SYMBOL_GPL(br_pem_decoder_init);
EXPORT_SYMBOL_GPL(br_pem_decoder_push);
EXPORT_SYMBOL_GPL(br_skey_decoder_init);
EXPORT_SYMBOL_GPL(br_skey_decoder_push);
EXPORT_SYMBOL_GPL(br_x509_decoder_init);
EXPORT_SYMBOL_GPL(br_x509_decoder_push);
EXPORT_SYMBOL_GPL(br_x509_minimal_init);
EXPORT_SYMBOL_GPL(br_x509_minimal_vtable);

MODULE_DESCRIPTION("BearSSL 0.6: X.509 chains, RSA, ECDSA and ECDH");
MODULE_AUTHOR("Thomas Pornin (BearSSL)");
MODULE_LICENSE("Dual MIT/GPL");
