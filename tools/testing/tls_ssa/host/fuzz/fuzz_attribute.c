// SPDX-License-Identifier: GPL-2.0
/*
 * What an administrator writes into the files of a profile: each write is the number of
 * an attribute, two bytes with the length of its text, and the text. What is accepted
 * means the same when it has been given back; what is refused changes nothing.
 */
#include "fuzz.h"
#include "../../../../../net/tls_ssa/policy/values.h"

#define PAGE	4096

static int show(const struct ssa_values *v, enum ssa_attribute a, char *page)
{
	int len = ssa_attribute_show(v, a, page, PAGE);

	FUZZ_ASSERT(len > 0 && len <= PAGE && page[len - 1] == '\n');
	FUZZ_ASSERT(!memchr(page, '\n', len - 1) && !memchr(page, '\0', len));
	return len;
}

/* Two values are the same if they are written the same. */
static void expect_equal(const struct ssa_values *a, const struct ssa_values *b)
{
	char one[PAGE], two[PAGE];
	enum ssa_attribute i;
	int len;

	FUZZ_ASSERT(a->set == b->set);
	for (i = 0; i < SSA_A_COUNT; i++) {
		len = show(a, i, one);
		FUZZ_ASSERT(show(b, i, two) == len && !memcmp(one, two, len));
	}
}

static void one_write(struct ssa_values *v, enum ssa_attribute a, const char *text, size_t len)
{
	struct ssa_values before, again = {};
	struct ssa_complaint why = {};
	char page[PAGE];
	int err;

	FUZZ_ASSERT(!ssa_values_copy(&before, v));
	err = ssa_attribute_parse(v, a, text, len, &why);
	FUZZ_ASSERT(!err || (err == -EINVAL && why.text[0]));
	FUZZ_ASSERT(strlen(why.text) < sizeof(why.text));
	if (err) {
		expect_equal(v, &before);
	} else {
		len = show(v, a, page);
		FUZZ_ASSERT(!ssa_attribute_parse(&again, a, page, len, &why));
		FUZZ_ASSERT(again.set == (v->set & BIT_ULL(a)));
		FUZZ_ASSERT(show(&again, a, page) == (int)len);
	}
	ssa_values_free(&again);
	ssa_values_free(&before);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct fuzz_input in = { .data = data, .left = size };
	struct ssa_values builtin, base, written = {}, own = {}, v, twice;
	struct ssa_complaint why = {};
	size_t len;
	u8 which;

	fuzz_begin(64 * PAGE);
	FUZZ_ASSERT(!ssa_values_builtin(&builtin, "/etc/ca.pem"));
	while (in.left) {
		/* default/ is written as well, but matches nobody. */
		which = fuzz_u8(&in) % (2 * SSA_A_COUNT);
		data = fuzz_vec16(&in, &len);
		if (which >= SSA_A_COUNT && !ssa_attribute_is_match(which - SSA_A_COUNT))
			one_write(&written, which - SSA_A_COUNT, (const char *)data, len);
		else
			one_write(&own, which % SSA_A_COUNT, (const char *)data, len);
	}
	FUZZ_ASSERT(!ssa_values_merge(&base, &builtin, &written));
	FUZZ_ASSERT(!ssa_values_merge(&v, &base, &own));
	FUZZ_ASSERT(base.set == builtin.set && v.set == (builtin.set | own.set));
	FUZZ_ASSERT(!ssa_values_merge(&twice, &v, &own));
	expect_equal(&v, &twice);
	if (ssa_values_check(&v, &why))
		FUZZ_ASSERT(why.text[0]);
	else
		FUZZ_ASSERT(v.min_version <= v.max_version && v.ciphersuites[0] && v.groups[0] &&
			    v.signature_algorithms[0]);
	ssa_values_free(&twice);
	ssa_values_free(&v);
	ssa_values_free(&base);
	ssa_values_free(&own);
	ssa_values_free(&written);
	ssa_values_free(&builtin);
	fuzz_end();
	return 0;
}
