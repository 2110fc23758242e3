// SPDX-License-Identifier: GPL-2.0
/*
 * Credentials looked up by a name that a peer has made up, and added for one: the
 * answer is what the names of the certificates say. Input: the name.
 */
#include "fuzz.h"
#include "../../../../../net/tls_ssa/cert/name.h"
#include "../../../../../net/tls_ssa/cert/x509.h"

static struct ssa_cred_set *set;

static bool covers(const struct ssa_credentials *cred, const char *name)
{
	const struct ssa_cert *leaf = &ssa_credentials_chain(cred)->cert[0];
	struct ssa_x509 cert;

	FUZZ_ASSERT(!ssa_x509_parse(&cert, leaf->der, leaf->len));
	return ssa_name_matches(&cert, name);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct ssa_cred_set *one;

	one = ssa_cred_set_add(NULL, (struct ssa_credentials *)fuzz_credentials(false), NULL);
	FUZZ_ASSERT(!IS_ERR(one));
	set = ssa_cred_set_add(one, (struct ssa_credentials *)fuzz_credentials(true),
			       "a.wild.test");
	FUZZ_ASSERT(!IS_ERR(set));
	ssa_cred_set_put(one);
	return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	const struct ssa_credentials *p256 = fuzz_credentials(false), *rsa = fuzz_credentials(true);
	const struct ssa_credentials *found[SSA_CRED_CANDIDATES_MAX];
	struct ssa_cred_set *more;
	char name[512];
	u32 count, i;

	size = min_t(size_t, size, sizeof(name) - 1);
	memcpy(name, data, size);
	name[size] = '\0';
	fuzz_begin(64 * 1024);
	count = ssa_cred_set_find(set, name, found);
	/* there is a default for whoever is not known */
	FUZZ_ASSERT(count >= 1 && count <= 2);
	for (i = 0; i < count; i++) {
		FUZZ_ASSERT(found[i] == p256 || found[i] == rsa);
		/* which is for one name alone */
		if (found[i] == rsa)
			FUZZ_ASSERT(covers(rsa, name));
	}
	more = ssa_cred_set_add(set, (struct ssa_credentials *)p256, name);
	if (!IS_ERR(more)) {
		/* a wildcard may be given, too; nobody is called so */
		if (!memcmp(name, "*.", 2))
			name[0] = 'x';
		FUZZ_ASSERT(ssa_name_is_valid(name));
		count = ssa_cred_set_find(more, name, found);
		for (i = 0; i < count && found[i] != p256; i++)
			;
		FUZZ_ASSERT(i < count);
		ssa_cred_set_put(more);
	} else {
		FUZZ_ASSERT(PTR_ERR(more) == -EKEYREJECTED || PTR_ERR(more) == -EINVAL);
	}
	fuzz_end();
	return 0;
}
