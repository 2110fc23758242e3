// SPDX-License-Identifier: GPL-2.0
/* A private key in DER: what is accepted must sign. */
#include "fuzz.h"

static const u16 schemes[] = {
	SSA_SIG_RSA_PSS_RSAE_SHA256,
	SSA_SIG_RSA_PSS_PSS_SHA256,
	SSA_SIG_RSA_PSS_PSS_SHA384,
	SSA_SIG_RSA_PSS_PSS_SHA512,
	SSA_SIG_ECDSA_SECP256R1_SHA256,
	SSA_SIG_ECDSA_SECP384R1_SHA384,
	SSA_SIG_ECDSA_SECP521R1_SHA512,
	SSA_SIG_ED25519,
};

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	const struct ssa_public_key *pub;
	struct ssa_private_key *key;
	u8 sig[SSA_SIGNATURE_MAX];
	unsigned int i, made = 0;
	size_t len;

	fuzz_begin(64 * 1024);
	key = ssa_private_key_parse(data, size);
	if (IS_ERR(key))
		goto out;
	pub = ssa_private_key_public(key);
	for (i = 0; i < ARRAY_SIZE(schemes); i++) {
		if (!ssa_sig_scheme_fits(schemes[i], pub->type) ||
		    !ssa_public_key_allows(pub, schemes[i]))
			continue;
		FUZZ_ASSERT(!ssa_sign(key, schemes[i], "x", 1, &ssa_kernel_rng, sig, &len));
		FUZZ_ASSERT(len <= sizeof(sig));
		FUZZ_ASSERT(!ssa_verify(pub, schemes[i], "x", 1, sig, len));
		made++;
	}
	FUZZ_ASSERT(made);
	ssa_private_key_free(key);
out:
	fuzz_end();
	return 0;
}
