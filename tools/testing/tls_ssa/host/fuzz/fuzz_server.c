// SPDX-License-Identifier: GPL-2.0
/* Our server against what a client may send: see peer.h. */
#include "peer.h"

/* Who does everything right gets through, and nobody else: the harness works. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	FUZZ_ASSERT(peer_run(true, (const u8 *)"c\0F", 3));
	FUZZ_ASSERT(peer_run(true, (const u8 *)"c\20c\0F", 5));
	FUZZ_ASSERT(!peer_run(true, (const u8 *)"c\0f", 3));
	return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	peer_run(true, data, size);
	return 0;
}
