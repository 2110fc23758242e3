// SPDX-License-Identifier: GPL-2.0
/* Our client against what a server may send: see peer.h. */
#include "peer.h"

/* Who does everything right gets through, and nobody else: the harness works. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	FUZZ_ASSERT(peer_run(false, (const u8 *)"SECVF", 5));
	FUZZ_ASSERT(peer_run(false, (const u8 *)"Q\1SECVF", 7));
	FUZZ_ASSERT(!peer_run(false, (const u8 *)"SECvF", 5));
	FUZZ_ASSERT(!peer_run(false, (const u8 *)"SECVf", 5));
	FUZZ_ASSERT(!peer_run(false, (const u8 *)"SECF", 4));
	FUZZ_ASSERT(!peer_run(false, (const u8 *)"SEVF", 4));
	return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	peer_run(false, data, size);
	return 0;
}
