// SPDX-License-Identifier: GPL-2.0
/* Our server against what a client may send: see peer.h. */
#include "peer.h"

/* A peer that does everything right gets through: the harness itself works. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	FUZZ_ASSERT(peer_run(true, (const u8 *)"c\0F", 3));
	FUZZ_ASSERT(peer_run(true, (const u8 *)"c\20c\0F", 5));
	return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	peer_run(true, data, size);
	return 0;
}
