// SPDX-License-Identifier: GPL-2.0
/* A list of application protocols as an application gives it, on the wire's form. */
#include "fuzz.h"

static bool is_valid(const u8 *data, size_t size)
{
	const u8 *name[SSA_ALPN_NAMES_MAX];
	size_t at, count = 0, i;

	for (at = 0; at < size; at += 1 + data[at]) {
		if (!data[at] || data[at] >= size - at || count == SSA_ALPN_NAMES_MAX)
			return false;
		for (i = 0; i < count; i++) {
			/* with its length in front */
			if (!memcmp(name[i], data + at, 1 + min(name[i][0], data[at])))
				return false;
		}
		name[count++] = data + at;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static const u16 first[] = { SSA_SUITE_AES_128_GCM_SHA256 };
	struct ssa_hs_config cfg = { .name = "server.test", .now = SSA_TEST_NOW };
	struct ssa_hs *hs;
	bool valid;

	cfg.store = fuzz_trust_store();
	cfg.rng = ssa_kernel_rng;
	memcpy(cfg.suites, first, sizeof(first));
	memcpy(cfg.groups, ssa_default_groups, sizeof(cfg.groups));
	memcpy(cfg.sigalgs, ssa_default_sigalgs, sizeof(cfg.sigalgs));
	fuzz_begin(64 * 1024);
	valid = ssa_alpn_is_valid(data, size);
	FUZZ_ASSERT(valid == (size <= SSA_ALPN_MAX && is_valid(data, size)));
	if (size <= SSA_ALPN_MAX) {
		cfg.alpn = data;
		cfg.alpn_len = size;
		hs = ssa_hs_new(&cfg);
		FUZZ_ASSERT(IS_ERR(hs) == !valid);
		if (!IS_ERR(hs)) {
			FUZZ_ASSERT(ssa_hs_start(hs) == SSA_WANT_WRITE);
			ssa_hs_free(hs);
		}
	}
	fuzz_end();
	return 0;
}
