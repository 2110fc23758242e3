// SPDX-License-Identifier: GPL-2.0
/* The text of a blocklist. What it lists is read once more, another way. */
#include "fuzz.h"

static int digit(u8 c)
{
	const char *digits = "0123456789abcdefABCDEF", *p = c ? strchr(digits, c) : NULL;

	return !p ? -1 : p - digits < 16 ? p - digits : p - digits - 6;
}

static bool is_space(u8 c)
{
	return c && strchr(" \t\r\v\f", c);
}

/* 1: @hash is in the line, 0: nothing is, -1: malformed */
static int read_line(const u8 *p, size_t len, u8 *hash)
{
	size_t n;

	while (len && is_space(*p)) {
		p++;
		len--;
	}
	if (!len || *p == '#')
		return 0;
	for (n = 0; n < 64; n++) {
		if (n && !(n % 2) && len && *p == ':') {
			p++;
			len--;
		}
		if (!len || digit(*p) < 0)
			return -1;
		hash[n / 2] = n % 2 ? hash[n / 2] << 4 | digit(*p) : digit(*p);
		p++;
		len--;
	}
	return !len || is_space(*p) || *p == '#' ? 1 : -1;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u8 hash[SSA_BLOCKLIST_HASH_LEN];
	u32 line = 0, lines = 0, entries = 0;
	struct ssa_blocklist *list;
	size_t at, len;
	const u8 *end;
	int ret = 0;

	fuzz_begin(2 * size + 64 * 1024);
	list = ssa_blocklist_parse((const char *)data, size, &line);
	for (at = 0; at < size && ret >= 0; at += len + 1) {
		end = memchr(data + at, '\n', size - at);
		len = end ? (size_t)(end - data) - at : size - at;
		lines++;
		ret = read_line(data + at, len, hash);
		if (ret > 0) {
			entries++;
			FUZZ_ASSERT(IS_ERR(list) || ssa_blocklist_has(list, hash));
		}
	}
	FUZZ_ASSERT(line == lines);
	if (IS_ERR(list)) {
		FUZZ_ASSERT(PTR_ERR(list) == -EINVAL && ret < 0);
	} else {
		FUZZ_ASSERT(ret >= 0 && ssa_blocklist_count(list) <= entries);
		FUZZ_ASSERT(!entries == !ssa_blocklist_count(list));
		ssa_blocklist_put(list);
	}
	fuzz_end();
	return 0;
}
