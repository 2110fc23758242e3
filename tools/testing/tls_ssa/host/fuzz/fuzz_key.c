// SPDX-License-Identifier: GPL-2.0
/* A private key in DER: what is accepted must sign. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static const u16 scheme[] = {
		[SSA_KEY_RSA] = SSA_SIG_RSA_PSS_RSAE_SHA256,
		[SSA_KEY_EC_P256] = SSA_SIG_ECDSA_SECP256R1_SHA256,
		[SSA_KEY_EC_P384] = SSA_SIG_ECDSA_SECP384R1_SHA384,
		[SSA_KEY_EC_P521] = SSA_SIG_ECDSA_SECP521R1_SHA512,
	};
	struct ssa_private_key *key;
	u8 sig[SSA_SIGNATURE_MAX];
	size_t len;

	fuzz_begin(64 * 1024);
	key = ssa_private_key_parse(data, size);
	if (!IS_ERR(key)) {
		enum ssa_key_type type = ssa_private_key_type(key);

		FUZZ_ASSERT(type < ARRAY_SIZE(scheme) && scheme[type]);
		FUZZ_ASSERT(!ssa_sign(key, scheme[type], "x", 1, &ssa_kernel_rng, sig, &len));
		FUZZ_ASSERT(len <= sizeof(sig));
		FUZZ_ASSERT(!ssa_verify(ssa_private_key_public(key), scheme[type], "x", 1,
					sig, len));
		ssa_private_key_free(key);
	}
	fuzz_end();
	return 0;
}
