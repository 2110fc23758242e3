/* SPDX-License-Identifier: GPL-2.0 */
/* The DER cursor lives in crypto/ssa/der.c: private keys are read with it too. */
#include <crypto/ssa_der.h>
