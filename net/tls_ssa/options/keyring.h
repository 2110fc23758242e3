/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Private keys in the kernel's keyrings.
 */
#ifndef _TLS_SSA_KEYRING_H
#define _TLS_SSA_KEYRING_H

#define SSA_KEYRING_PREFIX	"key:"

struct ssa_text;

int ssa_keyring_read(const char *name, struct ssa_text *out);

#endif /* _TLS_SSA_KEYRING_H */
