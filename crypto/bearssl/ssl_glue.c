// SPDX-License-Identifier: GPL-2.0
/*
 * BearSSL's TLS 1.2 client and server for the KUnit tests: the symbols that they
 * use, and the one function that BearSSL would ask the operating system for.
 */
#include <linux/export.h>
#include <linux/module.h>
#include <crypto/bearssl.h>

/* The tests inject their own entropy: a peer without it shall not start. */
br_prng_seeder br_prng_seeder_system(const char **name)
{
	if (name)
		*name = "none";
	return NULL;
}

/* the definitions are in the unmodified sources */
#define BEARSSL_EXPORT(name)	EXPORT_SYMBOL_GPL(name)

/* client, server, and the engine that both are */
BEARSSL_EXPORT(br_ssl_client_reset);
BEARSSL_EXPORT(br_ssl_client_set_single_ec);
BEARSSL_EXPORT(br_ssl_client_set_single_rsa);
BEARSSL_EXPORT(br_ssl_client_zero);
BEARSSL_EXPORT(br_ssl_server_reset);
BEARSSL_EXPORT(br_ssl_server_set_single_ec);
BEARSSL_EXPORT(br_ssl_server_set_single_rsa);
BEARSSL_EXPORT(br_ssl_server_zero);
BEARSSL_EXPORT(br_ssl_engine_close);
BEARSSL_EXPORT(br_ssl_engine_current_state);
BEARSSL_EXPORT(br_ssl_engine_flush);
BEARSSL_EXPORT(br_ssl_engine_inject_entropy);
BEARSSL_EXPORT(br_ssl_engine_recvapp_ack);
BEARSSL_EXPORT(br_ssl_engine_recvapp_buf);
BEARSSL_EXPORT(br_ssl_engine_recvrec_ack);
BEARSSL_EXPORT(br_ssl_engine_recvrec_buf);
BEARSSL_EXPORT(br_ssl_engine_renegotiate);
BEARSSL_EXPORT(br_ssl_engine_sendapp_ack);
BEARSSL_EXPORT(br_ssl_engine_sendapp_buf);
BEARSSL_EXPORT(br_ssl_engine_sendrec_ack);
BEARSSL_EXPORT(br_ssl_engine_sendrec_buf);
BEARSSL_EXPORT(br_ssl_engine_set_buffer);
BEARSSL_EXPORT(br_ssl_engine_set_suites);

/* what an engine is made of */
BEARSSL_EXPORT(br_aes_ct64_ctr_vtable);
BEARSSL_EXPORT(br_chacha20_ct_run);
BEARSSL_EXPORT(br_ghash_ctmul64);
BEARSSL_EXPORT(br_poly1305_ctmulq_run);
BEARSSL_EXPORT(br_rsa_i62_pkcs1_sign);
BEARSSL_EXPORT(br_rsa_i62_pkcs1_vrfy);
BEARSSL_EXPORT(br_sslrec_in_chapol_vtable);
BEARSSL_EXPORT(br_sslrec_in_gcm_vtable);
BEARSSL_EXPORT(br_sslrec_out_chapol_vtable);
BEARSSL_EXPORT(br_sslrec_out_gcm_vtable);
BEARSSL_EXPORT(br_tls12_sha256_prf);
BEARSSL_EXPORT(br_tls12_sha384_prf);

/* keys */
BEARSSL_EXPORT(br_pem_decoder_event);
BEARSSL_EXPORT(br_pem_decoder_init);
BEARSSL_EXPORT(br_pem_decoder_push);
BEARSSL_EXPORT(br_skey_decoder_init);
BEARSSL_EXPORT(br_skey_decoder_push);
BEARSSL_EXPORT(br_x509_knownkey_init_ec);
BEARSSL_EXPORT(br_x509_knownkey_init_rsa);

MODULE_DESCRIPTION("BearSSL 0.6: TLS 1.2 client and server for tests");
MODULE_AUTHOR("Thomas Pornin (BearSSL)");
MODULE_LICENSE("Dual MIT/GPL");
