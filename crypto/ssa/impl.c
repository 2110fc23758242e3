// SPDX-License-Identifier: GPL-2.0
/*
 * Which of BearSSL's implementations are used, for every caller in the
 * kernel. A faster one replaces its line here and nothing else.
 */
#include <linux/export.h>
#include <crypto/bearssl.h>

const br_ec_impl * const ssa_bearssl_ec = &br_ec_all_m31;
EXPORT_SYMBOL_GPL(ssa_bearssl_ec);

const br_ecdsa_vrfy ssa_bearssl_ecdsa_vrfy_asn1 = br_ecdsa_i31_vrfy_asn1;
EXPORT_SYMBOL_GPL(ssa_bearssl_ecdsa_vrfy_asn1);

const br_ecdsa_vrfy ssa_bearssl_ecdsa_vrfy_raw = br_ecdsa_i31_vrfy_raw;
EXPORT_SYMBOL_GPL(ssa_bearssl_ecdsa_vrfy_raw);

const br_ecdsa_sign ssa_bearssl_ecdsa_sign_raw = br_ecdsa_i31_sign_raw;
EXPORT_SYMBOL_GPL(ssa_bearssl_ecdsa_sign_raw);

const br_rsa_public ssa_bearssl_rsa_public = br_rsa_i62_public;
EXPORT_SYMBOL_GPL(ssa_bearssl_rsa_public);

const br_rsa_private ssa_bearssl_rsa_private = br_rsa_i62_private;
EXPORT_SYMBOL_GPL(ssa_bearssl_rsa_private);
