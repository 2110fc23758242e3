// SPDX-License-Identifier: GPL-2.0
/* Reference names against a correct certificate: an oracle says which may match. */
#include <arpa/inet.h>
#include "fuzz.h"

static bool may_match(const char *name)
{
	u8 a[16];

	if (inet_pton(AF_INET, name, a) == 1)
		return !memcmp(a, "\x7f\0\0\1", 4);
	if (inet_pton(AF_INET6, name, a) == 1)
		return !memcmp(a, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16);
	if (strchr(name, '.') && !strcasecmp(strchr(name, '.'), ".wild.test"))
		return name[0] != '.' && name[0] != '*';
	return !strcasecmp(name, "server.test");
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct ssa_verify_params params = { .store = fuzz_trust_store(), .now = SSA_TEST_NOW };
	const struct ssa_chain *chain = ssa_credentials_chain(fuzz_credentials(true));
	static struct ssa_public_key key;
	char name[512], addr[16];
	bool valid;

	size = min_t(size_t, size, sizeof(name) - 1);
	memcpy(name, data, size);
	name[size] = '\0';
	/* A final dot of a name is not part of it. */
	params.name = name;
	fuzz_begin(64 * 1024);
	valid = ssa_name_is_valid(name);
	if (ssa_name_is_address(name))
		FUZZ_ASSERT(inet_pton(AF_INET, name, addr) == 1 ||
			    inet_pton(AF_INET6, name, addr) == 1);
	if (ssa_chain_verify(&params, chain, &key) == SSA_R_NONE) {
		size = strlen(name);
		if (size && name[size - 1] == '.')
			name[size - 1] = '\0';
		FUZZ_ASSERT(valid && may_match(name));
	}
	fuzz_end();
	return 0;
}
