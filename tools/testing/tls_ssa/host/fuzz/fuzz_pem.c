// SPDX-License-Identifier: GPL-2.0
/*
 * The texts of TLS_CERTIFICATE_CHAIN and TLS_PRIVATE_KEY. Input: len16, so
 * many bytes of chain, then the key.
 */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct fuzz_input in = { data, size };
	struct ssa_credentials *cred;
	size_t chain_len, key_len;
	const u8 *chain, *key;
	int chain_err, key_err;

	chain = fuzz_vec16(&in, &chain_len);
	key_len = in.left;
	key = fuzz_bytes(&in, &key_len);
	fuzz_begin(4 * size + 128 * 1024);
	chain_err = ssa_credentials_check_chain((const char *)chain, chain_len);
	key_err = ssa_credentials_check_key((const char *)key, key_len);
	cred = ssa_credentials_new((const char *)chain, chain_len, (const char *)key, key_len);
	if (!IS_ERR(cred)) {
		const struct ssa_chain *c = ssa_credentials_chain(cred);

		FUZZ_ASSERT(!chain_err && !key_err);
		FUZZ_ASSERT(c->count > 0 && c->count <= SSA_PATH_CERTS_MAX);
		FUZZ_ASSERT(ssa_credentials_key(cred));
		ssa_credentials_put(cred);
	}
	fuzz_end();
	return 0;
}
