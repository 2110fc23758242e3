/* SPDX-License-Identifier: GPL-2.0 */
/*
 * In place of s2n-bignum's header of this name, which wants headers of OpenSSL's. Each of its
 * sources includes this one.
 */
#ifndef _INTERNAL_S2N_BIGNUM_X86_ATT_H
#define _INTERNAL_S2N_BIGNUM_X86_ATT_H

#include "linkage.S"

#endif /* _INTERNAL_S2N_BIGNUM_X86_ATT_H */
