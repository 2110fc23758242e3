// SPDX-License-Identifier: GPL-2.0
/*
 * A peer's certificate chain. Input: flags8 (1: of a client), then up to
 * SSA_CHAIN_MAX times len16 bytes. Nothing may be accepted but leaves that the
 * test authority has signed.
 */
#include "fuzz.h"

/* TBSCertificate: the signed part of what is a correct certificate */
static const u8 *tbs(const struct ssa_cert *cert, size_t *len)
{
	const u8 *p = cert->der;
	size_t head = p[1] < 0x80 ? 2 : 2 + (p[1] & 3);
	const u8 *t = p + head;

	*len = t[1] == 0x82 ? 4 + get_unaligned_be16(t + 2) : t[1] == 0x81 ? 3 + t[2] : 2 + t[1];
	return t;
}

/* The correct leaves, some of which are among the seeds. */
static struct ssa_credentials *good[16];
static size_t good_count;

static void add_good(const char *chain, const char *key)
{
	FUZZ_ASSERT(good_count < ARRAY_SIZE(good));
	good[good_count] = ssa_credentials_new(chain, strlen(chain), key, strlen(key));
	FUZZ_ASSERT(!IS_ERR(good[good_count]));
	good_count++;
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	add_good(ssa_test_p256_chain_pem, ssa_test_p256_key_pem);
	add_good(ssa_test_p384_chain_pem, ssa_test_p384_key_pem);
	add_good(ssa_test_rsa_chain_pem, ssa_test_rsa_key_pem);
	add_good(ssa_test_deep_ok_pem, ssa_test_p256_key_pem);
	add_good(ssa_test_nc_ok_pem, ssa_test_p256_key_pem);
	add_good(ssa_test_p521_chain_pem, ssa_test_p521_key_pem);
	add_good(ssa_test_ed25519_chain_pem, ssa_test_ed25519_key_pem);
	add_good(ssa_test_rsapss_chain_pem, ssa_test_rsapss_key_pem);
	add_good(ssa_test_rsapss_bound_pem, ssa_test_p256_key_pem);
	add_good(ssa_test_p521_signed_sha256_pem, ssa_test_p256_key_pem);
	add_good(ssa_test_nc_email_used_pem, ssa_test_p256_key_pem);
	fuzz_trust_store();
	return 0;
}

/* A signature covers all of TBSCertificate, and nothing else. */
static bool is_good(const struct ssa_cert *cert)
{
	size_t i, len;

	for (i = 0; i < good_count; i++) {
		const u8 *t = tbs(&ssa_credentials_chain(good[i])->cert[0], &len);

		if (memmem(cert->der, cert->len, t, len))
			return true;
	}
	return false;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct ssa_verify_params params = {
		.store = fuzz_trust_store(), .name = "server.test", .now = SSA_TEST_NOW,
	};
	struct fuzz_input in = { data, size };
	static struct ssa_public_key key;
	struct ssa_chain chain = { 0 };
	u8 *copy[SSA_CHAIN_MAX];
	enum ssa_reason reason;
	u32 i;

	if (fuzz_u8(&in) & 1) {
		params.purpose = SSA_PURPOSE_CLIENT;
		params.name = NULL;
	}
	while (in.left && chain.count < SSA_CHAIN_MAX) {
		size_t len;
		const u8 *p = fuzz_vec16(&in, &len);

		len = min_t(size_t, len, SSA_CERT_MAX);
		copy[chain.count] = malloc(len + !len);
		FUZZ_ASSERT(copy[chain.count]);
		memcpy(copy[chain.count], p, len);
		chain.cert[chain.count].der = copy[chain.count];
		chain.cert[chain.count++].len = len;
	}
	fuzz_begin(64 * 1024);
	reason = ssa_chain_verify(&params, &chain, &key);
	FUZZ_ASSERT(reason < SSA_R_COUNT && reason != SSA_R_NO_MEMORY && reason != SSA_R_INTERNAL);
	if (reason == SSA_R_NONE) {
		FUZZ_ASSERT(params.purpose == SSA_PURPOSE_SERVER);
		FUZZ_ASSERT(is_good(&chain.cert[0]));
	}
	fuzz_end();
	for (i = 0; i < chain.count; i++)
		free(copy[i]);
	return 0;
}
