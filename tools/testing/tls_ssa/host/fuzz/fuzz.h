/* SPDX-License-Identifier: GPL-2.0 */
/* What the fuzz targets share. */
#ifndef _HOST_FUZZ_H
#define _HOST_FUZZ_H

#include <stdio.h>
#include <stdlib.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include "../../../../../net/tls_ssa/engine/engine.h"
#include "../../../../../net/tls_ssa/tests/certs.h"

/* What must hold, whatever the input. */
#define FUZZ_ASSERT(c) do {							\
	if (!(c)) {								\
		fprintf(stderr, "invariant violated at %s:%d: %s\n",		\
			__FILE__, __LINE__, #c);				\
		abort();							\
	}									\
} while (0)

/* Bounded reads from the fuzzer's input: what is missing is 0 or shorter. */
struct fuzz_input {
	const u8 *data;
	size_t left;
};

static inline u8 fuzz_u8(struct fuzz_input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->data++;
}

static inline const u8 *fuzz_bytes(struct fuzz_input *in, size_t *len)
{
	const u8 *p = in->data;

	*len = min(*len, in->left);
	in->data += *len;
	in->left -= *len;
	return p;
}

/* A vector with a length of two bytes. */
static inline const u8 *fuzz_vec16(struct fuzz_input *in, size_t *len)
{
	*len = fuzz_u8(in) << 8;
	*len |= fuzz_u8(in);
	return fuzz_bytes(in, len);
}

/*
 * Around each input: repeatable randomness; no more than @limit bytes of the
 * kernel's allocators at once beyond what the target's set-up holds; nothing
 * of it left at the end.
 */
void fuzz_begin(size_t limit);
void fuzz_end(void);

/* common.c: made once, from certs.h */
const struct ssa_trust_store *fuzz_trust_store(void);
const struct ssa_credentials *fuzz_credentials(bool rsa);
const struct ssa_cred_set *fuzz_cred_set(void);	/* of P-256 */

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#endif
