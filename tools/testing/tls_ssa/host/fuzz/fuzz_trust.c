// SPDX-License-Identifier: GPL-2.0
/* A bundle of trusted authorities, PEM. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct ssa_trust_store *store;

	/* A store takes no more than a few times what its text has. */
	fuzz_begin(8 * size + 256 * 1024);
	store = ssa_trust_store_parse((const char *)data, size);
	if (!IS_ERR(store)) {
		FUZZ_ASSERT(ssa_trust_store_count(store) > 0);
		FUZZ_ASSERT(ssa_trust_store_count(store) <= size / 64);
		FUZZ_ASSERT(ssa_trust_store_get(store) == store);
		ssa_trust_store_put(store);
		ssa_trust_store_put(store);
	}
	fuzz_end();
	return 0;
}
