// SPDX-License-Identifier: GPL-2.0
/*
 * What a computation with secrets leaves on the stack. BearSSL keeps copies of keys in
 * local arrays, in forms of its own, and does not wipe them: they would stay until some
 * deeper call happens to overwrite them.
 */
#include <linux/compiler.h>
#include <linux/string.h>
#include <linux/types.h>

#include "internal.h"

#define SSA_STACK_PIECE		896	/* bytes, below the limit of a frame */

/*
 * As deep as what comes before, of which a signature by P-521 over s2n-bignum, 6.9 KB, is the
 * deepest; and more where each array has a red zone
 */
#define SSA_STACK_PIECES	(IS_ENABLED(CONFIG_KASAN) ? 14 : 8)

static noinline void ssa_stack_piece(unsigned int more)
{
	u8 piece[SSA_STACK_PIECE];

	memzero_explicit(piece, sizeof(piece));
	if (more)
		ssa_stack_piece(more - 1);
	/* no tail call: the next piece is behind this one */
	barrier_data(piece);
}

/**
 * ssa_stack_wipe() - overwrite what calls that have returned had on the stack
 *
 * To be called by the function that made these calls.
 *
 * Context: Any; 7.5 KB of stack.
 */
void ssa_stack_wipe(void)
{
	ssa_stack_piece(SSA_STACK_PIECES - 1);
}
