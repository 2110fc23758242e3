/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Options at level IPPROTO_TLS, as everybody knows them: option_list.h.
 */
#ifndef _TLS_SSA_OPTION_H
#define _TLS_SSA_OPTION_H

#include <linux/bits.h>

/* Where an option is allowed; see option_list.h */
enum ssa_at {
	SSA_AT_SETUP	= BIT(0),
	SSA_AT_LISTEN	= BIT(1),
	SSA_AT_BUSY	= BIT(2),
	SSA_AT_CLIENT	= BIT(3),
	SSA_AT_SERVER	= BIT(4),
	SSA_AT_FAILED	= BIT(5),
};

/* Options, in the order of option_list.h: the bits of the policy's app_may_set */
enum ssa_option_index {
#define SSA_OPTION_RW(name, ...) SSA_O_##name,
#define SSA_OPTION_RO(name, ...) SSA_O_##name,
#define SSA_OPTION_WO(name, ...) SSA_O_##name,
#include "option_list.h"
#undef SSA_OPTION_RW
#undef SSA_OPTION_RO
#undef SSA_OPTION_WO
	SSA_O_COUNT,
};

#endif /* _TLS_SSA_OPTION_H */
