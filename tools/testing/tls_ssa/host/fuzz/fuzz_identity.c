// SPDX-License-Identifier: GPL-2.0
/*
 * What is told of a peer's certificates, however strange: the text of the identity
 * has no bytes that a terminal or a line-wise reader would stumble over, and PEM gives
 * back the same certificate. Input: one certificate, DER.
 */
#include "../../../../../net/tls_ssa/cert/pem.h"
#include "../../../../../net/tls_ssa/cert/x509.h"
#include "fuzz.h"

static void check_identity(const struct ssa_peer *peer)
{
	static const char subject[] = "subject=";
	size_t len, i;
	char *text;

	FUZZ_ASSERT(!ssa_peer_identity(peer, &text, &len));
	FUZZ_ASSERT(strlen(text) == len);
	for (i = 0; i < len; i++)
		FUZZ_ASSERT(text[i] == '\n' || (text[i] >= ' ' && text[i] <= '~'));
	/* one line of a kind for each name, whatever stands in it */
	FUZZ_ASSERT(len >= sizeof(subject) - 1 && !memcmp(text, subject, sizeof(subject) - 1));
	for (i = 0; i < len; i++)
		if (text[i] == '\n' && i + 1 < len)
			FUZZ_ASSERT(!memcmp(text + i + 1, "san=", min_t(size_t, 4, len - i - 1)));
	kvfree(text);
}

static void check_pem(const struct ssa_peer *peer, bool verified, const u8 *data, size_t size)
{
	static u8 der[SSA_CERT_MAX];
	struct ssa_pem_object obj = { .der = der, .size = sizeof(der) };
	struct ssa_pem pem;
	size_t len;
	char *text;

	FUZZ_ASSERT(!ssa_peer_pem(peer, verified, &text, &len));
	FUZZ_ASSERT(strlen(text) == len);
	ssa_pem_init(&pem, text, len);
	FUZZ_ASSERT(ssa_pem_next(&pem, &obj) == 1);
	FUZZ_ASSERT(obj.len == size && !memcmp(der, data, size));
	FUZZ_ASSERT(!ssa_pem_next(&pem, &obj));
	kvfree(text);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct ssa_chain chain = { .count = 1, .cert[0] = { data, size } };
	struct ssa_path path = { .count = 1, .cert[0] = { data, size } };
	struct ssa_peer *peer;
	struct ssa_x509 cert;

	if (size > SSA_CERT_MAX)
		return 0;
	fuzz_begin(16 * size + 64 * 1024);
	if (!ssa_x509_parse(&cert, data, size)) {
		peer = ssa_peer_new(&chain, &path);
		FUZZ_ASSERT(!IS_ERR(peer));
		check_identity(peer);
		check_pem(peer, false, data, size);
		check_pem(peer, true, data, size);
		ssa_peer_free(peer);
	}
	fuzz_end();
	return 0;
}
